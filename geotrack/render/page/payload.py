"""What a page carries: a time map as JSON with packed tables, and its facts for machines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import numpy as np
from markupsafe import Markup

from geotrack.captions.credits import boundary_facts, citation
from geotrack.geo import projections
from geotrack.language.catalogue import joined, joint, number_format, said, term, words_of
from geotrack.language.figures import SHORT, FigureWriter
from geotrack.language.numbers import WHOLE, settled
from geotrack.map.classes import legend_order
from geotrack.map.content import Content, Group, Layer, Unit
from geotrack.map.unstated import of_groups
from geotrack.model import AT_MOST, LOWER_BOUND
from geotrack.render.page.assets import named
from geotrack.render.page.packing import deflated, pack, packed_doubles, packed_values, varints

SCREEN = 1e-5  # metres of a projection to units of the map: Leaflet's zoom levels stay small numbers


def payload(content: Content, version: str, quantum: float = 1e4) -> dict[str, Any]:
    """Return everything the page's script reads, ready for `script_json`.

    Parameters
    ----------
    quantum : of the boundaries, see `packing.pack`.
    """
    colon = joint("colon", content.lang)
    return {
        "format": 1,
        "id": content.id,
        "title": content.title,
        "version": version,
        "opening": content.opening,
        "words": {key: word for key, word in _words(content.lang).items() if key in named()},
        "slices": [{"start": s.start, "end": s.end, "iso": s.iso, "label": s.label} for s in content.slices],
        "spans": _spans(content),
        "geo": _geometry(content, quantum),
        "tables": _tables(content),
        "metrics": [_metric(content, layer) for layer in content.layers],
        "groups": [_group(g) for g in content.groups],
        "events": [{"date": e.date, "label": f"{place}{colon}{e.label}"} for e, place in _events(content)],
        "origins": [{"id": o.id, "publisher": o.publisher} for o in content.origins],
        "notes": list(content.notes),
        "citation": citation(content, version),
    } | ({"numberFormat": number_format(content.lang)} if content.lang != "en" else {})


def has_degrees(content: Content) -> bool:
    """Return whether the page's script can tell longitudes and latitudes from places of the map, and back."""
    return bool(content.tiles) or projections.for_page(content.boundaries.crs) is not None


def _words(lang: str) -> dict[str, object]:
    """What the script says; controls are Leaflet's, which speaks English by itself."""
    controls = {} if lang == "en" else {"controls": words_of(lang, "controls")}
    return {**words_of(lang), **words_of(lang, "joints"), **controls}


def script_json(value: object) -> Markup:
    """Write JSON that a <script> element can hold: no text in it can end the element or start markup."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def facts(content: Content, version: str) -> dict[str, Any]:
    """Return the page's facts as schema.org's Dataset: sources, period, boundaries, hashes."""
    start, end = content.period
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": content.title,
        "description": content.description,
        "identifier": content.id,
        "temporalCoverage": f"{start}/{end}",
        "creditText": citation(content, version),
        "variableMeasured": [
            {"@type": "PropertyValue", "name": x.metric.title, "unitText": x.metric.unit}
            for x in content.layers
        ],
        "isBasedOn": [
            {
                "@type": "CreativeWork",
                "identifier": o.id,
                "name": o.title,
                "publisher": o.publisher,
                "url": o.url,
                "license": o.licence_url or o.licence,
                "datePublished": o.published,
                "dateRetrieved": o.retrieved,
                "sha256": o.sha256,
                "description": o.note,
            }
            for o in content.origins
            if not o.unstated
        ],
        "data": [{"file": name, "sha256": value} for name, value in sorted(content.data_hashes.items())],
        "boundaries": boundary_facts(content),
        "softwareVersion": f"geotrack {version}",
    }


def static_rows(content: Content) -> list[tuple[str, str]]:
    """Return the opening slice as (name, value) rows, highest first, for a page without script."""
    layer, t = content.layers[0], content.opening
    text = cache(FigureWriter(layer.metric, layer.digits, content.lang).full)
    rows = [
        (not layer.status[u, t], -layer.values[u, t], unit.name, text(*layer.cell(u, t)))
        for u, unit in enumerate(content.units)
        if layer.cell(u, t)[1] and unit.kind != "whole"
    ]
    rows.sort()
    return [(name, text) for *_, name, text in rows]


def scaled(values: np.ndarray, layer: Layer) -> np.ndarray:
    """Return a layer's settled figures as its page has them: whole numbers, else doubles.

    A page's numbers are doubles, and of a whole number of more than 2^53 they lose the last digits. Where
    123,456,789 stands beside 0.00000015 there would be one: such a layer's figures travel as they are.
    """
    if not is_whole(layer):
        return values
    return np.asarray(np.rint(values * 10.0**layer.digits))


def is_whole(layer: Layer) -> bool:
    """Whether a layer's page has its figures as whole numbers, and their steps through time."""
    return layer.reach * 10.0**layer.digits <= WHOLE / 4  # of a step zigzag makes four times as much


