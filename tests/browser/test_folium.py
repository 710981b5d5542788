"""A time map is a folium map: a reader's own layers are drawn with it, and other maps stay as they were."""

from __future__ import annotations

import folium
import pytest

import geotrack as gt

LINE = [[30.6, 104.1], [43.8, 87.6], [51.2, 71.4], [31.0, -97.0]]
TRIANGLE = {
    "type": "Feature",
    "properties": {"name": "triangle"},
    "geometry": {"type": "Polygon", "coordinates": [[[-100, 30], [-90, 30], [-95, 40], [-100, 30]]]},
}


@pytest.fixture
def own(tmp_path):
    """A map with a line and a shape of the reader's own, saved as folium saves."""
    m = gt.choropleth("cbeci-countries", metrics=["share"]).to_folium()
    folium.PolyLine(LINE, color="#ff00ff", weight=3).add_to(m)
    folium.GeoJson(TRIANGLE, name="triangle").add_to(m)
    m.save(tmp_path / "map.html")
    return tmp_path / "map.html"


def test_own_layers_are_drawn_above_the_time_layer(browse, own, inside):
    page = browse(own)
    assert page.locator(".leaflet-overlay-pane path").count() == 2
    assert page.locator(".leaflet-overlay-pane path[stroke='#ff00ff']").count() == 1
    order = "(m, name) => Number(getComputedStyle(m.map.getPane(name)).zIndex)"
    ours, folium_own = (inside(page, order, name) for name in ("geotrack", "overlayPane"))
    assert ours < folium_own
    painted = inside(
        page,
        """(m) => {
          const { data } = m.layer.pens[0].getImageData(0, 0, 1000, 400);
          return data.filter((v, i) => i % 4 === 3 && v).length;
        }""",
    )
    assert painted > 10_000
    page.locator(".gt-range").press("End")
    assert page.locator("html").get_attribute("data-slice") == "2022-01"
    assert page.locator(".leaflet-overlay-pane path").count() == 2


def test_own_layers_follow_the_zoom(browse, own, inside):
    page = browse(own)
    misses = """(m) => {
      const path = document.querySelector(".leaflet-overlay-pane path[stroke='#ff00ff']");
      const layer = Object.values(m.map._layers).find((l) => l.getElement && l.getElement() === path);
      const wanted = layer.getLatLngs().map((at) => m.map.latLngToLayerPoint(at));
      return Math.max(...layer._rings[0].map((p, i) => Math.hypot(p.x - wanted[i].x, p.y - wanted[i].y)));
    }"""
    assert inside(page, misses) <= 1.5
    inside(page, "(m) => m.map.setZoom(m.map.getZoom() + 0.5, { animate: false })")
    assert inside(page, misses) <= 1.5


def test_circles_are_as_large_on_the_map_as_on_the_earth(tmp_path, browse, inside):
    m = gt.choropleth("cbeci-countries", metrics=["share"]).to_folium()
    folium.Circle([0, 20], radius=1_000_000, stroke=False, fill=True).add_to(m)
    m.save(tmp_path / "map.html")
    page = browse(tmp_path / "map.html")
    scale = inside(page, "(m) => m.layer.view.k") * 1e-5
    box = page.locator(".leaflet-overlay-pane path").bounding_box()
    wide, high = (box[side] / (2_000_000 * scale) for side in ("width", "height"))
    assert wide * high == pytest.approx(1, abs=0.05)  # an ellipse of the circle's area
    assert wide == pytest.approx(0.86, abs=0.03)  # as narrow as Equal Earth is at the equator


def test_points_of_geojson_have_leaflet_s_pin(tmp_path, browse, watch):
    m = gt.choropleth("cbeci-countries", metrics=["share"]).to_folium()
    point = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [104.1, 30.6]}}
    folium.GeoJson(point).add_to(m)
    m.save(tmp_path / "map.html")
    page = browse(tmp_path / "map.html")
    assert page.locator("img.leaflet-marker-icon").evaluate("(icon) => icon.naturalWidth") > 0
    assert watch.requests == []


def test_a_saved_folium_map_asks_for_nothing(own, browse, watch):
    text = own.read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>")
    assert "Content-Security-Policy" in text
    browse(own)
    assert watch.requests == []


def test_other_folium_maps_stay_as_they_were(tmp_path):
    scripts, styles = list(folium.Map.default_js), list(folium.Map.default_css)
    m = gt.choropleth("cbeci-countries", metrics=["share"]).to_folium()
    folium.Marker([0, 0]).add_to(m)
    m.save(tmp_path / "map.html")
    assert folium.Map.default_js == scripts
    assert folium.Map.default_css == styles
    plain = folium.Map([50, 8]).get_root().render()
    assert all(url in plain for _, url in scripts)
    assert "geotrack" not in plain
