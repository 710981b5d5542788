"""From data to a time map: the only module that knows the order of the steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from geotrack.errors import SpecError, first_few
from geotrack.geo import boundaries
from geotrack.map.compose import compose
from geotrack.map.content import Content, TableReading
from geotrack.map.spec import Spec, is_file
from geotrack.model import Event, Finding, Series
from geotrack.store.checks import observations
from geotrack.store.checks.folder import findings_of
from geotrack.store.crosswalk import read_given
from geotrack.store.folder import Data, DataFolder
from geotrack.store.matching import Matched
from geotrack.timemap import TimeMap

if TYPE_CHECKING:
    from geotrack.build import own


def build(spec: Spec, id: str, data: Data = None, shapes: boundaries.Boundaries | None = None) -> TimeMap:
    """Build the time map that a specification describes.

    Parameters
    ----------
    spec : what to show.
    id : short name of the map, the stem of its files.
    data : the data, or their folder; found by itself if not given.
    shapes : boundaries of the user's own, instead of shipped ones.

    Raises
    ------
    GeotrackError : whatever of the specification or the data cannot be used.
    """
    folder, shapes = DataFolder.of(data), shapes or shapes_of(spec)
    if spec.table:
        from geotrack.build import own  # what reads tables of one's own takes long to load

        read = own.of_spec(spec, folder.regions, folder.levels, shapes)
        return build_own(spec, id, read, shapes=shapes, data=folder)
    table = folder.table(spec.series, spec.as_of)
    found = shapes or folder.boundaries(spec.boundaries or table.series.boundaries)
    events = _events(spec, table.series, folder)
    return TimeMap(compose(spec, id, table, found, folder.regions, events=events))


def shapes_of(spec: Spec) -> boundaries.Boundaries | None:
    """Return the shapes of the file that a specification names, if it names one.

    Raises
    ------
    BoundaryError : it cannot be read.
    """
    if not is_file(spec.boundaries):
        return None
    most = int(dict(spec.reading).get("most_bytes") or 0)
    return boundaries.read_file(spec.boundaries, code=spec.code or None, most=most)


def _events(spec: Spec, series: Series, folder: DataFolder) -> tuple[Event, ...]:
    """Return the dated events that belong to a series, where its map is to show any."""
    asked = bool(spec.events)
    if not asked and (spec.events is not None or not series.events):
        return ()
    mine = tuple(event for event in folder.events if event.topic == series.events)
    if asked and not mine:
        topics = ", ".join(sorted({event.topic for event in folder.events}))
        raise SpecError(
            f"events: no event belongs to series {series.name}; leave the key out, or say in series.toml, "
            f'under [{series.name}], which do: events = "a topic of events.csv" (there: {topics})'
        )
    return mine


def build_own(
    spec: Spec,
    id: str,
    read: own.OwnTable,
    *,
    shapes: boundaries.Boundaries | None = None,
    source: Mapping[str, str] | None = None,
    data: Data = None,
) -> TimeMap:
    """Build a time map of a user's own table, with the same checks.

    Parameters
    ----------
    read : the table; its regions are still names or codes as the user writes them.
    source : publisher, title, url and licence of the figures; what was said of them on reading if not given.

    Raises
    ------
    GeotrackError : regions that nothing matches, duplicates, sums above the whole, ...
    """
    from geotrack.usertables import labels

    folder = DataFolder.of(data)
    series = read.series
    brought = None if shapes or spec.boundaries else read.shapes()
    found = shapes or brought or folder.boundaries(spec.boundaries or series.boundaries)
    regions = labels.with_own(folder.regions, found)
    crosswalk = read_given(str(read.more["crosswalk"]), regions) if "crosswalk" in read.more else {}
    matched = labels.match_labels([*read.labelled["label"].unique()], series.level, regions, found, crosswalk)
    table = labels.user_table(read.observations, series, matched, source or read.columns.source)
    observations.raise_on_error(_strict(findings_of(series, table.observations, regions, table.origins)))
    made = compose(spec, id, table, found, regions, events=_named_events(spec, folder))
    return TimeMap(replace(made, reading=_told(read, matched, made)))


def _told(read: own.OwnTable, matched: Matched, made: Content) -> TableReading:
    """Say how the table was read, and what was not matched: both ways."""
    shown = {made.boundaries.codes[place] for unit in made.units for place in unit.members}
    named = [*zip(made.boundaries.codes, made.boundaries.names, strict=True)]
    lacking = tuple(name for code, name in named if code not in shown)
    mended = [name for code, name in named if code in made.boundaries.mended]
    drawn = [f"mended, as their outlines cross themselves: {first_few(mended, ', ')}"] if mended else []
    lines = (*read.lines, *drawn, *matched.lines())
    return TableReading(lines, read.used, matched.codes, lacking, tuple(matched.doubtful()))


def _named_events(spec: Spec, folder: DataFolder) -> tuple[Event, ...]:
    """Return the events that a table of one's own can show: none belongs to it, so it names their dates."""
    if spec.events is True:
        raise SpecError(
            "events: no event belongs to a table of one's own; name the dates of those to be drawn, "
            'such as events = ["2021-05-21"], or leave the key out'
        )
    return folder.events if spec.events else ()


def _strict(findings: list[Finding]) -> list[Finding]:
    """Return findings, warnings about totals as errors: of a table of one's own nobody is asked for them."""
    advice = "; then say so: --missing WORDS, what the table does not list; or correct the total, or drop it"
    return [
        replace(f, severity="error", message=f.message + advice)
        if (f.check, f.severity) == ("totals", "warning")
        else f
        for f in findings
    ]
