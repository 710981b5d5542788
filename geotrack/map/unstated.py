"""What is known of a part that is not stated: what the other of two leaves, or what is listed of it.

It stands beside the figures and is none of them: nothing adds it up, ranks it or colours it. It is said where
a cell would say that it has no figure. Where the other part is stated exactly it is just that, where that is
a lower bound it is at most that, and takes in what else the slice lists; alone in its slice it is a figure,
see `complement.derive`. Where neither is stated, a part is at least what the slice lists of it, and the other
at most what that leaves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from geotrack.language import catalogue
from geotrack.map.cells import signed
from geotrack.map.classes import speakers
from geotrack.map.content import Content, Group, Layer, Unit
from geotrack.map.groups import LevelGround, Sums, units_within
from geotrack.map.overall import with_overall
from geotrack.map.slices import Cut, align, cut
from geotrack.model import AT_MOST, DERIVED, LOWER_BOUND, MISSING, Metric
from geotrack.store import complement

if TYPE_CHECKING:
    import pandas as pd

    from geotrack.map.spec import Spec
    from geotrack.store.regions import Regions


def cuts_of(
    frame: pd.DataFrame, metrics: Sequence[Metric], spec: Spec, parts: Sequence[str], regions: Regions
) -> tuple[Cut, ...]:
    """Cut a map's metrics into slices; say what one of two parts is at most, and what an overall figure is.

    Parameters
    ----------
    spec : its slices, and the language of the notes. parts : codes of the two parts; none if there are none.
    """
    aligned = align([cut(frame, metric, spec.slices, apart(regions)) for metric in metrics])
    wholes = {code for code, region in regions.table.items() if region.level == "whole"}
    told = (with_overall(each, wholes, spec.lang) for each in aligned)
    return tuple(with_bounds(each, parts, spec.lang) for each in told)


def apart(regions: Regions) -> set[str]:
    """Return the codes of wholes and remainders, by whose digits no region's figure is rounded: see `cut`."""
    return {code for code, region in regions.table.items() if region.level in {"whole", "remainder"}}


def with_bounds(cut: Cut, parts: Sequence[str], lang: str) -> Cut:
    """Add what one of two parts is at most, with the origin that it follows from and a note how.

    What else a slice lists lies within one of the two, or nothing follows: see `complement.takes_in`.
    """
    whole = cut.metric.whole
    if whole is None or len(parts) != 2 or not set(parts) <= set(cut.units):
        return cut
    found, origin, note = np.full(cut.values.shape, np.nan), cut.origin.copy(), cut.note.copy()
    notes, known = list(cut.notes), np.zeros(cut.values.shape, dtype=np.uint8)
    one, other = (cut.units.index(code) for code in parts)
    several = (cut.status != MISSING).sum(axis=0) > 1
    for stated, open_ in ((one, other), (other, one)):
        told = (
            (cut.status[stated] != MISSING)
            & (cut.status[open_] == MISSING)
            & (complement.takes_in(parts) | ~several)
        )
        for t in np.flatnonzero(told).tolist():
            told_of = float(cut.values[stated, t]), int(cut.status[stated, t])
            value, known[open_, t] = complement.left(whole, *told_of)
            found[open_, t] = float(value)
            text = complement.note(whole, *told_of, bool(several[t]), lang=lang)
            notes += [text] if text not in notes else []
            origin[open_, t], note[open_, t] = cut.origin[stated, t], notes.index(text)
    return replace(cut, origin=origin, note=note, notes=tuple(notes), bounds=found, bound_status=known)


def with_floors(
    cuts: Sequence[Cut], units: Sequence[Unit], ground: LevelGround, parts: Sequence[str]
) -> tuple[Cut, ...]:
    """Add to each metric what `with_listed` does."""
    covered = [ground.covers(unit) for unit in units]
    return tuple(with_listed(each, covered, parts, ground.lang) for each in cuts)


