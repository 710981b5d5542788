"""Whether a table's regions are countries, or states and provinces whose codes are countries' as well."""

from __future__ import annotations

import re
from collections.abc import Iterable

from geotrack.errors import Choice, Question
from geotrack.language.text import name_key
from geotrack.store.regions import Regions, scope_of

_STATES = frozenset({
    "state", "states", "statecode", "stateabbr", "statename", "usstate", "usstates", "province",
    "provinces", "provincecode", "provincename", "provincia", "estado", "bundesstaat", "etat", "admin1",
    "postal", "postalcode", "postcode", "stusab", "省", "省份", "州", "штат", "провинция",
})  # fmt: skip
"""Keys of headers, or words of them, that say that regions are parts of a country."""

_FIPS = frozenset({"fips", "fipscode", "statefips", "fipsstate", "statefp"})


def level_question(labels: Iterable[str], regions: Regions, column: str) -> Question | None:
    """Return what to ask where nobody said the level, and labels may be states or provinces.

    Parameters
    ----------
    labels : all labels of the column of regions.
    column : its name: "state" says so where the codes are countries', too; "country" and others do not.
    """
    labels = list(dict.fromkeys(labels))
    if question := _numbers(labels, regions, column):
        return question
    fits = {
        level: codes
        for level in sorted(regions.levels - {"country"})
        if (codes := _placed(labels, regions, level))
    }
    if not fits:
        return None
    placed = list(dict.fromkeys(label for codes in fits.values() for label in codes))
    lost = [label for label in placed if regions.resolve(label) is None]
    if not lost and not _is_of_states(column):
        return None
    choices = [Choice("level", level, _samples(codes, regions)) for level, codes in fits.items()]
    if lost:
        found = (
            f"column {column!r}: {_few(lost)} {'is' if len(lost) == 1 else 'are'} no country's name or code"
        )
    else:
        countries = {label: code for label in placed if (code := regions.resolve(label))}
        choices.append(Choice("level", "country", _samples(countries, regions)))
        found = f"column {column!r}: {_few(placed)} may be states, provinces or countries"
    return Question(found, tuple(choices))


def _placed(labels: list[str], regions: Regions, level: str) -> dict[str, str]:
    """Return the codes of labels that are subdivisions, if all labels are such, a rest or a whole."""
    found = {label: regions.resolve(label, level) for label in labels}
    if None in found.values():
        return {}
    return {label: code for label, code in found.items() if code and scope_of(regions.table[code]) == level}


def _numbers(labels: list[str], regions: Regions, column: str) -> Question | None:
    """Ask whether numbers under the header "fips" are the codes of US states."""
    states = regions.numbered("US")
    numbers = {
        label: int(label.partition(".")[0]) for label in labels if re.fullmatch(r"\d\d?(\.0+)?", label)
    }
    if (
        name_key(column) not in _FIPS
        or len(numbers) != len(labels)
        or not set(numbers.values()) <= set(states)
    ):
        return None
    codes = {label: states[number] for label, number in numbers.items()}
    found = f"column {column!r}: {_few(labels)} are numbers of US states, of no country"
    return Question(found, (Choice("level", "US", _samples(codes, regions)),)) if labels else None


def _is_of_states(column: str) -> bool:
    words = [name_key(word) for word in re.split(r"[\W_]+", column) if word]
    return name_key(column) in _STATES or bool(_STATES.intersection(words))


def _samples(codes: dict[str, str], regions: Regions) -> str:
    told = [f"{label} = {regions.name(code)} ({code})" for label, code in codes.items()]
    return ", ".join(told[:3])


def _few(labels: list[str]) -> str:
    return ", ".join(labels[:5]) + (", ..." if len(labels) > 5 else "")
