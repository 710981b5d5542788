"""From data to a time map: the only module that knows the order of the steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from geotrack import geometry, inspection, owndata, reference, store, validate
from geotrack.compose import Table, compose
from geotrack.inspection import findings_of
from geotrack.model import Finding, Series
from geotrack.regions import Regions
from geotrack.spec import Spec
from geotrack.timemap import TimeMap

if TYPE_CHECKING:
    import pandas as pd


def load(name: str, data: Path | str | None = None) -> Table:
    """Read a series and check it; ValidationError with every finding if its data cannot be used.

    Raises
    ------
    SpecError, ParseError, ValidationError
    """
    folder = store.data_folder(data)
    series = store.find_series(folder, name)
    path = store.observations_path(folder, name)
    raw = store.read_raw(path)
    frame, origins, regions = store.typed(raw, path), store.read_origins(folder), regions_of(folder)
    found = reference.level_findings(name, series.level, regions.levels)
    found += validate.check_raw(raw, name) + findings_of(series, frame, regions, origins)
    validate.raise_on_error(found)
    return Table(series, frame, origins, {path.name: store.sha256_of(path)})


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
    table = load(spec.series, folder)
    found = shapes or _shapes(folder, spec.boundaries or table.series.boundaries)
    regions = regions_of(folder)
    events = store.read_events(folder, regions.table.__contains__) if spec.events else ()
    return compose(spec, id, table, found, regions, events=events)


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
    found = shapes or _shapes(folder, spec.boundaries or series.boundaries)
    regions = owndata.with_own(regions_of(folder), found)
    table = owndata.user_table(frame, series, regions, found, source or {})
    validate.raise_on_error(findings_of(series, table.observations, regions, table.origins))
    # the dated events are about mining: a table of one's own shows those it asks for only
    events = store.read_events(folder, regions.table.__contains__) if isinstance(spec.events, tuple) else ()
    return compose(spec, id, table, found, regions, events=events)


def regions_of(folder: Path) -> Regions:
    """Return the names, codes and aggregates of a data folder."""
    return Regions.read(folder / "reference")


def _shapes(folder: Path, name: str) -> geometry.Boundaries:
    """Read shipped boundaries under the names that regions.csv gives, so that one place has one name."""
    shapes = geometry.read(folder / "reference" / "boundaries", name)
    table = regions_of(folder).table
    names = zip(shapes.codes, shapes.names, strict=True)
    return replace(shapes, names=tuple(table[c].name if c in table else own for c, own in names))
