"""A suspicion: what a new delivery says that its last version makes hard to believe."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol, TypeVar, cast

import numpy as np
import pandas as pd

from geotrack.errors import and_more, first_few
from geotrack.language import partly
from geotrack.language.numbers import spelled
from geotrack.model import DAYS, Finding, Metric, Series
from geotrack.store.revision import PAIR, Change, FigureRow, RevisedRow, Span, revisions_of, when
from geotrack.update.figuretexts import figure_text

SLACK = 0.02  # a wrong unit is a power of ten to the digit; revisions beside it blur it a little
LEAST_POWER = 2  # 10 times may be a market's growth; 100 (percent) and 1000 (a prefix) are units
FEWEST_ALIKE = 3  # cells that a median needs to speak of all
HINT_SLACK = 0.5  # for one cell a hint, no verdict: between two periods it moves by itself as well

PREFIXES = ("", "k", "M", "G", "T", "P", "E", "Z")
WORDS = ("", " thousand", " million", " billion")


def of_cells(revised: pd.DataFrame, merged: pd.DataFrame, added: pd.DataFrame) -> tuple[str, int, str] | None:
    """Find one power of ten between what figures are and were: in all that changes, or in one period.

    Parameters
    ----------
    revised, merged, added : rows of one metric, with `number`, the revised ones with `ratio` (new by old).

    Returns
    -------
    (period in words, "" if all, the power, what was found), or None.
    """
    rows = revised[revised["ratio"].notna()]
    still = _still(rows, merged, added)
    groups = [("", rows["ratio"], sum(still.values()))]
    for span, part in rows.groupby(["start", "end"])["ratio"]:
        groups.append((when(*span), part, still[span]))
    for label, ratios, others in groups:
        if len(ratios) + others >= FEWEST_ALIKE:
            found = power(float(np.median(np.concatenate([ratios, np.ones(others)]))))
            if found:
                return label, found, f"{len(ratios)} known figures are now {_times(found)} what they were"
    return None


def of_periods(old: pd.DataFrame, added: pd.DataFrame) -> tuple[str, int, str] | None:
    """Find one power of ten between the newest period, if it is new, and the last one known.

    Parameters
    ----------
    old, added : the rows of one metric, with `number`.

    Returns
    -------
    (period in words, the power, what was found), or None.
    """
    new, last = newest(added), newest(old)
    if not new or not last or ((old["start"] == new[0]) & (old["end"] == new[1])).any():
        return None
    now, before = (rows[rows != 0] for rows in (of_period(added, new), of_period(old, last)))
    both = now.index.intersection(before.index)
    if len(both) < FEWEST_ALIKE:
        return None
    now, before = now[both], before[both]
    for ratio in (now.median() / before.median(), now.sum() / before.sum()):
        if found := power(float(ratio)):
            text = f"the figures of {len(both)} regions are {_times(found)} those of {when(*last)}"
            return when(*new), found, text
    return None


def power(ratio: float, slack: float = SLACK) -> int:
    """Return the power of ten that a ratio is, if it is one that a wrong unit makes; else 0."""
    if not math.isfinite(ratio) or ratio <= 0:
        return 0
    found = round(math.log10(ratio))
    off = math.log10(ratio) - found
    near = math.log10(1 - slack) <= off <= math.log10(1 + slack)
    return found if near and abs(found) >= LEAST_POWER else 0


def looks_like(unit: str, found: int) -> str:
    """Say which unit figures look like that are 10 ** found times what they should be."""
    if unit.startswith("%") and abs(found) == 2:
        return (
            "looks like fractions instead of percent" if found < 0 else "looks like percent taken 100 times"
        )
    for names, pattern in ((PREFIXES, r"()([kMGTPEZ]?)(H/s|Wh?)"), (WORDS, r"([A-Z]{3})((?: [a-z]+)?)()")):
        if (match := re.fullmatch(pattern, unit)) and match[2] in names and found % 3 == 0:
            place = names.index(match[2]) - found // 3
            if 0 <= place < len(names):
                return f"looks like {match[1]}{names[place]}{match[3]} instead of {unit}"
    return "looks like another unit"


def factor(unit: str, ratio: float) -> str:
    """Say how many times a figure is what it was, and which unit that looks like."""
    size = abs(ratio)
    text = (
        f"{size:.3g} times as much" if size >= 1 else f"1/{1 / size:.3g} of it" if size else "next to nothing"
    )
    found = power(size, HINT_SLACK)
    return f"{text} ({looks_like(unit, found)}?)" if found else text


def newest(rows: pd.DataFrame) -> Span | None:
    """Return the period that ends last, the shorter one of two that do; None if there are no rows."""
    if rows.empty:
        return None
    end = str(rows["end"].max())
    return str(rows["start"][rows["end"] == end].max()), end


def of_period(rows: pd.DataFrame, span: Span) -> pd.Series:
    """Return the numbers of a period by region; of a region that is given twice, the first."""
    part = rows[(rows["start"] == span[0]) & (rows["end"] == span[1]) & rows["number"].notna()]
    return part.drop_duplicates("region").astype({"region": "str"}).set_index("region")["number"]


def _still(revised: pd.DataFrame, merged: pd.DataFrame, added: pd.DataFrame) -> dict[object, int]:
    """Count the figures other than zero that stay as they are, in each period that revises some."""
    sizes = [rows[rows["number"] != 0].groupby(["start", "end"]).size() for rows in (merged, added, revised)]
    spans = sizes[2].index
    every, new, changed = (size.reindex(spans, fill_value=0) for size in sizes)
    return {span: max(0, int(count)) for span, count in (every - new - changed).items()}


def _times(found: int) -> str:
    large = f"{10 ** abs(found):,}" if abs(found) <= 12 else f"10^{abs(found)}"
    return f"{large} times" if found > 0 else f"1/{large} of"


LENGTHS = (2, 20, 45, 135, 270)
"""Days that part days, weeks, months, quarters, halves and years: a month is compared with months only."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """A change with its numbers, as every check needs them.

    Parameters
    ----------
    series : what the figures should be.
    change : what `revision.compare` found.
    text : the last version, as it is written.
    levels : code of a region -> its level.
    """

    series: Series
    change: Change
    text: pd.DataFrame
    levels: Mapping[str, str]

    @cached_property
    def old(self) -> pd.DataFrame:
        """The last version, with `number`."""
        return self.text.assign(number=_numbers(self.text["value"])).reset_index(drop=True)

    @cached_property
    def merged(self) -> pd.DataFrame:
        """What the file becomes, with `number`."""
        return self.change.merged.assign(number=_numbers(self.change.merged["value"]))

    @cached_property
    def added(self) -> pd.DataFrame:
        """The added rows, with `number`."""
        return self.change.added.assign(number=_numbers(self.change.added["value"]))

    @cached_property
    def revised(self) -> pd.DataFrame:
        """The revised rows with `number`, `was` and their `ratio`; all NaN where the unit is another one."""
        frame = self.change.revised
        known = frame["unit"] == frame["old_unit"]
        numbers = (_numbers(frame[column]).where(known) for column in ("value", "old_value"))
        return _with_ratio(frame.assign(**dict(zip(("number", "was"), numbers, strict=True))))

    @cached_property
    def beside(self) -> pd.DataFrame:
        """The added rows with the region's figure of the period before, or else of the one after."""
        old = self.old[self.old["metric"].isin(self.added["metric"].unique())]
        rows = pd.concat([old.assign(fresh=False), self.added.assign(fresh=True)], ignore_index=True)
        keys = [_rank(rows["start"]), _lengths(rows), _rank(rows["region"]), _rank(rows["metric"])]
        order = np.lexsort(keys)
        rows = rows.take(order).reset_index(drop=True)
        first = np.ones(len(rows), dtype=bool)
        first[1:] = np.any([np.diff(key[order]) != 0 for key in keys[1:]], axis=0)
        last = np.append(first[1:], True)[: len(rows)]
        place = np.arange(len(rows)) + np.where(~first, -1, np.where(~last, 1, 0))
        near = rows[["number", "value", "start", "end"]].take(place).reset_index(drop=True)
        near = near.set_axis(["was", "beside_value", "beside_start", "beside_end"], axis=1)
        near["was"] = near["was"].where(~(first & last))
        return _with_ratio(pd.concat([rows, near], axis=1)[rows["fresh"]])

    @cached_property
    def largest(self) -> dict[str, float]:
        """The largest figure of each metric in the last version."""
        largest = self.old["number"].abs().groupby(self.old["metric"]).max()
        return {str(name): float(size) for name, size in largest.items()}

    @cached_property
    def scales(self) -> dict[str, float]:
        """What each metric's figures are measured by: their whole, or the largest of them."""
        wholes = {m.name: m.whole or 100.0 for m in self.series.metrics if m.whole or m.unit == "%"}
        return self.largest | wholes

    @cached_property
    def misread(self) -> dict[str, Finding]:
        """The metrics whose figures all seem to be in another unit, each with its error."""
        found = {}
        for name in dict.fromkeys([*self.revised["metric"].unique(), *self.added["metric"].unique()]):
            old, merged, added, revised = (
                rows[rows["metric"] == name] for rows in (self.old, self.merged, self.added, self.revised)
            )
            off = of_cells(revised, merged, added) or of_periods(old, added)
            if off:
                found[name] = self._off(name, *off)
        return found

    def _off(self, name: str, label: str, power: int, text: str) -> Finding:
        unit = self.metric(name).unit
        advice = f"it {looks_like(unit, power)}; expected {unit or 'the unit of before'}"
        message = f"{text}; {advice}: look the unit up in the source, and read the file with the right one"
        return Finding("unit jump", "error", self.where(name, label), message)

    def metric(self, name: str) -> Metric:
        """Return the metric of a name; one without a unit if the series has none."""
        return {m.name: m for m in self.series.metrics}.get(name, Metric(name, name, ""))

    def where(self, *parts: object) -> str:
        """Say where something is, the series first."""
        return ", ".join([self.series.name, *(str(part) for part in parts if part)])

    def cell(self, row: FigureRow) -> str:
        """Say where a figure is: series, metric, period, region."""
        return self.where(row.metric, when(row.start, row.end), row.region)


