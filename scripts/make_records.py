"""Write made-up telemetry: python scripts/make_records.py FOLDER [--rows 5000000] [--seed 14]

Nothing in it was measured. It has what real telemetry has: a place that is told as a label, as a point, as
both or not at all, records that come twice or late, values that are none. The same rows and seed give the
same figures. Beside the records it writes `telemetry.toml`, for `geotrack aggregate`.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # the clone's own, not one that is installed

from geotrack.store.folder import DataFolder  # noqa: E402

MONTHS = [date(2021, month, 1) for month in range(1, 13)] + [date(2022, 1, 1)]
PIECE = 500_000
SPEC = """\
# Made-up telemetry, to be summed to countries and months: geotrack aggregate telemetry.toml -o telemetry.csv
records = "telemetry/*.parquet"
time = "ts"
timezone = "UTC"
label = "country"
lon = "lon"
lat = "lat"
boundaries = "countries-110m"
contributor = "owner"
id = "worker"
duplicates = "drop"
slices = { every = "month", from = "2021-01", to = "2021-12" }

[[metric]]
name = "hashrate"
is = "rate"
column = "hashrate_th"
unit = "TH/s"
digits = 3
interval = "10min"

[privacy]
min_count = 5
max_share = 0.8

[source]
publisher = "Nobody"
title = "Made-up telemetry"
url = "https://example.org/telemetry"
licence = "CC0-1.0"
"""
WEIGHTS = {
    "CHN": 30, "USA": 25, "KAZ": 12, "RUS": 9, "CAN": 8, "IRN": 4, "MYS": 4, "DEU": 3, "NOR": 2, "SWE": 1,
    "PRY": 1, "FRA": 0.5, "ISL": 0.4, "BTN": 0.05, "NAM": 0.05,
}  # fmt: skip


def main() -> None:
    """Write the records and their specification."""
    asked = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    asked.add_argument("folder", type=Path)
    asked.add_argument("--rows", type=int, default=5_000_000)
    asked.add_argument("--seed", type=int, default=14)
    given = asked.parse_args()
    folder = given.folder / "telemetry"
    folder.mkdir(parents=True, exist_ok=True)
    (given.folder / "telemetry.toml").write_text(SPEC, encoding="utf-8")
    for at, begin in enumerate(range(0, given.rows, PIECE)):
        made = records(min(PIECE, given.rows - begin), np.random.default_rng([given.seed, at]))
        parquet.write_table(made, folder / f"part-{at:03d}.parquet", compression="zstd")
    files = sorted(folder.glob("*.parquet"))
    size = sum(path.stat().st_size for path in files)
    print(
        f"{given.folder}: {given.rows:,} records in {len(files)} files, {size / 1e6:,.1f} MB; telemetry.toml"
    )


def records(count: int, chance: np.random.Generator) -> pa.Table:
    """Make so many records; one in 300 is there twice."""
    again = count // 300
    each = count - again
    shapes = DataFolder(ROOT / "data").boundaries("countries-110m")
    share = np.array(list(WEIGHTS.values()))
    country = chance.choice(len(WEIGHTS), each, p=share / share.sum())
    owner = chance.integers(0, 40, each) ** 2 // 40  # some own much more than others
    centre = shapes.points[[shapes.codes.index(code) for code in WEIGHTS]][country]
    point = np.round(centre + chance.normal(0, 1.5, (each, 2)), 4)
    told = chance.random(each)
    point[told < 0.4] = np.nan  # label only
    point[told > 0.985] = 0  # what devices write that know no place
    names = np.array([shapes.names[shapes.codes.index(code)] for code in WEIGHTS])
    label = np.where(told < 0.7, names[country], None)
    seconds = chance.integers(0, (MONTHS[-1] - MONTHS[0]).days * 144, each) * 600
    value = np.round(chance.gamma(4, 25, each), 3)
    value[chance.random(each) < 0.001] = np.nan
    value[chance.random(each) < 0.0005] *= -1
    micro = (np.datetime64(MONTHS[0], "us").astype(np.int64) + seconds * 10**6).astype("datetime64[us]")
    table = pa.table(
        {
            "ts": pa.array(micro, pa.timestamp("us")),
            "owner": pa.array([f"owner-{n}" for n in range(40)]).take(owner),
            "worker": pa.array(chance.integers(0, 5000, each), pa.int32()),
            "country": pa.array(label, pa.string()),
            "lon": pa.array(point[:, 0], pa.float64()),
            "lat": pa.array(point[:, 1], pa.float64()),
            "hashrate_th": pa.array(value, pa.float64()),
        }
    )
    return pa.concat_tables([table, table.slice(0, again)])


if __name__ == "__main__":
    main()
