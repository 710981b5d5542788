"""A snapshot: the raw bytes of a source as they came, kept beside the data with where they came from."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from geotrack.errors import LINE, ParseError, first_few
from geotrack.files import json_of
from geotrack.model import File, Finding, Provider

RAW = "raw"
PAYLOAD = "payload"
ORIGIN = "origin.json"
FORMAT = 1
LONGEST = 64

SLUG = re.compile(r"[a-z0-9]([a-z0-9_-]*[a-z0-9])?", re.ASCII)
RESERVED = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]")
"""Names that Windows keeps for devices."""

MOMENT = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z", re.ASCII)

TEXTS = (
    *("provider", "file", "publisher", "title", "url", "licence", "licence_url", "published", "retrieved"),
    *("sha256", "media", "etag", "last_modified", "note"),
)
"""The keys of origin.json that hold text; `bytes` and `format` are numbers."""


@dataclass(frozen=True)
class Snapshot:
    """Bytes of one file of a source, of one moment.

    Parameters
    ----------
    provider, file : slugs of the source and of its file.
    path : the folder that holds the bytes and origin.json.
    meta : what origin.json says.
    """

    provider: str
    file: str
    path: Path
    meta: Mapping[str, Any]

    def payload(self) -> bytes | None:
        """Return the bytes; None where they are not kept: a licence may keep them out of git, and of clones.

        Raises
        ------
        ParseError : they are not the bytes that came from the source.
        """
        try:
            content = (self.path / PAYLOAD).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ParseError(f"{self.path / PAYLOAD}: cannot be read: {error.strerror}") from error
        if found := self._corrupt(content):
            raise ParseError(f"{self.path / PAYLOAD}: {found}")
        return content

    def as_file(self) -> File | None:
        """Return the snapshot as what the source once answered; None where the bytes are not kept."""
        content = self.payload()
        return None if content is None else self.of(content)

    def of(self, content: bytes) -> File:
        """Return the snapshot as what the source once answered, of its bytes as they came again."""
        told = {
            key: self.meta[key] for key in ("url", "retrieved", "etag", "last_modified", "media", "published")
        }
        return File(content, kept=True, **told)

    def _corrupt(self, content: bytes) -> str:
        found = hashlib.sha256(content).hexdigest()
        if found == self.meta["sha256"]:
            return ""
        return (
            f"corrupt: sha256 {found}, {len(content)} bytes; expected {self.meta['sha256']}, "
            f"{self.meta['bytes']} bytes, as {ORIGIN} says. Restore the file, or delete the folder "
            f"{self.path} and fetch anew"
        )


def latest(folder: Path, provider_name: str) -> dict[str, Snapshot]:
    """Return the newest snapshot of each file of a source, by the moment it was retrieved.

    Raises
    ------
    ParseError : an origin.json is broken; names all of them.
    """
    return {snapshot.file: snapshot for snapshot in history(folder, provider_name)}


def history(folder: Path, provider_name: str) -> list[Snapshot]:
    """Return all snapshots of a source, the oldest first.

    Raises
    ------
    ParseError : an origin.json is broken; names all of them.
    """
    _checked(provider_name)
    found, broken = _read(folder, f"{provider_name}/*/*")
    if broken:
        listed = first_few((f"{finding.where}: {finding.message}" for finding in broken), LINE)
        raise ParseError(
            f"{folder / RAW / provider_name}: origins that cannot be read: {len(broken)}:{LINE}{listed}"
        )
    return sorted(found, key=lambda snapshot: (snapshot.meta["retrieved"], snapshot.path.name))


def entry(provider: Provider, name: str, file: File) -> dict[Path, bytes]:
    """Return what to write for a file that came from a source: its bytes, and where they came from.

    Returns
    -------
    Content by path, relative to the data folder; the same input gives the same bytes. Nothing of the request
    is in it but the address, as the file names it.

    Raises
    ------
    ParseError : the source's or the file's name is no slug, or the file does not say when it was retrieved.
    """
    _checked(provider.name, name)
    meta = {
        "provider": provider.name,
        "file": name,
        **{key: getattr(provider, key) for key in ("publisher", "title", "licence", "licence_url", "note")},
        **{
            key: getattr(file, key)
            for key in ("url", "retrieved", "published", "media", "etag", "last_modified")
        },
        "sha256": hashlib.sha256(file.content).hexdigest(),
        "bytes": len(file.content),
        "format": FORMAT,
    }
    if fault := _fault(meta):
        raise ParseError(f"{provider.name}, file {name}: {fault}")
    text = json.dumps(meta, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    place = Path(RAW, provider.name, name, _name(meta))
    # Half a surrogate, from a header in no known encoding, becomes \udc80: an escape of JSON as well.
    return {place / PAYLOAD: file.content, place / ORIGIN: text.encode("utf-8", "backslashreplace")}


def changed(file: File, saved: Snapshot | None) -> bool:
    """Tell whether bytes are other ones than those of the last snapshot."""
    return saved is None or hashlib.sha256(file.content).hexdigest() != saved.meta["sha256"]


def verify(folder: Path) -> list[Finding]:
    """Check all snapshots: each origin.json can be read, and bytes that are kept are those that came.

    Returns
    -------
    Errors, sorted by place; empty if all is well. Bytes that are not kept are fine.
    """
    found, broken = _read(folder, "*/*/*")
    for snapshot in found:
        try:
            snapshot.payload()
        except ParseError as error:
            where = (snapshot.path / PAYLOAD).relative_to(folder).as_posix()
            broken.append(
                Finding("snapshot", "error", where, str(error).removeprefix(f"{snapshot.path / PAYLOAD}: "))
            )
    return sorted(broken, key=lambda finding: finding.where)


def slug(text: str) -> str:
    """Turn any text into a name that is safe on every disk; what is one already stays as it is.

    Where something had to be changed, a short hash of the text is put behind, so that two texts rarely meet.
    """
    text = unicodedata.normalize("NFC", text)  # some systems take the letters of a file's name apart
    if _is_slug(text):
        return text
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = "-".join(re.findall(r"[a-z0-9]+(?:_[a-z0-9]+)*", plain))[:40].strip("-_") or "file"
    return f"{words}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def _is_slug(text: str) -> bool:
    return bool(len(text) <= LONGEST and SLUG.fullmatch(text) and not RESERVED.fullmatch(text))


def _checked(*names: str) -> None:
    bad = [repr(name) for name in names if not _is_slug(name)]
    if bad:
        raise ParseError(
            f"{', '.join(bad)}: cannot name a folder of snapshots; expected at most {LONGEST} of a-z, 0-9, "
            "hyphens and underscores, such as mining_countries"
        )


def _name(meta: Mapping[str, Any]) -> str:
    """Return the name of a snapshot's folder: when the bytes came, and which they are."""
    return f"{re.sub('[-:]', '', meta['retrieved'])}-{meta['sha256'][:12]}"


