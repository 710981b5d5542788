"""The ground of a picture: a map's boundaries as paths, fitted into a box, no finer than it shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geotrack.geo.boundaries import dissolve, reaches, simplified
from geotrack.geo.topology import Boundaries, Bounds, Points, Shape, arcs_of, coordinates
from geotrack.map.content import Content

if TYPE_CHECKING:
    from matplotlib.path import Path

FINE = 0.12  # points: what lies nearer to a line than this is left out of it
SPECK = 0.01  # square points of a ring that is left out
SMALL = 2.2  # points across: a region of less is drawn as a dot where it has a figure
MERCATOR_END = 85.0  # degrees of latitude: Web Mercator's edge


@dataclass(frozen=True, eq=False)
class Ground:
    """Boundaries in points from the upper left corner of a box, y downwards.

    Parameters
    ----------
    width, height : of the box.
    regions : per region its path, or None where it has no shape or lies out of view.
    points : (regions, 2), where dots and labels stand.
    small : bool per region: too small to be seen by its shape.
    sizes : area of each region's frame.
    arcs : the lines that neighbours share.
    shapes : per region the arcs that it walks.
    seen : bool per region: within the view.
    """

    width: float
    height: float
    regions: tuple[Path | None, ...]
    points: Points
    small: NDArray[np.bool_]
    sizes: NDArray[np.float64]
    arcs: tuple[Points, ...]
    boundaries: Boundaries
    seen: NDArray[np.bool_]

    def lines(self, arcs: Iterable[int]) -> Path | None:
        """Return one path of these arcs, each an open line."""
        from matplotlib.path import Path

        chosen = [self.arcs[i] for i in arcs if len(self.arcs[i]) > 1]
        return Path.make_compound_path(*(Path(line) for line in chosen)) if chosen else None

    def outline(self, regions: Sequence[int]) -> tuple[int, ...]:
        """Return the arcs about several regions, without the borders within."""
        return dissolve(self.boundaries, [self.boundaries.codes[i] for i in regions])

    def within(self, regions: Sequence[int]) -> set[int]:
        """Return the arcs that regions share with each other."""
        walked = {arc for i in regions for arc in arcs_of(self.boundaries.shapes[i])}
        return walked - set(self.outline(regions))


def ground_of(content: Content, width: float, most: float, *, centred: bool = False) -> Ground:
    """Fit a map's boundaries into a width, as high as they are then, but no higher than `most`.

    Parameters
    ----------
    centred : whether a map that is narrower than the width stands in its middle, not at its left.
    """
    boundaries, bounds = _plane(content)
    x0, y0, x1, y1 = bounds
    fit = min(width / (x1 - x0), most / ((y1 - y0) or 1.0))
    height = min(most, (y1 - y0) * fit)
    left = (width - (x1 - x0) * fit) / 2 if centred else 0.0
    origin = np.array([left - x0 * fit, (height + (y0 + y1) * fit) / 2])
    arcs = tuple(simplified([arc * [fit, -fit] + origin for arc in boundaries.arcs], FINE))
    rings = [_rings(shape, arcs, (width, height)) for shape in boundaries.shapes]
    out = {i for i, code in enumerate(boundaries.codes) if code == "ATA" and not _within(content, i)}
    boxes = [_box(found) for found in rings]
    return Ground(
        width,
        height,
        tuple(None if i in out else _path(found) for i, found in enumerate(rings)),
        boundaries.points * [fit, -fit] + origin,
        np.array([bool(found) and max(box) < SMALL for found, box in zip(rings, boxes, strict=True)]),
        np.array([box[0] * box[1] for box in boxes]),
        arcs,
        boundaries,
        np.array([i not in out and (bool(found) or not shape)
                  for i, (found, shape) in enumerate(zip(rings, boundaries.shapes, strict=True))]),
    )  # fmt: skip


def _plane(content: Content) -> tuple[Boundaries, Bounds]:
    """The boundaries on a plane: those of a map with tiles come in degrees, and are drawn in Web Mercator."""
    if not content.tiles:
        return content.boundaries, content.bounds
    west, south, east, north = content.bounds
    corners = _mercator(np.array([[west, south], [east, north]]))
    arcs = tuple(_mercator(arc) for arc in content.boundaries.arcs)
    moved = replace(content.boundaries, arcs=arcs, points=_mercator(content.boundaries.points))
    return moved, (*corners[0].tolist(), *corners[1].tolist())


def _mercator(points: Points) -> Points:
    lon, lat = np.radians(points[:, 0]), np.radians(np.clip(points[:, 1], -MERCATOR_END, MERCATOR_END))
    return np.column_stack([lon, np.log(np.tan(np.pi / 4 + lat / 2))])


def _within(content: Content, region: int) -> bool:
    west, south, east, north = content.bounds
    x, y = content.boundaries.points[region]
    return bool(west <= x <= east and south <= y <= north)


def _rings(shape: Shape, arcs: Sequence[Points], frame: tuple[float, float]) -> list[Points]:
    """Rings within the view, outer ones one way round and holes the other: any rule fills them alike."""
    found = []
    for polygon in shape:
        for place, ring in enumerate(polygon):
            line = coordinates(ring, arcs)
            area = _area(line)
            if abs(area) > SPECK and reaches(line, *frame):
                found.append(line if (area > 0) == (place == 0) else line[::-1])
    return found


def _area(line: Points) -> float:
    x, y = line[:, 0], line[:, 1]
    return float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum()) / 2


def _box(rings: Sequence[Points]) -> tuple[float, float]:
    if not rings:
        return 0.0, 0.0
    every = np.concatenate(rings)
    wide, high = every.max(axis=0) - every.min(axis=0)
    return float(wide), float(high)


def _path(rings: Sequence[Points]) -> Path | None:
    from matplotlib.path import Path

    if not rings:
        return None
    codes = [np.full(len(ring), Path.LINETO, dtype=Path.code_type) for ring in rings]
    for code in codes:
        code[0], code[-1] = Path.MOVETO, Path.CLOSEPOLY
    return Path(np.concatenate(rings), np.concatenate(codes))
