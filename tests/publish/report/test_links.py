"""A template's Markdown leads where there is something, and in a .md no markup of it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from geotrack.errors import SpecError
from geotrack.publish.report import table
from geotrack.publish.report.document import Exhibit
from geotrack.publish.report.formats import links
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


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_a_tag_is_text_whatever_ends_the_lines(end: str) -> None:
    made = plain_markdown(end.join(["x", "", "`<i>`", "", "", "<b>y</b>", ""]))
    assert made == "x\n\n`<i>`\n\n\n\\<b>y\\</b>\n"


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The lengths of the texts that the Markdown reader is given."""
    given: list[int] = []
    known = MarkdownIt.parse

    def parse(self: MarkdownIt, src: str, env: Any = None) -> Any:
        given.append(len(src))
        return known(self, src, env)

    monkeypatch.setattr(MarkdownIt, "parse", parse)
    return given


def test_a_table_without_links_and_tags_is_not_parsed_to_find_none(parsed: list[int], tmp_path: Path) -> None:
    table = "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 9
    assert plain_markdown(table) == table
    refuse_lost(table, [], table, tmp_path)
    assert parsed == []


def test_a_row_with_a_tag_is_looked_through_once_whatever_number_of_cells_it_has(
    parsed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    known = links._of_block
    monkeypatch.setattr(links, "_of_block", lambda text: looked.append(text) or known(text))
    rows = ["| <b>x</b> " * 200 + "|", "|---" * 200 + "|", "| 1 " * 200 + "|"]
    made = plain_markdown("\n".join(rows))
    assert "\\<b>x\\</b>" in made
    assert "\n".join(looked) == "\n".join([rows[0], rows[2]])
    assert len(parsed) == 3  # what its blocks are, whether a tag is left, and where links lead


def test_a_table_of_too_many_cells_is_refused_before_it_is_parsed(parsed: list[int], tmp_path: Path) -> None:
    path = tmp_path / "story.md"
    row = "{{ '| 1 ' * 1000 }}|\n"
    text = "# Hi\n\n" + row + "|---" * 1000 + "|\n{% for n in range(99) %}\n" + row + "{% endfor %}\n"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(
        SpecError, match=r"story\.md: the tables of .* more cells than the 100,000 .*geotrack export"
    ):
        compose(path)
    assert parsed == []


def test_a_table_of_too_many_regions_and_periods_is_refused_before_it_is_worked_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "story.md"
    path.write_text('{{ table("cbeci-countries", at=["2019-09", "2022-01"], top=3) }}\n', encoding="utf-8")
    monkeypatch.setattr(table, "MOST_CELLS", 6)
    [shown] = compose(path).pieces
    assert isinstance(shown, Exhibit)
    monkeypatch.setattr(table, "MOST_CELLS", 5)
    monkeypatch.setattr(table, "_courses", lambda *_: pytest.fail("its figures were looked up"))
    with pytest.raises(
        SpecError, match=r"line 1: a table of 3 regions and 2 periods; expected at most 5 cells"
    ):
        compose(path)


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
