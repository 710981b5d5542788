"""The unit of figures: where a table says it, and what is asked if it says two."""

from __future__ import annotations

from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from geotrack.errors import Choice, Question, SpecError
from geotrack.usertables.cells import few
from geotrack.usertables.columns.mapping import Mapping, texts
from geotrack.usertables.figures import unittexts
from geotrack.usertables.questions import dimensions
from geotrack.usertables.rows import displayed
from geotrack.usertables.rows.labelled import figures_of
from geotrack.usertables.table import UserTable
from geotrack.usertables.words import money, quantities
from geotrack.usertables.words.ratewords import tells_rate
from geotrack.usertables.words.scalewords import powers_in


def told(
    table: UserTable,
    found: Table[str, Any],
    values: Sequence[str],
    given: Table[str, Any],
    periods: Sequence[str],
) -> tuple[str, ...]:
    """Return the unit of each column of figures; none if a column tells it.

    Parameters
    ----------
    found : the columns, by what they are.
    values : the columns of figures of a long table.
    given : what the user says, by the keys of `mapping.GIVEN`.
    periods : the columns that have a period for their name.
    """
    columns = values or periods
    if "unit" in found:
        displayed.refuse_scale(table, columns, found["unit"])
        return ()
    said = texts(given.get("unit"))
    count = max(len(values), 1)
    if said and len(said) not in (1, count):
        raise SpecError(f"unit: {len(said)} are given for {count} columns of figures; expected 1 or {count}")
    if said:
        return said if len(said) == count else said * count
    if not values:
        units = [next((unit for c in columns if (unit := displayed.stated_unit(table, c))), "")]
    else:
        units = [displayed.stated_unit(table, c) for c in columns]
    if not any(units):
        around = unit_around(table, found.get("region", ""))[0]
        rates = [len(units) > 1 and tells_rate(column.casefold()) for column in columns]
        units = ["" if rate else around for rate, _ in zip(rates, units, strict=False)]
    if units == [""]:
        units = [dimensions.currency(table, values)]
    groups: list[tuple[str, ...]] = [(column,) for column in values] or [tuple(columns)]
    return tuple(displayed.unit(table, each, unit) for each, unit in zip(groups, units, strict=True))


def with_signs(table: UserTable, made: Mapping, given: Table[str, Any]) -> Mapping:
    """Take the sign that all figures of a column have for its unit, where nothing else tells one."""
    if "" not in made.units or texts(given.get("unit")):
        return made
    try:
        signs = figures_of(table, made).currencies
    except SpecError:  # nothing tells the decimal sign: said where the figures are read
        return made
    if made.layout == "wide":
        signs = signs[:1] if len({*signs}) == 1 else ("",)
    told = zip(made.units, signs or made.units, strict=True)
    return replace(made, units=tuple(unit or sign for unit, sign in told))


def around(table: UserTable, region: str) -> tuple[tuple[str, Sequence[str]], ...]:
    """Return the places around a table that may say its unit, and the lines that stand there.

    Parameters
    ----------
    region : the column of regions, whose name stands in the corner.
    """
    below = [line for line in table.below if unittexts.says_unit(line)]
    return (
        ("the lines above the table", table.titles),
        (f"the name of column {region!r}", (region,) if region else ()),
        ("the lines below the table", below),
    )


def unit_around(table: UserTable, region: str) -> tuple[str, str]:
    """Return the unit that stands around a table, and where: above it, in its corner, below; or "" twice.

    Parameters
    ----------
    region : the column of regions, whose name stands in the corner.
    """
    told = ((unittexts.unit_above(lines), where) for where, lines in around(table, region))
    return next((each for each in told if each[0]), ("", ""))


def said(table: UserTable, made: Mapping, columns: Sequence[str]) -> list[str]:
    """Return a line that says where the unit stands, if it stands around the table."""
    unit, where = unit_around(table, made.region)
    alone = bool(unit) and {*made.units} - {""} == {unit} and not any(map(unittexts.unit_in, columns))
    return [f"unit {unit!r}: from {where}"] if alone else []


class _Claim(NamedTuple):
    """A unit, and where it is said."""

    unit: str
    where: str


