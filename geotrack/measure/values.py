"""What a measured shift is made of, as frozen values: figures with intervals, rows, flows, tracks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from geotrack.map.measures import Tracks
from geotrack.measure.intervals import Interval
from geotrack.measure.lines import Crossing
from geotrack.model import Slice

NOT_EXACT = "not exact"


@dataclass(frozen=True)
class Headline:
    """A headline number.

    Parameters
    ----------
    key : short and stable, e.g. "share.CHN.change", "hhi.after".
    title : for people. value : NaN where it is not defined.
    unit : "%", "points", "km", "°" or "". digits : decimals to show.
    bound : "at least" or "at most" where the value is that; NOT_EXACT of a change that may be more or less;
        else "".
    intervals : each under its assumption.
    derived : whether it follows from another figure and was stated by nobody.
    """

    key: str
    title: str
    value: float
    unit: str
    digits: int
    bound: str = ""
    intervals: tuple[Interval, ...] = ()
    derived: bool = False


@dataclass(frozen=True)
class Row:
    """A group, a region or the rest, in two slices. NaN where there is no figure: never zero.

    Parameters
    ----------
    kind : "group", "region" or "rest".
    before, after, change : shares in percent, and percentage points.
    status : of the figures that the change is computed from, the weaker word: "reported", "estimated",
        "derived", "lower bound" (the change is not known exactly) or "missing".
    hashrate_before, hashrate_after, grew, gained : in EH/s; grew + gained is the change of hashrate.
    lower : names of those fields that are lower bounds. upper : of those that are upper ones, as a rest is
        beside lower bounds.
    derived : names of those shares that follow from other figures and were stated by nobody.
    rest : whether both shares are what the other part leaves of a whole made of two.
    as_listed : whether it sums a group's listed members only, as the source lists some in no slice.
    other_sum : whether both are shares of a sum that is of other regions in either slice.
    way : "rose", "fell" or "same" where neither what is not stated, nor rounding, nor another reading of
        figures in doubt can change that, else "open".
    """

    code: str
    name: str
    kind: str
    before: float
    after: float
    change: float
    status: str
    hashrate_before: float = float("nan")
    hashrate_after: float = float("nan")
    grew: float = float("nan")
    gained: float = float("nan")
    lower: tuple[str, ...] = ()
    upper: tuple[str, ...] = ()
    derived: tuple[str, ...] = ()
    rest: bool = False
    as_listed: bool = False
    other_sum: bool = False
    way: str = "open"


@dataclass(frozen=True)
class Flow:
    """A net change from one place to another in a least-movement flow; nobody observed it.

    Parameters
    ----------
    source, target : codes; "rest" for what has no place. source_name, target_name : for people.
    amount : percentage points. low, high : over all flows that are as short.
    km : great-circle distance of the centres; NaN from and to the rest.
    """

    source: str
    target: str
    source_name: str
    target_name: str
    amount: float
    low: float
    high: float
    km: float


@dataclass(frozen=True)
class ScenarioCrossing:
    """When one overtook another, under a scenario."""

    scenario: str
    crossing: Crossing


@dataclass(frozen=True, eq=False)
class Measured:
    """What moved between two slices of a map, by every measure.

    Parameters
    ----------
    id, title : str
        Short name and heading of the map.
    method : str
        Method of the series, as its publisher words it.
    first, last : Slice
        The earlier and the later slice.
    scenario, assumption : str
        Name of the reading of the figures, and what it assumes.
    metric, denominator : str
        What the shares are of.
    figures : tuple of Headline
        Headline numbers with their intervals.
    rows : tuple of Row
        Groups, then regions by their later share, then the rest; those whose change is not known are last.
    crossings : tuple of Crossing
        Who overtook whom, as read, of the two slices and those between them.
    readings : tuple of ScenarioCrossing
        The same crossings under other scenarios, where these differ.
    flows : tuple of Flow
        Net changes from place to place in percentage points, the largest first; none between two or three
        parts.
    flows_unique : bool
        Whether no other set of flows is as short.
    flow_work, flow_dual : float
        Share times distance of the placed flows (points × km), and its lower bound.
    tracks : Tracks
        Measures slice by slice, in arrays of one value per slice.
    names : mapping of str to str
        Code -> name, of the tracks' lines.
    notes : tuple of str, optional
        What to know before quoting any of it.
    estimates : str, optional
        How many of the figures are estimates, in words.
    sources : str, optional
        Publishers and licence.
    digits : int, optional
        Decimals of shares; 2 if not given.
    lang : str, optional
        Language of all that is said; "en" if not given.
    doubts : mapping of str to str, optional
        Which figures the series has in doubt ("stars", "zeros") -> what an interval over their readings rests
        on.
    moves : str, optional
        What the shares are of that can move, in words; "" if the series does not say.
    """

    id: str
    title: str
    method: str
    first: Slice
    last: Slice
    scenario: str
    assumption: str
    metric: str
    denominator: str
    figures: tuple[Headline, ...]
    rows: tuple[Row, ...]
    crossings: tuple[Crossing, ...]
    readings: tuple[ScenarioCrossing, ...]
    flows: tuple[Flow, ...]
    flows_unique: bool
    flow_work: float
    flow_dual: float
    tracks: Tracks
    names: Mapping[str, str]
    notes: tuple[str, ...] = ()
    estimates: str = ""
    sources: str = ""
    digits: int = 2
    lang: str = "en"
    doubts: Mapping[str, str] = field(default_factory=dict)
    moves: str = ""

    def figure(self, key: str) -> Headline:
        """Return a headline number by its key.

        Parameters
        ----------
        key : str
            Short and stable name of the number, e.g. "share.CHN.change" or "hhi.after".

        Returns
        -------
        Headline
            The number in its unit, with the intervals of each assumption.

        Raises
        ------
        KeyError
            There is no such number.
        """
        return {figure.key: figure for figure in self.figures}[key]

    def row(self, code: str) -> Row:
        """Return a row by its code.

        Parameters
        ----------
        code : str
            Code of a group or a region, or "rest".

        Returns
        -------
        Row
            Shares in percent and their change in percentage points, NaN where there is no figure.

        Raises
        ------
        KeyError
            There is no such row.
        """
        return {row.code: row for row in self.rows}[code]
