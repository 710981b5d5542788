"""The application that every command belongs to, and the options that they share."""

from __future__ import annotations

import copy
import errno
import functools
import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
import typer.core
import typer.main

from geotrack import secrecy
from geotrack.cli import console, lists, printing
from geotrack.errors import AmbiguousError, GeotrackError, OutputError, of_system

Body = TypeVar("Body", bound=Callable[..., Any])

CODES = """
Exit codes: 0 done, or nothing to do; 1 other fault; 2 wrong usage; 3 a file or cell that cannot be read;
4 unknown regions; 5 unknown or unusable boundaries; 6 data that fail a check; 7 a faulty specification,
unknown name or missing extra; 8 a place that cannot be written; 9 a source that did not answer or refused;
10 warnings about new figures that nobody accepted; 11 an update that is done in part.
"""


class _Commands(typer.core.TyperGroup):
    """The commands; a reader who left is noticed here: click would end with another code."""

    def make_context(self, *args: Any, **more: Any) -> Any:
        with _told_to_scripts():
            return super().make_context(*args, **more)

    def invoke(self, ctx: Any) -> Any:
        try:
            with _told_to_scripts():
                return super().invoke(ctx)
        except OSError as error:
            if error.errno in console.GONE:
                raise console.ReaderGone from error
            raise

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands with their whole summaries, which click cuts at the end of a line."""
        shown = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(
                [
                    (name, each.get_short_help_str(limit=1000))
                    for name, each in shown
                    if each and not each.hidden
                ]
            )


_WrongUsage: Any = typer.BadParameter.__base__
"""What click raises for an unknown option, a missing argument or a bad choice; typer exports a kind of it."""


@contextmanager
def _told_to_scripts() -> Iterator[None]:
    """Print wrong usage as JSON, too, where that is wanted; click says it in words."""
    try:
        yield
    except _WrongUsage as error:
        if "--json" in sys.argv:
            told = {"error": error.format_message(), "kind": "UsageError", "code": error.exit_code}
            printing.print_json(told)
        raise


class _Command(typer.core.TyperCommand):
    """A command; a list that its help names, such as {languages}, is asked for when the help is read.

    What stands for a value is a word in capitals, whichever version of typer writes the help: FILE, [MAP]...
    """

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for each in self.params:
            if not each.metavar and not getattr(each, "is_flag", False):
                each.metavar = next(opt for opt in each.opts if len(opt) > 2).lstrip("-").upper()

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        return ["[OPTIONS]", *(_placed(each) for each in self.params if each.param_type_name == "argument")]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        shown: dict[str, list[tuple[str, str]]] = {"argument": [], "option": []}
        for each in self.get_params(ctx):
            if record := each.get_help_record(ctx):
                named = _placed(each) if each.param_type_name == "argument" else record[0]
                shown[each.param_type_name].append((named, record[1]))
        for kind, records in shown.items():
            if records:
                with formatter.section(f"{kind.capitalize()}s"):
                    formatter.write_dl(records)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        told = copy.copy(self)
        told.help, told.params = lists.filled(self.help or ""), [copy.copy(each) for each in self.params]
        for each in told.params:
            if isinstance(each, (typer.core.TyperOption, typer.core.TyperArgument)):
                each.help = lists.filled(each.help or "")
        super(_Command, told).format_help(ctx, formatter)


def _placed(argument: Any) -> str:
    """Return how an argument stands in a line of usage: MAP, [SOURCE]..."""
    named = argument.metavar if argument.required else f"[{argument.metavar}]"
    return f"{named}..." if argument.nargs == -1 else f"{named}"


class _App(typer.Typer):
    def command(self, *args: Any, **more: Any) -> Callable[[Body], Body]:
        return super().command(*args, cls=_Command, **more)


app = _App(
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
    typer.Option(
        "--data", metavar="FOLDER", help="Folder of the data; ./data or the copy that ships if not given."
    ),
]
MapArgument = Annotated[
    str, typer.Argument(metavar="MAP", help="Name of a default map, or path of a .toml file.")
]
SeriesArgument = Annotated[str, typer.Argument(help="Name of a series, see `geotrack series`.")]
LangOption = Annotated[
    str, typer.Option("--lang", metavar="CODE", help="Language of what geotrack says: {languages}.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]


@functools.cache
def _made(name: str) -> Any:
    """Make the command of this name, once; all if it is none of them: typer takes 3 ms for each."""
    made = copy.copy(app)
    called = [each for each in app.registered_commands if name == (each.name or _own_name(each))]
    made.registered_commands = called or app.registered_commands
    return typer.main.get_command(made)


def _own_name(command: Any) -> str:
    return typer.main.get_command_name(command.callback.__name__)


RARELY = 200_000, 20, 100
"""How many new objects make Python look for garbage: a command is over before there is much of it, and
looking as often as Python does by itself takes a twelfth of a build."""


def main() -> None:
    """Run the command line; a user's mistake ends with one message and its exit code, no traceback."""
    gc.set_threshold(*RARELY)
    console.prepare()
    code: Any = 0
    reason: str | None = ""
    try:
        with console.interruptible():
            _made(next(iter(sys.argv[1:]), ""))()
    except KeyboardInterrupt:
        code = console.INTERRUPTED
    except GeotrackError as error:
        console.tell(f"geotrack: {secrecy.scrub(str(error))}")
        code = error.exit_code
        if "--json" in sys.argv:
            printing.print_json(_failed(error))
    except console.ReaderGone:
        console.silence(sys.stdout, sys.stderr)
    except SystemExit as end:
        code = end.code
    except OSError as error:
        if error.errno == errno.ENOSPC:
            reason = error.strerror
        else:
            told = of_system(error)
            console.tell(f"geotrack: {told}")
            code = told.exit_code
    if reason := console.flush() or reason:
        console.tell(f"geotrack: what was printed cannot be written: {reason}")
        code = OutputError.exit_code
    gc.freeze()  # nobody need look for garbage in what ends with the process: a tenth of a build
    raise SystemExit(code)


def _failed(error: GeotrackError) -> dict[str, Any]:
    """Say for scripts what is wrong, and what a table leaves open."""
    questions = error.questions if isinstance(error, AmbiguousError) else ()
    found: dict[str, Any] = {
        "error": secrecy.scrub(str(error)),
        "kind": type(error).__name__,
        "code": error.exit_code,
    }
    asked = [{"found": q.found, "choices": [vars(choice) for choice in q.choices]} for q in questions]
    return found | ({"questions": asked} if asked else {})


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
    from geotrack.store import reading

    folder = reading.located(data)
    if to_write:
        reading.refuse_shipped(folder, named=bool(data or os.environ.get("GEOTRACK_DATA")))
    if said := reading.recovered(folder):
        console.tell(f"geotrack: {folder}: {said}")
    return folder
