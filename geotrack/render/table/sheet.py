"""One sheet of a workbook: cells that stay what they are, a header that stays in sight, readable widths."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from math import ceil
from typing import Any, NamedTuple

from geotrack.errors import OutputError
from geotrack.render.table.book import COMMENT, DAY, PLAIN, Look, Workbook

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
MOST_TEXT = 32_767
"""What a sheet and a cell hold, by Excel's specification; text is counted in units of UTF-16."""

MOST_WIDTH, MOST_HEIGHT = 60.0, 409.0
DIGIT = 7
"""Pixels of a digit, in which the width of a column is measured."""

LONGEST_LINK, MOST_LINKS = 2_079, 65_530

EPOCH = date(1899, 12, 30).toordinal()
"""The day 0 of Excel's calendar, for days from March 1900 on."""

ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML has no way to write."""

CODE = re.compile("(?<=_)(?=x[0-9A-Fa-f]{4}_)")
"""Inside of what a workbook's readers take for a letter's code: _x0041_ would be shown as A."""

MISREAD = re.compile("_x[0-9A-Fa-f]{4}_x[0-9A-Fa-f]{4}_|\\A<r>.*</r>\\Z", re.DOTALL)
"""What XlsxWriter does not write as it is: codes that share a sign, and what looks like its own markup."""

RUNS = ("=", "+", "-", "@")


class Sheet:
    """Rows written from the top, the first of them a header."""

    def __init__(
        self, book: Workbook, name: str, header: Sequence[str], frozen: int = 0, figures: int = MOST_COLUMNS
    ) -> None:
        """Begin a sheet: `frozen` columns stay in sight, and from `figures` on they hold numbers."""
        self.name, self.book = fitting(name, book.names), book
        self.cells = book.sheet(self.name)
        self.row, self.widths, self.links = -1, [0.0] * len(header), 0
        self.folded: list[tuple[int, list[str]]] = []
        self.cells.freeze_panes(1, frozen)
        self.add(header, {n: Look(head="right" if n >= figures else "left") for n in range(len(header))})

    def add(self, values: Sequence[object], looks: Mapping[int, Look] = {}, folded: bool = False) -> None:
        """Write a row: text, numbers, dates or None.

        Parameters
        ----------
        looks : of columns that do not look as usual.
        folded : whether texts are folded; `close` makes the row as high as they need.
        """
        self.row += 1
        if self.row >= MOST_ROWS or len(values) > MOST_COLUMNS:
            raise OutputError(
                f"sheet {self.name!r}: over {MOST_ROWS:,} rows or {MOST_COLUMNS:,} columns, which "
                "no sheet holds; export .csv or .parquet, or fewer slices (--at) or one metric (--metric)"
            )
        for n, value in enumerate(values):
            if value is not None or n in looks:
                look = looks.get(n, PLAIN)
                width = self._put(n, value, look._replace(folded=True) if folded else look)
                self.widths[n] = max(self.widths[n], width)
        if folded:
            self.folded.append((self.row, ["" if value is None else str(value) for value in values]))

    def _put(self, column: int, value: Any, look: Look) -> float:
        """Write a cell of the current row, and return how wide it is."""
        if isinstance(value, str):
            text = prepared(value)
            self._write(column, text, look)
            return text.width
        if value is None:
            if look.hatched:
                self.cells.write_blank(self.row, column, None, self.book.format(look))
            return 0.0
        if isinstance(value, date):
            look = look._replace(code=DAY.code) if look.folded else DAY
            self.cells.write_number(self.row, column, value.toordinal() - EPOCH, self.book.format(look))
        else:
            self.cells.write_number(self.row, column, value, self.book.format(look))
        return len(str(value)) + 2.0

    def _write(self, column: int, text: Text, look: Look) -> None:
        """Write text, which is never a formula, an error or markup."""
        if look is PLAIN and text.plain:  # most of all cells
            self.cells.write_string(self.row, column, text.text)
            return
        if look.link and not (text.web and self.links < MOST_LINKS):
            look = look._replace(link=False)
        if text.quoted:
            look = look._replace(quoted=True)
        given = self.book.format(look)
        if look.link:
            self.links += 1
            self.cells.write_url(self.row, column, text.text, given)
        if text.pieces:
            self.cells.write_rich_string(self.row, column, *text.pieces, *([given] if given else []))
        elif text.text:
            self.cells.write_string(self.row, column, text.text, given)

    def comment(self, column: int, text: str) -> None:
        """Attach words to a cell of the current row."""
        self.cells.write_comment(self.row, column, sound(text)[:2000], COMMENT)

    def filtered(self) -> None:
        """Let readers filter all rows by their columns."""
        self.cells.autofilter(0, 0, self.row, len(self.widths) - 1)

    def close(self, widest: float = MOST_WIDTH) -> None:
        """Set the columns' widths, and print on paper that lies, all columns on one page."""
        widths = [min(max(width, 8.0), widest) for width in self.widths]
        for n, width in enumerate(widths):
            self.cells.set_column_pixels(n, n, round(width * DIGIT))
        for row, texts in self.folded:
            self.cells.set_row(row, _height(texts, widths))
        self.cells.set_landscape()
        self.cells.fit_to_pages(1, 0)
        self.cells.repeat_rows(0)


