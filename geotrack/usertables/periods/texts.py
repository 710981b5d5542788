"""One text that may be a period: what it says, whatever still has to be known to read it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from geotrack import periods
from geotrack.errors import ParseError
from geotrack.language import timewords
from geotrack.usertables.words import endings, money, stretches, yearwords
from geotrack.usertables.words.endings import Length
from geotrack.usertables.words.financial import KINDS
from geotrack.usertables.words.partwords import plain_part
from geotrack.usertables.words.periodmarks import RAISED, is_said, mark_of
from geotrack.usertables.words.years import YEAR, is_usual


class Written(NamedTuple):
    """What a text says of a period.

    Parameters
    ----------
    kind : "plain", or what has to be known beside the text: "order" (of day, month and year), "serial"
        (whether it is Excel's number of a day), "pair" (a month, or a year that ends in the next one),
        "financial" (the month in which years end), "name" (the language), "third" (of a year, or a quarter),
        "digit" (of a year: a month, a quarter or a half);
        "moment", with a time of day, is never read; "" is no period.
    iso : the period as `periods.parse` reads it: plain; the month of a pair; the day of a serial number.
    days : of an order, the days that it may be; by "mdy", "dmy", "ymd".
    sign : of an order, what stands between its numbers.
    ends : the year in which a financial year ends; or `begins`, where it is named by that one.
    part : of a financial year: ("quarter", 2).
    name, year, day : of a name.
    mark : what stands behind it: "p", "e", "¹", "(provisional)".
    short : whether its year has two digits.
    at : whether it is a day, and stands for nothing longer: "as at 30 June 2020".
    length : how long it is, if all else is its last day or month: "Quarter ended 30 June 2020".
    """

    kind: str
    iso: str = ""
    days: tuple[tuple[str, str], ...] = ()
    sign: str = ""
    ends: int = 0
    begins: bool = False
    part: tuple[str, int] = ("", 0)
    name: str = ""
    year: int = 0
    day: int = 0
    mark: str = ""
    short: bool = False
    at: bool = False
    length: Length | None = None

    @property
    def is_year(self) -> bool:
        """Whether it is a year of four digits, and no more."""
        return self.kind == "plain" and len(self.iso) == 4 and not self.length


NOTHING = Written("")

MOST_LETTERS = 60
"""Of a text that may be a period."""


def is_period(text: str) -> bool:
    """Tell whether a text looks like a period, also like one that is not read in the end."""
    if len(text) > MOST_LETTERS:
        return False
    if _LOOKS.fullmatch(text.strip()):
        return True
    said = written(text)
    return said.kind not in ("", "serial") and (said.kind != "plain" or is_usual(int(said.iso[:4])))


def is_serial(text: str) -> bool:
    """Tell whether a text may be the number that Excel has for a day."""
    return written(text).kind == "serial"


_MONTH = r"(?:0?[1-9]|1[0-2])"
_LOOKS = re.compile(
    rf"{YEAR}[-/.]{_MONTH}[-/.]\d\d?([T ][\d:.]+Z?)?|\d\d?[/.]\d\d?[/.]{YEAR}"
    rf"|{YEAR}[-_ ]?[QHW]\d\d?|{YEAR}[-\dQHW]*/{YEAR}[-\dQHW]*",
    re.IGNORECASE | re.ASCII,
)


@lru_cache(maxsize=100_000)
def written(text: str) -> Written:
    """Return what a text says, without the rest of its column."""
    text = text.strip()
    if not text or len(text) > MOST_LETTERS:
        return NOTHING
    whole = _core(text)
    if whole.kind:
        return whole
    rest, mark = mark_of(text)
    return _core(rest)._replace(mark=mark) if mark else NOTHING


_DAY = re.compile(rf"({YEAR})-(\d\d)-(\d\d)", re.ASCII)


def _core(text: str) -> Written:
    """Read a text without a mark."""
    if day := _DAY.fullmatch(text):  # what large tables have most is soon told
        with suppress(ValueError):
            return built("day", *map(int, day.groups()))
    if re.search(rf"[{RAISED}]", re.sub(r"[*#]|(?<=\b[1-4])[ºª](?= ?[^\W\d_])", "", text)):
        return NOTHING  # 2020¹ would be 20201 in what follows
    text = normal(text)
    if not any(map(str.isdigit, text)):
        return NOTHING
    text = re.sub(r"(?<=^\d{4})\.0$|(?<=^\d{6})\.0$", "", text)  # whole numbers beside an empty cell
    for read in (
        _bracketed,
        _timed,
        _pair,
        _part_of_financial,
        _of_pattern,
        _stretch,
        _ordered,
        _named,
        _serial,
        _usual,
        _worded,
    ):
        try:
            found = read(text)
        except (ValueError, OverflowError):
            return NOTHING
        if found.kind:
            return found
    return NOTHING


def normal(text: str) -> str:
    """Return a text with the digits, dashes and spaces of ASCII."""
    text = unicodedata.normalize("NFKC", text)
    text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    text = re.sub("[\u2010-\u2015\u2212]", "-", text).replace("’", "'")
    return re.sub(r"\s+", " ", text).strip()


def year_alone(text: str) -> int:
    """Return a year of four digits, and nothing else; 0 if it is none."""
    plain = normal(text).removesuffix(".0")
    return int(plain) if re.fullmatch(YEAR, plain) else 0


def year_of(text: str) -> int:
    """Return a year; of two digits, 00 to 68 are 2000 to 2068, 69 to 99 are 1969 to 1999, as in POSIX."""
    year = int(text)
    return year if len(text) > 2 else year + (2000 if year < 69 else 1900)


OF_PRICES = (
    r"pric|preis|\bprix\b|preci?o|preço|prezz|\bcen(?:y|ach)\b|\bцен(?:ы|ах)\b|constant|konstant|不变价|价格"
)
"""What tells, in a name or a title, that a year is that of the prices."""

_BESIDE = re.compile(
    rf"{OF_PRICES}|[{money.SIGNS}]|base|basis|dollar|[%=]|index|stand|updated|download|report|quelle"
    r"|source|published|released",
    re.IGNORECASE,
)
"""Titles with a year that may be another than that of the figures: of prices, or of a publication."""


def period_above(titles: Sequence[str]) -> str:
    """Return the one period that the first line above a table names, as "Population, 2019"; else ""."""
    line = next(iter(titles), "")
    if endings.in_text(normal(line), ""):
        return endings.year_inside(normal(line))
    years = re.findall(rf"(?<!\d){YEAR}(?!\d)", normal(line))
    if len(years) != 1 or _BESIDE.search(line):
        return ""
    told = yearwords.beside_one_year(normal(line), years[0])
    some = _period_in(line, years)
    if not told or told.text in some:
        return some
    return told.of_year(int(years[0]))


def _period_in(line: str, years: Sequence[str]) -> str:
    """Return the period of the words around a line's one year."""
    words = re.split(r"[\s,;:]+", normal(line))
    place = next(n for n, word in enumerate(words) if years[0] in word)
    for first, last in ((2, 0), (1, 0), (0, 1), (0, 0)):
        some = " ".join(words[max(place - first, 0) : place + last + 1]).strip("().")
        said = written(some)
        called = said.kind == "financial" and re.match(rf"(?:F\.?Y|{_CALLED})", some, re.IGNORECASE)
        if called:
            return some
        if said.kind == "plain" or (said.kind == "name" and timewords.decided({said.name})):
            alone = " " not in some and any(map(is_of_time, words[max(place - 1, 0) : place + 2]))
            return "" if alone else re.sub("^(?:in|im|en|for) ", "", some)
    return ""


def is_of_time(word: str) -> bool:
    """Tell a word beside a year that makes more, or less, of it than the year."""
    word = timewords.plain(word.strip("().-"))
    return (
        word
        in (
            "to",
            "until",
            "since",
            "from",
            "before",
            "after",
            "end",
            "ended",
            "ending",
            "bis",
            "seit",
            "ende",
        )
        or (is_name(word) and word not in ("", "-"))
        or (any(map(str.isdigit, word)) and not re.fullmatch(YEAR, word))
        or timewords.field(word) not in ("", "year")
    )


def _bracketed(text: str) -> Written:
    """Read "2019 [YR2019]", "[YR2019]", "X2019" by what stands inside."""
    if found := re.fullmatch(r"(?P<one>\S.*?)? ?\[(?P<other>[^\[\]]+)\]", text):
        inner = _core(found["other"])
        alike = found["one"] is None or _core(found["one"]) == inner
        return inner if alike and inner.kind == "plain" else NOTHING
    if found := re.fullmatch(r"(?:X|Y|YR|CY)[ _.-]?(?P<rest>\d[\w .-]*)", text, re.IGNORECASE):
        inner = _core(found["rest"])
        return NOTHING if inner.kind == "serial" else inner
    return NOTHING


_TIME = re.compile(
    r"(?P<day>.*\d)(?:T|,? )(?P<h>\d\d?):(?P<rest>\d\d(?::\d\d(?:\.\d+)?)?) ?(?P<half>[AP]M)?"
    r" ?(?:Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?",
    re.IGNORECASE,
)


def _timed(text: str) -> Written:
    """Read a day with midnight behind it; any other time of day is told, never cut off."""
    found = _TIME.fullmatch(text)
    if not found:
        return NOTHING
    half = (found["half"] or "").upper()
    midnight = int(found["h"]) == (12 if half else 0) and half != "PM" and not found["rest"].strip("0:.")
    day = _core(found["day"])
    if not day.kind:
        return NOTHING
    return day if midnight else Written("moment")


_CALLED = rf"(?:{KINDS}|exercice|ejercicio|esercizio)"
_FINANCIAL = re.compile(
    rf"(?P<fy>F\.?Y\.? ?|{_CALLED} )?'?(?P<y>{YEAR}|(?<=[Yy. '])\d\d)"
    rf"(?:(?P<sign>[-/_. ]?)(?P<next>{YEAR}|\d\d))?(?P<after> ?FY)?",
    re.ASCII | re.IGNORECASE,
)


_PART = "(?P<part>[QH][1-4]|[1-4][QH])"
_WITHIN = tuple(
    re.compile(pattern, re.ASCII | re.IGNORECASE)
    for pattern in (rf"{_PART}[ ,:/-]*(?:of )?(?P<year>.+)", rf"(?P<year>.+?)[ ,:/-]*{_PART}")
)


def _part_of_financial(text: str) -> Written:
    """Read "Q1 FY20", "FY2020-Q1", "2019/20 Q1": a part of a year that is none of the calendar."""
    for pattern in _WITHIN:
        found = pattern.fullmatch(text)
        year = _pair(found["year"].strip()) if found else NOTHING
        if found and year.kind:
            kind, n = sorted(found["part"].upper(), reverse=True)
            if kind == "H" and int(n) > 2:
                return NOTHING
            part = ("quarter" if kind == "Q" else "half", int(n))
            return year._replace(kind="financial", iso="", part=part)
    return NOTHING


def _pair(text: str) -> Written:
    """Read "FY2020", "2009/10", "2009-2010": a year that is none of the calendar, or perhaps a month."""
    if begun := re.fullmatch(rf"({YEAR}) ?年度", text):
        return Written("financial", ends=int(begun[1]), begins=True)
    found = _FINANCIAL.fullmatch(text)
    if not found:
        return NOTHING
    stated, year, after = bool(found["fy"] or found["after"]), year_of(found["y"]), found["next"]
    if after is None:
        return Written("financial", ends=year, short=len(found["y"]) == 2) if stated else NOTHING
    follows = int(after) == (year + 1 if len(after) == 4 else (year + 1) % 100)
    if not follows:
        return NOTHING
    if stated or len(after) == 4 or not 1 <= int(after) <= 12:
        return Written("financial", ends=year + 1)
    return Written("pair", f"{year}-{int(after):02d}", ends=year + 1)


_PART_AND_YEAR = (
    re.compile(rf"(?P<part>.*?\D)[ ,]*(?P<y>{YEAR})(?: ?г\.?)?"),
    re.compile(rf"(?P<y>{YEAR})年?[ ,-]*(?P<part>\D.*|\d\D.*)"),
)


def _stretch(text: str) -> Written:
    """Read "Jan-Mar 2020", "Year ended 31 March 2020", "I кв. 2020"; 2019年末 is the year's last day."""
    if ending := re.fullmatch(rf"({YEAR})年(?:末|底)", text):
        return Written("plain", f"{ending[1]}-12-31", at=True)
    if day := re.fullmatch(r"(?:as (?:at|of)|at|stand:?|per|am|zum) (.*\d.*)", text, re.IGNORECASE):
        inner = _core(day[1])
        return inner._replace(at=True) if inner.kind in ("plain", "name", "order") else NOTHING
    if parts := endings.parted(text):
        length, rest = parts
        inner = _core(rest)
        month_and_day = inner.short and not inner.day  # "year ended March 31"
        without_day = inner.is_year or month_and_day or inner.length
        dated = inner.kind in ("plain", "name", "order") and not without_day
        lost = inner.kind == "plain" and not endings.stretched(inner.iso, length)
        return inner._replace(length=length) if dated and not lost else NOTHING
    if iso := stretches.span(text):
        return Written("plain", iso)
    for pattern in _PART_AND_YEAR:
        found = pattern.fullmatch(text)
        if found and (part := plain_part(found["part"].strip())):
            return _of_pattern(f"{found['y']} {part}")
    return NOTHING


_LONG, _SIGN = rf"(?P<y2>{YEAR})", "(?:[-_ :./]'?|')"
_Y, _SHORT, _GAP = rf"(?P<y>{YEAR})", rf"'?(?P<y>{YEAR}|\d\d)", "[-_ :./]?"
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.ASCII | re.IGNORECASE), kind)
    for pattern, kind in (
        (rf"{_Y}[ .]?(?:年|년|г\.?|год|р\.?|рік)?", "year"),
        (rf"{_Y}(?P<n>\d\d)(?P<d>\d\d)", "day"),
        (rf"{_Y}(?P<sign>[-/._ ])(?P<n>\d\d?)(?P=sign)(?P<d>\d\d?)\.?", "day"),
        (rf"{_Y} ?[年년] ?(?P<n>\d\d?) ?[月월] ?(?P<d>\d\d?) ?[日일]", "day"),
        (rf"{_Y}[-/_ ]?(?P<n>\d\d)", "month"),
        (rf"{_Y}[-/_](?P<n>[1-9])", "digit"),
        (rf"{_Y}\.(?P<n>\d\d)", "month"),  # 2020.1 may be October, its zero lost
        (rf"(?P<n>\d\d?)[-/. ]{_Y}", "month"),
        (rf"{_Y} ?[年년] ?(?P<n>\d\d?) ?[月월]", "month"),
        (rf"{_Y}{_GAP}M(?P<n>\d\d?)", "month"),
        (rf"M(?P<n>\d\d?)[-_ :./]{_Y}", "month"),
        (rf"{_SHORT}{_GAP}Q0?(?P<n>[1-4])|{_LONG}{_GAP}K0?(?P<n2>[1-4])", "quarter"),
        (rf"Q(?P<n>[1-4])(?:{_GAP}{_Y}|{_SIGN}(?P<y2>\d\d))|K(?P<n2>[1-4]){_GAP}(?P<y3>{YEAR})", "quarter"),
        (rf"(?P<n>[1-4])[QT]{_GAP}{_SHORT}|{_LONG}{_GAP}(?P<n2>[1-4])Q", "quarter"),
        (rf"{_Y}[年년]?[ ]?第?(?P<n>[1-4])[季분][度기]?", "quarter"),
        (rf"{_SHORT}{_GAP}H0?(?P<n>[12])|{_LONG}{_GAP}S0?(?P<n2>[12])", "half"),
        (rf"[HS](?P<n>[12])(?:{_GAP}{_Y}|{_SIGN}(?P<y2>\d\d))", "half"),
        (rf"(?P<n>[12])H{_GAP}{_SHORT}|(?P<n2>[12])S{_GAP}{_LONG}", "half"),
        (rf"{_Y}[-_ :./]?(?:W|KW|CW|week) ?(?P<n>\d\d?)", "week"),
        (rf"(?:W|KW|CW|week) ?(?P<n>\d\d?)[-_ :./]{_Y}", "week"),
        (rf"{_Y}{_GAP}T0?(?P<n>[1-4])|T(?P<n2>[1-4])[-_ :./]?{_Y.replace('y', 'y2')}", "third"),
    )
)  # fmt: skip


