"""What tests share; at the end it says how many ran in a real browser, so that CI can see that they did."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

from geotrack import cli
from geotrack.publish import site
from geotrack.timemap import TimeMap

pytest_plugins = ["sourceserver", "sources"]
# No test depends on a timing: a busy machine is no fault of the code. What passes once passes again: the
# examples are the same each time; `pytest --hypothesis-profile search` looks for others, and keeps them.
_PATIENT: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("search", **_PATIENT)
settings.register_profile("geotrack", derandomize=True, **_PATIENT)
settings.load_profile("geotrack")
DRAWN = "_get_local_constants"  # of Hypothesis, which has no setting for it
ROOT = Path(__file__).parents[1]
# Whatever the caller's environment names, the tests read the project's own data, and ask as nobody.
for _name in ("GEOTRACK_DATA", "GEOTRACK_CONTACT"):
    os.environ.pop(_name, None)


def pytest_configure(config: pytest.Config) -> None:
    """Draw no constants from our own modules: which of them a worker has loaded differs from run to run."""
    if config.getoption("--hypothesis-profile", None) in {None, "geotrack"} and hasattr(providers, DRAWN):
        none = providers.Constants()
        setattr(providers, DRAWN, lambda: none)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no cycles among what collecting makes, all of which stays.

    Else a third of its time goes there, and some of the tests' whenever Python looks through everything.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--accept-golden", action="store_true", help="write tests/golden/ anew, from what the pages say now"
    )


def pytest_terminal_summary(terminalreporter: Any) -> None:
    passed, skipped = (
        sum("browser" in report.keywords for report in terminalreporter.stats.get(kind, []))
        for kind in ("passed", "skipped")
    )
    terminalreporter.write_line(f"browser tests run in real Chromium: {passed}")
    if skipped:
        terminalreporter.write_line(f"browser tests that were left out: {skipped}")


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


@dataclass(frozen=True)
class Maps:
    """All default maps and the gallery, as `geotrack build` leaves them."""

    folder: Path
    timemaps: dict[str, TimeMap]

    def path(self, map_id: str) -> Path:
        """Return the page of a map."""
        return self.folder / f"{map_id}.html"


@pytest.fixture(scope="session")
def maps(tmp_path_factory: pytest.TempPathFactory) -> Maps:
    """Build them, once; tests read this folder and write into others."""
    folder = tmp_path_factory.mktemp("maps")
    found = sorted((ROOT / "maps").glob("*.toml"))
    built = {path.stem: site.build(path, folder, ROOT / "data").made for path in found}
    site.gallery(list(built.values()), folder)
    return Maps(folder, built)


@pytest.fixture(scope="session")
def timemaps(maps: Maps) -> dict[str, TimeMap]:
    """Every default map, by name."""
    return maps.timemaps


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
