"""What an aggregation should be: the same in plain Python, record by record, with exact fractions."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

Point = tuple[int, int]
LIMIT = 2**50


class Record(NamedTuple):
    """A record as it is written."""

    time: datetime | None
    label: str | None
    lon: float | None
    lat: float | None
    owner: str | None
    site: int | None
    value: float | None


class Expected(NamedTuple):
    """What must come out."""

    rows: list[tuple[str, ...]]
    read: int
    duplicates: int
    placed: int
    remainder: int
    rejected: int
    disagree: int


def rounded(value: float | None, digits: int) -> int | None:
    """The integer that a number becomes; None if it is none."""
    if value is None or not math.isfinite(value) or not math.isfinite(value * 10.0**digits):
        return None
    found = round(value * 10.0**digits)
    return found if -(2**63) <= found < 2**63 else None


def region_of(
    lon: float | None, lat: float | None, regions: Mapping[str, Sequence[Point]]
) -> tuple[str, str]:
    """The region of a point, or why there is none."""
    x, y = rounded(lon, 7), rounded(lat, 7)
    if (lon is None and lat is None) or (x, y) == (0, 0):
        return "", "unstated"
    if x is None or y is None or abs(x) > 1_800_000_000 or abs(y) > 900_000_000:
        return "", "unusable"
    x = -1_800_000_000 if x == 1_800_000_000 else x
    for name, ring in regions.items():
        below = 0
        for (ax, ay), (bx, by) in (sorted(each) for each in pairwise([*ring, ring[0]])):
            below += ax <= x < bx and Fraction((by - ay) * (x - ax), bx - ax) + ay <= y
        if below % 2:
            return name, ""
    return "", "outside"


def aggregated(
    records: Iterable[Record],
    regions: Mapping[str, Sequence[Point]],
    labels: Mapping[str, str],
    months: Sequence[tuple[date, date]],
    *,
    drop: bool = True,
    least: int = 3,
    share: Fraction = Fraction(4, 5),
    interval: int = 600,
    digits: int = 3,
) -> Expected:
    """Sum records to regions: a rate of `value`, in months, by owner and site."""
    records = list(records)
    unique = list({identity(r): r for r in records}.values()) if drop else records
    cells: dict[tuple[int, str], dict[Any, int]] = defaultdict(dict)
    why, faults, tally = defaultdict(Counter), defaultdict(Counter), Counter[str]()
    for record in unique:
        month = month_of(record.time, months)
        said = labels.get(record.label or "", "?")
        there, reason = region_of(record.lon, record.lat, regions)
        if month is None or said == "-":
            tally["rejected"] += 1
            continue
        place = said if said != "?" else there
        tally["disagree"] += said != "?" and there not in {"", said}
        if not place:
            why[month]["unknown" if record.label else reason] += 1
        value = rounded(record.value, digits)
        fault = "absent" if record.value is None else "odd" if value is None or value > LIMIT else ""
        fault = fault or ("negative" if value < 0 else "")
        if fault:
            faults[month][fault] += 1
            tally["rejected"] += 1
            continue
        tally["placed" if place else "remainder"] += 1
        owners = cells[month, place]
        owners[record.owner, record.site] = owners.get((record.owner, record.site), 0) + value
    rows: list[tuple[str, ...]] = []
    for month, (start, end) in enumerate(months):
        span = start.isoformat(), end.isoformat()
        seconds = (end - start).days * 86400
        own = {place: owners for (at, place), owners in cells.items() if at == month}
        hidden, withheld = hide(own, least, share)

        def figure(total: int, seconds: int = seconds) -> str:
            whole = round(Fraction(total * interval, seconds))
            return f"{whole // 10**digits}.{whole % 10**digits:0{digits}d}" if digits else str(whole)

        for place in sorted(set(own) - hidden - {""}):
            rows.append((place, *span, figure(sum(own[place].values())), ""))
        if "" in own and "" not in hidden:
            rows.append(
                ("records-without-place", *span, figure(sum(own[""].values())), told(why[month], WHY))
            )
        if hidden:
            total = sum(sum(own[place].values()) for place in hidden)
            rows.append(("records-suppressed", *span, "" if withheld else figure(total), "*"))
        if faults[month]:
            rows.append(("records-rejected", *span, "", told(faults[month], FAULTS)))
    again = len(records) - len(unique)
    return Expected(
        rows, len(records), again, tally["placed"], tally["remainder"], tally["rejected"], tally["disagree"]
    )


WHY = {
    "unstated": "without label and point",
    "unusable": "with a point that is none",
    "outside": "with a point in no region",
    "unknown": "with a label of no region",
}
FAULTS = {
    "absent": "without a value",
    "odd": "with a value that is no finite number or too large",
    "negative": "with a value below zero",
}


def told(counts: Mapping[str, int], words: Mapping[str, str]) -> str:
    """What a note says."""
    return "records: " + ", ".join(f"{counts[name]:,} {words[name]}" for name in words if counts[name])


def identity(record: Record) -> tuple[Any, ...]:
    """What a record is told from another by: NaN is NaN, and -0.0 is 0.0."""
    return tuple(
        ("nan" if math.isnan(each) else each + 0.0) if isinstance(each, float) else each for each in record
    )


def month_of(time: datetime | None, months: Sequence[tuple[date, date]]) -> int | None:
    """The slice that a time lies in."""
    if time is None:
        return None
    day = time.astimezone(UTC).date()
    return next((at for at, (start, end) in enumerate(months) if start <= day < end), None)


def unsafe(owners: Mapping[Any, int], least: int, share: Fraction) -> bool:
    """Whether it would tell too much."""
    return len(owners) < least or max(owners.values()) > share * sum(owners.values())


def hide(own: Mapping[str, Mapping[Any, int]], least: int, share: Fraction) -> tuple[set[str], bool]:
    """The places that are hidden, and whether even their sum is."""
    gone = {place for place, owners in own.items() if unsafe(owners, least, share)}
    while gone:
        pool: Counter[Any] = Counter()
        for place in gone:
            pool.update(own[place])
        if len(gone) > 1 and not unsafe(pool, least, share):
            break
        left = [place for place in own if place not in gone]
        if not left:
            return gone, True
        gone.add(min(left, key=lambda place: (len(own[place]), sum(own[place].values()), ORDER[place])))
    return gone, False


ORDER: dict[str, int] = {"": -1}
"""Place -> its number among the boundaries' codes: what decides between two that are alike."""
