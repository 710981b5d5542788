"""Classes of a layer: which one a value falls into, and which unit speaks for a region."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geotrack.content import Content, Layer
from geotrack.model import MISSING


def class_of(layer: Layer, value: float) -> int:
    """Return the class of a value, a place in the layer's labels and colours."""
    return int(classes_of(layer, np.array([value]))[0])


def classes_of(layer: Layer, values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the class of each value; -1 where it is missing."""
    inner = np.array(layer.edges[1:-1])
    found = np.searchsorted(inner, values, side="right") + int(layer.zero)
    found = np.where(layer.zero & (values == 0), 0, found)
    return np.asarray(np.where(np.isnan(values), -1, found), dtype=np.int64)


def legend_order(layer: Layer) -> list[int]:
    """Classes as the legend lists them: a zero between negative and positive classes stands between them."""
    classes = list(range(len(layer.labels)))
    if not layer.zero or not layer.edges or layer.edges[0] >= 0:
        return classes
    below = sum(edge < 0 for edge in layer.edges)
    return [*classes[1 : below + 1], 0, *classes[below + 1 :]]


def speakers(content: Content, layer: Layer, t: int) -> NDArray[np.int64]:
    """Return for each region of the boundaries the unit whose figure it shows in a slice; -1 for none.

    An aggregate speaks for its members, unless the source has a figure of the member itself.
    """
    found = np.full(len(content.boundaries.codes), -1, dtype=np.int64)
    for u in sorted(range(len(content.units)), key=lambda u: content.units[u].kind == "region"):
        if layer.status[u, t] != MISSING:
            found[list(content.units[u].members)] = u
    return found
