"""A report's text as HTML: Markdown without raw HTML, each piece in its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from geotrack.errors import SpecError
from geotrack.language import catalogue
from geotrack.publish.report.citations import brackets, words_of
from geotrack.publish.report.document import TOKEN, Cite, Document, Exhibit, Link, Piece, Ref, Source, said
from geotrack.render.page.block import link

STATIC = Path(__file__).parent / "static"
"""Styles and templates of reports."""
ALONE = re.compile(rf"\s*{TOKEN.pattern}\s*")
Draw = Callable[[Exhibit], Markup]


def prose(document: Document, draw: Draw) -> Markup:
    """Return the text as HTML.

    Raw HTML in a template is text, in every format alike: Word and PDF have no use for it, and a page that
    carries none but ours needs no cleaning. Links run no script.

    Parameters
    ----------
    draw : exhibit -> its HTML, the caption included.

    Raises
    ------
    SpecError : a picture by address: a report asks no host and reads no file.
    """
    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    tokens: list[Token] = []
    for token in reader.parse(document.text):
        _refuse_pictures(token)
        tokens.append(token)
    return Markup(reader.renderer.render(_placed(tokens, document, draw), reader.options, {}))


def cited(cite: Cite, document: Document) -> Markup:
    """Return a citation: numbers or authors, each a link into the source list."""
    before, after = brackets(document)
    parts = [Markup('<a href="#source-{}">{}</a>').format(n, text) for text, n in words_of(cite, document)]
    separator = Markup("; ") if before == "(" else Markup(", ")
    return Markup('<span class="cite">{}{}{}</span>').format(before, separator.join(parts), after)


def caption(exhibit: Exhibit, document: Document) -> Markup:
    """Return an exhibit's caption with its number and its sources."""
    sources = Markup(" ") + cited(Cite(exhibit.origins), document) if exhibit.origins else Markup("")
    return Markup('<strong class="label">{}{}</strong> {}{}').format(
        exhibit.label, catalogue.joint("stop", document.meta.lang), exhibit.caption, sources
    )


def table(exhibit: Exhibit, document: Document) -> Markup:
    """Return a table as HTML; a row's first cell is its heading."""
    shown = exhibit.table
    assert shown is not None
    head = Markup('<th scope="col" style="text-align:left">{}</th>').format(shown.head[0]) + Markup("").join(
        Markup('<th scope="col" style="text-align:right">{}</th>').format(cell) for cell in shown.head[1:]
    )
    rows = Markup("\n").join(
        Markup('<tr><th scope="row" dir="auto" style="text-align:left">{}</th>{}</tr>').format(
            row[0],
            Markup("").join(Markup('<td style="text-align:right">{}</td>').format(cell) for cell in row[1:]),
        )
        for row in shown.rows
    )
    return Markup(
        '<table id="{}">\n<caption>{}</caption>\n<thead><tr>{}</tr></thead>\n<tbody>\n{}\n</tbody>\n</table>'
    ).format(exhibit.id, caption(exhibit, document), head, rows)


def entry(source: Source, document: Document) -> Markup:
    """Return an entry of the source list: publisher, title, days, address, licence, hash."""
    origin = source.origin
    address = link(origin.url)
    shown = Markup('<a href="{0}">{0}</a>').format(address) if address else escape(origin.url)
    title = Markup("<cite>{}</cite>").format(origin.title)
    stop = catalogue.joint("stop", document.meta.lang)
    return Markup("{0}{5} {1}{5} {2} {3}{5} {4}").format(
        origin.publisher.rstrip("."), title, *_split(source, document, shown), stop
    )


def _split(source: Source, document: Document, address: Markup) -> tuple[Markup, Markup, Markup]:
    origin, lang = source.origin, document.meta.lang
    published = escape(said(lang, "published", date=origin.published) if origin.published else "")
    words = [said(lang, "licence", licence=origin.licence)]
    words += [said(lang, "retrieved", date=origin.retrieved)] if origin.retrieved else []
    words += [said(lang, "sha256", hash=origin.sha256[:12])] if origin.sha256 else []
    return published, address, escape(" ".join(words))


def _placed(tokens: Sequence[Token], document: Document, draw: Draw) -> list[Token]:
    """Put the pieces in: an exhibit in place of the paragraph that holds it alone, others within the line."""
    found: list[Token] = []
    skip = 0
    for place, token in enumerate(tokens):
        if skip:
            skip -= 1
            continue
        alone = _alone(tokens, place, document)
        if alone is not None:
            found.append(_block(draw(alone)))
            skip = 2
            continue
        if token.type == "inline":
            token.children = [
                part for child in token.children or [] for part in _parts(child, document, draw)
            ]
        found.append(token)
    return found


def _alone(tokens: Sequence[Token], place: int, document: Document) -> Exhibit | None:
    if tokens[place].type != "paragraph_open":
        return None
    match = ALONE.fullmatch(tokens[place + 1].content)
    piece: Piece | None = document.pieces[int(match[1])] if match else None
    return piece if isinstance(piece, Exhibit) else None


def _parts(token: Token, document: Document, draw: Draw) -> list[Token]:
    if token.type != "text" or not TOKEN.search(token.content):
        return [token]
    found: list[Token] = []
    end = 0
    for match in TOKEN.finditer(token.content):
        found += [_text(token, token.content[end : match.start()]), _inline(document, match, draw)]
        end = match.end()
    return [*found, _text(token, token.content[end:])]


def _inline(document: Document, match: re.Match[str], draw: Draw) -> Token:
    piece = document.pieces[int(match[1])]
    if isinstance(piece, Cite):
        return _block(cited(piece, document))
    if isinstance(piece, Ref):
        return _block(Markup('<a class="ref" href="#{}">{}</a>').format(piece.id, document.label(piece)))
    if isinstance(piece, Link):
        shown = Markup('<a href="{}">{}</a>').format(link(piece.url), piece.text)
        return _block(shown if link(piece.url) else escape(piece.text))
    return _block(draw(piece))


def _block(html: Markup) -> Token:
    return Token("html_inline", "", 0, content=str(html))


def _text(like: Token, content: str) -> Token:
    return Token("text", "", 0, content=content, level=like.level)


def _refuse_pictures(token: Token) -> None:
    pictures: list[Any] = [child for child in token.children or [] if child.type == "image"]
    if pictures:
        line = (token.map or [0])[0] + 1
        raise SpecError(
            f"near line {line} of the text: a picture by address, {pictures[0].attrs.get('src')!r}, which a "
            "report in one file cannot carry; show pictures with figure() and map()"
        )
