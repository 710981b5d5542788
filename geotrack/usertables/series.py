"""The series that a user's table is: its metrics, and what nothing in the table tells."""

from __future__ import annotations

from collections import abc
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from geotrack.errors import SpecError
from geotrack.language.numbers import digits_of
from geotrack.model import Metric, Series
from geotrack.usertables import quantities
from geotrack.usertables.mapping import BOUNDARIES, Mapping, is_rate, kind, over_time, toml

if TYPE_CHECKING:
    from geotrack.model import OverTime


def series_table(mapping: Mapping, labelled: pd.DataFrame) -> dict[str, Any]:
    """Return the series that a user's table is, as a table of series.toml.

    Parameters
    ----------
    labelled : rows as `rows.apply` returns them; the series' name is the title, if the source has none.

    Raises
    ------
    SpecError : nothing tells how a metric's periods combine.
    """
    each = labelled.drop_duplicates(["metric", "unit"]).drop_duplicates("metric")
    units = dict(zip(each["metric"], each["unit"], strict=True))
    title = mapping.source.get("title", "") or labelled["series"].iloc[0]
    return {
        "title": title,
        "level": mapping.level,
        "boundaries": BOUNDARIES[mapping.level],
        "method": _method(mapping),
        "metrics": [
            _metric(mapping, labelled[labelled["metric"] == metric], metric, unit) | {"title": title_of}
            for metric, unit in units.items()
            for title_of in [metric if len(units) > 1 else title]
        ],
    }


def series_toml(name: str, table: abc.Mapping[str, Any]) -> str:
    """Write a series as the block of series.toml that describes it."""
    return toml({name: {**table, "metrics": list(table["metrics"])}})


def _metric(mapping: Mapping, rows: pd.DataFrame, metric: str, unit: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": metric,
        "title": metric,
        "unit": unit,
        "kind": kind(mapping, metric, unit),
        "over_time": over_time(mapping, metric, unit),
    }
    if mapping.whole is not None:
        made["whole"] = mapping.whole
    if not is_rate(mapping, metric, unit):
        made["tolerance"] = _tolerance(rows)
    return made


def _tolerance(rows: pd.DataFrame) -> float:
    """Return what rounded parts may miss their whole or total by: half a unit of the last decimal each."""
    most = int(rows.groupby(["start", "end"], sort=False).size().max())
    digits = max(len(value.partition(".")[2]) for value in rows["value"].unique())
    return float(Decimal(most) * Decimal("0.5").scaleb(-digits))


def _method(mapping: Mapping) -> str:
    columns = mapping.values or ("those named after periods",)
    listed = ", ".join(repr(c) for c in columns) if mapping.values else columns[0]
    return (
        f"A table brought in with `geotrack import`: regions from column {mapping.region!r}, figures from "
        f"column{'s' if len(columns) > 1 or not mapping.values else ''} {listed}; percent signs and signs "
        "between thousands taken out, no figure changed."
    )


def rounding_of(frame: pd.DataFrame) -> float:
    """Return what rounded parts may miss their whole by: half a unit of the last decimal each."""
    rows = int(frame.groupby(["metric", "start", "end"]).size().max())
    return float(rows * 0.5 * 10.0 ** -digits_of(frame["value"].to_numpy()))


def own_series(
    frame: pd.DataFrame, level: str, said: abc.Mapping[str, Any], column: str, title: str
) -> Series:
    """Return the series that a user's table is, from what its user says of it.

    Raises
    ------
    SpecError : a level, or a way to combine periods, that is not known.
    """
    if level not in BOUNDARIES:
        raise SpecError(f"level = {level!r} is not known; expected one of: {', '.join(BOUNDARIES)}")
    if said["over_time"] not in {"", "mean", "sum", "last"}:
        raise SpecError(f'over_time = {said["over_time"]!r} is not known; expected "mean", "sum" or "last"')
    each = frame.drop_duplicates("metric")
    units = dict(zip(each["metric"], each["unit"], strict=True))
    signed = set(frame.loc[frame["value"] < 0, "metric"])
    metrics = tuple(
        _own_metric(name, own, said, (column, title) if len(units) == 1 else (), name in signed)
        for name, own in units.items()
    )
    named = title or "A table of one's own"
    return Series("user", named, level, metrics, BOUNDARIES[level], missing=said["missing"])


def _own_metric(
    name: str, unit: str, said: abc.Mapping[str, Any], more: tuple[str, ...], signed: bool
) -> Metric:
    """Return a metric of a user's table; `more` are names that tell what it is: its column, a title."""
    whole, names = said["whole"], (name, *more)
    usual = "mean" if whole is not None or quantities.averaged(unit, names[:2]) else "sum"
    return Metric(
        name=name,
        title=more[-1] or name if more else name,
        unit=unit,
        kind=quantities.kind(unit, names, whole=whole, over_time=said["over_time"], said=said["kind"]),
        over_time=cast("OverTime", said["over_time"] or usual),
        whole=whole,
        tolerance=said["tolerance"],
        signed=whole is None and signed,
    )
