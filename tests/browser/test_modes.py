"""The modes of a shift's page say what the Python measures say, by mouse, keyboard and link."""

from __future__ import annotations

import csv
import html
import io
import math
import re
from itertools import combinations

import numpy as np
import pytest
from accessibility import darken, unreadable, violations

import geotrack as gt
from geotrack.build import modes
from geotrack.language.figures import ends, written
from geotrack.map import spec, views
from geotrack.map.classes import classes_of, legend_order, speakers
from geotrack.measure import flows, lines, shares
from geotrack.measure import lines as measure_lines
from geotrack.measure.centre import places
from geotrack.measure.changes import moved
from geotrack.measure.compare import questions
from geotrack.model import AT_MOST, DERIVED, LOWER_BOUND, MISSING, STATUSES
from geotrack.render.page import modes as page_modes
from geotrack.render.picture.ink import fills, ink_of
from geotrack.store.folder import DataFolder
from geotrack.timemap import TimeMap

MODES = ("levels", "difference", "centre", "flows", "twin")
FIRST, LAST = "2019-09", "2022-01"


@pytest.fixture
def shifted(maps):
    return maps.timemaps["shift"]


def hash_of(mode: str, **more: str) -> str:
    return "#" + "&".join(f"{k}={v}" for k, v in {"mode": mode, "from": FIRST, "t": LAST, **more}.items())


def end(text: str) -> str:
    """At least two decimals of three, as the panel writes the end of an interval."""
    return text + "0" if re.search(r"\.\d$", text) else text


ROWS = "rows => rows.map((row) => [...row.children].map((cell) => cell.textContent))"


def sheet(page) -> list[list[str]]:
    return page.eval_on_selector_all(".gt-mode-table tbody tr", ROWS)


def sentence(page) -> str:
    return page.locator(".gt-sentence").inner_text()


def about(page) -> str:
    return page.locator(".gt-mode-about").inner_text()


def download(page) -> list[dict[str, str]]:
    with page.expect_download() as waiting:
        page.locator(".gt-csv").click()
    text = waiting.value.path().read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


# ---- every mode can be read --------------------------------------------------------------------


BESIDE = ".gt-beside"
"""What stands below the map, the same in all modes."""


@pytest.mark.parametrize("mode", MODES)
def test_a_mode_is_accessible_and_fits(browse, maps, mode):
    """Wide, narrow and as a table; then in the dark, where only colours are others, each view once.

    What stands beside is the same in all modes: it is looked at, unfolded, in the first.
    """
    page = browse(maps.path("shift"), hash=hash_of(mode))
    spared = () if mode == "levels" else (BESIDE,)
    assert page.locator(".gt-modes :checked").get_attribute("value") == mode
    if mode == "levels":
        page.eval_on_selector_all(f"{BESIDE} details", "all => all.forEach((each) => (each.open = true))")
    for width in (1280, 768, 320):
        fits(page, width)
        assert width == 768 or violations(page, spared=spared) == []
    page.locator(".gt-view[value=table]").click()
    fits(page, 320)
    assert violations(page, spared=(BESIDE,)) == []
    darken(page)
    assert unreadable(page, spared=(BESIDE,)) == []
    page.locator(".gt-view[value=map]").click()
    fits(page, 1280)
    assert unreadable(page, spared=spared) == []


