"""Questions that take several series: who disagrees, does revenue lead, what was seen to move."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from geotrack import periods
from geotrack.errors import SpecError
from geotrack.language import catalogue, partly
from geotrack.map import localised
from geotrack.measure.compare import disagreement, leadlag, machines
from geotrack.measure.compare.comparison import Comparison, say, section
from geotrack.measure.compare.disagreement import Difference, SourceFigure
from geotrack.measure.compare.leadlag import Span
from geotrack.measure.compare.parts import levels, provinces, states
from geotrack.model import Table
from geotrack.store.complement import derive, limited

if TYPE_CHECKING:
    import pandas as pd

    from geotrack.store.folder import DataFolder

READING = ("series", "period", "region", "value", "unit", "status", "quantity", "published", "publisher")
DIFFERENCE = {
    "period": "period", "region": "region", "first": "first", "first_value": "says",
    "first_status": "firstStatus", "second": "second", "second_value": "says",
    "second_status": "secondStatus", "points": "difference",
}  # fmt: skip
PAIR = {
    "start": "from", "end": "until", "first": "revenue", "first_status": "revenueStatus",
    "second": "hashrate", "second_status": "hashrateStatus",
}  # fmt: skip
SPAN = {"start": "from", "end": "until", "value": "abroad", "status": "status"}
LAG = {"quarters": "quarters", "points": "points", "r": "r", "refused": "refused"}
MOVE = {
    "title": "who", "source": "from", "target": "to", "known_by": "by", "amount": "machines",
    "status": "status", "note": "note",
}  # fmt: skip
STOCK = {
    "title": "who", "region": "place", "first": "from", "last": "to", "before": "before", "after": "after",
    "change": "change", "note": "note",
}  # fmt: skip
SIGHTING = {"title": "who", "region": "place", "start": "since", "value": "ehs", "status": "status"}
"""Tables: field of a record -> key of its head in the catalogue."""

CHINA = "CHN"
LAGS = range(-4, 5)


def compare(name: str, data: DataFolder, lang: str = catalogue.ENGLISH) -> Comparison:
    """Put what several sources say of a question side by side.

    Parameters
    ----------
    name : "us-share", "china-share", "vintages", "revenue", "machines", "levels", "provinces" or "states".
    data : the folder of data; whoever asks has found it.
    lang : of what geotrack says; titles, methods, caveats and notes stay as their authors wrote them.

    Raises
    ------
    SpecError : no such question or language; says which there are.
    """
    if name not in QUESTIONS:
        raise SpecError(f"compare: no question {name!r}; expected one of: {', '.join(QUESTIONS)}")
    return QUESTIONS[name](data, catalogue.known(lang))


def _us_share(data: DataFolder, lang: str) -> Comparison:
    chosen = (
        ("cbeci-countries", "share", ("2022-01",)),
        ("minermetrics-countries", "share", ()),
        ("cambridge-survey", "survey_share", ()),
        ("luxor-countries", "share", ()),
    )
    return _beside(data, "us-share", "USA", chosen, lang)


def _china_share(data: DataFolder, lang: str) -> Comparison:
    chosen = (
        ("coinshares-countries", "share", ()),
        ("cbeci-countries", "share", ("2019-09", "2019-10", "2019-11", "2019-12")),
    )
    return _beside(data, "china-share", "CHN", chosen, lang)


def _vintages(data: DataFolder, lang: str) -> Comparison:
    chosen = (
        ("cbeci-countries-first-vintage", "share", ()),
        ("cbeci-press-countries", "share", ()),
        ("cbeci-countries", "share", ()),
    )
    found = _beside(data, "vintages", "", chosen, lang)
    readings, differences = found.sections
    revised = [
        each
        for each in differences.records
        if isinstance(each, Difference) and each.first_value != each.second_value
    ]
    said = say(lang, "revised", count=str(len(revised)), all=str(len(differences.records)))
    kept = (section(lang, "differ", DIFFERENCE, revised, readings.names), readings)
    return replace(found, said=(said,), sections=kept)


def _beside(
    data: DataFolder,
    name: str,
    region: str,
    chosen: tuple[tuple[str, str, tuple[str, ...]], ...],
    lang: str,
) -> Comparison:
    tables = [data.table(series) for series, _, _ in chosen]
    readings = [
        reading
        for series, metric, wanted in chosen
        for reading in _readings(data, series, metric, region, wanted, lang=lang)
    ]
    found = disagreement.differences(readings)
    pairs = say(lang, "pairs", count=str(len(found))) if found else say(lang, "noPairs")
    places = _places(data, lang)
    sections = (
        section(lang, "published", dict(zip(READING, READING, strict=True)), readings, places),
        section(lang, "differences", DIFFERENCE, found, places),
    )
    return Comparison(
        name, say(lang, name), (say(lang, "methods"), pairs), sections, _notes(tables, lang), lang
    )


def _readings(
    data: DataFolder, series: str, metric: str, region: str, wanted: tuple[str, ...], *, lang: str
) -> list[SourceFigure]:
    table = data.table(series)
    found = []
    for row in data.rows(series, metric, region, lang):
        start, end = _day(row["start"]), _day(row["end"])
        if (wanted and periods.iso(start, end) not in wanted) or row["region"].islower():
            continue  # "Other" is not the same countries in two sources
        origin = table.origins[row["origin"]]
        found.append(
            SourceFigure(
                series=series,
                publisher=origin.publisher,
                method=catalogue.term(table.series.method, lang),
                quantity=catalogue.term(table.series.metric(metric).denominator, lang),
                region=row["region"],
                start=start,
                end=end,
                period=catalogue.period(start, end, lang),
                value=row["value"],
                unit=row["unit"],
                status=row["status"],
                published=origin.published,
            )
        )
    return found


def _revenue(data: DataFolder, lang: str) -> Comparison:
    tables, sections, said = [data.table("cbeci-countries")], [], []
    months = _abroad(data, tables[0], "share")
    for name in ("canaan-revenue", "bitmain-revenue"):
        table = data.table(name)
        spans = _abroad(data, table, "revenue_share")
        pairs = leadlag.align(spans, months)
        lags = [leadlag.lag(spans, months, quarters) for quarters in LAGS]
        title = catalogue.term(table.series.title, lang)
        sections += [
            section(lang, "spans", SPAN, spans, title=title),
            section(lang, "covered", PAIR, pairs, title=title),
            section(lang, "lags", LAG, [_refused(each, lang) for each in lags], title=title),
        ]
        counts = {"spans": len(spans), "pairs": len(pairs), "most": max(each.points for each in lags)}
        told = {key: str(count) for key, count in counts.items()}
        said.append(say(lang, "points", title=title, least=str(leadlag.LEAST_POINTS), **told))
        tables.append(table)
    sections.append(section(lang, "months", SPAN, months))
    return Comparison(
        "revenue", say(lang, "revenue"), tuple(said), tuple(sections), _notes(tables, lang), lang
    )


def _abroad(data: DataFolder, table: Table, name: str) -> list[Span]:
    """A share that is not China's: as stated, else the whole less China's, whatever else it is split into.

    Of "at least so much in China" it is at most the rest; where neither is stated it is at least what is
    listed of it.
    """
    metric, frame = table.series.metric(name), table.observations
    [other] = [code for code in table.series.complement if code != CHINA] or ["rest"]
    own = frame[frame["metric"] == name]
    pair, within = (CHINA, other), (data.regions, table.series.level)
    rows = limited(derive(own, metric, pair, beside=True), metric, pair, within).to_dict("records")
    spans = [
        Span(_day(row["start"]), _day(row["end"]), float(row["value"]), row["status"])
        for row in rows
        if row["region"] == other
    ]
    return sorted(spans, key=lambda span: (span.start, span.end))


def _refused(lag: leadlag.Lag, lang: str) -> leadlag.Lag:
    """The same, with the reason for no correlation in words."""
    least = str(leadlag.LEAST_POINTS)
    words = {
        "few": catalogue.counted(lang, "compare", "few", lag.points, least=least),
        "flat": say(lang, "flat"),
    }
    return replace(lag, refused=words.get(lag.refused, ""))


def _machines(data: DataFolder, lang: str) -> Comparison:
    tables = [data.table(name) for name in data.series if name.startswith("company-hashrate")]
    seen = [
        machines.Sighting(
            row["region"], _day(row["start"]), _day(row["end"]), metric.name,
            catalogue.term(metric.title, lang), row["value"], row["unit"], row["status"], row["origin"],
            partly.note(row["note"], lang),
        )
        for table in tables for metric in table.series.metrics
        for row in data.rows(table.series.name, metric.name, lang=lang)
    ]  # fmt: skip
    places = _places(data, lang)
    sections = (
        section(lang, "moves", MOVE, machines.moves(seen), places),
        section(lang, "stocks", STOCK, machines.stocks(seen), places),
        section(lang, "sightings", SIGHTING, machines.hashrates(seen), places),
    )
    said = (say(lang, "observed"),)
    return Comparison("machines", say(lang, "machines"), said, sections, _notes(tables, lang), lang)


def _notes(tables: Sequence[Table], lang: str) -> tuple[str, ...]:
    told = [localised.series(table.series, lang) for table in tables]
    return tuple(
        say(lang, "all", head=each.name, value=text)
        for each in told
        for text in (each.method, *each.table_caveats)
        if text
    )


def _places(data: DataFolder, lang: str) -> dict[str, str]:
    """Return the names of regions and aggregates by code."""
    named = {code: catalogue.term(each.name, lang) for code, each in data.regions.aggregates.items()}
    return named | {code: catalogue.place(each, lang) for code, each in data.regions.table.items()}


def _day(moment: pd.Timestamp) -> str:
    return str(moment.strftime("%Y-%m-%d"))


QUESTIONS: dict[str, Callable[[DataFolder, str], Comparison]] = {
    "us-share": _us_share,
    "china-share": _china_share,
    "vintages": _vintages,
    "revenue": _revenue,
    "machines": _machines,
    "levels": levels,
    "provinces": provinces,
    "states": states,
}
