"""A map's data as an Excel workbook, the same bytes for the same map."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache, partial
from itertools import groupby
from typing import Any, cast

import numpy as np

from geotrack.captions.captions import caption
from geotrack.files import EARLIEST
from geotrack.language import catalogue
from geotrack.language.figures import FIXED
from geotrack.language.numbers import digits_each
from geotrack.map.content import SUMS, Content, Layer
from geotrack.map.views import Excerpt, View
from geotrack.model import AT_MOST, LOWER_BOUND, MISSING, SAID
from geotrack.render.table.book import HATCHED, LINK, Look, Workbook, kept
from geotrack.render.table.rows import (
    SOURCE,
    TIDY,
    note_of,
    periods,
    provenance,
    reading,
    sources,
    tidy,
    value_of,
)
from geotrack.render.table.sheet import Sheet, day, decimals, sound

BOUNDARIES = ("title", "publisher", "url", "licence", "vintage", "viewpoint", "note")


def sources_sheet(book: Workbook, part: Excerpt) -> None:
    """Add a sheet of one row per origin, with its address as a link."""
    say = partial(catalogue.said, part.content.lang, "workbook")
    sheet = Sheet(book, say("sources"), [say(key) for key in SOURCE], frozen=1)
    links = {SOURCE.index(key): LINK for key in ("url", "licence_url")}
    for origin in sources(part):
        sheet.add([origin[key] or None for key in SOURCE], links, folded=True)
    sheet.close()


def about_sheet(book: Workbook, part: Excerpt, version: str, caption: str) -> None:
    """Add a sheet of what the workbook is: title, caption, method, caveats, boundaries, citation."""
    say = partial(catalogue.said, part.content.lang, "workbook")
    sheet = Sheet(book, say("about"), (say("what"), say("words")))
    told = provenance(part, version) | {"caption": caption}
    for name, text in _facts(part, told):
        if text:
            sheet.add([name, text], {1: LINK}, folded=True)
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
SIGNS = {SAID[LOWER_BOUND]: "≥", SAID[AT_MOST]: "≤"}
WORDS = ("unit", "words", "partial", "notes")


def data_sheets(book: Workbook, part: Excerpt) -> None:
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


def _units(part: Excerpt, layer: Layer) -> Iterator[list[str]]:
    """The first cells of every unit's row."""
    shown = catalogue.term(layer.metric.unit, part.content.lang)
    kinds = {unit.kind for unit in part.content.units}
    said = {kind: _say(part, f"kind_{kind}") for kind in kinds}
    for unit in part.content.units:
        yield [unit.code, unit.name, said[unit.kind], shown]


def _values(book: Workbook, part: Excerpt, layer: Layer, name: str) -> None:
    sheet = Sheet(book, name, _head(part), frozen=2, figures=len(UNITS))
    digits = _shown(layer, layer.told[0]).tolist()
    comments = 0
    for u, (unit, known) in enumerate(zip(_units(part, layer), layer.told[1].tolist(), strict=True)):
        looks = {
            n: HATCHED if known[t] == MISSING else _figure(digits[u][t], SIGNS.get(SAID[known[t]], ""))
            for n, t in enumerate(part.slices, len(UNITS))
        }
        sheet.add([*unit, *(value_of(layer, u, t) for t in part.slices)], looks)
        for n, t in enumerate(part.slices, len(UNITS)):
            words = _words(part, layer, u, t) if known[t] != MISSING and comments < MOST_COMMENTS else ""
            if words:
                sheet.comment(n, words)
                comments += 1
    sheet.close(WIDEST_NAME)


@lru_cache(maxsize=1_024)
def _figure(digits: int, sign: str) -> Look:
    return Look(code=decimals(digits, sign))


def _words(part: Excerpt, layer: Layer, unit: int, t: int) -> str:
    bound = _say(part, "bound") if layer.status[unit, t] == LOWER_BOUND else ""
    return "\n".join(filter(None, (bound, note_of(part, layer, unit, t))))


def _statuses(book: Workbook, part: Excerpt, layer: Layer, name: str) -> None:
    sheet = Sheet(book, name, _head(part), frozen=2)
    said = cast("Mapping[str, str]", catalogue.words_of(part.content.lang, "page")["status"])
    english = part.content.lang == catalogue.ENGLISH  # whose words are those of every table
    for unit, known in zip(_units(part, layer), layer.told[1].tolist(), strict=True):
        words = [SAID[known[t]] for t in part.slices]
        sheet.add([*unit, *(word if english else said[word] for word in words)])
    sheet.close(WIDEST_NAME)


def tidy_sheet(book: Workbook, part: Excerpt) -> None:
    """Add a sheet of one row per figure, with the columns of the CSV."""
    sheet = Sheet(book, _say(part, "tidy"), TIDY)
    layers = {layer.metric.name: layer for layer in part.layers}
    dated, place = [key in {"start", "end"} for key in TIDY], TIDY.index("value")
    for metric, group in groupby(tidy(part), lambda row: row["metric"]):
        rows = list(group)
        digits = _shown(layers[metric], np.array([row["value"] for row in rows])).tolist()
        for row, shown in zip(rows, digits, strict=True):
            sign = SIGNS.get(row["status"], "")
            values = [day(each) if is_day else each for each, is_day in zip(row.values(), dated, strict=True)]
            sheet.add(values, {place: _figure(shown, sign)})
    sheet.filtered()
    sheet.close()


def periods_sheet(book: Workbook, part: Excerpt) -> None:
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
        signs, digits = _signs(row), _shown(layer, np.array(sums, dtype=np.float64)).tolist()
        looks = {len(days) + n: _figure(digits[n], signs.get(name, "")) for n, name in enumerate(told)}
        sheet.add([*days, *sums, *words], looks, folded=True)
    sheet.close()


def _shown(layer: Layer, values: np.ndarray) -> np.ndarray:
    """Decimals of cells: those of their column if they are few, else their own: 3 is not 3.00000000."""
    if layer.digits <= FIXED:
        return np.full(values.shape, layer.digits)
    return np.asarray(np.clip(digits_each(values), 1, MOST_DECIMALS))


def _signs(row: dict[str, Any]) -> dict[str, str]:
    """Of the parts of the whole: a lower bound in a sum makes it "at least", and the rest "at most"."""
    mapped, stated = row["mapped_at_least"], row["stated_at_least"]
    return {
        "mapped": "≥" if mapped else "", "stated": "≥" if stated else "",
        "unstated": "≤" if mapped or stated else "",
    }  # fmt: skip


def workbook(part: Excerpt, version: str) -> bytes:
    """Write the sheets Data and Status (one of each per metric), Tidy, Periods, Sources and About.

    Raises
    ------
    OutputError : more rows or columns than a sheet holds.
    """
    with kept():
        book = Workbook(sound(part.content.title), f"geotrack {version}", _moment(part.content))
        data_sheets(book, part)
        tidy_sheet(book, part)
        periods_sheet(book, part)
        sources_sheet(book, part)
        about_sheet(book, part, version, told(part))
        return book.content()


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
