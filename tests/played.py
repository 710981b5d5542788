"""Sound answers of every source, for tests that play them: our own figures, else synthetic ones."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from sourceserver import SourceServer, validated

ROOT = Path(__file__).parents[1]
Rows = list[dict[str, str]]

CBECI = "https://ccaf.io/cbeci/api/charts/"
MEMPOOL = "https://mempool.space/api/v1/mining/hashrate/all"
BLOCKCHAIN = "https://api.blockchain.info/charts/hash-rate"
COINMETRICS = "https://community-api.coinmetrics.io/v4/timeseries/asset-metrics"
SUBMISSIONS = "https://data.sec.gov/submissions/CIK0001780652.json"
ARCHIVES = "https://www.sec.gov/Archives/edgar/data/1780652/"
FY2020, FY2021 = "0001193125-21-123558", "0001193125-22-111111"  # the second one is synthetic

MAP = {  # synthetic, but for China, the United States and Canada
    "Mainland China": ("CN", "0.2111"), "United States": ("US", "0.3784"), "Canada": ("CA", "0.0648"),
    "Kazakhstan": ("KZ", "0.1322"), "Russian Federation": ("RU", "0.0466"), "Germany *": ("DE", "0.0306"),
    "Ireland *": ("IE", "0.0197"), "Malaysia": ("MY", "0.0251"), "Iran, Islamic Rep.": ("IR", "0.0012"),
    "Norway": ("NO", "0.0074"), "Sweden": ("SE", "0.0084"), "Thailand": ("TH", "0.0096"),
    "Namibia": ("NA", "0.0001"),
}  # fmt: skip


def observed(series: str) -> Rows:
    """The rows of a series of the project."""
    with (ROOT / "data" / "observations" / f"{series}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def chart(rows: Rows, whole: int = 100) -> bytes:
    """CBECI's JSON of some figures."""
    records = [
        {"x": milliseconds(row["start"]), "y": f"@{Decimal(row['value']) / whole}@", "name": row["label"]}
        for row in rows
    ]
    return json.dumps({"data": records}).replace('"@', "").replace('@"', "").encode()


def milliseconds(day: str) -> int:
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000)


def cbeci(change: Callable[[Rows], Rows] = lambda rows: rows) -> dict[str, bytes]:
    """CBECI's answers by address; `change` is applied to the countries' shares."""
    countries = observed("cbeci-countries")
    shares = change([row for row in countries if row["metric"] == "share"])
    world = [
        {"x": milliseconds("2022-01-01"), "y": float(y), "name": name, "code": code}
        for name, (code, y) in MAP.items()
    ]
    return {
        f"{CBECI}mining_countries": chart(shares),
        f"{CBECI}absolute_mining_countries": chart([r for r in countries if r["metric"] == "hashrate"], 1),
        f"{CBECI}mining_map_countries": json.dumps({"data": world}).encode(),
        f"{CBECI}mining_map_provinces/cn": chart(observed("cbeci-china-provinces")),
        f"{CBECI}mining_map_provinces/us": chart(
            [r for r in observed("cbeci-us-states") if r["status"] == "reported"]
        ),
    }


def days(first: str, count: int) -> list[datetime]:
    start = date.fromisoformat(first)
    return [datetime.combine(start + timedelta(n), datetime.min.time(), UTC) for n in range(count)]


def mempool(first: str = "2026-08-01", count: int = 70, exahash: int = 1000) -> bytes:
    """Synthetic: the same hashrate each day."""
    points = [
        {"timestamp": int(day.timestamp()), "avgHashrate": exahash * 10**18} for day in days(first, count)
    ]
    return json.dumps({"hashrates": points, "difficulty": []}).encode()


def blockchain(first: str = "2026-08-01", count: int = 70, exahash: int = 1000) -> bytes:
    """Synthetic: the same hashrate each day, in TH/s."""
    points = [{"x": int(day.timestamp()), "y": exahash * 10**6} for day in days(first, count)]
    return json.dumps({"status": "ok", "unit": "Hash Rate TH/s", "period": "day", "values": points}).encode()


