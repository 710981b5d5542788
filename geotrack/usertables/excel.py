"""Excel sheets: cells as text, with the dates and percentages that a reader of the sheet sees."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.etree import ElementTree

from geotrack.errors import GeotrackError, ParseError, SpecError
from geotrack.usertables.cells import Raw, gather, moment, number, shown

MOST_BYTES = 500_000_000
"""Unpacked; a sheet of a million rows has a fifth of this, a zip bomb more."""

MOST_ROWS = 1_048_576
"""Of a sheet in Excel; a row may claim any number, and all rows above it would be made."""

MOST_CELLS = 50_000_000
"""Of a sheet, empty ones too: two cells in far corners have billions between them."""


def choose(content: bytes, name: str, sheet: str) -> str:
    """Return the name of the sheet that is meant: the one that is named, or the only one that holds data.

    Raises
    ------
    ParseError : the file is damaged, or too large once unpacked.
    SpecError : there is no such sheet, or several hold data.
    """
    with _workbook(content, name) as book:
        names = [one.title for one in book.worksheets]
        if sheet:
            if sheet not in names:
                raise SpecError(f"{name}: no sheet {sheet!r}; found: {', '.join(map(repr, names))}")
            return sheet
        seen = [one for one in book.worksheets if one.sheet_state == "visible"]
        full = [one.title for one in seen if _holds_data(one, f"{name}, sheet {one.title!r}")]
    if not full:
        raise ParseError(f"{name}: no sheet holds a cell; expected a table with a header ({shown(names)})")
    if len(full) > 1:
        raise SpecError(
            f"{name}: {len(full)} sheets hold data: {shown(full)}; say which one: --sheet {full[0]!r}"
        )
    return str(full[0])


def read(content: bytes, name: str, sheet: str) -> Raw:
    """Read one sheet; its header is the first row that holds anything.

    Raises
    ------
    ParseError
        The file is damaged, cells hold errors (#REF!) or formulas whose result was not stored; lists them.
    """
    where = f"{name}, sheet {sheet!r}"
    with _workbook(content, name) as book:
        one = book[sheet]
        merged, unstored = _beside_values(content, one._worksheet_path)
        cells = _SheetText(book.epoch.year == 1904)
        rows = [cells.row(row) for row in _rows(one, where)]
    if cells.errors:
        raise ParseError(f"{where}: cells hold errors: {shown(cells.errors)}; correct them in the workbook")
    if unstored:
        raise ParseError(
            f"{where}: formulas without a stored result: {shown(unstored)}; "
            "open the workbook in Excel and save it, or paste the values"
        )
    first = next((n for n, row in enumerate(rows) if any(text.strip() for text in row)), 0)
    width = max(map(len, rows[first:]), default=0)
    _refuse_size((len(rows) - first) * width, where)
    even = ([*row, *[""] * (width - len(row))] for row in rows[first:])
    header = next(even, [])
    how = [f"sheet {sheet!r}", *cells.how()]
    if merged:
        how.append(f"merged cells ({shown(merged)}): their text stands in the first cell only")
    return Raw(header, gather(even, width), first + 2, tuple(how), frozenset(cells.numeric))


@contextmanager
def _workbook(content: bytes, name: str) -> Iterator[Any]:
    """Open a workbook for its values; whatever a damaged one leads the library to is a ParseError."""
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > MOST_BYTES:
            raise ParseError(
                f"{name}: {size:,} bytes once unpacked; expected at most {MOST_BYTES:,}: "
                "save the table as CSV, or as a workbook with this sheet only"
            )
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


def _holds_data(sheet: Any, where: str) -> bool:
    return any(cell.value not in (None, "") for row in _rows(sheet, where) for cell in row)


def _rows(sheet: Any, where: str) -> Iterator[tuple[Any, ...]]:
    """Yield a sheet's rows, no more of them and no longer ones than a table has."""
    sheet.reset_dimensions()  # what the file says of its size is often wrong
    seen = 0
    for n, row in enumerate(sheet.iter_rows(), start=1):
        seen += len(row)
        _refuse_size(seen, where)
        if n > MOST_ROWS:
            raise ParseError(
                f"{where}: rows beyond {MOST_ROWS:,}, the last that Excel has; the file is damaged: "
                "save the table as CSV"
            )
        yield row


def _refuse_size(cells: int, where: str) -> None:
    if cells > MOST_CELLS:
        raise ParseError(
            f"{where}: {cells:,} cells, empty ones counted; expected at most {MOST_CELLS:,}: delete what "
            "stands far beside or below the table, or save the table as CSV"
        )


class _SheetText:
    """What cells are as text, and what was found in them."""

    def __init__(self, since_1904: bool) -> None:
        self.since_1904 = since_1904
        self.errors: list[str] = []
        self.numeric: set[int] = set()
        self.dates = self.percentages = 0
        self.header = False

    def row(self, cells: tuple[Any, ...]) -> list[str]:
        """Return a row's texts, without the empty ones at its end."""
        texts = [self._text(n, cell) if cell.value is not None else "" for n, cell in enumerate(cells)]
        while texts and not texts[-1]:
            texts.pop()
        if not self.header and any(texts):  # years in a header are names
            self.header = True
            self.numeric.clear()
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
                self.errors.append(f"{cell.coordinate}: {value}")
            return value
        if isinstance(value, bool):
            return str(value).upper()
        if isinstance(value, int | float):
            self.numeric.add(n)
            shows_percent = is_percent(cell.number_format or "")
            self.percentages += shows_percent
            return number(value, shows_percent)
        self.dates += 1
        return moment(value)


def is_percent(number_format: str) -> bool:
    """Tell whether a number format multiplies by 100: its percent sign is not in quotes, nor escaped."""
    return "%" in re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.', "", number_format)


def _beside_values(content: bytes, path: str) -> tuple[list[str], list[str]]:
    """Return what is merged, and the formulas without a stored value, which openpyxl does not tell."""
    merged, unstored = [], []
    with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(path) as file:
        for _, element in ElementTree.iterparse(file):
            tag = element.tag.rpartition("}")[2]
            if tag == "mergeCell":
                merged.append(element.get("ref", ""))
            elif tag == "c":
                inside = {child.tag.rpartition("}")[2]: child.text for child in element}
                if "f" in inside and not inside.get("v") and element.get("t") != "str":
                    unstored.append(element.get("r", "?"))
            elif tag == "row":
                element.clear()
    return merged, unstored
