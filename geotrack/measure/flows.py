"""The least movement that turns one slice's shares into another's; pure numpy and scipy.

These are the smallest net changes consistent with the shares, not movements that anybody observed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from geotrack.geo import sphere
from geotrack.measure import simplex

MOST_BOUNDED = 40
"""Flows of several optima of which least and greatest are worked out, two small programs each; of more,
the bounds are 0 and what the two ends allow: right, but wide."""

EPSILON = 1e-7
"""Of a share of 100: what a solver's flow or reduced cost may be off by; published shares have 0.01."""


@dataclass(frozen=True, eq=False)
class Flows:
    """Least-movement flows between rows, the largest first.

    Parameters
    ----------
    source, target : rows that lose and gain; the number of rows stands for the rest, which has no place.
    amount : of one optimum, in the unit of the shares.
    low, high : least and greatest amount over all optima; both are `amount` where there is one optimum.
    distance : great-circle, in the unit of the costs; NaN from and to the rest.
    least : variation distance, half the sum of all changes: the least that must have moved.
    most : the same if the rest before and the rest after have nothing in common.
    work : sum of amount times distance of the placed flows. dual : its lower bound by the dual program.
    unique : whether no other flow is as short.
    """

    source: np.ndarray
    target: np.ndarray
    amount: np.ndarray
    low: np.ndarray
    high: np.ndarray
    distance: np.ndarray
    least: float
    most: float
    work: float
    dual: float
    unique: bool


@dataclass(frozen=True, eq=False)
class _Problem:
    """Rows that lose and rows that gain (the number of rows is the rest), how much, and how far apart."""

    out: np.ndarray
    into: np.ndarray
    supply: np.ndarray
    demand: np.ndarray
    cost: np.ndarray


Pair = tuple[np.ndarray, np.ndarray]
Solved = tuple[np.ndarray, np.ndarray, float]


class Spare(NamedTuple):
    """What may be more than is stated in a slice.

    Parameters
    ----------
    rows : mask over regions, whether a figure is a lower bound. room : the most that all of them may take.
    """

    rows: np.ndarray
    room: float


def variation(
    before: np.ndarray, after: np.ndarray, whole: float, spare: tuple[Spare, Spare] | None = None
) -> tuple[float, float]:
    """Return the total variation distance of two slices, least and greatest.

    Half the sum of absolute changes (Levin, Peres and Wilmer, 2009, proposition 4.2): the least share that
    must have moved. A region without a figure in either slice is part of the rest of both, as is what is not
    named: merging regions never makes the distance larger, so that it is "at least". At most, if the rest of
    the two slices has nothing in common, all of the lesser rest moved, too. What lower bounds may take from a
    rest need not have moved: of neither slice's regions more is lost than the other's lower bounds can cover.

    Parameters
    ----------
    before, after : regions; NaN where missing. whole : what a slice adds up to.
    spare : of either slice; None if all figures are exact.
    """
    changes, rest = _changes(before, after, whole)
    least = float(np.abs(changes).sum() / 2)
    most = least + float(min(rest))
    if spare is not None and any(each.room > 0 for each in spare):
        taken = _taken(spare, np.isfinite(before) & np.isfinite(after))
        least = max(
            _lost(changes[:-1], rest, taken),
            _lost(-changes[:-1], (rest[1], rest[0]), (taken[1], taken[0])),
            0.0,
        )
    return least, most


def _taken(spare: tuple[Spare, Spare], both: np.ndarray) -> tuple[Spare, Spare]:
    """What lower bounds may take, of the regions that both slices name: the others are in the rest anyway."""
    rows = [each.rows & both for each in spare]
    one, other = (Spare(own, each.room if own.any() else 0.0) for own, each in zip(rows, spare, strict=True))
    return one, other


def _lost(changes: np.ndarray, rest: tuple[float, float], taken: tuple[Spare, Spare]) -> float:
    """The least that regions and rest of one slice have lost in the other, whatever its bounds stand for."""
    lost = np.maximum(-changes, 0.0)
    bounded = taken[1].rows
    open_, spent = float(lost[bounded].sum()), rest[0] - min(taken[0].room, rest[0]) - rest[1]
    most = min(taken[1].room, rest[1])
    # convex and linear in what is taken: least at an end, or where one of the two parts is used up
    ends = np.clip([0.0, most, open_, -spent], 0.0, most)
    return float(lost[~bounded].sum() + (np.maximum(open_ - ends, 0) + np.maximum(spent + ends, 0)).min())