def _events(content: Content) -> Iterable[tuple[Any, str]]:
    return zip(content.events, content.event_places, strict=True)


def _spans(content: Content) -> bool:
    """Whether periods differ in length, or leave gaps: then each is drawn as wide as it is."""
    days = np.array([[s.start, s.end] for s in content.slices], dtype="datetime64[D]")
    length = (days[:, 1] - days[:, 0]).astype(int)
    gaps = bool((days[1:, 0] != days[:-1, 1]).any())
    return bool(length.max() > 1.15 * length.min()) or gaps


def _geometry(content: Content, quantum: float) -> dict[str, Any]:
    boundaries = content.boundaries
    packed = pack(boundaries, quantum)
    unit = 1.0 if content.tiles else SCREEN
    return {
        "data": packed.data,
        "scale": packed.scale * unit,
        "translate": [_short(v * unit) for v in packed.translate],
        "bounds": [_short(v * unit) for v in content.bounds],
        "simple": not content.tiles,
        "disputed": dict(content.disputed),
        "territories": [boundaries.codes.index(code) for code in content.territories],
    }


def _short(value: float) -> float:
    return float(f"{value:.10g}")


def _tables(content: Content) -> str:
    table = {
        "codes": content.boundaries.codes,
        "regionNames": content.boundaries.names,
        "units": [_unit(u, content) for u in content.units],
    }
    return deflated(json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode("utf-8"))


def _unit(unit: Unit, content: Content) -> dict[str, Any]:
    """Leave out what the page fills in by itself: that it is a region, coded and named as its boundaries."""
    table = {"code": unit.code, "name": unit.name, "label": unit.label, "kind": unit.kind}
    usual = {"label": unit.name, "kind": "region"}
    if unit.members:
        place = unit.members[0]
        usual |= {"code": content.boundaries.codes[place], "name": content.boundaries.names[place]}
    return {k: v for k, v in table.items() if v != usual.get(k)} | {"members": unit.members}


def _group(group: Group) -> dict[str, Any]:
    table: dict[str, Any] = {
        "id": group.code,
        "name": group.name,
        "colour": group.colour,
        "kind": group.kind,
        "units": list(group.units),
    }
    return table | ({"outline": list(group.outline)} if group.outline else {})


def _metric(content: Content, layer: Layer) -> dict[str, Any]:
    metric = layer.metric
    return {
        "id": metric.name,
        "title": metric.title,
        **_units(metric.unit, content.lang),
        "denominator": metric.denominator,
        "whole": metric.whole,
        "digits": layer.digits,
        **({} if is_whole(layer) else {"scale": 0}),
        "values": _values(layer),
        "status": deflated(layer.status.astype(np.uint8).tobytes()),
        "origin": _places(layer.origin, layer.origin),
        "note": _places(layer.note + 1, layer.note + 1),
        "breaks": {
            "edges": edges(layer.edges, layer),
            "zero": layer.zero,
            "labels": list(layer.labels),
            "order": legend_order(layer),
        },
        "light": list(layer.light),
        "dark": list(layer.dark),
        "hasBounds": bool((layer.status == LOWER_BOUND).any()),
        **({} if layer.short == SHORT else {"short": layer.short}),
        **_groups(content, layer),
        **_bounds(content, layer),
        "remainder": {
            name: _numbers(values if name == "mapped" else np.nan_to_num(values), layer)
            for name, values in layer.parts.items()
        }
        | {"bounded": layer.bounded.tolist(), "statedBounded": layer.stated_bounded.tolist()},
        "sentences": list(layer.sentences),
        "partial": {str(t): text for t, text in enumerate(layer.partial) if text},
        "sliceNotes": {str(t): notes for t, notes in enumerate(layer.slice_notes) if notes},
    }


