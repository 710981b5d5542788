"""Sheets as people have them: the table is found, all else is told; or it is refused, or asked about."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from geotrack import files
from geotrack.errors import AmbiguousError, GeotrackError, ParseError, SpecError
from geotrack.usertables import from_toml, guess, stated, to_toml
from geotrack.usertables.files import opendocument
from geotrack.usertables.files.excel import MOST_ROWS
from geotrack.usertables.reading import Asked, read
from geotrack.usertables.table import UserTable

from .test_offices import beside, figures

# All figures here are synthetic.


def xlsx(*rows: list[Any], merged: tuple[str, ...] = (), shapes: dict[str, str] | None = None,
         hidden: tuple[int | str, ...] = ()) -> bytes:  # fmt: skip
    """A workbook of one sheet, Data; hidden are rows by number and columns by letter."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Data"
    for row in rows:
        sheet.append(row)
    for span in merged:
        sheet.merge_cells(span)
    for place, shape in (shapes or {}).items():
        sheet[place].number_format = shape
    for one in hidden:
        (sheet.row_dimensions if isinstance(one, int) else sheet.column_dimensions)[one].hidden = True
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def cells(table: UserTable) -> list[list[str]]:
    return [list(table.columns), *table.frame.to_numpy().tolist()]


GERMAN = xlsx(
    ["Umsatz nach Ländern"],
    ["in Mio. EUR"],
    [],
    ["Land", 2019, None, 2020, None],
    [None, "1. Halbjahr", "2. Halbjahr", "1. Halbjahr", "2. Halbjahr"],
    ["Deutschland", "1.234,5", "1.300,0", "1.400,1", "n.a."],
    ["Frankreich1)", "234,5", "300,0", "400,1", "-"],
    ["Spanien", "34,5", "30,0", "40,1*", "k.A."],
    [],
    ["1) ohne Überseegebiete"],
    ["* vorläufig"],
    ["Quelle: Amt"],
    merged=("A4:A5", "B4:C4", "D4:E4"),
)


def test_a_sheet_of_an_office_with_titles_two_header_rows_and_footnotes_is_read() -> None:
    """Case 23."""
    table = read(GERMAN, "t.xlsx")
    columns = ("2019 H1", "2019 H2", "2020 H1", "2020 H2")
    assert table.columns == ("Land", *columns)
    assert table.frame["Land"].tolist() == ["Deutschland", "Frankreich", "Spanien"]
    assert figures(table, *columns) == {
        "2019 H1": ["1234.5", "234.5", "34.5"],
        "2019 H2": ["1300.0", "300.0", "30.0"],
        "2020 H1": ["1400.1", "400.1", "40.1"],
        "2020 H2": ["", "", ""],
    }
    assert beside(table, *columns) == {("2020 H1", "40.1"): ("", "vorläufig")}
    assert table.row_notes == {1: "ohne Überseegebiete"}
    assert table.titles == ("Umsatz nach Ländern", "in Mio. EUR")
    assert table.row(0) == 6
    assert table.skipped == (
        "rows 1-3 above the table: 'Umsatz nach Ländern'; 'in Mio. EUR'",
        "the header takes rows 4-5",
        "3 lines below the table: '1) ohne Überseegebiete'; '* vorläufig'; 'Quelle: Amt'",
    )


