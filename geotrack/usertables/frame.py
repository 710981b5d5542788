"""A table that stands in memory: a DataFrame, an Arrow table, columns, records; its cells as text."""

from __future__ import annotations

import datetime as dt
from collections import abc
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geotrack.errors import ParseError, SpecError
from geotrack.usertables import reading
from geotrack.usertables.cells import Coded, Objects, Raw, moment, number, objects
from geotrack.usertables.figures.figuretexts import FigureTexts
from geotrack.usertables.files import parquet
from geotrack.usertables.reading import UserTable
from geotrack.usertables.tidying import scales, threedates

EXPECTED = (
    "expected a series' name or a DataFrame (pandas, polars, Arrow, DuckDB, Ibis), a dict of columns, "
    "records, or the path of a table"
)
MOST_EXACT = 2**53
"""Whole numbers beyond are not told apart by a float64."""


class FrameTable:
    """A table in memory as a file's would be read, with the names that its columns have for its owner.

    Parameters
    ----------
    table : its cells as text. names : of the columns, as their owner writes them -> as text.
    geometry : shapes that its rows have, or None; see `GeoDataFrame`.
    """

    def __init__(self, data: Any) -> None:
        frame = _framed(data)
        self.geometry = _geometry(frame)
        if isinstance(frame, pd.DataFrame):
            whole = _with_index(pd.DataFrame(frame).drop(columns=_geometries(frame)))
            frame = _without_numbering(whole)
            _refuse_twice([str(name) for name in frame.columns[frame.columns.duplicated()]])
            self.names = _names(list(frame.columns))
            table = _of_pandas(frame, list(self.names.values()))
            said = () if frame is whole else (reading.NUMBERING,)
            self.table = scales.told(replace(table, skipped=(*said, *table.skipped)))
        else:
            self.names = {name: name for name in frame.column_names}
            self.table = scales.told(reading.checked(parquet.raw(frame, "the table", "Arrow"), "the table"))

    def named(self, said: Any) -> Any:
        """Return the name, or the names, as text of what a user calls a column; what is none as it is."""
        if isinstance(said, list):
            return [self.named(each) for each in said]
        if isinstance(said, Hashable) and said in self.names:
            return self.names[said]
        return said if said is None or isinstance(said, str) else _written(said)


def _framed(data: Any) -> Any:
    """Return a DataFrame of pandas, or a table of Arrow."""
    if isinstance(data, pd.DataFrame):
        return data
    if isinstance(data, pd.Series):
        return data.to_frame("value" if data.name is None else data.name)
    if hasattr(data, "__arrow_c_stream__"):
        return parquet.arrow(data)
    if isinstance(data, Mapping):
        return _columns(data)
    if isinstance(data, Sequence) and len(data) and all(isinstance(row, Mapping) for row in data):
        return pd.DataFrame(list(data), dtype=object)
    for way in ("to_arrow", "arrow", "to_pandas", "df", "collect"):  # DuckDB, Ibis, polars' LazyFrame
        if callable(found := getattr(data, way, None)):
            return _framed(found())
    raise SpecError(f"choropleth(): found {type(data).__name__}; {EXPECTED}")


def _columns(data: Mapping[Any, Any]) -> pd.DataFrame:
    try:
        return pd.DataFrame(dict(data))
    except (ValueError, TypeError) as error:
        raise ParseError(
            f"the table's columns do not make a table: {error}; expected lists of one length"
        ) from error


def _geometry(frame: Any) -> Any:
    """Return the shapes of a GeoDataFrame, which has them in a column of its own."""
    if isinstance(frame, pd.DataFrame) and hasattr(frame, "crs") and _geometries(frame):
        return frame
    return None


def _geometries(frame: pd.DataFrame) -> list[Hashable]:
    return [name for name, kind in frame.dtypes.items() if str(kind) == "geometry"]


