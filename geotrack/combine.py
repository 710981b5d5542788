"""How figures combine in the cells of slices: what is not stated of a region is never made up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from geotrack import figures, periods
from geotrack.figures import Figures
from geotrack.model import DERIVED, LOWER_BOUND, Metric, Slice


@dataclass(frozen=True, eq=False)
class Step:
    """One slice, with the distinct periods of any region within it; those may overlap."""

    start: np.datetime64
    end: np.datetime64
    periods: np.ndarray  # n × 2, sorted by start
    over_time: str

    def slice(self) -> Slice:
        """Name the slice, and say what it lacks."""
        span = str(self.start), str(self.end)
        return Slice(*span, periods.iso(*span), periods.label(*span), self._partial())

    @cached_property
    def latest(self) -> Any:
        """Return the end of the last period that has figures, the slice's start if there is none."""
        return np.append(self.periods[:, 1], self.start).max()

    @cached_property
    def observed(self) -> tuple[int, int]:
        """Count the days that any region has figures for, and the months, 0 if they are not whole."""
        merged: list[np.ndarray] = []
        for start, end in self.periods:
            if merged and start < merged[-1][1]:
                merged[-1][1] = max(end, merged[-1][1])
            else:
                merged.append(np.array([start, end]))
        if not merged:
            return 0, 0
        starts, ends = np.array(merged).T
        months = figures.months(starts, ends)
        return int((ends - starts).astype(int).sum()), int(months.sum() if months.all() else 0)

    def _partial(self) -> str:
        """Say how much of the slice has figures, or "" if all."""
        if self.over_time == "last" and len(self.periods):
            return "" if self.latest == self.end else _latest(*self.periods[self.periods[:, 1].argmax()])
        days, months = self.observed
        wanted = int((self.end - self.start).astype(int))
        if days == wanted:
            return ""
        all_months = int(figures.months(self.start, self.end))
        of_months = all_months and (months or not days)
        found, all_of, unit = (months, all_months, "month") if of_months else (days, wanted, "day")
        return f"{_count(found, all_of, unit)} observed"


def combine(rows: Figures, steps: Sequence[Step], metric: Metric) -> dict[str, Any]:
    """Combine the figures of each cell; see `slices.cut` for how.

    Parameters
    ----------
    rows : figures that do not overlap within a region, each within one step.
    steps : sorted.
    metric : how its periods combine, and whether they add up to a whole.

    Returns
    -------
    The arrays of `slices.Cut`, regions × slices, and its notes.
    """
    over_time = metric.over_time
    if over_time == "last" and metric.whole is not None:  # parts of one whole are those of one time
        rows = rows.take(rows.end == np.array([step.latest for step in steps])[_places(rows, steps)])
    cells = _grouped(rows, steps, over_time == "last")
    signed = bool((rows.value < 0).any())
    # an amount that is not named counts as nothing; a rate that is not is still what it is when it is named
    own_days = signed or (over_time == "mean" and not metric.adds_up)
    short, said = (_earlier if over_time == "last" else _less)(cells, steps)
    status = _statuses(cells, steps, over_time, short & (over_time != "last" and not own_days))
    if over_time == "mean":
        observed = np.array([step.observed[0] for step in steps])[cells.step]
        combined = _mean(cells, cells.covered if own_days else observed)
    else:
        combined = np.add.reduceat(cells.rows.value, cells.first)
    note, notes = _notes(cells, dict(zip(np.flatnonzero(short).tolist(), said, strict=True)))

    def table(fill: float, dtype: type, found: np.ndarray) -> np.ndarray:
        filled: np.ndarray = np.full((len(rows.units), len(steps)), fill, dtype=dtype)
        filled.ravel()[cells.place] = found
        return filled

    return {
        "values": table(np.nan, np.float64, combined),
        "status": table(0, np.uint8, status),
        "origin": table(-1, np.int32, cells.rows.origin[cells.last]),
        "note": table(-1, np.int32, note),
        "covered": table(0, np.int32, cells.covered),
        "notes": notes,
    }


@dataclass(frozen=True, eq=False)
class _Cells:
    """Figures sorted by region and slice: cell i has `count[i]` of them, from `first[i]` on."""

    rows: Figures
    place: np.ndarray  # in the raveled table of units × slices
    first: np.ndarray
    count: np.ndarray
    step: np.ndarray  # place of the cell's slice

    @property
    def last(self) -> np.ndarray:
        return np.asarray(self.first + self.count - 1)

    @property
    def covered(self) -> np.ndarray:
        return np.asarray(np.add.reduceat(self.rows.days, self.first))


