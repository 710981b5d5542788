"""Small figures stay what they are: in every file that is written, and in every text, where none is zero."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet
import pytest

import geotrack as gt
from geotrack.captions import notes
from geotrack.language.numbers import spelled
from geotrack.map import content
from geotrack.measure.aligned import plain_values
from geotrack.render.page.payload import payload, static_rows
from geotrack.store import reading

SMALL = {"FRA": "0.00000015", "DEU": "0.0000004", "NOR": "3", "ITA": "0"}


@pytest.fixture(scope="module")
def small() -> Any:
    rows = [(code, "2023", float(value)) for code, value in SMALL.items()]
    table = pd.DataFrame(rows, columns=["region", "period", "value"])
    return gt.choropleth(table, unit="t", groups=["FRA", "NOR", "ITA"])


def test_files_have_every_digit(small: Any, tmp_path: Path) -> None:
    wanted = {code: float(value) for code, value in SMALL.items()}
    frame = small.to_frame()
    assert dict(zip(frame["region"], frame["value"], strict=True)) == wanted
    lines = small.save_table(tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()
    assert {line.split(",")[0]: line.split(",")[5] for line in lines[1:]} == SMALL
    wide = small.save_table(tmp_path / "b.csv", wide=True).read_text(encoding="utf-8-sig")
    assert ",0.00000015," in wide
    features = json.loads(small.save_table(tmp_path / "a.geojson").read_text(encoding="utf-8"))["features"]
    found = {f["properties"]["code"]: f["properties"].get("value_2023") for f in features}
    assert {code: value for code, value in found.items() if value is not None} == wanted
    parquet = pyarrow.parquet.read_table(small.save_table(tmp_path / "a.parquet")).to_pandas()
    assert parquet.set_index("code")["value_2023"].dropna().to_dict() == wanted


def test_a_workbook_shows_every_digit(small: Any, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(small.save_table(tmp_path / "a.xlsx"))
    cells = {row[0].value: row[4] for row in book["Data"].iter_rows(min_row=2)}
    assert {code: cells[code].value for code in SMALL} == {c: float(v) for c, v in SMALL.items()}
    formats = {code: cells[code].number_format for code in SMALL}
    assert (formats["FRA"], formats["DEU"], formats["NOR"]) == ("#,##0.00000000", "#,##0.0000000", "#,##0.0")


def test_texts_say_under_and_never_zero(small: Any) -> None:
    layer: content.Layer = small.layers[0]
    assert [text.removesuffix("\u00a0t") for _, text in static_rows(small)] == [
        "3.0", "0.0000004", "0.00000015", "0",
    ]  # fmt: skip
    assert small.layers[0].sentences == ("2023: France under 0.1\u00a0t, Norway 3.0\u00a0t, Italy 0\u00a0t",)
    codes = [unit.code for unit in small.units]
    texts = [notes.value_text(small, layer, float(layer.values[u, 0]), 1) for u in range(len(codes))]
    assert dict(zip(codes, texts, strict=True))["FRA"] == "under 0.1\u00a0t"
    assert "Norway, 3.0\u00a0t; second: Germany, under 0.1\u00a0t." in small.alt_text()
    assert all("e-" not in label for label in layer.labels)
    assert "0.00001–0.0001" in layer.labels


def test_a_mean_is_not_rounded_to_nothing_nor_a_bound_past_itself() -> None:
    """Of 0.1 in one month of a year 0.00849 is left; it is a lower bound where that month's figure is one."""
    months = [f"2023-{month:02d}" for month in range(1, 13)]
    rows = [("CHN", month, 50.1, "reported") for month in months]
    rows += [("USA", month, 0.0, "reported") for month in months[1:]]
    rows += [("USA", months[0], 0.1, "lower bound")]
    table = pd.DataFrame(rows, columns=["region", "period", "value", "status"])
    made = gt.choropleth(table, unit="%", whole=100, over_time="mean", slices="year")
    layer = made.layers[0]
    u = [unit.code for unit in made.units].index("USA")
    known = 0.1 * 31 / 365
    assert 0 < layer.settled[u, 0] <= known == pytest.approx(layer.values[u, 0])
    said = dict(static_rows(made))["United States"]
    assert said.startswith("at least 0.0")
    assert 0 < float(said.removeprefix("at least ").removesuffix("%")) <= known
    assert float(layer.parts["mapped"][0]) <= layer.mapped[0]
    assert float(layer.parts["unstated"][0]) >= layer.unstated[0]


def test_a_page_of_small_beside_large_figures_loses_no_digit() -> None:
    rows = [("FRA", "2023", 0.00000015), ("DEU", "2023", 123_456_789.25)]
    made = gt.choropleth(pd.DataFrame(rows, columns=["region", "period", "value"]), unit="t")
    [metric] = payload(made, "0")["metrics"]
    assert (metric["digits"], metric["scale"]) == (8, 0)  # as doubles; see tests/browser/test_figures.py
    assert "scale" not in payload(gt.choropleth("cbeci-countries"), "0")["metrics"][0]


def test_json_of_small_figures_is_not_zero() -> None:
    told = plain_values({"a": [1.5e-7, np.float64(-4e-7), 0.1 + 0.2, 35.12 + 10.83 - 45.95]})
    assert told == {"a": [1.5e-7, -4e-7, 0.3, 0.0]}


def test_an_import_keeps_and_shows_every_digit(
    run: Callable[..., Any], data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    lines = ["region,period,value", *(f"{code},2023,{value}" for code, value in SMALL.items()), ""]
    Path("t.csv").write_text("\n".join(lines), encoding="utf-8")
    said = ("--publisher", "Me", "--title", "T", "--url", "https://example.org/s", "--licence", "CC BY 4.0")
    what = ("--series", "mine", "--unit", "t", "--over-time", "sum")
    brought = run("import", "t.csv", *what, *said, "--yes", "--data", data)
    assert brought.code == 0, brought
    raw = reading.read_raw(reading.observations_path(data, "mine"))
    assert dict(zip(raw["region"], raw["value"], strict=True)) == SMALL
    shown = run("show", "mine", "--data", data).out
    assert "0.00000015" in shown
    assert "0.0000004" in shown
    assert "e-0" not in brought.out + shown


@pytest.mark.parametrize(
    ("value", "text"),
    [(1e-5, "0.00001"), (0.1 + 0.2, "0.3"), (1e21, "1" + "0" * 21), (100.0, "100"), (np.inf, "inf")],
)
def test_a_message_spells_a_figure_in_full(value: float, text: str) -> None:
    assert spelled(value) == text
