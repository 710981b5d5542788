"""Updates of several files: the old ones or the new ones stand, whatever is killed, full or forbidden."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import resource
import signal
import stat
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import kills
import pytest
from kills import Faults, update

from geotrack.errors import OutputError
from geotrack.store import transaction
from geotrack.store import transaction as store_transaction
from geotrack.store.transaction import commit, locked, recover

Files = Mapping[str, bytes]
State = dict[str, bytes | None]  # path -> content; None for a folder

# The contents are synthetic: long enough that half of a file is no whole one.
OLD: Files = {
    "reference/origins.csv": b"id\nold\n" * 50,
    "observations/a.csv": b"old a\n" * 3000,
    "observations/b.csv": b"old b\n" * 10,
}
SETS: dict[str, Files] = {
    "one replaced": {"observations/a.csv": b"new a\n" * 3100},
    "one new": {"observations/c.csv": b"new c\n" * 40},
    "one new in new folders": {"raw/cbeci/map/20260101T000000Z-abc/payload": b"{}" * 700},
    "two replaced": {"reference/origins.csv": b"id\nnew\n" * 60, "observations/a.csv": b"new a\n" * 2},
    "new, empty and replaced": {"raw/x/y/z": b"raw", "observations/e.csv": b"", "observations/b.csv": b"new"},
    "one of three unchanged": {
        **OLD,
        "reference/origins.csv": b"id\nnew\n",
        "observations/b.csv": b"new b\n",
    },
    "six": {
        "raw/p/f/1/payload": b"payload" * 900,
        "raw/p/f/1/origin.json": b"{}\n",
        "reference/origins.csv": b"id\nnew\n" * 50,
        "vintages/a.csv": b"vintage\n" * 20,
        "observations/b.csv": b"new b\n" * 20,
        "observations/a.csv": b"new a\n" * 3000,
    },
}


def paths(files: Files) -> dict[Path, bytes]:
    return {Path(name): content for name, content in files.items()}


def fresh(folder: Path, files: Files = OLD) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def state(folder: Path) -> State:
    return {
        path.relative_to(folder).as_posix(): None if path.is_dir() else path.read_bytes()
        for path in folder.rglob("*")
    }


def after(old: State, files: Files) -> State:
    above = {parent.as_posix(): None for name in files for parent in Path(name).parents if parent.name}
    return {**old, **above, **files}


def forked(function: Callable[[], object]) -> int:
    """Run in a child of this warm process; return its wait status."""
    return os.waitpid(started(function), 0)[1]


def started(function: Callable[[], object]) -> int:
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # threads of libraries: the child uses none of them
        return kills.started(function)


@pytest.fixture(scope="module")
def killed() -> Iterator[kills.Killed]:
    with kills.killing() as killed:
        yield killed


@pytest.fixture
def unsynced(monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is not waited for; a kill loses nothing that the kernel holds."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)


@pytest.fixture
def folders(tmp_path: Path) -> Callable[[], Path]:
    numbers = iter(range(100_000))
    return lambda: fresh(tmp_path / str(next(numbers)))


def whole_files(found: State, old: State, new: State) -> None:
    """No target is torn: each is the old one or the new one, and there is nothing else but the staging."""
    for name, content in found.items():
        if not name.startswith(transaction.STAGING):
            assert content in [known[name] for known in (old, new) if name in known], name
    assert set(old) <= set(found)


# Killed


@pytest.mark.usefixtures("unsynced")
def test_a_kill_at_any_step_leaves_the_old_files_or_the_new(
    folders: Callable[[], Path], killed: kills.Killed
) -> None:
    kills = 0
    for title, files in SETS.items():
        outcomes, at = [], 1
        while True:
            folder = folders()
            old = state(folder)
            new = after(old, files)
            if not killed("update", folder, files, at=at):
                break
            whole_files(state(folder), old, new)
            begun = (folder / transaction.STAGING / transaction.JOURNAL).exists()
            said = recover(folder)
            assert state(folder) in (old, new), (title, at)
            assert ("was finished" in said) == begun, (title, at, said)
            assert not begun or state(folder) == new, (title, at)
            assert recover(folder) == ""
            outcomes.append(state(folder) == new)
            kills, at = kills + 1, at + 1
        assert state(folder) == new, title
        assert outcomes == sorted(outcomes), f"{title}: what was done is never undone"
        assert set(outcomes) == {False, True}
    assert kills >= 250, kills


@pytest.mark.usefixtures("unsynced")
def test_a_kill_in_the_midst_of_finishing_is_finished_too(
    folders: Callable[[], Path], killed: kills.Killed
) -> None:
    files, kills, at = SETS["two replaced"], 0, 1
    while True:
        folder, again = folders(), 1
        old = state(folder)
        new = after(old, files)
        if not killed("update", folder, files, at=at):
            break
        begun = (folder / transaction.STAGING / transaction.JOURNAL).exists()
        while killed("recover", folder, at=again):  # the same folder: kill upon kill
            whole_files(state(folder), old, new)
            kills, again = kills + 1, again + 1
            assert again < 100
        assert state(folder) in ([new] if begun else [old, new]), at
        at += 1
    assert kills >= 100, kills


# The disk refuses


def refusing(number: int) -> Callable[[], None]:
    def act() -> None:
        raise OSError(number, os.strerror(number))

    return act


@pytest.mark.usefixtures("unsynced")
@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EDQUOT, errno.EIO])
def test_an_error_at_any_step_leaves_the_old_files_or_is_finished_by_the_next_run(
    folders: Callable[[], Path], number: int, lasting: bool
) -> None:
    outcomes, files, at = [], SETS["six"], 1
    while True:
        folder = folders()
        old = state(folder)
        new = after(old, files)
        faults = Faults(at, refusing(number), lasting)
        said = error_of(lambda folder=folder: commit(folder, paths(files)), faults)
        whole_files(state(folder), old, new)
        begun = not said or "the next run of any geotrack command finishes the update" in said
        assert not said or said.startswith(f"{folder}: ")
        assert not said or os.strerror(number) in said
        if not begun:
            assert "nothing was changed. Free some space or make the folder writable" in said
            assert lasting or state(folder) == old, (at, "what was staged is removed at once")
        recover(folder)
        assert state(folder) == (new if begun else old), (at, said)
        if faults.calls < at:
            break
        outcomes.append(begun)
        at += 1
    assert set(outcomes) == {False, True}
    assert outcomes == sorted(outcomes)
    assert len(outcomes) > 40


def error_of(function: Callable[[], object], faults: Faults) -> str:
    """What the OutputError says that a function raises with these faults; "" if it raises none."""
    with pytest.MonkeyPatch.context() as patch:
        faults.install(patch.setattr)
        try:
            function()
        except OutputError as error:
            return str(error)
    return ""


@pytest.mark.usefixtures("unsynced")
def test_an_error_while_finishing_is_told_and_the_journal_stays(
    folders: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        transaction, "locked", lambda folder, wait: threading.Lock()
    )  # it opens the folder too
    files, at, told = SETS["two replaced"], 1, 0
    while True:
        folder = folders()
        new = after(state(folder), files)
        interrupt(folder, files)
        faults = Faults(at, refusing(errno.EROFS))
        if said := error_of(lambda folder=folder: recover(folder), faults):
            assert "an update was interrupted, and cannot be finished: Read-only file system" in said
            assert "Make the folder writable" in said
            assert (folder / ".update/journal.json").exists()
            assert "was finished: 2 files (reference/origins.csv, observations/a.csv)." in recover(folder)
        recover(folder)
        assert state(folder) == new
        if faults.calls < at:
            break
        told, at = told + bool(said), at + 1
    assert told > 10


def interrupt(folder: Path, files: Files, moved: int = 0) -> None:
    """Leave an update as a kill after its commit point and some of its moves does."""
    real, calls = Path.replace, []

    def replace(path: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) > moved + 1:  # the first is the journal's
            raise KeyboardInterrupt
        return real(path, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "replace", replace)
        with pytest.raises(KeyboardInterrupt):
            commit(folder, paths(files))
    assert (folder / transaction.STAGING / transaction.JOURNAL).exists()


def outcome_of(function: Callable[[], object], said: Path) -> str:
    """What the OutputError says that a function raises in a child; the child's limits die with it."""

    def work() -> None:
        with said.open("wb", buffering=0) as file:
            try:
                function()
            except OutputError as error:
                file.write(str(error).encode())

    assert forked(work) == 0
    return said.read_text()


