"""Labelled rows: a user's table read by its mapping, or refused with the rows and columns named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from collections.abc import Mapping as Mapping_
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geotrack.errors import AmbiguousError, Choice, Doubts, ParseError, Question, SpecError
from geotrack.model import LABELLED_COLUMNS
from geotrack.usertables.cells import LISTED, Coded, Objects, objects, shown
from geotrack.usertables.columns.mapping import STATED, Mapping, figure_columns, refuse_gone
from geotrack.usertables.columns.spans import Periods, Spans, refuse_open
from geotrack.usertables.columns.spans import found as spans_of
from geotrack.usertables.figures import marks
from geotrack.usertables.figures.numerals import Style, all_plain, convert_distinct, shown_plain, style_of
from geotrack.usertables.reading import UserTable
from geotrack.usertables.rows import displayed, filldown, markers, sections, subtotals

_EXPECTED = (
    "expected numbers written alike; if a word stands for no figure, say --empty WORD; if the decimal sign "
    "was mistaken, say --decimal . or --decimal ,"
)


class FigureCells(NamedTuple):
    """The cells of a table that hold figures: the places of their rows and columns, and what they say."""

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    values: Objects | NDArray[np.float64]  # text with a file's own digits, or numbers of a table in memory
    percent: NDArray[np.bool_]  # for each column, whether its cells have percent signs
    bad: NDArray[np.intp]  # pairs: the places of cells that are no number
    left_out: int  # cells without a figure
    marks: Objects  # what stands beside each figure: "p", "¹"; none at all of a table in memory
    nothing: tuple[tuple[str, int], ...] = ()  # words in the place of figures, and how many cells have each
    currencies: tuple[str, ...] = ()  # of each column the sign that all its figures have
    subtotals: tuple[str, ...] = ()  # labels of rows that are left out, see `subtotals`

    def without(self, rows: Mapping_[int, str]) -> FigureCells:
        """Return the figures of the other rows."""
        kept = ~np.isin(self.rows, [*rows])
        marks = self.marks[kept] if len(self.marks) else self.marks
        made = self._replace(rows=self.rows[kept], columns=self.columns[kept], values=self.values[kept])
        return made._replace(marks=marks, subtotals=tuple(dict.fromkeys(rows.values())))


def apply(
    table: UserTable, mapping: Mapping, series_name: str, parse_periods: Periods, *, coded: bool = False
) -> pd.DataFrame:
    """Read a table.

    Parameters
    ----------
    table : as `usertables.reading.read` returns it.
    mapping : how to read it.
    series_name : of the series that its figures belong to.
    parse_periods : reads a column of periods, as `periods.parse_column` does.
    coded : whether texts are given as pandas' categories, which are compared as integers.

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
    reading.problems += sections.problems(table, mapping)
    if reading.problems:  # what periods leave open too is asked by who made the mapping
        raise ParseError("\n  ".join(["the table cannot be read by this mapping:", *reading.problems]))
    refuse_open(reading.spans)
    same = {"series": series_name, "lookup": "", "file": "table", "published": ""}
    count = len(reading.figures.rows)
    full = made | {name: Coded.constant(count, text) for name, text in same.items()}
    cells = {name: (each.categorical() if coded else each.cells()) if isinstance(each, Coded) else each
             for name, each in full.items()}  # fmt: skip
    columns = {name: pd.Series(cells[name], dtype=cells[name].dtype, copy=False) for name in LABELLED_COLUMNS}
    return pd.DataFrame(columns, copy=False)  # not made one block: that would double the memory for a moment


def figures_of(table: UserTable, mapping: Mapping) -> FigureCells:
    """Return the figures of a table, row by row.

    Raises
    ------
    SpecError : nothing tells the decimal sign.
    """
    said = mapping.decimal, mapping.empty, mapping.brackets, mapping.scaled
    stated = mapping.unit, mapping.units, mapping.metric, mapping.metrics
    dated = mapping.region, mapping.period, mapping.part, mapping.start, mapping.end
    key = mapping.layout, said, stated, dated, figure_columns(mapping, table)
    found = table.memo.get(key)
    if not isinstance(found, FigureCells):  # shown first, then applied: a million cells need be read once
        found = _read(table, mapping, list(key[-1]))
        sums = subtotals.found(table, mapping, found)
        found = table.memo[key] = found.without(sums) if sums else found
    return found


