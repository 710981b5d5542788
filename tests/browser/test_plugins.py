"""folium's plugins on a time map, with their real scripts, which are served from npm's packages.

`sh tests/plugins.sh` fetches those; `make test` runs it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import folium
import pandas as pd
import pyproj
import pytest
from folium import plugins

import geotrack as gt

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "geotrack/plugins"
FOLDER = Path(os.environ.get("GEOTRACK_PLUGINS") or CACHE)
CLOUDFLARE, JSDELIVR = "https://cdnjs.cloudflare.com/ajax/libs/", "https://cdn.jsdelivr.net/"
HEAT = f"{JSDELIVR}gh/python-visualization/folium@main/folium/templates/leaflet_heat.min.js"
TILES = "https://tile.openstreetmap.org/"
PLACES = {
    "Chengdu": (30.66, 104.06),
    "Austin": (30.27, -97.74),
    "Astana": (51.13, 71.43),
    "Reykjavik": (64.1, -21.9),
}
SOUTHEAST = [[-10.0, 100.0], [-11.0, 101.0], [-10.5, 101.5]]


class Plugin(NamedTuple):
    """A plugin: how it is added, what it shows, where folium says its files are, and who has them."""

    add: Callable[[folium.Map], Any]
    shows: str
    address: str = ""
    package: str = ""
    renamed: tuple[tuple[str, str], ...] = ()


def _cluster(m: folium.Map) -> None:
    cluster = plugins.MarkerCluster(SOUTHEAST, animate=False).add_to(
        m
    )  # where they end, not how they get there
    for name, place in PLACES.items():
        folium.Marker(place, tooltip=name, popup=name).add_to(cluster)


def _search(m: folium.Map) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"name": name},
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
        }
        for name, (lat, lon) in PLACES.items()
    ]
    layer = folium.GeoJson({"type": "FeatureCollection", "features": features}).add_to(m)
    plugins.Search(layer, search_label="name", geom_type="Point").add_to(m)


def _control(m: folium.Map) -> None:
    folium.Marker(PLACES["Chengdu"]).add_to(folium.FeatureGroup("Cities").add_to(m))
    folium.LayerControl(collapsed=False).add_to(m)


def _added(plugin: Callable[[], Any]) -> Callable[[folium.Map], Any]:
    return lambda m: plugin().add_to(m)


MINI = (("Control.MiniMap.js", "Control.MiniMap.min.js"), ("Control.MiniMap.css", "Control.MiniMap.min.css"))
PLUGINS = {
    "LayerControl": Plugin(_control, ".leaflet-control-layers-overlays label"),
    "MarkerCluster": Plugin(
        _cluster,
        ".marker-cluster",
        f"{CLOUDFLARE}leaflet.markercluster/1.1.0/",
        "leaflet.markercluster@1.1.0/dist",
    ),
    "Fullscreen": Plugin(
        _added(plugins.Fullscreen),
        ".leaflet-control-zoom-fullscreen",
        f"{JSDELIVR}npm/leaflet.fullscreen@3.0.0/",
        "leaflet.fullscreen@3.0.0",
        (("Control.FullScreen.min.js", "Control.FullScreen.js"),),  # made smaller by the host
    ),
    "MiniMap": Plugin(
        _added(plugins.MiniMap),
        ".leaflet-control-minimap",
        f"{CLOUDFLARE}leaflet-minimap/3.6.1/",
        "leaflet-minimap@3.6.1/dist",
        MINI,
    ),
    "HeatMap": Plugin(
        _added(lambda: plugins.HeatMap(list(PLACES.values()), radius=8, blur=1)),
        ".leaflet-heatmap-layer",
        HEAT,
        "leaflet.heat@0.2.0/dist",
        (("", "leaflet-heat.js"),),
    ),
    "Draw": Plugin(
        _added(lambda: plugins.Draw(export=True)),
        ".leaflet-draw-draw-polygon",
        f"{CLOUDFLARE}leaflet.draw/1.0.2/",
        "leaflet-draw@1.0.2/dist",
    ),
    "Search": Plugin(
        _search,
        ".leaflet-control-search",
        f"{JSDELIVR}npm/leaflet-search@2.9.7/",
        "leaflet-search@2.9.7",
    ),
}
HOSTED = [name for name, plugin in PLUGINS.items() if plugin.address]
LOST = ".gt-lost"


def served(*names: str) -> dict[str, bytes]:
    """What the hosts answer that folium names: the files of npm's packages."""
    found = {TILES: b""} if "MiniMap" in names else {}
    for _, _, address, package, renamed in (PLUGINS[name] for name in names if PLUGINS[name].address):
        folder = FOLDER / package
        if not folder.is_dir():
            pytest.fail(f"{folder} is not there: run `sh tests/plugins.sh`", pytrace=False)
        files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
        files |= {asked: files[own] for asked, own in renamed}
        found |= {address + name: path.read_bytes() for name, path in files.items()}
    return found


