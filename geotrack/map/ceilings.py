"""What a part that is not stated is at most, as the other of two is a lower bound.

It stands beside the figures and is none of them: nothing adds it up, ranks it or colours it. It is said where
a cell would say that it has no figure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from geotrack.map.classes import speakers
from geotrack.map.content import Content, Group, Layer, Unit
from geotrack.map.slices import Cut, align, cut
from geotrack.model import AT_MOST, LOWER_BOUND, MISSING, Metric
from geotrack.store import complement

if TYPE_CHECKING:
    import pandas as pd


def cuts_of(
    frame: pd.DataFrame, metrics: Sequence[Metric], freq: str, parts: Sequence[str], lang: str
) -> tuple[Cut, ...]:
    """Cut a map's metrics into slices, and add what one of two parts is at most.

    Parameters
    ----------
    freq : as of `slices.cut`. parts : codes of the two parts; none if there are no such parts.
    lang : of the notes that say how it was derived.
    """
    aligned = align([cut(frame, metric, freq) for metric in metrics])
    return tuple(with_ceilings(each, parts, lang) for each in aligned)


def with_ceilings(cut: Cut, parts: Sequence[str], lang: str) -> Cut:
    """Add what one of two parts is at most, with the origin that it follows from and a note how.

    As in `complement.derive`, nothing follows in a slice that has any other figure.
    """
    whole = cut.metric.whole
    if whole is None or len(parts) != 2 or not set(parts) <= set(cut.units):
        return cut
    found, origin, note = np.full(cut.values.shape, np.nan), cut.origin.copy(), cut.note.copy()
    notes = list(cut.notes)
    one, other = (cut.units.index(code) for code in parts)
    for stated, open_ in ((one, other), (other, one)):
        alone = (cut.status != MISSING).sum(axis=0) == 1
        for t in np.flatnonzero(alone & (cut.status[stated] == LOWER_BOUND)).tolist():
            value = float(cut.values[stated, t])
            found[open_, t] = float(complement.left(whole, value, LOWER_BOUND)[0])
            text = complement.note(whole, value, LOWER_BOUND, lang)
            notes += [text] if text not in notes else []
            origin[open_, t], note[open_, t] = cut.origin[stated, t], notes.index(text)
    return replace(cut, origin=origin, note=note, notes=tuple(notes), ceilings=found)


def of_groups(layer: Layer, units: Sequence[Unit], groups: Sequence[Group]) -> np.ndarray:
    """Return what groups that are a part and have no figure are at most, groups × slices."""
    found = np.full(layer.groups.shape, np.nan)
    for g, group in enumerate(groups):
        for u in group.units:
            if units[u].code == group.code or group.single:
                found[g] = np.where(layer.group_status[g] == MISSING, layer.ceilings[u], np.nan)
    return found


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
    found = (content.units[u].name for u in np.flatnonzero(~np.isnan(layer.ceilings[:, t])))
    return re.sub(r"\s*[(（][^()（）]*[)）]$", "", next(found, ""))


def capped(content: Content, layer: Layer, t: int) -> list[tuple[int, list[int]]]:
    """Return the aggregates that are at most something in a slice, with their regions that have no figure."""
    found, silent = [], speakers(content, layer, t) < 0
    for u in np.flatnonzero(~np.isnan(layer.ceilings[:, t])).tolist():
        regions = [i for i in content.units[u].members if silent[i]]
        if content.units[u].kind == "aggregate" and regions:
            found.append((u, regions))
    return found
