"""Stretches of months as reports name them: "Jan-Mar 2020", "9M 2020", "YTD Sep 2020"."""

from __future__ import annotations

import re

from geotrack import periods
from geotrack.language import timewords
from geotrack.usertables.words.years import YEAR

_YEAR = rf"(?P<y>{YEAR})"
_NAME = r"(?P<{}>[^\W\d_]{{3,9}})\.?"
_TO = r"(?: ?- ?| (?:to|through|bis|à|a) )"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_NAME.format('a')}{_TO}{_NAME.format('b')}[ -]{_YEAR}",
        rf"{_NAME.format('a')} (?P<y0>\d{{4}}){_TO}{_NAME.format('b')} {_YEAR}",
        rf"Q(?P<q0>[1-4]){_TO}Q(?P<q>[1-4])[ -]?{_YEAR}",
        rf"(?P<m>3|6|9|12)M[ -]?{_YEAR}|{_YEAR.replace('<y>', '<y2>')}[ -]?(?P<m2>3|6|9|12)M",
        rf"YTD {_NAME.format('b')} {_YEAR}",
        rf"{_YEAR}年 ?(?P<n0>\d\d?)(?:月)? ?- ?(?P<n>\d\d?)月",
    )
)  # fmt: skip


def span(text: str) -> str:
    """Return the months that a text names as a stretch, as `periods.parse` reads them; "" if it does not.

    A month or a day that there is not, or one that ends no month, is none.
    """
    for pattern in _PATTERNS:
        found = pattern.fullmatch(text)
        if found and not timewords.meanings(timewords.plain(text[:-4].strip(" -"))):  # one name of two words
            said = {key: value for key, value in found.groupdict().items() if value is not None}
            try:
                return _span({key.rstrip("23"): value for key, value in said.items()})
            except ValueError:
                continue
    return ""


def _span(said: dict[str, str]) -> str:
    year = int(said["y"])
    last = year * 12 + _last(said) - 1
    first = int(said.get("y0", year)) * 12 + _first(said) - 1
    if first > last:
        raise ValueError
    return periods.of_months(first, last)


def _first(said: dict[str, str]) -> int:
    if "a" in said:
        return _month(said["a"])
    return int(said["q0"]) * 3 - 2 if "q0" in said else int(said.get("n0", 1))


def _last(said: dict[str, str]) -> int:
    if "b" in said:
        return _month(said["b"])
    month = int(said["q"]) * 3 if "q" in said else int(said.get("n") or said["m"])
    if not 1 <= month <= 12:
        raise ValueError
    return month


def _month(name: str) -> int:
    if not (n := timewords.month(name)):
        raise ValueError
    return n
