"""What `.ci/run` does, with a `make` that only tells what it was asked for and in which environment."""

from __future__ import annotations

import os
import subprocess
import tomllib
from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
CLOSING = "===== 5000 passed in 600.00s (0:10:00) ====="
GOOD = f"....\nbrowser tests run in real Chromium: 300\n{CLOSING}"
MAKE = """#!/bin/sh
echo "$1" >> "$TOLD/asked"
MADE_WITH="$*" env > "$TOLD/environment-$1"
ls -A "$HOME" > "$TOLD/home-$1"
: > "$HOME/written"
[ "$1" != test ] || cat "$TOLD/output"
[ "$1" != "$FAILS" ]
"""


class Run(NamedTuple):
    """What came of it: exit code, last line, goals of make, and the environment of each."""

    code: int
    last: str
    asked: list[str]
    environments: dict[str, dict[str, str]]
    homes: dict[str, str]


@pytest.fixture
def ci(tmp_path: Path) -> Callable[..., Run]:
    (tmp_path / "bin").mkdir()
    make = tmp_path / "bin" / "make"
    make.write_text(MAKE, encoding="utf-8")
    make.chmod(0o755)

    def run(output: str = GOOD, fails: str = "", **more: str) -> Run:
        (tmp_path / "output").write_text(output + "\n", encoding="utf-8")
        env = os.environ | {"PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"}
        env |= {"TOLD": str(tmp_path), "FAILS": fails, **more}
        done = subprocess.run(
            ["bash", str(ROOT / ".ci" / "run")], env=env, capture_output=True, text=True, check=False
        )
        asked = (tmp_path / "asked").read_text(encoding="utf-8").split()
        told = {goal: (tmp_path / f"environment-{goal}").read_text(encoding="utf-8") for goal in asked}
        found = {goal: dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
                 for goal, text in told.items()}  # fmt: skip
        homes = {goal: (tmp_path / f"home-{goal}").read_text(encoding="utf-8") for goal in asked}
        return Run(done.returncode, (done.stdout.splitlines() or [""])[-1], asked, found, homes)

    return run


def test_it_runs_the_two_commands_in_their_order_and_ends_as_pytest_does(ci: Callable[..., Run]) -> None:
    done = ci()
    assert (done.code, done.last) == (0, CLOSING)
    assert [goal for goal in done.asked if goal != "lint"] == ["maps", "ready", "test"]
    assert "lint" in done.asked[:-1]  # beside what comes before the tests


def test_it_runs_as_on_a_new_computer(ci: Callable[..., Run], tmp_path: Path) -> None:
    names = (
        "XDG_CACHE_HOME",
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "MPLCONFIGDIR",
        "PIP_CACHE_DIR",
        "LANG",
        "LC_ALL",
    )
    names += ("GEOTRACK_DATA", "GEOTRACK_NO_BROWSER", "PYTHONPATH", "GIT_AUTHOR_NAME", "TZ", "VIRTUAL_ENV")
    done = ci(HOME=str(tmp_path), **dict.fromkeys(names, "mine"))
    for environment in done.environments.values():
        assert not set(names) & set(environment)
        assert environment["HOME"] != str(tmp_path)
        assert not Path(environment["HOME"]).exists()  # it is gone when all is done
    homes = {goal: environment["HOME"] for goal, environment in done.environments.items()}
    assert len({*homes.values()}) == 2
    assert homes["maps"] == homes["ready"] == homes["test"]
    assert done.homes == {"maps": "", "lint": "", "ready": "written\n", "test": "written\n"}


def test_lint_is_told_of_an_environment_of_its_own_whose_node_the_tests_find(ci: Callable[..., Run]) -> None:
    told = ci().environments
    own = told["lint"]["MADE_WITH"].partition("VENV=")[2]
    assert own.endswith("/lint")
    assert "VENV=" not in told["maps"]["MADE_WITH"] + told["test"]["MADE_WITH"]
    assert told["test"]["PATH"].split(os.pathsep)[-1] == f"{own}/bin"


def test_without_java_the_tests_of_spark_fail_rather_than_are_left_out(ci: Callable[..., Run]) -> None:
    assert ci().environments["test"]["GEOTRACK_REQUIRE_SPARK"] == "1"


@pytest.mark.parametrize("file", [".config/pip/pip.conf", ".pip/pip.conf"])
def test_packages_come_from_where_this_workplace_has_them(
    ci: Callable[..., Run], tmp_path: Path, file: str
) -> None:
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).touch()
    (tmp_path / ".npmrc").touch()
    unset = dict.fromkeys(("XDG_CONFIG_HOME", "PIP_CONFIG_FILE", "NPM_CONFIG_USERCONFIG"), "")
    told = ci(HOME=str(tmp_path), **unset).environments.values()
    assert {each.get("PIP_CONFIG_FILE") for each in told} == {str(tmp_path / file)}
    assert {each.get("NPM_CONFIG_USERCONFIG") for each in told} == {str(tmp_path / ".npmrc")}


@pytest.mark.parametrize("goal", ["maps", "lint", "ready", "test"])
def test_it_fails_where_a_command_fails(ci: Callable[..., Run], goal: str) -> None:
    done = ci(fails=goal)
    assert done.code != 0
    assert ("test" in done.asked) == (goal == "test")


@pytest.mark.parametrize(
    "output",
    [
        CLOSING,
        f"browser tests run in real Chromium: 0\n{CLOSING}",
        f"browser tests run in real Chromium: 299\nbrowser tests that were left out: 1\n{CLOSING}",
    ],
    ids=["not told", "none", "one left out"],
)
def test_it_fails_where_browser_tests_did_not_run(ci: Callable[..., Run], output: str) -> None:
    assert ci(output).code == 1


def test_every_file_of_tests_is_collected() -> None:
    """Pytest leaves out folders called "build" unless told otherwise, as that room of tests was."""
    options = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]["ini_options"]
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    names = {part for folder in folders for part in folder.relative_to(ROOT).parts}
    left_out = [name for name in names for each in options["norecursedirs"] if fnmatch(name, each)]
    assert left_out == []
    assert "build" in names
