"""What the number formats of a sheet show beside its figures: currencies, units, flags, "M" for millions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from geotrack.usertables.cells import Objects, TypedCell, objects
from geotrack.usertables.figures import marks
from geotrack.usertables.figures.unittexts import is_scale
from geotrack.usertables.words import money
from geotrack.usertables.words.names import called
from geotrack.usertables.words.scalewords import LETTERS, NAMES, powers_in

_PART = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[\$(?P<money>[^\]-]*)[^\]]*\]|\[[^\]]*\]|_.|\*.'
    r"|(?P<digits>[0#?][0#?.,]*|General|Standard)|(?P<end>;)|E[+-]|(?P<plain>.)",
    re.DOTALL,
)
_SIGNS = f"{money.SIGNS} "
_LETTERS = {letter: NAMES[LETTERS[letter.lower()]] for letter in ("M", "MM", "K", "k", "B")}
"""Letters that stand for a power of ten where nothing else stands beside a figure."""

_SAYS = rf"[^\W\d_]|[%‰°{money.SIGNS}]"


@cache
def beside(number_format: str, power: int = 0) -> str:
    """Return what a format of Excel shows beside a positive number: "€", "kt", "million $"; "" if nothing.

    Parameters
    ----------
    power : of ten, by which the format divides; a word for it says nothing of the number that is stored.
    """
    sides: list[list[str]] = [[], []]
    behind = 0
    for part in _PART.finditer(number_format):
        if part["end"]:
            break
        behind = behind or int(part["digits"] is not None)
        plain = part["plain"] if part["plain"] and part["plain"] in _SIGNS else ""
        sides[behind].append(part["quoted"] or part["escaped"] or part["money"] or plain)
    return worded(["".join(side) for side in sides], power)


def worded(sides: Sequence[str], power: int = 0) -> str:
    """Return the unit that texts before and behind a number make, a scale first; without signs and dashes."""
    words = [word for side in sides for word in side.split() if re.search(_SAYS, word)]
    scales = [
        word
        for word in words
        if word in _LETTERS or is_scale(word) or (power and LETTERS.get(word.casefold()) == power)
    ]
    told = [_LETTERS.get(word, word) for word in scales]
    if power and {power} == set().union(*map(powers_in, told)):
        told = []
    return " ".join([*told, *(word for word in words if word not in scales)])


class Shown(NamedTuple):
    """A table with what stands beside its figures."""

    header: list[str]
    columns: list[Objects]
    texts: dict[int, tuple[str, ...]]  # columns -> what their figures have beside them, each once
    how: tuple[str, ...] = ()


def applied(header: list[str], columns: list[Objects], typed: Sequence[TypedCell]) -> Shown:
    """Read what stands beside figures as if it stood in their cells.

    Flags are written into the cells. What all figures of a column have is its unit; so is a currency that
    some have and others have not, as accountants write it. Where rows differ, a column is made of it.
    """
    if not any(cell.beside for cell in typed):
        return Shown(header, columns, {})
    made = [*columns]
    texts: dict[int, dict[int, str]] = {}
    for cell in typed:
        n = cell.column
        if cell.beside in marks.FLAGS and (text := made[n][cell.row]):
            made[n] = made[n].copy() if made[n] is columns[n] else made[n]
            made[n][cell.row] = f"{text} {cell.beside}"
        else:
            texts.setdefault(n, {})[cell.row] = cell.beside
    several = any(called("metric", header))
    told = {n: _each(list(rows.values()), several) for n, rows in texts.items() if any(rows.values())}
    odd = [n for n, each in told.items() if len(each) > 1]
    by_row = _by_row([texts[n] for n in odd])
    if not odd or not by_row or any(called("unit", header)):
        return Shown(header, made, told)
    unit = objects([by_row.get(n, "") for n in range(len(columns[0]))])
    listed = ", ".join(map(repr, dict.fromkeys(by_row.values())))
    how = f"the unit of each row is what the sheet shows beside its figures: {listed}"
    return Shown([*header, "unit"], [*made, unit], {n: t for n, t in told.items() if n not in odd}, (how,))


def _each(texts: list[str], several: bool) -> tuple[str, ...]:
    """Return what stands beside figures, each once; the currency alone that some have and the others lack.

    several : whether there may be several metrics, of which only one may be money.
    """
    distinct = tuple(dict.fromkeys(texts))
    sign = "".join(distinct)
    return (sign,) if len(distinct) == 2 and "" in distinct and sign in _SIGNS and not several else distinct


def _by_row(columns: Sequence[dict[int, str]]) -> dict[int, str]:
    """Return what stands beside the figures of each row; nothing where that differs within one, or lacks."""
    found: dict[int, str] = {}
    for column in columns:
        for row, text in column.items():
            if not text or found.setdefault(row, text) != text:
                return {}
    return found
