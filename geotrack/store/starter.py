"""A data folder of one's own: a copy of the data and the specifications that ship."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from geotrack.errors import OutputError
from geotrack.store import reading
from geotrack.store.transaction import locked

SKIPPED = {
    "data": ("*.py", "raw", ".update", "__pycache__"),
    # what was built here is not a specification
    "maps": ("*.py", "*.html", "*.json", "*.png", "__pycache__"),
}


def ignored(passed_on: Iterable[str]) -> str:
    """Return the .gitignore of a data folder.

    Parameters
    ----------
    passed_on : names of the sources whose licence lets the raw bytes be passed on.
    """
    lines = [
        "# What came from a source stays out of version control, unless its licence lets it be passed on.",
        *("raw/**", "!raw/**/", "!raw/**/origin.json"),
        *(f"!raw/{name}/**" for name in passed_on),
        *("raw/*/applied.json", ".update/", ".update.lock"),
    ]
    return "\n".join([*lines, ""])


def found(target: Path, passed_on: Iterable[str]) -> list[Path]:
    """Copy the shipped data and specifications to target/data and target/maps; return both folders.

    Parameters
    ----------
    passed_on : see `ignored`.

    Raises
    ------
    OutputError : one of them is there already, or cannot be written.
    """
    sources = {"data": reading.shipped("data"), "maps": reading.shipped("maps")}
    try:
        target.mkdir(parents=True, exist_ok=True)
        with locked(target):
            if not (target / READY).is_dir():
                _staged(target, sources, passed_on)
            return _moved(target, sources)
    except OSError as error:
        shutil.rmtree(target / STAGING, ignore_errors=True)
        reason = error.strerror or "a file could not be copied"
        raise OutputError(f"{target}: cannot be written: {reason}; choose another folder") from error


STAGING, READY = ".geotrack-init.part", ".geotrack-init.ready"
"""Folders within the target: what is being copied, and what is copied whole and waits to be moved. The moment
the one becomes the other is the point from which the next `init` finishes what this one began."""


def _staged(target: Path, sources: Mapping[str, Path], passed_on: Iterable[str]) -> None:
    """Copy everything into a folder beside, and then, at one stroke, say that it is whole."""
    staging = target / STAGING
    shutil.rmtree(staging, ignore_errors=True)  # of one that was killed: the folder is locked
    if there := [str(target / name) for name in sources if os.path.lexists(target / name)]:
        raise OutputError(f"{', '.join(there)}: there already; nothing was copied. Choose another folder")
    if any(target.resolve().is_relative_to(source.resolve()) for source in sources.values()):
        raise OutputError(f"{target}: within what would be copied; choose another folder")
    try:
        for name, source in sources.items():
            shutil.copytree(source, staging / name, ignore=shutil.ignore_patterns(*SKIPPED[name]))
        (staging / "data" / ".gitignore").write_text(ignored(passed_on), encoding="utf-8")
    except BaseException:  # Ctrl-C too
        shutil.rmtree(staging, ignore_errors=True)
        raise
    staging.replace(target / READY)


def _moved(target: Path, sources: Iterable[str]) -> list[Path]:
    """Put in place what is copied; may be done any number of times."""
    ready = target / READY
    for name in sources:
        if (ready / name).is_dir():
            if os.path.lexists(target / name):
                raise OutputError(
                    f"{target / name}: there already, and an init that was interrupted has its own to put "
                    f"there; nothing was moved. Move it away, or delete {ready}"
                )
            (ready / name).replace(target / name)
    ready.rmdir()
    return [target / name for name in sources]
