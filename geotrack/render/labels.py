"""Labels on a panel: the figure of an aggregate that its source does not split, where its regions lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from geotrack.render.ground import Ground
from geotrack.render.panels import Panel

PAD = 0.35  # of the size


def label_aggregates(panel: Panel, named: Sequence[tuple[str, str, Sequence[int]]], size: float) -> list[Any]:
    """Write aggregates' names and figures on a panel, off each other and within its frame.

    Parameters
    ----------
    named : (name, figure, regions).
    size : points.

    Returns
    -------
    list of artists, to be removed where the next slice has other labels.
    """
    fonts, ground = panel.sheet.fonts, panel.ground
    taken: list[tuple[float, float, float, float]] = []
    drawn: list[Any] = []
    most = ground.width - 4 * PAD * size
    for name, text, regions in named:
        lines = [(line, 700) for line in fonts.wrap(name, size, 700, most)]
        lines += [(line, 400) for line in fonts.wrap(text, size, 400, most)]
        width = max(fonts.width(line, size, weight) for line, weight in lines) + 2 * PAD * size
        height = 1.15 * size * len(lines) + PAD * size
        x, y = _middle(ground, regions)
        x = min(max(x - width / 2, 0.0), max(ground.width - width, 0.0))
        y = min(max(y - height / 2, 0.0), max(ground.height - height, 0.0))
        for left, top, right, bottom in taken:
            if x < right and left < x + width and y < bottom and top < y + height:
                y = bottom + 1
        taken.append((x, y, x + width, y + height))
        drawn += _write(panel, lines, (x, y, width, height), size)
    return drawn


def _write(
    panel: Panel, lines: Sequence[tuple[str, int]], box: tuple[float, float, float, float], size: float
) -> list[Any]:
    from matplotlib.patches import Rectangle

    x, y, width, height = panel.x + box[0], panel.y + box[1], box[2], box[3]
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
