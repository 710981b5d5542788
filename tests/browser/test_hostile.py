"""Data that would like to run: codes, names, notes, titles, sources and events are text and nothing else."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

import geotrack as gt
from geotrack.model import Event
from geotrack.timemap import TimeMap

HEAD = "<!DOCTYPE html><html lang=en><meta charset=utf-8><title>t</title><link rel=icon href=data:,><body>"
NAMES = [
    "\"quoted\" 'both'",
    "<script>window.pwned=1</script>",
    "</script><script>window.pwned=2</script>",
    "<!-- <script>",
    "<img src=x onerror=window.pwned=3>",
    "two  spaces and.dots",
    "🪙 ⛏️",
    "שלום עולם",
    "__proto__",
    "constructor",
    "toString",
    "=1+1",
    "@SUM(A1)",
    "+49",
    "{slice} {CHN} $& $1",
    "a,b;c\ttab",
    "${window.pwned=4}",
    "&lt;b&gt; &amp;",
    "line\u2028break\u2029end",
    "]]>",
]


@pytest.fixture(scope="module")
def hostile():
    shapes = gpd.GeoDataFrame(
        {"code": NAMES, "name": [f"{name} !" for name in NAMES]},
        geometry=[box(i % 5, i // 5, i % 5 + 1, i // 5 + 1) for i in range(len(NAMES))],
        crs="EPSG:3857",
    )
    rows = [
        {"code": name, "month": f"2020-{t + 1:02d}", "value": 1.5 * i + t, "note": f"note on {name}"}
        for i, name in enumerate(NAMES)
        for t in range(3)
    ]
    title = "</title><script>window.pwned=5</script> & “title” {slice}"
    source = {
        "publisher": "<b>Publisher</b><script>window.pwned=6</script>",
        "title": "</footer><img src=x onerror=window.pwned=7>",
        "url": "javascript:window.pwned=8",
        "licence": "\"'><svg onload=window.pwned=9>",
        "licence_url": "javascript:window.pwned=10",
        "note": "<!-- note --></details><script>window.pwned=11</script>",
    }
    timemap = gt.choropleth(
        pd.DataFrame(rows),
        boundaries=shapes,
        title=title,
        description='"><script>window.pwned=12</script>',
        unit="<i>u</i>",
        source=source,
        sentence="{slice}: <script>window.pwned=13</script> </script>",
        projection="EPSG:3857",
        groups={NAMES[2]: "<script>window.pwned=14</script>", NAMES[8]: "__proto__"},
    )
    event = Event(
        "2020-02-01",
        "mining",
        NAMES[1],
        "</script><script>window.pwned=15</script>",
        "javascript:window.pwned=16",
    )
    disputed = {NAMES[0]: "<script>window.pwned=17</script>"}
    return TimeMap(replace(timemap.content, events=(event,), event_places=(NAMES[4],), disputed=disputed))


def untouched(page):
    """Say that nothing ran, and that nothing of the data became markup."""
    assert page.evaluate("() => window.pwned") is None
    assert page.locator("section.geotrack :is(img, b:not(.gt-label b), i, svg[onload])").count() == 0
    links = page.eval_on_selector_all("a[href]", "all => all.map((a) => a.protocol)")
    assert "javascript:" not in links
    return True


def test_hostile_text_is_drawn_as_text(browse, hostile):
    page = browse(hostile.to_html())
    assert untouched(page)
    assert page.title() == hostile.title
    assert page.locator("h1").inner_text() == hostile.title
    foot = page.locator(".gt-foot").inner_text()
    for text in (hostile.origins[0].publisher, hostile.origins[0].title, hostile.origins[0].url):
        assert text in foot
    assert hostile.events[0].label in page.locator(".gt-events").inner_text()
    assert page.locator(".gt-sentence").text_content() == hostile.layers[0].sentences[0]
    page.locator(".gt-seek").click()
    assert page.locator("html").get_attribute("data-slice") == "2020-02"
    assert untouched(page)


def test_hostile_names_in_tooltip_table_and_live_region(browse, inside, hostile):
    page = browse(hostile.to_html())
    units = {unit.code: unit.name for unit in hostile.units}
    for i, code in enumerate(hostile.boundaries.codes):
        x, y = (inside(page, "(m, i) => m.layer.spot(i)", i)[k] for k in "xy")
        page.locator(".folium-map").click(position={"x": x, "y": y})
        assert page.locator(".gt-tip-name").text_content() == units[code]
        notes = page.locator(".gt-tip-note").all_text_contents()
        assert all("native code" not in note for note in notes), code
        assert [n for n in notes if n.startswith("note on")] == [f"note on {code}".strip()]
        assert page.get_by_role("status").text_content().startswith(f"{units[code]}. ")
        assert untouched(page)
    page.locator(".gt-view[value=table]").click()
    shown = page.eval_on_selector_all("tbody tr", "rows => rows.map((r) => r.dataset.region)")
    assert sorted(c for c in shown if c) == sorted(hostile.boundaries.codes)
    heads = page.locator(".gt-table tbody th").all_text_contents()
    assert all(any(head.startswith(name) for head in heads) for name in units.values())
    assert untouched(page)


def test_hostile_codes_survive_a_permalink(browse, inside, hostile):
    page = browse(hostile.to_html())
    for i, code in enumerate(hostile.boundaries.codes):
        hash = inside(page, "(m, i) => { location.hash = '#r=' + encodeURIComponent(m.page.codes[i]); }", i)
        page.wait_for_function("async (i) => (await Object.values(gtMounted)[0]).state.region === i", arg=i)
        assert hash is None
        name = next(unit.name for unit in hostile.units if unit.code == code)
        assert page.locator(".gt-tip-name").text_content() == name
    assert untouched(page)


def test_hostile_text_in_csv_is_no_formula(browse, hostile, tmp_path):
    page = browse(hostile.to_html())
    with page.expect_download() as waiting:
        page.locator(".gt-csv").click()
    waiting.value.save_as(tmp_path / "a.csv")
    text = (tmp_path / "a.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    frame = hostile.to_frame()
    assert len(rows) == len(frame)
    assert not any(cell[:1] in {"=", "+", "@", "\t", "\r"} for row in rows for cell in row.values())
    assert not any(row[key].startswith("-") for row in rows for key in row if key != "value")
    plain = [row["region"].removeprefix("'") for row in rows]
    assert sorted(set(plain)) == sorted(set(frame["region"]))
    by_cell = {(row["region"].removeprefix("'"), row["start"]): float(row["value"]) for row in rows}
    assert by_cell == {(r.region, r.start): r.value for r in frame.itertuples()}
    assert untouched(page)


def test_hostile_id_makes_a_page_that_works(browse, hostile):
    odd = TimeMap(replace(hostile.content, id="a b\"'></script><script>window.pwned=18</script>.é"))
    page = browse(odd.to_html())
    page.locator(".gt-next").click()
    assert page.locator("html").get_attribute("data-slice") == "2020-02"
    assert untouched(page)
    two = "".join(x.to_fragment() for x in (odd, TimeMap(replace(hostile.content, id="b b"))))
    page = browse(HEAD + two, ready="")
    page.wait_for_function("() => document.querySelectorAll('[data-ready=true]').length === 2")
    page.locator(".gt-next").first.click()
    shown = page.eval_on_selector_all("section.geotrack", "all => all.map((s) => s.dataset.slice)")
    assert shown == ["2020-02", "2020-01"]
    assert untouched(page)


def test_hostile_text_in_a_notebook_frame(browse, hostile):
    page = browse(HEAD + hostile._repr_html_(), ready="", size=(1000, 2000), spied=False)
    frame = next(f for f in page.frames if f != page.main_frame)
    frame.wait_for_selector("html[data-ready=true]", state="attached")
    assert frame.locator("h1").inner_text() == hostile.title
    assert untouched(frame)
    assert page.evaluate("() => window.pwned") is None


def test_hostile_gallery(browse, hostile, tmp_path):
    from geotrack.publish import site

    site.gallery([hostile], tmp_path)
    page = browse(tmp_path / "index.html")
    assert page.locator("h2").inner_text() == hostile.title
    assert page.evaluate("() => window.pwned") is None
    assert page.locator("img").count() == 0


def test_hostile_text_without_script(browse, hostile):
    page = browse(hostile.to_html(), ready="", java_script_enabled=False)
    heads = page.locator("noscript th[scope=row]").all_text_contents()
    assert sorted(heads) == sorted(unit.name for unit in hostile.units)
