"""What the reference files must look like: keys, types and values of series, events and origins."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from typing import Any, get_args

from geotrack import secrecy
from geotrack.errors import ParseError
from geotrack.kinds import Wanted, is_day, is_flag, is_list, is_number, is_text, is_word, one_of
from geotrack.model import (
    REPORTED,
    SAID,
    Becomes,
    Doubt,
    Doubted,
    DoubtfulFigures,
    Kind,
    Metric,
    NoteMark,
    Origin,
    OtherReading,
    OverTime,
    Sample,
    Series,
    ShortCaveat,
)

Row = Mapping[str, str]


def series_faults(table: Mapping[str, Any]) -> list[str]:
    """Say what of a table of series.toml is no series: missing and unknown keys, values of another kind."""
    found = [*_key_faults("", table, SERIES, Series), *_doubt_faults(table.get("doubts"))]
    metrics = table.get("metrics")
    if not isinstance(metrics, list):
        return found
    for number, metric in enumerate(metrics, 1):
        known = metric.get("name", number) if isinstance(metric, dict) else number
        found += _key_faults(f"metric {known!r}: ", metric, _METRIC, Metric)
    names = [str(metric.get("name")) for metric in metrics if isinstance(metric, dict)]
    twice = sorted({n for n in names if names.count(n) > 1})
    return found + [f"metric {name!r} is given twice; keep one of each name" for name in twice]


def _doubt_faults(doubts: object) -> list[str]:
    """Say what of a series' doubts is none: each reading has a name of its own, and its figures can be so."""
    if not isinstance(doubts, list):
        return []
    found, names = [], [SAID[REPORTED]]
    for doubt in doubts:
        found += _key_faults("doubts: ", doubt, _DOUBT, DoubtfulFigures)
        readings = doubt.get("readings") if isinstance(doubt, Mapping) else None
        for reading in readings if isinstance(readings, list) else ():
            found += _key_faults("doubts: reading: ", reading, _READING, OtherReading)
            if isinstance(reading, Mapping):
                found += _reading_faults(reading, doubt.get("figures"))
                names.append(str(reading.get("name")))
    kinds = [str(doubt.get("figures")) for doubt in doubts if isinstance(doubt, Mapping)]
    for key, given in (("figures", kinds), ("reading", names)):
        twice = sorted({name for name in given if given.count(name) > 1})
        found += [f"doubts: {key} {name!r} is given twice; keep one of each name" for name in twice]
    return found


def _reading_faults(reading: Mapping[str, Any], figures: object) -> list[str]:
    where, becomes = f"doubts: reading {reading.get('name')!r}: ", reading.get("becomes")
    found = []
    ways = BECOMES.get(str(figures), get_args(Becomes))
    if becomes in get_args(Becomes) and becomes not in ways:
        found.append(f"{where}{figures} that are {becomes!r}; expected {' or '.join(ways)}")
    if (becomes == "given") != bool(reading.get("to")):
        found.append(f'{where}the key "to" goes with becomes = "given", and names the region that gets them')
    return found


BECOMES = {"stars": ("spread", "given"), "zeros": ("before", "after")}
"""Which figures are in doubt -> what they may become."""


def event_faults(row: Row, knows: Callable[[str], bool] = bool) -> list[str]:
    """Say what of a row of events.csv is no event; `knows` tells whether there is a region of a code."""
    found = [] if is_day(row["date"]) else [f"date {row['date']!r}; expected an ISO day such as 2021-05-21"]
    if not row["topic"].strip():
        found.append("topic ''; expected that of the series whose maps show it, such as mining")
    if not knows(row["region"]):
        found.append(f"region {row['region']!r}; expected a code of regions.csv")
    if not row["label"].strip():
        found.append("label ''; expected what happened, in words")
    return found + (secrecy.faults({"url": row["url"]}) or _url_faults(row["url"]))


def origin_faults(row: Row) -> list[str]:
    """Say what of a row of origins.csv is no origin: no publisher, title, licence or address, no real day."""
    required = [f.name for f in fields(Origin) if f.default is MISSING and f.name != "url"]
    empty = [name for name in required if not row[name].strip()]
    found = [f"{', '.join(empty)} must be given; no origin, no number"] if empty else []
    return found + _day_faults(row) + (secrecy.faults(row) or _url_faults(row["url"]))


def _day_faults(row: Row) -> list[str]:
    retrieved, published = row.get("retrieved", ""), row.get("published", "")
    found = (
        []
        if not retrieved or is_day(retrieved)
        else [f"retrieved {retrieved!r}; expected an ISO day such as 2026-11-23"]
    )
    from geotrack import periods  # brings pandas, which a table without days does not need

    try:
        if published:
            periods.parse(published)
    except ParseError:
        found.append(f"published {published!r}; expected a day such as 2026-05-19, a month or a year")
    return found