class RatioRow(RevisedRow, Protocol):
    """A row of `Evidence.revised`."""

    ratio: float


class BesideRow(FigureRow, Protocol):
    """A row of `Evidence.beside`."""

    ratio: float
    beside_value: str
    beside_start: str
    beside_end: str


def _numbers(column: pd.Series) -> pd.Series:
    numbers = pd.to_numeric(column, errors="coerce").astype("float64")
    return numbers.where(numbers.abs() != float("inf"))


def _with_ratio(rows: pd.DataFrame) -> pd.DataFrame:
    """Add new by old, where neither is zero."""
    both = (rows["number"] != 0) & (rows["was"] != 0)
    return rows.assign(ratio=(rows["number"] / rows["was"].where(both)))


def _rank(column: pd.Series) -> np.ndarray:
    return pd.factorize(column, sort=True)[0]


def _lengths(rows: pd.DataFrame) -> np.ndarray:
    start, end = (pd.to_datetime(rows[c], format="%Y-%m-%d", errors="coerce") for c in ("start", "end"))
    return np.searchsorted(LENGTHS, (end - start).dt.days.fillna(0))


MOST = 10  # findings of one check, lines of one kind, regions or periods in one sentence: more is not read

COVERAGE_LOSS = 0.20  # sources drop a region or two; a fifth of them is another list
SHARES_LOSS = 0.05  # of the whole: 5 points of what the period before accounted for

