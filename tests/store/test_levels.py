"""Levels are those that the data folder has: a country's parts that regions.csv and boundaries.toml gain."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

import geotrack as gt
from geotrack.cli import app
from geotrack.cli.lists import filled
from geotrack.errors import SpecError
from geotrack.publish.report.book import Book
from geotrack.store.folder import DataFolder

DATA = Path(__file__).parents[2] / "data"
TABLE = "region,period,price\nBavaria,2024,1.5\nBerlin,2024,2.5\n"
SAID = {"value": "price", "unit": "USD/kWh"}


@pytest.fixture(scope="module")
def german(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with two states of Germany, drawn as any two states of the package."""
    folder = tmp_path_factory.mktemp("levels") / "data"
    shutil.copytree(DATA, folder)
    with (folder / "reference/regions.csv").open("a", encoding="utf-8", newline="\n") as file:
        file.write("DE-BY,Bavaria,subdivision,DEU,Bayern\nDE-BE,Berlin,subdivision,DEU,\n")
    home = folder / "reference/boundaries"
    topology = json.loads((home / "us-states.topojson").read_text(encoding="utf-8"))
    [shapes] = topology["objects"].values()
    del shapes["geometries"][2:]
    for shape, code, name in zip(
        shapes["geometries"], ("DE-BY", "DE-BE"), ("Bavaria", "Berlin"), strict=True
    ):
        shape["id"], shape["properties"]["name"] = code, name
    content = json.dumps(topology).encode()
    (home / "germany-states.topojson").write_bytes(content)
    toml = (home / "boundaries.toml").read_text(encoding="utf-8")
    table = toml[toml.index("[us-states]") : toml.index("[canada-provinces]")]
    table = table.replace("[us-states]", "[germany-states]").replace('level = "US"', 'level = "DE"')
    table = re.sub(
        'sha256 = "[0-9a-f]*"\nnote', f'sha256 = "{hashlib.sha256(content).hexdigest()}"\nnote', table
    )
    (home / "boundaries.toml").write_text(f"{toml}\n{table}", encoding="utf-8", newline="\n")
    return folder


def test_the_shipped_levels_are_drawn_on_the_first_boundaries_that_say_so() -> None:
    assert DataFolder(DATA).levels == {
        "country": ("countries-110m", "countries-50m"),
        "CN": ("china-provinces",),
        "US": ("us-states",),
        "CA": ("canada-provinces",),
    }
    assert filled("{levels}") == "country, CN, US, CA"


@pytest.mark.parametrize(
    "said",
    [
        {"level": "DE"},
        {"level": "DE", "boundaries": "germany-states"},
        {"boundaries": "germany-states"},
    ],
)
def test_a_level_that_the_data_gain_is_drawn(german: Path, tmp_path: Path, said: dict[str, str]) -> None:
    (tmp_path / "t.csv").write_text(TABLE, encoding="utf-8")
    made = gt.choropleth(str(tmp_path / "t.csv"), data_folder=german, **SAID, **said)
    assert made.content.boundaries.info.name == "germany-states"
    assert [unit.code for unit in made.content.units] == ["DE-BE", "DE-BY"]


def test_a_level_that_the_data_lack_is_refused(german: Path, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(TABLE, encoding="utf-8")
    for folder, known in ((DATA, "country, CN, US, CA:"), (german, "country, CN, US, CA, DE:")):
        with pytest.raises(SpecError, match=f"level = 'FR' is not known; expected one of: {known}"):
            gt.choropleth(str(tmp_path / "t.csv"), data_folder=folder, level="FR", **SAID)


def test_a_level_that_the_data_gain_is_imported_mapped_and_looked_up(german: Path, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(TABLE, encoding="utf-8")
    said = ["--level", "DE", "--value", "price", "--unit", "USD/kWh", "--data", str(german)]
    made = CliRunner().invoke(app, ["map", str(tmp_path / "t.csv"), "-o", str(tmp_path / "m.html"), *said])
    assert made.exit_code == 0, made.output
    source = ["--publisher", "P", "--title", "T", "--url", "https://a.example", "--licence", "MIT"]
    more = ["--series", "german", "--published", "2024-12-31", "--yes"]
    made = CliRunner().invoke(app, ["import", str(tmp_path / "t.csv"), *said, *source, *more])
    assert made.exit_code == 0, made.output
    found = DataFolder(german)
    assert (found.find("german").level, found.find("german").boundaries) == ("DE", "germany-states")
    assert Book(found, "en").code("cbeci-countries", "Bavaria") == "DE-BY"
