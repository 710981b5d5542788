"""Decimals of numbers: how many they came with, and rounding that never goes past a bound."""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal

import numpy as np

from geotrack.model import AT_MOST, LOWER_BOUND

ROUNDING = {"near": ROUND_HALF_UP, "down": ROUND_FLOOR, "up": ROUND_CEILING}
USUAL = 6
"""Decimals that a computed number keeps, or as many significant digits of the largest of its column."""

FEWEST = 2
"""Significant digits that every computed number keeps."""

STATED = 12
"""Significant digits: a number of more of them, and of more decimals than is usual, was computed by some
program. It has no digits that it came with: 1/3 is 0.333333."""

HELD = 15
"""Significant digits of a decimal number that a double holds. What is computed is no better than those of the
largest number beside it."""

MOST = 60
"""Decimals that anything is written with."""

NOISE = 1e-12
"""What sums of doubles may miss by."""

DUST = 1e-9
"""What sums of decimal figures may be off by in binary arithmetic."""

WHOLE = 2.0**53
"""Doubles hold all whole numbers up to here, and not all beyond."""

WIDE = Context(prec=700)
"""A double has at most 309 digits before the point and 324 zeros behind it."""


def digits_of(values: np.ndarray) -> int:
    """Return how many decimals write every value with the digits that it came with.

    Parameters
    ----------
    values : any shape; NaN is left out.
    """
    known = np.unique(np.abs(values[np.isfinite(values) & (values != 0)]))
    own = _given(known)
    found, left = int(own.max(initial=0)), known[own < 0]
    if left.size:
        found = max(found, int(_computed(_size(known[-1:]), _size(left).min(initial=0))[0]))
    return min(found, MOST)


def digits_each(values: np.ndarray) -> np.ndarray:
    """Return of every value what `digits_of` says of it alone.

    Parameters
    ----------
    values : any shape, which is that of the result.
    """
    found, there = np.zeros(values.shape, dtype=int), np.isfinite(values) & (values != 0)
    known = np.abs(values[there])
    size, own = _size(known), _given(known)
    found[there] = np.clip(np.where(own < 0, _computed(size, np.minimum(size, 0)), own), 0, MOST)
    return found


def hidden(values: np.ndarray, digits: int | None = None) -> float:
    """Return what rounding may hide in a sum of figures: half a unit of their last decimal, for each.

    Parameters
    ----------
    values : NaN is left out.
    digits : decimals that the source gives, where the values do not tell (means).
    """
    count = int(np.isfinite(values).sum())
    return count * 0.5 * 10.0 ** -(digits_of(values) if digits is None else digits)


def telling(values: np.ndarray, digits: int, bounds: bool = False) -> int:
    """Return so many decimals, or more where a value that is not zero would be rounded to zero.

    Parameters
    ----------
    bounds : whether there are some among the values: they are not rounded to the nearest.
    """
    known = np.abs(values[np.isfinite(values)])
    least = float(known[known > NOISE].min(initial=np.inf))
    while least * 10.0**digits < (1.0 if bounds else 0.5):
        digits += 1
    return digits


def settled(values: np.ndarray, digits: int, status: np.ndarray | int = 0) -> np.ndarray:
    """Return values with so many decimals: bounds to their safe side, all others to the nearest.

    Parameters
    ----------
    status : places in model.STATUSES, or AT_MOST; shaped as `values`, or of all of them.
    """
    known, scale = np.asarray(values, dtype=np.float64), 10.0**digits
    with np.errstate(over="ignore", invalid="ignore"):
        scaled = known * scale
        size = np.abs(scaled)
        found = np.sign(scaled) * np.floor(size + 0.5 + 8 * np.spacing(size))
        loose = np.abs(scaled - found) > NOISE * scale * np.maximum(1.0, np.abs(known))
        found = np.where(loose & (np.asarray(status) == LOWER_BOUND), np.floor(scaled), found)
        found = np.where(loose & (np.asarray(status) == AT_MOST), np.ceil(scaled), found)
        # larger ones have no such decimals to lose
        return np.asarray(np.where(size < WHOLE, found / scale + 0.0, known))


