"""A crossing in words: English says what the crossing itself says; another language all of it."""

from __future__ import annotations

import re

import numpy as np
import pytest

from geotrack import crossings, messages
from geotrack.model import REPORTED, Slice
from geotrack.scenarios import SCENARIOS
from geotrack.shift import Crossing, Line, Turn, crossing
from geotrack.uncertainty import ASSUMPTIONS

SLICES = tuple(Slice(f"2021-0{m}-01", f"2021-0{m + 1}-01", f"2021-0{m}", f"month {m}") for m in range(1, 5))


def found(first: list[float], second: list[float]) -> Crossing:
    lines = [
        Line(name, np.array(values), np.where(np.isnan(values), 0, REPORTED).astype(np.uint8))
        for name, values in (("{second}", first), ("B", second))
    ]
    return crossing(*lines, SLICES)


NAN = float("nan")
CASES = {
    "overtook": found([1, 3, 3, 3], [2, 2, 2, 2]),
    "overtaken": found([3, 1, 1, 1], [2, 2, 2, 2]),
    "crossed back": found([1, 3, 1, 3], [2, 2, 2, 2]),
    "never": found([1, 1, 1, 1], [2, 2, 2, 2]),
    "always ahead": found([3, 3, 3, 3], [2, 2, 2, 2]),
    "not known": found([NAN] * 4, [2, 2, 2, 2]),
}


@pytest.mark.parametrize("kind", CASES)
def test_the_catalogue_says_what_a_crossing_says(kind: str) -> None:
    case = CASES[kind]
    assert case.kind == kind
    assert crossings.sentence(case) == str(case)
    chinese = crossings.sentence(case, "zh")
    assert not re.search("overtook|ahead|behind|between|then", chinese)
    assert all(turn.before.label in chinese and turn.after.label in chinese for turn in case.turns)
    assert case.first in chinese  # a name in braces is no template


def test_what_is_not_certain_says_so() -> None:
    case = Crossing("A", "B", "overtook", (Turn(*SLICES[:2], ahead=True, certain=False),), False, 4)
    assert crossings.sentence(case) == str(case)
    assert "不确定" in crossings.sentence(case, "zh")


def test_every_scenario_and_assumption_has_words_in_every_language() -> None:
    for lang in messages.languages():
        known = messages.words_of(lang, "terms")
        told = [text for each in SCENARIOS for text in (each.title, each.assumption)]
        assert not [text for text in (*told, *ASSUMPTIONS.values()) if text not in known]
