"""Where the rows of a map's figures lie: centres of area from its boundaries, or places a caller gives."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from geotrack.errors import SpecError
from geotrack.geo import boundaries, sphere
from geotrack.geo.topology import Boundaries, rings
from geotrack.map.content import Content
from geotrack.shares import is_row

DEGREES = "EPSG:4326"


def places(content: Content, given: Mapping[str, tuple[float, float]] | None = None) -> np.ndarray:
    """Return a unit vector for each row of `shares.shares_of`; NaN for one that has no boundary.

    Parameters
    ----------
    given : code -> longitude and latitude in degrees, instead of the centre of the area: a centre of
        population, say. Where its figures come from is the caller's to state.

    Raises
    ------
    SpecError : a place that is none, or of a code that the map does not have.
    """
    shapes = content.boundaries
    flat = shapes if shapes.crs == DEGREES else boundaries.project(shapes, DEGREES)
    units = [unit for unit in content.units if is_row(unit)]
    known: dict[int, np.ndarray] = {}
    found = np.full((len(units), 3), np.nan)
    for row, unit in enumerate(units):
        own = unit.members[:1] if unit.kind == "region" else unit.members  # France's centre is in Europe
        parts = [known.setdefault(member, _of(flat, member)) for member in own]
        total = np.sum(parts, axis=0) if parts else np.zeros(3)
        size = float(np.linalg.norm(total))
        if size > 0:
            found[row] = total / size
    for code, place in (given or {}).items():
        found[_row(code, [unit.code for unit in units])] = _checked(code, place)
    return found


def _of(shapes: Boundaries, member: int) -> np.ndarray:
    """The vector of a region's area; of one drawn as a dot, a tiny one at its point."""
    vector = sphere.area_vector(rings(shapes.shapes[member], shapes.arcs))
    if not vector.any():
        return np.asarray(sphere.vectors(shapes.points[[member]])[0] * 1e-12)
    return vector


def _row(code: str, codes: list[str]) -> int:
    if code not in codes:
        raise SpecError(f"places: no region {code!r}; expected some of: {', '.join(codes[:40])}")
    return codes.index(code)


def _checked(code: str, place: tuple[float, float]) -> np.ndarray:
    try:
        lon, lat = (float(each) for each in place)
    except (TypeError, ValueError):
        lon = lat = np.nan
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise SpecError(
            f"places: {code} = {place!r}; expected longitude and latitude in degrees, (-98.6, 39.8)"
        )
    return np.asarray(sphere.vectors(np.array([[lon, lat]]))[0])
