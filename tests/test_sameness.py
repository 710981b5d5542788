"""The same input gives the same bytes, of everything: pages, figures, films, tables, reports, pieces, words.

Others may run in other processes, with other hashes, another time zone and language, in another folder, with
a full environment or with none.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import all_pieces
import pytest
from all_pieces import FORMS

from geotrack.publish.report.formats import FORMATS as REPORTS
from geotrack.render.film.animation import SUFFIXES
from geotrack.render.picture.encode import SUFFIXES as PICTURES
from geotrack.render.table.export import FORMATS

ROOT = Path(__file__).parents[1]
KINDS = {f"film{suffix}" for suffix in SUFFIXES} | {f"embedded-{form}" for form in FORMS}
KINDS |= {f"{name}{suffix}" for name in ("revenue-canaan", "shift") for suffix in FORMATS}
KINDS |= {f"figure{suffix}" for suffix in PICTURES} | {"words.txt", "shift.txt", "shift.html", "folium.html"}
KINDS |= {f"report{suffix[1:]}/report{suffix}" for suffix in REPORTS}
KINDS |= {
    f"maps/{path.stem}{suffix}" for path in (ROOT / "maps").glob("*.toml") for suffix in (".html", ".json")
}


@pytest.fixture
def far_east(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Live where the day begins first."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Pacific/Kiritimati")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("far_east")
def test_the_same_input_gives_the_same_bytes_in_every_process(maps: Any, tmp_path: Path) -> None:
    """This process has drawn and built much else before, with hashes of its own; the other one nothing."""
    env = {"TMPDIR": str(tmp_path), "PATH": "", "PYTHONPATH": str(ROOT)}
    env |= {"PYTHONHASHSEED": "4242", "TZ": "America/Adak", "LC_ALL": "tr_TR.UTF-8"}
    here, there = tmp_path / "here", tmp_path / "there"
    there.mkdir()
    command = [sys.executable, str(ROOT / "tests" / "all_pieces.py"), str(there)]
    with subprocess.Popen(command, cwd=there, env=env) as other:
        shutil.copytree(maps.folder, here / "maps")
        all_pieces.main(here, maps.timemaps)
    assert other.returncode == 0
    assert hash("a") != int(of_there("print(hash('a'))", env)), "else nothing is shown of hashes"
    first, second = (
        {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }
        for folder in (here, there)
    )
    assert set(first) >= KINDS
    assert set(first) == set(second)
    assert [name for name in first if first[name] != second[name]] == []
    assert first["folium.html"] == first["folium-again.html"]
    assert not [name for name, content in first.items() if not content]


def of_there(code: str, env: dict[str, str]) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, check=True
    ).stdout.decode()
