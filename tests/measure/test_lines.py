"""What moved between two slices, on small cases worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from geotrack.measure import lines
from geotrack.model import DERIVED, ESTIMATED, LOWER_BOUND, MISSING, REPORTED, Slice


def test_a_change_is_known_where_both_slices_are():
    values = np.array([[75.0, 0.0], [np.nan, 3.0], [4.0, np.nan], [30.0, 35.0]])
    status = np.array([[ESTIMATED, ESTIMATED], [0, 1], [1, 0], [1, LOWER_BOUND]], dtype=np.uint8)
    found = lines.change(values, status, 0, 1)
    assert found.values[[0, 3]].tolist() == [-75.0, 5.0]
    assert np.isnan(found.values[[1, 2]]).all()
    assert found.status.tolist() == [ESTIMATED, MISSING, MISSING, LOWER_BOUND]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (REPORTED, REPORTED, REPORTED),
        (REPORTED, ESTIMATED, ESTIMATED),
        (DERIVED, REPORTED, DERIVED),
        (ESTIMATED, DERIVED, DERIVED),
        (DERIVED, LOWER_BOUND, LOWER_BOUND),
        (LOWER_BOUND, MISSING, MISSING),
    ],
)
def test_the_status_of_a_change_is_that_of_its_figures(before: int, after: int, said: int) -> None:
    found = lines.change(np.array([[1.0, 2.0]]), np.array([[before, after]], dtype=np.uint8), 0, 1)
    assert found.status.tolist() == [said]


MONTHS = tuple(Slice(f"2021-0{m}-01", f"2021-0{m + 1}-01", f"2021-0{m}", f"month {m}") for m in range(1, 7))
"""What a crossing is called in words, `test_crossings` has."""


def line(name: str, *values: float | None, bound: tuple[int, ...] = ()) -> lines.Line:
    figures = np.array([np.nan if v is None else v for v in values], dtype=float)
    status = np.where(np.isnan(figures), MISSING, REPORTED).astype(np.uint8)
    status[list(bound)] = LOWER_BOUND
    return lines.Line(name, figures, status)


def crossed(a: lines.Line, b: lines.Line) -> lines.Crossing:
    return lines.crossing(a, b, MONTHS[: len(a.values)])


def test_a_crossing_is_bracketed_by_two_slices() -> None:
    found = crossed(line("A", 1, 2, 5, 6), line("B", 4, 4, 4, 4))
    assert (found.kind, found.certain, found.compared) == ("overtook", True, 4)
    [turn] = found.turns
    assert (turn.before.iso, turn.after.iso, turn.ahead, turn.skipped) == ("2021-02", "2021-03", True, 0)


def test_never_always_and_crossed_back_are_told_apart() -> None:
    low, high = line("A", 1, 1, 1), line("B", 2, 2, 2)
    assert (crossed(low, high).kind, crossed(high, low).kind) == ("never", "always ahead")
    back = crossed(line("A", 1, 3, 1), line("B", 2, 2, 2))
    assert (back.kind, [turn.ahead for turn in back.turns]) == ("crossed back", [True, False])
    assert crossed(high, line("A", 1, 3, 3)).kind == "overtaken"


def test_a_missing_cell_is_no_zero_and_no_crossing() -> None:
    assert crossed(line("A", 3, 3, 3), line("B", 4, None, 4)).kind == "never"
    found = crossed(line("A", 3, 3, None, 3), line("B", 4, None, 1, 1))
    [turn] = found.turns
    assert (turn.before.iso, turn.after.iso, turn.skipped, found.compared) == ("2021-01", "2021-04", 2, 2)
    assert crossed(line("A", 3, None), line("B", None, 3)).kind == "not known"


def test_equal_figures_give_the_lead_to_nobody() -> None:
    [turn] = crossed(line("A", 1, 2, 3), line("B", 2, 2, 2)).turns
    assert (turn.before.iso, turn.after.iso) == ("2021-01", "2021-03")
    assert crossed(line("A", 2, 2), line("B", 2, 2)).kind == "never"


def test_a_lower_bound_leaves_the_other_ones_lead_open() -> None:
    sure = crossed(line("A", 1, 3, bound=(1,)), line("B", 2, 2))
    assert sure.certain
    assert sure.turns[0].certain
    open_ = crossed(line("A", 1, 3), line("B", 2, 2, bound=(1,)))
    assert not open_.certain
    assert not open_.turns[0].certain
