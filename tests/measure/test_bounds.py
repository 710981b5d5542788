"""Measures of a network of which a sample saw a part only, and intervals that hold what they are of."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import geotrack as gt
from geotrack.geo import sphere
from geotrack.measure import bounds, shares, tracks
from geotrack.measure import bounds as measure_bounds
from geotrack.model import LOWER_BOUND, REPORTED, Sample, Slice

SAMPLED = Slice("2020-01-01", "2020-02-01", "2020-01", "January 2020")  # 37 % of the network, CCAF
WHOLE = Slice("2022-01-01", "2022-02-01", "2022-01", "January 2022")
NEXT = Slice("2020-02-01", "2020-03-01", "2020-02", "February 2020")
SAMPLES = (Sample("2019-09-01", "2020-05-01", 0.37),)
KEYS = ("hhi", "effective", "top", "length")


def table_of(
    values: np.ndarray, steps: tuple[Slice, Slice] = (SAMPLED, WHOLE), half: float = 0
) -> shares.Shares:
    codes = tuple(f"R{i}" for i in range(len(values)))
    return shares.Shares(
        codes=codes,
        names=codes,
        single=np.ones(len(codes), dtype=bool),
        slices=steps,
        values=values,
        status=np.full(values.shape, REPORTED, dtype=np.uint8),
        rest=np.maximum(100 - values.sum(axis=0), 0.0),
        half=np.full(values.shape, half),
    )


def places_of(count: int, rng: np.random.Generator) -> np.ndarray:
    return sphere.vectors(np.column_stack([rng.uniform(-180, 180, count), rng.uniform(-60, 60, count)]))


@given(st.integers(0, 300), st.booleans())
def test_no_network_leaves_the_intervals_of_its_sample(seed: int, both: bool) -> None:
    rng = np.random.default_rng(seed)
    steps = (SAMPLED, NEXT) if both else (SAMPLED, WHOLE)
    spots, sampled = places_of(7, rng), rng.dirichlet(np.ones(4), 2).T * 100
    true = np.vstack([sampled, np.zeros((3, 2))])
    for t in range(2 if both else 1):  # the unseen lies anywhere, in regions that nobody named as well
        true[:, t] = 0.37 * true[:, t] + 63 * rng.dirichlet(np.full(7, 0.3))
    found = bounds.intervals_of(
        tracks.Reading(table_of(sampled, steps), spots[:4], np.array([3, 3])), {}, ["R0"], (0, 1), SAMPLES
    )
    told = tracks.numbers(tracks.Reading(table_of(true, steps), spots), ["R0"], 0, 1)
    outside = [
        (key, told[key], each)
        for key, several in found.items()
        for each in several
        if each.assumption == "sample" and not each.low - 1e-6 <= told[key] <= each.high + 1e-6
    ]
    assert outside == []
    assert {"variation", "moved", *(f"{key}.before" for key in KEYS)} <= {
        key for key, several in found.items() if any(each.assumption == "sample" for each in several)
    }


def test_the_least_that_the_sample_leaves_of_the_shift() -> None:
    table = table_of(np.array([[80.0, 20.0], [20.0, 80.0]]))
    reading = tracks.Reading(table, places_of(2, np.random.default_rng(1)))
    # the first had 29.6 at least, of which 20 stayed; all else may have been where it is now
    assert measure_bounds.variation(reading, SAMPLES, 0, 1) == pytest.approx((9.6, 72.6))
    assert measure_bounds.variation(reading, (), 0, 1) == pytest.approx((60, 60))


def test_a_lower_bound_may_be_more_whatever_the_sample() -> None:
    table = table_of(np.array([[90.0, 20.0], [10.0, 10.0]]))
    table.status[0, 1] = LOWER_BOUND
    reading = tracks.Reading(table, places_of(2, np.random.default_rng(1)))
    assert measure_bounds.variation(reading, SAMPLES, 0, 1)[0] == 0


def test_a_series_without_a_sample_has_no_other_reading() -> None:
    reading = tracks.Reading(table_of(np.ones((2, 2))), places_of(2, np.random.default_rng(1)))
    assert measure_bounds.unseen(reading, ()) is None


def test_half_of_all_shares_lie_elsewhere_only_if_the_sample_is_the_network() -> None:
    told = {i.assumption: i for i in gt.choropleth("cbeci-countries").shift().figure("variation").intervals}
    # 0.37 of China's 75.53 and of Iran's 1.74, less what they had later
    assert told["sample"].low == pytest.approx(0.37 * 75.53 - 21.11 + 0.37 * 1.74 - 0.12)


@given(st.integers(0, 300))
def test_no_rounding_leaves_its_intervals_where_the_rest_is_split(seed: int) -> None:
    rng = np.random.default_rng(seed)
    exact, spots = rng.dirichlet(np.ones(4), 2).T * 60, places_of(4, rng)
    rounded = tracks.Reading(table_of(exact.round(0), (WHOLE, NEXT), 0.5), spots, np.array([5, 5]))
    found = bounds.intervals_of(rounded, {}, ["R0"], (0, 1), "")
    told = tracks.numbers(
        tracks.Reading(table_of(exact, (WHOLE, NEXT)), spots, np.array([5, 5])), ["R0"], 0, 1
    )
    base = tracks.numbers(rounded, ["R0"], 0, 1)
    for key, each in ((k, i) for k, several in found.items() for i in several if i.assumption == "rounding"):
        assert each.low - 1e-6 <= told[key] <= each.high + 1e-6, key
        assert each.low - 1e-6 <= base[key] <= each.high + 1e-6, key


@pytest.mark.parametrize(
    "series", ["cbeci-china-provinces", "foundry-us-states", "luxor-countries", "cbeci-press-countries"]
)
def test_every_interval_holds_its_figure(series: str) -> None:
    for figure in gt.choropleth(series).shift().figures:
        for each in figure.intervals:
            assert each.low - 1e-6 <= figure.value <= each.high + 1e-6, (figure.key, each)


def test_rounding_of_amounts_reaches_the_shares_of_their_sum() -> None:
    names = ["China", "United States", "Canada", "Russia", "Norway"]
    rounded, exact = [60, 10, 10, 10, 10], [60.4, 9.6, 9.6, 9.6, 9.6]  # one up, all others down
    frame = pd.DataFrame({"country": names * 2, "year": [2020] * 5 + [2021] * 5, "amount": rounded * 2})
    told = gt.choropleth(frame, unit="EH/s").shift(groups=["CHN"]).figure("share.CHN.before")
    [near] = [each for each in told.intervals if each.assumption == "rounding"]
    assert near.low <= 100 * exact[0] / sum(exact) <= near.high
