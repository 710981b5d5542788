"""The cards of a map, made from it: one for a view, or those that its manifest keeps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from geotrack.captions import captions
from geotrack.captions.card import Card
from geotrack.language import catalogue
from geotrack.map import views
from geotrack.map.content import Content, aspect

MOST_KEPT = 100
"""Slices whose own captions a manifest keeps; of a map with more, only that of the one it opens with."""


def card_of(view: views.View) -> Card:
    """Return what a piece says of a view."""
    content = view.content
    return Card(
        id=content.id,
        title=content.title,
        caption=captions.caption(view),
        alt=captions.alt_text(view),
        source=captions.source_line(content),
        more=str(catalogue.words_of(content.lang)["fullMap"]),
        slice=view.steps[0].iso,
        lang=content.lang,
        publishers=tuple(dict.fromkeys(o.publisher for o in content.origins)),
        aspect=aspect(content),
    )


def kept(content: Content) -> dict[str, Any]:
    """Return what a frame's snippet says, for the manifest: so that it is told without building the map."""
    card = card_of(views.choose(content, "map"))
    names, fixed = [step.iso for step in content.slices], replace(content, fixed=True)
    places = range(len(names)) if len(names) <= MOST_KEPT else [content.opening]
    return {
        "id": card.id,
        "title": card.title,
        "source": card.source,
        "lang": card.lang,
        "more": card.more,
        "aspect": card.aspect,
        "publishers": list(card.publishers),
        "slices": names,
        "opening": content.opening,
        "metric": content.layers[0].metric.name,
        "map": {
            layer.metric.name: _said(views.View(content, "map", (content.opening,), m))
            for m, layer in enumerate(content.layers)
        },
        "fixed": {
            layer.metric.name: {names[t]: _said(views.View(fixed, "map", (t,), m)) for t in places}
            for m, layer in enumerate(content.layers)
        },
    }


def _said(view: views.View) -> list[str]:
    return [captions.caption(view), captions.alt_text(view)]
