"""Columns of a user's table, and what each of them is: the fields of a mapping."""

from __future__ import annotations

import difflib
from collections import abc
from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

from geotrack.errors import AmbiguousError, Choice, ParseError, Question
from geotrack.files import toml_of
from geotrack.model import STATUSES, Kind
from geotrack.usertables.periods.columnread import Said
from geotrack.usertables.periods.dayorders import ORDERS
from geotrack.usertables.periods.texts import is_period, is_serial, period_above
from geotrack.usertables.reading import UserTable
from geotrack.usertables.words import quantities

SOURCE = ("publisher", "title", "url", "licence", "licence_url", "published", "note")
"""What may be said of where a table comes from."""

CHOICES = {
    "layout": ("long", "wide"),
    "decimal": (".", ","),
    "freq": ("day", "month", "quarter", "half", "year"),
    "over_time": ("mean", "sum", "last"),
    "kind": ("intensive", "extensive"),
    "brackets": ("negative", "positive"),
    "fill": ("down",),
    "scaled": ("shown", "stored"),
    "dates": (*ORDERS, "serial"),
    "ends": ("included", "excluded"),
}

STATED = STATUSES[1:]
"""What a figure's status may be; "missing" is said by an empty cell."""


@dataclass(frozen=True)
class Mapping:
    """How a table is read. Columns are named as in the header.

    Parameters
    ----------
    layout : "long" (a row for each region and period) or "wide" (a column for each period).
    region : column of names or codes.
    values : columns of figures, one for each metric; empty if wide: all columns that are periods.
    metrics, units : of the columns of figures, one each; empty if a column tells them.
    metric, unit : columns that tell the metric and the unit of each row.
    period, or start and end : columns of periods, or of starts and ends; empty if wide. A period that is no
        column, such as "2019", is that of all rows.
    part : column of months, quarters, halves or weeks of the years that stand in the column `period`.
    status : column, or the status of every figure.
    note : column.
    decimal : "." or ",", if said; else it is told from the cells.
    brackets : what "(56)" is, -56 or 56; "" if it is not said.
    fill : "down" if the name of a region stands for the empty cells below it.
    scaled : of figures that a sheet shows divided (1500000 as 1.5), which are read; "" if it is not said.
    freq : what days stand for, see `periods.parse_column`; "month": 2009-10 is a month, no financial year.
    dates : the order of day, month and year: "mdy", "dmy", "ymd"; "serial" if days are Excel's numbers.
    as_said : whether `freq`, or `period_words`, were said of periods that tell no such thing, or tell
        otherwise, by themselves: what later tables tell does not matter then.
    year_ends : month in which financial years end, 1 to 12; 0 if it is not said.
    period_words : what says which months the years are, where no words around the table do: "Three months
        ended September 30".
    ends : of the column `end`: "included" if its days, months, ... are the last of the periods, "excluded" if
        they are the first after them.
    ignore : columns that are left out, though they hold numbers beside the periods of a wide table.
    level, whole, tolerance, over_time, kind : of the series, see `model.Series`, `model.Metric`.
    sheet : of an Excel file.
    encoding, header_row, skip, table, hidden : where the table stands in the file, see `reading.Asked`.
    overlaps : in words, which periods lie within others, as a year beside its quarters.
    partial : whether the file names some periods only, and says nothing of the others.
    empty : words that stand for no figure, such as "n/a".
    columns : all columns that the table had, but for those that are periods; to tell a header that changed.
    source : publisher, title, url, licence, ... of the figures.
    """

    layout: str
    region: str
    values: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    metric: str = ""
    unit: str = ""
    period: str = ""
    start: str = ""
    end: str = ""
    part: str = ""
    status: str = "reported"
    note: str = ""
    decimal: str = ""
    brackets: str = ""
    scaled: str = ""
    fill: str = ""
    freq: str = ""
    as_said: bool = False
    dates: str = ""
    year_ends: int = 0
    period_words: str = ""
    ends: str = ""
    level: str = "country"
    whole: float | None = None
    tolerance: float | None = None
    over_time: str = ""
    kind: str = ""
    sheet: str = ""
    encoding: str = ""
    header_row: str = ""
    skip: int = 0
    table: int = 0
    hidden: str = ""
    overlaps: str = ""
    partial: bool = False
    empty: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    source: abc.Mapping[str, str] = field(default_factory=dict)

    @property
    def used(self) -> tuple[str, ...]:
        """Return the columns that are read, but for those that are periods."""
        status = "" if self.status in STATED else self.status
        period = "" if self.for_all_rows else self.period
        named = (self.region, period, self.part, self.start, self.end, self.metric, *self.values)
        return tuple(dict.fromkeys(filter(None, (*named, self.unit, status, self.note))))

    @property
    def for_all_rows(self) -> bool:
        """Tell whether the period is no column, but that of all rows."""
        return is_whole_period(self.period) and self.period not in self.columns

    def dated(self, column: str) -> bool:
        """Tell whether a column of a wide table has a period for its name."""
        return (
            is_period(column) or (self.dates == "serial" and is_serial(column))
        ) and column not in self.ignore


