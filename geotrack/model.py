"""The values that flow through geotrack: columns, metrics, origins, series, events, findings, providers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sized
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal, Protocol

from geotrack import secrecy

if TYPE_CHECKING:
    import pandas as pd

OBSERVATION_COLUMNS = (
    "region",  # code: ISO 3166-1 alpha-3, ISO 3166-2, or a lower-case slug (aggregate, remainder, whole)
    "start",  # first day of the period, included
    "end",  # first day after the period, excluded
    "metric",  # the metric's name within its series
    "value",  # a number in `unit`; never a percent sign, never a thousands separator
    "unit",
    "status",  # one of STATUSES
    "origin",  # id in origins.csv
    "label",  # the region as the source writes it, stars and commas included
    "note",  # the source's caveat on this very figure
)

VINTAGE_COLUMNS = (*OBSERVATION_COLUMNS, "since", "until", "why")
"""A figure that was replaced: when it became known, when it was replaced (ISO days), and why."""

LABELLED_COLUMNS = (
    "series",  # the series that the figure belongs to
    "label",  # the region as the source writes it
    "lookup",  # what the region is looked up by, where that is not the label; else ""
    "start",  # ISO day, included
    "end",  # ISO day, excluded
    "metric",
    "value",  # text: a plain decimal number, with the digits that the source gives
    "unit",
    "status",
    "note",
    "file",  # the name of the file (a key of what `fetch` returned) that the figure stands in
    "published",  # ISO day of the filing or release; "" where the source states none
)
"""What a provider's `parse` returns: rows whose regions are labels still, every cell text."""

DAYS = "days"
"""Unit of a metric that counts the days a mean rests on: it grows by itself, and is odd where it falls."""

STATUSES = ("missing", "reported", "estimated", "lower bound", "derived")
"""Status of a cell; its place in this tuple is its code in arrays and pages (0 is missing)."""

MISSING, REPORTED, ESTIMATED, LOWER_BOUND, DERIVED = range(len(STATUSES))

AT_MOST = len(STATUSES)
"""Status of what the figures leave of a whole, where one of them is a lower bound: no source states it."""

SAID = (*STATUSES, "upper bound")
"""Status of what is said: one of STATUSES, or what follows from a lower bound. A place in it is its code."""

PERCENT = 100.0
"""What shares add up to."""

LEVELS = ("country", "subdivision", "aggregate", "remainder", "whole")

Kind = Literal["intensive", "extensive"]
Doubt = Literal["inflated", "artefact"]
Doubted = Literal["stars", "zeros"]
Becomes = Literal["spread", "given", "before", "after"]
OverTime = Literal["mean", "sum", "last"]
Severity = Literal["error", "warning"]

FREQS = {"own": 0, "month": 1, "quarter": 3, "half": 6, "year": 12}
"""What slices can be: the source's own periods, or calendar periods of so many months."""

LAYOUTS = ("full", "compact")
THEMES = ("", "light", "dark")
"""How a map's page may look; "" follows the reader's system."""

MOST_SHOWN = 160  # characters of a record in a terminal


def brief(record: Any) -> str:
    """Say in a line what a record is: names and numbers as they are, of what is long how much it is.

    The `__repr__` of records that hold arrays, tables or texts.
    """
    said = " ".join(_told(record))
    cut = said if len(said) <= MOST_SHOWN else f"{said[:MOST_SHOWN]} …"
    return f"<{type(record).__name__} {cut}>"


def _told(record: Any) -> Iterator[str]:
    for each in fields(record):
        value = getattr(record, each.name)
        shape = getattr(value, "shape", None)
        if isinstance(value, str | int | float):
            text = repr(value)
            yield f"{each.name}={text if len(text) <= MOST_SHOWN // 2 else text[: MOST_SHOWN // 2] + '…'}"
        elif isinstance(value, Metric | Series):
            yield f"{each.name}={value.name!r}"
        elif shape is not None:
            yield f"{each.name}: {' × '.join(map(str, shape))}"
        elif isinstance(value, Sized) and value:
            yield f"{each.name}: {len(value)}"


@dataclass(frozen=True)
class Metric:
    """What is measured.

    Parameters
    ----------
    name : short and stable; the value of the observations' column `metric` and of `m=` in a permalink.
    title : for people, e.g. "Share of network hashrate".
    unit : e.g. "%", "EH/s", "USD thousand".
    kind : "extensive" if figures add up over regions (an amount, shares of something larger than the map);
        else "intensive": shares of `whole`, or without one a rate (a price, years of life, g/kWh), which has
        no sum.
    over_time : how periods combine in a longer slice: "mean" (weighted by days), "sum" or "last".
    whole : what all regions add up to (100 for a share), or None.
    tolerance : how far a period's sum may lie from `whole`, or from a total that the source states.
    complete : whether the source lists everything, "Other" included, so that a sum must reach `whole`, if
        there is one, and a region that is left out has nothing.
    signed : whether values below zero mean something (a change, a balance); else they are an error.
    denominator : in words, e.g. "of Canaan's revenue". Different ones never share an axis.
    """

    name: str
    title: str
    unit: str
    kind: Kind = "extensive"
    over_time: OverTime = "mean"
    whole: float | None = None
    tolerance: float = 0.05
    complete: bool = False
    signed: bool = False
    denominator: str = ""

    @property
    def adds_up(self) -> bool:
        """Return whether figures of regions have a sum; a rate has none, nor a remainder or shares of it."""
        return self.kind == "extensive" or self.whole is not None


