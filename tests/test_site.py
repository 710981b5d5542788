"""The folder of finished maps: finds, writes, refuses; all of a map or nothing of it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from geotrack import site, store
from geotrack.errors import GeotrackError, OutputError, ParseError, SpecError
from geotrack.timemap import TimeMap

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def written(folder: Path, name: str = "mine", text: str = 'metrics = ["share"]') -> Path:
    path = folder / f"{name}.toml"
    path.write_text(f'series = "cbeci-countries"\n{text}\n', encoding="utf-8")
    return path


def test_all_default_maps_are_found_or_those_named() -> None:
    assert [p.stem for p in site.find([])] == sorted(p.stem for p in (ROOT / "maps").glob("*.toml"))
    assert site.find(["shift", "a/b.toml", "shift"]) == [Path("maps/shift.toml"), Path("a/b.toml")]


def test_unknown_maps_are_all_named_with_those_there_are() -> None:
    with pytest.raises(
        SpecError, match=r"no map 'x', 'y'; expected a path that ends in \.toml or one of: .*shift"
    ):
        site.find(["x", "shift", "y"])


def test_no_specification_at_all_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(store, "spec_folder", lambda: tmp_path)
    with pytest.raises(SpecError, match="no specification in"):
        site.find([])


@pytest.mark.parametrize("names", [["a/x.toml", "b/x.toml"], ["index.toml"]])
def test_pages_that_would_overwrite_each_other_are_refused(names: list[str]) -> None:
    with pytest.raises(SpecError, match=r"would overwrite each other or index\.html"):
        site.find(names)


def test_a_map_is_a_page_and_a_manifest_that_knows_it(tmp_path: Path) -> None:
    built = site.build(written(tmp_path), tmp_path / "out")
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["mine.html", "mine.json"]
    page = (tmp_path / "out" / "mine.html").read_bytes()
    assert built.size == len(page)
    manifest = json.loads((tmp_path / "out" / "mine.json").read_text(encoding="utf-8"))
    assert manifest["files"] == {"mine.html": hashlib.sha256(page).hexdigest()}
    data = (ROOT / "data" / "observations" / "cbeci-countries.csv").read_bytes()
    assert manifest["data"] == [{"file": "cbeci-countries.csv", "sha256": hashlib.sha256(data).hexdigest()}]


def test_the_gallery_is_index_html(timemaps: Mapping[str, TimeMap], tmp_path: Path) -> None:
    built = site.gallery(list(timemaps.values()), tmp_path)
    assert built.path == tmp_path / "index.html"
    assert built.size == built.path.stat().st_size
    assert "shift.html" in built.path.read_text(encoding="utf-8")


FAULTS = [
    'palette = "Rainbow"',
    'opening = "1999"',
    'tiles = "Moon"',
    'boundaries = "moon"',
    'projection = "flat"',
    'metrics = ["nothing"]',
    'groups = ["XX"]',
    'events = ["1999-01-01"]',
    'since = "soon"',
]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_names_the_file_and_leaves_what_was_there(tmp_path: Path, fault: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    for name in ("mine.html", "mine.json"):
        (out / name).write_text("earlier")
    with pytest.raises(GeotrackError, match=r"mine\.toml: ") as error:
        site.build(written(tmp_path, text=fault), out)
    key = fault.partition(" ")[0]
    assert key in str(error.value)
    assert {p.name: p.read_text() for p in out.iterdir()} == {"mine.html": "earlier", "mine.json": "earlier"}


def test_broken_data_name_the_map_and_the_file(data: Path, tmp_path: Path) -> None:
    (data / "observations" / "cbeci-countries.csv").write_text("region\nCHN\n")
    with pytest.raises(ParseError, match=r"mine\.toml: .*cbeci-countries\.csv: columns start, end"):
        site.build(written(tmp_path), tmp_path / "out", data)
    assert not (tmp_path / "out").exists()


def test_a_full_disk_leaves_page_and_manifest_of_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.build(written(tmp_path), tmp_path / "out")
    before = {p.name: p.read_bytes() for p in (tmp_path / "out").iterdir()}
    calls: list[int] = []

    def full_at_the_second(handle: int) -> None:
        calls.append(handle)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_at_the_second)
    with pytest.raises(OutputError, match=r"mine\.json: cannot be written: No space left on device"):
        site.build(written(tmp_path, text='title = "New"'), tmp_path / "out")
    assert {p.name: p.read_bytes() for p in (tmp_path / "out").iterdir()} == before


def test_sources_say_who_what_when(data: Path) -> None:
    rows = {row["series"]: row for row in site.sources(ROOT / "data")}
    assert list(rows) == list(store.read_series(ROOT / "data"))
    first = rows["cbeci-countries"]
    assert (first["start"], first["end"]) == ("2019-09-01", "2022-02-01")
    assert first["rows"] == len(store.read_raw(ROOT / "data" / "observations" / "cbeci-countries.csv"))
    assert "share" in first["metrics"]
    assert first["publishers"]
    assert first["licences"] == ["CC BY-NC-SA 4.0"]
    (data / "observations" / "luxor-countries.csv").unlink()
    with pytest.raises(ParseError, match=r"luxor-countries\.csv: no such file"):
        site.sources(data)
