"""Tables with a column for each region, or for each part of the years in their rows: made plain ones."""

from __future__ import annotations

import re
from collections import abc
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geotrack.language import timewords
from geotrack.store.levels import COUNTRY
from geotrack.store.matching import UnmatchedError, match
from geotrack.store.regions import Regions, scope_of
from geotrack.usertables.cells import objects
from geotrack.usertables.columns.mapping import texts
from geotrack.usertables.columns.parts import column_of_years
from geotrack.usertables.columns.spans import numbered
from geotrack.usertables.figures.marks import is_figure
from geotrack.usertables.periods.texts import is_period
from geotrack.usertables.table import UserTable
from geotrack.usertables.words.names import NAMES, NUMBERS, called, key_of

if TYPE_CHECKING:
    from geotrack.geo.boundaries import Boundaries

REGION, VALUE = "region", "value"

COMBINED = frozenset(
    ("annual", "annual average", "average", "avg", "full year", "fy", "mean", "sum", "total", "year", "ytd")
)
"""What a column beside the parts is called that combines them."""


def of_regions(
    table: UserTable, given: abc.Mapping[str, Any], are_regions: abc.Callable[[Sequence[str]], bool]
) -> UserTable:
    """Write a table long whose columns are regions: a row for each of its figures.

    It must have a column of periods, and no other one of figures than those that are called as regions are;
    a few of their names may be misspelt, which is told where labels are matched.

    Parameters
    ----------
    given : what the user says; a column that is named as the region or the value is no such table's.
    are_regions : tells whether names of columns are regions, see `known` and `drawn`.
    """
    said = {*texts(given.get("region")), *texts(given.get("value"))}
    if said & {*table.columns} or {REGION, VALUE} & {*table.columns} or given.get("layout") == "wide":
        return table
    left = [column for column in table.columns if column not in texts(given.get("ignore"))]
    if next(called("region", left), "") or any(map(is_period, left)):
        return table  # the plain ones, at once
    stub = [column for column in left if _is_period(table, column, given)]
    figures = [column for column in left if column not in stub and table.has_figures(column)]
    others = {name for kind in NAMES if kind != "region" for name in NAMES[kind]}
    if not stub or len(figures) < 2 or any(key_of(name) in others for name in figures):
        return table
    if not are_regions(figures):
        return table
    return _long(table, [c for c in table.columns if c not in figures], figures, (REGION, "regions"))


def of_parts(table: UserTable, given: abc.Mapping[str, Any]) -> UserTable:
    """Write a table long that has one column of years, and whose other columns of figures are parts of them.

    A column that combines the parts, as "Annual" beside Jan to Dec, is left out, and said so. A table with
    other columns of figures is left as it is: what they are is asked.

    Parameters
    ----------
    given : what the user says; a column that is named as the figures is no such table's.
    """
    ignored = texts(given.get("ignore"))
    left = [column for column in table.columns if column not in ignored]
    if {*texts(given.get("value"))} & {*left} or given.get("layout") == "wide" or VALUE in table.columns:
        return table
    if any(map(is_period, left)) or not (years := column_of_years(table, left)):
        return table
    parts = [column for column in left if numbered([column], "")[0]]
    if not _of_one_kind(parts):
        return table
    others = [c for c in left if c not in (years, *parts) and table.has_figures(c)]
    combined = [column for column in others if column.strip().casefold() in COMBINED]
    kind = _kind(parts)
    if combined != others or kind in table.columns:
        return table
    stub = [column for column in table.columns if column not in (*parts, *combined)]
    made = _long(table, stub, parts, (kind, f"{kind}s of the years in {years!r}"))
    said = [f"column {column!r} combines the {kind}s: it is left out" for column in combined]
    return replace(made, skipped=(*made.skipped, *said))


def with_zeros(table: UserTable) -> UserTable:
    """Write the numbers of countries with their zeros, where their column says that it has such numbers."""
    columns = [
        column for column in table.columns if key_of(column) in NUMBERS and column not in table.figures
    ]
    for column in columns:
        cells = table.frame[column].astype(str).str.strip()
        bare = cells.str.fullmatch(r"\d{1,2}")
        if bare.any() and (cells.str.fullmatch(r"\d{1,3}") | (cells == "")).all():
            told = f"column {column!r}: numbers of three digits, so that {cells[bare].iloc[0]} is read as "
            told += cells[bare].iloc[0].zfill(3)
            full = cells.where(~bare, cells.str.zfill(3)).astype(object)
            table = replace(
                table, frame=table.frame.assign(**{column: full}), memo={}, how=(*table.how, told)
            )
    return table


