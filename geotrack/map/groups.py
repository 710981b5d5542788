"""Sums of regions for the chart and the sentence: China, North America, the rest, the remainder."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from geotrack.errors import SpecError
from geotrack.geo.boundaries import Boundaries
from geotrack.language import catalogue
from geotrack.map import localised
from geotrack.map.cells import signed
from geotrack.map.content import Group, Layer, Unit
from geotrack.map.slices import Cut
from geotrack.map.spec import Spec
from geotrack.model import DERIVED, LOWER_BOUND, MISSING, REPORTED, Aggregate
from geotrack.store.regions import Regions

MOST_NAMED = 6  # more names than this are a number


@dataclass(frozen=True, eq=False)
class Sums:
    """Values and statuses of groups, groups × slices; NaN and 0 where a group has no figure."""

    values: np.ndarray
    status: np.ndarray


def units_within(parts: Sequence[Collection[str]], group: Collection[str]) -> tuple[int, ...]:
    """Return the places of the units all of whose regions lie in a group.

    Parameters
    ----------
    parts : per unit the codes of the regions it covers; none for a remainder or a whole.
    group : codes of the group's regions.
    """
    inside = set(group)
    return tuple(i for i, part in enumerate(parts) if part and inside.issuperset(part))


def made_of(title: str, listed: Sequence[str], absent: Sequence[str], lang: str) -> str:
    """Say which regions of a group the source lists, and which it does not; of many how many they are."""
    text = catalogue.said(lang, "page", "madeOf", group=title, names=catalogue.joined(listed, lang))
    if 0 < len(absent) <= MOST_NAMED:
        text += catalogue.said(lang, "page", "notAmong", names=catalogue.joined(absent, lang))
    elif absent:
        text += catalogue.said(lang, "page", "notAmongMany", count=str(len(absent)))
    return text + catalogue.joint("stop", lang)


def sums(
    values: np.ndarray,
    status: np.ndarray,
    parts: Sequence[Collection[str]],
    groups: Sequence[Sequence[int]],
    *,
    below: bool = False,
) -> Sums:
    """Add up the units of each group, slice by slice.

    A sum is a lower bound where one of its figures is, or where regions of the group that have a figure in
    some slice have none in this one: a source that stops naming Canada must not look like a fall. Where
    figures may be below zero, what is lacking bounds nothing: such a sum is "derived" from what there is.

    Parameters
    ----------
    values, status : units × slices; NaN and 0 where missing.
    parts : per unit the regions it covers.
    groups : per group the places of its units.
    below : whether figures may be below zero, see `cells.signed`; some of `values` may be anyway.
    """
    below = below or bool((values < 0).any())
    shape = (len(groups), values.shape[1])
    found = Sums(np.full(shape, np.nan), np.full(shape, MISSING, dtype=np.uint8))
    for g, units in enumerate(groups):
        rows = list(units)
        if rows:
            found.values[g], found.status[g] = _one(
                values[rows], status[rows], [parts[u] for u in rows], below
            )
    return found


def _one(
    values: np.ndarray, status: np.ndarray, parts: Sequence[Collection[str]], below: bool
) -> tuple[np.ndarray, np.ndarray]:
    present = status != MISSING
    total = np.where(present.any(axis=0), np.where(present, values, 0.0).sum(axis=0), np.nan)
    lacking = ~_complete(present, parts)
    bound = (status == LOWER_BOUND).any(axis=0) | lacking
    # one figure keeps its own status; several of one status keep that, else the weaker word wins
    plain = np.where(present, status, REPORTED).max(axis=0)
    known = np.where(lacking & below, DERIVED, np.where(bound, LOWER_BOUND, plain))
    return total, np.where(present.any(axis=0), known, MISSING).astype(np.uint8)


def _complete(present: np.ndarray, parts: Sequence[Collection[str]]) -> np.ndarray:
    """Return in which slices all regions have a figure that have one in some slice."""
    ever = set().union(*(part for part, row in zip(parts, present, strict=True) if row.any()))
    given = (set().union(*(parts[int(u)] for u in np.flatnonzero(column))) for column in present.T)
    return np.array([each == ever for each in given], dtype=bool)


MOST_GROUPS = 4  # as many as the page has colours and marker shapes for


@dataclass(frozen=True)
class LevelGround:
    """What units are placed on: a level's regions, and the boundaries that draw some of them.

    Parameters
    ----------
    regions : every region, with its name and the aggregates.
    shapes : the boundaries drawn.
    level : of the series: "country", "CN", "US" or "CA".
    lang : language of names that are not an author's own.
    """

    regions: Regions
    shapes: Boundaries
    level: str
    lang: str = "en"

    @cached_property
    def scope(self) -> tuple[str, ...]:
        """Every region of the level, drawn or not: an aggregate takes in Singapore at any scale."""
        return tuple(dict.fromkeys([*self.regions.codes(self.level), *self.shapes.codes]))

    def covers(self, unit: Unit) -> tuple[str, ...]:
        """Return the regions that a unit stands for, drawn or not; none for a remainder or a whole."""
        if unit.kind == "aggregate":
            return self.members(unit.code)
        known = self.regions.table.get(unit.code)
        undrawn = unit.kind == "remainder" and known is not None and known.level in {"country", "subdivision"}
        return (unit.code,) if unit.kind == "region" or undrawn else ()

    def name(self, code: str) -> str:
        """Return the name on the boundaries, else the registry's, else the code."""
        own = self._names.get(code, code)
        english = self.regions.name(code) if own == code and code in self.regions.table else own
        return self.translated(code, english)

    def translated(self, code: str, name: str) -> str:
        """Return a name in the map's language, if it is the registry's; another name is its author's."""
        known = self.regions.table.get(code)
        if self.lang == "en" or self.shapes.own or known is None or known.name != name:
            return catalogue.term(name, self.lang)
        return catalogue.place(known, self.lang)

    def localised(self) -> Boundaries:
        """Return the shapes with their names in the map's language."""
        if self.lang == "en":
            return self.shapes
        named = zip(self.shapes.codes, self.shapes.names, strict=True)
        names = tuple(self.translated(code, name) for code, name in named)
        return replace(self.shapes, names=names, info=localised.boundaries(self.shapes.info, self.lang))

    @cached_property
    def _names(self) -> dict[str, str]:
        return dict(zip(self.shapes.codes, self.shapes.names, strict=True))

    def aggregates(self) -> dict[str, Aggregate]:
        """Return the sums that have regions at this level, with their names in the map's language."""
        return {
            code: replace(
                known,
                name=self.name(code),
                members=self.members(code),
                note=catalogue.term(known.note, self.lang),
            )
            for code, known in self.regions.aggregates.items()
            if not set(self.scope).isdisjoint(known.members)  # "all but China" is no sum of provinces
        }

    def members(self, code: str) -> tuple[str, ...]:
        """Return an aggregate's regions, or the region itself."""
        return self.regions.members(code, self.scope) if code in self.regions.rules else (code,)


