"""Territories with codes of their own: under their own figure, or their country's if no table lists them."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.geometry import box

import geotrack as gt
from geotrack.map.classes import class_of, speakers
from geotrack.map.join import join, unlisted
from geotrack.map.views import excerpt
from geotrack.measure import centre
from geotrack.render.film import animation
from geotrack.render.film.frames import Stage
from geotrack.render.picture.drawing import Drawing, own_settings
from geotrack.render.picture.fonts import Fonts
from geotrack.render.picture.ground import ground_of
from geotrack.render.picture.ink import LIGHT
from geotrack.render.picture.panels import Panel
from geotrack.render.table.export import export
from geotrack.store.reading import data_folder
from geotrack.store.regions import Regions
from geotrack.timemap import TimeMap

PARTS = {"FRA": ("GUF", "REU"), "NOR": ("SJM",)}
SCALES = ("countries-110m", "countries-50m")


def spot(stage: Stage, region: int) -> tuple[int, int]:
    """The column and row of the pixel at a region's label point."""
    scale = stage.pixels[0] / stage.wide
    x, y = stage.panel.ground.points[region] + (stage.panel.x, stage.panel.y)
    return int(x * scale), int(y * scale)


@pytest.mark.parametrize(
    ("listed", "members", "left"),
    [
        (["FRA", "NOR"], {}, {"FRA": ("GUF", "REU"), "NOR": ("SJM",)}),
        (["FRA", "GUF"], {}, {"FRA": ("REU",), "NOR": ("SJM",)}),
        (["SJM"], {}, {"FRA": ("GUF", "REU"), "NOR": ()}),
        # an aggregate without the country speaks for its part, one with the country does not
        (["FRA", "africa"], {"africa": ("REU", "ZAF")}, {"FRA": ("GUF",), "NOR": ("SJM",)}),
        (["FRA", "world"], {"world": ("FRA", "GUF", "REU")}, {"FRA": ("GUF", "REU"), "NOR": ("SJM",)}),
    ],
)
def test_a_country_s_figure_takes_in_the_parts_that_the_table_does_not_list(
    listed: Sequence[str], members: Mapping[str, tuple[str, ...]], left: Mapping[str, tuple[str, ...]]
) -> None:
    assert unlisted(PARTS, listed, members) == left


def test_a_region_s_own_place_comes_first_and_an_aggregate_has_its_members_parts() -> None:
    codes, levels = ["ALA", "FIN", "REU", "FRA"], dict.fromkeys(["FIN", "FRA"], "country")
    found = join(
        ["FIN", "eu"],
        codes,
        {**levels, "eu": "aggregate"},
        {"eu": ("FRA",)},
        {"FIN": ("ALA",), "FRA": ("REU",)},
    )
    assert found.matched == {"FIN": (1, 0), "eu": (2, 3)}


def test_what_is_all_but_a_country_leaves_out_its_parts_too(tmp_path: Path) -> None:
    for name in ("regions.csv", "disputed.csv"):
        (tmp_path / name).write_bytes((data_folder() / "reference" / name).read_bytes())
    rules = [("asia", "include", "*"), ("asia", "exclude", "FRA"), ("europe", "include", "*"),
             ("europe", "include", "GUF"), ("europe", "exclude", "FRA")]  # fmt: skip
    rows = "".join(f"{code},All but France,{rule},{member},*,\n" for code, rule, member in rules)
    (tmp_path / "aggregates.csv").write_text("aggregate,name,rule,member,source,note\n" + rows)
    found = Regions.read(tmp_path)
    assert found.members("asia", ("FRA", "GUF", "REU", "USA")) == ("USA",)
    assert found.members("europe", ("FRA", "GUF", "REU", "USA")) == ("GUF", "USA")


def table(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["region", "period", "value"])


WITHOUT = table(("FRA", "2020", 100.0), ("FRA", "2021", 90.0), ("NOR", "2020", 40.0), ("NOR", "2021", 50.0))
WITH = pd.concat([WITHOUT, table(("GUF", "2021", 1.0), ("SJM", "2021", 2.0))])


@pytest.fixture(scope="module", params=[(s, listed) for s in SCALES for listed in (False, True)], ids=str)
def world(request: pytest.FixtureRequest) -> tuple[TimeMap, bool]:
    scale, listed = request.param
    return gt.choropleth(WITH if listed else WITHOUT, boundaries=scale, unit="EH/s"), listed


def values_of(tm: TimeMap, t: int) -> dict[str, float | None]:
    """The figure that the land of each region shows."""
    who = speakers(tm, tm.layers[0], t)
    shown = [None if u < 0 else float(tm.layers[0].values[u, t]) for u in who]
    return dict(zip(tm.boundaries.codes, shown, strict=True))


def test_land_shows_its_own_figure_or_that_of_the_country_it_is_a_part_of(
    world: tuple[TimeMap, bool],
) -> None:
    tm, listed = world
    first, second = values_of(tm, 0), values_of(tm, 1)
    land = dict(zip(tm.boundaries.codes, tm.boundaries.shapes, strict=True))
    assert (first["FRA"], first["NOR"]) == (100, 40)
    # listed in the second slice: in the first one its land has no data, and not France's colour
    assert (first["GUF"], first["SJM"]) == ((None, None) if listed else (100, 40))
    assert (second["GUF"], second["SJM"]) == ((1, 2) if listed else (90, 50))
    # what is a dot at this scale shows its own figure only
    assert first["REU"] == (100 if land["REU"] else None)
    assert first["GRL"] is None


