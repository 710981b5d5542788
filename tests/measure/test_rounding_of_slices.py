"""What rounding hides in figures of months stays with what is cut of them: intervals, decimals and parts."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import geotrack as gt
from geotrack import periods
from geotrack.map import slices
from geotrack.model import Metric

CODES = ("CHN", "USA", "CAN", "KAZ")
DAYS = np.array(
    [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
)
MONTHS = [f"{year}-{month:02d}" for year in (2020, 2021) for month in range(1, 13)]


def made_of(values: np.ndarray, **more: Any) -> Any:
    """A map of regions × months."""
    rows = [
        (code, month, value)
        for code, row in zip(CODES, values.tolist(), strict=False)
        for month, value in zip(MONTHS, row, strict=False)
        if np.isfinite(value)
    ]
    table = pd.DataFrame(rows, columns=["region", "period", "value"])
    said = {"unit": "%", "whole": 100, "over_time": "mean", "slices": "year", "groups": ["CHN", "USA"]}
    return gt.choropleth(table, **(said | more))


def rounding(shifted: Any, key: str) -> tuple[float, float]:
    [found] = [each for each in shifted.figure(key).intervals if each.assumption == "rounding"]
    return found.low, found.high


def test_a_quarter_of_cbeci_is_as_well_known_as_its_months() -> None:
    told = " ".join(
        str(gt.choropleth("cbeci-countries", slices="quarter").shift("2019-Q4", "2021-Q4")).split()
    )
    assert "China, Q4 2019 73.54% (derived) 73.531 to 73.542 (rounding)" in told
    assert "China, Q4 2021 18.45% (derived) 18.448 to 18.459 (rounding)" in told


def test_whole_percents_make_means_of_half_a_percent() -> None:
    values = np.array([[60.0, 50.0], [40.0, 50.0]])
    values = np.hstack([values, np.full((2, 10), np.nan), values])
    shifted = made_of(values).shift("2020", "2021")
    assert "China, 2020 55.2% (derived) 54.66 to 55.67 (rounding)" in " ".join(str(shifted).split())
    low, high = rounding(shifted, "share.CHN.before")
    assert (low, high) == pytest.approx(((60 * 31 + 50 * 29) / 60 - 0.5, (60 * 31 + 50 * 29) / 60 + 0.5))


def told_apart(rows: Sequence[Any], usual: int, most: int) -> int:
    """The decimals with which no share reads as what it became unless it is; at least the usual ones."""
    pairs = [(row.before, row.after) for row in rows if row.before != row.after]
    alike = [d for d in range(usual, most) if any(f"{a:.{d}f}" == f"{b:.{d}f}" for a, b in pairs)]
    return max(alike, default=usual - 1) + 1


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.sampled_from([0, 1, 2]), st.sampled_from(["quarter", "half", "year"]))
def test_what_was_rounded_lies_within_what_is_said_of_its_mean(seed: int, digits: int, freq: str) -> None:
    rng = np.random.default_rng(seed)
    true = 0.9 * 100 * rng.dirichlet(np.ones(4), len(MONTHS)).T
    made = made_of(np.round(true, digits), slices=freq, tolerance=4.0)
    layer, count = made.layers[0], {"quarter": 3, "half": 6, "year": 12}[freq]
    weighed = (true * DAYS).reshape(4, -1, count).sum(axis=2) / DAYS.reshape(-1, count).sum(axis=1)
    shifted = made.shift(made.slices[0].iso, made.slices[-1].iso)
    order = [[unit.code for unit in made.units].index(code) for code in CODES]
    for row, code in enumerate(CODES[:2]):
        for t, part in ((0, "before"), (-1, "after")):
            low, high = rounding(shifted, f"share.{code}.{part}")
            assert low - 1e-9 <= weighed[row, t] <= high + 1e-9
            assert low - 1e-9 <= layer.settled[order[row], t] <= high + 1e-9
            # wider where all but one have lost a zero: then nobody knows that they had it
            assert high - low >= min(10.0**-digits, high) - 1e-9
    assert shifted.digits == told_apart(shifted.rows, min(layer.digits, 2), layer.digits)
    parts = layer.parts
    assert parts["mapped"] == pytest.approx(np.nansum(layer.settled, axis=0), abs=1e-9)
    assert sum(parts.values()) == pytest.approx(100, abs=1e-9)
    assert layer.mapped + layer.stated + layer.unstated + layer.rounding == pytest.approx(100, abs=1e-9)


def test_what_a_table_shows_adds_up_with_its_rounding(tmp_path: Path) -> None:
    values = np.array([[60.0, 51.0], [40.0, 49.0]])
    made = made_of(np.hstack([values, np.full((2, 10), np.nan), values]))
    with made.save_table(tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as file:
        shown = [float(row["value"]) for row in csv.DictReader(file) if row["start"] == "2020-01-01"]
    assert shown == [55.7, 44.4]
    parts = {name: float(values[0]) for name, values in made.layers[0].parts.items()}
    assert parts == {"mapped": 100.1, "stated": 0, "unstated": 0, "rounding": -0.1}
    shifted = made.shift("2020", "2021")
    assert "China: 55.7%" in str(shifted)  # as in the table, and in the caption
    assert "55.7%" in made.caption("2020")


@pytest.mark.parametrize(
    ("over_time", "wanted"),
    [("mean", (0.5 * 31 + 0.05 * 28 + 0.005 * 31) / 90), ("sum", 0.555), ("last", 0.005)],
)
def test_each_period_has_its_own_last_digit(over_time: Any, wanted: float) -> None:
    rows = [
        ("CHN", "2021-01", 10.0), ("USA", "2021-01", 0.0), ("CHN", "2021-02", 10.5), ("USA", "2021-02", 4.0),
        ("CHN", "2021-03", 10.0), ("USA", "2021-03", 20.25), ("other", "2021-01", 3.125),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["region", "period", "value"])
    table[["start", "end"]] = [periods.parse(text) for text in table["period"]]
    table = table.assign(metric="m", status="reported", origin="o", note="")
    metric = Metric("m", "M", "EH/s", over_time=over_time)
    found = slices.cut(table, metric, "quarter", {"other"})
    places = [found.units.index(code) for code in ("CHN", "USA")]
    assert found.half[places].max() == pytest.approx(wanted)
    own = slices.cut(table, metric, "own", {"other"}).half[places]
    assert own.max(axis=0).tolist() == pytest.approx([0.5, 0.05, 0.005])


@pytest.mark.parametrize(
    ("figures", "halves"),
    [
        ((65, 7, 0.82, 6.9, 0.05), (0.5, 0.5, 0.005, 0.05, 0.005)),  # the decimals depend on the size
        ((50, 20.25), (0.005, 0.005)),  # one of its size has two
        ((50, 4.06, 5.93), (0.005,) * 3),  # all others have
        ((65, 0.82), (0.5, 0.005)),
        ((37.84, 18.1, 6.5, 3, 0), (0.005,) * 5),
        ((0, 0), (0.5, 0.5)),
    ],
)
def test_a_figure_is_never_better_known_than_its_last_digit(
    figures: tuple[float, ...], halves: tuple[float, ...]
) -> None:
    codes = ("CHN", "USA", "CAN", "KAZ", "DEU")[: len(figures)]
    rows = [
        (code, year, value) for year in ("2020", "2021") for code, value in zip(codes, figures, strict=True)
    ]
    made = gt.choropleth(pd.DataFrame(rows, columns=["region", "period", "value"]), unit="%", whole=100)
    layer, place = made.layers[0], [[unit.code for unit in made.units].index(code) for code in codes]
    assert layer.half[place].T.tolist() == [pytest.approx(halves)] * 2
    if any(figures):
        shifted = made.shift(groups=["CHN"])
        low, high = rounding(shifted, "share.CHN.before")
        assert (low, high) == pytest.approx((figures[0] - halves[0], figures[0] + halves[0]))