def _with_index(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table with its index as columns, where that says something."""
    index = frame.index
    told = any(name is not None for name in index.names) or not (
        isinstance(index, pd.RangeIndex) or pd.api.types.is_integer_dtype(index.dtype)
    )
    if not told:
        return frame
    taken = [n for n, name in enumerate(index.names) if name is not None and name in frame.columns]
    left = frame.reset_index(level=taken, drop=True) if taken else frame
    return left if len(taken) == index.nlevels else left.reset_index()


def _without_numbering(frame: pd.DataFrame) -> pd.DataFrame:
    """Leave out a first column that numbers the rows, as in files that pandas wrote and read back."""
    names = [_written(name) for name in frame.columns]
    if not names or names[0].strip() not in reading.UNNAMED_INDEX:
        return frame
    numbering = reading.is_numbering(names, [*map(_written, frame.iloc[:, 0])])
    return frame.iloc[:, 1:] if numbering else frame


def _refuse_twice(names: Sequence[str]) -> None:
    if twice := sorted(set(names)):
        raise ParseError(f"columns occur twice: {', '.join(twice)}; rename or drop one of each")


def _names(columns: Sequence[Hashable]) -> dict[Hashable, str]:
    """Name each column as text; of one whose name is empty its place is told."""
    names = [_written(name).strip() or f"column {n + 1}" for n, name in enumerate(columns)]
    if odd := [name for name in names if not _writable(name)]:
        raise ParseError(f"a column's name holds half a character (a lone surrogate): {odd[0]!r}; rename it")
    _refuse_twice([name for name in names if names.count(name) > 1])
    return dict(zip(columns, names, strict=True))


def _of_pandas(frame: pd.DataFrame, names: list[str]) -> UserTable:
    if frame.empty:
        raise ParseError("the table has no rows; expected one for each region and period")
    columns = [frame.iloc[:, n] for n in range(len(names))]
    read = [_column(cells, name) for cells, name in zip(columns, names, strict=True)]
    numeric = frozenset(n for n, column in enumerate(read) if column.typed)
    # what is checked of figures is whether there are any: their text is made if somebody asks for it
    raw = Raw(names, [column.outline() for column in read], 2, ("a table in memory",), numeric)
    found = reading.checked(raw, "the table")
    if not {*found.columns} <= {*names}:  # metrics stood above its periods: rows and columns are others now
        return reading.checked(raw._replace(columns=[column.texts() for column in read]), "the table")
    rows = len(found.frame)
    kept = {name: column for name, column in zip(names, read, strict=True) if name in found.columns}
    cells = pd.DataFrame({name: column.cells(rows) for name, column in kept.items()}, copy=False)
    figures = {name: c.figures[:rows] for name, c in kept.items() if c.figures is not None}
    return threedates.joined(replace(found, frame=cells, figures=figures))


class MemoryColumn(NamedTuple):
    """A column as places of its cells among the distinct texts, or as numbers and nothing else."""

    codes: NDArray[np.intp]
    distinct: list[str]
    typed: bool  # whether it holds numbers
    figures: NDArray[np.float64] | None = None  # of numbers that float64 holds to the last digit
    numbers: Any = None  # the same in their own type; without codes and texts then

    def outline(self) -> Objects:
        """Return its texts; "0" for each of its figures."""
        if self.figures is None:
            return objects(self.distinct)[self.codes]
        return objects(["0", ""])[np.isnan(self.figures).astype(np.intp)]

    def texts(self) -> Objects:
        """Return the text of each cell."""
        return self.outline() if self.figures is None else np.asarray(FigureTexts(self.numbers, _written))

    def cells(self, rows: int) -> Any:
        """Return the first rows, texts that are compared by their places."""
        if self.figures is not None:
            return FigureTexts(self.numbers[:rows], _written)
        return pd.Categorical.from_codes(self.codes[:rows], categories=pd.Index(self.distinct, dtype=object))


def _column(cells: pd.Series, name: str) -> MemoryColumn:
    """Return a column as text, as numbers where it is nothing else, and whether it holds numbers."""
    kind = cells.dtype
    if isinstance(kind, pd.CategoricalDtype):
        inner = _column(pd.Series(cells.cat.categories), name)
        written = objects([*inner.texts(), ""])
        return _texts(cells.cat.codes.to_numpy(), written, inner.typed, name)
    if pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind):
        return _numbers(cells)
    if pd.api.types.is_datetime64_any_dtype(kind) or isinstance(kind, pd.PeriodDtype):
        codes, distinct = pd.factorize(cells, use_na_sentinel=True)
        return _texts(codes, [*map(_written, distinct), ""], False, name)
    if isinstance(kind, pd.StringDtype):
        codes, distinct = pd.factorize(cells, use_na_sentinel=True)
        return _texts(codes, [*map(str, distinct), ""], False, name)
    plain = cells.astype(object).to_numpy()
    if pd.api.types.infer_dtype(plain, skipna=False) == "string":
        return _texts(*Coded.of(plain), False, name)
    # an empty cell of a column of texts is a NaN, and no number
    typed = any(isinstance(cell, int | float | Decimal | np.number) and not isinstance(cell, bool)
                and cell == cell for cell in plain)  # fmt: skip  # noqa: PLR0124
    texts = objects([cell if type(cell) is str else _written(cell) for cell in plain])
    return _texts(*Coded.of(texts), typed, name)


def _texts(codes: NDArray[Any], texts: Any, typed: bool, name: str) -> MemoryColumn:
    """Return a column of texts, the last that of cells without a place; refuse what is no text."""
    places, distinct = pd.factorize(objects(list(texts)), use_na_sentinel=False)
    codes, used = pd.factorize(places[codes])  # in the order in which they occur
    distinct = distinct[used]
    odd = [n for n, text in enumerate(distinct) if not (text.isascii() or _writable(text))]
    for row in (int(np.argmax(codes == n)) for n in odd[:1]):
        raise ParseError(
            f"column {name!r}: row {row + 2} (row 1 is the header) is no text: {distinct[codes[row]]!r} "
            "holds half a character (a lone surrogate); expected Unicode, as from a file read with its own "
            "encoding"
        )
    return MemoryColumn(codes, list(distinct), typed)


def _numbers(cells: pd.Series) -> MemoryColumn:
    """Return numbers as they are: float64, unless that would lose a digit; then as text."""
    if pd.api.types.is_complex_dtype(cells.dtype):
        raise ParseError(f"column {cells.name!r} holds complex numbers; expected real ones")
    figures = cells.to_numpy(dtype="float64", na_value=np.nan)
    short = any(word in str(cells.dtype).lower() for word in ("float32", "float16", "float[", "halffloat"))
    whole = pd.api.types.is_integer_dtype(cells.dtype)
    exact = not short and not (whole and np.nanmax(np.abs(figures), initial=0) >= MOST_EXACT)
    kept = cells.to_numpy(dtype="float32", na_value=np.nan) if short else cells.array
    kept = kept.to_numpy() if isinstance(kept, pd.arrays.NumpyExtensionArray) else kept
    if exact:
        return MemoryColumn(np.empty(0, np.intp), [], True, figures, kept)
    text, distinct = pd.factorize(np.asarray(FigureTexts(kept, _written)), use_na_sentinel=False)
    return MemoryColumn(text, list(distinct), True)


def _written(cell: Any) -> str:
    """Write a cell, or the name of a column, without loss; "" if it is empty."""
    if isinstance(cell, str):
        return cell
    if cell is None or cell is pd.NaT or cell is pd.NA:
        return ""
    if isinstance(cell, np.datetime64):
        cell = pd.Timestamp(cell)
    return next((write(cell) for kind, write in _WRITERS if isinstance(cell, kind)), str(cell))


def _float(cell: float) -> str:
    return "" if np.isnan(cell) else number(float(str(cell)))


def _joined(cell: Any) -> str:
    return " / ".join(filter(None, map(_written, cell)))


def _span(period: pd.Period) -> str:
    """Write a period of pandas by its first and last days, as quarters may end with any month."""
    first, last = period.start_time.date(), ((period + 1).start_time - pd.Timedelta(days=1)).date()
    return f"{first}/{last}" if first != last else str(first)


def _stretch(interval: pd.Interval) -> str:
    """Write an interval of days by its first and last; what else it may be of says no period."""
    first, last = interval.left, interval.right
    if not isinstance(first, pd.Timestamp) or {first.time(), last.time()} != {dt.time()}:
        raise ParseError(
            f"the interval {interval}: expected one between two days; give its bounds as columns: start, end"
        )
    day = pd.Timedelta(days=1)
    first, last = (
        first if interval.closed_left else first + day,
        last if interval.closed_right else last - day,
    )
    return f"{first.date()}/{last.date()}"


_WRITERS: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (bool | np.bool_, lambda cell: str(bool(cell)).upper()),
    (float | np.floating, _float),
    (Decimal, lambda cell: f"{cell:f}"),
    (pd.Period, _span),
    (pd.Interval, _stretch),
    (dt.date | dt.time, moment),
    (bytes | bytearray, str),
    (abc.Sequence, _joined),
)
"""How a cell is written, by its type; the first that fits."""


def _writable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