@dataclass(frozen=True)
class Origin:
    """Where a number came from. No origin, no number: publisher, title, url and licence are required."""

    id: str
    publisher: str
    title: str
    url: str
    licence: str
    licence_url: str = ""
    published: str = ""
    retrieved: str = ""
    sha256: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        empty = [k for k in ("id", "publisher", "title", "url", "licence") if not getattr(self, k).strip()]
        if empty:
            raise ValueError(
                f"origin {self.id or '?'}: {', '.join(empty)} must be given; no origin, no number"
            )
        if told := secrecy.faults(vars(self)):
            raise ValueError("; ".join(told))

    @property
    def unstated(self) -> bool:
        """Tell the source of a table of which nothing was said: all is the same "not stated"."""
        return self.publisher == self.title == self.url == self.licence


@dataclass(frozen=True)
class ShortCaveat:
    """A caveat of a series in so few words that a caption can end with it.

    Parameters
    ----------
    text : as a part of a sentence: "from a draft prospectus".
    across : ISO day: it is a caveat of figures from before it beside figures from after it; "" of any.
    """

    text: str
    across: str = ""


@dataclass(frozen=True)
class NoteMark:
    """Words by which the notes of a series' figures are known, and what a caption says of such figures.

    Parameters
    ----------
    words : a note holds them.
    says : "inflated": they are likely too high; "artefact": their zeros may be none.
    """

    words: str
    says: Doubt


@dataclass(frozen=True)
class Sample:
    """What a publisher says of its sample in a time.

    Parameters
    ----------
    start, end : the time, half open, as ISO days.
    part : of the whole that the sample covers, above 0, at most 1.
    """

    start: str
    end: str
    part: float


@dataclass(frozen=True)
class OtherReading:
    """What figures that are in doubt may be instead.

    Parameters
    ----------
    name : short and stable, for the command line and permalinks: "stars-to-china".
    becomes : of starred figures "spread" (over all others, in proportion) or "given" (to one region); of
        zeros "before" or "after", the nearest figure above zero, while all others shrink in proportion.
    to : code of the region that they are given to.
    title : for people, as it stands after "read as". assumption : in a sentence.
    """

    name: str
    becomes: Becomes
    title: str
    assumption: str
    to: str = ""


@dataclass(frozen=True)
class DoubtfulFigures:
    """Figures of a series that its source, or what is known of it, puts in doubt, and how else to read them.

    Parameters
    ----------
    figures : "stars", those whose label has a star, or "zeros", those that stand between figures above zero.
    assumption : what an interval over all readings rests on, in a sentence.
    """

    figures: Doubted
    assumption: str
    readings: tuple[OtherReading, ...]


@dataclass(frozen=True)
class Series:
    """One source's table of one quantity at one level: its metrics, method and caveats.

    Parameters
    ----------
    complement : codes of two parts that make up the whole, whatever the metric: where the source states one
        of them only, the other follows (see `complement`). Nothing if there are no such parts.
    overlaps : that periods lie within others (a year beside its quarters) and which, in words; "" if none do.
        A caveat on the table: slices take the longer one, so that a map need not say it.
    samples : what part of the whole the source saw, where its publisher says so.
    short : caveats in few words, for captions.
    marks : what notes on figures are known by, for captions.
    doubts : which figures may be read otherwise, and how. Nobody else's are.
    moves : what its shares are of that can move, in words ("machines"): a shift says that it did not see
        that.
    """

    name: str
    title: str
    level: str  # "country", or the ISO 3166-1 alpha-2 code whose subdivisions are listed: "CN", "US"
    metrics: tuple[Metric, ...]
    boundaries: str = "countries-110m"
    crosswalk: str = ""
    events: str = ""  # the topic of events.csv whose events belong to it; "": none do
    method: str = ""
    caveats: tuple[str, ...] = ()
    missing: str = ""  # what the source does not say, in words
    complement: tuple[str, ...] = ()
    overlaps: str = ""
    samples: tuple[Sample, ...] = ()
    short: tuple[ShortCaveat, ...] = ()
    marks: tuple[NoteMark, ...] = ()
    doubts: tuple[DoubtfulFigures, ...] = ()
    moves: str = ""

    __repr__ = brief

    @property
    def table_caveats(self) -> tuple[str, ...]:
        """Return the caveats on what is shown, then that on the table as a whole."""
        return (*self.caveats, self.overlaps) if self.overlaps else self.caveats

    def marked(self, note: str, says: Doubt) -> bool:
        """Tell whether a note on a figure says a thing of it."""
        return any(mark.words in note for mark in self.marks if mark.says == says)

    def metric(self, name: str) -> Metric:
        """Return the metric of that name; KeyError if the series has none."""
        return {m.name: m for m in self.metrics}[name]


