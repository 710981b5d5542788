"""Figures that a series has in doubt, read otherwise: observations in, observations out.

A reading is of the figures that the source states, in the periods that it states them of, and whatever is
made of them comes after: what follows where two parts make up a whole, the periods that a map shows, quarters
and years, shares of a sum. Every period keeps its whole, or its sum.

A lower bound stays one. What a reading takes from one, or is given by one, is known to no more than a bound
either, and then stands with its least: "at least". So does what is in doubt where a reading cannot be, as of
two zeros that both had most of the month before: any of the two may be as it is read, "at least 0".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geotrack.language.numbers import DUST
from geotrack.model import DERIVED, ESTIMATED, LOWER_BOUND, STATUSES, Metric, OtherReading, Series

if TYPE_CHECKING:
    from geotrack.store.regions import Regions

STAR = "*"


def read(
    observations: pd.DataFrame, series: Series, readings: Sequence[OtherReading], regions: Regions
) -> pd.DataFrame:
    """Return a series' observations as readings have them; the same ones where these change nothing.

    Parameters
    ----------
    observations : as they are stored, with values as numbers: all periods, nothing that follows from others.
    readings : one of each kind of figures at most. Zeros are read first: they are the source's zeros.
    regions : whose sums say which figures lie within others, and what is a total.
    """
    found = observations
    for metric in series.metrics:
        for reading in sorted(readings, key=lambda each: each.becomes not in OF_ZEROS):
            found = _read(found, metric, reading, (regions, series.level))
    return found


def without_effect(observations: pd.DataFrame, series: Series, regions: Regions) -> Iterator[str]:
    """Say which readings that a series declares change none of its figures."""
    for doubt in series.doubts:
        for reading in doubt.readings:
            if read(observations, series, [reading], regions) is observations:
                yield f"doubts: reading {reading.name!r} changes no figure; {_lacking(observations, reading)}"


def _lacking(observations: pd.DataFrame, reading: OtherReading) -> str:
    if reading.becomes in OF_ZEROS:
        return (
            "expected a zero that stands between figures above zero of its region, with none missing between "
            "them; correct the figures, or leave the reading out"
        )
    if not observations["label"].str.contains(STAR, regex=False).any():
        return (
            f"no label of the series has a star ({STAR}); expected one such as 'Germany {STAR}' on each "
            "figure that is in doubt, or leave the reading out"
        )
    if reading.to and not (observations["region"] == reading.to).any():
        return f"the series has no figure of {reading.to!r} to add to; name a region that it lists"
    return "no starred figure is above zero; correct the figures, or leave the reading out"


@dataclass(frozen=True, eq=False)
class _Figures:
    """A metric's figures of regions and of "Other", as rows × periods; NaN where there is none.

    Parameters
    ----------
    codes : of the rows. spans : of the periods, n × 2.
    values, bound, starred : of the figures; which are lower bounds, and whose label has a star.
    whole : per period what its figures are shares of: at least that, where `open_` are more than none.
    open_ : per period how much that is not known is in it.
    within : rows × rows, whether the second lies within the first, which is a sum.
    """

    codes: tuple[str, ...]
    spans: np.ndarray
    values: np.ndarray
    bound: np.ndarray
    starred: np.ndarray
    whole: np.ndarray
    open_: np.ndarray
    within: np.ndarray

    @property
    def given(self) -> np.ndarray:
        """Where there is a figure."""
        return np.asarray(np.isfinite(self.values))

    def outer(self, chosen: np.ndarray) -> np.ndarray:
        """Return those of some figures that lie within none of them."""
        return np.asarray(chosen & ~(self.within[:, :, None] & chosen[:, None, :]).any(axis=0))

    def ends(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the least and the most that each figure is, where its period's whole is what is stated.

        In a sum with lower bounds a share is at most that, and a bound's at least that if it is the only one.
        """
        known, alone = self.open_ == 0, self.open_ == 1
        stated = np.where(self.outer(self.given), self.values, 0.0).sum(axis=0)
        room = np.where(known, np.maximum(self.whole - stated, 0.0), self.whole)
        least = np.where(known | (alone & self.bound), self.values, 0.0)
        return least, np.minimum(self.values + np.where(self.bound, room, 0.0), self.whole)


Told = tuple[np.ndarray, np.ndarray]
"""Values, and which of them are lower bounds, as rows × periods."""


def _read(
    observations: pd.DataFrame, metric: Metric, reading: OtherReading, places: tuple[Regions, str]
) -> pd.DataFrame:
    rows = observations[(observations["metric"] == metric.name) & observations["value"].notna()]
    # a rate has no share that others could have, nor have figures below zero
    if not metric.adds_up or rows.empty or (rows["value"] < 0).any():
        return observations
    (regions, level), codes = places, rows["region"].unique()
    wholes = {code for code in codes if code in regions.table and regions.level(code) == "whole"}
    covers = {code: {*regions.covers(code, level)} for code in codes}
    is_total = rows["region"].isin(wholes)
    if is_total.all():
        return observations
    figures, place = _figures_of(rows[~is_total], rows[is_total], metric, covers)
    values, bound = READERS[reading.becomes](figures, reading)
    changed = np.isfinite(values) & ((values != figures.values) | (bound != figures.bound))
    if not changed.any():
        return observations
    return _written(observations, rows[~is_total], place, (values, bound), (figures, reading.to))