def test_a_disk_that_is_full_in_earnest_changes_nothing(tmp_path: Path) -> None:
    folder = fresh(tmp_path / "data")
    old = state(folder)

    def work() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))  # the write stops half-way, then fails
        update(folder, SETS["six"])

    said = outcome_of(work, tmp_path / "said")
    assert f"{folder}: the update cannot be written: File too large" in said
    assert "nothing was changed" in said
    assert state(folder) == old


def powerless(folder: Path) -> None:
    """Give up the rights of root, if there are any; the folder's own path may lead through closed ones."""
    os.chdir(folder)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    folder = fresh(tmp_path / "data")
    yield folder
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755)


def close(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)


def test_a_read_only_folder_changes_nothing(tmp_path: Path, read_only: Path) -> None:
    close(read_only)
    old = state(read_only)

    def work() -> None:
        powerless(read_only)
        assert recover(Path()) == ""
        update(Path(), SETS["one new"])

    said = outcome_of(work, tmp_path / "said")
    assert "the update cannot be written: Permission denied" in said
    assert "nothing was changed" in said
    assert state(read_only) == old


def test_a_read_only_folder_within_is_found_before_anything_is_replaced(
    tmp_path: Path, read_only: Path
) -> None:
    (read_only / "observations").chmod(0o555)
    (read_only / "reference").chmod(0o777)
    read_only.chmod(0o777)
    old = state(read_only)

    def work() -> None:
        powerless(read_only)
        update(Path(), SETS["two replaced"])

    said = outcome_of(work, tmp_path / "said")
    assert "Permission denied (observations); nothing was changed" in said
    assert state(read_only) == old


