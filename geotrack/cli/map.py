"""The command that makes a map straight from a table of one's own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from geotrack.cli import tables
from geotrack.cli.base import DataOption, JsonOption, LangOption, app
from geotrack.cli.printing import print_json


@app.command(name="map")
def map_(
    file: tables.File,
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="File to write: .html, {pictures}, {films}, {tables}; TABLE.html else.",
        ),
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Open it when it is written.")] = False,
    title: Annotated[str, typer.Option(help="Title of the map.")] = "",
    groups: Annotated[
        list[str] | None, typer.Option("--group", "--groups", help="Region of the chart; may be repeated.")
    ] = None,
    slices: Annotated[str, typer.Option(help="own, month, quarter, half or year.")] = "",
    lang: LangOption = "",
    spec: Annotated[
        Path | None,
        typer.Option("--spec", metavar="FILE", help="Write the map's specification, to change and build it."),
    ] = None,
    sheet: tables.Sheet = "",
    table: tables.Table = None,
    header_row: tables.HeaderRow = "",
    skip: tables.Skip = None,
    hidden: tables.Hidden = "",
    encoding: tables.Encoding = "",
    region: tables.Region = "",
    period: tables.Period = None,
    start: tables.Start = "",
    end: tables.End = "",
    value: tables.Value = None,
    metric: tables.Metric = None,
    unit: tables.Unit = None,
    status: tables.Status = "",
    note: tables.Note = "",
    empty: tables.Empty = None,
    decimal: tables.Decimal = "",
    freq: tables.Freq = "",
    dates: tables.Dates = "",
    year_ends: tables.YearEnds = None,
    ignore: tables.Ignore = None,
    level: tables.Level = "",
    whole: tables.Whole = None,
    over_time: tables.OverTime = "",
    kind: tables.Kind = "",
    crosswalk: tables.Crosswalk = None,
    missing: Annotated[
        str,
        typer.Option(help="In words, what the table lacks whose total is more than its parts."),
    ] = "",
    publisher: tables.Publisher = "",
    source_title: Annotated[str, typer.Option(help="Title of the publication.")] = "",
    url: tables.Url = "",
    licence: tables.Licence = "",
    published: tables.Published = "",
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a map straight from a table: no data folder, no origin needed; "-" reads standard input.

    Examples:

      geotrack map revenue.xlsx -o revenue.html --open

      geotrack map shares.csv --whole 100 --group CHN --group USA --title "Who mines"

      geotrack map revenue.xlsx -o revenue.png

      geotrack map states.csv --level US --spec states.toml
    """
    from geotrack.publish import own_maps

    said = tables.given(locals(), "source_title")
    shown = {"title": title, "groups": groups or (), "slices": slices, "lang": lang}
    shown = {key: what for key, what in shown.items() if what}
    content: Any = sys.stdin.buffer.read() if str(file) == "-" else file
    wish = own_maps.MapWish(content, file, out or Path(f"{file.stem.strip('-') or 'map'}.html"), shown, data)
    made = tables.answered(said, as_json, lambda given: own_maps.make(wish, given))
    if spec is not None:
        own_maps.save_spec(made, spec)
    if as_json:
        print_json(own_maps.facts(made))
    else:
        print("\n".join(own_maps.told(made, spec)))
    if open_:
        typer.launch(made.path.resolve().as_uri())