def _url_faults(url: str) -> list[str]:
    sound = re.fullmatch(r"https?://\w[^\s/?#]*([/?#]\S*)?", url)
    return [] if sound else [f"url {url!r}; expected an address that begins with https:// or http://"]


def _key_faults(where: str, table: object, kinds: Mapping[str, Wanted], model: type) -> list[str]:
    if not isinstance(table, Mapping):
        return [f"{where}{table!r}; expected a table of {', '.join(kinds)}"]
    required = [f.name for f in fields(model) if f.default is MISSING and f.name in kinds]
    lacking = [f"{where}no {key}; expected {kinds[key][1]}" for key in required if key not in table]
    unknown = [f"{where}unknown key {key!r}; expected some of {', '.join(kinds)}" for key in table
               if key not in kinds]  # fmt: skip
    wrong = [
        f"{where}{key} = {table[key]!r}; expected {expected}"
        for key, (fits, expected) in kinds.items()
        if key in table and not fits(table[key])
    ]
    return lacking + unknown + wrong


_TEXT: Wanted = (is_text, "text in quotes")


_WORD: Wanted = (is_word, "text in quotes, not empty")


SERIES: dict[str, Wanted] = {
    "title": _WORD,
    "level": (is_word, 'a level in quotes, such as "country" or "CN"'),
    "metrics": (lambda value: isinstance(value, list) and bool(value), "at least one metric"),
    "boundaries": _WORD,
    "crosswalk": _TEXT,
    "events": (is_text, 'a topic of events.csv, such as "mining"'),
    "method": _TEXT,
    "caveats": (lambda value: is_list(value, is_word), "a list of texts"),
    "missing": _TEXT,
    "overlaps": (is_text, "in quotes, which periods lie within others"),
    "complement": (
        lambda value: is_list(value, is_word) and len(value) == 2 and value[0] != value[1],
        'the codes of two parts that make up the whole, such as ["CHN", "canaan-overseas"]',
    ),
    "samples": (
        lambda value: is_list(value, _sample),
        'a list such as [{ start = "2019-09-01", end = "2020-05-01", part = 0.37 }]',
    ),
    "short": (
        lambda value: is_list(value, _short),
        'a list such as [{ text = "from a draft", across = "2021-05-01" }], of which across may be left out',
    ),
    "marks": (
        lambda value: is_list(value, _mark),
        'a list such as [{ words = "likely inflated by addresses", says = "inflated" }]; says is one of '
        + ", ".join(get_args(Doubt)),
    ),
    "doubts": (
        lambda value: isinstance(value, list) and bool(value),
        'a list of tables, such as [{ figures = "stars", assumption = "...", readings = [...] }]',
    ),
    "moves": (is_word, 'what moves, in words, such as "machines"'),
}

_DOUBT: dict[str, Wanted] = {
    "figures": (lambda value: value in get_args(Doubted), f"one of {', '.join(get_args(Doubted))}"),
    "assumption": _WORD,
    "readings": (lambda value: isinstance(value, list) and bool(value), "at least one reading"),
}

_READING: dict[str, Wanted] = {
    "name": (
        lambda value: isinstance(value, str) and bool(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value)),
        'a short name in small letters, such as "stars-spread"',
    ),
    "becomes": (lambda value: value in get_args(Becomes), f"one of {', '.join(get_args(Becomes))}"),
    "title": _WORD,
    "assumption": _WORD,
    "to": (is_word, "the code of a region, such as CHN"),
}


def _short(value: object) -> bool:
    if not isinstance(value, Mapping) or not {"text"} <= set(value) <= {f.name for f in fields(ShortCaveat)}:
        return False
    across = value.get("across")
    return is_word(value["text"]) and (across is None or (isinstance(across, str) and is_day(across)))


def _mark(value: object) -> bool:
    if not isinstance(value, Mapping) or set(value) != {f.name for f in fields(NoteMark)}:
        return False
    return is_word(value["words"]) and value["says"] in get_args(Doubt)


def _sample(value: object) -> bool:
    if not isinstance(value, Mapping) or set(value) != {f.name for f in fields(Sample)}:
        return False
    start, end, part = (value[f.name] for f in fields(Sample))
    days = isinstance(start, str) and isinstance(end, str) and is_day(start) and is_day(end)
    return days and start < end and is_number(part) and 0 < part <= 1


_METRIC: dict[str, Wanted] = {
    "name": _WORD,
    "title": _WORD,
    "unit": _WORD,
    "kind": one_of(get_args(Kind)),
    "over_time": one_of(get_args(OverTime)),
    "whole": (lambda value: is_number(value) and value > 0, "a number such as 100.0, without quotes"),
    "tolerance": (lambda value: is_number(value) and value >= 0, "a number such as 0.05, without quotes"),
    "complete": (is_flag, "true or false, without quotes"),
    "signed": (is_flag, "true or false, without quotes"),
    "denominator": _TEXT,
}


def country_first(level: str) -> tuple[bool, str]:
    """Return the key that sorts levels: countries, then the others by name."""
    return level != "country", level