def _groups(content: Content, layer: Layer) -> dict[str, Any]:
    """The groups' figures, and what of sums is not as usual: a rate has none, a stated total is a whole."""
    lacks = [layer.lacking(group) for group in content.groups]
    words, totals = words_of(content.lang), np.isfinite(layer.whole)
    found: dict[str, Any] = {} if layer.metric.adds_up else {"addsUp": False}
    if layer.metric.whole is None and totals.any():
        found["totals"] = totals.tolist()
    if set(lacks) - {"noData"}:
        found["lacks"] = [str(words[key]) if key else "" for key in lacks]
    return found | {
        "groups": [_numbers(row, layer) for row in layer.groups],
        "groupStatus": layer.group_status.astype(int).tolist(),
        "chartLabel": _chart_label(content, layer),
    }


def _bounds(content: Content, layer: Layer) -> dict[str, Any]:
    """What is known of units and groups without a figure: [place, slice, value], and the status of what
    is not at most that."""
    summed, found = of_groups(layer, content.units, content.groups), {}
    capped = np.full(summed.shape, AT_MOST)
    for name, table, known in (("bounds", layer.bounds, layer.bound_status), ("groupBounds", summed, capped)):
        there = ~np.isnan(table)
        places = np.argwhere(there).tolist()
        values = _numbers(settled(table[there], layer.digits, known[there]), layer)
        found[name] = [
            [*place, value, *([status] if (status := int(known[tuple(place)])) != AT_MOST else [])]
            for place, value in zip(places, values, strict=True)
        ]
    return {name: cells for name, cells in found.items() if cells}


def _units(unit: str, lang: str) -> dict[str, str]:
    """The unit as the data name it, for the CSV, and as people read it where that is another word."""
    shown = term(unit, lang)
    return {"unit": unit} | ({"unitShown": shown} if shown != unit else {})


def _chart_label(content: Content, layer: Layer) -> str:
    drawn = zip(content.groups, layer.groups, strict=True)
    names = joined([group.name for group, line in drawn if np.isfinite(line).any()], content.lang)
    return said(content.lang, "more", "chart", metric=layer.metric.title, names=names)


_FARTHEST = 1e300
"""The edge of an open class on a page: JSON has no word for infinity, and no figure is as large."""


def edges(values: Sequence[float], layer: Layer) -> list[float]:
    """Return the edges of a layer's classes as its page has its figures, without arithmetic's noise."""
    factor = 10.0**layer.digits if is_whole(layer) else 1.0
    scaled_ = np.clip(np.array(values, dtype=np.float64) * factor, -_FARTHEST, _FARTHEST)
    return [float(f"{edge:.15g}") for edge in scaled_.tolist()]


def _values(layer: Layer) -> str:
    known, figures = layer.status > 0, scaled(np.nan_to_num(layer.settled), layer)
    return packed_values(figures.astype(np.int64), known) if is_whole(layer) else packed_doubles(figures)


def _numbers(values: np.ndarray, layer: Layer) -> list[float | None]:
    """Return figures for JSON, None where there is none."""
    own = int if is_whole(layer) else float
    return [None if np.isnan(each) else own(each) for each in scaled(values, layer)]


def _places(places: np.ndarray, shifted: np.ndarray) -> str | None:
    used = np.maximum(places, 0)
    return deflated(varints(np.maximum(shifted, 0).ravel().astype(np.uint64))) if used.any() else None
