"""How concentrated shares are, with bounds for what the source does not split; pure numpy."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True, eq=False)
class Concentration:
    """Measures per slice, each as least and greatest over every way to split the rest. NaN: no figure.

    Parameters
    ----------
    hhi_low, hhi_high : Herfindahl-Hirschman index, sum of squared shares, 0 to 1.
    effective_low, effective_high : 1 / HHI, the number of equal regions that would be as concentrated.
    top : share of the `n` largest named regions, 0 to 1. top_high : if the rest were one of them.
    entropy_low, entropy_high : Shannon's, in nats; infinite if the rest may be split without end.
    named : number of regions with a figure above 0.
    """

    hhi_low: np.ndarray
    hhi_high: np.ndarray
    effective_low: np.ndarray
    effective_high: np.ndarray
    top: np.ndarray
    top_high: np.ndarray
    entropy_low: np.ndarray
    entropy_high: np.ndarray
    named: np.ndarray


def concentration(
    values: np.ndarray,
    rest: np.ndarray,
    bounded: np.ndarray,
    n: int = 3,
    others: np.ndarray | None = None,
) -> Concentration:
    """Measure how concentrated shares are.

    HHI: Hirschman (1945), Herfindahl (1950). Effective number: Laakso and Taagepera (1979), Hill's number of
    order 2 (1973). Entropy: Shannon (1948). A split of the rest into one region is the most concentrated,
    into `others` equal ones the least: the sum of squares is convex (Marshall and Olkin, 1979). The rest is
    of regions that are not named, or of those given as lower bounds, which may be all of it.

    Parameters
    ----------
    values : regions × slices, in any unit, not below 0; NaN where missing, which is part of the rest.
    rest : per slice, what of the whole is not among the values; NaN for a slice without figures.
    bounded : regions × slices, whether a value is a lower bound.
    n : how many the largest are.
    others : per slice, how many regions the rest may be split into, at least 1; None: without end.
    """
    share, left = _shares(values, rest)
    squares = (share**2).sum(axis=0)
    most = _most(share, left, bounded)
    split = np.inf if others is None else np.maximum(others, 1)
    least = left**2 / split
    high, low = squares + most, squares + least
    ranked = _largest(share, n)
    top = np.where(np.isfinite(left), ranked[:n].sum(axis=0), np.nan)
    surprise = _surprise(share).sum(axis=0)
    spread = np.where(left > 0, np.log(split), 0.0) * left
    return Concentration(
        hhi_low=low,
        hhi_high=high,
        effective_low=_inverse(high),
        effective_high=_inverse(low),
        top=top,
        top_high=_top_high(ranked, top, left, bounded, n),
        entropy_low=surprise + _least_surprise(share, left, bounded),
        entropy_high=surprise + _surprise(left) + spread,
        named=(share > 0).sum(axis=0),
    )


def among(found: Concentration, regions: np.ndarray) -> Concentration:
    """Narrow measures by how many regions there are at most, per slice; infinite where that is not known.

    Of n regions the least concentrated shares are 1 / n each.
    """
    low = np.maximum(found.hhi_low, 1 / regions)  # NaN stays
    most = np.minimum(found.entropy_high, np.log(regions))
    return replace(found, hhi_low=low, effective_high=_inverse(low), entropy_high=most)


def _largest(share: np.ndarray, n: int) -> np.ndarray:
    """The n largest of each slice, the largest first."""
    part = share if len(share) <= n else np.partition(share, len(share) - n, axis=0)[-n:]
    return -np.sort(-part, axis=0)


def _top_high(
    ranked: np.ndarray, top: np.ndarray, left: np.ndarray, bounded: np.ndarray, n: int
) -> np.ndarray:
    """The rest as one region may be among the largest; a lower bound may take it all."""
    as_one = np.maximum(top, ranked[: n - 1].sum(axis=0) + left)
    return np.asarray(np.minimum(np.where(bounded.any(axis=0), top + left, as_one), 1.0))


def _least_surprise(share: np.ndarray, left: np.ndarray, bounded: np.ndarray) -> np.ndarray:
    """What the rest adds to the entropy at least: concave, so all of it goes to one region."""
    joined = np.where(bounded, _surprise(share + left) - _surprise(share), np.inf)
    return np.asarray(np.minimum(_surprise(left), joined.min(axis=0, initial=np.inf)))


def _shares(values: np.ndarray, rest: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return shares of named plus rest, 0 to 1; a missing cell's share is in the rest."""
    given = np.where(np.isfinite(values), values, 0.0)
    whole = given.sum(axis=0) + rest
    whole = np.where(whole > 0, whole, np.nan)  # of nothing there are no shares
    return given / whole, rest / whole


def _most(share: np.ndarray, left: np.ndarray, bounded: np.ndarray) -> np.ndarray:
    """What the rest adds to the sum of squares at most: as one region, or all to one of the lower bounds."""
    open_ = np.where(bounded, share, 0.0).max(axis=0, initial=0.0)
    return np.asarray(left**2 + 2 * open_ * left)


def _surprise(share: np.ndarray) -> np.ndarray:
    logs = np.log(share, out=np.zeros_like(share), where=share > 0)
    return np.asarray(-share * logs)


def _inverse(index: np.ndarray) -> np.ndarray:
    return np.asarray(np.divide(1.0, index, out=np.full(index.shape, np.nan), where=index > 0))
