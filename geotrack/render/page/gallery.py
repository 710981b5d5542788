"""The gallery: one page that links the finished maps, each with a small picture of its opening slice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from geotrack.geo.boundaries import svg_paths
from geotrack.language.catalogue import said, words_of
from geotrack.map.classes import class_of, speakers
from geotrack.map.content import Content
from geotrack.render.page import policy
from geotrack.render.page.assets import templates
from geotrack.version import version

WIDTH, HEIGHT = 360, 190


def gallery(contents: Sequence[Content], stories: Sequence[Mapping[str, str]] = ()) -> str:
    """Return index.html for maps that lie beside it as <id>.html.

    Parameters
    ----------
    contents : the maps, in the order in which they are listed.
    stories : of reports that lie beside the maps, their id, title and description.
    """
    lang = contents[0].lang if len({content.lang for content in contents}) == 1 else "en"
    first = sorted(contents, key=lambda c: c.id != "shift")  # the flagship leads
    text = (
        templates()
        .get_template("gallery.html.j2")
        .render(
            cards=[_card(content) for content in first],
            stories=stories,
            csp=policy.PLACE,
            lang=lang,
            words={key: _plain(str(text)) for key, text in words_of(lang, "more").items()},
            joints=words_of(lang, "joints"),
            version=version(),
            made=_plain(said(lang, "more", "galleryMade", version=version())),
        )
    )
    return policy.stated(text) + "\n"


def _plain(text: str) -> Markup:
    """Escape a message; its apostrophes stay as they are."""
    return Markup(str(escape(text)).replace("&#39;", "'"))


def _card(content: Content) -> dict[str, Any]:
    return {
        "href": f"{content.id}.html",
        "title": content.title,
        "description": content.description,
        "period": _period(content),
        "publishers": list(dict.fromkeys(o.publisher for o in content.origins)),
        "sentence": content.layers[0].sentences[content.opening],
        "picture": picture(content, content.opening),
    }


def _period(content: Content) -> str:
    ends = {"start": content.slices[0].label, "end": content.slices[-1].label}
    return said(content.lang, "period", "span", **ends)


def picture(content: Content, t: int) -> Markup:
    """Return a small SVG of one slice; colours by class, so that the page's theme decides them."""
    shapes = content.boundaries
    drawn = svg_paths(shapes, WIDTH, HEIGHT, bounds=content.bounds)
    paths = {code: d for code, d in drawn.items() if code != "ATA"}
    classes = _classes(content, t)
    light, dark = content.layers[0].light, content.layers[0].dark
    marks = [
        Markup('<path d="{}"{}/>').format(d, _fill(classes.get(code), light, dark))
        for code, d in paths.items()
    ]
    return Markup('<svg viewBox="0 0 {} {}" role="img" aria-label="{}" class="thumb">{}</svg>').format(
        WIDTH,
        HEIGHT,
        said(content.lang, "more", "galleryPicture", sentence=content.layers[0].sentences[t]),
        Markup("").join(marks),
    )


def _fill(number: int | None, light: Sequence[str], dark: Sequence[str]) -> Markup:
    if number is None:
        return Markup("")
    return Markup(' style="--l:{};--d:{}"').format(light[number], dark[number])


def _classes(content: Content, t: int) -> dict[str, int]:
    """Return the class of each region that has a value in the slice, aggregates spread over their members."""
    layer, codes = content.layers[0], content.boundaries.codes
    who = enumerate(speakers(content, layer, t).tolist())
    return {codes[i]: class_of(layer, float(layer.values[u, t])) for i, u in who if u >= 0}