def test_an_interrupted_update_in_a_read_only_folder_is_told(tmp_path: Path, read_only: Path) -> None:
    interrupt(read_only, SETS["two replaced"], moved=1)
    close(read_only)
    old = state(read_only)

    def work() -> None:
        powerless(read_only)
        recover(Path())

    said = outcome_of(work, tmp_path / "said")
    assert "an update was interrupted, and cannot be finished: Permission denied" in said
    assert "old and new files may be mixed. Make the folder writable" in said
    assert state(read_only) == old


def test_what_cannot_be_discarded_in_a_read_only_folder_does_not_stop_a_reader(
    tmp_path: Path, read_only: Path
) -> None:
    (read_only / transaction.STAGING).mkdir()
    (read_only / transaction.STAGING / "0").write_bytes(b"half")
    close(read_only)
    told = tmp_path / "told"

    def work() -> None:
        with told.open("w") as file:
            powerless(read_only)
            file.write(recover(Path()))

    assert forked(work) == 0
    assert "left .update behind, which cannot be removed: Permission denied" in told.read_text()
    assert "the data are whole" in told.read_text()


def test_a_file_system_that_cannot_sync_folders_is_good_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sync(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(os, "fsync", sync)
    folder = fresh(tmp_path)
    new = after(state(folder), SETS["six"])
    update(folder, SETS["six"])
    assert state(folder) == new


# What holds when the power fails: the order in which things reach the disk


def test_everything_is_on_the_disk_before_the_next_step_relies_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, files, steps = fresh(tmp_path / "data"), SETS["six"], []
    names: dict[int, str] = {}

    def below(path: Any) -> str:
        return Path(path).relative_to(folder).as_posix()

    def opened(path: Any, *given: Any, real: Any = os.open) -> int:
        handle: int = real(path, *given)
        names[handle] = below(path)
        return handle

    monkeypatch.setattr(os, "open", opened)
    monkeypatch.setattr(os, "fsync", lambda handle: steps.append(("fsync", names[handle])))
    for name in ("replace", "unlink"):
        real = getattr(os, name)
        monkeypatch.setattr(
            os,
            name,
            lambda path, *to, real=real, name=name: (
                steps.append((name, below([path, *to][-1]))),
                real(path, *to),
            ),
        )
    commit(folder, paths(files))
    committed = steps.index(("replace", ".update/journal.json"))
    staged = {("fsync", f".update/{number}") for number in range(6)} | {
        ("fsync", ".update/journal.json.part")
    }
    assert staged | {("fsync", ".update"), ("fsync", ".")} <= set(steps[:committed])
    first = steps.index(("replace", "raw/p/f/1/payload"))
    assert ("fsync", ".update") in steps[committed:first]
    assert [name for step, name in steps[first:] if step == "replace"] == list(files), "in the order given"
    last, gone = (
        steps.index(("replace", "observations/a.csv")),
        steps.index(("unlink", ".update/journal.json")),
    )
    parents = {"raw/p/f/1", "raw/p/f", "raw/p", "raw", "reference", "vintages", "observations", "."}
    assert {("fsync", parent) for parent in parents} <= set(steps[last:gone])


# What an update is


def test_new_files_follow_the_umask_and_replaced_ones_keep_their_mode(tmp_path: Path) -> None:
    folder = fresh(tmp_path / "data")
    (folder / "observations/b.csv").chmod(0o640)
    before = os.umask(0o027)
    try:
        update(folder, {"observations/b.csv": b"new", "observations/c.csv": b"new", "new/d.csv": b"new"})
    finally:
        os.umask(before)
    modes = {
        name: stat.S_IMODE((folder / name).stat().st_mode) for name in ("observations/b.csv", "new/d.csv")
    }
    assert modes == {"observations/b.csv": 0o640, "new/d.csv": 0o640}
    (folder / "observations/b.csv").chmod(0o604)
    update(folder, {"observations/b.csv": b"newer"})
    assert stat.S_IMODE((folder / "observations/b.csv").stat().st_mode) == 0o604


def test_an_unchanged_file_is_not_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = fresh(tmp_path / "data")
    before = {name: (folder / name).stat() for name in OLD}
    update(folder, {**OLD, "observations/b.csv": b"new"})
    assert (folder / "observations/a.csv").stat() == before["observations/a.csv"]
    assert (folder / "observations/b.csv").stat().st_ino != before["observations/b.csv"].st_ino
    monkeypatch.setattr(os, "mkdir", pytest.fail)
    update(folder, {**OLD, "observations/b.csv": b"new"})
    update(folder, {})


def test_nothing_is_left_beside_the_data(tmp_path: Path) -> None:
    folder = fresh(tmp_path / "data")
    update(folder, SETS["six"])
    assert {path.name for path in folder.iterdir()} == {"observations", "reference", "raw", "vintages"}
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../x.csv", "observations/../../x.csv", ".", ".git/hooks/pre-commit", ".update/0"]
)
def test_a_path_that_leads_out_is_refused(tmp_path: Path, path: str) -> None:
    folder = fresh(tmp_path / "data")
    old = state(tmp_path)
    with pytest.raises(OutputError, match=r"nothing was changed(.|\n)*expected a path below the folder"):
        update(folder, {"observations/a.csv": b"new", path: b"new"})
    assert state(tmp_path) == old


