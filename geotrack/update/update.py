"""The update of regional data: asks the sources, decides, writes all of a source's files or none."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from geotrack.errors import (
    AcceptError,
    FetchError,
    GeotrackError,
    OutputError,
    ParseError,
    PartlyError,
    SpecError,
    ValidationError,
)
from geotrack.model import File, Finding, Provider
from geotrack.sources import PROVIDERS, definitions
from geotrack.sources.web.manners import LIMITS, Limits
from geotrack.store import reading, snapshot, transaction
from geotrack.store.regions import Regions
from geotrack.store.transaction import locked
from geotrack.update import agreement, collect, ledger, plan, suspicion
from geotrack.update.delivery import Delivery, origin_of

if TYPE_CHECKING:
    from geotrack.sources.web.session import Session
    from geotrack.update.plan import SeriesPlan

NETWORK = ("network-hashrate", *(name for p in PROVIDERS if p.group == "network" for name in p.series))
"""Series of the whole network's hashrate: several sources for one quantity, compared but never averaged."""

Tell = Callable[[str], None]

STATUSES = ("new", "changed", "unchanged", "by hand", "needs accepting", "invalid", "refused", "not written")
"""What an update can say of a source; the first three are success."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What became of one source.

    Parameters
    ----------
    source : the provider's name.
    status : one of STATUSES.
    message : why, where it is no success; else "".
    steps : what would change, or did, series by series.
    findings : errors and warnings, of all series.
    written : the files written, relative to the data folder; none in a dry run.
    error : what stopped it.
    """

    source: str
    status: str
    message: str = ""
    steps: tuple[SeriesPlan, ...] = ()
    findings: tuple[Finding, ...] = ()
    written: tuple[Path, ...] = ()
    error: GeotrackError | None = None


@dataclass(frozen=True)
class Options:
    """How an update goes about it.

    Parameters
    ----------
    now : the moment that retrieved files and the log are dated with; aware, UTC.
    agent : the User-Agent; with a contact in it where a source wants one.
    contact : name and address of whoever runs this, or "".
    offline : read the saved snapshots, ask nobody.
    by_hand : files saved by hand, of the one source named.
    most_bytes : how large each of those may be, if not `files.MOST_BYTES`.
    accept : the reason why warnings are accepted, or "".
    dry : decide, write nothing.
    skip : files of sources that are not to be read, "edgar-canaan/0001104659-23-047189" -> why.
    """

    now: datetime
    agent: str = ""
    contact: str = ""
    offline: bool = False
    by_hand: tuple[Path, ...] = ()
    most_bytes: int = 0
    accept: str = ""
    dry: bool = False
    skip: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=lambda: LIMITS)

    @property
    def moment(self) -> str:
        """Return now as "2026-11-23T09:18:02Z"."""
        return f"{self.now:%Y-%m-%dT%H:%M:%SZ}"


def chosen(names: Sequence[str], providers: Sequence[Provider] = PROVIDERS) -> list[Provider]:
    """Return the providers of some names, groups or series; all if none is named.

    Raises
    ------
    SpecError : a name that none of them has; lists all of them and what there is.
    """
    found: dict[str, Provider] = {}
    lost = []
    for name in names:
        mine = [p for p in providers if name in (p.name, p.group, *p.series)]
        found |= {p.name: p for p in mine}
        lost += [] if mine else [name]
    if lost:
        groups = sorted({p.group for p in providers} - {p.name for p in providers})
        known = ", ".join(p.name for p in providers)
        raise SpecError(
            f"no source {', '.join(map(repr, lost))}; expected some of {known}, of the groups "
            f"{', '.join(groups)}, or a series that one of them feeds"
        )
    return list(found.values()) if names else list(providers)


