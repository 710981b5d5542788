"""The evidence on a change: its figures as numbers, beside what they were and what stands next to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from geotrack import misreading
from geotrack.model import Finding, Metric, Series
from geotrack.store.revision import Change, when

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
            off = misreading.of_cells(revised, merged, added) or misreading.of_periods(old, added)
            if off:
                found[name] = self._off(name, *off)
        return found

    def _off(self, name: str, label: str, power: int, text: str) -> Finding:
        unit = self.metric(name).unit
        advice = f"it {misreading.looks_like(unit, power)}; expected {unit or 'the unit of before'}"
        message = f"{text}; {advice}: look the unit up in the source, and read the file with the right one"
        return Finding("unit jump", "error", self.where(name, label), message)

    def metric(self, name: str) -> Metric:
        """Return the metric of a name; one without a unit if the series has none."""
        return {m.name: m for m in self.series.metrics}.get(name, Metric(name, name, ""))

    def where(self, *parts: object) -> str:
        """Say where something is, the series first."""
        return ", ".join([self.series.name, *(str(part) for part in parts if part)])

    def cell(self, row: Any) -> str:
        """Say where a figure is: series, metric, period, region."""
        return self.where(row.metric, when(row.start, row.end), row.region)


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
