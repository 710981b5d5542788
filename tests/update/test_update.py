"""Updates, asked of a real server by the real command: what is written, what is told, what is left alone."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import counts
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sources import (
    BLOCKCHAIN,
    CHINA,
    CONTACT,
    HASHRATES,
    MEMPOOL,
    NEXT_PAGE,
    POST,
    ROOT,
    SHARES,
    WEB,
    blockchain,
    chart,
    coin_page,
    days,
    mempool,
    on,
    payloads,
    play,
    rows_of,
    stamped,
    state,
)
from sourceserver import Exchange, SourceServer, captcha, validated

from geotrack import periods
from geotrack.build import maps as build_maps
from geotrack.errors import GeotrackError, ValidationError
from geotrack.map import spec
from geotrack.model import File, Provider
from geotrack.secrecy import scrub
from geotrack.sources import PROVIDERS
from geotrack.sources.network import coinmetrics
from geotrack.sources.payload import frame_of
from geotrack.store import datapackage, reading, vintages
from geotrack.store.checks import folder as checks
from geotrack.store.folder import DataFolder
from geotrack.store.transaction import locked
from geotrack.update import settings as said_of
from geotrack.update import update

Run = Callable[..., Any]
Row = dict[str, str]

ADDED = {"cbeci": 17, "edgar-canaan": 6, **dict.fromkeys(("mempool", "blockchain", "coinmetrics"), 6)}
"""Figures that a first update adds; the other companies' filings have three each."""

NEW = {
    "cbeci": "cbeci-map-countries CHN 2021-09 30 %",
    "mempool": "network-mempool network 2026-10 945 EH/s",  # 930 to 960 EH/s, day by day
    "blockchain": "network-blockchain network 2026-10 945 EH/s",
    "coinmetrics": "network-coinmetrics network 2026-10 945 EH/s",
    "edgar-canaan": "edgar-canaan-revenue canaan-overseas 2020 410 USD thousand",
}


def observed(folder: Path, series: str) -> list[Row]:
    return read(reading.observations_path(folder, series))


def read(path: Path) -> list[Row]:
    return pd.read_csv(path, dtype=str, keep_default_na=False).to_dict("records")


def origins_of(folder: Path) -> dict[str, Row]:
    return {row["id"]: row for row in read(folder / "reference" / "origins.csv")}


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def in_step(folder: Path) -> None:
    """Nothing is wrong in the folder, and its description is the one that would be written anew."""
    assert not [finding for finding in checks.check(folder) if finding.severity == "error"]
    for path, content in datapackage.documents(folder).items():
        assert (folder / path).read_bytes() == content, path
    assert not (folder / ".update").exists()


def with_shares(month: str = "2019-09", **shares: str) -> list[Row]:
    """CBECI's countries, some shares of a month being other ones (synthetic revisions)."""
    found = rows_of("cbeci-countries")
    for row in found:
        if (row["start"], row["metric"]) == (f"{month}-01", "share"):
            row["value"] = shares.get(row["region"], row["value"])
    assert found != rows_of("cbeci-countries")
    return found


def revised(month: str = "2019-09", **shares: str) -> bytes:
    """CBECI's chart of countries, revised; if nothing is said, China has 0.42 points less, "Other" more."""
    return chart(with_shares(month, **(shares or {"CHN": "75.11", "other": "6.52"})))


def without(month: str) -> dict[str, bytes]:
    """CBECI's two charts of countries without a month."""
    rows = [row for row in rows_of("cbeci-countries") if row["start"] != f"{month}-01"]
    return {SHARES: chart(rows), HASHRATES: chart(rows, "hashrate")}


# A first update


@pytest.mark.parametrize("source", WEB)
def test_a_first_update_writes_figures_origins_snapshots_and_a_log(
    source: str, sources_played: SourceServer, data: Path, run: Run
) -> None:
    answer = run("update", source, "--data", data, "--json")
    assert (answer.code, answer.err) == (0, "")
    [told] = json.loads(answer.out)["sources"]
    assert told["status"] == "new"
    assert sum(series["added"] for series in told["series"]) == ADDED.get(source, 3)
    sent = payloads()[source]
    assert sources_played.asked() == list(sent)
    written = {path: content for path, content in state(data).items() if content is not None}
    assert set(told["written"]) <= set(written)

    # the raw bytes, each with its origin
    origins = [json.loads(content) for path, content in written.items() if path.endswith("/origin.json")]
    assert {meta["url"]: meta["sha256"] for meta in origins} == {
        scrub(url): sha256(content) for url, content in sent.items()
    }
    assert {meta["retrieved"] for meta in origins} == {"2026-11-23T09:18:02Z"}
    assert {meta["etag"] for meta in origins} == {f'"{sha256(content)[:16]}"' for content in sent.values()}
    raw = [content for path, content in written.items() if path.endswith("/payload")]
    assert sorted(raw) == sorted(sent.values())

    # the figures name the file that they stand in
    brought = [series["series"] for series in told["series"] if series["added"]]
    known = origins_of(data)
    for row in (row for series in brought for row in observed(data, series)):
        origin = known[row["origin"]]
        assert origin["sha256"] in {sha256(body) for url, body in sent.items() if scrub(url) == origin["url"]}
        assert origin["retrieved"] == "2026-11-23"

    blocks = tomllib.loads((data / "reference" / "series.toml").read_text(encoding="utf-8"))
    assert set(brought) <= set(blocks)
    logged = read(data / "updates.csv")
    assert [row["series"] for row in logged if int(row["added"])] == brought
    assert {row["source"] for row in logged} == {source}
    in_step(data)


