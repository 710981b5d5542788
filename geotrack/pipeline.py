"""From data to a time map: the only module that knows the order of the steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from geotrack import classify, complement, geometry, groups, join, periods, slices, store, validate
from geotrack.content import Group, Layer, Unit
from geotrack.errors import SpecError
from geotrack.model import LOWER_BOUND, Event, Finding, Metric, Origin, Series
from geotrack.regions import Region, Regions, harmonise
from geotrack.spec import PROJECTIONS, Spec
from geotrack.timemap import TimeMap
from geotrack.words import ENGLISH, digits_of, fill, number, with_unit

if TYPE_CHECKING:
    import pandas as pd

OUT_OF_VIEW = ("ATA",)  # a world map opens without Antarctica, where nobody mines
MOST_GROUPS = 4  # as many as the page has colours and marker shapes for


@dataclass(frozen=True)
class Table:
    """Observations of one series with what is needed to read them."""

    series: Series
    observations: pd.DataFrame
    origins: Mapping[str, Origin]
    hashes: Mapping[str, str]


def load(name: str, data: Path | str | None = None) -> Table:
    """Read a series and check it; ValidationError with every finding if its data cannot be used.

    Raises
    ------
    SpecError, ParseError, ValidationError
    """
    folder = store.data_folder(data)
    series = store.find_series(folder, name)
    path = store.observations_path(folder, name)
    frame = store.read_observations(path)
    origins = store.read_origins(folder)
    validate.raise_on_error(findings_of(series, frame, _regions(folder / "reference"), origins))
    return Table(series, frame, origins, {path.name: store.sha256_of(path)})


def check(data: Path | str | None = None, names: Sequence[str] = ()) -> list[Finding]:
    """Check series, all of them if none is named; returns every finding and stops at none.

    Raises
    ------
    SpecError : a series that is not known.
    """
    folder = store.data_folder(data)
    regions, origins = _regions(folder / "reference"), store.read_origins(folder)
    found: list[Finding] = []
    for name in names or store.read_series(folder):
        series = store.find_series(folder, name)
        raw = store.read_raw(store.observations_path(folder, name))
        problems = validate.check_raw(raw, series.name)
        found += problems
        if not any(p.severity == "error" for p in problems):
            typed = store.typed(raw, store.observations_path(folder, name))
            found += findings_of(series, typed, regions, origins)
    return found


def findings_of(
    series: Series, frame: pd.DataFrame, regions: Regions, origins: Mapping[str, Origin]
) -> list[Finding]:
    """Run every check on a table of observations."""
    levels = {code: region.level for code, region in regions.table.items()}
    scope = _scope_codes(regions, series)
    members = {code: regions.members(code, scope) for code in regions.rules}
    return validate.check(frame, series, levels, members, origins)


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
    events = store.read_events(folder) if spec.events else ()
    return compose(spec, id, table, found, _regions(folder / "reference"), events)


def build_own(
    spec: Spec,
    id: str,
    frame: pd.DataFrame,
    series: Series,
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
    regions = _with_own(_regions(folder / "reference"), found)
    table = user_table(frame, series, regions, found, source or {})
    validate.raise_on_error(findings_of(series, table.observations, regions, table.origins))
    return compose(
        spec, id, table, found, regions, store.read_events(folder) if spec.events is not True else ()
    )


def _shapes(folder: Path, name: str) -> geometry.Boundaries:
    return geometry.read(folder / "reference" / "boundaries", name)


def _with_own(regions: Regions, shapes: geometry.Boundaries) -> Regions:
    """Make regions of a user's own boundaries known under their own codes."""
    own = {
        code: Region(code, name, "country", "", ())
        for code, name in zip(shapes.codes, shapes.names, strict=True)
        if code not in regions.table
    }
    return replace(regions, table={**regions.table, **own}) if own else regions


