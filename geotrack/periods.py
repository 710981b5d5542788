"""Periods of time: read as people write them, named as people read them; half open, in ISO days."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import numpy as np
import pandas as pd

from geotrack.errors import ParseError, first_few
from geotrack.model import FREQS

MONTHS_IN = {name: months for name, months in FREQS.items() if months}
"""The lengths of time that slices can have, each with its number of months."""

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

EXPECTED = (
    "2019-09 (a month), 2019-09-01 (a day), 2020-Q1, 2019-H1, 2021, Sep 2019, 2020-W05, 202001, 01/2020, "
    "or 2024-06/2024-09 (both included)"
)


def parse(value: object) -> tuple[str, str]:
    """Read one period.

    Parameters
    ----------
    value : text, a year or a month as a whole number (2021, 202107), a date, datetime, Timestamp or
        datetime64 (its day), or a pandas Period. Text is one of

        - a day: "2019-09-01", also with midnight after it ("2019-09-01 00:00:00", "2019-09-01T00:00Z");
        - a week, Monday to Monday: "2020-W05";
        - a month: "2019-09", "2019-9", "201909", "2019/09", "09/2019", "Sep 2019", "September 2019";
        - a quarter, a half, a year: "2020-Q1", "2020Q1", "Q1 2020", "2019-H1", "H1 2019", "2021";
        - two of these with all between, **both included**: "2024-06/2024-09".

    Returns
    -------
    (start, end) : ISO days; the end is the first day after the period.

    Raises
    ------
    ParseError
        If it is none of these.
    """
    try:
        start, end = _read(value)
        return start.isoformat(), end.isoformat()
    except (ValueError, OverflowError):
        raise ParseError(f"{_show(value)} is no period; expected {EXPECTED}") from None


def last_day(text: object) -> str:
    """Return the last day of a period: of "2023-05-01" the day itself, of "2023" 31 December.

    Raises
    ------
    ParseError : it is no period.
    """
    return (date.fromisoformat(parse(text)[1]) - timedelta(days=1)).isoformat()


def after(day: str) -> str:
    """Return the day after an ISO day."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def parse_column(series: pd.Series, freq: str | None = None) -> pd.DataFrame:
    """Read a whole column of periods.

    Tables store a month as its first day, and pandas often as its last one. So a column of nothing but days
    (datetimes, dates or ISO text) that are all first days of months, or all last days (two at least), reads
    as longer periods. How long they are is told by the distinct days:

    - years, if there are two or more, all of them 1 January (31 December);
    - halves, then quarters, if there are three or more, all of them start (end) one, and not all of them in
      the same month of the year;
    - months otherwise: also a single day, and the Aprils of several years.

    Any other column of days stays days. `freq` overrides all of this: `freq="day"` keeps days that are firsts
    of months, `freq="month"` keeps the Januaries of several years from being read as years.

    Parameters
    ----------
    series : the cells; row numbers in errors count as a file does, its header being row 1.
    freq : "day", "month", "quarter", "half" or "year": a cell that is a day stands for the whole month
        (quarter, ...) around it. Cells that are longer than a day are taken as they are.

    Returns
    -------
    DataFrame with the columns start, end (ISO days, end excluded) and the index of `series`.

    Raises
    ------
    ParseError
        If cells cannot be read, as one with a time of day that is not midnight, which would be cut off: all
        of them are counted, the first ten listed. If two or more distinct cells
        all read like "2009/10", "2010/11": those may be seasons or financial years as well as months.
    """
    if freq not in (None, "day", *MONTHS_IN):
        raise ParseError(f"freq {freq!r} is unknown; expected one of day, {', '.join(MONTHS_IN)}")
    codes, uniques = pd.factorize(series, use_na_sentinel=False)
    read, bad = [], []
    for value in uniques:
        try:
            _refuse_time(value)
            read.append(_read(value))
        except (ValueError, OverflowError):
            read.append((date.min, date.min))
            bad.append(len(read) - 1)
    _raise_unreadable(series, codes, bad)
    _raise_seasons(series, uniques)
    spans = np.array(_widen(read, freq), dtype=object).reshape(-1, 2)[codes]
    return pd.DataFrame({"start": spans[:, 0], "end": spans[:, 1]}, index=series.index, dtype="str")


