"""A user's own table, from a file or from memory: read, understood, and told how."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geotrack import files, periods
from geotrack.errors import BoundaryError
from geotrack.geo.boundaries import Boundaries, from_geodataframe
from geotrack.language.catalogue import said
from geotrack.model import OBSERVATION_COLUMNS, Series
from geotrack.store.crosswalk import read_given
from geotrack.store.levels import Levels, drawn_on, level_of, refuse_unknown
from geotrack.store.reading import series_of
from geotrack.usertables import describe, features, reading
from geotrack.usertables.cells import Coded
from geotrack.usertables.columns.mapping import GIVEN, figure_columns
from geotrack.usertables.columns.mapping import Mapping as Columns
from geotrack.usertables.frame import FrameTable
from geotrack.usertables.understood import Needs, Places, headlines, plain, understand

if TYPE_CHECKING:
    import geopandas
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
    more : what else was said of it, by MORE: a crosswalk, what the table does not list.
    """

    table: reading.UserTable
    columns: Columns
    labelled: pd.DataFrame
    series: Series
    geometry: geopandas.GeoDataFrame | None = None
    more: Mapping[str, object] = field(default_factory=dict)

    @cached_property
    def lines(self) -> list[str]:
        """Say how each column was read, and what was skipped."""
        drawn = ["shapes: those of its features"] if self.geometry is not None else []
        return [*describe(self.columns, self.table), *drawn]

    def shapes(self, column: str = "") -> Boundaries | None:
        """Return the shapes that the table brings, a region's once, whatever number of rows it has.

        Parameters
        ----------
        column : of the regions' codes; the one of the labels if not given.

        Raises
        ------
        BoundaryError : a region with several shapes, or shapes that cannot be drawn.
        """
        if self.geometry is None:
            return None
        column = column or self.columns.region
        rows = self.geometry.groupby(self.geometry[column].astype(str), sort=False)
        several = rows.geometry.nunique(dropna=False)
        if (odd := several[several > 1]).size:
            raise BoundaryError(
                f"the table's shapes: {odd.index[0]!r} has {odd.iloc[0]}; expected one for each {column!r}"
            )
        return from_geodataframe(self.geometry.drop_duplicates(column), code=column)

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


def read(
    data: Any,
    given: Mapping[str, Any],
    *,
    wanted: Spec,
    regions: Regions | None = None,
    levels: Levels | None = None,
    shapes: Boundaries | None = None,
) -> OwnTable:
    """Read a user's table and find out what its columns are.

    Parameters
    ----------
    data : a path, a file's bytes, or a table in memory of whatever kind, see `usertables.frame`.
    given : what the user says, by the keys of `mapping.GIVEN` and MORE; columns as they are called in the
        table.
    wanted : specification of the map: its title, slices and language.
    regions : those of the data, which labels may be; None where boundaries of the user's own have others.
    shapes : boundaries of the user's own.
    levels : those of the data; None: any. That of the boundaries, where these are named, needs not be said.

    Raises
    ------
    GeotrackError : the table cannot be read; all that is wrong or open, in one message.
    """
    given = {key: said for key, said in given.items() if said not in (None, "", (), [])}
    if told := level_of(wanted.boundaries, levels or {}):
        given = {"level": told} | given
    if levels is not None and "level" in given:
        refuse_unknown(given["level"], levels)
    if isinstance(data, str | Path | bytes):
        table, geometry = _file(data, reading.Asked.of(given))
    else:
        memory = FrameTable(data)
        table, geometry = memory.table, memory.geometry
        given |= {key: memory.named(said) for key, said in given.items() if key in COLUMNS}
    more = {key: given.pop(key) for key in MORE if key in given}
    crosswalk = read_given(more["crosswalk"], regions) if regions and "crosswalk" in more else {}
    combined = partial(_combined, slices=wanted.slices)
    places = Places(regions, crosswalk, shapes)
    if geometry is None and (regions or shapes):
        table = plain(table, given, places)
    needs = Needs(_titled(data, table), wanted.title, more.get("missing", ""), coded=True, combined=combined)
    found = understand(table, given, needs, places)
    made = _unitless(found.series, wanted.lang)
    made |= {"boundaries": drawn_on(found.columns.level, levels or {})}
    own = replace(series_of("user", made), method="")
    return OwnTable(table, found.columns, found.labelled, own, geometry, more)


MORE = ("missing", "crosswalk", "most_bytes")
"""What else may be said of a table: what it does not list, a file of labels, how large it may be."""

OPTIONS = (*GIVEN, *MORE)
"""All that may be said of a table."""


def _unitless(series: dict[str, Any], lang: str) -> dict[str, Any]:
    """Return a table's series, with titles that say so where no unit is stated."""
    for metric in series["metrics"]:
        if not metric["unit"]:
            metric["title"] = said(lang, "caption", "unitUnstated", title=metric["title"])
    return series


_ABOUT = re.compile(
    r"(data source|report generated|last updated|updated|source|quelle|fuente|stand|date|downloaded|extracted"
    r"|来源)\b",
    re.IGNORECASE,
)
"""How lines above a table begin that say of it where and when it is from."""


def _titled(data: Any, table: reading.UserTable) -> str:
    """Return what a table is called: by the line above it, else by its file."""
    if titles := [line for line in headlines(table) if not _ABOUT.match(line)]:
        return titles[0]
    if not isinstance(data, str | Path):
        return UNNAMED
    words = " ".join(re.split(r"[\s_-]+", Path(data).stem)).strip()
    return words[:1].upper() + words[1:] or UNNAMED


def _combined(labelled: pd.DataFrame, slices: str) -> bool:
    """Tell whether slices are other stretches of time than the table's, so that how they combine matters."""
    if slices not in periods.MONTHS_IN:
        return False
    spans = labelled[["start", "end"]].drop_duplicates().astype(object)
    within = periods.parse_column(spans["start"], slices)
    return bool((spans.to_numpy() != within[["start", "end"]].to_numpy(dtype=object)).any())


def of_spec(spec: Spec, regions: Regions, levels: Levels, shapes: Boundaries | None) -> OwnTable:
    """Read the table that a specification names; see `read`."""
    known = None if shapes else regions
    return read(
        Path(spec.table), dict(spec.reading), wanted=spec, regions=known, levels=levels, shapes=shapes
    )


COLUMNS = (
    *("region", "period", "part", "start", "end", "value", "metric", "unit", "status", "note", "ignore"),
)
"""What of a mapping may name a column."""


def _file(
    data: str | Path | bytes, asked: reading.Asked
) -> tuple[reading.UserTable, geopandas.GeoDataFrame | None]:
    if isinstance(data, bytes):
        return features.read(data, "standard input", asked)
    content = files.load(Path(data), str(data), asked.most_bytes)
    return features.read(content, str(data), asked, Path(data))
