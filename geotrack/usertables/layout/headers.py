"""Names of columns, from a header of one row or of several: "2019" above "H1" is "2019 H1"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from geotrack.language import timewords
from geotrack.usertables.figures.marks import is_figure
from geotrack.usertables.figures.numerals import western
from geotrack.usertables.words import endings, shorthand, yearwords
from geotrack.usertables.words.names import NAMES, key_of
from geotrack.usertables.words.partwords import plain_part
from geotrack.usertables.words.years import YEAR

_YEAR = re.compile(YEAR)
_HAS_YEAR = re.compile(rf"(?<![\d.,]){YEAR}(?![\d.,]*\d\d\d)")
_SHORT = re.compile(r"(?P<before>[QHTS])\s?(?P<n>[1-4])|(?P<m>[1-4])\s?(?P<behind>[QHTS])", re.IGNORECASE)
_CHINESE_MONTH = re.compile(r"(?:1[0-2]|0?[1-9])月")


class Names(NamedTuple):
    """What the columns are called, and what stands above all of them."""

    columns: list[str]
    common: list[str]


def joined(rows: Sequence[Sequence[str]]) -> Names:
    """Join the rows of a header, each as wide as the table and filled to the right already.

    Periods are written behind metrics, "Revenue / 2019"; a year and its part as one, "2019 H1", "Jan 2019".
    A text over (or under) all columns that have another name tells nothing of one: it is `common`.
    """
    kept = [[cell.strip() for cell in row] for row in rows]
    alone: dict[int, str] = {}  # columns with one name only, merged down or not
    for n in range(len(kept[0]) if kept else 0):
        told = {row[n]: None for row in kept if row[n]}
        if len(told) == 1 or (n == 0 and is_time(kept[0][0])):  # "TIME" says what is on its right
            alone[n] = list(told)[-1] if told else ""
            for row in kept:
                row[n] = ""
    common: list[str] = []
    for row in [*kept]:
        others = [other for other in kept if other is not row]
        filled = [n for n, cell in enumerate(row) if cell]
        beside = filled and all(any(other[n] for other in others) for n in filled)
        same = len({row[n] for n in filled}) == 1
        if len(kept) > 1 and same and beside and _is_stub({*alone}, filled) and not _is_dated(row[filled[0]]):
            common.append(row[filled[0]])
            kept = others
    dated = any(map(_YEAR.fullmatch, chain(*kept)))  # else there is nothing of which a text may be a part
    within = {text for row in kept for text in _parts_of_years(row)} if dated else set()
    columns = [
        alone.get(n) or _name((row[n] for row in kept), within) for n in range(len(rows[0]) if rows else 0)
    ]
    return Names(columns, common)


def _is_dated(text: str) -> bool:
    return is_period(text) or is_part(text) or endings.are_words(text)


def _is_stub(stub: Collection[int], filled: Sequence[int]) -> bool:
    """Tell whether the columns without a text are the first ones: those of regions, not of other figures."""
    return not stub or max(stub) < min(filled)


def _parts_of_years(row: Sequence[str]) -> set[str]:
    """Return the texts of a row that are parts of years: all of them, if most are, in whatever language."""
    texts = {text for text in row if text and not _YEAR.fullmatch(text)}
    means = timewords.decided_among({*map(timewords.plain, texts)})
    known = {text for text in texts if _is_counted(text) or timewords.plain(text) in means}
    return texts if 2 * len(known) > len(texts) else known


def _name(parts: Iterable[str], within_years: Collection[str]) -> str:
    parts = list(dict.fromkeys(filter(None, parts)))
    if len(parts) < 2:
        return "".join(parts)
    years = [part for part in parts if _YEAR.fullmatch(part)]
    within = [part for part in parts if part in within_years]
    if len(years) == 1 and len(within) == 1:
        period = [in_year(years[0], within[0])]
        texts = [part for part in parts if part not in (years[0], within[0])]
    else:
        period = [part for part in parts if is_period(part)]
        words = [part for part in parts if part not in period and yearwords.are_words(part)]
        texts = [part for part in parts if part not in (*period, *words)]
        period = [" ".join([*(part.rstrip(" ,") for part in words), *period])] if period else words
    return " / ".join([*texts, *period])


def is_time(name: str) -> bool:
    """Tell a first header cell that says what is on its right: "TIME" above "GEO (Labels)"."""
    return key_of(name) in NAMES["period"] or bool(timewords.field(name))


def is_part(text: str) -> bool:
    """Tell a part of a year: a quarter, a half, a month's name in any language."""
    return _is_counted(text) or bool(timewords.decided_among({timewords.plain(text)}))


def _is_counted(text: str) -> bool:
    """Tell a part of a year that is told by its number: "Q1", "3. Quartal", "上半年", "5月"."""
    return bool(_SHORT.fullmatch(text) or plain_part(text) or _CHINESE_MONTH.fullmatch(text))


def is_period(text: str) -> bool:
    """Tell a cell of a header that may be a period: it has a year in it, or is a part of one with digits."""
    text = text.strip()
    if len(text) > 40:
        return endings.parted(text) is not None and _HAS_YEAR.search(text) is not None
    return bool(
        _HAS_YEAR.search(text)
        or re.fullmatch(r"\D{0,8}\d\d?\D{1,3}\d\d(\D{1,2}\d\d(\d\d)?)?|[^\W\d_]{3,4}\W?\d\d", text)
    )


def is_number(cell: str) -> bool:
    """Tell a figure, which no header has: a year, or a day without signs, may be a header's."""
    return is_figure(cell) and not is_day(cell)


def is_day(cell: str) -> bool:
    """Tell a year, a year and a month, or a day in digits alone, with a flag or a mark behind or without."""
    return _DAY.fullmatch(western(cell)) is not None


_DAY = re.compile(
    rf"(?:0?[1-9]|1[0-2])\.{YEAR}|{YEAR}\.0|{YEAR}(?:[.]?(?:0[1-9]|1[0-2])(?:[0-3]\d)?)?"
    r"(?:\s?[a-z*†‡¹²³⁴⁵%]|\s?\(?\d\)|\s?\([A-Za-z]\)"
    rf"|\s?\[[a-z0-9]{{1,2}}\]|\s?(?i:{shorthand.NOTE}))?"
)
_KINDS = {"q": "Q", "t": "Q", "h": "H", "s": "H"}


def in_year(year: str, part: str) -> str:
    """Write a year and a part of it as one period."""
    if _CHINESE_MONTH.fullmatch(part):
        return f"{year}年{part}"
    if plain := plain_part(part):
        return f"{year} {plain}"
    if found := _SHORT.fullmatch(part):
        return f"{year} {_KINDS[(found['before'] or found['behind']).lower()]}{found['n'] or found['m']}"
    return f"{part} {year}"
