"""One figure that somebody read in a release, added with the checks of any update."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from geotrack import periods, secrecy
from geotrack.errors import ParseError, SpecError
from geotrack.model import LABELLED_COLUMNS, STATUSES, Metric, Origin, Provider, Series
from geotrack.store import reading, snapshot
from geotrack.update import plan, update
from geotrack.update.delivery import SOURCE, Delivery, refuse_unsound
from geotrack.update.update import Options, Outcome

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class ReadFigure:
    """A figure as it was read.

    Parameters
    ----------
    series, region, period, value : where it belongs, and the number in the unit of its metric.
    metric, unit : may be left out where the series has one metric.
    status : one of model.STATUSES but "missing".
    quotation, page : where in the source it stands: the words, or the page.
    note : the source's caveat.
    source : publisher, title, url, licence of the release, perhaps licence_url, published, note.
    origin : id of an origin that is known already, instead of `source`.
    """

    series: str
    region: str
    period: str
    value: str
    metric: str = ""
    unit: str = ""
    status: str = "reported"
    quotation: str = ""
    page: str = ""
    note: str = ""
    source: Mapping[str, str] = field(default_factory=dict)
    origin: str = ""


def add(folder: Path, figure: ReadFigure, options: Options) -> Outcome:
    """Add a figure to its series.

    Raises
    ------
    SpecError : an unknown series, metric, unit, status or origin, or a source that is not said.
    ParseError : a value or a period that cannot be read.
    GeotrackError : a region that nothing matches, or a folder that cannot be written.
    """
    series = reading.find_series(folder, figure.series)
    metric = _metric(figure, series)
    _refuse_odd(figure, metric)
    start, end = periods.parse(figure.period)

    def made(there: plan.Held) -> Delivery:
        origin = _origin(figure, there.origins, options.moment[:10])
        row = {
            "series": series.name,
            "label": figure.region,
            "start": start,
            "end": end,
            "metric": metric.name,
            "value": figure.value,
            "unit": metric.unit,
            "status": figure.status,
            "note": _where(figure),
            "file": "figure",
        }
        return Delivery(
            _provider(origin, series), {}, _frame(row), {"figure": origin}, whole=False, single=True
        )

    return update.settle(folder, made, options)


def _frame(row: dict[str, str]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({column: [row.get(column, "")] for column in LABELLED_COLUMNS}, dtype="str")


def _metric(figure: ReadFigure, series: Series) -> Metric:
    known = {m.name: m for m in series.metrics}
    name = figure.metric or (next(iter(known)) if len(known) == 1 else "")
    if name not in known:
        raise SpecError(
            f"{series.name}: metric {figure.metric!r}; expected one of: "
            + ", ".join(f"{m.name} ({m.unit})" for m in series.metrics)
        )
    return known[name]


def _refuse_odd(figure: ReadFigure, metric: Metric) -> None:
    if told := secrecy.faults({"--note": figure.note, "--quote": figure.quotation, "--page": figure.page}):
        raise SpecError("; ".join(told))
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", figure.value):
        raise ParseError(
            f"value {figure.value!r} is no plain number; expected one such as 75.53, in {metric.unit}, "
            "without percent sign and thousands separators"
        )
    if figure.unit not in ("", metric.unit):
        raise SpecError(
            f"unit {figure.unit!r}; the metric {metric.name} is in {metric.unit!r}: convert the figure, "
            "and say so in its note"
        )
    if figure.status not in STATUSES[1:]:
        raise SpecError(f"status {figure.status!r}; expected one of: {', '.join(STATUSES[1:])}")
    if not (figure.quotation.strip() or figure.page.strip()):
        raise SpecError(
            "where does it stand? Give --quote with the source's words, or --page, so that others can "
            "check the figure"
        )


def _where(figure: ReadFigure) -> str:
    page = f"page {figure.page}" if figure.page else ""
    quotation = f'"{figure.quotation}"' if figure.quotation else ""
    return "; ".join(text for text in (figure.note, page, quotation) if text)


def _origin(figure: ReadFigure, known: Mapping[str, Origin], day: str) -> Origin:
    """Return the figure's origin: the one named, one known of the same release, or a new one."""
    if figure.origin:
        if figure.source:
            said = ", ".join(f"--{key}" for key in figure.source)
            raise SpecError(f"origin {figure.origin!r} is known already: leave {said} out")
        if figure.origin not in known:
            raise SpecError(
                f"origin {figure.origin!r} is not known; expected an id of origins.csv, or --publisher, "
                "--title, --url and --licence of a new one"
            )
        return known[figure.origin]
    refuse_unsound(figure.source, ", or --origin ID")
    told = {key: figure.source[key] for key in (*SOURCE, "published") if figure.source.get(key)}
    for origin in known.values():
        if all(getattr(origin, key) == text for key, text in told.items()):
            return origin
    stem = snapshot.slug(f"{figure.series} {figure.source['title']} {figure.source.get('published') or day}")
    id = next(id for n in range(1, 1000) if (id := stem if n == 1 else f"{stem}-{n}") not in known)
    return Origin(id=id, retrieved=day, **figure.source)


def _provider(origin: Origin, series: Series) -> Provider:
    return Provider(
        name=f"add-{series.name}",
        group="add",
        title=origin.title,
        publisher=origin.publisher,
        url=origin.url,
        licence=origin.licence,
        series=(series.name,),
        parse=lambda files: _frame({}),
        whole=False,
    )
