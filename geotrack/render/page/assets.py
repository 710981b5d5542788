"""What a page carries inline: our scripts and styles, Leaflet's, and the templates that hold them."""

from __future__ import annotations

import base64
import json
import re
from functools import cache
from importlib import import_module
from pathlib import Path

import tinycss2
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from tinycss2.ast import Node

STATIC = Path(__file__).parent / "static"
"""Templates, and what `web/` is built into: scripts of a page, a compact map, a shift, a frame; styles."""

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
    rules = f":where(.geotrack){{{leaflets}}}" if guest else leaflets
    return Markup("\n").join([Markup(rules), built("page.css")])


def script(text: str) -> Markup:
    """Return a script that a <script> element can hold: nothing in it ends the element."""
    ended = re.sub(r"</(script)", r"<\\/\1", text, flags=re.IGNORECASE)
    return Markup(ended.replace("<!--", "<\\!--"))


@cache
def built(name: str) -> Markup:
    """Return what `web/` was built into: a script or a style, as small as it can be."""
    return script((STATIC / name).read_text(encoding="utf-8").rstrip("\n"))


@cache
def named() -> frozenset[str]:
    """Return every name in our scripts: a page carries those words of the catalogue that they ask for."""
    return frozenset(re.findall(r"\w+", built("page.js") + built("shift.js")))


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
    rules = tinycss2.parse_stylesheet(
        _read("leaflet", "leaflet.css"), skip_comments=True, skip_whitespace=True
    )
    text = "".join(_leaflet_rule(rule, added) for rule in rules)
    return re.sub(r"url\((\"?)images/([\w-]+)\.png\1\)", lambda match: f"url({_image(match[2])})", text)


def _leaflet_rule(rule: Node, added: bool) -> str:
    """One of Leaflet's rules, as far as the map has what it is for; without what older browsers asked for."""
    if rule.type != "qualified-rule":
        return str(rule.serialize())
    selectors = [each.strip() for each in tinycss2.serialize(rule.prelude).split(",")]
    # Leaflet finds its marker images by this rule; ours are set as options, where a map has markers.
    kept = [
        each
        for each in selectors
        if each != ".leaflet-default-icon-path" and (added or not ADDED.search(each))
    ]
    declared = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
    own = [each for each in declared if not each.name.startswith(("-ms-", "-moz-"))]
    body = ";".join(
        f"{each.name}:{tinycss2.serialize(each.value).strip()}{'!important' * each.important}" for each in own
    )
    return f"{','.join(kept)}{{{body}}}" if kept and body else ""


@cache
def _image(name: str) -> str:
    data = (_folder("leaflet") / "images" / f"{name}.png").read_bytes()
    return f"data:image/png;base64,{base64.b64encode(data).decode('ascii')}"


@cache
def _read(package: str, name: str) -> str:
    return (_folder(package) / name).read_text(encoding="utf-8")


def _folder(package: str) -> Path:
    return Path(import_module(f"xstatic.pkg.{package}").BASE_DIR)
