"""Joins regions to boundaries; what has no place on the map is counted, never dropped."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from geotrack.errors import BoundaryError, RegionError, ValidationError
from geotrack.language.numbers import DUST, NOISE, USUAL, clean, spelled
from geotrack.model import LOWER_BOUND


@dataclass(frozen=True)
class Join:
    """Where each unit of a table lies on the map.

    Parameters
    ----------
    units : codes of regions, in the order of the table's rows.
    matched : unit -> places in the boundaries: a region its own one first, then those of the parts that show
        its figure; an aggregate those of its members and their parts.
    """

    units: tuple[str, ...]
    matched: Mapping[str, tuple[int, ...]]

    @property
    def mapped(self) -> np.ndarray:
        """Mask over `units`: whether the unit is on the map."""
        return np.array([u in self.matched for u in self.units], dtype=bool)


@dataclass(frozen=True, eq=False)
class Remainder:
    """What of the whole is on the map, and what is not; arrays of float64 or bool, one entry per slice.

    (mapped + stated) + (unstated + rounding) == whole, to the last bit for a whole such as 100; where there
    is none, `unstated` and `rounding` are 0 and claim nothing. A slice without any figure is NaN throughout.

    Parameters
    ----------
    mapped : sum of the units on the map.
    stated : sum of the source's figures without a place on it: "Other", undrawn regions.
    unstated : what the source does not speak of: the rest of `whole`.
    rounding : the rest where it lies within the tolerance, of either sign; `unstated` is then 0. Beside a
        lower bound what is left may be that figure's, and is `unstated`, however small.
    whole : what the parts add up to: the metric's whole, or the total that the source states; NaN where there
        is neither, 0 for shares of `nothing`.
    nothing : every figure of the slice is exactly zero, and none is not stated: a share of nothing.
    mapped_at_least, stated_at_least : a lower bound went into the sum; `unstated` is then at most.
    """

    mapped: np.ndarray
    stated: np.ndarray
    unstated: np.ndarray
    rounding: np.ndarray
    whole: np.ndarray
    nothing: np.ndarray
    mapped_at_least: np.ndarray
    stated_at_least: np.ndarray


def join(
    units: Sequence[str],
    boundary_codes: Sequence[str],
    levels: Mapping[str, str],
    members: Mapping[str, tuple[str, ...]],
    parts: Mapping[str, tuple[str, ...]] | None = None,
) -> Join:
    """Match the units of a table to boundaries by code, and only by code.

    A region stands for itself and for those of its parts that the table does not list by themselves.

    Parameters
    ----------
    units : codes of regions, each once.
    boundary_codes : the code of each boundary, each once.
    levels : code -> one of `model.LEVELS`.
    members : aggregate -> codes of its regions. An aggregate that has a boundary of its own uses that.
    parts : region -> the parts of it that show its figure, see `unlisted`.

    Raises
    ------
    BoundaryError
        If a code has more than one boundary.
    ValidationError
        If a unit occurs twice.
    RegionError
        If units are neither in `levels` nor in the boundaries.
    """
    _once(boundary_codes, BoundaryError, "boundaries have more than one shape for", "dissolve them by code")
    _once(units, ValidationError, "the table has more than one row for", "keep one of each")
    place = {code: i for i, code in enumerate(boundary_codes)}
    unknown = [u for u in units if u not in levels and u not in place]
    if unknown:
        raise RegionError(
            f"{len(unknown)} of {len(units)} regions are unknown: {', '.join(unknown)}; "
            "expected codes such as CHN or US-TX that the boundaries or the registry have"
        )
    own = {u: (u,) if u in place else members.get(u, ()) for u in units}
    whole = {u: [p for code in own[u] for p in (code, *(parts or {}).get(code, ()))] for u in units}
    drawn = {
        u: tuple(sorted({place[p] for p in whole[u] if p in place}, key=lambda i: (i != place.get(u), i)))
        for u in units
    }
    return Join(tuple(units), {u: places for u, places in drawn.items() if places})


def unlisted(
    parts: Mapping[str, tuple[str, ...]], listed: Iterable[str], members: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """Return of each region those parts that a table does not list by themselves, in any slice.

    Statistics of a country take in its integral parts: French Guiana is in France's figure. One that the
    table lists by itself, or in an aggregate that leaves its country out, has land of its own, with "no data"
    where it has no figure.

    Parameters
    ----------
    parts : region -> its integral parts.
    listed : the units of the table, all of them, shown or not.
    members : aggregate -> codes of its regions.
    """
    taken = [set(members.get(unit, (unit,))) for unit in listed]
    return {
        region: tuple(p for p in own if not any(p in codes and region not in codes for codes in taken))
        for region, own in parts.items()
    }


def remainder(
    values: np.ndarray,
    mapped: np.ndarray,
    whole: float | np.ndarray | None,
    tolerance: float | np.ndarray,
    whole_units: np.ndarray,
    *,
    status: np.ndarray | None = None,
    complete: bool = False,
    names: Sequence[str] = (),
) -> Remainder:
    """Account for every figure of every slice.

    Parameters
    ----------
    values : units × slices, in one unit of measure; NaN where there is no figure.
    mapped : mask over units: those on the map (`Join.mapped`).
    whole : what a slice adds up to (100 for shares), or None; of totals that the source states one per slice,
        NaN where it states none.
    tolerance : how far a sum may lie from `whole` by rounding; perhaps one per slice.
    whole_units : mask over units: those that state the whole themselves ("total"), left out of all sums.
    status : codes in `model.STATUSES`, shaped as `values`; tells lower bounds.
    complete : whether the source lists everything. Zeros are all of the slice then, and where it states a
        whole of zero; else whoever is not listed may have the whole.
    names : the slices' names for errors.

    Raises
    ------
    ValidationError
        If slices add up to more than the whole and its tolerance; lists them all.
    """
    counted = ~np.asarray(whole_units, dtype=bool)
    on, off = mapped & counted, ~mapped & counted
    given = ~np.isnan(values[counted])
    seen = given.any(axis=0)
    placed, stated = (np.where(seen, _sum(values[rows]), np.nan) for rows in (on, off))
    bounds = np.zeros(values.shape, dtype=bool) if status is None else status == LOWER_BOUND
    nothing = seen & ~(given & ((values[counted] != 0) | bounds[counted])).any(axis=0)
    nothing &= complete | (values[~counted] == 0).any(axis=0)
    total = placed + stated
    wholes = np.where(seen, np.nan if whole is None else whole, np.nan)
    if not isinstance(whole, np.ndarray):  # shares of nothing; a total is what it is
        wholes = np.where(nothing & np.isfinite(wholes), 0.0, wholes)
    target = np.where(np.isfinite(wholes), wholes, total)
    dust = DUST + NOISE * np.abs(target)
    rest, allowed = _complement(total, target), tolerance + dust
    _raise_above(total, rest < -allowed, whole, allowed, names)
    at_least = bounds[on].any(axis=0), bounds[off].any(axis=0)
    # beside a lower bound what is left is what it may have more, however small: at most that, and no rounding
    loose = (at_least[0] | at_least[1]) & (rest > dust)
    near = (np.abs(rest) <= allowed) & ~loose  # NaN is not near
    unstated, rounding = np.where(near, 0.0, rest), np.where(near, rest, np.where(seen, 0.0, np.nan))
    found = Remainder(placed, stated, unstated, rounding, wholes, nothing, *at_least)
    _assert_complete(found)
    return found


def as_shown(rest: Remainder, values: np.ndarray, mapped: np.ndarray, whole_units: np.ndarray) -> Remainder:
    """Account for the figures as they are shown: what rounding them adds or takes away is rounding.

    Parameters
    ----------
    values : units × slices, rounded. mapped, whole_units : as of `remainder`.
    """
    on, off = (
        np.where(np.isnan(rest.mapped), np.nan, _sum(values[rows & ~whole_units]))
        for rows in (mapped, ~mapped)
    )
    hidden = _complement(rest.unstated, _complement(on + off, rest.whole))
    return replace(
        rest, mapped=on, stated=off, rounding=np.where(np.isfinite(rest.whole), hidden, rest.rounding)
    )


def _once(codes: Sequence[str], error: type[Exception], found: str, advice: str) -> None:
    twice = sorted(code for code, n in Counter(codes).items() if n > 1)
    if twice:
        raise error(f"{found} {', '.join(twice)}; {advice}")


def _sum(values: np.ndarray) -> np.ndarray:
    """Add up each slice, correctly rounded, so that the order of the rows is of no matter."""
    return np.array([math.fsum(column) for column in np.nan_to_num(values).T], dtype=np.float64)


def _complement(total: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return rest such that total + rest == target; target - total alone can miss it by a last bit."""
    rest = np.asarray(target - total)
    for way in (np.inf, -np.inf):
        missed = (total + rest < target) if way > 0 else (total + rest > target)
        rest = np.where(missed, np.nextafter(rest, way), rest)
    return rest