def without_years(table: UserTable) -> UserTable:
    """Leave out the rows of whole years among those of their months or quarters, as M13 beside M01 to M12.

    So tables of the Bureau of Labor Statistics and its like have them, in a column that is called "period".
    """
    column = next((name for name in table.columns if key_of(name) == "period"), "")
    if not column or not column_of_years(table, table.columns):
        return table
    cells = table.frame[column].astype(str).str.strip().str.upper()
    marks = {*cells.unique()}
    letter = next(iter(marks))[:1] if marks else ""
    if letter not in _YEAR_MARKS or not all(map(_YEAR_MARKS[letter].fullmatch, marks)):
        return table
    years = cells == max(marks)
    if len(marks) == 1 or max(marks) not in ("M13", "Q05", "S03"):
        return table
    kept = np.flatnonzero(~years.to_numpy(bool))
    told = f"{int(years.sum())} of whole years ({column} = {max(marks)}), beside those of their parts"
    return table.only(kept, f"rows: {told}")


_YEAR_MARKS = {
    "M": re.compile("M(0[1-9]|1[0-3])"),
    "Q": re.compile("Q0[1-5]"),
    "S": re.compile("S0[1-3]"),
}
"""How months, quarters and halves are written where 13, 5 and 3 are the whole year."""


def _kind(parts: Sequence[str]) -> str:
    """Return what the names of columns are: months, quarters, ..."""
    return next((found[0] for found in numbered(parts, "") if found), "")


def _of_one_kind(parts: Sequence[str]) -> bool:
    """Tell whether names of columns are different parts of one kind, at least two of them."""
    found = numbered(parts, "") if parts else []
    kinds = {each[0] for each in found if each}
    return len(parts) > 1 and None not in found and len(kinds) == 1 and len({*found}) == len(found)


def _is_period(table: UserTable, column: str, given: abc.Mapping[str, Any]) -> bool:
    """Tell a column of periods, or of parts of them."""
    cells = [str(cell).strip() for cell in table.frame[column].head(1000).unique()]
    cells = [cell for cell in cells if cell]
    named = column in texts(given.get("period")) or bool(timewords.field(column))
    named = named or key_of(column) in NAMES["period"]
    return bool(cells) and (named or (not _is_number(column) and all(map(is_period, cells))))


def _is_number(column: str) -> bool:
    return is_period(column) or is_figure(column)


def known(names: Sequence[str], regions: Regions, level: str, crosswalk: abc.Mapping[str, str]) -> bool:
    """Tell whether names of columns are regions: at least two and most of them."""
    for each in [level] if level else sorted(regions.levels, key=lambda one: one != COUNTRY):
        try:
            codes = match(names, regions, each, crosswalk).codes.values()
        except UnmatchedError as error:
            if _most(len(names) - len(error.lost), names):
                return True
            continue
        if sum(scope_of(regions.table[code]) == each for code in codes) > 1:
            return True
    return False


def drawn(names: Sequence[str], shapes: Boundaries) -> bool:
    """Tell whether names of columns are codes or names of a user's own boundaries: two and most of them."""
    known = {text.strip().casefold() for text in (*shapes.codes, *shapes.names)}
    return _most(sum(name.strip().casefold() in known for name in names), names)


def _most(count: int, names: Sequence[str]) -> bool:
    return count > 1 and (len(names) - count) * 3 <= len(names)


def _long(
    table: UserTable, stub: Sequence[str], figures: Sequence[str], called: tuple[str, str]
) -> UserTable:
    """Return the table with a row for each cell of some of its columns, row by row.

    Parameters
    ----------
    stub : columns that are repeated. figures : those of which each cell becomes a row.
    called : the column that has their names, and what they are.
    """
    count, wide = len(table.frame), len(figures)
    columns = {
        name: np.repeat(np.array([str(cell) for cell in table.frame[name]], dtype=object), wide)
        for name in stub
    }
    columns[called[0]] = np.tile(objects(list(figures)), count)
    cells = [np.array([str(cell) for cell in table.frame[name]], dtype=object) for name in figures]
    columns[VALUE] = np.stack(cells, axis=1).ravel()
    numeric = all(name in table.numeric or name in table.figures for name in figures)
    rows = np.array([table.row(n) for n in range(count)], dtype=np.intp)
    told = f"{wide} columns are {called[1]} ({', '.join(figures[:3])}{', ...' if wide > 3 else ''})"
    return replace(
        table,
        frame=pd.DataFrame({name: pd.Series(texts, dtype=object) for name, texts in columns.items()}),
        numeric=frozenset({*(table.numeric & {*stub}), *([VALUE] if numeric else [])}),
        figures={},
        memo={},
        skipped=(*table.skipped, f"{told}: a row was made for each figure"),
        row_notes=_beside(table.column_notes, table.row_notes, figures, count),
        row_status=_beside(table.column_status, table.row_status, figures, count),
        column_notes={},
        column_status={},
        places=np.repeat(rows, wide),
    )


def _beside(
    of_columns: abc.Mapping[str, str], of_rows: abc.Mapping[int, str], names: Sequence[str], count: int
) -> dict[int, str]:
    """Return what marks of columns and of rows say, for the rows that are made."""
    if not of_columns and not of_rows:
        return {}
    said = {
        row * len(names) + n: "; ".join(filter(None, (of_rows.get(row, ""), of_columns.get(name, ""))))
        for row in range(count)
        for n, name in enumerate(names)
    }
    return {place: text for place, text in said.items() if text}
