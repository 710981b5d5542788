"""One sheet of a workbook: cells that stay what they are, a header that stays in sight, readable widths."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from math import ceil
from typing import Any

from geotrack.errors import OutputError

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
MOST_TEXT = 32_767
"""What a sheet and a cell hold, by Excel's specification."""

MOST_WIDTH, MOST_HEIGHT = 60.0, 409.0
LONGEST_LINK = 2_079

ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML has no way to write."""

CODE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""The start of what a workbook's readers take for a letter's code: _x0041_ would be shown as A."""

RUNS = ("=", "+", "-", "@")
FACE: dict[str, Any] = {"name": "Calibri", "size": 11}
HEADER = {"patternType": "solid", "fgColor": "E7EAEE"}
NOTHING = {"patternType": "lightUp", "fgColor": "C9CDD2"}


class Sheet:
    """Rows written from the top, the first of them a header."""

    def __init__(
        self, book: Any, name: str, header: Sequence[str], frozen: int = 0, figures: int = MOST_COLUMNS
    ) -> None:
        """Begin a sheet: `frozen` columns stay in sight, and from `figures` on they hold numbers."""
        self.cells = book.create_sheet(fitting(name, book.sheetnames))
        self.row, self.widths, self.figures = 0, [0.0] * len(header), figures
        self.folded: list[int] = []
        self.cells.freeze_panes = self.cells.cell(2, frozen + 1)
        self.add(header)
        for n in range(len(header)):
            self._head(n)

    def add(self, values: Sequence[object]) -> None:
        """Write a row: text, numbers, dates or None."""
        self.row += 1
        if self.row > MOST_ROWS or len(values) > MOST_COLUMNS:
            raise OutputError(
                f"sheet {self.cells.title!r}: over {MOST_ROWS:,} rows or {MOST_COLUMNS:,} columns, which "
                "no sheet holds; export .csv or .parquet, or fewer slices (--at) or one metric (--metric)"
            )
        for n, value in enumerate(values):
            if value is not None:
                self.put(n, value)

    def put(self, column: int, value: object) -> Any:
        """Write a cell of the current row; text is never a formula, an error or markup."""
        cell = self.cells.cell(self.row, column + 1)
        if isinstance(value, str):
            text = sound(value)
            cell.value, cell.data_type = CODE.sub("_x005F_", text), "s"
            if text.startswith(RUNS):
                cell.quotePrefix = True  # stays text when somebody edits it
        else:
            cell.value = value
            if isinstance(value, date):
                cell.number_format = "yyyy-mm-dd"
        self.widths[column] = max(self.widths[column], _width(str(value)))
        return cell

    def format(self, column: int, code: str) -> Any:
        """Set the number format of a cell of the current row."""
        cell = self.cells.cell(self.row, column + 1)
        cell.number_format = code
        return cell

    def empty(self, column: int) -> None:
        """Hatch a cell that holds no figure, so that nobody takes it for zero."""
        from openpyxl.styles import PatternFill

        self.cells.cell(self.row, column + 1).fill = PatternFill(**NOTHING)

    def comment(self, column: int, text: str) -> None:
        """Attach words to a cell of the current row."""
        from openpyxl.comments import Comment

        note = Comment(sound(text)[:2000], "geotrack", height=120, width=320)
        self.cells.cell(self.row, column + 1).comment = note

    def link(self, column: int, url: str) -> None:
        """Make a cell lead to a web address; anything else stays text."""
        from openpyxl.styles import Font

        if url.startswith(("https://", "http://")) and len(url) <= LONGEST_LINK and sound(url) == url:
            cell = self.cells.cell(self.row, column + 1)
            cell.hyperlink = url
            cell.value, cell.data_type = CODE.sub("_x005F_", url), "s"
            cell.font = Font(**FACE, color="0B57A4", underline="single")

    def wrap(self) -> None:
        """Fold the texts of the current row; `close` makes it as high as they need."""
        from openpyxl.styles import Alignment

        for cell in self.cells[self.row]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        self.folded.append(self.row)

    def close(self, widest: float = MOST_WIDTH) -> None:
        """Set the columns' widths, and print on paper that lies, all columns on one page."""
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.properties import PageSetupProperties

        for n, width in enumerate(self.widths, 1):
            self.cells.column_dimensions[get_column_letter(n)].width = min(max(width, 8.0), widest)
        for row in self.folded:
            self.cells.row_dimensions[row].height = self._height(row, widest)
        self.cells.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        self.cells.page_setup.orientation = "landscape"
        self.cells.page_setup.fitToWidth, self.cells.page_setup.fitToHeight = 1, 0
        self.cells.print_title_rows = "1:1"

    def _height(self, row: int, widest: float) -> float:
        """Of the row's longest text once folded, in points."""
        lines = [
            sum(max(1, ceil((len(line) + 2) / min(max(width, 8.0), widest))) for line in text.split("\n"))
            for text, width in zip((str(cell.value) for cell in self.cells[row]), self.widths, strict=False)
        ]
        return min(15.0 * max(lines), MOST_HEIGHT)

    def _head(self, column: int) -> None:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

        cell = self.cells.cell(1, column + 1)
        cell.font, cell.fill = Font(**FACE, bold=True), PatternFill(**HEADER)
        cell.alignment = Alignment(horizontal="right" if column >= self.figures else "left")
        cell.border = Border(bottom=Side(style="thin", color="8A9099"))


@lru_cache(maxsize=65_536)
def _width(text: str) -> float:
    return max(len(line) for line in text.split("\n")) + 2.0


@lru_cache(maxsize=65_536)
def sound(text: str) -> str:
    """Replace what a sheet cannot hold by the sign for that, and cut what is too long with an ellipsis."""
    text = re.sub("\r\n?", "\n", text.encode("utf-8", "replace").decode("utf-8"))
    text = ILLEGAL.sub("\ufffd", text)
    return text if len(text) <= MOST_TEXT else text[: MOST_TEXT - 1] + "…"


def day(iso: str) -> date | str:
    """Return an ISO day as a date; those before Excel's calendar stay text."""
    try:
        found = date.fromisoformat(iso)
    except ValueError:
        return iso
    return found if found >= date(1900, 3, 1) else iso


def decimals(digits: int, sign: str = "") -> str:
    """Return a number format with so many decimals, with a sign such as "≥" before it."""
    code = "#,##0" + ("." + "0" * digits if digits else "")
    return f'"{sign} "{code};"{sign} "-{code}' if sign else code


def fitting(name: str, taken: Sequence[str]) -> str:
    """Return a sheet's name that Excel takes: at most 31 characters, no []:*?/ or backslash, not taken."""
    plain = re.sub(r"[\[\]:*?/\\\x00-\x1f\x7f]", "_", sound(name)).strip("' ") or "Sheet"
    known, number, found = {each.lower() for each in taken}, 1, _cut(plain, 31)
    while found.lower() in known or found.lower() == "history":  # a name that Excel keeps for itself
        number += 1
        tail = f" ({number})"
        found = _cut(plain, 31 - len(tail)) + tail
    return found


def _cut(text: str, units: int) -> str:
    """Cut to so many units of UTF-16, which is what Excel counts."""
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore").rstrip("' ")
