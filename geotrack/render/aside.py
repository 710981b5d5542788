"""A map of a given height with its words beside it: the map is larger, and its notes have room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from geotrack.map.content import Content
from geotrack.render.flow import Block
from geotrack.render.ground import ground_of
from geotrack.render.layout import Cell, Grid, stacked

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
