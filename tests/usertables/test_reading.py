"""A user's file, of whatever kind, becomes a table of text; or it is refused, and where and why is said."""

from __future__ import annotations

import csv
import io
import sys
import zipfile
from datetime import date, datetime, time
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from pyarrow import parquet

from geotrack.errors import GeotrackError, ParseError, SpecError
from geotrack.usertables import reading
from geotrack.usertables.files import delimited, excel
from geotrack.usertables.reading import UserTable, read

# All figures here are synthetic.


def rows_of(table: UserTable) -> list[list[str]]:
    return [list(table.columns), *table.frame.to_numpy().tolist()]


def csv_of(rows: list[list[str]], delimiter: str = ",", quoting: Any = csv.QUOTE_MINIMAL) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def xlsx_of(*rows: list[Any], change: Any = lambda book: None) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "Data"
    for row in rows:
        book.active.append(row)
    change(book)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def patched(content: bytes, name: str, *changes: tuple[str, str]) -> bytes:
    """A workbook with some text of one of its parts replaced, as another program may have written it."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.infolist():
            text = old.read(entry)
            for before, after in changes if entry.filename == name else ():
                assert before.encode() in text
                text = text.replace(before.encode(), after.encode())
            new.writestr(entry, text)
        assert name in old.namelist()
    return made.getvalue()


def parquet_of(**columns: Any) -> bytes:
    content = io.BytesIO()
    parquet.write_table(pyarrow.table(columns), content)
    return content.getvalue()


ROWS = [["region", "period", "share"], ["NA", "2024-06", "1.5"], ["null", "2024-07", "-"], ["n/a", "", ""]]


# Delimited text


@pytest.mark.parametrize("delimiter", list(delimited.DELIMITERS))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_words_for_nothing_are_text_whatever_the_delimiter_and_the_encoding(
    delimiter: str, encoding: str
) -> None:
    rows = [*ROWS, ["Côte d’Ivoire", "“2024”", "3 €"]]
    table = read(csv_of(rows, delimiter).encode(encoding), "t.csv")
    assert rows_of(table) == rows
    assert table.first_row == 2
    assert f"cells between {delimited.DELIMITERS[delimiter]}s" in table.how
    assert "4 rows" in table.how


@pytest.mark.parametrize(
    ("content", "how"),
    [
        (b"a,b\n1,2\n", "UTF-8"),
        (b"\xef\xbb\xbfa,b\n1,2\n", "UTF-8 with a byte order mark"),
        ("a,b\n1,2\n".encode("utf-16"), "UTF-16"),
        ("a,b\n1,2\n".encode("utf-16-le"), "UTF-16 without a byte order mark"),
        ("a,b\n1,é\n".encode("utf-16-be"), "UTF-16 without a byte order mark"),
        (b"a,b\n1,caf\xe9\n", "Windows-1252, told from its letters: café"),
    ],
)
def test_the_encoding_is_told(content: bytes, how: str) -> None:
    assert read(content, "t.csv").how[0] == how


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_end_of_line_will_do_and_blank_lines_keep_their_numbers(end: str) -> None:
    table = read(end.join(["", "a,b", "1,2", "", "3,4", " ", ",", ""]).encode(), "t.csv")
    assert rows_of(table) == [["a", "b"], ["1", "2"], ["", ""], ["3", "4"]]
    assert table.row(2) == 5


def test_quoted_cells_hold_delimiters_quotes_and_lines() -> None:
    rows = [["a", "b,c"], ['say "x"', "two\r\nlines"], ["", ";\t|"]]
    assert rows_of(read(csv_of(rows).encode(), "t.csv")) == rows


def test_decimal_commas_are_no_delimiters() -> None:
    text = "Land;Anteil, %;Rest, %\nA;1,5;2,5\nB;3,5;4,5\n"
    assert rows_of(read(text.encode(), "t.csv"))[1] == ["A", "1,5", "2,5"]


def test_excels_line_that_names_the_delimiter_is_no_header() -> None:
    table = read(b"sep=;\r\na;b,c\r\n1;2,3\r\n", "t.csv")
    assert rows_of(table) == [["a", "b,c"], ["1", "2,3"]]
    assert table.first_row == 3


def test_empty_columns_beside_the_table_are_left_out() -> None:
    assert rows_of(read(b"a,b,,\n1,2,,\n", "t.csv")) == [["a", "b"], ["1", "2"]]


def test_texts_that_occur_again_are_one_object_until_there_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [["a", "b"], *([f"same {n % 2}", f"other {n}"] for n in range(2000))]
    content = csv_of(rows).encode()
    monkeypatch.setattr("geotrack.usertables.cells.FEW", 600)
    table = read(content, "t.csv")
    assert rows_of(table) == rows
    assert len({id(cell) for cell in table.frame["a"]}) == 2


def test_a_file_longer_than_the_sample_is_checked_to_its_end() -> None:
    lines = ["a;b", *(f'"{n}";"x;\n{n}"' for n in range(20_000))]
    table = read("\n".join(lines).encode(), "t.csv")
    assert len(table.frame) == 20_000
    assert table.frame["b"].iloc[-1] == "x;\n19999"
    with pytest.raises(ParseError, match=r"row 20002 has 3: '1;2;3'"):
        read("\n".join([*lines, "1;2;3"]).encode(), "t.csv")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r"t\.csv: the file is empty; expected a table as CSV, TSV, Excel \(\.xlsx, \.xls\)"),
        (b" \r\n\n", "the file is empty"),
        (b"a,b\n", r"no rows below the header \(a, b\)"),
        (b"a,b\n,\n \n", "no rows below the header"),
        (b",\n,\n1,2\n", r"no name in column|no cell holds anything|row|header"),
        (b"a\n1\n", r"the header is one cell: 'a'; expected at least two, with one of tab, semicolon"),
        (b"a,b,a\n1,2,3\n", "columns occur twice: 'a'; rename or remove"),
        (b"a,,b\n1,2,3\n", r"the header has no name in column 2 \(of 3\)"),
        (b"a,b\n1,2,3\n1,2\n1\n", r"expected 2 cells in each row.* row 2 has 3: '1,2,3'; row 4 has 1: '1'"),
        (b"a,b\n" + b"1,2,3\n" * 12, r"row 11 has 3: '1,2,3'; and 2 more"),
        (b'a,b\n1,"x"y\n', r"row 2: ',' expected after '\"'; expected a quotation mark at both ends"),
        (b'a,b\n1,"x\n', r"row 2: unexpected end of data"),
        (b"a,b\n1,2\n3,\0\n", "line 3 holds a NUL character"),
        ("a,b\n1,\0\n".encode("utf-16"), "line 2 holds a NUL character"),
        ("a,b\n1,2\n\0".encode("utf-16-le"), "line 1 holds a NUL character.*UTF-16 without its mark"),
        ("a,b\n1,2\n".encode("utf-16")[:-1], r"byte \d+ is no UTF-16 \(truncated data\), though"),
        (b"Amt f\xfcr,\n" + "ä,ö\n1,2\n".encode(), r"above the table: 'Amt f.udcfcr'"),
        ("ä,ö,ü\n1,2,3\n4,5,6\n".encode() + b"Quelle: f\xfcr S\n", r"below the table: 'Quelle: f.udcfcr S'"),
        (b"\xc3\xa9,b\n1,\x81\n", r"1 text holds what is no character .* row 2, column 'b': '\\udc81'"),
        (b"\xc3\xa9,\x81\n1,2\n", r"the header: '\\udc81'"),
        ("a,b\nDé,é\n".encode() + b"x,\xff\n", r"row 3, column 'b': '\\udcff'.*anew as CSV in UTF-8"),
        (b"\xef\xbb\xbfa,b\n1,\xe9\n", r"row 2, column 'b': '\\udce9'"),
        (b"<!DOCTYPE html><html>", "this is a web page or XML, not a table"),
        (b'<?xml version="1.0"?><Workbook/>', "this is a web page or XML"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", r"an old Excel file \(\.xls\) that cannot be read.*; open it"),
        (b"%PDF-1.7", "this is a PDF"),
        (b"\x1f\x8b\x08", r"compressed \(gzip\); unpack it first"),
        (b"PK\x03\x04garbage", "a damaged zip or Excel file: .*; save it anew"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(ParseError, match=message):
        read(content, "t.csv")


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        ("content.xml", r"a damaged OpenDocument file, .*; open it and save it as \.xlsx"),
        ("xl/workbook.bin", r"a binary Excel file \(\.xlsb\)"),
        ("table.csv", r"a zip archive with table\.csv; unpack it first"),
    ],
)
def test_other_things_in_a_zip_are_told(inside: str, message: str) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(inside, "x")
    with pytest.raises(ParseError, match=message):
        read(content.getvalue(), "t.xlsx")


def test_a_sheet_of_a_text_file_is_refused() -> None:
    with pytest.raises(SpecError, match=r"t\.csv: sheet = 'x', but this is no Excel file"):
        read(b"a,b\n1,2\n", "t.csv", "x")


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)


@st.composite
def tables(draw: st.DrawFn, cell: st.SearchStrategy[str] = CELL) -> list[list[str]]:
    width = draw(st.integers(2, 4))
    names = draw(st.lists(cell.map(str.strip), min_size=width, max_size=width, unique=True))
    body = draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1, max_size=5))
    assume(all(names))
    assume(any(c.strip() for c in body[-1]))
    return [names, *body]


@settings(deadline=None)
@given(
    tables(), st.sampled_from(list(delimited.DELIMITERS)), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])
)
def test_a_table_that_was_written_is_read_back(rows: list[list[str]], delimiter: str, encoding: str) -> None:
    assume(not rows[0][0].startswith(("<", "%PDF", "PK", "BZh", "PAR1", "\ufeff", "7z")))
    content = csv_of(rows, delimiter, csv.QUOTE_ALL).encode(encoding)
    assert rows_of(read(content, "t.csv")) == rows


WESTERN = st.text(st.characters(codec="cp1252", exclude_characters="\0"), max_size=6)


@settings(deadline=None)
@given(tables(WESTERN))
def test_a_table_in_windows_1252_is_read_back_or_refused(rows: list[list[str]]) -> None:
    """A few letters that look like UTF-8 may let a table be taken for a damaged one, never be misread."""
    text = csv_of(rows, ";", csv.QUOTE_ALL)
    raw = text.encode("cp1252")
    try:
        raw.decode()
        assume(text.isascii())  # else it is UTF-8 as well, and nothing can tell
    except UnicodeDecodeError:
        pass
    try:
        assert rows_of(read(raw, "t.csv")) == rows
    except GeotrackError as error:
        assert "no character" in str(error) or "no UTF-8" in str(error)  # noqa: PT017


@settings(deadline=None)
@given(
    st.binary(max_size=60),
    st.sampled_from([b"", b"a,b\n1,2\n", b"a;b\n", b"PK\x03\x04", b"PAR1"]),
)
def test_any_bytes_are_a_table_or_refused(content: bytes, start: bytes) -> None:
    try:
        table = read(start + content, "t")
    except GeotrackError:
        return
    assert len(table.frame) > 0
    "".join(table.frame.to_numpy().ravel()).encode()


# Excel


def test_cells_of_a_sheet_are_text_without_loss() -> None:
    def change(book: openpyxl.Workbook) -> None:
        for place, shape in {"A2": "0.00%", "B2": '0.0"%"', "C2": "0%", "D2": "mmm-yy"}.items():
            book.active[place].number_format = shape

    content = xlsx_of(
        ["a", "b", 2019, "d", "e"],
        [0.7553, 75.5, 0.07, datetime(2024, 6, 1), True],
        [12, 0.1, 1e22, date(2024, 6, 30), " NA "],
        [-3.0, 1e-7, None, datetime(2024, 6, 1, 13, 30), time(9, 5)],
        change=change,
    )
    table = read(content, "t.xlsx")
    assert rows_of(table) == [
        ["a", "b", "2019", "d", "e"],
        ["75.53%", "75.5", "7%", "2024-06-01", "TRUE"],
        ["12", "0.1", "10000000000000000000000", "2024-06-30", " NA "],
        ["-3", "0.0000001", "", "2024-06-01 13:30:00", "09:05:00"],
    ]
    assert table.numeric == {"a", "b", "2019"}
    assert table.sheet == "Data"
    assert table.first_row == 2
    assert table.how[:2] == ("sheet 'Data'", "4 cells are dates")
    assert "2 cells are percentages" in table.how[2]


def test_days_counted_from_1904_are_the_days_that_excel_shows() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904

    table = read(xlsx_of(["a", "b"], [date(2024, 6, 1), "x"], change=change), "t.xlsx")
    assert table.frame["a"].tolist() == ["2024-06-01"]
    assert "1 cells are dates (counted from 1904)" in table.how


def test_the_table_may_stand_away_from_the_corner() -> None:
    table = read(xlsx_of([], [None, None], [None, "a", "b"], [None, 1, 2], [None, 3, None], [None]), "t.xlsx")
    assert rows_of(table) == [["a", "b"], ["1", "2"], ["3", ""]]
    assert table.first_row == 4


def test_what_a_file_says_of_its_size_is_not_believed() -> None:
    content = xlsx_of(["a", "b"], [1, 2])
    wrong = patched(content, "xl/worksheets/sheet1.xml", ('<dimension ref="A1:B2"', '<dimension ref="A1"'))
    assert rows_of(read(wrong, "t.xlsx")) == [["a", "b"], ["1", "2"]]


def test_of_several_sheets_one_must_be_named() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book.create_sheet("Empty")
        book.create_sheet("Other").append(["x", "y"])
        book["Other"].append([1, 2])

    content = xlsx_of(["a", "b"], [1, 2], change=change)
    with pytest.raises(
        SpecError, match=r"2 sheets hold data: Data; Other; say which: --sheet Data or --sheet Other"
    ):
        read(content, "t.xlsx")
    assert read(content, "t.xlsx", "Other").columns == ("x", "y")
    with pytest.raises(SpecError, match=r"no sheet 'Third'; found: 'Data', 'Empty', 'Other'"):
        read(content, "t.xlsx", "Third")
    with pytest.raises(ParseError, match=r"t\.xlsx, sheet 'Empty': no cell holds anything"):
        read(content, "t.xlsx", "Empty")


def test_a_hidden_sheet_is_read_only_if_it_is_named() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book.create_sheet("Secret").append(["x", "y"])
        book["Secret"].append([1, 2])
        book["Secret"].sheet_state = "hidden"

    content = xlsx_of(["a", "b"], [1, 2], change=change)
    assert read(content, "t.xlsx").columns == ("a", "b")
    assert read(content, "t.xlsx", "Secret").columns == ("x", "y")


def test_sheets_without_a_figure_and_hidden_ones_are_passed_over_and_named() -> None:
    def change(book: openpyxl.Workbook) -> None:
        for name, rows in {
            "Contents": [["Table", "What"], ["Revenue", "by country"]],
            "Cover": [["Year", 2023]],
            "Secret": [["x", "y"], [1, 2]],
        }.items():
            for row in [book.create_sheet(name), *rows][1:]:
                book[name].append(row)
        book["Secret"].sheet_state = "hidden"

    table = read(xlsx_of(["a", "b"], [1, 2], change=change), "t.xlsx")
    assert table.columns == ("a", "b")
    assert table.skipped == (
        "sheets without a figure: 'Contents'; 'Cover'",
        "hidden sheets: 'Secret'; say --sheet NAME to read one",
    )


def test_rows_and_columns_of_no_size_are_hidden() -> None:
    content = xlsx_of(["a", "b", "c"], [1, 2, 3], [4, 5, 6])
    patches = ('<row r="2"', '<row r="2" ht="0" customHeight="1"'), (
        "<sheetData>", '<cols><col min="2" max="2" width="0" customWidth="1"/></cols><sheetData>',
    )  # fmt: skip
    for patch in patches:
        content = patched(content, "xl/worksheets/sheet1.xml", patch)
    table = read(content, "t.xlsx")
    assert rows_of(table) == [["a", "c"], ["4", "6"]]
    assert table.skipped == ("hidden rows 2 and columns B: left out; say --hidden include to read them",)


def test_a_workbook_without_a_cell_is_refused() -> None:
    with pytest.raises(ParseError, match=r"no sheet holds a cell; expected a table with a header \(Data\)"):
        read(xlsx_of(), "t.xlsx")


def test_cells_with_errors_are_refused_by_name() -> None:
    with pytest.raises(ParseError, match=r"sheet 'Data': cells hold errors: B2: #REF!; A3: #DIV/0!; correct"):
        read(xlsx_of(["a", "b"], [1, "#REF!"], ["#DIV/0!", 2]), "t.xlsx")


def test_formulas_without_a_result_are_refused_by_name() -> None:
    with pytest.raises(
        ParseError, match=r"formulas without a stored result: B2; B3; open the workbook in Excel"
    ):
        read(xlsx_of(["a", "b"], [1, "=A2+1"], [2, "=A3+1"]), "t.xlsx")


def test_formulas_with_a_result_are_their_result() -> None:
    content = xlsx_of(["a", "b"], [1, "=A2+1"], [2, "=A3"])
    sheet = "xl/worksheets/sheet1.xml"
    content = patched(
        content,
        sheet,
        ("<f>A2+1</f><v></v>", "<f>A2+1</f><v>2</v>"),
        ("<f>A3</f><v></v>", "<f>A3</f><v>2.5</v>"),
    )
    assert read(content, "t.xlsx").frame["b"].tolist() == ["2", "2.5"]


def test_merged_cells_are_filled_and_that_is_said() -> None:
    content = xlsx_of(["a", "b"], ["x", 1], [None, 2], change=lambda book: book.active.merge_cells("A2:A3"))
    table = read(content, "t.xlsx")
    assert rows_of(table)[1:] == [["x", "1"], ["x", "2"]]
    assert table.skipped == ("merged cells were filled: A2:A3",)


def test_a_formula_whose_result_is_no_text_is_an_empty_cell() -> None:
    content = patched(
        xlsx_of(["a", "b"], [1, "=A2"]),
        "xl/worksheets/sheet1.xml",
        ('<c r="B2"><f>A2</f><v></v>', '<c r="B2" t="str"><f>A2</f><v></v>'),
    )
    assert rows_of(read(content, "t.xlsx"))[1:] == [["1", ""]]


def test_a_cell_beyond_the_header_is_refused() -> None:
    with pytest.raises(ParseError, match=r"the header has no name in column 3 \(of 3\)"):
        read(xlsx_of(["a", "b"], [1, 2, 3]), "t.xlsx")


def test_a_zip_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel, "MOST_BYTES", 2000)
    with pytest.raises(
        ParseError, match=r"bytes once unpacked; expected at most 2,000: save the table as CSV"
    ):
        read(xlsx_of(["a", "b"], [1, 2]), "t.xlsx")


SHEET = "xl/worksheets/sheet1.xml"


def test_cells_that_have_a_format_only_make_no_table_larger() -> None:
    far = '<row r="90000"><c r="XFD90000"/></row></sheetData>'
    content = patched(xlsx_of(["a", "b"], [1, 2]), SHEET, ("</sheetData>", far))
    assert rows_of(read(content, "t.xlsx")) == [["a", "b"], ["1", "2"]]


def test_a_cell_in_a_far_corner_is_refused_before_memory_is_full() -> None:
    far = '<row r="90000"><c r="XFD90000"><v>5</v></c></row></sheetData>'
    content = patched(xlsx_of(["a", "b"], [1, 2]), SHEET, ("</sheetData>", far))
    with pytest.raises(
        ParseError, match=r"'Data': 1,474,560,000 cells, .* at most 50,000,000: delete what stands far beside"
    ):
        read(content, "t.xlsx")


@pytest.mark.parametrize("sheet", ["", "Data"])
def test_rows_that_excel_does_not_have_are_refused(sheet: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel, "MOST_ROWS", 1000)
    far = '<row r="99999999999"><c r="A99999999999"><v>5</v></c></row>'
    content = patched(xlsx_of(), SHEET, ("<sheetData>", f"<sheetData>{far}"))
    with pytest.raises(ParseError, match=r"'Data': rows beyond 1,000, the last that Excel has; the file is"):
        read(content, "t.xlsx", sheet)


def test_a_damaged_workbook_is_refused() -> None:
    content = patched(xlsx_of(["a", "b"], [1, 2]), "xl/worksheets/sheet1.xml", ("<sheetData>", "<sheetData"))
    with pytest.raises(ParseError, match=r"a damaged Excel file: .*; open and save it in Excel"):
        read(content, "t.xlsx")


def test_a_date_that_excel_does_not_know_is_an_error_cell() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book.active["A2"].number_format = "yyyy-mm-dd"

    with pytest.raises(ParseError, match=r"cells hold errors: A2: #VALUE!"):
        read(xlsx_of(["a", "b"], [1e12, 2], change=change), "t.xlsx")


@pytest.mark.parametrize(
    ("shape", "expected"),
    [("0 %", True), ('0"%"', False), (r"0\%", False), ("General", False), ("[Red]0%;-0%", True)],
)  # fmt: skip
def test_a_percent_sign_in_quotes_does_not_multiply(shape: str, expected: bool) -> None:
    assert excel.is_percent(shape) is expected


SHEET_CELL = st.one_of(
    st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF), max_size=6).filter(
        lambda text: not text.startswith(("=", "#")) and "_x" not in text
    ),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False, width=64).filter(lambda x: abs(x) < 1e30),
    st.dates(date(1901, 1, 1)),
)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(SHEET_CELL, SHEET_CELL), min_size=1, max_size=6))
def test_a_sheet_that_was_written_is_read_back(rows: list[tuple[Any, Any]]) -> None:
    table = read(xlsx_of(["a", "b"], *map(list, rows), ["end", "end"]), "t.xlsx")
    for row, cells in zip(rows, table.frame.to_numpy().tolist(), strict=False):
        for value, cell in zip(row, cells, strict=True):
            if isinstance(value, int | float):
                assert float(cell) == pytest.approx(value, rel=1e-15)  # openpyxl writes 16 digits
            else:
                assert cell == str(value)


PARTS = ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "[Content_Types].xml"]
WORKBOOK = xlsx_of(["a", "b"], [1, "x"], [2.5, date(2024, 6, 1)])
PARQUET = parquet_of(a=["x", "y"], b=[1.5, None])
TEXTS = [csv_of(ROWS, ";", csv.QUOTE_ALL).encode(kind) for kind in ("utf-8-sig", "utf-16")]


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([WORKBOOK, PARQUET, *TEXTS]), st.data())
def test_damaged_files_are_read_or_refused(content: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(content)), min_size=2, max_size=6)))
    parts = [content[a:b] for a, b in pairwise([0, *cuts, len(content)])]
    for _ in range(data.draw(st.integers(1, 3))):
        parts[data.draw(st.integers(0, len(parts) - 1))] = data.draw(st.binary(max_size=8))
    try:
        read(b"".join(parts), "t")
    except GeotrackError:
        return


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(PARTS), st.data())
def test_damaged_parts_of_a_workbook_are_read_or_refused(name: str, data: st.DataObject) -> None:
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as archive:
        text = archive.read(name).decode()
    at = data.draw(st.integers(0, len(text)))
    put = data.draw(st.sampled_from(["", "<", ">", '"', "9", "x", "<c/>", "<v>1</v>", "&amp;", "-"]))
    try:
        read(
            patched(WORKBOOK, name, (text, text[:at] + put + text[at + data.draw(st.integers(0, 20)) :])), "t"
        )
    except GeotrackError:
        return


# Parquet


def test_columns_of_parquet_are_text_without_loss() -> None:
    content = parquet_of(
        text=["NA", None, "x,y"],
        few=pyarrow.array(["a", "b", "a"]).dictionary_encode(),
        whole=[1, 2**60, None],
        number=[75.53, 12.0, float("nan")],
        single=pyarrow.array([75.53, 0.1, 3], pyarrow.float32()),
        exact=[Decimal("1.50"), None, Decimal("0.00")],
        day=[date(2024, 6, 1), date(2024, 7, 1), None],
        moment=[datetime(2024, 6, 1), datetime(2024, 6, 1, 13), None],
        yes=[True, False, None],
        nothing=pyarrow.nulls(3),
    )
    table = read(content, "t.parquet")
    assert rows_of(table)[1:] == [
        ["NA", "a", "1", "75.53", "75.53", "1.50", "2024-06-01", "2024-06-01", "TRUE", ""],
        ["", "b", str(2**60), "12", "0.1", "", "2024-07-01", "2024-06-01 13:00:00", "FALSE", ""],
        ["x,y", "a", "", "", "3", "0.00", "", "", "", ""],
    ]
    assert table.numeric == {"whole", "number", "single", "exact"}
    assert table.first_row == 1
    assert table.how == ("Parquet", "3 rows")


def test_a_number_without_end_stays_a_word_and_is_no_figure_later() -> None:
    assert read(parquet_of(a=["x", "y"], b=[float("inf"), 1.5]), "t").frame["b"].tolist() == ["inf", "1.5"]


@settings(deadline=None)
@given(tables(), st.lists(st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)), min_size=5),
       st.lists(st.decimals(-(10**9), 10**9, places=4), min_size=5))  # fmt: skip
def test_a_parquet_file_that_was_written_is_read_back(
    rows: list[list[str]], floats: list[float | None], exact: list[Decimal]
) -> None:
    names, body = rows[0], rows[1:]
    assume("#f" not in names and "#d" not in names)
    columns = {name: [row[n] for row in body] for n, name in enumerate(names)}
    table = read(parquet_of(**columns, **{"#f": floats[: len(body)], "#d": exact[: len(body)]}), "t")
    assert rows_of(table)[0] == [*names, "#f", "#d"]
    assert table.frame[names].to_numpy().tolist() == body
    found = [float(cell) if cell else None for cell in table.frame["#f"]]
    assert found == floats[: len(body)]
    assert table.frame["#d"].tolist() == [f"{number:f}" for number in exact[: len(body)]]


def test_columns_that_are_no_cells_are_refused() -> None:
    with pytest.raises(ParseError, match=r"column 'b' holds list<.*int64>; expected text, numbers or dates"):
        read(parquet_of(a=["x"], b=[[1, 2]]), "t.parquet")


def test_more_cells_than_memory_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geotrack.usertables.files.parquet.MOST_CELLS", 3)
    with pytest.raises(ParseError, match="4 cells; expected at most 3: divide the file"):
        read(PARQUET, "t.parquet")


def test_a_damaged_parquet_file_is_refused() -> None:
    with pytest.raises(ParseError, match=r"t: a damaged Parquet file: .*; write it anew"):
        read(PARQUET[:-9], "t")


def test_without_pyarrow_parquet_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(ParseError, match=r"pip install 'geotrack\[parquet\]', or save the table as CSV"):
        read(PARQUET, "t.parquet")


def test_what_a_file_is_its_bytes_tell_not_its_name(tmp_path: Path) -> None:
    assert read(WORKBOOK, str(tmp_path / "t.csv")).sheet == "Data"
    assert reading.read(b"a,b\n1,2\n", "t.xlsx").columns == ("a", "b")