def _read(table: UserTable, mapping: Mapping, columns: list[str]) -> FigureCells:
    if columns and all(column in table.figures for column in columns):
        return _typed(np.column_stack([table.figures[column] for column in columns]), columns, mapping.empty)
    shape = len(table.frame), len(columns)
    values, bad = np.empty(shape, dtype=object), np.zeros(shape, dtype=bool)
    beside, percent = np.full(shape, "", dtype=object), np.zeros(len(columns), dtype=bool)
    nothing, signs = Counter[str](), [""] * len(columns)
    powers, open_ = displayed.of_columns(table, mapping, columns)
    for group in _groups(table, mapping, columns):
        names = [columns[n] for n in group]
        cells = table.frame[names].to_numpy(dtype=object)
        open_ += [] if mapping.empty else markers.questions(cells.ravel().tolist(), names)
        if _as_they_stand(cells.ravel().tolist(), names, table, mapping):
            values[:, group] = cells
            continue
        codes, distinct = table.coded(names[0]) if len(names) == 1 else Coded.of(cells.ravel())
        with _first_of_each(open_):
            found = _numbers(list(distinct), names, table, mapping)
            values[:, group] = found.texts[codes].reshape(cells.shape)
            bad[:, group] = found.bad[codes].reshape(cells.shape)
            if any(found.marks):
                beside[:, group] = objects(found.marks)[codes].reshape(cells.shape)
            percent[group] = found.percent
            for n in group:
                signs[n] = found.currency
            nothing += found.counted(codes)
    if open_:
        raise AmbiguousError(*open_)
    _divide(values, powers)
    rows, which = np.nonzero(values != "")
    nothing.pop("", None)
    return FigureCells(
        rows, which, values[rows, which], percent, np.argwhere(bad), values.size - rows.size,
        beside[rows, which], tuple(nothing.most_common()), tuple(signs),
    )  # fmt: skip


def _as_they_stand(cells: list[str], columns: Sequence[str], table: UserTable, mapping: Mapping) -> bool:
    """Tell whether cells are their own figures, without comparing them: most of a long column differ."""
    if mapping.empty or mapping.decimal:
        return False
    return all_plain(cells) if columns[0] in table.numeric else shown_plain(cells)


def _divide(values: NDArray[np.object_], powers: Sequence[int]) -> None:
    """Divide the figures of columns by powers of ten."""
    for n in np.flatnonzero(powers).tolist():
        values[:, n] = over(values[:, n], partial(displayed.divided, power=powers[n]))


@contextmanager
def _first_of_each(questions: list[Question]) -> Iterator[None]:
    """Take what is asked within, but for what is asked already: an answer holds for all columns."""
    try:
        yield
    except AmbiguousError as error:
        asked = {question.choices[0].option for question in questions}
        questions += [each for each in error.questions if each.choices[0].option not in asked]


class _Numbers(NamedTuple):
    """The distinct cells of columns that are written alike, as `FigureCells` has them."""

    texts: Objects
    bad: NDArray[np.bool_]
    marks: list[str]
    nothing: list[str]
    currency: str
    percent: bool

    def counted(self, codes: NDArray[Any]) -> Counter[str]:
        """Count the cells that say that there is no figure, by their words."""
        counts = np.bincount(codes, minlength=len(self.nothing)).tolist() if any(self.nothing) else []
        told: Counter[str] = Counter()
        for word, count in zip(self.nothing, counts, strict=False):
            told[word] += count
        return told


def _numbers(distinct: list[str], columns: Sequence[str], table: UserTable, mapping: Mapping) -> _Numbers:
    inside = _in_brackets(distinct, mapping.empty)
    cells = [inside.get(n, cell) for n, cell in enumerate(distinct)] if inside else distinct
    several = bool(mapping.metric) and mapping.metric in table.columns
    bare = marks.bare(cells, mapping.empty, table.legend, office=table.is_eurostat, several=several)
    doubts = Doubts()
    with doubts.gathered():
        style = _style(bare.cells, columns, table, mapping)
    if inside and not mapping.brackets:
        doubts.add(_brackets_question(distinct, inside, columns, table))
    doubts.refuse()
    texts, wrong = convert_distinct(bare.cells, style)
    for n in inside:
        if mapping.brackets != "negative":
            bare.marks[n] = marks.sign_of(distinct[n])
        elif texts[n].strip("0."):
            texts[n] = f"-{texts[n]}"
    return _Numbers(texts, wrong, bare.marks, bare.nothing, bare.currency, style.percent)


def _in_brackets(distinct: Sequence[str], empty: Collection[str]) -> dict[int, str]:
    """Return the numbers in brackets, or with a sign of accounts, by the places of their cells."""
    if not marks.MAY_BE_BELOW.search("\n".join(distinct)):
        return {}
    told = ((n, marks.unbracketed(cell)) for n, cell in enumerate(distinct) if cell not in empty)
    return {n: number for n, number in told if number}


