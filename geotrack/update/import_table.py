"""The import of a user's own table: read, mapped, shown, then brought in like any source's delivery."""

from __future__ import annotations

import re
from collections.abc import Mapping as Table
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geotrack import files, periods
from geotrack.errors import Doubts, GeotrackError, ParseError, SpecError
from geotrack.model import File, Provider, Series
from geotrack.store import snapshot
from geotrack.store.matching import Matched, UnmatchedError
from geotrack.update import import_labels, ledger, plan, update
from geotrack.update.delivery import Delivery, origin_of, refuse_unsound
from geotrack.update.import_labels import Teaching
from geotrack.update.update import Options, Outcome
from geotrack.usertables import (
    Mapping,
    apply,
    describe,
    features,
    fits,
    from_toml,
    only_said,
    otherwise,
    reading,
    refuse_otherwise,
    series_table,
    series_toml,
    stated,
    to_toml,
)
from geotrack.usertables.understood import Needs, Places, Understood, plain, understand

if TYPE_CHECKING:
    import pandas as pd


LONGEST = 80
"""Letters of a series' name: it is that of files, some with more behind it."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """A table that was read, and how its columns are understood; nothing is written yet.

    Parameters
    ----------
    series : name of the series it goes into.
    path, content : the file.
    table : its cells, as text.
    mapping : what its columns are.
    remembered : whether an earlier import's mapping was used as it was.
    taught : what its labels are, as a crosswalk says.
    read : its rows and what it is, if they were read already.
    """

    series: str
    path: Path
    content: bytes
    table: reading.UserTable
    mapping: Mapping
    remembered: bool
    taught: Teaching
    read: Understood | None = None

    @cached_property
    def lines(self) -> list[str]:
        """Return the mapping in words, and what codes and names in other languages are read as."""
        return [*describe(self.mapping, self.table), *(self.matched.lines() if self.matched else ())]

    @cached_property
    def matched(self) -> Matched | None:
        """Return what the labels are read as; nothing if they cannot be, which `bring` says."""
        try:
            labels = self.rows["label"].unique()
        except GeotrackError:
            return None
        return self.taught.matched(labels, self.mapping.level)

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Return the table's rows, in model.LABELLED_COLUMNS."""
        if self.read:
            return self.read.labelled
        return apply(self.table, self.mapping, self.series, periods.parse_column, coded=True)


def prepare(
    folder: Path, path: Path, series: str, given: Table[str, Any], crosswalk: Path | None = None
) -> Prepared:
    """Read a table and find out what its columns are: as remembered, as told, else by their names.

    Parameters
    ----------
    given : keys of `mapping.Mapping` that the user says; they win over what is remembered.
    crosswalk : a file that says which region a label is (columns label, region); kept for the next time.

    Raises
    ------
    AmbiguousError : regions that may be states or countries.
    RegionError : codes of the crosswalk that there are not.
    ParseError : the file cannot be read, or does not have the columns that are remembered.
    SpecError : the mapping cannot be told, or lacks the origin.
    """
    _refuse_name(series)
    kept = folder / "imports" / f"{series}.toml"
    known = from_toml(kept.read_bytes(), str(kept)) if kept.exists() else None
    asked = reading.Asked.of(stated(known) if known else {}, given)
    given = {key: said for key, said in given.items() if key != "most_bytes"}
    content = files.load(path, str(path), asked.most_bytes)
    table, _ = features.read(content, str(path), asked)
    taught = import_labels.teaching(folder, series, crosswalk)
    table = plain(
        table, {**(stated(known) if known else {}), **given}, Places(taught.regions, taught.crosswalk)
    )
    if known and not given:
        if misfits := fits(known, table):
            raise ParseError(
                f"{path}: not the table that {kept} remembers: {'; '.join(misfits)}; give the columns anew "
                "(--region, --period, --value), or remove that file"
            )
        refuse_otherwise(known, table)
        taught.drawn_on(known.level)
        return Prepared(series, path, content, table, known, remembered=True, taught=taught)
    told, doubts = _together(stated(known) if known else {}, given), Doubts()
    doubts.add(*(otherwise(known, table, given) if known else ()))
    if "level" in told:
        taught.drawn_on(told["level"])
    with doubts.gathered():
        refuse_unsound(told["source"], ", once; it is remembered")
    ask_level = not (known or given.get("level") or import_labels.is_known(folder, series))
    needs = Needs(series, units=True, level=ask_level, coded=True)
    found = understand(table, told, needs, Places(taught.regions, taught.crosswalk), doubts)
    columns = replace(found.columns, as_said=only_said(found.columns, table))
    return Prepared(series, path, content, table, columns, False, taught, found)


