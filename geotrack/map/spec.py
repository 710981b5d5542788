"""A map's specification: maps/<name>.toml, read and checked against the keys there are."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path
from typing import Any

from geotrack.errors import SpecError
from geotrack.files import toml_of
from geotrack.geo import projections
from geotrack.kinds import Wanted, is_flag, is_list, is_number, is_text, one_of
from geotrack.model import FREQS, THEMES

OWN = "user"
"""Name of the series that a table of one's own is."""

SCHEMES = ("skewed", "quantiles", "equal", "diverging")


@dataclass(frozen=True)
class Spec:
    """What a map shows. Every key but `series`, or `table`, may be left out.

    Parameters
    ----------
    series : name of a series, see `geotrack series`.
    title, description : of the map, and of its place in the gallery.
    metrics : names of the series' metrics; the first is shown first. All of them if left out.
    slices : "own" (the data's own periods), "month", "quarter", "half" or "year".
    since, until : ISO days or periods that bound what is shown.
    groups : code -> name of regions or aggregates that are summed for the chart and the sentence.
    rest : name of the sum of all other places; "" draws none.
    sentence : text with {slice} and {code} of groups or regions.
    opening : "first", "last" or a period such as "2021-07".
    breaks : a method ("skewed", "quantiles", "equal", or "diverging", symmetric about zero) or a list of
        edges, for all metrics or, as a table, metric by metric; from -inf, to inf: with open classes.
    classes : how many classes, 3 to 9.
    palette : a ColorBrewer name; "YlGnBu", and for diverging classes "RdBu_r", if left out.
    outline : whether the groups' outer borders are drawn in their colours.
    complement : two codes that make up the whole: where the source states one, the other is derived.
    events : whether the events that belong to the series are drawn, if any do; a list of their dates draws
        only those.
    boundaries : name of shipped boundaries, or a file of shapes, from the folder of the specification; those
        of the series if left out.
    code : column of the regions' codes in that file; found by its name if left out.
    projection : "equal-earth", "boundaries" (their own) or anything PROJ reads.
    tiles : a folium tile layer; the map is then Web Mercator and asks the tiles' host.
    theme : "" (the reader's), "light" or "dark".
    lang : code of the language of what geotrack says, e.g. "en"; what authors wrote stays as it is.
    shift : whether the page has the modes of a shift: difference, mean centre, flows, two slices, panel.
    levels : code of a region -> series of its parts, shown when the region is clicked: {CHN = "..."}.
    compare : questions of `geotrack compare` whose sources stand beside each other under the map.
    as_of : a day; figures that became known or were revised after it are left out. "" shows the newest.
    table : path of a table of one's own, from the folder of the specification, in the place of a series.
    reading : how its columns are read, by the options of `geotrack map`: {region = "Land", unit = "%"}; a
        crosswalk is a path from that folder, too.
    """

    series: str
    title: str = ""
    description: str = ""
    metrics: tuple[str, ...] = ()
    slices: str = "own"
    since: str = ""
    until: str = ""
    groups: Mapping[str, str] | tuple[str, ...] = ()
    rest: str = "Other named regions"
    sentence: str = ""
    opening: str = "first"
    breaks: str | tuple[float, ...] | Mapping[str, str | tuple[float, ...]] = "skewed"
    classes: int = 0
    palette: str = ""
    outline: bool = True
    complement: tuple[str, ...] = ()
    events: bool | tuple[str, ...] | None = None
    boundaries: str = ""
    code: str = ""
    projection: str = ""
    tiles: str = ""
    theme: str = ""
    lang: str = "en"
    shift: bool = False
    levels: Mapping[str, str] | tuple[()] = ()
    compare: tuple[str, ...] = ()
    as_of: str = ""
    table: str = ""
    reading: Mapping[str, Any] | tuple[()] = ()


