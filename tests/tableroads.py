"""The three roads of a user's table: `geotrack map`, `geotrack import` and `gt.choropleth`."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import Workbook

import geotrack as gt

Run = Callable[..., Any]
ROADS = ("map", "import", "choropleth")
SOURCE = {"publisher": "An office", "title": "Its table", "url": "https://example.org", "licence": "CC0-1.0"}


@dataclass(frozen=True)
class Case:
    """A table that people have, and what must come out of it.

    Parameters
    ----------
    row : of /cases/README.md, and what the variant is.
    cells : a CSV file as text; or rows of cells, which a workbook holds; the first is the header.
    read : figures, one a line: "CHN 2019-09 75.53", with a status in brackets or a note after a bar.
    refused : words of the message, if it is refused or asked.
    said : words of how it was read.
    given : options, by the names that `choropleth` has for them.
    kept : what `import` has to be told besides, as the series is kept.
    shape : changes a workbook after its cells were written: what is merged, hidden, a percentage.
    """

    row: str
    cells: str | Sequence[Sequence[Any]]
    read: str = ""
    refused: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    given: Mapping[str, Any] = field(default_factory=dict)
    kept: Mapping[str, Any] = field(default_factory=lambda: {"unit": "USD", "over_time": "sum"})
    shape: Callable[[Any], None] | None = None

    @property
    def file(self) -> str:
        """Return the name of the file."""
        return "table.csv" if isinstance(self.cells, str) else "table.xlsx"

    @property
    def series(self) -> str:
        """Return a name for the series."""
        return "case-" + (re.sub("[^a-z0-9]+", "-", self.row.lower()).strip("-"))

    def write(self, folder: Path) -> Path:
        """Write the file."""
        path = folder / self.file
        if isinstance(self.cells, str):
            path.write_text(self.cells, encoding="utf-8")
            return path
        book = Workbook()
        for row in self.cells:
            book.active.append(list(row))
        if self.shape:
            self.shape(book.active)
        book.save(path)
        return path

    def frame(self, path: Path) -> Any:
        """Return the same cells in memory; a sheet that is no plain table is handed over as its file."""
        if self.shape:
            return path
        if isinstance(self.cells, str):
            lines = list(csv.reader(self.cells.splitlines()))
            return pd.DataFrame(lines[1:], columns=lines[0], dtype=object)
        return pd.DataFrame([list(row) for row in self.cells[1:]], columns=list(self.cells[0]))


Figure = tuple[str, str, str, Decimal, str]
Taken = tuple[set[Figure], dict[tuple[str, str], str], str]


def figures(text: str) -> tuple[set[Figure], dict[tuple[str, str], str]]:
    """Return the figures that must come out, and the notes of some."""
    made, notes = set(), {}
    for line in filter(None, map(str.strip, text.splitlines())):
        told, _, note = line.partition(" | ")
        found = re.fullmatch(r"(\S+) (\S+) (\S+)(?: \((.+)\))?", told)
        assert found, line
        start, end = span(found[2])
        made.add((found[1], start, end, Decimal(found[3]), found[4] or "reported"))
        if note:
            notes[found[1], start] = note
    return made, notes


def span(text: str) -> tuple[str, str]:
    """Return the first day of a period such as 2019, 2019-09, 2019-Q3, 2019-09-05, and the one after it."""
    if "/" in text:
        first, _, after = text.partition("/")
        return first, after
    if found := re.fullmatch(r"(\d{4})-Q(\d)", text):
        return _months(int(found[1]), 3 * int(found[2]) - 2, 3)
    year, *rest = map(int, text.split("-"))
    if len(rest) == 2:
        day = dt.date(year, *rest)
        return str(day), str(day + dt.timedelta(days=1))
    return _months(year, *rest, 1) if rest else _months(year, 1, 12)


def _months(year: int, month: int, count: int) -> tuple[str, str]:
    after = divmod(12 * year + month - 1 + count, 12)
    return f"{year}-{month:02}-01", f"{after[0]}-{after[1] + 1:02}-01"


def take(road: str, case: Case, run: Run, home: Path, data: Path) -> Taken:
    """Send a table down a road: its figures, their notes, and how it was read.

    Raises
    ------
    gt.GeotrackError : by `choropleth`.
    Refused : by a command.
    """
    path = case.write(home)
    if road == "choropleth":
        made = gt.choropleth(case.frame(path), **case.given)
        found = made.to_frame().to_dict("records")
        told = "\n".join(made.reading.lines) + repr(made)
    else:
        out = home / "out.csv" if road == "map" else data / "observations" / f"{case.series}.csv"
        given = dict(case.given) if road == "map" else {**case.kept, **SOURCE, **case.given}
        more = ["-o", out] if road == "map" else ["--series", case.series, "--yes", "--data", data]
        answer = run(road, path, *more, *options(given))
        if answer.code:
            assert not out.exists(), "refused, and written all the same"
            raise Refused(answer.err)
        told, found = answer.out + answer.err, list(_rows(out))
    records, notes = set(), {}
    for row in found:
        if row["region"] in ("other", "total", "world", "") or row["status"] == "missing":
            continue
        start, end = (str(row[key])[:10] for key in ("start", "end"))
        records.add((row["region"], start, end, Decimal(str(row["value"])), row["status"]))
        notes[row["region"], start] = str(row["note"])
    return records, notes, told


class Refused(Exception):
    """What a command said that refused a table."""


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def options(given: Mapping[str, Any]) -> list[str]:
    """Write what is given as options of a command."""
    made = []
    for key, value in given.items():
        for each in value if isinstance(value, (list, tuple)) else [value]:
            made += [f"--{key.replace('_', '-')}", str(each)]
    return made


def hold(road: str, case: Case, run: Run, home: Path, data: Path) -> None:
    """Check what comes out of a table on a road, and that what is refused is told."""
    if case.refused:
        with pytest.raises((gt.GeotrackError, Refused)) as error:
            take(road, case, run, home, data)
        assert [word for word in case.refused if word not in str(error.value)] == [], str(error.value)
        return
    read, notes, said = take(road, case, run, home, data)
    wanted, noted = figures(case.read)
    assert read == wanted
    assert {place: notes[place] for place, note in noted.items() if note not in notes[place]} == {}
    assert [word for word in case.said if word not in said] == [], said
