"""One metric's figures as arrays, no two periods of which count the same days twice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from geotrack import periods
from geotrack.errors import ValidationError
from geotrack.model import LOWER_BOUND, STATUSES, Metric


@dataclass(frozen=True, eq=False)
class Figures:
    """The figures of one metric: arrays with one entry per row, text columns as places in the tuples below.

    Parameters
    ----------
    unit : place of the region in `units`.
    start, end : datetime64[D], the end excluded.
    value : float64, never NaN.
    status : uint8, a place in `model.STATUSES`.
    origin, note : places in `origins` and `notes`; a note of -1 is none.
    """

    unit: np.ndarray
    start: np.ndarray
    end: np.ndarray
    value: np.ndarray
    status: np.ndarray
    origin: np.ndarray
    note: np.ndarray
    units: tuple[str, ...]
    origins: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def days(self) -> np.ndarray:
        """Length of each figure's period."""
        return np.asarray((self.end - self.start).astype(np.int64))

    @property
    def bound(self) -> np.ndarray:
        """Mask of the figures that are lower bounds."""
        return np.asarray(self.status == LOWER_BOUND)

    def periods(self) -> np.ndarray:
        """Return the distinct periods, n × 2, sorted by start, longer ones first."""
        pairs = pd.DataFrame({"start": self.start, "end": self.end}).drop_duplicates()
        return pairs.sort_values(["start", "end"], ascending=[True, False]).to_numpy("datetime64[D]")

    def take(self, rows: np.ndarray) -> Figures:
        """Return some of the rows, by mask or by place."""
        columns = ("unit", "start", "end", "value", "status", "origin", "note")
        return replace(self, **{name: getattr(self, name)[rows] for name in columns})


def read(observations: pd.DataFrame, metric: Metric) -> Figures:
    """Read a metric's figures out of observations; see `slices.cut`.

    Raises
    ------
    ValidationError
        If no figure is left, a figure occurs twice or a status is unknown.
    """
    frame = observations[(observations["metric"] == metric.name) & observations["value"].notna()]
    if frame.empty:
        raise refusal(metric, "has no figure; nothing can be drawn")
    start, end = (frame[c].to_numpy().astype("datetime64[D]") for c in ("start", "end"))
    twice = frame.duplicated(["region", "start", "end"]).to_numpy()
    if twice.any():
        each = zip(frame["region"][twice], start[twice], end[twice], strict=True)
        named = sorted({f"{region} in {name(s, e)}" for region, s, e in each})
        raise refusal(metric, f"has more than one figure for {', '.join(named)}; keep one of each")
    unit, units = pd.factorize(frame["region"], sort=True)
    origin, origins = pd.factorize(frame["origin"], sort=True)
    note, notes = pd.factorize(frame["note"].where(frame["note"] != ""), sort=True)  # no note is -1
    text = [tuple(str(v) for v in values) for values in (units, origins, notes)]
    value, status = frame["value"].to_numpy(np.float64), _status(frame, metric)
    return Figures(unit, start, end, value, status, origin, note, *text)


def without_nested(
    rows: Figures, metric: Metric, *, together: bool, advice: str
) -> tuple[Figures, tuple[str, ...]]:
    """Keep figures whose periods do not overlap: of nested ones the longest.

    Parameters
    ----------
    together : compare the periods of all regions with each other, because each is a step of time; else those
        of each region by themselves.
    advice : what to do where a figure would be lost.

    Returns
    -------
    The figures kept, and the periods of those left out in ISO style.

    Raises
    ------
    ValidationError
        If periods overlap in part, or one lies within another that has no figure for its region.
    """
    group = np.zeros_like(rows.unit) if together else rows.unit
    start, end = ((d - rows.start.min()).astype(np.int64) for d in (rows.start, rows.end))
    start, end = (d + group * (end.max() + 1) for d in (start, end))  # each group has days of its own
    order = np.lexsort((-end, start))
    start, end = start[order], end[order]
    opens = np.append(True, start[1:] >= np.maximum.accumulate(end)[:-1])
    outer = np.flatnonzero(opens)[np.cumsum(opens) - 1]  # the period that each lies in, perhaps its own
    within = (start != start[outer]) | (end != end[outer])
    sorted_rows = rows.take(order)
    _refuse_crossing(sorted_rows, outer, within & (start < end[outer]) & (end > end[outer]), metric)
    cell = sorted_rows.unit * len(order) + outer
    _refuse_loss(sorted_rows, outer, within & ~np.isin(cell, cell[~within]), metric, advice)
    return sorted_rows.take(~within), _names(sorted_rows.take(within))


def months(start: Any, end: Any) -> np.ndarray:
    """Count the calendar months of periods, 0 where they are not whole; arrays of datetime64[D]."""
    first, last = (d.astype("datetime64[M]") for d in (start, end))
    whole = (first.astype("datetime64[D]") == start) & (last.astype("datetime64[D]") == end)
    return np.where(whole, (last - first).astype(np.int64), 0)


def name(start: np.datetime64, end: np.datetime64) -> str:
    """Name a period in ISO style."""
    return periods.iso(str(start), str(end))


def refusal(metric: Metric, reason: str) -> ValidationError:
    """Return the error that a metric cannot be used, for this reason."""
    return ValidationError(f"metric {metric.name!r} {reason}")


def _status(frame: pd.DataFrame, metric: Metric) -> np.ndarray:
    codes = frame["status"].map({s: i for i, s in enumerate(STATUSES) if i})
    if codes.isna().any():
        unknown = sorted(set(frame["status"][codes.isna()].astype(str)))
        expected = ", ".join(STATUSES[1:])
        raise refusal(metric, f"has unknown statuses: {', '.join(unknown)}; expected {expected}")
    return codes.to_numpy(np.uint8)


def _names(rows: Figures) -> tuple[str, ...]:
    return tuple(name(*p) for p in rows.periods())


def _refuse_crossing(rows: Figures, outer: np.ndarray, crossing: np.ndarray, metric: Metric) -> None:
    pairs = zip(outer[crossing], np.flatnonzero(crossing), strict=True)
    named = dict.fromkeys(" and ".join(name(rows.start[i], rows.end[i]) for i in pair) for pair in pairs)
    if named:
        advice = "keep one of each pair, or make two metrics of them"
        raise refusal(metric, f"has periods that overlap in part: {'; '.join(named)}; {advice}")


def _refuse_loss(rows: Figures, outer: np.ndarray, lost: np.ndarray, metric: Metric, advice: str) -> None:
    said = []
    for i in np.unique(outer[lost]):
        here = rows.take(lost & (outer == i))
        regions = ", ".join(rows.units[u] for u in np.unique(here.unit))
        longer = name(rows.start[i], rows.end[i])
        said.append(f"{longer} contains {', '.join(_names(here))} but has no figure for {regions}")
    if said:
        raise refusal(
            metric, f"has periods of different lengths for different regions: {'; '.join(said)}; {advice}"
        )
