"""A report as one HTML file: text to read, maps that move in frames of their own, pictures inline."""

from __future__ import annotations

import base64
from dataclasses import replace

from markupsafe import Markup

from geotrack import messages
from geotrack.document import Document, Exhibit
from geotrack.render import assets
from geotrack.render.block import aspect, version
from geotrack.render.html import CSP, page
from geotrack.render.prose import caption, entry, prose, table


def article(document: Document) -> str:
    """Return the report's page; it asks no host for anything."""
    meta = document.meta
    css = (assets.STATIC / "report.css").read_text(encoding="utf-8")
    text = (
        assets.templates()
        .get_template("report.html.j2")
        .render(
            meta=meta,
            lang=meta.lang,
            csp=CSP,
            css=Markup(assets.lean(css)),
            byline=byline(document),
            text=prose(document, lambda exhibit: _drawn(exhibit, document)),
            as_of=document.as_of,
            sources=[entry(source, document) for source in document.sources],
            words=document.words,
            made=messages.said(meta.lang, "report", "madeWith", version=version()),
            scripts=_scripts(document),
            version=version(),
        )
    )
    return text + "\n"


def byline(document: Document) -> str:
    """Return who wrote it, and when: as the front matter says."""
    meta = document.meta
    author = messages.said(meta.lang, "report", "byAuthor", author=meta.author) if meta.author else ""
    return " · ".join(filter(None, (author, meta.date)))


def _drawn(exhibit: Exhibit, document: Document) -> Markup:
    if exhibit.kind == "table":
        # a region that scrolls must be reached by keyboard
        return Markup('<div class="scroll wide" role="group" aria-label="{}" tabindex="0">\n{}\n</div>\n').format(
            exhibit.label, table(exhibit, document)
        )
    shown = _map(exhibit) if exhibit.kind == "map" else _picture(exhibit)
    return Markup('<figure id="{}">\n{}\n<figcaption dir="auto">{}</figcaption>\n</figure>\n').format(
        exhibit.id, shown, caption(exhibit, document)
    )


def _map(exhibit: Exhibit) -> Markup:
    assert exhibit.view is not None
    content = replace(exhibit.view.content, layout="compact")
    return Markup(
        '<iframe srcdoc="{}" title="{}" loading="lazy" sandbox="allow-scripts allow-downloads allow-popups" '
        'style="height:{}px"></iframe>'
    ).format(page(content), exhibit.alt, round(900 / aspect(content)) + 300)


def _picture(exhibit: Exhibit) -> Markup:
    from geotrack.render.figure import figure

    assert exhibit.view is not None
    content = figure(exhibit.view, ".svg", **exhibit.options)  # type: ignore[arg-type]
    data = base64.b64encode(content).decode("ascii")
    return Markup('<img class="paper" src="data:image/svg+xml;base64,{}" alt="{}">').format(data, exhibit.alt)


def _scripts(document: Document) -> Markup:
    return Markup("")
