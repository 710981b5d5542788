"""A table within JSON, however an API, pandas or an office lays it out; what is read is all there is."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from geotrack import periods
from geotrack.errors import ParseError
from geotrack.usertables import apply, guess
from geotrack.usertables.reading import read

FRAME = pd.DataFrame({"country": ["Germany", "France"], "year": [2019, 2020], "value": [1.5, 2.25]})
RECORDS = [
    {"country": "Germany", "year": 2019, "value": 1.5},
    {"country": "France", "year": 2020, "value": 2.25},
]
WANTED = [["Germany", "2019", "1.5"], ["France", "2020", "2.25"]]
CUBE = {
    "class": "dataset", "id": ["unit", "geo", "time"], "size": [1, 2, 2], "value": {"0": 1.50, "3": 4},
    "status": {"3": "p"},
    "dimension": {
        "unit": {"category": {"index": {"PC": 0}, "label": {"PC": "per cent"}}},
        "geo": {"category": {"index": {"FR": 1, "EL": 0}, "label": {"EL": "Greece", "FR": "France"}}},
        "time": {"category": {"index": ["2019", "2020"]}},
    },
}  # fmt: skip


CODES = [
    {"id": "REF_AREA", "values": [{"id": "FRA", "name": "France"}, {"id": "DEU", "name": "Germany"}]},
    {"id": "MEASURE", "values": [{"id": "B1GQ", "names": {"fr": "PIB", "en": "Gross domestic product"}}]},
]
TIME = {"id": "TIME_PERIOD", "values": [{"id": "2021-Q1", "name": "Q1 2021"}, {"id": "2021-Q2"}]}
OF_SERIES = [
    {"id": "UNIT_MEASURE", "values": [{"id": "USD", "name": "US dollar"}]},
    {"id": "UNIT_MULT", "values": [{"id": "6", "name": "Millions"}]},
]
STATUS = {
    "id": "OBS_STATUS",
    "values": [{"id": "A", "name": "Normal value"}, {"id": "E", "name": "Estimate"}],
}
FIGURES = {"0:0": {"0": [10.5, 0], "1": [11.25, 1]}, "1:0": {"0": [20, None], "1": [None, 0]}}
FLAT = {f"{key}:{n}": cells for key, each in FIGURES.items() for n, cells in each.items()}
SDMX = {
    "first version": {
        "header": {"id": "x"},
        "dataSets": [{"series": {
            key: {"attributes": [0, 0], "observations": each} for key, each in FIGURES.items()
        }}],
        "structure": {"dimensions": {"series": CODES, "observation": [TIME]},
                      "attributes": {"series": OF_SERIES, "observation": [STATUS]}},
    },
    "second version, flat, of groups": {
        "meta": {},
        "data": {
            "dataSets": [{"structure": 0, "observations": FLAT,
                          "dimensionGroupAttributes": {"0::": [0, 0], "1::": [0, 0]}}],
            "structures": [{"dimensions": {"observation": [*CODES, TIME]},
                            "attributes": {"dimensionGroup": OF_SERIES, "observation": [STATUS]}}],
        },
    },
    "one structure within data, attributes of all": {
        "data": {
            "dataSets": [{"attributes": [0, 0], "observations": FLAT}],
            "structure": {"dimensions": {"observation": [*CODES, TIME]},
                          "attributes": {"dataSet": OF_SERIES, "observation": [STATUS]}},
        },
    },
}  # fmt: skip


@pytest.mark.parametrize("message", SDMX.values(), ids=SDMX)
def test_sdmx_json_is_read_with_its_units_and_statuses(message: object) -> None:
    made = figures_of(message)
    assert made == {
        ("FRA", "2021-01-01", "10.5", "million US dollar", "reported"),
        ("FRA", "2021-04-01", "11.25", "million US dollar", "estimated"),
        ("DEU", "2021-01-01", "20", "million US dollar", "reported"),
    }


def figures_of(message: object) -> set[tuple[str, ...]]:
    table = read(json.dumps(message).encode(), "t.json")
    rows = apply(table, guess(table, {}, units=False), "s", periods.parse_column)
    columns = ["label", "start", "value", "unit", "status"]
    return {tuple(map(str, row)) for row in rows[columns].to_numpy().tolist()}


@pytest.mark.parametrize("key", ["0:0", "0:0:7", "0:x:0", "0:0:0:0"])
def test_sdmx_json_whose_keys_are_none_of_its_own_is_refused(key: str) -> None:
    message = {**SDMX["first version"], "dataSets": [{"observations": {key: [1]}}]}
    with pytest.raises(ParseError, match=r"t\.json"):
        read(json.dumps(message).encode(), "t.json")


def cells(content: object) -> list[list[str]]:
    return read(json.dumps(content).encode(), "t.json").frame.to_numpy().tolist()


@pytest.mark.parametrize("orient", ["columns", "records", "split", "index", "table"])
def test_what_pandas_writes_in_any_orient_is_one_table(orient: str) -> None:
    assert cells(json.loads(FRAME.to_json(orient=orient))) == WANTED


@pytest.mark.parametrize(
    "answer",
    [
        [{"page": 1, "pages": 1}, RECORDS],
        {
            "response": {"total": "2", "data": RECORDS},
            "request": {"params": {"x": 1}},
            "warnings": [{"a": "b"}],
        },
        {"@odata.context": "x", "value": RECORDS},
        {
            "success": True,
            "result": {"fields": [{"id": "a"}], "records": [{"_id": 1} | RECORDS[0], RECORDS[1]]},
        },
    ],
    ids=["World Bank", "EIA", "OData", "CKAN"],
)
def test_the_records_that_an_api_answers_are_found(answer: object) -> None:
    assert cells(answer) == WANTED


def test_an_answer_that_is_one_page_of_several_says_so() -> None:
    for around in (
        [{"page": 1, "pages": 3}, RECORDS],
        {"total": 9, "data": RECORDS},
        {"@odata.nextLink": "x", "value": RECORDS},
    ):
        assert "not read" in read(json.dumps(around).encode(), "t.json").skipped[0]


def test_objects_of_id_and_value_are_columns_of_their_own() -> None:
    found = read(
        json.dumps(
            [{"country": {"id": "DE", "value": "Germany"}, "x": 1}, {"country": None, "x": 2}]
        ).encode(),
        "t",
    )
    assert found.frame.to_dict("list") == {
        "country.id": ["DE", ""],
        "country.value": ["Germany", ""],
        "x": ["1", "2"],
    }


def test_json_stat_is_a_row_for_each_cell_with_its_status() -> None:
    found = read(json.dumps(CUBE).encode(), "t.json")
    assert found.how[0] == "JSON-stat"
    assert found.frame[["unit", "geo", "time", "value", "OBS_FLAG"]].to_numpy().tolist() == [
        ["per cent", "EL", "2019", "1.5", ""],
        ["per cent", "EL", "2020", "", ""],
        ["per cent", "FR", "2019", "", ""],
        ["per cent", "FR", "2020", "4", "p"],
    ]
    for odd in ({"size": [1, 2, 3]}, {"value": [1]}, {"size": [1, 99999, 99999]}, {"dimension": {"geo": 1}}):
        with pytest.raises(ParseError):
            read(json.dumps(CUBE | odd).encode(), "t.json")


def test_what_may_be_rows_or_columns_is_neither() -> None:
    with pytest.raises(ParseError, match="no records"):
        read(b'{"a": {"b": 1}}', "t.json")
    by_name = [["DE", "1", "2"], ["FR", "3", "4"]]
    assert cells({"DE": {"2019": 1, "2020": 2}, "FR": {"2019": 3, "2020": 4}}) == by_name
    assert cells({"2019": {"DE": 1, "FR": 3}, "2020": {"DE": 2, "FR": 4}}) == by_name
