"""The settings of a data folder: who asks its sources, and what is not to be read of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geotrack import secrecy
from geotrack.errors import SpecError
from geotrack.files import toml_of


@dataclass(frozen=True)
class Settings:
    """What update.toml of a data folder says: who asks, and which files are not to be read, and why."""

    contact: str = ""
    skip: Mapping[str, str] = field(default_factory=dict)


def read(folder: Path, environment: Mapping[str, str]) -> Settings:
    """Read a data folder's update.toml; GEOTRACK_CONTACT of the environment wins over its `contact`.

    Raises
    ------
    SpecError : update.toml is no TOML, or something in it is not as it should be.
    """
    path, table = folder / "update.toml", dict[str, Any]()
    if path.exists():
        try:
            table = toml_of(path.read_bytes())
        except (OSError, ValueError) as error:
            raise SpecError(
                f'{path}: cannot be read: {error}; expected contact = "name and address"'
            ) from error
    contact, skip = table.pop("contact", ""), table.pop("skip", {})
    reasons = skip.values() if isinstance(skip, dict) else [None]
    if table or not isinstance(contact, str) or not all(isinstance(r, str) and r.strip() for r in reasons):
        raise SpecError(
            f'{path}: expected contact = "name and address" in quotes, a table [skip] of "source/file" = '
            f'"why it is not read", and nothing else; found {", ".join(table) or "another kind of value"}'
        )
    said = {"GEOTRACK_CONTACT": environment.get("GEOTRACK_CONTACT", ""), f"{path}: contact": contact}
    if told := secrecy.faults(said):
        raise SpecError("; ".join(told))
    return Settings(environment.get("GEOTRACK_CONTACT", "").strip() or contact.strip(), skip)
