"""A map as GeoParquet 1.1: a row per feature, shapes as WKB in lon/lat (OGC:CRS84, the format's default)."""

from __future__ import annotations

import importlib
import io
import json
from typing import Any

from geotrack.errors import SpecError
from geotrack.geo.globe import Shapes, box_of
from geotrack.map.views import Excerpt
from geotrack.render.table.geojson import Feature, columns, features
from geotrack.render.table.rows import provenance


def geoparquet(part: Excerpt, version: str) -> bytes:
    """Write the columns of the GeoJSON, typed; what the table is stands in the schema's key `geotrack`.

    Raises
    ------
    SpecError : pyarrow is not installed.
    BoundaryError : the boundaries have no way back to degrees.
    """
    try:
        arrow = importlib.import_module("pyarrow")
        parquet = importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise SpecError(
            f"{part.content.id}: Parquet needs pyarrow, which is not installed; "
            "pip install 'geotrack[parquet]', or export .geojson"
        ) from error
    found, shapes = features(part)
    texts, numbers = columns(part)
    rows = [feature.properties for feature in found]
    text, number = arrow.string(), arrow.float64()
    first = [name for name in texts[:4] if name != "members" or any(name in row for row in rows)]
    kinds = [*((n, text) for n in first), *((n, number) for n in numbers), *((n, text) for n in texts[4:])]
    arrays = [arrow.array([_cell(row.get(name)) for row in rows], kind) for name, kind in kinds]
    geometry = [_geometry(feature) for feature in found]
    metadata = {"geo": _geo(geometry, shapes), "geotrack": provenance(part, version)}
    schema = arrow.schema(
        [*(arrow.field(name, kind) for name, kind in kinds), arrow.field("geometry", arrow.binary())],
        {key: _json(value) for key, value in metadata.items()},
    )
    table = arrow.table([*arrays, arrow.array(_wkb(geometry), arrow.binary())], schema=schema)
    file = io.BytesIO()
    parquet.write_table(table, file, compression="zstd")
    return file.getvalue()


def _cell(value: Any) -> Any:
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False).encode("utf-8", "replace")


def _geometry(feature: Feature) -> Any:
    import shapely

    if feature.point is not None:
        return shapely.Point(feature.point)
    polygons = [shapely.Polygon(polygon[0], polygon[1:]) for polygon in feature.polygons]
    if len(polygons) == 1:
        return polygons[0]
    return shapely.MultiPolygon(polygons) if polygons else None


def _wkb(shapes: list[Any]) -> list[bytes | None]:
    import shapely

    # ISO, little-endian: what the format asks for
    return [None if shape is None else shapely.to_wkb(shape, byte_order=1, flavor="iso") for shape in shapes]


def _geo(geometry: list[Any], shapes: Shapes) -> dict[str, Any]:
    column = {
        "encoding": "WKB",
        "geometry_types": sorted({shape.geom_type for shape in geometry if shape is not None}),
        "orientation": "counterclockwise",
        "edges": "planar",
        "bbox": list(box_of(shapes)),
    }
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
