"""Layers of a map: one metric's figures with their classes, colours, sums and what has no place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from geotrack.errors import ValidationError, first_few
from geotrack.language import catalogue, partly
from geotrack.language.numbers import WHOLE, digits_of, hidden, settled, telling
from geotrack.map import cells, classes, groups, join, unstated
from geotrack.map.content import SUMS, Group, Layer, Unit
from geotrack.map.overall import no_whole
from geotrack.map.slices import Cut
from geotrack.map.spec import Spec
from geotrack.model import AT_MOST, LOWER_BOUND, MISSING, REPORTED, Metric

SMALLEST = 1e-40  # as `import` has it: what is smaller has more zeros than anybody reads


def layer_of(
    cut: Cut,
    spec: Spec,
    figures: np.ndarray,
    units: Sequence[Unit],
    *,
    parts: Sequence[Sequence[str]],
    named: Sequence[Group],
    tables: tuple[Sequence[str], Sequence[str]],
) -> Layer:
    """Make a layer, its sentences still to be said.

    Parameters
    ----------
    cut : the metric's table of units × slices.
    spec : breaks, classes and palette.
    figures : the metric's figures as the source states them, for the number of decimals.
    units : rows of the table. parts : per unit the regions it stands for.
    named : the groups to sum.
    tables : the map's origins and notes, whose places the layer's arrays hold.

    Raises
    ------
    SpecError : breaks, classes or a palette that cannot be used.
    ValidationError : sums above the whole, nothing on the map, numbers too large for a page.
    """
    mapped = np.array([bool(unit.members) for unit in units])
    stated = digits_of(figures)
    rest = _remainder(cut, mapped, units, stated)
    digits = _digits(stated, cut)
    sums = _sums(cut, rest, units, parts, named)
    origins, notes = tables
    return Layer(
        metric=cut.metric,
        digits=digits,
        values=cut.values,
        status=cut.status,
        bounds=np.full(cut.values.shape, np.nan) if cut.bounds is None else cut.bounds,
        bound_status=np.zeros(cut.values.shape, dtype=np.uint8)
        if cut.bound_status is None
        else cut.bound_status,
        origin=_renumber(cut.origin, cut.origins, origins),
        note=_renumber(cut.note, cut.notes, notes),
        half=cut.half,
        **_accounted(rest, cut, digits, units),
        groups=settled(sums.values, digits, sums.status),  # 35.12 + 10.83 is 45.95, not 45.949999999999996
        group_status=sums.status,
        sentences=(),
        partial=tuple(partly.partial(text, spec.lang) for text in cut.partial),
        slice_notes=_slice_notes(cut, notes),
        **_classes(cut, spec, mapped),
    )


def _accounted(rest: join.Remainder, cut: Cut, digits: int, units: Sequence[Unit]) -> dict[str, Any]:
    """Return what the whole is made of; means have more decimals than are shown, which is rounding, too."""
    if cut.freq != "own":
        mapped = np.array([bool(unit.members) for unit in units])
        rest = join.as_shown(rest, settled(cut.values, digits, cut.status), mapped, _wholes(units))
    found = {name: getattr(rest, name) for name in SUMS}
    return found | {"bounded": rest.mapped_at_least, "stated_bounded": rest.stated_at_least}


def _classes(cut: Cut, spec: Spec, mapped: np.ndarray) -> dict[str, Any]:
    """Return the layer's classes with their names and colours, one set for all slices."""
    found = classes.breaks(_on_the_map(cut, mapped), _method(spec, cut.metric), spec.classes or None)
    return {
        "edges": found.edges,
        "zero": found.zero,
        "labels": _labels(found, spec.lang),
        "light": classes.colours(found, spec.palette or None),
        "dark": classes.colours(found, spec.palette or None, dark=True),
    }


def _labels(found: classes.Breaks, lang: str) -> tuple[str, ...]:
    return found.labels(catalogue.class_words(classes.LABELS, lang), partial(catalogue.decimal, lang=lang))


def _remainder(cut: Cut, mapped: np.ndarray, units: Sequence[Unit], digits: int) -> join.Remainder:
    metric, names = cut.metric, [s.label for s in cut.slices]
    if not metric.adds_up:
        none = np.full(len(names), np.nan)
        return join.Remainder(*[none] * 5, *[np.zeros(len(names), dtype=bool)] * 3)
    wholes = _wholes(units)
    whole: float | np.ndarray | None = metric.whole
    tolerance: float | np.ndarray = metric.tolerance
    if whole is None and (stated := _totals(cut, wholes)) is not None:
        whole, tolerance = stated, _tolerance(cut, wholes, digits)
    return join.remainder(
        cut.values, mapped, whole, tolerance, wholes,
        status=cut.status, complete=metric.complete, names=names,
    )  # fmt: skip


def _wholes(units: Sequence[Unit]) -> np.ndarray:
    return np.array([unit.kind == "whole" for unit in units])


def _totals(cut: Cut, wholes: np.ndarray) -> np.ndarray | None:
    """Return the total that the source states for each slice, NaN where it states none that can be used.

    One that is a lower bound is none, nor one of the latest days, which may be other days than its parts'.
    """
    status = cut.status[wholes]
    if not status.any() or no_whole(cut) or (cut.metric.over_time == "last" and cut.freq != "own"):
        return None
    usable = (status != MISSING) & (status != LOWER_BOUND)
    largest = np.where(usable, cut.values[wholes], -np.inf).max(axis=0)
    return np.where(np.isfinite(largest), largest, np.nan)