def _figures_of(
    rows: pd.DataFrame, totals: pd.DataFrame, metric: Metric, covers: Mapping[str, set[str]]
) -> tuple[_Figures, np.ndarray]:
    """Return a metric's figures, and the place of each of its rows in them."""
    every = pd.concat([rows, totals])
    spans = np.unique(every[["start", "end"]].to_numpy().astype("datetime64[D]"), axis=0)
    period = _places(rows, spans)
    unit, codes = pd.factorize(rows["region"], sort=True)
    place = unit * len(spans) + period

    def table(fill: float | bool, found: np.ndarray) -> np.ndarray:
        filled = np.full((len(codes), len(spans)), fill)
        filled.ravel()[place] = found
        return filled

    values = table(np.nan, rows["value"].to_numpy(np.float64))
    bound = table(False, (rows["status"] == STATUSES[LOWER_BOUND]).to_numpy())
    whole, open_ = _wholes(values, bound, metric, (totals, _places(totals, spans)))
    return _Figures(
        codes=tuple(codes),
        spans=spans,
        values=values,
        bound=bound,
        starred=table(False, rows["label"].str.contains(STAR, regex=False).to_numpy(bool)),
        whole=whole,
        open_=open_,
        within=np.array(
            [[a != b and bool(covers[b]) and covers[b] < covers[a] for b in codes] for a in codes]
        ),
    ), place


def _places(rows: pd.DataFrame, spans: np.ndarray) -> np.ndarray:
    found = {(start, end): t for t, (start, end) in enumerate(spans.tolist())}
    each = zip(rows["start"].dt.date, rows["end"].dt.date, strict=True)
    return np.array([found[span] for span in each], dtype=np.int64)