JUMP = 10.0  # a region's figure, against its last version or its neighbour in time
JUMP_FLOOR = 0.01  # of the metric's largest figure: 0.01 -> 0.12 % is rounding, not news

MANY = 0.20  # of the figures that were known: beyond, it is not corrections but another computation
NOTABLE = 0.01  # a revision below 1 % is a correction of decimals
FEWEST = 3  # revisions that can be many

LARGE = 0.10  # a revision that changes what a map says of a region ...
LARGE_EFFECT = 0.01  # ... if it also moves it by a point of the whole, or 1 % of the metric's largest figure

ASK = "compare it with the source; if the source says so: --accept 'reason'"


def against(series: Series, change: Change, old: pd.DataFrame, levels: Mapping[str, str]) -> list[Finding]:
    """Check what a delivery changes against the last version.

    Parameters
    ----------
    series : what the figures should be.
    change : what `revision.compare` found.
    old : the last version; text in OBSERVATION_COLUMNS.
    levels : code of a region -> its level; the whole is left out where regions are counted and added up.

    Returns
    -------
    Errors, which cannot be right and refuse the delivery, and warnings, which somebody has to accept; at most
    ten of each check. Empty if nothing changes, or if there was no version before.
    """
    if change.nothing or old.empty:
        return []
    if len(change.withdrawn) == len(old):
        return [_all_gone(series, len(old))]
    evidence = Evidence(series, change, old, levels)
    return [finding for check in CHECKS for finding in _shown(list(check(evidence)))]


