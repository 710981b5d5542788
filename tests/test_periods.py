"""Periods are read as people write them, and named as people read them."""

from __future__ import annotations

import datetime as dt
import itertools
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geotrack import periods
from geotrack.errors import ParseError

DATES = st.dates(dt.date(1970, 1, 1), dt.date(2100, 12, 31))
FREQS = st.sampled_from(["month", "quarter", "half", "year"])


@pytest.mark.parametrize(
    ("value", "start", "end"),
    [
        ("2019-09", "2019-09-01", "2019-10-01"),
        (" 2019-12 ", "2019-12-01", "2020-01-01"),
        ("2019-9", "2019-09-01", "2019-10-01"),
        ("2019/09", "2019-09-01", "2019-10-01"),
        ("2019/9", "2019-09-01", "2019-10-01"),
        ("12/2019", "2019-12-01", "2020-01-01"),
        ("1/2020", "2020-01-01", "2020-02-01"),
        ("201909", "2019-09-01", "2019-10-01"),
        (201909, "2019-09-01", "2019-10-01"),
        (np.int64(201909), "2019-09-01", "2019-10-01"),
        (201909.0, "2019-09-01", "2019-10-01"),
        ("2020-W05", "2020-01-27", "2020-02-03"),
        ("2020W53", "2020-12-28", "2021-01-04"),
        ("2021-W01", "2021-01-04", "2021-01-11"),
        ("2019-09-01", "2019-09-01", "2019-09-02"),
        ("2019-09-01 00:00:00", "2019-09-01", "2019-09-02"),
        ("2019-09-01T00:00", "2019-09-01", "2019-09-02"),
        ("2019-09-01T00:00:00.000Z", "2019-09-01", "2019-09-02"),
        ("2019-09-01 00:00:00+08:00", "2019-09-01", "2019-09-02"),
        ("2020-02-29", "2020-02-29", "2020-03-01"),
        ("2020-Q1", "2020-01-01", "2020-04-01"),
        ("2020Q4", "2020-10-01", "2021-01-01"),
        ("Q2 2025", "2025-04-01", "2025-07-01"),
        ("q2 2025", "2025-04-01", "2025-07-01"),
        ("2019-H1", "2019-01-01", "2019-07-01"),
        ("H2 2019", "2019-07-01", "2020-01-01"),
        ("2021", "2021-01-01", "2022-01-01"),
        (2021, "2021-01-01", "2022-01-01"),
        (2021.0, "2021-01-01", "2022-01-01"),
        (np.int64(2021), "2021-01-01", "2022-01-01"),
        ("Sep 2019", "2019-09-01", "2019-10-01"),
        ("Sept. 2019", "2019-09-01", "2019-10-01"),
        ("September 2019", "2019-09-01", "2019-10-01"),
        ("may 2020", "2020-05-01", "2020-06-01"),
        ("2024-06/2024-09", "2024-06-01", "2024-10-01"),
        ("2024-06-15 / 2024-06-20", "2024-06-15", "2024-06-21"),
        (dt.date(2021, 6, 30), "2021-06-30", "2021-07-01"),
        (dt.datetime(2021, 6, 30, 23, 59), "2021-06-30", "2021-07-01"),
        (pd.Timestamp("2021-06-30"), "2021-06-30", "2021-07-01"),
        (np.datetime64("2021-06-30"), "2021-06-30", "2021-07-01"),
        (pd.Period("2021-07"), "2021-07-01", "2021-08-01"),
        (pd.Period("2021Q3"), "2021-07-01", "2021-10-01"),
    ],
)
def test_a_period_is_read_as_it_is_written(value: object, start: str, end: str) -> None:
    assert periods.parse(value) == (start, end)


