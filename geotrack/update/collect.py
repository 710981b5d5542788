"""A source's files, however they are come by: the web, saved snapshots, a file saved by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from geotrack import files as files_
from geotrack.errors import FetchError, ParseError
from geotrack.model import File, Provider
from geotrack.store import snapshot
from geotrack.store.snapshot import Snapshot

if TYPE_CHECKING:
    from geotrack.sources.web.manners import Limits
    from geotrack.sources.web.session import Session

BY_HAND = "hand-"
"""What the names of files saved by hand begin with, so that they never stand for what a route answered."""

Files = dict[str, File]
Saved = Mapping[str, Snapshot]


def asking(agent: str, limits: Limits) -> Session:
    """Return what asks the web; only who asks loads the libraries for it."""
    from geotrack.sources.web.session import Session

    return Session(agent, limits)


def from_web(
    provider: Provider,
    session: Session,
    saved: Saved,
    moment: str,
    tell: Callable[[str], None] = lambda url: None,
) -> Files:
    """Ask a source for its files; what has not changed since the saved snapshot is taken from there.

    Parameters
    ----------
    saved : the newest snapshots of the source, by file.
    moment : now, in UTC, "2026-11-23T09:18:02Z".
    tell : called with each address before it is asked.

    Raises
    ------
    FetchError : the source did not answer, refused, or is read from files saved by hand only.
    """
    from geotrack.secrecy import scrub

    if provider.fetch is None:
        raise FetchError(f"{provider.name} is read from a file saved by hand. {hint(provider)}")
    at = {snap.meta["url"]: snap for snap in saved.values()}

    def get(url: str, *, once: bool = False) -> File:
        address = scrub(url)
        known = at.get(url)  # one with a masked part may stand for many pages
        kept = known.as_file() if known else None
        if kept and once:
            return kept
        tell(address)
        asked = _conditions(kept) if kept else {}
        reply = session.get(url, hosts=provider.hosts, headers=asked, per_second=provider.per_second)
        if reply.status == 304 and kept:
            return kept
        file = File(reply.content, address, moment, reply.etag, reply.last_modified, reply.media)
        return known.of(reply.content) if known and not snapshot.changed(file, known) else file

    return provider.fetch(get)


def offline(provider: Provider, saved: Saved) -> Files:
    """Return the files of the saved snapshots.

    Raises
    ------
    FetchError : there are none, or a payload is absent, as in a fresh clone.
    """
    chosen = {name: s for name, s in saved.items() if not name.startswith(BY_HAND)}
    if not chosen and saved:  # several saved by hand may be of the same periods: the newest speaks
        newest = max(saved, key=lambda name: str(saved[name].meta["retrieved"]))
        chosen = {newest: saved[newest]}
    if not chosen:
        raise FetchError(f"{provider.name}: no saved snapshot to read; run once without --offline")
    found = {name: snap.as_file() for name, snap in chosen.items()}
    absent = [str(chosen[name].path) for name, file in found.items() if file is None]
    if absent:
        raise FetchError(
            f"{provider.name}: the raw bytes of {len(absent)} snapshot(s) are not here ({absent[0]}, ...): "
            "they are kept out of version control; run once without --offline"
        )
    return {name: file for name, file in found.items() if file is not None}


def by_hand(provider: Provider, paths: Sequence[Path], saved: Saved, moment: str, most: int = 0) -> Files:
    """Read files that somebody saved by hand; they go through the same parser.

    Raises
    ------
    ParseError : a file that is not there or too large, or two of one name.
    """
    files: Files = {}
    for path in paths:
        name = name_by_hand(path)
        if name in files:
            raise ParseError(f"{path}: another file of this name was given; rename one of them")
        content = files_.load(path, str(path), most, "a file saved by hand")
        file = File(content, provider.url, moment)
        files[name] = file if snapshot.changed(file, saved.get(name)) else saved[name].of(content)
    return files


def name_by_hand(path: Path) -> str:
    """Return what a file that was saved by hand is called here."""
    return BY_HAND + snapshot.slug(path.stem)


def hint(provider: Provider) -> str:
    """Say how a person gets the file, and what to do with it."""
    how = provider.by_hand or f"open {provider.url} in a browser and save what it shows"
    how = how.replace(" and give the file with --from", "").partition("; then give")[0].rstrip(". ")
    return f"{how}; then: geotrack update {provider.name} --from FILE"


def _conditions(kept: File) -> dict[str, str]:
    pairs = {"If-None-Match": kept.etag, "If-Modified-Since": kept.last_modified}
    return {header: value for header, value in pairs.items() if value}
