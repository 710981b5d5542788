"""The mean centre: the weighted mean of places in three dimensions, slice by slice; pure numpy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from geotrack.errors import SpecError
from geotrack.geo import boundaries, sphere
from geotrack.geo.topology import Boundaries, rings
from geotrack.map.content import Content
from geotrack.measure.shares import is_row

LEAST_LENGTH = 1e-9
"""Below this the mean has no direction: opposite places in balance. Far above the error of doubles."""


@dataclass(frozen=True, eq=False)
class CentreTrack:
    """The mean centre over time. Arrays run over slices.

    Parameters
    ----------
    lon, lat : of the centre, in degrees; NaN where no figure has a place or where opposite places balance.
    length : R, the length of the mean vector of the placed share, 0 to 1: 1 if all is at one place, near 0
        if it lies around the whole globe. With two far poles R is small and the point unstable: read both.
    placed : weight that has a place, in the unit of the weights. rest : weight that has none.
    reach : how far the centre of everything may lie from this one, in km, wherever the rest is; NaN where
        the rest is heavy enough to put it anywhere.
    low, high : least and greatest length of the mean vector of everything, wherever the rest is.
    """

    lon: np.ndarray
    lat: np.ndarray
    length: np.ndarray
    placed: np.ndarray
    rest: np.ndarray
    reach: np.ndarray
    low: np.ndarray
    high: np.ndarray


def track(values: np.ndarray, places: np.ndarray, rest: np.ndarray) -> CentreTrack:
    """Return the mean centre of each slice.

    The mean of unit vectors, each weighted by its share, projected back to the surface (Fisher, 1953,
    Dispersion on a sphere; Aboufadel and Austin, 2006, for centres of population). A mean of longitudes would
    depend on where the map is cut. The rest of weight w adds a vector of length w at most: the sum S of what
    is placed turns by at most asin(w / |S|), and its length changes by at most w.

    Parameters
    ----------
    values : regions × slices, not below 0; NaN where missing, which weighs nothing here and is in `rest`.
    places : (regions, 3) unit vectors; NaN for a region without a place, whose figure is added to the rest.
    rest : per slice, weight of what is not among the regions; NaN for a slice without figures.
    """
    here = np.isfinite(places).all(axis=1)
    known = np.isfinite(values)
    weights = np.where(known & here[:, None], values, 0.0)
    total = np.einsum("rs,rd->sd", weights, np.where(here[:, None], places, 0.0))
    placed = weights.sum(axis=0)
    rest = rest + np.where(known & ~here[:, None], values, 0.0).sum(axis=0)
    size = np.linalg.norm(total, axis=1)
    length = np.divide(size, placed, out=np.full(len(placed), np.nan), where=placed > 0)
    pointed = length > LEAST_LENGTH  # NaN is not above it
    at = np.where(pointed[:, None], sphere.degrees(np.where(pointed[:, None], total, 1.0)), np.nan)
    held = pointed & (rest < size)
    turn = np.arcsin(np.divide(rest, size, out=np.ones(len(size)), where=held))
    whole = np.where(placed + rest > 0, placed + rest, np.nan)
    return CentreTrack(
        lon=at[:, 0],
        lat=at[:, 1],
        length=length,
        placed=placed,
        rest=rest,
        reach=np.where(held, sphere.EARTH_KM * turn, np.nan),
        low=np.maximum(size - rest, 0.0) / whole,
        high=np.minimum((size + rest) / whole, 1.0),
    )


def moved(found: CentreTrack, first: int, last: int) -> float:
    """Return the great-circle distance in km between the centres of two slices; NaN if either has none."""
    a, b = (sphere.vectors(np.array([[found.lon[t], found.lat[t]]])) for t in (first, last))
    return float(sphere.distances(a, b)[0, 0])


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
    flat = boundaries.in_degrees(content.boundaries)
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
