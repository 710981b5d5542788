"""The register of measures: what stands in it has a number, words, intervals and tracks; nothing else has."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import groupby

import numpy as np
import pytest

from geotrack.geo import sphere
from geotrack.language.catalogue import languages, words_of
from geotrack.map import measures
from geotrack.map.measures import BY_KEY, BY_TRACK, MEASURES, TOLD, Measure, MeasureTrack, Tracks
from geotrack.measure import bounds, shares, tracks
from geotrack.measure.intervals import Interval
from geotrack.model import REPORTED, Slice
from geotrack.render.page import modes

STEPS = tuple(Slice(f"20{y}-01-01", f"20{y}-02-01", f"20{y}-01", f"January 20{y}") for y in (20, 21))


@pytest.fixture
def reading() -> tracks.Reading:
    codes = ("A", "B", "C", "D")
    values = np.array([[40.0, 10.0], [30.0, 30.0], [10.0, 12.0], [5.0, 25.0]])
    table = shares.Shares(
        codes=codes,
        names=codes,
        single=np.ones(4, dtype=bool),
        slices=STEPS,
        values=values,
        status=np.full(values.shape, REPORTED, dtype=np.uint8),
        rest=100 - values.sum(axis=0),
        half=np.full(values.shape, 0.05),
    )
    spots = sphere.vectors(np.array([[0.0, 0.0], [40.0, 10.0], [90.0, 50.0], [-100.0, 40.0]]))
    return tracks.Reading(table, spots, np.full(len(table.slices), 3))


def test_every_key_stands_once_and_has_words_in_every_language() -> None:
    assert len(BY_KEY) == 1 + len(MEASURES)
    assert not {each.within for each in MEASURES} - {"", *BY_KEY}
    told = {each.key for each in MEASURES if each.told or each.packed}
    for lang in languages():
        assert told <= words_of(lang, "shift").keys()
        # pages tell them by the same names
        assert not BY_KEY.keys() & words_of(lang, "modes").keys()


def test_a_page_is_handed_each_measure_that_has_tracks_of_it_and_no_other() -> None:
    for lang in languages():
        every = modes._measures(few=False, lang=lang)
        assert {each["key"] for each in every} == {BY_TRACK[track.name].key for track in modes.PACKED}
        assert [each["title"] for each in every] == [words_of(lang, "shift")[each["key"]] for each in every]
        assert len({each["column"] for each in every}) == len(every)
        few = modes._measures(few=True, lang=lang)
        assert [each["key"] for each in few] == [each.key for each in MEASURES if each.packed and each.few]
        for each in every:
            tracks = {track.name: track for track in BY_KEY[each["key"]].tracks}
            assert tracks[each["told"]].side == each["bound"]
            ends = [tracks[name].side for name in (each["low"], each["high"]) if name]
            assert ends in ([], [bounds.LOWER_BOUND, modes.AT_MOST])
    assert {each["key"]: each["low"] for each in every if each["low"]} == {
        "hhi": "hhi_low", "effective": "effective_low", "length": "length_low",
    }  # fmt: skip


def test_a_measure_without_a_name_or_the_track_that_it_is_told_by_has_no_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    track = MeasureTrack("gini", bounds.LOWER_BOUND)
    for odd, word in (
        (Measure("gini", "", 2, "at least", tracks=(track,)), "gini"),
        (Measure("hhi", "", 2, "at most", tracks=(track,)), str(modes.AT_MOST)),
    ):
        monkeypatch.setattr(modes, "MEASURES", (*MEASURES, odd))
        with pytest.raises(KeyError, match=word):
            modes._measures(few=False, lang="en")


def test_every_track_is_of_one_measure_and_every_array_over_slices_a_track(reading: tracks.Reading) -> None:
    arrays = {each.name for each in fields(Tracks) if each.type == "np.ndarray"} - {"open"}
    assert sum(len(each.tracks) for each in MEASURES) == len(BY_TRACK)
    assert set(BY_TRACK) == arrays
    found = tracks.tracks(reading, ["A"], {})
    assert all(len(getattr(found, name)) == len(STEPS) for name in arrays)


def test_what_is_told_has_a_number_and_what_is_spanned_an_interval(reading: tracks.Reading) -> None:
    numbers = tracks.numbers(reading, ["A"], 0, 1)
    assert {measures.measure_of(key).key for key in numbers} == {"share", *(each.key for each in TOLD)}
    found = bounds.intervals_of(reading, {}, ["A"], (0, 1), ())
    for key, told in found.items():
        record = measures.measure_of(key)
        expected = (
            {"rounding", *(["remainder"] if record.key != "share" else [])} if record.spanned else set()
        )
        assert {each.assumption for each in told} == expected, key


def test_a_measure_without_number_or_rule_is_an_error(
    reading: tracks.Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    for pair in (False, True):
        monkeypatch.setattr(tracks, "TOLD", (*TOLD, Measure("gini", "", 2, pair=pair)))
        with pytest.raises(KeyError, match="gini"):
            tracks.numbers(reading, [], 0, 1)
    monkeypatch.undo()
    for name in ("SPANNED", "SPANNED_OF_TWO"):
        monkeypatch.setattr(bounds, name, (*getattr(bounds, name), "gini"))
        with pytest.raises(KeyError, match="gini"):
            bounds.intervals_of(reading, {}, [], (0, 1), ())
        monkeypatch.undo()
    with pytest.raises(KeyError, match="gini"):
        measures.measure_of("gini.after")


def test_a_number_without_a_record_is_an_error(
    reading: tracks.Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = tracks._every_track(reading)
    monkeypatch.setattr(tracks, "_every_track", lambda _: every | {"gini": every["top"]})
    with pytest.raises(KeyError, match="gini"):
        tracks.tracks(replace(reading, shares=few(reading.shares)), [], {})


def few(table: shares.Shares) -> shares.Shares:
    """Of two regions only."""
    return replace(
        table, codes=table.codes[:2], names=table.names[:2], single=table.single[:2],
        values=table.values[:2], status=table.status[:2],
        rest=100 - table.values[:2].sum(axis=0),
    )  # fmt: skip


def test_a_page_holds_the_tracks_of_a_measure_beside_each_other_and_a_bound_is_rounded_as_one(
    reading: tracks.Reading,
) -> None:
    owners = [BY_TRACK[name].key for name in modes.DIGITS]
    assert len([*groupby(owners)]) == len(set(owners))
    found = tracks.tracks(reading, [], {})
    for track in modes.PACKED:
        exact = getattr(found, track.name) * 10.0 ** modes.DIGITS[track.name]
        told = np.array(modes._scaled(getattr(found, track.name), modes.DIGITS[track.name],
                                      modes._told(found, track)), dtype=float)  # fmt: skip
        below = np.where(np.isfinite(exact), told - exact, 0.0)
        assert track.side != bounds.LOWER_BOUND or (below < 1e-6).all(), track.name
        assert track.side != modes.AT_MOST or (below > -1e-6).all(), track.name


@pytest.mark.parametrize(
    ("key", "given", "kept"),
    [
        ("top.after", (-1.0, 120.0), (0.0, 100.0)),
        ("share.A.change", (-130.0, 120.0), (-100.0, 100.0)),
        ("share.A.after", (-130.0, 120.0), (0.0, 100.0)),
        ("variation", (-130.0, 120.0), (0.0, 100.0)),
        ("moved", (0.0, 12_000.0), (0.0, 12_000.0)),
        ("effective.before", (1.0, 120.0), (1.0, 120.0)),
    ],
)
def test_an_interval_is_cut_to_what_its_record_says_is_possible(
    key: str, given: tuple[float, float], kept: tuple[float, float]
) -> None:
    assert bounds._possible(Interval(*given, "rounding"), key) == Interval(*kept, "rounding")


def test_a_point_is_within_the_distance_that_its_record_names() -> None:
    assert measures.within("reach.after") == ("lon", "lat")
    assert not measures.within("hhi.after")
    assert measures.BOUNDED.keys() >= {each.bound for each in MEASURES if each.bound}
