"""Every measure of a shift, from shares and places: tracks over time, numbers between two slices; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from geotrack.geo import sphere
from geotrack.language import catalogue
from geotrack.map.measures import BY_TRACK, TOLD, Tracks, measure_of
from geotrack.measure import centre, concentration
from geotrack.measure.intervals import Interval
from geotrack.measure.lines import Line
from geotrack.measure.shares import Shares
from geotrack.measure.values import NOT_EXACT, Headline, Row
from geotrack.model import AT_MOST, LOWER_BOUND, MISSING, PERCENT

TOP = 3
FARTHEST_KM = np.pi * sphere.EARTH_KM


@dataclass(frozen=True, eq=False)
class Reading:
    """Shares as a scenario reads them, with what is measured on them.

    Parameters
    ----------
    places : (rows, 3) unit vectors, NaN for a row without a place.
    others : per slice, how many regions without a figure the rest may be split into; None: without end.
    title : of the scenario, for people.
    """

    shares: Shares
    places: np.ndarray
    others: np.ndarray | None = None
    title: str = ""

    @cached_property
    def concentration(self) -> concentration.Concentration:
        """How concentrated the single regions' shares are; what is not split is part of the rest."""
        single = self.shares.single
        bounded = self.shares.status[single] == LOWER_BOUND
        # what is not split may lie with named regions too, where their figures are bounds
        others = None if self.others is None else self.others + bounded.sum(axis=0)
        found = concentration.concentration(
            self.shares.values[single], self.shares.loose, bounded, TOP, others
        )
        return concentration.among(found, self.shares.summed) if self.shares.opened else found

    @cached_property
    def track(self) -> centre.CentreTrack:
        """The mean centre of the single regions."""
        single = self.shares.single
        return centre.track(self.shares.values[single], self.places[single], self.shares.loose)

    @cached_property
    def lines(self) -> dict[str, Line]:
        """The groups' figures."""
        return {group.code: self.shares.line(group.code) for group in self.shares.groups}

    def line(self, code: str) -> Line:
        """Return the figures of a group or a region."""
        return self.lines[code] if code in self.lines else self.shares.line(code)

    def variation(self, first: int, last: int) -> tuple[float, float]:
        """Return the total variation distance of two slices, least and greatest.

        NaN if either is empty, or the two are shares of sums of other regions.
        """
        told = np.isfinite(self.shares.rest[[first, last]]).all()
        if not told or not self.shares.comparable(first, last):
            return np.nan, np.nan
        least, most = self.shares.variation(first, last)
        return max(least, *self._parts_moved(first, last)), most

    def _parts_moved(self, first: int, last: int) -> Iterator[float]:
        """The least that each of two parts of the whole changed, which changed region; 0 without parts."""
        yield 0.0
        for code in (code for code in self.shares.parts if self.shares.part(code) is not None):
            low, high = self.shares.line(code).limits
            yield float(np.nan_to_num(max(low[last] - high[first], low[first] - high[last], 0.0)))


def numbers(reading: Reading, codes: Sequence[str], first: int, last: int) -> dict[str, float]:
    """Return the headline numbers between two slices, by key; NaN where a slice does not tell."""
    found: dict[str, float] = {}
    for code in codes:
        line = reading.line(code).values
        found |= _ends(f"share.{code}", line, first, last)
        found[f"share.{code}.change"] = float(line[last] - line[first])
    told, of_two = _of_slices(reading), _of_two(reading, first, last)
    for each in TOLD:
        if each.pair:
            found[each.key] = of_two[each.key]
        else:
            found |= _ends(each.key, told[each.key], first, last)
    return found


def _of_slices(reading: Reading) -> dict[str, np.ndarray]:
    """The measures that each slice has for itself, as they are told."""
    measured, track = reading.concentration, reading.track
    return {
        "hhi": measured.hhi_low,
        "effective": measured.effective_high,
        "top": measured.top * PERCENT,
        "lon": track.lon,
        "lat": track.lat,
        "reach": track.reach,
        "length": track.length,
    }


def _of_two(reading: Reading, first: int, last: int) -> dict[str, float]:
    """The measures of two slices together."""
    comparable = reading.shares.comparable(first, last)
    return {
        "variation": reading.variation(first, last)[0],
        "moved": centre.moved(reading.track, first, last) if comparable else np.nan,
    }


