"""A user's own table: its labels become codes, its source an origin."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pandas as pd

from geotrack.errors import RegionError, SpecError
from geotrack.geo.boundaries import Boundaries
from geotrack.model import Origin, Series, Table
from geotrack.store.regions import Region, Regions

LISTED = 10
"""How many codes of the boundaries an error lists, and for how many labels it looks for others like them."""

UNSTATED = {
    "publisher": "the maker of this map (not stated further)",
    "url": "not stated",
    "licence": "not stated",
}
"""What is said of a source of which nothing was; the catalogue has it in other languages."""

PLACED = ("country", "subdivision")
"""Levels of regions.csv that a shape can stand for."""


def with_own(regions: Regions, shapes: Boundaries) -> Regions:
    """Make regions of a user's own boundaries known, under their own codes and names.

    They stand in for what regions.csv has under these codes: a district CHE is not Switzerland, a district
    "other" no remainder. The row of regions.csv is kept, with its aliases and its aggregates, where both mean
    the same: its code or its alpha-2 code with its name or none; or any names, if every code on the map is a
    country's and no name another region's ("US" for "États-Unis").

    Names may be given twice here, so labels are resolved by `user_table`, not by `Regions.resolve`.
    """
    if not shapes.own:
        return regions
    same = _identified(regions, shapes)
    strange = {code for code in shapes.codes if code not in same or same[code].code != code}
    table = dict(regions.table)
    for code, name in zip(shapes.codes, shapes.names, strict=True):
        table[code] = _region(code, name, same.get(code))
    return replace(
        regions,
        table=table,
        aggregates={code: a for code, a in regions.aggregates.items() if code not in strange},
        rules=dict(_rules(regions, strange, {known.code: code for code, known in same.items()})),
        disputed={code: note for code, note in regions.disputed.items() if code not in strange},
        territories=regions.territories - strange,
    )


def _region(code: str, name: str, known: Region | None) -> Region:
    if known is None:
        return Region(code, name, "country", "", ())
    aliases = (known.code, known.name, *known.aliases)
    return Region(code, known.name if name == code else name, known.level, known.parent, aliases)


def _rules(
    regions: Regions, strange: set[str], moved: Mapping[str, str]
) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Yield the aggregates' rules in the codes of the user's boundaries."""
    gone = tuple(("exclude", old) for old, new in moved.items() if old != new)
    for aggregate, rules in regions.rules.items():
        if aggregate not in strange:
            kept = tuple((rule, moved.get(code, code)) for rule, code in rules if code not in strange)
            yield aggregate, (*kept, *gone)


def _identified(regions: Regions, shapes: Boundaries) -> dict[str, Region]:
    """Return which regions of regions.csv those of a user's boundaries are, by the user's codes."""
    pairs = tuple(zip(shapes.codes, shapes.names, strict=True))
    found = {code: known for code, _ in pairs if (known := _of_code(regions, code))}
    others = {regions.resolve(name, level) for _, name in pairs for level in regions.levels}
    countries = len(found) == len(pairs) and others <= {None, *(known.code for known in found.values())}
    return {c: known for c, name in pairs if (known := found.get(c)) and (countries or _same(known, c, name))}


def _of_code(regions: Regions, code: str) -> Region | None:
    """Return the region that has the code; a country may have its alpha-2 code."""
    known = regions.table.get(code)
    if known is None and len(code) == 2:
        known = regions.table.get(regions.resolve(code) or "")
    return known if known and known.level in PLACED else None


def _same(known: Region, code: str, name: str) -> bool:
    """Tell a region of regions.csv by its name; without one, by its full code: BY may be Bavaria."""
    names = map(_name_key, (known.name, *known.aliases))
    return known.code == code if name == code else _name_key(name) in names


def user_table(
    frame: pd.DataFrame, series: Series, regions: Regions, shapes: Boundaries, source: Mapping[str, str]
) -> Table:
    """Take a user's table, its regions as labels.

    On boundaries of the user's own, their codes and names win over those of regions.csv. Countries that are
    not on them are known only if the boundaries have countries at all: otherwise a mistyped "BL" would count
    as Saint Barthélemy. Remainders and wholes ("other", "total") are always known.

    Raises
    ------
    RegionError : labels that match no region, or several; lists them all.
    SpecError : a `source` that is no origin.
    """
    labels = frame["region"].astype(str)
    found = _codes(list(labels.unique()), series.level, regions, shapes)
    origin = _origin(series, source)
    days = {column: pd.to_datetime(frame[column], format="%Y-%m-%d") for column in ("start", "end")}
    coded = frame.assign(**days, region=labels.map(found), label=labels, origin=origin.id)
    return Table(series, coded, {origin.id: origin}, {})


