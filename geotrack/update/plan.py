"""What an update would do: the change of every series, what speaks against it, the files to write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from geotrack.errors import ValidationError
from geotrack.model import OBSERVATION_COLUMNS, Finding, Origin, Series
from geotrack.store import csvbytes, datapackage, reading, revision, vintages
from geotrack.store.checks.folder import findings_of
from geotrack.store.checks.observations import check_raw, fractions
from geotrack.store.regions import Regions
from geotrack.store.revision import Change
from geotrack.update import backwards, ledger, suspicion
from geotrack.update.delivery import Delivery, coded

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class SeriesPlan:
    """One series' part of an update.

    Parameters
    ----------
    series : what the series is.
    old : its observations before, text.
    change : what the delivery changes.
    earlier : values of earlier filings, that were superseded before they reached us.
    errors, warnings : findings that refuse the delivery, or need somebody's accepting.
    levels : of the regions, by code.
    """

    series: Series
    old: pd.DataFrame
    change: Change
    earlier: pd.DataFrame
    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    levels: Mapping[str, str]

    @property
    def nothing(self) -> bool:
        """Return whether there is nothing to write."""
        return self.change.nothing and self.earlier.empty


@dataclass(frozen=True, eq=False)
class Held:
    """A data folder's reference, as it stands now."""

    folder: Path
    series: Mapping[str, Series]
    origins: Mapping[str, Origin]
    regions: Regions


def held(folder: Path) -> Held:
    """Read what a plan needs of a data folder."""
    return Held(
        folder, reading.read_series(folder), reading.read_origins(folder), Regions.read(folder / "reference")
    )


def steps(delivery: Delivery, there: Held) -> list[SeriesPlan]:
    """Decide what a delivery would change, series by series.

    Raises
    ------
    GeotrackError : labels that match no region, a series that nothing describes; something that the source
        gave before has vanished.
    """
    backwards.refuse_vanished(there.folder, delivery, there.origins)
    return [_step(delivery, name, there) for name in delivery.series]


def _step(delivery: Delivery, name: str, there: Held) -> SeriesPlan:
    series = there.series.get(name) or _defined(delivery, name)
    path = reading.observations_path(there.folder, name)
    old = reading.read_raw(path) if path.exists() else _empty(OBSERVATION_COLUMNS)
    rows = delivery.rows[delivery.rows["series"] == name]
    latest, earlier = vintages.settle(coded(delivery, rows, series, there.folder, there.regions))
    new = _beside(old, latest) if delivery.single else latest
    change = _change(name, old, new, delivery.whole)
    known = {**there.origins, **{origin.id: origin for origin in delivery.origins.values()}}
    dated = bool((rows["published"] != "").all())
    errors, warnings = _findings(series, old, change, there, known, recast=dated)
    if not (change.nothing or delivery.single):
        found = [
            *backwards.of_origins(change, {**known, **there.origins}, dated),
            *_older(delivery, series, old, new, there.folder),
        ]
        errors += [finding for finding in found if finding.severity == "error"]
        warnings += [finding for finding in found if finding.severity == "warning"]
    unseen = _unseen(there.folder, name, earlier)
    levels = {code: region.level for code, region in there.regions.table.items()}
    if delivery.provider.group == "import":  # the file's own periods; older ones of the series may be right
        errors += [f for f in fractions(latest, series, levels) if f not in errors]
    return SeriesPlan(series, old, change, unseen, tuple(errors), tuple(warnings), levels)


def _older(
    delivery: Delivery, series: Series, old: pd.DataFrame, new: pd.DataFrame, folder: Path
) -> Iterator[Finding]:
    """Find what makes a delivery look older than the last one."""
    yield from backwards.of_files(folder, series.name, delivery.provider.name, delivery.files)
    if delivery.asked and delivery.whole:
        yield from backwards.of_metrics(old, new, series.name)


def _change(name: str, old: pd.DataFrame, new: pd.DataFrame, whole: bool) -> Change:
    """Compare what was delivered with the same metrics of before: a file of shares says nothing of EH/s."""
    mine = old["metric"].isin(new["metric"].unique())
    change = revision.compare(name, old[mine], new, whole=whole)
    return change if mine.all() else change.beside(old[~mine])


