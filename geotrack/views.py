"""What of a map a piece shows: a slice, several, the difference of two, or all of them in turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from geotrack.content import Content, Layer
from geotrack.errors import SpecError
from geotrack.model import Slice

Kind = Literal["map", "slices", "difference", "film"]
MOST_NAMED = 40  # slices listed in an error: more are told by their first and last


@dataclass(frozen=True, eq=False)
class View:
    """A choice of a map's slices and metric, every name in it resolved.

    Parameters
    ----------
    content : the map.
    kind : "map" (interactive, opens with `slices[0]`), "slices" (a picture of one or several),
        "difference" (`slices` are the earlier and the later one) or "film" (`slices` in turn).
    slices : places in the map's slices, in the order shown.
    metric : place in the map's layers.
    """

    content: Content
    kind: Kind
    slices: tuple[int, ...]
    metric: int = 0

    @property
    def layer(self) -> Layer:
        """The metric that is shown."""
        return self.content.layers[self.metric]

    @property
    def steps(self) -> tuple[Slice, ...]:
        """The slices that are shown."""
        return tuple(self.content.slices[t] for t in self.slices)


def choose(content: Content, kind: Kind, at: Sequence[str] = (), metric: str = "") -> View:
    """Resolve the names of slices and of a metric.

    Parameters
    ----------
    at : periods such as "2021-07", "2020-Q1" or "2017", or "first" and "last". Of a difference the earlier
        and the later one, in either order. If none is given: the opening slice, of a film all slices, of a
        difference the first and the last.
    metric : name of a metric of the map; its first if not given.

    Raises
    ------
    SpecError : a name that the map does not have; says what there is.
    """
    wanted = list(at) or _usual(content, kind)
    places = [place_of(content, name) for name in wanted]
    if kind == "difference":
        if len(set(places)) != 2 or len(places) != 2:
            raise SpecError(
                f"{content.id}: a difference is between two slices, not {', '.join(map(repr, wanted))}; "
                f"{_known(content)}"
            )
        places.sort()
    return View(content, kind, tuple(places), metric_of(content, metric))


def place_of(content: Content, name: str) -> int:
    """Return the place of a slice by its name; SpecError says which there are."""
    names = [step.iso for step in content.slices]
    ends = {"first": 0, "last": len(names) - 1}
    if name in ends:
        return ends[name]
    if name not in names:
        raise SpecError(f"{content.id}: no slice {name!r}; {_known(content)}")
    return names.index(name)


def metric_of(content: Content, name: str) -> int:
    """Return the place of a metric by its name ("": the first); SpecError says which there are."""
    names = [layer.metric.name for layer in content.layers]
    if name and name not in names:
        raise SpecError(f"{content.id}: no metric {name!r}; expected one of: {', '.join(names)}")
    return names.index(name) if name else 0


def _usual(content: Content, kind: Kind) -> list[str]:
    if kind == "film":
        return [step.iso for step in content.slices]
    return ["first", "last"] if kind == "difference" else [content.slices[content.opening].iso]


def _known(content: Content) -> str:
    names = [step.iso for step in content.slices]
    listed = ", ".join(names) if len(names) <= MOST_NAMED else f"{names[0]} to {names[-1]}"
    return f"expected one of: {listed}"
