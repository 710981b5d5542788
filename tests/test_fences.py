"""What stays behind its fence: libraries, private names, the end of the program. Rooms: `test_rooms`."""

from __future__ import annotations

import ast
import re

from house import imported_by_text, imports, mentions, room, trees

from geotrack.errors import LINE, and_more, first_few

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
    "jinja2": {"render.page.assets", "publish.report.template"},
    "markdown_it": {"publish.report.formats.prose"},
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


OWN_LISTS = {"errors", "usertables.cells", "usertables.parts", "usertables.rows"}
"""What may say "and 3 more" itself: `errors.and_more`, and users' tables until they are brought to it."""


def test_how_many_more_there_are_is_said_by_one_function() -> None:
    texts = [(name, node) for name, tree in trees().items() for node in ast.walk(tree)]
    said = {name for name, node in texts if isinstance(node, ast.JoinedStr) and says_more(node)}
    assert "errors" in said
    assert not said - OWN_LISTS


def says_more(text: ast.JoinedStr) -> bool:
    parts = [str(each.value) if isinstance(each, ast.Constant) else "{}" for each in text.values]
    return re.search(r"\band \{\} more\b", "".join(parts)) is not None


def test_the_first_few_are_listed_in_one_manner() -> None:
    names = [f"n{i}" for i in range(1, 1300)]
    assert first_few(names[:3]) == "n1; n2; n3"
    assert first_few(names[:3], ", ", most=3) == "n1, n2, n3"
    assert first_few(names[:3], most=2) == "n1; n2; and 1 more"
    assert first_few(iter(names), ", ").endswith(", n10 and 1,289 more")
    assert first_few(names[:2], LINE, count=5) == "n1\n  n2\n  and 3 more"
    assert first_few([]) == ""
    assert (and_more(1, "row"), and_more(2, "row")) == ("and 1 more row", "and 2 more rows")


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
