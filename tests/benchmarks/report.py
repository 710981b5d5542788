"""The figures of a run as Markdown: rivals as they are and as multiples of geotrack, then the budgets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

COLUMNS = {
    "build": "build, s",
    "raw": "page, MB",
    "gzip": "gzipped, MB",
    "first": "first picture, s",
    "thread": "main thread a step, ms",
    "longest": "longest task stepping, ms",
}
SCALES = {"raw": 1e6, "gzip": 1e6, "first": 1e3}

BUDGETS = (
    # what, case by number (None: a command), key, at most, unit, divisor
    ("page 177 x 29", 0, "raw", 380, "kB", 1e3),
    ("page 177 x 29, gzipped", 0, "gzip", 115, "kB", 1e3),
    ("page 241 x 120", 1, "raw", 600, "kB", 1e3),
    ("page 3,231 x 120", 2, "raw", 1200, "kB", 1e3),
    ("page 10,000 x 240", 3, "raw", 2800, "kB", 1e3),
    ("script of a step, 3,231 regions", 2, "call", 4, "ms", 1),
    ("script of a step, 10,000 regions", 3, "call", 8, "ms", 1),
    ("the same moved by a reader, 3,231 regions", 2, "own step", 4, "ms", 1),
    ("the same moved by a reader, 10,000 regions", 3, "own step", 8, "ms", 1),
    ("longest task while playing, 177 x 29", 0, "play", 50, "ms", 1),
    ("longest task while playing, 241 x 120", 1, "play", 50, "ms", 1),
    ("longest task while playing, 3,231 x 120", 2, "play", 50, "ms", 1),
    ("longest task while playing, 10,000 x 240", 3, "play", 50, "ms", 1),
    ("most processor time of a task while playing, 3,231 x 120", 2, "play cpu", 50, "ms", 1),
    ("most processor time of a task while playing, 10,000 x 240", 3, "play cpu", 50, "ms", 1),
    ("first picture, 241 x 120", 1, "first", 1, "s", 1e3),
    ("build in process, 241 x 120", 1, "build", 1, "s", 1),
    ("geotrack build shift", None, "geotrack build shift", 2.5, "s", 1),
    ("geotrack build (all default maps)", None, "geotrack build", 8, "s", 1),
    ("geotrack --help", None, "geotrack --help", 0.4, "s", 1),
)


def markdown(result: Mapping[str, Any]) -> str:
    """Return the report of a run.

    Parameters
    ----------
    result : machine, rows and commands, as run.py makes them.
    """
    lines = [*_machine(result["machine"]), ""]
    for name in dict.fromkeys(row["case"] for row in result["rows"]):
        lines += [*_case(name, [row for row in result["rows"] if row["case"] == name]), ""]
    lines += ["### Budgets", "", "| what | measured | at most | |", "|---|---|---|---|"]
    return "\n".join([*lines, *_budgets(result), ""])


def _machine(machine: Mapping[str, Any]) -> list[str]:
    packages = ", ".join(f"{name} {number}" for name, number in machine["packages"].items())
    return [
        f"{machine['cores']} cores, {machine['system']}, Python {machine['python']}, headless Chromium "
        f"{machine['chromium']} without GPU; "
        f"load {machine['load before']} before, {machine['load after']} after.",
        f"{packages}.",
    ]


def _case(name: str, rows: list[Mapping[str, Any]]) -> Iterator[str]:
    yield f"### {name}"
    yield ""
    yield f"| tool | {' | '.join(COLUMNS.values())} |"
    yield "|---" * (len(COLUMNS) + 1) + "|"
    ours = rows[0]
    for row in rows:
        cells = [_cell(row, ours, key) for key in COLUMNS]
        note = f" ({row['left out']})" if "left out" in row else " (failed)" if "failed" in row else ""
        yield f"| {row['tool']}{note} | {' | '.join(cells)} |"


def _cell(row: Mapping[str, Any], ours: Mapping[str, Any], key: str) -> str:
    if key not in row:
        return "n/a"
    text = _short(row[key] / SCALES.get(key, 1))
    if key == "longest" and not row[key]:
        return "none > 50"
    if row is ours or not ours.get(key):
        return text
    return f"{text} ({row[key] / ours[key]:.2g}×)"


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _budgets(result: Mapping[str, Any]) -> Iterator[str]:
    ours = [row for row in result["rows"] if row["tool"] == "geotrack"]
    for what, case, key, most, unit, divisor in BUDGETS:
        found = result["commands"] if case is None else ours[case] if case < len(ours) else {}
        if key in found:
            value = found[key] / divisor
            text = "none > 50" if key == "play" and not value else f"{_short(value)} {unit}"
            yield f"| {what} | {text} | {most} {unit} | {'' if value <= most else '**missed**'} |"
