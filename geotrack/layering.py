"""Layers of a map: one metric's figures with their classes, colours, sums and what has no place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from geotrack import classify, groups, join, messages
from geotrack.content import Group, Layer, Unit
from geotrack.errors import ValidationError
from geotrack.language.numbers import WHOLE, digits_of, settled, telling
from geotrack.model import AT_MOST, MISSING, REPORTED, Metric
from geotrack.slices import Cut
from geotrack.spec import Spec

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
    rest = _remainder(cut, mapped, units)
    digits = _digits(figures, cut)
    sums = groups.sums(cut.values, cut.status, parts, [g.units for g in named])
    _fill_remainder(sums, rest, named, cut)
    origins, notes = tables
    return Layer(
        metric=cut.metric,
        digits=digits,
        values=cut.values,
        status=cut.status,
        origin=_renumber(cut.origin, cut.origins, origins),
        note=_renumber(cut.note, cut.notes, notes),
        mapped=rest.mapped,
        stated=rest.stated,
        unstated=rest.unstated,
        rounding=rest.rounding,
        bounded=rest.mapped_at_least,
        stated_bounded=rest.stated_at_least,
        groups=settled(sums.values, digits, sums.status),  # 35.12 + 10.83 is 45.95, not 45.949999999999996
        group_status=sums.status,
        sentences=(),
        slice_notes=_slice_notes(cut, notes),
        **_classes(cut, spec, mapped),
    )


def _classes(cut: Cut, spec: Spec, mapped: np.ndarray) -> dict[str, Any]:
    """Return the layer's classes with their names and colours, one set for all slices."""
    found = classify.breaks(_on_the_map(cut, mapped), _method(spec, cut.metric), spec.classes or None)
    return {
        "edges": found.edges,
        "zero": found.zero,
        "labels": _labels(found, spec.lang),
        "light": classify.colours(found, spec.palette or None),
        "dark": classify.colours(found, spec.palette or None, dark=True),
    }


def _labels(found: classify.Breaks, lang: str) -> tuple[str, ...]:
    parts = {key: "page" if key == "under" else "more" for key in classify.LABELS}
    words = {key: str(messages.words_of(lang, part)[key]) for key, part in parts.items()}
    return found.labels(words, partial(messages.decimal, lang=lang))


def _remainder(cut: Cut, mapped: np.ndarray, units: Sequence[Unit]) -> join.Remainder:
    metric, names = cut.metric, [s.label for s in cut.slices]
    wholes = np.array([unit.kind == "whole" for unit in units])
    return join.remainder(
        cut.values, mapped, metric.whole, metric.tolerance, wholes, status=cut.status, names=names
    )


def _on_the_map(cut: Cut, mapped: np.ndarray) -> np.ndarray:
    values = cut.values[mapped]
    if np.isnan(values).all():
        raise ValidationError(
            f"metric {cut.metric.name!r}: none of its regions ({', '.join(cut.units[:10])}) lies "
            "within the boundaries; name the boundaries of their level, e.g. boundaries = 'us-states'"
        )
    return np.asarray(values)


def _method(spec: Spec, metric: Metric) -> Any:
    wanted = spec.breaks.get(metric.name, "skewed") if isinstance(spec.breaks, Mapping) else spec.breaks
    if metric.signed and wanted == "skewed":
        return "diverging"  # the ladder knows no values below zero
    return list(wanted) if isinstance(wanted, tuple) else wanted


def _digits(figures: np.ndarray, cut: Cut) -> int:
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
    own = digits_of(figures)
    wanted = own if cut.freq == "own" else min(digits_of(cut.values), own + 1)
    short = () if cut.metric.whole is None else (cut.metric.whole - cut.values,)
    return telling(np.concatenate([cut.values, *short]), wanted)


def _fill_remainder(sums: groups.Sums, rest: join.Remainder, named: Sequence[Group], cut: Cut) -> None:
    """The remainder's line: what has no place and what is not stated; a lower bound makes it "at most".

    Without a whole nobody knows what is not stated: only what the source itself gives without a place counts.
    """
    at_most = (rest.mapped_at_least | rest.stated_at_least) & (rest.unstated > 0)
    for g, group in enumerate(named):
        if group.colour == "remainder":
            known = ~np.isnan(rest.mapped) & (cut.metric.whole is not None or rest.stated > 0)
            sums.values[g] = np.where(known, rest.stated + rest.unstated, np.nan)
            sums.status[g] = np.where(known, np.where(at_most, AT_MOST, REPORTED), MISSING)


def _renumber(places: np.ndarray, old: Sequence[str], new: Sequence[str]) -> np.ndarray:
    at = {text: i for i, text in enumerate(new)}
    table = np.array([*(at.get(text, -1) for text in old), -1], dtype=np.int32)
    return np.asarray(table[places])


def _slice_notes(cut: Cut, notes: Sequence[str]) -> tuple[tuple[tuple[int, tuple[int, ...]], ...], ...]:
    """Per slice the notes on its figures, each once, with the units that they speak of."""
    numbered = _renumber(cut.note, cut.notes, notes)
    return tuple(
        tuple(
            (int(n), tuple(int(u) for u in np.flatnonzero(column == n)))
            for n in np.unique(column[column >= 0])
        )
        for column in numbered.T
    )
