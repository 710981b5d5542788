"""Where data live: finding the folder, reading series, observations, origins, events."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import fields
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geotrack.errors import OutputError, ParseError, SpecError, first_few
from geotrack.files import PACKAGE, json_of
from geotrack.model import (
    OBSERVATION_COLUMNS,
    VINTAGE_COLUMNS,
    DoubtfulFigures,
    Event,
    Metric,
    NoteMark,
    Origin,
    OtherReading,
    Sample,
    Series,
    ShortCaveat,
)
from geotrack.store.schema import event_faults, origin_faults, series_faults
from geotrack.store.tables import read_rows, read_toml, read_toml_text

if TYPE_CHECKING:
    import pandas as pd

SHIPPED = PACKAGE / "shipped"

EVENT_COLUMNS = tuple(f.name for f in fields(Event))
ORIGIN_COLUMNS = tuple(f.name for f in fields(Origin))


def data_folder(given: Path | str | None = None) -> Path:
    """Find the data: the folder given, GEOTRACK_DATA, ./data if it is geotrack's, else the copy that ships.

    Raises
    ------
    ParseError : a folder was named, but holds no geotrack data; or its datapackage.json is corrupt.
    """
    folder = located(given)
    recovered(folder)
    return folder


def recovered(folder: Path) -> str:
    """Finish or discard an update that was interrupted here; say what was found and done, "" if nothing was.

    Raises
    ------
    OutputError : it cannot be finished: the folder is read-only, or staged files are damaged.
    """
    from geotrack.store import transaction

    return transaction.recover(folder)


def located(given: Path | str | None = None) -> Path:
    """Find the data as `data_folder` does, and touch nothing there."""
    named = given or os.environ.get("GEOTRACK_DATA")
    if named:
        if not _is_ours(Path(named), meant=True):
            raise ParseError(
                f"{named}: no geotrack data here; expected a folder with datapackage.json and observations/, "
                "like the project's data/"
            )
        return Path(named)
    for folder in (Path("data"), SHIPPED / "data", PACKAGE.parent / "data"):
        if _is_ours(folder):
            return folder
    raise ParseError(
        "no data found: neither ./data nor the copy that ships; install geotrack anew, or set GEOTRACK_DATA"
    )


def shipped(name: str) -> Path:
    """Return a folder that ships, "data" or "maps": of the installed package, or of a working copy."""
    return SHIPPED / name if (SHIPPED / name).exists() else PACKAGE.parent / name


def refuse_shipped(folder: Path, named: bool = True) -> None:
    """Refuse to change the copy of the data that ships with the program.

    Parameters
    ----------
    named : whether somebody named the folder; else only ./data is theirs.

    Raises
    ------
    OutputError : it is that copy.
    """
    ships = SHIPPED.exists() and folder.resolve().is_relative_to(SHIPPED.resolve())
    if ships or (not named and folder != Path("data")):
        raise OutputError(
            f"{folder}: this is the copy that ships with geotrack, and would be lost with its next version; "
            "run `geotrack init` for a copy of your own in ./data and ./maps, then run this again"
        )


def spec_folder() -> Path:
    """Find the default specs: ./maps if it holds any, else the copy that ships."""
    for folder in (Path("maps"), SHIPPED / "maps", PACKAGE.parent / "maps"):
        if any(folder.glob("*.toml")):
            return folder
    return Path("maps")


def _is_ours(folder: Path, meant: bool = False) -> bool:
    path = folder / "datapackage.json"
    try:
        named = _package_named(path.read_bytes())
    except OSError:
        return False
    except ValueError as error:
        if not meant and not series_path(folder).is_file():  # somebody else's ./data, not ours to judge
            return False
        raise ParseError(
            f"{path}: corrupt, no JSON in UTF-8: {error}; restore the file, "
            "or write it anew with scripts/make_datapackage.py"
        ) from error
    return named == "geotrack" and (folder / "observations").is_dir()


@lru_cache(maxsize=2)  # half a megabyte, which every map of a process asks for
def _package_named(content: bytes) -> object:
    package = json_of(content)
    return package.get("name") if isinstance(package, dict) else None


def read_series(folder: Path) -> dict[str, Series]:
    """Read every series' metrics, method and caveats, in the order of the file.

    Raises
    ------
    ParseError : the file is no TOML, or tables in it are no series: lists every key at fault.
    """
    path = series_path(folder)
    tables = read_toml(path, "series")
    faults = [f"[{name}]: {fault}" for name, table in tables.items() for fault in series_faults(table)]
    if faults:
        listed = "\n  ".join(["", *faults])
        raise ParseError(f"{path}: cannot be read as tables of series; see data/README.md:{listed}")
    return {name: series_of(name, table) for name, table in tables.items()}


def series_path(folder: Path) -> Path:
    """Return where the series are described."""
    return folder / "reference" / "series.toml"


def series_of(name: str, table: Mapping[str, Any]) -> Series:
    """Return the series that a table of series.toml describes; the table must be without faults."""
    metrics = tuple(Metric(**metric) for metric in table["metrics"])
    rest: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in table.items()
        if key not in ("metrics", *_LISTED)
    }
    rest |= {key: tuple(kind(**each) for each in table.get(key, ())) for key, kind in _LISTED.items()}
    return Series(name=name, metrics=metrics, **rest)


def _doubt(readings: list[dict[str, str]], **rest: Any) -> DoubtfulFigures:
    return DoubtfulFigures(readings=tuple(OtherReading(**each) for each in readings), **rest)  # type: ignore[arg-type]


_LISTED: dict[str, Callable[..., Any]] = {
    "samples": Sample,
    "short": ShortCaveat,
    "marks": NoteMark,
    "doubts": _doubt,
}
"""Keys of a series that list tables."""


def series_in(text: str, name: str) -> Series:
    """Return the series that a block of series.toml describes; the block must be without faults."""
    return series_of(name, read_toml_text(text, f"series {name}")[name])


def find_series(folder: Path, name: str) -> Series:
    """Return one series; SpecError with the names that exist, if there is none of that name."""
    known = read_series(folder)
    if name not in known:
        raise SpecError(unknown_series(name, known))
    return known[name]


def unknown_series(name: str, known: Iterable[str]) -> str:
    """Say that there is no series of a name, and which there are."""
    return f"series {name!r} is not known; expected one of: {', '.join(known)}"


def observations_path(folder: Path, name: str) -> Path:
    """Return where a series' observations are kept."""
    return folder / "observations" / f"{name}.csv"


