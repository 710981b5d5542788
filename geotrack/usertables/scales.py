"""What columns of offices say of figures beside them: powers of ten of the unit, years that are estimates."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from geotrack.usertables.cells import objects
from geotrack.usertables.marks import is_figure
from geotrack.usertables.names import called, key_of
from geotrack.usertables.table import UserTable

UNIT = "unit"
_ESTIMATED = "estimates_start_after"
_MARK = " e"
_COLUMNS = ("unit_mult", "unit_multiplier", "powercode_code", "powercode", "scale")
_WORDS = {"": "", "units": "", "unit": "", "none": "", "ones": ""} | {
    each: word for word in ("thousand", "million", "billion", "trillion") for each in (word, f"{word}s")
}
_POWERS = {0: "", 3: "thousand", 6: "million", 9: "billion", 12: "trillion"}


_MONEY = r"(?:€|eur|usd|us\$|\$|£|gbp)"
_SCALED = (
    *(
        (power, word)
        for power, word in zip(
            (12, 9, 8, 7, 6, 4, 3), ["万亿", "十亿", "亿", "千万", "百万", "万", "千"], strict=True
        )
    ),
    *(
        (power, rf"(?<!\w)(?:{words})(?![^\W_])")
        for power, words in {
            12: r"trillions?",
            9: r"billions?|bn|mrd|mld|milliard\w*|miliard\w*|mil millones|млрд|миллиард\w*",
            6: r"millions?|millionen|mio|mill|mln|mn|millones|milioni|milhões|млн|миллион\w*"
            rf"|m ?{_MONEY}|{_MONEY} ?m",
            3: r"thousands?|tsd|tausend|tys|milliers|miles|mil|migliaia|milhares|ths|тыс\w*|['’]?000s?"
            rf"|1[,. ]?000|[tk] ?{_MONEY}|{_MONEY} ?k",
        }.items()
    ),
)
"""Words for powers of ten, in the order in which they are looked for: what is found is taken out."""

_PREFIXED = re.compile(r"(?<!\w)(?P<prefix>[kMGTPEZ])(?:t|Wh?|Wp|H/s)(?!\w)")


def powers_in(text: str) -> set[int]:
    """Return the powers of ten that a unit, a header or a title names: "in Mio. EUR", "kt"; {6}, {3}."""
    rest, found = text.casefold(), set()
    for power, words in _SCALED:
        rest, count = re.subn(words, " ", rest)
        found |= {power} if count else set()
    return found | {3 * ("kMGTPEZ".index(each["prefix"]) + 1) for each in _PREFIXED.finditer(text)}


def told(table: UserTable) -> UserTable:
    """Write what such columns say into units and cells."""
    return _marked(_scaled(table))


def _scaled(table: UserTable) -> UserTable:
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
    return replace(table, frame=frame, memo={}, how=(*table.how, f"{where}: the unit, such as {told[0]!r}"))


def _word(cell: str) -> str | None:
    """Return a scale in words; None if it is none that is known."""
    text = cell.strip().lower()
    if found := re.fullmatch(r"(\d{1,2})(?:\.0+)?", text):
        return _POWERS.get(int(found[1]), f"10^{int(found[1])}")
    return _WORDS.get(text)


def _marked(table: UserTable) -> UserTable:
    """Mark the figures of years after that of the column "Estimates Start After" with an e."""
    after = next((column for column in table.columns if key_of(column) == _ESTIMATED), "")
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
    kept = {column: cells for column, cells in table.figures.items() if column not in years}
    legend = {"e": f"later than {after!r}", **table.legend}
    return replace(
        table, frame=pd.DataFrame(made), how=(*table.how, told), figures=kept, legend=legend, memo={}
    )
