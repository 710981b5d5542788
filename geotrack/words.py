"""Numbers as people read them, templates, and names that keep their direction."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

import numpy as np

MOST_DIGITS = 6


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


def hidden(values: np.ndarray, digits: int | None = None) -> float:
    """Return what rounding may hide in a sum of figures: half a unit of their last decimal, for each.

    Parameters
    ----------
    values : NaN is left out.
    digits : decimals that the source gives, where the values do not tell (means).
    """
    count = int(np.isfinite(values).sum())
    return count * 0.5 * 10.0 ** -(digits_of(values) if digits is None else digits)


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
    return re.sub(r"\{([^{}]*)\}", lambda found: values.get(found[1], found[0]), template)


def isolated(name: str) -> str:
    """Keep a right-to-left name from turning the figures beside it round."""
    turns = any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in name)
    return f"\u2068{name}\u2069" if turns else name


def plain(text: str) -> str:
    """Return a name on one line."""
    return " ".join(text.split())
