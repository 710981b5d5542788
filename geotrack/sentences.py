"""The sentence above the map, one for each slice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from geotrack.content import Group, Layer, Unit
from geotrack.model import LOWER_BOUND
from geotrack.words import ENGLISH, fill, number, with_unit


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
        said.append(fill(wanted, {"slice": label} | _figures(layer, units, groups, t)))
    return replace(layer, sentences=tuple(said))


def _figures(layer: Layer, units: Sequence[Unit], groups: Sequence[Group], t: int) -> dict[str, str]:
    values = {u.code: _figure(layer, layer.values[i, t], layer.status[i, t]) for i, u in enumerate(units)}
    return values | {
        g.code: _figure(layer, layer.groups[i, t], layer.group_status[i, t]) for i, g in enumerate(groups)
    }


def _default(layer: Layer, units: Sequence[Unit], groups: Sequence[Group], t: int) -> str:
    chosen = [g for g in groups if g.colour.startswith("g")]
    if chosen:
        return "{slice}: " + ", ".join(f"{g.name} {{{g.code}}}" for g in chosen)
    there = [i for i, unit in enumerate(units) if layer.status[i, t] and unit.members]
    if not there:
        return "{slice}: " + str(ENGLISH["noData"])
    top = max(there, key=lambda i: (layer.values[i, t], units[i].code))
    return f"{{slice}}: highest in {units[top].name}, {{{units[top].code}}}"


def _figure(layer: Layer, value: float, status: int) -> str:
    if not status:
        return str(ENGLISH["noData"])
    text = with_unit(number(float(value), min(layer.digits, 1)), layer.metric.unit)
    return fill(str(ENGLISH["atLeast"]), {"value": text}) if status == LOWER_BOUND else text
