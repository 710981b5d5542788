"""Pieces for web pages where they are used: other origins, sandboxes, policies, widths, twins, paper."""

from __future__ import annotations

import contextlib
import io
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pandas as pd
import pypdf
import pytest
import tinycss2
from accessibility import darken, unreadable, violations

import geotrack as gt
from geotrack.captions import cards
from geotrack.map import views
from geotrack.publish import web_pieces
from geotrack.render.page import hosting
from geotrack.timemap import TimeMap

POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"
FRAMES = "default-src 'none'; frame-src http:; style-src 'unsafe-inline'; img-src data:"
HEAD = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Article</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
    "<style>body{margin:8px}</style></head><body><main><h1>Article</h1>"
)
READY = "section.geotrack[data-ready=true]"
WIDTHS = (320, 480, 760, 1100, 1600)
# the frame is as high as what it holds, within two pixels, and nothing in it scrolls
FITTED = """(frame) => {
  const root = document.documentElement;
  const content = document.querySelector(".geotrack").getBoundingClientRect().height;
  const still = root.scrollHeight <= innerHeight && root.clientWidth === innerWidth;
  return Math.abs(innerHeight - content) <= 2 && still;
}"""
FRAMES_LATER = "(n) => new Promise((done) => (function next() { n-- ? setTimeout(next) : done(); })())"
HOSTILE = (
    "</iframe></figcaption><script>window.pwned=1</script> \"'>& `_*[x](javascript:alert(1))*_ | \\input{x} "
    "$^ \u202eright to left\u202c\nline two"
)


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder under a policy, and says nothing."""

    policy = ""

    def end_headers(self):
        if self.policy:
            self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()

    def log_message(self, *args):
        """Say nothing."""


@contextlib.contextmanager
def served(folder, policy="") -> Iterator[str]:
    handler = type("Handler", (Quiet,), {"policy": policy})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def abroad(browse, maps, tmp_path):
    """Open an article of one origin with pieces; the maps' pages stand at another."""
    with contextlib.ExitStack() as stack:
        pages = stack.enter_context(served(maps.folder, POLICY))

        def opened(make, *, policy="", **options):
            (tmp_path / "article.html").write_text(HEAD + make(pages) + "</main></body></html>", "utf-8")
            here = stack.enter_context(served(tmp_path, policy))
            return browse(
                f"{here}article.html", allow={pages: None, here: None}, ready="", spied=False, **options
            )

        yield opened


def framed(maps, name, pages, **asked):
    card = cards.card_of(views.choose(maps.timemaps[name], "map"))
    options = {"layout": "compact"} | asked
    return web_pieces.iframe(
        card, hosting.page(pages, name) + web_pieces.asked(**options), layout=options["layout"]
    )


def inner(page, number=1):
    """The frames within, each with its map drawn."""
    for each in page.query_selector_all("iframe"):
        each.scroll_into_view_if_needed()  # loading="lazy"
    page.wait_for_function("n => window.frames.length >= n", arg=number)
    found = [frame for frame in page.frames if frame != page.main_frame]
    for frame in found:
        frame.wait_for_selector("html[data-ready=true]", state="attached")
    return found


# ---- the frame ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", ["compact", "full"])
def test_a_frame_of_another_origin_follows_its_page_s_height(abroad, maps, layout):
    page = abroad(lambda pages: framed(maps, "shift", pages, layout=layout))
    [frame] = inner(page)
    assert frame.evaluate("() => window.origin") == "null"  # the sandbox gives it none
    for width in (*WIDTHS, 320):
        page.set_viewport_size({"width": width, "height": 900})
        frame.wait_for_function(FITTED)
    frame.locator(".gt-about > summary" if layout == "compact" else ".gt-foot summary").first.click()
    frame.wait_for_function(FITTED)
    if layout == "compact":
        assert frame.locator(".gt-about .gt-foot").is_visible()


def test_heights_come_to_rest(abroad, maps):
    """What a frame is told changes nothing that it measures: a few messages, and then none."""
    page = abroad(
        lambda pages: (
            framed(maps, "shift", pages) + "<script>window.heard = [];"
            "addEventListener('message', (e) => heard.push(e.data.height));</script>"
        )
    )
    [frame] = inner(page)
    for width in (700, 500, 900):
        page.set_viewport_size({"width": width, "height": 900})
        frame.wait_for_function(FITTED)
    before = page.evaluate("() => heard.length")
    page.evaluate(FRAMES_LATER, 20)
    assert page.evaluate("() => heard.length") == before <= 12


