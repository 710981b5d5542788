"""geotrack and its rivals: how each builds a page from a case, and how its page is read and moved.

Every rival is used the way its documentation shows, with the choices that favour it: geometry once where
the tool can do that (Altair, Bokeh), its library inline where it can, else served from this machine. All
draw the same shapes, with colours from the same classes; none but geotrack draws a table, a chart, a
legend of missing cells or sources.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from browser import Controls
from cases import Case, member, npm_pack

COLOURS = ("#ffffd9", "#edf8b1", "#c7e9b4", "#7fcdbb", "#41b6c4", "#1d91c0", "#225ea8", "#253494", "#081d58")
MISSING = "#dddddd"


@dataclass(frozen=True)
class Tool:
    """A tool under test.

    Parameters
    ----------
    build : case -> text of the HTML file.
    controls : case -> how the page is read and moved.
    files : name of a file that the page asks a host for -> its bytes; they count as part of the page.
    largest : most cells (regions x slices) that are tried; None for all.
    """

    name: str
    build: Callable[[Case], str]
    controls: Callable[[Case], Controls]
    files: Callable[[], Mapping[str, bytes]] = field(default=dict)
    largest: int | None = None


def colours(case: Case) -> np.ndarray:
    """Return the colour of every cell, regions x slices."""
    edges = np.nanquantile(case.values, np.linspace(0, 1, len(COLOURS) + 1)[1:-1])
    place = np.where(np.isnan(case.values), len(COLOURS), np.searchsorted(edges, case.values, side="right"))
    return np.array([*COLOURS, MISSING])[place]


# ---- geotrack ----------------------------------------------------------------------------------------


def geotrack_map(case: Case) -> Any:
    """Return geotrack's map, through the function that users call."""
    import geotrack

    source = {"publisher": "synthetic", "title": "seeded random walk", "url": "none", "licence": "CC0"}
    return geotrack.choropleth(
        case.table(),
        id="bench",
        title=case.name,
        unit="%",
        boundaries=case.shipped or case.shapes,
        source=source,
    )


def _geotrack_controls(case: Case) -> Controls:
    ready = 'document.documentElement.dataset.ready === "true"'
    return Controls(ready, "(t) => bench.control.go(t, true)", {})


# ---- folium ------------------------------------------------------------------------------------------


def _folium(case: Case) -> str:
    import folium
    from folium.plugins import TimeSliderChoropleth

    seconds = [str(int(pd.Timestamp(p).timestamp())) for p in case.periods]
    styles = {
        code: {s: {"color": c, "opacity": 0.8} for s, c in zip(seconds, row, strict=True)}
        for code, row in zip(case.shapes["id"], colours(case).tolist(), strict=True)
    }
    shapes = json.loads(case.shapes.set_index("id").to_json())
    page = folium.Map(tiles=None)
    TimeSliderChoropleth(shapes, styles).add_to(page)
    page.fit_bounds([[-60, -170], [80, 170]])
    return str(page.get_root().render())


@cache
def _folium_files() -> dict[str, bytes]:
    from xstatic.pkg import leaflet

    folder = Path(leaflet.BASE_DIR)
    return {
        "leaflet.js": (folder / "leaflet.js").read_bytes(),
        "leaflet.css": (folder / "leaflet.css").read_bytes(),
        "jquery": member(npm_pack("jquery@3.7.1"), "dist/jquery.min.js"),
        "d3.v4": member(npm_pack("d3@4.13.0"), "build/d3.min.js"),
        "moment": member(npm_pack("moment@2.18.1"), "min/moment.min.js"),
    }


def _folium_controls(case: Case) -> Controls:
    ready = f"document.querySelectorAll('path.leaflet-interactive[fill]').length >= {len(case.shapes)}"
    step = """(t) => {
      const range = document.querySelector("input[type=range]");
      range.value = t;
      range.dispatchEvent(new Event("input"));
    }"""
    return Controls(ready, step, _folium_files())


# ---- plotly express ----------------------------------------------------------------------------------


def _plotly(case: Case) -> str:
    import plotly.express as px

    figure = px.choropleth(
        case.table().sort_values(["period", "region"]),
        geojson=json.loads(_clockwise(case).to_json()),
        featureidkey="properties.id",
        locations="region",
        color="value",
        animation_frame="period",
    )
    figure.update_geos(visible=False, fitbounds="locations")
    return str(figure.to_html(include_plotlyjs=True, auto_play=False))


def _plotly_controls(case: Case) -> Controls:
    # a step of plotly's own slider: the next frame at once, redrawn
    known = int((~np.isnan(case.values[:, 0])).sum())
    ready = f"document.querySelectorAll('.choroplethlayer path').length >= {known}"
    step = f"""(t) => Plotly.animate(document.querySelector(".js-plotly-plot"),
      [{json.dumps(case.periods)}[t]],
      {{ mode: "immediate", frame: {{ duration: 0, redraw: true }}, transition: {{ duration: 0 }} }})"""
    return Controls(ready, step, {"world_110m.json": _no_coastlines()})


