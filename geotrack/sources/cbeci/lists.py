"""The list that a CBECI chart holds: ten names or every country, provinces or states, fractions or EH/s.

It is read from the content, whatever the file is called:

- names of Chinese provinces or of US states tell these lists;
- figures that add up to at most 1.05 in every month are fractions, above it EH/s (the network has been above
  50 EH/s ever since the map begins);
- a list with "Other" and at most ten names a month is the ten-name list; more than ten names and a code are
  the map's list of every country.

Where that leaves a doubt, the file's name decides if it is a route's; where both speak, they must agree.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from geotrack.errors import ParseError, first_few
from geotrack.sources.cbeci.figures import COUNTRIES, MAP, PROVINCES, STATES, ChartFigure, sums_of

ROUTES = {  # name of the file -> route, series, metric; a name that holds another comes first
    "absolute_mining_countries": ("absolute_mining_countries", COUNTRIES, "hashrate"),
    "mining_map_countries": ("mining_map_countries", MAP, "share"),
    "mining_map_provinces_cn": ("mining_map_provinces/cn", PROVINCES, "share"),
    "mining_map_provinces_us": ("mining_map_provinces/us", STATES, "share"),
    "mining_countries": ("mining_countries", COUNTRIES, "share"),
}
MOST_OF_A_SHARE = Decimal("1.05")  # what a month's fractions may add up to

NAMES_OF_PROVINCES = (
    "Anhui, Beijing, Chongqing, Fujian, Gansu, Guangdong, Guangxi, Guizhou, Hainan, Hebei, Heilongjiang, "
    "Henan, Hubei, Hunan, Inner Mongolia, Jiangsu, Jiangxi, Jilin, Liaoning, Nei Mongol, Ningxia, Ningxia "
    "Hui, Qinghai, Shaanxi, Shandong, Shanghai, Shanxi, Sichuan, Tianjin, Tibet, Xinjiang, Xinjiang "
    "Uygur, Xizang, Yunnan, Zhejiang"
)
NAMES_OF_STATES = (
    "Alabama, Alaska, Arizona, Arkansas, California, Colorado, Connecticut, Delaware, District of "
    "Columbia, Florida, Hawaii, Idaho, Illinois, Indiana, Iowa, Kansas, Kentucky, Louisiana, Maine, "
    "Maryland, Massachusetts, Michigan, Minnesota, Mississippi, Missouri, Montana, Nebraska, Nevada, New "
    "Hampshire, New Jersey, New Mexico, New York, North Carolina, North Dakota, Ohio, Oklahoma, Oregon, "
    "Pennsylvania, Rhode Island, South Carolina, South Dakota, Tennessee, Texas, Utah, Vermont, Virginia, "
    "Washington, West Virginia, Wisconsin, Wyoming"
)
PLACES = {PROVINCES: NAMES_OF_PROVINCES, STATES: NAMES_OF_STATES}
AMBIGUOUS = {"Georgia", "Other"}  # Georgia is a state and a country


def which(name: str, figures: Sequence[ChartFigure]) -> tuple[str, str]:
    """Return a chart's series and metric: by content, by the file's name where that leaves a doubt.

    Raises
    ------
    ParseError
        Nothing tells, or the name says another list than the content, or figures of two units in one file.
    """
    slug = re.sub(r"[^a-z]+", "_", name.casefold())
    named = next((route for route in ROUTES if route in slug), "")
    lists, unit = _sniff(name, figures, named)
    could_be = [route for route, (_, s, m) in ROUTES.items() if s in lists and unit in ("", m)]
    routes = ", ".join(sorted(ROUTES))
    if named and named not in could_be:
        raise ParseError(
            f"{name}: named after the route {named}, but holds figures of {' or '.join(could_be)}; "
            f"rename the file to the route it came from ({routes}), or see what the source has changed"
        )
    if not named and len(could_be) != 1:
        raise ParseError(
            f"{name}: cannot tell which chart this is: it could be {' or '.join(could_be)}; "
            f"rename the file to the route it came from: {routes}"
        )
    _, series, metric = ROUTES[named or could_be[0]]
    if metric == "share":
        _refuse_above_one(name, figures)
    return series, metric


def _sniff(name: str, figures: Sequence[ChartFigure], named: str) -> tuple[set[str], str]:
    """Return which series the content may be, and of which metric; "" where nothing tells."""
    labels = {figure.label for figure in figures}
    places = [series for series, known in PLACES.items() if not labels.isdisjoint(known.split(", "))]
    if len(places) > 1:
        raise ParseError(
            f"{name}: names of Chinese provinces and of US states; expected one of them; ask for /cn or /us"
        )
    if places:
        return {places[0]}, "share"
    metric = _metric(name, figures, named)
    if metric == "hashrate":
        return {COUNTRIES}, metric
    if labels <= AMBIGUOUS:
        return {COUNTRIES, MAP, *PLACES}, metric
    return _lists(figures), metric


def _metric(name: str, figures: Sequence[ChartFigure], named: str) -> str:
    """Return whether figures are fractions ("share") or EH/s ("hashrate"); "" if all are zero."""
    sums = {month: total for month, total in sums_of(figures).items() if total}
    large = [month for month, total in sums.items() if total > MOST_OF_A_SHARE]
    if large and len(large) < len(sums):
        small = next(month for month in sums if month not in large)
        raise ParseError(
            f"{name}: y adds up to {sums[small]} in {small[:7]} but to {sums[large[0]]} in {large[0][:7]}; "
            "expected fractions (1 a month) or EH/s in every month; the unit has changed within the file"
        )
    if large and "absolute" not in named and all(99 <= total <= 101 for total in sums.values()):
        raise ParseError(
            f"{name}: y adds up to about 100 in every month, like percents; expected fractions (1 a month) "
            "or EH/s; if these are EH/s, rename the file to absolute_mining_countries"
        )
    return ("hashrate" if large else "share") if sums else ""


def _lists(figures: Sequence[ChartFigure]) -> set[str]:
    """Return which of the two lists of countries it may be, by its length."""
    longest = max(Counter(figure.start for figure in figures).values())
    if longest > 10 and any(figure.code for figure in figures):
        return {MAP}
    return {COUNTRIES} if longest <= 10 and any(f.label == "Other" for f in figures) else {COUNTRIES, MAP}


def _refuse_above_one(name: str, figures: Sequence[ChartFigure]) -> None:
    above = [f"{f.where}: {f.label} {f.start[:7]} is {f.value}" for f in figures if f.value > 1]
    if above:
        raise ParseError(
            f"{name}: {first_few(above)}; expected fractions from 0 to 1; the source's unit has changed"
        )
