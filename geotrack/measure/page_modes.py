"""The modes of a shift's page, made from a map; their numbers are those of `shift` and `flows`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from geotrack.geo import sphere
from geotrack.language import catalogue
from geotrack.map.content import Content, Modes, PairFlows, ScenarioTracks
from geotrack.measure import centre, changes, flows, lines, parts, scenarios, shares, shift
from geotrack.measure.intervals import ASSUMPTIONS
from geotrack.measure.shares import Shares, groups_of, rest_name
from geotrack.model import PERCENT

MOST_PAIRS = 500
"""Pairs of slices whose flows a page carries (32 slices); a map of more has no mode of flows."""


def modes_of(content: Content, inner: Sequence[tuple[str, Content]] = ()) -> Modes:
    """Return what the page of a shift shows beside the levels.

    Parameters
    ----------
    inner : code of a region, and a map of its parts.

    Raises
    ------
    SpecError : parts of what is no region, or of another time.
    """
    mapped = np.array([bool(unit.members) for unit in content.units])
    table = shares.shares_of(content, content.layers[0], groups_of(content, content.layers[0], ()))
    spots = centre.places(content)
    readings, names = _readings(content, table, spots)
    return Modes(
        slices=content.slices,
        changes=tuple(changes.difference_classes(layer, mapped, content.lang) for layer in content.layers),
        inner=tuple(parts.parts_of(content, code, each) for code, each in inner),
        readings=readings,
        names=names,
        flows=_flows(content, table, spots),
        km=_distances(content, table, spots),
        few=table.few(range(len(content.slices))),
        rest=rest_name(table, content.lang),
        assumptions=_assumptions(content),
    )


def _assumptions(content: Content) -> dict[str, str]:
    """What the bands of a map's lines may rest on: of a sample only where its publisher states one."""
    series = content.series
    texts = {**ASSUMPTIONS, **scenarios.families(series)}
    return {
        name: catalogue.term(text, content.lang)
        for name, text in texts.items()
        if name != "sample" or series.samples
    }


def _readings(
    content: Content, table: Shares, spots: np.ndarray
) -> tuple[tuple[ScenarioTracks, ...], dict[str, str]]:
    """The measures of every scenario that changes something."""
    found: list[ScenarioTracks] = []
    names: dict[str, str] = {}
    for each in scenarios.scenarios(content.series):
        told = shift.follow((content, content.layers[0]), table, spots, each)
        if told is None:
            continue
        sentences = tuple(lines.sentence(crossing, content.lang) for crossing in told.crossings)
        title, assumption = (catalogue.term(text, content.lang) for text in (each.title, each.assumption))
        found.append(ScenarioTracks(each.name, title, assumption, told.tracks, sentences))
        names |= told.names
    return tuple(found), names


def _flows(content: Content, table: Shares, spots: np.ndarray) -> dict[tuple[int, int], PairFlows]:
    """The least movement of every pair of slices that both have figures, and more than a few."""
    count = len(content.slices)
    if count * (count - 1) // 2 > MOST_PAIRS:
        return {}
    place = {unit.code: u for u, unit in enumerate(content.units)}
    rows = np.array([*(place[code] for code in table.codes), -1])
    told = [t for t in range(count) if np.isfinite(table.rest[t])]
    pairs = [
        pair
        for pair in combinations(told, 2)
        if table.comparable(*pair) and not table.few(pair) and table.certain(*pair)
    ]
    found = flows.flows_of([(table.values[:, a], table.values[:, b]) for a, b in pairs], spots, PERCENT)
    return {pair: _in_units(each, rows, table.open(pair)) for pair, each in zip(pairs, found, strict=True)}


def _in_units(least: flows.Flows, rows: np.ndarray, open_: bool) -> PairFlows:
    return PairFlows(
        rows[least.source], rows[least.target], least.amount, least.low, least.high,
        least.least, least.most, least.unique, open_,
    )  # fmt: skip


def _distances(content: Content, table: Shares, spots: np.ndarray) -> np.ndarray:
    """Great-circle distances between units in km; NaN for what has no place."""
    far = np.full((len(content.units) + 1,) * 2, np.nan)
    rows = [[unit.code for unit in content.units].index(code) for code in table.codes]
    far[np.ix_(rows, rows)] = sphere.distances(spots, spots)
    return far
