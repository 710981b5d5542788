"""The page's words, in one place, and numbers as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

import numpy as np

MOST_DIGITS = 6

ENGLISH: dict[str, object] = {
    "aboutSource": "About this source",
    "atLeast": "at least {value}",
    "atMost": "at most {value}",
    "boundLegend": "lower bound",
    "boundaries": "Boundaries",
    "broken": "The map could not be drawn. It needs a browser of 2023 or later with JavaScript.",
    "changeFirst": "Change since the first",
    "changePrevious": "Change since the previous",
    "citeCopy": "Copy citation",
    "citeFile": "Download citation",
    "copied": "Citation copied",
    "copyArea": "Text to copy",
    "csv": "Download data (CSV)",
    "data": "Data",
    "disputed": "status in dispute",
    "dropped": "Left out, because a longer period that is shown contains it: {periods}.",
    "events": "Events",
    "groups": "Groups in this period",
    "goTo": "Show the period of",
    "help": (
        "Arrow keys walk from region to region, Home and End go to the highest and the lowest value, Escape "
        "leaves the region. The slider below changes the period."
    ),
    "hollow": "Hollow points: at least, or at most.",
    "legend": "Legend",
    "licence": "Licence",
    "loop": "Loop",
    "madeWith": "Made with",
    "madeOf": "{group}: {names}",
    "manyRegions": "{count} regions",
    "map": "Map",
    "mapLabel": "Map",
    "mapped": "On the map",
    "method": "Method and caveats",
    "metric": "What is shown",
    "next": "Next period",
    "noData": "no data",
    "noScript": "This map moves with JavaScript, which is switched off here. One period as a table:",
    "noScriptMore": "The highest 500 are listed; {count} more show with JavaScript.",
    "notAmong": "; not listed by the source: {names}",
    "notAmongMany": "; {count} more are not listed by the source",
    "notExact": "change not known exactly",
    "notGiven": "Not given by the source: {text}",
    "notKnown": "change not known",
    "notListed": "Not listed by the source.",
    "notSplit": "Not split by the source; {name} is one of its regions.",
    "notSplitShort": "not split",
    "notStated": "not stated",
    "notes": "Notes on this period",
    "pause": "Pause",
    "period": "Period",
    "play": "Play",
    "previous": "Previous period",
    "published": "Published",
    "region": "Region",
    "remainder": "Remainder",
    "retrieved": "Retrieved",
    "rounding": "Rounding",
    "showAll": "Show all {count} rows",
    "sinceFirst": "{change} since {period}",
    "sincePrevious": "{change} since {period}",
    "source": "Source",
    "sources": "Sources",
    "speed": "Speed",
    "stated": "Without a place on the map",
    "status": {
        "missing": "no data",
        "reported": "reported",
        "estimated": "estimated",
        "lower bound": "lower bound",
        "derived": "derived",
    },
    "statusWord": "Status",
    "sum": "Sum of the figures",
    "table": "Table",
    "time": "Time",
    "unstated": "Not stated by the source",
    "value": "Value",
    "whole": "Whole",
    "allZero": " (every figure of this period is reported as zero)",
    "writtenAs": "The source writes “{label}”.",
}


def digits_of(values: np.ndarray) -> int:
    """Return how many decimals write every value exactly, at most six.

    Parameters
    ----------
    values : any shape; NaN is left out.
    """
    known = values[np.isfinite(values)]
    for digits in range(MOST_DIGITS):
        scaled = known * 10.0**digits
        # a few of the last bits of a double, no more: a looser bound would round 99,999,999.9
        if np.all(np.abs(scaled - np.rint(scaled)) <= np.maximum(1e-9, 8 * np.spacing(np.abs(scaled)))):
            return digits
    return MOST_DIGITS


def number(value: float, digits: int) -> str:
    """Write a number with so many decimals, half away from zero: 45.95 -> "46.0", 1234.5 -> "1,234.5"."""
    exact = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return f"{exact + 0:,f}".replace("-", "−")


def trimmed(text: str, least: int = 0) -> str:
    """Drop trailing zeros after `least` decimals: "50.0" -> "50", "36.700" with 1 -> "36.7"."""
    whole, dot, fraction = text.partition(".")
    kept = fraction[:least] + fraction[least:].rstrip("0")
    return f"{whole}{dot}{kept}" if kept else whole


def with_unit(text: str, unit: str) -> str:
    """Put a unit after a number: "46.0 %", "66.76 EH/s"."""
    return f"{text} {unit}" if unit else text


def fill(template: str, values: Mapping[str, str]) -> str:
    """Replace {key} by its value; a key that is not there stays, so that a typo is seen."""
    for key, value in values.items():
        template = template.replace("{" + key + "}", value)
    return template
