"""Checks observations before anything is made of them; every check lists all that it finds."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, SupportsIndex

import numpy as np
import pandas as pd

from geotrack.errors import ValidationError
from geotrack.language.numbers import DUST, digits_of, hidden, repeats, rounded, spelled, trimmed
from geotrack.model import OBSERVATION_COLUMNS, STATUSES, Finding, Metric, Series, Severity
from geotrack.periods import distinct, label

ISO_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
NUMBER = r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?"
_LINES = re.compile(  # what most are first
    r"(?:[0-9]++\.[0-9]++\n|-?[0-9]++(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+\n)*+"
)


def check(
    observations: pd.DataFrame,
    series: Series,
    regions_levels: Mapping[str, str],
    aggregate_members: Mapping[str, tuple[str, ...]],
    origins: Collection[str],
) -> list[Finding]:
    """Run every check on a series' observations.

    Parameters
    ----------
    observations : columns of `model.OBSERVATION_COLUMNS`; periods as datetimes or ISO text.
    series : what the observations should be. Where `overlaps` declares that some periods lie within others
        (2017 beside 2017-H1), that is a warning. Where `missing` says what the source does not list, a total
        may be more than its parts.
    regions_levels : code of a region -> its level.
    aggregate_members : code of an aggregate -> codes of its regions.
    origins : ids of the known origins.

    Returns
    -------
    Findings, errors and warnings, in the order of the checks; empty if all is well.
    """
    if absent := _absent(observations, series.name):
        return absent
    if observations.empty:
        return [Finding("empty", "error", series.name, "the table has no rows; expected at least one figure")]
    table = _table(observations, series, regions_levels, aggregate_members, origins)
    return [finding for one in CHECKS for finding in one(table)]


def fractions(observations: pd.DataFrame, series: Series, regions_levels: Mapping[str, str]) -> list[Finding]:
    """Check only whether shares of 1 are meant where shares of 100 are said; see `check`."""
    if all(metric.whole != 100 for metric in series.metrics):
        return []
    return list(_fractions(_table(observations, series, regions_levels, {}, ())))


def raise_on_error(findings: Sequence[Finding]) -> None:
    """Raise if any finding is an error.

    Raises
    ------
    ValidationError
        Lists all errors; warnings are the caller's to print.
    """
    errors = [str(f) for f in findings if f.severity == "error"]
    if errors:
        found = f"errors in the data: {len(errors)}; nothing was written or drawn"
        raise ValidationError("\n".join([found, *errors]))


def check_raw(frame: pd.DataFrame, where: str = "file") -> list[Finding]:
    """Check the text of a file of observations, as read with `dtype=str`, before numbers are made of it.

    Rows are numbered as in the file, its header being row 1; `where` names the file.
    """
    if absent := _absent(frame, where):
        return absent
    found: list[tuple[int, str]] = []
    for column, pattern, expected in _RAW:
        if column == "value" and _all_numbers(frame[column]):
            continue
        codes, distinct = pd.factorize(frame[column], use_na_sentinel=False)
        texts = pd.Series(distinct, dtype="str").fillna("").tolist()
        fits = re.compile(pattern).fullmatch
        odd = np.array([fits(text) is None for text in texts], dtype=bool)
        bad = np.flatnonzero(odd[codes])
        found += ((int(i), f"{column} {texts[codes[i]]!r}; expected {expected}") for i in bad)
    return [Finding("text", "error", f"{where}, row {i + 2}", text) for i, text in sorted(found)]


def _all_numbers(column: pd.Series) -> bool:
    """Tell whether all texts are numbers, at once: of figures most differ."""
    try:
        lines = "\n".join([*column.tolist(), ""])
    except TypeError:  # a cell that is missing
        return False
    return lines.count("\n") == len(column) and _LINES.fullmatch(lines) is not None


def _absent(frame: pd.DataFrame, where: str) -> list[Finding]:
    missing = [c for c in OBSERVATION_COLUMNS if c not in frame.columns]
    text = f"columns missing: {', '.join(missing)}; found: {', '.join(map(str, frame.columns)) or 'none'}"
    return [Finding("columns", "error", where, text)] if missing else []


_RAW = (
    ("value", NUMBER, "a number such as 75.53, without a percent sign or thousands separators"),
    ("start", ISO_DAY, "an ISO day such as 2019-09-01"),
    ("end", ISO_DAY, "an ISO day such as 2019-10-01, the first one after the period"),
    ("region", r".+", "the code of a region; a figure without a place belongs to other or total"),
)


@dataclass(frozen=True, eq=False)
class _Table:
    """The observations, with the arrays that checks share: an entry per row, codes with their words."""

    frame: pd.DataFrame
    series: Series
    levels: Mapping[str, str]
    members: Mapping[str, tuple[str, ...]]
    origins: Collection[str]
    value: np.ndarray  # NaN where there is no number
    start: np.ndarray
    end: np.ndarray
    region: tuple[np.ndarray, list[str]]
    metric: tuple[np.ndarray, list[str]]
    spans: np.ndarray  # the distinct periods, n × 2, in the order of time, longer ones first
    period: np.ndarray  # the place of each row's period in spans
    limit: np.ndarray  # the whole of the row's metric, or NaN

    @cached_property
    def group(self) -> np.ndarray:
        """One code for each metric and period."""
        return np.asarray(self.metric[0] * len(self.spans) + self.period)

    @cached_property
    def sound(self) -> np.ndarray:
        """Mask of rows with a period and a number, those that sums and overlaps can be told of."""
        return np.asarray((self.start < self.end) & ~np.isnan(self.value))

    @cached_property
    def total(self) -> np.ndarray:
        """Mask of rows that state the whole themselves: "Total", "World"."""
        return np.asarray(np.array([self.levels.get(r) == "whole" for r in self.region[1]])[self.region[0]])

    def where(self, row: SupportsIndex, region: str | None = None) -> str:
        """Say where a row is: series, metric, period, region."""
        i = int(row)
        metric, own = self.metric[1][self.metric[0][i]], self.region[1][self.region[0][i]]
        parts = self.series.name, metric, _span(self.start[i], self.end[i]), own if region is None else region
        return ", ".join(p for p in parts if p)


def _table(frame: pd.DataFrame, series: Series, *known: Any) -> _Table:
    value: np.ndarray = pd.to_numeric(frame["value"], errors="coerce").to_numpy(np.float64)
    value = np.where(np.isfinite(value), value, np.nan)
    start, end = (_days(frame[c]) for c in ("start", "end"))
    spans, period = distinct(start, end)
    region, metric = _coded(frame["region"]), _coded(frame["metric"])
    wholes = {m.name: m.whole for m in series.metrics if m.whole is not None}
    limit = np.array([wholes.get(name, np.nan) for name in metric[1]])[metric[0]]
    arrays = value, start, end, region, metric, spans, period, limit
    return _Table(*(frame, series, *known, *arrays))


def _numbers(t: _Table) -> Iterator[Finding]:
    expected = "is no finite number; expected one such as 75.53, and no row where there is no figure"
    for i in np.flatnonzero(np.isnan(t.value)):
        yield Finding("numbers", "error", t.where(i), f"value {str(t.frame['value'].iloc[i])!r} {expected}")


def _units(t: _Table) -> Iterator[Finding]:
    units = {m.name: m.unit for m in t.series.metrics}
    codes, found = _coded(t.frame["unit"])
    wrong = np.array([[n in units and unit != units[n] for unit in found] for n in t.metric[1]])
    for i in np.flatnonzero(wrong[t.metric[0], codes]):
        unit, expected = found[codes[i]], units[t.metric[1][t.metric[0][i]]]
        text = f"unit {unit!r}; the metric's is {expected!r}: convert, or name another metric"
        yield Finding("units", "error", t.where(i), text)


def _range(t: _Table) -> Iterator[Finding]:
    changes = {m.name for m in t.series.metrics if m.signed or m.unit.endswith("change")}
    signed = np.array([name in changes for name in t.metric[1]])[t.metric[0]]
    for i in np.flatnonzero(((t.value < 0) & ~signed) | (t.value > t.limit + DUST)):
        expected = "0 or more" if np.isnan(t.limit[i]) else f"0 to {spelled(t.limit[i])}"
        yield Finding(
            "range", "error", t.where(i), f"{spelled(t.value[i])} is out of range; expected {expected}"
        )


def _periods(t: _Table) -> Iterator[Finding]:
    for i in np.flatnonzero(~(t.start < t.end)):
        given = " to ".join(str(t.frame[c].iloc[i]) for c in ("start", "end"))
        text = f"period {given}; expected ISO days with start before end, the end being the first day after"
        yield Finding("periods", "error", t.where(i), text)


def _unknown(t: _Table) -> Iterator[Finding]:
    """Find words that nothing knows: one finding for each, not for each row."""
    known: dict[str, tuple[Collection[str], str]] = {
        "region": (t.levels, "a code of regions.csv; resolve the source's label through a crosswalk"),
        "metric": ([m.name for m in t.series.metrics], "one of the series' metrics in series.toml"),
        "status": (STATUSES[1:], f"one of {', '.join(STATUSES[1:])}"),
        "origin": (t.origins, "an id of origins.csv; no origin, no number"),
    }
    coded = {"region": t.region, "metric": t.metric}
    for column, (words, expected) in known.items():
        codes, names = coded.get(column) or _coded(t.frame[column])
        if all(name in words for name in names):
            continue
        _, first, count = np.unique(codes, return_index=True, return_counts=True)
        for i, name in enumerate(names):
            if name not in words:
                text = f"{column} {name!r} is unknown, in {_rows(count[i])}; expected {expected}"
                yield Finding(f"unknown {column}", "error", t.where(first[i]), text)


def _duplicates(t: _Table) -> Iterator[Finding]:
    dated = np.flatnonzero(t.start < t.end)
    key = t.group[dated] * len(t.region[1]) + t.region[0][dated]
    if not repeats(key, len(t.metric[1]) * len(t.spans) * len(t.region[1])):
        return
    ordered = np.sort(key)
    order = dated[np.argsort(key, kind="stable")]
    _, first, count = np.unique(ordered, return_index=True, return_counts=True)
    for k in np.flatnonzero(count > 1):
        rows = order[first[k] : first[k] + count[k]]
        values = ", ".join(str(v) for v in t.frame["value"].iloc[rows])
        text = f"{_rows(count[k])} for one figure: {values}; keep one, or make two metrics of them"
        yield Finding("duplicates", "error", t.where(rows[0]), text)


def _overlaps(t: _Table) -> Iterator[Finding]:
    """Find periods that overlap within a region's metric."""
    used = np.flatnonzero(np.bincount(t.period[t.sound], minlength=len(t.spans)))
    upto = np.searchsorted(t.spans[used, 0], t.spans[used, 1])
    if (upto <= np.arange(len(used)) + 1).all():  # each begins after the one before
        return
    cells = pd.Series((t.metric[0] * len(t.region[1]) + t.region[0])[t.sound])
    cells_of = {int(code): np.unique(part) for code, part in cells.groupby(t.period[t.sound])}
    for i, j in ((used[a], used[b]) for a in range(len(used)) for b in range(a + 1, upto[a])):
        both = np.intersect1d(cells_of[i], cells_of[j], assume_unique=True)
        nested = bool(t.spans[j, 1] <= t.spans[i, 1])  # i starts first, or is the longer one
        severity, text = _OVERLAP[nested, nested and bool(t.series.overlaps)]
        metrics, regions = np.divmod(both, len(t.region[1]))
        for m in np.unique(metrics):
            named = ", ".join(sorted(t.region[1][r] for r in regions[metrics == m]))
            spans = f"{_span(*t.spans[i])} and {_span(*t.spans[j])}"
            yield Finding("overlaps", severity, f"{t.series.name}, {t.metric[1][m]}, {spans}, {named}", text)


