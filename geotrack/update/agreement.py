"""The sources of the network's hashrate, month by month: where they disagree is said, never averaged away."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import Any

import pandas as pd

from geotrack.language.figures import decimals, verbatim, written
from geotrack.model import AT_MOST, Finding
from geotrack.store.revision import number

THRESHOLD = 0.05
"""Of the smaller figure. Daily sources count the same blocks: whole months of them lay within 2 % in 121 of
123 months, the widest 2.6 % apart (August 2015). Twice that is no chance: another unit, average or span."""

UNIT = "EH/s"

LISTED = 10
"""Months of a pair that are listed; the others are counted."""

NOT_A_SOURCE = frozenset(
    {
        ("network-hashrate", "hashrate"),  # spliced of two of the others
        ("network-hashrate", "ccaf_daily"),  # single days; two of them are dated by their month only
        ("network-hashrate", "ccaf_daily_high"),
        ("network-hashrate", "ccaf_daily_low"),
    }
)
"""Series and metrics that are no source's monthly mean."""

IN_PART = re.compile(r"\bpartial\b|\b\d+ of \d+ days\b")


@dataclass(frozen=True)
class _Month:
    """One month of a pair."""

    month: str  # "2021-07"
    first: Decimal
    second: Decimal

    @property
    def apart(self) -> Decimal:
        """Return the difference, as a part of the smaller figure."""
        return abs(self.first - self.second) / min(self.first, self.second)

    def told(self, allowed: Decimal) -> str:
        """Say the difference in % of the smaller figure; what is wider than allowed never reads as that."""
        digits = max(2, decimals(allowed))
        return written(100 * self.apart, digits=digits, least=0, unit="%", whole=float(allowed))


def disagreements(tables: Mapping[str, pd.DataFrame]) -> list[Finding]:
    """Find the months in which two sources are further apart than they should be.

    Parameters
    ----------
    tables : name of a series -> its observations, as text or typed. Whole months of the region "network" in
        EH/s are compared; one observed in part (by the metric days_observed, else by its note) is left out.

    Returns
    -------
    Warnings, pair by pair, month by month; of a pair's many months the first are listed, the others counted.
    """
    found, most = [], (100 * Decimal(str(THRESHOLD))).normalize()
    for (first, second), months in _pairs(tables).items():
        wide = [m for m in months if 100 * m.apart > most]
        for m in wide[:LISTED]:
            pair = f"{first} {verbatim(m.first, unit=UNIT)}, {second} {verbatim(m.second, unit=UNIT)}"
            found.append(_finding(m.month, f"{pair}: {m.told(most)} apart", most))
        if more := wide[LISTED:]:
            widest = max(wide, key=lambda m: m.apart)
            left = f"{len(more)} more month{'s' if len(more) > 1 else ''}"
            text = f"{first} and {second}: {left}; the widest of all is {widest.month}"
            found.append(
                _finding(f"{more[0].month} to {more[-1].month}", f"{text}, {widest.told(most)} apart", most)
            )
    return found


def _finding(where: str, text: str, most: Decimal) -> Finding:
    allowed = f"expected {verbatim(most, AT_MOST, unit='%')} of the smaller; both are kept as they are"
    return Finding("disagreement", "warning", f"network hashrate, {where}", f"{text}; {allowed}")


def _pairs(tables: Mapping[str, pd.DataFrame]) -> dict[tuple[str, str], list[_Month]]:
    sources: dict[str, dict[str, Decimal]] = {}
    for name in sorted(tables):
        sources |= _sources(name, tables[name])
    return {
        (one, other): [
            _Month(month, sources[one][month], sources[other][month])
            for month in sorted(sources[one].keys() & sources[other].keys())
        ]
        for one, other in combinations(sources, 2)
    }


def _sources(name: str, table: pd.DataFrame) -> dict[str, dict[str, Decimal]]:
    """Return the whole months of a series' sources: the series itself, or each of its metrics by name."""
    rows: list[dict[Any, Any]] = [row for row in table.to_dict("records") if row["region"] == "network"]
    days = {_span(row): _positive(row["value"]) for row in rows if row["metric"] == "days_observed"}
    found: dict[str, dict[str, Decimal]] = {}
    for row in rows:
        metric, value, (start, end) = str(row["metric"]), _positive(row["value"]), _span(row)
        if row["unit"] != UNIT or (name, metric) in NOT_A_SOURCE or value is None:
            continue
        if _is_whole(start, end, row["note"], days):
            source = name if metric == "hashrate" else f"{name}/{metric}"
            found.setdefault(source, {})[start[:7]] = value
    return dict(sorted(found.items()))


def _is_whole(start: str, end: str, note: object, days: Mapping[tuple[str, str], Decimal | None]) -> bool:
    first = date.fromisoformat(start)
    length = monthrange(first.year, first.month)[1]
    if first.day != 1 or (date.fromisoformat(end) - first).days != length:
        return False
    if days:  # the series counts its days: what is not counted was not observed
        return days.get((start, end)) == length
    return not IN_PART.search(str(note))


def _span(row: Mapping[Any, Any]) -> tuple[str, str]:
    return str(row["start"])[:10], str(row["end"])[:10]


def _positive(value: object) -> Decimal | None:
    """Return a figure that can be compared: more than nothing."""
    found = number(value)
    return found if found is not None and found > 0 else None
