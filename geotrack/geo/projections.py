"""…"""

from __future__ import annotations

PROJECTIONS = {"equal-earth": "EPSG:8857", "boundaries": ""}
