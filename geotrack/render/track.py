"""The timeline of a film: periods as wide as they are, gaps as gaps, events where they fell."""

from __future__ import annotations

from datetime import date
from typing import Any

from geotrack.captions.notes import name_of
from geotrack.map.views import View
from geotrack.render.drawing import Sheet

THICK = 5.0


class Track:
    """A thin line over real time; what stands still is drawn at once.

    Parameters
    ----------
    left, right, y : where it stands, in points.
    """

    def __init__(self, view: View, sheet: Sheet, left: float, right: float, y: float) -> None:
        self.view, self.sheet, self.left, self.right, self.y = view, sheet, left, right, y
        self.first = min(_day(step.start) for step in view.steps)
        self.last = max(_day(step.end) for step in view.steps)
        for t in view.slices:
            self._period(t, sheet.ink.hatch)
        for x, label, align in self._labels():
            sheet.text(x, y + 22, label, 13, colour=sheet.ink.soft, align=align)
        for day in self.events():
            mark(sheet, self.x(day), y - 9, sheet.ink.dispute)

    def x(self, day: int) -> float:
        """Return where a day stands."""
        return self.left + (day - self.first) / (self.last - self.first) * (self.right - self.left)

    def at(self, t: int) -> list[Any]:
        """Draw the periods that have been shown, and the one that is."""
        slices, ink = self.view.slices, self.sheet.ink
        shown = [self._period(before, ink.border) for before in slices[: slices.index(t)]]
        return [*shown, self._period(t, ink.ink, grown=3)]

    def events(self) -> list[int]:
        """Return the days within the film on which something happened."""
        days = {_day(event.date) for event in self.view.content.events}
        return sorted(day for day in days if self.first <= day < self.last)

    def _period(self, t: int, colour: str, grown: float = 0) -> Any:
        step = self.view.content.slices[t]
        start, end = self.x(_day(step.start)), self.x(_day(step.end))
        gap = 1 if end - start > 3 else 0
        size = (max(end - start - gap, 1.5), THICK + 2 * grown)
        return bar(self.sheet, start, self.y - grown, size, colour)

    def _labels(self) -> list[tuple[float, str, str]]:
        """Years where they begin; of less than two, the first and the last period at the ends."""
        fonts, view = self.sheet.fonts, self.view
        years = range(date.fromordinal(self.first).year, date.fromordinal(self.last).year + 2)
        begins = [(date(year, 1, 1).toordinal(), str(year)) for year in years if 0 < year < 9999]
        inside = [(self.x(day), name) for day, name in begins if self.first <= day < self.last]
        if len(inside) < 2:
            first, last = (fonts.clean(name_of(view.content, t)) for t in (view.slices[0], view.slices[-1]))
            ends = [(self.left, first, "left"), (self.right, last, "right")]
            return ends if len(view.slices) > 1 else ends[:1]
        found: list[tuple[float, str, str]] = []
        for x, name in inside:
            fits = x + fonts.width(name, 13) <= self.right + 8
            if fits and (not found or x - found[-1][0] >= 44):
                found.append((x, name, "left"))
        return found


def bar(sheet: Sheet, x: float, y: float, size: tuple[float, float], colour: str) -> Any:
    """Draw a rectangle with clean edges."""
    from matplotlib.patches import Rectangle

    return sheet.ax.add_patch(Rectangle((x, y), *size, facecolor=colour, linewidth=0, snap=True, zorder=4))


def mark(sheet: Sheet, x: float, y: float, colour: str) -> Any:
    """Draw an event's mark: a triangle that points down."""
    from matplotlib.patches import Polygon

    corners = [(x - 5, y - 4), (x + 5, y - 4), (x, y + 5)]
    return sheet.ax.add_patch(Polygon(corners, facecolor=colour, linewidth=0, zorder=4))


def _day(iso: str) -> int:
    return date.fromisoformat(iso).toordinal()
