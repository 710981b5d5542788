"""The house: who may import whom, and how much stands in one place. Libraries: `test_fences`."""

from __future__ import annotations

import ast
from collections import Counter
from itertools import chain

from house import TREES, calls, lines, ours, room

MOST_LINES = 400  # of code in a module: one noun; fewer tore chapters into pages. Docstrings are free
MOST_LINES_OF_A_FUNCTION = 35  # fits on a screen
MOST_IMPORTS = 12  # of ours, in a module, beside the ground and what only types need

GROUND = {"model", "errors", "periods", "files", "version"}
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
    "build": {"timemap", "usertables", "measure", "map", *BELOW_MAP},
    "update": {"store", "sources", "usertables", "language"},
}
MAY["publish"] = {*MAY} - {"update"}
MAY["api"] = {"build", "timemap", "map", "usertables", *BELOW_MAP}
# may import more: the door to all verbs, the helps' to all lists; each is loaded when it is asked for
WIDE = {"timemap", "cli.lists"}
FREE = {"cli", "", "__main__"}  # the command line calls everything; `geotrack` is what users import

LENT = {"map": {"store.complement", "store.regions"}, "measure": {"store.complement"}}
"""Room -> all that it may import of the store, beside types: what works on values. A folder is handed in."""
OF_SOURCES = {"language.partly"}
"""All that sources may import of other rooms: what they say of a month in part is found again by it."""
FINDS = {"store", "build", "publish", "api", "cli"}
"""Rooms that may look for a folder of data; all others are handed the one that was found."""


def test_a_module_imports_what_its_room_may() -> None:
    assert {*map(room, TREES)} == {*MAY, *FREE}
    found = {(name, each) for name in TREES if room(name) not in FREE for each in ours(name, typing_too=True)}
    assert not [(a, b) for a, b in found if room(b) not in {room(a), *GROUND, *MAY[room(a)]}]


def test_sources_do_not_know_each_other() -> None:
    parts = {name: name.split(".")[1] for name in TREES if name.startswith("sources.")}
    found = [(name, each) for name in parts for each in ours(name, typing_too=True) if each in parts]
    assert not [(a, b) for a, b in found if parts[b] not in {parts[a], "payload", "web"}]
    lent = {each for name in parts for each in ours(name, typing_too=True) if room(each) == "language"}
    assert lent == OF_SOURCES


def test_below_build_the_store_lends_values_only_and_nobody_looks_for_a_folder() -> None:
    used = [
        (name, each) for name in TREES if room(name) in LENT for each in ours(name) if room(each) == "store"
    ]
    assert not [(a, b) for a, b in used if b not in LENT[room(a)]]
    finders = {"DataFolder.of", "DataFolder", "reading.data_folder", "data_folder"}
    assert not [
        (name, call)
        for name in TREES
        if room(name) not in FINDS
        for call in calls(name)
        if call[0] in finders
    ]


def test_there_is_no_circle_among_rooms_or_modules() -> None:
    for graph in (
        {name: may - GROUND for name, may in MAY.items()},
        {name: ours(name) - {""} for name in TREES},
    ):
        done: set[str] = set()
        while ready := {name for name in graph if name not in done and graph[name] - {name} <= done}:
            done |= ready
        assert not set(graph) - done, "a circle among these"


def test_a_module_needs_few_others() -> None:
    names = [name for name in TREES if name not in WIDE]
    counts = {name: sum(room(each) not in GROUND for each in ours(name)) for name in names}
    assert not {name: count for name, count in counts.items() if count > MOST_IMPORTS}


def test_no_class_name_stands_twice() -> None:
    nodes = chain.from_iterable(tree.body for tree in TREES.values())
    homes = Counter(node.name for node in nodes if isinstance(node, ast.ClassDef))
    assert [name for name, count in homes.items() if count > 1] == []


def test_no_module_and_no_function_outgrows_its_reader() -> None:
    assert lines(ast.parse('"""Doc."""\n\n# comment\nx = (\n    # why\n    1\n)\n')) == {4, 6, 7}
    sizes = {name: len(lines(tree)) for name, tree in TREES.items()}
    assert not {name: size for name, size in sizes.items() if size > MOST_LINES}
    functions = [(name, n) for name in TREES for n in ast.walk(TREES[name]) if isinstance(n, ast.FunctionDef)]
    for name, function in functions:
        # of a command, the signature is a table of its options: not counted
        counted = function.body if room(name) == "cli" and function.decorator_list else [function]
        assert len(set().union(*map(lines, counted))) <= MOST_LINES_OF_A_FUNCTION, f"{name}.{function.name}"


def test_every_module_says_what_it_is() -> None:
    assert not [name for name, tree in TREES.items() if tree.body and not ast.get_docstring(tree)]
