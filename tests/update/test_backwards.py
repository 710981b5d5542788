"""An answer that goes back behind what we have is refused, or somebody has to accept it; never silent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sources import (
    BLOCKCHAIN,
    CANAAN_2020,
    CANAAN_2021,
    RECAST,
    blockchain,
    days,
    folder_of,
    instance,
    on,
    state,
    submissions,
)
from sourceserver import SourceServer, validated

from geotrack.sources.edgar.source import FILERS

Run = Callable[..., Any]
CANAAN = {filer.slug: filer for filer in FILERS}["canaan"]
LISTED = f"https://data.sec.gov/submissions/CIK{CANAAN.cik:010d}.json"
FIRST = ("0001193125-21-123558", "20-F", "2021-04-21", "can-20201231x20f.htm")
SECOND = (RECAST, "20-F", "2022-04-19", "can-20211231x20f.htm")


@pytest.mark.parametrize("raw", [True, False], ids=["with snapshots", "in a clone without them"])
@pytest.mark.parametrize(
    "filed",
    [(FIRST,), ((RECAST, "20-X", *SECOND[2:]), FIRST), (SECOND,), ()],
    ids=["the newest is gone", "its form is unknown", "the oldest is gone", "none is left"],
)
def test_a_filing_that_has_vanished_refuses_the_update(
    filed: tuple[tuple[str, str, str, str], ...],
    raw: bool,
    sources_played: SourceServer,
    current: Path,
    run: Run,
) -> None:
    if not raw:
        for path in sorted((current / "raw").rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
    before = state(current)
    sources_played.route(LISTED, submissions(CANAAN, *filed))
    answer = run("update", "edgar-canaan", "--data", current, "--accept", "never mind")
    assert answer.code == 6, answer
    assert "of the filings known before not in its answer any more: " in answer.err
    gone = {SECOND[0], FIRST[0]} - {row[0] for row in filed if row[1] == "20-F"}
    assert all(each in answer.err for each in gone)
    assert state(current) == before


def test_a_filing_that_was_withdrawn_can_be_left_out(
    sources_played: SourceServer, current: Path, run: Run
) -> None:
    sources_played.route(LISTED, submissions(CANAAN, SECOND))
    (current / "update.toml").write_text(
        f'[skip]\n"edgar-canaan/{FIRST[0]}" = "withdrawn"\n', encoding="utf-8"
    )
    answer = run("update", "edgar-canaan", "--data", current)
    assert answer.code == 0, answer


def test_an_older_filing_over_a_newer_one_is_refused(
    sources_played: SourceServer, current: Path, run: Run
) -> None:
    """A list whose days are others: the filing that was the later one comes before the one that it recast."""
    late = (*FIRST[:2], "2021-04-22", FIRST[3])
    early = (*SECOND[:2], "2021-04-20", SECOND[3])
    sources_played.route(LISTED, submissions(CANAAN, late, early))
    for path in (current / "raw").rglob("payload"):
        path.unlink()  # a clone: the filings are asked for again, and get the list's days
    before = state(current)
    answer = run("update", "edgar-canaan", "--data", current, "--accept", "never mind")
    assert answer.code == 6, answer
    assert "2 figures of an older origin than the one they would replace" in answer.err
    assert "2021-04-21 over 2022-04-19" in answer.err
    assert state(current) == before


def test_a_newer_filing_is_no_step_back(sources_played: SourceServer, current: Path, run: Run) -> None:
    third = ("0001104659-23-047189", "20-F", "2023-04-19", "can-20221231x20f.htm")
    sources_played.route(LISTED, submissions(CANAAN, third, SECOND, FIRST))
    sources_played.route(
        folder_of(CANAAN, third[0]) + "can-20221231x20f_htm.xml",
        instance(CANAAN, (*CANAAN_2021[3:], *CANAAN_2020)),
    )
    answer = run("update", "edgar-canaan", "--data", current)
    assert answer.code == 0, answer
    assert "revised" in answer.out


def test_bytes_that_were_replaced_and_are_back_need_a_reason(
    sources_played: SourceServer, current: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(monkeypatch, "2026-11-24")
    sources_played.route(BLOCKCHAIN, blockchain((day, value + 2) for day, value in days()))
    assert run("update", "blockchain", "--data", current).code == 0
    on(monkeypatch, "2026-11-25")
    sources_played.route(BLOCKCHAIN, blockchain(days()))
    before = state(current)
    answer = run("update", "blockchain", "--data", current)
    assert answer.code == 10, answer
    assert "the bytes of 2026-11-23T09:18:02Z, which others had replaced since, are back" in answer.err
    assert state(current) == before
    assert run("update", "blockchain", "--data", current, "--accept", "it says so").code == 0


def test_an_answer_that_says_to_be_older_needs_a_reason(
    sources_played: SourceServer, current: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(monkeypatch, "2026-11-24")
    modified = ("Tue, 24 Nov 2026 06:00:00 GMT", "Mon, 23 Nov 2026 06:00:00 GMT")
    content = [blockchain((day, value + n) for day, value in days()) for n in (2, 1)]
    sources_played.route(BLOCKCHAIN, validated(content[0], '"a"', modified[0]))
    assert run("update", "blockchain", "--data", current).code == 0
    sources_played.route(BLOCKCHAIN, validated(content[1], '"b"', modified[1]))
    answer = run("update", "blockchain", "--data", current)
    assert answer.code == 10, answer
    assert f"last modified {modified[1]}; the last one {modified[0]}" in answer.err


def test_a_metric_that_is_gone_needs_a_reason(sources_played: SourceServer, current: Path, run: Run) -> None:
    said = current / "reference" / "series.toml"
    more = '\n[[network-mempool.metrics]]\nname = "peak"\ntitle = "Peak"\nunit = "EH/s"\nkind = "extensive"\n'
    more += 'over_time = "mean"\n'
    said.write_text(said.read_text(encoding="utf-8") + more, encoding="utf-8")
    path = current / "observations" / "network-mempool.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    peak = next(line for line in lines if ",hashrate," in line).replace(",hashrate,", ",peak,")
    path.write_text("".join([*lines[:-1], peak]), encoding="utf-8")
    answer = run("update", "mempool", "--data", current)
    assert answer.code == 10, answer
    assert "said nothing of peak" in answer.err


def test_an_older_word_by_hand_needs_a_reason(run: Run, current: Path, tmp_path: Path) -> None:
    def brought(value: str, published: str, *more: str) -> Any:
        path = tmp_path / "t.csv"
        path.write_text(f"country,year,revenue\nCanada,2021,{value}\nChina,2021,100\n", encoding="utf-8")
        said = ("--publisher", "Me", "--title", "T", "--url", "https://example.org", "--licence", "none")
        given = (
            "import",
            path,
            "--series",
            "mine",
            "--unit",
            "USD",
            "--over-time",
            "sum",
            *said,
            "--published",
            published,
            *more,
        )
        return run(*given, "--yes", "--data", current)

    assert brought("100", "2022-05-01").code == 0
    assert brought("101", "2022-06-01").code == 0
    before = state(current)
    answer = brought("100.5", "2022-01-01")
    assert answer.code == 10, answer
    assert "1 figures of an older origin" in answer.err
    assert state(current) == before
    assert brought("100.5", "2022-01-01", "--accept", "a misprint").code == 0


def test_a_source_that_says_nothing_of_a_series_is_refused(
    sources_played: SourceServer, current: Path, run: Run
) -> None:
    before = state(current)
    for path in (current / "raw" / "edgar-canaan").rglob("origin.json"):
        path.unlink()
    sources_played.route(LISTED, submissions(CANAAN))
    path = current / "reference" / "origins.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "edgar-canaan" not in line), encoding="utf-8")
    answer = run("update", "edgar-canaan", "--data", current)
    assert answer.code == 6, answer
    assert "its answer says nothing of edgar-canaan-revenue, which it gave before" in answer.err
    name = "observations/edgar-canaan-revenue.csv"
    assert state(current)[name] == before[name]
