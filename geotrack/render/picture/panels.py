"""A panel: one map on a sheet, its paths built once, whose areas are filled anew for each slice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geotrack.geo.topology import Points, arcs_of
from geotrack.map.classes import classes_of, speakers
from geotrack.map.content import Content, Layer
from geotrack.model import LOWER_BOUND
from geotrack.render.picture.drawing import Drawing
from geotrack.render.picture.ground import Ground
from geotrack.render.picture.ink import Fill, Ink, fills
from geotrack.render.picture.placing import Box, Raster, lands_of, nearest, placed, prices_of, raster_of

ISLE = 0.02  # of a panel's width: lesser islands have no outline of their group, which would hide them
Joined = list[tuple[int, list[int]]]


class Panel:
    """A map in a box of a sheet.

    Parameters
    ----------
    sheet : drawn on.
    content : the map.
    ground : its boundaries, fitted into the box; panels of one size share it.
    x, y : upper left corner, in points.
    ink : the sheet's if not given.

    Notes
    -----
    `show` may be called again and again: nothing but fills, and the borders about undivided aggregates,
    changes. Every look (missing, each class, lower bound) is one collection, so that each can have a pattern.
    """

    def __init__(
        self, sheet: Drawing, content: Content, ground: Ground, x: float, y: float, *, ink: Ink | None = None
    ) -> None:
        from matplotlib.transforms import Affine2D

        self.sheet, self.content, self.ground, self.ink = sheet, content, ground, ink or sheet.ink
        self.x, self.y = x, y
        self._at = Affine2D().translate(x, y) + sheet.ax.transData
        self._looks: dict[Fill, Any] = {}
        self.listed = np.zeros(len(ground.regions), dtype=bool)  # regions with a figure in some slice
        self.spoken = self.listed.copy()  # those with one in the slice shown, by themselves or in a sum
        self.listed[[i for unit in content.units if unit.kind == "region" for i in unit.members]] = True
        self._mesh = self._collection(0.6, facecolor="none", edgecolor=self.ink.border, linewidth=self._hair)
        self._missing = self._filled(self.ink.no_data, 0.2)
        self._bounds: dict[Fill, Any] = {}
        self._mended = self._collection(0.4, facecolor="none", linewidth=0.8)
        self._dots = self._collection(0.9, edgecolor=self.ink.ink, linewidth=0.4)
        self._draw_still()
        self._joined: Joined | None = None

    @property
    def _hair(self) -> float:
        return min(0.5, max(0.2, self.ground.width / 1000))

    def show(self, layer: Layer, t: int) -> Joined:
        """Fill the areas by the classes of a slice.

        Returns
        -------
        list of (unit, regions)
            the aggregates that their source does not split, each drawn as one shape; to be labelled.
        """
        who = speakers(self.content, layer, t)
        spoken = self.spoken = who >= 0
        values = np.where(spoken, layer.values[who, t], np.nan)
        classes = classes_of(layer, np.asarray(values, dtype=np.float64))
        bound = spoken & (layer.status[who, t] == LOWER_BOUND)
        palette = fills(layer, self.ink)
        drawn = np.array([path is not None for path in self.ground.regions])
        self._missing.set_paths(self._merged(drawn & (classes < 0)))
        self._fill(palette, classes, drawn)
        self._hatch(palette, classes, drawn & bound)
        joined = self._undivided(who)
        self._show_dots(palette, classes, who, joined)
        self._join(joined)
        self._mend(joined, palette, classes)
        return joined

    def _fill(self, palette: Sequence[Fill], classes: NDArray[np.int64], drawn: NDArray[np.bool_]) -> None:
        for collection in self._looks.values():
            collection.set_paths([])
        for number, fill in enumerate(palette):
            chosen = drawn & (classes == number)
            if chosen.any():
                self._look(fill).set_paths(self._paths(chosen))

    def _hatch(self, palette: Sequence[Fill], classes: NDArray[np.int64], bound: NDArray[np.bool_]) -> None:
        """Lay the pattern of lower bounds over them, in strokes that their colours show."""
        for collection in self._bounds.values():
            collection.set_paths([])
        strokes = [self.ink.strokes(fill.colour) for fill in palette]
        for fill in dict.fromkeys(strokes):
            if fill not in self._bounds:
                self._bounds[fill] = self._filled(fill, 0.5)
            chosen = [i for i in np.flatnonzero(bound) if strokes[classes[i]] == fill]
            self._bounds[fill].set_paths([self.ground.regions[i] for i in chosen])

    def _look(self, fill: Fill) -> Any:
        if fill not in self._looks:
            self._looks[fill] = self._filled(fill, 0.3)
        return self._looks[fill]

    def _show_dots(
        self, palette: Sequence[Fill], classes: NDArray[np.int64], who: NDArray[np.int64], joined: Joined
    ) -> None:
        from matplotlib.path import Path

        shapeless = np.array([not shape for shape in self.ground.boundaries.shapes])
        own = (classes >= 0) & ~np.isin(who, [u for u, _ in joined])  # a dot has a figure of its own
        own[[i for unit in self.content.units if unit.kind == "region" for i in unit.members[1:]]] = False
        chosen = np.flatnonzero(own & self.ground.seen & (shapeless | self.ground.small))
        radius = min(3.0, max(1.3, self.ground.width / 160))
        self._dots.set_paths([Path.circle(self.ground.points[i], radius) for i in chosen])
        self._dots.set_facecolor([palette[classes[i]].colour for i in chosen])

    def _undivided(self, who: NDArray[np.int64]) -> Joined:
        found = []
        for u, unit in enumerate(self.content.units):
            regions = np.flatnonzero(who == u) if unit.kind == "aggregate" else ()
            if len(regions):
                found.append((u, [int(i) for i in regions]))
        return found

    def _join(self, joined: Joined) -> None:
        """Draw the borders: all but those that lie within an aggregate."""
        if joined == self._joined:
            return
        self._joined = joined
        inner = set().union(*(self.ground.within(regions) for _, regions in joined))
        path = self.ground.lines(i for i in self._borders if i not in inner)
        self._mesh.set_paths([path] if path else [])

    def _mend(self, joined: Joined, palette: Sequence[Fill], classes: NDArray[np.int64]) -> None:
        """Draw over the hairlines between an aggregate's members, in its own colour."""
        lines = [(self.ground.lines(sorted(self.ground.within(r))), classes[r[0]]) for _, r in joined]
        kept = [(path, palette[number].colour) for path, number in lines if path is not None and number >= 0]
        self._mended.set_paths([path for path, _ in kept])
        self._mended.set_edgecolor([colour for _, colour in kept])

    def _draw_still(self) -> None:
        """Draw what no slice changes: dashed outlines of territories in dispute, and the groups' outlines."""
        boundaries = self.ground.boundaries
        hidden = {i for i, code in enumerate(boundaries.codes) if not self.ground.seen[i]}
        self._borders = sorted(
            {arc for i, shape in enumerate(boundaries.shapes) if i not in hidden for arc in arcs_of(shape)}
        )
        places = [boundaries.codes.index(code) for code in self.content.territories]
        dashed = self.ground.lines(
            sorted({arc for i in places if i not in hidden for arc in self.ground.outline([i])})
        )
        thin = 2 * self._hair
        self._stroke(dashed, [(self.ink.page, thin + 0.2, ()), (self.ink.dispute, thin, (2.2, 2.2))], 0.7)
        for group in self.content.groups:
            if group.outline:
                large = (a for a in self.ground.outline(group.outline) if self._large(a))
                dash = self.ink.dashes.get(group.colour, ())
                thin = min(1.2, 0.3 + self.ground.width / 550)
                strokes = [(self.ink.page, thin + 0.7, ()), (self.ink.groups[group.colour], thin, dash)]
                self._stroke(self.ground.lines(large), strokes, 0.8)

    def _large(self, arc: int) -> bool:
        """Whether an arc is more than the shore of a small island."""
        line = self.ground.arcs[arc]
        island = bool((line[0] == line[-1]).all())
        return not island or float(np.ptp(line, axis=0).max()) > ISLE * self.ground.width

    def _stroke(
        self, path: Any, strokes: Sequence[tuple[str, float, tuple[float, ...]]], over: float
    ) -> None:
        for colour, thick, dash in strokes if path is not None else ():
            self._collection(
                over,
                facecolor="none",
                edgecolor=colour,
                linewidth=thick,
                linestyle=(0, dash) if dash else "-",
            ).set_paths([path])

    def _filled(self, fill: Fill, over: float) -> Any:
        """A collection of filled areas; its pattern takes the colour of its edge, which is not drawn."""
        found = self._collection(over, facecolor=fill.colour, linewidth=0.0)
        if fill.hatch:
            found.set_hatch(fill.hatch)
            found.set_edgecolor(fill.line)
        return found

    def _collection(self, over: float, **style: Any) -> Any:
        from matplotlib.collections import PathCollection
        from matplotlib.transforms import Bbox, TransformedBbox

        found = PathCollection([], transform=self._at, zorder=1 + over, **style)
        frame = Bbox.from_bounds(-0.5, -0.5, self.ground.width + 1, self.ground.height + 1)
        self.sheet.ax.add_collection(found, autolim=False)
        found.set_clip_box(TransformedBbox(frame, self._at))
        return found

    def _paths(self, chosen: NDArray[np.bool_]) -> list[Any]:
        return [self.ground.regions[i] for i in np.flatnonzero(chosen)]

    def _merged(self, chosen: NDArray[np.bool_]) -> list[Any]:
        """One path of many regions: a pattern is laid over all of them at once."""
        from matplotlib.path import Path

        paths = self._paths(chosen)
        return [Path.make_compound_path(*paths)] if paths else []


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
