"""The rows of a measured shift: shares and hashrates of groups, regions and the rest in two slices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from geotrack.errors import SpecError
from geotrack.language import catalogue
from geotrack.language.figures import FigureWriter
from geotrack.language.numbers import DUST, USUAL, apart, clean, digits_of
from geotrack.map.content import Content, Layer
from geotrack.measure import lines, scenarios, shares
from geotrack.measure.shares import Members, Shares, rest_name
from geotrack.measure.values import Row
from geotrack.model import AT_MOST, DERIVED, ESTIMATED, LOWER_BOUND, MISSING, PERCENT, REPORTED, STATUSES
from geotrack.store import complement

DIGITS = 2  # of shares of a sum that nobody gave the digits of, unless unequal ones would read equal
GIVEN = 4  # the most of shares that the source states


@dataclass(frozen=True, eq=False)
class Decomposition:
    """The change of each region's hashrate, in two terms that add up to it. Arrays run over regions.

    Parameters
    ----------
    total : change, in the unit of the hashrate. NaN where either slice is missing, as in all three.
    grew : what the region would have gained or lost had its share stood at the mean of the two slices.
    gained : what its change of share brought, the network at the mean of the two slices.
    """

    total: np.ndarray
    grew: np.ndarray
    gained: np.ndarray


def split(before: np.ndarray, after: np.ndarray, whole_before: float, whole_after: float) -> Decomposition:
    """Split the change of each region's hashrate.

    With H = s N (a region's hashrate is its share of the network's): dH = mean(s) dN + mean(N) ds. No term is
    left over, and neither slice is favoured: it is the two-factor decomposition of Shapley (1953), the same
    as Marshall and Edgeworth's midpoint weights (1887). It adds up over regions too: a group's terms are
    the sums of its members' terms, and over the whole network the terms of share cancel out.

    Parameters
    ----------
    before, after : hashrate of each region in the two slices; NaN where missing, which stays missing.
    whole_before, whole_after : the network's hashrate, in the same unit, above 0.
    """
    share = before / whole_before, after / whole_after
    grew = (share[0] + share[1]) / 2 * (whole_after - whole_before)
    gained = (whole_before + whole_after) / 2 * (share[1] - share[0])
    return Decomposition(after - before, grew, gained)


REST = "rest"
ENDS = ("before", "after")


@dataclass(frozen=True, eq=False)
class Amounts:
    """Hashrates as shares of their sum, that sum, and the network's; NaN where the source has not all."""

    table: Shares
    total: np.ndarray
    network: np.ndarray


@dataclass(frozen=True, eq=False)
class Stated:
    """What the rows are told of beside their figures.

    Parameters
    ----------
    table : the shares before they are read otherwise, which tell what is derived.
    lang : of the rest's name.
    others : the shares as other scenarios read them, which leave open what rose and fell.
    """

    table: Shares
    lang: str = catalogue.ENGLISH
    others: tuple[Shares, ...] = ()


def told_first(table: Shares, ends: tuple[int, int]) -> Shares:
    """Return the same shares, their groups in order: stated in both slices, derived, not known in one."""

    def place(group: Members) -> int:
        status = table.line(group.code).status[list(ends)]
        return 2 if (status == MISSING).any() else int((status == DERIVED).any())

    return replace(table, groups=tuple(sorted(table.groups, key=place)))


def rows(
    table: Shares, amounts: Amounts | None, ends: tuple[int, int], stated: Stated | None = None
) -> list[Row]:
    """Rows of groups in their order, of regions by their later share, and of the rest.

    Those whose change is not known come after all others.
    """
    told = stated or Stated(table)
    summed = [group.code for group in table.groups]  # a source's own sum is no row beside the group
    latest = np.nan_to_num(table.stated[:, ends[1]], nan=-1.0)
    order = [table.codes[r] for r in np.argsort(-latest, kind="stable")]
    wanted = [(group.code, "group") for group in table.groups]
    wanted += [(code, "region") for code in order if code not in summed]
    found = [_marked(_row((code, kind), table, amounts, ends, told), told, ends) for code, kind in wanted]
    found = [_at_most(row, table, ends) for row in found]
    found = [_of_others(row) for row in found] if not table.comparable(*ends) else found
    if not _covered(table, ends):
        found.append(_loose(_row((REST, "rest"), table, amounts, ends, told), table, ends))
    return sorted(found, key=lambda row: row.status == "missing")


