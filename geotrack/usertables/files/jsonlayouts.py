"""How JSON that is no plain list of records holds a table: APIs' answers, pandas' orients, offices' cubes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any, NamedTuple

from geotrack.usertables.files import sdmxjson
from geotrack.usertables.periods.texts import is_period

MOST_CELLS = 20_000_000
"""Of JSON-stat, where a few sizes may stand for more than any memory holds."""


class Laid(NamedTuple):
    """The records, columns or rows that were found, how, and what is said of them."""

    found: Any
    how: str = "JSON records"
    skipped: tuple[str, ...] = ()


def laid(found: Any) -> Laid:
    """Return the table within JSON as a list of records, an object of columns, or a list of rows.

    What is none that is known is returned as it is, for the reader to refuse.
    """
    for look in (_geojson, _sdmx, _json_stat, _split, _by_rows_and_columns, _paged, _inner):
        if answer := look(found):
            return answer
    return Laid(found)


def _geojson(found: Any) -> Laid | None:
    if not isinstance(found, dict) or found.get("type") != "FeatureCollection":
        return None
    features = found.get("features")
    shapes = isinstance(features, list) and all(isinstance(each, dict) for each in features)
    told = [each.get("properties") or {} for each in features] if shapes and features else None
    return Laid(told, "GeoJSON: what its features tell")


def _split(found: Any) -> Laid | None:
    """Read what pandas calls split and table: columns beside data, a schema beside records."""
    if not isinstance(found, dict) or not isinstance(data := found.get("data"), list):
        return None
    if isinstance(schema := found.get("schema"), dict) and _are_records(data):
        counted = "index" in (schema.get("primaryKey") or ()) and _counts(
            [each.get("index") for each in data]
        )
        rows = [{k: v for k, v in each.items() if not counted or k != "index"} for each in data]
        return Laid(rows, "JSON, a table of pandas")
    columns, index = found.get("columns"), found.get("index", [])
    if not isinstance(columns, list) or not all(isinstance(row, list) for row in data):
        return None
    if index and not _counts(index) and len(index) == len(data):
        columns, data = ["", *columns], [[name, *row] for name, row in zip(index, data, strict=True)]
    return Laid([list(map(str, columns)), *data], "JSON, a split table of pandas")


def _by_rows_and_columns(found: Any) -> Laid | None:
    """Read objects of objects: columns where the inner keys count rows, rows where the outer ones do."""
    if not isinstance(found, dict) or not found or not all(isinstance(v, dict) and v for v in found.values()):
        return None
    outer, inner = list(found), list(dict.fromkeys(key for each in found.values() for key in each))
    if any(isinstance(cell, dict | list) for each in found.values() for cell in each.values()):
        return None
    columns = {key: [each.get(n) for n in inner] for key, each in found.items()}
    if _counts(inner) != _counts(outer):
        counted = _counts(outer)
        return Laid(list(found.values()) if counted else columns, "JSON, numbered rows of pandas")
    if all(map(is_period, inner)) and not all(map(is_period, outer)):
        rows = [[key, *map(each.get, inner)] for key, each in found.items()]
        return Laid([["", *inner], *rows], "JSON, rows by name")
    if all(map(is_period, outer)) and not all(map(is_period, inner)):
        rows = [[name, *cells] for name, *cells in zip(inner, *columns.values(), strict=True)]
        return Laid([["", *outer], *rows], "JSON, columns by name")
    return None


def _counts(keys: Sequence[Any]) -> bool:
    return [str(key) for key in keys] == [str(n) for n in range(len(keys))]


def _paged(found: Any) -> Laid | None:
    """Read what the World Bank's API answers: a page's number, then its records."""
    if not isinstance(found, list) or len(found) != 2 or not isinstance(found[0], dict):
        return None
    return (
        Laid(found[1], "JSON records of an API", _lacking(found[0], found[1]))
        if _are_records(found[1])
        else None
    )


_WITHIN = ("data", "records", "value", "results", "items", "observations", "rows")
"""What APIs call their records, where other lists stand beside them."""


def _inner(found: Any) -> Laid | None:
    """Read the only list of records within objects; of several the one that is called so."""
    if not isinstance(found, dict):
        return None
    lists = list(_lists(found))
    named = [each for each in lists if each[0] in _WITHIN]
    kept = lists if len(lists) == 1 else named
    if len(kept) != 1:
        return None
    name, records, around = kept[0]
    if name == "records":  # CKAN numbers its rows
        records = [{key: cell for key, cell in each.items() if key != "_id"} for each in records]
    return Laid(records, "JSON records", _lacking(around, records))


def _lists(found: Mapping[str, Any], depth: int = 3) -> Iterator[tuple[str, list[Any], Mapping[str, Any]]]:
    """Yield the lists of records in objects within objects, each with its name and what it stands in."""
    for name, each in found.items():
        if _are_records(each):
            yield name, each, found
        elif isinstance(each, dict) and depth:
            yield from _lists(each, depth - 1)


def _are_records(found: Any) -> bool:
    return isinstance(found, list) and bool(found) and all(isinstance(each, dict) for each in found)


def _lacking(around: Mapping[str, Any], records: Sequence[Any]) -> tuple[str, ...]:
    """Say that an answer is one page of several: the figures of the others are not in the file."""
    pages, total = (str(around.get(key) or "") for key in ("pages", "total"))
    link = next((key for key in around if key.endswith("nextLink")), "")
    if pages.isdecimal() and int(pages) > 1:
        return (
            f"the file is page {around.get('page', '?')} of {pages}: what stands on the others is not read",
        )
    if total.isdecimal() and int(total) > len(records):
        return (f"the file holds {len(records):,} of {int(total):,} records: the others are not read",)
    return ("the file is one page of several (it names the next): the others are not read",) if link else ()


def _sdmx(found: Any) -> Laid | None:
    columns = sdmxjson.columns_of(found)
    return Laid(columns, "SDMX-JSON") if columns else None


def _json_stat(found: Any) -> Laid | None:
    """Read JSON-stat, as Eurostat and other offices give it: a value for each cell of a cube."""
    found = found.get("dataset", found) if isinstance(found, dict) else found
    if not isinstance(found, dict) or not isinstance(dimensions := found.get("dimension"), dict):
        return None
    names, sizes = (found.get(key) or dimensions.get(key) for key in ("id", "size"))
    if not isinstance(names, list) or not isinstance(sizes, list) or "value" not in found:
        return None
    counts = [int(str(size)) for size in sizes]
    cells = prod(counts)
    if cells > MOST_CELLS:
        raise ValueError(f"JSON-stat of {cells:,} cells; at most {MOST_CELLS:,} are read")
    roles = found.get("role") or dimensions.get("role") or {}
    plain = {*roles.get("time", ()), *roles.get("geo", ()), "time", "geo"}
    told = [_categories(dimensions[name], name in plain) for name in names]
    if [*map(len, told)] != counts:
        raise ValueError("JSON-stat whose dimensions have other sizes than it says")
    keys = list(product(*told))
    columns: dict[str, list[Any]] = {str(name): [key[n] for key in keys] for n, name in enumerate(names)}
    columns["value"] = _cells(found["value"], cells)
    if found.get("status"):
        columns["OBS_FLAG"] = _cells(found["status"], cells)
    return Laid(columns, "JSON-stat")


def _categories(dimension: Mapping[str, Any], coded: bool) -> list[str]:
    """Return what a dimension's places stand for: codes of periods and regions, else names."""
    category = dimension["category"]
    labels = category.get("label") or {}
    index = category.get("index") or list(labels)
    codes = list(index) if isinstance(index, list) else sorted(index, key=lambda code: int(str(index[code])))
    spoken = not coded or not any(re.fullmatch("[A-Z]{2,3}|[0-9].*", str(code)) for code in codes)
    return [str(labels.get(code, code)) if spoken else str(code) for code in codes]


def _cells(given: Any, count: int) -> list[Any]:
    """Return a value for each cell; of a few that are given by place, of one for all, of a list."""
    if isinstance(given, dict):
        return [given.get(str(n)) for n in range(count)]
    if isinstance(given, str):
        return [given] * count
    if len(given) != count:
        raise ValueError(f"JSON-stat with {len(given)} values for {count} cells")
    return list(given)
