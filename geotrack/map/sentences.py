"""The sentence above the map, one for each slice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from geotrack.language.catalogue import joined, said
from geotrack.language.figures import FigureWriter
from geotrack.language.text import fill, isolated
from geotrack.map.content import Group, Layer, Unit
from geotrack.map.ranking import KNOWN, Parties, highest, parties
from geotrack.map.unstated import group_cell
from geotrack.model import LOWER_BOUND, MISSING, REPORTED


@dataclass(frozen=True, eq=False)
class _Told:
    """What the sentences of a layer are about, and their language."""

    layer: Layer
    units: Sequence[Unit]
    groups: Sequence[Group]
    lang: str
    among: Parties


def with_sentences(
    layer: Layer,
    template: str,
    units: Sequence[Unit],
    groups: Sequence[Group],
    labels: Sequence[str],
    *,
    regions: int,
    lang: str = "en",
) -> Layer:
    """Return the layer with a sentence for each slice.

    Parameters
    ----------
    template : text with {slice} and the {code} of units or groups; "" names the groups, or the highest unit.
    labels : the slices' names for people.
    regions : how many regions the boundaries have.
    lang : of the figures, and of what is said without a template.
    """
    told, sentences = _Told(layer, units, groups, lang, parties(units, regions)), []
    for t, label in enumerate(labels):
        if template:
            text = fill(template, {"slice": label} | _figures(template, told, t))
        else:
            text = _default(told, t, label)
        sentences.append(text + _of_zeros(layer, t, lang))
    return replace(layer, sentences=tuple(sentences))


def placeholders(template: str) -> list[str]:
    """Return what a template's braces name; a brace that is not closed names itself."""
    found = re.findall(r"\{([^{}]*)\}", template)
    odd = re.sub(r"\{[^{}]*\}", "", template)
    return found + [brace for brace in "{}" if brace in odd]


def _of_zeros(layer: Layer, t: int, lang: str) -> str:
    """Say of a slice of shares whose figures are all zero that they are, and whether they were reported."""
    known = layer.status[layer.status[:, t] != MISSING, t]
    zeros = layer.metric.whole is not None and layer.mapped[t] == 0 and layer.stated[t] == 0
    if not zeros or (known == LOWER_BOUND).any():
        return ""
    return said(lang, "page", "allZeroReported" if (known == REPORTED).all() else "allZero")


def _figures(wanted: str, told: _Told, t: int) -> dict[str, str]:
    """Return the figures of a template's codes; to write those of all units would take most of a build."""
    named, layer = set(re.findall(r"\{([^{}]*)\}", wanted)), told.layer
    values = {u.code: _figure(told, *layer.cell(i, t)) for i, u in enumerate(told.units) if u.code in named}
    return values | {g.code: _of_group(told, i, t) for i, g in enumerate(told.groups) if g.code in named}


def _default(told: _Told, t: int, label: str) -> str:
    layer, lang = told.layer, told.lang
    front = [(g, group) for g, group in enumerate(told.groups) if group.kind == "group"]
    chosen = [(g, group) for g, group in front if layer.lacking(group) != "noSum"]
    if chosen:
        figures = [f"{isolated(group.name)} {_of_group(told, g, t)}" for g, group in chosen]
        return said(lang, "more", "slice", slice=label, text=joined(figures, lang))
    return _highest(told, t, label)


def _highest(told: _Told, t: int, label: str) -> str:
    """Say who is highest, and of whom, where what is not stated could be higher."""
    layer, lang = told.layer, told.lang
    top, scope, others = highest(layer, told.among, t)
    if not top:
        return said(lang, "more", "slice", slice=label, text=said(lang, "page", "noData"))
    weakest = next((u for u in top if layer.status[u, t] == LOWER_BOUND), top[0])
    value = _figure(told, layer.values[weakest, t], layer.status[weakest, t])
    words = {"slice": label, "value": value, "name": isolated(told.units[top[0]].name)}
    if scope == KNOWN:
        return said(lang, "more", "highestTied" if len(top) > 1 else "highest", count=str(len(top)), **words)
    if not others:  # nothing else is stated on the map, so that there is nothing to be higher than
        return said(lang, "more", "onlyTied" if len(top) > 1 else "only", count=str(len(top)), **words)
    words["highest"] = said(lang, "rank", f"highest_{scope}")
    return said(lang, "more", "highestOfTied" if len(top) > 1 else "highestOf", count=str(len(top)), **words)


def _of_group(told: _Told, g: int, t: int) -> str:
    layer = told.layer
    lacking = layer.lacking(told.groups[g]) or "noData"
    return _figure(told, *group_cell(layer, told.units, told.groups, g, t), lacking)


def _figure(told: _Told, value: float, status: int, lacking: str = "noData") -> str:
    if not status:
        return said(told.lang, "page", lacking)
    layer = told.layer
    return FigureWriter(layer.metric, layer.digits, told.lang, layer.short).short(float(value), int(status))
