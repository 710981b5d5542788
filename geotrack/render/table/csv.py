"""A map's figures as CSV, as the page's own download writes them, but lines end with LF.

It is UTF-8 with a mark: without one Excel takes it for another encoding.
"""

from __future__ import annotations

import re

from geotrack.language.numbers import plain
from geotrack.map.views import Excerpt
from geotrack.render.table.rows import TIDY, tidy, wide, wide_columns

RUNS = re.compile(r"[=+\-@\t\r]")
"""What a spreadsheet takes for the beginning of a formula, or drops before one."""


def csv(part: Excerpt) -> bytes:
    """Write one row per figure, in the columns of `rows.TIDY`; a missing figure has no row.

    Text that a spreadsheet would run as a formula begins with an apostrophe, as in the page's download.
    """
    digits = {layer.metric.name: layer.digits for layer in part.layers}
    rows = [
        [_number(row[c], digits[row["metric"]]) if c == "value" else field(row[c]) for c in TIDY]
        for row in tidy(part)
    ]
    return _lines([list(TIDY), *rows])


def wide_csv(part: Excerpt) -> bytes:
    """Write one row per unit: code, name, kind, a column of values per slice, then statuses, then notes.

    A missing value is an empty field, and its status says so.
    """
    values, statuses, notes = wide_columns(part)
    digits = [layer.digits for layer in part.layers for _ in part.slices]
    rows = []
    for u, unit in enumerate(part.content.units):
        row = wide(part, u)
        figures = [_number(row[name], d) for name, d in zip(values, digits, strict=True)]
        known = [field(str(row[name])) for name in statuses]
        known += [field(str(row.get(name, ""))) for name in notes]
        rows.append([field(unit.code), field(unit.name), unit.kind, *figures, *known])
    return _lines([["code", "name", "kind", *map(field, (*values, *statuses, *notes))], *rows])


def field(text: str) -> str:
    """Quote a field where CSV asks for it, and make text of what a spreadsheet would run."""
    text = f"'{text}" if RUNS.match(text) else text
    return '"' + text.replace('"', '""') + '"' if re.search(r'[",\r\n]', text) else text


def _number(value: float | str | None, digits: int) -> str:
    return "" if value is None else plain(float(value), digits)


def _lines(rows: list[list[str]]) -> bytes:
    return "".join(",".join(row) + "\n" for row in rows).encode("utf-8-sig", "replace")
