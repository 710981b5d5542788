"""Which groups of a map a shift is told of: the caller's, the map's own, its two parts, or the usual ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from geotrack import shares
from geotrack.errors import SpecError
from geotrack.map import groups
from geotrack.map.content import Content, Layer, Unit
from geotrack.model import MISSING
from geotrack.shares import Members

USUAL = ("CHN", "north-america")
MOST_NAMED = 60


def groups_of(
    content: Content, layer: Layer, wanted: Sequence[str] | Mapping[str, Sequence[str]]
) -> tuple[Members, ...]:
    """Return the groups asked for, as rows of the map.

    A group is the sum of those of its regions that the source lists in some slice; where that is not all of
    them its name and a note say so, unless the source says that it lists everything.

    Parameters
    ----------
    layer : whose figures tell which regions are listed.
    wanted : codes of regions, of the map's groups or of its aggregates; or name -> codes. If none is given
        the map's own groups, else the two parts that make up its whole, else China and North America.

    Raises
    ------
    SpecError : neither group nor region nor aggregate; says what there is.
    """
    if isinstance(wanted, Mapping):
        return tuple(_members(content, layer, name, name, codes) for name, codes in wanted.items())
    own = {g.code: g for g in content.groups if g.colour not in {"rest", "remainder"}}
    named: dict[str, tuple[str, Sequence[str]]] = {}
    listed = {unit.code: unit for unit in content.units if shares.is_row(unit)}  # "Other" is in the rest
    for code in wanted or own or _usual(content, listed):
        if code in own:
            units = [content.units[u].code for u in own[code].units]
            sum_of = content.aggregates.get(code)
            named[code] = own[code].name, [*units, *(sum_of.members if sum_of else ())]
        elif code in listed:
            named[code] = listed[code].name, [code]
        elif code in content.aggregates:
            named[code] = content.aggregates[code].name, content.aggregates[code].members
        else:
            sums = [each for each in content.aggregates if _there(content, each, listed)]
            known = ", ".join(dict.fromkeys([*own, *listed, *sums][:MOST_NAMED]))
            raise SpecError(f"{content.id}: no group or region {code!r}; expected some of: {known}")
    return tuple(_members(content, layer, code, *each) for code, each in named.items())


def _members(content: Content, layer: Layer, code: str, name: str, codes: Sequence[str]) -> Members:
    """A group of the rows of some codes, which says what the source lists of them in no slice."""
    place = {unit.code: u for u, unit in enumerate(content.units)}
    rows = tuple(dict.fromkeys(place[each] for each in codes if each in place))
    given = [u for u in rows if (layer.status[u] != MISSING).any()]
    land = {content.boundaries.codes[i] for u in given for i in content.units[u].members}
    known = land.union(*(shares.covered(content, content.units[u]) for u in given))
    absent = [each for each in codes if each not in known and place.get(each) not in given]
    if not given or not absent:
        return Members(code, name, rows)
    names = dict(zip(content.boundaries.codes, content.boundaries.names, strict=True))
    names |= {unit.code: unit.name for unit in content.units}
    lost = [names.get(each, each) for each in dict.fromkeys(absent)]
    note = groups.made_of(name, [content.units[u].name for u in given], lost, content.lang)
    return Members(code, name, rows, note, not layer.metric.complete)


def _usual(content: Content, listed: Mapping[str, Unit]) -> list[str]:
    parts = [code for code in content.parts if code in listed]
    return parts or [code for code in USUAL if _there(content, code, listed)]


def _there(content: Content, code: str, listed: Mapping[str, Unit]) -> bool:
    members = content.aggregates[code].members if code in content.aggregates else ()
    return code in listed or not listed.keys().isdisjoint(members)