def _height(texts: Sequence[str], widths: Sequence[float]) -> float:
    """Of a row's longest text once folded, in points."""
    lines = [
        sum(max(1, ceil((len(line) + 2) / width)) for line in text.split("\n"))
        for text, width in zip(texts, widths, strict=False)
    ]
    return min(15.0 * max(lines), MOST_HEIGHT)


class Text(NamedTuple):
    """Text as a sheet holds it.

    Parameters
    ----------
    text : what it holds.
    width : of its longest line, in digits.
    quoted : whether Excel would take it for a formula once somebody edits it.
    web : whether it is a web address that a cell can lead to.
    pieces : in which it has to be written, if it cannot be written at once.
    plain : whether it is text like any other, of which nothing above has to be minded.
    """

    text: str
    width: float
    quoted: bool
    web: bool
    pieces: tuple[str, ...]
    plain: bool


@lru_cache(maxsize=65_536)
def prepared(text: str) -> Text:
    """Return text as a sheet holds it: no formula, no error, no markup."""
    held = sound(text)
    web = text.startswith(("https://", "http://")) and _units(text) <= LONGEST_LINK and held == text
    pieces: list[str] = []
    if MISREAD.search(held):
        pieces = [held[:1], held[1:2], *CODE.split(held[2:])]  # XlsxWriter wants three at least
    width = max(len(line) for line in text.split("\n")) + 2.0
    quoted = held.startswith(RUNS)
    return Text(held, width, quoted, web, tuple(pieces), bool(held) and not quoted and not pieces)


@lru_cache(maxsize=65_536)
def sound(text: str) -> str:
    """Replace what a sheet cannot hold by the sign for that, and cut what is too long with an ellipsis."""
    if text.isprintable() and len(text) <= MOST_TEXT // 2:  # most texts
        return text
    text = re.sub("\r\n?", "\n", text.encode("utf-8", "replace").decode("utf-8"))
    text = ILLEGAL.sub("\ufffd", text)
    return text if _units(text) <= MOST_TEXT else _cut(text, MOST_TEXT - 1) + "…"


@lru_cache(maxsize=65_536)
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
    known, number, found = {each.lower() for each in taken}, 1, _cut(plain, 31).rstrip("' ")
    while found.lower() in known or found.lower() == "history":  # a name that Excel keeps for itself
        number += 1
        tail = f" ({number})"
        found = _cut(plain, 31 - len(tail)).rstrip("' ") + tail
    return found


def _units(text: str) -> int:
    """Count units of UTF-16, as Excel does."""
    return len(text.encode("utf-16-le")) // 2


def _cut(text: str, units: int) -> str:
    """Cut to so many units of UTF-16."""
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")
