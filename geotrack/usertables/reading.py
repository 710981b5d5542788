"""A user's own file: whatever it is, read into a table of text, or refused with what to do."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geotrack.errors import ParseError, SpecError
from geotrack.usertables import delimited, excel, parquet
from geotrack.usertables.cells import Objects, Raw, shown

EXPECTED = "expected a table as CSV, TSV, Excel (.xlsx) or Parquet"


@dataclass(frozen=True, eq=False)
class UserTable:
    """What stands in a file: text, cell by cell, as it is written there.

    Parameters
    ----------
    frame : every cell text ("" where it is empty), in columns of dtype object; the index is 0, 1, ...
    how : what was found out about the file: its encoding, delimiter, sheet, ...
    first_row : number of the first row of `frame`, as people count them in the file.
    numeric : columns with cells that the file holds as numbers, so that their text has a decimal point.
    sheet : the sheet of a workbook that was read.
    figures : columns that are numbers and nothing else, as float64, NaN where a cell is empty; those of a
        table in memory only, as a file's figures are kept to the digit.
    memo : what was worked out of the table and need not be again.
    """

    frame: pd.DataFrame
    how: tuple[str, ...]
    first_row: int = 2
    numeric: frozenset[str] = frozenset()
    sheet: str = ""
    figures: Mapping[str, NDArray[np.float64]] = field(default_factory=dict, repr=False)
    memo: dict[Hashable, object] = field(default_factory=dict, repr=False)

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of the columns, in their order."""
        return tuple(self.frame.columns)

    def row(self, place: int) -> int:
        """Return the number that people give to a row of `frame`."""
        return self.first_row + int(place)


def read(content: bytes, name: str, sheet: str = "") -> UserTable:
    """Read a file of whatever kind; what kind it is its bytes tell, not its name.

    Parameters
    ----------
    content : the file's bytes.
    name : of the file, for messages.
    sheet : name of the sheet of an Excel file; needed if several hold data.

    Returns
    -------
    Table
        "NA", "null", "-" are text. Cells of Excel and Parquet that are no text are written without loss:
        dates in ISO style, whole numbers without ".0", percentages of Excel with their sign.

    Raises
    ------
    ParseError
        It is none of these kinds, damaged, without rows, or a cell, a row or a header cannot be read.
    SpecError
        The sheet is not there, or which one is meant is not told.
    """
    kind = _kind(content, name)
    if sheet and kind != "xlsx":
        raise SpecError(
            f"{name}: sheet = {sheet!r}, but this is no Excel file and has no sheets; leave it out"
        )
    if kind == "xlsx":
        found = excel.choose(content, name, sheet)
        return checked(excel.read(content, name, found), f"{name}, sheet {found!r}", found)
    return checked((parquet.read if kind == "parquet" else delimited.read)(content, name), name)


def _kind(content: bytes, name: str) -> str:
    """Return what a file is: "xlsx", "parquet" or "text"."""
    if not content.strip():
        raise ParseError(f"{name}: the file is empty; {EXPECTED}")
    for magic, what in _OTHERS.items():
        if content.startswith(magic):
            raise ParseError(f"{name}: this is {what}; {EXPECTED}")
    if content.startswith(b"PK"):
        return _zipped(content, name)
    if re.match(
        rb"(\xef\xbb\xbf)?\s*<(!doctype|html|head|body|table|\?xml|!--)", content[:4096], re.IGNORECASE
    ):
        raise ParseError(
            f"{name}: this is a web page or XML, not a table; {EXPECTED}: open it and save it so"
        )
    return "parquet" if content.startswith(b"PAR1") else "text"


_OTHERS = {
    b"\xd0\xcf\x11\xe0": "an old Excel file (.xls), or one with a password; save it as .xlsx without",
    b"%PDF": "a PDF; copy its table into a spreadsheet and save that",
    b"\x1f\x8b": "compressed (gzip); unpack it first",
    b"BZh": "compressed (bzip2); unpack it first",
    b"\xfd7zXZ\x00": "compressed (xz); unpack it first",
    b"\x28\xb5\x2f\xfd": "compressed (zstd); unpack it first",
    b"7z\xbc\xaf\x27\x1c": "an archive (7z); unpack it first",
    b"\x89PNG": "a picture; a figure must be read as text",
    b"SQLite format 3\x00": "a database (SQLite); export the table",
}


