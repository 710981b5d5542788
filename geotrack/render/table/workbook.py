"""A map's data as an Excel workbook, the same bytes for the same map."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, cast

import numpy as np

from geotrack.captions.captions import caption
from geotrack.language import catalogue
from geotrack.language.figures import FIXED
from geotrack.language.numbers import digits_of
from geotrack.map.content import Content, Layer
from geotrack.map.views import Excerpt, View
from geotrack.model import LOWER_BOUND, MISSING, STATUSES
from geotrack.render.table.rows import TIDY, note_of, periods, provenance, reading, sources, tidy, value_of
from geotrack.render.table.sheet import Sheet, day, decimals, sound

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


MOST_COMMENTS = 5_000
"""Of a sheet; Excel grows slow with more. The notes stand among the tidy rows too."""

MOST_DECIMALS = 30  # that Excel shows

WIDEST_NAME = 36.0  # a column that stays in sight leaves room for the figures

UNITS = ("code", "name", "kind", "unit")
PERIODS = ("metric", "slice", "period", "start", "end")
SUMS = ("mapped", "stated", "unstated", "rounding", "whole")
WORDS = ("unit", "words", "partial", "notes")


def data_sheets(book: Any, part: Excerpt) -> None:
    """Add a sheet of values per metric, units by slices, and one of their statuses."""
    for layer in part.layers:
        _values(book, part, layer, _sheet(part, "data", layer))
    for layer in part.layers:
        _statuses(book, part, layer, _sheet(part, "status", layer))


def _say(part: Excerpt, key: str, **values: str) -> str:
    return catalogue.said(part.content.lang, "workbook", key, **values)


def _sheet(part: Excerpt, key: str, layer: Layer) -> str:
    name = _say(part, key)
    return _say(part, "ofMetric", sheet=name, metric=layer.metric.name) if len(part.layers) > 1 else name


def _head(part: Excerpt) -> list[str]:
    """The heads of a sheet of units by slices."""
    return [*(_say(part, key) for key in UNITS), *(step.iso for _, step in part.steps)]


def _unit(part: Excerpt, layer: Layer, u: int) -> list[str]:
    """A unit's cells below the first of them."""
    unit, shown = part.content.units[u], catalogue.term(layer.metric.unit, part.content.lang)
    return [unit.code, unit.name, _say(part, f"kind_{unit.kind}"), shown]


def _values(book: Any, part: Excerpt, layer: Layer, name: str) -> None:
    sheet = Sheet(book, name, _head(part), frozen=2, figures=len(UNITS))
    comments = 0
    for u in range(len(part.content.units)):
        values = [value_of(layer, u, t) for t in part.slices]
        sheet.add([*_unit(part, layer, u), *values])
        for n, t in enumerate(part.slices, len(UNITS)):
            if layer.status[u, t] == MISSING:
                sheet.empty(n)
                continue
            bound = layer.status[u, t] == LOWER_BOUND
            sheet.format(n, decimals(_shown(layer, value_of(layer, u, t)), "≥" if bound else ""))
            words = _words(part, layer, u, t)
            if words and comments < MOST_COMMENTS:
                sheet.comment(n, words)
                comments += 1
    sheet.close(WIDEST_NAME)


def _words(part: Excerpt, layer: Layer, unit: int, t: int) -> str:
    bound = _say(part, "bound") if layer.status[unit, t] == LOWER_BOUND else ""
    return "\n".join(filter(None, (bound, note_of(part, layer, unit, t))))


def _statuses(book: Any, part: Excerpt, layer: Layer, name: str) -> None:
    sheet = Sheet(book, name, _head(part), frozen=2)
    said = cast("Mapping[str, str]", catalogue.words_of(part.content.lang, "page")["status"])
    english = part.content.lang == catalogue.ENGLISH  # whose words are those of every table
    for u in range(len(part.content.units)):
        words = [STATUSES[layer.status[u, t]] for t in part.slices]
        sheet.add([*_unit(part, layer, u), *(word if english else said[word] for word in words)])
    sheet.close(WIDEST_NAME)


