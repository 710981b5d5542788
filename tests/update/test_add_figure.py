"""One figure added by the command line, on a copy of the data; every added figure is synthetic."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geotrack.store import reading

Run = Callable[..., Any]
RELEASE = {
    "--publisher": "Canaan Inc.",
    "--title": "Q1 2026 results",
    "--url": "https://investor.canaan-creative.com",
    "--licence": "none stated",
}
FIGURE = {
    "--region": "USA",
    "--period": "2026-Q1",
    "--metric": "revenue_share",
    "--value": "31.5",
    "--quote": "31.5% of revenue came from the United States",
}
KEY = ("USA", "2026-01-01", "2026-04-01", "revenue_share")


@pytest.fixture(autouse=True)
def _away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")


def state(data: Path) -> dict[str, bytes]:
    """Every file of a folder, but for the empty one that is locked."""
    return {
        path.relative_to(data).as_posix(): path.read_bytes()
        for path in sorted(data.rglob("*"))
        if path.is_file() and path.stat().st_size
    }


def add(run: Run, data: Path, *more: str, series: str = "canaan-revenue", **changed: str | None) -> Any:
    """Add FIGURE of RELEASE, with some of its options changed or left out (None)."""
    said = RELEASE | FIGURE | {f"--{key}": value for key, value in changed.items()}
    options = [part for key, value in said.items() if value is not None for part in (key, value)]
    return run("add", series, *options, *more, "--data", data)


def added(run: Run, data: Path, *more: str, **changed: Any) -> Any:
    answer = add(run, data, *more, **changed)
    assert (answer.code, answer.err) == (0, ""), answer
    return answer


def refused(answer: Any, code: int, *words: str) -> None:
    assert answer.code == code, answer
    assert answer.err.startswith("geotrack: ")
    assert all(word in answer.err for word in words), answer.err


def figures(data: Path, series: str = "canaan-revenue") -> dict[tuple[str, ...], dict[str, str]]:
    raw = reading.read_raw(reading.observations_path(data, series))
    return {
        (row["region"], row["start"], row["end"], row["metric"]): row for row in raw.to_dict(orient="records")
    }


def origins(data: Path) -> set[str]:
    return set(reading.read_origins(data))


def test_a_figure_is_added_with_where_it_stands(run: Run, data: Path) -> None:
    before, known = figures(data), origins(data)
    answer = added(
        run, data, "--unit", "%", "--page", "7", "--published", "2026-05-19", "--note", "unaudited"
    )
    assert "1 added" in answer.out
    now = figures(data)
    assert set(now) - set(before) == {KEY}
    assert {key: row for key, row in now.items() if key != KEY} == before
    row = now[KEY]
    assert (row["value"], row["unit"], row["status"], row["label"]) == ("31.5", "%", "reported", "USA")
    assert row["note"] == 'unaudited; page 7; "31.5% of revenue came from the United States"'
    [new] = origins(data) - known
    origin = reading.read_origins(data)[new]
    assert row["origin"] == new
    assert (origin.publisher, origin.title, origin.published) == (*list(RELEASE.values())[:2], "2026-05-19")
    assert run("check", "--data", data).code == 0
    assert (data / "updates.csv").read_text(encoding="utf-8").splitlines()[-1].count(",canaan-revenue,1,0,0,")


def test_names_and_the_source_s_own_labels_are_regions(run: Run, data: Path) -> None:
    added(run, data, region="United States")
    added(run, data, region="Overseas", period="2026-Q2")
    assert KEY in figures(data)
    assert ("canaan-overseas", "2026-04-01", "2026-07-01", "revenue_share") in figures(data)


def test_a_series_of_one_metric_needs_none_named(run: Run, data: Path) -> None:
    [name, *_] = [
        s.name for s in reading.read_series(data).values() if len(s.metrics) == 1 and s.level == "US"
    ]
    metric = reading.read_series(data)[name].metrics[0]
    answer = add(run, data, "--accept", "synthetic", series=name, region="Georgia", period="2026-01",
                 value="1", metric=None)  # fmt: skip
    assert (answer.code, answer.err) == (0, "")
    assert figures(data, name)["US-GA", "2026-01-01", "2026-02-01", metric.name]["unit"] == metric.unit


def test_the_same_figure_again_changes_nothing(run: Run, data: Path) -> None:
    added(run, data)
    before = state(data)
    answer = added(run, data)
    assert "unchanged" in answer.out
    assert "1 unchanged" in added(run, data, value="31.50").out.splitlines()[-1]  # the same number
    assert state(data) == before


def test_two_figures_of_one_release_have_one_origin(run: Run, data: Path) -> None:
    known = origins(data)
    added(run, data)
    added(run, data, region="CHN", value="20")
    assert len(origins(data) - known) == 1
    added(run, data, region="CAN", value="5", published="2026-05-20")  # of another day: another release
    assert len(origins(data) - known) == 2


def test_an_origin_that_is_known_may_be_named(run: Run, data: Path) -> None:
    known = origins(data)
    said: dict[str, Any] = dict.fromkeys(("publisher", "title", "url", "licence"))
    added(run, data, "--origin", "CAN-CALL-2025Q3", **said)
    assert origins(data) == known
    assert figures(data)[KEY]["origin"] == "CAN-CALL-2025Q3"


def test_a_revision_keeps_what_it_replaces_and_asks_where_it_is_large(run: Run, data: Path) -> None:
    added(run, data, published="2026-05-19")
    before = state(data)
    corrected: dict[str, Any] = {
        "value": "35",
        "title": "Q1 2026 results, corrected",
        "published": "2026-06-02",
    }
    refused(add(run, data, **corrected), 10, "31.5 -> 35%", "--accept", "nothing was written")
    assert state(data) == before
    added(run, data, "--accept", "a corrected release", **corrected)
    [kept] = reading.read_vintages(data, "canaan-revenue").to_dict(orient="records")
    assert (kept["value"], kept["since"], kept["why"]) == (
        "31.5",
        "2026-05-19",
        "revised: a corrected release",
    )
    told = json.loads(run("history", "canaan-revenue", "USA", "2026-Q1", "--json", "--data", data).out)
    assert [(row["value"], row["title"]) for row in told] == [
        ("31.5", "Q1 2026 results"),
        ("35", "Q1 2026 results, corrected"),
    ]
    assert run("check", "--data", data).code == 0


def test_json_and_dry_run(run: Run, data: Path) -> None:
    before = state(data)
    told = json.loads(added(run, data, "--json", "--dry-run").out)
    assert told["dry_run"] is True
    assert [row["new"] for row in told["rows"]] == ["31.5"]
    assert state(data) == before


FAULTS: list[tuple[dict[str, Any], int, tuple[str, ...]]] = [
    ({"series": "canaan"}, 7, ("series 'canaan' is not known", "canaan-revenue")),
    ({"metric": None}, 7, ("metric ''; expected one of: revenue_share (%)", "revenue_cny (CNY thousand)")),
    ({"metric": "share"}, 7, ("metric 'share'; expected one of: revenue_share (%)",)),
    ({"unit": "USD"}, 7, ("unit 'USD'; the metric revenue_share is in '%': convert the figure",)),
    ({"quote": None}, 7, ("where does it stand?", "--quote", "--page")),
    ({"quote": "  "}, 7, ("where does it stand?",)),
    ({"value": "31,5"}, 3, ("value '31,5' is no plain number", "in %")),
    ({"value": "31.5%"}, 3, ("value '31.5%' is no plain number",)),
    ({"value": "nan"}, 3, ("is no plain number",)),
    ({"value": "1e3"}, 3, ("is no plain number",)),
    ({"status": "guessed"}, 7, ("status 'guessed'; expected one of: reported, estimated, lower bound",)),
    ({"status": "missing"}, 7, ("status 'missing'",)),
    ({"period": "lately"}, 3, ("'lately' is no period",)),
    ({"region": "Utopia"}, 4, ("'Utopia'", "match no region")),
    ({"publisher": None, "licence": None}, 7, ("no number: --publisher, --licence must", "--origin")),
    ({"url": "investor site"}, 7, ("--url 'investor site'; expected an address",)),
    ({"published": "soon"}, 7, ("--published 'soon'; expected a day",)),
    ({"origin": "hearsay", **dict.fromkeys(("publisher", "title", "url", "licence"))}, 7,
     ("origin 'hearsay' is not known; expected an id of origins.csv",)),
    ({"origin": "CAN-CALL-2025Q3"}, 7, ("known already: leave --publisher, --title, --url, --licence out",)),
    ({"value": "131.5"}, 6, ("131.5 is out of range; expected 0 to 100",)),
    ({"value": "-1"}, 6, ("-1 is out of range; expected 0 to 100",)),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "code", "words"), FAULTS, ids=[fault[2][0][:30] for fault in FAULTS])
def test_a_mistake_is_said_and_nothing_written(
    run: Run, data: Path, changed: dict[str, Any], code: int, words: tuple[str, ...]
) -> None:
    before = state(data)
    refused(add(run, data, **changed), code, *words)
    assert state(data) == before


def test_figures_beyond_the_whole_are_refused(run: Run, data: Path) -> None:
    added(run, data, value="70")
    before = state(data)
    refused(add(run, data, region="CHN", value="40"), 6, "figures add up to 110", "nothing was written")
    assert state(data) == before
    answer = add(run, data, region="north-america", value="10")  # the United States are within it
    refused(answer, 6, "the aggregate stands beside its own USA")
    assert state(data) == before


def test_hostile_words_stay_text(run: Run, data: Path, tmp_path: Path) -> None:
    words = '<script>alert(1)</script>\n=cmd() "x"'
    added(run, data, quote=words, title=words, publisher=words)
    assert figures(data)[KEY]["note"] == f'"{words}"'
    spec = tmp_path / "mine.toml"
    spec.write_text('series = "canaan-revenue"\nmetrics = ["revenue_share"]\n')
    answer = run("build", spec, "--data", data, "--out", tmp_path / "out")
    assert answer.code == 0, answer
    page = (tmp_path / "out" / "mine.html").read_text(encoding="utf-8")
    assert "alert(1)" in page
    assert "<script>alert" not in page


def test_the_shipped_data_are_not_changed(run: Run, tmp_path: Path) -> None:
    options = [part for pair in (RELEASE | FIGURE).items() for part in pair]
    before = figures(reading.shipped("data"))
    answer = run("add", "canaan-revenue", *options)
    refused(answer, 8, "this is the copy that ships with geotrack", "run `geotrack init`")
    assert figures(reading.shipped("data")) == before
