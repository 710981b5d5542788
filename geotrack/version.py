"""Of geotrack itself: its version, and a hash of what makes pages."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed

from geotrack.files import PACKAGE, canonical, sha256


@cache
def version() -> str:
    """Return geotrack's version; read once: whatever is captioned names it."""
    try:
        return installed("geotrack")
    except PackageNotFoundError:
        return "(not installed)"


WRITERS = (
    "geotrack",
    "folium",
    "branca",
    "jinja2",
    "XStatic-Leaflet",
    "XStatic-jQuery",
    "pyproj",
    "numpy",
    "babel",
)
"""Packages whose version can change a page."""


@cache
def program() -> str:
    """Return a hash of what makes pages: geotrack's own files, and the versions of what they use."""
    files = [path for path in PACKAGE.rglob("*") if path.is_file() and path.suffix not in {".pyc", ".pyo"}]
    own = [path for path in files if "shipped" not in path.relative_to(PACKAGE).parts]
    parts = {path.relative_to(PACKAGE).as_posix(): sha256(path.read_bytes()) for path in own}
    return sha256(canonical(parts | {f"version of {name}": _version(name) for name in WRITERS}))


def _version(name: str) -> str:
    try:
        return installed(name)
    except PackageNotFoundError:
        return ""
