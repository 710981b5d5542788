"""Countries with their parts on one timeline: China's provinces, the United States' states as snapshots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from geotrack import levels as nesting
from geotrack import slices
from geotrack.compared import Comparison, Section
from geotrack.model import LOWER_BOUND, STATUSES, Slice
from geotrack.shelf import Shelf
from geotrack.shift import Line

COLUMNS = {"period": "period", "code": "code", "name": "name", "value": "% of the world", "status": "status",
           "note": "note"}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A row of the timeline: a part, what is in no part, or the country where it is not split."""

    period: str
    code: str
    name: str
    value: float
    status: str
    note: str = ""


@dataclass(frozen=True, eq=False)
class Split:
    """A country with its parts: names by code, and what `levels.nest` found."""

    code: str
    names: dict[str, str]
    found: nesting.Nested


CHINA, STATES = ("CHN", "cbeci-china-provinces"), ("USA", "cbeci-us-states")


def levels(shelf: Shelf) -> Comparison:
    """Every country of the Cambridge map, China by province and the United States by state where given."""
    title = "Countries, China's provinces and US states on one timeline, as shares of the world's hashrate"
    return _timeline(shelf, "levels", title, (CHINA, STATES))


def provinces(shelf: Shelf) -> Comparison:
    """China's provinces as shares of the world, and China itself where they stop."""
    title = "China by province, as shares of the world's hashrate"
    return _timeline(shelf, "provinces", title, (CHINA,), only="CHN")


def states(shelf: Shelf) -> Comparison:
    """The United States' states in the months that a source gives them, as shares of the world."""
    title = "The United States by state, as shares of the world's hashrate"
    return _timeline(shelf, "states", title, (STATES,), only="USA")


def _timeline(
    shelf: Shelf, name: str, title: str, wanted: tuple[tuple[str, str], ...], only: str = ""
) -> Comparison:
    world = shelf.table("cbeci-countries")
    whole = slices.cut(world.observations, world.series.metric("share"), "own")
    regions = shelf.regions
    splits = {code: _split(shelf, whole, code, series) for code, series in wanted}
    rows: list[Part] = []
    for t, step in enumerate(whole.slices):
        for row, code in enumerate(whole.units):
            if (not only or code == only) and whole.status[row, t]:
                value, status = float(whole.values[row, t]), STATUSES[whole.status[row, t]]
                alone = Part(step.label, code, regions.name(code), value, status)
                rows += _parts(alone, splits[code], t) if code in splits else [alone]
    said = tuple(_said(each, whole.slices, regions.name(code)) for code, each in splits.items())
    tables = [world, *(shelf.table(series) for _, series in wanted)]
    notes = tuple(f"{t.series.name}: {text}" for t in tables for text in t.series.caveats)
    return Comparison(name, title, said, (Section("Nothing counted twice", COLUMNS, tuple(rows)),), notes)


def _split(shelf: Shelf, whole: slices.Cut, code: str, series: str) -> Split:
    own, regions = shelf.table(series), shelf.regions
    parts = slices.cut(own.observations, own.series.metric("share"), "own")
    row = whole.units.index(code)
    line = Line(regions.name(code), whole.values[row], whole.status[row])
    named = [u for u, unit in enumerate(parts.units) if regions.level(unit) == "subdivision"]
    there = {(step.start, step.end): t for t, step in enumerate(parts.slices)}
    steps = enumerate(whole.slices)
    same = {t: there[step.start, step.end] for t, step in steps if (step.start, step.end) in there}
    found = nesting.nest(line, parts.values[named], parts.status[named], same)
    return Split(code, {parts.units[u]: regions.name(parts.units[u]) for u in named}, found)


def _parts(country: Part, split: Split, t: int) -> list[Part]:
    """The parts of a country in a slice and what is in none, or the country where it is not split."""
    found = split.found
    if not found.split[t]:
        return [replace(country, note=f"not split: {found.why[t]}")]
    rows = [
        Part(country.period, code, name, float(found.values[p, t]), STATUSES[found.status[p, t]])
        for p, (code, name) in enumerate(split.names.items())
        if np.isfinite(found.values[p, t])
    ]
    at_most = "at most, because a part is a lower bound" if (found.status[:, t] == LOWER_BOUND).any() else ""
    rest = float(found.unsplit[t])
    return [
        *rows,
        Part(country.period, f"{split.code}-rest", f"{country.name}, not split", rest, "derived", at_most),
    ]


def _said(split: Split, steps: Sequence[Slice], name: str) -> str:
    labels = [step.label for t, step in enumerate(steps) if split.found.split[t]]
    span = f"{labels[0]} to {labels[-1]}" if len(labels) > 1 else "".join(labels)
    return (
        f"{name}: a part's share of the world is derived, its share of the country times the country's. "
        f"Split in {len(labels)} of {len(steps)} months ({span}); elsewhere the country stands for itself."
    )
