"""A template's Markdown leads where there is something, and in a .md no markup of it runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from geotrack.errors import SpecError
from geotrack.publish.report.formats.links import plain_markdown, refuse_lost
from geotrack.publish.report.formats.pdf import typeset
from geotrack.publish.report.report import compose, make

HTML = [
    "<script>alert(1)</script>",
    "a <b onclick=x>b</b> `<i>` <https://example.org>",
    "- ` <script>alert(1)</script>\n- `",
    "| ` | <script>alert(1)</script> ` |\n|---|---|\n| <img src=x> | ` |",
    "<!-- -->\n\n<div>\n*x*\n</div>",
    "> <iframe src=x>",
    "# <svg/onload=x>",
    "\\\\<script>x</script>",
    "``a ` <b>`` <b>",
    '[x](<y> "z") <?php ?> <![CDATA[x]]>',
    "```\n<script>in code</script>\n```\n\n    <b>code</b>\n",
]


@pytest.mark.parametrize("text", HTML)
def test_html_of_a_template_is_text_in_markdown(text: str) -> None:
    made = plain_markdown(text)
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table"])
    tokens = [t for token in reader.parse(made) for t in (token, *(token.children or []))]
    assert not [t.content for t in tokens if t.type.startswith("html")]
    shown = MarkdownIt("commonmark", {"html": False}).enable(["table"])
    assert shown.render(made) == shown.render(text) or "` " in text  # reads as it does in the other formats


@pytest.mark.parametrize(
    "text",
    ["[x](javascript:alert(1))", "[x](JaVa&#115;cript:x)", "[x]: vbscript:x\n\n[x]",
     "[x](data:text/html,x)", "![x](javascript:y)"],
)  # fmt: skip
def test_a_link_that_runs_is_refused_in_markdown(text: str) -> None:
    with pytest.raises(SpecError, match=r"a link to '.*', which a reader of Markdown may run"):
        plain_markdown(text)


def test_a_link_to_nowhere_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "story.md"
    path.write_text("# Hi\n\n[x](#nowhere)\n", encoding="utf-8")
    with pytest.raises(SpecError, match=r"story\.md, line 3: a link to '#nowhere', which is no place in it"):
        compose(path)
    refuse_lost("[x](#fig-a) [y](#source-1)", ["fig-a"], "", path)


def test_code_that_looks_like_a_picture_is_code_in_a_pdf(tmp_path: Path) -> None:
    path = tmp_path / "story.md"
    code = '`image("picture-1.svg"` and `#table(\n  columns: 2,`'
    path.write_text(f"# Hi\n\nCode {code} here\n\n{{{{ figure('hashrate-share') }}}}\n", encoding="utf-8")
    assert typeset(compose(path)).startswith(b"%PDF")


def test_an_exhibit_is_shown_once(tmp_path: Path) -> None:
    path = tmp_path / "story.md"
    for text, times in (
        ("{% set f = table('cbeci-countries') %}\n", 0),
        ("{% set f = table('cbeci-countries') %}{{ f }}{{ f }}\n", 2),
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(SpecError, match=rf"story\.md, line 1: Table 1 .* is shown {times} times"):
            compose(path)


@pytest.mark.parametrize("name", ["../x", "/etc/x"])
def test_a_table_is_of_the_project(name: str, tmp_path: Path) -> None:
    path = tmp_path / "story.md"
    outside = tmp_path / "x.toml"
    outside.write_text('series = "cbeci-countries"\n', encoding="utf-8")
    named = name.replace("/etc/x", str(outside.with_suffix("")))
    path.write_text(f"{{{{ table({named!r}) }}}}\n", encoding="utf-8")
    with pytest.raises(SpecError, match=r"story\.md, line 1: no map .*; expected one of"):
        make(path, tmp_path / "out.html")
