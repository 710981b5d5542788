"""One aggregation from its specification to its result: look, match labels, sum, hide, count."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from geotrack import files, version
from geotrack.aggregation import expression, labels, outcome, recordfiles, suppression
from geotrack.aggregation.engines import Engine, Progress, connected, told
from geotrack.aggregation.recordfiles import (
    DAY,
    DECIMAL,
    FLOAT,
    INSTANT,
    INT,
    MOMENT,
    TEXT,
    Files,
    decimals,
    plain,
)
from geotrack.aggregation.specification import RECORDS, SUM, RecordSpec, Summed
from geotrack.errors import LINE, ParseError, SpecError, first_few

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from geotrack.geo.boundaries import Boundaries
    from geotrack.geo.tiles import Tiles

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Whereabouts:
    """Where records may lie.

    Parameters
    ----------
    shapes : the boundaries.
    levels : code -> level of all regions there are.
    matching : finds the regions of labels.
    tiles : makes the boundaries' tiles; asked only where records have points.
    """

    shapes: Boundaries
    levels: Mapping[str, str]
    matching: labels.Matching
    tiles: Callable[[], Tiles]


class Run:
    """An aggregation on an engine that is connected to."""

    def __init__(self, spec: RecordSpec, places: Whereabouts, engine: Engine, found: Files) -> None:
        self.spec, self.places, self.engine, self.found = spec, places, engine, found
        self.records = engine.table(spec.table) if spec.table else engine.records(found)
        self.kinds = dict(found.kinds) or dict(engine.kinds(self.records, spec.columns))
        refuse_kinds(self.kinds, spec)
        self.codes: list[str] = []
        self.lines: list[str] = []
        self.lost: tuple[str, ...] = ()

    def look(self) -> dict[str, Any]:
        """Return what is known before the sums: files, columns, how labels are read, how many rows."""
        self._labels()
        return {
            "engine": self.engine.name,
            "files": len(self.found.paths),
            "bytes": self.found.size,
            "columns": {name: plain(kind) for name, kind in self.kinds.items()},
            "labels": self.lines,
            "unmatched": list(self.lost),
            "rows": self._read(),
            "slices": len(self.spec.slices.spans),
        }

    def made(self, progress: Progress | None = None) -> outcome.Aggregation:
        """Sum the records."""
        spec, engine = self.spec, self.engine
        small = self._small()
        with engine.watched(progress):
            groups = engine.keep(expression.by_contributor(self.records, spec, self.kinds, small))
            rows = engine.fetch(expression.by_place(groups, spec))
        counted = outcome.Counted(rows, self._read())
        quality = outcome.balanced(counted, spec)
        held = suppression.of_rows(
            (row for row in rows if row["slice"] >= 0 and row["place"] != expression.LEFT_OUT), spec
        )
        shown = outcome.Published(
            held, *suppression.hidden(held, spec, lambda cells: self._pool(groups, cells))
        )
        outcome.kept_whole(counted, shown, spec)
        quality["hidden"] = len(shown.hidden)
        table = outcome.table(counted, shown, spec, self.codes)
        ways = {metric.name: _over_time(metric) for metric in spec.metrics}
        return outcome.Aggregation(
            table, quality, self._origin(), (*self._warnings(quality),), self.found.paths, ways
        )

    def _read(self) -> int:
        return int(self.engine.fetch(self.records.aggregate(rows=self.records.count()))[0]["rows"])

    def _labels(self) -> dict[str, int] | None:
        """Return the place of every label, and keep how they were read; None where there are none."""
        spec = self.spec
        self.codes = list(self.places.shapes.codes)
        if not spec.label:
            return None
        text = self.records[spec.label].cast("string").nullif("")
        distinct = self.records.select(label=text).distinct().limit(labels.MOST + 1)
        found = [str(row["label"]) for row in self.engine.fetch(distinct) if row["label"] is not None]
        matched, self.lost = labels.read(found, spec, self.places.matching)
        self.lines = matched.lines()
        return labels.placed(matched, self.lost, self.codes, self.places.levels)

    def _small(self) -> expression.Small:
        import pyarrow as pa

        bring, placed = self.engine.small, self._labels()
        days = [
            (day, at)
            for at, (start, end) in enumerate(self.spec.slices.spans)
            for day in range((start - _EPOCH).days, (end - _EPOCH).days)
        ]
        numbers = pa.array([day for day, _ in days], pa.int64())
        table = {
            "day": numbers.cast(pa.int32()).cast(pa.date32()),
            "number": numbers,
            "slice": pa.array([at for _, at in days], pa.int64()),
        }
        named = None
        if placed is not None:
            regions = pa.array(list(placed.values()), pa.int64())
            named = bring(
                "labels", pa.table({"label": pa.array(list(placed), pa.string()), "region": regions})
            )
        tiles = bring("tiles", pa.table(self._tiles())) if self.spec.lon else None
        return expression.Small(bring("days", pa.table(table)), named, tiles)

    def _tiles(self) -> dict[str, Any]:
        """Return the tiles' columns, their regions as places: numbers in `codes`."""
        import numpy as np

        tiles = self.places.tiles()
        place = np.array([self.codes.index(code) for code in tiles.names], dtype=np.int64)
        columns = dict(tiles.table())
        return columns | {"region": place[columns["region"]]}

    def _pool(self, groups: ir.Table, cells: set[suppression.Cell]) -> suppression.Groups:
        import pyarrow as pa

        listed = sorted(cells)
        columns = {name: [cell[at] for cell in listed] for at, name in enumerate(("slice", "place"))}
        hidden = self.engine.small(
            "hidden", pa.table({k: pa.array(v, pa.int64()) for k, v in columns.items()})
        )
        rows = self.engine.fetch(expression.of_pool(groups, hidden, self.spec))
        return suppression.of_rows(rows, self.spec, place=0)

    def _origin(self) -> dict[str, Any]:
        spec, info = self.spec, self.places.shapes.info
        return {
            **{
                key: spec.source.get(key, "") for key in ("publisher", "title", "url", "licence", "published")
            },
            "records": [spec.table] if spec.table else list(spec.records),
            "files": len(self.found.paths),
            "bytes": self.found.size,
            "boundaries": {"name": info.name, "sha256": info.sha256},
            "crosswalk": files.sha256_of(spec.folder / spec.crosswalk) if spec.crosswalk else "",
            "labels": self.lines,
            "geotrack": version.version(),
        }

    def _warnings(self, quality: Mapping[str, Any]) -> list[str]:
        told = []
        if quality["disagree"]:
            told.append(
                f"{quality['disagree']:,} records have a label and a point in another region: the "
                "label counts"
            )
        for name, each in quality["metrics"].items():
            if not each["placed"] and quality["rows_read"]:
                why = {**quality["why_without_place"], **each["why_rejected"]}
                reasons = ", ".join(f"{count:,} {reason}" for reason, count in why.items() if count)
                told.append(f"{name}: nothing has a place: {reasons.replace('_', ' ') or 'nothing is left'}")
        if self.lost:
            told.append(f"labels of no region: {first_few(map(repr, self.lost), ', ')}")
        if self.found.remote:
            told.append(
                "the files could not be listed from here: an empty one, or one without a column, is not seen"
            )
        return told