def clean(value: float, digits: int) -> float:
    """Round what arithmetic adds away: to so many decimals, or to six significant digits of what is smaller.

    Nothing but zero becomes zero, or what sums of doubles may miss by.
    """
    if NOISE < abs(value) < 1:
        digits = max(digits, USUAL - 1 - math.floor(math.log10(abs(value))))
    return round(float(value), digits) + 0.0


def exact(value: float, digits: int) -> Decimal:
    """Return the decimal number that a double stands for: 45.949999999999996 of two decimals is 45.95.

    Parameters
    ----------
    digits : decimals that the number has, if it is none that was computed.
    """
    own = Decimal(repr(float(value)))
    near = own.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN, WIDE)
    return near if abs(own - near) <= NOISE * max(1.0, abs(value)) else own


def rounded(value: float | Decimal, digits: int, rounding: str = "near") -> Decimal:
    """Return a number with so many decimals, without a negative zero.

    Parameters
    ----------
    rounding : "near" (half away from zero), "down" (of a lower bound) or "up" (of an upper one).
    """
    own = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    found = own.quantize(Decimal(1).scaleb(-digits), ROUNDING[rounding], WIDE)
    return found if found else abs(found)


def trimmed(value: Decimal, least: int = 0) -> Decimal:
    """Drop trailing zeros after `least` decimals: 50.0 -> 50, 36.700 with 1 -> 36.7."""
    places = -int(value.normalize(WIDE).as_tuple().exponent) if value else 0
    own = -int(value.as_tuple().exponent)
    return value.quantize(Decimal(1).scaleb(-min(own, max(places, least))), context=WIDE)


def plain(value: float, digits: int) -> str:
    """Write a number for machines: no thousands separators, no exponent, no trailing zeros."""
    return f"{trimmed(rounded(value, digits)):f}"


def stated(value: float) -> Decimal:
    """Return the decimal number that a single figure, or a sum of some, was written as."""
    return trimmed(exact(value, digits_of(np.array(value))))


def spelled(value: float) -> str:
    """Write a figure for a message of an error: all its digits, and no exponent."""
    return f"{stated(value):f}" if math.isfinite(value) else str(value)


def _whole(scaled: np.ndarray) -> np.ndarray:
    """Tell what is a whole number but for a double's last bits, and no more: 99,999,999.9 is none."""
    near = np.rint(scaled)
    return np.asarray((np.abs(scaled - near) <= 8 * np.spacing(scaled)) & (near > 0))


def _size(known: np.ndarray) -> np.ndarray:
    return np.asarray(np.floor(np.log10(known)), dtype=int)


def _given(known: np.ndarray) -> np.ndarray:
    """Return how many decimals write each value with the digits that it came with; -1 of what was computed.

    Parameters
    ----------
    known : above zero.
    """
    found, left = np.full(known.size, -1), np.arange(known.size)
    for digits in range(MOST + 1):
        given = _whole(known[left] * 10.0**digits)
        found[left[given]], left = digits, left[~given]
        if digits == USUAL:
            with np.errstate(over="ignore", invalid="ignore"):
                scaled = known[left] * 10.0 ** (STATED - 1.0 - _size(known[left]))
                left = left[_whole(scaled)]
        if not left.size:
            break
    found[left] = MOST
    return found


def _computed(top: np.ndarray, least: np.ndarray) -> np.ndarray:
    """Return the decimals of computed values, by the places of the largest's and the least's first digit."""
    wanted = np.maximum(np.maximum(USUAL, USUAL - 1 - top), FEWEST - 1 - least)
    return np.asarray(np.minimum(wanted, HELD - 1 - top))
