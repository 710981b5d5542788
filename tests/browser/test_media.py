"""Paper, touch, schemes, calm motion, right-to-left pages, and pages without script."""

from __future__ import annotations

import pytest

import geotrack as gt

SPOT = """(m, code) => {
  const i = m.page.codes.indexOf(code);
  const { x, y } = m.layer.spot(i);
  return [x, y, m.layer.view.dpr];
}"""
READ = """(canvas, [x, y, dpr]) => {
  const data = canvas.getContext("2d").getImageData(x * dpr, y * dpr, 1, 1).data;
  return "#" + [...data].slice(0, 3).map((v) => v.toString(16).padStart(2, "0")).join("");
}"""


@pytest.fixture
def shift(maps):
    return maps.timemaps["shift"]


def colour_of(timemap, code, t, dark):
    """Return the colour of a region's class."""
    layer = timemap.layers[0]
    u = [unit.code for unit in timemap.units].index(code)
    value = float(layer.values[u, t])
    place = sum(value >= edge for edge in layer.edges[1:-1]) + int(layer.zero and value != 0)
    return (layer.dark if dark else layer.light)[0 if layer.zero and value == 0 else place]


def fill_colour(page, inside, code):
    return page.locator(".gt-canvas-fill").evaluate(READ, inside(page, SPOT, code))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_print_is_a_light_picture_without_controls(browse, maps, inside, shift, dark):
    page = browse(maps.path("shift"), dark=dark, hash="#t=2021-07")
    spot = inside(page, SPOT, "RUS")  # where no label stands
    before = fill_colour(page, inside, "RUS")
    page.emulate_media(media="print")
    page.wait_for_function("() => document.querySelector('.gt-print').width > 300")
    paper = page.locator(".gt-print")
    assert paper.is_visible()
    assert paper.evaluate(READ, spot) == colour_of(shift, "RUS", 22, dark=False)
    for name in (
        ".gt-play",
        ".gt-prev",
        ".gt-next",
        ".gt-options",
        ".gt-range",
        ".gt-actions",
        ".folium-map",
    ):
        assert page.locator(name).is_hidden(), name
    assert page.locator(".gt-view").first.is_hidden()
    for name in (
        ".gt-title",
        ".gt-sentence",
        ".gt-legend",
        ".gt-now",
        ".gt-chart",
        ".gt-foot",
        ".gt-remainder",
    ):
        assert page.locator(name).is_visible(), name
    assert page.locator(".gt-sentence").inner_text() == shift.layers[0].sentences[22]
    page.emulate_media(media="screen")
    assert page.locator(".folium-map").is_visible()
    assert paper.is_hidden()
    page.evaluate("() => new Promise(requestAnimationFrame)")  # the frame before which the page is told
    assert fill_colour(page, inside, "RUS") == before == colour_of(shift, "RUS", 22, dark)


SEEN = """(kinds) => [...document.querySelectorAll(`.geotrack :is(${kinds})`)]
  .filter((n) => n.getClientRects().length && !n.closest(".folium-map"))
  .map((n) => [n.localName, n.className, n.textContent.trim()])"""
CONTROLS = "button, input, select, summary, textarea"


