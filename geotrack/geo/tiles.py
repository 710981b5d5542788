"""Boundaries as a table that finds the region of a point in any SQL engine: an equal cell, four comparisons.

The globe's cells have a side of one degree. A point (x, y), longitude and latitude in whole 1e-7 degrees,
lies in a row's region if

    cell = ((y + 900000000 - (y + 900000000) / 1800000000) / 10000000) * 360 + (x + 1800000000) / 10000000
    x0 <= x and x < x1
    (lbx - lax) * (y - lay) - (lby - lay) * (x - lax) >= 0      on or above the lower edge
    (ubx - uax) * (y - uay) - (uby - uay) * (x - uax) < 0       strictly below the upper edge

with / cutting off what is left. 180 degrees east is 180 west: such a point is asked about at x = -1800000000.
Only differences are multiplied, and edges are short (`slabs.LONGEST`): 64 bits hold all products, wherever on
the globe. Each point is in one row at most; which one on an edge, `slabs` tells. Regions that lie on
each other are refused, but where one has a corner within a unit of the other's edge: that edge
is led through it (`noding`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from geotrack import files
from geotrack.errors import BoundaryError, ParseError, first_few
from geotrack.geo import slabs
from geotrack.geo.boundaries import in_degrees
from geotrack.geo.noding import noded
from geotrack.geo.slabs import COLUMN_NAMES, COLUMNS, SIDE
from geotrack.geo.topology import Boundaries, Numbers

Number = TypeVar("Number", int, Numbers)

_FORM = b"1"
"""Of what is kept: another one where rows come out otherwise for the same boundaries."""
_STORED = np.dtype("<i4")
_AT_A_TIME = 1 << 21  # pairs of a point and a row


@dataclass(frozen=True, eq=False)
class Tiles:
    """The rows of boundaries: what of a cell is whose.

    Parameters
    ----------
    hash : the sha256 of the boundaries' codes and shapes.
    names : the regions' codes, in the order of the boundaries; dots among them have no row.
    columns : the numbers of COLUMN_NAMES, a row of this array for each.
    """

    hash: str
    names: list[str]
    columns: NDArray[np.int32]

    def table(self) -> dict[str, Numbers]:
        """Return the columns: cell, x0, x1, region (a place in `names`), and both edges' ends."""
        return dict(zip(COLUMN_NAMES, self.columns.astype(np.int64), strict=True))


def tiles(boundaries: Boundaries, *, cache: Path | None = None) -> Tiles:
    """Cut boundaries into tiles, or read those that were cut before.

    Parameters
    ----------
    boundaries : in lon/lat or projected from it.
    cache : a folder where tiles are kept, by what is in the boundaries.

    Raises
    ------
    BoundaryError : regions that lie on each other (names both), or rings that are not closed.
    OutputError : the folder cannot be written.
    """
    boundaries = in_degrees(boundaries)
    told = _hash(boundaries)
    kept = cache / f"tiles-{told}.bin" if cache else None
    columns = _read(kept) if kept else None
    if columns is None:
        columns = _made(boundaries)
        if kept:
            content = columns.tobytes()
            files.write(kept, hashlib.sha256(content).digest() + content)
    return Tiles(told, list(boundaries.codes), columns)


def _hash(boundaries: Boundaries) -> str:
    """Return the sha256 of what tiles are made from: shapes of one's own have no file's."""
    made = hashlib.sha256(_FORM)
    made.update(files.canonical([boundaries.codes, boundaries.shapes]))
    for arc in boundaries.arcs:
        made.update(len(arc).to_bytes(8, "little"))
        made.update(np.ascontiguousarray(arc, dtype="<f8").tobytes())
    return made.hexdigest()


