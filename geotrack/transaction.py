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
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from geotrack.durable import fault, reason, save, sha256_of, sync
from geotrack.errors import OutputError
from geotrack.locking import locked

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
        _Move(target, str(number), sha256_of(folder / target), hashlib.sha256(content).hexdigest())
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
        journal: dict[str, Any] = json.loads(path.read_bytes())
        if journal["format"] != FORMAT or journal["sha256"] != _seal(journal["files"]):
            raise ValueError("its checksum or its format is another one")
        moves = [_Move(**entry) for entry in journal["files"]]
        if not all(re.fullmatch(r"[0-9]{1,9}", move.staged, re.ASCII) for move in moves):
            raise ValueError("it names files that were never staged")
        paths = [Path(move.target) for move in moves]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
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
    staged, found = sha256_of(folder / STAGING / move.staged), sha256_of(folder / move.target)
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
        more = f"\n  and {len(found) - 10} more" if len(found) > 10 else ""
        listed = "".join(f"\n  {fault}" for fault in found[:10]) + more
        way_out = f". {_way_out(folder)}" if os.path.lexists(folder / STAGING / JOURNAL) else ""
        raise OutputError(f"{folder}: files that cannot be replaced; {outcome}{way_out}:{listed}")


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - 10} more" if len(names) > 10 else ""
    return f"{len(names)} file{'s' if len(names) > 1 else ''} ({', '.join(names[:10])}{more})"
