"""Labels on a panel: the figure of an aggregate that its source does not split, beside its regions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from geotrack.geo.topology import Points
from geotrack.render.ground import Ground
from geotrack.render.panels import Panel
from geotrack.render.placing import Box, Raster, lands_of, nearest, placed, prices_of, raster_of

PAD = 0.35  # of the size
MOST_LINES = 3  # from a label to its lands; of more there is one, to the nearest region
WIDESPREAD = 12  # regions of an aggregate whose label has no line: it would speak of one of them


def label_aggregates(panel: Panel, named: Sequence[tuple[str, str, Sequence[int]]], size: float) -> list[Any]:
    """Write aggregates' names and figures on a panel, off each other and within its frame.

    A label stands beside what it names, over sea or over land without figures where there is room, and thin
    lines lead from it to its regions.

    Parameters
    ----------
    named : (name, figure, regions).
    size : points.

    Returns
    -------
    list of artists, to be removed where the next slice has other labels.
    """
    fonts, ground = panel.sheet.fonts, panel.ground
    raster = raster_of(ground, size)
    taken: list[Box] = []
    drawn: list[Any] = []
    most = ground.width - 4 * PAD * size
    for name, text, regions in named:
        lines = [(line, 700) for line in fonts.wrap(name, size, 700, most)]
        lines += [(line, 400) for line in fonts.wrap(text, size, 400, most)]
        width = max(fonts.width(line, size, weight) for line, weight in lines) + 2 * PAD * size
        height = 1.15 * size * len(lines) + PAD * size
        own = ground.points[lands_of(ground, [i for i in regions if ground.seen[i]])]
        anchors = own if 0 < len(own) <= MOST_LINES else np.array([_middle(ground, regions)])
        prices = prices_of(raster, panel.listed | panel.spoken, regions)
        box = placed((width, height), anchors, prices, raster, taken)
        taken.append(box)
        drawn += _write(panel, lines, box, size)
        drawn += _lines(panel, box, own if len(own) <= MOST_LINES else _end(raster, box, regions))
    return drawn


def _end(raster: Raster, box: Box, regions: Sequence[int]) -> Points:
    """The point of some regions that is nearest to their label; of many, none."""
    points = raster.points(regions) if len(regions) <= WIDESPREAD else np.empty((0, 2))
    far = [float(np.hypot(*(nearest(box, point) - point))) for point in points]
    return points[[int(np.argmin(far))]] if far else points


def _lines(panel: Panel, box: Box, ends: Points) -> list[Any]:
    """Lines from a label to points outside of it, over a wider one of the page's colour."""
    from matplotlib.lines import Line2D

    found: list[Any] = []
    for colour, width, mark in ((panel.ink.page, 1.4, ""), (panel.ink.ink, 0.5, "o")):
        for end in ends:
            start = nearest(box, end)
            if np.hypot(*(end - start)) < 1:
                continue
            xs, ys = np.stack([start, end], axis=1) + np.array([[panel.x], [panel.y]])
            line = Line2D(
                xs, ys, color=colour, linewidth=width, marker=mark, markevery=[1], markersize=1.8, zorder=2.9,
                solid_capstyle="round",
            )  # fmt: skip
            found.append(panel.sheet.ax.add_line(line))
    return found


def _write(panel: Panel, lines: Sequence[tuple[str, int]], box: Box, size: float) -> list[Any]:
    from matplotlib.patches import Rectangle

    x, y, width, height = panel.x + box[0], panel.y + box[1], box[2] - box[0], box[3] - box[1]
    ground = Rectangle(
        (x, y), width, height, facecolor=panel.ink.page, edgecolor=panel.ink.border, linewidth=0.3, zorder=3
    )
    panel.sheet.ax.add_patch(ground)
    return [
        ground,
        *(
            panel.sheet.text(
                x + width / 2, y + size * (0.95 + 1.15 * i), line, size, weight=weight, align="center"
            )
            for i, (line, weight) in enumerate(lines)
        ),
    ]


def _middle(ground: Ground, regions: Sequence[int]) -> tuple[float, float]:
    """The middle of what regions cover; large ones count more, as on the page."""
    weight = np.sqrt(ground.sizes[list(regions)]) + 1e-9
    x, y = (ground.points[list(regions)] * weight[:, None]).sum(axis=0) / weight.sum()
    return float(x), float(y)
