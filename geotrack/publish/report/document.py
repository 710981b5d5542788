"""A report as values: its text with places for pieces, the pieces, the sources. It knows no file format."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from geotrack.language import catalogue
from geotrack.map.views import View
from geotrack.model import Origin


def said(lang: str, key: str, **values: str) -> str:
    """Return a report's words of that key."""
    return catalogue.said(lang, "report", key, **values)


OPEN, SHUT = "\ue000", "\ue001"
TOKEN = re.compile(f"{OPEN}(\\d+){SHUT}")
"""Where a piece stands in the text: two characters for private use around its place among the pieces."""


@dataclass(frozen=True)
class Meta:
    """What the front matter of a template says; every key may be left out, and all is text.

    Parameters
    ----------
    title, subtitle, author, date : of the report. The date is printed as it stands; the clock is never asked.
    description : one sentence for search engines and the gallery.
    lang : "en", or another language that geotrack speaks.
    citations : "numeric" ([1], numbered as they come) or "author-date" ((Publisher 2022)).
    maps : folder or address in which the interactive maps stand, for the links of Word, PDF and Markdown.
    """

    title: str = ""
    subtitle: str = ""
    author: str = ""
    date: str = ""
    description: str = ""
    lang: str = "en"
    citations: str = "numeric"
    maps: str = ""


@dataclass(frozen=True)
class ReportTable:
    """A table's text: the head, and rows whose first cell names them. All cells are plain text."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True, eq=False)
class Exhibit:
    """A numbered map, figure or table.

    Parameters
    ----------
    kind : "map" (interactive where the format can), "figure" (a picture) or "table".
    id : what `ref` names, unique in the report: "fig-shift", "tab-hashrate-share".
    label : "Figure 1", "Table 2".
    caption : plain text. alt, long : what a picture shows, for who cannot see it, in a sentence and in full.
    origins : ids of the origins that it draws on.
    view : what is drawn; of a table None. cols : panels side by side, 0 chooses.
    link : address of the interactive map, or "".
    line : of the template.
    """

    kind: str
    id: str
    label: str
    caption: str
    origins: tuple[str, ...]
    alt: str = ""
    long: str = ""
    view: View | None = None
    table: ReportTable | None = None
    link: str = ""
    cols: int = 0
    line: int = 0


@dataclass(frozen=True)
class Cite:
    """A place that cites origins."""

    origins: tuple[str, ...]


@dataclass(frozen=True)
class Ref:
    """A place that names an exhibit."""

    id: str
    line: int = 0


@dataclass(frozen=True)
class Link:
    """A place that leads to an address outside: an event's source."""

    text: str
    url: str


@dataclass(frozen=True)
class Source:
    """An entry of the source list: its number, and the words that cite it."""

    number: int
    label: str
    origin: Origin


Piece = Exhibit | Cite | Ref | Link


@dataclass(frozen=True, eq=False)
class Document:
    """A report, all of it worked out.

    Parameters
    ----------
    text : Markdown with a token (see `TOKEN`) for each piece.
    sources : in the order of the list. as_of : the line that says how new the data are.
    words : geotrack's own words in the report's language.
    uses : names of the series, and of the maps, that it draws on.
    """

    meta: Meta
    text: str
    pieces: tuple[Piece, ...]
    sources: tuple[Source, ...]
    as_of: str
    words: Mapping[str, str]
    uses: Mapping[str, tuple[str, ...]]

    @property
    def exhibits(self) -> tuple[Exhibit, ...]:
        """The maps, figures and tables, in order."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Exhibit))

    @property
    def numbers(self) -> Mapping[str, Source]:
        """The sources by the id of their origin."""
        return {source.origin.id: source for source in self.sources}

    def label(self, ref: Ref) -> str:
        """Return what a reference says: "Figure 1"."""
        return {exhibit.id: exhibit.label for exhibit in self.exhibits}[ref.id]
