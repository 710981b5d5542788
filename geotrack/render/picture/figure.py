"""A static figure: one map, several side by side, or the difference of two; no browser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypedDict

from geotrack.captions import notes as captions_notes
from geotrack.captions.captions import alt_text, long_description, source_line
from geotrack.errors import SpecError
from geotrack.language.catalogue import term, words_of
from geotrack.map.views import View
from geotrack.render.picture import layout
from geotrack.render.picture.drawing import Drawing, own_settings
from geotrack.render.picture.encode import About, encoded, suffix_of
from geotrack.render.picture.flow import Block, TextRun, legend, paragraph, rows
from geotrack.render.picture.fonts import Fonts
from geotrack.render.picture.ink import Fill, Ink, ink_of
from geotrack.render.picture.layout import Aside, aside
from geotrack.render.picture.panels import Panel, label_aggregates
from geotrack.render.picture.sizes import Size, size_of

if TYPE_CHECKING:
    from geotrack.map.content import Layer

MOST_COLUMNS = 12
LEAST_MAPS = 0.42  # of a given height: notes give way to maps


class FigureOptions(TypedDict, total=False):
    """How a figure looks: the options of `figure`, for whoever hands them on."""

    cols: int
    width: str
    preset: str
    theme: str
    title: str | None
    dpi: int
    font: str


class FigureWish(FigureOptions, total=False):
    """The same, and what it shows: the options of `TimeMap.to_figure`."""

    at: str | Sequence[str]
    between: Sequence[str] | None
    metric: str


def figure(
    view: View,
    suffix: str = ".png",
    *,
    cols: int = 0,
    width: str = "",
    preset: str = "",
    theme: str = "",
    title: str | None = None,
    dpi: int = 0,
    font: str = "",
) -> bytes:
    """Return a figure as the bytes of a file; the same view gives the same bytes.

    Parameters
    ----------
    view : of kind "slices" (a panel for each) or "difference" (one panel of changes).
    suffix : ".png", ".pdf" or ".svg".
    cols : panels side by side; chosen by the width if 0.
    width : a length such as "89mm", "7in", "1200px", "1200x630px", or a name of `sizes.PRESETS`;
        "nature-double" (183 mm) if not given. The height follows the content unless it is given.
    preset : "colour", or "grey" for greys with patterns that a photocopy keeps apart.
    theme : "light" or "dark"; the map's own if not given.
    title : instead of the map's; "" writes none.
    dpi : of a PNG; 300, of a width in px 96, so that a pixel is a pixel.
    font : a font file for letters that Source Sans Pro and DejaVu Sans lack.

    Raises
    ------
    SpecError : an option that cannot be used, letters that no font has, panels that do not fit.
    """
    kind, size = suffix_of(suffix), size_of(width, dpi)
    ink = ink_of(theme or view.content.theme, preset)
    if not 0 <= cols <= MOST_COLUMNS:
        raise SpecError(f"cols = {cols} is out of range; expected 1 to {MOST_COLUMNS}, or 0 to choose")
    with own_settings():
        sheet = drawn(view, Setting(size, ink, Fonts(font)), cols, title)
        return encoded(sheet, kind, about(view, title), size.dpi)


@dataclass(frozen=True)
class Setting:
    """How a figure is set: its size, its ink, its fonts."""

    size: Size
    ink: Ink
    fonts: Fonts

    @property
    def room(self) -> float:
        """Width within the margins."""
        return self.size.width - 2 * self.size.margin

    @property
    def small(self) -> float:
        """Size of notes and sources."""
        return max(6.0, 0.84 * self.size.text)

    def map_ink(self, view: View) -> Ink:
        """Return the ink of maps: a difference needs its colours for the classes, not for groups."""
        return self.ink.plain if view.kind == "difference" else self.ink

    def words(self, text: str, scale: float = 1.0, weight: int = 400, colour: str = "") -> Block:
        """Return a paragraph across the figure."""
        size = max(6.0, scale * self.size.text)
        return paragraph(self.fonts, text, size, self.room, weight=weight, colour=colour)


def about(view: View, title: str | None = None) -> About:
    """Return what the file says of its picture."""
    content = view.content
    return About(
        " ".join((title or content.title).split()),
        alt_text(view),
        long_description(view),
        source_line(captions_notes.credited(view)),
        content.lang,
    )


def drawn(view: View, to: Setting, cols: int = 0, title: str | None = None) -> Drawing:
    """Lay a figure out and draw it."""
    layer, slices = captions_notes.shown_layer(view)
    text, gap = to.size.text, 1.1 * to.size.text
    head = _head(view, layer, slices, to, title)
    beside = _beside(view, to, head, gap) if to.size.height else None
    if beside:
        grid, foot = beside.grid, _foot(view, to, ())
    else:
        grid, foot = _stacked(view, to, cols, head, gap)
    height = to.size.height or 2 * to.size.margin + _words(head, foot, text) + grid.height
    sheet = Drawing(to.size.width, height, to.ink, to.fonts)
    x, y = to.size.margin, to.size.margin
    for block in head:
        block.draw(sheet, x, y)
        y += block.height + 0.45 * text
    y += 0.35 * text
    if beside:
        _draw_blocks(sheet, beside.words, x, y, beside.space)
    _draw_grid(sheet, view, (layer, slices), (grid, x + (beside.left if beside else 0.0), y), to)
    y = height - to.size.margin - layout.stacked(foot, 0.12 * text)
    sheet.line([x, x + to.room], [y - 0.45 * text] * 2, to.ink.border, 0.4)
    _draw_blocks(sheet, foot, x, y, 0.12 * text)
    return sheet


def _stacked(
    view: View, to: Setting, cols: int, head: Sequence[Block], gap: float
) -> tuple[layout.Grid, list[Block]]:
    """The panels, and the notes and sources below them; in a given height notes give way to maps."""
    foot = _foot(view, to, captions_notes.fewer(view))
    grid = _grid(view, to, cols, gap, _left(to, head, foot))
    kept = min(len(foot) - 1, captions_notes.MOST_NOTES)
    while kept > 0 and grid.tight and grid.ground.height * len(grid.rows) < LEAST_MAPS * to.size.height:
        kept -= 1
        foot = _foot(view, to, captions_notes.fewer(view, kept))
        grid = _grid(view, to, cols, gap, _left(to, head, foot))
    return grid, foot


def _beside(view: View, to: Setting, head: Sequence[Block], gap: float) -> Aside | None:
    """One map of a given height with its words left of it, where that makes it larger than above it."""
    if _count(view) > 1:
        return None
    noted = captions_notes.notes(view)

    def words(width: float, kept: int) -> tuple[Block, ...]:
        cell = _cell(view, view.slices[0], to, width)
        notes = [
            paragraph(to.fonts, text, to.small, width, colour=to.ink.soft)
            for text in captions_notes.fewer(view, kept)
        ]
        return (*cell.above, *cell.below, *notes)

    left = _left(to, head, _foot(view, to, ())) - 0.6 * gap
    found = aside(view.content, words, room=to.room, gap=2 * gap, high=left, most=len(noted))
    try:
        grid, _ = _stacked(view, to, 1, head, gap)
    except SpecError:
        return found
    return found if found and found.grid.ground.height > grid.ground.height else None


def _left(to: Setting, head: Sequence[Block], foot: Sequence[Block]) -> float:
    """Height left for the grid in a figure of a given height."""
    return to.size.height - 2 * to.size.margin - _words(head, foot, to.size.text)


def _count(view: View) -> int:
    return 1 if view.kind == "difference" else len(view.slices)


def _words(head: Sequence[Block], foot: Sequence[Block], text: float) -> float:
    """Height of all that stands above and below the grid."""
    return layout.stacked(head, 0.45 * text) + layout.stacked(foot, 0.12 * text) + 1.7 * text


def _head(view: View, layer: Layer, slices: Sequence[int], to: Setting, title: str | None) -> list[Block]:
    named = view.content.title if title is None else title
    scale = 1.45 if to.size.width < 300 else 1.65
    blocks = [to.words(named, scale, 700)] if named.strip() else []
    under = captions_notes.subtitle(view)
    if under.strip() != named.strip():  # the metric of a map of one's own may bear the map's title
        blocks.append(to.words(under, 1.05, 400, to.ink.soft))
    size = max(6.0, 0.92 * to.size.text)
    return [
        *blocks,
        legend(layer, _marks(view, layer, slices, to), to.ink, to.fonts, size=size, width=to.room),
    ]


def _marks(view: View, layer: Layer, slices: Sequence[int], to: Setting) -> list[TextRun]:
    """The legend's other marks: those that the picture has."""
    words, changes, ink = words_of(view.content.lang), view.kind == "difference", to.ink

    def piece(key: str, fill: Fill | None, line: tuple[str, tuple[float, ...]] | None = None) -> TextRun:
        return TextRun(((to.fonts.clean(str(words[key])), 400, ""),), fill, line)

    marks = [piece("notKnown" if changes else "noData", ink.no_data)]
    if captions_notes.seen_marks(layer, slices):
        marks.append(piece("notExact" if changes else "boundLegend", replace(ink.at_least, colour=ink.page)))
    if view.content.territories:
        marks.append(piece("disputed", None, (ink.dispute, (2.2, 2.2))))
    return marks


