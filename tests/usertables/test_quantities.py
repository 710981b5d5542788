"""What unit and names tell of figures: whether they add up over regions, and how they combine over time."""

from __future__ import annotations

import pytest

from geotrack.usertables import quantities

RATES = [
    ("%", ()), ("‰", ()), ("g/kWh", ()), ("gCO2/kWh", ()), ("USD/kWh", ()), ("USD per head", ()), ("°C", ()),
    ("people/km2", ()), ("kg/person", ()), ("km/h", ()), ("m/s", ()), ("beats/min", ()), ("per 1000", ()),
    ("kWh per capita", ("consumption",)), ("years", ("Life expectancy",)), ("USD", ("hash price",)),
    ("", ("Prices",)), ("", ("gdp_per_capita",)), ("", ("population density",)), ("", ("growth-rate",)),
    ("", ("capacity factor",)), ("", ("share",)), ("", ("value", "Median income")), ("", ("失业率",)),
    ("", ("人均收入",)), ("years", ()), ("year", ("Lifespan",)), ("index 2015=100", ()),
    ("points", ("PISA",)), ("percentage points", ()), ("USD", ("Minimum hourly pay",)),
    ("", ("Expected life",)),
    ("", ("Hourly pay",)), ("", ("Years of schooling",)), ("", ("top speed",)),
    ("t", ("CO2 emissions per capita",)), ("t", ("co2_per_capita",)), ("MWh", ("Electricity use per head",)),
    ("MW", ("Capacity per person",)), ("EH/s", ("Hashrate per capita",)),
    ("kg/year", ("Meat supply per capita",)), ("kcal/day", ("Food supply per person",)),
    ("L/day", ("Water use per head",)), ("t", ("Carbon intensity",)),
    ("Mt", ("Average emissions of a plant",)), ("t", ("人均二氧化碳排放",)), ("USD", ("电价",)),
    ("W", ("value", "Power use per household")),
]  # fmt: skip
AMOUNTS = [
    ("EH/s", ()), ("TH/s", ("price",)), ("MW", ("mean capacity",)), ("GWh", ()), ("t/year", ()), ("m3/s", ()),
    ("bbl/d", ()), ("person-years", ()), ("tonne years", ()),
    ("t", ("Production per year",)), ("MW", ("maximum",)),
    ("USD thousand", ("revenue",)), ("", ("hashrate",)), ("", ("hash rate",)), ("", ("hash_rate",)),
    ("", ("corporate revenue",)), ("", ("revenue", "Prices and revenue")), ("", ("算力",)),
    ("", ("装机功率",)),
]  # fmt: skip
OPEN = [
    ("", ("value",)),
    ("hours", ()),
    ("USD", ()),
    ("USD/year", ()),
    ("mm", ("rainfall",)),
    ("", ("iteration",)),
]


@pytest.mark.parametrize(
    ("unit", "names", "told"),
    [
        *((*each, True) for each in RATES),
        *((*each, False) for each in AMOUNTS),
        *((*each, None) for each in OPEN),
    ],
)
def test_unit_and_names_tell_a_rate_from_an_amount(
    unit: str, names: tuple[str, ...], told: bool | None
) -> None:
    assert quantities.rate(unit, names) is told
    kinds = {True: "intensive", False: "extensive", None: "extensive"}
    assert quantities.kind(unit, names, over_time="sum") == kinds[told]
    # nothing is summed that may have no sum
    assert quantities.kind(unit, names, over_time="mean") == ("extensive" if told is False else "intensive")
    for said in ("intensive", "extensive"):
        assert quantities.kind(unit, names, said=said) == said


@pytest.mark.parametrize(
    ("unit", "names", "averaged"),
    [("EH/s", (), True), ("", ("hash rate",), True), ("g/kWh", (), True), ("", ("corporate revenue",), False),
     ("MW", (), False), ("USD", (), False), ("", ("Price",), True)],
)  # fmt: skip
def test_what_is_averaged_over_time_is_told_by_words_not_by_letters(
    unit: str, names: tuple[str, ...], averaged: bool
) -> None:
    assert quantities.averaged(unit, names) is averaged