def _brackets_question(
    distinct: list[str], inside: dict[int, str], columns: Sequence[str], table: UserTable
) -> Question:
    """Ask what figures in brackets are."""
    cell, number = next((distinct[n], number) for n, number in inside.items())
    more = f" and {len(columns) - 1} more" if len(columns) > 1 else ""
    choices = [
        Choice("brackets", "negative", f"{cell!r} = -{number}, as in accounts"),
        Choice("brackets", "positive", f"{cell!r} = {number}, uncertain: it gets a note"),
    ]
    if note := table.legend.get(marks.key_of(cell)):
        choices.append(Choice("empty", cell, f"no figure: {note}"))
    stand = "stand in brackets" if marks.sign_of(cell) == "()" else "have a sign of accounts"
    return Question(f"column {columns[0]!r}{more}: figures {stand}: {cell!r}", tuple(choices))


def _typed(figures: NDArray[np.float64], columns: Sequence[str], empty: Sequence[str]) -> FigureCells:
    """The figures of columns that are numbers already; those that the user calls empty are none.

    Raises
    ------
    AmbiguousError : a number looks like a mark of what is missing.
    """
    lowest = [f"{each:.10g}" for each in np.unique(figures[figures < 0])[:2].tolist()]
    if not empty and (asked := markers.questions(lowest, columns)):
        raise AmbiguousError(*asked)
    if none := [float(text) for text in empty if re.fullmatch(r"-?\d+(\.\d+)?", text)]:
        figures = np.where(np.isin(figures, none), np.nan, figures)
    bad = np.isinf(figures)
    rows, which = np.nonzero(~bad & ~np.isnan(figures))
    percent = np.zeros(figures.shape[1], dtype=bool)
    left_out = figures.size - rows.size
    values = figures.ravel() if rows.size == figures.size else figures[rows, which]
    return FigureCells(rows, which, values, percent, np.argwhere(bad), left_out, objects([]))


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
        raise error.within(f"column {columns[0]!r}{more}") from error


def over(cells: Objects, change: Callable[[str], str]) -> Objects:
    """Apply a function to each distinct cell."""
    return Coded.of(cells).over(change).cells()


