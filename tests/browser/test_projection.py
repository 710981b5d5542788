"""The page's projections against PROJ, folium's own layers in their place, the frame that keeps its fit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import folium
import numpy as np
import pytest
from playwright.sync_api import Page
from pyproj import Transformer

import geotrack as gt
from geotrack.errors import SpecError
from geotrack.geo import projections

PARTS = (Path(__file__).parent / "parts.js").read_text(encoding="utf-8")
PLACES = {"Rockdale": (30.65, -97.0), "Beijing": (39.9, 116.4), "Sydney": (-33.9, 151.2)}
CHINA = {"lat_1": 25, "lat_2": 47, "lat_0": 35, "lon_0": 105}
CASES = [
    ("equalEarth", None, "EPSG:8857", (-180, 180), (-89.5, 89.5)),
    ("albers", CHINA, "+proj=aea +lat_1=25 +lat_2=47 +lat_0=35 +lon_0=105 +datum=WGS84", (60, 150), (5, 60)),
]


@pytest.mark.parametrize(("name", "parameters", "crs", "lons", "lats"), CASES)
def test_projections_agree_with_proj_both_ways(  # noqa: PLR0917 - a case has many parts
    browse: Callable[..., Page], maps: Any, name: str, parameters: Any, crs: str, lons: Any, lats: Any
) -> None:
    page = browse(maps.path("shift"))
    page.evaluate(PARTS)
    random = np.random.default_rng(8857)
    points = np.column_stack([random.uniform(*lons, 200), random.uniform(*lats, 200)])
    forward = page.evaluate(
        """([name, parameters, points]) => {
             const formula = window.geotrackParts[name](parameters);
             return points.map(([lon, lat]) => {
               const [x, y] = formula.forward(lon, lat);
               return [x, y, ...formula.inverse(x, y)];
             });
           }""",
        [name, parameters, points.tolist()],
    )
    found = np.array(forward)
    wanted = np.column_stack(Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(*points.T))
    np.testing.assert_allclose(found[:, :2], wanted, rtol=0, atol=0.5)  # half a metre
    np.testing.assert_allclose(found[:, 2:], points, rtol=0, atol=1e-6)


@pytest.mark.parametrize("series", ["cbeci-countries", "cbeci-china-provinces"])
def test_a_layer_in_longitude_and_latitude_falls_where_our_shapes_are(
    browse: Callable[..., Page], inside: Callable[..., Any], tmp_path: Path, series: str
) -> None:
    """Markers at the regions' own points stand where the time layer has them."""
    tm = gt.choropleth(series, events=False)
    m = tm.to_folium()
    shapes = tm.boundaries
    back = Transformer.from_crs(shapes.crs, "EPSG:4326", always_xy=True)
    chosen = [shapes.codes.index(unit.code) for unit in tm.units if unit.kind == "region"][:6]
    for i in chosen:
        lon, lat = back.transform(*shapes.points[i])
        folium.CircleMarker([lat, lon], radius=4, tooltip=shapes.codes[i]).add_to(m)
    m.save(tmp_path / "map.html")
    page = browse(tmp_path / "map.html")
    spots = inside(
        page,
        """(m, chosen) => {
             const circles = [];
             m.map.eachLayer((layer) => layer.getLatLng && circles.push(layer.getLatLng()));
             return chosen.map((i, k) => {
               const circle = m.map.latLngToContainerPoint(circles[k]);
               return [circle.x - m.layer.spot(i).x, circle.y - m.layer.spot(i).y];
             });
           }""",
        chosen,
    )
    assert len(spots) == len(chosen) > 0
    assert np.abs(np.array(spots)).max() <= 1.0  # quantised points, whole pixels


def test_markers_popups_and_the_layer_control_work_without_a_network(
    browse: Callable[..., Page], tmp_path: Path
) -> None:
    m = gt.choropleth("cbeci-countries", metrics=["share"]).to_folium()
    for name, place in PLACES.items():
        folium.Marker(place, popup=f"<b>{name}</b>", tooltip=name).add_to(m)
    folium.LayerControl().add_to(m)
    m.save(tmp_path / "map.html")
    page = browse(tmp_path / "map.html")
    icons = page.locator(".leaflet-marker-icon")
    assert icons.count() == len(PLACES)
    assert icons.first.evaluate("icon => icon.naturalWidth") > 0  # the picture itself is in the page
    icons.first.click(force=True)
    assert page.locator(".leaflet-popup-content").inner_text() == "Rockdale"
    assert page.locator(".leaflet-control-layers").is_visible()


