"""Privacy: which regions of a slice are not shown, and which go with them so that none can be worked out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from geotrack.aggregation.specification import CONTRIBUTORS, RecordSpec

Cell = tuple[int, int]
"""Slice and place."""


@dataclass(frozen=True)
class Amount:
    """What a place has of a metric in a slice, in integers.

    Parameters
    ----------
    records, total : how many records, and their sum.
    owners, most : how many contributors, and what the largest of them holds.
    """

    records: int
    total: int
    owners: int
    most: int


Groups = Mapping[Cell, tuple[Amount, ...]]
"""What each place of a slice has, metric by metric."""


def of_rows(
    rows: Iterable[Mapping[str, Any]], spec: RecordSpec, place: int | None = None
) -> dict[Cell, tuple[Amount, ...]]:
    """Return what the engine counted, as `Groups`; `place`: of all rows, where they name none."""
    return {
        (int(row["slice"]), int(row["place"]) if place is None else place): tuple(
            Amount(*(int(row[f"{what}{n}"]) for what in ("n", "s", "owners", "most")))
            for n in range(len(spec.metrics))
        )
        for row in rows
    }


def unsafe(group: Iterable[Amount], spec: RecordSpec) -> bool:
    """Tell whether too few contribute to a metric, or one of them holds too much of it."""
    share = spec.privacy.share
    return any(
        held.records > 0
        and (
            held.owners < spec.privacy.min_count
            or (metric.of != CONTRIBUTORS and held.most * share.denominator > held.total * share.numerator)
        )
        for metric, held in zip(spec.metrics, group, strict=True)
    )


def hidden(
    groups: Groups, spec: RecordSpec, pool: Callable[[set[Cell]], Groups]
) -> tuple[set[Cell], dict[int, tuple[Amount, ...]], set[int]]:
    """Decide what is not shown.

    Parameters
    ----------
    groups : all places of all slices, the one of records without a place among them.
    pool : asks the engine what cells of a slice are together, where a contributor to several is one.

    Returns
    -------
    The cells that are hidden; by slice what they are together; and the slices of which even that is not
    shown, as nothing is left that could be hidden beside it.
    """
    if not spec.privacy.hides:
        return set(), {}, set()
    gone = {cell for cell, group in groups.items() if unsafe(group, spec)}
    open_ = {slice_ for slice_, _ in gone}
    together: dict[int, tuple[Amount, ...]] = {}
    withheld: set[int] = set()
    while open_:
        asked = {cell for cell in gone if cell[0] in open_}
        together |= {slice_: group for (slice_, _), group in pool(asked).items()}
        undone = {
            slice_
            for slice_ in open_
            if unsafe(together[slice_], spec) or sum(cell[0] == slice_ for cell in gone) < 2
        }
        open_ = set()
        for slice_ in undone:
            left = [cell for cell in groups if cell[0] == slice_ and cell not in gone]
            if left:
                gone.add(min(left, key=lambda cell: (_size(groups[cell]), cell)))
                open_.add(slice_)
            else:
                withheld.add(slice_)
    return gone, together, withheld


def _size(group: tuple[Amount, ...]) -> tuple[int, ...]:
    """Return how small a place is: contributors first, then what they hold."""
    return (max(held.owners for held in group), *(held.total for held in group))
