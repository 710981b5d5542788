"""Where a table's header stands among its first rows, and how many rows it takes."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

from geotrack.usertables.cells import Objects
from geotrack.usertables.figures.marks import is_figure, is_nothing, is_said
from geotrack.usertables.layout import headers

HEAD = 300
"""Rows from the beginning of a table that tell its header; all others are looked at as columns only."""

FEW = 60
"""Rows from which it is told whether a column has figures."""

MOST_HEADER_ROWS = 5

Rows = list[list[str]]


class Header(NamedTuple):
    """The rows of a grid that a header takes: the first one, and the first one below."""

    top: int
    below: int
    numbered: bool = False  # a row of column numbers follows


def head(columns: Sequence[Objects], start: int, count: int = HEAD) -> Rows:
    """Return some rows as lists, all their texts stripped; of a very wide table fewer."""
    count = min(count, max(60, 300_000 // max(len(columns), 1)))
    parts = [column[start : start + count].tolist() for column in columns]
    return [[cell.strip() for cell in row] for row in zip(*parts, strict=True)]


def filled(row: Sequence[str]) -> int:
    return sum(map(bool, row))


def holds_data(row: Sequence[str]) -> bool:
    return filled(row) > 1 and any(map(headers.is_number, row[1:]))


def find(rows: Rows, merged: Sequence[Sequence[int]] = ()) -> Header:
    """Find the header in the first rows of a table.

    Parameters
    ----------
    rows : texts, stripped; all as long.
    merged : spans of merged cells, (first row, first column, last row, last column), among these rows.

    A table whose first row has a name for each column has its header there. Else rows with far fewer cells
    than the others are titles, and rows without figures above those with figures are the header.
    """
    full = [n for n, row in enumerate(rows) if any(row)]
    if not full:
        return Header(0, 0)
    rows = _merged_over(rows, merged)
    data = [holds_data(row) for row in rows]
    main = _main(rows, data, full, {top for top, left, _, right in merged if 0 < left < right})
    top = main
    while top > 0 and main - top < MOST_HEADER_ROWS - 1 and _is_upper(rows, top - 1, top, data, merged):
        top -= 1
    below = main + 1
    while below < len(rows) and below - main < MOST_HEADER_ROWS and _is_lower(rows, below, data, merged):
        below += 1
    return Header(top, below, below < len(rows) and _is_numbering(rows, below))


def _merged_over(rows: Rows, merged: Sequence[Sequence[int]]) -> Rows:
    """Fill merged cells, but for those of titles, which stand over the first columns too, and of figures."""
    made = [[*row] for row in rows] if merged else rows
    for top, left, bottom, right in merged:
        text = rows[top][left] if top < len(rows) else ""
        if (left == 0 and right > 0) or headers.is_number(text):
            continue
        for row in made[top : bottom + 1]:
            row[left : right + 1] = [text] * len(row[left : right + 1])
    return made


def _main(rows: Rows, data: list[bool], full: list[int], grouped: Collection[int]) -> int:
    """Return the row that names most columns.

    grouped : rows with names merged over several columns; each of these has its name below.
    """
    first = full[0]
    counts = Counter(
        filled(row) for n, row in enumerate(rows) if (data[n] or not any(data)) and filled(row) > 1
    )
    if not counts:
        return first
    usual = max(counts, key=lambda each: (counts[each], each))
    need = max(2, math.ceil(usual * 0.75))
    begin = next((n for n, is_data in enumerate(data) if is_data), len(rows))
    fit = [n for n in full if n < begin and filled(rows[n]) >= need]
    while len(fit) > 1 and (
        _is_said(rows[fit[0]], fit[0], fit[1])
        or (
            fit[0] in grouped
            and not rows[fit[0]][0]
            and (rows[fit[1]][0] or fit[1] in grouped)
            and fit[1] == fit[0] + 1
        )
    ):
        fit.pop(0)
    nearly = [n for n in full if n < begin and filled(rows[n]) >= max(2, usual - 1)]  # the first has no name
    return next(iter(fit or nearly), first)


def _is_said(row: Sequence[str], place: int, following: int) -> bool:
    """Tell a row that says something of the table, apart from its header: "Source: | Eurostat"."""
    pair = filled(row) == 2 and not any(row[2:])
    return pair and (row[0].endswith((":", "：")) or is_said(row[0])) and following > place


def _is_upper(rows: Rows, n: int, main: int, data: list[bool], merged: Sequence[Sequence[int]]) -> bool:
    """Tell whether a row above a header's row belongs to it: it names groups of columns."""
    row = rows[n]
    named = [k for k, cell in enumerate(row) if cell]
    if data[n] or not named or named == [0] or (len(named) > 1 and any(map(headers.is_number, row))):
        return False
    if any(top == n and left == 0 and right > 1 for top, left, _, right in merged):
        return False  # a title over the whole table
    if row[0] and rows[main][0] and row[0] != rows[main][0]:
        return False
    if len(named) == 1:  # a title may stand anywhere; a group's name is merged, or above cells of its own
        return any(top == n and left == named[0] and right > left for top, left, _, right in merged)
    return True


def _is_lower(rows: Rows, n: int, data: list[bool], merged: Sequence[Sequence[int]]) -> bool:
    """Tell whether a row below a header's row belongs to it: parts of years, metrics, or units of figures."""
    row = rows[n]
    if data[n]:
        return False
    figures = figure_columns(rows, n + 1)
    inside = any(top < n <= bottom and left == 0 for top, left, bottom, _ in merged)
    if row[0] and filled(row) == 1 and figures and headers.is_time(rows[n - 1][0]):
        return True
    if not figures or (row[0] and not inside):
        return False
    named = sum(bool(row[k]) and not headers.is_number(row[k]) and not is_nothing(row[k]) for k in figures)
    return named * 2 > len(figures) and not any(headers.is_number(cell) for cell in row)


def figure_columns(rows: Rows, start: int) -> list[int]:
    """Return the columns that have figures in most of their cells, from a row on."""
    found = []
    for k in range(1, len(rows[0]) if rows else 0):
        cells = [row[k] for row in rows[start : start + FEW] if row[k] and not is_nothing(row[k])]
        if cells and sum(map(is_figure, cells)) * 2 > len(cells):
            found.append(k)
    return found


def _is_numbering(rows: Rows, n: int) -> bool:
    """Tell a row of column numbers, "1 | 2 | 3", above rows whose first cell is a name."""
    row = [cell.strip("()") for cell in rows[n]]
    start = 1 if row[0] in ("", "A", "a", "А", "甲") else 0
    numbers = [str(k + 1) for k in range(len(row) - start)]
    named = [cells[0] for cells in rows[n + 1 :] if cells[0]]
    return len(numbers) > 1 and row[start:] == numbers and bool(named) and not any(map(is_figure, named))
