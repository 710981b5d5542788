"""The command that makes moving pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geotrack.cli.base import DataOption, JsonOption, LangOption, MapArgument, app, opened
from geotrack.cli.printing import print_json, progress, waiting
from geotrack.files import write


@app.command()
def animate(
    map_: MapArgument,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="File to write: {films}.")],
    *,
    first: Annotated[str, typer.Option("--from", metavar="SLICE", help="Begin with this slice.")] = "",
    last: Annotated[str, typer.Option("--to", metavar="SLICE", help="End with this slice.")] = "",
    metric: Annotated[str, typer.Option("--metric", help="Another metric than the map's first.")] = "",
    fps: Annotated[float | None, typer.Option("--fps", help="Slices a second; 2 if not given.")] = None,
    seconds: Annotated[float | None, typer.Option("--seconds", help="Length of the whole film.")] = None,
    hold: Annotated[
        float | None, typer.Option("--hold", help="Seconds of the first and the last frame; 2 if not given.")
    ] = None,
    width: Annotated[int, typer.Option("--width", help="Pixels.")] = 960,
    theme: Annotated[str, typer.Option("--theme", help="{themes}.")] = "",
    lang: LangOption = "",
    loop: Annotated[int, typer.Option("--loop", help="How often a GIF or WebP is shown; 0: for ever.")] = 0,
    max_mb: Annotated[
        float | None,
        typer.Option("--max-mb", help="Size to stay within: colours are taken away first, then pixels."),
    ] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a moving picture of a map, a frame per slice; MP4 takes pip install 'geotrack[mp4]'.

    Examples:

      geotrack animate shift shift.gif

      geotrack animate shift shift.mp4 --seconds 20 --theme dark

      geotrack animate hashrate-share ban.gif --from 2021-04 --to 2021-10 --fps 1 --max-mb 1

      geotrack animate china-provinces provinces.webp --width 640 --loop 1 --json
    """
    from geotrack.publish import site
    from geotrack.render.film import animation

    folder = opened(data)
    with waiting("building", as_json):
        timemap = site.timemap(map_, folder, lang, modes=False)
    with progress(len(timemap.content.slices), quiet=as_json, doing="drawing") as advance:
        shot = animation.shoot(
            timemap.content,
            out.suffix.lower(),
            first=first,
            last=last,
            metric=metric,
            fps=fps,
            seconds=seconds,
            hold=hold,
            width=width,
            theme=theme,
            loop=loop,
            max_mb=max_mb,
            tell=advance,
        )
    write(out, shot.film.content)
    if as_json:
        print_json(animation.facts(shot, out))
    else:
        print(animation.told(shot, out))
