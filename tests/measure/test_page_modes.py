"""The modes of a shift: their classes, parts and packed tables, and that a page without them carries none."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from geotrack.build import maps, modes
from geotrack.errors import SpecError
from geotrack.geo import boundaries
from geotrack.language import catalogue
from geotrack.map import spec
from geotrack.measure import changes, lines, page_modes, parts
from geotrack.model import DERIVED, LOWER_BOUND, MISSING
from geotrack.publish import manifest
from geotrack.render.page import modes as page_data
from geotrack.store import reading
from geotrack.timemap import TimeMap
from geotrack.version import version

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def shifted():
    return modes.build(spec.read(ROOT / "maps" / "shift.toml"), "shift", ROOT / "data")


def inner_of(timemap, code):
    return next(each for each in timemap.modes.inner if each.code == code)


# ---- difference --------------------------------------------------------------------------------


def test_classes_are_symmetric_and_hold_every_change_of_every_pair(shifted):
    for layer, found in zip(shifted.layers, shifted.modes.changes, strict=True):
        edges = np.array(found.edges)
        assert edges.tolist() == (-edges[::-1]).tolist()
        assert len(found.labels) == len(found.light) == len(found.dark) == len(edges) - 1 + found.zero
        for a, b in combinations(range(len(shifted.slices)), 2):
            told = lines.change(layer.values, layer.status, a, b).values
            assert np.nanmax(np.abs(told)) <= edges[-1]


def test_every_change_is_that_of_the_measure(shifted):
    layer = shifted.layers[0]
    for a, b in combinations(range(len(shifted.slices)), 2):
        told = np.round(lines.change(layer.values, layer.status, a, b).values, layer.digits)
        assert np.array_equal(changes.change_of(layer, a, b), told, equal_nan=True)
        assert np.array_equal(changes.change_of(layer, b, a), -told, equal_nan=True)


def test_a_picture_has_the_classes_of_the_page_whether_the_map_has_one_or_not(shifted):
    plain = TimeMap(replace(shifted.content, modes=None))
    other = TimeMap(
        replace(shifted.content, slices=tuple(replace(s, iso=f"{s.iso}-x") for s in shifted.slices))
    )
    for m, expected in enumerate(shifted.modes.changes):
        for content in (shifted, plain, other):
            assert changes.classes_of(content, m) == expected
    chosen = replace(shifted.modes, changes=tuple(replace(c, zero=False) for c in shifted.modes.changes))
    assert not changes.classes_of(TimeMap(replace(shifted.content, modes=chosen)), 0).zero


def test_classes_of_changes_are_named_in_the_map_s_language(shifted):
    mapped = np.array([bool(unit.members) for unit in shifted.units])
    found = changes.difference_classes(shifted.layers[0], mapped, lang="zh").labels
    assert found[0] == "0"
    assert found[-1] == catalogue.said("zh", "more", "rangeSigned", low="+50", high="+100")
    assert not any(" to " in label for label in found)


def test_signs_stand_at_both_ends_of_a_class(shifted):
    assert shifted.modes.changes[0].labels[0] == "0"
    assert "+5 to +10" in shifted.modes.changes[0].labels
    assert "−10 to −5" in shifted.modes.changes[0].labels
    assert "0 to +5" in shifted.modes.changes[0].labels


# ---- parts of regions --------------------------------------------------------------------------


def test_provinces_are_their_share_of_china_times_chinas_share(shifted):
    inner = inner_of(shifted, "CHN")
    world, own = inner.content.layers
    china = shifted.layers[0].values[[u.code for u in shifted.units].index("CHN")]
    sichuan = [u.code for u in inner.content.units].index("CN-SC")
    t = [step.iso for step in shifted.slices].index("2020-06")
    assert world.values[sichuan, t] == round(own.values[sichuan, t] * china[t] / 100, 2)
    assert world.status[sichuan, t] == DERIVED


def test_parts_and_their_rest_add_up_to_the_country_in_every_slice(shifted):
    for code in ("CHN", "USA"):
        inner = inner_of(shifted, code)
        layer = inner.content.layers[0]
        row = [u.code for u in shifted.units].index(code)
        for i, step in enumerate(inner.content.slices):
            whole = shifted.layers[0].values[row, shifted.slices.index(step)]
            assert layer.mapped[i] + layer.stated[i] + layer.unstated[i] == pytest.approx(whole, abs=0.06)


def test_a_slice_shows_the_parts_or_the_country_and_never_both(shifted):
    layer = inner_of(shifted, "CHN").content.layers[0]
    some = (layer.status[:-1] != MISSING).any(axis=0)
    assert (some ^ (layer.status[-1] != MISSING)).all()
    labels = [step.iso for step, there in zip(shifted.slices, some, strict=True) if there]
    assert (labels[0], labels[-1]) == ("2019-09", "2021-06")
    assert inner_of(shifted, "CHN").until == "June 2021"


def test_a_part_of_a_bound_is_a_bound(shifted):
    inner = inner_of(shifted, "USA")
    assert inner.snapshot
    assert [step.iso for step in inner.content.slices] == ["2021-12"]
    georgia = [u.code for u in inner.content.units].index("US-GA")
    assert inner.content.layers[0].status[georgia, 0] == LOWER_BOUND
    assert inner.content.layers[0].bounded[0]


def test_the_country_as_a_whole_keeps_its_own_origin(shifted):
    inner = inner_of(shifted, "CHN").content
    place = int(inner.layers[0].origin[-1, -1])
    assert inner.origins[place] in shifted.origins
    sichuan = [u.code for u in inner.units].index("CN-SC")
    assert inner.origins[int(inner.layers[0].origin[sichuan, 0])].id == "cbeci_map_provinces_cn"


def test_parts_of_what_is_no_region_are_refused(shifted):
    part = inner_of(shifted, "CHN").content
    with pytest.raises(SpecError, match=r"levels: 'XXX' is no region of the map; expected some of: CAN, CHN"):
        parts.parts_of(shifted, "XXX", part)


def test_parts_of_another_time_are_refused(shifted):
    later = TimeMap(
        replace(shifted.content, slices=tuple(replace(s, iso=f"{s.iso}-x") for s in shifted.slices))
    )
    with pytest.raises(SpecError, match=r"levels: CHN: cbeci-china-provinces has no slice of the map's"):
        parts.parts_of(later, "CHN", inner_of(shifted, "CHN").content)


def test_thinned_boundaries_keep_regions_and_shared_borders():
    shapes = boundaries.project(boundaries.read(ROOT / "data/reference/boundaries", "china-provinces"))
    found = boundaries.thinned(shapes, 8000)
    assert found.codes == shapes.codes
    assert all(found.shapes)
    assert sum(map(len, found.arcs)) < sum(map(len, shapes.arcs)) / 3
    assert {tuple(p) for arc in found.arcs for p in arc} <= {tuple(p) for arc in shapes.arcs for p in arc}
    for arc in found.arcs:  # whole borders go with islands, ends of the others stay
        assert any(np.array_equal(arc[[0, -1]], own[[0, -1]]) for own in shapes.arcs)


# ---- what a page carries -----------------------------------------------------------------------


def unpacked(text: str):
    return json.loads(zlib.decompress(base64.b64decode(text), -15))


def test_a_page_carries_what_the_measures_say(shifted):
    told = unpacked(page_data.packed(shifted, shifted.modes, version()))
    tracks = shifted.shift().tracks
    assert told["names"] == ["levels", "difference", "centre", "flows", "twin"]
    assert told["readings"][0]["name"] == "reported"
    assert [v / 1000 for v in told["readings"][0]["length"]] == pytest.approx(
        tracks.length.tolist(), abs=5.1e-4
    )
    low = np.array(told["readings"][0]["hhi_low"]) / 10000  # a lower bound, and never above it
    assert ((tracks.hhi_low - low > -1e-9) & (tracks.hhi_low - low < 1.0001e-4)).all()
    assert [each["code"] for each in told["inner"]] == ["CHN", "USA"]


def test_a_page_without_modes_carries_no_script_of_them():
    plain = maps.build(spec.read(ROOT / "maps" / "hashrate-share.toml"), "plain", ROOT / "data").to_html()
    assert plain.count('"modes"') == 0
    assert "gt-overlay" not in plain


def test_a_map_of_many_slices_has_no_flows_but_the_rest(shifted, monkeypatch):
    monkeypatch.setattr(page_modes, "MOST_PAIRS", 5)
    found = page_modes.modes_of(shifted)
    assert found.flows == {}
    told = unpacked(page_data.packed(shifted, found, version()))
    assert told["names"] == ["levels", "difference", "centre", "twin"]


# ---- specification and inputs ------------------------------------------------------------------


def test_a_map_as_known_then_has_no_sources_of_today():
    wanted = replace(spec.read(ROOT / "maps" / "shift.toml"), as_of="2024-12-31")
    made = modes.build(wanted, "then", ROOT / "data")
    assert made.modes.sources == ()
    assert made.modes.slices == made.slices


def test_an_unknown_level_stops_the_build():
    wanted = replace(spec.read(ROOT / "maps" / "shift.toml"), levels={"CHN": "nothing"})
    with pytest.raises(SpecError, match="nothing"):
        modes.build(wanted, "shift", ROOT / "data")


def test_what_modes_draw_on_is_an_input_of_the_map():
    path = ROOT / "maps" / "shift.toml"
    folder, wanted = reading.data_folder(ROOT / "data"), spec.read(path)
    found = manifest.inputs_of(folder, path, wanted)
    assert "observations/cbeci-us-states.csv" in found
    assert "observations/luxor-countries.csv" in found
    plain = manifest.inputs_of(folder, path, replace(wanted, levels={}, compare=()))
    assert "observations/luxor-countries.csv" not in plain


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("shift", "yes", "expected true or false"),
        ("levels", ["CHN"], 'expected a table of code = "series"'),
        ("compare", "us-share", "expected a list of questions"),
    ],
)
def test_keys_that_are_not_allowed_are_refused(key, value, words):
    with pytest.raises(SpecError, match=words):
        spec.check({"series": "cbeci-countries", key: value}, "here")