@pytest.mark.parametrize(
    "hash",
    ["", "#v=table", "#mode=difference&v=table", "#mode=flows&t=2021-07", "#mode=twin&t=2021-07", "#in=CHN"],
)
def test_no_control_of_any_name_is_on_paper(browse, maps, hash):
    page = browse(maps.path("shift"), hash=hash)
    page.evaluate("""() => document.querySelector(".geotrack").append(document.createElement("button"),
      document.createElement("select"))""")
    page.evaluate("() => document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert {name for name, _, _ in page.evaluate(SEEN, CONTROLS)} == {"button", "input", "select", "summary"}
    page.emulate_media(media="print")
    page.wait_for_function("() => document.querySelector('.geotrack').classList.contains('gt-light')")
    left = page.evaluate(SEEN, CONTROLS)
    assert not [each for each in left if "gt-words" not in each[1].split() or not each[2]]
    assert {name.split()[0] for _, name, _ in left} == {"gt-seek", *(["gt-sort"] if "table" in hash else [])}
    labels = page.locator(".geotrack label:has(input, select):visible")  # of a choice what is chosen is told
    assert labels.evaluate_all("(all) => all.every((each) => each.querySelector(':checked'))")


def test_a_dark_map_prints_dark_on_light(browse):
    timemap = gt.choropleth("cbeci-countries", metrics=["share"], theme="dark")
    page = browse(timemap.to_html())
    look = "n => [getComputedStyle(n).color, getComputedStyle(n).backgroundColor]"
    page.emulate_media(media="print")
    page.wait_for_function("() => document.querySelector('.gt-print').width > 300")
    assert page.eval_on_selector(".geotrack", look) == ["rgb(23, 25, 28)", "rgb(255, 255, 255)"]
    page.emulate_media(media="screen")
    page.wait_for_selector("section.geotrack:not(.gt-light)")
    assert page.eval_on_selector(".geotrack", look) == ["rgb(236, 238, 241)", "rgb(20, 23, 26)"]


def test_print_makes_a_pdf_with_the_slice(browse, maps):
    page = browse(maps.path("shift"), hash="#t=2021-07")
    page.emulate_media(media="print")
    page.wait_for_function("() => document.querySelector('.gt-print').width > 300")
    data = page.pdf(format="A4", print_background=True)
    assert data.startswith(b"%PDF-")
    assert b"/Subtype /Image" in data  # the map
    assert len(data) > 30_000


def test_a_table_prints_without_an_empty_map(browse, maps):
    page = browse(maps.path("shift"), hash="#v=table")
    page.emulate_media(media="print")
    assert page.locator(".gt-table table").is_visible()
    assert page.locator(".gt-print").is_hidden()


def test_the_scheme_may_change_under_the_page(browse, maps, inside, shift):
    page = browse(maps.path("shift"))
    for dark in (True, False, True):
        page.emulate_media(color_scheme="dark" if dark else "light")
        first = (shift.layers[0].dark if dark else shift.layers[0].light)[0]
        swatch = f"rgb({', '.join(str(int(first[i : i + 2], 16)) for i in (1, 3, 5))})"
        page.wait_for_function(
            "(c) => document.querySelector('.gt-swatch').style.background === c", arg=swatch
        )
        assert fill_colour(page, inside, "CHN") == colour_of(shift, "CHN", 0, dark)
        page.locator(".gt-range").press("ArrowRight")
        page.locator(".gt-range").press("ArrowLeft")
        assert fill_colour(page, inside, "CHN") == colour_of(shift, "CHN", 0, dark)


def test_calm_motion_is_respected(browse, maps, inside):
    page = browse(maps.path("shift"), reduced_motion="reduce")
    assert "gt-calm" in page.locator("section.geotrack").get_attribute("class")
    moving = page.evaluate(
        """() => [...document.querySelectorAll(".geotrack *")].filter((n) => {
          const s = getComputedStyle(n);
          return s.animationName !== "none" || parseFloat(s.transitionDuration) > 0;
        }).map((n) => n.className)"""
    )
    assert moving == []
    before = page.locator("html").get_attribute("data-slice")
    page.locator(".gt-next").click()
    assert page.locator("html").get_attribute("data-slice") != before


def test_nothing_moves_by_itself(browse, maps, shift):
    page = browse(maps.path("shift"), clock=True)
    page.clock.run_for(60_000)
    assert page.locator("html").get_attribute("data-slice") == shift.slices[0].iso


def test_a_tap_pins_the_tooltip(browse, maps, inside):
    page = browse(maps.path("shift"), has_touch=True, is_mobile=True, size=(390, 800))
    page.locator(".folium-map").scroll_into_view_if_needed()

    def tap(code):
        page.locator(".gt-title").scroll_into_view_if_needed()
        x, y, _ = inside(page, SPOT, code)
        box = page.locator(".folium-map").bounding_box()
        page.touchscreen.tap(box["x"] + x, box["y"] + y)

    tip = page.locator(".gt-tip")
    tap("CHN")
    tip.wait_for()
    assert page.locator(".gt-tip-name").inner_text() == "China"
    page.locator(".gt-next").tap()
    assert page.locator(".gt-tip-slice").inner_text() == "October 2019"
    assert page.locator(".gt-tip-name").inner_text() == "China"
    assert "r=CHN" in page.url
    tap("RUS")
    page.get_by_text("Russia", exact=True).first.wait_for()
    assert "r=RUS" in page.url
    page.locator(".gt-title").scroll_into_view_if_needed()
    sea = page.locator(".folium-map").bounding_box()
    x, y, _ = inside(page, SPOT, "BRA")
    page.touchscreen.tap(sea["x"] + x - 60, sea["y"] + y)
    tip.wait_for(state="hidden")
    assert "r=" not in page.url


def test_a_finger_scrolls_past_the_map_until_it_is_enlarged(browse, maps, inside):
    page = browse(maps.path("shift"), has_touch=True, is_mobile=True, size=(390, 800))
    state = "(m) => [m.map.dragging.enabled(), getComputedStyle(m.map.getContainer()).touchAction]"
    dragging, action = inside(page, state)
    assert not dragging
    assert action in {"manipulation", "pan-x pan-y pinch-zoom"}
    inside(page, "(m) => m.map.setZoom(m.map.getZoom() + 1, { animate: false })")
    dragging, action = inside(page, state)
    assert dragging
    assert action == "none"


def test_the_mouse_shows_and_leaves_a_tooltip(browse, maps, inside):
    page = browse(maps.path("shift"))
    place = page.locator(".folium-map")
    x, y, _ = inside(page, SPOT, "KAZ")
    place.hover(position={"x": x, "y": y})
    assert page.locator(".gt-tip-name").inner_text() == "Kazakhstan"
    page.locator(".gt-title").hover()
    assert page.locator(".gt-tip").is_hidden()
    place.click(position={"x": x, "y": y})
    page.locator(".gt-title").hover()
    assert page.locator(".gt-tip-name").inner_text() == "Kazakhstan"  # a click pins it
    x, y, _ = inside(page, SPOT, "RUS")
    place.hover(position={"x": x, "y": y})
    assert page.locator(".gt-tip-name").inner_text() == "Russia"
    page.locator(".gt-title").hover()
    assert page.locator(".gt-tip-name").inner_text() == "Kazakhstan"


@pytest.mark.parametrize("width", [1280, 320])
def test_a_right_to_left_page_holds_together(browse, maps, inside, shift, width):
    text = maps.path("shift").read_text(encoding="utf-8")
    html = '<html lang="en" dir="ltr"'
    assert html in text
    page = browse(text.replace(html, html.replace("ltr", "rtl")), size=(width, 900))
    assert page.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    frame, canvas = page.locator(".gt-frame").bounding_box(), page.locator(".gt-canvas-fill").bounding_box()
    assert canvas["x"] == pytest.approx(frame["x"], abs=1.5)
    east, west = inside(page, SPOT, "CHN")[0], inside(page, SPOT, "USA")[0]
    assert east > west  # maps and time do not turn round
    slider = page.locator(".gt-range")
    slider.press("End")
    slider.press("ArrowRight")
    assert page.locator("html").get_attribute("data-slice") == shift.slices[-1].iso
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    page.mouse.click(box["x"] + 12, box["y"] + box["height"] / 2)
    assert page.locator("html").get_attribute("data-slice") == shift.slices[0].iso
    page.locator(".gt-view[value=table]").click()
    assert page.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_without_script_the_opening_slice_is_a_table(browse, maps, map_id):
    timemap = maps.timemaps[map_id]
    page = browse(maps.path(map_id), ready="", java_script_enabled=False)
    layer, t = timemap.layers[0], timemap.opening
    rows = {unit.name for u, unit in enumerate(timemap.units) if layer.status[u, t] and unit.kind != "whole"}
    shown = page.locator("noscript tbody tr")
    assert shown.count() == len(rows)
    assert set(page.locator("noscript tbody th").all_inner_texts()) == rows
    assert page.locator("noscript p").is_visible()
    assert timemap.slices[t].label in page.locator("noscript caption").inner_text()
    assert page.locator(".gt-sentence").inner_text() == layer.sentences[t]
    assert not page.locator(".geotrack :is(button, input, select):not(.gt-words):visible").count()


@pytest.mark.parametrize(
    "look", [{}, {"layout": "compact"}, {"fixed": True}], ids=["full", "compact", "fixed"]
)
def test_without_script_nothing_is_there_that_needs_it(browse, look):
    timemap = gt.choropleth("cbeci-countries", metrics=["share", "hashrate"], groups=["CHN"]).with_view(
        **look
    )
    page = browse(timemap.to_html(), ready="", java_script_enabled=False)
    assert page.locator(".geotrack :is(button, input, select)").count()
    left = ".geotrack :is(button, input, select, .gt-stage, .gt-time):not(.gt-words):visible"
    assert not page.locator(left).count()
    assert page.locator("noscript table").is_visible()


def test_an_old_browser_is_told_why(browse, maps, watch):
    text = maps.path("shift").read_text(encoding="utf-8")
    page = browse(
        text.replace("<head>", "<head><script>delete window.DecompressionStream;</script>"), ready=""
    )
    page.locator(".gt-error").wait_for()
    assert "browser of 2023" in page.locator(".gt-error").inner_text()
    assert page.locator("section.geotrack").get_attribute("data-ready") == "error"
    page.wait_for_function("() => true")
    assert [problem for problem in watch.problems if "DecompressionStream" not in problem] == []
    watch.problems.clear()  # the error is logged too, for those who look
