"""The layer of a difference map: changes between two slices, in the classes that the page has for them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from geotrack.changes import change_of, classes_of
from geotrack.map.content import Layer
from geotrack.map.views import View
from geotrack.model import MISSING
from geotrack.shift import change


def moved(view: View) -> Layer:
    """Return a layer whose one slice is the change between a difference's two slices.

    It has no classes where no change is known.
    """
    layer = view.layer
    status = change(layer.values, layer.status, *view.slices).status
    drawn = np.array([bool(unit.members) for unit in view.content.units])
    known = bool((drawn & (status != MISSING)).any())
    steps = classes_of(view.content, view.metric)
    return replace(
        layer,
        values=change_of(layer, *view.slices)[:, None],
        status=status[:, None],
        edges=steps.edges if known else (),
        zero=steps.zero and known,
        labels=steps.labels if known else (),
        light=steps.light if known else (),
        dark=steps.dark if known else (),
    )
