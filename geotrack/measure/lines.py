"""What moved between two slices; pure: arrays in, arrays out. No missing cell is ever taken for zero."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

import numpy as np

from geotrack.language import catalogue
from geotrack.language.numbers import DUST
from geotrack.map.ranking import NONE
from geotrack.model import AT_MOST, LOWER_BOUND, MISSING, Slice

Kind = Literal["overtook", "overtaken", "crossed back", "never", "always ahead", "never behind", "not known"]


@dataclass(frozen=True, eq=False)
class ShareChange:
    """The change of each region between two slices.

    Parameters
    ----------
    values : float64, later minus earlier, in the metric's unit (of percentages: in percentage points); NaN
        where either is missing.
    status : uint8; `model.MISSING` where either is missing, `model.LOWER_BOUND` where either is a lower
        or upper bound, so that the change is not known exactly, else that of the two figures, the weaker
        word: of two that are reported `model.REPORTED`, though every difference is computed.
    """

    values: np.ndarray
    status: np.ndarray


@dataclass(frozen=True, eq=False)
class Line:
    """A region's or a group's figures, slice by slice.

    Parameters
    ----------
    name : for people.
    values : float64 per slice, NaN where missing. status : uint8 per slice, a place in model.SAID.
    room : per slice what is left of the whole for it: the most by which a lower bound may be exceeded, and
        the most that a figure is which is missing; infinite where nothing limits it, as everywhere if None.
    room_hidden : per slice what rounding may hide in that room, as it does in the figures that leave it;
        nothing if None.
    """

    name: str
    values: np.ndarray
    status: np.ndarray
    room: np.ndarray | None = None
    room_hidden: np.ndarray | None = None

    @cached_property
    def limits(self) -> tuple[np.ndarray, np.ndarray]:
        """Least and most that each figure may be; NaN where it is missing and nothing limits it."""
        missing, bound = self.status == MISSING, self.status == LOWER_BOUND
        room = np.full(len(self.values), np.inf) if self.room is None else self.room
        unstated = np.where(np.isfinite(room), room, np.nan)
        low = np.where(missing, unstated * 0.0, np.where(self.status == AT_MOST, 0.0, self.values))
        return low, np.where(missing, unstated, self.values + np.where(bound, room, 0.0))

    def hidden(self, own: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return by how much rounding may move the least and the most that each figure may be.

        Parameters
        ----------
        own : what rounding may hide in each figure. Where it is missing, or a lower bound, the most is what
            other figures leave, and rounded as they are; the least of what is at most something is zero.
        """
        left = np.isin(self.status, (MISSING, LOWER_BOUND))
        room = np.zeros(len(own)) if self.room_hidden is None else self.room_hidden
        return np.where(np.isin(self.status, (MISSING, AT_MOST)), 0.0, own), np.where(left, room, own)


@dataclass(frozen=True)
class Turn:
    """A change of the lead, between two slices that bracket it.

    Parameters
    ----------
    before, after : the last slice before and the first slice after it in which the two can be compared.
    ahead : whether the first of the two took the lead; else it lost it.
    certain : whether both slices tell who leads whatever is not stated; else the stated figures alone do.
    skipped : slices between the two in which the two cannot be compared, are equal, or nobody knows.
    """

    before: Slice
    after: Slice
    ahead: bool
    certain: bool = True
    skipped: int = 0


@dataclass(frozen=True)
class Crossing:
    """When one region or group overtook another; `crossings` puts it into words.

    Parameters
    ----------
    first, second : names; did the first overtake the second?
    kind : "overtook" or "overtaken" (once), "crossed back" (more than once), "never", "always ahead", "never
        behind" (ahead, and level in some slices), or "not known" where no slice tells. It is of the slices
        compared but those left open.
    turns : every change of the lead, in order.
    compared : slices in which both are given, or one is and the whole limits the other.
    left_open : those among them of which nobody knows who leads.
    known : of the last of these what is known all the same: a key of the catalogue's `crossing`, or "".
    unsure : how many of the others only the stated figures tell: a lower bound may change it.
    """

    first: str
    second: str
    kind: Kind
    turns: tuple[Turn, ...] = ()
    compared: int = 0
    left_open: tuple[Slice, ...] = ()
    known: str = ""
    unsure: int = 0

    @property
    def open(self) -> int:
        """How many slices are left open."""
        return len(self.left_open)

    @property
    def told(self) -> int:
        """How many slices tell who leads."""
        return self.compared - self.open

    @property
    def certain(self) -> bool:
        """Whether the kind holds in every slice compared, whatever is not stated."""
        return not self.open and not self.unsure

    def covers(self, other: Crossing) -> bool:
        """Whether all that is said of this crossing holds of another reading of the same slices, too."""
        same = (self.kind, self.turns) == (other.kind, other.turns)
        return same and {*other.left_open} <= {*self.left_open} and other.unsure <= self.unsure


