"""What a user's table is: its columns, its rows and its series; all that is open or wrong is told at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from geotrack.errors import Doubts, SpecError
from geotrack.periods import parse_column
from geotrack.store.regions import Regions
from geotrack.usertables.columns.mapping import Mapping, texts
from geotrack.usertables.columns.series import series_table
from geotrack.usertables.figures.unittexts import says_unit
from geotrack.usertables.questions.dimensions import several
from geotrack.usertables.questions.guess import guess
from geotrack.usertables.questions.levels import level_question, numbered, refuse_all_hidden
from geotrack.usertables.questions.rivals import (
    only_numbers,
    only_regions,
    refuse_labels,
    region_column,
    rivals,
)
from geotrack.usertables.rows import turned, uncoded
from geotrack.usertables.rows.labelled import apply
from geotrack.usertables.words.names import called, key_of

if TYPE_CHECKING:
    from geotrack.geo.boundaries import Boundaries
    from geotrack.usertables.table import UserTable


@dataclass(frozen=True)
class Needs:
    """What must be known of a table.

    Parameters
    ----------
    name : of its series; its title, if nothing else is.
    title, missing : see `series.series_table`.
    units : whether figures need a unit.
    level : whether the level is to be asked for, where labels may be states or countries.
    coded : whether rows keep their cells as integers, see `labelled.apply`.
    combined : tells from the rows whether periods are combined, so that how must be told.
    """

    name: str
    title: str = ""
    missing: str = ""
    units: bool = False
    level: bool = True
    coded: bool = False
    combined: Callable[[pd.DataFrame], bool] = lambda _: True


@dataclass(frozen=True)
class Places:
    """What labels may be.

    Parameters
    ----------
    regions : those of the data; None on boundaries of the user's own, whose codes are not known here.
    crosswalk : label -> code.
    shapes : the user's own boundaries.
    """

    regions: Regions | None = None
    crosswalk: Table[str, str] = field(default_factory=dict)
    shapes: Boundaries | None = None

    def have(self, names: Sequence[str], level: str) -> bool:
        """Tell whether names of columns are regions."""
        if self.regions is None:
            return self.shapes is not None and turned.drawn(names, self.shapes)
        return turned.known(names, self.regions, level, self.crosswalk)


@dataclass(frozen=True, eq=False)
class Understood:
    """A table as it is read.

    Parameters
    ----------
    columns : what its columns are.
    labelled : its rows, in model.LABELLED_COLUMNS.
    series : what it is, as a table of series.toml.
    """

    columns: Mapping
    labelled: pd.DataFrame
    series: dict[str, Any]


def understand(
    table: UserTable, given: Table[str, Any], needs: Needs, places: Places, doubts: Doubts | None = None
) -> Understood:
    """Find out what a table is.

    Parameters
    ----------
    given : what the user says, by the keys of `mapping.GIVEN`.
    doubts : what is open or wrong already.

    Raises
    ------
    GeotrackError : something is wrong or open: all of it, in one message.
    """
    doubts = doubts or Doubts()
    with doubts.gathered():
        _refuse_two_units(table, given)
    columns = guess(table, {**_region(table, given, places), **given}, units=needs.units, doubts=doubts)
    labelled, series = None, {}
    with doubts.gathered():
        labelled = apply(table, columns, needs.name, parse_column, coded=needs.coded)
    if labelled is not None:
        with doubts.gathered():
            combined, said = needs.combined(labelled), {"title": needs.title, "missing": needs.missing}
            series = series_table(columns, labelled, combined=combined, **said)
        if not any(choice.option == "metric" for each in doubts.questions for choice in each.choices):
            doubts.add(several(table, columns, labelled))
    doubts.add(*rivals(table, columns, places.regions, frozenset(given)))
    doubts.add(uncoded.question(table, given, places.regions) if places.regions else None)
    if needs.level and places.regions and "level" not in given:
        cells = (table.frame[columns.region] if labelled is None else labelled["label"]).unique()
        labels = [cell.strip() for cell in cells if cell.strip() and cell not in places.crosswalk]
        doubts.add(level_question(labels, places.regions, columns.region))
    if places.regions and labelled is not None and "hidden" not in given:
        with doubts.gathered():
            refuse_all_hidden(table, [*labelled["label"].unique()], columns.level, places.regions)
    asked = {choice.option for each in doubts.questions for choice in each.choices}
    if places.regions and (doubts.faults or asked) and not asked & _OTHER_LABELS:
        with doubts.gathered():
            refuse_labels(table, columns, labelled, places.regions, places.crosswalk)
    doubts.refuse()
    assert labelled is not None  # else there was a fault
    return Understood(columns, labelled, series)


_OTHER_LABELS = frozenset(("region", "level", "fill", "hidden"))
"""Answers with which other cells are regions, or the same are others."""


def plain(table: UserTable, given: Table[str, Any], places: Places) -> UserTable:
    """Return a table with columns for regions, or for months of the years in its rows, as one with rows.

    Parameters
    ----------
    given : what the user says, by the keys of `mapping.GIVEN`.
    """

    def are_regions(names: Sequence[str]) -> bool:
        return places.have(names, str(given.get("level") or ""))

    if places.shapes:  # whose codes are their own: A1, A2, A3 may be no quarters
        table = turned.of_regions(table, given, are_regions)
    table = turned.of_parts(turned.without_years(turned.with_zeros(table)), given)
    if places.regions:
        table = uncoded.without_groups(table, given, places.regions)
    return turned.of_regions(table, given, are_regions)


def headlines(table: UserTable) -> list[str]:
    """Return the lines above a table that may be its title: those that say more than its unit."""
    told = [line.lstrip("#% ").strip() for line in table.titles if not says_unit(line)]
    return [line for line in told if line]


def _refuse_two_units(table: UserTable, given: Table[str, Any]) -> None:
    """Refuse to pass over a column of units that seems to be meant."""
    said = texts(given.get("unit"))
    named = [column for column in table.columns if key_of(column) in ("unit", "units")]
    units = [column for column in named if any(cell.strip() for cell in table.frame[column].unique())]
    meant = (*said, *texts(given.get("ignore")), *texts(given.get("metric")))
    if said and units and units[0] not in meant:
        raise SpecError(
            f"--unit is given, but the table has a column {units[0]!r}; leave --unit out, say --unit "
            f"{units[0]!r}, or leave the column out: --ignore {units[0]!r}"
        )


def _region(table: UserTable, given: Table[str, Any], places: Places) -> dict[str, str]:
    """Return the column of regions, where several are called so and nobody says which."""
    said = {*texts(given.get("ignore"))} | {key for key in given.values() if isinstance(key, str)}
    free = [column for column in table.columns if column not in said]
    named = list(called("region", free))
    if given.get("region") or places.regions is None:
        return {}
    if not named and (fips := numbered(table, free)):
        return {"region": fips}
    if len(named) == 1:
        if not only_numbers(table, named[0], places.regions, places.crosswalk):
            return {}
        free.remove(named.pop())
    choose = region_column if named else only_regions
    found = choose(table, named or free, places.regions, given.get("level", ""), places.crosswalk)
    if not found and (codes := uncoded.found(table, given, places.regions)):
        found = codes.names  # what they are is asked
    return {"region": found} if found else {}
