"""A user's own table: its labels become codes, its source an origin."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property, partial

import pandas as pd

from geotrack.errors import SpecError
from geotrack.geo.boundaries import Boundaries
from geotrack.model import Origin, Series, Table
from geotrack.store.matching import Matched, Own, match
from geotrack.store.regions import Region, Regions
from geotrack.usertables.cells import Coded, objects

LISTED = 10
"""How many codes of the boundaries an error lists."""

_NOT_STATED = "not stated"
UNSTATED = {
    "publisher": "the maker of this map (not stated further)",
    "url": _NOT_STATED,
    "licence": _NOT_STATED,
}
"""What is said of what a source lacks, if it has anything; the catalogue has it in other languages."""

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
    named = known.name if name == code else name
    return Region(code, named, known.level, known.parent, aliases, known.shared, known.numbers)


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


def user_table(frame: pd.DataFrame, series: Series, matched: Matched, source: Mapping[str, str]) -> Table:
    """Take a user's table, its regions as labels that were matched (see `match_labels`).

    Raises
    ------
    SpecError : a `source` that is no origin.
    """
    labels, found = frame["region"], matched.codes
    origin = _origin(series, source)
    days = {column: _days(frame[column]) for column in ("start", "end")}
    codes, named = pd.factorize(labels)  # each label is looked up once
    known, regions = pd.factorize(objects([found.get(label) for label in named]))
    region = Coded(known[codes], regions).categorical()
    origins = Coded.constant(len(frame), origin.id).categorical()
    coded = frame.assign(**days, region=region, label=labels, origin=origins)
    if (known < 0).any():
        coded = coded[coded["region"].notna()]  # labels whose rows are left out have no code
    return Table(series, coded, {origin.id: origin}, {})


def _days(texts: pd.Series) -> pd.Series:
    """Return ISO days as moments; each is read once."""
    codes, distinct = pd.factorize(texts)
    days = pd.to_datetime(pd.Index(distinct, dtype=object), format="%Y-%m-%d")
    return pd.Series(days.take(codes), index=texts.index)


def match_labels(
    labels: Iterable[str],
    level: str,
    regions: Regions,
    shapes: Boundaries,
    crosswalk: Mapping[str, str] | None = None,
) -> Matched:
    """Find the region of every label of a user's table.

    On boundaries of the user's own, their codes and names win over those of regions.csv. Countries that are
    not on them are known only if the boundaries have countries at all: otherwise a mistyped "BL" would count
    as Saint Barthélemy. Remainders and wholes ("other", "total") are always known.

    Parameters
    ----------
    labels : as the table writes them.
    regions : what `with_own` returned for these boundaries.
    crosswalk : label -> code; it wins over names, those of the boundaries as well.

    Raises
    ------
    UnmatchedError : labels that match no region, or several; lists them all.
    RegionError : a crosswalk leads to codes that there are not.
    """
    if not shapes.own:
        return match(labels, regions, level, crosswalk)
    beyond = _beyond(regions, shapes)
    own = Own(
        _Looking(regions, shapes, beyond),
        regions.table,
        partial(_words, shapes),
        _advice(shapes),
        tuple(regions.table[code] for code in shapes.codes if regions.table[code].aliases),
    )
    return match(labels, beyond, level, crosswalk, own)


class _Looking:
    """The names and codes of a user's own boundaries, as labels are looked up among them."""

    def __init__(self, regions: Regions, shapes: Boundaries, beyond: Regions) -> None:
        self.regions, self.shapes, self.beyond = regions, shapes, beyond
        self.codes = frozenset(shapes.codes)

    def __call__(self, label: str) -> tuple[str, str]:
        """Return the code of a label; or none, and why not; or neither."""
        if label in self.codes:
            return label, ""
        keys = label.strip(), _code_key(label), _name_key(label), _name_key(label)
        hits = next((tier[key] for tier, key in zip(self.tiers, keys, strict=True) if key in tier), set())
        if len(hits) == 1:
            return next(iter(hits)), ""
        if hits:
            return "", f"ambiguous: {', '.join(sorted(hits))}"
        empty = {_code_key(label), _name_key(label)} & self.empty
        return "", "in the boundaries, but its geometry is empty" if empty else ""

    @cached_property
    def tiers(self) -> list[dict[str, set[str]]]:
        """Return the codes that a text may stand for."""
        return _tiers(self.regions, self.shapes)

    @cached_property
    def empty(self) -> set[str]:
        """Return the codes and names that have no shape."""
        return _empty(self.beyond, self.shapes)


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
    key = text.strip().casefold()  # a whole number may have become a float
    return re.sub(r"(?<=\d)\.0+$", "", key) if key.endswith("0") else key


_SPACED = {n: " " for n in range(128) if unicodedata.category(chr(n))[0] in "PZ"}


def _name_key(text: str) -> str:
    """Return a name without case, Latin accents and punctuation; the marks of other scripts are letters."""
    folded = text.casefold()
    if folded.isascii():
        return " ".join(folded.translate(_SPACED).split())
    plain = unicodedata.normalize("NFKD", folded)
    kept = (" " if unicodedata.category(c)[0] in "PZ" else c for c in plain if not "\u0300" <= c <= "\u036f")
    return " ".join("".join(kept).split())


def _advice(shapes: Boundaries) -> str:
    more = f", ... ({len(shapes.codes)} in all)" if len(shapes.codes) > LISTED else ""
    return f"use a name or a code of the boundaries (codes: {', '.join(shapes.codes[:LISTED])}{more})"


def _words(shapes: Boundaries) -> dict[str, tuple[str, str]]:
    """Return what labels may be like: the boundaries' names and codes, each with its code."""
    words = {}
    for code, name in zip(shapes.codes, shapes.names, strict=True):
        told = code, name if name == code else f"{name} ({code})"
        words[_name_key(name)] = words[_code_key(code)] = told
    return words


def _origin(series: Series, source: Mapping[str, str]) -> Origin:
    expected = (
        "expected publisher, title, url and licence, and perhaps licence_url, published, retrieved, note"
    )
    if odd := [f"{key} = {text!r}" for key, text in source.items() if not isinstance(text, str)]:
        raise SpecError(f"source: {', '.join(odd)} is no text; {expected}")
    stated = {"id": "user", "title": series.title, **UNSTATED}
    if not source:
        stated |= dict.fromkeys(("publisher", "title"), _NOT_STATED)
    try:
        return Origin(**(stated | dict(source)))
    except (TypeError, ValueError) as error:
        raise SpecError(f"source: {error}; {expected}") from error
