"""The command that writes reports."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geotrack.cli.base import DataOption, JsonOption, app, opened
from geotrack.cli.printing import print_json, waiting
from geotrack.errors import GeotrackError
from geotrack.files import line_of

if TYPE_CHECKING:
    from geotrack.publish.report.report import Report

PAUSE = 0.5
"""Seconds between two looks at the files, with --watch."""


@app.command()
def report(
    template: Annotated[
        str,
        typer.Argument(help="A Markdown file with calls such as {{ share(...) }}, or a report that ships."),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="File to write: {reports}; TEMPLATE.html if not given."),
    ] = None,
    lang: Annotated[
        str,
        typer.Option(
            metavar="CODE",
            help="Language that the template is written in, if its front matter does not say it: "
            "{languages}.",
        ),
    ] = "",
    watch: Annotated[
        bool, typer.Option("--watch", help="Write it anew whenever the template or the data change.")
    ] = False,
    *,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a report whose numbers, maps and pictures come from the data.

    Examples:

      geotrack report from-china-to-north-america -o story.html

      geotrack report my-report.md -o story.docx

      geotrack report my-report.md -o story.pdf

      geotrack report my-report.md --lang zh -o zh.html --json
    """
    from geotrack.publish.report import shipped

    if watch and as_json:
        raise typer.BadParameter("--watch and --json exclude each other; give one of them")
    folder = opened(data)
    path = shipped.find(template)
    target = out or Path(f"{path.stem}.html")
    if not watch:
        _tell(_written(path, target, folder, lang), as_json)
        return
    from geotrack.publish.report import watch as report_watch

    known: list[Path] = [path]

    def make() -> Iterable[Path]:
        try:
            made = _written(path, target, folder, lang)
        except GeotrackError as error:
            print(f"geotrack: {error}", file=sys.stderr, flush=True)
            return known
        _tell(made, as_json)
        known[:] = shipped.watched(made.document, path, folder)
        return known

    try:
        report_watch.watch(make, _wait)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def _wait() -> bool:
    time.sleep(PAUSE)
    return True


def _written(path: Path, target: Path, folder: Path, lang: str) -> Report:
    from geotrack.publish.report import report as writing

    with waiting("writing the report", "--json" in sys.argv):
        made = writing.make(path, target, folder, lang)
        writing.write(made)
    return made


def _tell(made: Report, as_json: bool) -> None:
    document, files = made.document, made.files
    sizes = {
        str(path): len(content if isinstance(content, bytes) else content.encode())
        for path, content in files.items()
    }
    if not as_json:
        for name, size in sizes.items():
            print(line_of(name, size), flush=True)
        return
    facts = {
        "files": sizes,
        "exhibits": [{"id": e.id, "label": e.label, "caption": e.caption} for e in document.exhibits],
        "sources": [source.origin.id for source in document.sources],
        "uses": document.uses,
        "as_of": document.as_of,
    }
    print_json(facts)
