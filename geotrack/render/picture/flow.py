"""Blocks of a picture that know their height before they are drawn: paragraphs, and pieces in rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from geotrack.map.classes import legend_order
from geotrack.map.content import Layer
from geotrack.render.picture.drawing import Drawing
from geotrack.render.picture.fonts import Fonts
from geotrack.render.picture.ink import Fill, Ink, fills

LEADING = 1.26  # of the size, from line to line
ASCENT = 0.8  # of the size, from a line's top to its baseline
KEY = 1.5  # of the size: how wide the sample before a text is


class Block(Protocol):
    """Something with a height that can be drawn."""

    @property
    def height(self) -> float:
        """Points."""
        ...

    def draw(self, sheet: Drawing, x: float, y: float) -> None:
        """Draw it with its upper left corner there."""
        ...


@dataclass(frozen=True)
class Paragraph:
    """Lines of text of one size."""

    lines: tuple[str, ...]
    size: float
    weight: int = 400
    colour: str = ""

    @property
    def height(self) -> float:
        """Points."""
        return len(self.lines) * self.size * LEADING

    def draw(self, sheet: Drawing, x: float, y: float) -> None:
        """Draw it with its upper left corner there."""
        for i, line in enumerate(self.lines):
            base = y + self.size * (ASCENT + 0.1 + i * LEADING)
            sheet.text(x, base, line, self.size, weight=self.weight, colour=self.colour)


def paragraph(
    fonts: Fonts, text: str, size: float, width: float, *, weight: int = 400, colour: str = ""
) -> Paragraph:
    """Break a text into a paragraph of a width."""
    return Paragraph(fonts.wrap(text, size, weight, width), size, weight, colour)


@dataclass(frozen=True)
class TextRun:
    """A short text, perhaps with a sample before it: a filled box, or a line.

    Parameters
    ----------
    parts : (text, weight, colour), side by side.
    fill : of the box. line : (colour, dashes) of the line.
    """

    parts: tuple[tuple[str, int, str], ...]
    fill: Fill | None = None
    line: tuple[str, tuple[float, ...]] | None = None

    def width(self, fonts: Fonts, size: float) -> float:
        """Return how wide it is."""
        texts = sum(fonts.width(text, size, weight) for text, weight, _ in self.parts)
        gaps = 0.28 * size * (len(self.parts) - 1)
        return texts + gaps + ((KEY + 0.4) * size if self.fill or self.line else 0.0)

    def draw(self, sheet: Drawing, x: float, y: float, size: float) -> None:
        """Draw it; y is the top of its row."""
        base = y + size * (ASCENT + 0.1)
        if self.fill:
            sheet.box(x, base - 0.72 * size, KEY * size, 0.82 * size, self.fill, edge=sheet.ink.border)
        if self.line:
            colour, dash = self.line
            sheet.line([x, x + KEY * size], [base - 0.27 * size] * 2, colour, 0.16 * size, dash)
        x += (KEY + 0.4) * size if self.fill or self.line else 0.0
        for text, weight, colour in self.parts:
            sheet.text(x, base, text, size, weight=weight, colour=colour)
            x += sheet.fonts.width(text, size, weight) + 0.28 * size


@dataclass(frozen=True)
class Rows:
    """Pieces set side by side, in as many rows as they need."""

    rows: tuple[tuple[tuple[float, TextRun], ...], ...]
    size: float

    @property
    def height(self) -> float:
        """Points."""
        return len(self.rows) * self.size * (LEADING + 0.08)

    def draw(self, sheet: Drawing, x: float, y: float) -> None:
        """Draw it with its upper left corner there."""
        for i, row in enumerate(self.rows):
            for dx, piece in row:
                piece.draw(sheet, x + dx, y + i * self.size * (LEADING + 0.08), self.size)


def rows(fonts: Fonts, pieces: Sequence[TextRun], size: float, width: float, gap: float = 1.2) -> Rows:
    """Set pieces side by side; one that is wider than the row is cut into lines of its own."""
    found: list[list[tuple[float, TextRun]]] = [[]]
    at = 0.0
    for piece in (part for whole in pieces for part in _cut(fonts, whole, size, width)):
        wide = piece.width(fonts, size)
        if found[-1] and at + wide > width:
            found.append([])
            at = 0.0
        found[-1].append((at, piece))
        at += wide + gap * size
    return Rows(tuple(tuple(row) for row in found if row), size)


def _cut(fonts: Fonts, piece: TextRun, size: float, width: float) -> list[TextRun]:
    if piece.width(fonts, size) <= width:
        return [piece]
    taken = (KEY + 0.4) * size if piece.fill or piece.line else 0.0
    lines = [
        ((line, weight, colour),)
        for text, weight, colour in piece.parts
        for line in fonts.wrap(text, size, weight, width - taken)
    ]
    return [TextRun(parts, piece.fill if not i else None, piece.line if not i else None)
            for i, parts in enumerate(lines)]  # fmt: skip


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

    def draw(self, sheet: Drawing, x: float, y: float) -> None:
        """Draw it with its upper left corner there."""
        for i, (fill, label) in enumerate(self.cells):
            left = x + i * self.cell
            sheet.box(left, y, self.cell, 0.95 * self.size, fill, edge=sheet.ink.border)
            sheet.text(left + self.cell / 2, y + 1.95 * self.size, label, self.size, align="center")
        down = 0.0 if self.beside else 2.65 * self.size
        self.more.draw(sheet, x + self.beside, y + down)


def legend(
    layer: Layer, marks: Sequence[TextRun], ink: Ink, fonts: Fonts, *, size: float, width: float
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
        named = [TextRun(((label, 400, ""),), fill) for fill, label in cells]
        return rows(fonts, [*named, *marks], size, width)
    beside = cell * len(cells) + 1.6 * size
    right = rows(fonts, marks, size, width - beside) if width - beside > 8 * size else None
    if right and len(right.rows) <= 2 and not _crowded(right, fonts, width - beside):
        return Strip(tuple(cells), cell, size, right, beside)
    return Strip(tuple(cells), cell, size, rows(fonts, marks, size, width), 0.0)


def _crowded(found: Rows, fonts: Fonts, width: float) -> bool:
    """Whether a piece had to be cut to fit."""
    return any(at + piece.width(fonts, found.size) > width for row in found.rows for at, piece in row)
