"""A whole column of texts as periods: what one text leaves open the others decide, or the user is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

import pandas as pd

from geotrack import periods
from geotrack.errors import Choice
from geotrack.language import timewords
from geotrack.usertables.periods import around as periodwords
from geotrack.usertables.periods import dayorders
from geotrack.usertables.periods.columnread import Read, Said, length_of, months_of, sample
from geotrack.usertables.periods.days import ANY, meanings, month_of_years, year_around
from geotrack.usertables.periods.texts import Written, part_iso, written
from geotrack.usertables.words import financial
from geotrack.usertables.words.endings import Ending
from geotrack.usertables.words.financial import BEGINS, FinancialYear
from geotrack.usertables.words.periodmarks import said_by

MOST_LOST = 1000
"""Distinct texts that are no period; a column with more is none of periods, and is not read on."""


def read(
    texts: Sequence[str], said: Said, where: str, is_financial: bool = False, ending: Ending | None = None
) -> Read:
    """Read the distinct texts of a column, or of the header of a wide table.

    Parameters
    ----------
    where : the column, for questions: "column 'Date'".
    is_financial : whether the column is called so: its years are none of the calendar.
    ending : what words around the column say of its periods.
    """
    asked, said = said, periodwords.said_with(said, ending)
    made = Read(texts, [""] * len(texts), [""] * len(texts), [""] * len(texts), said.freq)
    begins = BEGINS in where and not (ending and ending.month)
    is_financial = is_financial or (said.year_ends > 0 and all(written(text).is_year for text in texts))
    known = _known(made, lambda one: _in_words(one, said, ending, is_financial, begins))
    if not made.freq and known and all(one.at for each in known.values() for one in each.values()):
        made.freq = "day"
    for n, one in known.get("plain", {}).items():
        made.iso[n] = one.iso
    for kind, decide in _DECIDE.items():
        if each := known.get(kind):
            decide(made, each, said, where)
    periodwords.ask_unsaid(made, known.get(periodwords.UNSAID, {}), ending)
    periodwords.lengthen(made, known, ending, asked)
    _financial(made, known.get("pair", {}), known.get("financial", {}), said, where)
    _ask_era(made, said, where)
    _mix(made, where)
    _stand_for(made, said, where)
    _say_short(made, known)
    return made


def _known(made: Read, with_words: Callable[[Written], Written]) -> dict[str, dict[int, Written]]:
    """Return what the texts say, by its kind and their places, and note those that say nothing."""
    known: dict[str, dict[int, Written]] = {}
    nothing = []
    for n, text in enumerate(made.texts):
        one = with_words(written(text))
        known.setdefault(one.kind, {})[n] = one
        made.statuses[n], made.notes[n] = said_by(one.mark)
        if not one.kind:
            nothing.append(text)
            if len(nothing) >= MOST_LOST:
                break
    made.lose(nothing, "no period", periods.EXPECTED)
    return known


def _in_words(one: Written, said: Said, ending: Ending | None, is_financial: bool, begins: bool) -> Written:
    """Return a year as its column, or words around it, have it; whatever else stays as it is."""
    if is_financial and one.is_year:
        part = periodwords.part_of(ending)
        return one._replace(kind="financial", iso="", ends=int(one.iso), begins=begins, part=part)
    return periodwords.of_year(one, ending, said) if ending else one


_ERAS = (
    (2400, 2700, "of the Buddhist calendar, 543 more than of the Common Era"),
    (2200, 10_000, "of another calendar"),
    (1300, 1500, "of an Islamic or Persian calendar"),
    (0, 1000, "of another calendar"),
)
"""Years that few figures are from: what they may be if all of a column are such."""


def _ask_era(made: Read, said: Said, where: str) -> None:
    """Ask whether years that few figures are from are meant as they stand."""
    found = {n: int(iso[:4]) for n, iso in enumerate(made.iso) if iso}
    if said.freq or not found or made.questions:
        return
    for least, most, what in _ERAS:
        if all(least <= year < most for year in found.values()):
            n = next(iter(found))
            length = length_of(made.iso[n])
            made.ask(
                f"{where}: {made.texts[n]!r} may be a year {what}: then write the years of the Common Era; "
                "or it is meant as it stands",
                Choice("freq", length if length in ANY else "year", sample([(made.texts[n], made.iso[n])])),
            )
            return


# Numbers that a spreadsheet has for days


def _serials(made: Read, each: dict[int, Written], said: Said, where: str) -> None:
    if said.dates == "serial":
        for n, one in each.items():
            made.iso[n] = one.iso
        made.how.append("numbers read as days, counted as Excel does: as said")
        return
    pairs = [(made.texts[n], one.iso) for n, one in each.items()]
    made.ask(
        f"{where}: {pairs[0][0]!r} may be the number that Excel has for a day, or no period at all",
        Choice("dates", "serial", sample(pairs)),
    )


# Years that end in the next one


def _financial(
    made: Read, pairs: dict[int, Written], stated: dict[int, Written], said: Said, where: str
) -> None:
    """Read "2009/10", "FY2010": by one rule, however they are written."""
    beside = any(length_of(iso) == "month" for iso in made.iso if iso)
    if pairs and not said.year_ends and (said.freq in ("day", "month") or (beside and not stated)):
        for n, one in pairs.items():
            made.iso[n] = one.iso
        pairs = {}
    if pairs and beside:
        made.lose(
            [made.texts[n] for n in pairs],
            "a month, or a year that ends in the next one, in a column that has both",
            "years as 2009-07/2010-06, from the first to the last month",
        )
        return
    each = dict(sorted({**pairs, **stated}.items()))
    if not each:
        return
    if said.year_ends:
        _take_years(made, each, said.year_ends)
    else:
        _ask_year(made, each, pairs, where)


def _years_of(made: Read, each: dict[int, Written]) -> list[FinancialYear]:
    return [FinancialYear(made.texts[n], one.ends, one.begins, *one.part) for n, one in each.items()]


def _take_years(made: Read, each: dict[int, Written], month: int) -> None:
    years = _years_of(made, each)
    for n, year in zip(each, years, strict=True):
        if month == 12 and (year.is_pair or each[n].kind == "pair"):
            made.lose(
                [made.texts[n]],
                "a year that does not end in December",
                "--year-ends with the month in which it ends",
            )
        else:
            made.iso[n] = year.iso(month)
    made.how.append(financial.how(month, years))


def _ask_year(made: Read, each: dict[int, Written], pairs: dict[int, Written], where: str) -> None:
    both = len(each) > len(pairs)
    what = "are financial years" if both else "may be financial years or months"
    samples = [(made.texts[n], one.iso) for n, one in pairs.items()]
    more = [] if both else [Choice("freq", "month", sample(samples))]
    made.questions.append(financial.question(_years_of(made, each), where, what, *more))


# Names in any language


def _names(made: Read, each: dict[int, Written], said: Said, where: str) -> None:
    """Read names of months and quarters by the languages that know all of them."""
    means = timewords.decided({one.name for one in each.values()})
    for n, one in each.items():
        kind, count = means.get(one.name, ("", 0))
        if not kind or (one.short and one.name in _thai(one.name)):
            continue
        if one.day:
            try:
                made.iso[n] = date(one.year, count, one.day).isoformat() if kind == "month" else ""
            except ValueError:
                continue
        else:
            made.iso[n] = part_iso(kind, one.year, count)
    odd = [made.texts[n] for n, one in each.items() if one.name not in means]
    made.lose(
        odd,
        "a month that differs by language, or a word that is a month in some language",
        "months as numbers, or more of them in this language; what is no month is left out by --ignore",
    )
    bad = [made.texts[n] for n, one in each.items() if one.name in means and not made.iso[n]]
    made.lose(bad, "no period", periods.EXPECTED)
    _ask_days(made, {n: one for n, one in each.items() if one.short and not one.day}, said, where)


def _thai(name: str) -> set[str]:
    """Return a name that only Thai has: its years of two digits are those of another era."""
    known = () if timewords.english(name) else timewords.meanings(name)
    return {name} if [*known] == ["th"] else set()


def _ask_days(made: Read, short: dict[int, Written], said: Said, where: str) -> None:
    """Ask about Jan-01, Jan-02, ..., Sep 15, Sep 22, ...: they may be days of months, without a year."""
    numbers = {one.year % 100 for one in short.values()}
    if said.freq not in ("", "day") or not all(1 <= number <= 31 for number in numbers):
        return
    months = sorted({months_of(made.iso[n]) for n in short if made.iso[n]})
    steps = {after - before for before, after in pairwise(months)}
    names = {month % 12 for month in months}
    few = len(names) < 3 and len(numbers) > 3
    if few or (len(steps) > 1 and max(numbers) - min(numbers) > 4):
        pairs = [(made.texts[n], made.iso[n]) for n in short if made.iso[n]]
        made.ask(
            f"{where}: {pairs[0][0]!r}, {pairs[1][0]!r} may be months, or days of months without their year",
            Choice("freq", "month", sample(pairs)),
        )


# What the column as a whole tells


def _thirds(made: Read, each: dict[int, Written], said: Said, where: str) -> None:
    """Read T1 to T4 as quarters, as in French and Spanish; without a T4 they may be thirds of a year."""
    if any(one.iso.endswith("4") for one in each.values()):
        for n, one in each.items():
            made.iso[n] = one.iso
        return
    texts = [made.texts[n] for n in each]
    made.lose(texts, "a quarter, or a third of a year", "quarters as 2020-Q1, thirds as 2020-01/2020-04")


def _moments(made: Read, each: dict[int, Written], said: Said, where: str) -> None:
    made.lose(
        [made.texts[n] for n in each],
        "a day with a time that is not midnight (elsewhere it may be another day, or another month)",
        "days or months without a time, as 2020-01",
    )


def _digits(made: Read, each: dict[int, Written], said: Said, where: str) -> None:
    """Read 2020-1, 2020-2, ...: months if one is above 4, or has its zero; else perhaps quarters."""
    highest = max(int(one.iso[5:]) for one in each.values())
    beside = any(length_of(iso) == "month" for iso in made.iso if iso)
    kinds = [kind for kind, most in (("quarter", 4), ("half", 2)) if highest <= most]
    if said.freq in kinds:
        for n, one in each.items():
            made.iso[n] = part_iso(said.freq, int(one.iso[:4]), int(one.iso[5:]))
        return
    for n, one in each.items():
        made.iso[n] = one.iso
    if said.freq or beside or not kinds:
        return
    n = next(iter(each))
    said_as = {kind: part_iso(kind, int(made.iso[n][:4]), int(made.iso[n][5:])) for kind in ("month", *kinds)}
    choices = [Choice("freq", kind, sample([(made.texts[n], iso)])) for kind, iso in said_as.items()]
    made.ask(
        f"{where}: {made.texts[n]!r} may be a month, or another part of the year: none is above {highest}",
        *choices,
    )


_DECIDE: dict[str, Callable[[Read, dict[int, Written], Said, str], None]] = {
    "name": _names,
    "third": _thirds,
    "digit": _digits,
    "moment": _moments,
    "order": dayorders.decide,
    "serial": _serials,
}


def _mix(made: Read, where: str) -> None:
    """Let firsts of months beside longer periods stand for them."""
    found = [iso for iso in made.iso if iso]
    days = [iso for iso in found if length_of(iso) == "day"]
    others = {length_of(iso) for iso in found} - {"day"}
    if made.freq or not days or len(others) != 1 or not (length := others.pop()):
        return
    if length == "month" and all(iso.endswith("-01") for iso in days):
        made.freq = "month"
        made.how.append("firsts of months stand for the month, as months stand beside them")
    elif length != "week" and all(_bounds(date.fromisoformat(iso), length) for iso in days):
        text = made.texts[made.iso.index(days[0])]
        made.ask(
            f"{where}: {text!r} stands beside periods of a {length}",
            Choice("freq", length, f"{text} = the {length} around it"),
            Choice("freq", "day", sample([(text, days[0])])),
        )


def _stand_for(made: Read, said: Said, where: str) -> None:
    """Tell what days stand for, if all are firsts or lasts of months; ask where that is open."""
    days = [iso for iso in made.iso if iso]
    if made.freq or made.questions or not days or any(length_of(iso) != "day" for iso in days):
        return
    if 0 < said.year_ends < 12 and said.year_ends == month_of_years(days):
        made.iso = [iso and year_around(iso, said.year_ends) for iso in made.iso]
        made.how.append(f"days stand for years that end in {periods.MONTHS[said.year_ends - 1]}")
        return
    first, *others = meanings(days)
    if not others:
        made.freq, made.settled = ("", False) if first == "day" else (first, True)
        return
    n = made.iso.index(days[0])
    choices = [Choice("freq", each, _stands(made, n, each)) for each in (first, *others)]
    if len({*days}) > 1 and 0 < (month := month_of_years(days)) < 12:
        year = sample([(made.texts[n], year_around(days[0], month))])
        choices.insert(0, Choice("year_ends", str(month), year))
    made.ask(f"{where}: {made.texts[n]!r} may stand for a day, or for a longer time around it", *choices)


def _stands(made: Read, n: int, freq: str) -> str:
    """Say what a day stands for."""
    days = periods.parse_column(pd.Series([made.iso[n]], dtype=object), freq)
    return f"{made.texts[n]} = {periods.label(days['start'].iloc[0], days['end'].iloc[0])}"


def _bounds(day: date, length: str) -> bool:
    """Tell whether a day is the first or the last of such a period."""
    months, after = periods.MONTHS_IN[length], day + timedelta(days=1)
    return any(each.day == 1 and (each.month - 1) % months == 0 for each in (day, after))


def _say_short(made: Read, known: dict[str, dict[int, Written]]) -> None:
    years = [one for each in known.values() for n, one in each.items() if one.short and made.iso[n]]
    if years:
        made.how.append("years of two digits: 00 to 68 are 2000 to 2068, 69 to 99 are 1969 to 1999")


def plainly(texts: Sequence[str], starts: Sequence[str], ends: Sequence[str]) -> Iterator[str]:
    """Yield how texts were read, where that is not the ISO text itself: "'Jan-21' = January 2021"."""
    for text, start, end in zip(texts, starts, ends, strict=True):
        told = start and text != periods.iso(start, end)
        yield f"{text!r} = {periods.label(start, end)}" if told else repr(text)
