"""The command that hands out pieces of maps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geotrack.cli.base import DataOption, JsonOption, LangOption, MapArgument, app, opened
from geotrack.cli.console import tell
from geotrack.cli.printing import print_json, print_markup
from geotrack.publish.embed import FORMS

if TYPE_CHECKING:
    from geotrack.publish.embed import Piece, Wish


@app.command()
def embed(
    map: MapArgument,
    form: Annotated[
        str,
        typer.Option("--as", metavar="FORM", help=f"One of: {', '.join(FORMS)}."),
    ] = "iframe",
    *,
    url: Annotated[
        str,
        typer.Option(
            "--url", metavar="ADDRESS", help="Folder of the pages in the web; MAP.html if not given."
        ),
    ] = "",
    layout: Annotated[
        str, typer.Option("--layout", help="{layouts}; compact if not given: map, legend, slider.")
    ] = "",
    at: Annotated[
        str, typer.Option("--at", metavar="SLICE", help='Slice shown first: "2021-07", "last".')
    ] = "",
    fixed: Annotated[bool, typer.Option("--fixed", help="That slice only, without a time control.")] = False,
    metric: Annotated[str, typer.Option("--metric", help="Metric shown first.")] = "",
    theme: Annotated[str, typer.Option("--theme", help="{themes}; the reader's own if not given.")] = "",
    lang: LangOption = "",
    width: Annotated[str, typer.Option("--width", help='Greatest width: "720px" or "100%".')] = "",
    id: Annotated[str, typer.Option("--id", help="Name of a second inline block of the same map.")] = "",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File to write to.")] = None,
    pages: Annotated[
        Path | None, typer.Option("--pages", help="Folder of the built pages; maps, or maps/CODE.")
    ] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Hand out the piece of a map that an article, a CMS or a document takes.

    Examples:

      geotrack embed shift

      geotrack embed hashrate-share --as iframe --at 2021-07 --fixed --url https://example.org/maps/

      geotrack embed shift --as inline --theme light -o shift-block.html

      geotrack embed shift --as srcdoc > shift-frame.html

      geotrack embed shift --as oembed --url https://example.org/maps/

      geotrack embed shift --as markdown --at 2022-01 -o report.md

      geotrack embed shift --as latex -o figure.tex

      geotrack embed shift --as docx -o figure.docx
    """
    from geotrack.publish.embed import Wish, piece

    wish = Wish(map, form, url, layout, at, fixed, metric, theme, width, lang, id, out, pages, opened(data))
    _report(wish, piece(wish), as_json)


def _report(wish: Wish, made: Piece, as_json: bool) -> None:
    written = [str(path) for path in made.files]
    if as_json:
        wide, high = made.size
        size = {"width": wide, "height": high} if wide else {}
        said = {"map": made.card.id, "as": wish.form, "title": made.card.title, "caption": made.card.caption}
        table = said | {"alt": made.card.alt, "text": made.text, "files": written} | size
        print_json(table)
        return
    form = FORMS[wish.form]
    if wish.out is None and form.printed:
        print_markup(made.text, latex=not form.entities)
        for name in written:
            tell(f"geotrack: wrote {name}")
    else:
        for name in written:
            print(name)
    if made.built:
        tell(f"geotrack: built {made.built} first: it was not there, or not up to date")
