"""Two shares on one time axis, in two panels: aligned periods, lags, when to refuse a number; pure.

Revenue is reported by quarter or year, hashrate by month. A period counts where all its days have a figure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from geotrack import periods
from geotrack.model import AT_MOST, DERIVED, LOWER_BOUND, MISSING, REPORTED, SAID

LEAST_POINTS = 10
"""Fewer points give no correlation here. With 10, one of 0.63 is just told from none at 5 % (two-sided t with
8 degrees of freedom, Fisher, 1925); with 5 it must be 0.88, with 3 0.997. Several lags ask for more."""

MONTHS_PER_QUARTER = 3

INEXACT = {SAID[LOWER_BOUND], SAID[AT_MOST]}


@dataclass(frozen=True)
class Span:
    """A value over [start, end), ISO days; `status` is one of model.SAID."""

    start: str
    end: str
    value: float
    status: str = SAID[REPORTED]

    @property
    def exact(self) -> bool:
        """Whether it is no bound."""
        return self.status not in INEXACT

    @property
    def derived(self) -> bool:
        """Whether it follows from another figure and was stated by nobody."""
        return self.status in {SAID[DERIVED], SAID[AT_MOST]}


@dataclass(frozen=True)
class Pair:
    """A period of the first with the mean of the second over the same period, shifted by the lag.

    Parameters
    ----------
    second : NaN where bounds of both kinds are in the mean: nothing is known of it.
    first_status, second_status : of model.SAID; the mean's is the weaker word of its figures' statuses.
    """

    start: str
    end: str
    first: float
    second: float
    first_status: str = SAID[REPORTED]
    second_status: str = SAID[REPORTED]

    @property
    def exact(self) -> bool:
        """Whether neither is a bound, nor unknown."""
        return not {self.first_status, self.second_status} & {*INEXACT, SAID[MISSING]}


@dataclass(frozen=True)
class Lag:
    """What pairs say at a lag.

    Parameters
    ----------
    quarters : the second is read so many quarters later; below 0 earlier.
    points : how many pairs it rests on.
    r : Pearson's correlation; NaN where refused.
    refused : why: "few" points, or one of the two is "flat"; "" where it is not.
    """

    quarters: int
    points: int
    r: float
    refused: str


def align(first: Sequence[Span], second: Sequence[Span], quarters: int = 0) -> tuple[Pair, ...]:
    """Pair each period of the first with the mean of the second, weighted by days.

    Parameters
    ----------
    second : spans that do not overlap. quarters : how much later the second is read.

    Returns
    -------
    Only periods all of whose days the second covers: none is filled in.
    """
    found = []
    for span in first:
        start, end = (_shifted(day, MONTHS_PER_QUARTER * quarters) for day in (span.start, span.end))
        parts = [(periods.days(max(start, s.start), min(end, s.end)), s) for s in second]
        inside = [(days, s) for days, s in parts if days > 0]
        if inside and sum(days for days, _ in inside) == periods.days(start, end):
            mean = sum(days * s.value for days, s in inside) / periods.days(start, end)
            status = _weakest([s for _, s in inside])
            known = float(mean) if status != SAID[MISSING] else math.nan
            found.append(Pair(span.start, span.end, span.value, known, span.status, status))
    return tuple(found)


def lag(first: Sequence[Span], second: Sequence[Span], quarters: int = 0) -> Lag:
    """Return the correlation at a lag, or why there is none."""
    pairs = [pair for pair in align(first, second, quarters) if pair.exact]
    if len(pairs) < LEAST_POINTS:
        return Lag(quarters, len(pairs), float("nan"), "few")
    a, b = np.array([[pair.first, pair.second] for pair in pairs]).T
    a, b = a - a.mean(), b - b.mean()
    size = float(np.sqrt((a**2).sum() * (b**2).sum()))
    if size == 0:
        return Lag(quarters, len(pairs), float("nan"), "flat")
    return Lag(quarters, len(pairs), float((a * b).sum() / size), "")


def _weakest(spans: Sequence[Span]) -> str:
    """The status of a mean: of bounds of one kind that bound, of both kinds missing."""
    bounds = {s.status for s in spans if not s.exact}
    if len(bounds) > 1:
        return SAID[MISSING]
    return bounds.pop() if bounds else max((s.status for s in spans), key=SAID.index)


def _shifted(day: str, months: int) -> str:
    then = date.fromisoformat(day)
    year, month = divmod(then.year * 12 + then.month - 1 + months, 12)
    return date(year, month + 1, min(then.day, 28)).isoformat()
