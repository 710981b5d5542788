"""What unit and names of a user's figures tell: a rate or an amount, averaged over time or added up."""

from __future__ import annotations

import re
from collections.abc import Iterable

from geotrack.model import Kind

RATES = {
    "share", "percent", "percentage", "rate", "ratio", "price", "tariff", "wage", "salary", "expectancy",
    "density", "intensity", "efficiency", "temperature", "index", "factor", "inflation", "mean", "median",
    "average", "probability", "score", "prevalence", "incidence", "pay", "age", "lifespan",
    "minimum", "maximum", "grade", "rating", "rank", "ranking", "speed", "elevation", "altitude", "humidity",
    "multiple", "yield", "elasticity", "likelihood", "odds", "quantile", "percentile", "gini",
}  # fmt: skip
"""Words in a name that tell a rate: figures that are averaged over time, and have no sum over regions."""

AMOUNTS = {
    "hashrate", "capacity", "revenue", "population", "production", "consumption", "generation", "emissions",
    "demand", "sales", "turnover", "imports", "exports", "machines",
}  # fmt: skip
"""Words in a name that tell an amount, unless a rate is told as well: "population density"."""

_PHRASE = re.compile(
    r"\bper\b|\b(expected|healthy) life\b|\blife (span|time)\b|\byears? of (life|schooling)\b"
)
"""What tells a rate in several words."""

_LEVELS = {"index", "score", "point", "year", "age", "rank", "grade", "star", "ratio", "rate", "share", "pt"}
"""Words of a unit that no sum over regions has: points of a test, an index of 2015, years of life."""

_EACH = re.compile(
    r"\bper (?!(year|annum|month|week|day|hour|minute|second|quarter|period)\b)"
    r"|\b(density|intensity)\b|\b(average|mean|typical|median)\b.*\b(of (an?|each|one)|each)\b"
    r"|[人户]均|每[人户台吨]"
)
"""What tells a rate whatever its unit: the emissions of a head are tonnes, and have no sum over regions."""

_CHINESE_RATES = re.compile(
    "(?<!功)率|[人户]均|价格|[电气油煤单均房物币]价|寿命|密度|强度|占比|份额|比例|温度|指数"
)
_CHINESE_AMOUNTS = re.compile("算力|收入|人口|产量|容量|功率")

_PER = re.compile(r"\bper\b|/|%|‰|°|\b(ppm|ppb|percent|degrees?|celsius|fahrenheit|kelvin)\b", re.I)
"""What makes a rate of a unit: g/kWh, USD per head, %, °C."""

_JOINED = re.compile(r"[^\W\d][ -]?years?\b", re.I)
"""What is multiplied by time, and adds up: person-years, tonne years."""

_LENGTH = r"(k|c|m|n)?m|km|mi|miles?|metres?|meters?|ft|knots?"
_TIME = r"s|sec|seconds?|h|hr|hours?|d|days?|weeks?|months?|a|yr|years?"
_FLOW = re.compile(rf"(?!(?:{_LENGTH}|beats)\s*/)[\w³²]+\s*/\s*(?:{_TIME})", re.I)
"""An amount in a time, which adds up over regions: EH/s, t/year. A speed, such as km/h, does not."""

_POWER = re.compile(r"[kMGTPEZ]?(H/s|W|Wh|Wp|J)|t|tonnes?|tons?|[kMG]t", re.ASCII)
"""Units that only amounts have, whatever is done with them over time: a capacity is averaged, and adds up."""

_MONEY = re.compile(r"\b[A-Z]{3}\b|[$€£¥]")
"""A currency: in a time it may be a revenue or a wage, so that it tells nothing."""


def rate(unit: str, names: Iterable[str] = ()) -> bool | None:
    """Tell a rate, which has no sum over regions, from an amount; None where nothing tells.

    Parameters
    ----------
    unit : of the figures; what it tells goes before what names tell, but for what is of a head or a piece.
    names : of the metric, a title; the first that tells decides. Words count, not parts of words.
    """
    unit, names = unit.strip(), [_plain(name) for name in names]
    if any(map(_EACH.search, names)):
        return True
    flow = _FLOW.fullmatch(unit) is not None
    if _POWER.fullmatch(unit) or _JOINED.search(unit) or (flow and not _MONEY.search(unit)):
        return False
    if not flow and (_PER.search(unit) or _words(_plain(unit)) & _LEVELS):
        return True
    for text in names:
        if _words(text) & RATES or _PHRASE.search(text) or _CHINESE_RATES.search(text):
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


