"""The modes of a shift as the page's script reads them: JSON, its tables packed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from functools import cache
from typing import Any, cast

import numpy as np

from geotrack.language.catalogue import said, words_of
from geotrack.language.numbers import DUST, settled, telling
from geotrack.map.classes import legend_order
from geotrack.map.content import (
    UNSTABLE,
    Classes,
    Content,
    Inner,
    Layer,
    Modes,
    PairFlows,
    ScenarioTracks,
)
from geotrack.map.measures import BOUNDED, BY_TRACK, MEASURES, Measure, MeasureTrack, Tracks
from geotrack.model import AT_MOST, LOWER_BOUND, REPORTED
from geotrack.render.page.assets import built
from geotrack.render.page.packing import deflated, varints
from geotrack.render.page.payload import edges, has_degrees, payload


def _in_order() -> tuple[MeasureTrack, ...]:
    """The tracks that a page holds, measure by measure, in the order of `Tracks`."""
    place = {each.name: i for i, each in enumerate(fields(Tracks))}
    held = [[track for track in each.tracks if track.packed] for each in MEASURES]
    held.sort(key=lambda tracks: place[tracks[0].name] if tracks else 0)
    return tuple(track for tracks in held for track in tracks)


PACKED = _in_order()
DIGITS = {track.name: BY_TRACK[track.name].digits for track in PACKED}
"""Decimals that each measure is packed with; `_decimals` has those of shares and flows, which a map decides.

The page's script is handed all of them, and reads no number with others."""

EXACT = 6  # decimals to which the program that finds flows is right
POINTS = 2  # decimals of shares and flows


def shown(content: Content) -> Modes | None:
    """Return the modes that a map's page shows: none in a compact map, or in one of other slices."""
    modes: Modes | None = content.modes
    if modes is None or modes.slices != content.slices or content.layout != "full" or content.fixed:
        return None
    return modes


@cache
def mode_script() -> str:
    """Return the modes' script, deflated."""
    return deflated(built("shift.js").encode("utf-8"))


def packed(content: Content, modes: Modes, version: str) -> str:
    """Return everything that the modes' script reads, deflated."""
    names = ["levels", "difference"]
    centred, placed = bool(modes.readings) and not modes.few, has_degrees(content)
    names += ["centre"] if centred and placed else []
    names += ["flows"] if modes.flows else []
    digits = _decimals(modes)
    table = {
        "words": _words(content, modes),
        "names": [*names, "twin"],
        "changes": [_classes(each, layer) for each, layer in zip(modes.changes, content.layers, strict=True)],
        "digits": digits,
        "measures": _measures(modes.few, content.lang),
        "unstable": UNSTABLE,
        "readings": [
            _reading(each, digits, _held(modes.few), bands=i == 0) for i, each in enumerate(modes.readings)
        ],
        "lines": dict(modes.names),
        "assumptions": dict(modes.assumptions),
        "flows": _flows(modes.flows, len(content.slices), digits["flow"]),
        "km": None if modes.km is None else _scaled(modes.km.ravel(), digits["km"]),
        "inner": [_inner(each, version) for each in modes.inner],
        "panels": [{"title": panel.title, "spans": panel.spans} for panel in modes.revenue],
        "moves": _moves(content, modes),
    }
    if centred and not placed:
        table["leftOut"] = said(content.lang, "shift", "noPolarMap", projection=content.boundaries.crs)
    return deflated(json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode("utf-8"))


def _words(content: Content, modes: Modes) -> dict[str, Any]:
    """The words of the modes: what flows are not, and what the rest is, in those of the series."""
    words, moves = words_of(content.lang, "modes"), content.series.moves
    own = {"flowsWhat": said(content.lang, "modes", "flowsWhatOf", moves=moves)} if moves else {}
    return {key: text for key, text in words.items() if key != "flowsWhatOf"} | own | {"rest": modes.rest}


def _decimals(modes: Modes) -> dict[str, int]:
    """Decimals of all that is packed.

    Shares and flows have two, or as many as tell the least of them from nothing; the bands' ends one more, as
    rounding alone is half of the last.
    """
    lines = [line for reading in modes.readings for line in reading.tracks.lines.values()]
    points = telling(np.concatenate([*lines, *(pair.amount for pair in modes.flows.values()), []]), POINTS)
    return DIGITS | {"share": points, "flow": points, "band": points + 1, "km": 0}


def _held(few: bool) -> tuple[MeasureTrack, ...]:
    """The tracks of a page; of few regions those that two or three have as well."""
    return tuple(track for track in PACKED if BY_TRACK[track.name].few or not few)


def _measures(few: bool, lang: str) -> list[dict[str, Any]]:
    """What the page's script knows of each measure that it tells; last what two or three regions have too."""
    held = [each for each in MEASURES if each.packed and (each.few or not few)]
    return [_measure(each, lang) for each in sorted(held, key=lambda each: each.few)]


def _measure(measure: Measure, lang: str) -> dict[str, Any]:
    side = BOUNDED.get(measure.bound, REPORTED)
    ends = (measure.packed.get(LOWER_BOUND), measure.packed.get(AT_MOST))
    low, high = ends if all(ends) else ("", "")
    return {
        "key": measure.key,
        "title": said(lang, "shift", measure.key),
        "column": measure.column or measure.key,
        "unit": measure.unit,
        "pair": measure.pair,
        "told": measure.packed[side],
        "bound": side,
        "low": low,
        "high": high,
    }


