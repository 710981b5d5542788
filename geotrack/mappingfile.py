"""The file of a mapping: written as TOML, read back, and the series that it makes of a table."""

from __future__ import annotations

import re
import tomllib
from collections import abc
from collections.abc import Callable
from dataclasses import MISSING, fields
from decimal import Decimal
from typing import Any

import pandas as pd

from geotrack.columnmap import BOUNDARIES, CHOICES, SOURCE, Mapping, is_rate, kind, over_time
from geotrack.errors import ParseError

HEAD = "# How `geotrack import` reads this table; see the README. Columns are named as in the header.\n"


def to_toml(mapping: Mapping) -> str:
    """Write a mapping as TOML, its source as a table; what is not said is left out."""
    said = {f.name: getattr(mapping, f.name) for f in fields(mapping) if f.name != "source"}
    default = {f.name: f.default for f in fields(mapping)}
    lines = [_line(key, value) for key, value in said.items() if value != default[key]]
    if mapping.source:
        lines += ["", "[source]", *(_line(key, value) for key, value in mapping.source.items())]
    return HEAD + "\n".join([*lines, ""])


def from_toml(text: str, where: str) -> Mapping:
    """Read a mapping back.

    Parameters
    ----------
    where : the file's name, for messages.

    Raises
    ------
    ParseError : no TOML, unknown or missing keys, or values of another kind; lists them.
    """
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ParseError(
            f"{where}: no TOML: {error}; correct it, or remove it and say the mapping anew"
        ) from error
    if faults := _faults(table):
        raise ParseError(
            f"{where}: cannot be read as a mapping: {'; '.join(faults)}; correct it, or remove it and say "
            "the mapping anew"
        )
    read: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in table.items()
    }
    if "whole" in read:
        read["whole"] = float(read["whole"])
    return Mapping(**read)


def series_table(mapping: Mapping, labelled: pd.DataFrame) -> dict[str, Any]:
    """Return the series that a user's table is, as a table of series.toml.

    Parameters
    ----------
    labelled : rows as `labelling.apply` returns them; the series' name is the title, if the source has none.

    Raises
    ------
    SpecError : nothing tells how a metric's periods combine.
    """
    each = labelled.drop_duplicates(["metric", "unit"]).drop_duplicates("metric")
    units = dict(zip(each["metric"], each["unit"], strict=True))
    title = mapping.source.get("title", "") or labelled["series"].iloc[0]
    return {
        "title": title,
        "level": mapping.level,
        "boundaries": BOUNDARIES[mapping.level],
        "method": _method(mapping),
        "metrics": [
            _metric(mapping, labelled[labelled["metric"] == metric], metric, unit) | {"title": title_of}
            for metric, unit in units.items()
            for title_of in [metric if len(units) > 1 else title]
        ],
    }


def series_toml(name: str, table: abc.Mapping[str, Any]) -> str:
    """Write a series as the block of series.toml that describes it."""
    plain = {key: value for key, value in table.items() if key != "metrics"}
    lines = [f"[{_key(name)}]", *(_line(key, value) for key, value in plain.items())]
    for metric in table["metrics"]:
        lines += ["", f"[[{_key(name)}.metrics]]", *(_line(key, value) for key, value in metric.items())]
    return "\n".join([*lines, ""])


def _metric(mapping: Mapping, rows: pd.DataFrame, metric: str, unit: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": metric,
        "title": metric,
        "unit": unit,
        "kind": kind(mapping, metric, unit),
        "over_time": over_time(mapping, metric, unit),
    }
    if mapping.whole is not None:
        made["whole"] = mapping.whole
    if not is_rate(mapping, metric, unit):
        made["tolerance"] = _tolerance(rows)
    return made


def _tolerance(rows: pd.DataFrame) -> float:
    """Return what rounded parts may miss their whole or total by: half a unit of the last decimal each."""
    most = int(rows.groupby(["start", "end"], sort=False).size().max())
    digits = max(len(value.partition(".")[2]) for value in rows["value"].unique())
    return float(Decimal(most) * Decimal("0.5").scaleb(-digits))


def _method(mapping: Mapping) -> str:
    columns = mapping.values or ("those named after periods",)
    listed = ", ".join(repr(c) for c in columns) if mapping.values else columns[0]
    return (
        f"A table brought in with `geotrack import`: regions from column {mapping.region!r}, figures from "
        f"column{'s' if len(columns) > 1 or not mapping.values else ''} {listed}; percent signs and signs "
        "between thousands taken out, no figure changed."
    )


def _line(key: str, value: Any) -> str:
    return f"{_key(key)} = {_value(value)}"


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _quoted(key)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(_value, value))}]"
    return repr(value)


def _quoted(text: str) -> str:
    """Write a basic string: quotes, backslashes and control characters escaped."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda found: f"\\u{ord(found[0]):04x}", escaped) + '"'


_Kind = tuple[Callable[[Any], bool], str]


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _source(value: object) -> bool:
    return isinstance(value, dict) and all(k in SOURCE and isinstance(text, str) for k, text in value.items())


def _positive(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e300


_KINDS: dict[str, _Kind] = {
    "whole": (_positive, "a number above zero, without quotes"),
    "partial": (lambda value: isinstance(value, bool), "true or false, without quotes"),
    "source": (_source, f"a table with texts: {', '.join(SOURCE)}"),
    **dict.fromkeys(("values", "metrics", "units", "empty", "columns"), (_texts, "a list of texts")),
}
_TEXT: _Kind = (lambda value: isinstance(value, str), "text in quotes")


def _faults(table: abc.Mapping[str, Any]) -> list[str]:
    """Say what of a table is no mapping."""
    known = [f.name for f in fields(Mapping)]
    found = [f"unknown key {key!r}; expected some of {', '.join(known)}" for key in table if key not in known]
    lacking = [f.name for f in fields(Mapping) if f.default is MISSING and f.default_factory is MISSING]
    found += [f"no {key}" for key in lacking if key not in table]
    for key in (key for key in table if key in known):
        fits, expected = _KINDS.get(key, _TEXT)
        if not fits(table[key]):
            found.append(f"{key} = {table[key]!r}; expected {expected}")
        elif key in CHOICES and table[key] not in CHOICES[key]:
            found.append(f"{key} = {table[key]!r}; expected one of {', '.join(CHOICES[key])}")
    return found or _halves(table)


def _halves(table: abc.Mapping[str, Any]) -> list[str]:
    """Say what is missing beside what is there."""
    count = len(table.get("values", ())) or 1
    found = []
    if table["layout"] == "long" and not table.get("values"):
        found.append("no values; expected a list of columns")
    if (
        table["layout"] == "long"
        and not table.get("period")
        and not (table.get("start") and table.get("end"))
    ):
        found.append("no period; expected a column, or start and end")
    for one, several in (("metric", "metrics"), ("unit", "units")):
        if not table.get(one) and len(table.get(several, ())) != count:
            found.append(f"{several} = {table.get(several, [])!r}; expected {count}, or a column as {one}")
    return found
