"""Numbers as text among real numbers of a workbook: written with a decimal point too, or refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from geotrack.errors import ParseError, SpecError
from geotrack.usertables.cells import Objects, letter, shown
from geotrack.usertables.marks import bare
from geotrack.usertables.numerals import convert_distinct, style_of


def harmonised(
    columns: Sequence[Objects], typed: Iterable[tuple[int, int]], rows: NDArray[np.intp], where: str
) -> list[Objects]:
    """Write all numbers of a column with a decimal point, where the file holds some of them as numbers.

    A text such as "1.234" among numbers may be either; its own kind tells ("1.234,5 p"), else it is refused.

    Parameters
    ----------
    typed : row and column of each cell that is a number in the file.
    rows : the numbers of the rows, for messages.
    """
    made = list(columns)
    numbers: dict[int, list[int]] = {}
    for row, column in typed:
        numbers.setdefault(column, []).append(row)
    for column, places in numbers.items():
        is_text = np.array([bool(cell) for cell in made[column].tolist()], dtype=bool)
        is_text[places] = False
        if is_text.any():
            made[column] = _column(
                made[column], np.flatnonzero(is_text), rows, f"{where}, column {letter(column)}"
            )
    return made


def _column(cells: Objects, places: NDArray[np.intp], rows: NDArray[np.intp], where: str) -> Objects:
    texts = list(dict.fromkeys(cells[places].tolist()))
    parts = bare(texts)
    signed = [number for number in parts.cells if "." in number or "," in number]
    if not signed:
        return cells
    try:
        style = style_of(signed)
    except SpecError as error:
        odd = [
            f"row {rows[n]}: {cells[n]!r}"
            for n in places.tolist()
            if (cells[n] in texts and "." in cells[n]) or "," in cells[n]
        ]
        raise ParseError(
            f"{where}: cells are text among numbers, and may be thousands or decimals: {shown(odd)}; "
            "write them as numbers"
        ) from error
    plain, bad = convert_distinct(parts.cells, style)
    sign = "%" if style.percent else ""
    new = {
        text: text if wrong or not number else f"{number}{sign if '%' in text else ''} {mark}".rstrip()
        for text, number, mark, wrong in zip(texts, plain.tolist(), parts.marks, bad.tolist(), strict=True)
    }
    made = cells.copy()
    for n in places.tolist():
        made[n] = new[cells[n]]
    return made
