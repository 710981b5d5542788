"""A transaction: several files of a data folder replaced all or none, locked, and finished after a crash.

New content is staged in `.update` within the folder, and a journal of it is written there. The moment the
journal gets its name is the commit point: before it the old files stand, after it the update is finished, by
this process or by the next one that calls `recover`.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import stat
import sys
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from geotrack.errors import LINE, OutputError, first_few
from geotrack.files import json_of


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


def state_of(path: Path) -> str:
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


if sys.platform != "win32":
    import fcntl

PAUSE = 0.05
"""Seconds between two attempts."""


@contextmanager
def locked(folder: Path, wait: float = 30.0) -> Iterator[None]:
    """Hold a folder against other processes and threads; the kernel lets go of it when a process is killed.

    The lock is on the folder itself, so nothing is left behind, and it works in a folder that cannot be
    written (on Windows it is a file beside the data). It is not re-entrant: a thread that takes it twice
    waits for itself. `recover` takes it too, so call that before this, not within.

    Parameters
    ----------
    folder : the data folder.
    wait : seconds to wait for another process.

    Raises
    ------
    OutputError : another process holds it for longer than that, or the place cannot be locked.
    """
    if sys.platform == "win32":
        import filelock

        lock = filelock.FileLock(folder / ".update.lock")
        try:
            lock.acquire(timeout=wait)
        except (filelock.Timeout, OSError) as error:
            raise _not_locked(folder, error, isinstance(error, filelock.Timeout)) from error
        try:
            yield
        finally:
            lock.release()
    else:
        try:
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        except OSError as error:
            raise _not_locked(folder, error) from error
        try:
            _acquire(folder, handle, wait)
            try:
                yield
            finally:
                fcntl.flock(handle, fcntl.LOCK_UN)  # a child that was forked meanwhile holds the same lock
        finally:
            os.close(handle)


def _not_locked(folder: Path, error: Exception, busy: bool = False) -> OutputError:
    if busy:
        return OutputError(f"another geotrack is writing to {folder}; wait for it or look for the process")
    return OutputError(
        f"{folder}: cannot be locked: {reason(error)}; expected a folder on a disk that has locks: "
        "name another one, or copy the data to a local disk"
    )


if sys.platform != "win32":

    def _acquire(folder: Path, handle: int, wait: float) -> None:
        """Lock a descriptor, with as many attempts as the wait has pauses."""
        for left in range(int(wait / PAUSE), -1, -1):
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError as error:
                if not left:
                    raise _not_locked(folder, error, busy=True) from error
            except OSError as error:
                raise _not_locked(folder, error) from error
            threading.Event().wait(PAUSE)


STAGING = ".update"
JOURNAL = "journal.json"
FORMAT = 1
UNFINISHED = "an interrupted update stays as it is"


@dataclass(frozen=True)
class _Move:
    """One file of an update: where it goes, where it waits, and what stands there before and after."""

    target: str  # below the folder, with slashes
    staged: str  # its name in the staging folder
    before: str  # sha256, or "" for a new file
    after: str


def commit(folder: Path, files: Mapping[Path, bytes]) -> None:
    """Replace files all or none. The caller holds the lock and has called `recover` before it.

    They are put in place in the order given. Whoever reads meanwhile, without the lock, sees each file whole,
    but may see some new ones beside old ones: so put what others refer to (origins, series) first, and the
    observations last. Files whose content is the same are not touched.

    Parameters
    ----------
    folder : the data folder.
    files : content by path, relative to the folder.

    Raises
    ------
    OutputError : a path leads out of the folder, or cannot be written: nothing was changed. Or the disk
        failed in the midst of replacing: then `recover` finishes the update.
    """
    try:
        _refuse(folder, [fault(folder, path, files) for path in files], "nothing was changed")
        contents = {path.as_posix(): content for path, content in files.items()}
        moves = _moves(folder, contents)
        if not moves:
            return
        _make_room(folder)
        _try_out(folder, moves)
        with _removed_on_failure(folder / STAGING):
            _stage(folder, moves, contents)
    except OSError as error:
        raise OutputError(
            f"{folder}: the update cannot be written: {reason(error)}; nothing was changed. "
            "Free some space or make the folder writable, then run the same command again"
        ) from error
    try:
        _finish(folder, moves)
    except OSError as error:
        raise OutputError(
            f"{folder}: the update was begun and could not be finished: {reason(error)}; nothing is lost: "
            "put that right, and the next run of any geotrack command finishes the update"
        ) from error


def recover(folder: Path, wait: float = 30.0) -> str:
    """Finish or discard what an interrupted update left; for every command, before it reads or writes.

    Takes the lock if there is something to do, so it must not be called with the lock held. Where another
    process is in the midst of an update, it waits for that one.

    Returns
    -------
    A sentence for people; "" if there was nothing to do, which costs one look at the disk.

    Raises
    ------
    OutputError : the update can neither be finished nor discarded; says why, and what to do.
    """
    if not _is_staged(folder):
        return ""
    with locked(folder, wait):
        if not _is_staged(folder):
            return ""
        if not os.path.lexists(folder / STAGING / JOURNAL):
            return _discard(folder / STAGING)
        try:
            moves = _read_journal(folder)
            _refuse(folder, [_mismatch(folder, move) for move in moves], UNFINISHED)
            _finish(folder, moves)
        except OSError as error:
            raise OutputError(
                f"{folder}: an update was interrupted, and cannot be finished: {reason(error)}; until "
                "then old and new files may be mixed. Make the folder writable, then run the command again"
            ) from error
    return f"An update that was interrupted was finished: {_listed([move.target for move in moves])}."


def in_the_midst(folder: Path) -> bool:
    """Tell whether an update's files are put in place just now, or were when it was interrupted."""
    return os.path.lexists(folder / STAGING / JOURNAL)