def _covered(table: Shares, ends: tuple[int, int]) -> bool:
    """Whether both parts of the whole are told in both slices, one as at most what the other leaves.

    Then nothing is left for a rest: it would be said of the part and of the rest, once each.
    """
    parts = [code for code in table.parts if table.part(code) is not None]
    if not parts:
        return False
    at = list(ends)
    capped = np.array([np.isfinite(most(table, code)[at]) for code in parts])
    stated = np.array([table.status[table.codes.index(code), at] != MISSING for code in parts])
    left = np.array([table.line(code).status[at] == DERIVED for code in parts]) & ~stated
    return bool((stated | capped | left).all() and (capped | left).any())


def _rest(table: Shares, lang: str = catalogue.ENGLISH) -> lines.Line:
    if table.opened is not None:
        return lines.Line(rest_name(table, lang), *table.opened.rest_line())
    bounded = (table.status == LOWER_BOUND).any(axis=0)  # what a row has more, the rest has less
    known = np.where(np.isnan(table.rest), MISSING, np.where(bounded, AT_MOST, DERIVED)).astype(np.uint8)
    return lines.Line(rest_name(table, lang), table.rest, known)


def _loose(row: Row, table: Shares, ends: tuple[int, int]) -> Row:
    """Say of a rest that is of other regions in either slice that it has no change."""
    given = table.status[:, list(ends)] != MISSING
    if (given[:, 0] == given[:, 1]).all() and table.comparable(*ends):
        return row
    # of a sum of other figures nothing may be left, where what was left of the other sum is not told
    left = [] if table.comparable(*ends) else [name for name in ENDS if getattr(row, name) <= DUST]
    untold: dict[str, Any] = dict.fromkeys(left, np.nan)
    return replace(row, status="missing", change=np.nan, way="open", **untold)


def _marked(row: Row, told: Stated, ends: tuple[int, int]) -> Row:
    """Say which shares are derived, and whether they are what the other of two parts leaves."""
    status = told.table.line(row.code).status[list(ends)]
    derived = tuple(name for name, each in zip(ENDS, status, strict=True) if each == DERIVED)
    return replace(
        row,
        derived=derived,
        rest=len(derived) == len(ENDS) and _is_rest(row.code, told.table, ends),
        as_listed=any(group.as_listed for group in told.table.groups if group.code == row.code),
    )


def _of_others(row: Row) -> Row:
    """Say that shares are of sums of other regions, so that their difference is no change of anything."""
    status = "missing" if row.status == "missing" else "lower bound"
    return replace(row, other_sum=True, status=status, way="open")


def most(table: Shares, code: str) -> np.ndarray:
    """Return what one of two parts is at most where it is not stated and the other is at least something.

    Returns
    -------
    ndarray
        Per slice; NaN where the part is stated, and of rows that are no such part.
    """
    found, other = np.full(len(table.slices), np.nan), table.other_part(code)
    if other is None:
        return found
    missing, least = np.isnan(table.line(code).values), table.least(other)
    for t in np.flatnonzero(missing & np.isfinite(least)).tolist():
        found[t] = float(complement.left(PERCENT, float(least[t]), LOWER_BOUND)[0])
    return found


def _at_most(row: Row, table: Shares, ends: tuple[int, int]) -> Row:
    """Say of one of two parts that is not stated what it is at most."""
    upper = most(table, row.code)[list(ends)].tolist()
    found: dict[str, Any] = {
        name: value for name, value in zip(ENDS, upper, strict=True) if np.isfinite(value)
    }
    row = replace(
        row,
        **found,
        upper=(*row.upper, *found),
        derived=tuple(n for n in ENDS if n in {*row.derived, *found}),
    )
    if found and np.isfinite(row.before + row.after):
        row = replace(row, change=exact(row.after - row.before), status="lower bound")
    return row


def _is_rest(code: str, table: Shares, ends: tuple[int, int]) -> bool:
    """Whether a row is one of two parts, and the other one is stated in both slices."""
    other = table.other_part(code)
    if other is None:
        return False
    return bool(np.isin(table.status[other, list(ends)], [REPORTED, ESTIMATED]).all())


def _row(
    named: tuple[str, str],
    table: Shares,
    amounts: Amounts | None,
    ends: tuple[int, int],
    told: Stated,
) -> Row:
    """The row of a code and its kind."""
    (code, kind), (a, b) = named, ends

    def line_of(shares: Shares) -> lines.Line:
        return _rest(shares, told.lang) if kind == "rest" else shares.line(code)

    line, others = line_of(table), [line_of(each) for each in told.others]
    hidden = table.half_of_all if kind == "rest" else table.hidden(code)
    moved = lines.change(line.values[None], line.status[None], a, b)
    status = STATUSES[int(moved.status[0])]
    row = Row(
        code=code,
        name=line.name,
        kind=kind,
        before=exact(line.values[a]),
        after=exact(line.values[b]),
        change=exact(moved.values[0]),
        status=status,
        way=lines.way(line, a, b, hidden, others),
        lower=_bounds(line, ends, ENDS, LOWER_BOUND),
        upper=_bounds(line, ends, ENDS, AT_MOST),
    )
    return row if amounts is None else _with_amounts(row, amounts, ends)


