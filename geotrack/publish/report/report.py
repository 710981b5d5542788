"""A report whose numbers, maps and pictures come from the data: a template in, finished files out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from geotrack import periods
from geotrack.errors import ParseError, SpecError
from geotrack.files import refuse_over, write_all
from geotrack.language import catalogue
from geotrack.publish.report import citations
from geotrack.publish.report.book import Book
from geotrack.publish.report.document import Document, Exhibit, said
from geotrack.publish.report.exhibits import Exhibits
from geotrack.publish.report.formats import FORMATS
from geotrack.publish.report.formats.links import refuse_lost
from geotrack.publish.report.quotes import Quote, Quotes
from geotrack.publish.report.template import Template, fill, read
from geotrack.sources import PROVIDERS
from geotrack.store import reading
from geotrack.store.folder import Data, DataFolder


@dataclass(frozen=True)
class Report:
    """A finished report.

    Parameters
    ----------
    document : what it says. files : path -> content; the first is the report itself.
    """

    document: Document
    files: Mapping[Path, str | bytes]


def compose(template: Path | Template, data: Data = None, lang: str = "") -> Document:
    """Work out a template: every number, map, picture, citation.

    Parameters
    ----------
    template : a Markdown file, see README, "Reports".
    data : folder of the data; found by itself if not given.
    lang : of geotrack's own words, where the front matter does not say which language the template is in.

    Raises
    ------
    GeotrackError : a number that cannot be computed, an unknown name, a fault of the template; the message
        begins with the template's file and line.
    """
    found = template if isinstance(template, Template) else read(template)
    try:
        known = catalogue.known(lang or found.meta.lang)
        meta = replace(found.meta, lang=known, title=found.meta.title or found.path.stem)
    except SpecError as error:
        raise SpecError(f"{found.path}: {error}") from error
    if found.lang and known != found.lang:
        raise SpecError(
            f"{found.path}: lang = {lang!r}, but its front matter says that it is written in {found.lang!r}, "
            f"and the report would mix both; leave out the language, or give a template written in {lang!r}"
        )
    folder = DataFolder.of(data)
    book, register = Book(folder, meta.lang), citations.Register(folder.origins)
    quotes = Quotes(book, register, meta.lang)
    exhibits = Exhibits(book, quotes, register, meta)
    functions = {**quotes.functions(), **exhibits.functions(), "cite": _citing(book, register, exhibits)}
    text = fill(found, functions)
    exhibits.check(found.path, text)
    shown = [piece.id for piece in exhibits.pieces if isinstance(piece, Exhibit)]
    refuse_lost(text, shown, found.text, found.path)
    uses = {"series": tuple(sorted(book.tables)), "maps": tuple(sorted(exhibits.maps))}
    sources = register.sources(meta.citations, meta.lang)
    words = {key: str(word) for key, word in catalogue.words_of(meta.lang, "report").items()}
    as_of = _as_of(book, [source.origin.retrieved for source in sources], meta.lang)
    return Document(meta, text, tuple(exhibits.pieces), sources, as_of, words, uses)


def make(template: Path, out: Path, data: Data = None, lang: str = "") -> Report:
    """Make a report in the format that the output's suffix says; writes nothing.

    Raises
    ------
    SpecError : a suffix that is not known, a missing extra.
    GeotrackError : see `compose`.
    """
    if out.suffix.lower() not in FORMATS:
        raise SpecError(f"{out}: unknown suffix {out.suffix!r}; expected one of: {', '.join(FORMATS)}")
    refuse_over(out, [template])
    document = compose(template, data, lang)
    return Report(document, FORMATS[out.suffix.lower()](document, out))


def write(report: Report) -> Path:
    """Write a report's files, all or none; OutputError leaves what stood there."""
    write_all(report.files)
    return next(iter(report.files))


def _citing(book: Book, register: citations.Register, exhibits: Exhibits) -> Callable[..., str]:
    """Return the function `cite` of a template."""
    named = cache(lambda: _of_series(book, list(book.data.series)))  # every series is read for it

    def cite(*names: str | Quote) -> str:
        """Cite sources: an origin's id, a series, a provider, or a figure that was worked out."""
        if not names:
            raise SpecError("cite() needs a source: an origin's id, a series, a provider or a figure")
        ids: list[str] = []
        for name in names:
            if isinstance(name, Quote):
                ids += name.origins
            elif name in register.origins:
                ids.append(name)
            else:
                ids += citations.resolve(name, register.origins, named(), PROVIDERS)
        return exhibits.token(register.cite(ids))

    return cite


def _of_series(book: Book, names: list[str]) -> dict[str, list[str]]:
    """Return the origins that each series' figures name, without checking the series."""
    found = {}
    for name in names:
        if reading.observations_path(book.data.path, name).is_file():
            found[name] = list(dict.fromkeys(book.data.stored(name)["origin"]))
    return found


def _as_of(book: Book, retrieved: list[str], lang: str) -> str:
    """Say how new the data are: the newest period of each series, and when its sources were read."""
    parts = []
    for name, table in sorted(book.tables.items()):
        last = table.observations.sort_values(["end", "start"]).iloc[-1]
        span = f"{last['start']:%Y-%m-%d}", f"{last['end']:%Y-%m-%d}"
        parts.append(said(lang, "newest", period=catalogue.period(*span, lang), series=book.title(name)))
    days = sorted(day for day in {*retrieved} if _is_day(day))
    span = (days[0], periods.after(days[-1])) if days else ("", "")
    read_on = said(lang, "retrieved", date=catalogue.period(*span, lang)) if days else ""
    stop = catalogue.joint("stop", lang) + catalogue.joint("gap", lang)
    return catalogue.joint("semicolon", lang).join(parts) + (stop + read_on if parts and read_on else "")


def _is_day(text: str) -> bool:
    """Whether a source's day is one; some are a month, or words."""
    try:
        return periods.days(*periods.parse(text)) == 1
    except ParseError:
        return False
