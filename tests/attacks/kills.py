"""Kill real commands at moments that a seed chooses: `python tests/attacks/kills.py [COUNT] [SEED]`.

Each command runs to its end once, which says how long it takes and what it makes. Then it is killed (SIGKILL)
or stopped (Ctrl-C) after a part of that time, and run again: what it makes must be the same, the data whole,
and nothing else left in its folder or among the temporary files. Ctrl-C must end it with 130, no traceback.
"""

from __future__ import annotations

import hashlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
GEOTRACK = [sys.executable, "-m", "geotrack"]
TABLE = "country,year,revenue\nCanada,2021,3\nChina,2021,100\nCanada,2022,30\nChina,2022,80\n"
READ = ("--unit", "USD", "--over-time", "sum", "--publisher", "Me", "--url", "https://example.org")
SAID = (*READ, "--title", "T", "--licence", "none", "--yes")
COMMANDS: dict[str, tuple[str, ...]] = {
    "init": ("init", "mine"),
    "map": ("map", "t.csv", *READ, "-o", "out/t.html"),
    "import": ("import", "t.csv", "--series", "mine", *SAID, "--data", "data"),
    "export": ("export", "shift", "out/shift.xlsx", "--data", "data"),
    "figure": ("figure", "shift", "-o", "out/shift.svg", "--data", "data"),
    "build": ("build", "revenue-bitmain", "--out", "out", "--data", "data"),
}


@dataclass(frozen=True)
class Reference:
    """What a command makes when nobody stops it, and how long it takes."""

    files: dict[str, str]
    seconds: float


def listing(folder: Path) -> dict[str, str]:
    """Return the hashes of all files of a folder; of those that tell the time, the name alone."""
    return {
        re.sub(r"\d{8}T\d{6}Z", "", path.relative_to(folder).as_posix()): ""
        if _is_dated(path)
        else hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _is_dated(path: Path) -> bool:
    return path.name in ("updates.csv", "origin.json", "origins.csv", "datapackage.json", "applied.json")


def fresh(folder: Path) -> Path:
    """Return a folder with data and a table."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "tmp").mkdir(parents=True)
    (folder / "out").mkdir()
    (folder / "t.csv").write_text(TABLE, encoding="utf-8")
    ignore = shutil.ignore_patterns("*-50m.topojson", "*.py", "raw", "__pycache__")
    shutil.copytree(ROOT / "data", folder / "data", ignore=ignore)
    return folder


def started(name: str, folder: Path) -> subprocess.Popen[str]:
    """Start a command in its folder, with its own place for temporary files."""
    env = os.environ | {
        "TMPDIR": str(folder / "tmp"),
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return subprocess.Popen(
        [*GEOTRACK, *COMMANDS[name]],
        cwd=folder,
        env=env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def reference(name: str, folder: Path) -> Reference:
    """Run a command to its end."""
    before = time.monotonic()
    with started(name, fresh(folder)) as process:
        _, said = process.communicate()
    assert process.returncode == 0, said
    return Reference(listing(folder), time.monotonic() - before)


def faults(name: str, folder: Path, held: Reference, part: float, by: signal.Signals) -> Iterator[str]:
    """Stop a command after a part of its time, run it again, and yield what is not as it should be."""
    with started(name, fresh(folder)) as process:
        try:
            process.wait(part * held.seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(by)
        _, said = process.communicate()
    early = by == signal.SIGINT and part < STARTING / held.seconds  # Python itself is not up yet
    if "Traceback" in said and not early:
        yield f"traceback: {said[-300:]}"
    if process.returncode not in (0, -by, 130) and not early:
        yield f"code {process.returncode}: {said[-300:]}"
    again = process.returncode == 0
    if not again:
        with started(name, folder) as process:
            _, said = process.communicate()
        done = name == "init" and "there already" in said  # it was through, and killed on its way out
        if process.returncode and not done:
            yield f"again: code {process.returncode}: {said[-300:]}"
    found = listing(folder)
    if found != held.files:
        other = {path for path in {*found, *held.files} if found.get(path) != held.files.get(path)}
        yield f"other files: {sorted(other)[:5]}"


STARTING = 0.03
"""Seconds in which Python starts, before a line of ours is run."""


def attack(count: int, seed: int) -> list[str]:
    """Stop commands so often; return what was found."""
    chance, found, done = random.Random(seed), [], Counter[str]()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        held = {each: reference(each, folder / "run") for each in COMMANDS}
        for n in range(count):
            each = chance.choice(list(COMMANDS))
            by = chance.choice((signal.SIGKILL, signal.SIGKILL, signal.SIGINT))
            part = chance.random()
            done[f"{each} {by.name}"] += 1
            wrong = faults(each, folder / "run", held[each], part, by)
            found += [f"{n}: {each} {by.name} at {part:.3f}: {fault}" for fault in wrong]
    print(dict(sorted(done.items())))
    return found


if __name__ == "__main__":
    told = attack(
        int(sys.argv[1]) if len(sys.argv) > 1 else 100, int(sys.argv[2]) if len(sys.argv) > 2 else 13
    )
    print("\n".join(told) or "nothing left over, data whole")
    sys.exit(bool(told))