def named_groups(spec: Spec, units: Sequence[Unit], ground: LevelGround) -> tuple[Group, ...]:
    """Return the groups that a specification asks for, then the rest and the remainder.

    Raises
    ------
    SpecError : codes that are neither regions nor aggregates, too many groups, or groups that share a region,
        which would be counted twice.
    """
    wanted = spec.groups if isinstance(spec.groups, Mapping) else dict.fromkeys(spec.groups, "")
    if not wanted:
        return ()
    _refuse(wanted, ground)
    _refuse_shared(wanted, ground)
    parts = [ground.covers(unit) for unit in units]
    place = {code: i for i, code in enumerate(ground.shapes.codes)}
    found: list[Group] = []
    taken: set[int] = set()
    for i, (code, name) in enumerate(wanted.items()):
        codes = ground.members(code)
        inside = units_within(parts, codes)
        taken.update(inside)
        outline = _land(codes, [units[u] for u in inside], place) if spec.outline else ()
        title = ground.translated(code, name) if name else ground.name(code)
        note = _made_of(title, code, [units[u] for u in inside], ground)
        single = len(inside) == 1 and set(parts[inside[0]]) == set(codes)
        own = next((u for u, unit in enumerate(units) if unit.code == code), -1)
        found.append(Group(code, title, f"g{i}", inside, outline, note, single, own=own))
    left = tuple(u for u, unit in enumerate(units) if unit.members and u not in taken)
    if spec.rest and left:
        rest = catalogue.term(spec.rest, spec.lang)
        found.append(Group("rest", rest, "rest", left, single=len(left) == 1, kind="rest"))
    over = str(catalogue.words_of(spec.lang)["remainder"])
    return (*found, Group("remainder", over, "remainder", (), kind="remainder"))


