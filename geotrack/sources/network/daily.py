"""Daily points of the network's hashrate, and the monthly means that are made of them."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby, pairwise
from statistics import median
from typing import Any, NoReturn

import pandas as pd

from geotrack.errors import FetchError, ParseError, first_few
from geotrack.language import partly
from geotrack.sources.payload import decimal_of, frame_of, moment_of, month_of, plain

FIRST = date(2015, 1, 1)
"""Months before are not taken: the series of other sources begin here, and six decimals of EH/s held only a
few digits of what the network then was."""

LEAST, MOST = Fraction(1, 10), Fraction(100_000)
"""EH/s that a day from FIRST on lies between. The mean was 0.3 in January 2015, 1,092 in October 2025: what
lies outside is TH/s that were read as H/s, EH/s that were read as TH/s, or a price read as a hashrate."""

PER_EXAHASH = {"H/s": 10**18, "TH/s": 10**6}

"""Faults that a message lists; the others are counted."""

INSTANT = r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?)?(?:Z|\+00:00)?"

Cell = tuple[str, object, object]  # where it stands, its time, its value


@dataclass(frozen=True)
class Point:
    """A hashrate at a moment, exact, in EH/s, and the file it stands in."""

    moment: datetime
    hashrate: Fraction
    file: str

    @property
    def day(self) -> date:
        """Return the day in UTC."""
        return self.moment.date()


@dataclass(frozen=True)
class _Day:
    day: date
    mean: Fraction
    file: str


def instant(value: object) -> datetime | None:
    """Return the moment of an ISO time in UTC; None if it is none between 2009 and 2100."""
    found = re.fullmatch(INSTANT, value, re.ASCII) if isinstance(value, str) else None
    if not found:
        return None
    try:
        moment = datetime.fromisoformat(f"{found[1]}T{found[2] or '00:00'}").replace(tzinfo=UTC)
    except ValueError:
        return None
    return moment_of(int(moment.timestamp()))


def objects(file: str, read: Any, list_key: str, keys: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the points of a JSON reply: a list under a key, of objects that have some keys.

    Raises
    ------
    FetchError : the source answered that it refuses, or failed.
    ParseError : the list or a key is not there; all points without are listed.
    """
    found = read if isinstance(read, dict) else {}
    status = found.get("status", "ok")
    if error := found.get("error") or (None if status == "ok" else status):
        said = error.get("message") if isinstance(error, dict) else found.get("message", error)
        raise FetchError(f"{file}: the source answered with an error: {shown(said)}; try again later")
    points = found.get(list_key)
    if not isinstance(points, list):
        what = f"the keys {_keys(found)}" if found else shown(read)
        raise ParseError(
            f"{file}: found {what}; expected a list named {list_key!r} of {', '.join(keys)}; "
            "the source's form has changed, or this is another file"
        )
    bad = [
        f"point {i}: {_keys(p) if isinstance(p, dict) else shown(p)}"
        for i, p in enumerate(points, 1)
        if not isinstance(p, dict) or not set(keys) <= p.keys()
    ]
    if bad:
        refuse(file, bad, f"an object with {', '.join(keys)} for every point of {list_key!r}")
    return points


def _keys(table: dict[str, Any]) -> str:
    return first_few((key[:40] for key in table), ", ") or "no key"


def points_of(
    file: str, cells: Iterable[Cell], moment: Callable[[object], datetime | None], unit: str
) -> list[Point]:
    """Read points.

    Parameters
    ----------
    file : its name.
    cells : where a point stands, its time and its value, as they are written.
    moment : reads a time; None if it is none.
    unit : of the values, a key of PER_EXAHASH.

    Raises
    ------
    ParseError : lists the points whose time or value is none, or is negative.
    """
    found: list[Point] = []
    bad = []
    for where, time, value in cells:
        at, number = moment(time), decimal_of(value)
        if at is None:
            bad.append(f"{where}: time {shown(time)}")
        elif number is None or number < 0:
            bad.append(f"{where}: hashrate {shown(value)}")
        else:
            found.append(Point(at, Fraction(number) / PER_EXAHASH[unit], file))
    if bad:
        refuse(file, bad, f"a time between 2009 and 2100 and a number of 0 or more in {unit} in every point")
    return found


