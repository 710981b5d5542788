"""Sheets of a workbook that are passed over: covers, contents and notes without a figure, and hidden ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from geotrack.usertables.cells import shown
from geotrack.usertables.layout import headers

EMPTY, TEXTS, FIGURES = range(3)
"""What a sheet holds."""


class SheetSeen(NamedTuple):
    """A sheet of a workbook: its name, whether people see it, and what it holds."""

    name: str
    seen: bool
    holds: int


def holds(rows: Iterable[Sequence[Any]]) -> int:
    """Return what a sheet holds: figures only if one stands beside something on its left; a year is none."""
    found = EMPTY
    for row in rows:
        left = False
        for cell in row:
            if cell is None or cell == "":
                continue
            if left and not isinstance(cell, bool) and headers.is_number(str(cell).strip()):
                return FIGURES
            left, found = True, TEXTS
    return found


def candidates(sheets: Iterable[SheetSeen]) -> list[str]:
    """Return the sheets that may be meant: those with figures; if there are none, those with texts."""
    seen = [one for one in sheets if one.seen and one.holds]
    return [one.name for one in seen if one.holds == max(each.holds for each in seen)]


def told(others: Iterable[SheetSeen]) -> Iterator[str]:
    """Say which sheets beside the one that is read were passed over, without being asked about."""
    others = [*others]
    texts = [repr(one.name) for one in others if one.seen and one.holds == TEXTS]
    hidden = [repr(one.name) for one in others if not one.seen and one.holds]
    if texts:
        yield f"sheets without a figure: {shown(texts)}"
    if hidden:
        yield f"hidden sheets: {shown(hidden)}; say --sheet NAME to read one"
