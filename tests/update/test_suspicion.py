"""Every check finds what it is for, says where and what to do, and lets an honest update pass."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geotrack.model import OBSERVATION_COLUMNS, Finding, Metric, Series
from geotrack.store.reading import read_raw, read_series
from geotrack.store.revision import compare
from geotrack.update import suspicion
from geotrack.update.suspicion import MOST, against

COLUMNS = list(OBSERVATION_COLUMNS)
DATA = Path(__file__).parents[2] / "data"
SERIES = Series(
    "demo",
    "Demo",
    "country",
    (
        Metric("share", "Share", "%", "intensive", whole=100.0),
        Metric("hashrate", "Hashrate", "EH/s"),
        Metric("balance", "Balance", "USD thousand", signed=True),
    ),
)
LEVELS = {"CHN": "country", "USA": "country", "CAN": "country", "total": "whole"}
SHARES = {"CHN": "20", "USA": "40", "CAN": "10", "KAZ": "15", "other": "15"}  # synthetic, as all figures here


def month(n: int) -> str:
    return f"{2021 + (n - 1) // 12}-{(n - 1) % 12 + 1:02d}-01"


def table(
    values: Mapping[str, str], n: int = 1, metric: str = "share", unit: str = "%", status: str = "reported"
) -> pd.DataFrame:
    """Figures of one month, counted from January 2021."""
    made = [
        (region, month(n), month(n + 1), metric, value, unit, status, "o", region, "")
        for region, value in values.items()
    ]
    return pd.DataFrame(made, columns=COLUMNS, dtype="str")


def both(*frames: pd.DataFrame) -> pd.DataFrame:
    return pd.concat(frames, ignore_index=True)


def found(old: pd.DataFrame, new: pd.DataFrame, whole: bool = True, series: Series = SERIES) -> list[Finding]:
    return against(series, compare(series.name, old, new, whole=whole), old, LEVELS)


def one(findings: list[Finding], check: str) -> Finding:
    [finding] = [f for f in findings if f.check == check]
    if finding.severity == "warning":
        assert "--accept 'reason'" in finding.message
    return finding


def times(values: Mapping[str, str], factor: float) -> dict[str, str]:
    return {region: f"{float(value) * factor:.6f}" for region, value in values.items()}


def test_an_honest_update_raises_no_suspicion() -> None:
    old = both(table(SHARES, 1), table(SHARES, 2))
    new = both(old, table(SHARES | {"CHN": "18", "USA": "41.9", "NOR": "0.1"}, 3))
    assert found(old, new) == []
    assert found(old, both(new, table({"CHN": "0"}, 3, "hashrate", "EH/s"))) == []


def test_nothing_is_compared_with_nothing() -> None:
    assert found(table({}), table(SHARES)) == []
    assert found(table(SHARES), table(SHARES)) == []


def test_a_real_month_taken_away_and_brought_again_raises_none() -> None:
    new = read_raw(DATA / "observations" / "cbeci-countries.csv")
    old = new[new["start"] < "2022-01-01"]
    assert found(old, new, series=read_series(DATA)["cbeci-countries"]) == []


def test_a_delivery_that_shares_no_figure_is_another_file() -> None:
    finding = one(found(table(SHARES), table(SHARES, 5)), "all gone")
    assert (finding.severity, finding.where) == ("error", "demo")
    assert "not one of the 5 figures of the last version is in the new delivery; expected" in finding.message
    finding = one(found(table({"CHN": "1"}), table({})), "all gone")
    assert "the one figure of the last version is not in the new delivery" in finding.message


@pytest.mark.parametrize(
    ("metric", "unit", "factor", "said"),
    [
        (
            "share",
            "%",
            0.01,
            "now 1/100 of what they were; it looks like fractions instead of percent; expected %",
        ),
        ("share", "%", 100, "now 100 times what they were; it looks like percent taken 100 times"),
        ("hashrate", "EH/s", 1e6, "1,000,000 times what they were; it looks like TH/s instead of EH/s"),
        ("hashrate", "EH/s", 1e3, "1,000 times what they were; it looks like PH/s instead of EH/s"),
        ("hashrate", "EH/s", 1e-3, "1/1,000 of what they were; it looks like ZH/s instead of EH/s"),
        ("hashrate", "EH/s", 1e18, "10^18 times what they were; it looks like H/s instead of EH/s"),
        (
            "balance",
            "USD thousand",
            1e3,
            "1,000 times what they were; it looks like USD instead of USD thousand",
        ),
        ("hashrate", "EH/s", 100.9, "100 times what they were; it looks like another unit; expected EH/s"),
    ],
)
def test_figures_in_another_unit_are_an_error_that_names_it(
    metric: str, unit: str, factor: float, said: str
) -> None:
    old = both(table(SHARES, 1, metric, unit), table(SHARES, 2, metric, unit))
    new = both(table(times(SHARES, factor), 1, metric, unit), table(times(SHARES, factor), 2, metric, unit))
    finding = one(found(old, new), "unit jump")
    assert (finding.severity, finding.where) == ("error", f"demo, {metric}")
    assert finding.message.startswith("10 known figures are now ")
    assert said in finding.message
    assert [f.check for f in found(old, new)] == ["unit jump"]  # one error speaks for all cells


def test_one_period_in_another_unit_is_found_among_others() -> None:
    old = both(*(table(SHARES, n) for n in range(1, 9)))
    rest = [table(times(SHARES, 1.001), n) for n in range(1, 8)]
    finding = one(found(old, both(*rest, table(times(SHARES, 0.01), 8))), "unit jump")
    assert finding.where == "demo, share, August 2021"


def test_a_new_period_in_another_unit_is_found_by_the_last_one() -> None:
    old = both(table(SHARES, 1), table(SHARES, 2))
    moved = {"CHN": "0.18", "USA": "0.42", "CAN": "0.11", "KAZ": "0.14", "other": "0.15"}
    finding = one(found(old, both(old, table(moved, 3))), "unit jump")
    assert (finding.severity, finding.where) == ("error", "demo, share, March 2021")
    assert "the figures of 5 regions are 1/100 of those of February 2021" in finding.message
    few = {"CHN": "0.2", "USA": "0.4"}
    checks = [f.check for f in found(old, both(old, table(few, 3)))]
    assert "unit jump" not in checks
    assert checks.count("jump in time") == 2  # two regions are too few for a verdict, not for a question


@pytest.mark.parametrize("factor", [10, 0.1, 50, 97, 104, 1])
def test_other_factors_are_no_unit(factor: float) -> None:
    assert suspicion.power(factor) == 0


@pytest.mark.parametrize("ratio", [0, -100, float("nan"), float("inf")])
def test_what_is_no_ratio_is_no_power(ratio: float) -> None:
    assert suspicion.power(ratio) == 0


def test_gone_periods_are_listed_in_words() -> None:
    old = both(*(table(SHARES, n) for n in range(1, 15)), table(SHARES, 1, "hashrate", "EH/s"))
    new = both(*(table(SHARES, n) for n in range(13, 15)), table(SHARES, 1, "hashrate", "EH/s"))
    finding = one(found(old, new), "gone periods")
    assert (finding.severity, finding.where) == ("warning", "demo, share")
    assert "12 periods of the last version gone: January 2021, February 2021," in finding.message
    assert "October 2021 and 2 more;" in finding.message


def test_gone_regions_are_told_once_and_gone_figures_by_period() -> None:
    old = both(table(SHARES, 1), table(SHARES, 2))
    new = both(
        table({r: v for r, v in SHARES.items() if r not in ("CAN", "KAZ")}, 1),
        table({r: v for r, v in SHARES.items() if r != "CAN"}, 2),
    )
    findings = found(old, new)
    assert "1 region of the last version gone from every period: CAN" in one(findings, "gone regions").message
    gone = one(findings, "gone figures")
    assert gone.where == "demo, share, January 2021"
    assert "1 region gone that it gave before: KAZ;" in gone.message


def test_coverage_that_shrinks_is_told_of_the_newest_period() -> None:
    old = table(SHARES, 1)
    fewer = {"CHN": "25", "USA": "45", "CAN": "29", "total": "100"}
    finding = one(found(old, both(old, table(fewer, 2))), "coverage")
    assert finding.where == "demo, share, February 2021"
    assert "3 regions, 5 in January 2021; not listed any more: KAZ, other;" in finding.message
    lower = SHARES | {"USA": "34"}
    finding = one(found(old, both(old, table(lower, 2))), "coverage")
    assert "adds up to 94%, 100% in January 2021" in finding.message
    assert found(old, both(old, table(SHARES | {"USA": "36"}, 2))) == []


def test_a_single_leap_of_a_known_figure_is_questioned() -> None:
    old = both(table(SHARES, 1), table(SHARES, 2))
    new = both(table(SHARES | {"KAZ": "1.5"}, 1), table(SHARES, 2))
    finding = one(found(old, new), "jump")
    assert finding.where == "demo, share, January 2021, KAZ"
    assert finding.message.startswith("15 -> 1.5%, 1/10 of it;")
    assert [f.check for f in found(old, new)].count("large revision") == 0
    new = both(table(SHARES | {"KAZ": "0.15"}, 1), table(SHARES, 2))
    assert "1/100 of it (looks like fractions instead of percent?)" in one(found(old, new), "jump").message


def test_leaps_of_small_figures_are_rounding() -> None:
    old = table(SHARES | {"NOR": "0.01"}, 1)
    assert found(old, table(SHARES | {"NOR": "0.12"}, 1)) == []
    assert found(old, both(old, table(SHARES | {"NOR": "0.12"}, 2))) == []


def test_a_new_figure_is_compared_with_the_period_beside() -> None:
    old = both(table({"network": "180"}, 2, "hashrate", "EH/s"), table(SHARES, 1))
    new = both(old, table({"network": "190000000"}, 3, "hashrate", "EH/s"))
    finding = one(found(old, new), "jump in time")
    assert finding.where == "demo, hashrate, March 2021, network"
    assert (
        "190,000,000\u00a0EH/s, 1.06e+06 times as much (looks like TH/s instead of EH/s?)" in finding.message
    )
    assert "180\u00a0EH/s in February 2021" in finding.message
    earlier = both(old, table({"network": "2"}, 1, "hashrate", "EH/s"))
    assert "180\u00a0EH/s in February 2021" in one(found(old, earlier), "jump in time").message


def test_a_year_is_not_compared_with_a_month() -> None:
    old = both(table(SHARES, 1), table({"USA": "100"}, 1, "balance", "USD thousand"))
    year = table({"USA": "1300"}, 1, "balance", "USD thousand").assign(start="2022-01-01", end="2023-01-01")
    assert found(old, both(old, year)) == []


def test_a_sign_that_changes_is_questioned() -> None:
    old = both(table({"CHN": "-50", "USA": "20"}, 1, "balance", "USD thousand"), table(SHARES))
    new = both(table({"CHN": "50", "USA": "20"}, 1, "balance", "USD thousand"), table(SHARES))
    assert "\u221250 -> 50\u00a0USD thousand, the other sign" in one(found(old, new), "sign").message


def test_another_status_or_unit_of_known_figures_is_told_together() -> None:
    findings = found(table(SHARES), table(SHARES, status="estimated"))
    finding = one(findings, "status")
    assert finding.where == "demo, share"
    assert "status 'reported' -> 'estimated' of 5 known figures: CHN January 2021, USA" in finding.message
    finding = one(found(table(SHARES), table(SHARES, unit="percent")), "unit")
    assert "unit '%' -> 'percent' of 5 known figures" in finding.message


def test_many_revisions_are_a_new_vintage() -> None:
    old = both(table(SHARES, 1), table(SHARES, 2))
    new = both(table(times(SHARES, 1.02), 1), table(SHARES, 2))
    finding = one(found(old, new), "many revised")
    assert finding.where == "demo, share"
    assert "5 of 10 known figures revised by more than 1%, in January 2021: a new vintage" in finding.message
    assert found(old, both(table(times(SHARES, 1.005), 1), table(SHARES, 2))) == []


def test_figures_of_zero_that_get_another_status_are_no_new_vintage() -> None:
    zeros = dict.fromkeys(SHARES, "0")
    assert [f.check for f in found(table(zeros), table(zeros, status="estimated"))] == ["status"]


def test_a_large_revision_is_told_with_its_size() -> None:
    old = both(*(table(SHARES, n) for n in range(1, 4)))
    rest = [table(SHARES, n) for n in range(2, 4)]
    finding = one(found(old, both(table(SHARES | {"CHN": "23"}, 1), *rest)), "large revision")
    assert finding.where == "demo, share, January 2021, CHN"
    assert "20 -> 23%, revised by 15%" in finding.message
    assert found(old, both(table(SHARES | {"CHN": "21.5"}, 1), *rest)) == []  # below 10%
    assert found(old, both(table(SHARES | {"CAN": "9.1"}, 1), *rest)) == []  # below a point
    zero = both(table(SHARES | {"CHN": "0"}, 1), *rest)
    assert "0 -> 20%, revised;" in one(found(zero, old), "large revision").message
    small = both(*(table(SHARES | {"NOR": "1"}, n) for n in range(1, 4)))
    assert (
        found(
            small, both(table(SHARES | {"NOR": "1.9"}, 1), *(table(SHARES | {"NOR": "1"}, n) for n in (2, 3)))
        )
        == []
    )


def test_a_large_revision_of_an_amount_is_measured_by_the_largest() -> None:
    amounts = {"CHN": "100", "USA": "200", "NOR": "1"}
    old = both(*(table(amounts, n, "hashrate", "EH/s") for n in range(1, 4)))
    rest = [table(amounts, n, "hashrate", "EH/s") for n in range(2, 4)]
    new = both(table(amounts | {"CHN": "120", "NOR": "1.5"}, 1, "hashrate", "EH/s"), *rest)
    assert one(found(old, new), "large revision").where.endswith("CHN")


def test_findings_of_a_check_are_bounded_and_the_worst_come_first() -> None:
    shares = {f"R{n:02d}": "4" for n in range(25)}
    old = both(*(table(shares, n) for n in range(1, 9)))
    leaps = {f"R{n:02d}": "0.1" for n in range(15)} | {"R14": "0.02"}
    findings = [
        f
        for f in found(old, both(table(shares | leaps, 1), *(table(shares, n) for n in range(2, 9))))
        if f.check == "jump"
    ]
    assert len(findings) == MOST
    assert findings[0].where.endswith("R14")
    assert findings[-1].message.endswith("; and 5 more")
    assert not any("more" in f.message for f in findings[:-1])


def test_gone_figures_of_many_periods_are_bounded() -> None:
    old = both(*(table(SHARES, n) for n in range(1, 15)))
    fewer = {region: value for region, value in SHARES.items() if region != "KAZ"}
    new = both(*(table(fewer, n) for n in range(1, 14)), table(SHARES, 14))
    findings = [f for f in found(old, new) if f.check == "gone figures"]
    assert len(findings) == MOST
    assert findings[-1].message.endswith("; and 3 more")


def test_a_metric_that_the_series_does_not_know_is_left_to_validate() -> None:
    old = both(table(SHARES), table({"CHN": "10", "USA": "20", "CAN": "5"}, 1, "power", "MW"))
    new = both(table(SHARES), table({"CHN": "10000", "USA": "20000", "CAN": "5000"}, 1, "power", "MW"))
    assert "looks like another unit; expected the unit of before" in one(found(old, new), "unit jump").message


texts = st.sampled_from(["0", "-1", "1", "20", "2000", "1e300", "-1e-300", "x", "inf", "nan", "1e999", ""])
spans = st.sampled_from(
    [("2021-01-01", "2021-02-01"), ("2021-02-01", "2021-03-01"), ("2021-01-01", "2022-01-01"), ("x", "0")]
)
keys = st.tuples(
    st.sampled_from(["CHN", "USA", "CAN", "total"]), spans, st.sampled_from(["share", "balance", "odd"])
)
rests = st.tuples(texts, st.sampled_from(["%", "EH/s", ""]), st.sampled_from(["reported", "?"]))


@settings(deadline=None)
@given(st.dictionaries(keys, rests, max_size=20), st.dictionaries(keys, rests, max_size=20), st.booleans())
def test_no_cell_makes_a_check_stumble(
    before: dict[tuple, tuple[str, ...]], after: dict[tuple, tuple[str, ...]], whole: bool
) -> None:
    old, new = (
        pd.DataFrame(
            [(r, *span, m, v, u, s, "o", r, "") for (r, span, m), (v, u, s) in cells.items()],
            columns=COLUMNS,
            dtype="str",
        )
        for cells in (before, after)
    )
    for finding in found(old, new, whole):
        assert finding.severity in ("error", "warning")
        assert finding.where.startswith("demo")
        assert re.search(r"; .*(accept 'reason'|expected)", finding.message)
