"""One metric's figures as arrays, no two periods of which count the same days twice."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from geotrack import periods
from geotrack.errors import ValidationError
from geotrack.language import partly
from geotrack.language.numbers import DENSE, MOST, digits_each, repeats
from geotrack.model import DERIVED, ESTIMATED, LOWER_BOUND, STATUSES, Metric, Slice


@dataclass(frozen=True, eq=False)
class Figures:
    """The figures of one metric: arrays with one entry per row, text columns as places in the tuples below.

    Parameters
    ----------
    unit : place of the region in `units`.
    start, end : datetime64[D], the end excluded.
    period : place of both in `spans`.
    value : float64, never NaN.
    status : uint8, a place in `model.STATUSES`.
    origin, note : places in `origins` and `notes`; a note of -1 is none.
    """

    unit: np.ndarray
    start: np.ndarray
    end: np.ndarray
    period: np.ndarray
    value: np.ndarray
    status: np.ndarray
    origin: np.ndarray
    note: np.ndarray
    units: tuple[str, ...]
    origins: tuple[str, ...]
    notes: tuple[str, ...]
    spans: np.ndarray  # distinct periods, n × 2, by start, longer ones first; perhaps more than are left

    @cached_property
    def days(self) -> np.ndarray:
        """Length of each figure's period."""
        return np.asarray((self.end - self.start).astype(np.int64))

    @property
    def bound(self) -> np.ndarray:
        """Mask of the figures that are lower bounds."""
        return np.asarray(self.status == LOWER_BOUND)

    def periods(self) -> np.ndarray:
        """Return the distinct periods, n × 2, sorted by start, longer ones first."""
        return self.spans[np.bincount(self.period, minlength=len(self.spans)) > 0]

    def take(self, rows: np.ndarray) -> Figures:
        """Return some of the rows, by mask or by place."""
        columns = ("unit", "start", "end", "period", "value", "status", "origin", "note")
        return replace(self, **{name: getattr(self, name)[rows] for name in columns})


def read(observations: pd.DataFrame, metric: Metric) -> Figures:
    """Read a metric's figures out of observations; see `slices.cut`.

    Raises
    ------
    ValidationError
        If no figure is left, a figure occurs twice or a status is unknown.
    """
    wanted = (observations["metric"] == metric.name).to_numpy(bool) & observations["value"].notna().to_numpy()
    frame = observations if wanted.all() else observations[wanted]
    if frame.empty:
        raise refusal(metric, "has no figure; nothing can be drawn")
    start, end = (frame[c].to_numpy().astype("datetime64[D]") for c in ("start", "end"))
    spans, period = periods.distinct(start, end)
    unit, units = _coded(frame["region"])
    key = unit * len(spans) + period
    if repeats(key, len(units) * len(spans)):
        twice = pd.Series(key).duplicated().to_numpy()
        each = zip(frame["region"][twice], start[twice], end[twice], strict=True)
        named = sorted({f"{region} in {name(s, e)}" for region, s, e in each})
        raise refusal(metric, f"has more than one figure for {', '.join(named)}; keep one of each")
    origin, origins = _coded(frame["origin"])
    note, notes = _coded(frame["note"], none="")  # no note is -1
    value, status = frame["value"].to_numpy(np.float64), _status(frame, metric)
    return Figures(unit, start, end, period, value, status, origin, note, units, origins, notes, spans)


