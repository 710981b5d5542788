"""Periods become slices: nothing carried forward, nothing invented, nothing lost in silence."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import geotrack as gt
from geotrack import periods
from geotrack.errors import SpecError, ValidationError
from geotrack.map import slices
from geotrack.model import (
    DERIVED,
    ESTIMATED,
    LOWER_BOUND,
    MISSING,
    OBSERVATION_COLUMNS,
    REPORTED,
    Metric,
)

SHARE = Metric("share", "Share", "%", "intensive", "mean", 100)
AMOUNT = Metric("amount", "Amount", "machines", over_time="sum")
STOCK = Metric("stock", "Stock", "EH/s", over_time="last")


def table(*rows: tuple[object, ...], metric: str = "share") -> pd.DataFrame:
    """Make observations of (region, period, value[, status[, origin[, note]]])."""
    made = []
    for region, period, value, *rest in rows:
        status, origin, note = [*rest, *("reported", "o", "")[len(rest) :]]
        made.append((region, *periods.parse(period), metric, value, "u", status, origin, region, note))
    return pd.DataFrame(made, columns=list(OBSERVATION_COLUMNS))


def notes_of(found: slices.Cut) -> list[list[str]]:
    """Return each cell's note, "" where it has none."""
    return [[found.notes[i] if i >= 0 else "" for i in row] for row in found.note]


def test_own_slices_are_the_periods_that_occur_sorted_with_no_slice_in_a_gap() -> None:
    found = slices.cut(
        table(("USA", "2021-03", 3.0), ("CHN", "2020-12", 0.0), ("USA", "2020-12", 2.0)), SHARE
    )
    assert [s.iso for s in found.slices] == ["2020-12", "2021-03"]
    assert next((s.start, s.end, s.label) for s in found.slices) == (
        "2020-12-01",
        "2021-01-01",
        "December 2020",
    )
    assert found.units == ("CHN", "USA")
    np.testing.assert_array_equal(found.values, [[0.0, np.nan], [2.0, 3.0]])
    np.testing.assert_array_equal(found.status, [[REPORTED, MISSING], [REPORTED, REPORTED]])
    np.testing.assert_array_equal(found.covered, [[31, 0], [31, 31]])
    assert (found.dropped, found.freq, found.metric) == ((), "own", SHARE)
    assert set(found.partial) == {""}


def test_zero_stays_zero_and_missing_stays_missing() -> None:
    found = slices.cut(
        table(("CHN", "2021-07", 0.0), ("CHN", "2021-08", math.nan), ("USA", "2021-08", 1.0)), SHARE
    )
    np.testing.assert_array_equal(found.values[0], [0.0, np.nan])
    np.testing.assert_array_equal(found.status[0], [REPORTED, MISSING])


def test_each_cell_says_where_it_is_from_and_what_the_source_notes() -> None:
    found = slices.cut(
        table(("CHN", "2021-07", 1.0, "estimated", "b", "VPN"), ("CHN", "2021-08", 2.0, "reported", "a")),
        SHARE,
    )
    assert found.origins == ("a", "b")
    np.testing.assert_array_equal(found.origin, [[1, 0]])
    assert found.notes == ("VPN",)
    np.testing.assert_array_equal(found.note, [[0, -1]])
    np.testing.assert_array_equal(found.status, [[ESTIMATED, REPORTED]])


def test_arrays_are_read_only() -> None:
    found = slices.cut(table(("CHN", "2021-07", 1.0)), SHARE)
    with pytest.raises(ValueError, match="read-only"):
        found.values[0, 0] = 2


def test_datetimes_cut_like_iso_text() -> None:
    rows = table(("CHN", "2021-07", 1.0), ("CHN", "2021-08", 2.0))
    times = rows.assign(**{c: pd.to_datetime(rows[c]).astype("datetime64[s]") for c in ("start", "end")})
    assert slices.cut(times, SHARE, "quarter").slices == slices.cut(rows, SHARE, "quarter").slices


def test_other_metrics_are_left_out() -> None:
    both = pd.concat([table(("CHN", "2021-07", 1.0)), table(("CHN", "2021-08", 9.0), metric="amount")])
    assert [s.iso for s in slices.cut(both, SHARE).slices] == ["2021-07"]


