"""Boundaries of the user's own: a GeoDataFrame, or a file that `geo.features` reads, as Boundaries."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geotrack import files
from geotrack.errors import BoundaryError, ParseError
from geotrack.geo.features import EXPECTED, load, refuse_packed
from geotrack.geo.projections import EQUAL_EARTH
from geotrack.geo.topology import Boundaries, BoundaryInfo, Points, build

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame, GeoSeries

CODE_COLUMNS = (
    "iso_a3", "adm0_a3", "a3", "iso3", "iso_3166_2", "iso3166_2", "code", "region", "geoid", "fips", "id",
)  # fmt: skip
NAME_COLUMNS = ("name", "name_en", "admin", "title")

Column = NDArray[np.object_]


def codes_of(gdf: GeoDataFrame, column: str | None) -> Column:
    """Return every region's code, as text; of the column, or of the first of CODE_COLUMNS there is.

    Raises
    ------
    BoundaryError : no such column, no code in a row, or one code in two rows.
    """
    found = next(iter(_present(gdf, CODE_COLUMNS)), None) if column is None else column
    if found is None or found not in gdf.columns:
        expected = repr(column) if column is not None else f"one of {', '.join(CODE_COLUMNS)} (in any case)"
        raise BoundaryError(
            f"boundaries: no column of codes; found: {_columns(gdf)}; expected {expected}; "
            "name yours: --code COLUMN"
        )
    codes = _text(gdf[found])
    none = np.isin(codes, ["", "-99"])
    if none.any():
        rows = ", ".join(str(row) for row in gdf.index[none])
        raise BoundaryError(
            f"boundaries: column {found!r} has no code in row {rows} (-99 is Natural Earth's word for none); "
            f"fill them in or name another column; found: {_columns(gdf)}"
        )
    twice = sorted({code for code, times in Counter(codes).items() if times > 1})
    if twice:
        raise BoundaryError(
            f"boundaries: column {found!r} has codes more than once: {', '.join(twice)}; expected one row "
            f"per region; merge them with gdf.dissolve({found!r}).reset_index()"
        )
    return codes


def names_of(gdf: GeoDataFrame, column: str | None, codes: Column) -> Column:
    """Return every region's name, its code where it has none.

    Raises
    ------
    BoundaryError : no such column.
    """
    found = next(iter(_present(gdf, NAME_COLUMNS)), None) if column is None else column
    if found is None:
        return codes
    if found not in gdf.columns:
        raise BoundaryError(f"boundaries: no column of names {found!r}; found: {_columns(gdf)}")
    names = _text(gdf[found])
    return np.where(names == "", codes, names)


def _text(cells: pd.Series) -> Column:
    """A column as text without outer spaces; "" where a cell is empty, 1 for 1.0."""
    text: Column = np.array(
        [
            "" if none else str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
            for cell, none in zip(cells, cells.isna(), strict=True)
        ],
        dtype=object,
    )
    for row, cell in zip(cells.index, text, strict=True):
        if not cell.isprintable() and any("\ud800" <= letter <= "\udfff" for letter in cell):
            raise BoundaryError(
                f"boundaries: column {cells.name!r}, row {row}: {cell!r} holds half a character (a lone "
                "surrogate); expected Unicode, as from a file read with its own encoding"
            )
    return np.array([cell.strip() for cell in text], dtype=object)


def _present(gdf: GeoDataFrame, wanted: tuple[str, ...]) -> list[str]:
    """The columns of these names, in the order of the names, whatever their case."""
    lower = {str(column).lower(): column for column in reversed(gdf.columns)}
    return [lower[name] for name in wanted if name in lower]


def _columns(gdf: GeoDataFrame) -> str:
    return ", ".join(str(column) for column in gdf.columns if column != gdf.geometry.name) or "none"


_GLOBE = np.array([360, 90]) + 1e-6
"""How far longitudes and latitudes may go; those between 180 and 360 are of the world beside ours."""

KINDS = frozenset({"Polygon", "MultiPolygon", "Point"})


def read_file(
    path: Path | str, code: str | None = None, name: str | None = None, most: int = 0
) -> Boundaries:
    """Read boundaries of your own: GeoJSON, GeoPackage, shapefile, TopoJSON.

    Parameters
    ----------
    path : the file.
    code, name : the columns of the regions' codes and names; found by their usual names if not given.
    most : bytes that the file may have, and unpack to; `files.MOST_BYTES` if 0.

    Raises
    ------
    BoundaryError : no such file, one that is too large or cannot be read, or regions that are refused there.
    """
    path = Path(path)
    if not path.is_file():
        raise BoundaryError(f"{path}: no such file; {EXPECTED}")
    try:
        content = files.load(path, str(path), most, "boundaries")
        files.refuse_large_json(content, str(path), most)
        refuse_packed(content, str(path), path, most)
        own = from_geodataframe(load(content, path), code, name)
    except ParseError as error:
        raise BoundaryError(str(error)) from error
    except BoundaryError as error:
        raise BoundaryError(f"{path}: {str(error).removeprefix('boundaries: ')}") from error
    info = replace(own.info, name=path.stem, title=path.stem, sha256=hashlib.sha256(content).hexdigest())
    return replace(own, info=info)


def from_geodataframe(
    gdf: GeoDataFrame | GeoSeries, code: str | None = None, name: str | None = None
) -> Boundaries:
    """Turn a GeoDataFrame into Boundaries in lon/lat, cut at 180 degrees, with shared arcs.

    Invalid polygons are mended, Points become dots, regions without any shape are left out and listed in
    `info.note` and `left_out`, mended ones in the note and `mended`. Codes that are whole numbers are
    written without a fraction: 1, not 1.0.

    Parameters
    ----------
    gdf : one row per region, with a CRS; a GeoSeries has its codes in its index.
    code, name : the columns of codes and names; found by their usual names if not given. A region without a
        name is called by its code.

    Raises
    ------
    BoundaryError : no geometry, no rows, no CRS or none that leads to degrees, no code column, missing or
        duplicate codes, coordinates that are no numbers, lines instead of polygons.
    """
    import shapely

    _check(gdf)
    gdf = gdf if hasattr(gdf, "columns") else _with_codes(gdf)
    codes = codes_of(gdf, code)
    names = names_of(gdf, name, codes)
    shapes = _in_degrees(gdf, codes)
    there = np.array([shape is not None and not shape.is_empty for shape in shapes.tolist()])
    if not there.any():
        raise BoundaryError("boundaries: every row's geometry is empty; expected polygons or points")
    left_out = tuple(zip(codes[~there], names[~there], strict=True))
    codes, names = codes[there], names[there]
    crossed = codes[~shapely.is_valid(shapes[there])].tolist()
    polygons, of = _polygons(codes, shapes[there])
    points = _points(shapes[there], polygons, of)
    arcs, referenced = build(_coordinates(polygons, of, len(codes)))
    info = BoundaryInfo(
        "own",
        "given by the maker of the map",
        viewpoint="",
        projection=_projection(np.concatenate([*arcs, points])),
        note=_note({"Left out, without a shape": [c for c, _ in left_out], "Mended, as they cross": crossed}),
    )
    return Boundaries(
        info, tuple(codes), tuple(names), arcs, referenced, points, "EPSG:4326",
        own=True, left_out=left_out, mended=tuple(crossed),
    )  # fmt: skip


def _note(told: dict[str, list[str]]) -> str:
    return " ".join(f"{what}: {', '.join(codes)}." for what, codes in told.items() if codes)


def _check(gdf: GeoDataFrame) -> None:
    if not hasattr(gdf, "crs"):
        raise BoundaryError(
            f"boundaries: no geometry; found columns: {', '.join(map(str, gdf.columns))}; expected a "
            'GeoDataFrame with an active geometry column (gdf.set_geometry("..."))'
        )
    if not len(gdf):
        raise BoundaryError("boundaries: found no rows; expected one row per region")
    if gdf.crs is None:
        raise BoundaryError(
            "boundaries: the coordinate system is not known (crs is None); expected a CRS; if the numbers "
            'are degrees, say so with gdf.set_crs("EPSG:4326"); a shapefile states its CRS in the .prj file '
            "beside it"
        )


def _with_codes(series: GeoSeries) -> GeoDataFrame:
    """Make a table of shapes whose index holds their codes."""
    import geopandas

    index = series.index
    if index.nlevels > 1 or type(index).__name__ == "RangeIndex":
        raise BoundaryError(
            "boundaries: a GeoSeries whose index holds no codes; expected the GeoDataFrame, or an index of "
            'codes: gdf.set_index("code").geometry'
        )
    return geopandas.GeoDataFrame({"code": index.to_numpy(object)}, geometry=series.array, crs=series.crs)


def _in_degrees(gdf: GeoDataFrame, codes: Column) -> NDArray[np.object_]:
    import shapely

    try:
        with np.errstate(invalid="ignore"):  # what is no number is told below, with its region
            shapes = np.array(gdf.geometry.to_crs("EPSG:4326"), dtype=object)
    except RuntimeError as error:  # what pyproj's errors are
        raise BoundaryError(
            f"boundaries: their CRS, {gdf.crs.name!r}, does not lead to degrees: {error}; expected one that "
            'has a place on the globe, such as "EPSG:3857"; if it is wrong, gdf.set_crs(..., '
            "allow_override=True) states another"
        ) from error
    points, of = shapely.get_coordinates(shapes, return_index=True)
    lost = codes[np.unique(of[~np.isfinite(points).all(axis=1)])]
    if lost.size:
        raise BoundaryError(
            f"boundaries: coordinates that are no numbers, in degrees: {', '.join(lost)}; expected numbers "
            "that the CRS has a place for: mend these shapes, or leave their rows out"
        )
    beyond = codes[np.unique(of[(np.abs(points) > _GLOBE).any(axis=1)])]
    if beyond.size:
        raise BoundaryError(
            f"boundaries: beyond the globe, in degrees: {', '.join(beyond)}; expected longitudes within 360 "
            "and latitudes within 90; if the numbers are metres, state their CRS"
        )
    return shapes


def _polygons(codes: Column, shapes: NDArray[np.object_]) -> tuple[Column, NDArray[np.intp]]:
    """Valid polygons within 180 degrees, on a grid of 1e-7 degrees (1 cm), and whose each is; no dots."""
    import shapely

    kinds = [shape.geom_type for shape in shapes]
    lines = [f"{code} ({kind})" for code, kind in zip(codes, kinds, strict=True) if kind not in KINDS]
    if lines:
        raise BoundaryError(
            f"boundaries: not polygons: {', '.join(lines)}; expected a Polygon, a MultiPolygon "
            "or a Point per region"
        )
    land = np.flatnonzero(np.array(kinds) != "Point")
    try:
        parts, of = _whole(_cut(shapes[land]))
    except shapely.errors.ShapelyError as error:
        raise BoundaryError(
            f"boundaries: shapes that cannot be mended, {_unmendable(codes[land], shapes[land])}: {error}; "
            "expected polygons whose outlines do not cross themselves"
        ) from error
    if fell := sorted({*range(len(land))} - {*of.tolist()}):
        raise BoundaryError(
            f"boundaries: no area is left of {', '.join(codes[land[fell]])} once mended; expected polygons "
            "in degrees or metres of the stated CRS; give a Point to draw a dot"
        )
    return parts, land[of]


def _unmendable(codes: Column, shapes: Column) -> str:
    """Whose shapes GEOS gives up on, each tried alone."""
    import shapely

    lost = []
    for n, code in enumerate(codes):
        try:
            _whole(_cut(shapes[n : n + 1]))
        except shapely.errors.ShapelyError:
            lost.append(code)
    return ", ".join(lost) or "some of them"


def _whole(shapes: Column) -> tuple[Column, NDArray[np.intp]]:
    """The polygons of shapes, mended where needed, and whose they are."""
    import shapely

    if not len(shapes):
        return shapes, np.zeros(0, dtype=np.intp)
    rounded: Column = shapely.transform(shapes, lambda xy: np.round(xy, 7))
    odd = ~shapely.is_valid(rounded)
    rounded[odd] = shapely.make_valid(rounded[odd])
    parts, of = shapely.get_parts(rounded, return_index=True)
    parts, inner = shapely.get_parts(parts, return_index=True)  # a collection may hold a multipolygon
    kept = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & (shapely.area(parts) > 0)
    return parts[kept], of[inner][kept]


def _cut(shapes: Column) -> Column:
    """Cut what crosses 180 degrees; a shape that is cut already, or lies elsewhere, is left as it is."""
    import shapely

    parts, of = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    made = shapes.copy()
    for n in np.unique(of[part[ring[_crossing(points, ring)]]]).tolist():
        made[n] = shapely.union_all([piece for p in parts[of == n] for piece in _unroll(p)])
    return made


def _crossing(points: Points, ring: NDArray[np.intp]) -> NDArray[np.bool_]:
    """A step of more than half the globe, unless along the edge of the map, or a longitude beyond it."""
    steps = np.abs(np.diff(points[:, 0], append=np.nan))
    within = np.append(ring[1:] == ring[:-1], False)
    far = within & (steps > 180) & (steps < 360 - 1e-9)
    return np.asarray(far | (np.abs(points[:, 0]) > 180 + 1e-9))


def _unroll(polygon: Any) -> list[Any]:
    """Lay a polygon out without jumps, then cut it into the worlds to the west and the east of ours."""
    import shapely

    outer = _without_jumps(shapely.get_coordinates(polygon.exterior))
    holes = [_beside(_without_jumps(shapely.get_coordinates(hole)), outer) for hole in polygon.interiors]
    flat = shapely.make_valid(shapely.Polygon(outer, holes))
    worlds = [(shift, shapely.box(shift - 180, -90, shift + 180, 90)) for shift in (-360, 0, 360)]
    pieces = [(shift, flat.intersection(world)) for shift, world in worlds]
    return [shapely.transform(p, lambda xy, s=shift: xy - [s, 0]) for shift, p in pieces if p.area > 0]


def _without_jumps(line: Points) -> Points:
    """Turn each step of more than half the globe into the short way; close a ring about a pole over it."""
    turns = np.concatenate([[0.0], np.cumsum(-np.rint(np.diff(line[:, 0]) / 360) * 360)])
    flat = np.column_stack([line[:, 0] + turns, line[:, 1]])
    if turns[-1] == 0:
        return flat
    pole = 90.0 if line[:, 1].mean() > 0 else -90.0
    return np.concatenate([flat, [[flat[-1, 0], pole], [flat[0, 0], pole]], flat[:1]])


def _beside(hole: Points, outer: Points) -> Points:
    """Move a hole into the world in which its outer ring was laid out."""
    away = hole[:, 0].mean() - (outer[:, 0].min() + outer[:, 0].max()) / 2
    return np.asarray(hole - [np.rint(away / 360) * 360, 0])


def _points(shapes: Column, polygons: Column, of: NDArray[np.intp]) -> Points:
    """A point in the largest polygon of each region, or the dot itself."""
    import shapely

    order = np.lexsort((-shapely.area(polygons), of))  # of two that are as large the first
    regions, first = np.unique(of[order], return_index=True)
    made = shapes.copy()
    made[regions] = shapely.point_on_surface(polygons[order[first]])
    lon = shapely.get_x(made)
    lon = np.where(np.abs(lon) > 180, lon - np.rint(lon / 360) * 360, lon)  # a dot of the world beside ours
    return np.column_stack([lon, shapely.get_y(made)])


def _coordinates(polygons: Column, of: NDArray[np.intp], count: int) -> list[list[list[Points]]]:
    """The rings of each region's polygons, the outer one first."""
    import shapely

    rings, polygon = shapely.get_rings(polygons, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    lines = np.split(points, np.flatnonzero(np.diff(ring)) + 1) if len(rings) else []
    parts: list[list[Points]] = [[] for _ in polygons]
    for n, line in zip(polygon.tolist(), lines, strict=True):
        parts[n].append(line)
    made: list[list[list[Points]]] = [[] for _ in range(count)]
    for region, part in zip(of.tolist(), parts, strict=True):
        made[region].append(part)
    return made


def _projection(points: Points) -> str:
    """Equal areas: Lambert's about the middle for a part of the globe, Equal Earth for more."""
    low, high = points.min(axis=0), points.max(axis=0)
    if (high - low).max() > 90:
        return EQUAL_EARTH
    lon, lat = (float(round(value, 1)) for value in (low + high) / 2)
    return f"+proj=laea +lat_0={lat:g} +lon_0={lon:g} +datum=WGS84 +units=m"
