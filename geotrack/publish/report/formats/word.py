"""A report as a Word file: headings, captions and alt texts that Word knows as such, in styles of our own."""

from __future__ import annotations

import re

from geotrack.publish.packed import settled
from geotrack.publish.report.document import Document
from geotrack.publish.report.formats.pandoc import convert, pages
from geotrack.publish.report.formats.prose import STATIC

WIDTH = "164mm"
"""Of the text's column on an A4 page, see `A4`."""
MOMENT = "1980-01-01T00:00:00Z"
"""When a Word file says it was made; see `files.EARLIEST`."""

A4 = (
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1247" w:right="1304" w:bottom="1247" w:left="1304" '
    'w:header="708" w:footer="708" w:gutter="0"/>'
)
GAP = '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="200" w:lineRule="exact"/></w:pPr></w:p>'
"""Between a table and what follows: Word knows no space below a table."""

STYLE = re.compile(r'<w:style\b[^>]*w:styleId="([^"]+)".*?</w:style>', re.DOTALL)


def word(document: Document) -> bytes:
    """Return the report as .docx; the same report gives the same bytes.

    Raises
    ------
    SpecError : the extra "word" is not installed. OutputError : pandoc failed.
    """
    meta = document.meta
    html, files = pages(document, ".png", WIDTH)
    facts = {"title": meta.title, "subtitle": meta.subtitle, "author": meta.author, "date": meta.date}
    options = [f"--metadata={key}:{text}" for key, text in {**facts, "lang": meta.lang}.items() if text]
    return settled(convert(html, "docx", options, files, "word"), PARTS)


def _styles(text: str) -> str:
    """Put our styles in the place of pandoc's."""
    ours = {
        found[1]: found[0]
        for found in STYLE.finditer((STATIC / "word-styles.xml").read_text(encoding="utf-8"))
    }
    return STYLE.sub(lambda found: ours.get(found[1], found[0]), text)


def _core(text: str) -> str:
    return re.sub(r"(<dcterms:(created|modified)[^>]*>)[^<]*", rf"\g<1>{MOMENT}", text)


def _body(text: str) -> str:
    """Tables over the whole width with some space below, and A4 pages."""
    text = re.sub(r'<w:tblW w:type="auto" w:w="0" ?/>', '<w:tblW w:type="pct" w:w="5000" />', text)
    text = text.replace("</w:tbl>", f"</w:tbl>{GAP}")
    return re.sub(r"<w:sectPr\s*/>", "<w:sectPr></w:sectPr>", text).replace("</w:sectPr>", f"{A4}</w:sectPr>")


PARTS = {"word/styles.xml": _styles, "docProps/core.xml": _core, "word/document.xml": _body}
