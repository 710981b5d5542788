"""Numbers as text among real numbers of a workbook: written with a decimal point too, or refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from geotrack.errors import ParseError, SpecError
from geotrack.usertables.cells import MIXED, Objects, TypedCell, letter, shown
from geotrack.usertables.figures.marks import bare, is_figure, unbracketed
from geotrack.usertables.figures.numerals import convert_distinct, style_of


def harmonised(
    columns: Sequence[Objects],
    typed: Iterable[TypedCell],
    rows: NDArray[np.intp],
    where: str,
    together: Sequence[int] = (),
) -> list[Objects]:
    """Write all numbers of a column with a decimal point, where the file holds some of them as numbers.

    A text such as "1.234" among numbers may be either; its own kind tells ("1.234,5 p"), else it is refused.

    Parameters
    ----------
    typed : the cells that are numbers in the file.
    rows : the numbers of the rows, for messages.
    together : columns that are written alike, as the periods of a wide table.
    """
    made = list(columns)
    _refuse_two_signs(made, typed := list(typed), together, rows, where)
    numbers: dict[int, list[int]] = {}
    for cell in typed:
        numbers.setdefault(cell.column, []).append(cell.row)
    for column, places in numbers.items():
        is_text = np.array([bool(cell) for cell in made[column].tolist()], dtype=bool)
        is_text[places] = False
        if is_text.any():
            made[column] = _column(
                made[column], np.flatnonzero(is_text), rows, f"{where}, column {letter(column)}"
            )
    return made


def _refuse_two_signs(
    columns: Sequence[Objects],
    typed: Sequence[TypedCell],
    together: Sequence[int],
    rows: NDArray[np.intp],
    where: str,
) -> None:
    """Refuse texts with a decimal point and with a comma, in columns of which one has numbers."""
    own: dict[int, list[int]] = {k: [] for k in together}
    for cell in typed:
        own.get(cell.column, []).append(cell.row)
    signed: dict[tuple[int, int], str] = {}
    for k, places in own.items() if any(own.values()) else ():
        is_text = columns[k] != ""
        is_text[places] = False
        texts = ((n, columns[k][n].strip()) for n in np.flatnonzero(is_text).tolist())
        signed |= {(n, k): text for n, text in texts if _SIGNED.fullmatch(text)}
    if not signed:
        return
    try:
        _, bad = convert_distinct(list(signed.values()), style_of([*signed.values()]))
    except SpecError:
        return  # told of each column
    if bad.any():
        told = [f"{letter(k)}{rows[n]}: {cell!r}" for (n, k), cell in signed.items()]
        raise ParseError(
            f"{where}: numbers as text have a decimal point in one cell, a comma in another: {shown(told)}; "
            "write them as numbers"
        )


_SIGNED = re.compile(r"[-+−]?(?=[^.,]*[.,])[0-9][0-9.,]*")


def powers(columns: Sequence[Objects], typed: Iterable[TypedCell]) -> dict[int, int]:
    """Return by which power of ten a sheet shows the figures of columns divided; of most columns nothing.

    Text beside such numbers is shown as it is, so that they are MIXED.
    """
    cells: dict[int, list[TypedCell]] = {}
    for cell in typed:
        cells.setdefault(cell.column, []).append(cell)
    found = {}
    for n, own in cells.items():
        told = {cell.power for cell in own if columns[n][cell.row] != "0"}
        if any(told):
            rest = np.ones(len(columns[n]), dtype=bool)
            rest[[cell.row for cell in own]] = False
            texts = any(map(is_figure, columns[n][rest].tolist()))
            found[n] = MIXED if texts or len(told) > 1 else told.pop()
    return found


def _column(cells: Objects, places: NDArray[np.intp], rows: NDArray[np.intp], where: str) -> Objects:
    texts = list(dict.fromkeys(cells[places].tolist()))
    inside = [unbracketed(text) for text in texts]  # brackets stay: what they mean is not told here
    parts = bare([i or text for i, text in zip(inside, texts, strict=True)])
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
        text: text if wrong or not number else _written(number + sign * ("%" in text), mark, i)
        for text, number, mark, wrong, i in zip(
            texts, plain.tolist(), parts.marks, bad.tolist(), inside, strict=True
        )
    }
    made = cells.copy()
    for n in places.tolist():
        made[n] = new[cells[n]]
    return made


def _written(number: str, mark: str, bracketed: str) -> str:
    return f"({number})" if bracketed else f"{number} {mark}".rstrip()