def compose(
    spec: Spec,
    id: str,
    table: Table,
    shapes: geometry.Boundaries,
    regions: Regions,
    events: tuple[Event, ...] = (),
) -> TimeMap:
    """Put data, boundaries and specification together; reads and writes nothing."""
    series = table.series
    metrics = _metrics(spec, series)
    frame = _within(table.observations, spec)
    cuts = slices.align([_cut(frame, metric, spec) for metric in metrics])
    units = cuts[0].units
    levels = {code: region.level for code, region in regions.table.items()}
    members = {u: regions.members(u, shapes.codes) for u in units if u in regions.rules}
    joined = join.join(units, shapes.codes, levels, members)
    rows = _units(units, joined, shapes, regions, frame)
    origins = _origins(cuts, table.origins)
    notes = _notes(cuts)
    named = _groups(spec, rows, shapes, regions, table.series)
    parts = [_part(row, shapes, regions, series) for row in rows]
    layers = tuple(
        _layer(spec, c, metric, rows, joined, named, parts, origins, notes, frame)
        for c, metric in zip(cuts, metrics, strict=True)
    )
    drawn = _events(spec, events, cuts[0].slices)
    projected, projection = _project(spec, shapes)
    shown = cuts[0].slices
    return TimeMap(
        id=id,
        title=spec.title or series.title,
        description=spec.description,
        series=series,
        boundaries=projected,
        bounds=_view(projected),
        units=rows,
        slices=shown,
        layers=layers,
        groups=named,
        events=drawn,
        event_places=tuple(regions.name(e.region) if e.region in regions.table else e.region for e in drawn),
        origins=tuple(table.origins[o] for o in origins),
        notes=tuple(notes),
        disputed={c: n for c, n in regions.disputed.items() if c in set(shapes.codes)},
        territories=tuple(c for c in shapes.codes if c in regions.territories),
        projection=projection,
        opening=_opening(spec, shown),
        tiles=spec.tiles,
        theme=spec.theme,
        data_hashes=table.hashes,
    )


@cache
def _regions(folder: Path) -> Regions:
    return Regions.read(folder)


def _scope_codes(regions: Regions, series: Series) -> tuple[str, ...]:
    return regions.codes(series.level)


def _metrics(spec: Spec, series: Series) -> tuple[Metric, ...]:
    known = {m.name: m for m in series.metrics}
    unknown = [name for name in spec.metrics if name not in known]
    if unknown:
        raise SpecError(
            f"metrics: {', '.join(map(repr, unknown))} not known in series {series.name}; "
            f"expected one of: {', '.join(known)}"
        )
    return tuple(known[name] for name in spec.metrics) or tuple(series.metrics)


def _within(frame: pd.DataFrame, spec: Spec) -> pd.DataFrame:
    """Keep the periods that lie between `since` and `until`."""
    import pandas as pd

    if spec.since:
        frame = frame[frame["start"] >= pd.Timestamp(periods.parse(spec.since)[0])]
    if spec.until:
        frame = frame[frame["end"] <= pd.Timestamp(periods.parse(spec.until)[1])]
    return frame


def _cut(frame: pd.DataFrame, metric: Metric, spec: Spec) -> slices.Cut:
    if spec.complement:
        frame = complement.derive(frame, metric, (spec.complement[0], spec.complement[1]))
    return slices.cut(frame, metric, spec.slices)


def _units(
    units: Sequence[str],
    joined: join.Join,
    shapes: geometry.Boundaries,
    regions: Regions,
    frame: pd.DataFrame,
) -> tuple[Unit, ...]:
    labels = dict(zip(frame["region"], frame["label"], strict=True))
    own = dict(zip(shapes.codes, shapes.names, strict=True))
    rows = []
    for code in units:
        level = regions.table[code].level if code in regions.table else "country"
        places = joined.matched.get(code, ())
        kind = {"aggregate": "aggregate", "remainder": "remainder", "whole": "whole"}.get(level, "region")
        if kind == "region" and not places:
            kind = "remainder"  # it exists, but has no shape here: it counts in the remainder, by name
        name = regions.name(code) if code in regions.table else own.get(code, code)
        rows.append(Unit(code, name, str(labels.get(code, "")), kind, places))
    return tuple(rows)