def test_of_nested_periods_the_longer_is_kept_and_the_rest_is_reported() -> None:
    rows = table(
        ("CHN", "2017-H1", 1.0), ("CHN", "2017", 2.0), ("USA", "2017", 3.0), ("USA", "2018-Q1", 4.0),
        ("USA", "2017-03", 9.0), ("CHN", "2017-03", 9.0),
    )  # fmt: skip
    found = slices.cut(rows, SHARE)
    assert [s.iso for s in found.slices] == ["2017", "2018-Q1"]
    np.testing.assert_array_equal(found.values, [[2.0, np.nan], [3.0, 4.0]])
    assert found.dropped == ("2017-H1", "2017-03")


def test_a_longer_period_never_hides_the_figures_of_regions_that_it_lacks() -> None:
    rows = table(
        ("USA", "2020", 1.0), ("CHN", "2020-01", 2.0), ("CHN", "2020-02", 5.0), ("USA", "2020-02", 1.0),
        ("KAZ", "2021-Q1", 1.0), ("CHN", "2021-02", 1.0),
        metric="amount",
    )  # fmt: skip
    message = (
        "metric 'amount' has periods of different lengths for different regions: 2020 contains 2020-01, "
        "2020-02 but has no figure for CHN; 2021-Q1 contains 2021-02 but has no figure for CHN; "
        "use slices = 'year', or split the table into one map for each length$"
    )
    with pytest.raises(ValidationError, match=message):
        slices.cut(rows, AMOUNT)
    with pytest.raises(ValidationError, match="has no figure for CHN; split the table into one map for"):
        slices.cut(table(("USA", "2020/2021", 1.0), ("CHN", "2020", 2.0)), SHARE)


def test_calendar_slices_take_each_region_at_the_lengths_that_it_has() -> None:
    rows = table(
        ("USA", "2020", 1.0), ("USA", "2020-05", 0.5), ("CHN", "2020-01", 2.0), ("CHN", "2020-02", 5.0),
        ("KAZ", "2020-02/2020-04", 3.0), ("KAZ", "2020-12-31", 1.0),
        metric="amount",
    )  # fmt: skip
    found = slices.cut(rows, AMOUNT, "year")
    assert (found.partial[0], found.dropped) == ("", ("2020-05",))
    assert found.values.tolist() == [[7.0], [4.0], [1.0]]
    assert found.status.tolist() == [[LOWER_BOUND], [LOWER_BOUND], [REPORTED]]
    assert notes_of(found) == [["named in 2 of 12 months"], ["named on 91 of 366 days"], [""]]


def test_days_that_several_periods_cover_are_observed_once() -> None:
    rows = table(("USA", "2020-01/2020-03", 9.0), ("CHN", "2020-02/2020-05", 4.0))
    found = slices.cut(rows, SHARE, "year")
    assert found.partial[0] == "5 of 12 months observed"
    assert notes_of(found) == [
        ["named in 4 of 5 months; 5 of 12 months observed"],
        ["named in 3 of 5 months; 5 of 12 months observed"],
    ]
    np.testing.assert_allclose(found.values[:, 0], [4 * 121 / 152, 9 * 91 / 152])


def test_nested_periods_are_not_counted_twice_in_longer_slices() -> None:
    found = slices.cut(table(("CHN", "2017-H1", 1.0), ("CHN", "2017", 2.0), metric="amount"), AMOUNT, "year")
    assert found.values.tolist() == [[2.0]]
    assert found.dropped == ("2017-H1",)


def test_a_mean_is_weighted_by_days() -> None:
    found = slices.cut(table(("CHN", "2021-01", 10.0), ("CHN", "2021-02", 40.0)), SHARE, "quarter")
    assert found.values[0, 0] == pytest.approx((10 * 31 + 40 * 28) / 59)
    assert found.status[0, 0] == DERIVED
    assert found.covered[0, 0] == 59
    assert found.partial[0] == "2 of 3 months observed"


def test_a_sum_adds_and_a_whole_slice_is_not_partial() -> None:
    months = [("CHN", f"2021-0{m}", float(m)) for m in (1, 2, 3)]
    found = slices.cut(table(*months, metric="amount"), AMOUNT, "quarter")
    assert (found.values[0, 0], found.partial[0], found.status[0, 0]) == (6.0, "", DERIVED)


