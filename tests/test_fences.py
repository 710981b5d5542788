"""What stays behind its fence: libraries, private names, the end of the program. Rooms: `test_rooms`."""

from __future__ import annotations

import ast

from house import imported_by_text, imports, mentions, room, trees

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
    "uharfbuzz": {"render.picture.encode"},
    "font_source_sans_pro": {"render.picture.fonts", "publish.report.formats.pdf"},
    "folium": {"render.page"},
    "branca": {"render.page", "map.classes"},  # classes: ColorBrewer's table of colours
    "jinja2": {"render.page.assets", "publish.report.template", "publish.report.limits"},
    "markdown_it": {"publish.report.formats.prose", "publish.report.formats.links"},
    "pypandoc": {"publish.report.formats.pandoc"},
    "docx": {"publish.docx"},
    "typst": {"publish.report.formats.pdf"},
    "xstatic": {"render.page.assets"},
    "tinycss2": {"render.page.assets"},
    "typer": {"cli"},
    "rich": {"cli"},
    "geopandas": {"geo.own", "geo.features"},
    "pyogrio": {"geo.features"},
    "shapely": {"geo", "render.table.geoparquet"},
    "topojson": set(),
    "pyproj": {"geo"},
    "rapidfuzz": {"store.matching", "store.tongues"},
    "scipy": {"measure.flows"},
    "subprocess": set(),
    "random": set(),
    "time": {"sources.web.session", "cli.report"},
    "openpyxl": {"usertables.excel"},
    "xlrd": {"usertables.oldexcel"},
    "xlsxwriter": {"render.table"},
    "tomlkit": {"usertables.mapping"},
    "pyarrow": {"usertables.parquet", "render.table.geoparquet"},
    "fcntl": {"store.transaction", "files"},
    "babel": {"language.catalogue", "language.timewords", "language.territories", "language.wordlists"},
}


def test_libraries_stay_behind_their_fences() -> None:
    used = {name: {full.split(".")[0] for full in imports(name)} for name in trees()}
    inside = {name: {name, name.rpartition(".")[0], room(name)} for name in trees()}
    pairs = [(name, library) for name in trees() for library in used[name] & {*FENCES}]
    assert not [(name, library) for name, library in pairs if not inside[name] & FENCES[library]]
    homeless = {library for library, homes in FENCES.items() if homes} - {library for _, library in pairs}
    assert not homeless, "nobody imports these"


def test_files_of_ours_are_parsed_in_one_place() -> None:
    """A parser's own errors (of depth, of numbers too long) are told there; `files` says which they are."""
    homes = {
        "tomllib.loads": {"files"},
        "tomllib.load": set(),
        "json.load": set(),
        "json.loads": {"files", "sources.payload"},
    }
    told = [(name, each[0]) for name in trees() for each in mentions(name) if each[0] in homes]
    assert not [(name, call) for name, call in told if name not in homes[call]]
    assert {call for _, call in told} == {call for call, where in homes.items() if where}


def test_only_the_command_line_prints_or_exits() -> None:
    ends = {
        "sys.exit",
        "os._exit",
        *(f"builtins.{each}" for each in ("print", "exit", "SystemExit", "input")),
    }
    quiet = [name for name in trees() if room(name) not in {"cli", "__main__"}]
    assert not [(name, told) for name in quiet for told in mentions(name) if told[0] in ends]


def test_only_libraries_are_imported_by_a_text() -> None:
    by_text = {name: imported_by_text(name) for name in trees()}
    assert not [name for name, texts in by_text.items() if any(text.startswith("geotrack") for text in texts)]
    assert not [name for name, texts in by_text.items() if "" in texts], "nobody sees what these import"


def test_no_module_takes_a_private_name_of_another() -> None:
    for name, tree in trees().items():
        froms = [
            n
            for n in ast.walk(tree)
            if isinstance(n, ast.ImportFrom) and str(n.module).startswith("geotrack")
        ]
        taken = {alias.asname or alias.name for node in froms for alias in node.names}
        dots = [n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and ast.unparse(n.value) in taken]
        used = {*taken, *(n.attr for n in dots)}
        assert not [each for each in used if each.startswith("_") and not each.startswith("__")], name
