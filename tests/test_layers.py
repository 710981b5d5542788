"""Who may import whom, what stays behind its fence, and how long things may grow."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1] / "geotrack"
VALUES = {"errors", "model", "words", "language.numbers"}
SHAPES = {"geometry"}
MOST_LINES = (
    400  # of code in a module: one noun; fewer tore chapters into pages. Docstrings and comments are free
)
MOST_LINES_OF_A_FUNCTION = 35

# module -> what of ours it may import; a module that is not listed here has no place yet
MAY: dict[str, set[str]] = {
    # 0: values and words
    "errors": set(),
    "model": set(),
    "words": set(),
    "card": set(),
    "hosting": VALUES,
    "naming": set(),
    "periods": {"errors"},
    "messages": VALUES | {"language.numbers", "periods", "words"},
    "localised": VALUES | {"messages", "topology"},
    # 0: numbers, and the one writer of a figure
    "language": set(),
    "language.numbers": {"model"},
    "language.figures": {"language.numbers", "messages", "model"},
    # 1: rooms that know values and words only, and not each other; figures, combine and slices are one room
    "tables": VALUES,
    "reference": VALUES,
    "regions": VALUES | {"tables"},
    "store": VALUES | {"reference", "tables", "transaction"},
    "validate": VALUES | {"periods", "words"},
    "join": VALUES,
    "figures": VALUES | {"periods"},
    "combine": VALUES | {"figures", "periods"},
    "slices": VALUES | {"combine", "figures", "periods"},
    "classify": VALUES | {"shades"},
    "shades": set(),
    "groups": VALUES | {"messages"},
    "complement": VALUES | {"messages"},
    "frames": VALUES,
    "spec": VALUES,
    "content": VALUES,
    # 2: what of a map a piece shows, what is said of it, and what moved
    "shift": VALUES | {"content"},
    "crossings": {"messages", "shift"},
    # 2: measures of a shift, arrays in, arrays out
    "decomposition": set(),
    "sphere": set(),
    "centre": {"sphere"},
    "concentration": set(),
    "flows": {"sphere"},
    "levels": VALUES | {"shift"},
    "disagreement": {"language.numbers"},
    "leadlag": VALUES,
    "machines": VALUES,
    "plainvalues": {"language.numbers"},
    "shares": VALUES | {"content", "groups", "shift", "words"},
    "scenarios": VALUES | {"shares"},
    "uncertainty": VALUES | {"shares"},
    "measured": VALUES | {"shift", "uncertainty"},
    "measures": VALUES | {"centre", "concentration", "flows", "measured", "shares", "shift", "sphere"},
    "sampling": VALUES | {"measures", "shares", "uncertainty"},
    "bounding": VALUES | {"centre", "measures", "sampling", "shares", "uncertainty"},
    "headlines": VALUES | {"measured", "messages", "shares", "uncertainty"},
    "aligned": {"words"},
    "sparklines": VALUES | {"aligned", "language.figures", "measured", "messages"},
    "shifttext": VALUES
    | {"aligned", "crossings", "language.figures", "measured", "messages", "sparklines", "uncertainty"},
    "shiftresult": VALUES | {"crossings", "measured", "plainvalues", "shift", "shifttext"},
    "compared": VALUES | {"aligned", "language.figures", "messages", "plainvalues"},
    "views": VALUES | {"content"},
    # 2: the modes of a shift's page
    "modes": VALUES | {"content"},
    "changes": {"classify", "content", "messages", "modes"},
    "parts": VALUES | {"content", "levels", "modes", "shift"} | SHAPES,
    "moving": {
        "centroids",
        "changes",
        "content",
        "flows",
        "modes",
        "parts",
        "crossings",
        "messages",
        "scenarios",
        "shares",
        "shiftgroups",
        "shifting",
    }
    | {"sphere", "uncertainty"},
    "excerpt": VALUES | {"content", "views"},
    "narrowing": VALUES | {"content", "periods", "views"},
    "ranking": VALUES | {"content", "shift"},
    "readings": VALUES | {"content", "ranking", "shift"},
    "phrases": VALUES | {"content", "language.figures", "messages", "ranking", "readings"},
    "credits": VALUES | {"content", "messages", "periods", "words"},
    "caveats": VALUES | {"messages", "phrases", "readings"},
    "cutlines": VALUES | {"caveats", "phrases", "ranking", "readings", "views"},
    "captions": VALUES
    | {"content", "credits", "cutlines", "localised", "phrases", "readings", "views", "words"},
    # 1: the shapes, one room of five modules
    "topology": VALUES,
    "packing": VALUES | {"topology"},
    "owncolumns": VALUES,
    "ownboundaries": VALUES | {"topology", "owncolumns"},
    "geometry": VALUES | {"topology", "packing", "ownboundaries"},
    "globe": {"geometry", "topology"},
    # 1: the web, the bytes that came, and how several files are replaced at once
    "addresses": VALUES,
    "refusals": VALUES | {"addresses"},
    "surroundings": VALUES | {"addresses", "refusals"},
    "bodies": VALUES | {"refusals"},
    "http": VALUES | {"addresses", "refusals", "surroundings", "bodies"},
    "snapshot": VALUES,
    "durable": set(),
    "locking": VALUES | {"durable"},
    "transaction": VALUES | {"durable", "locking"},
    # 1: the sources; each knows itself only, and reads its bytes with payload
    "providers.payload": VALUES,
    "providers.daily": VALUES | {"providers.payload"},
    "providers.mempool": VALUES | {"providers.payload", "providers.daily"},
    "providers.blockchain": VALUES | {"providers.payload", "providers.daily"},
    "providers.coinmetrics": VALUES | {"providers.payload", "providers.daily"},
    "providers.cbeci_figures": VALUES | {"providers.payload"},
    "providers.cbeci_lists": VALUES | {"providers.payload", "providers.cbeci_figures"},
    "providers.cbeci": VALUES | {"providers.payload", "providers.cbeci_figures", "providers.cbeci_lists"},
    "providers.luxor_post": VALUES | {"providers.payload"},
    "providers.luxor": VALUES | {"providers.luxor_post", "providers.payload"},
    "providers.xbrl": VALUES | {"providers.payload"},
    "providers.filings": VALUES | {"providers.payload"},
    "providers.splits": VALUES | {"providers.filings", "providers.xbrl"},
    "providers.edgar": VALUES
    | {"providers.payload", "providers.filings", "providers.splits", "providers.xbrl"},
    "providers": VALUES
    | {f"providers.{name}" for name in ("cbeci", "luxor", "mempool", "blockchain", "coinmetrics", "edgar")},
    # 2: a user's own table
    "textcolumns": VALUES,
    "bulk": VALUES,
    "delimited": VALUES | {"textcolumns"},
    "sheets": VALUES | {"textcolumns"},
    "parquets": VALUES | {"textcolumns"},
    "numerals": VALUES | {"textcolumns"},
    "usertables": VALUES | {"delimited", "parquets", "sheets", "textcolumns"},
    "quantities": VALUES,
    "columnmap": VALUES | {"quantities", "usertables"},
    "guessing": VALUES | {"columnmap", "numerals", "usertables"},
    "labelling": VALUES | {"columnmap", "numerals", "textcolumns", "usertables"},
    "describing": {"columnmap", "labelling", "messages", "textcolumns", "usertables"},
    "mappingfile": VALUES | {"columnmap"},
    "mapping": {"columnmap", "describing", "guessing", "labelling", "mappingfile"},
    # 2: what a delivery changes
    "revision": VALUES | {"periods"},
    "misreading": VALUES | {"revision"},
    "evidence": VALUES | {"misreading", "revision"},
    "suspicion": VALUES | {"evidence", "messages", "misreading", "revision"},
    "vintages": VALUES | {"periods", "revision"},
    "difference": VALUES | {"messages", "periods", "revision"},
    "agreement": VALUES | {"messages"},
    "resources": VALUES | {"regions", "store"},
    "datapackage": VALUES | {"resources"},
    # 2: renderers read a content and return text
    "render": set(),
    "render.assets": set(),
    "render.cells": {"packing"},
    "render.classes": VALUES | {"content"},
    "render.payload": VALUES
    | {
        "content",
        "language.figures",
        "messages",
        "packing",
        "render.assets",
        "render.cells",
        "render.classes",
    },
    "render.shiftdata": VALUES
    | {"content", "messages", "modes", "packing"}
    | {"render.assets", "render.cells", "render.classes", "render.payload"},
    "render.block": VALUES
    | {"content", "hosting", "localised", "messages", "periods"}
    | {"render.assets", "render.payload", "render.shiftdata"},
    "render.head": VALUES | {"captions", "content", "hosting", "views"},
    "render.docx": VALUES | {"card"},
    # store: folium's own save() writes, and must not lose the file that stands there
    "render.html": VALUES
    | {"content", "messages", "render.assets", "render.block", "render.head", "render.notebook"}
    | {"render.payload", "render.shiftdata", "store"},
    "render.gallery": VALUES
    | {"content", "messages", "render.assets", "render.block", "render.classes", "render.html"}
    | SHAPES,
    # 2: renderers of tables: an excerpt in, bytes out
    "render.rows": VALUES | {"content", "excerpt"},
    "render.provenance": VALUES | {"content", "excerpt", "messages", "render.payload"},
    "render.delimited": VALUES | {"excerpt", "words", "render.rows"},
    "render.features": {"excerpt", "globe", "topology", "render.rows"},
    "render.geojson": {"excerpt", "globe", "topology", "render.features", "render.provenance"},
    "render.geoparquet": VALUES | {"excerpt", "globe", "render.features", "render.provenance"},
    "render.sheet": VALUES,
    "render.figuresheets": VALUES
    | {
        "messages",
        "content",
        "excerpt",
        "language.figures",
        "render.provenance",
        "render.rows",
        "render.sheet",
    },
    "render.aboutsheets": VALUES | {"content", "excerpt", "messages", "render.provenance", "render.sheet"},
    "render.workbook": VALUES
    | {"captions", "content", "excerpt", "views"}
    | {"render.aboutsheets", "render.figuresheets", "render.sheet"},
    "render.export": VALUES
    | {"excerpt", "render.block", "render.delimited", "render.geojson", "render.geoparquet"}
    | {"render.workbook"},
    # 2: pictures without a browser: what they are set with, then what is set, then the whole
    "render.sizes": VALUES,
    "render.ink": VALUES | {"content", "shades"},
    "render.fonts": VALUES,
    "render.moved": VALUES | {"changes", "content", "shift", "views"},
    "render.wording": VALUES
    | {"content", "language.figures", "messages", "render.block", "render.moved", "shift", "views"},
    "render.drawing": {"render.fonts", "render.ink"},
    "render.flow": {"render.fonts", "render.ink", "render.drawing"},
    "render.legend": {
        "content",
        "render.classes",
        "render.flow",
        "render.fonts",
        "render.ink",
        "render.drawing",
    },
    "render.ground": {"content", "topology"} | SHAPES,
    "render.panels": VALUES | {"content", "render.classes", "render.ground", "render.ink", "render.drawing"},
    "render.placing": {"topology", "render.ground"},
    "render.labels": {"topology", "render.ground", "render.panels", "render.placing"},
    "render.layout": VALUES | {"content", "render.flow", "render.ground", "render.sizes"},
    "render.aside": {"content", "render.flow", "render.ground", "render.layout"},
    "render.encode": VALUES | {"render.block", "render.fonts", "render.drawing"},
    "render.figure": VALUES
    | {"captions", "content", "messages", "views"}
    | {f"render.{part}" for part in ("encode", "flow", "fonts", "ink", "labels", "layout", "legend")}
    | {f"render.{part}" for part in ("aside", "drawing", "panels", "sizes", "wording")},
    # 2: films
    "render.saying": VALUES | {"captions", "content", "messages", "views", "render.wording"},
    "render.track": {"views", "render.drawing", "render.wording"},
    "render.frames": VALUES
    | {"messages", "views", "render.flow", "render.fonts", "render.ground", "render.ink", "render.labels"}
    | {"render.legend", "render.panels", "render.saying", "render.drawing", "render.track", "render.wording"},
    "render.reel": set(),
    "render.swatches": {"render.reel"},
    "render.gif": {"render.reel", "render.swatches"},
    "render.mp4": VALUES | {"render.reel"},
    "render.animation": VALUES
    | {"captions", "views", "render.frames", "render.gif", "render.mp4", "render.reel", "render.drawing"}
    | {"render.swatches"},
    # 2: notebooks
    "render.notebook": VALUES
    | {"captions", "content", "messages", "views", "render.figure", "render.gif", "render.reel"}
    | {"render.saying", "render.swatches", "render.wording"},
    "filming": VALUES | {"content", "store", "views", "render.animation"},
    # 2, 3: a report as values, and its formats
    "document": VALUES | {"views"},
    "citations": VALUES | {"document", "localised"},
    "template": VALUES | {"document"},
    "watching": set(),
    "render.picture": VALUES | {"document", "render.figure", "views"},
    "render.prose": VALUES | {"citations", "document", "messages", "render.block"},
    "render.article": VALUES
    | {
        "document",
        "messages",
        "render.assets",
        "render.block",
        "render.html",
        "render.picture",
        "render.prose",
    },
    "render.markdown": VALUES
    | {
        "citations",
        "document",
        "messages",
        "render.article",
        "render.block",
        "render.html",
        "render.picture",
    },
    "render.pandoc": VALUES | {"document", "messages", "render.block", "render.picture", "render.prose"},
    "render.word": VALUES | {"document", "render.assets", "render.pandoc"},
    "render.typeset": VALUES
    | {"document", "messages", "render.article", "render.assets", "render.block", "render.pandoc"},
    # 3: the finished map
    "timemap": VALUES
    | {
        "messages",
        "captions",
        "cards",
        "content",
        "excerpt",
        "filming",
        "hosting",
        "narrowing",
        "render.block",
        "render.export",
        "render.figure",
        "render.html",
        "render.notebook",
        "render.payload",
        "render.rows",
        "shifting",
        "shiftresult",
        "store",
        "views",
    },
    # 2: pieces as markup, and what they say
    "embed": VALUES | {"card", "hosting"},
    "inserts": VALUES | {"card"},
    "cards": VALUES | {"captions", "card", "content", "messages", "views", "render.block"},
    # 3: a map measured
    "centroids": VALUES | {"content", "shares", "sphere", "topology"} | SHAPES,
    "shiftrows": VALUES
    | {"complement", "content", "decomposition", "language.figures", "measured", "messages", "scenarios"}
    | {"shares", "shift"},
    "shiftgroups": VALUES | {"content", "groups", "shares"},
    "shifting": VALUES
    | {"bounding", "centroids", "content", "flows", "headlines", "measured", "measures", "messages"}
    | {"scenarios", "shares", "shift", "shiftgroups", "shiftresult", "shiftrows", "views", "words"},
    # 4: the parts put together
    "grouping": VALUES | {"localised", "content", "groups", "messages", "regions", "spec"} | SHAPES,
    "layering": VALUES | {"content", "classify", "groups", "join", "messages", "slices", "spec", "words"},
    "sentences": VALUES | {"content", "language.figures", "messages", "ranking"},
    "framing": VALUES | {"messages", "regions", "spec"} | SHAPES,
    "compose": VALUES
    | {
        "localised",
        "content",
        "complement",
        "framing",
        "grouping",
        "join",
        "layering",
        "messages",
        "periods",
        "regions",
        "sentences",
        "slices",
        "spec",
    }
    | {"timemap"}
    | SHAPES,
    "owndata": VALUES | {"regions"} | SHAPES,
    "inspection": VALUES | {"snapshot", "reference", "regions", "store", "tables", "validate"},
    # 4: a folder of data, handed down: nothing below `pipeline` and `building` finds one by itself
    "datafolder": VALUES
    | {"complement", "inspection", "periods", "reference", "regions", "store", "validate", "vintages"}
    | SHAPES,
    "pipeline": VALUES
    | {"compose", "datafolder", "inspection", "owndata", "spec", "store", "timemap", "validate"}
    | SHAPES,
    # 5: questions that take several series
    "answering": VALUES | {"datafolder", "pipeline", "shifting", "shiftresult", "spec"},
    "partial": VALUES | {"compared", "datafolder", "levels", "messages", "shift", "slices"},
    "comparing": VALUES
    | {
        "localised",
        "compared",
        "complement",
        "datafolder",
        "disagreement",
        "leadlag",
        "machines",
        "messages",
        "partial",
    }
    | {"periods"},
    # 5: what users call
    "inputs": VALUES | {"spec", "tables"},
    # 5: an update: come by, delivered, decided, written, told
    "collect": VALUES | {"http", "snapshot"},
    "delivery": VALUES | {"collect", "periods", "reference", "regions"},
    "ledger": VALUES | {"inputs"},
    "plan": VALUES
    | {"bulk", "datapackage", "delivery", "inspection", "ledger", "regions", "revision", "snapshot", "store"}
    | {"suspicion", "tables", "validate", "vintages"},
    "update": VALUES
    | {"agreement", "collect", "delivery", "http", "ledger", "locking", "plan", "providers", "regions"}
    | {"snapshot", "store", "suspicion", "transaction"},
    "importing": VALUES
    | {"columnmap", "ledger"}
    | {"delivery", "mapping", "periods", "plan", "snapshot", "update", "usertables"},
    "adding": VALUES | {"delivery", "periods", "plan", "snapshot", "store", "update"},
    "settings": VALUES,
    "telling": VALUES | {"difference", "plan", "revision", "update"},
    "founding": VALUES | {"store"},
    "building": VALUES
    | {"compared", "comparing", "content", "datafolder", "messages", "modes", "moving", "periods", "pipeline"}
    | {"leadlag", "spec", "timemap"}
    | SHAPES,
    "atlas": VALUES | {"store"},
    "site": VALUES
    | {
        "atlas",
        "cards",
        "embed",
        "hosting",
        "building",
        "inputs",
        "render.figure",
        "render.gallery",
        "spec",
        "store",
        "timemap",
        "views",
    },
    "embedding": VALUES
    | {"atlas", "card", "cards", "embed", "hosting", "inputs", "inserts", "site", "spec", "store", "timemap"}
    | {"views", "render.docx", "render.figure"},
    # 5: a report put together: figures looked up, said, shown, and written
    "lookup": VALUES | {"datafolder", "groups", "periods", "regions", "shift", "slices", "words"},
    "quotes": VALUES
    | {
        "groups",
        "localised",
        "citations",
        "crossings",
        "document",
        "language.figures",
        "lookup",
        "messages",
        "periods",
        "ranking",
    }
    | {"shift"},
    "tabulating": VALUES
    | {"document", "language.figures", "lookup", "messages", "periods", "quotes", "shift", "slices"},
    "exhibits": VALUES
    | {"captions", "citations", "content", "document", "lookup", "messages", "pipeline", "quotes"}
    | {"spec", "store", "tabulating", "template", "views"},
    "report": VALUES
    | {"citations", "datafolder", "document", "exhibits", "lookup", "messages", "periods", "providers"}
    | {"quotes", "store", "template"}
    | {f"render.{name}" for name in ("article", "markdown", "typeset", "word")},
    "reports": VALUES | {"document", "inputs", "report", "site", "spec", "store", "template"},
    "api": VALUES
    | {"building", "columnmap", "complement", "frames", "naming", "periods", "pipeline", "quantities", "spec"}
    | {"store", "timemap", "words"}
    | SHAPES,
    "": {"api", "errors"},
    "cli.console": set(),
    "cli.printing": {"cli.console"},
    "cli.base": VALUES | {"", "cli.console", "store"},
    "cli.maps": VALUES | {"cli.base", "cli.printing", "hosting", "reports", "site", "spec"},
    "cli.embedding": VALUES | {"cli.base", "cli.console", "cli.printing", "embedding"},
    "cli.exporting": {"cli.base", "cli.printing", "site"},
    "cli.pictures": VALUES | {"cli.base", "cli.printing", "site"},
    "cli.reports": VALUES | {"cli.base", "cli.printing", "report", "reports", "watching"},
    "cli.figures": VALUES | {"cli.base", "cli.printing", "datafolder", "pipeline", "site"},
    "cli.filming": {"cli.base", "cli.printing", "filming", "site"},
    "cli.reporting": VALUES | {"cli.printing", "store", "telling", "update"},
    "cli.updating": VALUES
    | {"", "adding", "cli.base", "cli.printing", "cli.reporting", "founding", "http", "importing"}
    | {"settings", "store", "telling", "update"},
    "cli": {
        "cli.base",
        "cli.embedding",
        "cli.exporting",
        "cli.figures",
        "cli.filming",
        "cli.maps",
        "cli.measuring",
        "cli.pictures",
        "cli.reports",
        "cli.updating",
    },
    "cli.measuring": VALUES | {"answering", "cli.base", "cli.printing", "comparing"},
    "cli.__main__": {"cli"},
}

CLI = {
    "cli.base",
    "cli.console",
    "cli.embedding",
    "cli.exporting",
    "cli.figures",
    "cli.filming",
    "cli.maps",
    "cli.pictures",
    "cli.measuring",
    "cli.printing",
    "cli.reporting",
    "cli.reports",
    "cli.updating",
}

# library -> the only modules that may import it; an empty set: nobody
FENCES: dict[str, set[str]] = {
    "requests": {"http"},
    "urllib": {"http"},  # urljoin
    "urllib3": {"http", "addresses", "refusals", "bodies"},
    "socket": set(),
    "matplotlib": {f"render.{part}" for part in ("encode", "fonts", "ground", "labels", "drawing", "panels")}
    | {"render.frames", "render.track"},
    # it starts a process: the encoder
    "imageio_ffmpeg": {"render.mp4"},
    "PIL": {"render.encode", "render.gif", "render.notebook"},
    "fontTools": {"render.encode"},
    "font_source_sans_pro": {"render.fonts", "render.typeset"},
    "folium": {"render.html"},
    "branca": {"render.html", "classify"},  # classify: ColorBrewer's table of colours
    "jinja2": {"render.assets", "template"},
    "markdown_it": {"render.prose"},
    "pypandoc": {"render.pandoc"},
    "typst": {"render.typeset"},
    "xstatic": {"render.assets"},
    "typer": CLI,
    "rich": CLI,
    "geopandas": {"ownboundaries"},
    "shapely": {"globe", "ownboundaries", "render.geoparquet"},
    "topojson": set(),
    "pyproj": {"geometry"},
    "rapidfuzz": {"regions"},
    "scipy": {"flows"},
    "subprocess": set(),
    "random": set(),
    "time": {"http", "cli.reports"},
    "openpyxl": {"sheets", "render.sheet", "render.workbook"},
    "pyarrow": {"parquets", "render.geoparquet"},
    "fcntl": {"locking"},
    "babel": {"messages"},
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
        elif (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "import_module"
        ):
            found |= {part.value.split(".")[0] for part in ast.walk(node) if _text(part)}  # type: ignore[attr-defined]
    return found


def _text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(node.value)


def _without_typing(tree: ast.Module) -> ast.Module:
    kept = [n for n in tree.body if not (isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING")]
    return ast.Module(kept, [])


def ours(name: str) -> set[str]:
    """The modules of ours that a module imports."""
    found = set()
    for full in imports(name):
        if full.split(".")[0] == "geotrack":
            inner = full.removeprefix("geotrack").lstrip(".")
            while inner not in MODULES:
                inner = inner.rpartition(".")[0]
            found.add(inner)
    return found


def told(offenders: Iterable[str]) -> str:
    """All that break a rule, a line each; nothing is what a rule wants."""
    return "\n".join(offenders)


def test_a_module_imports_what_its_layer_may() -> None:
    more = {name: ours(name) - may for name, may in MAY.items() if name in MODULES}
    assert not told(f"{name} imports {sorted(found)}" for name, found in more.items() if found)


def test_the_table_lists_the_modules_that_are_there_and_no_other() -> None:
    assert not told(
        f"{name} has no place in the table of layers: give it one" for name in {*MODULES} - {*MAY}
    )
    assert not told(f"{name} is in the table and nowhere else" for name in {*MAY} - {*MODULES})


def test_the_table_has_no_circle() -> None:
    done: set[str] = set()
    while len(done) < len(MAY):
        ready = {name for name, may in MAY.items() if name not in done and may <= done}
        assert ready, f"a circle among {sorted(set(MAY) - done)}"
        done |= ready


def test_libraries_stay_behind_their_fences() -> None:
    used = {name: {full.split(".")[0] for full in imports(name, typing_too=False)} for name in MODULES}
    assert not told(
        f"{name} imports {library}"
        for library, modules in FENCES.items()
        for name in MODULES
        if library in used[name] and name not in modules
    )


def test_the_fences_stand_where_something_is() -> None:
    for library in ("folium", "typer", "rich", "geopandas", "pyproj", "xstatic"):
        homes = [{full.split(".")[0] for full in imports(home, typing_too=False)} for home in FENCES[library]]
        assert any(library in used for used in homes)


def test_only_the_command_line_prints_or_exits() -> None:
    assert not told(
        f"{name} calls {node.func.id}, line {node.lineno}"
        for name, tree in TREES.items()
        if name not in {*CLI, "cli"}
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
            first = node.body[0].lineno if name in CLI and node.decorator_list else node.lineno
            yield node.name, range(first, (node.end_lineno or 0) + 1)


def test_no_module_and_no_function_outgrows_its_reader() -> None:
    found = []
    for name, path in MODULES.items():
        lines = code_lines(path.read_text(encoding="utf-8"))
        if len(lines) > MOST_LINES:
            found.append(f"{name}: {len(lines)} lines of code, at most {MOST_LINES}")
        sizes = {function: len(lines & set(span)) for function, span in functions(name)}
        longer = {function: size for function, size in sizes.items() if size > MOST_LINES_OF_A_FUNCTION}
        found += [
            f"{name}.{each}: {size}, at most {MOST_LINES_OF_A_FUNCTION}" for each, size in longer.items()
        ]
    assert not told(found)


def test_every_module_says_what_it_is() -> None:
    assert not told(name for name, tree in TREES.items() if tree.body and not ast.get_docstring(tree))
