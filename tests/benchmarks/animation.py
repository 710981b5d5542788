"""A film of the flagship, in a process of its own: how long it takes, and how large it is.

Run by hand, from the repository's folder:

    python tests/benchmarks/animation.py                 # the GIF of 29 slices at 960 px, three times
    python tests/benchmarks/animation.py .mp4 .webp .gif # others too
    python tests/benchmarks/animation.py --rounds 1

The budget: 29 slices at 960 px as a GIF in at most 8 s and 2 MB, the start of Python included. Seconds of
processors are shown beside those of the clock: other work on the machine lengthens only the latter.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAP, SECONDS, MEGABYTES = "shift", 8.0, 2.0


def measured(suffix: str, folder: Path) -> tuple[float, float, float]:
    """Return seconds by the clock, seconds of processors, and MB of the file."""
    out = folder / f"film{suffix}"
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-m", "geotrack.cli", "animate", MAP, str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, busy, out.stat().st_size / 1e6


def main() -> None:
    """Print a line per format: the best of the rounds."""
    parser = argparse.ArgumentParser()
    parser.add_argument("suffixes", nargs="*", default=[".gif"])
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    print(
        f"{'film':8} {'clock, s':>9} {'busy, s':>9} {'MB':>7}   budget {SECONDS:g} s, {MEGABYTES:g} MB (.gif)"
    )
    with tempfile.TemporaryDirectory() as folder:
        for suffix in asked.suffixes:
            seconds, busy, size = min(measured(suffix, Path(folder)) for _ in range(asked.rounds))
            print(f"{suffix:8} {seconds:9.2f} {busy:9.2f} {size:7.3f}")


if __name__ == "__main__":
    main()
