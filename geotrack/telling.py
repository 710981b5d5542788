"""What an update has done, told: in lines for the terminal, as JSON for scripts, as Markdown for a review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from geotrack import difference
from geotrack.language.text import plain as one_line
from geotrack.model import OBSERVED, Finding
from geotrack.plan import Step
from geotrack.store.revision import when
from geotrack.update import STATUSES, Outcome, plain

MOST_ROWS = 200
"""Rows of a table that a person reads; the JSON has all of them."""

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


def _of_step(step: Step, names: Names) -> list[str]:
    metrics = {metric.name: metric for metric in step.series.metrics}
    told = difference.words(step.change, step.series.name, names, metrics)
    if len(step.earlier):
        told.append(
            f"{step.series.name}: {len(step.earlier)} value(s) of earlier filings kept: geotrack history"
        )
    told += _partly(step)
    return [*told, *difference.headline(step.change, step.old, step.series, names, step.levels)]


def _partly(step: Step) -> list[str]:
    """Say which new means rest on part of their period."""
    told = dict[str, None]()
    for part in (step.change.added, step.change.revised):
        for row in part[part["note"].str.contains(OBSERVED, regex=False)].itertuples():
            told[f"{when(row.start, row.end)}: {row.note}"] = None
    return list(told)[-2:]


def rows(outcomes: Sequence[Outcome], names: Names, most: int | None = None) -> list[dict[str, str]]:
    """Return the figures added, revised or withdrawn, with source and series; `most` of each series."""
    return [
        {"source": outcome.source, "series": step.series.name} | row
        for outcome in outcomes
        if outcome.status != "invalid"
        for step in outcome.steps
        for row in difference.rows(step.change, names, most)
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
        "rows": rows(outcomes, names),
        "notices": [vars(finding) for finding in notices],
    }


def _source(outcome: Outcome, names: Names) -> dict[str, Any]:
    return {
        "source": outcome.source,
        "status": outcome.status,
        "message": outcome.message,
        "series": [_counted(step, names) for step in outcome.steps],
        "findings": [vars(finding) for finding in outcome.findings],
        "written": [path.as_posix() for path in outcome.written],
    }


def _counted(step: Step, names: Names) -> dict[str, Any]:
    change = step.change
    return {
        "series": step.series.name,
        "added": len(change.added),
        "revised": len(change.revised),
        "withdrawn": len(change.withdrawn),
        "unchanged": change.unchanged,
        "new_regions": list(change.new_regions),
        "headline": difference.headline(change, step.old, step.series, names, step.levels),
    }


def markdown(outcomes: Sequence[Outcome], names: Names, notices: Sequence[Finding], dry: bool) -> str:
    """Return the diff in words and as a table, for the text of a pull request."""
    parts = ["## Update of regional data", "", summary(outcomes, dry) + ".", ""]
    for outcome in outcomes:
        first, *more = "\n".join(lines(outcome, names)).split("\n")
        parts += [f"- {_safe(first)}", *(f"  - {_safe(text.strip())}" for text in more)]
    parts += ["", *(f"- {_safe(str(finding))}" for finding in notices)]
    table = _table(rows(outcomes, names, MOST_ROWS), counted(outcomes) - MOST_ROWS)
    return "\n".join([*parts, "", *table]).rstrip() + "\n"


def _table(found: Sequence[Mapping[str, str]], more: int) -> list[str]:
    if not found:
        return []
    columns = ("series", "kind", "name", "period", "metric", "old", "new", "unit", "change")
    made = [
        columns,
        ["---"] * len(columns),
        *([row.get(c, "") for c in columns] for row in found[:MOST_ROWS]),
    ]
    told = [f"| {' | '.join(_safe(cell) for cell in line)} |" for line in made]
    return [*told, *(["", f"and {more:,} more rows"] if more > 0 else [])]


def _safe(text: str) -> str:
    """A text that Markdown shows as it stands: no markup, no link, no mention comes of it."""
    plain_text = "".join(_ESCAPED.get(sign, sign) for sign in one_line(text))
    return plain_text.replace("://", ":&#47;&#47;").replace("www.", "www&#46;")  # no address becomes a link


_ESCAPED = {sign: f"\\{sign}" for sign in "\\`*_[]|#!~"} | {sign: f"&#{ord(sign)};" for sign in "<>@&"}
