"""The wheel: carries what `geotrack build` needs in an empty folder, and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OUTPUTS = ("*.html", "*.json", ".git", ".venv", "raw", "__pycache__", ".hypothesis", "tests")
BUILT = ("dist", "build")  # at the root; geotrack/build is a room
STRAYS = (
    "maps/shift.html",
    "maps/shift.json",
    "data/raw/luxor/payload.bin",
    "data/raw/luxor/origin.json",
    "geotrack/__pycache__/cli.cpython-311.pyc",
    "tests/test_stray.py",
)


def sources(target: Path) -> Path:
    """A copy of the project with what a working folder also holds: maps built here, snapshots, caches."""

    def kept_out(folder: str, names: list[str]) -> set[str]:
        outputs = (*OUTPUTS, *BUILT) if Path(folder) == ROOT else OUTPUTS
        ignored = shutil.ignore_patterns(*outputs, ".*_cache")(folder, names)
        return ignored - {"datapackage.json"}

    project = Path(shutil.copytree(ROOT, target / "project", ignore=kept_out))
    for stray in STRAYS:
        (project / stray).parent.mkdir(parents=True, exist_ok=True)
        (project / stray).write_text("stray")
    return project


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder / "dist")]
    if find_spec("hatchling") is None:
        pytest.skip("hatchling is not installed here, and an offline build cannot fetch it")
    done = subprocess.run([*command, str(sources(folder))], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    [found] = (folder / "dist").glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    target = tmp_path_factory.mktemp("installed")
    if find_spec("pip"):
        options = ["--no-deps", "--no-index", "--quiet", "--disable-pip-version-check"]
        command = [sys.executable, "-m", "pip", "install", *options, "--target", str(target), str(wheel)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    else:
        with zipfile.ZipFile(wheel) as content:  # what pip does with a pure wheel
            content.extractall(target)
    yield target
    shutil.rmtree(target)


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as content:
        return set(content.namelist())


def tracked(folder: str, pattern: str) -> set[str]:
    return {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob(pattern)}


def test_the_wheel_carries_code_styles_scripts_and_types(wheel: Path) -> None:
    expected = tracked("geotrack", "*.py") | tracked("geotrack", "static/*") | {"geotrack/py.typed"}
    assert expected <= names(wheel)


def test_the_wheel_carries_data_and_specifications(wheel: Path) -> None:
    data = tracked("data/observations", "*.csv") | {
        path for path in tracked("data/reference", "*") if (ROOT / path).is_file()
    }
    maps = {
        path.relative_to(ROOT).as_posix()
        for ending in ("toml", "md")
        for path in (ROOT / "maps").glob(f"*.{ending}")
    }
    expected = {
        f"geotrack/shipped/{path}" for path in data | maps | {"data/datapackage.json", "data/README.md"}
    }
    assert len(expected) > 50
    assert expected <= names(wheel)


def test_the_wheel_carries_the_licence(wheel: Path) -> None:
    [licence] = [name for name in names(wheel) if name.endswith("/licenses/LICENSE")]
    with zipfile.ZipFile(wheel) as content:
        assert content.read(licence) == (ROOT / "LICENSE").read_bytes()


def test_the_wheel_carries_nothing_else(wheel: Path) -> None:
    for name in names(wheel):
        top, _, rest = name.partition("/")
        assert top == "geotrack" or top.endswith(".dist-info"), name
        assert not name.endswith((".html", ".pyc", ".png", ".bin")), name
        if rest.startswith("shipped/"):
            assert not name.endswith(".py"), name
            assert "/raw/" not in name
        assert "stray" not in name
        assert "test" not in Path(name).name.split("_")
    assert "geotrack/shipped/maps/shift.json" not in names(wheel)


def build(target: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k not in {"GEOTRACK_DATA", "PYTHONPATH"}}
    environment |= {"PYTHONPATH": str(target), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-W", "error", "-m", "geotrack", "build"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_an_installed_geotrack_builds_all_maps_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    done = build(installed, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    specs = [*(ROOT / "maps").glob("*.toml"), *(ROOT / "maps").glob("*-*.md")]  # the reports too
    maps = sorted(path.stem for path in specs)
    made = [path.name for path in (tmp_path / "maps").iterdir()]
    assert sorted(made) == sorted(f"{name}.{end}" for name in [*maps, "index"] for end in ("html", "json"))
    assert [path.name for path in tmp_path.iterdir()] == ["maps"]


def test_the_installed_code_is_what_ran(installed: Path, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "import geotrack.store.reading as s; print(s.__file__); print(s.data_folder())",
    ]
    environment = {k: v for k, v in os.environ.items() if k != "GEOTRACK_DATA"} | {
        "PYTHONPATH": str(installed)
    }
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    module, data = done.stdout.split()
    assert Path(module).is_relative_to(installed)
    assert Path(data) == installed / "geotrack" / "shipped" / "data"
