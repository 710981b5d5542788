"""A column of dates that is not called as periods are is asked about: independence, founding, an update."""

from __future__ import annotations

import pytest

from geotrack import periods
from geotrack.errors import AmbiguousError
from geotrack.usertables import apply, guess, stated
from geotrack.usertables.periods.names import may_be_the_period
from geotrack.usertables.reading import read

# All figures here are synthetic.

CALLED = (
    "Year|Survey Year|obs_date|TIME_PERIOD|Ref_Date|refDate|Fiscal quarter|Crop year|(no name)|Unnamed: 0|x"
    "|V1"
    "|Berichtsjahr|Stichtag|Erhebungsmonat|Année|Año fiscal|дата|Отчётный год|日期|年份|统计时间"
    "|Quarter ended"
    "|fecha_de_referencia|Week ending|Year ending 30 June|ds|timestamp|Invoice date|Date (UTC)|as of date"
    "|Jahr"
    "|Período|período de referência|Exercice|Financial year ending March"
)
OTHERS = (
    "Year of independence|Founded|Joined EU|Last updated|Date of birth|Gründungsjahr|Baujahr|成立年份|Opened"
    "|Accession|year_built|Updated at|date joined|Launch|Année d'indépendance|Год основания"
)


def spans(table: str, **said: str) -> set[str]:
    found = read(table.encode(), "t.csv")
    how = guess(found, {"unit": "%", **said})
    assert guess(found, stated(how)) == how
    made = apply(found, how, "s", periods.parse_column)
    return {periods.iso(*span) for span in made[["start", "end"]].to_numpy().tolist()}


@pytest.mark.parametrize("name", CALLED.split("|"))
def test_a_column_called_as_periods_are_or_not_at_all_is_the_period(name: str) -> None:
    assert may_be_the_period(name)


@pytest.mark.parametrize("name", OTHERS.split("|"))
def test_a_column_of_other_dates_is_asked_about(name: str) -> None:
    table = f'Country,"{name}",Employees\nGhana,1957,31\nKenya,1963,53\n'
    with pytest.raises(AmbiguousError) as asked:
        spans(table)
    [question] = asked.value.questions
    assert [(choice.option, choice.value) for choice in question.choices] == [
        ("period", name),
        ("period", ""),
    ]
    assert spans(table, period=name) == {"1957", "1963"}
    assert spans(table, period="2022", value="Employees") == {"2022"}


def test_the_year_in_the_name_of_the_figures_beats_it() -> None:
    assert spans("Country,Joined EU,GDP 2022\nGermany,1957,31\nSpain,1986,53\n") == {"2022"}
    assert spans("Country,Founded,2021,2022\nGermany,1957,31,32\n", ignore="Founded") == {"2021", "2022"}
