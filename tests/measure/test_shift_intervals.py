"""What a shift says of a group, a centre or an end never contradicts the interval that stands beside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import geotrack as gt
from geotrack.measure import sparklines
from geotrack.measure.result import ShiftResult
from geotrack.measure.values import Headline
from geotrack.model import LOWER_BOUND, MISSING, REPORTED
from geotrack.publish.report import report
from geotrack.timemap import TimeMap

COUNTRIES = {"CHN": "China", "USA": "United States", "CAN": "Canada", "MEX": "Mexico", "RUS": "Russia"}
ROOT = Path(__file__).parents[2]
NORTH = ("USA", "CAN", "MEX")
NEAR = 1e-6


def said(told: ShiftResult) -> str:
    """The whole text on one line, its figures without no-break spaces."""
    return " ".join(str(told).split())


def spans(figure: Headline, *assumptions: str) -> list[tuple[float, float]]:
    return [(each.low, each.high) for each in figure.intervals if each.assumption in assumptions]


# a group is the sum of its listed members, in the sentence as in its intervals


@pytest.mark.parametrize(
    ("series", "there", "absent"),
    [
        (
            "cbeci-countries-first-vintage",
            [
                "North America (as listed) rose from 5.12% to 8.06%",
                "North America (as listed), change +2.94 points +2.92 to +2.96 (rounding); −61.92",
                "North America: Canada, United States; not listed by the source: Mexico.",
            ],
            ["The mean centre moved"],
        ),
        (
            "luxor-countries",
            [
                "North America (as listed): at least 36%, then 39.3%",
                "at most 3.3 points +2.70 to +3.90 (rounding); −60.7 to +3.3 (remainder)",
                "Share of the three largest, Q1 2025 at least 36% 36.0 to 100.0 (remainder); 35.50 to 36.50",
            ],
            ["The mean centre moved"],
        ),
        ("foundry-us-states", ["Texas rose"], ["The mean centre moved"]),
        ("cbeci-countries", ["North America rose from 5.12%", "The mean centre moved 5,326"], ["as listed"]),
        (
            "cbeci-press-countries",
            ["China █· 65.08%, of the figures stated Singapore"],
            ["at least 0%", "65.08% to 65.08%", "0 to 100", "remainder"],
        ),
        (
            "coinshares-china-provinces",
            ["Sichuan: 80.00% of the sum of one set of regions, then 83.08%", "+3.08 (not exact)"],
            ["rose", "at least 3.07%", "+1.474"],
        ),
    ],
)
def test_what_is_said_agrees_with_what_stands_beside_it(
    series: str, there: list[str], absent: list[str]
) -> None:
    words = said(gt.choropleth(series).shift())
    assert [text for text in there if text not in words] == []
    assert [text for text in absent if text in words] == []


def test_a_group_says_in_chinese_that_it_is_of_its_listed_members() -> None:
    told = gt.choropleth("cbeci-countries-first-vintage", lang="zh").shift()
    assert "北美洲（所列成员）从5.12%升到8.06%" in told.to_dict()["paragraph"]
    assert told.row("north-america").as_listed
    assert bool(told.to_frame().set_index("code").loc["north-america", "as_listed"])


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        ({"USA": 40.0, "CAN": 10.0}, "North America (as listed)"),
        ({"USA": 40.0, "CAN": 10.0, "MEX": 5.0}, "North America"),
    ],
)
def test_a_group_of_all_its_members_has_its_plain_name(rows: dict[str, float], name: str) -> None:
    cells = [(code, year, value + year - 2020) for code, value in rows.items() for year in (2020, 2021)]
    frame = pd.DataFrame(cells, columns=["country", "year", "value"])
    told = gt.choropleth(frame, unit="%", whole=100, groups=["north-america"]).shift()
    assert f" {name} rose from " in said(told)
    assert any("not listed by the source" in note for note in told.notes) == ("listed" in name)


@pytest.fixture(scope="module")
def base() -> TimeMap:
    cells = [(code, year, 10) for code in COUNTRIES for year in (2020, 2021, 2022)]
    frame = pd.DataFrame(cells, columns=["country", "year", "value"])
    return gt.choropleth(frame, unit="%", whole=100, groups=["north-america", "CHN"])


def drawn(base: TimeMap, rng: np.random.Generator) -> TimeMap:
    """The map with other figures: some missing, some lower bounds, some never listed."""
    values = (rng.dirichlet(np.ones(len(base.units) + 1), 3).T[:-1] * 100).round(1)
    status = np.full(values.shape, REPORTED, dtype=np.uint8)
    status[rng.random(values.shape) < 0.2] = LOWER_BOUND
    status[rng.random(values.shape) < 0.25] = MISSING
    if rng.random() < 0.5:
        status[[unit.code for unit in base.units].index("MEX")] = MISSING
    layer = replace(base.layers[0], values=np.where(status == MISSING, np.nan, values), status=status)
    return TimeMap(replace(base.content, layers=(layer,)))


def possible(made: TimeMap, rng: np.random.Generator) -> np.ndarray:
    """What the figures may be: the rest lies anywhere but among what the source never lists."""
    layer = made.layers[0]
    listed = (layer.status != MISSING).any(axis=1)
    true = np.where(layer.status == MISSING, 0.0, layer.values)
    for t in range(true.shape[1]):
        may = np.flatnonzero(listed & np.isin(layer.status[:, t], [MISSING, LOWER_BOUND]))
        parts = rng.dirichlet(np.full(len(may) + 1, 0.3))[:-1]
        true[may, t] += max(100 - true[:, t].sum(), 0.0) * parts
    return true


@settings(deadline=None)
@example(1741)  # a slice of zeros: all may be elsewhere
@given(st.integers(0, 10_000))
def test_no_sentence_contradicts_the_interval_of_its_line(base: TimeMap, seed: int) -> None:
    rng = np.random.default_rng(seed)
    made = drawn(base, rng)
    told = made.shift()
    words, true = said(told), possible(made, rng)
    codes = [unit.code for unit in made.units]
    rows = {"north-america": [codes.index(each) for each in NORTH], "CHN": [codes.index("CHN")]}
    for code, places in rows.items():
        row, figure = told.row(code), told.figure(f"share.{code}.change")
        if np.isnan(row.change):
            continue
        low, high = next(iter(spans(figure, "remainder")), (row.change, row.change))
        moved = true[places, -1].sum() - true[places, 0].sum()
        assert low - NEAR <= moved <= high + NEAR
        assert figure.bound != "at least" or low >= figure.value - NEAR
        assert figure.bound != "at most" or high <= figure.value + NEAR
        assert figure.bound or high - low < NEAR
        name = row.name + (" (as listed)" if row.as_listed else "")
        open_ = spans(figure, "remainder", "rounding")
        assert f"{name} rose from" not in words or (moved > -NEAR and min(each[0] for each in open_) > -NEAR)
        assert f"{name} fell from" not in words or (moved < NEAR and max(each[1] for each in open_) < NEAR)
        assert f"{name} did not change" not in words or abs(moved) < NEAR
    _no_crossing_contradicts_its_bands(told)
    for found in (
        spans(told.figure("moved"), "remainder", "rounding") if "The mean centre moved" in words else []
    ):
        assert found[0] > 0


def _no_crossing_contradicts_its_bands(told: ShiftResult) -> None:
    tracks, code = told.tracks, {name: code for code, name in told.names.items()}
    for crossing in (each for each in told.crossings if each.certain):
        ends = []
        for each in (code[crossing.first], code[crossing.second]):
            ends.append(tracks.bands[each].get("remainder", (tracks.lines[each],) * 2))
        (low, high), (other_low, other_high) = ends
        given_ = np.isfinite(low + other_low)
        assert (((low >= other_high - NEAR) | (high <= other_low + NEAR)) | ~given_).all()
        if crossing.kind == "never":
            assert (high <= other_low + NEAR)[given_].all()


# ends of lines, and two parts that make up the whole


def test_the_ends_of_a_sparkline_are_marked_as_the_figures_are() -> None:
    english, chinese = (
        list(sparklines.sparklines(gt.choropleth("canaan-revenue", lang=lang).shift()))
        for lang in ("en", "zh")
    )
    assert [line.split("  ")[-1] for line in english] == [
        "at most 4.9% to at least 97.2% (derived), of the figures stated",  # Q3 2024 has none
        "at most 2.8% to at least 95.1% (derived), of the figures stated",
    ]
    assert english[0].split("  ")[-2].rstrip().endswith("▅▃")  # at most 50% in Q2 2025, at least 31% in Q3
    assert chinese[1].endswith("到至少95.1%（推算），就所列数字而言")
    full = gt.choropleth("cbeci-countries", groups=["CHN"], since="2021-01", until="2021-05").shift()
    assert not any("stated" in line for line in sparklines.sparklines(full))  # no slice is without
    assert not any("至至" in line for line in chinese)


def test_two_parts_that_make_the_whole_are_rounded_together() -> None:
    told = gt.choropleth("canaan-revenue").shift("2020-Q1", "2021-Q1")
    [change] = spans(told.figure("share.canaan-overseas.change"), "rounding")
    [variation] = spans(told.figure("variation"), "rounding")
    assert variation == pytest.approx(change)


# reports


def test_a_report_says_that_a_group_is_of_its_listed_members(tmp_path: Path) -> None:
    call = '"north-america", "2019-09", "2020-04", series="cbeci-countries-first-vintage"'
    table = '{{ table("cbeci-countries-first-vintage", regions=["north-america"], caption="Own words.") }}'
    path = tmp_path / "story.md"
    path.write_text(f"# T\n\n{{{{ change({call}).region }}}}\n\n{table}\n", encoding="utf-8")
    told = report.compose(path, ROOT / "data")
    [exhibit] = told.exhibits
    assert exhibit.table is not None
    assert exhibit.table.rows[0][0] == "North America (as listed)"
    assert "North America (as listed)" in told.text
    note = "North America: Canada, United States; not listed by the source: Mexico."
    assert exhibit.caption == f"Own words. {note}"


@pytest.mark.parametrize(
    ("bound", "least"), [(50.0, 50.0), (0.0, 0.0), (49.96, 49.96)]
)  # a source's "more than half" is no rounded figure
def test_a_lower_bound_is_not_rounded_below_itself_in_any_interval(bound: float, least: float) -> None:
    rows = [("CHN", 30.3, "reported", "2024"), ("USA", 60.1, "reported", "2024"),
            ("CHN", bound, "lower bound", "2025"), ("USA", 20.0, "lower bound", "2025")]  # fmt: skip
    data = pd.DataFrame(rows, columns=["region", "value", "status", "period"])
    told = gt.choropleth(data, unit="%", whole=100, title="Shares").shift(groups=["CHN"])
    after = told.figure("share.CHN.after").intervals
    assert [each.assumption for each in after] == ["remainder"]
    assert min(each.low for each in after) == least
    [change] = spans(told.figure("share.CHN.change"), "rounding")  # the other end is rounded
    assert change == pytest.approx((bound - 30.35, bound - 30.25))
    low, high = told.tracks.bands["CHN"]["rounding"]
    assert (low[1], high[1]) == (bound, bound)
    [moved] = spans(told.figure("variation"), "rounding")
    value = told.figure("variation").value
    # 2024's two figures may be off by 0.05 each; bounds of 2025 may stand for all but what China gained
    assert value == pytest.approx(max(bound - 30.3, 0.0))
    assert moved == pytest.approx((max(value - 2 * 0.05, 0.0), value + 2 * 0.05))
