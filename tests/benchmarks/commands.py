"""What the commands cost, as multiples of `python -c "import pandas, folium"`, in one run.

Run by hand:

    python tests/benchmarks/commands.py [--rounds N] [WORD ...]

Seconds are those of processors, children included; commands take turns, and the medians count, so that what
else the machine does falls on all of them. Targets: `build shift` at most 2, `build` of all maps at most 5.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
SMALL = "country,2020,2021,2022\nChina,55.3,20.1,18\nUnited States,10.2,35.5,38\nCanada,6.1,18.1,13\n"
STORY = "from-china-to-north-america"
SAID = (
    *("--series", "small", "--unit", "%", "--title", "T", "--publisher", "P", "--licence", "none stated"),
    *("--url", "https://example.org", "--over-time", "mean", "--yes", "--data", "data"),
)
COMMANDS: dict[str, tuple[tuple[str, ...], float]] = {
    "build shift": (("build", "shift", "--out", "maps"), 2),
    "build": (("build", "--out", "maps"), 5),
    "map, html": (("map", "small.csv", "-o", "x.html"), 0),
    "map, png": (("map", "small.csv", "-o", "x.png"), 0),
    "map, xlsx": (("map", "small.csv", "-o", "x.xlsx"), 0),
    "import": (("import", "small.csv", *SAID), 0),
    "shift": (("shift", "cbeci-countries", "--from", "2019-09", "--to", "2022-01"), 0),
    "report, html": (("report", STORY, "-o", "r.html"), 0),
    "report, docx": (("report", STORY, "-o", "r.docx"), 0),
}
"""Each command, and what it may take at most; 0 for no target."""


def taken(arguments: tuple[str, ...]) -> float:
    """Return the seconds of processors that a new process takes, in a folder with data and a table."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "data", Path(folder, "data"))
        shutil.copytree(ROOT / "maps", Path(folder, "maps"))
        Path(folder, "small.csv").write_text(SMALL, encoding="utf-8")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, *arguments], cwd=folder, env=environment, check=True, capture_output=True
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print a line per command."""
    parser = argparse.ArgumentParser()
    parser.add_argument("words", nargs="*", help="only commands whose name begins with one of these")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    wanted = [name for name in COMMANDS if not asked.words or name.startswith(tuple(asked.words))]
    runs = {"": ("-c", "import pandas, folium")}
    runs |= {name: ("-m", "geotrack", *COMMANDS[name][0]) for name in wanted}
    found: dict[str, list[float]] = {name: [] for name in runs}
    for turn in range(asked.rounds + 1):
        for name, arguments in runs.items():
            seconds = taken(arguments)
            if turn:  # the first one compiles modules
                found[name].append(seconds)
    base = median(found[""])
    print(f"load {os.getloadavg()[0]:.1f}; import pandas, folium: {base:.2f} s")
    print("| command | processors, s | times `import pandas, folium` | at most |\n| --- | --- | --- | --- |")
    for name in wanted:
        most = f"{COMMANDS[name][1]:g}" if COMMANDS[name][1] else ""
        print(f"| {name} | {median(found[name]):.2f} | {median(found[name]) / base:.1f} | {most} |")


if __name__ == "__main__":
    main()
