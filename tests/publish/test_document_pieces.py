"""Pieces for documents: what a Markdown or LaTeX reader makes of them, hostile words included."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from functools import partial
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from geotrack.captions.card import Card
from geotrack.language.text import one_line
from geotrack.publish import document_pieces
from geotrack.publish.docx import docx
from geotrack.publish.escaping import escaped

CARD = Card("shift", "Title", "Share of 5 %.", "Map: China 5 %", "Source: X (CC BY 4.0).", publishers=("X",))
HOSTILE = [
    "<script>alert(1)</script>", "a & b &amp; &lt;", "_em_ *em* **b** ~~s~~ `code`",
    "[x](javascript:alert(1))", "![x](y.png)", "| a | b |",
    "https://evil.example/x www.evil.example mail@evil.example", "# no heading", "1. no list", "- no list",
    "+ no list", "\\input{/etc/passwd} \\write18{x}", "$x^2$ %comment #1 {brace} }unbalanced{",
    "line\nbreak\r\n\ttab", "\u202eabc\u202c \u2066x\u2069 שלום", "\x00\x07\x1b[31m", "]({", "a]b(c)d",
    "``x``", "![](", "~", "^", "\"", "'", "\\", "= rule", "> quote", ": term", "\\\\", "<!-- c -->",
    "&#60;b&#62;", "two  spaces",
]  # fmt: skip


def github():
    """A reader with GitHub's tables and strike-through."""
    return MarkdownIt("gfm-like", {"html": True, "linkify": False})


def tokens(text):
    flat = []
    for token in github().parse(text):
        flat += [token, *(token.children or [])]
    return flat


def shown(text):
    """The text that a reader of the rendered Markdown sees."""
    return "".join(
        t.content for t in tokens(text) if t.type in {"text", "code_inline", "html_inline", "html_block"}
    )


def cleaned(text):
    return " ".join(one_line(text).split()).replace("\u2060", "")


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_shows_hostile_words_as_they_are(text):
    card = replace(CARD, caption=text, alt=text, source="S.")
    piece = document_pieces.markdown(card, "pic.png", "https://example.org/a_(b).html")
    found = tokens(piece)
    kinds = [t.type for t in found]
    assert kinds.count("image") == 1
    assert kinds.count("link_open") == 2  # the picture's, and the one after the caption
    assert {t.attrGet("href") for t in found if t.type == "link_open"} == {
        "https://example.org/a_%28b%29.html"
    }
    assert kinds.count("paragraph_open") == 2
    assert not {
        "html_inline",
        "html_block",
        "em_open",
        "strong_open",
        "s_open",
        "code_inline",
        "table_open",
        "heading_open",
    } & set(kinds)
    assert shown(piece).replace("\u2060", "") == f"{cleaned(text)} S. Full map".strip()
    [image] = [t for t in found if t.type == "image"]
    assert image.content
    assert "".join(c.content for c in image.children).replace("\u2060", "") == cleaned(text)


def test_markdown_makes_no_link_of_a_bare_address():
    """GitHub's own extension, as pandoc reads it."""
    import pypandoc

    words = "see https://evil.example/x or HTTP://evil.example, www.evil.example and mail@evil.example"
    read = partial(pypandoc.convert_text, to="html", format="gfm", extra_args=["--wrap=none"])
    assert read(words).count("<a ") >= 3
    assert "<a " not in read(escaped(words))


@given(st.text(max_size=40))
def test_any_words_stay_words_in_markdown(text):
    found = [t.type for t in tokens("x " + escaped(one_line(text)))]
    assert set(found) <= {"paragraph_open", "inline", "text", "paragraph_close", "text_special"}


@pytest.mark.parametrize("text", HOSTILE)
def test_latex_has_no_command_but_ours(text):
    escaped = document_pieces.escaped_latex(text)
    assert "\n" not in escaped
    known = {
        "textbackslash",
        "textasciitilde",
        "textasciicircum",
        "textless",
        "textgreater",
        "textbar",
        "textasciigrave",
        "char",
        "ensuremath",
        "leq",
        "geq",
        "texttimes",
    }
    assert set(re.findall(r"\\([A-Za-z]+)", escaped)) <= known
    bare = re.sub(r"\\([A-Za-z]+|.)", "", escaped)
    assert not re.search(r"[$&#%^_~]", bare.replace("~", "" if "\u00a0" in text else "~"))
    assert bare.count("{") == bare.count("}")


