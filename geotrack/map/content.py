"""What a time map shows, as frozen values: the one thing that renderers read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import ceil, log10
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from geotrack.geo.topology import Boundaries
from geotrack.language.figures import SHORT
from geotrack.language.numbers import apart, settled
from geotrack.map.measures import Tracks
from geotrack.model import (
    AT_MOST,
    LOWER_BOUND,
    MISSING,
    REPORTED,
    Aggregate,
    Event,
    Metric,
    Origin,
    Series,
    Slice,
    brief,
)

if TYPE_CHECKING:
    from geotrack.map.otherwise import Otherwise


@dataclass(frozen=True)
class Unit:
    """A row of the table: a region, an aggregate that its source does not split, or what has no place.

    Parameters
    ----------
    code : as in the observations.
    name : in plain English.
    label : as the source writes it ("Germany *").
    kind : "region", "aggregate", "remainder" or "whole".
    members : places of the regions it covers among the boundaries; none for a remainder or a whole. A
        region's own place is the first, then those of its parts that the table does not list
        (`join.unlisted`).
    """

    code: str
    name: str
    label: str
    kind: str
    members: tuple[int, ...] = ()

    __repr__ = brief


GroupKind = Literal["group", "rest", "remainder"]


@dataclass(frozen=True)
class Group:
    """Units that are summed for the chart and the sentence.

    Parameters
    ----------
    code, name : of the group.
    colour : name of the page's colour variable: "g0", "g1", ..., "rest" or "remainder".
    units : places of its units; none for the remainder.
    kind : "group" if it was asked for, "rest" of the other units, "remainder" of what is not on the map.
    single : whether one unit is all of it, so that it has that unit's figure and no sum is needed.
    own : place of the unit that its source gives for all of it; -1 if there is none.
    outline : places of the regions whose outer border is drawn in the group's colour.
    note : what an aggregate is made of here, and which of its regions the source does not list.
    """

    code: str
    name: str
    colour: str
    units: tuple[int, ...]
    outline: tuple[int, ...] = ()
    note: str = ""
    single: bool = False
    kind: GroupKind = "group"
    own: int = -1

    __repr__ = brief


@dataclass(frozen=True)
class TableReading:
    """How a table of one's own was read.

    Parameters
    ----------
    lines : in words: the file, its columns with samples, what was left out, codes with their names.
    columns : what is read ("region", "period", "value", ...) -> the table's columns.
    regions : label -> code, of all that were matched.
    lacking : names of regions on the map that the table has no figure of.
    doubtful : those of the lines that tell codes and names which another list has for another region.
    """

    lines: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    regions: Mapping[str, str]
    lacking: tuple[str, ...]
    doubtful: tuple[str, ...] = ()


PARTS = ("mapped", "stated", "unstated", "rounding")
"""Of the whole: on the map, figures without a place on it, not stated by the source, rounding."""

SUMS = (*PARTS, "whole")
"""Of a layer, per slice: the parts, and what they add up to."""


@dataclass(frozen=True, eq=False)
class Layer:
    """One metric over all slices. Arrays are units × slices unless said otherwise.

    Parameters
    ----------
    metric : what is measured.
    digits : decimals that write every value with the digits that it came with.
    values : float64, NaN where missing. status : uint8, a place in model.STATUSES; of groups also AT_MOST.
    bounds : float64, NaN where there is none; what is known of a unit that has no figure. No figure: nothing
        adds it up, ranks it or colours it. bound_status : uint8: it is at most, at least or just that.
    origin, note : places in the content's origins and notes; -1 where there is none.
    half : float64; what rounding may hide in a figure, see `slices.Cut`.
    edges, zero, labels, light, dark : the classes, fixed over all slices, and their colours.
    mapped, stated, unstated, rounding : float64 per slice; they add up to `whole`. All NaN of a rate.
    whole : float64 per slice: the metric's whole, or the total that the source states; NaN if there is none.
    bounded, stated_bounded : bool per slice: a lower bound went into `mapped` or `stated`, so that it is "at
        least" and `unstated` "at most".
    groups : float64, groups × slices, NaN where missing: of a rate, unless a unit is all of the group.
        group_status : uint8.
    sentences : one per slice. partial : per slice why it is not whole for this metric, "" if it is.
    slice_notes : per slice, (place in the content's notes, places of the units it speaks of).
    """

    metric: Metric
    digits: int
    values: np.ndarray
    status: np.ndarray
    bounds: np.ndarray
    bound_status: np.ndarray
    origin: np.ndarray
    note: np.ndarray
    half: np.ndarray
    edges: tuple[float, ...]
    zero: bool
    labels: tuple[str, ...]
    light: tuple[str, ...]
    dark: tuple[str, ...]
    mapped: np.ndarray
    stated: np.ndarray
    unstated: np.ndarray
    rounding: np.ndarray
    whole: np.ndarray
    bounded: np.ndarray
    stated_bounded: np.ndarray
    groups: np.ndarray
    group_status: np.ndarray
    sentences: tuple[str, ...]
    partial: tuple[str, ...]
    slice_notes: tuple[tuple[tuple[int, tuple[int, ...]], ...], ...]

    __repr__ = brief

    def lacking(self, group: Group) -> str:
        """Return what a group without a figure is said to have: a key of the catalogue, "" for nothing.

        A rate has no sum, but a group that the source gives has that figure. What is left over is known only
        of a whole: where none is given, nothing is said.
        """
        if group.kind == "remainder":
            return "noData" if self.metric.whole is not None else ""
        given = group.own >= 0 and bool(self.status[group.own].any())
        return "noData" if group.single or given or self.metric.adds_up else "noSum"

    def cell(self, u: int, t: int) -> tuple[float, int]:
        """Return what is said of a cell: its figure, else what is known of it, with its status."""
        if self.status[u, t] == MISSING and not np.isnan(self.bounds[u, t]):
            return float(self.bounds[u, t]), int(self.bound_status[u, t])
        return float(self.values[u, t]), int(self.status[u, t])

    @cached_property
    def below_zero(self) -> bool:
        """Whether figures may be below zero: what is not stated then bounds nothing."""
        from geotrack.map.cells import signed

        return signed(self.metric, self.values)

    @cached_property
    def reach(self) -> float:
        """The largest number of all that a page has of the layer."""
        every = [self.values, self.groups, *self.parts.values(), np.array([self.metric.whole or 0.0])]
        return max(float(np.abs(np.nan_to_num(each)).max(initial=0.0)) for each in every)

    @cached_property
    def short(self) -> int:
        """Decimals where there is space for few: of amounts under 1, prices say, what tells them apart.

        Of shares of 1 as many as say what one decimal says of percent.
        """
        shown, groups = self.settled, self.groups
        largest = np.nanmax(np.abs(shown), initial=0.0, where=np.isfinite(shown))
        if self.metric.whole is not None:
            return SHORT + max(0, ceil(log10(100.0 / self.metric.whole)))
        if not 0 < largest < 1:
            return SHORT
        return apart(np.concatenate([shown.ravel(), groups.ravel()]), SHORT, self.digits)

    @cached_property
    def told(self) -> tuple[np.ndarray, np.ndarray]:
        """Return all that `cell` returns: the values as `settled`, and their statuses."""
        capped = (self.status == MISSING) & ~np.isnan(self.bounds)
        status = np.where(capped, self.bound_status, self.status)
        return settled(np.where(capped, self.bounds, self.values), self.digits, status), status

    @cached_property
    def settled(self) -> np.ndarray:
        """The values in the layer's decimals, as pages and tables have them; a bound is at its safe side."""
        return settled(self.values, self.digits, self.status)

    @cached_property
    def parts(self) -> Mapping[str, np.ndarray]:
        """What the whole is made of, per slice and as `settled`: mapped, stated, unstated, rounding.

        As they are shown they add up to the whole, where there is one: rounding is what the others leave.
        """
        loose = self.bounded | self.stated_bounded
        found = {
            "mapped": (self.mapped, np.where(self.bounded, LOWER_BOUND, REPORTED)),
            "stated": (self.stated, np.where(self.stated_bounded, LOWER_BOUND, REPORTED)),
            "unstated": (self.unstated, np.where(loose, AT_MOST, REPORTED)),
        }
        told = {name: settled(values, self.digits, status) for name, (values, status) in found.items()}
        left = settled(self.whole, self.digits) - np.sum([*told.values()], axis=0)
        left = np.where(np.isfinite(self.whole), left, self.rounding)
        return told | {"rounding": settled(left, self.digits)}


@dataclass(frozen=True, eq=False)
class Content:
    """Everything a page, a figure or a table shows; it knows no file format.

    Parameters
    ----------
    id : str
        Short name, the stem of the output's file.
    title : str
        Heading of the page and of its figures.
    description : str
        What the map shows, in its author's words; "" if nothing is said.
    series : Series
        Method and caveats of the data.
    boundaries : Boundaries
        Shapes of the regions, projected unless `tiles` is given.
    bounds : tuple of four float
        The (west, south, east, north) of the opening view, in the boundaries' units.
    units : tuple of Unit
        Rows of the tables: regions, aggregates and what has no place.
    slices : tuple of Slice
        Periods, in their order.
    layers : tuple of Layer
        One per metric, with arrays of units × slices.
    groups : tuple of Group, optional
        Units that are summed for the chart; none if not given.
    events : tuple of Event, optional
        What happened and is marked on the time axis; none if not given.
    event_places : tuple of str, optional
        Name of the place of each event, for readers; as many as `events`.
    origins : tuple of Origin, optional
        Where the figures come from; layers point to them by place.
    notes : tuple of str, optional
        Remarks on figures; layers point to them by place.
    dropped : tuple of str, optional
        Periods left out because a longer one that is shown contains them, in ISO style.
    disputed : mapping of str to str, optional
        Code of a region -> note on what is in dispute.
    territories : tuple of str, optional
        Codes of those whose outline is drawn dashed.
    projection : str, optional
        Name of the projection of the boundaries.
    opening : int, optional
        Place of the slice shown first; 0 if not given.
    tiles : str, optional
        Name of a layer of tiles under the map; none if "".
    theme : str, optional
        "light" or "dark"; the reader's own if "".
    lang : str, optional
        Language of what geotrack says, "en" if not given; titles, notes and caveats stay as their authors
        wrote them.
    layout : {"full", "compact"}, optional
        "compact" is map, legend and slider only, for a page of somebody else's; "full" if not given.
    url : str, optional
        Address of the folder of finished maps, "https://example.org/maps/"; "" if it is not known.
    fixed : bool, optional
        Whether the opening slice is the only one shown, without a time control; False if not given.
    data_hashes : mapping of str to str, optional
        File name -> sha256 of the data drawn.
    aggregates : mapping of str to Aggregate, optional
        Code -> sum of regions of the series' level that may be asked for, with all its members.
    parts : tuple of str, optional
        Codes of the two parts that make up the whole: where one is stated, the other is derived.
    modes : Modes, optional
        What a page shows beside the levels; None for a plain map.
    reading : TableReading, optional
        How a table of one's own was read; None where the figures are a series'.
    otherwise : Otherwise, optional
        The figures as they may be otherwise; None of a series that has none in doubt.
    """

    id: str
    title: str
    description: str
    series: Series
    boundaries: Boundaries
    bounds: tuple[float, float, float, float]
    units: tuple[Unit, ...]
    slices: tuple[Slice, ...]
    layers: tuple[Layer, ...]
    groups: tuple[Group, ...] = ()
    events: tuple[Event, ...] = ()
    event_places: tuple[str, ...] = ()
    origins: tuple[Origin, ...] = ()
    notes: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    disputed: Mapping[str, str] = field(default_factory=dict)
    territories: tuple[str, ...] = ()
    projection: str = ""
    opening: int = 0
    tiles: str = ""
    theme: str = ""
    lang: str = "en"
    layout: str = "full"
    url: str = ""
    fixed: bool = False
    data_hashes: Mapping[str, str] = field(default_factory=dict)
    aggregates: Mapping[str, Aggregate] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    modes: Modes | None = None
    reading: TableReading | None = None
    otherwise: Otherwise | None = None

    __repr__ = brief

    @property
    def period(self) -> tuple[str, str]:
        """First day and first day after the last, ISO."""
        return self.slices[0].start, self.slices[-1].end


class Shows(Protocol):
    """What has a content: a TimeMap."""

    @property
    def content(self) -> Content:
        """What it shows."""
        ...


def content_of(shown: Content | Shows) -> Content:
    """Return what is shown: functions that users call take a map as well as its content."""
    return shown if isinstance(shown, Content) else shown.content


UNSTABLE = 0.5
"""Length R of the mean vector below which the mean centre is shown as unstable: less than half of the share
points its way, so that a small change of shares moves it far."""


@dataclass(frozen=True)
class Classes:
    """Diverging classes of a metric's changes, fixed over all pairs of slices, symmetric about zero.

    Parameters
    ----------
    edges, zero, labels, light, dark : as in content.Layer.
    """

    edges: tuple[float, ...]
    zero: bool
    labels: tuple[str, ...]
    light: tuple[str, ...]
    dark: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Inner:
    """The parts of a region: provinces or states.

    Parameters
    ----------
    code : of the region, among the map's boundaries.
    content : its parts' map. Its first layer is the parts' share of the world, derived; its second the
        share of the region as the source states it. A unit that covers all parts has the region's own
        figure in slices that the parts' source does not cover.
    snapshot : whether the parts are of one period only, whatever slice is shown.
    until : label of the last slice that has parts.
    """

    code: str
    content: Content
    snapshot: bool
    until: str

    __repr__ = brief


@dataclass(frozen=True, eq=False)
class ScenarioTracks:
    """The measures slice by slice as a scenario reads the figures.

    Parameters
    ----------
    name, title, assumption : of the scenario.
    tracks : its measures.
    crossings : in sentences.
    """

    name: str
    title: str
    assumption: str
    tracks: Tracks
    crossings: tuple[str, ...]

    __repr__ = brief


@dataclass(frozen=True, eq=False)
class PairFlows:
    """The least-movement flows between two slices; see flows.Flows.

    Parameters
    ----------
    source, target : places of units; -1 for the rest, which has no place.
    amount, low, high : percentage points. least, most : variation distance.
    open : whether something is left to split in either slice, so that the distance is a bound.
    """

    source: np.ndarray
    target: np.ndarray
    amount: np.ndarray
    low: np.ndarray
    high: np.ndarray
    least: float
    most: float
    unique: bool
    open: bool

    __repr__ = brief


@dataclass(frozen=True)
class TextTable:
    """A table as text; `same` is what every row says, `authors` which columns are in their authors' words."""

    title: str
    same: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    authors: tuple[bool, ...] = ()

    __repr__ = brief


@dataclass(frozen=True)
class Beside:
    """What several sources say of one question, beside each other.

    Parameters
    ----------
    name, title : of the question. said : what follows, and what does not.
    methods : (series, method).
    """

    name: str
    title: str
    said: tuple[str, ...]
    sheets: tuple[TextTable, ...]
    methods: tuple[tuple[str, str], ...]

    __repr__ = brief


@dataclass(frozen=True)
class RevenuePanel:
    """A share over time with a denominator of its own: (first day, day after the last, percent, status).

    The status is a place in model.SAID: a share may be at least, or at most, what is drawn.
    """

    title: str
    spans: tuple[tuple[str, str, float, int], ...]

    __repr__ = brief


@dataclass(frozen=True)
class MachineMove:
    """Machines that somebody reported to have moved, from one region to another."""

    source: str
    target: str
    amount: float
    at_least: bool
    title: str
    known_by: str


@dataclass(frozen=True, eq=False)
class Modes:
    """Everything that the modes show.

    Parameters
    ----------
    slices : of the map that they were made for: one with other slices shows none of them.
    changes : per layer of the map.
    inner : the regions that open into parts.
    readings : the scenarios, as reported first.
    names : code -> name of the lines of the readings.
    flows : (earlier, later) places of slices -> flows.
    km : (units + 1, units + 1) great-circle distances; NaN from and to the rest (the last).
    few : whether the map has too few regions for a mean centre, concentration and flows.
    rest : what is called so that no row has.
    assumptions : name -> sentence.
    sources : what other sources say. revenue : panels on one time axis. machines : recorded moves.
    """

    slices: tuple[Slice, ...]
    changes: tuple[Classes, ...]
    inner: tuple[Inner, ...] = ()
    readings: tuple[ScenarioTracks, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    flows: Mapping[tuple[int, int], PairFlows] = field(default_factory=dict)
    km: np.ndarray | None = None
    few: bool = False
    rest: str = ""
    assumptions: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[Beside, ...] = ()
    revenue: tuple[RevenuePanel, ...] = ()
    machines: tuple[MachineMove, ...] = ()

    __repr__ = brief


def aspect(content: Content) -> float:
    """Return width by height of the frame."""
    west, south, east, north = content.bounds
    return round(min(2.6, max(0.9, (east - west) / ((north - south) or 1.0))), 3)
