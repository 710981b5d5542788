"""What stands around the maps of a figure: subtitle, headings, the remainder, notes. Text only, no layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from geotrack.captions.captions import source_line
from geotrack.language.catalogue import (
    aside,
    joined,
    joint,
    measure,
    no_sum,
    period,
    said,
    term,
    words_of,
)
from geotrack.language.figures import SHORT, FigureWriter
from geotrack.language.numbers import settled
from geotrack.language.partly import partial
from geotrack.map.content import Content, Group, Layer
from geotrack.map.unstated import capped, group_cell, unstated_part
from geotrack.map.views import View
from geotrack.measure.changes import moved
from geotrack.measure.lines import change
from geotrack.model import AT_MOST, LOWER_BOUND, MISSING, REPORTED
from geotrack.version import version

MOST_NOTES = 12  # more are counted: a page holds them all


def subtitle(view: View) -> str:
    """Name what is shown, its unit and of what it is a share."""
    lang, metric = view.content.lang, view.layer.metric
    title, unit = measure(metric.title, metric.unit, metric.denominator, lang)
    if view.kind == "difference" and metric.unit == "%":
        unit = str(words_of(lang, "figure")["percentagePoints"])
    if view.kind == "difference":
        first, last = (name_of(view.content, t) for t in view.slices)
        changed = said(lang, "figure", "change", metric=title, first=first, last=last)
        return said(lang, "figure", "unit", metric=changed, unit=unit) if unit else changed
    return said(lang, "figure", "unit", metric=title, unit=unit) if unit else title


def name_of(content: Content, t: int) -> str:
    """Return the name of a slice for people."""
    return content.slices[t].label


def value_text(content: Content, layer: Layer, value: float, status: int, digits: int = SHORT) -> str:
    """Write a figure: "75.5%", "at least 50%", "no data"."""
    return _figures(content, layer).short(value, status, digits)


def moved_text(content: Content, layer: Layer, value: float, status: int) -> str:
    """Write a change: "−54.4 points", "+2.1 EH/s"; of a bound only that it is not known exactly."""
    if status in {MISSING, LOWER_BOUND}:
        return str(words_of(content.lang)["notKnown" if status == MISSING else "notExact"])
    return _figures(content, layer).change(value)


def _figures(content: Content, layer: Layer) -> FigureWriter:
    return FigureWriter(layer.metric, layer.digits, content.lang, layer.short)


def figures(view: View, t: int) -> list[tuple[Group, str]]:
    """Return the groups in front with their figures in a slice, or of a difference their change."""
    content, layer = view.content, view.layer
    front = [(g, group) for g, group in enumerate(content.groups) if group.kind == "group"]
    summed = [(g, group) for g, group in front if layer.lacking(group) != "noSum"]
    if view.kind == "difference":
        texts = {g: _group_moved(view, g) for g, _ in summed}
    else:
        cells = {g: group_cell(layer, content.units, content.groups, g, t) for g, _ in summed}
        texts = {g: value_text(content, layer, *cell) for g, cell in cells.items()}
    return [(group, texts.get(g, str(words_of(content.lang)["noSum"]))) for g, group in front]


def _group_moved(view: View, g: int) -> str:
    """Write the change of a group between two slices; of what it is at most it is not known exactly."""
    content, layer = view.content, view.layer
    cells = [group_cell(layer, content.units, content.groups, g, t) for t in view.slices]
    values, status = (np.array([each]) for each in zip(*cells, strict=True))
    found = change(values, status, 0, 1)
    return moved_text(content, layer, float(found.values[0]), int(found.status[0]))


def remainder(view: View, t: int) -> str:
    """Say what has no place on the map in a slice, or of a difference before and after."""
    content, layer = view.content, view.layer
    lang = content.lang
    if view.kind == "slices" and not layer.status[:, t].any():
        return str(words_of(lang, "figure")["nothing"])
    known = view.kind != "difference" or moved(view).labels
    unknown = "" if known else str(words_of(lang, "figure")["noChange"])
    found = []
    for key, values, bound, status in (
        ("stated", layer.stated, layer.stated_bounded, LOWER_BOUND),
        ("unstated", layer.unstated, (layer.bounded | layer.stated_bounded) & (layer.unstated > 0), AT_MOST),
    ):
        texts = [
            _rest(content, layer, (float(values[s]), status if bound[s] else REPORTED), key, s)
            for s in (view.slices if view.kind == "difference" else (t,))
        ]
        name = str(words_of(lang)[key])
        if view.kind == "difference" and any(texts):
            ends = zip(texts, view.slices, strict=True)
            before, after = (text or _none(content, layer, key, s) for text, s in ends)
            found.append(said(lang, "figure", "fromTo", name=name, before=before, after=after))
        elif texts[0]:
            found.append(said(lang, "figure", "figure", name=name, value=texts[0]))
    return joint("gap", lang).join(filter(None, (unknown, joint("semicolon", lang).join(found))))


def _none(content: Content, layer: Layer, key: str, t: int) -> str:
    """Write a part of the whole of which a slice has nothing: zero only if it is known to be none."""
    placeless = [u for u, unit in enumerate(content.units) if not unit.members and unit.kind != "whole"]
    known = layer.status[placeless, t].any() if key == "stated" else np.isfinite(layer.whole[t])
    return value_text(content, layer, *((0.0, REPORTED) if known else (np.nan, MISSING)))


def _rest(content: Content, layer: Layer, cell: tuple[float, int], key: str, t: int) -> str:
    """Write a part of the whole; where it is all that is not stated of a two-part whole, with its name."""
    none = np.isnan(cell[0]) or not settled(np.array(cell[0]), layer.digits)
    return "" if none else _with_part(content, layer, value_text(content, layer, *cell), key, t)


def _with_part(content: Content, layer: Layer, text: str, key: str, t: int) -> str:
    return aside(text, unstated_part(content, layer, t) if key != "stated" else "", content.lang)


def notes(view: View) -> list[str]:
    """Return the caveats on the slices shown: partial periods, notes on figures, what groups are made of."""
    content, lang = view.content, view.content.lang
    found = no_sum(view.layer.metric, lang)
    found += [
        said(lang, "figure", "noteAll", periods=name_of(content, t), note=partial(text, lang))
        for t in dict.fromkeys(view.slices)
        for text in (view.layer.partial[t], *content.slices[t].notes)
        if text
    ]
    found += _noted(view)
    found += [group.note for group, _ in figures(view, view.slices[0]) if group.note]
    return found + ([str(words_of(lang, "figure")["noTiles"])] if content.tiles else [])


def fewer(view: View, most: int = MOST_NOTES) -> list[str]:
    """Return the first notes, and how many more there are."""
    found = notes(view)
    if len(found) <= most:
        return found
    kept = found[:most]
    return [*kept, said(view.content.lang, "figure", "more", count=str(len(found) - len(kept)))]


def _noted(view: View) -> list[str]:
    """Notes on figures, each once, with its regions and, unless it is on all of them, its periods."""
    content, lang = view.content, view.content.lang
    shown = list(dict.fromkeys(view.slices))
    speaks: dict[int, dict[int, list[int]]] = {}  # note -> unit -> slices
    for t in shown:
        for note, units in view.layer.slice_notes[t]:
            for u in units:
                speaks.setdefault(note, {}).setdefault(u, []).append(t)
    front = {u for group, _ in figures(view, view.slices[0]) for u in group.units}
    found = []
    for note, on in sorted(speaks.items(), key=lambda pair: front.isdisjoint(pair[1])):  # these matter most
        names: dict[tuple[int, ...], list[str]] = {}
        for u, when in on.items():
            names.setdefault(tuple(when), []).append(_unit_name(content, u))
        whole = names.pop(tuple(shown), [])
        parts = [joined(whole, lang)] if whole else []
        for place, those in names.items():
            periods = joined([name_of(content, t) for t in place], lang)
            parts.append(said(lang, "figure", "namesIn", names=joined(those, lang), periods=periods))
        gap = joint("semicolon", lang)
        found.append(said(lang, "figure", "note", names=gap.join(parts), note=content.notes[note]))
    return found


def _unit_name(content: Content, u: int) -> str:
    """A unit's name, with the star that its source sets."""
    unit = content.units[u]
    return f"{unit.name} *" if unit.label.endswith("*") and not unit.name.endswith("*") else unit.name


