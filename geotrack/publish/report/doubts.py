"""A quoted region's figures as other scenarios read them: reports say of no change more than a shift does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from geotrack.build import maps
from geotrack.map.spec import Spec
from geotrack.measure import scenarios
from geotrack.measure.lines import Line
from geotrack.measure.scenarios import Scenario
from geotrack.model import MISSING

if TYPE_CHECKING:
    from geotrack.map.content import Content
    from geotrack.publish.report.book import Book, Course


class OtherCourses:
    """Courses read otherwise, of the series that have figures in doubt; their maps are built once."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._maps: dict[tuple[str, str], Content] = {}

    def of(self, series: str, course: Course) -> Mapping[Scenario, Line]:
        """Return a course's line under each scenario that changes some figure of its metric."""
        if not self._book.table(series).series.doubts:
            return {}
        content, cut = self._drawn(series, course), self._book.cut(series, course.metric.name)
        codes = [cut.units[u] for u in self._book.rows(course.code, cut)]
        place = {(step.start, step.end): t for t, step in enumerate(content.slices)}
        at = [place.get((step.start, step.end), -1) for step in course.steps]
        read = scenarios.lines_otherwise(content, content.layers[0], codes)
        return {scenario: _at(line, at) for scenario, line in read.items()}

    def _drawn(self, series: str, course: Course) -> Content:
        """The map that a shift of the metric is measured on."""
        key = (series, course.metric.name)
        if key not in self._maps:
            wanted = Spec(series, metrics=(course.metric.name,), events=False, lang=self._book.lang)
            self._maps[key] = maps.build(wanted, series, self._book.data).content
        return self._maps[key]


def _at(line: Line, places: list[int]) -> Line:
    """Return a line's figures of some slices, none of a place of -1."""
    room = np.full(len(line.values), np.inf) if line.room is None else line.room
    values, room, status = (
        np.append(each, blank)[places]
        for each, blank in ((line.values, np.nan), (room, np.inf), (line.status, MISSING))
    )
    return Line(line.name, values, status, room)
