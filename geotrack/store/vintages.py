"""Vintages: figures that were replaced, and the table as it was known on a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import pandas as pd

from geotrack import periods
from geotrack.errors import ParseError
from geotrack.model import OBSERVATION_COLUMNS, VINTAGE_COLUMNS, Origin
from geotrack.store.categories import twice
from geotrack.store.revision import KEY, REPLACED, Change, Span, key_codes, same_number

COLUMNS = list(VINTAGE_COLUMNS)
FIGURE = [*KEY, "value", "unit", "status", "origin", "since"]
"""What makes two vintages one and the same figure; it was replaced on the first of their days."""


def superseded(
    change: Change,
    known: Mapping[str, str],
    day: str,
    why: str = "",
    existing: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the figures that a change replaces or withdraws, as vintages.

    Parameters
    ----------
    change : what `revision.compare` found.
    known : id of an origin -> ISO day on which it was known (`known_on`), of the old rows' origins.
    day : ISO day of the replacement.
    why : the reason that was given, or "".
    existing : the vintages there are; a figure is known since its key's latest `until` among them.
    """
    revised = change.revised[KEY].assign(**{c: change.revised[f"old_{c}"] for c in REPLACED})
    rows = pd.concat([revised.assign(why="revised"), change.withdrawn.assign(why="withdrawn")])
    rows = rows.reset_index(drop=True)
    since = _since(rows, known, existing)
    reason = f": {why}" if why else ""
    return _vintages(rows.assign(since=since.where(since <= day, day), until=day, why=rows["why"] + reason))


