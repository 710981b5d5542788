"""Cuts a metric's periods into the slices of a time control, each cell with its status."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from geotrack.errors import SpecError, ValidationError
from geotrack.map import cells as map_cells
from geotrack.map.cells import Step, combine
from geotrack.model import FREQS, Metric, Slice

if TYPE_CHECKING:
    import pandas as pd

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
    note : int32, units × slices; a place in `notes` (all notes of the figures that went in, and how much of
        the slice they speak of if other regions have more), -1 if none.
    covered : int32, units × slices; days of the slice for which the region has a figure.
    origins : ids of every origin that figures came from, sorted.
    notes : the distinct notes.
    half : float64, units × slices; what rounding may hide in a figure: half a unit of its last digit,
        combined as the figures are.
    counts : int64 per slice; distinct periods of figures within it.
    partial : per slice why it is not whole, "" if it is.
    dropped : periods left out because they lie within a longer one, in ISO style ("2017-H1").
    bounds : float64, units × slices; what is known of a unit without a figure, None of none; bound_status :
        uint8, whether it is at most, at least or just that; see `unstated`.
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
    half: np.ndarray
    counts: np.ndarray
    partial: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    bounds: np.ndarray | None = None
    bound_status: np.ndarray | None = None

    def __post_init__(self) -> None:
        for name in ("values", "status", "origin", "note", "covered", "half", "counts"):
            getattr(self, name).setflags(write=False)


def cut(observations: pd.DataFrame, metric: Metric, freq: str = "own", apart: Collection[str] = ()) -> Cut:
    """Cut a metric's observations into slices. Nothing is ever carried forward.

    "own" makes a slice of each period that occurs; gaps between periods get no slice. The calendar lengths
    ("month", "quarter", "half", "year") make every slice from the first to the last, empty ones too, and
    combine periods as `metric.over_time` says: "mean" is weighted by days, "sum" adds, "last" takes the
    latest. A cell that combines figures, or covers its slice in part, is "derived", "estimated" if one of
    its figures is, or "lower bound" if one is that.

    What a source does not say of a region counts as nothing, never as more of what it does say: a mean is
    over the days of the slice for which *any* region has figures, so that the parts never exceed their
    whole. A region that has figures for fewer of these days is a "lower bound" in a mean or a sum, with a
    note such as "named in 1 of 3 months". With values below zero, and of a rate, that bounds nothing: a mean
    is then over the region's own days, and the status "derived". Of days for which nobody has figures a mean
    says nothing, but a sum lacks them: it is a "lower bound" too. How much of a slice its figures speak of is
    in the note of each, such as "9 of 12 months observed". In "last" the note says of when a figure is
    that is older than those of other regions; of a metric with a whole, only the slice's last period counts.

    Where a period lies within another of the same region, the longer one is kept.

    Parameters
    ----------
    observations : rows in `model.OBSERVATION_COLUMNS`; those of other metrics are left out, and so are rows
        without a number. Periods as datetimes or ISO text.
    metric : which metric, and how its periods combine.
    freq : one of FREQS.
    apart : codes of what is no region ("other", "total"): their digits say nothing of a region's.

    Raises
    ------
    SpecError
        If `freq` is unknown.
    ValidationError
        If no figure is left, a figure occurs twice, a status is unknown, periods overlap in part, a period
        does not fit into one slice, or, in slices of their own, a longer period would hide the shorter ones
        of regions that it has no figure for.
    """
    if freq not in FREQS:
        raise SpecError(f"slices = {freq!r} is unknown; expected one of {', '.join(FREQS)}")
    rows = map_cells.read(observations, metric)
    advice = f"{_advice(rows.periods())}split the table into one map for each length"
    rows, dropped = map_cells.without_nested(rows, metric, together=freq == "own", advice=advice)
    starts, ends = rows.periods().T if freq == "own" else _calendar(rows.periods(), metric, freq)
    steps = [Step(*step, metric.over_time) for step in _split(rows.periods(), starts, ends)]
    cells = combine(rows, steps, metric, apart)
    counts = np.array([len(step.periods) for step in steps])
    slices = tuple(step.slice() for step in steps)
    return Cut(
        metric,
        freq,
        slices,
        rows.units,
        **cells,
        origins=rows.origins,
        counts=counts,
        partial=tuple(step.partial for step in steps),
        dropped=dropped,
    )


def align(cuts: Sequence[Cut]) -> tuple[Cut, ...]:
    """Give several metrics of one map the same slices and units: all that any of them has.

    Cells that a metric lacks are missing. A slice that is partial for one metric need not be so for another.
    A single slice may lie within another (a balance sheet's day in a month): both are then steps of the time
    control.

    Raises
    ------
    ValidationError
        If slices of different metrics overlap in part, or several lie within one, so that a time control
        would pass the same time twice.
    """
    units = tuple(sorted({u for c in cuts for u in c.units}))
    whole = {(s.start, s.end): s for c in reversed(cuts) for s in c.slices}
    keys = sorted(whole)
    _refuse_overlap(cuts, keys)
    return tuple(_spread(c, units, keys, tuple(whole[k] for k in keys)) for c in cuts)


def _refuse_overlap(cuts: Sequence[Cut], keys: list[tuple[str, str]]) -> None:
    bad: set[tuple[str, str]] = set()
    for longer in keys:
        near = keys[bisect_left(keys, longer[:1]) : bisect_left(keys, longer[1:])]  # begin within it
        inside = [k for k in near if k[1] <= longer[1] and k != longer]
        crossing = [k for k in near if k[0] > longer[0] and k[1] > longer[1]]
        if len(inside) > 1 or crossing:
            bad |= {longer, *inside, *crossing}
    if bad:
        own = {c.metric.name: [s.iso for s in c.slices if (s.start, s.end) in bad] for c in cuts}
        said = "; ".join(f"{name!r} has {', '.join(isos)}" for name, isos in own.items() if isos)
        advice = _advice(np.array(keys, dtype="datetime64[D]"))
        raise ValidationError(
            f"metrics have periods that overlap, which one time control cannot show: {said}; "
            f"{advice}show these metrics in two maps"
        )


def _spread(c: Cut, units: tuple[str, ...], keys: list[tuple[str, str]], slices: tuple[Slice, ...]) -> Cut:
    places: tuple[dict[Any, int], ...] = tuple({k: i for i, k in enumerate(a)} for a in (units, keys))
    at = np.ix_([places[0][u] for u in c.units], [places[1][x.start, x.end] for x in c.slices])
    arrays: dict[str, Any] = {}
    for name, fill in (("values", np.nan), ("status", 0), ("origin", -1), ("note", -1), ("covered", 0)):
        arrays[name] = np.full((len(units), len(slices)), fill, dtype=getattr(c, name).dtype)
        arrays[name][at] = getattr(c, name)
    arrays["half"] = np.full((len(units), len(slices)), c.half.max())
    arrays["half"][at] = c.half
    arrays["counts"] = np.zeros(len(slices), dtype=c.counts.dtype)
    arrays["counts"][at[1].ravel()] = c.counts
    told = {(s.start, s.end): text for s, text in zip(c.slices, c.partial, strict=True)}
    partial = tuple(told.get(key, "") for key in keys)
    return replace(c, units=units, slices=slices, partial=partial, **arrays)


def _split(spans: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> Iterator[tuple[Any, Any, np.ndarray]]:
    at = np.searchsorted(starts, spans[:, 0], side="right") - 1
    for i, (start, end) in enumerate(zip(starts, ends, strict=True)):
        yield start, end, spans[at == i]


def _calendar(spans: np.ndarray, metric: Metric, freq: str) -> tuple[np.ndarray, np.ndarray]:
    """Return starts and ends of all calendar slices from the first period to the last."""
    first, last = _bins(spans, freq)
    if (crossing := spans[first != last]).size:
        other = [f" or {f!r}" for f in _fitting(spans)]
        longer = np.diff(crossing).astype(int).min() > FREQS[freq] * 31
        what = f"longer than {A_SLICE[freq]}" if longer else f"that no {freq} of the calendar contains"
        named = ", ".join(map_cells.name(*p) for p in crossing)
        reason = f"has periods {what}: {named}; use slices = 'own'{''.join(other)}"
        raise map_cells.refusal(metric, reason)
    months = np.arange(first.min(), last.max() + 2) * FREQS[freq]
    edges = months.astype("datetime64[M]").astype("datetime64[D]")
    return edges[:-1], edges[1:]


def _bins(spans: np.ndarray, freq: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the number of the calendar slice of each period's first and last day."""
    first, last = (d.astype("datetime64[M]").astype(int) for d in (spans[:, 0], spans[:, 1] - 1))
    return first // FREQS[freq], last // FREQS[freq]


def _fitting(spans: np.ndarray) -> list[str]:
    """Return the shortest calendar length whose slices hold every period, if there is one."""
    return [f for f in A_SLICE if np.equal(*_bins(spans, f)).all()][:1]


def _advice(spans: np.ndarray) -> str:
    return "".join(f"use slices = {f!r}, or " for f in _fitting(spans))
