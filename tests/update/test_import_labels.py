"""What an import makes of labels: shown before it is written, taught by a crosswalk, asked for a level."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from geotrack.errors import AmbiguousError, RegionError
from geotrack.store import reading
from geotrack.store.matching import UnmatchedError
from geotrack.store.regions import Regions
from geotrack.update import import_table
from geotrack.update.update import Options

SOURCE = {"publisher": "P", "title": "T", "url": "https://example.org/t", "licence": "CC0"}
GIVEN = {"unit": "EH/s", "over_time": "mean", "source": SOURCE}
OPTIONS = Options(datetime(2026, 11, 1, tzinfo=UTC), accept="made up")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    made = tmp_path / "data"
    shutil.copytree(Path(__file__).parents[2] / "data" / "reference", made / "reference")
    for name in ("updates.csv", "datapackage.json"):
        found = Path(__file__).parents[2] / "data" / name
        if found.exists():
            shutil.copy(found, made / name)
    (made / "observations").mkdir()
    return made


def table(tmp_path: Path, labels: list[str], column: str = "region", first: int = 1) -> Path:
    path = tmp_path / "t.csv"
    rows = [f'"{label}",2023,{n}' for n, label in enumerate(labels, start=first)]
    path.write_text("\n".join([f"{column},period,value", *rows, ""]), encoding="utf-8")
    return path


def brought(
    data: Path, path: Path, given: dict[str, object] = GIVEN, crosswalk: Path | None = None
) -> list[str]:
    """Import a table; return the codes that were written."""
    prepared = import_table.prepare(data, path, "mine", given, crosswalk)
    outcome = import_table.bring(data, prepared, OPTIONS)
    assert outcome.error is None, outcome
    return sorted(set(reading.read_raw(data / "observations" / "mine.csv")["region"]))


def files(data: Path) -> set[str]:
    return {
        path.relative_to(data).as_posix()
        for path in data.rglob("*")
        if path.is_file() and path.stat().st_size
    }


def test_codes_of_two_letters_are_shown_before_anything_is_written(data: Path, tmp_path: Path) -> None:
    prepared = import_table.prepare(
        data, table(tmp_path, ["ZA", "CH", "Deutschland", "156x"][:3]), "mine", GIVEN
    )
    assert "regions by two-letter code: ZA = South Africa; CH = Switzerland" in prepared.lines
    assert "regions by name in German: Deutschland = Germany" in prepared.lines
    numbers = import_table.prepare(
        data, table(tmp_path, ["156", "840", "4"]), "mine", {**GIVEN, "region": "region"}
    )
    assert "regions by number: 156 = China; 840 = United States; 4 = Afghanistan" in numbers.lines


def test_states_that_are_countries_codes_too_are_asked_for_once(data: Path, tmp_path: Path) -> None:
    path = table(tmp_path, ["GA", "KY", "NE"], "state")
    with pytest.raises(AmbiguousError, match=r"--level US \(GA = Georgia"):
        import_table.prepare(data, path, "mine", GIVEN)
    assert brought(data, path, {**GIVEN, "level": "US"}) == ["US-GA", "US-KY", "US-NE"]
    assert brought(data, table(tmp_path, ["GA", "KY", "NE"], "state", first=2), {}) == [
        "US-GA",
        "US-KY",
        "US-NE",
    ]


def test_a_skeleton_is_written_filled_in_and_remembered(data: Path, tmp_path: Path) -> None:
    path, before = table(tmp_path, ["No.", "(sa)", "Chnia", "Outremer", "USA"]), files(data)
    with pytest.raises(
        UnmatchedError, match=r"4 label\(s\) match no region.*(?s:.)*was written for these"
    ) as error:
        brought(data, path)
    made = data / "imports" / "mine.crosswalk.csv"
    assert str(error.value).endswith(f"run the import again with --crosswalk {made}")
    assert files(data) - before == {"imports/mine.crosswalk.csv"}
    text = made.read_text(encoding="utf-8")
    assert text == "label,region,note\nNo.,,\n(sa),,\nChnia,,perhaps China?\nOutremer,,\n"
    with pytest.raises(UnmatchedError, match=r"Or add rows for these labels to .*mine.crosswalk.csv"):
        brought(data, path)  # what is there is not written over
    assert made.read_text(encoding="utf-8") == text

    own = tmp_path / "own.csv"
    filled = (
        text.replace("No.,,", "No.,other,").replace("(sa),,", "(sa),SAU,").replace("Chnia,,", "Chnia,CN,")
    )
    own.write_text(filled.replace("Outremer,,", "Outremer,rest-of-world,"), encoding="utf-8")
    assert brought(data, path, crosswalk=own) == ["CHN", "SAU", "USA", "other", "rest-of-world"]
    assert "Chnia,CHN,China" in made.read_text(encoding="utf-8")
    later = table(tmp_path, ["No.", "(sa)", "Chnia", "Outremer", "USA"], first=7)
    remembered = import_table.prepare(data, later, "mine", {})
    assert remembered.remembered
    assert any(
        line.startswith("regions by the crosswalk: No. = Other; (sa) = Saudi") for line in remembered.lines
    )
    assert brought(data, later, {}) == ["CHN", "SAU", "USA", "other", "rest-of-world"]


def test_the_filled_skeleton_is_read_where_it_lies(data: Path, tmp_path: Path) -> None:
    path = table(tmp_path, ["Outremer", "USA"])
    with pytest.raises(UnmatchedError):
        brought(data, path)
    made = data / "imports" / "mine.crosswalk.csv"
    made.write_text("label,region,note\nOutremer,other,\n", encoding="utf-8")
    assert brought(data, path) == ["USA", "other"]


def test_a_dry_run_writes_no_skeleton_and_a_wrong_crosswalk_is_refused(data: Path, tmp_path: Path) -> None:
    path, before = table(tmp_path, ["Outremer", "USA"]), files(data)
    prepared = import_table.prepare(data, path, "mine", GIVEN)
    with pytest.raises(UnmatchedError, match=r"label,region,note: --crosswalk FILE$"):
        import_table.bring(data, prepared, Options(OPTIONS.now, dry=True))
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("label,region\nOutremer,Atlantis\n", encoding="utf-8")
    with pytest.raises(
        RegionError, match=r"wrong.csv: codes that there are not: row 2: 'Outremer' -> 'Atlantis'"
    ):
        import_table.prepare(data, path, "mine", GIVEN, wrong)
    assert files(data) == before


def test_rows_of_groups_and_what_a_crosswalk_leaves_out_are_not_brought(data: Path, tmp_path: Path) -> None:
    codes = Regions.read(data / "reference").codes()[:25]
    path, own = table(tmp_path, [*codes, "Arab World", "Memo item"]), tmp_path / "own.csv"
    own.write_text("label,region\nMemo item,-\n", encoding="utf-8")
    prepared = import_table.prepare(data, path, "mine", GIVEN, own)
    assert prepared.lines[-2:] == [
        "regions left out, groups of others: Arab World", "regions left out by the crosswalk: Memo item",
    ]  # fmt: skip
    assert brought(data, path, crosswalk=own) == sorted(codes)
    assert "Memo item,-,left out" in (data / "imports" / "mine.crosswalk.csv").read_text(encoding="utf-8")
