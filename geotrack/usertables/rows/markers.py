"""Numbers that stand for no figure: -9999 among figures above zero, as instruments and old programs write."""

from __future__ import annotations

import re
from collections.abc import Sequence

from geotrack.errors import Choice, Question, and_more

_MARKER = re.compile(r"^-9{2,6}(?:\.(?:0+|9+))?$", re.MULTILINE)
_BELOW = re.compile(r"^-[\d.]+$", re.MULTILINE)
FAR = 10
"""How many times as far below zero as the next figure such a number lies."""


def questions(cells: Sequence[str], columns: Sequence[str]) -> list[Question]:
    """Ask about a number far below all others that looks like a mark of what is missing.

    Parameters
    ----------
    cells : of columns whose numbers are written alike; columns : their names.
    """
    text = "\n".join(cells)
    if not (found := _MARKER.search(text)):
        return []
    mark = found[0]
    others = [abs(float(each)) for each in set(_BELOW.findall(text)) if each != mark and each.count(".") < 2]
    if others and abs(float(mark)) < FAR * max(others):
        return []
    more = f" {and_more(len(columns) - 1)}" if len(columns) > 1 else ""
    choices = (Choice("empty", mark, "no figure"), Choice("empty", "n.a.", f"{mark} = {mark}, a figure"))
    words = "lies far below all others, and may say that there is no figure"
    return [Question(f"column {columns[0]!r}{more}: {mark!r} {words}", choices)]
