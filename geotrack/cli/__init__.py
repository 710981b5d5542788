"""The command line, a module per command: parses, calls the library, prints; no logic of its own."""

# In the order of a task, which is that of `geotrack --help`: make, measure, look up, bring figures.
# isort: off
from geotrack.cli import map, build, figure, animate, export, embed, report  # noqa: F401
from geotrack.cli import shift  # noqa: F401
from geotrack.cli import data  # noqa: F401
from geotrack.cli import aggregate  # noqa: F401
from geotrack.cli import update  # noqa: F401

# isort: on
from geotrack.cli.base import app, main

__all__ = ["app", "main"]
