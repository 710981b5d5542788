"""Files of a map: what is written is decided by the suffix."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from geotrack.errors import SpecError
from geotrack.render.film.animation import SUFFIXES as FILMS
from geotrack.render.picture.encode import SUFFIXES as PICTURES
from geotrack.render.table.export import FORMATS as TABLES
from geotrack.timemap import TimeMap

PAGES = (".html", ".htm")

VERBS: Mapping[str, Callable[[TimeMap, Path], Any]] = {
    **dict.fromkeys(PAGES, TimeMap.save),
    **dict.fromkeys(PICTURES, TimeMap.save_figure),
    **dict.fromkeys(FILMS, TimeMap.save_film),
    **dict.fromkeys(TABLES, TimeMap.save_table),
}


def verb_of(path: Path) -> Callable[[TimeMap, Path], Any]:
    """Return what writes a map into a file of this suffix.

    Raises
    ------
    SpecError : nothing is written under that suffix.
    """
    verb = VERBS.get(path.suffix.lower())
    if verb is None:
        raise SpecError(f"{path}: {path.suffix!r} is not known; expected one of: {', '.join(VERBS)}")
    return verb


def save(timemap: TimeMap, path: Path) -> Path:
    """Write a map as its path's suffix says: a page, a picture, a film or a table.

    Raises
    ------
    SpecError : nothing is written under that suffix.
    OutputError : the place cannot be written.
    """
    verb_of(path)(timemap, path)
    return path
