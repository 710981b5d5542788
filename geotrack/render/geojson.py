"""A map as GeoJSON (RFC 7946): lon/lat on WGS84, one feature per line."""

from __future__ import annotations

import json
from typing import Any

from geotrack.geo.globe import box_of
from geotrack.geo.topology import Points
from geotrack.map.views import Excerpt
from geotrack.render.features import Feature, columns, features
from geotrack.render.provenance import provenance


def geojson(part: Excerpt, version: str) -> bytes:
    """Write a FeatureCollection whose properties are flat: `share_2019-09`, `share_2019-09_status`.

    Flat, because GDAL (QGIS, geopandas) turns a nested object into one column of JSON text. What the table
    is stands in the foreign member `metadata`, see `provenance`.

    Raises
    ------
    BoundaryError : the boundaries have no way back to degrees.
    """
    found, shapes = features(part)
    text, numbers = columns(part)
    metadata = provenance(part, version) | {"columns": {"text": text, "numbers": numbers}}
    head = {"type": "FeatureCollection", "name": part.content.id, "bbox": list(box_of(shapes))}
    lines = ",\n".join(_json(_feature(each, shapes.digits)) for each in found)
    start = _json(head | {"metadata": metadata})[:-1]
    return f'{start},"features":[\n{lines}\n]}}\n'.encode("utf-8", "replace")


def _feature(feature: Feature, digits: int) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": feature.properties,
        "geometry": _geometry(feature, digits),
    }


def _geometry(feature: Feature, digits: int) -> dict[str, Any] | None:
    if feature.point is not None:
        return {"type": "Point", "coordinates": list(feature.point)}
    if not feature.polygons:
        return None
    polygons = [[_ring(ring, digits) for ring in polygon] for polygon in feature.polygons]
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def _ring(ring: Points, digits: int) -> list[list[float]]:
    return [[round(x, digits), round(y, digits)] for x, y in ring.tolist()]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
