"""The inputs of a map, each with its hash: what a page was made of, and whether that is still so."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any

from geotrack.errors import GeotrackError, ParseError
from geotrack.files import canonical, json_of, sha256, toml_of
from geotrack.map.spec import Spec, read
from geotrack.model import Origin, Series
from geotrack.store.tables import read_rows
from geotrack.version import program

PLACES = ("reference/regions.csv", "reference/aggregates.csv", "reference/disputed.csv")
HOSTED = "address"
"""Name of the input that is no file: where the page will stand."""


def inputs_of(folder: Path, spec_path: Path, spec: Spec) -> dict[str, str]:
    """Return the sha256 of each input of a map, by name; one that is not there has none.

    Of files that many series share, only what the map draws on counts: its series' own table and boundaries,
    the origins that its figures name. Nothing is judged here: a file that cannot be read is hashed as it is,
    and the build says what is wrong with it.

    Parameters
    ----------
    folder : of the data.
    spec_path : the file that the specification was read from.
    """
    series, table = spec.series, _table(folder / "reference/series.toml", spec.series)
    shapes = spec.boundaries or _text(table, "boundaries") or _of_level(folder, spec) or Series.boundaries
    # as_of: a map of the figures as they once were is made of replaced ones too
    figures = [f"observations/{series}.csv", *([f"vintages/{series}.csv"] if _as_of(spec) else [])]
    dated = spec.events or (spec.events is None and _text(table, "events"))
    files = [*figures, *PLACES, *(["reference/events.csv"] if dated else [])]
    files.append(f"reference/boundaries/{shapes}.topojson")
    files += [f"observations/{name}.csv" for name in dict(spec.levels).values()]
    if spec.compare:  # the questions know which series they take
        files += sorted(path.relative_to(folder).as_posix() for path in folder.glob("observations/*.csv"))
    content = {name: (folder / name).read_bytes() for name in files if (folder / name).is_file()}
    used = {origin for name in figures for origin in origins_in(content.get(name, b""))}
    parts = {
        f"reference/series.toml [{series}]": table,
        f"reference/boundaries/boundaries.toml [{shapes}]": _table(
            folder / "reference/boundaries/boundaries.toml", shapes
        ),
        f"reference/origins.csv [of {series}]": _origins(folder / "reference/origins.csv", used),
    }
    found = {name: sha256(data) for name, data in content.items()}
    found |= {name: sha256(canonical(part)) for name, part in parts.items() if part is not None}
    own = [Path(str(path)) for path in (spec.table, dict(spec.reading).get("crosswalk", "")) if path]
    found |= {path.name: sha256(path.read_bytes()) for path in own if path.is_file()}
    said = {"as of": sha256(_as_of(spec).encode())} if _as_of(spec) else {}
    said |= {"language": sha256(spec.lang.encode())} if spec.lang != Spec.lang else {}
    if spec_path.is_file():
        found[spec_path.name] = sha256(spec_path.read_bytes())
    return found | said | {"program": program()}


def _of_level(folder: Path, spec: Spec) -> str:
    """Return the boundaries of the level that is said of a table of one's own; "" if none is."""
    from geotrack.store.folder import DataFolder  # an embed that reads a manifest loads no pandas
    from geotrack.store.levels import drawn_on

    level = dict(spec.reading).get("level")
    try:
        return drawn_on(level, DataFolder.of(folder).levels) if level else ""
    except GeotrackError:  # the build says what is wrong
        return ""


def changes(page: Path, inputs: Mapping[str, str]) -> tuple[str, ...]:
    """Say why a page must be made anew; nothing if its manifest, its bytes and its inputs agree.

    Parameters
    ----------
    page : the page; its manifest stands beside it.
    inputs : name -> sha256 of what it would be made of now.
    """
    manifest = page.with_suffix(".json")
    if not manifest.is_file():
        return (f"{manifest.name}: there is none",)
    try:
        table = json_of(manifest.read_bytes())
        then, expected = dict(table["inputs"]), table["files"][page.name]
    except (KeyError, TypeError, ValueError):  # of an older version, or damaged
        return (f"{manifest.name} does not say what the page was made of",)
    if not page.is_file():
        return (f"{page.name}: there is none",)
    own = [] if sha256(page.read_bytes()) == expected else [f"{page.name} is not as it was built"]
    names = sorted({*then, *inputs})
    return (*own, *(f"{n} {_how(n, then, inputs)}" for n in names if then.get(n) != inputs.get(n)))


def current(page: Path, folder: Path, spec_path: Path, lang: str = "") -> Mapping[str, Any]:
    """Return the manifest of a page that is as it would be built now; else nothing.

    Parameters
    ----------
    folder : of the data. spec_path : the file that the specification is read from.
    lang : instead of the specification's own.
    """
    try:
        table: dict[str, Any] = json_of(page.with_suffix(".json").read_bytes())
        address = {name: table["inputs"][name] for name in (HOSTED,) if name in table["inputs"]}
    except (OSError, KeyError, TypeError, ValueError):
        return {}
    wanted = read(spec_path)
    now = inputs_of(folder, spec_path, replace(wanted, lang=lang or wanted.lang)) | address
    return {} if changes(page, now) or "embed" not in table else table


def _how(name: str, then: Mapping[str, Any], now: Mapping[str, str]) -> str:
    if name not in then:
        return "is new"
    return "changed" if name in now else "is gone"


def origins_in(content: bytes) -> set[str]:
    """Return the origins that a CSV's column `origin` names; none where there is no such column."""
    text = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", errors="replace", newline="")
    rows = csv.reader(text)
    try:
        return set(map(itemgetter(next(rows).index("origin")), filter(None, rows)))
    except (StopIteration, ValueError, IndexError, csv.Error):
        return set()


def _as_of(spec: Spec) -> str:
    return str(getattr(spec, "as_of", ""))


def _table(path: Path, name: str) -> Any:
    """Return one table of a TOML file, None if it has none; all of its text if it is no TOML."""
    try:
        text = path.read_bytes().decode("utf-8", errors="replace")
        return _parsed(text).get(name)
    except OSError:
        return None
    except ValueError:
        return text


@lru_cache(maxsize=4)
def _parsed(text: str) -> dict[str, Any]:
    """Return the tables of a TOML text, parsed once: those that all maps of a build share."""
    return toml_of(text)


def _text(table: Any, key: str) -> str:
    return str(table.get(key, "")) if isinstance(table, dict) else ""


def _origins(path: Path, used: Iterable[str]) -> Any:
    """Return the rows of some origins, by id; all of the file's text if it cannot be read."""
    try:
        rows = read_rows(path, tuple(Origin.__dataclass_fields__))
    except ParseError:
        return path.read_bytes().decode("utf-8", errors="replace") if path.is_file() else None
    wanted = set(used)
    return sorted((row for row in rows if row["id"] in wanted), key=itemgetter("id"))
