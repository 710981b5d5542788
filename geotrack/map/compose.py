"""A time map put together from data, boundaries and a specification; reads and writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from geotrack import periods
from geotrack.errors import BoundaryError, SpecError
from geotrack.geo import boundaries, projections
from geotrack.language import catalogue
from geotrack.map import join, localised
from geotrack.map.content import Content, Group, Unit
from geotrack.map.groups import LevelGround, named_groups, telling, with_lacking
from geotrack.map.layers import layer_of
from geotrack.map.otherwise import otherwise_of, pair_of, shown
from geotrack.map.sentences import placeholders, with_sentences
from geotrack.map.spec import Spec
from geotrack.map.unstated import cuts_of, with_floors
from geotrack.model import Event, Metric, Series, Slice, Table

if TYPE_CHECKING:
    import pandas as pd

    from geotrack.map.slices import Cut
    from geotrack.store.regions import Regions

OUT_OF_VIEW = ("ATA",)  # a world map opens without Antarctica, where nobody mines


def ground_of(spec: Spec, shapes: boundaries.Boundaries, regions: Regions) -> dict[str, Any]:
    """Return what a map says of its boundaries."""
    projected, projection = _project(spec, shapes)
    return {
        "boundaries": projected,
        "bounds": _view(projected),
        "projection": catalogue.term(projection, spec.lang),
        "tiles": spec.tiles,
        "disputed": {
            c: catalogue.term(n, spec.lang) for c, n in regions.disputed.items() if c in set(shapes.codes)
        },
        "territories": tuple(c for c in shapes.codes if c in regions.territories),
    }


def _project(spec: Spec, shapes: boundaries.Boundaries) -> tuple[boundaries.Boundaries, str]:
    if spec.tiles:
        return shapes, "Web Mercator: areas far from the equator look larger than they are."
    wanted = projections.crs_of(spec.projection) or shapes.info.projection
    try:
        projected = boundaries.project(shapes, wanted)
    except BoundaryError as error:
        if not spec.projection:
            raise
        raise SpecError(
            f"projection = {spec.projection!r} cannot be used; expected {', '.join(projections.NAMES)} or "
            f"anything PROJ reads: {error}"
        ) from error
    return projected, projections.said(wanted)


def _view(shapes: boundaries.Boundaries) -> tuple[float, float, float, float]:
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


def compose(
    spec: Spec,
    id: str,
    table: Table,
    shapes: boundaries.Boundaries,
    regions: Regions,
    *,
    events: tuple[Event, ...] = (),
) -> Content:
    """Put data, boundaries and specification together.

    Raises
    ------
    GeotrackError : whatever of them cannot be used; names the specification's key where one is at fault.
    """
    spec, table = _told(spec, table)
    ground = LevelGround(regions, shapes, table.series.level, catalogue.known(spec.lang))
    frame, parts = shown(table, spec, regions), pair_of(spec, table)
    cuts = cuts_of(frame, _metrics(spec, table.series, frame, regions), spec, parts, regions)
    steps = _named(cuts[0].slices, spec.lang)
    units = _units(cuts[0].units, frame, ground, table.observations["region"].unique())
    named = named_groups(spec, units, ground)
    cuts = with_lacking(with_floors(cuts, units, ground, parts), units, named, ground)
    _refuse_placeholders(spec.sentence, units, named)
    sources = _sources(cuts, table, spec)
    layers = _layers(cuts, spec, frame, units, named=named, ground=ground, sources=sources, steps=steps)
    return Content(
        id=id,
        title=_titled(spec, table),
        description=spec.description,
        series=table.series,
        units=units,
        slices=steps,
        opening=_opening(spec, steps),
        theme=spec.theme,
        lang=spec.lang,
        aggregates=ground.aggregates(),
        otherwise=otherwise_of(table, spec, regions, [c.metric for c in cuts]),
        **(sources | layers),
        **ground_of(spec, ground.localised(), regions),
        **_dated(_events(spec, events, steps), ground),
    )


def _told(spec: Spec, table: Table) -> tuple[Spec, Table]:
    """Return both in the map's language, as far as the catalogue has what they say."""
    title, description, sentence = (
        catalogue.term(text, spec.lang) for text in (spec.title, spec.description, spec.sentence)
    )
    origins = {id: localised.origin(origin, spec.lang) for id, origin in table.origins.items()}
    told = replace(table, series=localised.series(table.series, spec.lang), origins=origins)
    return replace(spec, title=title, description=description, sentence=sentence), told


def _titled(spec: Spec, table: Table) -> str:
    """Return the title; a map of what was known on a day says so wherever it is named."""
    title = spec.title or table.series.title
    if not spec.as_of:
        return title
    day = periods.last_day(spec.as_of)
    known = catalogue.period(day, periods.after(day), spec.lang)
    return catalogue.said(spec.lang, "more", "asKnown", title=title, day=known)


def _named(steps: Sequence[Slice], lang: str) -> tuple[Slice, ...]:
    """Return slices under the names that the map's language gives them."""
    return tuple(localised.step(each, lang) for each in steps)


def _refuse_placeholders(template: str, units: Sequence[Unit], groups: Sequence[Group]) -> None:
    known = ["slice", *(group.code for group in groups), *(unit.code for unit in units)]
    unknown = [name for name in placeholders(template) if name not in known]
    if unknown:
        raise SpecError(
            f"sentence: {', '.join(map(repr, unknown))} cannot be filled in; expected "
            f"{', '.join('{' + name + '}' for name in dict.fromkeys(known[:20]))}"
        )


