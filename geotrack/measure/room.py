"""What is left of a whole for a line: the most by which a bound is exceeded, or that is missing; pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geotrack.model import MISSING


@dataclass(frozen=True, eq=False)
class Holders:
    """Whose figures share a whole.

    Parameters
    ----------
    codes : of the rows. single : mask over rows, whether a row is one region.
    covers : codes of the regions of each row; of a sum whose members nobody gave its own code, or none.
    parts : codes of the two rows that make up the whole, if there are any.
    """

    codes: tuple[str, ...]
    single: np.ndarray
    covers: tuple[tuple[str, ...], ...]
    parts: tuple[str, ...] = ()

    def may_share(self, row: int, other: int) -> bool:
        """Whether two rows may have regions in common: of a sum whose members nobody gave, any."""
        both = [row, other]
        if self.single[both].all() or {self.codes[each] for each in both} <= set(self.parts):
            return False
        own = [set(self.covers[each]) if self.covers else set() for each in both]
        told = [
            self.single[each] or bool(codes - {self.codes[each]})
            for each, codes in zip(both, own, strict=True)
        ]
        return not all(told) or bool(own[0] & own[1])


def room(
    rows: list[int], rest: np.ndarray, figures: tuple[np.ndarray, np.ndarray], among: Holders, whole: float
) -> np.ndarray:
    """Return per slice what is left for the sum of some rows, beside what is stated of them.

    That is the rest, and all that is stated of sums which may hold those of the rows that are missing.
    Infinite in slices without any figure: nothing is known there.

    Parameters
    ----------
    rows : their places. rest : what of the whole is in no row; NaN where every figure is zero, so that all
        may be elsewhere, as in `ranking.limits`.
    figures : values and status, all rows × slices. whole : what a slice adds up to.
    """
    values, given = figures[0], figures[1] != MISSING
    found = np.nan_to_num(rest, nan=whole)
    for other in sorted(set(range(len(values))) - set(rows)):
        may = [row for row in rows if among.may_share(row, other)]
        held = ~given[may].all(axis=0) & given[other]
        found = found + np.where(held, np.nan_to_num(values[other]), 0.0)
    return np.where(given.any(axis=0), np.minimum(found, whole), np.inf)