def flows(before: np.ndarray, after: np.ndarray, places: np.ndarray, whole: float) -> Flows:
    """Return the least-movement flows between two slices.

    The transport problem (Hitchcock, 1941; Kantorovich, 1942) from regions that lost share to regions that
    gained some, on great-circle distances, solved by `simplex`, large ones by HiGHS (Huangfu and Hall,
    2018). What moves from or to the rest has no distance: any constant gives the same flows, because the
    rest's change is fixed.

    Parameters
    ----------
    before, after : regions; NaN where missing, which puts the region into the rest of both slices.
    places : (regions, 3) unit vectors; NaN for a region without a place, which is put into the rest as well.
    whole : what a slice adds up to, e.g. 100.
    """
    return flows_of([(before, after)], places, whole)[0]


def flows_of(pairs: Sequence[Pair], places: np.ndarray, whole: float) -> list[Flows]:
    """Return the least-movement flows of many pairs of slices, found in one program of independent blocks.

    Parameters
    ----------
    pairs : (before, after) of each. places, whole : as of `flows`.
    """
    asked = [_problem(before, after, places, whole) for before, after in pairs]
    solved = transports([(each.supply, each.demand, each.cost) for each in asked])
    return [
        _told(each, variation(*pair, whole), found, len(places), whole)
        for each, pair, found in zip(asked, pairs, solved, strict=True)
    ]


def _problem(before: np.ndarray, after: np.ndarray, places: np.ndarray, whole: float) -> _Problem:
    unplaced = ~np.isfinite(places).all(axis=1)
    changes, _ = _changes(np.where(unplaced, np.nan, before), np.where(unplaced, np.nan, after), whole)
    out, into = np.flatnonzero(changes < -EPSILON * whole), np.flatnonzero(changes > EPSILON * whole)
    spots = np.vstack([np.nan_to_num(places), np.zeros(3)])
    far = np.where(
        (out[:, None] == len(places)) | (into == len(places)), 0.0, sphere.distances(spots[out], spots[into])
    )
    return _Problem(out, into, -changes[out], changes[into], far)


def _told(asked: _Problem, ends: tuple[float, float], solved: Solved, rest: int, whole: float) -> Flows:
    out, into, far = asked.out, asked.into, asked.cost
    amount, slack, dual = solved
    low, high, unique = _bounds(asked.supply, asked.demand, far, amount, slack)
    rows, columns = np.nonzero(high > EPSILON * whole)
    # of equal ones the order is that of the regions, not that of what a solver is off by
    steps = np.rint(amount[rows, columns] / (EPSILON * whole))
    order = np.lexsort((into[columns], out[rows], -steps))
    rows, columns = rows[order], columns[order]
    source, target = out[rows], into[columns]
    lost = (source == rest) | (target == rest)
    pick = rows, columns
    return Flows(
        source, target, amount[pick], low[pick], high[pick],
        distance=np.where(lost, np.nan, far[pick]),
        least=ends[0], most=ends[1], work=float((amount * far).sum()), dual=dual, unique=unique,
    )  # fmt: skip


def transports(
    problems: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray]],
) -> list[Solved]:
    """Solve transport problems; the large ones as one: a solver's start costs more.

    Parameters
    ----------
    problems : of each supply and demand, above 0 and of equal sums, and cost, (supply, demand).

    Returns
    -------
    amount : (supply, demand), an optimum. slack : reduced costs, 0 where some optimum may have a flow.
    dual : value of the dual program: no flow is cheaper.
    """
    rights = [_balanced(supply, demand) if cost.size else supply for supply, demand, cost in problems]
    found = [_small(cost, right) for (_, _, cost), right in zip(problems, rights, strict=True)]
    left = [place for place, each in enumerate(found) if each is None]
    large = _by_highs([problems[place][2] for place in left], [rights[place] for place in left])
    for place, each in zip(left, large, strict=True):
        found[place] = each
    return [each for each in found if each is not None]


def _small(cost: np.ndarray, right: np.ndarray) -> Solved | None:
    """Solve a problem of few arcs, or none; None where that is for HiGHS."""
    if not cost.size:
        return np.zeros(cost.shape), np.zeros(cost.shape), 0.0
    made = simplex.transport(right[: len(cost)], right[len(cost) :], cost)
    return made and _priced(cost, *made, right)


