"""The series that a user's table is: its metrics, and what nothing in the table tells."""

from __future__ import annotations

import re
from collections import abc
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from geotrack.errors import AmbiguousError
from geotrack.language.numbers import digits_of
from geotrack.model import Series
from geotrack.usertables.columns.mapping import Mapping, is_rate, kind, names_of, over_time, toml
from geotrack.usertables.figures.unittexts import parted


def series_table(
    mapping: Mapping,
    labelled: pd.DataFrame,
    *,
    boundaries: str = Series.boundaries,
    title: str = "",
    combined: bool = True,
    missing: str = "",
) -> dict[str, Any]:
    """Return the series that a user's table is, as a table of series.toml.

    Parameters
    ----------
    labelled : rows as `labelled.apply` returns them; the series' name is the title, if nothing else is.
    boundaries : that its level is drawn on, see `store.levels`.
    title : of the map; else the source's, or that of the metric.
    combined : whether periods are combined, so that how must be told.
    missing : what the table does not list, in words.

    Raises
    ------
    AmbiguousError : nothing tells how a metric's periods combine.
    """
    each = labelled.drop_duplicates(["metric", "unit"]).drop_duplicates("metric")
    units = dict(zip(each["metric"], each["unit"], strict=True))
    title = title or mapping.source.get("title", "")
    mapping = replace(mapping, source={**mapping.source, "title": title})  # it may tell a rate
    metrics = [
        _metric(
            mapping,
            labelled if len(units) == 1 else labelled[labelled["metric"] == metric],
            metric,
            unit,
            combined,
        )
        for metric, unit in units.items()
    ]
    if title and len(metrics) == 1:
        metrics[0]["title"] = title
    table = {
        "title": title or labelled["series"].iloc[0],
        "level": mapping.level,
        "boundaries": boundaries,
        "method": _method(mapping),
        "metrics": metrics,
    }
    return table | {key: said for key, said in (("missing", missing), ("overlaps", mapping.overlaps)) if said}


def series_toml(name: str, table: abc.Mapping[str, Any]) -> str:
    """Write a series as the block of series.toml that describes it."""
    return toml({name: {**table, "metrics": list(table["metrics"])}})


def _metric(mapping: Mapping, rows: pd.DataFrame, metric: str, unit: str, combined: bool) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": metric,
        "title": _title(mapping, metric, unit),
        "unit": unit,
        "kind": kind(mapping, metric, unit),
        "over_time": _over_time(mapping, metric, unit, combined),
    }
    if mapping.whole is not None:
        made["whole"] = int(mapping.whole) if mapping.whole.is_integer() else mapping.whole
    elif _falls_below_zero(rows["value"]):
        made["signed"] = True
    if mapping.tolerance is not None:
        made["tolerance"] = mapping.tolerance
    elif not is_rate(mapping, metric, unit):
        made["tolerance"] = _tolerance(rows)
    return made


def _falls_below_zero(values: pd.Series[Any]) -> bool:
    if values.dtype != "float64":  # text: a million cells are numbers by and by, and here few have the sign
        values = pd.Series([cell for cell in values.tolist() if cell.startswith("-")], dtype="float64")
    return bool((values < 0).any())


def _title(mapping: Mapping, metric: str, unit: str) -> str:
    """Name a metric as its column is called, without its unit; all else that stands there is kept."""
    *_, column = names_of(mapping, metric)
    name, stated = parted(column)
    return (name if stated and unit.endswith(stated) else column).strip() or metric


def _over_time(mapping: Mapping, metric: str, unit: str, combined: bool) -> str:
    try:
        return over_time(mapping, metric, unit)
    except AmbiguousError:
        if combined:
            raise
    return "sum"  # no period is combined with another: nothing comes of it


def over_time_guess(mapping: Mapping, labelled: pd.DataFrame) -> str:
    """Return how periods may combine, where nothing tells it of some metric; "" if all is told.

    It is said once for all metrics: beside a rate, of which there is no sum, it is the mean.
    """
    told, untold = set(), False
    for metric, unit in labelled[["metric", "unit"]].astype(object).drop_duplicates().to_numpy().tolist():
        try:
            told.add(over_time(mapping, metric, unit))
        except AmbiguousError:
            untold = True
    return ("mean" if "mean" in told else "sum") if untold else ""


def _tolerance(rows: pd.DataFrame) -> float:
    """Return what rounded parts may miss their whole or total by: half a unit of the last decimal each."""
    starts, _ = pd.factorize(rows["start"])
    ends, days = pd.factorize(rows["end"])
    most = int(np.bincount(pd.factorize(starts * len(days) + ends)[0]).max())
    if rows["value"].dtype == "float64":
        digits = digits_of(rows["value"].to_numpy())
    else:
        texts, digits = "\n".join(rows["value"].tolist()), 0
        while longer := re.search(rf"\.(.{{{digits + 1},}})", texts):  # what stands behind the first point
            digits = len(longer[1])
    return float(Decimal(most) * Decimal("0.5").scaleb(-digits))


def _method(mapping: Mapping) -> str:
    columns = mapping.values or ("those named after periods",)
    listed = ", ".join(repr(c) for c in columns) if mapping.values else columns[0]
    return (
        f"A table brought in with `geotrack import`: regions from column {mapping.region!r}, figures from "
        f"column{'s' if len(columns) > 1 or not mapping.values else ''} {listed}; percent signs and signs "
        "between thousands taken out, no figure changed."
    )