@pytest.mark.parametrize(("source", "wanted"), NEW.items())
def test_the_figures_are_the_source_s(source: str, wanted: str, current: Path, run: Run) -> None:
    series, region, period, value, unit = wanted.split(" ", 4)
    metric = DataFolder.of(current).table(series).series.metrics[0].name
    answer = run("history", series, region, period, "--metric", metric, "--data", current, "--json")
    now = json.loads(answer.out)[-1]
    assert (now["value"], now["unit"], now["until"]) == (value, unit, "")


def test_an_update_of_everything_leaves_data_in_step(current: Path) -> None:
    in_step(current)


def test_a_recast_figure_stands_beside_the_first_report(current: Path, run: Run) -> None:
    answer = run("history", "edgar-canaan-revenue", "China", "2020", "--data", current, "--json")
    first, now = json.loads(answer.out)
    assert [first[key] for key in ("value", "since", "until", "why")] == [
        *("600", "2021-04-21", "2022-04-19", "recast"),
    ]
    assert [now[key] for key in ("value", "since", "until")] == ["590", "2022-04-19", ""]
    assert first["sha256"] != now["sha256"]


def test_the_month_that_is_not_over_is_marked(current: Path) -> None:
    notes = {row["start"]: row["note"] for row in observed(current, "network-coinmetrics")}
    assert notes["2026-11-01"] == "partial month: 14 of 30 days observed, to 2026-11-14"
    assert notes["2026-09-01"] == notes["2026-10-01"] == ""


def test_no_newer_month_is_success_in_words(sources_played: SourceServer, data: Path, run: Run) -> None:
    answer = run("update", "cbeci", "--data", data)
    assert answer.code == 0
    assert f"cbeci-countries: {counts.nothing_newer('cbeci-countries')}" in answer.out
    again = run("update", "cbeci", "--data", data)
    assert "cbeci: unchanged: nothing newer; the source's bytes are those of the last update" in again.out
    assert f"cbeci-countries ends with {counts.last('cbeci-countries')}" in again.out


def test_a_post_saved_by_hand_brings_a_quarter(data: Path, run: Run, tmp_path: Path) -> None:
    post = tmp_path / "post.html"
    text = re.sub("Q3( |&nbsp;)2026", "Q4 2026", POST.read_text(encoding="utf-8"))  # synthetic: Q3's figures
    post.write_text(text, encoding="utf-8")
    answer = run("update", "luxor", "--from", post, "--data", data)
    assert (answer.code, answer.err) == (0, "")
    assert "21 figures added: Q4 2026 (new, 21)" in answer.out
    [id] = {row["origin"] for row in observed(data, "luxor-countries") if row["start"] == "2026-10-01"}
    origin = origins_of(data)[id]
    assert origin["sha256"] == sha256(post.read_bytes())
    assert origin["note"].endswith("Read from a file that was saved by hand.")
    in_step(data)
    before = state(data)
    assert run("update", "luxor", "--from", post, "--data", data).code == 0
    assert state(data) == before


# Again


def test_a_second_update_writes_nothing_and_asks_conditionally(
    sources_played: SourceServer, current: Path, run: Run
) -> None:
    before = state(current)
    on_another_day = run("update", "--data", current, "--json")
    assert on_another_day.code == 0
    statuses = {one["source"]: one["status"] for one in json.loads(on_another_day.out)["sources"]}
    assert statuses == {**dict.fromkeys(WEB, "unchanged"), "luxor": "by hand"}
    assert state(current) == before
    filings = {url for urls in payloads().values() for url in urls if "/Archives/" in url}
    asked = sources_played.requests
    assert {each.url for each in asked} == {url for urls in payloads().values() for url in urls} - filings
    content = {url: body for urls in payloads().values() for url, body in urls.items()}
    asked_blindly = [each.url for each in asked if "if-none-match" not in each.headers]
    assert asked_blindly == [NEXT_PAGE]  # its address is saved without its token, and could be another page's
    for each in asked:
        if each.url != NEXT_PAGE:
            assert each.headers["if-none-match"] == f'"{sha256(content[each.url])[:16]}"'


def test_pages_whose_addresses_are_masked_are_never_mixed_up(
    sources_played: SourceServer, data: Path, run: Run
) -> None:
    """Three pages of one date, two of them with a token in the address: no 304 stands for another page."""
    points, urls = list(days()), [coinmetrics.URL, NEXT_PAGE, f"{NEXT_PAGE}2"]
    for n, (url, more) in enumerate(zip(urls, [*urls[1:], ""], strict=True)):
        body = coin_page(points[n * 25 : n * 25 + 25], more)
        sources_played.route(url, validated(body, etag="", last_modified="Sat, 21 Nov 2026 00:00:00 GMT"))
    assert run("update", "coinmetrics", "--data", data).code == 0
    assert len(observed(data, "network-coinmetrics")) == 6
    before = state(data)
    assert "6 figures unchanged" in run("update", "coinmetrics", "--data", data).out
    assert state(data) == before


def test_a_date_is_a_validator_too(sources_played: SourceServer, data: Path, run: Run) -> None:
    content, day = payloads()["mempool"][MEMPOOL], "Sat, 21 Nov 2026 00:00:00 GMT"
    sources_played.route(MEMPOOL, validated(content, etag="", last_modified=day))
    assert run("update", "mempool", "--data", data).code == 0
    before = state(data)
    assert run("update", "mempool", "--data", data).code == 0
    assert sources_played.requests[-1].headers["if-modified-since"] == day
    assert state(data) == before


