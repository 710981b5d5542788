"""What a source delivered: its rows as observations, the origins of its files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from geotrack.errors import ParseError, SpecError
from geotrack.model import OBSERVATION_COLUMNS, File, Origin, Provider, Series
from geotrack.store import schema
from geotrack.store.categories import mapped
from geotrack.store.crosswalk import read_crosswalk
from geotrack.store.matching import UnmatchedError, harmonise
from geotrack.store.regions import Regions
from geotrack.update.collect import BY_HAND

if TYPE_CHECKING:
    import pandas as pd

SOURCE = ("publisher", "title", "url", "licence")
"""What must be said of where a user's figures come from."""


@dataclass(frozen=True, eq=False)
class Delivery:
    """What came from a source, read but not yet compared with what is there.

    Parameters
    ----------
    provider : the source.
    files : its files, by name.
    rows : what `provider.parse` made of them, in model.LABELLED_COLUMNS.
    origins : of the rows, by the names of their files.
    definitions : blocks of series.toml, by the names of series that may not be described there yet.
    whole : whether it is all of its series.
    single : whether it adds single figures.
    asked : whether the source itself was asked for all that it has; else somebody handed some of it in.
    skip : files that somebody left out with a reason, "edgar-canaan/0001104659-23-047189".
    extra : further files to write with it, relative to the data folder: a remembered mapping.
    crosswalk : label -> code, as a user gave it with the table; it wins over the series' own.
    """

    provider: Provider
    files: Mapping[str, File]
    rows: pd.DataFrame
    origins: Mapping[str, Origin]
    definitions: Mapping[str, str] = field(default_factory=dict)
    whole: bool = True
    single: bool = False
    asked: bool = False
    skip: frozenset[str] = frozenset()
    extra: Mapping[str, bytes] = field(default_factory=dict)
    crosswalk: Mapping[str, str] = field(default_factory=dict)

    @property
    def series(self) -> list[str]:
        """Return the names of the series that it has rows of, in the provider's order."""
        held = set(self.rows["series"].unique())
        return [name for name in self.provider.series if name in held]


def origin_of(provider: Provider, name: str, file: File, known: Mapping[str, Origin]) -> Origin:
    """Return the origin of a file's figures; its id is new unless these very bytes are known under it.

    Raises
    ------
    ParseError : a day that is none, or no address.
    """
    sha256 = hashlib.sha256(file.content).hexdigest()
    day = file.retrieved[:10]
    stem = f"{provider.name}-{name}" + ("" if file.published else f"-{day}")
    taken = known.get(stem)
    id = stem if taken is None or taken.sha256 == sha256 else f"{stem}-{sha256[:8]}"
    by_hand = "Read from a file that was saved by hand." if name.startswith(BY_HAND) else ""
    origin = Origin(
        id=id,
        publisher=provider.publisher,
        title=provider.title,
        url=file.url or provider.url,
        licence=provider.licence,
        licence_url=provider.licence_url,
        published=file.published,
        retrieved=day,
        sha256=sha256,
        note=" ".join(text for text in (provider.note, by_hand) if text),
    )
    if faults := schema.origin_faults(vars(origin)):
        raise ParseError(f"{provider.name}/{name}: no origin, no number: {'; '.join(faults)}")
    return origin


def refuse_unsound(source: Mapping[str, str], otherwise: str) -> None:
    """Refuse what a user says of a source if it would make no sound row of origins.csv.

    Parameters
    ----------
    source : publisher, title, url, licence, perhaps licence_url, published, note.
    otherwise : how the sentence on what is lacking ends.

    Raises
    ------
    SpecError : a part is lacking, the address is none, or the day of publication cannot be read.
    """
    if lacking := [f"--{key}" for key in SOURCE if not source.get(key, "").strip()]:
        raise SpecError(f"no origin, no number: {', '.join(lacking)} must be given{otherwise}")
    row = {"id": "new", "retrieved": _ANY_DAY, **source}
    if faults := [f"--{fault}" for fault in schema.origin_faults(row)]:
        raise SpecError("; ".join(faults))


_ANY_DAY = "2026-01-01"
"""In the place of the day on which a table will have been retrieved."""


def coded(
    delivery: Delivery, rows: pd.DataFrame, series: Series, folder: Path, regions: Regions
) -> pd.DataFrame:
    """Give a series' rows the codes of their labels, see `observations`.

    Raises
    ------
    UnmatchedError : labels that match no region; says where a source's can be taught.
    """
    path = folder / "reference" / "crosswalk" / f"{series.crosswalk or 'NAME'}.csv"
    crosswalk = read_crosswalk(path) if series.crosswalk else {}
    ids = {file: origin.id for file, origin in delivery.origins.items()}
    try:
        return observations(rows, series, regions, {**crosswalk, **delivery.crosswalk}, ids)
    except UnmatchedError as error:
        if delivery.provider.group == "import":
            raise
        of = rows[rows["label"].isin([lost.label for lost in error.lost])].drop_duplicates("label")
        told = "; ".join(f"{row.label!r} of {row.start} in {row.file}" for row in of.head(10).itertuples())
        where = f"\nIn series {series.name}: {told}." if told else ""
        raise error.retold(
            f"{error}{where} Or give each a code in the crosswalk file (columns label,region,note): {path}"
        ) from error


def observations(
    rows: pd.DataFrame, series: Series, regions: Regions, crosswalk: Mapping[str, str], ids: Mapping[str, str]
) -> pd.DataFrame:
    """Turn a series' labelled rows into observations, every cell text.

    Parameters
    ----------
    rows : in model.LABELLED_COLUMNS.
    crosswalk : label as the source writes it -> code; it wins over names.
    ids : name of a file -> id of its origin.

    Returns
    -------
    DataFrame in model.OBSERVATION_COLUMNS, and "published".

    Raises
    ------
    RegionError : labels that match no region, all of them.
    """
    pairs = rows[["label", "lookup"]].drop_duplicates()
    wanted = {
        (label, lookup): label if label in crosswalk or not lookup else lookup
        for label, lookup in zip(pairs["label"], pairs["lookup"], strict=True)
    }
    codes = harmonise(wanted.values(), regions, series.level, crosswalk)
    made = rows.assign(origin=mapped(rows["file"], ids))
    if (rows["lookup"] != "").any():
        keys = zip(rows["label"], rows["lookup"], strict=True)
        made["region"] = [codes.get(wanted[key]) for key in keys]
    else:  # a large table of one's own: one look-up for each label
        made["region"] = mapped(rows["label"], codes)
    if len(codes) < len(wanted):  # labels whose rows are left out
        made = made[made["region"].notna()]
    return made[[*OBSERVATION_COLUMNS, "published"]].reset_index(drop=True)