def _tolerance(cut: Cut, wholes: np.ndarray, digits: int) -> np.ndarray:
    """Return how far each slice's parts may lie from their total by rounding; a sum of periods adds it up."""
    own = cut.freq == "own"
    found = [
        hidden(parts, None if own else digits) + hidden(total, None if own else digits)
        for parts, total in zip(cut.values[~wholes].T, cut.values[wholes].T, strict=True)
    ]
    times = cut.counts if cut.metric.over_time == "sum" else 1
    return np.asarray(np.maximum(found, cut.metric.tolerance) * times)


def _on_the_map(cut: Cut, mapped: np.ndarray) -> np.ndarray:
    values = cut.values[mapped]
    if np.isnan(values).all():
        raise ValidationError(
            f"metric {cut.metric.name!r}: none of its regions ({first_few(cut.units, ', ')}) lies "
            "within the boundaries; name the boundaries of their level, e.g. boundaries = 'us-states'"
        )
    return np.asarray(values)


def _method(spec: Spec, metric: Metric) -> Any:
    wanted = spec.breaks.get(metric.name, "skewed") if isinstance(spec.breaks, Mapping) else spec.breaks
    if metric.signed and wanted == "skewed":
        return "diverging"  # the ladder knows no values below zero
    return list(wanted) if isinstance(wanted, tuple) else wanted


def _digits(stated: int, cut: Cut) -> int:
    """Decimals of the source; a mean over time may need one more, or as many as tell it from nothing."""
    largest = float(np.nanmax(np.abs(cut.values)))
    if largest > WHOLE:
        raise ValidationError(
            f"metric {cut.metric.name!r}: {largest:g} is too large to be shown exactly; "
            "state it in a larger unit"
        )
    if (least := float(np.abs(cut.values[np.abs(cut.values) > 0]).min(initial=np.inf))) < SMALLEST:
        raise ValidationError(
            f"metric {cut.metric.name!r}: {least:g} is too small to be shown; state it in a smaller unit"
        )
    wanted = stated if cut.freq == "own" else min(digits_of(cut.values), stated + 1)
    short = () if cut.metric.whole is None else (cut.metric.whole - cut.values,)
    return telling(np.concatenate([cut.values, *short]), wanted, bool((cut.status == LOWER_BOUND).any()))


def _fill_remainder(sums: groups.Sums, rest: join.Remainder, named: Sequence[Group], cut: Cut) -> None:
    """The remainder's line: what has no place and what is not stated; a lower bound makes it "at most".

    Without a whole nobody knows what is not stated: only what the source itself gives without a place counts.
    """
    at_most = (rest.mapped_at_least | rest.stated_at_least) & (rest.unstated > 0)
    for g, group in enumerate(named):
        if group.kind == "remainder":
            known = ~np.isnan(rest.mapped) & (np.isfinite(rest.whole) | (rest.stated > 0))
            sums.values[g] = np.where(known, rest.stated + rest.unstated, np.nan)
            sums.status[g] = np.where(known, np.where(at_most, AT_MOST, REPORTED), MISSING)


def _sums(
    cut: Cut,
    rest: join.Remainder,
    units: Sequence[Unit],
    parts: Sequence[Sequence[str]],
    named: Sequence[Group],
) -> groups.Sums:
    """Return the groups' figures; of a rate only those that one unit is all of, or the source gives."""
    below = cells.signed(cut.metric, cut.values)
    sums = groups.sums(cut.values, cut.status, parts, [g.units for g in named], below=below)
    _fill_remainder(sums, rest, named, cut)
    unstated.within_parts(cut, sums, units, named)
    several = [g for g, group in enumerate(named) if not (cut.metric.adds_up or group.single)]
    sums.values[several], sums.status[several] = np.nan, MISSING
    for g, group in enumerate(named):
        if group.own >= 0 and not cut.metric.adds_up:
            sums.values[g], sums.status[g] = cut.values[group.own], cut.status[group.own]
    return sums


def _renumber(places: np.ndarray, old: Sequence[str], new: Sequence[str]) -> np.ndarray:
    at = {text: i for i, text in enumerate(new)}
    table = np.array([*(at.get(text, -1) for text in old), -1], dtype=np.int32)
    return np.asarray(table[places])


def _slice_notes(cut: Cut, notes: Sequence[str]) -> tuple[tuple[tuple[int, tuple[int, ...]], ...], ...]:
    """Per slice the notes on its figures, each once, with the units that they speak of.

    What is said of the slice as a whole, that it is partial, is not said again of its figures.
    """
    numbered = _renumber(cut.note, cut.notes, notes)
    if not (numbered >= 0).any():
        return ((),) * len(cut.slices)
    return tuple(
        tuple(
            (int(n), tuple(int(u) for u in np.flatnonzero(column == n)))
            for n in np.unique(column[column >= 0])
            if notes[n] not in partial.split("; ")
        )
        for partial, column in zip(cut.partial, numbered.T, strict=True)
    )
