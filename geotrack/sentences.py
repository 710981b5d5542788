"""The sentence above the map, one for each slice."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from geotrack.content import Group, Layer, Unit
from geotrack.layering import AT_MOST
from geotrack.model import LOWER_BOUND
from geotrack.words import ENGLISH, fill, number, trimmed, with_unit


def with_sentences(
    layer: Layer, template: str, units: Sequence[Unit], groups: Sequence[Group], labels: Sequence[str]
) -> Layer:
    """Return the layer with a sentence for each slice.

    Parameters
    ----------
    template : text with {slice} and the {code} of units or groups; "" names the groups, or the highest unit.
    labels : the slices' names for people.
    """
    said = []
    for t, label in enumerate(labels):
        wanted = template or _default(layer, units, groups, t)
        text = fill(wanted, {"slice": label} | _figures(wanted, layer, units, groups, t))
        said.append(text + (str(ENGLISH["allZero"]) if _nothing(layer, t) else ""))
    return replace(layer, sentences=tuple(said))


def placeholders(template: str) -> list[str]:
    """Return what a template's braces name; a brace that is not closed names itself."""
    found = re.findall(r"\{([^{}]*)\}", template)
    odd = re.sub(r"\{[^{}]*\}", "", template)
    return found + [brace for brace in "{}" if brace in odd]


def _nothing(layer: Layer, t: int) -> bool:
    """Whether a slice of shares is all zeros: shares of nothing."""
    return layer.metric.whole is not None and layer.mapped[t] == 0 and layer.stated[t] == 0


def _figures(
    wanted: str, layer: Layer, units: Sequence[Unit], groups: Sequence[Group], t: int
) -> dict[str, str]:
    """Return the figures of a template's codes; to write those of all units would take most of a build."""
    named = set(re.findall(r"\{([^{}]*)\}", wanted))
    values = {
        u.code: _figure(layer, layer.values[i, t], layer.status[i, t])
        for i, u in enumerate(units)
        if u.code in named
    }
    return values | {
        g.code: _figure(layer, layer.groups[i, t], layer.group_status[i, t])
        for i, g in enumerate(groups)
        if g.code in named
    }


def _default(layer: Layer, units: Sequence[Unit], groups: Sequence[Group], t: int) -> str:
    chosen = [g for g in groups if g.colour.startswith("g")]
    if chosen:
        return "{slice}: " + ", ".join(f"{_isolated(g.name)} {{{g.code}}}" for g in chosen)
    there = [i for i in np.flatnonzero(layer.status[:, t]).tolist() if units[i].members]
    if not there:
        return "{slice}: " + str(ENGLISH["noData"])
    highest = layer.values[there, t].max()
    top = [units[i] for i in there if layer.values[i, t] == highest]
    if len(top) > 1:
        return f"{{slice}}: highest in {len(top)} regions, {{{top[0].code}}} each"
    return f"{{slice}}: highest in {_isolated(top[0].name)}, {{{top[0].code}}}"


def _isolated(name: str) -> str:
    """Keep a right-to-left name from turning the figures beside it round."""
    turns = any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in name)
    return f"\u2068{name}\u2069" if turns else name


def _figure(layer: Layer, value: float, status: int) -> str:
    if not status:
        return str(ENGLISH["noData"])
    bound = {LOWER_BOUND: "atLeast", AT_MOST: "atMost"}.get(int(status))
    # a bound is never more precise than the words it comes from: "at least 50 %", not "50.0 %"
    written = number(float(value), min(layer.digits, 1))
    text = with_unit(trimmed(written) if bound else written, layer.metric.unit)
    return fill(str(ENGLISH[bound]), {"value": text}) if bound else text
