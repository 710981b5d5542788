"""Names of slices and metrics, resolved or refused with what there is."""

from __future__ import annotations

import pytest

from geotrack.errors import SpecError
from geotrack.map import views


def test_names_are_resolved(timemaps):
    shift = timemaps["shift"]
    view = views.choose(shift, "slices", ["2019-09", "last"], "hashrate")
    assert (view.slices, view.metric) == ((0, 28), 1)
    assert [step.iso for step in view.steps] == ["2019-09", "2022-01"]
    assert view.layer.metric.unit == "EH/s"


@pytest.mark.parametrize(
    ("kind", "places"), [("map", (0,)), ("slices", (0,)), ("difference", (0, 28)), ("film", tuple(range(29)))]
)
def test_what_is_not_said_is_usual(timemaps, kind, places):
    assert views.choose(timemaps["shift"], kind).slices == places


def test_a_difference_runs_from_the_earlier_to_the_later_slice(timemaps):
    assert views.choose(timemaps["shift"], "difference", ["2022-01", "2019-09"]).slices == (0, 28)


@pytest.mark.parametrize(
    ("at", "metric", "message"),
    [
        (["2018"], "", r"shift: no slice '2018'; expected one of: 2019-09, .*, 2022-01$"),
        ([], "power", "shift: no metric 'power'; expected one of: share, hashrate$"),
    ],
)
def test_an_unknown_name_says_what_there_is(timemaps, at, metric, message):
    with pytest.raises(SpecError, match=message):
        views.choose(timemaps["shift"], "slices", at, metric)


@pytest.mark.parametrize("at", [["2019-09"], ["2019-09", "2019-09"], ["2019-09", "2019-10", "2019-11"]])
def test_a_difference_is_between_two_slices(timemaps, at):
    with pytest.raises(SpecError, match="a difference is between two slices"):
        views.choose(timemaps["shift"], "difference", at)
