"""Luxor's Global Hashrate Heatmap (Hashrate Index): estimated hashrate by country, a quarter.

What is measured: an estimate from Luxor's own pool data and desk work. Cadence: a post a quarter; its heading
names the quarter and how many countries follow. Known limits: the largest countries only; what they add up to
is stated as coverage, and nothing is rescaled; decimals are false precision; EH/s are rounded. Terms: none
stated; readers report "attribute and link". No endpoint without a key is known, so nothing is fetched: a
person saves the post, or writes its list into a small table.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from geotrack.errors import ParseError, first_few
from geotrack.model import Provider
from geotrack.sources.luxor.post import (
    EXPECTED,
    HEADING,
    LONGEST,
    NUMBER,
    Entry,
    entries_of,
    is_page,
    lines_of,
    period_of,
    without_commas,
)
from geotrack.sources.payload import frame_of

if TYPE_CHECKING:
    import pandas as pd

# As of 2026-11-23, from a reader of the post and the figures that it stored, not live; the tags are a guess:
#   <h2>Top 10 Countries by Market Share (Q3 2026)</h2> <li>United States &mdash; 36.7% (~345 EH/s)</li>

SERIES = "luxor-countries"
BLOG = "https://hashrateindex.com/blog/"
UNITS = {"share": "%", "hashrate": "EH/s", "coverage": "%"}
WORDS = dict(enumerate(("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 2))

QUARTER = re.compile(r"Q([1-4])[ -]?(20\d\d)|(20\d\d)[ -]?Q([1-4])", re.IGNORECASE | re.ASCII)
SHARE = re.compile(rf"({NUMBER}) ?%?", re.ASCII)
EHS = re.compile(rf"(~?) ?({NUMBER})(?: ?EH/s)?", re.IGNORECASE | re.ASCII)

COLUMNS = {
    "quarter": ("quarter", "period"),
    "country": ("country", "region"),
    "share": ("share", "market share", "share (%)", "market share (%)"),
    "hashrate": ("hashrate", "eh/s", "hashrate (eh/s)"),
}


def parse(files: Mapping[str, bytes]) -> pd.DataFrame:
    """Return shares, EH/s, and what a quarter's shares add up to, of saved posts and small tables.

    Parameters
    ----------
    files : posts (HTML, or their text) or tables (comma, semicolon or tab), under any name.

    Returns
    -------
    DataFrame
        Columns of model.LABELLED_COLUMNS, all text; nothing is rescaled.

    Raises
    ------
    ParseError
        No list, another number of rows than the heading says, cells that are no figure, a country twice,
        shares that add up to more than 100.
    FetchError
        A page that keeps scripts out was saved instead of the post.
    """
    return frame_of([row for name, content in files.items() for row in _rows(name, content)])


def _rows(name: str, content: bytes) -> list[dict[str, str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ParseError(
            f"{name}: byte {error.start} is no UTF-8; expected {EXPECTED}; save the page again as UTF-8"
        ) from error
    lines = lines_of(name, text)
    headed = is_page(text) or any(HEADING.fullmatch(line) for line, _ in lines)
    by_quarter: dict[str, list[Entry]] = {}
    for entry in entries_of(name, lines) if headed else _table(name, text):
        by_quarter.setdefault(entry.start, []).append(entry)
    return [row for listed in by_quarter.values() for row in _labelled(name, listed)]


def _table(name: str, text: str) -> list[Entry]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = next((sign for sign in "\t;" if sign in first), ",")
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        lines = [
            (reader.line_num, [" ".join(cell.split()) for cell in cells]) for cells in reader if any(cells)
        ]
    except csv.Error as error:
        raise ParseError(f"{name}: no table: {error}; expected {EXPECTED}") from error
    columns = _columns(name, lines[0][1] if lines else [])
    faults: list[str] = []
    entries = [entry for n, cells in lines[1:] for entry in _entry(columns, n, cells, faults)]
    if faults:
        raise ParseError(
            f"{name}: {first_few(faults)}; expected a quarter such as 2026-Q3, a country, "
            "a share such as 36.7% and EH/s such as 345 or nothing"
        )
    if not entries:
        raise ParseError(f"{name}: a header but no row; expected {EXPECTED}")
    if "%" not in text and sum(Decimal(entry.share) for entry in entries) <= 1:
        raise ParseError(
            f"{name}: shares add up to 1 or less, like fractions; expected percents such as 36.7%"
        )
    return entries


def _columns(name: str, header: Sequence[str]) -> list[str]:
    """Return which figure each column of a table holds."""
    known = {alias: column for column, aliases in COLUMNS.items() for alias in aliases}
    columns = [known.get(cell.casefold(), "") for cell in header]
    if sorted(columns) not in (["country", "quarter", "share"], ["country", "hashrate", "quarter", "share"]):
        raise ParseError(f"{name}: header {','.join(header)[:120]!r} is not known; expected {EXPECTED}")
    return columns


def _entry(columns: Sequence[str], n: int, cells: Sequence[str], faults: list[str]) -> Iterator[Entry]:
    if len(cells) != len(columns):
        faults.append(f"line {n}: {len(cells)} cells instead of {len(columns)}")
        return
    cell = {"hashrate": "", **dict(zip(columns, cells, strict=True))}
    quarter, share = QUARTER.fullmatch(cell["quarter"]), SHARE.fullmatch(cell["share"])
    hashrate = EHS.fullmatch(cell["hashrate"] or "0")
    named = cell["country"].strip() and cell["country"].isprintable() and len(cell["country"]) <= LONGEST
    good = {"quarter": quarter, "country": named, "share": share, "hashrate": hashrate}
    faults += [f"line {n}: {key} {cell[key][:80]!r}" for key in good if not good[key]]
    if quarter and named and share and hashrate:
        q1, y1, y2, q2 = quarter.groups()
        figure = without_commas(hashrate[2]) if cell["hashrate"] else ""
        period = period_of(int(q1 or q2), int(y1 or y2))
        yield Entry(*period, cell["country"], without_commas(share[1]), figure, bool(hashrate[1]))


def _labelled(name: str, listed: Sequence[Entry]) -> Iterator[dict[str, str]]:
    """Give the rows of one quarter, and what its shares add up to."""
    quarter = f"{listed[0].start[:4]}-Q{(int(listed[0].start[5:7]) + 2) // 3}"
    twice = [country for country, count in Counter(entry.country for entry in listed).items() if count > 1]
    if twice:
        raise ParseError(
            f"{name}: {quarter}: given twice: {first_few(map(repr, twice), ', ')}; expected each once"
        )
    covered = sum(Decimal(entry.share) for entry in listed)
    if covered > 100:
        raise ParseError(
            f"{name}: {quarter}: shares add up to {covered}%; expected at most 100; nothing is rescaled"
        )
    for entry in listed:
        yield _row(name, entry, "share", entry.share)
        if entry.hashrate:
            note = "approximate" if entry.about else ""
            yield {**_row(name, entry, "hashrate", entry.hashrate), "note": note}
    count = WORDS.get(len(listed), str(len(listed)))
    label = f"All {count} listed countries"
    note = "sum of the shares that the source lists; not rescaled"
    coverage = _row(name, listed[0], "coverage", f"{covered:f}")
    yield {**coverage, "label": label, "lookup": "total", "note": note}


def _row(name: str, entry: Entry, metric: str, value: str) -> dict[str, str]:
    return {
        "series": SERIES,
        "label": entry.country,
        "start": entry.start,
        "end": entry.end,
        "metric": metric,
        "value": value,
        "unit": UNITS[metric],
        "status": "estimated",
        "file": name,
    }


PROVIDER = Provider(
    name="luxor",
    group="luxor",
    title="Global Hashrate Heatmap",
    publisher="Luxor Technology, Hashrate Index",
    url=BLOG,
    licence="none stated",
    note="Readers of the publisher's terms report: attribute and link.",
    series=(SERIES,),
    parse=parse,
    whole=False,
    by_hand=f"open {BLOG}global-hashrate-heatmap-update-q3-2026/ (the address names quarter and year) "
    "in a browser, save the page as HTML and give the file with --from; or write its list into a table with "
    "the columns quarter,country,share,hashrate",
)
