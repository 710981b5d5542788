"""Tables crossed by metric and period, or whose first column holds several: made plain ones."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from geotrack.errors import ParseError
from geotrack.usertables.cells import MIXED, Objects, Raw, objects
from geotrack.usertables.figures import unittexts
from geotrack.usertables.figures.marks import is_figure
from geotrack.usertables.layout import headers
from geotrack.usertables.table import UserTable
from geotrack.usertables.tidying import footnotes, namedcolumns, threedates
from geotrack.usertables.words import scalewords

METRIC, PERIOD, VALUE, UNIT = "metric", "period", "value", "unit"

_JOINED = re.compile(r"[^,\\\t]{1,60}(?:,[^,\\\t]{1,60})*\\\s?(?:TIME_PERIOD|TIME|time|Time)", re.ASCII)


def parted(raw: Raw) -> Raw:
    r"""Part the first column of Eurostat's files, `freq,unit,geo\\TIME_PERIOD`, into its columns."""
    name = raw.header[0].strip() if raw.header else ""
    if len(name) > 400 or not _JOINED.fullmatch(name):
        return raw
    names = [part.strip() for part in name.rpartition("\\")[0].split(",")]
    codes, distinct = pd.factorize(raw.columns[0], use_na_sentinel=False)
    parts = [cell.split(",") for cell in distinct]
    if set(names) & {each.strip() for each in raw.header[1:]} or any(len(p) != len(names) for p in parts):
        return raw
    made = [objects([part[n].strip() for part in parts])[codes] for n in range(len(names))]
    more = len(names) - 1
    return raw._replace(
        header=[*names, *raw.header[1:]],
        columns=[*made, *raw.columns[1:]],
        numeric=frozenset(n + more for n in raw.numeric if n),
        divided={n + more: power for n, power in raw.divided.items() if n},
        shown={n + more: texts for n, texts in raw.shown.items() if n},
        how=(*raw.how, f"the first column holds {len(names)}: {', '.join(names)}"),
    )


_UNIT = re.compile(
    r"[kMGTPEZ]?(?:Wh?|H/s|t|g)|(?:km|m|ha)[²2]?|persons?|Personen"
    rf"|(?:in )?(?:{scalewords.IN_DIGITS}|(?:{scalewords.WORDS}|m)\.?) .{{1,20}}",
    re.IGNORECASE,
)


def _is_unit(metric: str) -> bool:
    """Tell a name that is nothing but a unit; one of what may be a metric too, such as "Days", is none."""
    return (
        bool(_UNIT.fullmatch(metric))
        or unittexts.is_money_or_percent(metric)
        or (
            len(metric) > 1 and unittexts.is_scale(metric)  # "2021 (m)" may be men
        )
    )


def plain(table: UserTable) -> UserTable:
    """Write a table as one of a row for each figure whose period stands in one column; see the two steps."""
    return threedates.joined(_long(table))


def _long(table: UserTable) -> UserTable:
    """Write a table with columns such as "Revenue / 2019", "Cost / 2019" long: a row for each of its figures.

    Where every metric has its unit in parentheses, "Revenue (Mio. EUR)", the unit has a column too; so it has
    where some metrics' cells have percent signs, if the others' names tell their units.
    """
    named = {name: pair for name in table.columns if (pair := _pair(name))}
    least = 2 if named else 1  # one metric above all periods is said once; in each name it needs its column
    pairs = named or namedcolumns.pairs(table)
    metrics = list(dict.fromkeys(metric for metric, _ in pairs.values()))
    stub = [name for name in table.columns if name not in pairs]
    if len(metrics) < least or len(pairs) < least or not stub or {METRIC, PERIOD, VALUE} & {*stub}:
        return table
    count = len(table.frame)
    columns = {name: np.tile(table.frame[name].to_numpy(dtype=object), len(pairs)) for name in stub}
    periods = [footnotes.of_period(period, table.legend) for _, period in pairs.values()]
    signed = _with_percent_signs(table, pairs)
    units = {metric: _unit(metric, signed, _beside_figures(table, pairs, metric)) for metric in metrics}
    by_unit = UNIT not in stub and not signed and all(map(_is_unit, metrics))
    known = UNIT not in stub and not by_unit and _are_known(units, signed)
    titles = [found[0] if known and (found := units[metric]) else metric for metric, _ in pairs.values()]
    columns[UNIT if by_unit else METRIC] = _each(titles, count)
    columns[PERIOD] = _each([period for period, _, _ in periods], count)
    bare = {name for name, (metric, _) in pairs.items() if known and metric in signed}
    columns[VALUE] = np.concatenate([_cells(table, name, name in bare) for name in pairs])
    if known:
        columns[UNIT] = _each([found[1] if (found := units[m]) else "" for m, _ in pairs.values()], count)
    statuses, notes = _beside(periods, count, table.row_notes)
    told = f"{len(pairs)} columns are crossed by metric ({', '.join(metrics)}) and period"
    return replace(
        table,
        frame=pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in columns.items()}),
        numeric=frozenset({*(table.numeric & {*stub}), *([VALUE] if table.numeric >= pairs.keys() else [])}),
        divided=_divided(table, [*pairs]),
        shown=_shown(table, [*pairs]),
        skipped=(*table.skipped, f"{told}: a row was made for each figure"),
        row_notes=notes,
        row_status=statuses,
        places=np.tile(np.array([table.row(n) for n in range(count)], dtype=np.intp), len(pairs)),
    )


