"""SDMX-JSON, as the OECD, the ECB and other offices answer: figures under keys of places in lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from geotrack.usertables.words.names import NAMES, key_of

VALUE = "OBS_VALUE"
_BY_CODE = frozenset(("time_period", "unit_mult", "obs_status", "conf_status", *NAMES["region"]))
"""Keys of components whose codes are read as they are; of others their names are."""


class _Component(NamedTuple):
    """A dimension or an attribute: its name as a column, and what its places stand for."""

    column: str
    texts: tuple[str, ...]

    def text(self, place: Any) -> str:
        """Return what stands at a place; what is no place of a list stands for itself."""
        if place is None:
            return ""
        number = str(place)
        if isinstance(place, list):
            return "; ".join(self.text(each) for each in place)
        if not self.texts or not number.isdecimal():
            return str(place.get("en", next(iter(place.values()), "")) if isinstance(place, dict) else place)
        return self.texts[int(number)]


def columns_of(found: Any) -> dict[str, list[Any]] | None:
    """Return the columns of a message of SDMX-JSON, of its first or second version; None if it is none.

    Raises
    ------
    ValueError, KeyError, TypeError, IndexError, AttributeError : a message that does not hold what it says.
    """
    if not isinstance(found, dict):
        return None
    within: dict[str, Any] = found["data"] if isinstance(found.get("data"), dict) else found
    sets = within.get("dataSets")
    told = within.get("structures") or [within.get("structure") or found.get("structure")]
    if not isinstance(sets, list) or not sets or not isinstance(told[0], dict):
        return None
    rows = [row for each in sets for row in _rows(each, told[int(str(each.get("structure", 0)))])]
    names = list(dict.fromkeys(name for row in rows for name in row))
    filled = [name for name in names if name == VALUE or any(row.get(name) for row in rows)]
    return {name: [row.get(name) for row in rows] for name in filled}


def _rows(data: Mapping[str, Any], structure: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a row for each figure of a set of data."""
    dimensions = _parts(structure.get("dimensions") or {})
    attributes = _parts(structure.get("attributes") or {})
    of_all = {part.column: part.text(0) for part in dimensions["dataSet"]}
    of_all |= _told(attributes["dataSet"], data.get("attributes") or ())
    groups = _groups(attributes["dimensionGroup"], data.get("dimensionGroupAttributes") or {})
    every = [*dimensions["series"], *dimensions["observation"]]
    series = data.get("series") or {"": {"observations": data.get("observations") or {}}}
    for key, one in series.items():
        over = {**of_all, **_told(attributes["series"], one.get("attributes") or ())}
        places = _places(key)
        for beside, cells in (one.get("observations") or {}).items():
            all_places = [*places, *_places(beside)]
            if len(all_places) != len(every):
                raise ValueError(
                    f"SDMX-JSON whose key {key}:{beside} has not a place for each of {len(every)} dimensions"
                )
            row = {part.column: part.texts[int(place)] for part, place in zip(every, all_places, strict=True)}
            figure, *more = cells if isinstance(cells, list) else [cells]
            grouped = _of_groups(groups, all_places)
            yield {**row, **over, **grouped, VALUE: figure, **_told(attributes["observation"], more)}


_Groups = dict[tuple[int, ...], dict[tuple[str, ...], dict[str, str]]]


def _groups(parts: Sequence[_Component], told: Mapping[str, Any]) -> _Groups:
    """Return what is said of groups of figures, by the dimensions that their keys do not leave open."""
    made: _Groups = {}
    for key, places in told.items():
        own = [(n, place) for n, place in enumerate(key.split(":")) if place not in ("", "~")]
        texts = {name: text for name, text in _told(parts, places).items() if text}
        of = made.setdefault(tuple(n for n, _ in own), {}).setdefault(tuple(place for _, place in own), {})
        of |= texts
    return made


def _of_groups(groups: _Groups, places: Sequence[str]) -> dict[str, str]:
    said: dict[str, str] = {}
    for fixed, told in groups.items():
        said |= told.get(tuple(places[n] for n in fixed), {})
    return said


def _places(key: str) -> list[str]:
    return key.split(":") if key else []


def _told(parts: Sequence[_Component], places: Sequence[Any]) -> dict[str, str]:
    return {part.column: part.text(place) for part, place in zip(parts, places, strict=False)}


def _parts(told: Mapping[str, Any]) -> dict[str, list[_Component]]:
    """Return dimensions or attributes by what they are said of."""
    kinds = ("dataSet", "dimensionGroup", "series", "observation")
    return {kind: [_part(each) for each in told.get(kind) or ()] for kind in kinds}


def _part(told: Mapping[str, Any]) -> _Component:
    values = [each if isinstance(each, dict) else {"id": each} for each in told.get("values") or ()]
    codes = tuple(str(each.get("id", each.get("value", ""))) for each in values)
    names = tuple(_name(each) or code for each, code in zip(values, codes, strict=True))
    by_code = key_of(str(told["id"])) in _BY_CODE or len({*names}) < len(names)
    return _Component(str(told["id"]), codes if by_code else names)


def _name(value: Mapping[str, Any]) -> str:
    """Return the name of a code, in English if there are several."""
    name = value.get("name") or value.get("names") or ""
    return str(name.get("en") or next(iter(name.values()), "")) if isinstance(name, dict) else str(name)
