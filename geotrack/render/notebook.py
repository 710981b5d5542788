"""A map in a notebook: interactive where scripts may run, else a picture, else a table in plain text.

Who takes what, by their own sources: JupyterLab, VS Code, marimo, and nbconvert and Quarto to HTML take
text/html. nbconvert to LaTeX and PDF, and Quarto to Word and PDF, take image/png, but only if there is no
text/markdown or text/latex, which they would take instead: so there is none. In a notebook that is not
trusted JupyterLab does not turn to image/png: it takes text/html and cleans it, which drops frames and
styles, and keeps pictures. So the picture stands in the HTML too, hidden by a style where there is a frame,
and shown instead of it on paper.
"""

from __future__ import annotations

import base64
import struct
from collections.abc import Callable, Collection
from html import escape
from io import BytesIO
from typing import Any

from geotrack.captions.notes import rest_of
from geotrack.errors import GeotrackError
from geotrack.language.catalogue import joint, no_sum, said
from geotrack.language.text import columns_of, one_line, plain
from geotrack.map.content import Content
from geotrack.map.views import View, choose
from geotrack.model import DERIVED, LOWER_BOUND
from geotrack.render.film.gif import MOST_COLOURS
from geotrack.render.film.reel import choose_colours, nearest, record, rgb

WIDTH = 760  # CSS pixels of the picture: about a notebook's column
SHARP = 2  # its own pixels for one of those
KINDS = ("text/html", "image/png", "text/plain")
MOST_ROWS = 25  # of the table; more are counted
STYLE = (
    "<style>.geotrack-shown:has(iframe)>img{display:none}.geotrack-shown>img{max-width:100%;height:auto}"
    "@media print{.geotrack-shown>iframe{display:none}.geotrack-shown:has(iframe)>img{display:block}}</style>"
)

Bundle = tuple[dict[str, Any], dict[str, Any]]