def _beside(old: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """Return the figures, and with them what else is there of their metrics and periods."""
    import pandas as pd

    key = list(revision.KEY)
    given = set(figures[key].itertuples(index=False, name=None))
    kept = [row not in given for row in old[key].itertuples(index=False, name=None)]
    return pd.concat([figures, old[kept]], ignore_index=True)


def _findings(
    series: Series,
    old: pd.DataFrame,
    change: Change,
    there: Held,
    origins: Mapping[str, Origin],
    *,
    recast: bool,
) -> tuple[list[Finding], list[Finding]]:
    """Return what refuses the change, and what needs somebody to accept it; what was so before does not."""
    if change.nothing:
        return [], []
    name, levels = series.name, {code: region.level for code, region in there.regions.table.items()}
    found = check_raw(change.merged, name)
    if not found:
        path = reading.observations_path(there.folder, name)
        found = findings_of(series, reading.typed(change.merged, path), there.regions, origins)
    before = set()
    if any(finding.severity == "warning" for finding in found) and not old.empty:
        typed = reading.typed(old, reading.observations_path(there.folder, name))
        before = {str(f) for f in findings_of(series, typed, there.regions, origins)}
    found += suspicion.against(series, change, old, levels)
    if recast:  # a later filing that recasts earlier years is the usual course; each is kept beside the first
        found = [finding for finding in found if finding.check not in ("many revised", "large revision")]
    declared = ("overlaps",)  # the series says so itself
    new = [f for f in found if f.severity == "warning" and f.check not in declared and str(f) not in before]
    return [f for f in found if f.severity == "error"], new


def _defined(delivery: Delivery, name: str) -> Series:
    if name not in delivery.definitions:
        raise ValidationError(
            f"{name}: rows came of a series that nothing describes; add a table [{name}] to series.toml"
        )
    return reading.series_in(delivery.definitions[name], name)


def _unseen(folder: Path, name: str, earlier: pd.DataFrame) -> pd.DataFrame:
    """Return the vintages that are not kept yet."""
    if earlier.empty:
        return earlier
    kept = set(reading.read_vintages(folder, name).itertuples(index=False, name=None))
    return earlier[[row not in kept for row in earlier.itertuples(index=False, name=None)]]


def _empty(columns: Iterable[str]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({column: pd.Series(dtype="str") for column in columns})


def files(
    delivery: Delivery, decided: Iterable[SeriesPlan], there: Held, moment: str, reason: str
) -> dict[Path, bytes]:
    """Return what to write, relative to the data folder; reference files first, observations last.

    Parameters
    ----------
    moment : now, in UTC, "2026-11-23T09:18:02Z".
    reason : why warnings were accepted, or "".
    """
    written = [step for step in decided if not step.nothing]
    raw: dict[Path, bytes] = {Path(name): content for name, content in delivery.extra.items()}
    raw |= ledger.snapshots(there.folder, delivery.provider, delivery.files)
    if not written:
        return ledger.with_stand(raw, delivery.provider, there.folder, bool(delivery.files))
    old = {step.series.name: _vintages(step, delivery, there, moment, reason) for step in written}
    tables = {
        Path("observations", f"{step.series.name}.csv"): csvbytes.csv_bytes(
            csvbytes.sort_rows(step.change.merged)
        )
        for step in written
    }
    reference = _reference(delivery, written, old, there)
    reference |= {
        Path("vintages", f"{n}.csv"): csvbytes.csv_bytes(table) for n, table in old.items() if len(table)
    }
    log = {Path("updates.csv"): _logged(there.folder, delivery, written, moment, reason)}
    seen = {
        Path("observations", f"{step.series.name}.csv"): datapackage.seen_of(step.change.merged)
        for step in written
    }
    described = datapackage.documents(there.folder, {**reference, **log, **tables}, seen)
    return ledger.with_stand(
        {**raw, **reference, **log, **described, **tables},
        delivery.provider,
        there.folder,
        bool(delivery.files),
    )


def _vintages(step: SeriesPlan, delivery: Delivery, there: Held, moment: str, reason: str) -> pd.DataFrame:
    kept = reading.read_vintages(there.folder, step.series.name)
    known = {id: vintages.known_on(origin) for id, origin in there.origins.items()}
    gone = vintages.superseded(
        step.change, known, _replaced_on(step, delivery, known, moment), reason if step.warnings else "", kept
    )
    return vintages.merge(vintages.merge(kept, gone), step.earlier)


def _replaced_on(step: SeriesPlan, delivery: Delivery, known: Mapping[str, str], moment: str) -> str:
    """Return the day from which the new figures count: when they were published, else when they came."""
    new = {o.id: vintages.known_on(o) for o in delivery.origins.values()}
    days = [
        new[id]
        for part in (step.change.revised, step.change.added)
        for id in part["origin"].unique()
        if id in new
    ]
    before = [known[id] for id in step.change.revised["old_origin"].unique() if id in known]
    day = max(days, default=moment[:10])
    return day if day > max(before, default="") else moment[:10]


def _reference(
    delivery: Delivery, written: list[SeriesPlan], old: Mapping[str, pd.DataFrame], there: Held
) -> dict[Path, bytes]:
    used = {id for step in written for id in step.change.merged["origin"].unique()}
    used |= {id for table in old.values() for id in table["origin"].unique()}
    new = {o.id: o for o in delivery.origins.values() if o.id in used and o.id not in there.origins}
    found: dict[Path, bytes] = {}
    if new:
        every = {**there.origins, **new}
        rows = [{f.name: getattr(every[id], f.name) for f in fields(Origin)} for id in sorted(every)]
        found[Path("reference", "origins.csv")] = ledger.csv_bytes(reading.ORIGIN_COLUMNS, rows)
    blocks = [delivery.definitions[s.series.name] for s in written if s.series.name not in there.series]
    if blocks:
        text = reading.series_path(there.folder).read_text(encoding="utf-8").rstrip("\n")
        added = "\n\n".join([text, *(block.strip("\n") for block in blocks)])
        found[Path("reference", "series.toml")] = f"{added}\n".encode()
    return found


def _logged(folder: Path, delivery: Delivery, written: list[SeriesPlan], moment: str, reason: str) -> bytes:
    rows = [
        {
            "at": moment,
            "source": delivery.provider.name,
            "series": step.series.name,
            "added": str(len(step.change.added)),
            "revised": str(len(step.change.revised)),
            "withdrawn": str(len(step.change.withdrawn)),
            "unchanged": str(step.change.unchanged),
            "warnings": str(len(step.warnings)),
            "reason": reason if step.warnings else "",
        }
        for step in written
    ]
    return ledger.logged(folder, rows)
