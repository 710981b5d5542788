"""The layer of a difference map: changes between two slices, in the classes that the page has for them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from geotrack.language.catalogue import class_words, decimal
from geotrack.map.classes import LABELS, Breaks, breaks, colours
from geotrack.map.content import Classes, Content, Layer
from geotrack.map.views import View
from geotrack.measure.lines import change
from geotrack.model import DERIVED, LOWER_BOUND, MISSING

STEPS = 10  # five below zero, five above


def classes_of(content: Content, m: int) -> Classes:
    """Return the classes of a metric's changes: those that the map's page has, or would have."""
    if content.modes is not None and content.modes.slices == content.slices:
        found: Classes = content.modes.changes[m]
        return found
    mapped = np.array([bool(unit.members) for unit in content.units])
    return difference_classes(content.layers[m], mapped, lang=content.lang)


def difference_classes(layer: Layer, mapped: np.ndarray, lang: str = "en") -> Classes:
    """Return diverging classes of a layer's changes, the same whichever two slices are compared.

    Parameters
    ----------
    mapped : mask of the units that are drawn.
    lang : language of the labels.
    """
    values = layer.settled[mapped]
    known = values[~np.isnan(values).all(axis=1)]
    spans = np.round(np.nanmax(known, axis=1) - np.nanmin(known, axis=1), layer.digits)
    found = breaks(np.append(spans, 0.0), "diverging", STEPS)  # of a slice with itself it is 0
    return Classes(
        found.edges,
        found.zero,
        _labels(found, lang),
        colours(found),
        colours(found, dark=True),
    )


def change_of(layer: Layer, earlier: int, later: int) -> np.ndarray:
    """Return later minus earlier of each unit at the source's own precision, NaN where either is missing."""
    before, after = (layer.settled[:, t] for t in (earlier, later))
    return np.asarray(np.round(after - before, layer.digits))


def _labels(found: Breaks, lang: str) -> tuple[str, ...]:
    """Name the classes with their signs: "−10 to 0", "+10 to +20"."""
    words = class_words(LABELS, lang)
    return found.labels(words, lambda edge: ("+" if edge > 0 else "") + decimal(edge, lang))


def moved(view: View) -> Layer:
    """Return a layer whose one slice is the change between a difference's two slices.

    It has no classes where no change is known. What is known of a part that has no figure stands beside the
    changes, as it does beside the figures.
    """
    layer = view.layer
    status = change(layer.values, layer.status, *view.slices).status
    drawn = np.array([bool(unit.members) for unit in view.content.units])
    known = bool((drawn & (status != MISSING)).any())
    steps = classes_of(view.content, view.metric)
    told = change(*layer.told, *view.slices)
    beside = (status == MISSING) & (told.status != MISSING)
    by = np.where(told.status == LOWER_BOUND, LOWER_BOUND, DERIVED)
    return replace(
        layer,
        values=change_of(layer, *view.slices)[:, None],
        status=status[:, None],
        bounds=np.where(beside, np.round(told.values, layer.digits), np.nan)[:, None],
        bound_status=np.where(beside, by, MISSING).astype(np.uint8)[:, None],
        edges=steps.edges if known else (),
        zero=steps.zero and known,
        labels=steps.labels if known else (),
        light=steps.light if known else (),
        dark=steps.dark if known else (),
    )