def fits(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_timeout(50)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("code", ["CHN", "USA"])
def test_the_parts_of_a_region_are_accessible_and_fit(browse, maps, code):
    page = browse(maps.path("shift"), hash=f"#t=2020-06&in={code}")
    for width in (1280, 320):
        fits(page, width)
        assert violations(page, spared=(BESIDE,)) == []


# ---- by mouse, keyboard and link ---------------------------------------------------------------


def test_the_modes_are_one_stop_and_arrows_switch_them(browse, maps):
    page = browse(maps.path("shift"), hash="#t=2021-07")
    page.locator(".gt-modes :checked").focus()
    for mode in ("difference", "centre", "flows", "twin"):
        page.keyboard.press("ArrowRight")
        assert page.locator("section.geotrack").get_attribute("data-mode") == mode
        assert f"mode={mode}" in page.evaluate("location.hash")
        assert page.locator(".gt-live").inner_text()
    page.locator(".gt-modes label", has_text="Levels").click()
    assert "mode=" not in page.evaluate("location.hash")


@pytest.mark.parametrize("mode", MODES[1:])
def test_a_link_opens_the_mode_it_was_copied_from(browse, maps, mode):
    page = browse(maps.path("shift"), hash=hash_of(mode, **{"from": "2020-04", "t": "2021-10"}))
    link = page.evaluate("location.hash")
    assert f"mode={mode}" in link
    again = browse(maps.path("shift"), hash=link)
    assert again.evaluate("location.hash") == link
    assert again.locator(".gt-sentence").inner_text() == sentence(page)
    page.evaluate("() => { location.hash = '#t=2020-01'; }")
    page.wait_for_selector("section.geotrack[data-mode=levels]")
    assert page.locator(".gt-now").inner_text() == "January 2020"


@pytest.mark.parametrize("hash", ["#mode=nonsense&from=1999-01", "#mode=flows&from=%ZZ", "#in=X&reading=no"])
def test_a_broken_link_opens_something(browse, maps, hash):
    page = browse(maps.path("shift"), hash=hash)
    assert sentence(page)


def test_the_handle_moves_by_keys_and_says_where_it_is(browse, maps, shifted):
    page = browse(maps.path("shift"), hash=hash_of("difference"))
    handle = page.get_by_label("From slice")
    handle.press("ArrowRight")
    assert handle.get_attribute("aria-valuetext") == shifted.slices[1].label
    assert sentence(page).startswith(f"{shifted.slices[1].label} to January 2022: ")
    handle.press("End")
    assert "nothing changes" in sentence(page)
    handle.press("Home")
    page.locator(".gt-swap").click()
    assert (
        page.locator(".gt-sentence")
        .inner_text()
        .startswith("January 2022 to September 2019: China +54.4, North America −39.2\u00a0percentage points")
    )


def test_a_mode_of_two_slices_chosen_at_the_first_one_shows_a_change(browse, maps):
    page = browse(maps.path("shift"))
    page.locator(".gt-modes label", has_text="Difference").click()
    assert sentence(page) == (
        "September 2019 to January 2022: China −54.4, North America +39.2\u00a0percentage points"
    )


def test_a_panel_off_the_screen_waits_while_the_map_plays_and_is_right_when_seen_or_printed(
    browse, maps, inside
):
    page = browse(maps.path("shift"), hash="#t=2019-09", size=(1100, 600))
    china = page.locator(".gt-figures dd").first
    inside(page, "() => new Promise((done) => setTimeout(done, 100))")  # the observer has reported
    inside(page, "(m) => m.go(28, true)")
    assert china.inner_text().startswith("75.53%")
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    assert china.inner_text().startswith("21.11%")
    page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    inside(page, "(m) => m.go(0, true)")
    page.locator(".gt-figures").scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('.gt-figures dd').textContent.startsWith('75.53')")
    inside(page, "(m) => m.go(28, true)")
    assert china.inner_text().startswith("21.11%")
    page.locator("h1").scroll_into_view_if_needed()
    inside(page, "() => new Promise((done) => setTimeout(done, 100))")
    inside(page, "(m) => m.go(0)")  # a reader's own step
    assert china.inner_text().startswith("75.53%")


# ---- difference --------------------------------------------------------------------------------


def test_the_changes_of_all_pairs_are_those_of_python(browse, maps, shifted, inside):
    page = browse(maps.path("shift"), hash="#mode=difference")
    shown = inside(
        page,
        """async (m) => {
          const found = {};
          for (const [i, metric] of m.page.metrics.entries()) {
            m.state.m = i;
            for (let from = 0; from < metric.slices; from++) {
              document.querySelector(".gt-from-range").value = 0;
              const own = m.modes.changes(metric, from);
              found[`${metric.id} ${from}`] = [Array.from(own.values), Array.from(own.status)];
            }
          }
          return found;
        }""",
    )
    count = len(shifted.slices)
    for layer in shifted.layers:
        for first, last in combinations(range(count), 2):
            for a, b in ((first, last), (last, first)):
                told = lines.change(layer.values, layer.status, a, b)
                values, status = shown[f"{layer.metric.name} {a}"]
                own = np.array(status).reshape(-1, count)[:, b]
                assert own.tolist() == told.status.tolist()
                known = told.status != MISSING
                got = np.array(values).reshape(-1, count)[known, b]
                assert got.tolist() == np.rint(told.values[known] * 10**layer.digits).tolist()


def test_the_map_is_painted_in_the_class_of_the_change(browse, maps, shifted, inside):
    page = browse(maps.path("shift"), hash=hash_of("difference"))
    classes, layer = shifted.modes.changes[0], shifted.layers[0]
    edges = np.array(classes.edges)
    assert edges.tolist() == (-edges[::-1]).tolist()  # symmetric about zero
    for u, unit in enumerate(shifted.units):
        if not unit.members:
            continue
        change = round(layer.values[u, -1] - layer.values[u, 0], 2)
        place = int(np.searchsorted(edges[1:-1], change, side="right")) + classes.zero if change else 0
        pixel = inside(
            page,
            """(m, i) => {
              const { x, y } = m.layer.spot(i);
              const { dpr } = m.layer.view;
              return [...m.layer.pens[0].getImageData(Math.round(x * dpr), Math.round(y * dpr), 1, 1).data];
            }""",
            unit.members[0],
        )
        colour = "#" + "".join(f"{part:02x}" for part in pixel[:3])
        assert colour == classes.light[place], unit.name


LEGEND = """all => all.filter((each) => each.firstChild.style.background).map((each) => {
  const [red, green, blue] = each.firstChild.style.background.match(/[0-9]+/g).map(Number);
  return [each.textContent, "#" + [red, green, blue].map((v) => v.toString(16).padStart(2, "0")).join("")];
})"""
FILLS = (
    """(m) => m.page.codes.map((_, i) => m.layer.style(i)).map((look) => (look.missing ? "" : look.colour))"""
)


PAIRS = [("2019-09", "2022-01"), ("2021-06", "2021-07"), ("2020-01", "2020-02"), ("2019-09", "2020-06")]


def test_page_and_figure_have_the_same_classes_and_colours_for_a_pair(browse, maps, inside):
    """The legend's labels and colours, and the fill of every region, of each shift that ships.

    Classes are compared for every pair; their colours in the dark, and those of a drawn figure, for two.
    """
    compared = 0
    shifts = {name: tm for name, tm in maps.timemaps.items() if tm.modes}
    assert shifts
    for name, timemap in shifts.items():
        for metric in (layer.metric.name for layer in timemap.layers):
            page = browse(maps.path(name), hash=f"#mode=difference&m={metric}")
            for theme, pairs in (("light", PAIRS), ("dark", PAIRS[:2])):
                if theme == "dark":
                    darken(page)
                for pair in pairs:
                    come_to(page, "difference", *pair, m=metric)
                    view = views.choose(timemap, "difference", pair, metric)
                    layer = moved(view)
                    colours = [fill.colour for fill in fills(layer, ink_of(theme))]
                    legend = page.eval_on_selector_all(".gt-legend li", LEGEND)
                    assert legend == [[layer.labels[i], colours[i]] for i in legend_order(layer)]
                    who = speakers(timemap, layer, 0)
                    classes = classes_of(layer, np.where(who < 0, np.nan, layer.values[who, 0]))
                    shown = ["" if each < 0 else colours[each] for each in classes]
                    assert inside(page, FILLS) == shown, (metric, pair)
                    compared += len([each for each in shown if each])
                    if pair in PAIRS[: 1 if theme == "dark" else 2]:
                        svg = timemap.to_figure(".svg", between=pair, metric=metric, theme=theme).decode()
                        assert all(f">{html.escape(label)}<" in svg for label, _ in legend)
                        assert set(filter(None, shown)) <= set(re.findall("#[0-9a-f]{6}", svg))
    assert compared > 60


@pytest.mark.parametrize(
    ("series", "first", "last", "told"),
    [
        (
            "canaan-revenue",
            "2020-Q1",
            "2021-Q1",
            "Q1 2020 to Q1 2021: China −73.5, Overseas (all but China) +73.5",
        ),
        ("canaan-revenue", "2017", "2025-Q3", "2017 to Q3 2025: China change not known exactly, Overseas"),
        (
            "cbeci-countries",
            "2019-09",
            "2022-01",
            "September 2019 to January 2022: China −54.4, United States +33.8",
        ),
    ],
)
def test_a_difference_without_groups_says_what_changed(browse, series, first, last, told):
    """Its headline ended behind the colon."""
    page = browse(
        gt.choropleth(series, shift=True).to_html(), hash=hash_of("difference", **{"from": first, "t": last})
    )
    assert page.locator(".gt-sentence").inner_text().startswith(told)


def come_to(page, mode, first, last, **more):
    """Give an open page another address; it has heard of it before we do."""
    page.evaluate(
        """(to) => new Promise((done) => {
          if (to === location.hash) return done();
          addEventListener("hashchange", () => done(), { once: true });
          location.hash = to;
        })""",
        hash_of(mode, **{"from": first, "t": last}, **more),
    )
    shown = page.locator("section.geotrack")
    assert (shown.get_attribute("data-mode"), shown.get_attribute("data-slice")) == (mode, last)


def test_tooltip_and_table_say_both_ends(browse, maps, shifted):
    page = browse(maps.path("shift"), hash=hash_of("difference", v="table"))
    rows = page.eval_on_selector_all(
        ".gt-table tbody tr", "rows => rows.map((row) => [...row.children].map((cell) => cell.textContent))"
    )
    legend = page.locator(".gt-legend").first.inner_text()
    assert ("change not known" in legend, "no data" in legend) == (True, False)
    china = next(row for row in rows if row[0].startswith("China"))
    assert china[1:5] == ["−54.42\u00a0points", "reported", "75.53%", "21.11%"]
    heads = page.locator(".gt-table thead th").all_inner_texts()
    assert heads[3:5] == ["September 2019", "January 2022"]
    page.locator(".gt-view[value=map]").click()
    page.locator(".folium-map").press("End")
    tip = page.locator(".gt-tip").inner_text()
    assert "−54.42\u00a0points" in tip
    assert "September 2019: 75.53%" in tip
    assert "January 2022: 21.11%" in tip


BOUNDS = """region,start,end,metric,value,unit,status
CHN,2020-01-01,2021-01-01,share,60,%,reported
USA,2020-01-01,2021-01-01,share,10,%,lower bound
KAZ,2020-01-01,2021-01-01,share,5,%,reported
CHN,2021-01-01,2022-01-01,share,40,%,reported
USA,2021-01-01,2022-01-01,share,30,%,reported
"""


@pytest.fixture
def bounded(tmp_path):
    """A map of one's own with a lower bound, a figure that is missing later, and a hostile name."""
    import pandas as pd

    import geotrack as gt

    frame = pd.read_csv(io.StringIO(BOUNDS))
    made = gt.choropleth(frame, id="own", whole=100, title="</script><b>Own & more")
    return TimeMap(
        modes.with_modes(
            made.content, spec.check({"series": "own", "shift": True}, "test"), DataFolder.of(None)
        )
    )


def test_a_bound_is_not_known_exactly_and_a_gap_is_no_zero(browse, bounded):
    page = browse(bounded.to_html(), hash="#mode=difference&from=2020&t=2021&v=table")
    rows = page.eval_on_selector_all(
        ".gt-table tbody tr", "rows => rows.map((row) => [...row.children].map((cell) => cell.textContent))"
    )
    told = {row[0].split(" (")[0]: row[1:5] for row in rows}
    assert told["United States"] == ["change not known exactly", "", "at least 10%", "30%"]
    assert told["Kazakhstan"][0] == "change not known"
    assert told["China"][0] == "−20\u00a0points"
    assert page.locator(".gt-legend").inner_text().count("not known exactly") == 1
    change = {row["region"]: row for row in download(page) if row["section"] == "change"}
    assert set(change) == {"CHN", "USA"}
    assert (change["USA"]["value"], change["USA"]["status"]) == ("", "not known exactly")
    assert page.locator("h1").inner_text() == "</script><b>Own & more"


def test_the_panel_says_of_a_bound_that_it_is_one(browse, bounded):
    page = browse(bounded.to_html(), hash="#mode=centre&t=2020")
    panel = page.locator(".gt-figures")
    china, america = (
        panel.locator(f"div:has(> dt:text-is('{name}')) > dd") for name in ("China", "North America")
    )
    assert china.inner_text().startswith("60.00%\n")
    assert america.inner_text().startswith("at least 10%\n")
    page.locator(".gt-range").press("End")
    assert america.inner_text().startswith("30.00%\n")


def test_the_classes_of_a_difference_stand_in_one_line_on_a_wide_page(browse, maps):
    page = browse(maps.path("shift"), hash=hash_of("difference"))
    tops = page.eval_on_selector_all(".gt-legend li", "all => all.map((each) => each.offsetTop)")
    assert len(tops) == 13
    assert len(set(tops)) == 1


def test_two_maps_say_both_slices(browse, maps):
    page = browse(maps.path("shift"), hash=hash_of("twin"))
    assert sentence(page) == "January 2022: China 21.1%, North America 44.3%"
    assert about(page) == "September 2019: China 75.5%, North America 5.1%"


# ---- flows -------------------------------------------------------------------------------------


def test_the_flows_on_the_page_are_those_of_python_for_every_pair(browse, maps, shifted, inside):
    page = browse(maps.path("shift"), hash="#mode=flows")
    shown = inside(page, "(m) => Object.fromEntries([...m.page.modes.pairs])")
    count, units = len(shifted.slices), [unit.code for unit in shifted.units]
    table, spots = shares.shares_of(shifted, shifted.layers[0]), places(shifted)
    names = [*table.codes, "rest"]
    assert len(shown) == count * (count - 1) // 2
    for a, b in combinations(range(count), 2):
        told, pair = (
            flows.flows(table.values[:, a], table.values[:, b], spots, 100.0),
            shown[str(a * count + b)],
        )
        own = [
            (*(units[f[side]] if f[side] >= 0 else "rest" for side in ("source", "target")), f["amount"])
            for f in pair["flows"]
        ]
        ways = zip(told.source, told.target, told.amount, strict=True)
        assert sorted(own) == sorted((names[i], names[j], round(float(v) * 100)) for i, j, v in ways)
        assert pair["least"] == round(told.least * 100)


def test_one_program_finds_the_flows_that_many_find(shifted):
    table, spots = shares.shares_of(shifted, shifted.layers[0]), places(shifted)
    pairs = [(table.values[:, a], table.values[:, b]) for a, b in combinations(range(0, 29, 4), 2)]
    for pair, found in zip(pairs, flows.flows_of(pairs, spots, 100.0), strict=True):
        alone = flows.flows(*pair, spots, 100.0)
        assert found.work == pytest.approx(alone.work)
        assert found.dual == pytest.approx(alone.dual)
        assert found.amount == pytest.approx(alone.amount, abs=1e-6)
    assert flows.flows_of([], spots, 100.0) == []


def test_arrows_have_words_numbers_and_a_table(browse, maps, shifted):
    page = browse(maps.path("shift"), hash=hash_of("flows"))
    least = shifted.shift(FIRST, LAST)
    assert page.locator(".gt-frame .gt-flow").count() == len(least.flows)
    text = about(page)
    assert (
        "smallest set of net changes consistent with the shares, not observed movements of machines" in text
    )
    assert "58.05\u00a0percentage points" in text
    assert page.locator(".gt-flow-number").first.text_content() == "33.8"
    assert page.locator(".gt-flow-key .gt-flow").count() == 3
    page.locator(".gt-view[value=table]").click()
    rows = sheet(page)
    assert [row[:3] for row in rows] == [
        [f.source_name, f.target_name, f"{f.amount:.2f}"] for f in least.flows
    ]
    assert [row[5] for row in rows] == ["–" if f.km != f.km else f"{f.km:,.0f}" for f in least.flows]
    told = [row for row in download(page) if row["section"] == "flows"]
    assert [(r["region"], r["to_region"], float(r["value"])) for r in told] == [
        (f.source, f.target, round(f.amount, 2)) for f in least.flows
    ]
    assert {row["note"] for row in told} == {
        "smallest set of net changes consistent with the shares, not observed movements"
    }


CLEAR = """() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const flows = all(".gt-frame .gt-flow");
  const boxes = all(".gt-flow-number").map((text) => text.getBBox());
  const apart = (a, b) => a.x >= b.x + b.width || b.x >= a.x + a.width || a.y >= b.y + b.height || b.y >= a.y + a.height;
  const spots = [0.1, 0.3, 0.5, 0.7, 0.9].flatMap((i) => [0.25, 0.5, 0.75].map((j) => [i, j]));
  const on = ({ x, y, width, height }) =>
    flows.filter((flow) => spots.some(([i, j]) => flow.isPointInFill(new DOMPoint(x + i * width, y + j * height))));
  const together = boxes.filter((a, i) => boxes.slice(0, i).some((b) => !apart(a, b)));
  return [boxes.length, together.length, Math.max(0, ...boxes.map((box) => on(box).length))];
}"""  # noqa: E501


@pytest.mark.parametrize("width", [1280, 768, 320])
def test_a_figure_on_the_map_is_on_no_arrow_but_its_own(browse, maps, width):
    page = browse(maps.path("shift"), hash="#mode=flows", size=(width, 900))
    for first, last in ((FIRST, LAST), ("2020-04", "2021-06"), ("2021-06", "2021-09")):
        come_to(page, "flows", first, last)
        count, together, crossed = page.evaluate(CLEAR)
        assert count > (width > 320)
        assert (together, crossed <= 1) == (0, True)


def test_backwards_in_time_arrows_turn_round(browse, maps):
    page = browse(maps.path("shift"), hash=hash_of("flows", **{"from": LAST, "t": FIRST, "v": "table"}))
    assert sheet(page)[0][:3] == ["United States", "China", "33.78"]


def test_recorded_moves_are_a_layer_of_their_own(browse, maps, shifted):
    page = browse(maps.path("shift"), hash=hash_of("flows"))
    assert page.locator(".gt-move").count() == 0
    page.get_by_label("Show recorded moves of machines").check()
    assert page.locator(".gt-move").count() == len(shifted.modes.machines) == 3
    words = page.locator(".gt-move-number").all_text_contents()
    assert sorted(words) == ["87,200 machines", "87,849 machines", "at least 205,000 machines"]
    assert "Observed, not computed" in about(page)


# ---- mean centre -------------------------------------------------------------------------------


def test_the_track_has_a_point_for_each_slice_with_date_and_length(browse, maps, shifted):
    page = browse(maps.path("shift"), hash="#mode=centre&t=2021-08&v=table")
    track = shifted.shift().tracks
    rows = sheet(page)
    assert len(rows) == len(shifted.slices)
    for t, row in enumerate(rows):
        assert row[0] == shifted.slices[t].label
        assert float(row[1].rstrip("°").replace("−", "-")) == pytest.approx(track.lat[t], abs=0.051)
        assert float(row[2].rstrip("°").replace("−", "-")) == pytest.approx(track.lon[t], abs=0.051)
        assert float(row[3]) == pytest.approx(track.length[t], abs=0.00051)
        far = float(row[4].removesuffix("\u00a0km").replace(",", ""))
        assert far == math.ceil(round(track.reach[t], 6))  # at most: rounded up
    page.locator(".gt-view[value=map]").click()
    assert page.locator(".gt-track-point").count() == len(shifted.slices) + 1
    t = [step.iso for step in shifted.slices].index("2021-08")
    assert page.locator(".gt-track-date-now").text_content() == f"August 2021, R {track.length[t]:.3f}"
    assert page.locator(".gt-reach").count() == 1
    assert page.locator(".gt-track-hollow").count() == 0  # no slice is shorter than half here


UNSTABLE = """region,start,end,metric,value,unit,status
CHN,2020-01-01,2021-01-01,share,90,%,reported
USA,2020-01-01,2021-01-01,share,10,%,reported
AUS,2021-01-01,2022-01-01,share,35,%,reported
USA,2021-01-01,2022-01-01,share,35,%,reported
DEU,2021-01-01,2022-01-01,share,30,%,reported
"""


def test_a_short_mean_vector_is_drawn_open_and_says_why(browse):
    import pandas as pd

    import geotrack as gt

    made = gt.choropleth(pd.read_csv(io.StringIO(UNSTABLE)), id="own", whole=100, title="Own")
    wide = TimeMap(
        modes.with_modes(
            made.content, spec.check({"series": "own", "shift": True}, "test"), DataFolder.of(None)
        )
    )
    assert wide.modes.readings[0].tracks.length[1] < 0.5 < wide.modes.readings[0].tracks.length[0]
    page = browse(wide.to_html(), hash="#mode=centre&t=2021")
    assert page.locator(".gt-track-hollow").count() == 2  # its point, and the mark of the slice shown
    assert page.locator(".gt-track-open").count() == 1
    assert "unstable" in about(page)
    page.locator(".gt-prev").click()
    assert "unstable" not in about(page)


def test_a_slice_without_a_place_has_no_centre_and_the_page_goes_on(browse):
    import pandas as pd

    import geotrack as gt

    rows = (
        UNSTABLE
        + "CHN,2022-01-01,2023-01-01,share,0,%,reported\nUSA,2022-01-01,2023-01-01,share,0,%,reported\n"
    )
    made = gt.choropleth(pd.read_csv(io.StringIO(rows)), id="own", whole=100, title="Own")
    found = TimeMap(
        modes.with_modes(
            made.content, spec.check({"series": "own", "shift": True}, "test"), DataFolder.of(None)
        )
    )
    page = browse(found.to_html(), hash="#mode=centre&t=2022")
    assert about(page) == "2022: no data"
    page.locator(".gt-prev").click()
    assert "unstable" in about(page)


# ---- two slices --------------------------------------------------------------------------------


def test_two_maps_show_the_two_slices_and_move_together(browse, maps, shifted):
    page = browse(maps.path("shift"), hash=hash_of("twin"))
    assert page.locator(".gt-frame-name").all_inner_texts() == ["September 2019", "January 2022"]
    labels = page.locator(".gt-label", has_text="China").all_inner_texts()
    assert [text.split()[-1] for text in labels] == ["75.5%", "21.1%"]
    colours = page.evaluate(
        """() => [...document.querySelectorAll(".gt-frame")].map((frame) => {
          const canvas = frame.querySelector(".gt-canvas-fill");
          const { width, height } = canvas;
          const data = canvas.getContext("2d").getImageData(0, 0, width, height).data;
          const seen = new Set();
          for (let i = 0; i < data.length; i += 4) {
            if (data[i + 3] === 255) seen.add([data[i], data[i + 1], data[i + 2]].join());
          }
          return [...seen];
        })"""
    )
    light = shifted.layers[0].light
    rgb = [",".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5)) for colour in light]
    assert rgb[7] in colours[0]  # China, 35 to 80%
    assert rgb[5] not in colours[0]
    assert rgb[5] in colours[1]  # Kazakhstan, 10 to 20%
    before = page.locator(".gt-twin .gt-label").first.bounding_box()
    page.locator(".folium-map").press("+")
    moved = "(x) => document.querySelector('.gt-twin .gt-label').getBoundingClientRect().x !== x"
    page.wait_for_function(moved, arg=before["x"])
    page.locator(".folium-map").press("Home")
    assert "From September 2019: 4.06%" in page.locator(".gt-tip").inner_text()
    page.set_viewport_size({"width": 320, "height": 900})
    boxes = [frame.bounding_box() for frame in page.locator(".gt-frame").all()]
    assert boxes[1]["y"] >= boxes[0]["y"] + boxes[0]["height"]


