"""The result: a table of regions with a row for each remainder, what was counted, and where it comes from."""

from __future__ import annotations

import csv
import io
import json
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geotrack import files
from geotrack.aggregation.expression import FAULTS, LEFT_OUT, NO_TIME, NOWHERE, OUTSIDE, WHY_NOWHERE
from geotrack.aggregation.specification import CONTRIBUTORS, COUNT, RATE, RecordSpec, Summed
from geotrack.aggregation.suppression import Amount, Groups
from geotrack.errors import ValidationError

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("region", "start", "end", "metric", "value", "unit", "status", "note")
WITHOUT_PLACE, SUPPRESSED, REJECTED = "records-without-place", "records-suppressed", "records-rejected"
SOURCE = ("publisher", "title", "url", "licence")
WHY = {
    "unstated": "without label and point",
    "unusable": "with a point that is none",
    "outside": "with a point in no region",
    "unknown": "with a label of no region",
    "absent": "without a value",
    "odd": "with a value that is no finite number or too large",
    "negative": "with a value below zero",
}


@dataclass(frozen=True)
class Counted:
    """What the engine counted: a row for each slice and place, and how many rows it read, asked for apart.

    Parameters
    ----------
    rows : of `expression.by_place`.
    read : rows of the records.
    """

    rows: Sequence[Mapping[str, Any]]
    read: int


@dataclass(frozen=True, eq=False)
class Aggregation:
    """Records that were summed to regions.

    Parameters
    ----------
    rows : tuple of tuple of str
        The table's rows as text: region, start, end, metric, value, unit, status, note.
    quality : mapping
        What became of every row read: placed, remainder, rejected and duplicates, with the reasons.
    origin : mapping, optional
        What it was made from: source, records, boundaries, how labels were read, the version.
    warnings : tuple of str, optional
        What somebody should look at.
    files : tuple of str, optional
        The files that were read.
    ways : mapping of str to str, optional
        How each metric's slices combine in a longer one: "mean" or "sum".
    """

    rows: tuple[tuple[str, ...], ...]
    quality: Mapping[str, Any]
    origin: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    ways: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def csv(self) -> bytes:
        """Return the table as CSV: the same bytes for the same records, whichever engine summed them."""
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows([COLUMNS, *self.rows])
        return text.getvalue().encode()

    @property
    def table(self) -> pd.DataFrame:
        """The table: region, start, end, metric, value, unit, status, note."""
        import pandas as pd

        frame = pd.DataFrame(self.rows, columns=list(COLUMNS), dtype="str")
        frame["value"] = pd.to_numeric(frame["value"])
        return frame

    def save(self, path: Path | str, *, read: Iterable[Path] = ()) -> Path:
        """Write the table as CSV, and beside it where it comes from.

        Parameters
        ----------
        path : Path or str
            The file; the origin goes into a file of its name that ends in ".origin.json".
        read : iterable of Path, optional
            Files that must not be written over.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        OutputError
            The place cannot be written, or is one of `read`.
        """
        path = Path(path)
        files.refuse_over(path, [*read, *map(Path, self.files)])
        told = json.dumps({**self.origin, "quality": self.quality}, ensure_ascii=False, indent=2)
        files.write_all({path: self.csv, path.with_suffix(".origin.json"): told + "\n"})
        return path

    def only(self, metrics: Sequence[str]) -> Aggregation:
        """Return the same with some metrics; what is hidden is so by all of them.

        Parameters
        ----------
        metrics : sequence of str
            Their names.

        Returns
        -------
        Aggregation
            Their rows of the table.
        """
        at = COLUMNS.index("metric")
        rows = tuple(row for row in self.rows if row[at] in metrics)
        return replace(self, rows=rows, ways={name: self.ways[name] for name in metrics})

    @property
    def told(self) -> dict[str, Any]:
        """What became of the records, for scripts."""
        return {**self.origin, "quality": self.quality, "warnings": list(self.warnings)}

    @property
    def mixed(self) -> str:
        """What to do where metrics combine in time in several ways: an import takes one; else ""."""
        if len({*self.ways.values()}) < 2:
            return ""
        told = ", ".join(f"{name}: {way}" for name, way in self.ways.items())
        return f"over time these combine in several ways ({told}), an import takes one: say --metric for each"

    @property
    def lines(self) -> list[str]:
        """What became of the records, in words: a line for each metric."""
        quality = self.quality
        return [
            f"{name}: {quality['rows_read']:,} rows read = {each['placed']:,} placed + "
            f"{each['remainder']:,} without "
            f"a place + {each['rejected']:,} rejected + {quality['duplicates']:,} duplicates"
            for name, each in quality["metrics"].items()
        ] + [f"hidden for privacy: {quality['hidden']:,} regions of slices"] * bool(quality["hidden"])

    def next_command(self, path: Path) -> str:
        """Return the command that imports the table.

        Parameters
        ----------
        path : Path
            Where the table was written.

        Returns
        -------
        str
            A line for a shell; what is not known stands in capitals.
        """
        ways = sorted({*self.ways.values()})
        over_time = ["--over-time", ways[0] if len(ways) == 1 else "WAY"]
        said = [f"--{key} {shlex.quote(self.origin.get(key) or key.upper())}" for key in SOURCE]
        series = shlex.quote(f"{path.stem}-regions")  # build takes a .toml of its name here for a map
        return " ".join(["geotrack import", shlex.quote(str(path)), "--series", series, *over_time, *said])