def test_a_page_without_markers_carries_no_jquery(maps: Any) -> None:
    assert "jQuery" not in maps.path("shift").read_text(encoding="utf-8")


def test_the_map_is_still_drawn_after_the_table_hid_it_and_the_window_changed(
    browse: Callable[..., Page], maps: Any, inside: Callable[..., Any]
) -> None:
    page = browse(maps.path("revenue-canaan"))
    page.locator(".gt-view[value=table]").click()
    page.set_viewport_size({"width": 700, "height": 600})
    page.locator(".gt-view[value=map]").click()
    page.wait_for_function("document.querySelector('.gt-canvas-fill').width < 700")
    painted = inside(
        page,
        """(m) => {
             const canvas = m.layer.canvases[0];
             const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
             let count = 0;
             for (let i = 3; i < data.length; i += 4) count += data[i] > 0;
             return [count / (data.length / 4), m.map.getZoom()];
           }""",
    )
    assert painted[0] > 0.15, "land covers a fifth of the frame"
    assert np.isfinite(painted[1])


def test_the_page_has_a_formula_of_just_what_is_said_to_be_drawn(
    browse: Callable[..., Page], maps: Any
) -> None:
    page = browse(maps.path("shift"))
    page.evaluate(PARTS)
    known = page.evaluate("Object.keys(window.geotrackParts.PROJECTIONS)")
    assert set(known) == {each.proj for each in projections.KNOWN if each.page is not None}
    told = page.evaluate(
        "() => { try { return window.geotrack.crs({proj: 'robin'}); } catch (e) { return e.message; } }"
    )
    assert told == "no formula of the projection robin"


@pytest.mark.parametrize("projection", ["+proj=robin", "EPSG:3035", "EPSG:8859"])
def test_layers_are_refused_where_the_page_could_not_put_them_in_place(projection: str) -> None:
    tm = gt.choropleth("cbeci-countries", metrics=["share"], projection=projection)
    m = tm.to_folium()
    folium.LayerControl().add_to(m)
    assert '"proj": ""' in m.get_root().render()  # without a place nothing can be out of place
    inner = folium.FeatureGroup("places").add_to(m)
    folium.Marker(PLACES["Beijing"]).add_to(inner)
    folium.PolyLine(list(PLACES.values())).add_to(m)
    with pytest.raises(SpecError) as refused:
        m.get_root().render()
    assert "FeatureGroup, Marker, PolyLine cannot be put in place" in str(refused.value)
    assert f"{projection!r}; expected one of equal-earth, +proj=aea ..." in str(refused.value)


@pytest.mark.parametrize(
    ("ground", "drawn"),
    [
        ({"projection": "+proj=robin"}, False),
        ({"projection": "EPSG:3035"}, False),
        ({"projection": "equal-earth"}, True),
    ],
)
def test_the_mean_centre_has_a_map_only_where_the_page_knows_degrees(
    browse: Callable[..., Page], ground: dict[str, Any], drawn: bool
) -> None:
    tm = gt.choropleth("cbeci-countries", metrics=["share"], shift=True, **ground)
    page = browse(tm.to_html(), hash="#mode=centre&t=2021-08", allow={"https://tile.": None})
    modes = page.locator(".gt-modes input").evaluate_all("all => all.map((each) => each.value)")
    assert modes == ["levels", "difference", *(["centre"] if drawn else []), "flows", "twin"]
    said = [text for text in page.locator(".gt-hint").all_inner_texts() if "mean centre has no map" in text]
    assert len(said) == (0 if drawn else 1)
    if drawn:
        assert page.locator(".gt-polar .gt-track-now").count()
        return
    assert f"in the projection {tm.boundaries.crs}. Its figures are in the panel" in said[0]
    assert page.evaluate("document.querySelector('.geotrack').dataset.mode") == "levels"
    assert "Length R of the mean vector" in page.locator(".gt-figures").inner_text()
