"""From data to a time map: the only module that knows the order of the steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from geotrack import geometry, inspection, owndata, periods, reference, store, validate, vintages
from geotrack.compose import Table, compose
from geotrack.errors import ParseError, SpecError
from geotrack.inspection import findings_of
from geotrack.model import Event, Finding, Origin, Series
from geotrack.regions import Regions
from geotrack.spec import Spec
from geotrack.timemap import TimeMap

if TYPE_CHECKING:
    import pandas as pd


def load(name: str, data: Path | str | None = None, as_of: str = "", regions: Regions | None = None) -> Table:
    """Read a series and check it; ValidationError with every finding if its data cannot be used.

    Parameters
    ----------
    as_of : a day; the figures as they were known then. "" takes the newest.
    regions : of the same folder, where they are read already.

    Raises
    ------
    SpecError, ParseError, ValidationError
    """
    folder = store.data_folder(data)
    series = store.find_series(folder, name)
    return table_of(folder, series, store.read_origins(folder), regions or regions_of(folder), as_of)


def table_of(
    folder: Path, series: Series, origins: Mapping[str, Origin], regions: Regions, as_of: str = ""
) -> Table:
    """Read a series' observations and check them against what was read before; see `load`."""
    path = store.observations_path(folder, series.name)
    raw, hashes = store.read_raw(path), {path.name: store.sha256_of(path)}
    if as_of:
        raw, hashes = (
            _as_of(folder, series.name, raw, origins, as_of),
            hashes | _vintage_hash(folder, series.name),
        )
    frame = store.typed(raw, path)
    found = reference.level_findings(series.name, series.level, regions.levels)
    found += validate.check_raw(raw, series.name) + findings_of(series, frame, regions, origins)
    validate.raise_on_error(found)
    return Table(series, frame, origins, hashes)


def history(
    name: str, region: str, period: str, metric: str = "", data: Path | str | None = None
) -> pd.DataFrame:
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
    folder = store.data_folder(data)
    series, regions = store.find_series(folder, name), regions_of(folder)
    code = region if region in regions.table else regions.resolve(region, series.level)
    if metric and metric not in {m.name for m in series.metrics}:
        names = ", ".join(m.name for m in series.metrics)
        raise SpecError(f"{name}: no metric {metric!r}; expected one of: {names}")
    raw = store.read_raw(store.observations_path(folder, name))
    old, known = store.read_vintages(folder, name), _known(store.read_origins(folder))
    found = vintages.history(raw, old, known, code or region, periods.parse(period), metric or None)
    if found.empty:
        raise SpecError(f"{name}: no figure of {region!r} in {period!r}, now or before; {_there(raw, code)}")
    return found


def told_history(
    name: str, region: str, period: str, metric: str = "", data: Path | str | None = None
) -> list[dict[str, str]]:
    """Return `history` as rows, each with its origin's publisher, title, url and sha256."""
    frame = history(name, region, period, metric, data)
    origins = store.read_origins(store.data_folder(data))
    keys = ("publisher", "title", "url", "licence", "published", "retrieved", "sha256")
    rows = []
    for row in frame.to_dict(orient="records"):
        known = origins.get(str(row["origin"]))
        rows.append({str(k): str(v) for k, v in row.items()} | {k: getattr(known, k, "") for k in keys})
    return rows


def _there(raw: pd.DataFrame, code: str | None) -> str:
    mine = raw[raw["region"] == code]
    if mine.empty:
        return f"expected one of the regions {', '.join(sorted(raw['region'].unique())[:20])}"
    spans = sorted(set(zip(mine["start"], mine["end"], strict=True)))
    return f"{code} has figures from {periods.iso(*spans[0])} to {periods.iso(*spans[-1])}"


def _known(origins: Mapping[str, Origin]) -> dict[str, str]:
    return {id: vintages.known_on(origin) for id, origin in origins.items()}


def _as_of(
    folder: Path, name: str, raw: pd.DataFrame, origins: Mapping[str, Origin], text: str
) -> pd.DataFrame:
    try:
        day = periods.last_day(text)
    except ParseError as error:
        raise SpecError(f"as_of = {error}") from error
    known, replaced = _known(origins), store.read_vintages(folder, name)
    found = vintages.as_of(raw, replaced, known, day)
    if found.empty:
        days = [known[id] for id in raw["origin"].unique() if id in known]
        first = min([*days, *replaced["since"]], default="later")
        raise SpecError(
            f"as_of = {text!r}: nothing of {name} was known by {day}; its first figures are of {first}: "
            "give a later day, or leave as_of out"
        )
    return found


