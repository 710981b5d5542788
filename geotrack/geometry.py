"""Boundaries of a level: read the shipped ones, project them, outline a group, pack them for a page.

Everything here needs numpy only (and pyproj to project), so that building a map need not import geopandas.
"""

from __future__ import annotations

import base64
import json
import tomllib
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geotrack.errors import BoundaryError
from geotrack.ownboundaries import from_geodataframe, read_file
from geotrack.topology import Boundaries, BoundaryInfo, Points, Shape, coordinates, decode, shape_of

__all__ = [
    "Boundaries",
    "BoundaryInfo",
    "PackedGeometry",
    "dissolve",
    "from_geodataframe",
    "pack",
    "project",
    "read",
    "read_file",
    "svg_paths",
]

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class PackedGeometry:
    """Boundaries as one string for a page: real = integer * scale + translate, y up; see `pack`."""

    data: str
    scale: float
    translate: tuple[float, float]
    bounds: Bounds


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
        arcs, geometries = decode(json.loads(path.read_text(encoding="utf-8")))
        shapes = tuple(shape_of(g) for g in geometries)
        codes = tuple(str(g["id"]) for g in geometries)
        names = tuple(str(g["properties"]["name"]) for g in geometries)
        points = np.array([g["properties"]["point"] for g in geometries], dtype=np.float64)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise BoundaryError(
            f"{path.name}: not boundaries as data/make_boundaries.py writes them ({error!r}); run it anew, "
            "or read a file of your own with read_file()"
        ) from error
    return Boundaries(_info(folder, name), codes, names, arcs, shapes, points, "EPSG:4326")


def _info(folder: Path, name: str) -> BoundaryInfo:
    path = folder / "boundaries.toml"
    tables = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    if name not in tables:
        raise BoundaryError(f"boundaries.toml: no table [{name}] in {folder}; no origin, no map: add it")
    known = {f.name for f in fields(BoundaryInfo)}
    return BoundaryInfo(name=name, **{key: value for key, value in tables[name].items() if key in known})