def settle(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tell what several filings say of one figure apart: the latest word, and the earlier ones.

    Parameters
    ----------
    rows : OBSERVATION_COLUMNS and `published`, the ISO day of the filing or "".

    Returns
    -------
    latest : one row for each key, in OBSERVATION_COLUMNS; the first filing of a run that says the same is its
        origin. Rows that contradict each other on one day, or without one, all stay for validate to find.
    earlier : what was recast, as vintages: known since its filing, until the next one that differed.
    """
    rows = rows.reset_index(drop=True)
    several = twice(rows, KEY)
    groups: dict[tuple[str, ...], list[_Said]] = {}
    for at, row in zip(several, rows.take(several)[_SAID].itertuples(index=False, name=None), strict=True):
        groups.setdefault(row[:4], []).append((int(at), *row[4:]))
    dropped: set[int] = set()
    replaced: dict[int, str] = {}
    for group in groups.values():
        again, recast = _settled(group)
        dropped |= again
        replaced |= recast
    earlier = rows.take(list(replaced)).assign(until=list(replaced.values()), why="recast")
    latest = rows[list(OBSERVATION_COLUMNS)]
    if dropped or replaced:
        latest = latest.drop(index=[*dropped, *replaced])
    return latest.reset_index(drop=True), _vintages(earlier.rename(columns={"published": "since"}))


def merge(existing: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """Return all vintages of two tables, each once, in an order that depends on nothing else.

    A figure of one origin that was known since one day was replaced once: on the first of the days given.
    """
    order = ["metric", "start", "end", "region", "since", "until"]
    order += [column for column in COLUMNS if column not in order]
    rows = _vintages(pd.concat([_vintages(existing), _vintages(more)]))
    return rows.sort_values(order, kind="stable").drop_duplicates(FIGURE).reset_index(drop=True)


def known_on(origin: Origin) -> str:
    """Return the ISO day on which an origin's figures were surely known; "" if it does not tell.

    That is the last day of the month, quarter or year that it was published in; or the day on which it was
    retrieved, where that is earlier or no date of publication is known.
    """
    retrieved = origin.retrieved[:10]
    try:
        end = date.fromisoformat(periods.parse(origin.published)[1])
    except ParseError:
        return retrieved
    published = (end - timedelta(days=1)).isoformat()
    return min(published, retrieved or published)


def as_of(current: pd.DataFrame, vintages: pd.DataFrame, known: Mapping[str, str], day: str) -> pd.DataFrame:
    """Return the table as it was known on a day, in OBSERVATION_COLUMNS and no order that is promised.

    Parameters
    ----------
    current : the observations; text in OBSERVATION_COLUMNS.
    vintages : what was replaced; text in VINTAGE_COLUMNS.
    known : id of an origin -> ISO day on which it was known (`known_on`); an origin that is not there was
        always known.
    day : an ISO day.
    """
    then = vintages[(vintages["since"] <= day) & (day < vintages["until"])]
    then = then.sort_values(["since", "until"], kind="stable").drop_duplicates(KEY, keep="last")
    rows = current[(_since(current, known, vintages) <= day).to_numpy()]
    ours, others = key_codes(rows, then)
    columns = list(OBSERVATION_COLUMNS)
    return pd.concat([rows[~np.isin(ours, others)][columns], then[columns]], ignore_index=True)


def history(  # noqa: PLR0917 (the table, what surrounds it, and which figure)
    current: pd.DataFrame,
    vintages: pd.DataFrame,
    known: Mapping[str, str],
    region: str,
    period: Span,
    metric: str | None = None,
) -> pd.DataFrame:
    """Return all that was ever said of a figure, in VINTAGE_COLUMNS, of each metric the oldest first.

    The row that counts today has "" for `until` and `why`.

    Parameters
    ----------
    current, vintages, known : as for `as_of`.
    region : code.
    period : (start, end) in ISO days.
    metric : a metric's name, or None for all.
    """

    def its(rows: pd.DataFrame) -> pd.DataFrame:
        found = (rows["region"] == region) & (rows["start"] == period[0]) & (rows["end"] == period[1])
        return rows[found if metric is None else found & (rows["metric"] == metric)].reset_index(drop=True)

    now, then = its(current), its(vintages)
    now = now.assign(since=_since(now, known, then), until="", why="")
    rows = pd.concat([_vintages(then), _vintages(now)], ignore_index=True)
    rows["today"] = rows["until"] == ""
    return rows.sort_values(["metric", "today", "since", "until"], kind="stable", ignore_index=True)[COLUMNS]


_Said = tuple[int, str, str, str, str]  # row, published, value, unit, status
_SAID = [*KEY, "published", "value", "unit", "status"]


def _settled(group: list[_Said]) -> tuple[set[int], dict[int, str]]:
    """Return the rows of one key that say what another one says, and until when each recast one counted."""
    days: dict[str, list[_Said]] = {}
    dropped = set()
    undated = any(not row[1] for row in group)  # then nothing tells which is the later one
    for row in sorted(group, key=lambda row: row[1]):
        said = days.setdefault("" if undated else row[1], [])
        if any(_alike(row, other) for other in said):
            dropped.add(row[0])
        else:
            said.append(row)
    replaced: dict[int, str] = {}
    before: list[_Said] = []
    for day, said in days.items():
        if len(said) == len(before) == 1 and _alike(said[0], before[0]):
            dropped.add(said[0][0])
        else:
            replaced |= {row[0]: day for row in before}
            before = said
    return dropped, replaced


def _alike(one: _Said, other: _Said) -> bool:
    return one[3:] == other[3:] and same_number(one[2], other[2])


def _since(rows: pd.DataFrame, known: Mapping[str, str], existing: pd.DataFrame | None) -> pd.Series:
    """Return since when each row counts: known, and its key's last vintage replaced."""
    since = pd.Series([known.get(origin, "") for origin in rows["origin"]], rows.index, dtype="str")
    if existing is None or existing.empty:
        return since
    ours, others = key_codes(rows, existing)
    untils = existing["until"].astype("str").groupby(others).max()
    until = untils.reindex(ours).fillna("").set_axis(rows.index).astype("str")
    return since.where(since >= until, until)


def _vintages(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[COLUMNS].reset_index(drop=True).astype("str")
