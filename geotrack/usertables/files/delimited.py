"""Delimited text: CSV and its kin, with the encoding and the delimiter found in the bytes."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

import numpy as np

from geotrack.errors import ParseError
from geotrack.usertables.cells import CHUNK, LISTED, CellGrid, gather_chunks, shown
from geotrack.usertables.figures.marks import is_figure, is_note, may_explain
from geotrack.usertables.files import encodings
from geotrack.usertables.layout.headers import is_number

DELIMITERS = {"\t": "tab", ";": "semicolon", "|": "vertical bar", ",": "comma"}
"""What may stand between cells; of two that fit equally well the first: decimal commas are no delimiters."""

SAMPLE = 200_000
"""Characters from the beginning that the delimiter is told from; every row is checked when it is read."""

HEAD = 300
"""Records from the beginning that tell how wide the table is."""

_HINT = re.compile(r"sep=([,;\t|])(\r\n|\r|\n)")  # what Excel writes and reads as a first line


def read(content: bytes, name: str, encoding: str = "", skip: int = 0) -> CellGrid:
    """Read text with one delimiter between cells.

    Parameters
    ----------
    content : the bytes; of what encoding `encodings.find` tells. Bytes that are no character of it become
        lone surrogates, for the caller to refuse where they stand.
    name : of the file, for messages.
    encoding : the user's word.
    skip : rows that are left out at the beginning, by the user's word.

    Raises
    ------
    ParseError
        NUL characters, no delimiter, broken quotes, or rows with more or fewer cells than the table has;
        lists them. Rows are counted as records, the first of the file being row 1.
    """
    found = encodings.find(content, name, encoding)
    stream = io.TextIOWrapper(io.BytesIO(content), encoding=found.codec, errors="surrogateescape", newline="")
    sample = stream.read(SAMPLE)
    hint = _HINT.match(sample)
    delimiter = hint[1] if hint else _delimiter(sample, name)
    stream.seek(0)
    records = _Records(stream, delimiter, name, skip + bool(hint))
    columns = gather_chunks(records.chunks(), records.width)
    records.refuse_uneven()
    first = records.first
    rows = np.arange(first, first + (len(columns[0]) if columns else 0))
    how = (found.told, f"cells between {DELIMITERS[delimiter]}s")
    after = tuple(text for _, text in records.tail())
    return CellGrid(columns, rows, how, skipped=records.told(), after=after)


class _Records:
    """The records of a file, counted; those that are not as wide as the table are held back."""

    def __init__(self, lines: Iterable[str], delimiter: str, name: str, skip: int) -> None:
        self.reader = csv.reader(lines, delimiter=delimiter, strict=True)
        self.delimiter, self.name = delimiter, name
        self.head: list[list[str]] = []
        try:
            self.head += islice(self.reader, HEAD + skip)
        except csv.Error as error:
            raise self._broken(error, len(self.head) + 1) from error
        self.row, self.first = skip, skip + 1
        ended = _ended(self.head[skip:])
        self.width, self.above = ended or _width(self.head[skip:])
        self.ended = bool(ended) and self.width > len(self.head[skip + self.above - 1])
        self.uneven: list[tuple[int, list[str]]] = []
        self.odd = 0
        self.after: list[tuple[int, list[str]]] = []  # uneven ones behind all that are even, blank ones too

    def _broken(self, error: csv.Error, row: int) -> ParseError:
        return ParseError(
            f"{self.name}: row {row}: {error}; expected a quotation mark at both ends of a "
            "quoted cell and two of them for one within; save the table as CSV anew"
        )

    def chunks(self) -> Iterator[list[list[str]]]:
        """Yield the records behind those to skip, some at a time; those above the table as wide as it is."""
        rest = chain(self.head[self.first - 1 :], self.reader)
        broken: csv.Error | None = None
        while not broken:
            chunk: list[list[str]] = []
            try:
                chunk += islice(rest, CHUNK)
            except csv.Error as error:
                broken = error
            if not chunk and not broken:
                return
            if not self.after and {*map(len, chunk)} <= {self.width}:
                self.row += len(chunk)
                yield chunk
            else:
                yield [*self._even(chunk)]
        raise self._broken(broken, self.row + 1) from broken

    def _even(self, records: Iterable[list[str]]) -> Iterator[list[str]]:
        """Yield records; a blank line is a row of empty cells."""
        width, above = self.width, self.first + self.above
        for cells in records:
            self.row += 1
            if len(cells) == width:
                if self.after and any(cells):
                    self._release()
                yield cells
            elif self.row < above and len(cells) < width:
                yield cells + [""] * (width - len(cells))
            elif self.row < above and not any(map(str.strip, cells[width:])):
                yield cells[:width]
            elif not any(map(str.strip, cells)) and len(cells) <= width:
                if self.after:
                    self.after.append((self.row, []))
                yield [""] * width
            else:
                self.after.append((self.row, cells))

    def _release(self) -> None:
        """Hold records for odd: others that are even stand behind them."""
        odd = [(row, cells) for row, cells in self.after if cells]
        self.odd += len(odd)
        self.uneven += odd[: max(LISTED - len(self.uneven), 0)]
        self.after = []

    def tail(self) -> list[tuple[int, str]]:
        """Return the lines below the table, each with its number."""
        return [(row, " ".join(filter(None, map(str.strip, cells)))) for row, cells in self.after if cells]

    def told(self) -> tuple[str, ...]:
        """Say that rows end with a delimiter which the header lacks."""
        return (
            (f"a {DELIMITERS[self.delimiter]} at the end of each row, which the header lacks",)
            if self.ended
            else ()
        )

    def refuse_uneven(self) -> None:
        """Raise if records were held back that are no notes below the table."""
        if self.after and not self._are_notes():
            self._release()
        if self.odd:
            told = [
                f"row {n} has {len(cells)}: {self.delimiter.join(cells)[:60]!r}" for n, cells in self.uneven
            ]
            raise ParseError(
                f"{self.name}: expected {self.width} cells in each row, as in the header, with "
                f"{DELIMITERS[self.delimiter]}s between them; {shown(told, self.odd)}; fill what "
                "lacks, put cells that hold the delimiter in quotes, remove lines that belong to no table"
            )

    def _are_notes(self) -> bool:
        """Tell lines of prose below the table from rows that were cut off, or have too many cells."""
        lines = [(n, cells) for n, cells in self.after if cells]
        text = self.delimiter.join(lines[0][1])
        spoken = lines[0][1][0].count(" ") > 1 or may_explain(text)
        begins = is_note(text) or (spoken and len(lines[0][1]) == 1)
        prose = all(len(c) == 1 or is_note(c[0]) or not any(map(is_figure, c[1:])) for _, c in lines)
        return begins and prose


def _width(head: Sequence[list[str]]) -> tuple[int, int]:
    """Return how many cells the table's rows have, and how many records stand above its first such row.

    It is the width of the first record, unless that is a title: short, above a header without figures.
    """
    full = [(n, cells) for n, cells in enumerate(head) if any(map(str.strip, cells))]
    if not full:
        return 0, 0
    start, first = full[0]
    counts = Counter(len(cells) for _, cells in full if len(cells) > 1) or {len(first): 1}
    width = max(counts, key=lambda each: (counts[each], each))
    if len(first) >= width:
        return len(first), start
    place = next(n for n, cells in full if len(cells) == width)
    most = 1 if width < 4 else 2
    blank = {n for n, cells in enumerate(head) if not any(map(str.strip, cells))}
    above = [(cells, n + 1 in blank) for n, cells in full if n < place]
    titles = all(len(c) < width and (not c[0] or apart or sum(map(bool, c)) <= most) for c, apart in above)
    named = not any(is_number(cell.strip()) for cell in head[place])
    return (width, place) if titles and named else (len(first), start)


def _ended(head: Sequence[list[str]]) -> tuple[int, int] | None:
    """Return what `_width` does where all rows but the header end with a delimiter, or only the header does.

    What stands behind the last one has no name and holds nothing. None if it is no such table.
    """
    full = [(n, cells) for n, cells in enumerate(head) if any(map(str.strip, cells))]
    if len(full) < 2:
        return None
    (start, first), others = full[0], [cells for _, cells in full[1:]]
    widths = {len(cells) for cells in others}
    named = first if widths == {len(first) + 1} else first[:-1]
    behind = [cells[-1] for cells in others] if named is first else [first[-1]]
    if widths != {len(named) + (named is first)} or any(map(str.strip, behind)) or len(named) < 2:
        return None
    return (widths.pop(), start + 1) if all(map(str.strip, named)) else None


def _delimiter(sample: str, name: str) -> str:
    """Return the delimiter that divides the first rows into most cells, as many in each."""
    first = sample.lstrip("\r\n").split("\n", 1)[0].strip()
    found = {delimiter: _widths(sample, delimiter) for delimiter in DELIMITERS}
    header = {d: widths[0] if widths else first.count(d) + 1 for d, widths in found.items()}
    even = {d: width for d, width in header.items() if width > 1 and set(found[d]) == {width}}
    if even:
        return max(even, key=lambda d: even[d])
    usual = {d: Counter(width for width in widths if width > 1).most_common(1) for d, widths in found.items()}
    best = max(header, key=lambda d: (usual[d][0][1], header[d]) if usual[d] else (0, header[d]))
    if header[best] < 2 and not usual[best]:
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