def is_whole_period(said: str) -> bool:
    """Tell whether what is said for the column of periods is a period, such as "2019"."""
    return bool(said) and is_period(said)


GIVEN = (
    "value",
    *(f.name for f in fields(Mapping) if f.name not in ("values", "metrics", "units", "columns", "as_said")),
)
"""What a user may give: `metric`, `unit` are columns if there are such, else names; `value` may be many."""


def stated(mapping: Mapping) -> dict[str, Any]:
    """Return what `guess` must be given to find this mapping again."""
    known = {f.name: f.default for f in fields(mapping) if f.name in GIVEN}
    said = {key: getattr(mapping, key) for key in known if getattr(mapping, key) != known[key]}
    said |= {"value": mapping.values, "metric": mapping.metric or mapping.metrics}
    said["unit"] = mapping.unit or tuple(filter(None, mapping.units))
    return {key: value for key, value in said.items() if value not in (None, "", (), {})}


def fits(mapping: Mapping, table: UserTable) -> list[str]:
    """Say what of a remembered mapping does not fit a table: columns that are gone, and new ones."""
    gone = [c for c in dict.fromkeys((*mapping.used, *mapping.columns)) if c not in table.columns]
    new = [c for c in table.columns if c not in mapping.columns and c not in mapping.used]
    new = [c for c in new if mapping.layout == "long" or not (mapping.dated(c) or c in mapping.ignore)]
    found = []
    for column in gone:
        near = difflib.get_close_matches(column.casefold(), [c.casefold() for c in new], n=1)
        hint = next((f"; perhaps it is {c!r} now" for c in new if [c.casefold()] == near), "")
        needed = column in mapping.used
        found.append(f"column {column!r} is gone{'' if needed else ' (it was not used)'}{hint}")
    found += [f"column {column!r} is new" for column in new]
    above = period_above(table.titles)
    if mapping.for_all_rows and above not in ("", mapping.period):
        found.append(f"its period was {mapping.period}, and the line above it says {above}")
    if mapping.layout == "wide" and not figure_columns(mapping, table):
        found.append("no column is a period any more")
    return found


def refuse_gone(mapping: Mapping, table: UserTable) -> None:
    """Refuse a table without columns that the mapping reads.

    Raises
    ------
    ParseError : they are gone; says what else does not fit.
    """
    gone = [column for column in mapping.used if column not in table.columns]
    if gone:
        misfits = "\n  ".join(["", *fits(mapping, table)])
        raise ParseError(
            f"the header changed: no column {', '.join(map(repr, gone))}; expected those of the mapping; "
            f"say anew which columns to take, {listed(table)}:{misfits}"
        )


def figure_columns(mapping: Mapping, table: UserTable) -> tuple[str, ...]:
    """Return the columns with figures."""
    if mapping.layout == "long":
        return mapping.values
    return tuple(c for c in table.columns if mapping.dated(c) and c not in mapping.used)


def over_time(mapping: Mapping, metric: str, unit: str) -> str:
    """Return how a metric's periods combine.

    Raises
    ------
    SpecError : nothing tells.
    """
    if mapping.over_time:
        return mapping.over_time
    if mapping.whole is not None or quantities.averaged(unit, names_of(mapping, metric)):
        return "mean"
    answers = {"mean": "a share or a rate", "sum": "an amount", "last": "a stock"}
    raise AmbiguousError(
        Question(
            f"metric {metric!r}{f' in {unit}' if unit else ''}: how periods combine must be said, because "
            "nothing in the table tells",
            tuple(Choice("over_time", value, means) for value, means in answers.items()),
        )
    )


def names_of(mapping: Mapping, metric: str) -> tuple[str, ...]:
    """Return what a metric is called: its name, and its column where it has one of its own."""
    if len(mapping.values) == len(mapping.metrics) and metric in mapping.metrics:
        return metric, mapping.values[mapping.metrics.index(metric)]
    return (metric,)


def kind(mapping: Mapping, metric: str, unit: str) -> Kind:
    """Return a metric's kind, see `model.Metric`, as said or as unit, name and title tell."""
    names = names_of(mapping, metric)
    over = mapping.over_time or ("mean" if quantities.averaged(unit, names) else "")
    names = (*names, mapping.source.get("title", "")) if len(mapping.metrics) == 1 else names
    return quantities.kind(unit, names, whole=mapping.whole, over_time=over, said=mapping.kind)


def is_rate(mapping: Mapping, metric: str, unit: str) -> bool:
    """Tell whether a metric has no sum over regions."""
    return mapping.whole is None and kind(mapping, metric, unit) == "intensive"


