"""What was said of a figure, and the table of a day; every figure that is brought in here is synthetic."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import geotrack as gt
from geotrack.errors import SpecError
from geotrack.model import VINTAGE_COLUMNS
from geotrack.store import reading
from geotrack.store.folder import DataFolder

Run = Callable[..., Any]
SAID = ["--publisher", "Me", "--url", "https://example.org/s", "--licence", "CC BY 4.0", "--freq", "month"]
FIRST, SECOND, THIRD = "2026-03-04", "2026-04-02", "2026-05-05"
HEAD = "region,month,share"
FILES = {
    FIRST: [HEAD, "NAM,2026-01,10", "USA,2026-01,40", "CHN,2026-01,20"],
    SECOND: [HEAD, "NAM,2026-01,10.5", "USA,2026-01,40", "CHN,2026-01,20", "USA,2026-02,41"],
    THIRD: [HEAD, "NAM,2026-01,10.7", "USA,2026-01,40", "USA,2026-02,41"],
}
"""Namibia's figure is revised twice, China's is withdrawn at last."""


@pytest.fixture(autouse=True)
def _away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.fixture
def survey(run: Run, data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder into which the three files were imported, each on the day it was published."""
    from datetime import UTC, datetime

    from geotrack.cli import update

    for day, lines in FILES.items():
        today = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)

        class Clock:
            @staticmethod
            def now(_: object, today: datetime = today) -> datetime:
                return today

        monkeypatch.setattr(update, "datetime", Clock)
        Path("table.csv").write_text("\n".join([*lines, ""]))
        answer = run("import", "table.csv", "--series", "survey", "--unit", "%", *SAID, "--published", day,
                     "--title", f"Survey, {day}", "--accept", "as the survey says", "--yes",
                     "--data", data)  # fmt: skip
        assert (answer.code, answer.err) == (0, ""), answer
    monkeypatch.undo()
    monkeypatch.chdir(data.parent)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.delenv("GEOTRACK_DATA", raising=False)
    return data


def history(run: Run, data: Path, *arguments: str) -> list[dict[str, str]]:
    answer = run("history", *arguments, "--json", "--data", data)
    assert (answer.code, answer.err) == (0, "")
    rows: list[dict[str, str]] = json.loads(answer.out)
    return rows


def refused(answer: Any, code: int, *words: str) -> None:
    assert answer.code == code, answer
    assert answer.out == "" or "not built" in answer.out
    assert all(word in answer.err for word in words), answer.err


def known(data: Path, day: str) -> dict[tuple[str, str], float]:
    frame = DataFolder.of(data).table("survey", day).observations
    keys = zip(frame["region"], frame["start"].dt.strftime("%Y-%m"), strict=True)
    return dict(zip(keys, frame["value"], strict=True))


# --- history ----------------------------------------------------------------------------------------------


def test_every_value_is_told_with_its_days_reason_and_origin(run: Run, survey: Path) -> None:
    rows = history(run, survey, "survey", "Namibia", "2026-01")
    told = [(row["value"], row["since"], row["until"], row["why"], row["title"]) for row in rows]
    assert told == [
        ("10", FIRST, SECOND, "revised: as the survey says", f"Survey, {FIRST}"),
        ("10.5", SECOND, THIRD, "revised: as the survey says", f"Survey, {SECOND}"),
        ("10.7", THIRD, "", "", f"Survey, {THIRD}"),
    ]
    assert all(set(VINTAGE_COLUMNS) <= set(row) for row in rows)
    assert all(row["publisher"] == "Me" and row["sha256"] and row["url"] for row in rows)
    assert history(run, survey, "survey", "NA", "Jan 2026") == rows  # a code and another way to say the month


def test_a_withdrawn_figure_is_told_and_one_never_revised(run: Run, survey: Path) -> None:
    [gone] = history(run, survey, "survey", "CHN", "2026-01", "--metric", "share")
    assert (gone["value"], gone["until"]) == ("20", THIRD)
    assert gone["why"] == "withdrawn: as the survey says"
    [row] = history(run, survey, "survey", "USA", "2026-01")
    assert (row["value"], row["since"], row["until"], row["origin"][-5:]) == (
        "40",
        FIRST,
        "",
        row["origin"][-5:],
    )
    assert row["title"] == f"Survey, {FIRST}"  # who said it first


def test_history_prints_a_table(run: Run, survey: Path) -> None:
    answer = run("history", "survey", "Namibia", "2026-01", "--data", survey)
    assert (answer.code, answer.err) == (0, "")
    assert all(word in answer.out for word in ("since", "until", "why", "10.5", "10.7", SECOND, "Me"))


def test_shipped_figures_have_a_history(run: Run, data: Path) -> None:
    rows = history(run, data, "cbeci-countries", "China", "2021-09")
    assert {row["metric"] for row in rows} == {"share", "hashrate"}
    assert {row["until"] for row in rows} == {""}
    [row] = history(run, data, "cbeci-us-states", "Georgia", "2021-12", "--metric", "share")
    assert row["region"] == "US-GA"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["nothing", "CHN", "2021-09"], 7, ("series 'nothing' is not known", "cbeci-countries")),
        (["cbeci-countries", "CHN", "2021-09", "--metric", "x"], 7, ("no metric 'x'; expected one of: sh",)),
        (["cbeci-countries", "Atlantis", "2021-09"], 7, ("no figure of 'Atlantis'", "of the regions CAN")),
        (["cbeci-countries", "FRA", "2021-09"], 7, ("no figure of 'FRA'", "of the regions CAN")),
        (["cbeci-countries", "CHN", "1999-09"], 7, ("in '1999-09', now or before; CHN has figures from",)),
        (["cbeci-countries", "CHN", "lately"], 3, ("'lately' is no period; expected 2019-09",)),
        (["cbeci-countries", "CHN", ""], 3, ("is no period",)),
    ],
)  # fmt: skip
def test_a_mistake_says_what_there_is(
    run: Run, data: Path, arguments: list[str], code: int, words: tuple[str, ...]
) -> None:
    refused(run("history", *arguments, "--data", data), code, *words)


