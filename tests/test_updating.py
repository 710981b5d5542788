"""The update from end to end: every source played by a real server, the real command line, real files."""

from __future__ import annotations

import csv
import hashlib
import json
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import played
import pytest
from sourceserver import CAPTCHA, SourceServer, validated

from geotrack import datapackage, http, pipeline, store

ROOT = Path(__file__).parents[1]
Run = Callable[..., Any]
SOURCES = ("cbeci", "mempool", "blockchain", "coinmetrics", "edgar-canaan")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No waiting between requests or attempts; how long they wait is told in test_http.py."""
    monkeypatch.setattr(http, "LIMITS", http.Limits(backoff=0.0, total=20.0))
    get = http.Session.get
    monkeypatch.setattr(http.Session, "get", lambda self, url, **k: get(self, url, **k | {"per_second": 1e6}))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("GEOTRACK_CONTACT", "Jane Roe jane@example.org")


@pytest.fixture
def server(source_server: SourceServer) -> SourceServer:
    played.play(source_server)
    return source_server


def state(folder: Path) -> dict[str, bytes | None]:
    """Every file and folder, with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def rows(data: Path, series: str, place: str = "observations") -> list[dict[str, str]]:
    with (data / place / f"{series}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


# --- the first update of each source


def test_cbeci_s_figures_are_those_we_have_and_the_map_s_list_is_new(
    server: SourceServer, run: Run, data: Path
) -> None:
    before = (data / "observations" / "cbeci-countries.csv").read_bytes()
    answer = run("update", "cbeci", "--data", data, "--accept", "the news' bound for Georgia is not in it")
    assert answer.code == 0, answer
    assert "cbeci-countries: no newer period than January 2022; 580 figures unchanged" in answer.out
    assert (data / "observations" / "cbeci-countries.csv").read_bytes() == before
    listed = {row["region"]: row for row in rows(data, "cbeci-map-countries")}
    assert (listed["USA"]["value"], listed["NAM"]["value"], listed["NAM"]["label"]) == (
        "37.84",
        "0.01",
        "Namibia",
    )
    assert "starred by the source" in listed["DEU"]["note"]
    assert store.find_series(data, "cbeci-map-countries").level == "country"


def test_means_of_months_say_how_many_days_they_rest_on(server: SourceServer, run: Run, data: Path) -> None:
    answer = run("update", "network", "--data", data)
    assert answer.code == 0, answer
    for name in ("mempool", "blockchain", "coinmetrics"):
        found = {(r["start"], r["metric"]): r for r in rows(data, f"network-{name}")}
        assert found["2026-08-01", "hashrate"]["value"] == "1000"
        assert found["2026-08-01", "days_observed"]["value"] == "31"
        assert "9 of 31 days observed" in found["2026-10-01", "hashrate"]["note"]


def test_revenue_is_read_from_filings_with_its_origin(server: SourceServer, run: Run, data: Path) -> None:
    answer = run("update", "edgar-canaan", "--data", data)
    assert answer.code == 0, answer
    found = {row["region"]: row for row in rows(data, "edgar-canaan-revenue")}
    assert (found["CHN"]["value"], found["CHN"]["unit"]) == ("600", "USD thousand")
    assert found["canaan-overseas"]["value"] == "400"
    origin = store.read_origins(data)[found["CHN"]["origin"]]
    assert origin.url == played.filing(played.FY2020)
    assert origin.published == "2021-04-21"
    assert origin.sha256 == hashlib.sha256(played.instance(600_000, 400_000)).hexdigest()


def test_luxor_is_read_from_a_saved_post(run: Run, data: Path) -> None:
    post = ROOT / "tests/providers/payloads/luxor/q2-2025.csv"
    answer = run("update", "luxor", "--from", post, "--data", data, "--accept", "a test")
    assert answer.code == 0, answer
    periods = {(row["start"], row["metric"]) for row in rows(data, "luxor-countries")}
    assert {("2025-04-01", "coverage"), ("2026-07-01", "share")} <= periods  # others stay


@pytest.mark.parametrize("source", SOURCES)
def test_all_is_in_step_after_an_update_and_the_next_one_writes_nothing(
    server: SourceServer, run: Run, data: Path, source: str
) -> None:
    first = run("update", source, "--data", data, "--accept", "a test")
    assert first.code == 0, first
    checked = run("check", "--data", data)
    assert checked.code == 0, checked.out
    assert datapackage.documents(data)[Path("datapackage.json")] == (data / "datapackage.json").read_bytes()
    written, asked = state(data), len(server.requests)
    second = run("update", source, "--data", data)
    assert second.code == 0, second
    assert "unchanged" in second.out
    assert state(data) == written
    again = server.requests[asked:]
    assert again
    assert all("if-none-match" in request.headers for request in again)
    assert played.filing(played.FY2020) not in [request.url for request in again]  # a filing never changes


@pytest.mark.parametrize("source", SOURCES)
def test_every_raw_file_is_kept_with_its_origin(
    server: SourceServer, run: Run, data: Path, source: str
) -> None:
    assert run("update", source, "--data", data, "--accept", "a test").code == 0
    kept = sorted((data / "raw").rglob("origin.json"))
    assert kept
    for path in kept:
        told = json.loads(path.read_text(encoding="utf-8"))
        assert told["sha256"] == hashlib.sha256((path.parent / "payload").read_bytes()).hexdigest()
        assert told["url"].startswith("https://")
        assert told["licence"]
        assert told["retrieved"].endswith("Z")
    everything = b"".join(content for content in state(data).values() if content)
    assert b"jane@example.org" not in everything


# --- what a revision does


def revised(rows: played.Rows) -> played.Rows:
    """China's share of September 2021, half a point up, and the United States' as much down. Synthetic."""
    step = {"CHN": 0.5, "USA": -0.5}
    return [
        row | {"value": f"{float(row['value']) + step[row['region']]:.2f}"}
        if row["start"] == "2021-09-01" and row["region"] in step
        else row
        for row in rows
    ]


def serve(server: SourceServer, change: Callable[[played.Rows], played.Rows]) -> None:
    for address, content in played.cbeci(change).items():
        server.route(address, validated(content, etag=played.tag(content)))


def test_a_revised_figure_keeps_the_old_one(
    server: SourceServer, run: Run, data: Path, tmp_path: Path
) -> None:
    assert run("update", "cbeci", "--data", data, "--accept", "a test").code == 0
    serve(server, revised)
    shown = run("update", "cbeci", "--data", data, "--dry-run")
    assert shown.code == 0, shown
    assert "China, September 2021, share 22.29 % -> 22.79 % (+0.50 points, +2.2 %)" in shown.out
    assert "nothing was written" in shown.out
    answer = run("update", "cbeci", "--data", data)
    assert answer.code == 0, answer
    told = json.loads(
        run(
            "history", "cbeci-countries", "China", "2021-09", "--metric", "share", "--json", "--data", data
        ).out
    )
    assert [row["value"] for row in told] == ["22.29", "22.79"]
    assert told[0]["until"]
    assert told[0]["why"].startswith("revised")
    assert told[1]["sha256"] != told[0]["sha256"]
    day = told[0]["since"]
    then = pipeline.load("cbeci-countries", data, as_of=day).observations
    now = pipeline.load("cbeci-countries", data).observations
    key = ("CHN", "2021-09-01", "share")
    assert [f.loc[(f.region == key[0]) & (f.start == key[1]) & (f.metric == key[2]), "value"].item()
            for f in (then, now)] == [22.29, 22.79]  # fmt: skip
    assert len(then) == 580
    built = run("build", "shift", "--as-of", day, "--out", tmp_path, "--data", data)
    assert built.code == 0, built
    assert "as known on" in (tmp_path / "shift.html").read_text(encoding="utf-8")


def test_a_vanished_month_needs_accepting_and_the_reason_is_recorded(
    server: SourceServer, run: Run, data: Path
) -> None:
    assert run("update", "cbeci", "--data", data, "--accept", "a test").code == 0
    serve(server, lambda rows: [row for row in rows if row["start"] != "2021-03-01"])
    before = state(data)
    answer = run("update", "cbeci", "--data", data)
    assert answer.code == 10
    assert "March 2021" in answer.err
    assert "--accept" in answer.err
    assert state(data) == before
    accepted = run("update", "cbeci", "--data", data, "--accept", "CCAF withdrew March 2021")
    assert accepted.code == 0
    assert not [
        r for r in rows(data, "cbeci-countries") if (r["start"], r["metric"]) == ("2021-03-01", "share")
    ]
    kept = rows(data, "cbeci-countries", "vintages")
    assert {row["why"] for row in kept} == {"withdrawn: CCAF withdrew March 2021"}
    log = (data / "updates.csv").read_text(encoding="utf-8")
    assert "CCAF withdrew March 2021" in log


def test_fractions_that_became_percents_are_refused_whatever_is_accepted(
    server: SourceServer, run: Run, data: Path
) -> None:
    exa = [row | {"value": str(float(row["value"]) * 1e6)} for row in played.observed("cbeci-countries")]
    wrong = played.chart([row for row in exa if row["metric"] == "hashrate"], 1)
    server.route(f"{played.CBECI}absolute_mining_countries", wrong)
    before = state(data)
    answer = run("update", "cbeci", "--data", data, "--accept", "whatever")
    assert answer.code == 6, answer
    assert "TH/s" in answer.err
    assert state(data) == before


def test_a_month_that_was_partial_is_completed_without_asking(
    server: SourceServer, run: Run, data: Path
) -> None:
    assert run("update", "mempool", "--data", data).code == 0
    server.route(played.MEMPOOL, played.mempool(count=100))
    answer = run("update", "mempool", "--data", data)
    assert answer.code == 0, answer
    found = {(r["start"], r["metric"]): r for r in rows(data, "network-mempool")}
    assert found["2026-10-01", "days_observed"]["value"] == "31"
    assert "of 31 days" not in found["2026-10-01", "hashrate"]["note"]


def test_a_month_that_rests_on_fewer_days_needs_accepting(server: SourceServer, run: Run, data: Path) -> None:
    assert run("update", "mempool", "--data", data).code == 0
    server.route(played.MEMPOOL, played.mempool(first="2026-08-20", count=51))
    answer = run("update", "mempool", "--data", data)
    assert answer.code == 10, answer
    assert "31 -> 12 days: rests on fewer days than before" in answer.err


def test_a_recast_figure_stands_beside_the_first_report(server: SourceServer, run: Run, data: Path) -> None:
    assert run("update", "edgar-canaan", "--data", data).code == 0
    filed = {played.FY2021: "2022-04-20", played.FY2020: "2021-04-21"}
    server.route(played.SUBMISSIONS, played.submissions(filed))
    server.route(played.filing(played.FY2021), played.instance(610_000, 390_000))
    answer = run("update", "edgar-canaan", "--data", data)
    assert answer.code == 0, answer
    told = json.loads(run("history", "edgar-canaan-revenue", "CHN", "2020", "--json", "--data", data).out)
    assert [(row["value"], row["published"]) for row in told] == [
        ("600", "2021-04-21"),
        ("610", "2022-04-20"),
    ]


def test_an_unknown_member_stops_the_load_and_is_named(server: SourceServer, run: Run, data: Path) -> None:
    server.route(played.filing(played.FY2020), played.instance(1, 2, member="can:MarsMember"))
    before = state(data)
    answer = run("update", "edgar-canaan", "--data", data)
    assert answer.code == 4, answer
    assert "can:MarsMember" in answer.err
    assert state(data) == before


def test_sources_that_disagree_are_told_and_not_averaged(server: SourceServer, run: Run, data: Path) -> None:
    server.route(played.BLOCKCHAIN, played.blockchain(exahash=1100))
    answer = run("update", "network", "--data", data)
    assert answer.code == 0, answer
    assert "[disagreement]" in answer.out
    assert "August 2026" in answer.out
    assert {r["value"] for r in rows(data, "network-blockchain") if r["metric"] == "hashrate"} == {"1100"}


# --- what the command says and takes


def test_json_and_markdown_tell_all(server: SourceServer, run: Run, data: Path, tmp_path: Path) -> None:
    text = tmp_path / "diff.md"
    answer = run("update", "mempool", "edgar-canaan", "--data", data, "--json", "--summary", text)
    told = json.loads(answer.out)
    assert (answer.code, told["exit_code"], told["dry_run"]) == (0, 0, False)
    assert [(s["source"], s["status"]) for s in told["sources"]] == [
        ("mempool", "new"),
        ("edgar-canaan", "new"),
    ]
    assert {row["kind"] for row in told["rows"]} == {"added"}
    assert any(row["region"] == "CHN" and row["new"] == "600" for row in told["rows"])
    assert "| edgar-canaan-revenue | added | China | 2020 |" in text.read_text(encoding="utf-8")


def test_a_part_that_refuses_does_not_hold_up_the_others(server: SourceServer, run: Run, data: Path) -> None:
    server.route(played.MEMPOOL, b"", status=503)
    answer = run("update", "mempool", "blockchain", "--data", data)
    assert answer.code == 11, answer
    assert "mempool: refused" in answer.err
    assert (data / "observations" / "network-blockchain.csv").exists()
    assert not (data / "observations" / "network-mempool.csv").exists()


def test_offline_reads_what_was_saved_and_asks_nobody(server: SourceServer, run: Run, data: Path) -> None:
    assert run("update", "cbeci", "--data", data, "--accept", "a test").code == 0
    asked, before = len(server.requests), state(data)
    answer = run("update", "cbeci", "--offline", "--data", data)
    assert answer.code == 0, answer
    assert len(server.requests) == asked
    assert state(data) == before
    (data / "raw/cbeci").rename(data / "raw/gone")
    assert run("update", "cbeci", "--offline", "--data", data).code == 9


def test_the_sec_is_not_asked_by_somebody_without_a_name(
    server: SourceServer, run: Run, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GEOTRACK_CONTACT")
    answer = run("update", "edgar-canaan", "--data", data)
    assert answer.code == 9
    assert "GEOTRACK_CONTACT" in answer.err
    assert not server.requests
    (data / "update.toml").write_text('contact = "Jane Roe jane@example.org"\n', encoding="utf-8")
    assert run("update", "edgar-canaan", "--data", data).code == 0
    assert "jane@example.org" in server.requests[0].headers["user-agent"]


def test_an_unknown_source_lists_those_there_are(run: Run, data: Path) -> None:
    answer = run("update", "cambridge", "--data", data)
    assert answer.code == 7
    assert "cbeci, luxor, mempool, blockchain, coinmetrics, edgar-canaan" in answer.err


def test_the_copy_that_ships_is_not_changed(
    server: SourceServer, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = state(ROOT / "data" / "observations")
    answer = run("update", "mempool")
    assert answer.code == 8
    assert "geotrack init" in answer.err
    assert state(ROOT / "data" / "observations") == before
    assert run("init", ".").code == 0
    assert run("update", "mempool").code == 0


def test_two_updates_at_once_give_what_one_gives(server: SourceServer, data: Path) -> None:
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(2)

    def one() -> None:
        barrier.wait(20)
        command = [sys.executable, "-m", "geotrack.cli", "update", "mempool", "--data", str(data)]
        os._exit(subprocess.run(command, capture_output=True, check=False, timeout=60).returncode)

    both = [context.Process(target=one) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(90)
    assert [process.exitcode for process in both] == [0, 0]
    assert len(list((data / "raw/mempool").rglob("payload"))) == 1
    keys = [(r["region"], r["start"], r["metric"]) for r in rows(data, "network-mempool")]
    assert len(keys) == len(set(keys)) == 6
    assert len((data / "updates.csv").read_text(encoding="utf-8").splitlines()) == 2
    assert not (data / ".update").exists()


# --- what a reviewer tried


def test_figures_that_are_gone_are_read_again_from_the_same_bytes(
    server: SourceServer, run: Run, data: Path
) -> None:
    assert run("update", "mempool", "--data", data).code == 0
    path = data / "observations" / "network-mempool.csv"
    whole = path.read_bytes()
    path.write_bytes(b"".join(whole.splitlines(keepends=True)[:-1]))
    answer = run("update", "mempool", "--data", data)
    assert answer.code == 0, answer
    assert "1 added" in answer.out
    assert path.read_bytes() == whole


def test_warnings_that_wait_are_no_success_beside_what_is_unchanged(
    server: SourceServer, run: Run, data: Path
) -> None:
    assert run("update", "mempool", "blockchain", "--data", data).code == 0
    server.route(played.MEMPOOL, played.mempool(first="2026-08-20", count=51))
    assert run("update", "mempool", "blockchain", "--data", data).code == 10


def test_of_posts_saved_by_hand_the_newest_is_read_offline(run: Run, data: Path, tmp_path: Path) -> None:
    text = (ROOT / "tests/providers/payloads/luxor/q2-2025.csv").read_text(encoding="utf-8")
    for name, content in (("a.csv", text), ("b.csv", text + "\n")):
        (tmp_path / name).write_text(content, encoding="utf-8")
        answer = run("update", "luxor", "--from", tmp_path / name, "--data", data, "--accept", "a test")
        assert answer.code == 0, answer
    assert run("update", "luxor", "--offline", "--data", data).code == 0


def test_a_guard_that_answers_200_tells_how_to_import_by_hand(
    server: SourceServer, run: Run, data: Path
) -> None:
    server.route(f"{played.CBECI}mining_countries", CAPTCHA)
    answer = run("update", "cbeci", "--data", data)
    assert answer.code == 9, answer
    assert "keeps scripts out" in answer.err
    assert answer.err.count("--from FILE") == 1


def test_a_filing_can_be_left_out_with_a_reason(server: SourceServer, run: Run, data: Path) -> None:
    server.route(played.filing(played.FY2020), played.instance(1, 2, member="can:MarsMember"))
    told = run("update", "edgar-canaan", "--data", data).err
    assert "edgar-canaan.csv" in told
    assert f"in {played.FY2020}" in told
    (data / "update.toml").write_text(
        f'[skip]\n"edgar-canaan/{played.FY2020}" = "tags a place that is none"\n', encoding="utf-8"
    )
    assert run("update", "edgar-canaan", "--data", data).code == 0
    (data / "update.toml").write_text('[skip]\n"edgar-canaan/x" = ""\n', encoding="utf-8")
    answer = run("update", "edgar-canaan", "--data", data)
    assert answer.code == 7
    assert "why it is not read" in answer.err


def test_a_summary_that_cannot_be_written_loses_nothing_that_was_told(
    server: SourceServer, run: Run, data: Path, tmp_path: Path
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


def test_a_partial_month_says_so_in_the_diff(server: SourceServer, run: Run, data: Path) -> None:
    answer = run("update", "mempool", "--data", data)
    assert "October 2026 is partial: partial month: 9 of 31 days observed, to 2026-10-09" in answer.out


def test_months_that_stay_are_not_compared_again(server: SourceServer, run: Run, data: Path) -> None:
    server.route(played.BLOCKCHAIN, played.blockchain(exahash=1100))
    assert "August 2026" in run("update", "network", "--data", data).out
    server.route(played.MEMPOOL, played.mempool(count=100))
    told = run("update", "mempool", "--data", data).out
    assert "[disagreement]" not in told  # blockchain has no other month that is whole


def test_somebody_who_stops_it_is_told_what_is_done(
    server: SourceServer, run: Run, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from geotrack import update

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
