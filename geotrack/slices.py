"""Cuts a metric's periods into the slices of a time control, each cell with its status."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from geotrack.errors import SpecError, ValidationError
from geotrack.model import DERIVED, LOWER_BOUND, STATUSES, Metric, Slice

FREQS = {"own": 0, "month": 1, "quarter": 3, "half": 6, "year": 12}
"""What slices can be: the source's own periods, or calendar periods of so many months."""

A_SLICE = {"month": "a month", "quarter": "a quarter", "half": "half a year", "year": "a year"}


@dataclass(frozen=True, eq=False)
class Cut:
    """One metric as a table of regions × slices; every array is read-only.

    Parameters
    ----------
    metric : what the values measure.
    freq : one of FREQS.
    slices : the steps of time, sorted, never overlapping.
    units : codes of regions, sorted; aggregates, remainders and wholes among them.
    values : float64, units × slices; NaN where there is no figure. Zero is a figure.
    status : uint8, units × slices; a place in `model.STATUSES`, 0 where there is no figure.
    origin : int32, units × slices; a place in `origins` (of the latest figure that went in), -1 if none.
    note : int32, units × slices; a place in `notes` (all notes of the figures that went in), -1 if none.
    covered : int32, units × slices; days of the slice for which the region has a figure.
    origins : ids of every origin that figures came from, sorted.
    notes : the distinct notes.
    dropped : periods left out because they lie within a longer one, in ISO style ("2017-H1").
    """

    metric: Metric
    freq: str
    slices: tuple[Slice, ...]
    units: tuple[str, ...]
    values: np.ndarray
    status: np.ndarray
    origin: np.ndarray
    note: np.ndarray
    covered: np.ndarray
    origins: tuple[str, ...]
    notes: tuple[str, ...]
    dropped: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("values", "status", "origin", "note", "covered"):
            getattr(self, name).setflags(write=False)


def cut(observations: pd.DataFrame, metric: Metric, freq: str = "own") -> Cut:
    """Cut a metric's observations into slices. Nothing is ever carried forward.

    "own" makes a slice of each period that occurs; gaps between periods get no slice. The calendar lengths
    ("month", "quarter", "half", "year") make every slice from the first to the last, empty ones too, and
    combine periods as `metric.over_time` says: "mean" is weighted by days, "sum" adds, "last" takes the
    latest. A cell that combines figures, or covers its slice in part, is "derived", or "lower bound" if one
    of its figures is. Where a period lies within another, the longer one is kept for all regions.

    Parameters
    ----------
    observations : rows in `model.OBSERVATION_COLUMNS`; those of other metrics are left out, and so are rows
        without a number. Periods as datetimes or ISO text.
    metric : which metric, and how its periods combine.
    freq : one of FREQS.

    Raises
    ------
    SpecError
        If `freq` is unknown.
    ValidationError
        If no figure is left, a figure occurs twice, a status is unknown, periods overlap in part, or a
        period does not fit into one slice.
    """
    if freq not in FREQS:
        raise SpecError(f"slices = {freq!r} is unknown; expected one of {', '.join(FREQS)}")
    rows, dropped = _without_nested(_read(observations, metric), metric)
    starts, ends = rows.periods().T if freq == "own" else _calendar(rows, metric, freq)
    slices = tuple(_slices(rows, starts, ends, metric.over_time))
    cells = _cells(rows, starts, ends, metric.over_time)
    return Cut(metric, freq, slices, rows.units, **cells, origins=rows.origins, dropped=dropped)


def align(cuts: Sequence[Cut]) -> tuple[Cut, ...]:
    """Give several metrics of one map the same slices and units: all that any of them has.

    Cells that a metric lacks are missing. A slice that is partial for one metric is marked for all; the
    cells' own status says for which.
    """
    units = tuple(sorted({u for c in cuts for u in c.units}))
    whole: dict[tuple[str, str], Slice] = {}
    for s in (s for c in cuts for s in c.slices):
        seen = whole.setdefault((s.start, s.end), s)
        texts = dict.fromkeys(t for t in (*seen.partial.split("; "), s.partial) if t)
        whole[s.start, s.end] = replace(seen, partial="; ".join(texts))
    keys = sorted(whole)
    return tuple(_spread(c, units, keys, tuple(whole[k] for k in keys)) for c in cuts)


def _spread(c: Cut, units: tuple[str, ...], keys: list[tuple[str, str]], slices: tuple[Slice, ...]) -> Cut:
    places: tuple[dict[Any, int], ...] = tuple({k: i for i, k in enumerate(a)} for a in (units, keys))
    at = np.ix_([places[0][u] for u in c.units], [places[1][x.start, x.end] for x in c.slices])
    arrays: dict[str, Any] = {}
    for name, fill in (("values", np.nan), ("status", 0), ("origin", -1), ("note", -1), ("covered", 0)):
        arrays[name] = np.full((len(units), len(slices)), fill, dtype=getattr(c, name).dtype)
        arrays[name][at] = getattr(c, name)
    return replace(c, units=units, slices=slices, **arrays)