# ---- levels together ---------------------------------------------------------------------------


def test_the_provinces_are_those_of_python_and_fall_back_to_the_country(browse, maps, shifted, inside):
    rows = questions.compare("levels", DataFolder.of(None)).sections[0].records
    parts = {(p.period, p.code): p for p in rows}
    page = browse(maps.path("shift"), hash="#in=CHN")
    shown = inside(
        page,
        """(m) => m.page.modes.inner.map(({ code, page }) => ({
          code, units: page.units.map((u) => u.code), slices: page.slices.map((s) => s.label),
          values: Array.from(page.metrics[0].values), status: Array.from(page.metrics[0].status),
        }))""",
    )
    assert [inner["code"] for inner in shown] == ["CHN", "USA"]
    for inner in shown:
        count, seen = len(inner["slices"]), 0
        for row, code in enumerate(inner["units"]):
            for i, label in enumerate(inner["slices"]):
                value, status = inner["values"][row * count + i], inner["status"][row * count + i]
                part = parts.get((label, code))
                if code.startswith(("CN-", "US-", "CHN", "USA")):
                    assert status == (STATUSES.index(part.status) if part else MISSING), (code, label)
                    if part:
                        seen += 1
                        assert abs(value - 100 * part.value) <= 0.51
        assert seen > count  # parts, and the country where it is not split


