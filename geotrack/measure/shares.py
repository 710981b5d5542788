"""A map's figures as shares of a whole, with the rest as a number: what every measure of the shift reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from geotrack.errors import SpecError
from geotrack.language import catalogue
from geotrack.language.numbers import DUST
from geotrack.map import groups
from geotrack.map.content import Content, Layer, Unit
from geotrack.map.views import several
from geotrack.measure.flows import Spare, variation
from geotrack.measure.lines import Line
from geotrack.measure.open_sums import OpenSum
from geotrack.measure.room import Holders, room
from geotrack.model import AT_MOST, LOWER_BOUND, MISSING, PERCENT, REPORTED, Metric, Slice
from geotrack.store import complement

BOTH = 2
FEW = 3


@dataclass(frozen=True)
class Members:
    """A group of rows.

    Parameters
    ----------
    rows : places of the rows that are summed. The group is their sum: nothing of the rest is of those that
        the source lists in no slice.
    note : what it is made of, where the source lists some of its regions in no slice; else "".
    as_listed : whether its name must say so.
    """

    code: str
    name: str
    rows: tuple[int, ...]
    note: str = ""
    as_listed: bool = False


@dataclass(frozen=True, eq=False)
class Shares:
    """Shares in percent of each slice's whole. Arrays are rows × slices, or run over slices.

    Parameters
    ----------
    codes, names : of the rows: regions, and aggregates that the source does not split.
    single : mask over rows, whether a row is one region.
    values : NaN where missing. status : uint8. rest : what of the whole is in no row; NaN without
        figures, and of shares of nothing.
    half : what rounding may hide in a figure, in percentage points: half a unit of its last digit, see
        `slices.Cut`.
    groups : what is summed.
    covers : codes of the regions of each row, where some are of several; empty where all rows are single.
    parts : codes of the two rows that make up the whole, if there are any.
    follows : whether one of the parts follows from the other. It does of a metric with a whole; nothing is
        derived of amounts, whose totals may be of another statement than their parts.
    basis : per slice a number; slices of the same are shares of one whole, or of a sum of the same regions.
        Empty where all are.
    rounded : whether there is in the rest what rounding takes of the whole.
    opened : the shares of sums of which some figure is a lower bound, so that `values` are the least that
        each may be; None where there are none.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    single: np.ndarray
    slices: tuple[Slice, ...]
    values: np.ndarray
    status: np.ndarray
    rest: np.ndarray
    half: np.ndarray
    groups: tuple[Members, ...] = ()
    covers: tuple[tuple[str, ...], ...] = ()
    parts: tuple[str, ...] = ()
    follows: bool = True
    basis: tuple[int, ...] = ()
    rounded: bool = False
    opened: OpenSum | None = None

    @property
    def stated(self) -> np.ndarray:
        """The shares as they follow from what is stated, which tell who is worth naming first."""
        return self.values if self.opened is None else self.opened.values

    def line(self, code: str) -> Line:
        """Return a group's or a region's figures; SpecError if there is none of that code."""
        for group in self.groups:
            if group.code == code:
                rows = list(group.rows)
                return self._with_part(code, self._line(group.name, rows))
        if code not in self.codes:
            raise SpecError(
                f"no group or region {code!r}; expected one of: "
                f"{', '.join([*(g.code for g in self.groups), *self.codes][:40])}"
            )
        row = self.codes.index(code)
        return self._with_part(code, self._line(self.names[row], [row]))

    def _line(self, name: str, rows: list[int]) -> Line:
        """Add up rows; in a sum that is a lower bound itself their share is at most, or at least."""
        values, status = self._sum(rows)
        room_ = self._room(rows)
        hidden = np.maximum(self.half_of_all - self._rounded[rows].sum(axis=0), 0.0)
        if self.opened is not None:
            values, status = self.opened.bounded(values, status, self.opened.inside[rows].sum(axis=0))
            room_ = self.opened.room(values, status, room_)
        return Line(name, values, status, room_, hidden)

    def part(self, code: str) -> int | None:
        """Return the row of a line that is one of two parts that follow from one another; else None."""
        rows = next((group.rows for group in self.groups if group.code == code), ())
        own = self.codes[rows[0]] if len(rows) == 1 else code
        there = own in self.parts and set(self.parts) <= set(self.codes)
        return self.codes.index(own) if there and self.follows and len(self.parts) == BOTH else None

    def other_part(self, code: str) -> int | None:
        """Return the row of the other of two parts; None of a line that is none of them."""
        row = self.part(code)
        if row is None:
            return None
        [other] = {self.codes.index(part) for part in self.parts} - {row}
        return other

    @property
    def leaves(self) -> np.ndarray:
        """Whether what one of two parts leaves is the other's, slice by slice: see `complement.takes_in`."""
        alone = (self.status != MISSING).sum(axis=0) == 1
        return np.asarray((alone | complement.takes_in(self.parts)) & (not self.basis))

    def _with_part(self, code: str, line: Line) -> Line:
        """Say of one of two parts that is not stated what the other leaves, else that it is at least a sum.

        Nothing of it is added to the rows: what the slice lists lies within one of the two.
        """
        row, other = self.part(code), self.other_part(code)
        if row is None or other is None or (self.status[row] != MISSING).all():
            return line
        told = self.status[other]
        values, status, room_ = line.values.copy(), line.status.copy(), line.room
        listed, known = self._within(row)
        capped = self.leaves & (told == LOWER_BOUND)  # then it is at most what that leaves
        capped &= self.status[row] == MISSING
        if room_ is not None:  # that of a missing line is all that it may be
            room_ = np.where(capped, np.minimum(room_ + np.nan_to_num(values), PERCENT), room_)
        values[capped], status[capped] = np.nan, MISSING
        own = np.where(status == MISSING, 0.0, np.nan_to_num(values))
        # its countries may have a sum of their own, to which those that are listed together are added
        least = (self.status[row] == MISSING) & (known != MISSING) & ~capped
        least &= (status == MISSING) | (listed > own)
        values[least], status[least] = listed[least], known[least]
        if room_ is not None:
            room_ = np.where(least, np.maximum(room_ + own - np.nan_to_num(listed), 0.0), room_)
        for t in np.flatnonzero(self._left(row, other)).tolist():
            value, status[t] = complement.left(PERCENT, float(self.values[other, t]), int(told[t]))
            values[t] = float(value)
        return replace(line, values=values, status=status, room=room_)

    def least(self, row: int) -> np.ndarray:
        """Return what one of two parts is at least, by a lower bound or by what is listed of it; else NaN."""
        listed, known = self._within(row)
        bound = self.leaves & (self.status[row] == LOWER_BOUND)
        floor = (self.status[row] == MISSING) & (known != MISSING)
        return np.where(bound, self.values[row], np.where(floor, listed, np.nan))

    def _left(self, row: int, other: int) -> np.ndarray:
        """Whether a part that is not stated is what the other one leaves, slice by slice."""
        told = ~np.isin(self.status[other], (MISSING, LOWER_BOUND))
        return np.asarray((self.status[row] == MISSING) & told & self.leaves)

    def hidden(self, code: str) -> np.ndarray:
        """Return per slice what rounding may hide in a line's figure; a lower bound is not rounded."""
        rows = next((list(group.rows) for group in self.groups if group.code == code), None)
        rows = [self.codes.index(code)] if rows is None else rows  # of a group without a row there are none
        line, part = self.line(code), self.part(code)
        each = self._rounded
        own = each[rows].sum(axis=0)
        if part is not None and (stands_in := self._inside(part)):
            summed = (self.status[rows] == MISSING).all(axis=0) & (line.status == LOWER_BOUND)
            own = np.where(summed, each[stands_in].sum(axis=0), own)
        if part is not None and (other := self.other_part(code)) is not None:
            left = self._left(part, other)  # rounded as the other one is, whatever it sums
            own = np.where(left, self.half[other], own)
        one = self.half[rows].max(axis=0) if rows else self.half.max(axis=0)
        return np.asarray(np.where(np.isin(line.status, (MISSING, LOWER_BOUND)) | (own > 0), own, one))

    @property
    def half_of_all(self) -> np.ndarray:
        """What rounding may hide in each slice's sum, and in the rest that it leaves."""
        return np.asarray(self._rounded.sum(axis=0))

    @property
    def _rounded(self) -> np.ndarray:
        """What rounding may hide in each figure; a lower bound is not rounded."""
        return np.where(np.isin(self._given[1], (MISSING, LOWER_BOUND)), 0.0, self.half)

    def _inside(self, row: int) -> list[int]:
        """Return the rows within an aggregate."""
        own = set(self.covers[row]) if self.covers else set()
        return [r for r, each in enumerate(self.covers) if r != row and own.issuperset(each)]

    def _within(self, row: int) -> tuple[np.ndarray, np.ndarray]:
        """Add up the rows within an aggregate: it is at least that, as `complement.derive` has it."""
        rows, count = self._inside(row), len(self.slices)
        values, status = np.full(count, np.nan), np.full(count, MISSING, dtype=np.uint8)
        for t in np.flatnonzero((self.status[rows] != MISSING).any(axis=0)).tolist():
            given = [r for r in rows if self.status[r, t] != MISSING]
            listed = [(float(self.values[r, t]), self.covers[r]) for r in given]
            values[t], status[t] = float(complement.at_least(listed)), LOWER_BOUND
        return values, status

    def _room(self, rows: list[int]) -> np.ndarray:
        """What is left of the whole for some rows; without end of shares of a sum of what is listed."""
        if self.basis:
            return np.full(len(self.slices), np.inf)
        among = Holders(self.codes, self.single, self.covers, self.parts)
        return room(rows, self.rest, (self.values, self.status), among, PERCENT)

    def _sum(self, rows: list[int]) -> tuple[np.ndarray, np.ndarray]:
        """Add up rows; where some are of several regions, a sum may be whole without those within them."""
        values, status = self._given
        if len(rows) == 1:
            return values[rows[0]], status[rows[0]]
        if self.single[rows].all() or not self.covers:
            return _sum(values[rows], status[rows])
        found = groups.sums(values, status, self.covers, [rows])
        return found.values[0], found.status[0]

    @property
    def _given(self) -> tuple[np.ndarray, np.ndarray]:
        """Values and statuses of the rows as they follow from what is stated."""
        return self.stated, self.status if self.opened is None else self.opened.status

    @property
    def loose(self) -> np.ndarray:
        """What is of no single region: the rest, and aggregates that the source does not split."""
        given = np.where(np.isfinite(self.values), self.values, 0.0)
        return np.asarray(self.rest + given[~self.single].sum(axis=0))

    def named(self, places: Sequence[int]) -> int:
        """Return how many single regions have a figure in one of some slices."""
        return int(np.isfinite(self.values[self.single][:, list(places)]).any(axis=1).sum())

    @property
    def summed(self) -> np.ndarray:
        """Per slice of how many regions an open sum is; infinite where that is not known, or not asked."""
        if self.opened is None:
            return np.full(len(self.slices), np.inf)
        given = self.opened.status != MISSING
        known = (self.opened.count > 0) & (self.opened.rest <= DUST) & ~given[~self.single].any(axis=0)
        known &= self.opened.count == self.opened.inside.sum(axis=0)  # else something not stated is in it
        return np.where(known, given.sum(axis=0), np.inf)

    def few(self, places: Sequence[int]) -> bool:
        """Whether there are too few regions for measures of many: one number says what moved between two."""
        return self.named(places) <= FEW

    def spare(self, t: int) -> Spare:
        """Return what a slice's lower bounds may take of what is in no row."""
        return Spare(self.status[:, t] == LOWER_BOUND, float(self.rest[t]))

    def variation(self, first: int, last: int) -> tuple[float, float]:
        """Return the total variation distance of two slices, least and greatest."""
        ends = (self.spare(first), self.spare(last))
        return variation(self.values[:, first], self.values[:, last], PERCENT, ends)

    def certain(self, first: int, last: int) -> bool:
        """Whether what changed, and by how much, is known: else no flows can be told.

        It is not where a figure is a lower bound: what is above it may have come from anywhere.
        """
        if (self.status[:, [first, last]] == LOWER_BOUND).any():
            return False
        least = variation(self.values[:, first], self.values[:, last], PERCENT)[0]
        return least - self.variation(first, last)[0] <= DUST

    def open(self, places: Sequence[int]) -> bool:
        """Whether something is left to split in one of some slices: measures of the named are bounds then."""
        return bool((self.loose[list(places)] > DUST).any())

    def comparable(self, first: int, last: int) -> bool:
        """Whether two slices are shares of the same: a sum of other regions is another denominator."""
        return not self.basis or self.basis[first] == self.basis[last]

    def with_values(self, values: np.ndarray, rest: np.ndarray, status: np.ndarray | None = None) -> Shares:
        """Return the same table with other figures."""
        known = self.status if status is None else status
        return replace(self, values=values, rest=rest, status=known, opened=None)


