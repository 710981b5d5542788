"""The difference that an update makes: in sentences, as rows, and in the headline figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Context, Decimal
from functools import cache, partial
from itertools import chain, islice
from typing import Any

import pandas as pd

from geotrack import periods
from geotrack.errors import and_more, first_few
from geotrack.language import partly
from geotrack.language.figures import changed, compared, decimals
from geotrack.language.text import plain as one_line
from geotrack.model import DAYS, Finding, Metric, Series
from geotrack.store.revision import (
    Change,
    FigureRow,
    RevisedRow,
    Span,
    figures_of,
    number,
    revisions_of,
    when,
)
from geotrack.update.figuretexts import WEAK, figure_text, is_short
from geotrack.update.plan import SeriesPlan
from geotrack.update.suspicion import MOST, newest
from geotrack.update.update import STATUSES, Outcome, plain

EXACT = Context(prec=200, traps=[])

HEADLINE_METRICS = 2
HEADLINE_LARGEST = 3
HEADLINE_REGIONS = ("CHN", "USA", "CAN")  # named whenever the source does: the ones that people ask for


Figure = tuple[str, str]
"""A figure as text, and its status."""

Figures = dict[str, Figure]
"""By region."""

NOTHING: Figure = ("", "")


def words(change: Change, title: str, names: Mapping[str, str], metrics: Mapping[str, Metric]) -> list[str]:
    """Tell what an update changes, in plain sentences.

    Parameters
    ----------
    change : what `revision.compare` found.
    title : the series', for people.
    names : code of a region -> its name.
    metrics : the series' metrics by name; shares among them change by points.

    Returns
    -------
    Lines; those that list single figures begin with two spaces, at most ten of each kind.
    """
    if change.nothing:
        return [f"{title}: {'; '.join([*_outlook(change), f'{_figures(change.unchanged)} unchanged'])}"]
    lines = [f"{title}: {_counted(change)}"]
    if not change.added.empty:
        lines.append(f"{_figures(len(change.added))} added: {_added(change)}")
    revised = [
        f"{_where(row, names, metrics)} {_revision(row)}" for row in revisions_of(change.revised.head(MOST))
    ]
    withdrawn = [
        f"{_where(row, names, metrics)} {figure_text(row.value, row.unit, row.status)}"
        for row in figures_of(change.withdrawn.head(MOST))
    ]
    lines += _singly("revised", revised, len(change.revised))
    lines += _singly("withdrawn", withdrawn, len(change.withdrawn))
    return [*lines, *_news(change, names), *_outlook(change)]


def _singly(what: str, told: list[str], count: int) -> Iterator[str]:
    """List single figures, and tell how many more there are."""
    if told:
        yield f"{_figures(count)} {what}:"
        yield from (f"  {each}" for each in told)
    if count > len(told):
        yield f"  {and_more(count - len(told))}"


def rows(change: Change, names: Mapping[str, str], most: int | None = None) -> list[dict[str, str]]:
    """Return one row for each figure that changes, for a table or a script.

    Parameters
    ----------
    change : what `revision.compare` found.
    names : code of a region -> its name.
    most : how many rows to return, or None for all.

    Returns
    -------
    Rows of text: kind ("added", "revised", "withdrawn"), region, name, period (ISO), metric, old, new, unit,
    change (new less old), relative (of the old value), status, origin. "" where there is none.
    """
    tell = partial(_row, names=names, iso=cache(_iso))
    all_of_them = chain(
        (tell("added", row, {"new": row.value}) for row in figures_of(change.added[:most])),
        (tell("revised", row, _moves(row)) for row in revisions_of(change.revised[:most])),
        (tell("withdrawn", row, {"old": row.value}) for row in figures_of(change.withdrawn[:most])),
    )
    return [*islice(all_of_them, most)]


def headline(
    change: Change,
    old: pd.DataFrame,
    series: Series,
    names: Mapping[str, str],
    levels: Mapping[str, str] | None = None,
) -> list[str]:
    """Tell what an update does to the figures that people look at first.

    These are, for the series' first two metrics, the newest period, the three largest places and China, the
    United States and Canada in it, and the sum of an amount.

    Parameters
    ----------
    change : what `revision.compare` found.
    old : the table before; text in OBSERVATION_COLUMNS.
    series : whose figures these are.
    names : code of a region -> its name.
    levels : code of a region -> its level; without it no sums are told.

    Returns
    -------
    Lines; none where nothing changes.
    """
    if change.nothing:
        return []
    spans, lines = {}, []
    for metric in [m for m in series.metrics if m.unit != DAYS][:HEADLINE_METRICS]:
        tables = [frame[frame["metric"] == metric.name] for frame in (old, change.merged)]
        before, after = (newest(table) for table in tables)
        if before or after:
            spans[metric.name] = before, after
        figures = [_of_period(table, span) for table, span in zip(tables, (before, after), strict=True)]
        for name, was, now in _headlines(metric, figures, names, levels or {}):
            if (was, before) != (now, after):
                lines.append(_moved(name, metric, (was, before), (now, after)))
    return [*_newer(spans), *lines]


def _counted(change: Change) -> str:
    counts = {"added": change.added, "revised": change.revised, "withdrawn": change.withdrawn}
    parts = [f"{len(frame)} {what}" for what, frame in counts.items() if len(frame)]
    return ", ".join([*parts, f"{change.unchanged} unchanged"])


def _added(change: Change) -> str:
    """List the periods that figures are added to, the newest first."""
    counts = change.added.groupby(["end", "start"]).size()
    fresh = set(change.new_periods)
    spans = [(str(start), str(end)) for end, start in reversed(counts.index.tolist()[-MOST:])]
    told = [f"{when(*span)} ({'new, ' if span in fresh else ''}{counts[span[::-1]]})" for span in spans]
    return first_few(told, ", ", count=len(counts))


def _newer(spans: Mapping[str, tuple[Span | None, Span | None]]) -> Iterator[str]:
    """Tell how the newest period moves: of each metric, where they move apart."""
    apart = len(set(spans.values())) > 1
    for name, (before, after) in (spans if apart else dict([*spans.items()][:1])).items():
        if before != after:
            yield f"Newest period{f' of {name}' if apart else ''}: {_span(before)} -> {_span(after)}"


def _where(row: FigureRow, names: Mapping[str, str], metrics: Mapping[str, Metric]) -> str:
    """Say where a figure is; its metric is named where the series has several."""
    metric = f", {row.metric}" if len(metrics) > 1 else ":"
    return f"{names.get(row.region, row.region)}, {when(row.start, row.end)}{metric}"


def _revision(row: RevisedRow) -> str:
    """Tell what becomes of a figure."""
    status = f", status {row.old_status} -> {row.status}" if row.old_status != row.status else ""
    marks = ("", "") if status else (row.old_status, row.status)
    was, now = (
        figure_text(*each)
        for each in zip((row.old_value, row.value), (row.old_unit, row.unit), marks, strict=True)
    )
    note = f", note {row.old_note!r} -> {row.note!r}" if was == now and row.old_note != row.note else ""
    return f"{now if was == now else f'{was} -> {now}{_by_how_much(row)}'}{status}{note}"


def _by_how_much(row: RevisedRow) -> str:
    change, relative = _delta(row)
    if change is None:
        return ""
    measured = changed(change, digits=decimals(change), unit="%" if row.unit.startswith("%") else row.unit)
    return f" ({', '.join(filter(None, (measured, relative)))})"


def _row(
    kind: str,
    row: FigureRow,
    moved: Mapping[str, str],
    *,
    names: Mapping[str, str],
    iso: Callable[[str, str], str],
) -> dict[str, str]:
    """Return what the row of a figure tells; `moved` has the cells of its kind."""
    common = {
        "kind": kind,
        "region": row.region,
        "name": names.get(row.region, row.region),
        "period": iso(row.start, row.end),
        "metric": row.metric,
        "old": "",
        "new": "",
        "unit": row.unit,
        "change": "",
        "relative": "",
        "status": row.status,
        "origin": row.origin,
    }
    return {**common, **moved}


def _moves(row: RevisedRow) -> dict[str, str]:
    """Return what the row of a revised figure tells beside."""
    delta, relative = _delta(row)
    if delta is not None:
        change = f"{delta:+f}"  # a plain number: scripts read it
    else:  # the number is as it was: what else was said of it is not
        pairs = (row.old_unit, row.unit), (row.old_status, row.status)
        change = ", ".join(f"{was} -> {now}" for was, now in pairs if was != now) or "note"
    return {"old": row.old_value, "new": row.value, "change": change, "relative": relative}


def _delta(row: RevisedRow) -> tuple[Decimal | None, str]:
    """Return new less old, and in words relative to the old; None and "" where they cannot be compared."""
    old, new = number(row.old_value), number(row.value)
    if old is None or new is None or row.unit != row.old_unit or old == new:
        return None, ""
    change = EXACT.subtract(new, old)
    if not all(map(is_short, (old, new, change))):
        return None, ""
    return change, compared(change, old) if old else ""


def _news(change: Change, names: Mapping[str, str]) -> Iterator[str]:
    """Tell which regions come and go, and which periods go."""
    new, gone = (
        sorted(names.get(code, code) for code in codes) for codes in (change.new_regions, change.gone_regions)
    )
    spans = [when(*span) for span in change.gone_periods]
    for one, many, known in (
        ("New region", "New regions", new),
        ("Region gone", "Regions gone", gone),
        ("Period gone", "Periods gone", spans),
    ):
        if known:
            yield f"{one if len(known) == 1 else many}: {first_few(known, ', ')}"


def _outlook(change: Change) -> Iterator[str]:
    """Tell that there is no newer period than before, if there is none."""
    last = newest(change.merged)
    ends = [end for _, end in change.gone_periods]
    if last and not (last in change.new_periods and last[1] > max(ends, default="")):
        yield f"no newer period than {when(*last)}"


def _headlines(
    metric: Metric, figures: list[Figures], names: Mapping[str, str], levels: Mapping[str, str]
) -> Iterator[tuple[str, Figure, Figure]]:
    """Return name, figure before and figure now of each region to tell of, and of all together."""
    was, now = figures
    codes = dict.fromkeys([*now, *was])
    places = [code for code in codes if code[:1].isupper()] or list(codes)
    size = {code: number(now.get(code, NOTHING)[0]) or Decimal("-Infinity") for code in places}
    largest = sorted(places, key=lambda code: -size[code])[:HEADLINE_LARGEST]
    asked = [code for code in HEADLINE_REGIONS if code in codes]
    summed = metric.adds_up and metric.whole is None
    wholes = [code for code in codes if levels.get(code) == "whole" and summed]
    for code in dict.fromkeys([*largest, *asked, *wholes]):
        yield names.get(code, code), was.get(code, NOTHING), now.get(code, NOTHING)
    if levels and summed and not wholes and len(codes) > 1:
        yield "Sum", _sum(was), _sum(now)


def _sum(figures: Figures) -> Figure:
    """Add up; the weakest word that is said of a figure is said of the sum, which is ours."""
    total = Decimal(0)
    for text, _ in figures.values():
        total = EXACT.add(total, number(text) or Decimal(0))
    said = {status for _, status in figures.values()}
    return (f"{total:f}", next((each for each in WEAK if each in said), "")) if figures else NOTHING


def _moved(
    name: str, metric: Metric, was: tuple[Figure, Span | None], now: tuple[Figure, Span | None]
) -> str:
    (old, before), (new, after) = was, now
    texts = [figure_text(text, metric.unit, known) if text else "not listed" for text, known in (old, new)]
    if before == after:
        return f"{name}, {metric.name}, {_span(after)}: {texts[0]} -> {texts[1]}"
    told = [
        f"{text} ({_span(span)})" if span else "nothing"
        for text, span in zip(texts, (before, after), strict=True)
    ]
    return f"{name}, {metric.name}: {told[0]} -> {told[1]}"


def _of_period(table: pd.DataFrame, span: Span | None) -> Figures:
    """Return the figures of a period, with their statuses, by region."""
    part = table[(table["start"] == span[0]) & (table["end"] == span[1])] if span else table
    told = zip(part["value"], part["status"], strict=True)
    return dict(zip(part["region"], told, strict=True))


def _span(span: Span | None) -> str:
    return when(*span) if span else "none"


def _iso(start: str, end: str) -> str:
    try:
        return periods.iso(start, end)
    except (ValueError, OverflowError):
        return f"{start}/{end}"


def _figures(count: int) -> str:
    return "1 figure" if count == 1 else f"{count} figures"


MOST_ROWS = 200
"""Rows of a table that a person reads; the JSON has all of them."""

COLUMNS = ("series", "kind", "name", "period", "metric", "old", "new", "unit", "status", "change")
"""What a table of changes tells of each."""

Names = Mapping[str, str]


def lines(outcome: Outcome, names: Names) -> list[str]:
    """Return what became of a source, and what changed, in sentences."""
    head = f"{outcome.source}: {outcome.status}"
    if outcome.error is not None or outcome.status == "by hand":
        return [f"{head}: {outcome.message.removeprefix(f'{outcome.source}: ')}", *_changes(outcome, names)]
    told = [head + (f": {outcome.message}" if outcome.message else "")]
    told += [f"  {text}" for text in _changes(outcome, names)]
    told += [f"  accepted {plain(finding)}" for finding in outcome.findings if finding.severity == "warning"]
    return told


def _changes(outcome: Outcome, names: Names) -> list[str]:
    if outcome.status == "invalid":
        return []
    return [text for step in outcome.steps for text in _of_step(step, names)]


def _of_step(step: SeriesPlan, names: Names) -> list[str]:
    metrics = {metric.name: metric for metric in step.series.metrics}
    told = words(step.change, step.series.name, names, metrics)
    if len(step.earlier):
        told.append(
            f"{step.series.name}: {len(step.earlier)} value(s) of earlier filings kept: geotrack history"
        )
    told += _partly(step)
    return [*told, *headline(step.change, step.old, step.series, names, step.levels)]


def _partly(step: SeriesPlan) -> list[str]:
    """Say which new means rest on part of their period."""
    told = dict[str, None]()
    for part in (step.change.added, step.change.revised):
        for row in part[part["note"].str.contains(partly.observing())].itertuples():
            told[f"{when(row.start, row.end)}: {row.note}"] = None
    return list(told)[-2:]


def told_rows(outcomes: Sequence[Outcome], names: Names, most: int | None = None) -> list[dict[str, str]]:
    """Return the figures added, revised or withdrawn, with source and series; `most` of each series."""
    return [
        {"source": outcome.source, "series": step.series.name} | row
        for outcome in outcomes
        if outcome.status != "invalid"
        for step in outcome.steps
        for row in rows(step.change, names, most)
    ]


def counted(outcomes: Sequence[Outcome]) -> int:
    """Return how many rows `rows` would return."""
    changes = [step.change for outcome in outcomes if outcome.status != "invalid" for step in outcome.steps]
    return sum(len(change.added) + len(change.revised) + len(change.withdrawn) for change in changes)


def summary(outcomes: Sequence[Outcome], dry: bool) -> str:
    """Return how many sources ended how, in one line."""
    counted = [(status, sum(o.status == status for o in outcomes)) for status in STATUSES]
    text = ", ".join(f"{count} {status}" for status, count in counted if count)
    return text + ("; nothing was written (--dry-run)" if dry else "")


def report(
    outcomes: Sequence[Outcome], names: Names, notices: Sequence[Finding], code: int, dry: bool
) -> dict[str, Any]:
    """Return the outcomes for a script.

    Returns
    -------
    dict
        exit_code, dry_run, sources (source, status, message, series, findings, written), rows, notices.
    """
    return {
        "exit_code": code,
        "dry_run": dry,
        "sources": [_source(outcome, names) for outcome in outcomes],
        "rows": told_rows(outcomes, names),
        "notices": [vars(finding) for finding in notices],
    }


def _source(outcome: Outcome, names: Names) -> dict[str, Any]:
    return {
        "source": outcome.source,
        "status": outcome.status,
        "message": outcome.message,
        "series": [_step_counts(step, names) for step in outcome.steps],
        "findings": [vars(finding) for finding in outcome.findings],
        "written": [path.as_posix() for path in outcome.written],
    }


def _step_counts(step: SeriesPlan, names: Names) -> dict[str, Any]:
    change = step.change
    return {
        "series": step.series.name,
        "added": len(change.added),
        "revised": len(change.revised),
        "withdrawn": len(change.withdrawn),
        "unchanged": change.unchanged,
        "new_regions": list(change.new_regions),
        "headline": headline(change, step.old, step.series, names, step.levels),
    }


def markdown(outcomes: Sequence[Outcome], names: Names, notices: Sequence[Finding], dry: bool) -> str:
    """Return the diff in words and as a table, for the text of a pull request."""
    parts = ["## Update of regional data", "", summary(outcomes, dry) + ".", ""]
    for outcome in outcomes:
        first, *more = "\n".join(lines(outcome, names)).split("\n")
        parts += [f"- {_safe(first)}", *(f"  - {_safe(text.strip())}" for text in more)]
    parts += ["", *(f"- {_safe(str(finding))}" for finding in notices)]
    table = _table(told_rows(outcomes, names, MOST_ROWS), counted(outcomes) - MOST_ROWS)
    return "\n".join([*parts, "", *table]).rstrip() + "\n"


def _table(found: Sequence[Mapping[str, str]], more: int) -> list[str]:
    if not found:
        return []
    made = [
        COLUMNS,
        ["---"] * len(COLUMNS),
        *([row.get(c, "") for c in COLUMNS] for row in found[:MOST_ROWS]),
    ]
    told = [f"| {' | '.join(_safe(cell) for cell in line)} |" for line in made]
    return [*told, *(["", and_more(more, "row")] if more > 0 else [])]


def _safe(text: str) -> str:
    """A text that Markdown shows as it stands: no markup, no link, no mention comes of it."""
    plain_text = "".join(_ESCAPED.get(sign, sign) for sign in one_line(text))
    return plain_text.replace("://", ":&#47;&#47;").replace("www.", "www&#46;")  # no address becomes a link


_ESCAPED = {sign: f"\\{sign}" for sign in "\\`*_[]|#!~"} | {sign: f"&#{ord(sign)};" for sign in "<>@&"}
