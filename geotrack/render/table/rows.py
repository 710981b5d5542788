"""A map's figures as rows: tidy (one per figure), or wide (one per unit, two columns per slice)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from geotrack.captions.credits import boundary_facts, citation, mended
from geotrack.language import catalogue
from geotrack.language.numbers import settled
from geotrack.map.content import PARTS, Content, Layer
from geotrack.map.views import Excerpt
from geotrack.model import AT_MOST, MISSING, SAID

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
                if layer.told[1][u, t] == MISSING:
                    continue
                yield {
                    "region": unit.code,
                    "name": unit.name,
                    "start": step.start,
                    "end": step.end,
                    "metric": layer.metric.name,
                    "value": value_of(layer, u, t),
                    "unit": layer.metric.unit,
                    "status": SAID[layer.told[1][u, t]],
                    "origin": content.origins[int(layer.origin[u, t])].id,
                    "label": unit.label or unit.name,
                    "note": note_of(part, layer, u, t),
                }


def value_of(layer: Layer, unit: int, t: int) -> float | None:
    """Return a cell's value in the metric's decimals, or what it is at most; None where neither is known."""
    values, status = layer.told
    return None if status[unit, t] == MISSING else float(values[unit, t])


def note_of(part: Excerpt, layer: Layer, unit: int, t: int) -> str:
    """Return the source's note on a cell, or ""."""
    place = int(layer.note[unit, t])
    return part.content.notes[place] if place >= 0 else ""


