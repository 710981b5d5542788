"""A data folder of one's own: a copy of the data and the specifications that ship."""

from __future__ import annotations

import shutil
from pathlib import Path

from geotrack import store
from geotrack.errors import OutputError

SKIPPED = {
    "data": ("*.py", "raw", ".update", "__pycache__"),
    "maps": (
        "*.py",
        "*.html",
        "*.json",
        "*.png",
        "__pycache__",
    ),  # what was built here is not a specification
}


def found(target: Path) -> list[Path]:
    """Copy the shipped data and specifications to target/data and target/maps; return both folders.

    Raises
    ------
    OutputError : one of them is there already, or cannot be written.
    """
    copies = [(store.shipped("data"), target / "data"), (store.shipped("maps"), target / "maps")]
    if there := [str(to) for _, to in copies if to.exists()]:
        raise OutputError(f"{', '.join(there)}: there already; nothing was copied. Choose another folder")
    for source, to in copies:
        beside = to.with_name(f".{to.name}.part")
        try:
            shutil.rmtree(beside, ignore_errors=True)
            shutil.copytree(source, beside, ignore=shutil.ignore_patterns(*SKIPPED[to.name]))
            beside.replace(to)
        except OSError as error:
            shutil.rmtree(beside, ignore_errors=True)
            raise OutputError(f"{to}: cannot be written: {error.strerror}; choose another folder") from error
    return [to for _, to in copies]
