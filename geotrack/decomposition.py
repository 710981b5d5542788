"""How a change of hashrate splits into "grew with the network" and "gained share"; pure, exact."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Split:
    """The change of each region's hashrate, in two terms that add up to it. Arrays run over regions.

    Parameters
    ----------
    total : change, in the unit of the hashrate. NaN where either slice is missing, as in all three.
    grew : what the region would have gained or lost had its share stood at the mean of the two slices.
    gained : what its change of share brought, the network at the mean of the two slices.
    """

    total: np.ndarray
    grew: np.ndarray
    gained: np.ndarray


def split(before: np.ndarray, after: np.ndarray, whole_before: float, whole_after: float) -> Split:
    """Split the change of each region's hashrate.

    With H = s N (a region's hashrate is its share of the network's): dH = mean(s) dN + mean(N) ds. No term is
    left over, and neither slice is favoured: it is the two-factor decomposition of Shapley (1953), the same
    as Marshall and Edgeworth's midpoint weights (1887). It adds up over regions too: a group's terms are
    the sums of its members' terms, and over the whole network the terms of share cancel out.

    Parameters
    ----------
    before, after : hashrate of each region in the two slices; NaN where missing, which stays missing.
    whole_before, whole_after : the network's hashrate, in the same unit, above 0.
    """
    share = before / whole_before, after / whole_after
    grew = (share[0] + share[1]) / 2 * (whole_after - whole_before)
    gained = (whole_before + whole_after) / 2 * (share[1] - share[0])
    return Split(after - before, grew, gained)