def _origins(cuts: Sequence[slices.Cut], known: Mapping[str, Origin]) -> list[str]:
    used = dict.fromkeys(o for c in cuts for o in c.origins)
    return [o for o in known if o in used]


def _notes(cuts: Sequence[slices.Cut]) -> list[str]:
    return list(dict.fromkeys(note for c in cuts for note in c.notes if note))


def _groups(
    spec: Spec, rows: Sequence[Unit], shapes: geometry.Boundaries, regions: Regions, series: Series
) -> tuple[Group, ...]:
    wanted = spec.groups if isinstance(spec.groups, Mapping) else dict.fromkeys(spec.groups, "")
    if not wanted:
        return ()
    known = {*regions.table, *shapes.codes}
    unknown = [code for code in wanted if code not in known]
    if unknown or len(wanted) > MOST_GROUPS:
        raise SpecError(
            f"groups: {', '.join(map(repr, unknown)) or f'{len(wanted)} of them'} not possible; expected at most "
            f"{MOST_GROUPS} codes of regions or aggregates, such as CHN or north-america"
        )
    parts = [_part(row, shapes, regions, series) for row in rows]
    place = {code: i for i, code in enumerate(shapes.codes)}
    named, taken = [], set()
    for i, (code, name) in enumerate(wanted.items()):
        codes = regions.members(code, _scope(regions, series, shapes)) if code in regions.rules else (code,)
        inside = tuple(u for u in groups.units_within(parts, codes) if u not in taken)
        taken.update(inside)
        outline = tuple(place[c] for c in codes if c in place) if spec.outline else ()
        named.append(Group(code, name or regions.name(code), f"g{i}", inside, outline))
    left = tuple(u for u, row in enumerate(rows) if row.members and u not in taken)
    if spec.rest and left:
        named.append(Group("rest", spec.rest, "rest", left))
    named.append(Group("remainder", str(ENGLISH["remainder"]), "remainder", ()))
    return tuple(named)


def _scope(regions: Regions, series: Series, shapes: geometry.Boundaries) -> tuple[str, ...]:
    """Every region of the level, drawn or not: an aggregate takes in Singapore at any scale."""
    return tuple(dict.fromkeys([*regions.codes(series.level), *shapes.codes]))


def _part(row: Unit, shapes: geometry.Boundaries, regions: Regions, series: Series) -> tuple[str, ...]:
    """Return the regions that a unit covers, for sums of groups."""
    if row.kind == "aggregate" and row.code in regions.rules:
        return regions.members(row.code, _scope(regions, series, shapes))
    return (
        (row.code,)
        if row.kind in {"region"} or (row.kind == "remainder" and _is_region(row, regions))
        else ()
    )


def _is_region(row: Unit, regions: Regions) -> bool:
    return row.code in regions.table and regions.table[row.code].level in {"country", "subdivision"}


