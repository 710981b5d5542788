"""Metric, view, table, downloads, citation and permalinks."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from accessibility import darken

import geotrack as gt
from geotrack.language.figures import FigureWriter, changed
from geotrack.model import AT_MOST, LOWER_BOUND, REPORTED
from geotrack.store import reading
from geotrack.timemap import TimeMap


def cell_text(layer, u, t):
    """Return what the table says of a cell."""
    return FigureWriter(layer.metric, layer.digits).full(*layer.cell(u, t))


def sums(layer, t):
    """Return the lines of the remainder: what is on the map, what is not, and the whole."""
    write = FigureWriter(layer.metric, layer.digits).full
    status = {"mapped": LOWER_BOUND, "unstated": AT_MOST} if layer.bounded[t] else {}
    parts = {name: float(np.nan_to_num(each[t])) for name, each in layer.parts.items()}
    shown = [
        write(part, status.get(name, REPORTED)) for name, part in parts.items() if part or name == "mapped"
    ]
    return shown + ([] if np.isnan(layer.whole[t]) else [write(sum(parts.values()))])


def rows_of(page):
    """Return the table's body as (region, [cells])."""
    return page.eval_on_selector_all(
        ".gt-table tbody tr",
        """rows => rows.map((row) => [
          row.dataset.region, [...row.cells].map((cell) => cell.firstChild?.textContent ?? ""),
        ])""",
    )


def download(page):
    with page.expect_download() as waiting:
        page.locator(".gt-csv").click()
    return waiting.value


def read_csv(path):
    return pd.read_csv(path, dtype=str, keep_default_na=False)


# ---- metric and view ---------------------------------------------------------------------------


def test_metric_switches_everything(browse, maps, inside):
    timemap = maps.timemaps["shift"]
    page = browse(maps.path("shift"))
    for t in (0, 22):
        inside(page, "(m, t) => m.go(t)", t)
        for metric in ("hashrate", "share"):
            page.locator(f".gt-metric input[value={metric}]").check()
            layer = next(x for x in timemap.layers if x.metric.name == metric)
            legend = page.locator(".gt-legend li").all_inner_texts()
            assert [text.strip() for text in legend][: len(layer.labels)] == list(layer.labels)
            assert page.locator(".gt-sentence").inner_text() == layer.sentences[t]
            assert page.locator(".gt-remainder dd").all_inner_texts() == sums(layer, t)
            assert layer.metric.unit in page.locator(".gt-group-value").first.inner_text()
            ticks = page.locator(".gt-tick").all_text_contents()
            assert any(text.endswith(layer.metric.unit) for text in ticks)
            page.locator(".gt-view[value=table]").click()
            assert layer.metric.title in page.locator(".gt-table caption").inner_text()
            page.locator(".gt-view[value=map]").click()


def test_legend_shows_the_colours_of_the_map(browse, maps, map_id):
    layer = maps.timemaps[map_id].layers[0]
    page = browse(maps.path(map_id))
    for colours in (layer.light, layer.dark):
        if colours == layer.dark:
            darken(page)
        swatches = page.eval_on_selector_all(
            ".gt-legend .gt-swatch", "all => all.map((s) => s.style.background).filter(Boolean)"
        )
        wanted = [f"rgb({int(c[1:3], 16)}, {int(c[3:5], 16)}, {int(c[5:7], 16)})" for c in colours]
        assert swatches == wanted


def test_map_and_table_take_turns(browse, maps):
    page = browse(maps.path("shift"))
    frame, table = page.locator(".gt-frame"), page.locator(".gt-table")
    buttons = {name: page.locator(f".gt-view[value={name}]") for name in ("map", "table")}
    for chosen, other in (("table", "map"), ("map", "table"), ("table", "map")):
        buttons[chosen].click()
        assert frame.is_visible() == (chosen == "map")
        assert table.is_visible() == (chosen == "table")
        assert buttons[chosen].get_attribute("aria-pressed") == "true"
        assert buttons[other].get_attribute("aria-pressed") == "false"


# ---- table -------------------------------------------------------------------------------------


# Per slice what the table says: [region, figure] of each row, its foot, and the same beside the map.
TABLE = """(m, count) => [...Array(count).keys()].map((t) => {
  m.go(t);
  const texts = (selector) => [...document.querySelectorAll(selector)].map((node) => node.innerText);
  const rows = [...document.querySelectorAll(".gt-table tbody tr")];
  return {
    cells: rows.map((row) => [row.dataset.region, row.cells[1].firstChild?.textContent ?? ""]),
    foot: texts(".gt-table tfoot td.gt-number"), chips: texts(".gt-group-value"), rest: texts(".gt-remainder dd"),
  };
})"""  # noqa: E501