@pytest.mark.parametrize(
    "value",
    [
        "", "soon", "2019-13", "2019-0", "2019-02-30", "2020-Q5", "2019-H3", "19", "0000", "9999-12-31",
        202113, 202100, 20210, 21, True, "2019/13", "13/2019", "2019/20", "2020-05/2020-01", "2020/2021/2022",
        "Foo 2019", "S 2019", "٢٠٢١", 2020.5, "2019-09-01T10:00", "2019-09-01 00:00:01", "2019-09-0100:00",
        "2020-W00", "2020-W54", "2021-W53", "9999-W52", "2020-W5", "01/02/2020", "1/20",
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_what_was_found(value: object) -> None:
    shown = "an empty cell" if value == "" else re.escape(repr(value))
    with pytest.raises(ParseError, match=rf"^{shown} is no period; expected 2019-09 \(a month\), 2019-09-01"):
        periods.parse(value)


@pytest.mark.parametrize("value", [None, float("nan"), pd.NaT])
def test_nothing_is_no_period(value: object) -> None:
    with pytest.raises(ParseError, match="an empty cell is no period"):
        periods.parse(value)


@pytest.mark.parametrize(
    ("start", "end", "iso", "label"),
    [
        ("2021-07-01", "2021-08-01", "2021-07", "July 2021"),
        ("2025-04-01", "2025-07-01", "2025-Q2", "Q2 2025"),
        ("2019-01-01", "2019-07-01", "2019-H1", "first half of 2019"),
        ("2019-07-01", "2020-01-01", "2019-H2", "second half of 2019"),
        ("2021-01-01", "2022-01-01", "2021", "2021"),
        ("2021-06-30", "2021-07-01", "2021-06-30", "30 June 2021"),
        ("2019-09-01", "2020-05-01", "2019-09-01/2020-05-01", "September 2019 to April 2020"),
        ("2019-02-01", "2019-05-01", "2019-02-01/2019-05-01", "February 2019 to April 2019"),
        ("2019-06-01", "2020-06-01", "2019-06-01/2020-06-01", "June 2019 to May 2020"),
        ("2024-06-15", "2024-07-02", "2024-06-15/2024-07-02", "15 June 2024 to 1 July 2024"),
    ],
)
def test_a_period_has_a_name_for_links_and_one_for_people(start: str, end: str, iso: str, label: str) -> None:
    assert (periods.iso(start, end), periods.label(start, end)) == (iso, label)


def test_days_are_counted_without_the_end() -> None:
    assert periods.days("2020-02-01", "2020-03-01") == 29


def calendar(start: dt.date, end: dt.date, freq: str) -> list[tuple[str, str]]:
    """The calendar's periods that cover the days from start up to end."""
    months = {"month": 1, "quarter": 3, "half": 6, "year": 12}[freq]
    at = start.year * 12 + (start.month - 1) // months * months
    edges = []
    while not edges or edges[-1] < end.isoformat():
        edges.append(dt.date(at // 12, at % 12 + 1, 1).isoformat())
        at += months
    return list(itertools.pairwise(edges))


@settings(deadline=None)
@given(DATES, FREQS)
def test_a_calendar_period_reads_back_from_both_its_names(day: dt.date, freq: str) -> None:
    [span] = calendar(day, day + dt.timedelta(days=1), freq)
    assert periods.parse(periods.iso(*span)) == span
    if freq != "half":
        assert periods.parse(periods.label(*span)) == span


def test_an_unknown_length_is_refused() -> None:
    with pytest.raises(
        ParseError, match="freq 'week' is unknown; expected one of day, month, quarter, half, year"
    ):
        periods.parse_column(pd.Series(["2020"]), freq="week")


def read(values: object, freq: str | None = None) -> list[tuple[str, str]]:
    frame = periods.parse_column(pd.Series(values), freq)
    return list(frame.itertuples(index=False, name=None))


def test_a_column_keeps_its_index_and_its_order() -> None:
    frame = periods.parse_column(pd.Series(["2021", "2020-Q1", "2021"], index=[7, 3, 9]))
    assert list(frame.index) == [7, 3, 9]
    assert list(frame["start"]) == ["2021-01-01", "2020-01-01", "2021-01-01"]
    assert list(frame["end"]) == ["2022-01-01", "2020-04-01", "2022-01-01"]


@pytest.mark.parametrize("kind", ["datetime", "date", "text"])
def test_a_column_of_firsts_of_months_reads_as_months(kind: str) -> None:
    stamps = pd.to_datetime(["2021-06-01", "2021-07-01"])
    column = {"datetime": stamps, "date": list(stamps.date), "text": ["2021-06-01", "2021-07-01"]}[kind]
    assert read(column) == [("2021-06-01", "2021-07-01"), ("2021-07-01", "2021-08-01")]
    assert read(column, "day") == [("2021-06-01", "2021-06-02"), ("2021-07-01", "2021-07-02")]


def _range(freq: str, n: int, start: str = "2020-01-01") -> pd.DatetimeIndex:
    return pd.date_range(start, periods=n, freq=freq)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (_range("ME", 2), ["2020-01", "2020-02"]),
        (_range("MS", 4), ["2020-01", "2020-02", "2020-03", "2020-04"]),
        (_range("YS", 2), ["2020", "2021"]),
        (_range("YE", 2), ["2020", "2021"]),
        (["2020-01-01", "2015-01-01", "2020-01-01"], ["2020", "2015", "2020"]),
        (_range("QS", 3), ["2020-Q1", "2020-Q2", "2020-Q3"]),
        (_range("QE", 3), ["2020-Q1", "2020-Q2", "2020-Q3"]),
        (["2020-03-31", "2020-06-30", "2021-12-31"], ["2020-Q1", "2020-Q2", "2021-Q4"]),
        (_range("6MS", 3), ["2020-H1", "2020-H2", "2021-H1"]),
        (_range("6ME", 3, "2020-06-30"), ["2020-H1", "2020-H2", "2021-H1"]),
        (["2020-01-01", "2020-07-01", "2020-10-01"], ["2020-Q1", "2020-Q3", "2020-Q4"]),
        (["2020-01-01T00:00Z", "2021-01-01 00:00:00"], ["2020", "2021"]),
    ],
)
def test_the_distinct_days_of_a_column_tell_how_long_its_periods_are(
    column: object, expected: object
) -> None:
    assert [periods.iso(*span) for span in read(column)] == expected


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (["2020-01-01", "2020-01-01"], ["2020-01", "2020-01"]),
        (_range("QS", 2), ["2020-01", "2020-04"]),
        (_range("QE", 2), ["2020-03", "2020-06"]),
        (_range("YS-JUL", 3, "2020-07-01"), ["2020-07", "2021-07", "2022-07"]),
        (_range("YE-MAR", 3, "2020-03-31"), ["2020-03", "2021-03", "2022-03"]),
        (_range("QS-FEB", 3, "2020-02-01"), ["2020-02", "2020-05", "2020-08"]),
    ],
)
def test_where_the_days_do_not_tell_periods_are_months(column: object, expected: object) -> None:
    assert [periods.iso(*span) for span in read(column)] == expected