def _places(rows: Figures, steps: Sequence[Step]) -> np.ndarray:
    """Return the place of the step that each figure lies in."""
    return np.asarray(np.searchsorted([step.start for step in steps], rows.start, side="right") - 1)


def _grouped(rows: Figures, steps: Sequence[Step], latest_only: bool) -> _Cells:
    at, n = _places(rows, steps), len(steps)
    order = np.lexsort((rows.start, at, rows.unit))
    place, first, count = np.unique((rows.unit * n + at)[order], return_index=True, return_counts=True)
    if latest_only:
        order, first, count = order[first + count - 1], np.arange(len(place)), np.ones_like(place)
    return _Cells(rows.take(order), place, first, count, place % n)


def _statuses(cells: _Cells, steps: Sequence[Step], over_time: str, at_least: np.ndarray) -> np.ndarray:
    starts, ends = (
        np.array(edge)[cells.step] for edge in zip(*((s.start, s.end) for s in steps), strict=True)
    )
    if over_time == "last":
        whole = cells.rows.end[cells.last] == ends
    else:
        whole = cells.covered == (ends - starts).astype(np.int64)
    bound = at_least | np.logical_or.reduceat(cells.rows.bound, cells.first)
    alone = np.where(whole & (cells.count == 1), cells.rows.status[cells.last], DERIVED)
    return np.asarray(np.where(bound, LOWER_BOUND, alone))


def _less(cells: _Cells, steps: Sequence[Step]) -> tuple[np.ndarray, Iterator[str]]:
    """Return which cells speak of less of their slice than other regions do, and of how much in words."""
    days, months = np.array([step.observed for step in steps])[cells.step].T
    each = figures.months(cells.rows.start, cells.rows.end)
    named = np.where(np.minimum.reduceat(each, cells.first) > 0, np.add.reduceat(each, cells.first), 0)
    short = cells.covered < days
    columns = (a[short].tolist() for a in (named, months, cells.covered, days))
    return short, (
        f"named in {_count(m, of_m, 'month')}" if m and of_m else f"named on {_count(d, of_d, 'day')}"
        for m, of_m, d, of_d in zip(*columns, strict=True)
    )


def _earlier(cells: _Cells, steps: Sequence[Step]) -> tuple[np.ndarray, Iterator[str]]:
    """Return which cells end before the slice's latest figure, and when in words."""
    rows = cells.rows
    short = rows.end < np.array([step.latest for step in steps])[cells.step]
    return short, (_latest(*span) for span in zip(rows.start[short], rows.end[short], strict=True))


def _mean(cells: _Cells, days: np.ndarray) -> np.ndarray:
    """Weight by days; clipped, so that rounding never leaves the range of the figures themselves."""
    value, first = cells.rows.value, cells.first
    mean = np.add.reduceat(value * cells.rows.days, first) / days
    least = np.where(cells.covered == days, np.minimum.reduceat(value, first), 0)
    return np.asarray(np.clip(mean, least, np.maximum.reduceat(value, first)))


def _notes(cells: _Cells, said: dict[int, str]) -> tuple[np.ndarray, tuple[str, ...]]:
    """Join the different notes of each cell with what is said of it; nearly all cells have one at most."""
    rows, first, count = cells.rows, cells.first, cells.count
    joined = np.maximum.reduceat(rows.note, first)
    places = {text: i for i, text in enumerate(rows.notes)}
    several = np.flatnonzero((count > 1) & (joined >= 0)).tolist()
    for i in sorted({*several, *said}):
        here = dict.fromkeys(rows.note[first[i] : first[i] + count[i]].tolist())
        texts = [rows.notes[n] for n in here if n >= 0]
        text = "; ".join([*texts, *([said[i]] if i in said else [])])
        joined[i] = places.setdefault(text, len(places))
    return joined, tuple(places)


def _count(found: int, wanted: int, unit: str) -> str:
    return f"{found} of {wanted} {unit}{'s' * (wanted > 1)}"


def _latest(start: np.datetime64, end: np.datetime64) -> str:
    return f"latest figure: {periods.iso(str(start), str(end))}"
