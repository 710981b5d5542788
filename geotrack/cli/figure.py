"""The command that makes static figures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geotrack.cli.base import DataOption, JsonOption, LangOption, MapArgument, app, opened
from geotrack.cli.printing import print_written, waiting


@app.command()
def figure(
    map_: MapArgument,
    out: Annotated[Path, typer.Option("--out", "-o", help="File to write: {pictures}.")],
    *,
    at: Annotated[
        list[str] | None,
        typer.Option(
            "--at", metavar="SLICE", help="A slice such as 2021-07, first or last; may be repeated."
        ),
    ] = None,
    between: Annotated[
        tuple[str, str] | None,
        typer.Option("--between", metavar="A B", help="The difference map of two slices."),
    ] = None,
    metric: Annotated[str, typer.Option(help="Metric; the map's first if not given.")] = "",
    cols: Annotated[int, typer.Option(help="Panels side by side; 0 chooses.")] = 0,
    width: Annotated[
        str,
        typer.Option(
            help="89mm, 12.1cm, 7in, 1200px, 1200x630px, or one of {widths}; nature-double if not given."
        ),
    ] = "",
    preset: Annotated[str, typer.Option(help="{presets}; grey has patterns, for photocopies.")] = "",
    theme: Annotated[str, typer.Option(help="{themes}.")] = "",
    lang: LangOption = "",
    title: Annotated[str | None, typer.Option("--title", help="Instead of the map's title.")] = None,
    no_title: Annotated[bool, typer.Option("--no-title", help="No title: the article has one.")] = False,
    dpi: Annotated[int, typer.Option(help="Of a PNG: 300, of a width in px 96.")] = 0,
    font: Annotated[str, typer.Option(help="A font file for letters that the shipped fonts lack.")] = "",
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Draw a figure for print, slides or the web, without a browser; the suffix decides.

    Examples:

      geotrack figure shift --at 2019-09 --at 2021-07 --at 2022-01 -o shift.pdf

      geotrack figure shift --between 2019-09 2022-01 --width nature-single -o change.svg

      geotrack figure revenue-canaan --at 2017 --preset grey --no-title -o canaan.png

      geotrack figure my-map.toml --width og --theme dark -o preview.png
    """
    from geotrack.publish import site

    if no_title and title is not None:
        raise typer.BadParameter("--title and --no-title exclude each other; give one of them")
    folder = opened(data)
    with waiting("drawing", as_json):
        timemap = site.timemap(map_, folder, lang, modes=False)
        timemap.save_figure(
            out,
            at=at or (),
            between=between,
            metric=metric,
            cols=cols,
            width=width,
            preset=preset,
            theme=theme,
            title="" if no_title else title,
            dpi=dpi,
            font=font,
        )
    print_written(timemap.content.id, out, as_json)
