"""The other side of a two-part whole: where a source states one part only, the other follows."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pandas as pd

from geotrack.language import catalogue
from geotrack.language.numbers import WIDE, stated, trimmed
from geotrack.model import AT_MOST, DERIVED, LOWER_BOUND, SAID, STATUSES, Metric, Table


def completed(
    table: Table, lang: str = catalogue.ENGLISH, pair: Sequence[str] = (), *, bounds: bool = False
) -> pd.DataFrame:
    """Return a series' observations with what follows from them, where two parts make up its whole.

    Parameters
    ----------
    lang : of the derived figures' notes.
    pair : codes of the two parts; those of the series if not given.
    bounds : as of `derive`.
    """
    parts = tuple(pair) or table.series.complement
    found = table.observations
    for metric in table.series.metrics if parts else ():
        found = derive(found, metric, (parts[0], parts[1]), lang, bounds=bounds)
    return found


def derive(
    observations: pd.DataFrame,
    metric: Metric,
    pair: tuple[str, str],
    lang: str = catalogue.ENGLISH,
    *,
    bounds: bool = False,
) -> pd.DataFrame:
    """Add what follows from one stated part of a whole made of two: whole − stated, status "derived".

    Only where the period has exactly one figure of this metric, and that figure is one of the pair: with more
    parts stated nothing follows.

    Parameters
    ----------
    observations : rows in model.OBSERVATION_COLUMNS; values as numbers, or as text, which those added then
        are as well.
    metric : must have a whole; nothing is derived without one.
    pair : codes of the two parts, e.g. ("CHN", "canaan-overseas").
    lang : of the note that says how a figure was derived.
    bounds : whether a lower bound is followed by what the other part is at most, status "upper bound". No
        source states such a figure, and slices and maps take none: there it is the remainder.

    Returns
    -------
    DataFrame
        The rows given, each derived one after the one that it follows from; rows are numbered anew.
    """
    if metric.whole is None:
        return observations
    rows = observations[observations["metric"] == metric.name]
    alone = rows[~rows.duplicated(["start", "end"], keep=False)]
    single = alone[alone["region"].isin(pair) & (bounds | (alone["status"] != STATUSES[LOWER_BOUND]))]
    if single.empty:
        return observations
    other = {pair[0]: pair[1], pair[1]: pair[0]}
    values = single["value"].astype("float64").tolist()
    known = [STATUSES.index(status) for status in single["status"]]
    found = [left(metric.whole, *each) for each in zip(values, known, strict=True)]
    numeric = pd.api.types.is_numeric_dtype(single["value"])
    derived = single.assign(
        region=single["region"].map(other),
        value=[float(value) if numeric else f"{value:f}" for value, _ in found],
        status=[SAID[status] for _, status in found],
        label="",
        note=[note(metric.whole, *each, lang) for each in zip(values, known, strict=True)],
    )
    return pd.concat([observations, derived]).sort_index(kind="stable").reset_index(drop=True)


def left(whole: float, part: float, status: int) -> tuple[Decimal, int]:
    """Return what one of two parts leaves of their whole, and its status: of a lower bound at most that."""
    value = WIDE.subtract(stated(whole), stated(part))
    return trimmed(value), AT_MOST if status == LOWER_BOUND else DERIVED


def note(whole: float, part: float, status: int, lang: str) -> str:
    """Say how what one of two parts leaves of their whole was derived."""
    key = "derivedMost" if status == LOWER_BOUND else "derived"
    texts = (catalogue.decimal(stated(value), lang) for value in (whole, part))
    return catalogue.said(lang, "more", key, **dict(zip(("whole", "stated"), texts, strict=True)))
