"""Columns that make a period together, and columns that stand beside periods and are none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from geotrack.errors import Choice, Question
from geotrack.language import timewords
from geotrack.usertables.cells import LISTED
from geotrack.usertables.columns.spans import are_years, numbered, part_called
from geotrack.usertables.figures.marks import is_figure
from geotrack.usertables.periods.texts import is_period, is_serial, written
from geotrack.usertables.reading import UserTable
from geotrack.usertables.words import endings
from geotrack.usertables.words.financial import CALLED
from geotrack.usertables.words.names import called, key_of
from geotrack.usertables.words.years import YEAR

SHORTEST = ("week", "month", "quarter", "half")


def year_and_part(table: UserTable, free: Sequence[str]) -> tuple[str, str] | None:
    """Return the column of years and the one of their months, quarters, halves or weeks, if there are such.

    Parameters
    ----------
    free : columns that may be either; told by their headers, in any language of CLDR, and their cells.
    """
    named = {column: part_called(column) for column in free}
    years = column_of_years(table, free)
    parts = [column for kind in SHORTEST for column in free if named[column] == kind]
    parts += [column for column in free if column.strip().lower() == "period"]  # M01, as beside a year
    parts = [column for column in parts if is_part(table, column)]
    if not years or not parts:
        return None
    others = [column for column in free if column not in (years, *parts) and _finer(table, column)]
    return None if others else (years, parts[0])


def column_of_years(table: UserTable, free: Sequence[str]) -> str:
    """Return the one column that is called a year and holds years; "" if there is none, or several."""
    years = [column for column in free if _is_year(column) and are_years(filled(table, column))]
    return years[0] if len(years) == 1 else ""


def _is_year(column: str) -> bool:
    called = part_called(column)
    return called == "year" or (not called and (CALLED.search(column) is not None or _names_years(column)))


def _names_years(column: str) -> bool:
    """Tell a column that is called by the month in which its years end: "Year ending 30 June"."""
    words = endings.in_text(column, "")
    return words is not None and words.length.months == 12


def by_header(table: UserTable, free: Sequence[str]) -> str:
    """Return the one column that is called a year, a month, ..., in whatever language, and holds periods."""
    named = [
        c for c in free if timewords.field(c) and (cells := filled(table, c)) and all(map(is_period, cells))
    ]
    return named[0] if len(named) == 1 else ""


def is_part(table: UserTable, column: str) -> bool:
    """Tell whether all cells of a column are months, quarters, halves or weeks without a year."""
    cells = filled(table, column)
    return bool(cells) and None not in numbered(cells, column)


def in_order(table: UserTable, columns: Sequence[str]) -> tuple[str, str]:
    """Return two columns that are given, the one with the years first."""
    first, second = columns
    turned = not are_years(filled(table, first)) and are_years(filled(table, second))
    return (second, first) if turned else (first, second)


def _finer(table: UserTable, column: str) -> bool:
    """Tell whether a column holds periods that are no bare years: it needs no second one."""
    cells = filled(table, column)
    return bool(cells) and all(map(is_period, cells)) and not are_years(cells)


def filled(table: UserTable, column: str) -> list[str]:
    """Return the distinct cells of a column's beginning, without the empty ones."""
    return [cell for cell in table.frame[column].head(10_000).unique() if cell.strip()]


def day_beside(table: UserTable, part: str, free: Iterable[str]) -> list[Question]:
    """Ask whether a column of days may be left out, where a year and a month make the period."""
    days = [
        column
        for column in free
        if _is_day(column)
        and all(cell.strip().isdecimal() and 1 <= int(cell) <= 31 for cell in filled(table, column))
    ]
    return [
        Question(
            f"column {column!r} has the days of the months in {part!r}, and three columns make no period",
            (Choice("ignore", column, "the month is the period"),),
        )
        for column in days
    ]


def _is_day(column: str) -> bool:
    return timewords.field(column) == "day" or key_of(column) in ("day_of_month", "day_of_the_month", "dom")


def beside_periods(
    table: UserTable, idle: Sequence[str], is_numeral: Callable[[str], bool]
) -> list[Question]:
    """Ask about columns of a wide table that are not read, though they hold numbers or look like periods.

    Parameters
    ----------
    idle : columns that are neither used nor periods.
    """
    coded = {*called("region", idle), *filter(is_code, idle)}
    left = [
        column
        for column in idle
        if _year_inside(column)
        or (
            column not in coded
            and (cells := filled(table, column))
            and all(map(is_numeral, cells))
            and any(map(is_figure, cells))
        )
    ]
    if not left:
        return []
    found = "beside the periods, not read, and no period such as 2024-03, Mar 2024 or 2024-Q1: column"
    if len(left) <= LISTED:
        return [
            Question(f"{found} {column!r}", (Choice("ignore", column, "it is left out"),)) for column in left
        ]
    named = f"{', '.join(map(repr, left[:LISTED]))} and {len(left) - LISTED} more"
    return [Question(f"{found}s {named}", (Choice("ignore", "", "once for each, which is left out then"),))]


def _year_inside(column: str) -> bool:
    """Tell whether a header names a year, and may be a period that is written in a way that is not known."""
    return re.search(rf"(?<!\d){YEAR}(?!\d)", column) is not None


def is_code(column: str) -> bool:
    """Tell whether a column holds numbers that count nothing: codes, and places on the globe."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column)
    words = set(re.split(r"[\W_]+", f"{column} {parted}".lower()))
    return bool(
        words & {"code", "codes", "id", "fid", "objectid", "iso", "m49", "fips", "geoid", "lat", "lon"}
    )


def serial_headers(table: UserTable) -> list[Question]:
    """Ask whether headers that are all numbers of days are meant so."""
    serials = [column for column in table.columns if is_serial(column)]
    if len(serials) < 2 or any(map(is_period, table.columns)):
        return []
    sample = f"{serials[0]} = {written(serials[0]).iso}"
    found = f"the names of columns: {serials[0]!r}, {serials[1]!r} may be the numbers that Excel has for days"
    return [Question(found, (Choice("dates", "serial", sample),))]