def test_table_says_what_the_map_was_built_from(browse, maps, inside, map_id):
    timemap = maps.timemaps[map_id]
    page = browse(maps.path(map_id), hash="#v=table")
    for m, layer in enumerate(timemap.layers):
        if len(timemap.layers) > 1:
            page.locator(".gt-metric input").nth(m).check()
        count = len(timemap.slices)
        for t, seen in zip(range(count), inside(page, TABLE, count), strict=True):
            wanted = {
                unit.code: cell_text(layer, u, t)
                for u, unit in enumerate(timemap.units)
                if unit.kind != "whole" and layer.status[u].any()
            }
            assert dict(seen["cells"]) == wanted
            foot, chips = seen["foot"], seen["chips"][:-1]  # the last is the remainder
            assert foot == chips + seen["rest"]
            if not np.isnan(layer.mapped[t]):
                named = re.compile(r" \(Overseas\)$")  # what is not stated is this part
                assert [named.sub("", each) for each in foot[len(chips) :]] == sums(layer, t)
                overseas = [u for u, unit in enumerate(timemap.units) if unit.code == "canaan-overseas"]
                at_most = layer.bound_status[overseas, t] == AT_MOST
                assert any(map(named.search, foot)) == bool(at_most.any())


def test_table_sorts(browse, maps):
    timemap = maps.timemaps["shift"]
    layer, t = timemap.layers[0], 22
    page = browse(maps.path("shift"), hash=f"#t={timemap.slices[t].iso}&v=table")
    value = {
        unit.code: float(layer.values[u, t]) if layer.status[u, t] else float("-inf")
        for u, unit in enumerate(timemap.units)
    }
    change = {
        unit.code: float(layer.values[u, t] - layer.values[u, t - 1]) for u, unit in enumerate(timemap.units)
    }

    def head(key):
        return page.locator(f".gt-table th:has([data-key={key}])")

    def order():
        return [code for code, _ in rows_of(page)]

    assert head("value").get_attribute("aria-sort") == "descending"
    assert head("name").get_attribute("aria-sort") == "none"
    assert [value[c] for c in order()] == sorted(value.values(), reverse=True)[: len(order())]
    head("value").locator("button").click()
    assert head("value").get_attribute("aria-sort") == "ascending"
    assert [value[c] for c in order()] == sorted(value[c] for c in order())
    assert page.evaluate("() => document.activeElement.dataset.key") == "value"  # the sort keeps the focus
    head("name").locator("button").click()
    names = [cells[0] for _, cells in rows_of(page)]
    assert head("name").get_attribute("aria-sort") == "ascending"
    assert head("value").get_attribute("aria-sort") == "none"
    assert names == sorted(names)
    head("name").locator("button").click()
    assert [cells[0] for _, cells in rows_of(page)] == names[::-1]
    head("previous").locator("button").click()
    ranked = [change[c] for c in order() if change[c] == change[c]]
    assert ranked == sorted(ranked, reverse=True)
    page.locator(".gt-next").click()  # the order stays for the next slice
    assert head("previous").get_attribute("aria-sort") == "descending"


def test_table_says_what_changed(browse, maps):
    timemap = maps.timemaps["shift"]
    layer = timemap.layers[0]
    t = len(timemap.slices) - 1
    page = browse(maps.path("shift"), hash=f"#t={timemap.slices[t].iso}&v=table")
    cells = dict(rows_of(page))
    for code in ("CHN", "USA", "KAZ"):
        u = [unit.code for unit in timemap.units].index(code)
        for column, before in ((3, t - 1), (4, 0)):
            step = float(layer.values[u, t] - layer.values[u, before])
            assert cells[code][column] == changed(step, digits=layer.digits, unit="%")
        assert cells[code][5] == timemap.origins[layer.origin[u, t]].publisher


# ---- downloads ---------------------------------------------------------------------------------


def figures_of(path):
    """The figures of a CSV; those of a shift's modes stand in sections of their own, see test_modes.py."""
    shown = read_csv(path)
    if "section" not in shown:
        return shown
    own = shown[shown["section"] == "figures"]
    return own.drop(columns=["section", "part_of", "to_region", "low", "high", "assumption"])


