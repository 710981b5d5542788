"""The legend that all panels of a picture share: classes in a strip, then what the other marks mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geotrack.map.classes import legend_order
from geotrack.map.content import Layer
from geotrack.render.drawing import Sheet
from geotrack.render.flow import Block, Piece, Rows, rows
from geotrack.render.fonts import Fonts
from geotrack.render.ink import Fill, Ink, fills


@dataclass(frozen=True)
class Strip:
    """Classes side by side, each named below its box; other marks right of them, or in rows below."""

    cells: tuple[tuple[Fill, str], ...]
    cell: float
    size: float
    more: Rows
    beside: float  # where the other marks begin; 0: below the strip

    @property
    def height(self) -> float:
        """Points."""
        return 2.25 * self.size + (0 if self.beside else 0.4 * self.size + self.more.height)

    def draw(self, sheet: Sheet, x: float, y: float) -> None:
        """Draw it with its upper left corner there."""
        for i, (fill, label) in enumerate(self.cells):
            left = x + i * self.cell
            sheet.box(left, y, self.cell, 0.95 * self.size, fill, edge=sheet.ink.border)
            sheet.text(left + self.cell / 2, y + 1.95 * self.size, label, self.size, align="center")
        down = 0.0 if self.beside else 2.65 * self.size
        self.more.draw(sheet, x + self.beside, y + down)


def legend(
    layer: Layer, marks: Sequence[Piece], ink: Ink, fonts: Fonts, *, size: float, width: float
) -> Block:
    """Return the legend of a layer: a strip where its labels fit, else a list.

    Parameters
    ----------
    marks : no data, lower bounds, borders in dispute; what the picture has of them.
    size, width : points.
    """
    if not layer.labels:
        return rows(fonts, marks, size, width)
    palette = fills(layer, ink)
    cells = [(palette[i], fonts.clean(layer.labels[i])) for i in legend_order(layer)]
    widest = max((fonts.width(label, size) for _, label in cells), default=0.0)
    cell = max(widest + 0.7 * size, 2.4 * size)
    if cell * len(cells) > width:
        named = [Piece(((label, 400, ""),), fill) for fill, label in cells]
        return rows(fonts, [*named, *marks], size, width)
    beside = cell * len(cells) + 1.6 * size
    right = rows(fonts, marks, size, width - beside) if width - beside > 8 * size else None
    if right and len(right.rows) <= 2 and not _crowded(right, fonts, width - beside):
        return Strip(tuple(cells), cell, size, right, beside)
    return Strip(tuple(cells), cell, size, rows(fonts, marks, size, width), 0.0)


def _crowded(found: Rows, fonts: Fonts, width: float) -> bool:
    """Whether a piece had to be cut to fit."""
    return any(at + piece.width(fonts, found.size) > width for row in found.rows for at, piece in row)
