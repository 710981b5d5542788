"""The panel of a shift, its tables and its CSV say what `shift` says: decimals, bounds, what is left out."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import pandas as pd
import pytest

import geotrack as gt
from geotrack.language.catalogue import words_of
from geotrack.map.measures import MEASURES
from geotrack.measure import text
from geotrack.render.page import modes as page_data
from geotrack.timemap import TimeMap


def panel(page) -> dict[str, str]:
    rows = page.eval_on_selector_all(
        ".gt-figures > div", "rows => rows.map((row) => [...row.children].map((cell) => cell.innerText))"
    )
    return {name: value.replace("\n", " ") for name, value in rows}


def download(page) -> list[dict[str, str]]:
    with page.expect_download() as waiting:
        page.locator(".gt-csv").click()
    return list(csv.DictReader(io.StringIO(waiting.value.path().read_text(encoding="utf-8-sig"), newline="")))


def of_section(rows: list[dict[str, str]], section: str) -> list[dict[str, str]]:
    return [row for row in rows if row["section"] == section]


def since(words, lang: str, period: str) -> str:
    return words["since"].format(title=words_of(lang, "shift")["variation"], period=period)


def shifted(rows, lang: str = "en") -> TimeMap:
    """A map of one's own, with modes."""
    told = [(c, f"{y}-01-01", f"{y + 1}-01-01", "share", v, "%", "reported") for c, y, v in rows]
    columns = ["region", "start", "end", "metric", "value", "unit", "status"]
    frame = pd.DataFrame(told, columns=columns)
    return gt.choropleth(frame, id="own", whole=100, title="Own", lang=lang, shift=True)


# ---- decimals ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wanted",
    [{"metrics": ["hashrate"]}, {"metrics": ["share"], "slices": "quarter"}],
    ids=["hashrate", "quarters"],
)
def test_every_figure_is_read_with_the_decimals_that_it_was_packed_with(browse, inside, wanted):
    made = gt.choropleth("cbeci-countries", shift=True, **wanted)
    first, last = made.content.slices[0], made.content.slices[-1]
    told, tracks = made.shift(), made.shift().tracks
    page = browse(made.to_html(), hash=f"#mode=flows&from={first.iso}&t={last.iso}")
    # with two decimals for all, as of the map that is shipped, nothing of this could fail
    assert inside(page, "(m) => m.page.modes.digits.share") > 2
    shown = panel(page)
    assert shown[since(words_of("en", "modes"), "en", first.label)] == text.value(told.figure("variation"))
    rows = download(page)
    measures = {(row["metric"], row["start"]): row for row in of_section(rows, "measures")}
    for metric, track, near in (
        ("variation_since_first", tracks.since_first, 0.011),
        ("hhi", tracks.hhi_low, 1.1e-4),
        ("effective_number", tracks.effective_high, 0.011),
        ("mean_vector_length", tracks.length, 1.1e-3),
        ("mean_centre_latitude", tracks.lat, 0.051),
        ("mean_centre_longitude", tracks.lon, 0.051),
    ):
        for slice_, value in zip(made.content.slices, track, strict=True):
            own = measures[metric, slice_.start]["value"].lstrip("'")
            assert float(own) == pytest.approx(value, abs=near), metric
    starts = [step.start for step in made.content.slices]
    intervals = of_section(rows, "intervals")
    assert intervals
    for row in intervals:
        t, code = starts.index(row["start"]), row["region"]
        low, high = tracks.bands[code][row["assumption"]]
        assert float(row["value"]) == pytest.approx(tracks.lines[code][t], abs=0.006)
        assert [float(row["low"]), float(row["high"])] == pytest.approx([low[t], high[t]], abs=0.0011)
    for code, name in told.names.items():
        assert float(shown[name].split("%")[0].removeprefix("at least ")) == pytest.approx(
            tracks.lines[code][-1], abs=0.006
        )
    flows = {(row["region"], row["to_region"]): float(row["value"]) for row in of_section(rows, "flows")}
    assert flows == pytest.approx({(f.source, f.target): f.amount for f in told.flows}, abs=0.0051)
    page.locator(".gt-view[value=table]").click()
    table = page.eval_on_selector_all(
        ".gt-mode-table tbody tr",
        "rows => rows.map((row) => [...row.children].map((cell) => cell.textContent))",
    )
    km = {(f.source_name, f.target_name): f.km for f in told.flows}
    assert [float(row[5].replace(",", "")) for row in table if row[5] != "–"] == pytest.approx(
        [km[row[0], row[1]] for row in table if row[5] != "–"], abs=0.51
    )


