"""The levels that regions may have: those that a data folder lists and has boundaries of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from geotrack.errors import SpecError
from geotrack.model import Series
from geotrack.store.regions import Regions
from geotrack.store.tables import read_toml

COUNTRY = "country"

Levels = Mapping[str, tuple[str, ...]]
"""Level -> its boundaries, first those that it is drawn on if nothing else is said."""


def read(folder: Path, regions: Regions) -> Levels:
    """Return the levels of a data folder, in the order of boundaries.toml.

    Raises
    ------
    ParseError
        boundaries.toml cannot be read.
    """
    found: dict[str, tuple[str, ...]] = {}
    for name, table in read_toml(folder / "reference/boundaries/boundaries.toml", "boundaries").items():
        level = table.get("level")
        if isinstance(level, str) and level in regions.levels:
            found[level] = (*found.get(level, ()), name)
    return found


def refuse_unknown(level: object, levels: Levels) -> None:
    """Refuse a level that there is not.

    Raises
    ------
    SpecError
        Regions or boundaries lack.
    """
    if level not in (COUNTRY, *levels):
        raise SpecError(
            f"level = {level!r} is not known; expected one of: {', '.join(levels)}: those that regions.csv "
            "has regions of, and boundaries.toml boundaries"
        )


def drawn_on(level: str, levels: Levels) -> str:
    """Return the boundaries that a level is drawn on if nothing else is said."""
    return levels.get(level, (Series.boundaries,))[0]


def level_of(boundaries: str, levels: Levels) -> str:
    """Return the level that is told by the name of boundaries: of a country's parts; else ""."""
    return next((level for level, names in levels.items() if boundaries in names and level != COUNTRY), "")