def test_enter_on_china_shows_provinces_and_escape_comes_back(browse, maps):
    page = browse(maps.path("shift"), hash="#t=2020-06")
    page.locator(".folium-map").press("Home")
    assert "Parts of China: click, press Enter" in page.locator(".gt-tip").inner_text()
    page.locator(".folium-map").press("Enter")
    assert page.locator(".gt-inner").is_visible()
    assert page.locator(".folium-map").is_hidden()
    assert "in=CHN" in page.evaluate("location.hash")
    assert "64.67%" in page.locator(".gt-live").inner_text()
    page.keyboard.press("ArrowRight")
    tip = page.locator(".gt-tip:visible").inner_text()
    assert "derived" in tip
    assert "Of China: " in tip
    page.keyboard.press("Escape")
    assert page.locator(".gt-inner").is_hidden()
    assert page.locator(".folium-map").is_visible()
    assert page.evaluate("document.activeElement.classList.contains('folium-map')")
    assert "in=" not in page.evaluate("location.hash")
    page.keyboard.press("Enter")
    assert page.locator(".gt-inner").is_visible()
    assert page.locator(".gt-tip:visible").count() == 0  # nothing of the visit before


def test_that_a_region_has_parts_is_said_after_two_slices_were_compared(browse, maps):
    page = browse(maps.path("shift"), hash="#t=2020-06&mode=twin&from=2019-09")
    page.locator(".folium-map").press("Home")
    assert "September 2019: 75.53%" in page.locator(".gt-tip").inner_text()
    page.locator(".gt-modes input[value=levels]").check()
    page.locator(".folium-map").press("Home")
    told = page.locator(".gt-tip").inner_text()
    assert "Parts of China: click, press Enter" in told
    assert "September 2019: 75.53%" not in told


