"""A crossing in words: one sentence and one part of a sentence, for page, report and terminal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from geotrack.language import catalogue
from geotrack.map import localised
from geotrack.measure import lines as measure_lines
from geotrack.measure.intervals import ASSUMPTIONS
from geotrack.measure.lines import Crossing, Line, crossing
from geotrack.measure.scenarios import families, scenarios
from geotrack.model import LOWER_BOUND, REPORTED, Doubted, Slice
from geotrack.store.folder import DataFolder
from geotrack.store.schema import BECOMES

SLICES = tuple(Slice(f"2021-0{m}-01", f"2021-0{m + 1}-01", f"2021-0{m}", "") for m in range(1, 5))
NAN = float("nan")


def found(
    first: list[float], second: list[float], bound: bool = False, of: Sequence[tuple[int, int]] = ()
) -> Crossing:
    """Cross two lines; `bound`: the second is at least in its second slice; `of`: all that are, of 100."""
    lines = [
        Line(name, np.array(values), np.where(np.isnan(values), 0, REPORTED).astype(np.uint8))
        for name, values in (("{second}", first), ("B", second))  # a name in braces is no template
    ]
    if bound:
        lines[1].status[1] = LOWER_BOUND
    for line, t in of:
        lines[line].status[t] = LOWER_BOUND
    if of:
        left = 100 - np.nansum([first, second], axis=0)
        lines = [replace(line, room=left) for line in lines]
    return crossing(*lines, SLICES)


JAN, FEB, MAR = (
    f"between {a} 2021 and {b} 2021"
    for a, b in (("January", "February"), ("February", "March"), ("March", "April"))
)
NEVER = "in no period compared"  # what happened in others nobody knows
CASES = {
    "overtook": (
        found([1, 3, 3, 3], [2, 2, 2, 2]), f"{{second}} overtook B {JAN}.", JAN,
        "{second}在2021年1月至2021年2月之间超过B。",
    ),
    "overtaken": (
        found([3, 1, 1, 1], [2, 2, 2, 2]), f"{{second}} fell behind B {JAN}.", NEVER,
        "{second}在2021年1月至2021年2月之间落后于B。",
    ),
    "crossed back": (
        found([1, 3, 1, 1], [2, 2, 2, 2]), f"{{second}} overtook B {JAN}, then fell behind {FEB}.",
        f"{JAN}, and back {FEB}",
        "{second}在2021年1月至2021年2月之间超过B，随后在2021年2月至2021年3月之间落后。",
    ),
    "was ahead before": (  # what it lost at first is not when it overtook
        found([3, 1, 3, 1], [2, 2, 2, 2]),
        f"{{second}} fell behind B {JAN}, then overtook {FEB}, then fell behind {MAR}.",
        f"{FEB}, and back {MAR}",
        "{second}在2021年1月至2021年2月之间落后于B，随后在2021年2月至2021年3月之间反超，"
        "随后在2021年3月至2021年4月之间落后。",
    ),
    "never": (
        found([1, 1, 1, 1], [2, 2, 2, 2]), "{second} never overtook B in the 4 slices compared.", NEVER,
        "{second}在所比较的4个时段中从未超过B。",
    ),
    "always ahead": (
        found([3, 3, 3, 3], [2, 2, 2, 2]), "{second} was ahead of B in all 4 slices compared.",
        "in every period compared", "{second}在所比较的全部4个时段中都领先于B。",
    ),
    "never behind": (
        found([3, 2, NAN, 3], [2, 2, 2, 2]), "{second} was never behind B in the 3 slices compared.",
        "in every period compared in which the two differ", "{second}在所比较的3个时段中从未落后于B。",
    ),
    "level": (
        found([2, 2, 2, NAN], [2, 2, 2, 2]), "{second} never overtook B in the 3 slices compared.", NEVER,
        "{second}在所比较的3个时段中从未超过B。",
    ),
    "not known": (
        found([NAN] * 4, [2, 2, 2, 2]), "{second} and B are in no slice both given.", None,
        "{second}与B没有同时有数字的时段。",
    ),
    "not certain": (
        found([1, 3, 3, 3], [2, 2, 2, 2], bound=True),
        f"{{second}} overtook B {JAN} (not certain: lower bounds).", f"{JAN} (not certain: lower bounds)",
        "{second}在2021年1月至2021年2月之间超过B（不确定：含下限）。",
    ),
    "limited by the whole": (  # 5, 8 at most, is less than 90
        found([5, 92, 60, 60], [90, 5, 40, 40], of=[(0, 0), (1, 1)]),
        f"{{second}} overtook B {JAN}.", JAN, "{second}在2021年1月至2021年2月之间超过B。",
    ),
    "left open twice": (
        found([70, NAN, 60, NAN], [20, 30, 40, 40], of=[(1, 1), (1, 3)]),
        "{second} was ahead of B in 2 of the 4 slices compared; 2 slices leave it open, the last of them "
        "April 2021.", "in every period compared (2 periods leave it open)",
        "{second}在所比较的4个时段中的2个领先于B；有2个时段无法判断，最后一个为2021年4月。",
    ),
    "no longer ahead": (
        found([60, 60, 60, NAN], [40, 40, 40, 50], of=[(1, 3)]),
        "{second} was ahead of B in 3 of the 4 slices compared; one slice leaves it open, April 2021, when "
        "{second} was no longer ahead.", "in every period compared (one period leaves it open)",
        "{second}在所比较的4个时段中的3个领先于B；有1个时段无法判断，最后一个为2021年4月，其时{second}已不再领先。",
    ),
    "no longer behind": (
        found([40, 40, 40, 50], [60, 60, 60, NAN], of=[(0, 3)]),
        "{second} was not ahead of B in 3 of the 4 slices compared; one slice leaves it open, April 2021, "
        "when {second} was no longer behind.", "in no period compared (one period leaves it open)",
        "{second}在所比较的4个时段中的3个未领先于B；有1个时段无法判断，最后一个为2021年4月，其时{second}已不再落后。",
    ),
    "at least level": (
        found([60, 60, 60, 50], [40, 40, 40, NAN], of=[(0, 3)]),
        "{second} was never behind B in the 4 slices compared.",
        "in every period compared in which the two differ", "{second}在所比较的4个时段中从未落后于B。",
    ),
    "level and open": (
        found([60, 50, 60, 20], [40, 50, 40, NAN], of=[(0, 3)]),
        "{second} was not behind B in 3 of the 4 slices compared; one slice leaves it open, April 2021.",
        "in every period compared in which the two differ (one period leaves it open)",
        "{second}在所比较的4个时段中的3个未落后于B；有1个时段无法判断，最后一个为2021年4月。",
    ),
    "turned, then not ahead": (
        found([40, 60, 40, NAN], [60, 40, 60, 50], of=[(1, 3)]),
        f"{{second}} overtook B {JAN}, then fell behind {FEB}; one slice leaves it open, April 2021, when "
        "{second} was not ahead.", f"{JAN}, and back {FEB} (one period leaves it open)",
        "{second}在2021年1月至2021年2月之间超过B，随后在2021年2月至2021年3月之间落后；"
        "有1个时段无法判断，最后一个为2021年4月，其时{second}未领先。",
    ),
    "none tells": (
        found([NAN, NAN, NAN, 50], [NAN, NAN, 20, NAN], of=[(1, 2), (0, 3)]),
        "None of the 2 slices compared tells whether {second} was ahead of B; the last is April 2021, when "
        "{second} was not behind.", None,
        "所比较的2个时段都无法判断{second}是否领先于B；最后一个为2021年4月，其时{second}未落后。",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", CASES)
def test_a_crossing_is_said(kind: str) -> None:
    case, sentence, when, chinese = CASES[kind]
    assert measure_lines.sentence(case) == sentence
    assert measure_lines.sentence(case, "zh") == chinese
    if when is not None:  # of what is not known nobody may ask
        assert measure_lines.when(case) == when
        assert not re.search("[A-Za-z]", measure_lines.when(case, "zh"))


def test_every_scenario_and_assumption_has_words_in_every_language() -> None:
    for lang in catalogue.languages():
        series = [localised.series(each, lang) for each in DataFolder.of(None).series.values()]
        told = [text for own in series for each in scenarios(own) for text in (each.title, each.assumption)]
        told += [text for own in series for text in families(own).values()]
        assert len(told) > 2 * len(series)
        assert all(catalogue.ours(catalogue.term(text, lang), lang) for text in told)
        assert all(catalogue.ours(catalogue.term(text, lang), lang) for text in ASSUMPTIONS.values())
        known = catalogue.words_of(lang, "assumptions").keys()
        assert known == {*ASSUMPTIONS, *get_args(Doubted)} == {*ASSUMPTIONS, *BECOMES}
        moving = DataFolder.of(None).series.values()
        assert {each.moves for each in moving} == catalogue.words_of(lang, "moving").keys() == {"machines"}
