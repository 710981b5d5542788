"""The table within a grid of cells: which rows are titles, header, figures and notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from geotrack.errors import ParseError, SpecError
from geotrack.usertables.cells import CellGrid, Objects, Raw, letter, shown
from geotrack.usertables.figures import formats
from geotrack.usertables.figures.marks import explains, is_note, is_said
from geotrack.usertables.figures.typed import harmonised, powers
from geotrack.usertables.layout import blocks, headers
from geotrack.usertables.layout.heading import HEAD, Header, Rows, figure_columns, filled, find, head

TAIL = 300
"""Rows at the end of a table that may be notes."""


@dataclass(frozen=True)
class TablePlace:
    """What the user says of where a table stands.

    Parameters
    ----------
    header_row : number of the row with the header, or of its first and last one: "3", "3-4".
    table : which of several tables of a sheet, counted from 1; 0 if not said.
    """

    header_row: str = ""
    table: int = 0

    def header(self) -> tuple[int, int] | None:
        """Return the numbers of the first and the last row of the header; None if not said.

        Raises
        ------
        SpecError : it is no number, nor two.
        """
        if not self.header_row:
            return None
        found = re.fullmatch(r"\s*([0-9]{1,7})(?:\s*[-–:]\s*([0-9]{1,7}))?\s*", str(self.header_row))
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if not 0 < first <= last < first + 10:
            raise SpecError(f"header_row = {self.header_row!r}; expected the number of a row, or two: 3, 3-4")
        return first, last


def table(grid: CellGrid, place: TablePlace, where: str) -> Raw:
    """Find the table in a grid.

    Raises
    ------
    ParseError : there is no header, or a figure stands in merged cells.
    SpecError : the row that is said to be the header is not there.
    AmbiguousError : there are several tables.
    """
    said = place.header()
    if said:
        header = _stated(grid, said, where)
    else:
        grid = blocks.chosen(grid, place.table, where)
        header = find(head(grid.columns, 0), [span for span in grid.merged if span[0] < HEAD])
    return _made(grid, header, where)


def _stated(grid: CellGrid, said: tuple[int, int], where: str) -> Header:
    rows = grid.rows.tolist()
    if said[0] not in rows or said[1] not in rows:
        seen = f"{rows[0]} to {rows[-1]}" if rows else "none"
        raise SpecError(f"{where}: header_row = {said[0]}; there is no such row: expected one of {seen}")
    return Header(rows.index(said[0]), rows.index(said[1]) + 1)


def _made(grid: CellGrid, header: Header, where: str) -> Raw:
    columns, below = grid.columns, header.below + header.numbered
    rows = [[column[n].strip() for column in columns] for n in range(header.top, header.below)]
    spans = [(a - header.top, b, c - header.top, d) for a, b, c, d in grid.merged if a < header.below]
    names = headers.joined(_spread(rows, spans)) if len(rows) > 1 else headers.Names([*(rows or [[]])[0]], [])
    body, told = _filled_down(grid, below, where)
    length = _end(body, names.columns)
    notes = _notes(body, length)
    _refuse_headless(names.columns, body, grid.rows[below - 1] if below else 1, where)
    title = _lines(columns, 0, header.top)
    skipped = [*grid.skipped, *_told_above(grid, header, title, names.common), *told]
    notes = [*notes, *grid.after]
    if notes:
        skipped.append(f"{_count(len(notes), 'line')} below the table: {_quoted(notes)}")
    inside = [c._replace(row=c.row - below) for c in grid.typed if below <= c.row < below + length]
    divided = powers(body, inside)
    dated = [n for n, name in enumerate(names.columns) if headers.is_period(name)]
    body = harmonised([column[:length] for column in body], inside, grid.rows[below:], where, dated)
    seen = formats.applied(names.columns, body, inside)
    numeric = frozenset(cell.column for cell in inside)
    first = int(grid.rows[below]) if below < len(grid.rows) else 1
    titles, numbers = (*title, *names.common), grid.rows[below : below + length]
    how = *grid.how, *seen.how
    return Raw(seen.header, seen.columns, first, how, numeric, tuple(skipped), titles, tuple(notes), numbers,
               divided, seen.texts)  # fmt: skip


def _spread(rows: Rows, spans: Sequence[Sequence[int]]) -> Rows:
    """Fill merged cells of a header; where none are, a group's name stands for the columns to its right."""
    made = [[*row] for row in rows]
    for top, left, bottom, right in spans:
        text = made[max(top, 0)][left]
        for n in range(max(top, 0), min(bottom + 1, len(made))):
            made[n][left : right + 1] = [text] * len(made[n][left : right + 1])
    wide = {top for top, left, _, right in spans if right > left}
    for n, row in enumerate(made[:-1]):
        beneath = [any(other[k] for other in made[n + 1 :]) for k in range(len(row))]
        for k in range(2, len(row)) if n not in wide else ():
            if not row[k] and row[k - 1] and beneath[k] and beneath[k - 1]:
                row[k] = row[k - 1]
    return made


