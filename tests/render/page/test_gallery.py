"""The gallery: every map with its picture, the flagship first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from classifier import classify

from geotrack.map.classes import Breaks
from geotrack.render.page import gallery as room
from geotrack.render.page.gallery import gallery, picture
from geotrack.timemap import TimeMap


def test_the_flagship_leads_and_every_map_has_a_card(timemaps: Mapping[str, TimeMap]) -> None:
    text = gallery(list(timemaps.values()))
    links = re.findall(r'<h2[^>]*><a href="([^"]+)"', text)
    assert links[0] == "shift.html"
    assert sorted(links) == sorted(f"{name}.html" for name in timemaps)
    assert text.count("<svg") == len(timemaps)
    assert "September 2019: China 75.5%, North America 5.1%" in text
    assert "September 2019 to January 2022" in text
    assert "Luxor" in text
    assert gallery(list(timemaps.values())) == text


def test_the_gallery_asks_nobody(timemaps: Mapping[str, TimeMap]) -> None:
    text = gallery(list(timemaps.values()))
    assert "content=\"default-src 'none'; script-src 'none'; style-src 'sha256-" in text.replace("&#39;", "'")
    assert not re.search(r"(src|@import|url\()\s*=?\s*[\"']?http", text)
    assert "<script" not in text


@pytest.mark.parametrize("nasty", ["<img src=x onerror=alert(1)>", '"><script>', "</title>"])
def test_no_text_becomes_markup(timemaps: Mapping[str, TimeMap], nasty: str) -> None:
    shift = timemaps["shift"]
    plain = gallery([shift])
    layer = replace(shift.layers[0], sentences=tuple(nasty for _ in shift.slices))
    spoilt = gallery([TimeMap(replace(shift.content, title=nasty, description=nasty, layers=(layer,)))])
    tags = [re.findall(r"<(/?\w+)", text) for text in (plain, spoilt)]
    assert tags[0] == tags[1]


@pytest.mark.parametrize("name", ["shift", "china-provinces", "revenue-canaan", "revenue-bitmain"])
def test_pictures_have_the_classes_of_the_page(timemaps: Mapping[str, TimeMap], name: str) -> None:
    timemap = timemaps[name]
    layer = timemap.layers[0]
    found = Breaks(layer.edges, "", layer.zero)
    for t in range(len(timemap.slices)):
        codes = classify(layer.values, found)[:, t]
        expected: dict[str, int] = {}
        for unit, code in sorted(
            zip(timemap.units, codes, strict=True), key=lambda pair: pair[0].kind == "region"
        ):
            if code:
                expected |= {timemap.boundaries.codes[i]: int(code) - 1 for i in unit.members}
        assert room._classes(timemap, t) == expected


def test_what_has_no_data_has_no_colour(timemaps: Mapping[str, TimeMap]) -> None:
    shift = timemaps["shift"]
    empty = TimeMap(
        replace(
            shift.content, layers=(replace(shift.layers[0], status=np.zeros_like(shift.layers[0].status)),)
        )
    )
    assert "style=" not in picture(empty, 0)
    assert 'style="--l:#' in picture(shift, 0)
    assert "Antarctica" not in picture(shift, 0)