def test_a_frame_works_where_scripts_are_blocked(abroad, maps, watch):
    """The article's policy forbids the snippet's script: a fixed ratio, and the map works on."""
    page = abroad(lambda pages: framed(maps, "shift", pages), policy=FRAMES, size=(900, 900))
    [frame] = inner(page)
    ratio = page.eval_on_selector(
        "iframe", "n => n.getBoundingClientRect().width / n.getBoundingClientRect().height"
    )
    wide, high = re.search(r"aspect-ratio:(\d+)/(\d+)", page.content()).groups()
    assert ratio == pytest.approx(int(wide) / int(high), rel=0.02)
    room = frame.evaluate(
        "() => innerHeight - document.querySelector('.geotrack').getBoundingClientRect().height"
    )
    assert 0 <= room <= 60  # all of it is seen, and little room is left over
    frame.locator(".gt-range").press("End")
    assert frame.locator("html").get_attribute("data-slice") == "2022-01"
    page.set_viewport_size({"width": 360, "height": 800})
    frame.wait_for_function("() => innerWidth < 400")
    room = frame.evaluate(
        "() => innerHeight - document.querySelector('.geotrack').getBoundingClientRect().height"
    )
    assert room >= 0
    assert all("Content Security Policy" in problem for problem in watch.problems)
    assert len(watch.problems) == 1
    watch.problems.clear()


def test_messages_of_others_move_no_frame(abroad, maps):
    page = abroad(
        lambda pages: framed(maps, "shift", pages) + '<iframe id="other" title="o" srcdoc="x"></iframe>'
    )
    [frame, other] = inner_of_two(page)
    frame.wait_for_function(FITTED)
    height = "n => n.style.height"
    before = page.eval_on_selector("[data-geotrack]", height)
    for text in ("{geotrack: 'shift', height: 3000}", "{height: 3000}", "null", "'geotrack'"):
        other.evaluate(f"() => parent.postMessage({text}, '*')")
        page.evaluate(f"() => postMessage({text}, '*')")
    for text in (
        "99999",
        "-5",
        "NaN",
        "Infinity",
        "'3000px'",
        "{}",
        "null",
        "undefined",
        "'900; color: red'",
        "[]",
    ):
        frame.evaluate(f"() => parent.postMessage({{geotrack: 'shift', height: {text}}}, '*')")
    frame.evaluate("() => parent.postMessage({geotrack: 7, height: 3000}, '*')")
    frame.evaluate("() => parent.postMessage({height: 3000}, '*')")
    frame.evaluate("() => parent.postMessage({geotrack: 'shift', height: 777.2}, '*')")
    page.wait_for_function("() => document.querySelector('[data-geotrack]').style.height === '778px'")
    assert before != "778px"
    assert page.eval_on_selector("#other", height) == ""


def inner_of_two(page):
    page.wait_for_function("() => window.frames.length === 2")
    found = {frame.frame_element().get_attribute("id") or "map": frame for frame in page.frames[1:]}
    found["map"].wait_for_selector("html[data-ready=true]", state="attached")
    return [found["map"], found["other"]]


def test_the_same_map_twice_and_another_share_an_article(abroad, maps):
    page = abroad(
        lambda pages: (
            framed(maps, "shift", pages)
            + framed(maps, "shift", pages, at="2021-07", fixed=True, theme="dark")
            + framed(maps, "revenue-canaan", pages, layout="full")
        )
    )
    first, second, third = inner(page, 3)
    for frame in (first, second, third):
        frame.frame_element().scroll_into_view_if_needed()  # out of sight a browser lets a frame rest
        frame.wait_for_function(FITTED)
    first.locator(".gt-range").press("End")
    slices = [frame.locator("html").get_attribute("data-slice") for frame in (first, second, third)]
    assert slices == ["2022-01", "2021-07", "2017"]
    assert second.locator(".gt-range").is_hidden()
    heights = page.eval_on_selector_all("iframe", "all => all.map((n) => n.style.height)")
    assert len(set(heights)) == 3
    assert page.evaluate("() => document.querySelectorAll('script').length") == 3  # and one listens