def test_a_region_that_lacks_a_month_has_at_least_its_mean_over_all_that_are_observed() -> None:
    rows = [("CHN", "2021-01", 6.0), *(("USA", f"2021-0{m}", 1.0) for m in (1, 2, 3))]
    found = slices.cut(table(*rows), SHARE, "quarter")
    assert found.partial[0] == ""
    np.testing.assert_array_equal(found.covered[:, 0], [31, 90])
    np.testing.assert_array_equal(found.status[:, 0], [LOWER_BOUND, DERIVED])
    np.testing.assert_allclose(found.values[:, 0], [6 * 31 / 90, 1])
    assert notes_of(found) == [["named in 1 of 3 months"], [""]]


def test_a_sum_that_lacks_a_month_is_a_lower_bound_and_says_so() -> None:
    rows = [("USA", "2020-01", 6.0), *(("CHN", f"2020-0{m}", 1.0) for m in (1, 2, 3))]
    found = slices.cut(table(*rows, metric="amount"), AMOUNT, "quarter")
    assert found.values.tolist() == [[3.0], [6.0]]
    assert found.status.tolist() == [[DERIVED], [LOWER_BOUND]]
    assert notes_of(found) == [[""], ["named in 1 of 3 months"]]


def test_months_that_no_region_has_are_lacking_to_the_slice_and_not_to_its_regions() -> None:
    rows = table(("CHN", "2021-01", 6.0), ("CHN", "2021-03", 6.0), ("USA", "2021-03", 2.0))
    found = slices.cut(rows, SHARE, "quarter")
    assert found.partial[0] == "2 of 3 months observed"
    np.testing.assert_allclose(found.values[:, 0], [6, 1])
    assert found.status.tolist() == [[DERIVED], [LOWER_BOUND]]
    observed = "2 of 3 months observed"
    assert notes_of(found) == [[observed], [f"named in 1 of 2 months; {observed}"]]


@pytest.mark.parametrize(
    ("metric", "least", "expected"),
    [
        (AMOUNT, 2.0, LOWER_BOUND),  # what the year adds up to is at least what nine months do
        (AMOUNT, -2.0, DERIVED),
        (replace(AMOUNT, signed=True), 2.0, DERIVED),
        (replace(AMOUNT, over_time="mean"), 2.0, DERIVED),  # a mean of nine months is no bound
        (replace(AMOUNT, kind="intensive", over_time="mean"), 2.0, DERIVED),
        (STOCK, 2.0, DERIVED),
    ],
)
def test_a_sum_without_months_that_nobody_has_is_at_least_that(
    metric: Metric, least: float, expected: int
) -> None:
    rows = [(r, f"2020-0{m}", v) for r, v in (("CHN", 3.0), ("USA", least)) for m in range(1, 10)]
    found = slices.cut(table(*rows, metric=metric.name), metric, "year")
    assert found.status.tolist() == [[expected], [expected]]
    assert notes_of(found) == [[found.partial[0]]] * 2  # a row says by itself what it is of
    assert found.partial[0]


@pytest.mark.parametrize(("metric", "expected"), [(SHARE, [6.0, -1.0]), (AMOUNT, [6.0, -3.0])])
def test_with_values_below_zero_what_is_named_bounds_nothing(metric: Metric, expected: list[float]) -> None:
    rows = [("CHN", "2021-01", 6.0), *(("USA", f"2021-0{m}", -1.0) for m in (1, 2, 3))]
    found = slices.cut(table(*rows, metric=metric.name), metric, "quarter")
    assert found.values[:, 0].tolist() == expected
    assert found.status.tolist() == [[DERIVED], [DERIVED]]
    assert notes_of(found) == [["named in 1 of 3 months"], [""]]


def test_days_are_counted_in_notes_where_periods_are_not_months() -> None:
    rows = table(("CHN", "2021-02", 1.0), ("USA", "2021-03-01", 2.0), ("KAZ", "2021-02", 0.0))
    found = slices.cut(rows, SHARE, "quarter")
    observed = "29 of 90 days observed"
    assert notes_of(found) == [
        *[[f"named on 28 of 29 days; {observed}"]] * 2, [f"named on 1 of 29 days; {observed}"]
    ]  # fmt: skip
    assert found.status.tolist() == [[LOWER_BOUND]] * 3  # a share of zero too: what it was later is unsaid


