"""DataFolder: a folder of data, found once and handed down; what is read of it is read and checked once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from geotrack import files, periods
from geotrack.errors import ParseError, SpecError
from geotrack.geo.boundaries import Boundaries, read
from geotrack.model import Event, Origin, Series, Table
from geotrack.store import complement, generation, levels, reading, vintages
from geotrack.store.checks import observations, reference
from geotrack.store.checks.folder import findings_of
from geotrack.store.regions import Regions

if TYPE_CHECKING:
    import pandas as pd


Read = TypeVar("Read")


class DataFolder:
    """The series, origins, regions, events and boundaries of a folder, each read when it is first asked for.

    Whoever is handed one reads this folder and no other: nothing below `build` and `publish` looks for a
    folder by itself. It remembers what it read: of several builds in a row each asks for it as it is `now`.

    Parameters
    ----------
    path : of the folder.

    Examples
    --------
    >>> DataFolder.of(None).regions.name("CHN")
    'China'
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stamp = generation.stamp_of(path)
        self._boundaries: dict[str, Boundaries] = {}
        self._tables: dict[tuple[str, str], Table] = {}
        self._completed: dict[tuple[str, str, bool], pd.DataFrame] = {}

    def __repr__(self) -> str:
        """Say in a line what it is."""
        return f"<DataFolder {str(self.path)!r}>"

    @classmethod
    def of(cls, data: DataFolder | Path | str | None) -> DataFolder:
        """Return the folder that is given, or that is found; see `reading.data_folder` for what is raised."""
        return data if isinstance(data, DataFolder) else cls(reading.data_folder(data))

    def now(self) -> DataFolder:
        """Return the folder as it is now: this one if no file changed since it was opened, else a new one."""
        return self if generation.stands(self.path, self._stamp) else DataFolder(self.path)

    @cached_property
    def series(self) -> Mapping[str, Series]:
        """Every series, by name, in the order of the file."""
        return reading.read_series(self.path)

    @cached_property
    def origins(self) -> Mapping[str, Origin]:
        """Who published what, by id."""
        return reading.read_origins(self.path)

    @cached_property
    def regions(self) -> Regions:
        """Names, codes and aggregates."""
        return Regions.read(self.path / "reference")

    @cached_property
    def levels(self) -> levels.Levels:
        """The levels that regions may have, each with its boundaries."""
        return levels.read(self.path, self.regions)

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """The dated events of all topics, sorted by day."""
        return reading.read_events(self.path, self.regions.table.__contains__)

    def find(self, name: str) -> Series:
        """Return a series; SpecError with the names that exist, if there is none of that name."""
        if name not in self.series:
            raise SpecError(reading.unknown_series(name, self.series))
        return self.series[name]

    def boundaries(self, name: str) -> Boundaries:
        """Read shipped boundaries under the names that regions.csv gives, so that one place has one name."""
        if name not in self._boundaries:
            shapes = read(self.path / "reference" / "boundaries", name)
            table = self.regions.table
            named = zip(shapes.codes, shapes.names, strict=True)
            names = tuple(table[c].name if c in table else own for c, own in named)
            self._boundaries[name] = replace(shapes, names=names)
        return self._boundaries[name]

    def table(self, name: str, as_of: str = "") -> Table:
        """Return a series' observations, checked against what they refer to.

        Parameters
        ----------
        as_of : a day; the figures as they were known then. "" takes the newest.

        Raises
        ------
        SpecError, ParseError, ValidationError
        """
        if (name, as_of) not in self._tables:
            self._tables[name, as_of] = self._whole(lambda: self._read(self.find(name), as_of))
        return self._tables[name, as_of]

    def completed(self, name: str, lang: str = "en", *, beside: bool = False) -> pd.DataFrame:
        """Return a series' observations with what follows from them; see `complement.completed`."""
        key = name, lang, beside
        if key not in self._completed:
            self._completed[key] = complement.completed(
                self.table(name), lang, beside=self.regions if beside else None
            )
        return self._completed[key]

    def rows(self, name: str, metric: str, region: str = "", lang: str = "en") -> list[dict[str, Any]]:
        """Return a metric's figures in the order of time, of one region if it is given; see `completed`."""
        frame = self.completed(name, lang)
        wanted = frame[frame["metric"] == metric]
        wanted = wanted[wanted["region"] == region] if region else wanted
        columns = {str(column): cells.tolist() for column, cells in wanted.items()}
        rows = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
        return sorted(rows, key=itemgetter("start", "region"))

    def stored(self, name: str) -> pd.DataFrame:
        """Return a series' observations as they are written: text, to the last digit, in the file's order."""
        return reading.read_raw(reading.observations_path(self.path, name))

    def shown(self, name: str, stored: bool = False) -> pd.DataFrame:
        """Return a series' figures as text, to the last digit, after its checks.

        Parameters
        ----------
        stored : whether to leave out what follows from them; see `complement.completed`.
        """
        written = self._whole(lambda: replace(self.table(name), observations=self.stored(name)))
        return written.observations if stored else complement.completed(written, beside=self.regions)

    def history(self, name: str, region: str, period: str, metric: str = "") -> pd.DataFrame:
        """Return every value that a figure has had, the oldest first.

        Parameters
        ----------
        name : of the series.
        region : a code or a name.
        period : as people write it: "2021-07", "2020-Q1".
        metric : of the series; all of them if not given.

        Returns
        -------
        DataFrame of text in model.VINTAGE_COLUMNS; until and why are "" for the value that holds now.

        Raises
        ------
        SpecError : no such series, region, metric, or no figure there; says what there is.
        """
        return self._whole(lambda: self._history(name, region, period, metric))

    def told_history(self, name: str, region: str, period: str, metric: str = "") -> list[dict[str, str]]:
        """Return `history` as rows, each with its origin's publisher, title, url and sha256."""
        keys = ("publisher", "title", "url", "licence", "published", "retrieved", "sha256")
        rows = []
        for row in self.history(name, region, period, metric).to_dict(orient="records"):
            known = self.origins.get(str(row["origin"]))
            rows.append({str(k): str(v) for k, v in row.items()} | {k: getattr(known, k, "") for k in keys})
        return rows

    def _history(self, name: str, region: str, period: str, metric: str) -> pd.DataFrame:
        series, regions = self.find(name), self.regions
        code = region if region in regions.table else regions.resolve(region, series.level)
        if metric and metric not in {m.name for m in series.metrics}:
            names = ", ".join(m.name for m in series.metrics)
            raise SpecError(f"{name}: no metric {metric!r}; expected one of: {names}")
        raw, old = self.stored(name), reading.read_vintages(self.path, name)
        found = vintages.history(
            raw, old, _known(self.origins), code or region, periods.parse(period), metric or None
        )
        if found.empty:
            told = _there(raw, code)
            raise SpecError(f"{name}: no figure of {region!r} in {period!r}, now or before; {told}")
        return found

    def _whole(self, read: Callable[[], Read]) -> Read:
        """Read what stands in several files, all of one generation; see `generation.whole`."""
        return generation.whole(self.path, read, self._stamp, self._forget)

    def _forget(self, stamp: generation.Stamp) -> None:
        self._stamp = stamp
        for name in ("series", "origins", "regions", "levels", "events"):
            self.__dict__.pop(name, None)
        for kept in (self._boundaries, self._tables, self._completed):
            kept.clear()

    def _read(self, series: Series, as_of: str) -> Table:
        origins, regions = self.origins, self.regions
        path = reading.observations_path(self.path, series.name)
        raw, hashes = reading.read_raw(path), {path.name: files.sha256_of(path)}
        if as_of:
            raw, hashes = self._as_of(series.name, raw, as_of), hashes | self._vintage_hash(series.name)
        frame = reading.typed(raw, path)
        found = reference.level_findings(series.name, series.level, regions.levels)
        found += observations.check_raw(raw, series.name) + findings_of(series, frame, regions, origins)
        observations.raise_on_error(found)
        return Table(series, frame, origins, hashes)

    def _as_of(self, name: str, raw: pd.DataFrame, text: str) -> pd.DataFrame:
        try:
            day = periods.last_day(text)
        except ParseError as error:
            raise SpecError(f"as_of = {error}") from error
        known, replaced = _known(self.origins), reading.read_vintages(self.path, name)
        found = vintages.as_of(raw, replaced, known, day)
        if found.empty:
            days = [known[id] for id in raw["origin"].unique() if id in known]
            first = min([*days, *replaced["since"]], default="later")
            raise SpecError(
                f"as_of = {text!r}: nothing of {name} was known by {day}; its first figures are of {first}: "
                "give a later day, or leave as_of out"
            )
        return found

    def _vintage_hash(self, name: str) -> dict[str, str]:
        path = reading.vintages_path(self.path, name)
        return {f"vintages/{path.name}": files.sha256_of(path)} if path.exists() else {}


Data = DataFolder | Path | str | None
"""A folder of data that was opened already, or where it is; None: it is found."""


def _known(origins: Mapping[str, Origin]) -> dict[str, str]:
    return {id: vintages.known_on(origin) for id, origin in origins.items()}


def _there(raw: pd.DataFrame, code: str | None) -> str:
    mine = raw[raw["region"] == code]
    if mine.empty:
        return f"expected one of the regions {', '.join(sorted(raw['region'].unique())[:20])}"
    spans = sorted(set(zip(mine["start"], mine["end"], strict=True)))
    return f"{code} has figures from {periods.iso(*spans[0])} to {periods.iso(*spans[-1])}"
