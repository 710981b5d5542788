"""What a kill or Ctrl-C leaves: nothing that the next run does not clear away, and exit code 130."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attacks import kills

from geotrack import files
from geotrack.store import starter

Run = Callable[..., Any]
GEOTRACK = [sys.executable, "-m", "geotrack"]

HALF = """
import os, signal, sys
from pathlib import Path
from geotrack import files
real = Path.replace
def stop(self, target):
    if sys.argv[2] == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    print("waits", flush=True)
    sys.stdin.readline()
    return real(self, target)
Path.replace = stop
files.write(Path(sys.argv[1]), "new")
"""


def parts(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("."))


def test_what_a_killed_writer_left_is_removed_by_the_next_and_of_a_live_one_nothing(tmp_path: Path) -> None:
    place = tmp_path / "map.html"
    place.write_text("old", encoding="utf-8")
    dead = subprocess.run([sys.executable, "-c", HALF, str(place), "die"], check=False)
    assert dead.returncode == -signal.SIGKILL
    assert (len(parts(tmp_path)), place.read_text(encoding="utf-8")) == (1, "old")
    command = [sys.executable, "-c", HALF, str(place), "wait"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as alive:
        assert alive.stdout is not None
        assert alive.stdin is not None
        assert alive.stdout.readline() == "waits\n"
        [its] = parts(tmp_path)  # the dead one's is gone already
        files.write(tmp_path / "other.html", "mine")
        assert parts(tmp_path) == [its]
        alive.stdin.write("\n")
        alive.stdin.close()
    assert alive.returncode == 0
    assert place.read_text(encoding="utf-8") == "new"
    assert parts(tmp_path) == []


def test_what_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    for name in (".other.part", ".map.html.abc.part", "map.geotrack.part"):
        (tmp_path / name).write_text("not ours", encoding="utf-8")
    (tmp_path / f".link{files.PART}").symlink_to(tmp_path / ".other.part")
    before = sorted(path.name for path in tmp_path.iterdir())
    files.write(tmp_path / "map.html", "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*before, "map.html"])
    assert (tmp_path / ".other.part").read_text(encoding="utf-8") == "not ours"


def test_the_folder_of_a_killed_encoder_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    code = (
        "import os, signal\nfrom geotrack import files\nwith files.workplace() as folder:\n"
        "    (folder / 'film.mp4').write_bytes(b'x')\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=False)
    assert len(list(tmp_path.iterdir())) == 1
    with files.workplace() as mine, files.workplace() as other:
        assert sorted(tmp_path.iterdir()) == sorted([mine, other])
    assert list(tmp_path.iterdir()) == []


INIT = """
import os, signal, sys
from pathlib import Path
from geotrack.store import starter
left = int(sys.argv[2])
def dying(real):
    def call(*given, **named):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*given, **named)
    return call
for name in ("replace", "rename", "mkdir", "rmdir"):
    setattr(os, name, dying(getattr(os, name)))
for name in ("replace", "rmdir"):
    setattr(Path, name, dying(getattr(Path, name)))
starter.shutil.copyfile = dying(starter.shutil.copyfile)
starter.shutil.copy2 = starter.shutil.copyfile
starter.found(Path(sys.argv[1]), ["mempool"])
"""


@pytest.mark.parametrize("at", [0, 1, 2, 40, "staged", "data", "maps"])
def test_an_init_that_was_killed_does_not_block_the_next(at: int | str, tmp_path: Path) -> None:
    counting = INIT.replace("if left < 0:", "if False:").replace(
        "starter.found(Path", "left = 0\nmade = starter.found(Path"
    )
    whole = tmp_path / "whole"
    told = subprocess.run(
        [sys.executable, "-c", counting + "print(-left)", str(whole), "0"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    steps = int(told.stdout)
    where = {"staged": steps - 4, "data": steps - 3, "maps": steps - 2}
    mine = tmp_path / "mine"
    killed = [sys.executable, "-c", INIT, str(mine), str(where.get(str(at), at))]
    assert subprocess.run(killed, check=False).returncode == -signal.SIGKILL
    assert starter.found(mine, ["mempool"]) == [mine / "data", mine / "maps"]
    assert listing(mine) == listing(whole)


def listing(folder: Path) -> dict[str, int]:
    return {
        p.relative_to(folder).as_posix(): p.stat().st_size for p in sorted(folder.rglob("*")) if p.is_file()
    }


def test_an_init_that_waits_to_be_finished_overwrites_nothing(run: Run, tmp_path: Path) -> None:
    starter.found(tmp_path, [])
    (tmp_path / starter.READY).mkdir()
    shutil.copytree(tmp_path / "maps", tmp_path / starter.READY / "maps")
    answer = run("init", tmp_path)
    assert answer.code == 8, answer
    assert "an init that was interrupted has its own to put there" in answer.err


AT = """
import os, signal, sys
class Stop:
    def find_spec(self, name, path=None, target=None):
        if name == {at!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Stop())
"""


@pytest.mark.parametrize(
    "at",
    [
        "geotrack.api",
        "geotrack.cli",
        "typer",
        "geotrack.cli.data",
        "geotrack.store.reading",
        "pandas",
        "numpy",
    ],
)
def test_ctrl_c_while_modules_load_is_130_without_a_traceback(at: str, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(AT.format(at=at), encoding="utf-8")
    env = os.environ | {"PYTHONPATH": str(tmp_path)}
    command = [*GEOTRACK, "show", "cbeci-countries"]
    made = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    assert made.returncode in (130, -signal.SIGINT), made  # both are 130 to a shell
    assert "Traceback" not in made.stderr
    assert "KeyboardInterrupt" not in made.stderr
    shell = subprocess.run(
        ["/bin/sh", "-c", '"$@"; echo $?', "sh", *command],
        capture_output=True,
        text=True,
        check=False,
        env=env,
    )
    assert shell.stdout.splitlines()[-1:] == ["130"], shell


def test_a_ctrl_c_that_python_would_ignore_ends_the_command() -> None:
    code = (
        "import sys; sys.argv = ['geotrack', 'maps']\n"
        "from geotrack.cli import base, console\n"
        "class Odd:\n    def __del__(self): raise KeyboardInterrupt\n"
        "with console.interruptible():\n    Odd()\nprint('went on')\n"
    )
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (made.returncode, made.stdout, made.stderr) == (-signal.SIGINT, "", "")


def test_ctrl_c_of_a_library_s_user_stays_theirs() -> None:
    code = "import signal, geotrack; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert made.stdout == "True\n"


@pytest.mark.parametrize("name", ["init", "map"])
def test_real_commands_that_are_killed_leave_nothing(name: str, tmp_path: Path) -> None:
    """The attack of `tests/attacks/kills.py`, at a few moments."""
    held = kills.reference(name, tmp_path / "run")
    for part, by in ((0.3, signal.SIGKILL), (0.9, signal.SIGKILL), (0.5, signal.SIGINT)):
        assert list(kills.faults(name, tmp_path / "run", held, part, by)) == []
