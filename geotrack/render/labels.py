"""Labels on a panel: the figure of an aggregate that its source does not split, where its regions lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from geotrack.render.ground import Ground
from geotrack.render.panels import Panel
from geotrack.topology import Points

PAD = 0.35  # of the size
GRID = 48  # places across that are looked at for a label, and points that it may hide
HIDES_OTHERS, HIDES_OWN = 8.0, 2.0  # what hiding a region costs, where moving by the map's width costs 1
Box = tuple[float, float, float, float]


def label_aggregates(panel: Panel, named: Sequence[tuple[str, str, Sequence[int]]], size: float) -> list[Any]:
    """Write aggregates' names and figures on a panel, off each other and within its frame.

    A label stands in the middle of its regions, unless it hid other regions that have figures, or most
    of its own, there: then it stands where it hides least, not far away.

    Parameters
    ----------
    named : (name, figure, regions).
    size : points.

    Returns
    -------
    list of artists, to be removed where the next slice has other labels.
    """
    fonts, ground = panel.sheet.fonts, panel.ground
    taken: list[Box] = []
    drawn: list[Any] = []
    most = ground.width - 4 * PAD * size
    for name, text, regions in named:
        lines = [(line, 700) for line in fonts.wrap(name, size, 700, most)]
        lines += [(line, 400) for line in fonts.wrap(text, size, 400, most)]
        width = max(fonts.width(line, size, weight) for line, weight in lines) + 2 * PAD * size
        height = 1.15 * size * len(lines) + PAD * size
        x, y = _place(panel, regions, (width, height), taken)
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


def _place(
    panel: Panel, regions: Sequence[int], size: tuple[float, float], taken: Sequence[Box]
) -> tuple[float, float]:
    """The upper left corner of a label: the place that costs least, the middle if nothing is hidden there."""
    ground, (width, height) = panel.ground, size
    most = np.maximum([ground.width - width, ground.height - height], 0.0)
    middle = np.clip(np.array(_middle(ground, regions)) - [width / 2, height / 2], 0.0, most)
    across, down = (np.linspace(0, end, GRID // n) for end, n in zip(most, (1, 2), strict=True))
    tried = np.vstack([middle, np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2)])
    cost = np.hypot(*(tried - middle).T) / ground.width
    own = set(regions)
    others = [[int(i)] for i in np.flatnonzero(panel.spoken & ground.seen) if int(i) not in own]
    for hidden, price in ((regions, HIDES_OWN), *((other, HIDES_OTHERS) for other in others)):
        dots = _dots(ground, hidden)
        within = (dots >= tried[:, None]) & (dots <= (tried + np.array(size))[:, None])
        cost += price * within.all(axis=2).mean(axis=1)
    ends = tried + np.array(size)
    for left, top, right, bottom in taken:
        beside = (tried >= [right, bottom]).any(axis=1) | (ends <= [left, top]).any(axis=1)
        cost[~beside] += 100
    x, y = tried[int(cost.argmin())]
    return float(x), float(y)


def _dots(ground: Ground, regions: Sequence[int]) -> Points:
    """Points strewn evenly over regions; of one that no point meets, the one where its label would stand."""
    step = ground.width / GRID
    lines = (np.arange(step / 2, end, step) for end in (ground.width, ground.height))
    grid = np.stack(np.meshgrid(*lines), axis=-1)
    every, found = grid.reshape(-1, 2), [ground.points[list(regions)][:1]]
    for path in (ground.regions[i] for i in regions):
        if path is not None:
            box = path.get_extents()
            near = every[((every >= box.min) & (every <= box.max)).all(axis=1)]
            found.append(near[path.contains_points(near)] if len(near) else near)
    return np.concatenate(found[1:] if sum(map(len, found)) > 1 else found)


def _middle(ground: Ground, regions: Sequence[int]) -> tuple[float, float]:
    """The middle of what regions cover; large ones count more, as on the page."""
    weight = np.sqrt(ground.sizes[list(regions)]) + 1e-9
    x, y = (ground.points[list(regions)] * weight[:, None]).sum(axis=0) / weight.sum()
    return float(x), float(y)
