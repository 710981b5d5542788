"""A series measured by its name: the map is built without being drawn, then measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from geotrack.build import maps
from geotrack.map.spec import Spec
from geotrack.measure import shift
from geotrack.measure.result import ShiftResult
from geotrack.store.folder import Data


def shift_of(
    series: str,
    first: str = "first",
    last: str = "last",
    *,
    groups: str | Sequence[str] | Mapping[str, Sequence[str]] = (),
    scenario: str = "reported",
    metric: str = "",
    data: Data = None,
    lang: str = "en",
) -> ShiftResult:
    """Measure what moved between two slices of a series; see `measure.shift.measure` for the rest.

    Parameters
    ----------
    lang : of what is said of it.

    Raises
    ------
    GeotrackError : an unknown series, slice, group, metric or scenario; data that cannot be used.
    """
    content = maps.build(Spec(series, events=False, lang=lang), series, data).content
    return shift.measure(content, first, last, groups=groups, scenario=scenario, metric=metric)