def _all_gone(series: Series, count: int) -> Finding:
    what = "the one figure" if count == 1 else f"not one of the {count} figures"
    text = (
        f"{what} of the last version is {'not ' if count == 1 else ''}in the new delivery; expected some "
        "again. It is another file, or its regions, periods or metrics are read wrongly: look at the file"
    )
    return Finding("all gone", "error", series.name, text)


def _units(e: Evidence) -> Iterator[Finding]:
    yield from e.misread.values()


def _gone_periods(e: Evidence) -> Iterator[Finding]:
    gone = e.change.withdrawn[PAIR].drop_duplicates()
    for name, rows in gone[~_in_merged(e, gone)].groupby("metric"):
        spans = sorted(zip(rows["start"], rows["end"], strict=True))
        named = first_few((when(*s) for s in spans), ", ")
        text = f"{_count(len(spans), 'period')} of the last version gone: {named}"
        yield _warning("gone periods", e.where(name), text)


def _gone_regions(e: Evidence) -> Iterator[Finding]:
    if gone := e.change.gone_regions:
        count = _count(len(gone), "region")
        text = f"{count} of the last version gone from every period: {first_few(gone, ', ')}"
        yield _warning("gone regions", e.where(), text)


def _gone_figures(e: Evidence) -> Iterator[Finding]:
    """Find regions that a period loses while it remains, and while they remain elsewhere."""
    rows = e.change.withdrawn
    rows = rows[_in_merged(e, rows) & ~rows["region"].isin(e.change.gone_regions)]
    for (name, start, end), part in rows.groupby(PAIR):
        named = first_few(sorted(part["region"]), ", ")
        text = f"{_count(len(part), 'region')} gone that it gave before: {named}"
        yield _warning("gone figures", e.where(name, when(start, end)), text)


def _coverage(e: Evidence) -> Iterator[Finding]:
    """Find a newest period, new or changed, that says less than the one before it."""
    parts = e.change.added, e.change.revised, e.change.withdrawn
    touched = pd.concat([part[PAIR].drop_duplicates() for part in parts])
    regions = e.merged[e.merged["region"].map(e.levels) != "whole"]
    for name, spans in touched.groupby("metric"):
        rows = regions[regions["metric"] == name]
        new = newest(rows)
        last = newest(rows[rows["end"].astype("str") <= new[0]]) if new else None
        if new and last and new in set(zip(spans["start"], spans["end"], strict=True)):
            yield from _covered(e, str(name), rows, new, last)


