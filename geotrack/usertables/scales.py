"""Units that two columns tell: the unit, and the power of ten that figures are written in."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from geotrack.usertables.cells import objects
from geotrack.usertables.names import called, key_of
from geotrack.usertables.table import UserTable

UNIT = "unit"
_COLUMNS = ("unit_mult", "unit_multiplier", "powercode_code", "powercode", "scale")
_WORDS = {"": "", "units": "", "unit": "", "none": "", "ones": ""} | {
    each: word for word in ("thousand", "million", "billion", "trillion") for each in (word, f"{word}s")
}
_POWERS = {0: "", 3: "thousand", 6: "million", 9: "billion", 12: "trillion"}


def scaled(table: UserTable) -> UserTable:
    """Write the scale of figures into their unit: USD and UNIT_MULT = 6 are "million USD".

    Figures stay as they are. A table whose scales are not known, or are all one, is returned as it is.
    """
    keys = {key_of(column): column for column in reversed(table.columns)}
    column = next((keys[key] for key in _COLUMNS if key in keys), "")
    if not column:
        return table
    codes, distinct = pd.factorize(table.frame[column], use_na_sentinel=False)
    words = [_word(cell) for cell in distinct]
    if None in words or not any(words):
        return table
    scale = objects([word or "" for word in words])[codes]
    unit = next(called(UNIT, table.columns), "")
    units = table.frame[unit].to_numpy(dtype=object) if unit else objects([""] * len(scale))
    told = objects([f"{a} {b.strip()}".strip() for a, b in zip(scale, units, strict=True)])
    frame = table.frame.assign(**{unit or UNIT: pd.Series(told, dtype=object)})
    where = f"columns {unit!r} and {column!r}" if unit else f"column {column!r}"
    return replace(table, frame=frame, how=(*table.how, f"{where}: the unit, such as {told[0]!r}"))


def _word(cell: str) -> str | None:
    """Return a scale in words; None if it is none that is known."""
    text = cell.strip().lower()
    if found := re.fullmatch(r"(\d{1,2})(?:\.0+)?", text):
        return _POWERS.get(int(found[1]), f"10^{int(found[1])}")
    return _WORDS.get(text)
