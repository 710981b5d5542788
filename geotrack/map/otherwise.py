"""The observations that a map shows, and its figures as they may be otherwise.

A series' figures in doubt are read otherwise as they are stored, before anything is made of them; what that
gives is then completed, kept between `since` and `until`, and cut as the map's own figures are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from geotrack import periods
from geotrack.errors import ParseError, SpecError
from geotrack.map.unstated import cuts_of
from geotrack.model import LOWER_BOUND, MISSING, Metric, Series, Table, brief
from geotrack.store import complement, doubts

if TYPE_CHECKING:
    import pandas as pd

    from geotrack.map.content import Content, Layer
    from geotrack.map.slices import Cut
    from geotrack.map.spec import Spec
    from geotrack.store.regions import Regions

Cuts = dict[str, "Cut"]


@dataclass(frozen=True, eq=False)
class Otherwise:
    """What a map is made of, to be read otherwise when somebody asks; each reading is cut once.

    Parameters
    ----------
    series : which declares the readings. observations : all that it has, as they are stored.
    regions : what of them lies within others.
    cut : makes slices of observations, as of those that the map shows.
    """

    series: Series
    observations: pd.DataFrame
    regions: Regions
    cut: Callable[[pd.DataFrame], Sequence[Cut]]
    _read: dict[tuple[str, ...], Cuts] = field(default_factory=dict)

    __repr__ = brief

    def cuts(self, names: tuple[str, ...]) -> Cuts:
        """Return the metrics' cuts as readings have them, by name; none where these change no observation.

        Parameters
        ----------
        names : of the readings, of each kind of figures one at most.
        """
        if names not in self._read:
            wanted = [each for doubt in self.series.doubts for each in doubt.readings if each.name in names]
            read = doubts.read(self.observations, self.series, wanted, self.regions)
            same = read is self.observations
            self._read[names] = {} if same else {each.metric.name: each for each in self.cut(read)}
        return self._read[names]


def otherwise_of(table: Table, spec: Spec, regions: Regions, metrics: Sequence[Metric]) -> Otherwise | None:
    """Return what a map's figures in doubt are read otherwise from; None of a series that has none.

    Parameters
    ----------
    metrics : that the map shows.
    """
    if not table.series.doubts:
        return None

    def cut(observations: pd.DataFrame) -> Sequence[Cut]:
        frame = shown(replace(table, observations=observations), spec, regions)
        return cuts_of(frame, metrics, spec, pair_of(spec, table), regions)

    return Otherwise(table.series, table.observations, regions, cut)


def layer_otherwise(
    content: Content, layer: Layer, names: Sequence[str], than: Sequence[str] = ()
) -> Layer | None:
    """Return a layer with its figures as readings have them; None where these change none that it shows.

    Parameters
    ----------
    names : of the readings, of each kind of figures one at most.
    than : of those that it is read by already; as reported if none are given.
    """
    told, own = _cells(content, layer, names), _cells(content, layer, than)
    bounds = (told[1] == LOWER_BOUND) == (own[1] == LOWER_BOUND)
    if np.array_equal(told[0], own[0], equal_nan=True) and bounds.all():
        return None
    return replace(layer, values=told[0], status=told[1])


def _cells(content: Content, layer: Layer, names: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Values and statuses of a layer as readings have them."""
    told = content.otherwise.cuts(tuple(sorted(names))) if content.otherwise is not None and names else {}
    cut = told.get(layer.metric.name)
    if cut is None:
        return layer.values, layer.status
    unit = {code: u for u, code in enumerate(cut.units)}
    step = {(each.start, each.end): t for t, each in enumerate(cut.slices)}
    rows = [unit.get(each.code, -1) for each in content.units]
    columns = [step.get((each.start, each.end), -1) for each in content.slices]
    values = np.pad(cut.values, ((0, 1), (0, 1)), constant_values=np.nan)
    status = np.pad(cut.status, ((0, 1), (0, 1)), constant_values=MISSING)
    return values[np.ix_(rows, columns)], status[np.ix_(rows, columns)]


def shown(table: Table, spec: Spec, regions: Regions) -> pd.DataFrame:
    """Return the observations that a map shows, with what follows where two parts make up the whole."""
    unknown = [code for code in spec.complement if code not in regions.table]
    if unknown:
        raise SpecError(
            f"complement: {', '.join(map(repr, unknown))} not known; expected the codes of two "
            "regions or aggregates, such as CHN and canaan-overseas"
        )
    return _within(complement.completed(table, spec.lang, spec.complement), spec)


def _within(frame: pd.DataFrame, spec: Spec) -> pd.DataFrame:
    """Keep the periods that lie between `since` and `until`."""
    import pandas as pd

    if spec.since:
        frame = frame[frame["start"] >= pd.Timestamp(_period("since", spec.since)[0])]
    if spec.until:
        frame = frame[frame["end"] <= pd.Timestamp(_period("until", spec.until)[1])]
    if frame.empty:
        raise SpecError(
            f"since = {spec.since!r}, until = {spec.until!r}: no period of the data lies within; "
            "widen them or leave one out"
        )
    return frame


def _period(key: str, text: str) -> tuple[str, str]:
    try:
        return periods.parse(text)
    except ParseError as error:
        raise SpecError(f"{key} = {error}") from error


def pair_of(spec: Spec, table: Table) -> tuple[str, ...]:
    """Return the codes of the two parts that make up the whole; none if there are no such parts."""
    return spec.complement or table.series.complement