def aggregate(
    spec: RecordSpec,
    places: Whereabouts,
    engine: Any = None,
    *,
    memory: str = "",
    progress: Progress | None = None,
) -> outcome.Aggregation:
    """Sum records to regions.

    Raises
    ------
    GeotrackError : records, boundaries or the engine cannot be used, or rows are lost on the way.
    """
    with _running(spec, places, engine, memory) as run:
        return run.made(progress)


def look(spec: RecordSpec, places: Whereabouts, engine: Any = None, *, memory: str = "") -> dict[str, Any]:
    """Return what a run would begin with, and sum nothing."""
    with _running(spec, places, engine, memory) as run:
        return run.look()


class _running:
    """A run with all that is looked at before it: faults of files are told before an engine starts."""

    def __init__(self, spec: RecordSpec, places: Whereabouts, engine: Any, memory: str) -> None:
        self.spec, self.places, self.engine, self.memory = spec, places, engine, memory
        self.stack = ExitStack()

    def __enter__(self) -> Run:
        """Look at the files, connect, and look at their columns."""
        spec = self.spec
        found = Files((), "", {})
        if spec.records:
            found = recordfiles.find(spec.records, spec.folder, spec.columns)
            if found.kinds:
                refuse_kinds(found.kinds, spec)
        with ExitStack() as stack:
            engine = stack.enter_context(connected(self.engine, self.memory))
            stack.enter_context(told(found))
            run = Run(spec, self.places, engine, found)
            self.stack = stack.pop_all()
        return run

    def __exit__(self, *error: Any) -> None:
        """Let go of the engine."""
        self.stack.__exit__(*error)


