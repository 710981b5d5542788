"""TimeMap: a finished time map, which can be saved, shown in a notebook and handed to folium."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geotrack.content import Content
from geotrack.store import write
from geotrack.views import Kind, choose

if TYPE_CHECKING:
    import pandas as pd

    from geotrack.render.html import TimeFoliumMap
    from geotrack.shiftresult import ShiftResult


@dataclass(frozen=True, eq=False)
class TimeMap(Content):
    """A frozen result: what it shows stands in the fields of `Content`.

    Examples
    --------
    >>> import geotrack as gt
    >>> tm = gt.choropleth("cbeci-countries")
    >>> tm.save("out.html")  # doctest: +SKIP
    """

    def to_html(self) -> str:
        """Return the whole page as text; the same map gives the same text."""
        from geotrack.render.html import page

        return page(self)

    def to_fragment(self) -> str:
        """Return a block of HTML without <html>; several share a page if each map has an id of its own."""
        from geotrack.render.html import fragment

        return fragment(self)

    def to_folium(self) -> TimeFoliumMap:
        """Return the folium map: add any folium layer or plugin to it, then `.save()` it."""
        from geotrack.render.html import TimeFoliumMap

        return TimeFoliumMap(self)

    def save(self, path: Path | str) -> Path:
        """Write the page; the file that stood there stays if the place cannot be written.

        Raises
        ------
        OutputError : the place cannot be written.
        """
        path = Path(path)
        write(path, self.to_html())
        return path

    def shift(
        self,
        first: str = "first",
        last: str = "last",
        *,
        groups: Sequence[str] | Mapping[str, Sequence[str]] = (),
        scenario: str = "reported",
        metric: str = "",
        places: Mapping[str, tuple[float, float]] | None = None,
    ) -> ShiftResult:
        """Measure what moved between two slices; the result shows itself as text, table, JSON and HTML.

        Parameters
        ----------
        first, last : slices such as "2019-09".
        groups : codes of regions, of the map's groups or of aggregates, or name -> codes; the map's own
            groups if none is given, else China and North America.
        scenario : "reported", or another reading of doubtful figures: "stars-spread", "stars-to-china",
            "zeros-as-before", "zeros-as-after".
        metric : the map's first metric if not given.
        places : code -> longitude and latitude (centres of population, say), instead of centres of area.

        Raises
        ------
        SpecError : a name that the map does not have, or a scenario that changes nothing.
        """
        from geotrack.shifting import measure

        return measure(self, first, last, groups=groups, scenario=scenario, metric=metric, places=places)

    def to_frame(self) -> pd.DataFrame:
        """Return the figures shown as a tidy table.

        Returns
        -------
        DataFrame
            region, name, start, end, metric, value, unit, status, origin, label, note; one row per figure.
        """
        import pandas as pd

        from geotrack.excerpt import excerpt
        from geotrack.render.rows import tidy

        return pd.DataFrame(tidy(excerpt(self)))

    def export(
        self,
        path: Path | str,
        *,
        at: str | Sequence[str] | None = None,
        metric: str | None = None,
        wide: bool = False,
    ) -> Path:
        """Write the data for other programs: .xlsx, .csv, .geojson or .parquet (GeoParquet), by the suffix.

        Parameters
        ----------
        at : a slice or several, "2021-07", "first", "last"; all if not given.
        metric : its name; all if not given.
        wide : of .csv: a row per region and a column per slice, instead of a row per figure.

        Raises
        ------
        SpecError : a slice or a metric that the map does not have.
        OutputError : another suffix, a library that is missing, a table too large for Excel, or a place that
            cannot be written; what stood there stays.

        Examples
        --------
        >>> import geotrack as gt
        >>> gt.choropleth("cbeci-countries").export("out.xlsx", at=["first", "last"])  # doctest: +SKIP
        """
        from geotrack.excerpt import excerpt
        from geotrack.render.export import export

        path, names = Path(path), [at] if isinstance(at, str) else list(at or ())
        write(path, export(excerpt(self, names, metric or ""), path.suffix, wide))
        return path

    def caption(self, *at: str, kind: Kind = "slices", metric: str = "") -> str:
        """Return a caption written from the data.

        Parameters
        ----------
        at : slices such as "2021-07", "first" or "last"; what is usual for the kind if none is given.
        kind : "map" (interactive), "slices" (a picture), "difference" or "film".
        metric : name of a metric; the map's first if not given.

        Raises
        ------
        SpecError : a slice or a metric that the map does not have.

        Examples
        --------
        >>> import geotrack as gt
        >>> tm = gt.choropleth("cbeci-countries")
        >>> text = tm.caption("2019-09", "2022-01", kind="difference")
        >>> text[text.index("Largest") :][:60]
        'Largest gain on the map: United States, +33.8 percentage poi'
        """
        from geotrack import captions

        return captions.caption(choose(self, kind, at, metric))

    def alt_text(self, *at: str, kind: Kind = "slices", metric: str = "") -> str:
        """Return an alt text of 250 characters at most; the parameters are those of `caption`."""
        from geotrack import captions

        return captions.alt_text(choose(self, kind, at, metric))

    def manifest(self, files: Mapping[str, str], inputs: Mapping[str, str] | None = None) -> str:
        """Return the map's facts with the hashes of the files made of it, as JSON.

        Parameters
        ----------
        files : name -> content.
        inputs : name -> sha256 of what it was made of (see `inputs.inputs_of`), if that is known.
        """
        from geotrack.render.block import version
        from geotrack.render.payload import facts

        table: dict[str, Any] = facts(self, version())
        table["files"] = {
            name: hashlib.sha256(text.encode("utf-8")).hexdigest() for name, text in files.items()
        }
        if inputs is not None:
            table["inputs"] = dict(inputs)
        return json.dumps(table, ensure_ascii=False, indent=2, sort_keys=True) + "\n"

    def _repr_html_(self) -> str:
        """Display in a notebook, in a frame of its own."""
        from geotrack.render.block import aspect
        from geotrack.render.html import framed

        return framed(self.to_html(), aspect(self))

    def __repr__(self) -> str:
        """Say in a line what it is."""
        first, last = self.slices[0].label, self.slices[-1].label
        return f"<TimeMap {self.id!r}: {self.title}; {len(self.slices)} slices, {first} to {last}>"
