"""What people's tables say in words, signs and flags, down all three roads."""

from __future__ import annotations

from pathlib import Path

import pytest
from tableroads import ROADS, Case, Run, hold

# All figures here are synthetic.

OWID = "Entity,Code,Year,Cases\nChina,CHN,2019,5\nFrance,FRA,2019,6\nAsia,,2019,70\n"
CASES = [
    Case("a continent without a code", OWID,
         refused=("'Code' is empty where column 'Entity' has 'Asia'", "left out", "by their names")),
    Case("a continent without a code, left out", OWID, "CHN 2019 5\nFRA 2019 6", given={"region": "Code"},
         said=("rows without a code in column 'Code', which are no country's: 'Asia'",)),
    Case("groups that nothing places", OWID.replace("Asia", "Africa (GCP)"), "CHN 2019 5\nFRA 2019 6",
         given={"region": "Code"}),
    Case("a country without a code", OWID.replace("Asia", "Kosovo"), "CHN 2019 5\nFRA 2019 6\nXKX 2019 70"),
    Case("a mistyped country without a code", OWID.replace("Asia", "Germny"), refused=("'Germny'",)),
]  # fmt: skip


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.row)
def test_words_signs_and_flags_are_read_or_asked_about(
    case: Case, road: str, run: Run, tmp_path: Path, project: Path
) -> None:
    hold(road, case, run, tmp_path, project)
