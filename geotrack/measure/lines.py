"""What moved between two slices; pure: arrays in, arrays out. No missing cell is ever taken for zero."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from geotrack.errors import SpecError
from geotrack.language import catalogue
from geotrack.map.content import Content, Layer
from geotrack.map.ranking import NONE
from geotrack.model import DERIVED, LOWER_BOUND, MISSING, Slice

Kind = Literal["overtook", "overtaken", "crossed back", "never", "always ahead", "never behind", "not known"]


@dataclass(frozen=True, eq=False)
class ShareChange:
    """The change of each region between two slices.

    Parameters
    ----------
    values : float64, later minus earlier, in the metric's unit (of percentages: in percentage points); NaN
        where either is missing.
    status : uint8; `model.MISSING` where either is missing, `model.LOWER_BOUND` where either is a lower
        bound, so that the change is not known exactly, else `model.DERIVED`.
    """

    values: np.ndarray
    status: np.ndarray


@dataclass(frozen=True, eq=False)
class Line:
    """A region's or a group's figures, slice by slice.

    Parameters
    ----------
    name : for people.
    values : float64 per slice, NaN where missing. status : uint8 per slice, a place in model.STATUSES.
    """

    name: str
    values: np.ndarray
    status: np.ndarray


@dataclass(frozen=True)
class Turn:
    """A change of the lead, between two slices that bracket it.

    Parameters
    ----------
    before, after : the last slice before and the first slice after it in which the two can be compared.
    ahead : whether the first of the two took the lead; else it lost it.
    certain : whether both slices tell who leads; a lower bound may leave it open.
    skipped : slices between the two in which the two cannot be compared, or are equal.
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
        behind" (ahead, and level in some slices), or "not known" where the two are in no slice both given.
    turns : every change of the lead, in order.
    certain : whether every slice compared tells who leads; a lower bound may leave it open.
    compared : slices in which both are given.
    """

    first: str
    second: str
    kind: Kind
    turns: tuple[Turn, ...] = ()
    certain: bool = True
    compared: int = 0


def change(values: np.ndarray, status: np.ndarray, first: int, last: int) -> ShareChange:
    """Return what changed between two slices.

    Parameters
    ----------
    values, status : rows × slices; NaN and 0 where missing.
    first, last : places of the earlier and the later slice.
    """
    before, after = status[:, first], status[:, last]
    known = (before != MISSING) & (after != MISSING)
    bound = (before == LOWER_BOUND) | (after == LOWER_BOUND)
    moved = np.where(known, values[:, last] - values[:, first], np.nan)
    return ShareChange(
        moved, np.where(known, np.where(bound, LOWER_BOUND, DERIVED), MISSING).astype(np.uint8)
    )


def line_of(content: Content, layer: Layer, code: str) -> Line:
    """Return a group's or a region's figures by its code.

    Raises
    ------
    SpecError : neither a group nor a region of the map; says what there is.
    """
    for g, group in enumerate(content.groups):
        if group.code == code and group.colour not in {"rest", "remainder"}:
            return Line(group.name, layer.groups[g], layer.group_status[g])
    for u, unit in enumerate(content.units):
        if unit.code == code:
            return Line(unit.name, layer.values[u], layer.status[u])
    known = [g.code for g in content.groups if g.units] + [u.code for u in content.units]
    listed = ", ".join(list(dict.fromkeys(known))[:40])
    raise SpecError(f"{content.id}: no group or region {code!r}; expected one of: {listed}")


def within(line: Line, ends: tuple[int, int]) -> Line:
    """Return a line's figures of a span: of two slices, by their places, and of all between them."""
    span = slice(ends[0], ends[1] + 1)
    return Line(line.name, line.values[span], line.status[span])


def crossing(a: Line, b: Line, slices: Sequence[Slice]) -> Crossing:
    """Say when `a` overtook `b`.

    A slice counts where both are given; equal figures give the lead to nobody, and the next slice decides.
    The stated figures tell who leads; where one is a lower bound, the other's lead is not certain.

    Parameters
    ----------
    a, b : figures of the same metric and the same slices.
    slices : in the order of time.
    """
    given = (a.status != MISSING) & (b.status != MISSING)
    ahead = np.sign(np.where(given, a.values - b.values, 0.0)).astype(int)
    sure = _sure(a, b, ahead)
    places = [int(t) for t in np.flatnonzero(ahead)]
    turns = tuple(_turns(places, ahead, sure, slices))
    kind = _kind(turns, ahead[given].tolist())
    return Crossing(a.name, b.name, kind, turns, bool(sure[given].all()), int(given.sum()))


def _sure(a: Line, b: Line, ahead: np.ndarray) -> np.ndarray:
    """Whoever leads leads for certain unless the other may be more than is stated."""
    open_a, open_b = a.status == LOWER_BOUND, b.status == LOWER_BOUND
    return np.asarray(np.where(ahead > 0, ~open_b, np.where(ahead < 0, ~open_a, ~(open_a | open_b))))


def _turns(
    places: Sequence[int], ahead: np.ndarray, sure: np.ndarray, slices: Sequence[Slice]
) -> Iterator[Turn]:
    for t, s in pairwise(places):
        if ahead[t] != ahead[s]:
            yield Turn(slices[t], slices[s], bool(ahead[s] > 0), bool(sure[t] and sure[s]), s - t - 1)


def _kind(turns: Sequence[Turn], signs: Sequence[int]) -> Kind:
    """What became of the lead; `signs`: of each slice compared, 1 or -1 for who has it, 0 for nobody."""
    if len(turns) > 1:
        return "crossed back"
    if turns:
        return "overtook" if turns[0].ahead else "overtaken"
    if not signs:
        return "not known"
    if 1 in signs:
        return "never behind" if 0 in signs else "always ahead"
    return "never"


KEYS = {"never": "never", "always ahead": "ahead", "never behind": "notBehind"}


def sentence(crossing: Crossing, lang: str = catalogue.ENGLISH) -> str:
    """Say whether and when the first overtook the second."""
    names = {"first": crossing.first, "second": crossing.second}
    if crossing.kind == "not known":
        text = _say(lang, "unknown", **names)
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
    return catalogue.said(lang, "caption", "sentence", text=_with_doubt(crossing, text, lang))


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
    return _with_doubt(crossing, text, lang)


def _from_first_lead(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """The turns from the first on in which the first of the two took the lead."""
    return turns if not turns or turns[0].ahead else turns[1:]


def _when(turn: Turn, lang: str) -> str:
    ends = (catalogue.period(step.start, step.end, lang) for step in (turn.before, turn.after))
    return _say(lang, "between", **dict(zip(("before", "after"), ends, strict=True)))


def _with_doubt(crossing: Crossing, text: str, lang: str) -> str:
    return text if crossing.certain else _say(lang, "unsure", text=text)


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
