"""Boundaries of a level: read the shipped ones, project them, outline a group, draw them small.

Everything here needs numpy only (and pyproj to project), so that building a map need not import geopandas.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geotrack.errors import BoundaryError
from geotrack.files import json_of, toml_of
from geotrack.geo.own import from_geodataframe, read_file
from geotrack.geo.topology import (
    Boundaries,
    BoundaryInfo,
    Bounds,
    Points,
    Shape,
    arcs_of,
    bounds_of,
    coordinates,
    decode,
    shape_of,
)

__all__ = [
    "Boundaries",
    "BoundaryInfo",
    "dissolve",
    "from_geodataframe",
    "in_degrees",
    "project",
    "read",
    "read_file",
    "svg_paths",
    "thinned",
]


SPECK = 0.6
"""Square pixels: rings of less are not drawn small, nor regions of which nothing is left."""


def read(folder: Path | str, name: str) -> Boundaries:
    """Read shipped boundaries in lon/lat.

    Parameters
    ----------
    folder : holds <name>.topojson and boundaries.toml.
    name : e.g. "countries-110m".

    Raises
    ------
    BoundaryError : no such boundaries, or a file that is not what it should be.
    """
    folder = Path(folder)
    path = folder / f"{name}.topojson"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in folder.glob("*.topojson"))) or f"none in {folder}"
        raise BoundaryError(f"boundaries: {name!r} is not known; expected one of: {known}")
    try:
        arcs, geometries = decode(json_of(path.read_bytes()))
        shapes = tuple(shape_of(g) for g in geometries)
        codes = tuple(str(g["id"]) for g in geometries)
        names = tuple(str(g["properties"]["name"]) for g in geometries)
        points = np.array([g["properties"]["point"] for g in geometries], dtype=np.float64)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise BoundaryError(
            f"{path.name}: not boundaries as scripts/make_boundaries.py writes them ({error!r}); run it anew "
            "or read a file of your own with read_file()"
        ) from error
    info = _info(folder, name)
    _refuse_changed(path, info)
    return Boundaries(info, codes, names, arcs, shapes, points, "EPSG:4326")


def _info(folder: Path, name: str) -> BoundaryInfo:
    path = folder / "boundaries.toml"
    try:
        tables = toml_of(path.read_bytes()) if path.is_file() else {}
    except (OSError, ValueError) as error:
        raise BoundaryError(
            f"{path}: cannot be read as tables of boundaries: {error}; expected TOML in UTF-8: "
            "restore the file, or write it anew with scripts/make_boundaries.py"
        ) from error
    if name not in tables:
        raise BoundaryError(f"boundaries.toml: no table [{name}] in {folder}; no origin, no map: add it")
    table = tables[name] if isinstance(tables[name], dict) else {}
    odd = sorted(f.name for f in fields(BoundaryInfo) if not isinstance(table.get(f.name, ""), str))
    if odd or not table.get("title"):
        raise BoundaryError(
            f"{path}: [{name}]: {', '.join(odd) or 'title'} is no text; expected a table of texts, a title "
            "among them"
        )
    known = {f.name for f in fields(BoundaryInfo)} - {"name"}
    return BoundaryInfo(name=name, **{key: value for key, value in table.items() if key in known})


def _refuse_changed(path: Path, info: BoundaryInfo) -> None:
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != info.sha256:
        raise BoundaryError(
            f"{path}: its sha256 is {found}, boundaries.toml says {info.sha256 or 'none'}; restore the file, "
            "write it anew with scripts/make_boundaries.py, or read a file of your own with read_file()"
        )


@lru_cache(maxsize=4)
def project(boundaries: Boundaries, crs: str | None = None) -> Boundaries:
    """Project arcs and points, once for all maps of a build that share boundaries; nobody may change them.

    pyproj directly, not GeoSeries.to_crs: the arcs are arrays already, and a build need not import geopandas.

    Parameters
    ----------
    crs : anything that PROJ reads; the boundaries' own drawing projection if not given.

    Raises
    ------
    BoundaryError : PROJ does not know the CRS, or cannot place some regions in it (lists them).
    """
    from pyproj import Transformer
    from pyproj.exceptions import CRSError

    target = crs or boundaries.info.projection
    try:
        transform = Transformer.from_crs(boundaries.crs, target, always_xy=True).transform
    except CRSError as error:
        raise BoundaryError(
            f"boundaries {boundaries.info.name}: cannot project from {boundaries.crs!r} to {target!r}: "
            f'{error}; expected a CRS that PROJ knows, e.g. "EPSG:8857"'
        ) from error
    ends = np.cumsum([len(arc) for arc in boundaries.arcs])
    moved = np.column_stack(transform(*np.concatenate([*boundaries.arcs, boundaries.points]).T))
    moved.flags.writeable = False
    arcs = tuple(np.split(moved, ends))
    degrees = boundaries if boundaries.crs == "EPSG:4326" else boundaries.degrees
    projected = replace(boundaries, arcs=arcs[:-1], points=arcs[-1], crs=target, degrees=degrees)
    _check_finite(projected)
    return projected


def in_degrees(boundaries: Boundaries) -> Boundaries:
    """Return the boundaries in lon/lat (WGS84): as they were before they were projected, else unprojected.

    Raises
    ------
    BoundaryError : PROJ knows no way back from their CRS, or cannot place some regions (lists them).
    """
    if boundaries.crs == "EPSG:4326":
        return boundaries
    return boundaries.degrees or project(boundaries, "EPSG:4326")


def _check_finite(boundaries: Boundaries) -> None:
    if np.isfinite(np.concatenate([*boundaries.arcs, boundaries.points])).all():
        return
    broken = {i for i, arc in enumerate(boundaries.arcs) if not np.isfinite(arc).all()}
    lost = [
        code
        for code, shape, point in zip(boundaries.codes, boundaries.shapes, boundaries.points, strict=True)
        if not np.isfinite(point).all() or not broken.isdisjoint(arcs_of(shape))
    ]
    if lost:
        raise BoundaryError(
            f"boundaries {boundaries.info.name}: {boundaries.crs} has no place for {', '.join(lost)}; "
            "use a projection that holds them, or leave these regions out"
        )


def dissolve(boundaries: Boundaries, members: Collection[str]) -> tuple[int, ...]:
    """Outline a group: the arcs that an odd number of its members' rings walk, so not the borders within.

    Raises
    ------
    BoundaryError : members that the boundaries do not have (lists them).
    """
    shapes = dict(zip(boundaries.codes, boundaries.shapes, strict=True))
    unknown = sorted(set(members) - set(shapes))
    if unknown:
        raise BoundaryError(
            f"boundaries {boundaries.info.name}: no region {', '.join(unknown)} to outline; "
            "expected codes that the boundaries have"
        )
    walked = Counter(arc for code in set(members) for arc in arcs_of(shapes[code]))
    return tuple(sorted(arc for arc, times in walked.items() if times % 2))


@lru_cache(maxsize=4)
def svg_paths(
    boundaries: Boundaries,
    width: float,
    height: float,
    bounds: Bounds | None = None,
) -> Mapping[str, str]:
    """Draw small: code -> the `d` of an SVG path, on a grid of half pixels, without specks.

    Parameters
    ----------
    boundaries : projected ones; the map is fitted into the frame and centred, y down.
    width, height : of the frame, in pixels.
    bounds : the part to show, in the boundaries' units; what lies wholly outside is left out.
    """
    x0, y0, x1, y1 = bounds or bounds_of(boundaries)
    fit = min(width / (x1 - x0), height / (y1 - y0))
    origin = np.array([width - (x0 + x1) * fit, height + (y0 + y1) * fit]) / 2
    arcs = simplified([arc * [fit, -fit] + origin for arc in boundaries.arcs])
    paths = {}
    for code, shape in zip(boundaries.codes, boundaries.shapes, strict=True):
        lines = [coordinates(ring, arcs) for polygon in shape for ring in polygon]
        seen = [line for line in lines if reaches(line, width, height)]
        path = "".join(_path(line) for line in seen)
        if path:
            paths[code] = path
    return MappingProxyType(paths)


def reaches(line: Points, width: float, height: float) -> bool:
    """Return whether a line's box reaches into a frame that begins at 0."""
    x, y = line[:, 0], line[:, 1]  # four numbers: an array of two is compared at twenty times their cost
    return bool(x.max() > 0 and y.max() > 0 and x.min() < width and y.min() < height)