def _with_amounts(row: Row, amounts: Amounts, ends: tuple[int, int]) -> Row:
    a, b = ends
    line = _rest(amounts.table) if row.kind == "rest" else amounts.table.line(row.code)
    own = line.values * amounts.total / PERCENT
    if row.kind == "rest":  # of what is not all listed, nobody knows the rest
        own = np.where(np.isnan(amounts.network), np.nan, own)
    terms = split(own[[a]], own[[b]], float(amounts.network[a]), float(amounts.network[b]))
    return replace(
        row,
        hashrate_before=exact(own[a]),
        hashrate_after=exact(own[b]),
        grew=exact(terms.grew[0]),
        gained=exact(terms.gained[0]),
        lower=row.lower + _bounds(line, ends, ("hashrate_before", "hashrate_after"), LOWER_BOUND),
    )


def _bounds(line: lines.Line, ends: tuple[int, int], names: tuple[str, str], status: int) -> tuple[str, ...]:
    return tuple(name for t, name in zip(ends, names, strict=True) if line.status[t] == status)


def amounts_of(
    content: Content, layer: Layer, wanted: tuple[Members, ...], chosen: scenarios.Scenario
) -> Amounts | None:
    """The hashrates read alike; None where there are none, or too few to be read otherwise."""
    found = shares.hashrate_of(content) if layer.metric.whole else None
    if found is None:
        return None
    table = shares.shares_of(content, found, wanted, alone=True)
    told = scenarios.read(content, found, table, [chosen], alone=True)
    if told is None:
        return None
    known = Amounts(told, shares.sums(content, found), shares.network(content))
    return known if chosen.name == "reported" or np.isfinite(known.network).all() else None


def refuse_alone(content: Content, layer: Layer, ends: tuple[int, int]) -> None:
    """Refuse slices in which one figure is all of the sum: its share of itself says nothing, its amount does.

    Raises
    ------
    SpecError : tells the amounts, and which slices have several figures.
    """
    alone, say = shares.by_itself(content, layer), FigureWriter(layer.metric, layer.digits)
    told = [
        f"{unit.code} {say.full(layer.values[u, t], layer.status[u, t])} in {content.slices[t].iso}"
        for t in ends
        for u, unit in enumerate(content.units)
        if alone[t] and unit.kind != "whole" and layer.status[u, t] != MISSING
    ]
    if not told:
        return
    several = [
        step.iso
        for t, step in enumerate(content.slices)
        if not alone[t] and (layer.status[:, t] != MISSING).any()
    ]
    advice = f"see the amounts: geotrack show {content.series.name}, or a difference map"
    if len(several) > 1:
        advice = f"choose slices of several figures: {', '.join(several)}"
    raise SpecError(
        f"{content.id}: metric {layer.metric.name!r} has a single figure in a slice: {'; '.join(told)}. Its "
        f"share of the sum would be of itself, 100% whatever the amount is; {advice}"
    )


def exact(value: float) -> float:
    """Sums of decimal figures as people add them: 21.11 - 75.53 is -54.42."""
    return clean(float(value), 9)


def _given(half: np.ndarray) -> int:
    """Decimals that the figures came with, by what rounding may hide in them: a mean has no more."""
    known = half[half > 0]
    return int(np.ceil(-np.log10(2.0 * known.min()) - 1e-9)) if known.size else DIGITS


def decimals(layer: Layer, ends: tuple[int, int], told: Sequence[Row]) -> int:
    """Decimals of shares: those that the figures came with, four at most unless a share would rise to itself.

    Parameters
    ----------
    told : the rows, two unequal shares of one of which never read equal. Of a sum nobody gave the digits of
        small shares: what is under 0.01% in both slices stays so.
    """
    most, usual, least = USUAL, DIGITS, 10.0**-DIGITS
    if layer.metric.whole is not None:
        most, least = min(digits_of(layer.values[:, list(ends)]), layer.digits), 0.0
        usual = max(DIGITS, min(_given(layer.half[:, list(ends)]), GIVEN))
    pairs = [np.array([row.before, row.after]) for row in told if min(row.before, row.after) >= least]
    return max((apart(pair, min(most, usual), most) for pair in pairs), default=min(most, usual))
