"""What the sources answer when all is well, for tests and benchmarks of updates: `play(server)` plays all.

Figures of CBECI's lists of countries and provinces are those of data/observations; its map of every country
is payloads/cbeci/mining_map_countries.json, whose figures are synthetic. The daily hashrates and every filing
are synthetic: round figures that no company reported. Luxor is read from files saved by hand only: `POST`.
"""

from __future__ import annotations

import csv
import functools
import hashlib
import json
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sourceserver import Handler, SourceServer, validated

from geotrack.sources import PROVIDERS
from geotrack.sources.edgar.filings import Filer
from geotrack.sources.edgar.source import FILERS
from geotrack.sources.network import blockchain as blockchain_com
from geotrack.sources.network import coinmetrics
from geotrack.sources.web import manners
from geotrack.sources.web import session as web_session
from geotrack.update import update

ROOT = Path(__file__).parents[1]
SAVED = Path(__file__).parent / "sources" / "payloads"
POST = SAVED / "luxor" / "q3-2026.html"

CHARTS = "https://ccaf.io/cbeci/api/charts/"
SHARES, HASHRATES = f"{CHARTS}mining_countries", f"{CHARTS}absolute_mining_countries"
MAP, CHINA, STATES = (f"{CHARTS}mining_map_{name}" for name in ("countries", "provinces/cn", "provinces/us"))
MEMPOOL = "https://mempool.space/api/v1/mining/hashrate/all"
BLOCKCHAIN = blockchain_com.URL
NEXT_PAGE = f"{coinmetrics.URL}&next_page_token=0.synthetic"

FIRST_DAY, DAYS = date(2026, 9, 1), 75  # to 14 November 2026: the last month is observed in part
RECAST = "0001104659-22-047189"

Row = dict[str, str]
Facts = Sequence[tuple[str, int, int]]  # member or "" for the total, year, thousands

CONTACT = "Jo Synthetic jo.synthetic@example.org"


