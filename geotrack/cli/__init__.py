"""The command line, a module per command: parses, calls the library, prints; no logic of its own."""

from geotrack.cli import animate, build, data, embed, export, figure, report, shift, update
from geotrack.cli.base import app, main

__all__ = [
    "animate",
    "app",
    "build",
    "data",
    "embed",
    "export",
    "figure",
    "main",
    "report",
    "shift",
    "update",
]
