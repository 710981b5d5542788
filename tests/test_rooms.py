"""The house: who may import whom, what stays behind its fence, and how long things may grow."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1] / "geotrack"
MOST_LINES = 400  # of code in a module: one noun; fewer tore chapters into pages. Docstrings are free
MOST_LINES_OF_A_FUNCTION = 35  # fits on a screen
MOST_IMPORTS = 12  # of ours, in a module, beside the ground and what only types need

GROUND = {"model", "errors", "periods", "files", "version"}
# room -> the rooms that it may import, beside itself and the ground. `build` and `api` put things together.
BELOW_MAP = {"geo", "language", "store"}
MAY: dict[str, set[str]] = {
    "geo": set(),
    "language": set(),
    "store": {"geo", "language"},  # reads boundaries, says why a figure is derived
    "sources": set(),
    "usertables": {*BELOW_MAP},
    "map": {*BELOW_MAP},
    "measure": {"map", *BELOW_MAP},
    "captions": {"measure", "map", "language"},
    "render": {"captions", "map", "geo", "language"},
    "timemap": {"render", "captions", "measure", "map", "language"},
    "build": {"timemap", "usertables", "measure", "map", *BELOW_MAP},
    "update": {"store", "sources", "usertables", "language"},
    "publish": {
        "build",
        "timemap",
        "render",
        "captions",
        "measure",
        "map",
        "usertables",
        "sources",
        *BELOW_MAP,
    },
    "api": {"build", "timemap", "map", "usertables", *BELOW_MAP},
}
NARROW: dict[str, set[str]] = {
    "map": {"store.complement", "store.regions"},
    "measure": {"store.complement"},
}
"""Room -> all that it may import of the store, beside types: what works on values. A folder is handed in."""

FINDS = {"store", "build", "publish", "api", "cli"}
"""Rooms that may look for a folder of data; all others are handed the one that was found."""

VERBS = {"timemap"}  # binds every verb to a map: each loads what it needs, when it is called
FREE = {"cli", ""}  # the command line calls everything; `geotrack` is what users import

# library -> the only modules that may import it, or whose room may; an empty set: nobody
FENCES: dict[str, set[str]] = {
    "requests": {"sources.web"},
    "urllib": {"sources.web"},  # urljoin
    "urllib3": {"sources.web"},
    "socket": set(),
    "matplotlib": {"render.picture", "render.film"},
    "imageio_ffmpeg": {"render.film.mp4"},  # it starts a process: the encoder
    "PIL": {"render.picture.encode", "render.film.gif", "render.notebook"},
    "fontTools": {"render.picture.encode"},
    "font_source_sans_pro": {"render.picture.fonts", "publish.report.formats.pdf"},
    "folium": {"render.page"},
    "branca": {"render.page", "map.classes"},  # classes: ColorBrewer's table of colours
    "jinja2": {"render.page.assets", "publish.report.template"},
    "markdown_it": {"publish.report.formats.prose"},
    "pypandoc": {"publish.report.formats.pandoc"},
    "docx": {"publish.docx"},
    "typst": {"publish.report.formats.pdf"},
    "xstatic": {"render.page.assets"},
    "tinycss2": {"render.page.assets"},
    "typer": {"cli"},
    "rich": {"cli"},
    "geopandas": {"geo.own"},
    "shapely": {"geo", "render.table.geoparquet"},
    "topojson": set(),
    "pyproj": {"geo"},
    "rapidfuzz": {"store.regions"},
    "scipy": {"measure.flows"},
    "subprocess": set(),
    "random": set(),
    "time": {"sources.web.session", "cli.report"},
    "openpyxl": {"usertables.excel"},
    "xlsxwriter": {"render.table"},
    "tomlkit": {"usertables.mapping"},
    "pyarrow": {"usertables.parquet", "render.table.geoparquet"},
    "fcntl": {"store.transaction"},
    "babel": {"language.catalogue"},
}


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


MODULES = {name_of(path): path for path in sorted(ROOT.rglob("*.py"))}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}


def imports(name: str, typing_too: bool = True) -> set[str]:
    """All that a module imports, inside functions too, as full dotted names."""
    tree = TREES[name] if typing_too else _without_typing(TREES[name])
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: relative imports hide where they lead"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            found |= {part.value.split(".")[0] for part in ast.walk(node) if _text(part)}  # type: ignore[attr-defined]
    return found


def _text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(node.value)


def _without_typing(tree: ast.Module) -> ast.Module:
    kept = [n for n in tree.body if not (isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING")]
    return ast.Module(kept, [])


def ours(name: str, *, typing_too: bool = True) -> set[str]:
    """The modules of ours that a module imports."""
    found = set()
    for full in imports(name, typing_too):
        if full.split(".")[0] == "geotrack":
            inner = full.removeprefix("geotrack").lstrip(".")
            while inner not in MODULES:
                inner = inner.rpartition(".")[0]
            found.add(inner)
    return found - {name}


def told(offenders: Iterable[str]) -> str:
    """All that break a rule, a line each; nothing is what a rule wants."""
    return "\n".join(offenders)


def room(name: str) -> str:
    return name.partition(".")[0]


def test_a_module_imports_what_its_room_may() -> None:
    assert not told(
        f"{name} has no room in the table" for name in MODULES if room(name) not in {*MAY, *GROUND, *FREE}
    )
    assert not told(
        f"the table has a room {each} that is not there" for each in {*MAY, *GROUND} - {*map(room, MODULES)}
    )
    assert not told(
        f"{name} imports {each}"
        for name in MODULES
        if room(name) not in FREE
        for each in sorted(ours(name))
        if room(each)
        not in {room(name), *(set() if room(name) in GROUND else GROUND), *MAY.get(room(name), GROUND)}
    )


def private_names(name: str) -> set[str]:
    """The private names of other modules of ours that a module uses: imported, or behind a module's dot."""
    froms = [n for n in ast.walk(TREES[name]) if isinstance(n, ast.ImportFrom)]
    aliases = [
        (f"{n.module}.{a.name}", a) for n in froms if n.module.split(".")[0] == "geotrack" for a in n.names
    ]  # type: ignore[union-attr]
    modules = {a.asname or a.name for full, a in aliases if full.removeprefix("geotrack.") in MODULES}
    dotted = {
        f"{n.value.id}.{n.attr}"
        for n in ast.walk(TREES[name])
        if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name)
        if n.value.id in modules
    }
    names = {full for full, _ in aliases} | dotted
    return {each for each in names if re.search(r"\._(?!_)", each)}