_SCALES = (
    r"(?:thousands?|millions?|billions?|trillions?|mn|mln|mio|bn|mrd|mill|tsd|k|m|[千万亿]|百万|十亿)\.?"
)
_CODES = "USD|EUR|GBP|CNY|RMB|JPY|INR|RUB|CAD|AUD|CHF|KRW|BRL|KZT|SEK|NOK|DKK|PLN|TRY|MXN|ZAR|BTC|ETH"
_MONEY_WORDS = rf"US\$|(?-i:{_CODES})|[$€£¥₽₹₩]|dollars?|euros?|yuan|元|美元|人民币"
_THINGS = (
    r"[kMGTPEZ]?(?:H/s|W|Wh|Wp|J)|[kMG]?t(?:\s?CO[2₂](?:[\s-]?eq?\.?)?|oe|ce)?|km[2²]|ha|m[3³]|bbl"
    r"|tonnes?|tons?|tonnen|toneladas|barrels|hectares|kg|g|people|persons|inhabitants|machines|units|台|人"
)
_PERCENTS = r"%|percent|per ?cent|percentage|pct|Prozent|por ciento|pour cent|‰|百分比"
_OF = r"(?:\s?(?:of|de|di|d')\s|\s?)"
_AMOUNT = rf"(?:(?:{_SCALES}){_OF})?(?:{_MONEY_WORDS}|{_THINGS})(?:\s?{_SCALES})?(?:\s?(?:/|per)\s?\w+)?"
_PRICED = (
    rf"(?:(?:(?:current|constant|real|nominal|chained|PPP|international|prices|at|of|in|{_SCALES}|"
    rf"(?:19|20)\d\d),?\s)+)(?:{_MONEY_WORDS})(?:\s?{_SCALES})?"
)
"""Money at prices of a year, as in "current US$", "PPP, constant 2017 international $"."""

_UNIT = re.compile(
    rf"[(\[（]\s*(?:in )?(?P<inside>{_PERCENTS}|(?:annual )?%(?: of [\w -]{{2,40}})?|{_AMOUNT}|{_PRICED}"
    rf"|{_SCALES})\s*[)\]）]$"
    rf"|[,/ ](?:in )?(?P<after>%|percent|[kMGTPEZ]?H/s)$",
    re.IGNORECASE,
)
"""A unit at the end of a header: in brackets if it is a word that may mean something else."""


_SCALED = rf"(?:{_SCALES}){_OF}(?:{_MONEY_WORDS}|{_THINGS})"
_ABOVE = re.compile(
    rf"(?:.*[\s,;:(（])?in (?P<in>{_PERCENTS}|{_SCALED}|{_MONEY_WORDS})[)）]?"
    rf"|[(（]?(?P<all>{_PERCENTS}|{_SCALED}|(?:{_MONEY_WORDS})\s(?:{_SCALES}))[)）]?",
    re.IGNORECASE,
)
"""A line above a table that ends with a unit after "in", or is one."""

_SAID = re.compile(
    r"[#%(（\s]*(?:units?(?: of measure(?:ment)?)?|(?:maß)?einheit(?:en)?|unidad(?:es)?(?: de medida)?"
    r"|unités?(?: de mesure)?|unità(?: di misura)?|unidades?(?: de medida)?|eenheid|jednostka"
    r"|единицы?(?: измерения)?|ед\. ?изм\.?|(?:计量)?单位|單位|単位|단위)"
    r"\s*[:：=]\s*(?P<unit>[^\s:：=].{0,40}?)[)）.\s]*",
    re.IGNORECASE,
)
"""A line that says the unit, as "Einheit: Tsd. Tonnen", "# unit: GWh", "单位：亿元"."""

_NO_UNIT = re.compile(
    r"[,;，、；|](?!\d{3})|\b(?:see|siehe|voir|ver|various|several|different|diverse|verschieden\w*|and|und|or"
    r"|n/?a)\b",
    re.IGNORECASE,
)
"""What makes a text no unit: several of them, or a hint where they stand."""


def says_unit(line: str) -> bool:
    """Tell a line that says nothing but the unit of a table."""
    found = _ABOVE.fullmatch(line.strip())
    return _SAID.fullmatch(line.strip()) is not None or bool(
        found and (found["all"] or line.strip(" (（").lower().startswith("in "))
    )


def unit_above(lines: Iterable[str]) -> str:
    """Return the unit that the lines above a table state: "Revenue 2024 (%)", "in Mio. EUR"; "" if none."""
    parts = [part for line in lines for part in re.split(r"[;|]", line)]
    found = {_said(part) or unit_in(part) or _at_end(part) for part in parts} - {""}
    return found.pop() if len(found) == 1 else ""


def _said(line: str) -> str:
    found = _SAID.fullmatch(line.strip())
    unit = found["unit"] if found and not _NO_UNIT.search(found["unit"]) else ""
    return "%" if re.fullmatch(_PERCENTS, unit, re.IGNORECASE) and unit != "‰" else unit


def _at_end(line: str) -> str:
    found = _ABOVE.fullmatch(line.strip()[-80:])
    unit = (found["in"] or found["all"]) if found else ""
    return "%" if re.fullmatch(_PERCENTS, unit, re.IGNORECASE) and unit != "‰" else unit


def unit_in(header: str) -> str:
    """Return the unit that a header states beyond doubt: "Umsatz (Mio. USD)", "share in %"; "" if none.

    Years, statuses and other remarks in brackets are none.
    """
    found = _UNIT.search(header.strip()[-60:])
    if found is None:
        return ""
    unit = (found["inside"] or found["after"]).strip()
    return "%" if re.fullmatch(_PERCENTS, unit, re.IGNORECASE) and unit != "‰" else unit
