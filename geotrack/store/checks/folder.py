"""The check of a data folder: its reference files, then every series' observations; it stops at none."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geotrack import files
from geotrack.errors import ParseError, RegionError, SpecError
from geotrack.model import VINTAGE_COLUMNS, Finding, Series
from geotrack.store import doubts, generation, reading, schema, snapshot
from geotrack.store.checks import observations, reference
from geotrack.store.checks.reference import Reference
from geotrack.store.crosswalk import CROSSWALK_COLUMNS
from geotrack.store.regions import AGGREGATE_COLUMNS, REGION_COLUMNS, Regions
from geotrack.store.tables import read_rows, read_toml

if TYPE_CHECKING:
    import pandas as pd

Read = Callable[[Path], Any]


def check(folder: Path, names: Sequence[str] = ()) -> list[Finding]:
    """Check a data folder, or of it the series named and what they need.

    Raises
    ------
    SpecError : a series that is not known.
    """
    stamp = generation.stamp_of(folder)
    return generation.whole(folder, lambda: _check(folder, names), stamp, lambda _: None)


def _check(folder: Path, names: Sequence[str]) -> list[Finding]:
    held, found = read(folder)
    found += reference.check_reference(held)
    if names and held.series:
        mine = [f"series.toml, [{name}]" for name in names] + _needs(held, folder, names)
        found = [f for f in found if any(f.where == one or f.where.startswith(f"{one},") for one in mine)]
    regions = _regions(folder, found)
    origins = {row["id"] for row in held.origins}
    known = regions if origins else None  # of origins that cannot be read, not every figure is to be told
    for name in names or held.series:
        if held.series and not schema.series_faults(held.series[name]):
            found += _observations(folder, reading.series_of(name, held.series[name]), known, origins)
            found += _vintages(folder, name, origins)
    return found if names else found + snapshot.verify(folder)


def _vintages(folder: Path, name: str, origins: Collection[str]) -> list[Finding]:
    """Check the figures that others have replaced: readable, with days, and origins that are known."""
    path = reading.vintages_path(folder, name)
    if not path.exists():
        return []
    try:
        frame = reading.read_raw(path, VINTAGE_COLUMNS)
    except ParseError as error:
        return [Finding("file", "error", f"vintages of {name}", str(error))]
    found = observations.check_raw(frame, f"vintages of {name}")
    lost = sorted(set(frame["origin"]) - set(origins)) if origins else []
    text = "is unknown; expected an id of origins.csv, no origin, no number"
    found += [Finding("unknown origin", "error", path.name, f"origin {origin!r} {text}") for origin in lost]
    days = [
        f"{row.since!r} to {row.until!r}" for row in frame.itertuples() if not _days(row.since, row.until)
    ]
    return found + [Finding("vintages", "error", path.name, f"since {span}: no ISO days") for span in days]


def _days(*texts: object) -> bool:
    return all(re.fullmatch(observations.ISO_DAY, str(text)) for text in texts)


def findings_of(
    series: Series, frame: pd.DataFrame, regions: Regions, origins: Collection[str]
) -> list[Finding]:
    """Run every check on a table of observations."""
    levels = {code: region.level for code, region in regions.table.items()}
    scope = regions.codes(series.level)
    members = {code: regions.members(code, scope) for code in regions.rules}
    return observations.check(frame, series, levels, members, origins)


def read(folder: Path) -> tuple[Reference, list[Finding]]:
    """Read the reference files as they stand, and say which of them cannot be read."""
    home = folder / "reference"
    found: list[Finding] = []

    def held(file: str, read_one: Read, empty: Any) -> Any:
        try:
            return read_one(home / file)
        except ParseError as error:
            text = str(error).removeprefix(f"{home / file}: ")
            found.append(Finding("file", "error", file, text))
            return empty

    def rows(file: str, columns: Sequence[str]) -> Any:
        return held(file, lambda path: read_rows(path, columns), [])

    crosswalks = sorted(path.stem for path in (home / "crosswalk").glob("*.csv"))
    shapes = sorted((home / "boundaries").glob("*.topojson"))
    return Reference(
        regions=rows("regions.csv", REGION_COLUMNS),
        aggregates=rows("aggregates.csv", AGGREGATE_COLUMNS),
        events=rows("events.csv", reading.EVENT_COLUMNS),
        origins=rows("origins.csv", reading.ORIGIN_COLUMNS),
        series=held("series.toml", lambda path: read_toml(path, "series"), {}),
        crosswalks={name: rows(f"crosswalk/{name}.csv", CROSSWALK_COLUMNS) for name in crosswalks},
        boundaries=held("boundaries/boundaries.toml", lambda path: read_toml(path, "boundaries"), {}),
        hashes={path.stem: files.sha256_of(path) for path in shapes},
    ), found


def _needs(held: Reference, folder: Path, names: Sequence[str]) -> list[str]:
    """Return the files, and the rows of them, that some series need."""
    unknown = [name for name in names if name not in held.series]
    if unknown:
        raise SpecError(reading.unknown_series(unknown[0], held.series))
    used: set[str] = set()
    for name in names:
        try:
            used |= set(reading.read_raw(reading.observations_path(folder, name))["origin"])
        except ParseError:
            continue  # told where the observations are checked
    rows = [f"origins.csv, row {number}" for number, row in enumerate(held.origins, 2) if row["id"] in used]
    tables = [held.series[name] for name in names]
    crosswalks = [f"crosswalk/{table.get('crosswalk')}.csv" for table in tables]
    shapes = [f"boundaries/{table.get('boundaries', Series.boundaries)}.topojson" for table in tables]
    return ["regions.csv", "aggregates.csv", "boundaries/boundaries.toml", *rows, *crosswalks, *shapes]


def _regions(folder: Path, found: list[Finding]) -> Regions | None:
    """Return the regions; None, and why, if they cannot be used."""
    try:
        return Regions.read(folder / "reference")
    except (ParseError, RegionError) as error:
        told = any(f.severity == "error" and f.where.startswith(("regions", "aggregates")) for f in found)
        if not told:
            found.append(Finding("regions", "error", "reference", str(error)))
        return None


def _observations(
    folder: Path, series: Series, regions: Regions | None, origins: Collection[str]
) -> list[Finding]:
    path = reading.observations_path(folder, series.name)
    try:
        raw = reading.read_raw(path)
        found = observations.check_raw(raw, series.name)
        if regions is None or any(finding.severity == "error" for finding in found):
            return found
        frame = reading.typed(raw, path)
        found += findings_of(series, frame, regions, origins)
        if any(finding.severity == "error" for finding in found):
            return found
        where = f"series.toml, [{series.name}]"
        idle = doubts.without_effect(frame, series, regions)
        return found + [Finding("series", "error", where, text) for text in idle]
    except ParseError as error:
        return [Finding("file", "error", series.name, str(error))]
