"""Words around a table that say of all its periods which they are: where they are looked for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from geotrack.errors import Choice, Question
from geotrack.usertables.columns.mapping import Mapping, figure_columns
from geotrack.usertables.figures.marks import is_figure
from geotrack.usertables.periods.around import AS_SAID
from geotrack.usertables.reading import UserTable
from geotrack.usertables.words.endings import PART, SO_FAR, WORDS, Ending
from geotrack.usertables.words.years import YEAR
from geotrack.usertables.words.yearwords import beside_one_year, in_lines, in_text


def words_of(mapping: Mapping, table: UserTable) -> Ending | None:
    """Return what words say of all periods: those around, or the user's where these leave it open."""
    around, said = words_around(mapping, table), in_text(mapping.period_words, AS_SAID)
    open_ = not around or around.doubted or around.several or not around.of_year(2000)
    return said if said and (open_ or mapping.as_said) else around


def own(mapping: Mapping) -> Ending | None:
    """Return what the name of the column of periods says of them."""
    return in_lines([(mapping.period, "in its name")]) if mapping.period else None


def words_around(mapping: Mapping, table: UserTable) -> Ending | None:
    """Return what words in the names of columns, or else above the table, say of all its periods."""
    if mapping.layout == "wide":
        names = figure_columns(mapping, table)
        columns: Sequence[str] = [c for c in table.columns if c not in names]
        named_so = None
    else:
        columns, named_so = mapping.values, own(mapping)
    if named_so and not named_so.only_years:
        return named_so
    named = in_lines((name, f"in the name of column {name!r}") for name in columns)
    above = named or in_lines((line, "above the table") for line in table.titles)
    found = above or _in_cells(mapping, table) or _beside(table)
    return found if found and (not named_so or found.names) else named_so


MOST_TEXTS = 20
"""Distinct texts of a column that are looked through for words; one with more says nothing of all periods."""


def _in_cells(mapping: Mapping, table: UserTable) -> Ending | None:
    """Return what the cells of columns say that have no figures, periods or regions: "Basis", "Indicator"."""
    names = {*mapping.values, mapping.region, mapping.period, mapping.part, mapping.start, mapping.end}
    names |= {*figure_columns(mapping, table)}
    for column in (each for each in table.columns if each not in names):
        cells = {cell.strip() for cell in table.frame[column].iloc[:MOST_ROWS].unique()}
        if not 0 < len(cells) <= MOST_TEXTS or any(map(is_figure, cells)):
            continue
        found = [in_lines([(cell, f"in column {column!r}")]) for cell in sorted(cells)]
        if told := [one for one in found if one]:
            several = len({one.what for one in told}) > 1 or len(told) < len(found)
            return told[0]._replace(several=several)
    return None


MOST_ROWS = 10_000


def _beside(table: UserTable) -> Ending | None:
    """Return what the sheet's name, or a short line below the table, says: it may be of something else."""
    below = (line for line in table.below if len(line) <= _SHORT and not _MARKED.match(line))
    told = in_lines([(table.sheet, "in the name of the sheet")])
    told = told or in_lines((line, "below the table") for line in below)
    return told._replace(doubted=True) if told else None


_SHORT = 80
_MARKED = re.compile(r"\W*[*†‡§#¹²³⁴⁵⁰]|\(?\w\)|\d")
"""How lines begin below a table that explain a mark of some of its cells."""


def of_one_year(mapping: Mapping, table: UserTable, texts: Sequence[str]) -> list[Question]:
    """Ask about a line that says of one year of several that it is a part: "2021: January to June"."""
    years = {text.strip() for text in texts if re.fullmatch(YEAR, text.strip())}
    if mapping.freq or mapping.period_words or len(years) < FEWEST:
        return []
    lines = [
        *((line, "above the table") for line in table.titles),
        *((line, "below it") for line in table.below),
    ]
    for line, where in lines:
        named = set(re.findall(rf"(?<!\d){YEAR}(?!\d)", line))
        year = next(iter(named & years), "")
        told = beside_one_year(line, year) if year and len(named) == 1 else None
        if told and told.names in {PART, SO_FAR}:
            whole = Choice("freq", "year", f"{year} = the whole year {year}, as it stands")
            return [
                Question(
                    f"the words {told.text!r} {where} say of {year} that it is a part of a year, and the "
                    f"others may be whole: write what is meant, such as {year}-01/{year}-09, in its place",
                    (whole,),
                )
            ]
    return []


FEWEST = 2
"""Years of a table of which a line may mean one."""


def passed_over(mapping: Mapping, table: UserTable, told: Sequence[str]) -> list[str]:
    """Say which words of periods, above or below the table, nothing was read from."""
    above = [
        (line, "above the table") for line in table.titles if not mapping.period or mapping.period not in line
    ]
    words = in_lines([*above, *((line, "below the table") for line in table.below)])
    if not words or any(line.startswith(WORDS) for line in told):
        return []
    return [f"{WORDS} {words.text!r} {words.where} change nothing: the periods are read as they stand"]
