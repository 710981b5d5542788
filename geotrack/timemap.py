"""TimeMap: a finished time map, which can be saved, shown in a notebook and handed to folium."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from geotrack.errors import SpecError, under_old_name
from geotrack.files import write
from geotrack.map.content import Content
from geotrack.map.views import Kind, choose

if TYPE_CHECKING:
    import pandas as pd

    from geotrack.measure.result import ShiftResult
    from geotrack.render.film.animation import FilmOptions, FilmWish
    from geotrack.render.page.folium_map import TimeFoliumMap
    from geotrack.render.picture.figure import FigureOptions, FigureWish
    from geotrack.render.table.export import TableWish


SHOWN = frozenset({*(each.name for each in fields(Content)), "period"})
"""What can be read of a map as of its content: `tm.slices` is `tm.content.slices`."""

RENAMED = {"figure": "save_figure", "animate": "save_film", "export": "save_table"}
"""Old names of verbs, which work and warn."""


@dataclass(frozen=True, eq=False, repr=False)
class TimeMap:
    """A frozen result: it has a content and binds the verbs to it.

    What the content holds can be read of the map itself: `tm.slices`, `tm.layers`, `tm.title`. A form that
    it takes is returned by `to_...` and written into a file by `save_...`: `to_figure` and `save_figure`,
    `to_film` and `save_film`, `to_table` and `save_table`; of the page it is `to_html` and `save`.

    Parameters
    ----------
    content : Content
        What is shown.

    Examples
    --------
    >>> import geotrack as gt
    >>> tm = gt.choropleth("cbeci-countries")
    >>> tm.save("out.html")  # doctest: +SKIP
    >>> tm.slices[0].label
    'September 2019'
    """

    content: Content

    if not TYPE_CHECKING:  # inside geotrack what takes a content is handed one

        def __getattr__(self, name: str) -> object:
            """Read what the content holds; before there is one (while a copy is made) nothing is read."""
            if name in SHOWN:
                return getattr(self.content, name)
            return under_old_name(self, name, RENAMED)

    def to_html(self) -> str:
        """Return the whole page as text; the same map gives the same text.

        Returns
        -------
        str
            One self-contained page of HTML.

        See Also
        --------
        save : The same, written into a file.
        to_fragment : A block for a page of your own.
        """
        from geotrack.render.page.html import page

        return page(self.content)

    def to_fragment(self) -> str:
        """Return a block of HTML without <html>; several share a page, each with permalinks under its id.

        Returns
        -------
        str
            Styles, markup and scripts of one map.

        See Also
        --------
        with_view : Another id for a second block of the same map.
        """
        from geotrack.render.page.html import fragment

        return fragment(self.content)

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
        at : str, optional
            The slice shown first: "2021-07", "first", "last".
        metric : str, optional
            Name of the metric shown first.
        layout : {"full", "compact"}, optional
            "compact" is map, legend and slider, with the sources folded up.
        fixed : bool, optional
            Whether that slice is the only one, without a time control; the others' figures are left out.
        theme : {"light", "dark"}, optional
            Colours of the page; the reader's own if neither is said.
        url : str, optional
            Address of the folder of finished pages: a compact map links to its whole one there.
        id : str, optional
            A name of its own, for permalinks to the second of two blocks of one map in one page.

        Returns
        -------
        TimeMap
            Another map; this one stays as it is.

        Raises
        ------
        SpecError
            A slice, metric, layout, theme or address that cannot be; says what there is.
        """
        from geotrack.map.views import changes
        from geotrack.render.page import hosting

        found = changes(self.content, at=at, metric=metric, layout=layout, fixed=fixed, theme=theme)
        shown = replace(
            self.content,
            **found,
            url=hosting.checked(url) or self.content.url,
            id=id or self.content.id,
        )
        return TimeMap(shown)

    def to_folium(self) -> TimeFoliumMap:
        """Return the folium map: add any folium layer or plugin to it, then `.save()` it.

        Returns
        -------
        TimeFoliumMap
            A new folium.Map each time; what is added to it does not change this map.

        Raises
        ------
        SpecError
            The map's tiles are not a layer that folium knows.
        """
        from geotrack.render.page.folium_map import TimeFoliumMap

        return TimeFoliumMap(self.content)

    def save(self, path: Path | str) -> Path:
        """Write the page; the file that stood there stays if the place cannot be written.

        Parameters
        ----------
        path : Path or str
            Where the page goes.

        Returns
        -------
        Path
            The file that was written.

        Raises
        ------
        OutputError
            The place cannot be written.

        See Also
        --------
        to_html : The same as text.
        """
        path = Path(path)
        write(path, self.to_html())
        return path

    def save_figure(self, path: Path | str, **options: Unpack[FigureWish]) -> Path:
        """Write a figure; its suffix decides what, one of those of `to_figure`.

        Parameters
        ----------
        path : Path or str
            Where the figure goes.
        **options : object, optional
            Those of `to_figure`.

        Returns
        -------
        Path
            The file that was written.

        Raises
        ------
        SpecError
            An option that cannot be used.
        OutputError
            The place cannot be written; the file that stood there stays.

        See Also
        --------
        to_figure : The same as bytes.
        """
        path = Path(path)
        write(path, self.to_figure(path.suffix, **options))
        return path

    def to_figure(
        self,
        suffix: str = ".png",
        *,
        at: str | Sequence[str] = (),
        between: Sequence[str] | None = None,
        metric: str = "",
        **options: Unpack[FigureOptions],
    ) -> bytes:
        """Return a figure: a panel for each slice named, or the difference between two.

        Parameters
        ----------
        suffix : {".png", ".pdf", ".svg"}, optional
            Format of the figure; ".png" if not given.
        at : str or sequence of str, optional
            A slice or several, "2021-07", "first", "last"; the opening one if none.
        between : sequence of two str, optional
            The two slices of a difference map.
        metric : str, optional
            Name of a metric; the first if not given.
        **options : object, optional
            The cols, width, preset, theme, title, dpi and font, see `render.picture.figure.figure`.

        Returns
        -------
        bytes
            Content of the file; the same map and options give the same bytes.

        Raises
        ------
        SpecError
            A name that is not there, or an option that cannot be used.

        See Also
        --------
        save_figure : The same, written into a file.
        """
        from geotrack.map import views
        from geotrack.render.picture.figure import figure

        if between is not None and at:
            raise SpecError("at and between exclude each other; name slices, or the two of a difference")
        kind: views.Kind = "slices" if between is None else "difference"
        return figure(views.choose(self.content, kind, between or at, metric), suffix, **options)

    def save_film(self, path: Path | str, **options: Unpack[FilmWish]) -> Path:
        """Write a moving picture; its suffix decides what, one of those of `to_film`.

        Parameters
        ----------
        path : Path or str
            Where the film goes.
        **options : object, optional
            Those of `to_film`.

        Returns
        -------
        Path
            The file that was written.

        Raises
        ------
        SpecError
            A name or an option that is not there; a size that cannot be kept to; an extra that is not
            installed.
        OutputError
            The place cannot be written, or the encoder of MP4 failed; what stood there stays.

        See Also
        --------
        to_film : The same as bytes.

        Examples
        --------
        >>> import geotrack as gt
        >>> tm = gt.choropleth("cbeci-countries")
        >>> tm.save_film("out.gif", first="2021-01", max_mb=1)  # doctest: +SKIP
        """
        path = Path(path)
        write(path, self.to_film(path.suffix, **options))
        return path

    def to_film(
        self,
        suffix: str = ".gif",
        *,
        metric: str = "",
        first: str = "",
        last: str = "",
        **options: Unpack[FilmOptions],
    ) -> bytes:
        """Return a moving picture, a frame per slice.

        Parameters
        ----------
        suffix : {".gif", ".webp", ".mp4"}, optional
            Format of the film; ".gif" if not given.
        metric : str, optional
            Name of a metric of the map; its first if not given.
        first, last : str, optional
            Slices that the film begins and ends with, such as "2020-01"; all if not given.
        **options : object, optional
            The width (pixels), fps (slices a second), seconds, hold (seconds), loop, theme and max_mb
            (millions of bytes), see `render.film.animation.film`.

        Returns
        -------
        bytes
            Content of the file; the same map and options give the same bytes.

        Raises
        ------
        SpecError
            A name or an option that is not there; a size that cannot be kept to; an extra that is not
            installed.
        OutputError
            The encoder of MP4 failed.

        See Also
        --------
        save_film : The same, written into a file.
        """
        from geotrack.render.film.animation import animation, scene

        return animation(scene(self.content, metric, first, last), suffix.lower(), **options)

    def shift(
        self,
        first: str = "first",
        last: str = "last",
        *,
        groups: str | Sequence[str] | Mapping[str, Sequence[str]] = (),
        scenario: str = "reported",
        metric: str = "",
        places: Mapping[str, tuple[float, float]] | None = None,
    ) -> ShiftResult:
        """Measure what moved between two slices; the result shows itself as text, table, JSON and HTML.

        Parameters
        ----------
        first, last : str, optional
            Slices such as "2019-09"; the map's first and last if not given.
        groups : str, sequence of str or mapping of str to sequence of str, optional
            A code or several, of regions, of the map's groups or of aggregates, or name -> codes; the map's
            own groups if none is given, else China and North America.
        scenario : str, optional
            "reported" (if not given), or another reading of figures that the series has in doubt; of
            cbeci-countries "stars-spread", "stars-to-china", "zeros-as-before", "zeros-as-after".
        metric : str, optional
            Name of a metric; the map's first if not given.
        places : mapping of str to tuple of two float, optional
            Code -> longitude and latitude in degrees (centres of population, say), instead of centres of
            area.

        Returns
        -------
        ShiftResult
            Shares in percent, changes in percentage points and distances in km, each with what is known of
            its bounds.

        Raises
        ------
        SpecError
            A name that the map does not have, or a scenario that changes nothing.
        """
        from geotrack.measure.shift import measure

        return measure(
            self.content, first, last, groups=groups, scenario=scenario, metric=metric, places=places
        )

    def to_frame(self) -> pd.DataFrame:
        """Return the figures shown as a tidy table.

        Returns
        -------
        DataFrame
            One row per figure: region, name, start, end, metric, value (in the row's unit), unit, status,
            origin, label, note.

        See Also
        --------
        to_table : The same for other programs.
        """
        import pandas as pd

        from geotrack.map.views import excerpt
        from geotrack.render.table.rows import tidy

        return pd.DataFrame(tidy(excerpt(self.content)))

    def save_table(self, path: Path | str, **options: Unpack[TableWish]) -> Path:
        """Write the data for other programs; its suffix decides what, one of those of `to_table`.

        Parameters
        ----------
        path : Path or str
            Where the data go.
        **options : object, optional
            Those of `to_table`.

        Returns
        -------
        Path
            The file that was written.

        Raises
        ------
        SpecError
            A slice or a metric that the map does not have, another suffix, a library that is missing.
        OutputError
            A table too large for Excel, or a place that cannot be written; what stood there stays.

        See Also
        --------
        to_table : The same as bytes.

        Examples
        --------
        >>> import geotrack as gt
        >>> tm = gt.choropleth("cbeci-countries")
        >>> tm.save_table("out.xlsx", at=["first", "last"])  # doctest: +SKIP
        """
        path = Path(path)
        write(path, self.to_table(path.suffix, **options))
        return path

    def to_table(
        self,
        suffix: str = ".csv",
        *,
        at: str | Sequence[str] | None = None,
        metric: str | None = None,
        wide: bool = False,
    ) -> bytes:
        """Return the data for other programs.

        Parameters
        ----------
        suffix : {".csv", ".xlsx", ".geojson", ".parquet"}, optional
            Format of the table, ".parquet" is GeoParquet; ".csv" if not given.
        at : str or sequence of str, optional
            A slice or several, "2021-07", "first", "last"; all if not given.
        metric : str, optional
            Name of a metric; all if not given.
        wide : bool, optional
            Whether a .csv has a row per region and a column per slice, instead of a row per figure; False if
            not given.

        Returns
        -------
        bytes
            Content of the file, text in UTF-8; the same map and options give the same bytes.

        Raises
        ------
        SpecError
            A slice or a metric that the map does not have, another suffix, a library that is missing.
        OutputError
            A table too large for Excel.

        See Also
        --------
        save_table : The same, written into a file.
        to_frame : The figures as a DataFrame.

        Examples
        --------
        >>> import geotrack as gt
        >>> tm = gt.choropleth("cbeci-countries")
        >>> print(tm.to_table(at="last", metric="share").decode("utf-8-sig")[:42])
        region,name,start,end,metric,value,unit,st
        """
        from geotrack.map.views import excerpt, several
        from geotrack.render.table.export import export

        return export(excerpt(self.content, several(at), metric or ""), suffix, wide)

    def caption(self, *at: str, kind: Kind = "slices", metric: str = "") -> str:
        """Return a caption written from the data.

        Parameters
        ----------
        *at : str, optional
            Slices such as "2021-07", "first" or "last"; what is usual for the kind if none is given.
        kind : {"map", "slices", "difference", "film"}, optional
            What the caption stands under: "map" (interactive), "slices" (a picture; if not given),
            "difference" or "film".
        metric : str, optional
            Name of a metric; the map's first if not given.

        Returns
        -------
        str
            Two or three sentences in the map's language.

        Raises
        ------
        SpecError
            A slice or a metric that the map does not have.

        See Also
        --------
        alt_text : What a reader who does not see the picture must know.

        Examples
        --------
        >>> import geotrack as gt
        >>> tm = gt.choropleth("cbeci-countries")
        >>> text = tm.caption("2019-09", "2022-01", kind="difference")
        >>> text[text.index("China") :][:66]
        'China fell from 75.5% to 21.1%; the United States rose from 4.1% t'
        """
        from geotrack.captions import captions

        return captions.caption(choose(self.content, kind, at, metric))

    def alt_text(self, *at: str, kind: Kind = "slices", metric: str = "") -> str:
        """Return an alt text of 250 characters at most.

        Parameters
        ----------
        *at : str, optional
            Slices such as "2021-07", "first" or "last"; what is usual for the kind if none is given.
        kind : {"map", "slices", "difference", "film"}, optional
            What the text stands for: "map" (interactive), "slices" (a picture; if not given), "difference" or
            "film".
        metric : str, optional
            Name of a metric; the map's first if not given.

        Returns
        -------
        str
            Plain text in the map's language.

        Raises
        ------
        SpecError
            A slice or a metric that the map does not have.

        See Also
        --------
        caption : What stands under a picture, for all readers.
        """
        from geotrack.captions import captions

        return captions.alt_text(choose(self.content, kind, at, metric))

    def manifest(self, files: Mapping[str, str | bytes], inputs: Mapping[str, str] | None = None) -> str:
        """Return the map's facts with the hashes of the files made of it, as JSON.

        Parameters
        ----------
        files : mapping of str to str or bytes
            Name -> content.
        inputs : mapping of str to str, optional
            Name -> sha256 of what it was made of (see `publish.manifest.inputs_of`), if that is known.

        Returns
        -------
        str
            JSON with sorted keys; the same map and files give the same text.
        """
        from geotrack.captions import cards
        from geotrack.render.page.payload import facts
        from geotrack.version import version

        table: dict[str, Any] = facts(self.content, version())
        table["files"] = {
            name: hashlib.sha256(text.encode("utf-8") if isinstance(text, str) else text).hexdigest()
            for name, text in files.items()
        }
        table["embed"] = cards.kept(self.content)
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
        from geotrack.render.page.whole import framed

        return bundle(self.content, lambda: framed(self.to_html(), aspect(self.content)), include, exclude)

    def _mime_(self) -> tuple[str, str]:
        """Display in marimo, which asks for one type of several."""
        return "text/html", self._repr_html_()

    def __repr__(self) -> str:
        """Say in a line what it is, and below what codes and names in other languages were read as."""
        from geotrack.language.catalogue import counted, said

        shown = self.content
        count, lang = len(shown.slices), shown.lang
        ends = {"start": shown.slices[0].label, "end": shown.slices[-1].label}
        span = ends["start"] if count == 1 else said(lang, "period", "span", **ends)
        told = counted(lang, "more", "slices", count)
        line = said(lang, "more", "repr", id=repr(shown.id), title=shown.title, slices=told, span=span)
        return "\n  ".join([line, *(shown.reading.doubtful if shown.reading else ())])
