"""A table without periods: the one of all its rows is said, or stands above it; else it is asked for."""

from __future__ import annotations

from typing import Any

import pytest

from geotrack import periods
from geotrack.errors import AmbiguousError, SpecError
from geotrack.usertables import apply, describe, fits, from_toml, guess, stated, to_toml
from geotrack.usertables.periods.texts import period_above
from geotrack.usertables.reading import read

# All figures here are synthetic.

PLAIN = "Country,Value\nUSA,1\nChina,2\n"


def spans(text: str, **said: Any) -> set[str]:
    """The periods of a table; its mapping, kept, reads it in the same way."""
    table = read(text.encode(), "t.csv")
    how = guess(table, {"unit": "%", **said})
    assert from_toml(to_toml(how), "kept") == how
    assert guess(table, stated(how)) == how
    made = apply(table, how, "s", periods.parse_column)
    return {periods.iso(*span) for span in made[["start", "end"]].to_numpy().tolist()}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("2019", "2019"),
        (2019, "2019"),
        (["2019"], "2019"),
        ("Q1 2020", "2020-Q1"),
        ("2020-12-31", "2020-12-31"),
    ],
)
def test_a_period_that_is_no_column_is_that_of_all_rows(said: Any, expected: str) -> None:
    assert spans(PLAIN, period=said) == {expected}


def test_without_a_period_the_one_question_asks_for_it() -> None:
    with pytest.raises(
        AmbiguousError, match=r"no column has periods; .*--period \.\.\. \(the period of all rows, such"
    ):
        spans(PLAIN)
    with pytest.raises(AmbiguousError, match="--year-ends 6"):
        spans(PLAIN, period="FY2020")
    with pytest.raises(SpecError, match="period = 'Years' is no column"):
        spans(PLAIN, period="Years")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Population 2019", "2019"),
        ("Population (2019)", "2019"),
        ("Revenue Q1 2020", "Q1 2020"),
        ("Revenue in March 2020 by country", "March 2020"),
        ("Bevölkerung am 31. Dezember 2020", "31. Dezember 2020"),
        *(
            (title, "")
            for title in ("GDP at prices of 2015", "2015 = 100", "Revenue 2019-2020", "Growth 2019 to 2020")
        ),
        *(
            (title, "")
            for title in (
                "Stand: 31.12.2024",
                "Population",
                "Budget 2019/20",
                "Rainfall quarter 2020",
                "Source: UN 2019",
            )
        ),
    ],
)
def test_a_period_in_the_title_is_that_of_all_rows(title: str, expected: str) -> None:
    assert period_above([title]) == expected
    if not expected:
        with pytest.raises(AmbiguousError, match="--period"):
            spans(f"{title}\n{PLAIN}")
        return
    table = read(f"{title}\n{PLAIN}".encode(), "t.csv")
    how = guess(table, {"unit": "%"})
    assert any(
        line.startswith("period = that of all rows, from the line above") for line in describe(how, table)
    )
    assert spans(f"{title}\n{PLAIN}", period="1999") == {"1999"}


def test_the_next_file_whose_title_has_another_period_is_none_that_is_remembered() -> None:
    how = guess(read(f"Population 2019\n{PLAIN}".encode(), "t.csv"), {"unit": "%"})
    assert fits(how, read(f"Population 2019\n{PLAIN}".encode(), "t.csv")) == []
    later = fits(how, read(f"Population 2020\n{PLAIN}".encode(), "t.csv"))
    assert later == ["its period was 2019, and the line above it says 2020"]
