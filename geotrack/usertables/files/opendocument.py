"""Sheets of OpenDocument (.ods): cells as text, with the dates and percentages that a reader sees."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Set
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import numpy as np

from geotrack import files
from geotrack.errors import GeotrackError, ParseError
from geotrack.usertables.cells import CellGrid, Span, TypedCell, gather, letter, shown
from geotrack.usertables.figures import raised
from geotrack.usertables.files.excel import (
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    Hidden,
    chosen,
    refuse_size,
    without,
)
from geotrack.usertables.files.odsstyles import Styles, local, of, styles
from geotrack.usertables.layout import passedsheets

OTHERWISE = "save the table as CSV"
PARTS = ("content.xml", "styles.xml")


def choose(content: bytes, name: str, sheet: str, most: int = 0) -> str:
    """Return the name of the sheet that is meant, see `excel.choose`."""
    with _tables(content, name, most) as (tables, said):
        names = [of(one, "name") for one in tables]
        full = [] if sheet else passedsheets.candidates(_sheets(tables, name, said))
        return chosen(name, names, full, sheet)


def _sheets(tables: list[ElementTree.Element], name: str, said: Styles) -> Iterator[passedsheets.SheetSeen]:
    for one in tables:
        holds = passedsheets.holds(_Sheet(one, name, said).rows)
        yield passedsheets.SheetSeen(of(one, "name"), of(one, "style-name") not in said.hidden, holds)


def read(content: bytes, name: str, sheet: str, hidden: bool = False, most: int = 0) -> CellGrid:
    """Read one sheet, all of its cells, see `excel.read`."""
    where = f"{name}, sheet {sheet!r}"
    with _tables(content, name, most) as (tables, said):
        found = _Sheet(next(one for one in tables if of(one, "name") == sheet), where, said)
        passed = tuple(
            passedsheets.told(_sheets([one for one in tables if of(one, "name") != sheet], name, said))
        )
    out = Hidden(frozenset(found.hidden_rows), frozenset(found.hidden_columns))
    errors = [place for row, column, place in found.errors if hidden or not out.has(row, column)]
    if errors:
        raise ParseError(f"{where}: cells hold errors: {shown(errors)}; correct them in the sheet")
    width = max(map(len, found.rows), default=0)
    refuse_size(width * len(found.rows), where)
    rows = [[*row, *[""] * (width - len(row))] for row in found.rows]
    how = (f"sheet {sheet!r}", *found.how())
    grid = CellGrid(
        gather(rows, width), np.arange(1, len(rows) + 1), how, tuple(found.typed), tuple(found.merged)
    )
    grid = grid._replace(skipped=passed)
    if not hidden:
        return without(grid, out)
    told = out.told(grid)
    return grid._replace(skipped=(*passed, *([f"hidden {told}: read too, as you say"] if told else [])))


class _Sheet:
    """A sheet's rows as text, without the empty ones at the end, and what was found in them."""

    def __init__(self, table: ElementTree.Element, where: str, said: Styles) -> None:
        self.where, self.said = where, said
        self.usual: list[str] = []  # of each column, the style of cells that have none of their own
        self.rows: list[list[str]] = []
        self.typed: list[TypedCell] = []
        self.errors: list[tuple[int, int, str]] = []
        self.merged: list[Span] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.dates = self.percentages = self.cells = 0
        self._columns(table)
        blank = 0
        for element in table.iter():
            if local(element.tag) == "table-row":
                blank = self._row(element, blank)

    def _columns(self, table: ElementTree.Element) -> None:
        n = 0
        for element in table.iter():
            if local(element.tag) == "table-column":
                count = _count(element, "number-columns-repeated")
                if of(element, "visibility") in ("collapse", "filter"):
                    self.hidden_columns |= set(range(n, min(n + count, MOST_COLUMNS)))
                style = of(element, "default-cell-style-name")
                self.usual += [style] * min(count, MOST_COLUMNS - len(self.usual))
                n += count

    def _row(self, element: ElementTree.Element, blank: int) -> int:
        """Add a row, and the blank ones before it; return how many blank ones wait."""
        start = len(self.rows) + blank
        texts = self._texts(element, start)
        count = _count(element, "number-rows-repeated")
        if of(element, "visibility") in ("collapse", "filter"):
            self.hidden_rows |= set(range(start, min(start + count, MOST_ROWS)))
        if not texts:
            return blank + count
        if start + count > MOST_ROWS:
            raise ParseError(f"{self.where}: rows beyond {MOST_ROWS:,}; save the table as CSV")
        self.cells += len(texts) * count
        refuse_size(self.cells, self.where)
        self.rows += [[] for _ in range(blank)]
        here = [cell for cell in self.typed if cell.row == start] if count > 1 else []
        for n in range(count):
            self.rows.append([*texts])
            self.typed += [cell._replace(row=start + n) for cell in here] if n else []
        return 0

    def _texts(self, row: ElementTree.Element, start: int) -> list[str]:
        texts: list[str] = []
        waiting = 0
        for cell in row:
            if local(cell.tag) not in ("table-cell", "covered-table-cell"):
                continue
            count = _count(cell, "number-columns-repeated")
            text = self._text(cell, start, len(texts) + waiting)
            down = min(_count(cell, "number-rows-spanned"), MOST_ROWS)
            right = min(_count(cell, "number-columns-spanned"), MOST_COLUMNS)
            if down > 1 or right > 1:
                left = len(texts) + waiting
                self.merged.append((start, left, start + down - 1, left + right - 1))
            if not text or local(cell.tag) == "covered-table-cell":
                waiting += count
                continue
            refuse_size(len(texts) + waiting + count, self.where)
            texts += [""] * waiting
            if of(cell, "value-type") in _NUMBERS and not {*text} & {*raised.SUPERS}:
                style = self._style(cell, len(texts))
                power, beside = self.said.powers.get(style, 0), self.said.beside.get(style, "")
                self.typed += [TypedCell(start, len(texts) + n, power, beside) for n in range(count)]
            texts += [text] * count
            waiting = 0
        return texts

    def _text(self, cell: ElementTree.Element, row: int, column: int) -> str:
        kind, shown_text = of(cell, "value-type"), _paragraphs(cell)
        marked = self._marked(cell, column, shown_text) if self.said.raised else shown_text
        if re.fullmatch(r"#[A-Z/0]{2,8}[!?]?|Err:\d{3}", shown_text) and shown_text != "#N/A":
            self.errors.append((row, column, f"{letter(column)}{row + 1}: {shown_text}"))
        if kind in _NUMBERS and marked == shown_text:
            exact = Decimal(of(cell, "value", "0"))
            percent = kind == "percentage"
            self.percentages += percent
            text = f"{exact * 100 if percent else exact:f}"
            text = text.rstrip("0").rstrip(".") if "." in text else text
            return text + ("%" if percent else "")
        if kind == "date":
            self.dates += 1
            day = of(cell, "date-value")
            return re.sub("T00:00:00(\\.0+)?$", "", day).replace("T", " ")
        if kind == "boolean":
            return of(cell, "boolean-value").upper()
        return marked if marked != shown_text else of(cell, "string-value") or shown_text

    def _marked(self, cell: ElementTree.Element, column: int, plain: str) -> str:
        """Return the text of a cell with its raised parts as marks."""
        if self._style(cell, column) in self.said.raised:
            return raised.alone(plain)
        return _paragraphs(cell, self.said.raised)

    def _style(self, cell: ElementTree.Element, column: int) -> str:
        return of(cell, "style-name") or (self.usual[column] if column < len(self.usual) else "")

    def how(self) -> list[str]:
        """Return what was found, in words."""
        said = f"{self.percentages:,} cells are percentages: a cell that shows 75.53% is read as 75.53%"
        dates = [f"{self.dates:,} cells are dates"] if self.dates else []
        return ["OpenDocument", *dates, *([said] if self.percentages else [])]


