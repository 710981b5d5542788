"""Maps as guests: two in one page, in frames, sandboxed, under a strict content security policy."""

from __future__ import annotations

import contextlib
import html
import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

import geotrack as gt

POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"


def document(*parts):
    """Return a reader's own article around blocks of HTML."""
    body = "\n<p>Between the maps.</p>\n".join(parts)
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Article</title>'
        f'<link rel="icon" href="data:,"></head><body><main><h1>Article</h1>{body}</main></body></html>'
    )


BOTH = "() => document.querySelectorAll('section.geotrack[data-ready=true]').length === 2"
READY = "section.geotrack[data-ready=true]"


@pytest.fixture(scope="module")
def two(maps):
    return document(maps.timemaps["shift"].to_fragment(), maps.timemaps["revenue-canaan"].to_fragment())


def section(page, map_id):
    return page.locator(f"#geotrack-{map_id}")


def shown(page, map_id):
    return section(page, map_id).get_attribute("data-slice")


def test_two_maps_share_a_page(browse, maps, two):
    page = browse(two, ready="")
    page.wait_for_function(
        "() => document.querySelectorAll('section.geotrack[data-ready=true]').length === 2"
    )
    shift, canaan = maps.timemaps["shift"], maps.timemaps["revenue-canaan"]
    section(page, "shift").locator(".gt-range").press("ArrowRight")
    assert shown(page, "shift") == shift.slices[1].iso
    assert shown(page, "revenue-canaan") == canaan.slices[canaan.opening].iso
    section(page, "revenue-canaan").locator(".gt-range").press("End")
    assert shown(page, "shift") == shift.slices[1].iso
    assert shown(page, "revenue-canaan") == canaan.slices[-1].iso
    hash = page.evaluate("() => location.hash")
    assert f"shift.t={shift.slices[1].iso}" in hash
    assert f"revenue-canaan.t={canaan.slices[-1].iso}" in hash.replace("%2F", "/")
    section(page, "shift").locator(".gt-view[value=table]").click()
    assert section(page, "shift").locator(".gt-table").is_visible()
    assert section(page, "revenue-canaan").locator(".gt-table").is_hidden()
    assert section(page, "shift").locator(".gt-sentence").inner_text() == shift.layers[0].sentences[1]
    assert (
        section(page, "revenue-canaan").locator(".gt-sentence").inner_text() == canaan.layers[0].sentences[-1]
    )
    assert page.locator("html").get_attribute("data-slice") is None


def test_two_maps_in_a_page_have_ids_of_their_own(browse, two):
    page = browse(two, ready="")
    page.wait_for_function(
        "() => document.querySelectorAll('section.geotrack[data-ready=true]').length === 2"
    )
    ids = page.evaluate("() => [...document.querySelectorAll('[id]')].map((n) => n.id)")
    assert len(ids) == len(set(ids))
    dangling = page.evaluate(
        """() => ["aria-labelledby", "aria-describedby"].flatMap((name) =>
          [...document.querySelectorAll(`[${name}]`)]
            .flatMap((node) => node.getAttribute(name).split(" "))
            .filter((id) => !document.getElementById(id))
        ).length"""
    )
    assert dangling == 0
    assert page.evaluate("() => document.querySelectorAll('h1').length") == 1


def test_two_maps_restore_their_own_permalinks(browse, maps, two):
    page = browse(two, hash="#shift.t=2021-07&shift.m=hashrate&revenue-canaan.v=table", ready="")
    page.wait_for_function(
        "() => document.querySelectorAll('section.geotrack[data-ready=true]').length === 2"
    )
    assert shown(page, "shift") == "2021-07"
    assert section(page, "shift").locator("input[value=hashrate]").is_checked()
    assert section(page, "shift").locator(".gt-table").is_hidden()
    assert section(page, "revenue-canaan").locator(".gt-table").is_visible()
    page.evaluate("() => { location.hash = '#shift.t=2021-08&revenue-canaan.t=2017'; }")
    page.wait_for_selector("#geotrack-shift[data-slice='2021-08']", state="attached")
    assert shown(page, "revenue-canaan") == "2017"


def test_a_fragment_leaves_the_article_alone(browse, maps):
    """The article's own headings, lists and tables keep the look that they have without the map."""
    look = """() => ["h1", "p", "h3", "table", "th", "a", "button", "li"].map((name) => {
      const s = getComputedStyle(document.querySelector("body > div " + name));
      return [name, s.font, s.color, s.margin, s.padding, s.textAlign, s.backgroundColor].join("|");
    })"""
    own = (
        "<h1>H</h1><p>P <a href='#x'>a</a></p><h3>h</h3><table><tr><th>t</th></tr></table><button>b</button>"
        "<ul><li>l</li></ul>"
    )
    plain = f"<!DOCTYPE html><html lang=en><title>t</title><link rel=icon href=data:,><body><div>{own}</div>"
    without = browse(plain, ready="").evaluate(look)
    page = browse(plain + maps.timemaps["shift"].to_fragment(), ready=READY)
    assert page.evaluate(look) == without


