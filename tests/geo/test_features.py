"""Files of features are told by their bytes; nothing in them makes us ask a host or open another file."""

from __future__ import annotations

import json
import sqlite3
import struct
import zipfile
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import geopandas as gpd
import pytest
from shapely.geometry import Point, Polygon, box

import geotrack as gt
from geotrack.captions import long_description
from geotrack.errors import BoundaryError
from geotrack.geo.features import kind_of, load
from geotrack.geo.own import from_geodataframe, read_file
from geotrack.map.views import choose
from geotrack.usertables.features import read
from geotrack.usertables.reading import Asked

FEATURES = gpd.GeoDataFrame(
    {"code": ["A", "B"], "2020": [1.5, 2], "2021": [3, 4.25]},
    geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)],
    crs=4326,
)


def files(folder: Path) -> dict[str, Path]:
    """The same features in each kind of file."""
    found = {kind: folder / f"regions.{kind}" for kind in ("geojson", "gpkg", "shp", "zip")}
    for kind in ("geojson", "gpkg", "shp"):
        FEATURES.to_file(found[kind])
    with zipfile.ZipFile(found["zip"], "w") as archive:
        for part in sorted(folder.glob("regions.*")):
            if part.suffix in {".shp", ".shx", ".dbf", ".prj", ".cpg"}:
                archive.write(part, part.name)
    return found


@pytest.mark.parametrize("kind", ["geojson", "gpkg", "shp", "zip"])
def test_features_that_carry_figures_are_a_map_on_their_own_shapes(kind: str, tmp_path: Path) -> None:
    path = files(tmp_path)[kind]
    assert kind_of(path.read_bytes()) == kind
    tm = gt.choropleth(path, over_time="last")
    assert tm.boundaries.codes == ("A", "B")
    assert tm.layers[0].values.tolist() == [[1.5, 3], [2, 4.25]]
    assert "shapes: those of its features" in tm.reading.lines
    assert read_file(path, code="code").codes == ("A", "B")


def test_points_have_no_areas_and_their_figures_are_a_table(tmp_path: Path) -> None:
    path = tmp_path / "towns.geojson"
    rows = {"country": ["France", "Spain"], "2020": [1, 2]}
    gpd.GeoDataFrame(rows, geometry=[Point(2, 48), Point(-3, 40)], crs=4326).to_file(path)
    tm = gt.choropleth(path)
    assert [unit.code for unit in tm.units] == ["ESP", "FRA"]
    assert len(tm.boundaries.codes) > 100


def test_geojson_without_a_name_is_read_on_its_own_shapes(tmp_path: Path) -> None:
    path = tmp_path / "districts.geojson"
    content = json.loads(FEATURES.to_json())
    path.write_text(json.dumps({key: content[key] for key in ("type", "features")}))
    tm, same = gt.choropleth(path, over_time="last"), gt.choropleth(FEATURES, over_time="last")
    assert tm.boundaries.codes == same.boundaries.codes == ("A", "B")
    assert tm.layers[0].values.tolist() == same.layers[0].values.tolist()


