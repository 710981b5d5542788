"""A generation of a data folder: what is read of it beside a writer is all old or all new, never a mixture.

A writer replaces files one by one, each at a stroke. Whoever reads several of them without the writer's lock
looks before and after: if no update was in the midst and no file became another one, all that was read stood
there at one moment. Else it is read again.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from geotrack.errors import GeotrackError, OutputError
from geotrack.store import transaction

Read = TypeVar("Read")
Stamp = tuple[tuple[str, int, int, int], ...]

ROOMS = ("observations", "reference", "vintages")
ATTEMPTS = 50


def stamp_of(folder: Path) -> Stamp:
    """Return which file each one is that is read of a folder, when it was written, and how large it is."""
    found = []
    paths = [path for room in ROOMS for path in sorted((folder / room).rglob("*"))]
    for path in [folder / "datapackage.json", *paths]:
        with suppress(FileNotFoundError):  # an update moves files meanwhile
            told = path.stat()
            found.append((str(path), told.st_ino, told.st_mtime_ns, told.st_size))
    return tuple(found)


def stands(folder: Path, stamp: Stamp) -> bool:
    """Tell whether a folder is as it was when it was stamped, and was so at one moment.

    The order counts: with no update in the midst, all that was read before was there before the next one
    began; a file that an earlier one replaced meanwhile is another one now.
    """
    return not transaction.in_the_midst(folder) and stamp_of(folder) == stamp


def whole(folder: Path, read: Callable[[], Read], stamp: Stamp, forget: Callable[[Stamp], None]) -> Read:
    """Read something of a folder until nobody wrote there meanwhile.

    Parameters
    ----------
    read : reads it; what it raises holds only if nobody wrote meanwhile.
    stamp : of the folder, from before the first file was read that counts.
    forget : told the new stamp, before it is read again: what was read before is of another generation.

    Raises
    ------
    OutputError : somebody writes all the while.
    """
    for _ in range(ATTEMPTS):
        try:
            made = read()
        except (GeotrackError, OSError):
            if stands(folder, stamp):
                raise
        else:
            if stands(folder, stamp):
                return made
        transaction.recover(folder)  # waits for whoever writes
        stamp = stamp_of(folder)
        forget(stamp)
    raise OutputError(f"{folder}: was written to all the while it was read; wait for whoever writes there")