def test_a_finger_reads_the_tooltip_first_and_opens_the_parts_with_a_second_tap(browse, maps, inside):
    page = browse(maps.path("shift"), hash="#t=2020-06", has_touch=True, is_mobile=True, size=(390, 800))
    page.locator(".folium-map").scroll_into_view_if_needed()
    spot = inside(page, "(m) => m.layer.spot(m.page.codes.indexOf('CHN'))")
    page.locator(".folium-map").tap(position=spot)
    assert "or tap again" in page.locator(".gt-tip").inner_text()
    page.locator(".folium-map").tap(position=spot)
    page.locator(".gt-inner").wait_for()


def test_a_click_opens_the_states_snapshot_with_its_date(browse, maps, inside):
    page = browse(maps.path("shift"), hash="#t=2020-06")
    spot = inside(page, "(m) => m.layer.spot(m.page.codes.indexOf('USA'))")
    page.locator(".folium-map").click(position=spot)
    text = about(page)
    assert text.startswith("United States, December 2021: 37.45%. One snapshot, December 2021, ")
    assert "do not add them" in text
    page.locator(".gt-back").click()
    assert page.locator(".gt-inner").is_hidden()


def test_where_the_provinces_end_the_country_stands_for_itself(browse, maps):
    page = browse(maps.path("shift"), hash="#t=2021-06&in=CHN")
    assert page.locator(".gt-inner .gt-label-joined").count() == 0
    page.locator(".gt-next").click()
    assert "Its parts end with June 2021: China is shown as a whole." in about(page)
    assert page.locator(".gt-inner .gt-label-joined").inner_text() == "China 0%, not split"


