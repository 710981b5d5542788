"""What a sheet shows beside its figures by number formats: read as if it stood in their cells."""

from __future__ import annotations

from typing import Any

import pytest

from geotrack.errors import AmbiguousError, ParseError
from geotrack.usertables import guess
from geotrack.usertables.describe import describe
from geotrack.usertables.figures.formats import beside
from geotrack.usertables.reading import read
from geotrack.usertables.rows.labelled import figures_of

from .test_displayed import opendocument
from .test_sheets import cells, xls, xlsx

# All figures here are synthetic.


@pytest.mark.parametrize(
    ("shape", "power", "told"),
    [
        ("General", 0, ""), ("#,##0.00", 0, ""), ("0.0%", 0, ""), ("0.00E+00", 0, ""), ("@", 0, ""),
        ('"$"#,##0', 0, "$"),
        ("$#,##0", 0, "$"), ("[$£-809]#,##0", 0, "£"), ("[$€-407] #,##0.00", 0, "€"),
        ("#,##0\\ [$EUR]", 0, "EUR"),
        ('_-* #,##0.00\\ "€"_-;-* #,##0.00\\ "€"_-', 0, "€"), ("_($* #,##0_);_($* (#,##0)", 0, "$"),
        ('0"%"', 0, "%"),
        ('0.0" kt"', 0, "kt"), ('0.0"M"', 0, "million"), ('"$"0.0"K"', 0, "thousand $"),
        ('0.0" Mio. €"', 0, "Mio. €"),
        ('0.0,,"M"', 6, ""), ('$0.0,,"M"', 6, "$"), ('0.0,"M"', 3, "million"), ('0" p"', 0, "p"),
        ('#,##0;"n/a"', 0, ""),
        ('[Red]"("0")"', 0, ""), ("[>=1000]#,##0,;0", 3, ""),
    ],
)  # fmt: skip
def test_the_text_and_the_currency_of_a_format_are_known(shape: str, power: int, told: str) -> None:
    assert beside(shape, power) == told


HEADER = ["Country", 2021, 2022]
ROWS: list[list[Any]] = [HEADER, ["France", 5, 20], ["Spain", 30, 40]]


def shaped(first: str, second: str, header: list[Any] = HEADER) -> bytes:
    shapes = {"B2": first, "C2": first, "B3": second, "C3": second}
    return xlsx(header, *ROWS[1:], shapes=shapes)


@pytest.mark.parametrize(
    ("shape", "unit"), [("€#,##0.00", "€"), ('0"%"', "%"), ('0.0" kt"', "kt"), ('0.0"M"', "million")]
)
def test_what_all_figures_have_beside_them_is_their_unit(shape: str, unit: str) -> None:
    table = read(shaped(shape, shape), "t")
    mapping = guess(table, {}, units=False)
    assert mapping.units == (unit,)
    assert figures_of(table, mapping).values.tolist() == ["5", "20", "30", "40"]
    assert f"shown beside the figures: {unit!r}" in describe(mapping, table)


def test_a_currency_of_some_figures_is_that_of_all_as_accountants_write_it() -> None:
    assert guess(read(shaped("$#,##0", "#,##0"), "t"), {}, units=False).units == ("$",)
    assert guess(read(shaped("#,##0", "$#,##0"), "t"), {}, units=False).units == ("$",)
    with pytest.raises(AmbiguousError, match="does not show the same beside all"):
        guess(read(shaped('0" kt"', "0"), "t"), {}, units=False)
    assert guess(read(shaped('0" kt"', "0"), "t"), {"unit": "kt"}, units=False).units == ("kt",)


def test_rows_with_units_of_their_own_get_a_column_of_them() -> None:
    table = read(shaped('"$"#,##0', "[$£-809]#,##0"), "t")
    assert [row[-1] for row in cells(table)] == ["unit", "$", "£"]
    assert guess(table, {}, units=False).unit == "unit"


def test_columns_with_units_of_their_own_keep_them_and_periods_with_such_are_refused() -> None:
    rows: list[list[Any]] = [["Country", "Year", "Sales", "Freight"], ["France", 2021, 1.5, 2]]
    long = read(xlsx(*rows, shapes={"C2": '"$"0.0"M"', "D2": '0" kt"'}), "t")
    given = {"value": ["Sales", "Freight"]}
    assert guess(long, given, units=False).units == ("million $", "kt")
    wide = read(xlsx(*ROWS, shapes={"B2": '"$"0', "B3": '"$"0', "C2": '"€"0', "C3": '"€"0'}), "t")
    with pytest.raises(AmbiguousError, match=r"'\$', '€'"):
        guess(wide, {}, units=False)


def test_a_scale_is_joined_to_the_unit_that_is_stated_or_refused() -> None:
    for said, unit in (("in EUR", "million EUR"), ("in Mio. EUR", "Mio. EUR")):
        table = read(shaped('0.0"M"', '0.0"M"', [said, 2021, 2022]), "t")
        assert guess(table, {}, units=False).units == (unit,)
    with pytest.raises(AmbiguousError, match="'thousand EUR' is stated"):
        guess(read(shaped('0.0"M"', '0.0"M"', ["in thousand EUR", 2021, 2022]), "t"), {}, units=False)
    rows: list[list[Any]] = [["Country", "Year", "Unit", "Value"], ["France", 2021, "USD", 1.5]]
    with pytest.raises(ParseError, match="write the scale into column 'Unit'"):
        guess(read(xlsx(*rows, shapes={"D2": '0.0"M"'}), "t"), {}, units=False)


def test_flags_of_formats_are_those_of_cells() -> None:
    table = read(shaped('0" p"', "0"), "t")
    assert figures_of(table, guess(table, {}, units=False)).marks.tolist() == ["p", "p", "", ""]


def test_old_excel_and_opendocument_tell_it_too() -> None:
    def write(book: Any, xlwt: Any) -> None:
        sheet = book.add_sheet("Data")
        for n, row in enumerate(ROWS):
            for k, cell in enumerate(row):
                sheet.write(n, k, cell, *([xlwt.easyxf(num_format_str='0.0" kt"')] if n and k else []))

    assert guess(read(xls(write), "t"), {}, units=False).units == ("kt",)
    content = opendocument('table:style-name="ce1"', "", "<number:text> kt</number:text>")
    assert read(content, "t").shown == {"2019": ("kt",)}


def test_texts_with_a_point_and_a_comma_are_refused_as_in_text_files() -> None:
    odd: list[list[Any]] = [HEADER, ["France", "1.5", "2,5"], ["Spain", 3, 4]]
    with pytest.raises(ParseError, match=r"a comma in another: B2: '1\.5'; C2: '2,5'"):
        read(xlsx(*odd), "t")
    odd[1][1] = "1,5"
    table = read(xlsx(*odd), "t")
    assert figures_of(table, guess(table, {}, units=False)).values.tolist() == ["1.5", "2.5", "3", "4"]
