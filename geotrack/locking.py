"""A lock on a data folder: one process and one thread at a time, and none that was killed."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geotrack.durable import reason
from geotrack.errors import OutputError

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
