"""A map's data as a file of other programs: Excel, CSV, GeoJSON or GeoParquet, by the file's suffix."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypedDict

from geotrack.errors import SpecError
from geotrack.map.views import Excerpt
from geotrack.render.table.csv import csv, wide_csv
from geotrack.render.table.geojson import geojson
from geotrack.render.table.geoparquet import geoparquet
from geotrack.render.table.workbook import workbook
from geotrack.version import version

Write = Callable[[Excerpt], bytes]


@dataclass(frozen=True)
class Format:
    """How a table is written.

    Parameters
    ----------
    write : makes the file.
    wide : makes one with a row per region and a column per slice, where there is a choice.
    has : in words, the layout that it has, where there is none.
    """

    write: Write
    wide: Write | None = None
    has: str = ""


FORMATS: dict[str, Format] = {
    ".xlsx": Format(lambda part: workbook(part, version()), has="it has both layouts"),
    ".csv": Format(csv, wide_csv),
    ".geojson": Format(lambda part: geojson(part, version()), has="it has a row per region already"),
    ".parquet": Format(lambda part: geoparquet(part, version()), has="it has a row per region already"),
}
"""By suffix. A new format is a module beside this one and a line here."""


class TableWish(TypedDict, total=False):
    """What a table shows and how: the options of `TimeMap.to_table`."""

    at: str | Sequence[str] | None
    metric: str | None
    wide: bool


def export(part: Excerpt, suffix: str, wide: bool = False) -> bytes:
    """Return the file's bytes; the same map gives the same bytes.

    Parameters
    ----------
    suffix : one of `FORMATS`; upper case is as good.
    wide : a row per region and a column per slice, instead of a row per figure.

    Raises
    ------
    SpecError : another suffix, `wide` of a format without that choice, a library that is missing.
    OutputError : a table too large.
    BoundaryError : shapes are wanted, and the boundaries have no way back to degrees.
    """
    found = FORMATS.get(suffix.lower())
    if found is None:
        raise SpecError(
            f"no export to {suffix or 'a file without a suffix'}; expected one of: {', '.join(FORMATS)}"
        )
    write = found.wide if wide else found.write
    if write is None:
        choice = ", ".join(each for each, form in FORMATS.items() if form.wide)
        raise SpecError(f"wide is a layout of {choice}, not of {suffix}: {found.has}; leave wide out")
    return write(part)