def _no_coastlines() -> bytes:
    """What plotly asks its CDN for before it draws anything, wanted or not: here, nothing."""
    names = ("coastlines", "land", "ocean", "lakes", "rivers", "countries", "subunits")
    objects = {name: {"type": "GeometryCollection", "geometries": []} for name in names}
    return json.dumps({"type": "Topology", "objects": objects, "arcs": []}).encode()


def _clockwise(case: Case) -> Any:
    """d3-geo fills the globe unless exteriors run clockwise."""
    import shapely

    return case.shapes.set_geometry(shapely.orient_polygons(case.shapes.geometry.array, exterior_cw=True))


# ---- Altair ------------------------------------------------------------------------------------------


def _altair(case: Case) -> str:
    import altair as alt

    alt.data_transformers.disable_max_rows()
    frame = _clockwise(case)
    frame["v"] = [[None if np.isnan(v) else v for v in row] for row in case.values.tolist()]
    month = alt.param("month", value=0, bind=alt.binding_range(min=0, max=len(case.periods) - 1, step=1))
    chart = (
        alt.Chart(
            alt.InlineData(json.loads(frame.to_json()), alt.DataFormat(property="features", type="json"))
        )
        .mark_geoshape()
        .transform_calculate(shown="datum.properties.v[month]")
        .encode(color=alt.Color("shown:Q", scale=alt.Scale(domain=[0, 20], clamp=True)))
        .add_params(month)
        .project("equalEarth")
        .properties(width=1000, height=500)
    )
    return str(chart.to_html(inline=True))


def _altair_controls(case: Case) -> Controls:
    known = int((~np.isnan(case.values[:, 0])).sum())
    ready = f"document.querySelectorAll('.mark-shape path').length >= {known}"
    step = """(t) => {
      const range = document.querySelector("input[type=range]");
      range.value = t;
      range.dispatchEvent(new Event("input", { bubbles: true }));
    }"""
    return Controls(ready, step, {})


# ---- Bokeh -------------------------------------------------------------------------------------------


def _bokeh(case: Case) -> str:
    from bokeh.embed import file_html
    from bokeh.layouts import column
    from bokeh.models import ColumnDataSource, CustomJS, LinearColorMapper, Slider
    from bokeh.plotting import figure
    from bokeh.resources import INLINE

    xs, ys = _bokeh_shapes(case)
    values = np.ascontiguousarray(case.values.T, dtype=np.float32)  # slices x regions: a step is one row
    source = ColumnDataSource({"xs": xs, "ys": ys, "value": values[0]})
    table = ColumnDataSource({"all": values.ravel()})
    plot = figure(width=1000, height=500, tools="pan,wheel_zoom,hover", output_backend="canvas")
    mapper = LinearColorMapper(palette=COLOURS, low=0, high=20, nan_color=MISSING)
    plot.multi_polygons(
        "xs", "ys", source=source, fill_color={"field": "value", "transform": mapper}, line_width=0.3
    )
    slider = Slider(start=0, end=len(case.periods) - 1, value=0, step=1, name="month")
    code = """
      const n = source.data.value.length;
      source.data = { ...source.data, value: table.data.all.slice(slider.value * n, (slider.value + 1) * n) };
    """
    slider.js_on_change(
        "value", CustomJS(args={"source": source, "table": table, "slider": slider}, code=code)
    )
    return str(file_html(column(plot, slider), INLINE, case.name))


def _bokeh_shapes(case: Case) -> tuple[list[Any], list[Any]]:
    import shapely

    axes: tuple[list[Any], list[Any]] = ([], [])
    for shape in case.shapes.geometry:
        rings = [[p.exterior, *p.interiors] for p in shapely.get_parts(shape)]
        for k in (0, 1):
            axes[k].append([[shapely.get_coordinates(r)[:, k].tolist() for r in p] for p in rings])
    return axes


def _bokeh_controls(case: Case) -> Controls:
    ready = "Bokeh.documents.length && Bokeh.documents[0].is_idle"
    step = "(t) => { Bokeh.documents[0].get_model_by_name('month').value = t; }"
    return Controls(ready, step, {})


TOOLS = (
    Tool("geotrack", lambda case: str(geotrack_map(case).to_html()), _geotrack_controls),
    Tool("folium TimeSliderChoropleth", _folium, _folium_controls, _folium_files),
    Tool("plotly express animation", _plotly, _plotly_controls, largest=6_000),
    Tool("Altair", _altair, _altair_controls, largest=400_000),
    Tool("Bokeh", _bokeh, _bokeh_controls),
)
"""plotly repeats all shapes in each frame's redraw and its figures in each frame; above `largest` a page of
hundreds of megabytes, minutes to build, is all that comes out (measured before: 241 x 120 gave 483 MB).
Altair above `largest` exceeds what the tab survives on the machine measured here. --all tries them."""
