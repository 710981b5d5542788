"""The other side of a two-part whole: where a source states one part only, the other follows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geotrack.model import Metric


def derive(observations: pd.DataFrame, metric: Metric, pair: tuple[str, str]) -> pd.DataFrame:
    """Add what follows from one stated part of a whole made of two: whole − stated, status "derived".

    Only where the period has exactly one figure of this metric, that figure is one of the pair, and it is
    stated exactly (no lower bound): with more parts stated, or a bound, nothing follows.

    Parameters
    ----------
    observations : rows in model.OBSERVATION_COLUMNS.
    metric : must have a whole; nothing is derived without one.
    pair : codes of the two parts, e.g. ("CHN", "canaan-overseas").

    Returns
    -------
    DataFrame
        The rows given, and the derived ones after them.
    """
    if metric.whole is None:
        return observations
    rows = observations[observations["metric"] == metric.name]
    alone = rows[~rows.duplicated(["start", "end"], keep=False)]
    stated = alone[alone["region"].isin(pair) & (alone["status"] != "lower bound")]
    if stated.empty:
        return observations
    other = {pair[0]: pair[1], pair[1]: pair[0]}
    texts = [_text(value) for value in stated["value"]]
    derived = stated.assign(
        region=stated["region"].map(other),
        value=np.round(metric.whole - stated["value"].astype("float64"), 10),
        status="derived",
        label="",
        note=[f"Derived: {_text(metric.whole)} − {t}; the source states the other part only." for t in texts],
    )
    return pd.concat([observations, derived], ignore_index=True)


def _text(value: float) -> str:
    return f"{value:.10g}"
