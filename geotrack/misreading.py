"""A misreading: figures that are all a power of ten off, as when a unit is not the one that was taken."""

from __future__ import annotations

import math
import re

import numpy as np
import pandas as pd

from geotrack.store.revision import Span, when

SLACK = 0.02  # a wrong unit is a power of ten to the digit; revisions beside it blur it a little
LEAST_POWER = 2  # 10 times may be a market's growth; 100 (percent) and 1000 (a prefix) are units
FEWEST = 3  # cells that a median needs to speak of all
HINT_SLACK = 0.5  # for one cell a hint, no verdict: between two periods it moves by itself as well

PREFIXES = ("", "k", "M", "G", "T", "P", "E", "Z")
WORDS = ("", " thousand", " million", " billion")


def of_cells(revised: pd.DataFrame, merged: pd.DataFrame, added: pd.DataFrame) -> tuple[str, int, str] | None:
    """Find one power of ten between what figures are and were: in all that changes, or in one period.

    Parameters
    ----------
    revised, merged, added : rows of one metric, with `number`, the revised ones with `ratio` (new by old).

    Returns
    -------
    (period in words, "" if all, the power, what was found), or None.
    """
    rows = revised[revised["ratio"].notna()]
    still = _still(rows, merged, added)
    groups = [("", rows["ratio"], sum(still.values()))]
    for span, part in rows.groupby(["start", "end"])["ratio"]:
        groups.append((when(*span), part, still[span]))
    for label, ratios, others in groups:
        if len(ratios) + others >= FEWEST:
            found = power(float(np.median(np.concatenate([ratios, np.ones(others)]))))
            if found:
                return label, found, f"{len(ratios)} known figures are now {_times(found)} what they were"
    return None


def of_periods(old: pd.DataFrame, added: pd.DataFrame) -> tuple[str, int, str] | None:
    """Find one power of ten between the newest period, if it is new, and the last one known.

    Parameters
    ----------
    old, added : the rows of one metric, with `number`.

    Returns
    -------
    (period in words, the power, what was found), or None.
    """
    new, last = newest(added), newest(old)
    if not new or not last or ((old["start"] == new[0]) & (old["end"] == new[1])).any():
        return None
    now, before = (rows[rows != 0] for rows in (of_period(added, new), of_period(old, last)))
    both = now.index.intersection(before.index)
    if len(both) < FEWEST:
        return None
    now, before = now[both], before[both]
    for ratio in (now.median() / before.median(), now.sum() / before.sum()):
        if found := power(float(ratio)):
            text = f"the figures of {len(both)} regions are {_times(found)} those of {when(*last)}"
            return when(*new), found, text
    return None


def power(ratio: float, slack: float = SLACK) -> int:
    """Return the power of ten that a ratio is, if it is one that a wrong unit makes; else 0."""
    if not math.isfinite(ratio) or ratio <= 0:
        return 0
    found = round(math.log10(ratio))
    off = math.log10(ratio) - found
    near = math.log10(1 - slack) <= off <= math.log10(1 + slack)
    return found if near and abs(found) >= LEAST_POWER else 0


def looks_like(unit: str, found: int) -> str:
    """Say which unit figures look like that are 10 ** found times what they should be."""
    if unit.startswith("%") and abs(found) == 2:
        return (
            "looks like fractions instead of percent" if found < 0 else "looks like percent taken 100 times"
        )
    for names, pattern in ((PREFIXES, r"()([kMGTPEZ]?)(H/s|Wh?)"), (WORDS, r"([A-Z]{3})((?: [a-z]+)?)()")):
        if (match := re.fullmatch(pattern, unit)) and match[2] in names and found % 3 == 0:
            place = names.index(match[2]) - found // 3
            if 0 <= place < len(names):
                return f"looks like {match[1]}{names[place]}{match[3]} instead of {unit}"
    return "looks like another unit"


def factor(unit: str, ratio: float) -> str:
    """Say how many times a figure is what it was, and which unit that looks like."""
    size = abs(ratio)
    text = (
        f"{size:.3g} times as much" if size >= 1 else f"1/{1 / size:.3g} of it" if size else "next to nothing"
    )
    found = power(size, HINT_SLACK)
    return f"{text} ({looks_like(unit, found)}?)" if found else text


def newest(rows: pd.DataFrame) -> Span | None:
    """Return the period that ends last, the shorter one of two that do; None if there are no rows."""
    if rows.empty:
        return None
    end = str(rows["end"].max())
    return str(rows["start"][rows["end"] == end].max()), end


def of_period(rows: pd.DataFrame, span: Span) -> pd.Series:
    """Return the numbers of a period by region; of a region that is given twice, the first."""
    part = rows[(rows["start"] == span[0]) & (rows["end"] == span[1]) & rows["number"].notna()]
    return part.drop_duplicates("region").set_index("region")["number"]


def _still(revised: pd.DataFrame, merged: pd.DataFrame, added: pd.DataFrame) -> dict[object, int]:
    """Count the figures other than zero that stay as they are, in each period that revises some."""
    sizes = [rows[rows["number"] != 0].groupby(["start", "end"]).size() for rows in (merged, added, revised)]
    spans = sizes[2].index
    every, new, changed = (size.reindex(spans, fill_value=0) for size in sizes)
    return {span: max(0, int(count)) for span, count in (every - new - changed).items()}


def _times(found: int) -> str:
    large = f"{10 ** abs(found):,}" if abs(found) <= 12 else f"10^{abs(found)}"
    return f"{large} times" if found > 0 else f"1/{large} of"