def change(values: np.ndarray, status: np.ndarray, first: int, last: int) -> ShareChange:
    """Return what changed between two slices.

    Parameters
    ----------
    values, status : rows × slices; NaN and 0 where missing.
    first, last : places of the earlier and the later slice.
    """
    before, after = status[:, first], status[:, last]
    known = (before != MISSING) & (after != MISSING)
    bound = (np.isin(each, (LOWER_BOUND, AT_MOST)) for each in (before, after))
    moved = np.where(known, values[:, last] - values[:, first], np.nan)
    weaker = np.where(np.logical_or(*bound), LOWER_BOUND, np.maximum(before, after))
    return ShareChange(moved, np.where(known, weaker, MISSING).astype(np.uint8))


def within(line: Line, ends: tuple[int, int]) -> Line:
    """Return a line's figures of a span: of two slices, by their places, and of all between them."""
    span = slice(ends[0], ends[1] + 1)
    room, hidden = (None if each is None else each[span] for each in (line.room, line.room_hidden))
    return Line(line.name, line.values[span], line.status[span], room, hidden)


Way = Literal["rose", "fell", "same", "open"]


def way(line: Line, first: int, last: int, hidden: np.ndarray, others: Sequence[Line] = ()) -> Way:
    """Say which way a line went, whatever is not stated and rounding hides; "open" where that decides it.

    Whoever says that something rose or fell asks here, or `directions` where it is of many at once.

    Parameters
    ----------
    first, last : places of the two slices. hidden : what rounding may hide in each slice's figure.
    others : the line as other scenarios read it.
    """
    (low, high), (below, above) = line.limits, line.hidden(hidden)
    ends = [first, last]
    if np.isnan(low[ends]).any():
        return "open"
    least, most = low[[last]] - high[[first]], high[[last]] - low[[first]]
    # what would have to be off for a rise to be none, and for a fall
    loose = np.where(least > 0, below[last] + above[first], above[last] + below[first])
    otherwise = [each for other in others for each in moved_by(other.limits, [first], [last])]
    low_sign, high_sign = directions(least, most, loose, otherwise)
    found = _WAYS.get((int(low_sign[0]), int(high_sign[0])), "open")
    limits_alone = np.isin(line.status[ends], (MISSING, LOWER_BOUND, AT_MOST)).any()
    return "open" if found == "same" and limits_alone and (below + above)[ends].sum() > DUST else found


