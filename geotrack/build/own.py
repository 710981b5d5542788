"""A user's own table, from a file or from memory: read, understood, and told how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geotrack import periods
from geotrack.errors import Doubts, ParseError
from geotrack.language.catalogue import said
from geotrack.model import OBSERVATION_COLUMNS, Series
from geotrack.store.reading import series_of
from geotrack.usertables import apply, describe, guess, reading, series_table
from geotrack.usertables.cells import Coded
from geotrack.usertables.frame import FrameTable
from geotrack.usertables.levels import level_question
from geotrack.usertables.mapping import GIVEN, figure_columns
from geotrack.usertables.mapping import Mapping as Columns
from geotrack.usertables.rivals import rivals

if TYPE_CHECKING:
    import pandas as pd

    from geotrack.map.spec import Spec
    from geotrack.store.regions import Regions

UNNAMED = "A table of one's own"


@dataclass(frozen=True, eq=False)
class OwnTable:
    """A table that was read, and how its columns are understood.

    Parameters
    ----------
    table : its cells, as text.
    columns : what its columns are.
    labelled : its rows, in model.LABELLED_COLUMNS.
    series : what the table is.
    geometry : the GeoDataFrame that it is, or None.
    crosswalk : a file that says which region a label is, or None.
    """

    table: reading.UserTable
    columns: Columns
    labelled: pd.DataFrame
    series: Series
    geometry: Any = None
    crosswalk: Path | str | None = None

    @cached_property
    def lines(self) -> list[str]:
        """Say how each column was read, and what was skipped."""
        return describe(self.columns, self.table)

    @cached_property
    def used(self) -> dict[str, tuple[str, ...]]:
        """Return what is read of each kind -> the table's columns."""
        found = {kind: getattr(self.columns, kind) for kind in COLUMNS if kind != "value"}
        named = {kind: (column,) for kind, column in found.items() if column in self.table.columns}
        return named | {"value": figure_columns(self.columns, self.table)}

    @cached_property
    def observations(self) -> pd.DataFrame:
        """Its rows in model.OBSERVATION_COLUMNS; regions are still labels, and the origin is "user"."""
        found = self.labelled.assign(
            region=self.labelled["label"],
            value=self.labelled["value"].astype("float64"),
            origin=Coded.constant(len(self.labelled), "user").categorical(),
        )
        return found[list(OBSERVATION_COLUMNS)]


def read(data: Any, given: Mapping[str, Any], *, wanted: Spec, regions: Regions | None = None) -> OwnTable:
    """Read a user's table and find out what its columns are.

    Parameters
    ----------
    data : a path, a file's bytes, or a table in memory of whatever kind, see `usertables.frame`.
    given : what the user says, by the keys of `mapping.GIVEN` and MORE; columns as they are called in the
        table.
    wanted : specification of the map: its title, slices and language.
    regions : those of the data, which labels may be; None where boundaries of the user's own have others.

    Raises
    ------
    GeotrackError : the table cannot be read; all that is wrong or open, in one message.
    """
    given = {key: said for key, said in given.items() if said not in (None, "", (), [])}
    if isinstance(data, str | Path | bytes):
        table, geometry = _file(data, reading.Asked.of(given)), None
    else:
        memory = FrameTable(data)
        table, geometry = memory.table, memory.geometry
        given |= {key: memory.named(said) for key, said in given.items() if key in COLUMNS}
    more = {key: given.pop(key) for key in MORE if key in given}
    doubts = Doubts()
    columns = guess(table, given, units=False, doubts=doubts)
    with doubts.gathered():
        labelled = apply(table, columns, UNNAMED, periods.parse_column, coded=True)
        with doubts.gathered():
            made = _series(columns, labelled, wanted, more.get("missing", ""))
    doubts.add(*rivals(table, columns, regions, frozenset(given)))
    if regions and "level" not in given:
        cells = (cell.strip() for cell in table.frame[columns.region].unique())
        doubts.add(level_question([cell for cell in cells if cell], regions, columns.region))
    doubts.refuse()
    own = replace(series_of("user", made), method="")
    return OwnTable(table, columns, labelled, own, geometry, more.get("crosswalk"))


MORE = ("missing", "crosswalk")
"""What else may be said of a table: what it does not list, in words; a file of labels and their regions."""

OPTIONS = (*GIVEN, *MORE)
"""All that may be said of a table."""


def _series(columns: Columns, labelled: pd.DataFrame, wanted: Spec, missing: str) -> dict[str, Any]:
    """Return the table's series, with a title that says so where no unit is stated."""
    combined = _combined(labelled, wanted.slices)
    made = series_table(columns, labelled, title=wanted.title, combined=combined, missing=missing)
    for metric in made["metrics"]:
        if not metric["unit"]:
            metric["title"] = said(wanted.lang, "caption", "unitUnstated", title=metric["title"])
    return made


def _combined(labelled: pd.DataFrame, slices: str) -> bool:
    """Tell whether slices are other stretches of time than the table's, so that how they combine matters."""
    if slices not in periods.MONTHS_IN:
        return False
    spans = labelled[["start", "end"]].drop_duplicates()
    spans = spans.astype(object)
    within = periods.parse_column(spans["start"], slices)
    return bool((spans["end"].to_numpy() != within["end"].to_numpy()).any()) or bool(
        (spans["start"].to_numpy() != within["start"].to_numpy()).any()
    )


def of_spec(spec: Spec, regions: Regions | None) -> OwnTable:
    """Read the table that a specification names; see `read`."""
    return read(Path(spec.table), dict(spec.reading), wanted=spec, regions=regions)


COLUMNS = (
    *("region", "period", "part", "start", "end", "value", "metric", "unit", "status", "note", "ignore"),
)
"""What of a mapping may name a column."""


def _file(data: str | Path | bytes, asked: reading.Asked) -> reading.UserTable:
    if isinstance(data, bytes):
        return reading.read(data, "standard input", asked=asked)
    try:
        reading.refuse_large(Path(data).stat().st_size, str(data))
        content = Path(data).read_bytes()
    except OSError as error:
        raise ParseError(f"{data}: cannot be read: {error.strerror}; expected a table") from error
    return reading.read(content, str(data), asked=asked)
