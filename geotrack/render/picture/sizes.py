"""Widths of figures: lengths in four units, and the widths that journals, slides and web pages ask for."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from geotrack.errors import SpecError

POINTS = {"mm": 72 / 25.4, "cm": 72 / 2.54, "in": 72.0, "px": 0.75, "pt": 1.0}
"""Points of a unit. A px is that of the web, 1/96 inch (CSS Values and Units, 2024)."""

PRESETS = {
    "nature-single": "89mm",  # Nature's research figure guide: printed figures are 89 mm (one column)
    "nature-double": "183mm",  # or 183 mm (two columns) wide
    "science-single": "57mm",  # Science, instructions for preparing a manuscript: 57 mm for one column,
    "science-double": "121mm",  # 121 mm for two
    "science-triple": "184mm",  # and 184 mm for three
    "a4": "170mm",  # ISO 216: 210 mm, less two margins of 20 mm
    "slide": "13.33in",  # PowerPoint's and Google's 16:9 slide
    "web": "1200px",
    "og": "1200x630px",  # link previews: the Open Graph picture that Facebook and LinkedIn ask for
}
USUAL = "nature-double"
LEAST, MOST = 140.0, 4000.0
SCREEN = 96  # pixels an inch: a width in px is that many pixels of a PNG
PRINT = 300


@dataclass(frozen=True)
class Size:
    """How large a figure is.

    Parameters
    ----------
    width, height : points; a height of 0 follows the content.
    dpi : of a PNG, unless told otherwise.
    """

    width: float
    height: float = 0.0
    dpi: int = PRINT

    @property
    def text(self) -> float:
        """Size of the figure's plain text in points: about 7 in print, more where the figure is a screen."""
        if self.width <= 600:
            return min(8.0, max(6.5, 6.5 + (self.width - 160) / 240))
        return self.width / (62 if self.height else 75)

    @property
    def margin(self) -> float:
        """White about the figure: none but a hair in print, where the page has its own."""
        return 3.0 if self.width <= 600 else 1.8 * self.text


def size_of(wanted: str, dpi: int = 0) -> Size:
    """Read a width such as "89mm", "1200px", "1200x630px", "13.33in", or the name of a preset.

    Raises
    ------
    SpecError : neither of them, or too narrow or wide to print text in; a resolution out of range.
    """
    text = PRESETS.get(wanted or USUAL, wanted).strip().lower()
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(?:x(\d+(?:\.\d+)?))?\s*([a-z]+)", text)
    if not found or found[3] not in POINTS:
        raise SpecError(
            f"width = {wanted!r} cannot be read; expected a length such as 89mm, 12.1cm, 7in, 1200px or "
            f"1200x630px, or one of: {', '.join(PRESETS)}"
        )
    unit = POINTS[found[3]]
    width, height = float(found[1]) * unit, float(found[2] or 0) * unit
    if not LEAST <= width <= MOST or (height and not width / 4 <= height <= 4 * width):
        raise SpecError(
            f"width = {wanted!r} is {width / POINTS['mm']:.0f} mm wide; expected "
            f"{math.ceil(LEAST / POINTS['mm'])} to {MOST / POINTS['mm']:.0f} mm, and a height, if given, of "
            "a quarter of the width to four times the width"
        )
    if dpi and not 36 <= dpi <= 1200:
        raise SpecError(f"dpi = {dpi} is out of range; expected 36 to 1200")
    return Size(width, height, dpi or (SCREEN if found[3] == "px" else PRINT))
