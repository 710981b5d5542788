"""What reviewers of updates found: each finding is a test, so that it stays mended."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sources import BLOCKCHAIN, MEMPOOL, SAVED, SHARES, blockchain, days, folder_of, instance, mempool, on
from sourceserver import CAPTCHA, SourceServer

from geotrack.sources.edgar.source import FILERS

Run = Callable[..., Any]
CANAAN = {filer.slug: filer for filer in FILERS}["canaan"]


def shorter() -> bytes:
    """mempool.space's days without the first twenty."""
    return mempool(itertools.islice(days(), 20, None))


def test_figures_that_are_gone_are_read_again_from_the_same_bytes(
    sources_played: SourceServer, current: Path, run: Run
) -> None:
    path = current / "observations" / "network-mempool.csv"
    whole = path.read_bytes()
    path.write_bytes(b"".join(whole.splitlines(keepends=True)[:-1]))
    answer = run("update", "mempool", "--data", current)
    assert answer.code == 0, answer
    assert "1 added" in answer.out
    assert path.read_bytes() == whole


def test_a_crosswalk_that_was_taught_a_name_is_applied_to_the_same_bytes(
    sources_played: SourceServer, current: Path, run: Run
) -> None:
    path = current / "reference" / "crosswalk" / "cbeci.csv"
    path.write_text(path.read_text(encoding="utf-8") + "Kazakhstan,rest-of-world,a test\n", encoding="utf-8")
    answer = run("update", "cbeci", "--data", current, "--dry-run", "--json")
    assert any(row["region"] == "rest-of-world" for row in json.loads(answer.out)["rows"])


def test_warnings_that_wait_are_no_success_beside_what_is_unchanged(
    sources_played: SourceServer, current: Path, run: Run
) -> None:
    sources_played.route(MEMPOOL, shorter())
    answer = run("update", "mempool", "blockchain", "--data", current)
    assert answer.code == 10, answer
    assert "rests on fewer days than before" in answer.err


def test_of_posts_saved_by_hand_the_newest_is_read_offline(run: Run, data: Path, tmp_path: Path) -> None:
    text = (SAVED / "luxor" / "q2-2025.csv").read_text(encoding="utf-8")
    for name, content in (("a.csv", text), ("b.csv", text + "\n")):
        (tmp_path / name).write_text(content, encoding="utf-8")
        answer = run("update", "luxor", "--from", tmp_path / name, "--data", data, "--accept", "a test")
        assert answer.code == 0, answer
    assert run("update", "luxor", "--offline", "--data", data).code == 0


def test_a_guard_that_answers_200_tells_how_to_import_by_hand(
    sources_played: SourceServer, run: Run, data: Path
) -> None:
    sources_played.route(SHARES, CAPTCHA)
    answer = run("update", "cbeci", "--data", data)
    assert answer.code == 9, answer
    assert "keeps scripts out" in answer.err
    assert answer.err.count("--from FILE") == 1


def test_a_filing_can_be_left_out_with_a_reason(sources_played: SourceServer, run: Run, data: Path) -> None:
    accession = "0001193125-21-123558"
    address = folder_of(CANAAN, accession) + "can-20201231x20f_htm.xml"
    sources_played.route(address, instance(CANAAN, (("can:MarsMember", 2020, 2), ("", 2020, 2))))
    told = run("update", "edgar-canaan", "--data", data)
    assert told.code == 4, told
    assert "edgar-canaan.csv" in told.err
    assert f"in {accession}" in told.err
    settings = data / "update.toml"
    settings.write_text(
        f'[skip]\n"edgar-canaan/{accession}" = "names a place that is none"\n', encoding="utf-8"
    )
    assert run("update", "edgar-canaan", "--data", data).code == 0
    settings.write_text('[skip]\n"edgar-canaan/x" = ""\n', encoding="utf-8")
    answer = run("update", "edgar-canaan", "--data", data)
    assert answer.code == 7
    assert "why it is not read" in answer.err


def test_a_summary_that_cannot_be_written_loses_nothing_that_was_told(
    sources_played: SourceServer, run: Run, data: Path, tmp_path: Path
) -> None:
    answer = run("update", "mempool", "--data", data, "--summary", tmp_path)
    assert answer.code == 8
    assert "mempool: new" in answer.out
    assert "the update itself is done" in answer.err


def test_from_and_offline_exclude_each_other(run: Run, data: Path, tmp_path: Path) -> None:
    answer = run("update", "luxor", "--from", tmp_path / "x", "--offline", "--data", data)
    assert answer.code == 7
    assert "exclude each other" in answer.err


def test_a_file_by_hand_is_called_what_its_owner_calls_it(run: Run, data: Path, tmp_path: Path) -> None:
    path = tmp_path / "q4.csv"
    path.write_text("quarter,country,share\nQ4 2026,China,99\nQ4 2026,Canada,99\n", encoding="utf-8")
    answer = run("update", "luxor", "--from", path, "--data", data)
    assert answer.code == 3
    assert str(path) in answer.err
    assert "hand-" not in answer.err


def test_a_partial_month_says_so_in_the_diff(sources_played: SourceServer, run: Run, data: Path) -> None:
    answer = run("update", "mempool", "--data", data)
    assert "November 2026: partial month: 14 of 30 days observed, to 2026-11-14" in answer.out


def test_months_that_stay_are_not_compared_again(
    sources_played: SourceServer, current: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(monkeypatch, "2026-11-24")
    sources_played.route(BLOCKCHAIN, blockchain((day, value * 2) for day, value in days()))
    first = run("update", "blockchain", "--data", current, "--accept", "a test")
    assert "[disagreement]" in first.out
    sources_played.route(MEMPOOL, mempool(days(more=3)))
    assert "[disagreement]" not in run("update", "mempool", "--data", current).out


def test_somebody_who_stops_it_is_told_what_is_done(
    sources_played: SourceServer, run: Run, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from geotrack.update import update

    real = update.deliver

    def deliver(folder: Path, provider: Any, *rest: Any) -> Any:
        if provider.name == "blockchain":
            raise KeyboardInterrupt
        return real(folder, provider, *rest)

    monkeypatch.setattr(update, "deliver", deliver)
    answer = run("update", "mempool", "blockchain", "--data", data)
    assert answer.code == 130
    assert "mempool: new" in answer.out
    assert "sources that are done: mempool" in answer.err


def test_the_first_day_of_a_month_is_no_jump(
    sources_played: SourceServer, current: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(monkeypatch, "2026-12-02")
    sources_played.route(MEMPOOL, mempool(days(more=17)))  # to 1 December
    answer = run("update", "mempool", "--data", current)
    assert answer.code == 0, answer
    assert "1 of 31 days observed" in answer.out


def test_maps_of_a_day_do_not_stand_in_for_those_of_now(
    run: Run, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("build", "shift", "--as-of", "2026-12-31", "--data", data).code == 0
    assert [path.parent.name for path in tmp_path.rglob("shift.html")] == ["as-known-on-2026-12-31"]
