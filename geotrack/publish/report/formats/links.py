"""What a template's own Markdown leads to: places that are there; in .md no markup that runs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from geotrack.errors import SpecError

_CODE = re.compile(r"(`+)(?!`)(?:.|\n)*?(?<!`)\1(?!`)")
_ADDRESS = re.compile(r"<(https?://|mailto:)[^\s<>]*>|\]\(\s*<[^<>\n]*>", re.IGNORECASE)
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_ENDING = re.compile(r"\r\n?")
"""What ends a line for the reader of Markdown, too; it numbers lines so."""
_LINK = re.compile(r"\][(:]|<[A-Za-z]")
"""What a link, a picture or an address has in any case: a text without it need not be parsed for them."""


def refuse_lost(text: str, ids: Collection[str], template: str, path: Path) -> None:
    """Refuse links to places of the report that it has not.

    Parameters
    ----------
    text : Markdown, with every call worked out. ids : the places there are.
    template : as it is written, for the number of the line.

    Raises
    ------
    SpecError : names the first one, its line, and the places.
    """
    for token in _links(_tokens(_reader(), text)) if _LINK.search(text) else ():
        target = str(token.attrs.get("href", ""))
        if target.startswith("#") and target[1:] not in ids and not _is_source(target):
            lines = [
                n
                for n, line in enumerate(template.split("\n"), 1)
                if f"({target}" in line or f": {target}" in line
            ]
            raise SpecError(
                f"{path}, line {lines[0] if lines else 0}: a link to {target!r}, which is no place in it; "
                f"expected one of: {', '.join(f'#{id}' for id in ids) or 'none: nothing is shown'}"
            )


def _is_source(target: str) -> bool:
    return re.fullmatch(r"#source-\d{1,4}", target) is not None


def plain_markdown(text: str) -> str:
    """Return Markdown whose HTML is text, as it is in every other format.

    Raises
    ------
    SpecError : a link that would run a script.
    """
    safe = _reader()
    every = _reader(html=True)
    every.validateLink = lambda url: True  # type: ignore[method-assign]
    text = _escaped(_ENDING.sub("\n", text), safe)
    for token in _links(_tokens(every, text)) if _LINK.search(text) else ():
        target = str(token.attrs.get("href", token.attrs.get("src", "")))
        if not safe.validateLink(target):
            raise SpecError(
                f"a link to {target!r}, which a reader of Markdown may run; expected an address that begins "
                "with https://"
            )
    return text


def _escaped(text: str, reader: MarkdownIt) -> str:
    if not _TAG.search(text):
        return text
    lines = text.split("\n")
    tokens = reader.parse(text)
    code = {
        n for token in tokens if token.type in ("fence", "code_block") and token.map
        for n in range(*token.map)
    }  # fmt: skip
    # each cell of a table has the lines of its row
    for start, end in dict.fromkeys(
        (*token.map,) for token in tokens if token.type == "inline" and token.map
    ):
        lines[start:end] = _of_block("\n".join(lines[start:end])).split("\n")
    made = "\n".join(lines)
    if any(
        _is_html(token) for token in _tokens(_reader(html=True), made)
    ):  # told apart wrongly: none is kept
        made = "\n".join(line if n in code else _TAG.sub(r"\\<", text_) for n, (line, text_) in enumerate(
            zip(lines, text.split("\n"), strict=True)))  # fmt: skip
    return made


def _of_block(text: str) -> str:
    """Take what would be a tag for text; what is code or an address stays."""
    found, place = [], 0
    while place < len(text):
        kept = _CODE.match(text, place) or _ADDRESS.match(text, place)
        if text[place] == "\\":
            found.append(text[place : place + 2])
            place += 2
        elif kept:
            found.append(kept[0])
            place = kept.end()
        elif text[place] == "`":
            run = re.compile("`+").match(text, place)
            found.append(run[0] if run else "`")
            place += len(found[-1])
        else:
            found.append("\\<" if _TAG.match(text, place) else text[place])
            place += 1
    return "".join(found)


def _reader(html: bool = False) -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": html}).enable(["table", "strikethrough"])


def _tokens(reader: MarkdownIt, text: str) -> Iterator[Token]:
    for token in reader.parse(text):
        yield token
        yield from token.children or []


def _links(tokens: Iterator[Token]) -> Iterator[Token]:
    return (token for token in tokens if token.type in ("link_open", "image"))


def _is_html(token: Token) -> bool:
    return token.type in ("html_inline", "html_block")
