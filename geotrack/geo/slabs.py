"""Regions cut into slabs in whole numbers: what lies within a cell between two longitudes and two edges.

Coordinates are integers of 1e-7 degrees, so that no comparison is rounded. A region is what an odd number
of its edges stands below: a point lies in it where an odd number of edges with ax <= x < bx pass on or below
the point. From this one rule all others follow: a point on an edge that two regions share is the upper
one's, on a vertical edge the eastern one's, and each point is in at most one region of those that do not
overlap. Slabs begin and end where an edge that touches the cell does, so that within a slab the edges have
one order, from south to north, and nothing need be known of where edges cross the cell's own border.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geotrack.errors import BoundaryError, first_few
from geotrack.geo.topology import Boundaries, Numbers, arcs_of

SIDE = 10**7
"""A cell's side, a degree, in units."""
ROWS, COLUMNS = 180, 360
_POLE = 90 * SIDE

LONGEST = 4 * SIDE
"""Of an edge in each direction; what is longer is cut. Products of differences stay below 2^53 then: 64 bits
have room for them, and even as floats no two heights at one longitude are taken for each other."""

COLUMN_NAMES = ("cell", "x0", "x1", "region", "lax", "lay", "lbx", "lby", "uax", "uay", "ubx", "uby")

_PAIRS = 1 << 20
"""Of slabs that are compared at a time."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Edges:
    """Edges from a west end to an east one (a vertical one's from south to north), each of one region.

    Parameters
    ----------
    region : whose an edge is, as a place in the boundaries' codes.
    ax, ay, bx, by : its ends, within the globe.
    """

    region: Numbers
    ax: Numbers
    ay: Numbers
    bx: Numbers
    by: Numbers

    def __getitem__(self, which: NDArray[np.int64] | Flags) -> Edges:
        return Edges(*(each[which] for each in (self.region, self.ax, self.ay, self.bx, self.by)))

    def heights(self, x: Numbers, times: int = 1) -> tuple[Numbers, Numbers, Numbers]:
        """Return how far north each edge is at x, exactly: a whole part and what is left of it, of how many.

        Parameters
        ----------
        x : longitudes, in units or (`times` = 2) in halves.
        """
        width = (self.bx - self.ax) * times
        whole, rest = np.divmod((self.by - self.ay) * (x - times * self.ax), width)
        return self.ay + whole, rest, width


def edges_of(boundaries: Boundaries) -> Edges:
    """Return the edges of all regions, long ones cut, without those that a region walks twice.

    Two regions that share an edge share what it is cut into: it is cut from the same end, whoever walks it.

    Raises
    ------
    BoundaryError : rings that are not closed.
    """
    lines = [np.rint(arc * SIDE).astype(np.int64) for arc in boundaries.arcs]
    counts = np.array([len(line) - 1 for line in lines], dtype=np.int64)
    ends = np.concatenate([np.hstack([line[:-1], line[1:]]) for line in lines] or [np.zeros((0, 4), int)])
    ends = np.clip(ends, [-2 * _POLE, -_POLE] * 2, [2 * _POLE, _POLE] * 2)
    walked = [np.array(arcs_of(shape), dtype=np.int64) for shape in boundaries.shapes]
    arc = np.concatenate([*walked, np.zeros(0, dtype=np.int64)])
    region = np.repeat(np.arange(len(walked)), [len(each) for each in walked])
    row, within = spread(np.cumsum(counts)[arc] - counts[arc], counts[arc])
    edges = odd_ones(region[row], ends[within])
    _refuse_open(edges, boundaries)
    cut = _cut(edges)
    return cut[(cut.ay < _POLE) | (cut.by < _POLE)]  # the pole itself is in what reaches it: no edge above


def odd_ones(region: Numbers, ends: Numbers) -> Edges:
    """Return edges from their ends, whichever comes first, without those that a region walks twice."""
    turned = (ends[:, 0] > ends[:, 2]) | ((ends[:, 0] == ends[:, 2]) & (ends[:, 1] > ends[:, 3]))
    found = np.column_stack([region, np.where(turned[:, None], ends[:, [2, 3, 0, 1]], ends)])
    found = found[(found[:, 1] != found[:, 3]) | (found[:, 2] != found[:, 4])]
    distinct, times = np.unique(found, axis=0, return_counts=True)
    return Edges(*np.ascontiguousarray(distinct[times % 2 == 1].T))


def _refuse_open(edges: Edges, boundaries: Boundaries) -> None:
    ends = np.concatenate(
        [
            np.column_stack([edges.region, edges.ax, edges.ay]),
            np.column_stack([edges.region, edges.bx, edges.by]),
        ]
    )
    points, times = np.unique(ends, axis=0, return_counts=True)
    odd = points[times % 2 == 1]
    if len(odd):
        codes = [boundaries.codes[n] for n in np.unique(odd[:, 0]).tolist()]
        x, y = (odd[0, 1:] / SIDE).tolist()
        raise BoundaryError(
            f"boundaries {boundaries.info.name}: rings that are not closed: {first_few(codes, ', ')} "
            f"(the first at {x:.7f}, {y:.7f}); expected polygons whose last point is their first: "
            "mend these shapes"
        )


def _cut(edges: Edges) -> Edges:
    """Cut what is longer than LONGEST into equal parts, at the nearest points of the grid."""
    wide, high = edges.bx - edges.ax, edges.by - edges.ay
    parts = np.maximum(1, -(-np.maximum(wide, np.abs(high)) // LONGEST))
    of, part = spread(np.zeros_like(parts), parts)
    whole, count = edges[of], parts[of]
    first, last = (
        [
            start + (2 * step * span[of] + count) // (2 * count)
            for start, span in ((whole.ax, wide), (whole.ay, high))
        ]
        for step in (part, part + 1)
    )
    return Edges(whole.region, *first, *last)


def spread(starts: Numbers, counts: Numbers) -> tuple[Numbers, Numbers]:
    """Lay out ranges one after the other: whose each number is, and the number."""
    of = np.repeat(np.arange(len(counts)), counts)
    return of, np.arange(len(of)) - np.repeat(np.cumsum(counts) - counts, counts) + starts[of]


@dataclass(frozen=True, eq=False)
class Pieces:
    """What of each edge lies in a column of cells.

    Parameters
    ----------
    edge : whose piece it is. column : from 0 at 180 degrees west.
    x0, x1 : from where to where it goes; equal for a vertical edge.
    low, high : the rows that it touches, high not included: rows from `high` on are wholly on or above it.
    """

    edge: Numbers
    column: Numbers
    x0: Numbers
    x1: Numbers
    low: Numbers
    high: Numbers


def pieces_of(edges: Edges) -> Pieces:
    """Cut edges at the borders of columns."""
    west = (edges.ax + 2 * _POLE) // SIDE
    east = np.maximum(-(-(edges.bx + 2 * _POLE) // SIDE), west + 1)
    east = np.minimum(east, COLUMNS)  # a vertical edge at 180 degrees begins nothing
    edge, column = spread(west, np.maximum(east - west, 0))
    of = edges[edge]
    start = column * SIDE - 2 * _POLE
    x0, x1 = np.maximum(of.ax, start), np.minimum(of.bx, start + SIDE)
    lows, highs = _ends(of, x0, x1)
    low, high = (lows + _POLE) // SIDE, -(-(highs + _POLE) // SIDE)
    return Pieces(edge, column, x0, x1, low, high)


def _ends(edges: Edges, x0: Numbers, x1: Numbers) -> tuple[Numbers, Numbers]:
    """Return the heights between which edges pass from x0 to x1, rounded outwards."""
    lows, highs = edges.ay.copy(), edges.by.copy()
    slant = np.flatnonzero(edges.bx > edges.ax)
    (y0, rest0, _), (y1, rest1, _) = (edges[slant].heights(x[slant]) for x in (x0, x1))
    lows[slant] = np.minimum(y0, y1)
    highs[slant] = np.maximum(y0 + (rest0 > 0), y1 + (rest1 > 0))
    return lows, highs


class Below:
    """Tells whether an odd number of a region's edges pass wholly below a cell, at any longitude in it.

    Each piece turns that about where it begins and where it ends. How many of these stand before a longitude
    and below a row is counted in blocks of 1, 2, 4 ... rows, as P. Fenwick (1994) adds up.
    """

    def __init__(self, edges: Edges, pieces: Pieces) -> None:
        slant = np.flatnonzero(pieces.x1 > pieces.x0)
        region, column = edges.region[pieces.edge[slant]], pieces.column[slant]
        places = [x - column * SIDE + 2 * _POLE for x in (pieces.x0[slant], pieces.x1[slant])]
        self._levels = [
            np.sort(np.concatenate([self._key(region, column, pieces.high[slant] >> n, at) for at in places]))
            for n in range(ROWS.bit_length())
        ]

    @staticmethod
    def _key(region: Numbers, column: Numbers, block: Numbers, place: Numbers) -> Numbers:
        return ((region * COLUMNS + column) * 256 + block) * (2 * SIDE) + place

    def odd(self, region: Numbers, column: Numbers, row: Numbers, x: Numbers) -> Flags:
        """Tell it of cells, just east of x."""
        count = np.zeros(len(region), dtype=np.int64)
        until, place = row + 1, x - column * SIDE + 2 * _POLE
        for n, keys in enumerate(self._levels):
            used = np.flatnonzero((until >> n) & 1)
            key = self._key(region[used], column[used], (until[used] >> n) - 1, place[used])
            count[used] += np.searchsorted(keys, key, side="right")
            count[used] -= np.searchsorted(keys, key - place[used])
        return np.asarray(count % 2 == 1)


@dataclass(frozen=True, eq=False)
class Slabs:
    """Slabs of regions: which cell, from where to where, between which edges (-1: the cell's own border).

    Parameters
    ----------
    region : a place in the boundaries' codes. cell : row * COLUMNS + column.
    x0, x1 : longitudes, x1 not included. lower, upper : edges.
    """

    region: Numbers
    cell: Numbers
    x0: Numbers
    x1: Numbers
    lower: Numbers
    upper: Numbers

    def __getitem__(self, which: NDArray[np.int64] | Flags) -> Slabs:
        return Slabs(
            *(each[which] for each in (self.region, self.cell, self.x0, self.x1, self.lower, self.upper))
        )

    def bound(self, edges: Edges, *, upper: bool) -> Edges:
        """Return the edges below or above; those that are none as lines along the cell's border."""
        which = self.upper if upper else self.lower
        row, column = np.divmod(self.cell, COLUMNS)
        west, south = column * SIDE - 2 * _POLE, row * SIDE - _POLE
        # at the pole, the last row's upper border is in it
        height = south + SIDE + (row == ROWS - 1) if upper else south
        none = which < 0
        found = edges[np.where(none, 0, which)] if len(edges.ax) else Edges(*[which] * 5)
        plain = (west, height, west + SIDE, height)
        ends = (found.ax, found.ay, found.bx, found.by)
        return Edges(self.region, *(np.where(none, a, b) for a, b in zip(plain, ends, strict=True)))


def slabs_of(edges: Edges) -> Slabs:
    """Cut regions into slabs, those of a cell side by side from west to east, and whole cells."""
    pieces = pieces_of(edges)
    below = Below(edges, pieces)
    piece, row = spread(pieces.low, np.maximum(pieces.high - pieces.low, 0))
    cell = row * COLUMNS + pieces.column[piece]
    group = edges.region[pieces.edge[piece]] * (ROWS * COLUMNS) + cell
    groups, of = np.unique(group, return_inverse=True)
    cut = _between(edges, groups, _Touches(of, pieces.edge[piece], pieces.x0[piece], pieces.x1[piece]), below)
    cut = _merged(cut[_reached(edges, cut)])
    whole = _whole(edges, pieces, groups, below)
    both = Slabs(*(np.concatenate([getattr(cut, each), getattr(whole, each)]) for each in vars(cut)))
    return both[np.lexsort([both.lower, both.region, both.x0, both.cell])]


@dataclass(frozen=True, eq=False)
class _Touches:
    """Pieces that touch a cell of a region: the place of the two among all such, the edge, where it goes."""

    group: Numbers
    edge: Numbers
    x0: Numbers
    x1: Numbers


def _between(edges: Edges, groups: Numbers, touches: _Touches, below: Below) -> Slabs:
    """Cut each region's cells where edges begin and end, and take what lies between edges in order."""
    region, cell = np.divmod(groups, ROWS * COLUMNS)
    west = cell % COLUMNS * SIDE - 2 * _POLE
    numbers, span = np.arange(len(groups)), 512 * SIDE
    owners = np.concatenate([touches.group, touches.group, numbers, numbers])
    ends = np.concatenate([touches.x0, touches.x1, west, west + SIDE])
    cuts = np.unique(owners * span + ends + 2 * _POLE)
    owner, x = cuts // span, cuts % span - 2 * _POLE
    first, last = (
        np.searchsorted(cuts, touches.group * span + end + 2 * _POLE) for end in (touches.x0, touches.x1)
    )
    of, slab = spread(first, last - first)  # a slab's number is that of the cut where it begins
    whole, rest, width = edges[touches.edge[of]].heights(x[slab] + x[slab + 1], times=2)
    order = np.lexsort([rest / width, whole, slab])
    slab, edge = slab[order], touches.edge[of[order]]
    there = np.flatnonzero(owner[:-1] == owner[1:])
    count = np.bincount(slab, minlength=len(cuts))[there]
    at, gap = spread(np.zeros_like(count), count + 1)
    starts = np.searchsorted(slab, there)[at] + gap
    padded = np.concatenate([edge, [-1]])
    lower = np.where(gap > 0, padded[starts - 1], -1)
    upper = np.where(gap < count[at], padded[np.minimum(starts, len(edge))], -1)
    group = owner[there]
    base = below.odd(region[group], cell[group] % COLUMNS, cell[group] // COLUMNS, x[there])
    within = (base[at] + gap) % 2 == 1
    found = there[at]
    made = Slabs(region[owner[found]], cell[owner[found]], x[found], x[found + 1], lower, upper)
    return made[within]


def _reached(edges: Edges, slabs: Slabs) -> Flags:
    """Tell which slabs have some of their cell between their edges."""
    south = slabs.cell // COLUMNS * SIDE - _POLE
    lows, _ = _ends(slabs.bound(edges, upper=False), slabs.x0, slabs.x1)
    _, highs = _ends(slabs.bound(edges, upper=True), slabs.x0, slabs.x1)
    return np.asarray((lows < south + SIDE) & (highs > south))


def _merged(slabs: Slabs) -> Slabs:
    """Join slabs side by side that lie between the same edges."""
    order = np.lexsort([slabs.x0, slabs.upper, slabs.lower, slabs.cell, slabs.region])
    made = slabs[order]
    new = np.ones(len(order), dtype=np.bool_)
    alike = [each[1:] == each[:-1] for each in (made.region, made.cell, made.lower, made.upper)]
    new[1:] = ~(np.logical_and.reduce(alike) & (made.x0[1:] == made.x1[:-1]))
    firsts = np.flatnonzero(new)
    kept = made[firsts]
    lasts = np.append(firsts[1:], len(order))[: len(firsts)] - 1
    return Slabs(kept.region, kept.cell, kept.x0, made.x1[lasts], kept.lower, kept.upper)


def _whole(edges: Edges, pieces: Pieces, touched: Numbers, below: Below) -> Slabs:
    """Return the cells that lie in a region and that none of its edges touches."""
    strip = edges.region[pieces.edge] * COLUMNS + pieces.column
    strips, of = np.unique(strip, return_inverse=True)
    low, high = np.full(len(strips), ROWS), np.zeros(len(strips), dtype=np.int64)
    np.minimum.at(low, of, pieces.low)
    np.maximum.at(high, of, pieces.high)
    # the pole has no edge above it, see `edges_of`: a region that reaches it may go on to the last row
    polar = np.unique(edges.region[pieces.edge[pieces.high == ROWS]])
    high[np.isin(strips // COLUMNS, polar)] = ROWS
    at, row = spread(low, np.maximum(high - low, 0))
    region, column = np.divmod(strips[at], COLUMNS)
    cell = row * COLUMNS + column
    key = region * (ROWS * COLUMNS) + cell
    place = np.minimum(np.searchsorted(touched, key), max(len(touched) - 1, 0))
    free = touched[place] != key if len(touched) else np.ones(len(key), dtype=np.bool_)
    region, cell, row, column = region[free], cell[free], row[free], column[free]
    west = column * SIDE - 2 * _POLE
    within = below.odd(region, column, row, west)
    none = np.full(len(cell), -1)
    return Slabs(region, cell, west, west + SIDE, none, none)[within]


def overlaps(edges: Edges, slabs: Slabs) -> list[tuple[int, int, int, int]]:
    """Return pairs of regions that lie on each other, and a longitude and latitude where; exactly.

    Parameters
    ----------
    slabs : by cell, and in it by x0.
    """
    span = 512 * SIDE
    begins = slabs.cell * span + slabs.x0 + 2 * _POLE
    after = np.searchsorted(begins, slabs.cell * span + slabs.x1 + 2 * _POLE)
    counts = after - np.arange(len(begins)) - 1
    found: dict[tuple[int, int], tuple[int, int]] = {}
    lower, upper = (slabs.bound(edges, upper=each) for each in (False, True))
    for rows in chunks(counts, _PAIRS):
        of, other = spread(rows + 1, counts[rows])
        one = rows[of]
        differ = slabs.region[one] != slabs.region[other]
        one, other = one[differ], other[differ]
        x0, x1 = slabs.x0[other], np.minimum(slabs.x1[one], slabs.x1[other])
        apart = _beneath(upper[one], lower[other], x0, x1) | _beneath(upper[other], lower[one], x0, x1)
        one, other = one[~apart], other[~apart]
        pairs = np.sort(np.column_stack([slabs.region[one], slabs.region[other]]), axis=1)
        distinct, firsts = np.unique(pairs, axis=0, return_index=True)
        for (a, b), n in zip(distinct.tolist(), other[firsts].tolist(), strict=True):
            found.setdefault((a, b), (int(slabs.x0[n]), int(slabs.cell[n])))
    return [(*pair, x, cell // COLUMNS * SIDE - _POLE) for pair, (x, cell) in sorted(found.items())]


def chunks(counts: Numbers, most: int) -> Iterator[Numbers]:
    """Divide rows so that the sum of their counts stays small."""
    bins = np.cumsum(counts) // most
    yield from np.split(np.arange(len(counts)), np.flatnonzero(np.diff(bins)) + 1)


def _beneath(lower: Edges, upper: Edges, x0: Numbers, x1: Numbers) -> Flags:
    """Tell which edges are on or below others from x0 to x1."""
    told = np.ones(len(x0), dtype=np.bool_)
    for x in (x0, x1):
        (y, rest, width), (other, left, across) = lower.heights(x), upper.heights(x)
        told &= (y < other) | ((y == other) & (rest * across <= left * width))
    return told
