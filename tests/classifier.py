"""The class of a value by its definition, beside what the package and the page draw by."""

from __future__ import annotations

import numpy as np

from geotrack.map.classes import Breaks


def classify(values: np.ndarray, found: Breaks) -> np.ndarray:
    """Return a code for each value: 0 missing, then the classes in the order of `Breaks.labels()`."""
    values = np.asarray(values, dtype=float)
    codes = 1 + found.zero + sum((values >= edge).astype(int) for edge in found.edges[1:-1])
    return np.where(np.isnan(values), 0, np.where(found.zero & (values == 0), 1, codes))