# ---- every measure -----------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_page_shows_every_measure_that_its_tables_hold_by_its_one_name(browse, lang):
    rows = [(c, 2020 + i, v) for c, pair in SHARES.items() if c != "CAN" for i, v in enumerate(pair)]
    made = shifted(rows, lang)
    words, names = words_of(lang, "modes"), words_of(lang, "shift")
    held = {each.key: each for each in MEASURES if each.packed}
    page = browse(made.to_html(), hash="#mode=centre&t=2021&v=table")
    shown = panel(page)
    lines = set(made.shift().names.values())
    place = {"lon", "lat", "reach"}  # they are told as one, the centre
    wanted = {names[key] for key, each in held.items() if key not in place and not each.pair}
    assert set(shown) == lines | wanted | {words["centre"], since(words, lang, made.content.slices[0].label)}
    assert words["within"].split("{")[0].strip() in shown[words["centre"]]
    heads = page.locator(".gt-mode-table th[scope=col]").all_inner_texts()
    assert heads[1:] == [names[key] for key in ("lat", "lon", "length", "reach")]
    cells = page.locator(".gt-mode-table tbody tr").last.locator("td").all_inner_texts()
    assert cells[-1].endswith(names["km"])
    told = {row["metric"] for row in of_section(download(page), "measures")}
    assert told == {each.column or key for key, each in held.items()}


def test_a_new_measure_is_on_a_page_without_a_line_of_its_script(browse, monkeypatch):
    """Here the share of the three largest, which pages leave out."""
    made = shifted([(c, 2020 + i, v) for c, pair in SHARES.items() for i, v in enumerate(pair)])
    top = next(each for each in MEASURES if each.key == "top")
    held = replace(
        top, unit="", tracks=tuple(replace(each, packed=True) for each in top.tracks), column="top_share"
    )
    monkeypatch.setattr(page_data, "MEASURES", (*MEASURES, held))
    monkeypatch.setattr(page_data, "PACKED", (*page_data.PACKED, *held.tracks))
    monkeypatch.setattr(page_data, "DIGITS", page_data.DIGITS | {"top": 4})
    page = browse(made.to_html(), hash="#t=2021")
    share = made.shift().tracks.top[-1]
    assert panel(page)[words_of("en", "shift")["top"]] == f"{share:.4f}"
    rows = {
        row["start"]: row for row in of_section(download(page), "measures") if row["metric"] == "top_share"
    }
    assert float(rows["2021-01-01"]["value"]) == pytest.approx(share, abs=1e-4)


# ---- a few regions -----------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_of_two_parts_a_page_tells_no_more_than_shift_does(browse, lang):
    made = gt.choropleth("canaan-revenue", shift=True, metrics=["revenue_share"], lang=lang)
    told, words = made.shift("2017", "2022"), words_of(lang, "modes")
    assert not [each for each in told.figures if each.key.startswith(("hhi", "effective", "lon", "length"))]
    assert told.flows == ()
    assert not pd.Series(told.tracks.hhi_low).notna().any()
    page = browse(made.to_html(), hash="#mode=centre&t=2022")
    names = page.locator(".gt-modes label").all_inner_texts()
    assert names == [words[name] for name in ("levels", "difference", "twin")]
    assert page.locator(".gt-modes input:checked").get_attribute("value") == "levels"
    assert page.locator(".gt-track-point, .gt-flow, .gt-reach").count() == 0
    assert set(panel(page)) - set(told.names.values()) == {since(words, lang, made.content.slices[0].label)}
    assert {row["metric"] for row in of_section(download(page), "measures")} <= {"variation_since_first"}
    two = browse(made.to_html(), hash="#mode=flows&from=2017&t=2022")
    assert two.locator(".gt-flow").count() == 0
    assert not of_section(download(two), "flows")


def test_two_slices_of_few_regions_have_no_flows_on_a_map_of_more(browse):
    rows = [(c, 2020, v) for c, v in (("CHN", 70), ("USA", 30))]
    rows += [(c, 2021, v) for c, v in (("CHN", 60), ("USA", 40))]
    rows += [(c, 2022, v) for c, v in (("CHN", 10), ("USA", 40), ("KAZ", 20), ("RUS", 20), ("CAN", 10))]
    made = shifted(rows)
    assert made.shift("2020", "2021").flows == ()
    assert sorted(made.content.modes.flows) == [(0, 2), (1, 2)]
    page = browse(made.to_html(), hash="#mode=flows&from=2020&t=2021")
    assert page.locator(".gt-overlay .gt-flow").count() == 0
    assert page.locator(".gt-mode-about").inner_text() == words_of("en", "modes")["flowsNone"]


# ---- what is exact -----------------------------------------------------------------------------

