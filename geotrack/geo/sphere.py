"""Places on a sphere: vectors and degrees, distances, the centre of a shape's area; pure numpy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float64]
EARTH_KM = 6371.0088
"""Mean radius of the Earth, (2a + b) / 3 of WGS 84 (Moritz, 2000)."""

STEP = 1.0  # degrees: a border along a parallel is no great circle; cut this fine, it differs by metres


def vectors(points: np.ndarray) -> Vectors:
    """Return unit vectors of longitudes and latitudes in degrees: (n, 2) -> (n, 3); NaN stays NaN."""
    lon, lat = np.radians(np.asarray(points, dtype=np.float64)).T
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def degrees(vector: np.ndarray) -> Vectors:
    """Return longitude and latitude in degrees of vectors of any length above 0: (..., 3) -> (..., 2)."""
    x, y, z = np.moveaxis(np.asarray(vector, dtype=np.float64), -1, 0)
    return np.stack([np.degrees(np.arctan2(y, x)), np.degrees(np.arctan2(z, np.hypot(x, y)))], axis=-1)


def distances(a: np.ndarray, b: np.ndarray) -> Vectors:
    """Return great-circle distances in km between unit vectors: (n, 3), (m, 3) -> (n, m).

    By the haversine of the chord (Sinnott, 1984), which keeps its digits for near points.
    """
    chord = np.linalg.norm(a[:, None, :] - b[None, :, :], axis=2)
    return np.asarray(2 * EARTH_KM * np.arcsin(np.minimum(chord / 2, 1.0)))


def area_vector(polygons: Sequence[Sequence[np.ndarray]]) -> Vectors:
    """Return the integral of the unit vector over a shape: its direction is the centre of the area.

    Over a polygon of great-circle edges the integral is exact: half the sum, over the edges, of the angle
    times the unit normal (Brock, 1975, The inertia tensor for a spherical triangle). Holes count against it.

    Parameters
    ----------
    polygons : each a sequence of closed rings of (n, 2) degrees, the first one outside.

    Returns
    -------
    (3,) in steradians times unit length; zeros for a shape without an area.
    """
    total = np.zeros(3)
    for polygon in polygons:
        for place, ring in enumerate(polygon):
            line = vectors(_cut(np.asarray(ring, dtype=np.float64)))
            part = _integral(line)
            toward = float(part @ line.mean(axis=0))  # whichever way round it is walked
            total += part * np.sign(toward) * (1 if place == 0 else -1)
    return total


def _integral(line: Vectors) -> Vectors:
    cross = np.cross(line[:-1], line[1:])
    sine = np.linalg.norm(cross, axis=1)
    angle = np.arctan2(sine, (line[:-1] * line[1:]).sum(axis=1))
    ratio = np.divide(angle, sine, out=np.ones_like(angle), where=sine > 0)
    return np.asarray((cross * ratio[:, None]).sum(axis=0) / 2)


def _cut(ring: Vectors) -> Vectors:
    """Cut long edges, straight in degrees, into steps."""
    pieces = np.maximum(1, np.ceil(np.abs(np.diff(ring, axis=0)).max(axis=1) / STEP)).astype(int)
    if pieces.max(initial=1) == 1:
        return ring
    edge = np.repeat(np.arange(len(pieces)), pieces)
    part = (np.arange(len(edge)) - np.repeat(np.cumsum(pieces) - pieces, pieces)) / pieces[edge]
    cut = ring[edge] + (ring[edge + 1] - ring[edge]) * part[:, None]
    return np.concatenate([cut, ring[-1:]])
