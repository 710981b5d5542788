"""Whether a table's regions are countries, or what else its header says: states, towns, currencies."""

from __future__ import annotations

import re
from collections.abc import Iterable

from geotrack.errors import Choice, ParseError, Question
from geotrack.language.text import name_key
from geotrack.store.levels import COUNTRY
from geotrack.store.matching import UnmatchedError, match, of_nation
from geotrack.store.regions import Regions, scope_of
from geotrack.usertables.cells import shown
from geotrack.usertables.files.excel import HIDDEN_ROWS
from geotrack.usertables.labels import PLACED
from geotrack.usertables.table import UserTable
from geotrack.usertables.words import kinds

_FIPS = frozenset({"fips", "fipscode", "statefips", "fipsstate", "statefp"})


def level_question(labels: Iterable[str], regions: Regions, column: str) -> Question | None:
    """Return what to ask where nobody said the level, and labels may be no countries.

    Parameters
    ----------
    labels : all labels of the column of regions.
    column : its name: "state" says so where the codes are countries', too; "country" and others do not.
    """
    labels = list(dict.fromkeys(labels))
    fits = _numbered(labels, regions, column) or {
        level: codes
        for level in sorted(regions.levels - {COUNTRY})
        if (codes := _placed(labels, regions, level))
    }
    placed = list(dict.fromkeys(label for codes in fits.values() for label in codes))
    lost = [label for label in placed if regions.resolve(label) is None]
    if lost:
        found = f"{_few(lost)} {'is' if len(lost) == 1 else 'are'} no country's name or code"
        return Question(f"column {column!r}: {found}", _choices(fits, labels, regions))
    if fits and (kinds.says_states(column) or kinds.enough(placed, column)):
        countries = {label: code for label in placed if (code := regions.resolve(label))}
        found = f"column {column!r}: {_few(placed)} may be states, provinces or countries"
        return Question(found, (*_choices(fits, labels, regions), _as_countries(countries, regions)))
    return _kind_question(labels, regions, column)


def _kind_question(labels: list[str], regions: Regions, column: str) -> Question | None:
    """Ask whether labels are countries, where the column's name or all of them together say otherwise."""
    kind, whose = kinds.kind_of(column), kinds.codes_of(labels, column)
    if not kind and not whose:
        return None
    try:
        read = match(labels, regions).codes
    except UnmatchedError:
        return None  # told there
    countries = {label: code for label, code in read.items() if scope_of(regions.table[code]) == COUNTRY}
    if not countries:
        return None
    said = f"its labels are codes {whose}" if whose else f"its name says {kind}"
    levels = ", ".join(sorted(regions.levels - {COUNTRY}))
    found = (
        f"column {column!r}: {said}, and {_few([*countries])} would be countries; parts of countries have a "
        f"place at the levels {levels}, all others on shapes of your own ({SHAPES})"
    )
    return Question(found, (_as_countries(countries, regions),))


SHAPES = "boundaries, in geotrack map and geotrack.choropleth"


def _as_countries(countries: dict[str, str], regions: Regions) -> Choice:
    return Choice("level", COUNTRY, _samples(countries, regions))


def _choices(fits: dict[str, dict[str, str]], labels: list[str], regions: Regions) -> tuple[Choice, ...]:
    """Return the levels that labels may have, with samples, and with what has no place there."""
    made = []
    for level, codes in fits.items():
        known = {*codes, *of_nation(labels, regions, level)}
        out = [x for x in labels if x not in known and not regions.resolve(x, level)]
        more = f"; no place there: {_few(out)}" if out else ""
        made.append(Choice("level", level, _samples(codes, regions) + more))
    return tuple(made)


def _placed(labels: list[str], regions: Regions, level: str) -> dict[str, str]:
    """Return the codes of labels that are subdivisions.

    All labels must be such, a rest or a whole; or most of them, if some are no countries, either.
    """
    found = {label: code for label in labels if (code := regions.resolve(label, level))}
    placed = {label: code for label, code in found.items() if scope_of(regions.table[code]) == level}
    left = [label for label in labels if label not in found]
    if left and any(regions.resolve(label) is None for label in placed):
        left = left if 2 * len(placed) < len(labels) else []
    return placed if placed and not (left and {*left} - of_nation(left, regions, level)) else {}


def numbered(table: UserTable, columns: Iterable[str]) -> str:
    """Return the one column called "fips" that has numbers of states; those of counties are longer."""
    called = [column for column in columns if name_key(column) in _FIPS]
    texts = [str(cell).strip() for column in called for cell in table.frame[column].unique()]
    states = all(re.fullmatch(r"\d\d?(\.0+)?", text) for text in texts if text)
    return called[0] if len(called) == 1 and any(texts) and states else ""


def _numbered(labels: list[str], regions: Regions, column: str) -> dict[str, dict[str, str]]:
    """Return the levels whose numbers all labels are, under the header "fips" or "state"."""
    numbers = {
        label: int(label.partition(".")[0]) for label in labels if re.fullmatch(r"\d{1,6}(\.0+)?", label)
    }
    fips = name_key(column) in _FIPS
    if not labels or len(numbers) != len(labels) or not (fips or kinds.says_states(column)):
        return {}
    levels = {level: regions.numbered(level) for level in (["US"] if fips else sorted(regions.levels))}
    return {
        level: {label: codes[number] for label, number in numbers.items()}
        for level, codes in levels.items()
        if {*numbers.values()} <= {*codes}
    }


def _samples(codes: dict[str, str], regions: Regions) -> str:
    told = [f"{label} = {regions.name(code)} ({code})" for label, code in codes.items()]
    return ", ".join(told[:3])


def _few(labels: list[str]) -> str:
    return ", ".join(labels[:5]) + (", ..." if len(labels) > 5 else "")


def refuse_all_hidden(table: UserTable, labels: list[str], level: str, regions: Regions) -> None:
    """Refuse a sheet whose regions are all hidden, as collapsed groups are, so that only totals are left."""
    hidden = next((said for said in table.skipped if said.startswith(HIDDEN_ROWS)), "")
    if not hidden:
        return
    codes = [regions.resolve(label, level) or "" for label in labels]
    known = [regions.table[code] for code in codes if code in regions.table]
    if len(known) == len(labels) and known and not any(one.level in PLACED for one in known):
        raise ParseError(
            f"nothing is left but {shown(labels)}: {hidden.partition(': ')[0]} were left out; the rows of a "
            "collapsed group are hidden: say --hidden include to read them"
        )
