"""A whole column of texts as periods: what one text leaves open the others decide, or the user is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

import pandas as pd

from geotrack import periods
from geotrack.errors import Choice, Question
from geotrack.language import timewords
from geotrack.usertables import financial
from geotrack.usertables.financial import BEGINS, FinancialYear
from geotrack.usertables.perioddays import meanings, month_of_years, year_around
from geotrack.usertables.periodmarks import said_by
from geotrack.usertables.periodtexts import Written, part_iso, written

ORDERS = {"mdy": "month/day/year", "dmy": "day/month/year", "ymd": "year/month/day"}

MOST_LOST = 1000
"""Distinct texts that are no period; a column with more is none of periods, and is not read on."""


@dataclass(frozen=True)
class Said:
    """What the user says of periods: `freq`, `dates`, `year_ends`, `ends` of a mapping."""

    freq: str = ""
    dates: str = ""
    year_ends: int = 0
    ends: str = ""


@dataclass
class Read:
    """The distinct texts of a column, read.

    Parameters
    ----------
    texts : as they are written.
    iso : what `periods.parse_column` is to read, "" where a text is no period.
    statuses, notes : what marks behind the texts say of the figures.
    lost : why texts are no period (what they are, what is expected) -> which.
    freq : what days stand for, as said, or as the other texts tell.
    how : in words, what was decided.
    questions : what is open.
    settled : whether `freq` is what the texts tell, to be kept for the next file, which may not tell it.
    """

    texts: Sequence[str]
    iso: list[str]
    statuses: list[str]
    notes: list[str]
    freq: str = ""
    lost: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    how: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    settled: bool = False

    def lose(self, texts: Sequence[str], what: str, expected: str) -> None:
        """Note texts that cannot be read."""
        if texts:
            self.lost.setdefault((what, expected), []).extend(texts)

    def ask(self, found: str, *choices: Choice) -> None:
        """Note a question."""
        self.questions.append(Question(found, choices))


def read(texts: Sequence[str], said: Said, where: str, is_financial: bool = False) -> Read:
    """Read the distinct texts of a column, or of the header of a wide table.

    Parameters
    ----------
    where : the column, for questions: "column 'Date'".
    is_financial : whether the column is called so: its years are none of the calendar.
    """
    made = Read(texts, [""] * len(texts), [""] * len(texts), [""] * len(texts), said.freq)
    known: dict[str, dict[int, Written]] = {}
    nothing = []
    for n, text in enumerate(texts):
        one = written(text)
        if is_financial and one.kind == "plain" and len(one.iso) == 4:
            one = one._replace(kind="financial", iso="", ends=int(one.iso), begins=BEGINS in where)
        known.setdefault(one.kind, {})[n] = one
        made.statuses[n], made.notes[n] = said_by(one.mark)
        if not one.kind:
            nothing.append(text)
            if len(nothing) >= MOST_LOST:
                break
    if not made.freq and known and all(one.at for each in known.values() for one in each.values()):
        made.freq = "day"
    made.lose(nothing, "no period", periods.EXPECTED)
    for n, one in known.get("plain", {}).items():
        made.iso[n] = one.iso
    for kind, decide in _DECIDE.items():
        if each := known.get(kind):
            decide(made, each, said, where)
    _financial(made, known.get("pair", {}), known.get("financial", {}), said, where)
    _mix(made, where)
    _stand_for(made, said, where)
    _say_short(made, known)
    return made


def meaning(iso: str) -> str:
    """Name a period for people: "2019-09" is "September 2019"."""
    return periods.label(*periods.parse(iso))


def _sample(pairs: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{text} = {meaning(iso)}" for text, iso in pairs[:2])


# The order of day, month and year


def _orders(made: Read, each: dict[int, Written], said: Said, where: str) -> None:
    """Read dates in the one order that fits all that are written with the same sign."""
    signs: dict[str, dict[int, Written]] = {}
    for n, one in each.items():
        signs.setdefault(one.sign, {})[n] = one
    for group in signs.values():
        days = {n: dict(one.days) for n, one in group.items()}
        fits = [order for order in ORDERS if all(order in by for by in days.values())]
        if said.dates in ORDERS:
            _take_order(made, days, said.dates, "as said")
        elif not fits:
            _lose_orders(made, days)
        elif _mistaken(made, days):
            made.lose(
                [made.texts[n] for n in days],
                "a date in another order than the other dates of the column, which have no day above 12: a "
                "spreadsheet may have mistaken their days for months",
                "all dates written in one way; if they are right, say --dates mdy or --dates dmy",
            )
        elif len(fits) == 1:
            _take_order(made, days, fits[0], "the only order that fits all of them")
        elif len({tuple(by[order] for by in days.values()) for order in fits}) == 1:  # 1/1/2020
            _take_order(made, days, fits[0], "")
        elif even := _even(days, fits):
            _take_order(made, days, even, "in this order all are firsts or lasts of months")
        else:
            _ask_order(made, days, fits, where)


def _take_order(made: Read, days: dict[int, dict[str, str]], order: str, why: str) -> None:
    for n, by in days.items():
        made.iso[n] = by.get(order, "")
    odd = [made.texts[n] for n, by in days.items() if order not in by]
    made.lose(odd, f"no date as {ORDERS[order]}", "all dates in the order that is said")
    if why:
        made.how.append(f"dates read as {ORDERS[order]}: {why}")


def _lose_orders(made: Read, days: dict[int, dict[str, str]]) -> None:
    counts = Counter(order for by in days.values() for order in by)
    most = max(counts, key=lambda order: (counts[order], order))
    odd = [made.texts[n] for n, by in days.items() if most not in by]
    first = next((made.texts[n] for n, by in days.items() if [*by] == [most]), "")
    beside = f" beside {first!r}" if first else ""
    made.lose(odd, f"no date as {ORDERS[most]}{beside}", "all dates in one order")


def _mistaken(made: Read, days: dict[int, dict[str, str]]) -> bool:
    """Tell whether a spreadsheet may have read other dates of the column in the wrong order.

    It makes dates of the texts that fit its own order, whatever was meant, and leaves the others text.
    """
    beside = [iso for iso in made.iso if iso and _length(iso) == "day"]
    return (
        len(beside) > 0
        and all(int(iso[8:]) <= 12 for iso in beside)
        and any(iso[8:] != "01" for iso in beside)
        and all(len({*by.values()}) == 1 for by in days.values())
    )


def _even(days: dict[int, dict[str, str]], fits: Sequence[str]) -> str:
    """Return the one order in which all dates are firsts or lasts of months, if no other can be meant.

    1/1/19, 2/1/19, ... may be the first days of January as well. In several years they would be some first
    days of each January, where the firsts of months follow each other in one step. Lasts of months are above
    12, so that what another order makes of them are a few days of far years. 01.01.19, 01.02.19, ... are days
    here and there of 2001 if the year stands in front, but every month if it does not.
    """
    by = {order: sorted({each[order] for each in days.values()}) for order in fits}
    firsts = {order: all(day.endswith("-01") for day in by[order]) for order in fits}
    lasts = {order: all(periods.after(day).endswith("-01") for day in by[order]) for order in fits}
    regular = [order for order in fits if firsts[order] or lasts[order]]
    if len(regular) != 1 or len(days) < 3:
        return ""
    order = regular[0]
    others = [by[other] for other in fits if other != order]
    if len({day[5:7] for day in by[order]}) < 2:
        return ""
    if lasts[order]:
        return order
    if not _in_step(by[order]) or len({day[:4] for day in by[order]}) < 2:
        return ""
    few = len(by[order]) < 6
    meant = [each for each in others if len({day[5:7] for day in each}) > 1 and (few or _in_step(each))]
    return "" if meant else order


def _in_step(days: Sequence[str]) -> bool:
    """Tell whether days follow each other in steps of so many days, or of so many months."""
    dates = [date.fromisoformat(day) for day in days]
    steps = {(after - before).days for before, after in pairwise(dates)}
    months = {_months(after) - _months(before) for before, after in pairwise(days)}
    return len(steps) < 2 or (len(months) < 2 and len({each.day for each in dates}) == 1)


def _ask_order(made: Read, days: dict[int, dict[str, str]], fits: Sequence[str], where: str) -> None:
    telling = [n for n, by in days.items() if len({by[order] for order in fits}) == len(fits)] or [*days]
    made.ask(
        f"{where}: dates such as {made.texts[telling[0]]!r} fit more than one order of day and month",
        *(
            Choice("dates", order, _sample([(made.texts[n], days[n][order]) for n in telling]))
            for order in fits
        ),
    )


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
        Choice("dates", "serial", _sample(pairs)),
    )


# Years that end in the next one


def _financial(
    made: Read, pairs: dict[int, Written], stated: dict[int, Written], said: Said, where: str
) -> None:
    """Read "2009/10", "FY2010": by one rule, however they are written."""
    beside = any(_length(iso) == "month" for iso in made.iso if iso)
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
    more = [] if both else [Choice("freq", "month", _sample(samples))]
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
    months = sorted({_months(made.iso[n]) for n in short if made.iso[n]})
    steps = {after - before for before, after in pairwise(months)}
    names = {month % 12 for month in months}
    few = len(names) < 3 and len(numbers) > 3
    if few or (len(steps) > 1 and max(numbers) - min(numbers) > 4):
        pairs = [(made.texts[n], made.iso[n]) for n in short if made.iso[n]]
        made.ask(
            f"{where}: {pairs[0][0]!r}, {pairs[1][0]!r} may be months, or days of months without their year",
            Choice("freq", "month", _sample(pairs)),
        )


def _months(iso: str) -> int:
    """Return the number of a period's first month, counted from the year 0."""
    start = date.fromisoformat(periods.parse(iso)[0])
    return start.year * 12 + start.month


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
    beside = any(_length(iso) == "month" for iso in made.iso if iso)
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
    choices = [Choice("freq", kind, _sample([(made.texts[n], iso)])) for kind, iso in said_as.items()]
    made.ask(
        f"{where}: {made.texts[n]!r} may be a month, or another part of the year: none is above {highest}",
        *choices,
    )


