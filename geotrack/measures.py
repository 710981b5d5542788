"""Every measure of a shift, from shares and places: tracks over time, numbers between two slices; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from geotrack import centre, concentration, flows
from geotrack.geo import sphere
from geotrack.measured import Tracks
from geotrack.model import LOWER_BOUND
from geotrack.shares import PERCENT, Shares
from geotrack.shift import Line

TOP = 3
FARTHEST_KM = np.pi * sphere.EARTH_KM


@dataclass(frozen=True, eq=False)
class Reading:
    """Shares as a scenario reads them, with what is measured on them.

    Parameters
    ----------
    places : (rows, 3) unit vectors, NaN for a row without a place.
    others : how many regions the rest may be split into; 0: without end.
    title : of the scenario, for people.
    """

    shares: Shares
    places: np.ndarray
    others: int = 0
    title: str = ""

    @cached_property
    def concentration(self) -> concentration.Concentration:
        """How concentrated the single regions' shares are; what is not split is part of the rest."""
        single = self.shares.single
        bounded = self.shares.status[single] == LOWER_BOUND
        return concentration.concentration(
            self.shares.values[single], self.shares.loose, bounded, TOP, self.others
        )

    @cached_property
    def track(self) -> centre.Track:
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
        return flows.variation(self.shares.values[:, first], self.shares.values[:, last], PERCENT)


def numbers(reading: Reading, codes: Sequence[str], first: int, last: int) -> dict[str, float]:
    """Return the headline numbers between two slices, by key; NaN where a slice does not tell."""
    found: dict[str, float] = {}
    for code in codes:
        line = reading.line(code).values
        found |= _ends(f"share.{code}", line, first, last)
        found[f"share.{code}.change"] = float(line[last] - line[first])
    measured, track = reading.concentration, reading.track
    found |= _ends("hhi", measured.hhi_low, first, last)
    found |= _ends("effective", measured.effective_high, first, last)
    found |= _ends("top", measured.top * PERCENT, first, last)
    found |= _ends("length", track.length, first, last)
    found |= _ends("lon", track.lon, first, last)
    found |= _ends("lat", track.lat, first, last)
    found |= _ends("reach", track.reach, first, last)
    found["moved"] = centre.moved(track, first, last) if reading.shares.comparable(first, last) else np.nan
    found["variation"] = reading.variation(first, last)[0]
    return found


def tracks(
    reading: Reading, codes: Sequence[str], bands: Mapping[str, Mapping[str, tuple[np.ndarray, np.ndarray]]]
) -> Tracks:
    """Return every measure slice by slice, with the groups' lines and bands."""
    measured, track, count = reading.concentration, reading.track, len(reading.shares.slices)
    told = [t for t in range(count) if np.isfinite(reading.shares.rest[t])]
    since_first, since_previous = np.full(count, np.nan), np.full(count, np.nan)
    for before, t in pairwise(told):
        since_previous[t] = reading.variation(before, t)[0]
    for t in told:
        since_first[t] = reading.variation(told[0], t)[0]
    return Tracks(
        slices=reading.shares.slices,
        lon=track.lon,
        lat=track.lat,
        length=track.length,
        reach=track.reach,
        length_low=track.low,
        length_high=track.high,
        hhi_low=measured.hhi_low,
        hhi_high=measured.hhi_high,
        effective_low=measured.effective_low,
        effective_high=measured.effective_high,
        top=measured.top,
        entropy_low=measured.entropy_low,
        entropy_high=measured.entropy_high,
        since_first=since_first,
        since_previous=since_previous,
        lines={code: reading.line(code).values for code in codes},
        statuses={code: reading.line(code).status for code in codes},
        bands=bands,
    )


def _ends(key: str, line: np.ndarray, first: int, last: int) -> dict[str, float]:
    return {f"{key}.before": float(line[first]), f"{key}.after": float(line[last])}
