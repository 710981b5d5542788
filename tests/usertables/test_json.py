"""A table within JSON, however an API, pandas or an office lays it out; what is read is all there is."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from geotrack.errors import ParseError
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
