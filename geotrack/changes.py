"""Classes for the changes between any two slices of a metric: one set for all pairs; pure."""

from __future__ import annotations

import numpy as np

from geotrack import classify
from geotrack.content import Layer
from geotrack.modes import Classes

STEPS = 10  # five below zero, five above


def classes(layer: Layer, mapped: np.ndarray, palette: str = "") -> Classes:
    """Return diverging classes of a layer's changes.

    Parameters
    ----------
    mapped : mask of the units that are drawn.
    palette : a diverging ColorBrewer name; RdBu reversed (more is red) if not given.
    """
    found = classify.breaks(all_changes(layer.values[mapped], layer.digits), "diverging", STEPS)
    return Classes(
        found.edges,
        found.zero,
        tuple(_signed(label) for label in found.labels()),
        classify.colours(found, palette or None),
        classify.colours(found, palette or None, dark=True),
    )


def all_changes(values: np.ndarray, digits: int) -> np.ndarray:
    """Return later minus earlier of every pair of slices, both ways round: (units, slices, slices).

    As `shift.change` has it, at the source's own precision; NaN where either slice is missing.
    """
    return np.asarray(np.round(values[:, None, :] - values[:, :, None], digits))


def _signed(label: str) -> str:
    """Write "5 to 10" as "+5 to +10"; minus signs stand there already."""
    return " to ".join(f"+{end}" if end[0].isdigit() and end != "0" else end for end in label.split(" to "))
