"""A region's parts as a map of their own: provinces' and states' shares of the world, derived and marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from geotrack.errors import SpecError
from geotrack.geo import boundaries
from geotrack.language.numbers import settled, telling
from geotrack.map.content import Content, Inner, Layer, Unit
from geotrack.measure.levels import nest
from geotrack.measure.lines import Line
from geotrack.model import LOWER_BOUND, MISSING

COARSE = 1 / 600  # of the longer side: a drill-down is a small picture beside the map


def parts_of(content: Content, code: str, parts: Content) -> Inner:
    """Return the parts of a region, as shares of the world.

    A part's share of the world is its share of the region times the region's share of the world in the same
    slice; it is derived, and "at least" where either is. Where the parts' source says nothing, or is a
    snapshot of another time, one unit that covers all parts has the region's own figure: nothing counts
    twice.

    Parameters
    ----------
    content : the map. code : of one of its regions. parts : a map of its parts, in slices of its own.

    Raises
    ------
    SpecError : no such region, or parts that share no slice with the map.
    """
    units = {unit.code: u for u, unit in enumerate(content.units) if unit.kind == "region"}
    if code not in units:
        raise SpecError(f"levels: {code!r} is no region of the map; expected some of: {', '.join(units)}")
    places = [_place(content, step.iso) for step in parts.slices]
    shared = [(t, place) for t, place in enumerate(places) if place >= 0]
    if not shared:
        raise SpecError(f"levels: {code}: {parts.series.name} has no slice of the map's")
    snapshot = len(parts.slices) == 1
    steps = [content.slices[shared[0][1]]] if snapshot else list(content.slices)
    at = [places.index(content.slices.index(step)) if content.slices.index(step) in places else -1
          for step in steps]  # fmt: skip
    whole = content.layers[0], units[code], [content.slices.index(step) for step in steps]
    layers = (_of_world(parts, whole, at), _of_region(parts, at))
    told = replace(
        parts,
        id=f"{content.id}-{code}",
        title=parts.series.title,
        slices=tuple(steps),
        units=(*parts.units, _everything(content.units[units[code]], parts)),
        boundaries=boundaries.thinned(parts.boundaries, _side(parts) * COARSE),
        layers=layers,
        groups=(),
        events=(),
        event_places=(),
        bounds=_view(parts),
        opening=0,
        otherwise=None,  # of shares of the region, not of the world
    )
    split = [step.label for i, step in enumerate(steps) if not layers[0].status[-1, i]]
    return Inner(code, _with_origins(told, content), snapshot, split[-1] if split else "")


def _place(content: Content, iso: str) -> int:
    return next((t for t, step in enumerate(content.slices) if step.iso == iso), -1)


def _side(parts: Content) -> float:
    west, south, east, north = parts.bounds
    return max(east - west, north - south)


def _view(parts: Content) -> tuple[float, float, float, float]:
    """The regions with figures, and an eighth around them: islands far from all of them need not be seen."""
    shapes, seen = parts.boundaries, [place for unit in parts.units for place in unit.members]
    rings = [ring for place in seen for polygon in shapes.shapes[place] for ring in polygon]
    arcs = [shapes.arcs[ref if ref >= 0 else ~ref] for ring in rings for ref in ring]
    every = np.concatenate([*arcs, shapes.points[seen]])
    low, high = every.min(axis=0), every.max(axis=0)
    room = (high - low).max() / 8
    (west, south), (east, north) = low - room, high + room
    whole = parts.bounds
    return (
        max(float(west), whole[0]), max(float(south), whole[1]),
        min(float(east), whole[2]), min(float(north), whole[3]),
    )  # fmt: skip


def _everything(unit: Unit, parts: Content) -> Unit:
    """The region itself, in slices without parts."""
    return Unit(unit.code, unit.name, unit.label, "aggregate", tuple(range(len(parts.boundaries.codes))))


def _of_world(parts: Content, whole: tuple[Layer, int, list[int]], at: Sequence[int]) -> Layer:
    own, world = parts.layers[0], whole[0]
    region, status = world.values[whole[1], whole[2]], world.status[whole[1], whole[2]]
    there = {i: t for i, t in enumerate(at) if t >= 0}
    found = nest(Line("", region, status), own.values, own.status, there)
    alone = ~found.split & (status != MISSING)
    every = np.vstack([found.values, np.where(alone, region, np.nan)])
    marks = np.vstack([found.status, np.where(alone, status, MISSING)]).astype(np.uint8)
    digits = telling(every, world.digits, bool((marks == LOWER_BOUND).any()))  # a part of a part may be small
    values = settled(every, digits, marks)
    mapped = np.array([bool(unit.members) for unit in parts.units])
    return replace(
        own,
        metric=replace(world.metric, name="share_of_world", kind="extensive", whole=None, complete=False),
        digits=digits,
        values=values,
        status=marks,
        bounds=np.full(values.shape, np.nan),
        bound_status=np.zeros(values.shape, dtype=np.uint8),
        edges=world.edges, zero=world.zero, labels=world.labels, light=world.light, dark=world.dark,
        **_places(own, at),
        **_rest(values, mapped, settled(region, digits), (found.status == LOWER_BOUND).any(axis=0)),
        **_no_groups(parts, at),
    )  # fmt: skip


def _of_region(parts: Content, at: Sequence[int]) -> Layer:
    """As the source states it; nothing is said of the region as a whole."""
    own = parts.layers[0]
    return replace(
        own,
        values=np.vstack([_taken(own.values, at, np.nan), np.full((1, len(at)), np.nan)]),
        status=np.vstack([_taken(own.status, at, MISSING), np.zeros((1, len(at)))]).astype(np.uint8),
        bounds=np.full((len(own.values) + 1, len(at)), np.nan),
        bound_status=np.zeros((len(own.values) + 1, len(at)), dtype=np.uint8),
        mapped=_taken(own.mapped, at, np.nan),
        stated=_taken(own.stated, at, 0.0),
        unstated=_taken(own.unstated, at, 0.0),
        rounding=_taken(own.rounding, at, 0.0),
        whole=_taken(own.whole, at, np.nan),
        bounded=_taken(own.bounded, at, False),
        stated_bounded=_taken(own.stated_bounded, at, False),
        **_places(own, at),
        **_no_groups(parts, at),
    )


def _taken(table: np.ndarray, at: Sequence[int], blank: float) -> np.ndarray:
    """The columns of the map's slices; `blank` where the parts have none."""
    found = table[..., [max(t, 0) for t in at]].astype(np.float64 if np.isnan(blank) else table.dtype)
    found[..., [t < 0 for t in at]] = blank
    return found


