"""Luxor's post: the lines that people see, and the list below its heading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

from geotrack.errors import FetchError, ParseError, first_few
from geotrack.sources.payload import is_guard

Line = tuple[str, bool]
"""A line without bullets and runs of spaces, and whether it stands in a heading."""

MOST_TAGS = 200_000
"""Of a page; a post as a browser saves it has some thousands, and a million take half a minute to read."""

LONGEST = 200  # characters of a line that can be a heading or a row; prose is longer
NUMBER = r"(?:\d{1,3}(?:,\d{3}){1,3}|\d{1,9})(?:\.\d{1,9})?"
HEADING = re.compile(
    r"Top (\d{1,3}) Countries by Market Share ?\( ?Q([1-4]) (20\d\d) ?\) ?:?", re.IGNORECASE | re.ASCII
)
ROW = re.compile(
    rf"([^%]*[^%\s—–−-]) ?[—–−-] ?({NUMBER}) ?%(?: ?\( ?(~?) ?({NUMBER}) ?EH/s ?\))?[.,;]?",
    re.IGNORECASE | re.ASCII,
)
BULLET = re.compile(r"^[^\w(]*(?:\d{1,3}[.)] )?[^\w(]*")  # "1. ", "- ", a flag
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
BREAKS = re.compile(r"h[1-6]|article|br|div|figure|hr|li|ol|p|section|t[dhr]|title|ul")
EXPECTED = (
    'a saved post with the heading "Top N Countries by Market Share (Qn YYYY)" and N rows such as "United '
    'States — 36.7% (~345 EH/s)", or a table with the columns quarter, country, share and perhaps hashrate'
)


@dataclass(frozen=True)
class Entry:
    """One country in one quarter, its figures as the source writes them, without signs and commas."""

    start: str
    end: str
    country: str
    share: str
    hashrate: str = ""
    about: bool = False


class Reader(HTMLParser):
    """Lines of a page's text as people see them, and whether each stands in a heading."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[tuple[str, bool]] = []
        self.text = ""
        self.heading = False
        self.hidden = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Begin a line where a tag does."""
        self._turn(tag, begins=True)

    def handle_endtag(self, tag: str) -> None:
        """End a line where a tag does."""
        self._turn(tag, begins=False)

    def handle_data(self, data: str) -> None:
        """Add text to the line, unless it is a script's or a style's."""
        self.text += "" if self.hidden else data

    def close(self) -> None:
        """End the last line. The parser's own close would look at an unclosed tag's rest again and again."""
        self._turn("p", begins=False)

    def _turn(self, tag: str, begins: bool) -> None:
        if tag in ("script", "style"):
            self.hidden = begins
        if BREAKS.fullmatch(tag):
            self.lines.append((self.text, self.heading))
            self.text = ""
        if tag in HEADINGS:
            self.heading = begins


def lines_of(name: str, text: str) -> list[Line]:
    """Return the lines of a page, or of a plain text.

    Raises
    ------
    ParseError : no HTML that a parser gets through, or more tags than a post has.
    """
    if not is_page(text):
        return [(_bare(line), False) for line in text.splitlines()]
    tags = text.count("<")
    if tags > MOST_TAGS:
        raise ParseError(
            f"{name}: {tags:,} tags; expected a post, which has some thousands, at most {MOST_TAGS:,}; save "
            "the post alone again, or write its list into a table"
        )
    reader = Reader()
    try:
        reader.feed(text)
        reader.close()
    except (AssertionError, ValueError) as error:  # what "<![x" and "&#" with 5000 digits lead to
        raise ParseError(f"{name}: no HTML: {error}; expected {EXPECTED}; save the page again") from error
    return [(_bare(line), heading) for line, heading in reader.lines]


def is_page(text: str) -> bool:
    """Return whether a text has tags."""
    return re.search(r"<[a-zA-Z!/]", text) is not None


def entries_of(name: str, lines: Sequence[Line]) -> list[Entry]:
    """Return the list of a post, or the lists of several quarters; one shown twice is read once.

    Raises
    ------
    ParseError : no heading, or another number of rows below it than it says.
    FetchError : a page that keeps scripts out.
    """
    heads = [n for n, (line, _) in enumerate(lines) if HEADING.fullmatch(line)]
    if not heads:
        _refuse_guard(name, lines)
        titles = "; ".join(repr(line[:80]) for line, heading in lines if heading and line) or "none"
        raise ParseError(f"{name}: no list of countries; headings found: {titles[:400]}; expected {EXPECTED}")
    sections = dict.fromkeys(tuple(_section(name, lines[n][0], lines[n + 1 :])) for n in heads)
    entries = [entry for section in sections for entry in section]
    if not entries:
        raise ParseError(
            f"{name}: {lines[heads[0]][0]!r} is there, but no row below it; expected {EXPECTED}; "
            "the post has changed: write its list into a table"
        )
    return entries


def _section(name: str, head: str, lines: Sequence[Line]) -> list[Entry]:
    """Return the rows below a heading; none where it is a line of a table of contents."""
    count, quarter, year = (int(part) for part in HEADING.fullmatch(head).groups())  # type: ignore[union-attr]
    entries, unread = [], []
    for line, heading in lines:
        if len(line) <= LONGEST and line.isprintable() and (row := ROW.fullmatch(line)):
            label, share, about, hashrate = row.groups()
            figures = without_commas(share), without_commas(hashrate)
            entries.append(Entry(*period_of(quarter, year), label, *figures, about=bool(about)))
        elif (heading and line) or HEADING.fullmatch(line):
            break
        elif "%" in line:
            unread.append(line[:80])
    if entries and len(entries) != count:
        raise ParseError(
            f"{name}: {head!r} is followed by {len(entries)} rows ({', '.join(e.country for e in entries)}); "
            f"expected {count}; lines not read: {first_few(map(repr, unread)) or 'none'}; "
            "the post has changed, or was not saved whole: save it again, or write its list into a table"
        )
    return entries


def _refuse_guard(name: str, lines: Sequence[tuple[str, bool]]) -> None:
    if is_guard(" ".join(line for line, _ in lines)):
        raise FetchError(
            f"{name}: a page that keeps scripts out (captcha) was saved, not the post; expected {EXPECTED}; "
            "open the post in a browser, wait until its text is there, and save it again"
        )


def _bare(line: str) -> str:
    return BULLET.sub("", " ".join(line.replace("\u200b", "").split()))


def period_of(quarter: int, year: int) -> tuple[str, str]:
    """Return the first day of a quarter, and the first day after it."""
    return f"{year}-{quarter * 3 - 2:02d}-01", f"{year + quarter // 4}-{quarter * 3 % 12 + 1:02d}-01"


def without_commas(number: str | None) -> str:
    """Return a figure without its thousands separators; "" for none."""
    return (number or "").replace(",", "")
