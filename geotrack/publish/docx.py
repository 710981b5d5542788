"""A Word document of one picture with its caption, written as the parts that a .docx is."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from xml.sax.saxutils import escape, quoteattr

from geotrack.captions.card import Card
from geotrack.language.text import plain

EMU = 914_400  # English metric units in an inch
WIDE = 6.3  # inches between the margins of an A4 page
NAMES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
}
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
OFFICE = NAMES["r"]
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def docx(card: Card, png: bytes, link: str = "") -> bytes:
    """Return a .docx with a picture, its alt text, its caption and a link to the full map.

    The same input gives the same bytes: no date stands in it.

    Parameters
    ----------
    png : the picture; its size is read from it.
    link : absolute address of the full map; no link if "".
    """
    parts = {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relations({"rId1": ("officeDocument", "word/document.xml")}).replace(
            "</Relationships>",
            f'<Relationship Id="rId2" Type="{CORE}" Target="docProps/core.xml"/></Relationships>',
        ),
        "docProps/core.xml": _core(card),
        "word/_rels/document.xml.rels": _relations(
            {"rId1": ("styles", "styles.xml"), "rId2": ("image", "media/image1.png")}
            | ({"rId3": ("hyperlink", link)} if link else {})
        ),
        "word/styles.xml": _styles(card.lang),
        "word/document.xml": _document(card, _size(png), link),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(_entry(name), text.encode("utf-8"))
        archive.writestr(_entry("word/media/image1.png"), png)
    return out.getvalue()


CORE = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
CORE_NAMES = 'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3  # the same on every system
    return entry


def _size(png: bytes) -> tuple[int, int]:
    """Width and height on paper, in EMU, of a picture as wide as the text."""
    wide, high = struct.unpack(">II", png[16:24])
    return round(WIDE * EMU), round(WIDE * EMU * high / wide)


def _types() -> str:
    rows = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>'
        for name, kind in [
            ("word/document.xml", f"{WORD}.document.main+xml"),
            ("word/styles.xml", f"{WORD}.styles+xml"),
            ("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
        ]
    )
    usual = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="png" ContentType="image/png"/>'
    )
    return f'{HEAD}<Types xmlns="{TYPES}">{usual}{rows}</Types>'


def _relations(rows: dict[str, tuple[str, str]]) -> str:
    lines = "".join(
        f'<Relationship Id="{id}" Type="{OFFICE}/{kind}" Target={quoteattr(target)}'
        f"{' TargetMode={}'.format(quoteattr('External')) if kind == 'hyperlink' else ''}/>"
        for id, (kind, target) in rows.items()
    )
    return f'{HEAD}<Relationships xmlns="{RELATIONS}">{lines}</Relationships>'


def _core(card: Card) -> str:
    return (
        f"{HEAD}<cp:coreProperties {CORE_NAMES} "
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{_text(card.title)}</dc:title>'
        f"<dc:creator>geotrack</dc:creator><dc:language>{_text(card.lang)}</dc:language></cp:coreProperties>"
    )


def _styles(lang: str) -> str:
    return (
        f'{HEAD}<w:styles xmlns:w="{NAMES["w"]}"><w:docDefaults><w:rPrDefault><w:rPr>'
        f'<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri"/><w:sz w:val="22"/>'
        f"<w:lang w:val={quoteattr(lang)}/></w:rPr></w:rPrDefault></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Caption"><w:name w:val="caption"/><w:basedOn w:val="Normal"/>'
        '<w:pPr><w:spacing w:before="80" w:after="200"/></w:pPr><w:rPr><w:color w:val="404040"/>'
        '<w:sz w:val="19"/></w:rPr></w:style><w:style w:type="character" w:styleId="Hyperlink">'
        '<w:name w:val="Hyperlink"/><w:rPr><w:color w:val="0563C1"/><w:u w:val="single"/></w:rPr>'
        "</w:style></w:styles>"
    )


def _document(card: Card, size: tuple[int, int], link: str) -> str:
    names = " ".join(f'xmlns:{key}="{url}"' for key, url in NAMES.items())
    said = f'<w:r><w:t xml:space="preserve">{_text(f"{card.caption} {card.source}".strip())}</w:t></w:r>'
    more = (
        '<w:r><w:t xml:space="preserve"> </w:t></w:r><w:hyperlink r:id="rId3">'
        '<w:r><w:rPr><w:rStyle w:val="Hyperlink"/>'
        f"</w:rPr><w:t>{_text(card.more)}</w:t></w:r></w:hyperlink>"
    )
    return (
        f"{HEAD}<w:document {names}><w:body>"
        f"<w:p><w:pPr><w:keepNext/></w:pPr><w:r>{_drawing(card, size)}</w:r></w:p>"
        f'<w:p><w:pPr><w:pStyle w:val="Caption"/></w:pPr>{said}{more if link else ""}</w:p>'
        '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1417" w:right="1417" w:bottom="1417" '
        'w:left="1417" w:header="708" w:footer="708" w:gutter="0"/></w:sectPr></w:body></w:document>'
    )


def _drawing(card: Card, size: tuple[int, int]) -> str:
    wide, high = size
    alt, title = quoteattr(_clean(card.alt)), quoteattr(_clean(card.title))
    return (
        f'<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{wide}" cy="{high}"/>'
        f'<wp:docPr id="1" name="Picture 1" descr={alt} title={title}/><a:graphic>'
        f'<a:graphicData uri="{NAMES["pic"]}"><pic:pic><pic:nvPicPr>'
        f'<pic:cNvPr id="1" name="image1.png" descr={alt}/><pic:cNvPicPr/></pic:nvPicPr>'
        '<pic:blipFill><a:blip r:embed="rId2"/><a:stretch><a:fillRect/></a:stretch>'
        f'</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing>"
    )


def _text(text: str) -> str:
    return escape(_clean(text))


def _clean(text: str) -> str:
    """In one line, without the characters that XML cannot hold."""
    return re.sub(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]", "", plain(text))