def test_parts_are_marked_in_table_and_csv_and_add_up_to_their_country(browse, maps, shifted):
    page = browse(maps.path("shift"), hash="#t=2020-06&in=CHN&v=table")
    assert "do not add them" in page.locator(".gt-mode-table caption").inner_text()
    rows = sheet(page)
    assert {row[3] for row in rows} == {"derived"}
    told = download(page)
    parts = [row for row in told if row["section"] == "parts"]
    assert {row["part_of"] for row in parts} == {"CHN", "USA"}
    assert {row["metric"] for row in parts} == {"share_of_world"}
    june = [float(row["value"]) for row in parts if row["part_of"] == "CHN" and row["start"] == "2020-06-01"]
    assert sum(june) == pytest.approx(64.67, abs=0.06)
    figures = [row for row in told if row["section"] == "figures"]
    assert len(figures) == len(shifted.to_frame())
    assert not {row["region"] for row in figures} & {row["region"] for row in parts} - {"other"}


# ---- panel, chart, sources ---------------------------------------------------------------------


def test_the_panel_has_each_figure_with_its_intervals(browse, maps, shifted):
    page = browse(maps.path("shift"), hash=f"#t={LAST}")
    told = shifted.shift(FIRST, LAST)
    panel = page.locator(".gt-figures").inner_text()
    for key, shown in (("share.CHN.after", "21.11%"), ("share.north-america.after", "44.32%")):
        assert f"{told.figure(key).value:.2f}%" == shown
        assert shown in panel
        for each in told.figure(key).intervals:
            low, high = ends(each.low, each.high, digits=9, most=3)
            assert f"{end(low)}% to {end(high)}%" in panel, each
    hhi = told.figure("hhi.after")
    assert written(hhi.value, LOWER_BOUND, digits=9, most=4) in panel
    assert written(told.figure("effective.after").value, AT_MOST, digits=9, most=2) in panel
    assert f"{told.figure('length.after').value:.3f}" in panel
    assert written(told.figure("variation").value, LOWER_BOUND, digits=9, most=2, unit="%") in panel
    assert f"within {math.ceil(told.tracks.reach[-1]):,}\u00a0km rest not split" in panel
    notes = page.locator(".gt-panel-notes").inner_text()
    for crossing in told.crossings:
        assert measure_lines.sentence(crossing) in notes


