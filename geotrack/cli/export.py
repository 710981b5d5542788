"""The command that hands a map's data to other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geotrack.cli.base import DataOption, JsonOption, LangOption, MapArgument, app, opened
from geotrack.cli.printing import print_written, waiting


@app.command()
def export(
    map_: MapArgument,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="File to write: {tables}.")],
    at: Annotated[
        list[str] | None,
        typer.Option(
            "--at", metavar="SLICE", help="Only this slice, e.g. 2021-07, first, last; may be repeated."
        ),
    ] = None,
    metric: Annotated[str, typer.Option("--metric", help="Only this metric.")] = "",
    wide: Annotated[
        bool,
        typer.Option("--wide", help="Of .csv: a row per region, a column per slice; not a row per figure."),
    ] = False,
    *,
    lang: LangOption = "",
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Export a map's figures, with their sources: a workbook, CSV, or shapes for a GIS; the suffix decides.

    Examples:

      geotrack export hashrate-share hashrate.xlsx

      geotrack export shift shift.csv --metric share --wide

      geotrack export revenue-canaan canaan.geojson --at 2017 --at last

      geotrack export china-provinces provinces.parquet --json

      geotrack export shift shift-zh.xlsx --lang zh
    """
    from geotrack.publish import site

    folder = opened(data)
    with waiting("building", as_json):
        timemap = site.timemap(map_, folder, lang, out=out)
        path = timemap.save_table(out, at=at, metric=metric, wide=wide)
    print_written(timemap.content.id, path, as_json)