def _vintage_hash(folder: Path, name: str) -> dict[str, str]:
    path = store.vintages_path(folder, name)
    return {f"vintages/{path.name}": store.sha256_of(path)} if path.exists() else {}


def written(name: str, data: Path | str | None = None) -> pd.DataFrame:
    """Return a series' observations as they are written: text, rows in the order of `load`'s."""
    return store.read_raw(store.observations_path(store.data_folder(data), name))


def check(data: Path | str | None = None, names: Sequence[str] = ()) -> list[Finding]:
    """Check the reference files and all series, or what the series named need; returns every finding.

    Raises
    ------
    SpecError : a series that is not known.
    """
    return inspection.check(store.data_folder(data), names)


def build(
    spec: Spec, id: str, data: Path | str | None = None, shapes: geometry.Boundaries | None = None
) -> TimeMap:
    """Build the time map that a specification describes.

    Parameters
    ----------
    spec : what to show.
    id : short name of the map, the stem of its files.
    data : folder of the data; found by itself if not given.
    shapes : boundaries of the user's own, instead of shipped ones.

    Raises
    ------
    GeotrackError : whatever of the specification or the data cannot be used.
    """
    folder = store.data_folder(data)
    regions = regions_of(folder)
    table = load(spec.series, folder, spec.as_of, regions)
    found = shapes or _shapes(folder, spec.boundaries or table.series.boundaries, regions)
    events = _events(spec, table.series, folder, regions)
    return compose(spec, id, table, found, regions, events=events)


def _events(spec: Spec, series: Series, folder: Path, regions: Regions) -> tuple[Event, ...]:
    """Return the dated events that belong to a series, where its map is to show any."""
    asked = bool(spec.events)
    if not asked and (spec.events is not None or not series.events):
        return ()
    known = store.read_events(folder, regions.table.__contains__)
    mine = tuple(event for event in known if event.topic == series.events)
    if asked and not mine:
        topics = ", ".join(sorted({event.topic for event in known}))
        raise SpecError(
            f"events: no event belongs to series {series.name}; leave the key out, or say in series.toml, "
            f'under [{series.name}], which do: events = "a topic of events.csv" (there: {topics})'
        )
    return mine


def build_own(
    spec: Spec,
    id: str,
    frame: pd.DataFrame,
    series: Series,
    *,
    shapes: geometry.Boundaries | None = None,
    source: Mapping[str, str] | None = None,
    data: Path | str | None = None,
) -> TimeMap:
    """Build a time map of a user's own tidy table (see `frames.tidy`), with the same checks.

    Parameters
    ----------
    frame : observations whose regions are still names or codes as the user writes them.
    series : what the table is.
    source : publisher, title, url and licence of the figures.

    Raises
    ------
    GeotrackError : regions that nothing matches, duplicates, sums above the whole, ...
    """
    folder = store.data_folder(data)
    shipped = regions_of(folder)
    found = shapes or _shapes(folder, spec.boundaries or series.boundaries, shipped)
    regions = owndata.with_own(shipped, found)
    table = owndata.user_table(frame, series, regions, found, source or {})
    validate.raise_on_error(_strict(findings_of(series, table.observations, regions, table.origins)))
    return compose(spec, id, table, found, regions, events=_named_events(spec, folder, shipped))


def _named_events(spec: Spec, folder: Path, regions: Regions) -> tuple[Event, ...]:
    """Return the events that a table of one's own can show: none belongs to it, so it names their dates."""
    if spec.events is True:
        raise SpecError(
            "events: no event belongs to a table of one's own; name the dates of those to be drawn, "
            'such as events = ["2021-05-21"], or leave the key out'
        )
    return store.read_events(folder, regions.table.__contains__) if spec.events else ()


def _strict(findings: list[Finding]) -> list[Finding]:
    """Return findings, warnings about totals as errors: of a table of one's own nobody is asked for them."""
    advice = "; then say so: missing='...', what the table does not list; or correct the total, or drop it"
    return [
        replace(f, severity="error", message=f.message + advice)
        if (f.check, f.severity) == ("totals", "warning")
        else f
        for f in findings
    ]


def regions_of(folder: Path) -> Regions:
    """Return the names, codes and aggregates of a data folder."""
    return Regions.read(folder / "reference")


def _shapes(folder: Path, name: str, regions: Regions) -> geometry.Boundaries:
    """Read shipped boundaries under the names that regions.csv gives, so that one place has one name."""
    shapes = geometry.read(folder / "reference" / "boundaries", name)
    table = regions.table
    names = zip(shapes.codes, shapes.names, strict=True)
    return replace(shapes, names=tuple(table[c].name if c in table else own for c, own in names))
