"""Tables with a column for each region, and a row for each period: made plain ones."""

from __future__ import annotations

from collections import abc
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from geotrack.language import timewords
from geotrack.store.levels import COUNTRY
from geotrack.store.matching import UnmatchedError, match
from geotrack.store.regions import Regions, scope_of
from geotrack.usertables.cells import objects
from geotrack.usertables.mapping import texts
from geotrack.usertables.marks import NOTHING, is_figure
from geotrack.usertables.names import NAMES, called, key_of
from geotrack.usertables.periodtexts import is_period
from geotrack.usertables.table import UserTable

REGION, VALUE = "region", "value"


def plain(
    table: UserTable, given: abc.Mapping[str, Any], regions: Regions, crosswalk: abc.Mapping[str, str]
) -> UserTable:
    """Write a table long whose columns are regions: a row for each of its figures.

    It must have a column of periods, and no other one of figures than those that are called as regions are;
    a few of their names may be misspelt, which is told where labels are matched.

    Parameters
    ----------
    given : what the user says; a column that is named as the region or the value is no such table's.
    """
    said = {*texts(given.get("region")), *texts(given.get("value"))}
    if said & {*table.columns} or {REGION, VALUE} & {*table.columns} or given.get("layout") == "wide":
        return table
    left = [column for column in table.columns if column not in texts(given.get("ignore"))]
    if next(called("region", left), "") or any(map(is_period, left)):
        return table  # the plain ones, at once
    stub = [column for column in left if _is_period(table, column, given)]
    figures = [column for column in left if column not in stub and _has_figures(table, column)]
    level = str(given.get("level") or "")
    if not stub or not _are_regions(figures, regions, level, crosswalk):
        return table
    return _long(table, [column for column in table.columns if column not in figures], figures)


def _is_period(table: UserTable, column: str, given: abc.Mapping[str, Any]) -> bool:
    """Tell a column of periods, or of parts of them."""
    cells = [str(cell).strip() for cell in table.frame[column].head(1000).unique()]
    cells = [cell for cell in cells if cell]
    named = column in texts(given.get("period")) or bool(timewords.field(column))
    named = named or key_of(column) in NAMES["period"]
    return bool(cells) and (named or (not _is_number(column) and all(map(is_period, cells))))


def _is_number(column: str) -> bool:
    return is_period(column) or is_figure(column)


def _has_figures(table: UserTable, column: str) -> bool:
    if column in table.figures:
        return True
    cells = [str(cell).strip() for cell in table.frame[column].head(1000).unique()]
    return any(map(is_figure, cells)) and all(
        not cell or is_figure(cell) or cell.casefold() in NOTHING for cell in cells
    )


def _are_regions(
    names: Sequence[str], regions: Regions, level: str, crosswalk: abc.Mapping[str, str]
) -> bool:
    """Tell whether names of columns are regions: at least two and most of them, none called otherwise."""
    others = {name for kind in NAMES if kind != "region" for name in NAMES[kind]}
    if len(names) < 2 or any(key_of(name) in others for name in names):
        return False
    for each in [level] if level else sorted(regions.levels, key=lambda one: one != COUNTRY):
        try:
            codes = match(names, regions, each, crosswalk).codes.values()
        except UnmatchedError as error:
            if len(names) - len(error.lost) > 1 and len(error.lost) * 3 <= len(names):
                return True
            continue
        if sum(scope_of(regions.table[code]) == each for code in codes) > 1:
            return True
    return False


def _long(table: UserTable, stub: Sequence[str], figures: Sequence[str]) -> UserTable:
    """Return the table with a row for each cell of the columns that are regions, period by period."""
    count, wide = len(table.frame), len(figures)
    columns = {
        name: np.repeat(np.array([str(cell) for cell in table.frame[name]], dtype=object), wide)
        for name in stub
    }
    columns[REGION] = np.tile(objects(list(figures)), count)
    cells = [np.array([str(cell) for cell in table.frame[name]], dtype=object) for name in figures]
    columns[VALUE] = np.stack(cells, axis=1).ravel()
    numeric = all(name in table.numeric or name in table.figures for name in figures)
    rows = np.array([table.row(n) for n in range(count)], dtype=np.intp)
    told = f"{wide} columns are regions ({', '.join(figures[:3])}{', ...' if wide > 3 else ''})"
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
