"""The table of projections: recognised however they are given, and said in every language."""

from __future__ import annotations

from typing import Any

import pytest
from pyproj import CRS

from geotrack.geo import projections
from geotrack.language import catalogue

EQUAL_EARTH = {"proj": "eqearth"}
CONUS = {"proj": "aea", "lat_1": 29.5, "lat_2": 45.5, "lat_0": 23.0, "lon_0": -96.0}


@pytest.mark.parametrize(
    ("crs", "words", "page"),
    [
        ("EPSG:8857", "Equal Earth", EQUAL_EARTH),
        ("+proj=eqearth", "Equal Earth", EQUAL_EARTH),
        ("epsg:8857", "Equal Earth", EQUAL_EARTH),
        (CRS("EPSG:8857").to_wkt(), "Equal Earth", EQUAL_EARTH),
        ("EPSG:8859", "Equal Earth", None),  # about 150 degrees east
        ("EPSG:5070", "Albers", CONUS),
        ("+lat_1=29.5 +lat_2=45.5 +lat_0=23 +lon_0=-96 +proj=aea", "Albers", CONUS),
        ("+proj=aea +lat_1=25 +lat_2=47 +x_0=1000", "Albers", None),
        ("+proj=aea +lat_1=25 +lat_2=47 +units=km", "Albers", None),
        ("+proj=aea +lat_1=25 +lat_2=47 +R=6371000", "Albers", None),
        ("EPSG:3035", "Lambert's azimuthal", None),
        ("+proj=robin", "Projection: +proj=robin.", None),
        ("EPSG:4326", "Projection: EPSG:4326.", None),
    ],
)
def test_a_projection_is_recognised_however_it_is_given(crs: str, words: str, page: Any) -> None:
    assert projections.said(crs).startswith(words)
    assert projections.for_page(crs) == page


@pytest.mark.parametrize("each", projections.KNOWN, ids=lambda each: each.proj)
def test_what_is_known_is_said_in_every_language_and_stands_for_itself(each: Any) -> None:
    told = {catalogue.term(each.said, lang) for lang in catalogue.languages()}
    assert len(told) == len(catalogue.languages())
    if each.name:
        assert projections.said(projections.crs_of(each.name)) == each.said
