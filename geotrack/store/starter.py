"""A data folder of one's own: a copy of the data and the specifications that ship."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from geotrack.errors import OutputError
from geotrack.store import reading

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
    copies = [(reading.shipped("data"), target / "data"), (reading.shipped("maps"), target / "maps")]
    if there := [str(to) for _, to in copies if to.exists()]:
        raise OutputError(f"{', '.join(there)}: there already; nothing was copied. Choose another folder")
    if any(target.resolve().is_relative_to(source.resolve()) for source, _ in copies):
        raise OutputError(f"{target}: within what would be copied; choose another folder")
    parts = {to: to.with_name(f".{to.name}.part") for _, to in copies}
    try:
        for source, to in copies:
            shutil.rmtree(parts[to], ignore_errors=True)
            shutil.copytree(source, parts[to], ignore=shutil.ignore_patterns(*SKIPPED[to.name]))
        (parts[target / "data"] / ".gitignore").write_text(ignored(passed_on), encoding="utf-8")
        for to, part in parts.items():
            part.replace(to)
    except OSError as error:
        for part in parts.values():
            shutil.rmtree(part, ignore_errors=True)
        reason = error.strerror or "a file could not be copied"
        raise OutputError(f"{target}: cannot be written: {reason}; choose another folder") from error
    return list(parts)
