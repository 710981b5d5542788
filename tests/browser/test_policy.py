"""A page's own policy: its scripts and styles run by their hashes; nothing that found another way in does."""

from __future__ import annotations

import html
import re

import folium
import pytest

import geotrack as gt
from geotrack.publish.report import report

EVIL = "<script>document.documentElement.dataset.evil = 'ran'</script>"
HANDLER = '<img src="data:," onerror="document.documentElement.dataset.evil = \'ran\'">'
STYLE = '<style>body { display: none }</style><p id="odd" style="position: fixed">x</p>'


def policy_of(text):
    return html.unescape(re.search('http-equiv="Content-Security-Policy" content="([^"]*)"', text)[1])


def test_every_page_names_hashes_only(maps):
    for path in sorted(maps.folder.glob("*.html")):
        told = policy_of(path.read_text("utf-8"))
        assert "unsafe-inline" not in told
        assert told.endswith("base-uri 'none'; form-action 'none'")


@pytest.mark.parametrize("name", ["shift", "revenue-canaan", "china-provinces"])
def test_a_map_works_under_its_policy(name, browse, maps):
    """Nothing is complained of: `watch`, of every test, fails where the console speaks of the policy."""
    page = browse(maps.path(name))
    page.locator(".gt-range").press("Home")
    page.locator(".gt-view[value=table]").click()
    page.locator("table").first.wait_for()


def test_the_gallery_works_under_its_policy(browse, maps):
    page = browse(maps.folder / "index.html", ready="main")
    fills = page.locator(".thumb path").evaluate_all("all => all.map(e => getComputedStyle(e).fill)")
    assert len(set(fills)) > 3


def test_the_modes_of_a_shift_are_unpacked_and_a_frame_beside_has_its_size(browse, maps):
    page = browse(maps.path("shift"), hash="#mode=difference")
    page.locator("html[data-ready=true]").wait_for()
    page.locator(".gt-modes, [class*=gt-mode]").first.wait_for()
    assert page.locator(".gt-frame").first.evaluate("e => getComputedStyle(e).aspectRatio") != "auto"


@pytest.mark.parametrize("at", ["</main>", "</h1>", "</body>"])
def test_what_found_another_way_into_a_page_does_not_run(at, browse, maps, watch):
    text = maps.path("shift").read_text("utf-8")
    page = browse(text.replace(at, f"{EVIL}{HANDLER}{STYLE}{at}", 1))
    assert page.locator("html").get_attribute("data-evil") is None
    assert page.locator("body").evaluate("e => getComputedStyle(e).display") == "block"
    assert page.locator("#odd").evaluate("e => getComputedStyle(e).position") == "static"
    assert any("Content Security Policy" in problem for problem in watch.problems)
    watch.problems.clear()


def test_a_base_and_a_form_lead_nowhere(browse, maps, watch):
    text = maps.path("revenue-canaan").read_text("utf-8")
    form = '<form action="https://example.org/" id="odd"><button>send</button></form>'
    page = browse(
        text.replace("</title>", '</title><base href="https://example.org/">').replace(
            "</main>", f"{form}</main>"
        )
    )
    assert not page.evaluate("document.baseURI").startswith("https://example.org")
    with page.expect_console_message(lambda said: "Sending form data" in said.text):
        page.evaluate("document.getElementById('odd').submit()")
    assert watch.requests == []
    assert any("Content Security Policy" in problem for problem in watch.problems)
    watch.problems.clear()


def test_maps_in_a_report_run_under_both_policies(browse, tmp_path):
    template = tmp_path / "r.md"
    template.write_text(
        '---\ntitle: T\n---\n\nText.\n\n{{ map("shift") }}\n\n{{ table("shift") }}\n', encoding="utf-8"
    )
    report.write(report.make(template, tmp_path / "r.html"))
    page = browse(tmp_path / "r.html", ready="main")
    inner = page.frame_locator("iframe")
    page.locator("iframe").scroll_into_view_if_needed()
    inner.locator("section.geotrack[data-ready=true]").wait_for()
    assert inner.locator(".gt-frame").first.evaluate("e => getComputedStyle(e).aspectRatio") != "auto"
    assert page.locator("td").first.evaluate("e => getComputedStyle(e).textAlign") == "right"


def test_layers_of_others_are_let_run_and_the_page_says_so(browse, tmp_path):
    m = gt.choropleth("cbeci-countries", metrics=["share"]).to_folium()
    folium.Marker([0, 0], popup="<b onclick=\"document.title='clicked'\">Here</b>").add_to(m)
    m.save(tmp_path / "map.html")
    told = policy_of((tmp_path / "map.html").read_text("utf-8"))
    assert "script-src 'unsafe-inline'" in told
    assert "base-uri 'none'; form-action 'none'" in told
    browse(tmp_path / "map.html")


def test_the_same_input_gives_the_same_policy(maps):
    timemap = maps.timemaps["shift"]
    assert policy_of(timemap.to_html()) == policy_of(timemap.to_html())
