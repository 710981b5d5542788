"""The sheets of a workbook that say what its figures are: sources, and how to read and cite them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from geotrack.excerpt import Excerpt
from geotrack.messages import measure
from geotrack.render.provenance import provenance, reading, sources
from geotrack.render.sheet import Sheet

SOURCES = {
    "id": "Id", "publisher": "Publisher", "title": "Title", "url": "Address", "licence": "Licence",
    "licence_url": "Licence's address", "published": "Published", "retrieved": "Retrieved",
    "sha256": "SHA-256", "note": "Note",
}  # fmt: skip

READING = (
    "A hatched, empty cell is a figure that the source does not give; 0 is a figure. “≥” before a number is "
    "a lower bound: at least that much. The sheet Status says the same in words."
)
WHOLE = (
    "In the sheet Periods, what is on the map, what has no place on it, what the source does not state, and "
    "rounding add up to the whole{}."
)
ENDS = "A period ends before the day in End."


def sources_sheet(book: Any, part: Excerpt) -> None:
    """Add a sheet of one row per origin, with its address as a link."""
    sheet = Sheet(book, "Sources", list(SOURCES.values()), frozen=1)
    keys = list(SOURCES)
    for origin in sources(part):
        sheet.add([origin[key] or None for key in keys])
        sheet.wrap()
        for key in ("url", "licence_url"):
            sheet.link(keys.index(key), origin[key])
    sheet.close()


def about_sheet(book: Any, part: Excerpt, version: str, caption: str) -> None:
    """Add a sheet of what the workbook is: title, caption, method, caveats, boundaries, citation."""
    sheet = Sheet(book, "About", ("What", "In words"))
    told = provenance(part, version) | {"caption": caption}
    for name, text in _facts(part, told):
        if text:
            sheet.add([name, text])
            sheet.wrap()
            sheet.link(1, text)
    sheet.close(100.0)


def _facts(part: Excerpt, told: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "Title", told["title"]
    yield "Description", told["description"]
    yield "Caption", told["caption"]
    for metric in told["metrics"]:
        facts = (metric["title"], metric["unit"], metric["denominator"])
        title, unit = measure(*facts, part.content.lang)
        yield f"Metric {metric['name']}", f"{title}, in {unit}" if unit else title
    labels = [step.label for _, step in part.steps]
    yield "Period", labels[0] if len(labels) == 1 else f"{labels[0]} to {labels[-1]}, {len(labels)} slices"
    yield "How to read it", reading(part, READING, WHOLE, ENDS)
    yield "Method", told["method"]
    for caveat in told["caveats"]:
        yield "Caveat", caveat
    yield "Not given by the source", told["not_given"]
    yield "Left out: part of a longer period", ", ".join(told["left_out"])
    listed = {unit.code for unit in part.content.units}  # a workbook draws no other region
    for code, note in told["disputed"].items():
        yield f"In dispute: {code}", note if code in listed else ""
    for name, label in BOUNDARIES.items():
        yield label, told["boundaries"][name]
    for data in told["data"]:
        yield f"SHA-256 of {data['file']}", data["sha256"]
    yield "Made with", told["version"]
    yield "To cite", told["citation"]


BOUNDARIES = {
    "title": "Boundaries",
    "publisher": "Boundaries: publisher",
    "url": "Boundaries: address",
    "licence": "Boundaries: licence",
    "vintage": "Boundaries: vintage",
    "viewpoint": "Boundaries: viewpoint",
    "note": "Boundaries: note",
}
