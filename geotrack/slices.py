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
    starts, ends = _own(rows) if freq == "own" else _calendar(rows, metric, freq)
    step = np.searchsorted(starts, rows.start, side="right") - 1
    shape = (len(rows.units), len(starts))
    return Cut(
        metric=metric,
        freq=freq,
        slices=tuple(_slices(rows, starts, ends, metric.over_time)),
        units=rows.units,
        **_cells(rows, step, (starts, ends), shape, metric.over_time),
        origins=rows.origins,
        dropped=dropped,
    )


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
    at = np.ix_([units.index(u) for u in c.units], [keys.index((s.start, s.end)) for s in c.slices])
    empty = {"values": np.nan, "status": 0, "origin": -1, "note": -1, "covered": 0}
    arrays: dict[str, Any] = {}
    for name, fill in empty.items():
        old = getattr(c, name)
        arrays[name] = np.full((len(units), len(slices)), fill, dtype=old.dtype)
        arrays[name][at] = old
    return replace(c, units=units, slices=slices, **arrays)


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
        raise ValidationError(f"metric {metric.name!r} has no figure; nothing can be drawn")
    twice = frame[frame.duplicated(["region", "start", "end"])]
    if len(twice):
        named = sorted({f"{r} in {_iso(s, e)}" for r, s, e in twice[["region", "start", "end"]].to_numpy()})
        raise ValidationError(
            f"metric {metric.name!r} has more than one figure for {', '.join(named)}; keep one of each"
        )
    unit, units = pd.factorize(frame["region"], sort=True)
    origin, origins = pd.factorize(frame["origin"], sort=True)
    note, notes = pd.factorize(frame["note"].where(frame["note"] != ""), sort=True)  # no note is -1
    start, end = (frame[c].to_numpy().astype("datetime64[D]") for c in ("start", "end"))
    value = frame["value"].to_numpy(np.float64)
    text = [tuple(str(v) for v in values) for values in (units, origins, notes)]
    return _Rows(unit, start, end, value, _status(frame, metric), origin, note, *text)


def _status(frame: pd.DataFrame, metric: Metric) -> np.ndarray:
    codes = frame["status"].map({s: i for i, s in enumerate(STATUSES) if i})
    if codes.isna().any():
        unknown = sorted(set(frame["status"][codes.isna()].astype(str)))
        raise ValidationError(
            f"metric {metric.name!r} has unknown statuses: {', '.join(unknown)}; "
            f"expected {', '.join(STATUSES[1:])}"
        )
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
            crossing.append(f"{_iso(*kept[-1])} and {_iso(*period)}")
    if crossing:
        raise ValidationError(
            f"metric {metric.name!r} has periods that overlap in part: {'; '.join(crossing)}; "
            "keep one of each pair, or make two metrics of them"
        )
    keep = np.isin(rows.start, [k[0] for k in kept]) & np.isin(rows.end, [k[1] for k in kept])
    arrays = {
        n: getattr(rows, n)[keep] for n in ("unit", "start", "end", "value", "status", "origin", "note")
    }
    return replace(rows, **arrays), tuple(_iso(*p) for p in nested)


def _own(rows: _Rows) -> tuple[np.ndarray, np.ndarray]:
    periods = rows.periods()
    return periods[:, 0], periods[:, 1]


def _calendar(rows: _Rows, metric: Metric, freq: str) -> tuple[np.ndarray, np.ndarray]:
    """Return starts and ends of all calendar slices from the first period to the last."""
    periods = rows.periods()
    first, last = _bins(periods, freq)
    if (first != last).any():
        fitting = [f for f in A_SLICE if np.equal(*_bins(periods, f)).all()]
        named = ", ".join(_iso(*p) for p in periods[first != last])
        other = "".join(f" or {f!r}" for f in fitting[:1])
        long = np.diff(periods[first != last]).astype(int).min() > FREQS[freq] * 31
        what = (
            f"longer than {A_SLICE[freq]}"
            if long
            else f"that {A_SLICE[freq]} of the calendar does not contain"
        )
        raise ValidationError(
            f"metric {metric.name!r} has periods {what}: {named}; use slices = 'own'{other}"
        )
    edges = (
        (np.arange(first.min(), last.max() + 2) * FREQS[freq]).astype("datetime64[M]").astype("datetime64[D]")
    )
    return edges[:-1], edges[1:]


