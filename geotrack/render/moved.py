"""The layer of a difference map: changes between two slices, in diverging classes about zero."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import numpy as np

from geotrack import classify
from geotrack.content import Layer
from geotrack.language.numbers import digits_of, rounded, trimmed
from geotrack.messages import decimal, said
from geotrack.model import MISSING
from geotrack.shift import change
from geotrack.views import View

PLACES = 9  # decimals kept of a change: 0.1 + 0.2 is 0.3


def moved(view: View) -> Layer:
    """Return a layer whose one slice is the change between a difference's two slices."""
    layer = view.layer
    found = change(layer.values, layer.status, *view.slices)
    values = np.round(found.values, max(layer.digits, PLACES))
    mapped = np.array([bool(unit.members) for unit in view.content.units]) & (found.status != MISSING)
    steps = classify.breaks(values[mapped], "diverging") if mapped.any() else classify.Breaks((), "diverging")
    light, dark = _colours(steps)
    return replace(
        layer,
        values=values[:, None],
        status=found.status[:, None],
        edges=steps.edges,
        zero=steps.zero,
        labels=_labels(steps, view.content.lang),
        light=light,
        dark=dark,
    )


def _colours(steps: classify.Breaks) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if not steps.count:
        return (), ()
    return classify.colours(steps), classify.colours(steps, dark=True)


def _labels(steps: classify.Breaks, lang: str) -> tuple[str, ...]:
    """Name the classes with their signs: "−10 to 0", "+10 to +20"."""
    digits = digits_of(np.array(steps.edges))
    named = [
        ("+" if edge > 0 else "") + decimal(trimmed(rounded(edge, digits)), lang) for edge in steps.edges
    ]
    ranges = [said(lang, "more", "rangeSigned", low=low, high=high) for low, high in pairwise(named)]
    return (*([decimal(Decimal(0), lang)] if steps.zero else []), *ranges)