def thinned(boundaries: Boundaries, tolerance: float) -> Boundaries:
    """Return coarser boundaries: fewer points, no islands but a region's largest part.

    Parameters
    ----------
    boundaries : projected ones.
    tolerance : how far a line may move, in their unit; islands of less than its square times 60 go.
    """
    shapes = tuple(_without_islets(boundaries, shape, 60 * tolerance**2) for shape in boundaries.shapes)
    used = sorted({ref if ref >= 0 else ~ref for shape in shapes for ref in arcs_of(shape)})
    place = {arc: i for i, arc in enumerate(used)}
    kept = tuple(
        tuple(tuple(tuple(_moved(ref, place) for ref in ring) for ring in polygon) for polygon in shape)
        for shape in shapes
    )
    arcs = tuple(simplified([boundaries.arcs[arc] for arc in used], tolerance))
    return replace(boundaries, arcs=arcs, shapes=kept)


def _moved(ref: int, place: dict[int, int]) -> int:
    return place[ref] if ref >= 0 else ~place[~ref]


def _without_islets(boundaries: Boundaries, shape: Shape, least: float) -> Shape:
    sizes = [_area(coordinates(polygon[0], boundaries.arcs)) for polygon in shape]
    most = max(sizes, default=0.0)
    return tuple(polygon for polygon, size in zip(shape, sizes, strict=True) if size >= min(most, least))


