"""The shift measured on the project's data: published figures, scenarios, intervals, and how it is told."""

from __future__ import annotations

import json
import math
import re
import shlex
import shutil
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path

import counts
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import geotrack as gt
from geotrack.build import shift as build_shift
from geotrack.errors import SpecError, ValidationError
from geotrack.geo import boundaries, sphere
from geotrack.map import groups
from geotrack.measure import bounds, scenarios, shares, sparklines
from geotrack.measure import bounds as measure_bounds
from geotrack.measure import centre as measure_centre
from geotrack.measure import intervals as measure_intervals
from geotrack.measure import rows as measure_rows
from geotrack.measure import text as measure_text
from geotrack.measure import tracks as measure_tracks
from geotrack.measure.result import ShiftResult
from geotrack.measure.values import Headline, Row
from geotrack.model import LOWER_BOUND, MISSING, REPORTED, Slice
from geotrack.store.folder import DataFolder
from geotrack.timemap import TimeMap

ROOT = Path(__file__).parents[2]
CBECI = DataFolder.of(None).series["cbeci-countries"]


@pytest.fixture(scope="module")
def countries() -> TimeMap:
    return gt.choropleth("cbeci-countries")


@pytest.fixture(scope="module")
def found(countries: TimeMap) -> ShiftResult:
    return countries.shift("2019-09", "2022-01")


def intervals(result: ShiftResult, key: str) -> dict[str, tuple[float, float]]:
    return {each.assumption: (each.low, each.high) for each in result.figure(key).intervals}


# published figures


@pytest.mark.parametrize(
    ("code", "before", "after", "change"),
    [
        ("CHN", 75.53, 21.11, -54.42),
        ("USA", 4.06, 37.84, 33.78),
        ("CAN", 1.06, 6.48, 5.42),
        ("KAZ", 1.42, 13.22, 11.8),
        ("IRL", 0.0, 1.97, 1.97),
        ("north-america", 5.12, 44.32, 39.2),
    ],
)
def test_shares_are_those_published(
    found: ShiftResult, code: str, before: float, after: float, change: float
) -> None:
    row = found.row(code)
    assert (row.before, row.after, row.change, row.status) == (before, after, change, "reported")


def test_a_share_is_told_with_the_digits_it_came_with_and_within_its_own_interval() -> None:
    """36.025 % was "36.03%", which lies outside 36.024 to 36.026; 50.02 was "50.0200000%"."""
    frame = pd.DataFrame({
        "region": ["FRA", "DEU", "CHN"] * 2,
        "period": ["2024"] * 3 + ["2025"] * 3,
        "share": [36.025, 13.975, 50.0, 29.98, 20.0, 50.02],
    })  # fmt: skip
    told = str(gt.choropleth(frame, unit="%", whole=100, over_time="mean").shift(groups=["FRA", "DEU"]))
    assert "France fell from 36.025% to 29.98% (−6.045 points)" in told
    assert "36.0245 to 36.0255" in told
    frame["share"] = [50.02, 29.98, 20.0, 50.0200001, 29.9799999, 20.0]
    told = str(gt.choropleth(frame, unit="%", whole=100, over_time="mean").shift(groups=["FRA", "DEU"]))
    assert "50.0200001%" in told
    assert "50.0200000%" not in told


def test_a_part_is_at_least_all_that_is_listed_of_it_whatever_its_kind(tmp_path: Path) -> None:
    """30 of the United States and 40.04 of other foreign countries were "at least 30%" overseas."""
    data = shutil.copytree(ROOT / "data", tmp_path / "data")
    path = data / "observations" / "canaan-revenue.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    like = next(line for line in lines if line.startswith("CHN,2022-01-01,2023-01-01,revenue_share"))
    for code, value in (("USA", "30"), ("canaan-other-foreign", "40.04")):
        cells = like.split(",")
        cells[:5] = [code, "2023-01-01", "2024-01-01", "revenue_share", value]
        lines.append(",".join(cells))
    path.write_text("".join([lines[0], *sorted(lines[1:])]), encoding="utf-8")
    found = build_shift.shift_of("canaan-revenue", "2023", "2024", data=data)
    row, china = found.row("canaan-overseas"), found.row("CHN")
    assert (row.before, "before" in row.lower) == (70.04, True)
    assert (china.before, "before" in china.upper) == (29.96, True)


def test_a_slice_without_a_figure_has_no_rest_either() -> None:
    """Beside a lower bound in another slice it was "Rest, not split: 100.00%"."""
    frame = pd.DataFrame(
        [("CHN", "2021-01", 20, "sales", "reported"), ("USA", "2021-01", 50, "sales", "lower bound"),
         ("CHN", "2021-02", 20, "orders", "reported")],
        columns=["region", "period", "value", "metric", "status"],
    )  # fmt: skip
    found = gt.choropleth(frame, unit="USD", over_time="sum").shift(metric="sales")
    assert all(math.isnan(row.after) for row in found.rows)


def test_no_flow_is_told_of_figures_that_are_lower_bounds() -> None:
    """What is above "at least 40%" may have come from anywhere: 20 points from China were told as exact."""
    rows = [("CHN", 40, 10), ("USA", 20, 40), ("CAN", 5, 5), ("RUS", 5, 5), ("KAZ", 0, 0)]
    frame = pd.DataFrame(
        [
            (code, period, each)
            for code, *both in rows
            for period, each in zip(("2019", "2020"), both, strict=True)
        ],
        columns=["region", "period", "share"],
    )
    exact = gt.choropleth(frame, unit="%", whole=100, over_time="mean").shift()
    assert [(flow.source, flow.target, flow.amount) for flow in exact.flows][:1] == [("CHN", "USA", 20)]
    bound = (frame["region"] == "CHN") & (frame["period"] == "2019")
    frame["status"] = bound.map({True: "lower bound", False: "reported"})
    least = gt.choropleth(frame, unit="%", whole=100, over_time="mean", status="status").shift()
    assert least.flows == ()
    assert "Least-movement" not in str(least)


def test_hashrates_are_those_published_and_their_change_adds_up(found: ShiftResult) -> None:
    china = found.row("CHN")
    assert (china.hashrate_before, china.hashrate_after) == (66.76, 39.6)
    for row in found.rows:
        assert row.grew + row.gained == pytest.approx(row.hashrate_after - row.hashrate_before, abs=1e-6)
    parts = [row for row in found.rows if row.code != "north-america"]
    assert sum(row.gained for row in parts) == pytest.approx(0, abs=1e-6)


