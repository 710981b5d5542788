"""A table of a report: regions down, periods across, and what the rows leave of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geotrack import periods
from geotrack.errors import SpecError
from geotrack.language import catalogue
from geotrack.language.figures import changed, written
from geotrack.language.numbers import digits_of
from geotrack.language.text import one_line
from geotrack.map.slices import Cut
from geotrack.measure import lines
from geotrack.model import AT_MOST, ESTIMATED, LOWER_BOUND, MISSING, REPORTED
from geotrack.publish.report.book import Book, Course
from geotrack.publish.report.document import ReportTable, said
from geotrack.publish.report.limits import MOST_CELLS
from geotrack.publish.report.quotes import DIGITS, Quotes


@dataclass(frozen=True)
class WantedTable:
    """What a table shows.

    Parameters
    ----------
    series, metric : names. at : periods; the first and the last that the series has if there are none.
    top : so many regions, the highest in the last period; else all. regions : these only, in this order.
    change : whether a column says what changed from the first period to the last. caption : its own words.
    """

    series: str
    metric: str
    at: tuple[str, ...] = ()
    top: int = 0
    regions: tuple[str, ...] = ()
    change: bool = False
    caption: str = ""


def tabulate(wanted: WantedTable, book: Book, quotes: Quotes) -> tuple[ReportTable, str, tuple[str, ...]]:
    """Return a table, its caption, and the ids of the origins that it draws on.

    Raises
    ------
    SpecError, RegionError, ParseError : no such period or region; says what there is.
    """
    cut, metric, lang = (
        book.cut(wanted.series, wanted.metric),
        book.metric(wanted.series, wanted.metric),
        quotes.lang,
    )
    places = _places(cut, wanted.at)
    _refuse_large(wanted, cut, len(places))
    courses = _courses(wanted, book, cut, places[-1])
    each = {int(course.cell(t)[1]) for course in courses for t in places} - {MISSING}
    rows = [_row(course, places, wanted, book, quotes, marked=each != {ESTIMATED}) for course in courses]
    if metric.whole is not None and not wanted.regions:
        rows.append(_rest(cut, courses, places, wanted.change, lang))
    labels = [catalogue.period(cut.slices[t].start, cut.slices[t].end, lang) for t in places]
    head = (said(lang, "region"), *labels, *([said(lang, "change")] if wanted.change else []))
    title, unit = (catalogue.term(text, lang) for text in (metric.title, metric.unit))
    caption = wanted.caption or said(
        lang, "ofTable", metric=title, periods=catalogue.listed(labels, lang), unit=unit
    )
    gap = catalogue.joint("gap", lang)
    more = [said(lang, "estimatedAll")] if each == {ESTIMATED} else []
    caption = gap.join([caption, *more, *filter(None, map(quotes.made_of, courses))])
    origins = dict.fromkeys(o for course in courses for t in places for o in course.origins[t])
    return ReportTable(head, tuple(rows)), caption, tuple(origins)


def _refuse_large(wanted: WantedTable, cut: Cut, columns: int) -> None:
    """Refuse a table that nobody reads and that takes long, before its figures are looked up."""
    rows = len(wanted.regions) or min(wanted.top or len(cut.units), len(cut.units))
    if rows * columns > MOST_CELLS:
        raise SpecError(
            f"a table of {rows:,} regions and {columns:,} periods; expected at most {MOST_CELLS:,} cells: "
            "say how many regions (top=...) or which (regions=[...]), and fewer periods; geotrack export "
            "writes all of them"
        )


def _places(cut: Cut, at: Sequence[str]) -> list[int]:
    names = [(step.start, step.end) for step in cut.slices]
    if not at:
        return sorted({0, len(names) - 1})
    spans = {period: periods.parse(period) for period in at}
    lost = [period for period, span in spans.items() if span not in names]
    if lost:
        raise SpecError(
            f"no period {lost[0]!r} in the table; expected some of: {', '.join(s.iso for s in cut.slices)}"
        )
    return [names.index(spans[period]) for period in at]


def _courses(wanted: WantedTable, book: Book, cut: Cut, last: int) -> list[Course]:
    """The rows: those asked for, or all places, the highest of the last period first, the missing last."""
    codes = [book.code(wanted.series, region) for region in wanted.regions]
    if codes:
        return [book.course(wanted.series, code, wanted.metric) for code in codes]
    level = {code: region.level for code, region in book.regions.table.items()}
    codes = [code for code in cut.units if level.get(code) not in {"remainder", "whole"}]
    found = [book.course(wanted.series, code, wanted.metric) for code in codes]
    known = [course for course in found if course.line.status[last] != MISSING]
    absent = [course for course in found if course.line.status[last] == MISSING]
    ranked = sorted(known, key=lambda course: (-float(course.line.values[last]), course.code))
    return [*ranked, *absent][: wanted.top or None]


def _row(
    course: Course, places: Sequence[int], wanted: WantedTable, book: Book, quotes: Quotes, *, marked: bool
) -> tuple[str, ...]:
    line, lang = course.line, quotes.lang
    cells = [
        quotes.cell(book.at(course, t, wanted.series), marked=marked)
        if course.cell(t)[1] != MISSING
        else said(lang, "noFigure")
        for t in places
    ]
    if wanted.change:
        moved = lines.change(line.values[None, :], line.status[None, :], places[0], places[-1])
        known = moved.status[0] not in {MISSING, LOWER_BOUND}
        told, status = _signed(float(moved.values[0]), course.digits, known, lang), int(moved.status[0])
        cells.append(quotes.marked(told, status) if known and (marked or status != ESTIMATED) else told)
    return (quotes.called(course), *cells)


def _rest(
    cut: Cut, courses: Sequence[Course], places: Sequence[int], change: bool, lang: str
) -> tuple[str, ...]:
    """What the rows above leave of the whole, as a number: the parts add up.

    Where a row is what another leaves, or at most that, it is all that is left: not said again of the rest.
    """
    shown = {course.code for course in courses}
    rows = [u for u, unit in enumerate(cut.units) if unit in shown]
    floors = _floors(cut, courses, places)
    whole = float(cut.metric.whole or 0)
    told = [cut.bounds is not None and bool(np.isfinite(cut.bounds[rows, t]).any()) for t in places]
    left = [
        0.0 if all_ else whole - max(float(np.nansum(cut.values[rows, t])), floor)
        for t, all_, floor in zip(places, told, floors, strict=True)
    ]
    bound = [
        not all_ and (floor > 0 or bool((cut.status[rows, t] == LOWER_BOUND).any()))
        for t, all_, floor in zip(places, told, floors, strict=True)
    ]
    digits = max(DIGITS, digits_of(cut.values))
    cells = [
        written(value, AT_MOST if most else REPORTED, digits=digits, lang=lang, whole=whole, most=DIGITS)
        for value, most in zip(left, bound, strict=True)
    ]
    if change:  # of the same places in both periods, or it would compare different sets
        ends = [places[0], places[-1]]
        known = bool((cut.status[np.ix_(rows, ends)] != MISSING).all()) and not (bound[0] or bound[-1])
        cells.append(_signed(left[-1] - left[0], digits, known, lang))
    return (said(lang, "rest"), *cells)


def _floors(cut: Cut, courses: Sequence[Course], places: Sequence[int]) -> list[float]:
    """Per period the most that a row without a figure of its own is at least; 0 if there is none."""
    rows = [(course.line, cut.units.index(course.code)) for course in courses if course.code in cut.units]
    return [
        max(
            (float(line.values[t]) for line, u in rows if line.status[t] and not cut.status[u, t]),
            default=0.0,
        )
        if cut.bounds is None or not np.isfinite(cut.bounds[:, t]).any()
        else 0.0
        for t in places
    ]


def _signed(value: float, digits: int, known: bool, lang: str) -> str:
    if not known:
        return one_line(str(catalogue.words_of(lang)["notKnown"]))
    return changed(value, digits=digits, lang=lang, most=DIGITS)