def test_no_module_takes_a_private_name_of_another() -> None:
    assert not told(f"{name} takes {each}" for name in MODULES for each in sorted(private_names(name)))


def test_below_build_the_store_lends_values_only_and_nobody_looks_for_a_folder() -> None:
    assert not told(
        f"{name} imports {each}"
        for name in MODULES
        for each in sorted(ours(name, typing_too=False))
        if room(each) == "store" and each not in NARROW.get(room(name), {each})
    )
    assert not told(
        f"{name} calls {ast.unparse(node.func)}, line {node.lineno}"
        for name, tree in TREES.items()
        if room(name) not in FINDS
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        if ast.unparse(node.func) in {"DataFolder.of", "DataFolder", "reading.data_folder", "data_folder"}
    )


def test_sources_do_not_know_each_other() -> None:
    parts = {name: name.split(".")[1] for name in MODULES if name.startswith("sources.")}
    common = {"payload", "web"}
    assert not told(
        f"{name} imports {each}"
        for name, part in parts.items()
        for each in sorted(ours(name))
        if each in parts and parts[each] not in {part, *common}
    )


def test_there_is_no_circle_among_rooms_or_modules() -> None:
    for graph in (MAY, {name: ours(name, typing_too=False) - {""} for name in MODULES if name}):
        done: set[str] = set(GROUND) if graph is MAY else set()
        while len(done) < len({*graph, *done}):
            ready = {name for name, may in graph.items() if name not in done and may - {name} <= done}
            assert ready, f"a circle among {sorted(set(graph) - done)}"
            done |= ready


def test_a_module_needs_few_others() -> None:
    counts = {
        name: sum(room(each) not in GROUND for each in ours(name, typing_too=False))
        for name in MODULES
        if room(name) not in {*FREE, *VERBS}
    }
    assert not told(
        f"{name}: {count} imports of ours, at most {MOST_IMPORTS}"
        for name, count in counts.items()
        if count > MOST_IMPORTS
    )


def test_no_class_name_stands_twice() -> None:
    homes = Counter(
        node.name for tree in TREES.values() for node in tree.body if isinstance(node, ast.ClassDef)
    )
    assert not told(f"class {name} stands {count} times" for name, count in homes.items() if count > 1)


def test_libraries_stay_behind_their_fences() -> None:
    used = {name: {full.split(".")[0] for full in imports(name, typing_too=False)} for name in MODULES}
    inside = {name: {name, name.rpartition(".")[0], room(name)} for name in MODULES}
    assert not told(
        f"{name} imports {library}"
        for library, homes in FENCES.items()
        for name in MODULES
        if library in used[name] and not inside[name] & homes
    )
    assert not told(
        f"{library} has no home"
        for library, homes in FENCES.items()
        if homes and not any(library in each for each in used.values())
    )


def test_only_the_command_line_prints_or_exits() -> None:
    assert not told(
        f"{name} calls {node.func.id}, line {node.lineno}"
        for name, tree in TREES.items()
        if room(name) != "cli"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if node.func.id in {"print", "exit", "SystemExit", "input"}
    )


def code_lines(text: str) -> set[int]:
    """The numbers of the lines that hold code: no comment, no docstring, no empty line."""
    layout = {
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.ENDMARKER,
    }
    found: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in layout:
            found |= set(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and _text(node.value):
            found -= set(range(node.lineno, (node.end_lineno or 0) + 1))
    return found


def test_code_lines_are_counted_without_words() -> None:
    lines = ['"""Doc', 'string."""', "", "# comment", "x = 1  # more", "", "", "def f():", '    """Doc."""']
    text = "\n".join([*lines, "    return (", "        x", "    )", ""])
    assert code_lines(text) == {5, 8, 10, 11, 12}


def functions(name: str) -> Iterator[tuple[str, range]]:
    """The functions of a module, and the lines that count of each."""
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.FunctionDef):
            # of a command, the signature is a table of its options: not counted
            first = node.body[0].lineno if room(name) == "cli" and node.decorator_list else node.lineno
            yield node.name, range(first, (node.end_lineno or 0) + 1)


def test_no_module_and_no_function_outgrows_its_reader() -> None:
    found = []
    for name, path in MODULES.items():
        lines = code_lines(path.read_text(encoding="utf-8"))
        if len(lines) > MOST_LINES:
            found.append(f"{name}: {len(lines)} lines of code, at most {MOST_LINES}")
        sizes = {function: len(lines & set(span)) for function, span in functions(name)}
        found += [
            f"{name}.{each}: {size}, at most {MOST_LINES_OF_A_FUNCTION}"
            for each, size in sizes.items()
            if size > MOST_LINES_OF_A_FUNCTION
        ]
    assert not told(found)


def test_every_module_says_what_it_is() -> None:
    assert not told(name for name, tree in TREES.items() if tree.body and not ast.get_docstring(tree))
