"""From a map to a measured shift: the groups, the readings, the numbers and their words put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from geotrack.errors import SpecError
from geotrack.language import catalogue
from geotrack.map import views
from geotrack.measure import bounds, centre, flows, scenarios, shares
from geotrack.measure import tracks as measure_tracks
from geotrack.measure.lines import Crossing, crossing, within
from geotrack.measure.result import ShiftResult
from geotrack.measure.rows import (
    REST,
    Stated,
    amounts_of,
    decimals,
    exact,
    most,
    refuse_alone,
    rows,
    told_first,
)
from geotrack.measure.shares import Members, Shares, groups_of, rest_name
from geotrack.measure.tracks import WantedFigures, headline
from geotrack.measure.values import Flow, Row, ScenarioCrossing
from geotrack.model import AT_MOST, ESTIMATED, LOWER_BOUND, MISSING, PERCENT

if TYPE_CHECKING:
    from geotrack.map.content import Content, Layer
    from geotrack.map.measures import Tracks

MOST_NAMED = 8
Families = dict[str, list[measure_tracks.Reading]]
Places = Mapping[str, tuple[float, float]]


def measure(
    content: Content,
    first: str = "first",
    last: str = "last",
    *,
    groups: str | Sequence[str] | Mapping[str, Sequence[str]] = (),
    scenario: str = "reported",
    metric: str = "",
    places: Places | None = None,
) -> ShiftResult:
    """Measure what moved between two slices.

    Parameters
    ----------
    first, last : slices by name, such as "2019-09"; the earlier one comes first whatever the order.
    groups : codes of regions, of the map's groups or of aggregates; or name -> codes; see `groups_of` for
        what is told if none is given.
    scenario : name of a reading of the figures, see `scenarios.scenarios`.
    metric : the map's first metric if not given.
    places : code -> longitude and latitude, instead of the centres of area.

    Raises
    ------
    SpecError : names that the map does not have, a scenario that is not known or that changes nothing; a
        slice in which one figure is all of the sum; two slices neither of which has a figure.
    """
    view = _chosen(content, first, last, metric)
    wanted, chosen = groups_of(content, view.layer, groups), scenarios.scenario(content.series, scenario)
    ends = view.slices[0], view.slices[1]
    table = _table(content, view.layer, wanted, ends)
    read = scenarios.read(content, view.layer, table, [chosen])
    if read is None:
        raise SpecError(f"{content.id}: scenario {scenario!r} ({chosen.title}) changes nothing; leave it out")
    spots, lang = centre.places(content, places), content.lang
    amounts = amounts_of(content, view.layer, wanted, chosen)
    readings = _readings(table, read, chosen, spots, (content, view.layer))
    told = rows(read, amounts, ends, Stated(table, lang, _shares_of(readings[1])))
    digits = decimals(view.layer, ends, told)
    return ShiftResult(
        id=content.id,
        first=content.slices[ends[0]],
        last=content.slices[ends[1]],
        scenario=scenario,
        assumption=catalogue.term(chosen.assumption, lang),
        rows=tuple(told),
        digits=digits,
        **_about(content, view.layer, ends, wanted),
        **_numbers(readings, ends, content, told, digits),
        **_least_movement(read, spots, ends, lang),
    )


def _table(content: Content, layer: Layer, wanted: tuple[Members, ...], ends: tuple[int, int]) -> Shares:
    found = told_first(shares.shares_of(content, layer, wanted), ends)
    refuse_alone(content, layer, ends)
    if not layer.status[:, list(ends)].any():
        between = " nor ".join(content.slices[t].iso for t in ends)
        known = ", ".join(content.slices[t].iso for t in np.flatnonzero(layer.status.any(axis=0)).tolist())
        raise SpecError(
            f"{content.id}: metric {layer.metric.name!r} has no figure in {between}, only in "
            f"{known}: nothing is known of a shift between the two; choose others, or another metric"
        )
    return found


def _chosen(content: Content, first: str, last: str, metric: str) -> views.View:
    if len(content.slices) == 1:
        raise SpecError(
            f"{content.id}: has one slice, {content.slices[0].iso}; a shift is between two; "
            "choose a series of several"
        )
    return views.choose(content, "difference", (first, last), metric)


@dataclass(frozen=True, eq=False)
class Followed:
    """What a reading of the figures says over all slices: see `Measured` for the fields."""

    tracks: Tracks
    names: dict[str, str]
    pairs: tuple[tuple[str, str], ...]
    crossings: tuple[Crossing, ...]


def follow(
    of: tuple[Content, Layer], table: Shares, spots: np.ndarray, chosen: scenarios.Scenario
) -> Followed | None:
    """Follow groups and leaders from the first slice to the last, as `measure` does; None if nothing changes.

    Parameters
    ----------
    of : a map and one of its layers. table : the layer's shares with their groups.
    spots : a place for each of its rows, see `centre.places`.
    """
    read = scenarios.read(*of, table, [chosen])
    if read is None:
        return None
    reading, families = _readings(table, read, chosen, spots, of)
    return _followed(reading, families, (0, len(of[0].slices) - 1), of[0].series.samples)


def _followed(
    reading: measure_tracks.Reading, families: Families, ends: tuple[int, int], samples: bounds.Samples
) -> Followed:
    table, pairs = reading.shares, tuple(_pairs(reading.shares, ends))
    asked = [*(group.code for group in table.groups), *(code for pair in pairs for code in pair)]
    lines = list(dict.fromkeys(asked or _leader(table, ends[0])))
    return Followed(
        replace(
            measure_tracks.tracks(reading, lines, bounds.bands(reading, families, lines, samples)),
            most={code: _told_at_most(reading, code) for code in lines},
        ),
        {code: reading.line(code).name for code in lines},
        pairs,
        tuple(_crossing(reading, pair, ends) for pair in pairs),
    )


def _told_at_most(reading: measure_tracks.Reading, code: str) -> np.ndarray:
    """What a line is at most, where that is all that is known of it; else NaN."""
    line = reading.line(code)
    return np.where(line.status == AT_MOST, line.values, most(reading.shares, code))


def _numbers(
    read: tuple[measure_tracks.Reading, Families],
    ends: tuple[int, int],
    content: Content,
    rows: Sequence[Row],
    digits: int,
) -> dict[str, Any]:
    """Headline figures, crossings and tracks of a reading, with what other readings leave open."""
    (reading, families), samples = read, content.series.samples
    told = _followed(reading, families, ends, samples)
    lines = list(told.names)
    values = {key: exact(each) for key, each in measure_tracks.numbers(reading, lines, *ends).items()}
    values |= _at_most(rows, lines)
    found = bounds.intervals_of(reading, families, lines, ends, samples)
    wanted = WantedFigures(
        told.names, {row.code: row for row in rows}, reading.shares.few(ends), digits, content.lang
    )
    return {
        "figures": headline(values, found, wanted, reading.shares, ends),
        "crossings": told.crossings,
        "readings": tuple(_otherwise(families, told.pairs, told.crossings, ends)),
        "tracks": told.tracks,
        "names": told.names,
    }


def _at_most(rows: Sequence[Row], lines: Sequence[str]) -> dict[str, float]:
    """What is known of shares that nobody stated: at most what the other of two parts leaves."""
    told = [row for row in rows if row.upper and row.code in lines]
    parts = ("before", "after", "change")
    return {f"share.{row.code}.{part}": getattr(row, part) for row in told for part in parts}


def _least_movement(read: Shares, spots: np.ndarray, ends: tuple[int, int], lang: str) -> dict[str, Any]:
    found = _least(read, spots, ends)
    return {
        "flows": () if read.few(ends) else tuple(_flows(found, read, lang)),
        "flows_unique": found.unique,
        "flow_work": found.work,
        "flow_dual": found.dual,
    }


def _about(
    content: Content, layer: Layer, ends: tuple[int, int], wanted: tuple[Members, ...]
) -> dict[str, Any]:
    """What a measure is of, and what to know before quoting it."""
    said = dict.fromkeys(
        _say(content, "source", publisher=each.publisher, title=each.title, licence=each.licence)
        for each in content.origins
    )
    return {
        "title": content.title,
        "method": content.series.method,
        "lang": content.lang,
        "metric": layer.metric.title,
        "denominator": layer.metric.denominator,
        "moves": content.series.moves,
        "doubts": scenarios.families(content.series),
        "notes": (
            *_of_sum(content, layer, ends),
            *(group.note for group in wanted if group.note),
            *content.series.table_caveats,
        ),
        "estimates": _estimates(content, layer, ends),
        "sources": catalogue.joint("semicolon", content.lang).join(said),
    }


def _estimates(content: Content, layer: Layer, ends: tuple[int, int]) -> str:
    """Say how many of the figures of the two slices are estimates; "" if none is."""
    known = layer.status[:, list(ends)]
    found, given = int((known == ESTIMATED).sum()), int((known != MISSING).sum())
    if not found:
        return ""
    key = "estimatedAll" if found == given else "estimated"
    return catalogue.counted(content.lang, "shift", key, found, all=str(given))


def _say(content: Content, key: str, **values: str) -> str:
    return catalogue.said(content.lang, "shift", key, **values)


def _of_sum(content: Content, layer: Layer, ends: tuple[int, int]) -> Iterator[str]:
    """What a sum leaves open that stands for a whole: figures that are missing, or at least."""
    if layer.metric.whole is not None:
        return
    if shares.of_totals(layer):
        yield _say(content, "ofTotals")
        return
    if (unknown := shares.open_wholes(content, layer)).any():
        yield _say(content, "ofTotals")
        for t in (t for t in ends if unknown[t]):
            yield _say(content, "openTotal", slice=content.slices[t].label)
        return
    yield _say(content, "ofSum")
    given = layer.status != MISSING
    for t in ends:
        open_ = [
            unit.name
            for u, unit in enumerate(content.units)
            if (given[u].any() and not given[u, t]) or layer.status[u, t] == LOWER_BOUND
        ]
        if open_ and given[:, t].any():
            named = [*open_[:MOST_NAMED], *(["…"] if len(open_) > MOST_NAMED else [])]
            names = catalogue.joined(named, content.lang)
            yield _say(content, "openSum", slice=content.slices[t].label, names=names)


def _readings(
    table: Shares,
    read: Shares,
    chosen: scenarios.Scenario,
    spots: np.ndarray,
    of: tuple[Content, Layer],
) -> tuple[measure_tracks.Reading, Families]:
    """The chosen reading, and by family those of all scenarios that change something."""
    families: Families = {}
    content, others = of[0], _others(table, of[0])
    for each, told in scenarios.beside(*of, table, chosen):
        reading = measure_tracks.Reading(told, spots, others, catalogue.term(each.title, content.lang))
        families.setdefault(each.family or chosen.family, []).append(reading)
    return measure_tracks.Reading(read, spots, others, chosen.title), families


def _shares_of(families: Families) -> tuple[Shares, ...]:
    return tuple(each.shares for family in families.values() for each in family)


def _others(table: Shares, content: Content) -> np.ndarray:
    """Per slice, how many regions the rest may be split into: those of the boundaries without a figure of
    their own in it, as what is not split may lie with the members of a sum."""
    drawn = table.single & np.isin(table.codes, content.boundaries.codes)
    return np.asarray(len(content.boundaries.codes) - np.isfinite(table.values[drawn]).sum(axis=0))


def _leader(table: Shares, t: int) -> list[str]:
    """The region with the largest share in a slice, if any has one."""
    regions = np.where(table.single, table.stated[:, t], np.nan)
    return [table.codes[int(np.nanargmax(regions))]] if np.isfinite(regions).any() else []


def _pairs(table: Shares, ends: tuple[int, int]) -> list[tuple[str, str]]:
    """Who is asked about, against the region that led at first: who leads at the end, and other groups."""
    regions = np.where(table.single[:, None], table.stated, np.nan)[:, list(ends)]
    if not np.isfinite(regions[:, 0]).any():
        return []
    leader = int(np.nanargmax(regions[:, 0]))
    others = np.where(np.arange(len(regions)) == leader, np.nan, regions[:, 1])
    asked = [table.codes[int(np.nanargmax(others))]] if (others > 0).any() else []
    asked += [group.code for group in table.groups if leader not in group.rows]
    return [(code, table.codes[leader]) for code in dict.fromkeys(asked)]


def _crossing(reading: measure_tracks.Reading, pair: tuple[str, str], ends: tuple[int, int]) -> Crossing:
    """When one overtook the other within the span that is asked about: its two slices, and all between."""
    first, second = (within(reading.line(code), ends) for code in pair)
    return crossing(first, second, reading.shares.slices[ends[0] : ends[1] + 1])


def _otherwise(
    families: Families,
    pairs: Sequence[tuple[str, str]],
    crossings: Sequence[Crossing],
    ends: tuple[int, int],
) -> list[ScenarioCrossing]:
    """The crossings under the other scenarios, where they differ."""
    found = []
    for reading in (each for family in families.values() for each in family):
        for pair, told in zip(pairs, crossings, strict=True):
            other = _crossing(reading, pair, ends)
            if not told.covers(other):
                found.append(ScenarioCrossing(reading.title, other))
    return found


def _least(read: Shares, spots: np.ndarray, ends: tuple[int, int]) -> flows.Flows:
    """The least movement; none where a slice adds up to nothing or a lower bound may stand for what moved."""
    before, after = (read.values[:, t] for t in ends)
    told = np.isfinite(read.rest[list(ends)]).all() and read.comparable(*ends)
    if not told or not read.certain(*ends):
        before = after = np.full(len(read.codes), np.nan)
    return flows.flows(before, after, spots, PERCENT)


def _flows(found: flows.Flows, table: Shares, lang: str) -> list[Flow]:
    codes, names = (*table.codes, REST), (*table.names, rest_name(table, lang))
    return [
        Flow(codes[i], codes[j], names[i], names[j], *(float(each) for each in numbers))
        for i, j, *numbers in zip(
            found.source, found.target, found.amount, found.low, found.high, found.distance, strict=True
        )
    ]