def wide_columns(part: Excerpt) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the names of the columns of values, "share_2019-09", of status, "..._status", and "..._note".

    A slice none of whose figures has a note has no column of notes.
    """
    cells = [(layer, t, f"{layer.metric.name}_{step.iso}") for layer in part.layers for t, step in part.steps]
    names = tuple(name for _, _, name in cells)
    noted = [
        f"{name}_note"
        for layer, t, name in cells
        if (layer.note[layer.told[1][:, t] != MISSING, t] >= 0).any()
    ]
    return names, tuple(f"{name}_status" for name in names), tuple(noted)


def wide(part: Excerpt, unit: int) -> dict[str, float | str | None]:
    """Return a unit's values, statuses and notes under the names of `wide_columns`.

    A missing value is None; where there is no note there is no entry.
    """
    values, statuses, _ = wide_columns(part)
    cells = [(layer, t) for layer in part.layers for t in part.slices]
    row: dict[str, float | str | None] = {
        name: value_of(layer, unit, t) for name, (layer, t) in zip(values, cells, strict=True)
    }
    words = {name: SAID[layer.told[1][unit, t]] for name, (layer, t) in zip(statuses, cells, strict=True)}
    notes = {
        f"{name}_note": text
        for name, (layer, t) in zip(values, cells, strict=True)
        if layer.told[1][unit, t] != MISSING and (text := note_of(part, layer, unit, t))
    }
    return row | words | notes


SOURCE = (
    "id", "publisher", "title", "url", "licence", "licence_url", "published", "retrieved", "sha256", "note",
)  # fmt: skip


def provenance(part: Excerpt, version: str) -> dict[str, Any]:
    """Return it as a table of plain values, ready for JSON.

    Parameters
    ----------
    version : of geotrack.
    """
    content = _narrowed(part)
    return {
        "id": content.id,
        "title": content.title,
        "description": content.description,
        "citation": citation(content, version),
        "version": f"geotrack {version}",
        "reading": reading(part),
        "series": content.series.name,
        "method": content.series.method,
        "caveats": [*content.series.table_caveats, *filter(None, [mended(content)])],
        "not_given": content.series.missing,
        "left_out": list(content.dropped),
        "disputed": dict(sorted(content.disputed.items())),
        "sources": sources(part),
        "metrics": [_metric(layer) for layer in part.layers],
        "periods": periods(part),
        "boundaries": boundary_facts(content),
        "data": [{"file": name, "sha256": value} for name, value in sorted(content.data_hashes.items())],
    }


def reading(part: Excerpt, sheets: bool = False) -> str:
    """Return how to read the figures that are exported, of sums only what holds of them.

    Parameters
    ----------
    sheets : in the words of a workbook's sheets, else in those of a table's columns.
    """
    lang = part.content.lang

    def say(key: str) -> str:
        return catalogue.said(lang, "reading", f"sheet{key[0].upper()}{key[1:]}" if sheets else key)

    told, slices, summed = [say("figures")], list(part.slices), [x for x in part.layers if x.metric.adds_up]
    known = [np.isfinite(x.whole[slices]) | np.isnan(x.mapped[slices]) for x in summed]
    if any(x.metric.whole is not None or np.isfinite(x.whole[slices]).any() for x in summed):
        told.append(say("whole" if all(each.all() for each in known) else "someWhole"))
    if not all(each.all() for each in known):
        told.append(say("noWhole"))
    if any((x.bound_status[:, slices] == AT_MOST).any() for x in part.layers):
        told.append(say("most"))
    rates = [text for layer in part.layers for text in catalogue.no_sum(layer.metric, lang)]
    return catalogue.joint("gap", lang).join([*told, *rates, say("ends")])


def sources(part: Excerpt) -> list[dict[str, str]]:
    """Return the origins of the figures that are exported."""
    return [{key: str(getattr(origin, key)) for key in SOURCE} for origin in _narrowed(part).origins]


def periods(part: Excerpt) -> list[dict[str, Any]]:
    """Return a row per metric and slice: its days, the parts of the whole, what the map says of it.

    `mapped_at_least`, `stated_at_least`: a lower bound went into the sum. A slice without any figure has
    None for its parts, and so has a rate; without a whole `unstated`, `rounding` and `whole` are None.
    """
    return [_period(part, layer, t) for layer in part.layers for t in part.slices]


def _narrowed(part: Excerpt) -> Content:
    """The map with those slices and origins only that are exported, so that its citation is theirs."""
    content, slices = part.content, list(part.slices)
    if len(slices) == len(content.slices) and len(part.layers) == len(content.layers):
        return content
    known = [(layer.origin[:, slices], layer.status[:, slices]) for layer in part.layers]
    used = {int(place) for origin, status in known for place in origin[status != MISSING]}
    origins = tuple(origin for i, origin in enumerate(content.origins) if i in used)
    return replace(content, origins=origins, slices=tuple(step for _, step in part.steps))


def _period(part: Excerpt, layer: Layer, t: int) -> dict[str, Any]:
    step = part.content.slices[t]
    sums = [float(getattr(layer, name)[t]) for name in PARTS]
    # settling takes away what binary arithmetic leaves of sums of decimals, and no digit of theirs
    known = [None if math.isnan(each) else each for each in (float(layer.parts[name][t]) for name in PARTS)]
    whole = None if math.isnan(layer.whole[t]) else float(settled(np.array(sum(sums)), layer.digits))
    if whole is None:  # of what, if not of a whole?
        known[2:] = [None, None]
    notes = [part.content.notes[note] for note, _ in layer.slice_notes[t]]
    return {
        "metric": layer.metric.name,
        "slice": step.iso,
        "label": step.label,
        "start": step.start,
        "end": step.end,
        **dict(zip(PARTS, known, strict=True)),
        "whole": whole,
        "mapped_at_least": bool(layer.bounded[t]),
        "stated_at_least": bool(layer.stated_bounded[t]),
        "sentence": layer.sentences[t],
        "partial": layer.partial[t],
        "notes": notes,
    }


def _metric(layer: Layer) -> dict[str, Any]:
    metric = layer.metric
    return {
        "name": metric.name,
        "title": metric.title,
        "unit": metric.unit,
        "decimals": layer.digits,
        "denominator": metric.denominator,
        "whole": metric.whole,
        "adds_up": metric.adds_up,
    }