def _zipped(content: bytes, name: str) -> str:
    """Tell an Excel file from other things in a zip."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = archive.namelist()
    except Exception as error:  # zipfile raises whatever hostile bytes lead it to
        raise ParseError(f"{name}: a damaged zip or Excel file: {error}; save it anew") from error
    if "xl/workbook.xml" in inside:
        return "xlsx"
    if "xl/workbook.bin" in inside:
        what = "a binary Excel file (.xlsb); save it as .xlsx"
    elif "content.xml" in inside:
        what = "an OpenDocument file (.ods); save it as .xlsx or CSV"
    else:
        what = f"a zip archive with {shown(inside) or 'nothing'}; unpack it first"
    raise ParseError(f"{name}: this is {what}; {EXPECTED}")


def checked(raw: Raw, where: str, sheet: str = "") -> UserTable:
    """Check what was read, and leave out what is empty at the end and beside the table."""
    rows = _filled(raw.columns)
    kept = [n for n, cells in enumerate(raw.columns) if raw.header[n].strip() or any(cells[:rows])]
    names = [raw.header[n].strip() for n in kept]
    _refuse_header(names, where)
    if not rows:
        raise ParseError(
            f"{where}: no rows below the header ({', '.join(names)}); expected one for each figure"
        )
    columns = [raw.columns[n][:rows] for n in kept]
    _refuse_characters(names, columns, raw.first_row, where)
    series = {n: pd.Series(cells, dtype=object, copy=False) for n, cells in zip(names, columns, strict=True)}
    frame = pd.DataFrame(series, copy=False)
    numeric = frozenset(name for n, name in zip(kept, names, strict=True) if n in raw.numeric)
    return UserTable(
        frame, (*raw.how, f"{rows:,} row{'s' if rows > 1 else ''}"), raw.first_row, numeric, sheet
    )


def _filled(columns: Sequence[Objects]) -> int:
    """Return how many rows there are without the empty ones at the end."""
    rows = len(columns[0]) if columns else 0
    while rows and not any(cells[rows - 1].strip() for cells in columns):
        rows -= 1
    return rows


def _refuse_header(names: list[str], where: str) -> None:
    if not names:
        raise ParseError(f"{where}: no cell holds anything; {EXPECTED}, with a header")
    empty = [str(n + 1) for n, name in enumerate(names) if not name]
    if empty:
        raise ParseError(
            f"{where}: the header has no name in column {', '.join(empty)} (of {len(names)}); "
            "give each column a name, or remove the column"
        )
    twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if twice:
        raise ParseError(
            f"{where}: columns occur twice: {', '.join(map(repr, twice))}; rename or remove one of each"
        )


_NONE = re.compile("[\ud800-\udfff\0]")


def _refuse_characters(names: list[str], columns: Sequence[Objects], first: int, where: str) -> None:
    """Refuse bytes that the encoding does not have, halves of characters, and NUL."""
    bad = [f"the header: {name!r}" for name in names if _NONE.search(name)]
    for name, cells in zip(names, columns, strict=True):
        joined = "".join(cells)
        if "\0" in joined or not (joined.isascii() or _NONE.search(joined) is None):
            at = [int(n) for n in np.arange(len(cells)) if _NONE.search(cells[n])]
            bad += [f"row {first + n}, column {name!r}: {cells[n][:60]!r}" for n in at]
    if bad:
        raise ParseError(
            f"{where}: {'1 cell holds' if len(bad) == 1 else f'{len(bad)} cells hold'} what is no character "
            f"(written \\udcXX for a byte XX): {shown(bad)}; "
            "the file is damaged or in another encoding: save it anew as CSV in UTF-8"
        )
