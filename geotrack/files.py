"""Files: what they hash to, how large they may be, and writing them beside, then moving them into place."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from geotrack.errors import OutputError, ParseError

PACKAGE = Path(__file__).parent
"""Where geotrack itself stands."""

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip file knows: when an office file says it was made, if its data have no day.
Never the clock's time, or no two builds would be alike."""


MOST_BYTES = 350_000_000
"""Of a file; what is larger is refused before it is read: a byte takes eleven of memory, so that 4 GB do."""

MOST_ELEMENTS = 16_000_000
"""Of XML read as a whole, of a file of MOST_BYTES: one takes as much memory as 20 bytes of a text."""

_PIECE = 1 << 20


def load(file: Path | BinaryIO, name: str, most: int = 0, expected: str = "a table") -> bytes:
    """Return the bytes of a file, or of a stream, that are counted as they come: neither may have an end.

    Parameters
    ----------
    most : how many there may be; MOST_BYTES if 0.
    expected : what the file should have been.

    Raises
    ------
    ParseError : it cannot be read, or is larger.
    """
    try:
        if not isinstance(file, Path):
            return _counted(file, name, most)
        refuse_large(file.stat().st_size, name, most)
        with file.open("rb") as stream:
            return _counted(stream, name, most)  # counted too: it may grow, and /proc and pipes tell no size
    except (OSError, ValueError) as error:  # a ValueError: a path with a null character
        reason = getattr(error, "strerror", None) or error
        raise ParseError(f"{name}: cannot be read: {reason}; expected {expected}") from error


def _counted(stream: BinaryIO, name: str, most: int) -> bytes:
    found = bytearray()
    while piece := stream.read(_PIECE):
        found += piece
        refuse_large(len(found), name, most)
    return bytes(found)


def refuse_large(size: int, name: str, most: int = 0) -> None:
    """Refuse a file by its size, before it is read.

    Raises
    ------
    ParseError : it has more bytes than fit.
    """
    limit = most or MOST_BYTES
    if size > limit:
        raise ParseError(
            f"{name}: {size:,} bytes or more; expected at most {limit:,}, as reading "
            "takes eleven times so much memory: leave out columns, divide the file, sum its rows by region "
            f"and period first, or, {_raised(size)}"
        )


def refuse_large_json(content: bytes, name: str, most: int = 0) -> None:
    """Refuse what begins as JSON does by its size: what it becomes takes four times as much as rows of text.

    Raises
    ------
    ParseError : it is larger than fits.
    """
    if content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        refuse_large(4 * len(content), f"{name}, as JSON, which counts fourfold", most)


def refuse_unpacked(size: int, name: str, limit: int, otherwise: str) -> None:
    """Refuse what a file unpacks to: a few bytes may stand for more than any memory holds.

    Raises
    ------
    ParseError : it has more bytes than fit.
    """
    if size > limit:
        raise ParseError(
            f"{name}: {size:,} bytes once unpacked; expected at most {limit:,}: {otherwise}, "
            f"or, {_raised(size)}"
        )


def refuse_branching(content: bytes, name: str, most: int, otherwise: str, weight: int = 1) -> None:
    """Refuse XML of more elements than fit, before it becomes a tree: five bytes may be one.

    Parameters
    ----------
    weight : how many times as much memory as a plain element each takes.

    Raises
    ------
    ParseError : it has more.
    """
    limit = (most or MOST_BYTES) * MOST_ELEMENTS // MOST_BYTES // weight
    found = content.count(b"<") - content.count(b"</")
    if found > limit:
        enough = _raised(-(-found * weight * MOST_BYTES // MOST_ELEMENTS))
        raise ParseError(
            f"{name}: {found:,} elements of XML once unpacked; expected at most {limit:,}: "
            f"{otherwise}, or, {enough}"
        )


def _raised(size: int) -> str:
    return f"with enough memory, say --most-bytes {10 ** len(str(size))}"


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


PART = ".geotrack.part"
"""How the name of a file ends that is written beside its place, and begins with a dot."""


@contextmanager
def _beside(path: Path, content: str | bytes) -> Iterator[Path]:
    """Write a file's content beside its place; what is not moved there is removed, now or by the next one."""
    if path.exists() and not path.is_file():
        raise OSError("it is there already and is no plain file")
    path.parent.mkdir(parents=True, exist_ok=True)
    for left in path.parent.glob(f".*{PART}"):
        _remove_dead(left)
    handle, temporary = _part(path)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
            temporary.chmod(0o666 & ~_umask())
            if sys.platform != "win32":  # held while it waits, so that nobody takes it for a dead one
                yield temporary
        if sys.platform == "win32":  # where an open file can be neither moved nor removed
            yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _part(path: Path) -> tuple[int, Path]:
    """Make a file beside a path, held as long as it is open: a process that dies lets go of it."""
    while True:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=PART, dir=path.parent)
        _hold(handle)
        if sys.platform == "win32" or os.fstat(handle).st_nlink:  # else somebody took it for a dead one
            return handle, Path(name)
        os.close(handle)


def _hold(handle: int) -> bool:
    """Lock an open file or folder, if nobody else does; tell whether that is known to be ours now."""
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # another one's, or a disk without locks
        return False
    return True


def _remove_dead(left: Path) -> None:
    """Remove what a process that was killed left behind; of one that is alive, nothing."""
    with suppress(OSError):
        if left.is_symlink():
            return
        if sys.platform == "win32":
            left.unlink()  # refused where it is open
            return
        handle = os.open(left, os.O_RDONLY | os.O_NOFOLLOW)
        try:
            if _hold(handle):
                shutil.rmtree(left) if left.is_dir() else left.unlink()
        finally:
            os.close(handle)


WORKPLACE = "geotrack-work-"


@contextmanager
def workplace() -> Iterator[Path]:
    """Yield a folder for files of other programs; what killed processes of ours left of theirs is removed."""
    with suppress(OSError):
        for left in Path(tempfile.gettempdir()).glob(f"{WORKPLACE}*"):
            if sys.platform != "win32" and left.lstat().st_uid == os.getuid():
                _remove_dead(left)
    with tempfile.TemporaryDirectory(prefix=WORKPLACE) as name:
        handle = -1 if sys.platform == "win32" else os.open(name, os.O_RDONLY)
        try:
            if handle >= 0:
                _hold(handle)
            yield Path(name)
        finally:
            if handle >= 0:
                os.close(handle)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def sha256(content: bytes) -> str:
    """Return the sha256 of bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def toml_of(content: str | bytes) -> dict[str, Any]:
    """Return the tables of TOML, the only road to its parser.

    Raises
    ------
    ValueError : no UTF-8, no TOML, nested too deep, a number of too many digits, half a character.
    """
    try:
        return tomllib.loads(content if isinstance(content, str) else content.decode("utf-8"))
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def json_of(content: str | bytes) -> Any:
    """Return what JSON holds, that of ours or of a program beside us; sources have `sources.payload`.

    Raises
    ------
    ValueError : no UTF-8, no JSON, nested too deep, a number of too many digits.
    """
    try:
        return json.loads(content)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def canonical(part: Any) -> bytes:
    """Return the same bytes for the same content, however a file writes it."""
    return json.dumps(part, ensure_ascii=False, sort_keys=True, default=str).encode("utf-8")
