"""Boundaries as one short string for a page."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geotrack.geo.topology import Boundaries, Bounds, Points, Shape, bounds_of


@dataclass(frozen=True)
class PackedGeometry:
    """Boundaries as one string for a page: real = integer * scale + translate, y up; see `pack`."""

    data: str
    scale: float
    translate: tuple[float, float]
    bounds: Bounds


def pack(boundaries: Boundaries, quantum: float = 1e4) -> PackedGeometry:
    """Pack boundaries for a page: quantised, delta coded, raw deflate, base64.

    LEB128 varints, signed ones zigzag. The number of arcs; per arc its number of points, then dx, dy each
    (the first from 0, 0). The number of regions; per region its polygons, per polygon its rings, per ring
    its arc references. Then per region its point. Points that fall onto the one before are dropped, but an
    arc keeps two.

    Parameters
    ----------
    quantum : steps along the longer side of the bounds.
    """
    bounds = bounds_of(boundaries)
    side = max(bounds[2] - bounds[0], bounds[3] - bounds[1])
    # Nine digits: PROJ's last digits differ between machines, the packed bytes must not.
    scale = float(f"{side / (quantum - 1):.9g}") or 1.0
    translate = (bounds[0], bounds[1])
    points = np.rint((boundaries.points - translate) / scale).astype(np.int64)
    stream = np.concatenate(
        [
            _arc_numbers(boundaries.arcs, scale, translate),
            np.array(list(_shape_numbers(boundaries.shapes)), dtype=np.int64),
            zigzag(points.ravel()),
        ]
    )
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = deflate.compress(varints(stream.astype(np.uint64))) + deflate.flush()
    return PackedGeometry(base64.b64encode(data).decode("ascii"), scale, translate, bounds)


def _arc_numbers(arcs: Sequence[Points], scale: float, translate: tuple[float, float]) -> NDArray[np.int64]:
    """All arcs at once: their number, then per arc its number of points and its zigzag steps."""
    if not arcs:
        return np.zeros(1, dtype=np.int64)
    sizes = np.array([len(arc) for arc in arcs])
    starts = np.cumsum(sizes) - sizes
    grid = np.rint((np.concatenate(arcs) - translate) / scale).astype(np.int64)
    keep = np.ones(len(grid), dtype=np.bool_)
    keep[1:] = (grid[1:] != grid[:-1]).any(axis=1)
    keep[starts] = True
    lonely = np.add.reduceat(keep, starts, dtype=np.int64) == 1
    keep[(starts + sizes - 1)[lonely]] = True
    counts = np.add.reduceat(keep, starts, dtype=np.int64)
    first = np.cumsum(counts) - counts
    kept = grid[keep]
    steps = np.diff(kept, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    steps[first] = kept[first]
    body = np.insert(zigzag(steps.ravel()), first * 2, counts)
    return np.concatenate([[len(arcs)], body])


def _shape_numbers(shapes: Sequence[Shape]) -> Iterable[int]:
    yield len(shapes)
    for shape in shapes:
        yield len(shape)
        for polygon in shape:
            yield len(polygon)
            for ring in polygon:
                yield len(ring)
                yield from ((ref << 1) ^ (ref >> 63) for ref in ring)


def zigzag(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.asarray((numbers << 1) ^ (numbers >> 63))


def varints(numbers: NDArray[np.uint64]) -> bytes:
    """LEB128: seven bits a byte, lowest first; the top bit says that more follow."""
    size = np.ones(len(numbers), dtype=np.int64)
    for more in range(7, 63, 7):
        if not (longer := numbers >> np.uint64(more) > 0).any():
            break
        size += longer
    start = np.cumsum(size) - size
    octets = np.empty(int(size.sum()), dtype=np.uint8)
    for n in range(int(size.max(initial=0))):
        there = size > n if n else slice(None)
        part = ((numbers[there] >> np.uint64(7 * n)) & np.uint64(0x7F)).astype(np.uint8)
        octets[start[there] + n] = part | ((size[there] > n + 1).astype(np.uint8) << np.uint8(7))
    return octets.tobytes()


_LONG = 1 << 18
"""Bytes from which the search for the last repetition takes ten times as long as all else."""


def deflated(data: bytes, strategy: int = zlib.Z_DEFAULT_STRATEGY) -> str:
    """Return bytes as raw deflate in base64; a browser inflates it by itself.

    What hardly repeats itself, as the steps of many regions' figures, is shorter with codes for its bytes
    alone, which also takes a thirtieth of the time: the shorter of the two is taken.
    """
    level = 6 if len(data) > _LONG else 9
    ways = [(level, strategy), (level, zlib.Z_HUFFMAN_ONLY)]
    squeezed = (zlib.compressobj(level, zlib.DEFLATED, -15, 9, way) for level, way in ways)
    shortest = min((one.compress(data) + one.flush() for one in squeezed), key=len)
    return base64.b64encode(shortest).decode("ascii")


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
