"""The commands that bring figures up to date: update, import, add; and a folder of one's own."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geotrack.cli import tables
from geotrack.cli.base import DataOption, JsonOption, SeriesArgument, app, opened
from geotrack.cli.printing import escaped, print_json, print_table, progress, table_of, waiting
from geotrack.errors import OutputError, SpecError, and_more

if TYPE_CHECKING:
    from geotrack.update.update import Options, Outcome

SHOWN = 40
"""Rows of the diff that are printed; --json and --summary have more."""


def tell(folder: Path, outcome: Outcome) -> None:
    """Say what became of a source, as soon as it is known."""
    from geotrack.update import difference
    from geotrack.update import update as updates

    failed = outcome.error is not None
    text = "\n".join(difference.lines(outcome, updates.names_of(folder, [outcome])))
    print(f"geotrack: {text}" if failed else text, file=sys.stderr if failed else sys.stdout, flush=True)


def report(folder: Path, outcomes: Sequence[Outcome], dry: bool, as_json: bool, summary: Path | None) -> None:
    """Give the diff as a table and the sum of it all, and end with the exit code that tells it."""
    from geotrack.update import difference
    from geotrack.update import update as updates

    names, notices = updates.names_of(folder, outcomes), updates.notices(folder, outcomes)
    code = updates.exit_code(outcomes)
    if as_json:
        print_json(difference.report(outcomes, names, notices, code, dry))
    else:
        _print_rows(difference.told_rows(outcomes, names, SHOWN), difference.counted(outcomes))
        for finding in notices:
            print(finding)
        print(difference.summary(outcomes, dry), flush=True)
    if summary is not None:
        _write_summary(summary, difference.markdown(outcomes, names, notices, dry))
    if code:
        raise typer.Exit(code)


def _write_summary(path: Path, text: str) -> None:
    from geotrack import files

    try:
        files.write(path, text)
    except OutputError as error:
        raise OutputError(
            f"{path}: the summary cannot be written there; the update itself is done, as told above. "
            "Give --summary a file in a folder that can be written"
        ) from error


def _print_rows(rows: Sequence[Mapping[str, str]], count: int) -> None:
    if not rows:
        return
    from geotrack.update.difference import COLUMNS

    table = table_of(*COLUMNS)
    for row in rows[:SHOWN]:
        table.add_row(*(escaped(row.get(column, "")) for column in COLUMNS))
    print_table(table)
    if count > SHOWN:
        print(f"{and_more(count - SHOWN, 'row')}; --json lists all")


DryOption = Annotated[bool, typer.Option("--dry-run", help="Show what would change; write nothing.")]
AcceptOption = Annotated[
    str, typer.Option("--accept", metavar="REASON", help="Accept the warnings; the reason is recorded.")
]


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="Where to; here if not given.")] = Path()) -> None:
    """Copy the data and the maps' specifications that ship to a folder of your own, to change them there.

    Example:

      geotrack init my-project
    """
    from geotrack.sources import PROVIDERS
    from geotrack.store import starter

    for made in starter.found(folder, [each.name for each in PROVIDERS if each.open]):
        print(made)


@app.command(name="import")
@tables.takes_options(before="partial")
def import_(
    file: tables.File,
    *,
    series: Annotated[str, typer.Option(help="The series it goes into; a new one, or one imported before.")],
    partial: Annotated[
        bool, typer.Option("--partial", help="The file brings some periods; others stay as they are.")
    ] = False,
    title: Annotated[str, typer.Option(help="Title of the publication.")] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Apply the mapping without asking.")] = False,
    accept: AcceptOption = "",
    dry: DryOption = False,
    data: DataOption = None,
    as_json: JsonOption = False,
    **said: Any,
) -> None:
    """Import a table of your own; how its columns are read is shown first, and remembered for next month.

    Examples:

      geotrack import survey.xlsx --series my-survey --unit % --whole 100 --publisher Me --title Survey
      --url https://example.org/survey --licence "CC BY 4.0" --yes

      geotrack import survey-of-next-month.xlsx --series my-survey
    """
    from geotrack.update import import_table

    folder, crosswalk = opened(data, to_write=not dry), said.pop("crosswalk")
    given = tables.given({**said, "partial": partial, "title": title})
    prepared = tables.answered(
        given, as_json, lambda answers: import_table.prepare(folder, file, series, answers, crosswalk)
    )
    out = sys.stderr if as_json else sys.stdout
    print(f"{file} -> series {series}" + (" (as remembered)" if prepared.remembered else ""), file=out)
    print("\n".join(f"  {line}" for line in prepared.lines), file=out, flush=True)
    if not (yes or dry or prepared.remembered):
        _confirm()
    with waiting("checking the figures", as_json):
        outcome = import_table.bring(folder, prepared, _options(accept, dry))
    if not as_json:
        tell(folder, outcome)
    report(folder, [outcome], dry, as_json, None)
    if not (dry or as_json):
        print(f"now: geotrack build {series}{f' --data {shlex.quote(str(data))}' if data else ''}")


def _confirm() -> None:
    """Ask whether the mapping is right; where nobody can answer, --yes says so."""
    if not sys.stdin.isatty():
        raise SpecError("nothing was written: look at the mapping above, then run it again with --yes")
    if not typer.confirm("Apply this?", err=True):
        raise typer.Exit


@app.command()
def add(
    series: SeriesArgument,
    *,
    region: Annotated[str, typer.Option(help="Code or name of the region.")],
    period: Annotated[str, typer.Option(help="Such as 2026-Q1, 2025, 2026-09, or 2026-09-30 for a day.")],
    value: Annotated[str, typer.Option(help="The number, in the metric's unit.")],
    metric: Annotated[str, typer.Option(help="Metric; may be left out where the series has one.")] = "",
    unit: Annotated[str, typer.Option(help="Unit, to be sure: refused if it is not the metric's.")] = "",
    status: Annotated[str, typer.Option(help="One of {statuses}.")] = "reported",
    quote: Annotated[str, typer.Option("--quote", help="The source's words that hold the figure.")] = "",
    page: Annotated[str, typer.Option(help="Page of the source that holds the figure.")] = "",
    note: Annotated[str, typer.Option(help="The source's caveat on the figure.")] = "",
    publisher: Annotated[str, typer.Option(help="Who published it.")] = "",
    title: Annotated[str, typer.Option(help="Title of the release.")] = "",
    url: Annotated[str, typer.Option(help="Its address.")] = "",
    licence: Annotated[str, typer.Option(help='Its licence, or "none stated".')] = "",
    published: Annotated[str, typer.Option(help="Day it was published.")] = "",
    origin: Annotated[str, typer.Option(help="Id of an origin known already, instead of these five.")] = "",
    accept: AcceptOption = "",
    dry: DryOption = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add one figure that you read in a release, with its source; checked like any other.

    Example:

      geotrack add canaan-revenue --region USA --period 2026-Q1 --metric revenue_share --value 31.5
      --unit % --quote "31.5% of revenue came from the United States" --publisher "Canaan Inc."
      --title "Q1 2026 results" --url https://investor.canaan-creative.com --licence "none stated"
    """
    from geotrack.update import add_figure

    folder = opened(data, to_write=not dry)
    source = {"publisher": publisher, "title": title, "url": url, "licence": licence, "published": published}
    figure = add_figure.ReadFigure(
        series, region, period, value, metric, unit, status, quote, page, note,
        source={key: text for key, text in source.items() if text}, origin=origin,
    )  # fmt: skip
    outcome = add_figure.add(folder, figure, _options(accept, dry))
    if not as_json:
        tell(folder, outcome)
    report(folder, [outcome], dry, as_json, None)


