"""Measure geotrack beside its rivals, in one run on one machine, and write a table of figures and ratios.

    python tests/benchmarks/run.py [--quick] [--all] [--only TOOL] [--counties FILE] [--runs N]
                                   [--json FILE] [--markdown FILE]

Needs the extra `bench`, vl-convert-python for Altair's inline pages, Chromium, and npm for what is not on
PyPI. Never collected by pytest; nothing here is a verdict, the budgets are printed beside what was measured.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from browser import launch, measure
from cases import Case, cases
from playwright.sync_api import Browser, sync_playwright
from report import markdown
from tools import TOOLS, Tool

PACKAGES = ("geotrack", "folium", "plotly", "altair", "bokeh", "pandas", "geopandas", "numpy", "playwright")


def main() -> None:
    """Measure and report."""
    asked = _arguments()
    chosen = list(cases(asked.counties))[: 1 if asked.quick else None]
    runs = 1 if asked.quick else asked.runs
    rows = []
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = launch(playwright)
        machine = _machine(browser)
        for case in chosen:
            rows += _rows(case, browser, Path(folder), runs, asked)
        browser.close()
        commands = _commands(Path(folder), runs)
    result = {"machine": machine | {"load after": _load()}, "rows": rows, "commands": commands}
    if asked.json:
        asked.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    text = markdown(result)
    if asked.markdown:
        asked.markdown.write_text(text, encoding="utf-8")
    print(text)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="the smallest case, once")
    parser.add_argument("--all", action="store_true", help="also what is known to take minutes")
    parser.add_argument("--only", default="", help="only tools with this in their name")
    parser.add_argument("--counties", type=Path, help="us-atlas' counties-10m.json or its tarball")
    parser.add_argument(
        "--runs", type=int, default=3, help="fresh builds and pages per figure; medians count"
    )
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    parser.add_argument("--markdown", type=Path, help="write the table to this file")
    return parser.parse_args()


def _rows(
    case: Case, browser: Browser, folder: Path, runs: int, asked: argparse.Namespace
) -> list[dict[str, Any]]:
    """Measure all tools in turn, then again: what else the machine does then falls on all of them alike."""
    chosen = [tool for tool in TOOLS if asked.only in tool.name]
    left = {tool.name for tool in chosen if tool.largest and case.values.size > tool.largest}
    left = set() if asked.all else left
    found: dict[str, list[dict[str, Any]]] = {tool.name: [] for tool in chosen}
    for run in range(runs):
        for tool in chosen:
            if tool.name not in left and not any("failed" in run for run in found[tool.name]):
                found[tool.name].append(_once(tool, case, browser, folder, warm=not run))
                print(case.name, tool.name, found[tool.name][-1], file=sys.stderr, flush=True)
    note = {"left out": "too large for this tool; --all tries it"}
    head = [{"tool": tool.name, "case": case.name} for tool in chosen]
    return [h | (note if h["tool"] in left else _medians(found[h["tool"]])) for h in head]


def _once(tool: Tool, case: Case, browser: Browser, folder: Path, *, warm: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"load": _load()}
    try:
        if warm:
            tool.build(_small(case))  # imports and caches
        start = time.perf_counter()
        text = tool.build(case)
        row["build"] = round(time.perf_counter() - start, 3)
        path = folder / "page.html"
        path.write_text(text, encoding="utf-8")
        row |= _sizes(text.encode(), list(tool.files().values()))
        del text
        return row | measure(browser, path, tool.controls(case), len(case.periods))
    except Exception as error:  # a rival that fails is a result too
        return row | {"failed": f"{type(error).__name__}: {error}".splitlines()[0][:200]}


def _medians(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the median of each figure, and every run's for those who want the spread."""
    failed = [run for run in runs if "failed" in run]
    if failed:
        return {"failed": failed[0]["failed"], "runs": runs}
    return {key: round(median(run[key] for run in runs), 3) for key in runs[0]} | {"runs": runs}


def _small(case: Case) -> Case:
    return Case(case.name, case.shapes, case.shipped, case.periods[:2], case.values[:, :2])


def _sizes(page: bytes, files: list[bytes]) -> dict[str, int]:
    return {
        "raw": len(page) + sum(map(len, files)),
        "gzip": sum(len(gzip.compress(part, 9)) for part in (page, *files)),
        "html": len(page),
    }


def _commands(folder: Path, runs: int) -> dict[str, float]:
    """Time the command line in fresh processes, with bytecode compiled by one run before."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    wanted = {
        "geotrack --help": ["--help"],
        "geotrack build shift": ["build", "shift", "--out", str(folder)],
        "geotrack build": ["build", "--out", str(folder)],
    }
    found = {}
    for name, arguments in wanted.items():
        taken = list(_processes([sys.executable, "-m", "geotrack", *arguments], environment, runs))
        found[name] = round(median(taken), 2)
    return found


def _processes(command: list[str], environment: dict[str, str], runs: int) -> Iterator[float]:
    for run in range(runs + 1):
        start = time.perf_counter()
        subprocess.run(command, env=environment, check=True, capture_output=True)
        if run:
            yield time.perf_counter() - start


def _machine(browser: Browser) -> dict[str, Any]:
    return {
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "chromium": browser.version,
        "load before": _load(),
        "packages": {name: version(name) for name in PACKAGES},
    }


def _load() -> float:
    return round(os.getloadavg()[0], 1)


if __name__ == "__main__":
    main()