_NESTED = "one period lies within the other; "
_OVERLAP: dict[tuple[bool, bool], tuple[Severity, str]] = {
    (True, True): ("warning", _NESTED + "the series declares it, and slices take the longer one"),
    (True, False): (
        "error",
        _NESTED + "keep one, or have slices take the longer one: --overlaps WORDS, which they are (a "
        "series that is described in series.toml declares it there)",
    ),
    (False, False): ("error", "periods overlap in part; keep one of them, or make two metrics of them"),
}


def _sums(t: _Table) -> Iterator[Finding]:
    """Check that shares reach their whole and do not exceed it."""
    rows = np.flatnonzero(t.sound & ~t.total & ~np.isnan(t.limit))
    if not rows.size:
        return
    groups, first, place = np.unique(t.group[rows], return_index=True, return_inverse=True)
    total = np.bincount(place, t.value[rows], len(groups))
    nonzero = np.bincount(place, t.value[rows] != 0, len(groups))
    bounds = np.bincount(place, t.frame["status"].to_numpy(object)[rows] == "lower bound", len(groups))
    metrics = {m.name: m for m in t.series.metrics}
    for k, i in enumerate(rows[first]):
        m = metrics[t.frame["metric"].iloc[i]]
        rest, allowed = t.limit[i] - total[k], m.tolerance + DUST
        if not nonzero[k] and not bounds[k]:
            of = "a share of nothing" if m.complete else "the whole is not stated"
            text = f"every figure is zero: {of}; drawn as zero, as reported"
            yield Finding("sums", "warning", t.where(i, ""), text)
        elif rest < -allowed or (rest > allowed and m.complete and not bounds[k]):
            expected = (
                f"{spelled(t.limit[i])}{'' if m.complete else ' at most'} (tolerance {spelled(m.tolerance)})"
            )
            advice = "a region counted twice" if rest < 0 else "rows left out, such as Other"
            text = f"figures add up to {spelled(total[k])}; expected {expected}: look for {advice}"
            yield Finding("sums", "error", t.where(i, ""), text)