def _foot(view: View, to: Setting, notes: Sequence[str]) -> list[Block]:
    source = captions_notes.credits(view.content, source_line(captions_notes.credited(view)))
    scale = to.small / to.size.text
    return [to.words(text, scale, 400, to.ink.soft) for text in (*notes, source) if text.strip()]


def _grid(view: View, to: Setting, cols: int, gap: float, left: float) -> layout.Grid:
    """The panels; where the height is given, in the columns that make the largest maps."""
    count = _count(view)
    usual = min(cols, count) or layout.columns(count, to.size, to.room, gap)
    tried = [usual] if cols or not to.size.height else range(1, count + 1)
    best: tuple[float, int, list[layout.Cell], float] | None = None
    for number in tried:
        width = layout.width_of(number, to.room, gap)
        cells = [_cell(view, t, to, width) for t in (view.slices if count > 1 else view.slices[:1])]
        rows_ = [cells[i : i + number] for i in range(0, count, number)]
        high = layout.highest(to.size, rows_, gap, left)
        west, south, east, north = view.content.bounds
        scale = min(width / (east - west), high / ((north - south) or 1.0))
        if best is None or scale > best[0]:
            best = (scale, number, cells, high)
    assert best is not None
    layout.refuse_crowded(to.size, best[3], count)
    return layout.fitted(view.content, best[2], best[1], room=to.room, gap=gap, high=best[3])


