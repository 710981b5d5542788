"""What columns of offices say of figures beside them: powers of ten of the unit, years that are estimates."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from geotrack.usertables.cells import objects
from geotrack.usertables.figures.marks import is_figure
from geotrack.usertables.figures.unittexts import unit_in
from geotrack.usertables.table import UserTable
from geotrack.usertables.words.names import called, key_of
from geotrack.usertables.words.scalewords import name_of, power_of
from geotrack.usertables.words.years import YEAR

UNIT = "unit"
_ESTIMATED = "estimates_start_after"
_MARK = " e"
_NAMED = (
    "unit_mult unit_multiplier scalar_factor scalar_id scalar facteur_scalaire identificateur_scalaire "
    "powercode_code powercode power_code scale scale_factor scaling_factor scaling multiplier unit_mult_code "
    "magnitude order_of_magnitude power_of_ten unit_scale value_scale "
    "maßstab multiplikator größenordnung multiplicateur echelle factor_de_escala multiplicador "
    "escala magnitud масштаб множитель 倍数 数量级 乘数 量级"
)
COLUMNS = tuple(map(key_of, _NAMED.split()))
"""Keys of columns that say by what figures are to be multiplied."""

_ONES = ("", "units", "unit", "none", "ones", "one", "unités")


def told(table: UserTable) -> UserTable:
    """Write what such columns say into units and cells."""
    return _marked(_scaled(table))


def _scaled(table: UserTable) -> UserTable:
    """Write the scale of figures into their unit: USD and UNIT_MULT = 6 are "million USD".

    Figures stay as they are. A table whose scales are not known, or are all one, is returned as it is.
    """
    column, words = _read(table)
    if not words:
        return table
    scale = objects([word or "" for word in words])[table.coded(column).codes]
    unit = next(called(UNIT, table.columns), "") or next(called("currency", table.columns), "")
    bare = "" if unit else _in_header(table)
    units = table.frame[unit].to_numpy(dtype=object) if unit else objects([bare] * len(scale))
    told = objects([f"{a} {b.strip()}".strip() or "units" for a, b in zip(scale, units, strict=True)])
    frame = table.frame.assign(**{unit or UNIT: pd.Series(told, dtype=object)})
    where = f"columns {unit!r} and {column!r}" if unit else f"column {column!r}"
    return replace(table, frame=frame, memo={}, how=(*table.how, f"{where}: the unit, such as {told[0]!r}"))


def _read(table: UserTable) -> tuple[str, list[str | None]]:
    """Return the column that says the scale of figures and its cells in words, if it says one."""
    keys = {key_of(column): column for column in reversed(table.columns)}
    column = next((keys[key] for key in COLUMNS if key in keys), "")
    words = words_of(list(table.coded(column).texts), column) if column else []
    return column, [] if None in words or not any(words) else words


def in_units(table: UserTable) -> tuple[str, ...]:
    """Return the columns whose scales are written into the unit: one, and its code beside it."""
    _, words = _read(table)
    named = [each for each in table.columns if key_of(each) in COLUMNS]
    same = [each for each in named if words and words_of(list(table.coded(each).texts), each) == words]
    return tuple(same)


def says_scale(column: str) -> bool:
    """Tell a column that by its name says a scale, and nothing else."""
    return key_of(column).startswith(("unit_mult", "scalar", "power", "facteur_scalaire"))


def words_of(cells: list[str], column: str) -> list[str | None]:
    """Return scales in words; None for each that is not known.

    Parameters
    ----------
    cells : of the column, each once. Powers of ten are written as factors, 1000, where one of them is 100 or
        more, or the column is no list's: a bare 3 may be a thousand or a factor of three there.
    column : its name.
    """
    listed = key_of(column).startswith(("unit_mult", "power", "scal", "order"))
    factors = [_factor(cell) for cell in cells]
    if any(factor and factor >= 3 for factor in factors) and not any(map(_is_bare, cells)):
        return [
            _word(cell) if factor is None else name_of(factor)
            for cell, factor in zip(cells, factors, strict=True)
        ]
    if not listed:
        return [None if _is_small(cell) else "" if _factor(cell) == 0 else _word(cell) for cell in cells]
    return [_word(cell) for cell in cells]


_FACTOR = re.compile(r"[x×*]?\s*(?:(?:10\s?\^|1?[eE]\+?|10\*\*)(?P<power>\d{1,2})|1(?P<zeros>[0,.\s ']*))")


def _factor(cell: str) -> int | None:
    """Return the power of ten of a factor: 1000, "1,000", "10^3", "1e3", "x1000"; of 1 it is 0."""
    text = re.sub(r"(?<=\d)\.0$", "", cell.strip())
    found = _FACTOR.fullmatch(text)
    if not found:
        return None
    groups = re.sub(r"\D", "", found["zeros"] or "")
    parted = re.fullmatch(r"(0*)(?:[,.\s ']000)*", found["zeros"] or "")
    return int(found["power"]) if found["power"] else len(groups) if parted else None


def _is_small(cell: str) -> bool:
    """Tell a number that is no known factor, but may be a power."""
    return re.fullmatch(r"\d{1,2}(\.0+)?", cell.strip()) is not None and _factor(cell) != 0


def _is_bare(cell: str) -> bool:
    """Tell a small number that is neither 1 nor 10."""
    return _is_small(cell) and _factor(cell) is None


def _in_header(table: UserTable) -> str:
    """Return the unit that stands in the names of columns, if it is one."""
    found = {unit_in(column) for column in table.columns} - {""}
    return found.pop() if len(found) == 1 else ""


def _word(cell: str) -> str | None:
    """Return a scale in words; None if it is none that is known."""
    text = cell.strip().lower().rstrip(".")
    if found := re.fullmatch(r"(-?\d{1,2})(?:\.0+)?", text):
        return name_of(int(found[1]))
    power = 0 if text in _ONES else power_of(text)
    return None if power is None else name_of(power)


def _marked(table: UserTable) -> UserTable:
    """Mark the figures of years after that of the column "Estimates Start After" with an e."""
    after = next((column for column in table.columns if key_of(column) == _ESTIMATED), "")
    years = [column for column in table.columns if re.fullmatch(YEAR, column)]
    last = [cell.strip().partition(".")[0] for cell in table.frame[after]] if after else []
    if not after or not years or not all(re.fullmatch(rf"(?:{YEAR})?", year) for year in last):
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