def _fractions(t: _Table) -> Iterator[Finding]:
    """Find shares of 1 where shares of 100 are meant: nearly all of the whole would be "not stated"."""
    rows = np.flatnonzero(t.sound & ~t.total & (t.limit == 100))
    for code in np.unique(t.metric[0][rows]):
        mine = rows[t.metric[0][rows] == code]
        _, place, count = np.unique(t.group[mine], return_inverse=True, return_counts=True)
        sums, several = np.bincount(place, t.value[mine]), count > 1
        if several.any() and sums.max() < MOST_FRACTION and sums[several].min() > LEAST_FRACTION:
            text = (
                "the figures of every period add up to about 1, the whole is 100: these are fractions; "
                "multiply them by 100 (in Excel, format the cells as percent); if they are percent all the "
                "same, leave the whole out"
            )
            yield Finding("fractions", "error", f"{t.series.name}, {t.metric[1][code]}", text)


LEAST_FRACTION, MOST_FRACTION = 0.5, 1.1
"""What shares of 1 add up to in a period: about 1, or less where a source does not list everything."""


def _totals(t: _Table) -> Iterator[Finding]:
    """Find totals that their parts do not add up to."""
    if not t.total.any():
        return
    metrics = {m.name: m for m in t.series.metrics if m.adds_up or m.unit == "%"}
    known = np.isin(t.frame["metric"].to_numpy(object), list(metrics)) & t.sound
    bound = t.frame["status"].to_numpy(object) == "lower bound"
    rows = np.flatnonzero(known & ~t.total)
    rows = rows[np.argsort(t.group[rows], kind="stable")]
    for i in np.flatnonzero(known & t.total).tolist():
        first, end = np.searchsorted(t.group[rows], [t.group[i], t.group[i] + 1])
        if first < end:
            parts, m = rows[first:end], metrics[str(t.frame["metric"].iloc[i])]
            if bound[i] and not (m.adds_up and t.value[i] > t.value[parts].sum()):
                continue  # what is "at least" may be more than it says
            compared = _disagreement if m.adds_up else _overall
            yield from compared(t, i, t.value[parts], m, loose=bool(bound[parts].any()))


