"""A user's own table: its labels become codes, its source an origin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from geotrack.compose import Table
from geotrack.errors import SpecError
from geotrack.geometry import Boundaries
from geotrack.model import Origin, Series
from geotrack.regions import Region, Regions, harmonise


def with_own(regions: Regions, shapes: Boundaries) -> Regions:
    """Make regions of a user's own boundaries known under their own codes.

    They stand in for countries of the same code or name: a state called Georgia is not the country, and "US"
    on the user's map takes what is written as USA.
    """
    table = dict(regions.table)
    once = _once(shapes)
    for code, name in zip(shapes.codes, shapes.names, strict=True):
        if code in regions.table:
            continue
        same, namesake = regions.resolve(code), regions.resolve(name)
        for other in {same, namesake} - {None}:
            if regions.level(str(other)) == "country":
                table.pop(str(other), None)
        known = regions.table[same] if same else None
        aliases = (known.code, known.name, *known.aliases) if known else ()
        table[code] = Region(code, name if name.casefold() in once else code, "country", "", aliases)
    return replace(regions, table=table)


def _once(shapes: Boundaries) -> frozenset[str]:
    """Return the names that stand for one region of the boundaries only, in lower case."""
    times = Counter(name.casefold() for name in shapes.names)
    return frozenset(name for name, count in times.items() if count == 1)


def user_table(
    frame: pd.DataFrame, series: Series, regions: Regions, shapes: Boundaries, source: Mapping[str, str]
) -> Table:
    """Take a user's tidy table (see `frames.tidy`): the boundaries' names and codes win over the registry's.

    Raises
    ------
    RegionError : labels that neither the boundaries nor the registry know; lists them all.
    SpecError : a key of `source` that an origin does not have.
    """
    labels = frame["region"].astype(str)
    found = _own_codes(labels, shapes)
    rest = [label for label in labels.unique() if label not in found]
    found |= harmonise(rest, regions, series.level) if rest else {}
    origin = _origin(series, source)
    days = {column: pd.to_datetime(frame[column], format="%Y-%m-%d") for column in ("start", "end")}
    coded = frame.assign(**days, region=labels.map(found), label=labels, origin=origin.id)
    return Table(series, coded, {origin.id: origin}, {})


def _own_codes(labels: pd.Series, shapes: Boundaries) -> dict[str, str]:
    once, pairs = _once(shapes), zip(shapes.names, shapes.codes, strict=True)
    own = {name.casefold(): code for name, code in pairs if name.casefold() in once}
    own |= {code.casefold(): code for code in shapes.codes}
    return {label: own[key] for label in labels.unique() if (key := label.strip().casefold()) in own}


def _origin(series: Series, source: Mapping[str, str]) -> Origin:
    stated = {
        "id": "user",
        "publisher": "the maker of this map (not stated further)",
        "title": series.title,
        "url": "not stated",
        "licence": "not stated",
    }
    try:
        return Origin(**(stated | dict(source)))
    except (TypeError, ValueError, AttributeError) as error:
        raise SpecError(
            f"source: {error}; expected publisher, title, url and licence, and perhaps licence_url, "
            "published, retrieved, note"
        ) from error
