"""The IMF's tables: a column says up to which year figures are known, and what follows is estimated."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from geotrack.usertables.marks import is_figure
from geotrack.usertables.names import key_of
from geotrack.usertables.table import UserTable

_COLUMN = "estimates_start_after"
_MARK = " e"


def marked(table: UserTable) -> UserTable:
    """Mark the figures of years after that of the column "Estimates Start After" with an e."""
    after = next((column for column in table.columns if key_of(column) == _COLUMN), "")
    years = [column for column in table.columns if re.fullmatch(r"[12]\d{3}", column)]
    last = [cell.strip().partition(".")[0] for cell in table.frame[after]] if after else []
    if not after or not years or not all(re.fullmatch(r"([12]\d{3})?", year) for year in last):
        return table
    made = {column: table.frame[column] for column in table.columns if column != after}
    for year in years:
        cells = zip(table.frame[year], last, strict=True)
        estimated = [
            cell + _MARK if known and known < year and is_figure(cell) else cell for cell, known in cells
        ]
        made[year] = pd.Series(estimated, dtype=object)
    told = f"figures later than {after!r} are estimates, marked{_MARK}"
    legend = {"e": f"later than {after!r}", **table.legend}
    return replace(table, frame=pd.DataFrame(made), how=(*table.how, told), figures={}, legend=legend)
