"""Files of features are told by their bytes; nothing in them makes us ask a host or open another file."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import geopandas as gpd
import pytest
from shapely.geometry import Point, box

import geotrack as gt
from geotrack.errors import BoundaryError
from geotrack.geo.features import kind_of, load
from geotrack.geo.own import read_file

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