def test_csv_is_what_the_map_was_built_from(browse, maps, map_id, tmp_path):
    timemap = maps.timemaps[map_id]
    page = browse(maps.path(map_id))
    file = download(page)
    assert file.suggested_filename == f"{map_id}.csv"
    file.save_as(tmp_path / "a.csv")
    raw = (tmp_path / "a.csv").read_bytes()
    assert raw.count(b"\n") == raw.count(b"\r\n")
    shown, frame = figures_of(tmp_path / "a.csv"), timemap.to_frame()
    assert list(shown.columns) == list(frame.columns)
    assert len(shown) == len(frame)
    keys = ["metric", "start", "region"]
    shown = shown.sort_values(keys, ignore_index=True)
    frame = frame.sort_values(keys, ignore_index=True)
    assert shown["value"].astype(float).tolist() == frame["value"].tolist()
    for column in shown.columns.drop("value"):
        plain = frame[column].astype(str)
        risky = plain.str.match(r"[=+\-@\t\r]")
        assert shown[column].tolist() == plain.where(~risky, "'" + plain).tolist(), column


def test_csv_holds_every_observation(browse, maps, map_id, tmp_path):
    timemap = maps.timemaps[map_id]
    page = browse(maps.path(map_id))
    download(page).save_as(tmp_path / "a.csv")
    shown = figures_of(tmp_path / "a.csv")
    stated = read_csv(reading.observations_path(reading.data_folder(None), timemap.series.name))
    stated = stated[stated["metric"].isin([layer.metric.name for layer in timemap.layers])]
    keys = ["metric", "start", "end", "region"]
    stated, own = stated.set_index(keys).sort_index(), shown.set_index(keys).sort_index()
    assert stated.index.is_unique
    assert own.index.is_unique
    spans = {(step.start, step.end) for step in timemap.slices}
    hidden = [key for key in stated.index if key[1:3] not in spans]  # within a period that is shown
    assert all(any(s <= key[1] and key[2] <= e for s, e in spans) for key in hidden)
    stated = stated.drop(index=hidden)
    derived = own.index.difference(stated.index)
    assert own.loc[derived, "note"].str.startswith(("Derived: ", "推算：")).all()
    own = own.loc[own.index.intersection(stated.index)]
    assert list(own.index) == list(stated.index)
    assert own["value"].astype(float).tolist() == stated["value"].astype(float).tolist()
    for column in ("unit", "status", "origin", "note"):
        assert own[column].tolist() == stated[column].tolist(), column


def test_csv_reads_in_pythons_own_parser(browse, maps, tmp_path):
    download(browse(maps.path("revenue-canaan"))).save_as(tmp_path / "a.csv")
    rows = list(csv.reader(io.StringIO((tmp_path / "a.csv").read_text(encoding="utf-8-sig"), newline="")))
    assert {len(row) for row in rows} == {11}


def test_citation_is_downloaded_and_copied(browse, maps):
    timemap = maps.timemaps["shift"]
    page = browse(maps.path("shift"), permissions=["clipboard-read", "clipboard-write"])
    with page.expect_download() as waiting:
        page.locator(".gt-cite-file").click()
    assert waiting.value.suggested_filename == "shift-citation.txt"
    text = waiting.value.path().read_text(encoding="utf-8")
    assert text.startswith(timemap.title)
    assert all(o.publisher in text and o.url in text and o.licence in text for o in timemap.origins)
    page.locator(".gt-cite-copy").click()
    page.get_by_role("status").get_by_text("Citation copied").wait_for()
    assert page.evaluate("() => navigator.clipboard.readText()") + "\n" == text
    assert page.locator(".gt-copy").is_hidden()