def bundle(
    content: Content,
    frame: Callable[[], str],
    include: Collection[str] | None = None,
    exclude: Collection[str] | None = None,
    pictured: bool = True,
) -> Bundle:
    """Return what IPython's display protocol asks of `_repr_mimebundle_`: data and metadata by MIME type.

    Parameters
    ----------
    frame : makes the interactive map as an element of HTML.
    include, exclude : MIME types to return, or not to; what is not wanted is not made.
    pictured : whether the map's picture shows what the frame shows.
    """
    wanted = {kind for kind in KINDS if not include or kind in include} - set(exclude or ())
    png = picture(content) if pictured and wanted & {"text/html", "image/png"} else b""
    data: dict[str, Any] = {}
    metadata: dict[str, Any] = {}
    if "text/html" in wanted:
        data["text/html"] = shown(frame(), png, alt_of(content) if png else "")
    if "text/plain" in wanted:
        data["text/plain"] = table(content)
    if png and "image/png" in wanted:
        width, height = (side // SHARP for side in struct.unpack(">II", png[16:24]))
        data["image/png"] = base64.b64encode(png).decode("ascii")
        metadata["image/png"] = {"width": width, "height": height, "alt": alt_of(content)}
    return data, metadata


def shown(frame: str, picture: bytes, alt: str) -> str:
    """Return the frame with the picture that stands for it where frames are not let through, on one line.

    On one line, because an empty line ends a block of HTML in Markdown: the page's newlines stand in an
    attribute, where they can be written otherwise. In a script they could not.
    """
    frame = frame.replace("\n", "&#10;")
    if not picture:
        return frame
    source = base64.b64encode(picture).decode("ascii")
    image = f'<img src="data:image/png;base64,{source}" alt="{escape(plain(alt))}" width="{WIDTH}">'
    return f'{STYLE}<div class="geotrack-shown">{image}{frame}</div>'


def picture(content: Content) -> bytes:
    """Return the opening slice as a PNG; nothing where it cannot be drawn, so that the map still shows."""
    from geotrack.render.picture.figure import figure

    try:
        drawn = figure(choose(content, "slices"), ".png", width=f"{WIDTH}px", dpi=96 * SHARP)
    except GeotrackError:  # letters that no font has
        return b""
    return lighter(drawn)


def lighter(png: bytes) -> bytes:
    """Return a PNG with a table of colours, about a third of the size: a notebook holds it twice."""
    import numpy as np
    from PIL import Image, PngImagePlugin

    with Image.open(BytesIO(png)) as file:
        reel = record([np.asarray(file.convert("RGB"))])
        about, resolution = dict(file.text), file.info["dpi"]  # type: ignore[attr-defined]
    table = choose_colours(reel, MOST_COLOURS)
    places = nearest(reel, table)[reel.first]
    image = Image.frombytes("P", (reel.width, reel.height), places.tobytes())
    image.putpalette(rgb(table).tobytes())
    texts = PngImagePlugin.PngInfo()
    for key in sorted(about):
        texts.add_itxt(key, about[key])
    made = BytesIO()
    image.save(made, "PNG", optimize=True, dpi=resolution, pnginfo=texts)
    return made.getvalue()


def alt_of(content: Content) -> str:
    """Return the alternative text of the opening slice."""
    from geotrack.captions.captions import alt_text

    return alt_text(choose(content, "slices"))


def table(content: Content) -> str:
    """Return the opening slice in plain text: highest first, the remainder, the source."""
    from geotrack.captions.captions import source_line
    from geotrack.captions.notes import name_of, subtitle

    view = choose(content, "slices")
    rows = _rows(view)
    rest = [*rest_of(view, content.opening, told=len(rows) <= MOST_ROWS), *_overall(view)]
    cells = [(one_line(name), one_line(value)) for name, value in [*rows[:MOST_ROWS], *rest]]
    wide = max((columns_of(name) for name, _ in cells), default=0)
    right = max((columns_of(value) for _, value in cells), default=0)
    lines = [
        f"  {name}{' ' * (wide - columns_of(name))}  {' ' * (right - columns_of(value))}{value}"
        for name, value in cells
    ]
    unsummed = [one_line(text) for text in no_sum(view.layer.metric, content.lang)]
    more = [f"  … +{len(rows) - MOST_ROWS}"] if len(rows) > MOST_ROWS else []
    named = len(cells) - len(rest)
    body = [*lines[:named], *more, *([""] if rest or unsummed else []), *lines[named:], *unsummed]
    colon = joint("colon", content.lang)
    when = one_line(name_of(content, content.opening) + colon + subtitle(view))
    return "\n".join([one_line(content.title), when, "", *body, "", one_line(source_line(content))])


def _rows(view: View) -> list[tuple[str, str]]:
    """The figures of units that have a place on the map, highest first; those beside them last."""
    from geotrack.captions.notes import value_text

    content, layer, t = view.content, view.layer, view.slices[0]

    def beside(u: int) -> bool:
        return not layer.status[u, t] and int(layer.bound_status[u, t]) in (DERIVED, LOWER_BOUND)

    there = [u for u, unit in enumerate(content.units) if unit.members and layer.cell(u, t)[1]]
    there.sort(key=lambda u: (not layer.status[u, t], -layer.values[u, t], content.units[u].name))
    cells = [(u, value_text(content, layer, *layer.cell(u, t), 2)) for u in there]
    return [
        (content.units[u].name, said(content.lang, "shift", "derived", value=told) if beside(u) else told)
        for u, told in cells
    ]


def _overall(view: View) -> list[tuple[str, str]]:
    """The overall figure that a source states of rates: no row among the regions, and no sum of them."""
    from geotrack.captions.notes import value_text

    content, layer, t = view.content, view.layer, view.slices[0]
    if layer.metric.adds_up:
        return []
    return [
        (unit.name, value_text(content, layer, *layer.cell(u, t), 2))
        for u, unit in enumerate(content.units)
        if unit.kind == "whole" and layer.status[u, t]
    ]
