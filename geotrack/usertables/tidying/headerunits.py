"""Names of columns that say more than their period: "2021 (USD m)", "% 2021", "2021 Flag"."""

from __future__ import annotations

import re

from geotrack.usertables.cells import Raw
from geotrack.usertables.figures.unittexts import spelled, unit_of
from geotrack.usertables.periods.texts import is_period
from geotrack.usertables.words.names import NAMES, key_of
from geotrack.usertables.words.periodmarks import is_flag
from geotrack.usertables.words.years import YEAR
from geotrack.usertables.words.yearwords import in_lines

_YEAR = rf"{YEAR}(?:[-/ ]?(?:Q[1-4]|H[12]|\d\d))?"
_FORMS = (
    re.compile(rf"(?P<period>{_YEAR})\s*[(\[](?P<unit>[^()\[\]]+)[)\]]"),
    re.compile(rf"(?P<period>{_YEAR})(?:,\s*|\s+(?:in )?)(?P<unit>[^\d\s].*)"),
    re.compile(rf"(?P<unit>[^\d]*[^\d\s])\s+(?P<period>{_YEAR})"),
)


def without_units(raw: Raw) -> Raw:
    """Take the unit off names of periods where all of them have it: "2021 (USD m)", "2022 (USD m)"."""
    found = {n: parts for n, name in enumerate(raw.header) if (parts := _parted(name.strip()))}
    units = {unit for _, unit in found.values()}
    periods = [period for period, _ in found.values()]
    others = (name for n, name in enumerate(raw.header) if n not in found)
    if len(units) != 1 or len({*periods}) < len(periods) or any(map(is_period, others)):
        return raw
    header = [found[n][0] if n in found else name for n, name in enumerate(raw.header)]
    if in_lines((text, "") for text in units):  # "2021 (as at 30 June)"
        return raw._replace(header=header, titles=(*raw.titles, *units))
    unit = spelled(units.pop(), *raw.titles)
    told = f"the unit {unit!r} stands in the names of {len(found)} column{'s' if len(found) > 1 else ''}"
    shown = {**raw.shown, **dict.fromkeys(found, (unit,))}
    return raw._replace(header=header, how=(*raw.how, told), shown=shown)


def without_one_metric(raw: Raw) -> Raw:
    """Take the metric off names that all have it, "Value / 2021", and say it above the table."""
    parts = {n: name.rpartition(" / ") for n, name in enumerate(raw.header)}
    found = {n: (metric, period) for n, (metric, _, period) in parts.items() if metric and is_period(period)}
    metrics = {metric for metric, _ in found.values()}
    periods = {period for _, period in found.values()}
    if len(metrics) != 1 or len(periods) < len(found) or any(map(is_period, raw.header)):
        return raw
    header = [found[n][1] if n in found else name for n, name in enumerate(raw.header)]
    return raw._replace(header=header, titles=(*raw.titles, *metrics))


def _parted(name: str) -> tuple[str, str] | None:
    """Return the period and the unit of a name; None if it has not both."""
    if " / " in name:  # metric and period, of two rows
        return None
    found = next((found for form in _FORMS if (found := form.fullmatch(name))), None)
    unit = unit_of(found["unit"]) if found and len(name) <= 60 else ""
    if found and not is_period(name) and in_lines([(found["unit"], "")]):
        return found["period"], found["unit"]
    letter = re.fullmatch(r"[^\W\d_]", unit)
    if letter and (not name.endswith((")", "]")) or is_flag(unit)):
        return None  # 2021 m: it may be men; (e) is an estimate
    return (found["period"], unit) if found and unit and is_period(found["period"]) else None


def is_flags_of(name: str, left: str, all_names: list[str]) -> bool:
    """Tell a column of flags of the period on its left: "2021 Flag" beside "2021", or "Flag" beside each."""
    words, period = name.strip(), left.rpartition(" / ")[2].strip()
    if not is_period(period) or not words:
        return False
    bare = words.replace(period, "").strip(" /_-–:,.()[]")
    repeated = sum(each.strip() == words for each in all_names) > 1
    return key_of(bare) in NAMES["status"] and (bare != words or repeated)