def _cell(view: View, t: int, to: Setting, width: float) -> layout.Cell:
    fonts, text, ink = to.fonts, to.size.text, to.map_ink(view)
    above: list[Block] = []
    if view.kind == "slices":
        above.append(
            paragraph(fonts, captions_notes.name_of(view.content, t), 1.12 * text, width, weight=700)
        )
    pieces = []
    for group, value in captions_notes.figures(view, t):
        line = (ink.groups[group.colour], ink.dashes.get(group.colour, ())) if group.outline else None
        name = fonts.clean(term(group.name, view.content.lang))
        colour = ink.groups[group.colour] if group.outline else ""
        pieces.append(TextRun(((name, 600, colour), (fonts.clean(value), 400, "")), None, line))
    if pieces:
        above.append(rows(fonts, pieces, text, width))
    rest = captions_notes.remainder(view, t)
    below = [paragraph(fonts, rest, max(6.0, 0.9 * text), width, colour=ink.soft)] if rest else []
    return layout.Cell(tuple(above), tuple(below))


def _draw_grid(
    sheet: Drawing,
    view: View,
    shown: tuple[Layer, Sequence[int]],
    at: tuple[layout.Grid, float, float],
    to: Setting,
) -> None:
    (layer, slices), (grid, left, y), place = shown, at, 0
    for row in grid.rows:
        top = y + layout.above_of(row, grid.gap)
        for i, cell in enumerate(row):
            x = left + i * (grid.width + grid.gap)
            _draw_blocks(sheet, cell.above, x, y)
            panel = Panel(sheet, view.content, grid.ground, x, top, ink=to.map_ink(view))
            joined = panel.show(layer, slices[place])
            told = captions_notes.labels_of(view, layer, slices[place], joined)
            named = [(sheet.fonts.clean(name), text, regions) for name, text, regions in told]
            label_aggregates(panel, named, max(6.0, 0.9 * to.size.text))
            _draw_blocks(sheet, cell.below, x, top + grid.ground.height + 0.2 * grid.gap)
            place += 1
        y = top + grid.ground.height + layout.below_of(row, grid.gap) + grid.gap


def _draw_blocks(sheet: Drawing, blocks: Sequence[Block], x: float, y: float, gap: float = 0.0) -> None:
    for block in blocks:
        block.draw(sheet, x, y)
        y += block.height + gap
