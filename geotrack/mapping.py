"""A mapping, from a user's table to labelled rows: what others use of the modules that make it."""

from __future__ import annotations

from geotrack.columnmap import Mapping, fits, stated
from geotrack.describing import describe
from geotrack.guessing import guess
from geotrack.labelling import apply
from geotrack.mappingfile import from_toml, series_table, series_toml, to_toml

__all__ = [
    "Mapping",
    "apply",
    "describe",
    "fits",
    "from_toml",
    "guess",
    "series_table",
    "series_toml",
    "stated",
    "to_toml",
]
