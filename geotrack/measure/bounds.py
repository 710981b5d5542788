"""Intervals of headline numbers, bands of lines: what rounding, rest, scenarios and samples leave open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from geotrack.language.numbers import DUST
from geotrack.map.measures import TOLD, measure_of
from geotrack.measure import centre, flows
from geotrack.measure import intervals as measure_intervals
from geotrack.measure.intervals import Interval, difference, point
from geotrack.measure.tracks import FARTHEST_KM, TOP, Reading, numbers
from geotrack.model import AT_MOST, LOWER_BOUND, MISSING, PERCENT, Sample

Samples = Sequence[Sample]
SPANNED = tuple(each.key for each in TOLD if each.spanned and not each.pair)
SPANNED_OF_TWO = tuple(each.key for each in TOLD if each.spanned and each.pair)
"""Each has its rule below; one without is a KeyError, so that no measure looks exact by oversight."""


def unseen(reading: Reading, samples: Samples) -> Reading | None:
    """Return shares of the whole network, what the sample leaves out added to the rest.

    Every figure is "at least" there: what was not seen may lie anywhere, among the named regions, too.

    Returns
    -------
    None where the publisher states no sample for any slice.
    """
    shares = reading.shares
    part = np.array([measure_intervals.coverage(samples, step) for step in shares.slices])
    sampled = np.isfinite(part)
    if not sampled.any():
        return None
    part = np.where(sampled, part, 1.0)
    open_ = sampled & (shares.status != MISSING)
    told = shares.with_values(
        shares.values * part,
        shares.rest * part + (1 - part) * PERCENT,
        np.where(open_, LOWER_BOUND, shares.status).astype(np.uint8),
    )
    # spread least over named and not named regions alike; without end stays without end
    others = None if reading.others is None else reading.others + len(shares.codes)
    return replace(reading, shares=told, others=others)


def variation(reading: Reading, samples: Samples, first: int, last: int) -> tuple[float, float]:
    """Return the total variation distance of two slices of the whole network, least and greatest.

    With P >= p and Q >= q: what of p lies above q must have moved, less what the unseen of Q may cover, and
    the other way round; and P and Q have in common what p and q have, at least.

    Parameters
    ----------
    reading : of the sample, in percent.
    """
    shares, ends = reading.shares, [first, last]
    part = np.array([measure_intervals.coverage(samples, shares.slices[t]) for t in ends])
    part = np.where(np.isfinite(part), part, 1.0)
    p, q = (shares.values[:, ends] * part).T
    every = np.ones(len(shares.codes), dtype=bool)
    # a lower bound may be more than is stated, by whatever is of no region
    open_ = (shares.status[:, ends] == LOWER_BOUND).any(axis=0)
    free = (1 - part) * PERCENT + np.where(open_, shares.rest[ends] * part, 0.0)
    one, other = (flows.Spare(every if room > 0 else ~every, float(room)) for room in free)
    return flows.variation(p, q, PERCENT, (one, other))


Family = Sequence[Reading]
Bands = dict[str, dict[str, tuple[np.ndarray, np.ndarray]]]


def intervals_of(
    reading: Reading,
    families: Mapping[str, Family],
    codes: Sequence[str],
    ends: tuple[int, int],
    samples: Samples,
) -> dict[str, tuple[Interval, ...]]:
    """Return the intervals of each headline number, by its key.

    Parameters
    ----------
    reading : the figures that the numbers are of.
    families : assumption -> its other readings.
    ends : places of the two slices.
    samples : what the publisher states of its sample, see `model.Series`.
    """
    first, last = ends
    base = numbers(reading, codes, first, last)
    found: dict[str, list[Interval]] = {key: [] for key in base}
    for code in codes:
        for part, open_ in _of_share(reading, code, ends, samples).items():
            found[f"share.{code}.{part}"] += open_
    for key, open_ in _of_measures(reading, first, last).items():
        found[key] += open_
    for key, open_ in _of_sample(reading, ends, samples).items():
        found[key] += open_
    for family, readings in families.items():
        others = [end for each in readings for end in _numbers(each, codes, ends, _more(each, reading))]
        for key, value in base.items():
            whole = measure_intervals.span([value, *(other[key] for other in others)], family)
            if whole and measure_of(key).spanned and whole.high > whole.low:
                found[key].append(whole)
    known = {key: np.isfinite(value) for key, value in base.items()}
    return {key: tuple(_possible(each, key) for each in open_ if known[key]) for key, open_ in found.items()}


def _more(reading: Reading, told: Reading) -> np.ndarray:
    """Whether another reading leaves more open, slice by slice: it has bounds where the figures are none."""
    bounds, known = (each.shares.status == LOWER_BOUND for each in (reading, told))
    return np.asarray((bounds & ~known).any(axis=0))


def _numbers(
    reading: Reading, codes: Sequence[str], ends: tuple[int, int], more: np.ndarray
) -> Iterator[dict[str, float]]:
    """Yield the headline numbers of another reading, and the ends of what it leaves open, if that is more.

    Parameters
    ----------
    more : see `_more`.
    """
    told = numbers(reading, codes, *ends)
    yield told
    if not more[list(ends)].any():
        return
    left = dict(_of_measures(reading, *ends))
    for code in codes:
        left |= {f"share.{code}.{part}": each for part, each in _of_share(reading, code, ends, ()).items()}
    open_ = {key: i for key, several in left.items() for i in several if i.assumption == "remainder"}
    yield told | {key: each.low for key, each in open_.items()}
    yield told | {key: each.high for key, each in open_.items()}


def _possible(each: Interval, key: str) -> Interval:
    """Cut off what no measure can be: a share is not below 0 or above 100, and changes by no more."""
    most = measure_of(key).most
    if most is None:
        return each
    least = -most if key.endswith(".change") else 0.0
    low, high = (min(max(end, least), most) for end in (each.low, each.high))
    return Interval(low, high, each.assumption)


def bands(reading: Reading, families: Mapping[str, Family], codes: Sequence[str], samples: Samples) -> Bands:
    """Return per line and assumption its least and greatest share in each slice."""
    found: Bands = {}
    for code in codes:
        line = reading.line(code).values
        open_ = np.isin(reading.line(code).status, (LOWER_BOUND, AT_MOST))
        half = np.where(open_, 0.0, reading.shares.hidden(code))  # what is a bound has one side
        found[code] = {"rounding": (np.maximum(line - half, 0.0), np.minimum(line + half, PERCENT))}
        if open_.any():
            found[code]["remainder"] = _ends(reading, code)
        for family, readings in families.items():
            others = [end for each in readings for end in _line_ends(each, code, _more(each, reading))]
            low, high = np.min([line, *others], axis=0), np.max([line, *others], axis=0)
            if (high > low).any():
                found[code][family] = (low, high)
        part = np.array([measure_intervals.coverage(samples, step) for step in reading.shares.slices])
        if np.isfinite(part).any():
            seen = np.where(np.isfinite(part), part, np.nan)
            found[code]["sample"] = (seen * line, seen * line + (1 - seen) * PERCENT)
    return found


def _line_ends(reading: Reading, code: str, more: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The least and the most of a line in another reading, where that leaves more open; see `_more`."""
    values, (least, most) = reading.line(code).values, _ends(reading, code)
    return np.where(more, least, values), np.where(more, most, values)


