"""The command line: parses, calls the library, prints; no logic of its own."""

from geotrack.cli import animate, build, data, embed, export, figure, report, shift, update
from geotrack.cli.base import app, main

__all__ = [
    "app",
    "embedding",
    "exporting",
    "figures",
    "filming",
    "main",
    "maps",
    "measuring",
    "pictures",
    "reports",
    "updating",
]