def _sources(cuts: Sequence[Cut], table: Table, spec: Spec) -> dict[str, Any]:
    """Return what a map says of its figures: origins, notes, periods left out, parts of the whole, hashes."""
    used = {origin for c in cuts for origin in c.origins}
    return {
        "origins": tuple(origin for id, origin in table.origins.items() if id in used),
        "notes": tuple(dict.fromkeys(note for c in cuts for note in c.notes if note)),
        "dropped": tuple(dict.fromkeys(period for c in cuts for period in c.dropped)),
        "parts": pair_of(spec, table),
        "data_hashes": table.hashes,
    }


def _layers(
    cuts: Sequence[Cut],
    spec: Spec,
    frame: pd.DataFrame,
    units: tuple[Unit, ...],
    *,
    named: tuple[Group, ...],
    ground: LevelGround,
    sources: Mapping[str, Any],
    steps: Sequence[Slice],
) -> dict[str, Any]:
    """Return the map's layers and groups."""
    parts = [ground.covers(unit) for unit in units]
    tables = [origin.id for origin in sources["origins"]], sources["notes"]
    labels = [step.label for step in steps]
    made = []
    for c in cuts:
        figures = frame.loc[frame["metric"] == c.metric.name, "value"].to_numpy()
        layer = layer_of(c, spec, figures, units, parts=parts, named=named, tables=tables)
        regions = len(ground.shapes.codes)
        made.append(
            with_sentences(layer, spec.sentence, units, named, labels, regions=regions, lang=spec.lang)
        )
    layers, groups = telling(made, named)
    notes = tuple(localised.note(text, spec.lang) for text in sources["notes"])
    return {"layers": layers, "groups": groups, "notes": notes}


def _dated(events: tuple[Event, ...], ground: LevelGround) -> dict[str, Any]:
    """Return a map's events, with the names of their places."""
    known = ground.regions.table
    places = (known[e.region].name if e.region in known else e.region for e in events)
    named = zip(events, places, strict=True)
    return {
        "events": tuple(localised.event(event, ground.lang) for event in events),
        "event_places": tuple(ground.translated(e.region, place) for e, place in named),
    }


def _metrics(spec: Spec, series: Series, frame: pd.DataFrame, regions: Regions) -> tuple[Metric, ...]:
    known = {m.name: m for m in series.metrics}
    unknown = [name for name in spec.metrics if name not in known]
    if unknown:
        raise SpecError(
            f"metrics: {', '.join(map(repr, unknown))} not known in series {series.name}; "
            f"expected one of: {', '.join(known)}"
        )
    if isinstance(spec.breaks, Mapping) and set(spec.breaks) - set(known):
        odd = ", ".join(map(repr, sorted(set(spec.breaks) - set(known))))
        raise SpecError(
            f"breaks: {odd} is no metric of series {series.name}; expected some of: {', '.join(known)}"
        )
    if spec.metrics:
        return tuple(known[name] for name in dict.fromkeys(spec.metrics))
    # those that have something to draw: a company's total has no place on a map
    placed = {region for region in frame["region"].unique() if _has_place(region, regions)}
    drawn = set(frame.loc[frame["region"].isin(placed), "metric"].unique())
    return tuple(m for m in series.metrics if m.name in drawn) or tuple(series.metrics)


def _has_place(code: str, regions: Regions) -> bool:
    return code not in regions.table or regions.level(code) not in {"whole", "remainder"}


def _units(
    codes: Sequence[str], frame: pd.DataFrame, ground: LevelGround, listed: Iterable[str]
) -> tuple[Unit, ...]:
    """Return the rows; `listed` are all that the table has, those of slices that are not shown too."""
    regions, shapes = ground.regions, ground.shapes
    levels = {code: region.level for code, region in regions.table.items()}
    every = dict.fromkeys((*codes, *listed))
    members = {u: regions.members(u, shapes.codes) for u in every if u in regions.rules}
    parts = join.unlisted(_parts(ground), every, members)
    matched = join.join(codes, shapes.codes, levels, members, parts).matched
    labels = _labels(frame)
    rows = []
    for code in codes:
        places, kind = matched.get(code, ()), levels.get(code, "country")
        if kind not in {"aggregate", "remainder", "whole"}:
            # one without a shape here exists all the same: it counts in the remainder, by name
            kind = "region" if places else "remainder"
        rows.append(Unit(code, ground.name(code), str(labels.get(code, "")), kind, places))
    return tuple(rows)


def _labels(frame: pd.DataFrame) -> dict[str, str]:
    """Return the last label of each region."""
    import pandas as pd

    labelled = (frame["label"] != "").to_numpy(bool)  # a derived row has none
    told = frame if labelled.all() else frame[labelled]
    codes, regions = pd.factorize(told["region"])
    last = np.zeros(len(regions), dtype=np.intp)
    last[codes] = np.arange(len(told))
    return dict(zip(regions, told["label"].iloc[last], strict=True))


def _parts(ground: LevelGround) -> dict[str, tuple[str, ...]]:
    """Return the parts of countries that are drawn as land: a dot shows a figure of its own only.

    A user's own boundaries say themselves what belongs together.
    """
    shapes, regions = ground.shapes, ground.regions
    land = {code for code, shape in zip(shapes.codes, shapes.shapes, strict=True) if shape}
    own = {} if shapes.own else regions.parts
    return {code: tuple(part for part in parts if part in land) for code, parts in own.items()}


def _events(spec: Spec, events: tuple[Event, ...], steps: Sequence[Slice]) -> tuple[Event, ...]:
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


def _opening(spec: Spec, steps: Sequence[Slice]) -> int:
    if spec.opening in {"first", "last"}:
        return 0 if spec.opening == "first" else len(steps) - 1
    names = [s.iso for s in steps]
    if spec.opening not in names:
        raise SpecError(
            f'opening = {spec.opening!r} is no slice; expected "first", "last" or one of {", ".join(names)}'
        )
    return names.index(spec.opening)
