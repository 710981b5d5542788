"""Figures as plain values for JSON: the same on every machine, None where there is no figure."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from geotrack.language.numbers import NOISE

DIGITS = 6  # of derived figures, or as many as keep six significant ones: beyond what any source gives


def plain_values(value: Any) -> Any:
    """Return dicts, lists, texts and numbers: arrays as lists, NaN and infinity as None."""
    if isinstance(value, dict):
        return {str(key): plain_values(each) for key, each in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [plain_values(each) for each in value]
    if isinstance(value, float):
        return _rounded(float(value)) if math.isfinite(value) else None
    return value.item() if isinstance(value, np.generic) else value


def _rounded(value: float) -> float:
    """Round a number; what is not zero stays so, but for what sums of doubles may miss by."""
    small = NOISE < abs(value) < 1
    return round(value, DIGITS - 1 - math.floor(math.log10(abs(value))) if small else DIGITS) + 0.0
