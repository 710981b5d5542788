"""The map as a folium.Map: readers add layers and plugins to it, and folium knows tiles."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import folium
from branca.element import Figure
from folium.template import Template, tojavascript
from markupsafe import Markup

from geotrack.errors import SpecError
from geotrack.geo import projections
from geotrack.map.content import Content, aspect
from geotrack.render.page import leaflet_map
from geotrack.render.page.leaflet_map import Rendered
from geotrack.render.page.payload import has_degrees
from geotrack.render.page.whole import framed, page_of


class PageFigure(Figure):
    """The root of a TimeFoliumMap: renders as geotrack's page instead of folium's."""

    def __init__(self, content: Content) -> None:
        super().__init__()
        self.header._children.clear()  # branca's charset line: the page has its own
        self.content = content

    def render(self, **kwargs: Any) -> str:
        """Return the whole page, the reader's own layers and plugins included."""
        return page_of(self.content, parts_of(self, self.content))

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
        {%- macro html(this, kwargs) %}{{ this._element() }}{% endmacro %}
        {%- macro script(this, kwargs) %}{{ this._script() }}{% endmacro %}
        """
    )

    def __init__(self, content: Content) -> None:
        try:
            super().__init__(
                tiles=content.tiles or None,
                crs="EPSG3857" if content.tiles else "Simple",
                **(leaflet_map.OPTIONS | {"attribution_control": bool(content.tiles)}),
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
        self.crs_script = leaflet_map.crs(content)
        PageFigure(content).add_child(self)

    def _element(self) -> str:
        """Return the map's element, for folium's template."""
        return leaflet_map.element(self.get_name())

    def _script(self) -> str:
        """Return the map's script, for folium's template."""
        center, options = json.dumps(self.location), tojavascript(self.options)
        return leaflet_map.script(self.get_name(), center, self.crs_script, options)

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


def rooted(content: Content) -> PageFigure:
    """Return the root of a new map."""
    figure = TimeFoliumMap(content).get_root()
    assert isinstance(figure, PageFigure)
    return figure


def parts_of(figure: PageFigure, content: Content) -> Rendered:
    """Render folium's tree and name its random ids in order of appearance; the tree stays as it was."""
    ours = _map_of(figure)
    _refuse(content, _tops(figure, ours))
    own = [(part, part._children.copy()) for part in (figure.header, figure.html, figure.script)]
    for child in figure._children.values():
        child.render()
    names: dict[str, str] = {}
    stem = leaflet_map.stem(content)

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
    return Rendered(renamed(ours.get_name()), head, html, script, layers)


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
