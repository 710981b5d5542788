"""Readings of a series' figures in doubt: one that changes nothing is refused, with what it lacks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import datafolders
import pytest

from geotrack.store import doubts
from geotrack.store.checks.folder import check
from geotrack.store.folder import DataFolder

NAME = "cbeci-countries"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return datafolders.of_series(tmp_path_factory.mktemp("doubts") / "data", [NAME])


def found(folder: Path, change: Callable[[str], str], file: str) -> list[str]:
    """What a check finds of the series' readings after a file was changed, which is mended again."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    try:
        path.write_text(change(text), encoding="utf-8")
        return [str(each) for each in check(folder, [NAME]) if "doubts" in each.message]
    finally:
        path.write_text(text, encoding="utf-8")


OBSERVATIONS, SERIES = f"observations/{NAME}.csv", "reference/series.toml"


def test_what_ships_has_an_effect(folder: Path) -> None:
    assert found(folder, str, SERIES) == []
    data = DataFolder.of(None)
    for name, series in data.series.items():
        assert [*doubts.without_effect(data.table(name).observations, series, data.regions)] == []


@pytest.mark.parametrize(
    ("changed", "file", "names", "words"),
    [
        ((" *", ""), OBSERVATIONS, ["stars-spread", "stars-to-china"],
         "no label of the series has a star (*); expected one such as 'Germany *' on each figure"),
        (('to = "CHN"', 'to = "FRA"'), SERIES, ["stars-to-china"],
         "the series has no figure of 'FRA' to add to; name a region that it lists"),
        ((",0,", ",0.01,"), OBSERVATIONS, ["zeros-as-before", "zeros-as-after"],
         "expected a zero that stands between figures above zero of its region"),
    ],
)  # fmt: skip
def test_a_reading_without_effect_is_refused(
    folder: Path, changed: tuple[str, str], file: str, names: list[str], words: str
) -> None:
    told = found(folder, lambda text: text.replace(*changed), file)
    assert len(told) == len(names)
    for text, name in zip(told, names, strict=True):
        assert text.startswith(f"error: series.toml, [{NAME}]: doubts: reading {name!r} changes no figure; ")
        assert words in text