def _read(path: Path) -> NDArray[np.int32] | None:
    """Return what is kept; nothing if it is not there or damaged: it is made anew then."""
    try:
        content = files.load(path, str(path), expected="tiles")
    except ParseError:
        return None
    rows, left = divmod(len(content) - 32, _STORED.itemsize * len(COLUMN_NAMES))
    if left or rows < 0 or hashlib.sha256(content[32:]).digest() != content[:32]:
        return None
    return np.frombuffer(content, dtype=_STORED, offset=32).reshape(len(COLUMN_NAMES), rows)


def _made(boundaries: Boundaries) -> NDArray[np.int32]:
    edges = slabs.edges_of(boundaries)
    cut = slabs.slabs_of(edges)
    codes = boundaries.codes
    found = slabs.overlaps(edges, cut)
    if found:  # by less than the grid knows, perhaps
        edges = noded(edges, {region for a, b, *_ in found for region in (a, b)})
        cut = slabs.slabs_of(edges)
        found = slabs.overlaps(edges, cut)
    if found:
        told = [f"{codes[a]} and {codes[b]} (near {x / SIDE:.4f}, {y / SIDE:.1f})" for a, b, x, y in found]
        raise BoundaryError(
            f"boundaries {boundaries.info.name}: regions that lie on each other, so that a point there has "
            f"no one region: {first_few(told)}; expected regions that share edges at most: cut one from the "
            'other (gdf.overlay(..., how="difference")), or leave one out'
        )
    ends = [
        getattr(cut.bound(edges, upper=upper), each)
        for upper in (False, True)
        for each in ("ax", "ay", "bx", "by")
    ]
    return np.stack([cut.cell, cut.x0, cut.x1, cut.region, *ends]).astype(_STORED)


def cell_of(x: Number, y: Number) -> Number:
    """Return the cell of a point: rows from the south pole, columns from 180 degrees west; both poles in one.

    Nothing but +, -, *, % and //: it takes numbers, arrays and columns of Ibis. 180 degrees is 180 degrees
    west. What is divided has no rest: an engine may divide integers as decimals of six places, and round.

    Parameters
    ----------
    x, y : longitude and latitude in 1e-7 degrees, within the globe.
    """
    up, along = y + 90 * SIDE, (x + 180 * SIDE) % (360 * SIDE)
    return _times(up - _times(up, 180 * SIDE), SIDE) * COLUMNS + _times(along, SIDE)


def _times(number: Number, size: int) -> Number:
    return (number - number % size) // size


def place(tiles: Tiles, x: Numbers, y: Numbers) -> Numbers:
    """Return the region of each point, as a place in the tiles' names; -1 where there is none.

    Parameters
    ----------
    x, y : longitudes and latitudes in 1e-7 degrees; what is beyond the globe is in no region.
    """
    x, y = np.asarray(x, dtype=np.int64), np.asarray(y, dtype=np.int64)
    found = np.full(len(x), -1, dtype=np.int64)
    table = tiles.table()
    asked = np.flatnonzero((np.abs(x) <= 180 * SIDE) & (np.abs(y) <= 90 * SIDE))
    cell = cell_of(x[asked], y[asked])
    first, last = (np.searchsorted(table["cell"], cell, side=side) for side in ("left", "right"))
    for part in slabs.chunks(last - first, _AT_A_TIME):
        of, row = slabs.spread(first[part], (last - first)[part])
        point = asked[part[of]]
        px, py = np.where(x[point] == 180 * SIDE, -180 * SIDE, x[point]), y[point]
        near = {name: column[row] for name, column in table.items()}
        within = (near["x0"] <= px) & (px < near["x1"])
        within &= _side(near, "l", px, py) >= 0
        within &= _side(near, "u", px, py) < 0
        found[point[within]] = near["region"][within]
    return found


def _side(near: dict[str, Numbers], which: str, x: Numbers, y: Numbers) -> Numbers:
    """Return 0 on an edge, more above it, less below it."""
    ax, ay, bx, by = (near[f"{which}{end}"] for end in ("ax", "ay", "bx", "by"))
    return (bx - ax) * (y - ay) - (by - ay) * (x - ax)
