"""Delimited text: CSV and its kin, with the encoding and the delimiter found in the bytes."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator

from geotrack.errors import ParseError
from geotrack.usertables.cells import LISTED, Raw, gather, shown

DELIMITERS = {"\t": "tab", ";": "semicolon", "|": "vertical bar", ",": "comma"}
"""What may stand between cells; of two that fit equally well the first: decimal commas are no delimiters."""

SAMPLE = 200_000
"""Characters from the beginning that the delimiter is told from; every row is checked when it is read."""

_HINT = re.compile(r"sep=([,;\t|])(\r\n|\r|\n)")  # what Excel writes and reads as a first line


def read(content: bytes, name: str) -> Raw:
    """Read text with one delimiter between cells.

    Parameters
    ----------
    content : UTF-8, UTF-16 with a byte order mark, or else Windows-1252. Bytes that are no character of the
        encoding become lone surrogates, for the caller to refuse where they stand.
    name : of the file, for messages.

    Raises
    ------
    ParseError
        NUL characters, no delimiter, broken quotes, or rows with more or fewer cells than the header; lists
        them. Rows are counted as records, the first of the file being row 1.
    """
    encoding, told = _encoding(content, name)
    stream = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, errors="surrogateescape", newline="")
    sample = stream.read(SAMPLE)
    hint = _HINT.match(sample)
    delimiter = hint[1] if hint else _delimiter(sample, name)
    stream.seek(0)
    records = _Records(stream, delimiter, name)
    rows = iter(records)
    if hint:
        next(rows)
    header = next((cells for cells in rows if any(map(str.strip, cells))), [])
    records.width, first = len(header), records.row + 1
    columns = gather(rows, len(header))
    records.refuse_uneven()
    return Raw(header, columns, first, (told, f"cells between {DELIMITERS[delimiter]}s"))


class _Records:
    """The records of a file, counted; those that are not as wide as the header are held back."""

    def __init__(self, lines: Iterable[str], delimiter: str, name: str) -> None:
        self.reader = csv.reader(lines, delimiter=delimiter, strict=True)
        self.delimiter, self.name, self.row = delimiter, name, 0
        self.width = 0  # not known yet
        self.uneven: list[str] = []
        self.odd = 0

    def __iter__(self) -> Iterator[list[str]]:
        """Yield records; a blank line is a row of empty cells."""
        try:
            for cells in self.reader:
                self.row += 1
                if len(cells) == self.width or not self.width:
                    yield cells
                elif not cells or (len(cells) == 1 and not cells[0].strip()):
                    yield [""] * self.width
                else:
                    self._hold(cells)
        except csv.Error as error:
            raise ParseError(
                f"{self.name}: row {self.row + 1}: {error}; expected a quotation mark at both ends of a "
                "quoted cell and two of them for one within; save the table as CSV anew"
            ) from error

    def _hold(self, cells: list[str]) -> None:
        self.odd += 1
        if self.odd <= LISTED:
            self.uneven.append(f"row {self.row} has {len(cells)}: {self.delimiter.join(cells)[:60]!r}")

    def refuse_uneven(self) -> None:
        """Raise if records were held back."""
        if self.odd:
            raise ParseError(
                f"{self.name}: expected {self.width} cells in each row, as in the header, with "
                f"{DELIMITERS[self.delimiter]}s between them; {shown(self.uneven, self.odd)}; fill what "
                "lacks, put cells that hold the delimiter in quotes, remove lines that belong to no table"
            )


def _encoding(content: bytes, name: str) -> tuple[str, str]:
    """Return the encoding, and how it is called."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            text = content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise ParseError(
                f"{name}: byte {error.start} is no UTF-16 ({error.reason}), though the file begins as such; "
                "save it anew as CSV in UTF-8"
            ) from error
        _refuse_nul(text.find("\0"), text.count("\n", 0, max(text.find("\0"), 0)), name)
        return "utf-16", "UTF-16"
    nul = content.find(b"\0")
    _refuse_nul(nul, content.count(b"\n", 0, max(nul, 0)), name)
    if content.startswith(codecs.BOM_UTF8):
        return "utf-8-sig", "UTF-8 with a byte order mark"
    return ("utf-8", "UTF-8") if _mostly_utf8(content) else ("cp1252", "Windows-1252, as it is no UTF-8")


def _refuse_nul(place: int, lines: int, name: str) -> None:
    if place >= 0:
        raise ParseError(
            f"{name}: line {lines + 1} holds a NUL character; expected text: this is another kind of file, a "
            "damaged one, or UTF-16 without its mark; save the table as CSV in UTF-8"
        )


def _mostly_utf8(content: bytes) -> bool:
    """Tell UTF-8, if need be with some damage, from Windows-1252, where few letters in a row look like it."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("utf-8", errors="surrogateescape")
        broken = len(re.findall("[\udc80-\udcff]", text))
        return len(re.findall("[^\0-\x7f\udc80-\udcff]", text)) >= broken
    return True


def _delimiter(sample: str, name: str) -> str:
    """Return the delimiter that divides the first rows into most cells, as many in each."""
    first = sample.lstrip("\r\n").split("\n", 1)[0].strip()
    found = {delimiter: _widths(sample, delimiter) for delimiter in DELIMITERS}
    header = {d: widths[0] if widths else first.count(d) + 1 for d, widths in found.items()}
    even = {d: width for d, width in header.items() if width > 1 and set(found[d]) == {width}}
    best = max(even or header, key=lambda d: header[d])
    if header[best] < 2:
        raise ParseError(
            f"{name}: the header is one cell: {first[:60]!r}; expected at least two, with one of "
            f"{', '.join(DELIMITERS.values())} between them"
        )
    return best


def _widths(sample: str, delimiter: str) -> list[int]:
    """Return how many cells the first rows have; none if quotes do not fit the delimiter."""
    widths: list[int] = []
    try:
        for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, strict=True):
            if len(cells) > 1 or (cells and cells[0].strip()):
                widths.append(len(cells))
            if len(widths) > 100:
                return widths
    except csv.Error as error:
        return widths if len(sample) == SAMPLE and "end of data" in str(error) else []
    return widths[:-1] if len(sample) == SAMPLE else widths  # the sample may end within a row
