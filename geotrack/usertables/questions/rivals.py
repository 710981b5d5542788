"""Several columns that could be the region, the period or the figure: which is taken, and what is asked."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Table
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geotrack.errors import Choice, ParseError, Question, SpecError
from geotrack.language import timewords
from geotrack.periods import parse
from geotrack.store.matching import UnmatchedError, match
from geotrack.store.regions import Regions, scope_of
from geotrack.usertables.cells import LISTED
from geotrack.usertables.columns.mapping import Mapping
from geotrack.usertables.columns.parts import is_code
from geotrack.usertables.figures.marks import is_figure
from geotrack.usertables.periods.texts import is_period
from geotrack.usertables.reading import UserTable
from geotrack.usertables.rows.labelled import figures_of
from geotrack.usertables.words import kinds
from geotrack.usertables.words.names import METRICS, called, keys_of

ASIDE = frozenset(("", "#", "area", "index", "n", "no", "nr", "order", "population", "rank", "sort"))
"""Names of columns of numbers that tell rows apart, or tell more of their regions."""

MOST_REGIONS = 1000
"""Labels of a column of regions; one with more tells other things apart."""


def region_column(
    table: UserTable, columns: list[str], regions: Regions, level: str, crosswalk: Table[str, str]
) -> str:
    """Return which of several columns has the regions: the first whose cells all are regions, and differ.

    A code that a list leaves empty for groups of countries gives way to the name; a country that is the same
    in all rows, to its states. "" if none has regions in all rows.

    Parameters
    ----------
    columns : what is called as such columns are, the usual first.
    level : of the regions, if it is said; else any.
    """
    full = _filled(table, columns)
    differ = [column for column in full if len(full[column]) > 1]
    nations, others = [level or "country"], [] if level else sorted(regions.levels - {"country"})
    for some, levels in ((differ, nations), (differ, others), ([*full], nations)):
        for column in some:
            if any(_are_regions(full[column], regions, each, crosswalk) for each in levels):
                return column
    return ""


def only_regions(
    table: UserTable, columns: list[str], regions: Regions, level: str, crosswalk: Table[str, str]
) -> str:
    """Return the one column whose cells all are regions, whatever it is called; "" if not one is."""
    beside = np.sum([_has_cells(table, column) for column in table.columns], axis=0) > 1  # no heading within
    with_cells = replace(table, frame=table.frame[beside])
    columns = [column for column in columns if column not in table.figures]
    texts = {
        column: labels
        for column, labels in _filled(with_cells, columns).items()
        if not any(is_figure(label) or is_period(label) for label in labels)
    }
    for each in [level] if level else ["country", *sorted(regions.levels - {"country"})]:
        fit = [c for c, labels in texts.items() if _are_regions(labels, regions, each, crosswalk)]
        if fit:
            return fit[0] if len(fit) == 1 else ""
    return ""


def only_numbers(table: UserTable, column: str, regions: Regions, crosswalk: Table[str, str]) -> bool:
    """Tell a column of numbers that are no regions': "5" for the Southeast, whatever it is called."""
    labels = {cell.strip() for cell in table.frame[column].head(10_000).unique()} - {""}
    numbers = bool(labels) and all(map(is_figure, labels))
    levels = {"country", *(regions.levels if kinds.says_states(column) else ())}
    return numbers and not any(_are_regions(labels, regions, level, crosswalk) for level in sorted(levels))


def _has_cells(table: UserTable, column: str) -> NDArray[np.bool_]:
    """Tell in which rows a column has something; figures in memory are not written for it."""
    if column in table.figures:
        return ~np.isnan(table.figures[column])
    return np.array(table.frame[column].to_numpy(dtype=object) != "", dtype=bool)


def _filled(table: UserTable, columns: list[str]) -> dict[str, set[str]]:
    """Return the labels of columns that have one in each row, and no more of them than there are regions."""
    cells = {column: {cell.strip() for cell in table.frame[column].unique()} for column in columns}
    return {c: labels for c, labels in cells.items() if "" not in labels and len(labels) <= MOST_REGIONS}


def _are_regions(labels: set[str], regions: Regions, level: str, crosswalk: Table[str, str]) -> bool:
    try:
        codes = match(sorted(labels), regions, level, crosswalk).codes.values()
    except UnmatchedError:
        return False
    return any(scope_of(regions.table[code]) == level for code in codes)


def refuse_labels(
    table: UserTable,
    columns: Mapping,
    labelled: pd.DataFrame | None,
    regions: Regions,
    crosswalk: Table[str, str],
) -> None:
    """Refuse labels that no region has, where a table is refused already, so that all is said at once.

    Raises
    ------
    UnmatchedError : there are such, whatever the answers to what is asked.
    """
    labels = table.frame[columns.region] if labelled is None else labelled["label"]
    if labelled is None:
        try:
            labels = labels.iloc[figures_of(table, columns).rows]  # headings need be no regions
        except SpecError:
            return
    told = {str(label).strip() for label in labels.unique()} - {""}
    match(sorted(told), regions, columns.level, crosswalk)


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
        if taken not in table.columns or kind in said or (kind == "value" and columns.layout == "wide"):
            continue
        for other in _others(table, columns, kind):
            if sample := disagree(table, taken, other, regions):
                found.append(_question(kind, taken, other, sample))
    if "value" not in said and not any(question.choices[0].option == "value" for question in found):
        found += _more_figures(table, columns)
    asked = {choice.value for question in found for choice in question.choices if choice.option == "region"}
    more = [] if "level" in said or "region" in said else _parts_beside(table, columns)
    return found + [each for each in more if each.choices[0].value not in asked]