class _Reading:
    """A table as it is read: what goes wrong is collected, so that all of it is told at once."""

    def __init__(self, table: UserTable, mapping: Mapping, parse: Periods) -> None:
        self.table, self.mapping, self.parse = table, mapping, parse
        self.problems: list[str] = []
        self.columns = figure_columns(mapping, table)
        self.figures = figures_of(table, mapping)
        self.given = np.zeros(len(table.frame), dtype=bool)  # rows with figures; of others nothing is needed
        self.given[self.figures.rows] = True
        self.flag_notes: dict[int, str] = {}
        self.spans: list[Spans] = []

    def rows(self) -> dict[str, Any]:
        """Return the columns of the labelled rows that the table tells."""
        mapping = self.mapping
        self._refuse_cells()
        spans = self._spans()
        labels = self._at(self._regions())
        statuses, notes = self._said(self._marked_statuses(spans), self._marked_notes(spans))
        units = self._told(mapping.unit, mapping.units)
        self._refuse_percent(units)
        return {
            "label": labels,
            "start": self._of_period(spans[0], spans[0].starts),
            "end": self._of_period(spans[-1], spans[-1].ends),
            "metric": self._told(mapping.metric, mapping.metrics),
            "value": self.figures.values,
            "unit": units,
            "status": statuses,
            "note": notes,
        }

    def _of_period(self, spans: Spans, of: Objects) -> Coded:
        """Return what holds for each figure's period."""
        if self.mapping.layout == "wide":
            return Coded(spans.codes, of).take(self.figures.columns)
        return self._at(spans.at_cells(of))

    def _marked_statuses(self, spans: Sequence[Spans]) -> Coded:
        """Return the figures' statuses; a mark on the period says it of those that are "reported"."""
        own = self._at(self._statuses())
        for each in spans:
            if each.statuses.any():
                marks, cells = self._of_period(each, each.statuses).cells(), own.cells()
                own = Coded.of(np.where((marks != "") & (cells == "reported"), marks, cells))
        return own

    def _marked_notes(self, spans: Sequence[Spans]) -> Coded:
        column, rows = self.mapping.note, len(self.figures.rows)
        own = self._at(self._stripped(column)) if column else Coded.constant(rows, "")
        for each in spans:
            if each.notes.any():
                marks, cells = self._of_period(each, each.notes).cells(), own.cells()
                both = cells + np.where((cells != "") & (marks != ""), "; ", "").astype(object) + marks
                own = Coded.of(np.where(marks != "", both, cells))
        return own

    def _said(self, own_statuses: Coded, own_notes: Coded) -> tuple[Coded, Coded]:
        """Add what marks of columns, of rows and beside figures say to the figures' statuses and notes."""
        figures, table = self.figures, self.table
        beside = any(figures.marks)
        if not (beside or table.column_status or table.column_notes or table.row_status or table.row_notes
                or self.flag_notes):  # fmt: skip
            return own_statuses, own_notes
        statuses, notes = own_statuses.cells(), own_notes.cells()
        for place, name in enumerate(self.columns):
            here = figures.columns == place
            if said := table.column_status.get(name):
                statuses = np.where(here, said, statuses)
            if text := table.column_notes.get(name):
                notes = _added(notes, np.where(here, text, ""))
        if beside:
            codes, distinct = pd.factorize(figures.marks)
            told = [marks.told(text, table.legend) for text in distinct]
            status = objects([each for each, _ in told])[codes]
            statuses = np.where(status == "", statuses, status)
            notes = _added(notes, objects([each for _, each in told])[codes])
        if table.row_status:
            told_rows = objects([table.row_status.get(row, "") for row in figures.rows.tolist()])
            statuses = np.where(told_rows == "", statuses, told_rows)
        for extra in (table.row_notes, self.flag_notes):
            if extra:
                notes = _added(notes, objects([extra.get(row, "") for row in figures.rows.tolist()]))
        return Coded.of(statuses), Coded.of(notes)

    def _refuse_cells(self) -> None:
        """Note the cells that are no number, or that there is no figure at all."""
        bad, frame = self.figures.bad, self.table.frame
        named = [
            f"row {self.table.row(row)}, column {self.columns[n]!r}: {frame[self.columns[n]].iloc[row]!r}"
            for row, n in bad[:LISTED].tolist()
        ]
        if named:
            cells = [frame[self.columns[n]].iloc[row] for row, n in bad[:LISTED].tolist()]
            hints = "".join(f"; {hint}" for hint in marks.hints(cells))
            self.problems.append(
                f"{_count(len(bad))} no number: {shown(named, len(bad))}; {_EXPECTED}{hints}"
            )
        elif not self.figures.rows.size:
            columns = ", ".join(map(repr, self.columns[:LISTED]))
            self.problems.append(f"no figure: every cell of {columns} is empty; expected numbers")

    def _at(self, cells: Coded) -> Coded:
        """Return the cell of each figure's row."""
        rows = self.figures.rows
        whole = len(rows) == len(cells.codes) and len(self.columns) == 1
        return cells if whole else cells.take(rows)

    def _stripped(self, column: str) -> Coded:
        return self.table.coded(column).over(str.strip)

    def _filled(self, column: str, expected: str) -> Coded:
        """Return a column's cells; those that are empty beside a figure are problems."""
        cells = self._stripped(column)
        self._report(column, cells.are("") & self.given, "empty, beside a figure", expected)
        return cells

    def _regions(self) -> Coded:
        """Return the cells of the column of regions; those that are empty beside a figure are problems."""
        try:
            cells, _ = filldown.filled(self.table, self.mapping, self.given)
        except AmbiguousError:
            if not self.problems:
                raise
            cells = self._stripped(self.mapping.region)  # no answer would do: all that is wrong is listed
        empty = cells.are("") & self.given
        self._report(self.mapping.region, empty, "empty, beside a figure", "a name or a code")
        return cells

    def _report(self, column: str, bad: NDArray[np.bool_], what: str, expected: str) -> None:
        rows = np.flatnonzero(bad)
        cells = self.table.frame[column].iloc[rows[:LISTED]]
        self._listed(f"column {column!r}", rows, list(cells), what, expected)

    def _listed(
        self, where: str, rows: NDArray[np.intp], cells: Sequence[str], what: str, expected: str
    ) -> None:
        """Note the cells of some rows, the first of them listed."""
        if rows.size:
            named = [f"row {self.table.row(int(n))}: {cell!r}" for n, cell in zip(rows, cells, strict=False)]
            listed = shown(named, rows.size)
            self.problems.append(f"{where}: {_count(rows.size)} {what}: {listed}; expected {expected}")

    def _refuse_percent(self, units: Coded) -> None:
        if not self.figures.percent.any():
            return
        signed = units.take(np.flatnonzero(self.figures.percent[self.figures.columns]))
        if odd := [unit for unit in pd.unique(signed.cells()) if "%" not in unit]:
            self.problems.append(
                f"cells have percent signs, but their unit is {odd[0]!r}; say --unit %, or correct them"
            )

    def _told(self, column: str, names: Sequence[str]) -> Coded:
        """Return the metric or unit of each figure: what a column tells, or what is said of its column."""
        if column:
            return self._at(self._filled(column, "text"))
        if len(names) == 1:
            return Coded.constant(len(self.figures.rows), names[0])
        return Coded(self.figures.columns, objects(list(names)))

    def _statuses(self) -> Coded:
        """Return the status of each row; of flags of offices also the notes."""
        column = self.mapping.status
        if column in STATED:
            return Coded.constant(len(self.given), column)
        codes, distinct = Coded.of(self._stripped(column).cells())
        read = marks.flags_of(list(distinct), self._meanings(column), self.table.columns)
        told = objects([("missing" if each is None else each[0] or "reported") for each in read])
        odd = self.given & np.isin(codes, [n for n, each in enumerate(read) if each is None])
        self._report(column, odd, "no status", f"one of {', '.join(STATED)}, or a flag such as p, e, b")
        lacking = self.given & (told[codes] == "missing") & ~odd
        self._report(column, lacking, "a flag for no figure, beside a figure", "a flag such as p, e, b")
        notes = [each[1] if each else "" for each in read]
        if any(notes):
            self.flag_notes = {
                n: notes[codes[n]] for n in np.flatnonzero(self.given).tolist() if notes[codes[n]]
            }
        return Coded(codes, told)

    def _meanings(self, column: str) -> dict[str, str]:
        """Return what a column of descriptions says of each flag, where it says one thing of each."""
        described = next((c for c in self.table.columns if marks.describes(c, column)), "")
        if not described:
            return {}
        pairs = self.table.frame[[column, described]].astype(object).drop_duplicates()
        pairs = pairs[~pairs[column].duplicated(keep=False)]
        return {str(flag).strip(): str(text).strip() for flag, text in pairs.itertuples(index=False)}

    def _spans(self) -> list[Spans]:
        """Return the periods of the columns of a wide table, else of the rows; what is wrong is noted."""
        mapping, spans = self.mapping, spans_of(self.table, self.mapping, self.given, self.parse)
        self.spans = spans
        if mapping.layout == "wide":
            self._report_names(spans[0])
            return spans
        own = "" if mapping.for_all_rows else mapping.period
        for column in filter(None, (own, mapping.part, mapping.start, mapping.end)):
            self._filled(column, "a period such as 2019-09")
        if mapping.part:
            self._report_spans(f"columns {mapping.period!r} and {mapping.part!r}", spans[0])
        else:
            for column, each in zip((mapping.period or mapping.start, mapping.end), spans, strict=False):
                self._report_spans(
                    f"column {column!r}" if column != mapping.period or own else "period", each
                )
        if len(spans) == 2 and not any(each.questions for each in spans):
            starts, ends = (
                spans[0].at_cells(spans[0].starts).cells(),
                spans[1].at_cells(spans[1].ends).cells(),
            )
            after = "the first day after the period" if mapping.ends == "excluded" else "its last day"
            self._report(mapping.end, (starts >= ends) & (ends != ""), "not after the start", after)
        return spans

    def _report_names(self, spans: Spans) -> None:
        for (what, expected), lost in spans.faults.items():
            if what:
                listed = shown([repr(name) for name in lost])
                self.problems.append(f"names of columns that are {what}: {listed}; expected {expected}")
            else:
                self.problems.append(f"the names of columns: {expected}")

    def _report_spans(self, where: str, spans: Spans) -> None:
        for (what, expected), lost in spans.faults.items():
            if what:
                places = {text: n for n, text in enumerate(spans.texts)}
                rows = np.flatnonzero(np.isin(spans.codes, [places[text] for text in lost]))
                cells = [spans.texts[code] for code in spans.codes[rows[:LISTED]]]
                self._listed(where, rows, cells, what, expected)
            else:
                self.problems.append(f"{where}: {expected}")


def _added(notes: Objects, more: Objects) -> Objects:
    """Return notes with more of them behind, where there are any."""
    if not any(notes):
        return more
    pairs = zip(notes.tolist(), more.tolist(), strict=True)
    return objects(["; ".join(filter(None, pair)) for pair in pairs])


def _count(cells: int) -> str:
    return "1 cell is" if cells == 1 else f"{cells:,} cells are"
