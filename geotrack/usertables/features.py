"""A user's file of whatever kind: its table, and the shapes of its rows where it is one of features."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from geotrack import files
from geotrack.errors import BoundaryError, ParseError
from geotrack.geo import features
from geotrack.usertables import reading
from geotrack.usertables.frame import FrameTable

KINDS = {"gpkg": "a GeoPackage", "shp": "a shapefile", "zip": "a shapefile in a zip", "topojson": "TopoJSON"}


def read(
    content: bytes, name: str, asked: reading.Asked, path: Path | None = None
) -> tuple[reading.UserTable, Any]:
    """Read a user's file.

    Parameters
    ----------
    content : its bytes. name : for messages.
    path : where it stands; the other files of a shapefile stand beside it.
    asked : where the table is; `sheet` names a layer, too.

    Returns
    -------
    tuple of UserTable and GeoDataFrame
        The latter is None where there are no areas: what has none is a table like others.

    Raises
    ------
    GeotrackError : see `reading.read`; features that cannot be read.
    """
    files.refuse_large_json(content, name, asked.most_bytes)
    kind = features.kind_of(content)
    if kind == "geojson":
        return _of_geojson(content, name, asked)
    if not kind:
        return reading.read(content, name, asked=asked), None
    found = _shapes(content, name, path, asked)
    table = FrameTable(found).table
    return replace(table, how=(KINDS[kind], *table.how[1:]), sheet=asked.sheet), _with_areas(found)


def _of_geojson(content: bytes, name: str, asked: reading.Asked) -> tuple[reading.UserTable, Any]:
    """Read GeoJSON, whose numbers keep the digits that they are written with."""
    table, shapes = (
        reading.read(content, name, asked=asked),
        _shapes(content, name, None, replace(asked, sheet="")),
    )
    if len(shapes) != len(table.frame):  # features without properties at the end
        return table, _with_areas(shapes)
    column = shapes.geometry.name
    return table, _with_areas(shapes[[column]].join(table.frame.drop(columns=column, errors="ignore")))


def _shapes(content: bytes, name: str, path: Path | None, asked: reading.Asked) -> Any:
    features.refuse_packed(content, name, path, asked.most_bytes)
    try:
        return features.load(content, path, asked.sheet)
    except BoundaryError as error:
        raise ParseError(f"{name}: {error}") from error


def _with_areas(found: Any) -> Any:
    """Return features with their shapes, if there is an area among these; a layer may have no shapes."""
    if not hasattr(found, "geometry"):
        return None
    return found if found.geometry.geom_type.isin(("Polygon", "MultiPolygon")).any() else None
