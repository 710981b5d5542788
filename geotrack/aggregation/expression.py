"""The one expression that every engine runs: clean, join three small tables, group; all in integers.

No `isnan` and no comparison of a raw number (statistics of Parquet leave NaN out), no sum of floats (it
depends on the order), no date arithmetic (it depends on the session): days and labels are looked up in small
tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

from geotrack.aggregation.recordfiles import DAY, FLOAT, INT, TEXT, Kinds, plain
from geotrack.aggregation.specification import CONTRIBUTORS, COUNT, DROP, TIME_UNITS, RecordSpec, Summed
from geotrack.geo.tiles import cell_of

if TYPE_CHECKING:
    import ibis.expr.types as ir

SCALE = 7
"""Digits of a coordinate: 1e-7 degrees, a centimetre."""
ABSENT, ODD = -(2**61), 2**61
"""What stands for no value, and for one that is no number: both exact as a float, both outside of LIMIT."""
LIMIT = 2**50
"""Of a value as an integer: up to here a float is rounded to the nearest one, halves to even."""
SHIFT = 1.5 * 2.0**52
"""Added and taken away again, it rounds a float to an integer, alike on every engine."""
NO_TIME, OUTSIDE = -1, -2
_DAYS = 1_000_000
"""From 1970, before or after: what is further away is in no slice."""
NOWHERE, LEFT_OUT, UNKNOWN = -1, -5, -4
NUMBER = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$"
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?(Z|\+00:?00)?"
TIMES = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]" + _CLOCK + ")?$"
WHY_NOWHERE = ("unstated", "unusable", "outside", "unknown")
"""Why a record has no place: no label, no point (or 0, 0); a point that is none; or in no region; a label
of none."""
HOW = (*(f"nowhere{n}" for n in range(len(WHY_NOWHERE))), "labelled", "pointed", "disagree")
FAULTS = ("absent", "odd", "negative")
"""Why a value is rejected: there is none; no finite number, or above LIMIT; below zero."""


@dataclass(frozen=True)
class Small:
    """The small tables that records are joined with, as the engine has them; None where nothing is named.

    Parameters
    ----------
    days : day, number (of days from 1970), slice.
    labels : label, region: the place of a code, UNKNOWN or LEFT_OUT.
    tiles : cell, x0, x1, region and the edges below and above, see `geo.tiles`.
    """

    days: ir.Table
    labels: ir.Table | None
    tiles: ir.Table | None


def by_contributor(records: ir.Table, spec: RecordSpec, kinds: Kinds, small: Small) -> ir.Table:
    """Return a row for each slice, place and contributor: sums, and who it is: that stays in the engine."""
    placed = _placed(_timed(_once(records, spec, kinds), spec, kinds, small.days), spec, kinds, small)
    valued = placed.mutate(**{
        f"{what}{n}": each
        for n, metric in enumerate(spec.metrics)
        for what, each in _valued(placed, spec, metric, kinds).items()
    })  # fmt: skip
    return valued.group_by("slice", "place", *_owners(spec)).aggregate(**_sums(valued, spec))


def by_place(groups: ir.Table, spec: RecordSpec) -> ir.Table:
    """Return a row for each slice and place: sums, how many contributors, and what the largest one holds."""
    sums = {
        name: groups[name].sum() for name in groups.columns if name not in ("slice", "place", *_owners(spec))
    }
    return groups.group_by("slice", "place").aggregate(**sums, **_of_owners(groups, spec))


def of_pool(groups: ir.Table, hidden: ir.Table, spec: RecordSpec) -> ir.Table:
    """Return for each slice what hidden places are together; a contributor to several of them is one."""
    pool = groups.join(hidden, ["slice", "place"])
    kept = [f"{what}{n}" for n in range(len(spec.metrics)) for what in ("n", "s")]
    each = pool.group_by("slice", *_owners(spec)).aggregate(**{name: pool[name].sum() for name in kept})
    return each.group_by("slice").aggregate(
        **{name: each[name].sum() for name in kept}, **_of_owners(each, spec)
    )


def _of_owners(groups: ir.Table, spec: RecordSpec) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for n in range(len(spec.metrics)):
        found[f"owners{n}"] = (groups[f"n{n}"] > 0).cast("int64").sum()
        found[f"most{n}"] = groups[f"s{n}"].max()
    return found


def _owners(spec: RecordSpec) -> list[str]:
    return [f"owner{n}" for n in range(len(spec.contributor))]


def _once(records: ir.Table, spec: RecordSpec, kinds: Kinds) -> ir.Table:
    """Name the columns that are read, and count records that are equal in all of them once."""
    import ibis

    taken = records.select(
        **{
            f"c{n}": records[name] + 0.0 if plain(kinds[name]) == FLOAT else records[name]  # -0.0 is 0.0
            for n, name in enumerate(spec.columns)
        }
    )
    if spec.duplicates != DROP:
        return taken.mutate(again=ibis.literal(0, "int64"))
    grouped = taken.group_by(*taken.columns).aggregate(copies=taken.count())
    return grouped.mutate(again=grouped.copies - 1).drop("copies")


def _named(spec: RecordSpec, column: str) -> str:
    return f"c{spec.columns.index(column)}"


def _timed(table: ir.Table, spec: RecordSpec, kinds: Kinds, days: ir.Table) -> ir.Table:
    """Give each record the slice that its day lies in."""
    import ibis

    time, kind = table[_named(spec, spec.time)], plain(kinds[spec.time])
    if kind == INT:
        day = _day_of(time.cast("int64"), TIME_UNITS[spec.time_unit] * 86400)
    elif kind == TEXT:
        day = ibis.ifelse(time.re_search(TIMES), time.substr(0, 10), ibis.null("string")).try_cast("date")
    else:
        day = time if kind == DAY else time.date()
    by = "number" if kind == INT else "day"
    at = table.mutate(at=day.cast("int64") if kind == INT else day)
    joined = at.left_join(days.select(day_=days[by], slice_=days["slice"]), [("at", "day_")])
    found = ibis.ifelse(joined["at"].isnull(), NO_TIME, joined.slice_.fill_null(OUTSIDE)).cast("int64")
    return joined.mutate(slice=found).drop("at", "day_", "slice_")


def _day_of(time: Any, size: int) -> Any:
    """Return the day of a whole number, from 1970; what is divided is never negative and leaves no rest."""
    import ibis

    known = time.between(-_DAYS * size, _DAYS * size)
    shifted = ibis.ifelse(known, time, -_DAYS * size) + _DAYS * size
    return ibis.ifelse(time.isnull(), ibis.null("int64"), (shifted - shifted % size) // size - _DAYS)


def _placed(table: ir.Table, spec: RecordSpec, kinds: Kinds, small: Small) -> ir.Table:
    """Give each record its place: of its label, else of its point; and say how, or why it has none."""
    import ibis

    none = ibis.null("int64")
    if small.labels is not None:
        text = table[_named(spec, spec.label)].cast("string").nullif("")
        table = table.mutate(label_=text)
        labels = small.labels.select(label__=small.labels["label"], said=small.labels["region"])
        table = table.left_join(labels, [("label_", "label__")]).drop("label__")
    else:
        table = table.mutate(label_=ibis.null("string"), said=none)
    if small.tiles is not None:
        table = _in_region(_pointed(table, spec, kinds), small.tiles)
    else:
        table = table.mutate(stated=ibis.literal(False), usable=ibis.literal(False), there=none)
    said, there = table["said"].fill_null(UNKNOWN), table["there"].fill_null(NOWHERE)
    counted = table["slice"] >= 0
    place = ibis.cases(
        (~counted, NOWHERE),
        (said == LEFT_OUT, LEFT_OUT),
        (said >= 0, said),
        (there >= 0, there),
        else_=NOWHERE,
    ).cast("int64")
    return table.mutate(place=place).mutate(
        **_how(table, place, counted, said, there), **_owned(table, spec, counted & (said != LEFT_OUT))
    )


def _how(table: ir.Table, place: Any, counted: Any, said: Any, there: Any) -> dict[str, Any]:
    """Return what is counted of places: how they were found, and why there is none."""
    import ibis

    nowhere = counted & (place == NOWHERE)
    why = ibis.cases((table["label_"].notnull(), 3), (~table["stated"], 0), (~table["usable"], 1), else_=2)
    found = {f"nowhere{n}": nowhere & (why == n) for n in range(len(WHY_NOWHERE))}
    found["labelled"] = counted & (said >= 0)
    found["pointed"] = counted & (said < 0) & (said != LEFT_OUT) & (there >= 0)
    found["disagree"] = counted & (said >= 0) & (there >= 0) & (said != there)
    return found


def _owned(table: ir.Table, spec: RecordSpec, counted: Any) -> dict[str, Any]:
    """Return whose record it is; nobody's where it is rejected: nobody need be told from another there."""
    import ibis

    found = {}
    for n, name in enumerate(spec.contributor):
        column = table[_named(spec, name)]
        found[f"owner{n}"] = ibis.ifelse(counted, column, ibis.null(column.type()))
    return found