def _refuse_name(series: str) -> None:
    if len(series) > LONGEST or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", series):
        raise SpecError(
            f"--series {series[: LONGEST + 1]!r}; expected small letters, digits and hyphens, at most "
            f"{LONGEST}, such as my-survey"
        )


def _refuse_other(prepared: Prepared, series: Series) -> None:
    """Refuse what is said of a series that is described in another way already."""
    level, whole = prepared.mapping.level, prepared.mapping.whole
    wholes = {metric.whole for metric in series.metrics}
    odd = [f"--level {level}, there {series.level}"] if level != series.level else []
    odd += [f"--whole {whole:g}, there {wholes}"] if whole is not None and whole not in wholes else []
    kind, kinds = prepared.mapping.kind, {metric.kind for metric in series.metrics}
    odd += [f"--kind {kind}, there {', '.join(sorted(kinds))}"] if kind and kinds != {kind} else []
    said = prepared.mapping.overlaps
    odd += [f"--overlaps {said!r}, there {series.overlaps!r}"] if said not in ("", series.overlaps) else []
    if odd:
        raise SpecError(
            f"series {series.name} is described in series.toml already: {'; '.join(odd)}; change it there, "
            "or import into a series of another name"
        )


def _together(remembered: Table[str, Any], given: Table[str, Any]) -> dict[str, Any]:
    """Return what is remembered, with what is said now in its place."""
    source = {**remembered.get("source", {}), **given.get("source", {})}
    kept = dict(remembered)
    if "start" in given or "end" in given:
        kept.pop("period", None)
    if {"freq", "year_ends"} & given.keys():
        kept.pop("period_words", None)
    if "period" in given:
        kept = {key: said for key, said in kept.items() if key not in ("start", "end", "part")}
    return {**kept, **given, "source": source}


def bring(folder: Path, prepared: Prepared, options: Options) -> Outcome:
    """Bring a prepared table into its series, with the checks of any update.

    Raises
    ------
    GeotrackError : cells or regions that cannot be read, or a folder that cannot be written.
    """
    provider = _provider(prepared)
    source = prepared.mapping.source
    file = File(prepared.content, source["url"], options.moment, published=source.get("published", ""))
    saved = snapshot.latest(folder, provider.name).get("table")
    as_before = prepared.remembered and not prepared.taught.given
    if as_before and not snapshot.changed(file, saved) and ledger.stands(folder, provider):
        return Outcome(provider.name, "unchanged", "these very bytes were imported before")
    try:
        return update.settle(folder, lambda there: _delivery(prepared, provider, file, there), options)
    except UnmatchedError as error:
        advice = import_labels.skeleton(folder, prepared.series, error, options.dry)
        raise error.retold(f"{error} {advice}") from error


def _delivery(prepared: Prepared, provider: Provider, file: File, there: plan.Held) -> Delivery:
    blocks = {}
    if prepared.series in there.series:
        _refuse_other(prepared, there.series[prepared.series])
    else:
        read, shapes = prepared.read, prepared.taught.drawn_on(prepared.mapping.level)
        told = read.series if read else series_table(prepared.mapping, prepared.rows)
        blocks[prepared.series] = series_toml(prepared.series, {**told, "boundaries": shapes})
    # Next month's file is newer.
    lasting = {key: said for key, said in prepared.mapping.source.items() if key != "published"}
    text = to_toml(replace(prepared.mapping, source=lasting))
    kept = {} if prepared.remembered else {f"imports/{prepared.series}.toml": text.encode()}
    return Delivery(
        provider,
        {"table": file},
        prepared.rows,
        {"table": origin_of(provider, "table", file, there.origins)},
        blocks,
        whole=provider.whole,
        extra=kept | prepared.taught.to_keep(prepared.series),
        crosswalk=prepared.taught.crosswalk,
    )


def _provider(prepared: Prepared) -> Provider:
    source = prepared.mapping.source
    return Provider(
        name=f"import-{prepared.series}",
        group="import",
        title=source["title"],
        publisher=source["publisher"],
        url=source["url"],
        licence=source["licence"],
        licence_url=source.get("licence_url", ""),
        note=source.get("note", ""),
        series=(prepared.series,),
        parse=lambda files: prepared.rows,
        whole=not prepared.mapping.partial,
    )
