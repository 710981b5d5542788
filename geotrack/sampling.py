"""What measures may be of the whole network, where a sample of a part of it is all that is known; pure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from geotrack import uncertainty
from geotrack.measures import Reading
from geotrack.model import LOWER_BOUND, MISSING
from geotrack.shares import PERCENT


def unseen(reading: Reading, series: str) -> Reading | None:
    """Return shares of the whole network, what the sample leaves out added to the rest.

    Every figure is "at least" there: what was not seen may lie anywhere, among the named regions, too.

    Returns
    -------
    None where the publisher states no sample for any slice.
    """
    shares = reading.shares
    part = np.array([uncertainty.coverage(series, step) for step in shares.slices])
    sampled = np.isfinite(part)
    if not sampled.any():
        return None
    part = np.where(sampled, part, 1.0)
    open_ = sampled & (shares.status != MISSING)
    told = shares.with_values(
        shares.values * part,
        shares.rest * part + (1 - part) * PERCENT,
        np.where(open_, LOWER_BOUND, shares.status).astype(np.uint8),
    )
    # spread least over named and not named regions alike; without end stays without end
    others = reading.others + len(shares.codes) if reading.others else 0
    return replace(reading, shares=told, others=others)


def variation(reading: Reading, series: str, first: int, last: int) -> tuple[float, float]:
    """Return the total variation distance of two slices of the whole network, least and greatest.

    With P >= p and Q >= q: what of p lies above q must have moved, less what the unseen of Q may cover, and
    the other way round; and P and Q have in common what p and q have, at least.

    Parameters
    ----------
    reading : of the sample, in percent.
    """
    shares, ends = reading.shares, [first, last]
    part = np.array([uncertainty.coverage(series, shares.slices[t]) for t in ends])
    part = np.where(np.isfinite(part), part, 1.0)
    p, q = (shares.values[:, ends] * part).T
    known = np.isfinite(p) & np.isfinite(q)
    p, q = p[known], q[known]
    # a lower bound may be more than is stated, by whatever is of no region
    open_ = (shares.status[:, ends] == LOWER_BOUND).any(axis=0)
    free = np.where(open_, PERCENT - np.array([p.sum(), q.sum()]), (1 - part) * PERCENT)
    least = max(np.maximum(p - q, 0).sum() - free[1], np.maximum(q - p, 0).sum() - free[0], 0.0)
    return float(least), float(PERCENT - np.minimum(p, q).sum())
