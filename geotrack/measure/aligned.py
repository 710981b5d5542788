"""Text for a terminal: aligned columns, folded where they would be wider than it. Any text stays text."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import Any

import numpy as np

from geotrack.language.numbers import clean
from geotrack.language.text import columns_of, one_line, pieces

MOST_RIGHT = 28  # characters: wider columns hold words, not numbers
LEAST_WORDS = 14  # columns of words are not folded narrower than this
LEAST_WIDE = 8
GAP = "  "
WORD = re.compile(r"\s*[（《“]*(?:[\u2e80-\uffef]|[^\s\u2e80-\uffef]+)[，。；：、）》”]*")
"""What is not torn: a wide letter, or narrow ones up to a space, with the marks that belong to it."""
HYPHEN = re.compile(r"(?<=[a-z]-)(?=[a-z])")


def table(head: Sequence[str], cells: Sequence[Sequence[str]], width: int = 0) -> str:
    """Return aligned columns: the first and those of words to the left, numbers to the right.

    Parameters
    ----------
    width : columns of the terminal, into which heads and words are folded; 0: as wide as it is.
    """
    lines = [[one_line(cell) for cell in line] for line in (head, *cells)]
    widths = [max(map(columns_of, column)) for column in zip(*lines, strict=True)]
    left = [i == 0 or each > MOST_RIGHT for i, each in enumerate(widths)]
    if width:
        widths = _narrowed(lines, widths, left, width)
    drawn = [_row(line, widths, left) for line in lines]
    rule = "─" * max(columns_of(each) for row in drawn for each in row)
    return "\n".join(["\n".join(drawn[0]), rule, *("\n".join(row) for row in drawn[1:])])


def wrapped(words: str, width: int, start: str = "") -> str:
    """Return a text in lines of a width, those after the first below its start; 0: one line."""
    told, room = start + one_line(words), max(width, LEAST_WORDS)
    if not width:
        return told
    if columns_of(told) == len(told):
        return "\n".join(textwrap.wrap(told, room, subsequent_indent=" " * len(start)))
    return "\n".join(_wide(one_line(words), start, room))


def _wide(words: str, start: str, width: int) -> list[str]:
    """Fold a text with wide letters, which are words of their own and have no spaces between them."""
    lines, room = [start], " " * len(start)
    for piece in WORD.findall(words):
        if columns_of((lines[-1] + piece).rstrip()) > width and lines[-1].strip():
            lines.append(room)
        lines[-1] += piece if lines[-1].strip() else piece.lstrip()
    return [line.rstrip() for line in lines]


def _narrowed(
    lines: Sequence[Sequence[str]], widths: Sequence[int], left: Sequence[bool], width: int
) -> list[int]:
    """Fold heads of numbers first, then columns of words; if that is not enough, short words as well."""
    room = width - len(GAP) * (len(widths) - 1)
    found, columns = list(widths), list(zip(*lines, strict=True))
    numbers = [max([_longest(head), *map(columns_of, cells)]) for head, *cells in columns]
    words = [LEAST_WORDS if to_left else each for to_left, each in zip(left, numbers, strict=True)]
    shortest, torn = ([_figures_of(column, of) for column in columns] for of in (_longest, _shortest))
    passes = [(numbers, False), (words, True), (shortest, True), (shortest, False), (torn, False)]
    for least, turn in [*passes, (torn, True)]:
        while sum(found) > room:
            loose = [i for i, each in enumerate(found) if left[i] is turn and each > least[i]]
            if not loose:
                break
            found[max(loose, key=found.__getitem__)] -= 1
    return found


def _figures_of(column: Sequence[str], folded: Callable[[str], int]) -> int:
    """What a column takes whose figures stay whole, while words are folded."""
    return max(
        columns_of(each) if any(c.isdigit() for c in each) and not _lettered(each) else folded(each)
        for each in column
    )


def _lettered(cell: str) -> bool:
    """Tell a month or a name from a figure with its unit: by a word of more than two letters."""
    return any(len(word) > len("EH") and word.isalpha() for word in pieces(cell))


def _longest(cell: str) -> int:
    """What a cell takes when it is folded between its words; wide letters stand a few to a line."""
    wide = min(LEAST_WIDE, columns_of(cell)) if columns_of(cell) > len(cell) else 0
    return max(wide, _shortest(cell))


def _shortest(cell: str) -> int:
    return max(map(columns_of, _pieces(cell)), default=0)


def _pieces(cell: str) -> list[str]:
    """Words, and names such as luxor-countries in their parts."""
    return [part for word in pieces(cell) for part in _parts(word)]


def _parts(word: str) -> list[str]:
    return HYPHEN.split(word) if columns_of(word) == len(word) else WORD.findall(word)


def _row(line: Sequence[str], widths: Sequence[int], left: Sequence[bool]) -> list[str]:
    folded = [_folded(cell, width) for cell, width in zip(line, widths, strict=True)]
    drawn = []
    for parts in zip_longest(*folded, fillvalue=""):
        padded = (
            each + " " * (width - columns_of(each)) if to_left else " " * (width - columns_of(each)) + each
            for each, width, to_left in zip(parts, widths, left, strict=True)
        )
        drawn.append(GAP.join(padded).rstrip())
    return drawn


def _folded(cell: str, width: int) -> list[str]:
    """Fold a cell between its parts if it has some, told apart by semicolons, else between words."""
    if columns_of(cell) <= width:
        return [cell]
    parts = [part + ";" for part in cell.split("; ")]
    parts[-1] = parts[-1][:-1]
    lines: list[str] = []
    for part in parts:
        if lines and columns_of(lines[-1]) + 1 + columns_of(part) <= width:
            lines[-1] += " " + part
        else:
            lines += _broken(part, width)
    return lines


def _broken(words: str, width: int) -> list[str]:
    """Fold between words, within a name after its hyphens, and within a part that is wider than a line."""
    lines = [""]
    for word in pieces(words):
        for place, part in enumerate(_parts(word)):
            gap = " " if lines[-1] and not place else ""
            if columns_of(lines[-1]) + len(gap) + columns_of(part) <= width:
                lines[-1] += gap + part
            else:
                lines += _cut(part, width)
    return lines if lines[0] else lines[1:]


def _cut(part: str, width: int) -> list[str]:
    found, rest = [], part
    while columns_of(rest) > width:
        cut = max((n for n in range(1, len(rest)) if columns_of(rest[:n]) <= width), default=1)
        found.append(rest[:cut])
        rest = rest[cut:]
    return [*found, rest]


DIGITS = 6  # of derived figures, or as many as keep six significant ones: beyond what any source gives


def plain_values(value: Any) -> Any:
    """Return dicts, lists, texts and numbers: arrays as lists, NaN and infinity as None."""
    if isinstance(value, dict):
        return {str(key): plain_values(each) for key, each in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [plain_values(each) for each in value]
    if isinstance(value, float):
        return clean(float(value), DIGITS) if math.isfinite(value) else None
    return value.item() if isinstance(value, np.generic) else value
