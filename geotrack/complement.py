"""The other side of a two-part whole: where a source states one part only, the other follows."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from geotrack import messages
from geotrack.model import DERIVED, STATUSES, Metric, Table


def completed(table: Table, lang: str = messages.ENGLISH, pair: Sequence[str] = ()) -> pd.DataFrame:
    """Return a series' observations with what follows from them, where two parts make up its whole.

    Parameters
    ----------
    lang : of the derived figures' notes.
    pair : codes of the two parts; those of the series if not given.
    """
    parts = tuple(pair) or table.series.complement
    found = table.observations
    for metric in table.series.metrics if parts else ():
        found = derive(found, metric, (parts[0], parts[1]), lang)
    return found


def derive(
    observations: pd.DataFrame, metric: Metric, pair: tuple[str, str], lang: str = messages.ENGLISH
) -> pd.DataFrame:
    """Add what follows from one stated part of a whole made of two: whole − stated, status "derived".

    Only where the period has exactly one figure of this metric, that figure is one of the pair, and it is
    stated exactly (no lower bound): with more parts stated, or a bound, nothing follows.

    Parameters
    ----------
    observations : rows in model.OBSERVATION_COLUMNS; values as numbers, or as text, which those added then
        are as well.
    metric : must have a whole; nothing is derived without one.
    pair : codes of the two parts, e.g. ("CHN", "canaan-overseas").
    lang : of the note that says how a figure was derived.

    Returns
    -------
    DataFrame
        The rows given, each derived one after the one that it follows from; rows are numbered anew.
    """
    if metric.whole is None:
        return observations
    rows = observations[observations["metric"] == metric.name]
    alone = rows[~rows.duplicated(["start", "end"], keep=False)]
    stated = alone[alone["region"].isin(pair) & (alone["status"] != "lower bound")]
    if stated.empty:
        return observations
    other = {pair[0]: pair[1], pair[1]: pair[0]}
    left = (metric.whole - stated["value"].astype("float64")).round(10)
    whole, texts = _text(metric.whole), [_text(float(value)) for value in stated["value"]]
    derived = stated.assign(
        region=stated["region"].map(other),
        value=left if pd.api.types.is_numeric_dtype(stated["value"]) else left.map(_text),
        status=STATUSES[DERIVED],
        label="",
        note=[messages.said(lang, "more", "derived", whole=whole, stated=text) for text in texts],
    )
    return pd.concat([observations, derived]).sort_index(kind="stable").reset_index(drop=True)


def _text(value: float) -> str:
    return f"{value:.10g}"
