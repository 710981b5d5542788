"""Sums of groups: nothing is lost, nothing counted twice, and a hole is never a fall."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import geotrack as gt
from geotrack import captions
from geotrack.errors import ValidationError
from geotrack.map import groups, join, views
from geotrack.model import DERIVED, ESTIMATED, LOWER_BOUND, MISSING, REPORTED

SHAPE = (5, 4)  # units x slices
TABLES = st.tuples(
    hnp.arrays(np.int64, SHAPE, elements=st.integers(0, 4)),  # values
    hnp.arrays(
        np.uint8, SHAPE, elements=st.sampled_from([MISSING, REPORTED, ESTIMATED, LOWER_BOUND, DERIVED])
    ),
    st.lists(st.sampled_from(["a", "b", "rest", "other"]), min_size=5, max_size=5),
)


@given(TABLES)
def test_groups_rest_and_remainder_are_the_whole(
    table: tuple[np.ndarray, np.ndarray, list[str]],
) -> None:
    numbers, status, homes = table
    values = np.where(status == MISSING, np.nan, numbers)
    parts = [() if home == "other" else (str(u),) for u, home in enumerate(homes)]
    places = [[u for u, h in enumerate(homes) if h == name] for name in ("a", "b", "rest")]
    found = groups.sums(values, status, parts, places)
    mapped = np.array([home != "other" for home in homes])
    rest = join.remainder(values, mapped, 100.0, 0.05, np.zeros(5, dtype=bool))
    grouped = np.nan_to_num(found.values).sum(axis=0)
    seen = ~np.isnan(values).all(axis=0)
    nothing = rest.nothing[seen]
    total = grouped[seen] + (rest.stated + rest.unstated + rest.rounding)[seen]
    np.testing.assert_allclose(total, np.where(nothing, 0.0, 100.0))


@given(TABLES)
def test_a_sum_is_a_lower_bound_exactly_where_something_is_not_known(
    table: tuple[np.ndarray, np.ndarray, list[str]],
) -> None:
    numbers, status, _ = table
    values = np.where(status == MISSING, np.nan, numbers)
    found = groups.sums(values, status, [(str(u),) for u in range(5)], [range(5)])
    ever = (status != MISSING).any(axis=1)
    for t in range(SHAPE[1]):
        column = status[:, t]
        there = column != MISSING
        if not there.any():
            assert np.isnan(found.values[0, t])
            assert found.status[0, t] == MISSING
            continue
        bound = (column == LOWER_BOUND).any() or (ever & ~there).any()
        assert (found.status[0, t] == LOWER_BOUND) == bound
        assert found.values[0, t] == numbers[there, t].sum()


def test_a_source_that_stops_naming_canada_does_not_look_like_a_fall() -> None:
    values = np.array([[36.0, 35.0], [3.0, np.nan]])
    status = np.array([[REPORTED, REPORTED], [REPORTED, MISSING]], dtype=np.uint8)
    found = groups.sums(values, status, [("USA",), ("CAN",)], [(0, 1)])
    assert found.values.tolist() == [[39.0, 35.0]]
    assert found.status.tolist() == [[REPORTED, LOWER_BOUND]]


@pytest.mark.parametrize("spoken", [1.0, -1.0])
def test_without_canada_a_sum_that_may_fall_below_zero_is_no_bound(spoken: float) -> None:
    # the third row is of no group: that the metric knows values below zero is enough, wherever they are
    values = np.array([[50.0, 60.0], [20.0, np.nan], [spoken, spoken]])
    status = np.where(np.isnan(values), MISSING, REPORTED).astype(np.uint8)
    parts = [("USA",), ("CAN",), ("CHN",)]
    expected = [[REPORTED, LOWER_BOUND if spoken > 0 else DERIVED]]
    assert groups.sums(values, status, parts, [(0, 1)]).status.tolist() == expected
    declared = groups.sums(values, status, parts, [(0, 1)], below=True)
    assert declared.status.tolist() == [[REPORTED, DERIVED]]
    status[0, 1] = LOWER_BOUND  # nor is one of a lower bound and of what may be below zero
    assert groups.sums(values, status, parts, [(0, 1)]).status.tolist() == expected
    status[0, 0] = LOWER_BOUND  # of all of them it is
    assert groups.sums(values, status, parts, [(0, 1)]).status[0, 0] == LOWER_BOUND


LACKING = {
    "en": (
        "North America −60 USD",
        "no figure; the sum of North America lacks it and may be too high or too low",
    ),
    "zh": ("北美洲 −60 USD", "没有数字；北美洲之和缺少它，可能偏高或偏低"),
}


@pytest.mark.parametrize("lang", LACKING)
def test_a_sum_that_lacks_a_region_and_bounds_nothing_says_so(lang: str) -> None:
    rows = [
        ("China", "2020", 100.0), ("United States", "2020", -50.0), ("Canada", "2020", -20.0),
        ("China", "2021", 90.0), ("United States", "2021", -60.0),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["country", "period", "value"])
    timemap = gt.choropleth(
        frame, unit="USD", over_time="sum", kind="extensive", groups=["CHN", "north-america"], lang=lang
    )
    said, note = LACKING[lang]
    assert timemap.layers[0].sentences[1].replace("\N{NO-BREAK SPACE}", " ").endswith(said)
    assert timemap.layers[0].group_status[1].tolist() == [REPORTED, DERIVED]
    texts = [captions.long_description(views.choose(timemap, "slices", [year])) for year in ("2020", "2021")]
    assert [note in text for text in texts] == [False, True]
    assert note in timemap.to_html()


def test_a_total_beside_figures_below_zero_is_told_and_is_no_whole() -> None:
    rows = [("World", 20.0), ("China", 10.0), ("United States", -4.0)]
    frame = pd.DataFrame(
        [(who, "2020", value) for who, value in rows], columns=["country", "period", "value"]
    )
    with pytest.raises(
        ValidationError, match="14 are not in the table; with figures below zero they are not"
    ):
        gt.choropleth(frame, unit="t", kind="extensive")
    timemap = gt.choropleth(frame, unit="t", kind="extensive", missing="the others")
    text = captions.long_description(views.choose(timemap, "slices", ["2020"]))
    assert "World: 20 t, the source's own figure for all together; it is not drawn." in text.replace(
        "\xa0", " "
    )
    assert (timemap.layers[0].unstated[0], np.isnan(timemap.layers[0].whole[0])) == (0.0, True)


def test_a_total_below_the_whole_that_is_stated_is_asked_about() -> None:
    rows = [("Total", "2020", 90.0), ("China", "2020", 60.0), ("United States", "2020", 30.0)]
    frame = pd.DataFrame(rows, columns=["country", "period", "share"])
    with pytest.raises(
        ValidationError, match="the whole is 100, 10 would be shown as not stated; then say so"
    ):
        gt.choropleth(frame, unit="%", whole=100)
    assert gt.choropleth(frame, unit="%", whole=100, missing="others").layers[0].unstated.tolist() == [10.0]
    assert gt.choropleth(frame, unit="%", whole=90).layers[0].unstated.tolist() == [0.0]


def test_an_aggregate_stands_in_for_its_members() -> None:
    # first the aggregate, later both members by themselves: the same regions, so no bound
    values = np.array([[10.0, np.nan], [np.nan, 6.0], [np.nan, 5.0]])
    status = np.where(np.isnan(values), MISSING, REPORTED).astype(np.uint8)
    parts = [("USA", "CAN"), ("USA",), ("CAN",)]
    found = groups.sums(values, status, parts, [(0, 1, 2)])
    assert found.values.tolist() == [[10.0, 11.0]]
    assert found.status.tolist() == [[REPORTED, REPORTED]]


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([REPORTED, REPORTED], REPORTED),
        ([REPORTED, ESTIMATED], ESTIMATED),
        ([ESTIMATED, DERIVED], DERIVED),
        ([DERIVED, LOWER_BOUND], LOWER_BOUND),
    ],
)
def test_the_weaker_word_wins(statuses: list[int], expected: int) -> None:
    status = np.array(statuses, dtype=np.uint8)[:, None]
    found = groups.sums(np.ones((2, 1)), status, [("A",), ("B",)], [(0, 1)])
    assert found.status[0, 0] == expected


def test_a_group_without_units_has_no_figure() -> None:
    found = groups.sums(np.ones((1, 2)), np.ones((1, 2), dtype=np.uint8), [("A",)], [()])
    assert np.isnan(found.values).all()
    assert not found.status.any()


def test_units_belong_to_a_group_with_all_their_regions_or_not_at_all() -> None:
    parts = [("USA",), ("USA", "CAN"), ("USA", "BRA"), ()]
    assert groups.units_within(parts, ["USA", "CAN", "MEX"]) == (0, 1)
