"""What of a map a piece shows: a slice, several, the difference of two, or all of them in turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from geotrack import periods
from geotrack.errors import SpecError, refuse_unknown
from geotrack.map.content import SUMS, Content, Layer, Shows, content_of
from geotrack.model import LAYOUTS, THEMES, Slice, brief

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

    __repr__ = brief

    @property
    def layer(self) -> Layer:
        """The metric that is shown."""
        return self.content.layers[self.metric]

    @property
    def steps(self) -> tuple[Slice, ...]:
        """The slices that are shown."""
        return tuple(self.content.slices[t] for t in self.slices)


def several(said: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return names that were given one by one or as a list: a name alone is a name, and not its letters."""
    return (said,) if isinstance(said, str) and said else tuple(said or ())


def choose(shown: Content | Shows, kind: Kind, at: str | Sequence[str] = (), metric: str = "") -> View:
    """Resolve the names of slices and of a metric.

    Parameters
    ----------
    shown : a content, or a TimeMap.
    at : periods such as "2021-07", "2020-Q1" or "2017", or "first" and "last". Of a difference the earlier
        and the later one, in either order. If none is given: the opening slice, of a film all slices, of a
        difference the first and the last.
    metric : name of a metric of the map; its first if not given.

    Raises
    ------
    SpecError : a name that the map does not have; says what there is.
    """
    content = content_of(shown)
    wanted = several(at) or _usual(content, kind)
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


CELLS = ("values", "status", "bounds", "bound_status", "origin", "note", "groups", "group_status", "half")


def changes(
    content: Content,
    *,
    at: str = "",
    metric: str = "",
    layout: str = "",
    fixed: bool = False,
    theme: str = "",
) -> dict[str, Any]:
    """Return the fields of the content that differ in the piece, for `dataclasses.replace`.

    Parameters
    ----------
    at : the slice shown first, such as "2021-07", "first" or "last"; the map's own opening if not given.
    metric : the metric shown first; the map's own first if not given.
    layout : "full" or "compact"; as it is if not given.
    fixed : whether that slice is the only one; the figures of the others are then left out. The classes stay
        those of all slices, so that several pieces of one map can be compared.
    theme : "light" or "dark"; as it is if not given.

    Raises
    ------
    SpecError : a name that the map does not have; says what there is.
    """
    refuse_unknown("layout", layout, ("", *LAYOUTS))
    refuse_unknown("theme", theme, THEMES)
    first = metric_of(content, metric)
    layers = [content.layers[first], *(x for i, x in enumerate(content.layers) if i != first)]
    t = place_of(content, at) if at else content.opening
    found: dict[str, Any] = {"layers": tuple(layers), "opening": t}
    found |= {
        "layout": layout or content.layout,
        "theme": theme or content.theme,
        "fixed": fixed or content.fixed,
    }
    return found | (_single(content, layers, t) if fixed else {})


def _single(content: Content, layers: Sequence[Layer], t: int) -> dict[str, Any]:
    """Keep one slice, and of origins and notes what it draws on."""
    step = content.slices[t]
    origins = sorted({int(o) for layer in layers for o in np.unique(layer.origin[:, t]) if o >= 0})
    notes = {int(n) for layer in layers for n in np.unique(layer.note[:, t]) if n >= 0}
    notes |= {place for layer in layers for place, _ in layer.slice_notes[t]}
    order = sorted(notes)
    inside = [step.start <= periods.parse(event.date)[0] < step.end for event in content.events]
    kept = [i for i, fits in enumerate(inside) if fits]
    return {
        "slices": (step,),
        "opening": 0,
        "layers": tuple(_layer(layer, t, origins, order) for layer in layers),
        "origins": tuple(content.origins[o] for o in origins),
        "notes": tuple(content.notes[n] for n in order),
        "events": tuple(content.events[i] for i in kept),
        "event_places": tuple(content.event_places[i] for i in kept),
        "dropped": (),
    }


def _layer(layer: Layer, t: int, origins: Sequence[int], notes: Sequence[int]) -> Layer:
    cut: dict[str, Any] = {name: getattr(layer, name)[:, t : t + 1] for name in CELLS}
    cut |= {name: getattr(layer, name)[t : t + 1] for name in (*SUMS, "bounded", "stated_bounded")}
    cut["origin"], cut["note"] = _renumbered(cut["origin"], origins), _renumbered(cut["note"], notes)
    said = tuple((notes.index(place), units) for place, units in layer.slice_notes[t])
    return replace(
        layer, **cut, sentences=(layer.sentences[t],), partial=(layer.partial[t],), slice_notes=(said,)
    )


def _renumbered(places: np.ndarray, kept: Sequence[int]) -> np.ndarray:
    """Return places among what is kept; -1, for nothing, stays."""
    table = {place: i for i, place in enumerate(kept)}
    return np.array([[table.get(int(place), -1) for place in row] for row in places], dtype=places.dtype)


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

    __repr__ = brief

    @property
    def steps(self) -> tuple[tuple[int, Slice], ...]:
        """The slices, each with its place in the arrays."""
        return tuple((t, self.content.slices[t]) for t in self.slices)


def excerpt(shown: Content | Shows, at: Sequence[str] = (), metric: str = "") -> Excerpt:
    """Resolve the names of slices and of a metric; all if none is given.

    Parameters
    ----------
    shown : a content, or a TimeMap.
    at : periods such as "2021-07", or "first" and "last".

    Raises
    ------
    SpecError : a name that the map does not have; says what there is.
    """
    content = content_of(shown)
    slices = {place_of(content, name) for name in at} or range(len(content.slices))
    layers = (content.layers[metric_of(content, metric)],) if metric else content.layers
    return Excerpt(content, tuple(sorted(slices)), layers)
