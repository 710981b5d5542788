"""Named readings of shares: what if doubtful figures were otherwise; pure, shares in, shares out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from geotrack.errors import SpecError
from geotrack.measure.shares import PERCENT, Shares
from geotrack.model import DERIVED, LOWER_BOUND, MISSING


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


def scenario(name: str) -> Scenario:
    """Return the scenario of a name; SpecError says which there are."""
    known = {each.name: each for each in SCENARIOS}
    if name not in known:
        raise SpecError(f"no scenario {name!r}; expected one of: {', '.join(known)}")
    return known[name]


def _in_open_sums(read: Callable[[Shares], Shares | None]) -> Callable[[Shares], Shares | None]:
    """Read shares as they are stated; in a sum with lower bounds each is at most, or at least, that then."""

    def told(shares: Shares) -> Shares | None:
        found = read(shares.as_stated())
        return found if found is None or shares.opened is None else found.reopened(shares.opened.count)

    return told


def _reported(shares: Shares) -> Shares:
    return shares


def _spread(shares: Shares) -> Shares | None:
    """The starred regions' share goes to all others in proportion to theirs, the rest included."""
    taken = _starred(shares)
    if taken is None:
        return None
    grow = np.divide(PERCENT, PERCENT - taken, out=np.full(taken.shape, np.nan), where=taken < PERCENT)
    return _emptied(shares, shares.values * grow, shares.rest * grow)


def _to_china(shares: Shares) -> Shares | None:
    """The starred regions' share goes to China, where China has a figure."""
    taken = _starred(shares)
    if taken is None or "CHN" not in shares.codes:
        return None
    row = shares.codes.index("CHN")
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


def _before(shares: Shares) -> Shares | None:
    return _filled(shares, earlier=True)


def _after(shares: Shares) -> Shares | None:
    return _filled(shares, earlier=False)


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


SCENARIOS = (
    Scenario("reported", "", "as reported", "The figures as their source reports them.", _reported),
    Scenario(
        "stars-spread",
        "stars",
        "starred countries' share spread over all others",
        "The source stars countries whose share VPN and proxy servers likely inflate. Here none of it is "
        "theirs; it is everybody else's, in proportion.",
        _in_open_sums(_spread),
    ),
    Scenario(
        "stars-to-china",
        "stars",
        "starred countries' share read as China's",
        "The source stars countries whose share VPN and proxy servers likely inflate. Here none of it is "
        "theirs; all of it is China's: the far end of what the star may mean.",
        _in_open_sums(_to_china),
    ),
    Scenario(
        "zeros-as-before",
        "zeros",
        "zeros between two months read as the month before",
        "Zeros that stand between positive months, as China's of July and August 2021, are read as the last "
        "positive month before; all other shares shrink in proportion. No figure is claimed.",
        _in_open_sums(_before),
    ),
    Scenario(
        "zeros-as-after",
        "zeros",
        "zeros between two months read as the month after",
        "Zeros that stand between positive months, as China's of July and August 2021, are read as the first "
        "positive month after; all other shares shrink in proportion. No figure is claimed.",
        _in_open_sums(_after),
    ),
)
