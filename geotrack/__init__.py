"""Joins regional mining data to country geometries and renders time-sliced, self-contained maps.

>>> import geotrack as gt
>>> gt.choropleth("cbeci-countries").save("out.html")  # doctest: +SKIP
"""

import signal
import sys

_COMMAND = sys.argv[:1] and sys.argv[0].endswith(("/geotrack", "\\geotrack", "\\geotrack.exe"))
if (_COMMAND or sys.orig_argv[1:3] == ["-m", "geotrack"]) and (
    signal.getsignal(signal.SIGINT) is signal.default_int_handler
):
    # Ctrl-C ends a command that is still imported, without a traceback; then `cli.base.main` takes over
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from geotrack.api import aggregate, choropleth, load, series  # noqa: E402
from geotrack.errors import (  # noqa: E402
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
    "aggregate",
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