@pytest.mark.parametrize(
    "column", [["2020-01-31"], ["2020-01-31", "2020-02-28"], ["2020-01-31", "2020-02-01"], ["2020-12-30"]]
)
def test_days_that_are_not_all_firsts_or_lasts_stay_days(column: list[str]) -> None:
    assert [periods.iso(*span) for span in read(column)] == column


def test_longer_periods_beside_firsts_keep_days_days() -> None:
    assert [periods.iso(*span) for span in read(["2020-01-01", "2021"])] == ["2020-01-01", "2021"]


@pytest.mark.parametrize("freq", ["day", "month", "quarter", "half"])
def test_what_is_said_wins_over_what_the_days_tell(freq: str) -> None:
    expected = {"day": "2020-01-01", "month": "2020-01", "quarter": "2020-Q1", "half": "2020-H1"}[freq]
    assert periods.iso(*read(_range("YS", 2), freq)[0]) == expected
    last = {"day": "2020-12-31", "month": "2020-12", "quarter": "2020-Q4", "half": "2020-H2"}[freq]
    assert periods.iso(*read(_range("YE", 2), freq)[0]) == last


@settings(deadline=None)
@given(DATES, FREQS, st.integers(3, 9), st.booleans())
def test_calendar_periods_written_as_first_or_last_days_read_back(
    day: dt.date, freq: str, n: int, last: bool
) -> None:
    spans = calendar(day, day + dt.timedelta(days=400 * n), freq)
    end = dt.timedelta(days=1)
    days = [(dt.date.fromisoformat(e) - end).isoformat() if last else s for s, e in spans]
    assert read(days) == spans


