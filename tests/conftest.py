"""What tests share; at the end it says how many ran in a real browser, so that CI can see that they did."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, settings

from geotrack import building, cli, spec
from geotrack.timemap import TimeMap

pytest_plugins = ["sourceserver", "sources"]
# No test depends on a timing: a busy machine is no fault of the code.
settings.register_profile("geotrack", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("geotrack")
ROOT = Path(__file__).parents[1]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--accept-golden", action="store_true", help="write tests/golden/ anew, from what the pages say now"
    )


def pytest_terminal_summary(terminalreporter: Any) -> None:
    passed = terminalreporter.stats.get("passed", [])
    count = sum("browser" in report.keywords for report in passed)
    terminalreporter.write_line(f"browser tests run in real Chromium: {count}")


@pytest.fixture(scope="session")
def program() -> Callable[[str], str]:
    """Find a program that opens what we write; without it the test fails and says what to do."""

    def find(name: str) -> str:
        found = shutil.which(name)
        if not found:
            pytest.fail(
                f"{name} was not found, and this test needs it: run `sh tests/programs.sh`", pytrace=False
            )
        return str(found)

    return find


class Answer(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def _data_of_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the caller's environment names, the tests read the project's own data."""
    monkeypatch.delenv("GEOTRACK_DATA", raising=False)


@pytest.fixture(scope="session")
def timemaps() -> dict[str, TimeMap]:
    """Every default map, by name."""
    found = sorted((ROOT / "maps").glob("*.toml"))
    return {path.stem: building.build(spec.read(path), path.stem, ROOT / "data") for path in found}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the data folder to spoil."""
    ignore = shutil.ignore_patterns("*-50m.topojson", "*.py", "raw")
    return Path(shutil.copytree(ROOT / "data", tmp_path / "data", ignore=ignore))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Answer]:
    """Run a command as `geotrack ...` does, in this process; a traceback would fail the test."""

    def answer(*args: object) -> Answer:
        monkeypatch.setattr(sys, "argv", ["geotrack", *map(str, args)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        printed = capsys.readouterr()
        return Answer(int(end.value.code or 0), printed.out, printed.err)

    return answer
