"""One figure of a series, or a region's figures over time, by names as people write them."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import numpy as np

from geotrack import periods
from geotrack.errors import ParseError, RegionError, SpecError, first_few
from geotrack.language import catalogue, numbers
from geotrack.language.text import one_line
from geotrack.map import cells, groups, slices
from geotrack.map.unstated import apart, with_bounds, with_listed
from geotrack.measure.lines import Line
from geotrack.measure.room import Holders, room
from geotrack.model import AT_MOST, DERIVED, LOWER_BOUND, MISSING, SAID, Metric, Slice, Table
from geotrack.store import complement
from geotrack.store.folder import DataFolder
from geotrack.store.regions import Regions

if TYPE_CHECKING:
    import pandas as pd

MOST_NAMED = 40  # names listed in an error


@dataclass(frozen=True)
class QuotedFigure:
    """A number with all that is needed to print it: no origin, no number. Members are as of `Course`."""

    series: str
    metric: Metric
    code: str
    name: str
    start: str
    end: str
    value: float
    status: int
    digits: int
    origins: tuple[str, ...]
    note: str = ""
    listed: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The period, as people read it."""
        return periods.label(self.start, self.end)


@dataclass(frozen=True, eq=False)
class Course:
    """A region's or a group's figures over the slices of its series; `origins` per slice.

    Parameters
    ----------
    listed, absent : codes of a sum's members that the source lists in some slice, and in none; both empty of
        what is no sum, or of which all are listed.
    hidden : per slice what rounding may hide in the figure.
    most : per slice what one of two parts is at most that has no figure; NaN, and () of what is no such part.
    """

    line: Line
    code: str
    metric: Metric
    digits: int
    steps: tuple[Slice, ...]
    origins: tuple[tuple[str, ...], ...]
    hidden: np.ndarray
    listed: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    most: tuple[float, ...] = ()

    def cell(self, t: int) -> tuple[float, int]:
        """Return what is said of a slice: its figure, else what it is at most, with its status."""
        if self.most and not math.isnan(self.most[t]):
            return self.most[t], AT_MOST
        return float(self.line.values[t]), int(self.line.status[t])

    def place(self, period: str) -> int:
        """Return the place of a slice of which something is said; ParseError says which there are."""
        start, end = periods.parse(period)
        names = [(step.start, step.end) for step in self.steps]
        if (start, end) not in names or self.cell(names.index((start, end)))[1] == MISSING:
            given = [s.iso for t, s in enumerate(self.steps) if self.cell(t)[1] != MISSING]
            raise ParseError(
                f"no figure of {self.line.name} for {periods.label(start, end)} ({self.metric.title}); "
                f"there is one for: {_given(given) or 'no period'}"
            )
        return names.index((start, end))


