"""JSON records: objects with the same keys, or an object of columns; every value as text, without loss."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from geotrack.errors import ParseError
from geotrack.usertables.cells import Raw, objects, shown
from geotrack.usertables.files import jsonlayouts

EXPECTED = (
    'expected a list of records, [{"region": "DE", "2024": 5}, ...], or columns, {"region": ["DE"], ...}'
)


def read(content: bytes, name: str) -> Raw:
    """Read records; the first is row 1. Numbers keep the digits that they are written with.

    Raises
    ------
    ParseError : no JSON, no list of records, or values that are no cells.
    """
    try:
        found = jsonlayouts.laid(_loaded(content.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        raise ParseError(
            f"{name}: JSON that is no UTF-8 (byte {error.start}); save it anew in UTF-8"
        ) from error
    except (
        ValueError,
        RecursionError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
    ) as error:  # JSON-stat that is none
        raise ParseError(f"{name}: looks like JSON, but cannot be read: {error}; {EXPECTED}") from error
    names, columns = _flat(*_columns(found.found, name))
    cells = [[_text(value) for value in column] for column in columns]
    _refuse_nested(names, columns, name)
    numeric = frozenset(
        n for n, column in enumerate(columns) if any(isinstance(value, _Digits) for value in column)
    )
    rows = np.arange(1, len(cells[0]) + 1) if cells else np.arange(0)
    told = [objects(column) for column in cells]
    return Raw(names, told, 1, (found.how,), numeric, found.skipped, rows=rows)


def _flat(names: list[str], columns: list[list[Any]]) -> tuple[list[str], list[list[Any]]]:
    """Return columns of objects as columns of what these hold: country -> country.id, country.value."""
    flat: dict[str, list[Any]] = {}
    for name, column in zip(names, columns, strict=True):
        objects_ = [value for value in column if isinstance(value, dict)]
        if not objects_ or any(not isinstance(value, dict) and value is not None for value in column):
            flat[name] = column
            continue
        for key in dict.fromkeys(key for value in objects_ for key in value):
            if f"{name}.{key}" in {*names, *flat}:
                raise ParseError(f"two columns would be called {name + '.' + key!r}; rename one")
            flat[f"{name}.{key}"] = [(value or {}).get(key) for value in column]
    return list(flat), list(flat.values())


def _loaded(text: str) -> Any:
    """Read JSON, or JSON lines: a record in each."""
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if "Extra data" not in error.msg or not all(line.lstrip().startswith("{") for line in lines):
            raise
        return [_DECODER.decode(line) for line in lines]


class _Digits(str):
    """A number, by its digits."""

    __slots__ = ()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that occurs twice: one of its values would be lost."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"a key occurs twice in a record: {next(k for k in keys if keys.count(k) > 1)!r}")
    return found


_DECODER = json.JSONDecoder(
    parse_int=_Digits, parse_float=_Digits, parse_constant=_Digits, object_pairs_hook=_once
)


def _columns(found: Any, name: str) -> tuple[list[str], list[list[Any]]]:
    if isinstance(found, dict) and found and all(isinstance(value, list) for value in found.values()):
        if len({len(value) for value in found.values()}) > 1:
            raise ParseError(f"{name}: the columns are not of one length; {EXPECTED}")
        return list(found), list(found.values())
    if isinstance(found, list) and found and all(isinstance(each, dict) for each in found):
        names = list(dict.fromkeys(key for each in found for key in each))
        return names, [[each.get(key) for each in found] for key in names]
    if isinstance(found, list) and len(found) > 1 and all(isinstance(each, list) for each in found):
        return _rows(found, name)
    raise ParseError(f"{name}: JSON, but no records; {EXPECTED}")


def _rows(found: list[list[Any]], name: str) -> tuple[list[str], list[list[Any]]]:
    """Return the columns of a list of rows, the first of which is the header."""
    odd = [f"row {n} has {len(row)}" for n, row in enumerate(found, start=1) if len(row) != len(found[0])]
    if odd or not all(isinstance(cell, str) for cell in found[0]):
        raise ParseError(
            f"{name}: rows of JSON whose first is no header, or not as long: {shown(odd)}; {EXPECTED}"
        )
    return [str(cell) for cell in found[0]], [[row[n] for row in found[1:]] for n in range(len(found[0]))]


def _refuse_nested(names: list[str], columns: list[list[Any]], name: str) -> None:
    odd = [f"record {row}, {names[n]!r}" for n, column in enumerate(columns)
           for row, value in enumerate(column, 1)
           if isinstance(value, dict | list)]  # fmt: skip
    if odd:
        raise ParseError(
            f"{name}: values that are lists or objects: {shown(odd)}; expected text, numbers, true, null"
        )


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    return _plain(str(value)) if isinstance(value, _Digits) else str(value)


def _plain(digits: str) -> str:
    """Return a number as it is written; NaN is no figure."""
    return "" if digits == "NaN" else digits
