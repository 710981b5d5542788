"""The series that a question takes, each read and checked once."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

from geotrack import pipeline, store
from geotrack.compose import Table
from geotrack.errors import SpecError
from geotrack.regions import Regions


class Shelf:
    """Tables of a folder of data, kept as long as the shelf is: questions share most of them.

    Parameters
    ----------
    data : folder; found by itself if not given.
    """

    def __init__(self, data: Path | str | None = None) -> None:
        self.folder = store.data_folder(data)
        self._series = store.read_series(self.folder)
        self._origins = store.read_origins(self.folder)
        self._tables: dict[str, Table] = {}
        self._rows: dict[str, list[dict[str, Any]]] = {}

    def names(self) -> list[str]:
        """Return the names of all series."""
        return list(self._series)

    def table(self, name: str) -> Table:
        """Return a series, checked; see `pipeline.load` for what is raised."""
        if name not in self._tables:
            if name not in self._series:
                raise SpecError(store.unknown_series(name, self._series))
            self._tables[name] = pipeline.table_of(
                self.folder, self._series[name], self._origins, self.regions
            )
        return self._tables[name]

    def rows(self, name: str, metric: str, region: str = "") -> list[dict[str, Any]]:
        """Return a metric's observations in the order of time, of one region if it is given."""
        if name not in self._rows:
            frame = self.table(name).observations.sort_values(["start", "region"])
            self._rows[name] = [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]
        return [row for row in self._rows[name] if row["metric"] == metric and region in {"", row["region"]}]

    @cached_property
    def regions(self) -> Regions:
        """Names, codes and aggregates."""
        return pipeline.regions_of(self.folder)
