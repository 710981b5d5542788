"""What the measures of a shift cost.

Run by hand, from the repository's folder:

    python tests/benchmarks/measures.py

Budgets: all measures of the shipped map (29 slices, 10 regions) at most 0.3 s; least-movement flows between
240 regions at most 0.5 s a pair; everything but flows for 10,000 regions and 240 slices at most 5 s. The
figures of the large cases are synthetic. Each time is the median of several runs in one process; the
shipped map is built before, and measured once before, so that imports do not count.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from statistics import median

import numpy as np

import geotrack as gt
from geotrack.geo import sphere
from geotrack.measure import bounds, flows, shares, tracks
from geotrack.model import LOWER_BOUND, MISSING, REPORTED, Slice

RUNS = 5


def timed(work: Callable[[], object], runs: int = RUNS) -> float:
    """Return the median time of a call in seconds, after one that does not count."""
    work()
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return median(taken)


PARTS = (0.9, 0.8, 0.7, 0.6)


def spread(n: int, rng: np.random.Generator) -> np.ndarray:
    """Return so many places, evenly spread over the globe."""
    lat = np.degrees(np.arcsin(rng.uniform(-1, 1, n)))
    return sphere.vectors(np.column_stack([rng.uniform(-180, 180, n), lat]))


def table(regions: int, steps: int, rng: np.random.Generator) -> shares.Shares:
    """Return shares of which some are missing, some zero, some lower bounds."""
    values = rng.lognormal(0, 1.5, (regions, steps))
    values *= 93 / values.sum(axis=0)
    chance = rng.uniform(size=values.shape)
    values = np.where(chance < 0.05, np.nan, np.where(chance < 0.08, 0.0, values))
    marks = np.where(chance > 0.99, LOWER_BOUND, REPORTED)
    months = [date(2005 + t // 12, t % 12 + 1, 1).isoformat() for t in range(steps + 1)]
    names = ("CHN", *(f"R{i}" for i in range(1, regions)))
    half = regions // 2
    return shares.Shares(
        codes=names,
        names=names,
        single=np.ones(regions, dtype=bool),
        slices=tuple(Slice(a, b, a[:7], a[:7]) for a, b in pairwise(months)),
        values=values,
        status=np.where(np.isnan(values), MISSING, marks).astype(np.uint8),
        rest=np.maximum(100 - np.nansum(values, axis=0), 0),
        half=np.full(values.shape, 0.005),
        groups=(
            shares.Members("west", "West", tuple(range(half)), True),
            shares.Members("east", "East", tuple(range(half, regions)), True),
        ),
    )


def everything(base: shares.Shares, places: np.ndarray) -> None:
    """Work out every measure but flows, of a reading with four others, as `measure.shift.measure` does."""
    codes = ["west", "east", "CHN"]
    shrunk = [base.with_values(base.values * part, base.rest + 93 * (1 - part)) for part in PARTS]
    families = {"stars": [tracks.Reading(told, places) for told in shrunk]}
    reading = tracks.Reading(base, places)
    ends = (0, len(base.slices) - 1)
    tracks.numbers(reading, codes, *ends)
    bounds.intervals_of(reading, families, codes, ends, ())
    tracks.tracks(reading, codes, bounds.bands(reading, families, codes, ()))


def main() -> None:
    """Measure and print a table."""
    rng = np.random.default_rng(1)
    timemap = gt.choropleth("cbeci-countries")
    print(f"{'what':60} {'seconds':>8}  budget")
    shown = timed(lambda: timemap.shift("2019-09", "2022-01"))
    print(f"{'29 slices x 10 regions, all measures, flows of the pair':60} {shown:8.3f}  0.3")
    places = spread(240, rng)
    a, b = (np.round(rng.dirichlet(np.ones(240) * 0.4) * 93, 2) for _ in range(2))
    print(f"{'240 regions, flows of a pair':60} {timed(lambda: flows.flows(a, b, places, 100.0)):8.3f}  0.5")
    grid = np.array([[lon, lat] for lon in range(0, 360, 15) for lat in range(-60, 66, 14)], dtype=float)
    tied, ways = sphere.vectors(grid), rng.integers(1, 5, (2, len(grid))) * 0.1
    tie = timed(lambda: flows.flows(ways[0], ways[1], tied, 100.0))
    print(f"{f'{len(grid)} regions on a grid, many optima, flows of a pair':60} {tie:8.3f}  0.5")
    base, spots = table(10_000, 240, rng), spread(10_000, rng)
    large = timed(lambda: everything(base, spots), 3)
    print(f"{'10,000 regions x 240 slices, all but flows':60} {large:8.3f}  5")


if __name__ == "__main__":
    main()
