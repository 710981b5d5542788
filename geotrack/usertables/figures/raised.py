"""Raised characters of sheets: a footnote's digit behind a figure is none of the figure's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import groupby
from xml.etree.ElementTree import Element, fromstring
from zipfile import ZipFile

PLAIN = "0123456789abcdefghijklmnoprstuvwxyz"
SUPERS = "⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"
"""Raised characters as Unicode has them, those of PLAIN in their order."""

UP = "superscript"
"""What Excel calls a raised font."""

_RAISED = str.maketrans(f"{PLAIN}+-", f"{SUPERS}⁺⁻")
_DIGITS = str.maketrans(PLAIN[:10], SUPERS[:10])
_ONE = re.compile(r"[(\[]?([+-]?[0-9]+|[A-Za-z]|[*†‡§#※]{1,4})[)\]]?")
_BETWEEN = re.compile(r"\s*[,;/]\s*|\s+")
_MOST_ALONE = 2
"""Digits of a mark that is all its cell holds; a raised "2019" is a year."""

Run = tuple[str, bool]
"""A part of a cell's text, and whether it is raised."""


def text(runs: Iterable[Run]) -> str:
    """Return the text of a cell, its raised marks as Unicode has them: "1250" and a raised "1" are "1250¹".

    Digits are always written so, as they would be read as part of the number before them; of letters only
    those that stand alone: the end of "1st" stays as it is.
    """
    full = (run for run in runs if run[0])
    parts = [("".join(each for each, _ in group), up) for up, group in groupby(full, lambda run: run[1])]
    return "".join(_marked(part) if up else part for part, up in parts)


def alone(cell: str) -> str:
    """Return the text of a cell that is raised as a whole: a mark, if it is as short as one."""
    pieces = _BETWEEN.split(cell.strip())
    short = all(sum(map(str.isdigit, piece)) <= _MOST_ALONE for piece in pieces)
    return _marked(cell) if short and all(map(_ONE.fullmatch, pieces)) else cell


def _marked(part: str) -> str:
    found = [_ONE.fullmatch(piece) for piece in _BETWEEN.split(part.strip()) if piece]
    if not all(found):
        # what begins like decimals is neither a mark nor surely a part of the figure: it must not be read
        odd = re.match(r"\s*[.,]\s*[0-9]", part)
        return ("^" if odd else "") + part.translate(_DIGITS)
    marks = " ".join(each[1].lower().translate(_RAISED) for each in found if each)
    before, after = (" " if part[at:][:1].isspace() else "" for at in (0, -1))
    return f"{before}{marks}{after}"


def shared(archive: ZipFile) -> dict[str, str]:
    """Return the texts with raised parts among those that the cells of a workbook share, by their numbers."""
    name = next((name for name in archive.namelist() if name.lower() == "xl/sharedstrings.xml"), "")
    content = archive.read(name) if name else b""
    if UP.encode() not in content:
        return {}
    items = fromstring(content).iterfind("{*}si")
    return {str(n): found for n, item in enumerate(items) if (found := _of_item(item))}


def of_cell(cell: Element, value: str | None, shared: Mapping[str, str]) -> str:
    """Return the text of a cell of Excel that has raised parts; "" if it has none."""
    kind = cell.get("t")
    if kind == "s":
        return shared.get(value or "", "")
    return next(map(_of_item, cell.iterfind("{*}is")), "") if kind == "inlineStr" else ""


def _of_item(item: Element) -> str:
    """Return a text whose parts have formats of their own; "" if none of them is raised."""
    parts = [*item.iterfind("{*}r")]
    up = [any(one.get("val") == UP for one in part.iterfind("{*}rPr/{*}vertAlign")) for part in parts]
    texts = ("".join(one.text or "" for one in part.iterfind("{*}t")) for part in parts)
    return text(zip(texts, up, strict=True)) if any(up) else ""