def _raise_above(
    total: np.ndarray,
    above: np.ndarray,
    whole: float | np.ndarray | None,
    allowed: np.ndarray,
    names: Sequence[str],
) -> None:
    if not above.any():
        return
    stated = whole if isinstance(whole, np.ndarray) else None
    listed = "; ".join(
        f"{names[i] if names else f'slice {i + 1}'}: {spelled(total[i])}"
        + (f" of {spelled(stated[i])}" if stated is not None else "")
        for i in np.flatnonzero(above).tolist()
    )
    most = spelled(whole) if isinstance(whole, int | float) else "the total that the source states"
    near = spelled(clean(float(allowed[above].max()), USUAL))
    raise ValidationError(
        f"figures add up to more than {most} (tolerance {near}): {listed}; "
        "a region may be counted twice, once by itself and once in an aggregate"
    )


def _assert_complete(r: Remainder) -> None:
    """Check the promise of this module: nothing is dropped."""
    parts = (r.mapped + r.stated) + (r.unstated + r.rounding)
    whole = np.where(np.isfinite(r.whole), r.whole, r.mapped + r.stated)
    if not np.allclose(parts, whole, rtol=1e-12, atol=0, equal_nan=True):
        raise AssertionError("mapped + stated + unstated + rounding is not the whole: a defect of geotrack")