def test_one_hosted_page_serves_every_look(abroad, maps):
    asked = {"at": "2021-07", "metric": "hashrate", "theme": "dark", "fixed": True}
    page = abroad(lambda pages: framed(maps, "shift", pages, **asked))
    [frame] = inner(page)
    root = frame.locator("section.geotrack")
    assert root.get_attribute("data-slice") == "2021-07"
    assert root.get_attribute("data-metric") == "hashrate"
    assert (
        frame.evaluate("() => getComputedStyle(document.querySelector('.geotrack')).backgroundColor")
        == "rgb(20, 23, 26)"
    )
    for name in (
        ".gt-table",
        ".gt-chart-box",
        ".gt-events",
        ".gt-view",
        ".gt-play",
        ".gt-range",
        ".gt-foot",
        ".gt-groups",
    ):
        assert frame.locator(name).first.is_hidden(), name
    for name in (
        ".gt-title",
        ".gt-sentence",
        ".gt-legend",
        ".folium-map",
        ".gt-remainder",
        ".gt-credit",
        ".gt-now",
    ):
        assert frame.locator(name).first.is_visible(), name
    link = frame.locator(".gt-full")
    assert link.get_attribute("href").endswith("/shift.html")
    with page.context.expect_page() as opened:
        link.click()
    assert opened.value.url.endswith("/shift.html")
    opened.value.wait_for_selector("html[data-ready=true]", state="attached")
    assert opened.value.locator(".gt-events").is_visible()


# ---- the block and the tag that carries everything ---------------------------------------------------------


def block(timemap, id="", **look):
    shown = timemap.with_view(layout=look.pop("layout", "compact"), id=id, **look)
    return web_pieces.inline(cards.card_of(views.choose(timemap, "map")), shown.to_fragment())


@pytest.mark.parametrize("order", ["compact first", "full first"])
def test_blocks_of_one_map_and_of_another_share_an_article(browse, maps, order):
    shift = maps.timemaps["shift"]
    parts = [
        block(shift),
        block(shift, id="shift-2", at="2021-07"),
        block(maps.timemaps["revenue-canaan"], layout="full"),
    ]
    parts = parts if order == "compact first" else parts[::-1]
    page = browse(HEAD + "<p>Between.</p>".join(parts), ready="")
    page.wait_for_function(
        "() => document.querySelectorAll('section.geotrack[data-ready=true]').length === 3"
    )
    page.locator("#geotrack-shift .gt-range").press("End")
    shown = page.eval_on_selector_all("section.geotrack", "all => all.map((n) => n.dataset.slice)")
    assert sorted(shown) == ["2017", "2021-07", "2022-01"]
    ids = page.evaluate("() => [...document.querySelectorAll('[id]')].map((n) => n.id)")
    assert len(ids) == len(set(ids))
    page.locator("#geotrack-revenue-canaan .gt-view[value=table]").click()
    assert page.locator("#geotrack-revenue-canaan .gt-table table").is_visible()
    assert violations(page) == []


MOVED = "all => all.map((n) => n.dataset.slice)"


def own(shares, **said):
    table = [(c, p, v) for c, values in shares.items() for p, v in zip(("2020", "2021"), values, strict=True)]
    frame = pd.DataFrame([(c, p, v) for c, p, v in table], columns=["region", "period", "share"])
    return gt.choropleth(frame, unit="%", whole=100, **said)


def blocks(browse, *texts, hash=""):
    page = browse(HEAD + "".join(texts) + "</main></body></html>", ready="", hash=hash)
    ready = "n => document.querySelectorAll('section.geotrack[data-ready=true]').length === n"
    page.wait_for_function(ready, arg=len(texts))
    return page


