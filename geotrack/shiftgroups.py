"""Which groups of a map a shift is told of: the caller's, the map's own, or China and North America."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from geotrack import shares, store
from geotrack.content import Content
from geotrack.errors import SpecError
from geotrack.regions import Regions
from geotrack.shares import Members

USUAL = ("CHN", "north-america")
MOST_NAMED = 60


def groups_of(
    content: Content, wanted: Sequence[str] | Mapping[str, Sequence[str]], data: Path | str | None
) -> tuple[Members, ...]:
    if isinstance(wanted, Mapping):
        return shares.members_of(content, {name: (name, codes, False) for name, codes in wanted.items()})
    own = {g.code: g for g in content.groups if g.colour not in {"rest", "remainder"}}
    named: dict[str, tuple[str, Sequence[str], bool]] = {}
    rules = Regions.read(store.data_folder(data) / "reference") if set(wanted or USUAL) - set(own) else None
    listed = {unit.code: unit for unit in content.units if shares.is_row(unit)}  # "Other" is in the rest
    for code in wanted or own or [code for code in USUAL if _there(code, listed, rules)]:
        if code in own:
            codes = [content.units[u].code for u in own[code].units]
            drawn = {place for u in own[code].units for place in content.units[u].members}
            named[code] = own[code].name, codes, not drawn.issuperset(own[code].outline)
        elif code in listed:
            named[code] = listed[code].name, [code], False
        elif rules is not None and code in rules.rules:
            members = rules.members(code, rules.codes(content.series.level))
            codes = [each for each in members if each in listed]
            named[code] = rules.name(code), codes, len(codes) < len(members)
        else:
            sums = [each for each in rules.rules if _there(each, listed, rules)] if rules else []
            known = ", ".join(dict.fromkeys([*own, *listed, *sums][:MOST_NAMED]))
            raise SpecError(f"{content.id}: no group or region {code!r}; expected some of: {known}")
    return shares.members_of(content, named)


def _there(code: str, listed: Mapping[str, Any], rules: Regions | None) -> bool:
    if rules is None or code in listed:
        return code in listed
    return code in rules.rules and bool(set(rules.members(code, tuple(listed))) & set(listed))