def newest(path: Path) -> str:
    """Return the last month, "2022-01", that a file of observations has figures of; "" if there are none."""
    if not path.exists():
        return ""
    with path.open(encoding="utf-8", newline="") as lines:
        ends = [row["end"] for row in csv.DictReader(lines)]
    return (date.fromisoformat(max(ends)) - timedelta(days=1)).isoformat()[:7] if ends else ""


def vintages_path(folder: Path, name: str) -> Path:
    """Return where the figures of a series are kept that others have replaced."""
    return folder / "vintages" / f"{name}.csv"


def read_vintages(folder: Path, name: str) -> pd.DataFrame:
    """Read the figures of a series that others have replaced, as text; empty if there are none."""
    import pandas as pd

    path = vintages_path(folder, name)
    if path.exists():
        return read_raw(path, VINTAGE_COLUMNS)
    return pd.DataFrame({column: pd.Series(dtype="str") for column in VINTAGE_COLUMNS})


def read_raw(path: Path, columns: tuple[str, ...] = OBSERVATION_COLUMNS) -> pd.DataFrame:
    """Read a file of observations as text, every cell as it stands ("NA" is text, not a missing value)."""
    import pandas as pd

    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8", engine="c")
    except FileNotFoundError as error:
        raise ParseError(
            f"{path}: no such file; run `geotrack series` to see the series there are"
        ) from error
    except (OSError, ValueError) as error:
        raise ParseError(f"{path}: cannot be read as CSV: {error}") from error
    absent = [column for column in columns if column not in frame.columns]
    if absent:
        raise ParseError(
            f"{path}: column{'s' if len(absent) > 1 else ''} {', '.join(absent)} missing; "
            f"expected {', '.join(columns)}"
        )
    return frame