def _by_highs(costs: Sequence[np.ndarray], rights: Sequence[np.ndarray]) -> list[Solved]:
    if not costs:
        return []
    # loading scipy takes longer than all that a page of ten regions asks for: only large problems need it
    from scipy.sparse import block_diag

    blocks = [_incidence(np.arange(cost.size), *cost.shape) for cost in costs]
    incidence = blocks[0] if len(blocks) == 1 else block_diag(blocks, format="csc")
    solved = _solve(np.concatenate([cost.ravel() for cost in costs]), incidence, np.concatenate(rights))
    amounts = np.split(solved.x, np.cumsum([cost.size for cost in costs])[:-1])
    prices = np.split(np.asarray(solved.eqlin.marginals), np.cumsum([len(each) for each in rights])[:-1])
    return [
        _priced(cost, amount, price[: len(cost)], right)
        for cost, amount, price, right in zip(costs, amounts, prices, rights, strict=True)
    ]


def _priced(cost: np.ndarray, amount: np.ndarray, at_supply: np.ndarray, right: np.ndarray) -> Solved:
    """With a dual that is feasible to the last bit: each demand pays the price of its cheapest arc."""
    at_demand = (cost - at_supply[:, None]).min(axis=0)
    slack = cost - at_supply[:, None] - at_demand
    made = np.maximum(amount.reshape(cost.shape), 0.0)
    return made, slack, float(np.append(at_supply, at_demand) @ right)


def _balanced(supply: np.ndarray, demand: np.ndarray) -> np.ndarray:
    """Both sides, equal to the last bit."""
    return np.concatenate([supply, demand * (supply.sum() / demand.sum())])


def _solve(cost: np.ndarray, incidence: Any, right: np.ndarray) -> Any:
    from scipy.optimize import linprog

    return linprog(cost, A_eq=incidence, b_eq=right, bounds=(0, None), method="highs")


def _changes(before: np.ndarray, after: np.ndarray, whole: float) -> tuple[np.ndarray, tuple[float, float]]:
    """Changes of the regions that both slices name, and of the rest, last; and the rest of either slice."""
    both = np.isfinite(before) & np.isfinite(after)
    was, is_ = (np.where(both, figures, 0.0) for figures in (before, after))
    rest = whole - was.sum(), whole - is_.sum()
    return np.append(is_ - was, rest[1] - rest[0]), (max(rest[0], 0.0), max(rest[1], 0.0))


def _incidence(arcs: np.ndarray, m: int, n: int) -> Any:
    """Each arc (its place in the table of m × n) leaves one supply and enters one demand."""
    from scipy.sparse import csc_array

    rows = np.column_stack([arcs // n, m + arcs % n]).ravel()
    ends = 2 * np.arange(len(arcs) + 1)
    return csc_array((np.ones(2 * len(arcs)), rows, ends), shape=(m + n, len(arcs)))


def _bounds(
    supply: np.ndarray, demand: np.ndarray, cost: np.ndarray, amount: np.ndarray, slack: np.ndarray
) -> tuple[np.ndarray, np.ndarray, bool]:
    """Least and greatest of each flow over all optima.

    By complementary slackness an optimum uses arcs without reduced cost only. Those that lie on no circle
    are fixed by what they connect; of the others, each is made least and greatest.
    """
    if not cost.size:
        return amount, amount, True
    tight = slack <= EPSILON * max(float(cost.max()), 1.0)
    loose = _on_circles(tight)
    low, high = amount.copy(), amount.copy()
    if not loose.any():
        return low, high, True
    if loose.sum() > MOST_BOUNDED:
        low[loose], high[loose] = 0.0, np.minimum(supply[:, None], demand)[loose]
        return low, high, False
    arcs = np.flatnonzero(tight)
    incidence, right = _incidence(arcs, *cost.shape), _balanced(supply, demand)
    for arc in np.flatnonzero(loose):
        goal = (arcs == arc).astype(np.float64)
        at = int(goal.argmax())
        low.flat[arc] = _solve(goal, incidence, right).x[at]
        high.flat[arc] = _solve(-goal, incidence, right).x[at]
    return low, high, bool(np.all(high - low <= EPSILON * supply.sum()))


def _on_circles(tight: np.ndarray) -> np.ndarray:
    """Mask of the arcs that lie on a circle: what is left when loose ends are cut off again and again."""
    left = tight.copy()
    while True:
        kept = np.asarray(left & (left.sum(axis=1) > 1)[:, None] & (left.sum(axis=0) > 1))
        if (kept == left).all():
            return kept
        left = kept
