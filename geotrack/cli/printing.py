"""What commands print with: tables, exact figures, a progress bar."""

from __future__ import annotations

import sys
from typing import Any

RIGHT = {"value", "Rows", "old", "new", "change"}
"""Columns of numbers."""


def exact(value: float) -> str:
    """Every digit of a figure, and no e-notation."""
    from decimal import Decimal

    return f"{Decimal(repr(value)).normalize():,f}"


def escaped(text: str) -> str:
    """A text in which brackets are brackets, not rich's markup."""
    from rich.markup import escape

    return escape(text)


def columns() -> int:
    """Return how wide the terminal is; 0 where there is none: a pipe has no width of its own."""
    import shutil

    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 0


def print_table(table: Any) -> None:
    """Print a table as wide as the terminal, or as 200 columns where there is none."""
    from rich.console import Console

    # a pipe has no width of its own: do not fold rows there
    console = Console(width=None if sys.stdout.isatty() else 200, soft_wrap=False)
    with console.capture() as drawn:  # rich would end the program itself if the reader has left
        console.print(table)
    sys.stdout.write(drawn.get())


def table_of(*columns: str) -> Any:
    """A table with these columns, without rows yet."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold", justify="right" if column in RIGHT else "left")
    return table


class progress:
    """A progress bar on the terminal; silent where nobody watches."""

    def __init__(self, total: int, quiet: bool, doing: str = "building") -> None:
        self.total, self.doing, self.done = total, doing, 0
        self.bar: Any = None
        self.task: Any = None
        if sys.stderr.isatty() and not quiet:
            from rich.console import Console
            from rich.progress import Progress

            self.bar = Progress(console=Console(stderr=True), transient=True)

    def __enter__(self) -> progress:
        """Draw the bar."""
        if self.bar is not None:
            self.bar.start()
            self.task = self.bar.add_task(self.doing, total=self.total)
        return self

    def __call__(self, name: str) -> None:
        """Go on by one."""
        self.say(name)
        if self.bar is not None:
            self.bar.update(self.task, completed=self.done)
        self.done += 1

    def say(self, text: str) -> None:
        """Say what is being done, without going on."""
        if self.bar is not None:
            self.bar.update(self.task, description=escaped(text))

    def __exit__(self, *error: object) -> None:
        """Wipe the bar."""
        if self.bar is not None:
            self.bar.stop()
