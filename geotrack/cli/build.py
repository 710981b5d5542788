"""The commands that make maps."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from geotrack.cli.base import DataOption, JsonOption, LangOption, app, opened
from geotrack.cli.printing import print_json, progress
from geotrack.errors import GeotrackError
from geotrack.files import line_of


@app.command()
def build(
    specs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SPEC",
            help="Names of default maps, reports or series, or paths of .toml files; all if none.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Folder to write to; maps, or with --as-of maps/as-known-on-DAY."),
    ] = None,
    changed: Annotated[
        bool, typer.Option("--changed", help="Only maps whose inputs changed since they were built.")
    ] = False,
    as_of: Annotated[
        str, typer.Option("--as-of", metavar="DAY", help="The figures as they were known on that day.")
    ] = "",
    lang: LangOption = "",
    *,
    url: Annotated[
        str,
        typer.Option(
            "--url", metavar="ADDRESS", help="Where the folder stands in the web: link cards, oEmbed."
        ),
    ] = "",
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Build maps as self-contained HTML files, and the gallery when all are built.

    Examples:

      geotrack build

      geotrack build shift hashrate-share --out site

      geotrack build my-map.toml

      geotrack build --changed

      geotrack build shift --url https://example.org/maps/

      geotrack build shift --as-of 2026-12-31 --out then

      geotrack build hashrate-share --lang zh --out zh
    """
    from geotrack.publish import atlas, site
    from geotrack.publish.report import shipped
    from geotrack.render.page import hosting
    from geotrack.store.folder import DataFolder

    out = out or Path("maps", *([f"as-known-on-{as_of}"] if as_of else []))
    folder, url = opened(data), hosting.checked(url)
    names, stories = shipped.split(specs or [])
    stories = [] if as_of else stories  # a report says what is known now
    paths = [] if stories and specs and not names else atlas.find(names, folder)
    wanted = (
        [path for path, _ in site.changed(paths, out, folder, as_of, lang, url=url)] if changed else paths
    )
    told = [path for path, _ in shipped.changed(stories, out, folder)] if changed else stories
    shared = DataFolder.of(folder)  # what several maps are made of is read and checked once

    def made(path: Path) -> Any:
        if path in told:
            return shipped.build(path, out, shared, lang)
        return site.build(path, out, shared, as_of, lang, url=url)

    done, failed = _each([*wanted, *told], made, quiet=as_json)
    if not specs and not failed:
        cards = shipped.cards(stories)
        if changed:
            index = site.renewed_gallery(paths, out, folder, done, as_of=as_of, lang=lang, stories=cards)
            done += [index] if index else []
        elif done:
            done.append(site.gallery([each.timemap for each in done if each.timemap], out, cards))
    _report_built(done, failed, as_json)
    if failed:
        raise typer.Exit(failed[0][1].exit_code)


def _each(
    paths: Sequence[Path], made: Callable[[Path], Any], *, quiet: bool
) -> tuple[list[Any], list[tuple[Path, GeotrackError]]]:
    """Make what paths describe, one by one, and return it with what failed: one fault stops no other."""
    done: list[Any] = []
    failed: list[tuple[Path, GeotrackError]] = []
    with progress(len(paths), quiet=quiet) as advance:
        for path in paths:
            advance(path.stem)
            try:
                done.append(made(path))
            except GeotrackError as error:
                failed.append((path, error))
    return done, failed


def _report_built(done: list[Any], failed: list[tuple[Path, GeotrackError]], as_json: bool) -> None:
    bare = [str(error).removeprefix(f"{path}: ") for path, error in failed]
    for message in dict.fromkeys(
        text if bare.count(text) > 1 else str(error) for text, (_, error) in zip(bare, failed, strict=True)
    ):
        print(f"geotrack: {message}", file=sys.stderr)  # what all maps stumble over is said once
    if as_json:
        written = [{"map": each.name, "file": str(each.path), "bytes": each.size} for each in done]
        broken = [{"spec": str(path), "error": str(error)} for path, error in failed]
        notes = [f"{each.name}: {each.note}" for each in done if each.note]
        print_json({"written": written, "failed": broken, "notes": notes})
        return
    if not done and not failed:
        print("nothing has changed since the maps were built")
    for each in done:
        print(line_of(each.path, each.size) + (f"  {each.note}" if each.note else ""))
    if failed:
        print(f"{len(failed)} of {len(done) + len(failed)} not built; what stood there before still stands")
