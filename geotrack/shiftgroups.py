"""Which groups of a map a shift is told of: the caller's, the map's own, its two parts, or the usual ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from geotrack import shares
from geotrack.content import Content, Unit
from geotrack.errors import SpecError
from geotrack.shares import Members

USUAL = ("CHN", "north-america")
MOST_NAMED = 60


def groups_of(content: Content, wanted: Sequence[str] | Mapping[str, Sequence[str]]) -> tuple[Members, ...]:
    """Return the groups asked for, as rows of the map.

    Parameters
    ----------
    wanted : codes of regions, of the map's groups or of its aggregates; or name -> codes. If none is given
        the map's own groups, else the two parts that make up its whole, else China and North America.

    Raises
    ------
    SpecError : neither group nor region nor aggregate; says what there is.
    """
    if isinstance(wanted, Mapping):
        return shares.members_of(content, {name: (name, codes, False) for name, codes in wanted.items()})
    own = {g.code: g for g in content.groups if g.colour not in {"rest", "remainder"}}
    named: dict[str, tuple[str, Sequence[str], bool]] = {}
    listed = {unit.code: unit for unit in content.units if shares.is_row(unit)}  # "Other" is in the rest
    for code in wanted or own or _usual(content, listed):
        if code in own:
            codes = [content.units[u].code for u in own[code].units]
            drawn = {place for u in own[code].units for place in content.units[u].members}
            named[code] = own[code].name, codes, not drawn.issuperset(own[code].outline)
        elif code in listed:
            named[code] = listed[code].name, [code], False
        elif code in content.aggregates:
            members = content.aggregates[code].members
            codes = [each for each in members if each in listed]
            named[code] = content.aggregates[code].name, codes, len(codes) < len(members)
        else:
            sums = [each for each in content.aggregates if _there(content, each, listed)]
            known = ", ".join(dict.fromkeys([*own, *listed, *sums][:MOST_NAMED]))
            raise SpecError(f"{content.id}: no group or region {code!r}; expected some of: {known}")
    return shares.members_of(content, named)


def _usual(content: Content, listed: Mapping[str, Unit]) -> list[str]:
    parts = [code for code in content.parts if code in listed]
    return parts or [code for code in USUAL if _there(content, code, listed)]


def _there(content: Content, code: str, listed: Mapping[str, Unit]) -> bool:
    members = content.aggregates[code].members if code in content.aggregates else ()
    return code in listed or not listed.keys().isdisjoint(members)
