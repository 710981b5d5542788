"""The sentence above the map, one for each slice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from geotrack.content import Group, Layer, Unit
from geotrack.language.figures import Figures
from geotrack.messages import joined, said
from geotrack.words import fill, isolated


@dataclass(frozen=True, eq=False)
class _Told:
    """What the sentences of a layer are about, and their language."""

    layer: Layer
    units: Sequence[Unit]
    groups: Sequence[Group]
    lang: str


def with_sentences(
    layer: Layer,
    template: str,
    units: Sequence[Unit],
    groups: Sequence[Group],
    labels: Sequence[str],
    *,
    lang: str = "en",
) -> Layer:
    """Return the layer with a sentence for each slice.

    Parameters
    ----------
    template : text with {slice} and the {code} of units or groups; "" names the groups, or the highest unit.
    labels : the slices' names for people.
    lang : of the figures, and of what is said without a template.
    """
    told, sentences = _Told(layer, units, groups, lang), []
    for t, label in enumerate(labels):
        if template:
            text = fill(template, {"slice": label} | _figures(template, told, t))
        else:
            text = _default(told, t, label)
        sentences.append(text + (said(lang, "page", "allZero") if _nothing(layer, t) else ""))
    return replace(layer, sentences=tuple(sentences))


def placeholders(template: str) -> list[str]:
    """Return what a template's braces name; a brace that is not closed names itself."""
    found = re.findall(r"\{([^{}]*)\}", template)
    odd = re.sub(r"\{[^{}]*\}", "", template)
    return found + [brace for brace in "{}" if brace in odd]


def _nothing(layer: Layer, t: int) -> bool:
    """Whether a slice of shares is all zeros: shares of nothing."""
    return layer.metric.whole is not None and layer.mapped[t] == 0 and layer.stated[t] == 0


def _figures(wanted: str, told: _Told, t: int) -> dict[str, str]:
    """Return the figures of a template's codes; to write those of all units would take most of a build."""
    named, layer = set(re.findall(r"\{([^{}]*)\}", wanted)), told.layer
    values = {
        u.code: _figure(told, layer.values[i, t], layer.status[i, t])
        for i, u in enumerate(told.units)
        if u.code in named
    }
    return values | {
        g.code: _figure(told, layer.groups[i, t], layer.group_status[i, t])
        for i, g in enumerate(told.groups)
        if g.code in named
    }


def _default(told: _Told, t: int, label: str) -> str:
    layer, lang = told.layer, told.lang
    chosen = [(g, group) for g, group in enumerate(told.groups) if group.colour.startswith("g")]
    if chosen:
        figures = [
            f"{isolated(group.name)} {_figure(told, layer.groups[g, t], layer.group_status[g, t])}"
            for g, group in chosen
        ]
        return said(lang, "more", "slice", slice=label, text=joined(figures, lang))
    there = [i for i in np.flatnonzero(layer.status[:, t]).tolist() if told.units[i].members]
    if not there:
        return said(lang, "more", "slice", slice=label, text=said(lang, "page", "noData"))
    highest = layer.values[there, t].max()
    top = [i for i in there if layer.values[i, t] == highest]
    value = _figure(told, highest, layer.status[top[0], t])
    if len(top) > 1:
        return said(lang, "more", "highestTied", slice=label, count=str(len(top)), value=value)
    return said(lang, "more", "highest", slice=label, name=isolated(told.units[top[0]].name), value=value)


def _figure(told: _Told, value: float, status: int) -> str:
    return Figures(told.layer.metric, told.layer.digits, told.lang).short(float(value), int(status))