def test_the_crossings_are_bracketed(found: ShiftResult) -> None:
    told = {(c.first, c.second): [(t.before.iso, t.after.iso) for t in c.turns] for c in found.crossings}
    assert told == {
        ("United States", "China"): [("2021-06", "2021-07")],
        ("North America", "China"): [("2021-06", "2021-07")],
    }
    assert all(c.certain and c.compared == 29 for c in found.crossings)  # of 2019-09 to 2022-01


def test_the_index_and_the_distance_are_those_worked_out_by_hand(found: ShiftResult) -> None:
    frame = gt.load("cbeci-countries")
    shown = frame[frame["metric"] == "share"].pivot_table(index="region", columns="start", values="value")
    first, last = shown.iloc[:, 0], shown.iloc[:, -1]
    named = [code for code in shown.index if code != "other"]
    assert found.figure("hhi.before").value == pytest.approx(
        sum((first[c] / 100) ** 2 for c in named), abs=1e-3
    )
    rest = (100 - last[named].sum()) - (100 - first[named].sum())
    distance = (sum(abs(last[c] - first[c]) for c in named) + abs(rest)) / 2
    assert found.figure("variation").value == pytest.approx(distance)
    assert found.figure("variation").bound == "at least"


def test_the_mean_centre_agrees_with_an_independent_sum(countries: TimeMap, found: ShiftResult) -> None:
    spots = measure_centre.places(countries)
    table = shares.shares_of(countries, countries.layers[0])
    x = y = z = weight = 0.0
    for code, point in zip(table.codes, sphere.degrees(spots).tolist(), strict=True):
        share = float(table.values[table.codes.index(code), -1])
        lon, lat = map(math.radians, point)
        x += share * math.cos(lat) * math.cos(lon)
        y += share * math.cos(lat) * math.sin(lon)
        z += share * math.sin(lat)
        weight += share
    assert found.figure("lon.after").value == pytest.approx(math.degrees(math.atan2(y, x)), abs=1e-6)
    assert found.figure("lat.after").value == pytest.approx(math.degrees(math.asin(z / math.hypot(x, y, z))))
    assert found.figure("length.after").value == pytest.approx(math.hypot(x, y, z) / weight)


@pytest.mark.parametrize("code", ["CHN", "USA", "KAZ", "CAN", "RUS"])
def test_centres_of_area_agree_with_those_of_an_equal_area_plane(countries: TimeMap, code: str) -> None:
    import pyproj
    from shapely.geometry import Polygon
    from shapely.ops import unary_union

    codes = [unit.code for unit in countries.units if shares.is_row(unit)]
    spots = dict(zip(codes, measure_centre.places(countries), strict=True))
    lon, lat = sphere.degrees(spots[code])
    flat = boundaries.project(countries.boundaries, "EPSG:4326")
    to_plane = pyproj.Transformer.from_crs(
        "EPSG:4326", f"+proj=laea +lon_0={lon} +lat_0={lat} +R=6371008.8", always_xy=True
    ).transform
    shape = flat.shapes[flat.codes.index(code)]
    polygons = [
        Polygon(np.column_stack(to_plane(*sphere._cut(lines[0]).T)))
        for lines in geometry_rings(shape, flat.arcs)
    ]
    centre = unary_union([p.buffer(0) for p in polygons]).centroid
    # the plane is true in area and direction only: far parts lie a little nearer than on the globe
    assert math.hypot(centre.x, centre.y) < 60_000


def geometry_rings(shape, arcs):
    from geotrack.geo.topology import rings

    return rings(shape, arcs)


def test_the_flows_are_as_short_as_the_dual_allows_and_add_up(found: ShiftResult) -> None:
    assert found.flows_unique
    assert found.flow_work == pytest.approx(found.flow_dual)
    assert sum(flow.amount for flow in found.flows) == pytest.approx(found.figure("variation").value)
    assert [(f.source, f.target) for f in found.flows[:2]] == [("CHN", "USA"), ("CHN", "KAZ")]
    assert "not observed" in str(found)


# intervals and scenarios


def test_every_headline_share_has_intervals_by_assumption(found: ShiftResult) -> None:
    china, north = intervals(found, "share.CHN.after"), intervals(found, "share.north-america.after")
    assert china["rounding"] == pytest.approx((21.105, 21.115))
    assert china["stars"] == pytest.approx((21.11, 21.11 + 3.06 + 1.97))
    assert "remainder" not in north  # it is the sum of the two that are listed: the rest is none of theirs
    assert intervals(found, "share.CHN.before")["sample"] == pytest.approx((0.37 * 75.53, 0.37 * 75.53 + 63))
    assert "sample" not in china  # what the sample covers is stated of the first months only
    assert intervals(found, "share.CHN.change")["sample"][1] == pytest.approx(21.11 - 0.37 * 75.53)


def test_every_interval_holds_its_value(found: ShiftResult) -> None:
    for figure in found.figures:
        for each in figure.intervals:
            assert each.low - 1e-9 <= figure.value <= each.high + 1e-9, (figure.key, each)


def test_chinas_zeros_are_bounded_by_the_neighbouring_months(countries: TimeMap) -> None:
    told = countries.shift("2021-06", "2021-07")
    assert told.row("CHN").after == 0
    assert intervals(told, "share.CHN.after")["zeros"] == (0, 34.25)
    assert countries.shift("2021-06", "2021-07", scenario="zeros-as-after").row("CHN").after == 22.29
    filled = countries.shift("2021-06", "2021-09", scenario="zeros-as-before")
    assert [t.after.iso for t in filled.crossings[0].turns] == ["2021-09"]
    filled = countries.shift("2021-06", "2021-07", scenario="zeros-as-before")
    assert filled.row("CHN").after == 34.25
    assert filled.row("USA").after == pytest.approx(35.12 * (100 - 34.25) / 100)
    assert not filled.crossings[0].turns


def test_the_stars_can_put_china_back_in_front_for_a_month(countries: TimeMap) -> None:
    told = countries.shift("2019-09", "2022-01", scenario="stars-to-china")
    usa = told.crossings[0]
    assert usa.kind == "crossed back"
    assert [(t.before.iso, t.after.iso, t.ahead) for t in usa.turns] == [
        ("2021-06", "2021-07", True),
        ("2021-08", "2021-09", False),
        ("2021-09", "2021-10", True),
    ]
    assert told.row("DEU").after == 0
    assert told.row("CHN").after == pytest.approx(21.11 + 3.06 + 1.97)
    assert "as reported" in {each.scenario for each in told.readings}


