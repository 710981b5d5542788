"""Sorts values into one set of classes for all slices; names and colours those classes."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from geotrack.errors import SpecError, ValidationError
from geotrack.files import json_of
from geotrack.language.numbers import trimmed
from geotrack.map.content import Content, Layer
from geotrack.map.shades import for_dark
from geotrack.model import MISSING

MOST_CLASSES = 12
"""More colours than this cannot be told apart on a map."""

SKEWED_AT_MOST = 7
"""Classes of the ladder; ColorBrewer's advice is five to seven for a choropleth."""

LABELS = {
    "under": "under {value}",
    "over": "{value} or more",
    "range": "{low}–{high}",
    "rangeSigned": "{low} to {high}",
}
"""How classes are named."""

DIGITS = (6, 9, 12, 17)
"""Significant digits of an edge's name: more only where unequal edges would read alike."""

Number = Callable[[Decimal], str]


@dataclass(frozen=True)
class Breaks:
    """One set of classes for all slices.

    Class i holds edges[i] <= value < edges[i + 1]; the last class holds its upper edge too. (mapclassify's
    classes hold their upper edges instead.) Equal edges, (v, v), are the one class of a constant.

    Parameters
    ----------
    edges : ascending; empty if every value is zero. The first and the last may be infinite: open classes.
    method : how they were found.
    zero : whether exact zeros are a class of their own,
        the first one.
    kind : "sequential" or "diverging" (symmetric about zero).
    """

    edges: tuple[float, ...]
    method: str
    zero: bool = False
    kind: Literal["sequential", "diverging"] = "sequential"

    @property
    def count(self) -> int:
        """Number of classes, the one of zeros included."""
        return max(len(self.edges) - 1, 0) + self.zero

    def labels(self, words: Mapping[str, str] = LABELS, lettered: Number | None = None) -> tuple[str, ...]:
        """Name the classes in the order of their codes: "0", "under 1", "1–2", ..., "20–50", "50 or more".

        Parameters
        ----------
        words : templates, as LABELS.
        lettered : writes a number; in English if not given.
        """
        closed = [edge for edge in self.edges if math.isfinite(edge)]
        ranged = words["range" if closed and closed[0] >= 0 else "rangeSigned"]
        written = (tuple(_decimal(edge, digits) for edge in closed) for digits in DIGITS)
        unlike = len(set(closed))
        edges = [
            _number(edge, lettered)
            for edge in next((each for each in written if len(set(each)) == unlike), closed)
        ]
        named = [lo if lo == hi else ranged.format(low=lo, high=hi) for lo, hi in itertools.pairwise(edges)]
        if len(closed) < len(self.edges):
            below = [words["under"].format(value=edges[0])] if self.edges[0] < closed[0] else []
            above = [words["over"].format(value=edges[-1])] if self.edges[-1] > closed[-1] else []
            named = [*below, *named, *above]
        if named and self.edges[0] == 0 and self.kind == "sequential" and self.edges[-1] > 0:
            named[0] = words["under"].format(value=edges[1]) if len(edges) > 1 else named[0]
        return (*([_number(0.0, lettered)] if self.zero else []), *named)


def breaks(
    values: np.ndarray,
    method: str | Sequence[float] = "skewed",
    count: int | None = None,
) -> Breaks:
    """Find classes for all values of all slices together.

    Parameters
    ----------
    values : of any shape; NaN is left out. Where all are >= 0, exact zeros become a class of their own and
        the methods see the other values only.
    method : "skewed": a ladder of 1-2-5 steps, for amounts that a few regions dominate. Where it would have
        more than `count` steps the lowest are one class, "under ..."; if more than half of the values fell
        into that, the ladder takes coarser steps (1-5, then tens). Where values span less than four steps,
        the classes are of equal, round widths instead.
        "quantiles": as many regions in each class (numpy's linear quantiles; equal edges are merged).
        "equal": classes of one width from the least to the greatest value.
        "diverging": the ladder on both sides of zero, as high as low.
        Or the edges themselves, ascending; they must span the values. The first may be -inf, the last inf.
    count : classes at most, zeros aside: 7 for "skewed", 8 (even) for "diverging", else 5.

    Raises
    ------
    SpecError
        If `method`, `count` or the edges cannot be used.
    ValidationError
        If there is no value, one is infinite, or "skewed" meets negative ones.
    """
    found = _finite(values)
    if count is not None and not 1 <= count <= MOST_CLASSES:
        raise SpecError(f"classes = {count} is out of range; expected 1 to {MOST_CLASSES}")
    if not isinstance(method, str):
        return _explicit(found, [float(e) for e in method])
    if method == "diverging":
        return _diverging(found, 8 if count is None else count)
    if method not in _SEQUENTIAL:
        known = ", ".join([*_SEQUENTIAL, "diverging"])
        raise SpecError(f"method = {method!r} is unknown; expected {known}, or a list of edges")
    zero = bool(found[0] == 0)
    found = found[found > 0] if zero else found
    if not found.size:
        return Breaks((), method, zero)
    if found[0] == found[-1]:
        return Breaks((float(found[0]),) * 2, method, zero)
    edges = _SEQUENTIAL[method](found, count)
    return Breaks(tuple(float(e) for e in edges), method, zero)