@pytest.mark.parametrize("name", ["observations/\0.csv", "observations/\ud800.csv"])
def test_a_name_that_no_disk_holds_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match="expected a name that the disk can hold"):
        update(fresh(tmp_path), {name: b"new"})


def test_a_name_that_is_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"cannot be written: File name too long .*; nothing was changed"):
        update(fresh(tmp_path), {f"observations/{'x' * 300}.csv": b"new"})


def test_all_bad_paths_are_listed_ten_of_them_by_name(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="files that cannot be replaced") as caught:
        update(fresh(tmp_path), {f"../{number:02}": b"new" for number in range(13)})
    assert "'../09'" in str(caught.value)
    assert "'../10'" not in str(caught.value)
    assert str(caught.value).endswith("and 3 more")


def test_links_are_never_written_through(tmp_path: Path) -> None:
    folder = fresh(tmp_path / "data")
    elsewhere = fresh(tmp_path / "elsewhere")
    (folder / "linked").symlink_to(elsewhere)
    (folder / "linked.csv").symlink_to(elsewhere / "observations/a.csv")
    old = state(elsewhere)
    with pytest.raises(OutputError, match=r"linked/x.csv: linked is a link; expected plain files") as caught:
        update(folder, {"linked/x.csv": b"new", "linked.csv": b"new", "observations/a.csv": b"new"})
    assert "linked.csv: linked.csv is a link" in str(caught.value)
    assert state(elsewhere) == old
    assert (folder / "observations/a.csv").read_bytes() == OLD["observations/a.csv"]


