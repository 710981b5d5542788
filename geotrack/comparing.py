"""Questions that take several series: who disagrees, does revenue lead, what was seen to move."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geotrack import disagreement, leadlag, machines, periods
from geotrack.compared import Comparison, Section
from geotrack.compose import Table
from geotrack.disagreement import Reading
from geotrack.errors import SpecError
from geotrack.leadlag import Span
from geotrack.partial import levels, provinces, states
from geotrack.shelf import Shelf

if TYPE_CHECKING:
    import pandas as pd

READING = {
    "series": "series", "period": "period", "region": "region", "value": "value", "unit": "unit",
    "status": "status", "quantity": "a share", "published": "published", "publisher": "publisher",
}  # fmt: skip
DIFFERENCE = {
    "period": "period", "region": "region", "first": "first", "first_value": "says", "second": "second",
    "second_value": "says", "points": "second − first, points", "exact": "exact",
}  # fmt: skip
PAIR = {
    "start": "from",
    "end": "to (excluded)",
    "first": "revenue, %",
    "second": "hashrate, %",
    "exact": "exact",
}
SPAN = {"start": "from", "end": "to (excluded)", "value": "outside China, %", "exact": "exact"}
LAG = {
    "quarters": "hashrate read later by, quarters",
    "points": "points",
    "r": "correlation",
    "refused": "why none",
}
MOVE = {
    "title": "who", "source": "from", "target": "to", "known_by": "by", "amount": "machines",
    "status": "status", "note": "note",
}  # fmt: skip
STOCK = {
    "title": "who", "region": "place", "first": "from", "last": "to", "before": "before", "after": "after",
    "change": "change", "note": "note",
}  # fmt: skip
SIGHTING = {"title": "who", "region": "place", "start": "on or from", "value": "EH/s", "status": "status"}

LAGS = range(-4, 5)


def compare(name: str, data: Path | str | Shelf | None = None) -> Comparison:
    """Put what several sources say of a question side by side.

    Parameters
    ----------
    name : "us-share", "china-share", "vintages", "revenue", "machines", "levels", "provinces" or "states".
    data : folder of the data; found by itself if not given. A shelf, for several questions in a row.

    Raises
    ------
    SpecError : no such question; says which there are.
    """
    if name not in QUESTIONS:
        raise SpecError(f"compare: no question {name!r}; expected one of: {', '.join(QUESTIONS)}")
    return QUESTIONS[name](data if isinstance(data, Shelf) else Shelf(data))


def _us_share(shelf: Shelf) -> Comparison:
    chosen = (
        ("cbeci-countries", "share", ("2022-01",)),
        ("minermetrics-countries", "share", ()),
        ("cambridge-survey", "survey_share", ()),
        ("luxor-countries", "share", ()),
    )
    return _beside(shelf, "us-share", "The United States' share, by source", "USA", chosen)


def _china_share(shelf: Shelf) -> Comparison:
    chosen = (
        ("coinshares-countries", "share", ()),
        ("cbeci-countries", "share", ("2019-09", "2019-10", "2019-11", "2019-12")),
    )
    return _beside(shelf, "china-share", "China's share in 2019, by source", "CHN", chosen)


def _vintages(shelf: Shelf) -> Comparison:
    chosen = (
        ("cbeci-countries-first-vintage", "share", ()),
        ("cbeci-press-countries", "share", ()),
        ("cbeci-countries", "share", ()),
    )
    found = _beside(shelf, "vintages", "Cambridge's map as first released and as it stands", "", chosen)
    readings, differences = found.sections
    revised = [each for each in differences.records if each.points]
    said = (f"{len(revised)} of {len(differences.records)} figures in both were revised.",)
    kept = (Section("Figures that differ", DIFFERENCE, tuple(revised)), readings)
    return Comparison(found.name, found.title, said, kept, found.notes)


def _beside(
    shelf: Shelf, name: str, title: str, region: str, chosen: tuple[tuple[str, str, tuple[str, ...]], ...]
) -> Comparison:
    tables = [shelf.table(series) for series, _, _ in chosen]
    readings = [
        reading
        for series, metric, wanted in chosen
        for reading in _readings(shelf.table(series), shelf.rows(series, metric, region), metric, wanted)
    ]
    found = disagreement.differences(readings)
    said = (
        "Different methods: read them beside each other, never as one line.",
        f"Pairs of the same region, period and quantity: {len(found)}." if found
        else "No two of them are of the same period and quantity, so none are subtracted.",
    )  # fmt: skip
    sections = Section("As published", READING, tuple(readings)), Section("Differences", DIFFERENCE, found)
    return Comparison(name, title, said, sections, _notes(tables))


def _readings(
    table: Table, rows: list[dict[str, Any]], metric: str, wanted: tuple[str, ...]
) -> list[Reading]:
    about = table.series.metric(metric)
    found = []
    for row in rows:
        start, end = _day(row["start"]), _day(row["end"])
        if (wanted and periods.iso(start, end) not in wanted) or row["region"].islower():
            continue  # "Other" is not the same countries in two sources
        origin = table.origins[row["origin"]]
        found.append(
            Reading(
                series=table.series.name,
                publisher=origin.publisher,
                method=table.series.method,
                quantity=about.denominator,
                region=row["region"],
                start=start,
                end=end,
                period=periods.label(start, end),
                value=row["value"],
                unit=row["unit"],
                status=row["status"],
                published=origin.published,
            )
        )
    return found


def _revenue(shelf: Shelf) -> Comparison:
    months = [_span(row, 100.0 - row["value"]) for row in shelf.rows("cbeci-countries", "share", "CHN")]
    tables, sections, said = [shelf.table("cbeci-countries")], [], []
    for series, overseas in (("canaan-revenue", "canaan-overseas"), ("bitmain-revenue", "bitmain-overseas")):
        table, spans = shelf.table(series), _outside(shelf, series, overseas)
        pairs = leadlag.align(spans, months)
        lags = tuple(leadlag.lag(spans, months, quarters) for quarters in LAGS)
        sections += [
            Section(f"{table.series.title}: share from outside China", SPAN, tuple(spans)),
            Section(f"{table.series.title}: periods that the hashrate covers whole", PAIR, pairs),
            Section(f"{table.series.title}: correlation by lag", LAG, lags),
        ]
        most = max(each.points for each in lags)
        count = f"{len(spans)} periods, {len(pairs)} of them with a hashrate, {most} at most at any lag"
        said.append(f"{table.series.title}: {count}; a correlation takes {leadlag.LEAST_POINTS}.")
        tables.append(table)
    sections.append(Section("Hashrate outside China, by month", SPAN, tuple(months)))
    title = "Revenue from outside China against hashrate outside China"
    return Comparison("revenue", title, tuple(said), tuple(sections), _notes(tables))


def _outside(shelf: Shelf, series: str, overseas: str) -> list[Span]:
    """What a company earned outside China: as stated, else 100 less what is stated of China."""
    stated = {(_day(r["start"]), _day(r["end"])): r for r in shelf.rows(series, "revenue_share", overseas)}
    spans = [_span(row, row["value"]) for row in stated.values()]
    for row in shelf.rows(series, "revenue_share", "CHN"):
        if (_day(row["start"]), _day(row["end"])) not in stated:
            spans.append(_span(row, 100.0 - row["value"]))
    return sorted(spans, key=lambda span: (span.start, span.end))


def _span(row: dict[str, Any], value: float) -> Span:
    return Span(_day(row["start"]), _day(row["end"]), round(value, 9), row["status"] != "lower bound")


def _machines(shelf: Shelf) -> Comparison:
    tables = [shelf.table(name) for name in shelf.names() if name.startswith("company-hashrate")]
    seen = [
        machines.Sighting(
            row["region"], _day(row["start"]), _day(row["end"]), metric.name, metric.title, row["value"],
            row["unit"], row["status"], row["origin"], row["note"],
        )
        for table in tables for metric in table.series.metrics
        for row in shelf.rows(table.series.name, metric.name)
    ]  # fmt: skip
    sections = (
        Section("Machines reported to have moved out of China", MOVE, machines.moves(seen)),
        Section("A company's machines, place by place", STOCK, machines.stocks(seen)),
        Section("Companies' hashrate by place", SIGHTING, machines.hashrates(seen)),
    )
    said = ("Observed and reported, not computed. Some figures are part of others: do not add them.",)
    return Comparison("machines", "Observed movements of machines", said, sections, _notes(tables))


def _notes(tables: list[Table]) -> tuple[str, ...]:
    return tuple(
        f"{t.series.name}: {text}" for t in tables for text in (t.series.method, *t.series.caveats) if text
    )


def _day(moment: pd.Timestamp) -> str:
    return str(moment.strftime("%Y-%m-%d"))


QUESTIONS: dict[str, Callable[[Shelf], Comparison]] = {
    "us-share": _us_share,
    "china-share": _china_share,
    "vintages": _vintages,
    "revenue": _revenue,
    "machines": _machines,
    "levels": levels,
    "provinces": provinces,
    "states": states,
}
