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
@tables.takes_options(before="missing")
def map_(
    file: tables.File,
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="File to write: {files}; TABLE.html else.",
        ),
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Open it when it is written.")] = False,
    title: Annotated[str, typer.Option(help="Title of the map.")] = "",
    groups: Annotated[
        list[str] | None, typer.Option("--group", "--groups", help="Region of the chart; may be repeated.")
    ] = None,
    slices: Annotated[str, typer.Option(help="Stretches of time that are shown: {slices}.")] = "",
    boundaries: Annotated[
        str, typer.Option(metavar="FILE", help="Shapes of the regions, or the name of shipped boundaries.")
    ] = "",
    code: Annotated[str, typer.Option(help="Column of the shapes that holds the regions' codes.")] = "",
    lang: LangOption = "",
    spec: Annotated[
        Path | None,
        typer.Option("--spec", metavar="FILE", help="Write the map's specification, to change and build it."),
    ] = None,
    missing: Annotated[
        str,
        typer.Option(help="In words, what the table lacks whose total is more than its parts."),
    ] = "",
    source_title: Annotated[str, typer.Option(help="Title of the publication.")] = "",
    data: DataOption = None,
    as_json: JsonOption = False,
    **said: Any,
) -> None:
    """Make a map straight from a table: no data folder, no origin needed; "-" reads standard input.

    Examples:

      geotrack map revenue.xlsx -o revenue.html --open

      geotrack map shares.csv --whole 100 --group CHN --group USA --title "Who mines"

      geotrack map revenue.xlsx -o revenue.png

      geotrack map states.csv --level US --spec states.toml

      geotrack map districts.csv --boundaries districts.geojson --code id
    """
    from geotrack import files
    from geotrack.publish import own_maps

    given = tables.given({**said, "missing": missing, "title": source_title})
    drawn = {"boundaries": boundaries, "code": code}
    shown = {"title": title, "groups": groups or (), "slices": slices, **drawn, "lang": lang}
    shown = {key: what for key, what in shown.items() if what}
    content: Any = file
    if str(file) == "-":
        content = files.load(sys.stdin.buffer, "standard input", given.get("most_bytes", 0))
    out = out or Path(f"{file.stem.strip('-') or 'map'}.html")
    wish = own_maps.MapWish(content, file, out, shown, spec, data)
    made = tables.answered(given, as_json, lambda answers: own_maps.make(wish, answers))
    if as_json:
        print_json(own_maps.facts(made))
    else:
        print("\n".join(own_maps.told(made)))
    if open_:
        typer.launch(made.path.resolve().as_uri())
