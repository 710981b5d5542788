"""The one writer of a figure: a value with its status, in its digits, its unit and a language.

What is said is never beyond what is known. A lower bound is rounded down and an upper one up; nothing but
zero reads as zero, and nothing but the whole as the whole. The page's script has the same writer (`written`
and `changed` in web/page/format.js), and tests/language/figures.json holds what both of them write.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from geotrack.language.catalogue import ENGLISH, decimal, said, with_unit, words_of
from geotrack.language.numbers import WIDE, exact, rounded, trimmed
from geotrack.model import AT_MOST, LOWER_BOUND, MISSING, REPORTED, Metric

SHORT = 1
"""Decimals where there is space for few: in a sentence, in a caption, on a map."""

FIXED = 2
"""As many decimals are written though they are zeros, so that figures stand below each other; of more than
these, one."""

BOUNDS = {LOWER_BOUND: ("atLeast", "down"), AT_MOST: ("atMost", "up")}
"""Status of a bound -> how it is called, and the side to which it is rounded."""

Dress = Callable[[str], str]


def written(
    value: float | Decimal,
    status: int = REPORTED,
    *,
    digits: int,
    unit: str = "",
    lang: str = ENGLISH,
    whole: float | None = None,
    most: int | None = None,
    least: int | None = None,
    dress: Dress | None = None,
) -> str:
    """Write a figure: "75.5%", "at least 50%", "under 0.1%", "0%", "no data".

    Parameters
    ----------
    status : a place in model.STATUSES, or AT_MOST.
    digits : decimals that the figures of its column have. most : decimals that there is space for.
    unit : "" writes the number alone, as in a table whose head has the unit.
    whole : what all figures add up to: nothing else may look like it.
    least : decimals written though they are zeros.
    dress : puts the unit to the number, if not as the language does.
    """
    if status == MISSING or math.isnan(value):
        return str(words_of(lang)["noData"])
    word, way = BOUNDS.get(int(status), ("", "near"))
    shown = digits if most is None else min(digits, most)
    own, marks = _base(value, digits, way, (0.0,) if whole is None else (0.0, whole))
    found = rounded(own, shown, way)
    if found in marks and not word and own > 0:
        word, found = _beside(found, own, shown)
    elif found in marks:  # a bound, a change or a figure below zero has no shorter word for it
        found = _longer(own, shown, way, marks)
    elif not word and found:
        found = trimmed(found, least if least is not None else _fixed(shown))
    dressed = (dress or _unit(unit, lang))(decimal(trimmed(found) if word or not found else found, lang))
    return said(lang, "page", word, value=dressed) if word else dressed


def changed(
    value: float | Decimal,
    *,
    digits: int,
    unit: str = "",
    lang: str = ENGLISH,
    most: int | None = None,
    dress: Dress | None = None,
    signed: bool = True,
) -> str:
    """Write a change of figures: "+2.1 points", "−0.04 points", "±0 EH/s".

    Parameters
    ----------
    unit : of the figures; a change of percentages is in points.
    signed : whether the sign is written, or is said by a word beside it.
    digits, most, dress : as of `written`.
    """
    shown = digits if most is None else min(digits, most)
    size = value.copy_abs() if isinstance(value, Decimal) else abs(value)  # abs would round a long one
    own, marks = _base(size, digits, "near", (0.0,))
    found = rounded(own, shown)
    found = _longer(own, shown, "near", marks) if found in marks else found
    found = trimmed(found, _fixed(shown)) if found else Decimal(0)
    sign = ("±" if not found else "+" if value > 0 else "−") if signed else ""
    return (dress or _unit(points(unit, lang), lang))(sign + decimal(found, lang))


def verbatim(value: Decimal, status: int = REPORTED, *, unit: str = "", lang: str = ENGLISH) -> str:
    """Write a figure with all decimals that it was given with: "37.90%", "at least 0.5%"."""
    digits = decimals(value)
    return written(value, status, digits=digits, least=digits, unit=unit, lang=lang)


def compared(change: Decimal, was: Decimal, lang: str = ENGLISH) -> str:
    """Write a change as a part of what was: "+0.2%", "−12.5%", "under 0.1%" whatever its sign."""
    part = WIDE.divide(WIDE.multiply(change, Decimal(100)), was.copy_abs())
    if not rounded(part, SHORT):
        return written(part.copy_abs(), digits=SHORT, unit="%", lang=lang)
    return changed(part, digits=SHORT, lang=lang, dress=_unit("%", lang))


def decimals(value: Decimal) -> int:
    """Return how many decimals a number was written with."""
    return max(0, -int(value.as_tuple().exponent))


def ends(
    low: float,
    high: float,
    *,
    digits: int,
    lang: str = ENGLISH,
    most: int | None = None,
    signed: bool = False,
) -> tuple[str, str]:
    """Write the ends of an interval, without a unit: what lies within it lies within what is said."""
    shown = digits if most is None else min(digits, most)
    told = []
    for value, way in ((low, "down"), (high, "up")):
        own, marks = _base(value, digits, way, (0.0,))
        found = rounded(own, shown, way)
        found = (
            _longer(own, shown, way, marks)
            if found in marks
            else trimmed(found, _fixed(shown) if found else 0)
        )
        told.append(("+" if signed and found > 0 else "") + decimal(found, lang))
    return told[0], told[1]


def points(unit: str, lang: str = ENGLISH) -> str:
    """Return the unit of a change: a difference of two percentages is in percentage points."""
    return str(words_of(lang, "more")["points"]) if unit == "%" else unit


@dataclass(frozen=True)
class FigureWriter:
    """How the figures of a map's metric are written.

    Parameters
    ----------
    metric : what they are of. digits : decimals that they have. lang : of the words.
    few : decimals where there is space for few.
    """

    metric: Metric
    digits: int
    lang: str = ENGLISH
    few: int = SHORT

    def full(self, value: float, status: int = REPORTED) -> str:
        """Write a figure with the digits that it came with."""
        return self._text(value, status, None)

    def short(self, value: float, status: int = REPORTED, most: int = SHORT) -> str:
        """Write a figure where there is space for few decimals."""
        return self._text(value, status, max(most, self.few))

    def change(self, value: float, dress: Dress | None = None) -> str:
        """Write a change where there is space for few decimals."""
        return changed(
            value, digits=self.digits, unit=self.metric.unit, lang=self.lang, most=self.few, dress=dress
        )

    def _text(self, value: float, status: int, most: int | None) -> str:
        return written(
            value, status, digits=self.digits, unit=self.metric.unit, lang=self.lang,
            whole=self.metric.whole, most=most,
        )  # fmt: skip


def _base(
    value: float | Decimal, digits: int, way: str, marks: tuple[float, ...]
) -> tuple[Decimal, set[Decimal]]:
    """Return the figure as its table has it, and the numbers that it must not look like."""
    own = exact(value, digits)
    known = {Decimal(repr(float(mark))) for mark in marks} - {own}
    kept = rounded(own, digits, way)
    return (own if kept in known else kept), known


def _beside(found: Decimal, own: Decimal, shown: int) -> tuple[str, Decimal]:
    """Return what a figure is said to be under or over that would look like zero or the whole."""
    step = Decimal(1).scaleb(-shown)
    if not found:
        return "under", step
    return "over", found - step if own < found else found


def _longer(own: Decimal, shown: int, way: str, marks: set[Decimal]) -> Decimal:
    """Return a figure with as many decimals as tell it from what it is not."""
    found = rounded(own, shown, way)
    while found in marks:
        shown += 1
        found = rounded(own, shown, way)
    return trimmed(found)


def _fixed(shown: int) -> int:
    return shown if shown <= FIXED else 1


def _unit(unit: str, lang: str) -> Dress:
    return lambda text: with_unit(text, unit, lang)
