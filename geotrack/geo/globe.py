"""Shapes on the globe as GIS programs exchange them: lon/lat, outer rings counterclockwise, few digits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from geotrack.geo.boundaries import Boundaries, in_degrees
from geotrack.geo.topology import Points, rings

DIGITS = 6  # of a degree: a tenth of a metre, as RFC 7946 (2016, 11.2) advises
OWN_DIGITS = 7  # the grid on which boundaries of the user's own are read


@dataclass(frozen=True, eq=False)
class Shapes:
    """Each region in lon/lat, in the order of the boundaries' codes.

    Parameters
    ----------
    polygons : per region its polygons of closed rings, each (n, 2); the outer ring counterclockwise, holes
        clockwise (RFC 7946, 3.1.6). Nothing crosses 180 degrees: boundaries are cut there. () for a dot.
    points : (regions, 2), where a region without polygons stands.
    digits : decimals that coordinates are written with.
    """

    polygons: tuple[tuple[tuple[Points, ...], ...], ...]
    points: Points
    digits: int


def shapes_of(boundaries: Boundaries) -> Shapes:
    """Return the regions in lon/lat.

    Raises
    ------
    BoundaryError : their CRS leads nowhere on the globe.
    """
    degrees = in_degrees(boundaries)
    digits = OWN_DIGITS if boundaries.own else DIGITS
    arcs = [np.round(arc, digits) + 0.0 for arc in degrees.arcs]  # + 0.0: no negative zero
    polygons = tuple(tuple(_wound(polygon) for polygon in rings(shape, arcs)) for shape in degrees.shapes)
    return Shapes(polygons, np.round(degrees.points, digits) + 0.0, digits)


def dissolved(shapes: Shapes, places: Collection[int]) -> tuple[tuple[Points, ...], ...]:
    """Return the outline of several regions as polygons, without the borders among them.

    Parameters
    ----------
    places : of the regions; dots among them have no area and add none.
    """
    import shapely

    parts = [
        shapely.Polygon(polygon[0], polygon[1:]) for i in sorted(places) for polygon in shapes.polygons[i]
    ]
    whole = shapely.union_all([part if part.is_valid else shapely.make_valid(part) for part in parts])
    found = [part for part in shapely.get_parts(shapely.get_parts(whole)) if part.geom_type == "Polygon"]
    lines = [[shapely.get_coordinates(ring) for ring in (p.exterior, *p.interiors)] for p in found]
    # in an order of their own, not the one that the library's version walks them in
    return tuple(_wound(polygon) for polygon in sorted(lines, key=lambda p: tuple(p[0].min(axis=0))))


def _wound(polygon: Sequence[Points]) -> tuple[Points, ...]:
    """Turn the outer ring counterclockwise and the holes clockwise."""
    outer, *holes = polygon
    return (_turned(outer, True), *(_turned(hole, False) for hole in holes))


def _turned(ring: Points, counterclockwise: bool) -> Points:
    x, y = (ring - ring[0]).T
    area = float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum())
    return ring if (area > 0) == counterclockwise else ring[::-1]


def box_of(shapes: Shapes) -> tuple[float, float, float, float]:
    """Return west, south, east and north of all shapes."""
    lines: list[Any] = [ring for shape in shapes.polygons for polygon in shape for ring in polygon[:1]]
    every = np.concatenate([*lines, shapes.points])
    (west, south), (east, north) = every.min(axis=0), every.max(axis=0)
    return float(west), float(south), float(east), float(north)
