"""Checks of the reference files: series, events, origins, regions, aggregates, crosswalks, boundaries.

Everything here works on what was read, text and tables as they stand; nothing here opens a file.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from geotrack.model import Finding, Series, Severity
from geotrack.store.schema import SERIES, Row, country_first, event_faults, origin_faults, series_faults


@dataclass(frozen=True)
class Reference:
    """The reference files of a data folder, or what of them one series needs; empty what could not be read.

    Parameters
    ----------
    regions, aggregates, events, origins : the rows of the files, in their order.
    series : name to table of series.toml.
    crosswalks : name to rows, of the files there are.
    boundaries : name to table of boundaries.toml.
    hashes : name to sha256, of the .topojson files there are.
    """

    regions: Sequence[Row] = ()
    aggregates: Sequence[Row] = ()
    events: Sequence[Row] = ()
    origins: Sequence[Row] = ()
    series: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    crosswalks: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    boundaries: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def codes(self) -> frozenset[str]:
        """Return the codes of all regions."""
        return frozenset(row["code"] for row in self.regions)

    @cached_property
    def levels(self) -> frozenset[str]:
        """Return what a series' level may be: "country", and the countries whose subdivisions are listed."""
        return frozenset(
            row["code"].partition("-")[0] if row["level"] == "subdivision" else "country"
            for row in self.regions
            if row["level"] in ("country", "subdivision")
        )

    def knows(self, code: str) -> bool:
        """Return whether a code is listed; of regions that could not be read, all are."""
        return not self.regions or code in self.codes


def check_reference(held: Reference) -> list[Finding]:
    """Run every check on reference files; returns its findings, file by file, none if all is well."""
    return [finding for one in CHECKS for finding in one(held)]


def level_findings(name: str, level: object, levels: Collection[str]) -> list[Finding]:
    """Find a series whose level has no regions."""
    if level in levels or not isinstance(level, str):  # another kind of value is a fault of the table
        return []
    text = f"level {level!r} has no regions; expected one of {', '.join(sorted(levels, key=country_first))}"
    return [Finding("series", "error", f"series.toml, [{name}]", text)]


def _series(held: Reference) -> Iterator[Finding]:
    drawable = held.boundaries.keys() & held.hashes.keys()
    topics = {row["topic"] for row in held.events}
    for name, table in held.series.items():
        where = f"series.toml, [{name}]"
        yield from (Finding("series", "error", where, text) for text in series_faults(table))
        if held.regions:  # else every level would be unknown, and why is told elsewhere
            yield from level_findings(name, table.get("level"), held.levels)
        named = (
            ("boundaries", table.get("boundaries", Series.boundaries), drawable, "those of boundaries.toml"),
            ("crosswalk", table.get("crosswalk") or None, held.crosswalks, "the files of crosswalk/"),
            ("events", (held.events and table.get("events")) or None, topics, "the topics of events.csv"),
        )
        for key, value, known, place in named:
            if isinstance(value, str) and value not in known:
                text = f"{key} {value!r} is not there; expected one of {place}: {', '.join(sorted(known))}"
                yield Finding("series", "error", where, text)
        yield from _parts(held, where, table)
        yield from _given(held, where, table)


def _parts(held: Reference, where: str, table: Mapping[str, Any]) -> Iterator[Finding]:
    """Find parts of a whole that are no regions, or that no metric has a whole for."""
    parts, metrics = table.get("complement"), table.get("metrics")
    if parts is None or not SERIES["complement"][0](parts) or not isinstance(metrics, list):
        return  # told already
    for code in parts:
        if not held.knows(code):
            text = f"complement {code!r}; expected a code of regions.csv"
            yield Finding("series", "error", where, text)
    if not any(isinstance(metric, Mapping) and metric.get("whole") for metric in metrics):
        text = "complement is given, and no metric has a whole that two parts could make up; leave it out"
        yield Finding("series", "error", where, text)


def _given(held: Reference, where: str, table: Mapping[str, Any]) -> Iterator[Finding]:
    """Find readings that give figures in doubt to what is no region."""
    doubts = table.get("doubts")
    if not isinstance(doubts, list) or series_faults(table):
        return  # told already
    for code in (each["to"] for doubt in doubts for each in doubt["readings"] if each.get("to")):
        if not held.knows(code):
            yield Finding("series", "error", where, f"doubts: to {code!r}; expected a code of regions.csv")