_DECIDE: dict[str, Callable[[Read, dict[int, Written], Said, str], None]] = {
    "name": _names,
    "third": _thirds,
    "digit": _digits,
    "moment": _moments,
    "order": _orders,
    "serial": _serials,
}


def _mix(made: Read, where: str) -> None:
    """Let firsts of months beside longer periods stand for them."""
    found = [iso for iso in made.iso if iso]
    days = [iso for iso in found if _length(iso) == "day"]
    others = {_length(iso) for iso in found} - {"day"}
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
            Choice("freq", "day", _sample([(text, days[0])])),
        )


def _stand_for(made: Read, said: Said, where: str) -> None:
    """Tell what days stand for, if all are firsts or lasts of months; ask where that is open."""
    days = [iso for iso in made.iso if iso]
    if made.freq or made.questions or not days or any(_length(iso) != "day" for iso in days):
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
        sample = _sample([(made.texts[n], year_around(days[0], month))])
        choices.insert(0, Choice("year_ends", str(month), sample))
    made.ask(f"{where}: {made.texts[n]!r} may stand for a day, or for a longer time around it", *choices)


def _stands(made: Read, n: int, freq: str) -> str:
    """Say what a day stands for."""
    days = periods.parse_column(pd.Series([made.iso[n]], dtype=object), freq)
    return f"{made.texts[n]} = {periods.label(days['start'].iloc[0], days['end'].iloc[0])}"


