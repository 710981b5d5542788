"""Starts and ends of periods: an end belongs to its period or not, as all of them tell; else it is asked."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geotrack import periods
from geotrack.errors import AmbiguousError, ParseError
from geotrack.usertables import apply, describe, from_toml, guess, stated, to_toml
from geotrack.usertables.reading import read

# All figures here are synthetic.

HEADER = "country,start,end,value\n"


def spans(pairs: list[tuple[str, str]], header: str = HEADER, **said: Any) -> list[str]:
    """The periods of a table with starts and ends; its mapping, kept, reads it in the same way."""
    text = header + "".join(f"USA,{start},{end},1\n" for start, end in pairs)
    table = read(text.encode(), "t.csv")
    how = guess(table, {"unit": "%", **said})
    assert from_toml(to_toml(how), "kept") == how
    assert guess(table, stated(how)) == how
    made = apply(table, how, "s", periods.parse_column)
    return [periods.iso(*span) for span in made[["start", "end"]].to_numpy().tolist()]


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ("2020-01-01/2020-01-31 2020-02-01/2020-02-29", "2020-01 2020-02"),
        ("2020-01-01/2020-12-31", "2020"),
        ("2020-01-01/2021-01-01", "2020"),
        ("2020-01-01/2020-02-01 2020-02-01/2020-03-01", "2020-01 2020-02"),
        ("2019-01/2019-03 2019-04/2019-06", "2019-Q1 2019-Q2"),
        ("2019-01/2019-02 2019-02/2019-03", "2019-01 2019-02"),  # March would belong to none, February to two
        ("2019/2019 2020/2020", "2019 2020"),
        ("2020-Q1/2020-Q2", "2020-H1"),
        ("2020-01-06/2020-01-12 2020-01-13/2020-01-19", "2020-01-06/2020-01-13 2020-01-13/2020-01-20"),
        ("2020-01-06/2020-01-13 2020-01-13/2020-01-20", "2020-01-06/2020-01-13 2020-01-13/2020-01-20"),
        ("2020-01-06/2020-01-06", "2020-01-06"),
    ],
)
def test_an_end_is_what_all_of_them_tell(pairs: str, expected: str) -> None:
    assert (
        spans([(start, end) for start, _, end in (p.partition("/") for p in pairs.split())])
        == expected.split()
    )


@pytest.mark.parametrize(
    "header", ["country,Start date,End date,value\n", "Land,von,bis,Wert\n", "国家,开始日期,结束日期,值\n"]
)
def test_starts_and_ends_are_found_by_their_names(header: str) -> None:
    assert spans([("2020-01-01", "2020-12-31")], header) == ["2020"]


@pytest.mark.parametrize(
    "pairs",
    [[("2020-01-05", "2020-02-10")], [("2020-01-02", "2020-02-01"), ("2020-02-02", "2020-03-01")]],
)
def test_an_end_that_may_be_either_is_asked_about(pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(AmbiguousError, match=r"--ends included \(2020-01-0. to .* or --ends excluded \("):
        spans(pairs)
    last = dt.date.fromisoformat(pairs[0][1])
    after = last + dt.timedelta(days=1)
    assert spans(pairs, ends="included")[0] == f"{pairs[0][0]}/{after}"
    assert spans(pairs, ends="excluded")[0] == f"{pairs[0][0]}/{last}"


def test_a_period_without_a_day_is_refused() -> None:
    with pytest.raises(ParseError, match="not after the start: row 2: '2020-01-05'; expected its last day"):
        spans([("2020-01-06", "2020-01-05")])
    with pytest.raises(ParseError, match="expected the first day after the period"):
        spans([("2020-01-06", "2020-01-06")], ends="excluded")


def test_what_ends_are_is_said() -> None:
    table = read(f"{HEADER}USA,2020-01-01,2020-01-31,1\n".encode(), "t.csv")
    lines = describe(guess(table, {"unit": "%"}), table)
    assert "ends are included: 2020-01-01 to 2020-01-31 = January 2020" in lines


@given(
    st.dates(dt.date(2000, 1, 1), dt.date(2020, 1, 1)),
    st.lists(st.integers(2, 40), min_size=2, max_size=6),
    st.booleans(),
)
def test_periods_that_follow_each_other_are_read_back(
    start: dt.date, lengths: list[int], included: bool
) -> None:
    days = [start]
    for length in lengths:
        days.append(days[-1] + dt.timedelta(days=length))
    shift = dt.timedelta(days=int(included))
    pairs = [(str(a), str(b - shift)) for a, b in itertools.pairwise(days)]
    try:
        found = spans(pairs)
    except AmbiguousError:  # firsts of months, or lasts, as well
        return
    assert found == [periods.iso(str(a), str(b)) for a, b in itertools.pairwise(days)]
