"""Cutlines: the two or three sentences below a picture. What, when; the figures; what they are not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from geotrack.caveats import in_short
from geotrack.phrases import MOST_NAMED, Phrases
from geotrack.ranking import KNOWN
from geotrack.readings import Movement, Reading, movement, reading
from geotrack.views import View


def cutline(view: View) -> str:
    """Return a caption to print: what is shown and when, the headline figures, the caveats in short."""
    said, slices = Phrases(view.content, view.layer), slices_of(view)
    readings = [reading(view.content, view.layer, t) for t in slices]
    ends = [readings[0], readings[-1]]
    shown = ends if view.kind == "difference" else readings
    found = movement(view.content, view.layer, slices[0], slices[-1]) if len(slices) > 1 else None
    moved = _moved(said, found) if found else []
    told = moved or [_highest(said, each, named=len(slices) > 1) for each in (ends if found else ends[:1])]
    caveats = in_short(said, shown, found if moved else None)
    return said.joined([head(said, view), *told, caveats])


def slices_of(view: View) -> list[int]:
    """Return the slices that a view speaks of, in the order of time: an interactive map shows all."""
    every = view.kind == "map" and not view.content.fixed
    return list(range(len(view.content.slices))) if every else sorted(set(view.slices))


def head(said: Phrases, view: View) -> str:
    """Say what is shown, of what and when, in which unit."""
    slices, (measure, unit) = slices_of(view), said.measure()
    if view.kind == "difference":
        unit = said.say("pointsUnit") if view.layer.metric.unit == "%" else unit
        ends = {"start": said.label(slices[0]), "end": said.label(slices[-1])}
        return said.say("difference" if unit else "differencePlain", measure=measure, unit=unit, **ends)
    period = said.period(slices)
    if view.kind == "slices" and len(slices) > MOST_NAMED:  # a span would be all that lies between them
        period = said.count("among", len(slices), period=period)
    return said.say("shown" if unit else "shownPlain", measure=measure, period=period, unit=unit)


def _moved(said: Phrases, found: Movement) -> list[str]:
    """Say from what to what those went that moved most: down, up; or that nothing did."""
    if not found.exact:
        return []
    moves = [(abs(found.loss), found.losers), (found.gain, found.gainers)]
    few = [(size, units) for size, units in moves if units and len(units) <= MOST_NAMED]
    texts = [_course(said, u, found) for _, units in sorted(few, key=lambda m: -m[0]) for u in units]
    if texts:
        return [said.sentence(said.joint("semicolon").join(texts))]
    return [said.moves(found, named=False)]


def _course(said: Phrases, unit: int, found: Movement) -> str:
    before, after = (float(said.layer.values[unit, t]) for t in (found.earlier, found.later))
    texts = [said.amount(value) for value in (before, after)]
    if texts[0] == texts[1]:  # a change that rounding hides
        return said.say("withFigure", name=said.subject(unit), value=said.change(after - before))
    key = "rose" if after > before else "fell"
    return said.say(key, name=said.subject(unit), before=texts[0], after=texts[1])


def _highest(said: Phrases, found: Reading, named: bool) -> str:
    """Say which figures are the highest, and what the source does not place if that is more than those."""
    if not found.known or found.all_zero:
        return said.ranks(found, named)
    tail, words = ("In", {"period": said.label(found.t)}) if named else ("", {})
    words |= {"first": _holding(said, found.first, found.t), "highest": said.rank("highest", found)}
    if len(found.known) == 1:
        text = said.say(f"leadOnly{tail}", **words)
    elif not found.second:
        text = said.say(f"lead{tail}", **words)
    else:
        words |= {"second": _holding(said, found.second, found.t), "next": said.rank("next", found)}
        alike = found.scope != KNOWN or found.next_scope == KNOWN
        text = said.say(f"{'leadSecond' if alike else 'leadNext'}{tail}", **words)
    return said.sentence(said.joint("semicolon").join([text, *_rest(said, found)]))


def _holding(said: Phrases, units: Sequence[int], t: int) -> str:
    value = said.value(units, t)
    if len(units) > MOST_NAMED:
        return said.count("holdingMany", len(units), value=value)
    names = said.listed([said.subject(u) for u in units])
    return said.say("holding" if len(units) == 1 else "holdingEach", names=names, value=value)


def _rest(said: Phrases, found: Reading) -> list[str]:
    """Say what is nowhere on the map, where it is so much that those named may not be the highest."""
    least = float(np.nanmin([said.layer.values[u, found.t] for u in (found.second or found.first)]))
    layer, t = said.layer, found.t
    stated, unstated = said.elsewhere(t)
    texts = (
        [said.say("restStated", names=stated[1], value=stated[0])]
        if stated and layer.stated[t] >= least
        else []
    )
    return texts + (
        [said.say("restUnstated", value=unstated)] if unstated and layer.unstated[t] >= least else []
    )
