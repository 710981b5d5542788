"""The headline figures of a shift: which there are, what they are called, and how they are shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from geotrack.measured import Figure
from geotrack.shares import Shares
from geotrack.uncertainty import Interval

MEASURES = (
    # key, title, unit, digits, bound
    ("variation", "Total variation: share that lies in other regions", "%", 2, "at least"),
    ("hhi", "HHI, sum of squared shares", "", 4, "at least"),
    ("effective", "Effective number of regions, 1 / HHI", "", 2, "at most"),
    ("top", "Share of the three largest", "%", 2, "at least"),
    ("lon", "Mean centre, longitude", "°", 1, ""),
    ("lat", "Mean centre, latitude", "°", 1, ""),
    ("reach", "How far the rest may put the mean centre off", "km", 0, "at most"),
    ("length", "Length R of the mean vector", "", 3, ""),
    ("moved", "Distance the mean centre moved", "km", 0, ""),
)


def headline(
    values: Mapping[str, float],
    intervals: Mapping[str, tuple[Interval, ...]],
    names: Mapping[str, str],
    shares: Shares,
    ends: tuple[int, int],
) -> tuple[Figure, ...]:
    """Return the headline figures.

    Parameters
    ----------
    values, intervals : by key. names : code -> name of the lines. ends : places of the two slices.
    """
    return tuple(
        Figure(key, title, values[key], unit, digits, bound if _open(shares, ends) else "", intervals[key])
        for key, title, unit, digits, bound in _wanted(names, [shares.slices[t].label for t in ends])
        if key in values
    )


def _wanted(names: Mapping[str, str], ends: list[str]) -> Iterator[tuple[str, str, str, int, str]]:
    for code, name in names.items():
        yield f"share.{code}.before", f"{name}, {ends[0]}", "%", 2, ""
        yield f"share.{code}.after", f"{name}, {ends[1]}", "%", 2, ""
        yield f"share.{code}.change", f"{name}, change", "points", 2, ""
    for key, title, unit, digits, bound in MEASURES:
        if key in {"variation", "moved"}:
            yield key, title, unit, digits, bound
        else:
            yield f"{key}.before", f"{title}, {ends[0]}", unit, digits, bound
            yield f"{key}.after", f"{title}, {ends[1]}", unit, digits, bound


def _open(shares: Shares, ends: tuple[int, int]) -> bool:
    """Whether something is left to split, so that measures of named regions are bounds."""
    return bool((shares.loose[list(ends)] > 0).any())
