"""The frames of a film: a sheet laid out once, on which each slice's fills and figures are drawn anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geotrack.captions.notes import (
    events_of,
    figures_of,
    foot_of,
    labels_of,
    name_of,
    notes_of,
    subtitle,
)
from geotrack.language.catalogue import words_of
from geotrack.map.views import View
from geotrack.model import LOWER_BOUND
from geotrack.render.picture.drawing import Drawing
from geotrack.render.picture.flow import Block, TextRun, legend, paragraph
from geotrack.render.picture.fonts import Fonts
from geotrack.render.picture.ground import ground_of
from geotrack.render.picture.ink import fills, ink_of
from geotrack.render.picture.panels import Joined, Panel, label_aggregates

THICK = 5.0


class Track:
    """A thin line over real time; what stands still is drawn at once.

    Parameters
    ----------
    left, right, y : where it stands, in points.
    """

    def __init__(self, view: View, sheet: Drawing, left: float, right: float, y: float) -> None:
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


def bar(sheet: Drawing, x: float, y: float, size: tuple[float, float], colour: str) -> Any:
    """Draw a rectangle with clean edges."""
    from matplotlib.patches import Rectangle

    return sheet.ax.add_patch(Rectangle((x, y), *size, facecolor=colour, linewidth=0, snap=True, zorder=4))


def mark(sheet: Drawing, x: float, y: float, colour: str) -> Any:
    """Draw an event's mark: a triangle that points down."""
    from matplotlib.patches import Polygon

    corners = [(x - 5, y - 4), (x + 5, y - 4), (x, y + 5)]
    return sheet.ax.add_patch(Polygon(corners, facecolor=colour, linewidth=0, zorder=4))


def _day(iso: str) -> int:
    return date.fromisoformat(iso).toordinal()


MARGIN = 28.0
WIDE, NARROW = 960.0, 640.0  # points; a film of less than 720 pixels is set for the narrow one, to be read
TALL = 0.5  # of the width: no map is higher
MOST_EVENTS, MOST_NOTED = 3, 6  # lines under the timeline; what has no room is counted
SAID = 20.0  # height of one of them
CHIP = 58.0  # height of a group's figure with its name