def _overall(t: _Table, i: int, parts: np.ndarray, m: Metric, *, loose: bool) -> Iterator[Finding]:
    """Yield what is to be said of a total in percent of parts that have no whole: are they shares, or rates?

    The overall figure of rates is a mean of theirs, and lies among them; that of shares is their sum.
    """
    total, summed, low, high = float(t.value[i]), float(parts.sum()), float(parts.min()), float(parts.max())
    half = hidden(t.value[[i]]) + DUST
    near = half + hidden(parts) / len(parts)
    among = low - near <= total and (loose or total <= high + near)
    if among or abs(total - summed) <= half + hidden(parts) or t.series.missing:
        return
    digits = digits_of(np.append(parts, total))
    said = [f"{trimmed(rounded(each, digits)):,f}" for each in (total, summed, low, high)]
    name = str(t.frame["label"].iloc[i] or t.region[1][t.region[0][i]])
    text = (
        f"{name} {said[0]} of {label(str(t.start[i]), str(t.end[i]))} is neither the sum of its parts, "
        f"{said[1]}, nor among them, {said[2]} to {said[3]}, as the overall figure of rates is: look for a "
        "total of something else, or for regions that are not in the table; of shares of 100 say so (whole)"
    )
    yield Finding("totals", "warning", t.where(i), text)


