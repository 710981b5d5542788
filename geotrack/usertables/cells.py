"""Columns of text: what every reader of a user's file makes of its cells before anything is understood."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Objects = NDArray[np.object_]

LISTED = 10
"""How many bad cells an error shows; the others are counted."""

CHUNK = 500
"""Rows that are turned into columns at a time: fewer than make Python look for garbage among them."""

FEW = 20_000
"""Distinct texts of a column that are kept to be shared; a column with more holds figures, which differ."""


MIXED = -1
"""In the place of a power of ten: the cells of a column are not all shown divided by the same."""

Span = tuple[int, int, int, int]
"""Merged cells: the first row and column, the last row and column, counted from 0 in the grid."""


class Coded(NamedTuple):
    """A column of texts as places among the distinct ones: a million cells are compared as integers."""

    codes: NDArray[Any]
    texts: Objects  # not always different ones

    @classmethod
    def of(cls, cells: Objects) -> Coded:
        """Compare the cells of a column, once."""
        return cls(*pd.factorize(cells, use_na_sentinel=False))

    @classmethod
    def constant(cls, rows: int, text: str) -> Coded:
        """Return so many times one text."""
        return cls(np.zeros(rows, dtype=np.int8), objects([text]))

    def cells(self) -> Objects:
        """Return the text of each cell."""
        return np.asarray(self.texts[self.codes], dtype=object)

    def take(self, rows: NDArray[Any]) -> Coded:
        """Return some of the cells, by place."""
        return Coded(self.codes[rows], self.texts)

    def over(self, change: Callable[[str], str]) -> Coded:
        """Apply a function to each distinct text."""
        return Coded(self.codes, objects([change(text) for text in self.texts]))

    def are(self, text: str) -> NDArray[np.bool_]:
        """Tell which cells have this text."""
        same = np.array([each == text for each in self.texts], dtype=bool)
        return same[self.codes] if same.any() else np.zeros(len(self.codes), dtype=bool)

    def categorical(self) -> pd.Categorical:
        """Return the cells as pandas' categories."""
        places, distinct = pd.factorize(self.texts, use_na_sentinel=False)
        codes = self.codes if len(distinct) == len(self.texts) else places[self.codes]
        return pd.Categorical.from_codes(codes, categories=pd.Index(distinct, dtype=object))


class TypedCell(NamedTuple):
    """A cell that the file itself holds as a number."""

    row: int
    column: int
    power: int = 0  # of ten: the sheet shows the number divided by it
    beside: str = ""  # what the sheet shows beside the number, see `formats`


class CellGrid(NamedTuple):
    """All cells of a text file or a sheet, as text, column by column: titles, header, table, notes."""

    columns: list[Objects]
    rows: NDArray[np.intp]  # the number of each row, as people count
    how: tuple[str, ...]  # what was found out about the file
    typed: tuple[TypedCell, ...] = ()
    merged: tuple[Span, ...] = ()
    skipped: tuple[str, ...] = ()  # what was left out already, in words
    after: tuple[str, ...] = ()  # lines below that are no rows of cells


class Raw(NamedTuple):
    """A table's cells as text, column by column."""

    header: list[str]
    columns: list[Objects]
    first_row: int  # the number of the first row of `columns`, as people count
    how: tuple[str, ...]  # what was found out about the file
    numeric: frozenset[int] = frozenset()  # columns with cells that the file itself holds as numbers
    skipped: tuple[str, ...] = ()  # what was left out, in words
    titles: tuple[str, ...] = ()  # the lines above the table, and what stands above all of its columns
    below: tuple[str, ...] = ()  # the lines below the table
    rows: NDArray[np.intp] | None = None  # the number of each row, where they are not in sequence
    divided: Mapping[int, int] = MappingProxyType({})  # columns -> power of ten, see `table.UserTable`
    shown: Mapping[int, tuple[str, ...]] = MappingProxyType({})  # columns -> what stands beside their figures


def gather(rows: Iterable[Sequence[str]], width: int) -> list[Objects]:
    """Turn rows of `width` cells into columns; texts that occur again and again are one object."""
    rest = iter(rows)
    return gather_chunks(iter(lambda: list(islice(rest, CHUNK)), []), width)


def gather_chunks(chunks: Iterable[Sequence[Sequence[str]]], width: int) -> list[Objects]:
    """Turn rows that come CHUNK by CHUNK into columns; see `gather`."""
    parts: list[list[Objects]] = [[] for _ in range(width)]
    shared: list[dict[str, str] | None] = [{} for _ in range(width)]
    for chunk in chunks:
        for n, cells in enumerate(zip(*chunk, strict=True)):
            parts[n].append(objects(_shared(cells, shared, n)))
    return [np.concatenate(part) if part else objects([]) for part in parts]


def _shared(cells: Sequence[str], shared: list[dict[str, str] | None], n: int) -> Sequence[str]:
    known = shared[n]
    if known is None:
        return cells
    if len(known) > FEW:
        shared[n] = None
    return list(map(known.setdefault, cells, cells))


def objects(cells: Sequence[Any]) -> Objects:
    """Return an array of Python objects, one dimension whatever they are."""
    made = np.empty(len(cells), dtype=object)
    made[:] = cells
    return made


def constant(rows: int, text: str) -> Objects:
    """Return so many times one text: the same object, where numpy's `full` would make a copy for each row."""
    made = np.empty(rows, dtype=object)
    made.fill(text)
    return made


def shown(items: Sequence[str], count: int | None = None) -> str:
    """List the first ten of `count` items, and say how many more there are."""
    total = len(items) if count is None else count
    listed = "; ".join(items[:LISTED])
    return listed + (f"; and {total - LISTED} more" if total > LISTED else "")


def few(items: Sequence[str], count: int | None = None) -> str:
    """List the first three of `count` items, and say whether there are more."""
    return ", ".join(items[:3]) + (", ..." if (len(items) if count is None else count) > 3 else "")


def letter(n: int) -> str:
    """Return the letters of a column, as spreadsheets count: 0 is A, 26 is AA."""
    text = ""
    while n >= 0:
        n, rest = divmod(n, 26)
        text, n = chr(65 + rest) + text, n - 1
    return text


def number(value: float, percent: bool = False) -> str:
    """Write a number without loss, whole ones without ".0"; a percentage a hundredfold, with its sign."""
    if not math.isfinite(value):
        return str(value)
    exact = Decimal(repr(value))
    if percent:
        exact *= 100
    text = f"{exact:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + ("%" if percent else "")


def moment(value: object) -> str:
    """Write a date, or a moment that is not midnight, in ISO style."""
    if isinstance(value, datetime):
        midnight = value.time() == time() and value.tzinfo is None
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date | time) else str(value)