def _classes(found: Classes, layer: Layer) -> dict[str, Any]:
    return {
        "edges": edges(found.edges, layer),
        "zero": found.zero,
        "labels": list(found.labels),
        "order": legend_order(cast("Layer", found)),
        "light": list(found.light),
        "dark": list(found.dark),
    }


def _reading(
    reading: ScenarioTracks, digits: Mapping[str, int], held: tuple[MeasureTrack, ...], bands: bool
) -> dict[str, Any]:
    tracks = reading.tracks
    told: dict[str, Any] = {
        each.name: _scaled(getattr(tracks, each.name), digits[each.name], _told(tracks, each))
        for each in held
    }
    kept = tracks.bands if bands else {}
    return told | {
        "name": reading.name,
        "title": reading.title,
        "assumption": reading.assumption,
        "crossings": list(reading.crossings),
        "open": np.flatnonzero(tracks.open).tolist(),
        "lines": {
            code: _scaled(line, digits["share"], tracks.statuses[code]) for code, line in tracks.lines.items()
        },
        "least": {
            code: np.flatnonzero(status == LOWER_BOUND).tolist() for code, status in tracks.statuses.items()
        },
        "most": {
            code: _scaled(line, digits["share"], AT_MOST)
            for code, line in tracks.most.items()
            if np.isfinite(line).any()
        },
        "bands": {
            code: {name: _band(low, high, digits["band"]) for name, (low, high) in ends.items()}
            for code, ends in kept.items()
        },
    }


def _band(low: np.ndarray, high: np.ndarray, digits: int) -> list[list[int | None]]:
    """The ends of an interval, each rounded to its safe side; of a point, which would look like one, none."""
    wide = high - low > DUST
    ends = (low, LOWER_BOUND), (high, AT_MOST)
    return [_scaled(np.where(wide, end, np.nan), digits, status) for end, status in ends]


def _told(tracks: Tracks, track: MeasureTrack) -> np.ndarray | int:
    """The side that each figure of a measure is rounded to: none where it is exact."""
    if track.side == REPORTED:
        return REPORTED
    return np.where(tracks.open | _wide(tracks, BY_TRACK[track.name], track), track.side, REPORTED)


def _wide(tracks: Tracks, measure: Measure, track: MeasureTrack) -> np.ndarray:
    """Where an end of an interval is not the other end too."""
    line = getattr(tracks, track.name)
    if measure.pair:  # the first slice is one of the two
        return np.asarray(tracks.open[np.isfinite(line)][:1].any())
    ends = {each.side: getattr(tracks, each.name) for each in measure.tracks}
    if AT_MOST not in ends:
        return np.zeros(len(line), dtype=bool)
    return np.asarray(ends[AT_MOST] - ends.get(LOWER_BOUND, 0.0) > DUST)


def _scaled(values: np.ndarray, digits: int, status: np.ndarray | int = REPORTED) -> list[int | None]:
    kept = settled(values, digits, status) * 10.0**digits
    return [int(np.rint(each)) if np.isfinite(each) else None for each in kept]


def _flows(flows: Mapping[tuple[int, int], PairFlows], count: int, points: int) -> str:
    """All pairs in the order of the earlier, then the later slice, as varints, column by column.

    Per pair how many flows and one more, 0 if there are none to tell; per pair that has them 1 if no other
    flow is as short, else 0, then least and most. Per flow its source, then its target (units, the rest
    first), then its amount; last, of those that are not unique, least and greatest.
    """
    every = [flows.get((a, b)) for a in range(count) for b in range(a + 1, count)]
    told = [pair for pair in every if pair is not None]
    loose = [pair for pair in told if not pair.unique]
    wide = np.array([pair.open for pair in told], dtype=bool)
    columns: list[list[Any]] = [
        [0 if pair is None else len(pair.amount) + 1 for pair in every],
        [int(pair.unique) for pair in told],
        _scaled(
            _column((pair.least for pair in told), points), points, np.where(wide, LOWER_BOUND, REPORTED)
        ),
        _scaled(_column((pair.most for pair in told), points), points, np.where(wide, AT_MOST, REPORTED)),
        [int(source) + 1 for pair in told for source in pair.source],
        [int(target) + 1 for pair in told for target in pair.target],
        _scaled(_column((amount for pair in told for amount in pair.amount), points), points),
        [end for pair in loose for ends in _ends(pair, points) for end in ends],
    ]
    return deflated(varints(np.array([number for column in columns for number in column], dtype=np.uint64)))


def _column(values: Iterable[float], points: int) -> np.ndarray:
    """What the program found, without what it may miss by."""
    return settled(np.array([*values], dtype=np.float64), max(EXACT, points))


def _ends(pair: PairFlows, points: int) -> list[tuple[int | None, int | None]]:
    low = _scaled(_column(pair.low, points), points, LOWER_BOUND)
    high = _scaled(_column(pair.high, points), points, AT_MOST)
    return list(zip(low, high, strict=True))


def _moves(content: Content, modes: Modes) -> list[dict[str, Any]]:
    """The recorded moves between regions of the map."""
    places = {unit.code: u for u, unit in enumerate(content.units) if unit.members}
    return [
        {"source": places[m.source], "target": places[m.target], "amount": int(m.amount),
         "atLeast": m.at_least, "title": m.title, "by": m.known_by}
        for m in modes.machines if m.source in places and m.target in places
    ]  # fmt: skip


def _inner(inner: Inner, version: str) -> dict[str, Any]:
    page = payload(inner.content, version, quantum=1e3)
    for name in ("words", "events", "groups", "citation", "format", "version", "opening"):
        del page[name]
    return {"code": inner.code, "snapshot": inner.snapshot, "until": inner.until, "page": page}
