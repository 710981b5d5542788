"""The ledger of a data folder: what updates did to it, and how each source's last one left it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from geotrack import files, version
from geotrack.model import File, Provider
from geotrack.store import snapshot

UPDATE_COLUMNS = (
    "at",
    "source",
    "series",
    "added",
    "revised",
    "withdrawn",
    "unchanged",
    "warnings",
    "reason",
)
"""Columns of data/updates.csv, the log of what updates did, and why their warnings were accepted."""


def logged(folder: Path, rows: Sequence[Mapping[str, str]]) -> bytes:
    """Return the log with some rows more."""
    path = folder / "updates.csv"
    before = path.read_bytes() if path.exists() else csv_bytes(UPDATE_COLUMNS, [])
    return before + csv_bytes(UPDATE_COLUMNS, rows).partition(b"\n")[2]


def csv_bytes(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> bytes:
    """Write rows as CSV with a header."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def snapshots(folder: Path, provider: Provider, came: Mapping[str, File]) -> dict[Path, bytes]:
    """Return the snapshots to write of a source's files: of bytes that are not the last ones."""
    saved, found = snapshot.latest(folder, provider.name), dict[Path, bytes]()
    for name, file in came.items():
        if not file.kept and snapshot.changed(file, saved.get(name)):  # another update may have been quicker
            found |= snapshot.entry(provider, name, file)
    return found


def stands(folder: Path, provider: Provider) -> bool:
    """Tell whether the data are as this source's last update left them, read by this very program.

    If they are, the same bytes would give the same figures. If not (a discarded review, a figure added by
    hand, a new row in a crosswalk), they have to be read again.
    """
    path = folder / _applied(provider)
    return path.exists() and path.read_bytes() == _stand(folder, provider, {})


def _applied(provider: Provider) -> Path:
    return Path("raw", provider.name, "applied.json")


def _stand(folder: Path, provider: Provider, written: Mapping[Path, bytes]) -> bytes:
    """Return the hashes of all that a source's figures hang on, as they are once files are written."""
    places = [Path("observations", f"{name}.csv") for name in provider.series]
    names = sorted((folder / "reference" / "crosswalk").glob("*.csv"))
    if provider.group == "import":
        ends = (".toml", ".crosswalk.csv")
        places += [Path("imports", f"{name}{end}") for name in provider.series for end in ends]
    places += [Path("reference", "regions.csv"), *(path.relative_to(folder) for path in names)]
    found = {path: written.get(path) or (folder / path).read_bytes() for path in places
             if path in written or (folder / path).exists()}  # fmt: skip
    table = {path.as_posix(): files.sha256(content) for path, content in found.items()}
    return (json.dumps({"program": version.program(), **table}, indent=2, sort_keys=True) + "\n").encode()


def with_stand(found: dict[Path, bytes], provider: Provider, folder: Path, asked: bool) -> dict[Path, bytes]:
    """Return the files, and with those of a source what the data are then."""
    if not found or not asked or (provider.fetch is None and provider.group != "import"):
        return found
    return {**found, _applied(provider): _stand(folder, provider, found)}