def project(boundaries: Boundaries, crs: str | None = None) -> Boundaries:
    """Project arcs and points.

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
    arcs = tuple(np.split(moved, ends))
    projected = replace(boundaries, arcs=arcs[:-1], points=arcs[-1], crs=target)
    _check_finite(projected)
    return projected


def _check_finite(boundaries: Boundaries) -> None:
    broken = {i for i, arc in enumerate(boundaries.arcs) if not np.isfinite(arc).all()}
    lost = [
        code
        for code, shape, point in zip(boundaries.codes, boundaries.shapes, boundaries.points, strict=True)
        if not np.isfinite(point).all() or not broken.isdisjoint(_arcs_of(shape))
    ]
    if lost:
        raise BoundaryError(
            f"boundaries {boundaries.info.name}: {boundaries.crs} has no place for {', '.join(lost)}; "
            "use a projection that holds them, or leave these regions out"
        )


def _arcs_of(shape: Shape) -> list[int]:
    return [ref if ref >= 0 else ~ref for polygon in shape for ring in polygon for ref in ring]


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
    walked = Counter(arc for code in set(members) for arc in _arcs_of(shapes[code]))
    return tuple(sorted(arc for arc, times in walked.items() if times % 2))


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
    bounds = _bounds(boundaries)
    side = max(bounds[2] - bounds[0], bounds[3] - bounds[1])
    # Nine digits: PROJ's last digits differ between machines, the packed bytes must not.
    scale = float(f"{side / (quantum - 1):.9g}") or 1.0
    translate = (bounds[0], bounds[1])
    points = np.rint((boundaries.points - translate) / scale).astype(np.int64)
    stream = np.concatenate(
        [
            _arc_numbers(boundaries.arcs, scale, translate),
            np.array(list(_shape_numbers(boundaries.shapes)), dtype=np.int64),
            _zigzag(points.ravel()),
        ]
    )
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = deflate.compress(_varints(stream.astype(np.uint64))) + deflate.flush()
    return PackedGeometry(base64.b64encode(data).decode("ascii"), scale, translate, bounds)


def _bounds(boundaries: Boundaries) -> Bounds:
    every = np.concatenate([*boundaries.arcs, boundaries.points])
    low, high = every.min(axis=0), every.max(axis=0)
    x0, y0, x1, y1 = (float(f"{value:.9g}") for value in (*low, *high))
    return x0, y0, x1, y1


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
    body = np.insert(_zigzag(steps.ravel()), first * 2, counts)
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


def _zigzag(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.asarray((numbers << 1) ^ (numbers >> 63))


def _varints(numbers: NDArray[np.uint64]) -> bytes:
    """LEB128: seven bits a byte, lowest first; the top bit says that more follow."""
    groups = numbers[:, None] >> np.arange(0, 63, 7, dtype=np.uint64)
    used = groups > 0
    used[:, 0] = True
    follows = np.zeros_like(used)
    follows[:, :-1] = used[:, 1:]
    octets = (groups & np.uint64(0x7F)).astype(np.uint8) | (follows.astype(np.uint8) << np.uint8(7))
    return octets[used].tobytes()


def svg_paths(
    boundaries: Boundaries,
    width: float,
    height: float,
    bounds: Bounds | None = None,
    min_area_px: float = 0.6,
) -> dict[str, str]:
    """Draw small: code -> the `d` of an SVG path, on a grid of half pixels, without specks.

    Parameters
    ----------
    boundaries : projected ones; the map is fitted into the frame and centred, y down.
    width, height : of the frame, in pixels.
    bounds : the part to show, in the boundaries' units; what lies wholly outside is left out.
    min_area_px : rings of less are dropped, and regions of which nothing is left; so are dots.
    """
    x0, y0, x1, y1 = bounds or _bounds(boundaries)
    fit = min(width / (x1 - x0), height / (y1 - y0))
    origin = np.array([(width - (x1 - x0) * fit) / 2 - x0 * fit, (height + (y1 - y0) * fit) / 2 - y0 * -fit])
    arcs = [arc * [fit, -fit] + origin for arc in boundaries.arcs]
    frame = np.array([width, height])
    paths = {}
    for code, shape in zip(boundaries.codes, boundaries.shapes, strict=True):
        lines = [coordinates(ring, arcs) for polygon in shape for ring in polygon]
        seen = [line for line in lines if (line.max(axis=0) > 0).all() and (line.min(axis=0) < frame).all()]
        path = "".join(_path(line, min_area_px) for line in seen)
        if path:
            paths[code] = path
    return paths


def _path(line: Points, min_area: float) -> str:
    """One ring in half pixels, relative; "" for a speck."""
    halves = np.rint(line * 2).astype(np.int64)
    x, y = halves[:, 0], halves[:, 1]
    if abs(int((x[:-1] * y[1:] - x[1:] * y[:-1]).sum())) / 8 < min_area:
        return ""
    kept = halves[np.append((halves[1:] != halves[:-1]).any(axis=1), True)]
    steps = np.diff(kept, axis=0)
    bend = np.append(steps[1:, 0] * steps[:-1, 1] != steps[1:, 1] * steps[:-1, 0], True)
    corners = np.concatenate([kept[:1], kept[1:][bend]])
    moves = np.diff(corners, axis=0)[:-1]
    return "M" + _pair(corners[0]) + "l" + _join([_pair(move) for move in moves]) + "z"


def _pair(point: NDArray[Any]) -> str:
    x, y = (f"{value / 2:g}".replace("0.", ".") if abs(value) == 1 else f"{value / 2:g}" for value in point)
    return x + y if y.startswith("-") else f"{x} {y}"


def _join(pairs: list[str]) -> str:
    return "".join(p if i == 0 or p.startswith("-") else f" {p}" for i, p in enumerate(pairs))
