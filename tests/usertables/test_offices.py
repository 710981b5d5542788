"""Files in the styles of statistical offices, made by us with made-up figures: what must come out of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from geotrack.usertables.columns.mapping import Mapping
from geotrack.usertables.figures import marks
from geotrack.usertables.reading import read
from geotrack.usertables.rows.labelled import figures_of
from geotrack.usertables.table import UserTable

OFFICES = Path(__file__).parent / "offices"


def figures(table: UserTable, *columns: str) -> dict[str, list[str]]:
    """The figures of columns as plain numbers, "" where there is none; each column is read by itself."""
    mapping = Mapping("long", "", columns, columns, tuple("x" for _ in columns))
    found = figures_of(table, mapping)
    assert not len(found.bad), [table.frame[columns[n]].iloc[row] for row, n in found.bad]
    made = {column: [""] * len(table.frame) for column in columns}
    for row, column, value in zip(found.rows, found.columns, found.values, strict=True):
        made[columns[column]][row] = value
    return made


def beside(table: UserTable, *columns: str) -> dict[tuple[str, str], tuple[str, str]]:
    """What marks beside figures say: (column, figure) -> status and note."""
    found = figures_of(table, Mapping("long", "", columns, columns, tuple("x" for _ in columns)))
    cells = zip(found.columns, found.values, found.marks, strict=True)
    return {(columns[n], value): marks.told(mark, table.legend) for n, value, mark in cells if mark}


@dataclass(frozen=True)
class Office:
    """What a file's table is."""

    columns: str  # all of them, between bars
    regions: str  # column and its cells
    figures: dict[str, str]  # column -> its figures, "_" where there is none
    first_row: int = 2
    said: tuple[str, ...] = ()  # of how it was read, and what was skipped
    marks: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)


ESTIMATED, BREAK, PROVISIONAL = "estimated", "break in the series", "provisional"

