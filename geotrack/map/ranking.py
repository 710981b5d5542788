"""Who is highest, and whether that is known: the one rule for whatever is said of ranks.

A superlative is said plainly only where nothing that is not stated could change it. Three things could: a
region that no figure speaks for, one of those that the source states together without a place ("Other"), and
a figure that is a lower bound. The first and the last have no more than is left of the whole, where there is
a whole: the metric's own, or a total that the source states for the slice. Without one nothing limits them.

What is ranked are the parts that the source makes: of the members of an aggregate that it does not split
nobody knows who is highest, and nothing is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from geotrack.language.numbers import DUST
from geotrack.map.content import Layer, Unit
from geotrack.model import LOWER_BOUND, MISSING

Scope = Literal["known", "stated", "placed"]
"""Of whom somebody is the highest: of all; of those stated; of those stated that have a place on the map."""

KNOWN: Scope = "known"
NONE = -np.inf


@dataclass(frozen=True, eq=False)
class Parties:
    """Who takes part: masks over units, and how many regions the boundaries have.

    Parameters
    ----------
    drawn : regions and aggregates that have a place on the map. off : those that have none, totals apart.
    sums : the aggregates of `drawn`. sizes : how many regions each unit covers.
    apart : whether no two of `drawn` share a region.
    """

    units: Sequence[Unit]
    regions: int
    drawn: np.ndarray
    off: np.ndarray
    sums: np.ndarray
    sizes: np.ndarray
    apart: bool


@dataclass(frozen=True)
class Ranks:
    """The first two ranks of a slice, by units that have a place on the map.

    Parameters
    ----------
    order : units with a figure, the highest figure first.
    first, second : those that share the highest figure, and the next one.
    scope : of whom `first` are the highest. next_scope : of whom `second` are the next; never "known" where
        `scope` is not, and never "stated" where that is "placed".
    sure : whether the order of all figures is that of the amounts: no lower bound may be higher.
    """

    order: tuple[int, ...]
    first: tuple[int, ...]
    second: tuple[int, ...]
    scope: Scope
    next_scope: Scope
    sure: bool


@dataclass(frozen=True, eq=False)
class AmountLimits:
    """Between what the amounts of one slice lie. Arrays have an entry per unit.

    Parameters
    ----------
    low, high : least and most; of a unit without a figure what any part may have.
    room : how much a lower bound may be exceeded by.
    hidden : the most that a region may have for which no figure speaks; minus infinity if there is none.
    off : the most that a region may have which is stated without a place; minus infinity if there is none.
    """

    low: np.ndarray
    high: np.ndarray
    room: float
    hidden: float
    off: float

    @property
    def unplaced(self) -> float:
        """The most of any region that is not named on the map."""
        return max(self.hidden, self.off)


def parties(units: Sequence[Unit], regions: int) -> Parties:
    """Sort units by what they are.

    Parameters
    ----------
    regions : how many regions the boundaries have.
    """
    sizes = np.array([len(unit.members) for unit in units], dtype=int)
    own, sums, total = (
        np.array([unit.kind == kind for unit in units], dtype=bool)
        for kind in ("region", "aggregate", "whole")
    )
    drawn, off = (sizes > 0) & (own | sums), (sizes == 0) & ~total
    members = [place for unit, on in zip(units, drawn, strict=True) if on for place in unit.members]
    return Parties(units, regions, drawn, off, sums & drawn, sizes, len(members) == len(set(members)))


def limits(layer: Layer, among: Parties, t: int) -> AmountLimits:
    """Return what the amounts of a slice may be, by all that is stated of it."""
    values, known = layer.values[:, t], layer.status[:, t] != MISSING
    given, off, metric = known & among.drawn, known & among.off, layer.metric
    # of a rate a member may have more than an aggregate, or than "Other", which are means of theirs
    covered, apart = _cover(among, given if metric.adds_up else given & ~among.sums)
    signed = layer.below_zero
    unlimited = signed or not metric.adds_up
    left = np.inf if unlimited or not apart else _left(layer, t)
    # a source that lists everything leaves no region out, but its lower bounds may be anything
    hidden = 0.0 if metric.complete and np.isinf(left) and not unlimited else left
    if covered == among.regions and np.isinf(left):
        hidden = NONE
    high = values + np.where(layer.status[:, t] == LOWER_BOUND, left, 0.0)
    without = np.inf if unlimited and off.any() else float(high[off].max(initial=NONE))
    most = max(hidden, without, float(high[given & among.sums].max(initial=NONE)))
    floor = -np.inf if signed else 0.0
    return AmountLimits(np.where(known, values, floor), np.where(known, high, most), left, hidden, without)


def highest(layer: Layer, among: Parties, t: int) -> tuple[list[int], Scope, bool]:
    """Return a slice's highest units, of whom they are that, and whether any other is stated; see `ranks`."""
    given = np.flatnonzero(among.drawn & (layer.status[:, t] != MISSING))
    if not len(given):
        return [], "stated", False
    values = layer.values[given, t]
    most = values == values.max()
    first, below = given[most], given[~most]
    scope = _scope(layer, among, t, known=limits(layer, among, t), those=first, below=below)
    return first.tolist(), scope, bool(below.size)


