"""The application that every command belongs to, and the options that they share."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.core

from geotrack.errors import GeotrackError

CODES = """
Exit codes: 0 done, or nothing to do; 1 other fault; 2 wrong usage; 3 a file or cell that cannot be read;
4 unknown regions; 5 unknown or unusable boundaries; 6 data that fail a check; 7 a faulty specification,
unknown name or missing extra; 8 a place that cannot be written; 9 a source that did not answer or refused;
10 warnings about new figures that nobody accepted; 11 an update that is done in part.
"""


class ReaderGone(Exception):
    """Whoever read our output has left (`geotrack show ... | head`): nothing is wrong."""


class _Commands(typer.core.TyperGroup):
    """The commands; all output is out when one ends, so that a reader who left is noticed here."""

    def invoke(self, ctx: Any) -> Any:
        try:
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()
        except BrokenPipeError as error:
            raise ReaderGone from error


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
    help="Time-sliced maps of Bitcoin mining's move from China toward North America.\n\n"
    "Begin with: geotrack build, then open maps/index.html.",
    epilog=CODES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

DataOption = Annotated[
    Path | None,
    typer.Option("--data", help="Folder of the data; ./data or the copy that ships if not given."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]


def main() -> None:
    """Run the command line; a user's mistake ends with one message and its exit code, no traceback."""
    try:
        app()
    except GeotrackError as error:
        print(f"geotrack: {error}", file=sys.stderr)
        raise SystemExit(error.exit_code) from None
    except ReaderGone:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None


def _version(wanted: bool) -> None:
    if wanted:
        from geotrack import __version__

        print(f"geotrack {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    pass


def opened(data: Path | None, to_write: bool = False) -> Path:
    """Find the data folder; if an interrupted update was found there, finish or discard it, and say so."""
    from geotrack import store

    folder = store.located(data)
    if to_write:
        store.refuse_shipped(folder, named=bool(data or os.environ.get("GEOTRACK_DATA")))
    if said := store.recovered(folder):
        print(f"geotrack: {folder}: {said}", file=sys.stderr)
    return folder
