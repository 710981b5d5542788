"""Write constraints/*.txt: versions and hashes of all packages that CI and the update workflow install.

For each purpose one file: `run` for geotrack alone, `test` and `lint` with extras, `audit` for pip-audit.
Each holds what all Pythons and systems need, told apart by markers, with the hashes of all files that the
index lists for a version, and what builds the wheel, so that pip installs with --require-hashes and takes
nothing else: then geotrack itself, with --no-deps --no-build-isolation. The versions are the newest that
pyproject.toml allows on the day; the later files keep to those of the first. uv works it out (it is on PyPI);
where its packages come from is the workplace's affair (UV_DEFAULT_INDEX), and stands in no file.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "constraints"
GEOTRACK = ("pyproject.toml",)
PURPOSES = {
    "test": (*GEOTRACK, "--extra", "test", "--extra", "spark"),
    "run": GEOTRACK,
    "lint": (*GEOTRACK, "--extra", "lint"),
    "audit": ("--group", "audit"),
}
"""What each file is for, and where uv finds what that takes; the largest first."""

HEAD = "# Written by scripts/make_constraints.py, for: pip install --require-hashes -r constraints/{0}.txt\n"


def command(name: str, building: Path, kept: Path | None) -> list[str]:
    """Return what asks uv for the versions of a purpose.

    Parameters
    ----------
    building : a file of what builds the wheel. kept : a file whose versions hold.
    """
    built = set(GEOTRACK) & set(PURPOSES[name])
    return [
        "uv", "pip", "compile", *PURPOSES[name], *([str(building)] if built else []),
        *(["--constraints", str(kept)] if kept else []),
        "--universal", "--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url", "--quiet",
    ]  # fmt: skip


def main() -> None:
    """Write the files."""
    if not shutil.which("uv"):
        sys.exit("make_constraints: uv is not installed; run: pip install uv")
    needs = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        building, kept = Path(name, "building.txt"), None
        building.write_text("\n".join(needs), encoding="utf-8")
        for purpose in PURPOSES:
            ran = subprocess.run(
                command(purpose, building, kept), cwd=ROOT, check=True, text=True, stdout=subprocess.PIPE
            )
            path = FOLDER / f"{purpose}.txt"
            path.write_text(HEAD.format(purpose) + ran.stdout, encoding="utf-8")
            kept = kept or path
            print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
