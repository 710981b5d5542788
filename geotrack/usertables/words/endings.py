"""Words that say which months, or weeks, periods are: "Three months ended September 30"."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import NamedTuple

from geotrack import periods
from geotrack.language import timewords
from geotrack.language.monthwords import MONTHS
from geotrack.usertables.words.financial import ADJECTIVES, KINDS
from geotrack.usertables.words.partwords import HALVES, QUARTERS
from geotrack.usertables.words.years import YEAR

WORDS = "the words"
"""How lines begin that say what was made of them."""


DAY, PART, SO_FAR, WRAPPED = "day", "part", "so far", "wrapped"
"""What words may name of each year: a day, a part, its months up to one not said; twelve of two years."""


class Length(NamedTuple):
    """How long a period is that is told by its last day, or by its first: so many months, or days."""

    months: int = 0
    days: int = 0
    begins: bool = False


class Ending(NamedTuple):
    """What words say of periods that do not say it themselves.

    Parameters
    ----------
    text : the words.
    where : where they stand, in words.
    length : of each period.
    month : in which they end (or begin); 0 if that is not said.
    day : of that month, where it is not its last (or first) one; 0 else.
    several : whether they speak of several lengths, or of several months.
    only_years : whether they say no more than that years are financial ones.
    names : what they name of each year, if they are no such words as "three months ended": see `yearwords`.
    doubted : whether they stand where they may speak of something else, as below the table.
    """

    text: str
    where: str
    length: Length
    month: int = 0
    day: int = 0
    several: bool = False
    only_years: bool = False
    names: str = ""
    doubted: bool = False

    @property
    def what(self) -> tuple[object, ...]:
        """What they say, whatever their words and their place."""
        return self.length, self.month, self.day, self.names, self.several, self.only_years

    @property
    def is_so_far(self) -> bool:
        """Whether they say that figures are of the year up to some time: "year to date"."""
        return self.names == SO_FAR

    @property
    def names_years(self) -> bool:
        """Whether they say of years that they end with a month, be it not said with which."""
        return self.length == Length(12) and not self.several and not self.day and not self.names

    def last_of(self, year: int) -> str:
        """Return the month, or day, of a year with which its period ends (or begins)."""
        return f"{year}-{self.month:02d}" + (f"-{self.day:02d}" if self.day else "")

    def of_year(self, year: int) -> str:
        """Return the period of a year, as `periods.parse` reads it; "" if the words do not tell it."""
        if self.several or self.doubted or not self.month or self.names == WRAPPED:
            return ""
        if self.names == DAY:
            last = calendar.monthrange(year, self.month)[1]
            return f"{year}-{self.month:02d}-{min(self.day, last):02d}"
        if self.length.days or self.day:  # weeks end with other days each year
            return ""
        return stretched(self.last_of(year), self.length)


_NUMBERS = (
    ("one|1|ein|einen", 1),
    ("two|2", 2),
    ("three|3|drei|trois|tres|três|tre", 3),
    ("six|6|sechs|seis|sei", 6),
    ("nine|9|neun|neuf|nueve|nove", 9),
    ("twelve|12|zwölf|douze|doce|doze|dodici", 12),
    ("thirteen", 13),
    ("twenty-six", 26),
    ("thirty-nine", 39),
    ("fifty-two", 52),
    ("fifty-three", 53),
)
_NUMBER = "|".join(words for words, _ in _NUMBERS) + r"|\d\d?"
_UNITS = {
    "month": "months?|monate?n?|mois|mes(?:es)?|mes[ei]",
    "week": "weeks?|wochen?|semaines?|semanas?",
    "quarter": QUARTERS,
    "half": HALVES,
    "year": r"(?:geschäfts|haushalts|wirtschafts|rechnungs)?jahr(?:e?s)?|years?|ann[ée]es?|exercices?"
    r"|ejercicios?|años?|esercizi[oi]?|exercícios?|boekjaar",
}
_ADJECTIVES = f"calendar|reporting|accounting|{ADJECTIVES}"
_UNIT = "|".join(f"(?P<{name}>{words})" for name, words in _UNITS.items())
_OPEN = (
    r"ended|ending|endende?[rsnm]?(?: am| zum)?|abgeschlossen(?: am| zum)?"
    r"|(?:clos|terminé|achevé|arrêté)(?:e?s?)(?: le| au| en)?|se terminant(?: le| au| en)?"
    r"|(?:cerrad|terminad|finalizad)[oa]s?(?: el| al| en| em)?|que (?:termina|finaliza|cierra)n?(?: el| en)?"
    r"|(?:chius|terminat)[oia](?: al| il)?|(?:findo|encerrado)s?(?: em)?"
)
"""What may stand without a day behind it: that is in the cells, or below."""
_ENDED = "to|through|up to|zum|per|bis(?: zum)?|au|al"
_BEGINS = "beginning|commencing|starting"
_WORDS = re.compile(
    rf"(?<![\w-])(?:for )?(?:the )?(?P<also>(?:{_NUMBER})(?:[- ]months?)?"
    r"(?:,? (?:and|und|et|y|e|or)|,|/| &) )?"
    rf"(?:(?P<n>{_NUMBER})[- ]?)?(?:(?:{_ADJECTIVES}) )?(?:{_UNIT})(?:[- ]?(?:periods?|zeitraum))?"
    r"(?: (?:fiscal|comptable|social|contable|económico))?"
    rf"[ ,]+(?:(?P<open>{_OPEN})|(?P<ended>{_ENDED})|(?P<begins>{_BEGINS}))(?![\w-])(?: on)?",
    re.IGNORECASE,
)
_NAME = r"[^\W\d_]{3,12}"
_DATE = re.compile(
    rf"[ ,:/]*(?:the )?(?:end of |last day of |ende )?(?:(?P<d>\d\d?)(?:st|nd|rd|th|er|\.|º)?"
    r"[ -]?(?:de |of )?"
    rf"(?P<m>{_NAME})|(?P<m2>{_NAME})(?:\.? (?P<d2>\d\d?)(?:st|nd|rd|th)?(?!\d))?"
    r"|(?P<d3>\d\d?)\.(?P<n>\d\d?)(?!\d))\.?"
    rf"(?:[ ,/]*(?:(?:de|del|of) )?(?P<y>{YEAR})(?!\d))?",
    re.IGNORECASE,
)
_CHINESE = re.compile(
    rf"截至(?:(?P<y>{YEAR})年)?(?P<n>\d\d?)月(?P<d>\d\d?)日止?的?"
    "(?P<long>三个月|六个月|九个月|十二个月|年度|财政年度|会计年度|财年|全年|季度|半年)(?:期间)?"
)
_CHINESE_MONTHS = {"三": 3, "季": 3, "六": 6, "半": 6, "九": 9}
_FINANCIAL = re.compile(
    rf"\b(?:{KINDS})\b|财年|财政年度|会计年度|会計年度|財政年度|會計年度|회계연도"
    r"|\bexercices? (?:fiscal|comptable|budgétaire)|\bejercicios? (?:fiscal|contable|económico)",
    re.IGNORECASE,
)


def parted(text: str) -> tuple[Length, str] | None:
    """Part a period into its length and the day, or month, with which it ends.

    "Three months ended Sep 30, 2023": three months, "Sep 30, 2023".
    """
    if chinese := _CHINESE.match(text):
        year = f"{chinese['y'] or ''}{text[chinese.end() :].strip(' ,/年')}"
        day = f"{year}-{int(chinese['n']):02d}-{int(chinese['d']):02d}"
        return (_chinese(chinese), day) if re.fullmatch(YEAR, year) else None
    if term := re.fullmatch(rf"({YEAR})年(\d\d?)月期", text):
        return Length(12), f"{term[1]}-{int(term[2]):02d}"
    found = _WORDS.match(text)
    if not found or found["also"]:
        return None
    rest = text[found.end() :].replace(" / ", " ").strip(" ,:/")
    date_ = _DATE.fullmatch(rest)
    if date_ and date_["n"] and date_["y"]:  # 30.09. 2023
        rest = f"{date_['d3']}.{date_['n']}.{date_['y']}"
    return (_length(found), rest) if rest else None


def are_words(text: str) -> bool:
    """Tell words of a header that say what the year below or above them is, and are nothing else."""
    if _FINANCIAL.fullmatch(text.strip()):
        return True
    one = in_text(text, "")
    return one is not None and not re.search(YEAR, text) and len(one.text) + 2 >= len(text.strip(" ,:"))


def in_text(text: str, where: str) -> Ending | None:
    """Return what words in a text say of periods; None if there are no such."""
    found = [one for match in _WORDS.finditer(text) if (one := _ending(match, text, where))]
    for match in _CHINESE.finditer(text):
        day = _day(int(match["n"]), int(match["d"]), _chinese(match))
        found.append(Ending(match[0], where, _chinese(match), int(match["n"]), day))
    return one_of(found)


def financial(text: str) -> str:
    """Return the words of a text that say that years are none of the calendar; "" if there are none."""
    found = _FINANCIAL.search(text)
    return found[0] if found else ""


def year_inside(text: str) -> str:
    """Return the words that say a whole period: "three months ended March 31, 2023"; "" if none do."""
    for match in _WORDS.finditer(text):
        behind = _DATE.match(text, match.end())
        if behind and behind["y"] and not match["also"]:
            return re.sub("(?i)^for |^the ", "", text[match.start() : behind.end()]).strip()
    found = _CHINESE.search(text)
    return found[0] if found and found["y"] else ""


def one_of(found: list[Ending]) -> Ending | None:
    """Return what several words say together."""
    if not found:
        return None
    same = {one.what for one in found}
    return found[0]._replace(several=len(same) > 1 or any(one.several for one in found))


def _ending(match: re.Match[str], text: str, where: str) -> Ending | None:
    """Return what words say, with the day behind them."""
    length, several = _length(match), bool(match["also"])
    behind = _DATE.match(text, match.end())
    if behind and (month := _month(behind)):
        day = next((int(behind[key]) for key in ("d", "d2", "d3") if behind[key]), 0)
        words = text[match.start() : behind.start("y") if behind["y"] else behind.end()]
        return Ending(words.strip(" ,./"), where, length, month, _day(month, day, length), several)
    alone = not text[match.end() :].strip(" ,:()/")
    said = match["open"] or match["begins"]
    return Ending(match[0].strip(" ,"), where, length, several=several) if alone and said else None


def _length(match: re.Match[str]) -> Length:
    unit = next(name for name in _UNITS if match[name])
    words = (match["n"] or "1").lower()
    count = int(words) if words.isdigit() else next(n for each, n in _NUMBERS if words in each.split("|"))
    begins = match["begins"] is not None
    if unit == "week":
        return Length(days=7 * count, begins=begins)
    return Length(months=periods.MONTHS_IN[unit] * count, begins=begins)


def _chinese(match: re.Match[str]) -> Length:
    return Length(_CHINESE_MONTHS.get(match["long"][0], 12))


def _month(behind: re.Match[str]) -> int:
    """Return the number of the month of a date; 0 if it is none."""
    if behind["n"]:
        return int(behind["n"]) if 1 <= int(behind["n"]) <= 12 else 0
    return _named(behind["m"] or behind["m2"])


def _named(name: str) -> int:
    """Return the number of a month; a word in plain letters is looked up among those of most tables only."""
    if n := MONTHS.get(timewords.plain(name), 0):
        return n
    return 0 if name.isascii() else timewords.month(name)


def _day(month: int, day: int, length: Length) -> int:
    """Return a day as it has to be said: 0 for a month's last (28 February is one) or first."""
    usual = (
        {1} if length.begins else {calendar.monthrange(2023, month)[1], calendar.monthrange(2024, month)[1]}
    )
    return 0 if length.months and day in usual else day


def stretched(iso: str, length: Length) -> str:
    """Return the period of a length that ends, or begins, with a day or a month, as `periods.parse` has it.

    "" if none does: a quarter ends with a month, whatever its last day.
    """
    start, end = map(date.fromisoformat, periods.parse(iso))
    if length.days:
        if (end - start).days != 1:
            return ""
        more = timedelta(days=length.days - 1)
        first, last = (start, start + more) if length.begins else (start - more, start)
        return f"{first.isoformat()}/{last.isoformat()}"
    turn = start if length.begins else end
    if turn.day != 1 or (end - start).days > 31:
        return ""
    month = turn.year * 12 + turn.month - 1
    span = (month, month + length.months - 1) if length.begins else (month - length.months, month - 1)
    return periods.of_months(*span)
