"""Features with shapes from a file: what kind it is its bytes tell, and only that kind's driver reads it.

GDAL goes by content, too, and would follow a file that names other files or hosts: what is not one of the
kinds here never reaches it.
"""

from __future__ import annotations

import glob
import io
import re
import warnings
import zipfile
from collections.abc import Callable, Hashable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from geotrack import files
from geotrack.errors import BoundaryError
from geotrack.files import json_of
from geotrack.geo.topology import Points, decode, rings, shape_of

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

EXPECTED = "expected GeoJSON, GeoPackage, a shapefile (.shp beside its .dbf, or zipped) or TopoJSON"

_APART = 1e-7
"""Degrees by which the ends of a ring may differ: arcs of one point may be written with other digits."""

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
        found = json_of(content.decode("utf-8-sig"))
    except ValueError:
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
            return _from_topojson(json_of(content.decode("utf-8-sig")))
        if kind == "geojson":
            _refuse_linked(json_of(content.decode("utf-8-sig")))
        return _by_gdal(path if kind == "shp" else content, layer)
    except BoundaryError:
        raise
    except Exception as error:  # GDAL, GEOS, numpy and pandas raise whatever hostile bytes lead them to
        told = f"cannot be read as boundaries ({type(error).__name__}: {_short(error)}); {EXPECTED}"
        raise BoundaryError(told) from error


def _short(error: Exception) -> str:
    """What an error says; GDAL's may quote a number of thousands of digits."""
    text = str(error)
    return text if len(text) <= 300 else f"{text[:300]} ..."


def _by_gdal(source: Path | bytes | None, layer: str) -> GeoDataFrame:
    import pyogrio

    def opened() -> Any:
        return io.BytesIO(source) if isinstance(source, bytes) else source

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # GDAL misses a name's suffix, which bytes have not
        return _layer(pyogrio.list_layers(opened()), opened, layer)


def _layer(listed: Iterable[tuple[str, str]], opened: Callable[[], Any], layer: str) -> GeoDataFrame:
    import geopandas
    import pyogrio
    import shapely

    layers = [str(name) for name, _ in listed]
    if layer and layer not in layers:
        raise BoundaryError(f"no layer {layer!r}; found: {', '.join(map(repr, layers))}")
    if not layer and len(layers) > 1:
        raise BoundaryError(
            f"{len(layers)} layers; say which (--sheet LAYER): {', '.join(map(repr, layers))}"
        )
    # by its number: a layer without a name is called by GDAL as the file in memory, another one each time
    found = layer or 0
    _refuse_more_than_fit(opened(), found)
    try:
        return geopandas.read_file(opened(), layer=found)
    except shapely.errors.ShapelyError as error:
        rows = geopandas.read_file(opened(), layer=found, ignore_geometry=True)
        _, _, shapes, _ = pyogrio.raw.read(opened(), layer=found)
        lost = [n for n, shape in enumerate(shapes) if shape and not _is_shape(shape)]
        raise BoundaryError(_told_broken(", ".join(_called(rows.iloc[n], n) for n in lost))) from error


def _refuse_more_than_fit(source: Any, layer: str | int) -> None:
    """Refuse a GeoPackage that says it has more features than bytes: room is made for so many."""
    import pyogrio

    if not isinstance(source, io.BytesIO) or kind_of(source.getvalue()) != "gpkg":
        return
    size, told = len(source.getvalue()), int(pyogrio.read_info(source, layer=layer)["features"])
    if told > size:
        raise BoundaryError(
            f"it says that it has {told:,} features, in {size:,} bytes; the file is damaged: save it anew"
        )


def _is_shape(content: bytes) -> bool:
    import shapely

    try:
        return bool(shapely.from_wkb(content) is not None)
    except shapely.errors.ShapelyError:
        return False


def _told_broken(regions: str) -> str:
    return (
        f"rings that are not closed or have too few points: {regions}; expected rings of at least four "
        "points, the last one as the first: mend these shapes, or leave them out"
    )


def _called(row: Mapping[Hashable, Any], number: int) -> str:
    """How a reader finds a feature: its number, and the first texts it has."""
    texts = [str(cell) for _, cell in row.items() if isinstance(cell, str | int) and str(cell).strip()]
    return f"feature {number + 1}" + (f" ({', '.join(text[:40] for text in texts[:2])})" if texts else "")


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

    arcs, geometries = decode(content)
    rows = [{"id": g.get("id"), **(g.get("properties") or {})} for g in geometries]
    moved = content.get("transform") or {"scale": 1, "translate": 0}
    shapes, open_ = [], []
    for n, g in enumerate(geometries):
        try:
            walked = rings(shape_of(g), arcs)
            shapes.append(_of_topojson(g, walked, moved))
        except Exception as error:  # as in `load`; here it is known of which region
            raise BoundaryError(
                f"{_called(rows[n], n)}: no shape ({type(error).__name__}: {_short(error)}); {EXPECTED}"
            ) from error
        if any(np.abs(r[0] - r[-1]).max() > _APART for polygon in walked for r in polygon):
            open_.append(_called(rows[n], n))
    if open_:
        raise BoundaryError(_told_broken(", ".join(open_)))
    return geopandas.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4326")


def _of_topojson(geometry: dict[str, Any], walked: list[list[Points]], moved: dict[str, Any]) -> Any:
    import shapely

    if geometry["type"] == "Point":
        return shapely.Point(np.array(geometry["coordinates"]) * moved["scale"] + moved["translate"])
    found = [[r for r in polygon if len(r) > 3] for polygon in walked]
    return shapely.MultiPolygon([shapely.Polygon(r[0], r[1:]) for r in found if r])