def monthly(series: str, points: Iterable[Point]) -> pd.DataFrame:
    """Return the months' means and the numbers of their days observed, in LABELLED_COLUMNS.

    A day is the mean of its points, a month the mean of its days; exact, then rounded half-even to 6
    decimals. A month that is not wholly observed says so in its note; what is current, the points tell.

    Raises
    ------
    ParseError : no points, points that contradict each other, or days that the network cannot have had.
    """
    days = _days(series, _distinct(series, points))
    spacing = median([(b.day - a.day).days for a, b in pairwise(days)] or [1])
    months = [list(of) for _, of in groupby(days, key=lambda d: (d.day.year, d.day.month))]
    rows: list[dict[str, str]] = []
    for number, month in enumerate(months):
        edges = _edges(month, number == 0, number == len(months) - 1, spacing)
        rows += _rows(series, month, _note(month, edges, spacing))
    return frame_of(rows)


def shown(value: object) -> str:
    """Write a value of a payload for a message: short, and safe whatever it is."""
    if value is None:
        return "null"
    if isinstance(value, list | dict):
        return f"a {'list' if isinstance(value, list) else 'table'}"
    return (repr(value) if isinstance(value, str) else str(value))[:60]


def refuse(file: str, bad: list[str], expected: str) -> NoReturn:
    """Refuse a file for all its faults at once.

    Raises
    ------
    ParseError : always.
    """
    raise ParseError(f"{file}: {first_few(bad)}; expected {expected}")


def _distinct(series: str, points: Iterable[Point]) -> list[Point]:
    found: dict[datetime, Point] = {}
    bad = []
    for point in points:
        held = found.setdefault(point.moment, point)
        if held.hashrate != point.hashrate:
            figures = " and ".join(f"{float(p.hashrate):.6g} EH/s in {p.file}" for p in (held, point))
            bad.append(f"{point.moment:%Y-%m-%dT%H:%M:%SZ}: {figures}")
    if bad:
        refuse(series, bad, "one figure for one moment; the source contradicts itself, nothing was read")
    return [point for _, point in sorted(found.items()) if point.day >= FIRST]


def _days(series: str, points: list[Point]) -> list[_Day]:
    if not points:
        raise ParseError(f"{series}: no points from {FIRST} on; expected daily points of the hashrate")
    days = []
    for day, group in groupby(points, key=lambda p: p.day):
        of = list(group)
        days.append(_Day(day, sum((p.hashrate for p in of), Fraction()) / len(of), of[-1].file))
    if still := [str(d.day) for d in days if not d.mean]:
        refuse(series, still, "more than 0 EH/s: the network never stood still; a gap of the source's, wait")
    if wrong := [f"{d.day}: {float(d.mean):.4g} EH/s" for d in days if not LEAST <= d.mean <= MOST]:
        expected = f"{float(LEAST):g} to {float(MOST):g} EH/s on a day from {FIRST} on"
        refuse(series, wrong, f"{expected}; this looks like another unit, or no hashrate")
    return days


def _edges(month: list[_Day], first: bool, last: bool, spacing: float) -> Mapping[str, date]:
    """Return where observation begins or ends within a month: a gap at the data's own beginning or end."""
    begin, end = month[0].day, month[-1].day
    left = (_after(end) - end).days - 1
    edges = {"from": begin} if first and begin.day - 1 >= spacing else {}
    return edges | ({"to": end} if last and left >= spacing else {})


def _note(month: list[_Day], edges: Mapping[str, date], spacing: float) -> str:
    all_days = monthrange(month[0].day.year, month[0].day.month)[1]
    if len(month) == all_days:
        return ""
    text = partly.observed(len(month), all_days, "day")
    if edges:
        text = ", ".join([partly.month(text), *(f"{word} {day}" for word, day in edges.items())])
    often = f"about one in {spacing:g} days"
    return f"{text}; thinned series, {often}: {len(month)} points" if spacing > 1.5 else text


def _rows(series: str, month: list[_Day], note: str) -> Iterator[dict[str, str]]:
    start, end = month_of(datetime(month[0].day.year, month[0].day.month, 1, tzinfo=UTC))
    mean = sum((d.mean for d in month), Fraction()) / len(month)
    millionths = round(mean * 10**6)  # of a Fraction: exact, half to even
    figures = (
        ("hashrate", plain(Decimal(f"{millionths}E-6")), "EH/s"),
        ("days_observed", f"{len(month)}", "days"),
    )
    for metric, value, unit in figures:
        yield {
            "series": series,
            "label": "Bitcoin network",
            "lookup": "network",
            "start": start,
            "end": end,
            "metric": metric,
            "value": value,
            "unit": unit,
            "status": "derived",
            "note": note,
            "file": month[-1].file,
        }


def _after(day: date) -> date:
    """Return the first day of the next month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