def _bins(periods: np.ndarray, freq: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the number of the calendar slice of each period's first and last day."""
    ends = (
        np.stack([periods[:, 0], periods[:, 1] - 1]).astype("datetime64[M]").astype(np.int64) // FREQS[freq]
    )
    return ends[0], ends[1]


def _cells(
    rows: _Rows, step: np.ndarray, span: tuple[np.ndarray, np.ndarray], shape: tuple[int, int], over_time: str
) -> dict[str, Any]:
    """Combine the figures of each cell; returns Cut's arrays and its notes."""
    order = np.lexsort((rows.start, step, rows.unit))
    in_cell = rows.unit[order] * shape[1] + step[order]
    cell, first, count = np.unique(in_cell, return_index=True, return_counts=True)
    if over_time == "last":  # from here on as if the latest figure were the only one
        order, first, count = order[first + count - 1], np.arange(len(cell)), np.ones(len(cell), dtype=int)
    last = order[first + count - 1]
    days = (rows.end - rows.start).astype(np.int64)[order]
    covered = np.add.reduceat(days, first)
    start, end = (edge[cell % shape[1]] for edge in span)
    whole = rows.end[last] == end if over_time == "last" else covered == (end - start).astype(np.int64)
    bound = np.logical_or.reduceat(rows.status[order] == LOWER_BOUND, first)
    status = np.where(bound, LOWER_BOUND, np.where(whole & (count == 1), rows.status[last], DERIVED))
    combine = _mean if over_time == "mean" else _sum
    note, notes = _notes(rows.note[order], rows.notes, first, count)

    def table(fill: float, dtype: type, found: np.ndarray) -> np.ndarray:
        filled: np.ndarray = np.full(shape, fill, dtype=dtype)
        filled.ravel()[cell] = found
        return filled

    return {
        "values": table(np.nan, np.float64, combine(rows.value[order], days, first)),
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


def _sum(value: np.ndarray, days: np.ndarray, first: np.ndarray) -> np.ndarray:
    return np.asarray(np.add.reduceat(value, first))


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
        yield Slice(str(start), str(end), *_names(start, end), partial=partial)


def _partial(periods: np.ndarray, start: np.datetime64, end: np.datetime64, over_time: str) -> str:
    """Say how much of a slice has figures, or "" if all."""
    if over_time == "last" and len(periods):
        return "" if periods[-1, 1] == end else f"latest figure: {_names(*periods[-1])[1]}"
    found, wanted, unit = (
        int((periods[:, 1] - periods[:, 0]).astype(int).sum()),
        int((end - start).astype(int)),
        "day",
    )
    if found == wanted:
        return ""
    if months := _months(start, end):
        each = [_months(*p) for p in periods]
        found, wanted, unit = (sum(each), months, "month") if all(each) else (found, wanted, unit)
    return f"{found} of {wanted} {unit}{'s' * (wanted > 1)} observed"


def _iso(start: Any, end: Any) -> str:
    return _names(start, end)[0]


def _names(start: Any, end: Any) -> tuple[str, str]:
    """Return what `periods.iso` and `periods.label` do (modules of a layer do not import each other)."""
    a, b = (np.datetime64(d, "D").item() for d in (start, end))
    z, months, n = b - timedelta(days=1), _months(a, b), a.month
    first, last = (f"{_MONTHS[d.month - 1]} {d.year}" for d in (a, z))
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


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
