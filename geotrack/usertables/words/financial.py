"""Years that are none of the calendar, and their quarters, halves and months, as periods of the calendar."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from geotrack import periods
from geotrack.errors import Choice, Question

ADJECTIVES = (
    "fiscal|financial|crop(?:ping)?|market(?:ing)?|tax|budget|school|academic|water|hydrologic(?:al)?"
    "|growing|sugar"
)
KINDS = (
    rf"(?:{ADJECTIVES})[ _-]?(?:years?|seasons?)"
    r"|(?:geschäfts|geschaefts|haushalts|wirtschafts|schul|studien|abfluss"
    r"|hydrologische[ns]? )jahr(?:e[ns]?|s)?"
    r"|ann[ée]es? (?:fiscale|scolaire|universitaire|académique|hydrologique|agricole)s?|campagnes? agricoles?"
    r"|(?:años?|anos?|anno|annata) (?:agr[íi]col[ao]|agraria|escolar|lectivo|letivo|acad[ée]mico|scolastico"
    r"|accademico|hidrol[óo]gico|idrologico|safra|fiscale?)|schooljaar|учебный год|学年|學年|水文年|榨季"
)
"""Years of a budget, a school, a crop or a river, none of which need be the calendar's."""

CALLED = re.compile(
    rf"\b(?:fiscal|financial|fy|seasons?|saison|temporada|stagione|safra)\b|fiscal_|financial_|{KINDS}"
    r"|rechnungsjahr"
    r"|exercice|ejercicio|exercício|exercicio|esercizio|fiscale?\b|boekjaar|räkenskapsår|regnskabsår"
    r"|regnskapsår"
    r"|tilikausi|rok (?:obrotowy|budżetowy)|финансов(?:ый год|ого года|ым годам)?"
    r"|财年|財年|会计年度|會計年度|会計年度|財政年度|年度|회계연도",
    re.IGNORECASE,
)
"""Headers of columns whose years are those of a budget, and end in a month that must be said."""

BEGINS = "年度"
"""Years that are called so are named by the year in which they begin, where that is not the calendar's."""


class FinancialYear(NamedTuple):
    """A financial year, or a part of one.

    Parameters
    ----------
    text : as it is written.
    ends : the year by which it is named: in which it ends.
    begins : whether it is the one in which it begins.
    part, n : "quarter", "half", "nth" (its first month, ...) or "month" (of the calendar), and which.
    """

    text: str
    ends: int
    begins: bool = False
    part: str = ""
    n: int = 0

    def iso(self, month: int) -> str:
        """Return its months, as `periods.parse` reads them, where years end in a month."""
        last = (self.ends + (self.begins and month < 12)) * 12 + month - 1
        length = {"quarter": 3, "half": 6, "nth": 1}.get(self.part, 12)
        first = last - 11 + (self.n - 1) * length if self.part else last - 11
        if self.part == "month":
            first, length = last - (month - self.n) % 12, 1
        if not 1 <= first // 12 <= 9998 or first + length - 1 > last:
            return ""
        if first % 12 == 0 and length == 12:
            return f"{first // 12:04d}"
        return periods.of_months(first, first + length - 1)

    @property
    def is_pair(self) -> bool:
        """Tell whether it names two years."""
        return bool(re.search(r"\d[-/–_]\d\d|^\d{6}$", self.text)) and not self.begins


def how(month: int, years: Sequence[FinancialYear]) -> str:
    """Say by which year financial years are named."""
    named = "begins in the year that is named" if years and years[0].begins else None
    ends = f"ends in {periods.MONTHS[month - 1]} of the year that is named last"
    return f"a financial year ({BEGINS}) {named}" if named and month < 12 else f"a financial year {ends}"


def question(years: Sequence[FinancialYear], where: str, what: str, *more: Choice) -> Question:
    """Ask for the month in which years end.

    Parameters
    ----------
    what : "are financial years".
    more : other answers.
    """
    one = years[0]
    usual = (
        (12, 3, 6, 9) if one.begins else (6, 3, 9) if any(each.is_pair for each in years) else (12, 6, 3, 9)
    )
    choices = [Choice("year_ends", str(month), _sample(one, month)) for month in usual]
    shown = ", ".join(repr(each.text) for each in years[:2])
    found = f"{where}: {shown} {what}, and nothing tells the month (1 to 12) in which such a year ends"
    if re.fullmatch(r"\d{4}", one.text) and not one.begins:
        found += f" (if named by the year in which they begin, write {one.ends}/{(one.ends + 1) % 100:02d})"
    return Question(found, (*choices, *more))


def _sample(one: FinancialYear, month: int) -> str:
    if month == 12 and not one.part:
        return f"{one.text} = January to December {one.ends}"
    return f"{one.text} = {periods.label(*periods.parse(one.iso(month)))}"