def _of_pattern(text: str) -> Written:
    for pattern, kind in _PATTERNS:
        if found := pattern.fullmatch(text):
            said = {key.rstrip("23"): value for key, value in found.groupdict().items() if value is not None}
            year, n = year_of(said["y"]), int(said.get("n", 0))
            return built(kind, year, n, int(said.get("d", 0)))._replace(short=len(said["y"]) == 2)
    return NOTHING


def built(kind: str, year: int, n: int, day: int) -> Written:
    """Return a period of a year; ValueError if there is no such."""
    if kind == "third":
        return Written("third", f"{year}-Q{n}")
    if kind == "digit":
        return Written("digit", f"{year}-{n:02d}")
    if kind == "day":
        return Written("plain", date(year, n, day).isoformat())
    if kind == "week":
        date.fromisocalendar(year, n, 1)
    if kind == "month":
        date(year, n, 1)
    return Written("plain", part_iso(kind, year, n))


def part_iso(kind: str, year: int, n: int) -> str:
    """Return a part of a year as `periods.parse` reads it."""
    forms = {"year": "", "month": f"-{n:02d}", "quarter": f"-Q{n}", "half": f"-H{n}", "week": f"-W{n:02d}"}
    return f"{year}{forms[kind]}"


_ORDERED = re.compile(rf"(?P<a>\d\d?)(?P<sign>[-/.])(?P<b>\d\d?)(?P=sign)(?P<c>{YEAR}|\d\d)\.?", re.ASCII)