def test_a_stock_older_than_those_of_others_says_of_when_it_is() -> None:
    rows = table(
        ("CHN", "2021-04-30", 1.0, "reported", "a", "audited"), ("CHN", "2021-05-31", 2.0),
        ("USA", "2021-04-30", 3.0, "reported", "a", "audited"),
        metric="stock",
    )  # fmt: skip
    found = slices.cut(rows, STOCK, "quarter")
    assert found.partial[0] == "latest figure: 2021-05-31"
    assert found.values.tolist() == [[2.0], [3.0]]
    assert found.status.tolist() == [[DERIVED], [DERIVED]]
    assert notes_of(found) == [["latest figure: 2021-05-31"], ["audited; latest figure: 2021-04-30"]]


def test_the_latest_parts_of_a_whole_are_those_of_one_time() -> None:
    parts = [("CHN", "2021-04", 50.0), ("KAZ", "2021-04", 50.0), ("CHN", "2021-05", 100.0)]
    shares = replace(SHARE, over_time="last")
    found = slices.cut(table(*parts), shares, "quarter")
    np.testing.assert_array_equal(found.values, [[100.0], [np.nan]])
    assert found.status.tolist() == [[DERIVED], [MISSING]]


def test_one_figure_for_the_whole_slice_keeps_its_status() -> None:
    assert slices.cut(table(("CHN", "2021", 1.0, "estimated")), SHARE, "year").status.tolist() == [
        [ESTIMATED]
    ]


def test_the_last_figure_stands_for_the_slice_if_it_reaches_its_end() -> None:
    rows = table(
        ("CHN", "2021-04-30", 1.0, "lower bound", "a", "early"),
        ("CHN", "2021-06-30", 2.0, "reported", "b", "late"),
        metric="stock",
    )
    found = slices.cut(rows, STOCK, "quarter")
    assert (found.values.tolist(), found.status.tolist(), found.partial[0]) == (
        [[2.0]],
        [[REPORTED]],
        "",
    )
    assert found.origins[found.origin[0, 0]] == "b"
    assert found.notes[found.note[0, 0]] == "late"
    early = slices.cut(rows[:1], STOCK, "quarter")
    assert (early.status.tolist(), early.partial[0]) == (
        [[LOWER_BOUND]],
        "latest figure: 2021-04-30",
    )


def test_a_lower_bound_makes_what_it_enters_a_lower_bound() -> None:
    rows = table(("CHN", "2021-01", 1.0, "lower bound"), ("CHN", "2021-02", 1.0), metric="amount")
    assert slices.cut(rows, AMOUNT, "quarter").status.tolist() == [[LOWER_BOUND]]


def test_notes_of_combined_figures_are_joined_once_each() -> None:
    rows = table(
        ("CHN", "2021-01", 1.0, "reported", "o", "VPN"),
        ("CHN", "2021-02", 1.0, "reported", "o", ""),
        ("CHN", "2021-03", 1.0, "reported", "o", "ban"),
        ("USA", "2021-01", 1.0, "reported", "o", "VPN"),
        ("USA", "2021-02", 1.0, "reported", "o", "VPN"),
    )
    found = slices.cut(rows, SHARE, "quarter")
    assert notes_of(found) == [["VPN; ban"], ["VPN; named in 2 of 3 months"]]


def test_calendar_slices_have_no_gap_and_empty_ones_say_so() -> None:
    found = slices.cut(table(("CHN", "2020-12", 1.0), ("CHN", "2021-02", 2.0)), SHARE, "month")
    assert [(s.iso, text) for s, text in zip(found.slices, found.partial, strict=True)] == [
        ("2020-12", ""),
        ("2021-01", "0 of 1 month observed"),
        ("2021-02", ""),
    ]
    np.testing.assert_array_equal(found.values, [[1.0, np.nan, 2.0]])
    np.testing.assert_array_equal(found.status, [[REPORTED, MISSING, REPORTED]])


def test_days_are_counted_where_periods_are_not_months() -> None:
    found = slices.cut(table(("CHN", "2021-02-01", 1.0), ("CHN", "2021-02-03", 2.0)), SHARE, "month")
    assert found.partial[0] == "2 of 28 days observed"
    found = slices.cut(table(("CHN", "2021-06-15/2021-06-20", 1.0)), SHARE)
    assert (found.slices[0].iso, found.partial[0]) == ("2021-06-15/2021-06-21", "")


