"""Raised digits and letters in sheets are marks, in whatever file; they are never a figure's digits."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from geotrack.usertables.figures import raised
from geotrack.usertables.reading import read
from geotrack.usertables.table import UserTable

from .test_offices import beside, figures
from .test_sheets import ODS

# All figures here are synthetic.

UP = True
ROWS: list[list[list[raised.Run]]] = [
    [[("Country", False)], [("2019", False), ("2", UP)], [("2020", False), ("a", UP)]],
    [[("Germany", False), ("1", UP)], [("1250", False), ("1", UP)], [("1.234,5", False), ("1,2", UP)]],
    [[("France", False)], [("12,5", False), ("1)", UP)], [("300", False)]],
    [[("Italy", False)], [("12", False), ("(", UP), ("b", UP), (")", UP)], [("", False)]],
    [],
    [[("1", UP), (" preliminary", False)]],
    [[("2 without islands", False)]],
]
"""Cells as runs: texts, and whether they are raised."""


def shared_strings() -> bytes:
    """As Excel writes it: the parts of texts in a table that all cells share."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet, up, plain = book.add_worksheet("S"), book.add_format({"font_script": 1}), book.add_format()
        for n, row in enumerate(ROWS):
            for k, runs in enumerate(row):
                parts = [part for text, is_up in runs for part in (up if is_up else plain, text) if text]
                if len(parts) > 2:
                    sheet.write_rich_string(n, k, *parts)
                else:
                    sheet.write_string(n, k, runs[0][0])
    return content.getvalue()


def inline_strings() -> bytes:
    """As openpyxl writes it: the parts of each text in its cell."""
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont

    book = openpyxl.Workbook()
    for n, row in enumerate(ROWS, 1):
        for k, runs in enumerate(row, 1):
            parts = [TextBlock(InlineFont(vertAlign="superscript"), t) if is_up else t for t, is_up in runs]
            book.active.cell(n, k).value = CellRichText(*parts) if len(parts) > 1 else runs[0][0]
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def opendocument(cells: list[list[str]], *, named: bool = False) -> bytes:
    """Cells of XML, a style T1 for raised text in the file itself, or among the styles that have names."""
    style = '<style:style style:name="T1"><style:text-properties style:text-position="{}"/></style:style>'
    rows = "".join(f"<table:table-row>{''.join(row)}</table:table-row>" for row in cells)
    whole = ODS.format(f'<table:table table:name="S">{rows}</table:table>')
    own = f"<office:automatic-styles>{style.format('super 58%')}</office:automatic-styles><office:body>"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("content.xml", whole if named else whole.replace("<office:body>", own))
        if named:
            body = "<office:spreadsheet>", "</office:spreadsheet>"
            empty = ODS.format("").replace("".join(body), "")
            archive.writestr(
                "styles.xml", empty.replace("<office:body>", f"<office:body>{style.format('33% 58%')}")
            )
    return content.getvalue()


def spans(named: bool) -> bytes:
    def cell(runs: list[raised.Run]) -> str:
        parts = (f'<text:span text:style-name="T1">{t}</text:span>' if up else t for t, up in runs)
        return f"<table:table-cell><text:p>{''.join(parts)}</text:p></table:table-cell>"

    return opendocument([[*map(cell, row)] for row in ROWS], named=named)


def old_excel() -> bytes:
    xlwt = pytest.importorskip("xlwt")
    book = xlwt.Workbook()
    sheet, up = book.add_sheet("S"), xlwt.Font()
    up.escapement = xlwt.Font.ESCAPEMENT_SUPERSCRIPT
    for n, row in enumerate(ROWS):
        for k, runs in enumerate(row):
            sheet.write_rich_text(n, k, [(t, up) if is_up else (t, xlwt.Font()) for t, is_up in runs if t])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


WRITERS = {
    "shared strings": shared_strings, "inline strings": inline_strings, "spans": lambda: spans(False),
    "spans of named styles": lambda: spans(True), "old Excel": old_excel,
}  # fmt: skip


