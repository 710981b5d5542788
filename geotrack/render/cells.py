"""Tables of cells as short strings for a page: deflated, then base64."""

from __future__ import annotations

import base64
import zlib

import numpy as np
from numpy.typing import NDArray

from geotrack.packing import varints, zigzag


def deflated(data: bytes, strategy: int = zlib.Z_DEFAULT_STRATEGY) -> str:
    """Return bytes as raw deflate in base64; a browser inflates it by itself."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15, 9, strategy)
    return base64.b64encode(squeeze.compress(data) + squeeze.flush()).decode("ascii")


def packed_values(scaled: NDArray[np.int64], known: NDArray[np.bool_]) -> str:
    """Pack values; a missing cell takes no room, the status table tells where it is.

    Zigzag varints: per unit its first known value, 0 if it has none; then unit by unit its further known
    values, each as the step from the one before. The units' steps come in the order of their first values:
    values of one size move alike, and what is alike deflates well (a quarter less on 10,000 regions). The
    page sorts the first values too, so the order itself takes no room.

    Parameters
    ----------
    scaled : whole numbers, units × slices; those of missing cells are not read.
    known : mask of the same shape.
    """
    units, slices = scaled.shape
    place = np.where(known, np.arange(slices), 0)
    carried = np.take_along_axis(scaled, np.maximum.accumulate(place, axis=1), axis=1)
    start = known.argmax(axis=1)
    first = np.where(known.any(axis=1), scaled[np.arange(units), start], 0)
    steps = np.diff(carried, axis=1, prepend=0)
    later = known & (np.arange(slices) > start[:, None])
    order = np.argsort(first, kind="stable")
    stream = np.concatenate([first, steps[order][later[order]]])
    return deflated(varints(zigzag(stream).astype(np.uint64)), zlib.Z_FILTERED)


def packed_doubles(values: NDArray[np.float64]) -> str:
    """Pack values as they are, units × slices, eight bytes each; for those that no whole numbers hold."""
    return deflated(values.astype("<f8").tobytes())
