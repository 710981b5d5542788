"""A time map as one HTML file: a folium map in our page, everything it needs inline."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

import folium
from branca.element import Figure
from folium.template import Template
from markupsafe import Markup, escape

from geotrack.content import Content
from geotrack.errors import SpecError
from geotrack.render import assets
from geotrack.render.block import aspect, block, element_id, version
from geotrack.render.head import tags
from geotrack.render.shiftdata import shown

# The page forbids itself every host; only a map with tiles or a reader's own plugins needs the network.
CSP = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"


class PageFigure(Figure):
    """The root of a TimeFoliumMap: renders as geotrack's page instead of folium's."""

    def __init__(self, content: Content) -> None:
        super().__init__()
        self.header._children.clear()  # branca's charset line: the page has its own
        self.content = content

    def render(self, **kwargs: Any) -> str:
        """Return the whole page, the reader's own layers and plugins included."""
        return _page(self.content, *_parts(self, self.content))

    def _repr_html_(self, **kwargs: Any) -> str:
        """Display in a notebook: the page in a frame of its own."""
        return framed(self.render(), aspect(self.content))


class TimeFoliumMap(folium.Map):
    """A folium.Map with geotrack's time layer; any folium layer or plugin can be added to it.

    Parameters
    ----------
    content : what the map shows.

    Raises
    ------
    SpecError : the tiles are not a layer that folium knows.
    """

    _template = Template(
        """
        {% macro html(this, kwargs) %}
        <div class="folium-map" id={{ this.get_name()|tojson }}></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {
            center: {{ this.location|tojson }}, crs: {{ this.crs_script }}, ...{{ this.options|tojavascript }}
        });
        L.control.zoom({position: "bottomleft"}).addTo({{ this.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self, content: Content) -> None:
        try:
            super().__init__(
                tiles=content.tiles or None,
                crs="EPSG3857" if content.tiles else "Simple",
                zoom_control=False,  # ours stands at the bottom, off the north
                zoom_snap=0,
                zoom_delta=0.5,
                wheel_px_per_zoom_level=120,
                attribution_control=bool(content.tiles),
                keyboard=False,  # the arrow keys walk from region to region
                world_copy_jump=False,
            )
        except ValueError as error:
            raise SpecError(
                f"{content.id}: tiles = {content.tiles!r} is not known to folium: {error}; expected a name "
                'such as "OpenStreetMap"'
            ) from error
        # folium's lists are shared by all maps: shadow them here, where nothing is fetched from a host.
        self.default_js: list[tuple[str, str]] = []
        self.default_css: list[tuple[str, str]] = []
        self.content = content
        self.crs_script = (
            "L.CRS.EPSG3857" if content.tiles else f"window.geotrack.crs({_projection(content)})"
        )
        PageFigure(content).add_child(self)

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Display in a notebook; the picture stands for the map only as long as nothing was added to it."""
        from geotrack.render.notebook import bundle

        root = self.get_root()
        plain = not self._children and len(root._children) == 1
        frame = lambda: framed(root.render(), aspect(self.content))  # noqa: E731
        return bundle(self.content, frame, include, exclude, pictured=plain)

    def save(self, outfile: Any, close_file: bool = True, **kwargs: Any) -> None:
        """Write the page; it is made first, so that an error leaves the file that stood there as it was."""
        from geotrack.store import write

        text = self.get_root().render(**kwargs)
        if not isinstance(outfile, (str, bytes, os.PathLike)):
            outfile.write(text.encode("utf-8"))
            return
        write(Path(os.fsdecode(outfile)), text)


def page(content: Content) -> str:
    """Return a time map as one HTML page. The same content gives the same text.

    Parameters
    ----------
    content : what the page shows.
    """
    return str(TimeFoliumMap(content).get_root().render())


def fragment(content: Content) -> str:
    """Return a time map as a block of HTML that can stand beside others in one page."""
    figure: Any = TimeFoliumMap(content).get_root()
    head, html, script = _parts(figure, content)
    body = block(content, html, alone=False, heading=2)
    style = Markup("<style>\n{}\n</style>").format(_css(content, guest=True))
    return str(Markup("\n").join([style, body, _scripts(content, head, script)]))


def framed(text: str, ratio: float) -> str:
    """Return a page as a frame that carries it whole, for notebooks; it takes the page's height by script."""
    height = round(900 / ratio) + 620
    follow = " ".join(assets.source("follow.js").splitlines())  # a notebook's HTML is one line
    return (
        f'<iframe srcdoc="{escape(text)}" title="geotrack map" loading="lazy" data-geotrack="" '
        f'sandbox="allow-scripts allow-downloads allow-popups" '
        f'style="width:100%;height:{height}px;border:0"></iframe>'
        f"<script>{follow}</script>"
    )


def _parts(figure: PageFigure, content: Content) -> tuple[Markup, Markup, Markup]:
    """Render folium's tree once and name its random ids in order of appearance."""
    for child in figure._children.values():
        child.render()
    parts = [element.render() for element in (figure.header, figure.html, figure.script)]
    names: dict[str, str] = {}
    stem = re.sub(r"\W", "_", content.id)

    def rename(match: re.Match[str]) -> str:
        return names.setdefault(match[0], f"{stem}_{len(names) + 1}")

    head, html, script = (
        Markup(re.sub(r"\b(?<=_)[0-9a-f]{32}\b|(?<=_)[0-9a-f]{32}\b", rename, p)) for p in parts
    )
    return head, html, script


def _page(content: Content, head: Markup, html: Markup, script: Markup) -> str:
    outside = bool(content.tiles or _links(script)) or "http" in head or "http" in script
    text = (
        assets.templates()
        .get_template("page.html.j2")
        .render(
            title=content.title,
            description=content.description or content.title,
            opening=content.slices[content.opening],
            lang=content.lang,
            dir="ltr",
            csp="" if outside else CSP,
            css=_css(content),
            cards=tags(content),
            block=block(content, html, alone=True, heading=1),
            scripts=_scripts(content, head, script),
            version=version(),
        )
    )
    return text + "\n"


def _scripts(content: Content, head: Markup, script: Markup) -> Markup:
    """Leaflet and our script, each once a page, then what the reader's own layers need, then the map.

    The head that folium's plugins ask for stands after Leaflet, which they extend.
    """
    found = re.search(r"var (map_\w+) =", script)
    compact = content.layout == "compact"
    # a full map beside a compact one needs what that one left out
    wanted = "!window.geotrack" if compact else "!window.geotrack?.parts"
    libraries = [
        f"if (!window.L) {{\n{assets.leaflet()}\n}}",
        f'if ({wanted}) (function () {{\n"use strict";\n{assets.scripts(compact)}\n}})();',
        *assets.needed(script),
    ]
    start = f'{script}\nwindow.geotrack.mount("{element_id(content)}", {found[1] if found else "null"});'
    wrap = Markup("<script>\n{}\n</script>").format
    parts = [wrap(assets.script(part)) for part in libraries]
    return Markup("\n").join([*parts, _links(script), head, wrap(assets.script(start))])


def _css(content: Content, guest: bool = False) -> Markup:
    return assets.css(guest) + ("\n" + assets.mode_css() if shown(content) else "")


def _links(script: str) -> Markup:
    """Links to what only its host has (folium.Icon's Bootstrap, Font Awesome), if a layer asks for it."""
    if "AwesomeMarkers" not in script:
        return Markup("")
    ours = ("leaflet", "jquery")
    styles = [url for name, url in folium.Map.default_css if not name.startswith(ours)]
    codes = [url for name, url in folium.Map.default_js if not name.startswith(ours)]
    lines = [Markup('<link rel="stylesheet" href="{}">').format(url) for url in styles]
    lines += [Markup('<script src="{}"></script>').format(url) for url in codes]
    return Markup("\n").join(lines)


def _projection(content: Content) -> str:
    """Return the projection for the page, so that layers in longitude and latitude fall right."""
    text = content.boundaries.crs
    if text == "EPSG:8857":
        return json.dumps({"proj": "eqearth"})
    found = dict(re.findall(r"\+(\w+)=(\S+)", text))
    plain = found.get("datum") == "WGS84" and not {"x_0", "y_0", "k_0"} & set(found)
    if found.get("proj") != "aea" or not plain:
        return json.dumps({"proj": ""})
    numbers = {name: float(found.get(name, 0)) for name in ("lat_1", "lat_2", "lat_0", "lon_0")}
    return json.dumps({"proj": "aea", **numbers})
