"""What docstrings, comments and docs name of ours is there: modules, their names, files."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from house import tree_of

ROOT = Path(__file__).parents[1]
SKIPPED = {".venv", "node_modules", ".git", "golden"}
FILES = {p.name for p in ROOT.rglob("*.*") if not SKIPPED & set(p.relative_to(ROOT).parts)}
SOURCES = [path for room in ("geotrack", "scripts") for path in sorted((ROOT / room).rglob("*.py"))]
SCRIPTS = [
    path
    for room in ("map", "page", "shift", "entries")
    for path in sorted((ROOT / "web" / room).glob("*.*s"))
]
DOCS = ["README.md", "CONTRIBUTING.md", "maps/README.md", "web/README.md", "tests/benchmarks/README.md"]
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in SOURCES
}
HOMES = ("", "geotrack", "geotrack/language", "web", "tests", "data")
"""Folders that a path is written from."""

NAME = r"[A-Za-z_]\w*"
DOTTED = re.compile(rf"`({NAME}(?:\.{NAME})+)(?:\(.*?\))?`|\b(geotrack(?:\.{NAME})+)\b")
A_PATH = re.compile(r"(?<![\w./<>*:$-])\w[\w./-]*\.(?:py|js|css|j2)\b")
MADE = ("data/", "RUNNER_TEMP/")  # folders of whoever runs geotrack
THEIRS = {"leaflet.js"}
SUFFIXES = {"py", "js", "html", "j2"}  # `build.js` is a file, no name in a module


@cache
def names(module: str) -> frozenset[str]:
    """All that a module, its classes and functions give a name to."""
    nodes = list(ast.walk(tree_of(MODULES[module])))
    found = {n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    found |= {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    found |= {n.attr for n in nodes if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)}
    for node in nodes:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            found |= set(ast.literal_eval(node.value))
    return frozenset(
        found | {a.asname or a.name for n in nodes if isinstance(n, ast.ImportFrom) for a in n.names}
    )


@cache
def tails() -> dict[str, list[str]]:
    """All that modules are called by: their full name, and every end of it."""
    found: dict[str, list[str]] = {}
    for full in MODULES:
        parts = full.split(".")
        for i in range(len(parts)):
            found.setdefault(".".join(parts[i:]), []).append(full)
    return found


@cache
def classes() -> dict[str, str]:
    nodes = [(n, full) for full, path in MODULES.items() for n in tree_of(path).body]
    return {n.name: full for n, full in nodes if isinstance(n, ast.ClassDef)}


def is_there(reference: str) -> bool:
    """Whether a dotted name leads to a module, a name in one or a member of a class; others' are not ours."""
    parts = reference.split(".")
    if parts[-1] in SUFFIXES:
        return True
    if parts[0] in classes():
        return parts[1] in names(classes()[parts[0]])
    ends = [i for i in range(len(parts), 0, -1) if ".".join(parts[:i]) in tails()]
    rooms = {full.split(".")[1] for full in MODULES if "." in full}
    if not ends:
        return parts[0] not in rooms
    return any(set(parts[i:]) <= names(full) for i in ends for full in tails()[".".join(parts[:i])])


def words(path: Path) -> Iterator[str]:
    """The docstrings and comments of a module; all of another file."""
    text = path.read_text(encoding="utf-8")
    if path not in SOURCES:
        yield text
        return
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield str(node.value.value)
    yield from re.findall(r"# .*", text)


def lost(path: Path) -> list[str]:
    """The dotted names and the paths of files that a file speaks of and that are not there."""
    said = list(words(path))
    dotted = {m[1] or m[2] for each in said for m in DOTTED.finditer(each) if path.suffix in {".py", ".md"}}
    paths = {m[0] for each in said for m in A_PATH.finditer(each) if not m[0].startswith(MADE)}
    return sorted(
        [each for each in dotted if not is_there(each)]
        + [each for each in paths if "/" in each and not any((ROOT / home / each).exists() for home in HOMES)]
        + [each for each in paths if "/" not in each and each not in FILES | THEIRS]
    )


EVERY = [*SOURCES, *SCRIPTS, *(ROOT / each for each in DOCS)]


def test_what_is_named_is_there() -> None:
    found = [f"{path.relative_to(ROOT)}: {each}" for path in EVERY for each in lost(path)]
    assert not found, "\n".join(["named, and not there:", *found])


def test_the_table_of_rooms_names_every_room() -> None:
    table = (
        (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("| room |")[2].partition("\n\n")[0]
    )
    rows = [line.split("|")[1:3] for line in table.splitlines()[2:]]
    told = {each for first, _ in rows for each in re.findall(r"\w+", first)} - {"the", "ground"}
    rooms = {
        p.stem for p in (ROOT / "geotrack").iterdir() if p.suffix == ".py" or (p / "__init__.py").is_file()
    }
    assert told == rooms


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("`measure.tracks.numbers`, `Shares.values`, `numpy.random.default_rng`, geo/sphere.py", ""),
        ("see `tracks.gone` and geotrack.measure.gone.numbers", "geotrack.measure.gone.numbers tracks.gone"),
        ("`Shares.gone`, `geotrack/gone.py` and gone.js", "Shares.gone geotrack/gone.py gone.js"),
    ],
)
def test_what_is_not_there_is_found(tmp_path: Path, text: str, gone: str) -> None:
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    assert lost(tmp_path / "a.md") == gone.split()
