"""Where data live: finding the folder, reading series, observations, origins, events."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geotrack.errors import OutputError, ParseError, SpecError
from geotrack.model import OBSERVATION_COLUMNS, Event, Metric, Origin, Series

if TYPE_CHECKING:
    import pandas as pd

PACKAGE = Path(__file__).parent
SHIPPED = PACKAGE / "shipped"


def data_folder(given: Path | str | None = None) -> Path:
    """Find the data: the folder given, GEOTRACK_DATA, ./data if it is geotrack's, else the copy that ships.

    Raises
    ------
    ParseError : a folder was named, but holds no geotrack data.
    """
    named = given or os.environ.get("GEOTRACK_DATA")
    if named:
        if not _is_ours(Path(named)):
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


def spec_folder() -> Path:
    """Find the default specs: ./maps if it holds any, else the copy that ships."""
    for folder in (Path("maps"), SHIPPED / "maps", PACKAGE.parent / "maps"):
        if any(folder.glob("*.toml")):
            return folder
    return Path("maps")


def _is_ours(folder: Path) -> bool:
    try:
        package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return (
        isinstance(package, dict) and package.get("name") == "geotrack" and (folder / "observations").is_dir()
    )


def read_series(folder: Path) -> dict[str, Series]:
    """Read every series' metrics, method and caveats, in the order of the file."""
    path = folder / "reference" / "series.toml"
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        return {name: _series(name, table) for name, table in tables.items()}
    except (
        OSError,
        tomllib.TOMLDecodeError,
        UnicodeDecodeError,
        TypeError,
        AttributeError,
        KeyError,
    ) as error:
        raise ParseError(
            f"{path}: cannot be read as tables of series: {error}; see data/README.md"
        ) from error


def _series(name: str, table: Mapping[str, Any]) -> Series:
    metrics = tuple(Metric(**metric) for metric in table["metrics"])
    rest: dict[str, Any] = {
        key: tuple(value) if key == "caveats" else value for key, value in table.items() if key != "metrics"
    }
    return Series(name=name, metrics=metrics, **rest)


def find_series(folder: Path, name: str) -> Series:
    """Return one series; SpecError with the names that exist, if there is none of that name."""
    known = read_series(folder)
    if name not in known:
        raise SpecError(f"series {name!r} is not known; expected one of: {', '.join(known)}")
    return known[name]


def observations_path(folder: Path, name: str) -> Path:
    """Return where a series' observations are kept."""
    return folder / "observations" / f"{name}.csv"


def read_raw(path: Path) -> pd.DataFrame:
    """Read a file of observations as text, every cell as it stands ("NA" is text, not a missing value)."""
    import pandas as pd

    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8", engine="c")
    except FileNotFoundError as error:
        raise ParseError(
            f"{path}: no such file; run `geotrack sources` to see the series there are"
        ) from error
    except (OSError, ValueError) as error:
        raise ParseError(f"{path}: cannot be read as CSV: {error}") from error
    absent = [column for column in OBSERVATION_COLUMNS if column not in frame.columns]
    if absent:
        raise ParseError(
            f"{path}: column{'s' if len(absent) > 1 else ''} {', '.join(absent)} missing; "
            f"expected {', '.join(OBSERVATION_COLUMNS)}"
        )
    return frame


def read_observations(path: Path) -> pd.DataFrame:
    """Read observations with periods as datetimes and values as numbers.

    Returns
    -------
    DataFrame
        Columns of model.OBSERVATION_COLUMNS; start and end datetime64, value float64, the rest text.
    """
    return typed(read_raw(path), path)


def typed(frame: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Give raw observations their types; ParseError with row numbers where a cell has no such type."""
    import pandas as pd

    frame = frame.copy()
    for column, read in (("start", _dates), ("end", _dates), ("value", _numbers)):
        converted = read(frame[column])
        bad = [int(row) for row in frame.index[converted.isna()]]
        if bad:
            found = "; ".join(f"row {row + 2}: {frame[column].iloc[row]!r}" for row in bad[:10])
            more = f" and {len(bad) - 10} more" if len(bad) > 10 else ""
            wanted = "a plain number" if column == "value" else "an ISO day such as 2021-07-01"
            raise ParseError(f"{path}: column {column}: {found}{more}; expected {wanted}")
        frame[column] = converted
    return pd.DataFrame(frame)


def _dates(column: pd.Series[str]) -> pd.Series[Any]:
    import pandas as pd

    return pd.to_datetime(column, format="%Y-%m-%d", errors="coerce")


def _numbers(column: pd.Series[str]) -> pd.Series[Any]:
    import pandas as pd

    numbers = pd.to_numeric(column, errors="coerce").astype("float64")
    return numbers.where(numbers.abs() != float("inf"))


def read_origins(folder: Path) -> dict[str, Origin]:
    """Read who published what, where and under which licence; by id."""
    path = folder / "reference" / "origins.csv"
    try:
        return {row["id"]: Origin(**{str(k): v or "" for k, v in row.items()}) for row in _rows(path)}
    except (TypeError, ValueError, KeyError) as error:
        raise ParseError(f"{path}: not a table of origins: {error}") from error


def read_events(folder: Path) -> tuple[Event, ...]:
    """Read the dated events, sorted by day."""
    path = folder / "reference" / "events.csv"
    try:
        events = [Event(**{str(k): v or "" for k, v in row.items()}) for row in _rows(path)]
    except TypeError as error:
        raise ParseError(
            f"{path}: not a table of events: {error}; expected date,region,label,url,note"
        ) from error
    return tuple(sorted(events, key=lambda event: (event.date, event.label)))


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise ParseError(f"{path}: cannot be read: {error}") from error


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write(path: Path, content: str | bytes) -> None:
    """Write beside, then move: a reader sees the old file or the new one, never half of one.

    Raises
    ------
    OutputError : the place cannot be written; what stood there still stands.
    """
    write_all({path: content})


def write_all(files: Mapping[Path, str | bytes]) -> None:
    """Write files that belong together: all beside their places, and only then all moved there.

    Raises
    ------
    OutputError : a place cannot be written; what stood there still stands.
    """
    current, ready = Path(), []
    try:
        with ExitStack() as stack:
            for current, content in files.items():
                ready.append((stack.enter_context(_beside(current, content)), current))
            for temporary, current in ready:
                temporary.replace(current)
    except (OSError, ValueError) as error:  # a ValueError: a path with a null character
        reason = getattr(error, "strerror", None) or error
        raise OutputError(
            f"{current}: cannot be written: {reason}; what stood there before is untouched. "
            "Choose another folder with --out, or make this one writable"
        ) from error


@contextmanager
def _beside(path: Path, content: str | bytes) -> Iterator[Path]:
    """Write a file's content beside its place; what is not moved there is removed."""
    if path.exists() and not path.is_file():
        raise OSError("it is there already and is no plain file")
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
