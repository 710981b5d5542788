"""What unit and names of a user's figures tell: a rate or an amount, averaged over time or added up."""

from __future__ import annotations

import re
from collections.abc import Iterable

from geotrack.model import Kind
from geotrack.usertables.words import money
from geotrack.usertables.words.ratewords import tells_each, tells_rate

AMOUNTS = {
    "hashrate", "capacity", "revenue", "population", "production", "consumption", "generation", "emissions",
    "demand", "sales", "turnover", "imports", "exports", "machines",
}  # fmt: skip
"""Words in a name that tell an amount, unless a rate is told as well: "population density"."""

_BY = "region[ei]|paes[ei]|provinci[ae]|settor[ei]|tip[oi]|land|regio|sector"
"""What "per" means "by" before, in Italian and Dutch."""

_PHRASE = re.compile(
    rf"\bper\b(?! (?:{_BY})\b)|\b(expected|healthy) life\b|\blife (span|time)\b"
    r"|\byears? of (life|schooling)\b"
)
"""What tells a rate in several words."""

_LEVELS = {"index", "score", "point", "year", "age", "rank", "grade", "star", "ratio", "rate", "share", "pt"}
"""Words of a unit that no sum over regions has: points of a test, an index of 2015, years of life."""

_EACH = re.compile(
    rf"\bper (?!(year|annum|month|week|day|hour|minute|second|quarter|period|anno|mese|jaar|maand"
    rf"|{_BY})\b)"
    r"|\b(density|intensity)\b|\b(average|mean|typical|median)\b.*\b(of (an?|each|one)|each)\b"
)
"""What tells a rate whatever its unit: the emissions of a head are tonnes, and have no sum over regions."""

_CHINESE_AMOUNTS = re.compile("算力|收入|人口|产量|容量|功率")

_PER = re.compile(
    r"\b(?:per|pro|par|por|je)\s|= ?100\b|/|%|‰|°|\b(ppm|ppb|percent|degrees?|celsius|fahrenheit|kelvin"
    r"|prozent)\b",
    re.I,
)
"""What makes a rate of a unit: g/kWh, USD per head, %, °C."""

_JOINED = re.compile(r"[^\W\d][ -]?years?\b", re.I)
"""What is multiplied by time, and adds up: person-years, tonne years."""

_GROWTH = re.compile(
    r"\bgrowth\b|\w*wachstum\b|\bcroissance\b|\bcrec?imiento\b|\bcrescita\b|\bcrescimento\b|\w*groei\b|\bwzrost\b"
    r"|\b(?:при)?рост\b|\bbüyüme\b|增[长長]|성장"
)
"""What is a rate in percent, and an amount in a unit of its own: a growth of 500 persons."""

_LENGTH = r"(k|c|m|n)?m|km|mi|miles?|metres?|meters?|ft|knots?"
_TIME = r"s|sec|seconds?|h|hr|hours?|d|days?|weeks?|months?|a|yr|years?"
_FLOW = re.compile(rf"(?!(?:{_LENGTH}|beats)\s*/)[\w³²]+\s*/\s*(?:{_TIME})", re.I)
"""An amount in a time, which adds up over regions: EH/s, t/year. A speed, such as km/h, does not."""

_POWER = re.compile(r"[kMGTPEZ]?(H/s|W|Wh|Wp|J)|t|tonnes?|tons?|[kMG]t", re.ASCII)
"""Units that only amounts have, whatever is done with them over time: a capacity is averaged, and adds up."""

_MONEY = re.compile(rf"\b[A-Z]{{3}}\b|[{money.SIGNS}]")
"""A currency: in a time it may be a revenue or a wage, so that it tells nothing."""


def rate(unit: str, names: Iterable[str] = ()) -> bool | None:
    """Tell a rate, which has no sum over regions, from an amount; None where nothing tells.

    Parameters
    ----------
    unit : of the figures; what it tells goes before what names tell, but for what is of a head or a piece.
    names : of the metric, a title; the first that tells decides. Words count, not parts of words.
    """
    unit, names = unit.strip(), [_plain(name) for name in names]
    if any(_EACH.search(name) or tells_each(name) for name in names):
        return True
    flow = _FLOW.fullmatch(unit) is not None
    if _POWER.fullmatch(unit) or _JOINED.search(unit) or (flow and not _MONEY.search(unit)):
        return False
    if not flow and (_PER.search(unit) or _words(_plain(unit)) & _LEVELS):
        return True
    for text in names:
        if tells_rate(_GROWTH.sub(" ", text) if unit else text) or _PHRASE.search(text):
            return True
        if _words(text) & AMOUNTS or _CHINESE_AMOUNTS.search(text):
            return False
    return None


def averaged(unit: str, names: Iterable[str] = ()) -> bool:
    """Tell whether figures are averaged over time by their nature: shares, rates, and what is in a second."""
    names = tuple(names)
    return (
        unit.strip().endswith("/s")
        or "hashrate" in _words(_plain(" ".join(names)))
        or rate(unit, names) is True
    )


def kind(
    unit: str, names: Iterable[str] = (), *, whole: float | None = None, over_time: str = "", said: str = ""
) -> Kind:
    """Return the kind of a metric, see `model.Metric`: as said, else as unit and names tell.

    Where nothing tells, figures that are averaged over time are taken for a rate: nothing is summed that may
    have no sum.
    """
    if said:
        return "extensive" if said == "extensive" else "intensive"
    told = whole is not None or rate(unit, names)
    if told is None:
        told = over_time == "mean"
    return "intensive" if told else "extensive"


def _plain(name: str) -> str:
    """Return a name in small letters, its words parted by spaces, with "hash rate" as one word."""
    return re.sub(r"[\s_-]+", " ", name.casefold()).replace("hash rate", "hashrate")


def _words(text: str) -> set[str]:
    """Return a text's words, those in the plural in the singular too."""
    words = re.findall(r"[^\W\d_]+", text)
    return {*words, *(word.removesuffix("s") for word in words)}
