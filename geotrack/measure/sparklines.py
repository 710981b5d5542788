"""Lines of a measured shift over all slices for a terminal: a block per slice, the least and the greatest."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from geotrack.language import catalogue
from geotrack.language.figures import written
from geotrack.language.numbers import DUST
from geotrack.language.text import columns_of, one_line
from geotrack.measure.shares import side
from geotrack.measure.values import Measured
from geotrack.model import AT_MOST, DERIVED, LOWER_BOUND, PERCENT, REPORTED

BLOCKS = "▁▂▃▄▅▆▇█"
KEPT = 9  # decimals that the measures keep


def sparklines(m: Measured) -> Iterator[str]:
    """A line of blocks per group, over all slices, with its least and its greatest: · missing, _ zero.

    What is known to be at most something stands at that, as a lower bound does.
    """
    width = max((columns_of(one_line(m.names.get(code, code))) for code in m.tracks.lines), default=0)
    for code, line in m.tracks.lines.items():
        name = one_line(m.names.get(code, code))
        most = m.tracks.most.get(code, np.full(len(line), np.nan))
        shown = np.where(np.isfinite(line), line, most)
        if np.isfinite(shown).any():
            status = np.where(np.isfinite(line) | np.isnan(shown), m.tracks.statuses[code], AT_MOST)
            low, high = _extremes(shown, status, m)
            told = low if low == high else catalogue.said(m.lang, "shift", "between", low=low, high=high)
            told = catalogue.said(m.lang, "shift", "ofStated", value=told) if _may_exceed(shown) else told
            yield f"{name}{' ' * (width - columns_of(name))}  {spark(shown)}  {told}"


def _may_exceed(shown: np.ndarray) -> bool:
    """Whether a slice without a figure may lie beyond those that have one; what is a bound says so itself."""
    least, most = float(np.nanmin(shown)), float(np.nanmax(shown))
    return bool(np.isnan(shown).any() and (least > DUST or most < PERCENT - DUST))


def _extremes(line: np.ndarray, status: np.ndarray, m: Measured) -> tuple[str, str]:
    """The least and the greatest of a line, derived ones marked.

    Any lower bound of it may be above the greatest figure, and what is at most something below the least.
    """
    least, most = status == LOWER_BOUND, status == AT_MOST
    low = int(np.nanargmin(np.where(least, line + DUST, line)))  # of equals the exact one
    high = int(np.nanargmax(np.where(most, line - DUST, line)))
    if most.any():  # a lower bound may be far above its figure: it limits no minimum from above
        low = int(np.nanargmin(np.where(least, np.nan, line)))
    if least.any():
        high = int(np.nanargmax(np.where(most, np.nan, line)))
    bounds = (
        LOWER_BOUND if least[low] else AT_MOST if most.any() else REPORTED,
        AT_MOST if most[high] else LOWER_BOUND if least.any() else REPORTED,
    )
    first, last = (
        _end(line[t], bound, derived=status[t] in {DERIVED, AT_MOST}, m=m)
        for t, bound in zip((low, high), bounds, strict=True)
    )
    return first, last


def _end(share: float, bound: int, *, derived: bool, m: Measured) -> str:
    told = _percent(float(share), m, bound)
    return catalogue.said(m.lang, "shift", "derived", value=told) if derived else told


def spark(line: np.ndarray) -> str:
    """Return a line's sparkline; it begins at zero."""
    top = float(np.nanmax(line)) if np.isfinite(line).any() else 0.0
    return "".join(_block(float(each), top) for each in line)


def _percent(share: float, m: Measured, status: int = REPORTED) -> str:
    """Return a share with its unit, a bound marked as one; "no data" where missing."""
    status = side(share, status)
    return written(share, status, digits=KEPT, unit="%", lang=m.lang, whole=PERCENT, most=m.digits)


def _block(each: float, top: float) -> str:
    if not np.isfinite(each):
        return "·"
    return "_" if each <= 0 else BLOCKS[min(int(each / top * len(BLOCKS)), len(BLOCKS) - 1)]
