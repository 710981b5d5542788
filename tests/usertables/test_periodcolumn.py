"""Periods as people write them: read by the whole column, asked about or refused; never read otherwise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geotrack import periods, usertables
from geotrack.errors import AmbiguousError, GeotrackError, ParseError, SpecError
from geotrack.language import timewords
from geotrack.usertables import describe, fits, from_toml, guess, stated, to_toml
from geotrack.usertables.columns.mapping import Mapping
from geotrack.usertables.frame import FrameTable
from geotrack.usertables.periods.column import read
from geotrack.usertables.periods.columnread import Said
from geotrack.usertables.periods.texts import is_period, written
from geotrack.usertables.reading import UserTable
from geotrack.usertables.reading import read as read_table
from geotrack.usertables.words.periodmarks import is_said, said_by

# All figures here are synthetic.


def spans(*texts: str, **said: Any) -> list[str]:
    """The periods of a column in ISO style; a question or a refusal is an error."""
    made = read(texts, Said(**said), "column 'Date'")
    if made.questions:
        raise AmbiguousError(*made.questions)
    if made.lost:
        raise ParseError("; ".join(f"{what}: {lost}" for (what, _), lost in made.lost.items()))
    days = periods.parse_column(pd.Series(made.iso, dtype=object), made.freq or None)
    return [periods.iso(*span) for span in days.itertuples(index=False, name=None)]


def table_of(text: str) -> UserTable:
    return read_table(text.encode(), "t.csv")


def mapped(text: str, **more: Any) -> tuple[Mapping, UserTable]:
    table = table_of(text)
    return guess(table, {"unit": "%", "whole": 100, **more}), table


def rows(text: str, columns: str = "start end value", **more: Any) -> list[list[str]]:
    how, table = mapped(text, **more)
    assert from_toml(to_toml(how), "kept") == how
    assert guess(table, stated(how)) == how
    return usertables.apply(table, how, "s", periods.parse_column)[columns.split()].to_numpy().tolist()


# One text


WRITTEN = {
    "2020": "2020|2020 г.|2020г.|2020.0|[YR2020]|2020 [YR2020]|X2020|CY2020|２０２０|٢٠٢٠|2020年",
    "2020-01": (
        "2020-01|2020/1|2020.01|2020_01|202001|01/2020|1.2020|2020M01|2020M1|2020-M01|2020m1"
        "|M01 2020|X2020.01|Jan-20|Jan 2020|2020-Jan|January 2020|Jan. 2020|Jan'20|JAN20"
        "|2020年1月|２０２０年１月|2020年01月|2020년 1월|2020年一月|1月 2020|enero de 2020|Januar 2020"
        "|Jänner 2020|janv. 2020|январь 2020 г.|tháng 1 2020|มกราคม 2020|يناير 2020"
        "|ιανουάριος 2020|2020 janvier"
    ),
    "2020-Q1": (
        "2020-Q1|2020Q1|2020:Q1|20Q1|1Q20|1Q 2020|Q1/20|Q1 2020|Q1'20|2020Q01|2020K1|2020Q1 [2020Q1]"
        "|1. Quartal 2020|2020年第1季度|2020年第一季度|1T20|1T 2020|I кв. 2020|I квартал 2020 г.|2020年一季度"
        "|1er trimestre 2020|Jan-Mar 2020|Jan–Mar 2020|Jan 2020 - Mar 2020|2020年1-3月|3M 2020"
        "|Three months ended 31 March 2020|Quarter ended March 31, 2020"
    ),
    "2020-H1": "1. Hj. 2020|1 полугодие 2020|2020年上半年|1. Halbjahr 2020|I półrocze 2020|Q1-Q2 2020|6M 2020"
    "|2020H1|1H20|H1/20|H1 2020|2020-S1|S1 2020|2020S1",
    "2020-01-01/2020-10-01": "9M 2020|Q1-Q3 2020|YTD Sep 2020|Nine months ended 30 September 2020",
    "2019-04-01/2020-04-01": "Year ended 31 March 2020|Twelve months ended March 2020|Apr 2019 - Mar 2020",
    "2020-12-31": "2020年末|As at 31 December 2020|as of Dec 31, 2020",
    "2020-01-27/2020-02-03": "2020-W05|2020W5|W05 2020|KW 5 2020|2020-KW05",
    "2020-01-31": (
        "2020-01-31|20200131|2020/1/31|2020.01.31.|31 Jan 2020|31-Jan-20|Jan 31, 2020|January 31st 2020"
        "|31. Januar 2020|31 de enero de 2020|31.01.2020|1/31/20|31/1/2020|2020年1月31日|X1.31.20"
        "|2020-01-31T00:00:00Z|2020-01-31 00:00:00+08:00|1/31/2020 12:00:00 AM|31.01.2020 0:00"
    ),
}


@pytest.mark.parametrize(
    ("text", "iso"), [(text, iso) for iso, texts in WRITTEN.items() for text in texts.split("|")]
)
def test_a_period_is_read_however_it_is_written(text: str, iso: str) -> None:
    assert spans(text, freq="day") == [iso]
    assert is_period(text)


@pytest.mark.parametrize(
    "text",
    [
        "2020 YTD", "2020-Q5", "2020-13", "30 Feb 2020", "30.02.2020", "13/13/2020",
        "21-Jan", "1/20", "2020.1", "43831.5", "ม.ค. 63", "ม.ค. 2563", "令和2年", "109年1月", "2020 [YR2019]",
        "20201", "2020-T1", "Year ended 30 March 2020", "Mar-Jan 2020", "3. Hj. 2020", "Foo-Bar 2020",
        "7M 2020",
        "2019-12-31 23:00", "2020-01-31T12:00Z", "1/31/2020 12:00 PM", "1/31/2020 12:00", "Foo 2020",
        "2020-W54", "19", "MA-10", "1月20", "1990s",
    ],
)  # fmt: skip
def test_what_is_no_period_beyond_doubt_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        spans(text)


@pytest.mark.parametrize(
    "text",
    [
        "1500",
        "43831",
        "12345",
        "Q122",
        "S112",
        "12K1",
        "MA-10",
        "Total",
        "2",
        "USA",
        "Q1",
        "1.5",
        "2,020",
        "May",
        "A1",
    ],
)
def test_what_does_not_look_like_a_period(text: str) -> None:
    assert not is_period(text)


# The order of day, month and year


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["11/1/19", "12/1/19", "1/1/20"], ["2019-11", "2019-12", "2020-01"]),
        (["1/10/19", "1/1/20", "1/4/20"], ["2019-Q4", "2020-Q1", "2020-Q2"]),
        (["11/01/19", "12/01/19", "01/01/20"], ["2019-11", "2019-12", "2020-01"]),
        (["31.01.2024", "29.02.2024"], ["2024-01", "2024-02"]),
        (["31.12.20", "31.01.21", "28.02.21"], ["2020-12", "2021-01", "2021-02"]),
        (
            [f"01.{n:02d}.{y}" for y in (19, 20) for n in (1, 4, 7, 10)],
            [f"20{y}-Q{n}" for y in (19, 20) for n in (1, 2, 3, 4)],
        ),
        (["1/2/2020", "2/2/2020", "13/2/2020"], ["2020-02-01", "2020-02-02", "2020-02-13"]),
        (["1/22/20", "2/3/20"], ["2020-01-22", "2020-02-03"]),
        (["1/1/2020", "2/2/2020"], ["2020-01-01", "2020-02-02"]),
        (["1/22/69", "1/22/68"], ["1969-01-22", "2068-01-22"]),
        # With the year in front these were days of 2001 and 2013, or of 2013, 2014 and 2015, or of 2031.
        (["01.02.22", "13.02.22"], ["2022-02-01", "2022-02-13"]),
        (["13.02.22", "14.02.22", "15.02.22"], ["2022-02-13", "2022-02-14", "2022-02-15"]),
        (["01.02.20", "31.12.20"], ["2020-02-01", "2020-12-31"]),
    ],
)
def test_dates_are_read_in_the_one_order_that_fits_them_all(texts: list[str], expected: list[str]) -> None:
    assert spans(*texts) == expected


@pytest.mark.parametrize(
    "texts",
    [
        ["9/1/19", "10/1/19"],  # two dates are no evidence
        [f"{n}/1/19" for n in range(1, 13)],  # the months of a year, or the first twelve days of January
        ["5/1/19", "6/1/19", "3/1/20"],  # three days of Januaries, or months without a step
        ["1/2/2020", "3/4/2020"],
        ["22/03/28", "22/06/25"],  # 2028-03-22, 2025-06-22 as well
        ["10-02-22", "20-02-22"],
        ["10/02/28", "20/02/29", "15/03/28"],  # 2010-02-28, 2020-02-29, which end months, as well
    ],
)
def test_dates_that_fit_several_orders_are_asked_about(texts: list[str]) -> None:
    with pytest.raises(AmbiguousError, match=r"--dates (mdy|dmy) \(") as error:
        spans(*texts)
    [question] = error.value.questions
    assert len({choice.means for choice in question.choices}) == len(question.choices) > 1
    for choice in question.choices:
        assert spans(*texts, dates=choice.value)


def test_dates_of_which_each_order_misses_some_are_refused() -> None:
    with pytest.raises(ParseError, match=r"no date as month/day/year beside '1/13/2020': .*'13/1/2020'"):
        spans("1/2/2020", "1/13/2020", "13/1/2020")
    with pytest.raises(ParseError, match=r"no date as day/month/year: .*'1/13/2020'"):
        spans("1/2/2020", "1/13/2020", dates="dmy")


def test_dates_that_a_spreadsheet_may_have_turned_are_refused() -> None:
    """Of 12/1/2019 and 13/1/2019 it makes 1 December and leaves a text."""
    with pytest.raises(ParseError, match="a spreadsheet may have mistaken"):
        spans("2019-12-02", "13/1/2019")
    assert spans("2019-12-22", "13/1/2019") == ["2019-12-22", "2019-01-13"]


def test_numbers_of_days_are_read_if_it_is_said() -> None:
    with pytest.raises(AmbiguousError, match=r"--dates serial \(43831 = 1 January 2020, 43862 = 1 February"):
        spans("43831", "43862")
    assert spans("43831", "43862", dates="serial") == ["2020-01", "2020-02"]
    with pytest.raises(AmbiguousError, match="'43831', '43862' may be the numbers that Excel has for days"):
        mapped("country,43831,43862\nUSA,1,2\n")
    assert rows("country,43831,43862\nUSA,1,2\n", dates="serial")[1] == ["2020-02-01", "2020-03-01", "2"]


def test_firsts_of_months_stand_for_months_beside_months_and_are_asked_about_beside_longer_ones() -> None:
    assert spans("2019-09-01", "2019-10-01", "Nov-19") == ["2019-09", "2019-10", "2019-11"]
    with pytest.raises(
        AmbiguousError, match=r"--freq year \(2020-01-01 = the year around it\) or --freq day"
    ):
        spans("2020-01-01", "2021")
    with pytest.raises(AmbiguousError, match="--freq month"):
        spans("2020-01-31", "Feb-20")
    assert spans("2020-01-02", "Feb-20") == ["2020-01-02", "2020-02"]


# Financial years


BOTH = (
    "2009/10 2010/11|2009-10 2010-11|2009–10 2010–11|200910 201011|2009-10"
    "|2009/10p 2010/11e|X2009.10 X2010.11"
)
FINANCIAL = (
    "2009-10 2018-19|FY2009-10 FY2010-11|FY2009/10|2009-2010 2010-2011|2009/2010|FY2010 FY2011|FY10|1999-00"
)


@pytest.mark.parametrize("column", [*BOTH.split("|"), *FINANCIAL.split("|")])
def test_financial_years_are_read_by_one_rule_however_they_are_written(column: str) -> None:
    texts = column.split()
    with pytest.raises(AmbiguousError, match="--year-ends") as error:
        spans(*texts)
    year = 2000 + int(texts[0].strip("pe")[-2:])
    assert spans(*texts, year_ends=6)[0] == f"{year - 1}-07-01/{year}-07-01"
    months = any(choice.option == "freq" for choice in error.value.questions[0].choices)
    assert months == (column in BOTH.split("|"))
    if months:
        assert spans(*texts, freq="month")[0] == "2009-10"


def test_a_year_in_a_column_of_months_is_a_month() -> None:
    assert spans("2009-09", "2009-10", "2009-11") == ["2009-09", "2009-10", "2009-11"]
    assert spans("2019-09", "2019-10", "2019-11") == ["2019-09", "2019-10", "2019-11"]
    assert spans("2009-10", "Nov 2009") == ["2009-10", "2009-11"]
    with pytest.raises(ParseError, match=r"in a column that has both: .*'2009-10'"):
        spans("2009-09", "2009-10", "2018-19", year_ends=6)


def test_the_month_in_which_a_year_ends_must_be_one_that_it_can_end_in() -> None:
    assert spans("FY2020", "2021", year_ends=12) == ["2020", "2021"]
    with pytest.raises(ParseError, match="a year that does not end in December"):
        spans("2009/10", "2010/11", year_ends=12)
    with pytest.raises(SpecError, match="year_ends = 13; expected the month"):
        mapped("country,2009/10\nUSA,1\n", year_ends=13)


def test_a_column_that_is_called_a_financial_year_has_no_years_of_the_calendar() -> None:
    text = "country,Fiscal Year,share\nUSA,2019,1\n"
    with pytest.raises(AmbiguousError, match=r"--year-ends 12 \(2019 = January to December 2019\)"):
        mapped(text)
    assert rows(text, year_ends="9") == [["2018-10-01", "2019-10-01", "1"]]


@pytest.mark.parametrize(
    ("text", "month", "expected"),
    [
        *(
            (text, 6, "2019-Q3")
            for text in ("Q1 FY20", "1Q FY2020", "Q1FY20", "FY20Q1", "Q1 2019/20", "2019-20 Q1")
        ),
        ("H2 FY2020", 6, "2020-H1"),
        ("Q1 FY20", 12, "2020-Q1"),
        ("Q4 FY2020", 1, "2019-11-01/2020-02-01"),
        ("2019年度", 3, "2019-04-01/2020-04-01"),  # named by the year in which it begins
        ("2019年度", 12, "2019"),
    ],
)
def test_parts_of_financial_years_are_those_of_the_year_that_is_said(
    text: str, month: int, expected: str
) -> None:
    with pytest.raises(AmbiguousError, match="--year-ends"):
        spans(text)
    assert spans(text, year_ends=month) == [expected]


@pytest.mark.parametrize(
    ("header", "cells", "month", "expected"),
    [
        ("Fiscal Year,Quarter", "2020,Q1", 6, "2019-Q3"),
        ("FY,Quarter", "FY2020,1", 3, "2019-Q2"),
        ("Financial Year,Quarter", "2019/20,Q1", 3, "2019-Q2"),
        ("Geschäftsjahr,Quartal", "2020,2", 9, "2020-Q1"),
        ("exercice,trimestre", "2020,4", 6, "2020-Q2"),
        ("Fiscal Year,Month", "2020,10", 9, "2019-10"),
        ("Fiscal Year,Month", "2020,September", 9, "2020-09"),
        ("Fiscal Year,Fiscal Month", "2020,10", 9, "2020-07"),
        ("Year,Quarter", "FY20,1", 6, "2019-Q3"),
        ("年度,月", "2019,4", 3, "2019-04"),
        ("年度,月", "2019,3", 3, "2020-03"),
    ],
)
def test_a_financial_year_beside_its_part_asks_when_it_ends(
    header: str, cells: str, month: int, expected: str
) -> None:
    text = f"{header},country,share\n{cells},USA,1\n"
    with pytest.raises(AmbiguousError, match=r"parts of financial years, .*--year-ends"):
        mapped(text)
    assert [periods.iso(*row) for row in rows(text, "start end", year_ends=month)] == [expected]
    given = rows(text, "start end", year_ends=month, period=header.split(","))
    assert [periods.iso(*row) for row in given] == [expected]


# What days stand for


@pytest.mark.parametrize(
    ("texts", "freqs"),
    [
        ("2021-12-31", "year half quarter month day"),
        ("2021-01-01", "year half quarter month day"),
        ("2021-05-31", "month day"),
        ("2021-06-30 2021-12-31", "half quarter month day"),
        ("2020-01-01 2020-04-01", "quarter month day"),
        ("2020-03-31 2020-09-30 2021-03-31", "quarter month day"),
        ("2020-02-29 2020-05-31 2020-08-31", "month day"),
        ("2020-1 2020-2", "month quarter half"),
        ("2020-1 2020-2 2020-3 2020-4 2021-1", "month quarter"),
    ],
)
def test_few_days_that_may_stand_for_longer_times_are_asked_about(texts: str, freqs: str) -> None:
    with pytest.raises(AmbiguousError) as error:
        spans(*texts.split())
    choices = error.value.questions[0].choices
    assert [choice.value for choice in choices] == freqs.split()
    assert {choice.option for choice in choices} == {"freq"}
    read_as = [tuple(spans(*texts.split(), freq=freq)) for freq in freqs.split()]
    assert len({*read_as}) == len(read_as)


@pytest.mark.parametrize("texts", ["2019-03-31 2020-03-31", "2018-04-01 2019-04-01"])
def test_the_same_day_of_each_year_may_be_that_of_a_year_of_its_own(texts: str) -> None:
    with pytest.raises(
        AmbiguousError, match=r"--year-ends 3 \(.* = April 2018 to March 2019\) or .*--freq month"
    ):
        spans(*texts.split())
    assert spans(*texts.split(), year_ends=3) == ["2018-04-01/2019-04-01", "2019-04-01/2020-04-01"]
    assert spans(texts.split(maxsplit=1)[0], year_ends=3) == ["2018-04-01/2019-04-01"]


def test_what_days_stood_for_is_remembered_for_the_next_file() -> None:
    quarters = "".join(f"USA,2020-{month}-01,1\n" for month in ("01", "04", "07"))
    how, _ = mapped("country,date,share\n" + quarters)
    assert how.freq == "quarter"
    later = table_of("country,date,share\nUSA,2020-10-01,1\n")
    made = usertables.apply(later, how, "s", periods.parse_column)
    assert made[["start", "end"]].to_numpy().tolist() == [["2020-10-01", "2021-01-01"]]


# Names


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["listopad 2020", "prosinac 2020"], ["2020-10", "2020-12"]),  # Croatian
        (["listopad 2020", "grudzień 2020"], ["2020-11", "2020-12"]),  # Polish
        (["Jan 2020", "Fev 2020", "Mai 2020"], ["2020-01", "2020-02", "2020-05"]),
        (["Mar 2020", "May 2020"], ["2020-03", "2020-05"]),
        (
            ["März 2020", "mars 2020"],
            ["2020-03", "2020-03"],
        ),  # no language has both, and nobody another March
        (["2020T1", "2020T4"], ["2020-Q1", "2020-Q4"]),
    ],
)
def test_the_whole_column_tells_the_language(texts: list[str], expected: list[str]) -> None:
    assert spans(*texts) == expected


def test_a_name_that_means_two_months_is_refused() -> None:
    with pytest.raises(ParseError, match=r"a month that differs by language, .*'listopad 2020'"):
        spans("listopad 2020")


@pytest.mark.parametrize(
    "column",
    [
        "2022 gas", "2022 col", "set 2022", "2022 avg", "can 2022", "2022 no", "2022 gen",
        "2022 pro", "out 2022",
        "2022 avg 2021 avg", "avg 2020 dec 2020", "2020 gas 2020 col", "set 2020 jan 2020",
    ],
)  # fmt: skip
def test_a_word_of_tables_is_a_month_of_no_language(column: str) -> None:
    """ "avg" is August in Slovenian, but an average beside an English December."""
    words = column.split()
    with pytest.raises(ParseError):
        spans(*(" ".join(words[n : n + 2]) for n in range(0, len(words), 2)))


@pytest.mark.parametrize(
    "column", ["set 2020|out 2020", "gen 2020|ago 2020", "avg 2020|okt 2020", "lut 2020|kwi 2020"]
)
def test_a_word_of_tables_is_a_month_beside_another_of_its_language(column: str) -> None:
    assert all(len(iso) == 7 for iso in spans(*column.split("|")))


ESTIMATED = (
    "est est. estimate estimated Estimates (e) (est.) e E forecast f F proj projection budget Prognose 预测"
)
REPORTED = "prov prov. provisional prelim. preliminary (p) p v vorläufig rev. revised r actual a A final"


def test_words_beside_a_year_say_what_its_figures_are() -> None:
    for words, status in ((ESTIMATED, "estimated"), (REPORTED, "")):
        for word in words.split():
            forms = [f"2022 {word}", f"2022{word}"] + [f"{word} 2022"] * (len(word.strip("().")) > 1)
            for form in forms:
                said = written(form)
                assert (said.kind, said.iso) == ("plain", "2022"), form
                assert said_by(said.mark)[0] == status, form
                assert said_by(said.mark)[1], form
    assert spans("Q1 2022 est.", "Mar 2022 (prov.)", "est. 2022-05") == ["2022-Q1", "2022-03", "2022-05"]


@pytest.mark.parametrize(
    "column", ["Jan-01 Jan-02 Jan-03 Jan-04", "Sep-15 Sep-22 Sep-29 Oct-06 Oct-13", "Sep-15 Oct-31 Nov-15"]
)
def test_days_without_a_year_are_not_taken_for_months_in_silence(column: str) -> None:
    with pytest.raises(
        AmbiguousError, match=r"or days of months without their year; say which: --freq month \("
    ):
        spans(*column.split())
    assert spans(*column.split(), freq="month")[0].startswith("20")
    assert len(spans(*(f"{name[:3]}-{year}" for year in range(11, 22) for name in periods.MONTHS))) == 132


def test_months_of_every_language_are_read_back() -> None:
    from babel import Locale

    codes = "de fr es pt it nl pl ru uk tr el ar he hi zh ja ko vi th id sv fi hu cs hr lt bg fa sw ro de_AT"
    for code in codes.split():
        for context in ("format", "stand-alone"):
            names = Locale.parse(code).months[context]["wide"]
            assert spans(*(f"{names[n]} 2021" for n in names)) == [f"2021-{n:02d}" for n in names], code


# Two columns


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Year,Month,Country,Share\n2019,9,China,1\n2019,10,China,2\n", ["2019-09", "2019-10"]),
        ("Month,Year,Country,Share\nSep,2019,China,1\nOct,2019,China,2\n", ["2019-09", "2019-10"]),
        ("Country,Year,Quarter,Share\nChina,2019,1,1\nChina,2019,Q2,2\n", ["2019-Q1", "2019-Q2"]),
        ("Country,Year,Half,Share\nChina,2019,H1,1\nChina,2019,H2,2\n", ["2019-H1", "2019-H2"]),
        ("Land,Jahr,Monat,Anteil\nChina,2019,März,1\nChina,2019,Mai,2\n", ["2019-03", "2019-05"]),
        ("pays,Année,Trimestre,part\nChine,2019,1,1\nChine,2019,T2,2\n", ["2019-Q1", "2019-Q2"]),
        ("Country,Year,Period,Share\nChina,2019,M01,1\nChina,2019,M02,2\n", ["2019-01", "2019-02"]),
        ("国家,年,月,值\nChina,2019,1,1\nChina,2019,2月,2\n", ["2019-01", "2019-02"]),
        ("Country,Year,Week,Share\nChina,2020,53,1\n", ["2020-12-28/2021-01-04"]),
        ("Country,Year,Month,Date,Share\nChina,2019,9,2019-12,1\n", ["2019-12"]),  # a whole period goes first
        ("Country,Year,Month,Share\nChina,2019,2020-09,1\n", ["2020-09"]),
    ],
)
def test_a_year_and_its_part_make_a_period(text: str, expected: list[str]) -> None:
    assert [periods.iso(*row) for row in rows(text, "start end")] == expected


def test_two_columns_may_be_given_in_either_order() -> None:
    text = "c,a,b,share\nUSA,Jan,2019,2\nUSA,Feb,2020,3\n"
    for said in (["a", "b"], ["b", "a"]):
        how, table = mapped(text, period=said, region="c")
        assert (how.period, how.part) == ("b", "a")
        assert (
            "period = columns 'b' and 'a': '2019 Jan' = January 2019, '2020 Feb' = February 2020"
            in describe(how, table)
        )
    with pytest.raises(SpecError, match="period: 3 columns are given"):
        mapped(text, period=["a", "b", "c"])
    with pytest.raises(SpecError, match="period = 'd' is no column"):
        mapped(text, period=["a", "d"])


def test_a_year_and_what_is_no_part_of_it_are_refused_by_row() -> None:
    text = "Country,Year,Month,Share\nChina,2019,1,1\nChina,2019,13,2\n"
    with pytest.raises(
        ParseError, match="columns 'Year' and 'Month': 1 cell is no year with a part of it: row 3: '2019 13'"
    ):
        rows(text, period=["Year", "Month"])
    with pytest.raises(ParseError, match="column 'Month': 1 cell is empty, beside a figure: row 3"):
        rows("Country,Year,Month,Share\nChina,2019,1,1\nChina,2019,,2\n")
    with pytest.raises(
        ParseError, match="the header of 'b' saying which of them: Month, Quarter, Half or Week"
    ):
        rows("country,a,b,share\nChina,2019,1,1\n", period=["a", "b"])
    with pytest.raises(AmbiguousError, match=r"column 'Tag' has the days .* --ignore Tag"):
        rows("Country,Year,Month,Tag,Share\nChina,2019,1,5,1\n")


# Headers, and marks


def test_what_stands_behind_a_period_is_told_of_its_figures() -> None:
    head = "Country,2017*,2018,2019 (1),2020p,2021e,2022 (forecast)\n"
    assert rows(f"{head}USA,1,2,3,4,5,6\n", "start status note") == [
        ["2017-01-01", "reported", "mark '*' on the period"],
        ["2018-01-01", "reported", ""],
        ["2019-01-01", "reported", "mark '(1)' on the period"],
        ["2020-01-01", "reported", "provisional"],
        ["2021-01-01", "estimated", "estimated"],
        ["2022-01-01", "estimated", "forecast"],
    ]
    long = "USA,2020M01e,1,,x\nUSA,2020M02¹,2,derived,\nUSA,2020M03e,3,lower bound,\n"
    assert rows(f"country,month,share,status,note\n{long}", "start status note") == [
        ["2020-01-01", "estimated", "x; estimated"],
        ["2020-02-01", "derived", "mark '¹' on the period"],
        ["2020-03-01", "lower bound", "estimated"],
    ]


def test_a_column_of_numbers_beside_periods_is_read_or_asked_about() -> None:
    text = "Country,iso_code,2018,2019,2020 YTD,Total\nUSA,840,1,2,3,4\n"
    with pytest.raises(AmbiguousError, match="column '2020 YTD'; say which: --ignore") as error:
        mapped(text)
    assert [one.choices[0].value for one in error.value.questions] == ["2020 YTD", "Total"]
    assert len(rows(text, ignore=["2020 YTD", "Total"])) == 2
    how, table = mapped(text, ignore=["2020 YTD", "Total"])
    assert fits(how, table) == []
    assert "left out, as said: '2020 YTD', 'Total'" in describe(how, table)
    with pytest.raises(SpecError, match="ignore = 'x' is no column"):
        mapped(text, ignore=["x"])


@pytest.mark.parametrize(
    "header", ["X2018", "20Q1", "Jan-21", "1Q22", "2020M01", "2020¹", "1/23/20", "Nov-19"]
)
def test_no_header_is_dropped_beside_those_that_are_read(header: str) -> None:
    assert len(rows(f"Country,2017,2016,{header}\nUSA,1,2,3\n")) == 3


def test_it_is_said_how_periods_were_read() -> None:
    how, table = mapped("country,date,share\nUSA,9/1/19,1\nUSA,10/13/19,2\n")
    lines = describe(how, table)
    assert "period = column 'date': '9/1/19' = 1 September 2019, '10/13/19' = 13 October 2019" in lines
    assert "dates read as month/day/year: the only order that fits all of them" in lines
    assert "years of two digits: 00 to 68 are 2000 to 2068, 69 to 99 are 1969 to 1999" in lines
    how, table = mapped("country,month,share\nUSA,2019-09,1\nUSA,2019-10,2\n")
    assert "period = column 'month': '2019-09', '2019-10'" in describe(how, table)


def test_all_that_is_open_is_asked_at_once() -> None:
    with pytest.raises(AmbiguousError) as error:
        mapped("country,2009/10,2010/11,1/2/20,Total\nUSA,1,2,3,4\n")
    options = [question.choices[0].option for question in error.value.questions]
    assert sorted(options) == ["dates", "ignore", "year_ends"]


def test_a_time_of_day_is_never_cut_off_and_a_frame_is_no_exception() -> None:
    stamps = ["2019-12-31 23:00", "2020-01-31 23:00"]
    for column in (pd.Series(pd.to_datetime(stamps)), pd.Series(pd.to_datetime(stamps, utc=True))):
        with pytest.raises(ParseError, match="2 cells are no period"):
            periods.parse_column(column)
    with pytest.raises(ParseError, match="2 cells are a day with a time that is not midnight"):
        rows(f"country,date,share\nUSA,{stamps[0]},1\nUSA,{stamps[1]},2\n")


# Days of large tables are read at once


@pytest.mark.parametrize(
    ("text", "iso"),
    [("2011-02-28", "2011-02-28"), ("2000-02-29", "2000-02-29"), ("2199-12-31", "2199-12-31"),
     ("2011-02-30", ""), ("2011-13-01", ""), ("2010-11-12", "2010-11-12")],
)  # fmt: skip
def test_days_in_iso_style_are_days_of_the_calendar(text: str, iso: str) -> None:
    assert (written(text).iso, written(text).kind) == (iso, "plain" if iso else "")
    assert written(f" {text} ") == written(text)


# Whatever is written


def _names(form: str) -> Callable[[int, int], str]:
    return lambda y, n: form.format(
        y=y, yy=y % 100, n=n, name=periods.MONTHS[n - 1], abbr=periods.MONTHS[n - 1][:3]
    )


_OF_PARTS = {
    "month": (12, (
        "{y}-{n:02d}|{y}/{n}|{y}.{n:02d}|{y}{n:02d}|{n:02d}/{y}|{y}M{n:02d}|{y}-M{n}|{abbr}-{yy:02d}"
        "|{abbr} {y}|{name} {y}|{y}-{abbr}|{y}年{n}月|[{y}M{n:02d}]|X{y}.{n:02d}|{y}-{n:02d}p"
        "|{n}/1/{y}|1/{n}/{y}|{n}/1/{yy:02d}|01.{n:02d}.{yy:02d}|{y}-{n:02d}-01"
        "|{abbr}'{yy:02d}*|1 {abbr} {y}|{y}{n:02d}01|{y}-{n:02d}-01 00:00:00|{n}/1/{y} 0:00"
    )),
    "quarter": (4, "{y}-Q{n}|{y}Q{n}|{yy:02d}Q{n}|{n}Q{yy:02d}|Q{n}/{yy:02d}|Q{n} {y}|{y}T{n}|{y}Q{n}e"),
    "half": (2, "{y}H{n}|H{n} {y}|{n}H{yy:02d}|{y}-S{n}|S{n}/{yy:02d}|{y}S{n} (p)"),
    "year": (1, "{y}|[YR{y}]|{y} [YR{y}]|X{y}|CY{y}|{y}p|{y}¹|{y} (2)"),
}  # fmt: skip
_FREQ = {"month": 1, "quarter": 3, "half": 6, "year": 12}


@st.composite
def columns(draw: st.DrawFn) -> tuple[list[str], list[tuple[str, str]], str]:
    freq = draw(st.sampled_from([*_OF_PARTS]))
    most, forms = _OF_PARTS[freq]
    form = draw(st.sampled_from(forms.split("|")))
    years = st.integers(1969, 2068)
    first = draw(years)
    near = st.one_of(years, st.integers(first, min(first + 3, 2068)))
    parts = draw(st.lists(st.tuples(near, st.integers(1, most)), min_size=1, max_size=14, unique=True))
    expected = []
    for y, n in parts:
        start = dt.date(y, (n - 1) * _FREQ[freq] + 1, 1)
        after = start.year * 12 + start.month - 1 + _FREQ[freq]
        expected.append((start.isoformat(), dt.date(after // 12, after % 12 + 1, 1).isoformat()))
    return [_names_of(freq)(form)(y, n) for y, n in parts], expected, freq


def _names_of(freq: str) -> Callable[[str], Callable[[int, int], str]]:
    if freq == "month":
        return _names
    return lambda form: lambda y, n: form.format(y=y, yy=y % 100, n=n)


@settings(deadline=None)
@given(columns(), st.booleans())
def test_any_periods_in_any_style_are_read_back_or_refused(
    column: tuple[list[str], list[tuple[str, str]], str], say: bool
) -> None:
    texts, expected, freq = column
    assume(len({*texts}) == len(texts))
    try:
        text = "\n".join(["c;p;v", *(f"USA;{text};1" for text in texts)])
        read_back = rows(text, "start end", region="c", period="p", value="v", freq=freq if say else "")
    except GeotrackError:
        return
    found = [tuple(row) for row in read_back]
    if (
        not say and freq == "month"
    ):  # firsts of months in some months only may be longer periods, as in any table
        assert [start for start, _ in found] == [start for start, _ in expected]
    else:
        assert found == expected


_FORMS = "%m/%d/%Y|%d/%m/%Y|%d.%m.%y|%m/%d/%y|%y-%m-%d|%d %b %Y|%Y%m%d|%d-%b-%y"


@settings(deadline=None)
@given(
    st.lists(st.dates(dt.date(1990, 1, 1), dt.date(2030, 12, 31)), min_size=1, max_size=8, unique=True),
    st.sampled_from(_FORMS.split("|")),
)
def test_any_days_in_any_order_are_read_back_or_asked_about(days: list[dt.date], form: str) -> None:
    texts = [day.strftime(form) for day in days]
    january = {day.month for day in days} == {1} and all(day.day <= 12 for day in days)
    assume(not january)  # days of several Januaries and no other month are taken for months, and it is said
    try:
        found = spans(*texts, freq="day")
    except GeotrackError:
        return
    assert found == [day.isoformat() for day in days]


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=12))
def test_any_text_is_a_period_or_none(text: str) -> None:
    assert is_period(text) in (True, False)
    try:
        spans(text)
    except GeotrackError:
        return


def test_no_language_s_months_are_read_as_others() -> None:
    languages: dict[str, dict[str, int]] = {}
    for word in timewords.words():
        assert timewords.meanings(word), "not looked up: it has three digits, or no letter"
        for code, what in timewords.meanings(word).items():
            for n in (n for kind, n in what if kind == "month"):
                languages.setdefault(code, {})[word] = n
    read_back = 0
    for names in languages.values():
        texts = [f"{name} 2021" for name in names if not is_said(name)]  # "est 2021" is an estimate
        made = read(texts, Said(), "column 'Date'")
        assert {*made.iso} <= {"", *(f"2021-{n:02d}" for n in range(1, 13))}
        assert all(
            iso in ("", f"2021-{names[text[:-5]]:02d}") for iso, text in zip(made.iso, texts, strict=True)
        )
        read_back += all(made.iso)
    assert read_back > len(languages) * 0.8


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"Year": [2019, 2019], "Month": [9, 10]}, ["2019-09", "2019-10"]),
        ({"Year": [2019.0, 2020.0]}, ["2019", "2020"]),
        ({"Date": ["31.01.2024", "29.02.2024"]}, ["2024-01", "2024-02"]),
        ({"Date": pd.period_range("2019-09", periods=2, freq="M")}, ["2019-09", "2019-10"]),
        (
            {"Date": pd.to_datetime(["2019-09-01", "2019-10-01"]).tz_localize("Asia/Tokyo")},
            ["2019-09", "2019-10"],
        ),
        ({"Date": [dt.date(2019, 9, 1), dt.date(2019, 10, 2)]}, ["2019-09-01", "2019-10-02"]),
    ],
)
def test_a_frame_is_read_by_the_same_road(data: dict[str, Any], expected: list[str]) -> None:
    table = FrameTable(pd.DataFrame({"country": ["USA", "CHN"], **data, "share": [1.5, 2.5]})).table
    made = usertables.apply(table, guess(table, {"unit": "%"}), "s", periods.parse_column)
    assert [periods.iso(*span) for span in made[["start", "end"]].to_numpy().tolist()] == expected


def test_headers_of_a_frame_are_read_by_the_same_road() -> None:
    frame = pd.DataFrame([["USA", 1, 2, 3]])
    frame.columns = ["country", pd.Timestamp("2019-09-01"), pd.Timestamp("2019-10-01"), "Nov-19"]
    table = FrameTable(frame).table
    made = usertables.apply(table, guess(table, {"unit": "%"}), "s", periods.parse_column)
    assert made["end"].tolist() == ["2019-10-01", "2019-11-01", "2019-12-01"]


def test_headers_in_many_languages_tell_what_a_column_holds() -> None:
    known = {
        "year": "Year|Jahr|Año|год|AN|年份",
        "month": "Monat|mes|月份|Mois",
        "quarter": "Quartal|trimestre",
        "half": "Semestre|Half year",
        "week": "KW|Week",
        "": "Country|Share|Ort|Land",
    }
    assert {
        kind: [timewords.field(header) for header in headers.split("|")] for kind, headers in known.items()
    } == {kind: [kind] * len(headers.split("|")) for kind, headers in known.items()}


@pytest.mark.parametrize(
    ("texts", "what", "freq"),
    [
        (["2566", "2567"], "Buddhist calendar", "year"),
        (["2566-01", "2566-02"], "Buddhist calendar", "month"),
        (["1423", "1424"], "Islamic or Persian", "year"),
        (["2300"], "another calendar", "year"),
        (["0112"], "another calendar", "year"),
    ],
)
def test_years_of_another_calendar_are_asked_about(texts: list[str], what: str, freq: str) -> None:
    with pytest.raises(AmbiguousError, match=f"{what}.*--freq {freq} "):
        spans(*texts)
    assert spans(*texts, freq=freq) == texts
    assert spans("1500", "1820", "2020") == ["1500", "1820", "2020"]