def with_lacking(
    cuts: Sequence[Cut], units: Sequence[Unit], groups: Sequence[Group], ground: LevelGround
) -> tuple[Cut, ...]:
    """Say of regions without a figure that the sum of their group lacks them, where it is no "at least".

    Parameters
    ----------
    units : the rows of each cut. ground : what they are placed on.
    """
    parts = [ground.covers(unit) for unit in units]
    return tuple(
        _with_lacking(cut, parts, groups, ground.lang)
        if cut.metric.adds_up and signed(cut.metric, cut.values)
        else cut
        for cut in cuts
    )


def _with_lacking(cut: Cut, parts: Sequence[Collection[str]], groups: Sequence[Group], lang: str) -> Cut:
    notes, places, present = list(cut.notes), cut.note.copy(), cut.status != MISSING
    for group in groups:
        rows = [u for u in group.units if present[u].any()]
        lacking = present[rows].any(axis=0) & ~_complete(present[rows], [parts[u] for u in rows])
        if lacking.any():
            notes.append(catalogue.said(lang, "more", "lacking", group=group.name))
        for u in rows:
            places[u, lacking & ~present[u] & (places[u] < 0)] = len(notes) - 1
    return replace(cut, note=places, notes=tuple(notes))


def telling(layers: Sequence[Layer], named: tuple[Group, ...]) -> tuple[tuple[Layer, ...], tuple[Group, ...]]:
    """Leave out the remainder where no layer knows of one: without a whole nothing is left over."""
    if not named or any(np.isfinite(layer.groups[-1]).any() for layer in layers):
        return tuple(layers), named
    kept = [g for g, group in enumerate(named) if group.kind != "remainder"]
    cut = (
        replace(layer, groups=layer.groups[kept], group_status=layer.group_status[kept]) for layer in layers
    )
    return tuple(cut), tuple(named[g] for g in kept)


def _land(codes: Sequence[str], inside: Sequence[Unit], place: Mapping[str, int]) -> tuple[int, ...]:
    """Return the land of a group: its regions, and the parts of them that show their figures."""
    parts = (i for unit in inside if unit.kind == "region" for i in unit.members)
    return tuple(dict.fromkeys([*(place[c] for c in codes if c in place), *parts]))


def _refuse_shared(wanted: Mapping[str, str], ground: LevelGround) -> None:
    owner: dict[str, str] = {}
    for code in wanted:
        shared = [region for region in ground.members(code) if region in owner]
        if shared:
            names = ", ".join(map(ground.name, shared[:MOST_NAMED]))
            raise SpecError(
                f"groups: {code} and {owner[shared[0]]} share {names}, which would be counted twice; "
                "leave one of the two out"
            )
        owner |= dict.fromkeys(ground.members(code), code)


def _made_of(title: str, code: str, inside: Sequence[Unit], ground: LevelGround) -> str:
    """Say what an aggregate is made of, so that nobody takes an unlisted region for zero."""
    if code not in ground.regions.rules or any(unit.kind != "region" for unit in inside) or not inside:
        return ""
    listed = {region for unit in inside for region in ground.covers(unit)}
    listed |= {part for region in listed for part in ground.regions.parts.get(region, ())}
    absent = [ground.name(region) for region in ground.members(code) if region not in listed]
    return made_of(title, [unit.name for unit in inside], absent, ground.lang)


def _refuse(wanted: Mapping[str, str], ground: LevelGround) -> None:
    unknown = [
        code for code in wanted if code not in ground.regions.table and code not in ground.shapes.codes
    ]
    if unknown or len(wanted) > MOST_GROUPS:
        raise SpecError(
            f"groups: {', '.join(map(repr, unknown)) or f'{len(wanted)} of them'} not possible; "
            f"expected at most {MOST_GROUPS} codes of regions or aggregates, such as CHN or north-america"
        )
