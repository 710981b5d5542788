"""A durable file: written down to the disk, known by its sha256, reached through no link."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import sys
from collections.abc import Collection
from pathlib import Path


def fault(folder: Path, path: Path, others: Collection[Path]) -> str:
    """Say why there cannot be a plain file at a path below the folder, or ""."""
    hidden = any(part.startswith(".") for part in path.parts)  # "..", .git and the staging folder among them
    if path.anchor or not path.parts or hidden:
        return f"{str(path)!r}: expected a path below the folder, such as observations/hashrate.csv"
    if any(parent in others for parent in path.parents):
        return f"{path}: one of its folders is to be a file too; expected one or the other"
    return _obstacle(folder, path)


def _obstacle(folder: Path, path: Path) -> str:
    """Say what stands where a file or its folders are to be, or ""."""
    disk = folder.stat().st_dev
    for place in [*reversed(path.parents), path]:
        try:
            found = (folder / place).stat() if place == Path() else (folder / place).lstat()
        except FileNotFoundError:
            return ""
        except ValueError as error:  # a null character, half a surrogate
            return f"{str(path)!r}: {error}; expected a name that the disk can hold"
        if stat.S_ISLNK(found.st_mode):
            return f"{path}: {place} is a link; expected plain files and folders: put the real one there"
        expected = stat.S_ISREG if place == path else stat.S_ISDIR
        if not expected(found.st_mode):
            return f"{path}: {place} is there already, and no {'plain file' if place == path else 'folder'}"
        if found.st_dev != disk:
            return f"{path}: {place} is on another disk; expected that of the folder: files are moved there"
    return ""


def save(path: Path, content: bytes, mode: int | None = None) -> None:
    """Write a new file down to the disk."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(handle, rest) :]
        if mode is not None:
            path.chmod(mode)
        os.fsync(handle)
    finally:
        os.close(handle)


def sync(folder: Path) -> None:
    """Write a folder's list of names down to the disk, where the system can."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # a file system that syncs files only
            raise
    finally:
        os.close(handle)


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file's bytes, "" where there is none; a link is never followed."""
    if path.is_symlink():
        return "(a link)"
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def reason(error: Exception) -> str:
    """Return what the system said, and where."""
    what = getattr(error, "strerror", None) or str(error)
    where = getattr(error, "filename", None)
    return f"{what} ({where})" if where else what
