"""Sums of regions for the chart and the sentence: China, North America, the rest, the remainder."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from geotrack.language import catalogue
from geotrack.model import LOWER_BOUND, MISSING, REPORTED

MOST_NAMED = 6  # more names than this are a number


@dataclass(frozen=True, eq=False)
class Sums:
    """Values and statuses of groups, groups × slices; NaN and 0 where a group has no figure."""

    values: np.ndarray
    status: np.ndarray


def units_within(parts: Sequence[Collection[str]], group: Collection[str]) -> tuple[int, ...]:
    """Return the places of the units all of whose regions lie in a group.

    Parameters
    ----------
    parts : per unit the codes of the regions it covers; none for a remainder or a whole.
    group : codes of the group's regions.
    """
    inside = set(group)
    return tuple(i for i, part in enumerate(parts) if part and inside.issuperset(part))


def made_of(title: str, listed: Sequence[str], absent: Sequence[str], lang: str) -> str:
    """Say which regions of a group the source lists, and which it does not; of many how many they are."""
    text = catalogue.said(lang, "page", "madeOf", group=title, names=catalogue.joined(listed, lang))
    if 0 < len(absent) <= MOST_NAMED:
        text += catalogue.said(lang, "page", "notAmong", names=catalogue.joined(absent, lang))
    elif absent:
        text += catalogue.said(lang, "page", "notAmongMany", count=str(len(absent)))
    return text + catalogue.joint("stop", lang)


def sums(
    values: np.ndarray,
    status: np.ndarray,
    parts: Sequence[Collection[str]],
    groups: Sequence[Sequence[int]],
) -> Sums:
    """Add up the units of each group, slice by slice.

    A sum is a lower bound where one of its figures is, or where regions of the group that have a figure in
    some slice have none in this one: a source that stops naming Canada must not look like a fall.

    Parameters
    ----------
    values, status : units × slices; NaN and 0 where missing.
    parts : per unit the regions it covers.
    groups : per group the places of its units.
    """
    shape = (len(groups), values.shape[1])
    found = Sums(np.full(shape, np.nan), np.full(shape, MISSING, dtype=np.uint8))
    for g, units in enumerate(groups):
        rows = list(units)
        if rows:
            found.values[g], found.status[g] = _one(values[rows], status[rows], [parts[u] for u in rows])
    return found


def _one(
    values: np.ndarray, status: np.ndarray, parts: Sequence[Collection[str]]
) -> tuple[np.ndarray, np.ndarray]:
    present = status != MISSING
    total = np.where(present.any(axis=0), np.where(present, values, 0.0).sum(axis=0), np.nan)
    ever = set().union(*(part for part, row in zip(parts, present, strict=True) if row.any()))
    whole = np.array(
        [ever == set().union(*(parts[int(u)] for u in np.flatnonzero(column))) for column in present.T]
    )
    bound = (status == LOWER_BOUND).any(axis=0) | ~whole
    # one figure keeps its own status; several of one status keep that, else the weaker word wins
    plain = np.where(present, status, REPORTED).max(axis=0)
    kind = np.where(present.any(axis=0), np.where(bound, LOWER_BOUND, plain), MISSING)
    return total, kind.astype(np.uint8)
