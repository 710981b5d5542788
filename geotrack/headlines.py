"""The headline figures of a shift: which there are, what they are called, and how they are shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from geotrack.language import catalogue
from geotrack.measured import NOT_EXACT, Figure, Row
from geotrack.shares import Shares
from geotrack.uncertainty import Interval

MEASURES = (
    # key, unit, digits, bound
    ("variation", "%", 2, "at least"),
    ("hhi", "", 4, "at least"),
    ("effective", "", 2, "at most"),
    ("top", "%", 2, "at least"),
    ("lon", "°", 1, ""),
    ("lat", "°", 1, ""),
    ("reach", "km", 0, "at most"),
    ("length", "", 3, ""),
    ("moved", "km", 0, ""),
)
OF_FEW = ("share", "variation")
"""What two or three parts have as well: a mean centre or an index of them says nothing that they do not."""


@dataclass(frozen=True)
class Wanted:
    """Which figures are told.

    Parameters
    ----------
    names : code -> name of the lines. rows : of the same, by code, which tell what is derived.
    few : whether there are too few regions for the measures of many.
    digits : decimals of shares. lang : of the titles.
    """

    names: Mapping[str, str]
    rows: Mapping[str, Row]
    few: bool
    digits: int
    lang: str


def headline(
    values: Mapping[str, float],
    intervals: Mapping[str, tuple[Interval, ...]],
    wanted: Wanted,
    shares: Shares,
    ends: tuple[int, int],
) -> tuple[Figure, ...]:
    """Return the headline figures.

    Parameters
    ----------
    values, intervals : by key. ends : places of the two slices.
    """
    labels = [shares.slices[t].label for t in ends]
    every = [*_shares(wanted, labels), *_measures(wanted, labels, _open(shares, ends))]
    return tuple(
        Figure(key, title, values[key], unit, digits, bound, intervals[key], derived)
        for key, title, unit, digits, bound, derived in every
        if key in values and (not wanted.few or key.partition(".")[0] in OF_FEW)
    )


def _shares(wanted: Wanted, ends: list[str]) -> Iterator[tuple[str, str, str, int, str, bool]]:
    for code, name in wanted.names.items():
        row = wanted.rows.get(code)
        derived, lower, upper = (row.derived, row.lower, row.upper) if row else ((), (), ())
        name = _say(wanted.lang, "asListed", name=name) if row and row.as_listed else name  # noqa: PLW2901
        for part, slice_ in zip(("before", "after"), ends, strict=True):
            title = _say(wanted.lang, "at", title=name, slice=slice_)
            bound = "at least" if part in lower else "at most" if part in upper else ""
            yield f"share.{code}.{part}", title, "%", wanted.digits, bound, part in derived
        title = _say(wanted.lang, "changeOf", name=name)
        bound = NOT_EXACT if row and row.other_sum else _of_change(lower, upper)
        yield f"share.{code}.change", title, "points", wanted.digits, bound, False


def _measures(wanted: Wanted, ends: list[str], open_: bool) -> Iterator[tuple[str, str, str, int, str, bool]]:
    for key, unit, digits, bound in MEASURES:
        title, known = _say(wanted.lang, key), bound if open_ else ""
        digits = wanted.digits if unit == "%" else digits  # noqa: PLW2901
        if key in {"variation", "moved"}:
            yield key, title, unit, digits, known, False
        else:
            for part, slice_ in zip(("before", "after"), ends, strict=True):
                at = _say(wanted.lang, "at", title=title, slice=slice_)
                yield f"{key}.{part}", at, unit, digits, known, False


def _of_change(lower: Sequence[str], upper: Sequence[str]) -> str:
    """What a change is where an end is a bound: at least or at most that, or neither is known."""
    least, most = "after" in lower or "before" in upper, "before" in lower or "after" in upper
    return NOT_EXACT if least and most else "at least" if least else "at most" if most else ""


def _open(shares: Shares, ends: tuple[int, int]) -> bool:
    """Whether something is left to split, so that measures of named regions are bounds."""
    return bool((shares.loose[list(ends)] > 0).any())


def _say(lang: str, key: str, **values: str) -> str:
    return catalogue.said(lang, "shift", key, **values)
