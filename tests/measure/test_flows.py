"""What moved at least between two slices, whatever their lower bounds stand for: against a linear program."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from geotrack.measure import flows


def least_by_program(before: np.ndarray, after: np.ndarray, open_: tuple[np.ndarray, np.ndarray]) -> float:
    """The least half of all changes over everything that lower bounds may stand for, by a linear program."""
    n, rest = len(before), (100 - before.sum(), 100 - after.sum())
    rows, most = [], []
    for i in range(n + 1):  # regions, then the rest, which loses what its regions gain
        own = np.zeros(3 * n + 1)
        gap = before[i] - after[i] if i < n else rest[0] - rest[1]
        if i < n:
            own[i], own[n + i] = 1, -1
        else:
            own[:n], own[n : 2 * n] = -1, 1
        for sign in (1, -1):
            row = sign * own
            row[2 * n + i] = -1
            rows.append(row)
            most.append(-sign * gap)
    for k in (0, 1):
        row = np.zeros(3 * n + 1)
        row[k * n : (k + 1) * n] = 1
        rows.append(row)
        most.append(rest[k])
    free = [(0, None if each else 0) for each in (*open_[0], *open_[1])]
    cost = np.r_[np.zeros(2 * n), np.full(n + 1, 0.5)]
    return float(linprog(cost, np.array(rows), most, bounds=[*free, *[(0, None)] * (n + 1)]).fun)


def test_what_moved_is_the_least_that_lower_bounds_leave() -> None:
    random = np.random.default_rng(58)
    narrower = 0
    for _ in range(200):
        n = int(random.integers(1, 5))
        before, after = random.integers(0, 26, (2, n)).astype(float)
        open_ = (random.random(n) < 0.5, random.random(n) < 0.5)
        spare = tuple(
            flows.Spare(mask, 100 - own.sum()) for mask, own in zip(open_, (before, after), strict=True)
        )
        found, most = flows.variation(before, after, 100.0, spare)
        assert found == pytest.approx(least_by_program(before, after, open_), abs=1e-6)
        exact, same = flows.variation(before, after, 100.0)
        assert most == same
        narrower += found < exact - 1e-6
    assert narrower > 50


def test_a_lower_bound_that_may_stand_for_the_move_moves_nothing() -> None:
    """China had 91.5%, then "at least 50%": it may still have had as much."""
    before, after = np.array([91.5, 8.5]), np.array([50.0, np.nan])
    spare = (flows.Spare(np.zeros(2, bool), 0.0), flows.Spare(np.array([True, False]), 50.0))
    assert flows.variation(before, after, 100.0, spare) == (0.0, 50.0)
    assert flows.variation(before, after, 100.0)[0] == 41.5
