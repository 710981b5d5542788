"""What columns that nothing is read from say of figures; units around a table; regions as columns."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import geotrack as gt
from geotrack.errors import AmbiguousError
from geotrack.timemap import TimeMap


def figures(tm: TimeMap) -> list[tuple[str, str, float, str]]:
    told = tm.to_table(".csv").decode("utf-8-sig").splitlines()
    rows = [dict(zip(told[0].split(","), row.split(","), strict=False)) for row in told[1:]]
    return [(row["region"], row["metric"], float(row["value"]), row["unit"]) for row in rows]


def made(tmp_path: Path, text: str, **said: object) -> TimeMap:
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    return gt.choropleth(str(path), **said)  # type: ignore[arg-type]


HEAD = "Country,Year,Value"


@pytest.mark.parametrize(
    ("header", "one", "other", "options"),
    [
        ("Unit,Multiplier", "EUR,Thousands", "EUR,Millions", {"metric": "Unit"}),
        ("Multiplier", "1000", "1000000", {"metric": "unit"}),
        ("Multiplier", "1", "1000", {"metric": "unit"}),
        ("Magnitude", "millions", "billions", {"metric": "unit"}),
        ("Scale factor", '"1,000"', "1e6", {"metric": "unit"}),
        ("Scale factor", "3", "3.5", {"ignore": "Scale factor"}),
        ("Units of measure", "thousand t", "t", {"metric": "Units of measure"}),
        ("Currency", "EUR", "GBP", {"metric": "Currency", "ignore": "Currency"}),
        ("Product", "Coal", "Gas", {"metric": "Product", "ignore": "Product"}),
        ("Prices", "current", "constant", {"metric": "Prices", "ignore": "Prices"}),
        ("Item,Item Code", "Wheat,15", "Barley,16", {"metric": "Item", "ignore": "Item"}),
        ("Measure unit", "t", "kg", {"metric": "Measure unit", "ignore": "Measure unit"}),
        ("Foo", "GDP", "Population", {"metric": "Foo", "ignore": "Foo"}),
        ("Foo", "Exports", "Unemployment", {}),
        ("Income group", "High income", "Low income", {}),
        ("Local", "EUR", "GBP", {}),
        ("产品", "煤", "气", {"metric": "产品", "ignore": "产品"}),
    ],
)
def test_what_a_figure_is_is_read_or_asked_for(
    tmp_path: Path, header: str, one: str, other: str, options: dict[str, str]
) -> None:
    text = f"{HEAD},{header}\nGermany,2019,5,{one}\nFrance,2019,6.5,{other}\n"
    if not options:  # it tells of the region, or nobody knows
        assert f"not used: {header!r}" in made(tmp_path, text).reading.lines
        return
    with pytest.raises(AmbiguousError) as error:
        made(tmp_path, text)
    [question] = error.value.questions
    assert {choice.option: choice.value for choice in question.choices} == options
    for option, column in options.items():  # they work to the letter
        assert len(figures(made(tmp_path, text, over_time="sum", **{option: column}))) == 2


@pytest.mark.parametrize(
    ("one", "other"), [("GDP", "Population"), ("net exports", "birth rate"), ("tonnes", "kg")]
)
def test_a_column_whose_cells_say_what_is_measured_is_asked_about(
    tmp_path: Path, one: str, other: str
) -> None:
    """Of two years with two quantities one series was made, and nobody told."""
    text = (
        f"{HEAD},Foo\nGermany,2019,5,{one}\nGermany,2020,7,{other}\n"
        f"France,2019,6,{one}\nFrance,2020,8,{other}\n"
    )
    with pytest.raises(AmbiguousError, match="column 'Foo' is not read"):
        made(tmp_path, text)
    assert {metric for _, metric, _, _ in figures(made(tmp_path, text, metric="Foo"))} == {one, other}


def test_scales_in_the_header_are_units(tmp_path: Path) -> None:
    """Below years stand thousand and million: they are no two metrics of figures without a unit."""
    book = openpyxl.Workbook()
    for row in (["Country", 2019, 2020], ["", "thousand", "million"], ["Germany", 5, 6], ["France", 6, 7]):
        book.active.append(row)
    book.save(tmp_path / "scales.xlsx")
    with pytest.raises(AmbiguousError, match="several units of one metric, 'thousand', 'million'"):
        gt.choropleth(tmp_path / "scales.xlsx")


@pytest.mark.parametrize(
    ("header", "one", "other"),
    [
        ("ISO,Land", "DE,Deutschland", "FR,Frankreich"),
        ("Continent,Income group,Type", "Europe,high,A", "Europe,high,B"),
        ("Source,Comment,Last updated", "a,,2020-01-01", "b,see c,2021-01-01"),
        ("Currency,Prices", "EUR,current", "EUR,current"),
        ("Multiplier", "1", "1"),
        ("Price", "1.5", "2.5"),
        ("Capital,id", "Berlin,1", "Paris,2"),
    ],
)
def test_plain_tables_are_not_asked_about(tmp_path: Path, header: str, one: str, other: str) -> None:
    text = f"{HEAD},{header}\nGermany,2019,5,{one}\nFrance,2019,6.5,{other}\n"
    assert [row[2] for row in figures(made(tmp_path, text, region="Country", value="Value"))] == [5, 6.5]


def test_a_category_is_asked_about_where_it_differs_within_a_region(tmp_path: Path) -> None:
    text = "Country,Year,Value,Sector\nGermany,2019,5,steel\nGermany,2020,6,paper\nFrance,2019,7,paper\n"
    with pytest.raises(AmbiguousError, match="column 'Sector' is not read, and may say what each figure is"):
        made(tmp_path, text)


def test_scales_in_memory_are_read() -> None:
    frame = {
        "Country": ["Germany", "France"],
        "Year": [2019, 2019],
        "Value": [1.5, 2],
        "Multiplier": [1000, 1000],
    }
    assert [row[2:] for row in figures(gt.choropleth(pd.DataFrame(frame)))] == [
        (1.5, "thousand"),
        (2, "thousand"),
    ]


def test_constants_are_told(tmp_path: Path) -> None:
    tm = made(tmp_path, f"{HEAD},Currency,Item\nGermany,2019,5,EUR,Wheat\nFrance,2019,6,EUR,Wheat\n")
    assert {row[3] for row in figures(tm)} == {"EUR"}
    assert "not used: 'Currency' ('EUR' in all rows), 'Item' ('Wheat' in all rows)" in tm.reading.lines


def test_duplicates_name_the_option(tmp_path: Path) -> None:
    text = "Country,Year,Foo,Value\nGermany,2019,a,1\nGermany,2019,b,2\nFrance,2019,a,2\n"
    with pytest.raises(AmbiguousError, match=re.escape("rows 2, 3 are of one region, period and metric")):
        made(tmp_path, text)
    assert len(figures(made(tmp_path, text, metric="Foo"))) == 3


@pytest.mark.parametrize(
    ("line", "unit", "title"),
    [
        ("Einheit: Tsd. Tonnen", "Tsd. Tonnen", "Table"),
        ("单位：亿元", "亿元", "Table"),
        ("# unit: GWh", "GWh", "Table"),
        ("Unit: Percent", "%", "Table"),
        ("(in Mio. EUR)", "Mio. EUR", "Table"),
        ("Revenue by country (in thousands of euros)", "thousands of euros", ""),
        ("Revenue in millions of US$", "millions of US$", ""),
        ("Units: see notes", "", "Table"),
        ("单位：亿元、%", "", "Table"),
        ("Sales of units 2019", "", ""),
    ],
)
def test_a_line_around_a_table_states_the_unit(tmp_path: Path, line: str, unit: str, title: str) -> None:
    book = openpyxl.Workbook()
    for row in ([line, None, None], ["Land", 2019, 2020], ["Deutschland", 1, 2], ["Frankreich", 3, 4]):
        book.active.append(row)
    book.save(tmp_path / "table.xlsx")
    tm = gt.choropleth(str(tmp_path / "table.xlsx"))
    assert {row[3] for row in figures(tm)} == {unit}
    assert tm.title == (title or line)


def test_the_unit_stands_in_the_corner_or_below(tmp_path: Path) -> None:
    for text in (
        "in Mio. EUR,2019,2020\nGermany,1,2\nFrance,3,4\n",
        "Country,2019,2020\nGermany,1,2\nFrance,3,4\n,,\nUnit: Mio. EUR,,\n",
    ):
        assert {row[3] for row in figures(made(tmp_path, text))} == {"Mio. EUR"}


@pytest.mark.parametrize(
    ("header", "unit"),
    [("GDP (current US$)", "current US$"), ("Emissions [Mt CO2]", "Mt CO2"), ("Debt (% of GDP)", "% of GDP"),
     ("GDP, PPP (constant 2017 international $)", "constant 2017 international $"), ("Area (km2)", "km2"),
     ("GDP (constant prices)", ""), ("Growth (annual %)", "annual %"), ("Value (2019)", "")],
)  # fmt: skip
def test_a_header_states_the_unit(tmp_path: Path, header: str, unit: str) -> None:
    tm = made(tmp_path, f'Country,Year,"{header}"\nGermany,2019,5\nFrance,2019,6\n', value=header)
    assert {row[3] for row in figures(tm)} == {unit}


def test_the_sign_of_all_figures_is_their_unit(tmp_path: Path) -> None:
    tm = made(tmp_path, "Country;2019;2020\nGermany;€ 1.234,50;€ 2,5\nFrance;€ 1;€ 2\n")
    assert figures(tm)[0] == ("DEU", "value", 1234.5, "€")
    tm = made(tmp_path, "Country,Year,A,B\nGermany,2019,$1,€2\nFrance,2019,$3,€4\n", value=["A", "B"])
    assert {(row[1], row[3]) for row in figures(tm)} == {("a", "$"), ("b", "€")}


def test_regions_may_be_columns(tmp_path: Path) -> None:
    tm = made(tmp_path, "Year;Month;Germany;France;Total\n2019;1;1,5;2;3,5\n2019;2;n.a.;3;3\n")
    assert [row[:3] for row in figures(tm)] == [
        ("DEU", "value", 1.5), ("FRA", "value", 2), ("total", "value", 3.5), ("FRA", "value", 3),
        ("total", "value", 3),
    ]  # fmt: skip
    months = pd.date_range("2020-01-31", periods=2, freq="ME")
    tm = gt.choropleth(pd.DataFrame({"DEU": [1, 2], "FRA": [3, 4]}, index=months))
    assert [row[2] for row in figures(tm)] == [1, 3, 2, 4]
    with pytest.raises(gt.RegionError, match=r"'Frnace' \(perhaps France\?\)"):
        made(tmp_path, "Year,Germany,Frnace,Italy,Spain\n2019,1,2,3,4\n")
    with pytest.raises(gt.SpecError, match="no column for the region"):
        made(tmp_path, "Year,Sales,Cost\n2019,1,2\n")


@pytest.mark.parametrize(
    ("columns", "cells", "expected"),
    [
        ("Status", ["Final", "Preliminary", "Estimated"],
         [("reported", ""), ("reported", "provisional"), ("estimated", "")]),
        ("Flag,Flag Description", ["X,Figure from international organizations", "A,Official figure",
                                   "E,Estimated value"],
         [("reported", "from international organizations"), ("reported", ""), ("estimated", "")]),
        ("Item,Element,Flag", ["W,P,X", "W,P,A", "W,P,I"],
         [("reported", "from international organizations"), ("reported", ""), ("estimated", "imputed")]),
    ],
)  # fmt: skip
def test_statuses_in_words_and_flags_that_are_described(
    tmp_path: Path, columns: str, cells: list[str], expected: list[tuple[str, str]]
) -> None:
    rows = "".join(
        f"{name},2019,{n},{cell}\n" for n, (name, cell) in
        enumerate(zip(("Albania", "Belgium", "Chile"), cells, strict=True))
    )  # fmt: skip
    told = made(tmp_path, f"Area,Year,Value,{columns}\n{rows}").to_table(".csv").decode("utf-8-sig")
    read = [row.split(",") for row in told.splitlines()]
    place = read[0].index("status"), read[0].index("note")
    assert [(row[place[0]], row[place[1]]) for row in read[1:]] == expected


@pytest.mark.parametrize(
    ("column", "cell", "unit"),
    [("SCALAR_FACTOR", "millions", "million Dollars"), ("SCALAR_FACTOR", "units ", "Dollars"),
     ("SCALAR_ID", "3", "thousand Dollars"),
     ("SCALAR_FACTOR", "tens of thousands", "10 thousand Dollars"),
     ("UNIT_MULT", "6", "million Dollars"), ("UNIT_MULT", "0", "Dollars"),
     ("PowerCode", "Millions", "million Dollars"), ("Multiplier", "1000", "thousand Dollars"),
     ("Multiplier", "1", "Dollars"),
     ("Unit multiplier", "Thousands", "thousand Dollars"), ("Scale", "Billions", "billion Dollars")],
)  # fmt: skip
def test_a_scale_that_is_one_in_all_rows_belongs_to_the_unit(column: str, cell: str, unit: str) -> None:
    table = pd.DataFrame({"GEO": ["France", "Spain"], "Year": 2021, "UOM": "Dollars", column: cell})
    tm = gt.choropleth(table.assign(VALUE=[1.5, 2]))
    assert {*tm.to_frame()["unit"]} == {unit}
    if unit != "Dollars":
        assert not any("not used" in line for line in tm.reading.lines)


@pytest.mark.parametrize(
    ("column", "cells"),
    [("SCALAR_FACTOR", ["dozens", "dozens"]), ("Multiplier", ["3", "3"]), ("UNIT_MULT", ["6", "3"])],
)
def test_a_scale_that_cannot_be_read_or_varies_is_asked_about(column: str, cells: list[str]) -> None:
    table = pd.DataFrame({"GEO": ["France", "Spain"], "Year": 2021, "UOM": "Dollars", column: cells})
    with pytest.raises(AmbiguousError):
        gt.choropleth(table.assign(VALUE=[1.5, 2]))