FOLDED = {
    "details": ("<details><summary>Map</summary>{}</details>", "open"),
    "div": ("<div hidden>{}</div>", "hidden"),
}


@pytest.mark.parametrize("tag", FOLDED)
@pytest.mark.parametrize(
    ("hash", "iso"), [("", "2019-09"), ("#t=2021-07&r=CAN", "2021-07"), ("#v=table", "2019-09")]
)
def test_a_map_may_be_hidden_when_the_page_opens(browse, maps, inside, tag, hash, iso):  # noqa: PLR0917
    """A folded part, or a tab that is not in front: no size yet, and drawn as soon as it is shown."""
    around, attribute = FOLDED[tag]
    text = document(around.replace("{}", maps.timemaps["shift"].to_fragment()))
    page = browse(text, ready=READY, hash=hash)
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    page.evaluate("([tag, name]) => document.querySelector(tag).toggleAttribute(name)", [tag, attribute])
    page.locator(".gt-view[value=map]").click()
    page.wait_for_function("() => document.querySelector('.gt-canvas-fill').width > 300")
    share = inside(
        page,
        """(m) => {
          const [{ width, height }] = m.layer.canvases;
          const { data } = m.layer.pens[0].getImageData(0, 0, width, height);
          return data.filter((v, i) => i % 4 === 3 && v).length / (width * height);
        }""",
    )
    assert share > 0.15  # land
    assert page.locator("section.geotrack").get_attribute("data-slice") == (
        "2021-07" if "t=" in hash else "2019-09"
    )
    page.locator(".folium-map").press("Home")
    assert page.locator(".gt-tip").is_visible()


@pytest.mark.parametrize(("first", "width"), [(0, 320), (16, 320), (0, 900)])
def test_labels_of_a_map_that_was_not_shown_lie_within_its_frame(browse, maps, first, width):
    """They have no size while nothing is shown, and get their room when the map does."""
    frame_html = maps.timemaps["shift"]._repr_html_().replace("<iframe", "<iframe id=f hidden")
    page = browse(document(frame_html), ready="", size=(1000, 1700), spied=False)
    page.evaluate("() => Object.assign(document.getElementById('f'), { loading: 'eager' })")
    frame = next(f for f in page.frames if f != page.main_frame)
    frame.wait_for_selector("html[data-ready=true]", state="attached")
    show = "(style) => Object.assign(document.getElementById('f'), { style, hidden: false })"
    for each in filter(None, (first, width)):
        page.evaluate(show, f"width: {each}px; height: 1500px")
        frame.wait_for_function("(width) => innerWidth === width", arg=each)
    frame.wait_for_function("() => document.querySelector('.gt-canvas-fill').width > 200")
    beyond = """() => {
      const edge = document.querySelector(".gt-frame").getBoundingClientRect();
      const labels = [...document.querySelectorAll(".gt-frame .gt-label")].filter((node) => !node.hidden);
      return labels.map((node) => {
        const { left, right } = node.getBoundingClientRect();
        return { text: node.textContent, over: Math.max(edge.left - left, right - edge.right) };
      });
    }"""
    stand = frame.evaluate(beyond)
    assert "China" in {each["text"].split()[0] for each in stand}
    frame.locator(".gt-range").press("End")
    stand += frame.evaluate(beyond)
    assert [each for each in stand if each["over"] > 0.5] == []


def test_a_frame_without_a_size_is_drawn_when_it_gets_one(browse, maps):
    frame_html = maps.timemaps["shift"]._repr_html_().replace("<iframe", "<iframe id=f hidden")
    page = browse(document(frame_html), ready="", size=(1000, 1700), spied=False)
    page.evaluate(
        """() => {
          const frame = document.getElementById("f");
          frame.loading = "eager";
          frame.style.cssText = "width: 0; height: 0; border: 0";
          frame.hidden = false;
        }"""
    )
    frame = next(f for f in page.frames if f != page.main_frame)
    frame.wait_for_selector("html[data-ready=true]", state="attached")
    page.evaluate("() => { document.getElementById('f').style.cssText = 'width: 900px; height: 1500px'; }")
    frame.wait_for_function("() => document.querySelector('.gt-canvas-fill').width > 300")
    frame.locator(".folium-map").press("Home")
    assert frame.locator(".gt-tip-name").inner_text() == "China"


