"""Doing something again whenever files change: by their times and sizes, so that it works on every disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

Stamp = tuple[tuple[str, int, int], ...]


def stamp(paths: Iterable[Path]) -> Stamp:
    """Return what tells one state of files from another; a file that is not there has no size."""
    found = []
    for path in sorted({*paths}):
        try:
            state = path.stat()
            found.append((str(path), state.st_mtime_ns, state.st_size))
        except OSError:  # between two writes of an editor
            found.append((str(path), 0, -1))
    return tuple(found)


def watch(make: Callable[[], Iterable[Path]], wait: Callable[[], bool]) -> int:
    """Make something, and again whenever what it is made of has changed.

    Parameters
    ----------
    make : makes it, and returns the files that it depends on. What it cannot make it tells by itself.
    wait : waits a moment; False ends the watch.

    Returns
    -------
    int : how many times it was made.
    """
    paths = tuple(make())
    known, made = stamp(paths), 1
    while wait():
        now = stamp(paths)
        if now != known:
            # before it is made: what changes meanwhile is seen next time
            paths = tuple(make())
            known, made = _settled(paths, now), made + 1
    return made


def _settled(paths: tuple[Path, ...], before: Stamp) -> Stamp:
    """The state that was made: of files watched before, as they were; of new ones, as they are."""
    seen = {name: rest for name, *rest in before}
    return tuple((name, *seen.get(name, rest)) for name, *rest in stamp(paths))  # type: ignore[misc]
