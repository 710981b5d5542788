"""What stays behind its fence: libraries, files, the terminal, private names. Rooms: `test_rooms`."""

from __future__ import annotations

import ast
import re
from fnmatch import translate
from functools import cache

import pytest
from house import imported_by_text, imports, mentions, methods, room, trees

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
    "openpyxl": {"usertables.files.excel"},
    "xlrd": {"usertables.files.oldexcel"},
    "xlsxwriter": {"render.table"},
    "tomlkit": {"usertables.columns.mapping"},
    "pyarrow": {
        "usertables.files.parquet",
        "render.table.geoparquet",
        "aggregation.recordfiles",
        "aggregation.run",
    },
    "ibis": {"aggregation.engines", "aggregation.expression"},
    "duckdb": {"aggregation.engines"},
    "pyspark": {"aggregation.engines"},
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


# what -> names (patterns) and methods by which a module touches what is outside of the program
TOUCH: dict[str, tuple[str, str]] = {
    "reads": (
        "builtins.open builtins.input io.open* io.FileIO codecs.open os.open os.fdopen os.listdir os.scandir "
        "os.walk os.stat os.access os.path.exists os.path.lexists os.path.is* glob.* fileinput.* linecache.* "
        "pandas.read_* geopandas.read_* pyogrio.* numpy.load* numpy.genfromtxt numpy.fromfile numpy.memmap "
        "geotrack.files.load geotrack.files.sha256_of",
        "read_text read_bytes open() glob rglob iterdir is_file is_dir exists stat",
    ),
    "writes": (
        "geotrack.files.w* tempfile.* shutil.* numpy.save* os.replace os.re[mn]* os.unlink os.makedirs "
        "os.mkdir os.rmdir os.write os.truncate os.link os.symlink",
        "write_text write_bytes mkdir unlink rmdir touch chmod symlink_to hardlink_to savefig to_csv "
        "to_excel to_parquet to_pickle to_feather tofile",
    ),
    "environment": ("os.environ* os.getenv* os.putenv os.unsetenv os.getcwd* os.chdir", ""),
    "terminal": ("sys.std* sys.__std* sys.argv* sys.displayhook", ""),
}
OUTER = {"files", "version", "store.", "update.", "publish.", "cli."}
"""Rooms whose matter files are, each with a dot; below them, the modules that `MAY_TOUCH` names."""
MAY_TOUCH = {
    "reads": {
        *OUTER,
        *(f"geo.{each}" for each in ("boundaries", "own", "features")),  # shapes, of data and of users
        "geo.tiles",  # tiles that were cut before
        *("language.catalogue", "language.territories"),  # what is shipped: our words, CLDR's
        # records, and what they are
        *(f"aggregation.{each}" for each in ("specification", "recordfiles", "run")),
        "build.own",  # a table that a map is made straight from
        *("map.spec", "map.classes"),  # a map's .toml; ColorBrewer's table
        *("sources", "sources.web.session"),  # the sources' series, shipped; a company's certificates
        "render.page.assets",  # what is shipped: scripts and styles
        "render.film.mp4",  # the encoder puts the film into a file, in a folder that is gone when it is read
    },
    "writes": {
        *("files", "store.transaction", "store.starter", "update.", "publish.", "cli."),
        "geo.tiles",  # what it reads again
        "aggregation.engines",  # a folder for what memory has no room for, gone when it is over
        *("timemap", "aggregation.outcome"),  # their `save`
        "render.page.folium_map",  # the same: folium calls it
        "render.film.mp4",
        "render.picture.encode",  # matplotlib's savefig, into memory
    },
    "environment": {
        *("cli.", "store.reading", "sources.web.session"),
        "publish.own_maps",  # whether the command that it tells has its folder of data from there
    },
    "terminal": {"cli.", ""},  # the package itself asks whether it is a command, which Ctrl-C then ends
}


PATTERNS = {what: re.compile("|".join(map(translate, names.split()))) for what, (names, _) in TOUCH.items()}


@cache
def touched(name: str) -> dict[str, list[tuple[str, int]]]:
    """What of the outside a module touches, by what and with the lines."""
    named, called = [*mentions(name)], [*methods(name)]
    return {
        what: [told for told in named if PATTERNS[what].match(told[0])]
        + [told for told in called if told[0] in calls.split()]
        for what, (_, calls) in TOUCH.items()
    }


def test_what_is_outside_is_touched_by_few() -> None:
    for what, may in MAY_TOUCH.items():
        found = {name: touched(name)[what] for name in trees() if touched(name)[what]}
        assert not {name: told for name, told in found.items() if not {name, f"{room(name)}."} & may}
        idle = {each for each in may if not any(each in (name, f"{room(name)}.") for name in found)}
        assert not idle, f"{what}: named, and need not be"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("render.table", 'open("x.txt", "w")'),
        ("render.table", "from pathlib import Path\nPath('x').open('w')"),
        ("render.page", "import io\nmade = io.open"),
        ("render.page", "def odd(path): path.write_text('x')"),
        ("render.film", "from tempfile import mkdtemp\nmkdtemp()"),
        ("render.picture", "from geotrack.files import write_all as put\nput({})"),
        ("measure", "import pandas as pd\npd.read_csv('x.csv')"),
        ("measure", "from pandas import read_csv as read\nread('x.csv')"),
        ("measure", "import sys\nsys.stdout.write('x')"),
        ("measure", "from sys import stderr as out\nout.write('x')"),
        ("captions", "import sys\nput = sys.__stdout__"),
        ("geo", "import os\nos.environ['X']"),
        ("geo", "from os import environ\nenviron.get('X')"),
        ("geo", "def odd():\n    from os import getenv as told\n    return told('X')"),
        ("map", "def odd(frame): frame.to_csv('x')"),
        ("map", "maps = lambda folder: folder.iterdir()"),
        ("build", "import os.path\nos.path.isfile('x')"),
    ],
)
def test_who_touches_what_is_outside_is_found(monkeypatch: pytest.MonkeyPatch, name: str, text: str) -> None:
    monkeypatch.setitem(trees(), f"{name}.odd_{abs(hash(text))}", ast.parse(text))
    with pytest.raises(AssertionError, match="odd_"):
        test_what_is_outside_is_touched_by_few()


def test_only_libraries_are_imported_by_a_text() -> None:
    by_text = {name: imported_by_text(name) for name in trees()}
    assert not [name for name, texts in by_text.items() if any(text.startswith("geotrack") for text in texts)]
    assert not [name for name, texts in by_text.items() if "" in texts], "nobody sees what these import"


OWN_LISTS = {"errors", "usertables.cells", "usertables.columns.parts", "usertables.rows.labelled"}
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