def credited(view: View) -> Content:
    """Return the map with those origins only whose figures are shown: nobody else is their source."""
    content, layer, slices = view.content, view.layer, list(view.slices)
    used = set(np.unique(layer.origin[:, slices][layer.status[:, slices] != MISSING]).tolist())
    origins = tuple(origin for i, origin in enumerate(content.origins) if i in used)
    return replace(content, origins=origins or content.origins)


def credits(content: Content, sources: str) -> str:
    """Return the line at the foot: who published the figures and the boundaries, and how they are drawn."""
    lang = content.lang
    shapes = said(lang, "figure", "boundaries", text=content.boundaries.info.publisher)
    made = said(lang, "figure", "made", version=version())
    return " ".join(
        [sources, *([shapes] if content.boundaries.info.publisher else []), content.projection, made]
    )


def shown_layer(view: View) -> tuple[Layer, tuple[int, ...]]:
    """Return the layer that the panels draw, and its slices: a difference's is one of changes."""
    return (moved(view), (0,)) if view.kind == "difference" else (view.layer, view.slices)


def labels_of(
    view: View, layer: Layer, t: int, joined: Sequence[tuple[int, list[int]]]
) -> list[tuple[str, str, list[int]]]:
    """Return (name, text, regions) of the aggregates that are labelled on the map.

    Parameters
    ----------
    joined : those drawn in their figure's colour; what is known to be at most something has none.
    """
    told, units = [*joined, *capped(view.content, layer, t)], view.content.units
    return [(units[u].name, aggregate_text(view, layer, u, t), regions) for u, regions in told]