def test_calendar_slices_before_1970_are_cut_alike() -> None:
    found = slices.cut(table(("CHN", "1969-12", 1.0), ("CHN", "1970-01", 2.0)), SHARE, "half")
    assert [s.iso for s in found.slices] == ["1969-H2", "1970-H1"]


def test_an_unknown_length_is_refused() -> None:
    with pytest.raises(
        SpecError, match="slices = 'week' is unknown; expected one of own, month, quarter, half, year"
    ):
        slices.cut(table(("CHN", "2021", 1.0)), SHARE, "week")


def test_no_figure_is_refused() -> None:
    with pytest.raises(ValidationError, match="metric 'share' has no figure; nothing can be drawn"):
        slices.cut(table(("CHN", "2021", math.nan)), SHARE)


def test_two_figures_for_one_cell_are_refused() -> None:
    with pytest.raises(
        ValidationError, match="'share' has more than one figure for CHN in 2021-Q1; keep one"
    ):
        slices.cut(table(("CHN", "2021-Q1", 1.0), ("CHN", "2021-Q1", 1.0)), SHARE)


def test_an_unknown_status_is_refused() -> None:
    message = (
        "'share' has unknown statuses: guess, missing; expected reported, estimated, lower bound, derived"
    )
    with pytest.raises(ValidationError, match=message):
        slices.cut(table(("CHN", "2021", 1.0, "missing"), ("CHN", "2022", 1.0, "guess")), SHARE)


def test_periods_that_overlap_in_part_are_refused_all_at_once() -> None:
    rows = table(
        ("CHN", "2021-01/2021-03", 1.0), ("CHN", "2021-03/2021-04", 1.0), ("CHN", "2021-02/2021-05", 1.0)
    )
    message = (
        "overlap in part: 2021-Q1 and 2021-02-01/2021-06-01; 2021-Q1 and 2021-03-01/2021-05-01; keep one"
    )
    with pytest.raises(ValidationError, match=message):
        slices.cut(rows, SHARE)


