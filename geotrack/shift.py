"""What moved between two slices; pure: arrays in, arrays out. No missing cell is ever taken for zero."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geotrack.model import DERIVED, LOWER_BOUND, MISSING


@dataclass(frozen=True, eq=False)
class Change:
    """The change of each region between two slices.

    Parameters
    ----------
    values : float64, later minus earlier, in the metric's unit (of percentages: in percentage points); NaN
        where either is missing.
    status : uint8; `model.MISSING` where either is missing, `model.LOWER_BOUND` where either is a lower
        bound, so that the change is not known exactly, else `model.DERIVED`.
    """

    values: np.ndarray
    status: np.ndarray


def change(values: np.ndarray, status: np.ndarray, first: int, last: int) -> Change:
    """Return what changed between two slices.

    Parameters
    ----------
    values, status : rows × slices; NaN and 0 where missing.
    first, last : places of the earlier and the later slice.
    """
    before, after = status[:, first], status[:, last]
    known = (before != MISSING) & (after != MISSING)
    bound = (before == LOWER_BOUND) | (after == LOWER_BOUND)
    moved = np.where(known, values[:, last] - values[:, first], np.nan)
    return Change(moved, np.where(known, np.where(bound, LOWER_BOUND, DERIVED), MISSING).astype(np.uint8))
