"""Measures of a shift: known answers, independent computations, and what must not change them."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geotrack.geo import sphere
from geotrack.measure import centre, concentration, flows, rows, simplex

EQUATOR = np.array([[0.0, 0.0], [90.0, 0.0], [180.0, 0.0], [0.0, 90.0]])
amounts = st.floats(0.5, 500.0)
shares = st.lists(st.floats(0.1, 10.0), min_size=4, max_size=8)


def ring(west: float, south: float, east: float, north: float) -> np.ndarray:
    corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return np.array(corners, dtype=float)


def centre_of(*polygons: list[np.ndarray]) -> list[float]:
    return sphere.degrees(sphere.area_vector(polygons)).round(6).tolist()


def placed(values: list[list[float]], points: np.ndarray, rest: list[float]) -> centre.CentreTrack:
    return centre.track(np.array(values, dtype=float), sphere.vectors(points), np.array(rest, dtype=float))


# the sphere


def test_distances_on_the_globe_are_known() -> None:
    found = sphere.distances(sphere.vectors(EQUATOR), sphere.vectors(EQUATOR))
    quarter = np.pi * sphere.EARTH_KM / 2
    assert found[0].tolist() == pytest.approx([0, quarter, 2 * quarter, quarter])


def test_the_centre_of_an_area_is_where_symmetry_puts_it() -> None:
    assert centre_of([ring(-10, -10, 10, 10)]) == [0, 0]
    assert abs(centre_of([ring(170, -10, 190, 10)])[0]) == pytest.approx(180)
    assert centre_of([ring(-180, 60, 180, 90)])[1] == pytest.approx(90)
    hole = centre_of([ring(-10, -10, 10, 10), ring(-10, -10, 0, 10)])
    assert hole == pytest.approx(centre_of([ring(0, -10, 10, 10)]), abs=1e-3)


def test_the_way_round_a_ring_is_of_no_matter() -> None:
    there, back = ring(10, 40, 40, 60), ring(10, 40, 40, 60)[::-1]
    assert centre_of([there]) == centre_of([back])


def test_the_area_vector_agrees_with_a_sum_over_small_cells() -> None:
    box = ring(10, 20, 70, 65)
    lon, lat = np.meshgrid(np.arange(10.05, 70, 0.1), np.arange(20.05, 65, 0.1))
    points = sphere.vectors(np.column_stack([lon.ravel(), lat.ravel()]))
    cell = np.radians(0.1) ** 2 * np.cos(np.radians(lat.ravel()))
    assert sphere.area_vector([[box]]) == pytest.approx((points * cell[:, None]).sum(axis=0), rel=1e-4)


# the mean centre


def test_one_region_is_its_own_centre() -> None:
    found = placed([[50.0]], np.array([[102.0, 36.0]]), [0.0])
    assert (found.lon[0], found.lat[0], found.length[0]) == pytest.approx((102, 36, 1))
    assert found.reach[0] == 0


def test_opposite_places_in_balance_have_no_centre() -> None:
    found = placed([[30.0], [30.0]], EQUATOR[[0, 2]], [0.0])
    assert found.length[0] == pytest.approx(0, abs=1e-12)
    assert np.isnan([found.lon[0], found.lat[0], found.reach[0]]).all()


def test_a_pair_of_equal_weights_has_its_centre_midway() -> None:
    found = placed([[20.0], [20.0]], EQUATOR[[0, 1]], [0.0])
    assert (found.lon[0], found.lat[0]) == pytest.approx((45, 0), abs=1e-9)
    assert found.length[0] == pytest.approx(np.cos(np.pi / 4))


def test_the_rest_turns_the_centre_by_no_more_than_the_reach() -> None:
    weights, points = np.array([60.0, 20.0]), np.array([[100.0, 35.0], [-100.0, 40.0]])
    found = placed([[60.0], [20.0]], points, [20.0])
    at = sphere.vectors(np.array([[found.lon[0], found.lat[0]]]))
    total = (weights[:, None] * sphere.vectors(points)).sum(axis=0)
    worst = 0.0
    for lon in range(-180, 180, 4):
        for lat in range(-90, 91, 4):
            moved = total + 20 * sphere.vectors(np.array([[lon, lat]]))[0]
            length = np.linalg.norm(moved)
            worst = max(worst, float(sphere.distances(at, (moved / length)[None])[0, 0]))
            assert found.low[0] - 1e-12 <= length / 100 <= found.high[0] + 1e-12
    assert found.reach[0] * 0.99 < worst <= found.reach[0]


def test_a_rest_that_outweighs_the_placed_leaves_the_centre_open() -> None:
    found = placed([[30.0]], np.array([[0.0, 0.0]]), [70.0])
    assert np.isnan(found.reach[0])
    assert found.low[0] == 0
    assert found.lon[0] == 0


def test_a_missing_cell_has_no_weight_and_no_place_makes_it_part_of_the_rest() -> None:
    found = placed([[40.0], [np.nan]], EQUATOR[:2], [60.0])
    assert (found.lon[0], found.placed[0]) == (0, 40)
    nowhere = placed([[40.0], [20.0]], np.array([[0.0, 0.0], [np.nan, np.nan]]), [40.0])
    assert (nowhere.placed[0], nowhere.rest[0]) == (40, 60)


@given(shares)
def test_the_centre_does_not_depend_on_order_unit_or_merging(values: list[float]) -> None:
    rng = np.random.default_rng(len(values))
    points = np.column_stack([rng.uniform(-180, 180, len(values)), rng.uniform(-60, 60, len(values))])
    column = [[v] for v in values]
    base = placed(column, points, [0.0])
    turned = placed(column[::-1], points[::-1], [0.0])
    scaled = placed([[7 * v] for v in values], points, [0.0])
    halves = placed([[v / 2] for v in values] * 2, np.vstack([points, points]), [0.0])
    for other in (turned, scaled, halves):
        assert other.length[0] == pytest.approx(base.length[0])
        assert centre.moved(joined(base, other), 0, 1) == pytest.approx(0, abs=1e-3)


def joined(a: centre.CentreTrack, b: centre.CentreTrack) -> centre.CentreTrack:
    return centre.CentreTrack(*(np.concatenate([getattr(a, n), getattr(b, n)]) for n in vars(a)))


# concentration


def measured(values: list[float], rest: float = 0.0, bound: int | None = None, **more: int):
    column = np.array(values)[:, None]
    bounded = np.zeros(column.shape, dtype=bool)
    if bound is not None:
        bounded[bound] = True
    return concentration.concentration(column, np.array([rest]), bounded, **more)


def test_equal_shares_count_as_so_many_regions() -> None:
    found = measured([25.0] * 4)
    assert found.hhi_low[0] == found.hhi_high[0] == 0.25
    assert found.effective_low[0] == 4
    assert found.entropy_low[0] == found.entropy_high[0] == pytest.approx(np.log(4))


def test_the_split_of_the_rest_bounds_every_measure() -> None:
    found = measured([50.0, 30.0], 20.0, n=2, others=np.array([4]))
    assert found.hhi_low[0] == pytest.approx(0.34 + 4 * 0.05**2)
    assert found.hhi_high[0] == pytest.approx(0.34 + 0.2**2)
    assert (found.top[0], found.top_high[0]) == pytest.approx((0.8, 0.8))
    shannon = -(0.5 * np.log(0.5) + 0.3 * np.log(0.3))
    assert found.entropy_low[0] == pytest.approx(shannon - 0.2 * np.log(0.2))
    assert found.entropy_high[0] == pytest.approx(shannon - 0.2 * np.log(0.05))
    assert measured([50.0, 10.0], 40.0, n=2).top_high[0] == pytest.approx(0.9)
    assert measured([50.0], 50.0).entropy_high[0] == np.inf


def test_any_split_of_the_rest_lies_within_the_bounds() -> None:
    rng = np.random.default_rng(5)
    found = measured([40.0, 25.0, 5.0], 30.0, others=np.array([6]))
    for _ in range(200):
        split = rng.dirichlet(np.ones(6) * rng.uniform(0.05, 5)) * 30
        whole = measured([40.0, 25.0, 5.0, *split])
        for name in ("hhi", "effective", "entropy"):
            low, high = (getattr(found, f"{name}_{end}")[0] for end in ("low", "high"))
            assert low - 1e-9 <= getattr(whole, f"{name}_low")[0] <= high + 1e-9


def test_a_lower_bound_may_take_all_of_the_rest() -> None:
    found = measured([50.0, 30.0], 20.0, bound=0)
    assert found.hhi_high[0] == pytest.approx(0.7**2 + 0.3**2)
    assert found.top_high[0] == pytest.approx(1.0)
    assert found.entropy_low[0] == pytest.approx(-(0.7 * np.log(0.7) + 0.3 * np.log(0.3)))


def test_a_missing_region_is_not_one_of_zero() -> None:
    values = np.array([[60.0], [np.nan]])
    found = concentration.concentration(values, np.array([40.0]), np.zeros((2, 1), dtype=bool))
    assert found.hhi_high[0] == pytest.approx(0.36 + 0.16)
    assert found.named[0] == 1
    nothing = concentration.concentration(values * 0, np.array([np.nan]), np.zeros((2, 1), dtype=bool))
    assert np.isnan([nothing.hhi_low[0], nothing.top[0], nothing.entropy_high[0]]).all()


@given(shares, st.floats(0.1, 50))
def test_concentration_does_not_depend_on_order_or_unit(values: list[float], scale: float) -> None:
    base = measured(values, 3.0)
    other = measured([scale * v for v in values[::-1]], 3.0 * scale)
    assert other.hhi_low[0] == pytest.approx(base.hhi_low[0])
    assert other.entropy_low[0] == pytest.approx(base.entropy_low[0])


@given(shares)
def test_merging_two_regions_never_lowers_the_index(values: list[float]) -> None:
    merged = [values[0] + values[1], *values[2:]]
    assert measured(merged).hhi_low[0] >= measured(values).hhi_low[0]


# what grew and what gained


@given(st.lists(amounts, min_size=2, max_size=6), st.lists(amounts, min_size=2, max_size=6))
def test_the_two_terms_add_up(before: list[float], after: list[float]) -> None:
    n = min(len(before), len(after))
    a, b = np.array(before[:n]), np.array(after[:n])
    found = rows.split(a, b, a.sum(), b.sum())
    assert found.grew + found.gained == pytest.approx(b - a, abs=1e-9)
    assert found.gained.sum() == pytest.approx(0, abs=1e-9)
    assert found.grew.sum() == pytest.approx(b.sum() - a.sum())
    pair = rows.split(a[:2].sum(keepdims=True), b[:2].sum(keepdims=True), a.sum(), b.sum())
    assert pair.grew[0] == pytest.approx(found.grew[:2].sum())


def test_the_terms_by_hand() -> None:
    # 40 of 100 becomes 60 of 200: the share falls from 0.4 to 0.3, the network doubles
    found = rows.split(np.array([40.0, np.nan]), np.array([60.0, 5.0]), 100.0, 200.0)
    assert (found.total[0], found.grew[0], found.gained[0]) == pytest.approx((20, 35, -15))
    assert np.isnan([found.total[1], found.grew[1], found.gained[1]]).all()


# total variation and flows


def test_total_variation_is_the_least_that_moved() -> None:
    least, most = flows.variation(np.array([70.0, 20.0]), np.array([40.0, 45.0]), 100.0)
    assert (least, most) == (30, 40)  # the rest grew by 5, and 10 of it may be others
    missing = flows.variation(np.array([70.0, np.nan]), np.array([40.0, 45.0]), 100.0)
    assert missing == (30, 60)  # the second is part of the rest of both: 30 before, 60 after


@given(shares)
def test_merging_regions_never_makes_the_distance_larger(values: list[float]) -> None:
    rng = np.random.default_rng(7)
    after = np.array(values) * rng.uniform(0.2, 1.0, len(values))
    before = np.array(values)
    whole = before.sum() + 5
    full = flows.variation(before, after, whole)[0]
    merged = [np.append(v[2:], v[:2].sum()) for v in (before, after)]
    assert flows.variation(*merged, whole)[0] <= full + 1e-9
    assert flows.variation(before[::-1], after[::-1], whole)[0] == pytest.approx(full)


def brute(supply: list[int], demand: list[int], cost: np.ndarray) -> float:
    """The cheapest way, unit by unit, over all ways to match single units."""
    sources = [i for i, n in enumerate(supply) for _ in range(n)]
    sinks = [j for j, n in enumerate(demand) for _ in range(n)]
    return min(sum(cost[i, j] for i, j in zip(sources, order, strict=True)) for order in permutations(sinks))


@given(st.lists(st.integers(1, 2), min_size=2, max_size=3), st.integers(0, 10_000))
def test_the_transport_is_as_cheap_as_the_best_of_all_matchings(supply: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    total = sum(supply)
    cut = int(rng.integers(1, total))
    demand = [cut, total - cut]
    cost = rng.uniform(0, 10, (len(supply), 2))
    [(amount, slack, dual)] = flows.transports([(np.array(supply, float), np.array(demand, float), cost)])
    assert (amount * cost).sum() == pytest.approx(brute(supply, demand, cost))
    assert dual == pytest.approx((amount * cost).sum())
    assert amount.sum(axis=1) == pytest.approx(supply)
    assert amount.sum(axis=0) == pytest.approx(demand)
    assert slack.min() >= -1e-9
    assert np.abs(amount * slack).max() == pytest.approx(0, abs=1e-6)


@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 10_000), st.booleans())
def test_small_transports_are_those_of_highs(m: int, n: int, seed: int, whole: bool) -> None:
    """Ties and flows of 0 within the tree too: of whole numbers there are many."""
    rng = np.random.default_rng(seed)
    cost = rng.integers(0, 4, (m, n)).astype(float) if whole else rng.uniform(0, 10, (m, n))
    supply = rng.integers(1, 4, m).astype(float) if whole else rng.uniform(0.1, 9, m)
    demand = np.diff(np.linspace(0, supply.sum(), n + 1))
    right = np.concatenate([supply, demand])
    [(_, _, oracle)] = flows._by_highs([cost], [right])
    made = simplex.transport(supply, demand, cost)
    assert made is not None
    amount, slack, dual = flows._priced(cost, *made, right)
    assert (amount.sum(axis=1), amount.sum(axis=0)) == (pytest.approx(supply), pytest.approx(demand))
    assert amount.min() >= 0
    assert slack.min() >= -1e-9
    assert ((amount * cost).sum(), dual) == (pytest.approx(oracle), pytest.approx(oracle))


def test_a_flow_goes_the_shorter_way_and_balances() -> None:
    points = np.array([[0.0, 0.0], [10.0, 0.0], [100.0, 0.0], [110.0, 0.0]])
    before, after = np.array([30.0, 10.0, 30.0, 10.0]), np.array([20.0, 20.0, 20.0, 20.0])
    found = flows.flows(before, after, sphere.vectors(points), 100.0)
    assert found.unique
    assert sorted(zip(found.source.tolist(), found.target.tolist(), strict=True)) == [(0, 1), (2, 3)]
    assert found.amount.tolist() == pytest.approx([10, 10])
    assert found.work == pytest.approx(found.dual)
    assert found.work == pytest.approx(2 * 10 * np.radians(10) * sphere.EARTH_KM)


def test_where_several_flows_are_as_short_each_has_bounds() -> None:
    points = np.array([[0.0, 0.0], [90.0, 0.0], [0.0, 90.0], [0.0, -90.0]])
    before, after = np.array([30.0, 30.0, 0.0, 0.0]), np.array([0.0, 0.0, 30.0, 30.0])
    found = flows.flows(before, after, sphere.vectors(points), 100.0)
    assert not found.unique
    assert len(found.amount) == 4
    assert found.low.tolist() == pytest.approx([0] * 4, abs=1e-9)
    assert found.high.tolist() == pytest.approx([30] * 4)
    assert found.work == pytest.approx(found.dual)


def test_of_very_many_tied_flows_the_bounds_are_what_the_ends_allow() -> None:
    n = 8
    cost = np.ones((n, n))
    [(amount, slack, _)] = flows.transports([(np.ones(n), np.ones(n), cost)])
    low, high, unique = flows._bounds(np.ones(n), np.ones(n), cost, amount, slack)
    assert not unique
    assert (low == 0).all()
    assert (high == 1).all()


def test_the_rest_and_places_unknown_have_no_distance() -> None:
    points = np.array([[0.0, 0.0], [50.0, 0.0], [np.nan, np.nan]])
    before, after = np.array([60.0, 10.0, 5.0]), np.array([30.0, 20.0, 15.0])
    found = flows.flows(before, after, sphere.vectors(points), 100.0)
    assert found.source.tolist() == [0, 0]
    assert found.target.tolist() == [3, 1]  # 3 stands for the rest, the region without a place in it
    assert found.amount.tolist() == pytest.approx([20, 10])
    assert np.isnan(found.distance[0])
    assert found.least == 30


def test_no_change_makes_no_flow() -> None:
    same = np.array([60.0, np.nan])
    found = flows.flows(same, same, sphere.vectors(EQUATOR[:2]), 100.0)
    assert (len(found.amount), found.least, found.work, found.unique) == (0, 0, 0, True)


@given(st.integers(0, 500))
def test_flows_do_not_depend_on_the_order_of_regions(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 6
    places = sphere.vectors(np.column_stack([rng.uniform(-180, 180, n), rng.uniform(-70, 70, n)]))
    before, after = (rng.dirichlet(np.ones(n)) * 95 for _ in range(2))
    order = rng.permutation(n)
    base = flows.flows(before, after, places, 100.0)
    other = flows.flows(before[order], after[order], places[order], 100.0)
    scaled = flows.flows(3 * before, 3 * after, places, 300.0)
    assert other.work == pytest.approx(base.work)
    assert scaled.work == pytest.approx(3 * base.work)
    assert base.amount.sum() == pytest.approx(base.least)
