"""A quoted region's figures as other scenarios read them: reports say of no change more than a shift does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geotrack.build import maps
from geotrack.map.spec import Spec
from geotrack.measure import scenarios

if TYPE_CHECKING:
    from geotrack.map.content import Content
    from geotrack.publish.report.book import Book, Course


class OtherCourses:
    """Courses read otherwise, of the series that have figures in doubt; their maps are built once."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._maps: dict[tuple[str, str], Content] = {}

    def of(self, series: str, course: Course) -> tuple[np.ndarray, ...]:
        """Return a course's figures under each scenario that changes some, slice by slice."""
        if not self._book.table(series).series.doubts:
            return ()
        content, cut = self._drawn(series, course), self._book.cut(series, course.metric.name)
        codes = [cut.units[u] for u in self._book.rows(course.code, cut)]
        place = {(step.start, step.end): t for t, step in enumerate(content.slices)}
        at = [place.get((step.start, step.end), -1) for step in course.steps]
        read = scenarios.line_otherwise(content, content.layers[0], codes)
        return tuple(np.append(each, np.nan)[at] for each in read)

    def _drawn(self, series: str, course: Course) -> Content:
        """The map that a shift of the metric is measured on."""
        key = (series, course.metric.name)
        if key not in self._maps:
            wanted = Spec(series, metrics=(course.metric.name,), events=False, lang=self._book.lang)
            self._maps[key] = maps.build(wanted, series, self._book.data).content
        return self._maps[key]
