"""A diverging scheme turned over for a dark page: what is near the pivot near the ground, the ends bright."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

PIVOT, NEAR, FAR = 0.38, 0.46, 0.85
"""Lightness of OKLab: of the pivot (a dark page has 0.20, its "no data" 0.27), beside it, and of the ends."""
FAINT, STRONG = 0.08, 0.15
"""Chroma beside the pivot, enough to tell both sides from it and from each other, and farther out."""

_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
# Björn Ottosson, "A perceptual color space for image processing", 2020: linear sRGB -> LMS -> Lab
_TO_LMS = np.array([[0.4122214708, 0.5363325363, 0.0514459929],
                    [0.2119034982, 0.6806995451, 0.1073969566],
                    [0.0883024619, 0.2817188376, 0.6299787005]])  # fmt: skip
_TO_LAB = np.array([[0.2104542553, 0.7936177850, -0.0040720468],
                    [1.9779984951, -2.4285922050, 0.4505937099],
                    [0.0259040371, 0.7827717662, -0.8086757660]])  # fmt: skip


def for_dark(colours: Sequence[str]) -> tuple[str, ...]:
    """Return the same sides in the same order, each from dark beside the pivot to bright at its end.

    A side keeps the hue that it has on a light page, so that red stays red; its lightness rises evenly.

    Parameters
    ----------
    colours : "#rrggbb" of a diverging scheme, from one end to the other; of an odd number the middle one is
        the pivot's, and becomes a grey.
    """
    lab = np.array([_oklab(colour) for colour in colours])
    half, odd = divmod(len(colours), 2)
    sides = lab[:half][::-1], lab[half + odd :]
    low, high = (_side(side[:, 1:], half) for side in sides)
    return (*low[::-1], *([_hex(np.array([PIVOT, 0.0, 0.0]))] if odd else []), *high)


def _side(tints: NDArray[np.float64], steps: int) -> list[str]:
    """One side, from the pivot outwards; of a grey one there is no more colour than it has."""
    own = float(np.hypot(*tints.T).max(initial=0.0))
    found = []
    for t in np.linspace(0.0, 1.0, steps) if steps != 1 else (1.0,):
        chroma = min(own, FAINT + (STRONG - FAINT) * min(1.0, 2 * float(t)))
        found.append(_within(NEAR + (FAR - NEAR) * float(t), chroma, tints.sum(axis=0)))
    return found


def _within(lightness: float, chroma: float, towards: NDArray[np.float64]) -> str:
    """The colour of a lightness and hue, of the chroma that is asked for or the most that a screen has."""
    hue = towards / (np.hypot(*towards) or 1.0)
    for share in np.linspace(1.0, 0.0, 101):
        lab = np.array([lightness, *(hue * chroma * share)])
        linear = _linear(lab)
        if ((linear >= 0) & (linear <= 1)).all():
            return _hex(lab)
    raise AssertionError("greys are always within")  # pragma: no cover


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours by WCAG 2, from 1 (the same) to 21 (black on white)."""
    dark, light = sorted(float(_LUMINANCE @ _decoded(colour)) + 0.05 for colour in (one, other))
    return light / dark


def _decoded(colour: str) -> NDArray[np.float64]:
    """Linear red, green and blue of "#rrggbb"."""
    coded = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)


def _oklab(colour: str) -> NDArray[np.float64]:
    return np.asarray(_TO_LAB @ np.cbrt(_TO_LMS @ _decoded(colour)))


def _linear(lab: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.linalg.solve(_TO_LMS, np.linalg.solve(_TO_LAB, lab) ** 3))


def _hex(lab: NDArray[np.float64]) -> str:
    linear = np.clip(_linear(lab), 0, 1)
    coded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(255 * float(each)):02x}" for each in coded)
