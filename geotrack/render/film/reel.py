"""The frames of a film as the first one and what each next one changes: a long film fits in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint32]


@dataclass(frozen=True, eq=False)
class Reel:
    """A film's frames.

    Parameters
    ----------
    width, height : pixels.
    first : the first frame, row by row from the top, each pixel 0xrrggbb.
    changes : per further frame the places whose pixels change, and their new colours.
    """

    width: int
    height: int
    first: Pixels
    changes: tuple[tuple[NDArray[np.int64], Pixels], ...]

    @property
    def count(self) -> int:
        """Number of frames."""
        return 1 + len(self.changes)

    def frames(self) -> Iterator[Pixels]:
        """Yield each frame whole; the next one overwrites it."""
        frame = self.first.copy()
        yield frame
        for places, colours in self.changes:
            frame[places] = colours
            yield frame


def record(pictures: Iterable[NDArray[np.uint8]]) -> Reel:
    """Take up frames as they are drawn.

    Parameters
    ----------
    pictures : uint8 of height × width × 3 each, at least one.
    """
    changes: list[tuple[NDArray[np.int64], Pixels]] = []
    before: Pixels | None = None
    for picture in pictures:
        height, width = picture.shape[:2]
        red, green, blue = (picture[..., i].ravel().astype(np.uint32) for i in range(3))
        now: Pixels = (red << 16 | green << 8 | blue).astype(np.uint32)
        if before is None:
            first = now
        else:
            places = np.flatnonzero(now != before).astype(np.int64)
            changes.append((places, now[places]))
        before = now
    return Reel(width, height, first, tuple(changes))


def rgb(pixels: Pixels) -> NDArray[np.uint8]:
    """Return pixels as red, green and blue, uint8 of n × 3."""
    return np.stack([pixels >> 16 & 255, pixels >> 8 & 255, pixels & 255], axis=-1).astype(np.uint8)


def choose_colours(reel: Reel, count: int, fixed: Iterable[str] = ()) -> Pixels:
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