# --- the table of a day -----------------------------------------------------------------------------------


def test_the_table_of_a_day_is_the_one_that_was_known(survey: Path) -> None:
    first = {("NAM", "2026-01"): 10.0, ("USA", "2026-01"): 40.0, ("CHN", "2026-01"): 20.0}
    second = first | {("NAM", "2026-01"): 10.5, ("USA", "2026-02"): 41.0}
    third = {key: value for key, value in second.items() if key[0] != "CHN"} | {("NAM", "2026-01"): 10.7}
    assert known(survey, FIRST) == known(survey, "2026-04-01") == known(survey, "2026-03") == first
    assert known(survey, SECOND) == known(survey, "2026-05-04") == known(survey, "2026-04") == second
    assert known(survey, THIRD) == known(survey, "2030") == known(survey, "") == third


def test_a_map_can_be_built_as_of_a_day(run: Run, survey: Path) -> None:
    Path("mine.toml").write_text('series = "survey"\ntitle = "The survey"\n')
    answer = run("build", "mine.toml", "--as-of", SECOND, "--data", survey, "--out", "out")
    assert (answer.code, answer.err) == (0, "")
    page = Path("out/mine.html").read_text(encoding="utf-8")
    assert "The survey, as known on 2 April 2026" in page
    assert "10.5" in page
    assert "10.7" not in page
    answer = run("build", "mine.toml", "--data", survey, "--out", "out")
    page = Path("out/mine.html").read_text(encoding="utf-8")
    assert "as known on" not in page
    assert "10.7" in page


def test_a_specification_can_name_the_day(run: Run, survey: Path) -> None:
    Path("then.toml").write_text(f'series = "survey"\ntitle = "The survey"\nas_of = "{FIRST}"\n')
    answer = run("build", "then.toml", "--data", survey, "--out", "out")
    assert (answer.code, answer.err) == (0, "")
    page = Path("out/then.html").read_text(encoding="utf-8")
    assert "The survey, as known on 4 March 2026" in page
    answer = run("build", "then.toml", "--as-of", THIRD, "--data", survey, "--out", "out")  # it wins
    assert "as known on 5 May 2026" in Path("out/then.html").read_text(encoding="utf-8")
    assert answer.code == 0
    gt.choropleth("survey", data_folder=survey, as_of=SECOND).save("api.html")
    assert "as known on 2 April 2026" in Path("api.html").read_text(encoding="utf-8")


def test_a_day_before_all_figures_is_refused_with_the_first(run: Run, survey: Path) -> None:
    Path("mine.toml").write_text('series = "survey"\n')
    answer = run("build", "mine.toml", "--as-of", "2026-03-03", "--data", survey, "--out", "out")
    refused(
        answer, 7, "nothing of survey was known by 2026-03-03", f"first figures are of {FIRST}", "later day"
    )
    assert not Path("out").exists()
    with pytest.raises(SpecError, match=r"as_of = '2026-01': nothing of survey was known by 2026-01-31"):
        DataFolder.of(survey).table("survey", "2026-01")


def test_the_first_day_is_told_of_figures_that_were_replaced_too(run: Run, survey: Path) -> None:
    """Every figure of today is newer than the first one that was known."""
    lines = [HEAD, "NAM,2026-01,11", "USA,2026-01,45", "USA,2026-02,46"]
    Path("table.csv").write_text("\n".join([*lines, ""]))
    answer = run("import", "table.csv", "--series", "survey", "--accept", "synthetic", "--data", survey)
    assert answer.code == 0, answer
    with pytest.raises(SpecError, match=f"its first figures are of {FIRST}"):
        DataFolder.of(survey).table("survey", "2026-03-03")


def test_no_day_is_refused(run: Run, data: Path) -> None:
    answer = run("build", "shift", "--as-of", "once", "--data", data, "--out", "out")
    refused(answer, 7, "as_of", "'once'")
    with pytest.raises(SpecError, match=r"as_of = 'once'"):
        DataFolder.of(data).table("cbeci-countries", "once")


def test_shipped_series_are_known_since_their_source_was_retrieved_or_published(data: Path) -> None:
    now = DataFolder.of(data).table("cbeci-countries").observations
    then = DataFolder.of(data).table("cbeci-countries", "2100").observations
    assert len(now) == len(then)
    with pytest.raises(SpecError, match=r"nothing of cbeci-countries was known by 2019-12-31"):
        DataFolder.of(data).table("cbeci-countries", "2019")


def test_vintages_are_kept_in_their_columns(survey: Path) -> None:
    assert list(reading.read_vintages(survey, "survey").columns) == list(VINTAGE_COLUMNS)
    assert sorted(reading.read_vintages(survey, "survey")["value"]) == ["10", "10.5", "20"]
