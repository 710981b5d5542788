"""Colours of pictures and pages: one set, which stands in Python and in a style sheet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from geotrack.render.picture.ink import DARK, LIGHT, Ink

CSS = (Path(__file__).parents[3] / "web" / "page" / "page.css").read_text(encoding="utf-8")
SETS = [
    dict(re.findall(r"--gt-([\w-]+): (#[0-9a-f]{6});", block))
    for block in re.findall(r"\{([^{}]*--gt-page:[^{}]*)\}", CSS)
]


def colours(ink: Ink) -> dict[str, str]:
    own = ("page", "ink", "soft", "border", "missing", "hatch", "bound", "dispute")
    return {name: getattr(ink, name) for name in own} | dict(ink.groups)


def test_a_page_has_one_light_set_and_the_dark_one_twice() -> None:
    assert len(SETS) == 3
    assert SETS[1] == SETS[2]


@pytest.mark.parametrize(("ink", "place"), [(LIGHT, 0), (DARK, 1)])
def test_pictures_have_the_colours_of_pages(ink: Ink, place: int) -> None:
    found = colours(ink)
    assert len(found) == 14
    assert {name: SETS[place].get(name) for name in found} == found
