"""Figures that a sheet shows divided, that stand in brackets, and rows that end with a delimiter."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

import geotrack as gt
from geotrack.errors import AmbiguousError, GeotrackError
from geotrack.usertables import guess
from geotrack.usertables.files.excel import power_of_format
from geotrack.usertables.reading import read
from geotrack.usertables.rows.labelled import figures_of
from geotrack.usertables.table import UserTable
from geotrack.usertables.words.scalewords import powers_in

from .test_sheets import ODS, cells, xls, xlsx

# All figures here are synthetic.


def values(table: UserTable, **given: Any) -> list[str]:
    return figures_of(table, guess(table, given, units=False)).values.tolist()


@pytest.mark.parametrize(
    ("shape", "power"),
    [
        ("General", 0), ("#,##0", 0), ("#,##0.00", 0), ("0.0%", 0), ("#,##0,", 3), ("#,##0.0,,", 6),
        ("0,,.0", 6),
        ('0.0,,"M"', 6), ('#,##0," k, rund"', 3), ('#,##0;(#,##0,)', 0), ("[>=1000]#,##0,;0", 3), ("@", 0),
        ('"a 0,"#,##0', 0), ("#\\,##0\\,", 0), ("$#,##0.0,,_);($#,##0.0,,)", 6),
    ],
)  # fmt: skip
def test_a_comma_behind_the_last_digit_of_a_format_is_a_thousand(shape: str, power: int) -> None:
    assert power_of_format(shape) == power


@pytest.mark.parametrize(
    ("text", "powers"),
    [
        ("Umsatz in Mio. €", {6}), ("EUR thousand", {3}), ("T€", {3}), ("US$ m", {6}), ("€m", {6}),
        ("亿元", {8}), ("百万美元", {6}), ("万人", {4}), ("млн руб.", {6}), ("US$ '000", {3}), ("kt", {3}),
        ("mil millones de euros", {9}), ("GWh", {9}), ("in 1.000 EUR", {3}), ("miles, millions", {3, 6}),
        ("EUR", set()), ("2019", set()), ("population in km", set()), ("1990000", set()),
    ],
)  # fmt: skip
def test_the_scale_that_a_unit_or_a_title_states_is_known(text: str, powers: set[int]) -> None:
    assert powers_in(text) == powers


def old_excel() -> bytes:
    def write(book: Any, xlwt: Any) -> None:
        sheet = book.add_sheet("Data")
        for n, row in enumerate([["in Mio. EUR"], ["Land", "2019"], ["DE", 1500000], ["FR", 2345678]]):
            for k, cell in enumerate(row):
                sheet.write(n, k, cell, xlwt.easyxf(num_format_str="#,##0.0,,"))

    return xls(write)


def opendocument(own: str, usual: str, beside: str = "") -> bytes:
    """A sheet whose figures have the style of their cells, or that of their column."""
    styles = (
        '<office:automatic-styles><number:number-style style:name="N1"><number:number '
        f'number:display-factor="1000000"/>{beside}</number:number-style><style:style style:name="ce0" '
        'style:data-style-name="N1"/><style:style style:name="ce1" style:parent-style-name="ce0"/>'
        "</office:automatic-styles><office:body>"
    )
    number = f'<table:table-cell {own} office:value-type="float" office:value="{{}}"/>'
    text = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    rows = [text.format("in Mio. EUR"), text.format("Land") + text.format("2019")]
    rows += [text.format(name) + number.format(n) for name, n in (("DE", 1500000), ("FR", 2345678))]
    sheet = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    columns = f"<table:table-column/><table:table-column {usual}/>"
    whole = ODS.format(f'<table:table table:name="S">{columns}{sheet}</table:table>')
    whole = whole.replace("<office:body>", styles).replace("xmlns:style=", 'xmlns:number="n" xmlns:style=')
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("content.xml", whole)
    return content.getvalue()


@pytest.mark.parametrize(
    "write",
    [
        lambda: xlsx(["in Mio. EUR"], ["Land", "2019"], ["DE", 1500000], ["FR", 2345678],
                     shapes={"B3": "0.0,,", "B4": '0.0,,"M"'}),
        old_excel,
        lambda: opendocument('table:style-name="ce1"', ""),
        lambda: opendocument("", 'table:default-cell-style-name="ce1"'),
    ],
    ids=["xlsx", "xls", "ods", "ods, of the column"],
)  # fmt: skip
def test_figures_shown_in_millions_are_read_so_where_the_title_says_millions(write: Any) -> None:
    table = read(write(), "t")
    assert table.divided == {"2019": 6}
    assert values(table) == ["1.5", "2.345678"]
    assert values(table, scaled="stored") == ["1500000", "2345678"]
    with pytest.raises(AmbiguousError, match="by 1,000,000; what unit, header and titles state is not that"):
        values(table, unit="EUR")


def test_each_column_is_divided_by_its_own_and_crossed_ones_are_not_mistaken() -> None:
    shapes = {"B3": "0.0,,", "B4": "0.0,,"}
    rows: list[list[Any]] = [["in Mio. EUR"], ["Land", 2019, 2020], ["DE", 1500000, 2.5], ["FR", 3000000, 0]]
    assert values(read(xlsx(*rows, shapes=shapes), "t")) == ["1.5", "2.5", "3", "0"]
    rows[2][1] = "1,5"  # text, shown as it is, beside a number that is not
    with pytest.raises(AmbiguousError, match="not all by the same, and a scale is stated"):
        values(read(xlsx(*rows, shapes=shapes), "t"))
    crossed = [["Land", "Revenue (Mio. EUR)", None, "Cost (Mio. EUR)", None], [None, 2019, 2020, 2019, 2020]]
    same = xlsx(*crossed, ["DE", 1500000, 2500000, 3500000, 4500000], merged=("A1:A2", "B1:C1", "D1:E1"),
                shapes=dict.fromkeys(("B3", "C3", "D3", "E3"), "0.0,,"))  # fmt: skip
    assert values(read(same, "t")) == ["1.5", "2.5", "3.5", "4.5"]
    mixed = xlsx(*crossed, ["DE", 1500000, 2500000, 3.5, 4.5], merged=("A1:A2", "B1:C1", "D1:E1"),
                 shapes=dict.fromkeys(("B3", "C3"), "0.0,,"))  # fmt: skip
    with pytest.raises(AmbiguousError, match="not all by the same"):
        values(read(mixed, "t"))


def test_brackets_among_real_numbers_and_with_a_note_of_their_own() -> None:
    table = read(xlsx(["Land", "2019"], ["DE", 1234.5], ["FR", "(1.056,5)"], ["IT", "( 7 )"]), "t")
    assert values(table, brackets="negative") == ["1234.5", "-1056.5", "-7"]
    noted = read(b"Land,2019\nDE,12\nFR,(1)\n\n(1) confidential\n", "t")
    with pytest.raises(AmbiguousError) as asked:
        values(noted)
    assert [(each.option, each.value) for each in asked.value.questions[0].choices] == [
        ("brackets", "negative"), ("brackets", "positive"), ("empty", "(1)")
    ]  # fmt: skip
    assert values(noted, empty=("(1)",)) == ["12"]
    flagged = read(b"Land,2019\nDE,12 (p)\nES,3\nIT,4\nFR,(p)\n", "t")
    assert len(figures_of(flagged, guess(flagged, {}, units=False)).bad) == 1


@pytest.mark.parametrize(
    "text", ["Land;2019;2020\nDE;1,5;2;\nFR;3;4;\n", "Land;2019;2020;\nDE;1,5;2\nFR;3;4\n"]
)
def test_a_delimiter_at_the_end_of_all_rows_or_of_the_header_alone_is_no_column(text: str) -> None:
    table = read(text.encode(), "t.csv")
    assert cells(table) == [["Land", "2019", "2020"], ["DE", "1,5", "2"], ["FR", "3", "4"]]


@pytest.mark.parametrize(
    "text",
    [
        "Land,2019,2020\nDE,1,5,2\nFR,3,4,\n",
        "Land,2019,2020\nDE,1,5,\nFR,3,4\n",
        "Land,2019,\nDE,1\nFR,3,4\n",
    ],
)
def test_cells_beyond_the_header_in_some_rows_only_are_refused(text: str) -> None:
    with pytest.raises(GeotrackError):
        read(text.encode(), "t.csv")


@pytest.mark.parametrize("cell", ["1,056.5-", "△1,056.5", "▲ 1,056.5", "1,056.5−"])
def test_signs_of_accounts_are_asked_about_as_brackets_are(cell: str, tmp_path: Path) -> None:
    """Ledgers print a minus behind, Japanese accounts a triangle before: no option helped."""
    path = tmp_path / "accounts.tsv"
    path.write_text(f"Country\tYear\tProfit\nChina\t2021\t1,234.5\nFrance\t2021\t{cell}\n", encoding="utf-8")
    with pytest.raises(AmbiguousError, match="have a sign of accounts") as error:
        gt.choropleth(path)
    (question,) = error.value.questions
    read = {}
    for choice in question.choices:
        found = gt.choropleth(path, brackets=choice.value).to_frame()
        read[choice.value] = found[found["region"] == "FRA"]["value"].tolist()
    assert read == {"negative": [-1056.5], "positive": [1056.5]}


def test_arrows_up_and_down_are_no_signs_of_accounts(tmp_path: Path) -> None:
    """A triangle that points up beside one that points down says a rise."""
    path = tmp_path / "arrows.tsv"
    path.write_text(
        "Country\tYear\tChange\nChina\t2021\t▲3\nFrance\t2021\t▼5\nMali\t2021\t4\n", encoding="utf-8"
    )
    with pytest.raises(gt.GeotrackError, match="'▼5'"):
        gt.choropleth(path, value="Change", brackets="negative")