def coinmetrics(
    server: SourceServer, first: str = "2026-08-01", count: int = 70, exahash: int = 1000
) -> None:
    """Synthetic: two pages."""
    every = days(first, count)
    further = f"{COINMETRICS}?page=2"
    for address, part, after in ((COINMETRICS, every[:40], further), (further, every[40:], "")):
        rows = [
            {"asset": "btc", "time": f"{d:%Y-%m-%dT%H:%M:%S}.000000000Z", "HashRate": str(exahash * 10**6)}
            for d in part
        ]
        server.route(address, sends_tagged({"data": rows} | ({"next_page_url": after} if after else {})))


def sends_tagged(table: object) -> Callable[..., None]:
    content = json.dumps(table).encode()
    return validated(content, etag=tag(content))


def tag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:8]}"'


def instance(china: int, overseas: int, year: int = 2020, member: str = "can:OverseasMember") -> bytes:
    """A synthetic filing of Canaan in the shape of an XBRL instance; amounts in dollars."""
    places = {"a": "country:CN", "b": member, "c": ""}
    axis = "srt:StatementGeographicalAxis"
    contexts = "".join(
        f'<context id="{id}"><entity><identifier scheme="http://www.sec.gov/CIK">0001780652</identifier>'
        + (f'<segment><xbrldi:explicitMember dimension="{axis}">{place}</xbrldi:explicitMember></segment>'
           if place else "")
        + f"</entity><period><startDate>{year}-01-01</startDate><endDate>{year}-12-31</endDate></period>"
        + "</context>"
        for id, place in places.items()
    )  # fmt: skip
    amounts = {"a": china, "b": overseas, "c": china + overseas}
    facts = "".join(
        f'<us-gaap:Revenues contextRef="{id}" unitRef="USD" decimals="-3">{amount}</us-gaap:Revenues>'
        for id, amount in amounts.items()
    )
    head = (
        '<?xml version="1.0" encoding="utf-8"?><xbrl xmlns="http://www.xbrl.org/2003/instance" '
        'xmlns:xbrldi="http://xbrl.org/2006/xbrldi" xmlns:iso4217="http://www.xbrl.org/2003/iso4217" '
        'xmlns:us-gaap="http://fasb.org/us-gaap/2020-01-31" xmlns:srt="http://fasb.org/srt/2020-01-31" '
        'xmlns:country="http://xbrl.sec.gov/country/2020-01-31" xmlns:can="http://can.example/2020">'
    )
    unit = '<unit id="USD"><measure>iso4217:USD</measure></unit>'
    return f"{head}{contexts}{unit}{facts}</xbrl>".encode()


def submissions(filed: Mapping[str, str]) -> bytes:
    """EDGAR's list of Canaan's filings: accession number -> day of filing."""
    recent = {
        "accessionNumber": list(filed),
        "filingDate": list(filed.values()),
        "form": ["20-F"] * len(filed),
        "primaryDocument": ["can-20201231.htm"] * len(filed),
        "isXBRL": [1] * len(filed),
        "isInlineXBRL": [1] * len(filed),
    }
    return json.dumps({"cik": "1780652", "filings": {"recent": recent, "files": []}}).encode()


def filing(accession: str) -> str:
    """The address of a filing's instance."""
    return f"{ARCHIVES}{accession.replace('-', '')}/can-20201231_htm.xml"


def play(server: SourceServer) -> None:
    """Route every source that scripts may ask, with validators."""
    answers = {
        **cbeci(),
        MEMPOOL: mempool(),
        BLOCKCHAIN: blockchain(),
        SUBMISSIONS: submissions({FY2020: "2021-04-21"}),
        filing(FY2020): instance(600_000, 400_000),
    }
    for address, content in answers.items():
        server.route(address, validated(content, etag=tag(content)))
    coinmetrics(server)
