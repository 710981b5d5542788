"""How much the shipped data hold, counted in their files: a month that joins them breaks no test.

Published figures, and how many rows a series has, are pinned in `store/test_data.py` alone.
"""

from __future__ import annotations

import calendar
import csv
from functools import cache
from pathlib import Path

OBSERVATIONS = Path(__file__).parents[1] / "data" / "observations"


@cache
def rows(series: str) -> tuple[tuple[str, str], ...]:
    """Start and end of each row of a series."""
    with (OBSERVATIONS / f"{series}.csv").open(encoding="utf-8", newline="") as lines:
        return tuple((row["start"], row["end"]) for row in csv.DictReader(lines))


def figures(series: str) -> int:
    """How many figures a series has, of all its metrics."""
    return len(rows(series))


def slices(series: str) -> int:
    """How many periods a series has figures of."""
    return len(set(rows(series)))


def last(series: str) -> str:
    """The last month of a series of months: "2022-01"."""
    return max(rows(series))[0][:7]


def last_month(series: str) -> str:
    """The last month of a series of months, in words: "January 2022"."""
    year, month = last(series).split("-")
    return f"{calendar.month_name[int(month)]} {year}"


def nothing_newer(series: str) -> str:
    """What an update says that found nothing new of a series."""
    return f"no newer period than {last_month(series)}; {figures(series)} figures unchanged"