def _refusal(metric: Metric, reason: str) -> ValidationError:
    return ValidationError(f"metric {metric.name!r} {reason}")


@dataclass(frozen=True, eq=False)
class _Rows:
    """The figures as arrays, one entry per row; text columns as places in the tuples below."""

    unit: np.ndarray
    start: np.ndarray  # datetime64[D]
    end: np.ndarray
    value: np.ndarray
    status: np.ndarray
    origin: np.ndarray
    note: np.ndarray
    units: tuple[str, ...]
    origins: tuple[str, ...]
    notes: tuple[str, ...]

    def periods(self) -> np.ndarray:
        """Return the distinct periods, n × 2, sorted by start, longer ones first."""
        pairs = pd.DataFrame({"start": self.start, "end": self.end}).drop_duplicates()
        return pairs.sort_values(["start", "end"], ascending=[True, False]).to_numpy("datetime64[D]")


def _read(observations: pd.DataFrame, metric: Metric) -> _Rows:
    frame = observations[(observations["metric"] == metric.name) & observations["value"].notna()]
    if frame.empty:
        raise _refusal(metric, "has no figure; nothing can be drawn")
    twice = frame[frame.duplicated(["region", "start", "end"])]
    if len(twice):
        named = sorted(
            {f"{r} in {_names(s, e)[0]}" for r, s, e in twice[["region", "start", "end"]].to_numpy()}
        )
        raise _refusal(metric, f"has more than one figure for {', '.join(named)}; keep one of each")
    unit, units = pd.factorize(frame["region"], sort=True)
    origin, origins = pd.factorize(frame["origin"], sort=True)
    note, notes = pd.factorize(frame["note"].where(frame["note"] != ""), sort=True)  # no note is -1
    start, end = (frame[c].to_numpy().astype("datetime64[D]") for c in ("start", "end"))
    text = [tuple(str(v) for v in values) for values in (units, origins, notes)]
    value, status = frame["value"].to_numpy(np.float64), _status(frame, metric)
    return _Rows(unit, start, end, value, status, origin, note, *text)


def _status(frame: pd.DataFrame, metric: Metric) -> np.ndarray:
    codes = frame["status"].map({s: i for i, s in enumerate(STATUSES) if i})
    if codes.isna().any():
        unknown = sorted(set(frame["status"][codes.isna()].astype(str)))
        expected = ", ".join(STATUSES[1:])
        raise _refusal(metric, f"has unknown statuses: {', '.join(unknown)}; expected {expected}")
    return codes.to_numpy(np.uint8)


def _without_nested(rows: _Rows, metric: Metric) -> tuple[_Rows, tuple[str, ...]]:
    """Keep periods that do not overlap: of nested ones the longest."""
    kept: list[np.ndarray] = []
    nested, crossing = [], []
    for period in rows.periods():
        if not kept or period[0] >= kept[-1][1]:
            kept.append(period)
        elif period[1] <= kept[-1][1]:
            nested.append(period)
        else:
            crossing.append(f"{_names(*kept[-1])[0]} and {_names(*period)[0]}")
    if crossing:
        advice = "keep one of each pair, or make two metrics of them"
        raise _refusal(metric, f"has periods that overlap in part: {'; '.join(crossing)}; {advice}")
    keep = np.isin(rows.start, [k[0] for k in kept]) & np.isin(rows.end, [k[1] for k in kept])
    columns = ("unit", "start", "end", "value", "status", "origin", "note")
    rows = replace(rows, **{name: getattr(rows, name)[keep] for name in columns})
    return rows, tuple(_names(*p)[0] for p in nested)


def _calendar(rows: _Rows, metric: Metric, freq: str) -> tuple[np.ndarray, np.ndarray]:
    """Return starts and ends of all calendar slices from the first period to the last."""
    periods = rows.periods()
    first, last = _bins(periods, freq)
    if (crossing := periods[first != last]).size:
        other = [f" or {f!r}" for f in A_SLICE if np.equal(*_bins(periods, f)).all()][:1]
        longer = np.diff(crossing).astype(int).min() > FREQS[freq] * 31
        what = f"longer than {A_SLICE[freq]}" if longer else f"that no {freq} of the calendar contains"
        named = ", ".join(_names(*p)[0] for p in crossing)
        raise _refusal(metric, f"has periods {what}: {named}; use slices = 'own'{''.join(other)}")
    months = np.arange(first.min(), last.max() + 2) * FREQS[freq]
    edges = months.astype("datetime64[M]").astype("datetime64[D]")
    return edges[:-1], edges[1:]