_NUMBERS = ("float", "percentage", "currency")


def _count(element: ElementTree.Element, key: str) -> int:
    return max(int(of(element, key, "1")), 1)


def _paragraphs(cell: ElementTree.Element, up: Set[str] = frozenset()) -> str:
    """Return the text of a cell's own paragraphs, parts of some styles as marks; a comment's is another's."""
    lines = [raised.text(_pieces(part, up)) for part in cell if local(part.tag) == "p"]
    return "\n".join(lines)


def _pieces(element: ElementTree.Element, up: Set[str], is_up: bool = False) -> Iterator[raised.Run]:
    is_up = is_up or of(element, "style-name") in up
    yield element.text or "", is_up
    for part in element:
        tag = local(part.tag)
        if tag == "s":
            yield " " * min(_count(part, "c"), 1000), is_up
        elif tag in ("tab", "line-break"):
            yield "\t" if tag == "tab" else "\n", is_up
        elif tag != "annotation":
            yield from _pieces(part, up, is_up)
        yield part.tail or "", is_up


@contextmanager
def _tables(content: bytes, name: str, most: int) -> Iterator[tuple[list[Any], Styles]]:
    """Open a file's tables, and what its styles say; whatever is wrong with it is a ParseError."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [archive.getinfo(part) for part in PARTS if part in archive.namelist()]
            size = sum(part.file_size for part in parts)
            files.refuse_unpacked(size, name, most or MOST_BYTES, OTHERWISE)
            for part in parts:
                files.refuse_branching(archive.read(part), name, most, OTHERWISE)
            root = ElementTree.fromstring(archive.read("content.xml"))
            said = styles(archive, root)
        yield [one for one in root.iter() if local(one.tag) == "table"], said
    except GeotrackError:
        raise
    except Exception as error:
        raise ParseError(
            f"{name}: a damaged OpenDocument file, one with a password, or no sheets: "
            f"{type(error).__name__}: {error}; open it and save it as .xlsx"
        ) from error