def read(path: Path | str) -> Spec:
    """Read a specification.

    Raises
    ------
    SpecError : no such file, not TOML, or a key or value that is not as it should be; names file, key and
        what is allowed.
    """
    path = Path(path)
    try:
        table = toml_of(path.read_bytes())
    except FileNotFoundError as error:
        raise SpecError(f"{path}: no such specification; {_known(path.parent)}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError(f"{path}: cannot be read: {error}") from error
    except ValueError as error:
        raise SpecError(f"{path}: not TOML: {error}") from error
    for where, key in ((table, "table"), (table.get("reading"), "crosswalk")):
        if isinstance(where, dict) and isinstance(where.get(key), str):
            where[key] = str(path.parent / where[key])
    if isinstance(named := table.get("boundaries"), str) and is_file(named):
        table["boundaries"] = str(path.parent / named)
    return check(table, str(path))


def files_of(spec: Spec) -> tuple[Path, ...]:
    """Return the files that a map is made from, where it is of a table of one's own."""
    shapes = spec.boundaries if is_file(spec.boundaries) else ""
    named = (spec.table, shapes, dict(spec.reading).get("crosswalk", ""))
    return tuple(Path(str(name)) for name in named if name)


def is_file(name: str) -> bool:
    """Tell a file from the name of a series or of shipped boundaries, which has no suffix."""
    return Path(name).suffix != ""


def check(table: Mapping[str, Any], where: str) -> Spec:
    """Check a table of keys and values; `where` is named in every error."""
    names = [f.name for f in fields(Spec)]
    unknown = [key for key in table if key not in names]
    if unknown:
        raise SpecError(
            f"{where}: unknown key {', '.join(map(repr, unknown))}; expected one of: {', '.join(names)}"
        )
    values: dict[str, Any] = {}
    for key, value in table.items():
        fits, wanted = CHECKS[key]
        if not fits(value):
            raise SpecError(f"{where}: {key} = {value!r} is not allowed; expected {wanted}")
        values[key] = _frozen(value)
    if ("series" in table) == bool(table.get("table")):
        what = "both series and table are named" if "series" in table else 'key "series" is missing'
        raise SpecError(
            f'{where}: {what}; expected series = a name such as "cbeci-countries", or table = a path'
        )
    if table.get("reading") and not table.get("table"):
        raise SpecError(
            f"{where}: reading says how a table is read, and none is named; expected table = a path"
        )
    return Spec(**({"series": OWN} | values))


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _frozen(item) for key, item in value.items()}
    return tuple(value) if isinstance(value, list) else value


def _known(folder: Path) -> str:
    names = ", ".join(sorted(p.stem for p in folder.glob("*.toml"))) if folder.is_dir() else ""
    return f"expected one of: {names}" if names else f"there is no specification in {folder}"


def _groups(value: object) -> bool:
    return is_list(value) or (isinstance(value, dict) and all(map(is_text, value.values())))


def _breaks(value: object) -> bool:
    if isinstance(value, dict):
        return bool(value) and not any(isinstance(v, dict) or not _breaks(v) for v in value.values())
    if isinstance(value, str):
        return value in SCHEMES
    if not isinstance(value, (list, tuple)) or len(value) < 2:
        return False
    ends = (value[0] == -math.inf, value[-1] == math.inf)  # classes that are open
    numbers = all(map(is_number, value[ends[0] : len(value) - ends[1]]))
    return numbers and all(a < b for a, b in pairwise(value))


def _classes(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and (value == 0 or 3 <= value <= 9)


CHECKS: dict[str, Wanted] = {
    "series": (is_text, "a series' name"),
    "title": (is_text, "text"),
    "description": (is_text, "text"),
    "metrics": (is_list, 'a list of metric names, e.g. ["share", "hashrate"]'),
    "slices": one_of(FREQS, repr),
    "since": (is_text, 'a period such as "2019-09"'),
    "until": (is_text, 'a period such as "2022-01"'),
    "groups": (_groups, 'a list of codes or a table of code = "name"'),
    "rest": (is_text, "text"),
    "sentence": (is_text, 'text such as "{slice}: China {CHN}"'),
    "opening": (is_text, '"first", "last" or a period such as "2021-07"'),
    "breaks": (
        _breaks,
        f"one of {', '.join(map(repr, SCHEMES))} a rising list of at least two numbers, or a "
        "table of these by metric",
    ),
    "classes": (_classes, "a whole number from 3 to 9"),
    "palette": (is_text, 'a ColorBrewer name such as "YlGnBu"'),
    "outline": (is_flag, "true or false"),
    "complement": (
        lambda value: is_list(value) and len(value) in {0, 2},
        'two codes, e.g. ["CHN", "canaan-overseas"]',
    ),
    "events": (lambda value: is_flag(value) or is_list(value), "true, false or a list of dates"),
    "boundaries": (is_text, "the name of shipped boundaries, or a file of shapes"),
    "code": (is_text, "the name of a column of that file"),
    "projection": (is_text, f"one of {', '.join(projections.NAMES)} or anything PROJ reads"),
    "tiles": (is_text, 'the name of a folium tile layer, e.g. "OpenStreetMap"'),
    "theme": one_of(THEMES, repr),
    "lang": (is_text, 'the code of a language, e.g. "en"'),
    "shift": (is_flag, "true or false"),
    "levels": (
        lambda value: value == () or (isinstance(value, dict) and all(map(is_text, value.values()))),
        'a table of code = "series", e.g. { CHN = "cbeci-china-provinces" }',
    ),
    "compare": (is_list, 'a list of questions, e.g. ["us-share", "revenue"]'),
    "as_of": (is_text, 'a day such as "2023-05-01"'),
    "table": (is_text, "the path of a table"),
    "reading": (lambda value: isinstance(value, dict) or value == (), 'a table, e.g. { unit = "%" }'),
}
