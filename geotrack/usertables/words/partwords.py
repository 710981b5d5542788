"""Words for quarters and halves of years, in one list: of headers, of cells, of "three months ended"."""

from __future__ import annotations

import re
from collections.abc import Iterator

QUARTERS = r"quart\w*|trim\w*|viertelj\w*|kvart\w*|kwart\w*|кварт\w*|τρίμ\w*|negyedév\w*"
"""Patterns of words for a quarter, however they end."""

HALVES = r"half(?:[- ]?years?)?|halbj\w*|halfj\w*|halv[åa]r\w*|semest\w*|półr\w*|polol\w*|полуг\w*"
r"|півр\w*|félév\w*"

SHORT_QUARTERS = r"qtr|qu|vj|(?-i:kw)|кв\w*"
"""Abbreviations beside a number; "KW" in capitals is a week of German calendars."""

SHORT_HALVES = r"hj|sem"
EASTERN_QUARTERS, EASTERN_HALVES = "季度|四半期|季|분기", "半年|半期|반기"


_ALL = rf"{HALVES}|{SHORT_HALVES}|{QUARTERS}|{SHORT_QUARTERS}"
_ROMAN = re.compile(rf"(?P<n>IV|I{{1,3}})\.?[ -]*(?i:(?P<word>{_ALL}))\.?")
_ORDINAL = re.compile(
    r"(?P<n>[1-4])(?:\.|er|re|º|°|ª|-?(?:[оo]?[еe]|й|я)|st|nd|rd|th|e|ème|o)?[ -]*"
    rf"(?P<word>{_ALL}|{EASTERN_QUARTERS}|{EASTERN_HALVES})\.?",
    re.IGNORECASE,
)
_ORDINALS = (
    r"first|erste[sn]?|premier|primer|primero|primo|primeiro|eerste|første|första|pierwsz[ey]|první"
    r"|перв(?:ый|ое)|első",
    r"second|zweite[sn]?|deuxième|second|segundo|secondo|tweede|andet|andre|andra|drugi[ei]?|druhé"
    r"|втор(?:ой|ое)|második",
    r"third|dritte[sn]?|troisième|tercer|terzo|terceiro|derde|tredje|trzeci|třetí|третий|harmadik",
    r"fourth|vierte[sn]?|quatrième|cuarto|quarto|vierde|fjerde|fjärde|czwarty|čtvrté|четв[её]ртый|negyedik",
)
_WORD = "|".join(_ORDINALS)
_IN_WORDS = re.compile(rf"(?P<n>{_WORD})[ -](?P<word>{QUARTERS}|{HALVES})", re.IGNORECASE)
_EASTERN = re.compile(
    rf"第?(?P<n>[一二三四1-4])(?P<word>{EASTERN_QUARTERS})|(?P<half>[上下])(?:{EASTERN_HALVES})"
)
_IS_HALF = re.compile(rf"{HALVES}|{SHORT_HALVES}|{EASTERN_HALVES}", re.IGNORECASE)
_NUMBERS = {
    **{"I": 1, "II": 2, "III": 3, "IV": 4, "上": 1, "下": 2},
    **{sign: n for n, sign in enumerate("一二三四", start=1)},
}


def plain_part(text: str) -> str:
    """Return a part of a year in words as "Q1", "H2": "I кв.", "一季度", "1. Hj."; "" if it is none."""
    forms = (_EASTERN, _ROMAN, _ORDINAL, _IN_WORDS)
    return next((_part(found) for form in forms if (found := form.fullmatch(text))), "")


def part_in_words(line: str) -> Iterator[tuple[int, int, str]]:
    """Yield where in a line parts of years are named in words, from where to where, and which."""
    for form in (_EASTERN, _ROMAN, _ORDINAL, _IN_WORDS):
        for found in form.finditer(line):
            before, behind = line[: found.start()], line[found.end() :]
            apart = form is _EASTERN or not re.search(r"[\w.,/-]$", before)
            if (
                apart
                and not re.match(r"\w|-\w| of (?!the year)(?!\D{0,9}\d{4})", behind)
                and (part := _part(found))
            ):
                yield found.start(), found.end(), part


def is_half(part: str) -> bool:
    """Tell the half of a year, "H1", from a quarter."""
    return part.startswith("H")


def _part(found: re.Match[str]) -> str:
    told = found.groupdict()
    number = told["n"] or told["half"]
    n = _NUMBERS.get(number) or _ordinal(number)
    half = told.get("half") is not None or _IS_HALF.fullmatch(told["word"]) is not None
    return "" if half and n > 2 else f"{'H' if half else 'Q'}{n}"


def _ordinal(number: str) -> int:
    if number.isdigit():
        return int(number)
    return next(n for n, words in enumerate(_ORDINALS, start=1) if re.fullmatch(words, number, re.IGNORECASE))
