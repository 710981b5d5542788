"""Bulk tables: sorted, and written as the bytes of a CSV, a million rows in about a second."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geotrack.store.categories import coded, is_coded

ORDER = ("metric", "start", "region", "end")
"""What rows of observations are sorted by."""

CHUNK = 50_000
"""Rows that are joined at a time."""

FEW = 100_000
"""Distinct texts that columns side by side may have together and still be written as one."""


class _Coded(NamedTuple):
    """A column: the place of each row's text among those that differ."""

    codes: NDArray[np.int64]
    texts: NDArray[np.object_]


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """Write a table of text as CSV in UTF-8: a header, "\\n" after each row, quotes where they must be.

    Parameters
    ----------
    frame : every cell text.

    Returns
    -------
    bytes
        What csv.writer(lineterminator="\\n") writes. A cell with a carriage return is quoted too, as newer
        versions of csv do: without quotes it would be read as two rows.
    """
    alone = frame.shape[1] == 1
    header = ",".join(_quoted(str(name), alone) for name in frame.columns) + "\n"
    if not frame.shape[1]:
        return b"\n" * (len(frame) + 1)
    columns = list(_merged([_written(frame.iloc[:, n], alone) for n in range(frame.shape[1])]))
    written = io.BytesIO()
    written.write(header.encode())
    for first in range(0, len(frame), CHUNK):
        rows = min(CHUNK, len(frame) - first)
        cells = np.empty((rows, len(columns)), dtype=object)
        for n, (codes, texts) in enumerate(columns):
            cells[:, n] = texts[codes[first : first + rows]]
        written.write("".join(cells.ravel().tolist()).encode())
    return written.getvalue()


def sort_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Sort observations by metric, start, region and end, as text; rows that are alike keep their order.

    Returns
    -------
    DataFrame
        With the index 0, 1, ...
    """
    order, most = np.zeros(len(frame), dtype=np.int64), 1
    for column in ORDER:
        codes, texts = coded(frame[column])
        places = np.empty(len(texts), dtype=np.int64)
        places[np.argsort(texts, kind="stable")] = np.arange(len(texts))
        if most * len(texts) > 2**62:  # more than an int64 holds: count anew, from zero
            order, most = np.unique(order, return_inverse=True)[1], len(frame)
        order, most = order * len(texts) + places[codes], most * len(texts)
    return frame.take(np.argsort(order, kind="stable")).reset_index(drop=True)


def _written(cells: pd.Series, alone: bool) -> _Coded:
    """Return a column with its texts quoted where they must be."""
    codes, texts = _differing(cells) if _differ(cells) else coded(cells)
    if not _SPECIAL.search("".join(texts.tolist())) and not alone:
        return _Coded(codes, texts)
    written = np.empty(len(texts), dtype=object)
    written[:] = [_quoted(text, alone) for text in texts]
    return _Coded(codes, written)


def _differ(cells: pd.Series) -> bool:
    """Tell whether most texts of a long column occur once, as figures do: it is no use to compare them."""
    first = cells.iloc[:CHUNK]
    return len(cells) > FEW and not is_coded(cells) and first.nunique() > CHUNK / 2


def _differing(cells: pd.Series) -> _Coded:
    return _Coded(np.arange(len(cells)), cells.to_numpy(dtype=object))


_SPECIAL = re.compile('[,"\r\n]')


def _quoted(text: str, alone: bool) -> str:
    """Quote a cell if it must be; an empty one that is alone in its row would be no row at all."""
    special = _SPECIAL.search(text) or (alone and not text)
    return '"' + text.replace('"', '""') + '"' if special else text


def _merged(columns: list[_Coded]) -> Iterator[_Coded]:
    """Yield columns with what stands behind each cell; neighbours with few texts become one."""
    current = columns[0]
    for column in columns[1:]:
        if max(len(current.texts), len(column.texts)) <= FEW:
            most = len(current.texts) * len(column.texts)
            joint, pairs = current.codes * len(column.texts) + column.codes, np.arange(min(most, FEW))
            if most > FEW:
                joint, pairs = pd.factorize(joint)
            if len(pairs) <= FEW:
                left, right = np.divmod(pairs, max(len(column.texts), 1))
                current = _Coded(joint, current.texts[left] + "," + column.texts[right])
                continue
        yield from _ended(current, ",")
        current = column
    yield from _ended(current, "\n")


def _ended(column: _Coded, end: str) -> Iterator[_Coded]:
    if len(column.texts) <= FEW:
        yield _Coded(column.codes, column.texts + end)
    else:  # not a copy of each text
        yield column
        yield _Coded(np.zeros_like(column.codes), np.array([end], dtype=object))
