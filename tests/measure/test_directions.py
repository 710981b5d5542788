"""What rounding leaves open is said to have risen or fallen nowhere: shift, caption, alt text, report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import geotrack as gt
from geotrack.publish.report import report

OPEN, FELL, ROSE, SAME = "open", "fell", "rose", "same"
SOURCE = ("--publisher", "Me", "--title", "My survey", "--url", "https://example.org/s", "--licence", "mine")


def figures(before: float, after: float) -> pd.DataFrame:
    """Two years of China, the first with one decimal, the second with as many as its figures have."""
    rows = [
        ("China", "2020", before),
        ("India", "2020", 3.1),
        ("China", "2021", after),
        ("India", "2021", 30),
    ]
    return pd.DataFrame(rows, columns=["country", "period", "share"])


@pytest.mark.parametrize(
    ("before", "after", "way"),
    [(12.4, 12, OPEN), (12.6, 13, OPEN), (12.4, 11, FELL), (12.4, 14, ROSE), (12.0, 12, SAME)],
)
def test_no_text_says_more_of_a_direction_than_another(
    before: float, after: float, way: str, data: Path, run: Callable[..., Any]
) -> None:
    tmp_path = data.parent
    table = figures(before, after)
    made = gt.choropleth(table, unit="%", whole=100)
    assert made.shift(groups=["CHN"]).row("CHN").way == way
    told = " ".join(str(made.shift(groups=["CHN"])).split())
    assert ("China: " in told) == (way == OPEN)

    caption, alt = (each("2020", "2021", kind="difference") for each in (made.caption, made.alt_text))
    assert ("China fell" in caption) == (way == FELL)
    assert ("China rose" in caption) == (way == ROSE and after > 30)  # India rose more
    assert ("largest loss: China" in alt) == (way == FELL)
    assert ("1 change is less than rounding may hide" in alt) == (way == OPEN)

    table.to_csv(tmp_path / "own.csv", index=False)
    answer = run("import", tmp_path / "own.csv", "--series", "own", "--unit", "%", *SOURCE, "--yes",
                 "--data", data)  # fmt: skip
    assert answer.code == 0, answer
    template = tmp_path / "story.md"
    call = 'change("CHN", "2020", "2021", series="own")'
    template.write_text(f"{{{{ {call}.verb }}}}", encoding="utf-8")
    words = {OPEN: "may have changed by", SAME: "did not change"}
    assert report.compose(template, data).text.strip() == words.get(way, way)
