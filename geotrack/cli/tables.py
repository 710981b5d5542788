"""What may be said of a table of one's own, on the command line: the options of `map` and `import`."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from geotrack.cli.console import tell
from geotrack.cli.printing import waiting
from geotrack.errors import AmbiguousError, Choice, Question

Read = TypeVar("Read")
Body = TypeVar("Body", bound=Callable[..., Any])

File = Annotated[Path, typer.Argument(help="A table: {read}.")]


def _text(help: str, **more: Any) -> tuple[Any, str]:
    return Annotated[str, typer.Option(help=help, **more)], ""


def _several(help: str) -> tuple[Any, None]:
    return Annotated[list[str] | None, typer.Option(help=help)], None


def _count(help: str) -> tuple[Any, None]:
    return Annotated[int | None, typer.Option(metavar="N", help=help)], None


OPTIONS: Mapping[str, tuple[Any, Any]] = {
    "sheet": _text("Sheet of a workbook."),
    "table": _count("Which of several tables of a sheet, counted from 1."),
    "header_row": _text('Row of the header, as people count, or first and last: "3-4".', metavar="N"),
    "skip": _count("Rows to leave out at the beginning."),
    "hidden": _text('"include": hidden rows and columns too.'),
    "encoding": _text("Of a text that is not UTF-8, such as gb18030."),
    "most_bytes": _count("How large the file may be; a byte takes about eleven of memory."),
    "region": _text("Column of regions: names or codes."),
    "period": _several(
        "Column of periods, in a long table, or the period of all rows: 2019; twice where one column has "
        "years and one their parts."
    ),
    "start": _text("Column of first days, where there is no period."),
    "end": _text("Column of last days, or of first days after it."),
    "ends": _text("{ends}: whether a period has the day or month of its end in it."),
    "value": _several("Column of values, in a long table; may be repeated."),
    "metric": _several("Column that tells metrics apart, or the metric's name; one for each --value."),
    "unit": _several('Column of units, or the unit: "%", "EH/s"; one for each --value.'),
    "status": _text("Column of statuses, or the status of all."),
    "note": _text("Column of the source's caveats."),
    "empty": _several('A word that means no figure, such as "n/a"; may be repeated.'),
    "decimal": _text("Decimal sign where it cannot be told: {decimals}."),
    "brackets": _text('What "(56)", "56-" or "△56" is: {brackets}.'),
    "scaled": _text("Of figures that a sheet shows divided, which are read: {scaled}."),
    "fill": _text("{fill}: a name stands for the empty cells below it, too."),
    "freq": _text("What a date stands for: {frequencies}."),
    "dates": _text("Order of dates such as 9/1/19: {orders}."),
    "year_ends": _count("Month that financial years end with: 6 for June."),
    "period_words": _text('What years are, where no line says it: "Year ended June 30", "Q2".'),
    "ignore": _several("Column of numbers that is not to be read; may be repeated."),
    "level": _text("Of the regions: {levels}."),
    "whole": (
        Annotated[float | None, typer.Option(help="What a period adds up to: 100 for shares.")],
        None,
    ),
    "over_time": _text("How values combine in time: {combining}."),
    "kind": _text("{kinds}: a rate or a price, of which there is no sum over regions, or an amount."),
    "overlaps": _text("In words, which periods lie within others: slices take the longer ones."),
    "crosswalk": (
        Annotated[
            Path | None, typer.Option(help="CSV with the columns label, region: which region a label is.")
        ],
        None,
    ),
    "publisher": _text("Who published the figures."),
    "url": _text("Its address."),
    "licence": _text('Its licence, or "none stated".'),
    "published": _text("Day it was published."),
}
"""The options of a table, each with its type and what it is if it is not given."""


def takes_options(before: str) -> Callable[[Body], Body]:
    """Give a command the options of a table; its body has them as `said`.

    Parameters
    ----------
    before : name of the parameter that they stand before, in the help.
    """

    def given_to(body: Body) -> Body:
        own = inspect.signature(body, eval_str=True)
        kept = [each for each in own.parameters.values() if each.kind is not each.VAR_KEYWORD]
        place = [each.name for each in kept].index(before)
        more = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
            for name, (kind, default) in OPTIONS.items()
        ]
        vars(body)["__signature__"] = own.replace(parameters=[*kept[:place], *more, *kept[place:]])
        return body

    return given_to


SEVERAL = ("ignore",)
"""Options that several questions may be answered by, each with a value of its own."""


def given(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was said of a table, by the keys of `own.OPTIONS`.

    Parameters
    ----------
    said : by the names of options; "title" is that of the publication.
    """
    from geotrack.usertables.columns.mapping import SOURCE

    found = {key: value for key, value in said.items() if not _unsaid(value)}
    source = {key: found.pop(key) for key in SOURCE if key in found and key != "note"}
    return found | ({"source": source} if source else {})


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
            with waiting("reading the table", quiet):
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
    answer = 0
    while not 1 <= answer <= last:  # no other number is taken for one of these
        answer = typer.prompt(f"1 to {last}", type=int, err=True)
    choice = question.choices[answer - 1]
    return choice, choice.value or typer.prompt(choice.option, err=True)
