"""A time map as one HTML file: a folium map in our page, everything it needs inline."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import folium
from branca.element import Figure
from folium.template import Template
from markupsafe import Markup, escape

from geotrack.errors import SpecError
from geotrack.geo import projections
from geotrack.language import catalogue
from geotrack.map.content import Content, aspect
from geotrack.render.page import assets
from geotrack.render.page.block import block, element_id
from geotrack.render.page.head import tags
from geotrack.render.page.modes import shown
from geotrack.render.page.payload import has_degrees, script_json
from geotrack.version import version

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
        return _page(self.content, _parts(self, self.content))

    def _repr_html_(self, **kwargs: Any) -> str:
        """Display in a notebook: the page in a frame of its own."""
        return framed(self.render(), aspect(self.content))


class TimeFoliumMap(folium.Map):
    """A folium.Map with geotrack's time layer; any folium layer or plugin can be added to it.

    Parameters
    ----------
    content : Content
        What the map shows.

    Raises
    ------
    SpecError
        The tiles are not a layer that folium knows.
    """

    _template = Template(
        """
        {% macro html(this, kwargs) %}
        <div class="folium-map" id={{ this.get_name()|tojson }}></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.map(window.geotrack.place({{ this.get_name()|tojson }}), {
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
        """Write the page; it is made first, so that an error leaves the file that stood there as it was.

        Parameters
        ----------
        outfile : Path, str, bytes or binary file
            Where the page goes, in UTF-8.
        close_file : bool, optional
            Only there because folium's own has it: a file that is handed in stays open.
        **kwargs : object, optional
            Handed on to `render` of the map's root.

        Raises
        ------
        OutputError
            The place cannot be written.
        """
        from geotrack.files import write

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
    parts = _parts(figure, content)
    body = block(content, parts.html, alone=False, heading=2)
    style = Markup("<style>\n{}\n</style>").format(_css(content, parts, guest=True))
    return str(Markup("\n").join([style, body, _scripts(content, parts)]))


def framed(text: str, ratio: float) -> str:
    """Return a page as a frame that carries it whole, for notebooks; it takes the page's height by script."""
    height = round(900 / ratio) + 620
    return (
        f'<iframe srcdoc="{escape(text)}" title="geotrack map" loading="lazy" data-geotrack="" '
        f'sandbox="allow-scripts allow-downloads allow-popups" '
        f'style="width:100%;height:{height}px;border:0"></iframe>'
        f"<script>{assets.built('follow.js')}</script>"  # without a line break: a notebook's HTML is one line
    )


@dataclass(frozen=True)
class _Rendered:
    """What folium's tree renders to.

    Parameters
    ----------
    name : of the map's variable in the page.
    head : tags that plugins ask for, links to scripts and styles of their hosts above all.
    html : the map's element, and what others put beside it.
    script : of the map.
    layers : name and script of each thing that was added to the map, in order.
    """

    name: str
    head: tuple[Markup, ...]
    html: Markup
    script: Markup
    layers: tuple[tuple[str, Markup], ...]

    @property
    def code(self) -> str:
        """All scripts, as one text."""
        return "\n".join([self.script, *(text for _, text in self.layers)])


def _parts(figure: PageFigure, content: Content) -> _Rendered:
    """Render folium's tree and name its random ids in order of appearance; the tree stays as it was."""
    ours = _map_of(figure)
    _refuse(content, _tops(figure, ours))
    own = [(part, part._children.copy()) for part in (figure.header, figure.html, figure.script)]
    for child in figure._children.values():
        child.render()
    names: dict[str, str] = {}
    stem = re.sub(r"\W", "_", content.id)

    def rename(match: re.Match[str]) -> str:
        return names.setdefault(match[0], f"{stem}_{len(names) + 1}")

    def renamed(text: str) -> Markup:
        return Markup(re.sub(r"(?<=_)[0-9a-f]{32}(?![0-9a-f])", rename, text))

    head = tuple(renamed(each.render()) for each in figure.header._children.values())
    html = renamed(figure.html.render())
    scripts = [(owner, renamed(text)) for owner, text in _by_owner(figure, ours)]
    for part, children in own:  # folium adds anew each time, layers under another name: twice the second time
        part._children = children
    [script] = [text for owner, text in scripts if owner is ours]
    layers = tuple((type(owner).__name__, text) for owner, text in scripts if owner is not ours)
    return _Rendered(renamed(ours.get_name()), head, html, script, layers)


def _map_of(figure: PageFigure) -> Any:
    return next(child for child in figure._children.values() if isinstance(child, TimeFoliumMap))


def _by_owner(figure: PageFigure, ours: Any) -> Iterator[tuple[Any, str]]:
    """Yield the map with its script, then each thing that was added to it with that of all of its own.

    They run one by one: where a plugin fails, the others and the map do not.
    """
    owners = {each.get_name(): top for top in _tops(figure, ours) for each in _within(top)} | {
        ours.get_name(): ours
    }
    found = [(owners.get(name, script), script.render()) for name, script in figure.script._children.items()]
    for _, group in groupby(found, key=lambda pair: id(pair[0])):
        pairs = list(group)
        yield pairs[0][0], "\n".join(text for _, text in pairs)


def _tops(figure: PageFigure, ours: Any) -> list[Any]:
    """What was added, beside the map or to it."""
    return [top for top in figure._children.values() if top is not ours] + list(ours._children.values())


def _within(element: Any) -> Iterator[Any]:
    yield element
    for child in element._children.values():
        yield from _within(child)


def _page(content: Content, parts: _Rendered) -> str:
    outside = bool(content.tiles or _links(parts.code)) or "http" in "".join([*parts.head, parts.code])
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
            css=_css(content, parts),
            cards=tags(content),
            block=block(content, parts.html, alone=True, heading=1),
            scripts=_scripts(content, parts),
            version=version(),
        )
    )
    return text + "\n"


