"""The command line: parses, calls the library, prints; no logic of its own."""

from geotrack.cli import figures, maps, updating
from geotrack.cli.base import app, main

__all__ = ["app", "figures", "main", "maps", "updating"]
