"""Coin Metrics, community data: the network's hashrate day by day, in TH/s; monthly means of it.

The figure of a day is implied by its blocks: their number over 144, times their mean difficulty, times 2^32
hashes in 600 seconds. It comes page by page, each naming the next; values are texts, times have nanoseconds.
Known limits: a day's figure scatters by about 8 % (144 blocks a day, found by chance), a month's mean by
1.5 %. A day without a figure is null.
Terms of use: CC BY-NC 4.0 (non-commercial, with credit); about 10 requests in 6 seconds, no key.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from geotrack.errors import FetchError
from geotrack.model import File, Get, Provider
from geotrack.sources.network.daily import instant, monthly, objects, points_of, refuse, shown
from geotrack.sources.payload import json_of

# The reply's shape (the API's description, 2026; the value is a placeholder there too), in TH/s:
#
#     {"data": [{"asset": "btc", "time": "2020-02-29T00:00:00.000000000Z", "HashRate": "..."}],
#     "next_page_token": "...", "next_page_url": "https://community-api.coinmetrics.io/v4/..."}

HOME = "https://community-api.coinmetrics.io/"
URL = (
    f"{HOME}v4/timeseries/asset-metrics"
    "?assets=btc&metrics=HashRate&frequency=1d&start_time=2019-09-01&page_size=10000"
)
SERIES = "network-coinmetrics"
METRIC = "HashRate"
MOST_PAGES = 40
"""One page holds 27 years of days; more pages than this are a loop."""


def fetch(get: Get) -> dict[str, File]:
    """Ask for the daily points since September 2019, page by page: hashrate-1, hashrate-2, ...

    Raises
    ------
    FetchError : pages that never end, or lead elsewhere.
    """
    files: dict[str, File] = {}
    asked: list[str] = []
    url = URL
    while url:
        if url in asked:
            raise FetchError(
                f"coinmetrics: page {len(asked)} leads back to page {asked.index(url) + 1}, a loop; "
                "expected pages that end; nothing was read, try again later"
            )
        if len(asked) == MOST_PAGES:
            raise FetchError(
                f"coinmetrics: {MOST_PAGES} pages and no end; expected one or two; nothing was read"
            )
        asked.append(url)
        name = f"hashrate-{len(asked)}"
        files[name] = get(url)
        url = _next(name, files[name].content)
    return files


def parse(files: Mapping[str, bytes]) -> pd.DataFrame:
    """Return the monthly means of the daily points of all pages; a day whose figure is null was not observed.

    Raises
    ------
    ParseError : another form or asset than expected, or figures that cannot be.
    FetchError : an error or a web page instead of data.
    """
    points = []
    for name, content in files.items():
        given = objects(name, json_of(name, content), "data", ("asset", "time", METRIC))
        if bad := [f"point {i}: {shown(p['asset'])}" for i, p in enumerate(given, 1) if p["asset"] != "btc"]:
            refuse(name, bad, "the asset btc in every point")
        cells = [
            (f"point {i}", p["time"], p[METRIC]) for i, p in enumerate(given, 1) if p[METRIC] is not None
        ]
        points += points_of(name, cells, instant, "TH/s")
    return monthly(SERIES, points)


def _next(name: str, content: bytes) -> str:
    read = json_of(name, content)
    url = read.get("next_page_url") if isinstance(read, dict) else None
    if url and not str(url).startswith(HOME):
        raise FetchError(
            f"{name}: the next page is at {shown(url)}; expected one that begins with {HOME}; not followed"
        )
    return str(url or "")


PROVIDER = Provider(
    name="coinmetrics",
    group="network",
    title="Community data, HashRate, daily",
    publisher="Coin Metrics",
    url="https://docs.coinmetrics.io/network-data/network-data-overview/mining/hash-rate",
    licence="CC BY-NC 4.0",
    licence_url="https://creativecommons.org/licenses/by-nc/4.0/",
    note="Non-commercial use only. Monthly means of the daily figures are by geotrack.",
    series=(SERIES,),
    parse=parse,
    fetch=fetch,
    hosts=("community-api.coinmetrics.io",),
    open=True,
    per_second=1.0,
    by_hand=f"open {URL} in a browser and save what it shows as a .json file",
)
