"""A guess: which column of a user's table is the region, the period, the figure; what is given wins."""

from __future__ import annotations

import math
import re
from collections import abc
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from geotrack.errors import AmbiguousError, Choice, Doubts, Question, SpecError
from geotrack.periods import parse_column
from geotrack.usertables.columns.mapping import (
    CHOICES,
    GIVEN,
    SOURCE,
    STATED,
    Mapping,
    is_whole_period,
    listed,
    texts,
)
from geotrack.usertables.columns.parts import (
    beside_periods,
    by_header,
    day_beside,
    in_order,
    serial_headers,
    year_and_part,
)
from geotrack.usertables.columns.spans import found as spans_of
from geotrack.usertables.figures.marks import is_figure, is_nothing, unbracketed
from geotrack.usertables.periods import names as periodnames
from geotrack.usertables.periods.texts import is_period, is_serial, period_above
from geotrack.usertables.questions import dimensions
from geotrack.usertables.questions import units as units_of
from geotrack.usertables.reading import PLACES, UserTable
from geotrack.usertables.words.names import NAMES, called, key_of, short_name
from geotrack.usertables.words.yearwords import in_text

PLAIN = (
    "decimal",
    "brackets",
    "scaled",
    "fill",
    "freq",
    "dates",
    "year_ends",
    "period_words",
    "ends",
    "level",
    "over_time",
    "kind",
    "overlaps",
    "partial",
    *PLACES,
)
"""What is taken as it is given."""


def guess(
    table: UserTable, given: abc.Mapping[str, Any], *, units: bool = True, doubts: Doubts | None = None
) -> Mapping:
    """Find how a table is read.

    Parameters
    ----------
    table : as `usertables.reading.read` returns it.
    given : what the user says, by the keys of GIVEN; it wins over everything that is found.
    units : whether a unit must be said where nothing tells one; a map has a legend without.
    doubts : takes what the table leaves open; raised here if not given.

    Raises
    ------
    AmbiguousError
        The table leaves something open, and no `doubts` take it.
    SpecError
        What is given is not there, or what is not given cannot be found; says which option to give, and what
        columns there are.
    """
    _refuse(given)
    given = _periods_given(table, {k: said for k, said in given.items() if said not in (None, "", (), [])})
    layout, found, dated = _columns(table, given)
    values = () if layout == "wide" else tuple(found["value"])
    told = units_of.told(table, found, values, given, _dated(table, given))
    metrics = () if "metric" in found else _metrics(values, told, given)
    made = Mapping(
        layout=layout,
        values=values,
        metrics=metrics,
        units=told,
        status=found.get("status") or given.get("status", "reported"),
        sheet=table.sheet,
        empty=texts(given.get("empty")),
        ignore=texts(given.get("ignore")),
        columns=tuple(c for c in table.columns if layout == "long" or c not in dated),
        source=dict(given.get("source", {})),
        **{
            kind: found.get(kind, "")
            for kind in ("region", "period", "part", "start", "end", "metric", "unit", "note")
        },
        **_plain(given),
    )
    made = units_of.with_signs(table, made, given)
    open_ = Doubts() if doubts is None else doubts
    open_.add(*_open(table, made), None if given.get("period") else periodnames.question(table, made))
    made = _settled(table, made)
    lacking = _unit_question(table, made) if units and "" in made.units else None
    open_.add(units_of.question(table, made, given), lacking)
    if doubts is None:
        open_.refuse()
    return made


def _plain(given: abc.Mapping[str, Any]) -> dict[str, Any]:
    """Return what is taken as it is given; an answer to a question may be a text."""
    plain: dict[str, Any] = {k: given[k] for k in PLAIN if k in given}
    plain |= {k: int(given[k]) for k in ("skip", "table") if given.get(k)}
    return plain | {k: float(given[k]) for k in ("whole", "tolerance") if given.get(k) is not None}


def _columns(table: UserTable, given: abc.Mapping[str, Any]) -> tuple[str, dict[str, Any], tuple[str, ...]]:
    """Return the layout, the columns by what they are, and those that have a period for their name."""
    dated = _dated(table, given)
    found = _found(table, given)
    layout = given.get("layout") or _layout(dated, found, given)
    if layout == "long":
        found |= _two_columns(table, found, given)
    found |= _by_content(table, found, given, dated if layout == "wide" else ())
    if layout == "long" and not {"period", "start"} & found.keys() and (above := period_above(table.titles)):
        found["period"] = above
    if not {"metric"} & {*found, *given} and "region" in found and (unit := found.get("unit")):
        found |= {"metric": told} if (told := dimensions.described(table, found["region"], unit)) else {}
    open_ = () if dated else tuple(serial_headers(table))
    if open_ and layout == "long" and not {"period", "start"} & found.keys():
        raise AmbiguousError(*open_)
    _refuse_lacking(table, found, layout, dated)
    if layout == "wide" and "value" in given:
        raise SpecError(
            "value: a wide table has its figures in the columns of its periods; leave --value out"
        )
    return layout, found, dated


