"""What there is to say of a slice, or of two: what is highest, zero, missing or bounded, what moved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from geotrack.language.numbers import DUST
from geotrack.map.content import Content, Layer
from geotrack.map.ranking import Parties, Scope, is_more, largest_moves, parties, ranks
from geotrack.measure.lines import change, directions, moved_by
from geotrack.measure.scenarios import read_otherwise
from geotrack.model import DERIVED, ESTIMATED, LOWER_BOUND, MISSING


@dataclass(frozen=True)
class SliceReading:
    """One slice of a layer. Units are given by their places; only those that the map draws are spoken of.

    Parameters
    ----------
    t : the slice.
    known : units with a figure, the highest figure first.
    first, second : those that share the highest figure, and the one below it.
    scope, next_scope : of whom they are the highest, and the next; see `ranking.Ranks`.
    regions, sums : of `known`, single regions and aggregates that their source does not split.
    zeros : units whose figure is zero, not at least zero.
    bounds, estimated, derived : units whose figure has that status.
    absent : of how many regions that are drawn as land no figure speaks; a dot is drawn for a figure only.
    lost : single regions without a figure here that have one in another slice.
    sure : whether the order of the figures is that of the amounts: no lower bound may be higher.
    """

    t: int
    known: tuple[int, ...]
    first: tuple[int, ...]
    second: tuple[int, ...]
    scope: Scope
    next_scope: Scope
    regions: tuple[int, ...]
    sums: tuple[int, ...]
    zeros: tuple[int, ...]
    bounds: tuple[int, ...]
    estimated: tuple[int, ...]
    derived: tuple[int, ...]
    absent: int
    lost: tuple[int, ...]
    sure: bool

    @property
    def all_zero(self) -> bool:
        """Whether every figure is zero."""
        return bool(self.known) and len(self.zeros) == len(self.known)


@dataclass(frozen=True)
class Movement:
    """What moved between two slices.

    Parameters
    ----------
    gain, loss : the largest change upwards and downwards, in the metric's unit; 0 if there is none.
    gainers, losers : the units that have it.
    exact : how many changes are known exactly; `inexact` not, as a figure is a lower bound; `rounded` not
        even which way, as rounding may hide as much; `doubtful` neither, as figures that are in doubt may
        be otherwise; `unknown` not at all, as one is missing.
    sure : whether nothing that is not known exactly, or not stated, may have moved as far as these.
    """

    earlier: int
    later: int
    gain: float
    gainers: tuple[int, ...]
    loss: float
    losers: tuple[int, ...]
    exact: int
    inexact: int
    rounded: int
    doubtful: int
    unknown: int
    sure: bool

    @property
    def others(self) -> int:
        """How many changes are not known exactly, or not at all."""
        return self.inexact + self.rounded + self.doubtful + self.unknown


def reading(content: Content, layer: Layer, t: int) -> SliceReading:
    """Read one slice."""
    among = _parties(content)
    drawn, found = np.flatnonzero(among.drawn).tolist(), ranks(layer, among, t)
    status, values, known = layer.status[:, t], layer.values[:, t], found.order
    kinds = [content.units[u].kind for u in known]
    places = {place for u in known for place in content.units[u].members}
    ever = (layer.status[drawn] != MISSING).any(axis=1) if drawn else np.array([], dtype=bool)
    seen = dict(zip(drawn, ever.tolist(), strict=True))
    covered = all(set(content.units[u].members) <= places for u in drawn)
    lost = () if covered else tuple(u for u in drawn if _lost(content, u, seen[u], status[u], places))
    return SliceReading(
        t=t,
        known=known,
        first=found.first,
        second=found.second,
        scope=found.scope,
        next_scope=found.next_scope,
        regions=tuple(u for u, kind in zip(known, kinds, strict=True) if kind == "region"),
        sums=tuple(u for u, kind in zip(known, kinds, strict=True) if kind != "region"),
        zeros=tuple(u for u in known if values[u] == 0 and status[u] != LOWER_BOUND),
        bounds=tuple(u for u in known if status[u] == LOWER_BOUND),
        estimated=tuple(u for u in known if status[u] == ESTIMATED),
        derived=tuple(u for u in known if status[u] == DERIVED),
        absent=len({i for i, shape in enumerate(content.boundaries.shapes) if shape} - places),
        lost=lost,
        sure=found.sure,
    )


def movement(content: Content, layer: Layer, earlier: int, later: int) -> Movement:
    """Compare two slices, unit by unit; no missing figure is taken for zero."""
    among = _parties(content)
    found = change(layer.values, layer.status, earlier, later)
    # 37.84 - 4.06 is 33.78, not 33.780000000000001: two that moved alike are alike
    moved = np.round(found.values, layer.digits + 3)
    hidden = layer.half[:, [earlier, later]].sum(axis=1)
    others = [way for ends in read_otherwise(content, layer) for way in moved_by(ends, earlier, later)]
    known = among.drawn & ~np.isin(found.status, (MISSING, LOWER_BOUND))
    exact, settled = (known & _one_way(found.values, hidden, each) for each in (others, ()))
    rounded, doubtful = known & ~settled, settled & ~exact
    amounts = moved[exact]
    gain, loss = max(0.0, amounts.max(initial=0.0)), min(0.0, amounts.min(initial=0.0))
    either = among.drawn & (layer.status[:, [earlier, later]] != MISSING).any(axis=1)
    told = (layer.told[1][:, [earlier, later]] != MISSING).all(axis=1)  # as a figure, or as at most so much
    up, down = largest_moves(layer, among, (earlier, later), exact)

    def those(amount: float) -> tuple[int, ...]:
        return tuple(np.flatnonzero(exact & (moved == amount)).tolist()) if amount else ()

    return Movement(
        earlier=earlier,
        later=later,
        gain=float(gain),
        gainers=those(gain),
        loss=float(loss),
        losers=those(loss),
        exact=int(exact.sum()),
        inexact=int((either & ~known & told).sum()),
        rounded=int(rounded.sum()),
        doubtful=int(doubtful.sum()),
        unknown=int((either & ~told).sum()),
        sure=(not gain or is_more(gain, up))
        and (not loss or is_more(-loss, down))
        and not np.abs(moved[doubtful]).max(initial=0.0) >= max(gain, -loss, DUST),
    )


def _one_way(moved: np.ndarray, hidden: np.ndarray, others: Sequence[np.ndarray]) -> np.ndarray:
    """Whether it is known that changes are rises, falls or none: see `lines.directions`."""
    fell, rose = directions(moved, moved, hidden, others)
    return np.asarray(fell == rose)


def extremes(content: Content, layer: Layer, slices: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Return (unit, slice) of the lowest and of the highest figure of several slices, if there is any."""
    among = _parties(content)
    cells = [(float(layer.values[u, t]), u, t) for t in slices for u in ranks(layer, among, t).order]
    if not cells:
        return ()
    low, high = min(cells), max(cells, key=lambda cell: (cell[0], -cell[2], -cell[1]))
    return low[1:], high[1:]


def _parties(content: Content) -> Parties:
    return parties(content.units, len(content.boundaries.codes))


def _lost(content: Content, unit: int, ever: bool, status: int, places: set[int]) -> bool:
    """Whether a region has a figure in some slice but none here, by itself or in a sum."""
    own = content.units[unit]
    return own.kind == "region" and ever and status == MISSING and own.members[0] not in places