def _read(folder: Path, pattern: str) -> tuple[list[Snapshot], list[Finding]]:
    """Read origins; a folder without one (bytes that git leaves behind on another branch) is no snapshot."""
    found, broken = [], []
    for path in sorted((folder / RAW).glob(f"{pattern}/{ORIGIN}")):
        try:
            found.append(_snapshot(path))
        except (OSError, ValueError) as error:
            where = path.relative_to(folder).as_posix()
            said = f"{error}; restore the file, or delete the folder and fetch anew"
            broken.append(Finding("snapshot", "error", where, said))
    return found, broken


def _snapshot(path: Path) -> Snapshot:
    """Read one origin.json; ValueError says what is wrong with it."""
    meta = json_of(path.read_bytes())
    if not isinstance(meta, dict):
        raise ValueError(f"holds {type(meta).__name__}; expected an object")
    if fault := _fault(meta):
        raise ValueError(fault)
    place, expected = path.parent, (meta["provider"], meta["file"], _name(meta))
    if place.parts[-3:] != expected:
        raise ValueError(
            f"lies in {'/'.join(place.parts[-3:])}; expected {'/'.join(expected)}, as it says itself"
        )
    return Snapshot(meta["provider"], meta["file"], place, meta)


def _is_moment(text: str) -> bool:
    try:
        return bool(MOMENT.fullmatch(text) and datetime.fromisoformat(text))
    except ValueError:
        return False


def _fault(meta: Mapping[str, Any]) -> str:
    """Say what keeps an object from being an origin, or ""."""
    absent = [key for key in TEXTS if not isinstance(meta.get(key), str)]
    if absent:
        return f"no text under {', '.join(absent)}; expected {', '.join(TEXTS)}"
    if type(meta.get("bytes")) is not int or meta.get("format") != FORMAT:
        return (
            f"bytes {meta.get('bytes')!r} and format {meta.get('format')!r}; "
            f"expected a number of bytes, and format {FORMAT}"
        )
    if not _is_moment(meta["retrieved"]):
        return f"retrieved {meta['retrieved']!r}; expected a moment in UTC such as 2026-11-23T09:18:02Z"
    if not re.fullmatch("[0-9a-f]{64}", meta["sha256"], re.ASCII):
        return f"sha256 {meta['sha256']!r}; expected 64 hexadecimal digits"
    return ""
