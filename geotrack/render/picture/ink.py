"""The ink of a picture: the page's colours for each theme, and greys with patterns for a photocopier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from geotrack.errors import refuse_unknown
from geotrack.map.content import Layer
from geotrack.map.shades import contrast
from geotrack.model import THEMES

PRESETS = ("colour", "grey")
SEEN = 3.0  # contrast of strokes with the class under them, at least


@dataclass(frozen=True)
class Ink:
    """Colours by their use; the names are those of the page's style sheet.

    Parameters
    ----------
    groups : colour variable of a group -> colour.
    dashes : the same -> on and off lengths of its outline, in line widths; () is a whole line.
    grey : whether classes are greys with patterns.
    """

    page: str
    ink: str
    soft: str
    border: str
    missing: str
    hatch: str
    bound: str
    dispute: str
    groups: Mapping[str, str]
    dashes: Mapping[str, tuple[float, ...]]
    dark: bool = False
    grey: bool = False

    @property
    def no_data(self) -> Fill:
        """How what is missing is filled."""
        return Fill(self.missing, "\\\\\\\\\\", self.hatch)

    @property
    def at_least(self) -> Fill:
        """What is laid over a lower bound."""
        return Fill("none", "OO" if self.grey else "/////", self.bound)

    def strokes(self, colour: str) -> Fill:
        """Return what is laid over a lower bound of a colour: strokes that are seen on it, as on the page."""
        seen = contrast(colour, self.bound) >= SEEN
        return self.at_least if seen else replace(self.at_least, line=self.page)

    @property
    def plain(self) -> Ink:
        """The same with groups told apart by dashes, where colours mean something else."""
        return replace(self, groups=dict.fromkeys(self.groups, self.ink), dashes=DASHES)


@dataclass(frozen=True)
class Fill:
    """How an area is filled: a colour, and a matplotlib hatch in another colour over it."""

    colour: str
    hatch: str = ""
    line: str = "#000000"


LIGHT = Ink(
    page="#ffffff",
    ink="#17191c",
    soft="#555b63",
    border="#8b929b",
    missing="#f1f3f5",
    hatch="#d3d8dd",
    bound="#17191c",
    dispute="#4a4f57",
    groups={
        "g0": "#c64600",
        "g1": "#0064a6",
        "g2": "#00795a",
        "g3": "#a63d78",
        "rest": "#646b75",
        "remainder": "#8a6d1f",
    },
    dashes={},
)
DARK = Ink(
    page="#14171a",
    ink="#eceef1",
    soft="#aab1ba",
    border="#6d747e",
    missing="#23282d",
    hatch="#3a4149",
    bound="#ffffff",
    dispute="#c6ccd3",
    groups={
        "g0": "#ff8f57",
        "g1": "#62b5f5",
        "g2": "#45c79c",
        "g3": "#e58fbd",
        "rest": "#a3abb5",
        "remainder": "#d3b562",
    },
    dashes={},
    dark=True,
)
DASHES = {"g1": (3.0, 1.0), "g2": (1.0, 1.0), "g3": (4.0, 1.0, 1.0, 1.0)}
RISING = ("....", "////", "|||||", "xxxx", "-----", "++++", "....", "////", "|||||", "xxxx", "-----")
FALLING = ("---", "-----", "------", "--------", "-", "--")


def ink_of(theme: str = "", preset: str = "") -> Ink:
    """Return the colours of a theme, "light" if none is named; of the preset "grey" its greys.

    Raises
    ------
    SpecError : a theme or preset that is not there.
    """
    refuse_unknown("theme", theme, THEMES)
    refuse_unknown("preset", preset, ("", *PRESETS))
    found = DARK if theme == "dark" else LIGHT
    if preset != "grey":
        return found
    return replace(found.plain, dispute=found.ink, missing=found.page, grey=True)


def fills(layer: Layer, ink: Ink) -> tuple[Fill, ...]:
    """Return how each class is filled, in the order of the layer's labels."""
    if not ink.grey:
        return tuple(Fill(colour) for colour in (layer.dark if ink.dark else layer.light))
    below = sum(edge <= 0 for edge in layer.edges[1:]) if layer.edges and layer.edges[0] < 0 else 0
    above = len(layer.labels) - layer.zero - below
    falling = [_grey(1 - (below - i) / (below + 1), FALLING[(below - 1 - i) % 6], ink) for i in range(below)]
    patterns = (*RISING[: max(above - 1, 0)], "")  # the highest is plain: nothing is darker
    rising = [_grey(1 - (i + 0.5) / above, patterns[i], ink) for i in range(above)]
    zero = [_grey(1.0, "", ink)] if layer.zero else []
    return (*zero, *falling, *rising)


def _grey(light: float, hatch: str, ink: Ink) -> Fill:
    """A grey between the page and its ink, with strokes that stand out from it."""
    level = round(255 * ((0.1 + 0.9 * (1 - light)) if ink.dark else (0.12 + 0.88 * light)))
    return Fill(f"#{level:02x}{level:02x}{level:02x}", hatch, "#000000" if level > 120 else "#ffffff")
