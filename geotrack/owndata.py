"""A user's own table: its labels become codes, its source an origin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from geotrack.compose import Table
from geotrack.errors import SpecError
from geotrack.geometry import Boundaries
from geotrack.model import Origin, Series
from geotrack.regions import Region, Regions, harmonise


def with_own(regions: Regions, shapes: Boundaries) -> Regions:
    """Make regions of a user's own boundaries known under their own codes."""
    own = {
        code: Region(code, name, "country", "", ())
        for code, name in zip(shapes.codes, shapes.names, strict=True)
        if code not in regions.table
    }
    return replace(regions, table={**regions.table, **own}) if own else regions


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
    own = {name.casefold(): code for name, code in zip(shapes.names, shapes.codes, strict=True)}
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