def test_a_folder_reached_through_a_link_is_fine(tmp_path: Path) -> None:
    folder = fresh(tmp_path / "data")
    (tmp_path / "link").symlink_to(folder)
    update(tmp_path / "link", SETS["two replaced"])
    assert (folder / "observations/a.csv").read_bytes() == SETS["two replaced"]["observations/a.csv"]


def test_what_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    folder = fresh(tmp_path)
    with pytest.raises(OutputError, match="observations is there already, and no plain file") as caught:
        update(folder, {"observations": b"", "reference/origins.csv/x": b"", "n": b"", "n/m": b""})
    assert "reference/origins.csv is there already, and no folder" in str(caught.value)
    assert "n/m: one of its folders is to be a file too" in str(caught.value)


def test_a_place_on_another_disk_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, real = fresh(tmp_path), Path.lstat

    def lstat(path: Path) -> os.stat_result:
        found = real(path)
        return (
            os.stat_result((*found[:2], found.st_dev + 1, *found[3:]))
            if path.name == "observations"
            else found
        )

    monkeypatch.setattr(Path, "lstat", lstat)
    with pytest.raises(OutputError, match="observations is on another disk; expected that of the folder"):
        commit(folder, paths(SETS["two replaced"]))


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert recover(tmp_path / "no") == ""
    with pytest.raises(OutputError, match=r"no: cannot be locked: No such file or directory"):
        update(tmp_path / "no", SETS["one new"])
    with pytest.raises(OutputError, match=r"No such file or directory .*; nothing was changed"):
        commit(tmp_path / "no", paths(SETS["one new"]))


@pytest.mark.parametrize("kind", ["link", "file"])
def test_a_staging_folder_that_is_none_is_refused(tmp_path: Path, kind: str) -> None:
    folder, elsewhere = fresh(tmp_path / "data"), fresh(tmp_path / "elsewhere")
    if kind == "link":
        (folder / transaction.STAGING).symlink_to(elsewhere)
    else:
        (folder / transaction.STAGING).write_bytes(b"")
    old = state(elsewhere)
    for attempt in (lambda: recover(folder), lambda: update(folder, SETS["one new"])):
        with pytest.raises(OutputError, match=r"\.update: a link or a file; expected nothing"):
            attempt()
    assert state(elsewhere) == old