def _others(table: UserTable, columns: Mapping, kind: str) -> Iterator[str]:
    """Yield the columns that are called as such ones are, and that nothing is read from."""
    yield from called(kind, _idle(table, columns))


def _idle(table: UserTable, columns: Mapping) -> list[str]:
    return [column for column in table.columns if column not in (*columns.used, *columns.ignore)]


def _more_figures(table: UserTable, columns: Mapping) -> list[Question]:
    """Ask about figures beside those that are called as what they are: costs beside revenue."""
    [taken] = columns.values if len(columns.values) == 1 else [""]
    if not METRICS & {*keys_of(taken)}:
        return []
    others = [c for c in _idle(table, columns) if not _is_aside(c) and table.has_figures(c)]
    if not others:
        return []
    more = " and ".join(map(repr, (taken, *others[:LISTED])))
    found = f"columns {more} hold figures; say which is wanted, or several, each with its --value"
    choices = [Choice("value", taken, "it alone"), *(Choice("value", c) for c in others[:LISTED])]
    return [Question(found, tuple(choices))]


def _is_aside(column: str) -> bool:
    """Tell a column of numbers that nobody takes for the figures: codes, ranks, times."""
    return is_code(column) or bool(timewords.field(column)) or bool(ASIDE & {*keys_of(column)})


def _parts_beside(table: UserTable, columns: Mapping) -> list[Question]:
    """Ask about states beside their countries, whose figures would be taken for those of the countries."""
    if columns.region not in table.columns or kinds.is_called_part(columns.region):
        return []
    of_parts = "the figures are those of the parts; --level says whose they are"
    parts = [c for c in _idle(table, columns) if kinds.is_called_part(c)]
    return [
        Question(
            f"column {column!r} beside {columns.region!r} tells parts of it, such as {cells[0]!r}: "
            f"figures of parts are not those of the whole",
            (
                *((Choice("region", column, of_parts),) if len(cells) == len(texts) else ()),
                Choice("ignore", column, f"the figures are those of {columns.region!r}"),
            ),
        )
        for column in parts
        if (texts := table.frame[column].unique().tolist())
        and (cells := [cell for cell in texts if cell.strip()])
        and not any(map(is_figure, cells))
    ]


def _pairs(table: UserTable, one: str, other: str) -> list[tuple[str, str]]:
    """Return the different pairs of cells that stand side by side, both filled."""
    cells = table.frame[[one, other]].drop_duplicates()
    pairs = ((str(a).strip(), str(b).strip()) for a, b in cells.itertuples(index=False))
    return [(a, b) for a, b in pairs if a and b]


def _regions(table: UserTable, one: str, other: str, regions: Regions | None) -> tuple[str, str] | None:
    if regions is None or only_numbers(table, other, regions, {}):
        return None
    every = ((region, number) for region in regions.table.values() for number in region.numbers)
    numbers = {number.lstrip("0"): region.code for region, number in every if region.level == "country"}
    for a, b in _pairs(table, one, other):
        code, beside = (regions.resolve(each) or numbers.get(each.lstrip("0")) for each in (a, b))
        if code and beside and code != beside and not _is_wider(regions, beside, code):
            return a, b
    return None


def _is_wider(regions: Regions, code: str, than: str) -> bool:
    """Tell a continent beside a country: it says more of the row, and nothing else."""
    return regions.table[code].level == "aggregate" and regions.table[than].level != "aggregate"


def _periods(table: UserTable, one: str, other: str, _: Regions | None) -> tuple[str, str] | None:
    """Periods agree where one lies within the other, as a day in its year."""
    pairs = _pairs(table, one, other)
    spans = {cell: _span(cell) for cell in {cell for pair in pairs for cell in pair}}
    for a, b in pairs:
        (start, end), (first, last) = spans[a], spans[b]
        nested = (first <= start and end <= last) or (start <= first and last <= end)
        if start and first and not nested:
            return a, b
    return None


def _span(cell: str) -> tuple[str, str]:
    """Return the first day of a period and the day after; "" twice of what is none."""
    try:
        return parse(cell)
    except ParseError:
        return "", ""


def _values(table: UserTable, one: str, other: str, _: Regions | None) -> tuple[str, str] | None:
    """Figures agree where they are the same in each row."""
    head = table.frame[[one, other]].head(1000)
    pairs = ((str(a).strip(), str(b).strip()) for a, b in head.itertuples(index=False))
    return next(((a, b) for a, b in pairs if a != b and any(map(str.isdigit, b))), None)


def _question(kind: str, taken: str, other: str, sample: tuple[str, str]) -> Question:
    found = f"columns {taken!r} and {other!r} could both be the {kind}, and they disagree"
    means = (f"{sample[0]!r} in one row", f"{sample[1]!r} there")
    return Question(found, (Choice(kind, taken, means[0]), Choice(kind, other, means[1])))