def _options(accept: str, dry: bool, contact: str = "", **more: Any) -> Options:
    from geotrack import __version__
    from geotrack.sources.web import manners
    from geotrack.update.update import Options

    agent = manners.agent(__version__, contact)
    now = datetime.now(UTC)
    return Options(
        now, agent, contact, accept=" ".join(accept.split()), dry=dry, limits=manners.LIMITS, **more
    )


@app.command()
def update(
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="SOURCE", help="Sources, groups or series; all sources if none."),
    ] = None,
    by_hand: Annotated[
        list[Path] | None,
        typer.Option(
            "--from", metavar="FILE", help="Read a file saved by hand instead of asking the source."
        ),
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Read the saved snapshots; ask nobody.")] = False,
    accept: AcceptOption = "",
    summary: Annotated[
        Path | None, typer.Option("--summary", help="Write the diff as Markdown to this file, too.")
    ] = None,
    *,
    most_bytes: Annotated[int, typer.Option("--most-bytes", help="How large such a file may be.")] = 0,
    dry: DryOption = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask the sources for newer figures, check them, show the diff, and write them.

    A source's figures are written whole or not at all. What they replace is kept: see `geotrack history`.

    Sources: {sources}.

    Examples:

      geotrack update

      geotrack update cbeci --dry-run

      geotrack update luxor --from saved-post.html

      geotrack update network --accept "mempool.space recomputed 2024, see its release notes"
    """
    from geotrack.update import settings
    from geotrack.update import update as updates

    folder = opened(data, to_write=not dry)
    chosen = updates.chosen(sources or [])
    said = settings.read(folder, os.environ)
    options = _options(
        accept,
        dry,
        said.contact,
        offline=offline,
        by_hand=tuple(by_hand or ()),
        most_bytes=most_bytes,
        skip=said.skip,
    )
    outcomes: list[Outcome] = []
    try:
        with progress(len(chosen), quiet=as_json, doing="asking") as advance:
            for outcome in updates.update(
                folder, chosen, options, lambda name, what: advance.say(f"{name} {what}")
            ):
                advance(outcome.source)
                outcomes.append(outcome)
                if not as_json:
                    tell(folder, outcome)
    except KeyboardInterrupt:
        done = ", ".join(outcome.source for outcome in outcomes) or "none"
        print(
            f"geotrack: stopped; sources that are done: {done}; of the others nothing was written",
            file=sys.stderr,
        )
        raise typer.Exit(130) from None
    report(folder, outcomes, dry, as_json, summary)
