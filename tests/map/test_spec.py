"""Specifications: every key, every mistake."""

from __future__ import annotations

import math
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from geotrack.errors import SpecError
from geotrack.map import classes, spec

ROOT = Path(__file__).parents[2]


def written(folder: Path, text: str) -> Path:
    path = folder / "map.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_key_has_a_check() -> None:
    assert set(spec.CHECKS) == {f.name for f in fields(spec.Spec)}


def test_the_words_are_those_of_the_rooms_that_read_them() -> None:
    for scheme in spec.SCHEMES:
        assert classes.breaks([1.0, 2.0, 30.0], scheme).method == scheme  # type: ignore[arg-type]


@pytest.mark.parametrize("path", sorted((ROOT / "maps").glob("*.toml")), ids=lambda p: p.stem)
def test_the_default_specifications_are_sound(path: Path) -> None:
    found = spec.read(path)
    assert found.title
    assert found.description


def test_defaults_stand_where_a_key_is_left_out(tmp_path: Path) -> None:
    assert spec.read(written(tmp_path, 'series = "s"')) == spec.Spec("s")


def test_every_key_is_read(tmp_path: Path) -> None:
    text = """
    series = "s"
    title = "T"
    description = "D"
    metrics = ["a", "b"]
    slices = "quarter"
    since = "2019-09"
    until = "2022-01"
    groups = { CHN = "China", north-america = "NA" }
    rest = ""
    sentence = "{slice}"
    opening = "last"
    breaks = [0, 1.5, 3]
    classes = 9
    palette = "Reds"
    outline = false
    complement = ["a", "b"]
    events = ["2021-05-21"]
    boundaries = "countries-50m"
    code = "id"
    projection = "equal-earth"
    tiles = "OpenStreetMap"
    theme = "dark"
    lang = "zh"
    shift = true
    levels = { CHN = "cbeci-china-provinces" }
    compare = ["us-share"]
    as_of = "2023"
    """
    found = spec.read(written(tmp_path, text))
    default = spec.Spec("other")
    own = {"table", "reading"}  # in the place of a series, see below
    assert all(getattr(found, f.name) != getattr(default, f.name) for f in fields(found) if f.name not in own)
    assert found.breaks == (0, 1.5, 3)
    assert found.groups == {"CHN": "China", "north-america": "NA"}
    assert found.metrics == ("a", "b")


def test_a_table_stands_in_the_place_of_a_series(tmp_path: Path) -> None:
    found = spec.read(written(tmp_path, 'table = "mine.csv"\nreading = { unit = "%" }'))
    assert (found.series, found.table, found.reading) == (spec.OWN, str(tmp_path / "mine.csv"), {"unit": "%"})
    with pytest.raises(SpecError, match=r"map\.toml: both series and table are named; expected series = "):
        spec.read(written(tmp_path, 'series = "s"\ntable = "mine.csv"'))
    with pytest.raises(SpecError, match=r"reading says how a table is read, and none is named"):
        spec.read(written(tmp_path, 'series = "s"\nreading = { unit = "%" }'))


def test_unknown_keys_are_all_named_with_those_there_are(tmp_path: Path) -> None:
    path = written(tmp_path, 'series = "s"\ncolour = "red"\nbrakes = 3\n')
    with pytest.raises(
        SpecError, match=r"map\.toml: unknown key 'colour', 'brakes'; expected one of: series, title"
    ):
        spec.read(path)


def test_the_series_must_be_named(tmp_path: Path) -> None:
    with pytest.raises(
        SpecError, match=r'map\.toml: key "series" is missing; expected series = a name such as'
    ):
        spec.read(written(tmp_path, 'title = "T"'))