def test_a_layer_is_asked_for_by_name(tmp_path: Path) -> None:
    path = tmp_path / "two.gpkg"
    FEATURES.to_file(path, layer="first")
    FEATURES.assign(code=["C", "D"]).to_file(path, layer="second")
    with pytest.raises(BoundaryError, match=r"2 layers; say which \(--sheet LAYER\): 'first', 'second'"):
        load(path.read_bytes())
    assert list(load(path.read_bytes(), layer="second")["code"]) == ["C", "D"]
    with pytest.raises(BoundaryError, match="no layer 'third'; found: 'first', 'second'"):
        load(path.read_bytes(), layer="third")


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """A host, and what it was asked for."""
    paths: list[str] = []

    class Host(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_error(404)

        do_HEAD = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", paths
    server.shutdown()
    server.server_close()


VRT = (
    '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>{0}</SrcDataSource>'
    "<SrcLayer>x</SrcLayer></OGRVRTLayer></OGRVRTDataSource>"
)


@pytest.mark.parametrize("suffix", [".geojson", ".json", ".gpkg", ".shp", ".vrt", ".xml"])
def test_a_file_that_names_hosts_or_other_files_is_not_followed(
    suffix: str, tmp_path: Path, asked: tuple[str, list[str]]
) -> None:
    host, paths = asked
    secret = tmp_path / "secret.csv"
    secret.write_text("x,y\n1,2\n", encoding="utf-8")
    linked = json.loads(FEATURES.to_json())
    linked["crs"] = {"type": "link", "properties": {"href": f"{host}/crs", "type": "proj4"}}
    hostile = [
        VRT.format(f"/vsicurl/{host}/a.csv"),
        VRT.format(secret),
        f"<OGRWFSDataSource><URL>{host}/wfs</URL></OGRWFSDataSource>",
        json.dumps(linked),
        f'{{"type": "FeatureCollection", "url": "{host}"}}',
        f"{host}/a.geojson",
    ]
    path = tmp_path / f"hostile{suffix}"
    for text in hostile:
        path.write_text(text, encoding="utf-8")
        with pytest.raises(BoundaryError, match=r"hostile\.\w+: "):
            read_file(path)
    assert paths == []


SQUARE = [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]
BESIDE = [[20, 0], [30, 0], [30, 10], [20, 10], [20, 0]]


def geojson(*rings: list[list[Any]], kind: str = "Polygon") -> str:
    """Two features: A of the rings, B, which is sound."""
    of = [list(rings) if kind == "Polygon" else [[ring] for ring in rings], [BESIDE]]
    features = [
        {"type": "Feature", "properties": {"code": code}, "geometry": {"type": each, "coordinates": shape}}
        for code, each, shape in zip("AB", (kind, "Polygon"), of, strict=True)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def topojson(*arcs: list[list[Any]], walk: list[list[Any]], **more: Any) -> str:
    """As `geojson`, of arcs; the last one is that of B."""
    geometries = [
        {"type": "Polygon", "id": "A", "arcs": walk},
        {"type": "Polygon", "id": "B", "arcs": [[len(arcs)]]},
    ]
    objects = {"regions": {"type": "GeometryCollection", "geometries": geometries}}
    return json.dumps({"type": "Topology", "arcs": [*arcs, BESIDE], "objects": objects, **more})


OPEN = r"rings that are not closed or have too few points: feature 1 \(A\); expected rings of at least four"
BEYOND = "beyond the globe, in degrees: A; expected longitudes within 360 and latitudes within 90"
NO_NUMBERS = "coordinates that are no numbers, in degrees: A"
NO_AREA = "no area is left of A once mended"
HOLE = [[1.0, 1.0], [2.0, 1.0], [2.0, 2.0], [1.0, 1.0]]
MOVED = [[1000.0 + x, y] for x, y in SQUARE]
HIGH = [[x, y + 85] for x, y in SQUARE]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (geojson(SQUARE[:-1]), OPEN),
        (geojson(SQUARE[:1]), OPEN),
        (geojson(SQUARE[:2]), OPEN),
        (geojson(SQUARE, HOLE[:-1]), OPEN),
        (geojson(SQUARE, SQUARE[:-1], kind="MultiPolygon"), OPEN),
        (geojson([[0, 0], [1, 0], [0, 0]]), NO_AREA),
        (geojson([[0, 0]] * 5), NO_AREA),
        (geojson(MOVED), BEYOND),
        (geojson(HIGH), BEYOND),
        (geojson([SQUARE[0], [float("nan"), 0], *SQUARE[2:]]), NO_NUMBERS),
        (geojson([SQUARE[0], [float("inf"), 0], *SQUARE[2:]]), NO_NUMBERS),
        (geojson([[10**400, 0], *SQUARE[1:]]), r"cannot be read as boundaries .*Unrecognized number"),
        (topojson(SQUARE[:-1], walk=[[0]]), OPEN),
        (topojson(SQUARE, HOLE[:-1], walk=[[0], [1]]), OPEN),
        (topojson(SQUARE[:2], SQUARE[3:4], walk=[[0, 1]]), OPEN),
        (topojson(MOVED, walk=[[0]]), BEYOND),
        (topojson([[0, 0], [float("inf"), 0], *SQUARE[2:]], walk=[[0]]), NO_NUMBERS),
        (topojson(SQUARE, walk=[[7]]), r"feature 1 \(A\): no shape \(IndexError: "),
        (topojson(SQUARE, walk=[["x"]]), r"feature 1 \(A\): no shape \(TypeError: "),
        (topojson(SQUARE, walk=[[]]), r"feature 1 \(A\): no shape \(IndexError: "),
        (topojson(SQUARE, walk=[[0]], objects=[1]), r"cannot be read as boundaries \(AttributeError"),
        (topojson(SQUARE, walk=[[0]], transform=[1]), r"cannot be read as boundaries \(TypeError"),
    ],
)  # fmt: skip
def test_shapes_that_are_none_are_refused_with_their_region(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BoundaryError, match=rf"^\S*mine\.json: .*({message})") as caught:
        read_file(path)
    assert len(str(caught.value)) < 900