def _open(table: UserTable, made: Mapping) -> list[Question]:
    """Return what the periods leave open, all of it at once."""
    needed = np.ones(len(table.frame), dtype=bool)
    questions = [
        question for each in spans_of(table, made, needed, parse_column) for question in each.questions
    ]
    idle = [c for c in table.columns if c not in made.used and c not in made.ignore and not made.dated(c)]
    questions += dimensions.questions(table, made, idle)
    if made.layout == "wide":
        questions += beside_periods(table, idle, _may_be_figure)
    if made.part:
        questions += day_beside(table, made.part, idle)
    return questions


def _settled(table: UserTable, made: Mapping) -> Mapping:
    """Return a mapping with what its periods tell, which the next file may not tell."""
    needed = np.ones(len(table.frame), dtype=bool)
    spans = spans_of(table, made, needed, parse_column)
    told: dict[str, Any] = {key: what for each in spans for key, what in each.settled}
    return replace(made, **told)


def _dated(table: UserTable, given: abc.Mapping[str, Any]) -> tuple[str, ...]:
    """Return the columns that have a period for their name."""
    ignored, serial = texts(given.get("ignore")), given.get("dates") == "serial"
    return tuple(c for c in table.columns if c not in ignored and (is_period(c) or (serial and is_serial(c))))


def _periods_given(table: UserTable, given: dict[str, Any]) -> dict[str, Any]:
    """Return what is given, two columns of periods as one of years and one of their parts."""
    lost = [c for c in texts(given.get("ignore")) if c not in table.columns]
    if lost:
        raise SpecError(f"ignore = {lost[0]!r} is no column of the table; {listed(table)}")
    if "period" in given and not isinstance(given["period"], str | list | tuple):
        given["period"] = str(given["period"])  # 2019, or a date
    said = texts(given.get("period"))
    if len(said) > 2:
        raise SpecError(
            f"period: {len(said)} columns are given; expected one, or one of years and one of parts"
        )
    if len(said) == 2:
        columns = [_given(table, "period", {"period": name}) for name in said]
        given["period"], given["part"] = in_order(table, columns)
    elif said:
        given["period"] = said[0]
    if "year_ends" in given:
        given["year_ends"] = int(given["year_ends"])
    return given


def _two_columns(
    table: UserTable, found: abc.Mapping[str, Any], given: abc.Mapping[str, Any]
) -> dict[str, Any]:
    """Return the columns of years and of their parts, or the one that is called so in another language."""
    if {"period", "start", "end"} & given.keys() or "start" in found:
        return {}
    taken = {c for kind, columns in found.items() if kind != "period" for c in texts(columns)}
    free = [c for c in table.columns if c not in taken and c not in texts(given.get("ignore"))]
    two = year_and_part(table, free)
    if two:
        return dict(zip(("period", "part"), two, strict=True))
    column = "" if "period" in found else by_header(table, free)
    return {"period": column} if column else {}


def _refuse(given: abc.Mapping[str, Any]) -> None:
    """Refuse what can be told to be wrong without the table."""
    if unknown := [key for key in given if key not in GIVEN]:
        raise SpecError(f"{', '.join(unknown)}: not known; expected some of {', '.join(GIVEN)}")
    for key, known in CHOICES.items():
        if given.get(key) and given[key] not in known:
            raise SpecError(f"{key} = {given[key]!r} is not known; expected one of: {', '.join(known)}")
    ends = given.get("year_ends")
    if ends and str(ends) not in map(str, range(1, 13)):
        raise SpecError(f"year_ends = {ends!r}; expected the month in which financial years end, 1 to 12")
    if (words := given.get("period_words")) and not in_text(str(words), ""):
        usual = "'Three months ended September 30', 'as at 30 June' or 'January-September'"
        raise SpecError(f"period_words = {words!r}; expected such as {usual}")
    whole = given.get("whole")
    if whole is not None and not (math.isfinite(float(whole)) and float(whole) > 0):
        raise SpecError(f"whole = {whole!r}; expected a number above zero, such as 100")
    if odd := [key for key in given.get("source") or {} if key not in SOURCE]:
        raise SpecError(f"source: {', '.join(odd)} not known; expected some of {', '.join(SOURCE)}")


