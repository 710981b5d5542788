"""A map as GeoJSON (RFC 7946): lon/lat on WGS84, one feature per line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from geotrack.geo.globe import Shapes, box_of, dissolved, shapes_of
from geotrack.geo.topology import Points
from geotrack.map.views import Excerpt
from geotrack.render.table.rows import provenance, wide, wide_columns


@dataclass(frozen=True, eq=False)
class Feature:
    """A row with a place.

    Parameters
    ----------
    properties : code, name, kind, members, then the columns of `rows.wide_columns`.
    polygons : in lon/lat, see `globe.Shapes`; () for a dot or none.
    point : of a dot; None if there are polygons, or no place at all.
    """

    properties: Mapping[str, str | float | None]
    polygons: tuple[tuple[Points, ...], ...] = ()
    point: tuple[float, float] | None = None


def columns(part: Excerpt) -> tuple[list[str], list[str]]:
    """Return the names of the columns of text, and those of numbers."""
    values, statuses, notes = wide_columns(part)
    return ["code", "name", "kind", "members", *statuses, *notes], list(values)


def features(part: Excerpt) -> tuple[list[Feature], Shapes]:
    """Return the regions of the boundaries in their order, then all units that are none of them.

    A region that the source never lists has neither values nor statuses. What is a part of a region and shows
    its figure is in that region's shape, named among its members, and no feature of its own. An aggregate's
    shape is that of its members without the borders among them; a remainder, a whole and an undrawn region
    have no shape.

    Raises
    ------
    BoundaryError : the boundaries have no way back to degrees.
    """
    shapes, units = shapes_of(part.content.boundaries), part.content.units
    codes = part.content.boundaries.codes
    home = {
        unit.members[0]: u
        for u, unit in enumerate(units)
        if unit.members and unit.code == codes[unit.members[0]]
    }
    rest = [u for u in range(len(units)) if u not in home.values()]
    return [*_regions(part, shapes, home), *(_other(part, shapes, u) for u in rest)], shapes


def _regions(part: Excerpt, shapes: Shapes, home: dict[int, int]) -> Iterator[Feature]:
    boundaries, units = part.content.boundaries, part.content.units
    taken = {i for u in home.values() for i in units[u].members[1:]}
    for i, (code, name) in enumerate(zip(boundaries.codes, boundaries.names, strict=True)):
        u = home.get(i)
        if i in taken:
            continue
        if u is not None and len(units[u].members) > 1:
            yield _other(part, shapes, u)
            continue
        row = {"code": code, "name": name if u is None else units[u].name}
        row["kind"] = "region" if u is None else units[u].kind
        polygons = shapes.polygons[i]
        point = None if polygons else (float(shapes.points[i, 0]), float(shapes.points[i, 1]))
        yield Feature(row if u is None else row | wide(part, u), polygons, point)


def _other(part: Excerpt, shapes: Shapes, u: int) -> Feature:
    unit, codes = part.content.units[u], part.content.boundaries.codes
    row = {"code": unit.code, "name": unit.name, "kind": unit.kind}
    if unit.members:
        row["members"] = " ".join(codes[i] for i in unit.members)
    return Feature(row | wide(part, u), dissolved(shapes, unit.members) if unit.members else ())


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