def test_the_rule_is_that_of_the_table_and_not_of_the_slices_shown() -> None:
    tm = gt.choropleth(WITH, boundaries="countries-50m", until="2020")
    assert values_of(tm, 0)["GUF"] is None
    assert values_of(tm, 0)["REU"] == 100


def test_figures_and_films_fill_the_land_as_the_page_does(world: tuple[TimeMap, bool]) -> None:
    tm, _ = world
    layer = tm.layers[0]
    places = {code: tm.boundaries.codes.index(code) for code in ("FRA", "GUF", "NOR", "SJM")}
    stage_view = animation.scene(tm)
    with own_settings():
        stage = Stage(stage_view, 1920)
        films = list(stage.frames())
        sheet = Drawing(960.0, 600.0, LIGHT, Fonts())
        panel = Panel(sheet, tm, ground_of(tm, 960.0, 600.0), 0.0, 0.0)
        for t, film in enumerate(films):
            panel.show(layer, t)
            for code, i in places.items():
                value = values_of(tm, t)[code]
                path = panel.ground.regions[i]
                filled = [
                    fill.colour
                    for fill, look in panel._looks.items()
                    if any(p is path for p in look.get_paths())
                ]
                assert filled == ([] if value is None else [layer.light[class_of(layer, value)]]), (code, t)
                x, y = spot(stage, i)
                around = {
                    "#{:02x}{:02x}{:02x}".format(*p)
                    for p in film[y - 1 : y + 2, x - 1 : x + 2].reshape(-1, 3)
                }
                assert (set(filled) <= around) if filled else around.isdisjoint(layer.light), (code, t)
            assert not panel._dots.get_paths(), "a small part is no dot of its country's figure"


@pytest.mark.parametrize("suffix", [".geojson", ".parquet"])
def test_exports_have_land_for_every_figure_once(world: tuple[TimeMap, bool], suffix: str) -> None:
    tm, listed = world
    data = export(excerpt(tm), suffix)
    if suffix == ".geojson":
        rows = {f["properties"]["code"]: f["properties"] for f in json.loads(data)["features"]}
        frame = gpd.GeoDataFrame.from_features(json.loads(data)["features"], crs="EPSG:4326").set_index(
            "code"
        )
        assert rows["FRA"]["value_2021"] == 90
    else:
        frame = gpd.read_parquet(io.BytesIO(data)).set_index("code")
    guiana, svalbard = box(-53.2, 3.8, -52.9, 4.1), box(15.5, 78.5, 15.7, 78.7)
    shapes = frame.geometry
    for land, own, country in ((guiana, "GUF", "FRA"), (svalbard, "SJM", "NOR")):
        holders = [code for code, shape in shapes.items() if shape is not None and shape.contains(land)]
        assert holders == [own if listed else country]
    assert frame.loc["FRA", "value_2020"] == 100
    assert ("GUF" in frame.index) == listed
    if listed:
        assert np.isnan(float(frame.loc["GUF", "value_2020"] or "nan"))
        assert frame.loc["GUF", "value_2021"] == 1
    drawn = [shape for shape in shapes if shape is not None and shape.geom_type != "Point"]
    total = shapely.union_all(drawn).area
    assert sum(shape.area for shape in drawn) == pytest.approx(total, rel=1e-6)


def test_a_country_s_centre_and_label_are_on_its_own_land(world: tuple[TimeMap, bool]) -> None:
    tm, _ = world
    france = [unit.code for unit in tm.units].index("FRA")
    x, y, z = centre.places(tm)[france]
    assert (np.degrees(np.arctan2(y, x)), np.degrees(np.arcsin(z))) == pytest.approx((2.5, 46.6), abs=0.6)
    lon, lat = tm.boundaries.degrees.points[tm.units[france].members[0]]
    assert 0 < lon < 6
    assert 45 < lat < 49


def test_a_group_of_a_country_is_outlined_with_the_land_of_its_figure() -> None:
    tm = gt.choropleth(WITHOUT, boundaries="countries-110m", groups=["FRA", "NOR"])
    outlined = [{tm.boundaries.codes[i] for i in group.outline} for group in tm.groups[:2]]
    assert outlined == [{"FRA", "GUF"}, {"NOR", "SJM"}]


def test_boundaries_of_one_s_own_say_themselves_what_belongs_together() -> None:
    shapes = gpd.GeoDataFrame(
        {"code": ["FRA", "GUF"], "name": ["France", "French Guiana"]},
        geometry=[box(0, 45, 5, 50), box(-54, 3, -52, 5)],
        crs="EPSG:4326",
    )
    tm = gt.choropleth(WITHOUT[WITHOUT["region"] == "FRA"], boundaries=shapes)
    assert values_of(tm, 0) == {"FRA": 100, "GUF": None}
