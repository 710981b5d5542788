"""Kill a transaction at its n-th call to the disk: `python kills.py` waits for work to be killed at.

A fork of a process that has loaded all that tests load costs 20 ms; of this one, which has loaded the
transactions alone, 2 ms.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from geotrack.store.transaction import commit, locked, recover

OPERATIONS = ("open", "write", "fsync", "chmod", "replace", "mkdir", "unlink", "rmdir")
Killed = Callable[..., bool]


class Faults:
    """Counts calls to the disk, and acts at the n-th: before it, or half-way through a write."""

    def __init__(self, at: int, act: Callable[[], None], lasting: bool = False) -> None:
        self.at, self.act, self.lasting, self.calls = at, act, lasting, 0

    def point(self) -> None:
        self.calls += 1
        if self.calls == self.at or (self.lasting and self.calls > self.at):
            self.act()

    def install(self, put: Callable[[Any, str, Any], None], sync: bool = False) -> None:
        for name in OPERATIONS:
            put(os, name, self.wrapped(name, getattr(os, name), sync))

    def wrapped(self, name: str, real: Callable[..., Any], sync: bool) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            self.point()
            if name == "fsync" and not sync:  # a kill loses nothing that the kernel holds
                return None
            if name != "write":
                return real(*given, **named)
            handle, content = given
            written = real(handle, content[: len(content) // 2])
            self.point()
            return written + real(handle, content[len(content) // 2 :])

        return call


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def update(folder: Path, files: Mapping[str, bytes]) -> None:
    with locked(folder):
        commit(folder, {Path(name): content for name, content in files.items()})


def started(function: Callable[[], object]) -> int:
    child = os.fork()
    if child:
        return child
    try:
        function()
        os._exit(0)
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
        os._exit(1)


@contextmanager
def killing() -> Iterator[Killed]:
    """Start this file; what is yielded has a function killed there, and tells whether it came to that."""
    command = [sys.executable, __file__]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as lean:
        assert lean.stdin is not None
        assert lean.stdout is not None

        def killed(name: str, *given: Any, at: int) -> bool:
            pickle.dump((name, given, at), lean.stdin)
            lean.stdin.flush()
            status = pickle.load(lean.stdout)
            assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
            return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL

        yield killed
        lean.stdin.close()
    assert lean.returncode == 0


def work(name: str, given: Sequence[Any], at: int) -> None:
    Faults(at, die).install(setattr)
    {"update": update, "recover": recover}[name](*given)


def main() -> None:
    """Do what is asked for in a child that kills itself at its n-th call; answer with its wait status."""
    while sys.stdin.buffer.peek(1):
        name, given, at = pickle.load(sys.stdin.buffer)

        pickle.dump(os.waitpid(started(partial(work, name, given, at)), 0)[1], sys.stdout.buffer)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
