"""Lets `python -m geotrack.cli` be `geotrack`."""

from geotrack.cli import main

main()