def update(
    folder: Path, providers: Sequence[Provider], options: Options, tell: Callable[[str, str], None]
) -> Iterator[Outcome]:
    """Bring a data folder up to date, source by source; each is written whole or not at all.

    Parameters
    ----------
    folder : of the data.
    tell : called with a source's name and what is being done.

    Yields
    ------
    Outcome of each source, as it is done. A source's fault is an outcome, never an error.
    """
    if options.by_hand and options.offline:
        raise SpecError("--from and --offline exclude each other: give one of them")
    if options.by_hand and len(providers) != 1:
        raise SpecError(
            "--from takes a file of one source: name that source, such as `geotrack update cbeci`"
        )
    with collect.asking(options.agent, options.limits) as session:
        for provider in providers:
            tell(provider.name, "asking")
            try:
                files = _files(folder, provider, options, session, partial(tell, provider.name))
                yield deliver(folder, provider, files, options)
            except GeotrackError as error:
                yield _failed(provider, error, options, len(providers) > 1)
            except Exception as error:  # a fault of ours is one source's, too: the others are still asked
                yield _failed(provider, _own_fault(error), options, len(providers) > 1)


def deliver(folder: Path, provider: Provider, files: Mapping[str, File], options: Options) -> Outcome:
    """Read a source's files, and bring its series up to date with them.

    Raises
    ------
    GeotrackError : the files cannot be read, or the folder not be written.
    """
    kept = bool(files) and all(file.kept for file in files.values())
    if kept and not options.offline and ledger.stands(folder, provider):
        return Outcome(provider.name, "unchanged", _as_before(folder, provider))
    read = {n: file for n, file in files.items() if f"{provider.name}/{n}" not in options.skip}
    rows = provider.parse({name: file.content for name, file in read.items()})

    def made(there: plan.Held) -> Delivery:
        origins = {n: origin_of(provider, n, file, there.origins) for n, file in files.items()}
        asked = provider.fetch is not None and not options.by_hand
        named = (provider, files, rows, origins, definitions())
        return Delivery(*named, whole=provider.whole, asked=asked, skip=frozenset(options.skip))

    return settle(folder, made, options)


def _as_before(folder: Path, provider: Provider) -> str:
    """Say that a source has nothing newer, and what its newest period is."""
    ends = {name: reading.newest(reading.observations_path(folder, name)) for name in provider.series}
    newest = ", ".join(f"{name} ends with {month}" for name, month in ends.items() if month)
    return f"nothing newer; the source's bytes are those of the last update ({newest or 'no figures yet'})"


def settle(folder: Path, made: Callable[[plan.Held], Delivery], options: Options) -> Outcome:
    """Decide what a delivery changes and, if nothing speaks against it, write it; locked all the while.

    Parameters
    ----------
    made : makes the delivery, told what the folder holds.
    """
    with _alone(folder, options.dry):
        there = plan.held(folder)
        delivery = made(there)
        steps = tuple(plan.steps(delivery, there))
        findings = tuple(f for step in steps for f in (*step.errors, *step.warnings))
        outcome = _judged(delivery, steps, findings, options)
        if outcome.error is not None or options.dry:
            return outcome
        files = plan.files(delivery, steps, there, options.moment, options.accept)
        if files:
            transaction.commit(folder, files)
    return Outcome(outcome.source, outcome.status, "", steps, findings, tuple(files))


@contextmanager
def _alone(folder: Path, dry: bool) -> Iterator[None]:
    """Keep other updates out; one that only looks needs no lock, nor a folder it may write to."""
    if dry:
        yield
        return
    reading.refuse_shipped(folder)
    with locked(folder):
        yield


def _judged(
    delivery: Delivery, steps: tuple[SeriesPlan, ...], findings: tuple[Finding, ...], options: Options
) -> Outcome:
    name = delivery.provider.name
    errors = [plain(f) for f in findings if f.severity == "error"]
    warnings = [plain(f) for f in findings if f.severity == "warning"]
    if errors:
        text = "\n  ".join(
            [f"{name}: errors in the new figures: {len(errors)}; nothing was written", *errors]
        )
        return Outcome(name, "invalid", text, steps, findings, error=ValidationError(text))
    if warnings and not options.accept:
        head = f"{name}: warnings about the new figures: {len(warnings)}; nothing was written"
        end = "if the source says so itself, run it again with --accept 'REASON'; the reason is recorded"
        if delivery.provider.group == "import" and delivery.whole:
            end += ". If the file brings some periods only, and others are to stay: --partial"
        text = "\n  ".join([head, *warnings, end])
        return Outcome(name, "needs accepting", text, steps, findings, error=AcceptError(text))
    changes = [step.change for step in steps]
    status = "unchanged" if all(step.nothing for step in steps) else "new"
    if any(len(change.revised) or len(change.withdrawn) for change in changes):
        status = "changed"
    return Outcome(name, status, "", steps, findings)