def aggregate_text(view: View, layer: Layer, u: int, t: int) -> str:
    """Say an undivided aggregate's figure on the map."""
    content = view.content
    value, status = layer.cell(u, t)
    told: Any = moved_text if view.kind == "difference" else value_text
    return said(content.lang, "figure", "notSplit", value=told(content, layer, value, status))


def seen_marks(layer: Layer, slices: Sequence[int]) -> bool:
    """Whether a lower bound is among the figures drawn."""
    return bool((layer.status[:, list(slices)] == LOWER_BOUND).any())


MANY = 6  # more names than this are a number


def figures_of(view: View, t: int) -> list[tuple[str, str, str]]:
    """Return the groups' figures in a slice as (name, figure, colour's name); the remainder is the last.

    A remainder of which nothing is known is left out.
    """
    layer, lang = view.layer, view.content.lang
    if not view.content.groups:
        return [(name, value, "remainder") for name, value in rest_of(view, t)]
    return [
        (term(group.name, lang), _group(view.content, layer, g, t), group.colour)
        for g, group in enumerate(view.content.groups)
        if layer.group_status[g, t] != MISSING or layer.lacking(group)
    ]


def rest_of(view: View, t: int, *, told: bool = False) -> list[tuple[str, str]]:
    """Return what has no place on the map in a slice as (name, figure): stated, and not stated.

    Parameters
    ----------
    told : whether units are listed beside it: one that is all of what is not stated is not said again.
    """
    layer, content = view.layer, view.content
    words = words_of(content.lang)
    parts = [("stated", layer.stated[t], LOWER_BOUND, layer.stated_bounded[t])]
    again = told and unstated_part(content, layer, t)
    if (layer.metric.whole is not None or layer.unstated[t] > 0) and not again:
        bounded = layer.bounded[t] or layer.stated_bounded[t]
        parts.append(("unstated", layer.unstated[t], AT_MOST, bounded and layer.unstated[t] > 0))
    found = []
    for key, value, status, bounded in parts:
        if value > 0 or key == "unstated":
            text = value_text(content, layer, float(value), status if bounded else REPORTED)
            found.append((str(words[key]), _with_part(content, layer, text, key, t)))
    return found


def events_of(view: View, t: int) -> list[str]:
    """Return what happened within a slice: "21 May 2021, China: State Council ..."."""
    step, content = view.content.slices[t], view.content
    found = []
    for event, place in zip(content.events, content.event_places, strict=True):
        if step.start <= event.date < step.end:
            after = (date.fromisoformat(event.date) + timedelta(days=1)).isoformat()
            when = period(event.date, after, content.lang)
            head = [when] if place in event.label else [when, place]
            found.append(joined(head, content.lang) + joint("colon", content.lang) + event.label)
    return found


def notes_of(view: View, t: int) -> list[str]:
    """Return what is to be known of this slice, and not of most others."""
    content, usual = view.content, _usual(view)
    step = content.slices[t]
    own = [said(content.lang, "figure", "noteAll", periods=name_of(content, t), note=text)
           for text in (view.layer.partial[t], *step.notes) if text]  # fmt: skip
    return own + [_note(view, n, units) for n, units in view.layer.slice_notes[t] if n not in usual]


def foot_of(view: View) -> list[str]:
    """Return what stands below all frames: notes that most slices have, then the sources."""
    noted = []
    for n in sorted(_usual(view)):
        units = {u for t in view.slices for m, them in view.layer.slice_notes[t] if m == n for u in them}
        noted.append(_note(view, n, tuple(sorted(units))))
    return [
        *no_sum(view.layer.metric, view.content.lang),
        *noted,
        credits(view.content, source_line(credited(view))),
    ]


def _usual(view: View) -> set[int]:
    """Notes that more than half of the film's slices have."""
    counts: dict[int, int] = {}
    for t in view.slices:
        for n in {n for n, _ in view.layer.slice_notes[t]}:
            counts[n] = counts.get(n, 0) + 1
    return {n for n, count in counts.items() if count > 1 and count * 2 > len(view.slices)}


def _note(view: View, n: int, units: tuple[int, ...]) -> str:
    lang = view.content.lang
    names = [view.content.units[u].name for u in units]
    who = (
        joined(names, lang)
        if len(names) <= MANY
        else said(lang, "page", "manyRegions", count=str(len(names)))
    )
    return said(lang, "figure", "note", names=who, note=view.content.notes[n])


def _group(content: Content, layer: Layer, g: int, t: int) -> str:
    value, status = group_cell(layer, content.units, content.groups, g, t)
    if status == MISSING:
        return str(words_of(content.lang)[layer.lacking(content.groups[g])])
    part = unstated_part(content, layer, t) if content.groups[g].kind == "remainder" else ""
    return aside(value_text(content, layer, value, status), part, content.lang)