class Book:
    """The figures of a data folder, those among them that follow from others. It remembers what was opened.

    Parameters
    ----------
    data : the folder. lang : of what is said of derived figures.
    """

    def __init__(self, data: DataFolder, lang: str = "en") -> None:
        self.data, self.lang = data, lang
        self.tables: dict[str, Table] = {}
        self._cuts: dict[tuple[str, str], slices.Cut] = {}
        self._codes: dict[tuple[str, str], str] = {}
        self._shown: dict[tuple[str, str], int] = {}
        self._told: dict[tuple[str, str, str], list[dict[Hashable, Any]]] = {}

    @property
    def regions(self) -> Regions:
        """Names, codes and aggregates."""
        return self.data.regions

    def table(self, series: str) -> Table:
        """Return a series, checked; SpecError says which there are."""
        self.tables[series] = self.data.table(series)
        return self.tables[series]

    def title(self, series: str) -> str:
        """Return what a series is called in the report's language, its name if it has no title."""
        return one_line(catalogue.term(self.table(series).series.title, self.lang)) or series

    def observations(self, series: str) -> pd.DataFrame:
        """Return a series' figures, the derived ones among them."""
        self.table(series)
        return self.data.completed(series, self.lang)

    def metric(self, series: str, name: str) -> Metric:
        """Return a metric of a series ("": its first); SpecError says which there are."""
        known = {metric.name: metric for metric in self.table(series).series.metrics}
        if name and name not in known:
            raise SpecError(f"series {series} has no metric {name!r}; expected one of: {', '.join(known)}")
        return known[name] if name else next(iter(known.values()))

    def cut(self, series: str, metric: str) -> slices.Cut:
        """Return a metric's table of regions × slices."""
        key = (series, metric)
        if key not in self._cuts:
            wanted = self.metric(series, metric)
            cut = slices.cut(self.observations(series), wanted, apart=apart(self.regions))
            of = self.table(series).series
            covered = [self.regions.covers(unit, of.level) for unit in cut.units]
            cut = with_bounds(cut, of.complement, self.lang)
            self._cuts[key] = with_listed(cut, covered, of.complement, self.lang)
        return self._cuts[key]

    def code(self, series: str, region: str) -> str:
        """Return the code of a region or an aggregate by its code or name.

        Raises
        ------
        RegionError : there is none; names the nearest in spelling, or the regions that the series has.
        """
        if (series, region) not in self._codes:
            self._codes[series, region] = self._code(series, region)
        return self._codes[series, region]

    def _code(self, series: str, region: str) -> str:
        table, level = self.regions.table, self.table(series).series.level
        if region in table:
            return region
        own = set(self.observations(series)["region"])
        rows = self.table(series).observations[["label", "region"]].drop_duplicates()
        labels = dict(zip(rows["label"], rows["region"], strict=True))
        found = self.regions.resolve(region, level) or labels.get(region)
        found = found or _aggregate(region, self.regions, own, series)
        for other in dict.fromkeys([*self.data.levels, *sorted(self.regions.levels)]):
            found = found or self.regions.resolve(region, other)
        if found:
            return found
        names = {table[code].name: code for code in sorted(own) if code in table}
        near = get_close_matches(region, names, n=3, cutoff=0.6)
        listed = _some([f"{name} ({code})" for name, code in names.items()])
        raise RegionError(
            f"no region {region!r} in series {series}; "
            + (f"perhaps {' or '.join(near)}? It has: {listed}" if near else f"expected one of: {listed}")
        )

    def name(self, code: str) -> str:
        """Return the name of a code."""
        return self.regions.name(code)

    def figure(self, series: str, region: str, period: str, metric: str = "") -> QuotedFigure:
        """Return one figure: the source's own, or for an aggregate that it does not state the members' sum.

        Raises
        ------
        SpecError, RegionError, ParseError : there is no such figure; says what there is.
        """
        wanted, code = self.metric(series, metric), self.code(series, region)
        start, end = periods.parse(period)
        mine = self._rows(series, code, wanted.name)
        if not mine:
            course = self.course(series, code, wanted.name)
            return self.at(course, course.place(period), series)
        stated = [row for row in mine if (row["start"], row["end"]) == (start, end)]
        if not stated:
            if self._is_told(course := self.course(series, code, wanted.name), start, end):
                return self.at(course, course.place(period), series)
            given = [periods.iso(row["start"], row["end"]) for row in mine]
            raise ParseError(
                f"no figure of {self.name(code)} for {periods.label(start, end)} in series {series} "
                f"({wanted.name}); there is one for: {_given(given)}"
            )
        [cell] = stated
        status = SAID.index(str(cell["status"]))
        used: tuple[str, ...] = (str(cell["origin"]),)
        if code in self.cut(series, wanted.name).units and not cell["label"]:  # it may follow from several
            course = self.course(series, code, wanted.name)
            used = (
                course.origins[[(step.start, step.end) for step in course.steps].index((start, end))] or used
            )
        return QuotedFigure(
            series, wanted, code, self.name(code), start, end, float(cell["value"]), status,
            self._digits(series, wanted.name), used, str(cell["note"]),
        )  # fmt: skip

    def _rows(self, series: str, code: str, metric: str) -> list[dict[Hashable, Any]]:
        """Return the rows of a region or aggregate, days as text; those that follow from others too."""
        self.table(series)
        key = series, code, metric
        if key not in self._told:
            frame = self.data.completed(series, self.lang, beside=True)
            rows = frame[(frame["region"] == code) & (frame["metric"] == metric)].to_dict(orient="records")
            self._told[key] = [
                row | {end: f"{row[end]:%Y-%m-%d}" for end in ("start", "end")} for row in rows
            ]
        return self._told[key]

    def course(self, series: str, region: str, metric: str = "") -> Course:
        """Return the figures of a region, or of an aggregate as the sum of its members, slice by slice.

        Raises
        ------
        SpecError, RegionError : no such series, metric or region, or no figure of it; says what there is. An
            aggregate of a rate has no figure but the source's own.
        """
        wanted, code = self.metric(series, metric), self.code(series, region)
        cut = self.cut(series, wanted.name)
        rows = self.rows(code, cut)
        if rows and code not in cut.units and not wanted.adds_up:
            listed = _some([f"{self.name(cut.units[u])} ({cut.units[u]})" for u in rows])
            raise SpecError(
                f"series {series} has no figure of {self.name(code)} ({wanted.name}), and a rate has no sum "
                f"that could stand for it; name one of its regions: {listed}"
            )
        if not rows:
            listed = _some([f"{self.name(unit)} ({unit})" for unit in cut.units])
            raise RegionError(
                f"series {series} has no figure of {self.name(code)} ({wanted.name}); it has: {listed}"
            )
        below = cells.signed(wanted, cut.values)
        covers = [self._covers(unit) for unit in cut.units]
        summed = groups.sums(cut.values, cut.status, covers, [rows], below=below)
        used = [
            tuple(dict.fromkeys(cut.origins[o] for o in cut.origin[rows, t] if o >= 0))
            for t in range(len(cut.slices))
        ]
        digits = self._digits(series, wanted.name)
        values = numbers.settled(summed.values[0], max(digits, numbers.USUAL), summed.status[0])
        values, status, most = _with_part(cut, code, (values, summed.status[0]))
        if code in cut.units and wanted.adds_up and not below:
            used = self._with_inside(series, code, cut, (values, status, used), most)
        hidden, others = _hidden(cut, rows, status), [u for u in range(len(cut.units)) if u not in rows]
        room_ = self._room(series, wanted, cut, rows)
        line = Line(self.name(code), values, status, room_, _rounded(cut, others))
        given = tuple(cut.units[u] for u in rows if (cut.status[u] != MISSING).any())
        absent = () if code in cut.units else self._absent(series, code, given)
        members = (given, absent) if absent else ((), ())
        return Course(line, code, wanted, digits, cut.slices, tuple(used), hidden, *members, most)

    @staticmethod
    def _is_told(course: Course, start: str, end: str) -> bool:
        return any(
            (step.start, step.end) == (start, end) and course.cell(t)[1] != MISSING
            for t, step in enumerate(course.steps)
        )

    def _with_inside(
        self,
        series: str,
        code: str,
        cut: slices.Cut,
        told: tuple[np.ndarray, np.ndarray, list[tuple[str, ...]]],
        most: tuple[float, ...],
    ) -> list[tuple[str, ...]]:
        """Say of an aggregate without a figure that it is at least what is listed of it, as its group is.

        Figures of overlapping regions are not added up: the largest bounds it.

        Parameters
        ----------
        told : values and statuses, which are changed in place, and origins per slice, which are returned.
        """
        values, status, used = told
        level = self.table(series).series.level
        parts = [self.regions.covers(unit, level) for unit in cut.units]
        inside = self._inside(cut.units, code, level)
        [other] = self._others(series, code) or [code]
        beside = self._inside(cut.units, other, level)
        row = [u for u, each in enumerate(cut.units) if each == other]
        for t in np.flatnonzero(status == MISSING).tolist():
            left = bool(most) and not math.isnan(most[t])
            given = [u for u in (beside if left else inside) if cut.status[u, t] != MISSING]
            if not given or (left and (cut.status[row, t] != MISSING).any()):
                continue
            used[t] = tuple(dict.fromkeys(cut.origins[o] for o in cut.origin[given, t] if o >= 0))
            if not left:
                listed = [(float(cut.values[u, t]), parts[u]) for u in given]
                values[t], status[t] = float(complement.at_least(listed)), LOWER_BOUND
        return used

    def _inside(self, units: Sequence[str], code: str, level: str) -> list[int]:
        """Return the places of other units all of whose regions lie in a sum."""
        within = groups.units_within(
            [self.regions.covers(unit, level) for unit in units], self.regions.covers(code, level)
        )
        return [u for u in within if units[u] != code]

    def _others(self, series: str, code: str) -> list[str]:
        """Return the other of two parts that make up the whole; none of what is no such part."""
        pair = self.table(series).series.complement
        return [part for part in pair if part != code] if code in pair else []

    def at(self, course: Course, place: int, series: str) -> QuotedFigure:
        """Return the figure of a course in one of its slices."""
        step = course.steps[place]
        return QuotedFigure(
            series, course.metric, course.code, course.line.name, step.start, step.end,
            *course.cell(place), course.digits, course.origins[place],
            listed=course.listed, absent=course.absent,
        )  # fmt: skip

    def periods(self, series: str, metric: str = "") -> list[str]:
        """Return the periods of which a series has figures, in ISO style, sorted."""
        frame = self.observations(series)
        mine = frame[frame["metric"] == self.metric(series, metric).name]
        spans = sorted(
            {(f"{a:%Y-%m-%d}", f"{b:%Y-%m-%d}") for a, b in zip(mine["start"], mine["end"], strict=True)}
        )
        return [periods.iso(*span) for span in spans]

    def _room(self, series: str, metric: Metric, cut: slices.Cut, rows: list[int]) -> np.ndarray | None:
        """What is left of the metric's whole for some units; None where it has none, or a rate."""
        if metric.whole is None or not metric.adds_up:
            return None
        levels = [self.regions.table[unit].level if unit in self.regions.table else "" for unit in cut.units]
        # "Other" and totals, which are slugs, are no rows: see `shares.is_row`
        kept = [
            u
            for u, level in enumerate(levels)
            if u in rows or not (level == "whole" or (level == "remainder" and cut.units[u].islower()))
        ]
        values, status = cut.values[kept], cut.status[kept]
        stated = np.where(status == MISSING, 0.0, values).sum(axis=0)
        rest = np.where(stated > 0, np.maximum(metric.whole - stated, 0.0), np.nan)
        codes = tuple(cut.units[u] for u in kept)
        among = Holders(
            codes,
            np.array([levels[u] in {"country", "subdivision"} for u in kept], dtype=bool),
            tuple(self.regions.covers(code, self.table(series).series.level) for code in codes),
            self.table(series).series.complement,
        )
        own = [kept.index(u) for u in rows]
        return room(own, rest, (values, status), among, metric.whole)

    def _digits(self, series: str, metric: str) -> int:
        if (series, metric) not in self._shown:
            frame = self.observations(series)
            figures = frame.loc[frame["metric"] == metric, "value"].to_numpy()
            self._shown[series, metric] = numbers.digits_of(figures)
        return self._shown[series, metric]

    def rows(self, code: str, cut: slices.Cut) -> list[int]:
        """Return the places of the units that a region, or an aggregate without a row of its own, is."""
        return [cut.units.index(code)] if code in cut.units else self._members(code, cut)

    def _members(self, code: str, cut: slices.Cut) -> list[int]:
        if code not in self.regions.rules:
            return []
        level = self.regions.members(code, [u for u in cut.units if self._covers(u)])
        return [u for u, unit in enumerate(cut.units) if unit in level]

    def _absent(self, series: str, code: str, listed: tuple[str, ...]) -> tuple[str, ...]:
        """The members of a sum that the source lists in no slice, neither themselves nor as a part of one."""
        scope = self.regions.codes(self.table(series).series.level)
        known = {part for each in listed for part in (each, *self.regions.parts.get(each, ()))}
        return tuple(each for each in self.regions.members(code, scope) if each not in known)

    def _covers(self, unit: str) -> tuple[str, ...]:
        known = self.regions.table.get(unit)
        return (unit,) if known is not None and known.level in {"country", "subdivision"} else ()


