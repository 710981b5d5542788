"""Tiles of small made-up regions, built slowly: what an aggregation is tested with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

SIDE = 10**7
Point = tuple[int, int]


@dataclass(frozen=True)
class Slabs:
    """The columns of tiles, and the names of their regions."""

    names: list[str]
    rows: list[tuple[int, ...]]
    hash: str = "made-up"

    def table(self) -> dict[str, Any]:
        columns = ("cell", "x0", "x1", "region", "lax", "lay", "lbx", "lby", "uax", "uay", "ubx", "uby")
        array = np.array(self.rows, dtype=np.int64).reshape(-1, len(columns))
        return {name: array[:, at] for at, name in enumerate(columns)}


def slabs(regions: Mapping[str, Sequence[Point]]) -> Slabs:
    """Cut regions, each a ring of points in 1e-7 degrees, into slabs between the longitudes of all points."""
    rows: list[tuple[int, ...]] = []
    for number, ring in enumerate(regions.values()):
        lines = [tuple(sorted(each)) for each in pairwise([*ring, ring[0]])]
        ends = {x for ring in regions.values() for x, _ in ring}
        low, high = min(x for x, _ in ring), max(x for x, _ in ring)
        ends |= set(range(-(-low // SIDE) * SIDE, high, SIDE))
        for x0, x1 in pairwise(sorted(x for x in ends if low <= x <= high)):
            across = [each for each in lines if each[0][0] <= x0 and each[1][0] >= x1]
            across.sort(key=lambda each: height(each, (x0 + x1) / 2))
            for lower, upper in zip(across[::2], across[1::2], strict=True):
                ys = [height(each, x) for each in (lower, upper) for x in (x0, x1)]
                for row in range(int(min(ys) // SIDE), int(max(ys) // SIDE) + 1):
                    cell = (row + 90) * 360 + (x0 + 180 * SIDE) // SIDE
                    rows.append((cell, x0, x1, number, *lower[0], *lower[1], *upper[0], *upper[1]))
    return Slabs(list(regions), rows)


def height(line: Sequence[Point], x: float) -> float:
    (ax, ay), (bx, by) = line
    return ay + (by - ay) * (x - ax) / (bx - ax)
