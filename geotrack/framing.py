"""The frame of a map: its projection, its opening view, what of its boundaries is in dispute."""

from __future__ import annotations

from typing import Any

import numpy as np

from geotrack.errors import BoundaryError, SpecError
from geotrack.geo import boundaries
from geotrack.geo.projections import PROJECTIONS
from geotrack.language import catalogue
from geotrack.regions import Regions
from geotrack.spec import Spec

OUT_OF_VIEW = ("ATA",)  # a world map opens without Antarctica, where nobody mines


def ground_of(spec: Spec, shapes: boundaries.Boundaries, regions: Regions) -> dict[str, Any]:
    """Return what a map says of its boundaries."""
    projected, projection = _project(spec, shapes)
    return {
        "boundaries": projected,
        "bounds": _view(projected),
        "projection": catalogue.term(projection, spec.lang),
        "tiles": spec.tiles,
        "disputed": {
            c: catalogue.term(n, spec.lang) for c, n in regions.disputed.items() if c in set(shapes.codes)
        },
        "territories": tuple(c for c in shapes.codes if c in regions.territories),
    }


def _project(spec: Spec, shapes: boundaries.Boundaries) -> tuple[boundaries.Boundaries, str]:
    if spec.tiles:
        return shapes, "Web Mercator: areas far from the equator look larger than they are."
    wanted = PROJECTIONS.get(spec.projection, spec.projection) or shapes.info.projection
    try:
        projected = boundaries.project(shapes, wanted)
    except BoundaryError as error:
        if not spec.projection:
            raise
        raise SpecError(
            f"projection = {spec.projection!r} cannot be used; expected {', '.join(PROJECTIONS)} or "
            f"anything PROJ reads: {error}"
        ) from error
    return projected, _in_words(wanted)


def _in_words(crs: str) -> str:
    if crs == "EPSG:8857":
        return "Equal Earth projection: areas are comparable."
    if "+proj=aea" in crs:
        return "Albers projection: areas are comparable."
    if "+proj=laea" in crs:
        return "Lambert's azimuthal projection: areas are comparable."
    return f"Projection: {crs}."


def _view(shapes: boundaries.Boundaries) -> tuple[float, float, float, float]:
    """Bounds of what is drawn, without Antarctica."""
    corners = []
    for code, shape, point in zip(shapes.codes, shapes.shapes, shapes.points, strict=True):
        if code in OUT_OF_VIEW and len(shapes.codes) > 1:
            continue
        corners.append(point[None, :])
        corners += [
            shapes.arcs[ref if ref >= 0 else ~ref] for polygon in shape for ring in polygon for ref in ring
        ]
    every = np.concatenate(corners)
    (west, south), (east, north) = every.min(axis=0), every.max(axis=0)
    return float(west), float(south), float(east), float(north)
