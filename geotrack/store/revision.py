"""A change: what a new delivery adds to a series, revises in it and withdraws from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol, cast

import numpy as np
import pandas as pd

from geotrack import periods
from geotrack.model import OBSERVATION_COLUMNS
from geotrack.store.categories import alike, numbered, stacked

KEY = ["start", "end", "region", "metric"]
"""What makes a figure one and the same in two deliveries."""

PAIR = ["metric", "start", "end"]
"""What a partial delivery replaces: all of a metric's figures of a period that it names."""

SAME = ["unit", "status", "note"]
"""What has to be the same, beside the number, for a figure to be unchanged: a new caveat is news."""

REPLACED = ("value", "unit", "status", "origin", "label", "note")
"""What a revised row tells of the row it replaces, as old_value, old_unit, ..."""

Span = tuple[str, str]


class FigureRow(Protocol):
    """A figure, as `itertuples` hands out the rows of observations: all of it text."""

    region: str
    start: str
    end: str
    metric: str
    value: str
    unit: str
    status: str
    origin: str
    note: str


class RevisedRow(FigureRow, Protocol):
    """A figure beside the one that it replaces, see REPLACED."""

    old_value: str
    old_unit: str
    old_status: str
    old_origin: str
    old_note: str


@dataclass(frozen=True, eq=False)
class Change:
    """What a delivery changes in a series.

    Parameters
    ----------
    series : the series' name.
    merged : what the file becomes; text in OBSERVATION_COLUMNS, in no order that is promised.
    added, withdrawn : rows that are new, and rows that are no longer there; the same columns.
    revised : the new rows, with old_value, old_unit, old_status, old_origin, old_label and old_note beside.
    unchanged : how many figures of the delivery were known as they are.
    new_regions, gone_regions : codes, sorted.
    new_periods, gone_periods : (start, end) in ISO days, sorted.
    """

    series: str
    merged: pd.DataFrame
    added: pd.DataFrame
    withdrawn: pd.DataFrame
    revised: pd.DataFrame
    unchanged: int
    new_regions: tuple[str, ...] = ()
    gone_regions: tuple[str, ...] = ()
    new_periods: tuple[Span, ...] = ()
    gone_periods: tuple[Span, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether every figure stays as it is."""
        return self.added.empty and self.withdrawn.empty and self.revised.empty

    def beside(self, rows: pd.DataFrame) -> Change:
        """Return the same change of a file that holds other rows too."""
        return replace(self, merged=stacked(self.merged, rows))


def compare(series: str, old: pd.DataFrame, new: pd.DataFrame, *, whole: bool) -> Change:
    """Tell what a delivery changes.

    A figure is unchanged if its number ("75.50" is "75.5"), its unit, its status and its note are: the old
    row then stays as it is, with the origin that said it first.

    Parameters
    ----------
    series : the series' name.
    old, new : text in OBSERVATION_COLUMNS; rows of `new` that share a key are all kept, for validate to find.
    whole : whether `new` is all of the series; else it replaces the metrics and periods only that it names.
    """
    old, new = alike(*(frame[list(OBSERVATION_COLUMNS)].reset_index(drop=True) for frame in (old, new)))
    old_key, new_key = key_codes(old, new)
    place = _places(old_key, new_key)
    same = _same(old, new, place)
    gone = ~_among(old_key, new_key)
    if not whole:
        gone &= _among(*key_codes(old, new, PAIR))
    stays = ~gone & ~_among(old_key, new_key)
    kept = np.sort(np.concatenate([place[same], np.flatnonzero(stays)]))
    merged = pd.concat([old.take(kept), new[~same]], ignore_index=True)
    parts = new[place < 0], old[gone], _revised(old, new, place, same)
    added, withdrawn, revised = (part.reset_index(drop=True) for part in parts)
    more = {} if same.all() and not gone.any() else _news(old, merged)
    return Change(series, merged, added, withdrawn, revised, int(same.sum()), **more)


def figures_of(frame: pd.DataFrame) -> Iterator[FigureRow]:
    """Return the rows of observations one by one."""
    return cast("Iterator[FigureRow]", frame.itertuples())


def revisions_of(frame: pd.DataFrame) -> Iterator[RevisedRow]:
    """Return the rows of `Change.revised` one by one."""
    return cast("Iterator[RevisedRow]", frame.itertuples())


def key_codes(
    one: pd.DataFrame, other: pd.DataFrame, columns: list[str] = KEY
) -> tuple[np.ndarray, np.ndarray]:
    """Return a number for each row of two frames: the same one for the same key."""
    code = numbered(pd.concat([one[columns], other[columns]], ignore_index=True), columns)
    return code[: len(one)], code[len(one) :]


def number(text: object) -> Decimal | None:
    """Return the exact number that a text writes; None if it writes none."""
    try:
        found = Decimal(str(text))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def same_number(one: str, other: str) -> bool:
    """Tell whether two texts write the same number: "75.50" and "75.5"."""
    return one == other or ((left := number(one)) is not None and left == number(other))


def when(start: object, end: object) -> str:
    """Name a period for people; as it stands if it is none, so that a check can still speak of it."""
    try:
        return periods.label(str(start), str(end))
    except (ValueError, OverflowError):
        return f"{start}/{end}"


def _places(old_key: np.ndarray, new_key: np.ndarray) -> np.ndarray:
    """Return the row of the old frame that has each new row's key; -1 where none has."""
    place = np.full(_count(old_key, new_key), -1)
    place[old_key[::-1]] = np.arange(len(old_key))[::-1]  # the first of several rows
    return np.asarray(place[new_key])


def _among(codes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Tell of each code whether it is among others."""
    found = np.zeros(_count(codes, others), dtype=bool)
    found[others] = True
    return np.asarray(found[codes])


def _count(*codes: np.ndarray) -> int:
    return max((int(part.max()) for part in codes if part.size), default=-1) + 1


def _same(old: pd.DataFrame, new: pd.DataFrame, place: np.ndarray) -> np.ndarray:
    """Tell of each new row whether the old one of its key says the same."""
    same = place >= 0
    for column in SAME:
        same[same] = _equal(old[column].take(place[same]), new[column][same])
    was, now = old["value"].take(place[same]), new["value"][same]
    equal = _equal(was, now)
    pairs = zip(was[~equal], now[~equal], strict=True)
    equal[~equal] = [same_number(one, other) for one, other in pairs]
    same[same] = equal
    return same


def _equal(one: pd.Series, other: pd.Series) -> np.ndarray:
    return np.array(one.array == other.array, dtype=bool)


def _revised(old: pd.DataFrame, new: pd.DataFrame, place: np.ndarray, same: np.ndarray) -> pd.DataFrame:
    rows = np.flatnonzero((place >= 0) & ~same)
    was = old.take(place[rows])[list(REPLACED)].add_prefix("old_").reset_index(drop=True)
    return pd.concat([new.take(rows).reset_index(drop=True), was], axis=1)


def _news(old: pd.DataFrame, merged: pd.DataFrame) -> dict[str, Any]:
    """Return which regions and periods come, and which go."""
    before, after = (set(frame["region"].unique()) for frame in (old, merged))
    spans, since = (set(_spans(frame)) for frame in (old, merged))
    return {
        "new_regions": tuple(sorted(after - before)),
        "gone_regions": tuple(sorted(before - after)),
        "new_periods": tuple(sorted(since - spans)),
        "gone_periods": tuple(sorted(spans - since)),
    }


def _spans(frame: pd.DataFrame) -> list[Span]:
    distinct = frame[["start", "end"]].drop_duplicates()
    return list(zip(distinct["start"], distinct["end"], strict=True))
