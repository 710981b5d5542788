"""Figures as plain values for JSON: the same on every machine, None where there is no figure."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from geotrack.language.numbers import clean

DIGITS = 6  # of derived figures, or as many as keep six significant ones: beyond what any source gives


def plain_values(value: Any) -> Any:
    """Return dicts, lists, texts and numbers: arrays as lists, NaN and infinity as None."""
    if isinstance(value, dict):
        return {str(key): plain_values(each) for key, each in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [plain_values(each) for each in value]
    if isinstance(value, float):
        return clean(float(value), DIGITS) if math.isfinite(value) else None
    return value.item() if isinstance(value, np.generic) else value
