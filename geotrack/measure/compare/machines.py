"""Observed movements of machines: what companies and a survey reported, apart from computed flows. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from geotrack.model import LOWER_BOUND, REPORTED, SAID

LEFT = "_machines_moved_out"
RECEIVED = "_machines_received"
OWNED = "_machines_owned"
CHINA = "CHN"


@dataclass(frozen=True)
class Sighting:
    """An observation of a company at a place. Fields as in the observations; `title` is the metric's."""

    region: str
    start: str
    end: str
    metric: str
    title: str
    value: float
    unit: str
    status: str
    origin: str
    note: str = ""


@dataclass(frozen=True)
class ReportedMove:
    """Machines that were reported to have moved out of China.

    Parameters
    ----------
    target : code of where to; "" where it is not told. amount : machines, at least where `status` says so.
    """

    title: str
    source: str
    target: str
    known_by: str
    amount: float
    status: str
    origin: str
    note: str


@dataclass(frozen=True)
class Stock:
    """A company's machines at a place on two days: what came and went between is not told.

    Parameters
    ----------
    change : NaN where either is a lower bound. before_status, after_status : as reported.
    """

    title: str
    region: str
    first: str
    last: str
    before: float
    after: float
    change: float
    origin: str
    note: str
    before_status: str = SAID[REPORTED]
    after_status: str = SAID[REPORTED]


def moves(sightings: Sequence[Sighting]) -> tuple[ReportedMove, ...]:
    """Return the reported moves. Some are part of others, as their notes say: they are not to be added."""
    return tuple(
        ReportedMove(
            s.title, CHINA, s.region if s.metric.endswith(RECEIVED) else "", s.end, s.value, s.status,
            s.origin, s.note)
        for s in sightings
        if s.metric.endswith((RECEIVED, LEFT))
    )  # fmt: skip


def stocks(sightings: Sequence[Sighting]) -> tuple[Stock, ...]:
    """Return changes of a company's machines place by place, between days on which both are reported.

    A place that is not named on a day is missing, not empty.
    """
    series: dict[tuple[str, str], list[Sighting]] = {}
    for each in sightings:
        if each.metric.endswith(OWNED):
            series.setdefault((each.metric, each.region), []).append(each)
    return tuple(
        Stock(
            a.title, a.region, a.start, b.start, a.value, b.value, _change(a, b), b.origin, b.note,
            a.status, b.status,
        )
        for line in series.values()
        for a, b in pairwise(sorted(line, key=lambda s: s.start))
    )  # fmt: skip


def _change(before: Sighting, after: Sighting) -> float:
    return math.nan if SAID[LOWER_BOUND] in {before.status, after.status} else after.value - before.value


def hashrates(sightings: Sequence[Sighting]) -> tuple[Sighting, ...]:
    """Return companies' reported EH/s by place, in the order of time."""
    placed = [s for s in sightings if s.unit == "EH/s" and s.region not in {"total", "network"}]
    return tuple(sorted(placed, key=lambda s: (s.metric, s.region, s.start)))
