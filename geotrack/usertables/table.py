"""A user's table: text, cell by cell, with what was found beside it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geotrack.usertables.cells import Coded
from geotrack.usertables.figures.marks import is_figure, is_nothing


@dataclass(frozen=True, eq=False)
class UserTable:
    """What stands in a file: text, cell by cell, as it is written there.

    Parameters
    ----------
    frame : every cell text ("" where it is empty), in columns of dtype object; the index is 0, 1, ... Of a
        table in memory categories, in the order in which they occur, and `figuretexts`.
    how : what was found out about the file: its encoding, delimiter, sheet, ...
    first_row : number of the first row of `frame`, as people count them in the file.
    numeric : columns with cells that the file holds as numbers, so that their text has a decimal point.
    sheet : the sheet of a workbook that was read.
    figures : columns that are numbers and nothing else, as float64, NaN where a cell is empty; those of a
        table in memory only, as a file's figures are kept to the digit.
    skipped : what was left out, or filled, in words: titles, notes, hidden rows.
    titles : lines above the table, and what stands above all of its columns.
    below : lines below the table.
    legend : what the notes say of each mark: "1" -> "preliminary".
    column_status, column_notes : status and note of all figures of a column, by a mark in its name: "2021e".
    row_notes, row_status : of all figures of a row, by a mark on its name: place in `frame` -> text.
    places : numbers that people give to the rows of `frame`, where they are not in sequence.
    divided : columns of a sheet that shows figures divided -> by which power of ten, see `displayed`.
    shown : columns of a sheet -> what it shows beside their figures, each once, see `formats`.
    memo : what was worked out of the table and need not be again.
    """

    frame: pd.DataFrame
    how: tuple[str, ...]
    first_row: int = 2
    numeric: frozenset[str] = frozenset()
    sheet: str = ""
    skipped: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    legend: Mapping[str, str] = field(default_factory=dict)
    column_status: Mapping[str, str] = field(default_factory=dict)
    column_notes: Mapping[str, str] = field(default_factory=dict)
    row_notes: Mapping[int, str] = field(default_factory=dict)
    row_status: Mapping[int, str] = field(default_factory=dict)
    places: NDArray[np.intp] | None = None
    figures: Mapping[str, NDArray[np.float64]] = field(default_factory=dict, repr=False)
    divided: Mapping[str, int] = field(default_factory=dict)
    shown: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    memo: dict[Hashable, object] = field(default_factory=dict, repr=False)

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of the columns, in their order."""
        return tuple(self.frame.columns)

    @property
    def is_eurostat(self) -> bool:
        """Return whether columns are called as in tables of Eurostat, whose figures have letters as flags."""
        return any(name == "geo" or name.upper().endswith("TIME_PERIOD") for name in self.columns)

    def coded(self, column: str) -> Coded:
        """Return a column as places among its distinct texts, in the order in which they occur."""
        known = self.memo.get(("coded", column))
        if not isinstance(known, Coded):
            cells = self.frame[column]
            if isinstance(cells.dtype, pd.CategoricalDtype):
                known = Coded(cells.cat.codes.to_numpy(), cells.cat.categories.to_numpy(dtype=object))
            else:
                known = Coded.of(cells.to_numpy(dtype=object))
            self.memo[("coded", column)] = known
        return known

    def has_figures(self, column: str) -> bool:
        """Tell whether a column holds figures, or words that stand for none, and nothing else."""
        if column in self.figures:
            return True
        cells = [str(cell).strip() for cell in self.frame[column].head(1000).unique()]
        return any(map(is_figure, cells)) and all(
            not cell or is_figure(cell) or is_nothing(cell) for cell in cells
        )

    def holds(self, column: str, test: Callable[[str], bool]) -> bool:
        """Tell whether a column's first cells, but for empty ones, are all such as a test tells."""
        cells = [cell for cell in self.frame[column].head(1000).unique() if cell.strip()]
        return bool(cells) and all(map(test, cells))

    def beside(self, columns: Iterable[str]) -> tuple[str, ...]:
        """Return what a sheet shows beside the figures of columns, each once; "" where that is nothing."""
        return tuple(dict.fromkeys(text for column in columns for text in self.shown.get(column, ("",))))

    def only(self, kept: NDArray[np.intp], told: str) -> UserTable:
        """Return the table with some of its rows; says what was left out."""
        at = {row: n for n, row in enumerate(kept.tolist())}
        return replace(
            self,
            frame=self.frame.iloc[kept].reset_index(drop=True),
            figures={name: values[kept] for name, values in self.figures.items()},
            memo={},
            skipped=(*self.skipped, told),
            row_notes={at[row]: note for row, note in self.row_notes.items() if row in at},
            row_status={at[row]: status for row, status in self.row_status.items() if row in at},
            places=np.array([self.row(row) for row in at], dtype=np.intp),
        )

    def row(self, place: int) -> int:
        """Return the number that people give to a row of `frame`."""
        return self.first_row + int(place) if self.places is None else int(self.places[place])
