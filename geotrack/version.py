"""…"""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path

from geotrack.files import _canonical, sha256


def version() -> str:
    """Return geotrack's version."""
    try:
        return installed("geotrack")
    except PackageNotFoundError:
        return "(not installed)"


PACKAGE = Path(__file__).parent


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


@cache
def program() -> str:
    """Return a hash of what makes pages: geotrack's own files, and the versions of what they use."""
    files = [
        *PACKAGE.rglob("*.py"),
        *(PACKAGE / "render/static").iterdir(),
        *(PACKAGE / "locales").rglob("*.toml"),
    ]
    own = [path for path in files if path.is_file() and "shipped" not in path.relative_to(PACKAGE).parts]
    parts = {path.relative_to(PACKAGE).as_posix(): sha256(path.read_bytes()) for path in own}
    return sha256(_canonical(parts | {f"version of {name}": _version(name) for name in WRITERS}))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
