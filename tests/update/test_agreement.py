"""Sources of the network's hashrate beside each other: disagreements are said, nothing is averaged."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from pathlib import Path
from unittest.mock import patch

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geotrack.model import OBSERVATION_COLUMNS, Finding
from geotrack.store import reading
from geotrack.update import agreement

ROOT = Path(__file__).parents[2]
STARTS = [str(day.date()) for day in pd.date_range("2020-01-01", periods=37, freq="MS")]
LENGTH = dict(zip(STARTS, [(pd.Timestamp(s) + pd.offsets.MonthEnd(0)).day for s in STARTS], strict=True))


def row(start: str, value: object, metric: str = "hashrate", note: str = "", **cells: str) -> dict[str, str]:
    """A synthetic figure of a month."""
    end = str((pd.Timestamp(start) + pd.offsets.MonthBegin(1)).date())
    own = {"region": "network", "start": start, "end": end, "metric": metric, "value": str(value)}
    rest = {"unit": "EH/s", "status": "derived", "origin": "o", "label": "Bitcoin network", "note": note}
    return own | rest | cells


def observed(start: str, days: int) -> dict[str, str]:
    return row(start, days, metric="days_observed", unit="days")


def table(*rows: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(OBSERVATION_COLUMNS), dtype="str")


def apart_over(threshold: float, tables: dict[str, pd.DataFrame]) -> list[Finding]:
    """What is found where another difference is allowed."""
    with patch.object(agreement, "THRESHOLD", threshold):
        return agreement.disagreements(tables)


def test_a_month_that_is_too_far_apart_is_said_with_both_figures() -> None:
    tables = {
        "network-mempool": table(row("2021-06-01", 105.001), row("2021-07-01", 105)),
        "network-blockchain": table(row("2021-06-01", 100), row("2021-07-01", 100)),
    }
    [finding] = agreement.disagreements(tables)
    assert (finding.check, finding.severity) == ("disagreement", "warning")
    assert finding.where == "network hashrate, 2021-06"
    assert finding.message == (  # what is too wide never reads as what is allowed
        "network-blockchain 100\u00a0EH/s, network-mempool 105.001\u00a0EH/s: over 5% apart; "
        "expected at most 5% of the smaller; both are kept as they are"
    )


def test_the_threshold_itself_is_allowed() -> None:
    tables = {"a": table(row("2021-06-01", 100)), "b": table(row("2021-06-01", "102.01"))}
    assert agreement.disagreements(tables) == []
    [finding] = apart_over(0.02, tables)
    assert "2.01% apart; expected at most 2% of" in finding.message
    assert apart_over(0.0201, tables) == []


def test_many_months_are_counted() -> None:
    first = table(*(row(s, 100) for s in STARTS))
    second = table(*(row(s, 110 if s != "2022-12-01" else 150) for s in STARTS))
    found = agreement.disagreements({"a": first, "b": second})
    assert [f.where[-7:] for f in found[:10]] == [s[:7] for s in STARTS[:10]]
    [last] = found[10:]
    assert last.where == "network hashrate, 2020-11 to 2023-01"
    assert last.message.startswith(
        "a and b: 27 more months; the widest of all is 2022-12, 50% apart; expected"
    )


@pytest.mark.parametrize("count", [9, 10])
def test_ten_months_are_all_listed(count: int) -> None:
    tables = {n: table(*(row(s, v) for s in STARTS[:count])) for n, v in (("a", 1), ("b", 2))}
    assert len(agreement.disagreements(tables)) == count


def test_months_in_part_are_not_compared() -> None:
    whole = table(*(row(s, 100) for s in STARTS[:4]))
    noted = table(
        row(STARTS[0], 200, note="partial month: 20 of 31 days observed"),
        row(STARTS[1], 200, note="8 of 29 days observed; thinned series, about one in 4 days: 8 points"),
        row(STARTS[2], 200, note="partial month"),
        row(STARTS[3], 200, note="a note on something else, 3 of 4 pools"),
    )
    assert [f.where[-7:] for f in agreement.disagreements({"a": whole, "b": noted})] == ["2020-04"]
    counted = table(
        *(row(s, 200) for s in STARTS[:4]),
        observed(STARTS[0], 31),
        observed(STARTS[1], 28),  # of 29: 2020 is a leap year
        observed(STARTS[2], 1),
    )
    typed = counted.assign(value=pd.to_numeric(counted["value"]), start=pd.to_datetime(counted["start"]))
    for held in (counted, typed):
        assert [f.where[-7:] for f in agreement.disagreements({"a": whole, "b": held})] == ["2020-01"]


def test_only_whole_months_of_the_network_in_its_unit_are_compared() -> None:
    other = table(
        row("2021-01-01", 200, region="USA"),
        row("2021-02-01", 200, unit="%"),
        row("2021-03-01", 200, end="2021-03-02"),
        row("2021-04-02", 200, end="2021-05-02"),
        row("2021-05-01", 200, end="2021-07-01"),
        row("2021-08-01", 0),
        row("2021-09-01", "nan"),
        row("2021-10-01", "x"),
    )
    whole = table(*(row(f"2021-{m:02d}-01", 100) for m in range(1, 13)))
    assert agreement.disagreements({"a": whole, "b": other}) == []


def test_the_spliced_metric_and_single_days_are_no_sources() -> None:
    rows = [row("2021-06-01", v, metric=m) for m, v in (("bitinfocharts", 100), ("coinmetrics", 120))]
    spliced = [row("2021-06-01", 300, metric=m) for m in ("hashrate", "ccaf_daily", "ccaf_daily_high")]
    tables = {"network-hashrate": table(*rows, *spliced), "network-mempool": table(row("2021-06-01", 121))}
    found = [f.message.partition(" apart")[0] for f in apart_over(0, tables)]
    assert found == [
        "network-hashrate/bitinfocharts 100\u00a0EH/s, network-hashrate/coinmetrics 120\u00a0EH/s: 20%",
        "network-hashrate/bitinfocharts 100\u00a0EH/s, network-mempool 121\u00a0EH/s: 21%",
        "network-hashrate/coinmetrics 120\u00a0EH/s, network-mempool 121\u00a0EH/s: 0.83%",
    ]


def test_a_threshold_is_told_to_the_last_digit() -> None:
    tables = {"a": table(row("2021-06-01", 100)), "b": table(row("2021-06-01", "105.123456781"))}
    [finding] = apart_over(0.0512345678, tables)
    assert "over 5.12345678% apart; expected at most 5.12345678% of" in finding.message
    tables["b"] = table(row("2021-06-01", "105.1234567"))
    assert apart_over(0.0512345678, tables) == []


@pytest.mark.parametrize("tables", [{}, {"a": table()}, {"a": table(row("2021-06-01", 100))}])
def test_one_source_agrees_with_itself(tables: dict[str, pd.DataFrame]) -> None:
    assert apart_over(0, tables) == []


def test_the_projects_own_sources_agree_as_the_series_says() -> None:
    path = reading.observations_path(ROOT / "data", "network-hashrate")
    text = reading.read_raw(path)
    typed = reading.typed(text, path)
    found = apart_over(0, {"network-hashrate": typed})
    assert found == apart_over(0, {"network-hashrate": text})
    [widest] = apart_over(0.0256, {"network-hashrate": typed})
    assert widest.where == "network hashrate, 2015-08"
    assert "EH/s: 2.57% apart" in widest.message
    assert apart_over(0.0258, {"network-hashrate": typed}) == []
    assert agreement.disagreements({"network-hashrate": typed}) == []


FIGURES = st.dictionaries(st.sampled_from(STARTS), st.integers(1, 10**6), max_size=30)


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), FIGURES), st.integers(0, 300))
def test_what_is_found_is_what_is_further_apart(sources: dict[str, dict[str, int]], allowed: int) -> None:
    tables = {n: table(*(row(s, v) for s, v in of.items())) for n, of in sources.items()}
    limit = 1 + Fraction(allowed, 100)
    expected = {}
    for one, other in combinations(sorted(sources), 2):
        a, b = sources[one], sources[other]
        both = sorted(a.keys() & b.keys())
        apart = [s for s in both if Fraction(max(a[s], b[s]), min(a[s], b[s])) > limit]
        if apart:
            expected[one, other] = apart
    found = apart_over(allowed / 100, tables)
    listed = [f for f in found if "more month" not in f.message]
    assert len(listed) == sum(min(len(of), 10) for of in expected.values())
    assert len(found) - len(listed) == sum(len(of) > 10 for of in expected.values())
    for (one, other), of in expected.items():
        for s in of[:10]:
            text = f"{one} {sources[one][s]:,}\u00a0EH/s, {other} {sources[other][s]:,}\u00a0EH/s: "
            assert any(f.message.startswith(text) and f.where.endswith(s[:7]) for f in listed)