def tracks(
    reading: Reading, codes: Sequence[str], bands: Mapping[str, Mapping[str, tuple[np.ndarray, np.ndarray]]]
) -> Tracks:
    """Return every measure slice by slice, with the groups' lines and bands; of few no measures of many."""
    count = len(reading.shares.slices)
    told = [t for t in range(count) if np.isfinite(reading.shares.rest[t])]
    since_first, since_previous = np.full(count, np.nan), np.full(count, np.nan)
    for before, t in pairwise(told):
        since_previous[t] = reading.variation(before, t)[0]
    for t in told:
        since_first[t] = reading.variation(told[0], t)[0]
    every = _every_track(reading) | {"since_first": since_first, "since_previous": since_previous}
    few = reading.shares.few(range(count))
    kept: dict[str, Any] = {
        name: np.full(count, np.nan) if few and not BY_TRACK[name].few else line
        for name, line in every.items()
    }
    return Tracks(
        slices=reading.shares.slices,
        **kept,
        open=np.array([reading.shares.open([t]) for t in range(count)], dtype=bool),
        lines={code: _known(reading.line(code))[0] for code in codes},
        statuses={code: _known(reading.line(code))[1] for code in codes},
        bands=bands,
    )


def _known(line: Line) -> tuple[np.ndarray, np.ndarray]:
    """A line without what it is at most, which `Tracks.most` tells."""
    most = line.status == AT_MOST
    return np.where(most, np.nan, line.values), np.where(most, MISSING, line.status).astype(np.uint8)


def _every_track(reading: Reading) -> dict[str, np.ndarray]:
    """The tracks of the measures that each slice has for itself."""
    measured, track = reading.concentration, reading.track
    return {
        "lon": track.lon,
        "lat": track.lat,
        "length": track.length,
        "reach": track.reach,
        "length_low": track.low,
        "length_high": track.high,
        "hhi_low": measured.hhi_low,
        "hhi_high": measured.hhi_high,
        "effective_low": measured.effective_low,
        "effective_high": measured.effective_high,
        "top": measured.top,
        "entropy_low": measured.entropy_low,
        "entropy_high": measured.entropy_high,
    }


def _ends(key: str, line: np.ndarray, first: int, last: int) -> dict[str, float]:
    return {f"{key}.before": float(line[first]), f"{key}.after": float(line[last])}


@dataclass(frozen=True)
class WantedFigures:
    """Which figures are told.

    Parameters
    ----------
    names : code -> name of the lines. rows : of the same, by code, which tell what is derived.
    few : whether there are too few regions for the measures of many.
    digits : decimals of shares. lang : of the titles.
    """

    names: Mapping[str, str]
    rows: Mapping[str, Row]
    few: bool
    digits: int
    lang: str


def headline(
    values: Mapping[str, float],
    intervals: Mapping[str, tuple[Interval, ...]],
    wanted: WantedFigures,
    shares: Shares,
    ends: tuple[int, int],
) -> tuple[Headline, ...]:
    """Return the headline figures.

    Parameters
    ----------
    values, intervals : by key. ends : places of the two slices.
    """
    labels = [shares.slices[t].label for t in ends]
    every = [*_shares(wanted, labels), *_measures(wanted, labels, shares.open(ends))]
    return tuple(
        Headline(key, title, values[key], unit, digits, bound, intervals[key], derived)
        for key, title, unit, digits, bound, derived in every
        if key in values and (not wanted.few or measure_of(key).few)
    )


def _shares(wanted: WantedFigures, ends: list[str]) -> Iterator[tuple[str, str, str, int, str, bool]]:
    for code, name in wanted.names.items():
        row = wanted.rows.get(code)
        derived, lower, upper = (row.derived, row.lower, row.upper) if row else ((), (), ())
        name = catalogue.said(wanted.lang, "shift", "asListed", name=name) if row and row.as_listed else name  # noqa: PLW2901
        for part, slice_ in zip(("before", "after"), ends, strict=True):
            title = catalogue.said(wanted.lang, "shift", "at", title=name, slice=slice_)
            bound = "at least" if part in lower else "at most" if part in upper else ""
            yield f"share.{code}.{part}", title, "%", wanted.digits, bound, part in derived
        title = catalogue.said(wanted.lang, "shift", "changeOf", name=name)
        bound = NOT_EXACT if row and row.other_sum else _of_change(lower, upper)
        yield f"share.{code}.change", title, "points", wanted.digits, bound, bool(derived)


def _measures(
    wanted: WantedFigures, ends: list[str], open_: bool
) -> Iterator[tuple[str, str, str, int, str, bool]]:
    for each in TOLD:
        title, known = catalogue.said(wanted.lang, "shift", each.key), each.bound if open_ else ""
        digits = wanted.digits if each.unit == "%" else each.digits
        if each.pair:
            yield each.key, title, each.unit, digits, known, False
        else:
            for part, slice_ in zip(("before", "after"), ends, strict=True):
                at = catalogue.said(wanted.lang, "shift", "at", title=title, slice=slice_)
                yield f"{each.key}.{part}", at, each.unit, digits, known, False


def _of_change(lower: Sequence[str], upper: Sequence[str]) -> str:
    """What a change is where an end is a bound: at least or at most that, or neither is known."""
    least, most = "after" in lower or "before" in upper, "before" in lower or "after" in upper
    return NOT_EXACT if least and most else "at least" if least else "at most" if most else ""
