"""A map's data as a file of other programs: Excel, CSV, GeoJSON or GeoParquet, by the file's suffix."""

from __future__ import annotations

from collections.abc import Callable

from geotrack.errors import SpecError
from geotrack.map.views import Excerpt
from geotrack.render.table.csv import csv, wide_csv
from geotrack.render.table.geojson import geojson
from geotrack.render.table.geoparquet import geoparquet
from geotrack.render.table.workbook import workbook
from geotrack.version import version

FORMATS: dict[str, Callable[[Excerpt], bytes]] = {
    ".xlsx": lambda part: workbook(part, version()),
    ".csv": csv,
    ".geojson": lambda part: geojson(part, version()),
    ".parquet": lambda part: geoparquet(part, version()),
}


def export(part: Excerpt, suffix: str, wide: bool = False) -> bytes:
    """Return the file's bytes; the same map gives the same bytes.

    Parameters
    ----------
    suffix : one of `FORMATS`; upper case is as good.
    wide : of .csv: a row per region and a column per slice, instead of a row per figure.

    Raises
    ------
    SpecError : another suffix, `wide` of another format, a library that is missing.
    OutputError : a table too large.
    BoundaryError : shapes are wanted, and the boundaries have no way back to degrees.
    """
    write = FORMATS.get(suffix.lower())
    if write is None:
        raise SpecError(
            f"no export to {suffix or 'a file without a suffix'}; expected one of: {', '.join(FORMATS)}"
        )
    if wide and write is not csv:
        raise SpecError(
            f"wide is a layout of .csv, not of {suffix}: .geojson and .parquet have a row per region "
            "already, .xlsx has both; leave wide out"
        )
    return wide_csv(part) if wide else write(part)
