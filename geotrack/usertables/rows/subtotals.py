"""Rows of subtotals among the rows that they add up: left out, where the figures bear them out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geotrack.store import totals
from geotrack.usertables.columns.mapping import Mapping
from geotrack.usertables.table import UserTable


class FigurePlaces(Protocol):
    """The figures of a table: the places of their rows and columns, and what they are."""

    @property
    def rows(self) -> NDArray[np.intp]: ...

    @property
    def columns(self) -> NDArray[np.intp]: ...

    @property
    def values(self) -> NDArray[Any]: ...


MOST_PARTS = 300
"""Rows that are added up, at most."""


def found(table: UserTable, mapping: Mapping, figures: FigurePlaces) -> dict[int, str]:
    """Return the places of rows that are sums of rows above them, by their label and all of their figures."""
    if mapping.region not in table.columns:
        return {}
    coded = table.coded(mapping.region)
    distinct = [str(text).strip() for text in coded.texts]
    named = np.array([totals.is_subtotal(text) for text in distinct], dtype=bool)[coded.codes]
    if not named.any():
        return {}
    labels = {row: distinct[coded.codes[row]] for row in np.flatnonzero(named).tolist()}
    odd = {labels[row] for stretch in _stretches(table, mapping, figures) for row in _odd(stretch, labels)}
    filled = {*figures.rows.tolist()}
    return {row: label for row, label in labels.items() if label not in odd and row in filled}


def _stretches(
    table: UserTable, mapping: Mapping, figures: FigurePlaces
) -> Iterator[list[tuple[int, Decimal]]]:
    """Yield the figures of each period and metric: their rows in order, and what they are."""
    named = (mapping.period, mapping.part, mapping.start, mapping.end, mapping.metric, mapping.unit)
    keys = [table.coded(name).codes for name in dict.fromkeys(named) if name in table.columns]
    frame = pd.DataFrame({n: codes[figures.rows] for n, codes in enumerate(keys)})
    frame["column"], frame["row"], frame["value"] = figures.columns, figures.rows, figures.values
    for _, one in frame.groupby([*range(len(keys)), "column"], sort=False):
        yield [(row, Decimal(str(value))) for row, value in zip(one["row"], one["value"], strict=True)]


def _odd(stretch: list[tuple[int, Decimal]], labels: dict[int, str]) -> Iterator[int]:
    """Yield the rows that are named as subtotals, and are no sums of those right above them."""
    above: list[Decimal] = []
    for row, value in stretch:
        if row not in labels:
            above.append(value)
        elif not _adds_up(value, above[::-1]):
            yield row


def _adds_up(value: Decimal, above: Sequence[Decimal]) -> bool:
    """Tell whether some figures, the nearest first, make a sum, but for what each may be rounded."""
    total = Decimal(0)
    for count, part in enumerate(above[:MOST_PARTS], start=1):
        total += part
        digits = max(-int(each.as_tuple().exponent) for each in (value, part))
        if abs(total - value) <= Decimal(count).scaleb(-digits) / 2:
            return True
    return False