def _places(own: Layer, at: Sequence[int]) -> dict[str, Any]:
    """Origin and note of each part, the region itself, last, has those of the map; what rounding may hide."""
    origin, note = _taken(own.origin, at, -1), _taken(own.note, at, -1)
    blank = np.full((1, len(at)), -1)
    half = _taken(own.half, at, float(own.half.max()))
    return {
        "origin": np.vstack([origin, blank]),
        "note": np.vstack([note, blank]),
        "half": np.vstack([half, half.max(axis=0)]),
    }


def _rest(values: np.ndarray, mapped: np.ndarray, region: np.ndarray, bound: np.ndarray) -> dict[str, Any]:
    """What of the region's share is on its map, stated without a place, and not stated."""
    drawn = np.append(mapped, True)
    on = np.where(np.isfinite(values[drawn]), values[drawn], 0.0).sum(axis=0)
    off = np.where(np.isfinite(values[~drawn]), values[~drawn], 0.0).sum(axis=0)
    given = np.isfinite(values).any(axis=0)
    return {
        "mapped": np.where(given, on, np.nan),
        "stated": np.where(given, off, 0.0),
        "unstated": np.where(given, np.maximum(np.nan_to_num(region) - on - off, 0.0), 0.0),
        "rounding": np.zeros(len(given)),
        "whole": np.full(len(given), np.nan),
        "bounded": bound,
        "stated_bounded": np.zeros(len(given), dtype=bool),
    }


def _no_groups(parts: Content, at: Sequence[int]) -> dict[str, Any]:
    own = parts.layers[0]
    blank = own.slice_notes[0][:0] if own.slice_notes else ()
    return {
        "groups": np.zeros((0, len(at))),
        "group_status": np.zeros((0, len(at)), dtype=np.uint8),
        "sentences": tuple("" for _ in at),
        "partial": tuple(own.partial[t] if t >= 0 else "" for t in at),
        "slice_notes": tuple(own.slice_notes[t] if t >= 0 else blank for t in at),
    }


def _with_origins(told: Content, content: Content) -> Content:
    """The region's own figure keeps its origin, which joins those of the parts."""
    place = next(u for u, unit in enumerate(content.units) if unit.code == told.units[-1].code)
    own = content.layers[0].origin[place]
    steps = [content.slices.index(step) for step in told.slices]
    known = [*told.origins]
    layers = []
    for layer in told.layers:
        origin = layer.origin.copy()
        for i, t in enumerate(steps):
            if layer.status[-1, i]:
                source = content.origins[int(own[t])]
                known += [source] if source not in known else []
                origin[-1, i] = known.index(source)
        layers.append(replace(layer, origin=origin))
    return replace(told, origins=tuple(known), layers=tuple(layers))
