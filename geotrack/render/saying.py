"""What is said on a frame of a film: the groups' figures, events, notes, sources."""

from __future__ import annotations

from datetime import date, timedelta

from geotrack.captions import source_line
from geotrack.content import Content, Layer
from geotrack.messages import joined, joint, no_sum, period, said, term, words_of
from geotrack.model import AT_MOST, LOWER_BOUND, MISSING, REPORTED
from geotrack.render.wording import credited, credits, name_of, value_text
from geotrack.views import View

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


def rest_of(view: View, t: int) -> list[tuple[str, str]]:
    """Return what has no place on the map in a slice as (name, figure): stated, and not stated."""
    layer, content = view.layer, view.content
    words = words_of(content.lang)
    parts = [("stated", layer.stated[t], LOWER_BOUND, layer.stated_bounded[t])]
    if layer.metric.whole is not None or layer.unstated[t] > 0:
        bounded = layer.bounded[t] or layer.stated_bounded[t]
        parts.append(("unstated", layer.unstated[t], AT_MOST, bounded and layer.unstated[t] > 0))
    return [
        (str(words[key]), value_text(content, layer, float(value), status if bounded else REPORTED))
        for key, value, status, bounded in parts
        if value > 0 or key == "unstated"
    ]


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
           for text in (step.partial, *step.notes) if text]  # fmt: skip
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
    value, status = float(layer.groups[g, t]), int(layer.group_status[g, t])
    if status == MISSING:
        return str(words_of(content.lang)[layer.lacking(content.groups[g])])
    return value_text(content, layer, value, status)
