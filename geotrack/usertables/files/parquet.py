"""Parquet columns: as text, without loss."""

from __future__ import annotations

import importlib
import io
import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np

from geotrack import files
from geotrack.errors import GeotrackError, ParseError, SpecError
from geotrack.usertables.cells import Objects, Raw, moment, number, objects

MOST_CELLS, MOST_UNPACKED = 50_000_000, 1_000_000_000
"""Of a file, and its bytes once unpacked; a few of Parquet may stand for more than any memory holds."""


def read(content: bytes, name: str, most: int = 0) -> Raw:
    """Read a Parquet file; its first row is row 1, as it has no header among its rows.

    Parameters
    ----------
    most : bytes that it may unpack to; MOST_UNPACKED if 0.

    Raises
    ------
    ParseError
        pyarrow is not installed, the file is damaged or too large, or a column holds neither text, numbers,
        dates nor yes and no.
    """
    try:
        parquet = importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise ParseError(
            f"{name}: Parquet needs pyarrow, which is not installed; "
            "pip install 'geotrack[parquet]', or save the table as CSV"
        ) from error
    try:
        file = parquet.ParquetFile(io.BytesIO(content))
        _refuse_size(file.metadata, name, most)
        texts = [field.name for field in file.schema_arrow if str(field.type) in ("string", "large_string")]
        # a text that occurs again and again is kept once
        coded = parquet.ParquetFile(io.BytesIO(content), read_dictionary=texts)
        table = _counted(coded, name, most or MOST_UNPACKED)
        table.validate(full=True)
        return raw(table, name, "Parquet")
    except GeotrackError:
        raise
    except Exception as error:  # Arrow's own, and what Python makes of text that is none
        raise ParseError(f"{name}: a damaged Parquet file: {error}; write it anew") from error


def arrow(data: Any) -> Any:
    """Return the Arrow table of whatever hands out a stream of Arrow: polars, DuckDB, Ibis.

    Raises
    ------
    SpecError : pyarrow is not installed.
    """
    try:
        return importlib.import_module("pyarrow").table(data)
    except ImportError as error:
        raise SpecError(
            f"choropleth(): {type(data).__name__} is read with pyarrow, which is not installed; "
            "pip install 'geotrack[parquet]', or hand in a DataFrame of pandas"
        ) from error


def raw(table: Any, name: str, how: str) -> Raw:
    """Return the cells of an Arrow table as text.

    Raises
    ------
    ParseError : a column holds neither text, numbers, dates nor yes and no.
    """
    columns = [_column(n, table, name) for n in range(table.num_columns)]
    kinds = [str(field.type) for field in table.schema]
    numeric = frozenset(n for n, kind in enumerate(kinds) if kind.startswith(_NUMBERS))
    return Raw([str(text) for text in table.column_names], columns, 1, (how,), numeric)


_NUMBERS = ("int", "uint", "float", "double", "halffloat", "decimal")


def _counted(file: Any, name: str, limit: int) -> Any:
    """Read a file piece by piece, and count what its cells are as text: its own word may be false."""
    pieces, size = [], 0
    for piece in file.iter_batches(batch_size=_ROWS):
        size += sum(map(_bytes_of, piece.columns))
        files.refuse_unpacked(size, name, limit, OTHERWISE)
        pieces.append(piece)
    arrow_ = importlib.import_module("pyarrow")
    return arrow_.Table.from_batches(pieces, schema=pieces[0].schema if pieces else file.schema_arrow)


def _bytes_of(column: Any) -> int:
    """Return how many bytes a column takes, a text that it repeats counted as often as it stands there."""
    if not str(column.type).startswith("dictionary"):
        return int(column.nbytes)
    compute = importlib.import_module("pyarrow.compute")
    try:
        lengths = compute.binary_length(column.dictionary)
    except NotImplementedError:  # no texts
        return int(column.nbytes)
    return int(compute.sum(lengths.take(column.indices)).as_py() or 0) + int(column.indices.nbytes)


_ROWS = 1 << 17
OTHERWISE = "divide the file"


def _refuse_size(metadata: Any, name: str, most: int) -> None:
    cells = metadata.num_rows * metadata.num_columns
    limit = max(MOST_CELLS, most // 8)
    if cells > limit:
        raise ParseError(
            f"{name}: {cells:,} cells; expected at most {limit:,}: {OTHERWISE}, or, with enough memory, say "
            f"--most-bytes {10 ** len(str(8 * cells))}"
        )
    size = sum(metadata.row_group(n).total_byte_size for n in range(metadata.num_row_groups))
    files.refuse_unpacked(size, name, most or MOST_UNPACKED, OTHERWISE)


def _column(n: int, table: Any, name: str) -> Objects:
    """Return a column as text: each distinct value is written once."""
    column, kind = table.column(n), str(table.schema.field(n).type)
    write = next((write for start, write in _WRITERS if kind.startswith(start)), None)
    if write is None:
        raise ParseError(
            f"{name}: column {table.column_names[n]!r} holds {kind}; expected text, numbers or dates"
        )
    whole = column.combine_chunks()
    coded = whole if kind.startswith("dictionary") else whole.dictionary_encode()
    parts = coded.chunks if hasattr(coded, "chunks") else [coded]
    return np.concatenate([_texts(part, write) for part in parts]) if parts else objects([])


def _texts(part: Any, write: Callable[[Any], str]) -> Objects:
    texts = ["" if value is None else write(value) for value in part.dictionary.to_pylist()]
    codes = part.indices.fill_null(len(texts)).to_numpy(zero_copy_only=False)
    written: Objects = objects([*texts, ""])[codes]
    return written


def _float(value: float) -> str:
    return "" if math.isnan(value) else number(value)


def _single(value: float) -> str:
    """Write a number of 32 bits (or 16) with the digits that tell it from its neighbours."""
    return "" if math.isnan(value) else number(float(str(np.float32(value))))


def _exact(value: Decimal) -> str:
    return f"{value:f}"


def _upper(value: bool) -> str:
    return str(value).upper()


_WRITERS: tuple[tuple[str, Callable[[Any], str]], ...] = (
    ("string", str),
    ("large_string", str),
    ("dictionary<values=string", str),
    ("dictionary<values=large_string", str),
    ("int", str),
    ("uint", str),
    ("double", _float),
    ("float", _single),
    ("halffloat", _single),
    ("decimal", _exact),
    ("bool", _upper),
    ("date", moment),
    ("timestamp", moment),
    ("null", str),
)
"""How the values of a type are written, by the beginning of its name."""
