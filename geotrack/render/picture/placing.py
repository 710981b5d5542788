"""Where a name stands on a map: beside what it names, over sea or empty land; as web/map/placing.js."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from geotrack.geo.topology import Points, arcs_of
from geotrack.render.picture.ground import Ground

CELL = 0.31  # of a label's size: cells of the raster that says what lies where
SMALL = 60  # cells of a region that a name could hide whole
LAND, FIGURE, TINY = (
    0.0016,
    0.04,
    0.12,
)  # prices of a cell hidden: without a figure, with one, of a small region
FAR = 3.0  # price of moving by the map's diagonal
ISLE = 20.0  # times smaller than the largest land: no line leads to it
MARGIN = 2.0
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, eq=False)
class Raster:
    """What lies in each cell of a map: the place of a region, or -1 for sea.

    Parameters
    ----------
    cells : rows × columns.
    sizes : cells of each region.
    cell : points across.
    room : width and height of the map in points.
    """

    cells: NDArray[np.int64]
    sizes: NDArray[np.int64]
    cell: float
    room: Points

    def points(self, regions: Collection[int]) -> Points:
        """Return the middles of the cells of some regions."""
        rows, columns = np.nonzero(np.isin(self.cells, list(regions)))
        return np.column_stack([columns + 0.5, rows + 0.5]) * self.cell


@lru_cache(maxsize=4)
def raster_of(ground: Ground, size: float) -> Raster:
    """Look at a map once, in cells that fit labels of a size; a speck of a region has one cell."""
    cell = CELL * size
    shape = int(np.ceil(ground.height / cell)), int(np.ceil(ground.width / cell))
    ys, xs = ((np.arange(count) + 0.5) * cell for count in shape)  # middles of rows, of columns
    cells = np.full(shape, -1)
    for i, path in enumerate(ground.regions):
        if path is not None:
            (left, top), (right, bottom) = (box := path.get_extents()).min, box.max
            across = slice(np.searchsorted(xs, left), np.searchsorted(xs, right, "right"))
            down = slice(np.searchsorted(ys, top), np.searchsorted(ys, bottom, "right"))
            if (near := cells[down, across]).size:
                middles = np.stack(np.meshgrid(xs[across], ys[down]), axis=-1).reshape(-1, 2)
                near[path.contains_points(middles).reshape(near.shape)] = i
    flat = cells.ravel()  # the same cells
    met = np.bincount(flat[flat >= 0], minlength=len(ground.regions))
    at = (ground.points // cell).astype(int)
    within = ((at >= 0) & (at < shape[::-1])).all(axis=1)
    specks = np.flatnonzero((met == 0) & ground.seen & within)
    flat[at[specks, 1] * shape[1] + at[specks, 0]] = specks
    sizes = np.bincount(flat[flat >= 0], minlength=len(ground.regions))
    return Raster(cells, sizes, cell, np.array([ground.width, ground.height]))


def lands_of(ground: Ground, regions: Sequence[int]) -> list[int]:
    """Return the largest region of each land that regions make up where they touch.

    Islands beside a much larger land are left out.
    """
    lands: list[tuple[set[int], int]] = []
    for i in regions:
        arcs, largest = set(arcs_of(ground.boundaries.shapes[i])), i
        apart = []
        for land in lands:
            if arcs.isdisjoint(land[0]):
                apart.append(land)
            else:
                arcs, largest = arcs | land[0], max(land[1], largest, key=lambda r: ground.sizes[r])
        lands = [*apart, (arcs, largest)]
    most = max((ground.sizes[r] for _, r in lands), default=0.0)
    return [r for _, r in lands if ground.sizes[r] >= most / ISLE]


def prices_of(raster: Raster, listed: NDArray[np.bool_], own: Collection[int]) -> NDArray[np.float64]:
    """Return the price of hiding each cell, summed up from the upper left corner."""
    small = raster.sizes <= SMALL
    each = np.where(listed, np.where(small, TINY, FIGURE), np.where(small, FIGURE, LAND))
    each[list(own)] = FIGURE
    price = np.append(each, 0.0)[raster.cells]  # -1 is sea, the last
    return np.pad(price.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))


def placed(
    size: tuple[float, float],
    anchors: Points,
    prices: NDArray[np.float64],
    raster: Raster,
    taken: Sequence[Box],
) -> Box:
    """Return the box in which a label costs least, within the map and off those before it.

    Parameters
    ----------
    size : width and height of the label.
    anchors : the points that it belongs to.
    """
    ends = np.maximum(raster.room - size - MARGIN, 0.0)
    across, down = (
        np.arange(min(MARGIN, end), end + raster.cell, 1.5 * raster.cell).clip(max=end) for end in ends
    )
    x, y = (each.ravel() for each in np.meshgrid(across, down))
    boxes = np.stack([x, y, x + size[0], y + size[1]])
    about = boxes + raster.cell * np.array([[-1], [-1], [1], [1]])
    cost = _hidden(prices, about / raster.cell)
    far = np.hypot(*raster.room)
    for anchor in anchors:
        cost += FAR * np.hypot(*(nearest(boxes, anchor) - anchor[:, None])) / far / len(anchors)
    for other in taken:
        apart = (
            (about[0] >= other[2]) | (about[2] <= other[0]) | (about[1] >= other[3]) | (about[3] <= other[1])
        )
        cost[~apart] += 100
    left, top, right, bottom = boxes[:, int(cost.argmin())]
    return float(left), float(top), float(right), float(bottom)


def nearest(box: Box | Points, point: Points) -> Points:
    """Return the point of a box, or of each of several, that is nearest to another point."""
    left, top, right, bottom = box
    return np.stack([np.clip(point[0], left, right), np.clip(point[1], top, bottom)])


def _hidden(prices: NDArray[np.float64], boxes: Points) -> NDArray[np.float64]:
    """What the cells under boxes cost, by four look-ups each."""
    rows, columns = np.array(prices.shape) - 1
    left, right = np.floor(boxes[0]).clip(0, columns), np.ceil(boxes[2]).clip(0, columns)
    top, bottom = np.floor(boxes[1]).clip(0, rows), np.ceil(boxes[3]).clip(0, rows)
    left, top, right, bottom = (each.astype(int) for each in (left, top, right, bottom))
    return np.asarray(
        prices[bottom, right] - prices[bottom, left] - prices[top, right] + prices[top, left],
        dtype=np.float64,
    )