def _disagreement(t: _Table, i: int, parts: np.ndarray, m: Metric, *, loose: bool) -> Iterator[Finding]:
    """Yield what is to be said of a total that its parts do not add up to."""
    total, summed = float(t.value[i]), float(np.sum(parts))
    allowed = max(hidden(parts) + hidden(t.value[[i]]), m.tolerance) + DUST * max(1.0, abs(total))
    rest, below = total - summed, 0.0 if m.whole is None else m.whole - total
    if m.whole is not None and abs(below) <= allowed:
        return
    if abs(rest) <= allowed and below <= allowed:
        return
    if loose and rest > 0:  # parts that are "at least" may be all of it
        return
    digits = digits_of(np.append(parts, total))
    more, of_total, of_parts = (f"{trimmed(rounded(each, digits)):,f}" for each in (abs(rest), total, summed))
    name = str(t.frame["label"].iloc[i] or t.region[1][t.region[0][i]])
    when = label(str(t.start[i]), str(t.end[i]))
    text = f"{name} {of_total} of {when}, its parts add up to {of_parts}: "
    if abs(rest) <= allowed:  # two wholes, the table's own and the one that is stated
        if not t.series.missing:
            text += f"the whole is {spelled(m.whole or 0)}, {spelled(below)} would be shown as not stated"
            yield Finding("totals", "warning", t.where(i), text)
    elif rest < 0 and not m.signed:
        text += f"{more} too much; look for a region counted twice, or for a total of something else"
        yield Finding("totals", "error", t.where(i), text)
    elif m.complete:
        yield Finding("totals", "error", t.where(i), f"{text}{more} are left out, such as Other")
    elif not t.series.missing:
        text += f"{more} are not in the table" + (
            "; with figures below zero they are not shown, and the total as the table's own figure only"
            if (parts < 0).any()
            else ", and are shown as not stated if the source lists no more"
        )
        yield Finding("totals", "warning", t.where(i), text)


def _aggregates(t: _Table) -> Iterator[Finding]:
    """Find aggregates beside their own members, which would be counted twice."""
    for code, name in enumerate(t.region[1]):
        if not t.members.get(name) or t.levels.get(name) == "whole":
            continue
        mine = t.group[(t.region[0] == code) & t.sound]
        inside = np.isin(t.region[1], [m for m in t.members[name] if m != name])[t.region[0]] & t.sound
        beside = np.flatnonzero(inside & np.isin(t.group, mine))
        for group in np.unique(t.group[beside]):
            rows = beside[t.group[beside] == group]
            named = ", ".join(t.frame["region"].iloc[rows])
            text = f"the aggregate stands beside its own {named}; keep the one or the other in a period"
            yield Finding("aggregates", "error", t.where(rows[0], name), text)


def _complement(t: _Table) -> Iterator[Finding]:
    """Find two parts that are said to make up the whole, both stated exactly, and do not."""
    parts = [t.region[1].index(code) for code in t.series.complement if code in t.region[1]]
    if len(parts) != 2:
        return
    exact = (t.frame["status"] != "lower bound").to_numpy(bool) & t.sound & ~np.isnan(t.limit)
    of_first, of_second = (np.flatnonzero(exact & (t.region[0] == part)) for part in parts)
    _, a, b = np.intersect1d(t.group[of_first], t.group[of_second], return_indices=True)
    tolerance = {m.name: m.tolerance for m in t.series.metrics}
    for i, j in zip(of_first[a], of_second[b], strict=True):
        total, limit = t.value[i] + t.value[j], t.limit[i]
        if abs(total - limit) > tolerance[t.frame["metric"].iloc[i]] + DUST:
            named = " and ".join(t.series.complement)
            expected = f"expected {spelled(limit)}: series.toml says that they make up the whole"
            text = f"{named} add up to {spelled(total)}; {expected}"
            yield Finding("complement", "error", t.where(i, ""), text)


CHECKS: tuple[Callable[[_Table], Iterator[Finding]], ...] = (
    _numbers, _units, _range, _periods, _unknown, _duplicates, _overlaps, _fractions, _sums, _totals,
    _complement, _aggregates,
)  # fmt: skip
"""Every check of a table that has rows and columns, in the order of its findings."""


def _days(column: pd.Series) -> np.ndarray:
    """Return a column as datetime64[D]; NaT where it is no day."""
    if not pd.api.types.is_datetime64_any_dtype(column):
        codes, found = pd.factorize(column, use_na_sentinel=False)
        text = pd.Series(found).astype("str")
        days = pd.to_datetime(text.where(text.str.fullmatch(ISO_DAY)), format="%Y-%m-%d", errors="coerce")
        return days.to_numpy().astype("datetime64[D]")[codes]
    return column.to_numpy().astype("datetime64[D]")


def _coded(column: pd.Series) -> tuple[np.ndarray, list[str]]:
    codes, names = pd.factorize(column.fillna("") if column.hasnans else column)
    return codes, [str(n) for n in names]


def _span(start: np.datetime64, end: np.datetime64) -> str:
    return f"{start}/{end}"


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"
