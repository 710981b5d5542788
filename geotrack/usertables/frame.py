"""Reads a user's own table into observations whose regions are still as the user wrote them."""

from __future__ import annotations

import re
from collections.abc import Hashable

import numpy as np
import pandas as pd

from geotrack.errors import ParseError, SpecError
from geotrack.model import OBSERVATION_COLUMNS
from geotrack.usertables.rows import Periods

NAMES = {
    "region": ("region", "iso_a3", "iso3", "iso_3166_2", "iso", "code", "country_code", "country", "state",
               "province", "name", "region_name", "label"),
    "period": ("period", "date", "month", "quarter", "half", "year", "time", "when", "day"),
    "value": ("value", "share", "percent", "amount", "hashrate", "revenue"),
}  # fmt: skip
"""The names that columns usually have, the first that occurs wins; case, spaces and hyphens do not matter."""

LISTED = 10
"""How many bad cells an error shows; the others are counted."""


def tidy(
    df: pd.DataFrame,
    region: Hashable | None = None,
    period: Hashable | None = None,
    value: Hashable | None = None,
    metric: Hashable | None = None,
    *,
    unit: str = "",
    parse_periods: Periods,
    freq: str | None = None,
    status: str = "reported",
    origin: str = "user",
) -> pd.DataFrame:
    """Turn a table with one row for each region and period into observations.

    Parameters
    ----------
    df : one figure per row. A row whose value is empty has no figure and is left out.
    region, period, value : names of columns, of any type; found by NAMES if not given. Without a period
        column, columns "start" and "end" (first day, first day after) are taken.
    metric : a column that tells metrics apart, else the name of the one metric. If not given: the column
        "metric", else the value column's name where that is text, else "value".
    unit : of every value; a column "unit" is read if this is not given.
    parse_periods : reads a column of periods, as `periods.parse_column` does; handed in by the caller.
    freq : how days in the period column are meant; see `periods.parse_column`.
    status, origin : of every row without columns of these names.

    Returns
    -------
    DataFrame in `model.OBSERVATION_COLUMNS`, with the index 0, 1, ...; region and label are the user's text
    (a whole number without a fraction: 1, not 1.0), start and end ISO text, value float64.

    Raises
    ------
    ParseError
        If columns are missing, the table is empty or wide, or cells cannot be read; lists every bad cell.
    SpecError
        If the unit or the metric is no text.
    """
    _plain("unit", unit)
    _check_shape(df, named=period is not None and value is not None)
    where, what = _column(df, "region", region), _column(df, "value", value)
    figures, places = _cells(df, what), _cells(df, where)
    numbers, bad = _numbers(figures)
    given = numbers.notna().to_numpy() | bad
    labels = _text(places)
    problems = _listed(figures, bad, "no number", "75.53, without percent sign or thousands separators")
    problems += _listed(places, (labels == "").to_numpy() & given, "no region", "a name or a code")
    start, end, unread = _spans(df, period, given, parse_periods, freq)
    if problems + unread:
        raise ParseError("\n".join(["the table cannot be read (row 1 is the header):", *problems, *unread]))
    made = pd.DataFrame({"region": labels, "start": start, "end": end, "value": numbers, "label": labels})
    made["metric"] = _metrics(df, metric, what)
    made["unit"] = unit or _optional(df, "unit", "")
    for column, default in (("status", status), ("origin", origin), ("note", "")):
        made[column] = _optional(df, column, default)
    return pd.DataFrame(made.loc[given, list(OBSERVATION_COLUMNS)]).reset_index(drop=True)


def _plain(option: str, text: object) -> str:
    if not isinstance(text, str) or not _writable(text):
        raise SpecError(f"{option} = {text!r} is no text; expected {_SUCH[option]}")
    return text


_SUCH = {"unit": '"%" or "EH/s", say', "metric": 'the name of a column, or "share", say'}


def _check_shape(df: pd.DataFrame, named: bool) -> None:
    if odd := [c for c in df.columns if not _writable(str(c))]:
        raise ParseError(f"a column's name holds half a character (a lone surrogate): {odd[0]!r}; rename it")
    if df.empty:
        raise ParseError("the table has no rows; expected one for each region and period")
    twice = sorted({str(c) for c in df.columns[df.columns.duplicated()]})
    if twice:
        raise ParseError(f"columns occur twice: {', '.join(twice)}; rename or drop one of each")
    wide = [str(c) for c in df.columns if _PERIOD.match(str(c))]
    if len(wide) > 1 and not named:
        raise ParseError(
            f"the table is wide: {len(wide)} columns are periods ({', '.join(wide[:3])}, ...); "
            "expected one row for each region and period: "
            "df.melt(id_vars=[...], var_name='period', value_name='value')"
        )