def _of_share(
    reading: Reading, code: str, ends: tuple[int, int], samples: Samples
) -> dict[str, list[Interval]]:
    line, shares = reading.line(code).values, reading.shares
    hidden, (least, most) = shares.hidden(code), _ends(reading, code)
    # what is a bound has one side, and no interval of rounding
    bound = np.isin(reading.line(code).status, (LOWER_BOUND, AT_MOST))
    found: dict[str, list[Interval]] = {"before": [], "after": [], "change": []}
    for pair in (
        [measure_intervals.rounding(line[t], hidden[t]) for t in ends],
        [Interval(least[t], most[t], "remainder") for t in ends],
        [_sampled(line[t], measure_intervals.coverage(samples, shares.slices[t])) for t in ends],
    ):
        before, after = (_possible(each, f"share.{code}") for each in pair)
        for part, each, t in (("before", before, ends[0]), ("after", after, ends[1])):
            if each.high > each.low and not (bound[t] and each.assumption == "rounding"):
                found[part].append(each)
        change = difference(after, before)
        if change.high > change.low and shares.comparable(*ends):
            found["change"].append(change)
    return found


def _ends(reading: Reading, code: str) -> tuple[np.ndarray, np.ndarray]:
    """The least and the most that each stated share of a line may be; what nothing limits is not told."""
    line = reading.line(code)
    low, high = line.limits
    most = np.minimum(high, np.maximum(line.values, PERCENT))
    missing = np.isnan(line.values)
    return np.where(missing, np.nan, low), np.where(np.isinf(high) | missing, line.values, most)


def _sampled(share: float, part: float) -> Interval:
    return measure_intervals.sample(share, part) if np.isfinite(part) else point(share, "sample")


def _of_measures(reading: Reading, first: int, last: int) -> dict[str, list[Interval]]:
    found: dict[str, list[Interval]] = {}
    of_two = _of_two(reading, first, last)
    for part, t in (("before", first), ("after", last)):
        spans, rounded = _spans(reading, t), _rounded(reading, t)
        for key in SPANNED:
            found[f"{key}.{part}"] = _known(*spans[key], "remainder") + (rounded[key] if rounded else [])
    return found | {key: of_two[key] for key in SPANNED_OF_TWO}


def _of_two(reading: Reading, first: int, last: int) -> dict[str, list[Interval]]:
    """Intervals of the measures of two slices together."""
    least, most = reading.variation(first, last)
    near = _rounding_of_both(reading, [first, last])
    return {
        "variation": [
            *(_known(max(least - near, 0.0), min(least + near, PERCENT), "rounding") if near else []),
            *_known(least, most, "remainder"),
        ],
        "moved": [
            *_moved(reading.track, first, last),
            *_moved(_as_if_rest(reading), first, last, "rounding"),
        ],
    }