def _is_staged(folder: Path) -> bool:
    staging = folder / STAGING
    try:
        mode = staging.lstat().st_mode  # one look: without the lock, it may be gone at the next one
    except (OSError, ValueError):
        return False
    if not stat.S_ISDIR(mode):
        raise OutputError(
            f"{staging}: a link or a file; expected nothing, or the folder that geotrack stages updates in; "
            "look where it comes from, and remove it"
        )
    return True


def _discard(staging: Path) -> str:
    """Remove a staging folder without a journal: its update has not begun, or is done to the last file."""
    try:
        held = any(staging.iterdir())
        _clear(staging)
    except OSError as error:
        return (
            f"An update that was interrupted left {staging} behind, which cannot be removed: "
            f"{reason(error)}; the data are whole."
        )
    if not held:
        return "What an interrupted update left behind was removed; the data are whole."
    return (
        "An update that was interrupted before anything was replaced was discarded; "
        "the data are those of before."
    )


def _make_room(folder: Path) -> None:
    """See that nothing is staged: what others left before their commit point is of no use to anyone."""
    if not _is_staged(folder):
        return
    staging = folder / STAGING
    if os.path.lexists(staging / JOURNAL):
        raise OutputError(
            f"{folder}: another update was interrupted meanwhile; nothing was changed by this one. "
            "Run the same command again: it finishes that one first"
        )
    _clear(staging)


def _moves(folder: Path, contents: Mapping[str, bytes]) -> list[_Move]:
    """Return what has to be replaced; an unchanged file has not."""
    found = [
        _Move(target, str(number), state_of(folder / target), hashlib.sha256(content).hexdigest())
        for number, (target, content) in enumerate(contents.items())
    ]
    return [move for move in found if move.before != move.after]


def _try_out(folder: Path, moves: Sequence[_Move]) -> None:
    """See that the folders may be written to, while there is a way back."""
    for move in moves:
        place = (folder / move.target).parent
        while not place.is_dir():
            place = place.parent
        if not os.access(place, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(place))


def _stage(folder: Path, moves: Sequence[_Move], contents: Mapping[str, bytes]) -> None:
    """Write all new content beside the old, and then, at one stroke, the journal."""
    staging = folder / STAGING
    staging.mkdir()
    for move in moves:
        mode = stat.S_IMODE((folder / move.target).stat().st_mode) if move.before else None
        save(staging / move.staged, contents[move.target], mode)
    listed = [asdict(move) for move in moves]
    journal = {"files": listed, "format": FORMAT, "sha256": _seal(listed)}
    save(staging / f"{JOURNAL}.part", json.dumps(journal, indent=2).encode())
    sync(staging)
    sync(folder)  # that there is a staging folder
    (staging / f"{JOURNAL}.part").replace(staging / JOURNAL)


