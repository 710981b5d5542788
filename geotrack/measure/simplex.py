"""The transport problem of a few regions, without scipy, which takes longer to load than a page to make.

The simplex of transports (Dantzig, 1951; MODI): a tree of arcs carries all flows; each arc off the tree that
would be cheaper than its way through the tree takes the place of one on it, until there is none.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

LARGEST = 150
"""Arcs of the largest problem; of more HiGHS is faster, its loading included."""

Arc = tuple[int, int]


def transport(
    supply: NDArray[np.float64], demand: NDArray[np.float64], cost: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Return an optimum and the prices of its supplies; None for what is better left to HiGHS.

    Parameters
    ----------
    supply, demand : above 0, of equal sums. cost : (supply, demand).
    """
    if cost.size > LARGEST:
        return None
    rows = cost.tolist()
    flow = _start(supply.tolist(), demand.tolist(), rows)
    off = -1e-12 * max(float(cost.max()), 1.0)
    for _ in range(20 * cost.size):
        at_supply, at_demand = _prices(flow, rows)
        reduced = cost - at_supply[:, None] - at_demand
        i, j = divmod(int(reduced.argmin()), cost.shape[1])
        if reduced[i, j] >= off:
            amount = np.zeros(cost.shape)
            for arc, carried in flow.items():
                amount[arc] = carried
            return amount, at_supply
        _turn(flow, (i, j))
    return None  # turns in a circle, as it may where flows of the tree are 0


def _start(supply: list[float], demand: list[float], cost: list[list[float]]) -> dict[Arc, float]:
    """A tree of arcs that carries all: the cheapest first, each as much as it can."""
    arcs = sorted((each, i, j) for i, row in enumerate(cost) for j, each in enumerate(row))
    flow: dict[Arc, float] = {}
    rows, columns = set(range(len(supply))), set(range(len(demand)))
    for _, i, j in arcs:
        if i not in rows or j not in columns:
            continue
        flow[i, j] = carried = min(supply[i], demand[j])
        full = supply[i] <= demand[j]
        supply[i] -= carried
        demand[j] -= carried
        # one side is full, never both: the last of a side takes what is left, so that a tree comes about
        if (full and len(rows) > 1) or len(columns) == 1:
            rows.remove(i)
        else:
            columns.remove(j)
    return flow


def _prices(
    flow: dict[Arc, float], cost: list[list[float]]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What each supply and demand pays, so that arcs of the tree cost what their ends pay."""
    at_supply, at_demand = np.zeros(len(cost)), np.zeros(len(cost[0]))
    for (i, j), inward in _walk(flow, (0, True)):
        if inward:
            at_demand[j] = cost[i][j] - at_supply[i]
        else:
            at_supply[i] = cost[i][j] - at_demand[j]
    return at_supply, at_demand


def _walk(flow: dict[Arc, float], root: tuple[int, bool]) -> Iterator[tuple[Arc, bool]]:
    """Yield the arcs of a tree from its root, each with whether it is walked from its supply."""
    beside: dict[tuple[int, bool], list[Arc]] = {}
    for arc in flow:
        beside.setdefault((arc[0], True), []).append(arc)
        beside.setdefault((arc[1], False), []).append(arc)
    todo, seen = [root], {root}
    while todo:
        place, is_supply = todo.pop()
        for arc in beside[place, is_supply]:
            end = (arc[1], False) if is_supply else (arc[0], True)
            if end not in seen:
                seen.add(end)
                todo.append(end)
                yield arc, is_supply


def _turn(flow: dict[Arc, float], arc: Arc) -> None:
    """Let an arc take the place of the one that is emptied first on the way through the tree."""
    came: dict[tuple[int, bool], tuple[Arc, bool]] = {}
    for each, is_supply in _walk(flow, (arc[0], True)):
        came[(each[1], False) if is_supply else (each[0], True)] = each, is_supply
    way, place = [], (arc[1], False)
    while place != (arc[0], True):
        each, is_supply = came[place]
        way.append(each)
        place = (each[0], True) if is_supply else (each[1], False)
    less, more = way[::2], way[1::2]
    leaving = min(less, key=lambda each: (flow[each], each))
    moved = flow[leaving]
    for each in less:
        flow[each] -= moved
    for each in more:
        flow[each] += moved
    del flow[leaving]
    flow[arc] = moved