def test_ctrl_c_while_staging_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = fresh(tmp_path)
    old = state(folder)

    def interrupted(handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        update(folder, SETS["six"])
    assert state(folder) == old


# What the next run finds


def test_an_update_that_was_interrupted_is_finished_and_told(tmp_path: Path) -> None:
    folder = fresh(tmp_path)
    new = after(state(folder), SETS["six"])
    interrupt(folder, SETS["six"], moved=2)
    said = recover(folder)
    assert said.startswith("An update that was interrupted was finished: 6 files (raw/p/f/1/payload, ")
    assert state(folder) == new
    many = {f"raw/{number:02}": b"new" for number in range(12)}
    interrupt(folder, many)
    assert recover(folder).endswith("raw/09 and 2 more).")
    interrupt(folder, {"raw/00": b"newer"})
    assert recover(folder) == "An update that was interrupted was finished: 1 file (raw/00)."


def test_an_update_that_had_not_begun_is_discarded_and_told(tmp_path: Path) -> None:
    folder = fresh(tmp_path)
    old = state(folder)
    (folder / ".update").mkdir()
    (folder / ".update/0").write_bytes(b"half")
    assert recover(folder) == (
        "An update that was interrupted before anything was replaced was discarded; "
        "the data are those of before."
    )
    (folder / ".update").mkdir()
    assert recover(folder) == "What an interrupted update left behind was removed; the data are whole."
    assert state(folder) == old


def test_an_update_clears_what_another_had_not_begun_but_not_what_it_had(tmp_path: Path) -> None:
    folder = fresh(tmp_path)
    (folder / ".update").mkdir()
    (folder / ".update/0").write_bytes(b"half")
    update(folder, SETS["two replaced"])
    interrupt(folder, SETS["one new"])
    old = state(folder)
    with pytest.raises(OutputError, match="another update was interrupted meanwhile; nothing was changed"):
        update(folder, SETS["six"])
    assert state(folder) == old


def test_nothing_to_recover_costs_one_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks, real = [], os.stat
    monkeypatch.setattr(transaction, "locked", pytest.fail)
    monkeypatch.setattr(os, "stat", lambda path, **named: (looks.append(path), real(path, **named))[1])
    monkeypatch.setattr(os, "lstat", lambda path: (looks.append(path), real(path, follow_symlinks=False))[1])
    assert recover(tmp_path) == ""
    monkeypatch.undo()
    assert looks == [tmp_path / ".update"]


def sealed(files: object, form: int = 1) -> bytes:
    seal = hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()
    return json.dumps({"files": files, "format": form, "sha256": seal}).encode()


NEW = hashlib.sha256(b"new").hexdigest()


def move(target: object, staged: object = "0") -> dict[str, object]:
    return {"target": target, "staged": staged, "before": "", "after": NEW}


@pytest.mark.parametrize(
    ("journal", "why"),
    [
        (b"", "damaged"),
        (b'{"files": [', "damaged"),
        (b"\xff\xfe", "damaged"),
        (b"[]", "damaged"),
        (b"[" * 100_000, "damaged"),
        (sealed([move("x.csv")]).replace(b"x.csv", b"y.csv"), "its checksum or its format is another one"),
        (sealed([move("x.csv")], form=2), "its checksum or its format is another one"),
        (sealed([{"target": "x.csv"}]), "damaged"),
        (sealed([move("x.csv", "../0")]), "it names files that were never staged"),
        (sealed([move("x.csv", 0)]), "damaged"),
        (sealed([move(7)]), "damaged"),
        (sealed([move("../x.csv")]), "expected a path below the folder"),
        (sealed([move("/x.csv")]), "expected a path below the folder"),
        (sealed([move(".git/config")]), "expected a path below the folder"),
        (sealed([move("observations")]), "no plain file"),
    ],
)
def test_a_damaged_or_hostile_journal_is_not_followed(tmp_path: Path, journal: bytes, why: str) -> None:
    folder = fresh(tmp_path / "data")
    (folder / ".update").mkdir()
    (folder / ".update/0").write_bytes(b"new")
    (folder / ".update/journal.json").write_bytes(journal)
    old = state(tmp_path)
    with pytest.raises(OutputError, match=why) as caught:
        recover(folder)
    assert "with version control" in str(caught.value)
    assert f"delete {folder / '.update'}" in str(caught.value)
    assert state(tmp_path) == old


def test_what_is_staged_no_more_is_named_and_nothing_is_mixed(tmp_path: Path) -> None:
    folder, files = fresh(tmp_path), SETS["six"]
    interrupt(folder, files, moved=1)
    (folder / ".update/1").unlink()
    (folder / ".update/2").write_bytes(b"half")
    (folder / ".update/3").unlink()
    (folder / ".update/3").symlink_to(folder / "observations/a.csv")
    (folder / "observations/b.csv").write_bytes(b"by hand")
    old = state(folder)
    with pytest.raises(
        OutputError, match=r"an interrupted update stays as it is\. Restore the data"
    ) as caught:
        recover(folder)
    lines = str(caught.value).splitlines()[1:]
    shas = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    assert "origin.json: not staged, and in place is sha256 (no file)" in lines[0]
    assert "origins.csv: staged as .update/2 with sha256 " in lines[1]
    assert "vintages/a.csv: staged as .update/3 with sha256 (a link)" in lines[2]
    assert "b.csv: was changed since, its sha256 is " in lines[3]
    assert [name for name, sha in shas.items() if sha in str(caught.value)] == list(files)[1:5]
    assert state(folder) == old


def test_the_journal_goes_last_so_that_nobody_says_that_nothing_was_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, real = fresh(tmp_path), os.unlink
    interrupt(folder, SETS["two replaced"])
    (folder / ".update/stray").write_bytes(b"")

    def unlink(path: Path) -> None:
        if path.name == "stray":
            raise OSError(errno.EIO, "Input/output error")
        real(path)

    monkeypatch.setattr(os, "unlink", unlink)
    with pytest.raises(OutputError, match="cannot be finished: Input/output error"):
        recover(folder)
    monkeypatch.undo()
    assert "was finished: 2 files" in recover(folder)


def test_a_file_is_never_saved_over_another_or_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        store_transaction.save(tmp_path / "link", b"new")
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_that_was_moved_already_is_known_by_its_sha256(tmp_path: Path) -> None:
    folder, files = fresh(tmp_path), SETS["two replaced"]
    interrupt(folder, files)
    (folder / ".update/0").rename(folder / "reference/origins.csv")
    new = after(fresh_state(tmp_path.with_name("other")), files)
    assert "2 files" in recover(folder)
    assert state(folder) == new


def fresh_state(folder: Path) -> State:
    return state(fresh(folder))


# The lock


def holder(folder: Path) -> int:
    """Start a child that holds the lock until it is killed; it holds it when this returns."""
    read, write = os.pipe()

    def hold() -> None:
        with locked(folder):
            os.write(write, b"1")
            signal.pause()

    child = started(hold)
    os.close(write)
    assert os.read(read, 1) == b"1"
    os.close(read)
    return child


def test_a_second_process_waits_says_so_and_gets_in_when_the_first_is_killed(tmp_path: Path) -> None:
    folder = fresh(tmp_path)
    old, child = state(folder), holder(folder)
    try:
        for wait in (0, 0.12):
            with (
                pytest.raises(
                    OutputError, match=f"another geotrack is writing to {folder}; wait for it or look"
                ),
                locked(folder, wait),
            ):
                pytest.fail("two hold the lock")
        (folder / ".update").mkdir()  # as if the first were in the midst of staging
        with pytest.raises(OutputError, match="another geotrack is writing"):
            recover(folder, wait=0.12)
        assert (folder / ".update").is_dir()
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    with locked(folder, 0):
        pass
    assert recover(folder) != ""
    assert state(folder) == old, "the lock leaves nothing behind"


def test_a_reader_waits_for_an_update_under_way_and_finds_it_done(tmp_path: Path) -> None:
    folder, said = fresh(tmp_path), []
    waiting = threading.Event()

    def look() -> None:
        waiting.set()
        said.append(recover(folder))

    with locked(folder):
        (folder / ".update").mkdir()
        reader = threading.Thread(target=look)
        reader.start()
        waiting.wait(5)
        (folder / ".update").rmdir()
    reader.join(10)
    assert said == [""]


def test_an_update_that_ends_while_it_is_looked_at_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".update").mkdir()
    real = Path.lstat

    def lstat(path: Path) -> os.stat_result:
        found = real(path)
        path.rmdir()  # by the process that was updating
        return found

    monkeypatch.setattr(Path, "lstat", lstat)
    assert recover(tmp_path) == ""


