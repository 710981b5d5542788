"""The command line: parses, calls the library, prints; no logic of its own."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
import typer.core

from geotrack.errors import GeotrackError, ParseError, SpecError

if TYPE_CHECKING:
    import pandas as pd

CODES = """
Exit codes: 0 done; 1 other fault; 2 wrong usage; 3 a file or cell that cannot be read; 4 unknown regions;
5 unknown or unusable boundaries; 6 data that fail a check; 7 a faulty specification or unknown name;
8 a place that cannot be written; 9 a source that did not answer.
"""


class _ReaderGone(Exception):
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
            raise _ReaderGone from error


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
    except _ReaderGone:
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


@app.command()
def build(
    specs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SPEC]...", help="Names of default maps, or paths of .toml files; all if none."
        ),
    ] = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write to.")] = Path("maps"),
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Build maps as self-contained HTML files, and the gallery when all are built.

    Examples:

      geotrack build

      geotrack build shift hashrate-share --out site

      geotrack build my-map.toml
    """
    from geotrack import site

    paths = site.find(specs or [])
    done, failed = [], []
    with _progress(len(paths), quiet=as_json) as advance:
        for path in paths:
            advance(path.stem)
            try:
                done.append(site.build(path, out, data))
            except GeotrackError as error:
                failed.append((path, error))
    if not specs and done and not failed:
        done.append(site.gallery([each.timemap for each in done if each.timemap], out))
    _report_built(done, failed, as_json)
    if failed:
        raise typer.Exit(failed[0][1].exit_code)


def _report_built(done: list[Any], failed: list[tuple[Path, GeotrackError]], as_json: bool) -> None:
    bare = [str(error).removeprefix(f"{path}: ") for path, error in failed]
    for message in dict.fromkeys(
        text if bare.count(text) > 1 else str(error) for text, (_, error) in zip(bare, failed, strict=True)
    ):
        print(f"geotrack: {message}", file=sys.stderr)  # what all maps stumble over is said once
    if as_json:
        written = [{"map": each.name, "file": str(each.path), "bytes": each.size} for each in done]
        broken = [{"spec": str(path), "error": str(error)} for path, error in failed]
        print(json.dumps({"written": written, "failed": broken}, indent=2))
        return
    for each in done:
        print(f"{each.path}  {each.size / 1000:,.0f} kB")
    if failed:
        print(f"{len(failed)} of {len(done) + len(failed)} not built; what stood there before still stands")


@app.command()
def check(
    series: Annotated[list[str] | None, typer.Argument(help="Series to check; all if none.")] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check the data: types, periods, duplicates, regions, sums, units, origins, events, crosswalks, shapes.

    Examples:

      geotrack check

      geotrack check cbeci-countries --json
    """
    from geotrack import pipeline
    from geotrack.errors import ValidationError

    findings = pipeline.check(data, series or [])
    if as_json:
        print(json.dumps([vars(finding) for finding in findings], indent=2))
    else:
        for finding in findings:
            print(finding)
        errors = sum(finding.severity == "error" for finding in findings)
        print(f"{errors} errors, {len(findings) - errors} warnings")
    if any(finding.severity == "error" for finding in findings):
        raise typer.Exit(ValidationError.exit_code)


@app.command()
def sources(data: DataOption = None, as_json: JsonOption = False) -> None:
    """List the series: period, publisher, licence, when retrieved.

    Example:

      geotrack sources --json
    """
    from geotrack import site

    rows = site.sources(data)
    if as_json:
        print(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    table = _table("Series", "Title", "Period", "Rows", "Licence", "Retrieved")
    for row in rows:
        period = f"{row['start']} to {row['end']}"
        licence = "; ".join(row["licences"])
        table.add_row(
            row["series"], row["title"], period, str(row["rows"]), licence, ", ".join(row["retrieved"])
        )
    _print(table)


@app.command()
def show(
    series: Annotated[str, typer.Argument(help="Name of a series, see `geotrack sources`.")],
    metric: Annotated[str | None, typer.Option(help="Only this metric.")] = None,
    region: Annotated[str | None, typer.Option(help="Only this region's code, e.g. CHN.")] = None,
    *,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print CSV in the columns of data/observations.")
    ] = False,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Show a series' figures.

    Examples:

      geotrack show cbeci-countries --metric share --region CHN

      geotrack show canaan-revenue --csv > canaan.csv
    """
    from geotrack import pipeline

    if as_csv and as_json:
        raise typer.BadParameter("--csv and --json exclude each other; give one of them")
    frame = _chosen(pipeline.load(series, data).observations, series, metric, region)
    days = {column: frame[column].dt.strftime("%Y-%m-%d") for column in ("start", "end")}
    frame = frame.assign(**days)
    if as_csv:
        sys.stdout.write(frame.to_csv(index=False, lineterminator="\n"))
    elif as_json:
        print(json.dumps(frame.to_dict(orient="records"), indent=2, ensure_ascii=False))
    else:
        columns = ["label", "region", "start", "end", "metric", "value", "unit", "status", "note"]
        table = _table(*columns)
        for row in frame[columns].itertuples(index=False):
            table.add_row(*(_exact(cell) if isinstance(cell, float) else _escaped(str(cell)) for cell in row))
        _print(table)


def _chosen(frame: pd.DataFrame, series: str, metric: str | None, region: str | None) -> pd.DataFrame:
    for column, wanted in (("metric", metric), ("region", region)):
        if wanted is None:
            continue
        known = list(dict.fromkeys(frame[column]))
        if wanted not in known:
            raise SpecError(f"{series}: no {column} {wanted!r}; expected one of: {', '.join(known)}")
        frame = frame[frame[column] == wanted]
    if frame.empty:
        raise ParseError(
            f"{series}: no figure of this metric and region together; leave one of the two options out"
        )
    return frame


def _exact(value: float) -> str:
    """Every digit of a figure, and no e-notation."""
    from decimal import Decimal

    return f"{Decimal(repr(value)).normalize():,f}"


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)


def _print(table: Any) -> None:
    from rich.console import Console

    # a pipe has no width of its own: do not fold rows there
    console = Console(width=None if sys.stdout.isatty() else 200, soft_wrap=False)
    with console.capture() as drawn:  # rich would end the program itself if the reader has left
        console.print(table)
    sys.stdout.write(drawn.get())


def _table(*columns: str) -> Any:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold", justify="right" if column in {"value", "Rows"} else "left")
    return table


class _progress:
    """A progress bar on the terminal; silent where nobody watches."""

    def __init__(self, total: int, quiet: bool) -> None:
        self.total = total
        self.bar: Any = None
        if sys.stderr.isatty() and not quiet:
            from rich.console import Console
            from rich.progress import Progress

            self.bar = Progress(console=Console(stderr=True), transient=True)

    def __enter__(self) -> Any:
        if self.bar is None:
            return lambda name: None
        self.bar.start()
        task = self.bar.add_task("building", total=self.total)
        done = iter(range(self.total + 1))
        return lambda name: self.bar.update(task, description=name, completed=next(done))

    def __exit__(self, *error: object) -> None:
        if self.bar is not None:
            self.bar.stop()


if __name__ == "__main__":
    main()
