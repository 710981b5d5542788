"""Features with shapes from a file: what kind it is its bytes tell, and only that kind's driver reads it.

GDAL goes by content, too, and would follow a file that names other files or hosts: what is not one of the
kinds here never reaches it.
"""

from __future__ import annotations

import glob
import io
import json
import re
import warnings
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from geotrack import files
from geotrack.errors import BoundaryError
from geotrack.geo.topology import decode, rings, shape_of

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

EXPECTED = "expected GeoJSON, GeoPackage, a shapefile (.shp beside its .dbf, or zipped) or TopoJSON"

_GEOPACKAGES = (b"GPKG", b"GP10", b"GP11")  # at byte 68 of a SQLite file, see OGC 12-128r19, 1.1.1.1.1


def kind_of(content: bytes) -> str:
    """Return what a file is by its bytes: "gpkg", "shp", "zip", "geojson", "topojson", or ""."""
    if content.startswith(b"SQLite format 3\x00"):
        return "gpkg" if content[68:72] in _GEOPACKAGES else ""
    if content.startswith(b"\x00\x00\x27\x0a"):
        return "shp"
    if content.startswith(b"PK"):
        return "zip" if any(each.filename.lower().endswith(".shp") for each in _entries(content)) else ""
    if re.match(rb"(\xef\xbb\xbf)?\s*\{", content[:4096]) is None or b'"type"' not in content:
        return ""
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return ""
    kinds = {"Topology": "topojson", "FeatureCollection": "geojson", "Feature": "geojson"}
    return kinds.get(str(found.get("type")), "")


def _entries(content: bytes) -> list[zipfile.ZipInfo]:
    """Return what is in a zip; nothing of what is none."""
    if not content.startswith(b"PK"):
        return []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.infolist()
    except Exception:  # zipfile raises whatever hostile bytes lead it to
        return []


def refuse_packed(content: bytes, name: str, path: Path | None = None, most: int = 0) -> None:
    """Refuse features by what a zip of them unpacks to, and by the files beside a shapefile.

    Raises
    ------
    ParseError : they are larger than fits.
    """
    beside = path.parent.glob(f"{glob.escape(path.stem)}.*") if path and kind_of(content) == "shp" else ()
    sizes = [entry.file_size for entry in _entries(content)] or [each.stat().st_size for each in beside]
    files.refuse_unpacked(
        sum(sizes), name, most or files.MOST_BYTES, "divide the file, or simplify its shapes"
    )


def load(content: bytes, path: Path | None = None, layer: str = "") -> GeoDataFrame:
    """Read features and their shapes.

    Parameters
    ----------
    content : the file's bytes. path : where it is; a shapefile's other files stand beside it.
    layer : which of several of a GeoPackage, or of shapefiles in a zip.

    Raises
    ------
    BoundaryError : none of the kinds that are read, damaged, or with several layers of which none is said.
    """
    kind = kind_of(content)
    if not kind or (kind == "shp" and path is None):
        raise BoundaryError(f"cannot be read as boundaries (by its bytes it is none); {EXPECTED}")
    try:
        if kind == "topojson":
            return _from_topojson(json.loads(content.decode("utf-8-sig")))
        if kind == "geojson":
            _refuse_linked(json.loads(content.decode("utf-8-sig")))
        return _by_gdal(path if kind == "shp" else content, layer)
    except (KeyError, TypeError, IndexError, ValueError, RuntimeError) as error:
        # pyogrio's errors are RuntimeErrors, json's and unicode's are ValueErrors.
        told = f"cannot be read as boundaries ({type(error).__name__}: {error}); {EXPECTED}"
        raise BoundaryError(told) from error


def _by_gdal(source: Path | bytes | None, layer: str) -> GeoDataFrame:
    import pyogrio

    def opened() -> Any:
        return io.BytesIO(source) if isinstance(source, bytes) else source

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # GDAL misses a name's suffix, which bytes have not
        return _layer(pyogrio.list_layers(opened()), opened, layer)


def _layer(listed: Iterable[tuple[str, str]], opened: Callable[[], Any], layer: str) -> GeoDataFrame:
    import geopandas

    layers = [str(name) for name, _ in listed]
    if layer and layer not in layers:
        raise BoundaryError(f"no layer {layer!r}; found: {', '.join(map(repr, layers))}")
    if not layer and len(layers) > 1:
        raise BoundaryError(
            f"{len(layers)} layers; say which (--sheet LAYER): {', '.join(map(repr, layers))}"
        )
    # by its number: a layer without a name is called by GDAL as the file in memory, another one each time
    return geopandas.read_file(opened(), layer=layer or 0)


def _refuse_linked(content: Any) -> None:
    """Refuse a system of coordinates that stands elsewhere: GDAL would ask that host for it."""
    crs = content.get("crs") if isinstance(content, dict) else None
    if isinstance(crs, dict) and crs.get("type") not in ("name", None):
        raise BoundaryError(
            f"its coordinate system is a {crs.get('type')} to somewhere else, which is not followed; remove "
            '"crs" if the shapes are in longitude and latitude'
        )


def _from_topojson(content: dict[str, Any]) -> GeoDataFrame:
    """GDAL's own driver loses ids and quantised points, so we read it ourselves."""
    import geopandas
    import shapely

    arcs, geometries = decode(content)
    rows = [{"id": g.get("id"), **(g.get("properties") or {})} for g in geometries]
    shapes = []
    for g in geometries:
        found = [[r for r in polygon if len(r) > 3] for polygon in rings(shape_of(g), arcs)]
        shapes.append(shapely.MultiPolygon([shapely.Polygon(r[0], r[1:]) for r in found if r]))
        if g["type"] == "Point":
            t = content.get("transform") or {"scale": 1, "translate": 0}
            shapes[-1] = shapely.Point(np.array(g["coordinates"]) * t["scale"] + t["translate"])
    return geopandas.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4326")
