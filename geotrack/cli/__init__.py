"""The command line: parses, calls the library, prints; no logic of its own."""

from geotrack.cli import exporting, figures, maps, pictures, reports, updating
from geotrack.cli.base import app, main

__all__ = ["app", "exporting", "figures", "main", "maps", "pictures", "reports", "updating"]
