"""Named readings of shares: what if figures that a series has in doubt were otherwise; pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from geotrack.errors import SpecError
from geotrack.map.content import Content, Layer
from geotrack.measure.shares import PERCENT, Members, Shares, groups_of, is_row, shares_of, wholes
from geotrack.model import DERIVED, LOWER_BOUND, MISSING, REPORTED, SAID, OtherReading, Series


@dataclass(frozen=True)
class Scenario:
    """A reading of the figures.

    Parameters
    ----------
    name : for the command line. family : what it is about; an interval spans the scenarios of a family.
    title : for people. assumption : in a sentence.
    read : shares as they are read, or None where the scenario changes nothing.
    """

    name: str
    family: str
    title: str
    assumption: str
    read: Callable[[Shares], Shares | None]


def scenarios(series: Series) -> tuple[Scenario, ...]:
    """Return the scenarios of a series: as reported, and the readings of its figures that are in doubt."""
    declared = [
        Scenario(each.name, doubt.figures, each.title, each.assumption, _in_open_sums(_read(each)))
        for doubt in series.doubts
        for each in doubt.readings
    ]
    return AS_REPORTED, *declared


def scenario(series: Series, name: str) -> Scenario:
    """Return a series' scenario of a name; SpecError says which there are."""
    known = {each.name: each for each in scenarios(series)}
    if name not in known:
        declares = "" if series.doubts else f" (series {series.name} has no figures in doubt)"
        raise SpecError(f"no scenario {name!r}; expected one of: {', '.join(known)}{declares}")
    return known[name]


def families(series: Series) -> Mapping[str, str]:
    """Return what an interval over the readings of each kind of figures in doubt rests on."""
    return {doubt.figures: doubt.assumption for doubt in series.doubts}


def read_otherwise(content: Content, layer: Layer) -> tuple[np.ndarray, ...]:
    """Return a layer's figures as its series' other scenarios read them, which leave open what rose and fell.

    Returns
    -------
    A table like `layer.values` for each scenario that changes something, NaN where it says nothing.
    """
    kept, found = [u for u, unit in enumerate(content.units) if is_row(unit)], []
    for read in _others(content, layer):
        values = np.full(layer.values.shape, np.nan)
        values[kept] = read.stated * wholes(content, layer) / PERCENT
        found.append(values)
    return tuple(found)


def line_otherwise(content: Content, layer: Layer, codes: Sequence[str]) -> tuple[np.ndarray, ...]:
    """Return the sum of some regions as `read_otherwise` has them, slice by slice."""
    if not content.series.doubts:
        return ()
    [group] = groups_of(content, layer, {" ".join(codes): codes})
    read = _others(content, layer, [group])
    return tuple(each.line(group.code).values * wholes(content, layer) / PERCENT for each in read)


def _others(content: Content, layer: Layer, wanted: Sequence[Members] = ()) -> list[Shares]:
    """The shares as each scenario but the first reads them, of those that change something."""
    negative = (layer.values < 0).any()  # NaN is not below
    if not content.series.doubts or not layer.metric.adds_up or negative:
        return []
    table = shares_of(content, layer, wanted, alone=True)
    read = [each.read(table) for each in scenarios(content.series) if each.family]
    return [each for each in read if each is not None]


def _in_open_sums(read: Callable[[Shares], Shares | None]) -> Callable[[Shares], Shares | None]:
    """Read shares as they are stated; in a sum with lower bounds each is at most, or at least, that then."""

    def told(shares: Shares) -> Shares | None:
        found = read(shares.as_stated())
        return found if found is None or shares.opened is None else found.reopened(shares.opened.count)

    return told


def _read(reading: OtherReading) -> Callable[[Shares], Shares | None]:
    readers: dict[str, Callable[[Shares], Shares | None]] = {
        "spread": _spread,
        "given": partial(_given, to=reading.to),
        "before": partial(_filled, earlier=True),
        "after": partial(_filled, earlier=False),
    }
    return readers[reading.becomes]


def _spread(shares: Shares) -> Shares | None:
    """The starred regions' share goes to all others in proportion to theirs, the rest included."""
    taken = _starred(shares)
    if taken is None:
        return None
    grow = np.divide(PERCENT, PERCENT - taken, out=np.full(taken.shape, np.nan), where=taken < PERCENT)
    return _emptied(shares, shares.values * grow, shares.rest * grow)


def _given(shares: Shares, to: str) -> Shares | None:
    """The starred regions' share goes to one region, where that has a figure."""
    taken = _starred(shares)
    if taken is None or to not in shares.codes:
        return None
    row = shares.codes.index(to)
    values = shares.values.copy()
    values[row] += taken
    return _emptied(shares, values, shares.rest + np.where(np.isnan(shares.values[row]), taken, 0.0))


def _starred(shares: Shares) -> np.ndarray | None:
    if not shares.starred.any():
        return None
    stars = shares.values[shares.starred]
    return np.asarray(np.where(np.isnan(stars), 0.0, stars).sum(axis=0))


def _emptied(shares: Shares, values: np.ndarray, rest: np.ndarray) -> Shares:
    """Nothing is left at the starred regions that have a figure; a missing one stays missing."""
    empty = shares.starred[:, None] & (shares.status != MISSING)
    return shares.with_values(np.where(empty, 0.0, values), rest, _derived(shares))


def _derived(shares: Shares) -> np.ndarray:
    plain = np.where(shares.status == MISSING, MISSING, np.maximum(shares.status, 0))
    return np.asarray(np.where(plain == 1, DERIVED, plain).astype(np.uint8))


def _filled(shares: Shares, earlier: bool) -> Shares | None:
    """Zeros between two positive figures of a region are read as one of these; all else shrinks to fit."""
    ahead, behind = _nearest(shares.values), _nearest(shares.values[:, ::-1])[:, ::-1]
    zeros = (shares.values == 0) & (shares.status != LOWER_BOUND)
    between = zeros & (ahead > 0) & (behind > 0)
    read = np.where(between, ahead if earlier else behind, 0.0)
    taken = read.sum(axis=0)
    if not taken.any() or (taken >= PERCENT).any():
        return None
    left = (PERCENT - taken) / PERCENT
    values = np.where(read > 0, read, shares.values * left)
    status = np.where((read > 0) | ((taken > 0) & (shares.status != MISSING)), DERIVED, shares.status)
    return shares.with_values(values, shares.rest * left, status.astype(np.uint8))


def _nearest(values: np.ndarray) -> np.ndarray:
    """The last figure above 0 with nothing but zeros since; NaN where there is none, or a missing cell."""
    found = np.full(values.shape, np.nan)
    last = np.full(len(values), np.nan)
    for t, column in enumerate(values.T):
        last = np.where(column == 0, last, np.where(column > 0, column, np.nan))
        found[:, t] = last
    return found


AS_REPORTED = Scenario(
    SAID[REPORTED], "", "as reported", "The figures as their source reports them.", lambda shares: shares
)