def _ordered(text: str) -> Written:
    """Read "9/1/19" as the days that it may be."""
    found = _ORDERED.fullmatch(text)
    if not found:
        return NOTHING
    a, b, c = found["a"], found["b"], found["c"]
    tried: dict[str, tuple[str, str, str]] = {"mdy": (c, a, b), "dmy": (c, b, a)}
    if len(a) == len(b) == len(c) == 2:  # 9/1/19 has no year in front
        tried["ymd"] = (a, b, c)
    days = []
    for order, (year, month, day) in tried.items():
        try:
            days.append((order, date(year_of(year), int(month), int(day)).isoformat()))
        except ValueError:
            continue
    return Written("order", days=tuple(days), sign=found["sign"], short=len(c) == 2) if days else NOTHING


_YEAR_FIRST = re.compile(rf"(?P<y>{YEAR})[-_.,/' ]*[年년]?[-_.,/' ]*(?P<rest>.*[^\W\d_].*)")
_YEAR_LAST = re.compile(
    rf"(?P<rest>.*[^\W\d_].*?)(?:[-_.,/' ]+|(?: ?(?:de|del|di|of|năm)) )*(?P<y>{YEAR}|(?<!\d)\d\d)"
    r"(?: ?(?:г|р|рік|року|год|года)\.?)?\.?",
    re.IGNORECASE,
)
_DAY_FIRST = re.compile(
    r"(?P<d>\d\d?)(?:\.|st|nd|rd|th|er|º|ª)?[-_/ ]*(?:de |of )?(?P<name>[^\d]+)", re.IGNORECASE
)
_DAY_LAST = re.compile(r"(?P<name>[^\d]+?)[-_/ ]*(?P<d>\d\d?)(?:\.|st|nd|rd|th)?,?", re.IGNORECASE)