def test_a_reading_changes_panel_chart_and_track_and_says_what_it_assumes(browse, maps, shifted):
    page = browse(maps.path("shift"), hash="#t=2021-07")
    plain = page.locator(".gt-figures dd").first.inner_text()
    assert plain.startswith("0%")
    page.get_by_label("Reading").select_option(label="zeros between two months read as the month before")
    told = shifted.shift("2019-09", "2021-07", scenario="zeros-as-before")
    assert page.locator(".gt-figures dd").first.inner_text() == f"{told.figure('share.CHN.after').value:.2f}%"
    assert told.assumption in page.locator(".gt-panel-notes").inner_text()
    assert "reading=zeros-as-before" in page.evaluate("location.hash")
    assert sentence(page) == shifted.layers[0].sentences[22]  # the map stays as reported
    again = browse(maps.path("shift"), hash=page.evaluate("location.hash"))
    assert again.locator(".gt-figures").inner_text() == page.locator(".gt-figures").inner_text()


def test_bands_lie_behind_the_lines(browse, maps):
    page = browse(maps.path("shift"))
    for name in ("sample only", "starred countries"):
        page.get_by_label("Band").select_option(label=name)
        assert page.locator(".gt-chart .gt-band").count() >= 1
        order = page.evaluate(
            "() => [...document.querySelectorAll('.gt-chart :is(.gt-band, .gt-line)')]"
            ".map((each) => each.getAttribute('class'))"
        )
        assert order.index("gt-line") > max(i for i, name in enumerate(order) if name == "gt-band")
    page.get_by_label("Band").select_option(label="none")
    assert page.locator(".gt-chart .gt-band").count() == 0