def _origins(held: Reference) -> Iterator[Finding]:
    yield from _faults_of_rows("origins", held.origins, origin_faults)
    yield from _twice("origins", "origins.csv", "id", held.origins)


def _regions(held: Reference) -> Iterator[Finding]:
    countries = {row["code"] for row in held.regions if row["level"] == "country"}

    def faults(row: Row) -> list[str]:
        sound = row["parent"] in countries or (row["level"] != "subdivision" and not row["parent"])
        text = f"parent {row['parent']!r} of {row['code']}; expected the code of a country of this file"
        return [] if sound else [text]

    yield from _faults_of_rows("regions", held.regions, faults)
    yield from _twice("regions", "regions.csv", "code", held.regions)


def _aggregates(held: Reference) -> Iterator[Finding]:
    def faults(row: Row) -> list[str]:
        named = [row["aggregate"], *([row["member"]] if row["member"] != "*" else [])]
        lost = [code for code in named if not held.knows(code)]
        found = [f"{code!r}; expected a code of regions.csv" for code in lost]
        odd = row["rule"] not in ("include", "exclude")
        return found + ([f"rule {row['rule']!r}; expected include or exclude"] if odd else [])

    yield from _faults_of_rows("aggregates", held.aggregates, faults)


def _events(held: Reference) -> Iterator[Finding]:
    yield from _faults_of_rows("events", held.events, lambda row: event_faults(row, held.knows))


def _crosswalks(held: Reference) -> Iterator[Finding]:
    def faults(row: Row) -> list[str]:
        text = f"{row['label']!r} leads to {row['region']!r}; expected a code of regions.csv"
        return [] if held.knows(row["region"]) else [text]

    for name, rows in held.crosswalks.items():
        yield from _faults_of_rows("crosswalk", rows, faults, f"crosswalk/{name}.csv")
        yield from _twice("crosswalk", f"crosswalk/{name}.csv", "label", rows)


def _boundaries(held: Reference) -> Iterator[Finding]:
    for name, table in held.boundaries.items():
        if held.regions and table.get("level") not in held.levels:
            text = f"level {table.get('level')!r} has no regions; tables of one's own cannot name it: "
            known = ", ".join(sorted(held.levels, key=country_first))
            yield _boundary(name, f"{text}expected one of {known}", "warning")
        stated, found = table.get("sha256"), held.hashes.get(name)
        if found is None:  # a series that asks for it is an error of its own
            yield _boundary(name, "no such file, though boundaries.toml describes it", "warning")
        elif stated != found:
            text = f"its sha256 is {found}, boundaries.toml says {stated or 'none'}; "
            yield _boundary(name, text + "restore the file, or write it anew with scripts/make_boundaries.py")
    for name in sorted(held.hashes.keys() - held.boundaries.keys()):
        yield _boundary(name, f"no table [{name}] in boundaries.toml; no origin, no map: add it")


def _boundary(name: str, text: str, severity: Severity = "error") -> Finding:
    return Finding("boundaries", severity, f"boundaries/{name}.topojson", text)


def _faults_of_rows(
    check: str, rows: Iterable[Row], faults: Callable[[Row], list[str]], file: str = ""
) -> Iterator[Finding]:
    for number, row in enumerate(rows, 2):  # the header is row 1
        for text in faults(row):
            yield Finding(check, "error", f"{file or check + '.csv'}, row {number}", text)


def _twice(check: str, file: str, key: str, rows: Sequence[Row]) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for number, row in enumerate(rows, 2):
        if (other := first.setdefault(row[key], number)) != number:
            text = f"{key} {row[key]!r} stands in row {other} already; keep one"
            yield Finding(check, "error", f"{file}, row {number}", text)


CHECKS: tuple[Callable[[Reference], Iterator[Finding]], ...] = (
    _series, _origins, _regions, _aggregates, _events, _crosswalks, _boundaries,
)  # fmt: skip
"""Every check of the reference files, in the order of its findings."""