def test_the_same_bytes_without_validators_write_nothing(
    sources_played: SourceServer, current: Path, run: Run
) -> None:
    for url, content in payloads()["cbeci"].items():
        sources_played.route(url, content)
    before = state(current)
    assert "cbeci: unchanged: nothing newer" in run("update", "cbeci", "--data", current).out
    assert state(current) == before


def test_other_bytes_of_the_same_figures_keep_the_figures_origins(
    sources_played: SourceServer, current: Path, run: Run
) -> None:
    sources_played.route(MEMPOOL, payloads()["mempool"][MEMPOOL] + b"\n")
    before = state(current)
    answer = run("update", "mempool", "--data", current)
    assert "network-mempool: no newer period than November 2026; 6 figures unchanged" in answer.out
    after = state(current)
    assert set(before) < set(after)
    changed = {path for path in after if before.get(path) != after[path]}
    assert all(path.startswith("raw/mempool/") for path in changed)


def test_a_new_month_is_added_and_a_partial_one_grows(
    sources_played: SourceServer, current: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(monkeypatch, "2026-12-07")
    sources_played.route(MEMPOOL, mempool(days(more=20)))  # to 4 December
    answer = run("update", "mempool", "--data", current, "--json")
    assert answer.code == 0
    rows = {(row["kind"], row["period"], row["metric"]): row for row in json.loads(answer.out)["rows"]}
    assert set(rows) == {
        (kind, period, metric)
        for kind, period in (("added", "2026-12"), ("revised", "2026-11"))
        for metric in ("hashrate", "days_observed")
    }
    grown = rows["revised", "2026-11", "days_observed"]
    assert (grown["old"], grown["new"]) == ("14", "30")
    in_step(current)


# What is revised, and what is withdrawn


def test_a_revised_figure_is_kept_and_a_map_of_then_shows_it(
    sources_played: SourceServer, current: Path, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sources_played.route(SHARES, revised())
    on(monkeypatch, "2026-12-07")
    monkeypatch.chdir(ROOT)
    answer = run("update", "cbeci", "--data", current)
    assert answer.code == 0
    assert "China, September 2019, share 75.53% -> 75.11% (−0.42\u00a0points, −0.6%)" in answer.out
    told = json.loads(
        run(
            "history", "cbeci-countries", "China", "2019-09", "--metric", "share", "--data", current, "--json"
        ).out
    )
    assert [(row["value"], row["until"], row["why"]) for row in told] == [
        ("75.53", "2026-12-07", "revised"),
        ("75.11", "", ""),
    ]
    assert told[1]["since"] == "2026-12-07"
    assert told[1]["sha256"] == sha256(revised())
    rows = read(current / "vintages" / "cbeci-countries.csv")
    assert [(row["region"], row["start"], row["value"]) for row in rows] == [
        *(("CHN", "2019-09-01", "75.53"), ("other", "2019-09-01", "6.1")),
    ]
    in_step(current)

    assert share_in(current) == 75.11
    assert share_in(current, "2026-12-06") == 75.53
    then = ("build", "hashrate-share", "--data", current, "--as-of", "2026-12-06", "--out", tmp_path / "then")
    assert run(*then).code == 0
    page = (tmp_path / "then" / "hashrate-share.html").read_text(encoding="utf-8")
    assert "<title>Where Bitcoin was mined, 2019 to 2022, as known on 6 December 2026</title>" in page
    assert run("build", "hashrate-share", "--data", current, "--out", tmp_path / "now").code == 0
    now = (tmp_path / "now" / "hashrate-share.html").read_text(encoding="utf-8")
    assert "<title>Where Bitcoin was mined, 2019 to 2022</title>" in now
    wanted = spec.read(ROOT / "maps" / "hashrate-share.toml")
    for day, text, share in (("2026-12-06", page, 75.53), ("", now, 75.11)):
        made = build_maps.build(replace(wanted, as_of=day), "hashrate-share", current)
        assert made.to_html() == text
        cells = made.to_frame()
        hit = (cells["region"] == "CHN") & (cells["start"] == "2019-09-01") & (cells["metric"] == "share")
        assert list(cells.loc[hit, "value"]) == [share]


def share_in(folder: Path, as_of: str = "") -> float:
    """China's share of September 2019."""
    rows = DataFolder.of(folder).table("cbeci-countries", as_of).observations
    mine = (rows["region"] == "CHN") & (rows["start"] == "2019-09-01") & (rows["metric"] == "share")
    [value] = rows.loc[mine, "value"]
    return float(value)


def test_only_maps_of_changed_figures_are_built_anew(
    sources_played: SourceServer, current: Path, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(ROOT)
    maps = ("hashrate-share", "china-provinces", "hashrate-since-2025", "revenue-canaan")
    build = ("build", *maps, "--data", current, "--out", tmp_path / "maps", "--changed")
    assert run(*build).code == 0
    assert run("update", "--data", current).code == 0
    assert run(*build).out == "nothing has changed since the maps were built\n"
    sources_played.route(SHARES, revised())
    assert run("update", "--data", current).code == 0
    built = [line.split("  ")[0] for line in run(*build).out.splitlines()]
    assert built == [str(tmp_path / "maps" / "hashrate-share.html")]


def test_a_revision_that_is_large_must_be_accepted(
    sources_played: SourceServer, current: Path, run: Run
) -> None:
    sources_played.route(SHARES, revised("2022-01", USA="27.84", other="19.02"))
    before = state(current)
    answer = run("update", "cbeci", "--data", current)
    assert answer.code == 10
    assert "cbeci: needs accepting: warnings about the new figures:" in answer.err
    assert "37.84 -> 27.84%, revised by 26%" in answer.err
    assert "run it again with --accept 'REASON'; the reason is recorded" in answer.err
    assert state(current) == before


def test_a_withdrawn_month_needs_a_reason_which_is_recorded(
    sources_played: SourceServer, current: Path, run: Run
) -> None:
    play(sources_played, without("2022-01"))
    before = state(current)
    answer = run("update", "cbeci", "--data", current)
    assert answer.code == 10
    assert "1 period of the last version gone: January 2022" in answer.err
    assert state(current) == before
    reason = "CCAF withdrew\n  January, see its log"
    answer = run("update", "cbeci", "--data", current, "--accept", reason)
    assert answer.code == 0
    assert "20 figures withdrawn:" in answer.out
    assert "accepted warning: cbeci-countries, share: 1 period of the last version gone" in answer.out
    [log] = [row for row in read(current / "updates.csv") if row["withdrawn"] != "0"]
    assert (log["reason"], log["withdrawn"]) == ("CCAF withdrew January, see its log", "20")
    gone = read(current / "vintages" / "cbeci-countries.csv")
    assert len(gone) == 20
    assert {row["why"] for row in gone} == {"withdrawn: CCAF withdrew January, see its log"}
    in_step(current)


def test_figures_that_cannot_be_right_refuse_whatever_is_accepted(
    sources_played: SourceServer, current: Path, run: Run
) -> None:
    sources_played.route(SHARES, revised(CHN="79.03"))
    before = state(current)
    answer = run("update", "cbeci", "--data", current, "--accept", "never mind")
    assert answer.code == 6
    assert "cbeci: invalid: errors in the new figures: 1; nothing was written" in answer.err
    assert "add up to 103.49; expected 100" in answer.err
    assert state(current) == before


def test_a_name_that_no_region_has_is_listed(sources_played: SourceServer, current: Path, run: Run) -> None:
    rows = [{**r, "label": r["label"].replace("Canada", "Cascadia")} for r in rows_of("cbeci-countries")]
    sources_played.route(SHARES, chart(rows))
    before = state(current)
    answer = run("update", "cbeci", "--data", current)
    assert answer.code == 4
    assert "Cascadia" in answer.err
    assert state(current) == before


def test_a_series_that_nothing_describes_is_refused(data: Path) -> None:
    with pytest.raises(
        ValidationError, match=r"my-series: rows came of a series that nothing describes; add"
    ):
        settled(data, "my-series", {("CHN", "2020-01"): "1"})


# An update applied twice equals once


MONTHS = ("2021-01", "2021-02", "2021-03")
Table = dict[tuple[str, str], str]
TABLES = st.dictionaries(
    st.tuples(st.sampled_from(["CHN", "USA", "CAN"]), st.sampled_from(MONTHS)),
    st.integers(0, 300).map(lambda tenths: f"{tenths / 10:g}"),
    min_size=1,
)


def settled(folder: Path, series: str, table: Table, day: str = "2026-11-23", whole: bool = True) -> Any:
    """Bring a series up to date with a small synthetic table."""
    content = json.dumps({"/".join(key): value for key, value in sorted(table.items())}).encode()

    def parse(files: Mapping[str, bytes]) -> pd.DataFrame:
        read_ = json.loads(files["table"])
        return frame_of(
            [
                {
                    **{"series": series, "label": region, "start": f"{month}-01", "end": after(month)},
                    **{"metric": "share", "value": value, "unit": "%", "status": "reported", "file": "table"},
                }
                for (region, month), value in ((key.split("/"), value) for key, value in read_.items())
            ]
        )

    provider = Provider(
        *("synthetic", "synthetic", "Synthetic", "Nobody", "https://example.org", "none", (series,), parse),
        whole=whole,
    )
    options = update.Options(datetime.fromisoformat(f"{day}T12:00:00+00:00"), accept="synthetic")
    file = File(content, provider.url, options.moment)
    return update.deliver(folder, provider, {"table": file}, options)


@pytest.mark.parametrize("day", ["2021-13-45", "2021-02-30", "yesterday", "2021-04-21T09:00:00"])
@pytest.mark.parametrize("where", ["published", "retrieved", "start", "end"])
def test_a_day_that_is_none_is_written_into_no_table(
    small: Path, tmp_path: Path, where: str, day: str
) -> None:
    folder = shutil.copytree(small, tmp_path / "data")
    before = state(folder)
    row = {"series": "small", "label": "CHN", "start": "2021-01-01", "end": "2021-02-01", "metric": "share"}
    row |= {"value": "100", "unit": "%", "status": "reported", "file": "table"}
    if where in row:
        row[where] = day
    provider = Provider(
        *("synthetic", "synthetic", "Synthetic", "Nobody", "https://example.org", "none", ("small",)),
        lambda files: frame_of([row]),
    )
    options = update.Options(datetime.fromisoformat("2026-11-23T12:00:00+00:00"), accept="synthetic")
    file = File(b"x", provider.url, options.moment)
    file = replace(file, **{where: day}) if where in ("published", "retrieved") else file
    try:
        outcome = update.deliver(folder, provider, {"table": file}, options)
    except GeotrackError as error:
        said = str(error)
    else:
        assert (outcome.status, outcome.written) == ("invalid", ())
        said = outcome.message
    assert day[:10] in said
    assert state(folder) == before


def test_the_days_of_every_table_that_an_update_writes_are_days(current: Path) -> None:
    days = {"start", "end", "since", "until", "published", "retrieved", "at", "date"}
    seen = set()
    for path in sorted(current.rglob("*.csv")):
        for row in read(path):
            for column in days & row.keys():
                seen.add((path.relative_to(current).parts[0], column))
                assert not row[column] or periods.parse(row[column][:10]), (path, row)
    assert {("observations", "start"), ("observations", "end"), ("reference", "retrieved")} <= seen
    assert {("updates.csv", "at"), ("reference", "published"), ("vintages", "since")} <= seen
    for path in sorted(current.glob("raw/*/*/*/origin.json")):
        assert datetime.fromisoformat(json.loads(path.read_bytes())["retrieved"])


def figures_of(folder: Path) -> dict[str, bytes | None]:
    """All but the raw bytes: a snapshot is new wherever the bytes were not asked for conditionally."""
    return {path: content for path, content in state(folder).items() if not path.startswith("raw")}


def after(month: str) -> str:
    return f"{month[:5]}{int(month[5:]) + 1:02}-01"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of one empty series."""
    folder = tmp_path_factory.mktemp("small") / "data"
    ignore = shutil.ignore_patterns("boundaries")
    shutil.copytree(ROOT / "data" / "reference", folder / "reference", ignore=ignore)
    (folder / "observations").mkdir()
    (folder / "reference" / "series.toml").write_text(
        '[small]\ntitle = "Small"\nlevel = "country"\nmethod = "synthetic"\n'
        'caveats = ["synthetic"]\nmissing = "synthetic"\n'
        '[[small.metrics]]\nname = "share"\ntitle = "Share"\nunit = "%"\nkind = "intensive"\n'
        'over_time = "mean"\nwhole = 100.0\n',
        encoding="utf-8",
    )
    for path in ("observations/small.csv", "reference/origins.csv"):
        columns = reading.OBSERVATION_COLUMNS if path.startswith("o") else reading.ORIGIN_COLUMNS
        (folder / path).write_text(",".join(columns) + "\n", encoding="utf-8")
    (folder / "datapackage.json").write_text('{"name": "geotrack"}', encoding="utf-8")
    return folder


def held(folder: Path, series: str = "small") -> Table:
    return {(row["region"], row["start"][:7]): row["value"] for row in observed(folder, series)}


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(tables=st.lists(TABLES, min_size=1, max_size=2), whole=st.booleans())
def test_an_update_applied_twice_equals_once(
    tables: list[Table], whole: bool, small: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("twice") / "data"
    shutil.copytree(small, folder)
    known: Table = {}
    for n, table in enumerate(tables):
        outcome = settled(folder, "small", table, f"2026-11-{20 + n}", whole)
        if outcome.error:  # nothing in common with before: refused, and nothing written
            assert held(folder) == known
            return
        once = figures_of(folder)
        kept = {} if whole else {k: v for k, v in known.items() if k[1] not in {m for _, m in table}}
        known = {**kept, **table}
        assert held(folder) == known
        for day in (f"2026-11-{20 + n}", "2026-12-24"):
            again = settled(folder, "small", table, day, whole)
            assert again.status == "unchanged"
            assert {
                path: content for path, content in state(folder).items() if not path.startswith("raw")
            } == {path: content for path, content in once.items() if not path.startswith("raw")}
    for n, table in enumerate(tables[:1]):  # whatever came later, the figures of the first day are kept
        rows = reading.read_raw(reading.observations_path(folder, "small"))
        origins = {id: vintages.known_on(origin) for id, origin in reading.read_origins(folder).items()}
        then = vintages.as_of(rows, reading.read_vintages(folder, "small"), origins, f"2026-11-{20 + n}")
        found = zip(then["region"], then["start"].str[:7], then["value"], strict=True)
        assert {(region, month): value for region, month, value in found} == table


# Ways of asking


def test_a_dry_run_tells_all_and_writes_nothing(sources_played: SourceServer, data: Path, run: Run) -> None:
    before = state(data)
    answer = run("update", "network", "--dry-run", "--data", data)
    assert answer.code == 0
    assert state(data) == before
    assert "6 figures added: November 2026 (new, 2), October 2026 (new, 2)" in answer.out
    assert answer.out.endswith("3 new; nothing was written (--dry-run)\n")
    told = json.loads(run("update", "network", "--dry-run", "--data", data, "--json").out)
    assert told["dry_run"] is True
    assert [one["written"] for one in told["sources"]] == [[], [], []]
    assert len(told["rows"]) == 18


def test_a_dry_run_waits_for_no_other_update(sources_played: SourceServer, data: Path, run: Run) -> None:
    """It takes no lock, so it needs no folder that may be written to."""
    with locked(data):  # an update of another process that goes on and on
        assert run("update", "mempool", "--dry-run", "--data", data).code == 0


def test_json_has_the_keys_that_are_documented(sources_played: SourceServer, current: Path, run: Run) -> None:
    play(sources_played, {SHARES: revised(), CHINA: captcha()})
    told = json.loads(run("update", "cbeci", "mempool", "--data", current, "--json").out)
    assert list(told) == ["exit_code", "dry_run", "sources", "rows", "notices"]
    assert told["exit_code"] == 11
    assert [list(one) for one in told["sources"]] == [
        ["source", "status", "message", "series", "findings", "written"]
    ] * 2
    sources_played.route(CHINA, payloads()["cbeci"][CHINA])
    told = json.loads(run("update", "cbeci", "--data", current, "--json").out)
    [one] = told["sources"]
    assert list(one["series"][0]) == [
        *("series", "added", "revised", "withdrawn", "unchanged", "new_regions", "headline"),
    ]
    row, _ = told["rows"]
    wanted = {"source": "cbeci", "series": "cbeci-countries", "kind": "revised", "region": "CHN"}
    wanted |= {"name": "China", "period": "2019-09", "metric": "share", "old": "75.53", "new": "75.11"}
    wanted |= {"unit": "%", "change": "-0.42", "relative": "−0.6%", "status": "reported"}
    assert {key: row[key] for key in wanted} == wanted
    assert set(row) == {*wanted, "origin"}


def test_the_summary_is_the_diff_in_markdown(
    sources_played: SourceServer, current: Path, run: Run, tmp_path: Path
) -> None:
    sources_played.route(SHARES, revised())
    assert run("update", "cbeci", "--data", current, "--summary", tmp_path / "diff.md").code == 0
    text = (tmp_path / "diff.md").read_text(encoding="utf-8")
    assert text.startswith("## Update of regional data\n\n1 changed.\n\n- cbeci: changed\n")
    assert "  - China, September 2019, share 75.53% -&gt; 75.11%" in text.replace("&#62;", "&gt;")
    assert (
        "| cbeci-countries | revised | China | 2019-09 | share | 75.53 | 75.11 | % | reported | -0.42 |"
        in text.replace("\\_", "_")
    )


@pytest.mark.parametrize(("also", "code"), [("", 4), ("\x1b[31m", 3)])
def test_what_a_source_names_stays_text(  # noqa: PLR0917 (six fixtures and parameters)
    also: str, code: int, sources_played: SourceServer, current: Path, run: Run, tmp_path: Path
) -> None:
    hostile = f"<img src=x onerror=alert(1)> | [here](https://evil.example) @owner {also}#1 `x`"
    rows = [
        {**row, "label": hostile if row["region"] == "CAN" else row["label"]}
        for row in rows_of("cbeci-countries")
    ]
    sources_played.route(SHARES, chart(rows))
    answer = run("update", "cbeci", "--data", current, "--summary", tmp_path / "diff.md")
    assert answer.code == code
    assert "\x1b" not in answer.err + answer.out
    text = (tmp_path / "diff.md").read_text(encoding="utf-8")
    assert "onerror" in text
    assert not re.search(r"[<>@\x1b]|(?<!\\)[\[\]|`]", text), text


def test_offline_reads_what_was_saved_and_asks_nobody(
    sources_played: SourceServer, current: Path, run: Run
) -> None:
    before = state(current)
    answer = run("update", "--offline", "--data", current)
    assert answer.code == 0
    assert sources_played.tunnels == []
    assert f"cbeci-countries: {counts.nothing_newer('cbeci-countries')}" in answer.out
    assert state(current) == before


def test_offline_brings_back_what_the_snapshots_hold(
    sources_played: SourceServer, current: Path, run: Run
) -> None:
    before = state(current)
    path = reading.observations_path(current, "network-mempool")
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(rows[:-2]), encoding="utf-8")
    answer = run("update", "mempool", "--offline", "--data", current)
    assert answer.code == 0
    assert "2 figures added" in answer.out
    assert sources_played.tunnels == []
    assert path.read_bytes() == before["observations/network-mempool.csv"]


def test_offline_without_snapshots_says_so(current: Path, run: Run) -> None:
    answer = run("update", "mempool", "--offline", "--data", current)
    assert answer.code == 0
    for path in (current / "raw").rglob("payload"):
        path.unlink()  # as in a fresh clone
    answer = run("update", "mempool", "--offline", "--data", current)
    assert answer.code == 9
    assert "mempool: refused: the raw bytes of 1 snapshot(s) are not here" in answer.err
    assert "they are kept out of version control; run once without --offline" in answer.err
    shutil.rmtree(current / "raw")
    answer = run("update", "mempool", "--offline", "--data", current)
    assert answer.code == 9
    assert "mempool: refused: no saved snapshot to read; run once without --offline" in answer.err


def test_bytes_that_are_not_here_are_asked_for_whole(
    sources_played: SourceServer, current: Path, run: Run
) -> None:
    before = state(current)
    for path in (current / "raw").rglob("payload"):
        path.unlink()  # as in a fresh clone
    answer = run("update", "mempool", "edgar-canaan", "--data", current)
    assert answer.code == 0
    assert not any("if-none-match" in each.headers for each in sources_played.requests)
    assert set(sources_played.asked()) == {*payloads()["mempool"], *payloads()["edgar-canaan"]}
    kept = {path: content for path, content in state(current).items() if not path.endswith("payload")}
    assert kept == {path: content for path, content in before.items() if not path.endswith("payload")}


def test_a_file_saved_by_hand_goes_through_the_same_parser(current: Path, run: Run, tmp_path: Path) -> None:
    rows = with_shares(CHN="75.11", other="6.52")
    cells = {(row["start"], row["label"], row["metric"]): row["value"] for row in rows}
    keys = dict.fromkeys((start, label) for start, label, _ in cells)
    lines = [f'{s},"{n}",{cells[s, n, "share"]}%,{cells[s, n, "hashrate"]}' for s, n in keys]
    file = tmp_path / "export.csv"
    head = "date,country,monthly_hashrate_%,monthly_absolute_hashrate_EH/S"
    file.write_text("\n".join([head, *lines]), encoding="utf-8")
    before = state(current)
    answer = run("update", "cbeci", "--from", file, "--data", current)
    assert (answer.code, answer.err) == (0, "")
    assert "cbeci-countries: 2 revised, 578 unchanged" in answer.out
    changed = {path for path, content in state(current).items() if before.get(path) != content}
    assert "observations/cbeci-china-provinces.csv" not in changed
    in_step(current)
    again = state(current)
    assert run("update", "cbeci", "--from", file, "--data", current).code == 0
    assert state(current) == again


def test_files_saved_by_hand_that_cannot_be_meant(current: Path, run: Run, tmp_path: Path) -> None:
    before = state(current)
    saved, missing = tmp_path / "export.json", tmp_path / "missing.csv"
    saved.write_bytes(payloads()["mempool"][MEMPOOL])
    answer = run("update", "--from", saved, "--data", current)
    assert answer.code == 7
    assert (
        "--from takes a file of one source: name that source, such as `geotrack update cbeci`" in answer.err
    )
    answer = run("update", "cbeci", "--from", missing, "--data", current)
    assert answer.code == 3
    assert (
        f"{missing}: cannot be read: No such file or directory; expected a file saved by hand" in answer.err
    )
    answer = run("update", "mempool", "--from", saved, "--from", saved, "--data", current)
    assert answer.code == 3
    assert f"{saved}: another file of this name was given; rename one of them" in answer.err
    answer = run("update", "cbeci", "--from", saved, "--data", current)
    assert answer.code == 3
    assert state(current) == before


def test_an_unknown_source_is_told_all_there_are(data: Path, run: Run) -> None:
    answer = run("update", "cbeci", "cbecci", "edgr", "--data", data)
    assert answer.code == 7
    assert "no source 'cbecci', 'edgr'; expected some of cbeci, luxor, mempool" in answer.err
    assert all(provider.name in answer.err for provider in PROVIDERS)
    assert "of the groups edgar, network, or a series that one of them feeds" in answer.err


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (["network"], ["mempool", "blockchain", "coinmetrics"]),
        (["cbeci-china-provinces"], ["cbeci"]),
        (["mempool", "network", "mempool"], ["mempool", "blockchain", "coinmetrics"]),
        ([], [provider.name for provider in PROVIDERS]),
    ],
)
def test_sources_groups_and_series_can_be_named(names: list[str], wanted: list[str]) -> None:
    assert [provider.name for provider in update.chosen(names)] == wanted


def test_help_names_every_source(run: Run) -> None:
    words = run("update", "--help").out.replace(",", " ").replace(")", " ").split()
    assert {provider.name for provider in PROVIDERS} <= set(words)


def test_a_part_that_fails_leaves_the_others_done(sources_played: SourceServer, data: Path, run: Run) -> None:
    sources_played.route(MEMPOOL, captcha())
    answer = run("update", "network", "luxor", "--data", data)
    assert answer.code == 11
    assert "geotrack: mempool: refused: mempool.space/api/v1/mining/hashrate/all: 403 Forbidden" in answer.err
    assert "By hand: open https://mempool.space/api/v1/mining/hashrate/all in a browser" in answer.err
    assert "\nblockchain: new" in f"\n{answer.out}"
    assert "\ncoinmetrics: new" in answer.out
    assert "luxor: by hand: luxor is read from a file saved by hand" in answer.out
    assert answer.out.endswith("2 new, 1 by hand, 1 refused\n")
    assert not reading.observations_path(data, "network-mempool").exists()
    assert not (data / "raw" / "mempool").exists()
    in_step(data)


def test_a_source_that_is_read_by_hand_alone_says_how(data: Path, run: Run) -> None:
    answer = run("update", "luxor", "--data", data)
    assert answer.code == 9
    assert "luxor is read from a file saved by hand. open https://hashrateindex.com/blog/" in answer.err
    assert "then: geotrack update luxor --from FILE" in answer.err


# Who asks


def test_sources_that_want_a_contact_are_not_asked_without(
    sources_played: SourceServer, data: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GEOTRACK_CONTACT")
    before = state(data)
    answer = run("update", "edgar-canaan", "--data", data)
    assert answer.code == 9
    assert "edgar-canaan: refused: Canaan Inc., through SEC EDGAR wants to know who asks" in answer.err
    assert 'set GEOTRACK_CONTACT to a name and an address ("Jane Doe jane@example.org")' in answer.err
    assert 'contact = "..." into data/update.toml' in answer.err
    assert sources_played.tunnels == []
    assert state(data) == before
    (data / "update.toml").write_text(f'contact = " {CONTACT} "\n', encoding="utf-8")
    assert run("update", "edgar-canaan", "--data", data).code == 0
    assert f"({CONTACT})" in sources_played.requests[0].headers["user-agent"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("contact = ", 'update.toml: cannot be read: .*; expected contact = "name and address"'),
        (b"contact = '\xff'", 'update.toml: cannot be read: .*; expected contact = "name and address"'),
        (
            "contact = 5",
            'update.toml: expected contact = "name and address" in quotes, .* found another kind',
        ),
        ('contact = "J\\nX"', "expected one line of at most 200 Latin letters"),
    ],
)
def test_a_contact_that_cannot_be_read(
    text: str | bytes, said: str, data: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GEOTRACK_CONTACT", raising=False)
    (data / "update.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    answer = run("update", "edgar", "--data", data)
    assert answer.code == 7
    assert re.search(said, answer.err), answer.err


def test_the_environment_s_contact_counts_first(tmp_path: Path) -> None:
    (tmp_path / "update.toml").write_text('contact = "File"', encoding="utf-8")
    assert said_of.read(tmp_path, {"GEOTRACK_CONTACT": " Env "}).contact == "Env"
    assert said_of.read(tmp_path, {"GEOTRACK_CONTACT": " "}).contact == "File"
    (tmp_path / "update.toml").write_text("", encoding="utf-8")
    assert said_of.read(tmp_path, {}) == said_of.Settings()


def test_the_contact_is_in_the_request_and_nowhere_else(
    sources_played: SourceServer, data: Path, run: Run, tmp_path: Path
) -> None:
    answer = run("update", "edgar", "--data", data, "--summary", tmp_path / "diff.md")
    assert answer.code == 0
    [agent] = {each.headers["user-agent"] for each in sources_played.requests}
    assert re.match(rf"geotrack/[^ ]+ \({CONTACT}\)", agent)
    kept = [answer.out, answer.err, (tmp_path / "diff.md").read_text(encoding="utf-8")]
    for words in (CONTACT, "jo.synthetic"):
        assert not any(words in text for text in kept)
        assert not [path for path, content in state(data).items() if content and words.encode() in content]


# Sources of one quantity


def test_sources_that_disagree_are_told_apart_and_never_averaged(
    sources_played: SourceServer, data: Path, run: Run
) -> None:
    sources_played.route(BLOCKCHAIN, blockchain(days(times=Decimal("1.08"))))
    answer = run("update", "network", "--data", data)
    assert answer.code == 0
    line = "2026-10: network-blockchain 1,020.6\u00a0EH/s, network-mempool 945\u00a0EH/s: 8% apart"
    other = "2026-10: network-mempool 945\u00a0EH/s, network-blockchain 1,020.6\u00a0EH/s: 8% apart"
    assert line in answer.out or other in answer.out
    assert "2026-11" not in "".join(row for row in answer.out.splitlines() if "apart" in row)  # in part
    assert {row["value"] for row in observed(data, "network-blockchain")} >= {"1020.6", "987.66"}
    assert {row["value"] for row in observed(data, "network-mempool")} >= {"945", "914.5"}


def test_a_disagreement_with_what_was_there_is_told(
    sources_played: SourceServer, current: Path, run: Run
) -> None:
    sources_played.route(BLOCKCHAIN, blockchain(days(times=Decimal("1.08"))))
    told = json.loads(run("update", "blockchain", "--data", current, "--json").out)
    pairs = [
        notice["message"] for notice in told["notices"] if "2026-09" in notice["where"] + notice["message"]
    ]
    assert len(pairs) == 2
    assert all("987.66" in text and "914.5" in text for text in pairs)


def test_sources_that_agree_are_not_spoken_of(sources_played: SourceServer, data: Path, run: Run) -> None:
    sources_played.route(BLOCKCHAIN, blockchain(days(times=Decimal("1.04"))))
    told = json.loads(run("update", "network", "--data", data, "--json").out)
    assert [notice for notice in told["notices"] if "2026-" in notice["where"]] == []


# Whose folder


def test_the_copy_that_ships_is_refused_until_there_is_one_of_one_s_own(
    sources_played: SourceServer, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = run("update", "mempool")
    assert answer.code == 8
    assert "this is the copy that ships with geotrack" in answer.err
    assert "run `geotrack init` for a copy of your own in ./data and ./maps" in answer.err
    assert sources_played.tunnels == []
    assert list(tmp_path.iterdir()) == []
    assert run("init").code == 0
    assert run("update", "mempool").code == 0
    in_step(tmp_path / "data")


def test_what_an_interrupted_update_left_is_told_first(
    sources_played: SourceServer, current: Path, run: Run
) -> None:
    before = state(current)
    (current / ".update").mkdir()
    (current / ".update" / "0").write_bytes(b"half")
    answer = run("update", "mempool", "--data", current)
    assert answer.code == 0
    assert "An update that was interrupted before anything was replaced was discarded" in answer.err
    assert state(current) == before


# Two at once


def test_two_updates_at_once_are_one(source_server: SourceServer, data: Path) -> None:
    together = threading.Barrier(2, timeout=60)
    content = payloads()["mempool"][MEMPOOL]

    def answer(exchange: Exchange) -> None:
        together.wait()  # both have asked before either has its answer
        stamped(content)(exchange)

    source_server.route(MEMPOOL, answer)
    command = [sys.executable, "-W", "error", "-m", "geotrack", "update", "mempool", "--data", str(data)]
    both, begun = [], 0
    for _ in range(2):
        while int(time.time()) == begun:  # they date what they got by different seconds
            time.sleep(0.05)
        begun = int(time.time())
        both.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
    told = [process.communicate(timeout=60) for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert [err for _, err in told] == ["", ""]
    statuses = sorted(out.partition("\n")[0] for out, _ in told)
    assert statuses == ["mempool: new", "mempool: unchanged"]
    assert len(list((data / "raw" / "mempool").rglob("payload"))) == 1
    assert len(read(data / "updates.csv")) == 1
    assert len(observed(data, "network-mempool")) == 6
    assert len([id for id in origins_of(data) if id.startswith("mempool")]) == 1
    in_step(data)
