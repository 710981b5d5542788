"""A report as one HTML file: text to read, maps that move in frames of their own, pictures inline."""

from __future__ import annotations

import re
from dataclasses import replace

from markupsafe import Markup

from geotrack.map.content import aspect
from geotrack.publish.report.document import Document, Exhibit, said
from geotrack.publish.report.formats.picture import picture
from geotrack.publish.report.formats.prose import STATIC, caption, entry, prose, table
from geotrack.publish.web_pieces import FOLLOW, RIGHTS
from geotrack.render.page import assets, policy
from geotrack.render.page.html import page
from geotrack.version import version

WIDE, NARROW = "183mm", "89mm"
"""Of pictures on wide screens and on phones."""


def article(document: Document) -> str:
    """Return the report's page; it asks no host for anything."""
    meta = document.meta
    scripts, frames = _scripts(document), list[Markup]()

    def drawn(exhibit: Exhibit) -> Markup:
        frames.append(_drawn(exhibit, document))
        return frames[-1]

    css = (STATIC / "report.css").read_text(encoding="utf-8")
    text = (
        assets.templates(STATIC)
        .get_template("report.html.j2")
        .render(
            meta=meta,
            lang=meta.lang,
            csp=policy.PLACE,
            css=Markup(css),
            byline=byline(document),
            text=prose(document, drawn),
            as_of=document.as_of,
            sources=[entry(source, document) for source in document.sources],
            words=document.words,
            made=said(meta.lang, "madeWith", version=version()),
            scripts=scripts,
            version=version(),
        )
    )
    return policy.stated(text, scripts, "".join(frames)) + "\n"


def byline(document: Document) -> str:
    """Return who wrote it, and when: as the front matter says."""
    meta = document.meta
    author = said(meta.lang, "byAuthor", author=meta.author) if meta.author else ""
    return " · ".join(filter(None, (author, meta.date)))


def _drawn(exhibit: Exhibit, document: Document) -> Markup:
    if exhibit.kind == "table":
        # a region that scrolls must be reached by keyboard
        return Markup('<div class="scroll" role="group" aria-label="{}" tabindex="0">\n{}\n</div>\n').format(
            exhibit.label, table(exhibit, document)
        )
    shown = _map(exhibit) if exhibit.kind == "map" else _picture(exhibit)
    head = document.words["inWords"]
    words = Markup("<details><summary>{}</summary>{}</details>").format(head, exhibit.long)
    return Markup('<figure id="{}">\n{}\n<figcaption dir="auto">{}{}</figcaption>\n</figure>\n').format(
        exhibit.id, shown, caption(exhibit, document), words
    )


def _map(exhibit: Exhibit) -> Markup:
    """A frame that carries the whole map; a few lines of script let it be as high as the map asks for."""
    assert exhibit.view is not None
    content = replace(exhibit.view.content, layout="compact")
    return Markup(
        '<iframe data-geotrack="{}" srcdoc="{}" title="{}" loading="lazy" sandbox="{}" '
        'style="aspect-ratio:{};min-height:480px"></iframe>'
    ).format(content.id, page(content), exhibit.alt, RIGHTS, round(900 / (900 / aspect(content) + 300), 2))


def _picture(exhibit: Exhibit) -> Markup:
    """A picture, and one for narrow screens, where three maps side by side would be too small."""
    wide, narrow = _address(picture(exhibit, ".svg", WIDE)), _address(picture(exhibit, ".svg", NARROW, 1))
    return Markup(
        '<picture><source media="(max-width: 34em)" srcset="{}">'
        '<img class="paper" src="{}" alt="{}"></picture>'
    ).format(narrow, wide, exhibit.alt)


def _address(svg: bytes) -> Markup:
    """An SVG as an address that carries it: text, of which the few characters with a meaning are escaped."""
    text = svg.decode("utf-8")
    meant = [each for each in set(text) if each in '%#<>"&' or re.match(r"\s", each)]
    for each in sorted(meant, key="%".__ne__):  # the sign that escapes first
        text = text.replace(each, "".join(f"%{b:02X}" for b in each.encode()))
    return Markup(f"data:image/svg+xml;charset=utf-8,{text}")


def _scripts(document: Document) -> Markup:
    if not any(exhibit.kind == "map" for exhibit in document.exhibits):
        return Markup("")
    follow = FOLLOW.read_text(encoding="utf-8")
    return Markup("<script>\n{}\n</script>").format(assets.script(follow))