def test_sources_stand_beside_each_other_with_dates_and_methods(browse, maps, shifted):
    page = browse(maps.path("shift"))
    names = [each.name for each in shifted.modes.sources]
    assert names == ["us-share", "china-share", "vintages", "revenue", "machines"]
    for each in shifted.modes.sources:
        details = page.locator(f'[data-question="{each.name}"]')
        details.locator("summary").click()
        text = details.inner_text()
        for sheet_ in each.sheets:
            for row in sheet_.rows:
                assert all(cell in text for cell in row)
        for said in each.said:
            assert said in text
    revenue = page.locator('[data-question="revenue"]')
    assert revenue.locator("svg").count() == len(shifted.modes.revenue) == 3
    assert revenue.locator(".gt-revenue-span").count() == sum(
        len(panel.spans) for panel in shifted.modes.revenue
    )
    assert "a correlation takes 10" in revenue.inner_text()
    titles = revenue.locator(".gt-revenue-open title").all_text_contents()
    assert titles == ["at most 50%", "at least 31%"]  # abroad, of at least half in China; in North America
    assert revenue.inner_text().count("≥") == 1
    assert "at most 50" in revenue.locator("table").first.text_content()


# ---- beside others -----------------------------------------------------------------------------


def test_modes_share_a_page_with_a_plain_map_whichever_comes_first(browse, maps):
    plain, rich = maps.timemaps["revenue-canaan"].to_fragment(), maps.timemaps["shift"].to_fragment()
    for parts in ([plain, rich], [rich, plain]):
        text = f"<!DOCTYPE html><html lang=en><title>Two</title><main>{''.join(parts)}</main></html>"
        page = browse(
            text, hash="#shift.mode=flows&shift.t=2022-01", ready="#geotrack-shift[data-ready=true]"
        )
        page.wait_for_selector("#geotrack-revenue-canaan[data-ready=true]")
        assert page.locator("#geotrack-shift .gt-flow").count() > 3
        assert page.locator("#geotrack-revenue-canaan .gt-modes").count() == 0
        page.locator("#geotrack-shift .gt-modes label", has_text="Difference").click()
        assert "shift.mode=difference" in page.evaluate("location.hash")


def test_paper_has_the_panels_intervals_and_what_they_assume(browse, maps):
    page = browse(maps.path("shift"), hash=hash_of("difference"))
    page.emulate_media(media="print")
    assert "rest not split" in page.locator(".gt-figures").inner_text()
    assert page.get_by_text("United States overtook China between").is_visible()


INKED = """all => all.filter((each) => each.offsetParent).map((each) => {
  const data = each.getContext("2d").getImageData(0, 0, each.width, each.height).data;
  let inked = 0;
  for (let i = 3; i < data.length; i += 4) if (data[i]) inked++;
  return inked > 1000;
})"""


def test_paper_shows_the_mode(browse, maps):
    page = browse(maps.path("shift"), hash=hash_of(MODES[0]), dark=True)
    for mode in MODES:
        page.emulate_media(media="screen")
        page.wait_for_selector("section:not(.gt-light)", state="attached")
        come_to(page, mode, FIRST, LAST)
        page.emulate_media(media="print")
        page.wait_for_selector("section.gt-light", state="attached")
        shown = page.locator(".gt-modes label:visible").all_inner_texts()
        assert len(shown) == (mode != "levels")  # as it opens a map prints as any other
        pictures = page.eval_on_selector_all(".gt-print", INKED)
        assert pictures == [True] * (2 if mode == "twin" else 1)
        assert page.locator(".gt-flow:visible").count() > 3 if mode == "flows" else True


def test_a_map_that_shows_other_slices_or_is_compact_carries_no_modes(shifted):
    from dataclasses import replace

    assert page_modes.shown(shifted) is shifted.modes
    assert page_modes.shown(TimeMap(replace(shifted.content, layout="compact"))) is None
    assert page_modes.shown(TimeMap(replace(shifted.content, fixed=True))) is None
    assert page_modes.shown(TimeMap(replace(shifted.content, slices=shifted.slices[:3]))) is None
    assert (DERIVED, LOWER_BOUND, MISSING) == (4, 3, 0)  # what the page's script counts on
