"""Tables of the reference folder as plain text, each row whole or refused by its number."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from geotrack.errors import ParseError, first_few
from geotrack.files import toml_of


def read_rows(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Read a CSV's rows as they stand: "NA" is Namibia, not a missing value. Further columns are kept.

    Raises
    ------
    ParseError
        The file is missing or no CSV in UTF-8, a column is missing, or a row has too few or too many cells.
        Rows are numbered as in the file, its header being row 1.
    """
    wanted = ", ".join(columns)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file, strict=True))
    except FileNotFoundError as error:
        raise ParseError(f"{path}: no such file; expected a CSV with the columns {wanted}") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ParseError(
            f"{path}: cannot be read as CSV: {error}; expected text in UTF-8 with the columns {wanted}"
        ) from error
    while lines and not lines[-1]:  # blank lines at the end; elsewhere they would shift the numbers of rows
        lines.pop()
    head, body = (lines[0], lines[1:]) if lines else ([], [])
    lacking = [c for c in columns if c not in head]
    if lacking:
        raise ParseError(f"{path}: no column {', '.join(lacking)}; expected {wanted}")
    _refuse_uneven(path, head, body)
    return [dict(zip(head, line, strict=True)) for line in body]


def repeated(values: Iterable[str]) -> list[str]:
    """Return what stands there more than once, sorted."""
    return sorted(value for value, count in Counter(values).items() if count > 1)


def _refuse_uneven(path: Path, head: list[str], body: list[list[str]]) -> None:
    uneven = [
        f"row {number} has {len(line)}: {','.join(line)[:60]!r}"
        for number, line in enumerate(body, 2)
        if len(line) != len(head)
    ]
    if uneven:
        raise ParseError(
            f"{path}: expected {len(head)} cells in each row ({', '.join(head)}); "
            f"{first_few(uneven)}; "
            "fill what lacks, put cells with commas in quotes, or remove the row"
        )


def read_toml(path: Path, what: str) -> dict[str, Any]:
    """Read a TOML file that holds nothing but tables; `what` says of what, for the message.

    Raises
    ------
    ParseError
        The file is missing or no TOML in UTF-8, or holds a key outside of any table.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ParseError(
            f"{path}: cannot be read as tables of {what}: {error}; expected TOML in UTF-8, see data/README.md"
        ) from error
    return read_toml_text(text, what, path)


def read_toml_text(text: str, what: str, path: Path | str = "text") -> dict[str, Any]:
    """Read TOML that holds nothing but tables; `path` is where it stands, for the message.

    Raises
    ------
    ParseError
        It is no TOML, or holds a key outside of any table.
    """
    try:
        tables = toml_of(text)
    except ValueError as error:
        raise ParseError(
            f"{path}: cannot be read as tables of {what}: {error}; expected TOML in UTF-8, see data/README.md"
        ) from error
    loose = [key for key, table in tables.items() if not isinstance(table, dict)]
    if loose:
        raise ParseError(
            f"{path}: cannot be read as tables of {what}: {', '.join(loose)} outside of any table; "
            "expected [name] before the keys, see data/README.md"
        )
    return tables