def _pointed(table: ir.Table, spec: RecordSpec, kinds: Kinds) -> ir.Table:
    """Give each record its point in integers, and the cell that it lies in; none if it is no point."""
    import ibis

    lon, lat = (integer(table[_named(spec, name)], kinds[name], SCALE) for name in (spec.lon, spec.lat))
    table = table.mutate(lon_=lon.fill_null(ODD), lat_=lat.fill_null(ODD))
    full = 180 * 10**SCALE
    absent = (table.lon_ == ABSENT) & (table.lat_ == ABSENT)
    usable = table.lon_.between(-full, full) & table.lat_.between(-full // 2, full // 2)
    stated = ~(absent | ((table.lon_ == 0) & (table.lat_ == 0)))  # 0, 0 is what devices write that know none
    table = table.mutate(stated=stated, usable=usable)
    none, ok = ibis.null("int64"), table.stated & table.usable
    x = ibis.ifelse(ok, ibis.ifelse(table.lon_ == full, -full, table.lon_), none)
    y = ibis.ifelse(ok, table.lat_, none)
    return table.mutate(x=x, y=y).drop("lon_", "lat_").mutate(cell=cell_of(x, y).cast("int64"))


def _in_region(table: ir.Table, tiles: ir.Table) -> ir.Table:
    """Find the region of each point: one equal cell, and four comparisons of integers."""
    edges = tiles.rename({f"t_{name}": name for name in tiles.columns})
    joined = table.left_join(
        edges,
        [
            table.cell == edges.t_cell,
            table.x >= edges.t_x0,
            table.x < edges.t_x1,
            _side(table, edges, "l") >= 0,
            _side(table, edges, "u") < 0,
        ],
    )
    return joined.mutate(there=joined.t_region.cast("int64")).drop(*edges.columns, "x", "y", "cell")


def _side(point: ir.Table, edges: ir.Table, which: str) -> Any:
    """Return on which side of an edge a point lies: 0 on it, above 0 above it."""
    ax, ay, bx, by = (edges[f"t_{which}{end}"] for end in ("ax", "ay", "bx", "by"))
    return (bx - ax) * (point.y - ay) - (by - ay) * (point.x - ax)


def integer(column: Any, kind: str, digits: int) -> Any:
    """Return a column as integers of so many digits; ABSENT of none, null or beyond LIMIT of what is odd."""
    import ibis

    scale = 10**digits
    if plain(kind) == INT:
        number = column.cast("int64")
        fits = number.between(-(LIMIT // scale), LIMIT // scale)
        return ibis.cases(
            (column.isnull(), ABSENT), (fits, number * scale), (number < 0, -ODD + 1), else_=ODD
        )
    if kind == TEXT:
        text = column.nullif("")
        read = ibis.ifelse(text.re_search(NUMBER), text, ibis.null("string")).try_cast("float64")
        number = ibis.ifelse(text.isnull(), float(ABSENT), (read * float(scale)).fill_null(float(ODD)))
    else:
        number = (column.cast("float64") * float(scale)).fill_null(float(ABSENT))
    return ((number + SHIFT) - SHIFT).try_cast("int64")


def _valued(table: ir.Table, spec: RecordSpec, metric: Summed, kinds: Kinds) -> dict[str, Any]:
    """Return a metric's value as an integer, and its fault: 0, or one more than a place in FAULTS."""
    import ibis

    counted = (table["slice"] >= 0) & (table["place"] != LEFT_OUT)
    if metric.is_ == COUNT:
        number: Any = ibis.literal(1, "int64")
        if metric.of == CONTRIBUTORS:
            known = [table[name].notnull() for name in _owners(spec)]
            number = ibis.ifelse(reduce(lambda a, b: a & b, known), 1, ABSENT).cast("int64")
    else:
        number = integer(table[_named(spec, metric.column)], kinds[metric.column], metric.digits)
    fault = ibis.cases(
        (~counted, 0),
        (number.isnull(), 2),
        (number == ABSENT, 1),
        (number > LIMIT, 2),
        (number < 0, 3),
        else_=0,
    ).cast("int64")
    return {"fault": fault, "value": ibis.ifelse(counted & (fault == 0), number, 0).cast("int64")}


def _sums(table: ir.Table, spec: RecordSpec) -> dict[str, Any]:
    """Return the sums of a group: integers that no number of records makes too large."""
    found: dict[str, Any] = {"records": table.count().cast("int64"), "again": table["again"].sum()}
    for name in HOW:
        found[name] = table[name].cast("int64").sum()
    for n in range(len(spec.metrics)):
        fault = table[f"fault{n}"]
        kept = (table["slice"] >= 0) & (table["place"] != LEFT_OUT) & (fault == 0)
        found[f"n{n}"] = kept.cast("int64").sum()
        found[f"s{n}"] = table[f"value{n}"].cast("decimal(38, 0)").sum()
        found |= {f"f{n}_{code}": (fault == code + 1).cast("int64").sum() for code in range(len(FAULTS))}
    return found
