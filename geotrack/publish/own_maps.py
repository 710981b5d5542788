"""A map straight from a table: made, written by its suffix, and what to do with it next."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geotrack.build import maps, modes, own
from geotrack.errors import SpecError
from geotrack.files import line_of, refuse_over, write
from geotrack.language.text import slug
from geotrack.map import spec as specs
from geotrack.publish.suffixes import save, verb_of
from geotrack.store.crosswalk import HOW
from geotrack.store.folder import DataFolder
from geotrack.store.levels import COUNTRY
from geotrack.store.matching import UnmatchedError
from geotrack.store.reading import located
from geotrack.usertables import over_time_guess, stated, toml

if TYPE_CHECKING:
    from geotrack.timemap import TimeMap

ORIGIN = {
    "publisher": "PUBLISHER",
    "title": "TITLE",
    "url": "https://...",
    "licence": "LICENCE",
}
"""What an import must be told, and stands in its place in a command to be filled in."""


SHAPES = "; or draw them on shapes of your own: --boundaries FILE"
"""What else to do about them."""


@dataclass(frozen=True)
class MapWish:
    """What is wanted of a table.

    Parameters
    ----------
    content : the path of the table, or its bytes. name : of the file, as it was given.
    out : where the map goes; its suffix decides what is written.
    spec : where its specification goes, or None.
    shown : keys of the specification.
    data : folder of the data; found by itself if None.
    """

    content: Path | bytes
    name: Path
    out: Path
    shown: Mapping[str, object]
    spec: Path | None = None
    data: Path | None = None


@dataclass(frozen=True, eq=False)
class OwnMap:
    """A map that was made of a table, and written."""

    wish: MapWish
    given: Mapping[str, object]
    read: own.OwnTable
    timemap: TimeMap

    @property
    def path(self) -> Path:
        """Return where it was written."""
        return self.wish.out

    @property
    def name(self) -> str:
        """Return a name for a series of these figures."""
        return _free(slug(self.wish.name.stem)[:_LONGEST].strip("-") or "my-table", self.wish.data)


def make(wish: MapWish, given: Mapping[str, object]) -> OwnMap:
    """Read a table, make its map and write it, and its specification if that is wanted.

    Parameters
    ----------
    given : what is said of the table, by the keys of `own.OPTIONS`.

    Raises
    ------
    GeotrackError : whatever cannot be used; nothing is written then.
    """
    verb_of(wish.out)  # before what takes long
    _refuse_loss(wish, given)
    if wish.spec and isinstance(wish.content, bytes):
        raise SpecError("--spec: the table came from standard input; save it as a file, and name that")
    wanted = specs.check({"series": specs.OWN, **wish.shown}, "geotrack map")
    folder = DataFolder.of(wish.data)
    drawn = maps.shapes_of(wanted)
    known = None if drawn else folder.regions
    levels = folder.levels
    found = own.read(wish.content, given, wanted=wanted, regions=known, levels=levels, shapes=drawn)
    try:
        id = slug(wish.out.stem) or "map"
        timemap = modes.build_own(wanted, id, found, shapes=drawn, data=wish.data)
    except UnmatchedError as error:
        raise error.retold(f"{error} {HOW}{'' if drawn else SHAPES}") from error
    save(timemap, wish.out)
    made = OwnMap(wish, dict(given), found, timemap)
    if wish.spec:
        write(wish.spec, _spec(made, wish.spec.parent))
    return made


def _refuse_loss(wish: MapWish, given: Mapping[str, object]) -> None:
    """Refuse to write over a file that is read, or one file over the other."""
    named = (given.get("crosswalk"), wish.shown.get("boundaries"))
    read = [Path(str(name)) for name in named if name]
    read += [wish.content] if isinstance(wish.content, Path) else []
    for out in filter(None, (wish.out, wish.spec)):
        refuse_over(out, read)
    if wish.spec and wish.spec.resolve() == wish.out.resolve():
        raise SpecError(f"--out and --spec are one file, {wish.spec}; give them different names")


def told(made: OwnMap) -> list[str]:
    """Say how the table was read, what was written, and what to do next."""
    reading = made.timemap.content.reading
    assert reading is not None
    lines = [str(made.wish.name), *(f"  {line}" for line in reading.lines)]
    lines.append(line_of(made.path, made.path.stat().st_size))
    shapes = made.read.geometry is not None or specs.is_file(str(made.wish.shown.get("boundaries", "")))
    if made.wish.name != Path("-") and not shapes:  # an import takes known regions
        lines.append(f"keep it:   {_import(made)}")
        if over_time_guess(made.read.columns, made.read.labelled):
            lines.append(
                "           --over-time is a guess there: mean for a share or a rate, last for a stock"
            )
    spec = made.wish.spec
    change = f"edit {spec}, then geotrack build {spec}" if spec else "--spec FILE writes its specification"
    return [*lines, f"change it: {change}"]


def facts(made: OwnMap) -> dict[str, Any]:
    """Return the same for scripts."""
    reading = made.timemap.content.reading
    assert reading is not None
    return {
        "map": made.timemap.content.id,
        "file": str(made.path),
        "bytes": made.path.stat().st_size,
        "reading": {
            "lines": list(reading.lines),
            "columns": {kind: list(columns) for kind, columns in reading.columns.items()},
            "regions": dict(reading.regions),
            "without figures": list(reading.lacking),
        },
        "keep": _import(made),
    }


def _spec(made: OwnMap, folder: Path) -> str:
    """Return the specification that `geotrack build` makes the same map of; paths are from its folder."""

    def path(name: object) -> str:
        return Path(os.path.relpath(str(name), folder)).as_posix()

    said = {**stated(made.read.columns), **made.read.more}
    if "freq" not in made.given:  # the days of a table that changed tell anew what they stand for
        said.pop("freq", None)
    reading = said | ({"crosswalk": path(said["crosswalk"])} if "crosswalk" in said else {})
    shown = dict(made.wish.shown)
    if specs.is_file(str(shown.get("boundaries", ""))):
        shown["boundaries"] = path(shown["boundaries"])
    return toml({"table": path(made.wish.content), **shown, "reading": reading})


def _import(made: OwnMap) -> str:
    """Return the command that keeps the figures, filled in as far as it is known; works as it stands."""
    columns, more = made.read.columns, {}
    units = [columns.unit] if columns.unit else [unit or "UNIT" for unit in columns.units]
    if columns.level != COUNTRY:  # that of the boundaries that were named
        more["level"] = columns.level
    if guessed := over_time_guess(made.read.columns, made.read.labelled):
        more["over_time"] = guessed
    said = {"unit": units or ["UNIT"]} | more | dict(made.given)
    said.pop("missing", None)  # an import takes what a total leaves open as a warning to accept
    named = said.pop("source", {})
    assert isinstance(named, Mapping)
    source = ORIGIN | dict(named)
    first, folder = _folder(made.wish.data)
    words = ["geotrack", "import", str(made.wish.name), "--series", made.name]
    for key, value in (said | source | folder).items():
        for each in value if isinstance(value, (list, tuple)) else [value]:
            words += [f"--{key.replace('_', '-')}", str(each)]
    return first + shlex.join([*words, "--yes"])


def _folder(data: Path | None) -> tuple[str, dict[str, str]]:
    """Return what makes a data folder to import into, if there is none, and how it is named."""
    if data:
        return "", {"data": str(data)}
    if os.environ.get("GEOTRACK_DATA") or located(None) == Path("data"):
        return "", {}
    if not Path("data").exists() and not Path("maps").exists():
        return "geotrack init && ", {}
    return f"geotrack init {_OWN} && ", {"data": f"{_OWN}/data"}


def _free(name: str, data: Path | None) -> str:
    """Return a name that no series has but one that was imported before."""
    folder = located(data)
    shipped = (folder / "observations" / f"{name}.csv").exists()
    return f"my-{name}" if shipped and not (folder / "imports" / f"{name}.toml").exists() else name


_OWN = "my-geotrack"
"""Where `geotrack init` copies the data to, if there is something here that it would write over."""

_LONGEST = 50
"""Letters of the name of a series that is made from that of a file."""
