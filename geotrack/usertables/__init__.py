"""A mapping, from a user's table to labelled rows: what others use of the modules that make it."""

from __future__ import annotations

from geotrack.usertables.columns.mapping import Mapping, fits, from_toml, stated, to_toml, toml
from geotrack.usertables.columns.remembered import only_said, otherwise, refuse_otherwise
from geotrack.usertables.columns.series import over_time_guess, series_table, series_toml
from geotrack.usertables.describe import describe
from geotrack.usertables.questions.guess import guess
from geotrack.usertables.rows.labelled import apply

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
