"""What unit and names tell of figures: whether they add up over regions, and how they combine over time."""

from __future__ import annotations

import pytest

from geotrack.usertables.words import quantities

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


RATES_BY_NAME = """
BIP pro Kopf | Arbeitslosenquote | Arbeitslosenquote 15-24 | Tasa de desempleo | Prix moyen | GDP
growth | CPI | PIB par habitant | PIB per cápita | Esperanza de vida | Taux de chômage |
Geburtenrate | Verbraucherpreisindex | Bevölkerungsdichte | Durchschnittsalter | Lebenserwartung |
Marktanteil | Strompreis | Densité de population | Part de marché | Espérance de vie | Tasso di
disoccupazione | Prezzo medio | PIL pro capite | Speranza di vita | Taxa de desemprego | Preço médio
| PIB per capita | Densidade populacional | Werkloosheidspercentage | Gemiddelde prijs |
Levensverwachting | BBP per inwoner | Arbeidsparticipatiegraad | Stopa bezrobocia | Średnia płaca |
Gęstość zaludnienia | PKB na mieszkańca | Уровень безработицы | Средняя зарплата | ВВП на душу
населения | Индекс цен | Плотность населения | İşsizlik oranı | Ortalama gelir | Kişi başına GSYH |
Nüfus yoğunluğu | 失业率 | 人均GDP | 平均工资 | 人口密度 | 物価指数 | 失業率 | 一人当たりGDP |
平均寿命 | 실업률 | 1인당 GDP | 인구밀도 |
기대수명 | Median | Yield | Literacy | Temperatur | Edad media | Euro je Einwohner | Fertility rate |
Population growth | Hourly earnings | pH
"""
NO_RATES_BY_NAME = """
Corporate revenue | Corporate tax | Business rates | Rates revenue | Shares outstanding | Share
capital | Separate collection | Generated power | Media revenue | Moyen-Orient | Medio ambiente |
Nobelpreise | Grand Prix wins | Particulate | Ration cards | Produzione per regione | Ventes par
pays | Umsatz je Land | Ingresos por región | Entrate | Operated sites | Indexed funds | Aged care |
Pages | Rückrate | 法律案件 | 功率 | 增长额 | Departures | Partners | Spare parts | Temperate forest | Umsatz
| Bevölkerung | Ventas | Chiffre d’affaires | Fatturato | Omzet | Sprzedaż | Выручка | Satışlar | 收入
| 売上高 | 매출 | Moderate cases | Pirate | Rendimento | Average daily volume
"""


def _names(texts: str) -> list[str]:
    return [" ".join(text.split()) for text in texts.split("|")]


@pytest.mark.parametrize("name", _names(RATES_BY_NAME))
def test_a_word_for_a_rate_is_known_in_thirteen_languages(name: str) -> None:
    assert quantities.rate("", (name,)) is True


@pytest.mark.parametrize("name", _names(NO_RATES_BY_NAME))
def test_a_word_within_another_is_no_rate(name: str) -> None:
    assert quantities.rate("", (name,)) is not True


def test_growth_in_a_unit_of_its_own_is_an_amount() -> None:
    assert quantities.rate("%", ("GDP growth",)) is True
    assert quantities.rate("", ("GDP growth",)) is True
    assert quantities.rate("USD", ("Revenue growth",)) is False
    assert quantities.rate("EUR", ("PIB par habitant",)) is True


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
