"""Footnote marks and flags on names: taken off, and what they say kept as notes and statuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from geotrack.usertables.cells import Raw, objects
from geotrack.usertables.figures import marks
from geotrack.usertables.figures.raised import SUPERS
from geotrack.usertables.table import UserTable
from geotrack.usertables.tidying import headerunits

FEW = 4
"""Letters of a flag, at most, that stands in a column of its own."""


def cleaned(table: UserTable) -> UserTable:
    """Take marks off a table's names of columns and rows; what notes or offices say of them is kept.

    A mark is taken off where the notes explain it ("Revenue 1)", "France¹"); else it stays for who reads the
    name: `periodtexts` reads "2021e" and "2020*".
    """
    legend = marks.legend_of(table.below)
    renamed, statuses, notes = {}, {}, {}
    for column in table.columns:
        name, mark, note = _parted(column, legend)
        if mark:
            renamed[column] = name
            status, said = marks.told(mark, legend)
            statuses[name], notes[name] = status, note or said
    names = [renamed.get(column, column) for column in table.columns]
    if len(set(names)) < len(names):
        renamed, statuses, notes = {}, {}, {}
    frame = table.frame.rename(columns=renamed) if renamed else table.frame
    frame, row_notes = _labels(frame, legend) if legend else (frame, {})
    told = [f"column {new!r} is marked {old[len(new) :].strip()!r}: {_meaning(statuses, notes, new)}"
            for old, new in renamed.items()]  # fmt: skip
    return replace(
        table,
        frame=frame,
        numeric=frozenset(renamed.get(column, column) for column in table.numeric),
        divided={renamed.get(column, column): power for column, power in table.divided.items()},
        shown={renamed.get(column, column): texts for column, texts in table.shown.items()},
        legend=legend,
        skipped=(*table.skipped, *told),
        column_status={name: status for name, status in statuses.items() if status},
        column_notes={name: note for name, note in notes.items() if note},
        row_notes=row_notes,
    )


def of_period(text: str, legend: Mapping[str, str]) -> tuple[str, str, str]:
    """Part a period from its mark: "2021e" -> the period "2021", the status "estimated", and its note."""
    name, mark, note = _parted(text, legend)
    status, said = marks.told(mark, legend) if mark else ("", "")
    return name, status, note or said


def _meaning(statuses: dict[str, str], notes: dict[str, str], name: str) -> str:
    return ", ".join(filter(None, (statuses[name], notes[name]))) or "no note says what it means"


def _parted(column: str, legend: Mapping[str, str]) -> tuple[str, str, str]:
    """Return a name without its mark, the mark, and what the notes say of it."""
    if len(column) > 200:
        return column, "", ""
    name, note = marks.label(column, legend)
    return (name, column[len(name) :].strip(), note) if note else (column, "", "")


def _labels(frame: pd.DataFrame, legend: dict[str, str]) -> tuple[pd.DataFrame, dict[int, str]]:
    """Take explained marks off the cells of columns of names."""
    notes: dict[int, str] = {}
    made = {}
    for name in frame.columns:
        codes, distinct = pd.factorize(frame[name].to_numpy(dtype=object), use_na_sentinel=False)
        kept = (marks.is_figure(cell) or marks.unbracketed(cell) for cell in distinct)
        parts = [
            (cell, "") if keep else marks.label(cell, legend)
            for cell, keep in zip(distinct, kept, strict=True)
        ]
        if not any(note for _, note in parts):
            continue
        made[name] = objects([text for text, _ in parts])[codes]
        for place in np.flatnonzero(
            np.isin(codes, [n for n, (_, note) in enumerate(parts) if note])
        ).tolist():
            said = notes.get(place, "")
            notes[place] = "; ".join(dict.fromkeys(filter(None, (said, parts[codes[place]][1]))))
    return (frame.assign(**made) if made else frame), notes


def plain_names(raw: Raw) -> Raw:
    """Take off the names of columns what they say beside their period: a unit, flags, the one metric."""
    return headerunits.without_one_metric(without_flag_columns(headerunits.without_units(raw)))


def without_flag_columns(raw: Raw) -> Raw:
    """Write the flags and raised marks of a column without a name beside the figures on their left.

    So is a column that is named as the flags of the period on its left, see `headerunits`.
    """
    columns, header, told = list(raw.columns), list(raw.header), []
    for n in range(1, len(columns)):
        named = bool(header[n].strip()) and not headerunits.is_flags_of(header[n], header[n - 1], raw.header)
        if named or not header[n - 1].strip() or not len(columns[n]):
            continue
        codes, distinct = pd.factorize(columns[n], use_na_sentinel=False)
        flags = [cell.strip() for cell in distinct]
        left = columns[n - 1]
        sample = [cell for cell in left[:1000].tolist() if cell.strip()]
        figures = [marks.is_figure(cell) or marks.is_nothing(cell.strip()) for cell in sample]
        if (
            not any(flags)
            or not all(len(f) <= FEW and (not f or marks.flag(f) or {*f} <= {*SUPERS}) for f in flags)
            or not all(figures)
        ):
            continue
        pairs = zip(left.tolist(), (flags[code] for code in codes), strict=True)
        columns[n - 1] = objects(
            [f"{cell} {flag}" if flag and marks.is_figure(cell) else cell for cell, flag in pairs]
        )
        columns[n], header[n] = objects([""] * len(left)), ""
        told.append(f"flags beside column {header[n - 1]!r}: {', '.join(sorted(filter(None, flags)))}")
    return raw._replace(columns=columns, header=header, skipped=(*raw.skipped, *told)) if told else raw
