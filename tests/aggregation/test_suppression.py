"""What is hidden for privacy cannot be worked out from what is shown; and the whole stays."""

from __future__ import annotations

from collections import Counter
from typing import Any

from aggregation import hardrecords as hard
from hypothesis import given
from hypothesis import strategies as st

from geotrack.aggregation import specification
from geotrack.aggregation.suppression import Amount, Cell, hidden, unsafe

SPEC = specification.check({**hard.SPEC, "records": "x.parquet", "duplicates": "keep"}, "spec")
Owned = dict[Cell, dict[str, int]]
"""What each contributor has in a place of a slice."""

OWNED = st.dictionaries(
    st.tuples(st.just(0), st.integers(-1, 5)),
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 100), min_size=1),
    max_size=7,
)


def amount(owners: dict[str, int]) -> tuple[Amount, ...]:
    return (Amount(len(owners), sum(owners.values()), len(owners), max(owners.values())),)


def decided(owned: Owned) -> tuple[set[Cell], Any, set[int]]:
    def pool(cells: set[Cell]) -> dict[Cell, tuple[Amount, ...]]:
        together: Counter[str] = Counter()
        for cell in cells:
            together.update(owned[cell])
        return {(0, 0): amount(dict(together))}

    return hidden({cell: amount(owners) for cell, owners in owned.items()}, SPEC, pool)


@given(OWNED)
def test_what_is_shown_is_safe_and_what_is_hidden_is_never_one_alone(owned: Owned) -> None:
    gone, together, withheld = decided(owned)
    assert not any(unsafe(amount(owned[cell]), SPEC) for cell in {*owned} - gone)
    assert bool(gone) == any(unsafe(amount(owners), SPEC) for owners in owned.values())
    if gone and not withheld:
        assert len(gone) > 1
        assert not unsafe(together[0], SPEC)
    if withheld:
        assert gone == {*owned}  # nothing is left to hide it beside
    if gone:
        assert together[0][0].total == sum(sum(owned[cell].values()) for cell in gone)


def even(*names: str, each: int = 10) -> dict[str, int]:
    return dict.fromkeys(names, each)


def test_the_smallest_region_that_is_shown_goes_with_one_that_is_hidden_alone() -> None:
    owned = {(0, 1): even("a", "b"), (0, 2): even("c", "d", "e", "f"), (0, 3): even("a", "b", "c")}
    assert decided(owned)[0] == {(0, 1), (0, 3)}


def test_one_who_is_in_several_hidden_regions_is_one() -> None:
    owned = {(0, at): even("a") for at in range(4)} | {(0, 9): even("a", "b", "c"), (0, 10): even(*"abcd")}
    gone, together, _ = decided(owned)
    assert (0, 9) in gone  # four regions of one contributor are not four contributors
    assert together[0][0].owners >= 3


def test_one_who_holds_too_much_hides_a_region() -> None:
    owned = {(0, 1): {"a": 81, "b": 10, "c": 9}, (0, 2): {"a": 80, "b": 60, "c": 60}}
    owned[0, 3] = even(*"abcdef", each=50)
    assert decided(owned)[0] == {(0, 1), (0, 2)}  # the second goes as the smallest
    del owned[0, 1]
    assert decided(owned)[0] == set()


def test_a_slice_of_too_few_shows_not_even_its_sum() -> None:
    assert decided({(0, 1): even("a"), (0, -1): even("b")})[2] == {0}