SHARES = {
    "CHN": (53.98, 20.02),
    "USA": (20.02, 45.00),
    "KAZ": (15.01, 14.99),
    "RUS": (7.00, 15.00),
    "CAN": (3.99, 4.99),
}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("without", ["", "CAN"], ids=["complete", "open"])
def test_the_panel_calls_a_bound_what_shift_calls_one(browse, lang, without):
    rows = [(c, 2020 + i, v) for c, pair in SHARES.items() if c != without for i, v in enumerate(pair)]
    made = shifted(rows, lang)
    told, words, names = made.shift(), words_of(lang, "modes"), words_of(lang, "shift")
    page = browse(made.to_html(), hash="#mode=centre&t=2021")
    shown = panel(page)
    for name, key in (
        (names["hhi"], "hhi.after"),
        (names["effective"], "effective.after"),
        (names["length"], "length.after"),
        (since(words, lang, made.content.slices[0].label), "variation"),
    ):
        figure = told.figure(key)
        assert bool(figure.bound) == bool(without and key != "length.after")
        said = shown[name].split(" " + words["interval"].format(low="", high="").strip() + " ")[0]
        assert said.startswith(text.value(figure, lang)), (name, shown[name])
        open_ = [each for each in figure.intervals if each.assumption == "remainder"]
        # of a distance the panel has the bound only
        assert (words["remainder"] in shown[name]) == bool(open_ and key != "variation")
    assert (words["remainder"] in " ".join(shown.values())) == bool(without)
    assert page.locator(".gt-reach").count() == bool(without)
    assert (words["trackReach"] in page.locator(".gt-mode-about").inner_text()) == bool(without)
    measures = of_section(download(page), "measures")
    assert {row["assumption"] for row in measures} == ({"", "remainder"} if without else {""})
    flows = browse(made.to_html(), hash="#mode=flows&from=2020&t=2021").locator(".gt-mode-about").inner_text()
    least = f"{told.figure('variation').value:.2f}"
    assert words["flowsLeast" if without else "flowsExact"].format(least=least) in flows


# ---- bounds ------------------------------------------------------------------------------------


def test_a_part_that_is_at_most_something_is_so_in_the_panel(browse):
    made = gt.choropleth("canaan-revenue", metrics=["revenue_share"], shift=True, opening="2025-Q2")
    told = panel(browse(made.to_html()))
    assert told["Overseas (all but China)"] == "at most 50%"
    assert told["China"].startswith("at least 50%")
    # China had 91.5% and may still have it
    assert told[since(words_of("en", "modes"), "en", "2017")].startswith("at least 0%")


def test_an_interval_that_is_a_point_is_none(browse):
    """The ends of a point, rounded to their sides, would be a thousandth apart."""
    options = {"slices": "year", "groups": ["CHN", "north-america"], "shift": True, "opening": "2025"}
    made = gt.choropleth("luxor-countries", metrics=["share"], **options)
    for name, value in panel(browse(made.to_html())).items():
        ends = re.findall(r"([\d.]+)% to ([\d.]+)%", value)
        assert all(float(high) - float(low) > 0.0015 for low, high in ends), (name, value)
    rounding = [
        each for each in made.shift().figure("share.CHN.before").intervals if each.assumption == "rounding"
    ]
    assert not rounding


# ---- a difference without groups ---------------------------------------------------------------


@pytest.mark.parametrize(("first", "last", "change"), [("2020", "2021", "+30"), ("2021", "2020", "−30")])
def test_where_all_rose_or_all_fell_nothing_is_said_to_go_the_other_way(browse, first, last, change):
    parts = {"CHN": (10, 12), "USA": (20, 50), "RUS": (5, 8)}
    made = shifted([(c, 2020 + i, v) for c, pair in parts.items() for i, v in enumerate(pair)])
    page = browse(made.to_html(), hash=f"#mode=difference&from={first}&t={last}")
    said = page.locator(".gt-sentence").inner_text()
    assert said == f"{first} to {last}: United States {change}\u00a0percentage points"


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("2020", "2021", ["−1.0 points", "change not known", "+6.5 points"]),
        ("2021", "2022", ["−3.5 points", "change not known", "−4.5 points"]),
        ("2020", "2022", ["−4.5 points", "+2.5 points", "+2.0 points"]),
    ],
)
def test_a_difference_below_the_map_names_what_either_slice_states(browse, first, last, told):
    rows = [
        ("CHN", 2020, 94.5),
        ("other", 2020, 5.5),
        ("CHN", 2021, 93.5),
        ("CHN", 2022, 90),
        ("other", 2022, 8),
    ]
    page = browse(shifted(rows).to_html(), hash=f"#mode=difference&from={first}&t={last}")
    names = page.locator(".gt-remainder dt").all_inner_texts()
    assert names == ["On the map", "Without a place on the map", "Not stated by the source"]
    found = page.locator(".gt-remainder dd").all_inner_texts()
    assert [each.replace("\u00a0", " ") for each in found] == told
