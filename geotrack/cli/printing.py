"""What commands print with: tables, exact figures, a progress bar."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from threading import Lock, Timer
from typing import Any

from geotrack.cli.console import tell, writable
from geotrack.files import line_of

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


def print_json(value: Any) -> None:
    """Print JSON; in ASCII, which says the same, where the output's encoding lacks a character."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    print(text if writable(text) else json.dumps(value, indent=2), flush=True)


def print_written(map_id: str, path: Path, as_json: bool) -> None:
    """Say which file of a map was written."""
    size = path.stat().st_size
    if as_json:
        print_json({"map": map_id, "file": str(path), "bytes": size})
    else:
        print(line_of(path, size))


def print_csv(table: Any) -> None:
    """Print a table as CSV; characters that the output's encoding lacks as their escapes: none is lost."""
    text = table.to_csv(index=False, lineterminator="\n")
    sys.stdout.write(text if writable(text) else _escaped(text, "backslashreplace"))


def print_markup(text: str, latex: bool = False) -> None:
    """Print HTML or Markdown; a character that the output's encoding lacks as what means the same in them.

    LaTeX has nothing that means the same everywhere: what is lost is said.
    """
    if latex and not writable(text):
        tell(f"geotrack: {sys.stdout.encoding} lacks some of these characters; -o FILE writes all, in UTF-8")
    elif not writable(text):
        parts = re.split(r"(<script\b.*?</script>)", text, flags=re.DOTALL)
        parts[::2] = [_escaped(part, "xmlcharrefreplace") for part in parts[::2]]
        parts[1::2] = [_in_script(part) for part in parts[1::2]]
        text = "".join(parts)
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def _escaped(text: str, how: str) -> str:
    encoding = sys.stdout.encoding
    return text.encode(encoding, how).decode(encoding)


def _in_script(text: str) -> str:
    """Write characters as JavaScript and JSON do: 16 bits each."""
    return "".join(c if writable(c) else json.dumps(c)[1:-1] for c in text)


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


class waiting:
    """What is being done, on the terminal, as soon as it lasts; silent where nobody watches."""

    def __init__(self, doing: str, quiet: bool = False) -> None:
        self.doing, self.lock = doing, Lock()
        self.shown: Any = None
        watched = sys.stderr.isatty() and not quiet
        self.timer = Timer(PATIENCE, self._show) if watched else None

    def __enter__(self) -> waiting:
        """Begin to wait."""
        if self.timer:
            self.timer.daemon = True
            self.timer.start()
        return self

    def _show(self) -> None:
        from rich.console import Console

        with self.lock:
            if self.timer:
                self.shown = Console(stderr=True).status(escaped(self.doing))
                self.shown.start()

    def say(self, how_far: str) -> None:
        """Say how far it is, once that is shown."""
        with self.lock:
            if self.shown:
                self.shown.update(escaped(f"{self.doing}: {how_far}"))

    def __exit__(self, *error: object) -> None:
        """Wipe it."""
        with self.lock:
            if self.timer:
                self.timer.cancel()
                self.timer = None
            if self.shown:
                self.shown.stop()


PATIENCE = 2.0
"""Seconds after which a reader is told what is being done."""


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
