"""Records to regions: the specification's names become boundaries, regions and labels of a data folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from geotrack.aggregation import run, specification
from geotrack.aggregation.outcome import Aggregation
from geotrack.errors import refuse_unknown
from geotrack.geo.boundaries import Boundaries, read_file
from geotrack.map.spec import is_file
from geotrack.store.crosswalk import read_given
from geotrack.store.folder import DataFolder
from geotrack.store.levels import COUNTRY, level_of
from geotrack.usertables.labels import match_labels, with_own


def aggregate(
    path: Path | str,
    engine: Any = None,
    *,
    metrics: Sequence[str] = (),
    min_count: int | None = None,
    memory: str = "",
    data: DataFolder | Path | str | None = None,
    progress: Callable[[str], None] | None = None,
) -> Aggregation:
    """Sum records to regions; see `geotrack.aggregate`."""
    spec = run.asked(specification.read(path), min_count)
    refuse_unknown_metrics(spec, metrics)
    made = run.aggregate(spec, places(spec, DataFolder.of(data)), engine, memory=memory, progress=progress)
    return made.only(metrics) if metrics else made


def look(
    path: Path | str,
    engine: Any = None,
    *,
    min_count: int | None = None,
    memory: str = "",
    data: DataFolder | Path | str | None = None,
) -> dict[str, Any]:
    """Return what an aggregation would begin with, and sum nothing."""
    spec = run.asked(specification.read(path), min_count)
    return run.look(spec, places(spec, DataFolder.of(data)), engine, memory=memory)


def refuse_unknown_metrics(spec: specification.RecordSpec, names: Sequence[str]) -> None:
    """Refuse metrics that the specification does not name, before anything is summed."""
    for name in names:
        refuse_unknown("metric", name, [metric.name for metric in spec.metrics])


def places(spec: specification.RecordSpec, data: DataFolder) -> run.Whereabouts:
    """Return where records may lie, by what their specification names.

    Raises
    ------
    BoundaryError, ParseError, RegionError : boundaries or crosswalk cannot be used.
    """
    shapes = _shapes(spec, data)
    regions = with_own(data.regions, shapes)
    level = level_of(spec.boundaries, data.levels) or COUNTRY
    crosswalk = read_given(spec.folder / spec.crosswalk, regions) if spec.crosswalk else None
    return run.Whereabouts(
        shapes,
        {code: region.level for code, region in regions.table.items()},
        lambda labels: match_labels(labels, level, regions, shapes, crosswalk),
        partial(_tiles, shapes),
    )


def _shapes(spec: specification.RecordSpec, data: DataFolder) -> Boundaries:
    if is_file(spec.boundaries):
        return read_file(spec.folder / spec.boundaries, code=spec.code or None)
    return data.boundaries(spec.boundaries)


def _tiles(shapes: Boundaries) -> Any:
    from geotrack.geo.tiles import tiles

    return tiles(shapes)