def distinct(start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the distinct periods, n × 2, in the order of time, longer ones first, and the place of each.

    Parameters
    ----------
    start, end : datetime64[D], as long as each other; days that are none come last.
    """
    (starts, first), (ends, last) = (_coded(days) for days in (start, end))
    pairs, place = _placed(first * len(ends) + (len(ends) - 1 - last))
    at, back = np.divmod(pairs, max(len(ends), 1))
    return np.stack([starts[at], ends[len(ends) - 1 - back]], axis=1), place


def _coded(days: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the distinct days in the order of time, those that are none last, and the place of each."""
    each = days.astype("datetime64[D]")
    none = np.isnat(each)
    if not none.any():
        found, place = _placed(each.view(np.int64))
        return found.view("datetime64[D]"), place
    found, place = _placed(each[~none].view(np.int64))
    places = np.full(len(each), len(found))
    places[~none] = place
    return np.append(found.view("datetime64[D]"), np.datetime64("NaT", "D")), places


def _placed(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the distinct ones of whole numbers, rising, and the place of each among them."""
    low, high = (int(keys.min()), int(keys.max())) if keys.size else (0, -1)
    if high - low > 4 * keys.size:
        found, place = np.unique(keys, return_inverse=True)
        return found, place
    there = np.zeros(high - low + 1, dtype=bool)
    there[keys - low] = True
    return np.flatnonzero(there) + low, (np.cumsum(there) - 1)[keys - low]


def of_months(first: int, last: int) -> str:
    """Return the months from one to another, counted from the year 0: "2020-01/2020-03"."""
    begin, until = (f"{each // 12:04d}-{each % 12 + 1:02d}" for each in (first, last))
    return begin if begin == until else f"{begin}/{until}"


def iso(start: str, end: str) -> str:
    """Name a period in ISO style: "2021-07", "2025-Q2", "2019-H1", "2021", "2021-06-30".

    Any other period is "start/end" with the end **excluded**, as in the observations; `parse` reads the
    spans that people write, with the end included, and so does not read this form back.
    """
    first, months = _whole_months(start, end)
    n = f"{first.year:04d}"
    names = {
        1: f"{n}-{first.month:02d}",
        3: f"{n}-Q{(first.month + 2) // 3}",
        6: f"{n}-H{(first.month + 5) // 6}",
        12: n,
    }
    if _is_calendar(first, months):
        return names[months]
    return start if days(start, end) == 1 else f"{start}/{end}"


def label(start: str, end: str) -> str:
    """Name a period for people: "July 2021", "Q2 2025", "first half of 2019", "2021", "30 June 2021"."""
    first, months = _whole_months(start, end)
    last = date.fromisoformat(end) - timedelta(days=1)
    names = {
        1: _month(first),
        3: f"Q{(first.month + 2) // 3} {first.year}",
        6: f"{'first' if first.month == 1 else 'second'} half of {first.year}",
        12: str(first.year),
    }
    if _is_calendar(first, months):
        return names[months]
    if months:
        return f"{_month(first)} to {_month(last)}"
    return _day(first) if first == last else f"{_day(first)} to {_day(last)}"


def days(start: str, end: str) -> int:
    """Count the days of a period."""
    return (date.fromisoformat(end) - date.fromisoformat(start)).days


Span = tuple[date, date]


def _refuse_time(value: object) -> None:
    """Refuse a moment that is not midnight: elsewhere it may be another day, and with it another month."""
    moment = pd.Timestamp(value) if isinstance(value, np.datetime64) else value
    if isinstance(moment, datetime) and not pd.isna(moment) and moment.time() != time():
        raise ValueError


def _read(value: object) -> Span:
    """Read a period as two dates; ValueError if it is none."""
    if isinstance(value, pd.Period):
        return value.start_time.date(), (value + 1).start_time.date()
    if isinstance(value, np.datetime64):
        value = pd.Timestamp(value)
    if isinstance(value, bool | np.bool_) or value is pd.NaT:  # a bool is an int, and NaT a date, to Python
        raise ValueError
    if isinstance(value, date):
        return _of_day(date(value.year, value.month, value.day))
    if isinstance(value, int | np.integer):
        return _of_text(str(value))
    if isinstance(value, float) and value.is_integer():  # whole numbers beside an empty cell become floats
        return _of_text(str(int(value)))
    if isinstance(value, str):
        return _of_text(value.strip())
    raise ValueError


def _of_text(text: str) -> Span:
    for pattern, read in _PATTERNS:  # before spans: "2020/01" is a month
        if found := pattern.fullmatch(text):
            return read(found)
    first, slash, last = text.partition("/")
    if slash and "/" not in last:  # one span at most: a text of a thousand would call itself as often
        span = _of_text(first.strip())[0], _of_text(last.strip())[1]
        if span[0] >= span[1]:
            raise ValueError
        return span
    raise ValueError


def _of_day(day: date) -> Span:
    return day, day + timedelta(days=1)


def _of_week(found: re.Match[str]) -> Span:
    monday = date.fromisocalendar(int(found["y"]), int(found["n"]), 1)
    return monday, monday + timedelta(days=7)


def _of_months(year: str, nth: int, months: int) -> Span:
    """Return the nth stretch of so many months in a year, counted from 1."""
    first = date(int(year), (nth - 1) * months + 1, 1)
    return first, _later(first, months)


def _of_name(found: re.Match[str]) -> Span:
    name = found["m"].lower().removesuffix(".")
    for n, month in enumerate(MONTHS, start=1):
        if name in (month.lower(), month[:3].lower(), "sept" if n == 9 else None):
            return _of_months(found["y"], n, 1)
    raise ValueError


_MIDNIGHT = r"([T ]00:00(:00(\.0+)?)?(Z|[+-]\d\d:?\d\d)?)?"  # what databases write after a day
_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Span]], ...] = tuple(
    (re.compile(pattern, re.ASCII | re.IGNORECASE), read)
    for pattern, read in (
        (rf"(?P<day>\d{{4}}-\d\d-\d\d){_MIDNIGHT}", lambda m: _of_day(date.fromisoformat(m["day"]))),
        (r"(?P<y>\d{4})-?W(?P<n>\d\d)", _of_week),
        (r"(?P<y>\d{4})[-/](?P<n>\d\d?)", lambda m: _of_months(m["y"], int(m["n"]), 1)),
        (r"(?P<n>\d\d?)/(?P<y>\d{4})", lambda m: _of_months(m["y"], int(m["n"]), 1)),
        (r"(?P<y>\d{4})(?P<n>\d\d)", lambda m: _of_months(m["y"], int(m["n"]), 1)),
        (r"(?P<y>\d{4})[- ]?Q(?P<n>[1-4])", lambda m: _of_months(m["y"], int(m["n"]), 3)),
        (r"Q(?P<n>[1-4]) (?P<y>\d{4})", lambda m: _of_months(m["y"], int(m["n"]), 3)),
        (r"(?P<y>\d{4})[- ]?H(?P<n>[12])", lambda m: _of_months(m["y"], int(m["n"]), 6)),
        (r"H(?P<n>[12]) (?P<y>\d{4})", lambda m: _of_months(m["y"], int(m["n"]), 6)),
        (r"(?P<y>\d{4})", lambda m: _of_months(m["y"], 1, 12)),
        (r"(?P<m>[a-z]+\.?) (?P<y>\d{4})", _of_name),
    )
)


def _widen(read: list[Span], freq: str | None) -> list[tuple[str, str]]:
    """Give days the length they stand for."""
    if freq is None and read and all(e - s == timedelta(days=1) for s, e in read):
        freq = _spacing({s for s, _ in read}, {e for _, e in read})
    if freq in MONTHS_IN:
        read = [_around(s, freq) if e - s == timedelta(days=1) else (s, e) for s, e in read]
    return [(s.isoformat(), e.isoformat()) for s, e in read]


def _spacing(starts: set[date], ends: set[date]) -> str | None:
    """Return the longest length whose first (last) days these days all are; None if they stay days."""
    turns = starts if all(day.day == 1 for day in starts) else ends
    if any(day.day != 1 for day in turns) or (turns is ends and len(ends) < 2):
        return None
    for freq, least in (("year", 2), ("half", 3), ("quarter", 3)):
        months = {day.month for day in turns}
        fits = all((month - 1) % MONTHS_IN[freq] == 0 for month in months)
        if fits and len(turns) >= least and (freq == "year" or len(months) > 1):
            return freq
    return "month"


def _raise_seasons(series: pd.Series, uniques: pd.Index | np.ndarray) -> None:
    """Refuse 2009/10, 2010/11, ...: read as months they would be wrong by years, and nothing would tell."""
    found = [re.fullmatch(r"\s*(\d{4})/(\d\d)\s*", value) for value in uniques if isinstance(value, str)]
    pairs = [(int(m[1]), int(m[2])) for m in found if m]
    if len(pairs) == len(uniques) > 1 and all((year + 1) % 100 == after for year, after in pairs):
        raise ParseError(
            f"{_named(series)}: {uniques[0]!r}, {uniques[1]!r}, ... may be months or years from one into the "
            "next; expected 2009-10 for October 2009, or 2009-07/2010-06 for a year from July on"
        )


def _named(series: pd.Series) -> str:
    return "periods" if series.name is None else f"column {series.name!r}"


def _raise_unreadable(series: pd.Series, codes: np.ndarray, bad: list[int]) -> None:
    rows = np.flatnonzero(np.isin(codes, bad))
    if not rows.size:
        return
    shown = first_few((f"row {i + 2}: {_show(series.iloc[i])}" for i in rows[:10]), count=rows.size)
    cells = "1 cell is" if rows.size == 1 else f"{rows.size} cells are"
    raise ParseError(
        f"{_named(series)}: {cells} no period (row 1 is the header): {shown}; expected {EXPECTED}"
    )


def _show(value: object) -> str:
    if isinstance(value, np.generic):
        value = value.item()
    empty = (
        value is None or value is pd.NaT or value == "" or (isinstance(value, float) and math.isnan(value))
    )
    return "an empty cell" if empty else repr(value)


def _around(day: date, freq: str) -> Span:
    """Return the month, quarter, half or year in which a day lies."""
    months = MONTHS_IN[freq]
    return _of_months(str(day.year), (day.month - 1) // months + 1, months)


def _later(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)


def _whole_months(start: str, end: str) -> tuple[date, int]:
    """Return the first day, with the number of months if the period consists of whole ones (else 0)."""
    first, after = date.fromisoformat(start), date.fromisoformat(end)
    whole = first.day == after.day == 1
    return first, ((after.year - first.year) * 12 + after.month - first.month) if whole else 0


def _is_calendar(first: date, months: int) -> bool:
    return months in MONTHS_IN.values() and (first.month - 1) % months == 0


def _month(day: date) -> str:
    return f"{MONTHS[day.month - 1]} {day.year}"


def _day(day: date) -> str:
    return f"{day.day} {_month(day)}"
