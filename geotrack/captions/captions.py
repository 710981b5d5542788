"""Captions, alt texts and long descriptions, written from the data; never more than the source says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from geotrack.captions.credits import data_as_of, mended, source_line
from geotrack.captions.phrases import MOST_NAMED, Phrases
from geotrack.captions.readings import Movement, SliceReading, extremes, movement, reading
from geotrack.language.text import plain
from geotrack.map.ranking import KNOWN
from geotrack.map.views import View
from geotrack.model import LOWER_BOUND, MISSING, REPORTED, STATUSES


def in_short(said: Phrases, readings: Sequence[SliceReading], found: Movement | None = None) -> str:
    """Return in one sentence what the figures of some slices are not; "" if there is nothing to be said.

    Parameters
    ----------
    found : what is said to have moved, if that is said.
    """
    starred, zeros = _noted(said, readings)
    rates = [] if said.layer.metric.adds_up else [said.say("shortRate")]
    texts = [*_statuses_in_short(said, readings, found), *rates, *starred, *_series(said, readings), *zeros]
    if not texts and said.content.series.caveats:
        texts = [said.say("shortAny")]
    return said.sentence(said.joint("semicolon").join(texts)) if texts else ""


def _statuses_in_short(said: Phrases, readings: Sequence[SliceReading], found: Movement | None) -> list[str]:
    known, texts = sum(len(each.known) for each in readings), []
    for name, key in (("estimated", "shortEstimated"), ("derived", "shortDerived")):
        if count := sum(len(getattr(each, name)) for each in readings):
            texts.append(said.count(f"{key}All" if count == known else key, count))
    if found is None and any(not each.sure and len(each.known) > 1 for each in readings):
        texts.append(said.say("shortOrder"))
    metric = said.layer.metric
    hidden = found is not None and not found.sure and (metric.whole is not None or metric.complete)
    # of figures that are in doubt a caption says so by itself
    if found is not None and (found.others > found.doubtful or hidden):
        texts.append(said.say("shortUnknown"))
    if found is not None and said.unequal(found.earlier, found.later):
        texts.append(said.say("shortUnequal"))
    steps = [(said.content.slices[each.t], said.layer.partial[each.t]) for each in readings]
    texts += [said.say("shortPartial", period=step.label, text=text) for step, text in steps if text]
    return texts


def _noted(said: Phrases, readings: Sequence[SliceReading]) -> tuple[list[str], list[str]]:
    """Say which of the figures shown are likely too high, and which zeros may be none, by their notes."""
    starred, zeros, when = set(), set(), []
    for each in readings:
        for note, units in said.layer.slice_notes[each.t]:
            text, known = (
                said.content.notes[note],
                {u for u in units if said.layer.status[u, each.t] != MISSING},
            )
            if said.content.series.marked(text, "inflated"):
                starred |= {u for u in known if said.layer.values[u, each.t]}
            if said.content.series.marked(text, "artefact") and known & set(each.zeros):
                zeros |= known & set(each.zeros)
                when.append(each.t)
    high = [said.count("shortInflated", len(starred), names=said.names(sorted(starred)))] if starred else []
    return high, _zeros_in_short(said, sorted(zeros), when, alone=len(readings) == 1) if zeros else []


def _zeros_in_short(said: Phrases, units: Sequence[int], when: Sequence[int], alone: bool) -> list[str]:
    names, count = said.names(units), len(units) * len(when)
    if alone:
        return [said.count("shortZero", count, names=names)]
    labels = said.listed([said.label(t) for t in when])
    periods = labels if len(when) <= MOST_NAMED else said.count("somePeriods", len(when))
    return [said.count("shortZeroIn", count, names=names, periods=periods)]


def _series(said: Phrases, readings: Sequence[SliceReading]) -> list[str]:
    steps = [said.content.slices[each.t] for each in readings]
    first, last = min(s.start for s in steps), max(s.end for s in steps)
    return [
        short.text for short in said.content.series.short if not short.across or first < short.across < last
    ]


def cutline(view: View) -> str:
    """Return a caption to print: what is shown and when, the headline figures, the caveats in short."""
    said, slices = Phrases(view.content, view.layer), slices_of(view)
    readings = [reading(view.content, view.layer, t) for t in slices]
    ends = [readings[0], readings[-1]]
    shown = ends if view.kind == "difference" else readings
    found = movement(view.content, view.layer, slices[0], slices[-1]) if len(slices) > 1 else None
    moved = _moves_told(said, found) if found else []
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


def _moves_told(said: Phrases, found: Movement) -> list[str]:
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


def _highest(said: Phrases, found: SliceReading, named: bool) -> str:
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
    names = said.listed([said.of_part(said.subject(u), u, t) for u in units])
    return said.say("holding" if len(units) == 1 else "holdingEach", names=names, value=value)


def _rest(said: Phrases, found: SliceReading) -> list[str]:
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


__all__ = ["alt_text", "caption", "data_as_of", "long_description", "source_line"]

ALT_AT_MOST = 250
MOST_TOLD = 4  # slices that a long description tells one by one
ZERO = {"reported": "zeroReported", "estimated": "zeroEstimated", "derived": "zeroDerived"}


def caption(view: View) -> str:
    """Return two or three sentences to print: what and when, the headline figures, the caveats in short.

    Parameters
    ----------
    view : View
        The slices and the metric of a map that a picture or a page shows (see `map.views.choose`).

    Returns
    -------
    str
        Plain text in the map's language.

    See Also
    --------
    alt_text : What a reader who does not see the picture must know.
    """
    return cutline(view)


def alt_text(view: View) -> str:
    """Return what a reader who does not see the picture must know of it, in 250 characters at most.

    Parameters
    ----------
    view : View
        The slices and the metric of a map that a picture or a page shows (see `map.views.choose`).

    Returns
    -------
    str
        Plain text in the map's language.

    See Also
    --------
    long_description : The same at length.
    """
    said, slices = Phrases(view.content, view.layer), slices_of(view)
    title, first, last = said.measure()[0], said.label(slices[0]), said.label(slices[-1])
    readings = [reading(view.content, view.layer, t) for t in slices]
    if view.kind == "difference":
        moves = movement(view.content, view.layer, slices[0], slices[-1])
        head = said.say("altDifference", title=title, start=first, end=last)
        told = said.joined([said.moves(moves, named=False), *_unequal(said, moves)])
        parts = [told, *_made(said, [readings[0], readings[-1]]), *_unknown(said, moves)]
    else:
        key = {"map": "altMap", "film": "altFilm"}.get(
            view.kind, "altMap" if len(slices) == 1 else "altSlices"
        )
        head = said.say(key, title=title, period=said.period(slices))
        if len(slices) == 1:
            told = said.joined([said.ranks(readings[0]), *_order(said, readings)])
            parts = [told, *_partial(said, slices), *_made(said, readings), *_counts(said, readings[0])]
        else:
            ends = [readings[0], readings[-1]]
            both = [said.joined([said.ranks(each, named=True), *_order(said, [each])]) for each in ends]
            moves = movement(view.content, view.layer, slices[0], slices[-1])
            parts = [*both, said.joined([said.moves(moves), *_unequal(said, moves)])]
    return _fitting([head, *parts], said)


def long_description(view: View) -> str:
    """Return everything that there is to say, with the method, the caveats and the sources.

    Parameters
    ----------
    view : View
        The slices and the metric of a map that a picture or a page shows (see `map.views.choose`).

    Returns
    -------
    str
        Plain text in the map's language.

    See Also
    --------
    alt_text : The same in short.
    """
    content, layer, slices = view.content, view.layer, slices_of(view)
    said = Phrases(content, layer)
    readings = [reading(content, layer, t) for t in slices]
    told = readings if len(readings) <= MOST_TOLD else [readings[0], readings[-1]]
    sentences = [head(said, view)]
    for each in told:
        sentences += [said.ranks(each, named=len(slices) > 1), *_order(said, [each]), *_range(said, each)]
        texts = [*_counts(said, each), *_lost(said, each), *_zeros(said, each), *_statuses(said, [each])]
        sentences += [*texts, *said.remainder(each.t), *_notes(said, each)]
    if len(slices) > 1:
        sentences += _extremes(said, slices) if view.kind != "difference" else []
        sentences += _moved(said, movement(content, layer, slices[0], slices[-1]), readings)
    sentences += [*_starred(said, readings), *_method(said), source_line(content), data_as_of(content)]
    return said.joined(sentences)


def _order(said: Phrases, readings: Sequence[SliceReading]) -> list[str]:
    unsure = any(not each.sure and len(each.known) > 1 for each in readings)
    return [said.say("order")] if unsure else []


def _counts(said: Phrases, found: SliceReading) -> list[str]:
    """Say how many regions have a figure, and how many have none: missing is not zero."""
    if not found.known:
        return []
    texts = [said.count("regions", len(found.regions))] if found.regions else []
    if found.sums:
        texts.append(said.count("sums", len(found.sums), names=said.bare(found.sums)))
    return [*texts, *([said.count("absent", found.absent)] if found.absent else [])]


def _range(said: Phrases, found: SliceReading) -> list[str]:
    if not found.second or len(found.known) < MOST_NAMED:
        return []
    low = [u for u in found.known if said.same(u, found.known[-1], found.t)]
    return [said.say("range", low=said.value(low, found.t), high=said.value(found.first, found.t))]


def _extremes(said: Phrases, slices: Sequence[int]) -> list[str]:
    found = extremes(said.content, said.layer, slices)
    if not found or found[0] == found[1]:
        return []
    low, high = (said.value([u], t) for u, t in found)
    at = [said.say("place", name=said.name(u), period=said.label(t)) for u, t in found]
    return [said.say("rangeAll", low=low, lowAt=at[0], high=high, highAt=at[1])]


def _zeros(said: Phrases, found: SliceReading) -> list[str]:
    """Name those whose figure is zero, and on whose word."""
    if found.all_zero:
        return []
    texts = []
    for status, key in ZERO.items():
        units = [u for u in found.zeros if STATUSES[said.layer.status[u, found.t]] == status]
        if units:
            texts.append(said.count(key, len(units), names=said.names(units)))
    return texts


def _zero_in(said: Phrases, units: Iterable[int], slices: Sequence[int]) -> list[str]:
    """Say in which slices those that the caption names are zero."""
    texts, layer = [], said.layer
    for u in dict.fromkeys(units):
        when = [t for t in slices if layer.status[u, t] and layer.status[u, t] != LOWER_BOUND]
        when = [t for t in when if layer.values[u, t] == 0]
        if when:
            named, count = [said.label(t) for t in when], len(when)
            told = said.listed(named) if count <= MOST_NAMED else said.count("somePeriods", count)
            key = "zeroReportedIn" if all(layer.status[u, t] == REPORTED for t in when) else "zeroIn"
            texts.append(said.say(key, name=said.name(u), periods=told))
    return texts[:MOST_NAMED]


def _moved(
    said: Phrases, found: Movement, readings: Sequence[SliceReading] = (), *, named: bool = True
) -> list[str]:
    """Say what moved, what of it is not known, and which of the figures behind it are zero."""
    led = [each.first[0] for each in readings if len(each.first) == 1]
    spoken = [*(group[0] for group in (found.losers, found.gainers) if len(group) == 1), *led]
    slices = [each.t for each in readings] or [found.earlier, found.later]
    moves = [said.moves(found, named), *_unequal(said, found), *_unknown(said, found)]
    return [*moves, *_zero_in(said, spoken, slices)]


def _unequal(said: Phrases, found: Movement) -> list[str]:
    """Warn of amounts that differ because their periods do."""
    return [said.say("unequal")] if said.unequal(found.earlier, found.later) else []


def _partial(said: Phrases, slices: Sequence[int]) -> list[str]:
    """Say how much of a slice has figures, where not all of it has."""
    return [said.say("partial", text=said.layer.partial[t]) for t in slices if said.layer.partial[t]]


def _unknown(said: Phrases, found: Movement) -> list[str]:
    counts = {key: getattr(found, key) for key in ("inexact", "rounded", "doubtful", "unknown")}
    return [said.count(key, count) for key, count in counts.items() if count]


def _statuses(said: Phrases, readings: Sequence[SliceReading]) -> list[str]:
    """Say how many figures are lower bounds, estimates or derived."""
    bounds, texts = sum(len(each.bounds) for each in readings), []
    if bounds and len(readings) == 1 and bounds <= MOST_NAMED:
        texts.append(said.count("bounds", bounds, names=said.names(readings[0].bounds)))
    elif bounds:
        texts.append(said.count("boundsMany", bounds))
    return [*texts, *_made(said, readings)]


def _made(said: Phrases, readings: Sequence[SliceReading]) -> list[str]:
    """Say how many figures are estimates or derived, which a number does not tell."""
    total, texts = sum(len(each.known) for each in readings), []
    estimated, derived = (
        sum(len(getattr(each, name)) for each in readings) for name in ("estimated", "derived")
    )
    if estimated:
        texts.append(said.count("estimatedAll" if estimated == total else "estimated", estimated))
    return [*texts, *([said.count("derived", derived)] if derived else [])]


def _starred(said: Phrases, readings: Sequence[SliceReading]) -> list[str]:
    """Name those that the source itself marks with a star."""
    units = {u for each in readings for u in each.known if "*" in said.content.units[u].label}
    return [said.say("starred", names=said.names(sorted(units)))] if units else []


def _lost(said: Phrases, found: SliceReading) -> list[str]:
    if not found.lost:
        return []
    if len(found.lost) > MOST_NAMED:
        return [said.count("lostMany", len(found.lost))]
    return [said.count("lost", len(found.lost), names=said.names(found.lost))]


def _notes(said: Phrases, found: SliceReading) -> list[str]:
    """Return the notes on a slice's figures, as their source has them."""
    content, texts = said.content, _partial(said, [found.t])
    for note, units in said.layer.slice_notes[found.t]:
        texts.append(said.say("about", names=said.names(units), text=_bare(content.notes[note])))
    return texts


def _method(said: Phrases) -> list[str]:
    series = said.content.series
    texts = [said.say("method", text=_bare(series.method))] if series.method else []
    texts += [said.say("caveat", text=_bare(text)) for text in series.caveats]
    texts += filter(None, [mended(said.content)])
    return texts + ([said.say("missing", text=_bare(series.missing))] if series.missing else [])


def _bare(text: str) -> str:
    """Return a text without the full stop, of whatever language, that the sentence around it has."""
    return plain(text).rstrip().removesuffix(".").removesuffix("。")


def _fitting(parts: Sequence[str], said: Phrases) -> str:
    """Put as many sentences together as fit, the first of them cut if it alone is too long."""
    text = parts[0] if len(parts[0]) <= ALT_AT_MOST else parts[0][: ALT_AT_MOST - 1] + "…"
    for part in parts[1:]:
        longer = said.joined([text, part])
        text = longer if len(longer) <= ALT_AT_MOST else text
    return text
