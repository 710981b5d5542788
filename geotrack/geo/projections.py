"""The projections that are known: how they are named and said, and whether a page draws them.

Maps may be drawn in anything that PROJ reads; one that is to have a name or words of its own is a row here.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cache
from typing import Any


@dataclass(frozen=True)
class Projection:
    """A projection that we know.

    Parameters
    ----------
    proj : PROJ's name of it, which is also that of web/map/projection.js.
    said : what a map says of it, a key of the catalogue.
    page : its parameters that the page's script reads; None where that has no formula of it.
    name : how a specification names it, "" where it takes PROJ's own words.
    crs : what the name stands for.
    """

    proj: str
    said: str
    page: tuple[str, ...] | None = None
    name: str = ""
    crs: str = ""


EQUAL_EARTH = "EPSG:8857"
KNOWN = (
    Projection(
        "eqearth",
        "Equal Earth projection: areas are comparable.",
        page=(),
        name="equal-earth",
        crs=EQUAL_EARTH,
    ),
    Projection("aea", "Albers projection: areas are comparable.", page=("lat_1", "lat_2", "lat_0", "lon_0")),
    Projection("laea", "Lambert's azimuthal projection: areas are comparable."),
)
NAMES = (*(each.name for each in KNOWN if each.name), "boundaries")
"""What a specification may say beside PROJ's own words; "boundaries": those that they come with."""

OF_THE_PAGE = ({"datum": "WGS84"}, {"datum": "NAD83"}, {"ellps": "WGS84"}, {"ellps": "GRS80"})
"""The globes that the page's formulas hold of: these ellipsoids differ by a tenth of a millimetre."""


def crs_of(name: str) -> str:
    """Return what a specification's projection stands for, "" for the boundaries' own."""
    named = {each.name: each.crs for each in KNOWN if each.name}
    return named.get(name, "" if name in NAMES else name)


def said(crs: str) -> str:
    """Return what a map says of the projection it is drawn in: the catalogue's key, or its own words."""
    kind = _kind(crs)
    return kind.said if kind else f"Projection: {crs}."


def for_page(crs: str) -> dict[str, Any] | None:
    """Return a projection as web/map/projection.js reads it, None if that cannot draw it."""
    kind = _kind(crs)
    if kind is None or kind.page is None:
        return None
    found = _read(crs)
    apart = {"proj", "no_defs", "type", *kind.page}
    rest = {key: value for key, value in found.items() if key not in apart and value != 0}
    if rest not in [globe | {"units": "m"} for globe in OF_THE_PAGE]:
        return None
    return {"proj": kind.proj, **{key: float(found.get(key, 0)) for key in kind.page}}


def drawn() -> list[str]:
    """Return what a page can draw, in the words of a specification."""
    return [each.name or f"+proj={each.proj} ..." for each in KNOWN if each.page is not None]


def _kind(crs: str) -> Projection | None:
    found = _read(crs).get("proj")
    return next((each for each in KNOWN if each.proj == found), None)


@cache
def _read(crs: str) -> dict[str, Any]:
    """The parameters as PROJ names them, however they were given; none if the axes are not east and north."""
    from pyproj import CRS

    found = CRS(crs)
    if {axis.direction for axis in found.axis_info} != {"east", "north"}:
        return {}
    with warnings.catch_warnings():
        # the area of use, names and the like are lost in these words: nothing that we look at
        warnings.simplefilter("ignore", UserWarning)
        return found.to_dict()
