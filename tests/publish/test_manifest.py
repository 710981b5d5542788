"""The inputs of a map: what counts, what does not, and what is said when one changed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from geotrack import files, version
from geotrack.map import spec
from geotrack.publish.manifest import changes, inputs_of, origins_in

ROOT = Path(__file__).parents[2]
OBSERVATIONS = "observations/cbeci-countries.csv"
SERIES = "reference/series.toml [cbeci-countries]"
ORIGINS = "reference/origins.csv [of cbeci-countries]"


@pytest.fixture
def shift(tmp_path: Path) -> Path:
    """The flagship's specification without its modes, which draw on other series too."""
    text = (ROOT / "maps" / "shift.toml").read_text(encoding="utf-8")
    plain = [
        line for line in text.splitlines(True) if not line.startswith(("shift =", "levels =", "compare ="))
    ]
    (tmp_path / "shift.toml").write_text("".join(plain), encoding="utf-8")
    return tmp_path / "shift.toml"


def of(data: Path, path: Path) -> dict[str, str]:
    return inputs_of(data, path, spec.read(path))


def edited(path: Path, edit: Callable[[str], str]) -> None:
    before = path.read_text(encoding="utf-8")
    after = edit(before)
    assert after != before
    path.write_text(after, encoding="utf-8")


def test_every_input_is_named_with_a_hash(data: Path, shift: Path) -> None:
    found = of(data, shift)
    assert sorted(found) == sorted(
        [
            OBSERVATIONS,
            SERIES,
            ORIGINS,
            "program",
            "reference/aggregates.csv",
            "reference/boundaries/boundaries.toml [countries-110m]",
            "reference/boundaries/countries-110m.topojson",
            "reference/disputed.csv",
            "reference/events.csv",
            "reference/regions.csv",
            "shift.toml",
        ]
    )
    assert all(len(value) == 64 for value in found.values())
    assert of(data, shift) == found


def row_of(origin: str) -> str:
    return f"{origin},Publisher,Title,https://example.org,none stated,,,,,\n"


def other_block(text: str) -> str:
    block = '[own]\ntitle = "Own"\nlevel = "country"\n[[own.metrics]]\nname = "n"\ntitle = "N"\nunit = "%"\n'
    return f"{text}\n{block}"


DIFFERENCES = [
    (OBSERVATIONS, lambda text: text.replace("75.53", "75.54", 1), [OBSERVATIONS]),
    ("observations/luxor-countries.csv", lambda text: text.replace("36.7", "36.8", 1), []),
    ("reference/origins.csv", lambda text: text + row_of("zz-foreign"), []),
    ("reference/origins.csv", lambda text: text.replace("CC BY-NC-SA 4.0", "CC BY 4.0"), [ORIGINS]),
    ("reference/series.toml", other_block, []),
    ("reference/series.toml", lambda text: text.replace("Luxor", "LUXOR"), []),
    ("reference/series.toml", lambda text: "# a comment\n" + text, []),
    ("reference/series.toml", lambda text: text.replace("Ireland's zeros", "The zeros"), [SERIES]),
    ("reference/regions.csv", lambda text: text.replace("China", "CHINA", 1), ["reference/regions.csv"]),
    ("reference/events.csv", lambda text: text.replace("2021-05-21", "2021-05-22"), ["reference/events.csv"]),
    ("reference/crosswalk/cbeci.csv", lambda text: text + "Elsewhere,other,\n", []),
    (
        "reference/boundaries/boundaries.toml",
        lambda text: text.replace("1:110m", "1:110 million"),
        ["reference/boundaries/boundaries.toml [countries-110m]"],
    ),
    ("reference/boundaries/boundaries.toml", lambda text: text.replace("1:50m", "1:50 million"), []),
]


@pytest.mark.parametrize(("name", "edit", "expected"), DIFFERENCES, ids=range(len(DIFFERENCES)))
def test_only_what_the_map_draws_on_counts(
    data: Path, shift: Path, name: str, edit: Callable[[str], str], expected: list[str]
) -> None:
    before = of(data, shift)
    edited(data / name, edit)
    after = of(data, shift)
    assert [key for key in before if before[key] != after.get(key)] == expected
    assert set(after) == set(before)


def test_a_map_with_modes_draws_on_the_series_it_compares_with(data: Path) -> None:
    path = ROOT / "maps" / "shift.toml"
    before = of(data, path)
    for name in ("luxor-countries", "cbeci-china-provinces", "canaan-revenue"):
        assert f"observations/{name}.csv" in before
    edited(data / "observations/luxor-countries.csv", lambda text: text.replace("36.7", "36.8", 1))
    after = of(data, path)
    assert [key for key in before if before[key] != after[key]] == ["observations/luxor-countries.csv"]


def test_the_order_of_origins_and_a_file_s_layout_do_not_count(data: Path, shift: Path) -> None:
    before = of(data, shift)
    path = data / "reference" / "origins.csv"
    head, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text(head + "".join(reversed(rows)), encoding="utf-8")
    assert of(data, shift) == before


def test_a_map_without_events_does_not_depend_on_them(data: Path, shift: Path) -> None:
    shift.write_text('series = "cbeci-countries"\nevents = false\n', encoding="utf-8")
    assert "reference/events.csv" not in of(data, shift)


def test_only_a_series_that_events_belong_to_depends_on_them(data: Path, shift: Path) -> None:
    edited(data / "reference/series.toml", lambda text: text.replace('events = "mining"\n', "", 1))
    assert "reference/events.csv" not in of(data, shift)