def balanced(counted: Counted, spec: RecordSpec) -> dict[str, Any]:
    """Return what became of the rows, metric by metric; they must be all.

    Raises
    ------
    ValidationError : rows read are not placed, remainder, rejected and duplicates together.
    """
    again = sum(int(row["again"]) for row in counted.rows)
    found: dict[str, Any] = {"rows_read": counted.read, "duplicates": again, "metrics": {}}
    for n, metric in enumerate(spec.metrics):
        rejected = _rejected(counted.rows, n)
        placed = sum(int(row[f"n{n}"]) for row in counted.rows if row["place"] >= 0 and row["slice"] >= 0)
        nowhere = sum(
            int(row[f"n{n}"]) for row in counted.rows if row["place"] == NOWHERE and row["slice"] >= 0
        )
        parts = placed + nowhere + sum(rejected.values()) + again
        if parts != counted.read:
            raise ValidationError(
                f'metric "{metric.name}": {counted.read:,} rows were read, but {placed:,} placed '
                f"+ {nowhere:,} "
                f"without a place + {sum(rejected.values()):,} rejected + {again:,} duplicates "
                f"are {parts:,}; "
                "nothing is written. Did the records change meanwhile?"
            )
        found["metrics"][metric.name] = {
            **{"placed": placed, "remainder": nowhere, "rejected": sum(rejected.values())},
            "why_rejected": rejected,
        }
    rows = [row for row in counted.rows if row["slice"] >= 0]
    found["why_without_place"] = _reasons(rows)
    for name in ("labelled", "pointed", "disagree"):
        found[name] = sum(int(row[name]) for row in rows)
    return found


def _rejected(rows: Iterable[Mapping[str, Any]], n: int) -> dict[str, int]:
    """Return how many records a metric cannot use, by reason."""
    rows = list(rows)
    found = {
        "no_time": sum(int(row["records"]) for row in rows if row["slice"] == NO_TIME),
        "outside_slices": sum(int(row["records"]) for row in rows if row["slice"] == OUTSIDE),
        "left_out": sum(int(r["records"]) for r in rows if r["slice"] >= 0 and r["place"] == LEFT_OUT),
    }
    return found | {name: sum(int(row[f"f{n}_{at}"]) for row in rows) for at, name in enumerate(FAULTS)}


