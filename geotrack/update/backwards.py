"""Answers that go back behind what we have: vanished filings, older words over newer ones, old bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING

from geotrack.errors import ValidationError, first_few
from geotrack.model import File, Finding, Origin
from geotrack.store import reading, snapshot, vintages
from geotrack.store.revision import revisions_of, when
from geotrack.update.collect import BY_HAND
from geotrack.update.suspicion import ASK

if TYPE_CHECKING:
    import pandas as pd

    from geotrack.store.revision import Change, RevisedRow
    from geotrack.update.delivery import Delivery


def refuse_vanished(folder: Path, delivery: Delivery, origins: Mapping[str, Origin]) -> None:
    """Refuse an answer of the web that lacks what the source gave before: a dated file, or a whole series.

    A filing that was made stays made: a list without it, or with another form for it, is an older or a broken
    one, and reading on would put the filing before it in its place.

    Parameters
    ----------
    origins : of the data folder, by id.

    Raises
    ------
    ValidationError : something has vanished; names all of it.
    """
    if not delivery.asked:
        return
    name = delivery.provider.name
    left_out = {each.removeprefix(f"{name}/") for each in delivery.skip if each.startswith(f"{name}/")}
    here = {*delivery.files, *left_out}
    gone = sorted(each for each in _filings(folder, delivery, origins) if each not in here)
    if gone:
        raise ValidationError(
            f"{name}: {len(gone)} of the filings known before not in its answer any more: "
            f"{first_few(gone, ', ')}; "
            "expected every filing that it listed before, under a form that is read: an older list would put "
            "older figures back. Nothing was written. Run it again later; if a filing was withdrawn, say "
            f'so in update.toml of the data folder, under [skip]: "{name}/{gone[0]}" = "why"'
        )
    silent = [
        each
        for each in delivery.provider.series
        if each not in delivery.series and not left_out and _has_figures(folder, each)
    ]
    if silent:
        raise ValidationError(
            f"{name}: its answer says nothing of {first_few(silent, ', ')}, which it gave before; "
            "expected some "
            "figures again. Nothing was written: look at the source, and run it again later"
        )


def _filings(folder: Path, delivery: Delivery, origins: Mapping[str, Origin]) -> set[str]:
    """Return the names of the dated files that a source gave before, as far as snapshots and origins tell."""
    name = delivery.provider.name
    saved = {
        each.file for each in snapshot.latest(folder, name).values() if each.meta["published"]
    }  # bytes may be absent in a clone, and so may all of raw/: origins are not
    stem = f"{name}-"
    used = {id for series in delivery.provider.series for id in _used(folder, series)}
    told = {
        id.removeprefix(stem).removesuffix(f"-{origin.sha256[:8]}")
        for id, origin in origins.items()
        if id in used and id.startswith(stem) and origin.published
    }
    return {each for each in saved | told if not each.startswith(BY_HAND)}


def _used(folder: Path, series: str) -> set[str]:
    path = reading.observations_path(folder, series)
    tables = [reading.read_vintages(folder, series), *([reading.read_raw(path)] if path.exists() else [])]
    return {str(id) for table in tables for id in table["origin"].unique()}


def _has_figures(folder: Path, series: str) -> bool:
    path = reading.observations_path(folder, series)
    return path.exists() and not reading.read_raw(path).empty


def of_origins(change: Change, origins: Mapping[str, Origin], dated: bool) -> Iterator[Finding]:
    """Find figures whose new word is older than the one that it would replace.

    Parameters
    ----------
    origins : those of the folder and of the delivery, by id.
    dated : whether the rows tell the days of their filings: then which word is the later one is certain, and
        the older one is refused; else somebody has to accept it.
    """
    known = {id: vintages.known_on(origin) for id, origin in origins.items()}
    back = [row for row in revisions_of(change.revised) if _older(row, known)]
    if not back:
        return
    cells = [
        f"{row.region} {when(row.start, row.end)} ({known[row.origin]} over {known[row.old_origin]})"
        for row in back[:10]
    ]
    text = (
        f"{len(back)} figures of an older origin than the one they would replace: "
        f"{first_few(cells, ', ', count=len(back))}"
    )
    if dated:
        end = "; expected the latest filing's: leave a filing that is wrong out under [skip] in update.toml"
        yield Finding("older origin", "error", change.series, text + end)
    else:
        yield Finding("older origin", "warning", change.series, f"{text}; {ASK}")


def _older(row: RevisedRow, known: Mapping[str, str]) -> bool:
    new, old = known.get(row.origin, ""), known.get(row.old_origin, "")
    return bool(new and old) and new < old


def of_files(folder: Path, series: str, provider: str, files: Mapping[str, File]) -> Iterator[Finding]:
    """Find files that say what an earlier one said, or that say to be older than the last one."""
    fresh = {name: file for name, file in files.items() if not file.kept}
    before: dict[str, list[snapshot.Snapshot]] = {}
    for each in snapshot.history(folder, provider) if fresh else []:
        before.setdefault(each.file, []).append(each)
    for name, file in fresh.items():
        saved = before.get(name, [])
        if not saved or not snapshot.changed(file, saved[-1]):
            continue
        if back := _back(file, saved):
            yield Finding("older answer", "warning", series, f"{name}: {back}; {ASK}")


def _back(file: File, saved: Sequence[snapshot.Snapshot]) -> str:
    """Say how a file goes back behind its snapshots, the oldest of them first; "" if it does not."""
    again = [each for each in saved if not snapshot.changed(file, each)]
    if again:
        return f"the bytes of {again[-1].meta['retrieved']}, which others had replaced since, are back"
    said, last = (_moment(text) for text in (file.last_modified, saved[-1].meta["last_modified"]))
    if said and last and said < last:
        return f"last modified {file.last_modified}; the last one {saved[-1].meta['last_modified']}"
    return ""


def _moment(text: str) -> float:
    """Return the moment that a header of HTTP states; 0 if it states none."""
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return 0.0


def of_metrics(old: pd.DataFrame, new: pd.DataFrame, series: str) -> Iterator[Finding]:
    """Find metrics of the last version that a whole delivery does not name any more."""
    gone = sorted({str(each) for each in old["metric"]} - {str(each) for each in new["metric"]})
    if gone:
        yield Finding("gone metrics", "warning", series, f"said nothing of {first_few(gone, ', ')}; {ASK}")
