"""TimeMap: a finished time map, which can be saved, shown in a notebook and handed to folium."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geotrack.errors import SpecError
from geotrack.files import write
from geotrack.map.content import Content
from geotrack.map.views import Kind, choose

if TYPE_CHECKING:
    import pandas as pd

    from geotrack.measure.result import ShiftResult
    from geotrack.render.page.html import TimeFoliumMap


@dataclass(frozen=True, eq=False)
class TimeMap(Content):
    """A frozen result: what it shows stands in the fields of `Content`.

    Examples
    --------
    >>> import geotrack as gt
    >>> tm = gt.choropleth("cbeci-countries")
    >>> tm.save("out.html")  # doctest: +SKIP
    """

    @classmethod
    def of(cls, content: Content) -> TimeMap:
        """Return a map that shows what a content holds."""
        return cls(**{each.name: getattr(content, each.name) for each in fields(Content)})

    def to_html(self) -> str:
        """Return the whole page as text; the same map gives the same text."""
        from geotrack.render.page.html import page

        return page(self)

    def to_fragment(self) -> str:
        """Return a block of HTML without <html>; several share a page, each with permalinks under its id."""
        from geotrack.render.page.html import fragment

        return fragment(self)

    def with_view(
        self,
        *,
        at: str = "",
        metric: str = "",
        layout: str = "",
        fixed: bool = False,
        theme: str = "",
        url: str = "",
        id: str = "",
    ) -> TimeMap:
        """Return the map as a piece shows it; what is not said stays as it is.

        Parameters
        ----------
        at : the slice shown first: "2021-07", "first", "last".
        metric : the metric shown first.
        layout : "full", or "compact": map, legend and slider, with the sources folded up.
        fixed : whether that slice is the only one, without a time control; the others' figures are left out.
        theme : "light" or "dark"; the reader's own if neither is said.
        url : address of the folder of finished pages: a compact map links to its whole one there.
        id : a name of its own, for permalinks to the second of two blocks of one map in one page.

        Raises
        ------
        SpecError : a slice, metric, layout, theme or address that cannot be; says what there is.
        """
        from geotrack.map.views import changes
        from geotrack.render.page import hosting

        found = changes(self, at=at, metric=metric, layout=layout, fixed=fixed, theme=theme)
        return replace(self, **found, url=hosting.checked(url) or self.url, id=id or self.id)

    def to_folium(self) -> TimeFoliumMap:
        """Return the folium map: add any folium layer or plugin to it, then `.save()` it."""
        from geotrack.render.page.html import TimeFoliumMap

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

    def figure(self, path: Path | str, **options: Any) -> Path:
        """Write a figure; its suffix decides what: .svg, .pdf or .png. Options are those of `to_figure`.

        Raises
        ------
        SpecError : an option that cannot be used.
        OutputError : the place cannot be written; the file that stood there stays.
        """
        path = Path(path)
        write(path, self.to_figure(path.suffix, **options))
        return path

    def to_figure(
        self,
        suffix: str = ".png",
        *,
        at: Sequence[str] = (),
        between: Sequence[str] | None = None,
        metric: str = "",
        **options: Any,
    ) -> bytes:
        """Return a figure: a panel for each slice named, or the difference between two.

        Parameters
        ----------
        suffix : ".png", ".pdf" or ".svg".
        at : slices such as "2021-07", or "first" and "last"; the opening one if none.
        between : the two slices of a difference map.
        metric : name of a metric; the first if not given.
        **options : cols, width, preset, theme, title, dpi and font, see `render.figure.figure`.

        Raises
        ------
        SpecError : a name that is not there, or an option that cannot be used.
        """
        from geotrack.map import views
        from geotrack.render.picture.figure import figure

        if between is not None and at:
            raise SpecError("at and between exclude each other; name slices, or the two of a difference")
        kind: views.Kind = "slices" if between is None else "difference"
        return figure(views.choose(self, kind, between or at, metric), suffix, **options)

    def animate(
        self, path: Path | str, *, metric: str = "", first: str = "", last: str = "", **options: Any
    ) -> Path:
        """Write a moving picture, a frame per slice: .gif, .webp or .mp4, by the suffix.

        Parameters
        ----------
        metric : name of a metric of the map; its first if not given.
        first, last : slices that the film begins and ends with, such as "2020-01"; all if not given.
        **options : width (pixels), fps, seconds, hold, loop, theme and max_mb, see `render.animation.film`.

        Raises
        ------
        SpecError : a name or an option that is not there; a size that cannot be kept to; an extra that is not
            installed.
        OutputError : the place cannot be written, or the encoder of MP4 failed; what stood there stays.

        Examples
        --------
        >>> import geotrack as gt
        >>> tm = gt.choropleth("cbeci-countries")
        >>> tm.animate("out.gif", first="2021-01", max_mb=1)  # doctest: +SKIP
        """
        from geotrack.render.film.animation import shoot

        return shoot(self, path, metric=metric, first=first, last=last, **options).path

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
        from geotrack.measure.shift import measure

        return measure(self, first, last, groups=groups, scenario=scenario, metric=metric, places=places)

    def to_frame(self) -> pd.DataFrame:
        """Return the figures shown as a tidy table.

        Returns
        -------
        DataFrame
            region, name, start, end, metric, value, unit, status, origin, label, note; one row per figure.
        """
        import pandas as pd

        from geotrack.map.views import excerpt
        from geotrack.render.table.rows import tidy

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
        SpecError : a slice or a metric that the map does not have, another suffix, a library that is missing.
        OutputError : a table too large for Excel, or a place that cannot be written; what stood there stays.

        Examples
        --------
        >>> import geotrack as gt
        >>> gt.choropleth("cbeci-countries").export("out.xlsx", at=["first", "last"])  # doctest: +SKIP
        """
        from geotrack.map.views import excerpt
        from geotrack.render.table.export import export

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
        >>> text[text.index("China") :][:66]
        'China fell from 75.5% to 21.1%; the United States rose from 4.1% t'
        """
        from geotrack.captions import captions

        return captions.caption(choose(self, kind, at, metric))

    def alt_text(self, *at: str, kind: Kind = "slices", metric: str = "") -> str:
        """Return an alt text of 250 characters at most; the parameters are those of `caption`."""
        from geotrack.captions import captions

        return captions.alt_text(choose(self, kind, at, metric))

    def manifest(self, files: Mapping[str, str | bytes], inputs: Mapping[str, str] | None = None) -> str:
        """Return the map's facts with the hashes of the files made of it, as JSON.

        Parameters
        ----------
        files : name -> content.
        inputs : name -> sha256 of what it was made of (see `inputs.inputs_of`), if that is known.
        """
        from geotrack.captions import cards
        from geotrack.render.page.payload import facts
        from geotrack.version import version

        table: dict[str, Any] = facts(self, version())
        table["files"] = {
            name: hashlib.sha256(text.encode("utf-8") if isinstance(text, str) else text).hexdigest()
            for name, text in files.items()
        }
        table["embed"] = cards.kept(self)
        if inputs is not None:
            table["inputs"] = dict(inputs)
        return json.dumps(table, ensure_ascii=False, indent=2, sort_keys=True) + "\n"

    def _repr_html_(self) -> str:
        """Display in a notebook, in a frame of its own."""
        data, _ = self._repr_mimebundle_(include={"text/html"})
        return str(data["text/html"])

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Display in a notebook as what it can show: interactive, a picture, or a table in plain text."""
        from geotrack.map.content import aspect
        from geotrack.render.notebook import bundle
        from geotrack.render.page.html import framed

        return bundle(self, lambda: framed(self.to_html(), aspect(self)), include, exclude)

    def _mime_(self) -> tuple[str, str]:
        """Display in marimo, which asks for one type of several."""
        return "text/html", self._repr_html_()

    def __repr__(self) -> str:
        """Say in a line what it is."""
        from geotrack.language.catalogue import counted, said

        count, one = len(self.slices), len(self.slices) == 1
        ends = {"start": self.slices[0].label, "end": self.slices[-1].label}
        span = ends["start"] if one else said(self.lang, "period", "span", **ends)
        told = counted(self.lang, "more", "slices", count)
        return said(self.lang, "more", "repr", id=repr(self.id), title=self.title, slices=told, span=span)