@pytest.fixture(scope="module")
def timemap() -> gt.TimeMap:
    """A small map of two slices."""
    table = [("CHN", "2020", 60), ("USA", "2020", 10), ("CHN", "2021", 20), ("USA", "2021", 40)]
    frame = pd.DataFrame(table, columns=["region", "period", "share"])
    return gt.choropleth(frame, unit="%", whole=100, title="Plugins")


@pytest.fixture
def opened(timemap, browse, tmp_path):
    """A page with plugins; their hosts answer, or do not."""

    def show(*names, hosts=True, size=(1000, 900), ready="html[data-ready=true]"):
        m = timemap.to_folium()
        for name in names:
            PLUGINS[name].add(m)
        m.save(tmp_path / "map.html")
        return browse(tmp_path / "map.html", size=size, allow=served(*names) if hosts else {}, ready=ready)

    return show


PAINTED = """() => {
  const canvas = document.querySelector(".gt-canvas-fill");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.filter((v, i) => i % 4 === 3 && v).length;
}"""


def works(page) -> None:
    """The map is drawn, its slider moves it, and the table shows."""
    assert page.locator("html").get_attribute("data-ready") == "true"
    page.locator(".gt-range").press("End")
    assert page.locator("section.geotrack").get_attribute("data-slice") == "2021"
    assert page.evaluate(PAINTED) > 10_000
    page.locator(".gt-view[value=table]").click()
    assert page.locator(".gt-table tbody tr").count() >= 2
    page.locator(".gt-view[value=map]").click()


@pytest.mark.parametrize("name", PLUGINS)
def test_a_plugin_works_on_a_time_map(opened, name):
    page = opened(name)
    assert page.locator(PLUGINS[name].shows).first.is_visible()
    works(page)
    assert page.locator(LOST).text_content() == ""


@pytest.mark.parametrize("name", HOSTED)
def test_a_plugin_whose_host_does_not_answer_costs_nothing_else(opened, watch, name):
    page = opened(name, hosts=False)
    works(page)
    line = page.locator(LOST)
    assert line.is_visible()
    assert line.get_attribute("role") == "status"
    assert re.fullmatch(
        r"A part of this page did not load: .+\. The map itself is complete\.", line.text_content()
    )
    assert name in line.text_content()
    assert len(set(re.findall(r"[\w.-]+\.(?:js|css)\b", line.text_content()))) == len(watch.requests)
    assert watch.problems
    watch.problems.clear()


ANCHORS = """() => {
  const box = document.querySelector(".folium-map").getBoundingClientRect();
  return [...document.querySelectorAll("img.leaflet-marker-icon")].map((icon) => {
    const { left, top } = icon.getBoundingClientRect();
    return [left + 12 - box.left, top + 41 - box.top]; // the point of Leaflet's pin
  });
}"""

SIZED = """(m, width) => new Promise((done) => (function wait() {
  requestAnimationFrame(Math.abs(m.map.getSize().x - width) < 80 ? () => done() : wait);
})())"""
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))"


def expected(page, inside) -> list[tuple[float, float]]:
    """Where PROJ has the places, in pixels of the map: the time layer's own scale and origin."""
    view = inside(page, "(m) => m.layer.view")
    forward = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:8857", always_xy=True).transform
    metres = [forward(lon, lat) for lat, lon in PLACES.values()]
    return [(view["x"] + x * 1e-5 * view["k"], view["y"] - y * 1e-5 * view["k"]) for x, y in metres]


