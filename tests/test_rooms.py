"""The house: who may import whom, and how much stands in one place. Libraries: `test_fences`."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable
from itertools import chain

import pytest
from house import ROOT, calls, lines, mentions, ours, room, trees

MOST_LINES = 400  # of code in a module: one noun; fewer tore chapters into pages. Docstrings are free
MOST_LINES_OF_A_FUNCTION = 35  # fits on a screen
MOST_IMPORTS = 12  # of ours, in a module, beside the ground and what only types need

GROUND = {"model", "errors", "periods", "files", "kinds", "secrecy", "version"}
BELOW_MAP = {"geo", "language", "store"}
# room -> the rooms that it may import, beside itself and the ground. `build` and `api` put things together.
MAY: dict[str, set[str]] = {
    **dict.fromkeys(GROUND, GROUND),
    "geo": set(),
    "language": set(),
    "store": {"geo", "language"},  # reads boundaries, says why a figure is derived
    "sources": {"language"},  # the words for a month in part, see LENT
    "usertables": BELOW_MAP,
    "map": BELOW_MAP,
    "measure": {"map", *BELOW_MAP},
    "captions": {"measure", "map", "language"},
    "render": {"captions", "map", "geo", "language"},
    "timemap": {"render", "captions", "measure", "map", "language"},
    "aggregation": BELOW_MAP,
    "build": {"timemap", "usertables", "aggregation", "measure", "map", *BELOW_MAP},
    "update": {"store", "sources", "usertables", "language"},
}
MAY["publish"] = {*MAY} - {"update"}
MAY["api"] = {"build", "timemap", "map", "usertables", "aggregation", *BELOW_MAP}
# may import more: the door to all verbs, the helps' to all lists; each is loaded when it is asked for
WIDE = {"timemap", "cli.lists"}
FREE = {"cli", "", "__main__"}  # the command line calls everything; `geotrack` is what users import

STOREYS = (
    "cells", "words", "figures", "table", "layout", "periods", "files", "tidying", "reading", "frame",
    "features", "labels", "columns", "rows", "questions", "describe", "understood",
)  # fmt: skip
"""What stands within `usertables`, from the ground up: each may import those before it."""

LENT = {"map": {"store.complement", "store.doubts", "store.regions"}, "measure": {"store.complement"}}
"""Room -> all that it may import of the store, beside types: what works on values. A folder is handed in."""
OF_SOURCES = {"language.partly"}
"""All that sources may import of other rooms: what they say of a month in part is found again by it."""
FINDS = {"store", "build", "publish", "api", "cli"}
"""Rooms that may look for a folder of data; all others are handed the one that was found."""
FOLDER, READING = "geotrack.store.folder", "geotrack.store.reading"
FINDERS = {f"{FOLDER}.DataFolder.of", f"{READING}.data_folder", f"{READING}.located"}
"""What looks for one. A `DataFolder` is a type to those who are handed it."""


def test_a_module_imports_what_its_room_may() -> None:
    assert {*map(room, trees())} == {*MAY, *FREE}
    found = {
        (name, each) for name in trees() if room(name) not in FREE for each in ours(name, typing_too=True)
    }
    assert not [(a, b) for a, b in found if room(b) not in {room(a), *GROUND, *MAY[room(a)]}]


def test_sources_do_not_know_each_other() -> None:
    parts = {name: name.split(".")[1] for name in trees() if name.startswith("sources.")}
    found = [(name, each) for name in parts for each in ours(name, typing_too=True) if each in parts]
    assert not [(a, b) for a, b in found if parts[b] not in {parts[a], "payload", "web"}]
    lent = {each for name in parts for each in ours(name, typing_too=True) if room(each) == "language"}
    assert lent == OF_SOURCES


def test_below_build_the_store_lends_values_only_and_nobody_looks_for_a_folder() -> None:
    used = [
        (name, each) for name in trees() if room(name) in LENT for each in ours(name) if room(each) == "store"
    ]
    assert not [(a, b) for a, b in used if b not in LENT[room(a)]]
    handed = [name for name in trees() if room(name) not in FINDS]
    assert not [(name, told) for name in handed for told in mentions(name) if told[0] in FINDERS]
    assert not [(name, call) for name in handed for call in calls(name) if call[0] == f"{FOLDER}.DataFolder"]


def test_there_is_no_circle_among_rooms_or_modules() -> None:
    for graph in (
        {name: may - GROUND for name, may in MAY.items()},
        {name: ours(name) - {""} for name in trees()},
    ):
        done: set[str] = set()
        while ready := {name for name in graph if name not in done and graph[name] - {name} <= done}:
            done |= ready
        assert not set(graph) - done, "a circle among these"


def test_within_usertables_each_room_stands_on_those_before_it() -> None:
    def storey(name: str) -> str:
        return name.split(".")[1]

    names = [name for name in trees() if name.startswith("usertables.")]
    assert {*map(storey, names)} == {*STOREYS}
    found = {(name, each) for name in names for each in ours(name) if each in names}
    assert not [(a, b) for a, b in found if STOREYS.index(storey(b)) > STOREYS.index(storey(a))]


def test_a_module_needs_few_others() -> None:
    names = [name for name in trees() if name not in WIDE]
    counts = {name: sum(room(each) not in GROUND for each in ours(name)) for name in names}
    assert not {name: count for name, count in counts.items() if count > MOST_IMPORTS}


def test_no_class_name_stands_twice() -> None:
    nodes = chain.from_iterable(ast.walk(tree) for tree in trees().values())  # at whatever depth
    homes = Counter(node.name for node in nodes if isinstance(node, ast.ClassDef))
    assert [name for name, count in homes.items() if count > 1] == []


def test_no_module_and_no_function_outgrows_its_reader() -> None:
    assert lines(ast.parse('"""Doc."""\n\n# comment\nx = (\n    # why\n    1\n)\n')) == {4, 6, 7}
    sizes = {name: len(lines(tree)) for name, tree in trees().items()}
    assert not {name: size for name, size in sizes.items() if size > MOST_LINES}
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    functions = [(name, n) for name in trees() for n in ast.walk(trees()[name]) if isinstance(n, kinds)]
    for name, function in functions:
        # of a command, the signature is a table of its options: not counted
        counted = function.body if room(name) == "cli" and is_command(function) else [function]
        assert len(set().union(*map(lines, counted))) <= MOST_LINES_OF_A_FUNCTION, f"{name}.{function.name}"


def is_command(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(ast.unparse(each).startswith("app.command(") for each in function.decorator_list)


LONG = "".join(f"    x{n} = {n}\n" for n in range(60))


@pytest.mark.parametrize(
    ("name", "text", "rule"),
    [
        (f"{where}.{rule.__name__}_{n}", text, rule)  # what is known of a module is kept by its name
        for where, rule, texts in (
            ("usertables", test_below_build_the_store_lends_values_only_and_nobody_looks_for_a_folder, (
                "from geotrack.store import folder as f\nf.DataFolder.of(None)\n",
                "from geotrack.store.folder import DataFolder as Found\nFound.of(None)\n",
                "from geotrack.store.folder import DataFolder as Found\nfound = Found\nmap(found.of, [])\n",
                "import geotrack.store.folder\ngeotrack.store.folder.DataFolder(None)\n",
                "def odd():\n    from geotrack.store.reading import data_folder as look\n    look()\n",
            )),
            ("map", test_a_module_imports_what_its_room_may, (
                "__import__('geotrack.cli.base')\n",
                "from importlib import import_module as get\nget('geotrack.cli.base')\n",
                "def odd():\n    import geotrack.cli.base as b\n",
            )),
            ("usertables.words", test_within_usertables_each_room_stands_on_those_before_it, (
                "def odd():\n    from geotrack.usertables.rows import labelled\n",
            )),
            ("map", test_no_class_name_stands_twice, (
                "if True:\n    class Series: ...\n",
                "class Odd:\n    class Series: ...\n",
                "def odd():\n    class Content: ...\n",
            )),
            ("map", test_no_module_and_no_function_outgrows_its_reader, (
                f"async def odd():\n{LONG}",
                f"class Odd:\n    def odd(self):\n{LONG.replace('    ', '        ')}",
            )),
            ("cli", test_no_module_and_no_function_outgrows_its_reader, (
                f"@odd\ndef odd({LONG.replace('    ', '').replace(chr(10), ',' + chr(10))}): ...\n",
            )),
            ("cli", test_a_module_needs_few_others, (
                "".join(f"import geotrack.map.{path.stem}\n" for path in sorted((ROOT / "map").glob("*.py"))),
            )),
        )
        for n, text in enumerate(texts)
    ],
)  # fmt: skip
def test_what_a_rule_forbids_is_found_however_it_is_written(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str, rule: Callable[[], None]
) -> None:
    for each in [*trees()]:
        if (
            "." in each and room(each) not in {"map", "store", "usertables"} and each != "cli.base"
        ):  # a few are enough
            monkeypatch.delitem(trees(), each)
    rule()
    monkeypatch.setitem(trees(), name, ast.parse(text))
    with pytest.raises(AssertionError):
        rule()


def test_every_module_says_what_it_is() -> None:
    assert not [name for name, tree in trees().items() if tree.body and not ast.get_docstring(tree)]
