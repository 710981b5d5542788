"""The folder of finished maps: finds, writes, refuses; all of a map or nothing of it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from geotrack.captions import cards
from geotrack.errors import GeotrackError, OutputError, ParseError, SpecError
from geotrack.map import views
from geotrack.publish import atlas, site
from geotrack.publish import manifest as publish_manifest
from geotrack.render.page.gallery import gallery
from geotrack.render.picture.figure import figure
from geotrack.store import reading
from geotrack.timemap import TimeMap

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def written(folder: Path, name: str = "mine", text: str = 'metrics = ["share"]') -> Path:
    path = folder / f"{name}.toml"
    path.write_text(f'series = "cbeci-countries"\n{text}\n', encoding="utf-8")
    return path


def test_all_default_maps_are_found_or_those_named() -> None:
    assert [p.stem for p in atlas.find([])] == sorted(p.stem for p in (ROOT / "maps").glob("*.toml"))
    assert atlas.find(["shift", "a/b.toml", "shift"]) == [Path("maps/shift.toml"), Path("a/b.toml")]


def test_unknown_maps_are_all_named_with_those_there_are() -> None:
    with pytest.raises(
        SpecError, match=r"no map 'x', 'y'; expected a path that ends in \.toml or one of: .*shift"
    ):
        atlas.find(["x", "shift", "y"])


def test_no_specification_at_all_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(reading, "spec_folder", lambda: tmp_path)
    with pytest.raises(SpecError, match="no specification in"):
        atlas.find([])


@pytest.mark.parametrize("names", [["a/x.toml", "b/x.toml"], ["index.toml"]])
def test_pages_that_would_overwrite_each_other_are_refused(names: list[str]) -> None:
    with pytest.raises(SpecError, match=r"would overwrite each other or index\.html"):
        atlas.find(names)


def test_a_map_is_a_page_and_a_manifest_that_knows_it(tmp_path: Path) -> None:
    built = site.build(written(tmp_path), tmp_path / "out")
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["mine.html", "mine.json"]
    page = (tmp_path / "out" / "mine.html").read_bytes()
    assert built.size == len(page)
    manifest = json.loads((tmp_path / "out" / "mine.json").read_text(encoding="utf-8"))
    assert manifest["files"] == {"mine.html": hashlib.sha256(page).hexdigest()}
    data = (ROOT / "data" / "observations" / "cbeci-countries.csv").read_bytes()
    assert list(manifest["inputs"]) == sorted(manifest["inputs"])
    assert manifest["inputs"]["observations/cbeci-countries.csv"] == hashlib.sha256(data).hexdigest()
    assert manifest["data"] == [{"file": "cbeci-countries.csv", "sha256": hashlib.sha256(data).hexdigest()}]


def test_the_gallery_is_index_html(timemaps: Mapping[str, TimeMap], tmp_path: Path) -> None:
    built = site.gallery(list(timemaps.values()), tmp_path)
    assert built.path == tmp_path / "index.html"
    assert built.size == built.path.stat().st_size
    assert "shift.html" in built.path.read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index.html", "index.json"]
    manifest = json.loads((tmp_path / "index.json").read_text(encoding="utf-8"))
    page = hashlib.sha256(built.path.read_bytes()).hexdigest()
    assert manifest == {"files": {"index.html": page}, "inputs": {}}  # no map has a manifest here


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
    assert list(rows) == list(reading.read_series(ROOT / "data"))
    first = rows["cbeci-countries"]
    assert (first["start"], first["end"]) == ("2019-09-01", "2022-02-01")
    assert first["rows"] == len(reading.read_raw(ROOT / "data" / "observations" / "cbeci-countries.csv"))
    assert "share" in first["metrics"]
    assert first["publishers"]
    assert first["licences"] == ["CC BY-NC-SA 4.0"]
    (data / "observations" / "luxor-countries.csv").unlink()
    with pytest.raises(ParseError, match=r"luxor-countries\.csv: no such file"):
        site.sources(data)


# --- only what changed ---------------------------------------------------------------------------------


@pytest.fixture
def folder(data: Path, tmp_path: Path) -> Path:
    """A project of three maps, of two series, all built, with data of its own."""
    for name, series in (
        ("one", "cbeci-us-states"),
        ("two", "cbeci-us-states"),
        ("three", "foundry-us-states"),
    ):
        text = f'series = "{series}"\ntitle = "{name}"\nevents = false\n'
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    made = [site.build(path, tmp_path / "out", data) for path in specs(tmp_path)]
    site.gallery([each.timemap for each in made if each.timemap], tmp_path / "out")
    return tmp_path


def specs(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.toml"))


def kept(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in (folder / "out").iterdir()}


def rebuilt(folder: Path) -> list[str]:
    """Do what `geotrack build --changed` does; return which pages are others now."""
    before, out = kept(folder), folder / "out"
    todo = site.changed(specs(folder), out, folder / "data")
    done = [site.build(path, out, folder / "data") for path, _ in todo]
    site.renewed_gallery(specs(folder), out, folder / "data", done)
    after = kept(folder)
    assert site.changed(specs(folder), out, folder / "data") == []
    assert site.renewed_gallery(specs(folder), out, folder / "data") is None
    return sorted(name for name in after if name.endswith(".html") and after[name] != before.get(name))


def test_nothing_touched_nothing_built(folder: Path) -> None:
    before = kept(folder)
    assert rebuilt(folder) == []
    assert kept(folder) == before


def changed_text(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_changed_figure_rebuilds_its_maps_only(folder: Path) -> None:
    changed_text(folder / "data/observations/cbeci-us-states.csv", "11.22", "11.23")
    todo = site.changed(specs(folder), folder / "out", folder / "data")
    why = ("observations/cbeci-us-states.csv changed",)
    assert todo == [(folder / "one.toml", why), (folder / "two.toml", why)]
    assert rebuilt(folder) == ["index.html", "one.html", "two.html"]
    assert "11.23" in (folder / "out/one.html").read_text(encoding="utf-8")


def test_a_foreign_origin_or_series_rebuilds_nothing(folder: Path) -> None:
    with (folder / "data/reference/origins.csv").open("a", encoding="utf-8") as file:
        file.write("zz-foreign,Publisher,Title,https://example.org,none stated,,,,,\n")
    with (folder / "data/reference/series.toml").open("a", encoding="utf-8") as file:
        file.write('\n[own]\ntitle = "Own"\nlevel = "country"\n')
        file.write('\n[[own.metrics]]\nname = "n"\ntitle = "N"\nunit = "%"\n')
    changed_text(folder / "data/observations/luxor-countries.csv", "36.7", "36.8")
    assert rebuilt(folder) == []


def test_an_edited_specification_rebuilds_its_map(folder: Path) -> None:
    changed_text(folder / "one.toml", 'title = "one"', 'title = "First"')
    [(path, why)] = site.changed(specs(folder), folder / "out", folder / "data")
    assert (path.name, why) == ("one.toml", ("one.toml changed",))
    assert rebuilt(folder) == ["index.html", "one.html"]


def test_a_page_that_is_gone_or_edited_by_hand_is_made_anew(folder: Path) -> None:
    before = kept(folder)
    (folder / "out/one.html").unlink()
    (folder / "out/two.html").write_text("by hand")
    (folder / "out/three.json").write_text("{")
    found = site.changed(specs(folder), folder / "out", folder / "data")
    assert {path.name: why for path, why in found} == {
        "one.toml": ("one.html: there is none",),
        "two.toml": ("two.html is not as it was built",),
        "three.toml": ("three.json does not say what the page was made of",),
    }
    assert rebuilt(folder) == ["one.html", "three.html", "two.html"]  # the same as before: so is the gallery
    assert {n: content for n, (content, _) in kept(folder).items()} == {n: c for n, (c, _) in before.items()}


def test_another_version_rebuilds_all(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish_manifest, "program", lambda: "another")
    found = site.changed(specs(folder), folder / "out", folder / "data")
    assert [(path.stem, why) for path, why in found] == [
        (name, ("program changed",)) for name in ("one", "three", "two")
    ]
    assert rebuilt(folder) == ["index.html", "one.html", "three.html", "two.html"]


def test_the_gallery_is_of_the_maps_there_are(folder: Path) -> None:
    (folder / "out/index.html").unlink()
    assert rebuilt(folder) == ["index.html"]
    (folder / "two.toml").rename(folder / "four.toml")
    assert rebuilt(folder) == ["four.html", "index.html"]
    links = (folder / "out/index.html").read_text(encoding="utf-8")
    assert "four.html" in links
    assert "two.html" not in links
    (folder / "four.toml").unlink()
    assert rebuilt(folder) == ["index.html"]
    changed_text(folder / "one.toml", 'title = "one"', 'title = "First"')
    site.build(folder / "one.toml", folder / "out", folder / "data")  # alone, so without the gallery
    assert rebuilt(folder) == ["index.html"]


def test_a_fault_is_the_build_s_to_tell_and_leaves_what_was_there(folder: Path) -> None:
    (folder / "one.toml").write_text('series = "cbeci-us-states"\ncolour = "red"\n', encoding="utf-8")
    (folder / "data/observations/foundry-us-states.csv").unlink()
    before = kept(folder)
    found = dict(site.changed(specs(folder), folder / "out", folder / "data"))
    assert found == {
        folder / "one.toml": ("one.toml cannot be read",),
        folder / "three.toml": (
            "observations/foundry-us-states.csv is gone",
            "reference/origins.csv [of foundry-us-states] changed",
        ),
    }
    for path, message in zip(
        found, (r"one\.toml: unknown key 'colour'", r"three\.toml: .*no such file"), strict=True
    ):
        with pytest.raises(GeotrackError, match=message):
            site.build(path, folder / "out", folder / "data")
    assert kept(folder) == before


def test_a_gallery_of_a_map_that_cannot_be_put_together_names_it(folder: Path) -> None:
    (folder / "out/index.json").unlink()
    (folder / "data/observations/foundry-us-states.csv").write_text("region\nUS-TX\n")
    with pytest.raises(ParseError, match=r"three\.toml: .*columns start, end"):
        site.renewed_gallery(specs(folder), folder / "out", folder / "data")


def test_another_language_rebuilds_all_and_its_gallery(folder: Path) -> None:
    found, out, data = specs(folder), folder / "out", folder / "data"
    assert site.changed(found, out, data) == []
    assert [path for path, _ in site.changed(found, out, data, lang="zh")] == found
    built = [site.build(path, out, data, lang="zh") for path in found]
    assert site.changed(found, out, data, lang="zh") == []
    assert [path for path, _ in site.changed(found, out, data)] == found
    index = site.renewed_gallery(found, out, data, built, lang="zh")
    assert index is not None
    assert '<html lang="zh"' in index.path.read_text(encoding="utf-8")


def test_a_picture_of_a_map_and_what_is_said_of_it_are_the_same_without_its_modes(
    timemaps: dict[str, TimeMap],
) -> None:
    whole, plain = timemaps["shift"].content, site.timemap("shift", ROOT / "data", modes=False).content
    assert whole.modes is not None
    assert plain.modes is None
    moved, other = (views.choose(each, "difference", ["2019-09", "2022-01"]) for each in (whole, plain))
    assert figure(moved, ".svg") == figure(other, ".svg")
    assert cards.card_of(moved) == cards.card_of(other)
    assert gallery([whole]) == gallery([plain])