def apart(found, wanted) -> float:
    """The farthest that a place lies from what was found."""
    return max(min(abs(x - a) + abs(y - b) for a, b in found) for x, y in wanted)


def test_markers_and_heat_stand_where_the_map_has_their_places(opened, inside):
    page = opened("MarkerCluster", "HeatMap")
    heat = """(m, [x, y]) => {
      const canvas = document.querySelector(".leaflet-heatmap-layer");
      const at = L.DomUtil.getPosition(canvas).add(L.DomUtil.getPosition(m.map.getPane("mapPane")));
      return canvas.getContext("2d").getImageData(x - at.x, y - at.y, 1, 1).data[3];
    }"""
    for width in (420, 1000):  # clusters are made for the zoom that the map had at first
        page.set_viewport_size({"width": width, "height": 900})
        inside(page, SIZED, width)
        assert page.locator(".marker-cluster").first.is_visible()
    for zoom in (0, 1):
        inside(page, "(m, by) => m.map.setView([20, 40], m.map.getZoom() + by, { animate: false })", zoom)
        page.evaluate(DRAWN)
        wanted, size = expected(page, inside), inside(page, "(m) => m.map.getSize()")
        seen = [(x, y) for x, y in wanted if 0 < x < size["x"] and 0 < y < size["y"]]
        assert len(seen) >= 2
        assert apart(page.evaluate(ANCHORS), seen) < 1.5
        assert all(inside(page, heat, place) for place in seen)
    box = page.locator(".folium-map").bounding_box()
    page.mouse.click(box["x"] + seen[0][0], box["y"] + seen[0][1] - 20)
    assert page.locator(".leaflet-popup-content").inner_text() in PLACES


BROKEN = (
    "function (",  # no script at all
    "nowhere.addTo(null)",
    "{map}.on('move zoomend moveend resize', () => { throw Error('theirs'); })",
)


def test_faults_of_a_script_stay_its_own(timemap, browse, inside, watch, tmp_path):
    """One that cannot be read, one that fails, one whose listener fails: the line after them is drawn."""
    watch.expected = ("Unexpected token", "function name", "nowhere", "theirs")  # a resize may come late
    m = timemap.with_view(theme="dark").to_folium()
    for text in BROKEN:
        m.add_child(Script(text.replace("{map}", m.get_name())))
    folium.PolyLine(list(PLACES.values()), color="#ff00ff").add_to(m)
    m.save(tmp_path / "map.html")
    page = browse(tmp_path / "map.html")
    assert page.locator(".leaflet-overlay-pane path[stroke='#ff00ff']").count() == 1
    inside(page, "(m) => m.map.setZoom(m.map.getZoom() + 1, { animate: false })")
    page.set_viewport_size({"width": 700, "height": 900})
    inside(page, SIZED, 700)
    works(page)
    assert page.locator(LOST).text_content().startswith("A part of this page did not load: Script. The map")
    assert any("Unexpected token" in problem or "function name" in problem for problem in watch.problems)
    assert any("theirs" in problem for problem in watch.problems)


class Script(folium.MacroElement):
    """A script of somebody's own."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._template = folium.template.Template(f"{{% macro script(this, kwargs) %}}{text}{{% endmacro %}}")


def test_a_notebook_shows_a_map_whose_plugin_did_not_come(timemap, browse, watch):
    """In its language, in a frame that carries it."""
    table = timemap.to_frame()[["region", "start", "end", "value"]]
    m = gt.choropleth(table, unit="%", whole=100, title="图", lang="zh").to_folium()
    PLUGINS["MarkerCluster"].add(m)
    page = browse(f"<html><body>{m._repr_html_()}</body></html>", ready="", spied=False)
    [frame] = [each for each in page.frames if each != page.main_frame]
    frame.wait_for_selector("html[data-ready=true]", state="attached")
    works(frame)
    frame.wait_for_function("() => document.querySelector('.gt-lost').textContent")
    said = frame.locator(LOST).text_content()
    assert said.startswith("本页有一部分未能加载：MarkerCluster、")
    assert said.endswith("。地图本身完整。")
    watch.problems.clear()
