"""The projections that a map may be drawn in, by name."""

from __future__ import annotations

PROJECTIONS = {"equal-earth": "EPSG:8857", "boundaries": ""}
