"""What the page of a shift shows beside the levels of its slices, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from geotrack.content import Content
from geotrack.model import Slice

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


@dataclass(frozen=True, eq=False)
class Reading:
    """The measures slice by slice as a scenario reads the figures.

    Parameters
    ----------
    name, title, assumption : of the scenario.
    tracks : measured.Tracks.
    crossings : in sentences.
    """

    name: str
    title: str
    assumption: str
    tracks: Any
    crossings: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class PairFlows:
    """The least-movement flows between two slices; see flows.Flows.

    Parameters
    ----------
    source, target : places of units; -1 for the rest, which has no place.
    amount, low, high : percentage points. least, most : variation distance.
    """

    source: np.ndarray
    target: np.ndarray
    amount: np.ndarray
    low: np.ndarray
    high: np.ndarray
    least: float
    most: float
    unique: bool


@dataclass(frozen=True)
class Sheet:
    """A table as text; `same` is what every row says, `authors` which columns are in their authors' words."""

    title: str
    same: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    authors: tuple[bool, ...] = ()


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
    sheets: tuple[Sheet, ...]
    methods: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Panel:
    """A share over time with a denominator of its own: (first day, day after the last, percent, status).

    The status is a place in model.SAID: a share may be at least, or at most, what is drawn.
    """

    title: str
    spans: tuple[tuple[str, str, float, int], ...]


@dataclass(frozen=True)
class Move:
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
    assumptions : name -> sentence.
    sources : what other sources say. revenue : panels on one time axis. machines : recorded moves.
    """

    slices: tuple[Slice, ...]
    changes: tuple[Classes, ...]
    inner: tuple[Inner, ...] = ()
    readings: tuple[Reading, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    flows: Mapping[tuple[int, int], PairFlows] = field(default_factory=dict)
    km: np.ndarray | None = None
    assumptions: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[Beside, ...] = ()
    revenue: tuple[Panel, ...] = ()
    machines: tuple[Move, ...] = ()