EXPECTED = {
    "worldbank-api.csv": Office(
        "Country Name|Country Code|Indicator Name|Indicator Code|2019|2020|2021",
        "Country Code: ABW CIV WLD",
        {"2019": "106.5 5.5 112", "2020": "107.25 6.125 113.375", "2021": "_ 7 _"},
        6,
        ("rows 1-4 above the table: 'Data Source World Development Indicators'; 'Last Updated Date 2024",),
    ),
    "worldbank-databank.csv": Office(
        "Country Name|Country Code|Series Name|Series Code|2019 [YR2019]|2020 [YR2020]",
        "Country Name: Angola|Egypt, Arab Rep.",
        {"2019 [YR2019]": "12.5 1.75", "2020 [YR2020]": "_ 2.5"},
        said=("2 lines below the table: 'Data from database: World Development Indicators'",),
    ),
    "eurostat.tsv": Office(
        "freq|unit|geo|2019|2020|2021",
        "geo: DE EL UK FR",
        {"2019": "11.2 10.2 8.2 8.25", "2020": "_ 9.5 7 7", "2021": "12.1 _ 6.1 _"},
        said=("the first column holds 3: freq, unit, geo",),
        marks={
            ("2019", "11.2"): ("", PROVISIONAL),
            ("2020", "9.5"): ("", BREAK),
            ("2020", "7"): ("", "of low reliability"),
            ("2021", "12.1"): (ESTIMATED, ""),
            ("2021", "6.1"): (ESTIMATED, f"{BREAK}; {PROVISIONAL}"),
        },
    ),
    "eurostat-monthly.tsv": Office(
        "freq|geo|2020-01|2020-02",
        "geo: AT BE",
        {"2020-01": "1.5 _", "2020-02": "2.5 3"},
        marks={("2020-02", "2.5"): (ESTIMATED, "estimated by the office")},
    ),
    "eurostat-sdmx.csv": Office(
        "DATAFLOW|LAST UPDATE|freq|unit|geo|TIME_PERIOD|OBS_VALUE|OBS_FLAG|CONF_STATUS",
        "geo: DE EL FR UK",
        {"OBS_VALUE": "11.2 _ 10.5 9"},
    ),
    "eurostat-spreadsheet.tsv": Office(
        "GEO (Labels)|2019|2020",
        "GEO (Labels): Germany France Italy",
        {"2019": "1.5 1.25 _", "2020": "2.5 2 2.75"},
        3,
        ("flags beside column '2019': p", "4 lines below the table: 'Special value'; ': not available'"),
        {
            ("2019", "1.5"): ("", PROVISIONAL),
            ("2020", "2"): ("", BREAK),
            ("2020", "2.75"): (ESTIMATED, ""),
        },
    ),
    "oecd.csv": Office(
        "STRUCTURE|STRUCTURE_ID|REF_AREA|Reference area|MEASURE|UNIT_MEASURE|TIME_PERIOD|OBS_VALUE|OBS_STATUS"
        "|UNIT_MULT",
        "REF_AREA: AUS CAN CHL JPN",
        {"OBS_VALUE": "123.456789 98.5 _ 77"},
    ),
    "imf-sdmx.csv": Office(
        "DATAFLOW|COUNTRY|INDICATOR|FREQUENCY|TIME_PERIOD|OBS_VALUE|OBS_STATUS",
        "COUNTRY: USA DEU DEU",
        {"OBS_VALUE": "27720.7 4525.3 4700.0"},
    ),
    "imf-weo.tsv": Office(
        "WEO Country Code|ISO|Country|Units|Scale|2022|2023",
        "ISO: AFG ALB DZA",
        {"2022": "14.5 18.885 _", "2023": "_ 1022.918 239.25"},
        said=("UTF-16", "1 line below the table: 'International Monetary Fund, World Economic"),
        marks={
            ("2022", "14.5"): (ESTIMATED, "later than 'Estimates Start After'"),
            ("2023", "1022.918"): (ESTIMATED, "later than 'Estimates Start After'"),
            ("2023", "239.25"): (ESTIMATED, "later than 'Estimates Start After'"),
        },
    ),
    "owid.csv": Office(
        "Entity|Code|Year|Electricity generation - TWh",
        "Code: AFG||OWID_WRL|AFG",
        {"Electricity generation - TWh": "0.97 842.5 27000.125 0.00000015"},
    ),
    "comtrade.csv": Office(
        "typeCode|freqCode|refYear|period|reporterCode|reporterISO|reporterDesc|flowCode|partnerCode|cmdCode"
        "|primaryValue|isReported",
        "reporterCode: 4 842",
        {"primaryValue": "1027643.117 2062090064551"},
    ),
    "m49.csv": Office(
        "Region/Country/Area|(no name)|Year|Series|Value|Footnotes|Source",
        "Region/Country/Area: 156 4 840",
        {"Value": "3456 1234.5 2345"},
        said=("column 2 has no name; it is called '(no name)'",),
    ),
    "eia.csv": Office(
        "API|(no name)|2019|2020|2021",
        "(no name): Electricity net generation (billion kWh)|Afghanistan|Albania|Antarctica",
        {"2019": "_ 0.9 5.2 0", "2020": "_ 1.05 _ 0", "2021": "_ _ 8.75 0"},
        3,
        ("row 1 above the table: 'Report generated on: 01-02-2024 10:00:00'",),
    ),
    "destatis-genesis.csv": Office(
        "Länder|2019|2020|2021",
        "Länder: Baden-Württemberg Bayern Bremen",
        {"2019": "1234.5 2345.0 _", "2020": "1300.25 2400.5 12.5", "2021": "_ 2500.75 _"},
        6,
        (
            "Windows-1252",
            "above the table: 'Tabelle: 99999-0001'; 'Stromerzeugung nach Ländern'; 'Erhebung der",
            "'© Statistisches Amt, 2024'; 'Stand: 01.02.2024 / 10:00:00'",
        ),
    ),
    "nbs.csv": Office(
        "地区|2021年|2020年|2019年",
        "地区: 北京市 天津市 内蒙古自治区",
        {"2021年": "473.5 799.25 5952.6", "2020年": "456.5 771.7 5810.97", "2019年": "464.12 732.95 5495.08"},
        5,
        ("GB18030", "'指标：发电量(亿千瓦小时)'", "1 line below the table: '数据来源：国家统计局'"),
    ),
    "nbs-notes.csv": Office(
        "region|period|value|note",
        "note: 按照统计局数据调整||初步数据",
        {"value": "473.5 799.25 861.5"},
        said=("GB18030",),
    ),
    "rosstat.csv": Office(
        "(no name)|2019|2020|2021",
        "(no name): Белгородская область|Брянская область|Москва|г. Севастополь",
        {"2019": "0.9 0.1 1053.2 _", "2020": "0.85 _ 49.5 2.5", "2021": "_ 0.05 52.75 3"},
        5,
        ("Windows-1251", "1 line below the table: '1) Предварительные данные.'"),
    ),
    "estat-japan.csv": Office(
        "地域|2019年|2020年",
        "地域: 北海道 東京都 大阪府",
        {"2019年": "1234.5 5678 _", "2020年": "1200 5500.25 3000"},
        4,
        ("Shift-JIS", "'（注）速報値を含む。'"),
    ),
    "ine-spain.csv": Office(
        "Comunidad|2019|2020|2021(A)",
        "Comunidad: Andalucía|Aragón|País Vasco",
        {"2019": "1234.50 234.75 34.25", "2021(A)": "_ _ 28.5"},
        5,
        ("column '2020' is marked '(P)': Datos provisionales",),
    ),
    "insee.csv": Office(
        "Libellé|Code|Période|Valeur|Flag", "Code: 11 53 94", {"Valeur": "1234.5 234.75 12"}
    ),
    "india.csv": Office(
        "State/UT|2019-20 Generation (MU)|Remarks",
        "State/UT: Maharashtra Gujarat Kerala Lakshadweep",
        {"2019-20 Generation (MU)": "123456.50 98765 1234567 _"},
    ),
    "statcan.csv": Office(
        "REF_DATE|GEO|DGUID|UOM|SCALAR_FACTOR|VALUE|STATUS|SYMBOL|TERMINATED|DECIMALS",
        "GEO: Quebec Yukon Quebec",
        {"VALUE": "18907565 _ 17000001"},
    ),
    "swiss.csv": Office(
        "Kanton|metric|period|value",
        "Kanton: Zürich Genève Ticino Zürich Genève Ticino",
        {"value": "1234.5 234.25 3456 1300 _ 3500.75"},
    ),
    "abs-units.csv": Office(
        "State|Generation|Share",
        "State: New South Wales|Victoria",
        {"Generation": "71234 50000", "Share": "71000.5 49999"},
        3,
        ("said of all its figures: 'GWh'",),
    ),
    "us-money.csv": Office(
        "State|metric|period|value",
        "State: Texas Georgia Kentucky Texas Georgia Kentucky",
        {"value": "1234567.50 12 1000000 2000 13.25 5"},
    ),
    "bp-review.csv": Office(
        "Terawatt-hours|2019|2020|Growth",
        "Terawatt-hours: Canada|US|Mexico||Total North America",
        {"2019": "648.5 4411 _ _ 5059.5", "2020": "643.25 4286.6 _ _ 4929.85"},
        said=("2 lines below the table: '^ Less than 0.05.'; 'Source: Review'",),
    ),
    "crossed.csv": Office(
        "Land|metric|period|value|unit",
        "metric: Erzeugung Erzeugung Erzeugung Erzeugung Umsatz Umsatz Umsatz Umsatz",
        {"value": "1234.5 234.5 1300.5 240.5 5.25 0.75 6 _"},
        4,
        ("the header takes rows 2-3", "crossed by metric (Erzeugung (GWh), Umsatz (Mio. EUR)) and period"),
    ),
    "records.json": Office("region|period|value|flag", "region: DE FR IT", {"value": "1.50 0.00000015 _"}, 1),
    "lines.json": Office("region|period|value", "region: DE FR", {"value": "12345678901234567890.5 2"}, 1),
}  # fmt: skip
EXPECTED["worldbank-databank-ragged.csv"] = EXPECTED["worldbank-databank.csv"]


def test_every_office_is_tried() -> None:
    assert {path.name for path in OFFICES.iterdir()} == {*EXPECTED}


@pytest.mark.parametrize("name", EXPECTED)
def test_an_offices_file_is_read_to_the_digit(name: str) -> None:
    table, office = read((OFFICES / name).read_bytes(), name), EXPECTED[name]
    assert "|".join(table.columns) == office.columns
    column, _, cells = office.regions.partition(": ")
    regions = cells.split("|") if "|" in cells else cells.split(" ")
    assert table.frame[column].tolist() == regions
    columns = list(office.figures)
    expected = {c: ["" if text == "_" else text for text in office.figures[c].split()] for c in columns}
    assert figures(table, *columns) == expected
    assert table.row(0) == office.first_row
    told = "\n".join([*table.how, *table.skipped])
    for text in office.said:
        assert text in told
    assert beside(table, *columns) == office.marks