@pytest.mark.parametrize(
    ("period", "freq", "message"),
    [
        ("2017", "month", "periods longer than a month: 2017; use slices = 'own' or 'year'$"),
        ("2017-H1", "quarter", "periods longer than a quarter: 2017-H1; use slices = 'own' or 'half'$"),
        (
            "2017-06/2017-07",
            "quarter",
            "that no quarter of the calendar contains: 2017-06-01/2017-08-01; use",
        ),
        ("2017/2018", "year", "periods longer than a year: 2017-01-01/2019-01-01; use slices = 'own'$"),
    ],
)
def test_a_period_that_does_not_fit_a_slice_is_refused(period: str, freq: str, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        slices.cut(table(("CHN", period, 1.0)), SHARE, freq)


CELLS = st.dictionaries(
    st.tuples(st.sampled_from(["CHN", "USA", "KAZ"]), st.integers(0, 40)),
    st.floats(0, 100, allow_subnormal=False),
    min_size=1,
)


def monthly(cells: dict[tuple[str, int], float], metric: str) -> pd.DataFrame:
    return table(
        *((r, f"{2019 + m // 12}-{m % 12 + 1:02d}", v) for (r, m), v in cells.items()), metric=metric
    )


@settings(deadline=None)
@given(CELLS)
def test_own_slices_hold_each_figure_once_and_nothing_else(cells: dict[tuple[str, int], float]) -> None:
    found = slices.cut(monthly(cells, "share"), SHARE)
    held = {
        (u, s.iso): found.values[i, j]
        for i, u in enumerate(found.units)
        for j, s in enumerate(found.slices)
        if found.status[i, j]
    }
    assert held == {(r, f"{2019 + m // 12}-{m % 12 + 1:02d}"): v for (r, m), v in cells.items()}
    np.testing.assert_array_equal(np.isnan(found.values), found.status == MISSING)


@settings(deadline=None)
@given(CELLS, st.sampled_from(["month", "quarter", "half", "year"]))
def test_sums_are_kept_and_means_stay_within_their_figures(
    cells: dict[tuple[str, int], float], freq: str
) -> None:
    summed = slices.cut(monthly(cells, "amount"), AMOUNT, freq)
    assert np.nansum(summed.values) == pytest.approx(math.fsum(cells.values()))
    mean = slices.cut(monthly(cells, "share"), SHARE, freq)
    for i, unit in enumerate(mean.units):
        mine = [v for (r, _), v in cells.items() if r == unit]
        assert 0 <= np.nanmin(mean.values[i]) <= np.nanmax(mean.values[i]) <= max(mine)
        assert np.nanmin(mean.values[i], where=mean.status[i] != LOWER_BOUND, initial=100) >= min(mine)
    assert mean.covered.sum() == sum(
        periods.days(*periods.parse(f"{2019 + m // 12}-{m % 12 + 1:02d}")) for _, m in cells
    )


LISTED = st.dictionaries(
    st.integers(0, 30),  # a month, with the parts that its source names and what they add up to
    st.tuples(
        st.dictionaries(st.sampled_from(["CHN", "USA", "KAZ", "other"]), st.integers(0, 99), min_size=1),
        st.sampled_from([100.0, 100.0, 61.8, 0.0]),
    ),
    min_size=1,
)


@settings(deadline=None)
@given(LISTED, st.sampled_from(["own", "month", "quarter", "half", "year"]))
def test_parts_that_appear_and_vanish_add_up_to_what_their_months_do(
    listed: dict[int, tuple[dict[str, int], float]], freq: str
) -> None:
    cells = {
        (r, m): total * (w + 1) / sum(v + 1 for v in parts.values())
        for m, (parts, total) in listed.items()
        for r, w in parts.items()
    }
    found, stock = (
        slices.cut(monthly(cells, "share"), replace(SHARE, over_time=how), freq) for how in ("mean", "last")
    )
    length = {"own": 1, "month": 1, "quarter": 3, "half": 6, "year": 12}[freq]
    months, notes = defaultdict(list), notes_of(found)
    for m in sorted(listed):
        months[periods.parse(f"{2019 + m // 12}-{m % 12 // length * length + 1:02d}")[0]].append(m)
    for j, s in enumerate(found.slices):
        mine = months[s.start]
        days = [periods.days(*periods.parse(f"{2019 + m // 12}-{m % 12 + 1:02d}")) for m in mine]
        totals = [listed[m][1] for m in mine]
        if not mine:
            assert not found.status[:, j].any()
            continue
        assert np.nansum(found.values[:, j]) == pytest.approx(np.average(totals, weights=days), abs=1e-9)
        assert np.nansum(stock.values[:, j]) == pytest.approx(totals[-1], abs=1e-9)
        for i, unit in enumerate(found.units):
            named = sum(unit in listed[m][0] for m in mine)
            less = 0 < named < len(mine)
            assert (found.status[i, j] == LOWER_BOUND) == less
            said = [f"named in {named} of {len(mine)} months"] if less else []
            assert notes[i][j] == "; ".join(
                [*said, *([found.partial[j]] if named and found.partial[j] else [])]
            )


@settings(deadline=None)
@given(CELLS, st.randoms())
def test_the_order_of_rows_does_not_matter(cells: dict[tuple[str, int], float], random: object) -> None:
    rows = monthly(cells, "share")
    order = list(range(len(rows)))
    random.shuffle(order)  # type: ignore[attr-defined]
    one, other = slices.cut(rows, SHARE, "quarter"), slices.cut(rows.iloc[order], SHARE, "quarter")
    assert (one.slices, one.units, one.notes, one.origins) == (
        other.slices,
        other.units,
        other.notes,
        other.origins,
    )
    for name in ("values", "status", "origin", "note", "covered"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_aligned_cuts_share_slices_and_units_and_fill_with_missing() -> None:
    one = slices.cut(table(("CHN", "2021-01", 1.0), ("CHN", "2021-02", 2.0)), SHARE, "quarter")
    two = slices.cut(table(("USA", "2021-Q2", 5.0, "reported", "o", "n"), metric="amount"), AMOUNT, "quarter")
    a, b = slices.align([one, two])
    assert a.units == b.units == ("CHN", "USA")
    assert a.slices == b.slices
    assert [s.iso for s in a.slices] == ["2021-Q1", "2021-Q2"]
    assert (a.partial, b.partial) == (("2 of 3 months observed", ""), ("", ""))  # each by its own periods
    np.testing.assert_array_equal(b.values, [[np.nan, np.nan], [np.nan, 5.0]])
    np.testing.assert_array_equal(b.status, [[0, 0], [0, REPORTED]])
    np.testing.assert_array_equal(b.origin, [[-1, -1], [-1, 0]])
    np.testing.assert_array_equal(b.note, [[-1, -1], [-1, 0]])
    np.testing.assert_array_equal(a.covered, [[59, 0], [0, 0]])
    assert a.values[0, 0] == one.values[0, 0]


def test_an_aligned_slice_that_is_partial_for_one_metric_is_so_for_that_one() -> None:
    part = slices.cut(table(("CHN", "2021-01", 1.0)), SHARE, "quarter")
    whole = slices.cut(table(("CHN", "2021-Q1", 1.0), metric="amount"), AMOUNT, "quarter")
    for order in ([part, whole, part], [whole, part, part]):
        expected = ["1 of 3 months observed" if c is part else "" for c in order]
        assert [c.partial[0] for c in slices.align(order)] == expected
    assert slices.align([]) == ()


def test_metrics_that_pass_the_same_time_twice_share_no_time_control() -> None:
    year = slices.cut(table(("CHN", "2020", 1.0), ("CHN", "2021", 1.0)), SHARE)
    quarters = [("CHN", f"2020-Q{q}", 1.0) for q in (1, 2)]
    parts = slices.cut(table(*quarters, metric="amount"), AMOUNT)
    for order in ([year, parts], [parts, year]):
        with pytest.raises(ValidationError, match="metrics have periods that overlap") as caught:
            slices.align(order)
        assert "'share' has 2020;" in f"{caught.value};"
        assert "'amount' has 2020-Q1, 2020-Q2;" in str(caught.value)
        assert str(caught.value).endswith("use slices = 'year', or show these metrics in two maps")
    yearly = slices.cut(table(*quarters, metric="amount"), AMOUNT, "year")
    assert [s.iso for s in slices.align([yearly, year])[0].slices] == ["2020", "2021"]


def test_metrics_whose_periods_cross_share_no_time_control() -> None:
    one = slices.cut(table(("CHN", "2020-11/2021-01", 1.0)), SHARE)
    other = slices.cut(table(("CHN", "2021", 1.0), metric="amount"), AMOUNT)
    message = "'share' has 2020-11-01/2021-02-01; 'amount' has 2021; show these metrics in two maps"
    with pytest.raises(ValidationError, match=message):
        slices.align([one, other])


@pytest.mark.parametrize("inner", ["2020-Q1", "2020-12-31", "2020-05"])
def test_a_single_slice_may_lie_within_another(inner: str) -> None:
    year = slices.cut(table(("CHN", "2020", 1.0)), SHARE)
    day = slices.cut(table(("CHN", inner, 1.0), metric="stock"), STOCK)
    assert {s.iso for s in slices.align([year, day])[0].slices} == {"2020", inner}


def test_months_of_a_hundred_make_quarters_of_a_hundred() -> None:
    frame = pd.DataFrame(
        {
            "country": ["China", "China", "Kazakhstan"],
            "period": ["2020-01", "2020-02", "2020-01"],
            "share": [50.0, 100, 50],
        }
    )
    layer = gt.choropleth(frame, unit="%", whole=100, slices="quarter").layers[0]
    assert (layer.mapped + layer.rounding).tolist() == [pytest.approx(100)]
    np.testing.assert_allclose(layer.values[:, 0], [(50 * 31 + 100 * 29) / 60, 50 * 31 / 60])


def test_no_quarter_of_the_first_vintage_adds_up_to_more_than_its_months() -> None:
    monthly, quarterly = (
        gt.choropleth("cbeci-countries-first-vintage", slices=freq) for freq in ("month", "quarter")
    )
    month, quarter = (m.layers[0].mapped + m.layers[0].stated for m in (monthly, quarterly))
    for total, step in zip(quarter, quarterly.slices, strict=True):
        inside = [t for t, s in zip(month, monthly.slices, strict=True) if step.start <= s.start < step.end]
        assert min(inside) - 1e-9 <= total <= max(inside) + 1e-9


def test_one_table_with_years_and_months_is_refused_and_drawn_by_years() -> None:
    frame = pd.DataFrame(
        {"country": ["USA", "CHN", "CHN"], "period": ["2020", "2020-01", "2020-02"], "value": [1, 2, 5.0]}
    )
    with pytest.raises(ValidationError, match="2020 contains 2020-01, 2020-02 but has no figure for CHN"):
        gt.choropleth(frame)
    assert gt.choropleth(frame, slices="year", over_time="sum").to_frame()["region"].tolist() == [
        "CHN",
        "USA",
    ]
