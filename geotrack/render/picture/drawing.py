"""The sheet that a picture is drawn on: one matplotlib figure in points, from the upper left corner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

from geotrack.render.picture.fonts import Fonts
from geotrack.render.picture.ink import Fill, Ink

SETTINGS: dict[str, Any] = {
    "pdf.fonttype": 42,  # TrueType: text can be searched and edited
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "geotrack",
    "text.parse_math": False,  # a dollar is a dollar
    "text.hinting": "none",
    "path.simplify": False,
    "hatch.linewidth": 0.4,
}


@contextmanager
def own_settings() -> Iterator[None]:
    """Set matplotlib's settings to its defaults and ours for a while, whatever the user's are."""
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        cast("dict[str, Any]", matplotlib.rcParams).update(SETTINGS)
        yield


class Drawing:
    """A figure of matplotlib whose coordinates are points, y downwards. Use it within `own_settings`.

    Parameters
    ----------
    width, height : points.
    """

    def __init__(self, width: float, height: float, ink: Ink, fonts: Fonts) -> None:
        from matplotlib.figure import Figure

        self.width, self.height, self.ink, self.fonts = width, height, ink, fonts
        self.figure = Figure(figsize=(width / 72, height / 72), dpi=72, facecolor=ink.page)
        self.ax = self.figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0), autoscale_on=False)
        self.ax.set_axis_off()
        self.written: dict[int, set[str]] = {}

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        weight: int = 400,
        colour: str = "",
        align: str = "left",
        over: float = 5.0,
    ) -> Any:
        """Write one line of text that `Fonts.clean` has seen; y is its baseline. Returns the artist."""
        from matplotlib.font_manager import FontProperties

        self.written.setdefault(weight, set()).update(text)
        return self.ax.text(
            x,
            y,
            text,
            ha=align,
            va="baseline",
            color=colour or self.ink.ink,
            parse_math=False,
            zorder=over,
            fontproperties=FontProperties(family=list(self.fonts.families[weight]), size=size),
        )

    def box(self, x: float, y: float, width: float, height: float, fill: Fill, *, edge: str = "") -> None:
        """Draw a filled box, its pattern over it."""
        from matplotlib.patches import Rectangle

        common: dict[str, Any] = {"zorder": 4}
        self.ax.add_patch(Rectangle((x, y), width, height, facecolor=fill.colour, linewidth=0, **common))
        if fill.hatch:
            self.ax.add_patch(
                Rectangle(
                    (x, y), width, height, facecolor="none", edgecolor=fill.line, linewidth=0,
                    hatch=fill.hatch, **common,
                )
            )  # fmt: skip
        if edge:
            self.ax.add_patch(
                Rectangle((x, y), width, height, facecolor="none", edgecolor=edge, linewidth=0.4, zorder=4.1)
            )

    def line(
        self, xs: Sequence[float], ys: Sequence[float], colour: str, width: float, dash: Sequence[float] = ()
    ) -> None:
        """Draw a line; dashes are in line widths."""
        from matplotlib.lines import Line2D

        style: Any = (0, tuple(dash)) if dash else "-"
        ends: Any = "butt"
        self.ax.add_line(
            Line2D(
                xs,
                ys,
                color=colour,
                linewidth=width,
                linestyle=style,
                solid_capstyle=ends,
                dash_capstyle=ends,
            )
        )