@given(st.text(max_size=60))
def test_any_words_are_balanced_in_latex(text):
    escaped = document_pieces.escaped_latex(text)
    depth = 0
    for token in re.findall(r"\\.|[{}]", escaped, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(token, 0)
        assert depth >= 0
    assert depth == 0


def test_a_latex_figure_has_picture_alt_caption_and_label():
    text = document_pieces.latex(replace(CARD, id="my map_1"), "pic.png")
    for part in (
        r"\begin{figure}",
        r"alt={Map: China 5 \%}]{pic.png}",
        r"\caption{Share of 5 \%. Source",
        r"\label{fig:my-map-1}",
        r"\end{figure}",
    ):
        assert part in text
    assert "XeLaTeX" not in text
    assert "XeLaTeX" in document_pieces.latex(replace(CARD, caption="中国"), "pic.png")


@pytest.mark.parametrize(
    ("stem", "name"), [("a b", "a-b"), ("a#%_{}", "a"), ("中", "map"), ("Fig.1", "Fig-1"), ("..", "map")]
)
def test_a_picture_s_name_needs_no_quoting(stem, name):
    assert document_pieces.file_name(stem) == name


# ---- Word --------------------------------------------------------------------------------------------------

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000004000000020802000000f0caea34000000"
    "1249444154789c63fcffff3f030c303120010048060301b4473f0b0000000049454e44ae"
    "426082"
)
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DRAW = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


def opened(data):
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("text", HOSTILE)
def test_word_holds_hostile_words_as_they_are(text):
    parts = opened(
        docx(replace(CARD, caption=text, alt=text, title=text), PNG, "https://example.org/a&b.html")
    )
    for name, part in parts.items():
        if name.endswith((".xml", ".rels")):
            ElementTree.fromstring(part)
    root = ElementTree.fromstring(parts["word/document.xml"])
    clean = re.sub(r"[\x00-\x1f]", "", " ".join(text.split()))
    assert clean in "".join(node.text or "" for node in root.iter(f"{WORD}t"))
    assert next(root.iter(f"{DRAW}docPr")).get("descr") == clean


def test_word_s_picture_keeps_its_shape_and_has_a_caption():
    parts = opened(docx(CARD, PNG, "https://example.org/"))
    root = ElementTree.fromstring(parts["word/document.xml"])
    extent = next(root.iter(f"{DRAW}extent"))
    assert int(extent.get("cx")) == 2 * int(extent.get("cy"))
    assert parts["word/media/image1.png"] == PNG
    assert [s.get(f"{WORD}val") for s in root.iter(f"{WORD}pStyle")] == ["Caption"]
    assert b'Target="https://example.org/" TargetMode="External"' in parts["word/_rels/document.xml.rels"]


def test_word_without_an_address_has_no_link():
    parts = opened(docx(CARD, PNG))
    assert b"hyperlink" not in parts["word/document.xml"]
    assert b"hyperlink" not in parts["word/_rels/document.xml.rels"]


def test_the_same_words_give_the_same_document():
    assert docx(CARD, PNG, "https://a.org/") == docx(CARD, PNG, "https://a.org/")


def test_a_word_document_says_nothing_of_the_library_s_own():
    parts = opened(docx(replace(CARD, title="t" * 300, lang="zh"), PNG))
    facts = parts["docProps/core.xml"].decode()
    assert f"<dc:title>{'t' * 255}</dc:title>" in facts
    assert set(re.findall(r">(\d{4}-\d\d-\d\dT[^<]*)<", facts)) == {"1980-01-01T00:00:00Z"}
    assert "python-docx" not in facts
    assert not [name for name in parts if "thumbnail" in name]
    said = re.findall(r"<w:lang [^>]*>", parts["word/styles.xml"].decode())
    assert all('w:val="zh"' in each and 'w:eastAsia="zh"' in each for each in said)
    assert said
