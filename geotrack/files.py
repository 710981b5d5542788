"""Files: what they hash to, and writing them beside and then moving them into place."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from geotrack.errors import OutputError

PACKAGE = Path(__file__).parent
"""Where geotrack itself stands."""

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip file knows: when an office file says it was made, if its data have no day.
Never the clock's time, or no two builds would be alike."""


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def line_of(path: Path | str, size: int) -> str:
    """Say which file was written, and how large it is."""
    return f"{path}  {size / 1000:,.0f} kB"


def write(path: Path, content: str | bytes) -> None:
    """Write beside, then move: a reader sees the old file or the new one, never half of one.

    Raises
    ------
    OutputError : the place cannot be written; what stood there still stands.
    """
    write_all({path: content})


def refuse_over(out: Path, read: Iterable[Path]) -> None:
    """Refuse to write a file in the place of one that it is made from, which would be lost.

    Raises
    ------
    OutputError : it is one of those.
    """
    for path in read:
        if out.exists() and path.exists() and out.samefile(path):
            raise OutputError(
                f"{out}: this is the file that is read, and would be lost; nothing is written. "
                "Choose another name"
            )


def write_all(files: Mapping[Path, str | bytes]) -> None:
    """Write files that belong together: all beside their places, and only then all moved there.

    Raises
    ------
    OutputError : a place cannot be written; what stood there still stands.
    """
    current, ready = Path(), []
    try:
        with ExitStack() as stack:
            for current, content in files.items():
                ready.append((stack.enter_context(_beside(current, content)), current))
            for temporary, current in ready:
                temporary.replace(current)
    except (OSError, ValueError) as error:  # a ValueError: a path with a null character
        reason = getattr(error, "strerror", None) or error
        raise OutputError(
            f"{current}: cannot be written: {reason}; what stood there before is untouched. "
            "Choose another place, or make this one writable"
        ) from error


@contextmanager
def _beside(path: Path, content: str | bytes) -> Iterator[Path]:
    """Write a file's content beside its place; what is not moved there is removed."""
    if path.exists() and not path.is_file():
        raise OSError("it is there already and is no plain file")
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def sha256(content: bytes) -> str:
    """Return the sha256 of bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def canonical(part: Any) -> bytes:
    """Return the same bytes for the same content, however a file writes it."""
    return json.dumps(part, ensure_ascii=False, sort_keys=True, default=str).encode("utf-8")