def test_seasons_are_not_taken_for_months() -> None:
    with pytest.raises(
        ParseError,
        match=r"column 'when': '2009/10', '2010/11', \.\.\. may be months or years from one into the next; "
        "expected 2009-10 for October 2009, or 2009-07/2010-06 for a year",
    ):
        periods.parse_column(pd.Series(["2009/10", "2010/11", "2009/10"], name="when"))
    assert [s for s, _ in read(["2009/10", "2009/11"])] == ["2009-10-01", "2009-11-01"]
    assert read(["2009/10"]) == [("2009-10-01", "2009-11-01")]


def test_other_dates_read_as_days_unless_told() -> None:
    column = pd.to_datetime(["2021-06-01", "2021-06-30"])
    assert read(column) == [("2021-06-01", "2021-06-02"), ("2021-06-30", "2021-07-01")]
    assert read(column, "quarter") == [("2021-04-01", "2021-07-01")] * 2
    assert read(["2021-06-30", "2019-H1"], "year") == [
        ("2021-01-01", "2022-01-01"),
        ("2019-01-01", "2019-07-01"),
    ]


def test_whole_numbers_read_as_years() -> None:
    assert read([2020, 2021]) == [("2020-01-01", "2021-01-01"), ("2021-01-01", "2022-01-01")]


def test_an_empty_column_reads_as_no_periods() -> None:
    assert list(periods.parse_column(pd.Series([], dtype="str")).columns) == ["start", "end"]


def test_all_bad_cells_are_listed_at_once_with_their_rows() -> None:
    cells = pd.Series(["2020", "soon", None, "2021"], name="when")
    message = r"column 'when': 2 cells are no period \(row 1 is the header\): row 3: 'soon'; row 4: an empty"
    with pytest.raises(ParseError, match=message):
        periods.parse_column(cells)


def test_a_long_list_of_bad_cells_is_cut_at_ten_and_counted() -> None:
    with pytest.raises(
        ParseError, match=r"12 cells are no period .*row 11: 'x9'; and 2 more; expected"
    ) as error:
        periods.parse_column(pd.Series([f"x{i}" for i in range(12)]))
    assert "x10" not in str(error.value)


def test_one_bad_cell_is_told_in_the_singular() -> None:
    with pytest.raises(
        ParseError, match=r"periods: 1 cell is no period \(row 1 is the header\): row 2: True; expected"
    ):
        periods.parse_column(pd.Series([True]))


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=12))
def test_distinct_periods_stand_in_the_order_of_time_longer_ones_first(pairs: list[tuple[int, int]]) -> None:
    days = np.array(["2019-01-01", "2019-02-01", "2020-01-01", "1969-12-31", "NaT"], dtype="datetime64[D]")
    start, end = (days[[pair[n] for pair in pairs]] for n in (0, 1))
    spans, place = periods.distinct(start, end)
    given_ones = [(str(a), str(b)) for a, b in zip(start, end, strict=True)]
    assert [(str(a), str(b)) for a, b in spans[place]] == given_ones
    known = [(np.isnat(a), str(a), np.isnat(b), str(b)) for a, b in spans]
    assert len({*known}) == len(known) == len({*given_ones})
    assert [a for _, a, *_ in known] == sorted((a for _, a, *_ in known), key=lambda a: (a == "NaT", a))
    for (_, a, _, b), (_, c, _, d) in itertools.pairwise(known):
        assert a != c or "NaT" in (b, d) or b > d


@pytest.mark.parametrize(
    "text", ["2021/" * 2_000, "2021/2022/" * 1_000 + "2023", "/" * 5_000, "2021-01/2021-02/2021-03"]
)
def test_a_text_of_many_spans_is_no_period(text: str) -> None:
    with pytest.raises(ParseError):
        periods.parse(text)
