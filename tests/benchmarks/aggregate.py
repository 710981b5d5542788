"""Aggregation against pandas with geopandas.sjoin, and against SQL by hand: ratios of one run.

    python tests/benchmarks/aggregate.py [ROWS=5000000] [--more]

Each in a process of its own: its CPU seconds, imports included, and its peak memory. `--more`: ten times the
rows too, with and without dedupe, within 4 GB. No part of a verdict: figures of one run on one machine.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MEMORY = "4GB"
BOUNDARIES = "countries-50m"
SQL = """
SELECT month(r.ts) AS month, coalesce(l.region, t.region) AS region,
       sum(cast(round(r.hashrate_th * 1000) AS BIGINT)) AS total
FROM (SELECT ts, country, hashrate_th, x, y,
             ((y + 900000000) // 10000000) * 360 + (x + 1800000000) // 10000000 AS cell
      FROM (SELECT *, CASE WHEN isfinite(lon) THEN cast(round(lon * 1e7) AS BIGINT) END AS x,
                   CASE WHEN isfinite(lat) THEN cast(round(lat * 1e7) AS BIGINT) END AS y
            FROM '{files}')) r
LEFT JOIN labels l ON r.country = l.label
LEFT JOIN tiles t ON r.cell = t.cell AND r.x >= t.x0 AND r.x < t.x1
     AND (t.lbx - t.lax) * (r.y - t.lay) - (t.lby - t.lay) * (r.x - t.lax) >= 0
     AND (t.ubx - t.uax) * (r.y - t.uay) - (t.uby - t.uay) * (r.x - t.uax) < 0
WHERE isfinite(r.hashrate_th) AND r.hashrate_th >= 0
GROUP BY ALL
"""


def ours(folder: Path, duplicates: str) -> int:
    """Sum by geotrack; return how many rows come out."""
    import geotrack as gt

    spec = folder / f"{duplicates}.toml"
    text = (folder / "telemetry.toml").read_text(encoding="utf-8")
    text = text.replace("countries-110m", BOUNDARIES).replace('"drop"', f'"{duplicates}"')
    spec.write_text(text, encoding="utf-8")
    return len(gt.aggregate(spec, memory=MEMORY, data_folder=ROOT / "data").rows)


def by_hand(folder: Path) -> int:
    """Sum by SQL: no contributors, no dedupe, no counts of what is lost."""
    import duckdb
    import pyarrow as pa

    from geotrack.geo.tiles import tiles
    from geotrack.store.folder import DataFolder

    shapes = DataFolder(ROOT / "data").boundaries(BOUNDARIES)
    con = duckdb.connect(config={"memory_limit": MEMORY})
    con.register("tiles", pa.table(tiles(shapes).table()))
    con.register("labels", pa.table({"label": list(shapes.names), "region": range(len(shapes.names))}))
    return len(con.execute(SQL.format(files=folder / "telemetry" / "*.parquet")).fetchall())


def by_pandas(folder: Path) -> int:
    """Sum by pandas and geopandas.sjoin, with dedupe."""
    import geopandas
    import pandas as pd
    import shapely

    from geotrack.geo.topology import rings
    from geotrack.store.folder import DataFolder

    shapes = DataFolder(ROOT / "data").boundaries(BOUNDARIES)
    made = [
        shapely.union_all([shapely.Polygon(p[0], p[1:]) for p in rings(shape, shapes.arcs)])
        for shape in shapes.shapes
    ]
    regions = geopandas.GeoDataFrame({"code": list(shapes.codes)}, geometry=made, crs=4326)
    frame = pd.read_parquet(folder / "telemetry").drop_duplicates()
    frame = frame[frame["hashrate_th"].between(0, 1e9)]
    labelled = frame["country"].map(dict(zip(shapes.names, shapes.codes, strict=True)))
    # All points, as geotrack looks all up: it counts where they disagree with labels.
    points = frame[frame["lon"].notna() & ((frame["lon"] != 0) | (frame["lat"] != 0))]
    geometry = geopandas.points_from_xy(points["lon"], points["lat"], crs=4326)
    found = geopandas.sjoin(geopandas.GeoDataFrame(index=points.index, geometry=geometry), regions)
    frame["region"] = labelled.fillna(found["code"][~found.index.duplicated()])
    frame["total"] = (frame["hashrate_th"] * 1000).round().astype("int64")
    each = frame.groupby([frame["ts"].dt.to_period("M"), "region", "owner"])["total"].sum()
    return len(each.groupby(level=[0, 1]).agg(["sum", "count", "max"]))


def measured(what: str, folder: Path) -> dict[str, float]:
    """Run one of these in a process of its own."""
    command = [sys.executable, __file__, "--one", what, str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    print(f"{what:24} {found['cpu']:8.1f} CPU s {found['wall']:8.1f} s {found['peak']:8,.0f} MB", flush=True)
    return found


def one(what: str, folder: Path) -> None:
    """Run, and print what it took."""
    begun = time.monotonic()
    run = {
        "geotrack, dedupe": lambda: ours(folder, "drop"),
        "geotrack": lambda: ours(folder, "keep"),
        "SQL by hand": lambda: by_hand(folder),
        "pandas, sjoin, dedupe": lambda: by_pandas(folder),
    }[what]
    rows, used = run(), resource.getrusage(resource.RUSAGE_SELF)
    cpu, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    print(json.dumps({"rows": rows, "cpu": cpu, "peak": peak, "wall": time.monotonic() - begun}))


def main() -> None:
    """Measure all, and print the ratios that are aimed at."""
    rows = int(next((word for word in sys.argv[1:] if word.isdigit()), "5000000"))
    make = [sys.executable, ROOT / "scripts" / "make_records.py"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run([*make, folder, "--rows", str(rows)], check=True)
        drop, keep = measured("geotrack, dedupe", folder), measured("geotrack", folder)
        hand, pandas = measured("SQL by hand", folder), measured("pandas, sjoin, dedupe", folder)
        print(f"CPU of pandas and sjoin: x {pandas['cpu'] / drop['cpu']:.1f} (aimed at: 8 or more)")
        print(f"memory of pandas and sjoin: x {pandas['peak'] / drop['peak']:.1f} (aimed at: 2 or more)")
        print(f"CPU against SQL by hand, no dedupe: x {keep['cpu'] / hand['cpu']:.1f} (aimed at: 3 or less)")
        if "--more" in sys.argv:
            subprocess.run([*make, folder, "--rows", str(10 * rows)], check=True)
            many, most = measured("geotrack", folder), measured("geotrack, dedupe", folder)
            print(f"ten times the rows: CPU x {many['cpu'] / keep['cpu']:.1f} (aimed at: 11 or less)")
            print(f"ten times the rows: memory x {many['peak'] / keep['peak']:.1f} (aimed at: 4 or less)")
            print(f"ten times the rows, dedupe, within {MEMORY}: peak {most['peak']:,.0f} MB")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], Path(sys.argv[3]))
    else:
        main()