def _reasons(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    rows = list(rows)
    return {name: sum(int(row[f"nowhere{at}"]) for row in rows) for at, name in enumerate(WHY_NOWHERE)}


@dataclass(frozen=True)
class Published:
    """What may be shown: all places, which of them are hidden, and what those are together."""

    groups: Groups
    hidden: set[tuple[int, int]]
    together: Mapping[int, tuple[Amount, ...]]
    withheld: set[int]


def table(
    counted: Counted, shown: Published, spec: RecordSpec, codes: Sequence[str]
) -> tuple[tuple[str, ...], ...]:
    """Return the rows of the table, sorted: regions by their code, then what no region has."""
    found = [
        (span[0].isoformat(), metric.name, order, row)
        for at, span in enumerate(spec.slices.spans)
        for n, metric in enumerate(spec.metrics)
        for order, row in _rows_of(counted, shown, spec, codes, at=at, n=n)
    ]
    return tuple(row for *_, row in sorted(found))


def _rows_of(
    counted: Counted, shown: Published, spec: RecordSpec, codes: Sequence[str], *, at: int, n: int
) -> Iterator[tuple[int, tuple[str, ...]]]:
    metric, (start, end) = spec.metrics[n], spec.slices.spans[at]
    seconds = (end - start).days * 86400
    rows = [row for row in counted.rows if row["slice"] == at]

    def row(region: str, held: Amount | None, note: str = "") -> tuple[str, ...]:
        value = "" if held is None else text_of(metric, held, seconds)
        status = "reported" if value else "missing"
        return region, start.isoformat(), end.isoformat(), metric.name, value, unit_of(metric), status, note

    for cell, group in shown.groups.items():
        if cell[0] == at and cell not in shown.hidden and group[n].records:
            if cell[1] >= 0:
                yield 0, row(codes[cell[1]], group[n])
            else:
                yield 1, row(WITHOUT_PLACE, group[n], said(_reasons(rows)))
    if at in shown.together and shown.together[at][n].records:
        withheld = at in shown.withheld
        yield 2, row(SUPPRESSED, None if withheld else shown.together[at][n], _why_hidden(spec, withheld))
    faults = {name: sum(int(each[f"f{n}_{code}"]) for each in rows) for code, name in enumerate(FAULTS)}
    if any(faults.values()):
        yield 3, row(REJECTED, None, said(faults))


def said(counts: Mapping[str, int]) -> str:
    """Say how many records, and why."""
    return "records: " + ", ".join(f"{count:,} {WHY[name]}" for name, count in counts.items() if count)


def _why_hidden(spec: RecordSpec, withheld: bool) -> str:
    privacy = spec.privacy
    told = (
        f"regions with fewer than {privacy.min_count} contributors, or one that holds more than "
        f"{privacy.max_share:g} of them, and those that would give them away"
    )
    return f"{told}; even their sum would tell too much" if withheld else told


def unit_of(metric: Summed) -> str:
    """Return the unit of a metric; of a count what is counted, if nothing is said."""
    return metric.unit or metric.of


def text_of(metric: Summed, held: Amount, seconds: int) -> str:
    """Return a figure as text, of so many digits, halves to even: exact from the engine's integers."""
    if metric.is_ == COUNT:
        return str(held.owners if metric.of == CONTRIBUTORS else held.total)
    whole = held.total
    if metric.is_ == RATE:
        whole = round(Fraction(held.total * metric.seconds, seconds))
    return f"{Decimal(whole).scaleb(-metric.digits):f}"


def kept_whole(counted: Counted, shown: Published, spec: RecordSpec) -> None:
    """Make sure that what is shown and what is hidden are all that was summed, to the last digit.

    Raises
    ------
    ValidationError : they are not.
    """
    for n, metric in enumerate(spec.metrics):
        if metric.of == CONTRIBUTORS:  # one who is in two regions counts in both
            continue
        whole = sum(int(row[f"s{n}"]) for row in counted.rows)
        seen = sum(group[n].total for cell, group in shown.groups.items() if cell not in shown.hidden)
        seen += sum(group[n].total for group in shown.together.values())
        if seen != whole:
            raise ValidationError(
                f'metric "{metric.name}": its parts are {seen}, the whole is {whole}; nothing is written'
            )