def _bounds(day: date, length: str) -> bool:
    """Tell whether a day is the first or the last of such a period."""
    months, after = periods.MONTHS_IN[length], day + timedelta(days=1)
    return any(each.day == 1 and (each.month - 1) % months == 0 for each in (day, after))


@lru_cache(maxsize=100_000)
def _length(iso: str) -> str:
    """Return how long a period is: "day", "week", "month", "quarter", "half", "year"; else ""."""
    start, end = map(date.fromisoformat, periods.parse(iso))
    if (days := (end - start).days) in (1, 7):
        return "day" if days == 1 else "week"
    months = (end.year - start.year) * 12 + end.month - start.month if start.day == end.day == 1 else 0
    return next((name for name, count in periods.MONTHS_IN.items() if count == months), "")


def _say_short(made: Read, known: dict[str, dict[int, Written]]) -> None:
    years = [one for each in known.values() for n, one in each.items() if one.short and made.iso[n]]
    if years:
        made.how.append("years of two digits: 00 to 68 are 2000 to 2068, 69 to 99 are 1969 to 1999")


def plainly(texts: Sequence[str], starts: Sequence[str], ends: Sequence[str]) -> Iterator[str]:
    """Yield how texts were read, where that is not the ISO text itself: "'Jan-21' = January 2021"."""
    for text, start, end in zip(texts, starts, ends, strict=True):
        told = start and text != periods.iso(start, end)
        yield f"{text!r} = {periods.label(start, end)}" if told else repr(text)
