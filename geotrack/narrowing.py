"""A map as one piece shows it: another opening, metric or look, or a single slice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from geotrack import periods, views
from geotrack.content import Content, Layer
from geotrack.errors import SpecError

LAYOUTS = ("full", "compact")
THEMES = ("", "light", "dark")
CELLS = ("values", "status", "origin", "note", "groups", "group_status")
SUMS = ("mapped", "stated", "unstated", "rounding", "whole", "bounded", "stated_bounded")


def changes(
    content: Content,
    *,
    at: str = "",
    metric: str = "",
    layout: str = "",
    fixed: bool = False,
    theme: str = "",
) -> dict[str, Any]:
    """Return the fields of the content that differ in the piece, for `dataclasses.replace`.

    Parameters
    ----------
    at : the slice shown first, such as "2021-07", "first" or "last"; the map's own opening if not given.
    metric : the metric shown first; the map's own first if not given.
    layout : "full" or "compact"; as it is if not given.
    fixed : whether that slice is the only one; the figures of the others are then left out. The classes stay
        those of all slices, so that several pieces of one map can be compared.
    theme : "light" or "dark"; as it is if not given.

    Raises
    ------
    SpecError : a name that the map does not have; says what there is.
    """
    _refuse("layout", layout, ("", *LAYOUTS))
    _refuse("theme", theme, THEMES)
    first = views.metric_of(content, metric)
    layers = [content.layers[first], *(x for i, x in enumerate(content.layers) if i != first)]
    t = views.place_of(content, at) if at else content.opening
    found: dict[str, Any] = {"layers": tuple(layers), "opening": t}
    found |= {
        "layout": layout or content.layout,
        "theme": theme or content.theme,
        "fixed": fixed or content.fixed,
    }
    return found | (_single(content, layers, t) if fixed else {})


def _refuse(what: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise SpecError(f"{what} {value!r} is not known; expected one of: {', '.join(filter(None, known))}")


def _single(content: Content, layers: Sequence[Layer], t: int) -> dict[str, Any]:
    """Keep one slice, and of origins and notes what it draws on."""
    step = content.slices[t]
    origins = sorted({int(o) for layer in layers for o in np.unique(layer.origin[:, t]) if o >= 0})
    notes = {int(n) for layer in layers for n in np.unique(layer.note[:, t]) if n >= 0}
    notes |= {place for layer in layers for place, _ in layer.slice_notes[t]}
    order = sorted(notes)
    inside = [step.start <= periods.parse(event.date)[0] < step.end for event in content.events]
    kept = [i for i, fits in enumerate(inside) if fits]
    return {
        "slices": (step,),
        "opening": 0,
        "layers": tuple(_layer(layer, t, origins, order) for layer in layers),
        "origins": tuple(content.origins[o] for o in origins),
        "notes": tuple(content.notes[n] for n in order),
        "events": tuple(content.events[i] for i in kept),
        "event_places": tuple(content.event_places[i] for i in kept),
        "dropped": (),
    }


def _layer(layer: Layer, t: int, origins: Sequence[int], notes: Sequence[int]) -> Layer:
    cut: dict[str, Any] = {name: getattr(layer, name)[:, t : t + 1] for name in CELLS}
    cut |= {name: getattr(layer, name)[t : t + 1] for name in SUMS}
    cut["origin"], cut["note"] = _renumbered(cut["origin"], origins), _renumbered(cut["note"], notes)
    said = tuple((notes.index(place), units) for place, units in layer.slice_notes[t])
    return replace(layer, **cut, sentences=(layer.sentences[t],), slice_notes=(said,))


def _renumbered(places: np.ndarray, kept: Sequence[int]) -> np.ndarray:
    """Return places among what is kept; -1, for nothing, stays."""
    table = {place: i for i, place in enumerate(kept)}
    return np.array([[table.get(int(place), -1) for place in row] for row in places], dtype=places.dtype)
