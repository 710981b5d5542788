"""Pieces for reports, each made by a command in a process of its own: how long it takes, and how large it is.

Run by hand:

    python tests/benchmarks/pieces.py                  # those with a budget, three times each
    python tests/benchmarks/pieces.py --all            # MP4, WebP, the report as PDF, the build too
    python tests/benchmarks/pieces.py --rounds 1 gif   # only pieces whose name holds a word

The budgets are those of a quiet machine, the start of Python included. Seconds of processors are shown beside
those of the clock: other work on the machine lengthens mostly the latter.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

STORY = "from-china-to-north-america"
THREE = ("--at", "2019-09", "--at", "2021-07", "--at", "2022-01")


@dataclass(frozen=True)
class Piece:
    """A command, what it writes, and its budget: seconds and MB, 0 for none."""

    name: str
    command: tuple[str, ...]
    out: str
    seconds: float = 0.0
    megabytes: float = 0.0


BUDGETED = (
    Piece("figure of 3 panels, PDF", ("figure", "shift", *THREE, "-o", "f.pdf"), "f.pdf", 3),
    Piece("figure of 3 panels, PNG", ("figure", "shift", *THREE, "-o", "f.png"), "f.png", 3),
    Piece("film of 29 slices, gif", ("animate", "shift", "f.gif"), "f.gif", 8, 2),
    Piece("embed, iframe", ("embed", "hashrate-share", "-o", "frame.html"), "frame.html", 0.6),
    Piece(
        "embed, compact block",
        ("embed", "hashrate-share", "--as", "inline", "-o", "b.html"),
        "b.html",
        megabytes=0.33,
    ),
    Piece("report, HTML", ("report", STORY, "-o", "r.html"), "r.html", 10),
    Piece("report, Word", ("report", STORY, "-o", "r.docx"), "r.docx", 15),
)
OTHERS = (
    Piece("figure of 3 panels, SVG", ("figure", "shift", *THREE, "-o", "f.svg"), "f.svg"),
    Piece("film of 29 slices, webp", ("animate", "shift", "f.webp"), "f.webp"),
    Piece("film of 29 slices, mp4", ("animate", "shift", "f.mp4"), "f.mp4"),
    Piece("report, PDF", ("report", STORY, "-o", "r.pdf"), "r.pdf"),
    Piece("report, Markdown", ("report", STORY, "-o", "r.md"), "r.md"),
    Piece("build: all maps, story, gallery", ("build", "--out", "maps"), "maps/index.html"),
)


def measured(piece: Piece, folder: Path) -> tuple[float, float, float]:
    """Return seconds by the clock, seconds of processors, and MB of the file."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-m", "geotrack", *piece.command]
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, busy, (folder / piece.out).stat().st_size / 1e6


def main() -> None:
    """Print a line per piece: the best of the rounds, by the processors' time."""
    parser = argparse.ArgumentParser()
    parser.add_argument("words", nargs="*", help="only pieces whose name holds one of these")
    parser.add_argument("--all", action="store_true", help="pieces without a budget too")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    pieces = [*BUDGETED, *(OTHERS if asked.all or asked.words else ())]
    wanted = [p for p in pieces if not asked.words or any(w.lower() in p.name.lower() for w in asked.words)]
    print(f"load before: {os.getloadavg()[0]:.1f}")
    print("| piece | clock, s | processors, s | MB | budget |\n| --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        # once unmeasured: an iframe's page is built if it is not there, and Python compiles its modules
        subprocess.run(
            [sys.executable, "-m", "geotrack", "embed", "hashrate-share"],
            cwd=folder,
            check=True,
            capture_output=True,
        )
        for piece in wanted:
            rounds = [measured(piece, Path(folder)) for _ in range(asked.rounds)]
            seconds, busy, size = min(rounds, key=lambda each: each[1])
            limits = [(piece.seconds, "s"), (piece.megabytes, "MB")]
            budget = ", ".join(f"{limit:g} {unit}" for limit, unit in limits if limit)
            print(f"| {piece.name} | {seconds:.2f} | {busy:.2f} | {size:.3f} | {budget} |", flush=True)


if __name__ == "__main__":
    main()
