"""Labelled rows: a user's table read by its mapping, or refused with the rows and columns named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geotrack.errors import ParseError, SpecError
from geotrack.model import LABELLED_COLUMNS
from geotrack.usertables.cells import LISTED, Objects, constant, objects, shown
from geotrack.usertables.mapping import STATED, Mapping, figure_columns, refuse_gone
from geotrack.usertables.numerals import Style, convert_distinct, style_of
from geotrack.usertables.reading import UserTable

Periods = Callable[[pd.Series, str | None], pd.DataFrame]

_EXPECTED = (
    "expected numbers written alike; if a word stands for no figure, say --empty WORD; if the decimal sign "
    "was mistaken, say --decimal . or --decimal ,"
)

MOST_LOST = 1000
"""Distinct cells that are no period and are looked for one by one; a column with more is none of periods."""


class FigureCells(NamedTuple):
    """The cells of a table that hold figures: the places of their rows and columns, and what they say."""

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    values: Objects | NDArray[np.float64]  # text with a file's own digits, or numbers of a table in memory
    percent: NDArray[np.bool_]  # for each column, whether its cells have percent signs
    bad: NDArray[np.intp]  # pairs: the places of cells that are no number
    left_out: int  # cells without a figure


def apply(table: UserTable, mapping: Mapping, series_name: str, parse_periods: Periods) -> pd.DataFrame:
    """Read a table.

    Parameters
    ----------
    table : as `usertables.reading.read` returns it.
    mapping : how to read it.
    series_name : of the series that its figures belong to.
    parse_periods : reads a column of periods, as `periods.parse_column` does.

    Returns
    -------
    DataFrame
        In `model.LABELLED_COLUMNS`, every cell text, but for the values of a table in memory, which are
        float64; "file" is "table". Cells without a figure are left out.

    Raises
    ------
    ParseError
        Columns are gone, or cells cannot be read: all are counted, the first ten listed, with the numbers
        that their rows have in the file and the names of their columns.
    """
    refuse_gone(mapping, table)
    reading = _Reading(table, mapping, parse_periods)
    made = reading.rows()
    if reading.problems:
        raise ParseError("\n  ".join(["the table cannot be read by this mapping:", *reading.problems]))
    same = {"series": series_name, "lookup": "", "file": "table", "published": ""}
    full = {
        **{name: constant(len(made["label"]), text) for name, text in same.items()},
        **made,
    }
    columns = {name: pd.Series(full[name], dtype=full[name].dtype, copy=False) for name in LABELLED_COLUMNS}
    return pd.DataFrame(columns, copy=False)  # not made one block: that would double the memory for a moment


def figures_of(table: UserTable, mapping: Mapping) -> FigureCells:
    """Return the figures of a table, row by row.

    Raises
    ------
    SpecError : nothing tells the decimal sign.
    """
    key = mapping.layout, mapping.decimal, mapping.empty, figure_columns(mapping, table)
    found = table.memo.get(key)
    if not isinstance(found, FigureCells):  # shown first, then applied: a million cells need be read once
        found = table.memo[key] = _read(table, mapping, list(key[-1]))
    return found


def _read(table: UserTable, mapping: Mapping, columns: list[str]) -> FigureCells:
    shape = len(table.frame), len(columns)
    if columns and all(column in table.figures for column in columns):
        return _typed(np.column_stack([table.figures[column] for column in columns]))
    values, bad = np.empty(shape, dtype=object), np.zeros(shape, dtype=bool)
    percent = np.zeros(len(columns), dtype=bool)
    for group in _groups(table, mapping, columns):
        names = [columns[n] for n in group]
        cells = table.frame[names].to_numpy(dtype=object)
        codes, distinct = pd.factorize(cells.ravel(), use_na_sentinel=False)
        kept = list(distinct)
        if mapping.empty:
            kept = [cell if cell.strip() not in mapping.empty else "" for cell in kept]
        style = _style(kept, names, table, mapping)
        texts, wrong = convert_distinct(kept, style)
        values[:, group], bad[:, group] = texts[codes].reshape(cells.shape), wrong[codes].reshape(cells.shape)
        percent[group] = style.percent
    rows, which = np.nonzero(values != "")
    return FigureCells(rows, which, values[rows, which], percent, np.argwhere(bad), values.size - rows.size)


def _typed(figures: NDArray[np.float64]) -> FigureCells:
    """The figures of columns that are numbers already."""
    bad = np.isinf(figures)
    rows, which = np.nonzero(~bad & ~np.isnan(figures))
    percent = np.zeros(figures.shape[1], dtype=bool)
    return FigureCells(rows, which, figures[rows, which], percent, np.argwhere(bad), figures.size - rows.size)


def _groups(table: UserTable, mapping: Mapping, columns: Sequence[str]) -> list[list[int]]:
    """Return the columns whose numbers are written alike: each alone, or all periods of a wide table.

    Where a file itself holds numbers, their text has a decimal point whatever the other columns have.
    """
    if mapping.layout == "long":
        return [[n] for n in range(len(columns))]
    typed = [n for n, column in enumerate(columns) if column in table.numeric]
    return [group for group in (typed, [n for n in range(len(columns)) if n not in {*typed}]) if group]


def _style(distinct: list[str], columns: Sequence[str], table: UserTable, mapping: Mapping) -> Style:
    if columns[0] in table.numeric:
        return Style(".", "", any("%" in cell for cell in distinct))
    try:
        return style_of(distinct, mapping.decimal)
    except SpecError as error:
        more = f" and {len(columns) - 1} more" if len(columns) > 1 else ""
        raise SpecError(f"column {columns[0]!r}{more}: {error}") from error


def over(cells: Objects, change: Callable[[str], str]) -> Objects:
    """Apply a function to each distinct cell."""
    codes, distinct = pd.factorize(cells, use_na_sentinel=False)
    return objects([change(cell) for cell in distinct])[codes]


class _Reading:
    """A table as it is read: what goes wrong is collected, so that all of it is told at once."""

    def __init__(self, table: UserTable, mapping: Mapping, parse: Periods) -> None:
        self.table, self.mapping, self.parse = table, mapping, parse
        self.problems: list[str] = []
        self.columns = figure_columns(mapping, table)
        self.figures = figures_of(table, mapping)
        self.given = np.zeros(len(table.frame), dtype=bool)  # rows with figures; of others nothing is needed
        self.given[self.figures.rows] = True

    def rows(self) -> dict[str, Any]:
        """Return the columns of the labelled rows that the table tells."""
        mapping, rows = self.mapping, self.figures.rows
        self._refuse_cells()
        starts, ends = self._spans()
        wide = mapping.layout == "wide"
        units = self._told(mapping.unit, mapping.units)
        self._refuse_percent(units)
        return {
            "label": self._at(self._filled(mapping.region, "a name or a code")),
            "start": starts[self.figures.columns] if wide else self._at(starts),
            "end": ends[self.figures.columns] if wide else self._at(ends),
            "metric": self._told(mapping.metric, mapping.metrics),
            "value": self.figures.values,
            "unit": units,
            "status": self._at(self._statuses()),
            "note": self._at(self._stripped(mapping.note)) if mapping.note else constant(len(rows), ""),
        }

    def _refuse_cells(self) -> None:
        """Note the cells that are no number, or that there is no figure at all."""
        bad, frame = self.figures.bad, self.table.frame
        named = [
            f"row {self.table.row(row)}, column {self.columns[n]!r}: {frame[self.columns[n]].iloc[row]!r}"
            for row, n in bad[:LISTED].tolist()
        ]
        if named:
            self.problems.append(f"{_count(len(bad))} no number: {shown(named, len(bad))}; {_EXPECTED}")
        elif not self.figures.rows.size:
            columns = ", ".join(map(repr, self.columns[:LISTED]))
            self.problems.append(f"no figure: every cell of {columns} is empty; expected numbers")

    def _at(self, cells: Objects) -> Objects:
        """Return the cell of each figure's row."""
        rows = self.figures.rows
        whole = len(rows) == len(cells) and len(self.columns) == 1
        return cells if whole else cells[rows]

    def _stripped(self, column: str) -> Objects:
        return over(self.table.frame[column].to_numpy(dtype=object), str.strip)

    def _filled(self, column: str, expected: str) -> Objects:
        """Return a column's cells; those that are empty beside a figure are problems."""
        cells = self._stripped(column)
        self._report(column, (cells == "") & self.given, "empty, beside a figure", expected)
        return cells

    def _report(self, column: str, bad: NDArray[np.bool_], what: str, expected: str) -> None:
        rows = np.flatnonzero(bad)
        if rows.size:
            cells = self.table.frame[column].iloc[rows[:LISTED]]
            named = [f"row {self.table.row(int(n))}: {cell!r}" for n, cell in zip(rows, cells, strict=False)]
            self.problems.append(
                f"column {column!r}: {_count(rows.size)} {what}: {shown(named, rows.size)}; "
                f"expected {expected}"
            )

    def _refuse_percent(self, units: Objects) -> None:
        signed = self.figures.percent[self.figures.columns]
        if odd := [unit for unit in pd.unique(units[signed]) if "%" not in unit]:
            self.problems.append(
                f"cells have percent signs, but their unit is {odd[0]!r}; say --unit %, or correct them"
            )

    def _told(self, column: str, names: Sequence[str]) -> Objects:
        """Return the metric or unit of each figure: what a column tells, or what is said of its column."""
        if column:
            return self._at(self._filled(column, "text"))
        if len(names) == 1:
            return constant(len(self.figures.rows), names[0])
        return objects(list(names))[self.figures.columns]

    def _statuses(self) -> Objects:
        column = self.mapping.status
        if column in STATED:
            return constant(len(self.given), column)
        cells = over(self._stripped(column), lambda cell: cell.lower() or "reported")
        odd = self.given & ~np.isin(cells, objects(list(STATED)))
        self._report(column, odd, "no status", f"one of {', '.join(STATED)}")
        return cells

    def _spans(self) -> tuple[Objects, Objects]:
        """Return first days and days after: of each column if the table is wide, else of each row."""
        mapping = self.mapping
        if mapping.layout == "wide":
            starts, ends, lost, reason = self._parsed(objects(list(self.columns)), mapping.freq)
            if lost:
                listed = shown([repr(name) for name in lost])
                self.problems.append(
                    f"names of columns that are no period: {listed}; expected {_tail(reason)}"
                )
            elif reason:
                self.problems.append(f"the names of columns: {reason}")
            return starts, ends
        if mapping.period:
            return self._column_spans(mapping.period, mapping.freq)
        starts, ends = (self._column_spans(column, "day")[0] for column in (mapping.start, mapping.end))
        wrong = (starts >= ends) & (ends != "")
        self._report(mapping.end, wrong, "not after the start", "the first day after the period")
        return starts, ends

    def _column_spans(self, column: str, freq: str) -> tuple[Objects, Objects]:
        cells = self._filled(column, "a period such as 2019-09")
        known = self.given & (cells != "")
        codes, distinct = pd.factorize(cells[known])
        starts, ends, lost, reason = self._parsed(distinct, freq)
        if lost:
            self._report(column, known & np.isin(cells, objects(lost)), "no period", _tail(reason))
        elif reason:
            self.problems.append(f"column {column!r}: {reason}")
        spans = [constant(len(cells), "") for _ in range(2)]
        spans[0][known], spans[1][known] = starts[codes], ends[codes]
        return spans[0], spans[1]

    def _parsed(self, distinct: Objects, freq: str) -> tuple[Objects, Objects, list[str], str]:
        """Return first days, days after, the cells that are no period, and why they could not be read."""
        try:
            read = self.parse(pd.Series(distinct, dtype=object), freq or None)
        except ParseError as error:
            nothing = constant(len(distinct), "")
            lost: list[str] = []
            self._find_lost(distinct, freq, lost)
            return nothing, nothing, lost, str(error)
        return read["start"].to_numpy(dtype=object), read["end"].to_numpy(dtype=object), [], ""

    def _find_lost(self, cells: Objects, freq: str, found: list[str]) -> None:
        """Find the cells that are no period, by halves; at most so many as are worth it."""
        if not len(cells) or len(found) >= MOST_LOST:
            return
        try:
            self.parse(pd.Series(cells, dtype=object), freq or None)
        except ParseError:
            if len(cells) == 1:
                found.append(cells[0])
                return
            for half in (cells[: len(cells) // 2], cells[len(cells) // 2 :]):
                self._find_lost(half, freq, found)


def _count(cells: int) -> str:
    return "1 cell is" if cells == 1 else f"{cells:,} cells are"


def _tail(reason: str) -> str:
    """Return what was expected, from a message."""
    return reason.rpartition("expected ")[2]
