"""Excel sheets: cells as text, with the dates and percentages that a reader of the sheet sees."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple
from xml.etree import ElementTree

import numpy as np

from geotrack import files
from geotrack.errors import AmbiguousError, Choice, GeotrackError, ParseError, Question, SpecError
from geotrack.usertables.cells import CellGrid, Span, TypedCell, gather, letter, moment, number, shown
from geotrack.usertables.figures import formats, raised
from geotrack.usertables.files.odsstyles import local
from geotrack.usertables.layout import passedsheets

MOST_BYTES = 500_000_000
"""Unpacked; a sheet of a million rows has a fifth of this, a zip bomb more."""

MOST_ROWS = 1_048_576
"""Of a sheet in Excel; a row may claim any number, and all rows above it would be made."""

MOST_CELLS = 50_000_000
"""Of a sheet, empty ones too: two cells in far corners have billions between them."""


def choose(content: bytes, name: str, sheet: str, most: int = 0) -> str:
    """Return the name of the sheet that is meant: the one that is named, or the only one that holds data.

    Raises
    ------
    ParseError : the file is damaged, or too large once unpacked.
    SpecError : there is no such sheet, or several hold data.
    """
    with _workbook(content, name, most) as book:
        names = [one.title for one in book.worksheets]
        if sheet:
            return chosen(name, names, [], sheet)
        full = passedsheets.candidates(_sheets(book, name))
    return chosen(name, names, full, sheet)


def _sheets(book: Any, name: str, but: str = "") -> Iterator[passedsheets.SheetSeen]:
    for one in book.worksheets:
        if one.title == but:
            continue
        rows = ([cell.value for cell in row] for row in _rows(one, f"{name}, sheet {one.title!r}"))
        yield passedsheets.SheetSeen(one.title, one.sheet_state == "visible", passedsheets.holds(rows))


def chosen(name: str, names: Sequence[str], full: Sequence[str], sheet: str) -> str:
    """Return the sheet that is meant, of all and of those that hold data."""
    if sheet:
        if sheet not in names:
            raise SpecError(f"{name}: no sheet {sheet!r}; found: {', '.join(map(repr, names))}")
        return sheet
    if not full:
        raise ParseError(f"{name}: no sheet holds a cell; expected a table with a header ({shown(names)})")
    if len(full) > 1:
        choices = tuple(Choice("sheet", each) for each in full[:MOST_NAMED])
        raise AmbiguousError(Question(f"{name}: {len(full)} sheets hold data: {shown(full)}", choices))
    return str(full[0])


MOST_NAMED = 12
"""Sheets that are offered."""


def read(content: bytes, name: str, sheet: str, hidden: bool = False, most: int = 0) -> CellGrid:
    """Read one sheet, all of its cells.

    Parameters
    ----------
    hidden : whether hidden rows and columns are read too.
    most : bytes that the file may unpack to; MOST_BYTES if 0.

    Raises
    ------
    ParseError
        The file is damaged, cells hold errors (#REF!) or formulas whose result was not stored; lists them.
    """
    where = f"{name}, sheet {sheet!r}"
    with _workbook(content, name, most) as book:
        one = book[sheet]
        beside = _beside_values(content, one._worksheet_path)
        fonts = any(font.vertAlign == raised.UP for font in book._fonts)
        cells = SheetText(book.epoch.year == 1904, beside.marked, fonts)
        rows = [cells.row(row) for row in _rows(one, where)]
        passed = tuple(passedsheets.told(_sheets(book, name, sheet)))
    width = max(map(len, rows), default=0)
    refuse_size(len(rows) * width, where)
    out = Hidden() if hidden else Hidden(beside.rows, beside.columns)
    errors = [place for row, column, place in cells.errors if not out.has(row, column)]
    unstored = [place for row, column, place in beside.unstored if not out.has(row, column)]
    if errors:
        raise ParseError(f"{where}: cells hold errors: {shown(errors)}; correct them in the workbook")
    if unstored:
        raise ParseError(
            f"{where}: formulas without a stored result: {shown(unstored)}; "
            "open the workbook in Excel and save it, or paste the values"
        )
    even = [[*row, *[""] * (width - len(row))] for row in rows]
    how = (f"sheet {sheet!r}", *cells.how())
    grid = CellGrid(
        gather(even, width), np.arange(1, len(rows) + 1), how, tuple(cells.numeric), beside.merged
    )
    made = without(grid, out) if not hidden else _told_hidden(grid, beside)
    return made._replace(skipped=(*passed, *made.skipped))


_HIDDEN = "hidden"
HIDDEN_ROWS = f"{_HIDDEN} rows"
"""How a line begins that says which hidden rows were left out."""


class Hidden(NamedTuple):
    """Rows and columns of a sheet that nobody sees, counted from 0."""

    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()

    def has(self, row: int, column: int) -> bool:
        """Tell whether a cell is hidden."""
        return row in self.rows or column in self.columns

    def told(self, grid: CellGrid) -> str:
        """Say which of them hold anything; "" if none does."""
        count = len(grid.rows)
        rows = [n for n in sorted(self.rows) if n < count and any(c[n].strip() for c in grid.columns)]
        columns = [
            n for n in sorted(self.columns) if n < len(grid.columns) and any(map(str.strip, grid.columns[n]))
        ]
        parts = [f"rows {shown([str(n + 1) for n in rows])}"] if rows else []
        parts += [f"columns {shown([letter(n) for n in columns])}"] if columns else []
        return " and ".join(parts)


def _told_hidden(grid: CellGrid, beside: _Beside) -> CellGrid:
    said = Hidden(beside.rows, beside.columns).told(grid)
    return grid._replace(skipped=(f"hidden {said}: read too, as you say",) if said else ())


def without(grid: CellGrid, hidden: Hidden) -> CellGrid:
    """Leave out hidden rows and columns, and say so."""
    said = hidden.told(grid)
    rows = np.array([n for n in range(len(grid.rows)) if n not in hidden.rows], dtype=np.intp)
    columns = [n for n in range(len(grid.columns)) if n not in hidden.columns]
    if len(rows) == len(grid.rows) and len(columns) == len(grid.columns):
        return grid
    row_at = {old: new for new, old in enumerate(rows.tolist())}
    column_at = {old: new for new, old in enumerate(columns)}
    spans = []
    for top, left, bottom, right in grid.merged:
        inside = [row_at[n] for n in range(top, min(bottom + 1, len(grid.rows))) if n in row_at]
        beside = [column_at[n] for n in range(left, min(right + 1, len(grid.columns))) if n in column_at]
        if inside and beside and (top in row_at and left in column_at):
            spans.append((inside[0], beside[0], inside[-1], beside[-1]))
    typed = [
        cell._replace(row=row_at[cell.row], column=column_at[cell.column])
        for cell in grid.typed
        if cell.row in row_at and cell.column in column_at
    ]
    told = (f"{_HIDDEN} {said}: left out; say --hidden include to read them",) if said else ()
    return grid._replace(
        columns=[grid.columns[n][rows] for n in columns], rows=grid.rows[rows], typed=tuple(typed),
        merged=tuple(spans), skipped=(*grid.skipped, *told),
    )  # fmt: skip


@contextmanager
def _workbook(content: bytes, name: str, most: int) -> Iterator[Any]:
    """Open a workbook for its values; whatever a damaged one leads the library to is a ParseError."""
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_unpacked(archive, name, most)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and validations, which say nothing of values
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            try:
                yield book
            finally:
                book.close()
    except GeotrackError:
        raise
    except Exception as error:
        raise ParseError(
            f"{name}: a damaged Excel file: {type(error).__name__}: {error}; open and save it in Excel"
        ) from error


OTHERWISE = "save the table as CSV, or as a workbook with this sheet only"
_ROWS = ("xl/worksheets/", "xl/media/", "xl/calcChain.xml", "xl/pivotCache/")
"""Parts that are read row by row, or not at all; the others become a tree each."""


def _refuse_unpacked(archive: zipfile.ZipFile, name: str, most: int) -> None:
    """Refuse a workbook by what it unpacks to, and by the trees of its styles and texts."""
    entries = archive.infolist()
    files.refuse_unpacked(sum(entry.file_size for entry in entries), name, most or MOST_BYTES, OTHERWISE)
    for entry in entries:
        if not entry.filename.startswith(_ROWS):
            # of a style and the like openpyxl makes objects, each as large as twenty elements
            weight = 1 if entry.filename == "xl/sharedStrings.xml" else 20
            files.refuse_branching(archive.read(entry), name, most, OTHERWISE, weight)


def _rows(sheet: Any, where: str) -> Iterator[tuple[Any, ...]]:
    """Yield a sheet's rows, no more of them and no longer ones than a table has."""
    sheet.reset_dimensions()  # what the file says of its size is often wrong
    seen = 0
    for n, row in enumerate(sheet.iter_rows(), start=1):
        seen += len(row)
        refuse_size(seen, where)
        if n > MOST_ROWS:
            raise ParseError(
                f"{where}: rows beyond {MOST_ROWS:,}, the last that Excel has; the file is damaged: "
                "save the table as CSV"
            )
        yield row


def refuse_size(cells: int, where: str) -> None:
    if cells > MOST_CELLS:
        raise ParseError(
            f"{where}: {cells:,} cells, empty ones counted; expected at most {MOST_CELLS:,}: delete what "
            "stands far beside or below the table, or save the table as CSV"
        )


Place = tuple[int, int]
"""The row and the column of a cell, counted from 0."""


class SheetText:
    """What cells are as text, and what was found in them."""

    def __init__(self, since_1904: bool, marked: Mapping[Place, str], fonts: bool) -> None:
        self.since_1904 = since_1904
        self.marked = marked  # texts with raised parts
        self.fonts = fonts  # whether cells may be raised as a whole
        self.errors: list[tuple[int, int, str]] = []
        self.numeric: list[TypedCell] = []
        self.dates = self.percentages = self.rows = 0

    def row(self, cells: tuple[Any, ...]) -> list[str]:
        """Return a row's texts, without the empty ones at its end."""
        texts = [self._text(n, cell) if cell.value is not None else "" for n, cell in enumerate(cells)]
        while texts and not texts[-1]:
            texts.pop()
        self.rows += 1
        return texts

    def how(self) -> list[str]:
        """Return what was found, in words."""
        found = []
        if self.dates:
            found.append(
                f"{self.dates:,} cells are dates" + (" (counted from 1904)" if self.since_1904 else "")
            )
        if self.percentages:
            found.append(
                f"{self.percentages:,} cells are percentages: a cell that shows 75.53% is read as 75.53%"
            )
        return found

    def _text(self, n: int, cell: Any) -> str:
        value = cell.value
        if isinstance(value, str):
            if cell.data_type == "e":
                self.errors.append((self.rows, n, f"{cell.coordinate}: {value}"))
            value = self.marked.get((self.rows, n), value)
            return raised.alone(value) if self._is_raised(cell) else value
        if isinstance(value, bool):
            return str(value).upper()
        if isinstance(value, int | float):
            if self._is_raised(cell) and (text := number(value)) != (mark := raised.alone(text)):
                return mark
            shape = cell.number_format or ""
            power = power_of_format(shape)
            self.numeric.append(TypedCell(self.rows, n, power, formats.beside(shape, power)))
            shows_percent = is_percent(shape)
            self.percentages += shows_percent
            return number(value, shows_percent)
        self.dates += 1
        return moment(value)

    def _is_raised(self, cell: Any) -> bool:
        return self.fonts and cell.font.vertAlign == raised.UP


def is_percent(number_format: str) -> bool:
    """Tell whether a number format multiplies by 100: its percent sign is not in quotes, nor escaped."""
    return "%" in _signs(number_format)


@cache
def power_of_format(number_format: str) -> int:
    """Return by which power of ten a format divides: a comma behind the last digit is a thousand."""
    found = re.search(r"[0#?](,+)(?:\.|[^0#?,.]*$)", _signs(number_format).partition(";")[0])
    return 3 * len(found[1]) if found else 0


def _signs(number_format: str) -> str:
    """Return a number format without what it writes as it stands: texts, colours, spaces."""
    return re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.', "", number_format)


class _Beside(NamedTuple):
    """What openpyxl does not tell of a sheet that it reads row by row."""

    merged: tuple[Span, ...]
    unstored: list[tuple[int, int, str]]  # formulas without a stored value
    rows: frozenset[int]  # hidden ones
    columns: frozenset[int]
    marked: Mapping[Place, str]  # texts with raised parts


def _beside_values(content: bytes, path: str) -> _Beside:
    merged: list[Span] = []
    unstored: list[tuple[int, int, str]] = []
    rows, columns = set(), set()
    texts: dict[Place, str] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(path) as file:
        shared = raised.shared(archive)
        for _, element in ElementTree.iterparse(file):
            tag = local(element.tag)
            if tag == "mergeCell":
                merged += _span(element.get("ref", ""))
            elif tag == "c":
                inside = {local(child.tag): child.text for child in element}
                if "f" in inside and not inside.get("v") and element.get("t") != "str":
                    place = element.get("r", "?")
                    unstored += [(row, column, place) for row, column, _, _ in _span(place)] or [
                        (-1, -1, place)
                    ]
                if text := raised.of_cell(element, inside.get("v"), shared):
                    texts |= {(row, column): text for row, column, _, _ in _span(element.get("r", ""))}
            elif tag == "col" and (_is_set(element, "hidden") or _is_none(element, "width")):
                first, last = int(element.get("min", "1")), int(element.get("max", "0"))
                columns |= set(range(first - 1, min(last, MOST_COLUMNS)))
            elif tag == "row":
                if (_is_set(element, "hidden") or _is_none(element, "ht")) and element.get("r"):
                    rows.add(int(element.get("r", "1")) - 1)
                element.clear()
    return _Beside(tuple(merged), unstored, frozenset(rows), frozenset(columns), texts)


MOST_COLUMNS = 16_384


def _is_set(element: ElementTree.Element, key: str) -> bool:
    return element.get(key, "0") in ("1", "true")


def _is_none(element: ElementTree.Element, key: str) -> bool:
    """Tell a height or a width of nothing, which hides as well."""
    return re.fullmatch(r"0+(?:\.0*)?", element.get(key, "")) is not None


def _span(ref: str) -> list[Span]:
    """Return merged cells, counted from 0: "B2:C3" is (1, 1, 2, 2)."""
    found = re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?", ref)
    if not found:
        return []
    left, top = _column(found[1]), int(found[2]) - 1
    return [(top, left, int(found[4] or found[2]) - 1, _column(found[3] or found[1]))]


def _column(letters: str) -> int:
    number = 0
    for each in letters:
        number = number * 26 + ord(each) - 64
    return number - 1