def _with_percent_signs(table: UserTable, pairs: Mapping[str, tuple[str, str]]) -> set[str]:
    """Return the metrics whose cells have percent signs, where those of others have none."""
    cells: dict[str, set[str]] = {}
    for name, (metric, _) in pairs.items():
        cells.setdefault(metric, set()).update(text for text in table.coded(name).texts if text.strip("0 "))
    signs = {metric: {"%" in text for text in texts if is_figure(text)} for metric, texts in cells.items()}
    if any(len(told) > 1 for told in signs.values()):  # a figure without one may be of either kind
        return set()
    found = {metric for metric, told in signs.items() if True in told}
    return found if len(found) < len(signs) else set()


def _are_known(units: Mapping[str, tuple[str, str] | None], signed: Collection[str]) -> bool:
    """Tell whether the units of all metrics are known; without them, percent signs cannot be read."""
    lacking = [metric for metric, unit in units.items() if not unit]
    if lacking and signed:
        raise ParseError(
            f"metric {min(signed)!r} has percent signs, and nothing tells the unit of {lacking[0]!r}; "
            f"write the unit into the names of its columns, such as '{lacking[0]} (USD)'"
        )
    return not lacking


def _beside_figures(table: UserTable, pairs: Mapping[str, tuple[str, str]], metric: str) -> str:
    """Return what the sheet shows beside all figures of a metric."""
    texts = table.beside(name for name, (each, _) in pairs.items() if each == metric)
    return texts[0] if len(texts) == 1 else ""


def _shown(table: UserTable, columns: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return what the sheet shows beside the figures of the column that is made of others."""
    texts = table.beside(columns)
    return {VALUE: texts} if any(texts) else {}


def _unit(metric: str, signed: Collection[str], beside: str) -> tuple[str, str] | None:
    """Return a metric's name and its unit, as the name, percent signs or formats of its cells tell."""
    if metric in signed:
        return metric, "%"
    if beside and not unittexts.unit_in(metric):
        return metric, beside
    found = re.fullmatch(r"(.*\S)\s?[(\[]([^()\[\]]{1,40})[)\]]", metric)
    if found or not signed:  # "(male)" is no unit, and stays in the name
        unit = (unittexts.unit_of(found[2]) or (found[2] if signed else "")) if found else ""
        return (found[1], unit) if found and unit else None
    unit = unittexts.unit_of(metric)
    return (metric, unit) if unit else None


def _cells(table: UserTable, column: str, bare: bool) -> Objects:
    """Return the cells of a column, without percent signs if they are bare."""
    cells = table.coded(column)
    return (cells.over(lambda text: text.replace("%", "").rstrip()) if bare else cells).cells()


def _divided(table: UserTable, columns: Sequence[str]) -> dict[str, int]:
    """Return by which power of ten the sheet shows the figures of the column that is made divided."""
    powers = {table.divided.get(column, 0) for column in columns}
    return {VALUE: powers.pop() if len(powers) == 1 else MIXED} if any(powers) else {}


def _beside(
    periods: Sequence[tuple[str, str, str]], count: int, row_notes: Mapping[int, str]
) -> tuple[dict[int, str], dict[int, str]]:
    """Return statuses and notes of the rows that are made, of their periods and of the rows they were."""
    statuses: dict[int, str] = {}
    notes = {n * count + row: text for n in range(len(periods)) for row, text in row_notes.items()}
    for n, (_, status, note) in enumerate(periods):
        rows = range(n * count, (n + 1) * count)
        statuses |= dict.fromkeys(rows, status) if status else {}
        for row in rows if note else ():
            notes[row] = "; ".join(filter(None, (notes.get(row, ""), note)))
    return statuses, notes


def _pair(name: str) -> tuple[str, str] | None:
    """Return metric and period of a joined name."""
    metric, sign, period = name.rpartition(" / ")
    return (metric, period) if sign and headers.is_period(period) and not headers.is_period(metric) else None


def _each(texts: Sequence[str], count: int) -> np.ndarray:
    return np.repeat(objects(list(texts)), count)
