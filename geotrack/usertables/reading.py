"""A user's own file: whatever it is, read into a table of text, or refused with what to do."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geotrack import files
from geotrack.errors import ParseError, SpecError
from geotrack.usertables.cells import CellGrid, Objects, Raw, Span, shown
from geotrack.usertables.figures.marks import is_figure
from geotrack.usertables.files import delimited, parquet, records
from geotrack.usertables.files.books import BOOKS
from geotrack.usertables.layout import sheet as sheets
from geotrack.usertables.table import UserTable
from geotrack.usertables.tidying import crossed, footnotes, scales
from geotrack.usertables.words.names import called

__all__ = ["EXPECTED", "KINDS", "PLACES", "Asked", "UserTable", "read"]

KINDS = (
    "CSV", "TSV", "Excel (.xlsx, .xls)", "OpenDocument (.ods)", "Parquet", "JSON records", "GeoJSON",
    "shapefile", "GeoPackage",
)  # fmt: skip
"""Files that are read."""

EXPECTED = f"expected a table as {', '.join(KINDS[:-1])} or {KINDS[-1]}"


@dataclass(frozen=True)
class Asked:
    """What the user says of where the table stands in a file; each may be left out.

    Parameters
    ----------
    sheet : name of the sheet of a workbook; needed if several hold data.
    encoding : of a text.
    header_row : number of the row of the header, as people count, or of its first and last: "3", "3-4".
    skip : rows left out at the beginning.
    table : which of several tables of a sheet, counted from 1.
    hidden : "include" for hidden rows and columns; they are left out else.
    most_bytes : how large the file may be, if not files.MOST_BYTES; of what it unpacks to, too.
    """

    sheet: str = ""
    encoding: str = ""
    header_row: str = ""
    skip: int = 0
    table: int = 0
    hidden: str = ""
    most_bytes: int = 0

    @classmethod
    def of(cls, *said: Mapping[str, Any]) -> Asked:
        """Return what is said by these names among other things; what is said last wins."""
        keys = [f.name for f in fields(cls)]
        told = {key: each[key] for each in said for key in keys if each.get(key)}
        try:
            return cls(**told | {key: int(told[key]) for key in _WHOLE if key in told})
        except ValueError as error:
            raise SpecError(f"{', '.join(_WHOLE)}: {error}; expected whole numbers") from error


_WHOLE = ("skip", "table", "most_bytes")

PLACES = tuple(f.name for f in fields(Asked) if f.name not in ("sheet", "most_bytes"))
"""The options, beside the sheet, that say where a table stands."""


def read(content: bytes, name: str, sheet: str = "", asked: Asked | None = None) -> UserTable:
    """Read a file of whatever kind; what kind it is its bytes tell, not its name.

    Parameters
    ----------
    content : the file's bytes.
    name : of the file, for messages.
    sheet : name of the sheet of a workbook; needed if several hold data.
    asked : what the user says of where the table stands.

    Returns
    -------
    Table
        "NA", "null", "-" are text. Cells of workbooks and Parquet that are no text are written without loss:
        dates in ISO style, whole numbers without ".0", percentages with their sign.

    Raises
    ------
    ParseError
        It is none of these kinds, damaged, without rows, or a cell, a row or a header cannot be read.
    SpecError
        The sheet is not there, or which one is meant is not told.
    AmbiguousError
        Its encoding, or which of its tables is meant, must be said.
    """
    asked = asked or Asked()
    files.refuse_large(len(content), name, asked.most_bytes)
    asked = replace(asked, sheet=sheet or asked.sheet)
    kind = _kind(content, name)
    if kind == "json":
        files.refuse_large_json(content, name, asked.most_bytes)
    _refuse_asked(asked, kind, name)
    if kind in ("parquet", "json"):
        is_parquet = kind == "parquet"
        raw = parquet.read(content, name, asked.most_bytes) if is_parquet else records.read(content, name)
        return scales.told(checked(raw, name, ""))
    grid, found = _grid(content, name, kind, asked)
    where = f"{name}, sheet {found!r}" if found else name
    raw = sheets.table(grid, sheets.TablePlace(str(asked.header_row), int(asked.table)), where)
    return scales.told(checked(raw, where, found))


def _refuse_asked(asked: Asked, kind: str, name: str) -> None:
    """Refuse what cannot be said of a file of this kind."""
    if asked.sheet and kind not in BOOKS:
        raise SpecError(
            f"{name}: sheet = {asked.sheet!r}, but this is no Excel file and has no sheets; leave it out"
        )
    laid = [key for key in ("header_row", "skip", "table", "hidden") if getattr(asked, key)]
    if laid and kind in ("parquet", "json"):
        raise SpecError(
            f"{name}: {', '.join(laid)}: this file has columns by name, no rows of cells; leave it out"
        )
    if asked.encoding and kind != "text":
        raise SpecError(f"{name}: encoding = {asked.encoding!r}, but this is no text file; leave it out")
    if asked.hidden not in ("", "include", "leave out"):
        raise SpecError(f'hidden = {asked.hidden!r} is not known; expected "include" or "leave out"')
    if asked.skip < 0:
        raise SpecError(f"skip = {asked.skip}; expected how many rows to leave out at the beginning")


def _grid(content: bytes, name: str, kind: str, asked: Asked) -> tuple[CellGrid, str]:
    """Return the cells of a text file or a sheet, and the name of the sheet."""
    if kind == "text":
        grid = delimited.read(content, name, asked.encoding, asked.skip)
        return _skipped(grid, asked.skip), ""
    book = BOOKS[kind]
    found = book.choose(content, name, asked.sheet, asked.most_bytes)
    grid = book.read(content, name, found, asked.hidden == "include", asked.most_bytes)
    skip = int(np.searchsorted(grid.rows, asked.skip + 1))
    cut = grid._replace(
        columns=[column[skip:] for column in grid.columns],
        rows=grid.rows[skip:],
        typed=tuple(cell._replace(row=cell.row - skip) for cell in grid.typed if cell.row >= skip),
        merged=tuple(_within(grid, skip)),
    )
    return _skipped(cut, asked.skip), found


def _within(grid: CellGrid, skip: int) -> Iterator[Span]:
    """Yield what is merged below the rows left out; a file may say that it reaches beyond its cells."""
    last, right = len(grid.rows) - 1, len(grid.columns) - 1
    for a, b, c, d in grid.merged:
        if skip <= a <= last and b <= right:
            yield a - skip, b, min(c, last) - skip, min(d, right)


def _skipped(grid: CellGrid, skip: int) -> CellGrid:
    told = (f"{skip} row{'s' if skip > 1 else ''} at the beginning, as you say",) if skip else ()
    return grid._replace(skipped=(*told, *grid.skipped))


def _kind(content: bytes, name: str) -> str:
    """Return what a file is: "xlsx", "xls", "ods", "parquet", "json" or "text"."""
    if not content.strip():
        raise ParseError(f"{name}: the file is empty; {EXPECTED}")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise ParseError(f"{name}: this is a workbook with a password; save it without; {EXPECTED}")
        return "xls"
    for magic, what in _OTHERS.items():
        if content.startswith(magic):
            raise ParseError(f"{name}: this is {what}; {EXPECTED}")
    if content.startswith(b"PK"):
        return _zipped(content, name)
    start = content[:4096]
    if re.match(rb"(\xef\xbb\xbf)?\s*<(!doctype|html|head|body|table|\?xml|!--)", start, re.IGNORECASE):
        raise ParseError(
            f"{name}: this is a web page or XML, not a table; {EXPECTED}: open it and save it so"
        )
    if re.match(rb'(\xef\xbb\xbf)?\s*(\[\s*[\[{]|\{\s*"[^"\n]*"\s*:)', start):
        return "json"
    return "parquet" if content.startswith(b"PAR1") else "text"


_OTHERS = {
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
    if "content.xml" in inside:
        return "ods"
    if "xl/workbook.bin" in inside:
        what = "a binary Excel file (.xlsb); save it as .xlsx"
    else:
        what = f"a zip archive with {shown(inside) or 'nothing'}; unpack it first"
    raise ParseError(f"{name}: this is {what}; {EXPECTED}")


def checked(raw: Raw, where: str, sheet: str = "") -> UserTable:
    """Check what was read, and leave out what is empty at the end and beside the table."""
    raw = footnotes.plain_names(crossed.parted(raw))
    rows = _filled(raw.columns)
    numbering = len(raw.columns) > 2 and is_numbering(raw.header, raw.columns[0][:rows].tolist())
    kept = [n for n, cells in enumerate(raw.columns) if raw.header[n].strip() or any(cells[:rows])]
    kept = kept[numbering:]
    names = [raw.header[n].strip() for n in kept]
    columns = [raw.columns[n][:rows] for n in kept]
    unnamed = [NUMBERING] if numbering else []
    unnamed += _name(names, columns)
    _refuse_header(names, where)
    if not rows:
        raise ParseError(
            f"{where}: no rows below the header ({', '.join(names)}); expected one for each figure"
        )
    _refuse_characters(names, columns, raw, where)
    series = {n: pd.Series(cells, dtype=object, copy=False) for n, cells in zip(names, columns, strict=True)}
    numeric = frozenset(name for n, name in zip(kept, names, strict=True) if n in raw.numeric)
    cleaned = footnotes.cleaned(
        UserTable(
            pd.DataFrame(series, copy=False),
            (*raw.how, f"{rows:,} row{'s' if rows > 1 else ''}"),
            raw.first_row,
            numeric,
            sheet,
            skipped=(*raw.skipped, *unnamed),
            titles=raw.titles,
            below=raw.below,
            places=None if raw.rows is None or _in_sequence(raw.rows) else raw.rows,
            divided={name: raw.divided[n] for n, name in zip(kept, names, strict=True) if n in raw.divided},
            shown={name: raw.shown[n] for n, name in zip(kept, names, strict=True) if n in raw.shown},
        )
    )
    return crossed.plain(cleaned)


def _in_sequence(rows: NDArray[np.intp]) -> bool:
    return not rows.size or int(rows[-1] - rows[0]) == rows.size - 1


def is_numbering(names: Sequence[str], cells: Sequence[str]) -> bool:
    """Tell a first column that numbers the rows, as pandas and R write it: no name, 0, 1, 2 or 1, 2, 3.

    Where a column is called as regions are, some of the rows may be gone: their numbers rise.
    """
    if len(names) < 3 or names[0].strip() not in UNNAMED_INDEX or not len(cells):
        return False
    texts = [cell.strip() for cell in cells]
    if not all(text.isdecimal() and text.isascii() and len(text) < 10 for text in texts):
        return False
    numbers = [*map(int, texts)]
    if numbers in ([*range(len(texts))], [*range(1, len(texts) + 1)]):
        return True
    return any(called("region", names[1:])) and all(a < b for a, b in pairwise(numbers))


UNNAMED_INDEX = ("", "Unnamed: 0")
"""What a column of row numbers is called; pandas reads one that it wrote without a name as the latter."""

NUMBERING = "column 1, which numbers the rows and has no name"
"""What is said of it where it is left out."""


UNNAMED = "(no name)"
"""What a column of names is called whose header is empty, as the first is in many crossed tables."""


def _name(names: list[str], columns: Sequence[Objects]) -> list[str]:
    """Name the columns without a name that hold texts; without one, a figure is nobody's."""
    told = []
    for n, cells in enumerate(columns):
        if names[n] or not any(names) or any(map(is_figure, cells[:1000].tolist())):
            continue
        count = sum(name.startswith(UNNAMED[:-1]) for name in names)
        names[n] = f"{UNNAMED[:-1]} {count + 1})" if count else UNNAMED
        told.append(f"column {n + 1} has no name; it is called {names[n]!r}")
    return told


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


