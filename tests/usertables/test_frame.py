"""A user's table becomes observations, or one error lists every cell that cannot be read."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Hashable
from typing import Any

import pandas as pd
import pytest

from geotrack.errors import ParseError, SpecError
from geotrack.model import OBSERVATION_COLUMNS
from geotrack.periods import parse_column
from geotrack.usertables.frame import tidy


def read(columns: dict[str, Any], **more: Any) -> pd.DataFrame:
    return tidy(pd.DataFrame(columns), parse_periods=parse_column, **more)


def refuse(match: str, columns: dict[str, Any], **more: Any) -> None:
    with pytest.raises(ParseError, match=match):
        read(columns, **more)


GOOD = {"Country": ["China", "Germany *"], "Date": ["2019-09", "2020-Q1"], "Share": [75.53, 0]}


def test_a_table_becomes_observations_with_the_users_own_names() -> None:
    found = read(GOOD, unit="%")
    assert tuple(found.columns) == OBSERVATION_COLUMNS
    assert found.to_dict("records") == [
        {
            "region": "China", "start": "2019-09-01", "end": "2019-10-01", "metric": "Share", "value": 75.53,
            "unit": "%", "status": "reported", "origin": "user", "label": "China", "note": "",
        },
        {
            "region": "Germany *", "start": "2020-01-01", "end": "2020-04-01", "metric": "Share",
            "value": 0.0, "unit": "%",
            "status": "reported", "origin": "user", "label": "Germany *", "note": "",
        },
    ]  # fmt: skip
    assert found["value"].dtype == "float64"


@pytest.mark.parametrize(
    "region", ["region", "ISO_A3", "iso-a3", "Country", " country code ", "name", "State"]
)
@pytest.mark.parametrize("period", ["period", "Date", "MONTH", "quarter", "year", "time"])
def test_columns_are_found_by_their_usual_names(region: str, period: str) -> None:
    found = read({period: ["2021"], "x": [1], region: ["CHN"], "value": [2.5]})
    assert found[["region", "start", "metric", "value"]].to_numpy().tolist() == [
        ["CHN", "2021-01-01", "value", 2.5]
    ]


def test_a_code_is_preferred_to_a_name_and_what_is_named_to_what_is_found() -> None:
    columns = {
        "country": ["China"],
        "iso_a3": ["CHN"],
        "year": [2021],
        "value": [1],
        "share": [2],
        "until": ["2020"],
    }
    assert read(columns)["region"].tolist() == ["CHN"]
    found = read(columns, region="country", period="until", value="share")
    assert found[["region", "start", "value"]].to_numpy().tolist() == [["China", "2020-01-01", 2.0]]


def test_namibias_code_is_text() -> None:
    assert read({"code": ["NA"], "year": [2021], "value": [1]})["region"].tolist() == ["NA"]


def test_dates_read_as_periods_do() -> None:
    dates = pd.to_datetime(["2021-06-01", "2021-07-01"])
    columns = {"region": ["CHN", "CHN"], "date": dates, "value": [1, 2]}
    assert read(columns)["end"].tolist() == ["2021-07-01", "2021-08-01"]
    assert read(columns, freq="day")["end"].tolist() == ["2021-06-02", "2021-07-02"]


def test_start_and_end_are_taken_where_there_is_no_period() -> None:
    columns = {"region": ["CHN"], "start": ["2021-07-01"], "end": ["2021-08-01"], "value": [1]}
    assert read(columns)[["start", "end"]].to_numpy().tolist() == [["2021-07-01", "2021-08-01"]]
    assert read(columns | {"year": [2020]})["start"].tolist() == ["2020-01-01"]
    refuse(
        r"column 'start': 1 cell is no period .*\n.*column 'end': 1 cell",
        columns | {"start": ["x"], "end": [""]},
    )


def test_several_metrics_units_statuses_and_notes_can_be_told_apart() -> None:
    columns = {
        "region": ["CHN", "CHN"], "year": [2021, 2021], "value": [1, 2], "metric": ["a", "b"],
        "unit": ["%", "EH/s"],
        "status": ["estimated", None], "origin": ["me", ""], "note": [math.nan, "n"],
    }  # fmt: skip
    found = read(columns)
    assert found[["metric", "unit", "status", "origin", "note"]].to_numpy().tolist() == [
        ["a", "%", "estimated", "me", ""],
        ["b", "EH/s", "reported", "user", "n"],
    ]
    assert read(columns, metric="note")["metric"].tolist() == ["note", "n"]
    assert (
        read(columns, metric="sales", unit="USD")[["metric", "unit"]].to_numpy().tolist()
        == [["sales", "USD"]] * 2
    )
    assert read(GOOD, status="estimated", origin="o")["status"].tolist() == ["estimated"] * 2


def test_text_numbers_are_numbers() -> None:
    assert read(GOOD | {"Share": [" 75.53 ", "1e-3"]})["value"].tolist() == [75.53, 0.001]
    assert read(GOOD | {"Share": ["-.5", 3]})["value"].tolist() == [-0.5, 3.0]


def test_a_row_without_a_figure_is_left_out_whatever_else_it_holds() -> None:
    columns = {"region": ["CHN", None, "USA"], "year": ["2021", "soon", "2022"], "value": ["1", " ", "0"]}
    found = read(columns)
    assert found["region"].tolist() == ["CHN", "USA"]
    assert found.index.tolist() == [0, 1]
    assert read(columns | {"value": [1.0, math.nan, 0.0]})["value"].tolist() == [1.0, 0.0]


def test_the_users_table_is_not_changed() -> None:
    frame = pd.DataFrame(GOOD)
    tidy(frame, parse_periods=parse_column)
    pd.testing.assert_frame_equal(frame, pd.DataFrame(GOOD))


def test_every_bad_cell_is_listed_in_one_error() -> None:
    refuse(
        r"^the table cannot be read \(row 1 is the header\):\n"
        r"column 'value': 2 cells are no number: row 2: '75.53%'; row 4: '1,234.5'; "
        r"expected 75\.53, without percent sign or thousands separators\n"
        r"column 'name': 1 cell is no region: row 3: ''; expected a name or a code\n"
        r"column 'date': 1 cell is no period \(row 1 is the header\): row 5: 'soon'; expected 2019-09",
        {
            "name": ["CHN", None, "USA", "CAN"],
            "date": ["2021", "2022", "2022", "soon"],
            "value": ["75.53%", "2", "1,234.5", "4"],
        },
    )


@pytest.mark.parametrize("value", ["n/a", True, math.inf, "inf", "1 000", "1.2.3", "٣", "nan"])
def test_what_is_no_number_is_refused(value: object) -> None:
    refuse("column 'Share': 1 cell is no number: row 3: ", GOOD | {"Share": [1, value]})


def test_a_long_list_is_cut_at_ten_and_counted() -> None:
    columns = {"region": ["CHN"] * 12, "year": [2021] * 12, "value": ["x"] * 12}
    refuse(r"12 cells are no number: row 2: 'x'; .*row 11: 'x'; and 2 more; expected 75\.53", columns)


def test_an_empty_table_is_refused() -> None:
    refuse(
        "the table has no rows; expected one for each region and period",
        {"region": [], "year": [], "value": []},
    )
    refuse("the table has no rows", {})


def test_a_table_without_a_figure_is_refused() -> None:
    refuse("column 'Share' has no figure: every cell is empty", GOOD | {"Share": ["", None]})


def test_missing_columns_are_refused_with_what_was_found_and_expected() -> None:
    refuse(
        r"no column for the value; found: Country, Date, x; name it with value='\.\.\.', or call it one of",
        {"Country": ["China"], "Date": ["2021"], "x": [1]},
    )
    refuse(
        "no column for the period; found: Country, Share; name it with period=",
        {"Country": ["C"], "Share": [1]},
    )
    refuse("no column for the region; found: Date, Share", {"Date": ["2021"], "Share": [1]})
    refuse("region = 'land' is no column of the table; found: Country, Date, Share", GOOD, region="land")


@pytest.mark.parametrize(
    "names", [["2019", "2020"], [2019, 2020], ["2019-09", "2019-10"], ["2020Q1", "2020-Q2"]]
)
def test_a_wide_table_is_refused_with_the_way_out(names: list[object]) -> None:
    match = (
        r"the table is wide: 2 columns are periods \(2.*\.\.\.\); expected one row for each .*df\.melt\(id"
    )
    refuse(match, {"country": ["China"]} | {name: [1.0] for name in names})


def test_columns_that_occur_twice_are_refused() -> None:
    frame = pd.DataFrame([["CHN", 2021, 1, 2]], columns=["region", "year", "value", "value"])
    with pytest.raises(ParseError, match="columns occur twice: value; rename or drop one of each"):
        tidy(frame, parse_periods=parse_column)


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
        [pd.Timestamp("2020-01-01"), dt.date(2020, 1, 1), 2.5],
        [True, False, b"bytes"],
        ["", " ", "  "],
    ],
)
def test_columns_may_have_names_of_any_type(names: list[Hashable]) -> None:
    found = tidy(
        with_columns(names), region=names[0], period=names[1], value=names[2], parse_periods=parse_column
    )
    assert found["region"].tolist() == ["CHN", "USA"]
    assert found["start"].tolist() == ["2020-01-01"] * 2
    assert found[["metric", "value"]].to_numpy().tolist() == [["value", 1.0], ["value", 2.0]]


def test_columns_of_several_levels_are_named_by_tuples() -> None:
    frame = pd.DataFrame([["CHN", 2020, 1]], columns=pd.MultiIndex.from_product([["a"], ["r", "p", "v"]]))
    found = tidy(frame, ("a", "r"), ("a", "p"), ("a", "v"), parse_periods=parse_column)
    assert found[["region", "metric", "value"]].to_numpy().tolist() == [["CHN", "value", 1.0]]


def test_a_metric_may_be_a_column_of_any_name() -> None:
    frame = with_columns([0, 1, 2]).assign(kind=["a", "b"]).rename(columns={"kind": 3})
    found = tidy(frame, region=0, period=1, value=2, metric=3, parse_periods=parse_column)
    assert found["metric"].tolist() == ["a", "b"]


def test_a_column_that_is_not_there_is_refused_whatever_its_type() -> None:
    for name in (3, ["region"]):
        with pytest.raises(ParseError, match=r"region = .* is no column of the table; found: 0, 1, 2"):
            tidy(with_columns([0, 1, 2]), region=name, parse_periods=parse_column)  # type: ignore[arg-type]


def test_regions_that_are_whole_numbers_have_no_fraction() -> None:
    columns = {"year": 2020, "value": [1, 2]}
    assert read(columns | {"region": [1.0, 12.0]})["region"].tolist() == ["1", "12"]
    assert read(columns | {"region": [1, "A"]})["region"].tolist() == ["1", "A"]
    assert read(columns | {"region": [1.5, 2]})["label"].tolist() == ["1.5", "2"]
    found = read({"year": 2020, "value": [1, 2, None], "region": [1, 2, None]})
    assert found["region"].tolist() == ["1", "2"]


@pytest.mark.parametrize("unit", [3, None, ["%"], "\ud800"])
def test_a_unit_is_text(unit: object) -> None:
    with pytest.raises(SpecError, match=r"unit = .* is no text; expected \"%\" or"):
        read(GOOD, unit=unit)


def test_a_metric_is_text() -> None:
    with pytest.raises(SpecError, match=r"metric = '\\ud800' is no text; expected the name of a column, or"):
        read(GOOD, metric="\ud800")


@pytest.mark.parametrize("column", ["region", "metric", "unit", "status", "note", "value"])
def test_half_a_character_is_refused_where_it_stands(column: str) -> None:
    columns = {"region": ["CHN", "USA"], "year": [2020, 2020], "value": [1, 2]}
    cells = pd.Series(["x", "a\ud800"], dtype=object)
    with pytest.raises(
        ParseError, match=rf"column '{column}': row 3 .* is no text: 'a\\ud800' holds half a character"
    ):
        read(columns | {column: cells})


def test_half_a_character_is_refused_in_the_name_of_a_column_and_in_a_period() -> None:
    frame = with_columns(["region", "year", "\ud800"])
    with pytest.raises(ParseError, match=r"a column's name holds half a character .*: '\\ud800'; rename it"):
        tidy(frame, value="\ud800", parse_periods=parse_column)
    periods = pd.Series(["2020", "\ud800"], dtype=object)
    refuse(
        r"column 'year': 1 cell is no period .* row 3: '\\ud800'",
        {"region": ["CHN"] * 2, "year": periods, "value": [1, 2]},
    )
