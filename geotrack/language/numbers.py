"""Decimals of numbers: how many they came with, and rounding that never goes past a bound."""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal

import numpy as np

from geotrack.model import AT_MOST, LOWER_BOUND

ROUNDING = {"near": ROUND_HALF_UP, "down": ROUND_FLOOR, "up": ROUND_CEILING}
SAFE = {LOWER_BOUND: "down", AT_MOST: "up"}
"""Status of a bound -> the side to which it is rounded."""

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
"""What sums of doubles may miss by, of their size."""

DUST = 1e-9
"""What sums of decimal figures may be off by in binary arithmetic; added to every tolerance."""

WHOLE = 2.0**53
"""Doubles hold all whole numbers up to here, and not all beyond."""

TENS = 22
"""Doubles hold all powers of ten up to this one."""

FINE = 2.0**-10
"""What may be taken for noise is no more than this part of a unit of the last decimal. In larger numbers a
double's last bits are digits that somebody gave: 123,456,789,012.5 and ...012.5002 are 13 of them apart."""

WIDE = Context(prec=700)
"""A double has at most 309 digits before the point and 324 zeros behind it."""


def digits_of(values: np.ndarray) -> int:
    """Return how many decimals write every value with the digits that it came with.

    Parameters
    ----------
    values : any shape; NaN is left out.
    """
    known = np.sort(np.abs(values[np.isfinite(values) & (values != 0)]))
    known = known[np.append(True, known[1:] != known[:-1])] if known.size else known
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


DENSE = 16
"""How many times as long as a list of whole numbers a table of all possible ones may be."""


def repeats(keys: np.ndarray, most: int) -> bool:
    """Tell whether a whole number, from zero and below `most`, occurs twice."""
    if most > DENSE * len(keys):
        return len(np.unique(keys)) < len(keys)
    seen = np.zeros(most, dtype=bool)
    seen[keys] = True
    return int(np.count_nonzero(seen)) < len(keys)


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
    low, high = (np.broadcast_to(status, known.shape) == bound for bound in (LOWER_BOUND, AT_MOST))
    with np.errstate(over="ignore", invalid="ignore"):
        scaled = known * scale
        size, near = np.abs(scaled), np.rint(scaled)
        # what has no more decimals stays as it is, and so does what is too large to have some to lose
        kept = ~(size < WHOLE) | ((near / scale == known) & (digits <= TENS))
        if kept.all():
            return np.asarray(known + 0.0)
        slack = 8 * np.spacing(size)
        found = np.sign(scaled) * np.floor(size + 0.5 + slack)
        found = np.where(low, np.floor(scaled), np.where(high, np.ceil(scaled), found))
        found = np.asarray(np.where(kept, known, found / scale) + 0.0)
        tie = (np.abs(size % 1 - 0.5) <= slack) & (slack > FINE)
        whole = np.abs(scaled - near) <= np.maximum(slack, NOISE * scale * np.maximum(1.0, np.abs(known)))
    close = np.where(low | high, whole, tie) | (digits > TENS)
    for i in np.flatnonzero(close & ~kept).tolist():  # where doubles do not tell to which side
        way = SAFE[LOWER_BOUND] if low.flat[i] else SAFE[AT_MOST] if high.flat[i] else "near"
        found.flat[i] = float(rounded(exact(float(known.flat[i]), digits), digits, way))
    return found


def clean(value: float, digits: int) -> float:
    """Round what arithmetic adds away: to so many decimals, or to six significant digits of what is smaller.

    Nothing but zero becomes zero, or what sums of doubles may miss by.
    """
    if NOISE < abs(value) < 1:
        digits = max(digits, USUAL - 1 - math.floor(math.log10(abs(value))))
    return round(float(value), digits) + 0.0


def exact(value: float | Decimal, digits: int) -> Decimal:
    """Return the decimal number that a double stands for: 45.949999999999996 of two decimals is 45.95.

    Parameters
    ----------
    value : of a Decimal nothing is in doubt.
    digits : decimals that the number has, if it is none that was computed.
    """
    if isinstance(value, Decimal):
        return value
    own = Decimal(repr(float(value)))
    near = own.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN, WIDE)
    if len(own.normalize(WIDE).as_tuple().digits) <= HELD:
        return own  # sums that miss have more digits
    noise = min(NOISE * max(1.0, abs(value)), FINE * 10.0**-digits)
    return near if abs(own - near) <= noise else own


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


def _whole(known: np.ndarray, digits: int = 0) -> np.ndarray:
    """Tell what has no more decimals but for a double's last bits, and no more: 99,999,999.9 has one."""
    scaled = known * 10.0**digits
    near, slack = np.rint(scaled), 8 * np.spacing(scaled)
    noise = (slack <= FINE) & (np.abs(scaled - near) <= slack)
    return np.asarray((noise | (near / 10.0**digits == known)) & (near > 0))


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
        given = _whole(known[left], digits)
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


def apart(values: np.ndarray, least: int, digits: int) -> int:
    """Return the fewest decimals with which figures that are not equal do not read equal.

    Parameters
    ----------
    values : NaN where missing. least, digits : the fewest and the most decimals.
    """
    known = np.unique(values[np.isfinite(values)])
    places = (shown for shown in range(least, digits) if len(np.unique(np.round(known, shown))) == len(known))
    return next(places, max(least, digits))
