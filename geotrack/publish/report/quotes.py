"""Figures as words of a text: shares, changes, crossings, amounts; each remembers its origins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from geotrack import periods
from geotrack.errors import SpecError
from geotrack.language import catalogue, partly
from geotrack.language.figures import changed, written
from geotrack.language.numbers import USUAL, clean
from geotrack.language.text import one_line
from geotrack.map import groups, localised
from geotrack.measure import lines, scenarios
from geotrack.measure.lines import when
from geotrack.measure.scenarios import Scenario
from geotrack.model import AT_MOST, DERIVED, ESTIMATED, LOWER_BOUND, MISSING, SAID
from geotrack.publish.report.book import Book, Course, QuotedFigure
from geotrack.publish.report.citations import Register
from geotrack.publish.report.doubts import OtherCourses

SERIES = "cbeci-countries"
"""What share, change and crossing speak of if no series is named."""

SHARE = "share"
CURRENCIES = {"USD": "US$", "CNY": "CN¥"}
DIGITS, MOST_DIGITS = 1, 12
FOLLOWS = (DERIVED, AT_MOST)
"""Status of what follows from another figure and was stated by nobody."""


def within(name: str, value: object, most: int) -> None:
    """Refuse what is no whole number from 0 to `most`; SpecError names the argument."""
    if type(value) is not int or not 0 <= value <= most:
        raise SpecError(f"{name} = {value!r} cannot be used; expected a whole number from 0 to {most}")


class Quote(str):
    """A figure in words. Whatever else is known of it stands in its attributes.

    Parameters
    ----------
    value : the number. status : "reported", "estimated", "lower bound", "derived", "upper bound".
    period : in words. size : a change without its sign. verb : "rose", "fell" or "did not change".
    when : of the crossing, in ISO style. origins : ids of where the figure comes from.
    """

    value: float = float("nan")
    status: str = ""
    period: str = ""
    size: str = ""
    verb: str = ""
    region: str = ""
    note: str = ""
    origins: tuple[str, ...] = ()

    def __new__(cls, text: str, **known: Any) -> Quote:
        """Make it of its words; `known` are its attributes."""
        quote = super().__new__(cls, text)
        for name, value in known.items():
            setattr(quote, name, value)
        return quote


class Quotes:
    """What a template may say in numbers.

    Parameters
    ----------
    book : the figures. register : notes which origins were drawn on. lang : of the words.
    """

    def __init__(self, book: Book, register: Register, lang: str) -> None:
        self.book, self.register, self.lang = book, register, lang
        self._otherwise = OtherCourses(book)

    def functions(self) -> dict[str, Callable[..., Any]]:
        """Return the functions of a template, by name."""
        names = ("share", "value", "change", "crossing", "highest", "lowest", "number", "period", "name")
        return {name: getattr(self, name) for name in (*names, "first", "last", "method", "caveats")}

    def share(
        self, region: str, period: str, *, series: str = SERIES, metric: str = SHARE, digits: int = DIGITS
    ) -> Quote:
        """Say a region's or a group's share in a period: "75.5%"."""
        return self.value(series, region, period, metric, digits=digits)

    def value(
        self, series: str, region: str, period: str, metric: str = "", *, digits: int = DIGITS
    ) -> Quote:
        """Say a figure, its status too: "at least 50%", "an estimated 36.7%", "21.6% (derived)"."""
        return self._said(self.book.figure(series, region, period, metric), digits)

    def change(
        self,
        region: str,
        first: str,
        last: str,
        *,
        series: str = SERIES,
        metric: str = SHARE,
        digits: int = DIGITS,
    ) -> Quote:
        """Say what changed: "+39.2 percentage points"; `.verb` and `.size` are for a sentence."""
        course = self.book.course(series, region, metric)
        places = course.place(first), course.place(last)
        values, status = zip(*(course.cell(place) for place in places), strict=True)
        moved = lines.change(np.array([values]), np.array([status], dtype=np.uint8), 0, 1)
        value = clean(float(moved.values[0]), max(course.digits, USUAL))
        within("digits", digits, MOST_DIGITS)
        size, told = (
            changed(
                value, digits=course.digits, unit=course.metric.unit, lang=self.lang, most=digits,
                dress=self._points if course.metric.unit == "%" else None, signed=signed,
            )
            for signed in (False, True)
        )  # fmt: skip
        if moved.status[0] == LOWER_BOUND:  # neither end bounds the difference
            size, told = (self._say("notCertain", text=text) for text in (size, told))
        else:
            size, told = (self.marked(text, int(moved.status[0])) for text in (size, told))
        origins = tuple(dict.fromkeys(o for place in places for o in course.origins[place]))
        self.register.use(origins)
        others = [*self._otherwise.of(series, course).values()]
        gone = lines.way(course.line, *places, course.hidden, others)
        verb = "unchanged" if gone == "same" else gone
        return Quote(
            told, value=value, size=size, verb=self._say(verb), origins=origins,
            region=self.called(course), status=SAID[moved.status[0]],
        )  # fmt: skip

    def crossing(
        self, first: str, second: str, *, series: str = SERIES, metric: str = SHARE, scenario: str = ""
    ) -> Quote:
        """Say when the first overtook the second: "between June 2021 and July 2021", or in no period.

        Where scenarios of a series with figures in doubt have another answer, that stands in brackets; of a
        sentence that says itself how it reads them ("As reported, ..."), one scenario's answer is enough.
        """
        pair = self.book.course(series, first, metric), self.book.course(series, second, metric)
        told = self._crossings(series, pair)
        if scenario:
            chosen = scenarios.scenario(self.book.table(series).series, scenario)
            found, others = told.get(chosen, told[scenarios.AS_REPORTED]), ""
        else:
            found = told[scenarios.AS_REPORTED]
            others = self._otherwise_than(found, told)
        origins = tuple(dict.fromkeys(o for course in pair for used in course.origins for o in used))
        self.register.use(origins)
        if found.kind == "not known":
            raise SpecError(
                f"crossing({first!r}, {second!r}): no slice of series {series} "
                + ("tells which of the two is ahead" if found.compared else "has figures of both")
            )
        text = when(found, self.lang)
        if others:
            text = catalogue.said(self.lang, "crossing", "otherwise", text=text, others=others)
        taken = next((turn.after for turn in found.turns if turn.ahead), None)
        period = self._period(taken.start, taken.end) if taken else ""
        return Quote(text, status=found.kind, period=period, origins=origins)

    def _crossings(self, series: str, pair: tuple[Course, Course]) -> dict[Scenario, lines.Crossing]:
        """When one overtook another, as reported and as each scenario reads it that changes something."""
        first, second = (self._otherwise.of(series, course) for course in pair)
        read = {scenarios.AS_REPORTED: (pair[0].line, pair[1].line)}
        read |= {each: (first[each], second[each]) for each in first}
        return {each: lines.crossing(*two, pair[0].steps) for each, two in read.items()}

    def _otherwise_than(self, found: lines.Crossing, told: Mapping[Scenario, lines.Crossing]) -> str:
        """Say when one overtook another as scenarios read it that have another answer."""
        titles: dict[str, list[str]] = {}
        for each, other in told.items():
            if not found.covers(other):
                unknown = other.kind == "not known"
                text = catalogue.said(self.lang, "shift", "notKnown") if unknown else when(other, self.lang)
                if text != when(found, self.lang):
                    titles.setdefault(text, []).append(catalogue.term(each.title, self.lang))
        semicolon = catalogue.joint("semicolon", self.lang)
        return semicolon.join(
            catalogue.said(
                self.lang, "crossing", "readAs", when=text, titles=catalogue.joined(each, self.lang)
            )
            for text, each in titles.items()
        )

    def highest(
        self, region: str, *, series: str = SERIES, metric: str = SHARE, digits: int = DIGITS
    ) -> Quote:
        """Say a region's highest figure, and if one that is not stated may be higher; `.period` says when."""
        return self._extreme(series, region, metric, digits, highest=True)

    def lowest(
        self, region: str, *, series: str = SERIES, metric: str = SHARE, digits: int = DIGITS
    ) -> Quote:
        """Say a region's lowest figure, and if one that is not stated may be lower; `.period` says when."""
        return self._extreme(series, region, metric, digits, highest=False)

    def number(self, value: float, digits: int = DIGITS, unit: str = "") -> str:
        """Write a number of the template's own sums as the rest of the report writes numbers."""
        within("digits", digits, MOST_DIGITS)
        return written(float(value), digits=digits, unit=unit, lang=self.lang, least=digits)

    def period(self, text: str) -> str:
        """Name a period or a day: "2019-09" is "September 2019"."""
        return self._period(*periods.parse(text))

    def name(self, region: str, series: str = SERIES) -> str:
        """Return the name of a region or group by its code."""
        return self._name(self.book.code(series, region))

    def called(self, found: QuotedFigure | Course) -> str:
        """Name a region or a group; of a sum of no more than the listed members that it is that."""
        name = self._name(found.code)
        if not found.absent or found.metric.complete:
            return name
        return catalogue.said(self.lang, "shift", "asListed", name=name)

    def made_of(self, found: QuotedFigure | Course) -> str:
        """Say which members of a group the source lists, and which in no slice; "" where it lists all."""
        if not found.absent:
            return ""
        listed, absent = (list(map(self._name, codes)) for codes in (found.listed, found.absent))
        return groups.made_of(self._name(found.code), listed, absent, self.lang)

    def first(self, series: str, metric: str = "") -> str:
        """Return the first period of which a series has figures, for other calls: "2019-09"."""
        return self.book.periods(series, metric)[0]

    def last(self, series: str, metric: str = "") -> str:
        """Return the newest period of which a series has figures, for other calls: "2022-01"."""
        return self.book.periods(series, metric)[-1]

    def method(self, series: str) -> str:
        """Return how a series came about, in its source's words."""
        return one_line(catalogue.term(self.book.table(series).series.method, self.lang))

    def caveats(self, series: str) -> list[str]:
        """Return what the source and we warn of, a text each."""
        told = localised.series(self.book.table(series).series, self.lang)
        return [one_line(text) for text in told.caveats]

    def cell(self, figure: QuotedFigure, digits: int = DIGITS, *, marked: bool = True) -> str:
        """Write a figure for a table, without its unit: "75.5", "at least 30", "36.7 (estimated)".

        Parameters
        ----------
        marked : whether an estimate is marked, which a caption may say of all.
        """
        whole = figure.metric.whole
        text = written(
            figure.value, figure.status, digits=figure.digits, lang=self.lang, whole=whole, most=digits
        )
        return self.marked(text, figure.status) if marked or figure.status != ESTIMATED else text

    def marked(self, text: str, status: int) -> str:
        """Return a figure, or a change, with the word behind it that its status asks for."""
        key = {ESTIMATED: "estimatedMark", DERIVED: "derived", AT_MOST: "derived"}.get(status, "")
        return self._say(key, value=text) if key else text

    def _extreme(self, series: str, region: str, metric: str, digits: int, *, highest: bool) -> Quote:
        course = self.book.course(series, region, metric)
        known = np.where(course.line.status == MISSING, np.nan, course.line.values)
        chosen = int((np.nanargmax if highest else np.nanargmin)(known))
        found = self._said(self.book.at(course, chosen, series), digits)
        gaps = any(a.end < b.start for a, b in pairwise(course.steps))
        signed = course.metric.signed
        if lines.lasts(course.line, chosen, highest=highest, gaps=gaps, signed=signed):
            return found
        return Quote(self._say("ofStated", value=found), **vars(found))

    def _said(self, figure: QuotedFigure, digits: int) -> Quote:
        self.register.use(figure.origins)
        text = self._amount(figure, digits)
        if figure.status == ESTIMATED:
            text = self._say("estimated", value=text)
        elif figure.status in FOLLOWS:
            text = self._say("derived", value=text)
        return Quote(
            text, value=figure.value, period=self._period(figure.start, figure.end), origins=figure.origins,
            status=SAID[figure.status], region=self.called(figure),
            note=self.made_of(figure) or one_line(partly.note(figure.note, self.lang)),
        )  # fmt: skip

    def _amount(self, figure: QuotedFigure, digits: int) -> str:
        within("digits", digits, MOST_DIGITS)
        metric, value, status, lang = figure.metric, figure.value, figure.status, self.lang
        currency, _, rest = metric.unit.partition(" ")
        if currency in CURRENCIES and rest == "thousand":
            power = 6 if abs(value) >= 1e6 else 3
            key = "billion" if power == 6 else "million"
            whole = metric.whole and metric.whole / 10**power
            dress = partial(self._currency, key, CURRENCIES[currency])
            return written(
                value / 10**power,
                status,
                digits=figure.digits + power,
                lang=lang,
                whole=whole,
                most=DIGITS,
                dress=dress,
            )
        return written(
            value,
            status,
            digits=figure.digits,
            unit=one_line(metric.unit),
            lang=lang,
            whole=metric.whole,
            most=digits,
        )

    def _currency(self, key: str, currency: str, text: str) -> str:
        return self._say(key, value=text, currency=currency)

    def _points(self, text: str) -> str:
        return self._say("points", value=text)

    def _period(self, start: str, end: str) -> str:
        return catalogue.period(start, end, self.lang)

    def _name(self, code: str) -> str:
        return one_line(catalogue.place(self.book.regions.table[code], self.lang))

    def _say(self, key: str, **values: str) -> str:
        return catalogue.said(self.lang, "report", key, **values)
