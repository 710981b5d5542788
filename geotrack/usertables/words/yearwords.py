"""Words that say which part, or which day, of a year is meant where the cells have plain years: "Q2"."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from geotrack.language import timewords
from geotrack.language.monthwords import MONTHS
from geotrack.usertables.words import endings
from geotrack.usertables.words.endings import DAY, PART, SO_FAR, WRAPPED, Ending, Length, one_of
from geotrack.usertables.words.financial import CALLED
from geotrack.usertables.words.partwords import is_half, part_in_words
from geotrack.usertables.words.years import YEAR


def in_text(text: str, where: str) -> Ending | None:
    """Return what words in a text say of years; None if there are no such.

    "Three months ended September 30", as `endings` reads it, or a day, a part, a stretch of each year. A part
    beside its own year, "Q2 2023", says nothing of others.
    """
    if own := endings.in_text(text, where):
        return own
    line = _tidy(text)
    if not line or len(line) > _LONGEST:
        return None
    found = [*_strong(line)] or [*_weak(line)]
    return one_of([_made(told, where) for told in found if told.kind == WRAPPED or told.months != _ALL])


def in_lines(lines: Iterable[tuple[str, str]]) -> Ending | None:
    """Return what lines, or names of columns, say of all periods; each a text, and where it stands.

    Where none says more, "fiscal years" are years whose last month is not known.
    """
    lines = [*lines]
    found = [one for text, where in lines if (one := in_text(text, where))]
    if found:
        return one_of(found)
    words = ((told, where) for text, where in lines if (told := endings.financial(text) or _called(text)))
    return next((Ending(text, where, Length(12), only_years=True) for text, where in words), None)


def are_words(text: str) -> bool:
    """Tell words of a header that say what the year below or above them is, and are nothing else."""
    return endings.are_words(text) or bool(_called(text) == text.strip()) or bool(_alone(text))


def beside_year(text: str) -> str:
    """Return the period of a year with such words alone beside it: "as at 30 June 2020"; else ""."""
    years = re.findall(_YEARS, text)
    if len(years) != 1 or text.strip() == years[0]:
        return ""
    ahead, _, behind = text.partition(years[0])
    if ahead.strip() and behind.strip(" )）年년.г"):
        return ""
    one = _alone(f"{ahead} {behind}".strip(" ()[]（）,:/.-"))
    return one.of_year(int(years[0])) if one else ""


def beside_one_year(line: str, year: str) -> Ending | None:
    """Return what a line says of its one year, wherever in it: "January to September 2020", "2020 (YTD)"."""
    without = re.sub(rf"\s*(?:\b(?:of|de|del|di|des) )?(?<!\d){year}年?(?!\d)", " ", line)
    told = [*_strong(_tidy(without))]
    return one_of([_made(one, "") for one in told if one.kind == WRAPPED or one.months != _ALL])


def _alone(text: str) -> Ending | None:
    """Return what a text says that has no more words than it takes to say it."""
    one = in_text(text, "") if not re.search(YEAR, text) else None
    if not one or not one.names:
        return None
    ahead, _, behind = _tidy(text).partition(one.text)
    return (
        one
        if _AHEAD_OF.fullmatch(ahead.strip(" :(,")) and _BEHIND_OF.fullmatch(behind.strip(" ),."))
        else None
    )


_AHEAD_OF = re.compile(
    r"(?:(?:stand|stichtag|situation|stan|stav|status)?:? ?(?:as at|as of|at|on|am|zum|per|au|le|al?|ao"
    r"|em|el|op|na|w dniu"
    r"|na dzień|на|по состоянию на|in|im|en|for|from|de|da|du|von|vom|den|pr|k|ke dni)?(?: the)?|截至)",
    re.IGNORECASE,
)
_BEHIND_OF = re.compile("(?:現在|现在|기준|累计|累計|時点|止)?")


_LONGEST = 300
_ALL = 12
"""Months of a stretch that is the whole year, of which nothing need be said."""


class _Saying(NamedTuple):
    """What is found at a place of a line."""

    text: str
    kind: str
    month: int = 0
    day: int = 0
    months: int = 0


def _made(told: _Saying, where: str) -> Ending:
    return Ending(told.text, where, Length(told.months), told.month, told.day, names=told.kind)


def _tidy(text: str) -> str:
    """Return a text with one kind of dash and of space."""
    text = re.sub("[\u2010-\u2015\u2212～〜~－]", "-", text)
    return re.sub(r"\s+", " ", text).strip(" ,.:;-")


_OF_THE_FILE = re.compile(
    r"updat|retriev|access|download|publi|releas|sourc|quelle|fuente|fonte|\bbron\b|źródł|источник|来源|出典|資料"
    r"|abgerufen|abruf|veröffentl|aktuali[sz]|actuali[sz]|aggiorn|atualiz|extract|consult|mise à jour"
    r"|opgehaald"
    r"|generat|created|printed|revis|erstellt|更新|发布|公表|обновл"
    r"|pric|preis|\bprix\b|preci?o|preço|prezz|\bцен|[=?%]|\bbase\b|\bbasis\b",
    re.IGNORECASE,
)
"""Words of a line whose day or month is that of the file, or of the prices."""


# Days, stretches and parts, wherever in a line they stand


@cache
def _months() -> str:
    names = sorted(MONTHS, key=len, reverse=True)
    return "|".join(map(re.escape, names)).replace(r"\ ", " ").replace("σ", "[σς]")


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    name = rf"(?<!\w)(?:de |of |di |d['’])?(?P<{{}}>{_months()})\.?(?!\w)"
    day = (
        r"(?<![\d.,:/-])(?P<{}>[0-3]?\d)(?:\.|st|nd|rd|th|er|re|°|º|ª|-?го|-?е)?[ -]?(?:(?:de|of|di) |d['’])?"
        rf"(?P<{{}}>{_months()})\.?(?!\w)"
    )
    to = (
        r" ?(?:-|/|\b(?:to|through|thru|until|till|bis(?: zum)?|à|au|a|al|ao|t/m|tot(?: en met)?|až|do"
        r"|по|til|e|и)\b) ?"
    )
    patterns = {
        "two days": day.format("d", "a") + to + day.format("d2", "b"),
        "day": day.format("d", "m"),
        "named day": rf"\b(?:as (?:of|at)|at|on|stand:?) (?P<m>{_months()})\.? (?P<d>[0-3]?\d)(?:st|nd|rd"
        r"|th)?(?![\d.,]*\d)",
        "numbered day": r"(?:\b(?:stand|stichtag|am|zum|per|au|al|as at|as of|at"
        r"|a)\b:? )(?P<d>[0-3]?\d)(?:\.(?P<n>[01]?\d)\.?|/(?P<n2>[01]?\d))(?![\d/.])",
        "eastern day": r"(?<![\d年년])(?<!년 )(?P<n>[01]?\d)[月월] ?(?P<d>[0-3]?\d)[日일]",
        "last of month": rf"\b(?:end[- ](?:of )?|ende |fin (?:de )?|fine (?:di )?|fim de |eind |koniec "
        rf"|конец )(?P<m>{_months()})\.?(?!\w)"
        r"|(?<![\d年])(?P<n>[01]?\d)月[末底]|(?<!\d)(?P<n2>[01]?\d)월 ?말",
        "stretch": name.format("a") + to + name.format("b"),
        "eastern stretch": r"(?<![\d年년])(?<!년 )(?P<n>[01]?\d)(?:[月월])?(?:份)? ?(?:-|至|到|から"
        r"|부터) ?(?P<n2>[01]?\d)[月월](?!\d)",
        "so far": rf"\bYTD (?P<b>{_months()})\b|(?<!\w)(?P<b2>{_months()}) YTD\b",
        "quarters": r"\bQ(?P<q>[1-4]) ?(?:-|to|bis|à|a) ?Q?(?P<q2>[1-4])\b|\b(?P<q3>[1-4])\. ?(?:-"
        r"|bis) ?(?P<q4>[1-4])\. Quartal",
    }
    return {key: re.compile(pattern, re.IGNORECASE) for key, pattern in patterns.items()}


_LASTS = re.compile(
    r"(?<![\w-])(?:(?:at |as at |as of )?(?:the )?end[- ]of[- ](?:the )?year|(?:at "
    r"|as at )?year[- ]end(?=$|[,;:()]| (?:stock|balance|figures|values|population)s?\b)"
    r"|(?:zum |am )?jahresende|ende des jahres|(?:en |à la )?fin (?:d['’]|de l['’])ann[ée]e|(?:a )?(?:fin"
    r"|final|finales) del? año"
    r"|(?:a )?fine anno|(?:no )?(?:fim|final) d[eo] ano|(?:na )?koniec roku|ke konci roku|(?:на )?конец года"
    r"|(?:ultimo|einde (?:van het )?jaar|årets slut|ved årets (?:slutning|utgang)|vuoden lopussa"
    r"|év végén))(?![\w-])"
    r"|(?<!\d)(?:年末|年底)(?!\w*奖)|연말",
    re.IGNORECASE,
)
_NO_YEARS = re.compile(
    r"fiscal|financial|geschäfts|haushalts|school|academic|exerc|ejerc|eserc", re.IGNORECASE
)
_SO_FAR = re.compile(
    r"\bYTD\b|\byear[- ]to[- ]date\b|年初来|年初至今|本年累计|\bsince (?:1 )?january\b|\bdepuis (?:janvier"
    r"|le (?:1er janvier|début d))"
    r"|cumul annuel|seit (?:jahresbeginn|januar)|laufende[ns]? jahr|(?:с начала|нарастающим итогом) "
    r"|desde enero|acumulado (?:del|no|en el) a[ñn]o"
    r"|da inizio anno|od początku roku|narastająco|od začátku roku|연초(?: ?대비|부터)|누계",
    re.IGNORECASE,
)
_ONLY_SO_FAR = re.compile(
    r"cumulative(?: totals?)?|kumuliert|cumul(?:é|s|ative)?|acumulad[oa]s?|cumulato|累计(?:值)?|累計"
    r"|kumulatywnie|накопленным итогом"
    r"|cumulative (?:from|since) january|[上下]期",
    re.IGNORECASE,
)
_COUNTED = (
    ("three|drei|trois|tres|três|tre|3", 3),
    ("six|sechs|seis|sei|6", 6),
    ("nine|neun|neuf|nueve|nove|9", 9),
)
_COUNT = "|".join(words for words, _ in _COUNTED)
_FIRST_MONTHS = re.compile(
    rf"\b(?:first|erste[nr]?|premiers|primeros|primeir[oa]s|primi|eerste) (?P<n>{_COUNT}) (?:months"
    rf"|monaten?|mois|meses|mesi|maanden)\b"
    rf"|\b(?P<n2>{_COUNT}) (?:premiers mois|primeros meses|primeiros meses|primi mesi)\b"
    r"|前(?P<n3>[369三六九])个?月|前(?P<quarters>三)季度",
    re.IGNORECASE,
)
_ONLY_MONTHS = re.compile(
    rf"(?P<n>[69])M|(?P<n2>{_COUNT})[- ](?:months|monate|mois|meses|mesi|maanden|miesięcy)", re.IGNORECASE
)
_BEFORE = re.compile(
    r"\b(?:table|tab|tabelle|figure|fig|question|sheet|annex|group|version|article|no)\.? ?$", re.IGNORECASE
)
_TOKEN = re.compile(
    r"(?<![\w./-])(?:(?P<kind>[QH])(?P<n>[1-4])|(?P<n2>[1-4])(?P<kind2>[QH]))(?![\w-]|[./]\w)"
)


def _strong(line: str) -> list[_Saying]:
    """Return the days, stretches and parts that are told by words which mean nothing else."""
    if told := [*_stretches(line)]:
        return told
    told = [*_days(line), *_parts(line)]
    if not told and (found := _SO_FAR.search(line)) and not _is_dated(line, *found.span()):
        told = [_Saying(found[0].strip(), SO_FAR)]
    return told


def _stretches(line: str) -> Iterator[_Saying]:
    for key in ("two days", "stretch", "eastern stretch", "so far", "quarters"):
        for found in _patterns()[key].finditer(line):
            if _may_be_years(line, found) and (told := _stretch(key, found)):
                yield told
    for found in _FIRST_MONTHS.finditer(line):
        if _may_be_years(line, found):
            words = found["n"] or found["n2"] or found["n3"] or "nine"
            yield _Saying(found[0], PART, _count(words), 0, _count(words))


def _stretch(key: str, found: re.Match[str]) -> _Saying | None:
    said = {name: value for name, value in found.groupdict().items() if value is not None}
    first, last = 1, 0
    if key == "quarters":
        first, last = int(said.get("q") or said["q3"]) * 3 - 2, int(said.get("q2") or said["q4"]) * 3
    elif key == "eastern stretch":
        first, last = int(said["n"]), int(said["n2"])
    elif key == "so far":
        last = _month(said.get("b") or said["b2"])
    else:
        first, last = _month(said["a"]), _month(said["b"])
    if not (1 <= first <= 12 and 1 <= last <= 12):
        return None
    if key == "two days" and (int(said["d"]) != 1 or int(said["d2"]) < calendar.monthrange(2023, last)[1]):
        return _Saying(found[0], SO_FAR)  # days within months: which periods those are has to be said
    if first < last:
        return _Saying(found[0], PART, last, 0, last - first + 1)
    return _Saying(found[0], WRAPPED, last, 0, 13 - first + last) if first > last else None


def _days(line: str) -> Iterator[_Saying]:
    for key in ("day", "named day", "numbered day", "eastern day", "last of month"):
        for found in _patterns()[key].finditer(line):
            if _may_be_years(line, found):
                said = {name: value for name, value in found.groupdict().items() if value is not None}
                month = _month(said["m"]) if "m" in said else int(said.get("n") or said["n2"])
                day = int(said.get("d") or 31)
                if not 1 <= month <= 12 or not 1 <= day <= 31:
                    continue
                if "n2" in said and "d" in said and day <= 12:
                    yield _Saying(found[0], SO_FAR)  # 1/7: the order is not told
                elif day <= calendar.monthrange(2024, month)[1] or key == "last of month":
                    yield _Saying(found[0].strip(), DAY, month, min(day, calendar.monthrange(2024, month)[1]))
    for found in _LASTS.finditer(line):
        if _may_be_years(line, found) and not _NO_YEARS.search(line):
            yield _Saying(found[0].strip(), DAY, 12, 31)


def _parts(line: str) -> Iterator[_Saying]:
    for found in _TOKEN.finditer(line):
        kind, n = (found["kind"] or found["kind2"]).upper(), int(found["n"] or found["n2"])
        if (
            (kind == "Q" or n < 3)
            and not _BEFORE.search(line[: found.start()])
            and _may_be_years(line, found)
        ):
            yield _part(found[0], kind, n)
    for start, stop, part in part_in_words(line):
        if not _is_dated(line, start, stop) and not _is_of_the_file(line, start):
            yield _part(line[start:stop], part[0], int(part[1]))


def _part(text: str, kind: str, n: int) -> _Saying:
    length = 6 if is_half(kind) else 3
    return _Saying(text.strip(), PART, n * length, 0, length)


def _month(name: str) -> int:
    """Return the month that a word names beside a day or another month; 0 if it may be another word."""
    small = name.strip(" .").casefold()
    if len(small) <= _SHORT_NAME and small.isascii() and small not in _USUAL_SHORT:
        return 0  # "api", "her" and "out" are months somewhere
    return 0 if name.islower() and small in _VERBS else MONTHS.get(timewords.plain(name), 0)


def _month_alone(segment: str) -> int:
    """Return the month that a whole segment names; 0 if it may be another word, or a name in capitals."""
    named = _ALONE.fullmatch(segment)
    if not named:
        return 0
    word = named["name"].strip(" .")
    short = len(word) <= _SHORT_NAME and word.isascii() and not segment.endswith(".")
    if named["name"] == segment and (word.casefold() in _OTHER_WORDS or (short and not word.istitle())):
        return 0
    return _month(named["name"])


_SHORT_NAME = 3
_USUAL_SHORT = frozenset((
    *("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "ene", "abr"),
    *("ago", "dic", "fev", "avr", "mai", "dez", "okt", "maj", "mei", "mrt", "gen", "giu", "lug", "ott"),
))  # fmt: skip
_VERBS = frozenset(("may", "august", "mar", "dec", "gen", "ago"))
"""Months that are words of other things in small letters."""
_OTHER_WORDS = frozenset(("may", "marca", "mart", "marta", "mar", "dec", "gen"))
"""Months that are other words, and names, where they stand alone: a brand, a planet."""


def _count(words: str) -> int:
    words = {"三": "3", "六": "6", "九": "9"}.get(words, words.lower())
    return next(n for each, n in _COUNTED if words in each.split("|"))


# What says so only where it stands alone, between commas or brackets


_ALONE = re.compile(
    r"(?:(?:in|im|en|w|em|nel|for|for the|of|month of|im monat|mois de|mes de) )?(?P<name>.+)", re.IGNORECASE
)
_SHORT_PART = re.compile(r"[ST][1-4]")


def _weak(line: str) -> Iterator[_Saying]:
    """Yield what a whole segment of a line says: a month, a day in numbers, "9M", "cumulative"."""
    for segment, start in _segments(line):
        if _is_dated(line, start, start + len(segment)) or _is_of_the_file(line, start):
            continue
        if day := re.fullmatch(r"([0-3]?\d)\.([01]?\d)\.?", segment):
            if 1 <= int(day[2]) <= 12 < int(day[1]) <= calendar.monthrange(2024, int(day[2]))[1]:
                yield _Saying(segment, DAY, int(day[2]), int(day[1]))
        elif named := re.fullmatch(rf"({_months()})\.? ([0-3]?\d)", segment, re.IGNORECASE):
            if 1 <= int(named[2]) <= 31 and (month := _month(named[1])):
                yield _Saying(segment, DAY, month, int(named[2]))
        elif eastern := re.fullmatch(r"([01]?\d)(?:月份?|월)", segment):
            if 1 <= int(eastern[1]) <= 12:
                yield _Saying(segment, PART, int(eastern[1]), 0, 1)
        elif counted := _ONLY_MONTHS.fullmatch(segment):
            n = _count(counted["n"] or counted["n2"])
            yield _Saying(segment, PART, n, 0, n)
        elif _ONLY_SO_FAR.fullmatch(segment) or segment.upper() == "3M" or _SHORT_PART.fullmatch(segment):
            yield _Saying(segment, SO_FAR)
        elif month := _month_alone(segment):
            yield _Saying(segment, PART, month, 0, 1)


def _segments(line: str) -> Iterator[tuple[str, int]]:
    """Yield what stands between commas, brackets and dashes, and where it begins; no label before a colon."""
    place = 0
    for match in re.finditer(r"[,;:()\[\]（）|•·，；：]| - |$", line):
        segment = line[place : match.start()]
        if segment.strip() and match[0] not in (":", "："):
            yield segment.strip(" ."), place + len(segment) - len(segment.lstrip(" ."))
        place = match.end()


_BY = re.compile(r"(?:par|nach|by|per|por|je|for|in|pro) (?=.)", re.IGNORECASE)


def _called(text: str) -> str:
    """Return the words for years that are none of the calendar, where they stand alone; "" else."""
    for segment, _ in _segments(_tidy(text)):
        words = _BY.sub("", segment, count=1)
        if CALLED.fullmatch(words) or CALLED.fullmatch(re.sub(r"(?i)s$", "", words)):
            return segment
    return ""


# Years beside the words


_YEARS = rf"(?<!\d){YEAR}(?!\d)"
_SEVERAL = rf"{_YEARS} ?(?:-|/|,|;|&|to|and|und|bis|à|et|y|e|a|и|至|到) ?(?:and )?{_YEARS}"
_BEHIND = re.compile(
    rf"[ ,./'-]*(?:(?:of|de|del|di|do|da|des|von|in|im|en)? ?(?:the )?(?:years? "
    rf"|FY ?)?)?(?P<y>{YEAR})(?!\d)|[ /-]?'\d\d(?!\d)",
    re.IGNORECASE,
)
_AHEAD = re.compile(rf"(?<!\d){YEAR} ?(?:年|년)?[ ,./:-]*(?:第)?$")


def _may_be_years(line: str, found: re.Match[str]) -> bool:
    return not _is_dated(line, *found.span()) and not _is_of_the_file(line, found.start())


def _is_dated(line: str, start: int, stop: int) -> bool:
    """Tell whether words have a year beside them, and not several: then they speak of that one."""
    behind = _BEHIND.match(line, stop)
    if behind:
        return not (behind["y"] and re.match(_SEVERAL, line[behind.start("y") :], re.IGNORECASE))
    return _AHEAD.search(line[:start]) is not None and not re.search(rf"{_SEVERAL}[ ,./:-]*$", line[:start])


def _is_of_the_file(line: str, place: int) -> bool:
    """Tell whether the part of a line around a place speaks of the file, or of prices."""
    first = max(line.rfind(sign, 0, place) for sign in ";()|") + 1
    last = min((n for sign in ";()|" if (n := line.find(sign, place)) >= 0), default=len(line))
    return _OF_THE_FILE.search(line[first:last]) is not None