def typed(frame: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Give raw observations their types; ParseError with row numbers where a cell has no such type."""
    import pandas as pd

    frame = frame.copy(deep=False)
    for column, read in (("start", _dates), ("end", _dates), ("value", _numbers)):
        converted = read(frame[column])
        bad = [int(row) for row in frame.index[converted.isna()]]
        if bad:
            cells = (f"row {row + 2}: {frame[column].iloc[row]!r}" for row in bad[:10])
            wanted = "a plain number" if column == "value" else "an ISO day such as 2021-07-01"
            raise ParseError(
                f"{path}: column {column}: {first_few(cells, count=len(bad))}; expected {wanted}"
            )
        frame[column] = converted
    return pd.DataFrame(frame)


def _dates(column: pd.Series[str]) -> pd.Series[Any]:
    import pandas as pd

    codes, distinct = pd.factorize(column, use_na_sentinel=False)  # each day is read once
    try:  # a tenth of the time of what follows, where there are few days, as in most series
        known = [date.fromisoformat(text if _DAY(text) else "") for text in distinct]
        days = pd.Series(known, dtype="datetime64[us]")
    except (TypeError, ValueError):
        days = pd.to_datetime(pd.Series(distinct), format="%Y-%m-%d", errors="coerce")
    return pd.Series(days.to_numpy()[codes], index=column.index, name=column.name)


def _numbers(column: pd.Series[str]) -> pd.Series[Any]:
    import pandas as pd

    texts, numbers = column.astype(object), None
    with suppress(TypeError, ValueError):  # a cell that is missing, or no number
        if _DIGITS.fullmatch("".join(texts.tolist())):  # then Python reads the same, in a fifth of the time
            numbers = texts.astype("float64")
    if numbers is None:
        numbers = pd.to_numeric(texts, errors="coerce").astype("float64")
    return numbers.where(numbers.abs() != float("inf"))


_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch
_DIGITS = re.compile("[-+.eE0-9]*+")


def read_origins(folder: Path) -> dict[str, Origin]:
    """Read who published what, where and under which licence; by id.

    Raises
    ------
    ParseError : a row without publisher, title, licence or an address to go to; lists them.
    """
    rows = _sound_rows(folder / "reference" / "origins.csv", ORIGIN_COLUMNS, origin_faults)
    return {row["id"]: Origin(**row) for row in rows}


def read_events(folder: Path, knows: Callable[[str], bool] = bool) -> tuple[Event, ...]:
    """Read the dated events of all topics, sorted by day; `knows` tells whether there is a region of a code.

    Raises
    ------
    ParseError : rows that are no events, without a day, a known region, words or an address; lists them.
    """
    path = folder / "reference" / "events.csv"
    rows = _sound_rows(path, EVENT_COLUMNS, lambda row: event_faults(row, knows))
    return tuple(sorted((Event(**row) for row in rows), key=lambda event: (event.date, event.label)))


def _sound_rows(
    path: Path, columns: tuple[str, ...], faults: Callable[[Mapping[str, str]], list[str]]
) -> list[dict[str, str]]:
    rows = read_rows(path, columns)
    found = [f"row {number}: {text}" for number, row in enumerate(rows, 2) for text in faults(row)]
    if found:
        raise ParseError(f"{path}: {first_few(found)}; correct the file: `geotrack check` lists all")
    return [{column: row[column] for column in columns} for row in rows]
