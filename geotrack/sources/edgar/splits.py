"""The split of a filer's revenue by place: which figures make one up, and whether it reaches the total.

A figure's key is its concept, axis, member, currency, start and end. Segment x place, and whatever else has a
second axis, is left out; so are members that mean all places. For each period and currency the first concept
(in the order of CONCEPTS) whose places reach the undimensioned total is taken; the total is the concept's
own, or any other revenue concept's if a filing gives none of it. "Reach" means within the rounding that
`decimals` states: half a unit of the last exact digit of every place and of the total, added up.

Two things can be declared of a filer, in its entry in source.py, after comparing with the filing:
`subtotals` are members whose figure is in the others' too; they are left out in periods that do not add up
with them, and only there (a filing may give "overseas" alone one year, and beside its countries the next).
`partial` says why the places leave part of the revenue out; they may then stay below the total.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from geotrack.errors import LINE, ParseError, first_few
from geotrack.sources.edgar.filings import Filer
from geotrack.sources.edgar.xbrl import Fact

AXES = (
    "srt:StatementGeographicalAxis",
    "us-gaap:StatementGeographicalAxis",
    "ifrs-full:GeographicalAreasAxis",
)
CONCEPTS = (
    "us-gaap:Revenues",
    "us-gaap:RevenueFromContractWithCustomerExcludingAssessedTax",
    "us-gaap:RevenueFromContractWithCustomerIncludingAssessedTax",
    "us-gaap:SalesRevenueNet",
    "us-gaap:RevenuesFromExternalCustomers",
    "us-gaap:EntityWideDisclosureOnGeographicAreasRevenueFromExternalCustomers",
    "ifrs-full:Revenue",
    "ifrs-full:RevenueFromContractsWithCustomers",
)
"""What counts as revenue, the preferred concept first."""

DOMAINS = (
    "srt:SegmentGeographicalDomain",
    "us-gaap:SegmentGeographicalDomain",
    "ifrs-full:GeographicalAreasMember",
)
"""Members that mean all places: the total once more, and no place."""

Places = Mapping[str, Fact]  # member -> its figure


@dataclass(frozen=True)
class Split:
    """The places of one period in one currency, and the total that they were held against, if any."""

    places: Places
    total: Fact | None

    @property
    def rest(self) -> Decimal:
        """Return what of the total has no place."""
        return self.total.value - _sum(self.places) if self.total else Decimal(0)


def splits(filer: Filer, name: str, facts: Iterable[Fact]) -> list[Split]:
    """Return the split of every period and currency that has one, in their order.

    Raises
    ------
    ParseError
        Two values for one figure; a currency that the filer's series has no metric of; places that do not
        reach their total. Lists all of them.
    """
    spans: dict[tuple[str, str, str], list[Fact]] = {}
    for fact in _distinct(name, facts):
        spans.setdefault((fact.start, fact.end, fact.unit), []).append(fact)
    found, faults = [], []
    for (start, end, unit), held in sorted(spans.items()):
        tables, totals = _tables(held), [fact for fact in held if not fact.axes]
        split = _split(filer, tables, totals)
        if tables and unit not in filer.currencies:
            faults.append(f"{start}/{end}: revenue in {unit}; expected {' or '.join(filer.currencies)}")
        elif split:
            found.append(split)
        else:
            faults += [f"{start}/{end}, {text}" for text in _faults(tables, totals)]
    if faults:
        raise ParseError(
            f"{name}: the revenue by place of {filer.title} was not read:{LINE}{first_few(faults, LINE)}\n"
            "Compare with the filing; what is known of a filer stands in geotrack/sources/edgar/source.py"
        )
    return found


def _distinct(name: str, facts: Iterable[Fact]) -> list[Fact]:
    """Return each figure once, the most exact of those that say the same; refuse those that do not."""
    best: dict[tuple[object, ...], Fact] = {}
    faults = []
    for fact in sorted((f for f in facts if not f.axes or _is_place(f)), key=lambda f: f.half):
        first = best.setdefault((fact.concept, fact.axes, fact.unit, fact.start, fact.end), fact)
        if abs(first.value - fact.value) > first.half + fact.half:
            what = fact.axes[0][1] if fact.axes else "the total"
            faults.append(f"{fact.start}/{fact.end}, {fact.concept}, {what}: {first.value} and {fact.value}")
    if faults:
        raise ParseError(
            f"{name}: two values for one figure: {first_few(faults, ', ')}; expected one; "
            "compare with the filing"
        )
    return sorted(best.values(), key=lambda f: (CONCEPTS.index(f.concept), f.axes))


def _is_place(fact: Fact) -> bool:
    return len(fact.axes) == 1 and fact.axes[0][0] in AXES and fact.axes[0][1] not in DOMAINS


def _tables(facts: Sequence[Fact]) -> dict[tuple[str, str], dict[str, Fact]]:
    """Return (concept, axis) -> member -> figure, in the order of the facts."""
    tables: dict[tuple[str, str], dict[str, Fact]] = {}
    for fact in facts:
        for axis, member in fact.axes:
            tables.setdefault((fact.concept, axis), {})[member] = fact
    return tables


def _split(filer: Filer, tables: Mapping[tuple[str, str], Places], totals: Sequence[Fact]) -> Split | None:
    """Return the first table that reaches its total; the first one if there is no total; else None."""
    if not totals:
        return Split(next(iter(tables.values())), None)
    for (concept, _), places in tables.items():
        without = {member: fact for member, fact in places.items() if member not in filer.subtotals}
        for total in _totals(concept, totals):
            for kept in (places, without):
                over, allowed = _sum(kept) - total.value, _allowed(kept, total)
                if kept and over <= allowed and (filer.partial or over >= -allowed):
                    return Split(kept, total)
    return None


def _totals(concept: str, totals: Sequence[Fact]) -> Sequence[Fact]:
    """Return the total of a concept, or those of the others if the filing gives none of it."""
    return [fact for fact in totals if fact.concept == concept] or totals


def _sum(places: Places) -> Decimal:
    return sum((fact.value for fact in places.values()), Decimal(0))


def _allowed(places: Places, total: Fact) -> Decimal:
    return sum((fact.half for fact in places.values()), total.half)


def _faults(tables: Mapping[tuple[str, str], Places], totals: Sequence[Fact]) -> Iterator[str]:
    """Say of every table of a period by how much it misses its total, and what may be the reason."""
    for (concept, axis), places in tables.items():
        total = _totals(concept, totals)[0]
        over, allowed = _sum(places) - total.value, _allowed(places, total)
        twins = [member for member, fact in places.items() if abs(fact.value - over) <= allowed]
        reason = (
            "part of the revenue has no place (to be declared as partial)"
            if over < 0
            else "a place is counted twice (a subtotal to be declared"
            + (f", perhaps {' or '.join(twins)}: the figure is the excess)" if twins else ")")
        )
        named = first_few((f"{member} {fact.value}" for member, fact in places.items()), ", ")
        yield (
            f"{concept} by {axis}: {named} add up to {_sum(places)} {total.unit}; "
            f"expected the total, {total.value} ({total.concept}), within {allowed:f}: {reason}"
        )
