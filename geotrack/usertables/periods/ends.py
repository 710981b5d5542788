"""Periods of two columns, their starts and ends: whether an end is the last day, or the first one after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from geotrack import periods
from geotrack.errors import Choice, Question


class StartAndEnd(NamedTuple):
    """A start and an end as they stand beside each other.

    Parameters
    ----------
    start, end : their texts.
    first : first day of the start.
    last, after : first day of the end, and the first one after it.
    """

    start: str
    end: str
    first: str
    last: str
    after: str


class Ends(NamedTuple):
    """What ends are: "included", "excluded", or a question; and that in words."""

    meaning: str
    how: str = ""
    question: Question | None = None


def decide(pairs: Sequence[StartAndEnd], said: str, where: str) -> Ends:
    """Tell whether ends are included.

    Ends that touch the next starts tell it. Months, quarters and years are included else, for who writes
    "January to March" means March too; days are if all are lasts of months, and are not if all are firsts.

    Parameters
    ----------
    pairs : distinct.
    said : "included", "excluded" or "".
    where : the column, for questions.
    """
    meaning = said or _told(pairs)
    if meaning or not pairs:
        return Ends(meaning, _how(pairs, meaning))
    samples = {each: _sample(pairs, each) for each in ("included", "excluded")}
    choices = tuple(Choice("ends", each, sample) for each, sample in samples.items())
    found = f"{where}: {pairs[0].end!r} may be the last day of the period, or the first one after it"
    return Ends("included", "", Question(found, choices))


def _told(pairs: Sequence[StartAndEnd]) -> str:
    """Return what all pairs together tell; "" if that is nothing, or both."""
    if any(pair.first >= pair.last for pair in pairs):
        return "included"  # else there was no day in it
    starts = {pair.first for pair in pairs}
    days = [pair for pair in pairs if periods.days(pair.last, pair.after) == 1]
    touching = (
        _touches(starts, {pair.after for pair in pairs}),
        _touches(starts, {pair.last for pair in pairs}),
    )
    if not days:
        return "excluded" if touching[1] and not touching[0] else "included"
    whole = all(_is_first(pair.after) for pair in pairs), all(_is_first(pair.last) for pair in pairs)
    included, excluded = touching[0] or whole[0], touching[1] or whole[1]
    if included == excluded or len(days) < len(pairs):
        return ""
    return "included" if included else "excluded"


def _touches(starts: set[str], ends: set[str]) -> bool:
    """Tell whether a period begins where each but the last one ends."""
    return len(starts) > 1 and len(ends) > 1 and ends - {max(ends)} <= starts


def _is_first(day: str) -> bool:
    return day.endswith("-01")


def until(pair: StartAndEnd, meaning: str) -> str:
    """Return the first day after a period."""
    return pair.last if meaning == "excluded" else pair.after


def _how(pairs: Sequence[StartAndEnd], meaning: str) -> str:
    sample = _sample(pairs, meaning)
    return f"ends are {meaning}: {sample}" if sample else ""


def _sample(pairs: Sequence[StartAndEnd], meaning: str) -> str:
    return ", ".join(list(_samples(pairs, meaning))[:2])


def _samples(pairs: Sequence[StartAndEnd], meaning: str) -> Iterator[str]:
    for pair in pairs:
        if pair.first < (end := until(pair, meaning)):
            yield f"{pair.start} to {pair.end} = {periods.label(pair.first, end)}"