def _named(text: str) -> Written:
    """Read "Jan-21", "2021 January", "3. Mai 2020", "第一季度": a name, and a year before or behind it."""
    for pattern in (_YEAR_LAST, _YEAR_FIRST):
        found = pattern.fullmatch(text)
        if not found or found["rest"].strip("-_.,/' ()") in money.CODES:  # MAD 2020, and "mad" is a month
            continue
        rest, year = found["rest"], found["y"]
        short = len(year) == 2
        for name, day in _name_and_day(rest):
            if not (short and _is_code(name, text)) and is_name(name):
                return Written("name", name=name, year=year_of(year), day=day, short=short)
    return NOTHING


def _is_code(name: str, text: str) -> bool:
    """Tell whether a name before two digits may be none: MA-10 is a region, 1月20 a day."""
    return (
        len(name) < 3
        or any(map(str.isdigit, name))
        or (name + text[-2:] == text.lower() and not _is_english(name))
    )


def _is_english(name: str) -> bool:
    return timewords.english(name) > 0


def _name_and_day(rest: str) -> list[tuple[str, int]]:
    """Return the names that a rest may have, with their days: "3 may" and, of "1月", the whole first."""
    rest = re.sub(r"(?i) (?:de|del|di|of|năm)$", "", rest.strip("-_/,' "))
    tried = [(timewords.plain(rest), 0)]
    for pattern in (_DAY_FIRST, _DAY_LAST):
        if found := pattern.fullmatch(rest):
            tried.append((timewords.plain(found["name"].strip("-_/,' ")), int(found["d"])))
    return tried