def test_blocks_of_two_tables_live_beside_each_other(browse):
    a, b = own({"CHN": (60, 20), "USA": (10, 40)}), own({"CHN": (50, 30), "USA": (5, 45)})
    page = blocks(browse, a.to_fragment(), b.to_fragment(), hash=f"#{b.id}.t=2021&{b.id}.r=USA")
    assert page.eval_on_selector_all("section.geotrack", MOVED) == ["2020", "2021"]
    first, second = (page.locator(f"#geotrack-{each.id}") for each in (a, b))
    assert second.locator(".gt-tip").inner_text().startswith("United States")
    first.locator(".gt-range").press("End")
    second.locator(".gt-range").press("Home")
    assert page.eval_on_selector_all("section.geotrack", MOVED) == ["2021", "2020"]
    assert set(page.evaluate("() => location.hash").strip("#").split("&")) == {
        f"{a.id}.t=2021", f"{b.id}.t=2020", f"{b.id}.r=USA",
    }  # fmt: skip
    painted = (
        "all => all.map((c) => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v) => v))"
    )
    assert page.eval_on_selector_all(".gt-canvas-fill", painted) == [True, True]


def test_the_very_same_map_may_stand_twice(browse, maps):
    """The second takes names of its own: labels, radio buttons and permalinks stay apart."""
    text = maps.timemaps["hashrate-share"].to_fragment()
    page = blocks(browse, text, text, hash="#hashrate-share-2.t=2020-01&hashrate-share-2.m=hashrate")
    first, second = page.locator("#geotrack-hashrate-share"), page.locator("#geotrack-hashrate-share-2")
    assert page.eval_on_selector_all("section.geotrack", MOVED) == ["2022-01", "2020-01"]
    first.locator(".gt-range").press("Home")
    assert page.eval_on_selector_all("section.geotrack", MOVED) == ["2019-09", "2020-01"]
    assert [each.locator(".gt-metric input:checked").get_attribute("value") for each in (first, second)] == [
        "share", "hashrate",
    ]  # fmt: skip
    ids = page.evaluate("() => [...document.querySelectorAll('[id]')].map((n) => n.id)")
    assert len(ids) == len(set(ids))
    labels = "all => all.map((n) => document.getElementById(n.getAttribute('aria-labelledby').split(' ')[0]))"
    within = f"all => ({labels})(all).map((title, i) => title.parentNode === all[i])"
    assert page.eval_on_selector_all("section.geotrack", within) == [True, True]
    assert page.evaluate("() => location.hash").count("hashrate-share.t=2019-09") == 1


def test_a_block_s_styles_are_its_own(maps):
    text = block(maps.timemaps["shift"])
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1]
    rules = tinycss2.parse_stylesheet(
        style, skip_comments=True, skip_whitespace=True
    )  # what is within one is its
    within = [rule.prelude for rule in rules if rule.type == "qualified-rule"]
    for rule in rules:
        if rule.type == "at-rule":
            inner = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
            within += [each.prelude for each in inner if each.type == "qualified-rule"]
    selectors = [tinycss2.serialize(each).strip() for each in within]
    assert ":where(.geotrack)" in selectors  # Leaflet's
    depth = re.compile(r",(?![^(]*\))")  # not within :is(...)
    loose = [s for part in selectors for s in depth.split(part) if "geotrack" not in s and ".gt-" not in s]
    assert loose == []
    assert "<html" not in text
    assert "@page" not in text


@pytest.mark.parametrize("layout", ["compact", "full"])
def test_one_tag_carries_the_whole_map(browse, maps, watch, layout):
    timemap = maps.timemaps["hashrate-share"]
    card = cards.card_of(views.choose(timemap, "map"))
    text = web_pieces.srcdoc(card, timemap.with_view(layout=layout).to_html(), layout=layout)
    page = browse(HEAD + text, ready="", spied=False)
    [frame] = inner(page)
    assert frame.title() == timemap.title
    frame.locator(".gt-range").press("Home")
    assert frame.locator("html").get_attribute("data-slice") == "2019-09"
    assert page.locator("figcaption").inner_text() == card.caption
    assert watch.requests == []


def test_a_compact_embed_keeps_its_budget(maps):
    timemap = maps.timemaps["hashrate-share"]
    card = cards.card_of(views.choose(timemap, "map"))
    small = timemap.with_view(layout="compact", url="https://example.org/maps/")
    assert len(web_pieces.srcdoc(card, small.to_html()).encode()) <= 330_000
    assert len(web_pieces.inline(card, small.to_fragment()).encode()) <= 330_000
    assert len(small.to_html()) < len(timemap.to_html())


