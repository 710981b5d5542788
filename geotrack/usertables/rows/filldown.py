"""Names that stand in the first row of their block only, as in reports and pivot tables."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from geotrack.errors import AmbiguousError, Choice, Question
from geotrack.usertables.cells import Coded, shown
from geotrack.usertables.columns.mapping import Mapping
from geotrack.usertables.rows import sections
from geotrack.usertables.table import UserTable

DOWN = "down"


def filled(table: UserTable, mapping: Mapping, given: NDArray[np.bool_]) -> tuple[Coded, int]:
    """Return the cells of the column of regions, filled down, and how many were filled.

    They are filled where an empty cell can mean nothing else: every name stands once, and below each follow
    as many rows, of the same periods in the same order. If that is not so, but no period would come twice
    under a name, the user is asked. All else is left empty, to be refused.

    Parameters
    ----------
    given : rows with a figure.

    Raises
    ------
    AmbiguousError : it must be said that names are to be filled down.
    """
    cells = table.coded(mapping.region).over(str.strip)
    named = ~cells.are("")
    lacking = np.flatnonzero(~named & given)
    if not lacking.size or mapping.layout != "long" or not named[: lacking[0]].any():
        return cells, 0
    blocks = _blocks(table, mapping, named, given)
    if any(len({*keys}) < len(keys) for keys in blocks):
        return cells, 0
    if mapping.fill != DOWN and not _alike(cells.cells()[named].tolist(), blocks):
        raise AmbiguousError(_question(table, mapping, cells, lacking))
    above = np.maximum.accumulate(np.where(named, np.arange(len(named)), 0))
    return cells.take(np.where(named | given, above, np.arange(len(named)))), int(lacking.size)


def _blocks(
    table: UserTable, mapping: Mapping, named: NDArray[np.bool_], given: NDArray[np.bool_]
) -> list[list[tuple[str, ...]]]:
    """Return what tells the figures of each name apart: their periods, and metrics."""
    columns = (mapping.period, mapping.part, mapping.start, mapping.end, mapping.metric)
    told = [table.coded(c).over(str.strip).cells().tolist() for c in columns if c in table.columns]
    keys = [*zip(*told, strict=True)]
    bounds = [*np.flatnonzero(named).tolist(), len(named)]
    return [[keys[n] for n in range(top, below) if given[n]] for top, below in pairwise(bounds)]


def _alike(names: list[str], blocks: list[list[tuple[str, ...]]]) -> bool:
    return len(names) > 1 and len({*names}) == len(names) and all(keys == blocks[0] for keys in blocks)


def _question(table: UserTable, mapping: Mapping, cells: Coded, lacking: NDArray[np.intp]) -> Question:
    rows = [f"row {table.row(n)}" for n in lacking.tolist()]
    texts = cells.cells()[: lacking[0]].tolist()
    above = next(filter(None, reversed(texts)))
    said = f"column {mapping.region!r}: {'1 cell is' if len(rows) == 1 else f'{len(rows):,} cells are'}"
    return Question(
        f"{said} empty, beside a figure: {shown(rows)}; expected a name or a code",
        (Choice("fill", DOWN, f"the name above stands for them: {rows[0]} is {above}"),),
    )


def told(table: UserTable, mapping: Mapping, given: NDArray[np.bool_]) -> list[str]:
    """Say which names were filled down, and which stand alone above others."""
    count = filled(table, mapping, given)[1]
    cells = "1 empty cell was" if count == 1 else f"{count:,} empty cells were"
    if count:
        return [f"column {mapping.region!r}: {cells} filled with the name above"]
    alone = [repr(each.text) for each in sections.headings(table, mapping)]
    return [f"labels that stand alone above others: {shown(alone)}"] if alone else []