def _scripts(content: Content, parts: _Rendered) -> Markup:
    """Leaflet and our script, each once a page, the map, and then what others add to it.

    The map begins before anything of others: what they ask their hosts for may come late or never.
    """
    compact = content.layout == "compact"
    # a full map beside a compact one needs what that one left out
    name, wanted = ("compact.js", "!window.geotrack") if compact else ("page.js", "!window.geotrack?.whole")
    own = [
        f"if (!window.L) {{\n{assets.leaflet()}\n}}",
        f"if ({wanted}) (function () {{\n{assets.built(name)}\n}})();",
        f'{parts.script}\nwindow.geotrack.mount("{element_id(content)}", {parts.name});',
    ]
    foreign = _foreign(content, parts) if parts.layers or parts.head else ()
    return Markup("\n").join([*map(_script, own), *foreign])


def _foreign(content: Content, parts: _Rendered) -> Iterator[Markup]:
    """Yield what others add, each layer in a script of its own that tells when it is through.

    At the end the page says which are not, and which files did not arrive.
    """
    root = element_id(content)
    missing = f"window.geotrack.lost('{root}',this)"
    yield from map(_script, assets.needed(parts.code))
    for tag in (*_links(parts.code), *parts.head):
        yield Markup(_TAG.sub(rf'\1 onerror="{missing}"', str(tag)))
    for n, (_, text) in enumerate(parts.layers):
        yield _script(f'{text}\nwindow.geotrack.added("{root}",{n});')
    words = catalogue.words_of(content.lang, "more")
    names = [name for name, _ in parts.layers]
    told = ",".join(
        script_json(value)
        for value in (root, names, words["lost"], catalogue.joint("separator", content.lang))
    )
    yield _script(f"window.geotrack.missed({told});")


_TAG = re.compile(r"^(\s*<(?:script|link)\b)(?=[^>]*>\s*(?:</script>)?\s*$)")
"""A tag that asks for a file, and nothing else."""


def _script(text: str) -> Markup:
    return Markup("<script>\n{}\n</script>").format(assets.script(text))


def _css(content: Content, parts: _Rendered, guest: bool = False) -> Markup:
    return assets.css(guest, bool(parts.layers or parts.head)) + (
        "\n" + assets.built("shift.css") if shown(content) else ""
    )


def _links(script: str) -> list[Markup]:
    """Links to what only its host has (folium.Icon's Bootstrap, Font Awesome), if a layer asks for it."""
    if "AwesomeMarkers" not in script:
        return []
    ours = ("leaflet", "jquery")
    styles = [url for name, url in folium.Map.default_css if not name.startswith(ours)]
    codes = [url for name, url in folium.Map.default_js if not name.startswith(ours)]
    lines = [Markup('<link rel="stylesheet" href="{}">').format(url) for url in styles]
    return lines + [Markup('<script src="{}"></script>').format(url) for url in codes]


def _projection(content: Content) -> str:
    """Return the projection for the page, so that layers in longitude and latitude fall right.

    Where its script knows no formula it draws plain coordinates of the plane, and `_refuse` such layers.
    """
    return json.dumps(projections.for_page(content.boundaries.crs) or {"proj": ""})


def _refuse(content: Content, added: Iterable[Any]) -> None:
    """Refuse layers in longitude and latitude on a map whose projection the page cannot draw."""
    if has_degrees(content):
        return
    found = sorted({type(each).__name__ for top in added for each in _within(top) if _has_a_place(each)})
    if found:
        raise SpecError(
            f"{content.id}: {', '.join(found)} cannot be put in place: the page cannot draw longitudes and "
            f"latitudes in the projection {content.boundaries.crs!r}; expected one of "
            f"{', '.join(projections.drawn())} as the map's `projection`, or `tiles`"
        )


def _has_a_place(element: Any) -> bool:
    named = any(hasattr(element, name) for name in ("location", "locations", "bounds", "data"))
    return named or isinstance(element, folium.map.Layer)
