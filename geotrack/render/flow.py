"""Blocks of a picture that know their height before they are drawn: paragraphs, and pieces in rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from geotrack.render.drawing import Sheet
from geotrack.render.fonts import Fonts
from geotrack.render.ink import Fill

LEADING = 1.26  # of the size, from line to line
ASCENT = 0.8  # of the size, from a line's top to its baseline
KEY = 1.5  # of the size: how wide the sample before a text is


class Block(Protocol):
    """Something with a height that can be drawn."""

    @property
    def height(self) -> float:
        """Points."""
        ...

    def draw(self, sheet: Sheet, x: float, y: float) -> None:
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

    def draw(self, sheet: Sheet, x: float, y: float) -> None:
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
class Piece:
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

    def draw(self, sheet: Sheet, x: float, y: float, size: float) -> None:
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

    rows: tuple[tuple[tuple[float, Piece], ...], ...]
    size: float

    @property
    def height(self) -> float:
        """Points."""
        return len(self.rows) * self.size * (LEADING + 0.08)

    def draw(self, sheet: Sheet, x: float, y: float) -> None:
        """Draw it with its upper left corner there."""
        for i, row in enumerate(self.rows):
            for dx, piece in row:
                piece.draw(sheet, x + dx, y + i * self.size * (LEADING + 0.08), self.size)


def rows(fonts: Fonts, pieces: Sequence[Piece], size: float, width: float, gap: float = 1.2) -> Rows:
    """Set pieces side by side; one that is wider than the row is cut into lines of its own."""
    found: list[list[tuple[float, Piece]]] = [[]]
    at = 0.0
    for piece in (part for whole in pieces for part in _cut(fonts, whole, size, width)):
        wide = piece.width(fonts, size)
        if found[-1] and at + wide > width:
            found.append([])
            at = 0.0
        found[-1].append((at, piece))
        at += wide + gap * size
    return Rows(tuple(tuple(row) for row in found if row), size)


def _cut(fonts: Fonts, piece: Piece, size: float, width: float) -> list[Piece]:
    if piece.width(fonts, size) <= width:
        return [piece]
    taken = (KEY + 0.4) * size if piece.fill or piece.line else 0.0
    lines = [
        ((line, weight, colour),)
        for text, weight, colour in piece.parts
        for line in fonts.wrap(text, size, weight, width - taken)
    ]
    return [Piece(parts, piece.fill if not i else None, piece.line if not i else None)
            for i, parts in enumerate(lines)]  # fmt: skip