def test_citation_is_shown_where_nothing_may_be_copied(browse, maps):
    page = browse(maps.path("shift"))
    page.evaluate("() => Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.locator(".gt-cite-copy").click()
    area = page.locator(".gt-copy")
    area.wait_for()
    assert area.input_value().startswith(maps.timemaps["shift"].title)
    assert area.evaluate("a => a === document.activeElement && a.selectionEnd === a.value.length")


# ---- permalinks --------------------------------------------------------------------------------


def fragment(page):
    pairs = page.evaluate("() => location.hash.slice(1)").split("&")
    return {key: value for key, _, value in (pair.partition("=") for pair in pairs) if key}


def test_permalink_follows_the_reader(browse, maps):
    page = browse(maps.path("shift"))
    page.locator(".gt-next").click()
    assert fragment(page) == {"t": "2019-10", "m": "share"}
    page.locator(".gt-metric input[value=hashrate]").check()
    assert fragment(page) == {"t": "2019-10", "m": "hashrate"}
    page.locator(".folium-map").press("Home")
    assert fragment(page) == {"t": "2019-10", "m": "hashrate", "r": "CHN"}
    page.locator(".gt-view[value=table]").click()
    assert fragment(page) == {"t": "2019-10", "m": "hashrate", "r": "CHN", "v": "table"}
    page.locator(".gt-view[value=map]").click()
    page.locator(".folium-map").press("Escape")
    assert fragment(page) == {"t": "2019-10", "m": "hashrate"}


def test_permalink_is_restored(browse, maps, inside):
    timemap = maps.timemaps["shift"]
    page = browse(maps.path("shift"), hash="#t=2021-07&m=hashrate&r=CAN&v=table")
    t = [s.iso for s in timemap.slices].index("2021-07")
    assert page.locator("html").get_attribute("data-slice") == "2021-07"
    assert page.locator(".gt-metric input[value=hashrate]").is_checked()
    assert page.locator(".gt-sentence").inner_text() == timemap.layers[1].sentences[t]
    assert page.locator(".gt-table").is_visible()
    assert "July 2021" in page.locator(".gt-range").get_attribute("aria-valuetext")
    assert inside(page, "(m) => m.page.codes[m.state.region]") == "CAN"
    assert fragment(page) == {"t": "2021-07", "m": "hashrate", "r": "CAN", "v": "table"}
    page.locator(".gt-view[value=map]").click()
    assert page.locator(".gt-tip-name").inner_text() == "Canada"


def test_permalink_can_change_under_the_page(browse, maps):
    page = browse(maps.path("shift"))
    page.evaluate("() => { location.hash = '#t=2021-08&m=hashrate&v=table'; }")
    page.wait_for_selector("html[data-slice='2021-08']", state="attached")
    assert page.locator(".gt-metric input[value=hashrate]").is_checked()
    page.locator(".gt-table").wait_for()
    page.evaluate("() => { location.hash = '#t=2020-01&m=share'; }")
    page.wait_for_selector("html[data-slice='2020-01']", state="attached")
    assert page.locator(".gt-metric input[value=share]").is_checked()
    assert page.locator(".gt-frame").is_visible()


@pytest.mark.parametrize(
    "hash",
    ["#%", "#t=%E0%A4%A&m=%", "#t=1999-01&m=nothing&r=XXX&v=chart", "#=&&==&t", "#t=__proto__&r=constructor",
     "#<img src=x onerror=alert(1)>", "#t=2021-07=1"],
)  # fmt: skip
def test_a_garbled_permalink_does_no_harm(browse, maps, hash):
    timemap = maps.timemaps["shift"]
    page = browse(maps.path("shift"), hash=hash)
    assert page.locator("html").get_attribute("data-slice") in {timemap.slices[0].iso, "2021-07"}
    page.locator(".gt-range").press("End")
    assert page.locator("html").get_attribute("data-slice") == timemap.slices[-1].iso
    assert fragment(page)["t"] == timemap.slices[-1].iso


def test_a_foreign_anchor_is_kept(browse, maps):
    page = browse(maps.path("shift"), hash="#chapter=2")
    page.locator(".gt-next").click()
    assert fragment(page) == {"t": "2019-10", "m": "share", "chapter": "2"}


def test_at_least_stands_by_the_part_that_a_bound_went_into(browse, tmp_path):
    """A bound on what has no place says nothing of what is on the map."""
    frame = pd.DataFrame({"region": ["CHN", "Other"], "period": "2020", "value": [60.0, 10.0]})
    made = gt.choropleth(frame, unit="%", whole=100, groups=["CHN"])
    flags = {"bounded": np.array([False]), "stated_bounded": np.array([True])}
    made = TimeMap(replace(made.content, layers=tuple(replace(layer, **flags) for layer in made.layers)))
    made.save(tmp_path / "a.html")
    page = browse(tmp_path / "a.html")
    figures = page.locator(".gt-remainder dd").all_inner_texts()
    assert figures == ["60%", "at least 10%", "at most 30%", "100%"]
