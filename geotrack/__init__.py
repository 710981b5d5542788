"""Joins regional mining data to country geometries and renders time-sliced, self-contained maps.

>>> import geotrack as gt
>>> gt.choropleth("cbeci-countries").save("out.html")  # doctest: +SKIP
"""

from geotrack.api import choropleth, load, series
from geotrack.errors import (
    BoundaryError,
    FetchError,
    GeotrackError,
    OutputError,
    ParseError,
    RegionError,
    SpecError,
    ValidationError,
)

__all__ = [
    "BoundaryError",
    "FetchError",
    "GeotrackError",
    "OutputError",
    "ParseError",
    "RegionError",
    "SpecError",
    "ValidationError",
    "__version__",
    "choropleth",
    "load",
    "series",
]


def __getattr__(name: str) -> str:
    # asked for only when wanted: reading installed metadata takes time that `geotrack --help` has not
    if name == "__version__":
        from importlib.metadata import version

        return version("geotrack")
    raise AttributeError(f"module 'geotrack' has no attribute {name!r}")
