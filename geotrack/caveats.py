"""Caveats in short, for a caption: what a reader must not miss; the long description has them whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geotrack.messages import term
from geotrack.model import MISSING
from geotrack.phrases import MOST_NAMED, Phrases
from geotrack.readings import Movement, Reading

ADDRESSES, ARTEFACT = "likely inflated by addresses", "at least partly a measuring artefact"
"""What a note says of figures that stand too high, and of zeros that may be none."""


@dataclass(frozen=True)
class Short:
    """A caveat of a series and its short form in the catalogue.

    Parameters
    ----------
    beginning : of the caveat. key : of the catalogue's [caveat].
    across : a day: it is a caveat of figures from before it beside figures from after it; "" of any.
    """

    beginning: str
    key: str
    across: str = ""


SHORT = (
    # CCAF's release before that one ended with April 2021
    Short(
        "Foundry, a pool of the United States, joined with the October 2021 release", "sample", "2021-05-01"
    ),
    Short("Only countries quoted in news", "quoted"),
    Short("Revenue by where customers are, not where machines run", "customers"),
    Short("A draft document", "draft"),
)


def in_short(said: Phrases, readings: Sequence[Reading], found: Movement | None = None) -> str:
    """Return in one sentence what the figures of some slices are not; "" if there is nothing to be said.

    Parameters
    ----------
    found : what is said to have moved, if that is said.
    """
    starred, zeros = _noted(said, readings)
    rates = [] if said.layer.metric.adds_up else [said.say("shortRate")]
    texts = [*_statuses(said, readings, found), *rates, *starred, *_series(said, readings), *zeros]
    if not texts and said.content.series.caveats:
        texts = [said.say("shortAny")]
    return said.sentence(said.joint("semicolon").join(texts)) if texts else ""


def _statuses(said: Phrases, readings: Sequence[Reading], found: Movement | None) -> list[str]:
    known = sum(len(each.known) for each in readings)
    estimated = sum(len(each.estimated) for each in readings)
    texts = []
    if estimated:
        key = "shortEstimatedAll" if estimated == known else "shortEstimated"
        texts.append(said.count(key, estimated))
    if found is None and any(not each.sure and len(each.known) > 1 for each in readings):
        texts.append(said.say("shortOrder"))
    metric = said.layer.metric
    hidden = found is not None and not found.sure and (metric.whole is not None or metric.complete)
    if found is not None and (found.inexact + found.unknown or hidden):
        texts.append(said.say("shortUnknown"))
    if found is not None and said.unequal(found.earlier, found.later):
        texts.append(said.say("shortUnequal"))
    steps = [said.content.slices[each.t] for each in readings]
    texts += [said.say("shortPartial", period=s.label, text=s.partial) for s in steps if s.partial]
    return texts


def _noted(said: Phrases, readings: Sequence[Reading]) -> tuple[list[str], list[str]]:
    """Say which of the figures shown are likely too high, and which zeros may be none, by their notes."""
    starred, zeros, when = set(), set(), []
    for each in readings:
        for note, units in said.layer.slice_notes[each.t]:
            text, known = (
                said.content.notes[note],
                {u for u in units if said.layer.status[u, each.t] != MISSING},
            )
            if term(ADDRESSES, said.content.lang) in text:
                starred |= {u for u in known if said.layer.values[u, each.t]}
            if term(ARTEFACT, said.content.lang) in text and known & set(each.zeros):
                zeros |= known & set(each.zeros)
                when.append(each.t)
    high = [said.count("shortInflated", len(starred), names=said.names(sorted(starred)))] if starred else []
    return high, _zeros(said, sorted(zeros), when, alone=len(readings) == 1) if zeros else []


def _zeros(said: Phrases, units: Sequence[int], when: Sequence[int], alone: bool) -> list[str]:
    names, count = said.names(units), len(units) * len(when)
    if alone:
        return [said.count("shortZero", count, names=names)]
    labels = said.listed([said.label(t) for t in when])
    periods = labels if len(when) <= MOST_NAMED else said.count("somePeriods", len(when))
    return [said.count("shortZeroIn", count, names=names, periods=periods)]


def _series(said: Phrases, readings: Sequence[Reading]) -> list[str]:
    steps = [said.content.slices[each.t] for each in readings]
    first, last = min(s.start for s in steps), max(s.end for s in steps)
    return [
        said.say(f"short{short.key.capitalize()}")
        for short in SHORT
        if any(
            text.startswith(term(short.beginning, said.content.lang)) for text in said.content.series.caveats
        )
        and (not short.across or first < short.across < last)
    ]
