"""The sheets of a workbook that say what its figures are: sources, and how to read and cite them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from geotrack.language import catalogue
from geotrack.map.views import Excerpt
from geotrack.render.provenance import provenance, reading, sources
from geotrack.render.sheet import Sheet

SOURCES = (
    "id", "publisher", "title", "url", "licence", "licence_url", "published", "retrieved", "sha256", "note",
)  # fmt: skip
BOUNDARIES = ("title", "publisher", "url", "licence", "vintage", "viewpoint", "note")


def sources_sheet(book: Any, part: Excerpt) -> None:
    """Add a sheet of one row per origin, with its address as a link."""
    say = partial(catalogue.said, part.content.lang, "workbook")
    sheet = Sheet(book, say("sources"), [say(key) for key in SOURCES], frozen=1)
    for origin in sources(part):
        sheet.add([origin[key] or None for key in SOURCES])
        sheet.wrap()
        for key in ("url", "licence_url"):
            sheet.link(SOURCES.index(key), origin[key])
    sheet.close()


def about_sheet(book: Any, part: Excerpt, version: str, caption: str) -> None:
    """Add a sheet of what the workbook is: title, caption, method, caveats, boundaries, citation."""
    say = partial(catalogue.said, part.content.lang, "workbook")
    sheet = Sheet(book, say("about"), (say("what"), say("words")))
    told = provenance(part, version) | {"caption": caption}
    for name, text in _facts(part, told):
        if text:
            sheet.add([name, text])
            sheet.wrap()
            sheet.link(1, text)
    sheet.close(100.0)


def _facts(part: Excerpt, told: dict[str, Any]) -> Iterator[tuple[str, str]]:
    lang = part.content.lang
    say = partial(catalogue.said, lang, "workbook")
    for key in ("title", "description", "caption"):
        yield say(key), told[key]
    for metric in told["metrics"]:
        facts = (metric["title"], metric["unit"], metric["denominator"])
        title, unit = catalogue.measure(*facts, lang)
        yield say("metricOf", name=metric["name"]), say("measure", title=title, unit=unit) if unit else title
    labels = [step.label for _, step in part.steps]
    span = {"start": labels[0], "end": labels[-1], "count": str(len(labels))}
    yield say("period"), labels[0] if len(labels) == 1 else say("slices", **span)
    yield say("how"), reading(part, sheets=True)
    yield say("method"), told["method"]
    for caveat in told["caveats"]:
        yield say("caveat"), caveat
    yield say("notGiven"), told["not_given"]
    yield say("leftOut"), catalogue.joined(told["left_out"], lang)
    listed = {unit.code for unit in part.content.units}  # a workbook draws no other region
    for code, note in told["disputed"].items():
        yield say("disputed", code=code), note if code in listed else ""
    for name in BOUNDARIES:
        yield say("boundaries" if name == "title" else f"boundaries_{name}"), told["boundaries"][name]
    for data in told["data"]:
        yield say("hashOf", file=data["file"]), data["sha256"]
    yield say("madeWith"), told["version"]
    yield say("toCite"), told["citation"]
