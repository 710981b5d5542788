"""mempool.space: the network's hashrate day by day, estimated from the blocks of 24 hours; its monthly means.

The server's code makes one point a day, at midnight UTC, from the number and the difficulty of the blocks of
the 24 hours **before** (0 where there were none, as in January 2009). Points are counted with the day of
their stamp, as the site draws them: a month's mean is that of the 24-hour spans that end in it.
The whole history comes with every request, about 6,500 points; the latest is of the last midnight.
Known limits: a day's estimate scatters by about 8 % (144 blocks a day, found by chance), a
month's mean by 1.5 %.
Terms of use: the site states no licence for its data; the raw bytes are not passed on.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from geotrack.model import File, Get, Provider
from geotrack.sources.network.daily import monthly, objects, points_of
from geotrack.sources.payload import json_of, moment_of

# The reply's shape, 2022-05 (documentation of the server's code); figures in H/s, beyond 2^53, read exactly:
#
#     {"hashrates": [{"timestamp": 1652486400, "avgHashrate": 236499762108771800000}], "difficulty":
#     [{"timestamp": 1652468330, "difficulty": 31251101365711.12, "height": 736249}], "currentHashrate":
#     252033247355212300000, "currentDifficulty": 31251101365711.12}

URL = "https://mempool.space/api/v1/mining/hashrate/all"
SERIES = "network-mempool"


def fetch(get: Get) -> dict[str, File]:
    """Ask for the whole history."""
    return {"hashrate": get(URL)}


def parse(files: Mapping[str, bytes]) -> pd.DataFrame:
    """Return the monthly means of the files' daily points.

    Raises
    ------
    ParseError : another form than expected, or figures that cannot be.
    FetchError : an error or a web page instead of data.
    """
    points = []
    for name, content in files.items():
        given = objects(name, json_of(name, content), "hashrates", ("timestamp", "avgHashrate"))
        cells = ((f"point {i}", p["timestamp"], p["avgHashrate"]) for i, p in enumerate(given, 1))
        points += points_of(name, cells, moment_of, "H/s")
    return monthly(SERIES, points)


PROVIDER = Provider(
    name="mempool",
    group="network",
    title="Hashrate of the Bitcoin network, daily",
    publisher="mempool.space",
    url="https://mempool.space/graphs/mining/hashrate-difficulty",
    licence="none stated",
    note="Monthly means of the daily figures are by geotrack.",
    series=(SERIES,),
    parse=parse,
    fetch=fetch,
    hosts=("mempool.space",),
    per_second=1.0,
    by_hand=f"open {URL} in a browser and save what it shows as a .json file",
)
