"""Columns of texts as pandas' categories: each text of a large table is compared once, rows as integers."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

DENSE = 4
"""How many different numbers there may be for each row, before `numbered` counts those that occur."""


def is_coded(column: pd.Series) -> bool:
    """Tell whether a column's texts are categories."""
    return isinstance(column.dtype, pd.CategoricalDtype)


def coded(column: pd.Series) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return of each cell the place of its text among different ones; some of these may be in no cell."""
    if is_coded(column) and not column.hasnans:
        return column.cat.codes.to_numpy(np.int64), column.cat.categories.to_numpy(dtype=object)
    codes, texts = pd.factorize(column, use_na_sentinel=False)
    return codes, np.asarray(texts, dtype=object)


def numbered(frame: pd.DataFrame, columns: Sequence[str]) -> NDArray[np.int64]:
    """Return a small number for each row: the same one for rows whose columns say the same."""
    code, count = np.zeros(len(frame), dtype=np.int64), 1
    for column in columns:
        codes, texts = coded(frame[column])
        code, count = code * len(texts) + codes, count * len(texts)
        if count > DENSE * len(frame):
            code, different = pd.factorize(code)
            count = len(different)
    return code


def twice(frame: pd.DataFrame, columns: Sequence[str]) -> NDArray[np.intp]:
    """Return the rows whose columns say what those of another row do, by place."""
    code = numbered(frame, columns)
    return np.flatnonzero(np.bincount(code)[code] > 1) if code.size else code


def alike(*frames: pd.DataFrame) -> list[pd.DataFrame]:
    """Give frames of the same columns the same categories, in the order of their texts.

    Then their columns are compared, sorted and put below each other as texts are. Columns that are coded in
    none of them are text; beside others that are coded as they are, for most of their texts differ.
    """
    made: list[dict[Hashable, pd.Series]] = [{} for _ in frames]
    large = any(is_coded(frame[name]) for frame in frames for name in frame.columns)
    for name in frames[0].columns:
        for table, column in zip(made, _alike([frame[name] for frame in frames], large), strict=True):
            table[name] = column
    return [pd.DataFrame(table, copy=False) for table in made]


def stacked(*frames: pd.DataFrame) -> pd.DataFrame:
    """Put frames of the same columns below each other; what is coded in one of them stays so."""
    return pd.concat(alike(*frames), ignore_index=True)


def mapped(column: pd.Series, table: Mapping[str, str]) -> pd.Series:
    """Put another text in the place of each, missing where there is none; a coded column stays so."""
    found = column.map(dict(table))
    return found.astype("category") if is_coded(column) else found


def _alike(columns: Sequence[pd.Series], large: bool) -> list[pd.Series]:
    if not any(map(is_coded, columns)):
        return [column.astype(object) if large else column.astype("str") for column in columns]
    categories = [column if is_coded(column) else column.astype("category") for column in columns]
    texts = sorted({str(text) for column in categories for text in column.cat.categories})
    every = pd.Index(texts, dtype="str")
    return [column.cat.set_categories(every, ordered=True) for column in categories]
