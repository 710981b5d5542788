"""What a page carries inline: our scripts and styles, Leaflet's, and the templates that hold them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

STATIC = Path(__file__).parent / "static"
SCRIPTS = (
    "decode.js",
    "format.js",
    "model.js",
    "canvas.js",
    "layer.js",
    "chart.js",
    "timeline.js",
    "tip.js",
    "labels.js",
    "table.js",
    "download.js",
    "link.js",
    "app.js",
)


@cache
def templates() -> Environment:
    """Return the environment of our templates: text is escaped unless it is marked as markup."""
    return Environment(
        loader=FileSystemLoader(STATIC),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=False,
    )


@cache
def css() -> Markup:
    """Return the styles of a page: Leaflet's, then ours."""
    return Markup(_leaflet_css() + (STATIC / "page.css").read_text(encoding="utf-8"))


def script(text: str) -> Markup:
    """Return a script that a <script> element can hold: nothing in it ends the element."""
    return Markup(text.replace("</script", "<\\/script").replace("<!--", "<\\!--"))


@cache
def scripts() -> Markup:
    """Return our own scripts as one."""
    return script("\n".join((STATIC / name).read_text(encoding="utf-8") for name in SCRIPTS))


@cache
def leaflet() -> str:
    """Return Leaflet's script, as its package carries it."""
    import xstatic.pkg.leaflet as package

    text = (Path(package.BASE_DIR) / "leaflet.js").read_text(encoding="utf-8")
    return re.sub(r"//# sourceMappingURL=.*", "", text)


@cache
def _leaflet_css() -> str:
    """Leaflet's own rules; images that no control of ours shows are left out: nothing is asked for."""
    import xstatic.pkg.leaflet as package

    text = (Path(package.BASE_DIR) / "leaflet.css").read_text(encoding="utf-8")
    return re.sub(r"[^{}]*\{[^{}]*url\([^)]*\.png\)[^{}]*\}", "", text)
