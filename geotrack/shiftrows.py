"""The rows of a measured shift: shares and hashrates of groups, regions and the rest in two slices."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from geotrack import scenarios, shares, shift
from geotrack.content import Content, Layer
from geotrack.decomposition import split
from geotrack.measured import Row
from geotrack.model import DERIVED, LOWER_BOUND, MISSING
from geotrack.shares import PERCENT, Members, Shares

REST, REST_NAME = "rest", "Rest, not split"


@dataclass(frozen=True, eq=False)
class Amounts:
    """Hashrates as shares of their sum, that sum, and the network's; NaN where the source has not all."""

    table: Shares
    total: np.ndarray
    network: np.ndarray


def rows(table: Shares, amounts: Amounts | None, ends: tuple[int, int]) -> list[Row]:
    """Rows of groups in the order asked for, of regions by their later share, and of the rest."""
    alone = [group.code for group in table.groups if len(group.rows) == 1]
    latest = np.nan_to_num(table.values[:, ends[1]], nan=-1.0)
    order = [table.codes[r] for r in np.argsort(-latest, kind="stable")]
    wanted = [(group.code, "group") for group in table.groups]
    wanted += [(code, "region") for code in order if code not in alone]
    rows = [_row(code, kind, table.line(code), amounts, ends) for code, kind in wanted]
    return [*rows, _row(REST, "rest", _rest(table), amounts, ends)]


def _rest(table: Shares) -> shift.Line:
    known = np.where(np.isnan(table.rest), MISSING, DERIVED).astype(np.uint8)
    return shift.Line(REST_NAME, table.rest, known)


def _row(code: str, kind: str, line: shift.Line, amounts: Amounts | None, ends: tuple[int, int]) -> Row:
    a, b = ends
    moved = shift.change(line.values[None], line.status[None], a, b)
    status = {MISSING: "missing", LOWER_BOUND: "lower bound"}.get(int(moved.status[0]), "derived")
    row = Row(
        code=code,
        name=line.name,
        kind=kind,
        before=exact(line.values[a]),
        after=exact(line.values[b]),
        change=exact(moved.values[0]),
        status=status,
        lower=_lower(line, ends, ("before", "after")),
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
        lower=row.lower + _lower(line, ends, ("hashrate_before", "hashrate_after")),
    )


def _lower(line: shift.Line, ends: tuple[int, int], names: tuple[str, str]) -> tuple[str, ...]:
    return tuple(name for t, name in zip(ends, names, strict=True) if line.status[t] == LOWER_BOUND)


def amounts_of(
    content: Content, layer: Layer, wanted: tuple[Members, ...], chosen: scenarios.Scenario
) -> Amounts | None:
    """The hashrates read alike; None where there are none, or too few to be read otherwise."""
    found = shares.hashrate_of(content) if layer.metric.whole else None
    told = chosen.read(shares.shares_of(content, found, wanted)) if found else None
    if found is None or told is None:
        return None
    known = Amounts(told, shares.sums(content, found), shares.network(content))
    return known if chosen.name == "reported" or np.isfinite(known.network).all() else None


def exact(value: float) -> float:
    """Sums of decimal figures as people add them: 21.11 - 75.53 is -54.42."""
    return round(float(value), 9) + 0.0
