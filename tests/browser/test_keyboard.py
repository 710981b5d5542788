"""The map by keyboard alone: one tab stop, arrows to neighbours, words in the live region."""

from __future__ import annotations

import pytest

WHERE = """() => {
  const node = document.activeElement;
  return [node.className.toString().split(" ")[0] || node.tagName.toLowerCase(), node.tagName.toLowerCase()];
}"""


@pytest.fixture
def shift(maps):
    return maps.timemaps["shift"]


def highest(timemap, t=0, m=0, last=False):
    """Return (name, value text without unit) of the highest or lowest region that is drawn."""
    layer = timemap.layers[m]
    rows = [
        (float(layer.values[u, t]), unit.name)
        for u, unit in enumerate(timemap.units)
        if layer.status[u, t] and unit.kind == "region"
    ]
    return (min if last else max)(rows)


def live(page):
    return page.get_by_role("status").inner_text()


def test_the_map_is_one_named_tab_stop(browse, maps, map_id):
    page = browse(maps.path(map_id))
    region = page.get_by_role("application")
    assert region.count() == 1
    assert region.get_attribute("tabindex") == "0"
    assert region.get_attribute("aria-label")
    described = page.locator("#" + region.get_attribute("aria-describedby"))
    assert "Arrow keys" in described.inner_text()
    stops = region.evaluate("map => [...map.querySelectorAll('*')].filter((n) => n.tabIndex >= 0).length")
    assert stops == region.locator(".leaflet-control-zoom a").count() == 2
    names = page.locator(".leaflet-control-zoom a").evaluate_all("all => all.map((a) => a.ariaLabel)")
    assert names == ["Zoom in", "Zoom out"]


def test_tab_reaches_every_control(browse, maps):
    page = browse(maps.path("shift"))
    wanted = page.evaluate(
        """() => [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")]
          .filter((n) => n.checkVisibility() && n.tabIndex >= 0 && !(n.type === "radio" && !n.checked))
          .map((n, i) => ((n.dataset.stop = i), i))"""
    )
    found = []
    for _ in wanted:
        page.keyboard.press("Tab")
        found.append(page.evaluate("() => Number(document.activeElement.dataset.stop ?? -1)"))
    assert found == wanted
    classes = page.evaluate("() => [...document.querySelectorAll('[data-stop]')].map((n) => n.className)")
    for name in (
        "gt-view", "folium-map", "leaflet-control-zoom-in", "gt-prev", "gt-play", "gt-next", "gt-speed",
        "gt-loop", "gt-range", "gt-seek", "gt-csv", "gt-cite-copy", "gt-cite-file",
    ):  # fmt: skip
        assert any(name in each.split() for each in classes), name
    unnamed = page.evaluate(
        """() => [...document.querySelectorAll("button, input, select")].filter(
          (n) => !(n.ariaLabel || n.textContent.trim() || (n.labels && n.labels.length))).length"""
    )
    assert unnamed == 0


def test_focus_is_seen(browse, maps):
    page = browse(maps.path("shift"))
    for name in (".gt-play", ".folium-map", ".gt-seek", ".gt-csv"):
        page.keyboard.press("Tab")  # the reader uses the keyboard
        page.locator(name).first.focus()
        width = page.locator(name).first.evaluate("n => parseFloat(getComputedStyle(n).outlineWidth)")
        style = page.locator(name).first.evaluate("n => getComputedStyle(n).outlineStyle")
        assert width >= 2, name
        assert style != "none", name


@pytest.mark.parametrize(("key", "last"), [("Home", False), ("End", True)])
def test_home_and_end_announce_the_extremes(browse, maps, shift, key, last):
    page = browse(maps.path("shift"))
    page.locator(".folium-map").press(key)
    value, name = highest(shift, last=last)
    assert live(page).startswith(f"{name}. ")
    shown = page.locator(".gt-tip-value").inner_text()
    assert float(shown.split("%")[0]) == pytest.approx(value)
    assert page.locator(".gt-tip-name").inner_text() == name
    assert shown.split()[0] in live(page)
    assert shift.slices[0].label in live(page)


def test_home_follows_slice_and_metric(browse, maps, shift):
    t = len(shift.slices) - 1
    page = browse(maps.path("shift"), hash=f"#t={shift.slices[t].iso}&m=hashrate")
    page.locator(".folium-map").press("Home")
    value, name = highest(shift, t, 1)
    assert name == "United States"
    assert live(page).startswith(f"{name}. {value:g}\u00a0EH/s. ")


def test_page_keys_walk_down_the_ranking(browse, maps, shift):
    layer = shift.layers[0]
    ranked = sorted(
        (-float(layer.values[u, 0]), unit.name)
        for u, unit in enumerate(shift.units)
        if unit.kind == "region" and layer.status[u, 0]
    )
    page = browse(maps.path("shift"))
    region = page.locator(".folium-map")
    region.press("Home")
    for key, at in (("PageUp", 0), ("PageDown", 1), ("PageDown", 2), ("PageUp", 1)):
        region.press(key)
        assert page.locator(".gt-tip-name").inner_text() == ranked[at][1], key
        assert live(page).startswith(f"{ranked[at][1]}. "), key


