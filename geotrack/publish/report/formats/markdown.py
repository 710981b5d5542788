"""A report as Markdown, with its pictures and interactive maps as files beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from geotrack.language import catalogue
from geotrack.publish.escaping import escaped
from geotrack.publish.report.citations import brackets, words_of
from geotrack.publish.report.document import TOKEN, Cite, Document, Exhibit, Link, Piece, Source, said
from geotrack.publish.report.formats.html import byline
from geotrack.publish.report.formats.links import plain_markdown
from geotrack.render.page.block import link
from geotrack.render.page.html import page
from geotrack.version import version

WIDTH = "160mm"
"""Of the pictures; at 300 dots an inch that is enough for a wide screen."""


def markdown(document: Document, folder: str) -> tuple[str, Mapping[str, str | bytes]]:
    """Return the text, and the files that it shows by name.

    Parameters
    ----------
    folder : name of the folder beside the text in which the files will stand.
    """
    files: dict[str, str | bytes] = {}

    def placed(piece: Piece) -> str:
        if isinstance(piece, Cite):
            return _cited(piece, document)
        if isinstance(piece, Exhibit):
            return (
                _table(piece, document) if piece.kind == "table" else _picture(piece, document, folder, files)
            )
        if isinstance(piece, Link):
            return f"[{escaped(piece.text)}](<{link(piece.url)}>)" if link(piece.url) else escaped(piece.text)
        return f"[{escaped(document.label(piece))}](#{piece.id})"

    own = plain_markdown(document.text)
    body = TOKEN.sub(lambda match: placed(document.pieces[int(match[1])]), own)
    text = "\n\n".join(part for part in (*_head(document), body.strip(), *_foot(document)) if part)
    return _spaced(text), files


def _head(document: Document) -> list[str]:
    meta = document.meta
    line = byline(document)
    return [
        f"# {escaped(meta.title)}" if meta.title else "",
        escaped(meta.subtitle) and f"**{escaped(meta.subtitle)}**",
        escaped(line),
    ]


def _foot(document: Document) -> list[str]:
    words = document.words
    entries = "\n".join(f"{source.number}. {_entry(source, document)}" for source in document.sources)
    made = said(document.meta.lang, "madeWith", version=version())
    return [
        f"**{escaped(words['asOf'])}** {escaped(document.as_of)}",
        f"## {escaped(words['sources'])}" if entries else "",
        entries,
        escaped(made),
    ]


def _entry(source: Source, document: Document) -> str:
    origin, lang = source.origin, document.meta.lang
    address = f"<{link(origin.url)}>" if link(origin.url) and ">" not in origin.url else escaped(origin.url)
    stop = catalogue.joint("stop", lang)
    parts = [f"{escaped(origin.publisher.rstrip('.'))}{stop} *{escaped(origin.title)}*{stop}"]
    parts += [escaped(said(lang, "published", date=origin.published))] if origin.published else []
    parts += [f"{address}{stop}", escaped(said(lang, "licence", licence=origin.licence))]
    parts += [escaped(said(lang, "retrieved", date=origin.retrieved))] if origin.retrieved else []
    parts += [escaped(said(lang, "sha256", hash=origin.sha256[:12]))] if origin.sha256 else []
    return f'<a id="source-{source.number}"></a>' + " ".join(parts)


def _cited(cite: Cite, document: Document) -> str:
    before, after = brackets(document)
    parts = [f"[{escaped(text)}](#source-{number})" for text, number in words_of(cite, document)]
    return escaped(before) + ("; " if before == "(" else ", ").join(parts) + escaped(after)


def _caption(exhibit: Exhibit, document: Document) -> str:
    sources = f" {_cited(Cite(exhibit.origins), document)}" if exhibit.origins else ""
    stop = catalogue.joint("stop", document.meta.lang)
    return f"**{escaped(exhibit.label)}{stop}** {escaped(exhibit.caption)}{sources}"


def _picture(exhibit: Exhibit, document: Document, folder: str, files: dict[str, str | bytes]) -> str:
    from geotrack.publish.report.formats.picture import picture

    name = f"{folder}/{exhibit.id}.png"
    files[name] = picture(exhibit, ".png", WIDTH)
    lines = [
        f'<a id="{exhibit.id}"></a>',
        f"![{escaped(exhibit.alt)}]({_address(name)})",
        _caption(exhibit, document),
    ]
    if exhibit.kind == "map" and exhibit.view is not None:
        target = exhibit.link or f"{folder}/{exhibit.id}.html"
        if not exhibit.link:
            files[target] = page(exhibit.view.content)
        lines.append(f"[{escaped(document.words['interactive'])}]({_address(target)})")
    return "\n\n".join(lines)


def _table(exhibit: Exhibit, document: Document) -> str:
    shown = exhibit.table
    assert shown is not None
    marks = ["---", *["---:"] * (len(shown.head) - 1)]
    rows = [_row([escaped(cell) for cell in shown.head]), _row(marks)]
    rows += [_row([escaped(cell) for cell in row]) for row in shown.rows]
    return "\n\n".join([f'<a id="{exhibit.id}"></a>{_caption(exhibit, document)}', "\n".join(rows)])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _address(target: str) -> str:
    """A link's target, whatever its name holds."""
    return f"<{target}>" if " " in target or "(" in target else target


def _spaced(text: str) -> str:
    """One empty line between blocks, and one at the end of the file."""
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.strip("\n") + "\n"