WRONG: list[tuple[str, Any, str]] = [
    ("series", 3, "a series' name"),
    ("title", ["T"], "text"),
    ("description", None, "text"),
    ("metrics", "share", "a list of metric names"),
    ("metrics", [1], "a list of metric names"),
    ("slices", "week", "one of 'own', 'month'"),
    ("slices", ["month"], "one of 'own', 'month'"),
    ("since", 2019, "a period such as"),
    ("until", 2019, "a period such as"),
    ("groups", "CHN", "a list of codes"),
    ("groups", {"CHN": 1}, "a list of codes"),
    ("rest", False, "text"),
    ("sentence", 1, "text such as"),
    ("opening", 1, '"first", "last" or a period'),
    ("breaks", "jenks", "one of 'skewed'"),
    ("breaks", [1], "a rising list"),
    ("breaks", [0, 5, 5], "a rising list"),
    ("breaks", [0, True], "a rising list"),
    ("breaks", ["0", "1"], "a rising list"),
    ("classes", 2, "3 to 9"),
    ("classes", 10, "3 to 9"),
    ("classes", 4.0, "3 to 9"),
    ("classes", True, "3 to 9"),
    ("palette", 5, "a ColorBrewer name"),
    ("outline", "yes", "true or false"),
    ("outline", 1, "true or false"),
    ("complement", ["CHN"], "two codes"),
    ("complement", "CHN", "two codes"),
    ("events", 1, "true, false or a list of dates"),
    ("events", "all", "true, false or a list of dates"),
    ("boundaries", 110, "the name of shipped boundaries"),
    ("code", 3, "the name of a column of that file"),
    ("projection", 8857, "equal-earth, boundaries or anything PROJ reads"),
    ("tiles", True, "the name of a folium tile layer"),
    ("theme", "sepia", "one of '', 'light', 'dark'"),
    ("lang", 7, 'the code of a language, e.g. "en"'),
    ("shift", "yes", "true or false"),
    ("levels", ["CHN"], 'a table of code = "series"'),
    ("compare", "us-share", "a list of questions"),
    ("as_of", 2023, 'a day such as "2023-05-01"'),
    ("table", 3, "the path of a table"),
    ("reading", "%", 'a table, e.g. { unit = "%" }'),
]


@pytest.mark.parametrize(("key", "value", "expected"), WRONG, ids=lambda v: repr(v)[:30])
def test_a_value_that_is_not_allowed_names_file_key_and_what_is(key: str, value: Any, expected: str) -> None:
    with pytest.raises(SpecError) as error:
        spec.check({"series": "s", key: value}, "map.toml")
    text = str(error.value)
    assert text.startswith(f"map.toml: {key} = {value!r} is not allowed; expected ")
    assert expected in text


def test_every_key_has_a_wrong_value_above() -> None:
    assert {key for key, _, _ in WRONG} == set(spec.CHECKS)


def test_no_classes_means_by_the_method() -> None:
    assert spec.check({"series": "s", "classes": 0}, "x").classes == 0


def test_a_missing_file_lists_its_neighbours(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"none\.toml: no such specification; there is no specification in"):
        spec.read(tmp_path / "none.toml")
    written(tmp_path, 'series = "s"')
    with pytest.raises(SpecError, match="no such specification; expected one of: map"):
        spec.read(tmp_path / "none.toml")
    with pytest.raises(SpecError, match="there is no specification in"):
        spec.read(tmp_path / "nowhere" / "none.toml")


def test_broken_toml_says_where(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"map\.toml: not TOML: .*line 2"):
        spec.read(written(tmp_path, 'series = "s"\ntitle = unquoted\n'))


def test_what_cannot_be_read_says_so(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="cannot be read"):
        spec.read(tmp_path)
    (tmp_path / "bytes.toml").write_bytes(b'series = "\xff"')
    with pytest.raises(SpecError, match=r"bytes\.toml: cannot be read"):
        spec.read(tmp_path / "bytes.toml")


@pytest.mark.parametrize(
    ("breaks", "allowed"),
    [
        ([-math.inf, 0, 10, math.inf], True),
        ([0, 10, math.inf], True),
        ([-math.inf, 0, 10], True),
        ([math.inf, 0], False),
        ([0, math.inf, 10], False),
        ([0, math.nan], False),
    ],
)
def test_breaks_may_be_open_at_their_ends(breaks: list[float], allowed: bool) -> None:
    """In TOML: breaks = [-inf, 0, inf]."""
    if allowed:
        assert spec.check({"series": "cbeci-countries", "breaks": breaks}, "x.toml").breaks == tuple(breaks)
    else:
        with pytest.raises(SpecError, match="breaks"):
            spec.check({"series": "cbeci-countries", "breaks": breaks}, "x.toml")
