"""The part of a map that is exported: some of its slices and metrics, or all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geotrack.content import Content, Layer
from geotrack.model import Slice
from geotrack.views import metric_of, place_of


@dataclass(frozen=True, eq=False)
class Excerpt:
    """A choice of a map's slices and metrics.

    Parameters
    ----------
    content : the map.
    slices : places in the map's slices, in the order of time, each once.
    layers : the metrics, in the map's order.
    """

    content: Content
    slices: tuple[int, ...]
    layers: tuple[Layer, ...]

    @property
    def steps(self) -> tuple[tuple[int, Slice], ...]:
        """The slices, each with its place in the arrays."""
        return tuple((t, self.content.slices[t]) for t in self.slices)


def excerpt(content: Content, at: Sequence[str] = (), metric: str = "") -> Excerpt:
    """Resolve the names of slices and of a metric; all if none is given.

    Parameters
    ----------
    at : periods such as "2021-07", or "first" and "last".

    Raises
    ------
    SpecError : a name that the map does not have; says what there is.
    """
    slices = {place_of(content, name) for name in at} or range(len(content.slices))
    layers = (content.layers[metric_of(content, metric)],) if metric else content.layers
    return Excerpt(content, tuple(sorted(slices)), layers)
