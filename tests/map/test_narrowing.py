"""A map as a piece shows it: what changes, what stays, what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from geotrack.captions.credits import citation
from geotrack.errors import SpecError


def test_nothing_asked_changes_nothing(timemaps):
    shift = timemaps["shift"]
    assert shift.with_view().to_html() == shift.to_html()


def test_opening_metric_layout_and_theme_change(timemaps):
    shift = timemaps["shift"]
    shown = shift.with_view(
        at="2021-07", metric="hashrate", layout="compact", theme="dark", id="b", url="https://a.org"
    )
    assert (shown.opening, shown.layout, shown.theme, shown.id) == (22, "compact", "dark", "b")
    assert [layer.metric.name for layer in shown.layers] == ["hashrate", "share"]
    assert shown.url == "https://a.org/"
    assert shown.slices == shift.slices
    assert (shift.opening, shift.layout, shift.id) == (0, "full", "shift")


@pytest.mark.parametrize("name", ["shift", "revenue-canaan", "hashrate-since-2025"])
@pytest.mark.parametrize("at", ["first", "last"])
def test_a_fixed_map_says_of_its_slice_what_the_whole_one_says(timemaps, name, at):
    whole = timemaps[name]
    one = whole.with_view(at=at, fixed=True)
    t = 0 if at == "first" else len(whole.slices) - 1
    assert one.slices == (whole.slices[t],)
    assert one.to_frame().to_dict("list") == {
        key: list(values)
        for key, values in whole.to_frame()
        .query("start == @whole.slices[@t].start and end == @whole.slices[@t].end")
        .to_dict("list")
        .items()
    }
    for before, after in zip(whole.layers, one.layers, strict=True):
        assert after.sentences == (before.sentences[t],)
        assert (after.edges, after.labels, after.light) == (before.edges, before.labels, before.light)
        assert np.array_equal(after.mapped, before.mapped[t : t + 1], equal_nan=True)
        said = [(whole.notes[place], units) for place, units in before.slice_notes[t]]
        assert [(one.notes[place], units) for place, units in after.slice_notes[0]] == said
    used = set(one.to_frame()["origin"])
    assert {origin.id for origin in one.origins} == used
    assert one.origins[0].publisher in citation(one, "1")


def test_events_of_other_slices_are_left_out(timemaps):
    shift = timemaps["shift"]
    june = shift.with_view(at="2021-06", fixed=True)
    assert june.events
    assert len(june.events) == len(june.event_places)
    assert all(event.date.startswith("2021-06") for event in june.events)
    assert shift.with_view(at="2019-09", fixed=True).events == ()


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"at": "2018"}, "shift: no slice '2018'; expected one of: 2019-09"),
        ({"metric": "power"}, "shift: no metric 'power'; expected one of: share, hashrate"),
        ({"layout": "tiny"}, "layout 'tiny' is not known; expected one of: full, compact"),
        ({"theme": "blue"}, "theme 'blue' is not known; expected one of: light, dark"),
        ({"url": "a.org"}, "--url 'a.org' is not the address"),
    ],
)
def test_an_unknown_name_says_what_there_is(timemaps, asked, message):
    with pytest.raises(SpecError, match=message):
        timemaps["shift"].with_view(**asked)
