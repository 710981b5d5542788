"""What maps made of people's own tables say, and what else a table may come as."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import geopandas
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from openpyxl import Workbook
from tableroads import SOURCE, Run, options

import geotrack as gt
from geotrack.store import starter

OFFICE = [
    ["Umsatz nach Ländern", None, None, None, None, None],
    ["in Mio. EUR; Stand: 31.12.2024", None, None, None, None, None],
    [],
    ["Land", "2023", None, "2024", None, "Quelle"],
    [None, "H1", "H2", "H1", "H2", None],
    ["Deutschland", "1.234,5", "1.300,0", "1.400,25", "n.a.", "a"],
    ["España", "99,9", "100,1¹", "k.A.", "12,5 p", "b"],
    ["美国", "10.000,0", "11.000,5", "12.000,75", "13.000,0 e", "c"],
    [],
    ["¹ ohne Kanarische Inseln", None, None, None, None, None],
    ["Quelle: Statistisches Amt", None, None, None, None, None],
]
"""A sheet as offices make them: titles, a header of two rows with merged cells, footnotes, decimal commas."""

READ = {
    ("DEU", "2023-01-01"): (1234.5, "reported", ""),
    ("DEU", "2023-07-01"): (1300.0, "reported", ""),
    ("DEU", "2024-01-01"): (1400.25, "reported", ""),
    ("ESP", "2023-01-01"): (99.9, "reported", ""),
    ("ESP", "2023-07-01"): (100.1, "reported", "ohne Kanarische Inseln"),
    ("ESP", "2024-07-01"): (12.5, "reported", "provisional"),
    ("USA", "2023-01-01"): (10000.0, "reported", ""),
    ("USA", "2023-07-01"): (11000.5, "reported", ""),
    ("USA", "2024-01-01"): (12000.75, "reported", ""),
    ("USA", "2024-07-01"): (13000.0, "estimated", ""),
}


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def read(frame: pd.DataFrame) -> dict[tuple[str, str], tuple[float, str, str]]:
    """Return what a map shows, by region and first day."""
    return {
        (row["region"], str(row["start"])[:10]): (row["value"], row["status"], str(row["note"] or ""))
        for row in frame.to_dict("records")
    }


def office(path: str = "revenue.xlsx") -> Path:
    """Write the sheet of an office."""
    book = Workbook()
    for row in OFFICE:
        book.active.append(row)
    for span in ("A1:F1", "A4:A5", "B4:C4", "D4:E4", "F4:F5"):
        book.active.merge_cells(span)
    book.save(path)
    return Path(path)


def test_the_sheet_of_an_office_is_a_map_with_nothing_asked(run: Run) -> None:
    office()
    answer = run("map", "revenue.xlsx", "-o", "revenue.html")
    assert answer.code == 0, answer
    for said in ("Umsatz nach Ländern", "'n.a.' (1)", "Mio. EUR", "España = Spain", "美国 = United States"):
        assert said in answer.out, answer.out
    page = Path("revenue.html").read_text(encoding="utf-8")
    assert "<title>Umsatz nach Ländern</title>" in page
    assert "<li>Source: not stated.</li>" in page
    assert "the maker of this map" not in page
    assert run("map", "revenue.xlsx", "-o", "revenue.csv").code == 0
    table = pd.read_csv("revenue.csv", keep_default_na=False, encoding="utf-8-sig")
    made = gt.choropleth("revenue.xlsx")
    for found in (read(made.to_frame()), read(table.astype({"value": float}))):
        assert found == READ
    assert {layer.metric.unit for layer in made.layers} == {"Mio. EUR"}


def test_the_sheet_of_an_office_is_imported_and_built(run: Run) -> None:
    office()
    starter.found(Path("project"), [])
    there = ["--data", "project/data"]
    said = ["--over-time", "sum", *options(SOURCE)]
    answer = run("import", "revenue.xlsx", "--series", "revenue", "--yes", *said, *there)
    assert answer.code == 0, answer
    assert read(gt.load("revenue", "project/data")) == READ


@pytest.mark.parametrize(
    ("lines", "name", "title", "unit"),
    [
        ([], "revenue_2024.csv", "Revenue 2024", ""),
        ([], "who-mines bitcoin.csv", "Who mines bitcoin", ""),
        (["Revenue of miners (in Mio. USD)"], "x.csv", "Revenue of miners (in Mio. USD)", "Mio. USD"),
        (["Share of hashrate (%)", "Source: made up"], "x.csv", "Share of hashrate (%)", "%"),
        (["Data Source,World Tables,", "", "Last Updated Date,2024-05-01,"], "gdp.csv", "Gdp", ""),
    ],
)
def test_a_map_is_called_as_its_table_or_its_file(
    lines: list[str], name: str, title: str, unit: str, run: Run
) -> None:
    rows = [*lines, "", "country,year,value", "China,2023,5", "France,2023,4"]
    Path(name).write_text("\n".join(rows if lines else rows[1:]) + "\n", encoding="utf-8")
    answer = run("map", name, "-o", "out.html")
    assert answer.code == 0, answer
    assert f"<title>{title}</title>" in Path("out.html").read_text(encoding="utf-8")
    made = gt.choropleth(name)
    assert (made.title, made.layers[0].metric.unit) == (title, unit)
    assert ("from the lines above the table" in answer.out) == bool(unit)
    assert gt.choropleth(name, title="Mine").title == "Mine"


@pytest.mark.parametrize(("lang", "said"), [("en", "Source: not stated."), ("zh", "来源：未注明。")])
def test_a_source_of_which_nothing_was_said_is_so_once(lang: str, said: str) -> None:
    frame = pd.DataFrame({"country": ["China"], "year": [2023], "value": [5.0]})
    html = gt.choropleth(frame, lang=lang, title="Mine").to_html()
    assert html.count(f"<li>{said}</li>") == 1
    part = gt.choropleth(frame, source={"publisher": "Me & co"}, title="Mine").to_html()
    assert "Me &amp; co" in part
    assert "Source: not stated." not in part


YEAR_OF_PRICES = "country,month,price\nChina,2021-01,100\nChina,2021-02,100\nChina,2021-03,100\n"


def test_a_years_price_is_the_mean_of_its_months_down_all_roads(run: Run) -> None:  # case 9
    Path("prices.csv").write_text(YEAR_OF_PRICES, encoding="utf-8")
    given = ["--unit", "USD/MWh", "--slices", "year"]
    assert run("map", "prices.csv", "-o", "out.csv", *given).code == 0
    starter.found(Path("project"), [])
    answer = run(
        *("import", "prices.csv", "--series", "prices", "--yes", "--data", "project/data"),
        *("--unit", "USD/MWh", *options(SOURCE)),
    )
    assert answer.code == 0, answer
    tables = [
        pd.read_csv("out.csv", keep_default_na=False),
        gt.choropleth(pd.read_csv("prices.csv"), unit="USD/MWh", slices="year").to_frame(),
        gt.choropleth("prices", data_folder="project/data", slices="year").to_frame(),
    ]
    for table in tables:
        assert read(table) == {("CHN", "2021-01-01"): (100, "derived", "3 of 12 months observed")}


@pytest.mark.parametrize(
    ("rows", "given", "there", "never"),
    [
        ("China,2021,500\nFrance,2021,100\n", {"unit": "gCO2/kWh"}, "no sum", r"600|On the map: 5"),  # case 8
        ("China,2021,99.97\nFrance,2021,0.03\nCanada,2021,0\n", {"unit": "%", "whole": 100},
         r"0\.03|under 0\.1", "France, 0.0%"),  # case 11
    ],
)  # fmt: skip
def test_what_a_page_says_of_figures(
    rows: str, given: dict[str, Any], there: str, never: str, run: Run
) -> None:
    Path("table.csv").write_text(f"country,year,value\n{rows}", encoding="utf-8")
    answer = run("map", "table.csv", "-o", "out.html", *options(given))
    assert answer.code == 0, answer
    mapped = Path("out.html").read_text(encoding="utf-8")
    in_memory = gt.choropleth(pd.read_csv("table.csv", dtype=str), **given, title="Table").to_html()
    for page in (mapped, in_memory):
        text = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
        assert re.search(there, text)
        assert not re.search(never, text)


NOTES = {
    "gb18030": "地区,年份,数值,备注\n北京市,2021,1,初步统计数据来自国家统计局的年度报告\n"
    "上海市,2021,2,与上年的数据口径不同不可比较\n",
    "cp1251": "Страна,Год,Значение,Примечание\nРоссия,2021,1,предварительные данные за год\n"
    "Китай,2021,2,по оценке ведомства\n",
}


@pytest.mark.parametrize("encoding", NOTES)
def test_a_text_is_read_in_its_encoding_or_refused_by_name(encoding: str, run: Run) -> None:  # case 16
    Path("notes.csv").write_bytes(NOTES[encoding].encode(encoding))
    level = ["--level", "CN"] if encoding == "gb18030" else []
    plain = run("map", "notes.csv", "-o", "plain.csv", *level)
    said = run("map", "notes.csv", "-o", "said.csv", "--encoding", encoding, *level)
    assert said.code == 0, said
    notes = set(pd.read_csv("said.csv", encoding="utf-8-sig")["note"])
    assert notes == {line.split(",")[3] for line in NOTES[encoding].splitlines()[1:]}
    if plain.code:
        assert encoding in plain.err.lower()
    else:
        assert Path("plain.csv").read_bytes() == Path("said.csv").read_bytes()


FRAME = pd.DataFrame({"country": ["China", "France"], "year": [2021, 2022], "revenue": [1.5, 2.25]})
WIDE = pd.DataFrame({"Land": ["China", "Frankreich"], "2021": ["1,5", ":"], "2022": ["k.A.", "2,25 p"]})


@pytest.mark.parametrize(
    "hold",
    [
        pl.from_pandas,
        pa.Table.from_pandas,
        duckdb.from_df,
        lambda frame: frame.to_dict("list"),
        lambda frame: frame.to_dict("records"),
        lambda frame: frame.convert_dtypes(),
    ],
    ids=["polars", "pyarrow", "duckdb", "columns", "records", "nullable"],
)
def test_a_table_in_memory_is_what_it_holds(hold: Callable[[pd.DataFrame], Any]) -> None:  # cases 27, 28
    assert read(gt.choropleth(hold(FRAME)).to_frame()) == read(gt.choropleth(FRAME).to_frame())
    wide = read(gt.choropleth(hold(WIDE)).to_frame())
    assert wide == {
        ("CHN", "2021-01-01"): (1.5, "reported", ""),
        ("FRA", "2022-01-01"): (2.25, "reported", "provisional"),
    }


@pytest.mark.parametrize("hold", [pd.DataFrame, pl.DataFrame, pa.table], ids=["pandas", "polars", "pyarrow"])
def test_scales_and_estimates_hold_of_numbers_in_memory(hold: Callable[[Any], Any]) -> None:  # case 24
    made = gt.choropleth(
        hold(
            {
                "ISO": ["ALB", "DZA"],
                "Units": ["U.S. dollars"] * 2,
                "Scale": ["Billions"] * 2,
                "2022": [18.5, 2.25],
                "2023": [22.25, 3.5],
                "Estimates Start After": [2022, 2021],
            }
        )
    )
    assert made.layers[0].metric.unit == "billion U.S. dollars"
    later = "later than 'Estimates Start After'"
    assert read(made.to_frame()) == {
        ("ALB", "2022-01-01"): (18.5, "reported", ""),
        ("ALB", "2023-01-01"): (22.25, "estimated", later),
        ("DZA", "2022-01-01"): (2.25, "estimated", later),
        ("DZA", "2023-01-01"): (3.5, "estimated", later),
    }


def test_a_unit_beside_a_column_of_units_is_refused_down_all_roads(run: Run) -> None:
    Path("t.csv").write_text("country,year,value,unit\nChina,2021,1,kt\n", encoding="utf-8")
    with pytest.raises(gt.SpecError, match="the table has a column 'unit'"):
        gt.choropleth("t.csv", unit="t")
    assert run("map", "t.csv", "-o", "out.csv", "--unit", "t").code == 7
    assert run("map", "t.csv", "-o", "out.csv", "--unit", "t", "--ignore", "unit").code == 0


def test_a_column_without_a_usual_name_is_found_beside_numbers_in_memory() -> None:  # case 24, EIA
    frame = pd.DataFrame({"API": ["a-1", "b-2"], "who": ["China", "France"], "2021": [1.5, float("nan")]})
    assert read(gt.choropleth(frame).to_frame()) == {("CHN", "2021-01-01"): (1.5, "reported", "")}


def test_codes_of_two_letters_are_shown_with_their_names() -> None:  # case 3
    made = gt.choropleth(pd.DataFrame({"country": ["ZA", "CH"], "year": [2021, 2021], "value": [1, 2]}))
    assert "ZA = South Africa; CH = Switzerland" in repr(made)


def test_a_crosswalk_says_what_labels_are_and_is_kept(run: Run) -> None:  # case 29
    Path("t.csv").write_text("country,year,revenue\nUtopia,2021,1\nChina,2021,2\n", encoding="utf-8")
    Path("walk.csv").write_text("label,region,note\nUtopia,FRA,\n", encoding="utf-8")
    answer = run("map", "t.csv", "-o", "out.csv")
    assert answer.code == 4
    assert "'Utopia'" in answer.err
    assert run("map", "t.csv", "-o", "out.csv", "--crosswalk", "walk.csv").code == 0
    starter.found(Path("project"), [])
    there = ("import", "t.csv", "--series", "mine", "--yes", "--data", "project/data")
    first = (*there, "--unit", "USD", "--over-time", "sum", *options(SOURCE))
    refused = run(*first)
    assert "project/data/imports/mine.crosswalk.csv" in refused.err
    assert "--crosswalk" in refused.err
    assert run(*first, "--crosswalk", "walk.csv").code == 0
    wanted = {("FRA", "2021-01-01"): (1.0, "reported", ""), ("CHN", "2021-01-01"): (2.0, "reported", "")}
    Path("t.csv").write_text("country,year,revenue\nUtopia,2021,3\nChina,2021,2\n", encoding="utf-8")
    assert read(gt.load("mine", "project/data")) == wanted
    again = run(*there, "--accept", "revised")
    assert again.code == 0, again
    assert read(gt.load("mine", "project/data"))["FRA", "2021-01-01"][0] == 3
    frame = pd.read_csv("t.csv")
    assert read(gt.choropleth(frame, crosswalk="walk.csv").to_frame()).keys() == wanted.keys()


def test_the_shapes_of_a_geodataframe_are_its_boundaries() -> None:  # case 30
    from shapely.geometry import box

    shapes = geopandas.GeoDataFrame(
        {"id": ["A", "B"], "year": [2021, 2021], "revenue": [1.0, 2.0]},
        geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)],
        crs=4326,
    )
    made = gt.choropleth(shapes, region="id")
    assert {key[0]: what[0] for key, what in read(made.to_frame()).items()} == {"A": 1.0, "B": 2.0}


def test_all_that_is_wrong_or_open_is_said_at_once_and_each_question_once(run: Run) -> None:
    Path("t.csv").write_text("Country,Date,Value\nAtlantis,01/02/2023,5\nFrance,01/03/2023,x7\n")
    answer = run("map", "t.csv", "-o", "t.html")
    assert answer.code != 0
    assert [answer.err.count(said) for said in ("--dates mdy", "Atlantis", "'x7'")] == [1, 1, 1], answer.err
    with pytest.raises(gt.GeotrackError) as refused:
        gt.choropleth("t.csv")
    assert [str(refused.value).count(said) for said in ("dates='mdy'", "Atlantis", "'x7'")] == [1, 1, 1]