@pytest.mark.parametrize("name", [s.name for s in scenarios.scenarios(CBECI)])
def test_a_scenario_keeps_the_whole(countries: TimeMap, name: str) -> None:
    table = shares.shares_of(countries, countries.layers[0])
    read = scenarios.read(countries.content, countries.layers[0], table, [scenarios.scenario(CBECI, name)])
    assert read is not None
    before, after = (np.nansum(t.values, axis=0) + t.rest for t in (table, read))
    assert after == pytest.approx(before, abs=1e-9)
    assert ((read.status == MISSING) == (table.status == MISSING)).all()


YEARS = tuple(Slice(f"{y}-01-01", f"{y + 1}-01-01", str(y), str(y)) for y in range(2010, 2020))


def table_of(values: list[list[float | None]]) -> shares.Shares:
    figures = np.array([[np.nan if v is None else v for v in row] for row in values], dtype=float)
    codes = ("CHN", "DEU", "USA", "CAN")[: len(values)]
    return shares.Shares(
        codes=codes,
        names=codes,
        single=np.ones(len(codes), dtype=bool),
        slices=YEARS[: figures.shape[1]],
        values=figures,
        status=np.where(np.isnan(figures), MISSING, REPORTED).astype(np.uint8),
        rest=100 - np.nansum(figures, axis=0),
        half=np.full(figures.shape, 0.5),
    )


def test_worst_case_bounds_of_a_sample() -> None:
    found = measure_intervals.sample(50.0, 0.4)
    assert (found.low, found.high) == (20, 80)
    step = Slice("2019-09-01", "2019-10-01", "2019-09", "September 2019")
    samples = gt.choropleth("cbeci-countries").series.samples
    assert measure_intervals.coverage(samples, step) == 0.37
    assert math.isnan(
        measure_intervals.coverage(samples, replace(step, start="2020-05-01", end="2020-06-01"))
    )
    assert math.isnan(measure_intervals.coverage((), step))
    with pytest.raises(AssertionError, match="rounding: 2 is above 1: a defect of geotrack"):
        measure_intervals.Interval(2, 1, "rounding")


def test_rounding_is_each_slices_own(countries: TimeMap) -> None:
    told = gt.choropleth("luxor-countries").shift("2025-Q3", "2026-Q3")
    assert intervals(told, "share.CHN.after")["rounding"] == pytest.approx((12.15, 12.25))
    provinces = gt.choropleth("cbeci-china-provinces").shift("2021-06", "2021-07", groups=["CN-SC"])
    assert intervals(provinces, "share.CN-SC.after")["rounding"] == pytest.approx((0, 0.005))


MEASURES = ("hhi", "effective", "top", "length")


def told_of(reading: measure_tracks.Reading) -> dict[str, float]:
    return measure_tracks.numbers(reading, ["CHN"], 0, 1)


@given(st.integers(0, 300))
def test_no_rounding_leaves_the_intervals_of_rounding(seed: int) -> None:
    rng = np.random.default_rng(seed)
    exact = rng.dirichlet(np.ones(4), 2).T * 95
    table = table_of(exact.round(0).tolist())
    spots = sphere.vectors(np.column_stack([rng.uniform(-180, 180, 4), rng.uniform(-60, 60, 4)]))
    found = bounds.intervals_of(measure_tracks.Reading(table, spots), {}, ["CHN"], (0, 1), ())
    true = told_of(measure_tracks.Reading(table_of(exact.tolist()), spots))
    for key, each in ((k, i) for k, several in found.items() for i in several if i.assumption == "rounding"):
        assert each.low - 1e-6 <= true[key] <= each.high + 1e-6, key
    assert all(any(i.assumption == "rounding" for i in found[f"{name}.after"]) for name in MEASURES)


@given(st.integers(0, 300))
def test_no_split_of_the_rest_leaves_the_intervals_of_the_remainder(seed: int) -> None:
    rng = np.random.default_rng(seed)
    named, hidden = rng.dirichlet(np.ones(2), 2).T * 70, rng.dirichlet(np.ones(2), 2).T * 30
    spots = sphere.vectors(np.column_stack([rng.uniform(-180, 180, 4), rng.uniform(-80, 80, 4)]))
    part = measure_tracks.Reading(table_of(named.tolist()), spots[:2])
    found = bounds.intervals_of(part, {}, ["CHN"], (0, 1), ())
    true = told_of(measure_tracks.Reading(table_of([*named.tolist(), *hidden.tolist()]), spots))
    for key, each in ((k, i) for k, several in found.items() for i in several if i.assumption == "remainder"):
        assert each.low - 1e-6 <= true[key] <= each.high + 1e-6, key
    at = [sphere.vectors(np.array([[n["lon.after"], n["lat.after"]]])) for n in (told_of(part), true)]
    reach = told_of(part)["reach.after"]
    assert math.isnan(reach) or sphere.distances(*at)[0, 0] <= reach + 1e-6


# what is missing stays missing


def test_a_country_that_is_not_listed_is_not_known_rather_than_zero() -> None:
    told = gt.choropleth("luxor-countries").shift("2025-Q3", "2026-Q3")
    row = told.row("ETH")
    assert row.status == "missing"
    assert math.isnan(row.before)
    assert math.isnan(row.change)
    assert "Ethiopia" in str(told)
    assert all("ETH" not in {flow.source, flow.target} for flow in told.flows)
    north = told.row("north-america")
    assert north.lower == ("hashrate_before",)  # Canada's hashrate is not given in 2025-Q3
    assert "at least 323.4" in str(told)
    assert math.isnan(north.grew)  # the source does not list the whole network


def test_a_share_of_nothing_gives_no_measure() -> None:
    told = gt.choropleth("cbeci-china-provinces").shift("2021-06", "2021-07")
    assert told.row("CN-SC").after == 0  # as reported
    assert told.figure("share.CN-SC.after").value == 0  # who led at first is told of where no group is
    assert told.flows == ()
    assert math.isnan(told.figure("hhi.after").value)
    assert math.isnan(told.figure("variation").value)
    assert "Not defined between these two periods: " in str(told)
    assert not [line for line in str(told).splitlines() if line.strip().endswith("not defined")]


