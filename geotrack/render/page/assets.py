"""What a page carries inline: our scripts and styles, Leaflet's, and the templates that hold them."""

from __future__ import annotations

import base64
import json
import re
from functools import cache
from importlib import import_module
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

STATIC = Path(__file__).parent / "static"
SCRIPTS = (
    "decode.js",
    "projection.js",
    "format.js",
    "scale.js",
    "model.js",
    "canvas.js",
    "layer.js",
    "chart.js",
    "timeline.js",
    "tip.js",
    "placing.js",
    "labels.js",
    "table.js",
    "download.js",
    "link.js",
    "guest.js",
    "foreign.js",
    "app.js",
    "parts.js",
    "tools.js",
)
WITHOUT = ("chart.js", "table.js", "download.js", "parts.js", "tools.js")
"""Scripts of what a compact map does not show."""
MODE_SCRIPTS = (
    "modes.js",
    "changes.js",
    "flows.js",
    "centre.js",
    "seconds.js",
    "panel.js",
    "revenue.js",
    "record.js",
)
"""Scripts of a shift's modes, for the pages that have them."""

ADDED = re.compile(r"popup|marker|shadow|control-layers|tooltip|div-icon|oldie|vml")
"""What of Leaflet's is on a map only where folium's own layers, controls or plugins were added to it."""


@cache
def templates(folder: Path = STATIC) -> Environment:
    """Return the environment of a room's templates: text is escaped unless it is marked as markup."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=False,
    )


@cache
def css(guest: bool = False, added: bool = False) -> Markup:
    """Return the styles of a page: Leaflet's, then ours.

    Parameters
    ----------
    guest : for a block in somebody's page, whose own Leaflet map must look as before.
    added : something was added to the map: the button of a control of layers needs its images.
    """
    leaflets = _leaflet_css(added)
    return Markup(_tight(_within_ours(leaflets) if guest else leaflets) + "\n" + _own_css("page.css"))


def _within_ours(text: str) -> str:
    """Make each rule one of our own map's; :where() keeps what weighs more."""

    def rule(match: re.Match[str]) -> str:
        selectors = ",".join(f":where(.geotrack) {each.strip()}" for each in match[1].split(","))
        return f"{selectors} {{{match[2]}}}"

    return re.sub(r"([.\w][^{}@]*?)\s*\{([^{}]*)\}", rule, text)


def script(text: str) -> Markup:
    """Return a script that a <script> element can hold: nothing in it ends the element."""
    ended = re.sub(r"</(script)", r"<\\/\1", text, flags=re.IGNORECASE)
    return Markup(ended.replace("<!--", "<\\!--"))


@cache
def scripts(compact: bool = False) -> Markup:
    """Return our own scripts as one; a compact map's are fewer."""
    names = [name for name in SCRIPTS if not (compact and name in WITHOUT)]
    return script("\n".join(source(name) for name in names))


@cache
def source(name: str) -> str:
    """Return one of our scripts, without what only its own readers need."""
    return _remarkless(lean((STATIC / name).read_text(encoding="utf-8")))


@cache
def named() -> frozenset[str]:
    """Return every name in our scripts: a page carries those words of the catalogue that they ask for."""
    return frozenset(re.findall(r"\w+", "\n".join(map(source, (*SCRIPTS, *MODE_SCRIPTS)))))


@cache
def mode_scripts() -> str:
    """Return the scripts of a shift's modes as one; they are built from the tools of ours.

    They travel packed beside their tables, and the page's script adds them: half of their size is saved.
    """
    found = re.search(r"tools = \{(.*?)\};", source("tools.js"), flags=re.DOTALL)
    names = found[1] if found else ""
    parts = [
        f"const {{{names}}} = window.geotrack.tools;",
        *map(source, MODE_SCRIPTS),
    ]
    parts += ["window.geotrack.modes = modesOf;", "window.geotrack.readModes = readModes;"]
    return 'if (!window.geotrack.modes) (function () {\n"use strict";\n' + "\n".join(parts) + "\n})();"


def _remarkless(text: str) -> str:
    """Leave out what follows code on its line: no text has both slashes and no end on the line."""
    return re.sub(r" +// [^\n\"'`]*$", "", text, flags=re.MULTILINE)


@cache
def mode_css() -> Markup:
    """Return the styles of a shift's modes."""
    return Markup(_own_css("modes.css"))


def _own_css(name: str) -> str:
    return _tight(re.sub(r"/\*.*?\*/", "", (STATIC / name).read_text(encoding="utf-8"), flags=re.DOTALL))


def _tight(text: str) -> str:
    """Leave out the spaces in styles that only their own readers need: none of them has a text with any."""
    return re.sub(r"\s*([{};])\s*|(?<=[:,])\s+", r"\1", text).replace(";}", "}").strip()


def lean(text: str) -> str:
    """Leave out indentation, empty lines and lines that are comments: readers of a page need not load them.

    Our own files only: none has a text that runs over several lines, which a test makes sure of.
    """
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


@cache
def leaflet() -> str:
    """Return Leaflet's script, as its package carries it."""
    return re.sub(r"//# sourceMappingURL=.*", "", _read("leaflet", "leaflet.js"))


def needed(script_text: str) -> list[str]:
    """Return what folium's own layers ask for: jQuery for popups, Leaflet's icons for markers.

    Markers come about in many ways (points of GeoJSON, what a reader draws): every layer may have some.
    """
    names = {"iconUrl": "marker-icon", "iconRetinaUrl": "marker-icon-2x", "shadowUrl": "marker-shadow"}
    icons = json.dumps({key: _image(name) for key, name in names.items()})
    # without a path of its own Leaflet would look for its images beside the page
    parts = [f"L.Icon.Default.imagePath = ' ';\nL.Icon.Default.mergeOptions({icons});"]
    if "$(" in script_text:
        parts.append(f"if (!window.$) {{\n{_read('jquery', 'jquery.slim.min.js')}\n}}")
    return parts


@cache
def _leaflet_css(added: bool) -> str:
    """Leaflet's own rules, its images as data: nothing is asked for, and nothing carried that is not seen."""
    text = re.sub(r"/\*.*?\*/", "", _read("leaflet", "leaflet.css"), flags=re.DOTALL)
    # Leaflet finds its marker images by this rule; ours are set as options, where a map has markers.
    text = re.sub(r"\.leaflet-default-icon-path\s*\{[^}]*\}", "", text)
    text = re.sub(r"-(?:ms|moz)-[\w-]+\s*:[^;}]*;?", "", text)  # of browsers before those that draw our pages
    if not added:
        return re.sub(r"([^{}@]+)\{([^{}]*)\}", _of_a_bare_map, text)
    return re.sub(r"url\(images/([\w-]+)\.png\)", lambda match: f"url({_image(match[1])})", text)


def _of_a_bare_map(rule: re.Match[str]) -> str:
    """One of Leaflet's rules, as far as a map has what it is for to which nobody added anything."""
    selectors = [each for each in rule[1].split(",") if not ADDED.search(each)]
    return f"{','.join(selectors)}{{{rule[2]}}}" if selectors else ""


@cache
def _image(name: str) -> str:
    data = (_folder("leaflet") / "images" / f"{name}.png").read_bytes()
    return f"data:image/png;base64,{base64.b64encode(data).decode('ascii')}"


@cache
def _read(package: str, name: str) -> str:
    return (_folder(package) / name).read_text(encoding="utf-8")


def _folder(package: str) -> Path:
    return Path(import_module(f"xstatic.pkg.{package}").BASE_DIR)
