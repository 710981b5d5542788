"""The filers and filings of SEC EDGAR: the list of a company's filings, and where their XBRL instances are.

A list is submissions/CIK##########.json: parallel arrays under filings.recent, and in filings.files the names
of older pages, which hold the same arrays at their top. A filing's folder has a listing, index.json, and
beside the documents the instance: `<document>_htm.xml`, which EDGAR extracts from an inline document, or, in
older filings, `<name>-<date>.xml` beside its linkbases (_cal, _def, _lab, _pre).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from geotrack.errors import FetchError, ParseError, first_few
from geotrack.kinds import is_day
from geotrack.model import File, Get
from geotrack.sources.payload import json_of

SUBMISSIONS = "https://data.sec.gov/submissions/"
ARCHIVES = "https://www.sec.gov/Archives/edgar/data"

REPORTS = ("20-F", "10-K", "10-KT", "10-Q")
"""Forms whose primary document is the report itself; in 40-F and 6-K it is an exhibit, named at will."""

OTHERS = ("40-F", "6-K", "F-1", "F-3", "F-4", "S-1", "424B1", "424B3", "424B4", "424B5")
"""Further forms that can carry financial statements."""

ACCESSION = re.compile(r"\d{10}-\d{2}-\d{6}", re.ASCII)
_COLUMNS = ("accessionNumber", "form", "filingDate", "primaryDocument")


@dataclass(frozen=True)
class Filer:
    """A company that files with the SEC.

    Parameters
    ----------
    slug : of its provider ("edgar-" before it), its series and crosswalk: "canaan".
    title : the company's name.
    cik : its number.
    currencies : that it has reported in, ISO 4217; each is a metric of its series.
    partial : why its places leave part of the revenue out; "" if they must add up to the total.
    subtotals : members whose figure is in the others' too, in filings that give both.
    """

    slug: str
    title: str
    cik: int
    currencies: tuple[str, ...] = ("USD",)
    partial: str = ""
    subtotals: tuple[str, ...] = ()

    @property
    def series(self) -> str:
        """Return the name of its series."""
        return f"edgar-{self.slug}-revenue"


@dataclass(frozen=True)
class Filing:
    """A row of a list of filings; `tagged` if it carries XBRL, `inline` if that stands in its documents."""

    accession: str
    form: str
    filed: str
    document: str
    tagged: bool
    inline: bool

    @property
    def wanted(self) -> bool:
        """Return whether it can hold revenue by place that a reader of XBRL finds."""
        return self.tagged and self.form.removesuffix("/A") in REPORTS + OTHERS

    @property
    def guess(self) -> str:
        """Return the name of its instance if the primary document tells it, or ""."""
        plain = re.fullmatch(r"[\w.-]+\.htm", self.document, re.ASCII)
        told = plain and self.inline and self.form.removesuffix("/A") in REPORTS
        return self.document.removesuffix(".htm") + "_htm.xml" if told else ""


def pages(filer: Filer, name: str, content: bytes) -> list[str]:
    """Return the names of the older pages of a list.

    Raises
    ------
    ParseError
        Names of another form, which could lead anywhere.
    """
    data = json_of(name, content)
    held = data.get("filings") if isinstance(data, dict) else None
    listed = held.get("files") if isinstance(held, dict) else None
    names = [str(one.get("name") if isinstance(one, dict) else one) for one in _list(listed)]
    pattern = rf"CIK{filer.cik:010d}-submissions-[0-9]{{3}}\.json"
    odd = [repr(name) for name in names if not re.fullmatch(pattern, name)]
    if odd:
        raise ParseError(
            f"{name}: older pages named {first_few(odd, ', ')}; "
            f"expected names such as CIK{filer.cik:010d}-submissions-001.json"
        )
    return names


def filings(filer: Filer, name: str, content: bytes) -> list[Filing]:
    """Return the filings of a page of the list; none of the listing of a folder.

    Raises
    ------
    ParseError
        Another company's list, arrays that are missing or of unequal length, numbers or days that are none.
    """
    data = json_of(name, content)
    if isinstance(data, dict) and "directory" in data:
        return []
    table = _table(name, data)
    cik = str(data.get("cik", filer.cik))
    if cik.lstrip("0") != str(filer.cik):
        raise ParseError(f"{name}: the filings of CIK {cik[:20]}; expected {filer.title}, CIK {filer.cik}")
    size = len(table[_COLUMNS[0]])
    flags = [_flags(table, key, size) for key in ("isXBRL", "isInlineXBRL")]
    texts = [[str(one) for one in table[key]] for key in _COLUMNS]
    found = [Filing(*row) for row in zip(*texts, *flags, strict=True)]
    odd = [
        f"{one.accession!r} of {one.filed!r}"
        for one in found
        if not ACCESSION.fullmatch(one.accession) or not is_day(one.filed)
    ]
    if odd:
        raise ParseError(
            f"{name}: filings {first_few(odd, ', ')}; "
            "expected numbers such as 0001104659-24-048300, and ISO days"
        )
    return found


def _table(name: str, data: Any) -> dict[str, list[Any]]:
    """Return the arrays of a page: those under filings.recent, or at the top of an older page."""
    held = data.get("filings", {"recent": data}) if isinstance(data, dict) else None
    table = held.get("recent") if isinstance(held, dict) else None
    columns = [table.get(key) for key in _COLUMNS] if isinstance(table, dict) else []
    sizes = {len(column) if isinstance(column, list) else -1 for column in columns}
    if not isinstance(table, dict) or len(sizes) != 1 or -1 in sizes:
        raise ParseError(
            f"{name}: no list of filings; expected EDGAR's, with {', '.join(_COLUMNS)} of equal length"
        )
    return table


def _flags(table: Mapping[str, Any], key: str, size: int) -> list[bool]:
    """Return a column of marks; without it any filing may carry XBRL, and none is known to be inline."""
    marks = _list(table.get(key))
    return [str(mark) in ("1", "True") for mark in marks] if len(marks) == size else [key == "isXBRL"] * size


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def instances(filer: Filer, filing: Filing, get: Get) -> dict[str, File]:
    """Ask for the instances of a filing, by its accession number; a further one has "-2" behind it.

    Where the primary document does not tell the instance's name, the folder's listing does; it is returned as
    well ("<accession>-index"), so that a snapshot holds it and it is not asked for again.

    Raises
    ------
    ParseError
        The listing has another shape than documented.
    FetchError
        From `get`.
    """
    folder = f"{ARCHIVES}/{filer.cik}/{filing.accession.replace('-', '')}/"

    def ask(name: str) -> File:
        return replace(get(folder + name, once=True), published=filing.filed)

    refused: FetchError | None = None
    if filing.guess:
        try:
            return {filing.accession: ask(filing.guess)}
        except FetchError as error:  # perhaps named otherwise: the listing tells
            refused = error
    index = f"{filing.accession}-index"
    files = {index: ask("index.json")}
    names = _names(index, files[index].content)
    if refused and filing.guess in names:
        raise refused
    keys = [filing.accession, *(f"{filing.accession}-{n}" for n in range(2, len(names) + 1))]
    return files | {key: ask(name) for key, name in zip(keys, names, strict=False)}


def _names(index: str, content: bytes) -> list[str]:
    """Return the names of the instances in a folder's listing; none if the folder has no XBRL."""
    data = json_of(index, content)
    directory = data.get("directory") if isinstance(data, dict) else None
    items = directory.get("item") if isinstance(directory, dict) else None
    if not isinstance(items, list) or not all(isinstance(one, dict) for one in items):
        raise ParseError(f"{index}: no listing of a folder; expected directory.item, a list of files by name")
    names = sorted({str(one.get("name")) for one in items})

    def like(pattern: str) -> list[str]:
        return [name for name in names if re.fullmatch(pattern, name, re.ASCII)]

    other = r"(?!FilingSummary|R\d+\.|.*_(cal|def|lab|pre|ref)\.xml)[\w.-]+\.xml"
    return like(r"[\w.-]+_htm\.xml") or like(r"[\w.-]+-\d{8}\.xml") or like(other)
