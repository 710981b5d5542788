"""Columns whose names hold a metric and a year make a table with a row for each figure."""

from __future__ import annotations

import pytest

from geotrack import periods
from geotrack.errors import GeotrackError
from geotrack.usertables import apply, guess
from geotrack.usertables.reading import read

# All figures here are synthetic.


def rows(header: str) -> list[str]:
    """What a table with one row, 1, 2, ..., says: metric, period, value and unit."""
    cells = ",".join(str(n) for n in range(1, header.count(",") + 1))
    table = read(f"{header}\nUSA,{cells}\n".encode(), "t.csv")
    made = apply(table, guess(table, {}, units=False), "s", periods.parse_column)
    return [
        " ".join(filter(None, (metric, periods.iso(start, end), value, unit)))
        for metric, start, end, value, unit in made[["metric", "start", "end", "value", "unit"]]
        .to_numpy()
        .tolist()
    ]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Country,Sales 2019,Sales 2020", ["Sales 2019 1", "Sales 2020 2"]),
        ("Country,value_2019,value_2020", ["value 2019 1", "value 2020 2"]),
        ("Country,gdp2019,gdp2020", ["gdp 2019 1", "gdp 2020 2"]),
        ("Country,2019 Sales,2020 Sales", ["Sales 2019 1", "Sales 2020 2"]),
        ("Country,Umsatz 2019 (Mio. EUR)", ["Umsatz 2019 1 Mio. EUR"]),
        ("Country,Sales Q1 2020,Sales Q2 2020", ["Sales 2020-Q1 1", "Sales 2020-Q2 2"]),
        ("Country,Sales 2019,Costs 2019", ["Sales 2019 1", "Costs 2019 2"]),
    ],
)
def test_a_metric_and_a_year_in_a_name_are_both_read(header: str, expected: list[str]) -> None:
    assert rows(header) == expected


@pytest.mark.parametrize(
    "name",
    [
        "Prices of 2015",
        "GDP constant 2015",
        "9M to 2020",
        "Sales until 2020",
        "March quarter 2020",
        "NUTS 2021",
    ],
)
def test_a_year_that_may_be_another_than_the_figures_is_not_taken(name: str) -> None:
    with pytest.raises(GeotrackError):
        rows(f"Country,{name}")


def test_a_year_beside_a_column_of_periods_is_not_that_of_the_figures() -> None:
    table = read(b"Country,Jahrgang,GDP 2015\nUSA,2019,1\nUSA,2020,2\n", "t.csv")
    made = apply(table, guess(table, {}, units=False), "s", periods.parse_column)
    assert made["start"].tolist() == ["2019-01-01", "2020-01-01"]


def test_a_header_that_is_not_understood_gets_an_advice_that_helps() -> None:
    with pytest.raises(GeotrackError, match=r"such as 'foo' are periods, write them as 2019.*--period 2019"):
        rows("Country,foo,bar")
