"""What stands in brackets, after a comma or "in" behind a name is its unit, or stays a part of the name."""

from __future__ import annotations

import pandas as pd
import pytest

import geotrack as gt
from geotrack.usertables.figures.unittexts import parted, says_unit, unit_above, unit_in

IN_BRACKETS = {
    "$000s": "thousand $", "US$ 000": "thousand US$", "£'000": "thousand £", "000 t": "thousand t",
    "1000 t": "thousand t", "1,000 tonnes": "thousand tonnes", "EUR 1 000": "thousand EUR",
    "x 1000": "thousands", "×1000": "thousands", "10^3": "thousands", "10,000 persons": "10 thousand persons",
    "1 000 000 EUR": "million EUR", "per 100,000": "per 100,000", "Rs crore": "Rs crore", "lakh": "lakh",
    "R$ mil": "R$ mil", "Mio. Stück": "Mio. Stück", "miles de euros": "miles de euros",
    "en milliers d’euros": "milliers d’euros", "тыс. чел.": "тыс. чел.", "億円": "億円", "€k": "€k",
    "TWh": "TWh", "USD/kg": "USD/kg", "births per woman": "births per woman",
    "% of population": "% of population",
    "2015 = 100": "2015 = 100", "USD, 2015 prices": "USD, 2015 prices", "hab./km²": "hab./km²", "in %": "%",
    "Mio. t CO2-Äq.": "Mio. t CO2-Äq.", "thousand metric tons": "thousand metric tons",
    "m": "million", "K": "thousand", "m³": "m³",
    "100 million yuan": "100 million yuan",
}  # fmt: skip
BEHIND = {
    " in Mio. EUR": "Mio. EUR", " in thousands": "thousands", " in 1.000": "thousands",
    ", 1000 t": "thousand t",
    ", $ millions": "$ millions", ", EUR/kWh": "EUR/kWh", " en millions d’euros": "millions d’euros",
    " in %": "%", " - USD": "USD",
}  # fmt: skip
NO_UNITS = [
    " (a)", " (1)", " (b)", " (100)", " (2019)", " (male)", " (total)", " (m/f)", " (15-64)", " (Q1)",
    " (net)",
    " (PPP)", " (constant prices)", " (foo 5)", ", total", ", m", " in machines", " in people", ", 15-64",
    " (F)", ", births per woman", ", million visitors",
]  # fmt: skip


@pytest.mark.parametrize(("text", "unit"), [*IN_BRACKETS.items()])
def test_what_stands_in_brackets_is_the_unit_with_powers_of_ten_in_words(text: str, unit: str) -> None:
    assert parted(f"Sales ({text})") == ("Sales", unit)
    assert parted(f"Sales [{text}]") == ("Sales", unit)


@pytest.mark.parametrize(
    ("header", "name", "unit"),
    [
        ("Population (m)", "Population", "million"),
        ("Elevation (m)", "Elevation", "m"),
        ("Value (m)", "Value", "m"),
        ("Temperature (K)", "Temperature", "K"),
        ("Revenue ($m)", "Revenue", "$m"),
        ("Revenue USD (m)", "Revenue", "million USD"),
        ("Revenue, EUR (millions)", "Revenue", "million EUR"),
    ],
)
def test_a_letter_is_a_million_of_what_has_no_metres(header: str, name: str, unit: str) -> None:
    assert parted(header) == (name, unit)


@pytest.mark.parametrize(("text", "unit"), [*BEHIND.items()])
def test_a_unit_stands_after_a_comma_or_in_too(text: str, unit: str) -> None:
    assert parted(f"Sales{text}") == ("Sales", unit)


@pytest.mark.parametrize("text", NO_UNITS)
def test_what_does_not_read_as_a_unit_stays_a_part_of_the_name(text: str) -> None:
    assert parted(f"Sales{text}") == (f"Sales{text}", "")


@pytest.mark.parametrize(
    ("line", "unit", "alone"),
    [("(Dollars in millions)", "million Dollars", True), ("(In millions, unaudited)", "millions", False),
     ("(in thousands, except per share data)", "thousands", False), ("Tausend Euro", "Tausend Euro", True),
     ("% of GDP", "% of GDP", False), ("(amounts in €000)", "thousand €", True), ("Unit: 1000 t",
     "thousand t", True),
     ("Production, 1000 t", "thousand t", False), ("per 100 000 inhabitants",
     "per 100 000 inhabitants", True),
     ("En millions d’euros", "millions d’euros", True), ("тыс. человек", "тыс. человек", True),
     ("Percentage of households with access to the internet", "", False), ("Hectares", "", False),
     ("Million Dollar Baby", "", False), ("Trends in people", "", False), ("(unaudited)", "", False)],
)  # fmt: skip
def test_a_line_above_a_table_says_its_unit(line: str, unit: str, alone: bool) -> None:
    assert (unit_above([line]), says_unit(line)) == (unit, alone)


@pytest.mark.parametrize(
    ("column", "title", "unit"),
    [("Revenue ($000s)", "Revenue", "thousand $"), ("Umsatz in Mio. EUR", "Umsatz", "Mio. EUR"),
     ("Revenue (foo 5)", "Revenue (foo 5) (unit not stated)", "")],
)  # fmt: skip
def test_a_map_shows_what_stands_behind_a_name(column: str, title: str, unit: str) -> None:
    tm = gt.choropleth(pd.DataFrame({"Country": ["France", "Spain"], "Year": 2021, column: [1, 3]}))
    metric = tm.series.metrics[0]
    assert (metric.title, metric.unit) == (title, unit)
    assert unit_in(column) == unit


def test_names_that_brackets_tell_apart_are_metrics_of_their_own() -> None:
    table = pd.DataFrame({"Country": ["France"], "Year": 2021, "People (male)": [1], "People (female)": [3]})
    tm = gt.choropleth(table, value=["People (male)", "People (female)"])
    assert [metric.title.split(" (unit")[0] for metric in tm.series.metrics] == [
        "People (male)",
        "People (female)",
    ]
