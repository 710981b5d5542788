"""What the days of a column stand for, where all are firsts of months, or all lasts: as far as they tell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from geotrack import periods

ANY = ("year", "half", "quarter", "month", "day")
"""Lengths that a day may stand for, the longest first."""

FEW = 2
"""Days that tell no quarters and halves yet: two of them may be any two months."""


def meanings(days: Sequence[str]) -> tuple[str, ...]:
    """Return the lengths that days may stand for; one if they tell it, or if they are days of the calendar.

    Two first days of years are years, three of halves or quarters in steps of one are these; steps of one
    month are months, as are firsts of months that begin no quarter. Whatever else is open: one 31 December
    may be a day, a month, a quarter or a year, and the next file would tell another.

    Parameters
    ----------
    days : ISO days, all of a column.
    """
    found = sorted(set(days))
    firsts = all(day.endswith("-01") for day in found)
    turns = found if firsts else [periods.after(day) for day in found]
    if not found or not all(turn.endswith("-01") for turn in turns):
        return ("day",)
    fits = [length for length in ANY[:-1] if all(_begins(turn, length) for turn in turns)]
    steps = [_months(after) - _months(before) for before, after in pairwise(turns)]
    told = _told(fits, steps, firsts)
    return (told,) if told else (*fits, "day")


def _told(fits: Sequence[str], steps: Sequence[int], firsts: bool) -> str:
    """Return the one length that the steps tell; "" if they leave it open."""
    if not steps:
        return "month" if firsts and fits == ["month"] else ""
    least = min(steps)
    if least == 1:
        return "month"
    if all(step % 12 == 0 for step in steps):
        return "year" if fits[0] == "year" else ""
    if fits == ["month"]:  # in even steps of three or six months they are quarters of another year
        return "" if len(steps) >= FEW and {*steps} in ({3}, {6}) else "month"
    return fits[0] if len(steps) >= FEW and periods.MONTHS_IN[fits[0]] == least else ""


def month_of_years(days: Sequence[str]) -> int:
    """Return the month in which years end that begin, or end, with such days of each year; 0 if none do.

    1 April 2020 and 1 April 2021 begin years that end in March, 31 March 2020 ends one.
    """
    turns = {day if day.endswith("-01") else periods.after(day) for day in days}
    months = {turn[5:] for turn in turns}
    begun = months.pop() if len(months) == 1 else ""
    return (int(begun[:2]) - 2) % 12 + 1 if begun.endswith("-01") else 0


def year_around(day: str, month: int) -> str:
    """Return the twelve months up to the end of a month that begin, or end, with a day; "" if none do."""
    first = date.fromisoformat(day)
    turn = first if first.day == 1 else date.fromisoformat(periods.after(day))
    if turn.day != 1 or turn.month != month % 12 + 1:
        return ""
    year = turn.year if first.day == 1 else turn.year - 1
    return f"{year}-{turn.month:02d}/{year + (month < 12)}-{month:02d}"


def _begins(turn: str, length: str) -> bool:
    return (int(turn[5:7]) - 1) % periods.MONTHS_IN[length] == 0


def _months(day: str) -> int:
    return int(day[:4]) * 12 + int(day[5:7])