def palette(name: str = "YlGnBu", n: int = 5, *, dark: bool = False) -> tuple[str, ...]:
    """Return n colours of a ColorBrewer scheme as "#rrggbb", from low to high.

    Parameters
    ----------
    name : any ColorBrewer name, "_r" appended to reverse it. People with a colour-vision deficiency can read
        all sequential ones and the diverging ones but RdGy, RdYlGn, Spectral (colorbrewer2.org, 2013).
    n : how many; schemes are interpolated beyond their own length.
    dark : for a dark page: low values are dark, close to the ground, so sequential colours are reversed
        (viridis and its kin are dark first anyway). Diverging ones are turned over, see `shades.for_dark`:
        each side keeps its hue, and is dark beside the pivot and bright at its end.

    Raises
    ------
    SpecError
        If there is no such scheme, or a qualitative one has too few colours.
    """
    known = _branca("scheme_info.json")
    base = name.removesuffix("_r")
    if base not in known:
        raise SpecError(f"palette = {name!r} is unknown; expected one of {', '.join(sorted(known))}")
    try:
        colours = _colour_brewer(name, max(n, 3))
    except ValueError:
        raise SpecError(
            f"palette = {name!r} has no {n} colours; use a sequential one, such as YlGnBu"
        ) from None
    colours = [str(c).lower() for c in colours]
    if n < 3 and known[base] == "Diverging":
        colours = [[], colours[1:2], colours[::2]][n]
    elif n < 3:  # of three, the darkest: the lightest is hard to see
        colours = sorted(sorted(colours, key=_lightness)[:n], key=colours.index)
    if dark and known[base] == "Sequential":
        colours = sorted(colours, key=_lightness)
    if dark and known[base] == "Diverging":
        colours = list(for_dark(colours))
    return tuple(colours)


def colours(found: Breaks, name: str | None = None, *, dark: bool = False) -> tuple[str, ...]:
    """Return a colour for each class in the order of the codes, the neutral one of a pivot in its place.

    Exact zeros take the lightest end of a sequential scheme, one step below the least class. Diverging
    schemes (default RdBu reversed: more is red) put the pivot in the middle.
    """
    if found.kind == "diverging":
        both = palette(name or "RdBu_r", max(len(found.edges), 3), dark=dark)
        half = len(both) // 2
        sides = (*both[:half], *both[half + 1 :])
        return ((both[half], *sides) if found.zero else sides)[: found.count]
    return palette(name or "YlGnBu", found.count, dark=dark)


def _finite(values: np.ndarray) -> np.ndarray:
    """Return the values that are not missing, ascending."""
    found = np.asarray(values, dtype=np.float64).ravel()
    found = np.sort(found[~np.isnan(found)])
    if not found.size:
        raise ValidationError("there is no value to classify; every cell is missing")
    if np.isinf(found).any():
        raise ValidationError("values to classify are infinite; expected finite numbers")
    return found


def _explicit(found: np.ndarray, edges: list[float]) -> Breaks:
    shown = ", ".join(_number(e) for e in edges)
    rising = all(a < b for a, b in itertools.pairwise(edges))
    if not rising or not 2 <= len(edges) <= MOST_CLASSES + 1 or not any(map(math.isfinite, edges)):
        raise SpecError(f"edges {shown} cannot be used; expected 2 to {MOST_CLASSES + 1} ascending numbers")
    zero = bool(found[0] == 0)
    low = found[found > 0][:1] if zero else found[:1]
    if (low < edges[0]).any() or found[-1] > edges[-1]:
        raise SpecError(
            f"edges {shown} do not span the values, {_number(found[0])} to {_number(found[-1])}; add an edge"
        )
    return Breaks(tuple(edges), "edges", zero)


