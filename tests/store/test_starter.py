"""A data folder of one's own, made by `geotrack init`, from a working copy and from an installed package."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from geotrack import sources
from geotrack.errors import OutputError
from geotrack.sources import PROVIDERS
from geotrack.store import reading, starter

Run = Callable[..., Any]
ROOT = Path(__file__).parents[2]
SAID = ["--publisher", "Me", "--title", "Survey", "--url", "https://example.org", "--licence", "CC BY 4.0"]
ADD = ["add", "canaan-revenue", "--region", "USA", "--period", "2026-Q1", "--metric", "revenue_share",
       "--value", "31.5", "--page", "3", *SAID]  # fmt: skip
IMPORT = ["import", "survey.csv", "--series", "my-survey", "--unit", "%", *SAID, "--yes"]
"""Both figures are synthetic."""


@pytest.fixture(autouse=True)
def _away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.fixture(params=["working copy", "installed"])
def shipped(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that holds what ships: the project, or what the wheel carries of it."""
    if request.param == "working copy":
        return ROOT
    return installed(tmp_path / "site-packages", monkeypatch)


def installed(packages: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Lay data and maps out as the wheel does, and let the package believe that it is installed there."""
    home = packages / "geotrack" / reading.SHIPPED.name
    for name, kept_out in (("data", ("*.py", "raw", ".update")), ("maps", ("*.py", "*.html", "*.json"))):
        shutil.copytree(ROOT / name, home / name, ignore=shutil.ignore_patterns(*kept_out))
    monkeypatch.setattr(reading, "SHIPPED", home)
    monkeypatch.setattr(reading, "PACKAGE", packages / "geotrack")
    return home


def files(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


def refused(answer: Any, *words: str) -> None:
    assert (answer.code, answer.out) == (8, ""), answer
    assert answer.err.startswith("geotrack: ")
    assert all(word in answer.err for word in words), answer.err


def test_the_wheel_lays_out_data_and_maps_as_these_tests_do() -> None:
    """Whoever moves them in pyproject.toml finds this."""
    included = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert all(f"geotrack/{reading.SHIPPED.name}/{name}" in included for name in ("data", "maps"))


def test_init_copies_what_ships(run: Run, shipped: Path) -> None:
    answer = run("init", "mine")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.split() == [str(Path("mine", "data")), str(Path("mine", "maps"))]
    made, from_ = files(Path("mine", "data")), files(shipped / "data")
    assert made.pop(".gitignore").decode() == starter.ignored(p.name for p in PROVIDERS if p.open)
    left = {name for name in from_ if name not in made}
    assert all(
        name.endswith(".py") or name.startswith(("raw/", ".update")) or ".pyc" in name for name in left
    )
    assert all(from_[name] == content for name, content in made.items())
    assert {"datapackage.json", "reference/series.toml", "observations/cbeci-countries.csv"} <= set(made)
    assert sorted(p.name for p in Path("mine", "maps").glob("*.toml")) == sorted(
        p.name for p in (shipped / "maps").glob("*.toml")
    )
    assert not [p for p in Path("mine").rglob("*") if p.suffix in (".html", ".py", ".part")]


def test_what_a_licence_lets_be_passed_on_is_asked_of_the_sources(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = replace(PROVIDERS[0], name="newcomer", group="newcomers", open=True)
    monkeypatch.setattr(sources, "PROVIDERS", (new, replace(new, name="shy", open=False)))
    assert run("init").code == 0
    told = [line for line in Path("data", ".gitignore").read_text().splitlines() if line.startswith("!raw/")]
    assert told == ["!raw/**/", "!raw/**/origin.json", "!raw/newcomer/**"]
    assert "newcomers (all of: newcomer, shy)" in " ".join(
        run("update", "--help").out.replace("│", "").split()
    )


def test_the_project_s_own_gitignore_is_that_of_a_data_folder() -> None:
    lines = starter.ignored(p.name for p in PROVIDERS if p.open).splitlines()[1:]
    own = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    said = [line for line in own if line.lstrip("!").startswith("data/")]
    assert said == ["!data/" + line[1:] if line.startswith("!") else f"data/{line}" for line in lines]


def test_a_folder_of_one_s_own_can_be_added_to_and_drawn(
    run: Run, shipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(shipped / "data" / "observations")
    assert run("init").code == 0
    Path("survey.csv").write_text("country,2026-01\nNamibia,10\nChina,20\n")
    for command in (ADD, IMPORT, ["check"], ["build", "shift"]):
        answer = run(*command)
        assert (answer.code, answer.err) == (0, ""), (command, answer)
    assert "31.5" in run("show", "canaan-revenue", "--metric", "revenue_share", "--region", "USA").out
    assert "my-survey" in run("sources").out
    assert Path("maps", "shift.html").stat().st_size > 50_000
    assert Path("data", "vintages").exists() is False  # nothing was replaced
    assert files(shipped / "data" / "observations") == before
    Path("maps", "own.toml").write_text('series = "my-survey"\n')
    for path in [*Path("maps").glob("*-*.toml"), *Path("maps").glob("*-*.md")]:
        path.unlink()  # shift is left
    assert run("build").code == 0  # all that are there, and the gallery
    assert {"own.html", "shift.html", "index.html"} == {p.name for p in Path("maps").glob("*.html")}


def test_init_refuses_a_folder_that_is_there(run: Run) -> None:
    for name in ("data", "maps"):
        Path("mine", name).mkdir(parents=True)
        Path("mine", name, "kept.txt").write_text("mine")
        refused(run("init", "mine"), str(Path("mine", name)), "there already; nothing was copied")
        assert files(Path("mine")) == {f"{name}/kept.txt": b"mine"}
        shutil.rmtree("mine")
    assert run("init").code == 0
    refused(run("init"), "data, maps: there already")


def test_init_says_where_it_cannot_write(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("file").write_text("mine")
    refused(run("init", "file"), "file: cannot be written", "choose another folder")
    refused(run("init", "/proc/geotrack"), "cannot be written")
    assert [p.name for p in Path().iterdir()] == ["file"]


def test_a_full_disk_leaves_nothing_half_done(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    real = shutil.copytree

    def full(source: Any, target: Any, *more: Any, **said: Any) -> Any:
        made = real(source, target, *more, **said)
        if Path(target).name == "maps":
            raise OSError(28, "No space left on device")
        return made

    monkeypatch.setattr(shutil, "copytree", full)
    refused(run("init", "mine"), "mine: cannot be written: No space left on device")
    assert not list(Path("mine").iterdir())  # neither data without maps, nor parts of either


def test_init_does_not_copy_a_folder_into_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = installed(tmp_path / "site-packages", monkeypatch)
    (home / "data" / "new").mkdir()
    with pytest.raises(OutputError, match=r"new: within what would be copied; choose another folder"):
        starter.found(home / "data" / "new", ())


@pytest.mark.parametrize("command", [ADD, IMPORT, ["update", "luxor"]], ids=["add", "import", "update"])
def test_without_a_folder_of_one_s_own_nothing_is_written(
    run: Run, shipped: Path, command: list[str]
) -> None:
    before = files(shipped / "data" / "observations")
    Path("survey.csv").write_text("country,2026-01\nNamibia,10\n")
    refused(run(*command), "the copy that ships with geotrack", "run `geotrack init`", "data and ./maps")
    assert files(shipped / "data" / "observations") == before
    assert sorted(p.name for p in Path().iterdir()) in (["survey.csv"], ["site-packages", "survey.csv"])


def test_the_installed_copy_cannot_be_named_either(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = installed(tmp_path / "site-packages", monkeypatch)
    Path("survey.csv").write_text("country,2026-01\nNamibia,10\n")
    refused(run(*ADD, "--data", home / "data"), "the copy that ships with geotrack")
    monkeypatch.setenv("GEOTRACK_DATA", str(home / "data"))
    refused(run(*IMPORT), "the copy that ships with geotrack")
    assert run(*IMPORT, "--dry-run").code == 0  # to look is allowed


def test_what_came_from_a_source_stays_out_of_version_control(run: Run) -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not installed here")
    assert run("init").code == 0
    Path("survey.csv").write_text("country,2026-01\nNamibia,10\n")
    assert run(*IMPORT).code == 0
    subprocess.run(["git", "init", "-q"], check=True)
    command = ["git", "ls-files", "--others", "--exclude-standard", "data"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert [Path(name).name for name in listed if name.startswith("data/raw/")] == ["origin.json"]
    assert {"data/imports/my-survey.toml", "data/observations/my-survey.csv", "data/updates.csv"} <= set(
        listed
    )
    assert not [name for name in listed if ".update" in name]
