"""The files that hold records: found, and looked at one by one before an engine reads them all."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geotrack.errors import LINE, ParseError, SpecError, first_few

FLOAT, INT, DECIMAL, TEXT = "a number", "a whole number", "a decimal number", "text"
MOMENT, INSTANT, DAY = "a time without a zone", "a time with a zone", "a day"
PARQUET, CSV = "parquet", "csv"
SUFFIXES = {".parquet": PARQUET, ".pq": PARQUET, ".csv": CSV}

Kinds = Mapping[str, str]
"""Column -> what it holds: one of the words above, or another engine's word for what cannot be used."""


@dataclass(frozen=True)
class Files:
    """Files of one format, with what their columns hold; none where an engine alone can list them."""

    paths: tuple[str, ...]
    format: str
    kinds: Kinds
    size: int = 0
    remote: bool = False
    header: tuple[str, ...] = ()


def find(patterns: Sequence[str], folder: Path, columns: Sequence[str]) -> Files:
    """Find files and look at each: its size, its columns and what they hold.

    Parameters
    ----------
    patterns : paths and globs, from a folder; addresses such as s3:// are left to the engine.
    columns : those that are read.

    Raises
    ------
    SpecError : no file is there, or files of two formats.
    ParseError : files that are empty, that lack columns, or whose columns differ in what they hold: all.
    """
    if remote := [each for each in patterns if "://" in each]:
        return Files(tuple(patterns), _format(remote), {}, remote=True)
    found = [(each, sorted(_globbed(folder / each))) for each in patterns]
    if lost := [each for each, there in found if not there]:
        raise SpecError(
            f"records: no file is called {', '.join(map(repr, lost))} in {folder or Path()}; "
            "expected paths or "
            'globs of Parquet or CSV files, such as "telemetry/*.parquet"'
        )
    paths = sorted({path for _, there in found for path in there})
    form = _format(paths)
    sizes = {path: Path(path).stat().st_size for path in paths}
    if empty := [path for path, size in sizes.items() if not size]:
        raise ParseError(
            f"records: files of no bytes, of which an engine would say nothing: {first_few(empty, ', ')}; "
            "write them anew, or remove them"
        )
    schemas = {path: _schema(path, form) for path in paths}
    _refuse(schemas, columns, form)
    first = next(iter(schemas.values()))
    kinds = {name: kind for name, kind in first.items() if name in columns}
    return Files(tuple(paths), form, kinds, sum(sizes.values()), header=tuple(first))


def _globbed(pattern: Path) -> Iterator[str]:
    """Return the files of a pattern, which may be absolute."""
    for path in Path(pattern.anchor).glob(str(pattern.relative_to(pattern.anchor))):
        if path.is_file():
            yield str(path)


def _format(paths: Sequence[str]) -> str:
    suffixes = {Path(path).suffix.casefold() for path in paths}
    formats = {SUFFIXES.get(suffix, "") for suffix in suffixes}
    if len(formats) > 1 or "" in formats:
        raise SpecError(
            f"records: files that end in {', '.join(sorted(map(repr, suffixes)))}; expected files "
            "of one format: "
            f"{', '.join(SUFFIXES)}"
        )
    return formats.pop()


def _refuse(schemas: Mapping[str, Kinds], columns: Sequence[str], form: str) -> None:
    """Refuse files that lack columns, or hold other things in them than the first: engines differ there."""
    first, told = next(iter(schemas)), list[str]()
    for path, schema in schemas.items():
        for name in columns:
            if name not in schema:
                told.append(f"{path}: column {name!r} is missing; it has {first_few(schema, ', ', most=20)}")
            elif schema[name] != schemas[first].get(name, schema[name]):
                told.append(
                    f"{path}: column {name!r} holds {schema[name]}, that of {first} {schemas[first][name]}; "
                    "write them alike"
                )
        if form == CSV and list(schema) != list(schemas[first]):
            told.append(f"{path}: its columns are not those of {first} in their order; write them alike")
    if told:
        raise ParseError(f"records cannot be read as one table:{LINE}{first_few(told, LINE)}")


def _schema(path: str, form: str) -> dict[str, str]:
    return dict(_of_csv(path) if form == CSV else _of_parquet(path))


def _of_csv(path: str) -> Iterator[tuple[str, str]]:
    try:
        with Path(path).open(encoding="utf-8", newline="") as lines:
            header = next(csv.reader(lines), [])
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ParseError(f"{path}: cannot be read: {error}; expected a CSV in UTF-8") from error
    if len(set(header)) < len(header):
        raise ParseError(f"{path}: a column's name stands twice in its header; expected each once")
    return ((name.removeprefix("\ufeff"), TEXT) for name in header)


def _of_parquet(path: str) -> Iterator[tuple[str, str]]:
    from pyarrow import ArrowException, parquet

    try:
        schema = parquet.read_schema(path)
    except (OSError, ArrowException) as error:
        told = str(error).splitlines()[0]
        raise ParseError(f"{path}: cannot be read as Parquet: {told}; write it anew, or remove it") from error
    return ((field.name, kind_of(field.type)) for field in schema)


def kind_of(held: Any) -> str:
    """Return what a type of Arrow holds, in words; the type's own name if it cannot be used."""
    from pyarrow import types

    held = held.value_type if types.is_dictionary(held) else held
    if types.is_timestamp(held) and held.unit == "ns":
        return "nanoseconds, which not every engine reads; expected microseconds"
    if types.is_decimal(held):
        return f"{DECIMAL} of {held.scale} digits"
    asked = {
        TEXT: types.is_string(held) or types.is_large_string(held) or types.is_string_view(held),
        FLOAT: types.is_floating(held),
        INT: types.is_integer(held) and held != "uint64",
        DAY: types.is_date32(held),
        MOMENT: types.is_timestamp(held) and held.tz is None,
        INSTANT: types.is_timestamp(held) and held.tz is not None,
    }
    kind = next((kind for kind, so in asked.items() if so), str(held))
    return f"{kind} ({held})" if kind in (FLOAT, INT) else kind


def plain(kind: str) -> str:
    """Return a kind without its width: "a number (float)" is "a number"."""
    return kind.partition(" (")[0]


def decimals(kind: str) -> int | None:
    """Return the digits of a decimal number; None of what is none."""
    return int(kind.split()[-2]) if kind.startswith(DECIMAL) else None
