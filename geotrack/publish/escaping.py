"""Texts of the data in Markdown: shown as they are, wherever a piece or a report has them."""

from __future__ import annotations

import re

_MARKS = re.compile(r"[\\`*_{}\[\]<>&|~$!#^]")
_LINKED = re.compile(r"(?i)(?:https?|ftp|mailto|xmpp)(?=:)|www(?=\.)|(?<=\w)(?=@)")
_BEGINNING = re.compile(r"^(\s*)(?:([-+](?=\s|$)|[-=+]{2,}\s*$|[=:])|(\d+)([.)](?=\s|$)))")


def escaped(text: str) -> str:
    r"""Write a line of text so that Markdown shows it as it is: no markup, no HTML, no link, no entity.

    >>> escaped("a_b <i> | [x](y)")
    'a\\_b \\<i\\> \\| \\[x\\](y)'
    """
    marked = _MARKS.sub(r"\\\g<0>", text)
    # some readers of Markdown make a link of whatever looks like an address
    parted = _LINKED.sub(lambda found: f"{found[0]}\\" if found[0] else "\u2060", marked)
    return _BEGINNING.sub(_unlisted, parted)


def _unlisted(found: re.Match[str]) -> str:
    """A text that stands at the beginning of a line begins no list, heading or rule."""
    space, mark, number, dot = found.groups()
    return f"{space}\\{mark}" if mark else f"{space}{number}\\{dot}"