def _number(raw: Raw, n: int) -> int:
    return raw.first_row + n if raw.rows is None else int(raw.rows[n])


_NONE = re.compile("[\ud800-\udfff\0]")


def _refuse_characters(names: list[str], columns: Sequence[Objects], raw: Raw, where: str) -> None:
    """Refuse bytes that the encoding does not have, halves of characters, and NUL."""
    bad = [f"the header: {name!r}" for name in names if _NONE.search(name)]
    bad += [f"above the table: {line[:60]!r}" for line in raw.titles if _NONE.search(line)]
    bad += [f"below the table: {line[:60]!r}" for line in raw.below if _NONE.search(line)]
    for name, cells in zip(names, columns, strict=True):
        joined = "".join(cells.tolist())
        if "\0" in joined or not (joined.isascii() or _NONE.search(joined) is None):
            at = [int(n) for n in np.arange(len(cells)) if _NONE.search(cells[n])]
            bad += [f"row {_number(raw, n)}, column {name!r}: {cells[n][:60]!r}" for n in at]
    if bad:
        raise ParseError(
            f"{where}: {'1 text holds' if len(bad) == 1 else f'{len(bad)} texts hold'} what is no character "
            f"(written \\udcXX for a byte XX): {shown(bad)}; "
            "the file is damaged or in another encoding: say it (--encoding), or save it anew as CSV in UTF-8"
        )
