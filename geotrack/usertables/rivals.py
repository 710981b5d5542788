"""Two columns that could be the region, the period or the figure: where they disagree, somebody must say."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from geotrack.errors import Choice, ParseError, Question
from geotrack.periods import parse_column
from geotrack.store.regions import Regions
from geotrack.usertables.guess import NAMES, key_of
from geotrack.usertables.mapping import Mapping
from geotrack.usertables.reading import UserTable


def rivals(
    table: UserTable, columns: Mapping, regions: Regions | None, said: frozenset[str]
) -> list[Question]:
    """Return what to ask where a column that was not taken could be what another was taken for.

    Parameters
    ----------
    columns : as they were guessed.
    regions : what labels may be; None on boundaries of the user's own, whose codes are not known here.
    said : kinds that the user gave, which nobody is asked for.
    """
    found: list[Question] = []
    for kind, disagree in (("region", _regions), ("period", _periods), ("value", _values)):
        taken = columns.values[0] if kind == "value" and columns.values else getattr(columns, kind, "")
        if not taken or kind in said or (kind == "value" and columns.layout == "wide"):
            continue
        for other in _others(table, columns, kind):
            if sample := disagree(table, taken, other, regions):
                found.append(_question(kind, taken, other, sample))
    return found


def _others(table: UserTable, columns: Mapping, kind: str) -> Iterator[str]:
    """Yield the columns that are called as such ones are, and that nothing is read from."""
    for column in table.columns:
        if column not in columns.used and column not in columns.ignore and key_of(column) in NAMES[kind]:
            yield column


def _pairs(table: UserTable, one: str, other: str) -> list[tuple[str, str]]:
    """Return the different pairs of cells that stand side by side, both filled."""
    cells = table.frame[[one, other]].drop_duplicates()
    pairs = ((str(a).strip(), str(b).strip()) for a, b in cells.itertuples(index=False))
    return [(a, b) for a, b in pairs if a and b]


def _regions(table: UserTable, one: str, other: str, regions: Regions | None) -> tuple[str, str] | None:
    if regions is None:
        return None
    for a, b in _pairs(table, one, other):
        codes = {regions.resolve(a), regions.resolve(b)}
        if None not in codes and len(codes) > 1:
            return a, b
    return None


def _periods(table: UserTable, one: str, other: str, _: Regions | None) -> tuple[str, str] | None:
    """Periods agree where one lies within the other, as a day in its year."""
    for a, b in _pairs(table, one, other):
        try:
            spans = [parse_column(pd.Series([cell], dtype=object), "day").iloc[0] for cell in (a, b)]
        except ParseError:
            continue
        (start, end), (first, last) = ((span["start"], span["end"]) for span in spans)
        if not (first <= start and end <= last) and not (start <= first and last <= end):
            return a, b
    return None


def _values(table: UserTable, one: str, other: str, _: Regions | None) -> tuple[str, str] | None:
    """Figures agree where they are the same in each row."""
    head = table.frame[[one, other]].head(1000)
    pairs = ((str(a).strip(), str(b).strip()) for a, b in head.itertuples(index=False))
    return next(((a, b) for a, b in pairs if a != b and any(map(str.isdigit, b))), None)


def _question(kind: str, taken: str, other: str, sample: tuple[str, str]) -> Question:
    found = f"columns {taken!r} and {other!r} could both be the {kind}, and they disagree"
    means = (f"{sample[0]!r} in one row", f"{sample[1]!r} there")
    return Question(found, (Choice(kind, taken, means[0]), Choice(kind, other, means[1])))
