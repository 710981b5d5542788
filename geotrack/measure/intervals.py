"""Intervals about a figure, each with the name of the assumption it rests on; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from geotrack.model import PERCENT, Sample, Slice


@dataclass(frozen=True)
class Interval:
    """Least and greatest value under an assumption. Not a confidence interval: nothing here is random.

    Parameters
    ----------
    assumption : its name: "rounding", "remainder", "stars", "zeros" or "sample".
    """

    low: float
    high: float
    assumption: str

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise AssertionError(f"{self.assumption}: {self.low} is above {self.high}: a defect of geotrack")


# a series says itself what its figures in doubt may be: see model.DoubtfulFigures
ASSUMPTIONS = {
    "rounding": "Each figure is rounded to its source's last digit.",
    "remainder": "The rest that the source does not split may lie anywhere among what it does not name.",
    "sample": "Nothing at all is known of the part of the network that the source's sample leaves out.",
}


def coverage(samples: Iterable[Sample], step: Slice) -> float:
    """Return the part of the network that a sample covers, 0 to 1; NaN where its publisher states none."""
    for each in samples:
        if each.start <= step.start and step.end <= each.end:
            return each.part
    return float("nan")


def rounding(value: float, hidden: float) -> Interval:
    """Return what a rounded figure, or a sum of some, may be: none below 0, off by at most `hidden`."""
    return Interval(max(value - hidden, 0.0), value + hidden, "rounding")


def sample(share: float, part: float) -> Interval:
    """Return what a share of the whole network may be, where a sample of a part of it is all that is known.

    Worst-case bounds (Manski, 1989, Anatomy of the selection problem): all or none of the unseen.

    Parameters
    ----------
    share : of the sample, in percent. part : of the network that the sample covers, 0 to 1.
    """
    return Interval(part * share, part * share + (1 - part) * PERCENT, "sample")


def difference(after: Interval, before: Interval) -> Interval:
    """Return the interval of a change whose two ends vary freely within theirs."""
    return Interval(after.low - before.high, after.high - before.low, after.assumption)


def point(value: float, assumption: str) -> Interval:
    """Return an interval of one value."""
    return Interval(value, value, assumption)


def span(values: Iterable[float], assumption: str) -> Interval | None:
    """Return the interval of the values that are known; None if there is none."""
    known = [value for value in values if np.isfinite(value)]
    return Interval(min(known), max(known), assumption) if known else None