HEADERS: dict[str, tuple[list[list[Any]], tuple[str, ...], list[str]]] = {
    "one row": ([["Land", 2019, 2020]], (), ["Land", "2019", "2020"]),
    "a title right above": ([["Revenue of all"], ["Land", 2019, 2020]], (), ["Land", "2019", "2020"]),
    "a merged title": ([["Revenue", None, None], ["Land", 2019, 2020]], ("A1:C1",), ["Land", "2019", "2020"]),
    "what is said of all": (
        [["Land", "Revenue", None], [None, 2019, 2020]], ("A1:A2", "B1:C1"), ["Land", "2019", "2020"]
    ),
    "units below": ([["Land", 2019, 2020], [None, "EUR", "EUR"]], (), ["Land", "2019", "2020"]),
    "months": (
        [["Land", 2019, None], [None, "Jan", "Feb"]], ("A1:A2", "B1:C1"), ["Land", "Jan 2019", "Feb 2019"]
    ),
    "quarters, not merged": (
        [["", "2019", ""], ["Land", "Q1", "Q2"]], ("B1:C1",), ["Land", "2019 Q1", "2019 Q2"]
    ),
    "one name above, a blank corner": (
        [["", "Revenue", None], ["Land", 2019, 2020]], ("B1:C1",), ["Land", "2019", "2020"]
    ),
    "column numbers": ([["Land", 2019, 2020], [1, 2, 3]], (), ["Land", "2019", "2020"]),
    "column numbers with a letter": ([["Land", 2019, 2020], ["A", 1, 2]], (), ["Land", "2019", "2020"]),
    "key and value above": ([["Source:", "Office"], [], ["Land", 2019, 2020]], (), ["Land", "2019", "2020"]),
    "flags of years": ([["Land", "2019p", "2020 (e)"]], (), ["Land", "2019p", "2020 (e)"]),
    "without a name": ([[None, 2019, 2020]], (), ["(no name)", "2019", "2020"]),
    "Chinese": (
        [["地区", "2019", None], [None, "第一季度", "上半年"]], ("A1:A2", "B1:C1"),
        ["地区", "2019 Q1", "2019 H1"]
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", HEADERS)
@pytest.mark.parametrize("above", [0, 2])
def test_headers_of_any_kind_are_found(kind: str, above: int) -> None:
    header, merged, names = HEADERS[kind]
    body = [["Norway", 1.5, 2], ["Spain", 3, 4.25], ["Chad", 5, 6]]
    top = [["A title"], []][:above]
    moved = tuple(_moved(span, above) for span in merged)
    table = read(xlsx(*top, *header, *body, merged=moved), "t.xlsx")
    assert list(table.columns) == names
    assert table.frame.to_numpy().tolist() == [
        ["Norway", "1.5", "2"],
        ["Spain", "3", "4.25"],
        ["Chad", "5", "6"],
    ]
    assert table.row(0) == above + len(header) + 1


def _moved(span: str, down: int) -> str:
    (a, b), (c, d) = ((part[0], int(part[1:])) for part in span.split(":"))
    return f"{a}{b + down}:{c}{d + down}"


@pytest.mark.parametrize("corner", ["merged", "blank"])
def test_metrics_above_periods_become_a_row_for_each_figure(corner: str) -> None:
    first, merged = (["Region", None], ("A1:A2",)) if corner == "merged" else ([None, "Region"], ())
    content = xlsx(
        [first[0], "Revenue (EUR)", None, "Staff (persons)", None],
        [first[1], 2019, "2020e", 2019, 2020],
        ["DE", 1.5, 2, 30, 40],
        ["FR", 5, "n/a", 70, 80],
        merged=(*merged, "B1:C1", "D1:E1"),
    )
    table = read(content, "t.xlsx")
    assert cells(table)[:4] == [
        ["Region", "metric", "period", "value", "unit"],
        ["DE", "Revenue", "2019", "1.5", "EUR"],
        ["FR", "Revenue", "2019", "5", "EUR"],
        ["DE", "Revenue", "2020e", "2", "EUR"],
    ]
    assert [table.row(n) for n in range(4)] == [3, 4, 3, 4]


def test_metrics_of_which_one_has_percent_signs_have_each_its_unit() -> None:
    rows: list[list[Any]] = [
        [None, 2019, None, 2020, None],
        ["Region", "EUR m", "%", "EUR m", "%"],
        ["DE", 1, 0.25, 3, 0.5],
    ]
    shapes = {"C3": "0%", "E3": "0%"}
    table = read(xlsx(*rows, merged=("B1:C1", "D1:E1"), shapes=shapes), "t.xlsx")
    assert table.frame[["metric", "period", "value", "unit"]].to_numpy().tolist() == [
        ["EUR m", "2019", "1", "EUR m"],
        ["%", "2019", "25", "%"],
        ["EUR m", "2020", "3", "EUR m"],
        ["%", "2020", "50", "%"],
    ]
    del shapes["E3"]  # 0.5 may be 0.5 % or 50 %: it stays with the cells that have signs, to be refused
    odd = read(xlsx(*rows, merged=("B1:C1", "D1:E1"), shapes=shapes), "t.xlsx")
    assert odd.frame["value"].tolist() == ["1", "25%", "3", "0.5"]


def test_years_of_two_are_no_metrics() -> None:
    table = read(b"Land,2018 / 2019,2019 / 2020\nDE,1,2\nFR,3,4\n", "t.csv")
    assert table.columns == ("Land", "2018 / 2019", "2019 / 2020")


def test_hidden_rows_and_columns_are_left_out_and_said_or_taken_in_by_choice() -> None:
    """Case 17."""
    content = xlsx(["Land", "Secret", 2019], ["DE", 9, 1], ["FR", 9, 2], ["IT", 9, 3], hidden=(3, "B"))
    table = read(content, "t.xlsx")
    assert cells(table) == [["Land", "2019"], ["DE", "1"], ["IT", "3"]]
    assert [table.row(n) for n in range(2)] == [2, 4]
    assert table.skipped == ("hidden rows 3 and columns B: left out; say --hidden include to read them",)
    all_of_it = read(content, "t.xlsx", asked=Asked(hidden="include"))
    assert len(all_of_it.frame) == 3
    assert all_of_it.columns == ("Land", "Secret", "2019")
    assert all_of_it.skipped == ("hidden rows 3 and columns B: read too, as you say",)
    with pytest.raises(SpecError, match=r'hidden = \'no\' is not known; expected "include" or "leave out"'):
        read(content, "t.xlsx", asked=Asked(hidden="no"))


def test_errors_and_formulas_in_hidden_cells_stop_nothing() -> None:
    content = xlsx(["Land", 2019], ["DE", 1], ["FR", "#REF!"], ["IT", "=B2"], ["ES", 4], hidden=(3, 4))
    assert cells(read(content, "t.xlsx")) == [["Land", "2019"], ["DE", "1"], ["ES", "4"]]
    with pytest.raises(ParseError, match="cells hold errors: B3: #REF!"):
        read(content, "t.xlsx", asked=Asked(hidden="include"))


TWO = [["Land", "Year", "Revenue"], ["DE", 2019, 1], ["FR", 2019, 5], [], ["Costs"], ["Land", "Year", "Cost"],
       ["DE", 2019, 3], ["FR", 2019, 4], [], ["Source: us"]]  # fmt: skip


def test_of_several_tables_one_must_be_chosen() -> None:
    for content in (
        xlsx(*TWO),
        xlsx(*([*a, None, *b] for a, b in zip(
            [["Land", "Year", "Revenue"], ["DE", 2019, 1], ["FR", 2019, 5], ["IT", 2019, 5]],
            [["Land", "Year", "Cost"], ["DE", 2019, 3], ["FR", 2019, 4], ["IT", 2019, 5]], strict=True))),
    ):  # fmt: skip
        with pytest.raises(AmbiguousError) as asked:
            read(content, "t.xlsx")
        choices = asked.value.questions[0].choices
        assert [(choice.option, choice.value) for choice in choices] == [("table", "1"), ("table", "2")]
        assert "Revenue" in choices[0].means
        assert "Cost" in choices[1].means
        first, second = (read(content, "t.xlsx", asked=Asked(table=n)) for n in (1, 2))
        assert cells(first)[:3] == [["Land", "Year", "Revenue"], ["DE", "2019", "1"], ["FR", "2019", "5"]]
        assert cells(second)[:3] == [["Land", "Year", "Cost"], ["DE", "2019", "3"], ["FR", "2019", "4"]]
        assert "table 2 of 2 was read, not 1" in second.skipped
        with pytest.raises(SpecError, match="table = 3; expected one from 1 to 2"):
            read(content, "t.xlsx", asked=Asked(table=3))


def test_blank_rows_headings_and_empty_columns_within_a_table_part_nothing() -> None:
    content = xlsx(
        ["Land", None, 2019],
        ["Europe"],
        ["DE", None, 1],
        [],
        ["Asia"],
        ["JP", None, 2],
        ["", None, None],
        ["Total", None, 3],
    )
    table = read(content, "t.xlsx")
    assert [row for row in cells(table) if row[1]] == [
        ["Land", "2019"],
        ["DE", "1"],
        ["JP", "2"],
        ["Total", "3"],
    ]


def test_where_the_header_stands_can_be_said() -> None:
    content = b"some,odd,first\nLand,x,2019\nDE,y,1\nFR,y,2\n"
    assert read(content, "t.csv").columns == ("some", "odd", "first")
    for asked in (Asked(header_row="2"), Asked(skip=1)):
        table = read(content, "t.csv", asked=asked)
        assert table.columns == ("Land", "x", "2019")
        assert table.row(0) == 3
        assert table.frame["2019"].tolist() == ["1", "2"]
    with pytest.raises(SpecError, match="skip: this file has columns by name"):
        read(b'[{"a": 1, "b": 2}]', "t.json", asked=Asked(skip=1))
    far = read(b"x,y\n" * 400 + b"Land,2019\nDE,1\n", "t.csv", asked=Asked(skip=400))
    assert far.columns == ("Land", "2019")
    assert far.row(0) == 402
    two = read(b"Land,2019,2019\n,H1,H2\nDE,x,y\n", "t.csv", asked=Asked(header_row="1-2"))
    assert two.columns == ("Land", "2019 H1", "2019 H2")
    for odd, message in (
        ("0", "expected the number of a row"),
        ("x", "expected the number"),
        ("9", "no such row: expected one of 1 to 4"),
    ):
        with pytest.raises(SpecError, match=message):
            read(content, "t.csv", asked=Asked(header_row=odd))


def test_where_a_table_stands_is_remembered() -> None:
    """As a mapping keeps it, beside the columns; answers to questions are texts."""
    said = {"encoding": "windows-1251", "header_row": "3", "skip": "1", "hidden": "include"}
    content = "x\nИтоги\nland;2019;2020\nDE;1;2\n".encode("cp1251")
    table = read(content, "t.csv", asked=Asked.of(said))
    mapping = guess(table, {**said, "unit": "EUR"})
    kept = from_toml(to_toml(mapping), "t.toml")
    assert kept == mapping
    assert Asked.of(stated(kept)) == Asked(encoding="windows-1251", header_row="3", skip=1, hidden="include")
    assert Asked.of({"skip": 2, "table": 1}, {"skip": 5}) == Asked(skip=5, table=1)
    with pytest.raises(SpecError, match="expected whole numbers"):
        Asked.of({"table": "x"})


def test_names_in_merged_cells_stand_for_all_their_rows_and_figures_are_refused() -> None:
    content = xlsx(
        ["Land", "Year", "v"], ["DE", 2019, 1], [None, 2020, 2], ["FR", 2019, 3], merged=("A2:A3",)
    )
    table = read(content, "t.xlsx")
    assert table.frame["Land"].tolist() == ["DE", "DE", "FR"]
    assert table.skipped == ("merged cells were filled: A2:A3",)
    years = xlsx(["Year", "Land", "v"], [2019, "DE", 1], [None, "FR", 2], merged=("A2:A3",))
    assert read(years, "t.xlsx").frame["Year"].tolist() == ["2019", "2019"]
    for span in ("C2:C3", "C2:D2"):
        content = xlsx(["Land", "Year", "v", "w"], ["DE", 2019, 15], ["FR", 2019], merged=(span,))
        with pytest.raises(ParseError, match=rf"figures stand in merged cells: {span} '15'; .* unmerge them"):
            read(content, "t.xlsx")


def test_numbers_as_text_among_numbers_are_read_by_their_own_kind_or_refused() -> None:
    table = read(xlsx(["Land", 2019], ["DE", 1.5], ["FR", "1.234,5 p"], ["IT", "12,5"]), "t.xlsx")
    assert table.frame["2019"].tolist() == ["1.5", "1234.5 p", "12.5"]
    with pytest.raises(
        ParseError, match=r"column B: cells are text among numbers.*row 3: '1\.234'; write them as numbers"
    ):
        read(xlsx(["Land", 2019], ["DE", 1.5], ["FR", "1.234"]), "t.xlsx")


def test_a_title_may_hold_the_delimiter_where_an_empty_line_parts_it_from_the_table() -> None:
    table = read(b"Revenue, by country\n\nregion,period,v\nDE,2019,5\n", "t.csv")
    assert cells(table) == [["region", "period", "v"], ["DE", "2019", "5"]]
    assert table.titles == ("Revenue by country",)
    with pytest.raises(ParseError, match="expected 2 cells in each row, as in the header"):
        read(b"region,v\nDE,2019,5\nFR,2019,6\n", "t.csv")


def test_a_table_without_a_header_is_refused_as_its_first_row_would_be_lost() -> None:
    with pytest.raises(ParseError, match=r"row 1 holds figures \('5'\) where names of columns are expected"):
        read(b"DE,2019,5\nFR,2019,6\nIT,2020,7\n", "t.csv")
    assert read(b"a,0,1\nDE,5,6\n", "t.csv").columns == ("a", "0", "1")  # as pandas counts columns


@pytest.mark.parametrize(
    "tail",
    [
        "FR,2020\n",
        "FR\n",
        "FR,2020,5,6\n",
        "IT,2020,7\nFR,2020\n",
        "Source: us\nIT,2020,7\n",
        "Source,2020,7,8\n",
    ],
)
def test_rows_that_were_cut_off_are_no_notes(tail: str) -> None:
    with pytest.raises(ParseError, match="expected 3 cells in each row"):
        read(f"region,period,v\nDE,2019,5\nDE,2020,6\n{tail}".encode(), "t.csv")


@pytest.mark.parametrize(
    ("tail", "notes"),
    [
        ("Source: us\n", 1),
        ("\nmade by us\nand others too, see there\n", 2),
        ("1) all\n* some\n", 2),
        ("Source: us,,\n", 1),
        (",,\nThis is said of it,,\n", 1),
        ("Note: one, two, three\n", 1),
        ("注：全部\n", 1),
        ("Stand: 2020\n", 1),
        ("last row,2021,\n", 0),
        ("Total,2020,11\n", 0),
    ],
)
def test_notes_below_a_table_are_kept_apart(tail: str, notes: int) -> None:
    content = f"region,period,v\nDE,2019,5\nDE,2020,6\n{tail}".encode()
    try:
        table = read(content, "t.csv")
    except ParseError:
        assert not notes
        return
    assert len(table.below) == notes
    assert table.frame["v"].tolist()[:2] == ["5", "6"]
    assert len(table.frame) == 2 + (not notes)


# Old Excel and OpenDocument


def xls(write: Any) -> bytes:
    xlwt = pytest.importorskip("xlwt")
    book = xlwt.Workbook()
    write(book, xlwt)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_an_old_excel_file_is_read_with_its_dates_percentages_and_hidden_rows() -> None:
    import datetime

    def write(book: Any, xlwt: Any) -> None:
        sheet = book.add_sheet("Data")
        percent, day = xlwt.easyxf(num_format_str="0.00%"), xlwt.easyxf(num_format_str="yyyy-mm-dd")
        sheet.write(0, 0, "A title")
        for n, name in enumerate(["Land", "Day", "Share", "n"]):
            sheet.write(2, n, name)
        for row, (land, share) in enumerate([("DE", 0.7553), ("FR", 0.04), ("IT", 0.5)], start=3):
            sheet.write(row, 0, land)
            sheet.write(row, 1, datetime.date(2024, row, 1), day)
            sheet.write(row, 2, share, percent)
            sheet.write(row, 3, row)
        sheet.row(4).hidden = True
        book.add_sheet("Empty")

    table = read(xls(write), "t.xls")
    assert cells(table) == [
        ["Land", "Day", "Share", "n"],
        ["DE", "2024-03-01", "75.53%", "3"],
        ["IT", "2024-05-01", "50%", "5"],
    ]
    assert [table.row(n) for n in range(2)] == [4, 6]
    assert table.sheet == "Data"
    assert table.numeric == {"Share", "n"}
    assert "hidden rows 5: left out; say --hidden include to read them" in table.skipped
    assert "an old Excel file (.xls)" in table.how


ODS = """<?xml version="1.0"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"><office:body><office:spreadsheet>{}</office:spreadsheet>
</office:body></office:document-content>"""


def ods(*sheets: str) -> bytes:
    """A file of sheets; a row's cells are parted by bars, each kind:value."""
    made = []
    for n, sheet in enumerate(sheets):
        rows = "".join(_ods_row(line) for line in sheet.split("\n"))
        made.append(f'<table:table table:name="S{n}">{rows}</table:table>')
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS.format("".join(made)))
    return content.getvalue()


def _ods_row(line: str) -> str:
    given, _, texts = line.rpartition("!")
    cells_ = "".join(map(_ods_cell, texts.split("|")))
    return f"<table:table-row {given}>{cells_}</table:table-row>"


def _ods_cell(text: str) -> str:
    kind, _, value = text.partition(":")
    if kind in ("float", "percentage"):
        return f'<table:table-cell office:value-type="{kind}" office:value="{value}"/>'
    if kind == "date":
        return f'<table:table-cell office:value-type="date" office:date-value="{value}"/>'
    if kind == "down":
        return f'<table:table-cell table:number-rows-spanned="2"><text:p>{value}</text:p></table:table-cell>'
    if kind == "covered":
        return "<table:covered-table-cell/>"
    if kind == "gap":
        return f'<table:table-cell table:number-columns-repeated="{value}"/>'
    return f"<table:table-cell><text:p>{text}</text:p></table:table-cell>"


def test_what_an_opendocument_cell_says_it_spans_and_hides_ends_where_a_sheet_does() -> None:
    many = 99_999_999_999  # gone through one by one these would take hours, or the memory
    sheet = (
        '<table:table table:name="S0"><table:table-column table:number-columns-repeated="3"/>'
        + f'<table:table-column table:visibility="collapse" table:number-columns-repeated="{many}"/>' * 2
        + _ods_row("country|y 2020|y 2021")
        + f'<table:table-row><table:table-cell table:number-columns-spanned="{many}" '
        f'table:number-rows-spanned="{many}"><text:p>France</text:p></table:table-cell>'
        + "".join(map(_ods_cell, ("float:1", "float:2"))) + "</table:table-row>"
        + f'<table:table-row table:visibility="collapse" table:number-rows-repeated="{many}"/>' * 2
        + "</table:table>"
    )  # fmt: skip
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("content.xml", ODS.format(sheet))
    with opendocument._tables(content.getvalue(), "t", 0) as ([table], said):
        found = opendocument._Sheet(table, "t", said)
    assert found.merged == [(1, 0, MOST_ROWS, 16_383)]
    assert (min(found.hidden_rows), len(found.hidden_rows)) == (2, MOST_ROWS - 2)
    assert (min(found.hidden_columns), len(found.hidden_columns)) == (3, 16_384 - 3)
    read_ = read(content.getvalue(), "t.ods")
    assert [*read_.frame.columns] == ["country", "y 2020", "y 2021"]
    assert read_.frame.values.tolist() == [["France", "1", "2"]]


def test_an_opendocument_sheet_is_read_with_its_dates_percentages_and_hidden_rows() -> None:
    far = 'table:number-rows-repeated="1048000"!gap:16384'
    content = ods(
        "A title\n\nLand|Day|Share|n\n"
        "down:DE|date:2024-03-01|percentage:0.7553|float:1.50\n"
        "covered|date:2024-04-01T00:00:00|percentage:0.07|float:0.00000015\n"
        'table:visibility="collapse"!FR|date:2024-04-01|percentage:1|float:9\n'
        f"IT|date:2024-05-01T13:30:00|percentage:1|float:3\nSource: us\n{far}"
    )
    table = read(content, "t.ods")
    assert cells(table) == [
        ["Land", "Day", "Share", "n"],
        ["DE", "2024-03-01", "75.53%", "1.5"],
        ["DE", "2024-04-01", "7%", "0.00000015"],
        ["IT", "2024-05-01 13:30:00", "100%", "3"],
    ]
    assert table.numeric == {"Share", "n"}
    assert "hidden rows 6: left out; say --hidden include to read them" in table.skipped
    assert table.below == ("Source: us",)


def test_cells_far_apart_in_an_opendocument_sheet_are_refused_before_memory_is_full() -> None:
    with pytest.raises(ParseError, match="cells, empty ones counted; expected at most"):
        read(ods('Land|2019\ntable:number-rows-repeated="100000"!gap:16000|far'), "t.ods")
    with pytest.raises(
        AmbiguousError, match="2 sheets hold data: S0; S1; say which: --sheet S0 or --sheet S1"
    ):
        read(ods("a|b\n1|2", "c|d\n1|2"), "t.ods")
    assert read(ods("a|b\n1|float:2", "c|d\n1|float:2"), "t.ods", "S1").columns == ("c", "d")
    with pytest.raises(ParseError, match=r"cells hold errors: B2: Err:502"):
        read(ods("a|b\nx|Err:502"), "t.ods")


def test_a_file_beyond_all_memory_is_refused_by_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geotrack.files.MOST_BYTES", 10)
    with pytest.raises(ParseError, match=r"11 bytes or more; expected at most 10, .* --most-bytes 100$"):
        read(b"a,b\n1,2\n3,4", "t.csv")
    with pytest.raises(ParseError, match="standard input: 11 bytes or more"):
        files.load(io.BytesIO(b"a,b\n1,2\n3,4"), "standard input")
    with pytest.raises(ParseError, match="or more; expected at most 10"):  # its records take more memory
        read(b'[{"a":1}]', "t.json")
    assert read(b"a,b\n1,2\n3,4", "t.csv", asked=Asked(most_bytes=11)).columns == ("a", "b")
    monkeypatch.setattr("geotrack.usertables.files.parquet.MOST_UNPACKED", 10)
    stream = io.BytesIO()
    pd.DataFrame({"a": ["x"] * 5}).to_parquet(stream)
    monkeypatch.setattr("geotrack.files.MOST_BYTES", 10_000)
    with pytest.raises(
        ParseError, match="bytes once unpacked; expected at most 10: divide the file, or, with"
    ):
        read(stream.getvalue(), "t.parquet")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'[{"a": 1, "a": 2}]', "a key occurs twice in a record: 'a'"),
        (b'[{"a": {"b": [1]}, "c": 2}]', "values that are lists or objects: record 1, 'a.b'"),
        (b'{"a": [1, 2], "b": [1]}', "the columns are not of one length"),
        (b'[{"a": 1}', "looks like JSON, but cannot be read"),
        (b'{"a": 1}', "JSON, but no records"),
        (b'[["a", "b"], [1]]', "row 2 has 1"),
    ],
)
def test_json_that_is_no_table_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(ParseError, match=message):
        read(content, "t.json")


