"""The commands that look at figures: check, list, show, their history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from geotrack.cli.base import DataOption, JsonOption, SeriesArgument, app, opened
from geotrack.cli.console import tell
from geotrack.cli.printing import escaped, exact, print_csv, print_json, print_table, table_of
from geotrack.errors import ParseError, SpecError

if TYPE_CHECKING:
    import pandas as pd


@app.command()
def series(data: DataOption = None, as_json: JsonOption = False) -> None:
    """List the series: period, publisher, licence, when retrieved.

    Example:

      geotrack series --json
    """
    from geotrack.publish import site

    rows = site.sources(opened(data))
    if as_json:
        print_json(rows)
        return
    table = table_of("Series", "Title", "Period", "Rows", "Licence", "Retrieved")
    for row in rows:
        period = f"{row['start']} to {row['end']}"
        licence = "; ".join(row["licences"])
        table.add_row(
            row["series"], row["title"], period, str(row["rows"]), licence, ", ".join(row["retrieved"])
        )
    print_table(table)


@app.command(hidden=True)
def sources(data: DataOption = None, as_json: JsonOption = False) -> None:
    """List the series: the name that this command had until 0.1.0."""
    tell("geotrack: `geotrack sources` is now `geotrack series`; this name goes on working")
    series(data, as_json)


@app.command()
def show(
    series: SeriesArgument,
    metric: Annotated[str | None, typer.Option(help="Only this metric.")] = None,
    region: Annotated[str | None, typer.Option(help="Only this region's code, e.g. CHN.")] = None,
    *,
    stored: Annotated[
        bool, typer.Option("--stored", help="Only what is stored, without the figures that follow from it.")
    ] = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print CSV in the columns of data/observations.")
    ] = False,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Show a series' figures, with those that follow from them: of a whole of two parts the one not stated.

    What nobody stated is marked "derived", and its note says from what.

    Examples:

      geotrack show cbeci-countries --metric share --region CHN

      geotrack show canaan-revenue --csv > canaan.csv
    """
    from geotrack.store.folder import DataFolder

    if as_csv and as_json:
        raise typer.BadParameter("--csv and --json exclude each other; give one of them")
    frame = _chosen(DataFolder.of(opened(data)).shown(series, stored), series, metric, region)
    if as_csv:
        print_csv(frame)
        return
    frame = frame.assign(value=frame["value"].astype("float64"))
    if as_json:
        print_json(frame.to_dict(orient="records"))
    else:
        columns = ["label", "region", "start", "end", "metric", "value", "unit", "status", "note"]
        table = table_of(*columns)
        for row in frame[columns].itertuples(index=False):
            table.add_row(*(exact(cell) if isinstance(cell, float) else escaped(str(cell)) for cell in row))
        print_table(table)


@app.command()
def history(
    series: SeriesArgument,
    region: Annotated[str, typer.Argument(help="Code or name of a region, e.g. CHN or China.")],
    period: Annotated[str, typer.Argument(help="A period such as 2021-07, 2020-Q1 or 2021.")],
    metric: Annotated[str, typer.Option(help="Only this metric.")] = "",
    *,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show every value that a figure has had: since when, until when, from where, and why it was replaced.

    Example:

      geotrack history cbeci-countries China 2021-09 --metric share
    """
    from geotrack.store.folder import DataFolder

    rows = DataFolder.of(opened(data)).told_history(series, region, period, metric)
    if as_json:
        print_json(rows)
        return
    columns = (
        "metric",
        "value",
        "unit",
        "status",
        "since",
        "until",
        "why",
        "note",
        "publisher",
        "title",
        "url",
    )
    table = table_of(*columns)
    for row in rows:
        table.add_row(*(escaped(row[column]) for column in columns))
    print_table(table)


def _chosen(frame: pd.DataFrame, series: str, metric: str | None, region: str | None) -> pd.DataFrame:
    for column, wanted in (("metric", metric), ("region", region)):
        if wanted is None:
            continue
        known = list(dict.fromkeys(frame[column]))
        if wanted not in known:
            raise SpecError(f"{series}: no {column} {wanted!r}; expected one of: {', '.join(known)}")
        frame = frame[frame[column] == wanted]
    if frame.empty:
        raise ParseError(
            f"{series}: no figure of this metric and region together; leave one of the two options out"
        )
    return frame


@app.command()
def check(
    series: Annotated[list[str] | None, typer.Argument(help="Series to check; all if none.")] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check the data: types, periods, duplicates, regions, sums, units, origins, events, crosswalks, shapes.

    Examples:

      geotrack check

      geotrack check cbeci-countries --json
    """
    from geotrack.errors import ValidationError
    from geotrack.store.checks import folder

    findings = folder.check(opened(data), series or [])
    if as_json:
        print_json([vars(finding) for finding in findings])
    else:
        for finding in findings:
            print(finding)
        errors = sum(finding.severity == "error" for finding in findings)
        print(f"{errors} errors, {len(findings) - errors} warnings")
    if any(finding.severity == "error" for finding in findings):
        raise typer.Exit(ValidationError.exit_code)