@pytest.mark.parametrize("kind", WRITERS)
def test_a_raised_digit_is_a_mark_in_figures_headers_and_names(kind: str) -> None:
    table = read(WRITERS[kind](), "t")
    assert table.legend == {"1": "preliminary", "2": "without islands"}
    assert table.columns == ("Country", "2019", "2020ᵃ")
    assert table.column_notes == {"2019": "without islands"}
    assert table.frame["Country"].tolist() == ["Germany", "France", "Italy"]
    assert table.row_notes == {0: "preliminary"}
    assert figures(table, "2019", "2020ᵃ") == {
        "2019": ["1250", "12.5", "12"], "2020ᵃ": ["1234.5", "300", ""]
    }  # fmt: skip
    assert beside(table, "2019", "2020ᵃ") == {
        ("2019", "1250"): ("", "preliminary"),
        ("2019", "12.5"): ("", "preliminary"),
        ("2019", "12"): ("", "marked ᵇ in the table"),
        ("2020ᵃ", "1234.5"): ("", "preliminary; without islands"),
    }


NOTES_BELOW = """Country,2021,2022²
France¹,5,20
Spain,30,40³
1. provisional
2 estimate
3 forecast
"""


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_line_that_explains_a_raised_mark_is_a_note_right_below_the_table(kind: str) -> None:
    content = io.BytesIO(NOTES_BELOW.encode())
    if kind == "xlsx":
        book, content = openpyxl.Workbook(), io.BytesIO()
        for line in NOTES_BELOW.splitlines():
            book.active.append(line.split(","))
        book.save(content)
    table = read(content.getvalue(), "t")
    assert table.frame["Country"].tolist() == ["France", "Spain"]
    assert table.row_notes == {0: "provisional"}
    assert table.column_status == {"2022": "estimated"}
    assert beside(table, "2021", "2022")["2022", "40"] == ("estimated", "forecast")


def raised_as_a_whole(kind: str, cells: list[list[Any]]) -> UserTable:
    """A table in whose last column all cells are raised."""
    content = io.BytesIO()
    if kind == "ods":

        def cell(value: Any, style: str) -> str:
            number = f'office:value-type="float" office:value="{value}"' if isinstance(value, int) else ""
            return f"<table:table-cell {style} {number}><text:p>{value or ''}</text:p></table:table-cell>"

        up = 'table:style-name="T1"'
        return read(
            opendocument([[*(cell(v, "") for v in row[:-1]), cell(row[-1], up)] for row in cells]), "t"
        )
    if kind == "xls":
        xlwt = pytest.importorskip("xlwt")
        book = xlwt.Workbook()
        sheet, style = book.add_sheet("S"), xlwt.XFStyle()
        style.font = xlwt.Font()
        style.font.escapement = xlwt.Font.ESCAPEMENT_SUPERSCRIPT
        for n, row in enumerate(cells):
            for k, value in enumerate(row):
                sheet.write(n, k, value, style if k == len(row) - 1 else xlwt.XFStyle())
        book.save(content)
    else:
        with xlsxwriter.Workbook(content) as book:
            sheet, up = book.add_worksheet("S"), book.add_format({"font_script": 1})
            for n, row in enumerate(cells):
                for k, value in enumerate(row):
                    sheet.write(n, k, value, up if k == len(row) - 1 else None)
    return read(content.getvalue(), "t")


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_cells_that_are_raised_as_a_whole_are_marks_of_the_figures_on_their_left(kind: str) -> None:
    table = raised_as_a_whole(
        kind, [["Country", "2019", ""], ["Chad", 5, 1], ["Mali", 6, None], ["Niger", 7, "b"]]
    )
    assert table.columns == ("Country", "2019")
    assert table.frame["2019"].tolist() == ["5 ¹", "6", "7 ᵇ"]
    told = raised_as_a_whole(kind, [["Country", "2019"], ["Chad", 1250], ["Mali", 300]])
    assert told.frame["2019"].tolist() == ["1250", "300"]  # too long for a mark: figures in a small font


@given(st.lists(st.tuples(st.text(alphabet="0123456789 ,.()ab*-", max_size=4), st.booleans()), max_size=4))
def test_no_raised_digit_is_left_among_the_others(runs: list[raised.Run]) -> None:
    plain = "".join(filter(str.isdecimal, "".join(text for text, up in runs if not up)))
    assert "".join(filter(str.isdecimal, raised.text(runs))) == plain
    assert raised.text([(text, False) for text, _ in runs]) == "".join(text for text, _ in runs)
