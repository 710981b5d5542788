"""The export of a workbook beside pandas' `to_excel` of the tidy table alone.

Run by hand, from the repository's folder:

    python tests/benchmarks/workbook.py               # 1,000 regions x 24 slices, three kinds of figures
    python tests/benchmarks/workbook.py --rounds 9

The budget: at most 0.6 times the processor time of `tm.to_frame().to_excel(...)`, which openpyxl writes. Ours
has five more sheets. Both take turns in one process, so that what else the machine does falls on both; the
least of each counts. The figures are synthetic and seeded.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import box

ROOT = Path(__file__).parents[2]
MOST = 0.6
REGIONS, SLICES = 1_000, 24
KINDS = ("two decimals", "all digits of a double", "the same, a note on each, a lower bound in ten")


def table(kind: str) -> pd.DataFrame:
    """Return lognormal figures, a row per region and month."""
    values = np.exp(np.random.default_rng(1).normal(0, 1.5, REGIONS * SLICES))
    months = [f"{2020 + t // 12}-{t % 12 + 1:02d}" for t in range(SLICES)]
    rows = [(f"R{i:04d}", month) for i in range(REGIONS) for month in months]
    frame = pd.DataFrame(rows, columns=["code", "period"]).assign(value=values)
    if kind == KINDS[0]:
        return frame.assign(value=values.round(2))
    if kind == KINDS[1]:
        return frame
    bounds = np.where(frame.index % 10 == 0, "lower bound", "reported")
    return frame.assign(note="seen in " + frame["code"] + " " + frame["period"], status=bounds)


def shapes() -> gpd.GeoDataFrame:
    """Return a square per region."""
    codes = [f"R{i:04d}" for i in range(REGIONS)]
    squares = [box(i % 40, i // 40, i % 40 + 1, i // 40 + 1) for i in range(REGIONS)]
    return gpd.GeoDataFrame(
        {"code": codes, "name": [f"Region {c}" for c in codes]}, geometry=squares, crs=4326
    )


def busy(do: Callable[[], object]) -> float:
    """Return the seconds that processors were busy with it."""
    before = time.process_time()
    do()
    return time.process_time() - before


def measured(kind: str, rounds: int, folder: Path) -> tuple[float, float]:
    """Return the least seconds of pandas and of geotrack."""
    import geotrack as gt

    said = {
        "publisher": "nobody",
        "title": "Synthetic",
        "url": "https://example.org",
        "licence": "none stated",
    }
    tm = gt.choropleth(table(kind), boundaries=shapes(), title="Synthetic", unit="EH/s", source=said)
    theirs, ours = [], []
    for _ in range(rounds):
        frame = tm.to_frame()
        theirs.append(busy(lambda: frame.to_excel(folder / "a.xlsx", index=False, engine="openpyxl")))  # noqa: B023
        ours.append(busy(lambda: tm.save_table(folder / "b.xlsx")))
    return min(theirs), min(ours)


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    print("| figures | to_excel, processor s | geotrack export, processor s | ratio | at most |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for kind in KINDS:
            theirs, ours = measured(kind, args.rounds, Path(folder))
            late = "" if ours <= MOST * theirs else " **missed**"
            print(f"| {kind} | {theirs:.2f} | {ours:.2f} | {ours / theirs:.2f}{late} | {MOST} |")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
