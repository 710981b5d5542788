"""The command that sums raw records to regions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from geotrack.cli.base import DataOption, JsonOption, app, opened
from geotrack.cli.printing import print_json, waiting
from geotrack.errors import SpecError
from geotrack.files import line_of


@app.command()
def aggregate(
    spec: Annotated[Path, typer.Argument(help="What the records are and what they become, a .toml.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="The table, a .csv.")
    ] = None,
    *,
    engine: Annotated[
        str,
        typer.Option(
            help="What sums them: duckdb (in this process), spark://host:7077, sc://host, local[2]."
        ),
    ] = "duckdb",
    metric: Annotated[
        list[str] | None, typer.Option("--metric", help="Only this metric; may be repeated.")
    ] = None,
    min_count: Annotated[
        int | None,
        typer.Option("--min-count", metavar="N", help="Contributors of a region that is shown, at least."),
    ] = None,
    memory: Annotated[str, typer.Option(help="How much the engine may take, such as 4GB; then disk.")] = "",
    dry: Annotated[
        bool, typer.Option("--dry-run", help="Look at the records and their labels; sum nothing.")
    ] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sum raw records, with a time, a place and an amount each, to a table of regions that `import` takes.

    Examples:

      geotrack aggregate telemetry.toml --dry-run

      geotrack aggregate telemetry.toml -o telemetry.csv --memory 4GB
    """
    from geotrack.build import records

    folder = opened(data)
    if not dry and (out is None or out.suffix.casefold() != ".csv"):
        found = f"; found -o {out}" if out else ""
        raise SpecError(f"nothing was summed: expected -o FILE.csv for the table, or --dry-run{found}")
    asked: dict[str, Any] = {"min_count": min_count, "memory": memory, "data": folder}
    if dry:
        with waiting("looking at the records", as_json):
            looked = records.look(spec, engine, **asked)
        print_json(looked) if as_json else _looked(looked)
        return
    with waiting("summing the records", as_json) as shown:
        made = records.aggregate(spec, engine, metrics=metric or (), progress=shown.say, **asked)
    assert out is not None
    made.save(out, read=(spec,))
    if as_json:
        print_json({"file": str(out), "bytes": out.stat().st_size, "rows": len(made.rows), **made.told})
        return
    print("\n".join([*made.lines, *filter(None, (*made.warnings, made.mixed))]))
    print(line_of(out, out.stat().st_size))
    print(f"now: {made.next_command(out)}")


def _looked(looked: dict[str, Any]) -> None:
    """Print what a run would begin with."""
    print(f"{looked['rows']:,} rows in {looked['files']:,} files, {looked['bytes'] / 1e6:,.1f} MB")
    for name, kind in looked["columns"].items():
        print(f"  column {name!r}: {kind}")
    for line in looked["labels"]:
        print(f"  {line}")
    if looked["unmatched"]:
        print(f"  labels of no region: {', '.join(map(repr, looked['unmatched']))}")
    print(f"  slices: {looked['slices']}; engine: {looked['engine']}. Nothing was summed")
