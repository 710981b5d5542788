"""The same input gives the same bytes, of everything: pages, figures, films, tables, reports, pieces, words.

Others may run in other processes, with other hashes, another time zone and language, in another folder, with
an environment of their own or with none.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from all_pieces import FORMS

from geotrack.render.film.animation import SUFFIXES
from geotrack.render.table.export import FORMATS

ROOT = Path(__file__).parents[1]
KINDS = {f"film{suffix}" for suffix in SUFFIXES} | {f"embedded-{form}" for form in FORMS}
KINDS |= {f"{name}{suffix}" for name in ("revenue-canaan", "shift") for suffix in FORMATS}
KINDS |= {f"figure{suffix}" for suffix in (".svg", ".pdf", ".png")} | {"words.txt", "shift.txt", "shift.html"}
KINDS |= {f"report{suffix[1:]}/report{suffix}" for suffix in (".html", ".md", ".docx", ".pdf")}
KINDS |= {
    f"maps/{path.stem}{suffix}" for path in (ROOT / "maps").glob("*.toml") for suffix in (".html", ".json")
}


def test_the_same_input_gives_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    bare = {"TMPDIR": str(tmp_path), "PATH": ""}
    places = {
        tmp_path / "first": {**os.environ, "PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
        tmp_path / "other": {**bare, "PYTHONHASHSEED": "4242", "TZ": "America/Adak", "LC_ALL": "tr_TR.UTF-8"},
    }
    running = []
    for folder, env in places.items():
        folder.mkdir()
        command = [sys.executable, str(ROOT / "tests" / "all_pieces.py"), str(folder)]
        running.append(subprocess.Popen(command, cwd=folder, env={**env, "PYTHONPATH": str(ROOT)}))
    assert [process.wait() for process in running] == [0, 0]
    first, other = (
        {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }
        for folder in places
    )
    assert set(first) >= KINDS
    assert set(first) == set(other)
    assert [name for name in first if first[name] != other[name]] == []
    assert not [name for name, content in first.items() if not content]
