"""Regions of points: tiles beside geopandas.sjoin, and what tiles cost to make.

Run by hand, from the repository's folder:

    python tests/benchmarks/points.py [POINTS]

A million points for each of the shipped boundaries, half of them about borders. Budgets: tiles of 1:50m at
most 3 s and 200,000 rows, fewer seconds from their folder; no point differs from sjoin's region but within a
unit (1e-7 degrees) of an edge, where sjoin's floats and "within" leave points out. The script fails else.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import shapely

from geotrack.geo.boundaries import read
from geotrack.geo.slabs import SIDE
from geotrack.geo.tiles import place, tiles

sys.path.insert(0, str(Path(__file__).parents[1]))
from geo.test_tiles import FOLDER, SHIPPED, joined, scattered

Made = TypeVar("Made")


def timed(work: Callable[[], Made]) -> tuple[Made, float]:
    """Return what a call made, and its CPU seconds."""
    start = time.process_time()
    return work(), time.process_time() - start


def main() -> None:
    """Print a row for each of the shipped boundaries."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    print("| boundaries | rows | made, CPU s | read again | place | sjoin | found | differ, all on edges |")
    print("|---|---|---|---|---|---|---|---|")
    for name in SHIPPED:
        boundaries = read(FOLDER, name)
        with tempfile.TemporaryDirectory() as folder:
            made, making = timed(lambda b=boundaries, at=Path(folder): tiles(b, cache=at))
            _, reading = timed(lambda b=boundaries, at=Path(folder): tiles(b, cache=at))
        x, y = scattered(boundaries, count)
        found, placing = timed(lambda t=made, x=x, y=y: place(t, x, y))
        expected, joining = timed(lambda b=boundaries, x=x, y=y: joined(b, x, y))
        odd = np.flatnonzero(found != expected)
        lines = shapely.MultiLineString(list(boundaries.arcs))
        away = shapely.distance(shapely.points(x[odd] / SIDE, y[odd] / SIDE), lines)
        rows = made.columns.shape[1]
        times = f"{making:.2f} | {reading:.3f} | {placing:.2f} | {joining:.2f}"
        print(f"| {name} | {rows:,} | {times} | {(found >= 0).sum():,} | {len(odd)} |")
        if rows > 200_000 or making > 3 or reading > making or (away > 1 / SIDE).any():
            sys.exit(f"{name}: over its budget, or {away.max(initial=0)} degrees from an edge")


if __name__ == "__main__":
    main()