def _files(folder: Path, provider: Provider, options: Options, session: Session, tell: Tell) -> collect.Files:
    saved = snapshot.latest(folder, provider.name)
    if options.by_hand:
        return collect.by_hand(provider, options.by_hand, saved, options.moment, options.most_bytes)
    if options.offline:
        return collect.offline(provider, saved)
    if provider.contact and not options.contact:
        raise FetchError(
            f"{provider.name}: {provider.publisher} wants to know who asks; set GEOTRACK_CONTACT to a name "
            'and an address ("Jane Doe jane@example.org"), or write contact = "..." into data/update.toml'
        )
    return collect.from_web(provider, session, saved, options.moment, tell)


def _failed(provider: Provider, error: GeotrackError, options: Options, among_others: bool) -> Outcome:
    text = str(error) if provider.name in str(error)[:80] else f"{provider.name}: {error}"
    if isinstance(error, FetchError) and provider.fetch is None and among_others:
        return Outcome(provider.name, "by hand", text)
    for path in options.by_hand:  # said as whoever gave it calls it
        text = text.replace(collect.name_by_hand(path), str(path))
    asked = provider.fetch is not None and not (options.by_hand or options.offline)
    if asked and isinstance(error, FetchError | ParseError) and "GEOTRACK_CONTACT" not in text:
        text += f"\n  By hand: {collect.hint(provider)}"
    status = next((status for kind, status in _STATUS_OF if isinstance(error, kind)), "invalid")
    return Outcome(provider.name, status, text, error=error)


def _own_fault(error: Exception) -> GeotrackError:
    """Tell what we did not foresee, or a library, at the place where it came up."""
    *_, last = traceback.extract_tb(error.__traceback__)
    said = " ".join(str(error).split())[:200]
    fault = ParseError(
        f"{type(error).__name__}: {said} ({Path(last.filename).name}, line {last.lineno}): a fault of "
        "geotrack itself, met in what this source answered; nothing of it was written. Please report "
        "it, with the file"
    )
    fault.__cause__ = error
    return fault


_STATUS_OF = ((FetchError, "refused"), (OutputError, "not written"))


def names_of(folder: Path, outcomes: Sequence[Outcome]) -> dict[str, str]:
    """Return the names of regions that outcomes speak of, by code; none are read if none is needed."""
    if not any(outcome.steps for outcome in outcomes):
        return {}
    table = Regions.read(folder / "reference").table
    return {code: region.name for code, region in table.items()}


def notices(folder: Path, outcomes: Sequence[Outcome]) -> list[Finding]:
    """Return where the sources of the network's hashrate disagree, if an update brought one of them news."""
    changes = [
        s.change for o in outcomes for s in o.steps if s.series.name in NETWORK and not s.change.nothing
    ]
    months = {
        start for change in changes for part in (change.added, change.revised) for start in part["start"]
    }
    if not months:
        return []
    tables = {change.series: change.merged.astype("str") for change in changes}
    for name in NETWORK:
        path = reading.observations_path(folder, name)
        if name not in tables and path.exists():
            tables[name] = reading.read_raw(path)
    news = {name: tables[name][tables[name]["start"].isin(months)] for name in NETWORK if name in tables}
    return agreement.disagreements({name: table for name, table in news.items() if not table.empty})


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """Return 0 if all went well, PartlyError's code if some did, else the fault's own.

    Where nothing was written and warnings wait for somebody, that is said, whatever else is unchanged: a
    schedule must not take it for success.
    """
    failed = [outcome.error for outcome in outcomes if outcome.error is not None]
    if not failed:
        return 0
    waiting = [error for error in failed if isinstance(error, AcceptError)]
    if waiting and not any(o.status in STATUSES[:2] for o in outcomes):
        return AcceptError.exit_code
    done = any(o.status in STATUSES[:3] for o in outcomes)
    return PartlyError.exit_code if done else failed[0].exit_code


def plain(finding: Finding) -> str:
    """Return a finding without the advice that is said once for all of them."""
    return str(finding).replace(f"; {suspicion.ASK}", "")
