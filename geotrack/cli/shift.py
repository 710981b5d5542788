"""The commands that measure: what moved between two slices, and what several sources say of it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from geotrack.cli.base import DataOption, JsonOption, LangOption, SeriesArgument, app, opened
from geotrack.cli.printing import columns, print_csv, print_json

CsvOption = Annotated[bool, typer.Option("--csv", help="Print the table as CSV.")]


@app.command()
def shift(
    series: SeriesArgument,
    first: Annotated[str, typer.Option("--from", metavar="PERIOD", help="Earlier slice.")] = "first",
    last: Annotated[str, typer.Option("--to", metavar="PERIOD", help="Later slice.")] = "last",
    group: Annotated[
        list[str] | None,
        typer.Option(
            help="Code of a region or an aggregate; may be repeated. If none: the two parts that make up the "
            "whole, else China and North America."
        ),
    ] = None,
    scenario: Annotated[
        str,
        typer.Option(help="Reading of doubtful figures: {scenarios}."),
    ] = "reported",
    *,
    metric: Annotated[str, typer.Option(help="Metric; the series' first if not given.")] = "",
    lang: LangOption = "en",
    as_csv: CsvOption = False,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Measure what moved between two slices: shares, crossings, mean centre, concentration, flows.

    What is known comes first. Every headline figure has its intervals, each under a named assumption.

    Examples:

      geotrack shift cbeci-countries --from 2019-09 --to 2022-01

      geotrack shift cbeci-countries --from 2021-06 --to 2021-08 --scenario zeros-as-after

      geotrack shift luxor-countries --from 2025-Q3 --to 2026-Q3 --group USA --group CHN --csv

      geotrack shift canaan-revenue --from 2020-Q1 --to 2021-Q1 --lang zh
    """
    from geotrack.build.shift import shift_of

    _one_format(as_csv, as_json)
    found = shift_of(
        series,
        first,
        last,
        groups=group or (),
        scenario=scenario,
        metric=metric,
        data=opened(data),
        lang=lang,
    )
    _print(found, as_csv, as_json)


@app.command()
def compare(
    question: Annotated[
        str,
        typer.Argument(help="One of: {questions}."),
    ],
    *,
    lang: LangOption = "en",
    as_csv: CsvOption = False,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Put what several sources say of a question side by side, with dates, methods and differences.

    us-share, china-share: a country's share by source. vintages: the Cambridge map as first released.
    revenue: what Canaan and Bitmain earned outside China, against the hashrate there. machines: reported
    moves. levels, provinces, states: parts of countries as shares of the world.

    Examples:

      geotrack compare china-share

      geotrack compare revenue --json

      geotrack compare provinces --csv
    """
    from geotrack.measure.compare.questions import compare as put_beside
    from geotrack.store.folder import DataFolder

    _one_format(as_csv, as_json)
    _print(put_beside(question, DataFolder.of(opened(data)), lang), as_csv, as_json)


def _one_format(as_csv: bool, as_json: bool) -> None:
    if as_csv and as_json:
        raise typer.BadParameter("--csv and --json exclude each other; give one of them")


def _print(found: Any, as_csv: bool, as_json: bool) -> None:
    if as_csv:
        print_csv(found.to_frame())
    elif as_json:
        print_json(found.to_dict())
    else:
        print(found.to_text(columns()))
