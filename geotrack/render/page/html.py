"""A time map as one HTML file, and as a block of one."""

from __future__ import annotations

from geotrack.map.content import Content
from geotrack.render.page import leaflet_map
from geotrack.render.page.whole import fragment_of, page_of


def page(content: Content) -> str:
    """Return a time map as one HTML page. The same content gives the same text.

    Parameters
    ----------
    content : what the page shows.
    """
    return page_of(content, _rendered(content))


def fragment(content: Content) -> str:
    """Return a time map as a block of HTML that can stand beside others in one page."""
    return fragment_of(content, _rendered(content))


def _rendered(content: Content) -> leaflet_map.Rendered:
    if not content.tiles:
        return leaflet_map.plain(content)
    from geotrack.render.page import folium_map  # only folium knows tiles; it takes as long as the page

    return folium_map.parts_of(folium_map.rooted(content), content)
