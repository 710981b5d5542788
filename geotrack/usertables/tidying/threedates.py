"""Days that stand in three columns, of years, months and days: one column of dates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pandas as pd

from geotrack.language import timewords
from geotrack.usertables.cells import Coded, objects
from geotrack.usertables.table import UserTable
from geotrack.usertables.words.names import key_of

_TRIPLES = (
    ("year", "month", "day"), ("yyyy", "mm", "dd"), ("ano", "mes", "dia"), ("jahr", "monat", "tag"),
    ("annee", "mois", "jour"), ("anno", "mese", "giorno"), ("rok", "miesiac", "dzien"),
    ("год", "месяц", "день"),
    ("jaar", "maand", "dag"), ("年", "月", "日"), ("年份", "月份", "日期"), ("년", "월", "일"),
)  # fmt: skip
"""What years, months and days are called together."""


def joined(table: UserTable) -> UserTable:
    """Return a table whose days stand in one column, where three are called so and all cells are days."""
    keys = {key_of(column): column for column in table.columns}
    three = next(([keys[name] for name in names] for names in _TRIPLES if {*names} <= {*keys}), None)
    three = three or _by_meaning(table.columns)
    if not three:
        return table
    parts = [Coded.of(objects([*map(str.strip, table.frame[column])])) for column in three]
    rows = pd.MultiIndex.from_arrays([part.codes for part in parts])
    codes, distinct = pd.factorize(rows)
    days = [_day(*(part.texts[n] for part, n in zip(parts, places, strict=True))) for places in distinct]
    if None in days:
        return table
    name = "-".join(three)
    frame = table.frame.copy(deep=False)
    frame[three[0]] = objects(days)[codes]
    frame = frame.drop(columns=three[1:]).rename(columns={three[0]: name})
    told = f"days: columns {', '.join(map(repr, three))} together"
    figures = {column: kept for column, kept in table.figures.items() if column not in three}
    numeric = table.numeric - {*three}
    return replace(table, frame=frame, how=(*table.how, told), numeric=numeric, figures=figures)


def _day(year: str, month: str, day: str) -> str | None:
    """Return a day in ISO style; nothing if it is none."""
    if not any((year, month, day)):
        return ""
    if not re.fullmatch("[0-9]{4} [0-9]{1,2} [0-9]{1,2}", f"{year} {month} {day}"):
        return None
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


_DOUBTFUL = ("tag",)
"""A day among German names; among others it may be a label."""


def _by_meaning(columns: Sequence[str]) -> list[str] | None:
    """Return the columns of years, months and days, whatever the language; None if not one of each."""
    kinds = ["" if key_of(column) in _DOUBTFUL else timewords.field(column) for column in columns]
    once = all(kinds.count(kind) == 1 for kind in ("year", "month", "day"))
    return [columns[kinds.index(kind)] for kind in ("year", "month", "day")] if once else None