@dataclass(frozen=True)
class Table:
    """Observations of one series, as they are stored, with what is needed to read them.

    Parameters
    ----------
    observations : columns of OBSERVATION_COLUMNS, periods as datetimes. What follows from them is not among
        them: see `complement.completed`.
    hashes : file name -> sha256 of what was read.
    """

    series: Series
    observations: pd.DataFrame
    origins: Mapping[str, Origin]
    hashes: Mapping[str, str]

    __repr__ = brief


@dataclass(frozen=True)
class Event:
    """Something that happened, drawn as a tick on the time axis."""

    date: str  # ISO day
    topic: str  # of the series that it is drawn with: "mining"
    region: str
    label: str
    url: str
    note: str = ""


@dataclass(frozen=True)
class Aggregate:
    """A named set of regions that belongs to one source ("*": to all)."""

    code: str
    name: str
    members: tuple[str, ...]
    source: str = "*"
    note: str = ""


@dataclass(frozen=True)
class Finding:
    """What a check found: printed, all of them; the caller decides what an error stops."""

    check: str
    severity: Severity
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.severity}: {self.where}: {self.message} [{self.check}]"


@dataclass(frozen=True)
class Slice:
    """One step of the time control: a half-open period [start, end) with the label people read."""

    start: str  # ISO day, included
    end: str  # ISO day, excluded
    iso: str  # "2021-07", "2025-Q2", "2019-H1", "2021", "2021-06-30" or "start/end"
    label: str  # "July 2021"
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class File:
    """Bytes as they came from a source, and what was said about them.

    Parameters
    ----------
    content : the raw bytes, decompressed, nothing else done to them.
    url : where they were asked for; without user names, passwords and keys.
    retrieved : moment in UTC to the second, "2026-11-23T09:18:02Z".
    etag, last_modified : the validators of the reply, for a conditional request next time.
    media : the content type as stated; never relied on.
    published : ISO day of a filing or a release, where a provider knows it.
    kept : whether the bytes are those of the saved snapshot (304, or never asked for again).
    """

    content: bytes
    url: str
    retrieved: str
    etag: str = ""
    last_modified: str = ""
    media: str = ""
    published: str = ""
    kept: bool = False


class Get(Protocol):
    """What a provider asks the web with."""

    def __call__(self, url: str, *, once: bool = False) -> File:
        """Return what stands at an address; with `once`, the saved bytes if there are some (a filing)."""
        ...


@dataclass(frozen=True)
class Provider:
    """A source: how its bytes are fetched, and how they are read. Two functions, nothing else knows it.

    Parameters
    ----------
    name : what `geotrack update` is told, e.g. "cbeci", "edgar-canaan"; a slug.
    group : another name, of several providers together: "network", "edgar"; or the name itself.
    title, publisher, url, licence, licence_url, note : of the origins of its figures.
    series : names of the series it feeds.
    parse : files by name -> rows in LABELLED_COLUMNS. Pure.
    fetch : asks for the files, by name; None if the source is read from a file saved by hand only.
    hosts : where requests and redirects may lead.
    whole : whether a delivery is all of its series; else only the periods that it names.
    open : whether the licence lets the raw bytes be committed and passed on.
    contact : whether the source asks for a User-Agent with a contact address.
    per_second : requests a second, at most.
    by_hand : how a person gets the file that `--from` takes.
    """

    name: str
    group: str
    title: str
    publisher: str
    url: str
    licence: str
    series: tuple[str, ...]
    parse: Callable[[Mapping[str, bytes]], pd.DataFrame]
    fetch: Callable[[Get], dict[str, File]] | None = None
    hosts: tuple[str, ...] = ()
    licence_url: str = ""
    note: str = ""
    whole: bool = True
    open: bool = False
    contact: bool = False
    per_second: float = 2.0
    by_hand: str = ""

    def __post_init__(self) -> None:
        empty = [
            k
            for k in ("name", "group", "title", "publisher", "url", "licence")
            if not getattr(self, k).strip()
        ]
        if empty or not self.series:
            raise ValueError(
                f"provider {self.name or '?'}: {', '.join([*empty, *([] if self.series else ['series'])])} "
                "must be given; no origin, no number"
            )
        if told := secrecy.faults(vars(self)):
            raise ValueError("; ".join(told))