def _wholes(
    values: np.ndarray, bound: np.ndarray, metric: Metric, stated: tuple[pd.DataFrame, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Return what the figures of each period are shares of, and how much in it is not known.

    Of amounts that is the total that the source states, else their sum; see `measure.shares.wholes`.
    """
    count = values.shape[1]
    if metric.whole is not None:
        return np.full(count, float(metric.whole)), np.zeros(count, dtype=int)
    totals, period = stated
    known, floor = np.full(count, -np.inf), np.full(count, -np.inf)
    least = (totals["status"] == STATUSES[LOWER_BOUND]).to_numpy(bool)
    for found, kind in ((known, ~least), (floor, least)):
        np.maximum.at(found, period[kind], totals["value"].to_numpy(np.float64)[kind])
    summed, there = np.nansum(values, axis=0), np.isfinite(known)
    more = (len(totals) > 0) & ~there  # a total is stated, but not of this period
    whole = np.where(there, np.maximum(known, summed), np.maximum(floor, summed))
    return whole, np.where(there, 0, bound.sum(axis=0) + more)


def _spread(figures: _Figures, reading: OtherReading) -> Told:
    """The starred figures go to all others in proportion to theirs, what is not stated included."""
    empty = figures.starred & figures.given
    taken = np.where(figures.outer(empty), figures.values, 0.0).sum(axis=0)
    told = (empty & ((figures.values > 0) | figures.bound)).any(axis=0)
    void = told & (figures.whole - taken <= DUST)  # in proportion to nothing, nothing can be spread
    factor = np.divide(figures.whole, figures.whole - taken, out=np.ones(len(taken)), where=told & ~void)
    # the more a lower bound is, the more the others have of a whole; of a sum their parts are what they were
    more = told & (empty & figures.bound).any(axis=0) & (figures.open_ == 0)
    own = empty & told
    return _told(figures, own, (np.zeros(own.shape), own & void), factor, more)


def _given(figures: _Figures, reading: OtherReading) -> Told:
    """The starred figures go to one region, which has at least these where it has no figure of its own."""
    if reading.to not in figures.codes:
        return figures.values, figures.bound
    row = figures.codes.index(reading.to)
    empty = figures.starred & figures.given
    empty[row] = False
    taken = np.where(figures.outer(empty), figures.values, 0.0).sum(axis=0)
    open_ = (empty & figures.bound).any(axis=0)
    own = empty & ((taken > 0) | open_)
    values, bound = np.zeros(own.shape), np.zeros(own.shape, dtype=bool)
    values[row] = np.nan_to_num(figures.values[row]) + taken
    bound[row] = figures.bound[row] | open_ | ~figures.given[row]
    own[row] = own.any(axis=0)
    same = np.ones(len(taken))
    return _told(figures, own, (values, bound), same, np.zeros(len(taken), dtype=bool))


def _filled(figures: _Figures, reading: OtherReading) -> Told:
    """Zeros between two figures above zero have the share of one of these; all else shrinks to fit."""
    starts, ends = figures.spans.astype(np.int64).T
    before, after = _nearest(figures.values, starts, ends), _nearest(figures.values, -ends, -starts)
    own = (figures.values == 0) & ~figures.bound & (before >= 0) & (after >= 0) & (figures.whole > 0)
    at = np.maximum(before if reading.becomes == "before" else after, 0)
    # times the ratio of the wholes: 34.25 of 100 stays 34.25
    scale = np.where(own, figures.whole / np.where(own, figures.whole[at], 1.0), 0.0)
    low, high = (np.where(own, np.take_along_axis(end, at, axis=1), 0.0) * scale for end in figures.ends())
    least, most = (np.where(figures.outer(own), each, 0.0).sum(axis=0) for each in (low, high))
    told = own.any(axis=0)
    void = told & (figures.whole - least <= DUST)  # of what others have nothing would be left
    low, more = np.where(void, 0.0, low), told & (void | (most - least > DUST))
    left = np.maximum(figures.whole - most, 0.0)
    factor = np.divide(left, figures.whole, out=np.ones(len(told)), where=told)
    return _told(figures, own, (low, low < high), factor, more)


def _told(figures: _Figures, own: np.ndarray, read: Told, factor: np.ndarray, more: np.ndarray) -> Told:
    """Return all figures, those in doubt as they are read, the others times a factor.

    Parameters
    ----------
    own : which are in doubt. read : what they become. factor : per period, the least of it where it may be
        more.
    """
    values = np.where(own, read[0], figures.values * factor)
    bound = np.where(own, read[1], figures.bound | (more & (figures.values > 0)))
    for row in np.flatnonzero(figures.within.any(axis=1)).tolist():
        inside = figures.within[row][:, None] & own & ~own[row]
        old, new = (
            np.where(inside, np.nan_to_num(each), 0.0).sum(axis=0) for each in (figures.values, read[0])
        )
        some = inside.any(axis=0) & figures.given[row]
        values[row] = np.where(some, np.maximum(figures.values[row] - old, 0.0) * factor + new, values[row])
        bound[row] |= some & (inside & read[1]).any(axis=0)
    return values, bound


def _nearest(values: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Return the period of the last figure above 0 with nothing but zeros since; -1: there is none.

    The period before one is the last to end before it begins; of several the one that is most nearly as long.

    Parameters
    ----------
    values : rows × periods. starts, ends : of the periods, as numbers of days.
    """
    found, days = np.full(values.shape, -1), ends - starts
    for t in np.lexsort((ends, starts)).tolist():
        before = np.flatnonzero(ends <= starts[t])
        last = before[ends[before] == ends[before].max(initial=ends.min())]
        earlier = found[:, last[np.abs(days[last] - days[t]).argmin()]] if last.size else -1
        found[:, t] = np.where(values[:, t] == 0, earlier, np.where(values[:, t] > 0, t, -1))
    return found


def _written(
    observations: pd.DataFrame,
    rows: pd.DataFrame,
    place: np.ndarray,
    told: Told,
    about: tuple[_Figures, str],
) -> pd.DataFrame:
    """Return the observations with what the figures became; a region that is given some has a row of its own.

    A figure that became another is derived, unless it is an estimate still.
    """
    (values, bound), (figures, to) = told, about
    now, least = values.ravel()[place], bound.ravel()[place]
    kept = (now == figures.values.ravel()[place]) & (least == figures.bound.ravel()[place])
    estimated = (rows["status"] == STATUSES[ESTIMATED]).to_numpy()
    known = np.where(
        least, STATUSES[LOWER_BOUND], np.where(estimated, STATUSES[ESTIMATED], STATUSES[DERIVED])
    )
    found = observations.assign(status=observations["status"].astype(object))
    found.loc[rows.index, "value"] = now
    found.loc[rows.index, "status"] = np.where(kept, rows["status"].to_numpy(), known)
    added = np.isfinite(values) & ~figures.given
    for t in np.flatnonzero(added.any(axis=0)).tolist():
        like = rows[place % len(figures.spans) == t].iloc[[0]]
        given = {"value": float(values[figures.codes.index(to), t]), "status": STATUSES[LOWER_BOUND]}
        found = pd.concat([found, like.assign(region=to, label="", note="", **given)])
    return found.reset_index(drop=True) if added.any() else found


OF_ZEROS = ("before", "after")
READERS: Mapping[str, Callable[[_Figures, OtherReading], Told]] = {
    "spread": _spread, "given": _given, "before": _filled, "after": _filled,
}  # fmt: skip
