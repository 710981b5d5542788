"""Words around years that say which months they are: in headers, corners, titles, names and cells."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import Workbook

from geotrack import periods
from geotrack.errors import AmbiguousError, ParseError
from geotrack.usertables import apply, describe, fits, guess, stated
from geotrack.usertables.reading import read

# All figures here are synthetic.

TWO = "USA,1,2\nGermany,3,4\n"
LONG = "USA,2023,1\nUSA,2022,2\n"
YEARS_TO_JUNE = {"2021-07-01/2022-07-01", "2022-07-01/2023-07-01"}


def spans(table: str | bytes, **said: Any) -> set[str]:
    """The periods of a table; its mapping, kept, reads it in the same way."""
    found = read(table if isinstance(table, bytes) else table.encode(), "t")
    how = guess(found, {"unit": "%", **said})
    assert guess(found, stated(how)) == how
    assert not fits(how, found)
    made = apply(found, how, "s", periods.parse_column)
    words = [line for line in describe(how, found) if "the words" in line]
    assert len(words) <= 1
    return {periods.iso(*span) for span in made[["start", "end"]].to_numpy().tolist()}


def workbook(rows: list[list[Any]], *merged: str) -> bytes:
    book, kept = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    for cells in merged:
        book.active.merge_cells(cells)
    book.save(kept)
    return kept.getvalue()


WORDS = {
    "Three months ended September 30": {"2022-Q3", "2023-Q3"},
    "Quarter ended September": {"2022-Q3", "2023-Q3"},
    "Six months ended June 30": {"2022-H1", "2023-H1"},
    "Half-year ended 31 December": {"2022-H2", "2023-H2"},
    "Nine months to 30 September": {"2022-01-01/2022-10-01", "2023-01-01/2023-10-01"},
    "Year ended December 31": {"2022", "2023"},
    "Fiscal years ended June 30": YEARS_TO_JUNE,
    "Financial year ending June": YEARS_TO_JUNE,
    "12 months ended 30 June": YEARS_TO_JUNE,
    "twelve-month period ended June 30": YEARS_TO_JUNE,
    "Year beginning 1 July": {"2022-07-01/2023-07-01", "2023-07-01/2024-07-01"},
    "Year ended February 28": {"2021-03-01/2022-03-01", "2022-03-01/2023-03-01"},
    "Geschäftsjahr zum 30. Juni": YEARS_TO_JUNE,
    "Neun Monate bis 30.09.": {"2022-01-01/2022-10-01", "2023-01-01/2023-10-01"},
    "Exercice clos le 30 juin": YEARS_TO_JUNE,
    "Trimestre terminé le 30 septembre": {"2022-Q3", "2023-Q3"},
    "Ejercicio cerrado el 30 de junio": YEARS_TO_JUNE,
    "Trimestre finalizado el 30 de septiembre": {"2022-Q3", "2023-Q3"},
    "截至6月30日止年度": YEARS_TO_JUNE,
}


@pytest.mark.parametrize(("words", "expected"), WORDS.items())
def test_words_that_state_the_period_are_read_wherever_they_stand(words: str, expected: set[str]) -> None:
    rows = [["USA", 1, 2], ["Germany", 3, 4]]
    assert spans(workbook([[None, f"{words},", None], [None, 2023, 2022], *rows], "B1:C1")) == expected
    assert spans(workbook([[None, words, None], ["Country", 2023, 2022], *rows])) == expected
    assert spans(f"{words},2023,2022\n{TWO}") == expected
    assert spans(f'"Revenue by country: {words}"\nCountry,2023,2022\n{TWO}') == expected
    assert spans(f'"Revenue, {words}"\nCountry,Year,Value\n{LONG}') == expected
    assert spans(f"Country,{words},Value\n{LONG}") == expected
    assert spans(f"Country,Year,Revenue ({words})\n{LONG}") == expected


def test_two_groups_of_columns_are_periods_and_no_metrics() -> None:
    head: list[Any] = [None, "Six months ended June 30,", None, "Year ended December 31,"]
    rows = [head, ["Country", 2023, 2022, 2022], ["USA", 10, 9, 20], ["Germany", 5, 4, 9]]
    found = read(workbook(rows, "B1:C1"), "t")
    assert found.columns[1:] == (
        "Six months ended June 30 2023",
        "Six months ended June 30 2022",
        "Year ended December 31 2022",
    )
    assert spans(workbook(rows, "B1:C1")) == {"2023-H1", "2022-H1", "2022"}
    dated: list[list[Any]] = [[None, "Three months ended", None, "Nine months ended", None]]
    dated += [[None, *["Sep 30, 2023", "Sep 30, 2022"] * 2], ["USA", 1, 2, 3, 4]]
    nine = {"2022-01-01/2022-10-01", "2023-01-01/2023-10-01"}
    assert spans(workbook(dated, "B1:C1", "D1:E1"), freq="quarter") == {"2022-Q3", "2023-Q3"} | nine
    deep: list[list[Any]] = [
        [None, "Sales", None, "Cost", None],
        [None, "Year ended June 30,", None, "Year ended June 30,", None],
    ]
    deep += [["Country", 2023, 2022, 2023, 2022], ["USA", 1, 2, 3, 4]]
    assert spans(workbook(deep, "B1:C1", "D1:E1", "B2:C2", "D2:E2")) == YEARS_TO_JUNE


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("Country,Quarter ended,Value\nUSA,31 Mar 2023,1\nUSA,30 Jun 2023,2\n", {"2023-Q1", "2023-Q2"}),
        ("Country,Quarter ended,Value\nUSA,31/03/2023,1\nUSA,30/06/2023,2\n", {"2023-Q1", "2023-Q2"}),
        ("Country,Quarter ended,Value\nUSA,Mar 2023,1\nUSA,Jun 2023,2\n", {"2023-Q1", "2023-Q2"}),
        ("Pays,Trimestre clos le,Valeur\nUSA,30 juin 2023,1\n", {"2023-Q2"}),
        ("Country,Week ending,Value\nUSA,2023-01-07,1\nUSA,2023-01-14,2\n",
         {"2023-01-01/2023-01-08", "2023-01-08/2023-01-15"}),
        ("Country,Week commencing,Value\nUSA,2023-01-02,1\n", {"2023-01-02/2023-01-09"}),
        ("Country,Period,Value\nUSA,13 weeks ended 1 October 2022,1\n", {"2022-07-03/2022-10-02"}),
        ("Country,Period,Value\nUSA,Year ended 30 June 2023,1\n", {"2022-07-01/2023-07-01"}),
        ("Land;Zeitraum;Wert\nUSA;Quartal zum 30. Juni 2023;1\n", {"2023-Q2"}),
        ("Pays;Période;Valeur\nUSA;Exercice clos le 31 mars 2023;1\n", {"2022-04-01/2023-04-01"}),
        ("País;Periodo;Valor\nUSA;Semestre terminado el 30 de junio de 2023;1\n", {"2023-H1"}),
        ("国家,2023年3月期\nUSA,1\n", {"2022-04-01/2023-04-01"}),
        ("Year ended March 31,FY2023,FY2022\n" + TWO, {"2021-04-01/2022-04-01", "2022-04-01/2023-04-01"}),
        ("Year ended March 31,2022/23,2021/22\n" + TWO, {"2021-04-01/2022-04-01", "2022-04-01/2023-04-01"}),
        ('"Sales for the three months ended March 31, 2023"\nCountry,Sales\nUSA,1\n', {"2023-Q1"}),
        ('"Sales, fiscal year ended June 30, 2023"\nCountry,Sales\nUSA,1\n', {"2022-07-01/2023-07-01"}),
        ("Country,Year ending 30 June,Quarter,Value\nUSA,2023,Q1,1\n", {"2022-Q3"}),
        # What says itself which period it is, stays it; the words are passed over, and that is said.
        ('"Year ended June 30, 2023"\nCountry,2023-03,2023-04\n' + TWO, {"2023-03", "2023-04"}),
        ('"Three months ended March 31"\nCountry,2023-Q1,2022-Q1\n' + TWO, {"2023-Q1", "2022-Q1"}),
    ],
)  # fmt: skip
def test_days_and_periods_are_as_long_as_words_say(table: str, expected: set[str]) -> None:
    assert spans(table) == expected


@pytest.mark.parametrize(
    ("table", "answers"),
    [
        ('"Revenue, fiscal years"\nCountry,2023,2022\n' + TWO, {"6": YEARS_TO_JUNE, "12": {"2022", "2023"}}),
        ("Fiscal Year,2023,2022\n" + TWO, {"6": YEARS_TO_JUNE, "12": {"2022", "2023"}}),
        ('"Revenue, fiscal year 2023"\nCountry,Value\nUSA,1\n', {"6": {"2022-07-01/2023-07-01"}}),
        ('"Years ended June 30"\nCountry,Q1 2023,Q1 2022\n' + TWO,
         {"6": {"2022-Q3", "2021-Q3"}, "12": {"2023-Q1", "2022-Q1"}}),
        ('"Years ended June 30"\nCountry,Year,Quarter,Value\nUSA,2023,Q1,1\n',
         {"6": {"2022-Q3"}, "12": {"2023-Q1"}}),
        *((f"Country,{name},Value\nUSA,2023,1\nUSA,2022,2\n", {"6": YEARS_TO_JUNE, "12": {"2022", "2023"}})
          for name in ("Crop year", "Market_Year", "marketing year", "Tax year", "School year", "Water_Year",
                       "Season", "Schuljahr", "Año agrícola", "学年")),
        ("Country,Crop year,Value\nUSA,2022/23,1\n", {"6": {"2022-07-01/2023-07-01"}}),
        ("Country,Period,Value\nUSA,Tax year 2023,1\n", {"6": {"2022-07-01/2023-07-01"}}),
        ('"Wheat by crop year"\nCountry,2023,2022\n' + TWO, {"6": YEARS_TO_JUNE}),
    ],
)  # fmt: skip
def test_where_words_leave_the_month_open_it_is_asked(table: str, answers: dict[str, set[str]]) -> None:
    with pytest.raises(AmbiguousError) as asked:
        spans(table)
    for month, expected in answers.items():
        assert f"--year-ends {month} " in str(asked.value)
        assert spans(table, year_ends=month) == expected


@pytest.mark.parametrize(
    "table",
    [
        '"Three and nine months ended September 30"\nCountry,2023,2022\n' + TWO,
        '"Three months ended June 30"\n"Year ended December 31"\nCountry,2023,2022\n' + TWO,
        '"Fiscal years ended September 24"\nCountry,2023,2022\n' + TWO,
        "Quarter ended,2023,2022\n" + TWO,
        "Country,Quarter ended,Value\nUSA,2023-03-15,1\n",
    ],
)
def test_words_that_do_not_tell_the_period_are_refused(table: str) -> None:
    with pytest.raises(
        (ParseError, AmbiguousError), match=r"no such period ends|words .* (speak of several|do not say)"
    ):
        spans(table)


def test_years_end_as_the_user_says() -> None:
    assert spans("Country,2023,2022\n" + TWO, year_ends=6) == YEARS_TO_JUNE
    assert spans('"Years ended June 30"\nCountry,2023,2022\n' + TWO, year_ends=12) == {"2022", "2023"}
