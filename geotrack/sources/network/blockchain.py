"""Blockchain.com: the hashrate chart, day by day, in TH/s; monthly means of it.

Three shapes are read: the chart API's reply (seconds since 1970), the file that the site's own page exports
(milliseconds, several charts in one file), and CSV. Seconds and milliseconds are told apart by their size.
Known limits: long spans are thinned to about one point in four days unless the request says sampled=false;
the notes of a thinned series' months say so. The site smooths over 7 days by default: a file that states such
an average is refused, as it is another measure (it lags by up to 6 % when the hashrate moves). The API's
reply and CSV do not state theirs, so a file saved by hand must be asked for with rollingAverage=24hours.
Terms of use: the site's terms were not read; the raw bytes are not passed on.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import pandas as pd

from geotrack.errors import ParseError
from geotrack.model import File, Get, Provider
from geotrack.sources.network.daily import Cell, Point, instant, monthly, objects, points_of, refuse, shown
from geotrack.sources.payload import decimal_of, json_of, moment_of, text_of

# The API's reply (an API description of 2026; its sample holds placeholders): x in seconds, y in TH/s:
#
#     {"status": "ok", "name": "...", "unit": "...", "period": "...", "description": "...",
#     "values": [{"x": <integer>, "y": <number>}]}
#
# The site's export, 2026-02-17: milliseconds, TH/s; this one is a 7-day mean, and is refused:
#
#     {"metric1": "hash-rate", "metric2": "market-price", "hash-rate":
#     [{"x": 1771286400000, "y": 1043091726.3586522}], "type": "linear", "average": "7D", "timespan": "all"}
#
# An old CSV export, 2024-04: a byte-order mark, milliseconds, TH/s:
#
#     "x","y"
#     "1682812800000","358383011.4671458"

URL = (
    "https://api.blockchain.info/charts/hash-rate"
    "?timespan=20years&rollingAverage=24hours&start=2019-09-01&format=json&sampled=false"
)
SERIES = "network-blockchain"
CHART = "hash-rate"
DAILY = ("", "1", "1d", "24h", "24hours", "1day", "none", "raw")
"""How an export says that its points are not smoothed over more than a day."""

HEADERS = (("x", "y"), ("timestamp", CHART), ("timestamp", "value"))
MILLISECONDS = 10**11
"""A time from here on is in milliseconds: in seconds it would be the year 5138."""


def fetch(get: Get) -> dict[str, File]:
    """Ask for the daily points since September 2019."""
    return {CHART: get(URL)}


def parse(files: Mapping[str, bytes]) -> pd.DataFrame:
    """Return the monthly means of the files' daily points.

    Raises
    ------
    ParseError : another form, unit or average than expected, or figures that cannot be.
    FetchError : an error or a web page instead of data.
    """
    points: list[Point] = []
    for name, content in files.items():
        text = text_of(name, content)
        cells = _json(name, content) if text.lstrip()[:1] in ("{", "[") else _csv(name, text)
        points += points_of(name, cells, _moments(name, cells), "TH/s")
    return monthly(SERIES, points)


def _json(name: str, content: bytes) -> list[Cell]:
    read: Any = json_of(name, content)
    key = CHART if isinstance(read, dict) and "values" not in read else "values"
    given = objects(name, read, key, ("x", "y"))
    if "TH/s" not in shown(read.get("unit", "TH/s")):
        raise ParseError(f"{name}: unit {shown(read['unit'])}; expected TH/s; is it another chart?")
    average = shown(read.get("average") or "")
    if average.strip("'").replace(" ", "").casefold() not in DAILY:
        raise ParseError(
            f"{name}: average {average}; expected daily figures; a mean over more days is another measure: "
            "choose the raw values on the site and export again"
        )
    return [(f"point {i}", point["x"], point["y"]) for i, point in enumerate(given, 1)]


def _csv(name: str, text: str) -> list[Cell]:
    try:
        rows = [(number, row) for number, row in enumerate(csv.reader(text.splitlines()), 1) if row]
    except csv.Error as error:
        raise ParseError(f"{name}: no CSV: {error}; expected two columns, a time and TH/s") from error
    if rows and _time(rows[0][1][0]) is None:  # the API's own CSV has no header
        _, header = rows.pop(0)
        if tuple(cell.strip().casefold() for cell in header) not in HEADERS:
            known = " or ".join(",".join(one) for one in HEADERS)
            found = shown(",".join(header))
            raise ParseError(f"{name}: header {found}; expected {known}; is it another chart?")
    if bad := [f"row {number}: columns: {len(row)}" for number, row in rows if len(row) != 2]:
        refuse(name, bad, "two columns in every row, a time and TH/s")
    return [(f"row {number}", time.strip(), value.strip()) for number, (time, value) in rows]


def _moments(name: str, cells: list[Cell]) -> Callable[[object], datetime | None]:
    """Return what reads the times of a file, all of them in seconds or all in milliseconds."""
    times = [(where, number) for where, time, _ in cells if (number := decimal_of(time)) is not None]
    sizes = {number >= MILLISECONDS: f"{where} has {shown(number)}" for where, number in reversed(times)}
    if len(sizes) > 1:
        told = " and ".join(sizes.values())
        raise ParseError(f"{name}: times in seconds and in milliseconds: {told}; expected one of them")
    return lambda time: _time(time, 1000 if True in sizes else 1)


def _time(time: object, per_second: int = 1) -> datetime | None:
    number = decimal_of(time)
    if number is None:
        return instant(time)
    return moment_of(number / Decimal(per_second))


PROVIDER = Provider(
    name="blockchain",
    group="network",
    title="Hash rate, daily",
    publisher="Blockchain.com",
    url="https://www.blockchain.com/explorer/charts/hash-rate",
    licence="none stated",
    note="The site's terms were not read. Monthly means of the daily figures are by geotrack.",
    series=(SERIES,),
    parse=parse,
    fetch=fetch,
    hosts=("api.blockchain.info",),
    per_second=1.0,
    by_hand=f"open {URL} in a browser and save what it shows as a .json file",
)