def _found(table: UserTable, given: abc.Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that are given, and those that are told by their names."""
    found = {kind: _given(table, kind, given) for kind in NAMES if kind not in _TEXTS}
    found = {kind: columns for kind, columns in found.items() if columns}
    if "part" in given:
        found["part"] = _given(table, "part", given)
    taken = {c for columns in found.values() for c in texts(columns)} | {*texts(given.get("ignore"))}
    free = [c for c in table.columns if c not in taken]
    idle: set[str] = set()
    if {"start", "end"} & given.keys():
        idle = {"period"}
    elif "period" in given or any(called("period", free)) or not _starts_and_ends(table, free):
        idle = {"start", "end"}
    for kind in [kind for kind in NAMES if kind not in idle]:
        if kind not in given:
            told = (c for c in called(kind, free) if kind not in _MAY_LACK or _says(table, c))
            column = next(told, None)
        else:  # a column of figures may be called as its metric
            column = next((c for c in texts(given[kind]) if c in free and kind in _TEXTS), None)
        if column:
            found[kind] = [column] if kind == "value" else column
            free.remove(column)
    metric = found.get("metric")
    if metric in (*called("unit", table.columns), *called("currency", table.columns)) and (
        "unit" not in found and texts(given.get("unit")) in ((), (metric,))
    ):
        found["unit"] = metric  # each unit is a metric, and stays its unit
    return found


def _starts_and_ends(table: UserTable, free: Sequence[str]) -> bool:
    """Tell whether columns that are called so hold periods; "from" and "to" may be countries as well."""
    columns = [next(called(kind, free), None) for kind in ("start", "end")]
    return all(column and table.holds(column, is_period) for column in columns)


_MAY_LACK = ("metric", "unit", "status")
"""Kinds of which an empty column says nothing, as APIs have them."""

_TEXTS = ("metric", "unit")
"""Kinds that may be given as a text as well as a column; a column must be named to the letter."""


def _given(table: UserTable, kind: str, given: abc.Mapping[str, Any]) -> Any:
    """Return the column that is given, or several of figures."""
    said = [text for text in texts(given.get(kind)) if kind != "status" or text not in STATED]
    columns = [_column(table, text) for text in said]
    if kind == "period" and None in columns and is_whole_period(said[0]):
        return said[0]
    if None in columns:
        lost = said[columns.index(None)]
        raise SpecError(f"{kind} = {lost!r} is no column of the table; {listed(table)}")
    return columns if kind == "value" else next(iter(columns), None)


def _column(table: UserTable, said: str) -> str | None:
    if said in table.columns:
        return said
    alike = [c for c in table.columns if key_of(c) == key_of(said)]
    return alike[0] if len(alike) == 1 else None


def _says(table: UserTable, column: str) -> bool:
    return any(cell.strip() for cell in table.frame[column].unique())


def _layout(periods: Sequence[str], found: abc.Mapping[str, Any], given: abc.Mapping[str, Any]) -> str:
    if {"value", "period", "start", "end"} & given.keys():
        return "long"
    return "wide" if len(periods) > 1 or (periods and not {"period", "start"} & found.keys()) else "long"


def _by_content(
    table: UserTable,
    found: abc.Mapping[str, Any],
    given: abc.Mapping[str, Any],
    dated: Sequence[str],
) -> dict[str, Any]:
    """Find columns by what stands in them, where only one will do; `dated`: periods of a wide table."""
    taken = {c for columns in found.values() for c in texts(columns)}
    taken |= {*dated, *texts(given.get("ignore"))}
    left = [c for c in table.columns if c not in taken]
    layout = "wide" if dated else "long"
    more: dict[str, Any] = {}

    def find(
        kind: str, test: abc.Callable[[str], bool], one: abc.Callable[[str], bool] | None = None
    ) -> None:
        fit = [
            c for c in left if table.holds(c, test) and (not one or any(map(one, table.frame[c].head(1000))))
        ]
        if len(fit) == 1:
            more[kind] = fit if kind == "value" else fit[0]
            left.remove(fit[0])

    if layout == "long" and not {"period", "start"} & found.keys():
        find("period", is_period)
    if layout == "long" and "value" not in found:
        find("value", _may_be_figure, is_figure)
    if "region" not in found:
        find("region", lambda cell: not is_figure(cell) and not is_period(cell))
    return more


def _may_be_figure(cell: str) -> bool:
    return is_figure(cell) or bool(unbracketed(cell)) or is_nothing(cell.strip())


def _refuse_lacking(
    table: UserTable, found: abc.Mapping[str, Any], layout: str, dated: Sequence[str]
) -> None:
    lacking = [
        kind for kind in ("region", "value") if kind not in found and (kind, layout) != ("value", "wide")
    ]
    if layout == "long" and "period" not in found and not {"start", "end"} <= found.keys():
        lacking.append("period")
    if lacking == ["period"]:
        raise AmbiguousError(_period_question(table))
    if lacking:
        taken = {c for columns in found.values() for c in texts(columns)} | {*dated}
        hint = _if_wide(table, lacking)
        asked = [
            _which(table, kind, taken, hint if kind == "value" else "")
            for kind in lacking
            if kind != "period"
        ]
        raise AmbiguousError(*asked, *([_period_question(table)] if "period" in lacking else []))
    if layout == "wide" and not dated:
        raise SpecError(f"layout = 'wide', but no column is a period such as 2019-09; {listed(table)}")


def _which(table: UserTable, kind: str, taken: abc.Set[str], hint: str) -> Question:
    """Ask which of the columns that are nothing else yet is the one of a kind, each with samples."""
    free = [c for c in table.columns if c not in taken and _says(table, c)]
    figures = {c for c in free if table.holds(c, _may_be_figure)}
    full = [c for c in free if kind != "region" or "" not in map(str.strip, table.frame[c].unique())]
    first = [c for c in full if (c in figures) == (kind == "value")] if kind != "period" else full
    if kind == "region" and not first:  # figures are no regions, unless they are numbers of countries
        first = [
            c for c in full if table.holds(c, lambda cell: re.fullmatch(r"\d{3}", cell.strip()) is not None)
        ]
        if not first:
            none = "a column of names or codes; none looks like one"
            return Question(f"no column for the region; {listed(table)}{hint}", (Choice(kind, "", none),))
    columns = (first or full or free or list(table.columns))[:_OFFERED]
    samples = {c: ", ".join(table.frame[c].head(1000).unique()[:3].tolist()) for c in columns}
    choices = tuple(Choice(kind, c, samples[c]) for c in columns)
    return Question(f"no column for the {kind}; {listed(table)}{hint}", choices)


_OFFERED = 12
"""Columns that are offered; all are listed."""


def _if_wide(table: UserTable, lacking: Sequence[str]) -> str:
    """Say what helps where several columns hold figures: their names may be periods that are not known."""
    figures = [column for column in table.columns if table.holds(column, _may_be_figure)]
    if not {"value", "period"} <= {*lacking} or len(figures) < 2:
        return ""
    return (
        f"; if the names of columns such as {figures[0]!r} are periods, write them as 2019, 2019-03, 2020-Q1"
        "; if all figures are of one period, it may be said in the place of a column: --period 2019"
    )


def _period_question(table: UserTable) -> Question:
    """Ask of which period the figures are, where no column tells it."""
    columns = f"no column has periods; {listed(table)}"
    means = "the period of all rows, such as 2019, 2020-Q1 or 2020-06-30, or the column that has them"
    return Question(columns, (Choice("period", "", means),))


def _unit_question(table: UserTable, made: Mapping) -> Question:
    """Ask for the unit of figures that have none."""
    lacking = [c for c, unit in zip(made.values, made.units, strict=False) if not unit]
    of = f" of column {lacking[0]!r}" if lacking else ""
    answers = tuple(Choice("unit", unit) for unit in ("%", "EH/s", ""))
    return Question(f"no unit{of} is said; {listed(table)}", answers)


def _metrics(values: Sequence[str], units: Sequence[str], given: abc.Mapping[str, Any]) -> tuple[str, ...]:
    """Return the name of each column's metric."""
    count, said = max(len(values), 1), texts(given.get("metric"))
    if said and len(said) != count:
        raise SpecError(f"metric: {len(said)} are given for {count} columns of figures; expected {count}")
    usual = "share" if units == ("%",) else "value"
    names = said or tuple(short_name(c) or usual for c in values) or (usual,)
    if len(set(names)) < len(names) and not said:  # what stands in brackets tells them apart
        names = tuple(short_name(re.sub(r"[()\[\]]", " ", c)) or usual for c in values)
    if len(set(names)) < len(names):
        raise SpecError(
            f"metrics {', '.join(names)}: two have the same name; say them: --metric NAME for each"
        )
    return names