def with_listed(cut: Cut, covered: Sequence[Sequence[str]], parts: Sequence[str], lang: str) -> Cut:
    """Add what a part of which nothing else is known is at least, and what the other is at most then.

    The origin is that of the largest figure listed.

    Parameters
    ----------
    covered : per unit the codes of its regions. parts : codes of the two parts; none if there are none.
    """
    if cut.bounds is None or cut.bound_status is None or signed(cut.metric, cut.values):
        return cut
    found, known, origin, note = (
        each.copy() for each in (cut.bounds, cut.bound_status, cut.origin, cut.note)
    )
    notes, own = list(cut.notes), [cut.units.index(code) for code in parts]
    floors = {u: _floors(cut, covered, u) for u in own}
    for u, t in ((row, t) for row in own for t in np.flatnonzero(np.isnan(cut.bounds[row])).tolist()):
        [other] = {*own} - {u}
        text, (least, row), (listed, beside) = "", floors[u][t], floors[other][t]
        if cut.status[u, t] == MISSING and least:
            found[u, t], known[u, t], origin[u, t] = least, LOWER_BOUND, cut.origin[row, t]
            text = catalogue.said(lang, "more", "derivedLeast")
        elif cut.status[u, t] == MISSING and listed and cut.status[other, t] == MISSING:
            value, known[u, t] = complement.left(cut.metric.whole or 0.0, listed, LOWER_BOUND)
            found[u, t], origin[u, t] = float(value), cut.origin[beside, t]
            text = complement.note_left(cut.metric.whole or 0.0, listed, lang)
        if text:
            notes += [text] if text not in notes else []
            note[u, t] = notes.index(text)
    return replace(cut, origin=origin, note=note, notes=tuple(notes), bounds=found, bound_status=known)


def _floors(cut: Cut, covered: Sequence[Sequence[str]], u: int) -> list[tuple[float, int]]:
    """Return what a unit is at least by what each slice lists of it, and the row of the largest of these."""
    rows = [row for row in units_within(covered, covered[u]) if row != u]
    found = []
    for t in range(len(cut.slices)):
        given = [(float(cut.values[row, t]), covered[row]) for row in rows if cut.status[row, t] != MISSING]
        largest = int(np.nan_to_num(cut.values[rows, t]).argmax()) if rows else 0
        found.append((float(complement.at_least(given)), rows[largest] if rows else u))
    return found


def of_groups(layer: Layer, units: Sequence[Unit], groups: Sequence[Group]) -> np.ndarray:
    """Return what groups that are a part and have no figure are at most, groups × slices."""
    found = np.full(layer.groups.shape, np.nan)
    for g, group in enumerate(groups):
        for u in group.units:
            if units[u].code == group.code or group.single:
                silent = (layer.group_status[g] == MISSING) & (layer.bound_status[u] != LOWER_BOUND)
                found[g] = np.where(silent, layer.bounds[u], np.nan)
    return found


def within_parts(cut: Cut, sums: Sums, units: Sequence[Unit], groups: Sequence[Group]) -> None:
    """Give groups that are one of two parts what the other leaves, and take that out of the remainder.

    What such a part is more than the sum of what the slice lists of it is of no region, and else would be
    counted twice: in the part, and in the remainder.
    """
    if cut.bound_status is None or cut.bounds is None:
        return
    for g, group in enumerate(groups):
        for u in (u for u in group.units if units[u].code == group.code or group.single):
            at = cut.bound_status[u] == DERIVED
            more = np.where(at, cut.bounds[u] - np.nan_to_num(sums.values[g]), 0.0)
            sums.values[g, at], sums.status[g, at] = cut.bounds[u, at], DERIVED
            for rest in (r for r, each in enumerate(groups) if each.kind == "remainder"):
                sums.values[rest] = np.where(at, np.maximum(sums.values[rest] - more, 0.0), sums.values[rest])


def group_cell(
    layer: Layer, units: Sequence[Unit], groups: Sequence[Group], g: int, t: int
) -> tuple[float, int]:
    """Return what is said of a group in a slice: its figure, else what it is at most, with its status."""
    if not layer.group_status[g, t] and not np.isnan(most := of_groups(layer, units, groups)[g, t]):
        return float(most), AT_MOST
    return float(layer.groups[g, t]), int(layer.group_status[g, t])


def unstated_part(content: Content, layer: Layer, t: int) -> str:
    """Return the name of the part that is all of what a slice does not state; "" if there is none.

    It stands in brackets: those of the name itself ("Overseas (all but China)") are left out.
    """
    if (layer.bound_status[:, t] == LOWER_BOUND).any():
        return ""  # neither part is stated: it may lie in both
    at_most = layer.bound_status[:, t] == AT_MOST
    found = (content.units[u].name for u in np.flatnonzero(at_most))
    return re.sub(r"\s*[(（][^()（）]*[)）]$", "", next(found, ""))


def capped(content: Content, layer: Layer, t: int) -> list[tuple[int, list[int]]]:
    """Return the aggregates that are at most something in a slice, with their regions that have no figure."""
    found, silent = [], speakers(content, layer, t) < 0
    for u in np.flatnonzero(np.isin(layer.bound_status[:, t], (AT_MOST, DERIVED))).tolist():
        regions = [i for i in content.units[u].members if silent[i]]
        if content.units[u].kind == "aggregate" and regions:
            found.append((u, regions))
    return found
