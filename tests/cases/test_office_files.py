"""Files in the styles of statistical offices (see usertables/test_offices.py), down all three roads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tableroads import SOURCE, Run, options

import geotrack as gt

OFFICES = Path(__file__).parents[1] / "usertables" / "offices"
UNIT = {"unit": "points"}

# File -> the codes that its figures have, and what an import of it has to be told beside its origin.
FILES: dict[str, tuple[str, dict[str, Any]]] = {
    "comtrade.csv": ("AFG USA", UNIT),
    "eia.csv": ("AFG AFG ALB ALB ATA ATA ATA", UNIT),
    "eurostat.tsv": ("DEU DEU FRA FRA GBR GBR GBR GRC GRC", {}),
    "eurostat-monthly.tsv": ("AUT AUT BEL", UNIT),
    "eurostat-sdmx.csv": ("DEU FRA GBR", {}),
    "eurostat-spreadsheet.tsv": ("DEU DEU FRA FRA ITA", UNIT),
    "imf-sdmx.csv": ("DEU DEU USA", UNIT),
    "imf-weo.tsv": ("AFG ALB ALB DZA", {}),
    "m49.csv": ("AFG CHN USA", UNIT),
    "oecd.csv": ("AUS CAN JPN", {}),
    "owid.csv": ("AFG AFG africa world", {"unit": "TWh"}),
    "worldbank-api.csv": ("ABW ABW CIV CIV CIV world world", UNIT),
    "worldbank-databank.csv": ("AGO EGY EGY", UNIT),
}


def figures(frame: pd.DataFrame) -> list[tuple[object, ...]]:
    """Return figures as they may be compared."""
    found = frame[frame["status"] != "missing"].fillna({"note": ""})
    return sorted(
        (row.region, str(row.start)[:10], float(row.value), row.status, str(row.note))
        for row in found.itertuples()
    )


@pytest.mark.parametrize("name", FILES)
def test_an_offices_file_is_the_same_down_all_roads(
    name: str, run: Run, tmp_path: Path, project: Path
) -> None:
    codes, given = FILES[name]
    series = name.partition(".")[0]
    mapped = run("map", OFFICES / name, "-o", tmp_path / "out.csv", "--missing", "what is not listed")
    assert mapped.code == 0, mapped
    said = options({**given, "over_time": "sum", **SOURCE})
    imported = run(
        "import", OFFICES / name, "--series", series, "--yes", "--accept", "made up", "--data", project, *said
    )
    assert imported.code == 0, imported
    made = gt.choropleth(OFFICES / name, missing="what is not listed")
    found = figures(made.to_frame())
    assert [row[0] for row in found] == codes.split()
    assert figures(pd.read_csv(tmp_path / "out.csv", keep_default_na=False)) == found
    assert figures(gt.load(series, project)) == found
