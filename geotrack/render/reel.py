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
