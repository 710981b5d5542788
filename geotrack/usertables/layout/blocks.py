"""Several tables on one sheet, one below the other or side by side: which of them is meant."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from geotrack.errors import AmbiguousError, Choice, Question, SpecError
from geotrack.usertables.cells import CellGrid, Objects
from geotrack.usertables.figures.marks import is_figure
from geotrack.usertables.layout import headers
from geotrack.usertables.layout.heading import Rows, figure_columns, filled, find, head, holds_data


class Area(NamedTuple):
    """Rows and columns of a grid that a table takes: first ones, and those behind the last."""

    top: int
    left: int
    bottom: int
    right: int


def chosen(grid: CellGrid, table: int, where: str) -> CellGrid:
    blocks = _blocks(grid)
    if table > max(len(blocks), 1) or table < 0:
        raise SpecError(f"{where}: table = {table}; expected one from 1 to {max(len(blocks), 1)}")
    if len(blocks) < 2:
        return grid
    if not table:
        choices = [Choice("table", str(n + 1), _sample(grid, block)) for n, block in enumerate(blocks)]
        raise AmbiguousError(Question(f"{where}: {len(blocks)} tables stand on it", tuple(choices)))
    block = blocks[table - 1]
    columns = [column[block.top : block.bottom] for column in grid.columns[block.left : block.right]]
    inside = [
        (a - block.top, b - block.left, c - block.top, d - block.left)
        for a, b, c, d in grid.merged
        if block.top <= a and c < block.bottom and block.left <= b and d < block.right
    ]
    typed = [cell._replace(row=cell.row - block.top, column=cell.column - block.left) for cell in grid.typed
             if block.top <= cell.row < block.bottom if block.left <= cell.column < block.right]  # fmt: skip
    others = ", ".join(str(n + 1) for n in range(len(blocks)) if n + 1 != table)
    said = (*grid.skipped, f"table {table} of {len(blocks)} was read, not {others}")
    last = table == len(blocks)
    return grid._replace(
        columns=columns, rows=grid.rows[block.top : block.bottom], merged=tuple(inside), typed=tuple(typed),
        skipped=said, after=grid.after if last else (),
    )  # fmt: skip


def _sample(grid: CellGrid, block: Area) -> str:
    part = [column[block.top : block.bottom] for column in grid.columns[block.left : block.right]]
    rows = head(part, 0, 60)
    header = find(rows)
    names = ", ".join(filter(None, rows[header.below - 1]))
    return f"row {grid.rows[block.top + header.top]}: {names[:60]}"


def _blocks(grid: CellGrid) -> list[Area]:
    """Find tables that stand one below the other, or side by side, with nothing between."""
    if not grid.columns:
        return []
    starts = [0, *_starts_below(grid)]
    ends = [*starts[1:], len(grid.rows)]
    found = []
    for top, bottom in zip(starts, ends, strict=True):
        edges = _edges([column[top:bottom] for column in grid.columns])
        found += [Area(top, left, bottom, right) for left, right in edges]
    return found


def _starts_below(grid: CellGrid) -> list[int]:
    """Return the rows behind blank ones where another header stands above other figures."""
    maybe = np.flatnonzero(grid.columns[0] == "")
    blank = [int(n) for n in maybe[:20_000] if not any(column[n].strip() for column in grid.columns)]
    found: list[int] = []
    if not blank:
        return found
    last = find(head(grid.columns, 0)).below
    for n in [n for n in blank if n + 1 not in blank][:200]:
        rows = head(grid.columns, n + 1, 40)
        end = next((k for k, row in enumerate(rows) if k > 2 and not any(row)), len(rows))
        if n > last and _begins(rows[:end]):
            found.append(n + 1)
            last = n + 1 + find(rows[:end]).below
    return found


def _begins(rows: Rows) -> bool:
    """Tell whether rows begin with a header of their own, right above figures."""
    if not rows:
        return False
    header = find(rows)
    names = rows[header.below - 1] if header.below else []
    figures = figure_columns(rows, header.below)
    width = max((filled(row) for row in rows[header.below :]), default=0)
    named = bool(figures) and all(
        names[k] and not headers.is_number(names[k]) for k in figures if k < len(names)
    )
    follows = header.below < len(rows) and any(map(holds_data, rows[header.below : header.below + 3]))
    return named and follows and filled(names) * 4 >= width * 3


def _edges(columns: Sequence[Objects]) -> list[tuple[int, int]]:
    """Return the first columns of tables side by side, and those behind their last."""
    whole = [(0, len(columns))]
    rows = head(columns, 0)
    empty = [n for n in range(1, len(columns) - 1) if not any(row[n] for row in rows)]
    if not empty or any(any(map(str.strip, columns[n])) for n in empty):
        empty = [n for n in empty if not any(map(str.strip, columns[n]))]
    cuts = [0, *(n + 1 for n in empty if n + 1 not in empty), len(columns)]
    parts = list(pairwise(cuts))
    if len(parts) < 2:
        return whole
    alone = all(_begins([row[left:right] for row in rows if any(row[left:right])]) for left, right in parts)
    first = [[row[left] for row in rows] for left, _ in parts]
    named = all(sum(bool(c) and not is_figure(c) for c in cells) > 2 for cells in first)
    return parts if alone and named else whole
