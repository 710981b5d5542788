"""The command line: parses, calls the library, prints; no logic of its own."""

from geotrack.cli import exporting, figures, filming, maps, pictures, updating
from geotrack.cli.base import app, main

__all__ = ["app", "exporting", "figures", "filming", "main", "maps", "pictures", "updating"]
