"""Several sources for one quantity side by side, with dates and differences, never one line; pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from geotrack.language.numbers import clean
from geotrack.model import AT_MOST, LOWER_BOUND, MISSING, SAID

OTHER_WAY = {LOWER_BOUND: AT_MOST, AT_MOST: LOWER_BOUND}
"""What a bound becomes where it is taken away."""


@dataclass(frozen=True)
class SourceFigure:
    """A figure as one source gives it.

    Parameters
    ----------
    series, publisher, method : where it is from, and how it came about.
    quantity : what it is a share of, in words: figures of different quantities are never subtracted.
    region, start, end, period : of what, and when; ISO days, the end excluded.
    value, unit, status : as published. published : ISO day, or "" where it is not known.
    """

    series: str
    publisher: str
    method: str
    quantity: str
    region: str
    start: str
    end: str
    period: str
    value: float
    unit: str
    status: str
    published: str = ""


@dataclass(frozen=True)
class Difference:
    """Two sources' figures of one region, period and quantity.

    Parameters
    ----------
    points : the second minus the first, in percentage points; NaN where both are bounds.
    status : of the points: "lower bound" or "upper bound" where one figure is a bound, "missing" where both
        are, else the weaker word of the two figures' statuses.
    first_status, second_status : as published.
    """

    region: str
    period: str
    first: str
    second: str
    first_value: float
    second_value: float
    points: float
    status: str
    first_status: str
    second_status: str


def differences(readings: Sequence[SourceFigure]) -> tuple[Difference, ...]:
    """Return the differences of figures that two series give for the same region, period and quantity.

    A month is not compared with a quarter, nor a share of a survey with a share of the network: such
    readings stand beside each other without a difference.
    """
    found = []
    for a, b in combinations(readings, 2):
        same = (a.region, a.start, a.end, a.quantity, a.unit) == (
            b.region,
            b.start,
            b.end,
            b.quantity,
            b.unit,
        )
        if same and a.series != b.series:
            gap, status = _gap(a, b)
            found.append(
                Difference(
                    a.region, a.period, a.series, b.series, a.value, b.value, gap, status, a.status, b.status
                )
            )
    return tuple(found)


def _gap(first: SourceFigure, second: SourceFigure) -> tuple[float, str]:
    """The second less the first, and what is known of that: less "at least so much" it is at most that."""
    ends = SAID.index(first.status), SAID.index(second.status)
    bounds = [end for end in ends if end in OTHER_WAY]
    if len(bounds) > 1:
        return math.nan, SAID[MISSING]
    way = OTHER_WAY.get(ends[0], ends[1]) if bounds else max(ends)
    return clean(second.value - first.value, 9), SAID[way]