def test_json_of_other_shapes_is_read() -> None:
    assert cells(read(b'{"meta": 1, "data": [{"r": "DE", "v": 1.0}, {"r": "FR"}]}', "t")) == [
        ["r", "v"],
        ["DE", "1.0"],
        ["FR", ""],
    ]
    assert cells(read(b'{"r": ["DE", "FR"], "v": [1, null]}', "t")) == [["r", "v"], ["DE", "1"], ["FR", ""]]
    feature = '{"type": "Feature", "geometry": null, "properties": {"r": "DE", "v": 0.5}}'
    shapes = read(
        f'{{"type": "FeatureCollection", "features": [{feature}, {feature}]}}'.encode(), "t.geojson"
    )
    assert cells(shapes) == [["r", "v"], ["DE", "0.5"], ["DE", "0.5"]]
    assert shapes.how[0] == "GeoJSON: what its features tell"
    assert cells(read(b'[["r", "v"], ["DE", true]]', "t")) == [["r", "v"], ["DE", "TRUE"]]


def test_a_cell_as_long_as_excel_allows_four_times_over_is_read_at_once() -> None:
    """Of the length that made patterns of ours take minutes; pytest's own time limit would tell."""
    for text in (
        "9" * 131_000,
        "1," * 65_500,
        "1 " * 65_500,
        "* " * 65_500,
        "a)" * 65_500,
        "2019 " * 26_200,
        "(" * 131_000,
    ):
        try:
            table = read(f'"{text}",b\nDE,"{text}"\n"{text}",2\n"{text}",\n'.encode(), "t.csv")
            beside(table, table.columns[1])
        except GeotrackError:
            continue


def test_the_corpus_needs_no_script() -> None:
    assert not [path for path in (Path(__file__).parent / "offices").iterdir() if path.suffix == ".py"]