def moved_by(
    limits: tuple[np.ndarray, np.ndarray], first: int | list[int], last: int | list[int]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the most that figures may have changed by between two slices, the last axis."""
    low, high = limits
    return low[..., last] - high[..., first], high[..., last] - low[..., first]


def directions(
    least: np.ndarray, most: np.ndarray, hidden: np.ndarray | float, others: Sequence[np.ndarray] = ()
) -> tuple[np.ndarray, np.ndarray]:
    """Return the signs of the least and of the most that changes may be, by which things rose or fell.

    Equal figures did not change. Of figures that differ by less than rounding may hide nobody knows, nor of
    those that went another way as another scenario reads them.

    Parameters
    ----------
    least, most : of changes of the stated figures. hidden : what rounding may hide in both figures.
    others : the changes as other scenarios read the figures; NaN where one says nothing.
    """
    low, high = _sides(least, most)
    nearest = np.minimum(np.abs(least), np.abs(most))
    loose = (low == high) & (low != 0) & (nearest < hidden - DUST)
    low, high = np.where(loose, -1, low), np.where(loose, 1, high)
    for moved in others:
        [sign], known = _sides(moved), np.isfinite(moved)
        low, high = np.where(known, np.minimum(low, sign), low), np.where(known, np.maximum(high, sign), high)
    return low, high


_WAYS: dict[tuple[int, int], Way] = {(1, 1): "rose", (-1, -1): "fell", (0, 0): "same"}


def _sides(*gaps: np.ndarray) -> list[np.ndarray]:
    """Signs of gaps; what sums of decimals may be off by is none."""
    return [np.where(np.abs(gap) > DUST, np.sign(np.nan_to_num(gap)), 0).astype(int) for gap in gaps]


def crossing(a: Line, b: Line, slices: Sequence[Slice]) -> Crossing:
    """Say when `a` overtook `b`.

    A slice counts where both are given, or where one is and the whole limits the other. `a` leads for certain
    where the least that it may be is more than the most that `b` may be; where that decides nothing the
    stated figures tell, not for certain. Who is at least level is not known to lead: such a slice is left
    open, as one in which a figure is missing, unless all that is said holds in it. Equal figures give the
    lead to nobody, and the next slice decides.

    Parameters
    ----------
    a, b : figures of the same metric and the same slices.
    slices : in the order of time.
    """
    (a_low, a_high), (b_low, b_high) = a.limits, b.limits
    some = (a.status != MISSING) | (b.status != MISSING)
    compared = np.flatnonzero(some & ~np.isnan(a_low + b_low))
    # what is left of the whole is shared, but all of it may be either's: both ends are reached
    least, most = _sides(a_low - b_high, a_high - b_low)
    standings = {int(t): _standing(a, b, int(t), (int(least[t]), int(most[t]))) for t in compared}
    kind, open_ = _kind(standings)
    ahead = {t: each.ahead for t, each in standings.items() if t not in open_ and each.ahead}
    sure = {t: each.sure for t, each in standings.items()}
    known = ""
    if open_ and (weak := standings[open_[-1]].weak):
        before = [sign for t, sign in ahead.items() if t < open_[-1]]
        known = _KNOWN[weak, bool(before) and before[-1] == -weak]
    return Crossing(
        a.name,
        b.name,
        kind,
        tuple(_turns(ahead, sure, slices)),
        len(compared),
        tuple(slices[t] for t in open_),
        known,
        sum(not sure[t] for t in standings if t not in open_),
    )


_KNOWN = {
    (-1, True): "no_longer_ahead", (-1, False): "not_ahead",
    (1, True): "no_longer_behind", (1, False): "not_behind",
}  # fmt: skip


@dataclass(frozen=True)
class _Standing:
    """Who leads in a slice: 1 the first, -1 the second, 0 neither, None where that is left open.

    Parameters
    ----------
    sure : whether nothing that is not stated could change it.
    weak : where it is left open, 1 if the first is at least level, -1 if the second is, else 0.
    """

    ahead: int | None
    sure: bool = True
    weak: int = 0


def _standing(a: Line, b: Line, t: int, ends: tuple[int, int]) -> _Standing:
    """Who leads, by the signs of the least and the most that the first may be ahead by."""
    least, most = ends
    if least == most:
        return _Standing(least)
    if not least or not most:
        return _Standing(None, weak=least + most)
    if MISSING in (a.status[t], b.status[t]):
        return _Standing(None)
    stated = int(_sides(np.array([a.values[t] - b.values[t]]))[0][0])
    return _Standing(stated, sure=False) if stated else _Standing(None)


def _turns(ahead: Mapping[int, int], sure: Mapping[int, bool], slices: Sequence[Slice]) -> Iterator[Turn]:
    for t, s in pairwise(ahead):
        if ahead[t] != ahead[s]:
            yield Turn(slices[t], slices[s], ahead[s] > 0, sure[t] and sure[s], s - t - 1)


def _kind(standings: Mapping[int, _Standing]) -> tuple[Kind, list[int]]:
    """What became of the lead, and the slices that leave open whether that holds in them."""
    open_ = [t for t, each in standings.items() if each.ahead is None]
    signs = [each.ahead for each in standings.values() if each.ahead is not None]
    weak = {standings[t].weak for t in open_}
    led = [sign for sign in signs if sign]
    turns = sum(one != other for one, other in pairwise(led))
    if turns:
        return ("crossed back" if turns > 1 else "overtook" if led[-1] > 0 else "overtaken"), open_
    if not signs and weak not in ({1}, {-1}):
        return "not known", open_
    if 1 in led or (not led and weak == {1}):
        rest = [t for t in open_ if standings[t].weak != 1]
        return ("never behind" if 0 in signs or 1 in weak else "always ahead"), rest
    return "never", [t for t in open_ if standings[t].weak != -1]


KEYS = {"never": "never", "always ahead": "ahead", "never behind": "notBehind"}


def sentence(crossing: Crossing, lang: str = catalogue.ENGLISH) -> str:
    """Say whether and when the first overtook the second, and what is left open."""
    names = {"first": crossing.first, "second": crossing.second}
    if crossing.kind == "not known":
        text = _say(lang, "unknown", **names)
        if crossing.compared:
            text = catalogue.counted(lang, "crossing", "untold", crossing.compared, **names)
    elif crossing.kind in KEYS and crossing.open:
        counts = {"told": str(crossing.told), "count": str(crossing.compared)}
        text = _say(lang, f"{KEYS[crossing.kind]}_of", **names, **counts)
    elif crossing.kind in KEYS:
        text = catalogue.counted(lang, "crossing", KEYS[crossing.kind], crossing.compared, **names)
    else:
        text = "".join(
            _say(
                lang,
                ("then_" if i else "") + ("overtook" if turn.ahead else "fell"),
                **names,
                when=_when(turn, lang),
            )
            for i, turn in enumerate(crossing.turns)
        )
    told = _with_open(crossing, _with_doubt(crossing, text, lang), lang)
    return catalogue.said(lang, "caption", "sentence", text=told)


def _with_open(crossing: Crossing, text: str, lang: str) -> str:
    """Add how many slices leave it open, and of the last of them what is known all the same."""
    if not crossing.open:
        return text
    last = crossing.left_open[-1]
    step = catalogue.period(last.start, last.end, lang)
    if crossing.kind != "not known":
        text = catalogue.counted(lang, "crossing", "open", crossing.open, text=text, slice=step)
    elif crossing.known:
        text = _say(lang, "last", text=text, slice=step)
    return _say(lang, crossing.known, text=text, first=crossing.first) if crossing.known else text


def when(crossing: Crossing, lang: str = catalogue.ENGLISH) -> str:
    """Say when the first overtook the second, for a sentence of somebody's own: "between ... and ...".

    What came before it took the lead for the first time is left out; that it lost it again is said.
    """
    if crossing.kind in {"always ahead", "never behind"}:
        text = _say(lang, "always" if crossing.kind == "always ahead" else "always_but")
    elif not (turns := _from_first_lead(crossing.turns)):
        text = _say(lang, "not_once")
    else:
        text = _when(turns[0], lang)
        for turn in turns[1:]:
            text = _say(lang, "back", text=text, when=_when(turn, lang))
    text = _with_doubt(crossing, text, lang)
    return catalogue.counted(lang, "crossing", "but", crossing.open, text=text) if crossing.open else text


def _from_first_lead(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """The turns from the first on in which the first of the two took the lead."""
    return turns if not turns or turns[0].ahead else turns[1:]


def _when(turn: Turn, lang: str) -> str:
    ends = (catalogue.period(step.start, step.end, lang) for step in (turn.before, turn.after))
    return _say(lang, "between", **dict(zip(("before", "after"), ends, strict=True)))


def _with_doubt(crossing: Crossing, text: str, lang: str) -> str:
    return _say(lang, "unsure", text=text) if crossing.unsure else text


def _say(lang: str, key: str, **values: str) -> str:
    return catalogue.said(lang, "crossing", key, **values)


def lasts(line: Line, chosen: int, *, highest: bool, gaps: bool, signed: bool) -> bool:
    """Whether a figure of a line over time is its highest, or its lowest, whatever is not stated.

    Parameters
    ----------
    chosen : place of the figure that nothing stated exceeds, or falls below.
    gaps : whether time lies between the slices, of which nothing is stated.
    signed : whether amounts below zero mean something.
    """
    missing, floor = line.status == MISSING, -np.inf if signed else 0.0
    low = np.where(missing, floor, line.values)
    high = np.where(missing | (line.status == LOWER_BOUND), np.inf, line.values)
    others = np.arange(len(low)) != chosen
    if highest:
        return bool(high[others].max(initial=np.inf if gaps else NONE) <= low[chosen])
    return bool(low[others].min(initial=floor if gaps else np.inf) >= high[chosen])
