"""One table of colours for all frames of a film."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from geotrack.render.reel import Pixels, Reel, rgb


def choose(reel: Reel, count: int, fixed: Iterable[str] = ()) -> Pixels:
    """Choose the colours that stand for all others.

    Beside those that are fixed, each next one is the colour that is farthest from those chosen, times the
    pixels that have it: what is seen most is met best. The same frames give the same colours.

    Parameters
    ----------
    count : how many at most, but never fewer than are fixed.
    fixed : "#rrggbb", kept exactly if the film has them.

    Returns
    -------
    uint32 of at most `count`, 0xrrggbb; all colours of the film if they are no more.
    """
    there, seen = _counted(reel)
    if len(there) <= count:
        return there
    kept = np.isin(there, [int(colour[1:], 16) for colour in fixed])
    points = rgb(there).astype(np.float64)
    away = np.full(len(there), 3 * 255.0**2)
    chosen = [int(place) for place in np.flatnonzero(kept)]
    for place in chosen:
        away = np.minimum(away, ((points - points[place]) ** 2).sum(axis=1))
    while len(chosen) < count:
        place = int((away * seen).argmax())
        chosen.append(place)
        away = np.minimum(away, ((points - points[place]) ** 2).sum(axis=1))
    return np.asarray(there[np.sort(chosen)])


def nearest(reel: Reel, table: Pixels) -> NDArray[np.uint8]:
    """Return for every colour of the film the place of its nearest in the table, a lookup of all 2**24."""
    there, _ = _counted(reel)
    places = np.empty(len(there), dtype=np.uint8)
    chosen = rgb(table).astype(np.float32)
    for start in range(0, len(there), 4096):
        points = rgb(there[start : start + 4096]).astype(np.float32)
        apart = ((points[:, None, :] - chosen[None, :, :]) ** 2).sum(axis=2)
        places[start : start + 4096] = apart.argmin(axis=1)
    lookup = np.zeros(1 << 24, dtype=np.uint8)
    lookup[there] = places
    return lookup


def _counted(reel: Reel) -> tuple[Pixels, NDArray[np.int64]]:
    """The colours of a film, ascending, and how many pixels take each one on."""
    return np.unique(
        np.concatenate([reel.first, *(colours for _, colours in reel.changes)]), return_counts=True
    )
