"""Crosswalks: files that say which region a label is, where its name does not."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from geotrack.errors import ParseError, RegionError
from geotrack.store.regions import Regions
from geotrack.store.tables import read_rows, repeated

CROSSWALK_COLUMNS = ("label", "region", "note")

LEFT_OUT = "-"
"""The code of a label whose rows are left out, in a crosswalk that a user gives."""


HOW = "Or give each a code in a file with the columns label,region,note: --crosswalk FILE"
"""What to do about labels that nothing matches."""


def read_crosswalk(path: Path | str) -> dict[str, str]:
    """Read a crosswalk of the data folder (columns label, region, note): label as written to code.

    Raises
    ------
    ParseError
        The file or a column is missing, or a label is given twice.
    """
    rows = read_rows(Path(path), CROSSWALK_COLUMNS)
    twice = repeated(r["label"] for r in rows)
    if twice:
        raise ParseError(f"{path}: labels given twice: {', '.join(map(repr, twice))}; keep one row of each")
    return {r["label"]: r["region"] for r in rows}


def read_given(path: Path | str, regions: Regions) -> dict[str, str]:
    """Read a crosswalk that a user gives: label to code; rows without a code say nothing yet.

    Parameters
    ----------
    path : a CSV with the columns label and region in any order; others (note, ...) are not read. A code may
        be written as anything that `Regions.resolve` takes for one: DE, DEU, US-TX, other; "-" leaves
        the label's rows out.

    Raises
    ------
    ParseError
        The file cannot be read, lacks a column, or gives a label two codes.
    RegionError
        Codes that there are not: all of them.
    """
    found: dict[str, str] = {}
    lost, twice = [], []
    for number, row in enumerate(_given_rows(Path(path)), start=2):
        label, said = (row.get("label") or "").strip(), (row.get("region") or "").strip()
        if not said:
            continue
        code = said if said == LEFT_OUT or said in regions.table else regions.resolve(said)
        if code is None or not label:
            lost.append(f"row {number}: {label!r} -> {said!r}")
        elif found.setdefault(label, code) != code:
            twice.append(f"row {number}: {label!r} -> {said!r}, before {found[label]!r}")
    if twice:
        raise ParseError(f"{path}: labels with two codes: {'; '.join(twice)}; keep one row of each")
    if lost:
        raise RegionError(
            f"{path}: codes that there are not: {'; '.join(lost)}; expected codes of ISO 3166 such as DEU or "
            "US-TX, 'other' for what has no place on the map, or '-' for rows to be left out"
        )
    return found


def _given_rows(path: Path) -> list[dict[str, str]]:
    expected = "expected a CSV in UTF-8 with the columns label and region"
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ParseError(f"{path}: cannot be read: {error}; {expected}") from error
    head = text.partition("\n")[0]
    sign = max(",;\t", key=head.count)  # spreadsheets of half of Europe write semicolons
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=sign, skipinitialspace=True)
    columns = [name.strip() for name in reader.fieldnames or ()]
    if not {"label", "region"} <= set(columns):
        raise ParseError(f"{path}: its columns are {', '.join(map(repr, columns)) or 'none'}; {expected}")
    reader.fieldnames = columns
    return list(reader)


def written(rows: Iterable[tuple[str, str, str]]) -> bytes:
    """Write a crosswalk: label, region, note of each row."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([CROSSWALK_COLUMNS, *rows])
    return text.getvalue().encode()


def kept(codes: Mapping[str, str], regions: Regions) -> bytes:
    """Write a crosswalk to be used the next time; notes say what the codes mean."""
    names = {code: regions.table[code].name for code in codes.values() if code != LEFT_OUT}
    return written((label, code, names.get(code, "left out")) for label, code in sorted(codes.items()))
