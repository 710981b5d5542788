"""The values that flow through geotrack: columns, metrics, origins, series, events, findings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

OBSERVATION_COLUMNS = (
    "region",  # code: ISO 3166-1 alpha-3, ISO 3166-2, or a lower-case slug (aggregate, remainder, whole)
    "start",  # first day of the period, included
    "end",  # first day after the period, excluded
    "metric",  # the metric's name within its series
    "value",  # a number in `unit`; never a percent sign, never a thousands separator
    "unit",
    "status",  # one of STATUSES
    "origin",  # id in origins.csv
    "label",  # the region as the source writes it, stars and commas included
    "note",  # the source's caveat on this very figure
)

STATUSES = ("missing", "reported", "estimated", "lower bound", "derived")
"""Status of a cell; its place in this tuple is its code in arrays and pages (0 is missing)."""

MISSING, REPORTED, ESTIMATED, LOWER_BOUND, DERIVED = range(len(STATUSES))

LEVELS = ("country", "subdivision", "aggregate", "remainder", "whole")

Kind = Literal["intensive", "extensive"]
OverTime = Literal["mean", "sum", "last"]
Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Metric:
    """What is measured.

    Parameters
    ----------
    name : short and stable; the value of the observations' column `metric` and of `m=` in a permalink.
    title : for people, e.g. "Share of network hashrate".
    unit : e.g. "%", "EH/s", "USD thousand".
    kind : "intensive" (a share) or "extensive" (an amount).
    over_time : how periods combine in a longer slice: "mean" (weighted by days), "sum" or "last".
    whole : what all regions add up to (100 for a share), or None.
    tolerance : how far a period's sum may lie from `whole` when the source lists everything.
    complete : whether the source lists everything, "Other" included, so that a sum must reach `whole`.
    signed : whether values below zero mean something (a change, a balance); else they are an error.
    denominator : in words, e.g. "of Canaan's revenue". Different ones never share an axis.
    """

    name: str
    title: str
    unit: str
    kind: Kind = "extensive"
    over_time: OverTime = "mean"
    whole: float | None = None
    tolerance: float = 0.05
    complete: bool = False
    signed: bool = False
    denominator: str = ""


@dataclass(frozen=True)
class Origin:
    """Where a number came from. No origin, no number: publisher, title, url and licence are required."""

    id: str
    publisher: str
    title: str
    url: str
    licence: str
    licence_url: str = ""
    published: str = ""
    retrieved: str = ""
    sha256: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        empty = [k for k in ("id", "publisher", "title", "url", "licence") if not getattr(self, k).strip()]
        if empty:
            raise ValueError(
                f"origin {self.id or '?'}: {', '.join(empty)} must be given; no origin, no number"
            )


@dataclass(frozen=True)
class Series:
    """One source's table of one quantity at one level: its metrics, method and caveats."""

    name: str
    title: str
    level: str  # "country", or the ISO 3166-1 alpha-2 code whose subdivisions are listed: "CN", "US"
    metrics: tuple[Metric, ...]
    boundaries: str = "countries-110m"
    crosswalk: str = ""
    method: str = ""
    caveats: tuple[str, ...] = ()
    missing: str = ""  # what the source does not say, in words

    def metric(self, name: str) -> Metric:
        """Return the metric of that name; KeyError if the series has none."""
        return {m.name: m for m in self.metrics}[name]


@dataclass(frozen=True)
class Event:
    """Something that happened, drawn as a tick on the time axis."""

    date: str  # ISO day
    region: str
    label: str
    url: str
    note: str = ""


@dataclass(frozen=True)
class Aggregate:
    """A named set of regions that belongs to one source ("*": to all)."""

    code: str
    name: str
    members: tuple[str, ...]
    source: str = "*"
    note: str = ""


@dataclass(frozen=True)
class Finding:
    """What a check found: printed, all of them; the caller decides what an error stops."""

    check: str
    severity: Severity
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.severity}: {self.where}: {self.message} [{self.check}]"


@dataclass(frozen=True)
class Slice:
    """One step of the time control: a half-open period [start, end) with the label people read."""

    start: str  # ISO day, included
    end: str  # ISO day, excluded
    iso: str  # "2021-07", "2025-Q2", "2019-H1", "2021", "2021-06-30" or "start/end"
    label: str  # "July 2021"
    partial: str = ""  # why the slice is not whole, or ""
    notes: tuple[str, ...] = field(default=())
