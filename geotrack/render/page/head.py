"""What a page says of itself to whoever links it: Open Graph, Twitter card, oEmbed."""

from __future__ import annotations

from markupsafe import Markup

from geotrack.captions import captions
from geotrack.map import views
from geotrack.map.content import Content
from geotrack.render.page import hosting


def tags(content: Content) -> Markup:
    """Return the tags for a page's head; those that need an address are there only if it is known.

    They ask for nothing: a link that is no stylesheet and a meta tag are read by others only.
    """
    view = views.choose(content, "slices")
    title, caption = content.title, content.description or captions.alt_text(view)
    found = [
        _meta("property", "og:type", "article"),
        _meta("property", "og:title", title),
        _meta("property", "og:description", caption),
        _meta("property", "og:locale", content.lang.replace("-", "_")),
        _meta("name", "twitter:card", "summary_large_image" if content.url else "summary"),
        _meta("name", "twitter:title", title),
        _meta("name", "twitter:description", caption),
    ]
    if content.url:
        found += _placed(content, captions.alt_text(view))
    return Markup("\n").join(found)


def _placed(content: Content, alt: str) -> list[Markup]:
    page = hosting.page(content.url, content.id)
    picture = hosting.file(content.url, content.id, ".og.png")
    oembed = hosting.file(content.url, content.id, ".oembed.json")
    link = Markup('<link rel="alternate" type="application/json+oembed" href="{}" title="{}">')
    return [
        _meta("property", "og:url", page),
        _meta("property", "og:image", picture),
        _meta("property", "og:image:type", "image/png"),
        _meta("property", "og:image:width", str(hosting.PICTURE[0])),
        _meta("property", "og:image:height", str(hosting.PICTURE[1])),
        _meta("property", "og:image:alt", alt),
        _meta("name", "twitter:image", picture),
        _meta("name", "twitter:image:alt", alt),
        Markup('<link rel="canonical" href="{}">').format(page),
        link.format(oembed, content.title),
    ]


def _meta(kind: str, name: str, text: str) -> Markup:
    return Markup('<meta {}="{}" content="{}">').format(Markup(kind), name, text)
