"""Rows that a list of countries leaves without a code: groups of them, beside their own members."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as Table
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geotrack.errors import Choice, Question
from geotrack.store.groups import LEAST
from geotrack.store.levels import COUNTRY
from geotrack.store.matching import UnmatchedError, match
from geotrack.store.regions import Regions, scope_of
from geotrack.usertables.cells import LISTED, shown
from geotrack.usertables.columns.mapping import texts
from geotrack.usertables.columns.parts import is_code
from geotrack.usertables.table import UserTable
from geotrack.usertables.words.names import called


class Uncoded(NamedTuple):
    """Two columns of the same regions, of which the codes are empty where the names are not.

    Parameters
    ----------
    names, codes : the columns.
    rows : whether each lacks its code, and its name is no country's.
    labels : those names.
    countries : how many have a code.
    """

    names: str
    codes: str
    rows: NDArray[np.bool_]
    labels: tuple[str, ...]
    countries: int

    @property
    def groups(self) -> NDArray[np.intp]:
        """Whether its rows are left out without being asked: as in an office's list of countries."""
        return np.flatnonzero(self.rows) if self.countries >= LEAST else np.empty(0, dtype=np.intp)


def found(table: UserTable, given: Table[str, Any], regions: Regions) -> Uncoded | None:
    """Return which rows have a name and no code; None if there are no such columns."""
    said = {*texts(given.get("ignore"))}
    columns = [c for c in called("region", table.columns) if c not in said and c not in table.figures]
    cells = {c: pd.Series(table.coded(c).over(str.strip).cells(), dtype=object) for c in columns}
    names = next((c for c in columns if not is_code(c) and (cells[c] != "").all()), "")
    codes = next((c for c in columns if is_code(c) and (cells[c] == "").any()), "")
    if not names or not codes or given.get("level", COUNTRY) != COUNTRY:
        return None
    empty = (cells[codes] == "").to_numpy(bool)
    placed = sum(map(bool, (regions.resolve(each) for each in cells[codes].unique() if each)))
    if 2 * placed <= cells[codes].nunique() - 1:
        return None  # codes of another list
    labels = [each for each in cells[names][empty].unique() if not _is_country(each, regions)]
    rows = empty & cells[names].isin(labels).to_numpy(bool)
    return Uncoded(names, codes, rows, tuple(labels), placed)


def _is_country(label: str, regions: Regions) -> bool:
    """Tell what is read by its name: a country, the whole world; or a country's name that is mistyped."""
    try:
        code = match([label], regions).codes.get(label, "")
    except UnmatchedError as error:
        near = [regions.table[code] for each in error.lost for code, _ in each.near]
        return any(scope_of(region) == COUNTRY and _alike(label, region.name) for region in near)
    return bool(code) and regions.table[code].level != "aggregate"


def _alike(label: str, name: str) -> bool:
    """Tell a mistyped name from a longer one that has it in it."""
    return abs(len(label) - len(name)) < 3 and label.count(" ") == name.count(" ")


def without_groups(table: UserTable, given: Table[str, Any], regions: Regions) -> UserTable:
    """Leave out rows of groups without a code: in a list of many countries, or where its codes are said."""
    one = found(table, given, regions)
    said = given.get("region", "")
    if one is None or said not in ("", one.names, one.codes):
        return table
    left = np.flatnonzero(one.rows) if said == one.codes else one.groups
    if not left.size:  # a country without a code is read by its name, or asked about
        return table
    kept = np.setdiff1d(np.arange(len(one.rows)), left)
    listed = shown([repr(label) for label in one.labels])
    return table.only(kept, f"left out, no country's: rows without a code in column {one.codes!r}: {listed}")


def _beside_members(table: UserTable, one: Uncoded, named: Iterable[str], regions: Regions) -> bool:
    """Tell whether a member of one of these groups has a code in the table."""
    coded = {regions.resolve(str(text).strip()) for text in table.coded(one.codes).texts if str(text).strip()}
    return any(coded & {*regions.covers(code)} for code in named)


def question(table: UserTable, given: Table[str, Any], regions: Regions) -> Question | None:
    """Ask whether rows without a code are left out, where few countries are listed."""
    one = None if given.get("region") else found(table, given, regions)
    if one is None or not one.labels:
        return None
    listed = ", ".join(map(repr, one.labels[:LISTED])) + (", ..." if len(one.labels) > LISTED else "")
    choices = [Choice("region", one.codes, "rows without a code are left out")]
    try:
        named = [*match(one.labels, regions).codes.values()]
    except UnmatchedError:
        named = []
    if named and not _beside_members(table, one, named, regions):
        return None  # all are read by their names, and nothing twice
    if named:
        choices.append(Choice("region", one.names, "they are regions, by their names"))
    rows = f"column {one.codes!r} is empty where column {one.names!r} has {listed}"
    return Question(f"{rows}: groups, perhaps, of the regions beside them", tuple(choices))
