"""The other side of a whole made of two, and when nothing follows."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geotrack.model import AT_MOST, DERIVED, LOWER_BOUND, OBSERVATION_COLUMNS, REPORTED, Metric, Series, Table
from geotrack.store.complement import at_least, completed, derive, left

SHARE = Metric("share", "Share", "%", whole=100)
PAIR = ("CHN", "abroad")


def table(*rows: tuple[str, str, float, str]) -> pd.DataFrame:
    made = [
        (region, start, f"{int(start[:4]) + 1}-01-01", "share", value, "%", status, "o", region, "")
        for region, start, value, status in rows
    ]
    return pd.DataFrame(made, columns=list(OBSERVATION_COLUMNS))


def test_the_other_part_follows_with_its_reason() -> None:
    found = derive(table(("abroad", "2020-01-01", 4.9, "reported")), SHARE, PAIR)
    assert len(found) == 2
    row = found.iloc[1]
    assert (row["region"], row["value"], row["status"], row["label"]) == ("CHN", 95.1, "derived", "")
    assert row["note"] == "Derived: 100 − 4.9; the source states the other part only."
    assert (row["start"], row["end"], row["origin"]) == ("2020-01-01", "2021-01-01", "o")


@pytest.mark.parametrize(
    ("pair", "stated", "found"),
    [
        (PAIR, ("CHN", "2018-01-01", 76.1, "reported"), ("abroad", 23.9, "derived")),
        (PAIR, ("abroad", "2018-01-01", 23.9, "estimated"), ("CHN", 76.1, "derived")),
        (PAIR, ("CHN", "2018-01-01", 50, "lower bound"), ("abroad", 50, "upper bound")),
        (("CHN", "CAN"), ("CHN", "2018-01-01", 60, "reported"), None),  # two regions take in no third
    ],
)
def test_a_part_takes_in_what_else_a_period_lists_and_stands_beside_it(
    pair: tuple[str, str], stated: tuple[str, str, float, str], found: tuple[str, float, str] | None
) -> None:
    given = table(stated, ("USA", "2018-01-01", 10.5, "reported"), ("other", "2018-01-01", 3.4, "reported"))
    pd.testing.assert_frame_equal(derive(given, SHARE, pair), given)  # no cell of a map
    added = derive(given, SHARE, pair, beside=True).iloc[1 : 1 + (found is not None)]
    assert [(r.region, r.value, r.status) for r in added.itertuples()] == ([found] if found else [])
    assert all("do not add these to it" in text for text in added["note"])
    assert len(derive(given, SHARE, pair, beside=True)) == len(given) + len(added)


def test_each_period_stands_for_itself() -> None:
    found = derive(
        table(("CHN", "2020-01-01", 60, "reported"), ("abroad", "2021-01-01", 70, "estimated")), SHARE, PAIR
    )
    added = found[found["status"] == "derived"]
    assert list(zip(added["region"], added["value"], strict=True)) == [("abroad", 40), ("CHN", 30)]


@pytest.mark.parametrize(
    "rows",
    [
        [("CHN", "2020-01-01", 76.1, "reported"), ("abroad", "2020-01-01", 20.5, "reported")],
        [("CHN", "2020-01-01", 50, "lower bound")],  # for slices and maps, see below
        [("USA", "2020-01-01", 31, "reported")],
        [("CHN", "2020-01-01", 50, "reported"), ("USA", "2020-01-01", 31, "reported")],  # see below
    ],
)
def test_nothing_follows_from_two_parts_a_bound_or_another_region(
    rows: list[tuple[str, str, float, str]],
) -> None:
    given = table(*rows)
    pd.testing.assert_frame_equal(derive(given, SHARE, PAIR), given)


@pytest.mark.parametrize(
    ("stated", "status", "value", "said", "note"),
    [
        (50.0, "lower bound", 50.0, "upper bound", "Derived: at most 100 − 50; "),
        (49.96, "lower bound", 50.04, "upper bound", "Derived: at most 100 − 49.96; "),
        (100.0, "lower bound", 0.0, "upper bound", "Derived: at most 100 − 100; "),
        (4.9, "estimated", 95.1, "derived", "Derived: 100 − 4.9; "),
        (0.00001, "reported", 99.99999, "derived", "Derived: 100 − 0.00001; "),
        (0.0, "reported", 100.0, "derived", "Derived: 100 − 0; "),
    ],
)
def test_a_bound_of_one_part_is_the_other_bound_of_the_other(
    stated: float, status: str, value: float, said: str, note: str
) -> None:
    for text in (False, True):
        given = table(("CHN", "2020-01-01", stated, status))
        given["value"] = given["value"].map(lambda each: f"{each:f}") if text else given["value"]
        row = derive(given, SHARE, PAIR, beside=True).iloc[1]
        assert (row["region"], float(row["value"]), row["status"]) == ("abroad", value, said)
        assert row["note"].startswith(note)
        assert not text or row["value"] == f"{value:.5f}".rstrip("0").rstrip(".")


@given(st.decimals(0, 100, places=4), st.sampled_from([REPORTED, LOWER_BOUND]))
def test_two_parts_are_the_whole_to_the_last_digit(part: Decimal, status: int) -> None:
    value, said = left(100.0, float(part), status)
    assert value + part == 100
    assert said == (AT_MOST if status == LOWER_BOUND else DERIVED)


def test_nothing_follows_without_a_whole_or_for_another_metric() -> None:
    given = table(("CHN", "2020-01-01", 60, "reported"))
    for metric in (Metric("share", "Share", "%"), Metric("amount", "Amount", "USD", whole=100)):
        pd.testing.assert_frame_equal(derive(given, metric, PAIR), given)


def test_text_stays_text_and_its_note_speaks_the_language() -> None:
    """So that `geotrack show` prints what is derived beside what is stored, to the last digit."""
    given = table(("CHN", "2020-01-01", 60, "reported"), ("abroad", "2021-01-01", 4.9, "reported"))
    given["value"] = ["60.10", "4.9"]
    found = derive(given, SHARE, PAIR, "zh")
    assert found["value"].tolist() == ["60.10", "39.9", "4.9", "95.1"]
    assert found["note"].tolist() == [
        "", "推算：100 − 60.1；来源只说明了另一部分。", "", "推算：100 − 4.9；来源只说明了另一部分。",
    ]  # fmt: skip


def test_a_series_says_which_two_parts_make_up_its_whole() -> None:
    given = table(("CHN", "2020-01-01", 60, "reported"))
    series = Series("demo", "Demo", "country", (SHARE,), complement=PAIR)
    assert completed(Table(series, given, {}, {}))["value"].tolist() == [60, 40]
    other = completed(Table(series, given, {}, {}), pair=("CHN", "elsewhere"))  # as a specification says
    assert other["region"].tolist() == ["CHN", "elsewhere"]
    plain = Series("demo", "Demo", "country", (SHARE,))
    pd.testing.assert_frame_equal(completed(Table(plain, given, {}, {})), given)


@given(
    st.lists(st.sets(st.sampled_from("ABCDE"), min_size=1), max_size=4),
    st.lists(st.integers(0, 99), min_size=5, max_size=5),
)
def test_what_is_listed_of_a_part_is_never_more_than_it_is(listed: list[set[str]], more: list[int]) -> None:
    """Whatever the regions have, of which the figures are sums."""
    true = dict(zip("ABCDE", more, strict=True))
    figures = [(float(sum(true[code] for code in codes)), codes) for codes in listed]
    assert at_least(figures) <= sum(more)
    assert not figures or at_least(figures) >= Decimal(max(value for value, _ in figures))
