"""A map with all that its specification asks for: of a shift the modes, and what other sources say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from geotrack import periods
from geotrack.build import maps
from geotrack.errors import SpecError
from geotrack.language import catalogue
from geotrack.map.content import Beside, Content, MachineMove, RevenuePanel, TextTable
from geotrack.map.spec import Spec
from geotrack.measure import page_modes
from geotrack.measure.compare import questions
from geotrack.measure.compare.comparison import Comparison, Section, say
from geotrack.measure.compare.disagreement import SourceFigure
from geotrack.measure.compare.leadlag import Lag, Span
from geotrack.measure.compare.machines import ReportedMove
from geotrack.model import SAID
from geotrack.store.folder import Data, DataFolder
from geotrack.timemap import TimeMap

if TYPE_CHECKING:
    from geotrack.build.own import OwnTable
    from geotrack.geo.boundaries import Boundaries

MOST_ROWS = 40  # a longer table is left to `geotrack compare`
LISTED = {"vintages": 1, "machines": 2, "revenue": 3}
"""Sections shown of a question, all of one that is not here. What is refused is said in words."""

AUTHORS = {"publisher", "title", "note"}
"""Fields of records that stay as their authors wrote them, whatever the page's language."""


def build(spec: Spec, id: str, data: Data = None, shapes: Boundaries | None = None) -> TimeMap:
    """Build the time map that a specification describes; see `maps.build`.

    Raises
    ------
    GeotrackError : whatever of the specification or the data cannot be used.
    """
    folder = DataFolder.of(data)
    return _shifted(maps.build(spec, id, folder, shapes), spec, folder)


def build_own(
    spec: Spec,
    id: str,
    read: OwnTable,
    *,
    shapes: Boundaries | None = None,
    source: Mapping[str, str] | None = None,
    data: Data = None,
) -> TimeMap:
    """Build a time map of a user's own table; see `maps.build_own`."""
    folder = DataFolder.of(data)
    made = maps.build_own(spec, id, read, shapes=shapes, source=source, data=folder)
    return _shifted(made, spec, folder)


def _shifted(made: TimeMap, spec: Spec, data: DataFolder) -> TimeMap:
    return TimeMap(with_modes(made.content, spec, data)) if spec.shift else made


def with_modes(made: Content, spec: Spec, data: DataFolder) -> Content:
    """Return what a map shows with the modes of a shift."""
    inner = list(_inner(made, spec, data))
    modes = page_modes.modes_of(made, inner)
    # what sources say today was not known then
    told = [] if spec.as_of else [questions.compare(name, data, spec.lang) for name in spec.compare]
    hashes = {name: value for _, part in inner for name, value in part.data_hashes.items()}
    return replace(
        made,
        data_hashes=dict(made.data_hashes) | hashes,
        modes=replace(
            modes,
            sources=tuple(_beside(each) for each in told),
            revenue=tuple(panel for each in told if each.name == "revenue" for panel in _panels(each)),
            machines=tuple(move for each in told if each.name == "machines" for move in _moves(each)),
        ),
    )


def _inner(made: Content, spec: Spec, data: DataFolder) -> Iterator[tuple[str, Content]]:
    """The maps of the parts; one of which nothing was known on the day asked for is left out."""
    for code, name in dict(spec.levels).items():
        wanted = Spec(series=name, events=False, as_of=spec.as_of, lang=spec.lang)
        try:
            yield code, maps.build(wanted, f"{made.id}-{code}", data).content
        except SpecError:
            if not spec.as_of:
                raise


def _beside(told: Comparison) -> Beside:
    listed = [s for s in told.sections if s.records and not isinstance(s.records[0], Lag)]
    sections = [s for s in listed[: LISTED.get(told.name)] if len(s.records) <= MOST_ROWS]
    methods = {
        record.series: record.method
        for s in sections
        for record in s.records
        if isinstance(record, SourceFigure)
    }
    return Beside(
        told.name, told.title, told.said, tuple(_sheet(s) for s in sections), tuple(methods.items())
    )


def _sheet(section: Section) -> TextTable:
    """A section's table without the columns that say the same in every row, unless there is one row only."""
    cells = section.cells()
    kept = [i for i, column in enumerate(zip(*cells, strict=True)) if len(set(column)) > 1 or len(cells) == 1]
    heads = list(section.columns.values())
    same = [say(section.lang, "all", head=heads[i], value=cells[0][i])
            for i in range(len(heads)) if i not in kept and cells[0][i]]  # fmt: skip
    return TextTable(
        section.title,
        tuple(same),
        tuple(heads[i] for i in kept),
        tuple(tuple(row[i] for i in kept) for row in cells),
        tuple(list(section.columns)[i] in AUTHORS for i in kept),
    )


def _panels(told: Comparison) -> Iterator[RevenuePanel]:
    """One panel for each denominator: what a company earned, and the network's hashrate."""
    for section in told.sections:
        spans = [each for each in section.records if isinstance(each, Span)]
        if spans:
            yield RevenuePanel(
                section.title, tuple((s.start, s.end, s.value, SAID.index(s.status)) for s in spans)
            )


def _moves(told: Comparison) -> Sequence[MachineMove]:
    """The moves with both ends, of each way the greatest: others are part of it."""
    found: dict[tuple[str, str], ReportedMove] = {}
    for each in [move for move in told.sections[0].records if isinstance(move, ReportedMove)]:
        way = each.source, each.target
        if all(way) and (way not in found or found[way].amount < each.amount):
            found[way] = each
    return [
        MachineMove(
            m.source, m.target, m.amount, m.status == "lower bound", m.title, _day(m.known_by, told.lang)
        )
        for m in found.values()
    ]


def _day(iso: str, lang: str) -> str:
    return catalogue.period(iso, periods.after(iso), lang)