@given(st.integers(0, 200))
def test_a_missing_cell_counts_as_what_is_not_named(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.dirichlet(np.ones(4), 3).T * 90
    spots = sphere.vectors(np.column_stack([rng.uniform(-180, 180, 4), rng.uniform(-60, 60, 4)]))
    hidden = values.copy()
    hidden[3] = np.nan
    whole, part = table_of(hidden.tolist()), table_of(values[:3].tolist())
    a = measure_tracks.numbers(measure_tracks.Reading(whole, spots), ["CHN"], 0, 2)
    b = measure_tracks.numbers(measure_tracks.Reading(part, spots[:3]), ["CHN"], 0, 2)
    assert a == pytest.approx(b, nan_ok=True)


@given(st.integers(0, 200))
def test_a_group_adds_up_as_the_maps_groups_do(seed: int) -> None:
    rng = np.random.default_rng(seed)
    status = rng.integers(0, 5, (4, 3)).astype(np.uint8)
    values = np.where(status == MISSING, np.nan, rng.uniform(0, 20, (4, 3)))
    table = replace(table_of(values.tolist()), status=status, groups=(shares.Members("g", "G", (0, 2, 3)),))
    found, wanted = table.line("g"), groups.sums(values, status, [(c,) for c in table.codes], [(0, 2, 3)])
    assert found.values == pytest.approx(wanted.values[0], nan_ok=True)
    assert found.status.tolist() == wanted.status[0].tolist()


@given(st.integers(0, 200))
def test_a_group_is_the_sum_of_its_members_whatever_their_order(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.dirichlet(np.ones(4), 3).T * 90
    group = replace(table_of(values.tolist()), groups=(shares.Members("both", "Both", (1, 3)),))
    assert group.line("both").values == pytest.approx(values[1] + values[3])
    turned = replace(table_of(values[::-1].tolist()), groups=(shares.Members("both", "Both", (0, 2)),))
    assert turned.line("both").values == pytest.approx(values[1] + values[3])


# two parts that make up the whole, and what is known first


def plain(text: str) -> str:
    """A text on one line, its percent signs without a space before them."""
    return " ".join(text.split()).replace(" %", "%")


def test_the_seeds_own_figure_leads(run: Callable[..., object]) -> None:
    """Overseas rose from 4.9% to 78.4%; China, the rest, fell from 95.1% to 21.6%: derived."""
    answer = run("shift", "canaan-revenue", "--from", "2020-Q1", "--to", "2021-Q1")
    assert plain(answer.out).startswith(
        "Canaan's revenue by region, Q1 2020 to Q1 2021. Overseas (all but China) rose from 4.9% to 78.4% "
        "(+73.5 points). China (the rest) fell from 95.1% to 21.6%, derived (−73.5 points). "
        "Overseas (all but China) overtook China between Q1 2020 and Q1 2021. "
    )
    # what two parts cannot have is not told, and what is not known in a line
    for words in ("not defined", "HHI", "centre", "ffective", "three largest", "movement", "not known"):
        assert words not in answer.out, words
    [absent] = [line for line in answer.out.splitlines() if line.startswith("No figure in either period: ")]
    assert "United States" in absent
    assert len(answer.out.splitlines()) < 40


def test_every_map_of_the_series_derives_it(timemaps: dict[str, TimeMap]) -> None:
    for made in (gt.choropleth("canaan-revenue"), timemaps["revenue-canaan"]):
        told = made.shift("2020-Q1", "2021-Q1")
        overseas, china = told.rows[:2]
        assert (overseas.code, overseas.before, overseas.after) == ("canaan-overseas", 4.9, 78.4)
        assert (overseas.derived, overseas.rest) == ((), False)
        assert (china.code, china.before, china.after, china.change) == ("CHN", 95.1, 21.6, -73.5)
        assert (china.derived, china.rest) == (("before", "after"), True)
        assert (told.flows, [f.key for f in told.figures if not f.key.startswith("share")]) == (
            (),
            ["variation"],
        )
        assert told.to_frame().set_index("code").loc["CHN", "derived"] == "before after"
        assert told.figure("share.CHN.after").derived


def test_what_is_derived_in_one_slice_is_marked_there_and_of_a_bound_it_is_at_most() -> None:
    canaan = gt.choropleth("canaan-revenue")
    words = plain(str(canaan.shift("2017", "2021-Q1")))
    assert "China fell from 91.5% to 21.6% (derived) (−69.9 points)." in words
    assert "Overseas (all but China) rose from 8.5% (derived) to 78.4% (+69.9 points)." in words
    open_ = canaan.shift("2024", "2025-Q2")
    rest = open_.row("canaan-overseas")
    assert (open_.row("CHN").lower, rest.upper, rest.derived) == (("after",), ("after",), ("before", "after"))
    assert (rest.after, rest.change, rest.status) == (50, -19.7, "lower bound")
    words = plain(str(open_))
    assert "China rose from 30.3% to at least 50% (+19.7 points, not exact)." in words
    assert (
        "Overseas (all but China) fell from 69.7% to at most 50%, derived (−19.7 points, not exact)." in words
    )
    assert "Overseas (all but China), Q2 2025 at most 50% (derived) a bound itself" in words
    assert "China, change at least 19.7 points" in words
    assert "Overseas (all but China), change at most −19.7 points" in words
    assert open_.to_frame().set_index("code").loc["canaan-overseas", "upper"] == "after"
    assert "rest" not in [row.code for row in open_.rows]  # the part is all that is left: it was said twice
    assert canaan.shift("2020-Q1", "2021-Q1").row("rest").after == 0
    back = canaan.shift("2019-H1", "2025-Q2")  # from 12.1% to at most 50%: nobody knows which way
    assert "Overseas (all but China): 12.1%, then at most 50%, derived" in plain(str(back))


@pytest.mark.parametrize(
    ("series", "first", "last", "kinds"),
    [
        ("cbeci-countries", "2021-09", "2022-01", ["never"]),
        ("cbeci-countries", "2021-06", "2021-07", ["overtook", "overtook"]),
        ("canaan-revenue", "2024", "2025-Q2", ["always ahead"]),
        ("canaan-revenue", "2020-Q1", "2025-Q2", ["overtook"]),
    ],
)
def test_a_shift_tells_the_crossings_of_its_span_only(
    series: str, first: str, last: str, kinds: list[str]
) -> None:
    """Text, table and JSON; the sparklines and tracks alone run over all slices."""
    told = gt.choropleth(series).shift(first, last)
    for each in (*told.crossings, *(reading.crossing for reading in told.readings)):
        for turn in each.turns:
            assert told.first.start <= turn.before.start < turn.after.start <= told.last.start, each
    assert [each.kind for each in told.crossings][: len(kinds)] == kinds


def test_a_slice_of_bounds_alone_is_left_open_and_counted() -> None:
    """Not more than half is not ahead of at least half: what nobody knows is said, not left out."""
    ends, name = ("2022", "2025-Q2"), "Overseas (all but China)"
    told = gt.choropleth("canaan-revenue").shift(*ends)
    [found] = told.to_dict()["crossings"]
    assert [found[key] for key in ("kind", "certain", "compared", "open")] == ["always ahead", False, 3, 1]
    assert (
        f"{name} was ahead of China in 2 of the 3 slices compared; one slice leaves it open, Q2 2025, when "
        f"{name} was no longer ahead."
    ) in plain(str(told))
    chinese = str(gt.choropleth("canaan-revenue", lang="zh").shift(*ends)).replace("\n", "")
    name = "海外（中国以外）"
    assert (
        f"{name}在所比较的3个时段中的2个领先于中国；有1个时段无法判断，最后一个为2025年第二季度，"
        f"其时{name}已不再领先。"
    ) in chinese


def test_the_whole_limits_a_lower_bound_in_every_sentence() -> None:
    frame = pd.DataFrame(
        [("CHN", 2020, 50, True), ("CAN", 2020, 30, False), ("CHN", 2021, 5, True), ("CAN", 2021, 90, False)],
        columns=["country", "year", "value", "bound"],
    )
    frame["status"] = np.where(frame.pop("bound"), "lower bound", "reported")
    told = gt.choropleth(frame, unit="%", whole=100).shift(groups=["CHN", "CAN"])
    assert told.row("CHN").way == "fell"
    words = plain(str(told))
    assert "China fell from at least 50% to at least 5% (" in words
    assert "Canada overtook China between 2020 and 2021." in words
    assert all(each.certain for each in told.crossings)


@pytest.mark.parametrize("series", ["asic-imports-us", "company-hashrate-canada"])
def test_a_figure_that_is_alone_is_no_share_of_itself(series: str, run: Callable[..., object]) -> None:
    answer = run("shift", series)
    assert (answer.code, answer.out) == (7, "")
    assert "100% whatever the amount is" in answer.err
    amounts = {
        "asic-imports-us": ["at least 2,300,000", "860,000"],
        "company-hashrate-canada": ["0.748", "3.903"],
    }
    for amount in amounts[series]:
        assert amount in answer.err


def test_slices_of_several_figures_are_named_beside_one_of_a_single() -> None:
    rows = [("China", 2019, 3), *((c, y, v) for y in (2020, 2021) for c, v in (("China", 5), ("France", y)))]
    made = gt.choropleth(pd.DataFrame(rows, columns=["country", "year", "amount"]), unit="EH/s")
    with pytest.raises(SpecError, match=r"CHN 3\sEH/s in 2019\..*several figures: 2020, 2021"):
        made.shift("2019", "2021")
    told = made.shift("2020", "2021")
    assert np.isnan(told.tracks.lines["CHN"][0])
    assert told.row("FRA").before == pytest.approx(100 * 2020 / 2025)


def test_a_shift_between_slices_without_a_figure_is_refused() -> None:
    states = gt.choropleth("company-hashrate-us-states")
    with pytest.raises(SpecError, match=r"has no figure in 2023-06 nor 2024-12, only in 2024-01: nothing is"):
        states.shift()


def test_a_last_slice_that_names_no_region_does_not_silence_the_groups() -> None:
    told = gt.choropleth("canaan-revenue").shift("2017", "2025-Q3")
    assert [(each.kind, each.second) for each in told.crossings] == [("overtook", "China")]
    assert "overtook China between Q1 2020 and Q1 2021; 2 slices leave it open" in " ".join(str(told).split())


@given(st.lists(st.tuples(st.floats(0.01, 100), st.floats(0, 100)), min_size=2, max_size=2), st.booleans())
def test_no_interval_of_a_share_leaves_0_to_100(parts: list[tuple[float, float]], amounts: bool) -> None:
    """Of shares near their whole as well, and of those whose sum misses it by rounding."""
    values = np.array(parts).round(2 if amounts else 0)
    if not amounts:
        values[1] = 100 - values[0]
    found = table_of(values.tolist())
    whole = values.sum(axis=0) if amounts else 100.0
    with np.errstate(invalid="ignore", divide="ignore"):
        found = replace(found, values=100 * values / whole, half=np.full(values.shape, 0.5))
    reading = measure_tracks.Reading(found, np.full((2, 3), np.nan))
    code = found.codes[0]
    for key, open_ in bounds.intervals_of(reading, {}, [code], (0, 1), ()).items():
        if key.startswith(("share.", "top", "variation")):
            least = -100 if key.endswith("change") else 0
            assert all(least <= each.low <= each.high <= 100 for each in open_), (key, open_)
    for low, high in measure_bounds.bands(reading, {}, [code], ())[code].values():
        assert not ((low < 0) | (high > 100)).any()


def test_the_whole_is_the_whole_in_the_second_table_only_if_it_is() -> None:
    def said(value: float, bound: str = "") -> str:
        return measure_text.value(Headline("top.after", "Top", value, "%", 1, bound))

    assert [said(each) for each in (100.0, 99.999, 0.0, 0.004)] == [
        "100.0%",
        "over 99.9%",
        "0%",
        "under 0.1%",
    ]
    assert (said(99.999, "at most"), said(0.004, "at least")) == ("at most 99.999%", "at least 0.004%")
    told = {
        "at least": "at least 1.2 points", "at most": "at most 1.3 points",
        "not exact": "+1.3 points (not exact)", "": "+1.3 points",
    }  # fmt: skip
    for bound, text in told.items():
        assert plain(measure_text.value(Headline("share.A.change", "A", 1.25, "points", 1, bound))) == text


def test_a_sparkline_s_ends_are_bounds_where_the_line_has_some() -> None:
    rows = [("China", "2020", 49.96, "lower bound"), ("France", "2020", 35.21, "lower bound")]
    rows += [("China", "2021", 12.34, "reported"), ("France", "2021", 70.06, "reported")]
    frame = pd.DataFrame(rows, columns=["country", "period", "value", "status"])
    told = gt.choropleth(frame, unit="%", whole=100, groups=["CHN", "FRA"]).shift()
    lines = [line.partition("  ")[2] for line in sparklines.sparklines(told)]
    assert [line.strip().partition("  ")[2] for line in lines] == [
        "12.34% to at least 49.96%", "at least 35.21% to at least 70.06%",
    ]  # fmt: skip
    assert told.to_dict()["tracks"]["statuses"]["CHN"] == ["lower bound", "reported"]


def test_both_parts_stated_are_not_derived() -> None:
    told = gt.choropleth("bitmain-revenue").shift("2015", "2018-H1")
    assert [(row.code, row.derived) for row in told.rows[:2]] == [("CHN", ()), ("bitmain-overseas", ())]
    assert plain(str(told)).startswith(
        "Bitmain's revenue by region, 2015 to first half of 2018. China rose from 34.7% to 37.2%"
    )


def test_what_is_known_comes_first_and_what_is_not_is_short() -> None:
    told = gt.choropleth("luxor-countries").shift("2025-Q1", "2026-Q3")
    missing = [row.status == "missing" for row in told.rows]
    assert missing == sorted(missing)
    assert any(missing)
    assert not all(missing)
    paragraph = told.to_dict()["paragraph"]
    assert paragraph.endswith("Change not known: China.")
    # a lower bound that the other figure does not exceed leaves the way open
    assert "North America (as listed): at least 36" in paragraph
    assert "whether it rose or fell is not certain" in paragraph
    assert "No figure in either period: Kazakhstan." in str(told)


# in another language


ENGLISH = re.compile(r"[A-Za-z]{2,}[ ,]+[A-Za-z]{2,}|(?<![A-Za-z])(?:at|not|points|derived|rest)(?![A-Za-z])")


def ours(told: ShiftResult, made: TimeMap) -> list[str]:
    """What is said in every form, without what authors wrote, and what stands there by its code."""
    authors = [made.title, made.series.method, *made.series.table_caveats, *made.notes, told.scenario]
    authors += [text for o in made.origins for text in (o.publisher, o.title, o.licence)]
    kept = told.to_dict()
    said = [kept[key] for key in ("paragraph", "assumptions", "notes", "sources", "metric", "denominator")]
    said += [kept["assumption"], kept["flows"]["what"], list(kept["names"].values())]
    said += [[each["title"] for each in kept["figures"]], [each["name"] for each in kept["rows"]]]
    said += [each["sentence"] for each in (*kept["crossings"], *kept["readings"])]
    said += [each["scenario"] for each in kept["readings"]]
    texts = [str(told).partition("\n\n")[2], unescape(re.sub("<[^>]+>", "\n", told._repr_html_()))]
    texts += [text for each in said for text in ([each] if isinstance(each, str) else each)]
    for author in sorted(map(" ".join, map(str.split, filter(None, authors))), key=len, reverse=True):
        texts = [text.replace(author, "") for text in texts]
    return texts


@pytest.mark.parametrize(
    ("series", "ends", "scenario"),
    [
        ("cbeci-countries", ("2019-09", "2022-01"), "reported"),
        ("cbeci-countries", ("2021-06", "2021-07"), "stars-to-china"),
        ("cbeci-china-provinces", ("2021-06", "2021-07"), "reported"),
        ("luxor-countries", ("2025-Q1", "2026-Q3"), "reported"),
        ("canaan-revenue", ("2020-Q1", "2021-Q1"), "reported"),
        ("bitmain-revenue", ("2015", "2018-H1"), "reported"),
    ],
)
def test_a_chinese_shift_has_no_english_of_ours(series: str, ends: tuple[str, str], scenario: str) -> None:
    made = gt.choropleth(series, lang="zh")
    told = made.shift(*ends, scenario=scenario)
    for text in ours(told, made):
        assert not ENGLISH.findall(text), text
    english = gt.choropleth(series).shift(*ends, scenario=scenario)
    assert [row.code for row in told.rows] == [row.code for row in english.rows]
    assert [row.change for row in told.rows] == pytest.approx([r.change for r in english.rows], nan_ok=True)


def test_a_sum_that_is_open_says_so_in_chinese() -> None:
    frame = pd.DataFrame(
        {
            "country": ["China", "United States", "France"] * 2,
            "year": [2020] * 3 + [2021] * 3,
            "amount": [70, None, 5, 20, 40, 5],
        }
    )
    made = gt.choropleth(frame, unit="EH/s", lang="zh", title="甲")
    assert made.shift().notes == (
        "份额以来源在该时段给出的全部数字之和为分母。",
        "2020年：美国没有确切数字。合计不含未给出的部分，因此其他各项的份额可能偏大。",
        "北美洲：美国；来源未列出：加拿大、墨西哥。",
    )


def test_the_commands_speak_chinese(run: Callable[..., object]) -> None:
    told = run("shift", "canaan-revenue", "--from", "2020-Q1", "--to", "2021-Q1", "--lang", "zh")
    assert "中国（其余部分）从95.1%降到21.6%，均为推算（−73.5个百分点）。" in told.out.replace(
        "\n", ""
    ).replace(" ", "")
    unknown = run("shift", "canaan-revenue", "--lang", "xx")
    assert (unknown.code, "expected one of: en, zh" in unknown.err) == (7, True)


# groups and metrics


def test_groups_are_the_maps_own_a_callers_or_an_aggregate(
    timemaps: dict[str, TimeMap], countries: TimeMap
) -> None:
    assert [r.code for r in timemaps["shift"].shift().rows if r.kind == "group"] == ["CHN", "north-america"]
    own = countries.shift(groups={"Steppe": ["KAZ", "RUS"]}).row("Steppe")
    assert (own.before, own.after) == (7.35, 17.88)
    europe = countries.shift(groups=["europe", "USA"])
    assert [row.code for row in europe.rows if row.kind == "group"] == ["europe", "USA"]
    assert europe.row("europe").name == "Europe"


def test_what_is_not_there_is_said(countries: TimeMap) -> None:
    with pytest.raises(
        SpecError, match="cbeci-countries: no group or region 'XX'; expected some of: CAN, CHN"
    ):
        countries.shift(groups=["XX"])
    with pytest.raises(SpecError, match="no scenario 'x'; expected one of: reported, stars-spread"):
        countries.shift(scenario="x")
    luxor = gt.choropleth("luxor-countries")
    with pytest.raises(
        SpecError, match=r"expected one of: reported \(series luxor-countries has no figures in"
    ):
        luxor.shift("2025-Q3", "2026-Q3", scenario="stars-spread")
    luxor = TimeMap(replace(luxor.content, series=replace(luxor.content.series, doubts=CBECI.doubts)))
    with pytest.raises(SpecError, match=r"scenario 'stars-spread' \(.*\) changes nothing; leave it out"):
        luxor.shift("2025-Q3", "2026-Q3", scenario="stars-spread")
    with pytest.raises(SpecError, match="no slice '2030-01'"):
        countries.shift("2019-09", "2030-01")
    with pytest.raises(SpecError, match="places: no region 'XX'"):
        countries.shift(places={"XX": (0, 0)})
    with pytest.raises(SpecError, match=r"places: CHN = \(0, 200\); expected longitude and latitude"):
        countries.shift(places={"CHN": (0, 200)})
    with pytest.raises(SpecError, match="places: CHN = 'x'; expected longitude and latitude"):
        countries.shift(places={"CHN": "x"})  # type: ignore[dict-item]
    table = shares.shares_of(countries, countries.layers[0])
    with pytest.raises(SpecError, match="no group or region 'XX'; expected one of: CAN, CHN"):
        table.line("XX")


def test_places_that_a_caller_gives_move_the_centre(countries: TimeMap) -> None:
    base, moved = countries.shift(), countries.shift(places={"CHN": (113.0, 32.9)})
    assert base.figure("lon.before").value < moved.figure("lon.before").value
    assert base.row("CHN") == moved.row("CHN")


def test_an_amount_is_measured_as_shares_of_its_sum(countries: TimeMap) -> None:
    told = countries.shift("2019-09", "2022-01", metric="hashrate")
    assert told.row("USA").after == pytest.approx(37.84, abs=0.01)
    assert told.notes[0].startswith("Shares are of the sum")


def test_figures_below_zero_are_no_shares() -> None:
    frame = pd.DataFrame({"country": ["China"] * 2, "period": ["2019", "2020"], "change": [-3.0, 2.0]})
    timemap = gt.choropleth(frame, unit="EH/s", value="change")
    with pytest.raises(SpecError, match=r"map-\w+: metric .* has figures below zero, which are no shares"):
        timemap.shift()


def test_a_series_of_one_slice_has_no_shift() -> None:
    with pytest.raises(SpecError, match="cbeci-us-states: has one slice, 2021-12; a shift is between two"):
        gt.choropleth("cbeci-us-states").shift()


def test_other_is_no_group_and_the_sums_that_are_one_are_named(countries: TimeMap) -> None:
    with pytest.raises(SpecError, match=r"no group or region 'other'; .*USA.*europe.*north-america"):
        countries.shift(groups=["other"])


def test_a_sum_says_what_it_leaves_out() -> None:
    frame = pd.DataFrame(
        {
            "country": ["China", "United States", "Canada"] * 2,
            "year": [2020] * 3 + [2021] * 3,
            "amount": [70, 10, None, 20, 40, 5],
        }
    )
    said = " ".join(gt.choropleth(frame, unit="EH/s").shift().notes)
    assert "2020: no exact figure of Canada." in said
    assert "2021: no exact" not in said


# how it is told


def test_the_result_shows_itself(found: ShiftResult) -> None:
    text, words = str(found), " ".join(str(found).split())
    assert "China fell from 75.53% to 21.11% (−54.42 points; 66.76 to 39.60 EH/s)." in words
    assert "United States overtook China between June 2021 and July 2021." in words
    assert "At least 53.92% of the shares of the Bitcoin network's hashrate lie in other regions" in words
    assert "Germany * and Ireland * carry the publisher's star" in text
    assert "CC BY-NC-SA 4.0" in text
    assert repr(found) == "<ShiftResult 'cbeci-countries': 2019-09 to 2022-01, reported>"
    [line] = [each for each in text.splitlines() if each.startswith("China  ") and "█" in each]
    assert line.count("_") == 2  # two months reported as zero
    frame = found.to_frame()
    assert frame.set_index("code").loc["CHN", "change"] == -54.42
    json.dumps(found.to_dict(), allow_nan=False)


def test_tracks_run_over_all_slices(found: ShiftResult) -> None:
    tracks = found.to_dict()["tracks"]
    assert tracks["slices"][0] == "2019-09"
    months = counts.slices("cbeci-countries")
    told = ("lon", "lat", "length", "hhi_low", "since_first", "since_previous")
    assert {name: len(tracks[name]) for name in told} == dict.fromkeys(told, months)
    assert tracks["since_previous"][0] is None
    assert tracks["since_first"][-1] == 58.05
    assert tracks["lines"]["CHN"][22] == 0
    assert tracks["bands"]["CHN"]["zeros"]["high"][22] == 34.25
    assert len(json.dumps(found.to_dict())) < 40_000


def test_a_sparkline_tells_missing_from_zero() -> None:
    assert sparklines.spark(np.array([np.nan, 0.0, 1.0, 8.0])) == "·_▂█"
    assert sparklines.spark(np.array([np.nan])) == "·"


def test_a_change_that_is_not_exact_says_so(found: ShiftResult) -> None:
    row = Row("A", "A", "region", 1.0, 2.0, 1.0, "lower bound", lower=("after",))
    assert measure_text.points(row, found) == "+1.00 (not exact)"
    line = table_of([[10.0, 20.0]])
    line.status[0, 1] = LOWER_BOUND
    [made, rest] = measure_rows.rows(line, None, (0, 1))
    assert (made.status, made.lower, rest.after) == ("lower bound", ("after",), 80)


HOSTILE = '<script>alert("x")</script> _*[a](b)* | \\input{x} & \u202etext\nnext'


def test_names_from_data_never_become_markup() -> None:
    frame = pd.DataFrame(
        {"country": ["China", "United States"] * 2, "period": ["2019", "2019", "2020", "2020"],
         "share": [60.0, 20.0, 40.0, 30.0]}
    )  # fmt: skip
    source = {"publisher": HOSTILE, "title": HOSTILE, "url": "https://example.org", "licence": "x"}
    told = gt.choropleth(frame, unit="%", whole=100, title=HOSTILE, source=source).shift(
        groups={HOSTILE: ["CHN"]}
    )
    html = told._repr_html_()
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    for text in (html, str(told)):
        assert "\u202e" not in text
    assert not any(line.startswith("next") for line in str(told).splitlines())


# the command


def test_the_command_prints_text_json_or_csv(run: Callable[..., object]) -> None:
    asked = ("shift", "cbeci-countries", "--from", "2019-09", "--to", "2022-01")
    text = run(*asked)
    assert (text.code, text.err) == (0, "")
    assert "75.53%" in text.out
    told = json.loads(run(*asked, "--json").out)
    assert told["rows"][0]["change"] == -54.42
    csv = run(*asked, "--csv", "--group", "USA").out
    assert csv.splitlines()[0].startswith("code,name,kind,before,after,change,status")
    assert csv.splitlines()[1].startswith("USA,United States,group,4.06,37.84,33.78")


def test_the_commands_refuse_what_they_cannot_do(run: Callable[..., object]) -> None:
    both = run("shift", "cbeci-countries", "--json", "--csv")
    assert both.code == 2
    assert "exclude each other" in both.err
    unknown = run("shift", "cbeci-countries", "--from", "2030")
    assert unknown.code == 7
    assert "no slice '2030'" in unknown.err


# the claims in the README


def claims() -> list[list[str]]:
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("## The shift, measured")[2]
    rows = [line.strip("| ").split(" | ") for line in section.partition("\n## ")[0].splitlines()]
    return [row for row in rows if len(row) == 3 and row[2].startswith("`geotrack ")]


def test_the_readme_makes_claims() -> None:
    assert len(claims()) >= 12


@pytest.mark.parametrize("number", range(len(claims())))
def test_every_claim_of_the_readme_is_what_its_command_prints(
    number: int, run: Callable[..., object]
) -> None:
    claim, figures, command = claims()[number]
    printed = run(*shlex.split(command.strip("`").removeprefix("geotrack ")))
    words = " ".join(printed.out.split())
    for figure in figures.split("; "):
        assert figure in words, (claim, figure)


def test_a_bound_is_a_bound_in_every_table_of_a_shift_and_the_rest_is_at_most() -> None:
    rows = [("China", "2020", 49.96, "lower bound"), ("France", "2020", 35.21, "reported")]
    rows += [("China", "2021", 12.34, "reported"), ("France", "2021", 70.06, "lower bound")]
    frame = pd.DataFrame(rows, columns=["country", "period", "value", "status"])
    found = gt.choropleth(frame, unit="%", whole=100, groups=["CHN", "FRA"]).shift()
    bounds = {figure.key: figure.bound for figure in found.figures}
    assert (bounds["share.CHN.before"], bounds["share.CHN.after"]) == ("at least", "")
    assert (bounds["share.FRA.before"], bounds["share.FRA.after"]) == ("", "at least")
    rest = found.row("rest")
    assert (rest.upper, rest.status) == (("before", "after"), "lower bound")
    told = " ".join(str(found).split())
    assert "China, 2020 at least 49.96%" in told
    assert "Rest, not split at most 14.83% at most 17.6% +2.77 (not exact)" in told


def test_a_rest_of_other_regions_than_before_has_no_change() -> None:
    rest = gt.choropleth("luxor-countries").shift().row("rest")
    assert rest.status == "missing"
    assert math.isnan(rest.change)


@pytest.mark.parametrize("projection", ["+proj=robin", "EPSG:3035"])
def test_what_is_measured_does_not_depend_on_how_a_map_is_drawn(projection):
    """Robinson has no way back for what lies at its edge: centres are those of the boundaries in degrees."""
    plain, drawn = (gt.choropleth("cbeci-countries", **given) for given in ({}, {"projection": projection}))
    assert drawn.shift("2019-09", "2022-01").figures == plain.shift("2019-09", "2022-01").figures


@pytest.mark.parametrize(("whole", "unit"), [(100, "%"), (None, "EH/s")])
def test_no_share_rises_to_itself(whole: float | None, unit: str) -> None:
    rest = (87.655, 87.654)  # the sum is 100 as well
    rows = [("CHN", 0.004, 0.003), ("USA", 12.341, 12.343), ("DEU", *rest)]
    table = pd.DataFrame(
        [
            (code, year, value)
            for code, *values in rows
            for year, value in zip(YEARS_OF_TWO, values, strict=True)
        ],
        columns=["region", "period", "value"],
    )
    shifted = gt.choropleth(table, unit=unit, whole=whole, groups=["CHN", "USA"]).shift("2020", "2021")
    told = " ".join(str(shifted).split())
    assert "United States rose from 12.341% to 12.343% (+0.002 points)" in told
    assert ("China fell from 0.004% to 0.003%" in told) == (whole is not None)


YEARS_OF_TWO = ("2020", "2021")


def test_the_rest_may_lie_with_regions_that_another_slice_has_a_figure_of() -> None:
    """Of Texas and California 61% in 2020; the 49 others, of which 2021 lists 24, may share the rest."""
    codes = "CA NY FL GA WA OR NV UT AZ CO NM KS OK NE SD ND MN IA MO AR LA MS AL TN KY"
    states = re.findall(r"\w+", codes)
    rows = [("US-TX", "2020", 60.0), ("US-CA", "2020", 1.0), ("US-TX", "2021", 20.0)]
    rows += [(f"US-{state}", "2021", 1.0) for state in states]
    frame = pd.DataFrame(rows, columns=["region", "period", "value"])
    tm = gt.choropleth(frame, unit="%", whole=100, level="US")
    least = 0.6**2 + 0.01**2 + 0.39**2 / (len(tm.boundaries.codes) - 2)
    tracks = tm.shift("2020", "2021").to_dict()["tracks"]
    assert tracks["hhi_low"][0] == pytest.approx(least)
    assert tracks["effective_high"][0] == pytest.approx(1 / least)


@pytest.mark.parametrize(
    ("total", "said"),
    [
        # stated of one year: what is left out of the other is not known, so that either way is possible
        (("2020", 100, "reported"), "China: 50.00%, then at most 55.56%"),
        # "at least 125" of 80 listed: China had at most 40% of it, and never the 62.5% of the sum
        (("2020", 125, "lower bound"), "China: at most 40%, then at most 55.56%"),
    ],
)
def test_shares_of_a_whole_that_is_not_known_are_at_most(total: tuple[str, int, str], said: str) -> None:
    rows = [("China", "2020", 50), ("USA", "2020", 30), ("China", "2021", 50), ("USA", "2021", 40)]
    listed = [(*row, "reported") for row in rows]
    data = pd.DataFrame([*listed, ("Total", *total)], columns=["region", "period", "value", "status"])
    tm = gt.choropleth(data, unit="t", over_time="sum", groups=["CHN", "USA"], missing="other countries")
    text = tm.shift("2020", "2021").to_text()
    assert said in " ".join(text.split())
    assert "whether it rose or fell is not certain" in " ".join(text.split())
    assert "2021: the source states no exact total." in text
    assert "Rest, not split" in text
    assert "not known" in text.split("Rest, not split")[1].splitlines()[0]


def test_a_total_that_is_at_least_more_than_its_parts_is_asked_about() -> None:
    rows = [("China", "2020", 50, "reported"), ("USA", "2020", 30, "reported")]
    rows.append(("Total", "2020", 100, "lower bound"))
    data = pd.DataFrame(rows, columns=["region", "period", "value", "status"])
    with pytest.raises(ValidationError, match=r"its parts add up to 80: 20 are not in the table.* missing="):
        gt.choropleth(data, unit="t", over_time="sum")
    data.loc[2, "value"] = 80
    gt.choropleth(data, unit="t", over_time="sum")
