"""Dates of numbers alone: the one order of day, month and year that fits a whole column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from geotrack import periods
from geotrack.errors import Choice
from geotrack.usertables.periods.columnread import Read, Said, length_of, months_of, sample
from geotrack.usertables.periods.texts import Written

ORDERS = {"mdy": "month/day/year", "dmy": "day/month/year", "ymd": "year/month/day"}


def decide(made: Read, each: dict[int, Written], said: Said, where: str) -> None:
    """Read dates in the one order that fits all that are written with the same sign."""
    signs: dict[str, dict[int, Written]] = {}
    for n, one in each.items():
        signs.setdefault(one.sign, {})[n] = one
    for sign, group in signs.items():
        days = {n: dict(one.days) for n, one in group.items()}
        fits = [order for order in ORDERS if all(order in by for by in days.values())]
        if sign != "-" and said.dates not in ORDERS:
            fits = _without_far_years(days, fits)
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
    beside = [iso for iso in made.iso if iso and length_of(iso) == "day"]
    return (
        len(beside) > 0
        and all(int(iso[8:]) <= 12 for iso in beside)
        and any(iso[8:] != "01" for iso in beside)
        and all(len({*by.values()}) == 1 for by in days.values())
    )


def _without_far_years(days: dict[int, dict[str, str]], fits: list[str]) -> list[str]:
    """Leave out the year in front where it makes of 01.02.22, 13.02.22 a day of far years.

    Where it does stand there, years follow each other, and ends of months occur; with "-" between them
    the year does stand in front, as in ISO dates.
    """
    if "ymd" not in fits or len(fits) < 2:
        return fits
    by = {order: {each[order] for each in days.values()} for order in fits}
    years = {order: {int(day[:4]) for day in by[order]} for order in fits}
    apart = {order: max(years[order]) - min(years[order]) >= len(years[order]) for order in fits}
    turns = {day[8:] == "01" or periods.after(day).endswith("-01") for day in by["ymd"]}
    one_day = len({day[8:] for day in by["ymd"]}) == 1
    others = [order for order in fits if order != "ymd"]
    far = len(years["ymd"]) > 1 and (one_day or (apart["ymd"] and not any(apart[order] for order in others)))
    return others if far and True not in turns else fits


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
    months = {months_of(after) - months_of(before) for before, after in pairwise(days)}
    return len(steps) < 2 or (len(months) < 2 and len({each.day for each in dates}) == 1)


def _ask_order(made: Read, days: dict[int, dict[str, str]], fits: Sequence[str], where: str) -> None:
    telling = [n for n, by in days.items() if len({by[order] for order in fits}) == len(fits)] or [*days]
    made.ask(
        f"{where}: dates such as {made.texts[telling[0]]!r} fit more than one order of day and month",
        *(
            Choice("dates", order, sample([(made.texts[n], days[n][order]) for n in telling]))
            for order in fits
        ),
    )
