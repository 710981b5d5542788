"""Figures that a sheet shows divided, by formats such as #,##0.0,, beside a unit that says so: Mio. EUR."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from geotrack.errors import AmbiguousError, Choice, ParseError, Question
from geotrack.usertables.cells import MIXED
from geotrack.usertables.columns.mapping import Mapping
from geotrack.usertables.figures.marks import is_figure
from geotrack.usertables.figures.numerals import western
from geotrack.usertables.figures.unittexts import is_scale, unit_in
from geotrack.usertables.periods.texts import is_period
from geotrack.usertables.table import UserTable
from geotrack.usertables.words.names import key_of
from geotrack.usertables.words.scalewords import powers_in


def of_columns(
    table: UserTable, mapping: Mapping, columns: Sequence[str]
) -> tuple[list[int], list[Question]]:
    """Return by which power of ten the figures of each column are divided in reading, and what is open.

    Where the unit, the header or a title says the same scale as the format, figures are read as the sheet
    shows them; where none says any, as they are stored. Else the user is asked.
    """
    made, questions = [], []
    for n, column in enumerate(columns):
        power = table.divided.get(column, 0)
        stated = _stated(table, mapping, column, n) if power else set()
        if mapping.scaled == "stored" or not any(stated):
            power = 0
        elif power == MIXED or (mapping.scaled != "shown" and stated != {power}):
            questions.append(_question(table, column, power))
            power = 0
        made.append(power)
    return made, questions[:1]


def _stated(table: UserTable, mapping: Mapping, column: str, n: int) -> set[int]:
    """Return the powers of ten that unit, header and titles state of a column's figures."""
    if mapping.unit in table.columns:
        units = table.coded(mapping.unit).texts.tolist()
    else:
        units = [mapping.units[n % len(mapping.units)]] if mapping.units else []
    named = [column, *table.titles, *mapping.metrics[n : n + 1]]
    if mapping.metric in table.columns:
        named += table.coded(mapping.metric).texts.tolist()
    own = {power for unit in units if unit.strip() for power in (powers_in(unit) or {0})}
    return own.union(*map(powers_in, named))


def _question(table: UserTable, column: str, power: int) -> Question:
    found = f"column {column!r}: the sheet shows its figures divided"
    if power == MIXED:
        told = f"{found}, but not all by the same, and a scale is stated beside them; write them alike, or"
        return Question(told, (Choice("scaled", "stored", "the figures as the sheet stores them"),))
    example = next(cell for cell in table.frame[column] if is_figure(cell) and cell.strip("0."))
    means = {"shown": divided(example, power), "stored": example}
    told = f"{found} by {10**power:,}; what unit, header and titles state is not that scale, or not only"
    choices = (Choice("scaled", key, f"{example!r} = {text}") for key, text in means.items())
    return Question(told, tuple(choices))


def unit(table: UserTable, columns: Sequence[str], stated: str) -> str:
    """Return the unit of columns, which a sheet may show beside the figures: "€", "million" of 0.0"M".

    Parameters
    ----------
    stated : the unit that names and titles tell; "" if they tell none.

    Raises
    ------
    AmbiguousError : the sheet does not show the same beside all figures, or another scale than is stated.
    """
    texts = table.beside(columns)
    if len(texts) > 1:
        found = f"column {columns[0]!r}: the sheet does not show the same beside all of its figures"
        raise AmbiguousError(_which(f"{found}: {', '.join(map(repr, texts))}", [*filter(None, texts)]))
    beside = next(iter(texts), "")
    scale = " ".join(word for word in beside.split() if is_scale(word))
    if not stated or not scale:
        return stated or beside
    if not (powers := powers_in(stated)):
        return f"{scale} {stated}"
    if powers != powers_in(scale):
        found = f"column {columns[0]!r}: the sheet shows {beside!r} beside its figures, {stated!r} is stated"
        raise AmbiguousError(_which(found, [stated, beside]))
    return stated


def refuse_scale(table: UserTable, columns: Sequence[str], units: str) -> None:
    """Refuse a scale that a sheet shows beside figures whose units stand in a column without it.

    Raises
    ------
    ParseError : it is lost else; says where to write it.
    """
    for column in columns:
        scales = {power for text in table.shown.get(column, ()) for power in powers_in(text)}
        odd = [cell for cell in table.coded(units).texts if cell.strip() and powers_in(cell) != scales]
        if scales and odd:
            raise ParseError(
                f"column {column!r}: the sheet shows {table.shown[column][0]!r} beside its figures, and "
                f"column {units!r} has {odd[0]!r}; write the scale into column {units!r}"
            )


def _which(found: str, units: Sequence[str]) -> Question:
    return Question(found, tuple(Choice("unit", each, "the unit of all figures") for each in units))


def divided(figure: str, power: int) -> str:
    """Return a plain number divided by a power of ten, to the digit."""
    if not figure or not power:
        return figure
    text = f"{Decimal(figure).scaleb(-power):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def told(table: UserTable, mapping: Mapping, columns: Sequence[str]) -> list[str]:
    """Say of which figures a sheet shows less than it stores, and which of both was read."""
    found = of_columns(table, mapping, columns)[0]
    texts = dict.fromkeys(text for column in columns for text in table.shown.get(column, ()))
    lines = [f"shown beside the figures: {', '.join(map(repr, texts))}"] if any(texts) else []
    for column, power in zip(columns, found, strict=True):
        shown = table.divided.get(column, 0)
        by = f"divided by {10**shown:,}" if shown != MIXED else "divided"
        if shown:
            lines.append(
                f"the sheet shows its figures {by}; they are read as {'shown' if power else 'stored'}"
            )
    return list(dict.fromkeys(lines))


def stated_unit(table: UserTable, column: str) -> str:
    """Return a unit that the header or the cells state beyond doubt."""
    stated = unit_in(column)
    if stated and not is_period(column):
        return stated
    if key_of(column) in ("percent", "percentage", "pct"):
        return "%"
    cells = table.frame[column]
    return "%" if any(is_figure(c) and "%" in western(c) for c in cells.head(1000).unique()) else ""
