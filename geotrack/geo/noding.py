"""Corners on a neighbour's edge that has none there: once on the grid they are beside it, by a unit."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np

from geotrack.geo.slabs import Edges, chunks, odd_ones, spread
from geotrack.geo.topology import Numbers

_PAIRS = 1 << 20


def noded(edges: Edges, regions: Collection[int]) -> Edges:
    """Lead all edges through the corners of some regions that lie within a unit of them (1e-7 degrees).

    An edge that two regions share is led through the same corners in both.

    Parameters
    ----------
    regions : whose corners, as places in the boundaries' codes.
    """
    some = edges[np.isin(edges.region, list(regions))]
    corners = np.unique(
        np.concatenate([np.column_stack([some.ax, some.ay]), np.column_stack([some.bx, some.by])]), axis=0
    )
    found = list(_on(edges, corners))
    if not found:
        return edges
    edge, corner, along = (np.concatenate(each) for each in zip(*found, strict=True))
    order = np.lexsort([along, edge])
    return _through(edges, edge[order], corners[corner[order]])


def _on(edges: Edges, corners: Numbers) -> Iterator[tuple[Numbers, Numbers, Numbers]]:
    """Find the corners between the ends of edges and within a unit: edge, corner, how far along."""
    x = corners[:, 0]
    first = np.searchsorted(x, edges.ax - 1)
    counts = np.searchsorted(x, edges.bx + 1, side="right") - first
    for part in chunks(counts, _PAIRS):
        of, corner = spread(first[part], counts[part])
        edge = part[of]
        y, ay, by = corners[corner, 1], edges.ay[edge], edges.by[edge]
        near = (y >= np.minimum(ay, by) - 1) & (y <= np.maximum(ay, by) + 1)
        edge, corner = edge[near], corner[near]
        at = edges[edge]
        dx, dy = at.bx - at.ax, at.by - at.ay
        px, py = corners[corner, 0] - at.ax, corners[corner, 1] - at.ay
        along = dx * px + dy * py
        on = (along > 0) & (along < dx * dx + dy * dy)
        on &= np.abs(dx * py - dy * px) <= np.maximum(dx, np.abs(dy))
        yield edge[on], corner[on], along[on]


def _through(edges: Edges, edge: Numbers, corners: Numbers) -> Edges:
    """Break edges at corners, which come by edge and in the order along it."""
    kept = np.setdiff1d(np.arange(len(edges.ax)), edge)
    broken, firsts = np.unique(edge, return_index=True)
    lasts = np.append(firsts[1:], len(edge))
    ends = np.column_stack([edges.ax, edges.ay, edges.bx, edges.by])
    starts = np.insert(corners, firsts, ends[broken, :2], axis=0)
    stops = np.insert(corners, lasts, ends[broken, 2:], axis=0)
    owner = edges.region[np.insert(edge, firsts, broken)]
    return odd_ones(
        np.concatenate([edges.region[kept], owner]),
        np.concatenate([ends[kept], np.hstack([starts, stops])]),
    )
