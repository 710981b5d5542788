"""The block of HTML that is a map: what its template is given."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from markupsafe import Markup

from geotrack import periods
from geotrack.captions.credits import boundary_facts, citation, mended
from geotrack.language import catalogue
from geotrack.map.content import Content, Group, aspect
from geotrack.model import LOWER_BOUND, Metric
from geotrack.render.page import assets, hosting
from geotrack.render.page.modes import mode_script, packed, shown
from geotrack.render.page.payload import facts, payload, script_json, static_rows
from geotrack.version import version

KEYS = {
    "circle": Markup('<circle r="4"/>'),
    "square": Markup('<rect x="-4" y="-4" width="8" height="8"/>'),
    "triangle": Markup('<polygon points="0,-5 5,4 -5,4"/>'),
    "diamond": Markup('<polygon points="0,-5 5,0 0,5 -5,0"/>'),
}

MOST_CREDITED = 3
"""Publishers named in the line under a compact map."""


def block(content: Content, html: Markup, alone: bool, heading: int) -> Markup:
    """Return a map as a block of HTML around folium's own."""
    opening = content.slices[content.opening]
    text = (
        assets.templates()
        .get_template("map.html.j2")
        .render(
            id=element_id(content),
            **_tongue(content),
            alone=alone,
            **_as_guest(content),
            heading=heading,
            theme=content.theme,
            tiles=bool(content.tiles),
            title=content.title,
            sentence=content.layers[0].sentences[content.opening],
            opening=opening,
            metrics=[_metric(layer.metric, content.lang) for layer in content.layers],
            aspect=aspect(content),
            folium_html=html,
            words=catalogue.words_of(content.lang),
            joints=catalogue.words_of(content.lang, "joints"),
            static_rows=static_rows(content),
            groups=[_group(group, i) for i, group in enumerate(content.groups)],
            events=_events(content),
            method=_method(content),
            hints=_hints(content),
            **_footer(content),
            projection=content.projection,
            **_beside(content),
            version=version(),
            facts_json=script_json(facts(content, version())),
            data_json=script_json(_data(content)),
        )
    )
    return Markup(text)


def _beside(content: Content) -> dict[str, Any]:
    """What other sources say, of a shift."""
    modes = shown(content)
    words = catalogue.words_of(content.lang, "modes")
    return {"beside": modes.sources if modes else (), "mode_words": words}


def _data(content: Content) -> dict[str, Any]:
    """What the page's script reads; of a shift its modes, too."""
    modes = shown(content)
    table = payload(content, version())
    return table | ({"modes": packed(content, modes, version()), "script": mode_script()} if modes else {})


def element_id(content: Content) -> str:
    """Return the id of the map's root element."""
    return "geotrack-" + (re.sub(r"[^A-Za-z0-9_-]", "-", content.id) or "map")


def _tongue(content: Content) -> dict[str, Any]:
    return {
        "lang": content.lang,
        "foreign": foreign(content),
        "ours": partial(catalogue.ours, lang=content.lang),
    }


def foreign(content: Content) -> str:
    """Return the language of what the sources say where the page speaks another, "" if it is the page's.

    Our data are written in English; of a table of somebody's own nobody knows.
    """
    return "en" if content.lang != "en" and content.series.name != "user" else ""


def link(url: str) -> str:
    """Return a url if it is one that a reader may follow, else nothing: no javascript:, no data:."""
    return url if re.fullmatch(r"https?://\S+", url) else ""


def _credit(content: Content) -> str:
    """Publishers and licences in a line; all that is to be said of them stands under "About the data"."""
    told = (
        catalogue.aside(o.publisher, "" if o.unstated else o.licence, content.lang) for o in content.origins
    )
    found = list(dict.fromkeys(told))
    words = catalogue.words_of(content.lang)
    head = words["sources" if len(found) > 1 else "source"]
    gap = catalogue.joint("semicolon", content.lang)
    named = gap.join([*found[:MOST_CREDITED], *(["…"] if found[MOST_CREDITED:] else [])])
    return f"{head}{catalogue.joint('colon', content.lang)}{named}"


def _as_guest(content: Content) -> dict[str, Any]:
    """What a map says in somebody else's page; it links its whole map if it knows where that stands."""
    compact = content.layout == "compact"
    return {
        "compact": compact,
        "fixed": content.fixed,
        "credit": _credit(content),
        "full_url": hosting.page(content.url, content.id) if content.url and compact else "",
        "citation": citation(content, version()),
    }


def _footer(content: Content) -> dict[str, Any]:
    boundary = boundary_facts(content)
    return {
        "origins": [_linked(origin) for origin in content.origins],
        "unstated": catalogue.said(content.lang, "caption", "sourceUnstated"),
        "data_hashes": [{"name": n, "sha256": h} for n, h in sorted(content.data_hashes.items())],
        "boundary": boundary | {"link": link(boundary["url"])},
    }


def _method(content: Content) -> list[dict[str, Any]]:
    """Method, caveats and gaps in words. What concerns overlapping periods is said of those left out here."""
    said, missing = partial(catalogue.said, content.lang, "page"), content.series.missing
    left_out = content.dropped and said("dropped", periods=catalogue.joined(content.dropped, content.lang))
    missing = missing and said("notGiven", text=missing)
    texts = [text for text in (content.series.method, *content.series.caveats) if text]
    told = [{"text": text, "abroad": not catalogue.ours(text, content.lang)} for text in texts]
    rates = [text for layer in content.layers for text in catalogue.no_sum(layer.metric, content.lang)]
    return told + [
        {"text": text, "abroad": False} for text in (missing, left_out, mended(content), *rates) if text
    ]


def _hints(content: Content) -> list[str]:
    """What the chart's marks and groups mean, where there is something to say."""
    bounds = any((layer.group_status == LOWER_BOUND).any() for layer in content.layers)
    hollow = [catalogue.said(content.lang, "page", "hollow")] if bounds else []
    return hollow + [group.note for group in content.groups if group.note]


def _linked(origin: Any) -> dict[str, Any]:
    table = {name: getattr(origin, name) for name in (*origin.__dataclass_fields__, "unstated")}
    return table | {"link": link(origin.url), "licence_link": link(origin.licence_url)}


def _metric(metric: Metric, lang: str) -> dict[str, str]:
    return {"name": metric.name, "title": metric.title, "unit": catalogue.term(metric.unit, lang)}


def _group(group: Group, place: int) -> dict[str, Any]:
    key = list(KEYS.values())[place % len(KEYS)]
    return {
        "name": group.name,
        "colour": group.colour,
        "key": key,
        "kind": group.kind,
    }


def _events(content: Content) -> list[dict[str, str]]:
    placed = zip(content.events, content.event_places, strict=True)
    return [_event(event, place, content.lang) for event, place in placed]


def _event(event: Any, place: str, lang: str) -> dict[str, str]:
    start, end = periods.parse(event.date)
    return {
        "date": event.date,
        "day": catalogue.period(start, end, lang),
        "place": "" if place in event.label else place,
        "label": event.label,
        "url": link(event.url),
    }
