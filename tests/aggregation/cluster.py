"""A standalone cluster of Spark, two workers of whom one is killed on the way: make cluster [ROWS=200000]

Made-up records are summed by DuckDB and by the cluster; the bytes must be the same. It takes minutes.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import geotrack as gt

ROOT = Path(__file__).resolve().parents[2]


def started(*words: str) -> subprocess.Popen[bytes]:
    """Start a daemon of Spark, with what it starts, as a group of processes."""
    import pyspark

    program = Path(pyspark.__file__).parent / "bin" / "spark-class"
    quiet = subprocess.DEVNULL
    return subprocess.Popen([program, *words], stdout=quiet, stderr=quiet, start_new_session=True)


def main() -> None:
    """Sum the same records twice, and compare."""
    rows = sys.argv[1] if len(sys.argv) > 1 else "200000"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address, deploy = f"spark://127.0.0.1:{port}", "org.apache.spark.deploy"
    ui = ("--webui-port", "0")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make = [sys.executable, ROOT / "scripts" / "make_records.py", folder, "--rows", rows]
        subprocess.run(make, check=True)
        groups = [started(f"{deploy}.master.Master", "--host", "127.0.0.1", "--port", str(port), *ui)]
        more = ("--cores", "1", "--memory", "1g", "--work-dir", name, *ui)
        groups += [started(f"{deploy}.worker.Worker", address, *more) for _ in range(2)]
        killed: list[str] = []

        def kill(how_far: str) -> None:
            """Kill a worker with its executor, as soon as the cluster works."""
            if not killed:
                killed.append(how_far)
                os.killpg(groups[1].pid, signal.SIGKILL)
                print(f"a worker was killed at {how_far}", flush=True)

        try:
            begun = time.monotonic()
            by_duckdb = gt.aggregate(folder / "telemetry.toml", data_folder=ROOT / "data")
            print(f"DuckDB: {time.monotonic() - begun:.0f} s", flush=True)
            begun = time.monotonic()
            from geotrack.build import records

            by_cluster = records.aggregate(
                folder / "telemetry.toml", address, data=ROOT / "data", progress=kill
            )
            print(f"{address}: {time.monotonic() - begun:.0f} s", flush=True)
        finally:
            for group in groups:
                try:
                    os.killpg(group.pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
                finally:
                    group.wait()
    if not killed:
        raise SystemExit("no worker was killed: the cluster was done before it said how far it was")
    if by_cluster.csv != by_duckdb.csv or by_cluster.quality != by_duckdb.quality:
        raise SystemExit("the cluster's result is another one")
    print(f"the same bytes: {len(by_cluster.csv):,}, {len(by_cluster.rows):,} rows of {int(rows):,} records")


if __name__ == "__main__":
    main()