def tidy_sheet(book: Any, part: Excerpt) -> None:
    """Add a sheet of one row per figure, with the columns of the CSV."""
    sheet = Sheet(book, _say(part, "tidy"), TIDY)
    layers = {layer.metric.name: layer for layer in part.layers}
    for row in tidy(part):
        sheet.add([day(value) if key in {"start", "end"} else value for key, value in row.items()])
        sign = "≥" if row["status"] == STATUSES[LOWER_BOUND] else ""
        sheet.format(TIDY.index("value"), decimals(_shown(layers[row["metric"]], row["value"]), sign))
    sheet.cells.auto_filter.ref = sheet.cells.dimensions
    sheet.close()


def periods_sheet(book: Any, part: Excerpt) -> None:
    """Add a sheet of one row per metric and slice, whose parts add up to the whole.

    A column of sums that none of them has is left out: rates have no sum, and not everything has a whole.
    """
    rows = periods(part)
    told = [name for name in SUMS if any(row[name] is not None for row in rows)]
    heads = [_say(part, key) for key in (*PERIODS, *told, *WORDS)]
    sheet = Sheet(book, _say(part, "periods"), heads, frozen=2)
    layers = {layer.metric.name: layer for layer in part.layers}
    for row in rows:
        layer = layers[row["metric"]]
        days = [row["metric"], row["slice"], row["label"], day(row["start"]), day(row["end"])]
        sums = [row[name] for name in told]
        words = [
            catalogue.term(layer.metric.unit, part.content.lang),
            row["sentence"],
            row["partial"],
            "\n".join(row["notes"]),
        ]
        sheet.add([*days, *sums, *words])
        sheet.wrap()
        signs = _signs(row)
        for n, name in enumerate(told, len(days)):
            own = row[name]
            sheet.format(n, decimals(_shown(layer, own), signs.get(name, "") if own is not None else ""))
    sheet.close()


def _shown(layer: Layer, value: float | None) -> int:
    """Decimals of a cell: those of its column if they are few, else its own, so that 3 is not 3.00000000."""
    if layer.digits <= FIXED or value is None:
        return layer.digits
    return min(max(digits_of(np.array(value)), 1), MOST_DECIMALS)


def _signs(row: dict[str, Any]) -> dict[str, str]:
    """Of the parts of the whole: a lower bound in a sum makes it "at least", and the rest "at most"."""
    mapped, stated = row["mapped_at_least"], row["stated_at_least"]
    return {
        "mapped": "≥" if mapped else "", "stated": "≥" if stated else "",
        "unstated": "≤" if mapped or stated else "",
    }  # fmt: skip


EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip file knows."""


def workbook(part: Excerpt, version: str) -> bytes:
    """Write the sheets Data and Status (one of each per metric), Tidy, Periods, Sources and About.

    Raises
    ------
    OutputError : more rows or columns than a sheet holds.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    data_sheets(book, part)
    tidy_sheet(book, part)
    periods_sheet(book, part)
    sources_sheet(book, part)
    about_sheet(book, part, version, told(part))
    properties = book.properties
    properties.title, properties.creator = sound(part.content.title), f"geotrack {version}"
    properties.created = _moment(part.content)
    file = io.BytesIO()
    book.save(file)
    return _sealed(file.getvalue(), properties.created)


def told(part: Excerpt) -> str:
    """Return the caption of the slices that are exported, in the first metric that is."""
    return caption(View(part.content, "slices", part.slices, part.content.layers.index(part.layers[0])))


def _moment(content: Content) -> datetime:
    """The day on which the newest of the data were published or retrieved: no clock is asked."""
    days = [text[:10] for origin in content.origins for text in (origin.published, origin.retrieved)]
    whole = [text for text in days if re.fullmatch(r"(19[89]|20\d)\d-\d\d-\d\d", text)]
    try:
        return datetime.fromisoformat(max(whole, default="1980-01-01"))
    except ValueError:
        return datetime(*EARLIEST)


def _sealed(content: bytes, moment: Any) -> bytes:
    """Pack it anew without the moment at which it was made."""
    file = io.BytesIO()
    modified = f"{moment:%Y-%m-%dT%H:%M:%SZ}</dcterms:modified>".encode()
    with zipfile.ZipFile(io.BytesIO(content)) as made, zipfile.ZipFile(file, "w") as sealed:
        for name in made.namelist():
            data = made.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(?<=>)[^<>]*</dcterms:modified>", modified, data)
            info = zipfile.ZipInfo(name, EARLIEST)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            sealed.writestr(info, data)
    return file.getvalue()
