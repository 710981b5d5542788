"""The documents that describe a data folder: datapackage.json, and the table of series in README.md.

Nothing in either is dated by a clock: the same files give the same bytes.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from geotrack.errors import ParseError, first_few
from geotrack.files import json_of, toml_of
from geotrack.store import resources
from geotrack.store.resources import NONE, Resource, Row, spdx

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")

PACKAGE, README = Path("datapackage.json"), Path("README.md")
BEGIN, END = "<!-- series: begin -->", "<!-- series: end -->"
SERIES, ORIGINS, LOG = "reference/series.toml", "reference/origins.csv", "updates.csv"
CROSSWALKS, BOUNDARIES = "reference/crosswalk", "reference/boundaries"
HEAD = {
    "profile": "data-package",
    "name": "geotrack",
    "title": "Where Bitcoin is mined and where its machines are sold: published figures, with sources",
    "description": (
        "Figures as published, by source. Code is MIT, data keep their publishers' terms (README.md). "
        "CBECI's are CC BY-NC-SA 4.0: non-commercial, share-alike."
    ),
}
FAULTS = (OSError, ValueError, LookupError, csv.Error)
SAID = ("publisher", "title", "url", "licence", "licence_url")  # of an origin, in what describes its figures


class Seen(NamedTuple):
    """What a table of figures holds: how many rows, from when to when, of which origins."""

    rows: int
    start: str
    end: str
    origins: tuple[str, ...]


NOTHING = Seen(0, "", "", ())


def seen_of(frame: pd.DataFrame) -> Seen:
    """Return what a table of observations holds, whose cells are text."""
    if frame.empty:
        return NOTHING
    origins = tuple(sorted(frame["origin"].unique()))
    return Seen(len(frame), str(frame["start"].min()), str(frame["end"].max()), origins)


def documents(
    folder: Path, changed: Mapping[Path, bytes] | None = None, seen: Mapping[Path, Seen] | None = None
) -> dict[Path, bytes]:
    """Return datapackage.json and, if there is one with our markers, README.md, in step with the data.

    Parameters
    ----------
    folder : of the data.
    changed : files as they will be, relative to the folder. What is said of files that these do not touch
        is taken from the documents that are there. Without it, all is described anew.
    seen : what changed tables of figures hold, where that is known: a large one need not be read again.

    Returns
    -------
    dict
        Relative path -> bytes.

    Raises
    ------
    ParseError : a file that cannot be described, or figures whose origin is not listed.
    """
    now = _Folder(folder, _named(changed or {}), _named(seen or {}))
    known = NONE_KNOWN if changed is None else _known(now)
    made = {PACKAGE: _package(now, known)}
    readme = now.content(README.as_posix()).decode("utf-8") if now.has(README.as_posix()) else ""
    if readme.count(BEGIN) == readme.count(END) == 1:
        made[README] = _readme(readme, now, known)
    return made


def _named(table: Mapping[Path, T]) -> dict[str, T]:
    return {path.as_posix(): item for path, item in table.items()}


class _Folder:
    """A data folder as it will be: its files, and over them those that change."""

    def __init__(self, root: Path, changed: Mapping[str, bytes], seen: Mapping[str, Seen]) -> None:
        self.root, self.changed = root, changed
        self._seen = dict(seen)

    def has(self, name: str) -> bool:
        return name in self.changed or (self.root / name).is_file()

    def size(self, name: str) -> int:
        return len(self.changed[name]) if name in self.changed else (self.root / name).stat().st_size

    def content(self, name: str) -> bytes:
        return self.changed[name] if name in self.changed else (self.root / name).read_bytes()

    def names(self, folder: str, suffix: str) -> list[str]:
        """Return the files of a folder, sorted."""
        there = {f"{folder}/{path.name}" for path in (self.root / folder).glob(f"*{suffix}")}
        new = {n for n in self.changed if n.rpartition("/")[0] == folder and n.endswith(suffix)}
        return sorted(there | new)

    def parsed(self, name: str, read: Callable[[bytes], Any]) -> Any:
        try:
            return read(self.content(name))
        except FAULTS as error:
            raise self.fault(name, error) from error

    def fault(self, name: str, error: Exception) -> ParseError:
        reason = f"no {error}" if isinstance(error, KeyError) else error
        return ParseError(
            f"{self.root / name}: cannot be described: {reason}; run `geotrack check`, and mend the file"
        )

    @cached_property
    def series(self) -> dict[str, dict[str, Any]]:
        return dict(self.parsed(SERIES, _tables))

    @cached_property
    def origins(self) -> dict[str, Row]:
        return dict(self.parsed(ORIGINS, _said))

    def seen(self, name: str) -> Seen:
        if name not in self._seen:
            self._seen[name] = self.parsed(name, _see) if self.has(name) else NOTHING
        return self._seen[name]

    def used(self, *names: str) -> list[Row]:
        """Return the origins that tables of figures name, by id."""
        ids = sorted({id for name in names for id in self.seen(name).origins})
        unknown = [id for id in ids if id not in self.origins]
        if unknown:
            raise ParseError(
                f"{self.root / ORIGINS}: no row for {first_few(unknown, ', ')}, named in "
                f"{', '.join(names)}; no origin, no number: add the rows"
            )
        return [self.origins[id] for id in ids]


def _lines(content: bytes) -> Iterator[str]:
    return io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline="")


def _said(content: bytes) -> dict[str, Row]:
    """Read what is said of figures by the rows of origins.csv, by id."""
    rows = csv.DictReader(_lines(content))
    return {row["id"]: {key: row[key] for key in SAID} for row in rows}


def _tables(content: bytes) -> dict[str, dict[str, Any]]:
    """Read TOML's tables, by name; a key outside of any is another check's matter."""
    tables = toml_of(content)
    return {name: table for name, table in sorted(tables.items()) if isinstance(table, dict)}


def _see(content: bytes) -> Seen:
    """Read what a table of figures holds: one pass, no more than three columns of it."""
    lines = csv.reader(_lines(content))
    head = next(lines, [])
    found = Counter(map(itemgetter(*map(head.index, ("start", "end", "origin"))), filter(None, lines)))
    if not found:
        return NOTHING
    starts, ends, origins = map(set, zip(*found, strict=True))
    return Seen(found.total(), min(starts), max(ends), tuple(sorted(origins)))


class _Known(NamedTuple):
    """What datapackage.json says already, and the paths of what it can no longer be believed of."""

    head: Mapping[str, Any]
    entries: Mapping[str, Resource]
    touched: frozenset[str]


NONE_KNOWN = _Known(HEAD, {}, frozenset())


def _known(now: _Folder) -> _Known:
    before = _Folder(now.root, {}, {})
    try:
        package = json_of(before.content(PACKAGE.as_posix()))
        entries = {entry["path"]: entry for entry in package.pop("resources")}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return NONE_KNOWN
    touched = _touched(before, now)
    return _Known(package, {} if touched is None else entries, frozenset(touched or ()))


def _touched(before: _Folder, now: _Folder) -> set[str] | None:
    """Return the files that are to be described anew; None if all: an origin reads otherwise, or is gone."""
    touched = set(now.changed)
    if not before.has(ORIGINS) or not before.has(SERIES):
        return None
    if ORIGINS in touched and any(now.origins.get(id) != said for id, said in before.origins.items()):
        return None
    if SERIES in touched:
        for name in {*before.series, *now.series}:
            tables = [f.series.get(name, {}) for f in (before, now)]
            if tables[0] != tables[1]:
                touched |= {_figures(name), *(_crosswalk(table) for table in tables)}
    return touched


def _kept(now: _Folder, known: _Known, path: str, needs: Iterable[str] = ()) -> Resource | None:
    """Return what is said of a file, if nothing that it is said of changes; its size is looked at too."""
    entry = known.entries.get(path)
    fits = entry is not None and known.touched.isdisjoint((path, *needs)) and now.has(path)
    return entry if fits and entry and entry.get("bytes") == now.size(path) else None


def _package(now: _Folder, known: _Known) -> bytes:
    found = []
    for path, needs, describe in _plan(now):
        try:
            found.append(_kept(now, known, path, needs) or describe(path, now.content(path)))
        except FAULTS as error:
            raise now.fault(path, error) from error
    package = {**known.head, "resources": found}
    return (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


Plan = tuple[str, Sequence[str], Callable[[str, bytes], Resource]]
"""A file, the other files that its description draws on, and what describes it."""


def _plan(now: _Folder) -> Iterator[Plan]:
    """Return how each file there is is described, in the order of datapackage.json."""
    planned = (*_series_plan(now), *_reference_plan(now), *_boundary_plan(now))
    log: Plan = (LOG, (), resources.updates)
    return (one for one in (*planned, log) if now.has(one[0]))


def _series_plan(now: _Folder) -> Iterator[Plan]:
    for describe, folder in ((resources.observations, "observations"), (resources.vintages, "vintages")):
        for name, table in now.series.items():
            path = f"{folder}/{name}.csv"
            yield path, (_figures(name),), _of_figures(now, describe, name, table)


def _of_figures(
    now: _Folder, describe: Callable[..., Resource], name: str, table: Mapping[str, Any]
) -> Callable[[str, bytes], Resource]:
    return lambda path, content: describe(path, content, name, table, now.used(path))


def _reference_plan(now: _Folder) -> Iterator[Plan]:
    for name in resources.TABLES:
        yield f"reference/{name}.csv", (), partial(resources.reference_table, name=name)
    yield SERIES, (), resources.series_file
    users: dict[str, list[str]] = {}
    for name, table in now.series.items():
        users.setdefault(_crosswalk(table), []).append(name)
    for path in now.names(CROSSWALKS, ".csv"):
        names = users.get(path, [])
        yield path, [_figures(name) for name in names], _of_labels(now, names)


def _of_labels(now: _Folder, names: Sequence[str]) -> Callable[[str, bytes], Resource]:
    return lambda path, content: resources.crosswalk(path, content, names, now.used(*map(_figures, names)))


def _boundary_plan(now: _Folder) -> Iterator[Plan]:
    index = f"{BOUNDARIES}/boundaries.toml"
    described = now.parsed(index, _tables) if now.has(index) else {}
    for name, about in described.items():
        yield f"{BOUNDARIES}/{name}.topojson", (index,), partial(resources.boundaries, about=about)
    yield index, (), partial(resources.boundaries_file, described=described.values())


def _figures(name: str) -> str:
    return f"observations/{name}.csv"


def _crosswalk(table: Mapping[str, Any]) -> str:
    return f"{CROSSWALKS}/{table.get('crosswalk', '')}.csv"


def _readme(text: str, now: _Folder, known: _Known) -> bytes:
    """Return README.md with the table of series between its markers brought up to date."""
    before, _, rest = text.partition(BEGIN)
    old, _, after = rest.partition(END)
    lines = {line.split("`")[1]: line for line in old.splitlines() if line.startswith("| `")}
    head = ["series", "level", "metrics (unit)", "from", "to", "rows", "licence"]
    table = [_line(head), _line(["---"] * len(head))]
    for name in now.series:
        kept = lines.get(name) if _kept(now, known, _figures(name)) else None
        try:
            table.append(kept or _line(_cells(now, name)))
        except FAULTS as error:  # a metric without a name or a unit
            raise now.fault(SERIES, error) from error
    rows = "\n".join(table)
    return f"{before}{BEGIN}\n\n{rows}\n\n{END}{after}".encode()


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cells(now: _Folder, name: str) -> list[str]:
    series, seen = now.series[name], now.seen(_figures(name))
    every = series.get("metrics", ())
    metrics = ", ".join(f"`{m['name']}` ({m['unit']})" for m in every)
    if len(every) > 12:
        metrics = f"{len(every)} metrics, see reference/series.toml"
    short = {spdx(origin["licence"]) for origin in now.used(_figures(name))}
    licences = sorted(NONE if text == spdx(NONE) else text for text in short)
    level = str(series.get("level", ""))
    return [f"`{name}`", level, metrics, seen.start, seen.end, str(seen.rows), ", ".join(licences)]
