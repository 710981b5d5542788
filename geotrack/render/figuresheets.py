"""The sheets of a workbook that hold figures: by slice, their statuses, tidy rows, sums of periods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import numpy as np

from geotrack.language import catalogue
from geotrack.language.figures import FIXED
from geotrack.language.numbers import digits_of
from geotrack.map.content import Layer
from geotrack.map.views import Excerpt
from geotrack.model import LOWER_BOUND, MISSING, STATUSES
from geotrack.render.provenance import periods
from geotrack.render.rows import TIDY, note_of, tidy, value_of
from geotrack.render.sheet import Sheet, day, decimals

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