def _diverging(found: np.ndarray, count: int) -> Breaks:
    if count % 2:
        raise SpecError(
            f"classes = {count} is odd; diverging classes are as many below the pivot as above it"
        )
    away = np.abs(found)
    zero, most = bool((away == 0).any()), float(away.max())
    if not most:
        return Breaks((), "diverging", zero, "diverging")
    steps = _ladder(most / 10**count, most, (1, 2, 5))[-(count // 2) :]
    edges = [*(-e for e in steps[::-1]), 0.0, *steps]
    return Breaks(tuple(float(f"{e:.12g}") for e in edges), "diverging", zero, "diverging")


def _skewed(found: np.ndarray, count: int | None) -> list[float]:
    if found[0] < 0:
        raise ValidationError(
            f"the least value is {_number(found[0])}, and skewed classes are for amounts; "
            "use method = 'diverging' or 'equal'"
        )
    most = SKEWED_AT_MOST if count is None else count
    edges = _ladder(found[0], found[-1], (1, 2, 5))
    if len(edges) - 1 < min(4, most):
        return _round_steps(found[0], found[-1], most)
    for steps in ((1, 2, 5), (1, 5), (1,)):
        edges = _ladder(found[0], found[-1], steps)
        if len(edges) - 1 <= most:
            return edges
        edges = [0.0, *edges[-most:]]
        if np.searchsorted(found, edges[1]) <= found.size / 2:
            return edges
    return edges


def _ladder(low: float, high: float, steps: tuple[int, ...]) -> list[float]:
    """Return the steps of all powers of ten, from the last one <= low to the first one >= high."""
    powers = range(math.floor(math.log10(low)) - 1, math.floor(math.log10(high)) + 2)
    rungs = [float(f"{s}e{p}") for p in powers for s in steps]
    first = max(i for i, r in enumerate(rungs) if r <= low)
    last = min(i for i, r in enumerate(rungs) if r >= high)
    return rungs[first : max(last, first + 1) + 1]


def _round_steps(low: float, high: float, most: int) -> list[float]:
    """Return edges of one round width (1, 2, 2.5 or 5 times a power of ten) that span low to high."""
    if high - low < 1e-9 * high:  # as good as constant
        return [low, high]
    power = math.floor(math.log10(high - low)) - 2
    widths = (float(f"{step}e{p}") for p in itertools.count(power) for step in (1, 2, 2.5, 5))
    spans = ((w, math.floor(low / w + 1e-9), math.ceil(high / w - 1e-9)) for w in widths)
    width, first, last = next(span for span in spans if span[2] - span[1] <= most)
    return [float(f"{i * width:.12g}") for i in range(first, last + 1)]


def _quantiles(found: np.ndarray, count: int | None) -> list[float]:
    cuts = np.quantile(found, np.linspace(0, 1, (count or 5) + 1))[1:-1]
    inner = [float(f"{cut:.12g}") for cut in cuts]  # 4.73 again, not 4.7300000000000004: the page must agree
    return list(np.unique([found[0], *inner, found[-1]]))


def _equal(found: np.ndarray, count: int | None) -> list[float]:
    return list(np.unique(np.linspace(found[0], found[-1], (count or 5) + 1)))


_SEQUENTIAL: dict[str, Callable[[np.ndarray, int | None], list[float]]] = {
    "skewed": _skewed,
    "quantiles": _quantiles,
    "equal": _equal,
}


def _decimal(value: float, digits: int) -> Decimal:
    """Return a number with so many significant digits, or, from 1000 on, so many decimals."""
    return trimmed(Decimal(f"{value:.{digits}{'g' if abs(value) < 1e3 else 'f'}}"))


def _number(value: float | Decimal, lettered: Number | None = None) -> str:
    if not isinstance(value, Decimal) and not math.isfinite(value):
        return f"{value:g}"  # of an edge that is refused
    exact = value if isinstance(value, Decimal) else _decimal(value, DIGITS[0])
    return lettered(exact) if lettered else f"{exact:,f}".replace("-", "−")


def _colour_brewer(name: str, n: int) -> list[str]:
    """Return n colours of a scheme that is known; ValueError if it has not so many."""
    base, turned = name.removesuffix("_r"), name.endswith("_r")
    if listed := _branca("_schemes.json").get(f"{base}_{n:02}"):
        return list(listed[::-1] if turned else listed)
    from branca.utilities import color_brewer  # interpolates, which few maps need; loading it takes long

    return list(color_brewer(name, n))


@cache
def _branca(name: str) -> dict[str, Any]:
    """Return a table that branca carries: colours, or each scheme as Sequential, Diverging or Qualitative.

    The package is found, not imported: that would load all that draws its colour bars.
    """
    found = find_spec("branca")
    assert found is not None
    path = Path(str(found.origin)).with_name(name)
    return dict(json_of(path.read_bytes()))


def _lightness(colour: str) -> float:
    """Return relative luminance, near enough to order the colours of one scheme."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def class_of(layer: Layer, value: float) -> int:
    """Return the class of a value, a place in the layer's labels and colours."""
    return int(classes_of(layer, np.array([value]))[0])


def classes_of(layer: Layer, values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the class of each value; -1 where it is missing."""
    inner = np.array(layer.edges[1:-1])
    found = np.searchsorted(inner, values, side="right") + int(layer.zero)
    found = np.where(layer.zero & (values == 0), 0, found)
    return np.asarray(np.where(np.isnan(values), -1, found), dtype=np.int64)


def legend_order(layer: Layer) -> list[int]:
    """Classes as the legend lists them: a zero between negative and positive classes stands between them."""
    classes = list(range(len(layer.labels)))
    if not layer.zero or not layer.edges or layer.edges[0] >= 0:
        return classes
    below = sum(edge <= 0 for edge in layer.edges[1:])
    return [*classes[1 : below + 1], 0, *classes[below + 1 :]]


def speakers(content: Content, layer: Layer, t: int) -> NDArray[np.int64]:
    """Return for each region of the boundaries the unit whose figure it shows in a slice; -1 for none.

    An aggregate speaks for its members, unless the source has a figure of the member itself.
    """
    found = np.full(len(content.boundaries.codes), -1, dtype=np.int64)
    for u in sorted(range(len(content.units)), key=lambda u: content.units[u].kind == "region"):
        if layer.status[u, t] != MISSING:
            found[list(content.units[u].members)] = u
    return found