def said_of_periods(mapping: Mapping, freq: str | None = None) -> Said:
    """Return what the user says of periods; `freq`, if it is given, is what days stand for."""
    return Said(mapping.freq if freq is None else freq, mapping.dates, mapping.year_ends, mapping.ends)


def texts(said: Any) -> tuple[str, ...]:
    """Return what is said once or several times as several."""
    return (said,) if isinstance(said, str) else tuple(said or ())


def listed(table: UserTable) -> str:
    """List the columns of a table, for a message."""
    return f"columns: {', '.join(map(repr, table.columns[:40]))}{', ...' if len(table.columns) > 40 else ''}"


HEAD = "# How `geotrack import` reads this table; see the README. Columns are named as in the header.\n"


def to_toml(mapping: Mapping) -> str:
    """Write a mapping as TOML, its source as a table; what is not said is left out."""
    default = {f.name: f.default for f in fields(mapping)}
    said = {key: getattr(mapping, key) for key in default if key != "source"}
    told = {key: value for key, value in said.items() if value != default[key]}
    return HEAD + toml(told | ({"source": mapping.source} if mapping.source else {}))


def toml(table: abc.Mapping[str, Any]) -> str:
    """Write a table as TOML; tuples are lists."""
    import tomlkit

    return tomlkit.dumps({key: list(v) if isinstance(v, tuple) else v for key, v in table.items()})


def from_toml(text: str | bytes, where: str) -> Mapping:
    """Read a mapping back.

    Parameters
    ----------
    where : the file's name, for messages.

    Raises
    ------
    ParseError : no TOML, unknown or missing keys, or values of another kind; lists them.
    """
    try:
        table = toml_of(text)
    except ValueError as error:
        raise ParseError(
            f"{where}: no TOML: {error}; correct it, or remove it and say the mapping anew"
        ) from error
    if faults := _faults(table):
        raise ParseError(
            f"{where}: cannot be read as a mapping: {'; '.join(faults)}; correct it, or remove it and say "
            "the mapping anew"
        )
    read: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in table.items()
    }
    read |= {key: float(read[key]) for key in ("whole", "tolerance") if key in read}
    return Mapping(**read)


_Kind = tuple[Callable[[Any], bool], str]


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _source(value: object) -> bool:
    return isinstance(value, dict) and all(k in SOURCE and isinstance(text, str) for k, text in value.items())


def _positive(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e300


def _counted(value: object) -> bool:
    return type(value) is int and value >= 0


_KINDS: dict[str, _Kind] = {
    "whole": (_positive, "a number above zero, without quotes"),
    "tolerance": (lambda value: value == 0 or _positive(value), "a number, without quotes"),
    **dict.fromkeys(
        ("partial", "as_said"), (lambda value: isinstance(value, bool), "true or false, without quotes")
    ),
    "year_ends": (lambda value: type(value) is int and 0 <= value <= 12, "a month from 1 to 12, no quotes"),
    **dict.fromkeys(("skip", "table"), (_counted, "a whole number, without quotes")),
    "source": (_source, f"a table with texts: {', '.join(SOURCE)}"),
    **dict.fromkeys(
        ("values", "metrics", "units", "empty", "ignore", "columns"), (_texts, "a list of texts")
    ),
}
_TEXT: _Kind = (lambda value: isinstance(value, str), "text in quotes")


def _faults(table: abc.Mapping[str, Any]) -> list[str]:
    """Say what of a table is no mapping."""
    known = [f.name for f in fields(Mapping)]
    found = [f"unknown key {key!r}; expected some of {', '.join(known)}" for key in table if key not in known]
    lacking = [f.name for f in fields(Mapping) if f.default is MISSING and f.default_factory is MISSING]
    found += [f"no {key}" for key in lacking if key not in table]
    for key in (key for key in table if key in known):
        fits, expected = _KINDS.get(key, _TEXT)
        if not fits(table[key]):
            found.append(f"{key} = {table[key]!r}; expected {expected}")
        elif key in CHOICES and table[key] not in CHOICES[key]:
            found.append(f"{key} = {table[key]!r}; expected one of {', '.join(CHOICES[key])}")
    return found or _halves(table)


def _halves(table: abc.Mapping[str, Any]) -> list[str]:
    """Say what is missing beside what is there."""
    count = len(table.get("values", ())) or 1
    found = []
    if table["layout"] == "long" and not table.get("values"):
        found.append("no values; expected a list of columns")
    if (
        table["layout"] == "long"
        and not table.get("period")
        and not (table.get("start") and table.get("end"))
    ):
        found.append("no period; expected a column, or start and end")
    if table.get("part") and not table.get("period"):
        found.append("part without period; expected the column of its years as period")
    for one, several in (("metric", "metrics"), ("unit", "units")):
        if not table.get(one) and len(table.get(several, ())) != count:
            found.append(f"{several} = {table.get(several, [])!r}; expected {count}, or a column as {one}")
    return found