def _coded(column: pd.Series, none: str | None = None) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the place of each text among the distinct ones, sorted; -1 of what is none."""
    codes, texts = pd.factorize(column)
    kept = sorted((str(text), n) for n, text in enumerate(texts) if text != none)
    place = np.full(len(texts) + 1, -1)
    place[[n for _, n in kept]] = np.arange(len(kept))
    return place[codes], tuple(text for text, _ in kept)


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
    spans = rows.periods()
    if (spans[1:, 0] >= spans[:-1, 1]).all():  # each begins after the one before
        return rows, ()
    group = np.zeros_like(rows.unit) if together else rows.unit
    start, end = ((d - rows.start.min()).astype(np.int64) for d in (rows.start, rows.end))
    start, end = (d + group * (end.max() + 1) for d in (start, end))  # each group has days of its own
    order = np.argsort(group * len(rows.spans) + rows.period, kind="stable")
    start, end = start[order], end[order]
    opens = np.append(True, start[1:] >= np.maximum.accumulate(end)[:-1])
    outer = np.flatnonzero(opens)[np.cumsum(opens) - 1]  # the period that each lies in, perhaps its own
    within = (start != start[outer]) | (end != end[outer])
    sorted_rows = rows.take(order)
    _refuse_crossing(sorted_rows, outer, within & (start < end[outer]) & (end > end[outer]), metric)
    cell = sorted_rows.unit * len(order) + outer
    _refuse_loss(sorted_rows, outer, within & ~np.isin(cell, cell[~within]), metric, advice)
    return sorted_rows.take(~within), _names(sorted_rows.take(within))


def calendar_months(start: Any, end: Any) -> np.ndarray:
    """Count the calendar months of periods, 0 where they are not whole; arrays of datetime64[D]."""
    first, last = (d.astype("datetime64[M]") for d in (start, end))
    whole = (first.astype("datetime64[D]") == start) & (last.astype("datetime64[D]") == end)
    return np.where(whole, (last - first).astype(np.int64), 0)


def name(start: np.datetime64, end: np.datetime64) -> str:
    """Name a period in ISO style."""
    return periods.iso(str(start), str(end))


def signed(metric: Metric, values: np.ndarray) -> bool:
    """Tell whether a metric's figures may be below zero: what is not stated then bounds nothing.

    Parameters
    ----------
    values : all that there are, not those of one slice or region.
    """
    return metric.signed or bool((values < 0).any())


def refusal(metric: Metric, reason: str) -> ValidationError:
    """Return the error that a metric cannot be used, for this reason."""
    return ValidationError(f"metric {metric.name!r} {reason}")


def _status(frame: pd.DataFrame, metric: Metric) -> np.ndarray:
    codes, texts = pd.factorize(frame["status"], use_na_sentinel=False)
    if unknown := sorted({str(text) for text in texts} - {*STATUSES[1:]}):
        expected = ", ".join(STATUSES[1:])
        raise refusal(metric, f"has unknown statuses: {', '.join(unknown)}; expected {expected}")
    return np.array([STATUSES.index(text) for text in texts], dtype=np.uint8)[codes]


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


@dataclass(frozen=True, eq=False)
class Step:
    """One slice, with the distinct periods of any region within it; those may overlap."""

    start: np.datetime64
    end: np.datetime64
    periods: np.ndarray  # n × 2, sorted by start
    over_time: str

    def slice(self) -> Slice:
        """Name the slice."""
        span = str(self.start), str(self.end)
        return Slice(*span, periods.iso(*span), periods.label(*span))

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
        months = calendar_months(starts, ends)
        return int((ends - starts).astype(int).sum()), int(months.sum() if months.all() else 0)

    @cached_property
    def partial(self) -> str:
        """Say how much of the slice has figures, or "" if all."""
        if self.over_time == "last" and len(self.periods):
            return "" if self.latest == self.end else _latest(*self.periods[self.periods[:, 1].argmax()])
        days, months = self.observed
        wanted = int((self.end - self.start).astype(int))
        if days == wanted:
            return ""
        all_months = int(calendar_months(self.start, self.end))
        of_months = all_months and (months or not days)
        found, all_of, unit = (months, all_months, "month") if of_months else (days, wanted, "day")
        return partly.observed(found, all_of, unit)


def combine(
    rows: Figures, steps: Sequence[Step], metric: Metric, apart: Collection[str] = ()
) -> dict[str, Any]:
    """Combine the figures of each cell; see `slices.cut` for how.

    Parameters
    ----------
    rows : figures that do not overlap within a region, each within one step.
    steps : sorted.
    metric : how its periods combine, and whether they add up to a whole.
    apart : codes of what is no region: "other", "total".

    Returns
    -------
    The arrays of `slices.Cut`, regions × slices, and its notes.
    """
    over_time = metric.over_time
    below = signed(metric, rows.value)
    if over_time == "last" and metric.whole is not None:  # parts of one whole are those of one time
        rows = rows.take(rows.end == np.array([step.latest for step in steps])[_places(rows, steps)])
    cells = _grouped(rows, steps, over_time == "last")
    # an amount that is not named counts as nothing; a rate that is not is still what it is when it is named
    own_days = below or (over_time == "mean" and not metric.adds_up)
    short, said = (_earlier if over_time == "last" else _less)(cells, steps)
    # a mean is of the days that anybody is named on; a sum is of all, whoever else is silent
    less = short if over_time == "mean" else ~_covering(cells, steps)
    status = _statuses(cells, steps, over_time, less & (over_time != "last" and not own_days))
    if over_time == "mean":
        observed = np.array([step.observed[0] for step in steps])[cells.step]
        days = cells.covered if own_days else observed
        combined = _mean(cells, days)
    else:
        days = None
        combined = np.add.reduceat(cells.rows.value, cells.first)
    told = dict(zip(np.flatnonzero(short).tolist(), said, strict=True))
    note, notes = _notes(cells, _with_partial(cells, steps, told, over_time))

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
        "half": _half(cells, days, len(steps), apart),
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
    order = _in_order(rows)
    rows = rows if order is None else rows.take(order)
    key = rows.unit * n + (at if order is None else at[order])
    first = np.flatnonzero(np.append(True, key[1:] != key[:-1]))
    place, count = key[first], np.diff(np.append(first, len(key)))
    if latest_only:
        rows, first, count = rows.take(first + count - 1), np.arange(len(place)), np.ones_like(place)
    return _Cells(rows, place, first, count, place % n)


def _in_order(rows: Figures) -> np.ndarray | None:
    """Return the places of figures, no two alike, by region, then by time; None if they stand so."""
    key, most = rows.unit * len(rows.spans) + rows.period, len(rows.units) * len(rows.spans)
    if (key[1:] > key[:-1]).all():
        return None
    if most > DENSE * len(key):
        return np.argsort(key)
    place = np.full(most, -1)
    place[key] = np.arange(len(key))
    return place[place >= 0]


def _statuses(cells: _Cells, steps: Sequence[Step], over_time: str, at_least: np.ndarray) -> np.ndarray:
    if over_time == "last":
        whole = cells.rows.end[cells.last] == np.array([s.end for s in steps])[cells.step]
    else:
        whole = _covering(cells, steps)
    bound = at_least | np.logical_or.reduceat(cells.rows.bound, cells.first)
    guessed = np.logical_or.reduceat(cells.rows.status == ESTIMATED, cells.first)
    several = np.where(guessed, ESTIMATED, DERIVED)  # what is made of an estimate is one
    alone = np.where(whole & (cells.count == 1), cells.rows.status[cells.last], several)
    return np.asarray(np.where(bound, LOWER_BOUND, alone))


def _covering(cells: _Cells, steps: Sequence[Step]) -> np.ndarray:
    """Return which cells have figures for all days of their slice."""
    days = np.array([(s.end - s.start).astype(np.int64) for s in steps])
    return np.asarray(cells.covered == days[cells.step])


def _with_partial(
    cells: _Cells, steps: Sequence[Step], said: dict[int, str], over_time: str
) -> dict[int, str]:
    """Add how much of its slice a cell speaks of, where no region has more: a row says it by itself."""
    partial = [step.partial for step in steps]
    found = dict(said)
    for i in np.flatnonzero(np.array([bool(text) for text in partial])[cells.step]).tolist():
        own = said.get(i, "")
        if not (own and over_time == "last"):  # it says of when it is
            found[i] = "; ".join(filter(None, [own, partial[cells.step[i]]]))
    return found


def _less(cells: _Cells, steps: Sequence[Step]) -> tuple[np.ndarray, Iterator[str]]:
    """Return which cells speak of less of their slice than other regions do, and of how much in words."""
    observed = np.array([step.observed for step in steps])
    short = cells.covered < observed[:, 0][cells.step]
    if not short.any():
        return short, iter(())
    days, months = observed[cells.step].T
    each = calendar_months(*cells.rows.spans.T)[cells.rows.period]
    named = np.where(np.minimum.reduceat(each, cells.first) > 0, np.add.reduceat(each, cells.first), 0)
    columns = (a[short].tolist() for a in (named, months, cells.covered, days))
    return short, (
        partly.named(m, of_m, "month") if m and of_m else partly.named(d, of_d, "day")
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


def _half(cells: _Cells, days: np.ndarray | None, steps: int, apart: Collection[str]) -> np.ndarray:
    """Return what rounding may hide in each cell: half a unit of the last digit that its figures came with.

    A mean of figures, each off by so much, is off by the mean of it, and a sum by its sum. A cell without a
    figure, which may yet follow from others, has the most of its slice.

    Parameters
    ----------
    days : that each cell's mean is over; None of a sum. apart : codes of what is no region.
    """
    rows = cells.rows
    told = np.array([code not in apart for code in rows.units])[rows.unit]
    half = 0.5 * 10.0 ** -_last_digits(rows, told).astype(np.float64)
    if days is None:
        combined = np.add.reduceat(half, cells.first)
    else:
        combined = np.add.reduceat(half * rows.days, cells.first) / days
    most = np.full(steps, -1.0)
    np.maximum.at(most, cells.step, np.where(told[cells.first], combined, -1.0))
    found = np.tile(np.where(most < 0, combined.max(), most), (len(rows.units), 1))
    found.ravel()[cells.place] = combined
    return found


def _last_digits(rows: Figures, told: np.ndarray) -> np.ndarray:
    """Return how many decimals each figure was written with.

    A trailing zero is lost in a number: where all figures of a period have two decimals, 50 is 50.00. They do
    where one at least as large has as many (50 beside 20.25; that one may be of another period if half of
    this one's have), or where all others, two or more, have. Else the decimals may depend on the size (65,
    6.9, 0.82), and a figure has its own. Zeros have the most of their period, and a period of zeros takes the
    coarsest of the others.

    Parameters
    ----------
    told : mask of the figures of regions.
    """
    period, count = rows.period, len(rows.spans)
    places, distinct = pd.factorize(rows.value)  # far fewer than figures, if they have few decimals
    own = digits_each(distinct)[places]
    there = told & (rows.value != 0)
    size = np.floor(np.log10(np.abs(distinct, where=distinct != 0, out=np.ones(len(distinct)))))[places]
    most = np.full(count, -1)
    np.maximum.at(most, period[there], own[there])
    fine = there & (own == most[period])
    full, short = (np.bincount(period[there & each], minlength=count) for each in (fine, ~fine))
    largest = np.full(count, -np.inf)
    np.maximum.at(largest, period[fine], size[fine])
    each = [size[there & (own == digits)].max(initial=-np.inf) for digits in range(own.max(initial=0) + 1)]
    over_all = np.maximum.accumulate([*[-np.inf] * (MOST + 1 - len(each)), *each[::-1]])[::-1]
    alike = (size <= over_all[most][period]) & (full >= short)[period]
    fixed = alike | (size <= largest[period]) | ((short == 1) & (full > 1))[period] | (rows.value == 0)
    most = np.where(most < 0, most[most >= 0].min(initial=MOST) if (most >= 0).any() else 0, most)
    return np.asarray(np.where(fixed, most[period], own))


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


def _latest(start: np.datetime64, end: np.datetime64) -> str:
    return partly.latest(str(start), str(end))
