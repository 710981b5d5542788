"""The documents of a data folder: in step with every change, and quick with what did not change."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from geotrack.errors import ParseError
from geotrack.model import OBSERVATION_COLUMNS, VINTAGE_COLUMNS
from geotrack.store import datapackage
from geotrack.store.datapackage import documents
from geotrack.store.reading import data_folder

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
PACKAGE, README = Path("datapackage.json"), Path("README.md")
LUXOR = Path("observations/luxor-countries.csv")
ORIGINS, SERIES = Path("reference/origins.csv"), Path("reference/series.toml")
# synthetic series, figures and origins, all of them
BLOCK = '\n[own]\ntitle = "Own"\nlevel = "country"\n[[own.metrics]]\nname = "n"\ntitle = "N"\nunit = "%"\n'
ROW = "own-file,Own Publisher,Own table,https://example.org/own,CC BY 4.0,https://example.org/cc,,,,\n"
FIGURE = "CHN,2026-01-01,2026-02-01,n,1,%,reported,own-file,China,\n"


def table(*rows: str, columns: tuple[str, ...] = OBSERVATION_COLUMNS) -> bytes:
    return "".join([",".join(columns) + "\n", *rows]).encode()


def resources(found: Mapping[Path, bytes]) -> dict[str, dict[str, Any]]:
    return {r["name"]: r for r in json.loads(found[PACKAGE])["resources"]}


def line(found: Mapping[Path, bytes], series: str) -> str:
    [row] = [row for row in found[README].decode().splitlines() if row.startswith(f"| `{series}`")]
    return row


def write(folder: Path, files: Mapping[Path, bytes]) -> None:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


def text(data: Path, path: Path) -> str:
    return (data / path).read_text(encoding="utf-8")


def test_the_project_s_documents_are_in_step_anew_and_after_a_change_of_nothing() -> None:
    there = {path: (DATA / path).read_bytes() for path in (PACKAGE, README)}
    assert documents(DATA) == there
    assert documents(DATA, {}) == there
    same = {path: (DATA / path).read_bytes() for path in (LUXOR, ORIGINS, SERIES)}
    assert documents(DATA, same) == there


def figure(data: Path) -> dict[Path, bytes]:
    return {LUXOR: text(data, LUXOR).replace("36.7", "36.81").encode()}


def new_rows(data: Path) -> dict[Path, bytes]:
    row = "CHN,2026-10-01,2027-01-01,share,1,%,estimated,own-file,China,\n"
    return {
        LUXOR: (text(data, LUXOR) + row).encode(),
        ORIGINS: (text(data, ORIGINS) + ROW).encode(),
    }


def new_series(data: Path) -> dict[Path, bytes]:
    return {
        Path("observations/own.csv"): table(FIGURE),
        ORIGINS: (text(data, ORIGINS) + ROW).encode(),
        SERIES: (
            text(data, SERIES) + BLOCK.replace('"country"\n', '"country"\ncrosswalk = "luxor"\n')
        ).encode(),
    }


def new_words(data: Path) -> dict[Path, bytes]:
    return {SERIES: text(data, SERIES).replace("Ireland's zeros", "The zeros").encode()}


def other_crosswalk(data: Path) -> dict[Path, bytes]:
    changed = text(data, SERIES).replace('crosswalk = "cbeci-us-states"', 'crosswalk = "foundry"')
    return {SERIES: changed.encode()}


def other_licence(data: Path) -> dict[Path, bytes]:
    return {ORIGINS: text(data, ORIGINS).replace("CC BY-NC-SA 4.0", "CC BY 4.0").encode()}


def vintages_and_log(data: Path) -> dict[Path, bytes]:
    origin = text(data, LUXOR).splitlines()[1].split(",")[7]
    row = f"CHN,2025-01-01,2025-04-01,share,1,%,estimated,{origin},China,,2025-05-01,2026-01-01,revised\n"
    log = "at,source,series,added,revised,withdrawn,unchanged,warnings,reason\n"
    return {
        **figure(data),
        Path("vintages/luxor-countries.csv"): table(row, columns=VINTAGE_COLUMNS),
        Path("updates.csv"): f"{log}2026-11-23T09:18:02Z,luxor,luxor-countries,0,1,0,44,0,\n".encode(),
    }


def crosswalk(data: Path) -> dict[Path, bytes]:
    return {Path("reference/crosswalk/edgar-own.csv"): b"label,region,note\nElsewhere,other,\n"}


def boundaries(data: Path) -> dict[Path, bytes]:
    path = Path("reference/boundaries/boundaries.toml")
    return {path: text(data, path).replace("Cut at 180 degrees", "Cut").encode()}


def no_figures(data: Path) -> dict[Path, bytes]:
    return {LUXOR: table()}


CHANGES = [figure, new_rows, new_series, new_words, other_crosswalk, other_licence]
CHANGES += [vintages_and_log, crosswalk, boundaries, no_figures]


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_change_gives_is_what_describing_all_anew_gives(
    data: Path, change: Callable[[Path], dict[Path, bytes]]
) -> None:
    write(data, documents(data))  # the copy lacks a file of boundaries
    changed = change(data)
    before = {path: (data / path).read_bytes() for path in (PACKAGE, README)}
    found = documents(data, changed)
    assert found[PACKAGE] != before[PACKAGE]
    assert {path: (data / path).read_bytes() for path in before} == before  # nothing was written
    write(data, changed)
    assert found == documents(data)
    write(data, found)
    assert documents(data, {}) == found


def test_a_change_is_described(data: Path) -> None:
    found = documents(data, new_rows(data))
    luxor = resources(found)["luxor-countries"]
    assert {"title": "Own Publisher: Own table", "path": "https://example.org/own"} in luxor["sources"]
    assert {"name": "CC-BY-4.0", "title": "CC BY 4.0", "path": "https://example.org/cc"} in luxor["licenses"]
    assert line(found, "luxor-countries").endswith(
        "| 2025-01-01 | 2027-01-01 | 46 | CC-BY-4.0, none stated |"
    )


def test_a_new_series_has_an_entry_and_a_line(data: Path) -> None:
    found = documents(data, new_series(data))
    assert resources(found)["own"]["schema"]["fields"][3]["constraints"]["enum"] == ["n"]
    assert "in luxor-countries, own;" in resources(found)["crosswalk-luxor"]["description"]
    assert line(found, "own") == "| `own` | country | `n` (%) | 2026-01-01 | 2026-02-01 | 1 | CC-BY-4.0 |"


def test_vintages_and_the_log_are_resources(data: Path) -> None:
    found = resources(documents(data, vintages_and_log(data)))
    earlier, log = found["vintages-luxor-countries"], found["updates"]
    assert [field["name"] for field in earlier["schema"]["fields"]] == list(VINTAGE_COLUMNS)
    assert earlier["sources"]
    assert earlier["licenses"] == [{"name": "none-stated", "title": "none stated"}]
    assert "Licence: none stated by the publisher" in earlier["description"]
    assert {field["name"]: field["type"] for field in log["schema"]["fields"]}["added"] == "integer"
    names = list(found)
    assert names.index("vintages-luxor-countries") < names.index("regions") < names.index("updates")


def test_raw_payloads_are_no_resources(data: Path) -> None:
    changed = {Path("raw/luxor/post/origin.json"): b"{}", Path("raw/luxor/post/payload.bin"): b"x"}
    write(data, documents(data))
    assert documents(data, changed)[PACKAGE] == (data / PACKAGE).read_bytes()


def test_a_crosswalk_that_no_series_uses_yet_is_described(data: Path) -> None:
    entry = resources(documents(data, crosswalk(data)))["crosswalk-edgar-own"]
    assert entry["description"] == "The publishers' spellings; we add the codes."
    assert entry["sources"] == [{"title": "The publishers of the spellings"}]


def test_a_series_without_figures_or_without_a_file_is_no_fault(data: Path) -> None:
    found = documents(data, {**no_figures(data), SERIES: (text(data, SERIES) + BLOCK).encode()})
    assert "sources" not in resources(found)["luxor-countries"]
    assert "own" not in resources(found)
    assert line(found, "own") == "| `own` | country | `n` (%) |  |  | 0 |  |"


def test_entries_of_untouched_files_are_kept_without_reading_them(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(data, documents(data))
    opened: list[str] = []
    read = Path.read_bytes

    def noted(path: Path) -> bytes:
        opened.append(path.relative_to(data).as_posix())
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", noted)
    documents(data, figure(data))
    assert [name for name in opened if name.startswith("observations/")] == []
    assert [name for name in opened if name.endswith(".topojson")] == []


def test_an_entry_whose_file_has_another_size_is_not_believed(data: Path) -> None:
    write(data, documents(data))
    other = data / "observations" / "foundry-us-states.csv"
    other.write_text(other.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert documents(data, figure(data)) == documents_after(data, figure(data))


def documents_after(data: Path, changed: Mapping[Path, bytes]) -> dict[Path, bytes]:
    write(data, changed)
    return documents(data)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff", b"{}", b'{"resources": [{}]}', b'{"resources": 3}']
)
def test_a_datapackage_that_cannot_be_read_is_written_anew(data: Path, content: bytes) -> None:
    expected = documents(data)
    (data / PACKAGE).write_bytes(content)
    assert documents(data, {}) == expected


def test_what_a_user_says_of_the_package_stays_in_an_update(data: Path) -> None:
    write(data, documents(data))
    package = json.loads((data / PACKAGE).read_bytes()) | {"title": "Mine"}
    (data / PACKAGE).write_text(json.dumps(package), encoding="utf-8")
    assert json.loads(documents(data, figure(data))[PACKAGE])["title"] == "Mine"


@pytest.mark.parametrize("spoil", [lambda text: "no markers", lambda text: text + datapackage.BEGIN])
def test_a_readme_without_our_markers_is_left_alone(data: Path, spoil: Callable[[str], str]) -> None:
    (data / README).write_text(spoil(text(data, README)), encoding="utf-8")
    assert list(documents(data)) == [PACKAGE]
    (data / README).unlink()
    assert list(documents(data, figure(data))) == [PACKAGE]


def test_a_folder_that_begins_with_nothing_is_described(tmp_path: Path) -> None:
    changed = {
        Path("observations/own.csv"): table(FIGURE),
        ORIGINS: (",".join(("id", *datapackage.SAID)) + "\n" + ROW.replace(",,,,", "")).encode(),
        SERIES: BLOCK.encode(),
    }
    found = documents(tmp_path, changed)
    assert list(resources(found)) == ["own", "origins", "series"]
    write(tmp_path, {**changed, **found})
    assert data_folder(tmp_path) == tmp_path


def test_origins_that_are_not_listed_are_all_named(data: Path) -> None:
    rows = [FIGURE.replace("own-file", f"lost-{i:02}") for i in range(12)]
    with pytest.raises(
        ParseError,
        match=r"origins\.csv: no row for lost-00, .*lost-09 and 2 more, named in observations/luxor",
    ):
        documents(data, {LUXOR: table(*rows)})


@pytest.mark.parametrize(
    ("path", "content", "message"),
    [
        (SERIES, b"no = [toml", r"series\.toml: cannot be described: .*run `geotrack check`"),
        (ORIGINS, b"\xff\xfe", r"origins\.csv: cannot be described: .*codec"),
        (ORIGINS, b"name\nx\n", r"origins\.csv: cannot be described: no 'id'"),
        (SERIES, b'[own]\n[[own.metrics]]\ntitle = "N"\n', r"series\.toml: cannot be described: no 'name'"),
        (LUXOR, b"region\nCHN\n", r"luxor-countries\.csv: cannot be described: .*start"),
        (LUXOR, b"start,end,origin\n1\n", r"luxor-countries\.csv: cannot be described"),
        (Path("reference/events.csv"), b"day\nx\n", r"events\.csv: cannot be described: no 'date'"),
        (
            Path("reference/boundaries/boundaries.toml"),
            b'[countries-110m]\ntitle = "x"\n',
            r"countries-110m\.topojson: cannot be described: no 'licence'",
        ),
    ],
)
def test_a_file_that_cannot_be_described_is_named(
    data: Path, path: Path, content: bytes, message: str
) -> None:
    with pytest.raises(ParseError, match=message):
        documents(data, {path: content})


def test_large_tables_are_read_in_one_pass(data: Path) -> None:
    """200,000 synthetic figures: what they hold is said of them; the names of regions may hold commas."""
    rows = [
        f'CHN,20{y:02}-01-01,20{y + 1:02}-01-01,n,{i},%,reported,own-file,"Iran, Islamic Rep.",\n'
        for y in range(10, 30)
        for i in range(10_000)
    ]
    found = documents(data, {**new_series(data), Path("observations/own.csv"): table(*rows)})
    assert (
        line(found, "own") == "| `own` | country | `n` (%) | 2010-01-01 | 2030-01-01 | 200000 | CC-BY-4.0 |"
    )


def test_what_the_caller_knows_is_not_read_again(data: Path) -> None:
    path = Path("observations/own.csv")
    changed = new_series(data) | {path: table(FIGURE, FIGURE.replace("2026-", "2025-"))}
    frame = pd.read_csv(io.BytesIO(changed[path]), dtype=str, keep_default_na=False)
    seen = datapackage.seen_of(frame)
    assert seen == (2, "2025-01-01", "2026-02-01", ("own-file",))
    assert documents(data, changed, {path: seen}) == documents(data, changed)
    assert " | 3 | " in line(documents(data, changed, {path: seen._replace(rows=3)}), "own")
    assert datapackage.seen_of(frame[:0]) == datapackage.NOTHING


def script(data: Path, *options: str) -> tuple[int, str, str]:
    command = [sys.executable, str(data.parent / "scripts" / "make_datapackage.py"), *options]
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    environment = os.environ | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    return done.returncode, done.stdout, done.stderr


def test_the_script_checks_and_writes(data: Path) -> None:
    (data.parent / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "make_datapackage.py", data.parent / "scripts")
    write(data, figure(data))
    before = (data / PACKAGE).read_bytes()
    said = "out of step: datapackage.json; run this without --check\n"
    assert script(data, "--check") == (1, "", said)
    assert (data / PACKAGE).read_bytes() == before
    assert script(data) == (0, "written: datapackage.json\n", "")
    assert script(data) == (0, "written: nothing to change\n", "")
    assert script(data, "--check") == (0, "", "")
