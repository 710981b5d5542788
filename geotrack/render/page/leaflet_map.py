"""The Leaflet map of a page: its element and its script, as folium renders them, without folium.

What folium's tree of a map says is known before, as long as nobody adds to it; loading folium takes as long
as making a page. `folium_map` writes the same lines by these functions for the map that readers add to.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from geotrack.geo import projections
from geotrack.map.content import Content

OPTIONS: dict[str, Any] = {
    "zoom_control": False,  # ours stands at the bottom, off the north
    "zoom_snap": 0,
    "zoom_delta": 0.5,
    "wheel_px_per_zoom_level": 120,
    "attribution_control": False,
    "keyboard": False,  # the arrow keys walk from region to region
    "world_copy_jump": False,
}
"""What our map asks of Leaflet, in folium's names; a map with tiles says whose they are."""

_FOLIUMS = {"zoom": 1, "zoom_control": False, "prefer_canvas": False}
"""What folium asks of Leaflet for every map, in its order."""


@dataclass(frozen=True)
class Rendered:
    """What folium's tree renders to.

    Parameters
    ----------
    name : of the map's variable in the page.
    head : tags that plugins ask for, links to scripts and styles of their hosts above all.
    html : the map's element, and what others put beside it.
    script : of the map.
    layers : name and script of each thing that was added to the map, in order.
    """

    name: str
    head: tuple[Markup, ...]
    html: Markup
    script: Markup
    layers: tuple[tuple[str, Markup], ...]

    @property
    def code(self) -> str:
        """All scripts, as one text."""
        return "\n".join([self.script, *(text for _, text in self.layers)])


def plain(content: Content) -> Rendered:
    """Return a map without tiles to which nothing was added; the bytes are those of folium's tree."""
    name = f"map_{stem(content)}_1"
    asked = {**_FOLIUMS, **OPTIONS}
    options = "".join(f'  "{_camel(key)}": {json.dumps(value)},\n' for key, value in asked.items())
    return Rendered(
        name,
        (),
        Markup(f"\n    {element(name)}"),
        Markup(script(name, "[0.0, 0.0]", crs(content), f"{{\n{options}}}")),
        (),
    )


def stem(content: Content) -> str:
    """Return what the names of a page's variables begin with."""
    return re.sub(r"\W", "_", content.id)


def element(name: str) -> str:
    """Return the map's element."""
    return f'''
        <div class="folium-map" id="{name}"></div>
        '''


def script(name: str, center: str, crs: str, options: str) -> str:
    """Return the map's script.

    Parameters
    ----------
    name : of the map's variable. center, crs, options : of Leaflet's map, as JavaScript.
    """
    return f'''
        var {name} = L.map(window.geotrack.place("{name}"), {{
            center: {center}, crs: {crs}, ...{options}
        }});
        L.control.zoom({{position: "bottomleft"}}).addTo({name});
        '''


def crs(content: Content) -> str:
    """Return the map's coordinates as JavaScript."""
    return "L.CRS.EPSG3857" if content.tiles else f"window.geotrack.crs({_projection(content)})"


def _camel(name: str) -> str:
    first, *more = name.split("_")
    return first + "".join(each.title() for each in more)


def _projection(content: Content) -> str:
    """Return the projection for the page, so that layers in longitude and latitude fall right.

    Where its script knows no formula it draws plain coordinates of the plane, and `folium_map` refuses
    such layers.
    """
    return json.dumps(projections.for_page(content.boundaries.crs) or {"proj": ""})