def question(table: UserTable, made: Mapping, given: Table[str, Any]) -> Question | None:
    """Ask for the unit where a table says two that cannot both be: other powers of ten, other currencies.

    A line that says the unit of another column is passed over, and so is one of another kind of thing.

    Parameters
    ----------
    given : what the user says, by the keys of `mapping.GIVEN`.
    """
    if texts(given.get("unit")):
        return None
    read = _read(table, made)
    beside = [
        _Claim(unit, where)
        for where, lines in around(table, made.region)
        for line in lines
        if (unit := unittexts.unit_above([line]))
    ]
    others = [*_named(table, made), *(each for each in beside if not _is_of_others(table, made, each))]
    for claim in _signs(table, made):
        if read and not any(_one_money(each.unit, claim.unit) for each in read):
            return _question(made, read[0], claim)
    said = read or others[:1]
    for claim in others:
        if said and not any(_agree(each.unit, claim.unit) for each in said):
            return _question(made, said[0], claim)
    return None


def _is_of_others(table: UserTable, made: Mapping, claim: _Claim) -> bool:
    """Tell a line that says the unit of another column of figures, which names it too."""
    others = [unittexts.unit_in(column) for column in table.columns if column != made.region]
    alike = [unit for unit in others if unit and powers_in(unit) == powers_in(claim.unit)]
    return any(_agree(unit, claim.unit) and not quantities.rate(unit) for unit in alike)


def _read(table: UserTable, made: Mapping) -> list[_Claim]:
    """Return the units that figures are read with."""
    if made.unit in table.columns:
        where = f"column {made.unit!r}"
        return [_Claim(unit, where) for cell in table.coded(made.unit).texts if (unit := str(cell).strip())]
    names = made.values or ("",)
    return [
        _Claim(unit, f"the name of column {names[n]!r}" if unittexts.unit_in(names[n]) else "what is read")
        for n, unit in enumerate(made.units)
        if unit
    ]


def _named(table: UserTable, made: Mapping) -> list[_Claim]:
    """Return what the names of columns of figures say beside a column of units."""
    if made.unit not in table.columns:
        return []
    return [
        _Claim(unit, f"the name of column {column!r}")
        for column in made.values
        if (unit := unittexts.unit_in(column))
    ]


def _signs(table: UserTable, made: Mapping) -> list[_Claim]:
    """Return the signs of money that stand beside all figures of a column."""
    try:
        signs = figures_of(table, made).currencies
    except SpecError:  # nothing tells the decimal sign: said where the figures are read
        return []
    return [_Claim(sign, "the sign beside the figures") for sign in dict.fromkeys(signs) if sign]


def _one_money(one: str, other: str) -> bool:
    """Tell whether two units may be of one currency."""
    moneys = [money.currencies_in(unit) for unit in (one, other)]
    return not all(moneys) or not moneys[0].isdisjoint(moneys[1])


def _agree(read: str, claim: str) -> bool:
    """Tell whether a unit may be said of figures that are read with another: it says less, or is of others.

    "Revenue (£)" may stand above figures in "million £"; "in thousands" above figures in "£" may not.
    """
    if quantities.rate(read) or quantities.rate(claim):  # a share beside amounts: of another column
        return True
    if not _one_money(read, claim):
        return False
    both = (read, claim)
    alike = any(map(unittexts.is_scale, both)) or all(map(money.currencies_in, both))
    return not (alike or _bare(read) == _bare(claim)) or powers_in(claim) in (set(), powers_in(read))


def _bare(unit: str) -> str:
    """Return a unit without its words for powers of ten."""
    return " ".join(word for word in unit.split() if not powers_in(word) and word != "of").casefold()


def _question(made: Mapping, read: _Claim, claim: _Claim) -> Question:
    found = f"two units are said: {read.unit!r} by {read.where}, {claim.unit!r} by {claim.where}"
    if made.unit and read.where == f"column {made.unit!r}":
        choices: tuple[Choice, ...] = (
            Choice("unit", made.unit, repr(read.unit)),
            Choice("ignore", made.unit, repr(claim.unit)),
        )
    elif len(made.values) > 1:
        found += f"; say that of each column of figures, {few([*map(repr, made.values)])}"
        choices = (Choice("unit", "", "once for each of them, in their order"),)
    else:
        choices = tuple(Choice("unit", unit, "of all figures") for unit in _answers(read.unit, claim.unit))
    return Question(found, choices)


def _answers(one: str, other: str) -> Sequence[str]:
    """Return what the unit may be: a scale that is said apart from what it scales may belong to it."""
    both = [f"{unittexts.one(a)} {b}" for a, b in ((one, other), (other, one)) if unittexts.is_scale(a)]
    return [*[unit for unit in both if len(powers_in(unit)) == 1][:1], one, other]
