"""Columns of figures whose names hold a metric and a year: "Sales 2019", "gdp2019", "Umsatz 2019 (EUR)"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from geotrack.language import timewords
from geotrack.usertables.periods.names import may_be_the_period
from geotrack.usertables.periods.texts import OF_PRICES, is_of_time, is_period
from geotrack.usertables.table import UserTable
from geotrack.usertables.words.names import called
from geotrack.usertables.words.years import YEAR

_PERIOD = rf"(?P<p>(?:Q[1-4][ _-]?)?{YEAR}|{YEAR}[ _-]?Q[1-4]|{YEAR}-(?:0[1-9]|1[0-2]))"
_FORMS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<m>[^\d()\[\]]*[^\W\d_])[ _.:,-]*{_PERIOD}(?P<unit> ?[(\[][^()\[\]]+[)\]])?",
        rf"(?P<m>[^\d()\[\]]*[^\W\d_])(?P<unit> ?[(\[][^()\[\]]+[)\]])[ _.:,-]*{_PERIOD}",
        rf"{_PERIOD}[ _.:,-]+(?P<m>[^\W\d_][^\d()\[\]]*)(?P<unit> ?[(\[][^()\[\]]+[)\]])?",
    )
)
_OTHERWISE = re.compile(
    r"\b(?:ytd|as|at|base|basis|fy|fiscal|financial|real|ppp|edition|version|revision|rev|nuts|isco|"
    rf"months?|years?|until|since|through)\b|{OF_PRICES}",
    re.IGNORECASE,
)
"""Words with which a year may be another than that of the figures: of prices, of a list's edition."""


def pairs(table: UserTable) -> Mapping[str, tuple[str, str]]:
    """Return column -> its metric and its period; none if the table has its periods elsewhere."""
    names = table.columns
    if any(map(is_period, names)) or any(called("period", names)) or any(called("start", names)):
        return {}
    if any(timewords.field(name) for name in names):
        return {}
    found = {name: pair for name in names if (pair := _parted(name)) and table.has_figures(name)}
    others = [name for name in names if name not in found and may_be_the_period(name)]
    return {} if found and any(table.holds(name, is_period) for name in others) else found


def _parted(name: str) -> tuple[str, str] | None:
    """Return the metric and the period of a name; None if it has not both."""
    found = next((found for form in _FORMS if (found := form.fullmatch(name.strip()))), None)
    if not found:
        return None
    metric = found["m"].strip(" _.:,-")
    words = re.split(r"[\W_]+", metric)
    if _OTHERWISE.search(name) or any(is_of_time(word) for word in words if word):
        return None
    return f"{metric}{' ' if found['unit'] else ''}{(found['unit'] or '').strip()}", found["p"].replace(
        "_", "-"
    )
