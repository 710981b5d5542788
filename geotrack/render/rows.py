"""A map's figures as rows: tidy (one per figure), or wide (one per unit, two columns per slice)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from geotrack.map.content import Layer
from geotrack.map.views import Excerpt
from geotrack.model import MISSING, STATUSES

TIDY = ("region", "name", "start", "end", "metric", "value", "unit", "status", "origin", "label", "note")
"""The page's own download and `TimeMap.to_frame` have the same columns."""


def tidy(part: Excerpt) -> Iterator[dict[str, Any]]:
    """Yield one row per figure, with the columns of `TIDY`; a missing figure has none.

    They run by metric, slice and unit. `value` is a float of the metric's decimals, all else is text.
    """
    content = part.content
    for layer in part.layers:
        for t, step in part.steps:
            for u, unit in enumerate(content.units):
                if layer.status[u, t] == MISSING:
                    continue
                yield {
                    "region": unit.code,
                    "name": unit.name,
                    "start": step.start,
                    "end": step.end,
                    "metric": layer.metric.name,
                    "value": value_of(layer, u, t),
                    "unit": layer.metric.unit,
                    "status": STATUSES[layer.status[u, t]],
                    "origin": content.origins[int(layer.origin[u, t])].id,
                    "label": unit.label or unit.name,
                    "note": note_of(part, layer, u, t),
                }


def value_of(layer: Layer, unit: int, t: int) -> float | None:
    """Return a cell's value in the metric's decimals; None where it is missing."""
    if layer.status[unit, t] == MISSING:
        return None
    return float(layer.settled[unit, t])


def note_of(part: Excerpt, layer: Layer, unit: int, t: int) -> str:
    """Return the source's note on a cell, or ""."""
    place = int(layer.note[unit, t])
    return part.content.notes[place] if place >= 0 else ""


def wide_columns(part: Excerpt) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the columns of values, "share_2019-09", and those of status, "..._status"."""
    names = tuple(f"{layer.metric.name}_{step.iso}" for layer in part.layers for _, step in part.steps)
    return names, tuple(f"{name}_status" for name in names)


def wide(part: Excerpt, unit: int) -> dict[str, float | str | None]:
    """Return a unit's values and statuses under the names of `wide_columns`; a missing value is None."""
    values, statuses = wide_columns(part)
    cells = [(layer, t) for layer in part.layers for t in part.slices]
    row: dict[str, float | str | None] = {
        name: value_of(layer, unit, t) for name, (layer, t) in zip(values, cells, strict=True)
    }
    words = {name: STATUSES[layer.status[unit, t]] for name, (layer, t) in zip(statuses, cells, strict=True)}
    return row | words
