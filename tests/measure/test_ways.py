"""Which way a share went, against every whole that the stated figures, bounds and rounding allow."""

from __future__ import annotations

from itertools import product

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import geotrack as gt
from geotrack.timemap import TimeMap

WHOLE, STEPS = 6, 2  # units, and steps in each: half a unit is what rounding hides in a figure
NAMES = {"CHN": "China", "USA": "United States", "CAN": "Canada"}
Figure = tuple[int, str]
FIGURES = st.dictionaries(
    st.sampled_from([*NAMES, "other"]),
    st.tuples(st.integers(0, WHOLE), st.sampled_from(["reported", "reported", "lower bound"])),
    min_size=1,
).filter(lambda figures: sum(value for value, _ in figures.values()) <= WHOLE)


def drawn(slices: tuple[dict[str, Figure], ...]) -> TimeMap:
    names = {**NAMES, "other": "Other"}
    rows = [
        (names[code], year, *figure)
        for year, figures in zip(("2019", "2020"), slices, strict=True)
        for code, figure in figures.items()
    ]
    frame = pd.DataFrame(rows, columns=["country", "period", "share", "status"])
    return gt.choropleth(frame, value="share", status="status", unit="%", whole=WHOLE)


WORLDS = [
    (*each, WHOLE * STEPS - sum(each))
    for each in product(range(WHOLE * STEPS + 1), repeat=len(NAMES) + 1)
    if sum(each) <= WHOLE * STEPS
]
"""Three regions, "Other", and what nobody lists."""


def span_of(figures: dict[str, Figure], code: str) -> tuple[int, int]:
    """The least and the most that a region, or the rest beside the regions, may be, in steps."""
    codes, found = [*NAMES, "other"], []
    for world in WORLDS:
        true = dict(zip(codes, world, strict=False))
        fits = (
            (true[each] >= value * STEPS) if status == "lower bound" else abs(true[each] - value * STEPS) <= 1
            for each, (value, status) in figures.items()
        )
        if all(fits):
            listed = sum(true[each] for each in NAMES if each in figures)
            found.append(WHOLE * STEPS - listed if code == "rest" else true[code])
    return min(found), max(found)


@settings(deadline=None, max_examples=40)
@given(FIGURES, FIGURES)
def test_no_share_is_said_to_have_gone_a_way_that_what_is_not_stated_or_rounding_may_change(
    before: dict[str, Figure], after: dict[str, Figure]
) -> None:
    if len({*before, *after} - {"other"}) < 2:
        return
    for row in drawn((before, after)).shift("2019", "2020").rows:
        if row.code in {*NAMES, "rest"}:
            (low, high), (low_after, high_after) = (span_of(each, row.code) for each in (before, after))
            ways = {"rose": low_after >= high, "fell": high_after <= low}
            assert ways.get(row.way, True), (row, (low, high), (low_after, high_after))


@pytest.mark.parametrize(
    ("status", "way", "upper"), [("lower bound", "open", ("after",)), ("reported", "rose", ())]
)
def test_a_rest_beside_a_lower_bound_is_at_most_that_and_went_no_way(
    status: str, way: str, upper: tuple[str, ...]
) -> None:
    told = drawn(
        ({"CHN": (4, "reported"), "USA": (2, "reported")}, {"CHN": (1, status), "USA": (2, "reported")})
    )
    row = told.shift("2019", "2020").row("rest")
    assert (row.way, row.upper, row.after) == (way, upper, 50)


def test_of_what_is_a_rest_of_other_regions_no_way_is_told() -> None:
    told = drawn(({"CHN": (1, "reported"), "USA": (4, "reported")}, {"CHN": (1, "reported")}))
    row = told.shift("2019", "2020").row("rest")
    assert (row.way, row.status) == ("open", "missing")


def test_a_share_that_is_not_stated_is_limited_by_figures_that_are_rounded() -> None:
    before = {"CHN": (4, "reported"), "USA": (2, "reported")}
    for left, way in ((3, "open"), (0, "fell")):  # at most that and a unit, as two figures are rounded
        after = {"USA": (3 - left // 3 * 2, "reported"), "CAN": (3 - left // 3, "reported")}
        assert drawn((before, after)).shift("2019", "2020").row("CHN").way == way
