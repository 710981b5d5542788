"""The columns of codes and names in boundaries of the user's own."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geotrack.errors import BoundaryError

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

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
            'name yours with code="..."'
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
