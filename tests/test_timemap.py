"""The finished map as a value: its figures are the data's, and saving never loses what was there."""

from __future__ import annotations

import copy
import hashlib
import inspect
import json
import os
import pickle
import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import geotrack as gt
from geotrack import files
from geotrack.captions import captions
from geotrack.errors import OutputError
from geotrack.map import views
from geotrack.map.content import Content
from geotrack.measure.compare import questions
from geotrack.render.film.animation import SUFFIXES as FILMS
from geotrack.render.film.animation import FilmOptions, FilmWish, film
from geotrack.render.picture.encode import SUFFIXES as PICTURES
from geotrack.render.picture.figure import FigureOptions, FigureWish, figure
from geotrack.render.table.export import FORMATS as TABLES
from geotrack.render.table.export import TableWish
from geotrack.store import reading
from geotrack.store.folder import DataFolder
from geotrack.timemap import TimeMap

ROOT = Path(__file__).parents[1]
DERIVING = "revenue-canaan"  # its series' two parts make up the whole, and mostly one is stated
MAPS = [p.stem for p in sorted((ROOT / "maps").glob("*.toml")) if p.stem != DERIVING]
KEYS = ["metric", "start", "end", "region"]


@pytest.fixture(scope="module")
def small() -> TimeMap:
    rows = {"country": ["China", "Canada"] * 2, "year": [2020, 2020, 2021, 2021], "value": [60.0, 40, 30, 70]}
    return gt.choropleth(pd.DataFrame(rows), unit="%", whole=100)


@pytest.mark.parametrize("name", MAPS)
def test_a_map_s_figures_are_the_data_s(timemaps: Mapping[str, TimeMap], name: str) -> None:
    timemap = timemaps[name]
    shown = timemap.to_frame()
    path = reading.observations_path(ROOT / "data", timemap.series.name)
    raw = reading.read_raw(path).astype({"value": "float64"})
    raw = raw[raw["metric"].isin([layer.metric.name for layer in timemap.layers])]
    periods = {(s.start, s.end) for s in timemap.slices}
    kept = [pair in periods for pair in zip(raw["start"], raw["end"], strict=True)]
    columns = [c for c in raw.columns if c not in {"label", "note"}]
    expected = raw.loc[kept, columns].sort_values(KEYS).reset_index(drop=True)
    found = shown[columns].sort_values(KEYS).reset_index(drop=True)
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)
    notes = shown.merge(raw, on=KEYS)
    assert (notes["note_x"] == notes["note_y"]).all()
    left_out = set(zip(raw["start"], raw["end"], strict=True)) - periods
    assert left_out == ({("2017-01-01", "2017-07-01")} if name == "revenue-bitmain" else set())


def test_derived_figures_are_marked_and_all_others_the_data_s(timemaps: Mapping[str, TimeMap]) -> None:
    shown = timemaps[DERIVING].to_frame()
    raw = reading.read_raw(reading.observations_path(ROOT / "data", "canaan-revenue"))
    raw = raw[raw["metric"] == "revenue_share"].astype({"value": "float64"})
    stated = shown[~shown["note"].str.startswith("Derived: ")]
    assert len(stated) == len(raw)
    both = stated.merge(raw, on=KEYS)
    assert (both["value_x"] == both["value_y"]).all()
    derived = shown[shown["status"] == "derived"]
    assert len(derived) == 7
    assert derived["note"].str.startswith("Derived: 100 − ").all()
    # overseas in 2025-Q2 is at most what China leaves; in 2025-Q3 it is at least what North America has, and
    # China at most the rest
    assert len(shown) == len(stated) + len(derived) + 3


def test_a_frame_has_the_documented_columns(timemaps: Mapping[str, TimeMap]) -> None:
    frame = timemaps["shift"].to_frame()
    assert list(frame.columns) == [
        "region", "name", "start", "end", "metric", "value", "unit", "status", "origin", "label", "note",
    ]  # fmt: skip
    row = frame[(frame["region"] == "CHN") & (frame["start"] == "2021-07-01") & (frame["metric"] == "share")]
    assert row["value"].tolist() == [0.0]
    assert "covert" in row["note"].iloc[0]


def test_a_map_is_saved_whole(timemaps: Mapping[str, TimeMap], tmp_path: Path) -> None:
    path = timemaps["shift"].save(tmp_path / "new" / "out.html")
    assert path.read_text(encoding="utf-8") == timemaps["shift"].to_html()
    assert timemaps["shift"].save(str(path)) == path


