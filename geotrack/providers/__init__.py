"""The sources: an explicit tuple. A new one is one file here, its series, its crosswalk and one line."""

from __future__ import annotations

from geotrack.model import Provider

PROVIDERS: tuple[Provider, ...] = ()