def rows_of(series: str) -> list[Row]:
    """Return our observations of a series."""
    with (ROOT / "data" / "observations" / f"{series}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def chart(rows: Sequence[Row], metric: str = "share") -> bytes:
    """Return rows as CBECI writes a chart: fractions for percents."""
    scale = -2 if metric == "share" else 0
    points = [
        f'{{"x": {_stamp(row["start"]) * 1000}, "y": {Decimal(row["value"]).scaleb(scale)}, '
        f'"name": {json.dumps(row["label"])}}}'
        for row in rows
        if row["metric"] == metric
    ]
    return f'{{"data": [{",".join(points)}]}}'.encode()


def days(more: int = 0, times: Decimal = Decimal(1)) -> Iterator[tuple[date, Decimal]]:
    """Yield synthetic daily hashrates in EH/s: 900 on the first day, 1 more on each."""
    for n in range(DAYS + more):
        yield FIRST_DAY + timedelta(days=n), (900 + n) * times


def mempool(points: Iterator[tuple[date, Decimal]]) -> bytes:
    """Return daily hashrates as mempool.space writes them."""
    told = [{"timestamp": _stamp(day), "avgHashrate": int(value * 10**18)} for day, value in points]
    return json.dumps({"hashrates": told, "difficulty": []}).encode()


def blockchain(points: Iterator[tuple[date, Decimal]]) -> bytes:
    """Return daily hashrates as Blockchain.com's charts write them."""
    told = [{"x": _stamp(day), "y": int(value * 10**6)} for day, value in points]
    return json.dumps(
        {"status": "ok", "name": "Hash Rate", "unit": "Hash Rate TH/s", "values": told}
    ).encode()


def coin_page(points: Sequence[tuple[date, Decimal]], leads_to: str = "") -> bytes:
    """Return a page of daily hashrates as Coin Metrics writes it."""
    told: dict[str, Any] = {
        "data": [
            {"asset": "btc", "time": f"{day}T00:00:00.000000000Z", "HashRate": str(value * 10**6)}
            for day, value in points
        ]
    }
    return json.dumps(told | ({"next_page_url": leads_to} if leads_to else {})).encode()


def instance(filer: Filer, facts: Facts, axis: str = "srt:StatementGeographicalAxis") -> bytes:
    """Return synthetic revenue by place as an XBRL instance, in the shape that EDGAR extracts."""
    concept = "ifrs-full:Revenue" if axis.startswith("ifrs") else "us-gaap:Revenues"
    contexts, figures = "", ""
    for n, (member, year, thousands) in enumerate(facts):
        told = f'<xbrldi:explicitMember dimension="{axis}">{member}</xbrldi:explicitMember>'
        contexts += (
            f'<context id="c{n}"><entity><identifier scheme="http://www.sec.gov/CIK">{filer.cik:010d}</identifier>'
            f"{f'<segment>{told}</segment>' if member else ''}</entity><period>"
            f"<startDate>{year}-01-01</startDate><endDate>{year}-12-31</endDate></period></context>"
        )
        figures += f'<{concept} contextRef="c{n}" unitRef="USD" decimals="-3">{thousands * 1000}</{concept}>'
    return (
        '<?xml version="1.0" encoding="utf-8"?><xbrl xmlns="http://www.xbrl.org/2003/instance" '
        'xmlns:xbrldi="http://xbrl.org/2006/xbrldi" xmlns:iso4217="http://www.xbrl.org/2003/iso4217" '
        'xmlns:us-gaap="http://fasb.org/us-gaap/2020-01-31" xmlns:srt="http://fasb.org/srt/2020-01-31" '
        'xmlns:ifrs-full="http://xbrl.ifrs.org/taxonomy/2024-03-27/ifrs-full" '
        'xmlns:country="http://xbrl.sec.gov/country/2020-01-31" xmlns:can="http://can.example/2020">'
        f'{contexts}<unit id="USD"><measure>iso4217:USD</measure></unit>{figures}</xbrl>'
    ).encode()


def submissions(filer: Filer, *filed: tuple[str, str, str, str]) -> bytes:
    """Return EDGAR's list of a company's filings: number, form, day and primary document of each."""
    keys = ("accessionNumber", "form", "filingDate", "primaryDocument")
    table = {key: [row[n] for row in filed] for n, key in enumerate(keys)}
    marks = dict.fromkeys(("isXBRL", "isInlineXBRL"), [1] * len(filed))
    return json.dumps({"cik": str(filer.cik), "filings": {"recent": table | marks, "files": []}}).encode()


CANAAN_2020: Facts = (("country:CN", 2020, 600), ("can:OverseasMember", 2020, 400), ("", 2020, 1000))
CANAAN_2021: Facts = (  # recasts 2020
    *(("country:CN", 2020, 590), ("can:OverseasMember", 2020, 410), ("", 2020, 1000)),
    *(("country:CN", 2021, 700), ("can:OverseasMember", 2021, 500), ("", 2021, 1200)),
)


@functools.cache
def payloads() -> Mapping[str, Mapping[str, bytes]]:
    """Return what each source that has a web interface answers, by address, in the order of asking."""
    shares = rows_of("cbeci-countries")
    pages = list(days())
    found = {
        "cbeci": {
            HASHRATES: chart(shares, "hashrate"),
            MAP: (SAVED / "cbeci" / "mining_map_countries.json").read_bytes(),
            CHINA: chart(rows_of("cbeci-china-provinces")),
            STATES: chart(rows_of("cbeci-us-states")),
            SHARES: chart(shares),
        },
        "mempool": {MEMPOOL: mempool(days())},
        "blockchain": {BLOCKCHAIN: blockchain(days())},
        "coinmetrics": {
            coinmetrics.URL: coin_page(pages[:40], NEXT_PAGE),
            NEXT_PAGE: coin_page(pages[40:]),
        },
    }
    return found | {f"edgar-{filer.slug}": dict(_filed(filer)) for filer in FILERS}


def _filed(filer: Filer) -> Iterator[tuple[str, bytes]]:
    """Yield a filer's list and filings; those of a 40-F are found through the listing of their folder."""
    listed = f"https://data.sec.gov/submissions/CIK{filer.cik:010d}.json"
    first, year = "0001193125-21-123558", "2021-04-21"
    if filer.slug == "canaan":
        second = (RECAST, "20-F", "2022-04-19", "can-20211231x20f.htm")
        yield listed, submissions(filer, second, (first, "20-F", year, "can-20201231x20f.htm"))
        yield folder_of(filer, RECAST) + "can-20211231x20f_htm.xml", instance(filer, CANAAN_2021)
        yield folder_of(filer, first) + "can-20201231x20f_htm.xml", instance(filer, CANAAN_2020)
        return
    facts: Facts = (("country:US", 2020, 600), ("country:CA", 2020, 400), ("", 2020, 1000))
    if filer.slug in ("hive", "bitfarms"):
        yield listed, submissions(filer, (first, "40-F", year, "report40f.htm"))
        items = [{"name": name} for name in ("report40f.htm", "annual-20201231_htm.xml")]
        yield folder_of(filer, first) + "index.json", json.dumps({"directory": {"item": items}}).encode()
        axis = "ifrs-full:GeographicalAreasAxis"
        yield folder_of(filer, first) + "annual-20201231_htm.xml", instance(filer, facts, axis)
        return
    yield listed, submissions(filer, (first, "20-F", year, "annual-20201231.htm"))
    yield folder_of(filer, first) + "annual-20201231_htm.xml", instance(filer, facts)


def folder_of(filer: Filer, accession: str) -> str:
    """Return the address of a filing's folder."""
    return f"https://www.sec.gov/Archives/edgar/data/{filer.cik}/{accession.replace('-', '')}/"


def play(server: SourceServer, others: Mapping[str, bytes | Handler] | None = None) -> None:
    """Route every source with sound payloads and validators; `others` stand in for some, by address."""
    for urls in payloads().values():
        for url, content in urls.items():
            server.route(url, stamped(content))
    for url, answer in (others or {}).items():
        server.route(url, answer if callable(answer) else stamped(answer))


def stamped(content: bytes) -> Handler:
    """Answer with a body and its own ETag, and with 304 to who has it."""
    return validated(content, etag=f'"{hashlib.sha256(content).hexdigest()[:16]}"')


class _Clock:
    """A clock on which waiting takes no time; what really takes time, takes it."""

    def __init__(self) -> None:
        self.slept = 0.0

    def now(self) -> float:
        return time.monotonic() + self.slept

    def sleep(self, wait: float) -> None:
        self.slept += wait


def hurry(monkeypatch: pytest.MonkeyPatch, **limits: Any) -> _Clock:
    """Let updates of this process wait for no host's turn, and give up soon."""
    clock = _Clock()
    own = {"connect": 5.0, "read": 20.0, "total": 60.0, "size": 2**21, "tries": 2, "backoff": 0.0} | limits
    monkeypatch.setattr(manners, "LIMITS", manners.Limits(**own))
    monkeypatch.setattr(
        web_session, "Session", functools.partial(web_session.Session, clock=clock.now, sleep=clock.sleep)
    )
    return clock


def on(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    """Let the commands of this process take 9:18 of a day for now."""

    class Then(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Then:
            return cls.fromisoformat(f"{day}T09:18:02").replace(tzinfo=tz)

    monkeypatch.setattr("geotrack.cli.update.datetime", Then)


WEB = [provider.name for provider in PROVIDERS if provider.fetch]
"""Sources that `play` plays."""


def state(folder: Path) -> dict[str, bytes | None]:
    """Return all that a folder holds, folders too: by name, bytes or None."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


@pytest.fixture
def sources_played(source_server: SourceServer, monkeypatch: pytest.MonkeyPatch) -> SourceServer:
    """A server that plays every source soundly, for commands of this process, on 23 November 2026."""
    play(source_server)
    hurry(monkeypatch)
    on(monkeypatch, "2026-11-23")
    monkeypatch.setenv("GEOTRACK_CONTACT", CONTACT)
    monkeypatch.setenv("NO_COLOR", "1")
    return source_server


@pytest.fixture(scope="session")
def up_to_date(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our data after every source's first update, on 23 November 2026; for tests to copy."""
    folder = tmp_path_factory.mktemp("up-to-date") / "data"
    shutil.copytree(ROOT / "data", folder, ignore=shutil.ignore_patterns("*-50m.topojson", "*.py", "raw"))
    with pytest.MonkeyPatch.context() as patch, SourceServer() as server:
        for name, value in server.env().items():
            patch.setenv(name, value)
        play(server)
        hurry(patch)
        when = datetime(2026, 11, 23, 9, 18, 2, tzinfo=UTC)
        options = update.Options(when, manners.agent("0", CONTACT), CONTACT)
        outcomes = list(update.update(folder, PROVIDERS, options, lambda *_: None))
    assert {outcome.status for outcome in outcomes} == {"new", "by hand"}
    return folder


@pytest.fixture
def current(up_to_date: Path, tmp_path: Path) -> Path:
    """A copy of our data after every source's first update."""
    return Path(shutil.copytree(up_to_date, tmp_path / "data"))


def _stamp(day: str | date) -> int:
    return int(datetime.fromisoformat(str(day)).replace(tzinfo=UTC).timestamp())