class Stage:
    """One film's layout, in points from the upper left corner. Use it within `own_settings`.

    Parameters
    ----------
    view : slices in the order shown.
    width : of the film, in pixels.
    theme : "light" or "dark"; "" for the map's own.
    """

    def __init__(self, view: View, width: int, theme: str = "") -> None:
        self.view, self.ink, self.fonts = view, ink_of(theme or view.content.theme), Fonts()
        self.wide = WIDE if width >= 720 else NARROW
        self.room = self.wide - 2 * MARGIN
        self.said = {t: self._said(t) for t in view.slices}
        head, self.date_y = self._head()
        ground = ground_of(view.content, self.room, TALL * self.wide, centred=True)
        marks = self._marks()
        key = legend(view.layer, marks, self.ink, self.fonts, size=13, width=self.room)
        self.map_y = 22 + sum(block.height for block in head) + (40 if self.date_y > 48 else 0) + 8
        self.key_y = self.map_y + ground.height + 12
        self.chips_y = self.key_y + key.height + 16
        self.columns, rows = self._columns()
        self.track_y = self.chips_y + CHIP * rows + 20
        self.said_y = self.track_y + 44
        lines = max(map(len, self.said.values()))
        foot_y = self.said_y + SAID * lines + (8 if lines else 0)
        foot = [paragraph(self.fonts, text, 12.5, self.room, colour=self.ink.soft) for text in foot_of(view)]
        scale = width / self.wide
        self.pixels = (width, 2 * round((foot_y + sum(b.height for b in foot) + 16) * scale / 2))
        self.sheet = Drawing(self.wide, self.pixels[1] / scale, self.ink, self.fonts)
        self.sheet.figure.set_dpi(72 * scale)
        self._stack(head, 22)
        key.draw(self.sheet, MARGIN, self.key_y)
        self._stack(foot, foot_y)
        self.panel = Panel(
            self.sheet, view.content, ground, MARGIN + (self.room - ground.width) / 2, self.map_y
        )
        self.track = Track(view, self.sheet, MARGIN, self.wide - MARGIN, self.track_y)

    def frames(self) -> Iterator[NDArray[np.uint8]]:
        """Yield each slice's picture, of height × width × 3."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        canvas: Any = FigureCanvasAgg(self.sheet.figure)
        for t in self.view.slices:
            moving = self._show(t)
            canvas.draw()
            yield np.asarray(canvas.buffer_rgba())[..., :3].copy()
            for artist in moving:
                artist.remove()

    def reads(self) -> list[bool]:
        """Return of each frame whether it has something new to read: an event, or a new note."""
        found, before = [], set[str]()
        for t in self.view.slices:
            now = {line for _, line in self.said[t]}
            found.append(bool(now - before))
            before = now
        return found

    def colours(self) -> list[str]:
        """Return the colours that must come out exactly: those of classes, groups and text."""
        ink = self.ink
        classes = [fill.colour for fill in fills(self.view.layer, ink)]
        groups = [ink.groups[group.colour] for group in self.view.content.groups]
        return list(dict.fromkeys([ink.page, ink.ink, ink.soft, ink.border, ink.missing, *classes, *groups]))

    # ---- layout ------------------------------------------------------------------------------

    def _head(self) -> tuple[list[Block], float]:
        """Title and subtitle, and where the date stands: beside them, or below if it is long."""
        content = self.view.content
        date = max(self.fonts.width(self._date(t), 30, 700) for t in self.view.slices)
        beside = self.room - date - 24
        below = beside < 0.45 * self.room
        width = self.room if below else beside
        head: list[Block] = [
            paragraph(self.fonts, content.title, 24, width, weight=700),
            paragraph(self.fonts, subtitle(self.view), 15, width, colour=self.ink.soft),
        ]
        return head, (22 + sum(block.height for block in head) + 32 if below else 46.0)

    def _date(self, t: int) -> str:
        return self.fonts.clean(name_of(self.view.content, t))

    def _columns(self) -> tuple[int, int]:
        count = max(len(figures_of(self.view, t)) for t in self.view.slices)
        columns = max(1, min(count, int(self.room // 145)))
        rows = -(-count // columns)
        return -(-count // rows) if count else 1, rows

    def _said(self, t: int) -> list[tuple[str, str]]:
        """Events of a slice, a line each, then its notes, each with its kind; a caveat is never cut short."""
        events = [("event", self._cut(text, 15)) for text in events_of(self.view, t)]
        if len(events) > MOST_EVENTS:
            events = [*events[: MOST_EVENTS - 1], ("more", f"… +{len(events) - MOST_EVENTS + 1}")]
        noted = [self.fonts.wrap(text, 14, 400, self.room - 18) for text in notes_of(self.view, t)]
        while len(noted) > 1 and sum(map(len, noted)) > MOST_NOTED:
            noted = noted[:-1]
        left = len(notes_of(self.view, t)) - len(noted)
        more = [("note", f"… +{left}")] if left else []
        return [*events, *(("note", line) for lines in noted for line in lines), *more]

    def _cut(self, text: str, size: float, weight: int = 400, room: float = 0.0) -> str:
        """Shorten a text to one line."""
        room, shown = room or self.room - 18, self.fonts.clean(text)
        if self.fonts.width(shown, size, weight) <= room:
            return shown
        while shown and self.fonts.width(shown + "…", size, weight) > room:
            shown = shown[:-1]
        return shown.rstrip(" ,;:") + "…"

    def _marks(self) -> list[TextRun]:
        """The legend's other marks: those that the film has."""
        words, ink = words_of(self.view.content.lang), self.ink
        marks = [("noData", ink.no_data)]
        if (self.view.layer.status[:, list(self.view.slices)] == LOWER_BOUND).any():
            marks.append(("boundLegend", replace(ink.at_least, colour=ink.page)))
        pieces = [TextRun(((self.fonts.clean(str(words[key])), 400, ""),), fill) for key, fill in marks]
        if self.view.content.territories:
            label = self.fonts.clean(str(words["disputed"]))
            pieces.append(TextRun(((label, 400, ""),), None, (ink.dispute, (2.2, 2.2))))
        return pieces

    def _stack(self, blocks: Sequence[Block], y: float) -> None:
        for block in blocks:
            block.draw(self.sheet, MARGIN, y)
            y += block.height

    # ---- what moves --------------------------------------------------------------------------

    def _show(self, t: int) -> list[Any]:
        """Draw a slice; return what must go again before the next."""
        joined = self.panel.show(self.view.layer, t)
        sheet, right = self.sheet, self.wide - MARGIN
        moving = [sheet.text(right, self.date_y, self._date(t), 30, weight=700, align="right")]
        moving += self._chips(t) + self.track.at(t) + self._labels(joined, t)
        for i, (kind, line) in enumerate(self.said[t]):
            y = self.said_y + SAID * (i + 1) - 6
            size, colour = (15, self.ink.ink) if kind != "note" else (14, self.ink.soft)
            moving.append(sheet.text(MARGIN + 18, y, line, size, colour=colour))
            if kind == "event":
                moving.append(mark(sheet, MARGIN + 5, y - 5, self.ink.ink))
        return moving

    def _labels(self, joined: Joined, t: int) -> list[Any]:
        """Names and figures of aggregates that their source does not split."""
        return label_aggregates(self.panel, labels_of(self.view, self.view.layer, t, joined), 13)

    def _chips(self, t: int) -> list[Any]:
        """The groups' figures under their names, each beside a bar of its colour."""
        found: list[Any] = []
        step, sheet = self.room / self.columns, self.sheet
        for i, (name, value, colour) in enumerate(figures_of(self.view, t)):
            x, y = MARGIN + step * (i % self.columns), self.chips_y + CHIP * (i // self.columns)
            ink, shown, size = self.ink.groups[colour], self.fonts.clean(value), 26.0
            while self.fonts.width(shown, size, 600) > step - 20 and size > 12:
                size -= 1
            found.append(bar(sheet, x, y, (4, 42), ink))
            label = self._cut(name, 15, 400, step - 24)
            found.append(sheet.text(x + 12, y + 12, label, 15, colour=self.ink.soft))
            found.append(sheet.text(x + 12, y + 39, shown, size, weight=600, colour=ink))
        return found
