"""Words that two parts of the room look for mean the same to both."""

from __future__ import annotations

import pytest

from geotrack import periods
from geotrack.usertables import apply, guess
from geotrack.usertables.figures.marks import flags_of
from geotrack.usertables.reading import read
from geotrack.usertables.tidying import namedcolumns
from geotrack.usertables.words.kinds import THING, is_called_part, kind_of
from geotrack.usertables.words.names import CURRENCY

# All figures here are synthetic.


@pytest.mark.parametrize(
    "word", ["Schätzung", "prognoza", "Prognose", "оценка", "预测", "budget", "fcst", "projeção"]
)
def test_a_word_beside_a_figure_says_what_it_says_beside_its_period(word: str) -> None:
    assert flags_of([word], {}) == flags_of(["x"], {"x": word})
    table = read(f"country,year,value,flag\nFrance,2020,1,{word}\nSpain,2020,3,\n".encode(), "t.csv")
    assert (
        apply(table, guess(table, {"unit": "t"}), "s", periods.parse_column)["status"].iloc[0] == "estimated"
    )


@pytest.mark.parametrize(
    "name", ["PIB precios 2015", "PIB prix 2015", "PIB konstant 2015", "PIB prezzi 2015", "GDP prices 2015"]
)
def test_a_year_of_prices_is_no_period_in_any_language(name: str) -> None:
    table = read(f"country,{name},Sales 2020\nFrance,1,5\nSpain,3,6\n".encode(), "t.csv")
    assert name not in namedcolumns.pairs(table)


@pytest.mark.parametrize("names", ["år,månad,dag", "Year,Monat,día", "rok,mês,日", "year,month,day"])
def test_days_in_three_columns_are_found_by_what_these_mean(names: str) -> None:
    table = read(f"country,{names},value\nFrance,2020,1,5,1\nSpain,2020,2,7,3\n".encode(), "t.csv")
    made = apply(table, guess(table, {"unit": "t"}), "s", periods.parse_column)
    assert sorted(made["start"]) == ["2020-01-05", "2020-02-07"]


def test_columns_of_currencies_and_of_parts_of_countries_are_known_by_all() -> None:
    assert {word: kind_of(word) for word in CURRENCY} == dict.fromkeys(CURRENCY, THING)
    for name in ("State", "Province", "Départements", "Comune", "区", "省", "Oblast", "Gemeinde (2020)"):
        assert is_called_part(name) or name == "区"
    assert not any(map(is_called_part, ["Country", "City tax", "Region", "Estado"]))