@pytest.mark.parametrize("place", ["earlier.html/below.html", "folder"])
def test_what_stood_there_stays(timemaps: Mapping[str, TimeMap], tmp_path: Path, place: str) -> None:
    (tmp_path / "earlier.html").write_text("earlier")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "kept").write_text("kept")
    with pytest.raises(OutputError, match=r"cannot be written.*what stood there before is untouched"):
        timemaps["shift"].save(tmp_path / place)
    assert (tmp_path / "earlier.html").read_text() == "earlier"
    assert [p.name for p in (tmp_path / "folder").iterdir()] == ["kept"]


def test_a_full_disk_leaves_the_earlier_map(
    timemaps: Mapping[str, TimeMap], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.html"
    path.write_text("earlier")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=r"out\.html: cannot be written: No space left on device"):
        timemaps["shift"].save(path)
    assert [p.read_text() for p in tmp_path.iterdir()] == ["earlier"]


def test_a_manifest_carries_the_hash_of_each_file(timemaps: Mapping[str, TimeMap]) -> None:
    text = timemaps["hashrate-share"].manifest({"b.html": "two", "a.html": "one"})
    table = json.loads(text)
    assert table["files"]["a.html"] == hashlib.sha256(b"one").hexdigest()
    assert list(table["files"]) == ["a.html", "b.html"]
    assert table["data"] == [
        {
            "file": "cbeci-countries.csv",
            "sha256": files.sha256_of(ROOT / "data" / "observations" / "cbeci-countries.csv"),
        }
    ]
    assert table["identifier"] == "hashrate-share"
    names = [each["file"] for each in json.loads(timemaps["shift"].manifest({}))["data"]]
    assert names == [
        "cbeci-china-provinces.csv",
        "cbeci-countries.csv",
        "cbeci-us-states.csv",
    ]  # its parts too


def test_a_map_says_in_a_line_what_it_is(timemaps: Mapping[str, TimeMap]) -> None:
    expected = (
        "<TimeMap 'shift': Bitcoin mining's move from China to North America; "
        "29 slices, September 2019 to January 2022>"
    )
    assert repr(timemaps["shift"]) == expected


def test_a_map_is_frozen(timemaps: Mapping[str, TimeMap]) -> None:
    with pytest.raises(AttributeError):
        timemaps["shift"].title = "x"  # type: ignore[misc]
    with pytest.raises(ValueError, match="read-only"):
        timemaps["shift"].layers[0].values[0, 0] = 1


def test_a_map_has_a_content_and_shows_verbs(timemaps: Mapping[str, TimeMap]) -> None:
    timemap = timemaps["shift"]
    names = {name for name in dir(timemap) if not name.startswith("_")}
    assert "content" in names
    assert "save" in names
    assert not names & {each.name for each in fields(Content)}
    for each in fields(Content):  # and yet all is read as before
        assert getattr(timemap, each.name) is getattr(timemap.content, each.name)
    assert timemap.period == ("2019-09-01", "2022-02-01")
    with pytest.raises(AttributeError, match="'TimeMap' object has no attribute 'slides'"):
        _ = timemap.slides  # type: ignore[attr-defined]


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda tm: pickle.loads(pickle.dumps(tm))])
def test_a_copy_of_a_map_is_that_map(timemaps: Mapping[str, TimeMap], again: Callable[..., TimeMap]) -> None:
    timemap = timemaps["china-provinces"]
    assert again(timemap).to_html() == timemap.to_html()


def test_captions_take_a_map_as_well_as_what_it_shows(timemaps: Mapping[str, TimeMap]) -> None:
    timemap = timemaps["shift"]
    for shown in (timemap, timemap.content):
        view = views.choose(shown, "difference")
        assert captions.caption(view) == timemap.caption(kind="difference")
        assert "Cambridge" in captions.source_line(shown)
        assert "January 2022" in captions.data_as_of(shown)


OLD = {
    "figure": (("a.svg",), "save_figure"),
    "animate": (("a.gif",), "save_film"),
    "export": (("a.csv",), "save_table"),
}


@pytest.mark.parametrize("old", OLD)
def test_an_old_name_of_a_verb_works_and_says_the_new_one(small: TimeMap, tmp_path: Path, old: str) -> None:
    [file], new = OLD[old]
    with pytest.warns(DeprecationWarning, match=rf"TimeMap\.{old}\(\) is {new}\(\) now") as told:
        path = getattr(small, old)(tmp_path / file)
    assert [Path(each.filename).name for each in told] == ["test_timemap.py"]  # the caller's own line
    assert path.read_bytes() == getattr(small, new)(tmp_path / f"new-{file}").read_bytes()
    assert old not in dir(small)


