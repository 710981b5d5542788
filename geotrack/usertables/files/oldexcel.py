"""Sheets of Excel 97 to 2003 (.xls): cells as text, with the dates and percentages that a reader sees."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import numpy as np

from geotrack.errors import GeotrackError, ParseError
from geotrack.usertables.cells import CellGrid, TypedCell, gather, letter, moment, number, shown
from geotrack.usertables.figures import formats, raised
from geotrack.usertables.files.excel import Hidden, chosen, is_percent, power_of_format, without
from geotrack.usertables.layout import passedsheets

EMPTY, TEXT, NUMBER, DATE, BOOLEAN, ERROR = range(6)


def choose(content: bytes, name: str, sheet: str, most: int = 0) -> str:
    """Return the name of the sheet that is meant, see `excel.choose`."""
    with _workbook(content, name) as book:
        full = passedsheets.candidates(_sheets(book))
        return chosen(name, [one.name for one in book.sheets()], full, sheet)


def _sheets(book: Any, but: str = "") -> Iterator[passedsheets.SheetSeen]:
    for one in book.sheets():
        if one.name == but:
            continue
        rows = (
            [
                None if kind == DATE else value
                for kind, value in zip(one.row_types(n), one.row_values(n), strict=True)
            ]
            for n in range(one.nrows)
        )
        yield passedsheets.SheetSeen(one.name, one.visibility == 0, passedsheets.holds(rows))


def read(content: bytes, name: str, sheet: str, hidden: bool = False, most: int = 0) -> CellGrid:
    """Read one sheet, all of its cells, see `excel.read`."""
    where = f"{name}, sheet {sheet!r}"
    with _workbook(content, name) as book:
        one = book.sheet_by_name(sheet)
        cells = _OldCells(book, one.rich_text_runlist_map)
        rows = [[cells.text(n, k, one.cell(n, k)) for k in range(one.ncols)] for n in range(one.nrows)]
        merged = tuple((top, left, bottom - 1, right - 1) for top, bottom, left, right in one.merged_cells)
        out = Hidden(
            frozenset(n for n, row in one.rowinfo_map.items() if row.hidden or row.height == 0),
            frozenset(n for n, column in one.colinfo_map.items() if column.hidden or column.width == 0),
        )
        passed = tuple(passedsheets.told(_sheets(book, sheet)))
    errors = [place for row, column, place in cells.errors if hidden or not out.has(row, column)]
    if errors:
        raise ParseError(f"{where}: cells hold errors: {shown(errors)}; correct them in the workbook")
    how = (f"sheet {sheet!r}", *cells.how())
    grid = CellGrid(gather(rows, one.ncols), np.arange(1, len(rows) + 1), how, tuple(cells.typed), merged)
    grid = grid._replace(skipped=passed)
    if not hidden:
        return without(grid, out)
    said = out.told(grid)
    return grid._replace(skipped=(*passed, *([f"hidden {said}: read too, as you say"] if said else [])))


class _OldCells:
    """What cells are as text, and what was found in them."""

    def __init__(self, book: Any, runs: Mapping[tuple[int, int], Sequence[tuple[int, int]]]) -> None:
        self.book, self.runs = book, runs
        self.errors: list[tuple[int, int, str]] = []
        self.typed: list[TypedCell] = []
        self.dates = self.percentages = 0

    def text(self, row: int, column: int, cell: Any) -> str:
        """Return a cell's text."""
        from xlrd import error_text_from_code, xldate

        if cell.ctype == NUMBER:
            shape = self.book.format_map[self.book.xf_list[cell.xf_index].format_key].format_str
            percent = is_percent(shape or "")
            mark = raised.alone(text := number(cell.value)) if self._is_up(self._font(cell)) else ""
            if mark and mark != text:
                return mark
            self.percentages += percent
            power = power_of_format(shape or "")
            self.typed.append(TypedCell(row, column, power, formats.beside(shape or "", power)))
            return number(cell.value, percent)
        if cell.ctype == DATE:
            self.dates += 1
            day: datetime = xldate.xldate_as_datetime(cell.value, self.book.datemode)
            return moment(day)
        if cell.ctype == BOOLEAN:
            return str(bool(cell.value)).upper()
        if cell.ctype == ERROR:
            said = error_text_from_code.get(cell.value, "#ERROR")
            self.errors.append((row, column, f"{letter(column)}{row + 1}: {said}"))
            return str(said)
        return self._written(row, column, cell) if cell.ctype == TEXT else ""

    def _written(self, row: int, column: int, cell: Any) -> str:
        """Return a text, with its raised parts as marks."""
        text = str(cell.value)
        runs = self.runs.get((row, column))
        if not runs:
            return raised.alone(text) if self._is_up(self._font(cell)) else text
        starts, fonts = [0, *(start for start, _ in runs)], [self._font(cell), *(font for _, font in runs)]
        parts = [text[start:stop] for start, stop in zip(starts, [*starts[1:], len(text)], strict=True)]
        return raised.text((part, self._is_up(font)) for part, font in zip(parts, fonts, strict=True) if part)

    def _font(self, cell: Any) -> int:
        return int(self.book.xf_list[cell.xf_index].font_index)

    def _is_up(self, font: int) -> bool:
        return bool(self.book.font_list[font].escapement == 1)

    def how(self) -> list[str]:
        """Return what was found, in words."""
        since = " (counted from 1904)" if self.book.datemode else ""
        said = f"{self.percentages:,} cells are percentages: a cell that shows 75.53% is read as 75.53%"
        dates = [f"{self.dates:,} cells are dates{since}"] if self.dates else []
        return ["an old Excel file (.xls)", *dates, *([said] if self.percentages else [])]


@contextmanager
def _workbook(content: bytes, name: str) -> Iterator[Any]:
    """Open a workbook; whatever a damaged one leads the library to is a ParseError."""
    try:
        import xlrd

        with xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=io.StringIO()) as book:
            yield book
    except GeotrackError:
        raise
    except Exception as error:
        raise ParseError(
            f"{name}: an old Excel file (.xls) that cannot be read, as it is damaged or has a "
            f"password: {type(error).__name__}: {error}; open it and save it as .xlsx without a password"
        ) from error
