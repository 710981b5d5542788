"""How long one figure of three panels takes, cold (a whole process); run by hand. The budget is 3 s.

python -m tests.benchmarks.figures
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 3
BUDGET = 3.0  # seconds


def main() -> None:
    """Print the median time and the size of each kind of file."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    slices = [part for at in ("2019-09", "2021-07", "2022-01") for part in ("--at", at)]
    with tempfile.TemporaryDirectory() as folder:
        for suffix in (".pdf", ".png", ".svg"):
            path = Path(folder, f"shift{suffix}")
            command = [sys.executable, "-m", "geotrack.cli", "figure", "shift", *slices, "-o", str(path)]
            took = []
            for _ in range(ROUNDS):
                start = time.perf_counter()
                subprocess.run(command, check=True, capture_output=True, env=environment)
                took.append(time.perf_counter() - start)
            median = statistics.median(took)
            verdict = "within" if median <= BUDGET else "over"
            print(
                f"{suffix}  {median:.2f} s ({verdict} {BUDGET:.0f} s)  {path.stat().st_size / 1000:,.0f} kB"
            )


if __name__ == "__main__":
    main()