def test_frames_are_independent(browse, maps):
    frames = [maps.timemaps[name]._repr_html_() for name in ("shift", "revenue-bitmain")]
    page = browse(document(*frames), ready="", size=(1000, 4000), spied=False)
    inner = [f for f in page.frames if f != page.main_frame]
    assert len(inner) == 2
    for frame in inner:
        frame.wait_for_selector("html[data-ready=true]", state="attached")
    inner[0].locator(".gt-range").press("End")
    ends = [frame.locator("html").get_attribute("data-slice") for frame in inner]
    assert ends == ["2022-01", "2015"]


@pytest.mark.parametrize("rights", ["allow-scripts", "allow-scripts allow-downloads"])
def test_a_sandboxed_frame_works_and_shows_its_csv(browse, maps, rights):
    timemap = maps.timemaps["shift"]
    text = html.escape(timemap.to_html())
    frame_html = f'<iframe sandbox="{rights}" title="map" width="900" height="1500" srcdoc="{text}"></iframe>'
    page = browse(document(frame_html), ready="", size=(1000, 1700), spied=False)
    frame = next(f for f in page.frames if f != page.main_frame)
    frame.wait_for_selector("html[data-ready=true]", state="attached")
    frame.locator(".gt-range").press("End")
    assert frame.locator("html").get_attribute("data-slice") == timemap.slices[-1].iso
    frame.locator(".folium-map").press("Home")
    assert frame.locator(".gt-tip").is_visible()
    frame.locator(".gt-csv").click()
    area = frame.locator(".gt-copy")
    area.wait_for()
    lines = area.input_value().strip().splitlines()
    figures = [line for line in lines if ",figures," in line]  # the modes have sections of their own
    assert len(figures) == len(timemap.to_frame())
    assert lines[0].startswith("region,name,start,end,metric,value")
    frame.locator(".gt-cite-file").click()
    assert area.input_value().startswith(timemap.title)


class Strict(SimpleHTTPRequestHandler):
    """Serves a folder under a policy that forbids all but what stands in the page."""

    def end_headers(self):
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *args):
        """Say nothing."""


@contextlib.contextmanager
def served(folder) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Strict, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("name", ["shift", "revenue-canaan"])
def test_a_strict_policy_from_the_server_is_kept(browse, maps, name, watch):
    timemap = maps.timemaps[name]
    with served(maps.folder) as host:
        page = browse(f"{host}/{name}.html", allow={f"{host}/": None})
        page.locator(".gt-range").press("End")
        assert page.locator("html").get_attribute("data-slice") == timemap.slices[-1].iso
        page.locator(".folium-map").press("Home")
        page.locator(".gt-view[value=table]").click()
        with page.expect_download() as waiting:
            page.locator(".gt-csv").click()
        assert waiting.value.suggested_filename == f"{name}.csv"
        assert watch.requests == [f"{host}/{name}.html"]
        page.context.close()


def test_every_page_forbids_itself_the_network(browse, maps, watch):
    for path in maps.folder.glob("*.html"):
        found = re.search('http-equiv="Content-Security-Policy" content="([^"]*)"', path.read_text("utf-8"))
        assert html.unescape(found[1]).startswith("default-src 'none'; script-src '")
    page = browse(maps.path("shift"))
    outcome = page.evaluate(
        """() => fetch("https://example.org/").then(() => "let through", () => "refused")"""
    )
    assert outcome == "refused"
    assert watch.requests == []  # the page's own policy refused it, before it came to ours
    assert any("Content Security Policy" in problem for problem in watch.problems)
    watch.problems.clear()


def test_tiles_are_asked_of_their_host_only(browse, inside):
    timemap = gt.choropleth("cbeci-countries", metrics=["share"], tiles="OpenStreetMap")
    host = "https://tile.openstreetmap.org/"
    pixel = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
        "1f15c4890000000d49444154789c63f8ffff3f0005fe02fea735814e0000000049454e44ae426082"
    )
    page = browse(timemap.to_html(), allow={host: pixel})
    page.wait_for_selector(".leaflet-tile-loaded", state="attached")
    assert "OpenStreetMap" in page.locator(".leaflet-control-attribution").inner_text()
    shapes = timemap.boundaries
    chosen = [shapes.codes.index(code) for code in ("CHN", "USA", "BRA", "ZAF")]
    places = [[float(shapes.points[i][1]), float(shapes.points[i][0])] for i in chosen]
    misses = inside(
        page,
        """(m, [chosen, places]) => chosen.map((i, k) => {
          const wanted = m.map.latLngToContainerPoint(places[k]);
          const spot = m.layer.spot(i);
          return Math.max(Math.abs(wanted.x - spot.x), Math.abs(wanted.y - spot.y));
        })""",
        [chosen, places],
    )
    assert max(misses) <= 1.5
    assert inside(page, "(m) => m.map.options.crs === L.CRS.EPSG3857")
    assert "Web Mercator" in page.locator(".gt-foot").inner_text()