def is_name(name: str) -> bool:
    """Tell whether a name is a month's or a quarter's in some language."""
    if timewords.english(name):
        return True
    if is_said(name):
        return False
    if not 1 <= len(name) <= 24 or re.fullmatch(r"[a-z]\d?|\d[a-z]", name):  # M1, Q1, T1 are no words
        return False
    return bool(timewords.meanings(name))


_FIRST, _LAST = date(1990, 1, 1), date(2100, 1, 1)
_EPOCH = date(1899, 12, 30)


def _serial(text: str) -> Written:
    """Read a number that Excel may have for a day from 1990 to 2099."""
    if not re.fullmatch(r"\d{5}(?:\.0+)?", text):
        return NOTHING
    day = _EPOCH + timedelta(days=int(text[:5]))
    return Written("serial", day.isoformat()) if _FIRST <= day < _LAST else NOTHING


def _usual(text: str) -> Written:
    """Read what `periods.parse` reads and is not written in one of the ways above."""
    try:
        start, end = periods.parse(text)
    except ParseError:
        return NOTHING
    return Written("plain", _iso(start, end))


def _worded(text: str) -> Written:
    """Read "2020 (as at 30 June)", "Stand: 31.12. 2020", "January to September 2020"."""
    iso = yearwords.beside_year(text)
    return Written("plain", iso, at=len(iso) == 10) if iso else NOTHING


def _iso(start: str, end: str) -> str:
    """Return a period as `periods.parse` reads it, its year in front: of days or months both included."""
    name = periods.iso(start, end)
    if "/" not in name:
        return name
    first, after = date.fromisoformat(start), date.fromisoformat(end)
    if first.day == after.day == 1:
        return periods.of_months(first.year * 12 + first.month - 1, after.year * 12 + after.month - 2)
    return f"{start}/{(after - timedelta(days=1)).isoformat()}"