def _with_part(
    cut: slices.Cut, code: str, told: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray, tuple[float, ...]]:
    """Return a region's figures with what the other of two parts leaves, and what it is at most elsewhere."""
    values, status = told
    if cut.bounds is None or cut.bound_status is None or code not in cut.units:
        return values, status, ()
    own, at = cut.bounds[cut.units.index(code)], cut.bound_status[cut.units.index(code)] == DERIVED
    capped = cut.bound_status[cut.units.index(code)] == AT_MOST
    most = tuple(np.where(capped, own, np.nan).tolist())
    return np.where(at, own, values), np.where(at, DERIVED, status).astype(np.uint8), most


def _hidden(cut: slices.Cut, rows: list[int], status: np.ndarray) -> np.ndarray:
    """What rounding may hide in a sum of rows; a lower bound is not rounded, what is derived is as others."""
    own = _rounded(cut, rows)
    given = np.isin(status, (MISSING, LOWER_BOUND)) | (own > 0)
    return np.asarray(np.where(given, own, cut.half[rows].max(axis=0)))


def _rounded(cut: slices.Cut, rows: list[int]) -> np.ndarray:
    """Add up what rounding may hide in the figures of some rows; lower bounds are not rounded."""
    bounds = np.isin(cut.status[rows], (MISSING, LOWER_BOUND))
    return np.asarray(np.where(bounds, 0.0, cut.half[rows]).sum(axis=0))


def _aggregate(text: str, regions: Regions, own: set[str], series: str) -> str | None:
    """Return the aggregate of a name: the one that the series has rows of, or its own, or everybody's."""
    same = [a for a in regions.aggregates.values() if a.name.casefold() == text.strip().casefold()]
    order: tuple[Callable[[str, str], bool], ...] = (
        lambda code, source: code in own,
        lambda code, source: source == series,
        lambda code, source: source == "*",
    )
    for fits in order:
        for aggregate in same:
            if fits(aggregate.code, aggregate.source):
                return aggregate.code
    return None


def _given(names: list[str]) -> str:
    """Say which periods there are: all of a few, else the first and the last."""
    listed = list(dict.fromkeys(names))
    return ", ".join(listed) if len(listed) <= 12 else f"{listed[0]} to {listed[-1]}"


def _some(names: list[str]) -> str:
    return first_few(dict.fromkeys(names), ", ", most=MOST_NAMED)