def test_broken_rings_of_any_kind_of_file_are_refused_with_their_region(tmp_path: Path) -> None:
    path = tmp_path / "mine.gpkg"
    FEATURES.to_file(path)
    content = path.read_bytes()
    corner = struct.pack(
        "<2d", 1, 0
    )  # that of A where its ring ends; before it in its envelope and its start
    before, start, end, rest = content.split(corner, 3)
    path.write_bytes(corner.join([before, start, end]) + struct.pack("<2d", 1, 0.25) + rest)
    with pytest.raises(BoundaryError, match=r"rings that are not closed .*: feature [12] \([AB]"):
        read_file(path, code="code")


def test_a_geopackage_that_says_it_has_more_features_than_bytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.gpkg"  # room for each is made before the first is read
    FEATURES.to_file(path)
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("UPDATE gpkg_ogr_contents SET feature_count = 1000000000")
    with pytest.raises(BoundaryError, match=r"it says that it has 1,000,000,000 features, in \d+,\d+ bytes"):
        read_file(path, code="code")


def test_a_layer_without_shapes_is_a_table(tmp_path: Path) -> None:
    path = tmp_path / "mine.gpkg"
    FEATURES.to_file(path)
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("DELETE FROM gpkg_geometry_columns")
        base.execute("UPDATE gpkg_contents SET data_type = 'attributes'")
    table, shapes = read(path.read_bytes(), path.name, Asked())
    assert shapes is None
    assert table.frame[["code", "2021"]].values.tolist() == [["A", "3"], ["B", "4.25"]]
    with pytest.raises(BoundaryError, match="geometry"):
        read_file(path, code="code")


BOW = [[0, 0], [10, 10], [10, 0], [0, 10], [0, 0]]


def test_outlines_that_cross_are_mended_and_said(tmp_path: Path) -> None:
    path = tmp_path / "bow.json"
    path.write_text(geojson(BOW), encoding="utf-8")
    assert read_file(path).info.note == "Mended, as they cross: A."
    assert read_file(path).mended == ("A",)


@pytest.mark.parametrize(
    ("lang", "one", "two"),
    [("en", "The outline of Bow crosses itself, and is drawn as mended.",
      "The outlines of 2 regions cross themselves, and are drawn as mended: Bow, Tie."),
     ("zh", "1个地区的轮廓线自相交，图中所绘为修正后的形状：Bow。",
      "2个地区的轮廓线自相交，图中所绘为修正后的形状：Bow、Tie。")],
)  # fmt: skip
def test_mended_outlines_are_said_where_the_map_is_made_and_on_its_page(
    lang: str, one: str, two: str
) -> None:
    shapes = [Polygon(BOW), box(20, 0, 30, 10), Polygon([(x + 40, y) for x, y in BOW])]
    rows = {"code": ["A", "B", "C"], "name": ["Bow", "Box", "Tie"], "2020": [1, 2, 3], "2021": [2, 3, 4]}
    frame = gpd.GeoDataFrame(rows, geometry=shapes, crs=4326)
    told = {"over_time": "last", "region": "code", "ignore": ["name"], "lang": lang}
    tm = gt.choropleth(frame[:2], **told)
    assert "mended, as their outlines cross themselves: Bow" in tm.reading.lines
    assert one in tm.to_html()
    assert one in long_description(choose(tm, "film"))
    both = gt.choropleth(frame, **told)
    assert "mended, as their outlines cross themselves: Bow, Tie" in both.reading.lines
    assert two in both.to_html()
    sound = gt.choropleth(frame[1:2], **told)
    assert not [line for line in sound.reading.lines if "mended" in line]
    assert one.partition("Bow")[0] not in sound.to_html()


def test_a_dot_of_the_world_beside_ours_stands_in_ours() -> None:
    dots = gpd.GeoDataFrame({"code": ["A", "B"]}, geometry=[Point(190, 5), Point(-200, 5)], crs=4326)
    assert from_geodataframe(dots).points.tolist() == [[-170, 5], [160, 5]]