@contextmanager
def _removed_on_failure(staging: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:  # Ctrl-C too
        with suppress(OSError):  # what cannot be removed now is discarded by the next run
            (staging / JOURNAL).unlink(missing_ok=True)
            _clear(staging)
        raise


def _finish(folder: Path, moves: Sequence[_Move]) -> None:
    """Put in place what is staged still, and then remove the journal; may be done any number of times."""
    staging = folder / STAGING
    sync(staging)
    for move in moves:
        if os.path.lexists(staging / move.staged):
            (folder / move.target).parent.mkdir(parents=True, exist_ok=True)
            (staging / move.staged).replace(folder / move.target)
    for parent in sorted({parent for move in moves for parent in Path(move.target).parents}):
        sync(folder / parent)
    _empty(staging)
    with suppress(OSError):  # the update is done, and the next run removes an empty folder
        staging.rmdir()
        sync(folder)


def _clear(staging: Path) -> None:
    _empty(staging)
    staging.rmdir()


def _empty(staging: Path) -> None:
    """Remove what is staged, the journal last: without it, nothing has been replaced or everything has."""
    for path in sorted(staging.iterdir(), key=lambda path: (path.name == JOURNAL, path.name)):
        path.unlink()


def _read_journal(folder: Path) -> list[_Move]:
    path = folder / STAGING / JOURNAL
    try:
        journal: dict[str, Any] = json_of(path.read_bytes())
        if journal["format"] != FORMAT or journal["sha256"] != _seal(journal["files"]):
            raise ValueError("its checksum or its format is another one")
        moves = [_Move(**entry) for entry in journal["files"]]
        if not all(re.fullmatch(r"[0-9]{1,9}", move.staged, re.ASCII) for move in moves):
            raise ValueError("it names files that were never staged")
        paths = [Path(move.target) for move in moves]
    except (ValueError, TypeError, KeyError) as error:
        raise OutputError(
            f"{path}: damaged: {type(error).__name__}: {error}; expected the journal of an interrupted "
            f"update; nothing was written. {_way_out(folder)}"
        ) from error
    _refuse(folder, [fault(folder, path, paths) for path in paths], UNFINISHED)
    return moves


def _seal(listed: object) -> str:
    return hashlib.sha256(json.dumps(listed, sort_keys=True).encode()).hexdigest()


def _way_out(folder: Path) -> str:
    staging = folder / STAGING
    return (
        f"Restore the data with version control and delete {staging}, or only delete it to keep what is there"
    )


def _mismatch(folder: Path, move: _Move) -> str:
    """Say what keeps a staged file from being put in place, or ""."""
    staged, found = state_of(folder / STAGING / move.staged), state_of(folder / move.target)
    if not staged:
        missing = f"not staged, and in place is sha256 {found or '(no file)'}; expected {move.after}"
        return "" if found == move.after else f"{move.target}: {missing}"
    if staged != move.after:
        return f"{move.target}: staged as {STAGING}/{move.staged} with sha256 {staged}; expected {move.after}"
    if found not in (move.before, move.after):
        wanted = f"{move.before or '(no file)'} (before) or {move.after} (after)"
        return f"{move.target}: was changed since, its sha256 is {found or '(no file)'}; expected {wanted}"
    return ""


def _refuse(folder: Path, faults: Sequence[str], outcome: str) -> None:
    found = [fault for fault in faults if fault]
    if found:
        way_out = f". {_way_out(folder)}" if os.path.lexists(folder / STAGING / JOURNAL) else ""
        raise OutputError(
            f"{folder}: files that cannot be replaced; {outcome}{way_out}:{LINE}{first_few(found, LINE)}"
        )


def _listed(names: Sequence[str]) -> str:
    return f"{len(names)} file{'s' if len(names) > 1 else ''} ({first_few(names, ', ')})"