def _covered(e: Evidence, name: str, rows: pd.DataFrame, new: Span, last: Span) -> Iterator[Finding]:
    now, before = of_period(rows, new), of_period(rows, last)
    where, than = e.where(name, when(*new)), f"in {when(*last)}"
    if len(now) < len(before) * (1 - COVERAGE_LOSS):
        lost = first_few(sorted(before.index.difference(now.index)), ", ")
        text = f"{_count(len(now), 'region')}, {len(before)} {than}; not listed any more: {lost}"
        yield _warning("coverage", where, text)
    metric = e.metric(name)
    if metric.whole and before.sum() - now.sum() > metric.whole * SHARES_LOSS:
        sums = [figure_text(spelled(each.sum()), metric.unit) for each in (now, before)]
        text = f"adds up to {sums[0]}, {sums[1]} {than}"
        yield _warning("coverage", where, text)


def _jumps(e: Evidence) -> Iterator[Finding]:
    """Find figures that are many times what they were."""

    def tell(row: RatioRow) -> Finding:
        text = f"{_moved(row)}, {factor(e.metric(row.metric).unit, row.ratio)}"
        return _warning("jump", e.cell(row), text)

    yield from _worst(e, e.revised[_leaps(e, e.revised) & ~_unfinished(e.revised)], tell)


def _jumps_in_time(e: Evidence) -> Iterator[Finding]:
    """Find new figures that are many times the region's figure of the period beside."""

    def tell(row: BesideRow) -> Finding:
        beside = f"{figure_text(row.beside_value, row.unit)} in {when(row.beside_start, row.beside_end)}"
        text = f"{figure_text(row.value, row.unit)}, {factor(e.metric(row.metric).unit, row.ratio)}: {beside}"
        return _warning("jump in time", e.cell(row), text)

    yield from _worst(e, e.beside[_leaps(e, e.beside)], tell)


def _thinner(e: Evidence) -> Iterator[Finding]:
    """Find means that rest on fewer days than before: a shorter file than the last one."""
    rows = e.revised[(e.revised["unit"] == DAYS) & (e.revised["number"] < e.revised["was"])]
    for row in revisions_of(rows):
        yield _warning("thinner", e.cell(row), f"{_moved(row)}: rests on fewer days than before")


def _signs(e: Evidence) -> Iterator[Finding]:
    def tell(row: RevisedRow) -> Finding:
        return _warning("sign", e.cell(row), f"{_moved(row)}, the other sign")

    yield from _worst(e, e.revised[e.revised["ratio"] < 0], tell)


def _wordings(e: Evidence) -> Iterator[Finding]:
    """Find known figures that get another unit or status."""
    for column in ("unit", "status"):
        rows = e.change.revised
        rows = rows[rows[column] != rows[f"old_{column}"]]
        for (name, was, now), part in rows.groupby(["metric", f"old_{column}", column]):
            cells = [f"{row.region} {when(row.start, row.end)}" for row in part.head(MOST).itertuples()]
            known = _count(len(part), "known figure")
            text = f"{column} {was!r} -> {now!r} of {known}: {first_few(cells, ', ', count=len(part))}"
            yield _warning(column, e.where(name), text)


def _many(e: Evidence) -> Iterator[Finding]:
    """Find a delivery that revises much of what was known."""
    rows = _readable(e, e.revised)
    moved = rows[(rows["number"] - rows["was"]).abs() > NOTABLE * rows["was"].abs()]
    common = e.change.unchanged + len(e.change.revised)
    if len(moved) >= FEWEST and len(moved) > MANY * common:
        spans = sorted(moved[["start", "end"]].drop_duplicates().itertuples(index=False, name=None))
        range_ = f"in {when(*spans[0])}" if len(spans) == 1 else f"{when(*spans[0])} to {when(*spans[-1])}"
        text = f"{len(moved)} of {common} known figures revised by more than {NOTABLE:.0%}, {range_}"
        names = first_few(sorted(moved["metric"].unique()), ", ")
        yield _warning("many revised", e.where(names), f"{text}: a new vintage of the source?")