def test_plus_and_minus_zoom_the_map(browse, maps, inside):
    page = browse(maps.path("shift"), reduced_motion="reduce")
    zoom = "async (was) => (await Object.values(window.gtMounted)[0]).map.getZoom() - was"
    home = inside(page, "(m) => m.map.getZoom()")
    page.locator(".folium-map").press("+")
    page.wait_for_function(f"async (was) => await ({zoom})(was) > 0.4", arg=home)
    page.locator(".folium-map").press("-")
    page.wait_for_function(f"async (was) => Math.abs(await ({zoom})(was)) < 0.01", arg=home)


def test_arrows_walk_to_neighbours(browse, maps, inside):
    page = browse(maps.path("shift"))
    region = page.locator(".folium-map")
    region.press("Home")
    spot = "(m) => ({ ...m.layer.spot(m.state.region), code: m.page.codes[m.state.region] })"
    codes = {inside(page, spot)["code"]}
    for key, axis, way in (
        ("ArrowRight", "x", 1),
        ("ArrowDown", "y", 1),
        ("ArrowLeft", "x", -1),
        ("ArrowUp", "y", -1),
    ):
        before = inside(page, spot)
        region.press(key)
        after = inside(page, spot)
        assert way * (after[axis] - before[axis]) > 0, key
        codes.add(after["code"])
        name = inside(page, "(m) => m.page.regionNames[m.state.region]")
        assert live(page).startswith(f"{name}. "), key
        assert page.locator(".gt-tip-name").inner_text() == name
        value = page.locator(".gt-tip-value").evaluate("node => node.firstChild.textContent")
        assert f". {value}." in live(page), key
    assert len(codes) >= 4


def test_every_region_can_be_walked_to(browse, maps, inside):
    """From the highest value, arrows alone reach all regions with data."""
    page = browse(maps.path("shift"))
    reached = inside(
        page,
        """(m) => {
          const place = document.querySelector(".folium-map");
          const press = (key) => place.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
          const seen = new Set(), todo = [];
          press("Home");
          todo.push(m.state.region);
          while (todo.length) {
            const from = todo.pop();
            if (seen.has(from)) continue;
            seen.add(from);
            for (const key of ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]) {
              m.state.region = from;
              press(key);
              if (!seen.has(m.state.region)) todo.push(m.state.region);
            }
          }
          return [...seen].map((i) => m.page.codes[i]);
        }""",
    )
    timemap = maps.timemaps["shift"]
    layer = timemap.layers[0]
    with_data = {u.code for i, u in enumerate(timemap.units) if u.kind == "region" and layer.status[i, 0]}
    assert with_data <= set(reached)


def test_escape_leaves_the_region(browse, maps, inside):
    page = browse(maps.path("shift"))
    region = page.locator(".folium-map")
    region.press("Home")
    assert page.locator(".gt-tip").is_visible()
    marked = (
        "(m) => m.layer.canvases[2].getContext('2d').getImageData(0, 0, 1200, 500).data.some((v) => v > 0)"
    )
    assert inside(page, marked)
    region.press("Escape")
    assert page.locator(".gt-tip").is_hidden()
    assert not inside(page, marked)
    assert inside(page, "(m) => m.state.region") == -1
    assert page.evaluate(WHERE)[0] == "folium-map"  # the focus stays


def test_the_tooltip_follows_the_slider(browse, maps, shift):
    page = browse(maps.path("shift"))
    page.locator(".folium-map").press("Home")
    page.locator(".gt-range").press("End")
    u = [unit.code for unit in shift.units].index("CHN")
    assert page.locator(".gt-tip-name").inner_text() == "China"
    shown = page.locator(".gt-tip-value").inner_text()
    assert float(shown.split("%")[0]) == pytest.approx(float(shift.layers[0].values[u, -1]))
    assert page.locator(".gt-tip-slice").inner_text() == shift.slices[-1].label


def test_a_region_outside_the_frame_is_brought_in(browse, maps, inside):
    page = browse(maps.path("shift"))
    inside(page, "(m) => m.map.setView(m.map.getCenter(), m.map.getZoom() + 4, { animate: false })")
    page.locator(".folium-map").press("Home")
    spot, size = inside(page, "(m) => [m.layer.spot(m.state.region), m.map.getSize()]")
    assert 0 <= spot["x"] <= size["x"]
    assert 0 <= spot["y"] <= size["y"]


def test_zoom_buttons_work_by_keyboard(browse, maps, inside):
    page = browse(maps.path("shift"))
    home = inside(page, "(m) => m.map.getZoom()")
    page.locator(".leaflet-control-zoom-in").press("Enter")
    page.wait_for_function(
        "async (home) => (await Object.values(window.gtMounted)[0]).map.getZoom() > home + 0.4", arg=home
    )
    assert page.locator("html").get_attribute("data-slice") == "2019-09"


def test_the_wheel_scrolls_the_page_until_the_map_has_the_focus(browse, maps, inside):
    page = browse(maps.path("shift"))
    enabled = "(m) => m.map.scrollWheelZoom.enabled()"
    assert not inside(page, enabled)
    page.locator(".folium-map").focus()
    assert inside(page, enabled)
    page.locator(".gt-range").focus()
    assert not inside(page, enabled)
