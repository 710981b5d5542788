"""Tables of offices and of APIs, with columns of their own, down all roads; all figures are made up."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from tableroads import ROADS, Case, Run, figures, take

import geotrack as gt

BEA = """"GeoFIPS","GeoName","Region","TableName","LineCode","IndustryClassification",\
"Description","Unit","1998","1999"
 "01000","Alabama","5","SAINC1",2,"...","Population (persons) 1/","Number of persons",44,45
 "01000","Alabama","5","SAINC1",3,"...","Per capita personal income (dollars) 2/","Dollars",223,229
 "02000","Alaska *","8","SAINC1",2,"...","Population (persons) 1/","Number of persons",61,62
 "02000","Alaska *","8","SAINC1",3,"...","Per capita personal income (dollars) 2/","Dollars",287,292
"""

CASES = [
    Case(
        "24 lines with their descriptions",
        BEA,
        "US-AL 1998 44\nUS-AL 1999 45\nUS-AL 1998 223\nUS-AL 1999 229\n"
        "US-AK 1998 61\nUS-AK 1999 62\nUS-AK 1998 287\nUS-AK 1999 292",
        given={"level": "US"},
        kept={"over_time": "mean"},
        said=("metric = column 'Description'", "unit = column 'Unit'", "region = column 'GeoName'"),
    ),
    Case(
        "24 numbers of regions that are no places",
        "Region,Where,2019,2020\n5,Spain,1,2\n8,France,3,4\n8,Italy,5,6\n",
        "ESP 2019 1\nESP 2020 2\nFRA 2019 3\nFRA 2020 4\nITA 2019 5\nITA 2020 6",
        said=("region = column 'Where'",),
    ),
]


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.row)
def test_a_table_of_an_office_comes_out_as_it_is(
    case: Case, road: str, run: Run, tmp_path: Path, project: Path
) -> None:
    read, _, said = take(road, case, run, tmp_path, project)
    assert read == figures(case.read)[0]
    assert [word for word in case.said if word not in said] == [], said


def test_columns_are_regions_of_boundaries_of_ones_own(tmp_path: Path, run: Run) -> None:
    square = "[[[{0},0],[{1},0],[{1},1],[{0},1],[{0},0]]]"
    features = ",".join(
        f'{{"type":"Feature","properties":{{"id":"A{n}","name":"{name}"}},'
        f'"geometry":{{"type":"Polygon","coordinates":{square.format(n, n + 1)}}}}}'
        for n, name in enumerate(("North", "South", "East"))
    )
    shapes = tmp_path / "b.geojson"
    shapes.write_text(f'{{"type":"FeatureCollection","features":[{features}]}}', encoding="utf-8")
    for header in ("Year,A0,A1,A2", "Year,north,South,East"):
        table, out, spec = (tmp_path / name for name in ("t.csv", "t.out.csv", "t.toml"))
        table.write_text(f"{header}\n2020,4,5,6\n2021,7,8,9\n", encoding="utf-8")
        answer = run("map", table, "--boundaries", shapes, "--code", "id", "-o", out, "--spec", spec)
        assert answer.code == 0, answer
        made = pd.read_csv(out)[["region", "start", "value"]]
        drawn = gt.choropleth(pd.read_csv(table), boundaries=shapes, code="id").to_frame()
        for found in (made, drawn):
            figures = zip(found["region"], found["start"].astype(str).str[:4], found["value"], strict=True)
            assert {*figures} == {
                (f"A{n}", year, float(first + n))
                for year, first in (("2020", 4), ("2021", 7))
                for n in range(3)
            }
        assert run("build", spec, "-o", tmp_path / "built").code == 0
