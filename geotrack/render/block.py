"""The block of HTML that is a map: what its template is given."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from typing import Any

from markupsafe import Markup

from geotrack import periods
from geotrack.content import Content, Group
from geotrack.model import LOWER_BOUND
from geotrack.render import assets
from geotrack.render.payload import boundary_facts, facts, payload, script_json, static_rows
from geotrack.words import ENGLISH, fill

KEYS = {
    "circle": Markup('<circle r="4"/>'),
    "square": Markup('<rect x="-4" y="-4" width="8" height="8"/>'),
    "triangle": Markup('<polygon points="0,-5 5,4 -5,4"/>'),
    "diamond": Markup('<polygon points="0,-5 5,0 0,5 -5,0"/>'),
}


def block(content: Content, html: Markup, alone: bool, heading: int) -> Markup:
    """Return a map as a block of HTML around folium's own."""
    opening = content.slices[content.opening]
    boundary = boundary_facts(content)
    text = (
        assets.templates()
        .get_template("map.html.j2")
        .render(
            id=element_id(content),
            lang="en",
            alone=alone,
            heading=heading,
            theme=content.theme,
            tiles=bool(content.tiles),
            title=content.title,
            sentence=content.layers[0].sentences[content.opening],
            opening=opening,
            metrics=[layer.metric for layer in content.layers],
            aspect=aspect(content),
            folium_html=html,
            words=ENGLISH,
            static_rows=static_rows(content),
            groups=[_group(group, i) for i, group in enumerate(content.groups)],
            events=[_event(e, place) for e, place in zip(content.events, content.event_places, strict=True)],
            method=_method(content),
            hints=_hints(content),
            origins=[_linked(o) for o in content.origins],
            data_hashes=[{"name": n, "sha256": h} for n, h in sorted(content.data_hashes.items())],
            boundary=boundary | {"link": link(boundary["url"])},
            projection=content.projection,
            version=version(),
            facts_json=script_json(facts(content, version())),
            data_json=script_json(payload(content, version())),
        )
    )
    return Markup(text)


def element_id(content: Content) -> str:
    """Return the id of the map's root element."""
    return "geotrack-" + (re.sub(r"[^A-Za-z0-9_-]", "-", content.id) or "map")


def link(url: str) -> str:
    """Return a url if it is one that a reader may follow, else nothing: no javascript:, no data:."""
    return url if re.fullmatch(r"https?://\S+", url) else ""


def version() -> str:
    """Return geotrack's version."""
    try:
        return installed("geotrack")
    except PackageNotFoundError:
        return "(not installed)"


def _method(content: Content) -> list[str]:
    """Method, caveats and gaps in words. What concerns overlapping periods is said of those left out here."""
    caveats = [text for text in content.series.caveats if not text.startswith("Overlapping periods")]
    left_out = (
        fill(str(ENGLISH["dropped"]), {"periods": ", ".join(content.dropped)}) if content.dropped else ""
    )
    missing = content.series.missing and fill(str(ENGLISH["notGiven"]), {"text": content.series.missing})
    return [text for text in (content.series.method, *caveats, missing, left_out) if text]


def _hints(content: Content) -> list[str]:
    """What the chart's marks and groups mean, where there is something to say."""
    bounds = any((layer.group_status == LOWER_BOUND).any() for layer in content.layers)
    hollow = [str(ENGLISH["hollow"])] if bounds else []
    return hollow + [group.note for group in content.groups if group.note]


def _linked(origin: Any) -> dict[str, str]:
    table = {name: getattr(origin, name) for name in origin.__dataclass_fields__}
    return table | {"link": link(origin.url), "licence_link": link(origin.licence_url)}


def _group(group: Group, place: int) -> dict[str, Any]:
    key = list(KEYS.values())[place % len(KEYS)]
    return {
        "name": group.name,
        "colour": group.colour,
        "key": key,
        "rest": group.colour in {"rest", "remainder"},
    }


def _event(event: Any, place: str) -> dict[str, str]:
    start, end = periods.parse(event.date)
    return {
        "date": event.date,
        "day": periods.label(start, end),
        "place": "" if place in event.label else place,
        "label": event.label,
        "url": link(event.url),
    }


def aspect(content: Content) -> float:
    """Return width by height of the frame."""
    west, south, east, north = content.bounds
    return round(min(2.6, max(0.9, (east - west) / ((north - south) or 1.0))), 3)
