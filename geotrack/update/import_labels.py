"""The labels of an import: the crosswalk that a user gives, kept for the next time; what they are read as."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from geotrack import files
from geotrack.errors import GeotrackError, OutputError
from geotrack.store import levels as store_levels
from geotrack.store.crosswalk import HOW, kept, read_given, written
from geotrack.store.matching import Matched, UnmatchedError, match
from geotrack.store.reading import read_series
from geotrack.store.regions import Regions


@dataclass(frozen=True, eq=False)
class Teaching:
    """What an import knows of labels.

    Parameters
    ----------
    regions : of the data folder.
    crosswalk : label -> code, of this import and of earlier ones.
    given : whether a file was given now.
    levels : of the data folder, each with its boundaries.
    """

    regions: Regions
    crosswalk: Mapping[str, str]
    given: bool
    levels: store_levels.Levels

    def matched(self, labels: Iterable[str], level: str) -> Matched | None:
        """Return what labels are read as; nothing if they cannot be, which `import_table.bring` says."""
        try:
            return match(labels, self.regions, level, self.crosswalk)
        except GeotrackError:
            return None

    def to_keep(self, series: str) -> dict[str, bytes]:
        """Return the file to keep, by its place in the data folder."""
        return {place(series).as_posix(): kept(self.crosswalk, self.regions)} if self.given else {}

    def drawn_on(self, level: str) -> str:
        """Return the boundaries that a level is drawn on.

        Raises
        ------
        SpecError : there is no such level.
        """
        store_levels.refuse_unknown(level, self.levels)
        return store_levels.drawn_on(level, self.levels)


def place(series: str) -> Path:
    """Return where a series' crosswalk is kept, in the data folder."""
    return Path("imports", f"{series}.crosswalk.csv")


def teaching(folder: Path, series: str, given: Path | None) -> Teaching:
    """Read a crosswalk that is given, and what earlier imports of the series kept.

    Raises
    ------
    ParseError : a file that is none.
    RegionError : codes that there are not.
    """
    regions, before = Regions.read(folder / "reference"), folder / place(series)
    crosswalk = read_given(before, regions) if before.exists() else {}
    if given:
        crosswalk |= read_given(given, regions)
    return Teaching(regions, crosswalk, given is not None, store_levels.read(folder, regions))


def is_known(folder: Path, series: str) -> bool:
    """Tell whether a series is described already, its level too."""
    return series in read_series(folder)


def skeleton(folder: Path, series: str, error: UnmatchedError, dry: bool) -> str:
    """Write a crosswalk to be filled in, unless there is one; say where, and how to use it."""
    path = folder / place(series)
    again = f"and run the import again with --crosswalk {path}"
    if path.exists():
        return f"Or add rows for these labels to {path} (columns label,region,note), {again}"
    if not dry:
        try:
            files.write(path, written((lost.label, "", lost.guess) for lost in error.lost))
        except OutputError:
            pass  # a folder that cannot be written: the file may be anywhere
        else:
            return f"Or fill in the codes in {path}, which was written for these labels, {again}"
    return HOW
