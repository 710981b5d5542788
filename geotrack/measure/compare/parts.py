"""Countries with their parts on one timeline: China's provinces, the United States' states as snapshots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from geotrack.language import catalogue
from geotrack.map import slices
from geotrack.measure import levels as nesting
from geotrack.measure.compare.comparison import Comparison, say, section
from geotrack.measure.lines import Line
from geotrack.model import AT_MOST, DERIVED, LOWER_BOUND, SAID, STATUSES, Slice

if TYPE_CHECKING:
    from geotrack.store.folder import DataFolder

COLUMNS = {
    "period": "period",
    "code": "code",
    "name": "name",
    "value": "world",
    "status": "status",
    "note": "note",
}


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
class CountryParts:
    """A country with its parts: names by code, and what `levels.nest` found."""

    code: str
    names: dict[str, str]
    found: nesting.Nested


CHINA, STATES = ("CHN", "cbeci-china-provinces"), ("USA", "cbeci-us-states")


def levels(data: DataFolder, lang: str) -> Comparison:
    """Every country of the Cambridge map, China by province and the United States by state where given."""
    return _timeline(data, "levels", (CHINA, STATES), lang)


def provinces(data: DataFolder, lang: str) -> Comparison:
    """China's provinces as shares of the world, and China itself where they stop."""
    return _timeline(data, "provinces", (CHINA,), lang, only="CHN")


def states(data: DataFolder, lang: str) -> Comparison:
    """The United States' states in the months that a source gives them, as shares of the world."""
    return _timeline(data, "states", (STATES,), lang, only="USA")


def _timeline(
    data: DataFolder, name: str, wanted: tuple[tuple[str, str], ...], lang: str, only: str = ""
) -> Comparison:
    world = data.table("cbeci-countries")
    whole = slices.cut(world.observations, world.series.metric("share"), "own")
    splits = {code: _split(data, whole, code, series, lang) for code, series in wanted}
    rows: list[Part] = []
    for t, step in enumerate(whole.slices):
        for row, code in enumerate(whole.units):
            if (not only or code == only) and whole.status[row, t]:
                value, status = float(whole.values[row, t]), STATUSES[whole.status[row, t]]
                period = catalogue.period(step.start, step.end, lang)
                alone = Part(period, code, _name(data, code, lang), value, status)
                rows += _parts(alone, splits[code], t, lang) if code in splits else [alone]
    said = tuple(_said(each, whole.slices, _name(data, code, lang), lang) for code, each in splits.items())
    tables = [world, *(data.table(series) for _, series in wanted)]
    notes = tuple(
        say(lang, "all", head=t.series.name, value=catalogue.term(text, lang))
        for t in tables
        for text in t.series.table_caveats
    )
    return Comparison(name, say(lang, name), said, (section(lang, "once", COLUMNS, rows),), notes, lang)


def _name(data: DataFolder, code: str, lang: str) -> str:
    return catalogue.place(data.regions.table[code], lang)


def _split(data: DataFolder, whole: slices.Cut, code: str, series: str, lang: str) -> CountryParts:
    own, regions = data.table(series), data.regions
    parts = slices.cut(own.observations, own.series.metric("share"), "own")
    row = whole.units.index(code)
    line = Line(regions.name(code), whole.values[row], whole.status[row])
    named = [u for u, unit in enumerate(parts.units) if regions.level(unit) == "subdivision"]
    there = {(step.start, step.end): t for t, step in enumerate(parts.slices)}
    steps = enumerate(whole.slices)
    same = {t: there[step.start, step.end] for t, step in steps if (step.start, step.end) in there}
    found = nesting.nest(line, parts.values[named], parts.status[named], same)
    return CountryParts(code, {parts.units[u]: _name(data, parts.units[u], lang) for u in named}, found)


def _parts(country: Part, split: CountryParts, t: int, lang: str) -> list[Part]:
    """The parts of a country in a slice and what is in none, or the country where it is not split."""
    found = split.found
    if not found.split[t]:
        return [replace(country, note=say(lang, f"whole_{found.why[t]}"))]
    rows = [
        Part(country.period, code, name, float(found.values[p, t]), STATUSES[found.status[p, t]])
        for p, (code, name) in enumerate(split.names.items())
        if np.isfinite(found.values[p, t])
    ]
    open_ = bool((found.status[:, t] == LOWER_BOUND).any())
    status, why = (SAID[AT_MOST], say(lang, "atMost")) if open_ else (STATUSES[DERIVED], "")
    rest, name = float(found.unsplit[t]), say(lang, "unsplit", name=country.name)
    return [*rows, Part(country.period, f"{split.code}-rest", name, rest, status, why)]


def _said(split: CountryParts, steps: Sequence[Slice], name: str, lang: str) -> str:
    where = [step for t, step in enumerate(steps) if split.found.split[t]]
    span = catalogue.period(where[0].start, where[0].end, lang) if where else ""
    if len(where) > 1:
        last = catalogue.period(where[-1].start, where[-1].end, lang)
        span = catalogue.said(lang, "period", "span", start=span, end=last)
    return say(lang, "split", name=name, count=str(len(where)), all=str(len(steps)), span=span)
