"""Rows that stand alone above others: headings of sections, which may say what the figures below them are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from geotrack.usertables.cells import shown
from geotrack.usertables.columns.mapping import Mapping
from geotrack.usertables.figures.unittexts import unit_above
from geotrack.usertables.periods.texts import is_period
from geotrack.usertables.table import UserTable


class Heading(NamedTuple):
    """A label that stands alone in its row, with others below it."""

    row: int
    text: str

    @property
    def tells(self) -> str:
        """What it says of the figures below it: "period", "unit" or ""."""
        if is_period(self.text):
            return "period"
        return "unit" if unit_above([self.text, self.text.rpartition(",")[2].strip()]) else ""


def headings(table: UserTable, columns: Mapping) -> list[Heading]:
    """Return the headings of a table, row by row; the last row is none.

    Parameters
    ----------
    columns : what its columns are.
    """
    if columns.region not in table.columns or columns.fill:
        return []
    others = [column for column in table.columns if column != columns.region]
    alone = _filled(table, columns.region) if others else np.zeros(0, dtype=bool)
    for column in sorted(others, key=lambda each: each not in (columns.period, columns.start)):
        if not alone.any():  # periods stand in every row of most tables: figures, which differ, need no look
            break
        alone &= ~_filled(table, column)
    return list(_above_others(table, columns.region, alone))


def _above_others(table: UserTable, column: str, alone: np.ndarray) -> Iterator[Heading]:
    cells = table.frame[column]
    for place in np.flatnonzero(alone).tolist():
        if place + 1 < len(alone) and not alone[place + 1]:
            yield Heading(table.row(place), str(cells.iloc[place]).strip())


def _filled(table: UserTable, column: str) -> np.ndarray:
    if column in table.figures:
        return ~np.isnan(table.figures[column])
    codes, distinct = table.coded(column)
    full = np.array([bool(str(text).strip()) for text in distinct], dtype=bool)
    return np.asarray(full[codes])


def problems(table: UserTable, columns: Mapping) -> list[str]:
    """Return what is wrong: a heading that says the period of the rows below it, or one of several a unit."""
    found = headings(table, columns)
    told = {each.tells for each in found}
    if "period" in told or (len(found) > 1 and "unit" in told):
        rows = shown([f"row {each.row}: {each.text!r}" for each in found if each.tells])
        what = "period" if "period" in told else "unit"
        return [
            f"{rows}: a label alone in its row says the {what} of the rows below it; give the {what} a "
            "column of its own, or each section a table"
        ]
    return []
