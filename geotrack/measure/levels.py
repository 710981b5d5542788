"""Countries and their parts on one timeline, nothing counted twice; pure numpy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from geotrack.measure.lines import Line
from geotrack.model import DERIVED, LOWER_BOUND, MISSING, PERCENT


@dataclass(frozen=True, eq=False)
class Nested:
    """A country's parts as shares of the world. Arrays are parts × slices of the country, or run over slices.

    Parameters
    ----------
    values : derived: share of the country × the country's share, in percent of the world; NaN where missing.
    status : uint8; "derived", "lower bound" or "missing".
    unsplit : what of the country's share is in no part: the source's "Other", parts that it does not name.
    split : mask over slices: whether the parts are there. Elsewhere the country stands for itself.
    why : per slice, why it falls back to the country: the "country" has no figure, "parts" are not given, or
        "zero" is all that they add up to; "" where it is split.
    """

    values: np.ndarray
    status: np.ndarray
    unsplit: np.ndarray
    split: np.ndarray
    why: tuple[str, ...]


def nest(country: Line, parts: np.ndarray, status: np.ndarray, slices: Mapping[int, int]) -> Nested:
    """Derive a country's parts as shares of the world.

    A part's share of the world is its share of the country times the country's share. Parts and what is
    unsplit add up to the country, so that a timeline shows the parts or the country, never both.

    Parameters
    ----------
    country : its share of the world, in percent, slice by slice.
    parts, status : parts × slices of their own, in percent of the country; NaN and 0 where missing.
    slices : place of a slice of the country -> place of the same period among the parts' slices.
    """
    count = len(country.values)
    values = np.full((len(parts), count), np.nan)
    marks = np.full((len(parts), count), MISSING, dtype=np.uint8)
    why = []
    for t in range(count):
        why.append(_why(country, parts, slices, t))
        if not why[-1]:
            own, whole = parts[:, slices[t]], country.values[t]
            values[:, t] = own * whole / PERCENT
            open_ = (status[:, slices[t]] == LOWER_BOUND) | (country.status[t] == LOWER_BOUND)
            marks[:, t] = np.where(np.isnan(own), MISSING, np.where(open_, LOWER_BOUND, DERIVED))
    split = np.array([not reason for reason in why], dtype=bool)
    known = np.where(np.isnan(values), 0.0, values).sum(axis=0)
    return Nested(values, marks, np.where(split, country.values - known, np.nan), split, tuple(why))


def _why(country: Line, parts: np.ndarray, slices: Mapping[int, int], t: int) -> str:
    """Tell why a slice cannot be split; "" where it can."""
    if country.status[t] == MISSING:
        return "country"
    if t not in slices or np.isnan(parts[:, slices[t]]).all():
        return "parts"
    total = float(np.nansum(parts[:, slices[t]]))
    return "" if total > 0 else "zero"
