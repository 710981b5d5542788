"""Every figure is on the map or in the remainder; nothing is dropped."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geotrack.errors import BoundaryError, RegionError, ValidationError
from geotrack.map import join as module
from geotrack.map.join import join, remainder
from geotrack.model import LOWER_BOUND, REPORTED

LEVELS = {
    "CHN": "country", "USA": "country", "CAN": "country", "SGP": "country", "north-america": "aggregate",
    "nowhere": "aggregate", "other": "remainder", "total": "whole",
}  # fmt: skip
MEMBERS = {"north-america": ("USA", "CAN", "SGP"), "nowhere": ("SGP",)}


def test_a_region_matches_its_own_boundary_and_an_aggregate_those_of_its_members() -> None:
    found = join(["north-america", "CHN"], ["CAN", "CHN", "KAZ", "USA"], LEVELS, MEMBERS)
    assert found.matched == {"north-america": (0, 3), "CHN": (1,)}
    assert found.mapped.all()


def test_what_has_no_place_and_what_is_not_drawn_is_not_on_the_map() -> None:
    found = join(["CHN", "SGP", "nowhere", "other", "total"], ["CHN"], LEVELS, MEMBERS)
    assert found.mapped.tolist() == [True, False, False, False, False]


def test_a_boundary_of_its_own_wins_over_members_and_over_the_registry() -> None:
    found = join(["north-america", "my-region"], ["USA", "north-america", "my-region"], LEVELS, MEMBERS)
    assert found.matched == {"north-america": (1,), "my-region": (2,)}


def test_a_country_has_no_place_among_provinces() -> None:
    assert not join(["CHN"], ["CN-SC"], LEVELS, {}).matched


def test_unknown_regions_are_listed_at_once() -> None:
    with pytest.raises(
        RegionError, match="2 of 3 regions are unknown: Chnia, USB; expected codes such as CHN or US-"
    ):
        join(["Chnia", "CHN", "USB"], ["CHN"], LEVELS, MEMBERS)


def test_a_code_with_two_boundaries_is_refused() -> None:
    with pytest.raises(BoundaryError, match="more than one shape for CHN, USA; dissolve them by code"):
        join(["CHN"], ["USA", "CHN", "CHN", "USA"], LEVELS, MEMBERS)


def test_a_unit_twice_is_refused() -> None:
    with pytest.raises(ValidationError, match="more than one row for CHN; keep one of each"):
        join(["CHN", "CHN"], ["CHN"], LEVELS, MEMBERS)


@given(
    st.lists(st.sampled_from(sorted(LEVELS)), unique=True),
    st.lists(st.sampled_from([*sorted(LEVELS), "KAZ", "RUS"]), unique=True),
)
def test_a_unit_is_on_the_map_if_something_of_it_is_drawn(units: list[str], codes: list[str]) -> None:
    found = join(units, codes, LEVELS, MEMBERS)
    shown = {u: {u, *MEMBERS.get(u, ())} & set(codes) for u in units}
    assert set(found.matched) == {u for u in units if shown[u]}
    assert found.units == tuple(units)
    used = {i for places in found.matched.values() for i in places}
    assert used <= set(range(len(codes)))


# Rows: China, the United States (mapped), other (no place), total (the whole itself).
ON = np.array([True, True, False, False])
WHOLE = np.array([False, False, False, True])


def account(*columns: list[float], whole: float | None = 100, **more: object) -> module.Remainder:
    return remainder(np.array(columns, dtype=float).T, ON, whole, 0.05, WHOLE, **more)  # type: ignore[arg-type]


def test_a_slice_is_accounted_for_and_the_total_is_not_counted_twice() -> None:
    found = account([60, 20, 5, 100])
    assert [found.mapped[0], found.stated[0], found.unstated[0], found.rounding[0]] == [80, 5, 15, 0]
    assert (found.whole[0], found.nothing[0]) == (100, False)


@pytest.mark.parametrize("last", [19.98, 20.02, 19.95, 20.05])
def test_a_sum_within_the_tolerance_is_rounding_and_nothing_is_unstated(last: float) -> None:
    found = account([60, 20, last, math.nan])
    assert found.unstated.tolist() == [0]
    assert found.rounding[0] == pytest.approx(20 - last)


def test_a_slice_of_zeros_is_a_share_of_nothing() -> None:
    columns = [[0, 0, 0, math.nan], [0, 0, math.nan, math.nan], [1, 0, 0, math.nan]]
    found = account(*columns, complete=True)
    assert found.nothing.tolist() == [True, True, False]
    assert found.unstated.tolist() == [0, 0, 99]
    assert found.whole.tolist() == [0, 0, 100]
    # who does not list everything says nothing of the rest, unless the whole is stated as nothing
    found = account(*columns, [0, 0, 0, 0])
    assert found.nothing.tolist() == [False, False, False, True]
    assert found.unstated.tolist() == [100, 100, 99, 0]
    assert found.whole.tolist() == [100, 100, 100, 0]


def test_zeros_that_are_lower_bounds_leave_the_whole_open() -> None:
    status = np.full((4, 1), REPORTED)
    status[0] = LOWER_BOUND
    found = account([0, 0, 0, math.nan], status=status, complete=True)
    assert (found.nothing[0], found.unstated[0], found.whole[0]) == (False, 100, 100)
    assert found.mapped_at_least[0]


def test_a_slice_without_a_figure_is_unknown_not_zero() -> None:
    found = account([math.nan, math.nan, math.nan, 100])
    for name in ("mapped", "stated", "unstated", "rounding", "whole"):
        assert math.isnan(getattr(found, name)[0])
    assert not found.nothing[0]


def test_an_amount_without_a_whole_leaves_nothing_unstated() -> None:
    found = account([60, 20, 5, 85], [7, math.nan, math.nan, math.nan], whole=None)
    assert found.mapped.tolist() == [80, 7]
    assert found.stated.tolist() == [5, 0]
    assert found.unstated.tolist() == found.rounding.tolist() == [0, 0]
    assert np.isnan(found.whole).all()


def test_a_stated_total_is_the_whole_of_its_slice() -> None:
    totals = np.array([100.0, math.nan, 85.02])
    found = account([60, 20, 5, 100], [7, 1, math.nan, math.nan], [60, 20, 5, 85.02], whole=totals)
    assert found.unstated.tolist() == [15, 0, 0]
    assert found.rounding.tolist() == pytest.approx([0, 0, 0.02])
    np.testing.assert_array_equal(found.whole, totals)
    zeros = account([0, 0, 0, 5], whole=np.array([5.0]), complete=True)  # of shares a share of nothing
    assert (zeros.unstated[0], zeros.whole[0], zeros.nothing[0]) == (5, 5, True)
    with pytest.raises(
        ValidationError, match=r"the total that the source states \(tolerance 0.05\): May: 85 of 80;"
    ):
        account([60, 20, 5, 100], [60, 20, 5, 80], whole=np.array([100.0, 80.0]), names=["April", "May"])


def test_what_is_left_beside_a_lower_bound_is_not_taken_for_rounding() -> None:
    status = np.full((4, 3), REPORTED)
    status[0] = LOWER_BOUND
    columns = [[80, 19.98, 0, math.nan], [80, 20.02, 0, math.nan], [80.1, 19.9, 0, math.nan]]
    found = account(*columns, status=status)
    assert found.unstated == pytest.approx([0.02, 0, 0])
    assert found.rounding == pytest.approx([0, -0.02, 0], abs=1e-9)
    assert account(*columns).unstated.tolist() == [0, 0, 0]


def test_lower_bounds_keep_their_flag_in_sums() -> None:
    status = np.full((4, 3), REPORTED)
    status[0, 0] = status[2, 1] = status[3, 2] = LOWER_BOUND
    found = account(*[[60, 20, 5, 100]] * 3, status=status)
    assert found.mapped_at_least.tolist() == [True, False, False]
    assert found.stated_at_least.tolist() == [False, True, False]
    assert not account([60, 20, 5, 100]).mapped_at_least.any()


def test_more_than_the_whole_is_refused_for_all_slices_at_once() -> None:
    columns = ([60, 50, 5, 100], [60, 20, 5, 100], [60, 40.06, 0, 100])
    with pytest.raises(
        ValidationError, match=r"more than 100 \(tolerance 0\.05\): slice 1: 115; slice 3: 100\.06; a"
    ):
        account(*columns)
    with pytest.raises(
        ValidationError, match=r"2021-07: 115; 2021-09: 100\.06; a region may be counted twice"
    ):
        account(*columns, names=["2021-07", "2021-08", "2021-09"])


def test_the_promise_is_checked() -> None:
    good = account([60, 20, 5, 100])
    module._assert_complete(good)
    with pytest.raises(AssertionError, match="is not the whole: a defect of geotrack"):
        module._assert_complete(replace(good, stated=good.stated + 1))


CELL = st.one_of(st.just(math.nan), st.just(0.0), st.floats(0, 100), st.decimals(0, 100, places=2).map(float))


@given(arrays(np.float64, st.tuples(st.integers(1, 6), st.integers(1, 4)), elements=CELL), st.randoms())
def test_the_parts_are_exactly_the_whole(values: np.ndarray, random: object) -> None:
    sums = np.nansum(values, axis=0)
    values = values * np.where(sums > 100, 99.9 / np.where(sums > 100, sums, 1), 1)
    on = np.array([random.random() < 0.5 for _ in values])  # type: ignore[attr-defined]
    found = remainder(values, on, 100, 0.05, np.zeros(len(values), dtype=bool))
    seen = ~np.isnan(values).all(axis=0)
    parts = (found.mapped + found.stated) + (found.unstated + found.rounding)
    np.testing.assert_array_equal(parts[seen & ~found.nothing], 100.0)
    np.testing.assert_array_equal(parts[found.nothing], 0.0)
    np.testing.assert_array_equal(np.isnan(parts), ~seen)
    np.testing.assert_allclose(found.mapped[seen], np.nansum(values[on], axis=0)[seen])
    assert (np.abs(found.rounding[seen]) <= 0.05 + 1e-9).all()
    assert (found.unstated[seen] >= 0).all()


@given(
    arrays(np.float64, st.tuples(st.integers(1, 6), st.integers(1, 4)), elements=CELL),
    st.lists(st.one_of(st.just(math.nan), st.floats(0, 1e6)), min_size=4, max_size=4),
)
def test_the_parts_are_exactly_what_totals_say_and_nothing_is_left_of_none(
    values: np.ndarray, more: list[float]
) -> None:
    totals = np.nansum(values, axis=0) + np.array(more[: values.shape[1]])
    found = remainder(values, np.ones(len(values), bool), totals, 0.05, np.zeros(len(values), bool))
    seen = ~np.isnan(values).all(axis=0)
    parts = (found.mapped + found.stated) + (found.unstated + found.rounding)
    np.testing.assert_allclose(
        parts[seen], np.where(np.isnan(totals), found.mapped, totals)[seen], rtol=1e-12
    )
    np.testing.assert_array_equal(np.isnan(found.whole), np.isnan(totals) | ~seen)
    assert (found.unstated[seen & np.isnan(totals)] == 0).all()


@given(st.integers(1, 2**50), st.floats(0, 1))
def test_the_rest_completes_a_whole_of_any_size(whole: int, share: float) -> None:
    total, target = np.array([whole * share]), np.array([float(whole)])
    assert (total + module._complement(total, target) == target).all()


@given(st.floats(1e-6, 1e15), st.floats(0.001, 1))
def test_a_whole_with_all_its_bits_does_not_trip_the_check(whole: float, share: float) -> None:
    found = remainder(np.array([[whole * share]]), np.array([True]), whole, 0, np.array([False]))
    assert found.mapped[0] + found.unstated[0] + found.rounding[0] == pytest.approx(whole, rel=1e-12)
