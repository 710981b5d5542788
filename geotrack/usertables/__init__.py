"""A mapping, from a user's table to labelled rows: what others use of the modules that make it."""

from __future__ import annotations

from geotrack.usertables.describe import describe
from geotrack.usertables.guess import guess
from geotrack.usertables.mapping import Mapping, fits, from_toml, stated, to_toml
from geotrack.usertables.rows import apply
from geotrack.usertables.series import series_table, series_toml

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
