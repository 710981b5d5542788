"""A mapping in words: what a user sees before it is applied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geotrack.language.catalogue import with_unit
from geotrack.periods import parse_column
from geotrack.usertables.cells import Coded, few, number, objects, shown
from geotrack.usertables.columns.mapping import Mapping, figure_columns, is_rate, refuse_gone
from geotrack.usertables.columns.spans import Spans, passed_over
from geotrack.usertables.columns.spans import found as spans_of
from geotrack.usertables.figures import marks
from geotrack.usertables.periods.column import plainly
from geotrack.usertables.questions import dimensions, units
from geotrack.usertables.rows import displayed, filldown
from geotrack.usertables.rows.labelled import FigureCells, figures_of
from geotrack.usertables.words import shorthand

if TYPE_CHECKING:
    from geotrack.usertables.table import UserTable


def describe(mapping: Mapping, table: UserTable) -> list[str]:
    """Say how a table is read, line by line, with cells as examples.

    Raises
    ------
    ParseError : columns are gone.
    SpecError : nothing tells the decimal sign.
    """
    refuse_gone(mapping, table)
    columns = figure_columns(mapping, table)
    figures = figures_of(table, mapping)
    lines = [
        f"file: {', '.join(table.how)}",
        *(f"skipped: {text}" for text in table.skipped),
        f"layout: {_LAYOUTS[mapping.layout]}",
        f"region = column {mapping.region!r}: {few(_examples(table, mapping.region))}",
    ]
    given = np.zeros(len(table.frame), dtype=bool)
    given[figures.rows] = True
    lines += filldown.told(table, mapping, given)
    lines += _periods(mapping, table, columns, given)
    lines += _values(mapping, table, columns, figures)
    for kind in ("metric", "unit", "status", "note"):
        column = getattr(mapping, kind)
        if column in table.columns:
            lines.append(f"{kind} = column {column!r}: {few(_examples(table, column))}")
        elif column:
            lines.append(f"{kind} = {column}")
    lines += displayed.told(table, mapping, columns)
    lines += [*units.said(table, mapping, columns), *_said(mapping), *_unsummed(mapping, table)]
    if left_out := figures.left_out - len(figures.bad):
        lines.append(
            f"left out: {left_out:,} cell{'s' if left_out > 1 else ''} without a figure{_words(figures)}"
        )
    lines += _marked(figures, table)
    idle = dimensions.unread(table, [*mapping.used, *mapping.ignore, *columns])
    lines += [f"left out, as said: {', '.join(map(repr, mapping.ignore))}"] if mapping.ignore else []
    told = [repr(column) + dimensions.constant(table, column) for column in idle]
    return lines + ([f"not used: {', '.join(told)}"] if idle else [])


def _words(figures: FigureCells) -> str:
    """Say which words stand for no figure, and that a dash is not taken for zero."""
    if not figures.nothing:
        return ""
    reasons = {word: f" = {why}" for word, _ in figures.nothing if (why := shorthand.reason(word))}
    listed = shown([f"{word!r}{reasons.get(word, '')} ({count:,})" for word, count in figures.nothing])
    dashes = any(word.endswith(marks.NOT_ZERO) for word, _ in figures.nothing)
    dash = "; a dash is no figure, not zero" if dashes else ""
    return f": {listed}{dash}"


def _marked(figures: FigureCells, table: UserTable) -> list[str]:
    """Say which rows are sums, and what stands beside figures, and what it is taken for."""
    counts = Counter(mark for mark in figures.marks.tolist() if mark)
    sums = shown([*map(repr, figures.subtotals)])
    told = []
    for mark, count in counts.most_common():
        status, note = marks.told(mark, table.legend)
        meaning = ", ".join(filter(None, (status, note))) or "nothing that changes them"
        told.append(f"{mark!r} ({count:,}): {meaning}")
    lines = [f"left out, sums of rows above them: {sums}"] if sums else []
    lines += [f"marks beside figures: {shown(told)}"] if told else []
    signs = {*figures.currencies}
    return lines + ([f"currency of all figures: {signs.pop()}"] if len(signs) == 1 and signs != {""} else [])


_LAYOUTS = {
    "long": "long, a row for each region and period",
    "wide": "wide, a row for each region and a column for each period",
}


def _periods(
    mapping: Mapping, table: UserTable, columns: Sequence[str], needed: NDArray[np.bool_]
) -> list[str]:
    """Return lines that say how periods are read: three of them, and what was decided for all."""
    spans = spans_of(table, mapping, needed, parse_column)
    names = [("period", f"the names of {len(columns)} columns")] if mapping.layout == "wide" else []
    if mapping.part:
        names = [("period", f"columns {mapping.period!r} and {mapping.part!r}")]
    if mapping.for_all_rows:
        above = any(mapping.period in line for line in table.titles)
        names = [("period", f"that of all rows{', from the line above the table' if above else ''}")]
    names = names or [
        (kind, f"column {column!r}")
        for kind in ("period", "start", "end")
        if (column := getattr(mapping, kind))
    ]
    lines = []
    for (kind, where), each in zip(names, spans, strict=True):
        days = list(each.starts), list(each.ends)
        told = list(islice(map(repr, each.texts) if kind == "end" else plainly(each.texts, *days), 10_000))
        if len(told) > 3:  # what was read as it stands tells least
            told = sorted(told, key=lambda text: "=" not in text)[:3]
        lines += [f"{kind} = {where}: {few(told, len(each.texts))}", *each.how]
        lines += _marks(each)
    return list(dict.fromkeys([*lines, *passed_over(mapping, table, lines)]))


def _marks(spans: Spans) -> list[str]:
    """Return a line for each mark on periods, with what it says of the figures."""
    said: dict[str, list[str]] = {}
    for text, status, note in zip(spans.texts, spans.statuses, spans.notes, strict=True):
        if note:
            said.setdefault(f"{note}" + (f" (status {status!r})" if status else ""), []).append(text)
    return [f"marks on periods: {few([*map(repr, texts)])}: {what}" for what, texts in said.items()]


def _values(mapping: Mapping, table: UserTable, columns: Sequence[str], figures: FigureCells) -> list[str]:
    """Return a line for each metric, with cells as they are written and as they are read."""
    lines = []
    for n, column in enumerate(mapping.values or ("",)):
        metric = f" of metric {mapping.metrics[n]!r}" if mapping.metrics else ""
        unit = mapping.units[n % len(mapping.units)] if mapping.units else ""
        where = f"column {column!r}" if column else "their cells"
        samples = _samples(table, columns, figures, n if column else None)
        read = ", ".join(f"{cell!r} -> {with_unit(value, unit)}" for cell, value in samples)
        lines.append(f"value{metric} = {where}: {read or 'no figure'}")
    return lines


def _samples(
    table: UserTable, columns: Sequence[str], figures: FigureCells, only: int | None
) -> list[tuple[str, str]]:
    """Return three different cells with what they are read as; those that change in reading come first."""
    if only is None:
        here = slice(0, 1000)
        rows, which, values = figures.rows[here], figures.columns[here], figures.values[here]
    else:
        inside = figures.columns == only
        rows, which, values = (
            part[inside][:1000] for part in (figures.rows, figures.columns, figures.values)
        )
    cells = np.empty(len(rows), dtype=object)
    for column in np.unique(which).tolist():
        there = which == column
        cells[there] = table.frame[columns[column]].iloc[rows[there]].tolist()
    read = [value if isinstance(value, str) else number(float(value)) for value in values]
    pairs = list(dict.fromkeys(zip(cells.tolist(), read, strict=True)))
    return sorted(pairs, key=lambda pair: pair[0] == pair[1])[:3]


def _examples(table: UserTable, column: str) -> list[str]:
    cells = pd.unique(objects(list(table.frame[column].head(10_000))))
    return [repr(cell) for cell in cells if cell.strip()]


def _unsummed(mapping: Mapping, table: UserTable) -> list[str]:
    """Return a line that says which metrics are rates, and what to say if they are none."""
    if mapping.metrics and mapping.units:
        pairs = list(zip(mapping.metrics, mapping.units, strict=True))
    else:
        columns = [mapping.metric, mapping.unit]
        said = [mapping.metrics or ("",), mapping.units or ("",)]
        metrics, units = (
            table.coded(column) if column in table.columns else Coded.constant(len(table.frame), texts[0])
            for column, texts in zip(columns, said, strict=True)
        )
        both = pd.unique(metrics.codes.astype(np.int64) * len(units.texts) + units.codes).tolist()
        places = (divmod(each, len(units.texts)) for each in both)
        pairs = list(dict.fromkeys((metrics.texts[metric], units.texts[unit]) for metric, unit in places))
    rates = [metric for metric, unit in pairs if is_rate(mapping, metric, unit)]
    if not rates:
        return []
    which = f" of {', '.join(map(repr, rates))}" if len(pairs) > 1 else ""
    hint = "" if mapping.kind else "; --whole 100 for shares of one whole, --kind extensive for an amount"
    return [f"over regions = no sum{which}: a rate{hint}"]


def _said(mapping: Mapping) -> list[str]:
    """Return a line for each thing that is said of the figures, not read from the table."""
    said = {
        "decimal": mapping.decimal and repr(mapping.decimal),
        "figures in brackets": mapping.brackets,
        "a day stands for a": mapping.freq,
        "order of dates": mapping.dates,
        "financial years end in month": mapping.year_ends and str(mapping.year_ends),
        "level": mapping.level,
        "whole": mapping.whole and f"{mapping.whole:g}",
        "over time": mapping.over_time,
        "kind": mapping.kind,
        "periods within others": mapping.overlaps,
        "partial": mapping.partial and "yes: periods that the file does not name are kept",
        "words for no figure": ", ".join(map(repr, mapping.empty)),
        **{f"source's {key}": mapping.source[key] for key in mapping.source},
    }
    return [f"{key} = {value}" for key, value in said.items() if value]