def ranks(layer: Layer, among: Parties, t: int) -> Ranks:
    """Rank a slice's units, and tell of whom the first two are the highest."""
    values, status = layer.values[:, t], layer.status[:, t]
    given = np.flatnonzero(among.drawn & (status != MISSING))
    if not len(given):
        return Ranks((), (), (), "stated", "stated", True)
    order = given[np.argsort(-values[given], kind="stable")]
    first = order[values[order] == values[order[0]]]
    below = order[len(first) :]
    second = below[values[below] == values[below[:1]]]
    known = limits(layer, among, t)
    scope = _scope(layer, among, t, known=known, those=first, below=below)
    following = scope
    if len(second):
        following = _scope(layer, among, t, known=known, those=second, below=below[len(second) :])
    if scope != KNOWN and following == KNOWN:
        following = "stated"
    return Ranks(
        order=tuple(order.tolist()),
        first=tuple(first.tolist()),
        second=tuple(second.tolist()),
        scope=scope,
        next_scope=following,
        sure=_sure(values[order], status[order] == LOWER_BOUND, known.room),
    )


def largest_moves(
    layer: Layer, among: Parties, ends: tuple[int, int], exact: np.ndarray
) -> tuple[float, float]:
    """Return how far up and down anything may have moved whose change is not known exactly.

    Parameters
    ----------
    ends : the earlier and the later slice. exact : mask over units, those whose change is known exactly.

    Returns
    -------
    The most that one may have gained, and the most that one may have lost; both at least zero.
    """
    before, after = (limits(layer, among, t) for t in ends)
    either = (layer.status[:, list(ends)] != MISSING).any(axis=1)
    loose = among.drawn & either & ~exact
    signed = np.isneginf(before.low).any() or np.isneginf(after.low).any()
    floor = -np.inf if signed else 0.0
    gains, losses = (after.high - before.low)[loose], (before.high - after.low)[loose]
    unseen = [each.unplaced - floor if each.unplaced > NONE else 0.0 for each in (after, before)]
    return max(0.0, unseen[0], *gains.tolist()), max(0.0, unseen[1], *losses.tolist())


def is_more(one: float, other: float) -> bool:
    """Whether an amount is more than another by more than sums of decimals may be off."""
    return one > other + DUST * max(1.0, abs(one))


def _cover(among: Parties, given: np.ndarray) -> tuple[int, bool]:
    """How many regions the figures of a slice speak for, and whether each for others."""
    count = int(among.sizes[given].sum())
    if among.apart:
        return count, True
    covered = {place for u in np.flatnonzero(given).tolist() for place in among.units[u].members}
    return len(covered), len(covered) == count


def _left(layer: Layer, t: int) -> float:
    """What is left of the whole; infinity where there is none."""
    if np.isnan(layer.whole[t]):
        return np.inf
    if not layer.whole[t] and layer.metric.whole:  # a share of nothing: all may be elsewhere
        return layer.metric.whole
    return float(layer.unstated[t] + max(layer.rounding[t], 0.0))


def _scope(
    layer: Layer, among: Parties, t: int, *, known: AmountLimits, those: np.ndarray, below: np.ndarray
) -> Scope:
    """Of whom `those` are the highest, apart from the ones above them."""
    value = float(layer.values[those[0], t])
    beaten = is_more(value, max(float(known.high[below].max(initial=NONE)), known.unplaced))
    tied = len(those) > 1 and known.room > 0 and bool((layer.status[those, t] == LOWER_BOUND).any())
    if beaten and not tied:
        return KNOWN
    off = layer.values[among.off & (layer.status[:, t] != MISSING), t]
    return "placed" if not is_more(value, float(off.max(initial=NONE))) else "stated"


def _sure(values: np.ndarray, bounds: np.ndarray, room: float) -> bool:
    """Whether no lower bound may be as high as what stands above it, or beside it."""
    if not room or not bounds.any():
        return True
    levels, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    lower = place[bounds & (values < levels[-1])]
    beside = bool((counts[place[bounds]] > 1).any())
    return not beside and all(
        is_more(above, below + room)
        for below, above in zip(levels[lower].tolist(), levels[lower + 1].tolist(), strict=True)
    )
