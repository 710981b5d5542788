"""The layout of a figure: blocks above, panels in a grid, blocks below; measured before anything is drawn."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from geotrack.errors import SpecError
from geotrack.map.content import Content
from geotrack.render.picture.flow import Block
from geotrack.render.picture.ground import Ground, ground_of
from geotrack.render.picture.sizes import POINTS, Size

NARROW = 17.5  # of the text's size: panels are no narrower where the figure chooses its columns
TALL = 0.72  # of a figure's width: no map is higher
LEAST_MAP = 3.0  # of the text's size: lower maps show nothing


@dataclass(frozen=True)
class Cell:
    """What stands around one panel."""

    above: tuple[Block, ...]
    below: tuple[Block, ...]


@dataclass(frozen=True)
class Grid:
    """Panels of one size in rows.

    Parameters
    ----------
    cells : in reading order.
    width : of a panel. ground : its map, fitted. gap : between panels, and between what stands in a cell.
    tight : whether the map could be larger if the figure were higher.
    """

    cells: tuple[Cell, ...]
    cols: int
    width: float
    gap: float
    ground: Ground
    tight: bool

    @property
    def rows(self) -> list[tuple[Cell, ...]]:
        """Cells row by row."""
        return [self.cells[i : i + self.cols] for i in range(0, len(self.cells), self.cols)]

    @property
    def height(self) -> float:
        """Points."""
        return around(self.rows, self.gap) + self.ground.height * len(self.rows)


def stacked(blocks: Sequence[Block], gap: float) -> float:
    """Return the height of blocks above each other."""
    return sum(block.height for block in blocks) + gap * max(0, len(blocks) - 1)


def around(rows: Sequence[Sequence[Cell]], gap: float) -> float:
    """Return the height of all rows without their maps."""
    words = sum(above_of(row, gap) + below_of(row, gap) for row in rows)
    return words + gap * (len(rows) - 1)


def above_of(row: Sequence[Cell], gap: float) -> float:
    """Return the height above the maps of a row, the same for all of them."""
    return max(stacked(cell.above, 0) for cell in row) + 0.4 * gap


def below_of(row: Sequence[Cell], gap: float) -> float:
    """Return the height below the maps of a row."""
    return max(stacked(cell.below, 0) for cell in row) + 0.2 * gap


def columns(count: int, size: Size, room: float, gap: float) -> int:
    """Return how many panels stand side by side: as many as can be read, in rows as full as can be."""
    most = max(1, min(count, int((room + gap) // (NARROW * size.text + gap))))
    return math.ceil(count / math.ceil(count / most))


def width_of(cols: int, room: float, gap: float) -> float:
    """Return the width of a panel."""
    return (room - gap * (cols - 1)) / cols


def highest(size: Size, rows: Sequence[Sequence[Cell]], gap: float, left: float) -> float:
    """Return how high a map may be.

    Parameters
    ----------
    left : height that all rows share in a figure of a given height; of no use in one that grows.
    """
    if not size.height:
        return TALL * size.width
    return (left - around(rows, gap)) / len(rows)


def refuse_crowded(size: Size, high: float, count: int) -> None:
    """Refuse a figure of a given height that has no room left for its maps."""
    if high < LEAST_MAP * size.text:
        millimetre = POINTS["mm"]
        raise SpecError(
            f"{count} panels do not fit into {size.width / millimetre:.0f} × "
            f"{size.height / millimetre:.0f} mm with their text; show "
            "fewer slices, or give a width without a height"
        )


def fitted(
    content: Content, cells: Sequence[Cell], cols: int, *, room: float, gap: float, high: float
) -> Grid:
    """Return the grid with the map's boundaries fitted into its panels."""
    width = width_of(cols, room, gap)
    ground = ground_of(content, width, high, centred=cols == 1)
    return Grid(tuple(cells), cols, width, gap, ground, ground.height > high - 0.01)


NARROWEST, WIDEST = 0.27, 0.42  # of the room: the column of words
SPACE = 0.25  # of the gap, between the blocks of the column


@dataclass(frozen=True)
class Aside:
    """A column of words and, right of it, the map.

    Parameters
    ----------
    words : blocks from the top. space : between them.
    left : where the map's box begins, from the column's left edge.
    grid : the one panel, without words of its own.
    """

    words: tuple[Block, ...]
    space: float
    left: float
    grid: Grid


def aside(
    content: Content,
    words: Callable[[float, int], tuple[Block, ...]],
    *,
    room: float,
    gap: float,
    high: float,
    most: int,
) -> Aside | None:
    """Fit a map and its words side by side.

    Parameters
    ----------
    words : called with the column's width and how many notes to keep.
    room, gap, high : width of both, space between them, height of both; points.
    most : notes that there are.

    Returns
    -------
    Aside or None
        None where the words do not fit even without notes.
    """
    west, south, east, north = content.bounds
    natural = high * (east - west) / ((north - south) or 1.0)
    column = min(max(room - gap - natural, NARROWEST * room), WIDEST * room)
    space = SPACE * gap
    for kept in range(most, -1, -1):
        blocks = words(column, kept)
        if stacked(blocks, space) <= high:
            width = room - column - gap
            ground = ground_of(content, width, high, centred=True)
            return Aside(blocks, space, column + gap, Grid((Cell((), ()),), 1, width, gap, ground, True))
    return None