_PERIOD = re.compile(r"\d{4}([-_ ]?(\d\d|[QH]\d)(-\d\d)?)?( 00:00:00)?$", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")


def _column(df: pd.DataFrame, kind: str, given: Hashable | None) -> Hashable:
    """Return the column of a kind, as named or found."""
    listed = ", ".join(str(c) for c in df.columns)
    if given is not None:
        if given not in list(df.columns):
            raise ParseError(f"{kind} = {given!r} is no column of the table; found: {listed}")
        return given
    found = _named(df, kind)
    if found is None:
        raise ParseError(
            f"no column for the {kind}; found: {listed}; name it with {kind}='...', or call it one of "
            f"{', '.join(NAMES[kind])}"
        )
    return found


def _cells(df: pd.DataFrame, column: Hashable) -> pd.Series:
    """Return a column by its place: df[...] would take some names, such as tuples, for something else."""
    names: list[Hashable] = list(df.columns)
    return df.iloc[:, names.index(column)]


def _metrics(df: pd.DataFrame, metric: Hashable | None, value: Hashable) -> pd.Series | str:
    """Return the metric of each row; a column called 2 names none, so its figures are a "value"."""
    if metric is not None and metric != "":
        return _optional(df, metric, _plain("metric", str(metric)))
    own = value.strip() if isinstance(value, str) else ""
    return _optional(df, "metric", own or "value")


def _named(df: pd.DataFrame, kind: str) -> Hashable | None:
    columns = {re.sub(r"[\s.-]+", "_", str(c).strip().lower()): c for c in reversed(df.columns)}
    return next((columns[name] for name in NAMES[kind] if name in columns), None)


def _numbers(cells: pd.Series) -> tuple[pd.Series, np.ndarray]:
    """Return a column as float64, NaN where a cell is empty, and a mask of the cells that are no number."""
    if pd.api.types.is_numeric_dtype(cells) and not pd.api.types.is_bool_dtype(cells):
        read = cells.astype("float64")
        empty = read.isna().to_numpy()
    else:
        text = _text(cells)
        read = pd.to_numeric(text.where(text.str.fullmatch(_NUMBER)), errors="coerce").astype("float64")
        empty = (text == "").to_numpy()
    if empty.all():
        raise ParseError(f"column {cells.name!r} has no figure: every cell is empty")
    bad = ~empty & ~np.isfinite(read.to_numpy())
    return read.where(~bad), bad


def _text(cells: pd.Series) -> pd.Series:
    """Return a column as text without outer spaces; "" where a cell is empty."""
    plain = cells.astype("object").where(cells.notna(), "")
    text = [str(int(c)) if isinstance(c, float) and c.is_integer() else str(c) for c in plain]
    for i, cell in enumerate(text):
        if not _writable(cell):
            raise ParseError(
                f"column {cells.name!r}: row {i + 2} (row 1 is the header) is no text: {cell!r} holds half a "
                "character (a lone surrogate); expected Unicode, as from a file read with its own encoding"
            )
    return pd.Series(text, index=cells.index, name=cells.name, dtype="str").str.strip()


def _writable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _listed(cells: pd.Series, bad: np.ndarray, what: str, expected: str) -> list[str]:
    rows = [int(i) for i in np.flatnonzero(bad)]
    if not rows:
        return []
    shown = "; ".join(f"row {i + 2}: {_text(cells.iloc[[i]]).iloc[0]!r}" for i in rows[:LISTED])
    more = f"; and {len(rows) - LISTED} more" if len(rows) > LISTED else ""
    count = "1 cell is" if len(rows) == 1 else f"{len(rows)} cells are"
    return [f"column {cells.name!r}: {count} {what}: {shown}{more}; expected {expected}"]


def _spans(
    df: pd.DataFrame, period: Hashable | None, given: np.ndarray, parse_periods: Periods, freq: str | None
) -> tuple[pd.Series, pd.Series, list[str]]:
    """Return starts, ends, and what could not be read."""
    bounds = period is None and _named(df, "period") is None and {"start", "end"} <= set(df.columns)
    columns = ["start", "end"] if bounds else [_column(df, "period", period)]
    read, problems = [], []
    for column in columns:
        cells = _cells(df, column)
        cells = cells.where(given, cells[given].iloc[0])  # a row without a figure needs no period
        try:
            read.append(parse_periods(cells, "day" if bounds else freq))
        except ParseError as error:
            problems.append(str(error))
    if problems:
        return pd.Series(), pd.Series(), problems
    return read[0]["start"], read[-1]["start" if bounds else "end"], []


def _optional(df: pd.DataFrame, column: Hashable, default: str) -> pd.Series | str:
    """Return a column's text, the default in its empty cells, or the default if there is no such column."""
    if column not in list(df.columns):
        return default
    text = _text(_cells(df, column))
    return text.where(text != "", default)