def refuse_kinds(kinds: Mapping[str, str], spec: RecordSpec) -> None:
    """Refuse columns that hold what cannot be used: all of them.

    Raises
    ------
    ParseError : says which, what they hold and what is expected.
    SpecError : the zone of times, or the unit of whole numbers, is not said.
    """
    numbers = {FLOAT, INT, DECIMAL, TEXT} if spec.records and _texts(kinds) else {FLOAT, INT, DECIMAL}
    wanted = {spec.time: {MOMENT, INSTANT, DAY, TEXT, INT}}
    wanted |= {metric.column: numbers for metric in spec.metrics if metric.column}
    wanted |= {name: numbers for name in (spec.lon, spec.lat) if name}
    wanted |= {name: {TEXT, INT} for name in (spec.label, *spec.contributor) if name}
    wrong = []
    for name, allowed in wanted.items():
        kind = plain(kinds[name])
        if (DECIMAL if kind.startswith(DECIMAL) else kind) not in allowed:
            wrong.append(f"column {name!r} holds {kinds[name]}; expected {' or '.join(sorted(allowed))}")
    digits = {metric.column: metric.digits for metric in spec.metrics}
    for name, kind in kinds.items():
        if name in digits and (scale := decimals(kind)) is not None and scale > digits[name]:
            wrong.append(f"column {name!r} holds {kind}; expected digits = {scale} or more of its metric")
    if wrong:
        raise ParseError(f"records:{LINE}{LINE.join(wrong)}")
    if plain(kinds[spec.time]) in (MOMENT, TEXT) and not spec.timezone:
        raise SpecError(
            f"timezone is missing: column {spec.time!r} holds {kinds[spec.time]}; expected "
            'timezone = "UTC", or '
            "times with their zone"
        )
    if (plain(kinds[spec.time]) == INT) != bool(spec.time_unit):
        raise SpecError(
            f"time_unit: column {spec.time!r} holds {kinds[spec.time]}; expected it of whole "
            "numbers, and of them "
            'only: "s", "ms" or "us"'
        )


def _over_time(metric: Summed) -> str:
    """Return how a metric's slices combine in a longer one; contributors have no sum: most report in each."""
    return "sum" if metric.is_ == SUM or metric.of == RECORDS else "mean"


def _texts(kinds: Mapping[str, str]) -> bool:
    """Tell a CSV, whose cells are all text."""
    return all(kind == TEXT for kind in kinds.values())


def asked(spec: RecordSpec, min_count: int | None) -> RecordSpec:
    """Return the specification with another least number of contributors, if one is given."""
    if min_count is None:
        return spec
    if min_count < 1:
        raise SpecError(f"--min-count {min_count}: expected 1 or more")
    if min_count > 1 and not spec.contributor:
        raise SpecError(
            f"--min-count {min_count}: whose records they are is not said; expected contributor = columns"
        )
    return replace(spec, privacy=replace(spec.privacy, min_count=min_count))
