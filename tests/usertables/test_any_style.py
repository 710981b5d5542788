"""A table written in any of many styles is read back equal, or refused; never read otherwise."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import openpyxl
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from geotrack.errors import GeotrackError
from geotrack.usertables.columns.mapping import Mapping
from geotrack.usertables.reading import read
from geotrack.usertables.rows.labelled import figures_of

LABELS = {
    "cp1252": [
        "Österreich",
        "Côte d'Ivoire",
        "España",
        "Türkei",
        "Bosnia and Herzegovina",
        "US",
        "Réunion",
        "St. Lucia",
    ],
    "cp1251": [
        "Россия",
        "Германия",
        "Соединённые Штаты",
        "Китай",
        "г. Москва",
        "Ямало-Ненецкий автономный округ",
    ],
    "gb18030": ["中国", "美国", "北京市", "内蒙古自治区", "新疆维吾尔自治区", "哈萨克斯坦"],
    "cp932": ["東京都", "北海道", "大阪府", "アメリカ", "ドイツ"],
}
TITLES = [
    "Table 3.1",
    "Revenue by country, 2019-2020",
    "in 1,000 EUR",
    "Unit: GWh",
    "Updated 2024-01-05",
    "(preliminary)",
]
NOTES = [
    "Source: our own survey",
    "1) without territories",
    "* provisional",
    "Note: rounded",
    "© 2024",
    "p = provisional",
]
WORDS = ["n.a.", "..", ":", "-", "k.A.", "NA", "…", "x"]
FLAGS = ["", "", "", "p", "e", "*", "¹", "1)", "(r)"]


@dataclass(frozen=True)
class Style:
    """How somebody writes a table."""

    decimal: str
    thousands: str
    delimiter: str
    encoding: str
    titles: tuple[str, ...]
    gap: bool  # an empty row below the titles
    notes: tuple[str, ...]
    gap_below: bool
    two_rows: bool  # a header of years above halves
    padded: bool  # titles and notes have all delimiters
    flags: bool
    words: bool


STYLES = st.builds(
    Style,
    decimal=st.sampled_from(".,"),
    thousands=st.sampled_from(["", "other", " ", "'"]),
    delimiter=st.sampled_from("\t;|,"),
    encoding=st.sampled_from(
        ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "cp1251", "gb18030", "cp932"]
    ),
    titles=st.lists(st.sampled_from(TITLES), max_size=3, unique=True).map(tuple),
    gap=st.booleans(),
    notes=st.lists(st.sampled_from(NOTES), max_size=3, unique=True).map(tuple),
    gap_below=st.booleans(),
    two_rows=st.booleans(),
    padded=st.booleans(),
    flags=st.booleans(),
    words=st.booleans(),
)


@st.composite
def written(
    draw: st.DrawFn, style: Style
) -> tuple[list[list[str]], list[str], list[str], list[list[Decimal | None]]]:
    """The rows of a file as text, the names of its columns, its regions, and its figures."""
    labels = LABELS.get(style.encoding, [text for texts in LABELS.values() for text in texts])
    regions = draw(st.lists(st.sampled_from(labels), min_size=3, max_size=6, unique=True))
    years = draw(st.sampled_from([["2019", "2020"], ["2018", "2019", "2020"]]))
    names = [f"{year} {half}" for year in years for half in ("H1", "H2")] if style.two_rows else years
    number = st.decimals(-(10**6), 10**7, places=draw(st.integers(0, 4)))
    figures = [
        [draw(st.none() if style.words and not draw(st.integers(0, 5)) else number) for _ in names]
        for _ in regions
    ]
    rows: list[list[str]] = [[title] for title in style.titles]
    rows += [[""]] if style.gap and rows else []
    rows += (
        [["Land", *(part for year in years for part in (year, ""))], ["", *["H1", "H2"] * len(years)]]
        if style.two_rows
        else [["Land", *years]]
    )
    for region, values in zip(regions, figures, strict=True):
        rows.append([region, *(draw(_cell(style, value)) for value in values)])
    rows += [[""]] if style.gap_below else []
    rows += [[note] for note in style.notes]
    return rows, names, regions, figures


def _cell(style: Style, value: Decimal | None) -> st.SearchStrategy[str]:
    if value is None:
        return st.sampled_from(WORDS)
    other = {".": ",", ",": "."}[style.decimal]
    mark = other if style.thousands == "other" else style.thousands
    text = f"{value:,f}".replace(",", "T").replace(".", style.decimal).replace("T", mark)
    flags = [flag for flag in FLAGS if _fits(flag, style.encoding)] if style.flags else [""]
    return st.sampled_from(flags).map(lambda flag: f"{text} {flag}".strip())


def _fits(text: str, encoding: str) -> bool:
    try:
        return text.encode(encoding).decode(encoding) == text
    except UnicodeError:
        return False


def _expect(
    content: bytes, name: str, names: list[str], regions: list[str], figures: list[list[Decimal | None]]
) -> None:
    try:
        table = read(content, name)
        mapping = Mapping("wide", table.columns[0], units=("x",))
        periods = list(table.columns[1:])
        found = figures_of(table, Mapping("long", "", tuple(periods), tuple(periods), ("x",) * len(periods)))
        assert mapping.region
    except GeotrackError as error:
        event(f"refused: {type(error).__name__} {str(error).split(';')[0][-60:]}")
        return
    if len(found.bad):
        event("cells are refused")
        return
    event("read")
    assert list(table.columns) == ["Land", *names]
    assert table.frame["Land"].tolist() == regions
    got: list[list[Decimal | None]] = [[None] * len(names) for _ in regions]
    for row, column, value in zip(found.rows.tolist(), found.columns.tolist(), found.values, strict=True):
        got[row][column] = Decimal(value)
    assert got == figures


@settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.too_slow])
@given(STYLES, st.data())
def test_a_text_in_any_style_is_read_back_or_refused(style: Style, data: st.DataObject) -> None:
    rows, names, regions, figures = data.draw(written(style))
    width = 1 + len(names)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=style.delimiter, lineterminator="\r\n")
    for row in rows:
        writer.writerow(row + [""] * (width - len(row)) if style.padded or len(row) > 1 else row)
    content = text.getvalue()
    if not _fits(content, style.encoding):
        return
    _expect(content.encode(style.encoding), "t.csv", names, regions, figures)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(STYLES, st.booleans(), st.data())
def test_a_sheet_in_any_style_is_read_back_or_refused(style: Style, real: bool, data: st.DataObject) -> None:
    rows, names, regions, figures = data.draw(written(style))
    book = openpyxl.Workbook()
    sheet = book.active
    start = 1 + next(n for n, row in enumerate(rows) if row[0] == "Land")
    for row in rows:
        sheet.append([cell or None for cell in row])
    first = start + 1 + style.two_rows
    for n, values in enumerate(figures):
        for k, value in enumerate(values):
            cell: Any = sheet.cell(first + n, k + 2)
            if real and value is not None and data.draw(st.booleans()):
                cell.value = float(value)
    if style.two_rows and data.draw(st.booleans()):
        for k in range(2, 2 + len(names), 2):
            sheet.merge_cells(start_row=start, end_row=start, start_column=k, end_column=k + 1)
    content = io.BytesIO()
    book.save(content)
    _expect(content.getvalue(), "t.xlsx", names, regions, figures)
