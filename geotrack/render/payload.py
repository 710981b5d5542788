"""What a page carries: a time map as JSON with packed tables, and its facts for machines."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import numpy as np
from markupsafe import Markup

from geotrack.content import Content, Layer, Unit
from geotrack.messages import joined, number, number_format, said, term, with_unit, words_of
from geotrack.model import LOWER_BOUND
from geotrack.packing import pack, varints
from geotrack.render.cells import deflated, packed_values
from geotrack.render.classes import legend_order

SCREEN = 1e-5  # metres of a projection to units of the map: Leaflet's zoom levels stay small numbers


def payload(content: Content, version: str, quantum: float = 1e4) -> dict[str, Any]:
    """Return everything the page's script reads, ready for `script_json`.

    Parameters
    ----------
    quantum : of the boundaries, see `packing.pack`.
    """
    return {
        "format": 1,
        "id": content.id,
        "title": content.title,
        "version": version,
        "opening": content.opening,
        "words": words_of(content.lang),
        "slices": [
            {"start": s.start, "end": s.end, "iso": s.iso, "label": s.label, "partial": s.partial}
            for s in content.slices
        ],
        "spans": _spans(content),
        "geo": _geometry(content, quantum),
        "tables": _tables(content),
        "metrics": [_metric(content, layer) for layer in content.layers],
        "groups": [_group(g) for g in content.groups],
        "events": [{"date": e.date, "label": f"{place}: {e.label}"} for e, place in _events(content)],
        "origins": [{"id": o.id, "publisher": o.publisher} for o in content.origins],
        "notes": list(content.notes),
        "citation": citation(content, version),
    } | ({"numberFormat": number_format(content.lang)} if content.lang != "en" else {})


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
        ],
        "data": [{"file": name, "sha256": value} for name, value in sorted(content.data_hashes.items())],
        "boundaries": boundary_facts(content),
        "softwareVersion": f"geotrack {version}",
    }


def boundary_facts(content: Content) -> dict[str, str]:
    """Return where the shapes come from and how they see the world."""
    info = content.boundaries.info
    names = (
        "name",
        "title",
        "publisher",
        "url",
        "licence",
        "licence_url",
        "vintage",
        "viewpoint",
        "sha256",
        "note",
    )
    return {name: str(getattr(info, name)) for name in names} | {"crs": content.boundaries.crs}


def citation(content: Content, version: str) -> str:
    """Return the sentence to cite the map by, with every publisher it drew on."""
    start, end = content.slices[0].label, content.slices[-1].label
    sources = "; ".join(
        dict.fromkeys(f"{o.publisher}, {o.title}, {o.url} ({o.licence})" for o in content.origins)
    )
    named = {"title": content.title, "start": start, "end": end, "version": version, "sources": sources}
    return said(content.lang, "more", "citation", **named)


def static_rows(content: Content) -> list[tuple[str, str]]:
    """Return the opening slice as (name, value) rows, highest first, for a page without script."""
    layer, t = content.layers[0], content.opening
    rows = [
        (layer.values[u, t], unit.name, value_text(layer, u, t, content.lang))
        for u, unit in enumerate(content.units)
        if layer.status[u, t] and unit.kind != "whole"
    ]
    rows.sort(key=lambda row: (-row[0], row[1]))
    return [(name, text) for _, name, text in rows]


def value_text(layer: Layer, unit: int, t: int, lang: str = "en") -> str:
    """Return a cell as text: "75.53 %", "at least 50 %"."""
    bound = layer.status[unit, t] == LOWER_BOUND
    least = 0 if bound else least_digits(layer)
    text = with_unit(
        number(float(layer.values[unit, t]), layer.digits, lang, least=least), layer.metric.unit, lang
    )
    return said(lang, "page", "atLeast", value=text) if bound else text


def least_digits(layer: Layer) -> int:
    """Return how many decimals are always written; more only where the figure has them."""
    return layer.digits if layer.digits <= 2 else 1


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


def _group(group: Any) -> dict[str, Any]:
    rest = group.colour in {"rest", "remainder"}
    table: dict[str, Any] = {
        "id": group.code,
        "name": group.name,
        "colour": group.colour,
        "rest": rest,
        "units": list(group.units),
    }
    return table | ({"outline": list(group.outline)} if group.outline else {})


def _metric(content: Content, layer: Layer) -> dict[str, Any]:
    metric, digits = layer.metric, layer.digits
    return {
        "id": metric.name,
        "title": metric.title,
        **_units(metric.unit, content.lang),
        "denominator": metric.denominator,
        "whole": metric.whole,
        "digits": digits,
        "least": least_digits(layer),
        "shown": min(digits, 1),
        "values": packed_values(_scaled(layer.values, digits), layer.status > 0),
        "status": deflated(layer.status.astype(np.uint8).tobytes()),
        "origin": _places(layer.origin, layer.origin),
        "note": _places(layer.note + 1, layer.note + 1),
        "breaks": {
            "edges": [_short(edge * 10.0**digits) for edge in layer.edges],
            "zero": layer.zero,
            "labels": list(layer.labels),
            "order": legend_order(layer),
        },
        "light": list(layer.light),
        "dark": list(layer.dark),
        "hasBounds": bool((layer.status == LOWER_BOUND).any()),
        **_groups(content, layer),
        "remainder": {
            name: (_or_null if name == "mapped" else _zero_if_missing)(getattr(layer, name), digits)
            for name in ("mapped", "stated", "unstated", "rounding")
        }
        | {"bounded": layer.bounded.tolist(), "statedBounded": layer.stated_bounded.tolist()},
        "sentences": list(layer.sentences),
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
        "groups": [_or_null(row, layer.digits) for row in layer.groups],
        "groupStatus": layer.group_status.astype(int).tolist(),
        "chartLabel": _chart_label(content, layer),
    }


def _units(unit: str, lang: str) -> dict[str, str]:
    """The unit as the data name it, for the CSV, and as people read it where that is another word."""
    shown = term(unit, lang)
    return {"unit": unit} | ({"unitShown": shown} if shown != unit else {})


def _chart_label(content: Content, layer: Layer) -> str:
    drawn = zip(content.groups, layer.groups, strict=True)
    names = joined([group.name for group, line in drawn if np.isfinite(line).any()], content.lang)
    return said(content.lang, "more", "chart", metric=layer.metric.title, names=names)


def _scaled(values: np.ndarray, digits: int) -> np.ndarray:
    return np.asarray(np.rint(np.nan_to_num(values) * 10.0**digits).astype(np.int64))


def _places(places: np.ndarray, shifted: np.ndarray) -> str | None:
    used = np.maximum(places, 0)
    return deflated(varints(np.maximum(shifted, 0).ravel().astype(np.uint64))) if used.any() else None


def _or_null(values: np.ndarray, digits: int) -> list[int | None]:
    return [None if np.isnan(v) else int(np.rint(v * 10.0**digits)) for v in values]


def _zero_if_missing(values: np.ndarray, digits: int) -> list[int]:
    return [int(v) for v in _scaled(values, digits)]
