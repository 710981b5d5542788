"""What records are and what they become: a .toml, read and checked; all its faults are told at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

from geotrack import periods
from geotrack.errors import LINE, ParseError, SpecError
from geotrack.files import toml_of
from geotrack.kinds import Wanted, is_list, is_number, is_text, is_word, one_of

RATE, SUM, COUNT = "rate", "sum", "count"
RECORDS, CONTRIBUTORS = "records", "contributors"
DROP, KEEP = "drop", "keep"
REFUSE, REMAINDER = "refuse", "remainder"
SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
TIME_UNITS = {"s": 1, "ms": 1000, "us": 1_000_000}
MOST_DIGITS = 9
_INTERVAL = re.compile(rf"([1-9][0-9]{{0,5}}) ?({'|'.join(SECONDS)})", re.ASCII)


@dataclass(frozen=True)
class Summed:
    """A metric that records are summed to.

    Parameters
    ----------
    name, unit : of the metric in the result.
    is_ : "rate": value x interval / length of the slice; "sum"; or "count".
    column : holds the values; of a count none.
    digits : decimals that are kept; values are integers of so many from the first step on.
    interval : for how long a value of a rate holds: "10min".
    of : what a count counts: "records", or "contributors", each once for a region and slice.
    """

    name: str
    is_: str
    unit: str = ""
    column: str = ""
    digits: int = 0
    interval: str = ""
    of: str = ""

    @property
    def seconds(self) -> int:
        """Return the interval in seconds."""
        found = _INTERVAL.fullmatch(self.interval)
        return int(found[1]) * SECONDS[found[2]] if found else 0


@dataclass(frozen=True)
class Slicing:
    """Into which periods time is cut: calendar periods from one to another, both included."""

    every: str
    from_: str
    to: str

    @cached_property
    def spans(self) -> list[tuple[date, date]]:
        """Return first day and first day after it of each slice."""
        months = periods.MONTHS_IN[self.every]
        at, last = (date.fromisoformat(each) for each in (self._bounds[0], self._bounds[1]))
        found = []
        while at < last:
            year, month = divmod(at.month - 1 + months, 12)
            after = date(at.year + year, month + 1, 1)
            found.append((at, after))
            at = after
        return found

    @property
    def _bounds(self) -> tuple[str, str]:
        return periods.parse(self.from_)[0], periods.parse(self.to)[1]


@dataclass(frozen=True)
class Threshold:
    """When a region of a slice is shown: so many contributors, of whom none holds more than a share."""

    min_count: int = 5
    max_share: float = 0.8

    @property
    def share(self) -> Fraction:
        """Return the share to the letter: 0.8 is 4/5."""
        return Fraction(str(self.max_share))

    @property
    def hides(self) -> bool:
        """Return whether there is anything that would not be shown."""
        return self.min_count > 1 or self.max_share < 1


@dataclass(frozen=True)
class RecordSpec:
    """What records are, and what they become.

    Parameters
    ----------
    records : paths or globs of Parquet or CSV files, from the folder of the specification.
    table : the name of a table that the engine knows, in the place of files.
    time, timezone, time_unit : column of the time; the zone of one that states none: "UTC"; what whole
        numbers count from 1970: "s", "ms" or "us".
    label, lon, lat : columns of the place; a label goes before a point.
    boundaries : name of shipped boundaries, or a file of shapes.
    code : column of the regions' codes in that file.
    crosswalk : a CSV of labels and their regions.
    unmatched : "refuse", or "remainder": labels that no region has are no place.
    contributor : columns that tell whose record it is.
    id : more columns that tell a record from another.
    duplicates : "drop": records that are equal in all columns named here count once; or "keep".
    slices, metrics, privacy : see `Slicing`, `Summed`, `Threshold`.
    source : publisher, title, url and licence of the records.
    """

    time: str
    boundaries: str
    duplicates: str
    slices: Slicing
    metrics: tuple[Summed, ...]
    records: tuple[str, ...] = ()
    table: str = ""
    timezone: str = ""
    time_unit: str = ""
    label: str = ""
    lon: str = ""
    lat: str = ""
    code: str = ""
    crosswalk: str = ""
    unmatched: str = REFUSE
    contributor: tuple[str, ...] = ()
    id: tuple[str, ...] = ()
    privacy: Threshold = field(default_factory=Threshold)
    source: Mapping[str, str] = field(default_factory=dict)
    folder: Path = Path()

    @property
    def columns(self) -> tuple[str, ...]:
        """Return all columns that are read, each once."""
        values = [metric.column for metric in self.metrics]
        named = (self.time, self.label, self.lon, self.lat, *self.contributor, *self.id, *values)
        return tuple(dict.fromkeys(filter(None, named)))


def read(path: Path | str) -> RecordSpec:
    """Read a specification.

    Raises
    ------
    SpecError : no such file, not TOML, or keys and values that are not as they should be: lists them all.
    """
    path = Path(path)
    try:
        table = toml_of(path.read_bytes())
    except (OSError, ValueError) as error:
        raise SpecError(
            f"{path}: cannot be read as TOML: {getattr(error, 'strerror', None) or error}; "
            "expected the specification of an aggregation, see docs/aggregate.md"
        ) from error
    return check(table, str(path), path.parent)


def check(table: Mapping[str, Any], where: str, folder: Path = Path()) -> RecordSpec:
    """Check a table of keys and values; `where` is named in the error, which lists every fault."""
    faults = [*_faults(table, CHECKS, REQUIRED), *_of_parts(table)]
    faults = faults or [*_together(table)]
    if faults:
        raise SpecError(f"{where}: {len(faults)} fault(s):{LINE}{LINE.join(faults)}")
    made: dict[str, Any] = {
        key: tuple([value] if isinstance(value, str) else value) if key in _LISTED else value
        for key, value in table.items()
        if key not in _PARTS
    }
    slices = table["slices"]
    return RecordSpec(
        **made,
        slices=Slicing(slices["every"], str(slices["from"]), str(slices["to"])),
        metrics=tuple(Summed(**{_PYTHON.get(k, k): v for k, v in each.items()}) for each in table["metric"]),
        privacy=Threshold(**table.get("privacy", {})),
        source=table.get("source", {}),
        folder=folder,
    )


def _faults(
    table: Mapping[str, Any], checks: Mapping[str, Wanted], required: tuple[str, ...], where: str = ""
) -> list[str]:
    """Return what is wrong with keys and values, each with what is expected."""
    missing = [f"{where}{key} is missing; expected {checks[key][1]}" for key in required if key not in table]
    unknown = [
        f"{where}{key!r} is not known; expected one of: {', '.join(checks)}"
        for key in table
        if key not in checks
    ]
    wrong = [
        f"{where}{key} = {value!r} is not allowed; expected {checks[key][1]}"
        for key, value in table.items()
        if key in checks and not checks[key][0](value)
    ]
    return [*missing, *unknown, *wrong]


def _of_parts(table: Mapping[str, Any]) -> list[str]:
    """Return what is wrong within the tables: slices, metrics, privacy, source."""
    found: list[str] = []
    for key, (checks, required) in _PARTS.items():
        part = table.get(key)
        listed = [(f"[{key}]: ", part)] if isinstance(part, dict) else []
        if isinstance(part, list):
            listed = [(f"[[{key}]] {n}: ", each) for n, each in enumerate(part, 1) if isinstance(each, dict)]
        for where, each in listed:
            found += _faults(each, checks, required, where)
    return found


def _together(table: Mapping[str, Any]) -> list[str]:
    """Return what does not fit together, of keys that are sound one by one."""
    privacy = Threshold(**table.get("privacy", {}))
    point = [key for key in ("lon", "lat") if table.get(key)]
    names = [each["name"] for each in table["metric"]]
    rules: list[tuple[bool, str]] = [
        (
            bool(table.get("records")) == bool(table.get("table")),
            "expected records = paths of files, or table = the name of a table; one of them",
        ),
        (len(point) == 1, f"{''.join(point)} is named alone; expected lon and lat"),
        (
            not point and not table.get("label"),
            "no place is named; expected label = a column, or lon and lat, or both",
        ),
        (len(set(names)) < len(names), "two metrics have one name; expected a name for each"),
        (
            privacy.hides and not table.get("contributor"),
            "whose records they are is not said; expected contributor = columns, whose values are counted "
            "and never leave the engine; or, where nobody need be hidden, [privacy] min_count = 1, "
            "max_share = 1",
        ),
    ]
    return [
        *(told for wrong, told in rules if wrong),
        *(fault for each in table["metric"] for fault in _of_metric(each, table)),
        *_of_slices(table["slices"]),
    ]


def _of_metric(metric: Mapping[str, Any], table: Mapping[str, Any]) -> list[str]:
    name, kind, of = metric["name"], metric["is"], metric.get("of")
    needs = {RATE: ("column", "unit", "interval"), SUM: ("column", "unit"), COUNT: ("of",)}[kind]
    may = {"name", "is", "unit", "digits", *needs} - ({"digits"} if kind == COUNT else set())
    found = [f'metric "{name}": {key} is missing; a {kind} needs it' for key in needs if key not in metric]
    found += [
        f'metric "{name}": {key} says nothing of a {kind}; leave it out' for key in metric if key not in may
    ]
    if of == CONTRIBUTORS and not table.get("contributor"):
        found.append(f'metric "{name}": it counts contributors; expected contributor = columns')
    return found


def _of_slices(slices: Mapping[str, Any]) -> list[str]:
    every, found = slices["every"], []
    starts = {}
    for key, at in (("from", 0), ("to", 1)):
        try:
            starts[key] = day = periods.parse(slices[key])[at]
        except ParseError as error:
            found.append(f"[slices]: {key} = {error}")
            continue
        if not day.endswith("-01") or (int(day[5:7]) - 1) % periods.MONTHS_IN[every]:
            found.append(f"[slices]: {key} = {slices[key]!r} cuts a {every} in two; expected whole ones")
    if not found and starts["from"] >= starts["to"]:
        found.append(f"[slices]: from {slices['from']!r} is after to {slices['to']!r}")
    return found


def _words(value: object) -> bool:
    return is_word(value) or (is_list(value, is_word) and bool(value))


def _whole(least: int, most: int) -> Callable[[object], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


_NAME = (
    lambda value: isinstance(value, str) and re.fullmatch(r"[a-z][a-z0-9_]*", value) is not None,
    'a name in small letters, digits and "_", such as "hashrate"',
)
_COLUMN = (is_word, "the name of a column")
_COLUMNS = (_words, "the name of a column, or a list of them")

CHECKS: dict[str, Wanted] = {
    "records": (_words, 'a path or a glob such as "telemetry/*.parquet", or a list of them'),
    "table": (is_word, 'the name of a table that the engine knows, such as "catalog.schema.name"'),
    "time": _COLUMN,
    "timezone": (
        lambda value: value == "UTC",
        '"UTC"; another zone is refused: write the times in UTC first, or with their zone',
    ),
    "time_unit": one_of(TIME_UNITS, repr),
    "label": _COLUMN,
    "lon": _COLUMN,
    "lat": _COLUMN,
    "boundaries": (is_word, 'the name of shipped boundaries such as "countries-50m", or a file of shapes'),
    "code": (is_word, "the column of the codes in that file"),
    "crosswalk": (is_word, "the path of a CSV with the columns label and region"),
    "unmatched": one_of((REFUSE, REMAINDER), repr),
    "contributor": _COLUMNS,
    "id": _COLUMNS,
    "duplicates": (
        lambda value: value in (DROP, KEEP),
        '"drop" (records that are equal in all columns named here count once) or "keep"',
    ),
    "slices": (lambda value: isinstance(value, dict), "a table: { every, from, to }"),
    "metric": (
        lambda value: isinstance(value, list) and bool(value) and all(isinstance(x, dict) for x in value),
        "at least one [[metric]]",
    ),
    "privacy": (lambda value: isinstance(value, dict), "a table: min_count, max_share"),
    "source": (lambda value: isinstance(value, dict), "a table: publisher, title, url, licence"),
}
REQUIRED = ("time", "boundaries", "duplicates", "slices", "metric")
_LISTED = ("records", "contributor", "id")
_PYTHON = {"is": "is_"}
_PERIOD = (lambda value: isinstance(value, str | int), 'a period such as "2021-01"')
_PARTS: dict[str, tuple[dict[str, Wanted], tuple[str, ...]]] = {
    "slices": (
        {"every": one_of(periods.MONTHS_IN, repr), "from": _PERIOD, "to": _PERIOD},
        ("every", "from", "to"),
    ),
    "metric": (
        {
            "name": _NAME,
            "is": one_of((RATE, SUM, COUNT), repr),
            "unit": (is_text, 'text such as "TH/s"'),
            "column": _COLUMN,
            "digits": (_whole(0, MOST_DIGITS), f"a whole number from 0 to {MOST_DIGITS}"),
            "interval": (
                lambda value: isinstance(value, str) and _INTERVAL.fullmatch(value) is not None,
                f'a length of time such as "10min", in one of {", ".join(SECONDS)}',
            ),
            "of": one_of((RECORDS, CONTRIBUTORS), repr),
        },
        ("name", "is"),
    ),
    "privacy": (
        {
            "min_count": (_whole(1, 10**6), "a whole number from 1 on"),
            "max_share": (lambda x: is_number(x) and 0 < x <= 1, "a number above 0, at most 1"),
        },
        (),
    ),
    "source": (dict.fromkeys(("publisher", "title", "url", "licence", "published"), (is_text, "text")), ()),
}