def _rounding_of_both(reading: Reading, ends: list[int]) -> float:
    """What rounding may hide in the figures of both slices: of two parts that make the whole one tells both.

    Lower bounds are not rounded.
    """
    shares = reading.shares
    both = np.isfinite(shares.values[:, ends]).all(axis=1)
    codes = {shares.codes[row] for row in np.flatnonzero(both)}
    hidden = np.where(shares.status[:, ends] == LOWER_BOUND, 0.0, shares.half[:, ends])[both]
    alone = len(codes) > 1 and codes == set(shares.parts)
    return float((hidden.max(axis=0) if alone else hidden.sum(axis=0)).sum())


def _of_sample(reading: Reading, ends: tuple[int, int], samples: Samples) -> dict[str, list[Interval]]:
    """Intervals of the measures in slices of which the publisher saw a part of the network only."""
    seen = unseen(reading, samples)
    found: dict[str, list[Interval]] = {}
    sampled = [np.isfinite(measure_intervals.coverage(samples, reading.shares.slices[t])) for t in ends]
    if seen is None or not any(sampled):
        return {}
    for part, t, partial in zip(("before", "after"), ends, sampled, strict=True):
        if partial:
            found |= {f"{key}.{part}": _known(*span, "sample") for key, span in _spans(seen, t).items()}
    of_two = {
        "variation": _known(*variation(reading, samples, *ends), "sample"),
        "moved": _moved(seen.track, *ends, "sample"),
    }
    return found | {key: of_two[key] for key in SPANNED_OF_TWO}


def _spans(reading: Reading, t: int) -> dict[str, tuple[float, float]]:
    """Least and greatest of each measure of a slice, wherever the rest lies."""
    measured, track = reading.concentration, reading.track
    return {
        "hhi": (measured.hhi_low[t], measured.hhi_high[t]),
        "effective": (measured.effective_low[t], measured.effective_high[t]),
        "top": (measured.top[t] * PERCENT, measured.top_high[t] * PERCENT),
        "length": (track.low[t], track.high[t]),
    }


def _known(low: float, high: float, assumption: str) -> list[Interval]:
    """An interval; none where it is not known, or a point."""
    told = high - low > DUST and np.isfinite(low + high)
    return [Interval(float(low), float(high), assumption)] if told else []


def _rounded(reading: Reading, t: int) -> dict[str, list[Interval]]:
    """Every named share off by half a digit the same way, the rest by as much together; for the mean vector,
    any way."""
    shares, track = reading.shares, reading.track
    given = shares.values[shares.single, t] / PERCENT
    off_by = np.where(
        shares.status[shares.single, t] == LOWER_BOUND, 0.0, shares.half[shares.single, t] / PERCENT
    )
    given, half = given[given > 0], off_by[given > 0]
    if not len(given) or not np.isfinite(shares.rest[t]):
        return {}
    top, three = float(reading.concentration.top[t]), float(half[np.argsort(-given)][:TOP].sum())
    off, placed = float(half.sum()), track.placed[t] / PERCENT
    left, others = shares.loose[t] / PERCENT, np.inf if reading.others is None else max(reading.others[t], 1)
    low, high = (
        float((np.maximum(given + way * half, 0.0) ** 2).sum() + max(left + way * off, 0.0) ** 2 / others)
        for way in (-1, 1)
    )
    size = track.length[t] * placed
    return {
        "hhi": _known(low, high, "rounding"),
        "effective": _known(1 / high, 1 / low if low else np.inf, "rounding"),
        "top": _known(PERCENT * max(top - three, 0.0), PERCENT * min(top + three, 1.0), "rounding"),
        "length": _known(
            max(size - off, 0) / (placed + off), min((size + off) / (placed - off), 1), "rounding"
        )
        if placed > off
        else [],
    }


def _as_if_rest(reading: Reading) -> centre.CentreTrack:
    """The track with what rounding may hide as its rest: it turns the centre by no more."""
    shares = reading.shares
    rounded = np.isfinite(shares.values) & (shares.status != LOWER_BOUND)
    hidden = (rounded * shares.half)[shares.single].sum(axis=0)
    return centre.track(shares.values[shares.single], reading.places[shares.single], hidden)


def _moved(track: centre.CentreTrack, first: int, last: int, assumption: str = "remainder") -> list[Interval]:
    """Either centre may lie as far off as the rest allows (triangle inequality); anywhere if that is NaN."""
    found = centre.moved(track, first, last)
    if not np.isfinite(found):
        return []
    slack = float(track.reach[first] + track.reach[last])
    if not np.isfinite(slack):
        return [Interval(0.0, FARTHEST_KM, assumption)]
    return _known(max(found - slack, 0.0), min(found + slack, FARTHEST_KM), assumption)