def _layer(
    spec: Spec,
    c: slices.Cut,
    metric: Metric,
    rows: tuple[Unit, ...],
    joined: join.Join,
    named: tuple[Group, ...],
    parts: Sequence[Sequence[str]],
    origins: Sequence[str],
    notes: Sequence[str],
    frame: pd.DataFrame,
) -> Layer:
    mapped = joined.mapped
    wholes = np.array([row.kind == "whole" for row in rows])
    names = [s.label for s in c.slices]
    rest = join.remainder(
        c.values, mapped, metric.whole, metric.tolerance, wholes, status=c.status, names=names
    )
    found = classify.breaks(c.values[mapped], *_breaks(spec))
    sums = groups.sums(c.values, c.status, parts, [g.units for g in named])
    digits = _digits(frame, metric, c)
    _fill_remainder(sums, rest, named)
    layer = Layer(
        metric=metric,
        digits=digits,
        values=c.values,
        status=c.status,
        origin=_renumber(c.origin, c.origins, origins),
        note=_renumber(c.note, c.notes, notes),
        edges=found.edges,
        zero=found.zero,
        labels=found.labels(),
        light=classify.colours(found, spec.palette),
        dark=classify.colours(found, spec.palette, dark=True),
        mapped=rest.mapped,
        stated=rest.stated,
        unstated=rest.unstated,
        rounding=rest.rounding,
        groups=sums.values,
        group_status=sums.status,
        sentences=(),
        slice_notes=_slice_notes(c, notes),
    )
    return replace(
        layer,
        sentences=tuple(_sentence(spec, layer, rows, named, t, s.label) for t, s in enumerate(c.slices)),
    )


def _breaks(spec: Spec) -> tuple[Any, ...]:
    method = list(spec.breaks) if isinstance(spec.breaks, tuple) else spec.breaks
    return (method, spec.classes or None)


def _digits(frame: pd.DataFrame, metric: Metric, c: slices.Cut) -> int:
    """Decimals of the source; a mean over time may need one more."""
    own = digits_of(frame.loc[frame["metric"] == metric.name, "value"].to_numpy())
    return own if c.freq == "own" else min(digits_of(c.values), own + 1)


def _fill_remainder(sums: groups.Sums, rest: join.Remainder, named: Sequence[Group]) -> None:
    for g, group in enumerate(named):
        if group.colour == "remainder":
            sums.values[g] = rest.stated + rest.unstated
            sums.status[g] = np.where(np.isnan(rest.mapped), 0, 1)


def _renumber(places: np.ndarray, old: Sequence[str], new: Sequence[str]) -> np.ndarray:
    at = {text: i for i, text in enumerate(new)}
    table = np.array([*(at.get(text, -1) for text in old), -1], dtype=np.int32)
    return table[places]


def _slice_notes(c: slices.Cut, notes: Sequence[str]) -> tuple[tuple[tuple[int, tuple[int, ...]], ...], ...]:
    """Per slice the notes on its figures, each once, with the units that they speak of."""
    numbered = _renumber(c.note, c.notes, notes)
    return tuple(
        tuple(
            (int(n), tuple(int(u) for u in np.flatnonzero(column == n)))
            for n in np.unique(column[column >= 0])
        )
        for column in numbered.T
    )


def _sentence(
    spec: Spec, layer: Layer, rows: Sequence[Unit], named: Sequence[Group], t: int, label: str
) -> str:
    values = {row.code: _figure(layer, layer.values[u, t], layer.status[u, t]) for u, row in enumerate(rows)}
    values |= {
        g.code: _figure(layer, layer.groups[i, t], layer.group_status[i, t]) for i, g in enumerate(named)
    }
    template = spec.sentence or _default_sentence(layer, rows, named, t)
    return fill(template, {"slice": label} | values)


def _default_sentence(layer: Layer, rows: Sequence[Unit], named: Sequence[Group], t: int) -> str:
    chosen = [g for g in named if g.colour.startswith("g")]
    if chosen:
        return "{slice}: " + ", ".join(f"{g.name} {{{g.code}}}" for g in chosen)
    there = [u for u, row in enumerate(rows) if layer.status[u, t] and row.members]
    if not there:
        return "{slice}: " + str(ENGLISH["noData"])
    top = max(there, key=lambda u: (layer.values[u, t], rows[u].code))
    return f"{{slice}}: highest in {rows[top].name}, {{{rows[top].code}}}"


def _figure(layer: Layer, value: float, status: int) -> str:
    if not status:
        return str(ENGLISH["noData"])
    text = with_unit(number(float(value), min(layer.digits, 1)), layer.metric.unit)
    return fill(str(ENGLISH["atLeast"]), {"value": text}) if status == LOWER_BOUND else text


