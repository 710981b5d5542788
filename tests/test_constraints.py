"""What CI and the update workflow install: a version and hashes for all that pyproject.toml asks for."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
OWN = [*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]]
EXTRAS = PROJECT["project"]["optional-dependencies"]
WANTED = {
    "run": OWN,
    "test": OWN + EXTRAS["test"] + EXTRAS["engine"] + EXTRAS["spark"][1:],
    "lint": OWN + EXTRAS["lint"],
    "audit": PROJECT["dependency-groups"]["audit"],
}


def pinned(name: str) -> list[tuple[Requirement, list[str]]]:
    """The packages of a file, each with the hashes of its files."""
    text = (ROOT / "constraints" / f"{name}.txt").read_text(encoding="utf-8").replace(" \\\n", " ")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    parts = [re.split(r"\s+--hash=sha256:", line) for line in lines]
    return [(Requirement(first), hashes) for first, *hashes in parts]


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("name", WANTED)
def test_all_that_is_asked_for_is_pinned_to_a_version_that_fits(name: str) -> None:
    found: dict[str, list[Requirement]] = {}
    for one, _ in pinned(name):
        found.setdefault(plain(one.name), []).append(one)
    for wanted in map(Requirement, WANTED[name]):
        versions = [str(one.specifier).removeprefix("==") for one in found.get(plain(wanted.name), [])]
        assert versions, f"{wanted}: run make constraints"
        assert all(wanted.specifier.contains(version) for version in versions), (str(wanted), versions)


@pytest.mark.parametrize("name", WANTED)
def test_every_package_has_one_version_and_hashes_and_no_host(name: str) -> None:
    for one, hashes in pinned(name):
        assert re.fullmatch(r"==[\w.+!]+", str(one.specifier)), one
        assert one.url is None
        assert hashes
        assert all(re.fullmatch("[0-9a-f]{64}", each) for each in hashes), one
    assert "://" not in (ROOT / "constraints" / f"{name}.txt").read_text(encoding="utf-8")


def test_the_files_agree_about_versions() -> None:
    told: dict[tuple[str, str], set[str]] = {}
    for name in WANTED:
        for one, _ in pinned(name):
            told.setdefault((plain(one.name), str(one.marker)), set()).add(str(one.specifier))
    assert {key: versions for key, versions in told.items() if len(versions) > 1} == {}
    assert {path.stem for path in (ROOT / "constraints").glob("*")} == {*WANTED}


def asked(*goal: str) -> str:
    """What make would do."""
    command = ["make", "--dry-run", "--always-make", f"PYTHON={sys.executable}", *goal]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(
    ("file", "name", "extra"),
    [("installed", "run", ""), ("tested", "test", "[test,spark]"), ("linted", "lint", "[lint]")],
)
def test_make_installs_hashes_only_where_it_is_told_to(file: str, name: str, extra: str) -> None:
    told = asked("VENV=v", "PINNED=1", f"v/.{file}")
    assert f"--require-hashes -r constraints/{name}.txt && " in told
    assert re.search(r"--no-deps --no-build-isolation \.$", told, re.MULTILINE)
    free = asked("VENV=v", "PINNED=", f"v/.{file}")
    assert f"--no-compile '.{extra}'" in free
    assert "hashes" not in free


def test_a_file_with_another_hash_is_not_installed(tmp_path: Path) -> None:
    wheel = tmp_path / "nothing-1-py3-none-any.whl"
    made = [sys.executable, "-c", _WHEEL, str(wheel)]
    subprocess.run(made, check=True)
    listed, into = tmp_path / "listed.txt", tmp_path / "into"
    right = hashlib.sha256(wheel.read_bytes()).hexdigest()

    def install(digest: str) -> Any:
        listed.write_text(f"nothing==1 --hash=sha256:{digest}\n", encoding="utf-8")
        options = ["--no-index", "--find-links", str(tmp_path), "--target", str(into), "--require-hashes"]
        command = [sys.executable, "-m", "pip", "install", "--quiet", *options, "-r", str(listed)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    refused = install("0" * 64)
    assert refused.returncode
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in refused.stderr
    assert install(right).returncode == 0


_WHEEL = """
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as made:
    made.writestr("nothing.py", "")
    made.writestr("nothing-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: nothing\\nVersion: 1\\n")
    made.writestr("nothing-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\n")
    made.writestr("nothing-1.dist-info/RECORD", "")
"""
