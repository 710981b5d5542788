"""Our own files, damaged: whatever their parser trips over is told with the file."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from datafolders import of_series

from geotrack.errors import GeotrackError
from geotrack.geo import boundaries
from geotrack.map import spec
from geotrack.publish import manifest
from geotrack.publish.report import template
from geotrack.store import datapackage, reading
from geotrack.store.checks import folder as checks
from geotrack.update import settings
from geotrack.usertables.columns.mapping import from_toml

ROOT = Path(__file__).parents[2]
DEEP = b"x = " + b"[" * 5_000 + b"]" * 5_000 + b"\n"
DAMAGED = {
    "deep": DEEP,
    "deep tables": b"x = " + b"{a=" * 5_000 + b"1" + b"}" * 5_000 + b"\n",
    "many digits": b"x = " + b"9" * 5_000 + b"\n",
    "not UTF-8": b'x = "\xff\xfe"\n',
    "no TOML": b"= [[[",
    "a day that is none": b"x = 2021-13-45\n",
    "a null": b'x = "\x00"\n',
}
READERS: dict[str, Callable[[Path], Any]] = {
    "spec": spec.read,
    "series": lambda path: reading.read_series(path.parent.parent),
    "boundaries": lambda path: boundaries.read(path.parent, "countries-110m"),
    "update": lambda path: settings.read(path.parent, {}),
    "import": lambda path: from_toml(path.read_bytes(), str(path)),
    "template": template.read,
}
PLACES = {
    "spec": "map.toml",
    "series": "reference/series.toml",
    "boundaries": "reference/boundaries/boundaries.toml",
    "update": "update.toml",
    "import": "imports/x.toml",
    "template": "report.md",
}


@pytest.mark.parametrize("damage", DAMAGED)
@pytest.mark.parametrize("kind", READERS)
def test_damaged_toml_is_told_with_its_file(kind: str, damage: str, tmp_path: Path) -> None:
    path = tmp_path / PLACES[kind]
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind == "boundaries":
        shutil.copy(
            ROOT / "data" / PLACES[kind].replace("boundaries.toml", "countries-110m.topojson"), path.parent
        )
    content = DAMAGED[damage]
    path.write_bytes(b"+++\n" + content + b"+++\n" if kind == "template" else content)
    with pytest.raises(GeotrackError, match=path.name) as caught:
        READERS[kind](path)
    assert len(str(caught.value)) < 1_000


@pytest.mark.parametrize("damage", ["deep", "many digits", "not UTF-8"])
@pytest.mark.parametrize("kind", ["series", "boundaries"])
def test_a_check_lists_a_damaged_file_and_a_manifest_hashes_it(
    kind: str, damage: str, tmp_path: Path
) -> None:
    folder = of_series(tmp_path / "data", ["cbeci-countries"])
    path = folder / PLACES[kind]
    path.write_bytes(DAMAGED[damage])
    found = [str(finding) for finding in checks.check(folder) if finding.severity == "error"]
    assert any(path.name in text for text in found), found
    named = spec.Spec(series="cbeci-countries")
    assert manifest.inputs_of(folder, ROOT / "maps" / "hashrate-share.toml", named)


DEEP_JSON = b'{"resources": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
MANY_DIGITS = b'{"resources": ' + b"9" * 5_000 + b"}"


@pytest.mark.parametrize(
    "content", [DEEP_JSON, MANY_DIGITS, b'{"name": "\xff"}'], ids=["deep", "digits", "bytes"]
)
def test_a_damaged_data_package_is_told_and_written_anew(content: bytes, tmp_path: Path) -> None:
    folder = of_series(tmp_path / "data", ["cbeci-countries"])
    sound = (folder / "datapackage.json").read_bytes()
    (folder / "datapackage.json").write_bytes(content)
    with pytest.raises(GeotrackError, match=r"datapackage\.json: corrupt, no JSON in UTF-8"):
        reading.located(folder)
    assert datapackage.documents(folder)[Path("datapackage.json")] == sound


@pytest.mark.parametrize("content", [DEEP_JSON, MANY_DIGITS, b"\xff"], ids=["deep", "digits", "bytes"])
def test_a_damaged_manifest_makes_its_page_stale(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("x", encoding="utf-8")
    (tmp_path / "page.json").write_bytes(content)
    (told,) = manifest.changes(tmp_path / "page.html", {})
    assert told == "page.json does not say what the page was made of"
    assert not manifest.current(tmp_path / "page.html", ROOT / "data", ROOT / "maps" / "hashrate-share.toml")
