"""A reader beside a writer sees the old set of files or the new one: a real writer, stopped at every step."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from datafolders import of_series

from geotrack.errors import OutputError, ParseError
from geotrack.store import folder, generation, reading, transaction
from geotrack.store.checks import folder as folder_checks
from geotrack.store.folder import DataFolder

SERIES = "foundry-us-states"
OBSERVATIONS, ORIGINS = Path("observations", f"{SERIES}.csv"), Path("reference", "origins.csv")
OLD, NEW = "foundry_2021_10", "foundry_of_next"

WRITER = f"""
import os, sys
from pathlib import Path
from geotrack.store import transaction
folder, old, new = Path(sys.argv[1]), {OLD!r}, {NEW!r}
def stepwise(real):
    def call(*given, **named):
        print("step", flush=True)
        sys.stdin.readline()
        return real(*given, **named)
    return call
paths = [Path({ORIGINS.as_posix()!r}), Path({OBSERVATIONS.as_posix()!r})]
for name in ("replace", "unlink", "rmdir", "mkdir"):
    setattr(os, name, stepwise(getattr(os, name)))
while sys.stdin.readline():
    files = {{path: (folder / path).read_bytes().replace(old.encode(), new.encode()) for path in paths}}
    with transaction.locked(folder):
        transaction.commit(folder, files)
    print("done", flush=True)
    old, new = new, old
"""


class Writer:
    """A process that replaces the origins and the observations that refer to them, step by step."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process, self.running = process, False

    def _told(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def _tell(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def begin(self) -> None:
        self._tell()
        self.running = True
        assert self._told() == "step"

    def go(self, steps: int) -> int:
        """Let it take some steps; return how many it took before it was done."""
        for taken in range(steps):
            if not self.running:
                return taken
            self._tell()
            self.running = self._told() == "step"
        return steps


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return of_series(tmp_path_factory.mktemp("generation") / "data", [SERIES])


@pytest.fixture(scope="module")
def writer(held: Path) -> Iterator[Writer]:
    command = [sys.executable, "-c", WRITER, str(held)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Writer(process)
        assert process.stdin is not None
        process.stdin.close()
    assert process.returncode == 0


POINTS: list[tuple[Any, str]] = [
    (reading, "read_series"), (reading, "read_origins"), (reading, "read_raw"), (folder.files, "sha256_of"),
    (transaction, "in_the_midst"), (generation, "stamp_of"),
]  # fmt: skip
"""What a reader does, one after the other: before each, the writer may go on."""


def interleaved(
    writer: Writer, patch: pytest.MonkeyPatch, at: int, steps: int, read: Callable[[], Any]
) -> tuple[Any, int]:
    """Read while a writer begins before, and goes on some steps at one point, and to its end at the next."""
    seen = itertools.count()
    taken = [0]

    def hooked(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            now = next(seen)
            if now == at:
                taken[0] = writer.go(steps)
            elif now > at + 1:
                writer.go(1000)
            return real(*given, **named)

        return call

    def waits(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            writer.go(1000)  # as it does in life, while the reader waits for its lock
            return real(*given, **named)

        return call

    with patch.context() as context:
        for module, name in POINTS:
            context.setattr(module, name, hooked(getattr(module, name)))
        context.setattr(transaction, "recover", waits(transaction.recover))
        made = read()
    writer.go(1000)
    return made, taken[0]


@pytest.mark.parametrize("at", range(7))
def test_a_reader_sees_the_old_set_or_the_new_one(
    at: int, held: Path, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps, mixed = 0, 0
    while True:
        writer.begin()
        made, taken = interleaved(writer, monkeypatch, at, steps, lambda: DataFolder(held).table(SERIES))
        used = {OLD, NEW} & set(made.observations["origin"])
        assert used in ({OLD}, {NEW})
        assert used <= set(made.origins)
        assert len({OLD, NEW} & set(made.origins)) == 1, "origins of one generation, figures of another"
        mixed += taken == steps
        if taken < steps:
            break
        steps += 1
    assert mixed > 6, "the writer was stopped at every step"


def test_a_check_beside_a_writer_finds_nothing(
    held: Path, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at, steps in itertools.product((0, 1, 2, 4), range(2, 9)):
        writer.begin()
        found, _ = interleaved(writer, monkeypatch, at, steps, lambda: folder_checks.check(held, [SERIES]))
        errors = [finding for finding in found if finding.severity == "error" and SERIES in finding.where]
        assert errors == [], (at, steps)


def test_what_was_read_before_an_update_is_read_anew_with_what_comes_after(
    held: Path, writer: Writer
) -> None:
    opened = DataFolder(held)
    before = [id for id in (OLD, NEW) if id in opened.origins]
    writer.begin()
    writer.go(1000)
    table = opened.table(SERIES)
    assert {OLD, NEW} & {*table.observations["origin"]} == {OLD, NEW} - {*before}
    assert {*table.observations["origin"]} <= set(opened.origins)


def test_a_fault_that_stays_is_told(held: Path) -> None:
    path = held / OBSERVATIONS
    content = path.read_bytes()
    path.write_bytes(b"no table\n")
    try:
        with pytest.raises(ParseError, match="columns"):
            DataFolder(held).table(SERIES)
    finally:
        path.write_bytes(content)


def test_a_folder_that_is_written_to_without_end_is_told(held: Path) -> None:
    path = held / ORIGINS

    def read() -> None:
        path.write_bytes(path.read_bytes())

    with pytest.raises(OutputError, match="was written to all the while"):
        generation.whole(held, read, generation.stamp_of(held), lambda _: None)
