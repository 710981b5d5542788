"""A report as PDF: pandoc turns it into Typst's markup, Typst sets it; no browser, fonts embedded, tagged."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from geotrack.errors import OutputError, SpecError
from geotrack.publish.report.document import OPEN, Document, said
from geotrack.publish.report.formats.html import byline
from geotrack.publish.report.formats.pandoc import convert, pages
from geotrack.publish.report.formats.prose import STATIC
from geotrack.version import version

WIDTH = "156mm"
"""Of the text's column, see report.typ."""


_READ_LATER = ("#table(", "image(")
"""What is looked for in pandoc's markup: in a text it is kept apart by a character that no text has."""


def typeset(document: Document) -> bytes:
    """Return the report as .pdf; the same report gives the same bytes.

    Raises
    ------
    SpecError : the extra "pdf" is not installed. OutputError : pandoc or Typst failed.
    """
    try:
        import typst
    except ImportError as error:
        raise SpecError(
            "PDF needs typst, which is not installed; run: pip install 'geotrack[pdf]'"
        ) from error
    html, files = pages(document, ".svg", WIDTH)
    for word in _READ_LATER:  # no call of Typst's, but a text that shows one
        html = html.replace(word, f"{word[0]}{OPEN}{word[1:]}")
    body = convert(html, "typst", ["--wrap=preserve"], files, "pdf").decode("utf-8")
    text = "\n".join(
        [_facts(document), (STATIC / "report.typ").read_text(encoding="utf-8"), _told(body, document)]
    )
    sources = {"main": text.encode("utf-8"), **files}
    own: dict[str, Any] = {"font_paths": [str(_fonts())], "ignore_system_fonts": document.meta.lang == "en"}
    try:
        setting: Any = typst.compile  # its types leave out that it takes several files
        return _compiled(lambda **more: setting(sources, format="pdf", timestamp=0, **own, **more))
    except RuntimeError as error:  # typst.TypstError is one
        raise OutputError(f"Typst could not set the report: {error}") from error


def _compiled(compile: Callable[..., Any]) -> bytes:
    """Set it as PDF/UA, for readers who listen; where headings skip a level that is not to be had."""
    try:
        return bytes(compile(pdf_standards="ua-1"))
    except RuntimeError as error:
        if "PDF/UA" not in str(error):
            raise
        return bytes(compile())


def _facts(document: Document) -> str:
    """What the page's design is told, as Typst's own values: text can be no code there."""
    meta = document.meta
    facts = {
        "title": meta.title, "subtitle": meta.subtitle, "byline": byline(document), "author": meta.author,
        "language": meta.lang, "description": meta.description,
        "made": said(meta.lang, "madeWith", version=version()),
    }  # fmt: skip
    return "\n".join(f"#let {name} = {_string(text)}" for name, text in facts.items())


def _told(body: str, document: Document) -> str:
    """Give each picture its alt text, which pandoc leaves out, and each table the column's whole width."""
    body = body.replace("align(center)[#table(", "align(left)[#table(")
    body = re.sub(
        r"(#table\(\s*columns: )(\d+),", lambda found: f"{found[1]}({_columns(int(found[2]))}),", body
    )
    alts = iter([exhibit.alt for exhibit in document.exhibits if exhibit.kind != "table"])
    body = re.sub(
        r'image\(("picture-\d+\.svg")', lambda found: f"image({found[1]}, alt: {_string(next(alts))}", body
    )
    return body.replace(OPEN, "")


def _columns(count: int) -> str:
    return ", ".join(["1fr", *["auto"] * (count - 1)]) + ("," if count == 1 else "")


def _string(text: str) -> str:
    """Write a text as Typst writes one."""
    return json.dumps(text, ensure_ascii=False)


def _fonts() -> Path:
    import font_source_sans_pro

    return Path(str(font_source_sans_pro.font_directory))
