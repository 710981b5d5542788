"""Lets `python -m geotrack` be `geotrack`."""

from geotrack.cli import main

main()