def test_text_of_a_result_works_under_its_old_name_and_says_the_new_one(small: TimeMap) -> None:
    for result in (small.shift(), questions.compare("china-share", DataFolder.of(None))):
        kind = type(result).__name__
        with pytest.warns(DeprecationWarning, match=rf"{kind}\.text\(\) is to_text\(\) now") as told:
            text = getattr(result, "text")(60)  # noqa: B009 -- a type checker knows the new name only
        assert [Path(each.filename).name for each in told] == ["test_timemap.py"]
        assert text == result.to_text(60)
        with pytest.raises(AttributeError, match=f"'{kind}' object has no attribute 'txt'"):
            getattr(result, "txt")  # noqa: B009


def test_what_is_returned_is_what_is_saved(small: TimeMap, tmp_path: Path) -> None:
    """One scheme: for each form `save_...` writes what `to_...` returns, with the same options."""
    for form, suffix, options in [
        ("figure", ".svg", {"at": ["first"], "width": "300px"}),
        ("film", ".gif", {"last": "first", "width": 240}),
        ("table", ".csv", {"at": "last", "wide": True}),
    ]:
        path = getattr(small, f"save_{form}")(tmp_path / f"a{suffix}", **options)
        assert path.read_bytes() == getattr(small, f"to_{form}")(suffix, **options)
    assert small.save(tmp_path / "a.html").read_text(encoding="utf-8") == small.to_html()


def test_the_docstrings_name_the_formats_that_there_are() -> None:
    for verb, known in ((TimeMap.to_figure, PICTURES), (TimeMap.to_film, FILMS), (TimeMap.to_table, TABLES)):
        [listed] = re.findall(r"suffix : \{(.+)\}, optional\n", verb.__doc__ or "")
        assert {part.strip('"') for part in listed.split(", ")} == {*known}


def keywords(verb: Callable[..., object]) -> set[str]:
    found = inspect.signature(verb).parameters.values()
    return {each.name for each in found if each.kind is each.KEYWORD_ONLY}


@pytest.mark.parametrize(
    ("verb", "wish", "drawing", "options"),
    [
        (TimeMap.to_figure, FigureWish, figure, FigureOptions),
        (TimeMap.to_film, FilmWish, film, FilmOptions),
        (TimeMap.to_table, TableWish, None, None),
    ],
)
def test_options_that_are_handed_on_are_those_of_what_takes_them(
    verb: Callable[..., object], wish: Any, drawing: Callable[..., object] | None, options: Any
) -> None:
    """mypy checks their types where they are handed on."""
    passed = set[str]()
    if drawing:
        passed = {*options.__annotations__}
        assert passed == keywords(drawing) - {"tell"}
        [told] = re.findall(r"options : object, optional\n +The (.+?), see", verb.__doc__ or "", re.DOTALL)
        assert {*re.split(r",\s+|\s+and\s+", re.sub(r"\s+\([^)]+\)", "", told))} == passed
    assert {*wish.__annotations__} - passed == keywords(verb)
    assert wish.__optional_keys__ == passed | keywords(verb)


def test_every_record_says_in_a_line_what_it_is(timemaps: Mapping[str, TimeMap]) -> None:
    """No record prints its arrays, tables or files: a notebook and a debugger show it in a line."""
    timemap = timemaps["shift"]
    content, modes = timemap.content, timemap.content.modes
    assert modes is not None
    assert repr(content).startswith("<Content id='shift' title=\"Bitcoin mining's move from China")
    assert repr(content.layers[0]).startswith(
        f"<Layer metric='share' digits=2 values: {len(content.units)} × 29"
    )
    records = [
        timemap, content, content.layers[0], content.units[0], *content.groups, content.series,
        content.boundaries,
        views.choose(content, "film"), views.excerpt(content), modes, modes.inner[0], modes.readings[0],
        modes.readings[0].tracks, next(iter(modes.flows.values())), modes.sources[0],
        modes.sources[0].sheets[0],
        modes.revenue[0], timemap.shift(), questions.compare("revenue", DataFolder.of(None)),
        DataFolder.of(None).table("cbeci-countries"),
    ]  # fmt: skip
    told = [repr(record) for record in records]
    assert [text for text in told if len(text) > 200 or "\n" in text] == []


def test_one_name_alone_is_a_name_and_not_its_letters() -> None:
    shown = gt.choropleth("cbeci-countries")
    assert shown.to_figure(".svg", at="2021-07") == shown.to_figure(".svg", at=["2021-07"])
    assert shown.to_table(at="2021-07") == shown.to_table(at=["2021-07"])
    assert str(shown.shift(groups="USA")) == str(shown.shift(groups=["USA"]))
