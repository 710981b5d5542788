"""Who leads and what rose: what is said for certain holds wherever the rest of the whole may lie."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geotrack.measure import lines, shares
from geotrack.model import LOWER_BOUND, MISSING, REPORTED, Slice

UNIT = 20
"""Shares are multiples of it, so that all placements of the rest can be tried."""
YEARS = tuple(Slice(f"202{y}-01-01", f"202{y + 1}-01-01", f"202{y}", "") for y in range(3))
PLACE = {step.iso: t for t, step in enumerate(YEARS)}
WAYS = {"rose": {1}, "fell": {-1}, "same": {0}}
KNOWN = {"no_longer_ahead": {-1, 0}, "not_ahead": {-1, 0}, "no_longer_behind": {0, 1}, "not_behind": {0, 1}}


def column(rng: np.random.Generator, rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Shares of one slice, stated, at least or missing, that leave something of the whole or nothing."""
    status = rng.choice([MISSING, REPORTED, LOWER_BOUND], rows, p=[0.2, 0.5, 0.3]).astype(np.uint8)
    values = np.bincount(rng.integers(0, rows + 1, 100 // UNIT), minlength=rows + 1)[:rows] * float(UNIT)
    return np.where(status == MISSING, np.nan, values), status


def placed(values: np.ndarray, status: np.ndarray) -> list[np.ndarray]:
    """Everything that the figures of a slice may be: the rest lies with bounds, the missing, and others."""
    stated, may = np.nan_to_num(values), np.flatnonzero(status != REPORTED)
    left = round(100 - stated.sum()) // UNIT
    found = []
    for each in product(range(left + 1), repeat=len(may)):
        if sum(each) <= left:
            true = stated.copy()
            true[may] += np.array(each, dtype=float) * UNIT
            found.append(true)
    return found


def table_of(columns: list[tuple[np.ndarray, np.ndarray]], members: list[int]) -> shares.Shares:
    values, status = (np.array(each).T for each in zip(*columns, strict=True))
    stated, rows = np.nan_to_num(values).sum(axis=0), len(values)
    codes = tuple("ABC"[:rows])
    return shares.Shares(
        codes, codes, np.ones(rows, dtype=bool), YEARS, values, status,
        np.where(stated > 0, 100 - stated, np.nan), np.zeros(len(YEARS)),
        (shares.Members("G", "G", tuple(members)),),
    )  # fmt: skip


def holds(kind: str, signs: list[int]) -> bool:
    """Whether a kind is true of who leads, slice by slice: 1, -1, 0."""
    turns = [other for one, other in pairwise([sign for sign in signs if sign]) if one != other]
    return {
        "overtook": turns == [1],
        "overtaken": turns == [-1],
        "crossed back": len(turns) > 1,
        "always ahead": set(signs) == {1},
        "never behind": -1 not in signs,
        "never": 1 not in signs,
    }[kind]


@settings(deadline=None, max_examples=400)
@given(st.integers(0, 1_000_000), st.sampled_from([(2, [1]), (3, [1]), (3, [1, 2])]))
def test_what_is_certain_holds_wherever_the_rest_lies(seed: int, wanted: tuple[int, list[int]]) -> None:
    rng, (rows, members) = np.random.default_rng(seed), wanted
    columns = [column(rng, rows) for _ in YEARS]
    table = table_of(columns, members)
    listed = (table.status[members] != MISSING).any(axis=1)
    members = [row for row, on in zip(members, listed, strict=True) if on] or members
    group = table_of(columns, members)  # of what is listed in no slice a group claims nothing
    may = [placed(*each) for each in columns]
    _no_way_is_wrong(group.line("A"), may)
    signs = [{int(np.sign(true[0] - true[members].sum())) for true in each} for each in may]
    found = lines.crossing(group.line("A"), group.line("G"), YEARS)
    left_open = [PLACE[step.iso] for step in found.left_open]
    told = [
        t
        for t in range(len(YEARS))
        if t not in left_open and (table.status[[0, *members], t] != MISSING).any()
    ]
    assert len(told) == found.told
    assert all(len(signs[t]) > 1 for t in left_open)  # nothing that is known is left open
    if found.kind != "not known" and not found.unsure:
        for each in product(*(signs[t] for t in told)):
            assert holds(found.kind, list(each)), (found, each)
    for turn in (each for each in found.turns if each.certain):
        ends = signs[PLACE[turn.before.iso]], signs[PLACE[turn.after.iso]]
        assert ends == (({-1}, {1}) if turn.ahead else ({1}, {-1}))
    assert not found.known or signs[left_open[-1]] <= KNOWN[found.known]


def _no_way_is_wrong(line: lines.Line, may: list[list[np.ndarray]]) -> None:
    for first, last in ((0, 1), (1, 2), (0, 2)):
        if (line.status[[first, last]] != MISSING).all():
            moves = {int(np.sign(y[0] - x[0])) for x in may[first] for y in may[last]}
            way = lines.way(line, first, last, np.zeros(len(YEARS)))
            assert moves == WAYS[way] if way in WAYS else len(moves) > 1