def _area(line: Points) -> float:
    x, y = line.T
    return abs(float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum())) / 2


def simplified(lines: Sequence[Points], tolerance: float = 0.6) -> list[Points]:
    """Drop points nearer than `tolerance` to the line without them (Douglas and Peucker, 1973).

    Neighbours share arcs, so they still fit. A closed arc is split at its farthest point. All stretches of
    all lines are split at once, again and again: a world has thousands of short ones.
    """
    counts = np.array([len(line) for line in lines])
    if not counts.sum():
        return list(lines)
    points = np.concatenate(lines)
    ends = np.cumsum(counts)
    keep = np.zeros(len(points), dtype=np.bool_)
    keep[ends - counts] = keep[ends - 1] = True
    first, last = ends - counts, ends - 1
    while len(first):
        wide = last - first > 1
        first, last = first[wide], last[wide]
        middle, away = _farthest(points, first, last)
        split = away > tolerance
        first, middle, last = first[split], middle[split], last[split]
        keep[middle] = True
        first, last = np.concatenate([first, middle]), np.concatenate([middle, last])
    return [points[a:b][keep[a:b]] for a, b in zip(ends - counts, ends, strict=True)]


def _farthest(points: Points, first: NDArray[Any], last: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Of each stretch the point within that is farthest from the line between its ends, and how far."""
    counts = last - first - 1
    if not len(counts):
        return first, np.zeros(0)
    starts = np.cumsum(counts) - counts
    within = np.arange(counts.sum()) + np.repeat(first + 1 - starts, counts)
    base = points[last] - points[first]
    length = np.hypot(base[:, 0], base[:, 1])
    between = points[within] - np.repeat(points[first], counts, axis=0)
    across, apart = np.repeat(base, counts, axis=0), np.repeat(length, counts)
    away = np.hypot(between[:, 0], between[:, 1])  # where the ends are one
    lined = apart > 0
    away[lined] = (
        np.abs(across[lined, 0] * between[lined, 1] - across[lined, 1] * between[lined, 0]) / apart[lined]
    )
    most = np.maximum.reduceat(away, starts)
    found = np.flatnonzero(away == np.repeat(most, counts))
    return within[found[np.searchsorted(found, starts)]], most


def _path(line: Points) -> str:
    """One ring in half pixels, relative; "" for a speck."""
    halves = np.rint(line * 2).astype(np.int64)
    x, y = halves[:, 0], halves[:, 1]
    if abs(int((x[:-1] * y[1:] - x[1:] * y[:-1]).sum())) / 8 < SPECK:
        return ""
    corners = halves[np.append((halves[1:] != halves[:-1]).any(axis=1), True)]
    moves = np.diff(corners, axis=0)[:-1]  # z draws the last one
    begun, drawn = ("".join(map(_half, each.ravel().tolist())).lstrip() for each in (corners[0], moves))
    return f"M{begun}l{drawn}z"


@lru_cache(maxsize=4096)
def _half(value: int) -> str:
    """Half pixels as the shortest text behind another: " 3" or "-.5"."""
    part = f"{value / 2:g}".replace("0.5", ".5") if abs(value) == 1 else f"{value / 2:g}"
    return part if part.startswith("-") else f" {part}"
