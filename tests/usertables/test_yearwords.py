"""Words that name a day, a part or a stretch of each year, in many languages, and where they stand."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook

from geotrack import periods
from geotrack.errors import AmbiguousError
from geotrack.usertables import apply, fits, guess, stated
from geotrack.usertables.reading import read

# All figures here are synthetic.

YEARS = (2019, 2020)
WIDE = "USA,1,2\nGermany,3,4\n"
LONG = "".join(f"{name},{year},{year - 2000}\n" for name in ("USA", "Germany") for year in YEARS)


def spans(table: bytes, **said: Any) -> set[str]:
    """The periods of a table; its mapping, kept, reads it in the same way."""
    found = read(table, "t")
    how = guess(found, {"unit": "USD", **said})
    assert guess(found, stated(how)) == how
    assert not fits(how, found)
    made = apply(found, how, "s", periods.parse_column)
    return {periods.iso(*span) for span in made[["start", "end"]].to_numpy().tolist()}


def sheet(rows: list[list[Any]], merged: str = "", title: str = "") -> bytes:
    book, kept = Workbook(), io.BytesIO()
    book.active.title = title or "Sheet"
    for row in [*rows, ["USA", 1, 2], ["Germany", 3, 4]]:
        book.active.append(row)
    if merged:
        book.active.merge_cells(merged)
    book.save(kept)
    return kept.getvalue()


PLACES: dict[str, Callable[[str], bytes]] = {
    "title": lambda words: f'"Revenue by country, {words}"\nCountry,2019,2020\n{WIDE}'.encode(),
    "unit": lambda words: f'"in USD million ({words})"\nCountry,2019,2020\n{WIDE}'.encode(),
    "corner": lambda words: f'"{words}",2019,2020\n{WIDE}'.encode(),
    "merged": lambda words: sheet([[None, words, None], ["Country", *YEARS]], "B1:C1"),
    "second row": lambda words: sheet([["Country", *YEARS], [None, words, words]]),
    "value": lambda words: f'Country,Year,"Revenue ({words})"\n{LONG}'.encode(),
    "above long": lambda words: f'"Revenue, {words}",,\nCountry,Year,Value\n{LONG}'.encode(),
}
DOUBTED: dict[str, Callable[[str], bytes]] = {
    "sheet": lambda words: sheet([["Country", *YEARS]], title=words),
    "below": lambda words: f'Country,2019,2020\n{WIDE}\n"Note: {words}",,\n'.encode(),
}
TO_SEPTEMBER = "-01-01/{}-10-01"
WORDS = {
    "-06-30": ["as at 30 June", "on 30 June", "am 30. Juni", "au 30 juin", "al 30 de junio", "6月30日"],
    "-12-31": [
        *("at 31 December", "Stand: 31.12.", "au 31 décembre", "al 31 dicembre", "stan na 31 grudnia"),
        *("12月31日現在", "年末", "Jahresende", "12월 31일 기준", "op 31 december"),
    ],
    "-01-01": ["Population on 1 January", "au 1er janvier", "на 1 января"],
    TO_SEPTEMBER: [
        *("January–September", "Jan-Sep", "Januar bis September", "janvier à septembre", "9M"),
        *("enero-septiembre", "gennaio-settembre", "январь–сентябрь", "styczeń-wrzesień", "1-9月"),
        *("first nine months", "Ocak-Eylül", "1월-9월"),
    ],
    "-Q2": [
        *("Q2", "second quarter", "2. Quartal", "2e trimestre", "segundo trimestre", "secondo trimestre"),
        *("II квартал", "II kwartał", "第二季度", "2분기", "tweede kwartaal"),
    ],
    "-H1": ["H1", "1. Halbjahr", "1er semestre", "primer semestre", "上半年", "I полугодие"],
    "-03": ["March", "März", "mars", "marzo", "март", "3月"],
}
CASES = [(words, form) for form, each in WORDS.items() for words in each]


def meant(form: str) -> set[str]:
    return {f"{year}{form.format(year)}" for year in YEARS}


@pytest.mark.parametrize(("words", "form"), CASES, ids=[words for words, _ in CASES])
def test_years_are_what_words_around_them_name(words: str, form: str) -> None:
    assert {place: spans(make(words)) for place, make in PLACES.items()} == dict.fromkeys(PLACES, meant(form))


@pytest.mark.parametrize(("words", "form"), [(each[0], form) for form, each in WORDS.items()])
def test_where_words_may_speak_of_something_else_it_is_asked(words: str, form: str) -> None:
    for make in DOUBTED.values():
        with pytest.raises(AmbiguousError) as asked:
            spans(make(words))
        (question,) = asked.value.questions
        answers = [{choice.option: choice.value} for choice in question.choices]
        assert [spans(make(words), **answer) for answer in answers] == [meant(form), {"2019", "2020"}]


@pytest.mark.parametrize(
    "words", ["YTD", "Year to date", "年初来", "с начала года", "cumulative", "kumuliert"]
)
def test_a_year_up_to_nobody_knows_when_is_asked(words: str) -> None:
    for make in PLACES.values():
        with pytest.raises(AmbiguousError, match=r"--period-words .* or --freq year"):
            spans(make(words))
        assert spans(make(words), period_words="January-September") == meant(TO_SEPTEMBER)
        assert spans(make(words), freq="year") == {"2019", "2020"}


@pytest.mark.parametrize("words", ["July-June", "Juli bis Juni", "juillet à juin"])
def test_twelve_months_of_two_years_are_asked(words: str) -> None:
    table = PLACES["title"](words)
    with pytest.raises(AmbiguousError, match=r"--year-ends 6 .*--period-words \"Year beginning July\""):
        spans(table)
    assert spans(table, year_ends=6) == {"2018-07-01/2019-07-01", "2019-07-01/2020-07-01"}
    assert spans(table, period_words="Year beginning July") == {
        "2019-07-01/2020-07-01",
        "2020-07-01/2021-07-01",
    }


FINANCIAL = [
    "FY",
    "Exercice",
    "Ejercicio",
    "年度",
    "会計年度",
    "par année scolaire",
    "Schuljahr",
    "rok obrotowy",
]


@pytest.mark.parametrize("words", FINANCIAL)
def test_words_for_financial_years_alone_are_asked(words: str) -> None:
    for make in PLACES.values():
        with pytest.raises(AmbiguousError, match="--year-ends"):
            spans(make(words))


@pytest.mark.parametrize("words", ["YTD", "累计", "cumulative"])
def test_months_below_year_to_date_are_asked(words: str) -> None:
    table = f'"Exports, {words}"\nCountry,Jan 2020,Feb 2020\n{WIDE}'.encode()
    with pytest.raises(AmbiguousError, match=r'--period-words "Year to date" .* or --freq month'):
        spans(table)
    assert spans(table, period_words="Year to date") == {"2020-01", "2020-01-01/2020-03-01"}
    assert spans(table, freq="month") == {"2020-01", "2020-02"}


def test_a_part_named_beside_financial_years_is_theirs() -> None:
    wanted = {"2018-Q4", "2019-Q4"}
    assert spans(f"Q2,FY2019,FY2020\n{WIDE}".encode(), year_ends=6) == wanted
    assert spans(f'"Revenue, Q2",,\nCountry,Fiscal year,Value\n{LONG}'.encode(), year_ends=6) == wanted


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Revenue, January to September 2019", "2019-01-01/2019-10-01"),
        ("Umsatz 1. bis 3. Quartal 2019", "2019-01-01/2019-10-01"),
        ("Revenue in the first half of 2019", "2019-H1"),
        ("Ventas al 30 de junio de 2019", "2019-06-30"),
        ("Revenue by country, June 2019 YTD", "2019-H1"),
    ],
)
def test_a_title_with_one_year_is_read_to_its_whole_stretch(title: str, expected: str) -> None:
    assert spans(f'"{title}"\nCountry,Value\nUSA,1\n'.encode()) == {expected}


PLAIN = [
    *("annual", "per year", "Jahreswerte", "Source: X, retrieved 30 June 2023", "updated March 2024"),
    *("Census 2011", "Index, December = 100", "Published in June", "Q1 2019 to Q4 2021", "年度数据"),
    *("Data as of 30 June 2023", "Stand: 30.06.2023", "Fiscal balance", "January-December", "Table H1"),
    *("12-month average", "Share of population aged 15-64", "cumulative cases", "May contain estimates"),
    *(
        "Mars exploration budget",
        "at December 2015 prices",
        "Total Jan.-Dec.",
        "Rates per quarter",
        "Season: all",
    ),
]


@pytest.mark.parametrize("words", PLAIN)
def test_words_that_say_nothing_of_periods_are_asked_of_nobody(words: str) -> None:
    for place in ("title", "unit", "value", "above long"):
        assert spans(PLACES[place](words)) == {"2019", "2020"}
    assert spans(DOUBTED["below"](words)) == {"2019", "2020"}
