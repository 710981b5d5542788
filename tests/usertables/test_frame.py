"""A table in memory is read as a file of the same cells is, or refused with the same words."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Hashable
from decimal import Decimal
from typing import Any

import duckdb
import geopandas
import numpy as np
import pandas as pd
import polars
import pyarrow
import pytest
import shapely

import geotrack as gt
from geotrack.build import own
from geotrack.errors import BoundaryError, GeotrackError, ParseError, SpecError
from geotrack.map.naming import name_of
from geotrack.map.spec import Spec
from geotrack.model import OBSERVATION_COLUMNS
from geotrack.usertables.figures.figuretexts import FigureTexts
from geotrack.usertables.frame import FrameTable

# All figures here are synthetic.

COUNTRIES = {
    "country": ["China", "United States", "China", "United States"],
    "period": ["2019-09", "2019-09", "2022-01", "2022-01"],
    "share": [75.53, 4.06, 21.11, 37.84],
}


def read(columns: Any, **given: Any) -> pd.DataFrame:
    data = pd.DataFrame(columns) if isinstance(columns, dict) else columns
    return own.read(data, given, wanted=Spec("user")).observations


def cells(columns: Any, names: str = "region start value", **given: Any) -> list[list[Any]]:
    return read(columns, **given)[names.split()].to_numpy().tolist()


FIGURES = [
    ["China", "2019-09-01", 75.53],
    ["United States", "2019-09-01", 4.06],
    ["China", "2022-01-01", 21.11],
    ["United States", "2022-01-01", 37.84],
]


def relation() -> Any:
    table = pyarrow.table(COUNTRIES)
    return duckdb.connect().from_arrow(table)


@pytest.mark.parametrize(
    "data",
    [
        pd.DataFrame(COUNTRIES),
        pd.DataFrame(COUNTRIES).astype({"country": "category", "period": "category"}),
        pd.DataFrame(COUNTRIES).convert_dtypes(dtype_backend="pyarrow"),
        pd.DataFrame(COUNTRIES).set_index(["country", "period"]),
        pd.DataFrame(COUNTRIES).set_index(["country", "period"])["share"],
        pd.DataFrame(COUNTRIES).pivot_table("share", "country", "period", sort=False),
        polars.DataFrame(COUNTRIES),
        pyarrow.table(COUNTRIES),
        relation(),
        COUNTRIES,
        pd.DataFrame(COUNTRIES).to_dict("records"),
        pd.DataFrame(COUNTRIES).to_csv(index=False).encode(),
        pd.DataFrame(COUNTRIES).to_csv(index=False, sep=";", decimal=",").encode("utf-16"),
    ],
    ids=["pandas", "categories", "arrow", "index", "series", "wide", "polars", "pyarrow", "duckdb", "columns",
         "records", "csv", "semicolons"],
)  # fmt: skip
def test_every_kind_of_table_comes_out_the_same(data: Any) -> None:
    assert sorted(cells(data)) == sorted(FIGURES)


def test_a_table_becomes_observations_with_the_users_own_labels() -> None:
    found = read({"Country": ["China", "Germany *"], "Date": ["2019-09", "2020-Q1"], "Share": [75.53, 0]})
    assert tuple(found.columns) == OBSERVATION_COLUMNS
    assert found.iloc[0].to_dict() == {
        "region": "China", "start": "2019-09-01", "end": "2019-10-01", "metric": "share", "value": 75.53,
        "unit": "", "status": "reported", "origin": "user", "label": "China", "note": "",
    }  # fmt: skip
    assert found["value"].dtype == "float64"


def test_what_is_named_wins_over_what_is_found() -> None:
    columns = {"country": ["China"], "year": [2021], "value": [1], "share": [2], "until": ["2020"]}
    found = cells(columns, region="country", period="until", value="share")
    assert found == [["China", "2020-01-01", 2.0]]


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (["50,5", "1.234,5"], [50.5, 1234.5]),
        (["50.5 %", "4 %"], [50.5, 4.0]),
        ([Decimal("0.10"), Decimal("75.530")], [0.1, 75.53]),
        (np.array([0.1, 75.53], dtype="float32"), [0.1, 75.53]),
        (pd.array([1, None], dtype="Int64"), [1.0]),
        (np.array([2**53 + 1, 1]), [float(2**53 + 1), 1.0]),
        ([0.00000015, 0.0000004], [0.00000015, 0.0000004]),
        ([1e300, 5e-324], [1e300, 5e-324]),
    ],
)
def test_a_figure_is_read_to_the_digit(share: Any, told: list[float]) -> None:
    frame = pd.DataFrame({"country": ["China", "USA"], "year": [2021, 2021], "share": share})
    assert read(frame)["value"].tolist() == told


def test_an_index_that_is_a_column_as_well_is_left_out_and_no_other() -> None:
    frame = pd.DataFrame({"country": ["China", "USA"], "year": 2020, "value": [1, 2]})
    indexed = frame.set_index(["country", "year"]).assign(year=2021)
    assert cells(indexed) == [["China", "2021-01-01", 1.0], ["USA", "2021-01-01", 2.0]]
    assert cells(indexed.reset_index("country").set_index("year", drop=False)) == cells(indexed)


def test_a_row_that_is_not_there_has_no_figure() -> None:
    texts = FigureTexts(np.array([1.5, 2.0]), str)
    assert list(texts.take([1, 0], allow_fill=True)) == ["2.0", "1.5"]
    with pytest.raises(ValueError, match="no cell for a row that is not there"):
        texts.take([0, -1], allow_fill=True)


def test_several_columns_of_figures_have_a_unit_each() -> None:
    frame = pd.DataFrame({"country": ["China", "USA"], "year": 2020, "a": [1, 2], "b": [3, 4]})
    made = gt.choropleth(frame, value=["a", "b"], unit=["%", "EH/s"])
    assert [(layer.metric.name, layer.metric.unit) for layer in made.layers] == [("a", "%"), ("b", "EH/s")]


@pytest.mark.parametrize("dtype", ["str", object, "string"])
def test_an_empty_cell_makes_no_numbers_of_texts(dtype: Any) -> None:
    """Of "1.234" beside "12,5" the point parts thousands, whatever cell is empty."""
    frame = pd.DataFrame({"country": ["China", "USA", "Canada"], "year": 2021})
    frame["share"] = pd.Series(["1.234", "12,5", None], dtype=dtype)
    assert read(frame)["value"].tolist() == [1234.0, 12.5]


@pytest.mark.parametrize(
    "when",
    [
        pd.Period("2021Q3", "Q-JAN"),  # August to October 2020
        pd.Timestamp("2020-08-01"),
        dt.date(2020, 8, 1),
        np.datetime64("2020-08-01"),
        "2020-08/2020-10",
    ],
)
def test_a_period_of_python_is_what_it_is_there(when: object) -> None:
    found = cells({"country": ["China"], "when": [when], "share": [1.0]}, "start end", period="when")
    quarter = isinstance(when, (pd.Period, str))
    assert found == [["2020-08-01", "2020-11-01" if quarter else "2020-09-01"]]


def test_a_row_without_a_figure_is_left_out_whatever_else_it_holds() -> None:
    columns = {"region": ["CHN", None, "USA"], "year": ["2021", "soon", "2022"], "value": ["1", " ", "0"]}
    assert read(columns)["region"].tolist() == ["CHN", "USA"]
    assert read(columns | {"value": [1.0, math.nan, 0.0]})["value"].tolist() == [1.0, 0.0]


def test_the_users_table_is_not_changed() -> None:
    frame = pd.DataFrame(COUNTRIES)
    read(frame)
    pd.testing.assert_frame_equal(frame, pd.DataFrame(COUNTRIES))


def with_columns(names: list[Hashable]) -> pd.DataFrame:
    frame = pd.DataFrame([["CHN", 2020, 1], ["USA", 2020, 2]])
    frame.columns = pd.Index(names, dtype=object, tupleize_cols=False)
    return frame


@pytest.mark.parametrize(
    "names",
    [
        [0, 1, 2],
        [2018, 2019, 2020],
        [("a", "b"), ("a", "c"), ("d", "e")],
        [pd.Timestamp("2020-01-01"), dt.date(2020, 1, 2), 2.5],
        [True, False, b"bytes"],
        ["", " ", "  "],
    ],
)
def test_columns_may_have_names_of_any_type(names: list[Hashable]) -> None:
    found = cells(with_columns(names), region=names[0], period=names[1], value=names[2])
    assert found == [["CHN", "2020-01-01", 1.0], ["USA", "2020-01-01", 2.0]]


def test_columns_of_several_levels_are_named_by_tuples() -> None:
    frame = pd.DataFrame([["CHN", 2020, 1]], columns=pd.MultiIndex.from_product([["a"], ["r", "p", "v"]]))
    found = cells(frame, region=("a", "r"), period=("a", "p"), value=("a", "v"))
    assert found == [["CHN", "2020-01-01", 1.0]]


@pytest.mark.parametrize(
    ("data", "error", "match"),
    [
        ({"country": [], "year": [], "value": []}, ParseError, "the table has no rows"),
        ({"country": ["China"], "year": [2021], "value": [""]}, ParseError, "no figure: every cell"),
        ({"country": ["China"], "year": [2021], "value": [math.inf]}, ParseError, "no number: row 2.*'inf'"),
        ({"country": ["China"], "year": [2021], "value": [1 + 2j]}, ParseError, "complex numbers"),
        ({"country": ["China"], "year": [2021], "value": [[1, 2]]}, ParseError, "no number: row 2"),
        (pd.DataFrame({"country": ["China", "a\ud800"], "year": 2021, "value": 1}, dtype=object), ParseError,
         r"column 'country': row 3 .* is no text: 'a\\ud800' holds half a character"),
        (with_columns(["region", "year", "\ud800"]), ParseError, r"name holds half a character .*'\\ud800'"),
        (with_columns(["region", "year", "year"]), ParseError, "columns occur twice: year"),
        (with_columns(["1", 1, "year"]), ParseError, "columns occur twice: 1"),
        ({"country": ["China", "USA"], "year": [2021], "value": [1]}, ParseError, "lists of one length"),
        (3, SpecError, "found int; expected a series' name or a DataFrame"),
        ("nowhere.csv", ParseError, r"nowhere\.csv: cannot be read: No such file"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_with_words(data: Any, error: type[GeotrackError], match: str) -> None:
    with pytest.raises(error, match=match):
        own.read(data, {}, wanted=Spec("user"))


def test_every_bad_cell_is_listed_in_one_error() -> None:
    columns = {
        "name": ["CHN", None, "USA", "CAN"],
        "date": ["2021", "2022", "2022", "soon"],
        "value": ["75.53", "2", "lots", "4"],
    }
    with pytest.raises(ParseError) as raised:
        read(columns)
    said = str(raised.value)
    assert "row 4, column 'value': 'lots'" in said
    assert "column 'name': 1 cell is empty, beside a figure: row 3: ''" in said
    assert "column 'date': 1 cell is no period: row 5: 'soon'" in said


def squares() -> Any:
    shapes = [shapely.box(10, 50, 11, 51), shapely.box(11, 50, 12, 51)]
    return geopandas.GeoDataFrame({"code": ["N1", "N2"]}, geometry=shapes, crs="EPSG:4326")


def test_a_geodataframe_brings_its_shapes() -> None:
    wide = squares().assign(**{"2020": [1.0, 2.0], "2021": [3.0, 4.0]})
    long = wide.melt(["code", "geometry"], ["2020", "2021"], "year", "value")
    for table in (wide, geopandas.GeoDataFrame(long, geometry="geometry", crs="EPSG:4326")):
        made = gt.choropleth(table)
        assert [unit.code for unit in made.units] == ["N1", "N2"]
        assert made.to_frame()["value"].tolist() == [1.0, 2.0, 3.0, 4.0]
    moved = geopandas.GeoDataFrame(long, geometry="geometry", crs="EPSG:4326")
    moved.loc[3, "geometry"] = shapely.box(0, 0, 1, 1)
    with pytest.raises(BoundaryError, match="'N2' has 2; expected one for each 'code'"):
        gt.choropleth(moved)


@pytest.mark.parametrize(
    "regions",
    [
        pd.Categorical(["USA", "CHN", "USA"], categories=["ZZZ", "CHN", "USA"]),
        pd.array(["USA", "CHN", "USA"], dtype="string"),
        np.array(["USA", "CHN", "USA"], dtype=object),
    ],
)
@pytest.mark.parametrize(
    ("figures", "texts"),
    [
        ([1.5, np.nan, 1e-7], ["1.5", "", "0.0000001"]),
        (pd.array([3, None, 2**53 + 1], dtype="Int64"), ["3", "", str(2**53 + 1)]),
        (np.array([0.1, 2, np.nan], dtype="float32"), ["0.1", "2", ""]),
    ],
)
def test_cells_stand_as_a_file_has_them_whatever_they_are_kept_as(
    regions: Any, figures: Any, texts: list[str]
) -> None:
    days = pd.to_datetime(["2020-02-01", None, "2020-01-01"])
    table = FrameTable(pd.DataFrame({"region": regions, "period": days, "value": figures})).table
    assert table.frame["value"].tolist() == texts == list(table.frame["value"].to_numpy(dtype=object))
    assert list(table.frame["value"].head(2).unique()) == texts[:2]
    assert table.frame["value"].iloc[1:].tolist() == texts[1:]
    assert [*table.coded("region").texts] == ["USA", "CHN"], "in the order in which they occur"
    assert [*table.coded("period").texts] == ["2020-02-01", "", "2020-01-01"]
    assert [*table.coded("value").cells()] == texts


def test_a_map_has_the_same_name_whatever_wrote_its_rows() -> None:
    assert name_of("a", ["x", {"y": 1}], [2**63, 0]) == name_of("a", ["x", {"y": 1}, [2**63, 0]])


def test_an_interval_of_days_is_a_period_and_another_is_refused() -> None:
    days = [(pd.Timestamp("2020-01-01"), pd.Timestamp("2021-01-01"))]
    for closed, first, last in (("left", "2020-01-01", "2020-12-31"), ("right", "2020-01-02", "2021-01-01")):
        frame = pd.DataFrame({"period": pd.IntervalIndex.from_tuples(days, closed=closed), "value": [1]})
        assert FrameTable(frame).table.frame["period"].tolist() == [f"{first}/{last}"]
    with pytest.raises(ParseError, match="expected one between two days; give its bounds as columns"):
        FrameTable(pd.DataFrame({"age": pd.IntervalIndex.from_tuples([(1, 2)]), "value": [1]}))


def test_a_table_of_polars_that_is_still_to_be_worked_out_is_worked_out() -> None:
    lazy = polars.DataFrame({"country": ["DEU"], "value": [1]}).lazy()
    assert FrameTable(lazy).table.frame["value"].tolist() == ["1"]