def test_a_second_thread_is_kept_out(tmp_path: Path) -> None:
    said: list[str] = []

    def attempt() -> None:
        try:
            with locked(tmp_path, 0.06):
                said.append("in")
        except OutputError as error:
            said.append(str(error))

    with locked(tmp_path):
        thread = threading.Thread(target=attempt)
        thread.start()
        thread.join(10)
    assert "another geotrack is writing" in said[0]
    attempt()
    assert said[1] == "in"


def test_a_child_forked_meanwhile_does_not_keep_the_lock(tmp_path: Path) -> None:
    read, write = os.pipe()

    def linger() -> None:
        os.close(write)
        os.read(read, 1)

    with locked(tmp_path):
        child = started(linger)
    with locked(tmp_path, 0):
        os.close(write)
    os.close(read)
    assert os.waitpid(child, 0)[1] == 0


def test_an_error_within_gives_the_lock_back(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="within"), locked(tmp_path):
        raise ValueError("within")
    with locked(tmp_path, 0):
        pass


def test_a_disk_without_locks_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def flock(handle: int, what: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", flock)
    with (
        pytest.raises(OutputError, match="cannot be locked: No locks available; expected a folder on a disk"),
        store_transaction.locked(tmp_path),
    ):
        pytest.fail("there is no lock")


def test_a_read_only_folder_can_be_locked(tmp_path: Path, read_only: Path) -> None:
    close(read_only)

    def work() -> None:
        powerless(read_only)
        with locked(Path(), 0):
            pass

    assert outcome_of(work, tmp_path / "said") == ""


# Two at once


def versions(number: int) -> dict[Path, bytes]:
    """Synthetic files that all say which version they are of, on every line."""
    line = f"version {number}\n".encode()
    return {Path("reference/origins.csv"): line * 400, Path("vintages.csv"): line, Path("a.csv"): line * 4000}


def version(folder: Path, name: str) -> int:
    lines = (folder / name).read_bytes().splitlines()
    assert len(set(lines)) == 1, f"{name} is torn"
    assert len(lines) == {"a.csv": 4000, "vintages.csv": 1}.get(name, 400), f"{name} is torn"
    return int(lines[0].split()[1])


@pytest.mark.usefixtures("unsynced")
def test_two_processes_update_at_once_and_readers_see_whole_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_transaction, "PAUSE", 0.001)
    folder, rounds, writers = tmp_path / "data", 30, 2
    folder.mkdir()
    update(folder, {str(path): content for path, content in versions(0).items()})

    def write() -> None:
        for _ in range(rounds):
            assert recover(folder) == "", "an update under way is not taken for an interrupted one"
            with locked(folder):
                commit(folder, versions(version(folder, "a.csv") + 1))

    children, seen = [started(write) for _ in range(writers)], set()
    while children:
        observed, referred = version(folder, "a.csv"), version(folder, "reference/origins.csv")
        assert referred >= observed, "what the observations refer to is there before them"
        with locked(folder):
            at_rest = {version(folder, path.as_posix()) for path in versions(0)}
        assert len(at_rest) == 1
        seen |= at_rest
        threading.Event().wait(0.002)  # let others in
        ended, status = os.waitpid(children[0], os.WNOHANG)
        assert status == 0, "a writer was refused"
        children = children[1:] if ended else children
    assert {version(folder, path.as_posix()) for path in versions(0)} == {rounds * writers}, (
        "no update is lost"
    )
    assert not (folder / ".update").exists()
    assert seen
