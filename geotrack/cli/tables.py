"""What may be said of a table of one's own, on the command line: the options of `map` and `import`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from geotrack.cli.console import tell
from geotrack.errors import AmbiguousError, Choice, Question

Read = TypeVar("Read")

File = Annotated[Path, typer.Argument(help="A table: CSV, TSV, Excel, ODS, Parquet, JSON records, GeoJSON.")]
Sheet = Annotated[str, typer.Option(help="Sheet of a workbook.")]
Table = Annotated[int | None, typer.Option(help="Which of several tables of a sheet, counted from 1.")]
HeaderRow = Annotated[
    str, typer.Option(metavar="N", help='Row of the header, as people count, or first and last: "3-4".')
]
Skip = Annotated[int | None, typer.Option(help="Rows to leave out at the beginning.")]
Hidden = Annotated[str, typer.Option(help='"include": hidden rows and columns too.')]
Encoding = Annotated[str, typer.Option(help="Of a text that is not UTF-8, such as gb18030.")]
Region = Annotated[str, typer.Option(help="Column of regions: names or codes.")]
Period = Annotated[
    list[str] | None,
    typer.Option(help="Column of periods, in a long table; twice where one has years and one their parts."),
]
Dates = Annotated[str, typer.Option(help="Order of dates such as 9/1/19: {orders}.")]
YearEnds = Annotated[int | None, typer.Option(help="Month that financial years end with: 6 for June.")]
Ignore = Annotated[
    list[str] | None, typer.Option(help="Column of numbers that is not to be read; may be repeated.")
]
Start = Annotated[str, typer.Option(help="Column of first days, where there is no period.")]
End = Annotated[str, typer.Option(help="Column of first days after it.")]
Value = Annotated[list[str] | None, typer.Option(help="Column of values, in a long table; may be repeated.")]
Metric = Annotated[
    list[str] | None,
    typer.Option(help="Column that tells metrics apart, or the metric's name; one for each --value."),
]
Unit = Annotated[
    list[str] | None,
    typer.Option(help='Column of units, or the unit: "%", "EH/s"; one for each --value.'),
]
Status = Annotated[str, typer.Option(help="Column of statuses, or the status of all.")]
Note = Annotated[str, typer.Option(help="Column of the source's caveats.")]
Empty = Annotated[
    list[str] | None, typer.Option(help='A word that means no figure, such as "n/a"; may be repeated.')
]
Decimal = Annotated[str, typer.Option(help='Decimal sign, "." or ",", where it cannot be told.')]
Freq = Annotated[str, typer.Option(help="What a date stands for: {frequencies}.")]
Level = Annotated[str, typer.Option(help="Of the regions: {levels}.")]
Whole = Annotated[float | None, typer.Option(help="What a period adds up to: 100 for shares.")]
OverTime = Annotated[str, typer.Option(help="How values combine in time: {combining}.")]
Kind = Annotated[
    str, typer.Option(help="{kinds}: a rate or a price, of which there is no sum over regions, or an amount.")
]
Crosswalk = Annotated[
    Path | None, typer.Option(help="CSV with the columns label, region: which region a label is.")
]
Publisher = Annotated[str, typer.Option(help="Who published the figures.")]
Url = Annotated[str, typer.Option(help="Its address.")]
Licence = Annotated[str, typer.Option(help='Its licence, or "none stated".')]
Published = Annotated[str, typer.Option(help="Day it was published.")]


SEVERAL = ("ignore",)
"""Options that several questions may be answered by, each with a value of its own."""


def given(said: Mapping[str, Any], source_title: str = "title") -> dict[str, Any]:
    """Return what was said of a table, by the keys of `mapping.GIVEN`.

    Parameters
    ----------
    said : the command's options by their names, others among them.
    source_title : the option that has the title of the publication.
    """
    from geotrack.build.own import OPTIONS
    from geotrack.usertables.mapping import SOURCE

    found = {key: said[key] for key in OPTIONS if not _unsaid(said.get(key))}
    source = {key: said.get(source_title if key == "title" else key) for key in SOURCE}
    told = {key: text for key, text in source.items() if text}
    return found | ({"source": told} if told else {})


def _unsaid(value: object) -> bool:
    """Tell what was not said; a zero was."""
    return value is None or value is False or value in ("", (), [])


def answered(said: dict[str, Any], quiet: bool, read: Callable[[dict[str, Any]], Read]) -> Read:
    """Read a table; what it leaves open is asked on a terminal, and refused where nobody can answer.

    Parameters
    ----------
    said : what is given; the answers are added.
    quiet : whether nobody is to be asked.
    read : reads the table by what is given.
    """
    while True:
        try:
            return read(said)
        except AmbiguousError as error:
            if quiet or not (sys.stdin.isatty() and sys.stderr.isatty()):
                raise
            for question in error.questions:
                choice, value = ask(question)
                several = choice.option in SEVERAL
                said[choice.option] = [*said.get(choice.option, ()), value] if several else value


def ask(question: Question) -> tuple[Choice, str]:
    """Ask a question by numbered choices, and return the one that was taken with its value."""
    tell(f"{question.found}:")
    for number, choice in enumerate(question.choices, 1):
        tell(f"  {number}  {choice.value or choice.option}{f' ({choice.means})' if choice.means else ''}")
    last = len(question.choices)
    answer = typer.prompt(f"1 to {last}", type=int, err=True)
    choice = question.choices[min(max(answer, 1), last) - 1]
    return choice, choice.value or typer.prompt(choice.option, err=True)