def _events(spec: Spec, events: tuple[Event, ...], steps: Sequence[Any]) -> tuple[Event, ...]:
    chosen = events
    if isinstance(spec.events, tuple):
        unknown = [day for day in spec.events if day not in {e.date for e in events}]
        if unknown:
            raise SpecError(
                f"events: no event on {', '.join(unknown)}; expected some of "
                f"{', '.join(dict.fromkeys(e.date for e in events))}"
            )
        chosen = tuple(e for e in events if e.date in spec.events)
    return tuple(e for e in chosen if steps[0].start <= e.date < steps[-1].end)


def _project(spec: Spec, shapes: geometry.Boundaries) -> tuple[geometry.Boundaries, str]:
    if spec.tiles:
        return shapes, "Web Mercator: areas far from the equator look larger than they are."
    wanted = PROJECTIONS.get(spec.projection, spec.projection) or shapes.info.projection
    projected = geometry.project(shapes, wanted)
    equal = (
        "Equal Earth projection: areas are comparable." if wanted == "EPSG:8857" else f"Projection: {wanted}."
    )
    return projected, equal


def _view(shapes: geometry.Boundaries) -> tuple[float, float, float, float]:
    """Bounds of what is drawn, without Antarctica."""
    corners = []
    for code, shape, point in zip(shapes.codes, shapes.shapes, shapes.points, strict=True):
        if code in OUT_OF_VIEW and len(shapes.codes) > 1:
            continue
        corners.append(point[None, :])
        corners += [
            shapes.arcs[ref if ref >= 0 else ~ref] for polygon in shape for ring in polygon for ref in ring
        ]
    every = np.concatenate(corners)
    (west, south), (east, north) = every.min(axis=0), every.max(axis=0)
    return float(west), float(south), float(east), float(north)


def _opening(spec: Spec, steps: Sequence[Any]) -> int:
    if spec.opening in {"first", "last"}:
        return 0 if spec.opening == "first" else len(steps) - 1
    names = [s.iso for s in steps]
    if spec.opening not in names:
        raise SpecError(
            f'opening = {spec.opening!r} is no slice; expected "first", "last" or one of {", ".join(names)}'
        )
    return names.index(spec.opening)


def user_table(
    frame: pd.DataFrame,
    series: Series,
    regions: Regions,
    shapes: geometry.Boundaries,
    source: Mapping[str, str],
) -> Table:
    """Take a user's tidy table: its labels become codes of the boundaries, all unknown ones listed at once.

    Raises
    ------
    RegionError : labels that neither the boundaries nor the registry know.
    SpecError : a key of `source` that an origin does not have.
    """
    labels = list(dict.fromkeys(frame["region"].astype(str)))
    own = {name.casefold(): code for name, code in zip(shapes.names, shapes.codes, strict=True)}
    own |= {code.casefold(): code for code in shapes.codes}
    found = {label: own[key] for label in labels if (key := label.strip().casefold()) in own}
    rest = [label for label in labels if label not in found]
    found |= harmonise(rest, regions, series.level, None) if rest else {}
    coded = frame.assign(label=frame["region"].astype(str), region=frame["region"].astype(str).map(found))
    origin = _user_origin(series, source)
    return Table(series, coded.assign(origin=origin.id), {origin.id: origin}, {})


def _user_origin(series: Series, source: Mapping[str, str]) -> Origin:
    stated = {
        "id": "user",
        "publisher": "the maker of this map (not stated further)",
        "title": series.title,
        "url": "not stated",
        "licence": "not stated",
    }
    try:
        return Origin(**(stated | dict(source)))
    except (TypeError, ValueError) as error:
        raise SpecError(
            f"source: {error}; expected publisher, title, url and licence, and perhaps licence_url, published, "
            "retrieved, note"
        ) from error