def _large(e: Evidence) -> Iterator[Finding]:
    """Find revisions that change what a map says of a region, and are no jumps."""
    rows = e.revised
    effect = (rows["number"] - rows["was"]).abs()
    least = rows["metric"].map(e.scales).astype("float64") * LARGE_EFFECT
    large = (effect > least) & (effect > LARGE * rows["was"].abs())

    def tell(row: RatioRow) -> Finding:
        much = "" if pd.isna(row.ratio) else f" by {abs(row.ratio - 1):.0%}"
        return _warning("large revision", e.cell(row), f"{_moved(row)}, revised{much}")

    large &= ~_leaps(e, rows) & ~(rows["ratio"] < 0) & ~_unfinished(rows)
    yield from _worst(e, rows[large], tell)


CHECKS: tuple[Callable[[Evidence], Iterator[Finding]], ...] = (
    _units, _gone_periods, _gone_regions, _gone_figures, _coverage, _thinner, _jumps, _jumps_in_time, _signs,
    _wordings, _many, _large,
)  # fmt: skip
"""Every check of a change, in the order of its findings."""


def _leaps(e: Evidence, rows: pd.DataFrame) -> pd.Series:
    """Tell which figures leap, the larger of the two being worth speaking of."""
    sizes = rows[["number", "was"]].abs()
    floor = rows["metric"].map(e.largest).astype("float64").fillna(0) * JUMP_FLOOR
    ratio = rows["ratio"].abs()
    return ((ratio >= JUMP) | (ratio <= 1 / JUMP)) & (sizes.max(axis=1) > floor)


Told = TypeVar("Told", bound=FigureRow)


def _worst(e: Evidence, rows: pd.DataFrame, tell: Callable[[Told], Finding]) -> list[Finding]:
    """Tell of as many rows as are shown, those that move furthest first."""
    rows = _readable(e, rows)
    with np.errstate(divide="ignore"):
        distance = np.log(rows["ratio"].abs()).abs()
    order = distance.sort_values(ascending=False, kind="stable", na_position="first").index
    first = cast("Iterator[Told]", rows.loc[order[:MOST]].itertuples())
    return _shown([tell(row) for row in first], len(rows))


def _unfinished(rows: pd.DataFrame) -> pd.Series:
    """Tell which figures were of a part of their period: of a month that was not over."""
    return rows["old_note"].str.contains(partly.observing())


def _readable(e: Evidence, rows: pd.DataFrame) -> pd.DataFrame:
    """Leave out the metrics in another unit, one error speaks for all of their cells; and counts of days."""
    return rows[~rows["metric"].isin(list(e.misread)) & (rows["unit"] != DAYS)]


def _in_merged(e: Evidence, rows: pd.DataFrame) -> np.ndarray:
    """Tell of each row whether its metric still has figures in its period."""
    left = pd.MultiIndex.from_frame(e.change.merged[PAIR].drop_duplicates())
    return np.asarray(pd.MultiIndex.from_frame(rows[PAIR]).isin(left), dtype=bool)


def _shown(findings: list[Finding], count: int = 0) -> list[Finding]:
    """Return ten findings at most, the last one telling how many more there are."""
    more = max(count, len(findings)) - MOST
    if more <= 0:
        return findings
    last = findings[MOST - 1]
    return [*findings[: MOST - 1], replace(last, message=f"{last.message}; {and_more(more)}")]


def _count(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _moved(row: RevisedRow) -> str:
    return f"{figure_text(row.old_value, '')} -> {figure_text(row.value, row.unit)}"


def _warning(check: str, where: str, found: str) -> Finding:
    return Finding(check, "warning", where, f"{found}; {ASK}")
