"""Tables of offices and of APIs, with columns of their own, down all roads; all figures are made up."""

from __future__ import annotations

import random
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from cases.test_roads import MORE, REFUSED, STAYS, WRONG
from tableroads import ROADS, Case, Run, figures, take

import geotrack as gt
from geotrack.build import own
from geotrack.cli.tables import OPTIONS
from geotrack.errors import AmbiguousError, Choice, Question, SpecError
from geotrack.map import spec as specs
from geotrack.store.folder import DataFolder

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


def test_whatever_is_offered_leads_on(project: Path, tmp_path: Path) -> None:
    """Take each answer to each question of some tables: never the same question again, nor wrong usage."""
    folder = DataFolder.of(project)
    wanted = specs.check({"series": specs.OWN}, "a test")
    cases = random.Random(12).sample([case for case in (*WRONG, *REFUSED, *MORE, *STAYS) if case.refused], 12)
    taken = 0

    def asked(table: Path, given: Mapping[str, Any]) -> tuple[Question, ...]:
        try:
            own.read(table, given, wanted=wanted, regions=folder.regions, levels=folder.levels)
        except AmbiguousError as error:
            return error.questions
        except SpecError as error:
            pytest.fail(f"{given}: {error}")
        except gt.GeotrackError:
            return ()
        return ()

    for case in cases:
        table = case.write(tmp_path)
        for question in asked(table, case.given):
            for choice in question.choices:
                assert choice.option in OPTIONS
                words = shlex.split(str(Choice(choice.option, choice.value)))
                assert not choice.value or words == [f"--{choice.option.replace('_', '-')}", choice.value]
                if choice.value:
                    taken += 1
                    again = asked(table, {**case.given, choice.option: choice.value})
                    assert question.answers not in [each.answers for each in again], (case.row, str(choice))
    assert taken > 12
