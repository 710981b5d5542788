"""Which four digits are a year: the same wherever they stand, and none ends in a traceback."""

from __future__ import annotations

from contextlib import suppress

import pytest

from geotrack import periods
from geotrack.errors import AmbiguousError, ParseError
from geotrack.usertables import apply, guess
from geotrack.usertables.periods.texts import is_period, written
from geotrack.usertables.reading import read

# All figures here are synthetic.

WAYS = ["{}", "Q1 {}", "Jan {}", "01/{}", "H1 {}", "{}-Q1", "{}-03", "Q1/{}", "Jan-Mar {}", "{} [YR{}]"]


def starts(text: str) -> list[str]:
    table = read(text.encode(), "t.csv")
    made = apply(table, guess(table, {"unit": "t"}), "s", periods.parse_column)
    return sorted({*map(str, made["start"])})


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("year", [1600, 1750, 1850, 2150])
def test_a_year_is_one_in_cells_and_in_names_of_columns(way: str, year: int) -> None:
    one, other = way.replace("{}", str(year)), way.replace("{}", str(year + 1))
    assert is_period(one)
    assert written(one).iso[:4] == str(year) or written(one).name
    long = starts(f"country,period,value\nFrance,{one},1\nSpain,{other},3\n")
    assert [each[:4] for each in long] == [str(year), str(year + 1)]
    assert starts(f"country,{one},{other}\nFrance,1,2\nSpain,3,4\n") == long


@pytest.mark.parametrize("year", ["1650", "1850"])
@pytest.mark.parametrize("way", ["gdp_{}", "Sales {}", "{} (EUR)", "{} EUR", "EUR {}"])
def test_a_year_is_one_beside_other_words(way: str, year: str) -> None:
    names = [way.replace("{}", each) for each in (year, str(int(year) + 1))]
    assert starts(f"country,{','.join(names)}\nFrance,1,2\nSpain,3,4\n")[0] == f"{year}-01-01"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("year", ["0650", "1560", "2250"])
def test_a_year_that_few_figures_are_from_is_read_or_asked_about(way: str, year: str) -> None:
    one = way.replace("{}", year)
    assert written(one).iso[:4] in ("", year)
    with suppress(AmbiguousError, ParseError):
        found = starts(f"country,period,value\nFrance,{one},1\nSpain,{one},3\n")
        assert {each[:4] for each in found} == {year}


@pytest.mark.parametrize(
    ("text", "iso"),
    [("Jan 1950/Mar 1950", "1950-Q1"), ("Jan 1950/Feb 1950", "1950-01/1950-02"),
     ("Q1 2250", "2250-Q1"), ("May 1234/2250",
     "1234-05/2250-12"),
     ("2250-01-03/2250-01-09", "2250-01-03/2250-01-09"), ("Jan 2250", "2250-01")],
)  # fmt: skip
def test_what_is_read_is_written_with_its_year_in_front(text: str, iso: str) -> None:
    assert written(text).iso == iso