@pytest.mark.parametrize("form", ["page", "inline", "srcdoc"])
def test_a_strict_policy_is_kept(browse, maps, watch, tmp_path, form):
    timemap = maps.timemaps["shift"]
    card = cards.card_of(views.choose(timemap, "map"))
    small = timemap.with_view(layout="compact")
    texts = {
        "page": small.to_html,
        "inline": lambda: HEAD + web_pieces.inline(card, small.to_fragment()),
        "srcdoc": lambda: HEAD + web_pieces.srcdoc(card, small.to_html()),
    }
    (tmp_path / "page.html").write_text(texts[form](), encoding="utf-8")
    with served(tmp_path, POLICY) as host:
        page = browse(f"{host}page.html", allow={host: None}, ready="", spied=False)
        where = inner(page)[0] if form == "srcdoc" else page
        where.wait_for_selector(READY, state="attached")
        where.locator(".gt-range").press("End")
        assert where.locator(READY).get_attribute("data-slice") == "2022-01"
        where.locator(".folium-map").press("Home")
        assert where.locator(".gt-tip").is_visible()
        assert watch.requests == [f"{host}page.html"]
        page.context.close()


# ---- the compact page itself -------------------------------------------------------------------------------


def test_a_compact_map_is_accessible(browse, maps, map_id):
    """Its sources unfolded, and on a phone with a tooltip; that in the dark, where only colours differ."""
    fixed = map_id in {"china-provinces", "hashrate-since-2025"}
    timemap = maps.timemaps[map_id].with_view(layout="compact", fixed=fixed, at="last")
    page = browse(timemap.to_html())
    page.locator(".gt-about > summary").click()
    assert page.locator(".gt-foot").is_visible()
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    page.locator(".folium-map").press("Home")
    assert page.locator(".gt-tip").is_visible()
    assert page.locator(".gt-live").text_content()
    assert violations(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 320
    assert page.locator(".gt-range").is_visible() is not fixed
    darken(page)
    assert page.locator(".gt-foot").is_visible()
    assert unreadable(page) == []


LACKING = """([full, small]) => {
  const [whole, guest] = [full, small].map((text) =>
    new DOMParser().parseFromString(text, "text/html").querySelector("section"));
  const given = new Set([...guest.querySelectorAll("*")].flatMap((node) => [...node.classList]));
  return [...whole.querySelectorAll("[class^=gt-]")].filter((node) => !node.closest(".gt-ample"))
    .map((node) => node.classList[0]).filter((name) => !given.has(name));
}"""


def test_what_a_compact_map_lacks_says_so_on_a_full_page(browse, maps, watch):
    watch.expected = ("Applying inline style",)  # of the other pages, which are read within this one
    full = maps.timemaps["shift"]
    small = full.with_view(layout="compact", url="https://example.org/maps/")
    page = browse(maps.path("shift"), hash="#layout=compact")
    # it has the citation in words, for these
    missing = {"gt-actions", "gt-button", "gt-csv", "gt-cite-copy", "gt-cite-file", "gt-copy"}
    assert set(page.evaluate(LACKING, [full.to_html(), small.to_html()])) <= missing
    shown = "() => [...document.querySelectorAll('.gt-ample')].map((node) => node.getClientRects().length)"
    counts = page.evaluate(shown)
    assert len(counts) > 6
    assert not any(counts)
    built = browse(small.to_html())
    assert not any(built.evaluate(shown))


def test_a_map_of_one_slice_has_nothing_that_moves(browse, maps):
    page = browse(maps.path("shift"), hash="#fixed=1")
    shown = page.locator(".gt-moving").evaluate_all(
        "(all) => all.map((node) => node.getClientRects().length)"
    )
    assert len(shown) > 6
    assert not any(shown)
    assert page.locator(".gt-time").is_visible()


def test_a_compact_map_tells_its_sources(browse, maps):
    timemap = maps.timemaps["revenue-canaan"].with_view(layout="compact", url="https://example.org/maps/")
    page = browse(timemap.to_html())
    assert page.locator(".gt-full").get_attribute("href") == "https://example.org/maps/revenue-canaan.html"
    page.locator(".gt-about > summary").click()
    about = page.locator(".gt-about").inner_text()
    for origin in timemap.origins:
        assert origin.publisher in about
        assert origin.title in about
    for text in ("Cite as", "sha256", "Method and caveats", "Boundaries", "Licence"):
        assert text in about
    page.locator(".gt-range").press("ArrowRight")
    assert page.locator(".gt-noted").inner_text().startswith("(Notes on this period: ")


def test_a_fixed_map_carries_one_slice(browse, maps, inside):
    timemap = maps.timemaps["shift"]
    fixed = timemap.with_view(at="2021-07", metric="hashrate", layout="compact", fixed=True, theme="dark")
    page = browse(fixed.to_html())
    assert page.locator("html").get_attribute("data-slice") == "2021-07"
    assert inside(page, "(m) => m.page.slices.length") == 1
    assert page.locator(".gt-sentence").inner_text() == timemap.layers[1].sentences[22]
    assert page.locator(".gt-now").inner_text() == "July 2021"
    usa = timemap.boundaries.codes.index("USA")
    value = inside(page, "(m, u) => { const p = m.page; return p.metrics[0].values[p.unitOf[u]]; }", usa)
    unit = [unit.code for unit in timemap.units].index("USA")
    layer = timemap.layers[1]
    assert value == pytest.approx(layer.values[unit, 22] * 10**layer.digits)
    assert "2022-01" not in page.locator("script.gt-data").text_content()


@pytest.mark.parametrize("layout", ["compact", "full"])
def test_a_map_prints_on_one_sheet(browse, maps, map_id, layout):
    page = browse(maps.path(map_id), hash=f"#layout={layout}")
    page.emulate_media(media="print")
    page.wait_for_function("() => document.querySelector('.gt-print').width > 300")
    sheets = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4", print_background=True))).pages
    assert len(sheets) == 1
    text = " ".join(sheets[0].extract_text().split())
    assert maps.timemaps[map_id].title in text
    assert "Made with geotrack" in text  # the last line of all
    assert maps.timemaps[map_id].origins[0].publisher in text


def test_an_article_with_a_block_prints_it_too(browse, maps):
    page = browse(HEAD + "<p>Before.</p>" + block(maps.timemaps["shift"]) + "<p>After.</p>", ready=READY)
    page.emulate_media(media="print")
    page.wait_for_function("() => document.querySelector('.gt-print').width > 300")
    sheets = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4"))).pages
    text = " ".join(sheet.extract_text() for sheet in sheets)
    assert all(word in text for word in ("Before.", "After.", "China", "Sources"))


# ---- notebooks, and names that would like to run -----------------------------------------------------------


def test_a_frame_in_a_notebook_follows_its_page(browse, maps):
    shift = maps.timemaps["shift"]
    page = browse(
        HEAD + shift._repr_html_() + shift.with_view(layout="compact")._repr_html_(), ready="", spied=False
    )
    for width in (1280, 500):
        page.set_viewport_size({"width": width, "height": 900})
        for frame in inner(page, 2):
            frame.frame_element().scroll_into_view_if_needed()
            frame.wait_for_function(FITTED)


@pytest.mark.parametrize("form", ["iframe", "inline", "srcdoc", "oembed"])
def test_hostile_words_stay_words(browse, maps, form):
    timemap = TimeMap(replace(maps.timemaps["shift"].content, title=HOSTILE, description=HOSTILE))
    card = replace(
        cards.card_of(views.choose(timemap, "map")),
        title=HOSTILE,
        caption=HOSTILE,
        source=HOSTILE,
        lang='en" x="',
    )
    small = timemap.with_view(layout="compact")
    texts = {
        "iframe": lambda: web_pieces.iframe(card, "data:text/html,x"),
        "inline": lambda: web_pieces.inline(card, small.to_fragment()),
        "srcdoc": lambda: web_pieces.srcdoc(card, small.to_html()),
        "oembed": lambda: __import__("json").loads(
            web_pieces.oembed(card, "https://example.org/", src="data:text/html,x")
        )["html"],
    }
    page = browse(HEAD + texts[form]() + "<p id=end>End</p>", ready="", spied=False)
    page.wait_for_selector("#end")
    assert page.evaluate("() => window.pwned") is None
    assert page.locator("main figure > figcaption").count() == 1
    assert page.locator("figcaption :is(script, a, iframe)").count() == 0
    said = page.locator("figcaption").text_content()
    assert said.split() == HOSTILE.split()
    if form != "inline":
        assert page.locator("iframe").get_attribute("title").split() == HOSTILE.split()
    if form == "srcdoc":
        assert inner(page)[0].evaluate("() => window.pwned") is None
