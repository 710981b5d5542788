"""Units that a table says twice and otherwise, through `gt.choropleth`: one question, whose answers work."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

import geotrack as gt
from geotrack.errors import AmbiguousError
from geotrack.usertables.words import money

# All figures here are synthetic.

LONG = "Country\tYear\t{}\nGermany\t2020\t5\nFrance\t2020\t6"
WIDE = "{}\t2019\t2020\nGermany\t5\t6\nFrance\t6\t7"
UNIT = "Country\tYear\t{}\tUnit\nGermany\t2020\t5\t{u}\nFrance\t2020\t6\t{u}"
HEADS = "Country\tYear\t{}\t{}\nGermany\t2020\t5\t1\nFrance\t2020\t6\t2"


def book(path: Path, text: str) -> Path:
    """Write a workbook of lines."""
    made = Workbook()
    for line in text.splitlines():
        made.active.append([float(cell) if cell.isdigit() else cell for cell in line.split("\t")])
    made.save(path)
    return path


ASKED = {
    "other scale above": ("Revenue (in thousands)\n" + LONG.format("Revenue (US$ million)"),
                          {"US$ million", "thousands"}),
    "other money above": ("Revenue, USD millions\n" + LONG.format("Revenue (EUR million)"),
                          {"EUR million", "USD millions"}),
    "a scale above money": ("Revenue (in thousands)\n" + LONG.format("Revenue (US$)"),
                            {"thousand US$", "US$", "thousands"}),
    "a scale above persons": ("Population (in thousands)\n" + LONG.format("Population (persons)"),
                              {"thousand persons", "persons", "thousands"}),
    "other scale below": ("Revenue (thousands of US$)\n" + WIDE.format("Country")
                          + "\n\nFigures in millions of US dollars",
                          {"thousands of US$", "millions of US dollars"}),
    "other scale in the corner": ("Revenue (thousands of US$)\n" + WIDE.format("Country (US$ million)"),
                                  {"thousands of US$", "US$ million"}),
    "other prefix": ("Use (in kWh)\n" + LONG.format("Use (GWh)"), {"GWh", "kWh"}),
}  # fmt: skip


@pytest.mark.parametrize(("text", "units"), ASKED.values(), ids=ASKED)
def test_two_units_are_asked_for_and_every_answer_works(text: str, units: set[str], tmp_path: Path) -> None:
    """Of two units that cannot both be, none is taken in silence."""
    path = book(tmp_path / "table.xlsx", text)
    with pytest.raises(AmbiguousError) as error:
        gt.choropleth(path)
    (question,) = error.value.questions
    assert {choice.value for choice in question.choices} == units
    for choice in question.choices:
        read = gt.choropleth(path, unit=choice.value).to_frame()
        assert {*read["unit"]} - {""} == {choice.value}


@pytest.mark.parametrize(("text", "answers"),
    [
        (UNIT.format("Value (EUR)", u="USD"), {"unit": "USD", "ignore": "EUR"}),
        ("Revenue in EUR million\n" + UNIT.format("Value", u="USD thousand"),
         {"unit": "USD thousand", "ignore": "EUR million"}),
    ],
)  # fmt: skip
def test_a_column_of_units_against_the_words_around_it(
    text: str, answers: dict[str, str], tmp_path: Path
) -> None:
    """A column of units is read or left out, as is said."""
    path = book(tmp_path / "table.xlsx", text)
    with pytest.raises(AmbiguousError) as error:
        gt.choropleth(path)
    assert [choice.option for choice in error.value.questions[0].choices] == [*answers]
    for option, unit in answers.items():
        asked: dict[str, Any] = {option: "Unit"}
        assert {*gt.choropleth(path, **asked).to_frame()["unit"]} - {""} == {unit}


def test_a_sign_beside_figures_against_their_header(tmp_path: Path) -> None:
    """Figures in euros under a header of dollars are asked for."""
    path = tmp_path / "table.csv"
    path.write_text("Country,Year,Revenue ($)\nGermany,2020,€5\nFrance,2020,€6\n", encoding="utf-8")
    with pytest.raises(AmbiguousError, match="'€' by the sign beside the figures"):
        gt.choropleth(path)
    path.write_text("Country,Year,Revenue (US$m)\nGermany,2020,$5\nFrance,2020,$6\n", encoding="utf-8")
    assert "US$m" in {*gt.choropleth(path).to_frame()["unit"]}


SILENT = {
    "the same in other words": ("Revenue, USD million\n" + LONG.format("Revenue (US$ m)"), "US$ m"),
    "the same in another language": ("Umsatz in Mio. Euro\n" + LONG.format("Umsatz (Mio. EUR)"), "Mio. EUR"),
    "a line that says less": ("Revenue (£)\n" + LONG.format("Revenue (million £)"), "million £"),
    "a share below amounts": ("Population (in thousands)\n" + LONG.format("Share (%)"), "%"),
    "people said once more": ("Population (thousand people)\n" + LONG.format("Population (thousands)"),
                              "thousands"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "unit"), SILENT.values(), ids=SILENT)
def test_what_agrees_is_not_asked(text: str, unit: str, tmp_path: Path) -> None:
    """A unit that is said twice alike, or of another thing, leaves no doubt."""
    assert unit in {*gt.choropleth(book(tmp_path / "table.xlsx", text)).to_frame()["unit"]}


def test_a_title_of_another_column(tmp_path: Path) -> None:
    """The line above says the unit of the column that has it in its name."""
    text = "Revenue (USD million)\n" + HEADS.format("Staff (thousands)", "Revenue (USD million)")
    path = book(tmp_path / "table.xlsx", text)
    assert "thousands" in {*gt.choropleth(path, value="Staff (thousands)").to_frame()["unit"]}


def test_the_unit_above_several_columns_is_that_of_each(tmp_path: Path) -> None:
    """A unit of the table is not lost where two of its columns are read; no share has it."""
    path = book(tmp_path / "table.xlsx", "in thousands of USD\n" + HEADS.format("Revenue", "Profit"))
    read = gt.choropleth(path, value=["Revenue", "Profit"]).to_frame()
    assert {*read["unit"]} == {"thousands of USD"}
    path = book(tmp_path / "rate.xlsx", "in thousands of USD\n" + HEADS.format("Revenue", "Growth"))
    read = gt.choropleth(path, value=["Revenue", "Growth"]).to_frame()
    assert {metric: {*rows["unit"]} for metric, rows in read.groupby("metric")} == {
        "revenue": {"thousands of USD"},
        "growth": {""},
    }


@pytest.mark.parametrize(("text", "codes"),
    [("US$ million", "USD"), ("kr", "DKK ISK NOK SEK"), ("SEKm", "SEK"), ("C$", "CAD"), ("T€", "EUR"),
     ("people", ""), ("Rs crore", "IDR INR LKR MUR NPR PKR SCR"), ("亿元", "CNY HKD TWD"), ("RMB", "CNY")],
)  # fmt: skip
def test_currencies_of_a_unit(text: str, codes: str) -> None:
    """A sign stands for all currencies that have it."""
    assert sorted(money.currencies_in(text)) == codes.split()
