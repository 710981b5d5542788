"""The specifications there are, found by their names."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from geotrack.errors import SpecError
from geotrack.map import spec
from geotrack.map.spec import Spec
from geotrack.store import reading


def read(path: Path, data: Path | None = None) -> Spec:
    """Read a specification; that of a series without one shows all of it.

    Parameters
    ----------
    path : as of `find`.
    data : folder of the data.
    """
    if path.exists() or path.parent != Path() or path.stem not in _series(data):
        return spec.read(path)
    return Spec(series=path.stem)


def _series(data: Path | None) -> Collection[str]:
    return reading.read_series(reading.data_folder(data))


def find(names: Sequence[str], data: Path | None = None) -> list[Path]:
    """Return the paths of specifications: of those named, or of all default maps.

    Parameters
    ----------
    names : a path that ends in .toml, the name of a default map, or that of a series without one: its path
        has no folder, see `read`.
    data : folder of the data.

    Raises
    ------
    SpecError : names that are neither; lists all of them and what there is.
    """
    folder = reading.spec_folder()
    known = sorted(folder.glob("*.toml"))
    if not names and not known:
        raise SpecError(f"no specification in {folder}; name a .toml file, or install geotrack anew")
    if not names:
        return known
    stems = {path.stem: path for path in known}
    if any(name not in stems and not name.endswith(".toml") for name in names):
        stems |= {name: Path(f"{name}.toml") for name in _series(data) if name not in stems}
    unknown = [name for name in names if not name.endswith(".toml") and name not in stems]
    if unknown:
        raise SpecError(
            f"no map {', '.join(map(repr, unknown))}; expected a path that ends in .toml or one of: "
            f"{', '.join(path.stem for path in known)}, or a series (see `geotrack series`)"
        )
    paths = [Path(name) if name.endswith(".toml") else stems[name] for name in dict.fromkeys(names)]
    _refuse_same(paths)
    return paths


def _refuse_same(paths: Sequence[Path]) -> None:
    """Refuse specifications of one name: the one's page would overwrite the other's, or the gallery's."""
    stems = [path.stem for path in paths]
    twice = [str(path) for path in paths if stems.count(path.stem) > 1 or path.stem == "index"]
    if twice:
        raise SpecError(
            f"{', '.join(twice)}: their pages would overwrite each other or index.html; "
            "give each a name of its own"
        )
