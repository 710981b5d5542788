"""A later table that does not tell its periods as an earlier one did: it is read alike, or asked about."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from geotrack.errors import AmbiguousError
from geotrack.store import starter
from geotrack.update import import_table
from geotrack.usertables import to_toml

SAID = {
    "unit": "USD",
    "over_time": "sum",
    "source": {"publisher": "Me", "title": "Mine", "url": "https://example.org", "licence": "CC0-1.0"},
}
YEARS = "Country,2021,2022\nGermany,10,11\nFrance,12,13\n"
QUARTER, YEAR = "Three months ended September 30", "Year ended June 30"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    starter.found(folder, [])
    return folder / "data"


@pytest.fixture
def project(data: Path) -> Path:
    (data / "imports/mine.toml").unlink(missing_ok=True)
    return data


def days(*found: str) -> str:
    rows = [f"{country},{day},1" for country in ("Germany", "France") for day in found]
    return "\n".join(["Country,Date,GDP", *rows, ""])


MONTHS, YEARLY = days("2022-01-01", "2022-02-01", "2022-03-01"), days("2020-12-31", "2021-12-31")


def prepared(folder: Path, content: str, **given: Any) -> import_table.Prepared:
    """Read a table for a series of a folder, and remember how, as an import does."""
    path = folder / "table.csv"
    path.write_text(content, encoding="utf-8")
    made = import_table.prepare(folder, path, "mine", given)
    (folder / "imports").mkdir(exist_ok=True)
    (folder / "imports/mine.toml").write_text(to_toml(made.mapping), encoding="utf-8")
    return made


def spans(made: import_table.Prepared) -> set[str]:
    rows = made.rows.astype(str)
    return {f"{start}/{end}" for start, end in zip(rows["start"], rows["end"], strict=True)}


@pytest.mark.parametrize(
    ("first", "later", "answers"),
    [
        (f"{QUARTER}\n\n{YEARS}", YEARS,
         {("period_words", QUARTER): "2022-07-01/2022-10-01", ("freq", "year"): "2022-01-01/2023-01-01"}),
        (f"{YEAR}\n\n{YEARS}", YEARS,
         {("period_words", YEAR): "2021-07-01/2022-07-01", ("freq", "year"): "2022-01-01/2023-01-01"}),
        (MONTHS, days("2022-03-01", "2022-04-15"),
         {("freq", "month"): "2022-04-01/2022-05-01", ("freq", "day"): "2022-04-15/2022-04-16"}),
        (YEARLY, days("2021-12-31", "2022-06-30", "2022-07-15"),
         {("freq", "year"): "2022-01-01/2023-01-01", ("freq", "day"): "2022-06-30/2022-07-01"}),
        (YEARLY, days("2023-03-31", "2023-06-30", "2023-09-30", "2023-12-31"),
         {("freq", "year"): "2023-01-01/2024-01-01", ("freq", "quarter"): "2023-04-01/2023-07-01"}),
    ],
    ids=["quarters", "years", "middle of a month", "middle of a year", "quarters for years"],
)  # fmt: skip
def test_periods_of_which_memory_makes_others_are_asked_about(
    project: Path, first: str, later: str, answers: Mapping[tuple[str, str], str]
) -> None:
    prepared(project, first, **SAID)
    kept = (project / "imports/mine.toml").read_bytes()
    for said in ({}, {"level": "country"}):  # whatever else is said
        with pytest.raises(AmbiguousError) as asked:
            prepared(project, later, **said)
        [question] = asked.value.questions
        assert {(choice.option, choice.value) for choice in question.choices} == {*answers}
    for (option, value), span in answers.items():
        (project / "imports/mine.toml").write_bytes(kept)
        assert span in spans(prepared(project, later, **{option: value}))
        assert span in spans(prepared(project, later)), "the answer is remembered"


@pytest.mark.parametrize(
    ("first", "later"),
    [
        (f"{QUARTER}\n\n{YEARS}", f"{QUARTER}\n\n{YEARS.replace('2021', '2023')}"),
        (MONTHS, days("2022-04-01")),
        (YEARLY, days("2022-12-31")),
    ],
)
def test_what_a_later_table_tells_alike_or_leaves_open_is_read_as_before(
    project: Path, first: str, later: str
) -> None:
    prepared(project, first, **SAID)
    made = prepared(project, later)
    assert made.remembered
    assert all(span[5:7] != span[16:18] or span[:4] != span[11:15] for span in spans(made))
