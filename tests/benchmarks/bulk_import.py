"""The import of a million rows: how long it takes, and how much memory.

Run by hand, from the repository's folder:

    python tests/benchmarks/bulk_import.py                 # `geotrack import` in a process of its own
    python tests/benchmarks/bulk_import.py --functions     # reading, mapping, sorting, writing, one by one
    python tests/benchmarks/bulk_import.py --rows 100000   # a smaller table

The budget: 1,000,000 rows (200 regions x 5,000 days) in at most 4 s and 700 MB, the same again in at
most 5 s. The figures are synthetic: counted, not drawn at random, so that each run has the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
REGIONS = 200
Step = tuple[str, float, float, float]  # what, seconds by the clock, seconds of processors, MB at most so far
SAID = {"publisher": "nobody", "title": "Synthetic", "url": "https://example.org", "licence": "none stated"}


def countries() -> list[str]:
    """Return the codes of 200 countries."""
    with (ROOT / "data/reference/regions.csv").open(encoding="utf-8", newline="") as file:
        codes = [row["code"] for row in csv.DictReader(file) if row["level"] == "country"]
    return codes[:REGIONS]


def table(rows: int) -> bytes:
    """Return a CSV of so many rows, day by day."""
    codes, first = countries(), date(2011, 1, 1)
    lines = ["region,period,value"]
    for n in range(rows // len(codes)):
        day = (first + timedelta(days=n)).isoformat()
        lines += [
            f"{code},{day},{(n * 7919 + m * 104729) % 1_000_003 / 10_000:.4f}" for m, code in enumerate(codes)
        ]
    return "\n".join([*lines, ""]).encode()


def peak(who: int) -> float:
    """Return the most memory that was held, in MB."""
    most = resource.getrusage(who).ru_maxrss
    return most / (1e6 if sys.platform == "darwin" else 1e3)


def cpu(who: int) -> float:
    """Return the seconds that processors were busy: other work on the machine does not lengthen them."""
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def import_of(content: bytes) -> list[Step]:
    """Import a table as a user does, into a copy of the data; then the same table again."""
    made: list[Step] = []
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as folder:
        data, file = Path(folder, "data"), Path(folder, "big.csv")
        shutil.copytree(ROOT / "data", data, ignore=shutil.ignore_patterns("*.py", "raw"))
        file.write_bytes(content)
        options = [f"--{key}={value}" for key, value in SAID.items()]
        said = ["--unit=EH/s", "--metric=hashrate", "--freq=day", f"--data={data}", "--yes", *options]
        for what in ("geotrack import", "the same file again"):
            command = [sys.executable, "-m", "geotrack", "import", str(file), "--series=big", *said]
            if not made:  # an installed program is compiled
                subprocess.run(
                    [*command, "--dry-run"], capture_output=True, check=False, cwd=folder, env=environment
                )
            before, busy = time.perf_counter(), cpu(resource.RUSAGE_CHILDREN)
            done = subprocess.run(
                command, capture_output=True, text=True, check=False, cwd=folder, env=environment
            )
            seconds, busy = time.perf_counter() - before, cpu(resource.RUSAGE_CHILDREN) - busy
            made.append((what, seconds, busy, peak(resource.RUSAGE_CHILDREN)))
            if done.returncode:
                sys.exit(f"exit code {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
            said = [f"--data={data}", "--yes"]
    return made


def functions_of(content: bytes) -> list[Step]:
    """Run the steps of this side of an import, one by one, in this process."""
    from geotrack import periods
    from geotrack import usertables as geotrack_usertables
    from geotrack.store import csvbytes
    from geotrack.usertables import reading

    made: list[Step] = []

    def step(what: str, do: Callable[[], Any]) -> Any:
        before, busy = time.perf_counter(), cpu(resource.RUSAGE_SELF)
        result = do()
        seconds, busy = time.perf_counter() - before, cpu(resource.RUSAGE_SELF) - busy
        made.append((what, seconds, busy, peak(resource.RUSAGE_SELF)))
        return result

    read = step("read", lambda: reading.read(content, "big.csv"))
    given = {"unit": "EH/s", "metric": "hashrate", "freq": "day", "source": SAID}
    how = step("guess", lambda: geotrack_usertables.guess(read, given))
    step("describe", lambda: geotrack_usertables.describe(how, read))
    rows = step("apply", lambda: geotrack_usertables.apply(read, how, "big", periods.parse_column))
    named = rows[["start", "end", "metric", "value", "unit", "status", "label", "note"]]
    figures = named.assign(region=rows["label"], origin="import-big-table-2026-11-23")
    ordered = step("sort_rows", lambda: csvbytes.sort_rows(figures))
    written = step("csv_bytes", lambda: csvbytes.csv_bytes(ordered))
    print(f"{len(written):,} bytes written")
    return made


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--functions", action="store_true", help="measure the functions, not the command")
    args = parser.parse_args()
    content = table(args.rows)
    print(f"{args.rows:,} rows, {len(content):,} bytes; Python {sys.version.split()[0]}")
    print("| step | seconds | processor, s | peak so far, MB |\n|---|---|---|---|")
    for what, seconds, busy, most in (functions_of if args.functions else import_of)(content):
        print(f"| {what} | {seconds:.2f} | {busy:.2f} | {most:,.0f} |")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
