"""A Word document of one picture with its caption."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import Any

from geotrack.captions.card import Card
from geotrack.files import EARLIEST
from geotrack.language.text import plain
from geotrack.publish.packed import settled

WIDE = 6.3  # inches between the margins of an A4 page
MARGIN = (210 - WIDE * 25.4) / 2
LONGEST = 255
"""Characters of a title among a document's facts: more than these Word does not take."""


def docx(card: Card, png: bytes, link: str = "") -> bytes:
    """Return a .docx with a picture, its alt text, its caption and a link to the full map.

    The same input gives the same bytes: no clock stands in it.

    Parameters
    ----------
    link : absolute address of the full map; no link if "".
    """
    import docx as library

    made = library.Document()
    _set_out(made, card.lang)
    _placed(made, card, png)
    said = made.add_paragraph(_clean(f"{card.caption} {card.source}".strip()), style="Caption")
    if link:
        said.add_run(" ")
        _linked(said, _clean(card.more), link)
    facts = made.core_properties
    facts.title, facts.author, facts.language = _clean(card.title)[:LONGEST], "geotrack", card.lang
    facts.comments = ""  # of the library's own document
    facts.created = facts.modified = datetime(*EARLIEST)
    out = io.BytesIO()
    made.save(out)
    return settled(out.getvalue())


def _set_out(made: Any, lang: str) -> None:
    """Make the library's empty document an A4 page in our letters and language, without its thumbnail."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor

    page = made.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(MARGIN)
    for language in made.styles.element.iter(qn("w:lang")):
        for letters in ("w:val", "w:eastAsia"):
            language.set(qn(letters), lang)
    usual, caption = made.styles["Normal"], made.styles["Caption"]
    usual.font.name, usual.font.size = "Calibri", Pt(11)
    caption.font.size, caption.font.bold, caption.font.color.rgb = Pt(9.5), False, RGBColor(0x40, 0x40, 0x40)
    caption.paragraph_format.space_before, caption.paragraph_format.space_after = Pt(4), Pt(10)
    related = made.part.package.rels
    for id in [id for id, one in related.items() if one.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del related[id]


def _placed(made: Any, card: Card, png: bytes) -> None:
    from docx.shared import Inches

    line = made.add_paragraph()
    line.paragraph_format.keep_with_next = True
    picture = line.add_run().add_picture(io.BytesIO(png), width=Inches(WIDE))._inline
    for properties in (picture.docPr, picture.graphic.graphicData.pic.nvPicPr.cNvPr):
        properties.set("descr", _clean(card.alt))
    picture.docPr.set("title", _clean(card.title))


def _linked(line: Any, text: str, url: str) -> None:
    """End a paragraph with a link; the library reads links, but has no words to make one."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    link: Any = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), line.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = line.add_run(text)
    run.font.underline, run.font.color.rgb = True, RGBColor(0x05, 0x63, 0xC1)
    link.append(run._r)
    line._p.append(link)


def _clean(text: str) -> str:
    """In one line, without the characters that XML cannot hold."""
    return re.sub(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]", "", plain(text))
