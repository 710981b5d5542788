"""A mapping, from a user's table to labelled rows: what others use of the modules that make it."""

from __future__ import annotations

from geotrack.usertables.describe import describe
from geotrack.usertables.guess import guess
from geotrack.usertables.mapping import Mapping, fits, from_toml, stated, to_toml, toml
from geotrack.usertables.remembered import only_said, otherwise, refuse_otherwise
from geotrack.usertables.rows import apply
from geotrack.usertables.series import over_time_guess, series_table, series_toml

__all__ = [
    "Mapping",
    "apply",
    "describe",
    "fits",
    "from_toml",
    "guess",
    "only_said",
    "otherwise",
    "over_time_guess",
    "refuse_otherwise",
    "series_table",
    "series_toml",
    "stated",
    "to_toml",
    "toml",
]