def rest_name(table: Shares, lang: str) -> str:
    """Return what the rest is called: it has what rounding takes of the whole, which is no region's."""
    return str(catalogue.words_of(lang, "modes")["restRounded" if table.rounded else "rest"])


def _sum(values: np.ndarray, status: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Add up rows as `groups.sums` does, fast for thousands of rows of one region each."""
    present = status != MISSING
    some = present.any(axis=0)
    ever = present.any(axis=1)
    bound = (status == LOWER_BOUND).any(axis=0) | ~present[ever].all(axis=0)
    plain = np.where(present, status, REPORTED).max(axis=0, initial=REPORTED)
    total = np.where(some, np.where(present, values, 0.0).sum(axis=0), np.nan)
    return total, np.where(some, np.where(bound, LOWER_BOUND, plain), MISSING).astype(np.uint8)


def shares_of(
    content: Content, layer: Layer, wanted: Sequence[Members] = (), *, alone: bool = False
) -> Shares:
    """Return a layer's figures as shares of each slice's whole.

    Of a metric with a whole (100 %) the figures stay as they are; of an amount they are divided by the
    totals that the source states, else by the sum of all figures of the slice, "Other" included. Where a
    total is stated of some slices only, or as a lower bound, shares of the others are at most so much. A
    figure that is alone in its slice has no share: it would be all of itself.

    Parameters
    ----------
    wanted : groups, their rows as places of the content's units.
    alone : whether a figure that is alone is all of its slice, so that it can be told from shares and sum.

    Raises
    ------
    SpecError : a rate, which has no sum; figures below zero, such as changes or balances.
    """
    if not layer.metric.adds_up:
        raise SpecError(no_shares(content.id, layer.metric))
    kept = [u for u, unit in enumerate(content.units) if is_row(unit)]
    place = {u: row for row, u in enumerate(kept)}
    if (layer.values[kept] < 0).any():  # NaN is not below
        raise SpecError(
            f"{content.id}: metric {layer.metric.name!r} has figures below zero, which are no shares "
            "of a whole; choose another metric"
        )
    units = [content.units[u] for u in kept]
    made = [replace(each, rows=tuple(place[u] for u in each.rows if u in place)) for each in wanted]
    return Shares(
        codes=tuple(unit.code for unit in units),
        names=tuple(unit.name for unit in units),
        single=np.array([unit.kind != "aggregate" for unit in units], dtype=bool),
        slices=content.slices,
        groups=tuple(made),
        covers=tuple(covered(content, unit) for unit in units),
        parts=content.parts,
        follows=layer.metric.whole is not None,
        rounded=bool(np.nan_to_num(layer.parts["rounding"]).any()),
        **_figures(content, layer, kept, alone=alone),
    )


def _figures(content: Content, layer: Layer, kept: list[int], *, alone: bool) -> dict[str, Any]:
    """The fields of `Shares` that are figures, of the units kept as rows; `alone` as of `shares_of`."""
    whole = np.where(by_itself(content, layer) & (not alone), np.nan, wholes(content, layer))
    nothing = (layer.whole == 0) & (layer.metric.whole is not None)
    scale, basis = PERCENT / whole, _basis(content, layer)
    values = layer.values[kept] * scale
    half = layer.half[kept] * scale
    half = _of_sum(values, half) if layer.metric.whole is None else half
    # of nothing there are no shares
    status = np.where(np.isfinite(whole), layer.status[kept], MISSING).astype(np.uint8)
    open_ = open_wholes(content, layer)
    opened = _opened(content, layer, values, status) if (basis or open_.any()) and not alone else None
    if opened is not None:
        values, status = opened.least()
    rest = np.where(np.isfinite(whole) & ~nothing, _rest(values, status), np.nan)
    return {
        "values": values, "status": status, "rest": rest, "half": half, "basis": basis, "opened": opened,
    }  # fmt: skip


def _rest(values: np.ndarray, status: np.ndarray) -> np.ndarray:
    rest = PERCENT - np.where(status == MISSING, 0.0, values).sum(axis=0)
    return np.where(rest > DUST, rest, 0.0)


def _opened(content: Content, layer: Layer, values: np.ndarray, status: np.ndarray) -> OpenSum | None:
    """Return shares of the sums of what is stated; None if no figure of a sum is a lower bound.

    A sum that is no total, where others are, has one more in it: what is not stated.
    """
    count = open_count(content, layer)
    some = (status != MISSING).any(axis=0)  # of nothing there is no rest
    rest = np.where(some, _rest(values, status), np.nan)
    return OpenSum(values, status, rest, count) if count.any() else None


def open_count(content: Content, layer: Layer) -> np.ndarray:
    """Return per slice how much that is not known is in the sum that shares are of; 0 of a known whole."""
    if layer.metric.whole is not None:
        return np.zeros(len(content.slices), dtype=int)
    summed = [u for u, unit in enumerate(content.units) if unit.kind != "whole"]
    count = (layer.status[summed] == LOWER_BOUND).sum(axis=0) + open_wholes(content, layer)
    return np.where(np.isfinite(layer.whole), 0, count)


def side(share: float, status: int) -> int:
    """Return the status that a share is said with: at least all is all, and at most nothing is nothing."""
    all_of_it = status == LOWER_BOUND and share >= PERCENT - DUST
    none_of_it = status == AT_MOST and share <= DUST
    return REPORTED if all_of_it or none_of_it else status


def of_totals(layer: Layer) -> bool:
    """Tell whether an amount's source states a total for every slice that it has figures of."""
    return bool(np.isfinite(layer.whole[np.isfinite(layer.mapped)]).all())


def open_wholes(content: Content, layer: Layer) -> np.ndarray:
    """Return a mask over slices: whether a total is stated, but not of this slice, or a lower bound in it.

    The slice's figures are then shares of a whole that is not known, at most so much each. An amount whose
    source states no total at all is told as shares of its sums.
    """
    told = np.isfinite(layer.whole) | (_floor(content, layer) > 0)
    if layer.metric.whole is not None or not told.any():
        return np.zeros(len(content.slices), dtype=bool)
    return np.asarray(np.isfinite(layer.mapped) & ~np.isfinite(layer.whole))


def _floor(content: Content, layer: Layer) -> np.ndarray:
    """Return what each slice's total is at least, where that is what is stated; 0 elsewhere."""
    wholes = [u for u, unit in enumerate(content.units) if unit.kind == "whole"]
    bounds = np.where(layer.status[wholes] == LOWER_BOUND, layer.values[wholes], 0.0)
    return np.asarray(bounds.max(axis=0, initial=0.0))


def _basis(content: Content, layer: Layer) -> tuple[int, ...]:
    """Number the sums that shares are of by the figures that went into them."""
    if layer.metric.whole is not None or of_totals(layer) or open_wholes(content, layer).any():
        return ()
    given = [tuple(column) for column in _total(content, layer)[1].T.tolist()]
    return tuple(given.index(column) for column in given)


def by_itself(content: Content, layer: Layer) -> np.ndarray:
    """Return a mask over slices: whether a figure is the only one of a sum, and so no share of anything."""
    if layer.metric.whole is not None or of_totals(layer) or open_wholes(content, layer).any():
        return np.zeros(len(content.slices), dtype=bool)
    return np.asarray(_total(content, layer)[1].sum(axis=0) == 1)


def no_shares(of: str, metric: Metric) -> str:
    """Say why there are no shares of a rate, and what to say if it is none."""
    unit = f" in {metric.unit}" if metric.unit else ""
    return (
        f"{of}: metric {metric.name!r}{unit} is a rate, as prices and figures per head are: it does not add "
        "up over regions, so there is no sum to have a share of, and no shift; see its difference map, or "
        'say that it does add up: whole=100 for shares of one whole, kind="extensive" for an amount'
    )


def covered(content: Content, unit: Unit) -> tuple[str, ...]:
    """Return the codes of the regions that a unit stands for."""
    known = content.aggregates.get(unit.code) if unit.kind == "aggregate" else None
    return known.members if known else (unit.code,)


def _of_sum(values: np.ndarray, half: np.ndarray) -> np.ndarray:
    """What rounding hides in shares of a sum: the sum is off as well as the figure.

    With figures each off by its h, a share s = a / (a + b) is off by h (1 - s) of its own figure and by s
    times the h of each of the others, in units of the sum; at most for the largest share.

    Parameters
    ----------
    half : what rounding hides in the figures, in percent of the sum.
    """
    given = np.where(np.isfinite(values), values, 0.0)
    largest = given.max(axis=0, initial=0.0) / PERCENT
    every = np.where(np.isfinite(values), half, 0.0).sum(axis=0)
    return np.asarray(half + largest * np.maximum(every - 2 * half, 0))


def is_row(unit: Unit) -> bool:
    """Tell a region or an aggregate, drawn or not, from "Other" and from a total, which are slugs."""
    return unit.kind in {"region", "aggregate"} or (unit.kind == "remainder" and not unit.code.islower())


def hashrate_of(content: Content) -> Layer | None:
    """Return the hashrate of a map of shares; None if it has none."""
    shares = any(layer.metric.whole for layer in content.layers)
    return next((layer for layer in content.layers if layer.metric.unit == "EH/s" and shares), None)


def network(content: Content) -> np.ndarray:
    """Return the whole network's hashrate, slice by slice: the sum of the figures, "Other" included.

    NaN where the source does not list everything, or not a hashrate for every share.
    """
    shares = next((layer for layer in content.layers if layer.metric.whole), None)
    amounts = hashrate_of(content)
    if shares is None or amounts is None or not shares.metric.complete:
        return np.full(len(content.slices), np.nan)
    total, given = _total(content, amounts)
    full = (given == _total(content, shares)[1]).all(axis=0)
    return np.where(full & (total > 0), total, np.nan)


def sums(content: Content, layer: Layer) -> np.ndarray:
    """Return the sum of all figures of each slice but totals; 0 where there is none."""
    return _total(content, layer)[0]


def _total(content: Content, layer: Layer) -> tuple[np.ndarray, np.ndarray]:
    summed = [u for u, unit in enumerate(content.units) if unit.kind != "whole"]
    given = layer.status[summed] != MISSING
    return np.where(given, layer.values[summed], 0.0).sum(axis=0), given


def wholes(content: Content, layer: Layer) -> np.ndarray:
    """Return what each slice adds up to, in the metric's unit; NaN where it has no figure."""
    total, given = _total(content, layer)
    if layer.metric.whole is None:
        least = np.maximum(total, _floor(content, layer))
        return np.where(total > 0, np.where(np.isfinite(layer.whole), layer.whole, least), np.nan)
    return np.where(given.any(axis=0), layer.metric.whole, np.nan)


USUAL = ("CHN", "north-america")
MOST_NAMED = 60


def groups_of(
    content: Content, layer: Layer, wanted: str | Sequence[str] | Mapping[str, Sequence[str]]
) -> tuple[Members, ...]:
    """Return the groups asked for, as rows of the map.

    A group is the sum of those of its regions that the source lists in some slice; where that is not all of
    them its name and a note say so, unless the source says that it lists everything.

    Parameters
    ----------
    layer : whose figures tell which regions are listed.
    wanted : codes of regions, of the map's groups or of its aggregates; or name -> codes. If none is given
        the map's own groups, else the two parts that make up its whole, else China and North America.

    Raises
    ------
    SpecError : neither group nor region nor aggregate; says what there is.
    """
    if isinstance(wanted, Mapping):
        return tuple(_members(content, layer, name, name, codes) for name, codes in wanted.items())
    own = {g.code: g for g in content.groups if g.kind == "group"}
    named: dict[str, tuple[str, Sequence[str]]] = {}
    listed = {unit.code: unit for unit in content.units if is_row(unit)}  # "Other" is in the rest
    for code in several(wanted) or own or _usual(content, listed):
        # a sum that has a row of its own in one slice may be listed by its members in another
        members = content.aggregates[code].members if code in content.aggregates else ()
        if code in own:
            named[code] = own[code].name, [*(content.units[u].code for u in own[code].units), *members]
        elif code in listed:
            named[code] = listed[code].name, [code, *members]
        elif members:
            named[code] = content.aggregates[code].name, members
        else:
            sums = [each for each in content.aggregates if _there(content, each, listed)]
            known = ", ".join(dict.fromkeys([*own, *listed, *sums][:MOST_NAMED]))
            raise SpecError(f"{content.id}: no group or region {code!r}; expected some of: {known}")
    return tuple(_members(content, layer, code, *each) for code, each in named.items())


def _members(content: Content, layer: Layer, code: str, name: str, codes: Sequence[str]) -> Members:
    """A group of the rows of some codes, which says what the source lists of them in no slice."""
    place = {unit.code: u for u, unit in enumerate(content.units)}
    rows = tuple(dict.fromkeys(place[each] for each in codes if each in place))
    given = [u for u in rows if (layer.status[u] != MISSING).any()]
    land = {content.boundaries.codes[i] for u in given for i in content.units[u].members}
    known = land.union(*(covered(content, content.units[u]) for u in given))
    absent = [each for each in codes if each not in known and place.get(each) not in given]
    if not given or not absent:
        return Members(code, name, rows)
    names = dict(zip(content.boundaries.codes, content.boundaries.names, strict=True))
    names |= {unit.code: unit.name for unit in content.units}
    lost = [names.get(each, each) for each in dict.fromkeys(absent)]
    note = groups.made_of(name, [content.units[u].name for u in given], lost, content.lang)
    return Members(code, name, rows, note, not layer.metric.complete)


def _usual(content: Content, listed: Mapping[str, Unit]) -> list[str]:
    parts = [code for code in content.parts if code in listed]
    return parts or [code for code in USUAL if _there(content, code, listed)]


def _there(content: Content, code: str, listed: Mapping[str, Unit]) -> bool:
    members = content.aggregates[code].members if code in content.aggregates else ()
    return code in listed or not listed.keys().isdisjoint(members)
