"""Figures of a table in memory as cells of text, written when somebody looks at them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray, ExtensionDtype

from geotrack.usertables.cells import Objects, objects


class FigureTextDtype(ExtensionDtype):
    """The type of `FigureTexts`."""

    name = "figure text"
    type = str
    na_value = ""

    @classmethod
    def construct_array_type(cls) -> Any:
        """Return the array that has this type."""
        return FigureTexts


class FigureTexts(ExtensionArray):
    """A column of figures as text: of millions of cells a table's reader looks at a few.

    Parameters
    ----------
    cells : numpy's or pandas' array of numbers.
    write : makes a text of one of them, "" of one that is empty.
    """

    def __init__(self, cells: Any, write: Callable[[Any], str]) -> None:
        self.cells, self.write = cells, write

    @property
    def dtype(self) -> FigureTextDtype:
        """Return the type of the cells."""
        return FigureTextDtype()

    @property
    def nbytes(self) -> int:
        """Return the memory of the figures."""
        return int(self.cells.nbytes)

    def __len__(self) -> int:
        return len(self.cells)

    def __getitem__(self, item: Any) -> Any:
        if isinstance(item, int | np.integer):
            return self.write(self.cells[item])
        return FigureTexts(self.cells[pd.api.indexers.check_array_indexer(self.cells, item)], self.write)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Objects:
        codes, distinct = pd.factorize(self.cells, use_na_sentinel=True)
        each = list(distinct) if isinstance(distinct, np.ndarray) else distinct.tolist()
        made: Objects = objects([*map(self.write, each), ""])[codes]
        return made

    def unique(self) -> Any:
        """Return the distinct texts."""
        return pd.unique(np.asarray(self, dtype=object))

    def isna(self) -> Any:
        """Tell that every cell is a text."""
        return np.zeros(len(self), dtype=bool)

    def take(self, indices: Any, *, allow_fill: bool = False, fill_value: Any = None) -> FigureTexts:
        """Return the cells at some places; there is no text for a place without a figure."""
        if allow_fill and (np.asarray(indices) < 0).any():
            raise ValueError("figures of a table in memory have no cell for a row that is not there")
        return FigureTexts(self.cells.take(np.asarray(indices)), self.write)

    def copy(self) -> FigureTexts:
        """Return the same cells; nobody writes into them."""
        return self

    @classmethod
    def _from_sequence(cls, scalars: Any, *, dtype: Any = None, copy: bool = False) -> Any:
        return objects(list(scalars))  # texts that exist already stay texts

    @classmethod
    def _concat_same_type(cls, to_concat: Sequence[FigureTexts]) -> FigureTexts:
        return cls(np.concatenate([each.cells for each in to_concat]), to_concat[0].write)
