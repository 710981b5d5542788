"""What commands that bring figures up to date say at their end."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from geotrack.cli.printing import escaped, print_json, print_table, table_of
from geotrack.errors import OutputError

if TYPE_CHECKING:
    from geotrack.update import Outcome

SHOWN = 40
"""Rows of the diff that are printed; --json and --summary have more."""


def tell(folder: Path, outcome: Outcome) -> None:
    """Say what became of a source, as soon as it is known."""
    from geotrack import telling
    from geotrack import update as updates

    failed = outcome.error is not None
    text = "\n".join(telling.lines(outcome, updates.names_of(folder, [outcome])))
    print(f"geotrack: {text}" if failed else text, file=sys.stderr if failed else sys.stdout, flush=True)


def report(folder: Path, outcomes: Sequence[Outcome], dry: bool, as_json: bool, summary: Path | None) -> None:
    """Give the diff as a table and the sum of it all, and end with the exit code that tells it."""
    from geotrack import telling
    from geotrack import update as updates

    names, notices = updates.names_of(folder, outcomes), updates.notices(folder, outcomes)
    code = updates.exit_code(outcomes)
    if as_json:
        print_json(telling.report(outcomes, names, notices, code, dry))
    else:
        _print_rows(telling.rows(outcomes, names, SHOWN), telling.counted(outcomes))
        for finding in notices:
            print(finding)
        print(telling.summary(outcomes, dry), flush=True)
    if summary is not None:
        _write_summary(summary, telling.markdown(outcomes, names, notices, dry))
    if code:
        raise typer.Exit(code)


def _write_summary(path: Path, text: str) -> None:
    from geotrack import files

    try:
        files.write(path, text)
    except OutputError as error:
        raise OutputError(
            f"{path}: the summary cannot be written there; the update itself is done, as told above. "
            "Give --summary a file in a folder that can be written"
        ) from error


def _print_rows(rows: Sequence[Mapping[str, str]], count: int) -> None:
    if not rows:
        return
    columns = ("kind", "series", "name", "period", "metric", "old", "new", "unit", "change")
    table = table_of(*columns)
    for row in rows[:SHOWN]:
        table.add_row(*(escaped(row.get(column, "")) for column in columns))
    print_table(table)
    if count > SHOWN:
        print(f"and {count - SHOWN:,} more rows; --json lists all")
