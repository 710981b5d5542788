"""Every check finds what it is for, says where it is, and lets good data pass."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from geotrack.errors import ValidationError
from geotrack.model import OBSERVATION_COLUMNS, Finding, Metric, Series
from geotrack.store.checks.observations import check, check_raw, raise_on_error

SHARE = Metric("share", "Share", "%", "intensive", whole=100, complete=True)
SERIES = Series(
    "demo",
    "Demo",
    "country",
    (
        SHARE,
        replace(SHARE, name="named", complete=False),
        Metric("amount", "Amount", "EH/s"),
        Metric("moved", "Moved", "% change"),
    ),
)
LEVELS = {
    "CHN": "country", "USA": "country", "CAN": "country", "north-america": "aggregate",
    "other": "remainder", "total": "whole",
}  # fmt: skip
MEMBERS = {"north-america": ("USA", "CAN"), "total": ("CHN", "USA", "CAN")}
JULY, AUGUST = ("2021-07-01", "2021-08-01"), ("2021-08-01", "2021-09-01")
YEAR, HALF = ("2017-01-01", "2018-01-01"), ("2017-01-01", "2017-07-01")


def row(
    region: str, value: object, period: tuple[str, str] = JULY, metric: str = "share", **more: str
) -> dict:
    unit = {"amount": "EH/s", "moved": "% change"}.get(metric, "%")
    made = dict(
        zip(
            OBSERVATION_COLUMNS,
            (region, *period, metric, value, unit, "reported", "o", region, ""),
            strict=True,
        )
    )
    return made | more


def found(*rows: dict, series: Series = SERIES) -> list[str]:
    """Check rows with ISO text and with datetimes, which must find the same; returns the findings as text."""
    text = pd.DataFrame(list(rows))
    times = text.assign(
        **{c: pd.to_datetime(text[c], errors="coerce").astype("datetime64[s]") for c in ("start", "end")}
    )
    one, two = (check(frame, series, LEVELS, MEMBERS, {"o"}) for frame in (text, times))
    if "period" not in "".join(f.check for f in one):
        assert one == two
    return [str(f) for f in one]


GOOD = (row("CHN", 0.0), row("USA", 60.0), row("other", 40.02), row("CHN", 66.7, AUGUST, "amount"))


def test_good_observations_have_no_findings() -> None:
    assert found(*GOOD) == []


def test_two_parts_that_are_said_to_make_up_the_whole_do() -> None:
    """A part stated alone leaves the other; both stated, and exactly, add up to it within the tolerance."""
    halves = replace(SERIES, complement=("CHN", "north-america"))
    parts = [row("CHN", 21.6, metric="named"), row("north-america", 78.4, metric="named")]
    alone = [row("CHN", 30.0, AUGUST, "named"), row("CHN", 7.0, metric="amount")]
    assert found(*parts, *alone, series=halves) == []
    bound = row("CHN", 50.0, AUGUST, "named", status="lower bound")
    assert found(bound, row("north-america", 20.0, AUGUST, "named"), series=halves) == []
    assert found(parts[0], row("north-america", 77.0, metric="named")) == []
    assert found(parts[0], row("north-america", 77.0, metric="named"), series=halves) == [
        "error: demo, named, 2021-07-01/2021-08-01: CHN and north-america add up to 98.6; expected 100: "
        "series.toml says that they make up the whole [complement]"
    ]


def test_missing_columns_are_named() -> None:
    frame = pd.DataFrame(list(GOOD)).drop(columns=["origin", "note"])
    [finding] = check(frame, SERIES, LEVELS, MEMBERS, {"o"})
    assert str(finding) == (
        "error: demo: columns missing: origin, note; "
        "found: region, start, end, metric, value, unit, status, label [columns]"
    )
    assert check_raw(frame, "x.csv")[0].where == "x.csv"
    assert "found: none" in check(pd.DataFrame(), SERIES, LEVELS, MEMBERS, {"o"})[0].message


def test_an_empty_table_is_an_error() -> None:
    [finding] = check(pd.DataFrame(columns=list(OBSERVATION_COLUMNS)), SERIES, LEVELS, MEMBERS, {"o"})
    assert str(finding) == "error: demo: the table has no rows; expected at least one figure [empty]"


@pytest.mark.parametrize(
    ("value", "shown"), [(math.nan, "nan"), (math.inf, "inf"), ("75.53%", "75.53%"), ("1,5", "1,5")]
)
def test_values_must_be_finite_numbers(value: object, shown: str) -> None:
    assert found(row("CHN", value, metric="amount")) == [
        f"error: demo, amount, 2021-07-01/2021-08-01, CHN: value '{shown}' is no finite number; "
        "expected one such as 75.53, and no row where there is no figure [numbers]"
    ]


def test_units_must_be_the_metrics() -> None:
    assert found(row("CHN", 1.0, metric="amount", unit="TH/s")) == [
        "error: demo, amount, 2021-07-01/2021-08-01, CHN: unit 'TH/s'; the metric's is 'EH/s': "
        "convert, or name another metric [units]"
    ]


def test_shares_lie_within_their_whole_and_amounts_are_not_negative() -> None:
    findings = found(
        row("CHN", -1.0, metric="named"), row("USA", 100.5, AUGUST, "named"),
        row("CHN", -3.0, metric="amount"), row("USA", 1e9, metric="amount"),
        row("CHN", -40.0, metric="moved"),
    )  # fmt: skip
    assert [f for f in findings if "[range]" in f] == [
        "error: demo, named, 2021-07-01/2021-08-01, CHN: -1 is out of range; expected 0 to 100 [range]",
        "error: demo, named, 2021-08-01/2021-09-01, USA: 100.5 is out of range; expected 0 to 100 [range]",
        "error: demo, amount, 2021-07-01/2021-08-01, CHN: -3 is out of range; expected 0 or more [range]",
    ]


@pytest.mark.parametrize(
    "period", [("2021-08-01", "2021-07-01"), ("2021-07-01", "2021-07-01"), ("2021-7-1", "x")]
)
def test_periods_are_half_open_iso_days(period: tuple[str, str]) -> None:
    [text] = found(row("CHN", 1.0, period, "amount"))
    assert text.endswith(
        f"CHN: period {period[0]} to {period[1]}; expected ISO days with start before end, "
        "the end being the first day after [periods]"
    )


def test_unknown_words_are_told_once_each_with_their_rows() -> None:
    findings = found(
        row("CHN", 1.0, JULY, "amount"), row("Chnia", 1.0, JULY, "amount"),
        row("Chnia", 1.0, AUGUST, "amount"), row("USA", 1.0, JULY, "revenue"),
        row("USA", 1.0, JULY, "amount", status="missing"),
        row("USA", 1.0, AUGUST, "amount", origin=""),
    )  # fmt: skip
    assert findings == [
        "error: demo, amount, 2021-07-01/2021-08-01, Chnia: region 'Chnia' is unknown, in 2 rows; "
        "expected a code of regions.csv; resolve the source's label through a crosswalk [unknown region]",
        "error: demo, revenue, 2021-07-01/2021-08-01, USA: metric 'revenue' is unknown, in 1 row; "
        "expected one of the series' metrics in series.toml [unknown metric]",
        "error: demo, amount, 2021-07-01/2021-08-01, USA: status 'missing' is unknown, in 1 row; "
        "expected one of reported, estimated, lower bound, derived [unknown status]",
        "error: demo, amount, 2021-08-01/2021-09-01, USA: origin '' is unknown, in 1 row; "
        "expected an id of origins.csv; no origin, no number [unknown origin]",
    ]


def test_duplicates_are_told_with_their_values() -> None:
    rows = [row("CHN", v, metric="amount") for v in (1.0, 2.0, 1.5)]
    assert found(row("USA", 1.0, metric="amount"), *rows) == [
        "error: demo, amount, 2021-07-01/2021-08-01, CHN: 3 rows for one figure: 1.0, 2.0, 1.5; "
        "keep one, or make two metrics of them [duplicates]"
    ]


def nested(series: Series) -> list[str]:
    rows = [row(r, 1.0, p, "amount") for r in ("USA", "CHN") for p in (HALF, YEAR)]
    return found(*rows, row("CAN", 1.0, YEAR, "amount"), series=series)


def test_nested_periods_are_an_error_unless_the_series_declares_them() -> None:
    where = (
        "demo, amount, 2017-01-01/2018-01-01 and 2017-01-01/2017-07-01, CHN, USA: "
        "one period lies within the other; "
    )
    assert nested(SERIES) == [
        f"error: {where}keep one, or have slices take the longer one: --overlaps WORDS, which they are "
        "(a series that is described in series.toml declares it there) [overlaps]"
    ]
    declared = replace(SERIES, overlaps="2017 stands beside its first half.")
    assert nested(declared) == [
        f"warning: {where}the series declares it, and slices take the longer one [overlaps]"
    ]
    said = ("Overlapping periods: yes.", "The two tables overlap.")
    assert nested(replace(SERIES, caveats=said))[0].startswith("error")  # a flag, not how a caveat begins


def test_periods_that_overlap_in_part_are_an_error_whatever_is_declared() -> None:
    series = replace(SERIES, overlaps="Some do.")
    rows = [
        row("CHN", 1.0, p, "amount") for p in (("2021-07-01", "2021-09-01"), ("2021-08-01", "2021-10-01"))
    ]
    assert found(*rows, series=series) == [
        "error: demo, amount, 2021-07-01/2021-09-01 and 2021-08-01/2021-10-01, CHN: "
        "periods overlap in part; keep one of them, or make two metrics of them [overlaps]"
    ]


def test_periods_of_different_regions_or_metrics_do_not_overlap() -> None:
    assert (
        found(
            row("CHN", 1.0, YEAR, "amount"), row("USA", 1.0, HALF, "amount"), row("CHN", 1.0, HALF, "moved")
        )
        == []
    )


def sums(*rows: dict) -> list[str]:
    return [f for f in found(*rows) if "[sums]" in f]


def test_a_complete_share_must_reach_its_whole() -> None:
    where = "error: demo, share, 2021-07-01/2021-08-01: figures add up to "
    assert sums(row("CHN", 60.0), row("USA", 39.94)) == [
        f"{where}99.94; expected 100 (tolerance 0.05): look for rows left out, such as Other [sums]"
    ]
    assert sums(row("CHN", 60.0), row("USA", 40.06)) == [
        f"{where}100.06; expected 100 (tolerance 0.05): look for a region counted twice [sums]"
    ]
    assert sums(row("CHN", 60.0), row("USA", 39.95)) == sums(row("CHN", 60.0), row("USA", 40.05)) == []


def test_a_lower_bound_excuses_a_sum_below_the_whole_but_not_above_it() -> None:
    assert sums(row("CHN", 60.0, status="lower bound"), row("USA", 20.0)) == []
    assert len(sums(row("CHN", 60.0, status="lower bound"), row("USA", 50.0))) == 1


def test_an_incomplete_share_may_fall_short_but_not_exceed() -> None:
    assert sums(row("CHN", 60.0, metric="named")) == []
    assert sums(row("CHN", 60.0, metric="named"), row("USA", 60.0, metric="named")) == [
        "error: demo, named, 2021-07-01/2021-08-01: figures add up to 120; "
        "expected 100 at most (tolerance 0.05): look for a region counted twice [sums]"
    ]


def test_the_stated_whole_is_left_out_of_sums() -> None:
    assert sums(row("total", 100.0), row("CHN", 60.0), row("USA", 40.0)) == []


def test_a_period_of_zeros_is_a_share_of_nothing() -> None:
    assert found(row("CHN", 0.0), row("USA", 0.0)) == [
        "warning: demo, share, 2021-07-01/2021-08-01: every figure is zero: a share of nothing; "
        "drawn as zero, as reported [sums]"
    ]


def test_an_aggregate_beside_its_members_is_an_error_but_the_whole_is_not() -> None:
    rows = [row(r, 1.0, metric="amount") for r in ("north-america", "CAN", "USA", "CHN")]
    rows.append(row("total", 4.0, metric="amount"))
    assert found(*rows, row("USA", 1.0, AUGUST, "amount"), row("USA", 1.0, JULY, "moved")) == [
        "error: demo, amount, 2021-07-01/2021-08-01, north-america: the aggregate stands beside its own "
        "CAN, USA; keep the one or the other in a period [aggregates]"
    ]


ALL = replace(SERIES, metrics=(replace(SERIES.metrics[2], complete=True),))
CHANGES = replace(SERIES, metrics=(replace(SERIES.metrics[2], signed=True),))
GAPS = replace(SERIES, missing="all but the two largest")
PARTS = {"CHN": 3000.5, "USA": 1623.1}
SUM = "of July 2021, its parts add up to 4,623.6:"
WHERE = "demo, amount, 2021-07-01/2021-08-01, total: Total"


def amounts(total: float, parts: dict[str, float] = PARTS, **more: str) -> list[dict]:
    rows = [row(code, value, metric="amount", **more) for code, value in parts.items()]
    return [*rows, row("total", total, metric="amount", label="Total")]


@pytest.mark.parametrize(
    ("rows", "series", "said"),
    [
        (amounts(4623.6), SERIES, ""),
        (amounts(4624), SERIES, ""),  # rounded to its last digit
        (amounts(5000), SERIES, f"warning: {WHERE} 5,000 {SUM} 376.4 are not"),
        (amounts(5000), GAPS, ""),
        (amounts(5000), ALL, f"error: {WHERE} 5,000 {SUM} 376.4 are left out"),
        (amounts(4000), GAPS, f"error: {WHERE} 4,000 {SUM} 623.6 too much"),
        (amounts(4000), CHANGES, f"warning: {WHERE} 4,000 {SUM} 623.6 are not"),
        (amounts(5000, status="lower bound"), SERIES, ""),  # at least so much: perhaps all of it
        (amounts(4000, status="lower bound"), SERIES, f"error: {WHERE} 4,000"),
        (amounts(0.2, {"CHN": 0.00012, "USA": 0.1}), SERIES, f"warning: {WHERE} 0.2 of July 2021"),
        (amounts(4000, {}), SERIES, ""),
        (amounts(1e12 + 1, {"CHN": 1e12, "USA": 1.0}), SERIES, ""),
    ],
)  # fmt: skip
def test_a_total_is_held_against_its_parts(rows: list[dict], series: Series, said: str) -> None:
    texts = [text for text in found(*rows, series=series) if text.endswith("[totals]")]
    assert [text.startswith(said) for text in texts] == ([True] if said else [])


def test_a_total_of_rates_is_a_mean_and_no_sum() -> None:
    rates = replace(SERIES, metrics=(replace(SERIES.metrics[2], kind="intensive"),))
    assert found(*amounts(2000), series=rates) == []


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        ([(0.6, 0.4), (0.7553, 0.0406)], True),
        ([(0.6, 0.4), (60.0, 40.0)], False),
        ([(0.3, 0.1)], False),
        ([(1.0,), (0.9,)], False),
    ],
)
def test_fractions_are_told_where_every_period_speaks_for_them(
    figures: list[tuple[float, ...]], told: bool
) -> None:
    rows = [
        row(code, value, period, "named")
        for period, values in zip((JULY, AUGUST), figures, strict=False)
        for code, value in zip(("CHN", "USA"), values, strict=False)
    ]
    assert any("these are fractions; multiply them by 100" in text for text in found(*rows)) is told


def test_all_errors_are_raised_at_once_and_warnings_are_not() -> None:
    error, warning = (
        Finding("range", "error", "here", "too much"),
        Finding("sums", "warning", "there", "none"),
    )
    raise_on_error([warning])
    message = "errors in the data: 2; nothing was written or drawn\nerror: here: too much [range]\nerror"
    with pytest.raises(ValidationError, match=re.escape(message)) as raised:
        raise_on_error([error, warning, error])
    assert "there" not in str(raised.value)


def test_text_that_is_no_number_or_day_is_listed_by_file_row() -> None:
    cells = [
        row("CHN", "75.53"), row("CHN", "75.53%"), row("", "1,234.5"), row("CHN", ""), row("CHN", "-1e-3"),
        row("CHN", "1", ("2021-7-1", "2021-08")), row("CHN", "٣"),
    ]  # fmt: skip
    texts = [str(f) for f in check_raw(pd.DataFrame(cells, dtype="str"), "demo.csv")]
    number = "expected a number such as 75.53, without a percent sign or thousands separators [text]"
    assert texts == [
        f"error: demo.csv, row 3: value '75.53%'; {number}",
        "error: demo.csv, row 4: region ''; expected the code of a region; "
        "a figure without a place belongs to other or total [text]",
        f"error: demo.csv, row 4: value '1,234.5'; {number}",
        f"error: demo.csv, row 5: value ''; {number}",
        "error: demo.csv, row 7: end '2021-08'; expected an ISO day such as 2019-10-01, "
        "the first one after the period [text]",
        "error: demo.csv, row 7: start '2021-7-1'; expected an ISO day such as 2019-09-01 [text]",
        f"error: demo.csv, row 8: value '٣'; {number}",
    ]


def test_findings_do_not_depend_on_the_order_of_rows_but_for_their_own() -> None:
    rows = [
        *GOOD,
        row("Chnia", 1.0, AUGUST),
        row("CHN", 66.7, AUGUST, "amount"),
        row("CHN", 200.0, AUGUST, "named"),
    ]
    shuffled = [rows[i] for i in np.random.default_rng(1).permutation(len(rows))]
    assert sorted(found(*rows)) == sorted(found(*shuffled))
    assert len(found(*rows)) == 5


def test_a_large_table_is_checked_whole() -> None:
    """Regions × months: every cell there once, one of them wrong."""
    regions = [f"R{i:03d}" for i in range(300)]
    months = pd.date_range("2015-01-01", periods=120, freq="MS").strftime("%Y-%m-%d")
    start, end = np.tile(months[:-1], 300), np.tile(months[1:], 300)
    frame = pd.DataFrame(
        {"region": np.repeat(regions, 119), "start": start, "end": end, "metric": "amount", "value": 1.0}
    )
    frame = frame.assign(unit="EH/s", status="reported", origin="o", label="", note="")
    levels = dict.fromkeys(regions, "country")
    assert check(frame, SERIES, levels, {}, {"o"}) == []
    frame.loc[20_000, "value"] = -1.0
    [finding] = check(frame, SERIES, levels, {}, {"o"})
    assert finding.where == "demo, amount, 2015-09-01/2015-10-01, R168"
