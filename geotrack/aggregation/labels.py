"""Labels of records become regions once, by geotrack's own names; the engine compares them to the letter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from geotrack.aggregation.expression import LEFT_OUT, UNKNOWN
from geotrack.aggregation.specification import REFUSE, RecordSpec
from geotrack.errors import SpecError
from geotrack.store.matching import Matched, UnmatchedError

MOST = 100_000
"""Labels that a column may have; one with more holds no places."""

Matching = Callable[[Sequence[str]], Matched]
"""Finds the region of every label, or refuses with all that it does not know."""


def read(labels: Sequence[str], spec: RecordSpec, matching: Matching) -> tuple[Matched, tuple[str, ...]]:
    """Match labels, and return those that no region has, which are told or refused.

    Raises
    ------
    SpecError : the column has too many different texts to be labels of places.
    UnmatchedError : labels that no region has, unless they are to be no place.
    """
    if len(labels) > MOST:
        raise SpecError(
            f"label = {spec.label!r}: this column has more than {MOST:,} different texts; "
            "expected names or codes "
            "of regions"
        )
    lost: list[str] = []
    known = sorted(labels)
    while True:
        try:
            return matching(known), tuple(sorted(lost))
        except UnmatchedError as error:
            if spec.unmatched == REFUSE:
                raise error.retold(
                    f"column {spec.label!r}: {error}\nOr give each a code in a file with the "
                    "columns label,region "
                    '(crosswalk = FILE), or say unmatched = "remainder": they are then no place'
                ) from error
            gone = {each.label for each in error.lost}
            lost += gone
            known = [label for label in known if label not in gone]


def placed(
    matched: Matched, lost: Sequence[str], codes: list[str], regions: Mapping[str, str]
) -> dict[str, int]:
    """Return the place of every label, a number in `codes`, to which regions without a shape are added.

    Parameters
    ----------
    regions : code -> level; what is no region of a level, such as an aggregate or "other", is no place.
    """
    found = dict.fromkeys(lost, UNKNOWN)
    for match in matched.matches:
        if not match.code:
            found[match.label] = LEFT_OUT
        elif match.code not in codes and regions.get(match.code) not in ("country", "subdivision"):
            found[match.label] = UNKNOWN
        else:
            if match.code not in codes:
                codes.append(match.code)
            found[match.label] = codes.index(match.code)
    return found