def test_a_map_of_other_boundaries_depends_on_those(data: Path, shift: Path) -> None:
    shift.write_text('series = "cbeci-countries"\nboundaries = "us-states"\n', encoding="utf-8")
    assert "reference/boundaries/us-states.topojson" in of(data, shift)
    assert "reference/boundaries/countries-110m.topojson" not in of(data, shift)


def test_replaced_figures_count_for_a_map_as_of_a_day(data: Path, shift: Path) -> None:
    (data / "vintages").mkdir()
    figures = (data / OBSERVATIONS).read_text(encoding="utf-8").splitlines()
    origin = figures[1].split(",")[7]
    added = "origin,value\nzz-earlier,1\n"  # synthetic
    (data / "vintages" / "cbeci-countries.csv").write_text(added, encoding="utf-8")
    with (data / "reference" / "origins.csv").open("a", encoding="utf-8") as file:
        file.write(row_of("zz-earlier"))
    wanted = spec.read(shift)
    now = inputs_of(data, shift, wanted)
    assert "vintages/cbeci-countries.csv" not in now
    object.__setattr__(wanted, "as_of", "2022-01-01")
    then = inputs_of(data, shift, wanted)
    assert set(then) - set(now) == {"as of", "vintages/cbeci-countries.csv"}
    assert then[ORIGINS] != now[ORIGINS]
    assert origin in origins_in((data / OBSERVATIONS).read_bytes())


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("reference/series.toml", b"no = [toml"),
        ("reference/boundaries/boundaries.toml", b"\xff\xfe"),
        ("reference/origins.csv", b"id\n1,2,3\n"),
        (OBSERVATIONS, b"region\nCHN\n"),
        (OBSERVATIONS, b"region,origin\nCHN\n"),
        (OBSERVATIONS, b""),
        (OBSERVATIONS, b"\xff\xfe\x00"),
    ],
)
def test_what_cannot_be_read_is_a_change_and_no_fault(
    data: Path, shift: Path, name: str, content: bytes
) -> None:
    before = of(data, shift)
    (data / name).write_bytes(content)
    spoilt = of(data, shift)
    assert spoilt != before
    (data / name).unlink()
    assert of(data, shift) not in (before, spoilt)


def test_origins_are_read_from_their_column_only() -> None:
    text = 'region,origin,label\nIRN,a,"Iran, Islamic Rep."\nCHN,b,c\n\nUSA,a,d\n'
    assert origins_in(text.encode()) == {"a", "b"}
    assert origins_in(b"region,label\nCHN,a\n") == set()


def test_another_program_is_another_input(data: Path, shift: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = version.program()
    version.program.cache_clear()
    assert version.program() == before
    versions = dict.fromkeys(version.WRITERS, "1") | {"folium": "99"}
    monkeypatch.setattr(version, "installed", versions.__getitem__)
    version.program.cache_clear()
    assert version.program() != before
    version.program.cache_clear()


def test_the_program_is_its_own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = Path(shutil.copytree(version.PACKAGE, tmp_path / "geotrack"))
    monkeypatch.setattr(version, "PACKAGE", package)
    seen = []
    for touched in ("", "shipped/data/a.py", "render/page/static/page.css", "map/compose.py"):
        if touched:
            (package / touched).parent.mkdir(parents=True, exist_ok=True)
            (package / touched).write_text("/* another */", encoding="utf-8")
        version.program.cache_clear()
        seen.append(version.program())
    version.program.cache_clear()
    assert seen[0] == seen[1]  # shipped data count by themselves
    assert len(set(seen)) == 3


def test_a_library_that_is_not_installed_has_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version, "WRITERS", ("no-such-library-anywhere",))
    version.program.cache_clear()
    assert len(version.program()) == 64
    version.program.cache_clear()


def written(folder: Path, content: bytes = b"page", **table: object) -> Path:
    page = folder / "a.html"
    page.write_bytes(content)
    whole = {"files": {"a.html": files.sha256(b"page")}, "inputs": {"x": "1", "y": "2"}} | table
    page.with_suffix(".json").write_text(json.dumps(whole), encoding="utf-8")
    return page


def test_a_page_in_step_has_no_reason_to_be_made_anew(tmp_path: Path) -> None:
    assert changes(written(tmp_path), {"x": "1", "y": "2"}) == ()


def test_every_reason_is_said(tmp_path: Path) -> None:
    page = written(tmp_path, b"by hand")
    assert changes(page, {"x": "3", "z": "4"}) == (
        "a.html is not as it was built",
        "x changed",
        "y is gone",
        "z is new",
    )
    page.unlink()
    assert changes(page, {}) == ("a.html: there is none",)
    page.with_suffix(".json").unlink()
    assert changes(page, {}) == ("a.json: there is none",)


@pytest.mark.parametrize("table", [{"inputs": None}, {"inputs": 1}, {"files": {}}, {"files": []}])
def test_a_manifest_that_does_not_say_is_a_reason(tmp_path: Path, table: dict[str, object]) -> None:
    assert changes(written(tmp_path, **table), {}) == ("a.json does not say what the page was made of",)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b"null", b'{"inputs": {}}'])
def test_a_corrupt_manifest_is_a_reason(tmp_path: Path, content: bytes) -> None:
    page = written(tmp_path)
    page.with_suffix(".json").write_bytes(content)
    assert changes(page, {}) == ("a.json does not say what the page was made of",)
