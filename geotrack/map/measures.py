"""The register of measures of a shift, a record of each, and their values slice by slice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from geotrack.model import AT_MOST, LOWER_BOUND, REPORTED, Slice, brief


@dataclass(frozen=True)
class MeasureTrack:
    """A measure slice by slice: a field of `Tracks`.

    Parameters
    ----------
    name : of the field.
    side : which bound it is where something is left open, and so to which side it is rounded: a status.
    packed : whether a page's tables hold it.
    """

    name: str
    side: int = REPORTED
    packed: bool = True


BOUNDED = {"at least": LOWER_BOUND, "at most": AT_MOST}
"""What a bound is called -> its status."""


@dataclass(frozen=True)
class Measure:
    """All that is known of a measure beside its number: whoever tells, bounds or packs one asks here.

    Parameters
    ----------
    key : short and stable; its title has the same key in the catalogue, under "shift".
    unit, digits : how it is told; of a "%" a map's shares decide the digits.
    bound : "at least" or "at most" where something is left to split; "" if it is neither.
    pair : whether it is one number of two slices; else each of the two has its own.
    most : the greatest that it can be, none being below 0; None if nothing limits it.
    spanned : whether assumptions and scenarios leave an interval of it; `measure.bounds` has the rule.
    within : key of the measure that says, in place of an interval, how far off it may be.
    few : whether two or three regions have it too: most measures of them say nothing that they do not.
    told : whether it is one of the headline figures.
    column : its name in the CSV of a page, which tells all that have a packed track; the key if not given.
    tracks : its values slice by slice.
    """

    key: str
    unit: str
    digits: int
    bound: str = ""
    pair: bool = False
    most: float | None = None
    spanned: bool = True
    within: str = ""
    few: bool = False
    told: bool = True
    column: str = ""
    tracks: tuple[MeasureTrack, ...] = ()

    @property
    def packed(self) -> dict[int, str]:
        """By side, the track that a page's tables hold; {} of a measure that no page tells."""
        return {each.side: each.name for each in reversed(self.tracks) if each.packed}


SHARE = Measure("share", "%", 2, most=100.0, few=True)
"""Of a line, whose code its keys hold ("share.CHN.after"); with its change it is told before all others."""

MEASURES = (
    Measure(
        "variation", "%", 2, "at least", pair=True, most=100.0, few=True, column="variation_since_first",
        tracks=(
            MeasureTrack("since_first", LOWER_BOUND),
            MeasureTrack("since_previous", LOWER_BOUND, packed=False),
        ),
    ),
    Measure(
        "hhi", "", 4, "at least",
        tracks=(MeasureTrack("hhi_low", LOWER_BOUND), MeasureTrack("hhi_high", AT_MOST)),
    ),
    Measure(
        "effective", "", 2, "at most", column="effective_number",
        tracks=(MeasureTrack("effective_low", LOWER_BOUND), MeasureTrack("effective_high", AT_MOST)),
    ),
    Measure("top", "%", 2, "at least", most=100.0, tracks=(MeasureTrack("top", LOWER_BOUND, packed=False),)),
    Measure(
        "entropy", "", 2, told=False,
        tracks=(
            MeasureTrack("entropy_low", LOWER_BOUND, packed=False),
            MeasureTrack("entropy_high", AT_MOST, packed=False),
        ),
    ),
    Measure(
        "lon", "°", 1, spanned=False, within="reach", column="mean_centre_longitude",
        tracks=(MeasureTrack("lon"),),
    ),
    Measure(
        "lat", "°", 1, spanned=False, within="reach", column="mean_centre_latitude",
        tracks=(MeasureTrack("lat"),),
    ),
    Measure(
        "reach", "km", 0, "at most", spanned=False, column="mean_centre_reach",
        tracks=(MeasureTrack("reach", AT_MOST),),
    ),
    Measure(
        "length", "", 3, column="mean_vector_length",
        tracks=(
            MeasureTrack("length"),
            MeasureTrack("length_low", LOWER_BOUND),
            MeasureTrack("length_high", AT_MOST),
        ),
    ),
    Measure("moved", "km", 0, pair=True),
)  # fmt: skip
"""In the order in which they are told."""

BY_KEY = {each.key: each for each in (SHARE, *MEASURES)}
BY_TRACK = {track.name: each for each in MEASURES for track in each.tracks}
TOLD = tuple(each for each in MEASURES if each.told)


def measure_of(key: str) -> Measure:
    """Return the record of a figure by its key, such as "hhi.after"; KeyError if there is none."""
    return BY_KEY[key.partition(".")[0]]


def within(key: str) -> tuple[str, ...]:
    """Return the keys of the measures of which a figure says how far off they may be."""
    own = measure_of(key).key
    return tuple(each.key for each in MEASURES if each.within == own)


@dataclass(frozen=True, eq=False)
class Tracks:
    """Measures slice by slice. Arrays run over slices; NaN where a slice does not tell.

    Parameters
    ----------
    lon, lat, length, reach, length_low, length_high : see `measure.centre.CentreTrack`.
    hhi_low, hhi_high, effective_low, effective_high, top, entropy_low, entropy_high : see
        `measure.concentration.Concentration`.
    open : whether something is left to split, so that measures of the named regions are bounds.
    since_first, since_previous : total variation distance, least, in percentage points.
    lines : code -> share in percent, of groups and leaders.
    statuses : code -> status of each share, a place in model.STATUSES.
    bands : code -> assumption -> (low, high), each per slice.
    most : code -> what a share is at most where nothing else is known of it, else NaN.
    """

    slices: tuple[Slice, ...]
    lon: np.ndarray
    lat: np.ndarray
    length: np.ndarray
    reach: np.ndarray
    length_low: np.ndarray
    length_high: np.ndarray
    hhi_low: np.ndarray
    hhi_high: np.ndarray
    effective_low: np.ndarray
    effective_high: np.ndarray
    top: np.ndarray
    entropy_low: np.ndarray
    entropy_high: np.ndarray
    open: np.ndarray
    since_first: np.ndarray
    since_previous: np.ndarray
    lines: Mapping[str, np.ndarray] = field(default_factory=dict)
    statuses: Mapping[str, np.ndarray] = field(default_factory=dict)
    bands: Mapping[str, Mapping[str, tuple[np.ndarray, np.ndarray]]] = field(default_factory=dict)
    most: Mapping[str, np.ndarray] = field(default_factory=dict)

    __repr__ = brief
