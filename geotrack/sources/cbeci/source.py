"""Cambridge's mining map (CBECI): hashrate by country, Chinese province and US state.

What is measured: where the addresses are from which miners reach the pools that share data with the Cambridge
Centre for Alternative Finance; a monthly mean. Cadence: irregular; no month after January 2022 was ever seen,
so "no newer month" is a success. Known limits: the chart of countries names ten a month, "Other" among them;
two names are starred for VPN routing; China's zeros of July and August 2021. Terms: CC BY-NC-SA 4.0 as two
third parties read them, not in the publisher's own words: credit CCAF, nothing commercial, no raw bytes here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from geotrack.model import File, Get, Provider
from geotrack.sources.cbeci.figures import (
    COUNTRIES,
    MAP,
    PROVINCES,
    STATES,
    ChartFigure,
    chart,
    sums_of,
    table,
)
from geotrack.sources.cbeci.lists import ROUTES, which
from geotrack.sources.payload import frame_of, json_of, plain, text_of

if TYPE_CHECKING:
    import pandas as pd

# As of 2026-11-23, from the server's own source code and stored replies, not live:
# /charts/mining_countries answers
#   {"data": [{"x": 1567296000000, "y": 0.7553, "name": "Mainland China", "code": "CN"}, and so on;
# /v1.2.0/download/mining_countries (the first two lines):
#   date,country,monthly_hashrate_%,monthly_absolute_hashrate_EH/S
#   2019-09-01,Mainland China,75.53%,66.76

API = "https://ccaf.io/cbeci/api"
UNITS = {"share": "%", "hashrate": "EH/s"}

STAR = "starred by the source: likely inflated by addresses routed through VPN or proxy servers"
CHINA_ZERO = (
    "reported as zero; CCAF speaks of covert mining, so the zero is at least partly a measuring artefact"
)
PROVINCE_ZERO = "reported as zero for all nine rows of this month, at least partly a measuring artefact"
TRUE_ZERO = "a true row of zero in the source"
CSV_ZERO = "zero in the source's CSV, which writes a missing figure as zero too"


def fetch(get: Get) -> dict[str, File]:
    """Ask for the five charts of the mining map; each file is named after its route."""
    return {name: get(f"{API}/charts/{route}") for name, (route, _, _) in ROUTES.items()}


def parse(files: Mapping[str, bytes]) -> pd.DataFrame:
    """Return the rows of charts (JSON) and downloads (CSV), told apart by their content.

    Parameters
    ----------
    files : any of what `fetch` returns, or files saved by hand, under any name.

    Returns
    -------
    DataFrame
        Columns of model.LABELLED_COLUMNS, all text.

    Raises
    ------
    ParseError
        Another header, key, date or number than documented; a month and a name given twice; a chart that
        could be more than one list.
    FetchError
        A web page or the source's error message instead of data.
    """
    return frame_of([row for name, content in files.items() for row in _rows(name, content)])


def _rows(name: str, content: bytes) -> list[dict[str, str]]:
    text = text_of(name, content)
    if text.lstrip()[:1] in ("{", "["):
        figures = chart(name, json_of(name, content))
        series, metric = which(name, figures)
        return _labelled(name, series, [_in_unit(figure, metric) for figure in figures], blind=False)
    form, figures = table(name, text)
    return _labelled(name, form.series, figures, form.blind)


def _in_unit(figure: ChartFigure, metric: str) -> ChartFigure:
    """Return a chart's figure in the series' unit: fractions in percent, exactly."""
    value = figure.value
    if metric == "share":
        sign, digits, exponent = value.as_tuple()
        value = Decimal((sign, digits, int(exponent) + 2))
    return replace(figure, value=value, text=plain(value), metric=metric)


def _labelled(name: str, series: str, figures: Sequence[ChartFigure], blind: bool) -> list[dict[str, str]]:
    rows = Counter(figure.start for figure in figures)
    dark = {month for month, total in sums_of(figures).items() if not total and rows[month] == 9}
    return [
        {
            "series": series,
            "label": figure.label,
            "lookup": figure.code if series == MAP else "",
            "start": figure.start,
            "end": figure.end,
            "metric": figure.metric,
            "value": figure.text,
            "unit": UNITS[figure.metric],
            "status": "reported",
            "note": "; ".join(_notes(series, figure, figure.start in dark, blind)),
            "file": name,
        }
        for figure in figures
    ]


def _notes(series: str, figure: ChartFigure, dark: bool, blind: bool) -> Iterator[str]:
    """Give the caveats on a figure: its star, and what its zero means or may mean."""
    if figure.label.endswith("*"):
        yield STAR
    if figure.value:
        return
    name, month = figure.label, figure.start[:7]
    if name in ("Mainland China", "China") and month in ("2021-07", "2021-08"):
        yield CHINA_ZERO
    elif name in ("Ireland", "Ireland *") and month <= "2020-05":
        yield TRUE_ZERO
    elif series == PROVINCES and dark and month == "2021-07":
        yield PROVINCE_ZERO
    elif blind:
        yield CSV_ZERO


PROVIDER = Provider(
    name="cbeci",
    group="cbeci",
    title="Cambridge Bitcoin Electricity Consumption Index, Bitcoin Mining Map",
    publisher="Cambridge Centre for Alternative Finance (CCAF)",
    url="https://ccaf.io/cbnsi/cbeci/mining_map",
    licence="CC BY-NC-SA 4.0",
    licence_url="https://creativecommons.org/licenses/by-nc-sa/4.0/",
    note="The licence was read in two third-party readings of the site's terms; the publisher's own terms "
    "page was not read. Credit CCAF on every map; non-commercial, share-alike.",
    series=(COUNTRIES, MAP, PROVINCES, STATES),
    parse=parse,
    fetch=fetch,
    hosts=("ccaf.io",),
    per_second=1.0,
    by_hand=f"open {API}/v1.2.0/download/mining_countries in a browser, which saves a CSV named export.csv "
    f"(provinces and states: {API}/v1.2.0/download/mining_provinces/cn and .../us); then give that file "
    "with --from",
)