def _codes(labels: list[str], level: str, regions: Regions, shapes: Boundaries) -> dict[str, str]:
    """Return the code of every label."""
    beyond = _beyond(regions, shapes)
    tiers, empty = (_tiers(regions, shapes), _empty(beyond, shapes)) if shapes.own else ([], set())
    found, lost = {}, {}
    for label in labels:
        keys = label.strip(), _code_key(label), _name_key(label), _name_key(label)
        hits = next((tier[key] for tier, key in zip(tiers, keys, strict=False) if key in tier), set())
        if len(hits) == 1:
            [found[label]] = hits
        elif hits:
            lost[label] = f"ambiguous: {', '.join(sorted(hits))}"
        elif {_code_key(label), _name_key(label)} & empty:
            lost[label] = "in the boundaries, but its geometry is empty"
        elif code := beyond.resolve(label, level):
            found[label] = code
        else:
            lost[label] = ""
    if lost:
        raise RegionError(_message(lost, level, beyond, shapes))
    return found


def _tiers(regions: Regions, shapes: Boundaries) -> list[dict[str, set[str]]]:
    """Return the codes that a text may stand for; in order: codes to the letter, codes, names, aliases."""
    tiers: list[dict[str, set[str]]] = [{}, {}, {}, {}]
    for code, name in zip(shapes.codes, shapes.names, strict=True):
        aliases = map(_name_key, regions.table[code].aliases)
        for tier, keys in zip(tiers, ([code], [_code_key(code)], [_name_key(name)], aliases), strict=True):
            for key in filter(None, keys):
                tier.setdefault(key, set()).add(code)
    return tiers


def _beyond(regions: Regions, shapes: Boundaries) -> Regions:
    """Return what labels may stand for beside the regions of a user's own boundaries."""
    if not shapes.own:
        return regions
    own = set(shapes.codes)
    countries = any(regions.table[code].aliases for code in own)
    kept = {
        code: region
        for code, region in regions.table.items()
        if code not in own and (countries or region.level in {"remainder", "whole"})
    }
    return replace(regions, table=kept)


def _empty(beyond: Regions, shapes: Boundaries) -> set[str]:
    """Return the codes and names that have no shape, but for countries: those count in the remainder."""
    found = set()
    for code, name in shapes.left_out:
        known = _of_code(beyond, code)
        if not (known and _same(known, code, name)):
            found |= {_code_key(code), _name_key(name)} - {""}
    return found


def _code_key(text: str) -> str:
    return re.sub(r"(?<=\d)\.0+$", "", text.strip().casefold())  # a whole number may have become a float


def _name_key(text: str) -> str:
    """Return a name without case, Latin accents and punctuation; the marks of other scripts are letters."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = (" " if unicodedata.category(c)[0] in "PZ" else c for c in plain if not "\u0300" <= c <= "\u036f")
    return " ".join("".join(kept).split())


def _message(lost: Mapping[str, str], level: str, beyond: Regions, shapes: Boundaries) -> str:
    words = _words(level, beyond, shapes)
    lines = []
    for n, (label, reason) in enumerate(lost.items()):
        near = _near(label, words) if not reason and n < LISTED else []
        why = reason or (f"perhaps {' or '.join(near)}?" if near else "")
        lines.append(f"  {label!r}" + (f" ({why})" if why else ""))
    where = "of the boundaries" if shapes.own else f"at level {level!r}"
    advice = "use a name or a code of ISO 3166"
    if shapes.own:
        more = f", ... ({len(shapes.codes)} in all)" if len(shapes.codes) > LISTED else ""
        advice = f"use a name or a code of the boundaries (codes: {', '.join(shapes.codes[:LISTED])}{more})"
    several = ", or several" if any(reason.startswith("ambiguous") for reason in lost.values()) else ""
    return (
        f"{len(lost)} label(s) match no region{several} {where}:\n"
        + "\n".join(lines)
        + f"\nNothing is guessed: {advice}; 'other' takes what has no place on the map."
    )


def _words(level: str, beyond: Regions, shapes: Boundaries) -> dict[str, str]:
    """Return what labels may be like: the boundaries' own names and codes before those of regions.csv."""
    words = {}
    if shapes.own:
        for code, name in zip(shapes.codes, shapes.names, strict=True):
            words[_name_key(name)] = words[_code_key(code)] = name if name == code else f"{name} ({code})"
    names = (beyond.table[code].name for code in beyond.codes(level))
    return words | {key: name for name in names if (key := _name_key(name)) not in words}


def _near(label: str, words: Mapping[str, str]) -> list[str]:
    """Return up to three words spelt alike, or that contain the label or are contained in it."""
    key = _name_key(label)
    inside = [w for w in words if min(len(w), len(key)) > 3 and (w in key or key in w)]
    alike = difflib.get_close_matches(key, words, n=3, cutoff=0.7)
    return list(dict.fromkeys(words[w] for w in (*alike, *inside)))[:3]


def _origin(series: Series, source: Mapping[str, str]) -> Origin:
    expected = (
        "expected publisher, title, url and licence, and perhaps licence_url, published, retrieved, note"
    )
    if odd := [f"{key} = {text!r}" for key, text in source.items() if not isinstance(text, str)]:
        raise SpecError(f"source: {', '.join(odd)} is no text; {expected}")
    stated = {"id": "user", "title": series.title, **UNSTATED}
    try:
        return Origin(**(stated | dict(source)))
    except (TypeError, ValueError) as error:
        raise SpecError(f"source: {error}; {expected}") from error