def _filled_down(grid: CellGrid, below: int, where: str) -> tuple[list[Objects], list[str]]:
    """Fill what is merged in the body: a name stands for all of its rows; a figure of several is refused."""
    body = [column[below:] for column in grid.columns]
    odd, filled = [], []
    for top, left, bottom, right in grid.merged:
        text = grid.columns[left][top].strip()
        if top < below or not text:
            continue
        place = f"{letter(left)}{grid.rows[top]}:{letter(right)}{grid.rows[bottom]}"
        if headers.is_number(text):
            odd.append(f"{place} {text!r}")
        elif bottom > top and right == left:
            body[left] = body[left] if body[left].base is None else body[left].copy()
            body[left][top - below : bottom + 1 - below] = grid.columns[left][top]
            filled.append(place)
    if odd:
        raise ParseError(
            f"{where}: figures stand in merged cells: {shown(odd)}; a figure belongs to one region "
            "and period: unmerge them and write the figure where it belongs"
        )
    return body, [f"merged cells were filled: {shown(filled)}"] if filled else []


def _end(columns: Sequence[Objects], names: Sequence[str]) -> int:
    """Return how many rows there are above the notes: lines of one cell, behind a blank row or said so."""
    length = len(columns[0]) if columns else 0
    while length and not any(column[length - 1].strip() for column in columns):
        length -= 1
    start = max(length - TAIL, 0)
    rows = head([column[:length] for column in columns], start, TAIL) if length else []
    first = len(rows)
    while first and _may_be_note(rows[first - 1], len(columns)):
        first -= 1
    if not any(filled(row) > 1 for row in rows[:first]) and not start:
        return length
    for n in range(first, len(rows)):
        text = next(filter(None, rows[n]), "")
        above = chain(names, (cell for column in columns for cell in column[: start + n]))
        if not text or is_note(text) or (n == first and len(text) > 60) or explains(" ".join(rows[n]), above):
            return start + _without_blank(rows, n)
    return length


def _without_blank(rows: Rows, n: int) -> int:
    while n and not any(rows[n - 1]):
        n -= 1
    return n


def _may_be_note(row: Sequence[str], width: int) -> bool:
    """Tell a row that is no row of figures: one text, or a mark and a text."""
    texts = [cell for cell in row if cell]
    if len(texts) < 2:
        return not texts or not headers.is_number(texts[0])
    if is_said(re.split("[:：]", texts[0])[0]) and not any(map(headers.is_number, texts[1:])):
        return True
    pair = len(texts) == 2 and width > 2 and not headers.is_number(texts[1])
    return pair and bool(is_note(f"{texts[0]} {texts[1]}") or is_note(f"{texts[0]}:") or len(texts[0]) < 3)


def _notes(body: Sequence[Objects], length: int) -> list[str]:
    return _lines(body, length, len(body[0]) if body else 0)


def _lines(columns: Sequence[Objects], start: int, stop: int) -> list[str]:
    """Return rows as lines of text, without those that are empty."""
    rows = (" ".join(filter(None, (c[n].strip() for c in columns))) for n in range(start, stop))
    return [row for row in rows if row]


def _told_above(grid: CellGrid, header: Header, title: list[str], common: list[str]) -> list[str]:
    told = []
    if title:
        first, last = int(grid.rows[0]), int(grid.rows[header.top - 1])
        told.append(
            f"{'row' if first == last else 'rows'} {_range(first, last)} above the table: {_quoted(title)}"
        )
    if header.below - header.top > 1:
        first, last = int(grid.rows[header.top]), int(grid.rows[header.below - 1])
        told.append(f"the header takes rows {_range(first, last)}")
    if common:
        told.append(f"said of all its figures: {_quoted(common)}")
    if header.numbered:
        told.append(f"row {grid.rows[header.below]}: numbers of the columns")
    return told


def _range(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


def _quoted(lines: Sequence[str]) -> str:
    return shown([repr(line if len(line) <= 100 else line[:99] + "…") for line in lines])


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _refuse_headless(
    names: Sequence[str], body: Sequence[Objects], row: NDArray[np.intp] | int, where: str
) -> None:
    """Refuse a table whose first row is figures already: that row would be lost."""
    rows = head(body, 0, 60)
    dated = [k for k in range(len(names)) if all(headers.is_day(row[k]) for row in rows if row[k])]
    figures = [k for k in figure_columns(rows, 0) if k not in dated]
    over = [names[k] for k in figures if headers.is_number(names[k])]
    rising = len(over) > 1 and all(c.isdigit() for c in over) and all(
        int(a) < int(b) for a, b in pairwise(over)
    )  # fmt: skip
    if over and len(over) == len(figures) and not rising:
        raise ParseError(
            f"{where}: row {row} holds figures ({shown([repr(cell) for cell in over])}) where names of "
            "columns are expected; put a row with a name for each column above the first row"
        )
