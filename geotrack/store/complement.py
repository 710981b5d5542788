"""The other side of a two-part whole: where a source states one part only, the other follows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd

from geotrack.language import catalogue
from geotrack.language.numbers import WIDE, stated, trimmed
from geotrack.model import AT_MOST, DERIVED, LOWER_BOUND, SAID, STATUSES, Metric, Table

if TYPE_CHECKING:
    from geotrack.store.regions import Regions

ZERO = Decimal(0)


def completed(
    table: Table,
    lang: str = catalogue.ENGLISH,
    pair: Sequence[str] = (),
    *,
    beside: Regions | None = None,
) -> pd.DataFrame:
    """Return a series' observations with what follows from them, where two parts make up its whole.

    Parameters
    ----------
    lang : of the derived figures' notes.
    pair : codes of the two parts; those of the series if not given.
    beside : whose sums say what lies within a part, if what stands beside the figures is wanted too: see
        `derive` and `limited`.
    """
    parts = tuple(pair) or table.series.complement
    found = table.observations
    for metric in table.series.metrics if parts else ():
        found = derive(found, metric, (parts[0], parts[1]), lang, beside=beside is not None)
        if beside is not None:
            found = limited(found, metric, (parts[0], parts[1]), (beside, table.series.level), lang=lang)
    return found


def limited(
    observations: pd.DataFrame,
    metric: Metric,
    pair: tuple[str, str],
    within: tuple[Regions, str],
    lang: str = catalogue.ENGLISH,
) -> pd.DataFrame:
    """Add what two parts are limited to where a period states neither, and lists something of one.

    The part is at least what is listed of it, status "lower bound", and the other at most what that leaves.

    Parameters
    ----------
    observations, metric, pair, lang : as of `derive`.
    within : whose sums say what lies within a part, and the level of the regions listed.
    """
    rows = observations[observations["metric"] == metric.name]
    if metric.whole is None or (rows["value"].astype("float64") < 0).any():
        return observations
    added = [
        row
        for _, listed in rows.groupby(["start", "end"])
        if not listed["region"].isin(pair).any()
        for row in _limits(listed, metric.whole, pair, within, lang)
    ]
    if not added:
        return observations
    return pd.concat([observations, *added]).sort_index(kind="stable").reset_index(drop=True)


def _limits(
    listed: pd.DataFrame, whole: float, pair: tuple[str, str], within: tuple[Regions, str], lang: str
) -> Iterator[pd.DataFrame]:
    """Rows of what is known of two parts by what a period lists, each after the largest that it rests on."""
    regions, level = within
    covers = [set(regions.covers(code, level)) for code in listed["region"]]
    values, numeric = listed["value"].astype("float64"), pd.api.types.is_numeric_dtype(listed["value"])
    least, first = {}, {}
    for part in pair:
        own = set(regions.covers(part, level))
        inside = [r for r, each in enumerate(covers) if each and each <= own]
        least[part] = at_least([(values.iloc[r], covers[r]) for r in inside])
        first[part] = max(inside, key=lambda r: values.iloc[r], default=0)

    def row(part: str, value: Decimal, status: int, source: str, text: str) -> pd.DataFrame:
        said = float(value) if numeric else f"{value:f}"
        known = {"region": part, "value": said, "status": SAID[status], "label": "", "note": text}
        return listed.iloc[[first[source]]].assign(**known)

    for part, other in (pair, pair[::-1]):
        if least[part]:
            yield row(part, least[part], LOWER_BOUND, part, catalogue.said(lang, "more", "derivedLeast"))
        elif least[other]:
            value, status = left(whole, float(least[other]), LOWER_BOUND)
            yield row(part, value, status, other, note_left(whole, float(least[other]), lang))


def at_least(listed: Sequence[tuple[float, Collection[str]]]) -> Decimal:
    """Return what a part is at least: the sum of what is listed of it, of overlapping figures the largest.

    Parameters
    ----------
    listed : figures, each with the codes of the regions that it covers.
    """
    codes = [code for _, covers in listed for code in set(covers)]
    values = [stated(value) for value, _ in listed]
    return trimmed(max(values) if len(set(codes)) < len(codes) else sum(values, ZERO)) if values else ZERO


def note_left(whole: float, listed: float, lang: str) -> str:
    """Say how what a part is at most was derived from what is listed of the other."""
    return _note("derivedMostListed", whole, listed, lang)


def derive(
    observations: pd.DataFrame,
    metric: Metric,
    pair: tuple[str, str],
    lang: str = catalogue.ENGLISH,
    *,
    beside: bool = False,
) -> pd.DataFrame:
    """Add what follows from one stated part of a whole made of two: whole − stated, status "derived".

    Only where the period has a figure of one of the pair and none of the other; see also `takes_in`.

    Parameters
    ----------
    observations : rows in model.OBSERVATION_COLUMNS; values as numbers, or as text, which those added then
        are as well.
    metric : must have a whole; nothing is derived without one.
    pair : codes of the two parts, e.g. ("CHN", "canaan-overseas").
    lang : of the note that says how a figure was derived.
    beside : whether to add as well what stands beside the figures and is none to be added up with them: the
        part that takes in all else that the period lists, and, status "upper bound", what one is at most of
        which the other is a lower bound. Slices and maps take none: see `map.unstated`.

    Returns
    -------
    DataFrame
        The rows given, each derived one after the one that it follows from; rows are numbered anew.
    """
    if metric.whole is None:
        return observations
    rows = observations[observations["metric"] == metric.name]
    several = rows.duplicated(["start", "end"], keep=False)
    stated = rows[rows["region"].isin(pair)]
    stated = stated[~stated.duplicated(["start", "end"], keep=False)]
    stated = stated[takes_in(pair) | ~several[stated.index]]
    cells = ~several[stated.index] & (stated["status"] != STATUSES[LOWER_BOUND])
    single = stated if beside else stated[cells]
    if single.empty:
        return observations
    other = {pair[0]: pair[1], pair[1]: pair[0]}
    values = single["value"].astype("float64").tolist()
    known = [STATUSES.index(status) for status in single["status"]]
    found = [left(metric.whole, *each) for each in zip(values, known, strict=True)]
    numeric = pd.api.types.is_numeric_dtype(single["value"])
    others = several[single.index].tolist()
    derived = single.assign(
        region=single["region"].map(other),
        value=[float(value) if numeric else f"{value:f}" for value, _ in found],
        status=[SAID[status] for _, status in found],
        label="",
        note=[note(metric.whole, *each, lang=lang) for each in zip(values, known, others, strict=True)],
    )
    return pd.concat([observations, derived]).sort_index(kind="stable").reset_index(drop=True)


def takes_in(pair: Sequence[str]) -> bool:
    """Whether other figures of a slice may lie within one of two parts: a sum, whose code is a slug.

    Two regions do not take in a third: where a slice lists one, they do not make up the whole.
    """
    return any(code.islower() for code in pair)


def left(whole: float, part: float, status: int) -> tuple[Decimal, int]:
    """Return what one of two parts leaves of their whole, and its status: of a lower bound at most that."""
    value = WIDE.subtract(stated(whole), stated(part))
    return trimmed(value), AT_MOST if status == LOWER_BOUND else DERIVED


def note(whole: float, part: float, status: int, others: bool, *, lang: str) -> str:
    """Say how what one of two parts leaves of their whole was derived; `others`: beside other figures."""
    key = ("derivedMost" if status == LOWER_BOUND else "derived") + ("Beside" if others else "")
    return _note(key, whole, part, lang)


def _note(key: str, whole: float, part: float, lang: str) -> str:
    texts = {"whole": catalogue.decimal(stated(whole), lang), "stated": catalogue.decimal(stated(part), lang)}
    return catalogue.said(lang, "more", key, **texts)
