"""A workbook of Excel's: each look of a cell made once, the same bytes for the same cells."""

from __future__ import annotations

import gc
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

LIGHT_UP = 14
"""Excel's number of hatching by thin lines that rise."""

COMMENT = {"author": "geotrack", "width": 320, "height": 120}


class Look(NamedTuple):
    """How a cell is shown.

    Parameters
    ----------
    code : number format; "" for the usual one.
    quoted : whether it stays text when somebody edits it.
    folded : whether its text is folded.
    link : whether it leads to a web address.
    hatched : whether it holds no figure, so that nobody takes it for zero.
    head : "left" or "right" of a head, on which side its text stands; else "".
    """

    code: str = ""
    quoted: bool = False
    folded: bool = False
    link: bool = False
    hatched: bool = False
    head: str = ""


PLAIN, DAY, LINK, HATCHED = Look(), Look(code="yyyy-mm-dd"), Look(link=True), Look(hatched=True)


class Workbook:
    """A workbook in memory, to which sheets are added."""

    def __init__(self, title: str, author: str, moment: datetime) -> None:
        """Begin a workbook that says it was made at `moment`: no clock is asked."""
        import xlsxwriter

        self._file = io.BytesIO()
        # in memory, files inside have no moment of their own; text is never read for formulas and addresses
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(self._file, options)
        self._book.set_properties({"title": title, "author": author, "created": moment})
        self._formats: dict[Look, Any] = {PLAIN: None}
        self.names: list[str] = []

    def sheet(self, name: str) -> Any:
        """Add a sheet of XlsxWriter's."""
        self.names.append(name)
        return self._book.add_worksheet(name)

    def format(self, look: Look) -> Any:
        """Return a look as a format of XlsxWriter's, the same for the same look."""
        if look not in self._formats:
            self._formats[look] = self._book.add_format(_properties(look))
        return self._formats[look]

    def content(self) -> bytes:
        """Close it, and return its bytes."""
        self._book.close()
        return self._file.getvalue()


@contextmanager
def kept() -> Iterator[None]:
    """Look for no garbage meanwhile: a book keeps all its cells to the end.

    To go through them again and again was a fifth of the time of 1,000 regions and 24 slices, a note on each.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _properties(look: Look) -> dict[str, Any]:
    found: dict[str, Any] = {"num_format": look.code} if look.code else {}
    if look.quoted:
        found |= {"quote_prefix": True}
    if look.folded:
        found |= {"text_wrap": True, "valign": "top"}
    if look.link:
        found |= {"font_color": "#0B57A4", "underline": 1}
    if look.hatched:
        found |= {"pattern": LIGHT_UP, "fg_color": "#C9CDD2"}
    if look.head:
        found |= {"bold": True, "pattern": 1, "bg_color": "#E7EAEE", "align": look.head}
        found |= {"bottom": 1, "bottom_color": "#8A9099"}
    return found