def _bins(periods: np.ndarray, freq: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the number of the calendar slice of each period's first and last day."""
    first, last = (d.astype("datetime64[M]").astype(int) for d in (periods[:, 0], periods[:, 1] - 1))
    return first // FREQS[freq], last // FREQS[freq]


def _cells(rows: _Rows, starts: np.ndarray, ends: np.ndarray, over_time: str) -> dict[str, Any]:
    """Combine the figures of each cell; returns Cut's arrays and its notes."""
    step, n = np.searchsorted(starts, rows.start, side="right") - 1, len(starts)
    order = np.lexsort((rows.start, step, rows.unit))
    cell, first, count = np.unique((rows.unit * n + step)[order], return_index=True, return_counts=True)
    if over_time == "last":  # from here on as if the latest figure were the only one
        order, first, count = order[first + count - 1], np.arange(len(cell)), np.ones(len(cell), dtype=int)
    last = order[first + count - 1]
    days = (rows.end - rows.start).astype(np.int64)[order]
    covered = np.add.reduceat(days, first)
    whole = covered == (ends - starts).astype(np.int64)[cell % n]
    if over_time == "last":
        whole = rows.end[last] == ends[cell % n]
    bound = np.logical_or.reduceat(rows.status[order] == LOWER_BOUND, first)
    status = np.where(bound, LOWER_BOUND, np.where(whole & (count == 1), rows.status[last], DERIVED))
    value = rows.value[order]
    combined = _mean(value, days, first) if over_time == "mean" else np.add.reduceat(value, first)
    note, notes = _notes(rows.note[order], rows.notes, first, count)

    def table(fill: float, dtype: type, found: np.ndarray) -> np.ndarray:
        filled: np.ndarray = np.full((len(rows.units), n), fill, dtype=dtype)
        filled.ravel()[cell] = found
        return filled

    return {
        "values": table(np.nan, np.float64, combined),
        "status": table(0, np.uint8, status),
        "origin": table(-1, np.int32, rows.origin[last]),
        "note": table(-1, np.int32, note),
        "covered": table(0, np.int32, covered),
        "notes": notes,
    }


def _mean(value: np.ndarray, days: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Weight by days; clipped, so that rounding never leaves the range of the figures themselves."""
    mean = np.add.reduceat(value * days, first) / np.add.reduceat(days, first)
    return np.clip(mean, np.minimum.reduceat(value, first), np.maximum.reduceat(value, first))


def _notes(
    noted: np.ndarray, notes: tuple[str, ...], first: np.ndarray, count: np.ndarray
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Join the different notes of each cell; nearly all cells have one at most."""
    joined = np.maximum.reduceat(noted, first)
    places = {text: i for i, text in enumerate(notes)}
    for i in np.flatnonzero((count > 1) & (joined >= 0)):
        here = dict.fromkeys(noted[first[i] : first[i] + count[i]].tolist())
        joined[i] = places.setdefault("; ".join(notes[n] for n in here if n >= 0), len(places))
    return joined, tuple(places)


def _slices(rows: _Rows, starts: np.ndarray, ends: np.ndarray, over_time: str) -> Iterator[Slice]:
    periods = rows.periods()
    at = np.searchsorted(starts, periods[:, 0], side="right") - 1
    for i, (start, end) in enumerate(zip(starts, ends, strict=True)):
        partial = _partial(periods[at == i], start, end, over_time)
        yield Slice(str(start), str(end), *_names(start, end), partial)


def _partial(periods: np.ndarray, start: np.datetime64, end: np.datetime64, over_time: str) -> str:
    """Say how much of a slice has figures, or "" if all."""
    if over_time == "last" and len(periods):
        return "" if periods[-1, 1] == end else f"latest figure: {_names(*periods[-1])[1]}"
    found, wanted, unit = int(np.diff(periods).astype(int).sum()), int((end - start).astype(int)), "day"
    if found == wanted:
        return ""
    each = [_months(*p) for p in periods]
    if (months := _months(start, end)) and all(each):
        found, wanted, unit = sum(each), months, "month"
    return f"{found} of {wanted} {unit}{'s' * (wanted > 1)} observed"


def _names(start: Any, end: Any) -> tuple[str, str]:
    """Return what `periods.iso` and `periods.label` do (modules of a layer do not import each other)."""
    a, b = (np.datetime64(d, "D").item() for d in (start, end))
    z, months, n = b - timedelta(days=1), _months(a, b), a.month
    first, last = (f"{pd.Timestamp(d).month_name()} {d.year}" for d in (a, z))
    if months in (1, 3, 6, 12) and (n - 1) % months == 0:
        return {
            1: (f"{a:%Y-%m}", first),
            3: (f"{a.year}-Q{n // 3 + 1}", f"Q{n // 3 + 1} {a.year}"),
            6: (f"{a.year}-H{n // 6 + 1}", f"{'second' if n > 6 else 'first'} half of {a.year}"),
            12: (f"{a.year}", f"{a.year}"),
        }[months]
    if months:
        return f"{a}/{b}", f"{first} to {last}"
    return (f"{a}", f"{a.day} {first}") if a == z else (f"{a}/{b}", f"{a.day} {first} to {z.day} {last}")


def _months(start: Any, end: Any) -> int:
    """Return how many whole calendar months a period is, 0 if it is not."""
    a, b = (np.datetime64(d, "D").item() for d in (start, end))
    return (b.year - a.year) * 12 + b.month - a.month if a.day == b.day == 1 else 0
