"""Shares of a sum that is a lower bound itself, as one of its figures is: who is at most, who at least.

Of figures that add up to S = a + b, b a lower bound, the share of a is at most a / S: whatever b has more is
in the sum. That of b is at least b / S where no other figure is a lower bound, and anything where one is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geotrack.language.numbers import DUST
from geotrack.model import AT_MOST, DERIVED, LOWER_BOUND, MISSING, PERCENT

Figures = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True, eq=False)
class OpenSum:
    """Shares of the sums of what is stated. Arrays are rows × slices, or run over slices.

    Parameters
    ----------
    values, status : of the rows, as if each figure were exact; NaN and 0 where missing.
    rest : of what is in the sum and in no row.
    count : how many lower bounds are in the sum; 0 of a sum that is known.
    """

    values: np.ndarray
    status: np.ndarray
    rest: np.ndarray
    count: np.ndarray

    @property
    def inside(self) -> np.ndarray:
        """Mask over rows and slices, whether a figure is a lower bound."""
        return np.asarray(self.status == LOWER_BOUND)

    def least(self) -> Figures:
        """Return what each row has at least, marked as that where the sum is open."""
        given, open_ = self.status != MISSING, self.count > 0
        values, status = self.bounded(self.values, self.status, self.inside.astype(int))
        values = np.where(status == AT_MOST, 0.0, values)
        return values, np.where(given & open_, LOWER_BOUND, status).astype(np.uint8)

    def bounded(self, values: np.ndarray, status: np.ndarray, inside: np.ndarray) -> Figures:
        """Return what the sums of some rows are at least, or at most.

        Parameters
        ----------
        values, status : of the sums. inside : how many of their figures are lower bounds.
        """
        given, beside = status != MISSING, self.count - inside > 0
        some = (inside > 0) | (status == LOWER_BOUND)
        found = np.where(given & beside & some, 0.0, values)
        known = np.where(given & beside, np.where(some, LOWER_BOUND, AT_MOST), status)
        return found, known.astype(np.uint8)

    def rest_line(self) -> Figures:
        """Return the share of what is in no row, at most where a row is a lower bound; see `bounded`.

        It is at least what is known of it where it is open itself, and not known where that is nothing.
        """
        inside = self.count - self.inside.sum(axis=0)
        status = np.where(np.isfinite(self.rest), DERIVED, MISSING)
        values, known = self.bounded(self.rest, status, inside)
        known = np.where((inside > 0) & (status != MISSING), LOWER_BOUND, known)
        nothing = (inside > 0) & (values <= DUST)
        return np.where(nothing, np.nan, values), np.where(nothing, MISSING, known).astype(np.uint8)

    def room(self, values: np.ndarray, status: np.ndarray, otherwise: np.ndarray) -> np.ndarray:
        """Return what a share that is a lower bound may have more: in an open sum all the others."""
        open_ = (self.count > 0) & (status == LOWER_BOUND)
        return np.asarray(np.where(open_, PERCENT - values, otherwise))
